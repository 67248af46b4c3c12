#include "workflows/relax.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "candidates/layer.h"
#include "dft-lite/base/alloc.h"
#include "dft-lite/base/units.h"
#include "dft-lite/crystal/symmetry.h"
#include "workflows/coordinates.h"
#include "workflows/precon.h"

#define STIFFNESS 0.05                  /* Ha/bohr^2, a first guess: 5 eV/A^2, a metal's bond */
#define SYMMETRY_TOLERANCE 1e-4         /* bohr, the engine's */
#define PULAY_SCALE 0.02                /* of the cell whose waves are taken: 4 % of cutoff */
#define PLANE_GAP 0.6                   /* bohr: heights farther apart are two planes */

typedef struct {
    const flow_evaluator *evaluator;
    const flow_relax_options *options;
    unsigned char (*free_of)[3];        /* owned */
    flow_coordinates coordinates;       /* of this round's start */
    int with_cell;
    double pulay;                       /* Ha/bohr^3, added to the stress's diagonal */
    double *x, *gradient_force;         /* owned [coordinates.n] */
    double (*force)[3];                 /* owned: of the last evaluation */
    flow_evaluation last;
    flow_relax_result *result;
} relaxation;

flow_relax_options flow_relax_defaults(void)
{
    return (flow_relax_options){
        .method = FLOW_LBFGS, .max_force = 0.01 / DFT_HARTREE_EV * DFT_BOHR_ANG, .max_steps = 200,
        .max_step = 0.2 / DFT_BOHR_ANG, .energy_noise = 2e-6,
        .max_stress = 0.05 / DFT_HA_PER_BOHR3_GPA, .max_rounds = 4 };
}

void flow_relax_free(flow_relax_result *result)
{
    if (!result)
        return;
    dft_crystal_free(result->crystal);
    free(result->force);
    free(result);
}

static dft_status finish(relaxation *r, flow_relax_end end, const char *why)
{
    r->result->end = end;
    r->result->converged = end == FLOW_RELAXED;
    snprintf(r->result->message, sizeof r->result->message, "%s", why);
    return DFT_OK;
}

static size_t count_operations(const dft_crystal *crystal)
{
    dft_symmetry *symmetry = NULL;
    size_t n = 0;

    if (dft_symmetry_create(crystal, SYMMETRY_TOLERANCE, &symmetry, NULL) == DFT_OK)
        n = symmetry->n_ops;
    dft_symmetry_free(symmetry);
    return n;
}

/* ---- one evaluation ---- */

/* Where nothing holds a direction, the forces' mean along it is noise that would carry all away. */
static void stop_drift(const relaxation *r, size_t n, double (*force)[3])
{
    for (int c = 0; c < 3; c++) {
        double mean = 0.0;
        size_t n_free = 0;
        for (size_t a = 0; a < n; a++) {
            mean += force[a][c] / (double)n;
            n_free += r->free_of[a][c];
        }
        for (size_t a = 0; a < n && n_free == n; a++)
            force[a][c] -= mean;
    }
}

static double largest_force(const relaxation *r, size_t n)
{
    double largest = 0.0;

    for (size_t a = 0; a < n; a++) {
        double square = 0.0;
        for (int c = 0; c < 3; c++)
            square += r->free_of[a][c] ? r->force[a][c] * r->force[a][c] : 0.0;
        largest = fmax(largest, sqrt(square));
    }
    return largest;
}

static void correct_stress(const relaxation *r, double stress[6])
{
    memcpy(stress, r->last.stress, sizeof r->last.stress);
    for (int v = 0; v < 3; v++)
        stress[v] += r->pulay;
}

static double largest_stress(const relaxation *r)
{
    double stress[6], largest = 0.0;

    if (!r->with_cell)
        return 0.0;
    correct_stress(r, stress);
    const double mean = r->options->hold_volume ? (stress[0] + stress[1] + stress[2]) / 3.0 : 0.0;
    for (int v = 0; v < 6; v++)
        if (r->options->strain[v])
            largest = fmax(largest, fabs(stress[v] - (v < 3 ? mean : 0.0)));
    return largest;
}

