#include "screen/rank_tables.h"

#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "screen/suggest.h"
#include "workflows/budget.h"
#include "workflows/standing.h"

#define MOST_NAMES 32
#define LONGEST_LIST 1024

/* ---- candidates by name ---- */

/* "Au-111", or "Au" when only one ranked candidate starts with "Au-". */
static dft_status find_ranked(const flow_ranked *ranked, size_t n, const char *name,
                              const flow_ranked **out, dft_error *err)
{
    const size_t length = strlen(name);
    size_t n_found = 0;

    *out = NULL;
    for (size_t i = 0; i < n; i++) {
        if (strcmp(ranked[i].candidate, name) == 0) {
            *out = &ranked[i];
            return DFT_OK;
        }
        if (strncmp(ranked[i].candidate, name, length) == 0 && ranked[i].candidate[length] == '-') {
            *out = &ranked[i];
            n_found++;
        }
    }
    if (n_found == 1)
        return DFT_OK;
    return dft_fail(err, DFT_EINPUT, n_found ? "'%.60s' is the start of %zu ranked candidates; give "
                    "one of them in full, such as %s" : "'%.60s' is not among the ranked candidates "
                    "(%zu found, of which the best is %s)", name, n_found,
                    n_found ? (*out)->candidate : n ? ranked[0].candidate : "none");
}

/* Splits `text` at commas into found candidates; text is changed. */
static dft_status find_list(const flow_ranked *ranked, size_t n, char *text,
                            const flow_ranked *found[MOST_NAMES], size_t *n_found, dft_error *err)
{
    char *rest = NULL;

    *n_found = 0;
    for (char *name = strtok_r(text, ",", &rest); name; name = strtok_r(NULL, ",", &rest)) {
        if (*n_found == MOST_NAMES)
            return dft_fail(err, DFT_EUSAGE, "--pairs: more than %d names in one list", MOST_NAMES);
        const dft_status status = find_ranked(ranked, n, name, &found[*n_found], err);
        if (status != DFT_OK)
            return status;
        ++*n_found;
    }
    return *n_found ? DFT_OK : dft_fail(err, DFT_EUSAGE, "--pairs: an empty list; write "
                                        "--pairs=Au,Ag:Cu,Ni");
}

/* ---- pairs ---- */

static dft_status print_pair(FILE *out, const flow_ranked *a, const flow_ranked *b,
                             const desc_score_weights *weights, dft_error *err)
{
    static const desc_weighing weighing[] = { DESC_AS_WEIGHED, DESC_BINDING_ALONE,
                                              DESC_SOLUBILITY_ALONE, DESC_RANDOM_WEIGHTS };
    double p[4], share = 0.0;
    desc_term term;
    bool of_b = false;
    dft_status status = DFT_OK;

    for (int i = 0; i < 4 && status == DFT_OK; i++)
        status = desc_rank_above(&a->judged, &b->judged, weights, DESC_LITHIOPHILICITY, weighing[i],
                                 FLOW_RANK_SEED, &p[i], err);
    if (status != DFT_OK)
        return status;
    fprintf(out, "%-14s %-14s %8.2f %8.2f %10.2f %8.2f", a->candidate, b->candidate, p[0], p[1], p[2],
            p[3]);
    if (desc_rank_doubt(&a->judged, &b->judged, weights, DESC_LITHIOPHILICITY, &term, &of_b, &share))
        fprintf(out, "  %s of %s (%.0f %%)", desc_term_name((int)term),
                of_b ? b->candidate : a->candidate, 100.0 * share);
    fprintf(out, "\n");
    return DFT_OK;
}

