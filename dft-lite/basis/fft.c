#include "dft-lite/basis/fft.h"

#include <stdlib.h>
#include <string.h>

#include <fftw3.h>

#include "dft-lite/base/alloc.h"

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

/* n transforms of length len: element stride `stride`, next transform `dist` further on. */
static fftw_plan plan_many(int len, size_t count, size_t stride, size_t dist, int sign,
                           unsigned effort, fftw_complex *scratch)
{
    return fftw_plan_many_dft(1, &len, (int)count, scratch, NULL, (int)stride, (int)dist, scratch,
                              NULL, (int)stride, (int)dist, sign, effort);
}

static void destroy_pair(fftw_plan pair[2])
{
    for (int d = 0; d < 2; d++)
        if (pair[d])
            fftw_destroy_plan(pair[d]);
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
    fftw_plan axis1[2];             /* m3 columns of one i2 row */
    fftw_plan axis2[2];             /* m3 columns of one i1 plane */
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
    destroy_pair(plan->axis1);
    destroy_pair(plan->axis2);
    destroy_pair(plan->axis3);
    free(plan);
}

size_t dft_fft_real_size(const dft_fft_real *plan)
{
    return (size_t)plan->n[0] * (size_t)plan->n[1] * (size_t)plan->n[2];
}

size_t dft_fft_real_work_size(const dft_fft_real *plan)
{
    return (size_t)plan->n[0] * (size_t)plan->n[1] * plan->nh;
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

static int real_plan(dft_fft_real *self, double complex *work, double *field)
{
    const size_t nh = self->nh, n2 = (size_t)self->n[1];
    fftw_complex *data = (fftw_complex *)work;

    for (int d = 0; d < 2; d++) {
        const int sign = d == 0 ? FFTW_BACKWARD : FFTW_FORWARD;
        self->axis1[d] = plan_many(self->n[0], self->m3, n2 * nh, 1, sign, FFTW_ESTIMATE, data);
        self->axis2[d] = plan_many(self->n[1], self->m3, nh, 1, sign, FFTW_ESTIMATE, data);
    }
    self->axis3[0] = fftw_plan_many_dft_c2r(1, &self->n[2], self->n[1], data, NULL, 1, (int)nh, field,
                                            NULL, 1, self->n[2], FFTW_ESTIMATE);
    self->axis3[1] = fftw_plan_many_dft_r2c(1, &self->n[2], self->n[1], field, NULL, 1, self->n[2],
                                            data, NULL, 1, (int)nh, FFTW_ESTIMATE | FFTW_PRESERVE_INPUT);
    for (int d = 0; d < 2; d++)
        if (!self->axis1[d] || !self->axis2[d] || !self->axis3[d])
            return 0;
    return 1;
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
    if (!real_plan(self, work, field)) {
        status = dft_fail(err, DFT_ENUMERIC, "FFTW has no plan for %dx%dx%d", n[0], n[1], n[2]);
        goto done;
    }
    *out = self;
    self = NULL;
done:
    dft_fft_real_free(self);
    free(row_used);
    free(work);
    free(field);
    return status;
}

static void real_axis1(const dft_fft_real *plan, int direction, double complex *work)
{
    #pragma omp parallel for schedule(static)
    for (size_t i = 0; i < plan->n_rows; i++) {
        fftw_complex *row = (fftw_complex *)(work + plan->row[i] * plan->nh);
        fftw_execute_dft(plan->axis1[direction], row, row);
    }
}

void dft_fft_real_to_real(const dft_fft_real *plan, const double complex *c, double *f,
                          double complex *work)
{
    const size_t plane = (size_t)plan->n[1] * plan->nh;
    const size_t real_plane = (size_t)plan->n[1] * (size_t)plan->n[2];

    memset(work, 0, dft_fft_real_work_size(plan) * sizeof *work);
    for (size_t g = 0; g < plan->n_g; g++)
        work[plan->index[g]] = plan->conjugate[g] ? conj(c[g]) : c[g];
    for (size_t i = 0; i < plan->n_mirror; i++)
        work[plan->mirror_index[i]] = conj(c[plan->mirror_g[i]]);
    real_axis1(plan, 0, work);
    #pragma omp parallel for schedule(static)
    for (size_t i1 = 0; i1 < (size_t)plan->n[0]; i1++) {
        fftw_complex *data = (fftw_complex *)(work + i1 * plane);
        fftw_execute_dft(plan->axis2[0], data, data);
        fftw_execute_dft_c2r(plan->axis3[0], data, f + i1 * real_plane);
    }
}

void dft_fft_real_to_fourier(const dft_fft_real *plan, const double *f, double complex *c,
                             double complex *work)
{
    const size_t plane = (size_t)plan->n[1] * plan->nh;
    const size_t real_plane = (size_t)plan->n[1] * (size_t)plan->n[2];
    const double scale = 1.0 / (double)dft_fft_real_size(plan);

    #pragma omp parallel for schedule(static)
    for (size_t i1 = 0; i1 < (size_t)plan->n[0]; i1++) {
        fftw_complex *data = (fftw_complex *)(work + i1 * plane);
        /* r2c out of place leaves its input alone (FFTW_PRESERVE_INPUT) */
        fftw_execute_dft_r2c(plan->axis3[1], (double *)(size_t)(f + i1 * real_plane), data);
        fftw_execute_dft(plan->axis2[1], data, data);
    }
    real_axis1(plan, 1, work);
    for (size_t g = 0; g < plan->n_g; g++) {
        const double complex value = work[plan->index[g]] * scale;
        c[g] = plan->conjugate[g] ? conj(value) : value;
    }
}
