/*
 * dft-lite/properties/work_function.h - vacuum levels and work functions of a slab's two faces.
 *
 * The vacuum level of a face is the planar average of the electrostatic potential (of an electron)
 * in the middle of the vacuum, on that face's side of the dipole correction's jump; its work
 * function is that level minus the Fermi level.  The slab lies between the middle of the gap and
 * the middle of its next image: `bottom` is the face that looks down (towards smaller heights),
 * `top` the one that looks up.
 *
 * Both need a potential that has become flat.  On each side
 *   - the potential over the last third of the half gap varies by at most 10 meV (electrons' tails),
 *   - the field at the middle times the half gap is at most 10 meV (a dipole not corrected);
 * else nothing is reported but the reason.
 */
#ifndef DFT_WORK_FUNCTION_H
#define DFT_WORK_FUNCTION_H

#include <complex.h>

#include "dft-lite/basis/basis.h"
#include "dft-lite/crystal/vacuum.h"
#include "dft-lite/hamiltonian/system.h"
#include "dft-lite/terms/dipole.h"

#define DFT_WORK_FUNCTION_FLAT_EV 0.01

typedef struct {
    int reported;                       /* 0: only `reason` may be used */
    double vacuum_level[2];             /* Ha, bottom and top, in the zero of the eigenvalues */
    double work_function[2];            /* Ha, bottom and top */
    /* Ha, the larger of the two measures above: how flat it is */
    double variation[2];
    char reason[256];                   /* "" when reported */
} dft_work_functions;

/* v_fine [n_fine]: the periodic electrostatic potential without the dipole's, Ha; dipole NULL when
 * there is no correction, moment its M.  Errors: DFT_ENOMEM. */
dft_status dft_work_functions_compute(const dft_basis *basis, const dft_vacuum *vacuum,
                                      const double complex *v_fine, const dft_dipole *dipole,
                                      double moment, double fermi, dft_work_functions *out,
                                      dft_error *err);

/* The same from a system's density: rho_g [n_g] valence pseudo density and d_p packed on-site
 * matrices, both summed over spin.  The vacuum is that of the dipole correction, else along z;
 * with less than DFT_DIPOLE_LEAST_GAP_ANG there is none, which is the reason given.  Errors:
 * DFT_ENOMEM. */
dft_status dft_work_functions_of(const dft_system *system, const double complex *rho_g,
                                 const double *d_p, double fermi, dft_work_functions *out,
                                 dft_error *err);

#endif
