#include "descriptors/coating.h"

#include <math.h>

#define ELECTRON_C 1.602176634e-19
#define C_PER_MAH 3.6
#define CM3_PER_ANG3 1e-24
#define CM_PER_NM 1e-7
#define ANG_PER_NM 10.0

void desc_coating_thickness(const desc_coating *c, desc_coating_range *out)
{
    const double volume_cm3 = c->volume_ang3 * CM3_PER_ANG3;
    const double mah_per_nm = CM_PER_NM / volume_cm3 * c->n_li * ELECTRON_C / C_PER_MAH;
    const double n_plated = c->plated_mah_per_cm2 * C_PER_MAH / ELECTRON_C;     /* per cm^2 */
    const double x = c->x_in_li;

    *out = (desc_coating_range){
        .closed_nm = DESC_COATING_LAYERS * cbrt(c->volume_ang3 / c->n_atoms) / ANG_PER_NM,
        .uptake_nm = mah_per_nm > 0.0 ? DESC_COATING_SHARE * c->plated_mah_per_cm2 / mah_per_nm : NAN,
        .dissolves_nm = x < 1.0 && c->n_metal > 0.0
                            ? n_plated * x / (1.0 - x) * volume_cm3 / c->n_metal / CM_PER_NM : NAN,
        .capacity_mah_per_cm2_per_nm = mah_per_nm,
    };
    out->low_nm = out->closed_nm;
    out->high_nm = isnan(out->uptake_nm) ? NAN : fmax(out->uptake_nm, out->closed_nm);
}
