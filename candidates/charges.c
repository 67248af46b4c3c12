#include "candidates/charges.h"

#include <limits.h>
#include <string.h>

#define MAX_STATES 5
#define MAX_ELEMENTS 8

/* Commonest first; 0 ends a list.  Nonmetals begin with their state as an anion, but carbon next to
 * oxygen or fluorine is found as +4 by neutrality. */
static const struct {
    const char *symbol;
    int state[MAX_STATES];
} table[] = {
    { "H", { 1, -1 } }, { "Li", { 1 } }, { "Be", { 2 } }, { "B", { 3 } }, { "C", { -4, 4 } },
    { "N", { -3, 5, 3 } }, { "O", { -2, -1 } }, { "F", { -1 } }, { "Na", { 1 } }, { "Mg", { 2 } },
    { "Al", { 3 } }, { "Si", { 4 } }, { "P", { -3, 5, 3 } }, { "S", { -2, 6, 4 } },
    { "Cl", { -1 } }, { "K", { 1 } }, { "Ca", { 2 } }, { "Sc", { 3 } }, { "Ti", { 4, 3, 2 } },
    { "V", { 5, 4, 3, 2 } }, { "Cr", { 3, 6, 2 } }, { "Mn", { 2, 4, 7, 3 } }, { "Fe", { 3, 2 } },
    { "Co", { 2, 3 } }, { "Ni", { 2 } }, { "Cu", { 2, 1 } }, { "Zn", { 2 } }, { "Ga", { 3 } },
    { "Ge", { 4, 2 } }, { "As", { 3, 5 } }, { "Se", { -2, 4 } }, { "Br", { -1 } }, { "Sr", { 2 } },
    { "Y", { 3 } }, { "Zr", { 4 } }, { "Nb", { 5 } }, { "Mo", { 6, 4 } }, { "Ag", { 1 } },
    { "Cd", { 2 } }, { "In", { 3 } }, { "Sn", { 4, 2 } }, { "Sb", { 3, 5 } }, { "Te", { -2, 4 } },
    { "I", { -1 } }, { "Cs", { 1 } }, { "Ba", { 2 } }, { "La", { 3 } }, { "Hf", { 4 } },
    { "Ta", { 5 } }, { "W", { 6, 4 } }, { "Pt", { 4, 2 } }, { "Au", { 3, 1 } }, { "Hg", { 2, 1 } },
    { "Pb", { 2, 4 } }, { "Bi", { 3 } },
};
#define N_TABLE (sizeof table / sizeof *table)

typedef struct {
    size_t n;                       /* distinct elements */
    int z[MAX_ELEMENTS], count[MAX_ELEMENTS];
    const int *state[MAX_ELEMENTS];
    int chosen[MAX_ELEMENTS], best[MAX_ELEMENTS];
    int best_cost;
} assignment;

static const int *states_of(int z)
{
    for (size_t i = 0; i < N_TABLE; i++)
        if (strcmp(table[i].symbol, dft_element_symbol(z)) == 0)
            return table[i].state;
    return NULL;
}

static bool count_elements(size_t n, const int *z, assignment *a)
{
    for (size_t i = 0; i < n; i++) {
        size_t e = 0;
        while (e < a->n && a->z[e] != z[i])
            e++;
        if (e == a->n) {
            if (a->n == MAX_ELEMENTS || !(a->state[e] = states_of(z[i])))
                return false;
            a->z[a->n++] = z[i];
        }
        a->count[e]++;
    }
    return true;
}

/* Depth first over the states of each element; the cost is how far down the lists one had to go. */
static void search(assignment *a, size_t e, int sum, int cost)
{
    if (cost >= a->best_cost)
        return;
    if (e == a->n) {
        if (sum == 0) {
            a->best_cost = cost;
            memcpy(a->best, a->chosen, sizeof a->best);
        }
        return;
    }
    for (int k = 0; k < MAX_STATES && a->state[e][k] != 0; k++) {
        a->chosen[e] = a->state[e][k];
        search(a, e + 1, sum + a->count[e] * a->chosen[e], cost + k);
    }
}

/* One element between two of its states makes up for all others in their commonest ones. */
static bool mixed_valence(const assignment *a, double charge[DFT_MAX_Z + 1])
{
    for (size_t e = 0; e < a->n; e++) {
        int low = INT_MAX, high = INT_MIN, sum = 0;

        for (size_t o = 0; o < a->n; o++)
            sum += o == e ? 0 : a->count[o] * a->state[o][0];
        for (int k = 0; k < MAX_STATES && a->state[e][k] != 0; k++) {
            low = a->state[e][k] < low ? a->state[e][k] : low;
            high = a->state[e][k] > high ? a->state[e][k] : high;
        }
        if (low <= 0 || -sum < low * a->count[e] || -sum > high * a->count[e])
            continue;
        for (size_t o = 0; o < a->n; o++)
            charge[a->z[o]] = a->state[o][0];
        charge[a->z[e]] = -(double)sum / a->count[e];
        return true;
    }
    return false;
}

bool cand_formal_charges(size_t n, const int *z, double charge[DFT_MAX_Z + 1])
{
    assignment a = { .best_cost = INT_MAX };

    memset(charge, 0, (DFT_MAX_Z + 1) * sizeof *charge);
    if (!count_elements(n, z, &a))
        return false;
    search(&a, 0, 0, 0);
    if (a.best_cost == INT_MAX)
        return mixed_valence(&a, charge);
    for (size_t e = 0; e < a.n; e++)
        charge[a.z[e]] = a.best[e];
    return true;
}