static dft_status print_group(FILE *out, const flow_ranked *ranked, size_t n, char *group,
                              const desc_score_weights *weights, dft_error *err)
{
    const flow_ranked *above[MOST_NAMES], *below[MOST_NAMES];
    size_t n_above = 0, n_below = 0;
    char *colon = strchr(group, ':');

    if (!colon)
        return dft_fail(err, DFT_EUSAGE, "--pairs: '%.80s' has no colon; write --pairs=Au,Ag:Cu,Ni",
                        group);
    *colon = '\0';
    dft_status status = find_list(ranked, n, group, above, &n_above, err);
    if (status == DFT_OK)
        status = find_list(ranked, n, colon + 1, below, &n_below, err);
    for (size_t i = 0; i < n_above && status == DFT_OK; i++)
        for (size_t j = 0; j < n_below && status == DFT_OK; j++)
            status = print_pair(out, above[i], below[j], weights, err);
    return status;
}

dft_status screen_print_pairs(FILE *out, const flow_assembly *assembly, const char *pairs,
                              dft_error *err)
{
    desc_score_weights weights;
    size_t n = 0;
    const flow_ranked *ranked = flow_assembly_ranked(assembly, &n, &weights);
    char text[LONGEST_LIST], *rest = NULL;
    dft_status status = DFT_OK;

    if (strlen(pairs) >= sizeof text)
        return dft_fail(err, DFT_EUSAGE, "--pairs: longer than %d characters", LONGEST_LIST - 1);
    snprintf(text, sizeof text, "%s", pairs);
    fprintf(out, "\nprobability that the first is above the second in lithiophilicity, over all errors "
            "and priors\n%-14s %-14s %8s %8s %10s %8s  %s\n", "first", "second", "score", "binding",
            "solubility", "weights", "what is most uncertain");
    for (char *group = strtok_r(text, ";", &rest); group && status == DFT_OK;
         group = strtok_r(NULL, ";", &rest))
        status = print_group(out, ranked, n, group, &weights, err);
    if (status == DFT_OK)
        fprintf(out, "controls: binding alone, solubility alone, all weights equally likely\n");
    return status;
}

/* ---- what next ---- */

