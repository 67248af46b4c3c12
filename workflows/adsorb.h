/*
 * workflows/adsorb.h - an adatom on every distinct site of a slab, relaxed, and how it is bound.
 *
 *     E_b = E(slab + adatom) - E(slab) - mu      per adatom, negative when bound,
 * energies at zero smearing width, slab and slab + adatom relaxed alike in the same cell by the same
 * evaluator (one k mesh, one cutoff).  mu: the bulk metal's energy per atom, or the free atom's.
 * What became of the adatom: adsorb_outcome.h.  Hartree atomic units.
 */
#ifndef FLOW_ADSORB_H
#define FLOW_ADSORB_H

#include "candidates/sites.h"
#include "workflows/adsorb_outcome.h"
#include "workflows/evaluator.h"
#include "workflows/relax.h"

typedef struct {
    int z;                              /* of the adatom; default 3 */
    flow_relax_options relax;           /* of slab and adatom; fixed: [n_atoms] of the clean slab */
    int vertical;                       /* 1: the adatom moves along z alone (a slab whose normal is z): the energy
                                           over a bridge, say, that no symmetry holds it on */
    double mu_bulk, mu_atom;            /* Ha; NaN: unknown, and what needs it is NaN */
    /* Which sites of the relaxed slab to compute, 0: not this one.  NULL: all. */
    int (*wants)(const cand_site *site, void *context);
    /* Told before each relaxation: "clean slab", or the site's label.  NULL: silent. */
    void (*on_begin)(const char *label, void *context);
    /* Told after each, converged or not: to keep what there is before the next begins.  Anything but DFT_OK ends the
     * run with that error.  NULL: silent. */
    dft_status (*on_end)(const char *label, const flow_relax_result *relaxed, void *context, dft_error *err);
    void *context;
} flow_adsorb_options;

flow_adsorb_options flow_adsorb_defaults(void);

typedef struct {
    cand_site site;
    int is_wanted;
    flow_relax_result *relaxed;         /* owned; NULL when not wanted or not begun (stopped before) */
    flow_adsorb_end end;                /* only when relaxed->converged, as all below */
    double binding_bulk, binding_atom;  /* Ha per adatom; else NaN */
} flow_adsorbed;

typedef struct {
    flow_relax_result *clean;           /* owned */
    size_t n_sites, n_wanted, n_used;   /* distinct sites, those asked for, and those with an energy */
    flow_adsorbed *site;                /* owned [n_sites]; 0 of them when the clean slab did not converge */
    size_t lowest;                      /* site of the lowest energy; n_sites unless all have one: the lowest of
                                           some sites is not the lowest */
    flow_relax_end end;                 /* FLOW_RELAXED, or the first reason that something is missing */
} flow_adsorb_result;

/* Slot 0 of the evaluator follows the clean slab, slot 1 the adatom.  The caller owns *out; NULL on
 * failure.  Errors: those of flow_relax_run, cand_sites_find, cand_add_atom and on_end; DFT_EINPUT when no
 * site is wanted; DFT_ENOMEM. */
dft_status flow_adsorb_run(const flow_evaluator *evaluator, const dft_crystal *slab,
                           const flow_adsorb_options *options, flow_adsorb_result **out, dft_error *err);
void flow_adsorb_free(flow_adsorb_result *result);                      /* NULL is accepted */

#endif
