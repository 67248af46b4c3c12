#include "descriptors/compliance.h"

#include <math.h>
#include <stdio.h>

#define EV_PER_GPA_NM3 6.241509074                /* 1e-18 J */
#define POISSON_WHERE_E_IS_B (1.0 / 3.0)          /* E = 3 B (1 - 2 nu) */

desc_film desc_film_unknown(void)
{
    return (desc_film){ false, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN };
}

/* Bending rigidity of a plate of stiffness E t (N/m) and thickness t (nm). */
static double plate_bending_ev(double stiffness, double thickness_nm, double poisson)
{
    return stiffness * thickness_nm * thickness_nm / (12.0 * (1.0 - poisson * poisson))
           * EV_PER_GPA_NM3;
}

static void solid(const desc_film *film, desc_film_compliance *out)
{
    const double nu = isnan(film->poisson) ? POISSON_WHERE_E_IS_B : film->poisson;
    const bool known = !isnan(film->young_gpa);
    const double young = known ? film->young_gpa : 3.0 * film->bulk_modulus_gpa * (1.0 - 2.0 * nu);

    if (isnan(young))
        return;
    out->poisson_assumed = !known && isnan(film->poisson);
    out->stiffness_n_per_m = young * DESC_FILM_NM;
    out->bending_rigidity_ev = plate_bending_ev(out->stiffness_n_per_m, DESC_FILM_NM, nu);
    snprintf(out->basis, sizeof out->basis, out->poisson_assumed
             ? "E t of %.0f nm, E = B = %.0f GPa at Poisson 1/3" : "E t of %.0f nm, E = %.0f GPa",
             DESC_FILM_NM, young);
}

static void stack(const desc_film *film, desc_film_compliance *out)
{
    const double layer = isnan(film->in_plane_stiffness_n_per_m) ? film->layer_modulus_n_per_m
                                                                 : film->in_plane_stiffness_n_per_m;
    const double spacing = isnan(film->layer_spacing_ang) ? DESC_LAYER_ANG
                                                          : film->layer_spacing_ang;
    const double n_layers = 10.0 * DESC_FILM_NM / spacing;
    const bool slips = film->interlayer_c44_gpa <= DESC_SLIP_GPA;       /* false for NaN */

    out->slip_gpa = film->interlayer_c44_gpa;
    if (slips && !isnan(film->layer_bending_ev))
        out->bending_rigidity_ev = n_layers * film->layer_bending_ev;
    if (isnan(layer)) {
        if (slips)
            snprintf(out->basis, sizeof out->basis, "slip between layers, C44 = %.1f GPa",
                     film->interlayer_c44_gpa);
        return;
    }
    out->stiffness_n_per_m = slips ? layer : layer * n_layers;
    if (!slips)
        out->bending_rigidity_ev = plate_bending_ev(out->stiffness_n_per_m, DESC_FILM_NM,
                                                    POISSON_WHERE_E_IS_B);
    if (slips)
        snprintf(out->basis, sizeof out->basis, "layers slip (C44 = %.1f GPa): E t of one, %.0f N/m",
                 film->interlayer_c44_gpa, layer);
    else if (isnan(film->interlayer_c44_gpa))
        snprintf(out->basis, sizeof out->basis, "%.0f nm stack stretching as one (%.0f N/m a layer); "
                 "slip between layers not computed", DESC_FILM_NM, layer);
    else
        snprintf(out->basis, sizeof out->basis, "%.0f nm stack stretching as one (%.0f N/m a layer; "
                 "C44 = %.0f GPa holds it)", DESC_FILM_NM, layer, film->interlayer_c44_gpa);
}

void desc_film_compliance_of(const desc_film *film, desc_film_compliance *out)
{
    *out = (desc_film_compliance){ NAN, NAN, NAN, false, "" };
    if (film->sheet)
        stack(film, out);
    else
        solid(film, out);
}
