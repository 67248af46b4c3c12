/*
 * workflows/solute.h - dilute solutions: a metal M in bcc lithium, lithium in M, and what a vacancy does to
 * M's mobility in lithium.
 *
 *   dH(M in Li) = E(Li_n-1 M) - (n-1) mu_Li - mu_M,      mu_Li = E(Li_n)/n in the same cell
 *   dH(Li in M) = E(M_m-1 Li) - (m-1) mu'_M - mu_Li,     mu'_M = E(M_m)/m in the same cell
 *   E_vac       = E(Li_n-1) - (n-1) mu_Li
 *   E_bind      = E(Li_n-1 M) + E(Li_n-1) - E(Li_n-2 M) - E(Li_n), M beside the vacancy; positive: attracts
 * mu_M is that of the pure metal in its own primitive cell from the same source (descriptors/dilute.h makes
 * a solubility of dH).  Cells keep the host's size (candidates/dilute.h) and positions relax; `pressure` is
 * what is then left, from which -V P^2/(2 B) corrects dH to zero pressure where a bulk modulus is known
 * (C. Varvenne et al., PRB 88, 134102 (2013)).
 *
 * The exchange of M with the vacancy: both ends of the hop, atoms in the same order.  The middle of the
 * bond is a centre of inversion of bcc, so the final state is the image of the relaxed initial one and costs
 * nothing; the barrier is then half a symmetric path.
 * Hartree atomic units.
 */
#ifndef FLOW_SOLUTE_H
#define FLOW_SOLUTE_H

#include <stddef.h>

#include "dft-lite/base/status.h"
#include "dft-lite/crystal/crystal.h"
#include "workflows/evaluator_source.h"
#include "workflows/settle.h"

typedef struct {
    size_t most_atoms;              /* of a supercell; default 54: 3 x 3 x 3 of bcc */
    int in_metal;                   /* default 1: Li in M as well */
    int vacancy;                    /* default 1: the vacancy and M beside it */
    double mu_host, mu_metal;       /* Ha per atom, where the caller has them by the same settings: what only
                                       they need is not computed (without mu_host's cell the pressure is
                                       NaN); default NaN */
    flow_settle_options settle;     /* `fixed` is not used */
    void (*on_energy)(void *context, const char *label, double energy);     /* NULL: silent */
    void *context;
} flow_solute_options;

flow_solute_options flow_solute_defaults(void);

typedef struct {
    int known;                      /* 0: value and pressure are NaN */
    double value;                   /* Ha for each solute atom (or vacancy) */
    double pressure;                /* Ha/bohr^3, of the cell with the defect minus that of the host */
    double volume;                  /* bohr^3, of that cell */
    size_t n_atoms;                 /* of the host's cell */
    double separation;              /* bohr, from the nearest image */
} flow_solute_energy;

typedef struct {
    int converged;                  /* everything that was asked for */
    int ionic;                      /* not converged because of forces */
    char message[320];
    size_t n_planned, n_used;       /* cells */
    double mu_host, mu_metal;       /* Ha per atom: bcc Li in its supercell, pure M; NaN when unknown */
    flow_solute_energy m_in_li, li_in_m, vacancy;
    double binding;                 /* Ha; NaN when unknown */
    int has_endpoints;
    dft_crystal *initial, *final;   /* owned: M beside the vacancy, before and after the exchange; atom 0
                                       is M */
} flow_solute_result;

/* host: bcc lithium (or another element) in a cell of equal atoms, conventional; metal: pure M at its own
 * lattice constant, one element.  flow_solute_clear releases out.  Not converging is data.  Errors:
 * DFT_EINPUT when either is not of one element or both are the same; those of candidates, the source and
 * the evaluator; DFT_ENOMEM. */
dft_status flow_solute_run(const dft_crystal *host, const dft_crystal *metal,
                           const flow_evaluator_source *source, const flow_solute_options *options,
                           flow_solute_result *out, dft_error *err);
void flow_solute_clear(flow_solute_result *result);

/* n_i of the supercell with at most most_atoms atoms whose shortest vector is longest; among equals the
 * fewest atoms. */
void flow_solute_copies(const dft_crystal *host, size_t most_atoms, int copies[3]);

#endif
