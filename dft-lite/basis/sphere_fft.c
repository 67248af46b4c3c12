#include "dft-lite/basis/sphere_fft.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/basis/line_fft.h"

struct dft_fft_box {
    int n[3];
    size_t row;                     /* lane elements from one plane of a slice to the next: odd, so that
                                       lines across the planes do not share cache sets */
    dft_line_fft *line[3];          /* owned */
};

struct dft_fft_sphere {
    const dft_fft_box *box;         /* borrowed */
    size_t n_g, n_columns, n_planes;
    size_t *member;                 /* owned, [n_g]: components, column by column */
    size_t *z;                      /* owned, [n_g]: i3 of each of those */
    size_t *start;                  /* owned, [n_columns + 1]: first member of a column */
    size_t *column;                 /* owned, [n_columns]: its place in a slice, i1 row + i2 */
    size_t *plane;                  /* owned, [n_planes]: occupied i1, ascending */
};

struct dft_fft_work {
    void *columns, *plane, *line, *scratch;         /* owned */
};

/* One stage of a transposition in registers: of rows a and b, `h` apart, the off-diagonal blocks change
 * places.  Applied for h = LANES/2 ... 1 to all rows. */
#define LOW_8(h, l)  (((l) & (h)) ? 8 + (l) - (h) : (l))
#define HIGH_8(h, l) (((l) & (h)) ? 8 + (l) : (l) + (h))
#define SWAP_8(h, a, b) do {                                                                        \
        const dft_vector_d p_ = (a), q_ = (b);                                                      \
        (a) = __builtin_shufflevector(p_, q_, LOW_8(h, 0), LOW_8(h, 1), LOW_8(h, 2), LOW_8(h, 3),   \
                                      LOW_8(h, 4), LOW_8(h, 5), LOW_8(h, 6), LOW_8(h, 7));          \
        (b) = __builtin_shufflevector(p_, q_, HIGH_8(h, 0), HIGH_8(h, 1), HIGH_8(h, 2),             \
                                      HIGH_8(h, 3), HIGH_8(h, 4), HIGH_8(h, 5), HIGH_8(h, 6),       \
                                      HIGH_8(h, 7));                                                \
    } while (0)
#define LOW_16(h, l)  (((l) & (h)) ? 16 + (l) - (h) : (l))
#define HIGH_16(h, l) (((l) & (h)) ? 16 + (l) : (l) + (h))
#define SWAP_16(h, a, b) do {                                                                       \
        const dft_vector_s p_ = (a), q_ = (b);                                                      \
        (a) = __builtin_shufflevector(p_, q_, LOW_16(h, 0), LOW_16(h, 1), LOW_16(h, 2),             \
                                      LOW_16(h, 3), LOW_16(h, 4), LOW_16(h, 5), LOW_16(h, 6),       \
                                      LOW_16(h, 7), LOW_16(h, 8), LOW_16(h, 9), LOW_16(h, 10),      \
                                      LOW_16(h, 11), LOW_16(h, 12), LOW_16(h, 13), LOW_16(h, 14),   \
                                      LOW_16(h, 15));                                               \
        (b) = __builtin_shufflevector(p_, q_, HIGH_16(h, 0), HIGH_16(h, 1), HIGH_16(h, 2),          \
                                      HIGH_16(h, 3), HIGH_16(h, 4), HIGH_16(h, 5), HIGH_16(h, 6),   \
                                      HIGH_16(h, 7), HIGH_16(h, 8), HIGH_16(h, 9), HIGH_16(h, 10),  \
                                      HIGH_16(h, 11), HIGH_16(h, 12), HIGH_16(h, 13),               \
                                      HIGH_16(h, 14), HIGH_16(h, 15));                              \
    } while (0)
#define SWAP_STAGE(swap, n, h, rows) do {                                                           \
        for (size_t i_ = 0; i_ < (n); i_++)                                                         \
            if (!(i_ & (h)))                                                                        \
                swap(h, (rows)[i_], (rows)[i_ + (h)]);                                              \
    } while (0)
#define STAGES_8(rows) do {                                                                         \
        SWAP_STAGE(SWAP_8, 8, 4, rows);                                                             \
        SWAP_STAGE(SWAP_8, 8, 2, rows);                                                             \
        SWAP_STAGE(SWAP_8, 8, 1, rows);                                                             \
    } while (0)
#define STAGES_16(rows) do {                                                                        \
        SWAP_STAGE(SWAP_16, 16, 8, rows);                                                           \
        SWAP_STAGE(SWAP_16, 16, 4, rows);                                                           \
        SWAP_STAGE(SWAP_16, 16, 2, rows);                                                           \
        SWAP_STAGE(SWAP_16, 16, 1, rows);                                                           \
    } while (0)

