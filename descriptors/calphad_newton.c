/*
 * Newton's method on the conditions of equilibrium.  Unknowns: relative changes u_i = dy_i/y_i of
 * the site fractions, a multiplier for each sublattice, the chemical potentials, and the amounts or
 * the temperature.  For each set, with M_e moles of element e in a formula unit, a_ie = dM_e/dy_i:
 *     dG/dy_i - sum_e mu_e a_ie - lambda_s = 0,   sum_i y_i = 1 on each sublattice,
 *     G - sum_e mu_e M_e = 0
 * and, over all sets, sum n M_e = X_e (amounts), or as many more sets as T takes (invariants).
 * All energies are divided by R T; y_i u_i keeps the columns of traces and majorities alike in
 * size.
 */

#include <math.h>
#include <string.h>

#include "descriptors/calphad_solver.h"

#define WIDEST (MODEL_FRACTIONS + 1)
#define LEAST_FRACTION 1e-9                      /* where a start is put */
#define FLOOR_FRACTION 1e-120
#define MOST_STEPS 120
#define TIGHT 1e-13                              /* relative change that counts as none */
#define LOOSE 1e-9                               /* ... once it no longer shrinks */
#define LOOSE_INVARIANT 1e-6                     /* nearly pure phases leave T to few digits */

bool linear_solve(size_t n, double *a, double *b)
{
    for (size_t k = 0; k < n; k++) {
        size_t best = k;
        for (size_t i = k + 1; i < n; i++)
            if (fabs(a[i * n + k]) > fabs(a[best * n + k]))
                best = i;
        if (!(fabs(a[best * n + k]) > 1e-13))
            return false;
        for (size_t j = k; j < n && best != k; j++) {
            const double swap = a[k * n + j];
            a[k * n + j] = a[best * n + j];
            a[best * n + j] = swap;
        }
        const double b_best = b[best];
        b[best] = b[k];
        b[k] = b_best;
        for (size_t i = k + 1; i < n; i++) {
            const double f = a[i * n + k] / a[k * n + k];
            if (f == 0.0)
                continue;
            for (size_t j = k + 1; j < n; j++)
                a[i * n + j] -= f * a[k * n + j];
            b[i] -= f * b[k];
        }
    }
    for (size_t k = n; k-- > 0;) {
        for (size_t j = k + 1; j < n; j++)
            b[k] -= a[k * n + j] * b[j];
        b[k] /= a[k * n + k];
    }
    return true;
}

double newton_distance(desc_solver *solver, size_t phase, const double *mu, const double *y)
{
    double atoms[DESC_CALPHAD_MOST_ELEMENTS];
    double d = desc_calphad_gibbs(solver->state, phase, y, NULL, NULL);
    const double total = desc_calphad_atoms(solver->system, phase, y, atoms);

    for (size_t e = 0; e < solver->system->n_elements; e++)
        d -= mu[e] * atoms[e];
    return d / total;
}

/* Puts fractions inside the simplex, where logarithms are finite. */
static void start_inside(const model_sites *sites, double *y)
{
    for (size_t s = 0; s < sites->n_sublattices; s++) {
        double sum = 0.0;
        for (size_t i = sites->first[s]; i < sites->first[s + 1]; i++)
            sum += y[i] = fmax(y[i], LEAST_FRACTION);
        for (size_t i = sites->first[s]; i < sites->first[s + 1]; i++)
            y[i] /= sum;
    }
}

/* One fraction after the relative step u.  Balances are linear in y and met at once by y (1 + u);
 * traces that must shrink follow their logarithm (G' ~ ln y), which never turns negative. */
static double stepped(double y, double u)
{
    const double next = u > -0.95 ? y * (1.0 + u) : y * exp(fmax(u, -60.0));

    return fmax(fmin(next, 1.0), FLOOR_FRACTION);
}

/* The rows of one set: where its unknowns begin, and its energies at the current point. */
typedef struct {
    const model_phase *phase;
    size_t at;                                   /* first unknown and first row */
    double g, gradient[WIDEST], hessian[WIDEST * WIDEST], atoms[DESC_CALPHAD_MOST_ELEMENTS], total;
} set_rows;

