#include "dft-lite/terms/projectors.h"

#include <stdlib.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/threads.h"
#include "dft-lite/math/harmonics.h"
#include "dft-lite/math/radial.h"
#include "tests/terms/projector_matrix.h"

static double complex *matrix_of(const dft_system *system, const dft_kbasis *kb)
{
    return test_projector_matrix(system->ions, kb);
}

static dft_kbasis *kbasis_of(const dft_system *system, const double k[3])
{
    dft_kbasis *kb = NULL;

    assert_int_equal(dft_kbasis_create(system->basis, k, &kb, NULL), DFT_OK);
    return kb;
}

/* ZnO: Zn has two each of s, p, d (18), O two s, two p and one d (13). Bound: Zn 4s 4p 3d (9), O 2s
 * 2p (4). */
static void projectors_and_atomic_orbitals_are_counted_with_m(void **unused)
{
    dft_crystal *crystal = test_wurtzite(30, 8, 3.25, 5.2, 0.382);
    dft_system *system = test_system(crystal, 80, 1, 0);
    (void)unused;

    assert_int_equal(dft_projectors_count(system->ions), 2 * (18 + 13));
    assert_int_equal(dft_atomic_orbitals_count(system->ions), 2 * (9 + 4));
    assert_int_equal(system->i_offset[4], 2 * (18 + 13));
    dft_system_free(system);
    dft_crystal_free(crystal);
}

/* sum_m |<k+G|p_m>|^2 = (2l+1)/(4 pi volume) f(|k+G|)^2 (addition theorem), f by direct
 * integration. 1e-7: the spline. */
static void length_over_m_depends_on_the_radial_transform_only(void **unused)
{
    dft_crystal *crystal = test_fcc(13, 4.04, (double[3]){ 0.2, 0.3, 0.4 });
    dft_system *system = test_system(crystal, 200, 1, 0);
    dft_kbasis *kb = kbasis_of(system, (double[3]){ 0.2, -0.1, 0.35 });
    double complex *p = matrix_of(system, kb), *column = p;
    const dft_setup *s = system->setup[0];
    (void)unused;

    for (size_t j = 0; j < s->n_waves; j++) {
        const int n_m = 2 * s->wave[j].l + 1;
        for (size_t g = 0; g < kb->n_pw; g += 7) {
            const double f = dft_radial_bessel(s->n_r, s->r, s->dr, s->wave[j].projector,
                                               s->wave[j].l, sqrt(2.0 * kb->kinetic[g]));
            double sum = 0.0;
            for (int m = 0; m < n_m; m++)
                sum += pow(cabs(column[(size_t)m * kb->n_pw + g]), 2);
            assert_close(sum, n_m / (4.0 * DFT_PI) * f * f / system->basis->volume, 1e-7);
        }
        column += (size_t)n_m * kb->n_pw;
    }
    free(p);
    dft_kbasis_free(kb);
    dft_system_free(system);
    dft_crystal_free(crystal);
}

static double radial_value(const dft_setup *s, const double *f, double r)
{
    size_t i = 0;
    while (s->r[i + 1] < r)
        i++;
    const double x = (r - s->r[i]) / (s->r[i + 1] - s->r[i]);
    return f[i] + x * (f[i + 1] - f[i]);
}

/* p(r) = volume^(-1/2) sum_G <k+G|p> exp(i(k+G).r) at points around the atom is p(|d|) Y_lm(d): the
 * sign and the phase of every l and m. 1e-3: what lies beyond 1500 eV and the linear interpolation
 * in r, 2e-4; images are beyond the projector's reach. */
static void plane_waves_sum_up_to_the_projector_in_real_space(void **unused)
{
    const double cell[3][3] = { { 4, 0, 0 }, { 0, 4, 0 }, { 0, 0, 4 } };
    const double x[1][3] = { { 0.3, 0.6, 0.45 } };
    const double offsets[2][3] = { { 0.5, -0.3, 0.8 }, { -0.9, 0.2, -0.1 } };
    dft_crystal *crystal = test_crystal(cell, 1, (int[]){ 13 }, x);
    dft_system *system = test_system(crystal, 1500, 1, 0);
    dft_kbasis *kb = kbasis_of(system, (double[3]){ 0.1, 0.3, -0.2 });
    double complex *p = matrix_of(system, kb);
    const dft_species *species = system->species[0];
    double atom_at[3];
    (void)unused;

    dft_crystal_cartesian((const double (*)[3])crystal->lattice, x[0], atom_at);
    for (size_t i = 0; i < species->n_i; i++)
        for (int point = 0; point < 2; point++) {
            const double *d = offsets[point];
            const double length = sqrt(d[0] * d[0] + d[1] * d[1] + d[2] * d[2]);
            const double unit[3] = { d[0] / length, d[1] / length, d[2] / length };
            const double *f = system->setup[0]->wave[species->wave_of[i]].projector;
            double y[9];
            double complex sum = 0.0;
            dft_solid_harmonics(2, unit, y);
            for (size_t g = 0; g < kb->n_pw; g++)
                sum += p[i * kb->n_pw + g]
                     * cexp(I * (kb->kg[g][0] * (atom_at[0] + d[0])
                                 + kb->kg[g][1] * (atom_at[1] + d[1])
                                 + kb->kg[g][2] * (atom_at[2] + d[2])));
            sum /= sqrt(system->basis->volume);
            assert_close(cabs(sum - radial_value(system->setup[0], f, length)
                              * y[species->lm_of[i]]), 0.0, 1e-3);
        }
    free(p);
    dft_kbasis_free(kb);
    dft_system_free(system);
    dft_crystal_free(crystal);
}