static inline double real_part_d(double complex c)          { return creal(c); }
static inline double imaginary_part_d(double complex c)     { return cimag(c); }
static inline float real_part_s(float complex c)            { return crealf(c); }
static inline float imaginary_part_s(float complex c)       { return cimagf(c); }

#define REAL double
#define VECTOR dft_vector_d
#define LANE dft_lane_d
#define LANES DFT_LANES_D
#define SHUFFLE_STAGES STAGES_8
#define NAME(x) x##_d
#include "dft-lite/basis/sphere_fft_body.h"
#undef REAL
#undef VECTOR
#undef LANE
#undef LANES
#undef SHUFFLE_STAGES
#undef NAME

#define REAL float
#define VECTOR dft_vector_s
#define LANE dft_lane_s
#define LANES DFT_LANES_S
#define SHUFFLE_STAGES STAGES_16
#define NAME(x) x##_s
#include "dft-lite/basis/sphere_fft_body.h"

void dft_fft_field_to_grid_d(const dft_fft_box *box, const double *field, double *grid)
{
    const size_t n1 = (size_t)box->n[0], n2 = (size_t)box->n[1], n3 = (size_t)box->n[2];

    for (size_t i1 = 0; i1 < n1; i1++)
        for (size_t i2 = 0; i2 < n2; i2++)
            for (size_t i3 = 0; i3 < n3; i3++)
                grid[(i1 * n2 + i2) * n3 + i3] = field[field_index_d(box, i1, i2, i3)];
}

void dft_fft_add_density(const dft_fft_sphere *sphere, const double complex *c, double scale,
                         double *field, double other_scale, double *other_field, dft_fft_work *work)
{
    const dft_fft_box *box = sphere->box;
    const size_t n1 = (size_t)box->n[0], n2 = (size_t)box->n[1];
    dft_lane_d *columns = work->columns, *plane = work->plane, *line = work->line, *scratch = work->scratch;
    dft_vector_d *rho = (dft_vector_d *)(void *)field, *other = (dft_vector_d *)(void *)other_field;

    columns_to_real_d(sphere, c, columns, scratch);
    clear_other_planes_d(sphere, plane);
    for (size_t slice = 0; slice < slices_d(box); slice++) {
        fill_slice_d(sphere, columns, slice, plane);
        transform_rows_d(sphere, 1, plane, scratch);
        for (size_t i2 = 0; i2 < n2; i2++) {
            const size_t first = (slice * n2 + i2) * n1;
            dft_line_fft_run_d(box->line[0], 1, plane + i2, box->row, line, 1, scratch);
            for (size_t i1 = 0; i1 < n1; i1++) {
                const dft_vector_d square = line[i1].part[0] * line[i1].part[0]
                                          + line[i1].part[1] * line[i1].part[1];
                rho[first + i1] += scale * square;
                if (other)
                    other[first + i1] += other_scale * square;
            }
        }
    }
}

/* ---- making and freeing --------------------------------------------------------------------- */

void dft_fft_box_free(dft_fft_box *box)
{
    if (!box)
        return;
    for (int i = 0; i < 3; i++)
        dft_line_fft_free(box->line[i]);
    free(box);
}

size_t dft_fft_box_size(const dft_fft_box *box)
{
    return (size_t)box->n[0] * (size_t)box->n[1] * (size_t)box->n[2];
}

dft_status dft_fft_box_create(const int n[3], dft_fft_box **out, dft_error *err)
{
    dft_fft_box *self = dft_alloc(1, sizeof *self);
    dft_status status = DFT_OK;

    *out = NULL;
    if (!self)
        return dft_fail(err, DFT_ENOMEM, "FFT box %dx%dx%d: out of memory", n[0], n[1], n[2]);
    memcpy(self->n, n, sizeof self->n);
    self->row = (size_t)n[1] | 1;
    for (int i = 0; status == DFT_OK && i < 3; i++)
        status = dft_line_fft_create(n[i], &self->line[i], err);
    if (status != DFT_OK) {
        dft_fft_box_free(self);
        return status;
    }
    *out = self;
    return DFT_OK;
}

void dft_fft_sphere_free(dft_fft_sphere *sphere)
{
    if (!sphere)
        return;
    free(sphere->member);
    free(sphere->z);
    free(sphere->start);
    free(sphere->column);
    free(sphere->plane);
    free(sphere);
}

