/*
 * dft-lite/crystal/groups.h - the 230 space groups by the names that files give them.
 *
 * The tables are spglib's (530 settings, "Hall numbers"; International Tables for Crystallography A).
 * A name may leave the setting open.  The cell's shape then decides between hexagonal and
 * rhombohedral axes and between unique axes, the standard setting wins where an ITA number or a short
 * symbol stands alone, and two origin choices are never guessed between: atoms would land elsewhere.
 */
#ifndef DFT_CRYSTAL_GROUPS_H
#define DFT_CRYSTAL_GROUPS_H

#include <stddef.h>

#include "dft-lite/crystal/symmetry.h"

#define DFT_GROUP_MAX_OPS 192

typedef struct {
    const char *hermann_mauguin;    /* "F d -3 m", "Fd-3m:2", "P 1 21/c 1"; NULL or "" when not given */
    const char *hall;               /* "-F 4vw 2vw 3"; NULL or "" when not given */
    int number;                     /* 1..230; 0 when not given */
} dft_group_name;

/* The Hall number (1..530) of the setting that is meant, in a cell with these vectors (any unit).
 * Returns 0 when there is none or more than one, with the reason and the remedy in why [size]. */
int dft_group_find(const dft_group_name *name, const double lattice[3][3], char *why, size_t size);

/* The space group of a setting, 1..230.  1 <= hall_number <= 530. */
int dft_group_number(int hall_number);

/* The operations of a setting, the identity first; returns how many.  1 <= hall_number <= 530. */
size_t dft_group_operations(int hall_number, dft_symop op[DFT_GROUP_MAX_OPS]);

#endif
