#include "dft-lite/scf/moments.h"

#include <math.h>

#include "dft-lite/base/units.h"
#include "dft-lite/crystal/elements.h"
#include "dft-lite/math/radial.h"

/* integral_0^rc phi_j phi_k r^2 dr */
static double sphere_overlap(const dft_setup *setup, const double *fj, const double *fk, double rc)
{
    double sum = 0.0;

    for (size_t i = 0; i < setup->n_r && setup->r[i] < rc; i++)
        sum += fj[i] * fk[i] * setup->r[i] * setup->r[i] * setup->dr[i];
    return sum;
}

static double sphere_moment(const dft_species *s, const double *d_p)
{
    const dft_setup *setup = s->setup;
    double rc = 0.0, moment = 0.0;

    for (size_t j = 0; j < setup->n_waves; j++)
        rc = fmax(rc, setup->wave[j].rc);
    for (size_t i = 0; i < s->n_i; i++)
        for (size_t j = 0; j <= i; j++)
            if (s->lm_of[i] == s->lm_of[j])
                moment += d_p[dft_packed(i, j)] * sphere_overlap(setup, setup->wave[s->wave_of[i]].phi,
                                                                 setup->wave[s->wave_of[j]].phi, rc);
    return moment;
}

/* Without augmentation: the magnetisation in a sphere of the covalent radius r,
 * sum_G m(G) exp(iG.R) 4 pi r^2 j_1(Gr)/G. */
static double smooth_moment(const dft_system *system, size_t a, const double complex *magnetisation_g)
{
    const dft_basis *basis = system->basis;
    const double *x = system->crystal->position[a];
    const double r = fmax(1.0, dft_element_covalent_radius_ang(system->crystal->z[a]) / DFT_BOHR_ANG);
    double moment = 4.0 * DFT_PI / 3.0 * r * r * r * creal(magnetisation_g[0]);

    for (size_t ig = 1; ig < basis->n_g; ig++) {
        const int *h = basis->hkl[ig];
        const double angle = 2.0 * DFT_PI * (h[0] * x[0] + h[1] * x[1] + h[2] * x[2]);
        const double g = sqrt(basis->g2[ig]);
        moment += dft_basis_multiplicity(ig) * 4.0 * DFT_PI * r * r * dft_bessel_j(1, g * r) / g
                * (creal(magnetisation_g[ig]) * cos(angle) - cimag(magnetisation_g[ig]) * sin(angle));
    }
    return moment;
}

double dft_moments(const dft_system *system, const double complex *magnetisation_g,
                   const double *d_magnetic, double *atom)
{
    double total = creal(magnetisation_g[0]) * system->basis->volume;

    for (size_t a = 0; a < system->crystal->n_atoms; a++) {
        const dft_species *s = system->species[system->species_of[a]];
        const double *d = d_magnetic + system->p_offset[a];
        atom[a] = s->setup->norm_conserving ? smooth_moment(system, a, magnetisation_g)
                                            : sphere_moment(s, d);
        for (size_t p = 0; p < s->n_p; p++)
            total += sqrt(4.0 * DFT_PI) * s->delta[p] * d[p];
    }
    return total;
}
