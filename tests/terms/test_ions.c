#include "dft-lite/terms/ions.h"

#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/threads.h"
#include "dft-lite/math/harmonics.h"
#include "dft-lite/math/radial.h"
#include "tests/hamiltonian/systems.h"

/* sum over fine vectors of conj(v) rho(q) = sum_aL w_aL q_aL for any v, q: project is the adjoint
 * of add. Two species at places of no symmetry. 1e-12 relative: rounding. */
static void projecting_is_the_adjoint_of_adding(void **unused)
{
    const double cell[3][3] = { { 4.1, 0.2, 0 }, { 0.4, 4.4, 0.3 }, { 0.5, 0.1, 4.9 } };
    const double x[3][3] = { { 0.13, 0.29, 0.41 }, { 0.6, 0.71, 0.05 }, { 0.33, 0.8, 0.7 } };
    dft_crystal *crystal = test_crystal(cell, 3, (int[]){ 3, 13, 3 }, x);
    dft_system *system = test_system(crystal, 60, 1, 0);
    const dft_basis *basis = system->basis;
    double complex *rho = dft_alloc_complex(basis->n_fine), *v = dft_alloc_complex(basis->n_fine);
    double complex *phase = dft_alloc_complex(basis->n_fine);
    double q[3 * DFT_N_COMPENSATION], w[3 * DFT_N_COMPENSATION], sum = 0.0;
    unsigned long seed = 12;
    (void)unused;

    for (int i = 0; i < 3 * DFT_N_COMPENSATION; i++)
        q[i] = test_random(&seed);
    for (size_t ig = 0; ig < basis->n_fine; ig++)
        v[ig] = test_random(&seed) + (ig ? I * test_random(&seed) : 0.0);
    dft_ions_add_compensation(system->ions, q, rho, phase);
    dft_ions_project_compensation(system->ions, v, NULL, w, phase);
    for (int i = 0; i < 3 * DFT_N_COMPENSATION; i++)
        sum += w[i] * q[i];
    assert_close(dft_basis_inner(basis, basis->n_fine, v, rho) / sum, 1.0, 1e-12);
    free(rho);
    free(v);
    free(phase);
    dft_system_free(system);
    dft_crystal_free(crystal);
}

/* One atom in a cube of 4.5 A whose compensation Gaussian (Li: rc = 0.632 bohr) fits the fine
 * sphere of 350 eV to exp(-41) and the cell to exp(-36): the charge with unit multipole L has
 * integral S_L'(r) rho(r) = delta_LL' up to l = 2. 1e-10: rounding of 2e5 terms. */
static void a_compensation_charge_has_its_multipole_and_no_other(void **unused)
{
    const double cell[3][3] = { { 4.5, 0, 0 }, { 0, 4.5, 0 }, { 0, 0, 4.5 } };
    const double x[1][3] = { { 0.5, 0.47, 0.55 } };
    dft_crystal *crystal = test_crystal(cell, 1, (int[]){ 3 }, x);
    dft_system *system = test_system(crystal, 350, 1, 0);
    const dft_basis *basis = system->basis;
    const int n = 60;                   /* holds the fine sphere: 4 Gmax a/2 pi = 27.4 */
    dft_fft_real *plan = NULL;
    (void)unused;

    assert_int_equal(dft_fft_real_create((int[3]){ n, n, n }, basis->n_fine,
                                         (const int (*)[3])basis->hkl, &plan, NULL), DFT_OK);
    double complex *rho = dft_alloc_complex(basis->n_fine);
    double complex *phase = dft_alloc_complex(basis->n_fine);
    double complex *work = dft_alloc_complex(dft_fft_real_work_size(plan));
    double *f = dft_alloc_doubles(dft_fft_real_size(plan));
    for (int lm = 0; lm < DFT_N_COMPENSATION; lm++) {
        double q[DFT_N_COMPENSATION] = { 0.0 }, moment[DFT_N_COMPENSATION] = { 0.0 };
        q[lm] = 1.0;
        memset(rho, 0, basis->n_fine * sizeof *rho);
        dft_ions_add_compensation(system->ions, q, rho, phase);
        dft_fft_real_to_real(plan, rho, f, work);
        for (int i = 0; i < n * n * n; i++) {
            const double frac[3] = { (i / n / n) / (double)n - x[0][0],
                                     (i / n % n) / (double)n - x[0][1],
                                     (i % n) / (double)n - x[0][2] };
            double r[3], s[DFT_N_COMPENSATION];
            dft_crystal_cartesian((const double (*)[3])basis->lattice, frac, r);
            dft_solid_harmonics(2, r, s);
            for (int m = 0; m < DFT_N_COMPENSATION; m++)
                moment[m] += f[i] * s[m] * basis->volume / ((double)n * n * n);
        }
        for (int m = 0; m < DFT_N_COMPENSATION; m++)
            assert_close(moment[m], m == lm ? 1.0 : 0.0, 1e-10);
        assert_close(creal(rho[0]) * basis->volume, lm == 0 ? sqrt(4.0 * DFT_PI) : 0.0, 1e-13);
    }
    free(rho);
    free(phase);
    free(work);
    free(f);
    dft_fft_real_free(plan);
    dft_system_free(system);
    dft_crystal_free(crystal);
}

