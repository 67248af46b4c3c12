#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "candidates/supercell.h"
#include "dft-lite/base/alloc.h"
#include "dft-lite/base/units.h"
#include "workflows/relax.h"
#include "workflows/supercell_task.h"
#include "workflows/task.h"

/* The clean slab in the cell that keeps adatoms apart, relaxed with its lower half held (a sheet: its lowest
 * plane, so that it stays where it is). */

/* Rows of any slab's lattice, reduced or not (-2 to 2 covers an angle of 30 degrees and more). */
double flow_shortest_repeat(const double lattice[3][3])
{
    double shortest = HUGE_VAL;

    for (int i = -2; i <= 2; i++)
        for (int j = 0; j <= 2; j++) {
            double v[3];
            if (j == 0 && i <= 0)
                continue;
            for (int c = 0; c < 3; c++)
                v[c] = i * lattice[0][c] + j * lattice[1][c];
            shortest = fmin(shortest, sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]));
        }
    return shortest;
}

dft_status flow_supercell_for(const dft_crystal *slab, double spacing, dft_crystal **out, dft_error *err)
{
    dft_status status = DFT_OK;

    *out = NULL;
    for (int index = 1; index <= FLOW_MAX_COPIES; index++) {
        int m[2][2];
        status = cand_supercell_matrix(slab, index, m, err);
        if (status == DFT_OK)
            status = cand_supercell_create(slab, (const int (*)[2])m, out, err);
        if (status != DFT_OK || flow_shortest_repeat((const double (*)[3])(*out)->lattice) >= spacing)
            return status;
        dft_crystal_free(*out);
        *out = NULL;
    }
    return dft_fail(err, DFT_EINPUT, "no cell of up to %d copies keeps adatoms %.1f A apart", FLOW_MAX_COPIES,
                    spacing * DFT_BOHR_ANG);
}

dft_status flow_hold_lower_half(const dft_crystal *slab, int sheet, unsigned char (*fixed)[3],
                                dft_error *err)
{
    memset(fixed, 0, slab->n_atoms * sizeof *fixed);
    return flow_fix_planes(slab, sheet ? 1 : -1, fixed, NULL, err);
}

static dft_status relax(flow_session *session, const dft_crystal *slab, flow_relax_result **out,
                        dft_error *err)
{
    const flow_spec *spec = session->spec;
    const dft_scf_options scf = flow_spec_scf_options(spec, slab->lattice, NULL);
    unsigned char (*fixed)[3] = dft_alloc(slab->n_atoms, sizeof *fixed);
    flow_session_driver driver = { .session = session, .label = "relaxation of the slab, step" };
    flow_relax_options options = flow_relax_defaults();
    dft_status status = DFT_OK;

    if (!fixed)
        return dft_fail(err, DFT_ENOMEM, "no memory for %zu atoms", slab->n_atoms);
    memcpy(driver.mesh, scf.kmesh, sizeof driver.mesh);
    const flow_evaluator evaluator = flow_session_evaluator(&driver);
    options.max_force = spec->protocol.force_limit_ev_per_ang / DFT_HARTREE_EV * DFT_BOHR_ANG;
    options.max_steps = spec->protocol.max_ionic_steps;
    options.fixed = (const unsigned char (*)[3])fixed;
    status = flow_hold_lower_half(slab, spec->sheet, fixed, err);
    if (status == DFT_OK)
        status = flow_relax_run(&evaluator, slab, &options, out, err);
    free(fixed);
    return status;
}

static void report(const flow_relax_result *found, flow_task_result *out)
{
    const bool pbc[3] = { true, true, true };

    json_object_set_new(out->results, "energy_ev", res_number(found->energy * DFT_HARTREE_EV));
    json_object_set_new(out->results, "max_force_ev_per_ang",
                        res_number(found->max_force * DFT_HARTREE_EV / DFT_BOHR_ANG));
    json_object_set_new(out->results, "n_steps", json_integer(found->n_steps));
    json_object_set_new(out->results, "relaxation", json_string("positions, lower half held"));
    if (!found->converged) {
        out->outcome = RES_UNCONVERGED;
        snprintf(out->reason, sizeof out->reason, "the clean slab did not come to rest: %.240s",
                 found->message);
        return;
    }
    json_t *structures = json_array();
    json_array_append_new(structures, res_structure("relaxed slab", found->crystal, pbc));
    json_object_set_new(out->results, "structures", structures);
}

dft_status flow_task_rslab(flow_session *session, const char *run_dir, flow_task_result *out,
                           dft_error *err)
{
    const double spacing = session->spec->protocol.adatom_spacing_ang / DFT_BOHR_ANG;
    dft_crystal *cut = NULL, *slab = NULL;
    flow_relax_result *found = NULL;
    dft_status status = flow_task_cut(session->spec, run_dir, &cut, out->results, err);

    if (status == DFT_OK)
        status = flow_supercell_for(cut, spacing, &slab, err);
    if (status == DFT_OK) {
        json_object_set_new(out->results, "copies", json_integer((json_int_t)(slab->n_atoms
                                                                              / cut->n_atoms)));
        status = relax(session, slab, &found, err);
    }
    if (status == DFT_OK)
        report(found, out);
    flow_relax_free(found);
    dft_crystal_free(slab);
    dft_crystal_free(cut);
    return status;
}
