/*
 * workflows/settle.h - the energy of a crystal with its atoms where they come to rest in a fixed cell.
 *
 * What surface energies, interfaces, solutions and relaxed-ion elastic constants have in common: one
 * evaluation as given, then, when asked for and needed, relaxation of the positions (workflows/relax.h).
 * Hartree atomic units.
 */
#ifndef FLOW_SETTLE_H
#define FLOW_SETTLE_H

#include "dft-lite/base/status.h"
#include "dft-lite/crystal/crystal.h"
#include "workflows/evaluator.h"
#include "workflows/evaluator_source.h"

typedef struct {
    int relax;                      /* 0: as given */
    double force_limit;             /* largest force on an atom that may move, Ha/bohr; default 0.02 eV/A */
    int max_steps;                  /* of relaxation, default 200 */
    const int *fixed;               /* borrowed [n_atoms]: 1 holds an atom; NULL: all move */
    int want_stress;                /* the stress at the end is wanted too */
    size_t slot;                    /* of the evaluator; default 0 */
} flow_settle_options;

flow_settle_options flow_settle_defaults(void);         /* relax = 1 */

typedef struct {
    int converged;                  /* 0: nothing below but message and n_evaluations may be used */
    int ionic;                      /* not converged because the forces are not small enough */
    int moved;                      /* positions differ from those given */
    double energy;                  /* Ha, zero smearing width */
    double free_energy;             /* Ha */
    double stress[6];               /* Ha/bohr^3, when wanted */
    int start_converged;            /* the next two may be used, whatever became of the relaxation */
    double start_energy;            /* Ha, zero smearing width, of the positions as given */
    double start_stress[6];         /* of the positions as given, when wanted */
    double force;                   /* largest left on an atom that may move; NaN when not relaxed */
    dft_crystal *crystal;           /* owned: the positions at the end */
    size_t n_evaluations;
    char message[256];
} flow_settled;

/* flow_settled_clear releases what out holds; after a failure it holds nothing.  Not converging is data.
 * Errors: the evaluator's; DFT_ENOMEM. */
dft_status flow_settle(const dft_crystal *crystal, const flow_evaluator *evaluator,
                       const flow_settle_options *options, flow_settled *out, dft_error *err);
void flow_settled_clear(flow_settled *settled);

/* Opens an evaluator for the crystal, settles it, closes; for those who need one energy of one cell.
 * flow_settled_clear releases out. */
dft_status flow_settle_from(const flow_evaluator_source *source, const dft_crystal *crystal,
                            const int periodic[3], const flow_settle_options *options,
                            flow_settled *out, dft_error *err);

#endif
