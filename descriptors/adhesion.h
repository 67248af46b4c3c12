/*
 * descriptors/adhesion.h - does a film stick to a substrate, and would the liquid wet it?
 *
 * Work of adhesion (A. Dupre, 1869): what it costs to part an interface into two free surfaces,
 *     W = (E_substrate + E_film - E_interface)/A,
 * three slabs in one cell, the film strained alike in both, positive when the interface holds.
 * Spreading coefficient of the film on the substrate against itself:
 *     S = W - 2 gamma,   >= 0: a film covers the substrate rather than balling up.
 * Contact angle (Young and Dupre; P.-G. de Gennes, Rev. Mod. Phys. 57, 827 (1985)):
 *     cos theta = W/gamma - 1,
 * complete wetting (0 degrees) once W >= 2 gamma, and none (180 degrees) for W <= 0.  With the solid's
 * energies at 0 K it says which way a droplet tends, not the angle that will be measured.
 *
 * Units: any consistent ones; the project passes Ha and bohr^2.  Pure functions.
 */
#ifndef DESC_ADHESION_H
#define DESC_ADHESION_H

#include "dft-lite/base/status.h"
#include "dft-lite/base/units.h"

/* 1 Ha/bohr^2 in J/m^2 (= N/m). */
#define DESC_HA_PER_BOHR2_J_PER_M2 \
    (DFT_HARTREE_EV / (DFT_BOHR_ANG * DFT_BOHR_ANG) * DFT_EV_PER_ANG3_GPA * 0.1)

typedef struct {
    double work;                    /* W */
    double spreading;               /* S; NaN when gamma is */
    double contact_angle_deg;       /* NaN when gamma is */
    int capped;                     /* -1: W < 0, angle 180; 1: W > 2 gamma, angle 0; else 0 */
} desc_adhesion;

/* gamma: surface energy of the film's own face; NaN when it is not known.  Errors: DFT_EINPUT for an
 * energy that is not finite, an area that is not positive, or a gamma that is not positive. */
dft_status desc_adhesion_of(double e_substrate, double e_film, double e_interface, double area,
                            double gamma, desc_adhesion *out, dft_error *err);

#endif
