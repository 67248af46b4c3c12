#include "dft-lite/terms/grid_xc_stress.h"

#include <stdlib.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/blocks.h"

typedef struct {
    const dft_orbits *orbits;           /* borrowed */
    double *rho, *gradient[3];          /* [n_r] */
    double *value, *sigma, *exc, *v_rho, *v_sigma;      /* [n_orbits] */
    double *grid_block, *orbit_block;   /* owned: all of the above */
    double complex *field, *work;       /* owned: [n_g], FFT workspace */
} fields;

static int fields_alloc(fields *f, const dft_basis *basis, const dft_orbits *orbits)
{
    const size_t n = dft_fft_real_size(basis->xc), n_o = orbits->n_orbits;

    *f = (fields){ .orbits = orbits, .grid_block = dft_alloc_doubles(4 * n),
                   .orbit_block = dft_alloc_doubles(5 * n_o),
                   .field = dft_alloc_complex(basis->n_g),
                   .work = dft_alloc_complex(dft_fft_real_work_size(basis->xc)) };
    if (!f->grid_block || !f->orbit_block || !f->field || !f->work)
        return 0;
    f->rho = f->grid_block;
    for (size_t c = 0; c < 3; c++)
        f->gradient[c] = f->grid_block + (1 + c) * n;
    f->value = f->orbit_block;
    f->sigma = f->orbit_block + n_o;
    f->exc = f->orbit_block + 2 * n_o;
    f->v_rho = f->orbit_block + 3 * n_o;
    f->v_sigma = f->orbit_block + 4 * n_o;
    return 1;
}

static void fields_clear(fields *f)
{
    free(f->grid_block);
    free(f->orbit_block);
    free(f->field);
    free(f->work);
}

static void transform_density(const dft_basis *basis, int gga, const double complex *rho_g, fields *f)
{
    dft_fft_real_to_real(basis->xc, rho_g, f->rho, f->work);
    for (int c = 0; gga && c < 3; c++) {
        for (size_t ig = 0; ig < basis->n_g; ig++)
            f->field[ig] = I * basis->g[ig][c] * rho_g[ig];
        dft_fft_real_to_real(basis->xc, f->field, f->gradient[c], f->work);
    }
    for (size_t o = 0; o < f->orbits->n_orbits; o++) {
        const size_t i = f->orbits->point[o];
        f->value[o] = f->rho[i];
        for (int c = 0; gga && c < 3; c++)
            f->sigma[o] += f->gradient[c][i] * f->gradient[c][i];
    }
}

/* E - <v_rho, n> - <w, grad n>, per volume and point: one evaluation an orbit. */
static double isotropic_sum(const dft_xc *xc, int gga, fields *f)
{
    double partial[DFT_N_BLOCKS];

    #pragma omp parallel for schedule(dynamic)
    for (int b = 0; b < DFT_N_BLOCKS; b++) {
        const dft_range range = dft_block(f->orbits->n_orbits, b);
        const size_t o0 = range.begin;
        dft_xc_eval(xc, range.end - o0, f->value + o0, gga ? f->sigma + o0 : NULL, f->exc + o0,
                    f->v_rho + o0, gga ? f->v_sigma + o0 : NULL);
        partial[b] = 0.0;
        for (size_t o = o0; o < range.end; o++)
            partial[b] += f->orbits->size[o] * (f->exc[o] - f->v_rho[o] * f->value[o]
                                                - (gga ? 2.0 * f->v_sigma[o] * f->sigma[o] : 0.0));
    }
    return dft_sum_in_order(partial, DFT_N_BLOCKS);
}

/* - sum over all points of w_a d_b n: a tensor turns from point to point of an orbit. */
static void add_gradient_tensor(const dft_basis *basis, double scale, const fields *f,
                                double strain[DFT_N_STRAIN])
{
    double partial[DFT_N_BLOCKS][DFT_N_STRAIN] = { { 0.0 } };

    #pragma omp parallel for schedule(static)
    for (int b = 0; b < DFT_N_BLOCKS; b++) {
        const dft_range range = dft_block(dft_fft_real_size(basis->xc), b);
        for (size_t i = range.begin; i < range.end; i++) {
            const double g[3] = { f->gradient[0][i], f->gradient[1][i], f->gradient[2][i] };
            dft_strain_add(-2.0 * scale * f->v_sigma[f->orbits->orbit[i]], g, g, partial[b]);
        }
    }
    for (int b = 0; b < DFT_N_BLOCKS; b++)
        for (int s = 0; s < DFT_N_STRAIN; s++)
            strain[s] += partial[b][s];
}

dft_status dft_grid_xc_add_strain(const dft_basis *basis, const dft_orbits *orbits, const dft_xc *xc,
                                  const double complex *rho_g, double strain[DFT_N_STRAIN],
                                  dft_error *err)
{
    const int gga = dft_xc_is_gga(xc);
    const double scale = basis->volume / (double)dft_fft_real_size(basis->xc);
    fields f = { 0 };
    dft_status status = DFT_OK;

    if (!fields_alloc(&f, basis, orbits)) {
        status = dft_fail(err, DFT_ENOMEM, "exchange-correlation stress on %zu points: out of memory",
                          dft_fft_real_size(basis->xc));
        goto done;
    }
    transform_density(basis, gga, rho_g, &f);
    dft_strain_add_isotropic(scale * isotropic_sum(xc, gga, &f), strain);
    if (gga)
        add_gradient_tensor(basis, scale, &f, strain);
done:
    fields_clear(&f);
    return status;
}
