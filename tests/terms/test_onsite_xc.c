#include "dft-lite/terms/onsite_xc.h"

#include <stdlib.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/threads.h"
#include "dft-lite/math/harmonics.h"
#include "dft-lite/math/radial.h"
#include "tests/hamiltonian/systems.h"

#define MAX_P 200

typedef struct {
    dft_setup *setup;
    dft_species *species;
    dft_xc *xc;
    dft_onsite_xc *onsite;
} sphere;

static sphere sphere_create(const char *symbol, const char *name, const char *xc)
{
    sphere s = { test_setup(symbol, name, xc), NULL, NULL, NULL };

    assert_int_equal(dft_species_create(s.setup, 2.0, &s.species, NULL), DFT_OK);
    assert_int_equal(dft_xc_create(xc, &s.xc, NULL), DFT_OK);
    assert_int_equal(dft_onsite_xc_create(s.species, s.xc, &s.onsite, NULL), DFT_OK);
    assert_true(s.species->n_p <= MAX_P);
    return s;
}

static void sphere_clear(sphere *s)
{
    dft_onsite_xc_free(s->onsite);
    dft_xc_free(s->xc);
    dft_species_free(s->species);
    dft_setup_free(s->setup);
}

static double energy_of(const sphere *s, const double *d, double *dh)
{
    double energy = 0.0, local[MAX_P];

    if (!dh)
        dh = local;
    for (size_t p = 0; p < s->species->n_p; p++)
        dh[p] = 0.0;
    assert_int_equal(dft_onsite_xc_add(s->onsite, 1, &d, &energy, &dh, NULL), DFT_OK);
    return energy;
}

/* calculate_paw_correction('GGA_X_PBE+GGA_C_PBE') + e_xc0 of GPAW 22.8.0 with its libxc, free-atom
 * D, computed on 2026-11-22. 1e-8: summation order and the derivative at the grid's ends. */
static void free_atoms_have_the_energy_of_gpaw(void **unused)
{
    const struct { const char *symbol, *name; double energy; } gpaw[2] = {
        { "Al", "", -17.65634597804266 }, { "Ag", "Ag.11", -147.37171034114732 } };
    (void)unused;

    for (int i = 0; i < 2; i++) {
        sphere s = sphere_create(gpaw[i].symbol, gpaw[i].name, "PBE");
        double d[MAX_P];
        test_atom_on_site(s.species, d);
        assert_close(energy_of(&s, d, NULL), gpaw[i].energy, 1e-8);
        sphere_clear(&s);
    }
}

/* Central differences in every element of D, around a D of no symmetry.  Step 1e-5: truncation
 * h^2/6 E''' < 1e-9, rounding 1e-16 E/h = 1e-9 for the 150 Ha of Ag. */
static void potential_is_the_derivative_of_the_energy(void **unused)
{
    const char *cases[3][3] = { { "Li", "", "PBE" }, { "Ag", "Ag.11", "PBE" },
                                   { "Al", "", "LDA" } };
    const double h = 1e-5;
    (void)unused;

    for (int i = 0; i < 3; i++) {
        sphere s = sphere_create(cases[i][0], cases[i][1], cases[i][2]);
        double d[MAX_P], dh[MAX_P];
        test_odd_on_site(s.species, 0.02, 77, d);
        energy_of(&s, d, dh);
        for (size_t p = 0; p < s.species->n_p; p += s.species->n_p > 50 ? 13 : 1) {
            const double kept = d[p];
            d[p] = kept + h;
            const double up = energy_of(&s, d, NULL);
            d[p] = kept - h;
            const double down = energy_of(&s, d, NULL);
            d[p] = kept;
            assert_close((up - down) / (2.0 * h), dh[p], 2e-8);
        }
        sphere_clear(&s);
    }
}

/* Density of one ray (direction need not be a Lebedev point): core + sum D_ij R_i R_j Y_i Y_j. */
static void ray_density(const dft_species *s, const double *d, const double direction[3],
                        int pseudo, double *rho)
{
    const dft_setup *setup = s->setup;
    const double *core = pseudo ? setup->core_ps : setup->core;
    double y[9];

    dft_solid_harmonics(2, direction, y);
    for (size_t r = 0; r < s->n_cut; r++)
        rho[r] = core[r] / sqrt(4.0 * DFT_PI);
    for (size_t i = 0; i < s->n_i; i++)
        for (size_t j = 0; j <= i; j++) {
            const dft_setup_wave *wi = &setup->wave[s->wave_of[i]];
            const dft_setup_wave *wj = &setup->wave[s->wave_of[j]];
            const double dyy = d[dft_packed(i, j)] * y[s->lm_of[i]] * y[s->lm_of[j]];
            for (size_t r = 0; r < s->n_cut; r++)
                rho[r] += dyy * (pseudo ? wi->phi_ps[r] * wj->phi_ps[r] : wi->phi[r] * wj->phi[r]);
        }
}

