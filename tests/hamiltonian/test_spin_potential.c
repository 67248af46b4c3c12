#include "dft-lite/hamiltonian/potential.h"

#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "tests/hamiltonian/systems.h"

/* Li and Al without any symmetry, a density, a magnetisation about half as large, and steps of both. */
typedef struct {
    dft_crystal *crystal;
    dft_system *system;
    dft_potential *potential;
    size_t n_g, n_p;
    double complex *rho, *step;         /* [2][n_g] */
    double *d, *d_step;                 /* [2][n_p] */
} problem;

static void fill_spin(problem *p, size_t s, double scale, unsigned long seed)
{
    for (size_t ig = 1; ig < p->n_g; ig++) {
        const double damp = scale * exp(-p->system->basis->g2[ig]);
        p->rho[s * p->n_g + ig] = 0.01 * damp * (test_random(&seed) + I * test_random(&seed));
        p->step[s * p->n_g + ig] = 0.01 * damp * (test_random(&seed) + I * test_random(&seed));
    }
    p->rho[s * p->n_g] = 0.05 * scale;
    p->step[s * p->n_g] = 0.01 * scale;
    for (size_t a = 0; a < 2; a++) {
        const dft_species *species = p->system->species[p->system->species_of[a]];
        const size_t first = s * p->n_p + p->system->p_offset[a];
        test_odd_on_site(species, 0.02, seed++, p->d + first);
        for (size_t i = 0; i < species->n_p; i++) {
            p->d[first + i] *= scale;
            p->d_step[first + i] = 0.1 + 0.1 * test_random(&seed);
        }
    }
}

static problem problem_create(void)
{
    const double lattice[3][3] = { { 7.1, 0.2, 0.1 }, { 0.4, 6.3, -0.3 }, { -0.2, 0.5, 8.2 } };
    const double position[2][3] = { { 0.02, 0.1, -0.03 }, { 0.53, 0.44, 0.47 } };
    const int z[2] = { 3, 13 };
    dft_system_options options = test_system_options(80, 1, 0);
    problem p = { 0 };

    options.spin = 1;
    assert_int_equal(dft_crystal_create(lattice, 2, z, position, &p.crystal, NULL), DFT_OK);
    assert_int_equal(dft_system_create(p.crystal, &options, &p.system, NULL), DFT_OK);
    assert_int_equal(dft_potential_create(p.system, &p.potential, NULL), DFT_OK);
    p.n_g = p.system->basis->n_g;
    p.n_p = p.system->p_offset[2];
    p.rho = dft_alloc_complex(2 * p.n_g);
    p.step = dft_alloc_complex(2 * p.n_g);
    p.d = dft_alloc_doubles(2 * p.n_p);
    p.d_step = dft_alloc_doubles(2 * p.n_p);
    fill_spin(&p, 0, 1.0, 3);
    fill_spin(&p, 1, 0.5, 17);
    return p;
}

static void problem_clear(problem *p)
{
    free(p->rho);
    free(p->step);
    free(p->d);
    free(p->d_step);
    dft_potential_free(p->potential);
    dft_system_free(p->system);
    dft_crystal_free(p->crystal);
}

/* U along rho_s + t step_s and D_s + u d_step_s of one spin index. */
static double energy_along(const problem *p, size_t s, double t, double u)
{
    double complex *rho = dft_alloc_complex(2 * p->n_g);
    double *d = dft_alloc_doubles(2 * p->n_p);
    const dft_potential *pot = p->potential;

    memcpy(rho, p->rho, 2 * p->n_g * sizeof *rho);
    memcpy(d, p->d, 2 * p->n_p * sizeof *d);
    for (size_t ig = s * p->n_g; ig < (s + 1) * p->n_g; ig++)
        rho[ig] += t * p->step[ig];
    for (size_t i = s * p->n_p; i < (s + 1) * p->n_p; i++)
        d[i] += u * p->d_step[i];
    assert_int_equal(dft_potential_compute(p->system, rho, d, p->potential, NULL, NULL), DFT_OK);
    free(rho);
    free(d);
    return pot->hartree + pot->xc + pot->zero + pot->on_site;
}

/* Truncation h^2/6 U''' is 2e-9 at this step (1.9e-7 at 1e-3), rounding 1e-15 U/h some 1e-10. */
static void potential_is_the_derivative_by_density_and_magnetisation(void **unused)
{
    problem p = problem_create();
    const double h = 1e-4;
    (void)unused;

    for (size_t s = 0; s < 2; s++) {
        energy_along(&p, 0, 0.0, 0.0);
        const double want = dft_basis_inner(p.system->basis, p.n_g, p.potential->v_g + s * p.n_g,
                                            p.step + s * p.n_g);
        const double got = (energy_along(&p, s, h, 0.0) - energy_along(&p, s, -h, 0.0)) / (2.0 * h);
        assert_close(got, want, 1e-8);
        assert_true(fabs(want) > 1e-3);
    }
    problem_clear(&p);
}

