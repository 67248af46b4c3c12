#include "dft-lite/scf/mixer.h"

#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "tests/basis/crystals.h"

#define N_P 12

typedef struct {
    dft_basis *basis;
    dft_mixer *mixer;
    size_t n_g;
    double complex *goal, *in, *out, *residual;
    double goal_d[N_P], in_d[N_P], out_d[N_P], residual_d[N_P];
} problem;

static problem problem_create(void)
{
    dft_crystal *crystal = test_triclinic(3);
    dft_symmetry *symmetry = test_symmetry(crystal);
    const dft_mixer_options options = dft_mixer_defaults();
    unsigned long seed = 6;
    problem q = { 0 };

    assert_int_equal(dft_basis_create(crystal, 1.0, symmetry, &q.basis, NULL), DFT_OK);
    assert_int_equal(dft_mixer_create(q.basis, 1, N_P, &options, &q.mixer, NULL), DFT_OK);
    q.n_g = q.basis->n_g;
    q.goal = dft_alloc_complex(q.n_g);
    q.in = dft_alloc_complex(q.n_g);
    q.out = dft_alloc_complex(q.n_g);
    q.residual = dft_alloc_complex(q.n_g);
    for (size_t ig = 0; ig < q.n_g; ig++) {
        q.goal[ig] = test_random(&seed) + (ig ? I * test_random(&seed) : 0.0);
        q.in[ig] = q.goal[ig] + 0.1 * (test_random(&seed) + (ig ? I * test_random(&seed) : 0.0));
    }
    for (int p = 0; p < N_P; p++) {
        q.goal_d[p] = test_random(&seed);
        q.in_d[p] = q.goal_d[p] + 0.1 * test_random(&seed);
    }
    dft_symmetry_free(symmetry);
    dft_crystal_free(crystal);
    return q;
}

static void problem_clear(problem *q)
{
    free(q->goal);
    free(q->in);
    free(q->out);
    free(q->residual);
    dft_mixer_free(q->mixer);
    dft_basis_free(q->basis);
}

/* out - goal = response (in - goal) with five different responses, some below -1 and one above:
 * taking the output as the next input, or any fixed fraction near 1 of it, diverges. */
static double response(size_t i)
{
    static const double values[5] = { -2.5, -0.4, 0.3, -6.0, 0.8 };
    return values[i % 5];
}

static double step(problem *q)
{
    double error = 0.0;

    for (size_t ig = 0; ig < q->n_g; ig++) {
        q->out[ig] = q->goal[ig] + response(ig) * (q->in[ig] - q->goal[ig]);
        error = fmax(error, cabs(q->in[ig] - q->goal[ig]));
    }
    for (size_t p = 0; p < N_P; p++) {
        q->out_d[p] = q->goal_d[p] + response(p) * (q->in_d[p] - q->goal_d[p]);
        error = fmax(error, fabs(q->in_d[p] - q->goal_d[p]));
    }
    assert_int_equal(dft_mixer_combine(q->mixer, q->in, q->in_d, q->out, q->out_d, q->residual,
                                       q->residual_d, NULL), DFT_OK);
    dft_mixer_advance(q->mixer, q->in, q->in_d, q->residual, q->residual_d);
    return error;
}

/* Five different responses: a Krylov method needs six steps in exact arithmetic. 1e-8: the least
 * squares' cut-off. */
static void a_linear_problem_is_solved_in_as_many_steps_as_it_has_responses(void **unused)
{
    problem q = problem_create();
    double error = 0.0;
    (void)unused;

    assert_true(step(&q) > 0.01);
    for (int i = 0; i < 7; i++)
        error = step(&q);
    assert_close(error, 0.0, 1e-8);
    problem_clear(&q);
}

/* With nothing to remember the optimal combination is the input itself. */
static void the_first_step_goes_along_the_residual(void **unused)
{
    problem q = problem_create();
    const double beta = dft_mixer_defaults().beta;
    double complex *before = dft_alloc_complex(q.n_g);
    double before_d[N_P];
    (void)unused;

    memcpy(before, q.in, q.n_g * sizeof *before);
    memcpy(before_d, q.in_d, sizeof before_d);
    step(&q);
    for (size_t ig = 0; ig < q.n_g; ig++)
        assert_close(cabs(q.in[ig] - before[ig] - beta * (q.out[ig] - before[ig])), 0.0, 1e-14);
    for (int p = 0; p < N_P; p++)
        assert_close(q.in_d[p], before_d[p] + beta * (q.out_d[p] - before_d[p]), 1e-14);
    free(before);
    problem_clear(&q);
}

