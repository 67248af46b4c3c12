#include "descriptors/surface_energy.h"

#include <math.h>

dft_status desc_surface_energy(double e_slab, double n_units, double e_bulk, double area,
                               double *gamma, dft_error *err)
{
    if (!isfinite(e_slab) || !isfinite(e_bulk) || !(n_units > 0.0) || !(area > 0.0))
        return dft_fail(err, DFT_EINPUT, "surface energy: slab %g, %g units of bulk %g, area %g are not "
                        "what a slab has", e_slab, n_units, e_bulk, area);
    *gamma = (e_slab - n_units * e_bulk) / (2.0 * area);
    return DFT_OK;
}

dft_status desc_surface_energy_fit(size_t n, const double *n_units, const double *e_slab, double area,
                                   desc_surface_energy_line *out, dft_error *err)
{
    double mean_n = 0.0, mean_e = 0.0, nn = 0.0, ne = 0.0, square = 0.0;

    for (size_t i = 0; i < n; i++) {
        if (!isfinite(e_slab[i]) || !(n_units[i] > 0.0))
            return dft_fail(err, DFT_EINPUT, "surface energy: slab %zu has energy %g and %g units", i + 1,
                            e_slab[i], n_units[i]);
        mean_n += n_units[i] / (double)n;
        mean_e += e_slab[i] / (double)n;
    }
    for (size_t i = 0; i < n; i++) {
        nn += (n_units[i] - mean_n) * (n_units[i] - mean_n);
        ne += (n_units[i] - mean_n) * (e_slab[i] - mean_e);
    }
    if (!(nn > 1e-12) || !(area > 0.0))
        return dft_fail(err, DFT_EINPUT, "surface energy by slope: at least two slabs of different "
                        "thickness and an area are needed");
    const double slope = ne / nn, intercept = mean_e - slope * mean_n;
    for (size_t i = 0; i < n; i++)
        square += pow(e_slab[i] - intercept - slope * n_units[i], 2.0);
    out->gamma = intercept / (2.0 * area);
    out->e_bulk = slope;
    out->rms = sqrt(square / (double)n);
    out->gamma_error = n > 2 ? sqrt(square / (double)(n - 2) * (1.0 / (double)n + mean_n * mean_n / nn))
                               / (2.0 * area) : NAN;
    return DFT_OK;
}
