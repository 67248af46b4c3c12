/*
 * dft-lite/basis/kbasis.h - the plane waves of one k-point.
 *
 * psi(r) = volume^(-1/2) sum_G c_G exp(i(k+G).r) with |k+G|^2/2 <= ecut; immutable once made.
 */
#ifndef DFT_KBASIS_H
#define DFT_KBASIS_H

#include <stddef.h>

#include "dft-lite/base/status.h"
#include "dft-lite/basis/basis.h"

typedef struct {
    double k[3];                        /* fractional */
    size_t n_pw;
    int (*hkl)[3];                      /* owned, [n_pw] */
    double (*kg)[3];                    /* owned, [n_pw] k+G, Cartesian, 1/bohr */
    double *kinetic;                    /* owned, [n_pw] |k+G|^2/2, Ha */
    dft_fft_sphere *fft;                /* owned */
} dft_kbasis;

/* Borrows basis.  Errors: DFT_EINPUT when the cutoff leaves no plane wave; DFT_ENOMEM. */
dft_status dft_kbasis_create(const dft_basis *basis, const double k[3], dft_kbasis **out,
                             dft_error *err);
void dft_kbasis_free(dft_kbasis *kbasis);           /* NULL is accepted */

#endif
