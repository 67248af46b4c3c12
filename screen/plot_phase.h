/*
 * screen/plot_phase.h - the phase diagram of a binary as SVG, by gnuplot.
 */
#ifndef SCREEN_PLOT_PHASE_H
#define SCREEN_PLOT_PHASE_H

#include "descriptors/calphad_diagram.h"

/* Draws phase boundaries, invariant lines and the names of the fields of one phase, against the
 * mole fraction of the `second` element.
 * Errors: those of screen/gnuplot.h. */
dft_status screen_plot_binary(const char *path, const char *title, const char *second,
                              const desc_calphad *system, const desc_diagram *diagram,
                              dft_error *err);

#endif
