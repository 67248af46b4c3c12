/*
 * screen/rank_tables.h - what `liscreen rank` prints beside the list: how sure the order of pairs is,
 * and what to compute next.
 */
#ifndef SCREEN_RANK_TABLES_H
#define SCREEN_RANK_TABLES_H

#include <stdio.h>

#include "descriptors/next.h"
#include "dft-lite/base/status.h"
#include "workflows/assemble.h"

/* Pairs as written on the command line: "Au,Ag:Cu,Ni;Au:Pt" is every one before a colon against every
 * one behind it.  A name is a candidate or the part before its first dash, when that is one alone.
 * Prints, for each pair, the probability that the first stands above the second in lithiophilicity - as
 * weighed, by binding alone, by solubility alone and over all weights - and the number that matters most.
 * Errors: DFT_EUSAGE for text that cannot be read, DFT_EINPUT for a candidate that is not ranked. */
dft_status screen_print_pairs(FILE *out, const flow_assembly *assembly, const char *pairs,
                              dft_error *err);

/* The `most` calculations that would change the list of the best k most for their core hours. */
dft_status screen_print_next(FILE *out, const flow_assembly *assembly,
                             const desc_calculations *calculations, size_t top_k, size_t most,
                             dft_error *err);

/* Which candidates to compute better, in which order, for so many core hours, until the best k are sure. */
dft_status screen_print_budget(FILE *out, const flow_assembly *assembly,
                               const desc_calculations *calculations, size_t top_k,
                               double budget_core_h, dft_error *err);

/* Score, interval of the rank and probability of the best k for every ranked candidate. */
dft_status screen_print_standing(FILE *out, const flow_assembly *assembly, size_t top_k,
                                 dft_error *err);

#endif
