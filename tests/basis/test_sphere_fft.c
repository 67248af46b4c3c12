#include "dft-lite/basis/sphere_fft.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/blocks.h"
#include "dft-lite/base/units.h"
#include "tests/basis/crystals.h"

#define MAX_G 400

/* Sizes below, at and above the lanes of a vector, odd and even. */
static const int boxes[][3] = { { 9, 8, 10 }, { 8, 9, 16 }, { 10, 9, 21 }, { 8, 10, 9 } };
#define N_BOXES (sizeof boxes / sizeof *boxes)

typedef struct {
    int n[3];
    size_t n_g, n_r;
    int hkl[MAX_G][3];
    dft_fft_box *box;
    dft_fft_sphere *sphere;
    dft_fft_work *work;
    double complex *c;
} problem;

/* A sphere shifted off the origin so that it is not its own mirror image, its members in no order. */
static problem problem_create(const int n[3])
{
    problem p = { .n = { n[0], n[1], n[2] } };
    unsigned long seed = 99;

    for (int h1 = -4; h1 <= 4; h1++)
        for (int h2 = -3; h2 <= 3; h2++)
            for (int h3 = -4; h3 <= 4; h3++)
                if (h1 * h1 + h2 * h2 + 2 * h3 * h3 <= 11 && h1 + h2 < 4) {
                    const size_t at = (size_t)((test_random(&seed) + 1.0) * 0.4999 * (double)(p.n_g + 1));
                    memcpy(p.hkl[p.n_g], p.hkl[at], sizeof p.hkl[at]);
                    memcpy(p.hkl[at], (int[3]){ h1, h2, h3 }, sizeof p.hkl[at]);
                    p.n_g++;
                }
    assert_int_equal(dft_fft_box_create(n, &p.box, NULL), DFT_OK);
    assert_int_equal(dft_fft_sphere_create(p.box, p.n_g, (const int (*)[3])p.hkl, &p.sphere, NULL), DFT_OK);
    assert_int_equal(dft_fft_work_create(p.box, &p.work, NULL), DFT_OK);
    p.n_r = dft_fft_box_size(p.box);
    p.c = dft_alloc_complex(p.n_g);
    for (size_t g = 0; g < p.n_g; g++)
        p.c[g] = test_random(&seed) + I * test_random(&seed);
    return p;
}

static void problem_clear(problem *p)
{
    free(p->c);
    dft_fft_work_free(p->work);
    dft_fft_sphere_free(p->sphere);
    dft_fft_box_free(p->box);
}

static double complex wave(const problem *p, size_t g, size_t point)
{
    const size_t n2 = (size_t)p->n[1], n3 = (size_t)p->n[2];
    const double turns = p->hkl[g][0] * (double)(point / (n2 * n3)) / p->n[0]
                       + p->hkl[g][1] * (double)(point / n3 % n2) / p->n[1]
                       + p->hkl[g][2] * (double)(point % n3) / p->n[2];

    return cexp(2.0 * DFT_PI * I * turns);
}

/* psi(r) = sum_G c_G exp(iG.r), term by term. */
static double complex direct(const problem *p, size_t point)
{
    double complex sum = 0.0;

    for (size_t g = 0; g < p->n_g; g++)
        sum += p->c[g] * wave(p, g, point);
    return sum;
}

static double *random_grid(const problem *p)
{
    double *grid = dft_alloc_doubles(p->n_r);
    unsigned long seed = 4;

    for (size_t i = 0; i < p->n_r; i++)
        grid[i] = test_random(&seed);
    return grid;
}

static void fields_keep_every_point_of_a_grid(void **unused)
{
    (void)unused;
    for (size_t b = 0; b < N_BOXES; b++) {
        problem p = problem_create(boxes[b]);
        double *grid = random_grid(&p), *back = dft_alloc_doubles(p.n_r);
        double *field = dft_alloc_doubles(dft_fft_field_size_d(p.box));
        dft_fft_field_from_grid_d(p.box, grid, field);
        dft_fft_field_to_grid_d(p.box, field, back);
        assert_memory_equal(grid, back, p.n_r * sizeof *grid);
        free(grid);
        free(back);
        free(field);
        problem_clear(&p);
    }
}

/* |psi(r)|^2 at every point, into two fields with their own weights, added to what is there. 1e-11:
 * rounding of the square of 130 terms. */
static void density_is_the_square_of_the_direct_sum(void **unused)
{
    (void)unused;
    for (size_t b = 0; b < N_BOXES; b++) {
        problem p = problem_create(boxes[b]);
        const size_t n_field = dft_fft_field_size_d(p.box);
        double *field = dft_alloc_doubles(n_field), *other = dft_alloc_doubles(n_field);
        double *grid = dft_alloc_doubles(p.n_r), *other_grid = dft_alloc_doubles(p.n_r);
        dft_fft_add_density(p.sphere, p.c, 1.5, field, -0.25, other, p.work);
        dft_fft_add_density(p.sphere, p.c, 0.5, field, 0.0, NULL, p.work);
        dft_fft_field_to_grid_d(p.box, field, grid);
        dft_fft_field_to_grid_d(p.box, other, other_grid);
        for (size_t i = 0; i < p.n_r; i++) {
            const double want = dft_abs2(direct(&p, i));
            assert_close(grid[i], 2.0 * want, 1e-11);
            assert_close(other_grid[i], -0.25 * want, 1e-11);
        }
        free(field);
        free(other);
        free(grid);
        free(other_grid);
        problem_clear(&p);
    }
}

