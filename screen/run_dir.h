/*
 * screen/run_dir.h - the run directory: made, locked, and kept tidy.
 *
 *     RUN/campaign.yaml    the campaign as it was last run
 *     RUN/plan.tsv         the tasks in order, for a quick look (screen/glance.h)
 *     RUN/tasks/KEY.json   what each task has to do
 *     RUN/records/KEY.json what came out: the truth
 *     RUN/logs/KEY.log     SCF steps, for people
 *     RUN/state.json       what the running program is doing; reasons of tasks without a record
 *     RUN/ranked.csv, RUN/results.sqlite   made from the records
 *     RUN/lock             held while a program runs in this directory
 *     RUN/STOP             made by a user to end a run
 */
#ifndef SCREEN_RUN_DIR_H
#define SCREEN_RUN_DIR_H

#include <stddef.h>

#include "dft-lite/base/status.h"

/* Makes the directory and its parents.  Errors: DFT_EIO naming the path and the remedy. */
dft_status screen_run_dir_make(const char *run_dir, dft_error *err);

/* Takes the lock; *fd keeps it until closed, and a process's death frees it.  Somebody who merely looks
 * (screen_run_dir_is_locked) holds it for an instant, so it is tried for half a second.  Errors:
 * DFT_EIO (exit 75) when another program holds it, or the file cannot be made. */
dft_status screen_run_dir_lock(const char *run_dir, int *fd, dft_error *err);

/* 1 when a program is running in this directory. */
int screen_run_dir_is_locked(const char *run_dir);

/* Removes temporary files that killed processes left.  Call it with the lock held. */
void screen_run_dir_sweep(const char *run_dir);

/* Refuses a directory whose RUN/campaign.yaml has another `name`: its list would be overwritten.  An
 * edited campaign of the same name goes on.  campaign_path is for the sentence.  Errors: DFT_EPARSE
 * naming both campaigns, or a RUN/campaign.yaml that does not tell whose run it is. */
dft_status screen_run_dir_check_owner(const char *run_dir, const char *name,
                                      const char *campaign_path, dft_error *err);

/* Copies a campaign file to RUN/campaign.yaml, unless it is that file.  Errors: DFT_ENOFILE, DFT_EIO. */
dft_status screen_run_dir_keep_campaign(const char *run_dir, const char *campaign_path,
                                        dft_error *err);

/* "RUN/name" into out.  Errors: DFT_EUSAGE when it does not fit. */
dft_status screen_run_dir_path(const char *run_dir, const char *name, char *out, size_t size,
                               dft_error *err);

#endif
