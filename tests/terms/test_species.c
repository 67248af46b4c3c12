#include "dft-lite/terms/species.h"

#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/threads.h"
#include "dft-lite/math/radial.h"
#include "dft-lite/terms/onsite_xc.h"
#include "tests/hamiltonian/systems.h"

#define MAX_P 400

typedef struct {
    dft_setup *setup;
    dft_species *species;
} atom;

static atom atom_create(const char *symbol, const char *name)
{
    atom a = { test_setup(symbol, name, "PBE"), NULL };

    assert_int_equal(dft_species_create(a.setup, 12.0, &a.species, NULL), DFT_OK);
    assert_true(a.species->n_p <= MAX_P);
    return a;
}

static void atom_clear(atom *a)
{
    dft_species_free(a->species);
    dft_setup_free(a->setup);
}

static void partial_waves_are_counted_with_m(void **unused)
{
    atom li = atom_create("Li", ""), ag = atom_create("Ag", "Ag.11");
    (void)unused;

    assert_int_equal(li.species->n_i, 1 + 3 + 1);               /* 2s, 2p, s */
    assert_int_equal(ag.species->n_i, 2 * (1 + 3 + 5));         /* two each of s, p, d */
    assert_int_equal(ag.species->n_p, 18 * 19 / 2);
    assert_int_equal(ag.species->lmax, 2);
    atom_clear(&li);
    atom_clear(&ag);
}

/* Pseudo waves and projectors are dual, <p_i|phi_ps_j> = delta, and bound all-electron waves are
 * normalised: <phi_ps|1 + p dO p|phi_ps> = <phi|phi> = 1, through the overlap matrix. 1e-5: digits
 * of the files. */
static void overlap_makes_bound_pseudo_waves_normalised(void **unused)
{
    const char *atoms[3][2] = { { "Al", "" }, { "Ag", "Ag.11" }, { "O", "" } };
    (void)unused;

    for (int k = 0; k < 3; k++) {
        atom a = atom_create(atoms[k][0], atoms[k][1]);
        const dft_setup *s = a.setup;
        for (size_t i = 0; i < a.species->n_i; i++) {
            const dft_setup_wave *wave = &s->wave[a.species->wave_of[i]];
            double norm = 0.0;
            if (wave->occupation == 0.0)
                continue;
            for (size_t r = 0; r < s->n_r; r++)
                norm += wave->phi_ps[r] * wave->phi_ps[r] * s->r[r] * s->r[r] * s->dr[r];
            norm += a.species->overlap[i * a.species->n_i + i];
            assert_close(norm, 1.0, 1e-5);
        }
        atom_clear(&a);
    }
}

static void coulomb_and_overlap_matrices_are_symmetric(void **unused)
{
    atom a = atom_create("Ag", "Ag.11");
    const dft_species *s = a.species;
    (void)unused;

    for (size_t p = 0; p < s->n_p; p++)
        for (size_t q = 0; q < p; q++)         /* rounding of sums of 100 Ha */
            assert_close(s->coulomb[p * s->n_p + q], s->coulomb[q * s->n_p + p], 1e-10);
    for (size_t i = 0; i < s->n_i; i++)
        for (size_t j = 0; j < i; j++)
            assert_close(s->overlap[i * s->n_i + j], s->overlap[j * s->n_i + i], 0.0);
    atom_clear(&a);
}

/* ---- the free atom, solved by hand on its radial grid -------------------------------------- */

/* Kinetic energy of the occupied pseudo waves: 1/2 integral (u'^2 + l(l+1) u^2/r^2) with u = r R;
 * u' by differences of fourth order (second order would cost a millihartree for O 2p). */
