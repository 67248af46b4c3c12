/*
 * screen/calc_relax.h - what kinds that relax share: options, progress lines, JSON.
 */
#ifndef SCREEN_CALC_RELAX_H
#define SCREEN_CALC_RELAX_H

#include "screen/calc.h"
#include "workflows/relax.h"

#define SCREEN_RELAX_OPTIONS \
    { "fmax-ev-per-ang", "X", "largest force left on an atom; default 0.01", NULL }, \
    { "max-steps", "N", "of the relaxation; default 200", NULL }, \
    { "method", "lbfgs|fire", "default lbfgs", NULL }
#define SCREEN_N_RELAX_OPTIONS 3

typedef struct {                        /* the context of its on_step */
    const screen_calc *calc;
    char label[64];
} screen_relax_progress;

/* Defaults and the options above; progress is borrowed.  Errors: DFT_EUSAGE. */
dft_status screen_relax_read(const screen_calc *calc, screen_relax_progress *progress,
                             flow_relax_options *out, dft_error *err);

/* The exit code of an end: 0, SCREEN_EXIT_SCF, SCREEN_EXIT_IONIC, SCREEN_EXIT_STOPPED. */
int screen_relax_code(flow_relax_end end);

/* {converged, message, energy_ev, free_energy_ev, fmax_ev_per_ang, n_steps, n_scf_steps, symmetry operations,
 * structure}; numbers that there are none of are null.  New reference; NULL when memory is refused. */
json_t *screen_relax_json(const flow_relax_result *result, const int periodic[3]);

/* Holds or frees the plane waves of an engine: flow_relax_options.set_basis, whose context is a
 * flow_dftlite. */
void screen_relax_set_basis(void *engine, const double (*lattice)[3]);

#endif
