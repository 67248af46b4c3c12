/*
 * results/export.h - a run directory for other programs.
 *
 *   csv      the ranked list with the columns of ranked.csv, from RUN/results.sqlite
 *   json     {format, schema_version, candidates, ranking, descriptors, tasks, energies}: the tables
 *            of the database, one object for each row, keys are the columns
 *   extxyz   one frame for each structure with an energy, from the records: lattice, positions in
 *            Angstrom, and in the comment line energy and free_energy (eV), key, candidate,
 *            task_kind, label, converged.  ASE reads it.
 *   ase-db   the same structures as a database that `ase db` opens (results/export_ase.h)
 *   sqlite   a snapshot of RUN/results.sqlite (VACUUM INTO): one file that nothing else touches
 * Equal runs give equal bytes.  Thread rule: no shared state.
 */
#ifndef RES_EXPORT_H
#define RES_EXPORT_H

#include "dft-lite/base/status.h"
#include "results/text.h"

typedef enum { RES_EXPORT_CSV, RES_EXPORT_JSON, RES_EXPORT_EXTXYZ,
               RES_EXPORT_ASE_DB, RES_EXPORT_SQLITE } res_export_format;

/* "csv", "json", "extxyz", "ase-db", "sqlite".  Errors: DFT_EUSAGE naming them. */
dft_status res_export_format_parse(const char *name, res_export_format *out, dft_error *err);

/* The export as text, appended to an empty res_text that the caller clears (for standard output).
 * Errors: DFT_EUSAGE for sqlite, which needs a file; DFT_ENOFILE when the run has no database or, for
 * extxyz and ase-db, no structure with an energy;
 * DFT_EPARSE for a damaged database, DFT_EINPUT for a foreign or newer one; DFT_ENOMEM. */
dft_status res_export_text(const char *run_dir, res_export_format format, res_text *text,
                           dft_error *err);

/* The same into a file, whole or not at all (dft-lite/base/file.h).  More errors: DFT_EIO. */
dft_status res_export(const char *run_dir, res_export_format format, const char *out_path,
                      dft_error *err);

#endif
