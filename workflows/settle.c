#include "workflows/settle.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/units.h"
#include "workflows/relax.h"

flow_settle_options flow_settle_defaults(void)
{
    return (flow_settle_options){ .relax = 1, .max_steps = 200,
                                  .force_limit = 0.02 / DFT_HARTREE_EV * DFT_BOHR_ANG };
}

typedef struct {
    const flow_evaluator *evaluator;        /* borrowed */
    const flow_settle_options *options;     /* borrowed */
    flow_settled *out;                      /* borrowed */
    double (*force)[3];                     /* owned, [n_atoms] */
    unsigned char (*fixed)[3];              /* owned, [n_atoms] */
} settle;

static int is_free(const settle *self, size_t a)
{
    return !self->options->fixed || !self->options->fixed[a];
}

static double largest_free_force(const settle *self)
{
    double most = 0.0;

    for (size_t a = 0; a < self->out->crystal->n_atoms; a++)
        if (is_free(self, a))
            most = fmax(most, sqrt(pow(self->force[a][0], 2) + pow(self->force[a][1], 2)
                                   + pow(self->force[a][2], 2)));
    return most;
}

/* Evaluates the present positions; out->converged says whether that worked. */
static dft_status evaluate(settle *self, dft_error *err)
{
    flow_settled *out = self->out;
    flow_evaluation e = { .force = self->force };
    const int want = (self->options->relax ? FLOW_WANT_FORCES : 0)
                   | (self->options->want_stress ? FLOW_WANT_STRESS : 0);
    const dft_status status = self->evaluator->evaluate(self->evaluator->context, out->crystal, want,
                                                        self->options->slot, &e, err);

    out->n_evaluations++;
    out->converged = status == DFT_OK && e.converged;
    if (!out->converged) {
        snprintf(out->message, sizeof out->message, "%.255s", e.message);
        return status;
    }
    out->energy = e.energy;
    out->free_energy = e.free_energy;
    memcpy(out->stress, e.stress, sizeof out->stress);
    if (self->options->relax)
        out->force = largest_free_force(self);
    return DFT_OK;
}

/* What flow_relax made of the positions, taken over; its numbers are of the last geometry. */
static void take_over(settle *self, flow_relax_result *result)
{
    flow_settled *out = self->out;

    out->n_evaluations += (size_t)result->n_evaluations;
    out->converged = result->converged;
    out->ionic = result->end == FLOW_RELAX_STEPS;
    out->force = result->max_force;
    if (!result->converged) {
        snprintf(out->message, sizeof out->message, "%.255s", result->message);
        return;
    }
    out->moved = 1;
    out->energy = result->energy;
    out->free_energy = result->free_energy;
    dft_crystal_free(out->crystal);
    out->crystal = result->crystal;
    result->crystal = NULL;
}

/* Relaxes from the positions given; the stress at the end is one evaluation more. */
static dft_status relax(settle *self, dft_error *err)
{
    flow_relax_options options = flow_relax_defaults();
    flow_relax_result *result = NULL;

    options.max_force = self->options->force_limit;
    options.max_steps = self->options->max_steps;
    options.slot = self->options->slot;
    for (size_t a = 0; a < self->out->crystal->n_atoms; a++)
        memset(self->fixed[a], !is_free(self, a), sizeof self->fixed[a]);
    options.fixed = (const unsigned char (*)[3])self->fixed;
    dft_status status = flow_relax_run(self->evaluator, self->out->crystal, &options, &result, err);
    if (status != DFT_OK)
        return status;
    take_over(self, result);
    flow_relax_free(result);
    return self->out->converged && self->options->want_stress ? evaluate(self, err) : DFT_OK;
}

dft_status flow_settle(const dft_crystal *crystal, const flow_evaluator *evaluator,
                       const flow_settle_options *options, flow_settled *out, dft_error *err)
{
    const size_t n = crystal->n_atoms;
    settle self = { evaluator, options, out, dft_alloc(n, sizeof *self.force),
                    dft_alloc(n, sizeof *self.fixed) };

    *out = (flow_settled){ .force = NAN };
    dft_status status = self.force && self.fixed ? DFT_OK
        : dft_fail(err, DFT_ENOMEM, "no memory for %zu forces", n);
    if (status == DFT_OK)
        status = dft_crystal_create((const double (*)[3])crystal->lattice, n, crystal->z,
                                    (const double (*)[3])crystal->position, &out->crystal, err);
    if (status == DFT_OK)
        status = evaluate(&self, err);
    out->start_converged = out->converged;
    out->start_energy = out->energy;
    memcpy(out->start_stress, out->stress, sizeof out->start_stress);
    if (status == DFT_OK && options->relax && out->converged && out->force > options->force_limit)
        status = relax(&self, err);
    free(self.force);
    free(self.fixed);
    if (status != DFT_OK)
        flow_settled_clear(out);
    return status;
}

void flow_settled_clear(flow_settled *settled)
{
    dft_crystal_free(settled->crystal);
    settled->crystal = NULL;
}

dft_status flow_settle_from(const flow_evaluator_source *source, const dft_crystal *crystal,
                            const int periodic[3], const flow_settle_options *options,
                            flow_settled *out, dft_error *err)
{
    flow_evaluator evaluator;
    dft_status status = source->open(source->context, crystal, periodic, &evaluator, err);

    *out = (flow_settled){ .force = NAN };
    if (status != DFT_OK)
        return status;
    status = flow_settle(crystal, &evaluator, options, out, err);
    source->close(source->context, &evaluator);
    return status;
}
