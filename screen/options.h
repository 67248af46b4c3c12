/*
 * screen/options.h - a verb's command line: words and --long-options.
 *
 * Options may stand anywhere among the words; `--` ends them.  An unknown option is an error that
 * suggests the one that was meant.
 */
#ifndef SCREEN_OPTIONS_H
#define SCREEN_OPTIONS_H

#include <stddef.h>
#include <stdio.h>

#include "dft-lite/base/status.h"

#define SCREEN_MAX_WORDS 4

typedef struct {
    const char *name;               /* "jobs": --jobs=N */
    const char *value_name;         /* "N"; NULL for a flag without value */
    const char *help;
    const char *value;              /* out: borrowed from argv, "" for a flag; NULL: not given */
} screen_option;

typedef struct {
    const char *verb;               /* "run" */
    const char *words;              /* "CAMPAIGN.yaml": shown in the usage line */
    const char *summary;            /* one sentence */
    size_t n_words_needed, n_words_most;
    size_t n_options;
    screen_option *option;          /* borrowed, [n_options] */
    size_t n_words;                 /* out */
    const char *word[SCREEN_MAX_WORDS];     /* out, borrowed from argv */
    int help;                       /* out: --help was given, and nothing was checked */
} screen_command;

/* Parses argv[0..argc-1], which start after the verb.  Errors: DFT_EUSAGE. */
dft_status screen_options_parse(screen_command *command, int argc, char **argv, dft_error *err);

void screen_options_print_help(const screen_command *command, FILE *out);

/* The value of an option, NULL when it was not given.  The name must exist. */
const char *screen_option_value(const screen_command *command, const char *name);

/* Numbers; *out stays as it is when the option was not given.  Errors: DFT_EUSAGE for what is not a
 * (whole) number from least to most, naming the option. */
dft_status screen_option_number(const screen_command *command, const char *name, double least,
                                double most, double *out, dft_error *err);
dft_status screen_option_integer(const screen_command *command, const char *name, int least,
                                 int most, int *out, dft_error *err);

#endif
