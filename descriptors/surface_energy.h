/*
 * descriptors/surface_energy.h - the energy of a surface from slabs.
 *
 *     gamma = (E_slab - N E_bulk)/(2 A)
 * for a slab of N formula units with two faces of area A; where the faces differ it is their mean.  A
 * bulk energy from another cell and k mesh leaves an error that grows with N; the slope of E_slab
 * against N is a bulk energy without it: V. Fiorentini, M. Methfessel, J. Phys.: Condens. Matter 8,
 * 6525 (1996).  Ha and bohr^2 in the project; any consistent units.  Pure functions.
 */
#ifndef DESC_SURFACE_ENERGY_H
#define DESC_SURFACE_ENERGY_H

#include <stddef.h>

#include "dft-lite/base/status.h"

/* Errors: DFT_EINPUT for a number that is not finite, n_units or area that is not positive. */
dft_status desc_surface_energy(double e_slab, double n_units, double e_bulk, double area,
                               double *gamma, dft_error *err);

typedef struct {
    double gamma;                   /* half the intercept over the area */
    double e_bulk;                  /* the slope */
    double rms;                     /* residual, energy */
    double gamma_error;             /* standard error of gamma from it; NaN for two slabs */
} desc_surface_energy_line;

/* A straight line through slabs of n_units[i] units, [n], n >= 2.  Errors: DFT_EINPUT for fewer than two
 * different thicknesses, a number that is not finite, or an area that is not positive. */
dft_status desc_surface_energy_fit(size_t n, const double *n_units, const double *e_slab, double area,
                                   desc_surface_energy_line *out, dft_error *err);

#endif