static double pseudo_kinetic(const dft_setup *s)
{
    double sum = 0.0;

    for (size_t j = 0; j < s->n_waves; j++) {
        const dft_setup_wave *wave = &s->wave[j];
        const double *f = wave->phi_ps, *r = s->r;
        for (size_t i = 2; i + 2 < s->n_r; i++) {
            const double du = (8.0 * (r[i + 1] * f[i + 1] - r[i - 1] * f[i - 1])
                               - (r[i + 2] * f[i + 2] - r[i - 2] * f[i - 2])) / (12.0 * s->dr[i]);
            sum += 0.5 * wave->occupation * s->dr[i]
                 * (du * du + wave->l * (wave->l + 1) * f[i] * f[i]);
        }
        /* near the nucleus u = r^(l+1) f0, whose u'^2 + l(l+1) u^2/r^2 is (l+1)(2l+1) f^2 */
        for (size_t i = 0; i < 2; i++)
            sum += (i == 0 ? 0.25 : 0.5) * wave->occupation * s->dr[i]
                 * (wave->l + 1) * (2 * wave->l + 1) * f[i] * f[i];
    }
    return sum;
}

/* Pseudo valence density of the occupied waves, coefficient of Y00. */
static void pseudo_density(const dft_setup *s, double *n)
{
    for (size_t i = 0; i < s->n_r; i++)
        n[i] = 0.0;
    for (size_t j = 0; j < s->n_waves; j++)
        for (size_t i = 0; i < s->n_r; i++)
            n[i] += s->wave[j].occupation * s->wave[j].phi_ps[i] * s->wave[j].phi_ps[i]
                  / sqrt(4.0 * DFT_PI);
}

/* The pseudo atom and its compensation charge together hold nothing: pseudo valence + pseudo core +
 * sqrt(4 pi) (delta_core + sum Delta_0 D) = 0 with the nucleus inside delta_core: the
 * files normalise with the same radial sums, so to rounding, 1e-12. */
static void the_free_atom_is_neutral(void **unused)
{
    const char *atoms[4][2] = { { "Li", "" }, { "Al", "" }, { "Ag", "Ag.11" }, { "O", "" } };
    (void)unused;

    for (int i = 0; i < 4; i++) {
        atom a = atom_create(atoms[i][0], atoms[i][1]);
        const dft_setup *s = a.setup;
        double *n = dft_alloc_doubles(s->n_r), d[MAX_P], charge = a.species->delta_core;
        test_atom_on_site(a.species, d);
        for (size_t p = 0; p < a.species->n_p; p++)
            charge += a.species->delta[p] * d[p];
        pseudo_density(s, n);
        charge += dft_radial_integral(s->n_r, s->r, s->dr, s->core_ps, 2)
                + dft_radial_integral(s->n_r, s->r, s->dr, n, 2);
        assert_close(sqrt(4.0 * DFT_PI) * charge, 0.0, 1e-12);
        free(n);
        atom_clear(&a);
    }
}

/* U of the spherical pseudo atom: Hartree of the compensated charge, zero potential, xc. */
static double pseudo_potential_energy(const dft_setup *s, double monopole)
{
    const size_t n_r = s->n_r;
    double *n = dft_alloc_doubles(n_r), *full = dft_alloc_doubles(n_r), *v = dft_alloc_doubles(n_r);
    double *rho = dft_alloc_doubles(n_r), *sigma = dft_alloc_doubles(n_r);
    double *exc = dft_alloc_doubles(n_r), *v_rho = dft_alloc_doubles(n_r);
    double *v_sigma = dft_alloc_doubles(n_r), *shape = dft_alloc_doubles(n_r), energy = 0.0;
    dft_xc *xc = NULL;

    pseudo_density(s, n);
    for (size_t i = 0; i < n_r; i++)
        shape[i] = exp(-s->r[i] * s->r[i] / (s->shape_rc * s->shape_rc));
    const double norm = dft_radial_integral(n_r, s->r, s->dr, shape, 2);
    for (size_t i = 0; i < n_r; i++) {
        n[i] += s->core_ps[i];
        full[i] = n[i] + monopole * shape[i] / norm;
        rho[i] = n[i] / sqrt(4.0 * DFT_PI);
    }
    dft_radial_poisson(n_r, s->r, s->dr, 0, full, v);
    dft_radial_derivative(n_r, s->dr, rho, sigma);
    for (size_t i = 0; i < n_r; i++)
        sigma[i] *= sigma[i];
    assert_int_equal(dft_xc_create("PBE", &xc, NULL), DFT_OK);
    dft_xc_eval(xc, n_r, rho, sigma, exc, v_rho, v_sigma);
    for (size_t i = 0; i < n_r; i++)
        energy += s->r[i] * s->r[i] * s->dr[i] * (0.5 * full[i] * v[i] + n[i] * s->zero_potential[i]
                                                  + 4.0 * DFT_PI * exc[i]);
    dft_xc_free(xc);
    double *all[] = { n, full, v, rho, sigma, exc, v_rho, v_sigma, shape };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        free(all[i]);
    return energy;
}

