#include "workflows/surface_energy.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "candidates/cells.h"
#include "candidates/slab.h"
#include "dft-lite/base/units.h"

typedef struct {
    const dft_crystal *bulk;                        /* borrowed */
    const flow_evaluator_source *source;            /* borrowed */
    const flow_surface_energy_options *options;     /* borrowed */
    flow_surface_energy_result *out;                /* borrowed */
} surface_run;

flow_surface_energy_options flow_surface_energy_defaults(const int miller[3])
{
    return (flow_surface_energy_options){ .miller = { miller[0], miller[1], miller[2] }, .n_layers = 3,
                                          .layers = { 4, 6, 8 }, .vacuum = 12.0 / DFT_BOHR_ANG,
                                          .settle = flow_settle_defaults() };
}

static void note(surface_run *self, const char *what, const flow_settled *settled)
{
    self->out->ionic = settled->ionic;
    snprintf(self->out->message, sizeof self->out->message, "%s: %.240s", what, settled->message);
}

/* The energy of the crystal given, from its primitive cell; positions as they are. */
static dft_status solve_bulk(surface_run *self, dft_error *err)
{
    static const int everywhere[3] = { 1, 1, 1 };
    flow_settle_options options = self->options->settle;
    dft_crystal *primitive = NULL;
    flow_settled settled = { 0 };
    dft_status status = cand_crystal_primitive(self->bulk, CAND_CENTRING_TOLERANCE, &primitive, err);

    options.relax = options.want_stress = 0;
    if (status == DFT_OK)
        status = flow_settle_from(self->source, primitive, everywhere, &options, &settled, err);
    if (status == DFT_OK && settled.converged)
        self->out->e_bulk = settled.energy * (double)self->bulk->n_atoms / (double)primitive->n_atoms;
    else if (status == DFT_OK)
        note(self, "bulk", &settled);
    flow_settled_clear(&settled);
    dft_crystal_free(primitive);
    return status;
}

static dft_status solve_slab(surface_run *self, int layers, dft_error *err)
{
    static const int in_plane[3] = { 1, 1, 0 };
    flow_surface_energy_result *out = self->out;
    flow_settle_options options = self->options->settle;
    dft_crystal *slab = NULL;
    cand_slab_info info;
    flow_settled settled = { 0 };
    dft_status status = cand_slab_create(self->bulk, self->options->miller, layers, self->options->vacuum,
                                         self->options->termination, &slab, &info, err);

    options.fixed = NULL;
    options.want_stress = 0;
    if (status == DFT_OK && !info.stoichiometric)
        status = dft_fail(err, DFT_EINPUT, "a slab of %d layers has not the bulk's composition: its "
                          "surface energy would depend on chemical potentials", layers);
    if (status == DFT_OK)
        status = flow_settle_from(self->source, slab, in_plane, &options, &settled, err);
    if (status == DFT_OK && settled.converged) {
        out->layers[out->n_used] = info.layers;
        out->n_units[out->n_used] = (double)slab->n_atoms / (double)self->bulk->n_atoms;
        out->e_slab[out->n_used++] = settled.energy;
        out->area = info.area;
        out->faces_equal = info.faces_equal;
    } else if (status == DFT_OK) {
        char what[32];
        snprintf(what, sizeof what, "slab of %d layers", layers);
        note(self, what, &settled);
    }
    flow_settled_clear(&settled);
    dft_crystal_free(slab);
    return status;
}

static dft_status judge(surface_run *self, int thickest_used, dft_error *err)
{
    flow_surface_energy_result *out = self->out;
    const size_t last = out->n_used - 1;
    dft_status status = DFT_OK;

    if (out->n_used >= 2 && out->n_units[last] > out->n_units[0]) {
        status = desc_surface_energy_fit(out->n_used, out->n_units, out->e_slab, out->area, &out->line,
                                         err);
        out->has_line = status == DFT_OK;
    }
    if (status == DFT_OK && thickest_used && isfinite(out->e_bulk)) {
        status = desc_surface_energy(out->e_slab[last], out->n_units[last], out->e_bulk, out->area,
                                     &out->gamma, err);
        out->converged = status == DFT_OK;
    }
    return status;
}

dft_status flow_surface_energy_run(const dft_crystal *conventional_bulk,
                                   const flow_evaluator_source *source,
                                   const flow_surface_energy_options *options,
                                   flow_surface_energy_result *out, dft_error *err)
{
    surface_run self = { conventional_bulk, source, options, out };
    int thickest_used = 0;

    memset(out, 0, sizeof *out);
    out->e_bulk = out->gamma = NAN;
    out->n_planned = options->n_layers;
    if (options->n_layers < 1 || options->n_layers > FLOW_MOST_THICKNESSES)
        return dft_fail(err, DFT_EINPUT, "%zu thicknesses: give 1 to %d", options->n_layers,
                        FLOW_MOST_THICKNESSES);
    dft_status status = solve_bulk(&self, err);
    for (size_t i = 0; i < options->n_layers && status == DFT_OK; i++) {
        const size_t before = out->n_used;
        status = solve_slab(&self, options->layers[i], err);
        thickest_used = out->n_used > before;
    }
    if (status == DFT_OK && out->n_used > 0)
        status = judge(&self, thickest_used, err);
    return status;
}
