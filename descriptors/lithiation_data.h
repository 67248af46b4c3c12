/*
 * descriptors/lithiation_data.h - reactions with Li from the collected energies (phase_data.h).
 *
 * Three sets of energies that are never mixed in one hull:
 *   enthalpy   calorimetric enthalpies at 298 K: formation.csv, and assessed Li-M phases of
 *              intermetallics.csv (measured where none is assessed; not those of low confidence)
 *   gibbs      Gibbs energies at 298 K: rows of formation.csv that have one
 *   dft        0 K enthalpies: Li-M phases of intermetallics.csv, DFT rows of formation.csv
 * desc_lithiation_path takes gibbs when every phase on the way has a Gibbs energy, enthalpy
 * otherwise (the entropy of a reaction among solids is worth some 0.05 V), and dft for a metal
 * whose Li phases have no calorimetric energy.
 *
 * A reaction is refused when the set has no compound of Li with a nonmetal of the host: without
 * Li3P, say, phosphides would seem stable against Li.
 */
#ifndef DESC_LITHIATION_DATA_H
#define DESC_LITHIATION_DATA_H

#include "descriptors/lithiation.h"
#include "descriptors/phase_data.h"

typedef enum { DESC_SET_ENTHALPY, DESC_SET_GIBBS, DESC_SET_DFT } desc_energy_set;

const char *desc_energy_set_name(desc_energy_set set);           /* "enthalpy", "gibbs", "dft" */

/* The hull of everything within the elements z[0..n_z-1] that the set knows.  The caller owns *out.
 * Errors: DFT_EINPUT when the set knows nothing but elements there, DFT_ENOMEM. */
dft_status desc_hull_from_data(const desc_phase_data *data, desc_energy_set set, const int *z,
                               size_t n_z, desc_hull **out, dft_error *err);

/* Whether the hull can judge a reaction of the host with the guest.  Errors: DFT_EINPUT naming the
 * nonmetal of which the hull holds no compound with the guest, and the remedy. */
dft_status desc_lithiation_check(const desc_hull *hull, const desc_formula *host, int z_guest,
                                 dft_error *err);

typedef struct {
    desc_energy_set set;
    desc_hull *hull;                             /* owned */
    desc_voltage_profile profile;
    const char *confidence;                      /* lowest of the compounds on the way; borrowed */
    char gaps[160];              /* known Li phases of the host's metals that the set has no energy
                                  * for: "Li9Ag4 Li3Ag"; the profile does not know them */
} desc_lithiation_path;

/* First and full lithiation of a compound or metal.  *out is cleared on failure; the caller frees
 * it with desc_lithiation_path_clear.  Errors: DFT_EINPUT when no set has an energy for the host
 * (naming it) or desc_lithiation_check fails; DFT_ENUMERIC, DFT_ENOMEM. */
dft_status desc_lithiation_path_find(const desc_phase_data *data, const char *formula,
                                     desc_lithiation_path *out, dft_error *err);

void desc_lithiation_path_clear(desc_lithiation_path *path);

/* The metal that a conversion sets free: the one element of the formula besides Li that is no
 * nonmetal; 0 when there is none or more than one. */
int desc_formula_metal(const desc_formula *formula);

#endif
