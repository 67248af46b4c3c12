#include "descriptors/lithiation.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "descriptors/hull_lp.h"
#include "dft-lite/base/alloc.h"
#include "dft-lite/crystal/elements.h"

#define FARADAY_MAH_PER_MOL 26801.4814           /* 96485.33289 C/mol (CODATA 2014)/3.6 */
#define LARGE_VOLTAGE 1e3
#define SMALL_VOLTAGE 1e-7                       /* breaks ties: the least guest that does it */
#define MAX_CORNERS (DESC_VOLTAGE_STEPS + 1)

/* min sum_j E_j x_j + V s: formula units x_j of the phases, s atoms of guest taken from the metal.
 * Rows: the host's elements, then the guest, where s enters with -1. */
typedef struct {
    const desc_hull *hull;       /* borrowed */
    size_t n_rows, n_phases;
    double *a, *cost, *x;        /* owned */
    size_t *entry;               /* owned: column -> entry */
    double rhs[DESC_FORMULA_MAX + 1];
} guest_program;

/* A corner of F(n). */
typedef struct {
    double n, energy;
    size_t n_shares;
    desc_hull_share share[DESC_FORMULA_MAX];
} guest_corner;

static bool is_gas(int z)
{
    static const int gases[] = { 1, 2, 7, 8, 9, 10, 17, 18, 36, 54 };

    for (size_t i = 0; i < sizeof gases / sizeof *gases; i++)
        if (gases[i] == z)
            return true;
    return false;
}

static bool may_form(const desc_formula *formula, const int *z, size_t n_z, int z_guest)
{
    if (formula->n == 1 && (formula->z[0] == z_guest || is_gas(formula->z[0])))
        return false;
    return desc_formula_within(formula, z, n_z);
}

static void program_clear(guest_program *p)
{
    free(p->a);
    free(p->cost);
    free(p->x);
    free(p->entry);
}

static dft_status program_create(const desc_hull *hull, const desc_formula *host, int z_guest,
                                 guest_program *p, dft_error *err)
{
    const size_t size = desc_hull_size(hull);
    int z[DESC_FORMULA_MAX + 1];

    *p = (guest_program){ .hull = hull };
    for (size_t i = 0; i < host->n; i++)
        if (host->z[i] != z_guest) {
            p->rhs[p->n_rows] = host->count[i];
            z[p->n_rows++] = host->z[i];
        }
    p->rhs[p->n_rows] = desc_formula_count(host, z_guest);
    z[p->n_rows++] = z_guest;
    p->a = dft_alloc_doubles((size + 1) * p->n_rows);
    p->cost = dft_alloc_doubles(size + 1);
    p->x = dft_alloc_doubles(size + 1);
    p->entry = dft_alloc_sizes(size + 1);
    if (!p->a || !p->cost || !p->x || !p->entry) {
        program_clear(p);
        return dft_fail(err, DFT_ENOMEM, "voltage profile: no memory for %zu phases", size);
    }
    for (size_t i = 0; i < size; i++) {
        const desc_hull_entry *entry = desc_hull_entry_at(hull, i);
        if (!may_form(&entry->formula, z, p->n_rows, z_guest))
            continue;
        for (size_t r = 0; r < p->n_rows; r++)
            p->a[p->n_phases * p->n_rows + r] = desc_formula_count(&entry->formula, z[r]);
        p->cost[p->n_phases] = entry->energy_ev;
        p->entry[p->n_phases++] = i;
    }
    p->a[p->n_phases * p->n_rows + p->n_rows - 1] = -1.0;
    return DFT_OK;
}

