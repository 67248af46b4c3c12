#include <math.h>
#include <stdio.h>

#include "candidates/library.h"
#include "candidates/slab.h"
#include "dft-lite/base/units.h"
#include "workflows/task.h"

dft_status flow_task_scale(const flow_spec *spec, const char *run_dir, double *scale, dft_error *err)
{
    return flow_task_scale_of(spec, run_dir, "eos", scale, err);
}

dft_status flow_task_scale_of(const flow_spec *spec, const char *run_dir, const char *role, double *scale,
                              dft_error *err)
{
    json_t *record = NULL;
    const dft_status status = res_record_read(run_dir, flow_spec_upstream(spec, role), &record, err);

    if (status != DFT_OK)
        return status;
    *scale = json_number_value(json_object_get(json_object_get(record, "results"), "scale"));
    json_decref(record);
    if (!(*scale > 0.0))
        return dft_fail(err, DFT_EPARSE, "the record %s has no equilibrium lattice; remove it and "
                        "run the campaign again", flow_spec_upstream(spec, role));
    return DFT_OK;
}

static void describe(const cand_slab_info *info, double scale, json_t *results)
{
    const double a = DFT_BOHR_ANG;

    json_object_set_new(results, "scale", res_number(scale));
    json_object_set_new(results, "area_ang2", res_number(info->area * a * a));
    json_object_set_new(results, "layers", json_integer(info->layers));
    json_object_set_new(results, "layers_asked", json_integer(info->layers_asked));
    json_object_set_new(results, "thickness_ang", res_number(info->thickness * a));
    json_object_set_new(results, "vacuum_ang", res_number(info->vacuum * a));
    json_object_set_new(results, "top", json_string(info->top));
    json_object_set_new(results, "faces_equal", json_boolean(info->faces_equal));
    json_object_set_new(results, "polar", json_boolean(info->polar));
    json_object_set_new(results, "dipole_correction", json_string("none"));
    json_object_set_new(results, "relaxation", json_string("none"));
}

dft_status flow_task_cut(const flow_spec *spec, const char *run_dir, dft_crystal **slab,
                         json_t *results, dft_error *err)
{
    const double vacuum = spec->protocol.vacuum_ang / DFT_BOHR_ANG;
    const cand_recipe recipe = flow_spec_recipe(spec);
    double scale = 1.0, film_strain = 0.0;
    dft_crystal *bulk = NULL;
    cand_slab_info info;
    dft_status status = flow_task_scale(spec, run_dir, &scale, err);
    const double factor[3] = { scale, scale, spec->sheet ? 1.0 : scale };

    *slab = NULL;
    if (status == DFT_OK)
        status = cand_crystal_scaled(spec->structure, factor, &bulk, err);
    if (status == DFT_OK)
        status = cand_recipe_build(&recipe, bulk, spec->film, spec->protocol.layers, vacuum, slab, &info,
                                   &film_strain, err);
    if (status == DFT_OK)
        describe(&info, scale, results);
    if (status == DFT_OK && spec->film)
        json_object_set_new(results, "film_strain_percent", res_number(100.0 * film_strain));
    dft_crystal_free(bulk);
    return status;
}

dft_status flow_task_slab(flow_session *session, const char *run_dir, flow_task_result *out,
                          dft_error *err)
{
    dft_crystal *slab = NULL;
    flow_energy energy = { 0, NAN, "" };
    dft_status status = flow_task_cut(session->spec, run_dir, &slab, out->results, err);

    if (status == DFT_OK)
        status = flow_session_compute(session, slab, NULL, "clean slab", &energy, err);
    dft_crystal_free(slab);
    if (status != DFT_OK)
        return status;
    if (!energy.converged) {
        out->outcome = RES_UNCONVERGED;
        snprintf(out->reason, sizeof out->reason, "the clean slab did not converge: %.200s",
                 energy.message);
    }
    json_object_set_new(out->results, "energy_ev", res_number(energy.energy * DFT_HARTREE_EV));
    return DFT_OK;
}
