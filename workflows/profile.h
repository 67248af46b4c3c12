/*
 * workflows/profile.h - the highest point of an energy along a path, from energies and slopes.
 *
 * Between neighbouring points runs the cubic that has both energies and both slopes (Hermite), as
 * G. Henkelman et al., J. Chem. Phys. 113, 9901 (2000) draw their paths.
 */
#ifndef FLOW_PROFILE_H
#define FLOW_PROFILE_H

#include <stddef.h>

/* s, e, slope [n], s increasing, n >= 2; any consistent units.  Returns the highest energy and
 * writes where it is (NULL allowed). */
double flow_profile_top(size_t n, const double *s, const double *e, const double *slope,
                        double *at);

#endif
