#include "workflows/settle.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/units.h"

#define FIRST_STEP 1.0              /* bohr^2/Ha: displacement per force of the first step */
#define LONGEST_STEP 0.3            /* bohr, on any atom */

flow_settle_options flow_settle_defaults(void)
{
    return (flow_settle_options){ .relax = 1, .max_steps = 100,
                                  .force_limit = 0.02 / DFT_HARTREE_EV * DFT_BOHR_ANG };
}

typedef struct {
    const flow_evaluator *evaluator;        /* borrowed */
    const flow_settle_options *options;     /* borrowed */
    flow_settled *out;                      /* borrowed */
    double (*force)[3], (*last_force)[3], (*move)[3];       /* owned, [n_atoms] */
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

/* Barzilai and Borwein (IMA J. Numer. Anal. 8, 141 (1988)): along the force, as far as the last step and
 * the change of force it made say, |dx|^2/|dx dF|. */
static double step_length(const settle *self, int step)
{
    double square = 0.0, product = 0.0;

    for (size_t a = 0; a < self->out->crystal->n_atoms && step > 0; a++)
        for (int c = 0; c < 3; c++) {
            square += self->move[a][c] * self->move[a][c];
            product += self->move[a][c] * (self->force[a][c] - self->last_force[a][c]);
        }
    return product < 0.0 ? -square / product : FIRST_STEP;
}

static void take_step(settle *self, int step)
{
    dft_crystal *crystal = self->out->crystal;
    double length = step_length(self, step), longest = 0.0;

    for (size_t a = 0; a < crystal->n_atoms; a++)
        for (int c = 0; c < 3; c++)
            longest = fmax(longest, is_free(self, a) ? length * fabs(self->force[a][c]) : 0.0);
    length *= longest > LONGEST_STEP ? LONGEST_STEP / longest : 1.0;
    for (size_t a = 0; a < crystal->n_atoms; a++) {
        double frac[3];
        for (int c = 0; c < 3; c++)
            self->move[a][c] = is_free(self, a) ? length * self->force[a][c] : 0.0;
        dft_crystal_fractional((const double (*)[3])crystal->lattice, self->move[a], frac);
        for (int c = 0; c < 3; c++)
            crystal->position[a][c] += frac[c];
        memcpy(self->last_force[a], self->force[a], sizeof self->force[a]);
    }
}

static dft_status relax(settle *self, dft_error *err)
{
    flow_settled *out = self->out;
    dft_status status = DFT_OK;
    int step = 0;

    for (; step < self->options->max_steps && status == DFT_OK && out->converged
           && out->force > self->options->force_limit; step++) {
        take_step(self, step);
        out->moved = 1;
        status = evaluate(self, err);
    }
    if (status == DFT_OK && out->converged && out->force > self->options->force_limit) {
        out->converged = 0;
        out->ionic = 1;
        snprintf(out->message, sizeof out->message, "after %d steps the largest force is %.3g eV/A", step,
                 out->force * DFT_HARTREE_EV / DFT_BOHR_ANG);
    }
    return status;
}

dft_status flow_settle(const dft_crystal *crystal, const flow_evaluator *evaluator,
                       const flow_settle_options *options, flow_settled *out, dft_error *err)
{
    const size_t n = crystal->n_atoms;
    settle self = { evaluator, options, out, dft_alloc(n, sizeof *self.force),
                    dft_alloc(n, sizeof *self.force), dft_alloc(n, sizeof *self.force) };

    *out = (flow_settled){ .force = NAN };
    dft_status status = self.force && self.last_force && self.move ? DFT_OK
        : dft_fail(err, DFT_ENOMEM, "no memory for %zu forces", n);
    if (status == DFT_OK)
        status = dft_crystal_create((const double (*)[3])crystal->lattice, n, crystal->z,
                                    (const double (*)[3])crystal->position, &out->crystal, err);
    if (status == DFT_OK)
        status = evaluate(&self, err);
    out->start_converged = out->converged;
    out->start_energy = out->energy;
    memcpy(out->start_stress, out->stress, sizeof out->start_stress);
    if (status == DFT_OK && options->relax && out->converged)
        status = relax(&self, err);
    free(self.force);
    free(self.last_force);
    free(self.move);
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
