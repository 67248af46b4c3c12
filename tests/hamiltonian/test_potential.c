#include "dft-lite/hamiltonian/potential.h"

#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/threads.h"
#include "tests/hamiltonian/systems.h"

/* Li and Al at places of no symmetry: fields of two species, all multipoles. */
static test_problem problem_create(void)
{
    const double cell[3][3] = { { 3.1, 0.2, 0 }, { 0.4, 3.4, 0.3 }, { 0.5, 0.1, 3.9 } };
    const double x[2][3] = { { 0.13, 0.29, 0.41 }, { 0.6, 0.75, 0.9 } };
    const dft_system_options options = test_system_options(60, 1, 0);

    return test_problem_create(cell, x, &options, 0.0);
}

static double energy_along(test_problem *p, double h_rho, double h_d)
{
    const dft_potential *pot = test_problem_at(p, h_rho, h_d);

    return pot->hartree + pot->xc + pot->zero + pot->on_site;
}

/* dU/dt along rho + t delta = integral v delta. Step 1e-3 of a quarter of the density: truncation
 * and rounding (U is some 10 Ha) both about 1e-10; asked 1e-8. */
static void local_potential_is_the_derivative_by_the_density(void **unused)
{
    test_problem p = problem_create();
    const double h = 1e-3;
    (void)unused;

    energy_along(&p, 0.0, 0.0);
    const double want = dft_basis_inner(p.system->basis, p.n_g, p.potential->v_g, p.delta_rho);
    const double got = (energy_along(&p, h, 0.0) - energy_along(&p, -h, 0.0)) / (2.0 * h);
    assert_close(got, want, 1e-8);
    assert_true(fabs(want) > 0.01);
    test_problem_clear(&p);
}

/* dU/dt along D + t delta_D = sum_p dH_p delta_p: one-centre terms and compensation charges
 * together. */
static void on_site_hamiltonian_is_the_derivative_by_the_on_site_matrix(void **unused)
{
    test_problem p = problem_create();
    const double h = 1e-3;
    double want = 0.0;
    (void)unused;

    energy_along(&p, 0.0, 0.0);
    for (size_t i = 0; i < p.n_p; i++)
        want += p.potential->dh_p[i] * p.delta_d[i];
    const double got = (energy_along(&p, 0.0, h) - energy_along(&p, 0.0, -h)) / (2.0 * h);
    assert_close(got, want, 1e-7);      /* h^2/6 of the one-centre xc's third derivative: 1e-8 */
    assert_true(fabs(want) > 0.01);
    test_problem_clear(&p);
}

static void on_site_blocks_are_the_packed_matrix_unpacked(void **unused)
{
    test_problem p = problem_create();
    (void)unused;

    energy_along(&p, 0.0, 0.0);
    for (size_t a = 0; a < 2; a++) {
        const size_t n_i = p.system->species[p.system->species_of[a]]->n_i;
        const double *block = p.potential->dh + p.system->ii_offset[a];
        for (size_t i = 0; i < n_i; i++)
            for (size_t j = 0; j < n_i; j++) {
                assert_close(block[i * n_i + j],
                             p.potential->dh_p[p.system->p_offset[a] + dft_packed(i, j)], 0.0);
                assert_close(block[i * n_i + j], block[j * n_i + i], 0.0);
            }
    }
    test_problem_clear(&p);
}

static void grid_potential_is_the_transform_of_its_components(void **unused)
{
    test_problem p = problem_create();
    const dft_basis *basis = p.system->basis;
    double mean = 0.0;
    (void)unused;

    energy_along(&p, 0.0, 0.0);
    const size_t n_r = dft_fft_real_size(basis->coarse);
    double complex *back = dft_alloc_complex(p.n_g);
    double complex *work = dft_alloc_complex(dft_fft_real_work_size(basis->coarse));
    double *grid = dft_alloc_doubles(n_r);
    dft_fft_field_to_grid_d(basis->box, p.potential->v_d, grid);
    dft_fft_real_to_fourier(basis->coarse, grid, back, work);
    for (size_t ig = 0; ig < p.n_g; ig++)
        assert_close(cabs(back[ig] - p.potential->v_g[ig]), 0.0, 1e-12);
    for (size_t i = 0; i < n_r; i++)
        mean += grid[i] / (double)n_r;
    assert_close(mean, creal(p.potential->v_g[0]), 1e-12);
    free(back);
    free(work);
    free(grid);
    test_problem_clear(&p);
}

