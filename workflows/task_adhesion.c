#include <math.h>
#include <stdio.h>
#include <string.h>

#include "candidates/cells.h"
#include "candidates/miller.h"
#include "dft-lite/base/units.h"
#include "workflows/adhesion.h"
#include "workflows/session_source.h"
#include "workflows/task.h"

/* Lithium on the candidate's surface in their best common cell (workflows/adhesion.h): both at the lattice
 * constants that their equations of state found. */

static dft_status partner_at_rest(const flow_spec *spec, const char *run_dir, dft_crystal **out,
                                  dft_error *err)
{
    double scale = 1.0;
    const dft_status status = flow_task_scale_of(spec, run_dir, "lithium", &scale, err);
    const double factor[3] = { scale, scale, scale };

    return status == DFT_OK ? cand_crystal_scaled(spec->partner, factor, out, err) : status;
}

static flow_adhesion_options options_of(const flow_protocol *protocol)
{
    flow_adhesion_options o = flow_adhesion_defaults();

    o.film_layers = protocol->interface_film_layers;
    o.registries = protocol->interface_registries;
    o.max_atoms = (size_t)protocol->interface_atoms;
    o.max_strain = 0.01 * protocol->interface_strain_percent;
    o.vacuum = protocol->vacuum_ang / DFT_BOHR_ANG;
    o.settle.relax = protocol->relax;
    o.settle.force_limit = protocol->force_limit_ev_per_ang / DFT_HARTREE_EV * DFT_BOHR_ANG;
    o.settle.max_steps = protocol->max_ionic_steps;
    return o;
}

static void describe(const flow_adhesion_result *found, const flow_adhesion_options *options,
                     flow_task_result *out)
{
    const double a = DFT_BOHR_ANG;
    char face[32];
    json_t *r = out->results;

    cand_miller_format(found->face, false, face);
    json_object_set_new(r, "film_face", json_string(face));
    json_object_set_new(r, "strain_percent", res_number(100.0 * found->cell.norm));
    json_object_set_new(r, "area_ang2", res_number(found->area * a * a));
    json_object_set_new(r, "n_atoms_substrate", json_integer((json_int_t)found->n_substrate));
    json_object_set_new(r, "n_atoms_film", json_integer((json_int_t)found->n_film));
    json_object_set_new(r, "n_cells_within_limits", json_integer((json_int_t)found->n_cells));
    json_object_set_new(r, "n_planned", json_integer((json_int_t)found->n_planned));
    json_object_set_new(r, "n_used", json_integer((json_int_t)found->n_used));
    json_object_set_new(r, "relaxation", json_string(options->settle.relax
                        ? "positions, lower half of the substrate held" : "none: rigid, gap and registry alone"));
}

/* A number that not all registries and surfaces stand behind is not the interface's. */
static void report(const flow_adhesion_result *found, const flow_adhesion_options *options,
                   flow_task_result *out)
{
    const desc_adhesion *best = options->settle.relax ? &found->relaxed : &found->rigid;
    const double unit = DESC_HA_PER_BOHR2_J_PER_M2;
    const int known = found->converged;
    json_t *r = out->results;

    describe(found, options, out);
    json_object_set_new(r, "work_of_adhesion_j_per_m2", res_number(known ? unit * best->work : NAN));
    json_object_set_new(r, "spreading_j_per_m2", res_number(known ? unit * best->spreading : NAN));
    json_object_set_new(r, "contact_angle_deg", res_number(known ? best->contact_angle_deg : NAN));
    json_object_set_new(r, "gamma_film_j_per_m2", res_number(known ? unit * found->gamma.gamma : NAN));
    json_object_set_new(r, "gap_ang", res_number(known ? DFT_BOHR_ANG * (options->settle.relax
                                                 ? found->gap_relaxed : found->gap) : NAN));
    json_object_set_new(r, "registry_spread_ev",
                        res_number(known ? DFT_HARTREE_EV * found->registry_spread : NAN));
    if (!known) {
        out->outcome = RES_UNCONVERGED;
        snprintf(out->reason, sizeof out->reason, "%.300s", found->message);
    }
}

static void keep_structure(const dft_crystal *interface, flow_task_result *out)
{
    const bool pbc[3] = { true, true, false };
    json_t *structures = json_array();

    json_array_append_new(structures, res_structure("interface", interface, pbc));
    json_object_set_new(out->results, "structures", structures);
}

dft_status flow_task_adhesion(flow_session *session, const char *run_dir, flow_task_result *out,
                              dft_error *err)
{
    const flow_adhesion_options options = options_of(&session->spec->protocol);
    flow_session_source source = { .session = session, .label = "interface, energy" };
    const flow_evaluator_source cells = flow_session_source_of(&source);
    dft_crystal *slab = NULL, *lithium = NULL, *interface = NULL;
    flow_adhesion_result found;
    dft_status status = flow_task_cut(session->spec, run_dir, &slab, out->results, err);

    if (status == DFT_OK)
        status = partner_at_rest(session->spec, run_dir, &lithium, err);
    if (status == DFT_OK)
        status = flow_adhesion_run(slab, lithium, &cells, &options, &found, &interface, err);
    if (status == DFT_OK)
        report(&found, &options, out);
    if (status == DFT_OK && interface && found.converged)
        keep_structure(interface, out);
    dft_crystal_free(interface);
    dft_crystal_free(lithium);
    dft_crystal_free(slab);
    return status;
}
