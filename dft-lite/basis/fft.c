#include "dft-lite/basis/fft.h"

#include <stdlib.h>
#include <string.h>

#include <fftw3.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/threads.h"
#include "dft-lite/basis/line_fft.h"

int dft_fft_good_size(int n, int multiple)
{
    for (int m = (n + multiple - 1) / multiple; ; m++) {
        int rest = m;
        for (int p = 2; p <= 7; p += p == 2 ? 1 : 2)
            while (rest % p == 0)
                rest /= p;
        if (rest == 1)
            return m * multiple;
    }
}

static int wrap(int h, int n) { return ((h % n) + n) % n; }

/* Lanes of a line, wherever they lie. */
typedef double lanes __attribute__((vector_size(64), aligned(8)));

/* `count` <= DFT_LANES_D neighbouring complex numbers apart into a lane element, and back. */
static void load_lanes(const double complex *from, size_t count, dft_lane_d *to)
{
    const double *x = (const double *)from;

    if (count == DFT_LANES_D) {
        const lanes low = *(const lanes *)x, high = *(const lanes *)(x + 8);
        to->part[0] = __builtin_shufflevector(low, high, 0, 2, 4, 6, 8, 10, 12, 14);
        to->part[1] = __builtin_shufflevector(low, high, 1, 3, 5, 7, 9, 11, 13, 15);
        return;
    }
    *to = (dft_lane_d){ { { 0.0 } } };
    for (size_t l = 0; l < count; l++) {
        to->part[0][l] = x[2 * l];
        to->part[1][l] = x[2 * l + 1];
    }
}

static void store_lanes(const dft_lane_d *from, size_t count, double complex *to)
{
    double *x = (double *)to;

    if (count == DFT_LANES_D) {
        *(lanes *)x = __builtin_shufflevector(from->part[0], from->part[1], 0, 8, 1, 9, 2, 10, 3, 11);
        *(lanes *)(x + 8) = __builtin_shufflevector(from->part[0], from->part[1], 4, 12, 5, 13, 6, 14, 7, 15);
        return;
    }
    for (size_t l = 0; l < count; l++) {
        x[2 * l] = from->part[0][l];
        x[2 * l + 1] = from->part[1][l];
    }
}

struct dft_fft_real {
    int n[3];
    size_t nh;                      /* n3/2 + 1 */
    size_t n_g;
    size_t *index;                  /* owned, [n_g] in the half box [n1][n2][nh] */
    unsigned char *conjugate;       /* owned, [n_g]: the listed G has h3 < 0 */
    size_t n_mirror;                /* components with h3 = 0 appear twice in the half box */
    size_t *mirror_g, *mirror_index;
    size_t m3;                      /* components reach i3 < m3 */
    size_t n_rows;                  /* occupied i2 */
    size_t *row;
    dft_line_fft *line[2];          /* owned: along the first and the second axis */
    size_t n_threads, own;          /* each thread has `own` lane elements of scratch behind the half box */
    fftw_plan axis3[2];             /* c2r, r2c: n2 columns of one i1 plane */
};

void dft_fft_real_free(dft_fft_real *plan)
{
    if (!plan)
        return;
    free(plan->index);
    free(plan->conjugate);
    free(plan->mirror_g);
    free(plan->mirror_index);
    free(plan->row);
    for (int d = 0; d < 2; d++) {
        dft_line_fft_free(plan->line[d]);
        if (plan->axis3[d])
            fftw_destroy_plan(plan->axis3[d]);
    }
    free(plan);
}

size_t dft_fft_real_size(const dft_fft_real *plan)
{
    return (size_t)plan->n[0] * (size_t)plan->n[1] * (size_t)plan->n[2];
}

/* Of the half box, filled up so that what follows is aligned. */
static size_t half_box_size(const dft_fft_real *plan)
{
    return ((size_t)plan->n[0] * (size_t)plan->n[1] * plan->nh + 3) / 4 * 4;
}

size_t dft_fft_real_work_size(const dft_fft_real *plan)
{
    return half_box_size(plan) + plan->n_threads * plan->own * (sizeof(dft_lane_d) / sizeof(double complex));
}

/* In a parallel region of n_threads. */
static dft_lane_d *own_scratch(const dft_fft_real *plan, double complex *work)
{
    return (dft_lane_d *)(void *)(work + half_box_size(plan)) + (size_t)dft_thread_index() * plan->own;
}