/* Takes crystal over; what was there before stays when this one did not converge. */
static dft_status evaluate(relaxation *r, dft_crystal *crystal, dft_error *err)
{
    flow_relax_result *result = r->result;
    dft_status status;

    memset(&r->last, 0, sizeof r->last);
    r->last.force = r->force;
    status = r->evaluator->evaluate(r->evaluator->context, crystal,
                                    FLOW_WANT_FORCES | (r->with_cell ? FLOW_WANT_STRESS : 0),
                                    r->options->slot, &r->last, err);
    result->n_evaluations++;
    if (status != DFT_OK || !r->last.converged) {
        if (crystal != result->crystal)
            dft_crystal_free(crystal);
        return status;
    }
    result->n_scf_steps += r->last.n_steps;
    stop_drift(r, crystal->n_atoms, r->force);
    memcpy(result->force, r->force, crystal->n_atoms * sizeof *r->force);
    if (result->crystal != crystal)
        dft_crystal_free(result->crystal);
    result->crystal = crystal;
    result->max_force = largest_force(r, crystal->n_atoms);
    if (r->with_cell)
        memcpy(result->stress, r->last.stress, sizeof result->stress);
    return DFT_OK;
}

static int is_at_rest(const relaxation *r)
{
    return (r->options->max_force == 0.0 || r->result->max_force <= r->options->max_force)
        && largest_stress(r) <= r->options->max_stress;
}

static int report(const relaxation *r, int taken_back)
{
    const flow_relax_step step = { r->result->n_steps, r->last.energy, r->last.free_energy,
                                   r->result->max_force, largest_stress(r), taken_back,
                                   r->result->crystal };

    return r->options->on_step ? r->options->on_step(&step, r->options->context) : 0;
}

static dft_status finish_scf(relaxation *r)
{
    char text[320];

    if (r->last.stopped)
        return finish(r, FLOW_RELAX_STOPPED, "stopped on request");
    snprintf(text, sizeof text, "step %d did not converge: %.240s", r->result->n_steps,
             r->last.message);
    return finish(r, FLOW_RELAX_SCF, text);
}

/* ---- downhill ---- */

static dft_status move_once(relaxation *r, flow_descent *descent, int *taken_back, dft_error *err)
{
    dft_crystal *next = NULL;
    double stress[6];
    dft_status status;

    correct_stress(r, stress);
    const double volume = dft_crystal_volume(r->result->crystal);
    flow_coordinates_force(&r->coordinates, r->x, volume, (const double (*)[3])r->force, stress,
                           r->gradient_force);
    if (r->options->max_force == 0.0)
        memset(r->gradient_force, 0, 3 * r->result->crystal->n_atoms * sizeof *r->gradient_force);
    /* with the Pulay term the stress is the derivative of F + p V */
    *taken_back = !flow_descent_move(descent, r->x, r->last.free_energy
                                     + (r->options->hold_volume ? 0.0 : r->pulay * volume),
                                     r->gradient_force);
    status = flow_coordinates_crystal(&r->coordinates, r->x, &next, err);
    if (status != DFT_OK)
        return status;
    r->result->n_steps++;
    return evaluate(r, next, err);
}

/* From an evaluated geometry to rest; result->end tells how it went. */
static dft_status descend(relaxation *r, flow_descent *descent, dft_error *err)
{
    dft_status status = DFT_OK;
    int taken_back = 0;

    while (!is_at_rest(r)) {
        if (r->result->n_steps >= r->options->max_steps) {
            char text[160];
            snprintf(text, sizeof text, "not at rest after %d steps: largest force %.4f eV/A",
                     r->result->n_steps, r->result->max_force * DFT_HARTREE_EV / DFT_BOHR_ANG);
            return finish(r, FLOW_RELAX_STEPS, text);
        }
        status = move_once(r, descent, &taken_back, err);
        if (status != DFT_OK)
            return status;
        if (!r->last.converged)
            return finish_scf(r);
        if (report(r, taken_back))
            return finish(r, FLOW_RELAX_STOPPED, "stopped on request");
    }
    return finish(r, FLOW_RELAXED, "at rest");
}

/* Variables about the present geometry, then downhill. */
static dft_status run_round(relaxation *r, dft_error *err)
{
    const flow_relax_options *o = r->options;
    dft_crystal *start = NULL;
    flow_precon *precon = NULL;
    flow_descent *descent = NULL;
    const dft_crystal *now = r->result->crystal;
    dft_status status = dft_crystal_create((const double (*)[3])now->lattice, now->n_atoms, now->z,
                                           (const double (*)[3])now->position, &start, err);

    if (status != DFT_OK)
        return status;
    r->coordinates.start = start;
    r->coordinates.length = flow_nearest_distance(start) * sqrt((double)start->n_atoms);
    flow_coordinates_of(&r->coordinates, r->x);
    status = flow_precon_create(start, (const unsigned char (*)[3])r->free_of,
                                r->coordinates.n - 3 * start->n_atoms, STIFFNESS, &precon, err);
    if (status == DFT_OK)
        status = flow_descent_create(o->method, r->coordinates.n, o->max_step, o->energy_noise, precon,
                                     &descent, err);
    if (status == DFT_OK)
        status = descend(r, descent, err);
    flow_descent_free(descent);
    flow_precon_free(precon);
    dft_crystal_free(start);
    return status;
}

