/*
 * What this machine reaches: FFTW, OpenBLAS and memory alone, all threads busy with data of their own.
 *
 * Operations are the usual nominal ones: 5 N log2 N a complex transform, 8 m n k a complex product.
 * Plans are measured (the engine's are estimated, basis/fft.h).  The shapes are those of the engine's
 * steps: projection C = P^H psi, products M = A^H B, rotate B = A X.
 */

#include "tests/bench/bench.h"

#include <complex.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cblas.h>
#include <fftw3.h>

#include "dft-lite/base/clock.h"
#include "dft-lite/base/threads.h"

#define LEAST_S 0.1                 /* a measurement lasts at least so long ... */
#define TRIES 3                     /* ... and the fastest counts: others only slow it down */
#define MAX_THREADS 64
#define MOST_BYTES 300e6            /* of one thread's matrices: longer blocks go no faster */
#define TRIAD_N 4000000             /* doubles: three arrays of 32 MB, beyond the caches */

typedef struct {                    /* one thread's measurement */
    size_t n_pw, n_bands, n_proj;
    int grid[3];
    int single;
    void *a, *b, *c;                /* [n_proj or n_bands][n_pw], [n_bands][n_pw], small */
    double *x, *y, *z;
    fftwf_complex *box_single;
    fftw_complex *box;
    fftwf_plan plan_single;
    fftw_plan plan;
} bench;

typedef void (*kernel)(const bench *self);

static void run_fft(const bench *self)
{
    if (self->single)
        fftwf_execute(self->plan_single);
    else
        fftw_execute(self->plan);
}

static void multiply(const bench *self, CBLAS_TRANSPOSE op_a, size_t m, size_t n, size_t k,
                     const void *a, size_t lda, const void *b, size_t ldb, void *c, size_t ldc)
{
    const double complex one = 1.0, none = 0.0;
    const float complex one_single = 1.0f, none_single = 0.0f;

    if (self->single)
        cblas_cgemm(CblasColMajor, op_a, CblasNoTrans, (blasint)m, (blasint)n, (blasint)k, &one_single, a,
                    (blasint)lda, b, (blasint)ldb, &none_single, c, (blasint)ldc);
    else
        cblas_zgemm(CblasColMajor, op_a, CblasNoTrans, (blasint)m, (blasint)n, (blasint)k, &one, a,
                    (blasint)lda, b, (blasint)ldb, &none, c, (blasint)ldc);
}

static void run_projection(const bench *self)
{
    multiply(self, CblasConjTrans, self->n_proj, self->n_bands, self->n_pw, self->a, self->n_pw, self->b,
             self->n_pw, self->c, self->n_proj);
}

static void run_products(const bench *self)
{
    multiply(self, CblasConjTrans, self->n_bands, self->n_bands, self->n_pw, self->a, self->n_pw, self->b,
             self->n_pw, self->c, self->n_bands);
}

static void run_rotate(const bench *self)
{
    multiply(self, CblasNoTrans, self->n_pw, self->n_bands, self->n_bands, self->a, self->n_pw, self->c,
             self->n_bands, self->b, self->n_pw);
}

static void run_triad(const bench *self)
{
    for (size_t i = 0; i < TRIAD_N; i++)
        self->x[i] = self->y[i] + 3.0 * self->z[i];
}

/* Seconds of one call on the slowest thread when every thread makes such calls at once. */
static double seconds_once(const bench *all, int threads, kernel call)
{
    double took[MAX_THREADS], slowest = 0.0;

    #pragma omp parallel for schedule(static) num_threads(threads)
    for (int t = 0; t < threads; t++) {
        call(&all[t]);
        const double start = dft_clock_s();
        int n = 0;
        double passed;
        do {
            call(&all[t]);
            n++;
            passed = dft_clock_s() - start;
        } while (passed < LEAST_S);
        took[t] = passed / n;
    }
    for (int t = 0; t < threads; t++)
        slowest = fmax(slowest, took[t]);
    return slowest;
}

static double seconds(const bench *all, int threads, kernel call)
{
    double best = INFINITY;

    for (int i = 0; i < TRIES; i++)
        best = fmin(best, seconds_once(all, threads, call));
    return best;
}

static size_t box_size(const bench *self)
{
    return (size_t)self->grid[0] * (size_t)self->grid[1] * (size_t)self->grid[2];
}

/* Small numbers: nothing overflows when a result is multiplied again. */
static void fill(double *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        x[i] = 1e-3 * (double)(i % 7);
}

static void fill_single(float *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        x[i] = 1e-3f * (float)(i % 7);
}

static int allocate(bench *self)
{
    const size_t wide = self->n_proj > self->n_bands ? self->n_proj : self->n_bands;
    const size_t real_size = self->single ? sizeof(float) : sizeof(double);
    const size_t n_a = 2 * wide * self->n_pw, n_b = 2 * self->n_bands * self->n_pw;
    const size_t n_c = 2 * wide * self->n_bands;

    self->a = fftw_malloc(n_a * real_size);
    self->b = fftw_malloc(n_b * real_size);
    self->c = fftw_malloc(n_c * real_size);
    if (!self->a || !self->b || !self->c)
        return 0;
    if (self->single) {
        fill_single(self->a, n_a);
        fill_single(self->b, n_b);
        fill_single(self->c, n_c);
    } else {
        fill(self->a, n_a);
        fill(self->b, n_b);
        fill(self->c, n_c);
    }
    return 1;
}

