#include "dft-lite/terms/grid_xc_stress.h"

#include <stdlib.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/blocks.h"

typedef struct {
    const dft_orbits *orbits;           /* borrowed */
    size_t n_r, n_spin;
    double *field_r;                    /* [n_r] */
    double *gradient[2][3];             /* [n_r] of each spin; without spin, of the density */
    double *rho[2], *v_rho[2];          /* [n_orbits] */
    double *sigma[3], *v_sigma[3];      /* [n_orbits]: up-up, up-down, down-down */
    double *exc;                        /* [n_orbits] */
    double *grid_block, *orbit_block;   /* owned: all of the above */
    double complex *density, *field;    /* owned, [n_g] */
    double complex *work;               /* owned, FFT workspace */
} fields;

static int fields_alloc(fields *f, const dft_basis *basis, const dft_orbits *orbits, size_t n_spin)
{
    const size_t n = dft_fft_real_size(basis->xc), n_o = orbits->n_orbits, n_sigma = 2 * n_spin - 1;

    *f = (fields){ .orbits = orbits, .n_r = n, .n_spin = n_spin,
                   .grid_block = dft_alloc_doubles((1 + 3 * n_spin) * n),
                   .orbit_block = dft_alloc_doubles((1 + 2 * n_spin + 2 * n_sigma) * n_o),
                   .density = dft_alloc_complex(basis->n_g), .field = dft_alloc_complex(basis->n_g),
                   .work = dft_alloc_complex(dft_fft_real_work_size(basis->xc)) };
    if (!f->grid_block || !f->orbit_block || !f->density || !f->field || !f->work)
        return 0;
    f->field_r = f->grid_block;
    f->exc = f->orbit_block;
    for (size_t s = 0; s < n_spin; s++) {
        for (size_t c = 0; c < 3; c++)
            f->gradient[s][c] = f->grid_block + (1 + 3 * s + c) * n;
        f->rho[s] = f->orbit_block + (1 + 2 * s) * n_o;
        f->v_rho[s] = f->orbit_block + (2 + 2 * s) * n_o;
    }
    for (size_t x = 0; x < n_sigma; x++) {
        f->sigma[x] = f->orbit_block + (1 + 2 * n_spin + 2 * x) * n_o;
        f->v_sigma[x] = f->orbit_block + (2 + 2 * n_spin + 2 * x) * n_o;
    }
    return 1;
}

static void fields_clear(fields *f)
{
    free(f->grid_block);
    free(f->orbit_block);
    free(f->density);
    free(f->field);
    free(f->work);
}

/* Density of spin s, (total +- magnetisation)/2, and for a GGA its gradient. */
static void transform_density(const dft_basis *basis, int gga, size_t s,
                              const double complex *rho_g, fields *f)
{
    const double sign = s == 0 ? 0.5 : -0.5;

    for (size_t ig = 0; ig < basis->n_g; ig++)
        f->density[ig] = f->n_spin == 1 ? rho_g[ig]
                                        : 0.5 * rho_g[ig] + sign * rho_g[basis->n_g + ig];
    dft_fft_real_to_real(basis->xc, f->density, f->field_r, f->work);
    for (size_t o = 0; o < f->orbits->n_orbits; o++)
        f->rho[s][o] = f->field_r[f->orbits->point[o]];
    for (int c = 0; gga && c < 3; c++) {
        for (size_t ig = 0; ig < basis->n_g; ig++)
            f->field[ig] = I * basis->g[ig][c] * f->density[ig];
        dft_fft_real_to_real(basis->xc, f->field, f->gradient[s][c], f->work);
    }
}

static void contract_gradients(fields *f)
{
    for (size_t a = 0; a < f->n_spin; a++)
        for (size_t b = a; b < f->n_spin; b++)
            for (size_t o = 0; o < f->orbits->n_orbits; o++) {
                const size_t i = f->orbits->point[o];
                for (int c = 0; c < 3; c++)
                    f->sigma[a + b][o] += f->gradient[a][c][i] * f->gradient[b][c][i];
            }
}

