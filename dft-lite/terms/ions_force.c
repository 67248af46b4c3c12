#include "dft-lite/terms/ions_force.h"

#include <math.h>
#include <stdlib.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/threads.h"
#include "dft-lite/math/harmonics.h"

typedef struct {                        /* one atom and what it meets */
    const dft_ions *ions;
    const dft_ions_surroundings *at;
    const dft_species *species;
    size_t atom;
    const double complex *phase;        /* [n_fine] exp(-iG.R) */
} site;

/* Products of one vector: Re and Im of multiplicity conj(v) exp(-iG.R). */
static inline double complex seen(const double complex *v, const double complex *phase, size_t ig)
{
    return dft_basis_multiplicity(ig) * conj(v[ig]) * phase[ig];
}

static void spherical_force(const site *s, const dft_spline *spline, const double complex *v,
                            double force[3])
{
    const dft_basis *basis = s->ions->basis;
    size_t last = basis->n_shells;
    double value = 0.0;

    if (!v || spline->n == 0)
        return;
    for (size_t ig = 0; ig < basis->n_g; ig++) {
        if (basis->shell[ig] != last) {
            last = basis->shell[ig];
            value = dft_spline_value(spline, basis->shell_g[last]);
        }
        const double w = -value * cimag(seen(v, s->phase, ig));     /* -Re[-i z] = -Im z */
        for (int c = 0; c < 3; c++)
            force[c] += w * basis->g[ig][c];
    }
}

static void spherical_strain(const site *s, const dft_spline *spline, const double complex *v,
                             double strain[DFT_N_STRAIN])
{
    const dft_basis *basis = s->ions->basis;
    size_t last = basis->n_shells;
    double slope = 0.0;

    if (!v || spline->n == 0)
        return;
    for (size_t ig = 1; ig < basis->n_g; ig++) {        /* G = 0 does not move */
        if (basis->shell[ig] != last) {
            last = basis->shell[ig];
            slope = dft_spline_slope(spline, basis->shell_g[last]) / basis->shell_g[last];
        }
        dft_strain_add(-slope * creal(seen(v, s->phase, ig)), basis->g[ig], basis->g[ig], strain);
    }
}

/* sum_m Q_lm S_lm(G) as the constant, the vector p.G and the quadratic form G.M.G that they are. */
typedef struct { double s, p[3], m[3][3]; } polynomial;

static polynomial multipole_polynomial(const double q[DFT_N_COMPENSATION])
{
    double solid[DFT_N_COMPENSATION], gradient[DFT_N_COMPENSATION][3];
    polynomial result = { 0 };

    for (int c = 0; c < 3; c++) {
        double axis[3] = { 0.0 };
        axis[c] = 1.0;
        dft_solid_harmonics_gradient(DFT_COMPENSATION_LMAX, axis, solid, gradient);
        result.s = q[0] * solid[0];
        result.p[c] = 0.0;
        for (int lm = 1; lm < 4; lm++)
            result.p[c] += q[lm] * solid[lm];
        for (int lm = 4; lm < 9; lm++)
            for (int b = 0; b < 3; b++)
                result.m[c][b] += 0.5 * q[lm] * gradient[lm][b];        /* grad G.M.G = 2 M.G */
    }
    return result;
}

static double dot(const double a[3], const double b[3])
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

static void compensation_force(const site *s, double force[3])
{
    const dft_ions *ions = s->ions;
    const dft_basis *basis = ions->basis;
    const size_t kind = ions->species_of[s->atom];
    const double *f0 = ions->factor + kind * 3 * basis->n_shells;
    const double *f1 = f0 + basis->n_shells, *f2 = f1 + basis->n_shells;
    const polynomial q = multipole_polynomial(s->at->multipole + s->atom * DFT_N_COMPENSATION);

    for (size_t ig = 0; ig < ions->reach[kind]; ig++) {
        const double *g = basis->g[ig];
        const size_t shell = basis->shell[ig];
        const double mg[3] = { dot(q.m[0], g), dot(q.m[1], g), dot(q.m[2], g) };
        /* (-i)^l: +1, -i, -1 */
        const double re = f0[shell] * q.s - f2[shell] * dot(mg, g), im = -f1[shell] * dot(q.p, g);
        const double w = -cimag(seen(s->at->charge_v, s->phase, ig) * (re + I * im));
        for (int c = 0; c < 3; c++)
            force[c] += w * g[c];
    }
}

/* With F_l = const exp(-G^2 rc^2/4), dF_l/de = F_l rc^2/2 G G; d(p.G) = -p G; d(G.M.G) = -2 (M.G)
 * G. */
