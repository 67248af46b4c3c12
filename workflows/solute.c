#include "workflows/solute.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "candidates/cells.h"
#include "candidates/dilute.h"
#include "candidates/lattices.h"
#include "dft-lite/base/alloc.h"
#include "dft-lite/crystal/elements.h"

#define MOST_COPIES 8

typedef struct {
    const flow_evaluator_source *source;    /* borrowed */
    const flow_solute_options *options;     /* borrowed */
    flow_solute_result *out;                /* borrowed */
    flow_evaluator evaluator;               /* of the host's supercell */
} solute_run;

flow_solute_options flow_solute_defaults(void)
{
    return (flow_solute_options){ .most_atoms = 54, .in_metal = 1, .vacancy = 1,
                                  .mu_host = NAN, .mu_metal = NAN,
                                  .settle = flow_settle_defaults() };
}

void flow_solute_copies(const dft_crystal *host, size_t most_atoms, int copies[3])
{
    double best = -1.0;
    size_t best_atoms = 0;

    copies[0] = copies[1] = copies[2] = 1;
    for (int n = 0; n < MOST_COPIES * MOST_COPIES * MOST_COPIES; n++) {
        const int c[3] = { 1 + n / (MOST_COPIES * MOST_COPIES), 1 + n / MOST_COPIES % MOST_COPIES,
                           1 + n % MOST_COPIES };
        const size_t atoms = host->n_atoms * (size_t)(c[0] * c[1] * c[2]);
        double lattice[3][3], reduced[3][3];
        int change[3][3];
        if (atoms > most_atoms)
            continue;
        for (int i = 0; i < 3; i++)
            for (int k = 0; k < 3; k++)
                lattice[i][k] = c[i] * host->lattice[i][k];
        cand_reduce_3d((const double (*)[3])lattice, reduced, change);
        const double length = sqrt(reduced[0][0] * reduced[0][0] + reduced[0][1] * reduced[0][1]
                                   + reduced[0][2] * reduced[0][2]);
        if (length < best - 1e-6 || (length < best + 1e-6 && atoms >= best_atoms))
            continue;
        best = length;
        best_atoms = atoms;
        memcpy(copies, c, sizeof c);
    }
}

static dft_status check_element(const dft_crystal *crystal, const char *what, dft_error *err)
{
    for (size_t a = 1; a < crystal->n_atoms; a++)
        if (crystal->z[a] != crystal->z[0])
            return dft_fail(err, DFT_EINPUT, "the %s must be of one element; it has %s and %s", what,
                            dft_element_symbol(crystal->z[0]), dft_element_symbol(crystal->z[a]));
    return DFT_OK;
}

/* Settles one cell; *usable says whether its energy may be used. */
static dft_status solve(solute_run *self, const flow_evaluator *evaluator, const dft_crystal *crystal,
                        size_t slot, int relax, const char *label, flow_settled *settled, dft_error *err)
{
    flow_settle_options options = self->options->settle;

    options.relax = options.relax && relax;
    options.fixed = NULL;
    options.want_stress = !isfinite(self->options->mu_host);    /* a pressure takes the host's as well */
    options.slot = slot;
    self->out->n_planned++;
    const dft_status status = flow_settle(crystal, evaluator, &options, settled, err);
    if (status != DFT_OK)
        return status;
    if (settled->converged) {
        self->out->n_used++;
        if (self->options->on_energy)
            self->options->on_energy(self->options->context, label, settled->energy);
    } else if (!self->out->message[0]) {
        self->out->ionic = settled->ionic;
        snprintf(self->out->message, sizeof self->out->message, "%s: %.240s", label, settled->message);
    }
    return DFT_OK;
}

static double pressure(const flow_settled *settled)
{
    return -(settled->stress[0] + settled->stress[1] + settled->stress[2]) / 3.0;
}

/* The crystal without atom a. */
static dft_status without(const dft_crystal *crystal, size_t a, dft_crystal **out, dft_error *err)
{
    const size_t n = crystal->n_atoms - 1;
    int *z = dft_alloc_ints(n);
    double (*x)[3] = dft_alloc(n, sizeof *x);
    dft_status status = z && x ? DFT_OK : dft_fail(err, DFT_ENOMEM, "no memory for %zu atoms", n);

    for (size_t i = 0; i < n && status == DFT_OK; i++) {
        z[i] = crystal->z[i + (i >= a)];
        memcpy(x[i], crystal->position[i + (i >= a)], sizeof x[i]);
    }
    if (status == DFT_OK)
        status = dft_crystal_create((const double (*)[3])crystal->lattice, n, z, (const double (*)[3])x, out,
                                    err);
    free(z);
    free(x);
    return status;
}

static size_t nearest_to_first(const dft_crystal *crystal)
{
    size_t best = 1;

    for (size_t a = 2; a < crystal->n_atoms; a++)
        if (dft_crystal_distance(crystal, 0, a) < dft_crystal_distance(crystal, 0, best) - 1e-6)
            best = a;
    return best;
}

static void wrap(double d[3])
{
    for (int c = 0; c < 3; c++)
        d[c] -= round(d[c]);
}

