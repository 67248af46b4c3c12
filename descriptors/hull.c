#include "descriptors/hull.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "descriptors/hull_lp.h"
#include "dft-lite/base/alloc.h"
#include "dft-lite/crystal/elements.h"

#define NEGLIGIBLE_ATOMS 1e-9
#define ABSURD_EV 1e3            /* per atom; the linear program could not take it either */

struct desc_hull {
    char *label;                 /* owned, as are the arrays and the strings in entry */
    desc_hull_entry *entry;
    size_t n;
    int z[DFT_MAX_Z];            /* the elements of all entries */
    size_t n_z;
};

/* ---- creation ---- */

static double entry_per_atom(const desc_hull_entry *entry)
{
    return entry->energy_ev / desc_formula_atoms(&entry->formula);
}

static void hull_note_elements(desc_hull *hull, const desc_formula *formula)
{
    for (size_t i = 0; i < formula->n; i++) {
        size_t k = 0;
        while (k < hull->n_z && hull->z[k] != formula->z[i])
            k++;
        if (k == hull->n_z)
            hull->z[hull->n_z++] = formula->z[i];
    }
}

static bool hull_keep(desc_hull *hull, const desc_hull_entry *given)
{
    desc_hull_entry *entry = &hull->entry[hull->n++];

    *entry = *given;
    entry->name = dft_strdup(given->name);
    entry->source = dft_strdup(given->source ? given->source : "");
    return entry->name && entry->source;
}

static bool hull_has_element(const desc_hull *hull, int z)
{
    for (size_t i = 0; i < hull->n; i++)
        if (hull->entry[i].formula.n == 1 && hull->entry[i].formula.z[0] == z
            && hull->entry[i].energy_ev <= 0.0)
            return true;
    return false;
}

static bool hull_add_elements(desc_hull *hull)
{
    bool ok = true;

    for (size_t k = 0; k < hull->n_z && ok; k++) {
        if (hull_has_element(hull, hull->z[k]))
            continue;
        const desc_hull_entry element = {
            .name = dft_element_symbol(hull->z[k]), .volume_ang3 = NAN, .source = "",
            .formula = { .n = 1, .z = { hull->z[k] }, .count = { 1.0 } },
        };
        ok = hull_keep(hull, &element);
    }
    return ok;
}

dft_status desc_hull_create(const char *label, const desc_hull_entry *entry, size_t n,
                            desc_hull **out, dft_error *err)
{
    desc_hull *hull;
    bool ok;

    *out = NULL;
    if (n == 0)
        return dft_fail(err, DFT_EINPUT, "hull of %s energies: there is no entry", label);
    for (size_t i = 0; i < n; i++)
        if (!(fabs(entry_per_atom(&entry[i])) < ABSURD_EV))
            return dft_fail(err, DFT_EINPUT, "hull of %s energies: the energy of %s is %g eV/atom; "
                            "formation energies lie far within %g", label, entry[i].name,
                            entry_per_atom(&entry[i]), ABSURD_EV);
    hull = dft_alloc(1, sizeof *hull);
    if (!hull)
        return dft_fail(err, DFT_ENOMEM, "hull: no memory");
    hull->label = dft_strdup(label);
    for (size_t i = 0; i < n; i++)
        hull_note_elements(hull, &entry[i].formula);
    hull->entry = dft_alloc(n + hull->n_z, sizeof *hull->entry);
    ok = hull->label && hull->entry;
    for (size_t i = 0; i < n && ok; i++)
        ok = hull_keep(hull, &entry[i]);
    if (!ok || !hull_add_elements(hull)) {
        desc_hull_free(hull);
        return dft_fail(err, DFT_ENOMEM, "hull: no memory for %zu entries", n);
    }
    *out = hull;
    return DFT_OK;
}

void desc_hull_free(desc_hull *hull)
{
    if (!hull)
        return;
    for (size_t i = 0; i < hull->n; i++) {
        free((char *)hull->entry[i].name);
        free((char *)hull->entry[i].source);
    }
    free(hull->entry);
    free(hull->label);
    free(hull);
}

const char *desc_hull_label(const desc_hull *hull) { return hull->label; }
size_t desc_hull_size(const desc_hull *hull)       { return hull->n; }

const desc_hull_entry *desc_hull_entry_at(const desc_hull *hull, size_t i)
{
    return &hull->entry[i];
}

size_t desc_hull_find(const desc_hull *hull, const desc_formula *formula)
{
    size_t best = hull->n;

    for (size_t i = 0; i < hull->n; i++)
        if (desc_formula_same(&hull->entry[i].formula, formula)
            && (best == hull->n
                || entry_per_atom(&hull->entry[i]) < entry_per_atom(&hull->entry[best])))
            best = i;
    return best;
}

/* ---- the linear program ---- */

/* Columns per atom of each entry that lies within the elements z[0..n_z-1]. */
typedef struct {
    double *a, *cost, *x;        /* owned */
    bool *free_column;
    size_t *entry;               /* column -> entry */
    double rhs[DFT_MAX_Z], mu[DFT_MAX_Z];
    desc_lp lp;
} hull_program;

static void program_clear(hull_program *p)
{
    free(p->a);
    free(p->cost);
    free(p->x);
    free(p->free_column);
    free(p->entry);
}

