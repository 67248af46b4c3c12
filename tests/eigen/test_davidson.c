#include "dft-lite/eigen/davidson.h"

#include <string.h>

#include "dft-lite/base/threads.h"
#include "dft-lite/math/lapack.h"
#include "tests/hamiltonian/dense.h"

#define N_BANDS 7

static const double generic_k[3] = { 0.21, -0.37, 0.11 };

typedef struct {
    test_dense dense;
    double complex *psi;                /* [N_BANDS][n_pw] */
    double complex *projections;        /* [N_BANDS][n_projectors] */
    double exact[N_BANDS], eigenvalue[N_BANDS], residual[N_BANDS], slack[N_BANDS];
    dft_davidson_work *work;
} problem;

static problem problem_create(void)
{
    problem p = { .dense = test_dense_create(70, generic_k) };
    const size_t n = p.dense.n_pw;
    double complex *h = dft_alloc_complex(n * n), *s = dft_alloc_complex(n * n);
    double complex *x = dft_alloc_complex(n * n);
    unsigned long seed = 3;

    p.psi = dft_alloc_complex(N_BANDS * n);
    p.projections = dft_alloc_complex(N_BANDS * p.dense.kspace->n_projectors);
    for (size_t ib = 0; ib < N_BANDS; ib++)
        for (size_t g = 0; g < n; g++)
            p.psi[ib * n + g] = (test_random(&seed) + I * test_random(&seed))
                              / (1.0 + p.dense.kspace->kbasis->kinetic[g]);
    for (int ib = 0; ib < N_BANDS; ib++)
        p.slack[ib] = 1.0;
    memcpy(h, p.dense.h, n * n * sizeof *h);
    memcpy(s, p.dense.s, n * n * sizeof *s);
    assert_int_equal(dft_eigen_generalized(n, h, s, DFT_NOISE_DOUBLE, N_BANDS, p.exact, x, NULL), DFT_OK);
    assert_int_equal(dft_davidson_work_create(p.dense.system, N_BANDS, n, DFT_DAVIDSON_MAX_SWEEPS,
                                              n, 1, &p.work, NULL), DFT_OK);
    free(h);
    free(s);
    free(x);
    return p;
}

static void problem_clear(problem *p)
{
    free(p->psi);
    free(p->projections);
    dft_davidson_work_free(p->work);
    test_dense_clear(&p->dense);
}

static size_t solve(problem *p, double tolerance, int sweeps)
{
    const dft_davidson_options options = { .tolerance = tolerance, .slack = p->slack, .max_sweeps = sweeps,
                                           .behind = 30.0 * tolerance };
    size_t n_applied = 0;

    assert_int_equal(dft_davidson_solve(p->dense.kspace, &p->dense.of_spin, &options, N_BANDS,
                                        p->psi, p->projections, p->eigenvalue,
                                        p->residual, p->work, &n_applied,
                                        NULL), DFT_OK);
    return n_applied;
}

static void solve_to_the_end(problem *p)
{
    for (int call = 0; call < 24; call++)
        solve(p, 1e-9, DFT_DAVIDSON_MAX_SWEEPS);
}

/* Against the dense matrix from the definition. Residuals of 1e-9 give eigenvalues to 1e-17; asked
 * 1e-8 Ha. */
static void eigenvalues_are_those_of_the_dense_matrix(void **unused)
{
    problem p = problem_create();
    (void)unused;

    solve_to_the_end(&p);
    for (int ib = 0; ib < N_BANDS; ib++)
        assert_close(p.eigenvalue[ib], p.exact[ib], 1e-8);
    problem_clear(&p);
}

