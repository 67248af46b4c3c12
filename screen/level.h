/*
 * screen/level.h - the campaign of a run at a better protocol, in a directory of its own.
 *
 * `run --budget-h` computes some candidates better: as RUN/balanced, a run like any other (campaign
 * "NAME-balanced"), so that status, explain, rank and report work on it and no list mixes protocols.  Its
 * campaign is that of RUN with the level's name for a protocol; data sets and functional are kept,
 * and limits (max_eos_points, max_heights, max_scf_iterations, max_ionic_steps) that it raised.
 */
#ifndef SCREEN_LEVEL_H
#define SCREEN_LEVEL_H

#include <stddef.h>

#include "dft-lite/base/status.h"
#include "screen/campaign.h"

/* "fast" after "quick", then "balanced", "stringent"; NULL after the last, and for a name that is none. */
const char *screen_level_after(const char *protocol);

/* Writes a campaign of `n` of the candidates at the level.  Errors: DFT_EIO, DFT_ENOMEM. */
dft_status screen_level_write(const char *path, const screen_campaign *campaign, const char *level, size_t n,
                              const char *const *candidate, dft_error *err);

#endif
