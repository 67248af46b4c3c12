#include "dft-lite/terms/dipole.h"

#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/basis/basis.h"
#include "dft-lite/terms/hartree.h"
#include "tests/basis/crystals.h"

#define SPREAD 0.9                      /* bohr: exp(-G^2 s^2/4) ends inside the fine sphere */

typedef struct {
    dft_crystal *crystal;
    dft_symmetry *symmetry;
    dft_basis *basis;
    dft_vacuum vacuum;
    dft_dipole *dipole;
} cell;

/* Two atoms 2 A apart in height in a cell `height` A high that leans by `lean`; bottom atom at
 * `low` A. Where the atoms are does not depend on the lean. */
static cell cell_create(double height, double low, double lean)
{
    const double lattice[3][3] = { { 2.6, 0, 0 }, { -0.7, 2.3, 0 }, { lean, -0.4 * lean, height } };
    const double place[2][3] = { { 0.1, 0.5, low }, { 1.4, 0.7, low + 2.0 } };
    double x[2][3];
    dft_crystal_fractional(lattice, place[0], x[0]);
    dft_crystal_fractional(lattice, place[1], x[1]);
    cell c = { .crystal = test_crystal(lattice, 2, (const int[]){ 3, 9 },
                                       (const double (*)[3])x) };

    assert_int_equal(dft_symmetry_create_identity(c.crystal, &c.symmetry, NULL), DFT_OK);
    assert_int_equal(dft_basis_create(c.crystal, 4.0, c.symmetry, &c.basis, NULL), DFT_OK);
    assert_int_equal(dft_vacuum_find(c.crystal, 2, &c.vacuum, NULL), DFT_OK);
    assert_int_equal(dft_dipole_create(c.basis, &c.vacuum, &c.dipole, NULL), DFT_OK);
    return c;
}

static void cell_clear(cell *c)
{
    dft_dipole_free(c->dipole);
    dft_basis_free(c->basis);
    dft_symmetry_free(c->symmetry);
    dft_crystal_free(c->crystal);
}

/* A Gaussian of -q on the lower atom and one of +q on the upper. */
static double complex *charges(const cell *c, double q)
{
    const size_t n = c->basis->n_fine;
    double complex *rho = dft_alloc_complex(n), *phase = dft_alloc_complex(n);

    for (int a = 0; a < 2; a++) {
        dft_basis_structure_factor(c->basis, 0, n, c->crystal->position[a], phase);
        for (size_t ig = 0; ig < n; ig++)
            rho[ig] += (a == 0 ? -q : q) / c->basis->volume * phase[ig]
                     * exp(-0.25 * SPREAD * SPREAD * c->basis->g2[ig]);
    }
    free(phase);
    return rho;
}

/* Electrostatic energy without and with the correction. */
static void energies(const cell *c, double *periodic, double *corrected)
{
    double complex *rho = charges(c, 0.3);
    const double moment = dft_dipole_moment(c->dipole, rho);

    *periodic = dft_hartree(c->basis, c->basis->n_fine, rho, rho);
    *corrected = *periodic + dft_dipole_energy(c->dipole, moment);
    free(rho);
}

/* M = sum q_i height_i for charges that do not reach the jump. 1e-10: the Gaussians' tails at the
 * edge of the sphere, exp(-26). */
static void the_moment_is_charge_times_height(void **unused)
{
    (void)unused;
    for (double low = -3.0; low < 25.0; low += 5.3) {
        cell c = cell_create(20.0, low, 3.0);
        double complex *rho = charges(&c, 0.3);
        assert_close(dft_dipole_moment(c.dipole, rho), 0.3 * 2.0 / DFT_BOHR_ANG, 1e-10);
        free(rho);
        cell_clear(&c);
    }
}

/* A slab alone does not know how far its images are: periodic energies differ by 2 pi M^2 (1/V -
 * 1/V'), some 10 meV here; corrected ones by rounding and the Gaussians' tails. */
static void the_corrected_energy_does_not_depend_on_the_vacuum(void **unused)
{
    double periodic[3], corrected[3];
    (void)unused;

    for (int i = 0; i < 3; i++) {
        cell c = cell_create(16.0 + 7.0 * i, 3.0 + i, i == 2 ? 5.0 : 0.0);
        energies(&c, &periodic[i], &corrected[i]);
        cell_clear(&c);
    }
    assert_close(corrected[1], corrected[0], 1e-9);
    assert_close(corrected[2], corrected[0], 1e-9);
    assert_true(fabs(periodic[1] - periodic[0]) > 1e-4);
}

