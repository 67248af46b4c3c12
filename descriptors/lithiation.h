/*
 * descriptors/lithiation.h - a host and a guest metal: voltage profile, reactions, products.
 *
 * A formula unit of the host with n atoms of the guest (Li) has the energy F(n) of its stable
 * mixture (descriptors/hull.h).  F is convex and piecewise linear; each straight piece is a voltage
 * plateau,
 *   V = -dF/dn / e     against the pure guest,
 * between two mixtures of phases, i.e. a reaction (M. K. Aydinol et al., PRB 56, 1354 (1997)).  The
 * corners are found exactly, as the solutions of min F(n) + V n for the V between known corners.
 * The guest metal is the reservoir, so it is no product; gases (H, N, O, F, Cl and noble) are none
 * either, since the guest binds them: conversions are balanced with Li2O, LiF, Li3N.
 *
 * The first plateau starts from the host as it is, even when the hull says that it would decompose;
 * host_above_hull_ev tells.  Energies without entropy make V good to about 0.1 V for solids.
 * Units: V against the guest, eV per atom, A^3 per formula unit of the host, mAh per gram of host.
 * Thread rule: no shared state.
 */
#ifndef DESC_LITHIATION_H
#define DESC_LITHIATION_H

#include "descriptors/hull.h"
#include "descriptors/reaction.h"

#define DESC_VOLTAGE_STEPS 24

typedef struct {
    double voltage_v;            /* > 0 */
    double n_guest;              /* taken up per formula unit of the host, at the end of the step */
    double capacity_mah_per_g;   /* the same */
    double volume_ang3;          /* of all phases at the end; NaN when a volume is unknown */
    desc_reaction reaction;      /* of this step alone, with integers */
    size_t n_shares;             /* phases at the end, per formula unit of the host */
    desc_hull_share share[DESC_FORMULA_MAX];
} desc_voltage_step;

typedef struct {
    size_t host;                 /* entry of the hull */
    double host_above_hull_ev;   /* per atom; 0: stable */
    size_t n_steps;              /* 0: the guest does not react with the host */
    desc_voltage_step step[DESC_VOLTAGE_STEPS];              /* falling voltage */
    double average_voltage_v;    /* over all steps; NaN when there are none */
    double capacity_mah_per_g;   /* theoretical: all steps; 0 when there are none */
    double volume_change;        /* V(end)/V(host) - 1; NaN when a volume is unknown */
    desc_reaction overall;       /* host -> end, when n_steps > 0 */
} desc_voltage_profile;

/* The profile of one formula unit of the host with the guest element. Errors: DFT_EINPUT when the
 * hull has no entry of the host's composition, when the host is the guest itself, when a reaction
 * cannot be balanced or there are too many steps; DFT_ENUMERIC, DFT_ENOMEM. */
dft_status desc_voltage_profile_compute(const desc_hull *hull, const desc_formula *host,
                                        int z_guest, desc_voltage_profile *out, dft_error *err);

#endif
