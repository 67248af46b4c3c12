/*
 * descriptors/elastic_fit.h - elastic constants from stresses: what symmetry allows, which strains to
 * make, least squares.
 *
 * The stiffness tensors that a set of point operations leaves unchanged are a linear space; its
 * dimension is the number of independent constants (21 triclinic ... 3 cubic) and a basis follows from
 * averaging over the operations.  Each strain gives six linear equations for the coordinates in that
 * basis.  A set of strains is enough when the stacked equations have full rank; the smallest such set is
 * found by trying (one for cubic, two for hexagonal, trigonal, tetragonal, three for orthorhombic, four
 * for monoclinic, six for triclinic crystals).  Compare R. Yu, J. Zhu, H. Q. Ye, Comput. Phys. Commun.
 * 181, 671 (2010), who need five for monoclinic since they use one universal list.
 *
 * Voigt order and engineering shear as in descriptors/elastic.h.  A sheet in the xy plane is the case
 * `active` = xx, yy, xy.
 */
#ifndef DESC_ELASTIC_FIT_H
#define DESC_ELASTIC_FIT_H

#include <stddef.h>

#include "dft-lite/base/status.h"

#define DESC_ALL_STRAINS { 1, 1, 1, 1, 1, 1 }
#define DESC_SHEET_STRAINS { 1, 1, 0, 0, 0, 1 }

typedef struct {
    int active[6];                  /* which components exist */
    int n;                          /* independent constants */
    double tensor[21][6][6];        /* Kelvin form, orthonormal as vectors of 36 numbers */
} desc_elastic_space;

/* op: [n_ops][3][3] Cartesian.  With components left out the operations must not mix them with the
 * others (a sheet's keep its normal).  Errors: DFT_EINPUT when they do, or for n_ops = 0. */
dft_status desc_elastic_space_find(size_t n_ops, const double (*op)[3][3], const int active[6],
                                   desc_elastic_space *out, dft_error *err);

typedef struct {
    double strain[6];               /* Voigt, in the crystal's axes; largest eigenvalue about 1 */
    int reversible;                 /* some operation turns it into its negative: one sign is enough */
    int sign_op;                    /* that operation's index; -1 */
    size_t n_kept;                  /* operations that leave it unchanged */
} desc_strain_pattern;

typedef struct {
    int n;
    desc_strain_pattern pattern[6];
    double condition;               /* greatest over least singular value of the equations */
} desc_strain_set;

/* The fewest strains that determine every constant; among equals the set that costs least: calculations
 * (one for a reversible strain, else two) over the operations that each keeps.  `axes` are standard
 * axes (descriptors/laue.h), along which the strains are simple.  Errors: DFT_EINTERNAL when none of
 * those tried is enough, which cannot happen with six. */
dft_status desc_strain_set_choose(const desc_elastic_space *space, size_t n_ops,
                                  const double (*op)[3][3], const double axes[3][3],
                                  desc_strain_set *out, dft_error *err);

typedef struct {
    double c[6][6];                 /* Voigt, unit of the stresses */
    double error[6][6];             /* standard error of each, from the residual; NaN with no more
                                       equations than constants */
    double rms;                     /* residual of the equations, same unit per unit strain: what noise
                                       and broken symmetry leave */
    int n_equations;
} desc_elastic_fit_result;

/* Least squares for stress_p = c strain_p, p < n; strain, stress: [n][6] Voigt (slopes: any length of
 * strain).  Errors: DFT_EINPUT when the strains do not determine the constants, or a value is not
 * finite. */
dft_status desc_elastic_fit(const desc_elastic_space *space, size_t n, const double (*strain)[6],
                            const double (*stress)[6], desc_elastic_fit_result *out, dft_error *err);

#endif