static double one_centre_energy(const dft_species *s, const double *d)
{
    double energy = s->constant, unused_potential[MAX_P] = { 0.0 };
    dft_onsite_xc *onsite = NULL;
    dft_xc *xc = NULL;

    for (size_t p = 0; p < s->n_p; p++) {
        energy += s->linear[p] * d[p];
        for (size_t q = 0; q < s->n_p; q++)
            energy += d[p] * s->coulomb[p * s->n_p + q] * d[q];
    }
    assert_int_equal(dft_xc_create("PBE", &xc, NULL), DFT_OK);
    assert_int_equal(dft_onsite_xc_create(s, xc, &onsite, NULL), DFT_OK);
    assert_int_equal(dft_onsite_xc_add(onsite, 1, (const double *[]){ d }, &energy,
                                       (double *[]){ unused_potential }, NULL), DFT_OK);
    dft_onsite_xc_free(onsite);
    dft_xc_free(xc);
    return energy;
}

/* The PAW energy of the spherical free atom is the reference atom's, so 0 here: kinetic + U[pseudo]
 * + one-centre terms, each in its own way large (hartrees to thousands). 5e-4 Ha: the second-order
 * quadrature of the pseudo side in this test (3e-4 for O). */
static void the_free_atom_has_the_energy_of_the_reference_atom(void **unused)
{
    const char *atoms[5][2] = { { "Li", "" }, { "Al", "" }, { "Ag", "Ag.11" }, { "Zn", "" },
                                { "O", "" } };
    (void)unused;

    for (int i = 0; i < 5; i++) {
        atom a = atom_create(atoms[i][0], atoms[i][1]);
        double d[MAX_P], monopole = a.species->delta_core;
        test_atom_on_site(a.species, d);
        for (size_t p = 0; p < a.species->n_p; p++)
            monopole += a.species->delta[p] * d[p];
        const double energy = pseudo_kinetic(a.setup) + pseudo_potential_energy(a.setup, monopole)
                            + one_centre_energy(a.species, d);
        assert_close(energy, 0.0, 5e-4);
        atom_clear(&a);
    }
}

/* ---- transforms ---------------------------------------------------------------------------- */

/* Splines against the integral itself, between the nodes.  1e-7 of the largest value. */
static void transforms_are_the_radial_integrals(void **unused)
{
    atom a = atom_create("Ag", "Ag.11");
    const dft_setup *s = a.setup;
    (void)unused;

    for (size_t j = 0; j < s->n_waves; j++) {
        const double scale = fmax(fabs(dft_spline_value(&a.species->projector_q[j], 1.0)), 1.0);
        for (double q = 0.003; q < 12.0; q += 0.517)
            assert_close(dft_spline_value(&a.species->projector_q[j], q),
                         dft_radial_bessel(s->n_r, s->r, s->dr, s->wave[j].projector, s->wave[j].l,
                                           q), 1e-7 * scale);
    }
    for (double q = 0.003; q < 12.0; q += 0.517)
        assert_close(dft_spline_value(&a.species->core_q, q), dft_radial_bessel(
                     s->n_r, s->r, s->dr, s->core_ps, 0, q) / sqrt(4.0 * DFT_PI), 1e-6);
    atom_clear(&a);
}

/* The transform of the unit-multipole Gaussian r^l exp(-(r/rc)^2)/norm, integrated on the radial
 * grid; q^l of the solid harmonic is not in the factor. */