/* H psi = e S psi and <psi|S|psi> = 1 with the dense matrices. 1e-8: ten times the tolerance. */
static void orbitals_solve_the_problem_and_are_s_orthonormal(void **unused)
{
    problem p = problem_create();
    const size_t n = p.dense.n_pw;
    double complex *h_psi = dft_alloc_complex(N_BANDS * n), *s_psi = dft_alloc_complex(N_BANDS * n);
    double complex product[N_BANDS * N_BANDS];
    (void)unused;

    solve_to_the_end(&p);
    dft_gemm('N', 'N', n, N_BANDS, n, 1.0, p.dense.h, n, p.psi, n, 0.0, h_psi, n);
    dft_gemm('N', 'N', n, N_BANDS, n, 1.0, p.dense.s, n, p.psi, n, 0.0, s_psi, n);
    dft_gemm('C', 'N', N_BANDS, N_BANDS, n, 1.0, p.psi, n, s_psi, n, 0.0, product, N_BANDS);
    for (size_t ib = 0; ib < N_BANDS; ib++) {
        double norm2 = 0.0;
        for (size_t g = 0; g < n; g++)
            norm2 += pow(cabs(h_psi[ib * n + g] - p.eigenvalue[ib] * s_psi[ib * n + g]), 2);
        assert_close(sqrt(norm2), 0.0, 1e-8);
        for (size_t jb = 0; jb < N_BANDS; jb++)
            assert_close(cabs(product[ib * N_BANDS + jb] - (ib == jb ? 1.0 : 0.0)), 0.0, 1e-10);
    }
    free(h_psi);
    free(s_psi);
    problem_clear(&p);
}

/* Rayleigh-Ritz: every call lowers each eigenvalue, never below the exact one. */
static void eigenvalues_come_down_from_above(void **unused)
{
    problem p = problem_create();
    double last[N_BANDS];
    (void)unused;

    solve(&p, 1e-9, 1);
    for (int call = 0; call < 5; call++) {
        memcpy(last, p.eigenvalue, sizeof last);
        solve(&p, 1e-9, 1);
        for (int ib = 0; ib < N_BANDS; ib++) {
            assert_true(p.eigenvalue[ib] <= last[ib] + 1e-12);
            assert_true(p.eigenvalue[ib] >= p.exact[ib] - 1e-12);
        }
    }
    problem_clear(&p);
}

/* Once converged, one application of H to each band and no more; a slack band is left alone. */
static void converged_and_slack_bands_cost_nothing(void **unused)
{
    problem p = problem_create();
    (void)unused;

    p.slack[N_BANDS - 1] = 1e9;
    assert_int_equal(solve(&p, 1e-9, 1), N_BANDS + N_BANDS - 1);
    p.slack[N_BANDS - 1] = 1.0;
    solve_to_the_end(&p);
    assert_int_equal(solve(&p, 1e-6, DFT_DAVIDSON_MAX_SWEEPS), N_BANDS);
    for (int ib = 0; ib < N_BANDS; ib++)
        assert_true(p.residual[ib] <= 1e-6);
    problem_clear(&p);
}

/* A start in a larger span: the lowest Ritz values of that span, in single precision. 1e-5: 1e-7 of the
 * largest kinetic energy, summed. */
static void subspace_start_keeps_the_lowest_of_its_span(void **unused)
{
    problem p = problem_create();
    const size_t n = p.dense.n_pw;
    double complex *psi = dft_alloc_complex(3 * n);
    double e[3];
    (void)unused;

    for (size_t i = 0; i < n; i++)
        p.work->v_s[i * n + i] = 1.0;           /* the whole space: the exact answer */
    assert_int_equal(dft_subspace_start(p.dense.kspace, &p.dense.of_spin, n, 3, psi, e, p.work,
                                        NULL),
                     DFT_OK);
    for (int ib = 0; ib < 3; ib++)
        assert_close(e[ib], p.exact[ib], 1e-5);
    free(psi);
    problem_clear(&p);
}

/* 1e-6: those of the search directions are single precision. */
static void projections_are_those_of_the_orbitals(void **unused)
{
    problem p = problem_create();
    const size_t n_proj = p.dense.kspace->n_projectors;
    double complex *c = dft_alloc_complex(N_BANDS * n_proj);
    (void)unused;

    for (int call = 0; call < 2; call++) {
        solve(&p, 1e-9, 2);
        dft_project_d(p.dense.kspace, N_BANDS, p.psi, c, p.work->apply);
        for (size_t i = 0; i < N_BANDS * n_proj; i++)
            assert_close(cabs(p.projections[i] - c[i]), 0.0, 1e-6);
    }
    free(c);
    problem_clear(&p);
}

/* A space that cannot hold a direction for every band: as many as there is room for, and residuals that say
 * how far the orbitals are.  All but three plane waves are bands, so the first sweep fills the space.  1e-5
 * and 1e-4: single precision in the directions' elements, as in a start. */
