/*
 * Agreement with GPAW 22.8 (tests/data/reference): total energies of Al, Li, Cu, Ag.11, Si, LiF,
 * ZnO at equal cutoff, mesh and data sets, and their differences between volumes. Prints a table.
 */
#include <stdio.h>
#include <string.h>

#include "dft-lite/base/threads.h"
#include "tests/scf/reference_eos.h"
#include "tests/support/assert_close.h"

#define MAX_ROWS 128

typedef struct {
    char id[32], system[16];
    size_t n_atoms;
    int converged;
    double volume_ang3, gpaw_ev, ours_ev;
} row;

static row rows[MAX_ROWS];
static size_t n_rows;

static void compute(const dft_csv *csv, size_t r, row *out)
{
    dft_crystal *crystal = test_reference_crystal(csv, r);
    const dft_scf_options options = test_reference_options(csv, r);
    dft_scf_result *result = NULL;
    dft_error err = { 0 };

    snprintf(out->id, sizeof out->id, "%s", test_reference_text(csv, r, "id"));
    snprintf(out->system, sizeof out->system, "%s", test_reference_text(csv, r, "system"));
    out->gpaw_ev = test_reference_number(csv, r, "free_energy_ev");
    out->volume_ang3 = test_reference_number(csv, r, "volume_ang3");
    if (!crystal || dft_scf_run(crystal, &options, NULL, &result, &err) != DFT_OK) {
        print_error("%s: %s\n", out->id, crystal ? err.message : "no such crystal");
    } else {
        out->n_atoms = crystal->n_atoms;
        out->converged = result->converged;
        out->ours_ev = result->free_energy * DFT_HARTREE_EV;
        print_message("%-18s %12.6f %12.6f %+9.3f meV/atom  %2d steps %6.1f s\n", out->id,
                      out->gpaw_ev, out->ours_ev,
                      1e3 * (out->ours_ev - out->gpaw_ev) / (double)out->n_atoms,
                      result->scf_iterations, result->wall_s);
    }
    dft_scf_result_free(result);
    dft_crystal_free(crystal);
}

static int compute_all(void **unused)
{
    dft_csv *csv = NULL;
    dft_error err = { 0 };
    (void)unused;

    if (dft_csv_read(TEST_REFERENCE_CSV, &csv, &err) != DFT_OK) {
        print_error("%s\n", err.message);
        return -1;
    }
    dft_threads_set(2, NULL);
    print_message("%-18s %12s %12s %9s\n", "run", "GPAW eV", "ours eV", "ours-GPAW");
    for (size_t r = 0; r < dft_csv_n_rows(csv) && n_rows < MAX_ROWS; r++)
        compute(csv, r, &rows[n_rows++]);
    dft_csv_free(csv);
    return 0;
}

/* 5 meV/atom: what the project asks for; what differs is the on-site quadrature, GPAW's own PBE and
 * the splines of the projectors. */
static void total_energies_agree_with_gpaw_within_5_mev_per_atom(void **unused)
{
    int n_bad = 0;
    (void)unused;

    assert_true(n_rows >= 77);
    for (size_t i = 0; i < n_rows; i++) {
        const double difference = rows[i].ours_ev - rows[i].gpaw_ev;
        if (!rows[i].converged || !(fabs(difference) <= 5e-3 * (double)rows[i].n_atoms)) {
            print_error("%s: converged %d, off by %.3f meV in the cell\n", rows[i].id,
                        rows[i].converged, 1e3 * difference);
            n_bad++;
        }
    }
    assert_int_equal(n_bad, 0);
}

static const row *equilibrium(const char *system)
{
    char id[64];

    snprintf(id, sizeof id, "A3_%s_1.00", system);
    for (size_t i = 0; i < n_rows; i++)
        if (strcmp(rows[i].id, id) == 0)
            return &rows[i];
    return NULL;
}

/* E(V) - E(V0) at the same cutoff: 1 meV/atom asked; two mature codes differ by 0.05-0.4. */
static void differences_between_volumes_agree_within_1_mev_per_atom(void **unused)
{
    int n_bad = 0, n_compared = 0;
    (void)unused;

    print_message("%-18s %12s %12s %9s\n", "E(V) - E(V0)", "GPAW meV", "ours meV", "per atom");
    for (size_t i = 0; i < n_rows; i++) {
        if (strncmp(rows[i].id, "A3_", 3) != 0)
            continue;
        const row *zero = equilibrium(rows[i].system);
        assert_non_null(zero);
        const double gpaw = rows[i].gpaw_ev - zero->gpaw_ev, ours = rows[i].ours_ev - zero->ours_ev;
        const double per_atom = (ours - gpaw) / (double)rows[i].n_atoms;
        print_message("%-18s %12.3f %12.3f %+9.3f\n", rows[i].id, 1e3 * gpaw, 1e3 * ours,
                      1e3 * per_atom);
        n_bad += !(fabs(per_atom) <= 1e-3);
        n_compared++;
    }
    assert_true(n_compared >= 49);
    assert_int_equal(n_bad, 0);
}

/* 0.2 % of the volume and 2 % of the bulk modulus are asked, of Li 0.5 % and 10 %: its whole curve is 3 meV
 * deep, and 0.3 meV moves it that far. LiF at 500 eV is left out: its plane waves come and go with the volume
 * and make no curve; LiF700 stands for it. */
static void volumes_and_bulk_moduli_agree(void **unused)
{
    static const struct { const char *system; double v0_percent, b0_percent; } asked[] = {
        { "Al", 0.2, 2.0 }, { "Li", 0.5, 10.0 }, { "Cu", 0.2, 2.0 }, { "Ag", 0.2, 2.0 }, { "Si", 0.2, 2.0 },
        { "LiF700", 0.2, 2.0 },
    };
    (void)unused;

    for (size_t s = 0; s < sizeof asked / sizeof asked[0]; s++) {
        test_eos eos = { 0 };
        for (size_t i = 0; i < n_rows; i++)
            if (strncmp(rows[i].id, "A3_", 3) == 0 && strcmp(rows[i].system, asked[s].system) == 0)
                test_eos_add(&eos, rows[i].n_atoms, rows[i].volume_ang3, rows[i].gpaw_ev, rows[i].ours_ev);
        assert_int_equal(eos.n, 7);
        const test_eos_difference d = test_eos_compare(&eos);
        test_eos_print(asked[s].system, &eos, &d);
        if (!(d.largest_mev <= 0.5) || !(fabs(d.v0_percent) <= asked[s].v0_percent) ||
            !(fabs(d.b0_percent) <= asked[s].b0_percent))
            fail_msg("%s: %.3f meV/atom, V0 %+.3f %%, B0 %+.3f %%", asked[s].system, d.largest_mev,
                     d.v0_percent, d.b0_percent);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(total_energies_agree_with_gpaw_within_5_mev_per_atom),
        cmocka_unit_test(differences_between_volumes_agree_within_1_mev_per_atom),
        cmocka_unit_test(volumes_and_bulk_moduli_agree),
    };
    return cmocka_run_group_tests(tests, compute_all, NULL);
}
