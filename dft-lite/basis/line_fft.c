#include "dft-lite/basis/line_fft.h"

#include <math.h>
#include <stdlib.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/units.h"

#define MAX_STAGES 32
#define WEAK 24                     /* a stage of radix 2 moves as much as one of 8 and does a third of it */

struct dft_line_fft {
    int n, n_stages;
    int radix[MAX_STAGES];
    size_t first_twiddle[MAX_STAGES];
    double (*twiddle)[2];           /* owned: of each stage [m][radix - 1] exp(-2 pi i p k/(radix m)) */
};

#define REAL double
#define VECTOR dft_vector_d
#define LANE dft_lane_d
#define NAME(x) x##_d
#include "dft-lite/basis/line_fft_body.h"
#undef REAL
#undef VECTOR
#undef LANE
#undef NAME

#define REAL float
#define VECTOR dft_vector_s
#define LANE dft_lane_s
#define NAME(x) x##_s
#include "dft-lite/basis/line_fft_body.h"

/* The factors of n with the fewest stages, then the least arithmetic; best[0] = -1 when there are none. */
static void factorise(int n, int depth, int cost, int *trial, int *best_cost, int *best, int *n_best)
{
    static const int radices[] = { 8, 7, 6, 5, 4, 3, 2 };

    if (n == 1) {
        if (cost < *best_cost) {
            *best_cost = cost;
            *n_best = depth;
            for (int t = 0; t < depth; t++)
                best[t] = trial[t];
        }
        return;
    }
    for (size_t c = 0; c < sizeof radices / sizeof *radices && depth < MAX_STAGES; c++) {
        const int r = radices[c];
        if (n % r != 0 || (depth > 0 && r > trial[depth - 1]))
            continue;
        trial[depth] = r;
        factorise(n / r, depth + 1, cost + 100 + r + (r == 2 ? WEAK : 0), trial, best_cost, best, n_best);
    }
}

static size_t fill_twiddles(dft_line_fft *self, double (*twiddle)[2])
{
    size_t m = (size_t)self->n, count = 0;

    for (int t = 0; t < self->n_stages; t++) {
        const size_t r = (size_t)self->radix[t];
        self->first_twiddle[t] = count;
        m /= r;
        for (size_t p = 0; p < m; p++)
            for (size_t k = 1; k < r; k++, count++)
                if (twiddle) {
                    const double angle = -2.0 * DFT_PI * (double)((p * k) % (r * m)) / (double)(r * m);
                    twiddle[count][0] = cos(angle);
                    twiddle[count][1] = sin(angle);
                }
    }
    return count;
}

dft_status dft_line_fft_create(int n, dft_line_fft **out, dft_error *err)
{
    dft_line_fft *self = dft_alloc(1, sizeof *self);
    int trial[MAX_STAGES], best_cost = 1 << 30;

    *out = NULL;
    if (!self)
        return dft_fail(err, DFT_ENOMEM, "FFT of length %d: out of memory", n);
    self->n = n;
    if (n >= 1)
        factorise(n, 0, 0, trial, &best_cost, self->radix, &self->n_stages);
    if (best_cost == 1 << 30) {
        free(self);
        return dft_fail(err, DFT_EINPUT, "an FFT of length %d was asked for; lengths are products of 2, 3, "
                        "5 and 7", n);
    }
    self->twiddle = dft_alloc(fill_twiddles(self, NULL), sizeof *self->twiddle);
    if (!self->twiddle) {
        free(self);
        return dft_fail(err, DFT_ENOMEM, "FFT of length %d: out of memory", n);
    }
    fill_twiddles(self, self->twiddle);
    *out = self;
    return DFT_OK;
}

void dft_line_fft_free(dft_line_fft *plan)
{
    if (!plan)
        return;
    free(plan->twiddle);
    free(plan);
}
