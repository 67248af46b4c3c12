/*
 * screen/tables.h - the tables that verbs read from: RUN/results.sqlite.
 */
#ifndef SCREEN_TABLES_H
#define SCREEN_TABLES_H

#include "dft-lite/base/status.h"
#include "screen/app.h"

/* Makes the database from the records where it is missing, damaged, of an older version or older than
 * the records while no program runs, if this is a run at all.  Errors: DFT_EINPUT for another program's or a newer database, which stays as it is;
 * those of screen_judge. */
dft_status screen_tables_make(const screen_app *app, const char *run_dir, dft_error *err);

#endif
