/*
 * workflows/height_scan.h - lithium above one point of a rigid surface: the best height and its energy.
 *
 * Heights are first + i step, walking downhill (upward, after the first heights, with strides of 2 and 4
 * steps) until the parabola through the three about the lowest energy has its minimum between them; where the
 * parabola's bottom may be off by more than 3 meV, the energy at that minimum is computed too, and again
 * (four times at most).  Bohr, Hartree.
 */
#ifndef FLOW_HEIGHT_SCAN_H
#define FLOW_HEIGHT_SCAN_H

#include "candidates/sites.h"
#include "descriptors/binding.h"
#include "workflows/task.h"

#define FLOW_MAX_HEIGHTS 40         /* flow_protocol_check's bound */

typedef struct {
    flow_session *session;          /* borrowed, as all from here ... */
    const dft_crystal *slab;
    double frac[2];                 /* units of a1, a2 */
    const char *label;              /* in front of "Li height ... A"; ... to here */
    double first, step;             /* bohr above the top plane */
    int stride;                     /* of the next height, steps */
    int lowest, highest;            /* out, as the rest: i of the first scan */
    size_t n;
    double height[FLOW_MAX_HEIGHTS], energy[FLOW_MAX_HEIGHTS];
    desc_height_scan found;         /* found.inside = 0: no minimum inside */
} flow_height_scan;

/* A scan not yet begun, with the protocol's step.  first: bohr. */
flow_height_scan flow_height_scan_at(flow_session *session, const dft_crystal *slab,
                                     const double frac[2], double first, const char *label);

/* Where Li over this site may be expected, bohr above the top plane. */
double flow_height_scan_guess(const cand_site *site);

/* Runs it.  An energy that does not converge, or no minimum inside the heights that the protocol allows,
 * goes into out as its outcome and reason.  Errors: flow_session_compute's; those of candidates. */
dft_status flow_height_scan_run(flow_height_scan *scan, flow_task_result *out, dft_error *err);

#endif
