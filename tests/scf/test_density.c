#include "dft-lite/scf/density.h"

#include <string.h>

#include "dft-lite/base/threads.h"
#include "tests/scf/prepared.h"

typedef struct {
    test_prepared p;
    double *occupation, *slope, *d_p;
    double complex *rho_g, *ldos_g;
    double complex **projections;
} problem;

/* Mg, 27 k-points: more than the groups that are summed together. */
static problem problem_create(void)
{
    problem q = { .p = test_prepared_create(test_hcp(12, 3.19, 5.2), 60, 3, 0, 6) };
    dft_apply_work *work = NULL;
    unsigned long seed = 5;

    test_prepared_start(&q.p);
    q.occupation = dft_alloc_doubles(q.p.n_k * q.p.n_bands);
    q.slope = dft_alloc_doubles(q.p.n_k * q.p.n_bands);
    q.rho_g = dft_alloc_complex(q.p.state->n_g);
    q.ldos_g = dft_alloc_complex(q.p.state->n_g);
    q.d_p = dft_alloc_doubles(q.p.state->n_p);
    q.projections = dft_alloc(q.p.n_k, sizeof *q.projections);
    assert_int_equal(dft_apply_work_create(q.p.system, q.p.n_bands, 1, &work, NULL), DFT_OK);
    for (size_t ik = 0; ik < q.p.n_k; ik++) {
        q.projections[ik] = dft_alloc_complex(q.p.n_bands * q.p.kspace[ik]->n_projectors);
        dft_project_d(q.p.kspace[ik], q.p.n_bands, q.p.state->psi[ik], q.projections[ik], work);
    }
    dft_apply_work_free(work);
    for (size_t i = 0; i < q.p.n_k * q.p.n_bands; i++)
        q.occupation[i] = 1.0 + test_random(&seed);
    return q;
}

static void compute(problem *q)
{
    assert_int_equal(dft_density_compute(q->p.system, q->p.kspace, q->p.state, q->occupation,
                                         q->slope, (const double complex *const *)q->projections, q->rho_g, q->d_p, q->ldos_g, NULL), DFT_OK);
}

static void problem_clear(problem *q)
{
    for (size_t ik = 0; ik < q->p.n_k; ik++)
        free(q->projections[ik]);
    free(q->projections);
    free(q->occupation);
    free(q->slope);
    free(q->rho_g);
    free(q->ldos_g);
    free(q->d_p);
    test_prepared_clear(&q->p);
}

/* S-orthonormal orbitals hold one electron each, part in the smooth density, part in the
 * compensation charges: the sum is sum_k w_k sum_b f_b. 1e-6: the start is orthonormal to single precision. */
static void electrons_are_the_sum_of_the_occupations(void **unused)
{
    problem q = problem_create();
    double want = 0.0;
    (void)unused;

    assert_true(q.p.n_k > 8);
    for (size_t ik = 0; ik < q.p.n_k; ik++)
        for (size_t ib = 0; ib < q.p.n_bands; ib++)
            want += q.p.system->kpoints->weight[ik] * q.occupation[ik * q.p.n_bands + ib];
    compute(&q);
    assert_close(test_electrons(q.p.system, q.rho_g, q.d_p), want, 1e-6);
    problem_clear(&q);
}

