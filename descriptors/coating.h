/*
 * descriptors/coating.h - how thick a coating should be, from what lithium does to it.
 *
 *   closed     ten layers of atoms, 10 (V/n_atoms)^(1/3): an assumption about films that close
 *   uptake     the thickness whose full lithiation takes `share` of the plated charge Q,
 *              t = share Q V/(n_Li e): more of it costs first-cycle lithium
 *   dissolves  the thickness that the plated lithium can take up as a solid solution,
 *              t = N_Li x/(1 - x) V/n_M with N_Li = Q/e: below it, the coating is gone at the end
 * The range runs from closed to uptake (closed alone where uptake is less); without a known uptake, or
 * with none, it has no upper end.
 * Volumes in A^3 per formula unit, thickness in nm, Q in mAh/cm^2.  Unknown is NaN.
 */
#ifndef DESC_COATING_H
#define DESC_COATING_H

#define DESC_COATING_SHARE 0.1
#define DESC_COATING_LAYERS 10.0

typedef struct {
    double volume_ang3, n_atoms;        /* per formula unit */
    double n_li;                        /* taken up in all; 0: does not react; NaN: unknown */
    double n_metal, x_in_li;            /* atoms that dissolve, and how far; NaN: unknown */
    double plated_mah_per_cm2;
} desc_coating;

typedef struct {
    double closed_nm, uptake_nm, dissolves_nm;
    double low_nm, high_nm;
    double capacity_mah_per_cm2_per_nm; /* its own, on full lithiation */
} desc_coating_range;

void desc_coating_thickness(const desc_coating *coating, desc_coating_range *out);

#endif