static void the_place_of_the_jump_in_the_vacuum_changes_nothing(void **unused)
{
    cell c = cell_create(20.0, 3.0, 0.0);
    double complex *rho = charges(&c, 0.3);
    const double want = dft_dipole_moment(c.dipole, rho);
    (void)unused;

    for (double shift = -0.1; shift < 0.11; shift += 0.05) {
        dft_vacuum moved = c.vacuum;
        dft_dipole *dipole = NULL;
        moved.middle += shift;
        assert_int_equal(dft_dipole_create(c.basis, &moved, &dipole, NULL), DFT_OK);
        assert_close(dft_dipole_moment(dipole, rho), want, 1e-10);
        dft_dipole_free(dipole);
    }
    free(rho);
    cell_clear(&c);
}

static void a_charge_that_is_its_own_mirror_image_has_no_dipole(void **unused)
{
    cell c = cell_create(20.0, 3.0, 0.0);
    double complex *rho = charges(&c, 0.3);
    (void)unused;

    /* add the image under height -> 2 middle - height: rho(-l) exp(-2 pi i l 2 x0) along the
     * axis */
    for (size_t ig = 0; ig < c.basis->n_fine; ig++)
        if (c.basis->hkl[ig][0] == 0 && c.basis->hkl[ig][1] == 0)
            rho[ig] += conj(rho[ig]) * cexp(-4.0 * DFT_PI * I * c.basis->hkl[ig][2]
                                            * c.vacuum.middle);
    assert_close(dft_dipole_moment(c.dipole, rho), 0.0, 1e-12);
    free(rho);
    cell_clear(&c);
}

/* E is quadratic, so that central differences are exact. */
static void the_potential_is_the_derivative_of_the_energy(void **unused)
{
    cell c = cell_create(20.0, 3.0, 2.0);
    const size_t n = c.basis->n_fine;
    double complex *rho = charges(&c, 0.3), *step = dft_alloc_complex(n), *v = dft_alloc_complex(n);
    double energy[2];
    unsigned long seed = 5;
    (void)unused;

    for (size_t ig = 1; ig < n; ig++)
        step[ig] = 1e-4 * (test_random(&seed) + I * test_random(&seed));
    dft_dipole_add_potential(c.dipole, dft_dipole_moment(c.dipole, rho), v);
    const double want = dft_basis_inner(c.basis, n, v, step);
    for (int s = 0; s < 2; s++) {
        for (size_t ig = 0; ig < n; ig++)
            rho[ig] += (s == 0 ? 1.0 : -2.0) * step[ig];
        energy[s] = dft_dipole_energy(c.dipole, dft_dipole_moment(c.dipole, rho));
    }
    assert_close(0.5 * (energy[0] - energy[1]), want, 1e-13);
    assert_true(fabs(want) > 1e-6);
    free(rho);
    free(step);
    free(v);
    cell_clear(&c);
}

/* The step over the jump is 4 pi M/area, upwards along the normal on the slab's side. */
static void the_sharp_potential_steps_by_4_pi_times_the_dipole_per_area(void **unused)
{
    cell c = cell_create(20.0, 3.0, 2.0);
    const double moment = 0.7, area = c.basis->volume / c.vacuum.period;
    const double below = dft_dipole_potential_at(c.dipole, moment, c.vacuum.middle - 1e-9);
    const double above = dft_dipole_potential_at(c.dipole, moment, c.vacuum.middle + 1e-9);
    (void)unused;

    assert_close(below - above, 4.0 * DFT_PI * moment / area, 1e-6);
    assert_close(dft_dipole_potential_at(c.dipole, moment, c.vacuum.middle + 0.5), 0.0, 1e-12);
    cell_clear(&c);
}