static bool is_fixed(const model_sites *sites, size_t s)
{
    return sites->first[s + 1] - sites->first[s] == 1;
}

/* Unknowns of a set: free fractions and their multipliers. */
static size_t n_unknowns(const model_sites *sites)
{
    size_t n = 0;

    for (size_t s = 0; s < sites->n_sublattices; s++)
        if (!is_fixed(sites, s))
            n += sites->first[s + 1] - sites->first[s] + 1;
    return n;
}

static void evaluate_set(desc_solver *solver, size_t phase, const double *y, size_t at,
                         set_rows *out)
{
    out->phase = &solver->system->phase[phase];
    out->at = at;
    out->g = desc_calphad_gibbs(solver->state, phase, y, out->gradient, out->hessian);
    out->total = desc_calphad_atoms(solver->system, phase, y, out->atoms);
}

/* Stationarity and the sums of a set's sublattices; its rows have the numbers of its unknowns.
 * mu_column: first column of the chemical potentials (width: they are given in mu, as for one phase
 * alone); t_column: that of T, or width. */
static void stationary_rows(const desc_solver *solver, const set_rows *set, const double *y,
                            const double *mu, size_t mu_column, size_t t_column, size_t width)
{
    const model_sites *sites = &set->phase->sites;
    const size_t n_e = solver->system->n_elements, wide = sites->n_y + 1;
    const double rt = DESC_GAS_CONSTANT * solver->state->temperature;
    size_t row = set->at;

    for (size_t s = 0; s < sites->n_sublattices; s++) {
        const size_t first = sites->first[s], last = sites->first[s + 1];
        const size_t multiplier = row + last - first;
        double sum = 0.0;
        if (is_fixed(sites, s))
            continue;
        for (size_t i = first; i < last; i++, row++) {
            double *a = solver->matrix + row * width;
            size_t column = set->at;
            solver->rhs[row] = -set->gradient[i] / rt;
            for (size_t r = 0; r < sites->n_sublattices; r++) {
                if (is_fixed(sites, r))
                    continue;
                for (size_t j = sites->first[r]; j < sites->first[r + 1]; j++)
                    a[column++] = set->hessian[i * wide + j] * y[j] / rt;
                column++;
            }
            a[multiplier] = -1.0;
            for (size_t e = 0; e < n_e; e++) {
                const double atoms = set->phase->atoms[i * n_e + e];
                if (mu_column < width)
                    a[mu_column + e] = -atoms;
                else
                    solver->rhs[row] += mu[e] * atoms / rt;
            }
            if (t_column < width)                /* the unknown is dT/T */
                a[t_column] = set->hessian[i * wide + sites->n_y] / DESC_GAS_CONSTANT;
            solver->matrix[multiplier * width + row] = y[i];
            sum += y[i];
        }
        solver->rhs[row++] = 1.0 - sum;
    }
}

/* G - sum mu M = 0, linear in the new mu and in the changes of y and T. */
static void tangent_row(const desc_solver *solver, const set_rows *set, const double *y,
                        const double *mu, size_t row, size_t mu_column, size_t t_column,
                        size_t width)
{
    const model_sites *sites = &set->phase->sites;
    const size_t n_e = solver->system->n_elements;
    const double rt = DESC_GAS_CONSTANT * solver->state->temperature;
    double *a = solver->matrix + row * width;
    size_t column = set->at;

    for (size_t s = 0; s < sites->n_sublattices; s++) {
        if (is_fixed(sites, s))
            continue;
        for (size_t i = sites->first[s]; i < sites->first[s + 1]; i++) {
            double d = set->gradient[i];
            for (size_t e = 0; e < n_e; e++)
                d -= mu[e] * set->phase->atoms[i * n_e + e];
            a[column++] = d * y[i] / rt;
        }
        column++;
    }
    for (size_t e = 0; e < n_e; e++)
        a[mu_column + e] = -set->atoms[e];
    if (t_column < width)
        a[t_column] = set->gradient[sites->n_y] / DESC_GAS_CONSTANT;
    solver->rhs[row] = -set->g / rt;
}

