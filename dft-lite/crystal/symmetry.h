/*
 * dft-lite/crystal/symmetry.h - the space-group operations of a crystal; the only door to spglib.
 *
 * An operation maps fractional coordinates x -> W x + w: `rotation[i][j]` are W's integers,
 * `translation[i]` are w.  Pure translations of a supercell are included.  Atom a lands on atom
 * `atom_map[op * n_atoms + a]` (modulo lattice vectors).  spglib keeps its error code in one global,
 * so calls are serialised inside.  Immutable once made.
 */
#ifndef DFT_SYMMETRY_H
#define DFT_SYMMETRY_H

#include <stddef.h>

#include "dft-lite/base/status.h"
#include "dft-lite/crystal/crystal.h"

typedef struct {
    int rotation[3][3];             /* W, fractional basis */
    double translation[3];          /* w, fractional, 0 <= w < 1 */
} dft_symop;

typedef struct {
    size_t n_ops;                   /* >= 1; operation 0 is the identity */
    size_t n_atoms;
    dft_symop *op;                  /* owned, [n_ops] */
    size_t *atom_map;               /* owned, [n_ops][n_atoms] */
    int space_group_number;         /* 1..230; 1 when symmetry is off */
    char space_group_symbol[16];    /* international short symbol */
    size_t n_dropped;               /* operations that dft_symmetry_keep removed */
} dft_symmetry;

/* All operations found within `tolerance` (bohr; 1e-4 is usual).  The crystal's exact positions obey
 * them within that tolerance, and they form a group.  The caller owns *out.  Errors: DFT_EINPUT for a
 * tolerance that is not positive, or with which spglib finds nothing, in its words; DFT_ENOMEM. */
dft_status dft_symmetry_create(const dft_crystal *crystal, double tolerance, dft_symmetry **out,
                               dft_error *err);

/* The identity alone: what "symmetry off" means. */
dft_status dft_symmetry_create_identity(const dft_crystal *crystal, dft_symmetry **out,
                                        dft_error *err);

/* Keeps only operations for which keep(op, context) is true, which must form a group, and adds the
 * number removed to n_dropped. */
void dft_symmetry_keep(dft_symmetry *symmetry, int (*keep)(const dft_symop *op, const void *context),
                       const void *context);

/* Keeps only operations that map every atom onto one with the same value, [n_atoms]: the operations of
 * a collinear magnet, whose moments are numbers on the atoms.  Values are the same when they, or a chain of other
 * atoms' values from one to the other, differ by at most 1e-6: what is kept is a group.  Counted as above. */
void dft_symmetry_keep_equal(dft_symmetry *symmetry, const double *value);

/* Cartesian rotation matrix R = A^T W A^-T of an operation (lattice rows a_i): r -> R r, made orthogonal
 * to rounding where the lattice obeys W only within the tolerance. */
void dft_symop_cartesian(const dft_symop *op, const double lattice[3][3], double rotation[3][3]);

/* Equivalent atoms: class[a] is the smallest atom index equivalent to a. [n_atoms] */
void dft_symmetry_atom_classes(const dft_symmetry *symmetry, size_t *class_of);

void dft_symmetry_free(dft_symmetry *symmetry);     /* NULL is accepted */

#endif