/* volume x rho(G) fixed for each hkl, as under strain: some numbers along the axis. */
static double strained_energy(double h, int a, int b, double *strain)
{
    cell flat = cell_create(20.0, 3.0, 3.0);
    double lattice[3][3], moment;
    dft_crystal *crystal = NULL;
    cell c = { 0 };

    for (int i = 0; i < 3; i++)
        for (int x = 0; x < 3; x++)
            lattice[i][x] = flat.crystal->lattice[i][x]
                + 0.5 * h * ((x == a) * flat.crystal->lattice[i][b]
                             + (x == b) * flat.crystal->lattice[i][a]);
    assert_int_equal(dft_crystal_create((const double (*)[3])lattice, 2, flat.crystal->z,
                                        (const double (*)[3])flat.crystal->position, &crystal,
                                            NULL),
                     DFT_OK);
    assert_int_equal(dft_basis_create(crystal, 4.0, flat.symmetry, &c.basis, NULL), DFT_OK);
    /* the strained plane is no longer perpendicular to z: what counts is its normal */
    double normal = 0.0;
    for (int x = 0; x < 3; x++)
        normal += c.basis->reciprocal[2][x] * c.basis->reciprocal[2][x];
    c.vacuum = flat.vacuum;
    c.vacuum.period = 2.0 * DFT_PI / sqrt(normal);
    c.vacuum.width *= c.vacuum.period / flat.vacuum.period;
    for (int x = 0; x < 3; x++)
        c.vacuum.normal[x] = c.basis->reciprocal[2][x] / sqrt(normal);
    assert_int_equal(dft_dipole_create(c.basis, &c.vacuum, &c.dipole, NULL), DFT_OK);
    double complex *rho = dft_alloc_complex(c.basis->n_fine);
    for (size_t ig = 1; ig < c.basis->n_fine; ig++)
        if (abs(c.basis->hkl[ig][2]) < 20)
            rho[ig] = (0.3 - 0.1 * I * c.basis->hkl[ig][2]) / c.basis->volume;
    moment = dft_dipole_moment(c.dipole, rho);
    if (strain)
        dft_dipole_add_strain(c.dipole, moment, strain);
    const double energy = dft_dipole_energy(c.dipole, moment);
    free(rho);
    dft_dipole_free(c.dipole);
    dft_basis_free(c.basis);
    dft_crystal_free(crystal);
    cell_clear(&flat);
    return energy;
}

/* Truncation: h^2 of the third derivative, 1e-8 of the energy; asked 1e-6. */
static void the_strain_derivative_is_that_of_the_energy(void **unused)
{
    double strain[DFT_N_STRAIN] = { 0 };
    const double h = 1e-4, energy = strained_energy(0.0, 0, 0, strain);
    (void)unused;

    for (int s = 0; s < DFT_N_STRAIN; s++) {
        const int a = dft_strain_row[s], b = dft_strain_column[s];
        const double slope = (strained_energy(h, a, b, NULL) - strained_energy(-h, a, b, NULL))
                           / (2.0 * h);
        assert_close(strain[s], slope, 1e-6 * energy);
    }
}

static void a_gap_below_6_angstrom_is_refused_with_the_reason(void **unused)
{
    cell c = cell_create(9.0, 3.0, 0.0);
    dft_vacuum thin = c.vacuum;
    dft_dipole *dipole = NULL;
    dft_error err = { 0 };
    (void)unused;

    thin.width = 5.9 / DFT_BOHR_ANG;
    assert_int_equal(dft_dipole_create(c.basis, &thin, &dipole, &err), DFT_EINPUT);
    assert_null(dipole);
    assert_non_null(strstr(err.message, "5.90 A"));
    assert_non_null(strstr(err.message, "add vacuum"));
    cell_clear(&c);
}

static void refused_memory_is_reported_and_leaves_nothing(void **unused)
{
    cell c = cell_create(20.0, 3.0, 0.0);
    (void)unused;

    for (long nth = 1; nth <= 3; nth++) {
        dft_dipole *dipole = NULL;
        dft_alloc_refuse_nth(nth);
        assert_int_equal(dft_dipole_create(c.basis, &c.vacuum, &dipole, NULL), DFT_ENOMEM);
        assert_null(dipole);
    }
    dft_alloc_refuse_nth(0);
    cell_clear(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_moment_is_charge_times_height),
        cmocka_unit_test(the_corrected_energy_does_not_depend_on_the_vacuum),
        cmocka_unit_test(the_place_of_the_jump_in_the_vacuum_changes_nothing),
        cmocka_unit_test(a_charge_that_is_its_own_mirror_image_has_no_dipole),
        cmocka_unit_test(the_potential_is_the_derivative_of_the_energy),
        cmocka_unit_test(the_sharp_potential_steps_by_4_pi_times_the_dipole_per_area),
        cmocka_unit_test(the_strain_derivative_is_that_of_the_energy),
        cmocka_unit_test(a_gap_below_6_angstrom_is_refused_with_the_reason),
        cmocka_unit_test(refused_memory_is_reported_and_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
