#include "dft-lite/basis/kbasis.h"

#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/blocks.h"
#include "tests/basis/crystals.h"

/* A cube of edge 2 pi bohr: reciprocal vectors are the integers. */
static dft_basis *unit_basis(double ecut)
{
    const double a = 2.0 * DFT_PI * DFT_BOHR_ANG;
    const double cell[3][3] = { { a, 0, 0 }, { 0, a, 0 }, { 0, 0, a } };
    dft_crystal *crystal = test_crystal(cell, 1, (int[]){ 3 }, (const double[][3]){ { 0, 0, 0 } });
    dft_symmetry *symmetry = test_symmetry(crystal);
    dft_basis *basis = NULL;

    assert_int_equal(dft_basis_create(crystal, ecut, symmetry, &basis, NULL), DFT_OK);
    dft_symmetry_free(symmetry);
    dft_crystal_free(crystal);
    return basis;
}

static size_t count_at(const dft_basis *basis, double k1, double k2, double k3)
{
    dft_kbasis *kb = NULL;

    assert_int_equal(dft_kbasis_create(basis, (double[3]){ k1, k2, k3 }, &kb, NULL), DFT_OK);
    const size_t n_pw = kb->n_pw;
    dft_kbasis_free(kb);
    return n_pw;
}

/* |k+G|^2 <= 2. Gamma: 1 + 6 + 12. X: (+-1/2)^2 + n^2 + m^2 <= 2: 2 x (1 + 4). R: the 8 corners. */
static void plane_waves_of_a_cube_are_those_counted_by_hand(void **unused)
{
    dft_basis *basis = unit_basis(1.0);
    (void)unused;

    assert_int_equal(count_at(basis, 0, 0, 0), 19);
    assert_int_equal(count_at(basis, 0.5, 0, 0), 10);
    assert_int_equal(count_at(basis, 0, 0, 0.5), 10);
    assert_int_equal(count_at(basis, 0.5, 0.5, 0.5), 8);
    assert_int_equal(count_at(basis, 1, -2, 0), 19);        /* Gamma again */
    dft_basis_free(basis);
}

static void kinetic_energies_are_free_electron_energies(void **unused)
{
    dft_basis *basis = unit_basis(2.3);
    const double k[3] = { 0.25, -0.1, 0.4 };
    dft_kbasis *kb = NULL;
    (void)unused;

    assert_int_equal(dft_kbasis_create(basis, k, &kb, NULL), DFT_OK);
    for (size_t g = 0; g < kb->n_pw; g++) {
        double sum = 0.0;
        for (int c = 0; c < 3; c++) {
            assert_close(kb->kg[g][c], k[c] + kb->hkl[g][c], 1e-14);
            sum += (k[c] + kb->hkl[g][c]) * (k[c] + kb->hkl[g][c]);
        }
        assert_close(kb->kinetic[g], 0.5 * sum, 1e-14);
        assert_true(kb->kinetic[g] <= 2.3);
    }
    dft_kbasis_free(kb);
    dft_basis_free(basis);
}

/* |psi(r)|^2 on the orbital box has the Fourier components sum_G' conj(c_G') c_(G'+G) for every G
 * of the density sphere: the box is large enough that nothing wraps around. 1e-12: rounding. */
static void products_of_orbitals_are_exact_on_the_box(void **unused)
{
    dft_basis *basis = unit_basis(1.6);
    dft_kbasis *kb = NULL;
    unsigned long seed = 3;
    (void)unused;

    assert_int_equal(dft_kbasis_create(basis, (double[3]){ 0.3, 0.5, -0.2 }, &kb, NULL), DFT_OK);
    const size_t n_r = dft_fft_box_size(basis->box);
    double complex *c = dft_alloc_complex(kb->n_pw);
    double *field = dft_alloc_doubles(dft_fft_field_size_d(basis->box));
    dft_fft_work *fft = NULL;
    double complex *rho_g = dft_alloc_complex(basis->n_g);
    double complex *work = dft_alloc_complex(dft_fft_real_work_size(basis->coarse));
    double *rho = dft_alloc_doubles(n_r);
    for (size_t g = 0; g < kb->n_pw; g++)
        c[g] = test_random(&seed) + I * test_random(&seed);
    assert_int_equal(dft_fft_work_create(basis->box, &fft, NULL), DFT_OK);
    dft_fft_add_density(kb->fft, c, 1.0, field, 0.0, NULL, fft);
    dft_fft_field_to_grid_d(basis->box, field, rho);
    dft_fft_real_to_fourier(basis->coarse, rho, rho_g, work);
    for (size_t ig = 0; ig < basis->n_g; ig++) {
        double complex sum = 0.0;
        for (size_t a = 0; a < kb->n_pw; a++)
            for (size_t b = 0; b < kb->n_pw; b++)
                if (kb->hkl[b][0] - kb->hkl[a][0] == basis->hkl[ig][0]
                    && kb->hkl[b][1] - kb->hkl[a][1] == basis->hkl[ig][1]
                    && kb->hkl[b][2] - kb->hkl[a][2] == basis->hkl[ig][2])
                    sum += conj(c[a]) * c[b];
        assert_close(cabs(rho_g[ig] - sum), 0.0, 1e-12);
    }
    free(c);
    free(field);
    dft_fft_work_free(fft);
    free(rho_g);
    free(work);
    free(rho);
    dft_kbasis_free(kb);
    dft_basis_free(basis);
}

static void a_cutoff_below_the_lowest_plane_wave_is_refused(void **unused)
{
    dft_basis *basis = unit_basis(0.3);             /* R lies at 3/8 */
    dft_kbasis *kb = (dft_kbasis *)basis;
    dft_error err = { 0 };
    (void)unused;

    assert_int_equal(dft_kbasis_create(basis, (double[3]){ 0.5, 0.5, 0.5 }, &kb, &err), DFT_EINPUT);
    assert_null(kb);
    assert_non_null(strstr(err.message, "no plane wave"));
    dft_basis_free(basis);
}

static void each_refused_allocation_is_reported(void **unused)
{
    dft_basis *basis = unit_basis(1.0);
    dft_kbasis *kb = NULL;
    long n = 1;
    (void)unused;

    for (dft_alloc_refuse_nth(n); dft_kbasis_create(basis, (double[3]){ 0 }, &kb, NULL) != DFT_OK;
         dft_alloc_refuse_nth(++n))
        assert_null(kb);
    dft_alloc_refuse_nth(0);
    assert_int_equal(n, 1 + 4 + 7);     /* 4: struct, three lists; 7: the sphere; then success */
    dft_kbasis_free(kb);
    dft_basis_free(basis);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plane_waves_of_a_cube_are_those_counted_by_hand),
        cmocka_unit_test(kinetic_energies_are_free_electron_energies),
        cmocka_unit_test(products_of_orbitals_are_exact_on_the_box),
        cmocka_unit_test(a_cutoff_below_the_lowest_plane_wave_is_refused),
        cmocka_unit_test(each_refused_allocation_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