static dft_status program_create(const desc_hull *hull, const int *z, size_t n_z, size_t skip,
                                 hull_program *p, dft_error *err)
{
    size_t n = 0;

    *p = (hull_program){
        .a = dft_alloc_doubles(hull->n * n_z), .cost = dft_alloc_doubles(hull->n),
        .x = dft_alloc_doubles(hull->n), .free_column = dft_alloc(hull->n, sizeof(bool)),
        .entry = dft_alloc_sizes(hull->n),
    };
    if (!p->a || !p->cost || !p->x || !p->free_column || !p->entry) {
        program_clear(p);
        return dft_fail(err, DFT_ENOMEM, "hull: no memory for %zu entries", hull->n);
    }
    for (size_t i = 0; i < hull->n; i++) {
        const desc_formula *formula = &hull->entry[i].formula;
        if (!desc_formula_within(formula, z, n_z)
            || (skip < hull->n && desc_formula_same(formula, &hull->entry[skip].formula)))
            continue;
        for (size_t k = 0; k < n_z; k++)
            p->a[n * n_z + k] = desc_formula_count(formula, z[k]) / desc_formula_atoms(formula);
        p->cost[n] = entry_per_atom(&hull->entry[i]);
        p->entry[n++] = i;
    }
    p->lp = (desc_lp){ n_z, n, p->a, p->cost, p->rhs, p->free_column };
    return DFT_OK;
}

static void shares_read(const desc_hull *hull, const hull_program *p, double atoms,
                        desc_hull_share *share, size_t *n_shares)
{
    *n_shares = 0;
    for (size_t c = 0; c < p->lp.n_columns && *n_shares < DESC_FORMULA_MAX; c++) {
        const size_t i = p->entry[c];
        if (p->x[c] > NEGLIGIBLE_ATOMS)
            share[(*n_shares)++] = (desc_hull_share){
                i, atoms * p->x[c] / desc_formula_atoms(&hull->entry[i].formula) };
    }
}

dft_status desc_hull_decompose(const desc_hull *hull, const desc_formula *formula, size_t skip,
                               double *energy_ev, desc_hull_share *share, size_t *n_shares,
                               dft_error *err)
{
    const double atoms = desc_formula_atoms(formula);
    hull_program p;
    desc_lp_outcome outcome;
    double minimum;
    dft_status status = program_create(hull, formula->z, formula->n, skip, &p, err);

    if (status != DFT_OK)
        return status;
    for (size_t k = 0; k < formula->n; k++)
        p.rhs[k] = formula->count[k] / atoms;
    status = desc_lp_solve(&p.lp, &outcome, &minimum, p.x, NULL, err);
    if (status == DFT_OK && outcome != DESC_LP_OPTIMAL)
        status = dft_fail(err, DFT_EINPUT, "hull of %s energies: its phases cannot make up the "
                          "composition asked for; it has no entry with one of the elements",
                          hull->label);
    if (status == DFT_OK) {
        *energy_ev = atoms * minimum;
        if (share)
            shares_read(hull, &p, atoms, share, n_shares);
    }
    program_clear(&p);
    return status;
}

dft_status desc_hull_above(const desc_hull *hull, size_t i, double *ev_per_atom, dft_error *err)
{
    const desc_hull_entry *entry = &hull->entry[i];
    double energy_ev;
    const dft_status status = desc_hull_decompose(hull, &entry->formula, hull->n, &energy_ev, NULL,
                                                  NULL, err);

    if (status == DFT_OK)
        *ev_per_atom = fmax(0.0, (entry->energy_ev - energy_ev)
                                 / desc_formula_atoms(&entry->formula));
    return status;
}

dft_status desc_hull_stable(const desc_hull *hull, size_t i, bool *stable, dft_error *err)
{
    const desc_hull_entry *entry = &hull->entry[i];
    double rivals_ev;
    dft_status status;

    *stable = entry->formula.n == 1;             /* nothing else makes up an element */
    if (desc_hull_find(hull, &entry->formula) != i) {
        *stable = false;
        return DFT_OK;
    }
    if (*stable)
        return DFT_OK;
    status = desc_hull_decompose(hull, &entry->formula, i, &rivals_ev, NULL, NULL, err);
    *stable = status == DFT_OK
              && rivals_ev - entry->energy_ev
                 > DESC_HULL_TOLERANCE * desc_formula_atoms(&entry->formula);
    return status;
}

/* max mu_z subject to mu.x_j <= e_j for all j and mu.x_i = e_i.  Its dual is the program above with
 * the column of entry i free of sign and the unit vector of z as composition. */
static dft_status mu_extreme(hull_program *p, size_t row, double sign, double *extreme,
                             dft_error *err)
{
    desc_lp_outcome outcome;
    double minimum;
    dft_status status;

    for (size_t k = 0; k < p->lp.n_rows; k++)
        p->rhs[k] = k == row ? sign : 0.0;
    status = desc_lp_solve(&p->lp, &outcome, &minimum, NULL, NULL, err);
    if (status == DFT_OK)
        *extreme = outcome == DESC_LP_OPTIMAL ? sign * minimum
                 : outcome == DESC_LP_INFEASIBLE ? sign * INFINITY : NAN;
    return status;
}

dft_status desc_hull_mu_range(const desc_hull *hull, size_t i, int z, double *low, double *high,
                              dft_error *err)
{
    hull_program p;
    bool stable;
    size_t row = 0;
    dft_status status;

    *low = *high = NAN;
    while (row < hull->n_z && hull->z[row] != z)
        row++;
    if (row == hull->n_z)
        return dft_fail(err, DFT_EINPUT, "hull of %s energies: it holds no phase with %s",
                        hull->label, dft_element_symbol(z));
    status = desc_hull_stable(hull, i, &stable, err);
    if (status != DFT_OK || !stable)
        return status;
    status = program_create(hull, hull->z, hull->n_z, hull->n, &p, err);
    if (status != DFT_OK)
        return status;
    p.free_column[i] = true;                     /* all entries are in, so column i is entry i */
    status = mu_extreme(&p, row, 1.0, high, err);
    if (status == DFT_OK)
        status = mu_extreme(&p, row, -1.0, low, err);
    program_clear(&p);
    return status;
}
