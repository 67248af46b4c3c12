/*
 * dft-lite/basis/basis.h - the discretisation of one cell: G vectors and boxes.
 *
 * Three nested sets, Hartree atomic units:
 *   orbitals     |k+G|^2/2 <= ecut                                       (dft_kbasis)
 *   density      |G| <= 2 Gmax (4 ecut): products of orbitals, exactly    (first n_g of the list)
 *   fine         |G| <= 4 Gmax (16 ecut): compensation charges, Hartree   (all n_fine)
 * Fields are real, so of each pair G, -G one is listed: G = 0 first, then by length; shells of equal
 * length are numbered so that radial factors are computed once a shell.  The orbital box holds the
 * density sphere without wrap-around; exchange-correlation uses a box with twice the points.
 * Box sizes are chosen so that every symmetry operation maps the grid onto itself.  Immutable.
 *
 * Usually the cell's own lengths decide which vectors belong to the sets.  Where several cells must
 * share one set of plane waves (strains of a crystal, whose energies then change smoothly), those of
 * a common reference lattice decide, for all three sets and the boxes.
 */
#ifndef DFT_BASIS_H
#define DFT_BASIS_H

#include <complex.h>
#include <stddef.h>

#include "dft-lite/base/status.h"
#include "dft-lite/basis/fft.h"
#include "dft-lite/basis/sphere_fft.h"
#include "dft-lite/crystal/crystal.h"
#include "dft-lite/crystal/symmetry.h"

typedef struct {
    double lattice[3][3], reciprocal[3][3], volume;
    double ecut;                        /* Ha */
    double chooser[3][3];               /* the lattice whose lengths decide; usually lattice */
    int n[3], n_xc[3];                  /* orbital/density box; exchange-correlation box */
    size_t n_g, n_fine;                 /* half-sphere lengths; the first n_g are the density's and
                                         * come by length, then the others by length */
    int (*hkl)[3];                      /* owned, [n_fine] integer components */
    int reach[3];                       /* largest |component| among them */
    double (*g)[3];                     /* owned, [n_fine] Cartesian, 1/bohr */
    double *g2;                         /* owned, [n_fine] |G|^2 */
    size_t *shell;                      /* owned, [n_fine] index into shell_g */
    size_t n_shells, n_shells_density;
    double *shell_g;                    /* owned, [n_shells] |G| */
    dft_fft_box *box;                   /* owned: orbitals */
    dft_fft_real *coarse, *xc;          /* owned: the density sphere in either box */
} dft_basis;

/* symmetry decides which boxes are commensurate; operations that no affordable box carries stay (use
 * dft_basis_carries to drop them).  Errors: DFT_EINPUT for ecut <= 0; DFT_ENOMEM, also
 * beforehand when the machine's memory cannot hold it. */
dft_status dft_basis_create(const dft_crystal *crystal, double ecut, const dft_symmetry *symmetry,
                            dft_basis **out, dft_error *err);

/* The same with the vectors and boxes that a crystal with the lattice `chooser` (bohr) would get. */
dft_status dft_basis_create_like(const dft_crystal *crystal, const double chooser[3][3],
                                 double ecut, const dft_symmetry *symmetry, dft_basis **out,
                                 dft_error *err);
void dft_basis_free(dft_basis *basis);              /* NULL is accepted */

/* For dft_symmetry_keep: does the exchange-correlation box map onto itself? context: dft_basis. */
int dft_basis_carries(const dft_symop *op, const void *basis);

/* 1 for G = 0, else 2: sums over the half list stand for the whole sphere. */
static inline double dft_basis_multiplicity(size_t ig) { return ig == 0 ? 1.0 : 2.0; }

/* phase[ig - first] = exp(-i G.R) for the vectors first .. end - 1; position is fractional. */
void dft_basis_structure_factor(const dft_basis *basis, size_t first, size_t end, const double position[3],
                                double complex *phase);

/* The same much faster for a position met often, from the powers of its three phases exp(-2 pi i x_c):
 * power [dft_basis_n_powers], filled once. */
size_t dft_basis_n_powers(const dft_basis *basis);
void dft_basis_fill_powers(const dft_basis *basis, const double position[3], double complex *power);
void dft_basis_phases(const dft_basis *basis, size_t first, size_t end, const double complex *power,
                      double complex *phase);

/* integral f g = volume * sum over the whole sphere of conj(f) g, over the first n of the list. */
double dft_basis_inner(const dft_basis *basis, size_t n, const double complex *f,
                       const double complex *g);

#endif
