#include "candidates/charges.h"

#include <limits.h>
#include <string.h>

#define MAX_STATES 8
#define MAX_ELEMENTS 8

/* { symbol, { states, the commonest first } }, 0 ends a list: made from data/elements.csv by the Makefile. */
static const struct {
    const char *symbol;
    int state[MAX_STATES + 1];
} table[] = {
#include "candidates/oxidation_states.inc"
};
#define N_TABLE (sizeof table / sizeof *table)

typedef struct {
    size_t n;                       /* distinct elements */
    int z[MAX_ELEMENTS], count[MAX_ELEMENTS];
    size_t n_states[MAX_ELEMENTS];
    int state[MAX_ELEMENTS][MAX_STATES];
    int chosen[MAX_ELEMENTS], best[MAX_ELEMENTS];
    int best_cost;
} assignment;

/* An element is an anion only if it is a nonmetal: Si, Ge, Sn, As and Sb have negative states in Zintl
 * phases, which are no salts. */
static bool is_nonmetal(int z)
{
    static const int nonmetals[] = { 1, 6, 7, 8, 9, 15, 16, 17, 34, 35, 52, 53 };

    for (size_t i = 0; i < sizeof nonmetals / sizeof *nonmetals; i++)
        if (nonmetals[i] == z)
            return true;
    return false;
}

/* The states of an element that count here; returns how many. */
static size_t states_of(int z, int state[MAX_STATES])
{
    size_t n = 0;

    for (size_t i = 0; i < N_TABLE; i++)
        for (int k = 0; strcmp(table[i].symbol, dft_element_symbol(z)) == 0 && table[i].state[k]; k++)
            if (table[i].state[k] > 0 || is_nonmetal(z))
                state[n++] = table[i].state[k];
    return n;
}

static bool count_elements(size_t n, const int *z, assignment *a)
{
    for (size_t i = 0; i < n; i++) {
        size_t e = 0;
        while (e < a->n && a->z[e] != z[i])
            e++;
        if (e == a->n) {
            if (a->n == MAX_ELEMENTS || !(a->n_states[e] = states_of(z[i], a->state[e])))
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
    for (size_t k = 0; k < a->n_states[e]; k++) {
        a->chosen[e] = a->state[e][k];
        search(a, e + 1, sum + a->count[e] * a->chosen[e], cost + (int)k);
    }
}

/* One element between two of its states makes up for all others in their commonest ones. */
static bool mixed_valence(const assignment *a, double charge[DFT_MAX_Z + 1])
{
    for (size_t e = 0; e < a->n; e++) {
        int low = INT_MAX, high = INT_MIN, sum = 0;

        for (size_t o = 0; o < a->n; o++)
            sum += o == e ? 0 : a->count[o] * a->state[o][0];
        for (size_t k = 0; k < a->n_states[e]; k++) {
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