static size_t at_most(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* The judged parts of the ranked candidates in one array; owned by the caller. */
static desc_judged *judged_of(const flow_ranked *ranked, size_t n)
{
    desc_judged *judged = dft_alloc(n, sizeof *judged);

    for (size_t i = 0; judged && i < n; i++)
        judged[i] = ranked[i].judged;
    return judged;
}

dft_status screen_print_next(FILE *out, const flow_assembly *assembly,
                             const desc_calculations *calculations, size_t top_k, size_t most,
                             dft_error *err)
{
    desc_score_weights weights;
    size_t n = 0, n_next = 0;
    const flow_ranked *ranked = flow_assembly_ranked(assembly, &n, &weights);
    desc_judged *judged = judged_of(ranked, n);
    double *scale = dft_alloc_doubles(n);
    desc_next *next = NULL;
    const size_t k = at_most(top_k, n);
    dft_status status = DFT_OK;

    if (n && (!judged || !scale))
        status = dft_fail(err, DFT_ENOMEM, "no memory for %zu ranked candidates", n);
    for (size_t i = 0; i < n && status == DFT_OK; i++)
        scale[i] = ranked[i].cost_scale;
    if (n && status == DFT_OK)
        status = desc_next_calculations(n, judged, &weights, k, calculations, scale, &next, &n_next,
                                        err);
    if (status == DFT_OK)
        fprintf(out, "\nwhat would change the best %zu most for its core hours\n%-14s %-15s %8s %8s "
                "%8s %9s  %s\n", k, "candidate", "number", "P change", "P others", "core h",
                "P/core h", "calculation");
    for (size_t i = 0; i < at_most(n_next, most) && status == DFT_OK; i++)
        fprintf(out, "%-14s %-15s %8.2f %8.2f %8.2g %9.3f  %s%s\n",
                ranked[next[i].candidate].candidate, desc_term_name((int)next[i].term),
                next[i].p_change, next[i].p_others, next[i].core_h, next[i].value_per_core_h,
                calculations->of[next[i].term].calculation,
                next[i].n_shared > 1 ? " (shared by several candidates)" : "");
    if (status == DFT_OK && n_next == 0)
        fprintf(out, "nothing: no number that is uncertain could change it\n");
    free(next);
    free(scale);
    free(judged);
    return status;
}

/* ---- a budget ---- */

dft_status screen_print_budget(FILE *out, const flow_assembly *assembly,
                               const desc_calculations *calculations, size_t top_k,
                               double budget_core_h, dft_error *err)
{
    desc_score_weights weights;
    size_t n = 0, n_steps = 0;
    const flow_ranked *ranked = flow_assembly_ranked(assembly, &n, &weights);
    flow_refinement *steps = NULL;
    const size_t k = at_most(top_k, n);
    double p_set = 0.0, all_core_h = 0.0, spent = 0.0;
    dft_status status = DFT_OK;

    if (n)
        status = flow_budget_plan(n, ranked, &weights, calculations, k, budget_core_h, &steps,
                                  &n_steps, &p_set, &all_core_h, err);
    if (status == DFT_OK)
        fprintf(out, "\nwhat to compute better for %g core hours until the best %zu are sure (all: %.3g)\n"
                "%4s  %-14s %8s %10s %7s\n", budget_core_h, k, all_core_h, "step", "candidate",
                "core h", "sum", "P best");
    for (size_t i = 0; i < n_steps && status == DFT_OK; i++) {
        spent += steps[i].core_h;
        fprintf(out, "%4zu  %-14s %8.3g %10.3g %7.2f\n", i + 1, ranked[steps[i].candidate].candidate,
                steps[i].core_h, spent, steps[i].p_top_k);
    }
    if (status == DFT_OK)
        fprintf(out, "the best %zu are then right with probability %.2f (phase data as they are); each "
                "result changes what comes next: rank again\n", k, p_set);
    free(steps);
    return status;
}

/* ---- the standing ---- */

dft_status screen_print_standing(FILE *out, const flow_assembly *assembly, size_t top_k,
                                 dft_error *err)
{
    desc_score_weights weights;
    size_t n = 0;
    const flow_ranked *ranked = flow_assembly_ranked(assembly, &n, &weights);
    desc_judged *judged = judged_of(ranked, n);
    desc_rank_row *rows = dft_alloc(n, sizeof *rows);
    const desc_rank_request request = { .n = n, .candidate = judged, .weights = &weights,
                                        .top_k = at_most(top_k, n), .seed = FLOW_RANK_SEED };
    dft_status status = DFT_OK;

    if (n && (!judged || !rows))
        status = dft_fail(err, DFT_ENOMEM, "no memory for %zu ranked candidates", n);
    else if (n)
        status = desc_rank(&request, rows, err);
    if (status == DFT_OK && n)
        fprintf(out, "\nhow sure the list is (90 %% intervals over all errors and priors)\n%4s  %-14s "
                "%6s %9s %17s %17s %7s %8s %s\n", "rank", "candidate", "score", "rank",
                "lithiophilicity", "robustness", "P best", "weights", "front");
    for (size_t i = 0; i < n && status == DFT_OK; i++) {
        char range[24];
        const desc_rank_row *r = &rows[i];
        snprintf(range, sizeof range, "%zu-%zu", r->rank_low, r->rank_high);
        fprintf(out, "%4zu  %-14s %6.3f %9s  %.2f (%.2f-%.2f)  %.2f (%.2f-%.2f) %7.2f %8.2f %s\n",
                r->rank, ranked[i].candidate, r->score[DESC_TOTAL], range, r->score[0], r->low[0],
                r->high[0], r->score[1], r->low[1], r->high[1], r->p_top_k, r->p_top_k_weights,
                r->pareto ? "yes" : "");
    }
    if (status == DFT_OK && n)
        fprintf(out, "P best: to be among the best %zu; weights: the same over all weights; front: "
                "nobody is better on both axes\n", request.top_k);
    free(rows);
    free(judged);
    return status;
}
