#include "descriptors/adhesion.h"

#include <math.h>

/* cos theta = W/gamma - 1, held to -1..1. */
static double angle_deg(double work, double gamma, int *capped)
{
    const double cosine = work / gamma - 1.0;

    *capped = cosine > 1.0 ? 1 : cosine < -1.0 ? -1 : 0;
    return acos(fmax(-1.0, fmin(1.0, cosine))) * 180.0 / DFT_PI;
}

dft_status desc_adhesion_of(double e_substrate, double e_film, double e_interface, double area,
                            double gamma, desc_adhesion *out, dft_error *err)
{
    desc_adhesion r = { .spreading = NAN, .contact_angle_deg = NAN };

    if (!isfinite(e_substrate) || !isfinite(e_film) || !isfinite(e_interface))
        return dft_fail(err, DFT_EINPUT, "work of adhesion: an energy is not a number (substrate %g, "
                        "film %g, interface %g)", e_substrate, e_film, e_interface);
    if (!(area > 0.0) || gamma <= 0.0)
        return dft_fail(err, DFT_EINPUT, "work of adhesion: area %g and surface energy %g must be "
                        "positive", area, gamma);
    r.work = (e_substrate + e_film - e_interface) / area;
    if (!isnan(gamma)) {
        r.spreading = r.work - 2.0 * gamma;
        r.contact_angle_deg = angle_deg(r.work, gamma, &r.capped);
    }
    *out = r;
    return DFT_OK;
}
