#include "descriptors/reaction.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_TIMES 100000
#define MOST_COEFFICIENT 1e6
#define CANCELLED 1e-8

dft_status desc_reaction_add(desc_reaction *reaction, const char *name,
                             const desc_formula *formula, double amount, dft_error *err)
{
    size_t i = 0;

    while (i < reaction->n && !desc_formula_same(&reaction->formula[i], formula))
        i++;
    if (i == DESC_REACTION_MAX)
        return dft_fail(err, DFT_EINPUT, "reaction: more than %d phases", DESC_REACTION_MAX);
    if (i == reaction->n) {
        reaction->n++;
        reaction->formula[i] = *formula;
        reaction->amount[i] = 0.0;
        snprintf(reaction->name[i], sizeof reaction->name[i], "%s", name);
    }
    /* The same composition may be written with another formula unit. */
    reaction->amount[i] += amount * desc_formula_atoms(formula)
                           / desc_formula_atoms(&reaction->formula[i]);
    return DFT_OK;
}

static void reaction_drop_cancelled(desc_reaction *reaction)
{
    size_t kept = 0;

    for (size_t i = 0; i < reaction->n; i++) {
        if (fabs(reaction->amount[i]) < CANCELLED)
            continue;
        if (kept != i) {
            reaction->formula[kept] = reaction->formula[i];
            reaction->amount[kept] = reaction->amount[i];
            memcpy(reaction->name[kept], reaction->name[i], sizeof reaction->name[i]);
        }
        kept++;
    }
    reaction->n = kept;
}

double desc_reaction_surplus(const desc_reaction *reaction, int z)
{
    double sum = 0.0;

    for (size_t i = 0; i < reaction->n; i++)
        sum += (double)reaction->coefficient[i] * desc_formula_count(&reaction->formula[i], z);
    return sum;
}

/* Decimal counts (Fe0.95O) are not exact in binary; integers are. */
static int reaction_balances(const desc_reaction *reaction)
{
    for (size_t i = 0; i < reaction->n; i++)
        for (size_t k = 0; k < reaction->formula[i].n; k++)
            if (fabs(desc_reaction_surplus(reaction, reaction->formula[i].z[k])) > 1e-7)
                return 0;
    return 1;
}

/* Rounds times/smallest of every amount; 0 when one is not near an integer. */
static int reaction_round(desc_reaction *reaction, double scale)
{
    for (size_t i = 0; i < reaction->n; i++) {
        const double value = reaction->amount[i] * scale, integer = round(value);
        if (fabs(integer) < 1.0 || fabs(integer) > MOST_COEFFICIENT
            || fabs(value - integer) > 1e-5 * fmax(1.0, fabs(integer) * 1e-2))
            return 0;
        reaction->coefficient[i] = (long)integer;
    }
    return 1;
}

dft_status desc_reaction_balance(desc_reaction *reaction, dft_error *err)
{
    double smallest = INFINITY;
    char text[200];

    reaction_drop_cancelled(reaction);
    for (size_t i = 0; i < reaction->n; i++)
        smallest = fmin(smallest, fabs(reaction->amount[i]));
    for (int times = 1; times <= MOST_TIMES && reaction->n > 0; times++)
        if (reaction_round(reaction, times / smallest) && reaction_balances(reaction))
            return DFT_OK;
    text[0] = '\0';
    for (size_t i = 0; i < reaction->n; i++) {
        const size_t used = strlen(text);
        snprintf(text + used, sizeof text - used, "%s%.6g %s", used ? ", " : "",
                 reaction->amount[i], reaction->name[i]);
    }
    return dft_fail(err, DFT_EINPUT, "reaction: no integer coefficients balance %s", text);
}

void desc_reaction_text(const desc_reaction *reaction, char *buffer, size_t size)
{
    size_t used = 0;

    buffer[0] = '\0';
    for (int products = 0; products <= 1; products++) {
        int first = 1;
        if (products && used < size)
            used += (size_t)snprintf(buffer + used, size - used, " -> ");
        for (size_t i = 0; i < reaction->n && used < size; i++) {
            const long c = reaction->coefficient[i];
            if ((c > 0) != products)
                continue;
            used += (size_t)snprintf(buffer + used, size - used, first ? "" : " + ");
            first = 0;
            if (used < size && labs(c) != 1)
                used += (size_t)snprintf(buffer + used, size - used, "%ld ", labs(c));
            if (used < size)
                used += (size_t)snprintf(buffer + used, size - used, "%s", reaction->name[i]);
        }
    }
}
