/*
 * results/export_ase.h - the structures of a run's records as a database of ASE (ase.db, SQLite).
 *
 * Tables, columns and encodings as ASE 3.22 documents and reads them (ase.db, format version 9): arrays
 * are little-endian doubles or 32-bit integers, positions Cartesian in Angstrom, energies in eV.  One row
 * for each structure with a converged or unconverged energy, as in the extxyz export; key-value pairs:
 * record_key, candidate, task_kind, label, converged (0 or 1), ecut_ev, kmesh, protocol.
 * unique_id is made from the record's key and the energy's place, and times are 0, so that equal runs give
 * equal rows.
 * Private to results/.
 */
#ifndef RES_EXPORT_ASE_H
#define RES_EXPORT_ASE_H

#include "dft-lite/base/status.h"
#include "results/text.h"

/* The bytes of the database file, appended to an empty text.  Errors: DFT_ENOFILE when no record holds a
 * structure with an energy; DFT_EINTERNAL, DFT_ENOMEM. */
dft_status res_ase_bytes(const char *run_dir, res_text *bytes, dft_error *err);

#endif
