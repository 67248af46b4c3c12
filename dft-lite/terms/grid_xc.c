#include "dft-lite/terms/grid_xc.h"

#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/blocks.h"

typedef struct {
    size_t n_r, n_g;
    double *field_r, *gradient[3];      /* [n_r] each, in one block */
    double *rho, *sigma, *exc, *v_rho, *v_sigma;    /* [n_orbits] each, in one block */
    double *grid_block, *orbit_block;
    double complex *field;              /* [n_g] */
    double complex *work;               /* FFT workspace */
} fields;

static int fields_alloc(fields *f, const dft_basis *basis, size_t n_orbits)
{
    const size_t n = dft_fft_real_size(basis->xc);

    f->n_r = n;
    f->n_g = basis->n_g;
    f->grid_block = dft_alloc_doubles(4 * n);
    f->orbit_block = dft_alloc_doubles(5 * n_orbits);
    f->field = dft_alloc_complex(basis->n_g);
    f->work = dft_alloc_complex(dft_fft_real_work_size(basis->xc));
    if (!f->grid_block || !f->orbit_block || !f->field || !f->work)
        return 0;
    f->field_r = f->grid_block;
    for (int c = 0; c < 3; c++)
        f->gradient[c] = f->grid_block + (size_t)(1 + c) * n;
    f->rho = f->orbit_block;
    f->sigma = f->orbit_block + n_orbits;
    f->exc = f->orbit_block + 2 * n_orbits;
    f->v_rho = f->orbit_block + 3 * n_orbits;
    f->v_sigma = f->orbit_block + 4 * n_orbits;
    return 1;
}

static void compute_gradient(const dft_basis *basis, const dft_orbits *orbits,
                             const double complex *rho_g, fields *f)
{
    for (int c = 0; c < 3; c++) {
        for (size_t ig = 0; ig < f->n_g; ig++)
            f->field[ig] = I * basis->g[ig][c] * rho_g[ig];
        dft_fft_real_to_real(basis->xc, f->field, f->gradient[c], f->work);
    }
    for (size_t o = 0; o < orbits->n_orbits; o++) {
        const size_t i = orbits->point[o];
        f->sigma[o] = f->gradient[0][i] * f->gradient[0][i] + f->gradient[1][i] * f->gradient[1][i]
                    + f->gradient[2][i] * f->gradient[2][i];
    }
}

static void add_gradient_potential(const dft_basis *basis, const dft_orbits *orbits, fields *f,
                                   double complex *v_g)
{
    for (int c = 0; c < 3; c++) {
        #pragma omp parallel for schedule(static)
        for (size_t i = 0; i < f->n_r; i++)
            f->gradient[c][i] *= 2.0 * f->v_sigma[orbits->orbit[i]];
        dft_fft_real_to_fourier(basis->xc, f->gradient[c], f->field, f->work);
        for (size_t ig = 0; ig < f->n_g; ig++)
            v_g[ig] -= I * basis->g[ig][c] * f->field[ig];
    }
}

/* Energy density summed over the whole grid, Ha/bohr^3 times points. */
static double evaluate(const dft_xc *xc, int gga, const dft_orbits *orbits, fields *f)
{
    double partial[DFT_N_BLOCKS];

    #pragma omp parallel for schedule(dynamic)
    for (int b = 0; b < DFT_N_BLOCKS; b++) {
        const dft_range range = dft_block(orbits->n_orbits, b);
        const size_t o0 = range.begin, n = range.end - range.begin;
        dft_xc_eval(xc, n, f->rho + o0, gga ? f->sigma + o0 : NULL, f->exc + o0, f->v_rho + o0,
                    gga ? f->v_sigma + o0 : NULL);
        partial[b] = 0.0;
        for (size_t o = range.begin; o < range.end; o++)
            partial[b] += f->exc[o] * orbits->size[o];
    }
    return dft_sum_in_order(partial, DFT_N_BLOCKS);
}

dft_status dft_grid_xc_add(const dft_basis *basis, const dft_orbits *orbits, const dft_xc *xc,
                           const double complex *rho_g, double *energy, double complex *v_g,
                           dft_error *err)
{
    const int gga = dft_xc_is_gga(xc);
    fields f = { 0 };
    dft_status status = DFT_OK;

    if (!fields_alloc(&f, basis, orbits->n_orbits)) {
        status = dft_fail(err, DFT_ENOMEM, "exchange-correlation grid of %zu points: out of memory",
                          dft_fft_real_size(basis->xc));
        goto done;
    }
    dft_fft_real_to_real(basis->xc, rho_g, f.field_r, f.work);
    for (size_t o = 0; o < orbits->n_orbits; o++)
        f.rho[o] = f.field_r[orbits->point[o]];
    if (gga)
        compute_gradient(basis, orbits, rho_g, &f);
    *energy = evaluate(xc, gga, orbits, &f) * basis->volume / (double)f.n_r;
    for (size_t i = 0; i < f.n_r; i++)
        f.field_r[i] = f.v_rho[orbits->orbit[i]];
    dft_fft_real_to_fourier(basis->xc, f.field_r, f.field, f.work);
    for (size_t ig = 0; ig < f.n_g; ig++)
        v_g[ig] += f.field[ig];
    if (gga)
        add_gradient_potential(basis, orbits, &f, v_g);
done:
    free(f.grid_block);
    free(f.orbit_block);
    free(f.field);
    free(f.work);
    return status;
}
