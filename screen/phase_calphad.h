/*
 * screen/phase_calphad.h - a binary of Li from an assessed description: solubilities, stable
 * phases, plateaus, invariant equilibria; as JSON.
 */
#ifndef SCREEN_PHASE_CALPHAD_H
#define SCREEN_PHASE_CALPHAD_H

#include <jansson.h>

#include "dft-lite/base/status.h"

typedef enum { SCREEN_LI_STABLE, SCREEN_LI_BCC, SCREEN_LI_LIQUID } screen_li_reference;

typedef struct {
    const char *tdb_path;
    const char *metal;               /* "Al" */
    double temperature_k;
    screen_li_reference reference;   /* of the voltages */
    const char *plot_path;           /* SVG of the phase diagram; NULL: none */
} screen_phase_calphad_request;

/* Adds to `root`: database, li_reference, solubility, stable_phases, plateaus, invariants,
 * solubility_curve (keys as in design.md section 5).  x(M in bcc Li) comes out in *x_in_li, NaN
 * when it cannot be had (then reason [160] says why).
 * Errors: those of reading and of the equilibrium; DFT_EINPUT when the file has no such metal, no
 * Li or no such Li phase; DFT_ENUMERIC when an equilibrium of the asked temperature did not
 * converge. */
dft_status screen_phase_calphad(const screen_phase_calphad_request *request, json_t *root,
                                double *x_in_li, char reason[160], dft_error *err);

#endif
