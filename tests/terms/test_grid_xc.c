#include "dft-lite/terms/grid_xc.h"

#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/threads.h"
#include "tests/basis/crystals.h"

typedef struct {
    dft_basis *basis;
    dft_orbits *orbits;                 /* of the identity: no point equals another */
    dft_xc *xc;
    double complex *rho, *delta, *v;    /* [n_g] */
} field;

static field field_create(const char *xc)
{
    dft_crystal *crystal = test_hcp(12, 3.19, 5.2);
    dft_symmetry *symmetry = test_symmetry(crystal), *identity = NULL;
    field f = { 0 };

    assert_int_equal(dft_basis_create(crystal, 0.7, symmetry, &f.basis, NULL), DFT_OK);
    assert_int_equal(dft_symmetry_create_identity(crystal, &identity, NULL), DFT_OK);
    assert_int_equal(dft_orbits_create(f.basis->n_xc, identity, &f.orbits, NULL), DFT_OK);
    assert_int_equal(dft_xc_create(xc, &f.xc, NULL), DFT_OK);
    f.rho = dft_alloc_complex(f.basis->n_g);
    f.delta = dft_alloc_complex(f.basis->n_g);
    f.v = dft_alloc_complex(f.basis->n_g);
    dft_symmetry_free(symmetry);
    dft_symmetry_free(identity);
    dft_crystal_free(crystal);
    return f;
}

static void field_clear(field *f)
{
    free(f->rho);
    free(f->delta);
    free(f->v);
    dft_xc_free(f->xc);
    dft_orbits_free(f->orbits);
    dft_basis_free(f->basis);
}

/* A density that is positive everywhere: 0.05 plus waves whose amplitudes add up to less. */
static void fill_density(field *f, unsigned long seed)
{
    const double amplitude = 0.02 / (double)f->basis->n_g;

    f->rho[0] = 0.05;
    f->delta[0] = 0.01;
    for (size_t ig = 1; ig < f->basis->n_g; ig++) {
        f->rho[ig] = amplitude * (test_random(&seed) + I * test_random(&seed));
        f->delta[ig] = amplitude * (test_random(&seed) + I * test_random(&seed));
    }
    f->rho[1] = 0.006 * cexp(0.4 * I);
    f->rho[3] = -0.003 * I;
}

static double energy_of(field *f, const double complex *rho)
{
    double energy = 0.0;

    memset(f->v, 0, f->basis->n_g * sizeof *f->v);
    assert_int_equal(dft_grid_xc_add(f->basis, f->orbits, f->xc, 1, rho, &energy, f->v, NULL),
                     DFT_OK);
    return energy;
}

/* Slater exchange: E = -3/4 (3/pi)^(1/3) n^(4/3) volume, v = -(3 n/pi)^(1/3); PBE exchange of a
 * uniform density is the same. 1e-12: rounding. */
static void uniform_density_has_the_slater_exchange(void **unused)
{
    const char *names[2] = { "LDA_X", "GGA_X_PBE" };
    const double n = 0.037, c = cbrt(3.0 / DFT_PI);
    (void)unused;

    for (int i = 0; i < 2; i++) {
        field f = field_create(names[i]);
        f.rho[0] = n;
        assert_close(energy_of(&f, f.rho), -0.75 * c * pow(n, 4.0 / 3) * f.basis->volume, 1e-12);
        assert_close(creal(f.v[0]), -c * cbrt(n), 1e-12);
        for (size_t ig = 1; ig < f.basis->n_g; ig++)
            assert_close(cabs(f.v[ig]), 0.0, 1e-13);
        field_clear(&f);
    }
}

/* [E(rho + h delta) - E(rho - h delta)]/2h = integral v delta.  Truncation h^2/6 E''' and rounding
 * 1e-16 E/h are both below 1e-9 at h = 1e-3 (delta is at most a third of the density). */
static void potential_is_the_derivative_of_the_energy(void **unused)
{
    const char *names[2] = { "LDA", "PBE" };
    const double h = 1e-3;
    (void)unused;

    for (int i = 0; i < 2; i++) {
        field f = field_create(names[i]);
        fill_density(&f, 8);
        energy_of(&f, f.rho);
        const double want = dft_basis_inner(f.basis, f.basis->n_g, f.v, f.delta);
        for (size_t ig = 0; ig < f.basis->n_g; ig++)
            f.rho[ig] += h * f.delta[ig];
        const double up = energy_of(&f, f.rho);
        for (size_t ig = 0; ig < f.basis->n_g; ig++)
            f.rho[ig] -= 2.0 * h * f.delta[ig];
        const double down = energy_of(&f, f.rho);
        assert_close((up - down) / (2.0 * h), want, 1e-8);
        assert_true(fabs(want) > 0.1);
        field_clear(&f);
    }
}

