#include "dft-lite/terms/grid_xc.h"

#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/blocks.h"

typedef struct {                        /* one spin's fields; without spin, the density's */
    double *gradient[3];                /* [n_r] each */
    double *rho, *v_rho;                /* [n_orbits] each */
} spin_fields;

typedef struct {
    size_t n_r, n_g, n_spin;
    spin_fields spin[2];
    double *sigma[3], *v_sigma[3];      /* [n_orbits]: up-up, up-down, down-down; without spin the first */
    double *exc;                        /* [n_orbits] */
    double *field_r;                    /* [n_r] */
    double *grid_block, *orbit_block;   /* owned: all of the above */
    double complex *field, *density;    /* owned, [n_g] */
    double complex *work;               /* owned, FFT workspace */
} fields;

static int fields_alloc(fields *f, const dft_basis *basis, size_t n_orbits, size_t n_spin)
{
    const size_t n = dft_fft_real_size(basis->xc), n_sigma = 2 * n_spin - 1;
    double *grid, *orbit;

    f->n_r = n;
    f->n_g = basis->n_g;
    f->n_spin = n_spin;
    f->grid_block = grid = dft_alloc_doubles((1 + 3 * n_spin) * n);
    f->orbit_block = orbit = dft_alloc_doubles((1 + 2 * n_spin + 2 * n_sigma) * n_orbits);
    f->field = dft_alloc_complex(basis->n_g);
    f->density = dft_alloc_complex(basis->n_g);
    f->work = dft_alloc_complex(dft_fft_real_work_size(basis->xc));
    if (!grid || !orbit || !f->field || !f->density || !f->work)
        return 0;
    f->field_r = grid;
    f->exc = orbit;
    for (size_t s = 0; s < n_spin; s++) {
        for (size_t c = 0; c < 3; c++)
            f->spin[s].gradient[c] = grid + (1 + 3 * s + c) * n;
        f->spin[s].rho = orbit + (1 + 2 * s) * n_orbits;
        f->spin[s].v_rho = orbit + (2 + 2 * s) * n_orbits;
    }
    for (size_t x = 0; x < n_sigma; x++) {
        f->sigma[x] = orbit + (1 + 2 * n_spin + 2 * x) * n_orbits;
        f->v_sigma[x] = orbit + (2 + 2 * n_spin + 2 * x) * n_orbits;
    }
    return 1;
}

static void fields_clear(fields *f)
{
    free(f->grid_block);
    free(f->orbit_block);
    free(f->field);
    free(f->density);
    free(f->work);
}

/* Density of spin s and, for a GGA, its gradient. */
static void transform_density(const dft_basis *basis, const dft_orbits *orbits, int gga, size_t s,
                              const double complex *rho_g, fields *f)
{
    const double sign = s == 0 ? 0.5 : -0.5;

    for (size_t ig = 0; ig < f->n_g; ig++)
        f->density[ig] = f->n_spin == 1 ? rho_g[ig] : 0.5 * rho_g[ig] + sign * rho_g[f->n_g + ig];
    dft_fft_real_to_real(basis->xc, f->density, f->field_r, f->work);
    for (size_t o = 0; o < orbits->n_orbits; o++)
        f->spin[s].rho[o] = f->field_r[orbits->point[o]];
    for (int c = 0; gga && c < 3; c++) {
        for (size_t ig = 0; ig < f->n_g; ig++)
            f->field[ig] = I * basis->g[ig][c] * f->density[ig];
        dft_fft_real_to_real(basis->xc, f->field, f->spin[s].gradient[c], f->work);
    }
}

/* sigma_ab = grad n_a . grad n_b */
static void contract_gradients(const dft_orbits *orbits, const spin_fields *a, const spin_fields *b,
                               double *sigma)
{
    for (size_t o = 0; o < orbits->n_orbits; o++) {
        const size_t i = orbits->point[o];
        sigma[o] = a->gradient[0][i] * b->gradient[0][i] + a->gradient[1][i] * b->gradient[1][i]
                 + a->gradient[2][i] * b->gradient[2][i];
    }
}

