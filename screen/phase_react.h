/*
 * screen/phase_react.h - `liscreen phase FORMULA --react=Li`: what lithium does to a compound or
 * metal.
 *
 * Prints the voltage profile step by step (reaction, voltage, capacity), the volume change,
 * published voltages (descriptors/data/voltages.csv; not with energies of the user) and, for
 * a metal that a conversion sets free, its own lithiation from the set of energies that knows it.
 */
#ifndef SCREEN_PHASE_REACT_H
#define SCREEN_PHASE_REACT_H

#include "screen/app.h"

typedef struct {
    const char *formula;         /* "ZnO" */
    const char *guest;           /* "Li"; another element needs energies of its own */
    const char *energies_path;   /* CSV or JSON (descriptors/hull_read.h); NULL: collected */
    const char *json_path;       /* write JSON there; NULL: no */
    const char *plot_path;       /* write an SVG by gnuplot there; NULL: no */
} screen_phase_react_request;

/* Errors: DFT_EINPUT and DFT_EPARSE for what has no energies (exit 65), DFT_EUSAGE for a guest that
 * is no element, DFT_EIO when a file cannot be written or gnuplot is missing, DFT_ENOFILE,
 * DFT_ENOMEM. */
dft_status screen_phase_react(const screen_app *app, const screen_phase_react_request *request,
                              dft_error *err);

#endif