static void evaluate_range(const dft_xc *xc, int gga, size_t o, size_t n, fields *f)
{
    if (f->n_spin == 1) {
        dft_xc_eval(xc, n, f->rho[0] + o, gga ? f->sigma[0] + o : NULL, f->exc + o, f->v_rho[0] + o,
                    gga ? f->v_sigma[0] + o : NULL);
    } else {
        const double *const rho[2] = { f->rho[0] + o, f->rho[1] + o };
        const double *const sigma[3] = { f->sigma[0] + o, f->sigma[1] + o, f->sigma[2] + o };
        double *const v_rho[2] = { f->v_rho[0] + o, f->v_rho[1] + o };
        double *const v_sigma[3] = { f->v_sigma[0] + o, f->v_sigma[1] + o, f->v_sigma[2] + o };
        dft_xc_eval_spin(xc, n, rho, sigma, f->exc + o, v_rho, v_sigma);
    }
}

/* E - <v_rho, n> - <w, grad n>, per volume and point: one evaluation an orbit.
 * <w, grad n> = 2 (v_uu sigma_uu + v_ud sigma_ud + v_dd sigma_dd). */
static double isotropic_sum(const dft_xc *xc, int gga, fields *f)
{
    double partial[DFT_N_BLOCKS];

    #pragma omp parallel for schedule(dynamic)
    for (int b = 0; b < DFT_N_BLOCKS; b++) {
        const dft_range range = dft_block(f->orbits->n_orbits, b);
        evaluate_range(xc, gga, range.begin, range.end - range.begin, f);
        partial[b] = 0.0;
        for (size_t o = range.begin; o < range.end; o++) {
            double value = f->exc[o];
            for (size_t s = 0; s < f->n_spin; s++)
                value -= f->v_rho[s][o] * f->rho[s][o];
            for (size_t x = 0; gga && x < 2 * f->n_spin - 1; x++)
                value -= 2.0 * f->v_sigma[x][o] * f->sigma[x][o];
            partial[b] += f->orbits->size[o] * value;
        }
    }
    return dft_sum_in_order(partial, DFT_N_BLOCKS);
}

/* One point's w_a d_b n: 2 (v_uu u u + v_dd d d) + v_ud (u d + d u), u and d the two gradients. */
static void add_point(const fields *f, size_t i, double scale, double tensor[DFT_N_STRAIN])
{
    const size_t o = f->orbits->orbit[i];
    double g[2][3];

    for (size_t s = 0; s < f->n_spin; s++)
        for (int c = 0; c < 3; c++)
            g[s][c] = f->gradient[s][c][i];
    for (size_t a = 0; a < f->n_spin; a++)
        for (size_t b = a; b < f->n_spin; b++)
            dft_strain_add(2.0 * scale * f->v_sigma[a + b][o], g[a], g[b], tensor);
}

/* - sum over all points of w_a d_b n: a tensor turns from point to point of an orbit. */
static void add_gradient_tensor(const fields *f, double scale, double strain[DFT_N_STRAIN])
{
    double partial[DFT_N_BLOCKS][DFT_N_STRAIN] = { { 0.0 } };

    #pragma omp parallel for schedule(static)
    for (int b = 0; b < DFT_N_BLOCKS; b++) {
        const dft_range range = dft_block(f->n_r, b);
        for (size_t i = range.begin; i < range.end; i++)
            add_point(f, i, -scale, partial[b]);
    }
    for (int b = 0; b < DFT_N_BLOCKS; b++)
        for (int s = 0; s < DFT_N_STRAIN; s++)
            strain[s] += partial[b][s];
}

dft_status dft_grid_xc_add_strain(const dft_basis *basis, const dft_orbits *orbits,
                                  const dft_xc *xc, size_t n_spin, const double complex *rho_g,
                                  double strain[DFT_N_STRAIN], dft_error *err)
{
    const int gga = dft_xc_is_gga(xc);
    const double scale = basis->volume / (double)dft_fft_real_size(basis->xc);
    fields f = { 0 };
    dft_status status = DFT_OK;

    if (!fields_alloc(&f, basis, orbits, n_spin)) {
        status = dft_fail(err, DFT_ENOMEM, "exchange-correlation stress on %zu points: out of "
                          "memory", dft_fft_real_size(basis->xc));
        goto done;
    }
    for (size_t s = 0; s < n_spin; s++)
        transform_density(basis, gga, s, rho_g, &f);
    if (gga)
        contract_gradients(&f);
    dft_strain_add_isotropic(scale * isotropic_sum(xc, gga, &f), strain);
    if (gga)
        add_gradient_tensor(&f, scale, strain);
done:
    fields_clear(&f);
    return status;
}
