/*
 * workflows/surface_energy.h - the surface energy of a facet, two ways.
 *
 * Clean slabs of several thicknesses and the bulk, all from one source of evaluators and so with the same
 * settings.  `gamma` is that of the thickest slab against the bulk's own cell; `line` takes the bulk energy
 * from the slope instead (descriptors/surface_energy.h).  Their difference is an estimate of the error
 * that the different k meshes of bulk and slab leave.  Both faces may relax; where they are different faces
 * gamma is their mean.  Hartree atomic units.
 */
#ifndef FLOW_SURFACE_ENERGY_H
#define FLOW_SURFACE_ENERGY_H

#include <stddef.h>

#include "descriptors/surface_energy.h"
#include "dft-lite/base/status.h"
#include "dft-lite/crystal/crystal.h"
#include "workflows/evaluator_source.h"
#include "workflows/settle.h"

#define FLOW_MOST_THICKNESSES 6

typedef struct {
    int miller[3], termination;
    size_t n_layers;                /* 1..FLOW_MOST_THICKNESSES thicknesses */
    int layers[FLOW_MOST_THICKNESSES];      /* ascending; default 4, 6, 8 */
    double vacuum;                  /* bohr; default 12 A */
    flow_settle_options settle;     /* of slabs; `fixed` is not used */
} flow_surface_energy_options;

flow_surface_energy_options flow_surface_energy_defaults(const int miller[3]);

typedef struct {
    int converged;                  /* the thickest slab and the bulk have energies */
    int ionic;                      /* not converged because of forces */
    char message[320];
    size_t n_planned, n_used;       /* slabs */
    int layers[FLOW_MOST_THICKNESSES];      /* as built, of the slabs used */
    double n_units[FLOW_MOST_THICKNESSES];  /* bulk cells in each */
    double e_slab[FLOW_MOST_THICKNESSES];   /* Ha */
    double e_bulk;                  /* Ha, of the crystal given */
    double area;                    /* bohr^2, one face */
    int faces_equal;
    double gamma;                   /* Ha/bohr^2; NaN unless converged */
    int has_line;                   /* two thicknesses or more */
    desc_surface_energy_line line;
} flow_surface_energy_result;

/* conventional_bulk: the cell that the indices refer to.  Not converging is data.  Errors: DFT_EINPUT for
 * no layers, or slabs without the bulk's composition (their surface energy depends on chemical
 * potentials); those of cand_slab_create, of the source and the evaluator; DFT_ENOMEM. */
dft_status flow_surface_energy_run(const dft_crystal *conventional_bulk,
                                   const flow_evaluator_source *source,
                                   const flow_surface_energy_options *options,
                                   flow_surface_energy_result *out, dft_error *err);

#endif
