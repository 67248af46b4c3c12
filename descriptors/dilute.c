#include "descriptors/dilute.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "dft-lite/base/units.h"
#include "dft-lite/crystal/elements.h"

#define BOLTZMANN_EV (DFT_KELVIN_HA * DFT_HARTREE_EV)

dft_status desc_dilute_solubility(double dh_ev, double mu_ev, double s_excess_kb,
                                  double temperature_k, desc_dilute_result *out, dft_error *err)
{
    if (!(temperature_k > 0.0) || !isfinite(temperature_k))
        return dft_fail(err, DFT_EINPUT, "dilute solution: at %g K; above 0 is needed",
                        temperature_k);
    if (!isfinite(dh_ev) || !isfinite(mu_ev) || !isfinite(s_excess_kb))
        return dft_fail(err, DFT_EINPUT, "dilute solution: energies %g and %g eV, entropy %g k; "
                        "all must be finite", dh_ev, mu_ev, s_excess_kb);
    out->excess_ev = dh_ev - mu_ev;
    out->x = exp(-out->excess_ev / (BOLTZMANN_EV * temperature_k) + s_excess_kb);
    out->outcome = out->x > DESC_DILUTE_LIMIT ? DESC_DILUTE_NOT_DILUTE
                 : out->x < DESC_SOLUBILITY_NONE ? DESC_DILUTE_NIL : DESC_DILUTE_FINITE;
    return DFT_OK;
}

bool desc_dilute_improves(const desc_solubility *row)
{
    return row->origin == DESC_ORIGIN_MISSING || row->origin == DESC_ORIGIN_DFT_DILUTE
        || row->origin == DESC_ORIGIN_DFT;
}

void desc_dilute_apply(const desc_dilute_result *result, const char *basis, desc_solubility *row)
{
    const bool nil = result->outcome == DESC_DILUTE_NIL;
    const bool dilute = result->outcome == DESC_DILUTE_FINITE;

    row->x = nil ? 0.0 : dilute ? result->x : NAN;
    row->low = nil ? 0.0 : DESC_DILUTE_LOW * fmin(1.0, result->x);
    row->high = nil || dilute ? fmin(1.0, DESC_DILUTE_HIGH * result->x) : NAN;
    row->origin = nil ? DESC_ORIGIN_NONE : DESC_ORIGIN_DFT_DILUTE;
    row->confidence = "low";
    row->basis = basis;
    row->bounds_basis = "2 and 1/50 of the value: what the formula misses measured ones by";
    row->source = "this run";
}

/* Pure Li is stable up to the mu_M at which the first compound takes it. */
dft_status desc_dilute_tangent(const desc_hull *hull, int z_solute, double *mu_ev, dft_error *err)
{
    const desc_formula li = { .n = 1, .z = { 3 }, .count = { 1.0 } };
    const size_t at = desc_hull_find(hull, &li);
    double low;

    if (at == desc_hull_size(hull))
        return dft_fail(err, DFT_EINPUT, "dilute solution: no lithium in the hull of %s energies",
                        desc_hull_label(hull));
    return desc_hull_mu_range(hull, at, z_solute, &low, mu_ev, err);
}

/* Known phases with more Li than the reference, by name. */
static void richer_phases(const desc_phase_data *data, const desc_dilute_row *row, char *buffer,
                          size_t size)
{
    desc_formula reference = { .n = 0 };
    size_t n;
    const desc_phase *phase = desc_phases(data, row->element, &n);
    double x_li = 0.0;

    buffer[0] = '\0';
    if (row->reference[0] && desc_formula_parse(row->reference, &reference, NULL) == DFT_OK)
        x_li = desc_formula_count(&reference, 3) / desc_formula_atoms(&reference);
    for (size_t i = 0; i < n; i++) {
        const size_t used = strlen(buffer);
        if (phase[i].x_li > x_li + 5e-3 && !strstr(buffer, phase[i].formula))
            snprintf(buffer + used, size - used, "%s%s", used ? ", " : "", phase[i].formula);
    }
}

dft_status desc_dilute_from_data(const desc_phase_data *data, const char *element,
                                 double temperature_k, desc_dilute_result *out, dft_error *err)
{
    const desc_dilute_row *row = desc_dilute_data(data, element);
    char richer[160];

    if (!row)
        return dft_fail(err, DFT_EINPUT, "no solution energy of %.20s in bcc Li is collected; "
                        "compute one", element);
    richer_phases(data, row, richer, sizeof richer);
    if (richer[0])
        return dft_fail(err, DFT_EINPUT, "the solution energy of %.20s refers to %s, but %s %s "
                        "richer in Li: energies of one kind for these are needed", element,
                        row->reference[0] ? row->reference : "the metal", richer,
                        strchr(richer, ',') ? "are" : "is");
    return desc_dilute_solubility(row->dh_ev, row->mu_ev, 0.0, temperature_k, out, err);
}