/* G = 0: the atoms' integrals over the volume.  1e-12: the same radial sum. */
static void core_and_zero_fields_hold_the_atoms_integrals(void **unused)
{
    dft_crystal *crystal = test_wurtzite(30, 8, 3.25, 5.2, 0.382);
    dft_system *system = test_system(crystal, 80, 1, 0);
    double core = 0.0, zero = 0.0;
    (void)unused;

    for (size_t a = 0; a < crystal->n_atoms; a++) {
        const dft_setup *s = system->setup[system->species_of[a]];
        core += sqrt(4.0 * DFT_PI) * dft_radial_integral(s->n_r, s->r, s->dr, s->core_ps, 2);
        zero += sqrt(4.0 * DFT_PI) * dft_radial_integral(s->n_r, s->r, s->dr, s->zero_potential, 2);
    }
    assert_close(creal(system->ions->core_g[0]) * system->basis->volume, core, 1e-11);
    assert_close(creal(system->ions->zero_g[0]) * system->basis->volume, zero, 1e-11);
    dft_system_free(system);
    dft_crystal_free(crystal);
}

/* Moving everything by x multiplies each component by exp(-iG.x); also for the compensation
 * charges. */
static void fields_move_with_the_atoms(void **unused)
{
    const double shift[3] = { 0.17, -0.08, 0.31 };
    dft_crystal *here = test_fcc(13, 4.04, (double[3]){ 0, 0, 0 });
    dft_crystal *there = test_fcc(13, 4.04, shift);
    dft_system *a = test_system(here, 100, 1, 0), *b = test_system(there, 100, 1, 0);
    const size_t n = a->basis->n_fine;
    double complex *phase = dft_alloc_complex(n), *scratch = dft_alloc_complex(n);
    double complex *rho_a = dft_alloc_complex(n), *rho_b = dft_alloc_complex(n);
    double q[DFT_N_COMPENSATION];
    (void)unused;

    for (int lm = 0; lm < DFT_N_COMPENSATION; lm++)
        q[lm] = 1.0 / (lm + 1);
    dft_ions_add_compensation(a->ions, q, rho_a, scratch);
    dft_ions_add_compensation(b->ions, q, rho_b, scratch);
    dft_basis_structure_factor(a->basis, 0, n, shift, phase);
    for (size_t ig = 0; ig < n; ig++)
        assert_close(cabs(rho_b[ig] - rho_a[ig] * phase[ig]), 0.0, 1e-13);
    for (size_t ig = 0; ig < a->basis->n_g; ig++) {
        assert_close(cabs(b->ions->core_g[ig] - a->ions->core_g[ig] * phase[ig]), 0.0, 1e-13);
        assert_close(cabs(b->ions->zero_g[ig] - a->ions->zero_g[ig] * phase[ig]), 0.0, 1e-13);
    }
    free(phase);
    free(scratch);
    free(rho_a);
    free(rho_b);
    dft_system_free(a);
    dft_system_free(b);
    dft_crystal_free(here);
    dft_crystal_free(there);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(projecting_is_the_adjoint_of_adding),
        cmocka_unit_test(a_compensation_charge_has_its_multipole_and_no_other),
        cmocka_unit_test(core_and_zero_fields_hold_the_atoms_integrals),
        cmocka_unit_test(fields_move_with_the_atoms),
    };
    dft_threads_set(1, NULL);           /* waiting threads would spin on a busy machine */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
