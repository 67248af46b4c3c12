/*
 * workflows/evaluator.h - crystal -> energy, forces, stress: all that a driver sees of physics.
 *
 * Relaxers, elastic tensors, migration paths and their like are written against this one call.  Behind
 * it stands dft-lite (evaluator_dftlite.h) or, in tests, a potential in closed form.  One evaluator is
 * one line of thought: it may remember the last geometry to start the next from, which saves time and
 * changes no converged number.  Drivers that follow several geometries at once (the images of a path)
 * say which one they mean by `slot`.  Hartree atomic units.
 */
#ifndef FLOW_EVALUATOR_H
#define FLOW_EVALUATOR_H

#include <stddef.h>

#include "dft-lite/base/status.h"
#include "dft-lite/crystal/crystal.h"

#define FLOW_WANT_FORCES 1
#define FLOW_WANT_STRESS 2

typedef struct {
    int converged;                  /* 0: nothing below may be used, and message says why */
    double energy;                  /* Ha per cell, extrapolated to zero smearing width: quoted */
    double free_energy;             /* Ha per cell: forces and stress are its derivatives */
    double (*force)[3];             /* the caller's [n_atoms][3], Ha/bohr; not touched unless wanted */
    double stress[6];               /* (1/V) dF/d(strain), Ha/bohr^3: xx yy zz yz xz xy, positive when
                                       the cell wants to shrink; not touched unless wanted */
    int n_steps;                    /* SCF steps that it took, 0 for a closed form */
    int stopped;                    /* not converged because somebody asked to stop, not by its own fault */
    char message[256];
} flow_evaluation;

typedef struct {
    const char *name;               /* "dft-lite": recorded with every result */

    /* An outcome without convergence is DFT_OK with converged = 0.  `want` is a sum of FLOW_WANT_*;
     * with FLOW_WANT_FORCES out->force must point to n_atoms rows.  slot: 0, 1, ...; which of the
     * geometries that are followed at the same time this is. */
    dft_status (*evaluate)(void *context, const dft_crystal *crystal, int want, size_t slot,
                           flow_evaluation *out, dft_error *err);
    void *context;
} flow_evaluator;

#endif
