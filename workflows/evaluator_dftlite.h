/*
 * workflows/evaluator_dftlite.h - dft-lite as an evaluator (evaluator.h).
 *
 *     flow_dftlite_options options = flow_dftlite_defaults();
 *     options.scf.ecut = ...;
 *     status = flow_dftlite_create(&options, &engine, &err);
 *     flow_evaluator evaluator = flow_dftlite_evaluator(engine);
 *     ... hand it to drivers ...
 *     flow_dftlite_free(engine);
 *
 * One result a slot is remembered and starts the next calculation of that slot, and the first of a slot that has none
 * yet and lies nearest (images of a path); an outcome that does not converge from there is tried once more from
 * scratch.  A breakdown of linear algebra (DFT_ENUMERIC) counts as not converged: it is one geometry's misfortune, and
 * the other sites of a surface go on.  The k mesh is chosen once, by the first crystal: energies compare on one mesh
 * only.  The set of plane waves follows the cell (constant cutoff) unless flow_dftlite_hold_basis fixes it: under strain
 * the energy is then smooth, and the stress is its derivative.
 *
 * Thread rule: one call at a time for the whole process (scf.h).
 */
#ifndef FLOW_EVALUATOR_DFTLITE_H
#define FLOW_EVALUATOR_DFTLITE_H

#include "dft-lite/crystal/elements.h"
#include "dft-lite/scf/scf.h"
#include "workflows/evaluator.h"

typedef struct {
    dft_scf_options scf;            /* what it borrows must outlive the engine; for_forces and, while a
                                       basis is held, chooser are set by the engine */
    double k_spacing;               /* 1/bohr, largest |b_i|/n_i of the first cell, 2 pi included; 0
                                       (default): scf.kmesh as it is */
    int one_k[3];                   /* with k_spacing: nonzero gives the axis one point (vacuum) */
    const double *moment_of;        /* borrowed [DFT_MAX_Z + 1] starting moments by element, Bohr
                                       magnetons; NULL: scf.moments, which then fit every crystal, or the
                                       free atoms' */
    size_t n_slots;                 /* default 1; slots beyond it start from scratch every time */
} flow_dftlite_options;

flow_dftlite_options flow_dftlite_defaults(void);

typedef struct flow_dftlite flow_dftlite;

/* The caller owns *out; NULL on failure.  Errors: DFT_EINPUT for a negative spacing; DFT_ENOMEM. */
dft_status flow_dftlite_create(const flow_dftlite_options *options, flow_dftlite **out,
                               dft_error *err);
void flow_dftlite_free(flow_dftlite *engine);           /* NULL is accepted */

/* Borrows engine.  Its errors are those of dft_scf_run and dft_result_gradients. */
flow_evaluator flow_dftlite_evaluator(flow_dftlite *engine);

/* From here on the plane waves are those that this lattice (bohr, copied) chooses at the cutoff,
 * whatever cell is computed; NULL: each cell's own again. */
void flow_dftlite_hold_basis(flow_dftlite *engine, const double (*lattice)[3]);

/* What was done so far: for records.  All zero before the first evaluation. */
typedef struct {
    int kmesh[3];
    size_t n_evaluations, n_scratch;    /* of them, begun again from scratch */
    size_t n_k, n_bands, n_plane_waves; /* of the last one */
    double magnetic_moment, dipole_moment;  /* of the last one; Bohr magnetons, electrons x bohr */
    size_t n_data;
    dft_data_used data[DFT_SYSTEM_MAX_SPECIES];     /* everything used, in order of appearance */
    double peak_rss_mib, wall_s;
    int stopped;                        /* the last one was stopped by scf.between_steps */
} flow_dftlite_report;
const flow_dftlite_report *flow_dftlite_report_of(const flow_dftlite *engine);

#endif