static int allocate_box(bench *self)
{
    const int *n = self->grid;

    if (self->single) {
        self->box_single = fftwf_malloc(box_size(self) * sizeof *self->box_single);
        if (!self->box_single)
            return 0;
        self->plan_single = fftwf_plan_dft_3d(n[0], n[1], n[2], self->box_single, self->box_single,
                                              FFTW_BACKWARD, FFTW_MEASURE);
        memset(self->box_single, 0, box_size(self) * sizeof *self->box_single);
        return self->plan_single != NULL;
    }
    self->box = fftw_malloc(box_size(self) * sizeof *self->box);
    if (!self->box)
        return 0;
    self->plan = fftw_plan_dft_3d(n[0], n[1], n[2], self->box, self->box, FFTW_BACKWARD, FFTW_MEASURE);
    memset(self->box, 0, box_size(self) * sizeof *self->box);
    return self->plan != NULL;
}

static void clear(bench *self)
{
    fftw_free(self->a);
    fftw_free(self->b);
    fftw_free(self->c);
    fftw_free(self->box);
    fftwf_free(self->box_single);
    if (self->plan)
        fftw_destroy_plan(self->plan);
    if (self->plan_single)
        fftwf_destroy_plan(self->plan_single);
    self->a = self->b = self->c = NULL;
    self->box = NULL;
    self->box_single = NULL;
    self->plan = NULL;
    self->plan_single = NULL;
}

static json_t *measure(const bench *all, int threads)
{
    const double n = (double)box_size(all), pw = (double)all->n_pw, bands = (double)all->n_bands;
    const double fft_s = seconds(all, threads, run_fft);

    return json_pack("{s:f, s:f, s:f, s:f, s:f}", "fft_s", fft_s, "fft", 5e-9 * n * log2(n) / fft_s,
                     "projection",
                     8e-9 * pw * bands * (double)all->n_proj / seconds(all, threads, run_projection),
                     "products", 8e-9 * pw * bands * bands / seconds(all, threads, run_products), "rotate",
                     8e-9 * pw * bands * bands / seconds(all, threads, run_rotate));
}

/* Both precisions' kernels; NULL when memory is refused. */
static json_t *measure_precision(bench *all, int threads, int single)
{
    int ready = 1;

    for (int t = 0; t < threads && ready; t++) {
        all[t].single = single;
        ready = allocate(&all[t]) && allocate_box(&all[t]);
    }
    json_t *rates = ready ? measure(all, threads) : NULL;
    for (int t = 0; t < threads; t++)
        clear(&all[t]);
    return rates;
}

static double measure_triad(bench *all, int threads)
{
    double rate = 0.0;                  /* refused memory */
    int ready = 1;

    for (int t = 0; t < threads; t++) {
        all[t].x = malloc(3 * sizeof(double) * TRIAD_N);
        ready = ready && all[t].x;
        if (all[t].x) {
            all[t].y = all[t].x + TRIAD_N;
            all[t].z = all[t].y + TRIAD_N;
            fill(all[t].x, 3 * TRIAD_N);
        }
    }
    if (ready)
        rate = 1e-9 * 3.0 * sizeof(double) * TRIAD_N / seconds(all, threads, run_triad);
    for (int t = 0; t < threads; t++)
        free(all[t].x);
    return rate;
}

static size_t size_of(const json_t *record, const char *key)
{
    const json_int_t n = json_integer_value(json_object_get(record, key));
    return n > 0 ? (size_t)n : 1;
}

dft_status bench_limits(const json_t *record, int threads, json_t **limits, dft_error *err)
{
    bench all[MAX_THREADS] = { { 0 } };
    const json_t *grid = json_object_get(record, "fft_grid");

    *limits = NULL;
    if (threads > MAX_THREADS)
        return dft_fail(err, DFT_EINPUT, "limits are measured on at most %d threads", MAX_THREADS);
    for (int t = 0; t < threads; t++) {
        bench *one = &all[t];
        one->n_bands = size_of(record, "n_bands");
        one->n_proj = size_of(record, "n_projectors");
        one->n_pw = size_of(record, "n_plane_waves");
        const size_t wide = one->n_proj > one->n_bands ? one->n_proj : one->n_bands;
        const double most = MOST_BYTES / (16.0 * (double)(wide + one->n_bands));
        if ((double)one->n_pw > most)
            one->n_pw = (size_t)most;
        for (size_t i = 0; i < 3; i++)
            one->grid[i] = (int)json_integer_value(json_array_get(grid, i));
    }
    const dft_status status = dft_threads_set(threads, err);
    if (status != DFT_OK)
        return status;
    json_t *in_double = measure_precision(all, threads, 0), *in_single = measure_precision(all, threads, 1);
    const double triad = measure_triad(all, threads);
    if (!in_double || !in_single || triad <= 0.0) {
        json_decref(in_double);
        json_decref(in_single);
        return dft_fail(err, DFT_ENOMEM, "limits: no memory for %zu plane waves, %zu projectors",
                        all->n_pw, all->n_proj);
    }
    *limits = json_pack("{s:i, s:o, s:o, s:f}", "threads", threads, "double", in_double, "single",
                        in_single, "triad_gb_per_s", triad);
    return DFT_OK;
}
