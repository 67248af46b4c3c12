/*
 * descriptors/binding.h - lithium on a surface: height scan, binding energy, corrugation.
 *
 * Pure functions, free of state.  The height scan takes any consistent units (eV and A, or Ha and
 * bohr); names with _ev are in eV.
 */
#ifndef DESC_BINDING_H
#define DESC_BINDING_H

#include <stdbool.h>
#include <stddef.h>

#include "dft-lite/base/status.h"

/* Outcome of a height scan.  `inside` tells whether the parabola has a minimum within the three
 * heights it was laid through; otherwise height, energy and curvature are NaN: sample again around
 * lowest_height. */
typedef struct {
    bool inside;
    double height;               /* of the minimum */
    double energy;               /* there */
    double curvature;            /* d2E/dh2, e.g. eV/A^2 */
    double lowest_height;        /* the sampled height with the lowest energy */
    size_t n_points;
} desc_height_scan;

/* Parabola through the three neighbouring heights around the lowest energy (all, when n = 3; the
 * outermost three, when the lowest energy lies at an end).  A wider least-squares parabola is not
 * used: the repulsive side is steeper than the other and would shift the minimum.
 * height, energy: [n], in any order.  Errors: DFT_EINPUT for n < 3, equal heights, values that are
 * not finite. */
dft_status desc_height_scan_fit(size_t n, const double *height, const double *energy,
                                desc_height_scan *out, dft_error *err);

/* E_b = [E(slab + n Li) - E(slab)]/n_li - mu(Li): eV per Li, negative when Li binds to the surface
 * rather than to the reference that mu stands for (bulk bcc Li, or the atom).  n_li >= 1. */
double desc_li_binding_ev(double slab_with_li_ev, double slab_ev, double mu_li_ev, int n_li);

/* One high-symmetry site with Li at its optimal height; energies against any common zero. */
typedef struct {
    const char *name;            /* ontop, bridge, hollow, fcc, hcp, longbridge, ...; borrowed */
    double energy_ev;            /* NaN: no converged energy */
} desc_site;

/*
 * What the site energies alone say about lithium moving over a surface.
 *
 * corrugation_ev is E(highest) - E(lowest) over the distinct sites.
 *
 * A barrier proper is the saddle point on the best set of hops that spreads over the surface; that
 * takes a hop graph and NEB.  Site energies give only an estimate and two bounds, under the
 * assumption that hops run over high-symmetry sites:
 *   barrier_low_ev   second-lowest site - lowest: a hop must at least reach some other site;
 *   barrier_high_ev  highest - lowest (= corrugation_ev);
 *   barrier_estimate_ev
 *     "bridge"  a site whose name ends in "bridge" lies above the minimum: highest bridge - lowest.
 *               On fcc(111), hcp(0001) and (100) the bridge is the saddle between hollows; on (110)
 *               spreading in two dimensions has to cross the short and the long one.
 *     "around-maximum"  else, with three or more sites: the second-highest - lowest.  A smooth
 *               periodic energy surface has a maximum (as a rule at one site); the path avoids it.
 *     "two-sites"  else the only other site - lowest.
 * Always low <= estimate <= high.  It is an estimate, to be called that wherever it is printed.
 */
typedef struct {
    size_t n_planned, n_used;    /* sites handed in, sites with an energy */
    int lowest, highest, saddle; /* indices into the sites; -1 when there is none */
    double corrugation_ev;       /* NaN when fewer than two sites have an energy */
    double barrier_estimate_ev, barrier_low_ev, barrier_high_ev;                 /* likewise */
    const char *barrier_basis;   /* one of the three words above, or "" ; static */
} desc_corrugation;

/* sites: [n].  Fewer than two energies is data: NaN and n_used.  Errors: DFT_EINPUT for an infinite
 * energy or a NULL name. */
dft_status desc_corrugation_of_sites(size_t n, const desc_site *sites, desc_corrugation *out,
                                     dft_error *err);

#endif