static void compensation_strain(const site *s, double strain[DFT_N_STRAIN])
{
    const dft_ions *ions = s->ions;
    const dft_basis *basis = ions->basis;
    const size_t kind = ions->species_of[s->atom];
    const double *f0 = ions->factor + kind * 3 * basis->n_shells;
    const double *f1 = f0 + basis->n_shells, *f2 = f1 + basis->n_shells;
    const double half_rc2 = 0.5 * s->species->setup->shape_rc * s->species->setup->shape_rc;
    const polynomial q = multipole_polynomial(s->at->multipole + s->atom * DFT_N_COMPENSATION);

    for (size_t ig = 1; ig < ions->reach[kind]; ig++) {
        const double *g = basis->g[ig];
        const size_t shell = basis->shell[ig];
        const double complex z = seen(s->at->charge_v, s->phase, ig);
        const double mg[3] = { dot(q.m[0], g), dot(q.m[1], g), dot(q.m[2], g) };
        const double re = f0[shell] * q.s - f2[shell] * dot(mg, g), im = -f1[shell] * dot(q.p, g);
        double other[3];                /* strain += sym(g other): Re z[d(re) + i d(im)] */
        for (int c = 0; c < 3; c++)
            other[c] = half_rc2 * (creal(z) * re - cimag(z) * im) * g[c]
                     + 2.0 * f2[shell] * creal(z) * mg[c] - f1[shell] * cimag(z) * q.p[c];
        dft_strain_add(1.0, g, other, strain);
    }
}

static void site_force(const site *s, double force[3])
{
    spherical_force(s, &s->species->core_q, s->at->core_v, force);
    spherical_force(s, &s->species->zero_q, s->at->zero_n, force);
    spherical_force(s, &s->species->valence_q, s->at->valence_v, force);
    if (s->at->charge_v)
        compensation_force(s, force);
}

static void site_strain(const site *s, double strain[DFT_N_STRAIN])
{
    spherical_strain(s, &s->species->core_q, s->at->core_v, strain);
    spherical_strain(s, &s->species->zero_q, s->at->zero_n, strain);
    spherical_strain(s, &s->species->valence_q, s->at->valence_v, strain);
    if (s->at->charge_v)
        compensation_strain(s, strain);
}

/* Calls one of the two functions above for every atom, each with its own n numbers of `sums`. */
static dft_status for_all_sites(const dft_ions *ions, const dft_ions_surroundings *at,
                                void (*add)(const site *s, double *sum), size_t n, double *sums,
                                dft_error *err)
{
    const size_t n_fine = ions->basis->n_fine, n_threads = (size_t)dft_threads_max();
    double complex *phases = dft_alloc_complex(n_threads * n_fine);

    if (!phases)
        return dft_fail(err, DFT_ENOMEM, "forces of the atoms' fields: out of memory");
    #pragma omp parallel for schedule(dynamic) num_threads((int)n_threads)
    for (size_t a = 0; a < ions->crystal->n_atoms; a++) {
        const size_t kind = ions->species_of[a], n_g = ions->basis->n_g;
        const size_t reach = at->charge_v && ions->reach[kind] > n_g ? ions->reach[kind] : n_g;
        double complex *phase = phases + (size_t)dft_thread_index() * n_fine;
        const site s = { ions, at, ions->species[kind], a, phase };
        dft_basis_phases(ions->basis, 0, reach, ions->power + a * ions->n_powers, phase);
        add(&s, sums + n * a);
    }
    free(phases);
    return DFT_OK;
}

dft_status dft_ions_add_force(const dft_ions *ions, const dft_ions_surroundings *surroundings,
                              double (*force)[3], dft_error *err)
{
    return for_all_sites(ions, surroundings, site_force, 3, force[0], err);
}

dft_status dft_ions_add_strain(const dft_ions *ions, const dft_ions_surroundings *surroundings,
                               double strain[DFT_N_STRAIN], dft_error *err)
{
    const size_t n_atoms = ions->crystal->n_atoms;
    double *sums = dft_alloc_doubles(n_atoms * DFT_N_STRAIN);
    dft_status status;

    if (!sums)
        return dft_fail(err, DFT_ENOMEM, "stress of the atoms' fields: out of memory");
    status = for_all_sites(ions, surroundings, site_strain, DFT_N_STRAIN, sums, err);
    for (size_t i = 0; status == DFT_OK && i < n_atoms * DFT_N_STRAIN; i++)
        strain[i % DFT_N_STRAIN] += sums[i];
    free(sums);
    return status;
}