/* The relaxed initial state (sites without the vacancy's, in ideal[1..]; M at ideal[0]) inverted through
 * the middle between M's site and the vacancy: the atom of site s goes where the image of the atom at
 * site s0 + sv - s lies.  0 when the sites have no such centre. */
static int invert_through_bond(const dft_crystal *ideal, const double vacancy[3],
                               const dft_crystal *relaxed, dft_crystal *final)
{
    for (size_t a = 0; a < ideal->n_atoms; a++) {
        double target[3], shift[3];
        size_t image = ideal->n_atoms;
        for (int c = 0; c < 3; c++)
            target[c] = ideal->position[0][c] + vacancy[c] - (a ? ideal->position[a][c] : vacancy[c]);
        for (size_t b = 0; b < ideal->n_atoms && image == ideal->n_atoms; b++) {
            double d[3];
            for (int c = 0; c < 3; c++)
                d[c] = ideal->position[b][c] - target[c];
            wrap(d);
            if (fabs(d[0]) + fabs(d[1]) + fabs(d[2]) < 1e-5 && (a == 0) == (b == 0))
                image = b;
        }
        if (image == ideal->n_atoms)
            return 0;
        for (int c = 0; c < 3; c++)
            shift[c] = relaxed->position[image][c] - ideal->position[image][c];
        for (int c = 0; c < 3; c++)         /* M by the short way across the bond, the rest near its site */
            final->position[a][c] = (a ? ideal->position[a][c] : vacancy[c]) - shift[c];
    }
    return 1;
}

/* M beside the vacancy: relaxed, and after the exchange. */
static dft_status make_endpoints(solute_run *self, const dft_crystal *ideal, const double vacancy[3],
                                 const dft_crystal *relaxed, dft_error *err)
{
    flow_solute_result *out = self->out;
    double near[3];
    dft_status status = dft_crystal_create((const double (*)[3])relaxed->lattice, relaxed->n_atoms,
                                           relaxed->z, (const double (*)[3])relaxed->position,
                                           &out->initial, err);

    if (status == DFT_OK)
        status = dft_crystal_create((const double (*)[3])relaxed->lattice, relaxed->n_atoms, relaxed->z,
                                    (const double (*)[3])relaxed->position, &out->final, err);
    if (status != DFT_OK)
        return status;
    for (int c = 0; c < 3; c++)
        near[c] = vacancy[c] - ideal->position[0][c];
    wrap(near);
    for (int c = 0; c < 3; c++)
        near[c] += ideal->position[0][c];
    out->has_endpoints = invert_through_bond(ideal, near, relaxed, out->final);
    return DFT_OK;
}

/* The vacancy alone and beside M, in the host's supercell. */
static dft_status solve_vacancies(solute_run *self, const dft_crystal *host, const flow_settled *pure,
                                  const dft_crystal *ideal, const flow_settled *solution, dft_error *err)
{
    flow_solute_result *out = self->out;
    const size_t n = host->n_atoms, near = nearest_to_first(ideal);
    const dft_crystal *of[2] = { host, ideal };
    dft_crystal *cell[2] = { NULL };
    flow_settled settled[2] = { { 0 } };
    static const char *const label[2] = { "vacancy", "solute beside a vacancy" };
    dft_status status = DFT_OK;

    for (int i = 0; i < 2 && status == DFT_OK; i++) {
        status = without(of[i], i ? near : 0, &cell[i], err);
        if (status == DFT_OK)
            status = solve(self, &self->evaluator, cell[i], (size_t)(2 + i), 1, label[i], &settled[i], err);
    }
    if (status == DFT_OK && settled[0].converged)
        out->vacancy = (flow_solute_energy){ 1, settled[0].energy - (double)(n - 1) * out->mu_host,
                                             pressure(&settled[0]) - pressure(pure),
                                             dft_crystal_volume(host), n,
                                             dft_crystal_distance(host, 0, 0) };
    if (status == DFT_OK && settled[0].converged && settled[1].converged && solution->converged)
        out->binding = solution->energy + settled[0].energy - settled[1].energy - pure->energy;
    if (status == DFT_OK && settled[1].converged)
        status = make_endpoints(self, cell[1], ideal->position[near], settled[1].crystal, err);
    for (int i = 0; i < 2; i++) {
        flow_settled_clear(&settled[i]);
        dft_crystal_free(cell[i]);
    }
    return status;
}

/* One atom of `z` in a supercell of the host; mu_solute is its reference.  With `main` the host's
 * chemical potential is kept and vacancies follow. */
