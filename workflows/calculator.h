/*
 * workflows/calculator.h - whoever can turn a crystal into an energy.
 *
 * Tasks never call the engine by name: they are handed a calculator.  The program hands them
 * flow_calculator_dftlite(); tests hand them one whose energies are known in closed form.
 */
#ifndef FLOW_CALCULATOR_H
#define FLOW_CALCULATOR_H

#include <stddef.h>

#include "dft-lite/base/status.h"
#include "dft-lite/crystal/crystal.h"
#include "dft-lite/scf/scf.h"

/* What identifies one element's atomic data: part of every task's key. */
typedef struct {
    char name[64];                  /* "Ag.11.PBE.gz" */
    char sha256[65];
    double n_valence;               /* electrons per atom, for estimates of cost ... */
    double n_projectors;            /* ... and projectors, for those of memory; 0: not known */
} flow_data_set;

typedef struct {
    const char *name;               /* "dft-lite": recorded with every result */

    /* One energy, as dft_scf_run: start may be NULL; an unconverged outcome is DFT_OK with
     * converged = 0; the caller owns *out and releases it with free_result. */
    dft_status (*compute)(void *context, const dft_crystal *crystal,
                          const dft_scf_options *options, const dft_scf_result *start,
                          dft_scf_result **out, dft_error *err);
    void (*free_result)(dft_scf_result *result);            /* NULL is accepted */

    /* Forces [n_atoms][3] and, unless NULL, stress [6] of a result that was computed with for_forces, as
     * dft-lite/properties/result_gradients.h; what is kept for them may be dropped.  NULL: this one has none. */
    dft_status (*gradients)(void *context, dft_scf_result *result, double (*force)[3], double *stress,
                            dft_error *err);

    /* The data set that compute would use for an element. */
    dft_status (*data_set)(void *context, const char *symbol, const dft_scf_options *options,
                           flow_data_set *out, dft_error *err);
    void *context;
} flow_calculator;

/* The engine of this project. */
const flow_calculator *flow_calculator_dftlite(void);

#endif
