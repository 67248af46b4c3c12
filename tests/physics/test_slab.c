/*
 * Slabs: the dipole correction and work functions against GPAW 22.8.0, and identities of a polar
 * sheet.
 *
 * GPAW numbers: Al(111) 1x1, 4 layers of a 4.04 A crystal, with and without Li 2.4 A above the fcc
 * hollow, PW 400 eV, 12x12x1, Fermi-Dirac 0.1 eV, poissonsolver={'dipolelayer': 'xy'} or none;
 * free energies in eV; the same PAW data.  dip1 with GPAW's default density grid, dip1_full with
 * the complete one.
 */
#include <stdio.h>
#include <string.h>

#include "dft-lite/base/threads.h"
#include "dft-lite/properties/result_gradients.h"
#include "dft-lite/properties/work_function.h"
#include "dft-lite/scf/ground.h"
#include "dft-lite/scf/scf.h"
#include "dft-lite/scf/state.h"
#include "tests/basis/crystals.h"

typedef struct {
    int converged;
    double free_energy_ev, dipole_energy_ev, moment;
    double force_ev_ang[5][3];
    dft_work_functions faces;
} solved;

static solved solve(const dft_crystal *crystal, double ecut_ev, int mesh, char dipole)
{
    dft_scf_options options = dft_scf_defaults();
    dft_scf_result *result = NULL;
    dft_error err = { 0 };

    options.ecut = ecut_ev / DFT_HARTREE_EV;
    options.kmesh[0] = options.kmesh[1] = mesh;
    options.dipole = dipole;
    options.energy_tolerance = 1e-7 / DFT_HARTREE_EV;
    options.for_forces = 1;
    if (dft_scf_run(crystal, &options, NULL, &result, &err) != DFT_OK)
        fail_msg("%s", err.message);
    solved s = { .converged = result->converged, .moment = result->dipole_moment,
                 .free_energy_ev = result->free_energy * DFT_HARTREE_EV,
                 .dipole_energy_ev = result->parts.dipole * DFT_HARTREE_EV };
    assert_int_equal(dft_result_gradients(result, s.force_ev_ang, NULL, NULL), DFT_OK);
    for (size_t i = 0; i < 3 * crystal->n_atoms; i++)
        s.force_ev_ang[i / 3][i % 3] *= DFT_HARTREE_EV / DFT_BOHR_ANG;
    assert_int_equal(dft_work_functions_of(result->ground->system, result->state->rho_g,
                                           result->state->d_p, result->fermi, &s.faces, NULL),
                                               DFT_OK);
    assert_true(s.converged);
    dft_scf_result_free(result);
    return s;
}

/* ---- Al(111) with and without Li ------------------------------------------------------------- */

#define EDGE 4.04

static dft_crystal *aluminium(int with_lithium)
{
    const double a = EDGE / sqrt(2.0), d = EDGE / sqrt(3.0), height = 16.4 + 3.0 * d;
    const double cell[3][3] = { { a, 0, 0 }, { 0.5 * a, 0.5 * sqrt(3.0) * a, 0 },
                                { 0, 0, height } };
    const double x[5][3] = { { 0, 0, 7.0 / height },
                             { 1.0 / 3, 1.0 / 3, (7.0 + d) / height },
                             { 2.0 / 3, 2.0 / 3, (7.0 + 2.0 * d) / height },
                             { 0, 0, (7.0 + 3.0 * d) / height },
                             { 1.0 / 3, 1.0 / 3, (7.0 + 3.0 * d + 2.4) / height } };
    return test_crystal(cell, with_lithium ? 5 : 4, (const int[]){ 13, 13, 13, 13, 3 }, x);
}

static solved lithium_bare, lithium_corrected, clean_bare, clean_corrected;

static int solve_all(void **unused)
{
    dft_crystal *clean = aluminium(0), *covered = aluminium(1);
    (void)unused;

    dft_threads_set(2, NULL);
    clean_bare = solve(clean, 400, 12, 0);
    clean_corrected = solve(clean, 400, 12, 'z');
    lithium_bare = solve(covered, 400, 12, 0);
    lithium_corrected = solve(covered, 400, 12, 'z');
    dft_crystal_free(clean);
    dft_crystal_free(covered);
    return 0;
}

