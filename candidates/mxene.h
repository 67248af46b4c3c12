/*
 * candidates/mxene.h - MXene sheets M(n+1)X(n)T2: metal layers M, carbon or nitrogen between them, a
 * termination T on both faces.
 *
 * Close-packed planes in the order of rock salt (111): plane k = 0..2n, M for even and X for odd k, at
 * the lateral position 2k mod 3 of A, B, C (the 1T stacking of M. Naguib et al., Adv. Mater. 23, 4248
 * (2011)).  T on the `fcc` hollow continues that order and sits above the metal of the next metal
 * plane ("HM"); on the `hcp` hollow it sits above X ("HX").  OH is O with H on top of it.
 *
 * Start estimate: bonds M-X and M-T from radii (mxene.c lists them with what they were fitted to) and
 * a = 1.45 d(M-X).  Over the MXenes of the structure library (PBE) a is within 4.5 % and the thickness
 * within 0.35 A.  c is normal to the sheet and holds the vacuum.  Bohr.
 */
#ifndef CAND_MXENE_H
#define CAND_MXENE_H

#include <stdbool.h>

#include "candidates/ions.h"
#include "dft-lite/base/status.h"
#include "dft-lite/crystal/crystal.h"

typedef struct {
    int n;                          /* X layers, 1..4; n + 1 metal layers */
    int metal, x;                   /* atomic numbers */
    const char *termination;        /* "O", "F", "OH", "S", "Cl", "Se", "Br"; "" for a bare sheet */
    bool hcp;                       /* T on the hcp instead of the fcc hollows */
} cand_mxene;

/* The sheet in a hexagonal p(1x1) cell with this vacuum (total gap).  The caller owns *out; NULL on
 * failure.  Errors: DFT_EINPUT for n out of range, an X other than C and N, an unknown termination, a
 * metal of unknown volume; DFT_ENOMEM. */
dft_status cand_mxene_build(const cand_mxene *what, const cand_ions *ions, double vacuum,
                            dft_crystal **out, dft_error *err);

/* "Ti3C2(OH)2" and "Ti3C2OH2_fcc": formula, and the id of a generated structure. */
void cand_mxene_formula(const cand_mxene *what, char text[32]);
void cand_mxene_id(const cand_mxene *what, char text[48]);

#endif
