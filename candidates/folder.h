/*
 * candidates/folder.h - a user's own structures: a folder of CIF, POSCAR and extxyz files.
 *
 * Each file becomes an entry of the library, its id the file's name without the ending (blanks and
 * dashes as underscores), its cell the conventional one, so that Miller indices mean what they mean
 * elsewhere.  A file with a gap of at least CAND_MIN_GAP along c is a sheet and stays as it is.  Hidden
 * files are passed over.
 */
#ifndef CAND_FOLDER_H
#define CAND_FOLDER_H

#include <stddef.h>

#include "candidates/library.h"
#include "dft-lite/base/status.h"

typedef struct {
    char file[256];                 /* name within the folder */
    char reason[512];
} cand_refused_file;

/* Adds the folder's structures in the order of their names.  A file that is no crystal, or whose id is
 * taken, does not end the reading: it goes to *refused, [*n_refused], which the caller frees with free()
 * (NULL when there are none).  *n_added (NULL allowed) counts the others.  Errors: DFT_ENOFILE when the
 * folder cannot be read; DFT_ENOMEM. */
dft_status cand_library_add_folder(cand_library *library, const char *folder, size_t *n_added,
                                   cand_refused_file **refused, size_t *n_refused, dft_error *err);

#endif