/* The correction alone: 0.201 meV in both codes. 0.02 meV: their convergence. */
static void the_correction_of_lithium_on_aluminium_is_that_of_gpaw(void **unused)
{
    const double want = -16.280140 - -16.280341;
    (void)unused;

    print_message("correction: GPAW %.3f ours %.3f meV\n", 1e3 * want,
                  1e3 * (lithium_corrected.free_energy_ev - lithium_bare.free_energy_ev));
    assert_close(lithium_corrected.free_energy_ev - lithium_bare.free_energy_ev, want, 2e-5);
}

/* E(slab + Li) - E(slab); 5 meV is what is asked, 0.1 meV what the codes' quadratures leave. */
static void the_energy_of_adsorbing_lithium_agrees_with_gpaw(void **unused)
{
    const double corrected = -16.280248 - -14.225214, bare = -16.280341 - -14.225159;
    (void)unused;

    print_message("slab + Li - slab: GPAW %.6f and %.6f, ours %.6f and %.6f eV\n", corrected, bare,
                  lithium_corrected.free_energy_ev - clean_corrected.free_energy_ev,
                  lithium_bare.free_energy_ev - clean_bare.free_energy_ev);
    assert_close(lithium_corrected.free_energy_ev - clean_corrected.free_energy_ev, corrected,
                 1e-4);
    assert_close(lithium_bare.free_energy_ev - clean_bare.free_energy_ev, bare, 1e-4);
}

/* 20 meV is what is asked; 2 meV: GPAW's own two grids differ by 0.3. */
static void work_functions_of_both_faces_agree_with_gpaw(void **unused)
{
    const double lithium[2] = { 4.0708, 3.7468 }, clean[2] = { 4.0525, 4.0528 };
    (void)unused;

    for (int side = 0; side < 2; side++) {
        const double li = lithium_corrected.faces.work_function[side] * DFT_HARTREE_EV;
        const double al = clean_corrected.faces.work_function[side] * DFT_HARTREE_EV;
        print_message("work function %s: Li GPAW %.4f ours %.4f, clean GPAW %.4f ours %.4f eV\n",
                      side ? "top" : "bottom", lithium[side], li, clean[side], al);
        assert_close(li, lithium[side], 2e-3);
        assert_close(al, clean[side], 2e-3);
    }
    assert_true(lithium_corrected.faces.reported && clean_corrected.faces.reported);
}

/* dip1_full; 5e-3 eV/A is what is asked, GPAW's own net force is 7e-5. */
static void forces_under_the_correction_agree_with_gpaw(void **unused)
{
    const double gpaw[5] = { -0.0582382741, 0.1487147007, -0.1015099490, 0.2137902366,
                             -0.2027814457 };
    (void)unused;

    for (int a = 0; a < 5; a++) {
        const double *force = lithium_corrected.force_ev_ang[a];
        print_message("force on atom %d: GPAW %.5f ours %.5f eV/A\n", a + 1, gpaw[a], force[2]);
        assert_close(force[2], gpaw[a], 1e-3);
        assert_close(force[0], 0.0, 1e-6);
        assert_close(force[1], 0.0, 1e-6);
    }
}

static void a_field_in_the_vacuum_gives_no_work_function(void **unused)
{
    (void)unused;
    assert_false(lithium_bare.faces.reported);
    assert_non_null(strstr(lithium_bare.faces.reason, "dipole correction"));
    assert_true(clean_bare.faces.reported);     /* no dipole, no field */
}

/* 1e-6 of the 0.013 e A of adsorbed lithium: what symmetry leaves. */
static void a_symmetric_slab_has_no_dipole(void **unused)
{
    (void)unused;
    assert_close(clean_corrected.moment, 0.0, 1e-5);
    assert_close(clean_corrected.dipole_energy_ev, 0.0, 1e-9);
    assert_close(clean_corrected.free_energy_ev, clean_bare.free_energy_ev, 1e-5);
    assert_true(fabs(lithium_corrected.moment) > 1e-2);
}

/* ---- a sheet of LiH, as polar as can be ---------------------------------------------------- */

/* Li at `low` A and H 1.7 A above it, in a cell `height` A high. */
static solved sheet(double height, double low, char dipole)
{
    const double cell[3][3] = { { 3.0, 0, 0 }, { 0, 3.0, 0 }, { 0, 0, height } };
    const double x[2][3] = { { 0, 0, low / height }, { 0, 0, (low + 1.7) / height } };
    dft_crystal *crystal = test_crystal(cell, 2, (const int[]){ 3, 1 }, x);
    const solved s = solve(crystal, 350, 3, dipole);

    dft_crystal_free(crystal);
    return s;
}

