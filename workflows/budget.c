#include "workflows/budget.h"

#include <math.h>
#include <stdlib.h>

#include "dft-lite/base/alloc.h"
#include "workflows/standing.h"

/* Terms that a better protocol computes better; one calculation may serve two of them. */
static const struct { desc_term term; bool paid_with_another; } refinable[] = {
    { DESC_BINDING, false }, { DESC_WETTING, false }, { DESC_BARRIER, false },
    { DESC_DIMENSIONALITY, true }, { DESC_COMPLIANCE, false }, { DESC_ADHESION, true },
    { DESC_MOBILITY, false },
};

void flow_refinables(size_t n, const flow_ranked *ranked, const desc_score_weights *weights,
                     const desc_calculations *calculations, desc_refinable *out)
{
    const double axes = weights->axis[0] + weights->axis[1];

    for (size_t i = 0; i < n; i++) {
        const desc_judged *c = &ranked[i].judged;
        double now = 0.0, after = 0.0, core_h = 0.0;
        for (size_t r = 0; r < sizeof refinable / sizeof refinable[0]; r++) {
            const desc_term t = refinable[r].term;
            const desc_axis axis = desc_term_axis(t);
            const double sum = desc_weight_of_axis(weights, axis);
            const double w = sum > 0.0 ? weights->axis[axis] / axes * weights->term[t] / sum : 0.0;
            const double left = calculations->of[t].sigma_after * fabs(c->curve[t]->per_width);
            if (w <= 0.0 || c->sd[t] <= left)
                continue;                        /* not better than what is there */
            now += w * w * c->sd[t] * c->sd[t];
            after += w * w * left * left;
            if (!refinable[r].paid_with_another)
                core_h += calculations->of[t].core_h * ranked[i].cost_scale;
        }
        out[i] = (desc_refinable){ ranked[i].standing.score[DESC_TOTAL], sqrt(now), sqrt(after),
                                   core_h > 0.0 ? core_h : NAN };
    }
}

dft_status flow_budget_plan(size_t n, const flow_ranked *ranked, const desc_score_weights *weights,
                            const desc_calculations *calculations, size_t top_k, double budget_core_h,
                            flow_refinement **steps, size_t *n_steps, double *p_set,
                            double *all_core_h, dft_error *err)
{
    desc_refinable *left = dft_alloc(n, sizeof *left);
    double *p = dft_alloc_doubles(n);
    dft_status status = DFT_OK;

    *n_steps = 0;
    *p_set = *all_core_h = 0.0;
    *steps = dft_alloc(n, sizeof **steps);
    if (n && (!left || !p || !*steps))
        status = dft_fail(err, DFT_ENOMEM, "no memory to plan %zu refinements", n);
    if (status == DFT_OK)
        flow_refinables(n, ranked, weights, calculations, left);
    for (size_t i = 0; i < n && status == DFT_OK; i++)
        *all_core_h += isnan(left[i].next_core_h) ? 0.0 : left[i].next_core_h;
    while (status == DFT_OK) {
        size_t next = n;
        status = desc_refine_next(n, left, top_k, FLOW_RANK_SEED, &next, p, p_set, err);
        if (status != DFT_OK || next == n || left[next].next_core_h > budget_core_h)
            break;
        budget_core_h -= left[next].next_core_h;
        (*steps)[(*n_steps)++] = (flow_refinement){ next, left[next].next_core_h, p[next] };
        left[next].sd = left[next].next_sd;
        left[next].next_core_h = NAN;
    }
    free(left);
    free(p);
    if (status != DFT_OK) {
        free(*steps);
        *steps = NULL;
    }
    return status;
}
