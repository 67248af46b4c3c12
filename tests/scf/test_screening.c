#include "dft-lite/scf/screening.h"

#include <stdlib.h>

#include "dft-lite/base/alloc.h"
#include "tests/basis/crystals.h"

typedef struct {
    dft_basis *basis;
    size_t n_g, n_r;
    double *ldos;
    double complex *charge, *correction;
} problem;

/* A long cell, as a slab has. */
static problem problem_create(void)
{
    const double cell[3][3] = { { 2.8, 0, 0 }, { 0.3, 2.9, 0 }, { 0, 0.2, 19.0 } };
    dft_crystal *crystal = test_crystal(cell, 1, (int[]){ 3 }, (const double[][3]){ { 0, 0, 0 } });
    dft_symmetry *symmetry = test_symmetry(crystal);
    unsigned long seed = 9;
    problem q = { 0 };

    assert_int_equal(dft_basis_create(crystal, 1.5, symmetry, &q.basis, NULL), DFT_OK);
    q.n_g = q.basis->n_g;
    q.n_r = dft_fft_real_size(q.basis->coarse);
    q.ldos = dft_alloc_doubles(q.n_r);
    q.charge = dft_alloc_complex(q.n_g);
    q.correction = dft_alloc_complex(q.n_g);
    for (size_t ig = 1; ig < q.n_g; ig++)
        q.charge[ig] = test_random(&seed) + I * test_random(&seed);
    dft_symmetry_free(symmetry);
    dft_crystal_free(crystal);
    return q;
}

static void problem_clear(problem *q)
{
    free(q->ldos);
    free(q->charge);
    free(q->correction);
    dft_basis_free(q->basis);
}

static void correct(problem *q)
{
    assert_int_equal(dft_screening_correction(q->basis, q->ldos, q->charge, q->correction, NULL),
                     DFT_OK);
}

/* A uniform density of states D screens with the Thomas-Fermi length: q becomes q G^2/(G^2 + 4 pi
 * D), Kerker's factor. 3 %: the solver stops at 1 % of the norm, shared among the components. */
static void a_uniform_metal_screens_as_kerker_says(void **unused)
{
    problem q = problem_create();
    const double D = 0.03, k2 = 4.0 * DFT_PI * D;
    double error2 = 0.0, norm2 = 0.0;
    (void)unused;

    for (size_t i = 0; i < q.n_r; i++)
        q.ldos[i] = D;
    correct(&q);
    for (size_t ig = 1; ig < q.n_g; ig++) {
        const double complex want = -q.charge[ig] * k2 / (q.basis->g2[ig] + k2);
        error2 += pow(cabs(q.correction[ig] - want), 2);
        norm2 += pow(cabs(want), 2);
    }
    assert_close(sqrt(error2 / norm2), 0.0, 0.03);
    problem_clear(&q);
}

static void an_insulator_does_not_screen(void **unused)
{
    problem q = problem_create();
    (void)unused;

    correct(&q);
    for (size_t ig = 0; ig < q.n_g; ig++)
        assert_close(cabs(q.correction[ig]), 0.0, 0.0);
    problem_clear(&q);
}

/* States in half of the cell: no charge is made, and next to none appears where there are no
 * states. */
static void a_slab_screens_within_itself_and_keeps_its_charge(void **unused)
{
    problem q = problem_create();
    const int *n = q.basis->n;
    double *f = dft_alloc_doubles(q.n_r), inside = 0.0, outside = 0.0;
    double complex *work = dft_alloc_complex(dft_fft_real_work_size(q.basis->coarse));
    (void)unused;

    for (size_t i = 0; i < q.n_r; i++)
        q.ldos[i] = 0.015
            * (1.0 + tanh(8.0 * cos(2.0 * DFT_PI * (double)(i % (size_t)n[2]) / n[2])));
    correct(&q);
    assert_close(cabs(q.correction[0]), 0.0, 1e-14);
    dft_fft_real_to_real(q.basis->coarse, q.correction, f, work);
    for (size_t i = 0; i < q.n_r; i++) {
        const double c = cos(2.0 * DFT_PI * (double)(i % (size_t)n[2]) / n[2]);
        inside += c > 0.3 ? f[i] * f[i] : 0.0;
        outside += c < -0.3 ? f[i] * f[i] : 0.0;
    }
    assert_true(inside > 0.0);
    assert_true(outside < 0.01 * inside);
    free(f);
    free(work);
    problem_clear(&q);
}

static void refused_memory_is_reported(void **unused)
{
    problem q = problem_create();
    (void)unused;

    for (long n = 1; n <= 4; n++) {
        dft_alloc_refuse_nth(n);
        assert_int_equal(dft_screening_correction(q.basis, q.ldos, q.charge, q.correction, NULL),
                         DFT_ENOMEM);
    }
    dft_alloc_refuse_nth(0);
    problem_clear(&q);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_uniform_metal_screens_as_kerker_says),
        cmocka_unit_test(an_insulator_does_not_screen),
        cmocka_unit_test(a_slab_screens_within_itself_and_keeps_its_charge),
        cmocka_unit_test(refused_memory_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
