/*
 * workflows/band.h - the forces of a nudged elastic band: geometry alone, under neb.h.
 *
 * Atomic units.
 */
#ifndef FLOW_BAND_H
#define FLOW_BAND_H

#include "workflows/path.h"

/* The improved tangent at an interior image, a unit vector over all coordinates, [n_atoms]
 * (Henkelman & Jonsson 2000, eqs. 8-11): towards the higher neighbour, and at extrema a mixture
 * weighted by the energy differences.  energy [n_images]. */
void flow_band_tangent(const flow_path *path, const double *energy, size_t image,
                       double (*tangent)[3]);

/* force [n_atoms] becomes the nudged one: true force across the tangent plus springs along it, or
 * for a climbing image the true force with its component along the tangent reversed.  Returns the
 * largest force on an atom that is to vanish: across the tangent, or all of it when climbing. */
double flow_band_force(const flow_path *path, size_t image, const double (*tangent)[3],
                       double spring, int is_climbing, double (*force)[3]);

double flow_largest_force(size_t n_atoms, const double (*force)[3]);

/* sum over all coordinates */
double flow_dot(size_t n_atoms, const double (*a)[3], const double (*b)[3]);

#endif
