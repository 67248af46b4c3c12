/*
 * descriptors/collector.h - what the shape of a three-dimensional current collector does for lithium.
 *
 * A layer of thickness h and porosity eps whose solid and pores have one size d:
 *   area per volume      a = 4 eps/d (straight pores), 6 eps/d (round pores), 4 (1 - eps)/d (fibres of
 *                        diameter d): plain geometry
 *   depth reached        delta = sqrt(kappa eps^1.5 R T/(F a i0)), tanh profile: linear kinetics with the
 *                        ohmic drop in the pores' electrolyte (J. Newman, W. Tiedemann, AIChE J. 21, 25
 *                        (1975); eps^1.5 is Bruggeman's).  Without kappa or i0 the whole depth counts.
 *   electroactive area   r = 1 + a delta tanh(h/delta), per area of the electrode
 *   local current        j = J/r
 *   dendrites            Sand's time goes as 1/j^2 (H. Sand, Philos. Mag. 1, 45 (1901); J.-N. Chazalviel,
 *                        PRA 42, 7355 (1990)): longer by r^2 while diffusion to a plane limits it
 *   lithium in the pores C = eps h rho_Li q_Li, 2062 mAh per cm^3 of pore
 *   mass                 m = (1 - eps) h rho; penalty m/m_Li with m_Li = C/q_Li; the pair holds
 *                        C/(m + m_Li) mAh per g, against 3861 for lithium alone
 * What it leaves out: tortuosity beyond eps^1.5, lithium that plates on top before the pores are full, and
 * the area that plated lithium takes away.
 * Units in the names.  Thread rule: no shared state.
 */
#ifndef DESC_COLLECTOR_H
#define DESC_COLLECTOR_H

#include "dft-lite/base/status.h"

#define DESC_LI_MAH_PER_G 3861.3                /* F/(3.6 M), M = 6.941 g/mol */
#define DESC_LI_G_PER_CM3 0.534                 /* 298 K, CRC Handbook */

typedef enum { DESC_PORES_STRAIGHT, DESC_PORES_ROUND, DESC_PORES_FIBRES } desc_pore_shape;

typedef struct {
    desc_pore_shape shape;
    double size_um;                     /* of pores or fibres */
    double porosity;                    /* 0..1, both excluded */
    double thickness_um;
    double density_g_per_cm3;           /* of the solid; NaN: no masses */
    double current_ma_per_cm2;          /* of the electrode; NaN: no local current */
    double exchange_ma_per_cm2;         /* i0; NaN: the whole depth counts */
    double conductivity_ms_per_cm;      /* of the free electrolyte; NaN: likewise */
    double temperature_k;
} desc_collector;

desc_collector desc_collector_defaults(void);       /* numbers NaN, 298.15 K, straight */

typedef struct {
    double area_per_volume_per_cm;      /* cm^2 per cm^3 */
    double depth_um;                    /* delta, INFINITY where the whole depth counts */
    double area_ratio;
    double local_current_ma_per_cm2;    /* NaN: not asked */
    double sand_time_factor;
    double pore_capacity_mah_per_cm2;
    double mass_mg_per_cm2, mass_penalty, composite_mah_per_g;      /* NaN without a density */
} desc_collector_result;

/* Errors: DFT_EINPUT naming a number that is missing or impossible. */
dft_status desc_collector_compute(const desc_collector *collector, desc_collector_result *out,
                                  dft_error *err);

#endif
