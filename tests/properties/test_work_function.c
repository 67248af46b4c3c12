/* Planar averages and work functions of model slabs: sheets of Gaussian charge. */
#include "dft-lite/properties/work_function.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/csv.h"
#include "dft-lite/properties/planar_average.h"
#include "dft-lite/terms/hartree.h"
#include "tests/basis/crystals.h"

typedef struct {
    dft_crystal *crystal;
    dft_symmetry *symmetry;
    dft_basis *basis;
    dft_vacuum vacuum;
    double complex *rho, *v;
    double moment;
} slab;

/* -charge at height 4 A and +charge at 6 A, Gaussians of the given spread (bohr) along z alone. */
static slab slab_create(double height, double charge, double spread)
{
    const double cell[3][3] = { { 2.0, 0, 0 }, { 0, 2.0, 0 }, { 0, 0, height } };
    const double x[2][3] = { { 0, 0, 4.0 / height }, { 0.5, 0.5, 6.0 / height } };
    slab s = { .crystal = test_crystal(cell, 2, (const int[]){ 3, 9 }, x) };

    assert_int_equal(dft_symmetry_create_identity(s.crystal, &s.symmetry, NULL), DFT_OK);
    assert_int_equal(dft_basis_create(s.crystal, 4.0, s.symmetry, &s.basis, NULL), DFT_OK);
    assert_int_equal(dft_vacuum_find(s.crystal, 2, &s.vacuum, NULL), DFT_OK);
    s.rho = dft_alloc_complex(s.basis->n_fine);
    s.v = dft_alloc_complex(s.basis->n_fine);
    for (size_t ig = 1; ig < s.basis->n_fine; ig++) {
        const int *h = s.basis->hkl[ig];
        if (h[0] == 0 && h[1] == 0)
            s.rho[ig] = charge / s.basis->volume * exp(-0.25 * spread * spread * s.basis->g2[ig])
                      * (cexp(-2.0 * DFT_PI * I * h[2] * x[1][2])
                         - cexp(-2.0 * DFT_PI * I * h[2] * x[0][2]));
    }
    dft_hartree(s.basis, s.basis->n_fine, s.rho, s.v);
    return s;
}

static void slab_clear(slab *s)
{
    free(s->rho);
    free(s->v);
    dft_basis_free(s->basis);
    dft_symmetry_free(s->symmetry);
    dft_crystal_free(s->crystal);
}

static dft_work_functions work_functions(const slab *s, int corrected, double fermi)
{
    dft_dipole *dipole = NULL;
    dft_work_functions out;
    double moment = 0.0;

    if (corrected) {
        assert_int_equal(dft_dipole_create(s->basis, &s->vacuum, &dipole, NULL), DFT_OK);
        moment = dft_dipole_moment(dipole, s->rho);
    }
    assert_int_equal(dft_work_functions_compute(s->basis, &s->vacuum, s->v, dipole, moment, fermi,
                                                &out, NULL), DFT_OK);
    dft_dipole_free(dipole);
    return out;
}

static void the_planar_average_keeps_what_varies_along_the_normal_alone(void **unused)
{
    slab s = slab_create(20.0, 0.0, 0.9);
    const double x[3] = { 0.0, 0.3, -1.7 };
    double value[3];
    (void)unused;

    memset(s.v, 0, s.basis->n_fine * sizeof *s.v);
    s.v[0] = 0.4;
    for (size_t ig = 1; ig < s.basis->n_fine; ig++) {
        const int *h = s.basis->hkl[ig];
        if (h[0] == 1 || h[1] == 1)
            s.v[ig] = 5.0;                      /* averages to nothing over the plane */
        else if (h[0] == 0 && h[1] == 0 && h[2] == 3)
            s.v[ig] = 0.1 - 0.2 * I;
    }
    assert_int_equal(dft_planar_average(s.basis, 2, s.basis->n_fine, s.v, 3, x, value, NULL),
                     DFT_OK);
    for (int i = 0; i < 3; i++)
        assert_close(value[i], 0.4 + 0.2 * cos(6.0 * DFT_PI * x[i])
                     + 0.4 * sin(6.0 * DFT_PI * x[i]), 1e-12);
    slab_clear(&s);
}

/* A double layer: v(top) - v(bottom) = 4 pi charge distance/area, whatever the vacuum. */
static void work_functions_differ_by_the_step_of_the_double_layer(void **unused)
{
    (void)unused;

    for (int i = 0; i < 3; i++) {
        slab s = slab_create(18.0 + 5.0 * i, 0.02, 0.9);
        const double area = s.basis->volume / s.vacuum.period;
        const dft_work_functions w = work_functions(&s, 1, -0.1);
        assert_true(w.reported);
        assert_close(w.work_function[1] - w.work_function[0],
                     4.0 * DFT_PI * 0.02 * 2.0 / DFT_BOHR_ANG / area, 1e-9);
        assert_close(w.work_function[0], w.vacuum_level[0] + 0.1, 1e-14);
        slab_clear(&s);
    }
}