static void evaluate_range(const dft_xc *xc, size_t o, size_t n, fields *f)
{
    const int gga = dft_xc_is_gga(xc);

    if (f->n_spin == 1) {
        dft_xc_eval(xc, n, f->spin[0].rho + o, gga ? f->sigma[0] + o : NULL, f->exc + o,
                    f->spin[0].v_rho + o, gga ? f->v_sigma[0] + o : NULL);
    } else {
        const double *const rho[2] = { f->spin[0].rho + o, f->spin[1].rho + o };
        const double *const sigma[3] = { f->sigma[0] + o, f->sigma[1] + o, f->sigma[2] + o };
        double *const v_rho[2] = { f->spin[0].v_rho + o, f->spin[1].v_rho + o };
        double *const v_sigma[3] = { f->v_sigma[0] + o, f->v_sigma[1] + o, f->v_sigma[2] + o };
        dft_xc_eval_spin(xc, n, rho, sigma, f->exc + o, v_rho, v_sigma);
    }
}

/* Energy density summed over the whole grid, Ha/bohr^3 times points. */
static double evaluate(const dft_xc *xc, const dft_orbits *orbits, fields *f)
{
    double partial[DFT_N_BLOCKS];

    #pragma omp parallel for schedule(dynamic)
    for (int b = 0; b < DFT_N_BLOCKS; b++) {
        const dft_range range = dft_block(orbits->n_orbits, b);
        evaluate_range(xc, range.begin, range.end - range.begin, f);
        partial[b] = 0.0;
        for (size_t o = range.begin; o < range.end; o++)
            partial[b] += f->exc[o] * orbits->size[o];
    }
    return dft_sum_in_order(partial, DFT_N_BLOCKS);
}

/* field_r = component c of dE/d(grad n_s) */
static void gradient_response(const dft_orbits *orbits, size_t s, int c, fields *f)
{
    const double *own = f->v_sigma[2 * s], *mixed = f->n_spin == 2 ? f->v_sigma[1] : NULL;
    const double *gradient = f->spin[s].gradient[c], *other = f->spin[f->n_spin - 1 - s].gradient[c];

    #pragma omp parallel for schedule(static)
    for (size_t i = 0; i < f->n_r; i++) {
        const size_t o = orbits->orbit[i];
        f->field_r[i] = 2.0 * own[o] * gradient[i] + (mixed ? mixed[o] * other[i] : 0.0);
    }
}

/* Adds v_s to the derivatives by total density and magnetisation, n_s = (total +- magnetisation)/2. */
static void add_potential(const dft_basis *basis, const dft_orbits *orbits, int gga, size_t s, fields *f,
                          double complex *v_g)
{
    const double share = f->n_spin == 1 ? 1.0 : 0.5, sign = s == 0 ? 0.5 : -0.5;

    for (size_t i = 0; i < f->n_r; i++)
        f->field_r[i] = f->spin[s].v_rho[orbits->orbit[i]];
    dft_fft_real_to_fourier(basis->xc, f->field_r, f->density, f->work);
    for (int c = 0; gga && c < 3; c++) {
        gradient_response(orbits, s, c, f);
        dft_fft_real_to_fourier(basis->xc, f->field_r, f->field, f->work);
        for (size_t ig = 0; ig < f->n_g; ig++)
            f->density[ig] -= I * basis->g[ig][c] * f->field[ig];
    }
    for (size_t ig = 0; ig < f->n_g; ig++) {
        v_g[ig] += share * f->density[ig];
        if (f->n_spin == 2)
            v_g[f->n_g + ig] += sign * f->density[ig];
    }
}

dft_status dft_grid_xc_add(const dft_basis *basis, const dft_orbits *orbits, const dft_xc *xc,
                           size_t n_spin, const double complex *rho_g, double *energy,
                           double complex *v_g, dft_error *err)
{
    const int gga = dft_xc_is_gga(xc);
    fields f = { 0 };
    dft_status status = DFT_OK;

    if (!fields_alloc(&f, basis, orbits->n_orbits, n_spin)) {
        status = dft_fail(err, DFT_ENOMEM, "exchange-correlation grid of %zu points: out of memory",
                          dft_fft_real_size(basis->xc));
        goto done;
    }
    for (size_t s = 0; s < n_spin; s++)
        transform_density(basis, orbits, gga, s, rho_g, &f);
    for (size_t a = 0; gga && a < n_spin; a++)
        for (size_t b = a; b < n_spin; b++)
            contract_gradients(orbits, &f.spin[a], &f.spin[b], f.sigma[a + b]);
    *energy = evaluate(xc, orbits, &f) * basis->volume / (double)f.n_r;
    for (size_t s = 0; s < n_spin; s++)
        add_potential(basis, orbits, gga, s, &f, v_g);
done:
    fields_clear(&f);
    return status;
}