static void compensation_factor_is_the_transform_of_the_gaussian(void **unused)
{
    atom a = atom_create("O", "");
    const dft_setup *s = a.setup;
    double *g = dft_alloc_doubles(s->n_r);
    (void)unused;

    for (int l = 0; l <= DFT_COMPENSATION_LMAX; l++) {
        for (size_t i = 0; i < s->n_r; i++)
            g[i] = pow(s->r[i], l) * exp(-s->r[i] * s->r[i] / (s->shape_rc * s->shape_rc));
        const double norm = dft_radial_integral(s->n_r, s->r, s->dr, g, l + 2);
        for (double q = 0.4; q < 12.0; q += 0.9)
            assert_close(dft_species_compensation_q(a.species, l, q) * pow(q, l),
                         dft_radial_bessel(s->n_r, s->r, s->dr, g, l, q) / norm, 1e-8);
    }
    free(g);
    atom_clear(&a);
}

/* ---- norm-conserving ----------------------------------------------------------------------- */

static atom gth_create(const char *symbol, const char *name)
{
    atom a = { NULL, NULL };

    assert_int_equal(dft_setup_load(DFT_SETUP_SEARCH_PATH, symbol, name, "PBE", &a.setup, NULL),
                     DFT_OK);
    assert_int_equal(dft_species_create(a.setup, 16.0, &a.species, NULL), DFT_OK);
    return a;
}

static void gth_species_has_strengths_and_no_augmentation(void **unused)
{
    atom a = gth_create("Ag", "GTH-PBE-q11");
    const dft_species *s = a.species;
    dft_onsite_xc *onsite = NULL;
    double d[MAX_P] = { 0.5 }, energy = 0.0, dh[MAX_P] = { 0.0 };
    dft_xc *xc = NULL;
    (void)unused;

    assert_int_equal(s->n_i, 3 * 1 + 2 * 3 + 2 * 5);
    for (size_t k = 0; k < DFT_N_COMPENSATION * s->n_p; k++)
        assert_close(s->delta[k], 0.0, 0.0);
    for (size_t k = 0; k < s->n_i * s->n_i; k++)
        assert_close(s->overlap[k], 0.0, 0.0);
    assert_close(sqrt(4.0 * DFT_PI) * s->delta_core, -11.0, 1e-14);
    assert_close(s->linear[dft_packed(0, 0)], 9.58204535, 0.0);
    assert_close(s->linear[dft_packed(2, 0)], 0.99704725, 0.0);
    assert_close(s->linear[dft_packed(6, 3)], -1.74211583, 0.0);    /* p, same m */
    assert_close(s->linear[dft_packed(7, 3)], 0.0, 0.0);            /* p, another m */
    assert_close(s->linear[dft_packed(3, 0)], 0.0, 0.0);
    assert_int_equal(dft_xc_create("PBE", &xc, NULL), DFT_OK);
    assert_int_equal(dft_onsite_xc_create(s, xc, &onsite, NULL), DFT_OK);
    assert_int_equal(dft_onsite_xc_add(onsite, 1, (const double *[]){ d }, &energy,
                                       (double *[]){ dh }, NULL), DFT_OK);
    assert_close(energy, 0.0, 0.0);
    assert_close(dh[0], 0.0, 0.0);
    dft_onsite_xc_free(onsite);
    dft_xc_free(xc);
    atom_clear(&a);
}

/* 1/2 integral rho v of the Gaussian with charge -Z that stands for the ion, 1/2 (1/(2 pi)^3) integral
 * 4 pi/q^2 |rho(q)|^2 d3q, summed here over q: the constant takes it back.  Trapezoid on a Gaussian:
 * rounding. */
static void gth_constant_is_minus_the_self_energy_of_the_ion(void **unused)
{
    atom a = gth_create("O", "GTH-PBE-q6");
    double sum = 0.0;
    (void)unused;

    for (int i = 0; i < 4000; i++) {
        const double q = 0.01 * i;
        const double rho = a.species->delta_core / sqrt(4.0 * DFT_PI)
                         * dft_species_compensation_q(a.species, 0, q);
        sum += (i ? 1.0 : 0.5) * 0.01 * rho * rho / DFT_PI;
    }
    assert_close(a.species->constant, -sum, 1e-10);
    atom_clear(&a);
}

