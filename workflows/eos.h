/*
 * workflows/eos.h - the equation of state of a crystal or sheet through an evaluator.
 *
 * Energies at several volumes on one k mesh (the evaluator's), with the cutoff constant, so that no Pulay
 * stress enters; atoms, and the cell's shape at each volume, relaxed when asked.  Birch-Murnaghan fit,
 * descriptors/eos.h; the scan walks until the minimum lies inside (eos_scan.h).  Hartree atomic units.
 */
#ifndef FLOW_EOS_DRIVER_H
#define FLOW_EOS_DRIVER_H

#include "workflows/eos_scan.h"
#include "workflows/evaluator.h"
#include "workflows/relax.h"

typedef struct {
    int sheet;                          /* areas instead of volumes */
    int n_points, max_points;           /* defaults 7, 15 */
    double half_width;                  /* default 0.06 */
    int relax_positions, relax_shape;   /* default neither; the shape not of sheets */
    flow_relax_options relax;           /* limits, slot, basis and callback of these relaxations */
    void (*on_point)(const char *label, double energy, void *context);  /* NULL: silent */
    void *context;
} flow_eos_options;

flow_eos_options flow_eos_defaults(void);

typedef struct {
    flow_eos_fit fit;                   /* fit.inside: there is a result */
    flow_relax_end end;                 /* FLOW_RELAXED, or why an energy is missing */
    char message[320];
    dft_crystal *crystal;               /* owned: the structure scaled to the minimum, with what was relaxed
                                           at the nearest volume; NULL when there is none */
} flow_eos_result;

/* out holds something to clear only after DFT_OK.  Errors: the evaluator's; DFT_EINPUT for a sheet whose
 * shape is to relax; those of flow_eos_scan_run. */
dft_status flow_eos_run(const flow_evaluator *evaluator, const dft_crystal *crystal,
                        const flow_eos_options *options, flow_eos_result *out, dft_error *err);
void flow_eos_clear(flow_eos_result *result);

#endif