/* weight * M_e of a set, as it changes with y, in a row. */
static void atoms_columns(const desc_solver *solver, const set_rows *set, const double *y,
                          size_t element, double weight, double *a)
{
    const model_sites *sites = &set->phase->sites;
    size_t column = set->at;

    for (size_t s = 0; s < sites->n_sublattices; s++) {
        if (is_fixed(sites, s))
            continue;
        for (size_t i = sites->first[s]; i < sites->first[s + 1]; i++)
            a[column++] += weight * y[i]
                           * set->phase->atoms[i * solver->system->n_elements + element];
        column++;
    }
}

/* What the columns and rows behind those of the sets are. */
typedef struct {
    size_t width, mu, extra, t;                  /* columns; extra: amounts; t == width: none */
} layout;

static layout lay_out(const desc_solver *solver, newton_kind kind, size_t n_sets,
                      const newton_set *set, size_t *at)
{
    layout out = { 0, 0, 0, 0 };

    for (size_t k = 0; k < n_sets; k++) {
        at[k] = out.mu;
        out.mu += n_unknowns(&solver->system->phase[set[k].phase].sites);
    }
    out.extra = out.mu + solver->system->n_elements;
    out.t = out.width = out.extra + (kind == NEWTON_AMOUNTS ? n_sets : 1);
    if (kind != NEWTON_AMOUNTS)
        out.t = out.extra;
    return out;
}

static void balance_rows(const desc_solver *solver, size_t n_sets, const newton_set *set,
                         const set_rows *rows, const double *x, size_t first, const layout *place)
{
    for (size_t e = 0; e < solver->system->n_elements; e++) {
        double *a = solver->matrix + (first + e) * place->width;
        for (size_t k = 0; k < n_sets; k++) {    /* over x: traces count as much as the rest */
            atoms_columns(solver, &rows[k], set[k].y, e, set[k].n / x[e], a);
            a[place->extra + k] = rows[k].atoms[e] / x[e];
        }
        solver->rhs[first + e] = 1.0;
    }
}

/* Equal compositions of two sets: M_0(a) M(b) - M_0(b) M(a) = 0. */
static void congruent_row(const desc_solver *solver, const newton_set *set, const set_rows *rows,
                          size_t row, const layout *place)
{
    double *a = solver->matrix + row * place->width;
    const double m0a = rows[0].atoms[0], m0b = rows[1].atoms[0];

    atoms_columns(solver, &rows[0], set[0].y, 0, rows[1].total - m0b, a);
    atoms_columns(solver, &rows[0], set[0].y, 1, -m0b, a);
    atoms_columns(solver, &rows[1], set[1].y, 0, m0a - rows[0].total, a);
    atoms_columns(solver, &rows[1], set[1].y, 1, m0a, a);
    solver->rhs[row] = -(m0a * rows[1].total - m0b * rows[0].total);
}

/* Applies the solution in rhs; the largest relative change of a fraction or of T. */
static double apply(const desc_solver *solver, newton_kind kind, size_t n_sets, newton_set *set,
                    const size_t *at, const layout *place, double *mu, double *temperature)
{
    const double rt = DESC_GAS_CONSTANT * solver->state->temperature;
    double largest = 0.0;

    for (size_t k = 0; k < n_sets; k++) {
        const model_sites *sites = &solver->system->phase[set[k].phase].sites;
        size_t column = at[k];
        for (size_t s = 0; s < sites->n_sublattices; s++) {
            if (is_fixed(sites, s))
                continue;
            for (size_t i = sites->first[s]; i < sites->first[s + 1]; i++) {
                const double u = solver->rhs[column++];
                if (set[k].y[i] > FLOOR_FRACTION || u > 0.0)
                    largest = fmax(largest, fabs(u));
                set[k].y[i] = stepped(set[k].y[i], u);
            }
            column++;
        }
        if (kind == NEWTON_AMOUNTS)
            set[k].n = solver->rhs[place->extra + k];
    }
    for (size_t e = 0; e < solver->system->n_elements; e++)
        mu[e] = rt * solver->rhs[place->mu + e];
    if (kind != NEWTON_AMOUNTS) {
        const double change = fmax(fmin(solver->rhs[place->t], 0.1), -0.1);
        largest = fmax(largest, fabs(change));
        *temperature *= 1.0 + change;
    }
    return largest;
}