/* ---- the cell ---- */

static void set_basis(const relaxation *r, double scale)
{
    double lattice[3][3];

    if (!r->options->set_basis)
        return;
    for (int i = 0; i < 3; i++)
        for (int c = 0; c < 3; c++)
            lattice[i][c] = scale * r->result->crystal->lattice[i][c];
    r->options->set_basis(r->options->basis_context, (const double (*)[3])lattice);
}

/* p of the header, from two energies of the resting cell; leaves its own basis held. */
static dft_status measure_pulay(relaxation *r, dft_error *err)
{
    double energy[2];
    dft_status status = DFT_OK;

    if (!r->options->set_basis || r->options->hold_volume)
        return DFT_OK;
    for (int side = 0; side < 2 && status == DFT_OK; side++) {
        flow_evaluation e = { 0 };
        set_basis(r, side ? 1.0 + PULAY_SCALE : 1.0 - PULAY_SCALE);
        status = r->evaluator->evaluate(r->evaluator->context, r->result->crystal, 0, r->options->slot,
                                        &e, err);
        r->result->n_evaluations++;
        energy[side] = e.free_energy;
        if (status == DFT_OK && !e.converged) {
            r->last = e;
            return finish_scf(r);
        }
    }
    set_basis(r, 1.0);
    if (status == DFT_OK)
        r->pulay = (energy[1] - energy[0])
                 / (2.0 * PULAY_SCALE * 3.0 * dft_crystal_volume(r->result->crystal));
    return status;
}

static void note_pressure(relaxation *r)
{
    double stress[6];

    correct_stress(r, stress);
    r->result->residual_pressure = -(stress[0] + stress[1] + stress[2]) / 3.0;
    r->result->pulay_pressure = r->pulay;
}

static dft_status relax_cell(relaxation *r, dft_error *err)
{
    dft_status status = DFT_OK;

    r->result->end = FLOW_RELAXED;
    status = measure_pulay(r, err);
    while (status == DFT_OK && r->result->end == FLOW_RELAXED
           && r->result->n_rounds < r->options->max_rounds) {
        r->result->n_rounds++;
        status = run_round(r, err);
        if (status != DFT_OK || r->result->end != FLOW_RELAXED)
            return status;
        if (!r->options->set_basis)
            break;
        set_basis(r, 1.0);
        status = measure_pulay(r, err);
        if (status == DFT_OK && r->result->end == FLOW_RELAXED)
            status = evaluate(r, r->result->crystal, err);      /* its own basis is held again */
        if (status == DFT_OK && r->result->end == FLOW_RELAXED && !r->last.converged)
            return finish_scf(r);
        if (is_at_rest(r))
            break;
    }
    if (status == DFT_OK && r->result->end == FLOW_RELAXED) {
        note_pressure(r);
        if (!is_at_rest(r))
            finish(r, FLOW_RELAX_STEPS, "the cell is not at rest with the basis set anew");
    }
    return status;
}

/* ---- the whole ---- */

static dft_status check(const flow_relax_options *o, dft_error *err)
{
    if (!(o->max_force >= 0.0) || !(o->max_step > 0.0) || !(o->max_stress > 0.0) || o->max_steps < 0)
        return dft_fail(err, DFT_EINPUT, "limits of a relaxation must be positive: force %g, step %g, "
                        "stress %g, %d steps", o->max_force, o->max_step, o->max_stress, o->max_steps);
    return DFT_OK;
}

