#include "dft-lite/properties/gap.h"

#include <math.h>

static size_t count_below(size_t n_bands, const double *eigenvalue, double fermi)
{
    size_t n = 0;

    while (n < n_bands && eigenvalue[n] < fermi)
        n++;
    return n;
}

/* Bands below the Fermi level in one channel; n_bands + 1 when k-points disagree. */
static size_t filled_bands(size_t n_k, size_t n_bands, const double *eigenvalue, double fermi)
{
    const size_t n = count_below(n_bands, eigenvalue, fermi);

    for (size_t ik = 1; ik < n_k; ik++)
        if (count_below(n_bands, eigenvalue + ik * n_bands, fermi) != n)
            return n_bands + 1;
    return n;
}

static void take_channel(size_t n_k, size_t n_bands, const double *eigenvalue, size_t n_filled,
                         dft_gap *gap)
{
    for (size_t ik = 0; ik < n_k; ik++) {
        const double *e = eigenvalue + ik * n_bands;
        if (n_filled > 0 && e[n_filled - 1] > gap->valence_top) {
            gap->valence_top = e[n_filled - 1];
            gap->k_valence = ik;
        }
        if (n_filled < n_bands && e[n_filled] < gap->conduction_bottom) {
            gap->conduction_bottom = e[n_filled];
            gap->k_conduction = ik;
        }
        if (n_filled > 0 && n_filled < n_bands && e[n_filled] - e[n_filled - 1] < gap->direct) {
            gap->direct = e[n_filled] - e[n_filled - 1];
            gap->k_direct = ik;
        }
    }
}

dft_gap dft_gap_compute(size_t n_spin, size_t n_k, size_t n_bands, const double *eigenvalue,
                        double fermi, double n_electrons)
{
    const dft_gap metal = { .known = 1, .metal = 1, .valence_top = fermi,
                            .conduction_bottom = fermi };
    dft_gap gap = { .known = 1, .direct = INFINITY, .valence_top = -INFINITY,
                    .conduction_bottom = INFINITY };
    double held = 0.0;

    for (size_t is = 0; is < n_spin; is++) {
        const double *channel = eigenvalue + is * n_k * n_bands;
        const size_t n_filled = filled_bands(n_k, n_bands, channel, fermi);
        if (n_filled > n_bands)
            return metal;
        held += 2.0 / (double)n_spin * (double)n_filled;
        take_channel(n_k, n_bands, channel, n_filled, &gap);
    }
    if (!isfinite(gap.direct))              /* no channel with both filled and empty bands */
        return (dft_gap){ .known = 0 };
    if (fabs(held - n_electrons) > 1e-6)
        return metal;
    gap.indirect = gap.conduction_bottom - gap.valence_top;
    return gap;
}