/* A spherical D has a monopole alone; the core adds its own to it and nothing else. 1e-13:
 * rounding. */
static void multipoles_of_free_atoms_are_monopoles(void **unused)
{
    test_problem p = problem_create();
    double q[2 * DFT_N_COMPENSATION], with_core[2 * DFT_N_COMPENSATION];
    (void)unused;

    for (size_t a = 0; a < 2; a++)
        test_atom_on_site(p.system->species[p.system->species_of[a]], p.d + p.system->p_offset[a]);
    dft_multipoles(p.system, p.d, 0, q);
    dft_multipoles(p.system, p.d, 1, with_core);
    for (size_t a = 0; a < 2; a++) {
        const dft_species *s = p.system->species[p.system->species_of[a]];
        assert_close(with_core[9 * a] - q[9 * a], s->delta_core, 1e-14);
        for (size_t lm = 1; lm < 9; lm++) { 
            assert_close(q[9 * a + lm], 0.0, 1e-13);
            assert_close(with_core[9 * a + lm], 0.0, 1e-13);
        }
    }
    test_problem_clear(&p);
}

/* Moving every atom and the density together by a point of the exchange-correlation grid changes
 * nothing but the order of sums. */
static void energy_does_not_change_when_everything_moves(void **unused)
{
    test_problem p = problem_create();
    const dft_basis *basis = p.system->basis;
    double x[2][3], shift[3];
    dft_crystal *moved = NULL;
    (void)unused;

    const double before = energy_along(&p, 0.0, 0.0);
    for (int c = 0; c < 3; c++) {
        shift[c] = (2.0 - c) / basis->n_xc[c];
        for (int a = 0; a < 2; a++)
            x[a][c] = p.crystal->position[a][c] + shift[c];
    }
    assert_int_equal(dft_crystal_create((const double (*)[3])p.crystal->lattice, 2, p.crystal->z,
                                        (const double (*)[3])x, &moved, NULL), DFT_OK);
    dft_system *system = test_system(moved, 60, 1, 0);
    dft_basis_structure_factor(basis, 0, p.n_g, shift, p.delta_rho);
    for (size_t ig = 0; ig < p.n_g; ig++)
        p.delta_rho[ig] *= p.rho[ig];
    assert_int_equal(dft_potential_compute(system, p.delta_rho, p.d, p.potential, NULL, NULL), DFT_OK);
    assert_close(p.potential->hartree + p.potential->xc + p.potential->zero + p.potential->on_site,
                 before, 1e-10);
    dft_system_free(system);
    dft_crystal_free(moved);
    test_problem_clear(&p);
}

static void each_refused_allocation_is_reported(void **unused)
{
    test_problem p = problem_create();
    dft_potential *other = NULL;
    dft_status status;
    long n = 0;
    (void)unused;

    for (dft_alloc_refuse_nth(++n); dft_potential_create(p.system, &other, NULL) != DFT_OK;
         dft_alloc_refuse_nth(++n))
        assert_null(other);
    dft_potential_free(other);
    n = 0;
    do {
        dft_alloc_refuse_nth(++n);
        status = dft_potential_compute(p.system, p.rho, p.d, p.potential, NULL, NULL);
        assert_true(status == DFT_OK || status == DFT_ENOMEM);
    } while (status != DFT_OK);
    assert_true(n > 8);
    dft_alloc_refuse_nth(0);
    test_problem_clear(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(local_potential_is_the_derivative_by_the_density),
        cmocka_unit_test(on_site_hamiltonian_is_the_derivative_by_the_on_site_matrix),
        cmocka_unit_test(on_site_blocks_are_the_packed_matrix_unpacked),
        cmocka_unit_test(grid_potential_is_the_transform_of_its_components),
        cmocka_unit_test(multipoles_of_free_atoms_are_monopoles),
        cmocka_unit_test(energy_does_not_change_when_everything_moves),
        cmocka_unit_test(each_refused_allocation_is_reported),
    };
    dft_threads_set(1, NULL);           /* waiting threads would spin on a busy machine */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
