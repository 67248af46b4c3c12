#include "dft-lite/scf/screening.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/units.h"

#define MAX_STEPS 60
#define ACCURACY 1e-2                   /* relative; a preconditioner needs no more */

typedef struct {
    const dft_basis *basis;
    const double *ldos;
    double total;                       /* integral of ldos, states/Ha */
    double *v_r;                        /* [density grid] */
    double complex *work, *v_g;
} response;

static double root_coulomb(const dft_basis *basis, size_t ig)
{
    return ig == 0 ? 0.0 : sqrt(4.0 * DFT_PI / basis->g2[ig]);
}

/* out = -chi0 V for V given by v_g: D V - D <D V>/<D> on the grid, back to the sphere. */
static void apply_chi0(const response *self, const double complex *v_g, double complex *out)
{
    const size_t n_r = dft_fft_real_size(self->basis->coarse);
    const double dv = self->basis->volume / (double)n_r;
    double mean = 0.0;

    dft_fft_real_to_real(self->basis->coarse, v_g, self->v_r, self->work);
    for (size_t i = 0; i < n_r; i++)
        mean += self->ldos[i] * self->v_r[i];
    mean *= dv / self->total;
    for (size_t i = 0; i < n_r; i++)
        self->v_r[i] = self->ldos[i] * (self->v_r[i] - mean);
    dft_fft_real_to_fourier(self->basis->coarse, self->v_r, out, self->work);
    out[0] = 0.0;
}

/* A = 1 - sqrt(v) chi0 sqrt(v): symmetric, positive. */
static void apply(const response *self, const double complex *y, double complex *out)
{
    for (size_t ig = 0; ig < self->basis->n_g; ig++)
        self->v_g[ig] = root_coulomb(self->basis, ig) * y[ig];
    apply_chi0(self, self->v_g, out);
    for (size_t ig = 0; ig < self->basis->n_g; ig++)
        out[ig] = y[ig] + root_coulomb(self->basis, ig) * out[ig];
}

/* Conjugate gradients for A y = b, starting from b. */
static void solve(const response *self, double complex *y, double complex *r, double complex *p,
                  double complex *ap)
{
    const dft_basis *basis = self->basis;
    const size_t n = basis->n_g;
    const double target = ACCURACY * ACCURACY * dft_basis_inner(basis, n, y, y);

    apply(self, y, ap);
    for (size_t ig = 0; ig < n; ig++)
        p[ig] = r[ig] = y[ig] - ap[ig];
    double rr = dft_basis_inner(basis, n, r, r);
    for (int step = 0; step < MAX_STEPS && rr > target; step++) {
        apply(self, p, ap);
        const double alpha = rr / dft_basis_inner(basis, n, p, ap);
        for (size_t ig = 0; ig < n; ig++) {
            y[ig] += alpha * p[ig];
            r[ig] -= alpha * ap[ig];
        }
        const double next = dft_basis_inner(basis, n, r, r), beta = next / rr;
        rr = next;
        for (size_t ig = 0; ig < n; ig++)
            p[ig] = r[ig] + beta * p[ig];
    }
}

dft_status dft_screening_correction(const dft_basis *basis, const double *ldos,
                                    const double complex *charge, double complex *correction,
                                    dft_error *err)
{
    const size_t n_r = dft_fft_real_size(basis->coarse), n_g = basis->n_g;
    response self = { basis, ldos, 0.0, dft_alloc_doubles(n_r),
                      dft_alloc_complex(dft_fft_real_work_size(basis->coarse)),
                      dft_alloc_complex(n_g) };
    double complex *vectors = dft_alloc_complex(4 * n_g);
    dft_status status = DFT_OK;

    memset(correction, 0, n_g * sizeof *correction);
    if (!self.v_r || !self.work || !self.v_g || !vectors) {
        status = dft_fail(err, DFT_ENOMEM, "screening: out of memory");
        goto done;
    }
    for (size_t i = 0; i < n_r; i++)
        self.total += ldos[i] * basis->volume / (double)n_r;
    if (self.total < 1e-10)             /* no states at the Fermi level: nothing screens */
        goto done;
    double complex *y = vectors;
    for (size_t ig = 0; ig < n_g; ig++)
        y[ig] = root_coulomb(basis, ig) * charge[ig];
    solve(&self, y, vectors + n_g, vectors + 2 * n_g, vectors + 3 * n_g);
    for (size_t ig = 0; ig < n_g; ig++)
        self.v_g[ig] = root_coulomb(basis, ig) * y[ig];
    apply_chi0(&self, self.v_g, correction);
    for (size_t ig = 0; ig < n_g; ig++)
        correction[ig] = -correction[ig];
done:
    free(self.v_r);
    free(self.work);
    free(self.v_g);
    free(vectors);
    return status;
}
