/*
 * dft-lite/terms/ions.h - the atoms' smooth fields: pseudo core density, zero potential, compensation.
 *
 *   core_g, zero_g    sums over atoms on the density sphere, fixed for a geometry
 *   compensation      rho(G) = 1/volume sum_a exp(-iG.R_a) sum_L Q_aL (-i)^l F_l(|G|) S_L(G) on the
 *                     fine sphere, S_L solid harmonics, F_l(q) = 4 pi/(2l+1)!! exp(-q^2 rc^2/4)
 * Multipoles Q are [n_atoms][DFT_N_COMPENSATION].  Hartree atomic units.  Immutable once made.
 */
#ifndef DFT_IONS_H
#define DFT_IONS_H

#include <complex.h>

#include "dft-lite/basis/basis.h"
#include "dft-lite/crystal/crystal.h"
#include "dft-lite/terms/species.h"

typedef struct {
    const dft_basis *basis;                 /* borrowed */
    const dft_crystal *crystal;             /* borrowed */
    size_t n_species;
    const dft_species *const *species;      /* borrowed, [n_species] */
    const size_t *species_of;               /* borrowed, [n_atoms] */
    double complex *core_g;                 /* owned, [n_g], electrons/bohr^3 */
    double complex *zero_g;                 /* owned, [n_g], Ha */
    double (*solid)[DFT_N_COMPENSATION];    /* owned, [n_fine] S_L(G) */
    double *factor;                         /* owned, [n_species][3][n_shells] F_l */
    size_t *reach;                          /* owned, [n_species]: beyond this G, F is negligible */
    size_t n_powers;
    double complex *power;                  /* owned, [n_atoms][n_powers], of dft_basis_phases */
} dft_ions;

dft_status dft_ions_create(const dft_basis *basis, const dft_crystal *crystal, size_t n_species,
                           const dft_species *const *species, const size_t *species_of,
                           dft_ions **out, dft_error *err);
void dft_ions_free(dft_ions *ions);                 /* NULL is accepted */

/* Adds the compensation charges of multipoles q to rho_fine [n_fine]. phase: [n_fine] scratch. */
void dft_ions_add_compensation(const dft_ions *ions, const double *q, double complex *rho_fine,
                               double complex *phase);

/* w[a][L] = integral g_aL(r) v(r), v_fine [n_fine] in Ha: the derivative of energy by Q_aL, of atoms that
 * are the first of their class, first[a] == a; NULL: of all. */
void dft_ions_project_compensation(const dft_ions *ions, const double complex *v_fine, const size_t *first,
                                   double *w, double complex *phase);

/* Sum over atoms of a spherical function given by its transform `spline(species)` on the density sphere:
 * field[ig] += 1/volume sum_a f_a(|G|) exp(-iG.R_a).  pick returns NULL for species without one. */
void dft_ions_add_spherical(const dft_ions *ions,
                            const dft_spline *(*pick)(const dft_species *species),
                            double complex *field, double complex *phase);

#endif
