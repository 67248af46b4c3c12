/*
 * candidates/library.h - the structure library: crystals with their origin and their doubts.
 *
 * Two tables in one directory (candidates/data of this repository, or a user's own):
 * structures.csv, one line per structure, and atoms.csv, every atom of each conventional cell.
 * Settings are spglib's standard ones: hexagonal axes for R groups, unique axis b, origin choice
 * 2.  Cells of sheets (MXenes, graphene) have their normal along c, and c is vacuum.
 *
 * Angstrom in the files and in cand_entry's *_ang members; crystals come out in bohr.  Generated
 * structures and a user's own (candidates/prototypes.h, candidates/folder.h) are added behind those of the
 * tables.  Const calls may run concurrently.
 */
#ifndef CAND_LIBRARY_H
#define CAND_LIBRARY_H

#include <stdbool.h>
#include <stddef.h>

#include "candidates/cells.h"
#include "dft-lite/base/status.h"
#include "dft-lite/crystal/crystal.h"

typedef struct cand_library cand_library;

typedef struct {
    const char *id;                 /* "Li_bcc"; every text is borrowed from the library */
    const char *formula;            /* "LiHg3", "Ti2C(OH)2" */
    const char *class_name;         /* "element", "li-alloy", "oxide", "mxene", ... */
    const char *prototype;          /* "W (A2)" */
    const char *hermann_mauguin;    /* "Im-3m" */
    const char *origin;             /* kind of number: "experimental", "PBE", ... */
    const char *source;             /* the citation */
    const char *note;               /* doubts and remarks */
    bool ambient;                   /* what a bare formula means: the only or the ambient phase */
    bool is_sheet;                  /* c is vacuum */
    int space_group_number;         /* 1..230 */
    int hall_number;                /* spglib's, 1..530: fixes the setting */
    double cell_ang[3];             /* a, b, c, Angstrom */
    double cell_deg[3];             /* alpha, beta, gamma, degrees */
    double pbe_a_ang, pbe_c_ang;    /* a PBE reference cell; NaN where none was found */
    size_t n_atoms;                 /* in the conventional cell */
    const int *z;                   /* [n_atoms], borrowed */
    const double (*position)[3];    /* [n_atoms][3], fractional, borrowed */
} cand_entry;

/* Reads structures.csv and atoms.csv of `directory`.  The caller owns *out; NULL on failure.
 * Errors: DFT_ENOFILE; DFT_EPARSE naming file and line (unknown element, id used twice or
 * without atoms, an atom count that differs from the one stated, two ambient phases of a
 * formula, a number out of range); DFT_ENOMEM. */
dft_status cand_library_read(const char *directory, cand_library **out, dft_error *err);
void cand_library_free(cand_library *library);                          /* NULL is accepted */

size_t cand_library_size(const cand_library *library);
const cand_entry *cand_library_entry(const cand_library *library, size_t i);

/* The entry with this id, or else the ambient phase of this formula: Li -> Li_bcc, ZnO ->
 * ZnO_wz. Borrowed from the library.  Errors: DFT_EINPUT for an unknown name (with the nearest
 * known one) and for a formula with several phases of which none is ambient (they are listed, to
 * be named by id). */
dft_status cand_library_find(const cand_library *library, const char *id_or_formula,
                             const cand_entry **out, dft_error *err);

/* What an entry that is added says of itself.  "" where there is nothing to say, but id, formula, class,
 * origin and source must say something. */
typedef struct {
    const char *id, *formula, *class_name, *prototype, *origin, *source, *note;
    bool is_sheet;
} cand_new_entry;

/* Adds an entry, never ambient, hall_number 0: texts and the crystal (the cell that Miller indices refer
 * to; for sheets c is vacuum) are copied, the space group is found (tolerance 0.02 bohr).  Entries that
 * are there stay where they are.  Not safe beside other calls.  *out (NULL allowed) is borrowed.
 * Errors: DFT_EINPUT when the id is taken, or a text empty or too long; those of dft_symmetry_create;
 * DFT_ENOMEM. */
dft_status cand_library_add(cand_library *library, const cand_new_entry *what,
                            const dft_crystal *crystal, const cand_entry **out, dft_error *err);

/* The entry with this id, or NULL. */
const cand_entry *cand_library_by_id(const cand_library *library, const char *id);

typedef enum {
    CAND_CELL_CONVENTIONAL,         /* as in the table; Miller indices refer to it */
    CAND_CELL_PRIMITIVE             /* lattice centring removed: fcc 1 atom, hcp 2, B32 4 */
} cand_cell;

/* The entry as a crystal (bohr), a1 along x, a2 in the xy plane.  The caller owns *out; NULL on
 * failure.  Errors: DFT_EINPUT as dft_crystal_create; DFT_ENOMEM. */
dft_status cand_entry_crystal(const cand_entry *entry, cand_cell cell, dft_crystal **out,
                              dft_error *err);

#endif