/* The corner that is lowest in F(n) + V n; *lowest is that value. */
static dft_status corner_at(guest_program *p, double voltage, guest_corner *corner, double *lowest,
                            dft_error *err)
{
    const desc_lp lp = { p->n_rows, p->n_phases + 1, p->a, p->cost, p->rhs, NULL };
    desc_lp_outcome outcome;
    dft_status status;

    p->cost[p->n_phases] = voltage;
    status = desc_lp_solve(&lp, &outcome, lowest, p->x, NULL, err);
    if (status == DFT_OK && outcome != DESC_LP_OPTIMAL)
        status = dft_fail(err, DFT_EINPUT, "voltage profile: no solid phases of the hull of %s "
                          "energies make up the host", desc_hull_label(p->hull));
    if (status != DFT_OK)
        return status;
    *corner = (guest_corner){ .n = p->x[p->n_phases] };
    corner->energy = *lowest - voltage * corner->n;
    for (size_t c = 0; c < p->n_phases && corner->n_shares < DESC_FORMULA_MAX; c++)
        if (p->x[c] > 1e-9)
            corner->share[corner->n_shares++] = (desc_hull_share){ p->entry[c], p->x[c] };
    return DFT_OK;
}

/* Corners between corner[at] and corner[at + 1] are inserted until the chord between neighbours is
 * the lowest there is.  (M. Eisner, D. Severance, J. ACM 23, 619 (1976).) */
static dft_status corners_refine(guest_program *p, guest_corner *corner, size_t *n, dft_error *err)
{
    size_t at = 0;

    while (at + 1 < *n) {
        const guest_corner *left = &corner[at], *right = &corner[at + 1];
        const double voltage = (left->energy - right->energy) / (right->n - left->n);
        guest_corner between;
        double lowest;
        const dft_status status = corner_at(p, voltage, &between, &lowest, err);
        if (status != DFT_OK)
            return status;
        if (lowest > left->energy + voltage * left->n - DESC_HULL_TOLERANCE
            || between.n < left->n + 1e-9 || between.n > right->n - 1e-9) {
            at++;
            continue;
        }
        if (*n == MAX_CORNERS)
            return dft_fail(err, DFT_EINPUT, "voltage profile: more than %d steps",
                            DESC_VOLTAGE_STEPS);
        memmove(&corner[at + 2], &corner[at + 1], (*n - at - 1) * sizeof *corner);
        corner[at + 1] = between;
        (*n)++;
    }
    return DFT_OK;
}

static double corner_volume(const desc_hull *hull, const guest_corner *corner)
{
    double volume = 0.0;

    for (size_t i = 0; i < corner->n_shares; i++)
        volume += corner->share[i].amount
                  * desc_hull_entry_at(hull, corner->share[i].entry)->volume_ang3;
    return volume;
}

/* Phases with the guest come first: Li2O + Zn. */
static dft_status reaction_side(desc_reaction *reaction, const desc_hull *hull, int z_guest,
                                const guest_corner *corner, double sign, dft_error *err)
{
    dft_status status = DFT_OK;

    for (int without = 0; without <= 1; without++)
        for (size_t i = 0; i < corner->n_shares && status == DFT_OK; i++) {
            const desc_hull_entry *entry = desc_hull_entry_at(hull, corner->share[i].entry);
            if ((desc_formula_count(&entry->formula, z_guest) == 0.0) == without)
                status = desc_reaction_add(reaction, entry->name, &entry->formula,
                                           sign * corner->share[i].amount, err);
        }
    return status;
}

/* from + n guest -> to */
static dft_status reaction_between(const desc_hull *hull, int z_guest, const guest_corner *from,
                                   const guest_corner *to, desc_reaction *out, dft_error *err)
{
    const desc_formula guest = { .n = 1, .z = { z_guest }, .count = { 1.0 } };
    dft_status status;

    *out = (desc_reaction){ .n = 0 };
    status = reaction_side(out, hull, z_guest, from, -1.0, err);
    if (status == DFT_OK)
        status = desc_reaction_add(out, dft_element_symbol(z_guest), &guest, from->n - to->n, err);
    if (status == DFT_OK)
        status = reaction_side(out, hull, z_guest, to, 1.0, err);
    return status == DFT_OK ? desc_reaction_balance(out, err) : status;
}