/* One step; the largest relative change, NaN when the equations are singular. */
static double step(desc_solver *solver, newton_kind kind, size_t n_sets, newton_set *set,
                   double *mu, const double *x, double *temperature)
{
    size_t at[SOLVER_SETS];
    set_rows rows[SOLVER_SETS];
    const layout place = lay_out(solver, kind, n_sets, set, at);
    const size_t width = place.width;
    size_t row = place.mu;

    memset(solver->matrix, 0, width * width * sizeof *solver->matrix);
    for (size_t k = 0; k < n_sets; k++) {
        evaluate_set(solver, set[k].phase, set[k].y, at[k], &rows[k]);
        stationary_rows(solver, &rows[k], set[k].y, mu, place.mu, place.t, width);
        tangent_row(solver, &rows[k], set[k].y, mu, row++, place.mu, place.t, width);
    }
    if (kind == NEWTON_AMOUNTS)
        balance_rows(solver, n_sets, set, rows, x, row, &place);
    else if (kind == NEWTON_CONGRUENT)
        congruent_row(solver, set, rows, row, &place);
    if (!linear_solve(width, solver->matrix, solver->rhs))
        return NAN;
    return apply(solver, kind, n_sets, set, at, &place, mu, temperature);
}

bool newton_solve(desc_solver *solver, newton_kind kind, size_t n_sets, newton_set *set, double *mu,
                  const double *x, double *temperature)
{
    const double loose = kind == NEWTON_AMOUNTS ? LOOSE : LOOSE_INVARIANT;
    double before = INFINITY, t = temperature ? *temperature : 0.0;

    for (size_t k = 0; k < n_sets; k++)
        start_inside(&solver->system->phase[set[k].phase].sites, set[k].y);
    for (int i = 0; i < MOST_STEPS; i++) {
        const double change = step(solver, kind, n_sets, set, mu, x, &t);
        if (!isfinite(change) || !isfinite(mu[0]))
            return false;
        if (kind != NEWTON_AMOUNTS
            && desc_calphad_state_set(solver->state, t, solver->pressure, NULL) != DFT_OK)
            return false;
        if (change < TIGHT || (change < loose && change >= 0.5 * before)) {
            if (temperature)
                *temperature = t;
            return true;
        }
        before = change;
    }
    return false;
}

bool newton_refine(desc_solver *solver, size_t phase, const double *mu, double *y)
{
    const model_sites *sites = &solver->system->phase[phase].sites;
    const size_t width = n_unknowns(sites);
    const double start = newton_distance(solver, phase, mu, y);
    newton_set set = { .phase = phase };
    set_rows rows;
    double before = INFINITY;

    if (width == 0)
        return false;
    memcpy(set.y, y, sites->n_y * sizeof *y);
    start_inside(sites, set.y);
    for (int i = 0; i < MOST_STEPS / 2; i++) {
        double largest = 0.0;
        size_t column = 0;
        memset(solver->matrix, 0, width * width * sizeof *solver->matrix);
        evaluate_set(solver, phase, set.y, 0, &rows);
        stationary_rows(solver, &rows, set.y, mu, width, width, width);
        if (!linear_solve(width, solver->matrix, solver->rhs))
            return false;
        for (size_t s = 0; s < sites->n_sublattices; s++) {
            if (is_fixed(sites, s))
                continue;
            for (size_t k = sites->first[s]; k < sites->first[s + 1]; k++) {
                largest = fmax(largest, fabs(solver->rhs[column]));
                set.y[k] = stepped(set.y[k], solver->rhs[column++]);
            }
            column++;
        }
        if (!isfinite(largest))
            return false;
        if (largest < 1e-11 || (largest < LOOSE && largest >= 0.5 * before))
            break;
        before = largest;
    }
    start_inside(sites, set.y);                  /* sums of 1, however the last step ended */
    if (!(newton_distance(solver, phase, mu, set.y) < start))
        return false;
    memcpy(y, set.y, sites->n_y * sizeof *y);
    return true;
}
