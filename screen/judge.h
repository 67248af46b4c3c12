/*
 * screen/judge.h - a run's finished records judged once more: what `rank` and `export` rest on.
 */
#ifndef SCREEN_JUDGE_H
#define SCREEN_JUDGE_H

#include "dft-lite/base/status.h"
#include "screen/project.h"

/* Judges what is recorded and writes ranked.csv and the database; a damaged database is moved aside
 * first (screen/repair.h).  Nothing is written, and app->progress says why,
 *   - where the directory cannot be written to;
 *   - where there are records and none belongs to a task as this program plans it (other data sets on
 *     this machine, another version, an edited protocol): an empty list must not replace a full one.
 * While a program runs in the directory, that program publishes, and nothing is written either.  The caller owns *out; NULL on failure.  Errors: DFT_EIO and those of the parts. */
dft_status screen_judge(const screen_project *project, const char *run_dir, flow_assembly **out,
                        dft_error *err);

#endif