/* Without the correction a field is left in the vacuum, and no vacuum level exists. */
static void a_field_in_the_vacuum_is_not_reported_as_a_work_function(void **unused)
{
    slab s = slab_create(20.0, 0.02, 0.9);
    const dft_work_functions w = work_functions(&s, 0, 0.0);
    (void)unused;

    assert_false(w.reported);
    assert_non_null(strstr(w.reason, "not flat"));
    assert_non_null(strstr(w.reason, "use the dipole correction"));
    slab_clear(&s);
}

static void without_a_dipole_the_correction_is_not_needed(void **unused)
{
    slab s = slab_create(20.0, 0.0, 0.9);
    const dft_work_functions w = work_functions(&s, 0, -0.2);
    (void)unused;

    assert_true(w.reported);
    assert_string_equal(w.reason, "");
    assert_close(w.work_function[0], 0.2, 1e-12);
    assert_close(w.work_function[1], 0.2, 1e-12);
    slab_clear(&s);
}

/* Charge that reaches the middle of the gap: the correction cannot help. */
static void tails_in_the_vacuum_ask_for_more_of_it(void **unused)
{
    slab s = slab_create(10.0, 0.02, 6.0);
    const dft_work_functions w = work_functions(&s, 1, 0.0);
    (void)unused;

    assert_false(w.reported);
    assert_non_null(strstr(w.reason, "add vacuum"));
    assert_null(strstr(w.reason, "dipole"));
    slab_clear(&s);
}

/* The written potential is flat on both sides of the jump, at the vacuum levels. */
static void a_written_profile_holds_the_vacuum_levels(void **unused)
{
    slab s = slab_create(20.0, 0.02, 0.9);
    const dft_work_functions w = work_functions(&s, 1, 0.0);
    dft_dipole *dipole = NULL;
    dft_csv *csv = NULL;
    size_t height, potential, density;
    (void)unused;

    assert_int_equal(dft_dipole_create(s.basis, &s.vacuum, &dipole, NULL), DFT_OK);
    assert_int_equal(dft_planar_average_write("test_profile.csv", s.basis, &s.vacuum, s.v, dipole,
                                              dft_dipole_moment(dipole, s.rho), s.rho, NULL),
                                                  DFT_OK);
    assert_int_equal(dft_csv_read("test_profile.csv", &csv, NULL), DFT_OK);
    assert_int_equal(dft_csv_column(csv, "height_ang", &height, NULL), DFT_OK);
    assert_int_equal(dft_csv_column(csv, "potential_ev", &potential, NULL), DFT_OK);
    assert_int_equal(dft_csv_column(csv, "density_e_per_ang3", &density, NULL), DFT_OK);
    assert_int_equal(dft_csv_n_rows(csv), (size_t)s.basis->n_xc[2]);
    for (size_t row = 0; row < dft_csv_n_rows(csv); row++) {
        double z, v, n;
        assert_int_equal(dft_csv_number(csv, row, height, &z, NULL), DFT_OK);
        assert_int_equal(dft_csv_number(csv, row, potential, &v, NULL), DFT_OK);
        assert_int_equal(dft_csv_number(csv, row, density, &n, NULL), DFT_OK);
        if (z < 1.0 || (z > 16.0 && z < 20.0))      /* the jump is at 15 A */
            assert_close(v, w.vacuum_level[0] * DFT_HARTREE_EV, 1e-6);
        if (z > 9.0 && z < 14.5)
            assert_close(v, w.vacuum_level[1] * DFT_HARTREE_EV, 1e-6);
        if (z > 9.0)
            assert_close(n, 0.0, 1e-6);
    }
    dft_csv_free(csv);
    dft_dipole_free(dipole);
    unlink("test_profile.csv");
    slab_clear(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_planar_average_keeps_what_varies_along_the_normal_alone),
        cmocka_unit_test(work_functions_differ_by_the_step_of_the_double_layer),
        cmocka_unit_test(a_field_in_the_vacuum_is_not_reported_as_a_work_function),
        cmocka_unit_test(without_a_dipole_the_correction_is_not_needed),
        cmocka_unit_test(a_written_profile_holds_the_vacuum_levels),
        cmocka_unit_test(tails_in_the_vacuum_ask_for_more_of_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
