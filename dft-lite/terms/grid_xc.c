#include "dft-lite/terms/grid_xc.h"

#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/blocks.h"

typedef struct {
    size_t n_r, n_g;
    double *rho, *gradient[3], *sigma, *exc, *v_rho, *v_sigma;  /* [n_r] each, in one block */
    double *block;
    double complex *field;              /* [n_g] */
    double complex *work;               /* FFT workspace */
} fields;

static int fields_alloc(fields *f, const dft_basis *basis)
{
    const size_t n = dft_fft_real_size(basis->xc);

    f->n_r = n;
    f->n_g = basis->n_g;
    f->block = dft_alloc_doubles(8 * n);
    f->field = dft_alloc_complex(basis->n_g);
    f->work = dft_alloc_complex(dft_fft_real_work_size(basis->xc));
    if (!f->block || !f->field || !f->work)
        return 0;
    f->rho = f->block;
    for (int c = 0; c < 3; c++)
        f->gradient[c] = f->block + (size_t)(1 + c) * n;
    f->sigma = f->block + 4 * n;
    f->exc = f->block + 5 * n;
    f->v_rho = f->block + 6 * n;
    f->v_sigma = f->block + 7 * n;
    return 1;
}

static void compute_gradient(const dft_basis *basis, const double complex *rho_g, fields *f)
{
    for (int c = 0; c < 3; c++) {
        for (size_t ig = 0; ig < f->n_g; ig++)
            f->field[ig] = I * basis->g[ig][c] * rho_g[ig];
        dft_fft_real_to_real(basis->xc, f->field, f->gradient[c], f->work);
    }
    #pragma omp parallel for schedule(static)
    for (size_t i = 0; i < f->n_r; i++)
        f->sigma[i] = f->gradient[0][i] * f->gradient[0][i] + f->gradient[1][i] * f->gradient[1][i]
                    + f->gradient[2][i] * f->gradient[2][i];
}

static void add_gradient_potential(const dft_basis *basis, fields *f, double complex *v_g)
{
    for (int c = 0; c < 3; c++) {
        #pragma omp parallel for schedule(static)
        for (size_t i = 0; i < f->n_r; i++)
            f->gradient[c][i] *= 2.0 * f->v_sigma[i];
        dft_fft_real_to_fourier(basis->xc, f->gradient[c], f->field, f->work);
        for (size_t ig = 0; ig < f->n_g; ig++)
            v_g[ig] -= I * basis->g[ig][c] * f->field[ig];
    }
}

static double evaluate(const dft_xc *xc, int gga, fields *f)
{
    double partial[DFT_N_BLOCKS];

    #pragma omp parallel for schedule(dynamic)
    for (int b = 0; b < DFT_N_BLOCKS; b++) {
        const dft_range range = dft_block(f->n_r, b);
        const size_t i0 = range.begin, n = range.end - range.begin;
        dft_xc_eval(xc, n, f->rho + i0, gga ? f->sigma + i0 : NULL, f->exc + i0, f->v_rho + i0,
                    gga ? f->v_sigma + i0 : NULL);
        partial[b] = 0.0;
        for (size_t i = range.begin; i < range.end; i++)
            partial[b] += f->exc[i];
    }
    return dft_sum_in_order(partial, DFT_N_BLOCKS);
}

dft_status dft_grid_xc_add(const dft_basis *basis, const dft_xc *xc, const double complex *rho_g,
                           double *energy, double complex *v_g, dft_error *err)
{
    const int gga = dft_xc_is_gga(xc);
    fields f = { 0 };
    dft_status status = DFT_OK;

    if (!fields_alloc(&f, basis)) {
        status = dft_fail(err, DFT_ENOMEM, "exchange-correlation grid of %zu points: out of memory",
                          dft_fft_real_size(basis->xc));
        goto done;
    }
    dft_fft_real_to_real(basis->xc, rho_g, f.rho, f.work);
    if (gga)
        compute_gradient(basis, rho_g, &f);
    *energy = evaluate(xc, gga, &f) * basis->volume / (double)f.n_r;
    dft_fft_real_to_fourier(basis->xc, f.v_rho, f.field, f.work);
    for (size_t ig = 0; ig < f.n_g; ig++)
        v_g[ig] += f.field[ig];
    if (gga)
        add_gradient_potential(basis, &f, v_g);
done:
    free(f.block);
    free(f.field);
    free(f.work);
    return status;
}