static void few_plane_waves_are_used_to_the_last(void **unused)
{
    problem p = problem_create();
    const size_t n = p.dense.n_pw, n_bands = n - 3;
    double complex *h = dft_alloc_complex(n * n), *s = dft_alloc_complex(n * n), *x = dft_alloc_complex(n * n);
    double complex *psi = dft_alloc_complex(n_bands * n);
    double complex *c = dft_alloc_complex(n_bands * p.dense.kspace->n_projectors);
    double *exact = dft_alloc_doubles(n), *e = dft_alloc_doubles(n), *slack = dft_alloc_doubles(n);
    double *residual = dft_alloc_doubles(n);
    dft_davidson_work *work = NULL;
    size_t n_applied = 0;
    (void)unused;

    memcpy(h, p.dense.h, n * n * sizeof *h);
    memcpy(s, p.dense.s, n * n * sizeof *s);
    assert_int_equal(dft_eigen_generalized(n, h, s, DFT_NOISE_DOUBLE, n, exact, x, NULL), DFT_OK);
    assert_int_equal(dft_davidson_work_create(p.dense.system, n_bands, n, 2, n_bands, 1, &work, NULL), DFT_OK);
    for (size_t ib = 0; ib < n_bands; ib++) {
        slack[ib] = 1.0;
        psi[ib * n + ib] = 1.0;
        psi[ib * n + n - 1 - ib % 3] += 0.3;
    }
    for (int call = 0; call < 3; call++) {
        const dft_davidson_options options = { .tolerance = 1e-9, .slack = slack, .max_sweeps = call ? 2 : 1 };
        assert_int_equal(dft_davidson_solve(p.dense.kspace, &p.dense.of_spin, &options, n_bands, psi, c, e,
                                            residual, work, &n_applied, NULL), DFT_OK);
        if (call == 0)
            assert_true(residual[0] > 1e-3);
        assert_in_range(n_applied, n_bands, n);
    }
    for (size_t ib = 0; ib < 7; ib++) {
        assert_close(e[ib], exact[ib], 1e-5);
        assert_true(residual[ib] < 1e-4);
    }
    dft_davidson_work_free(work);
    free(h), free(s), free(x), free(psi), free(c), free(exact), free(e), free(slack), free(residual);
    problem_clear(&p);
}

static void dependent_trial_orbitals_are_refused(void **unused)
{
    problem p = problem_create();
    const size_t n = p.dense.n_pw;
    const dft_davidson_options options = { .tolerance = 1e-9, .slack = p.slack };
    size_t n_applied = 0;
    dft_error err = { 0 };
    (void)unused;

    memcpy(p.psi + 3 * n, p.psi, n * sizeof *p.psi);
    assert_int_equal(dft_davidson_solve(p.dense.kspace, &p.dense.of_spin, &options, N_BANDS, p.psi,
                                        p.projections, p.eigenvalue, p.residual, p.work, &n_applied, &err),
                     DFT_ENUMERIC);
    assert_non_null(strstr(err.message, "independent"));
    problem_clear(&p);
}

static void each_refused_allocation_is_reported(void **unused)
{
    problem p = problem_create();
    dft_davidson_work *work = NULL;
    long n = 0;
    (void)unused;

    for (dft_alloc_refuse_nth(++n); dft_davidson_work_create(p.dense.system, 3, p.dense.n_pw, 2, 3, 2,
                                                             &work, NULL) != DFT_OK;
         dft_alloc_refuse_nth(++n))
        assert_null(work);
    dft_alloc_refuse_nth(0);
    assert_true(n > 10);
    dft_davidson_work_free(work);
    problem_clear(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(eigenvalues_are_those_of_the_dense_matrix),
        cmocka_unit_test(orbitals_solve_the_problem_and_are_s_orthonormal),
        cmocka_unit_test(eigenvalues_come_down_from_above),
        cmocka_unit_test(converged_and_slack_bands_cost_nothing),
        cmocka_unit_test(subspace_start_keeps_the_lowest_of_its_span),
        cmocka_unit_test(projections_are_those_of_the_orbitals),
        cmocka_unit_test(few_plane_waves_are_used_to_the_last),
        cmocka_unit_test(dependent_trial_orbitals_are_refused),
        cmocka_unit_test(each_refused_allocation_is_reported),
    };
    dft_threads_set(1, NULL);           /* waiting threads would spin on a busy machine */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
