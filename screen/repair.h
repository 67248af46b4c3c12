/*
 * screen/repair.h - what is damaged in a run directory is said, and makes way.
 *
 * Records are the truth and the database is made from them.  A damaged database is moved aside and
 * made anew; a damaged record (cut short, altered) is moved aside and its task computed again.  Both
 * are kept beside their place as NAME.damaged, and one sentence on app->progress says so.
 */
#ifndef SCREEN_REPAIR_H
#define SCREEN_REPAIR_H

#include "dft-lite/base/status.h"
#include "screen/app.h"
#include "workflows/graph.h"

/* Moves damaged records of the graph's tasks aside.  Call it with the run's lock held.  Errors: DFT_EIO
 * when one can neither be read nor moved, so that nothing finished is computed again for want of a
 * permission. */
dft_status screen_repair_records(const screen_app *app, const char *run_dir,
                                 const flow_graph *graph, dft_error *err);

/* Names the damaged records of the graph's tasks and leaves them where they are. */
void screen_repair_report(const screen_app *app, const char *run_dir, const flow_graph *graph);

/* Moves a damaged database aside.  Call it with the run's lock held, before a publication.
 * Errors: DFT_EIO. */
dft_status screen_repair_database(const screen_app *app, const char *run_dir, dft_error *err);

#endif
