#include "dft-lite/terms/hartree.h"

#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/threads.h"
#include "tests/basis/crystals.h"

static dft_basis *hcp_basis(void)
{
    dft_crystal *crystal = test_hcp(12, 3.19, 5.2);
    dft_symmetry *symmetry = test_symmetry(crystal);
    dft_basis *basis = NULL;

    assert_int_equal(dft_basis_create(crystal, 1.5, symmetry, &basis, NULL), DFT_OK);
    dft_symmetry_free(symmetry);
    dft_crystal_free(crystal);
    return basis;
}

/* rho(r) = n + 2A cos(G.r) has rho(+-G) = A: E = 4 pi volume A^2/G^2 and v(G) = 4 pi A/G^2; n is
 * cancelled by the background.  1e-14: rounding. */
static void energy_and_potential_of_a_cosine_match_the_closed_form(void **unused)
{
    dft_basis *basis = hcp_basis();
    double complex *rho = dft_alloc_complex(basis->n_g), *v = dft_alloc_complex(basis->n_g);
    const double complex A = 0.013 * cexp(0.7 * I);
    (void)unused;

    for (size_t ig = 1; ig < basis->n_g; ig += 37) {
        memset(rho, 0, basis->n_g * sizeof *rho);
        rho[0] = 0.4;
        rho[ig] = A;
        const double energy = dft_hartree(basis, basis->n_g, rho, v);
        assert_close(energy, 4.0 * DFT_PI * basis->volume * 0.013 * 0.013 / basis->g2[ig], 1e-13);
        assert_close(cabs(v[0]), 0.0, 0.0);
        assert_close(cabs(v[ig] - 4.0 * DFT_PI * A / basis->g2[ig]), 0.0, 1e-14);
    }
    free(rho);
    free(v);
    dft_basis_free(basis);
}

/* E is quadratic, so E(rho) = 1/2 integral rho v exactly; output may overwrite input. */
static void energy_is_half_of_density_times_potential(void **unused)
{
    dft_basis *basis = hcp_basis();
    double complex *rho = dft_alloc_complex(basis->n_fine), *v = dft_alloc_complex(basis->n_fine);
    unsigned long seed = 2;
    (void)unused;

    for (size_t ig = 0; ig < basis->n_fine; ig++)
        v[ig] = rho[ig] = test_random(&seed) + (ig ? I * test_random(&seed) : 0.0);
    const double energy = dft_hartree(basis, basis->n_fine, v, v);
    assert_close(energy, 0.5 * dft_basis_inner(basis, basis->n_fine, rho, v), 1e-12 * energy);
    free(rho);
    free(v);
    dft_basis_free(basis);
}

static void the_bits_do_not_depend_on_the_number_of_threads(void **unused)
{
    dft_basis *basis = hcp_basis();
    double complex *rho = dft_alloc_complex(basis->n_fine), *v = dft_alloc_complex(basis->n_fine);
    double energy[2];
    unsigned long seed = 4;
    (void)unused;

    for (size_t ig = 0; ig < basis->n_fine; ig++)
        rho[ig] = test_random(&seed) + I * test_random(&seed);
    for (int n = 0; n < 2; n++) {
        assert_int_equal(dft_threads_set(n + 1, NULL), DFT_OK);
        energy[n] = dft_hartree(basis, basis->n_fine, rho, v);
    }
    assert_true(energy[0] == energy[1]);
    free(rho);
    free(v);
    dft_basis_free(basis);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(energy_and_potential_of_a_cosine_match_the_closed_form),
        cmocka_unit_test(energy_is_half_of_density_times_potential),
        cmocka_unit_test(the_bits_do_not_depend_on_the_number_of_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
