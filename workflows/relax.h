/*
 * workflows/relax.h - atoms to where their forces vanish, and cells to where their stress does.
 *
 *     flow_relax_options options = flow_relax_defaults();
 *     options.fixed = fixed;
 *     status = flow_relax_run(&evaluator, crystal, &options, &result, &err);
 *     if (status == DFT_OK && result->converged) use(result->energy, result->crystal);
 *     flow_relax_free(result);
 *
 * Walks downhill on the free energy, whose derivatives the forces are; the energy quoted is that
 * extrapolated to zero width, at the end.  Steps: preconditioned L-BFGS or FIRE (descent.h).  Both
 * are made of forces and distances alone and so keep the symmetry that the forces have; operations are
 * counted at start and end.
 *
 * Cells: positions u and a symmetric strain e move together, r = (1 + e) u (E. B. Tadmor et al., PRB 59,
 * 235 (1999)); one unit of strain counts as r_nn sqrt(n_atoms), which makes it as stiff as a bond.
 * Strain axes that are not asked for stay.  With plane waves two things are minded:
 *   - While the cell moves, the set of plane waves is held (set_basis), so that the stress is the
 *     derivative of the energy.
 *   - That derivative at a fixed number of waves is not the one at fixed cutoff; they differ by the
 *     Pulay stress (P. Gomes Dacosta et al., J. Phys. C 19, 2065 (1986); G. P. Francis, M. C. Payne, J.
 *     Phys. Condens. Matter 2, 4395 (1990)), measured here by moving the basis under the resting cell,
 *         p = (1/3V) dF(cell, waves of the cell scaled by 1 + d)/dd,     stress_ecut = stress + p 1,
 *     and added.  Afterwards the basis is set anew, p is measured again, and what is left of
 *     the corrected stress is reported; while it is above the limit, another round begins.
 *
 * Hartree atomic units.  An unconverged end is data: its energies are NaN.
 */
#ifndef FLOW_RELAX_H
#define FLOW_RELAX_H

#include <stddef.h>

#include "dft-lite/base/status.h"
#include "dft-lite/crystal/crystal.h"
#include "workflows/descent.h"
#include "workflows/evaluator.h"

typedef struct {                        /* one evaluation, for progress lines */
    int step;                           /* 0: as given */
    double energy, free_energy;         /* Ha */
    double max_force;                   /* Ha/bohr, on what may move */
    double max_stress;                  /* Ha/bohr^3, corrected, of what may strain; 0 when nothing may */
    int taken_back;                     /* the step before this one led uphill and was shortened */
    const dft_crystal *crystal;
} flow_relax_step;

typedef struct {
    flow_method method;                 /* default FLOW_LBFGS */
    double max_force;                   /* Ha/bohr; default 0.01 eV/A.  0: positions stay */
    int max_steps;                      /* evaluations beside the first; default 200 */
    double max_step;                    /* bohr, of an atom in one step; default 0.2 A */
    double energy_noise;                /* Ha: a rise by this much is none; default 2e-6 */
    const unsigned char (*fixed)[3];    /* borrowed [n_atoms][3], 1: this Cartesian coordinate stays (with
                                           a moving cell: stays in the cell); NULL: all move */
    size_t slot;                        /* of the evaluator */
    unsigned char strain[6];            /* 1: xx yy zz yz xz xy may strain; default none */
    int hold_volume;                    /* 1: the strain changes the shape alone */
    double max_stress;                  /* Ha/bohr^3; default 0.05 GPa */
    /* Holds the basis that this lattice chooses, NULL: each cell's own; NULL where there is no basis. */
    void (*set_basis)(void *context, const double (*lattice)[3]);
    void *basis_context;
    int max_rounds;                     /* of the cell with the basis set anew; default 4 */
    int (*on_step)(const flow_relax_step *step, void *context);     /* nonzero: stop; NULL: silent */
    void *context;
} flow_relax_options;

flow_relax_options flow_relax_defaults(void);

typedef enum {
    FLOW_RELAXED,
    FLOW_RELAX_SCF,                     /* an evaluation did not converge */
    FLOW_RELAX_STEPS,                   /* not at rest after max_steps, or the rounds of the cell */
    FLOW_RELAX_STOPPED                  /* on_step said so */
} flow_relax_end;

typedef struct {
    int converged;                      /* end == FLOW_RELAXED; else no energy may be used */
    flow_relax_end end;
    char message[320];                  /* how it ended, in a sentence */
    dft_crystal *crystal;               /* owned: the last geometry that was evaluated with success */
    double (*force)[3];                 /* owned [n_atoms][3], there; Ha/bohr */
    double energy, free_energy;         /* Ha; NaN unless converged */
    double max_force;                   /* of the last evaluation; NaN when there was none */
    double stress[6];                   /* raw, Ha/bohr^3; NaN unless a cell was relaxed */
    double residual_pressure;           /* Ha/bohr^3, minus a third of the corrected stress's trace, with the
                                           basis set anew; NaN unless a cell was relaxed to its end */
    double pulay_pressure;              /* Ha/bohr^3, what the raw stress is wrong by: raw pressure minus the
                                           one at fixed cutoff; 0 without a basis */
    double start_free_energy;           /* Ha, of the geometry as given; NaN when it did not converge */
    int n_steps, n_evaluations, n_rounds, n_scf_steps;
    size_t n_ops_start, n_ops_end;      /* symmetry operations within 1e-4 bohr */
} flow_relax_result;

/* The caller owns *out; NULL on failure.  Errors: the evaluator's; DFT_EINPUT for limits that are not
 * positive and for a step that brings atoms together; DFT_ENOMEM. */
dft_status flow_relax_run(const flow_evaluator *evaluator, const dft_crystal *crystal,
                          const flow_relax_options *options, flow_relax_result **out, dft_error *err);
void flow_relax_free(flow_relax_result *result);                        /* NULL is accepted */

/* Marks all coordinates of the atoms in the lowest n_planes planes of a slab (candidates/layer.h) in
 * fixed [n_atoms][3]; the others' marks stay.  n_planes < 0: half of them, rounded down.  The number of
 * planes goes to *n_found (NULL allowed).  Errors: DFT_EINPUT when it is no slab or has not more planes
 * than that; DFT_ENOMEM. */
dft_status flow_fix_planes(const dft_crystal *slab, int n_planes, unsigned char (*fixed)[3],
                           size_t *n_found, dft_error *err);

#endif
