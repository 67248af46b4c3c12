#include "candidates/filters.h"

#include <math.h>

#include "dft-lite/base/units.h"
#include "dft-lite/crystal/elements.h"

/* Anions, the most electronegative first (Pauling: F 3.98, O 3.44, Cl 3.16, N 3.04, Br 2.96, S 2.58,
 * Se 2.55). */
static const struct { int z, charge; } anions[] = {
    { 9, -1 }, { 8, -2 }, { 17, -1 }, { 7, -3 }, { 35, -1 }, { 16, -2 }, { 34, -2 },
};
#define N_ANIONS (sizeof anions / sizeof *anions)

/* One search over the states of the elements that are left. */
typedef struct {
    const cand_ions *ions;
    int n_elements;
    int z[DFT_MAX_Z + 1], count[DFT_MAX_Z + 1];
    bool found_neutral, found_mixed;
} charge_search;

/* charge: that of the anion and of the elements before k with one state each; low..high: what the one
 * element with two states may add, 0..0 while there is none. */
static void search(charge_search *s, int k, int charge, int low, int high)
{
    int state[CAND_MAX_STATES];

    if (k == s->n_elements) {
        s->found_neutral |= charge == 0 && low == 0 && high == 0;
        s->found_mixed |= charge + low <= 0 && charge + high >= 0;
        return;
    }
    const size_t n = cand_ions_states(s->ions, s->z[k], state);
    for (size_t i = 0; i < n && !s->found_neutral; i++)
        search(s, k + 1, charge + s->count[k] * state[i], low, high);
    /* two neighbouring states of one element, in any proportion */
    for (size_t i = 0; i + 1 < n && low == 0 && high == 0; i++)
        if ((state[i] > 0) == (state[i + 1] > 0))
            search(s, k + 1, charge, s->count[k] * state[i], s->count[k] * state[i + 1]);
}

cand_charge_verdict cand_charge_judge(const cand_ions *ions, size_t n, const int *z)
{
    int count[DFT_MAX_Z + 1] = { 0 }, charge = 0;
    charge_search s = { .ions = ions };

    for (size_t a = 0; a < n; a++)
        count[z[a]]++;
    for (size_t k = 0; k < N_ANIONS && charge == 0; k++)
        if (count[anions[k].z]) {
            charge = anions[k].charge * count[anions[k].z];
            count[anions[k].z] = 0;
        }
    for (int e = 1; e <= DFT_MAX_Z; e++)
        if (count[e]) {
            s.z[s.n_elements] = e;
            s.count[s.n_elements++] = count[e];
        }
    if (charge == 0 || s.n_elements == 0)
        return CAND_CHARGE_METALLIC;
    search(&s, 0, charge, 0, 0);
    return s.found_neutral ? CAND_CHARGE_NEUTRAL
         : s.found_mixed ? CAND_CHARGE_MIXED : CAND_CHARGE_IMPOSSIBLE;
}

bool cand_charge_is_possible(cand_charge_verdict verdict)
{
    return verdict != CAND_CHARGE_IMPOSSIBLE;
}

double cand_closest_contact(const dft_crystal *crystal, size_t *i, size_t *j)
{
    double smallest = HUGE_VAL;

    for (size_t a = 0; a < crystal->n_atoms; a++)
        for (size_t b = a; b < crystal->n_atoms; b++) {
            const double radii = (dft_element_covalent_radius_ang(crystal->z[a])
                                  + dft_element_covalent_radius_ang(crystal->z[b])) / DFT_BOHR_ANG;
            const double contact = dft_crystal_distance(crystal, a, b) / radii;
            if (!(dft_element_covalent_radius_ang(crystal->z[a]) > 0.0)
                || !(dft_element_covalent_radius_ang(crystal->z[b]) > 0.0))
                return NAN;
            if (contact < smallest) {
                smallest = contact;
                if (i)
                    *i = a;
                if (j)
                    *j = b;
            }
        }
    return smallest;
}