double dft_fft_sphere_flops(const dft_fft_sphere *sphere)
{
    const double n1 = sphere->box->n[0], n2 = sphere->box->n[1], n3 = sphere->box->n[2];

    return 5.0 * ((double)sphere->n_columns * n3 * log2(n3) + (double)sphere->n_planes * n3 * n2 * log2(n2)
                  + n2 * n3 * n1 * log2(n1));
}

static int wrap(int h, int n) { return ((h % n) + n) % n; }

/* Sorts the components by column: counting, then placing.  size: [n1 n2 + 1], zero. */
static void sphere_fill(dft_fft_sphere *self, const int (*hkl)[3], size_t *size)
{
    const int *n = self->box->n;
    const size_t n1 = (size_t)n[0], n2 = (size_t)n[1];

    for (size_t g = 0; g < self->n_g; g++)
        size[(size_t)wrap(hkl[g][0], n[0]) * n2 + (size_t)wrap(hkl[g][1], n[1])]++;
    for (size_t i1 = 0; i1 < n1; i1++) {
        const size_t before = self->n_columns;
        for (size_t i2 = 0; i2 < n2; i2++) {
            const size_t count = size[i1 * n2 + i2];
            if (count == 0)
                continue;
            self->column[self->n_columns] = i1 * self->box->row + i2;
            size[i1 * n2 + i2] = self->start[self->n_columns];          /* from here on: the next place */
            self->start[self->n_columns + 1] = self->start[self->n_columns] + count;
            self->n_columns++;
        }
        if (self->n_columns > before)
            self->plane[self->n_planes++] = i1;
    }
    for (size_t g = 0; g < self->n_g; g++) {
        const size_t place
            = size[(size_t)wrap(hkl[g][0], n[0]) * n2 + (size_t)wrap(hkl[g][1], n[1])]++;
        self->member[place] = g;
        self->z[place] = (size_t)wrap(hkl[g][2], n[2]);
    }
}

dft_status dft_fft_sphere_create(const dft_fft_box *box, size_t n_g, const int (*hkl)[3],
                                 dft_fft_sphere **out, dft_error *err)
{
    const size_t n_lines = (size_t)box->n[0] * (size_t)box->n[1];
    dft_fft_sphere *self = dft_alloc(1, sizeof *self);
    size_t *size = dft_alloc_sizes(n_lines + 1);

    *out = NULL;
    if (self)
        *self = (dft_fft_sphere){ .box = box, .n_g = n_g, .member = dft_alloc_sizes(n_g),
                                  .z = dft_alloc_sizes(n_g), .start = dft_alloc_sizes(n_lines + 1),
                                  .column = dft_alloc_sizes(n_lines),
                                  .plane = dft_alloc_sizes((size_t)box->n[0]) };
    if (!self || !size || !self->member || !self->z || !self->start || !self->column || !self->plane) {
        dft_fft_sphere_free(self);
        free(size);
        return dft_fail(err, DFT_ENOMEM, "FFT sphere of %zu plane waves: out of memory", n_g);
    }
    sphere_fill(self, hkl, size);
    free(size);
    *out = self;
    return DFT_OK;
}

void dft_fft_work_free(dft_fft_work *work)
{
    if (!work)
        return;
    free(work->columns);
    free(work->plane);
    free(work->line);
    free(work->scratch);
    free(work);
}

/* Lane elements are as large in either precision, and there are never more of single ones. */
dft_status dft_fft_work_create(const dft_fft_box *box, dft_fft_work **out, dft_error *err)
{
    const size_t n1 = (size_t)box->n[0], n2 = (size_t)box->n[1], n3 = (size_t)box->n[2];
    const size_t longest = n1 > n2 ? (n1 > n3 ? n1 : n3) : n2 > n3 ? n2 : n3;
    const size_t groups = (n1 * n2 + DFT_LANES_D - 1) / DFT_LANES_D, padded = n3 + DFT_LANES_S;
    dft_fft_work *self = dft_alloc(1, sizeof *self);

    *out = NULL;
    if (self)
        *self = (dft_fft_work){ dft_alloc(groups * padded, sizeof(dft_lane_d)),
                                dft_alloc(n1 * box->row, sizeof(dft_lane_d)),
                                dft_alloc(longest, sizeof(dft_lane_d)),
                                dft_alloc(2 * longest, sizeof(dft_lane_d)) };
    if (!self || !self->columns || !self->plane || !self->line || !self->scratch) {
        dft_fft_work_free(self);
        return dft_fail(err, DFT_ENOMEM, "FFT box %dx%dx%d: out of memory", box->n[0], box->n[1], box->n[2]);
    }
    *out = self;
    return DFT_OK;
}