static void on_site_hamiltonian_is_the_derivative_by_both_matrices(void **unused)
{
    problem p = problem_create();
    const double h = 1e-4;
    (void)unused;

    for (size_t s = 0; s < 2; s++) {
        double want = 0.0;
        energy_along(&p, 0, 0.0, 0.0);
        for (size_t i = s * p.n_p; i < (s + 1) * p.n_p; i++)
            want += p.potential->dh_p[i] * p.d_step[i];
        const double got = (energy_along(&p, s, 0.0, h) - energy_along(&p, s, 0.0, -h)) / (2.0 * h);
        assert_close(got, want, 1e-8);
        assert_true(fabs(want) > 1e-3);
    }
    problem_clear(&p);
}

/* What acts on up and down orbitals is the sum and difference of the two derivatives. */
static void spins_feel_sum_and_difference(void **unused)
{
    problem p = problem_create();
    (void)unused;

    energy_along(&p, 0, 0.0, 0.0);
    const dft_spin_potential up = dft_potential_of_spin(p.system, p.potential, 0);
    const dft_spin_potential down = dft_potential_of_spin(p.system, p.potential, 1);
    const size_t n_i = p.system->species[p.system->species_of[1]]->n_i;
    for (size_t i = 0; i < n_i; i++) {
        const size_t at = p.system->ii_offset[1] + i * n_i + i;
        const size_t packed = p.system->p_offset[1] + dft_packed(i, i);
        assert_close(0.5 * (up.dh[at] + down.dh[at]), p.potential->dh_p[packed], 1e-12);
        assert_close(0.5 * (up.dh[at] - down.dh[at]), p.potential->dh_p[p.n_p + packed], 1e-12);
    }
    problem_clear(&p);
}

/* Without magnetisation the spin-polarised functionals give the unpolarised energy; turning the
 * magnetisation round changes nothing. */
static void energy_is_even_in_the_magnetisation(void **unused)
{
    problem p = problem_create();
    (void)unused;

    const double energy = energy_along(&p, 0, 0.0, 0.0);
    for (size_t ig = 0; ig < p.n_g; ig++)
        p.rho[p.n_g + ig] *= -1.0;
    for (size_t i = 0; i < p.n_p; i++)
        p.d[p.n_p + i] *= -1.0;
    assert_close(energy_along(&p, 0, 0.0, 0.0), energy, 1e-11);
    memset(p.rho + p.n_g, 0, p.n_g * sizeof *p.rho);
    memset(p.d + p.n_p, 0, p.n_p * sizeof *p.d);
    const double paired = energy_along(&p, 0, 0.0, 0.0);
    assert_true(fabs(paired - energy) > 1e-4);
    p.system->n_spin = 1;
    assert_close(energy_along(&p, 0, 0.0, 0.0), paired, 1e-10);
    p.system->n_spin = 2;
    problem_clear(&p);
}

static void impossible_moments_are_refused(void **unused)
{
    const double nan_moment[2] = { NAN, 0 }, large[2] = { 1.5, 0 }, one[1] = { 1 };
    const struct { int spin; size_t n; const double *moments; const char *word; } cases[4] = {
        { 1, 2, nan_moment, "not a number" }, { 1, 2, large, "valence" }, { 1, 1, one, "2 atoms" },
        { 0, 2, one, "without collinear" } };
    problem p = problem_create();
    (void)unused;

    for (int i = 0; i < 4; i++) {
        dft_system_options options = test_system_options(80, 1, 0);
        dft_system *system = NULL;
        dft_error err = { 0 };
        options.spin = cases[i].spin;
        options.n_moments = cases[i].n;
        options.moments = cases[i].moments;
        assert_int_equal(dft_system_create(p.crystal, &options, &system, &err), DFT_EINPUT);
        assert_null(system);
        assert_non_null(strstr(err.message, cases[i].word));
    }
    problem_clear(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(potential_is_the_derivative_by_density_and_magnetisation),
        cmocka_unit_test(on_site_hamiltonian_is_the_derivative_by_both_matrices),
        cmocka_unit_test(spins_feel_sum_and_difference),
        cmocka_unit_test(energy_is_even_in_the_magnetisation),
        cmocka_unit_test(impossible_moments_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