static void real_fill(dft_fft_real *self, const int (*hkl)[3], char *row_used)
{
    const int *n = self->n;

    for (size_t g = 0; g < self->n_g; g++) {
        const int sign = hkl[g][2] < 0 ? -1 : 1;
        const size_t i1 = (size_t)wrap(sign * hkl[g][0], n[0]);
        const size_t i2 = (size_t)wrap(sign * hkl[g][1], n[1]);
        const size_t i3 = (size_t)(sign * hkl[g][2]);
        self->index[g] = (i1 * (size_t)n[1] + i2) * self->nh + i3;
        self->conjugate[g] = sign < 0;
        row_used[i2] = 1;
        if (i3 + 1 > self->m3)
            self->m3 = i3 + 1;
        if (i3 == 0 && (i1 || i2)) {
            const size_t j1 = (size_t)wrap(-hkl[g][0], n[0]), j2 = (size_t)wrap(-hkl[g][1], n[1]);
            self->mirror_g[self->n_mirror] = g;
            self->mirror_index[self->n_mirror++] = (j1 * (size_t)n[1] + j2) * self->nh;
            row_used[j2] = 1;
        }
    }
    for (size_t i2 = 0; i2 < (size_t)n[1]; i2++)
        if (row_used[i2])
            self->row[self->n_rows++] = i2;
}

/* One plan serves all planes: it may count on their alignment only where every plane has that of the first
 * (an odd number of doubles a plane takes it away from every second). */
static unsigned alignment_flag(const dft_fft_real *self, double complex *work, double *field)
{
    const size_t plane = (size_t)self->n[1] * self->nh, real_plane = (size_t)self->n[1] * (size_t)self->n[2];
    const int alike = fftw_alignment_of(field + real_plane) == fftw_alignment_of(field)
                   && fftw_alignment_of((double *)(work + plane)) == fftw_alignment_of((double *)work);

    return alike ? 0u : FFTW_UNALIGNED;
}

static dft_status real_plan(dft_fft_real *self, double complex *work, double *field, dft_error *err)
{
    const int *n = self->n;
    fftw_complex *data = (fftw_complex *)work;
    dft_status status = DFT_OK;

    for (int i = 0; status == DFT_OK && i < 2; i++)
        status = dft_line_fft_create(n[i], &self->line[i], err);
    if (status != DFT_OK)
        return status;
    const unsigned flags = FFTW_ESTIMATE | alignment_flag(self, work, field);
    self->axis3[0] = fftw_plan_many_dft_c2r(1, &n[2], n[1], data, NULL, 1, (int)self->nh, field, NULL, 1, n[2],
                                            flags);
    self->axis3[1] = fftw_plan_many_dft_r2c(1, &n[2], n[1], field, NULL, 1, n[2], data, NULL, 1, (int)self->nh,
                                            flags | FFTW_PRESERVE_INPUT);
    if (!self->axis3[0] || !self->axis3[1])
        return dft_fail(err, DFT_ENUMERIC, "FFTW has no plan for %dx%dx%d", n[0], n[1], n[2]);
    return DFT_OK;
}

dft_status dft_fft_real_create(const int n[3], size_t n_g, const int (*hkl)[3], dft_fft_real **out,
                               dft_error *err)
{
    const size_t points = (size_t)n[0] * (size_t)n[1] * (size_t)n[2];
    dft_fft_real *self = dft_alloc(1, sizeof *self);
    char *row_used = dft_alloc((size_t)n[1], 1);
    double complex *work = NULL;
    double *field = NULL;
    dft_status status = DFT_OK;

    *out = NULL;
    if (self) {
        *self = (dft_fft_real){ .n = { n[0], n[1], n[2] }, .nh = (size_t)n[2] / 2 + 1, .n_g = n_g,
                                .n_threads = (size_t)dft_threads_max(),
                                .own = 3 * (size_t)(n[0] > n[1] ? n[0] : n[1]),
                                .index = dft_alloc_sizes(n_g), .conjugate = dft_alloc(n_g, 1),
                                .mirror_g = dft_alloc_sizes(n_g),
                                .mirror_index = dft_alloc_sizes(n_g),
                                .row = dft_alloc_sizes((size_t)n[1]) };
        work = dft_alloc_complex(dft_fft_real_work_size(self));
        field = dft_alloc_doubles(points);
    }
    if (!self || !row_used || !work || !field || !self->index || !self->conjugate
        || !self->mirror_g || !self->mirror_index || !self->row) {
        status = dft_fail(err, DFT_ENOMEM, "FFT box %dx%dx%d: out of memory", n[0], n[1], n[2]);
        goto done;
    }
    real_fill(self, hkl, row_used);
    status = real_plan(self, work, field, err);
    if (status != DFT_OK)
        goto done;
    *out = self;
    self = NULL;
done:
    dft_fft_real_free(self);
    free(row_used);
    free(work);
    free(field);
    return status;
}

