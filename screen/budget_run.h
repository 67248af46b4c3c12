/*
 * screen/budget_run.h - `liscreen run --budget-h`: core hours go where the ranking is undecided.
 *
 * First the campaign as it is, for all candidates.  Then, level by level (quick, fast, balanced, stringent,
 * from the campaign's own on), one candidate after another is computed better in RUN/LEVEL (screen/level.h):
 * the one that screen/halving.h names, as long as its estimated cost - the tasks of its plan without a
 * record, calibrated by those that finished - fits into what is left.  A level ends when its best k are right
 * with probability DESC_REFINE_SURE or nobody is left who could change them or be paid for; the next begins
 * with those that were computed there.
 *
 * Budget: core hours of all records of RUN and its levels, as `status` counts them, so that the same command
 * goes on after an interruption and stops at the same total.  The campaign itself is computed whole whatever
 * it takes; a task that has begun is finished.
 *
 * Leaves RUN/budget.csv: level, candidate, whether it was computed there, score at the level before, expected
 * score at the level with its error, probability of the best k, core hours (estimate, where not computed).
 */
#ifndef SCREEN_BUDGET_RUN_H
#define SCREEN_BUDGET_RUN_H

#include "dft-lite/base/status.h"
#include "screen/runner.h"

typedef struct {
    double core_h;                  /* in all, > 0 */
    size_t top_k;                   /* >= 1 */
} screen_budget;

/* The whole; *code: exit code.  Errors: DFT_EUSAGE when the campaign's protocol has no level after it; those
 * of screen_run and of desc_refine_next. */
dft_status screen_budget_run(const screen_project *project, const char *campaign_path, const char *run_dir,
                             const screen_run_options *options, const screen_budget *budget, int *code,
                             dft_error *err);

#endif
