#include "workflows/cost.h"

#include <math.h>

#include "dft-lite/base/units.h"

/* Fitted to Al (bulk, three layers, three layers with Li) at 350 eV on one core of Zen 4 class; what
 * iterations and band updates cost on average is in them. */
#define SCF_STEPS 6.9               /* mean of the 381 calculations in results/reference/quick */
#define GEMM_FLOP_PER_S 8e10
#define FFT_FLOP_PER_S 8e9

double flow_cost_scf_s(double n_electrons, double volume, double ecut, size_t n_k)
{
    const double k_max = sqrt(2.0 * ecut);
    const double n_pw = volume * k_max * k_max * k_max / (6.0 * DFT_PI * DFT_PI);
    const double n_bands = 0.6 * n_electrons + 4.0;
    const double n_grid = 16.0 * n_pw;          /* box twice the sphere's diameter */
    const double dense = 30.0 * 8.0 * n_bands * n_bands * n_pw / GEMM_FLOP_PER_S;
    const double transforms = 8.0 * 5.0 * n_bands * n_grid * log2(n_grid + 2.0) / FFT_FLOP_PER_S;

    return SCF_STEPS * (double)n_k * (dense + transforms);
}

double flow_cost_time_left_s(double estimate_left, double estimate_done, double actual_done,
                             int jobs)
{
    const double scale = estimate_done > 0.0 && actual_done > 0.0 ? actual_done / estimate_done
                                                                  : 1.0;
    return estimate_left * scale / (jobs > 1 ? jobs : 1);
}