/* sigma = |grad n|^2 on the ray: along it by the radial rule, across it by turning the ray. */
static void ray_sigma(const dft_species *s, const double *d, const double u[3], int pseudo,
                      const double *rho, double *scratch, double *sigma)
{
    const double h = 1e-5, *axis = fabs(u[2]) < 0.7 ? (const double[3]){ 0, 0, 1 }
                                                    : (const double[3]){ 1, 0, 0 };
    double t[2][3], norm = 0.0, *up = scratch, *down = scratch + s->n_cut;

    for (int c = 0; c < 3; c++) {
        t[0][c] = u[(c + 1) % 3] * axis[(c + 2) % 3] - u[(c + 2) % 3] * axis[(c + 1) % 3];
        norm += t[0][c] * t[0][c];
    }
    for (int c = 0; c < 3; c++)
        t[0][c] /= sqrt(norm);
    for (int c = 0; c < 3; c++)
        t[1][c] = u[(c + 1) % 3] * t[0][(c + 2) % 3] - u[(c + 2) % 3] * t[0][(c + 1) % 3];
    dft_radial_derivative(s->n_cut, s->setup->dr, rho, sigma);
    for (size_t r = 0; r < s->n_cut; r++)
        sigma[r] *= sigma[r];
    for (int k = 0; k < 2; k++) {
        double turned[2][3];
        for (int c = 0; c < 3; c++) {
            turned[0][c] = u[c] * cos(h) + t[k][c] * sin(h);
            turned[1][c] = u[c] * cos(h) - t[k][c] * sin(h);
        }
        ray_density(s, d, turned[0], pseudo, up);
        ray_density(s, d, turned[1], pseudo, down);
        for (size_t r = 1; r < s->n_cut; r++)
            sigma[r] += pow((up[r] - down[r]) / (2.0 * h * s->setup->r[r]), 2);
    }
}

/* The same discrete energy with the tangential gradient by differences of the turned ray. 1e-10:
 * rounding over the step, 1e-11 of the gradient; without the tangential part the energy is 1.6e-4
 * off. */
static void angular_gradient_agrees_with_turning_the_ray(void **unused)
{
    const dft_sphere_rule rule = dft_lebedev_50();
    sphere ag = sphere_create("Ag", "Ag.11", "PBE");
    const dft_setup *setup = ag.setup;
    const size_t n = ag.species->n_cut;
    double *block = dft_alloc_doubles(7 * n), d[MAX_P], energy = 0.0;
    double *rho = block, *sigma = block + n, *exc = block + 2 * n, *v = block + 3 * n;
    (void)unused;

    test_odd_on_site(ag.species, 0.1, 5, d);
    for (size_t k = 0; k < rule.n; k++)
        for (int pseudo = 0; pseudo < 2; pseudo++) {
            ray_density(ag.species, d, rule.point[k], pseudo, rho);
            ray_sigma(ag.species, d, rule.point[k], pseudo, rho, block + 5 * n, sigma);
            dft_xc_eval(ag.xc, n, rho, sigma, exc, v, block + 4 * n);
            energy += (pseudo ? -1.0 : 1.0) * 4.0 * DFT_PI * rule.weight[k]
                    * dft_radial_integral(n, setup->r, setup->dr, exc, 2);
        }
    assert_close(energy_of(&ag, d, NULL), energy, 1e-10);
    free(block);
    sphere_clear(&ag);
}