/* m3 neighbouring lines of n elements, `step` complex numbers from one element to the next.
 * scratch: 3 n lane elements. */
static void run_lines(const dft_fft_real *plan, int axis, int sign, double complex *first, size_t step,
                      dft_lane_d *scratch)
{
    const size_t n = (size_t)plan->n[axis];
    dft_lane_d *line = scratch + 2 * n;

    for (size_t i3 = 0; i3 < plan->m3; i3 += DFT_LANES_D) {
        const size_t count = plan->m3 - i3 < DFT_LANES_D ? plan->m3 - i3 : DFT_LANES_D;
        for (size_t j = 0; j < n; j++)
            load_lanes(first + j * step + i3, count, &line[j]);
        dft_line_fft_run_d(plan->line[axis], sign, line, 1, line, 1, scratch);
        for (size_t j = 0; j < n; j++)
            store_lanes(&line[j], count, first + j * step + i3);
    }
}

/* Along the first axis, rows that are occupied. */
static void real_axis1(const dft_fft_real *plan, int sign, double complex *work)
{
    const size_t step = (size_t)plan->n[1] * plan->nh;

    #pragma omp parallel for schedule(static) num_threads((int)plan->n_threads)
    for (size_t i = 0; i < plan->n_rows; i++)
        run_lines(plan, 0, sign, work + plan->row[i] * plan->nh, step, own_scratch(plan, work));
}

void dft_fft_real_to_real(const dft_fft_real *plan, const double complex *c, double *f,
                          double complex *work)
{
    const size_t plane = (size_t)plan->n[1] * plan->nh;
    const size_t real_plane = (size_t)plan->n[1] * (size_t)plan->n[2];

    memset(work, 0, half_box_size(plan) * sizeof *work);
    for (size_t g = 0; g < plan->n_g; g++)
        work[plan->index[g]] = plan->conjugate[g] ? conj(c[g]) : c[g];
    for (size_t i = 0; i < plan->n_mirror; i++)
        work[plan->mirror_index[i]] = conj(c[plan->mirror_g[i]]);
    real_axis1(plan, 1, work);
    #pragma omp parallel for schedule(static) num_threads((int)plan->n_threads)
    for (size_t i1 = 0; i1 < (size_t)plan->n[0]; i1++) {
        run_lines(plan, 1, 1, work + i1 * plane, plan->nh, own_scratch(plan, work));
        fftw_execute_dft_c2r(plan->axis3[0], (fftw_complex *)(work + i1 * plane), f + i1 * real_plane);
    }
}

void dft_fft_real_to_fourier(const dft_fft_real *plan, const double *f, double complex *c,
                             double complex *work)
{
    const size_t plane = (size_t)plan->n[1] * plan->nh;
    const size_t real_plane = (size_t)plan->n[1] * (size_t)plan->n[2];
    const double scale = 1.0 / (double)dft_fft_real_size(plan);

    #pragma omp parallel for schedule(static) num_threads((int)plan->n_threads)
    for (size_t i1 = 0; i1 < (size_t)plan->n[0]; i1++) {
        /* r2c out of place leaves its input alone (FFTW_PRESERVE_INPUT) */
        fftw_execute_dft_r2c(plan->axis3[1], (double *)(size_t)(f + i1 * real_plane),
                             (fftw_complex *)(work + i1 * plane));
        run_lines(plan, 1, -1, work + i1 * plane, plan->nh, own_scratch(plan, work));
    }
    real_axis1(plan, -1, work);
    for (size_t g = 0; g < plan->n_g; g++) {
        const double complex value = work[plan->index[g]] * scale;
        c[g] = plan->conjugate[g] ? conj(value) : value;
    }
}
