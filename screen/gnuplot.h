/*
 * screen/gnuplot.h - plots by the gnuplot program: a script is written beside the plot, run,
 * removed.
 */
#ifndef SCREEN_GNUPLOT_H
#define SCREEN_GNUPLOT_H

#include <stdio.h>

#include "dft-lite/base/status.h"

/* Begins the script of an SVG of the given size that will become `path`; terminal and output are
 * set in it already.  NULL on failure.  Errors: DFT_EIO when the directory cannot be written,
 * DFT_EINPUT for a path that is too long. */
dft_status screen_gnuplot_open(const char *path, int width, int height, FILE **out, dft_error *err);

/* Ends the script, runs it and waits; `script` is closed whatever happens.  The plot appears whole
 * or not at all.  Errors: DFT_EIO when there is no gnuplot, it failed, or its file cannot be put in
 * place. */
dft_status screen_gnuplot_close(const char *path, FILE *script, dft_error *err);

/* Text inside single quotes of a script: quotes are doubled, line ends become blanks. */
void screen_gnuplot_quote(FILE *script, const char *text);

#endif
