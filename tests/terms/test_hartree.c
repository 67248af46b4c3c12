#include "dft-lite/terms/hartree.h"

#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/threads.h"
#include "tests/terms/moved.h"

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

static double energy_strained(const dft_crystal *crystal, const dft_basis *basis, int s, double h,
                              const double complex *rho)
{
    dft_crystal *strained = test_strained(crystal, s, h);
    dft_symmetry *identity = NULL;

    assert_int_equal(dft_symmetry_create_identity(crystal, &identity, NULL), DFT_OK);
    dft_basis *other = test_basis_like(strained, basis, identity);
    double complex *moved = test_carry(basis, other, basis->n_fine, basis->volume / other->volume, rho);
    const double energy = dft_hartree(other, other->n_fine, moved, moved);
    free(moved);
    dft_basis_free(other);
    dft_symmetry_free(identity);
    dft_crystal_free(strained);
    return energy;
}

/* volume * rho(G) is kept. Closed form in the strain, fourth-order differences: 1e-9. */
static void the_strain_derivative_is_the_energys_slope(void **unused)
{
    dft_crystal *crystal = test_triclinic(13);
    dft_symmetry *identity = NULL;
    dft_basis *basis = NULL;
    const double h = 1e-3;
    double strain[DFT_N_STRAIN] = { 0.0 };
    unsigned long seed = 8;
    (void)unused;

    assert_int_equal(dft_symmetry_create_identity(crystal, &identity, NULL), DFT_OK);
    assert_int_equal(dft_basis_create(crystal, 1.5, identity, &basis, NULL), DFT_OK);
    double complex *rho = dft_alloc_complex(basis->n_fine);
    for (size_t ig = 0; ig < basis->n_fine; ig++)
        rho[ig] = test_random(&seed) + (ig ? I * test_random(&seed) : 0.0);
    dft_hartree_add_strain(basis, basis->n_fine, rho, strain);
    for (int s = 0; s < DFT_N_STRAIN; s++) {
        double e[4];
        for (int i = 0; i < 4; i++)
            e[i] = energy_strained(crystal, basis, s, test_steps[i] * h, rho);
        assert_close(strain[s] / strain[0], test_slope(e, h) / strain[0], 1e-9);
    }
    /* the trace: volume * rho kept, E goes as 1/length */
    const double energy = energy_strained(crystal, basis, 0, 0.0, rho);
    assert_close((strain[0] + strain[1] + strain[2]) / energy, -1.0, 1e-12);
    free(rho);
    dft_basis_free(basis);
    dft_symmetry_free(identity);
    dft_crystal_free(crystal);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(energy_and_potential_of_a_cosine_match_the_closed_form),
        cmocka_unit_test(energy_is_half_of_density_times_potential),
        cmocka_unit_test(the_strain_derivative_is_the_energys_slope),
        cmocka_unit_test(the_bits_do_not_depend_on_the_number_of_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
