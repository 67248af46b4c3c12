#include "workflows/eos.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "candidates/cells.h"

typedef struct {
    const flow_evaluator *evaluator;
    const flow_eos_options *options;
    flow_eos_result *result;
    dft_crystal *lowest;                /* owned: relaxed, at the lowest energy so far */
    double lowest_energy;
} eos_run;

flow_eos_options flow_eos_defaults(void)
{
    return (flow_eos_options){ .n_points = 7, .max_points = 15, .half_width = 0.06,
                               .relax = flow_relax_defaults() };
}

void flow_eos_clear(flow_eos_result *result)
{
    dft_crystal_free(result->crystal);
    result->crystal = NULL;
}

static void keep_lowest(eos_run *self, double energy, dft_crystal **crystal)
{
    if (self->lowest && !(energy < self->lowest_energy))
        return;
    dft_crystal_free(self->lowest);
    self->lowest = *crystal;
    self->lowest_energy = energy;
    *crystal = NULL;
}

static void note_end(eos_run *self, flow_relax_end end, const char *label, const char *message)
{
    self->result->end = end;
    snprintf(self->result->message, sizeof self->result->message, "%.60s: %.240s", label, message);
}

static dft_status relaxed_energy(eos_run *self, const dft_crystal *cell, const char *label, double *out,
                                 dft_error *err)
{
    flow_relax_options o = self->options->relax;
    flow_relax_result *result = NULL;

    memset(o.strain, self->options->relax_shape, sizeof o.strain);
    o.hold_volume = 1;
    if (!self->options->relax_positions)
        o.max_force = 0.0;
    const dft_status status = flow_relax_run(self->evaluator, cell, &o, &result, err);
    if (status != DFT_OK)
        return status;
    *out = result->energy;
    if (result->converged)
        keep_lowest(self, result->energy, &result->crystal);
    else
        note_end(self, result->end, label, result->message);
    flow_relax_free(result);
    return DFT_OK;
}

static dft_status plain_energy(eos_run *self, const dft_crystal *cell, const char *label, double *out,
                               dft_error *err)
{
    flow_evaluation e = { 0 };
    const dft_status status = self->evaluator->evaluate(self->evaluator->context, cell, 0,
                                                        self->options->relax.slot, &e, err);

    *out = status == DFT_OK && e.converged ? e.energy : NAN;
    if (status == DFT_OK && !e.converged)
        note_end(self, FLOW_RELAX_SCF, label, e.message);
    return status;
}

static dft_status point(void *context, const dft_crystal *cell, const char *label, double *energy,
                        dft_error *err)
{
    eos_run *self = context;
    const int relaxes = self->options->relax_positions || self->options->relax_shape;
    const dft_status status = relaxes ? relaxed_energy(self, cell, label, energy, err)
                                      : plain_energy(self, cell, label, energy, err);

    if (status == DFT_OK && isfinite(*energy) && self->options->on_point)
        self->options->on_point(label, *energy, self->options->context);
    return status;
}

/* The relaxed cell of the lowest point, or the structure, brought to the minimum's size. */
static dft_status at_minimum(eos_run *self, const dft_crystal *crystal, dft_error *err)
{
    const flow_eos_fit *fit = &self->result->fit;
    const double f = !self->lowest ? fit->scale : cbrt(fit->size / dft_crystal_volume(self->lowest));
    const double factor[3] = { f, f, self->options->sheet ? 1.0 : f };

    if (self->options->sheet && self->lowest) {     /* all cells of a sheet share the height */
        const double area_ratio = fit->scale * fit->scale * dft_crystal_volume(crystal)
                                / dft_crystal_volume(self->lowest);
        const double g[3] = { sqrt(area_ratio), sqrt(area_ratio), 1.0 };
        return cand_crystal_scaled(self->lowest, g, &self->result->crystal, err);
    }
    return cand_crystal_scaled(self->lowest ? self->lowest : crystal, factor, &self->result->crystal,
                               err);
}

dft_status flow_eos_run(const flow_evaluator *evaluator, const dft_crystal *crystal,
                        const flow_eos_options *options, flow_eos_result *out, dft_error *err)
{
    eos_run self = { .evaluator = evaluator, .options = options, .result = out };
    const flow_eos_scan scan = { .structure = crystal, .sheet = options->sheet, .centre_scale = 1.0,
                                 .n_points = options->n_points, .max_points = options->max_points,
                                 .half_width = options->half_width, .energy = point,
                                 .context = &self };

    memset(out, 0, sizeof *out);
    if (options->sheet && options->relax_shape)
        return dft_fail(err, DFT_EINPUT, "the shape of a sheet at fixed area is not relaxed; leave that out");
    dft_status status = flow_eos_scan_run(&scan, &out->fit, err);
    if (status == DFT_OK && out->fit.inside)
        status = at_minimum(&self, crystal, err);
    else if (status == DFT_OK && out->fit.complete) {
        out->end = FLOW_RELAX_STEPS;
        snprintf(out->message, sizeof out->message, "no minimum inside %zu sizes about %.4g bohr^%d",
                 out->fit.n, out->fit.centre, options->sheet ? 2 : 3);
    }
    dft_crystal_free(self.lowest);
    return status;
}
