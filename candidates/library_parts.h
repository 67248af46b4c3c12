/*
 * candidates/library_parts.h - what library.c and library_add.c share.
 */
#ifndef CAND_LIBRARY_PARTS_H
#define CAND_LIBRARY_PARTS_H

#include "candidates/library.h"
#include "dft-lite/base/csv.h"

#define CAND_LONGEST_NAME 63

typedef struct cand_added_entry cand_added_entry;

struct cand_added_entry {
    cand_entry entry;
    char *texts;                    /* owned: all of the entry's texts, one after the other */
    int *z;                         /* owned */
    double (*position)[3];          /* owned */
};

struct cand_library {
    dft_csv *structures;            /* owned: the entries' texts point into it */
    size_t n_entries;
    cand_entry *entry;              /* owned, [n_entries] */
    int *z;                         /* owned, [all atoms], by entry */
    double (*position)[3];          /* owned, [all atoms] */
    size_t n_added, room;
    cand_added_entry **added;       /* owned, [room]: pointers, so that entries never move */
};

void cand_added_entry_free(cand_added_entry *added);        /* NULL is accepted */

#endif