/* c'_G = (1/N) sum_r exp(-iG.r) v(r) psi(r) for a potential with every Fourier component: what lies outside
 * the sphere must not leak in.  In both precisions, twice: the workspace carries nothing over, even after
 * the other precision used it.  1e-13 and 1e-6: rounding. */
static void local_potential_is_the_direct_sum(void **unused)
{
    (void)unused;
    for (size_t b = 0; b < N_BOXES; b++) {
        problem p = problem_create(boxes[b]);
        double *v = random_grid(&p), *v_d = dft_alloc_doubles(dft_fft_field_size_d(p.box));
        float *v_s = dft_alloc(dft_fft_field_size_s(p.box), sizeof *v_s);
        double complex *out = dft_alloc_complex(p.n_g), *v_psi = dft_alloc_complex(p.n_r);
        float complex *c_s = dft_alloc_complex_s(p.n_g);
        dft_fft_field_from_grid_d(p.box, v, v_d);
        dft_fft_field_from_grid_s(p.box, v, v_s);
        for (size_t i = 0; i < p.n_r; i++)
            v_psi[i] = v[i] * direct(&p, i) / (double)p.n_r;
        for (int pass = 0; pass < 2; pass++) {
            for (size_t g = 0; g < p.n_g; g++)
                c_s[g] = (float complex)p.c[g];
            dft_fft_apply_local_d(p.sphere, v_d, p.c, out, p.work);
            dft_fft_apply_local_s(p.sphere, v_s, c_s, c_s, p.work);     /* in place */
            for (size_t g = 0; g < p.n_g; g++) {
                double complex want = 0.0;
                for (size_t i = 0; i < p.n_r; i++)
                    want += v_psi[i] * conj(wave(&p, g, i));
                assert_close(cabs(out[g] - want), 0.0, 1e-13);
                assert_close(cabs(c_s[g] - want), 0.0, 1e-6);
            }
        }
        free(v);
        free(v_d);
        free(v_s);
        free(out);
        free(v_psi);
        free(c_s);
        problem_clear(&p);
    }
}

/* Spheres of other planes in turn through one workspace. */
static void one_workspace_serves_every_sphere_of_a_box(void **unused)
{
    const int low[2][3] = { { 0, 0, 0 }, { 1, 0, 0 } }, high[2][3] = { { -3, 2, 1 }, { 3, 1, -1 } };
    problem p = problem_create(boxes[0]);
    dft_fft_sphere *a = NULL, *b = NULL;
    double *v_d = dft_alloc_doubles(dft_fft_field_size_d(p.box)), *one = dft_alloc_doubles(p.n_r);
    double complex out[2];
    (void)unused;

    assert_int_equal(dft_fft_sphere_create(p.box, 2, low, &a, NULL), DFT_OK);
    assert_int_equal(dft_fft_sphere_create(p.box, 2, high, &b, NULL), DFT_OK);
    for (size_t i = 0; i < p.n_r; i++)
        one[i] = 1.0;
    dft_fft_field_from_grid_d(p.box, one, v_d);
    for (int pass = 0; pass < 4; pass++) {
        dft_fft_apply_local_d(pass % 2 ? a : b, v_d, p.c, out, p.work);
        for (size_t g = 0; g < 2; g++)
            assert_close(cabs(out[g] - p.c[g]), 0.0, 1e-14);
    }
    free(v_d);
    free(one);
    dft_fft_sphere_free(a);
    dft_fft_sphere_free(b);
    problem_clear(&p);
}

static void each_refused_allocation_is_reported(void **unused)
{
    const int hkl[2][3] = { { 0, 0, 0 }, { 1, 0, 0 } };
    dft_fft_box *box = NULL, *kept = NULL;
    dft_fft_sphere *sphere = NULL;
    dft_fft_work *work = NULL;
    long n = 0;
    (void)unused;

    assert_int_equal(dft_fft_box_create(boxes[0], &kept, NULL), DFT_OK);
    for (dft_alloc_refuse_nth(++n); dft_fft_box_create(boxes[0], &box, NULL) != DFT_OK;
         dft_alloc_refuse_nth(++n))
        assert_null(box);
    assert_int_equal(n, 8);
    n = 0;
    for (dft_alloc_refuse_nth(++n); dft_fft_sphere_create(kept, 2, hkl, &sphere, NULL) != DFT_OK;
         dft_alloc_refuse_nth(++n))
        assert_null(sphere);
    assert_int_equal(n, 8);
    n = 0;
    for (dft_alloc_refuse_nth(++n); dft_fft_work_create(kept, &work, NULL) != DFT_OK;
         dft_alloc_refuse_nth(++n))
        assert_null(work);
    assert_int_equal(n, 6);
    dft_alloc_refuse_nth(0);
    dft_fft_work_free(work);
    dft_fft_sphere_free(sphere);
    dft_fft_box_free(box);
    dft_fft_box_free(kept);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_keep_every_point_of_a_grid),
        cmocka_unit_test(density_is_the_square_of_the_direct_sum),
        cmocka_unit_test(local_potential_is_the_direct_sum),
        cmocka_unit_test(one_workspace_serves_every_sphere_of_a_box),
        cmocka_unit_test(each_refused_allocation_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
