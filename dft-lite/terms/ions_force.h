/*
 * dft-lite/terms/ions_force.h - forces and strain derivatives of the atoms' smooth fields.
 *
 * At fixed density coefficients and on-site matrices the energy depends on the atoms' places through
 *   pseudo core density    dE = <v, d core>              v = dU/d(density), the local potential
 *   zero potential         dE = <n, d zero>              n = pseudo valence + pseudo core density
 *   compensation charges   dE = sum_L Q_L <v_H, d g_L>   v_H on the fine sphere
 * and, to correct for an unfinished SCF,
 *   superposed atoms       dE = <dv, d valence>          dv = output minus input potential
 * With a field f(G) = 1/volume sum_a f_a(|G|) exp(-iG.R_a) in v:
 *   dE/dR_a = sum_G Re[ conj(v) (-iG) f_a exp(-iG.R_a) ]
 *   dE/de   = - sum_aG Re[ conj(v) exp(-iG.R_a) ] G G/|G| df_a/d|G|      at fixed v and phases
 * What the change of volume does to a density's energy is the term's own (hartree.h,
 * grid_xc_stress.h).  Hartree atomic units.
 */
#ifndef DFT_IONS_FORCE_H
#define DFT_IONS_FORCE_H

#include "dft-lite/terms/ions.h"
#include "dft-lite/terms/strain.h"

/* What the atoms' fields meet; NULL contributes nothing. */
typedef struct {
    const double complex *core_v;       /* [n_g], Ha: the local potential */
    const double complex *zero_n;       /* [n_g], electrons/bohr^3 */
    const double complex *charge_v;     /* [n_fine], Ha: the electrostatic potential */
    const double *multipole;            /* [n_atoms][9] of those charges, core included */
    const double complex *valence_v;    /* [n_g], Ha */
} dft_ions_surroundings;

/* Adds -dE/dR_a (Ha/bohr) to force [n_atoms][3].  Errors: DFT_ENOMEM. */
dft_status dft_ions_add_force(const dft_ions *ions, const dft_ions_surroundings *surroundings,
                              double (*force)[3], dft_error *err);

/* Adds dE/de (Ha) to strain.  Errors: DFT_ENOMEM. */
dft_status dft_ions_add_strain(const dft_ions *ions, const dft_ions_surroundings *surroundings,
                               double strain[DFT_N_STRAIN], dft_error *err);

#endif
