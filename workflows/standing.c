#include "workflows/standing.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "descriptors/reason.h"
#include "dft-lite/base/alloc.h"

/* Candidates below which threads cost more than they save; and a program that has started threads must not
 * fork and rank in the child (descriptors/rank.c). */
#define THREADS_FROM 1000

static const char *const axis_names[2] = { "lithiophilicity", "robustness" };

/* ---- which terms count ---- */

static bool is_asked_for(const flow_descriptors *wanted, desc_term term, bool *basic)
{
    *basic = true;
    switch (term) {
    case DESC_BINDING:
        return wanted->li_binding;
    case DESC_SOLUBILITY:
        return wanted->solubility;
    case DESC_ALLOYING:
        return wanted->alloying;
    case DESC_BARRIER:
        return wanted->corrugation;
    case DESC_COMPLIANCE:
        return wanted->equation_of_state;
    default:
        *basic = false;
        return true;
    }
}

static bool anybody_knows(size_t n, const flow_standing *standing, desc_term term)
{
    for (size_t i = 0; i < n; i++)
        if (!isnan(standing[i].inputs.value[term].value)
            || (term == DESC_COMPLIANCE && !isnan(standing[i].inputs.value[DESC_SLIP].value)))
            return true;
    return false;
}

static desc_score_weights effective_weights(const flow_assemble_request *request, size_t n,
                                            const flow_standing *standing)
{
    desc_score_weights weights = *request->weights;

    for (int i = 0; i < DESC_N_TERMS; i++) {
        bool basic;
        const bool asked = is_asked_for(&request->wanted, (desc_term)i, &basic);
        if (!asked || (!basic && !anybody_knows(n, standing, (desc_term)i)))
            weights.term[i] = 0.0;
    }
    return weights;
}

/* A campaign may ask for descriptors that leave an axis empty: then there are numbers and no ranking. */
static const char *why_no_score(const desc_score_weights *weights)
{
    if (desc_weight_of_axis(weights, DESC_LITHIOPHILICITY) <= 0.0)
        return "no score: the campaign asks for nothing that makes up lithiophilicity";
    if (desc_weight_of_axis(weights, DESC_ROBUSTNESS) <= 0.0)
        return "no score: the campaign asks for nothing that makes up robustness";
    return NULL;
}

/* ---- scores ---- */

static void append(char *text, size_t size, const char *separator, const char *words)
{
    const size_t n = strlen(text);
    snprintf(text + n, size - n, "%s%s", n ? separator : "", words);
}

/* Judges one candidate; standing->score stays NaN when an axis is not known at all. */
static dft_status score_one(const flow_assemble_request *request, flow_standing *s,
                            const desc_score_weights *weights, desc_judged *judged, dft_error *err)
{
    desc_score score;
    dft_status status = desc_judge(request->curves, &s->inputs, judged, err);

    for (int axis = 0; axis < 2 && status == DFT_OK; axis++) {
        char words[144];
        status = desc_score_of(judged, weights, (desc_axis)axis, &score, err);
        if (status != DFT_OK || score.missing[0] == '\0')
            continue;
        snprintf(words, sizeof words, "%s: %s", axis_names[axis], score.missing);
        append(s->missing, sizeof s->missing, "; ", words);
    }
    if (status == DFT_OK)
        status = desc_score_of(judged, weights, DESC_TOTAL, &score, err);
    if (status != DFT_OK)
        return status;
    s->row->missing_terms = s->missing;
    s->score = score.value;
    if (isfinite(score.value))
        desc_score_reason(request->curves, &s->inputs, s->reason, s->reason_size);
    else
        snprintf(s->reason, s->reason_size, "no score: %s unknown", s->missing);
    return DFT_OK;
}

/* ---- ranks ---- */

static void fill_row(res_ranked_row *row, const desc_rank_row *rank)
{
    row->score = rank->score[DESC_TOTAL];
    row->lithiophilicity = rank->score[0];
    row->lithiophilicity_low = rank->low[0];
    row->lithiophilicity_high = rank->high[0];
    row->robustness = rank->score[1];
    row->robustness_low = rank->low[1];
    row->robustness_high = rank->high[1];
    row->rank_low = (int)rank->rank_low;
    row->rank_high = (int)rank->rank_high;
    row->p_top_5 = rank->p_top_k;
    row->p_top_5_any_weights = rank->p_top_k_weights;
    row->pareto = rank->pareto ? "yes" : "no";
}

static int compare_ranked(const void *left, const void *right)
{
    const flow_ranked *a = left, *b = right;

    if (a->standing.score[DESC_TOTAL] > b->standing.score[DESC_TOTAL]
        || b->standing.score[DESC_TOTAL] > a->standing.score[DESC_TOTAL])
        return a->standing.score[DESC_TOTAL] > b->standing.score[DESC_TOTAL] ? -1 : 1;
    return strcmp(a->candidate, b->candidate);
}

/* Of each row, the calculation that would change the best most for its cost. */
static dft_status fill_next(const flow_assemble_request *request, size_t n, flow_standing **by_rank,
                            const desc_judged *judged, const desc_score_weights *weights,
                            const double *cost_scale, dft_error *err)
{
    desc_next *next = NULL;
    size_t n_next = 0;
    const dft_status status = desc_next_calculations(n, judged, weights,
                                                     n < FLOW_TOP_K ? n : FLOW_TOP_K,
                                                     request->calculations, cost_scale, &next, &n_next,
                                                     err);

    for (size_t i = 0; i < n_next; i++) {
        flow_standing *s = by_rank[next[i].candidate];
        if (s->next[0])
            continue;               /* sorted by value: the first is the best */
        snprintf(s->next, sizeof s->next, "%s: %s (changes the best %zu with probability %.2f)",
                 desc_term_name((int)next[i].term), request->calculations->of[next[i].term].calculation,
                 n < FLOW_TOP_K ? n : (size_t)FLOW_TOP_K, next[i].p_change);
        s->row->next_calculation = s->next;
    }
    free(next);
    return status;
}

