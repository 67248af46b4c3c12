/*
 * descriptors/hull_read.h - energies given by the user, CSV or JSON (told apart by content).
 *
 * CSV: a table (dft-lite/base/csv.h) with the columns
 *   formula                          "Li2O"
 *   formation_energy_ev_per_atom     against the elements, or
 *   energy_ev_per_atom               total energies: every element then needs a row of its own
 *   volume_ang3                      per formula unit; optional column, empty: unknown
 * JSON: a list of objects with these keys, or an object whose key "phases" holds the list.
 * Other columns and keys are not looked at, but one of the two energies is needed, not both.
 */
#ifndef DESC_HULL_READ_H
#define DESC_HULL_READ_H

#include "descriptors/hull.h"

/* The caller owns *out (label "user"); NULL on failure.  Errors: DFT_ENOFILE; DFT_EPARSE naming the
 * file and line (CSV) or entry (JSON), the value and what is wanted; DFT_ENOMEM. */
dft_status desc_hull_read(const char *path, desc_hull **out, dft_error *err);

#endif
