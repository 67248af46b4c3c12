/*
 * dft-lite/atomdata/setup.h - one atomic data set, in atomic units: a PAW-XML file's, or a GTH entry's.
 *
 * PAW-XML 0.6 (https://esl.cecam.org/data/files/pawxml.pdf).  Radial functions are R(r) (not r R) on
 * the grid r_i = a i/(n - i); core densities and the zero potential are coefficients of Y00 (the 3-D
 * function is the stored one times 1/sqrt(4 pi)).  Compensation charges are Gaussians
 * g_l(r) ~ r^l exp(-(r/rc)^2) with  integral g_l r^(l+2) dr = 1.  Energies are relative to nothing:
 * add what you need.  Immutable once read; owns everything it points to.
 *
 * A norm-conserving (GTH, gth.h) data set is the same type with no augmentation: the compensation Gaussian
 * carries the ion's charge -n_valence and is part of the local potential, the zero potential is the rest
 * of it, core densities are 0, and `strength` holds the coefficients of the non-local potential.  Its waves
 * are projectors (projector only) followed by orbitals of the pseudo-atom (phi_ps only).  Its energy zero
 * is the bare ions and electrons at rest far apart; a PAW set's is the frozen-core atom, so a calculation
 * that mixes the two has a mixed zero: differences at equal data sets and numbers of atoms mean as much
 * as ever, absolute values do not.
 */
#ifndef DFT_SETUP_H
#define DFT_SETUP_H

#include <stddef.h>

#include "dft-lite/base/status.h"

#define DFT_SETUP_MAX_WAVES 24

typedef struct {
    char id[16];                    /* "Ag-4d1": how other elements of the file refer to it */
    int n;                          /* principal quantum number; 0 for unbound partial waves */
    int l;
    double occupation;              /* electrons in this state, 0 when empty or unbound */
    double rc;                      /* bohr, augmentation radius */
    double energy;                  /* Ha, reference energy */
    double *phi;                    /* [n_r] all-electron partial wave R(r); NULL for GTH */
    double *phi_ps;                 /* [n_r] pseudo partial wave; NULL for GTH projectors */
    double *projector;              /* [n_r]; NULL for GTH orbitals */
} dft_setup_wave;

typedef struct {
    char symbol[4];                 /* "Ag" */
    int z;                          /* atomic number */
    double n_core;                  /* core electrons */
    double n_valence;               /* valence electrons */
    char name[64];                  /* "Ag.11.PBE.gz", "GTH_POTENTIALS:Al:GTH-PBE-q3" */
    char path[512];
    char sha256[65];                /* of the uncompressed file */
    int norm_conserving;            /* 1: GTH */
    char xc_name[32];               /* <xc_functional name=...>: "PBE", "PW", ... */
    double energy_total;            /* Ha, <ae_energy total=>: the frozen-core reference atom */
    double energy_core_kinetic;     /* Ha, <core_energy kinetic=> */
    double shape_rc;                /* bohr, <shape_function type="gauss" rc=> */
    size_t n_r;                     /* radial points; point 0 is r = 0 */
    double *r;                      /* [n_r], bohr */
    double *dr;                     /* [n_r], dr/di: trapezoid weights of sum_i f(r_i) dr_i */
    double *core;                   /* [n_r] all-electron core density, coefficient of Y00 */
    double *core_ps;                /* [n_r] pseudo core density, coefficient of Y00 */
    double *zero_potential;         /* [n_r], Ha, coefficient of Y00 */
    size_t n_waves;                 /* (n,l) channels, in file order */
    dft_setup_wave wave[DFT_SETUP_MAX_WAVES];
    double *kinetic_difference;     /* [n_waves][n_waves], Ha: <phi|T|phi> - <phi_ps|T|phi_ps>; NULL for GTH */
    double *strength;               /* [n_waves][n_waves], Ha: h_ij of GTH; NULL for PAW */
} dft_setup;

/* Reads FILE.gz or plain XML.  The caller owns *out.  Every message names the file and, for malformed
 * XML, the line.  Errors: DFT_ENOFILE; DFT_EPARSE for truncated gzip data, malformed XML, missing or
 * inconsistent elements, a shape function other than gauss, a radial grid other than r=a*i/(n-i), wrong
 * array lengths, non-finite numbers; DFT_ENOMEM. */
dft_status dft_setup_read(const char *path, dft_setup **out, dft_error *err);
void dft_setup_free(dft_setup *setup);              /* NULL is accepted */

/* Path of the data set for an element: looks for SYMBOL.XC.gz (or NAME.XC.gz when name, e.g. "Ag.11",
 * is given and not empty) in each directory of the colon-separated search path; xc is the file suffix
 * ("PBE", "LDA").  A name that begins with "GTH-" is an entry of the files GTH_POTENTIALS and POTENTIAL of
 * these directories, or of a file that the search path names itself; xc is not used.  Errors: DFT_ENOFILE,
 * listing what was looked for, which variants of the element do exist, and the remedy (install gpaw-data
 * or cp2k-data, or --data=); DFT_ENOMEM. */
dft_status dft_setup_find(const char *search_path, const char *symbol, const char *name,
                          const char *xc, char *path, size_t path_size, dft_error *err);

/* Finds (dft_setup_find) and reads the data set, PAW-XML or GTH.  Errors: as both. */
dft_status dft_setup_load(const char *search_path, const char *symbol, const char *name,
                          const char *xc, dft_setup **out, dft_error *err);

/* Where Debian's gpaw-data and cp2k-data put theirs. */
#define DFT_SETUP_GPAW "/usr/share/gpaw-setups"
#define DFT_SETUP_CP2K "/usr/share/cp2k"
#define DFT_SETUP_SEARCH_PATH DFT_SETUP_GPAW ":" DFT_SETUP_CP2K

#endif
