/*
 * dft-lite/scf/occupations.h - filling the bands.
 *
 * Occupation f(x) per spin state with x = (eps - mu)/width, and the generalised entropy s(x) whose sum
 * gives -TS = -width sum 2 w_k s(x).  Fermi-Dirac; Gaussian (Fu, Ho, PRB 28, 5480); cold
 * (Marzari et al., PRL 82, 3296); fixed: the lowest n/2 bands at every k.
 * Energies Ha.  Extrapolation to zero width: E0 = (E + F)/2 for Fermi-Dirac and Gaussian, E0 = F + TS/3
 * ... the file's table says which for each.
 */
#ifndef DFT_OCCUPATIONS_H
#define DFT_OCCUPATIONS_H

#include <stddef.h>

#include "dft-lite/base/status.h"

typedef enum {
    DFT_SMEARING_FERMI_DIRAC,
    DFT_SMEARING_GAUSSIAN,
    DFT_SMEARING_COLD,
    DFT_SMEARING_FIXED
} dft_smearing;

/* "fermi-dirac", "gaussian", "cold", "fixed".  Errors: DFT_EINPUT naming the choices. */
dft_status dft_smearing_parse(const char *name, dft_smearing *out, dft_error *err);
const char *dft_smearing_name(dft_smearing smearing);

/* Finds mu such that sum_k w_k sum_b 2 f = n_electrons.  eigenvalue [n_k][n_bands] ascending per k,
 * weight [n_k]; writes occupation [n_k][n_bands] in 0..2 (cold smearing may overshoot slightly), *fermi,
 * *entropy_energy = -TS (Ha, <= 0 for Fermi-Dirac), *extrapolation = what to add to F for zero width.
 * Errors: DFT_EINPUT for too few bands, fixed with an odd electron count, width <= 0 unless fixed. */
dft_status dft_occupations_compute(dft_smearing smearing, double width, double n_electrons,
                                   size_t n_k, size_t n_bands, const double *weight,
                                   const double *eigenvalue, double *occupation, double *fermi,
                                   double *entropy_energy, double *extrapolation, dft_error *err);

#endif
