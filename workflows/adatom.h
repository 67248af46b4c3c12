/*
 * workflows/adatom.h - an atom on a slab, relaxed once for each distinct site, and its copies
 * elsewhere.
 *
 * Ends of hops are places of a few distinct sites.  The relaxed arrangement of one place is carried
 * to another by the operation of the slab that carries the place (candidates/layer.h), the adatom
 * last in order; so equal ends have equal energies, and nothing is relaxed twice.  Hartree atomic
 * units.
 */
#ifndef FLOW_ADATOM_H
#define FLOW_ADATOM_H

#include "candidates/sites.h"
#include "workflows/drag.h"

typedef enum {
    FLOW_ADATOM_KEPT,               /* it relaxed on its site */
    FLOW_ADATOM_MOVED,              /* it slid by more than FLOW_ADATOM_SHIFT: no minimum here */
    FLOW_ADATOM_SANK,               /* it lies below the top plane of the clean slab: it alloys */
    FLOW_ADATOM_UNCONVERGED         /* no number */
} flow_adatom_outcome;

typedef struct {
    const cand_site *site;          /* borrowed */
    flow_adatom_outcome outcome;
    double energy, free_energy;     /* Ha; NaN when unconverged */
    double height;                  /* above the clean slab's top plane, bohr */
    double shift;                   /* lateral, from the site, bohr */
    int n_evaluations, n_scf, stopped;
    char message[384];              /* why unconverged */
    dft_crystal *crystal;           /* owned; the relaxed arrangement, adatom last */
} flow_adatom;

#define FLOW_ADATOM_SHIFT 1.5       /* bohr, 0.8 A: farther is another site */

/* One adatom in this cell: monolayers, adatoms per atom of the slab's top plane (within top_depth of
 * candidates/sites.h).  NaN when the slab is none. */
double flow_adatom_coverage_ml(const dft_crystal *slab);

const char *flow_adatom_outcome_name(flow_adatom_outcome outcome);

/* z on the site, relaxed with fixed[n_atoms + 1][3] (the adatom last; NULL: all may move).  The
 * caller clears *out, also after a failure.  Errors: those of cand_add_atom and of the evaluator.
 */
dft_status flow_adatom_relax(const flow_evaluator *evaluator, const dft_crystal *slab, int z,
                             const cand_site *site, const unsigned char (*fixed)[3],
                             const flow_drag_options *options, flow_adatom *out, dft_error *err);
void flow_adatom_clear(flow_adatom *adatom);

/* The relaxed arrangement carried to the place `u` (units of a1, a2, in whatever cell) of the same
 * site: slab atoms in their own cells and the adatom at u, so that a path between two such
 * arrangements is to be taken as given.  *out is NULL, without an error, when no operation of this
 * cell carries the site there (a cell that lacks a symmetry of the surface): relax there anew.  The
 * caller owns *out.  Errors: those of cand_layer_create; DFT_ENOMEM. */
dft_status flow_adatom_carry(const flow_adatom *adatom, const dft_crystal *slab, const double u[2],
                             dft_crystal **out, dft_error *err);

#endif
