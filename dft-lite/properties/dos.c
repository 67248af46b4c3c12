#include "dft-lite/properties/dos.h"

#include <math.h>

#include "dft-lite/base/units.h"

#define REACH 8.0                   /* standard deviations: exp(-32) */

void dft_dos_compute(size_t n_spin, size_t n_k, size_t n_bands, const double *weight,
                     const double *eigenvalue, double width, size_t n, const double *energy,
                     double *g, double *count)
{
    const double norm = 2.0 / (double)n_spin;

    for (size_t i = 0; i < n; i++) {
        double density = 0.0, below = 0.0;
        for (size_t ik = 0; ik < n_k; ik++)
            for (size_t ib = 0; ib < n_bands; ib++) {
                const double x = (energy[i] - eigenvalue[ik * n_bands + ib]) / width;
                if (fabs(x) < REACH)
                    density += weight[ik] * exp(-0.5 * x * x);
                below += x > REACH ? weight[ik] : x < -REACH ? 0.0
                       : weight[ik] * 0.5 * erfc(-x / sqrt(2.0));
            }
        g[i] = norm * density / (width * sqrt(2.0 * DFT_PI));
        if (count)
            count[i] = norm * below;
    }
}

double dft_dos_reliable_below(size_t n_k, size_t n_bands, const double *eigenvalue)
{
    double lowest = INFINITY;

    for (size_t ik = 0; ik < n_k; ik++)
        lowest = fmin(lowest, eigenvalue[(ik + 1) * n_bands - 1]);
    return lowest;
}