/* Periodic energies go with 2 pi M^2/volume, 19 meV from 14 to 22 A; what is left, 0.2 meV, is
 * that other cells have other plane waves.  The work functions stay within a few meV. */
static void a_polar_sheet_does_not_know_its_vacuum_when_corrected(void **unused)
{
    const double height[3] = { 14.0, 18.0, 22.0 };
    solved bare[3], corrected[3];
    (void)unused;

    for (int i = 0; i < 3; i++) {
        bare[i] = sheet(height[i], 3.0, 0);
        corrected[i] = sheet(height[i], 3.0, 'z');
        print_message("%4.0f A: periodic %.6f, corrected %.6f eV; work functions %.4f %.4f eV\n",
                      height[i], bare[i].free_energy_ev, corrected[i].free_energy_ev,
                      corrected[i].faces.work_function[0] * DFT_HARTREE_EV,
                      corrected[i].faces.work_function[1] * DFT_HARTREE_EV);
        assert_false(bare[i].faces.reported);
    }
    assert_true(bare[2].free_energy_ev - bare[0].free_energy_ev > 1e-2);
    for (int i = 1; i < 3; i++) {
        assert_close(corrected[i].free_energy_ev, corrected[0].free_energy_ev, 1e-3);
        for (int side = 0; side < 2; side++)
            assert_close(corrected[i].faces.work_function[side] * DFT_HARTREE_EV,
                         corrected[0].faces.work_function[side] * DFT_HARTREE_EV, 1e-2);
    }
}

/* The jump follows the gap, over the cell's border too. 1e-5 eV: exchange-correlation sees its
 * grid. */
static void where_the_sheet_lies_in_its_cell_does_not_matter(void **unused)
{
    const solved here = sheet(18.0, 3.0, 'z'), there = sheet(18.0, 12.456, 'z'),
                 across = sheet(18.0, 17.1, 'z');
    (void)unused;

    assert_close(there.free_energy_ev, here.free_energy_ev, 1e-5);
    assert_close(across.free_energy_ev, here.free_energy_ev, 1e-5);
    /* first order in the residual */
    assert_close(there.moment, here.moment, 2e-3 * fabs(here.moment));
    assert_close(across.faces.work_function[1], here.faces.work_function[1], 1e-3);
}

/* Upside down the faces change places. */
static void a_sheet_upside_down_has_its_faces_exchanged(void **unused)
{
    const solved up = sheet(16.0, 3.0, 'z');
    const double cell[3][3] = { { 3.0, 0, 0 }, { 0, 3.0, 0 }, { 0, 0, 16.0 } };
    const double x[2][3] = { { 0, 0, 4.7 / 16.0 }, { 0, 0, 3.0 / 16.0 } };
    dft_crystal *crystal = test_crystal(cell, 2, (const int[]){ 3, 1 }, x);
    const solved down = solve(crystal, 350, 3, 'z');
    (void)unused;

    assert_close(down.free_energy_ev, up.free_energy_ev, 1e-5);
    assert_close(down.moment, -up.moment, 2e-3 * fabs(up.moment));
    for (int side = 0; side < 2; side++)
        assert_close(down.faces.work_function[side], up.faces.work_function[1 - side], 1e-3);
    dft_crystal_free(crystal);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_correction_of_lithium_on_aluminium_is_that_of_gpaw),
        cmocka_unit_test(the_energy_of_adsorbing_lithium_agrees_with_gpaw),
        cmocka_unit_test(work_functions_of_both_faces_agree_with_gpaw),
        cmocka_unit_test(forces_under_the_correction_agree_with_gpaw),
        cmocka_unit_test(a_field_in_the_vacuum_gives_no_work_function),
        cmocka_unit_test(a_symmetric_slab_has_no_dipole),
        cmocka_unit_test(a_polar_sheet_does_not_know_its_vacuum_when_corrected),
        cmocka_unit_test(where_the_sheet_lies_in_its_cell_does_not_matter),
        cmocka_unit_test(a_sheet_upside_down_has_its_faces_exchanged),
    };
    return cmocka_run_group_tests(tests, solve_all, NULL);
}