static dft_status solve_solution(solute_run *self, const dft_crystal *host, int z, double mu_solute,
                                 int main_host, double *mu_host, flow_solute_energy *energy, dft_error *err)
{
    static const int everywhere[3] = { 1, 1, 1 };
    dft_crystal *pure = NULL, *solution = NULL;
    flow_settled s_pure = { 0 }, s_solution = { 0 };
    cand_dilute_info info = { 0 };
    int copies[3], open = 0;
    char label[2][32];
    const int known = main_host && isfinite(self->options->mu_host) && !self->options->vacancy;

    flow_solute_copies(host, self->options->most_atoms, copies);
    const int matrix[3][3] = { { copies[0], 0, 0 }, { 0, copies[1], 0 }, { 0, 0, copies[2] } };
    dft_status status = cand_crystal_supercell(host, matrix, &pure, err);
    if (status == DFT_OK)
        status = cand_dilute_create(host, copies, 0, z, &solution, &info, err);
    if (status == DFT_OK)
        status = self->source->open(self->source->context, pure, everywhere, &self->evaluator, err);
    open = status == DFT_OK;
    snprintf(label[0], sizeof label[0], "%s host", dft_element_symbol(host->z[0]));
    snprintf(label[1], sizeof label[1], "%s in %s", dft_element_symbol(z), dft_element_symbol(host->z[0]));
    if (status == DFT_OK && !known)
        status = solve(self, &self->evaluator, pure, 0, 0, label[0], &s_pure, err);
    if (known)
        *mu_host = self->options->mu_host;
    else if (status == DFT_OK && s_pure.converged)
        *mu_host = s_pure.energy / (double)pure->n_atoms;
    if (status == DFT_OK && (known || s_pure.converged))
        status = solve(self, &self->evaluator, solution, 1, 1, label[1], &s_solution, err);
    if (status == DFT_OK && (known || s_pure.converged) && s_solution.converged && isfinite(mu_solute))
        *energy = (flow_solute_energy){ 1, s_solution.energy - (double)(pure->n_atoms - 1) * *mu_host
                                           - mu_solute,
                                        known ? NAN : pressure(&s_solution) - pressure(&s_pure),
                                        dft_crystal_volume(pure), pure->n_atoms, info.separation };
    if (status == DFT_OK && main_host && self->options->vacancy && s_pure.converged)
        status = solve_vacancies(self, pure, &s_pure, solution, &s_solution, err);
    if (open)
        self->source->close(self->source->context, &self->evaluator);
    flow_settled_clear(&s_pure);
    flow_settled_clear(&s_solution);
    dft_crystal_free(pure);
    dft_crystal_free(solution);
    return status;
}

/* Energy per atom of the pure metal, from its primitive cell. */
static dft_status solve_metal(solute_run *self, const dft_crystal *metal, dft_error *err)
{
    static const int everywhere[3] = { 1, 1, 1 };
    dft_crystal *primitive = NULL;
    flow_evaluator evaluator;
    flow_settled settled = { 0 };
    dft_status status = cand_crystal_primitive(metal, CAND_CENTRING_TOLERANCE, &primitive, err);
    int open = 0;

    if (status == DFT_OK)
        status = self->source->open(self->source->context, primitive, everywhere, &evaluator, err);
    open = status == DFT_OK;
    if (status == DFT_OK)
        status = solve(self, &evaluator, primitive, 0, 0, "pure metal", &settled, err);
    if (status == DFT_OK && settled.converged)
        self->out->mu_metal = settled.energy / (double)primitive->n_atoms;
    if (open)
        self->source->close(self->source->context, &evaluator);
    flow_settled_clear(&settled);
    dft_crystal_free(primitive);
    return status;
}

static void nothing_known(flow_solute_result *out)
{
    const flow_solute_energy unknown = { 0, NAN, NAN, NAN, 0, NAN };

    memset(out, 0, sizeof *out);
    out->mu_host = out->mu_metal = out->binding = NAN;
    out->m_in_li = out->li_in_m = out->vacancy = unknown;
}

dft_status flow_solute_run(const dft_crystal *host, const dft_crystal *metal,
                           const flow_evaluator_source *source, const flow_solute_options *options,
                           flow_solute_result *out, dft_error *err)
{
    solute_run self = { .source = source, .options = options, .out = out };
    double ignored = NAN;

    nothing_known(out);
    dft_status status = check_element(host, "host", err);
    if (status == DFT_OK)
        status = check_element(metal, "metal", err);
    if (status == DFT_OK && host->z[0] == metal->z[0])
        status = dft_fail(err, DFT_EINPUT, "%s in itself is no solution", dft_element_symbol(host->z[0]));
    out->mu_metal = options->mu_metal;
    if (status == DFT_OK && !isfinite(options->mu_metal))
        status = solve_metal(&self, metal, err);
    if (status == DFT_OK)
        status = solve_solution(&self, host, metal->z[0], out->mu_metal, 1, &out->mu_host, &out->m_in_li,
                                err);
    if (status == DFT_OK && options->in_metal)
        status = solve_solution(&self, metal, host->z[0], out->mu_host, 0, &ignored, &out->li_in_m, err);
    if (status != DFT_OK) {
        flow_solute_clear(out);
        nothing_known(out);
        return status;
    }
    out->converged = out->m_in_li.known && (!options->in_metal || out->li_in_m.known)
                  && (!options->vacancy || (out->vacancy.known && isfinite(out->binding)));
    return DFT_OK;
}

void flow_solute_clear(flow_solute_result *result)
{
    dft_crystal_free(result->initial);
    dft_crystal_free(result->final);
    result->initial = result->final = NULL;
}
