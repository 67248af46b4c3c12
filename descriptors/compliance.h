/*
 * descriptors/compliance.h - how a coating gives way to the stress of lithium plated on it.
 *
 * What counts is the film as used, DESC_FILM_NM thick, not the bulk: it gives way by
 *   wrinkling  when its stretching stiffness E t (N/m) is small; a plate of thickness t that bends as
 *              one has the bending rigidity D = E t^3/[12 (1 - nu^2)] (L. D. Landau, E. M. Lifshitz,
 *              Theory of Elasticity, section 11);
 *   slip       between its layers when the shear modulus C44 of a stack is small.
 * A solid has no planes to slip on: E t alone.  In a stack whose layers slip (C44 <= DESC_SLIP_GPA,
 * the order of lithium's own shear modulus) each layer stretches and bends on its own: E t of ONE
 * layer, and D = n D_layer, far below that of a metal film although one layer is stiffer in plane
 * than any metal.  A stack of which C44 is not known is taken to stretch as one piece, which is the
 * stiff end of what it may be.  Pure functions.
 */
#ifndef DESC_COMPLIANCE_H
#define DESC_COMPLIANCE_H

#include <stdbool.h>

#define DESC_FILM_NM 10.0
#define DESC_SLIP_GPA 10.0
#define DESC_LAYER_ANG 10.0              /* layer spacing of a stack when it is not known */

/* NaN: unknown. */
typedef struct {
    bool sheet;
    double young_gpa, bulk_modulus_gpa, poisson;                     /* solids */
    double in_plane_stiffness_n_per_m, layer_modulus_n_per_m;        /* of one layer of a sheet */
    double layer_spacing_ang, layer_bending_ev, interlayer_c44_gpa;
} desc_film;

desc_film desc_film_unknown(void);       /* all NaN, no sheet */

typedef struct {
    double stiffness_n_per_m;            /* E t of what stretches as one; NaN: unknown */
    double bending_rigidity_ev;          /* of the whole film; NaN: unknown */
    double slip_gpa;                     /* C44 where the film can slip; NaN: it cannot, or unknown */
    bool poisson_assumed;                /* E taken as B, exact at a Poisson ratio of 1/3 */
    char basis[112];                     /* which number it is: "E t of 10 nm, E = B = 137 GPa" */
} desc_film_compliance;

void desc_film_compliance_of(const desc_film *film, desc_film_compliance *out);

#endif