typedef struct {
    desc_judged *judged;             /* owned, [n] */
    desc_rank_row *rank;             /* owned, [n] */
    flow_standing **standing;        /* owned, [n]: whose they are */
    double *cost_scale;              /* owned, [n] */
    size_t n;
} ranked_set;

static void ranked_set_clear(ranked_set *set)
{
    free(set->judged);
    free(set->rank);
    free(set->standing);
    free(set->cost_scale);
}

static void set_cost_scales(ranked_set *set)
{
    double sum = 0.0;

    for (size_t i = 0; i < set->n; i++)
        sum += set->standing[i]->slab_cost_s;
    for (size_t i = 0; i < set->n; i++) {
        const double cost = set->standing[i]->slab_cost_s;
        set->cost_scale[i] = cost > 0.0 ? cost * (double)set->n / sum : 1.0;
    }
}

static dft_status rank_set(const flow_assemble_request *request, const desc_score_weights *weights,
                           ranked_set *set, flow_ranked **out, dft_error *err)
{
    const desc_rank_request ranking = {
        .n = set->n, .candidate = set->judged, .weights = weights,
        .top_k = set->n < FLOW_TOP_K ? set->n : FLOW_TOP_K, .seed = FLOW_RANK_SEED,
    };
    dft_status status = desc_rank(&ranking, set->rank, err);

    set_cost_scales(set);

    for (size_t i = 0; i < set->n && status == DFT_OK; i++)
        fill_row(set->standing[i]->row, &set->rank[i]);
    if (status == DFT_OK && request->calculations)
        status = fill_next(request, set->n, set->standing, set->judged, weights, set->cost_scale, err);
    if (status == DFT_OK && !(*out = dft_alloc(set->n, sizeof **out)))
        status = dft_fail(err, DFT_ENOMEM, "no memory for %zu ranked candidates", set->n);
    if (status != DFT_OK)
        return status;
    for (size_t i = 0; i < set->n; i++)
        (*out)[i] = (flow_ranked){ set->standing[i]->row->candidate, set->judged[i], set->rank[i],
                                   set->cost_scale[i] };
    qsort(*out, set->n, sizeof **out, compare_ranked);
    return DFT_OK;
}

/* Equal scores are ordered by index in desc_rank and by name in the table: the set is made by name. */
static int compare_standings(const void *left, const void *right)
{
    const flow_standing *a = *(flow_standing *const *)left, *b = *(flow_standing *const *)right;
    return strcmp(a->row->candidate, b->row->candidate);
}

static dft_status judge_set(const flow_assemble_request *request, size_t n, flow_standing *standing,
                            const desc_score_weights *weights, ranked_set *set, dft_error *err)
{
    const char *why = why_no_score(weights);
    size_t n_judged = 0;
    dft_status status = DFT_OK;

    for (size_t i = 0; i < n; i++) {
        standing[i].score = NAN;
        if (standing[i].reason[0] == '\0' && why)
            snprintf(standing[i].reason, standing[i].reason_size, "%s", why);
        if (standing[i].reason[0] == '\0')
            set->standing[n_judged++] = &standing[i];
    }
    if (n_judged)
        qsort(set->standing, n_judged, sizeof *set->standing, compare_standings);
    #pragma omp parallel for schedule(static) if (n_judged > THREADS_FROM)
    for (size_t i = 0; i < n_judged; i++) {
        dft_error fault = { DFT_OK, "" };
        const dft_status one = score_one(request, set->standing[i], weights, &set->judged[i], &fault);
        if (one != DFT_OK) {
            #pragma omp critical
            status = status == DFT_OK ? dft_fail(err, one, "%s", fault.message) : status;
        }
    }
    for (size_t i = 0; i < n_judged && status == DFT_OK; i++)
        if (isfinite(set->standing[i]->score)) {
            set->judged[set->n] = set->judged[i];
            set->standing[set->n++] = set->standing[i];
        }
    return status;
}

dft_status flow_stand(const flow_assemble_request *request, size_t n, flow_standing *standing,
                      desc_score_weights *effective, flow_ranked **ranked, size_t *n_ranked,
                      dft_error *err)
{
    ranked_set set = { dft_alloc(n, sizeof *set.judged), dft_alloc(n, sizeof *set.rank),
                       dft_alloc(n, sizeof *set.standing), dft_alloc_doubles(n), 0 };
    dft_status status = DFT_OK;

    *ranked = NULL;
    *n_ranked = 0;
    *effective = effective_weights(request, n, standing);
    if (n && (!set.judged || !set.rank || !set.standing || !set.cost_scale))
        status = dft_fail(err, DFT_ENOMEM, "no memory to rank %zu candidates", n);
    if (status == DFT_OK)
        status = judge_set(request, n, standing, effective, &set, err);
    if (status == DFT_OK && set.n > 0)
        status = rank_set(request, effective, &set, ranked, err);
    if (status == DFT_OK)
        *n_ranked = set.n;
    ranked_set_clear(&set);
    return status;
}
