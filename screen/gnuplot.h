/*
 * screen/gnuplot.h - plots by the gnuplot program, through a pipe.
 */
#ifndef SCREEN_GNUPLOT_H
#define SCREEN_GNUPLOT_H

#include <stdio.h>

#include "dft-lite/base/status.h"

/* Starts gnuplot with an SVG of the given size that will become `path`: *out is the pipe for the
 * script, which starts with `set terminal` and `set output` already given.  NULL on failure.
 * Errors: DFT_EIO when there is no gnuplot or no pipe; DFT_EINPUT for a path that is too long. */
dft_status screen_gnuplot_open(const char *path, int width, int height, FILE **out, dft_error *err);

/* Ends the script and waits.  The file appears whole or not at all.
 * Errors: DFT_EIO when gnuplot failed or the file cannot be put in place. */
dft_status screen_gnuplot_close(const char *path, FILE *script, dft_error *err);

/* Text inside single quotes of a script: quotes are doubled. */
void screen_gnuplot_quote(FILE *script, const char *text);

#endif
