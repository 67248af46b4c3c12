/*
 * descriptors/calphad_tdb.h - thermodynamic databases in the TDB format of Thermo-Calc.
 *
 * Read as files are found: keywords shortened to a unique stem (each part of NAME_NAME on its own),
 * commands folded over lines and ended by '!' (the last '!' may be missing), several commands on a
 * line, `$` comments anywhere, any case, commas or blanks between constituents, `%` after major
 * constituents, any character as type character, exponents with D, temperature limits left out
 * (298.15 and 6000 K), PARAMETER before PHASE.
 * Gibbs energies: G and L parameters (Redlich-Kister, ternary with Muggianu weights), TC and BMAGN
 * (Inden-Hillert-Jarl), ordering parts as DISORDERED_PART of a TYPE_DEFINITION or as MatCalc's
 * ATTACH_CONTRIBUTION ... ORDER_DISORDER.  The constituents of a parameter keep the file's order:
 * terms of odd order change sign with it.
 * What this program does not compute (ionic and quasichemical liquids, Einstein and two-state
 * terms, permuted ordering parameters, Kohler and Toop extrapolations, ...) is refused by name,
 * when a system with such a phase is made; the rest of the file stays usable.  Mobilities,
 * viscosities and other properties that do not enter the Gibbs energy are read over.
 * Harmless oddities (a parameter of a phase that is not defined, a second value for the same
 * parameter: the last one counts) become notes.
 * Format: Thermo-Calc Database Manager's Guide; Lukas, Fries, Sundman, Computational Thermodynamics
 * (2007), ch. 7 and 9.
 *
 * Thread rule: a database never changes after reading; const calls may run concurrently.
 */
#ifndef DESC_CALPHAD_TDB_H
#define DESC_CALPHAD_TDB_H

#include <stddef.h>

#include "dft-lite/base/status.h"

typedef struct desc_tdb desc_tdb;

/* Reads a file.  The caller owns *out (desc_tdb_free); NULL on failure.
 * Errors: DFT_ENOFILE; DFT_EPARSE with file:line, what was found and what is needed; DFT_ENOMEM. */
dft_status desc_tdb_read(const char *path, desc_tdb **out, dft_error *err);

/* The same from memory; `name` stands for the path in messages. */
dft_status desc_tdb_parse(const char *name, const char *text, size_t size, desc_tdb **out,
                          dft_error *err);

void desc_tdb_free(desc_tdb *tdb);                               /* NULL is accepted */

const char *desc_tdb_path(const desc_tdb *tdb);
const char *desc_tdb_sha256(const desc_tdb *tdb);                /* of the bytes that were read */

/* Elements without VA and the electron gas, as in the file, upper case. */
size_t desc_tdb_n_elements(const desc_tdb *tdb);
const char *desc_tdb_element(const desc_tdb *tdb, size_t i);

size_t desc_tdb_n_phases(const desc_tdb *tdb);
const char *desc_tdb_phase(const desc_tdb *tdb, size_t i);
/* Why a phase cannot be computed ("ionic two-sublattice liquid (option Y)"); "" when it can. */
const char *desc_tdb_phase_unsupported(const desc_tdb *tdb, size_t i);

/* LIST_OF_REFERENCES: the text of a reference, NULL when the file has none of that name. */
const char *desc_tdb_reference(const desc_tdb *tdb, const char *id);

size_t desc_tdb_n_notes(const desc_tdb *tdb);
const char *desc_tdb_note(const desc_tdb *tdb, size_t i);        /* "file:line: ..." */

#endif