/* Combinations of inputs of equal charge have that charge, whatever the history. */
static void a_charge_that_all_inputs_share_is_kept(void **unused)
{
    problem q = problem_create();
    (void)unused;

    q.in[0] = q.goal[0];
    for (int i = 0; i < 9; i++) {
        step(&q);
        assert_close(cabs(q.in[0] - q.goal[0]), 0.0, 1e-13);
    }
    problem_clear(&q);
}

/* More steps than history: old ones are dropped, no growth, still converging. */
static void long_runs_keep_converging(void **unused)
{
    problem q = problem_create();
    double error = 0.0;
    (void)unused;

    for (int i = 0; i < 40; i++)
        error = step(&q);
    assert_close(error, 0.0, 1e-8);
    problem_clear(&q);
}

/* A second run that starts off by another mixture of the first one's five kinds of error: what the first
 * learnt about each removes it in one step, where the mixer alone needs six. */
static void what_one_run_learnt_serves_the_next(void **unused)
{
    static const double scale[5] = { 1.0, -2.0, 0.5, 3.0, 1.5 };
    problem q = problem_create();
    const dft_mixer_options options = dft_mixer_defaults();
    double complex *first = dft_alloc_complex(q.n_g);
    double first_d[N_P];
    (void)unused;

    for (size_t ig = 0; ig < q.n_g; ig++)
        first[ig] = q.in[ig] - q.goal[ig];
    for (size_t p = 0; p < N_P; p++)
        first_d[p] = q.in_d[p] - q.goal_d[p];
    for (int i = 0; i < 7; i++)
        step(&q);
    dft_response *response = dft_mixer_take_response(q.mixer);
    assert_non_null(response);
    assert_int_equal(response->n_pairs, DFT_RESPONSE_PAIRS);
    dft_mixer_free(q.mixer);
    assert_int_equal(dft_mixer_create(q.basis, 1, N_P, &options, &q.mixer, NULL), DFT_OK);
    dft_mixer_learn(q.mixer, response);
    for (size_t ig = 0; ig < q.n_g; ig++)
        q.in[ig] = q.goal[ig] + scale[ig % 5] * first[ig];
    for (size_t p = 0; p < N_P; p++)
        q.in_d[p] = q.goal_d[p] + scale[p % 5] * first_d[p];
    assert_true(step(&q) > 0.01);
    assert_close(step(&q), 0.0, 1e-6);
    free(first);
    dft_mixer_free(q.mixer);                        /* a response of another length is not used */
    assert_int_equal(dft_mixer_create(q.basis, 1, N_P + 1, &options, &q.mixer, NULL), DFT_OK);
    dft_mixer_learn(q.mixer, response);
    dft_response_free(response);
    problem_clear(&q);
}

static void each_refused_allocation_is_reported(void **unused)
{
    problem q = problem_create();
    const dft_mixer_options options = dft_mixer_defaults();
    dft_mixer *mixer = NULL;
    long n = 1;
    (void)unused;

    for (dft_alloc_refuse_nth(n); dft_mixer_create(q.basis, 1, N_P, &options, &mixer, NULL) != DFT_OK;
         dft_alloc_refuse_nth(++n))
        assert_null(mixer);
    dft_alloc_refuse_nth(0);
    assert_true(n >= 2 * options.history);
    dft_mixer_free(mixer);
    problem_clear(&q);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_linear_problem_is_solved_in_as_many_steps_as_it_has_responses),
        cmocka_unit_test(the_first_step_goes_along_the_residual),
        cmocka_unit_test(a_charge_that_all_inputs_share_is_kept),
        cmocka_unit_test(long_runs_keep_converging),
        cmocka_unit_test(what_one_run_learnt_serves_the_next),
        cmocka_unit_test(each_refused_allocation_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
