/*
 * One element per block of the periodic table against GPAW 22.8 (tests/data/reference/gpaw-22.8-eos.csv by
 * tests/peers/eos_gpaw.py): equations of state of Mg.2, Pt.10, Au, S, and whatever else the file holds, at
 * equal cutoff, mesh, width and data sets. Prints every point and a table.
 * Arguments: the systems to compute; all when there are none.
 */
#include <stdio.h>
#include <string.h>

#include "dft-lite/base/threads.h"
#include "tests/scf/reference_eos.h"
#include "tests/support/assert_close.h"

#define TEST_EOS_CSV "tests/data/reference/gpaw-22.8-eos.csv"
#define MAX_SYSTEMS 16

typedef struct {
    char name[16];
    test_eos eos;
    double largest_moment_error;            /* Bohr magnetons, of the cell */
    int n_unconverged;
} solid;

static solid solids[MAX_SYSTEMS];
static size_t n_solids;
static char **names;                        /* of the systems asked for, NULL at the end; none: all */

static solid *solid_named(const char *name)
{
    for (size_t i = 0; i < n_solids; i++)
        if (strcmp(solids[i].name, name) == 0)
            return &solids[i];
    assert_true(n_solids < MAX_SYSTEMS);
    snprintf(solids[n_solids].name, sizeof solids[n_solids].name, "%s", name);
    return &solids[n_solids++];
}

/* A point that fails to compute or to converge counts as unconverged and enters no fit. */
static void compute(const dft_csv *csv, size_t r)
{
    const char *id = test_reference_text(csv, r, "id");
    const double moment = test_reference_number(csv, r, "moment");
    const double gpaw_ev = test_reference_number(csv, r, "free_energy_ev");
    double start[TEST_REFERENCE_MAX_ATOMS];
    dft_crystal *crystal = test_reference_crystal(csv, r);
    dft_scf_options options = test_reference_options(csv, r);
    solid *out = solid_named(test_reference_text(csv, r, "system"));
    dft_scf_result *result = NULL;
    dft_error err = { 0 };

    assert_non_null(crystal);
    for (size_t a = 0; a < crystal->n_atoms; a++)
        start[a] = test_reference_number(csv, r, "start_moment");
    options.spin = start[0] != 0.0;
    options.n_moments = options.spin ? crystal->n_atoms : 0;
    options.moments = options.spin ? start : NULL;
    options.energy_tolerance = 1e-6 / DFT_HARTREE_EV;   /* a thousandth of what is compared */
    if (dft_scf_run(crystal, &options, NULL, &result, &err) != DFT_OK || !result->converged) {
        print_error("%s: %s\n", id, result ? "not converged" : err.message);
        out->n_unconverged++;
    } else {
        const double ev = result->free_energy * DFT_HARTREE_EV;
        test_eos_add(&out->eos, crystal->n_atoms, test_reference_number(csv, r, "volume_ang3"), gpaw_ev, ev);
        out->largest_moment_error = fmax(out->largest_moment_error, fabs(result->magnetic_moment - moment));
        print_message("%-12s %14.7f %14.7f %+9.4f meV/atom  moment %.5f %.5f  %2d steps %6.1f s\n", id,
                      gpaw_ev, ev, 1e3 * (ev - gpaw_ev) / (double)crystal->n_atoms, moment,
                      result->magnetic_moment, result->scf_iterations, result->wall_s);
    }
    dft_scf_result_free(result);
    dft_crystal_free(crystal);
}

static int wanted(const char *system)
{
    size_t i = 0;

    while (names[i] && strcmp(names[i], system) != 0)
        i++;
    return !names[0] || names[i];
}

static int compute_all(void **unused)
{
    dft_csv *csv = NULL;
    dft_error err = { 0 };
    (void)unused;

    if (dft_csv_read(TEST_EOS_CSV, &csv, &err) != DFT_OK) {
        print_error("%s\n", err.message);
        return -1;
    }
    print_message("%-12s %14s %14s %9s\n", "point", "GPAW eV", "ours eV", "ours-GPAW");
    for (size_t r = 0; r < dft_csv_n_rows(csv); r++)
        if (wanted(test_reference_text(csv, r, "system")))
            compute(csv, r);
    dft_csv_free(csv);
    for (size_t i = 0; i < n_solids; i++) {
        const test_eos_difference d = test_eos_compare(&solids[i].eos);
        test_eos_print(solids[i].name, &solids[i].eos, &d);
    }
    return 0;
}

static void every_point_converges(void **unused)
{
    int n_bad = 0;
    (void)unused;

    assert_true(n_solids > 0);
    for (size_t i = 0; i < n_solids; i++)
        n_bad += solids[i].n_unconverged;
    assert_int_equal(n_bad, 0);
}

/* 0.5 meV/atom is what the project asks for; two mature programs differ by 0.05 to 0.4. */
static void points_agree_within_half_a_mev_per_atom_after_removing_a_constant(void **unused)
{
    (void)unused;

    for (size_t i = 0; i < n_solids; i++) {
        const test_eos_difference d = test_eos_compare(&solids[i].eos);
        assert_true(solids[i].eos.n >= 5);
        if (!(d.largest_mev <= 0.5))
            fail_msg("%s: %.3f meV/atom", solids[i].name, d.largest_mev);
    }
}

static void volumes_agree_within_a_fifth_and_bulk_moduli_within_two_percent(void **unused)
{
    (void)unused;

    for (size_t i = 0; i < n_solids; i++) {
        const test_eos_difference d = test_eos_compare(&solids[i].eos);
        if (!(fabs(d.v0_percent) <= 0.2) || !(fabs(d.b0_percent) <= 2.0))
            fail_msg("%s: V0 %+.3f %%, B0 %+.3f %%", solids[i].name, d.v0_percent, d.b0_percent);
    }
}

/* 0.02 Bohr magnetons is asked. */
static void moments_agree_at_every_volume(void **unused)
{
    (void)unused;

    for (size_t i = 0; i < n_solids; i++)
        if (!(solids[i].largest_moment_error <= 0.02))
            fail_msg("%s: %.4f Bohr magnetons", solids[i].name, solids[i].largest_moment_error);
}

int main(int n_arguments, char **arguments)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_point_converges),
        cmocka_unit_test(points_agree_within_half_a_mev_per_atom_after_removing_a_constant),
        cmocka_unit_test(volumes_agree_within_a_fifth_and_bulk_moduli_within_two_percent),
        cmocka_unit_test(moments_agree_at_every_volume),
    };

    names = arguments + (n_arguments > 0);
    return cmocka_run_group_tests(tests, compute_all, NULL);
}
