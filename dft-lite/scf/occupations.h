/*
 * dft-lite/scf/occupations.h - filling the bands.
 *
 * Occupation f(x) per spin state with x = (eps - mu)/width, and the generalised entropy s(x) whose sum
 * gives -TS = -width sum 2 w_k s(x); ds/df = x, so that F = E - TS is stationary with respect to the
 * occupations and dF/d(eps) = 2 w_k f.  Energies Ha.
 *
 *   scheme        f(x)                                     s(x)                          E0
 *   fermi-dirac   1/(1 + e^x)                              -f ln f - (1-f) ln(1-f)       F + TS/2
 *   gaussian      erfc(x)/2                                e^(-x^2)/(2 sqrt(pi))         F + TS/2
 *   cold          erfc(-t)/2 + e^(-t^2)/sqrt(2 pi)         -t e^(-t^2)/sqrt(2 pi)        F + TS/3
 *                 with t = -x - 1/sqrt(2)
 *   fixed         the lowest n/2 bands at every k are full  0                             F
 * Gaussian: Fu, Ho, PRB 28, 5480 (1983).  Cold: Marzari et al., PRL 82, 3296 (1999).
 *
 * Extrapolation to zero width.  Smearing convolves the grand potential with -df/dx, so at fixed electron
 * number F(width) = E0 + c width^n + ..., n the first moment of -df/dx that does not vanish: 2 for
 * Fermi-Dirac and Gaussian; 3 for cold (its second moment is zero, its third -1/sqrt(2)).  Since
 * -TS = width dF/d(width) = n c width^n, E0 = F + TS/n to the next order: (E + F)/2 for n = 2.
 * Codes that quote F for cold smearing differ from this by TS/3, third order in the width.
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
 * weight [n_k] with sum 1; writes occupation [n_k][n_bands] in 0..2 (cold smearing overshoots: at most
 * 2.17), *fermi, *entropy_energy = -TS (Ha; <= 0 but for cold), *extrapolation = what to add to F for
 * zero width.  Where a gap leaves mu undecided it is the middle of the gap.  Cold smearing's count is not
 * monotonic in mu: the root nearest to the Gaussian mu is taken (dos Santos, Marzari, PRB 107, 195122).
 * Errors, which leave the outputs alone: DFT_EINPUT for too few bands, a negative electron count, fixed
 * with a count that is not even, width <= 0 unless fixed; DFT_ENUMERIC for an eigenvalue that is not a
 * finite number. */
dft_status dft_occupations_compute(dft_smearing smearing, double width, double n_electrons,
                                   size_t n_k, size_t n_bands, const double *weight,
                                   const double *eigenvalue, double *occupation, double *fermi,
                                   double *entropy_energy, double *extrapolation, dft_error *err);

#endif