/* One band at one k: components sum_G' conj(c_G') c_(G+G')/volume and D_ij = Re c_i* c_j. */
static void a_single_orbital_gives_its_own_density(void **unused)
{
    problem q = problem_create();
    const dft_system *system = q.p.system;
    const size_t ik = q.p.n_k - 1, ib = 3;
    const dft_kbasis *kb = q.p.kspace[ik]->kbasis;
    const double complex *psi = q.p.state->psi[ik] + ib * kb->n_pw;
    const double w = 1.7 * system->kpoints->weight[ik];
    double complex *c = dft_alloc_complex(system->i_offset[2]);
    dft_apply_work *work = NULL;
    (void)unused;

    memset(q.occupation, 0, q.p.n_k * q.p.n_bands * sizeof *q.occupation);
    q.occupation[ik * q.p.n_bands + ib] = 1.7;
    compute(&q);
    for (size_t ig = 0; ig < q.p.state->n_g; ig += 29) {
        double complex sum = 0.0;
        for (size_t a = 0; a < kb->n_pw; a++)
            for (size_t b = 0; b < kb->n_pw; b++)
                if (kb->hkl[b][0] - kb->hkl[a][0] == system->basis->hkl[ig][0]
                    && kb->hkl[b][1] - kb->hkl[a][1] == system->basis->hkl[ig][1]
                    && kb->hkl[b][2] - kb->hkl[a][2] == system->basis->hkl[ig][2])
                    sum += conj(psi[a]) * psi[b];
        assert_close(cabs(q.rho_g[ig] - w * sum / system->basis->volume), 0.0, 1e-14);
    }
    assert_int_equal(dft_apply_work_create(system, 1, 1, &work, NULL), DFT_OK);
    dft_project_d(q.p.kspace[ik], 1, psi, c, work);
    for (size_t a = 0; a < 2; a++) {
        const size_t first = system->i_offset[a], n_i = system->species[system->species_of[a]]->n_i;
        for (size_t i = 0; i < n_i; i++)
            for (size_t j = 0; j <= i; j++)
                assert_close(q.d_p[system->p_offset[a] + dft_packed(i, j)], (i == j ? 1.0 : 2.0) * w
                             * creal(conj(c[first + i]) * c[first + j]), 1e-13);
    }
    free(c);
    dft_apply_work_free(work);
    problem_clear(&q);
}

/* The same sum with other weights. */
static void local_density_of_states_is_the_density_of_the_slopes(void **unused)
{
    problem q = problem_create();
    (void)unused;

    for (size_t i = 0; i < q.p.n_k * q.p.n_bands; i++)
        q.slope[i] = 3.0 * q.occupation[i];
    compute(&q);
    for (size_t ig = 0; ig < q.p.state->n_g; ig++)
        assert_close(cabs(q.ldos_g[ig] - 3.0 * q.rho_g[ig]), 0.0, 1e-13);
    problem_clear(&q);
}

static void the_bits_do_not_depend_on_the_number_of_threads(void **unused)
{
    problem q = problem_create();
    double complex *kept = dft_alloc_complex(q.p.state->n_g);
    double *kept_d = dft_alloc_doubles(q.p.state->n_p);
    (void)unused;

    assert_int_equal(dft_threads_set(1, NULL), DFT_OK);
    compute(&q);
    memcpy(kept, q.rho_g, q.p.state->n_g * sizeof *kept);
    memcpy(kept_d, q.d_p, q.p.state->n_p * sizeof *kept_d);
    assert_int_equal(dft_threads_set(2, NULL), DFT_OK);
    compute(&q);
    assert_memory_equal(kept, q.rho_g, q.p.state->n_g * sizeof *kept);
    assert_memory_equal(kept_d, q.d_p, q.p.state->n_p * sizeof *kept_d);
    assert_int_equal(dft_threads_set(1, NULL), DFT_OK);
    free(kept);
    free(kept_d);
    problem_clear(&q);
}

static void refused_memory_is_reported(void **unused)
{
    problem q = problem_create();
    dft_status status;
    long n = -6;
    (void)unused;

    do {
        dft_alloc_refuse_nth(n += 7);
        status = dft_density_compute(q.p.system, q.p.kspace, q.p.state, q.occupation, q.slope,
                                     (const double complex *const *)q.projections,
                                     q.rho_g, q.d_p, q.ldos_g, NULL);
        assert_true(status == DFT_OK || status == DFT_ENOMEM);
    } while (status != DFT_OK);
    dft_alloc_refuse_nth(0);
    assert_true(n > 30);
    problem_clear(&q);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(electrons_are_the_sum_of_the_occupations),
        cmocka_unit_test(a_single_orbital_gives_its_own_density),
        cmocka_unit_test(local_density_of_states_is_the_density_of_the_slopes),
        cmocka_unit_test(the_bits_do_not_depend_on_the_number_of_threads),
        cmocka_unit_test(refused_memory_is_reported),
    };
    dft_threads_set(1, NULL);           /* waiting threads would spin on a busy machine */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