/* D' = T^T D T with the harmonics' rotation matrices: the same density, turned. */
static void turn_on_site(const dft_species *s, const double rotation[3][3], const double *d,
                         double *turned)
{
    double t[3][25];

    for (int l = 0; l <= 2; l++)
        dft_harmonic_rotation(l, rotation, t[l]);
    for (size_t p = 0; p < s->n_p; p++)
        turned[p] = 0.0;
    for (size_t i = 0; i < s->n_i; i++)
        for (size_t j = 0; j < s->n_i; j++) {
            const int li = s->setup->wave[s->wave_of[i]].l, lj = s->setup->wave[s->wave_of[j]].l;
            const int mi = s->lm_of[i] - li * li, mj = s->lm_of[j] - lj * lj;
            const double dij = d[dft_packed(i, j)] * (i == j ? 1.0 : 0.5);
            for (int a = 0; a <= 2 * li; a++)
                for (int b = 0; b <= 2 * lj; b++)
                    turned[dft_packed(i - (size_t)mi + (size_t)a, j - (size_t)mj + (size_t)b)]
                        += dij * t[li][mi * (2 * li + 1) + a] * t[lj][mj * (2 * lj + 1) + b];
        }
}

/* Operations of the octahedral group map the Lebedev points onto themselves: rounding only. Any
 * other rotation shows the error of the 50-point quadrature (also GPAW's): 3e-7 Ha for the
 * distorted Ag atom here. */
static void energy_does_not_depend_on_the_orientation(void **unused)
{
    const double cubic[3][3] = { { 0, 0, -1 }, { 1, 0, 0 }, { 0, -1, 0 } };
    const double c = cos(0.4), s = sin(0.4);
    const double tilted[3][3] = { { c, -s, 0 }, { c * s, c * c, -s }, { s * s, s * c, c } };
    sphere ag = sphere_create("Ag", "Ag.11", "PBE");
    double d[MAX_P], turned[MAX_P];
    (void)unused;

    test_odd_on_site(ag.species, 0.1, 5, d);
    const double energy = energy_of(&ag, d, NULL);
    turn_on_site(ag.species, cubic, d, turned);
    assert_close(energy_of(&ag, turned, NULL), energy, 1e-10);
    turn_on_site(ag.species, tilted, d, turned);
    assert_close(energy_of(&ag, turned, NULL), energy, 1e-6);
    test_atom_on_site(ag.species, turned);
    assert_true(fabs(energy_of(&ag, turned, NULL) - energy) > 1e-2);    /* the distortion counts */
    sphere_clear(&ag);
}

static void energy_and_potential_are_added_to_what_is_there(void **unused)
{
    sphere li = sphere_create("Li", "", "PBE");
    double d[MAX_P], dh[MAX_P], twice[MAX_P], energy = 0.0;
    (void)unused;

    test_odd_on_site(li.species, 0.02, 6, d);
    const double once = energy_of(&li, d, dh);
    for (size_t p = 0; p < li.species->n_p; p++)
        twice[p] = dh[p];
    energy = once;
    assert_int_equal(dft_onsite_xc_add(li.onsite, 1, (const double *[]){ d }, &energy,
                                       (double *[]){ twice }, NULL), DFT_OK);
    assert_close(energy, 2.0 * once, 1e-12);
    for (size_t p = 0; p < li.species->n_p; p++)
        assert_close(twice[p], 2.0 * dh[p], 1e-12);
    sphere_clear(&li);
}

static void each_refused_allocation_is_reported(void **unused)
{
    sphere li = sphere_create("Li", "", "PBE");
    dft_onsite_xc *other = NULL;
    double d[MAX_P], energy = 0.0;
    long n = 1;
    (void)unused;

    test_atom_on_site(li.species, d);
    for (dft_alloc_refuse_nth(n); dft_onsite_xc_create(li.species, li.xc, &other, NULL) != DFT_OK;
         dft_alloc_refuse_nth(++n))
        assert_null(other);
    assert_true(n > 5);
    dft_onsite_xc_free(other);
    dft_alloc_refuse_nth(1);
    assert_int_equal(dft_onsite_xc_add(li.onsite, 1, (const double *[]){ d }, &energy,
                                       (double *[]){ d }, NULL), DFT_ENOMEM);
    dft_alloc_refuse_nth(0);
    sphere_clear(&li);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(free_atoms_have_the_energy_of_gpaw),
        cmocka_unit_test(potential_is_the_derivative_of_the_energy),
        cmocka_unit_test(angular_gradient_agrees_with_turning_the_ray),
        cmocka_unit_test(energy_does_not_depend_on_the_orientation),
        cmocka_unit_test(energy_and_potential_are_added_to_what_is_there),
        cmocka_unit_test(each_refused_allocation_is_reported),
    };
    dft_threads_set(1, NULL);           /* waiting threads would spin on a busy machine */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