static dft_status profile_fill(const desc_hull *hull, const desc_formula *host, int z_guest,
                               const guest_corner *corner, size_t n, desc_voltage_profile *out,
                               dft_error *err)
{
    const double per_gram = FARADAY_MAH_PER_MOL / desc_formula_mass_u(host);
    dft_status status = DFT_OK;

    for (size_t i = 1; i < n && status == DFT_OK; i++) {
        desc_voltage_step *step = &out->step[out->n_steps++];
        step->voltage_v = (corner[i - 1].energy - corner[i].energy)
                          / (corner[i].n - corner[i - 1].n);
        step->n_guest = corner[i].n;
        step->capacity_mah_per_g = corner[i].n * per_gram;
        step->volume_ang3 = corner_volume(hull, &corner[i]);
        step->n_shares = corner[i].n_shares;
        memcpy(step->share, corner[i].share, sizeof step->share);
        status = reaction_between(hull, z_guest, &corner[i - 1], &corner[i], &step->reaction, err);
    }
    if (status != DFT_OK || n < 2)
        return status;
    out->average_voltage_v = (corner[0].energy - corner[n - 1].energy) / corner[n - 1].n;
    out->capacity_mah_per_g = corner[n - 1].n * per_gram;
    out->volume_change = corner_volume(hull, &corner[n - 1]) / corner_volume(hull, &corner[0])
                         - 1.0;
    return reaction_between(hull, z_guest, &corner[0], &corner[n - 1], &out->overall, err);
}

/* The corners from the host to the last uptake.  corner[0] becomes the host as it is. */
static dft_status corners_find(guest_program *p, const desc_hull_entry *entry, size_t host_entry,
                               double units, guest_corner *corner, size_t *n, dft_error *err)
{
    double lowest;
    dft_status status = corner_at(p, LARGE_VOLTAGE, &corner[0], &lowest, err);

    *n = 1;
    if (status == DFT_OK)
        status = corner_at(p, SMALL_VOLTAGE, &corner[1], &lowest, err);
    if (status != DFT_OK)
        return status;
    if (corner[1].n > corner[0].n + 1e-9) {
        *n = 2;
        status = corners_refine(p, corner, n, err);
    }
    corner[0] = (guest_corner){ .n = 0.0, .energy = units * entry->energy_ev, .n_shares = 1,
                                .share = { { host_entry, units } } };
    return status;
}

dft_status desc_voltage_profile_compute(const desc_hull *hull, const desc_formula *host,
                                        int z_guest, desc_voltage_profile *out, dft_error *err)
{
    const size_t at = desc_hull_find(hull, host);
    guest_corner corner[MAX_CORNERS];
    guest_program p;
    size_t n;
    dft_status status;

    *out = (desc_voltage_profile){ .host = at, .average_voltage_v = NAN, .volume_change = NAN };
    if (at == desc_hull_size(hull))
        return dft_fail(err, DFT_EINPUT, "the hull of %s energies has no entry for the host; give "
                        "its formation energy", desc_hull_label(hull));
    if (host->n == 1 && host->z[0] == z_guest)
        return dft_fail(err, DFT_EINPUT, "%s does not react with itself",
                        dft_element_symbol(z_guest));
    const desc_hull_entry *entry = desc_hull_entry_at(hull, at);
    const double units = desc_formula_atoms(host) / desc_formula_atoms(&entry->formula);
    status = desc_hull_above(hull, at, &out->host_above_hull_ev, err);
    if (status != DFT_OK)
        return status;
    status = program_create(hull, host, z_guest, &p, err);
    if (status != DFT_OK)
        return status;
    status = corners_find(&p, entry, at, units, corner, &n, err);
    if (status == DFT_OK)
        status = profile_fill(hull, host, z_guest, corner, n, out, err);
    program_clear(&p);
    return status;
}