/* An atom one lattice vector on is the same atom with the Bloch phase exp(-ik.a): columns turn by
 * it. */
static void an_atom_in_the_next_cell_carries_the_bloch_phase(void **unused)
{
    const double k[3] = { 0.2, -0.1, 0.35 };
    dft_crystal *here = test_fcc(13, 4.04, (double[3]){ 0.1, 0.2, 0.3 });
    dft_crystal *there = test_fcc(13, 4.04, (double[3]){ 1.1, 0.2, -1.7 });
    dft_system *a = test_system(here, 150, 1, 0), *b = test_system(there, 150, 1, 0);
    dft_kbasis *kb = kbasis_of(a, k);
    double complex *pa = matrix_of(a, kb), *pb = matrix_of(b, kb);
    const double complex phase = cexp(-2.0 * DFT_PI * I * (k[0] - 2.0 * k[2]));
    (void)unused;

    for (size_t i = 0; i < dft_projectors_count(a->ions) * kb->n_pw; i++)
        assert_close(cabs(pb[i] - phase * pa[i]), 0.0, 1e-12);
    free(pa);
    free(pb);
    dft_kbasis_free(kb);
    dft_system_free(a);
    dft_system_free(b);
    dft_crystal_free(here);
    dft_crystal_free(there);
}

/* A block of plane waves, an atom's rows and the single-precision block are parts of the one matrix.
 * 1e-7 of the largest: single precision. */
static void blocks_are_parts_of_the_whole(void **unused)
{
    dft_crystal *crystal = test_wurtzite(30, 8, 3.25, 5.2, 0.382);
    dft_system *system = test_system(crystal, 80, 1, 0);
    dft_kbasis *kb = kbasis_of(system, (double[3]){ 0.2, -0.1, 0.35 });
    const size_t count = dft_projectors_count(system->ions), first = kb->n_pw / 3, n = kb->n_pw / 2;
    double complex *whole = matrix_of(system, kb), *part = dft_alloc_complex(count * n);
    double complex *atom = dft_alloc_complex(18 * kb->n_pw);
    float complex *single = dft_alloc_complex_s(count * n);
    dft_projectors *projectors = NULL;
    (void)unused;

    assert_int_equal(dft_projectors_create(system->ions, kb, &projectors, NULL), DFT_OK);
    dft_projectors_block_d(projectors, first, n, part);
    dft_projectors_block_s(projectors, first, n, single);
    for (size_t i = 0; i < count; i++)
        for (size_t g = 0; g < n; g++) {
            assert_true(part[i * n + g] == whole[i * kb->n_pw + first + g]);
            assert_close(cabs(single[i * n + g] - part[i * n + g]), 0.0, 1e-7);
        }
    dft_projectors_of_atom(projectors, 1, atom);
    assert_memory_equal(atom, whole + system->i_offset[1] * kb->n_pw, 18 * kb->n_pw * sizeof *atom);
    free(whole);
    free(part);
    free(atom);
    free(single);
    dft_projectors_free(projectors);
    dft_kbasis_free(kb);
    dft_system_free(system);
    dft_crystal_free(crystal);
}

static void refused_memory_is_reported(void **unused)
{
    dft_crystal *crystal = test_bcc(3, 3.44);
    dft_system *system = test_system(crystal, 100, 1, 0);
    dft_kbasis *kb = kbasis_of(system, (double[3]){ 0, 0, 0 });
    double complex *orbitals = dft_alloc_complex(dft_atomic_orbitals_count(system->ions) * kb->n_pw);
    dft_projectors *projectors = NULL;
    long n = 0;
    (void)unused;

    for (dft_alloc_refuse_nth(++n); dft_projectors_create(system->ions, kb, &projectors, NULL) != DFT_OK;
         dft_alloc_refuse_nth(++n))
        assert_null(projectors);
    assert_int_equal(n, 8);
    for (n = 1; n <= 5; n++) {
        dft_alloc_refuse_nth(n);
        assert_int_equal(dft_atomic_orbitals_fill(system->ions, kb, orbitals, NULL), DFT_ENOMEM);
    }
    dft_alloc_refuse_nth(0);
    dft_projectors_free(projectors);
    free(orbitals);
    dft_kbasis_free(kb);
    dft_system_free(system);
    dft_crystal_free(crystal);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(projectors_and_atomic_orbitals_are_counted_with_m),
        cmocka_unit_test(length_over_m_depends_on_the_radial_transform_only),
        cmocka_unit_test(plane_waves_sum_up_to_the_projector_in_real_space),
        cmocka_unit_test(an_atom_in_the_next_cell_carries_the_bloch_phase),
        cmocka_unit_test(blocks_are_parts_of_the_whole),
        cmocka_unit_test(refused_memory_is_reported),
    };
    dft_threads_set(1, NULL);           /* waiting threads would spin on a busy machine */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
