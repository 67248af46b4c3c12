#include "descriptors/hopping.h"

#include <math.h>

#include "dft-lite/base/units.h"

#define KELVIN_EV (DFT_KELVIN_HA * DFT_HARTREE_EV)
#define PLANCK_EV_S 4.135667662e-15         /* h, CODATA 2014 as the rest of units.h */

double desc_thermal_frequency_hz(double temperature_k)
{
    return temperature_k > 0.0 ? KELVIN_EV * temperature_k / PLANCK_EV_S : NAN;
}

double desc_hop_rate_hz(double barrier_ev, double temperature_k, double prefactor_hz)
{
    if (!(temperature_k > 0.0) || !(prefactor_hz > 0.0))
        return NAN;
    return prefactor_hz * exp(-barrier_ev / (KELVIN_EV * temperature_k));
}

double desc_hop_anisotropy(double barrier_1d_ev, double barrier_2d_ev, double temperature_k)
{
    if (!(temperature_k > 0.0))
        return NAN;
    return exp((barrier_2d_ev - barrier_1d_ev) / (KELVIN_EV * temperature_k));
}
