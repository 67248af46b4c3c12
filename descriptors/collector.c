#include "descriptors/collector.h"

#include <math.h>
#include <stddef.h>

#define GAS_J_PER_MOL_K 8.31446261815324
#define FARADAY_C_PER_MOL 96485.33212
#define UM_PER_CM 1e4

desc_collector desc_collector_defaults(void)
{
    return (desc_collector){ DESC_PORES_STRAIGHT, NAN, NAN, NAN, NAN, NAN, NAN, NAN, 298.15 };
}

static dft_status check(const desc_collector *c, dft_error *err)
{
    const struct { const char *name; double value; int needed; } numbers[] = {
        { "size_um", c->size_um, 1 }, { "porosity", c->porosity, 1 },
        { "thickness_um", c->thickness_um, 1 }, { "temperature_k", c->temperature_k, 1 },
        { "density_g_per_cm3", c->density_g_per_cm3, 0 },
        { "current_ma_per_cm2", c->current_ma_per_cm2, 0 },
        { "exchange_ma_per_cm2", c->exchange_ma_per_cm2, 0 },
        { "conductivity_ms_per_cm", c->conductivity_ms_per_cm, 0 },
    };

    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        const double v = numbers[i].value;
        if (isnan(v) && !numbers[i].needed)
            continue;
        if (!isfinite(v) || v <= 0.0)
            return dft_fail(err, DFT_EINPUT, "the collector's %s is %g; it must be given and positive",
                            numbers[i].name, v);
    }
    if (c->porosity >= 1.0)
        return dft_fail(err, DFT_EINPUT, "the collector's porosity is %g; it must be below 1",
                        c->porosity);
    return DFT_OK;
}

static double area_per_volume(const desc_collector *c)
{
    const double size_cm = c->size_um / UM_PER_CM;

    switch (c->shape) {
    case DESC_PORES_STRAIGHT: return 4.0 * c->porosity / size_cm;
    case DESC_PORES_ROUND:    return 6.0 * c->porosity / size_cm;
    case DESC_PORES_FIBRES:   return 4.0 * (1.0 - c->porosity) / size_cm;
    }
    return NAN;
}

/* delta in cm: kappa in S/cm, i0 in A/cm^2. */
static double depth(const desc_collector *c, double a)
{
    if (isnan(c->exchange_ma_per_cm2) || isnan(c->conductivity_ms_per_cm))
        return INFINITY;
    return sqrt(1e-3 * c->conductivity_ms_per_cm * pow(c->porosity, 1.5) * GAS_J_PER_MOL_K
                * c->temperature_k / (FARADAY_C_PER_MOL * a * 1e-3 * c->exchange_ma_per_cm2));
}

dft_status desc_collector_compute(const desc_collector *c, desc_collector_result *out,
                                  dft_error *err)
{
    const dft_status status = check(c, err);

    if (status != DFT_OK)
        return status;
    const double h = c->thickness_um / UM_PER_CM, a = area_per_volume(c), delta = depth(c, a);
    const double reached = isinf(delta) ? h : delta * tanh(h / delta);
    const double mass = (1.0 - c->porosity) * h * c->density_g_per_cm3;
    const double capacity = c->porosity * h * DESC_LI_G_PER_CM3 * DESC_LI_MAH_PER_G;
    const double mass_li = capacity / DESC_LI_MAH_PER_G;

    *out = (desc_collector_result){
        .area_per_volume_per_cm = a, .depth_um = delta * UM_PER_CM, .area_ratio = 1.0 + a * reached,
        .pore_capacity_mah_per_cm2 = capacity, .mass_mg_per_cm2 = 1e3 * mass,
        .mass_penalty = mass / mass_li, .composite_mah_per_g = capacity / (mass + mass_li),
    };
    out->local_current_ma_per_cm2 = c->current_ma_per_cm2 / out->area_ratio;
    out->sand_time_factor = out->area_ratio * out->area_ratio;
    return DFT_OK;
}