/* A shift by one point of the grid only renumbers the points. */
static void energy_does_not_change_when_the_density_moves_by_a_grid_step(void **unused)
{
    field f = field_create("PBE");
    double shift[3];
    (void)unused;

    fill_density(&f, 9);
    const double before = energy_of(&f, f.rho);
    for (int c = 0; c < 3; c++)
        shift[c] = (c + 1.0) / f.basis->n_xc[c];
    dft_basis_structure_factor(f.basis, 0, f.basis->n_g, shift, f.delta);
    for (size_t ig = 0; ig < f.basis->n_g; ig++)
        f.delta[ig] *= f.rho[ig];
    assert_close(energy_of(&f, f.delta), before, 1e-12);
    field_clear(&f);
}

/* One evaluation an orbit against one a point, for smeared atoms on the two sites of hcp: same
 * energy and potential to rounding. */
static void a_symmetric_density_needs_one_evaluation_an_orbit(void **unused)
{
    field f = field_create("PBE");
    dft_crystal *crystal = test_hcp(12, 3.19, 5.2);
    dft_symmetry *symmetry = test_symmetry(crystal);
    dft_orbits *few = NULL;
    double energy = 0.0;
    (void)unused;

    for (size_t a = 0; a < 2; a++) {
        dft_basis_structure_factor(f.basis, 0, f.basis->n_g, crystal->position[a], f.delta);
        for (size_t ig = 0; ig < f.basis->n_g; ig++)
            f.rho[ig] += 0.01 * f.delta[ig] * exp(-0.4 * f.basis->g2[ig]);
    }
    const double want = energy_of(&f, f.rho);
    memset(f.delta, 0, f.basis->n_g * sizeof *f.delta);
    assert_int_equal(dft_orbits_create(f.basis->n_xc, symmetry, &few, NULL), DFT_OK);
    assert_true(few->n_orbits < f.orbits->n_orbits / 10);
    assert_int_equal(dft_grid_xc_add(f.basis, few, f.xc, 1, f.rho, &energy, f.delta, NULL), DFT_OK);
    assert_close(energy, want, 1e-12);
    for (size_t ig = 0; ig < f.basis->n_g; ig++)
        assert_close(cabs(f.delta[ig] - f.v[ig]), 0.0, 1e-12);
    dft_orbits_free(few);
    dft_symmetry_free(symmetry);
    dft_crystal_free(crystal);
    field_clear(&f);
}

static void potential_is_added_to_what_is_there(void **unused)
{
    field f = field_create("PBE");
    double energy = 0.0;
    (void)unused;

    fill_density(&f, 10);
    energy_of(&f, f.rho);
    const double complex v1 = f.v[1];
    assert_int_equal(dft_grid_xc_add(f.basis, f.orbits, f.xc, 1, f.rho, &energy, f.v, NULL), DFT_OK);
    assert_close(cabs(f.v[1] - 2.0 * v1), 0.0, 1e-14);
    field_clear(&f);
}

/* Regions without charge, and with a little less than none, as pseudo densities have in vacuum. */
static void negative_density_gives_finite_numbers(void **unused)
{
    field f = field_create("PBE");
    (void)unused;

    f.rho[0] = 0.01;
    f.rho[1] = 0.02;
    assert_true(isfinite(energy_of(&f, f.rho)));
    for (size_t ig = 0; ig < f.basis->n_g; ig++)
        assert_true(isfinite(cabs(f.v[ig])));
    field_clear(&f);
}

static void refused_memory_is_reported(void **unused)
{
    field f = field_create("PBE");
    double energy = 0.0;
    (void)unused;

    for (long n = 1; n <= 3; n++) {
        dft_alloc_refuse_nth(n);
        assert_int_equal(dft_grid_xc_add(f.basis, f.orbits, f.xc, 1, f.rho, &energy, f.v, NULL),
                         DFT_ENOMEM);
    }
    dft_alloc_refuse_nth(0);
    field_clear(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(uniform_density_has_the_slater_exchange),
        cmocka_unit_test(potential_is_the_derivative_of_the_energy),
        cmocka_unit_test(energy_does_not_change_when_the_density_moves_by_a_grid_step),
        cmocka_unit_test(a_symmetric_density_needs_one_evaluation_an_orbit),
        cmocka_unit_test(potential_is_added_to_what_is_there),
        cmocka_unit_test(negative_density_gives_finite_numbers),
        cmocka_unit_test(refused_memory_is_reported),
    };
    dft_threads_set(1, NULL);           /* waiting threads would spin on a busy machine */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
