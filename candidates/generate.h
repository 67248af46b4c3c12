/*
 * candidates/generate.h - the built-in enumeration of structures: decorations.csv over prototypes and
 * MXene sheets, added to a structure library.
 *
 * What charges (candidates/filters.h), distances or the structure matcher rule out is left out and
 * counted.  Generated entries have the origin "estimate" and, in their source, how the size was
 * estimated: lattice constants are to be relaxed before anything else.
 */
#ifndef CAND_GENERATE_H
#define CAND_GENERATE_H

#include <stddef.h>

#include "candidates/library.h"
#include "dft-lite/base/status.h"

typedef struct {
    size_t tried, added;
    size_t no_size;                 /* radii or volumes are not known, or charges do not balance them */
    size_t not_neutral;
    size_t bad_distance;
    size_t known;                   /* the library has the structure (matcher) or its id already */
} cand_generated;

/* Reads decorations.csv, prototypes and ions of `directory` and adds to the library.  *count (NULL
 * allowed) tells what became of the combinations.  On failure the library keeps what was added.
 * Errors: DFT_ENOFILE; DFT_EPARSE naming file, line and value; DFT_ENOMEM. */
dft_status cand_generate(const char *directory, cand_library *library, cand_generated *count,
                         dft_error *err);

/* One structure by the id that cand_generate gives it ("LiAg_B2", "Ti3C2O2_hcp"), whether or not
 * decorations.csv lists it; *known is false (and DFT_OK) when the id is not of that form.  Added to the
 * library without looking for duplicates.  Errors: those of the builders. */
dft_status cand_generate_one(const char *directory, const char *id, cand_library *library, bool *known,
                             const cand_entry **out, dft_error *err);

#endif
