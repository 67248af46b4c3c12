/*
 * dft-lite/tools/gradients.h - forces and stress of a solved crystal, as dftlite says them.
 *
 * Options (without "--"): forces, stress; each on or off.
 */
#ifndef DFTLITE_GRADIENTS_H
#define DFTLITE_GRADIENTS_H

#include <jansson.h>

#include "dft-lite/base/status.h"
#include "dft-lite/scf/scf.h"

#define DFTLITE_GRADIENTS_USAGE \
    "  --forces=on              on, off                   --stress=on         on, off\n"

typedef struct { int forces, stress; } dftlite_gradients;

dftlite_gradients dftlite_gradients_defaults(void);         /* both on */

/* 1 when the option is one of these; then *status tells whether its value is good. */
int dftlite_gradients_option(dftlite_gradients *gradients, const char *name, const char *value,
                             dft_status *status, dft_error *err);

/* Prints them and adds forces_eV_per_A and stress_GPa (xx yy zz yz xz xy) to json (NULL: none is
 * written): null where not asked for or not converged.  The result must keep its ground.  Errors:
 * DFT_ENOMEM. */
dft_status dftlite_gradients_run(const dftlite_gradients *gradients, const dft_scf_result *result,
                                 json_t *json, dft_error *err);

#endif
