/*
 * dft-lite/atomdata/gth.h - dual-space Gaussian pseudopotentials in cp2k's format.
 *
 * S. Goedecker, M. Teter, J. Hutter, PRB 54, 1703 (1996); C. Hartwigsen, S. Goedecker, J. Hutter,
 * PRB 58, 3641 (1998); M. Krack, Theor. Chem. Acc. 114, 145 (2005).  With Z valence electrons,
 *   V_local(r) = -Z/r erf(r/(sqrt(2) r_loc)) + exp(-r^2/(2 r_loc^2)) sum_k c_k (r/r_loc)^(2k-2)
 *   V_nonlocal = sum_lm sum_ij |p_i^l Y_lm> h_ij^l <p_j^l Y_lm|
 *   p_i^l(r)   = sqrt(2) r^(l+2i-2) exp(-r^2/(2 r_l^2)) / (r_l^(l+(4i-1)/2) sqrt(Gamma(l+(4i-1)/2)))
 * A file (cp2k's GTH_POTENTIALS, POTENTIAL, POTENTIAL_UZH) holds many entries, each under a line
 * "Element NAME [ALIAS ...]".  Entries with a core density (NLCC) are refused.
 *
 * As a dft_setup (setup.h) the first term of V_local is a compensation Gaussian of charge -Z and shape
 * exp(-(r/rc)^2), rc = sqrt(2) r_loc; the second is the zero potential.  Hartree atomic units.
 */
#ifndef DFT_GTH_H
#define DFT_GTH_H

#include "dft-lite/atomdata/setup.h"

#define DFT_GTH_MAX_L 3
#define DFT_GTH_MAX_C 4
#define DFT_GTH_MAX_PROJECTORS 3        /* per l */

typedef struct {
    double r;                           /* bohr; 0 when there are no projectors of this l */
    int n;
    double h[DFT_GTH_MAX_PROJECTORS][DFT_GTH_MAX_PROJECTORS];       /* Ha, symmetric */
} dft_gth_channel;

typedef struct {
    char symbol[4];
    char name[32];                      /* first name of the entry, "GTH-PBE-q3" */
    char xc_name[32];                   /* "PBE", or libxc names */
    double electrons[DFT_GTH_MAX_L + 1];            /* valence electrons of each l */
    double n_valence;
    double r_loc;                       /* bohr */
    int n_c;
    double c[DFT_GTH_MAX_C];            /* Ha */
    dft_gth_channel channel[DFT_GTH_MAX_L + 1];
} dft_gth;

/* 1 for names of such entries: they begin with "GTH-". */
int dft_gth_is_name(const char *name);

/* The header line of the element's next entry at or after `at`, or NULL; *line counts the lines passed
 * and starts at 1.  Go on behind it with strchr(header, '\n'). */
const char *dft_gth_next_header(const char *at, const char *symbol, int *line);
/* Copies the k-th name (0 is the entry's own, others are aliases) of a header; 0 when there is none. */
int dft_gth_header_name(const char *header, int k, char *out, size_t size);
int dft_gth_header_has(const char *header, const char *name);

/* The entry of a file's text.  path is for messages.  Errors: DFT_ENOFILE when the text has no such
 * entry; DFT_EPARSE naming file and line; DFT_EINPUT for an entry with a core density, l > 3, or a name
 * that tells no functional that can be computed. */
dft_status dft_gth_parse(const char *path, const char *text, const char *symbol, const char *name,
                         dft_gth *out, dft_error *err);

/* Second term of V_local, Ha. */
double dft_gth_short_range(const dft_gth *gth, double r);

/* p_i^l(r), i = 1, 2, 3; integral p^2 r^2 dr = 1. */
double dft_gth_projector(int l, int i, double r_l, double r);

/* Reads one entry as a data set.  Its name is "FILE:Element:NAME", its checksum that of the file.
 * Atomic orbitals and density come from gth_atom.h.  The caller owns *out.  Errors: as dft_gth_parse
 * and dft_gzfile_read; DFT_ENOMEM. */
dft_status dft_gth_read(const char *path, const char *symbol, const char *name, dft_setup **out,
                        dft_error *err);

#endif