/* The ion's whole local potential: compensation Gaussian and zero potential against
 * 4 pi integral (V_local + Z/r) r sin(qr)/q dr - 4 pi Z/q^2, the integral by Simpson's rule on another
 * grid.  1e-8: the splines. */
static void gth_local_potential_is_the_integral_of_its_parts(void **unused)
{
    const double r_loc = 0.40000000, c[4] = { -14.08115455, 9.62621962, -1.78361605, 0.08515207 };
    const int n = 4000;                                 /* Li GTH-PBE-q3 to 8 bohr */
    atom a = gth_create("Li", "GTH-PBE-q3");
    (void)unused;

    for (double q = 0.317; q < 15.0; q += 0.71) {
        double sum = 0.0;
        for (int i = 1; i <= n; i++) {
            const double r = 8.0 * i / n, x = r / r_loc, x2 = x * x;
            const double v = 3.0 * erfc(x / sqrt(2.0)) / r
                + exp(-0.5 * x2) * (c[0] + x2 * (c[1] + x2 * (c[2] + x2 * c[3])));
            sum += (i == n ? 1.0 : i % 2 ? 4.0 : 2.0) / 3.0 * 8.0 / n * v * r * sin(q * r) / q;
        }
        const double ours = a.species->delta_core * dft_species_compensation_q(a.species, 0, q)
                          / sqrt(4.0 * DFT_PI) * 4.0 * DFT_PI / (q * q)
                          + dft_spline_value(&a.species->zero_q, q);
        assert_close(ours, 4.0 * DFT_PI * (sum - 3.0 / (q * q)), 1e-8);
    }
    atom_clear(&a);
}

/* The starting density holds the valence electrons. */
static void gth_atom_is_neutral(void **unused)
{
    const char *atoms[3][2] = { { "Al", "GTH-PBE-q3" }, { "Ag", "GTH-PBE-q19" },
                                { "H", "GTH-PBE-q1" } };
    (void)unused;

    for (int k = 0; k < 3; k++) {
        atom a = gth_create(atoms[k][0], atoms[k][1]);
        assert_close(dft_spline_value(&a.species->valence_q, 0.0), a.setup->n_valence, 1e-6);
        atom_clear(&a);
    }
}

static void each_refused_allocation_is_reported(void **unused)
{
    dft_setup *setup = test_setup("Li", "", "PBE");
    dft_species *species = NULL;
    dft_status status;
    long n = 0;
    (void)unused;

    do {
        dft_alloc_refuse_nth(++n);
        status = dft_species_create(setup, 2.0, &species, NULL);
        assert_true(status == DFT_OK || (status == DFT_ENOMEM && !species));
    } while (status != DFT_OK);
    dft_alloc_refuse_nth(0);
    assert_true(n > 20);
    dft_species_free(species);
    dft_setup_free(setup);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(partial_waves_are_counted_with_m),
        cmocka_unit_test(the_free_atom_is_neutral),
        cmocka_unit_test(overlap_makes_bound_pseudo_waves_normalised),
        cmocka_unit_test(coulomb_and_overlap_matrices_are_symmetric),
        cmocka_unit_test(the_free_atom_has_the_energy_of_the_reference_atom),
        cmocka_unit_test(transforms_are_the_radial_integrals),
        cmocka_unit_test(compensation_factor_is_the_transform_of_the_gaussian),
        cmocka_unit_test(gth_species_has_strengths_and_no_augmentation),
        cmocka_unit_test(gth_constant_is_minus_the_self_energy_of_the_ion),
        cmocka_unit_test(gth_local_potential_is_the_integral_of_its_parts),
        cmocka_unit_test(gth_atom_is_neutral),
        cmocka_unit_test(each_refused_allocation_is_reported),
    };
    dft_threads_set(1, NULL);           /* waiting threads would spin on a busy machine */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