static dft_status prepare(relaxation *r, const dft_crystal *crystal, dft_error *err)
{
    const flow_relax_options *o = r->options;
    const size_t n = crystal->n_atoms;

    for (int v = 0; v < 6; v++)
        r->with_cell |= o->strain[v];
    r->coordinates.n = 3 * n + (r->with_cell ? 6 : 0);
    r->coordinates.with_cell = r->with_cell;
    r->coordinates.hold_volume = o->hold_volume;
    memcpy(r->coordinates.strain, o->strain, sizeof o->strain);
    r->free_of = dft_alloc(n, sizeof *r->free_of);
    r->force = dft_alloc(n, sizeof *r->force);
    r->x = dft_alloc_doubles(r->coordinates.n);
    r->gradient_force = dft_alloc_doubles(r->coordinates.n);
    r->result->force = dft_alloc(n, sizeof *r->force);
    if (!r->free_of || !r->force || !r->x || !r->gradient_force || !r->result->force)
        return dft_fail(err, DFT_ENOMEM, "relaxation of %zu atoms: out of memory", n);
    r->coordinates.free_of = (const unsigned char (*)[3])r->free_of;
    for (size_t a = 0; a < n; a++)
        for (int c = 0; c < 3; c++)
            r->free_of[a][c] = !(o->fixed && o->fixed[a][c]) && o->max_force > 0.0;
    r->result->max_force = r->result->start_free_energy = r->result->residual_pressure = NAN;
    r->result->energy = r->result->free_energy = NAN;
    for (int v = 0; v < 6; v++)
        r->result->stress[v] = NAN;
    return dft_crystal_create((const double (*)[3])crystal->lattice, n, crystal->z,
                              (const double (*)[3])crystal->position, &r->result->crystal, err);
}

static dft_status run(relaxation *r, dft_error *err)
{
    dft_status status;

    r->result->n_ops_start = count_operations(r->result->crystal);
    if (r->with_cell)
        set_basis(r, 1.0);
    status = evaluate(r, r->result->crystal, err);
    if (status != DFT_OK)
        return status;
    if (!r->last.converged)
        return finish_scf(r);
    r->result->start_free_energy = r->last.free_energy;
    if (report(r, 0))
        return finish(r, FLOW_RELAX_STOPPED, "stopped on request");
    return r->with_cell ? relax_cell(r, err) : run_round(r, err);
}

dft_status flow_relax_run(const flow_evaluator *evaluator, const dft_crystal *crystal,
                          const flow_relax_options *options, flow_relax_result **out, dft_error *err)
{
    relaxation r = { .evaluator = evaluator, .options = options };
    dft_status status = check(options, err);

    *out = NULL;
    if (status == DFT_OK && !(r.result = dft_alloc(1, sizeof *r.result)))
        status = dft_fail(err, DFT_ENOMEM, "relaxation: out of memory");
    if (status == DFT_OK)
        status = prepare(&r, crystal, err);
    if (status == DFT_OK)
        status = run(&r, err);
    if (r.with_cell && options->set_basis)
        options->set_basis(options->basis_context, NULL);
    if (status == DFT_OK) {
        if (r.result->converged) {
            r.result->energy = r.last.energy;
            r.result->free_energy = r.last.free_energy;
        }
        r.result->n_ops_end = count_operations(r.result->crystal);
        *out = r.result;
        r.result = NULL;
    }
    free(r.free_of);
    free(r.force);
    free(r.x);
    free(r.gradient_force);
    flow_relax_free(r.result);
    return status;
}

/* ---- which atoms stay ---- */

dft_status flow_fix_planes(const dft_crystal *slab, int n_planes, unsigned char (*fixed)[3],
                           size_t *n_found, dft_error *err)
{
    cand_layer *layer = NULL;
    size_t *plane = NULL, n = 0;
    dft_status status = cand_layer_create(slab, CAND_LAYER_TOLERANCE, &layer, err);

    if (status != DFT_OK)
        return status;
    plane = dft_alloc_sizes(slab->n_atoms);
    n = plane ? cand_layer_planes(layer, PLANE_GAP, plane) : 0;
    if (n == 0)
        status = dft_fail(err, DFT_ENOMEM, "planes of a slab: out of memory");
    else if (n_planes >= 0 && (size_t)n_planes >= n)
        status = dft_fail(err, DFT_EINPUT, "%d planes are to stay and there are only %zu; fix fewer",
                          n_planes, n);
    const size_t n_fixed = n_planes < 0 ? n / 2 : (size_t)n_planes;
    for (size_t a = 0; a < slab->n_atoms && status == DFT_OK; a++)
        for (int c = 0; c < 3; c++)
            fixed[a][c] |= plane[a] < n_fixed;
    if (n_found)
        *n_found = n;
    free(plane);
    cand_layer_free(layer);
    return status;
}
