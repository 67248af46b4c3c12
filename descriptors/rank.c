#include "descriptors/rank.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "descriptors/random.h"
#include "dft-lite/base/alloc.h"

#define BLOCK 32                     /* samples whose scores are in memory at once */
#define DRAWS_AT_ONCE 4              /* of desc_draw4 */
#define WEIGHT_SAMPLES 1024
/* Candidates below which threads cost more than they save; and a program that has started threads must not
 * fork and rank in the child. */
#define THREADS_FROM 1000
#define MOST_SCORES 12800000         /* candidates x samples that are affordable */

size_t desc_rank_samples(size_t n)
{
    const size_t affordable = n ? MOST_SCORES / n / BLOCK * BLOCK : DESC_RANK_SAMPLES;

    if (affordable >= DESC_RANK_SAMPLES)
        return DESC_RANK_SAMPLES;
    return affordable > 4 * BLOCK ? affordable : 4 * BLOCK;
}

/* ---- weights as shares: weight of a term within the total, and of the axes ---- */

typedef struct {
    double term[DESC_N_TERMS];       /* share within its axis; 0: not planned */
    double axis[2];                  /* share of the axes in the total */
} shares;

static dft_status shares_of(const desc_score_weights *weights, shares *out, dft_error *err)
{
    const desc_judged nothing = { .mean = { 0.0 } };
    const double both = weights->axis[0] + weights->axis[1];
    desc_score unused;
    const dft_status status = desc_score_of(&nothing, weights, DESC_TOTAL, &unused, err);

    if (status != DFT_OK)
        return status;
    for (int axis = 0; axis < 2; axis++)
        out->axis[axis] = weights->axis[axis] / both;
    for (int i = 0; i < DESC_N_TERMS; i++) {
        const double sum = desc_weight_of_axis(weights, desc_term_axis((desc_term)i));
        out->term[i] = sum > 0.0 ? weights->term[i] / sum : 0.0;
    }
    return DFT_OK;
}

/* Dirichlet(1, ..., 1) over the planned terms of each axis and over the axes: exponentials, normed. */
static void random_shares(const shares *planned, uint64_t seed, uint64_t sample, shares *out)
{
    const uint64_t stream = desc_stream("weights");
    double e[16], sum[3] = { 0.0, 0.0, 0.0 };

    for (uint64_t block = 0; block < 4; block++)
        desc_draw4(seed, stream, 4 * sample + block, e + 4 * block);
    for (int i = 0; i < DESC_N_TERMS; i++) {
        out->term[i] = planned->term[i] > 0.0 ? -log(e[i]) : 0.0;
        sum[desc_term_axis((desc_term)i)] += out->term[i];
    }
    for (int axis = 0; axis < 2; axis++) {
        out->axis[axis] = planned->axis[axis] > 0.0 ? -log(e[DESC_N_TERMS + axis]) : 0.0;
        sum[2] += out->axis[axis];
    }
    for (int i = 0; i < DESC_N_TERMS; i++)
        if (out->term[i] > 0.0)
            out->term[i] /= sum[desc_term_axis((desc_term)i)];
    for (int axis = 0; axis < 2; axis++)
        out->axis[axis] /= sum[2];
}

static double mix(const shares *w, const double *desirability, desc_axis axis)
{
    double part[2] = { 0.0, 0.0 };

    for (int i = 0; i < DESC_N_TERMS; i++)
        if (w->term[i] > 0.0)
            part[desc_term_axis((desc_term)i)] += w->term[i] * desirability[i];
    return axis == DESC_TOTAL ? w->axis[0] * part[0] + w->axis[1] * part[1] : part[axis];
}

/* ---- draws ---- */

/* Both axes of one candidate in `count` samples from `first`, a multiple of 4. */
static void draw_axes(const desc_judged *c, const shares *w, uint64_t seed, size_t first,
                      size_t count, double *axis0, double *axis1)
{
    for (size_t s = 0; s < count; s++)
        axis0[s] = axis1[s] = 0.0;
    for (int i = 0; i < DESC_N_TERMS; i++) {
        double *to = desc_term_axis((desc_term)i) == DESC_LITHIOPHILICITY ? axis0 : axis1;
        if (w->term[i] <= 0.0)
            continue;
        if (c->sd[i] <= 0.0) {
            for (size_t s = 0; s < count; s++)
                to[s] += w->term[i] * c->mean[i];
            continue;
        }
        for (size_t s = 0; s < count; s += DRAWS_AT_ONCE) {
            double u[DRAWS_AT_ONCE];
            desc_draw4(seed, c->stream[i], (first + s) / DRAWS_AT_ONCE, u);
            for (size_t k = 0; k < DRAWS_AT_ONCE && s + k < count; k++)
                to[s + k] += w->term[i] * desc_term_draw(c, (desc_term)i, u[k]);
        }
    }
}

/* ---- ranks ---- */

/* A score 0..1 as an integer that falls as the score rises: sorting it upwards puts the best first. */
static uint32_t key_of(double score)
{
    return (uint32_t)((1.0 - fmin(fmax(score, 0.0), 1.0)) * 4294967295.0);
}

/* Order by key, lowest first, equal keys by index: radix sort, 11 bits at a time.  All arrays [n]. */
static void sort_by_key(size_t n, const uint32_t *key, uint32_t *order, uint32_t *scratch)
{
    uint32_t *from = scratch, *to = order;

    for (size_t i = 0; i < n; i++)
        from[i] = (uint32_t)i;
    for (int pass = 0; pass < 3; pass++) {
        size_t count[2048] = { 0 }, sum = 0;
        const int shift = 11 * pass;
        for (size_t i = 0; i < n; i++)
            count[key[i] >> shift & 2047]++;
        for (size_t b = 0; b < 2048; b++) {
            const size_t here = count[b];
            count[b] = sum;
            sum += here;
        }
        for (size_t i = 0; i < n; i++)
            to[count[key[from[i]] >> shift & 2047]++] = from[i];
        uint32_t *const swap = from;
        from = to;
        to = swap;
    }
    if (from != order)
        memcpy(order, from, n * sizeof *order);
}

/* rank[i] from 1 of the scores; key, order, scratch: [n]. */
static void ranks_of(size_t n, const float *score, uint32_t *key, uint32_t *order,
                     uint32_t *scratch, uint32_t *rank)
{
    for (size_t i = 0; i < n; i++)
        key[i] = key_of((double)score[i]);
    sort_by_key(n, key, order, scratch);
    for (size_t i = 0; i < n; i++)
        rank[order[i]] = (uint32_t)i + 1;
}

/* ---- the simulation ---- */

typedef struct {
    const desc_rank_request *request;
    shares weight;
    size_t n_samples;
    uint32_t *rank;                  /* [n_samples][n] */
    float *total;                    /* [BLOCK][n] */
    float *axis[3];                  /* [n][n_samples]; NULL when there is no room for quantiles */
    uint32_t *work;                  /* [BLOCK][3][n] */
} simulation;

/* The value that would stand at index k if the m values were sorted; they are moved about (C. A. R.
 * Hoare, Commun. ACM 4, 321 (1961)). */
static float select_value(float *value, size_t m, size_t k)
{
    size_t low = 0, high = m - 1;

    while (low < high) {             /* low..j hold nothing above the pivot, j+1..high nothing below */
        const float pivot = value[low + (high - low) / 2];
        size_t i = low, j = high;
        for (;; i++, j--) {
            while (value[i] < pivot)
                i++;
            while (value[j] > pivot)
                j--;
            if (i >= j)
                break;
            const float swap = value[i];
            value[i] = value[j];
            value[j] = swap;
        }
        if (k <= j)
            high = j;
        else
            low = j + 1;
    }
    return value[k];
}

static void simulate_block(simulation *sim, size_t first)
{
    const desc_rank_request *r = sim->request;
    const size_t n = r->n, count = sim->n_samples - first < BLOCK ? sim->n_samples - first : BLOCK;

    #pragma omp parallel for schedule(static) if (n > THREADS_FROM)
    for (size_t i = 0; i < n; i++) {
        double a[BLOCK], b[BLOCK];
        draw_axes(&r->candidate[i], &sim->weight, r->seed, first, count, a, b);
        for (size_t s = 0; s < count; s++) {
            const double total = sim->weight.axis[0] * a[s] + sim->weight.axis[1] * b[s];
            sim->total[s * n + i] = (float)total;
            sim->axis[0][i * sim->n_samples + first + s] = (float)a[s];
            sim->axis[1][i * sim->n_samples + first + s] = (float)b[s];
            sim->axis[2][i * sim->n_samples + first + s] = (float)total;
        }
    }
    #pragma omp parallel for schedule(dynamic) if (n > THREADS_FROM)
    for (size_t s = 0; s < count; s++) {
        uint32_t *work = sim->work + s * 3 * n;
        ranks_of(n, sim->total + s * n, work, work + n, work + 2 * n, sim->rank + (first + s) * n);
    }
}

/* Index of a quantile among m sorted numbers: the smallest with at least the share p below or at it. */
static size_t quantile_index(double p, size_t m)
{
    const double at = ceil(p * (double)m) - 1.0;
    return at > 0.0 ? (size_t)at : 0;
}

static void quantiles(float *value, size_t m, double *low, double *high)
{
    *low = (double)select_value(value, m, quantile_index(0.05, m));
    *high = (double)select_value(value, m, quantile_index(0.95, m));
}

static void summarise(simulation *sim, size_t i, float *ranks, desc_rank_row *row)
{
    const size_t n = sim->request->n, m = sim->n_samples;
    double low, high;
    size_t n_top = 0;

    for (size_t s = 0; s < m; s++) {
        ranks[s] = (float)sim->rank[s * n + i];          /* exact up to 2^24 candidates */
        n_top += sim->rank[s * n + i] <= sim->request->top_k;
    }
    quantiles(ranks, m, &low, &high);
    row->rank_low = (size_t)low;
    row->rank_high = (size_t)high;
    row->p_top_k = (double)n_top / (double)m;
    for (int axis = 0; axis < 3; axis++)
        quantiles(sim->axis[axis] + i * m, m, &row->low[axis], &row->high[axis]);
}

static dft_status summarise_all(simulation *sim, desc_rank_row *rows, dft_error *err)
{
    bool failed = false;

    #pragma omp parallel if (sim->request->n > THREADS_FROM)
    {
        float *ranks = dft_alloc(sim->n_samples, sizeof *ranks);
        #pragma omp for schedule(static)
        for (size_t i = 0; i < sim->request->n; i++) {
            if (ranks)
                summarise(sim, i, ranks, &rows[i]);
        }
        if (!ranks) {
            #pragma omp atomic write
            failed = true;
        }
        free(ranks);
    }
    return failed ? dft_fail(err, DFT_ENOMEM, "ranking: no memory for %zu samples", sim->n_samples)
                  : DFT_OK;
}

static dft_status expected_scores(const desc_rank_request *r, desc_rank_row *rows, dft_error *err)
{
    for (size_t i = 0; i < r->n; i++)
        for (int axis = 0; axis < 3; axis++) {
            desc_score score = { NAN, NAN, 0, 0, "" };
            if (axis == DESC_TOTAL || desc_weight_of_axis(r->weights, (desc_axis)axis) > 0.0) {
                const dft_status status = desc_score_of(&r->candidate[i], r->weights,
                                                        (desc_axis)axis, &score, err);
                if (status != DFT_OK)
                    return status;
            }
            rows[i].score[axis] = score.value;
            rows[i].sd[axis] = score.sd;
        }
    return DFT_OK;
}

/* The expected order, and the Pareto front along it: best lithiophilicity first, a candidate is on the
 * front when nobody before it is as robust.  work: [4][n]. */
static void expected_order(const desc_rank_request *r, desc_rank_row *rows, uint32_t *work)
{
    uint32_t *key = work, *order = work + r->n, *scratch = work + 2 * r->n;
    double best = -1.0;

    for (size_t i = 0; i < r->n; i++)
        key[i] = key_of(rows[i].score[DESC_TOTAL]);
    sort_by_key(r->n, key, order, scratch);
    for (size_t i = 0; i < r->n; i++)
        rows[order[i]].rank = i + 1;
    for (size_t i = 0; i < r->n; i++)
        key[i] = key_of(rows[i].score[0]);
    sort_by_key(r->n, key, order, scratch);
    for (size_t i = 0, end; i < r->n; i = end) {
        double here = -1.0;                     /* the most robust of equal lithiophilicity */
        for (end = i; end < r->n && key[order[end]] == key[order[i]]; end++)
            here = fmax(here, rows[order[end]].score[1]);
        for (size_t j = i; j < end; j++)
            rows[order[j]].pareto = here > best && rows[order[j]].score[1] >= here;
        best = fmax(best, here);
    }
}

/* How often a candidate is among the best k when only the weights are drawn. */
static dft_status vary_weights(const desc_rank_request *r, const shares *planned,
                               simulation *sim, desc_rank_row *rows, dft_error *err)
{
    const size_t n = r->n;
    const size_t n_samples = sim->n_samples < WEIGHT_SAMPLES ? sim->n_samples : WEIGHT_SAMPLES;
    uint32_t *n_top = dft_alloc(n, sizeof *n_top);

    if (!n_top)
        return dft_fail(err, DFT_ENOMEM, "ranking: no memory for %zu candidates", n);
    for (size_t first = 0; first < n_samples; first += BLOCK) {
        const size_t count = n_samples - first < BLOCK ? n_samples - first : BLOCK;
        #pragma omp parallel for schedule(dynamic) if (n > THREADS_FROM)
        for (size_t s = 0; s < count; s++) {
            uint32_t *work = sim->work + s * 3 * n;
            shares w;
            random_shares(planned, r->seed, first + s, &w);
            for (size_t i = 0; i < n; i++)
                sim->total[s * n + i] = (float)mix(&w, r->candidate[i].mean, DESC_TOTAL);
            ranks_of(n, sim->total + s * n, work, work + n, work + 2 * n, sim->rank + s * n);
        }
        for (size_t s = 0; s < count; s++)
            for (size_t i = 0; i < n; i++)
                n_top[i] += sim->rank[s * n + i] <= r->top_k;
    }
    for (size_t i = 0; i < n; i++)
        rows[i].p_top_k_weights = (double)n_top[i] / (double)n_samples;
    free(n_top);
    return DFT_OK;
}

static void simulation_clear(simulation *sim)
{
    free(sim->rank);
    free(sim->total);
    free(sim->work);
    for (int axis = 0; axis < 3; axis++)
        free(sim->axis[axis]);
}

static dft_status simulation_init(simulation *sim, dft_error *err)
{
    const size_t n = sim->request->n;
    bool whole = true;

    sim->rank = dft_alloc(n * sim->n_samples, sizeof *sim->rank);
    sim->total = dft_alloc(n * BLOCK, sizeof *sim->total);
    sim->work = dft_alloc(3 * n * BLOCK, sizeof *sim->work);
    for (int axis = 0; axis < 3; axis++) {
        sim->axis[axis] = dft_alloc(n * sim->n_samples, sizeof *sim->axis[axis]);
        whole = whole && sim->axis[axis];
    }
    if (!sim->rank || !sim->total || !sim->work || !whole)
        return dft_fail(err, DFT_ENOMEM, "ranking: no memory for %zu samples of %zu candidates",
                        sim->n_samples, n);
    return DFT_OK;
}

dft_status desc_rank(const desc_rank_request *request, desc_rank_row *rows, dft_error *err)
{
    const size_t samples = request->n_samples ? request->n_samples : desc_rank_samples(request->n);
    simulation sim = { .request = request, .n_samples = (samples + 3) / 4 * 4 };
    dft_status status = DFT_OK;

    if (request->top_k < 1 || request->top_k > request->n)
        return dft_fail(err, DFT_EINPUT, "ranking: the best %zu of %zu candidates were asked for; "
                        "ask for 1 to %zu", request->top_k, request->n, request->n);
    status = shares_of(request->weights, &sim.weight, err);
    if (status == DFT_OK)
        status = expected_scores(request, rows, err);
    if (status == DFT_OK)
        status = simulation_init(&sim, err);
    for (size_t first = 0; status == DFT_OK && first < sim.n_samples; first += BLOCK)
        simulate_block(&sim, first);
    if (status == DFT_OK)
        status = summarise_all(&sim, rows, err);
    if (status == DFT_OK) {
        expected_order(request, rows, sim.work);
        status = vary_weights(request, &sim.weight, &sim, rows, err);
    }
    simulation_clear(&sim);
    return status;
}

/* ---- two candidates ---- */

dft_status desc_rank_above(const desc_judged *a, const desc_judged *b,
                           const desc_score_weights *weights, desc_axis axis,
                           desc_weighing weighing, uint64_t seed, double *probability,
                           dft_error *err)
{
    const desc_judged *const pair[2] = { a, b };
    desc_score_weights w = *weights;
    shares planned, now;
    double wins = 0.0;

    if (weighing == DESC_BINDING_ALONE || weighing == DESC_SOLUBILITY_ALONE) {
        if (axis != DESC_LITHIOPHILICITY)
            return dft_fail(err, DFT_EINPUT, "ranking: binding and solubility are terms of "
                            "lithiophilicity; compare on that axis");
        for (int i = DESC_BINDING; i <= DESC_WETTING; i++)
            w.term[i] = 0.0;
        w.term[weighing == DESC_BINDING_ALONE ? DESC_BINDING : DESC_SOLUBILITY] = 1.0;
    }
    const dft_status status = shares_of(&w, &planned, err);
    if (status != DFT_OK)
        return status;
    now = planned;
    for (uint64_t block = 0; block < DESC_RANK_SAMPLES / 4; block++) {
        double d[2][4][DESC_N_TERMS] = { 0 };
        for (int c = 0; c < 2; c++)
            for (int i = 0; i < DESC_N_TERMS; i++) {
                double u[4];
                if (planned.term[i] <= 0.0)
                    continue;
                desc_draw4(seed, pair[c]->stream[i], block, u);
                for (int k = 0; k < 4; k++)
                    d[c][k][i] = desc_term_draw(pair[c], (desc_term)i, u[k]);
            }
        for (uint64_t k = 0; k < 4; k++) {
            if (weighing == DESC_RANDOM_WEIGHTS)
                random_shares(&planned, seed, 4 * block + k, &now);
            const double sa = mix(&now, d[0][k], axis), sb = mix(&now, d[1][k], axis);
            wins += sa > sb ? 1.0 : sa < sb ? 0.0 : 0.5;
        }
    }
    *probability = wins / DESC_RANK_SAMPLES;
    return DFT_OK;
}

bool desc_rank_doubt(const desc_judged *a, const desc_judged *b, const desc_score_weights *weights,
                     desc_axis axis, desc_term *term, bool *of_b, double *share)
{
    const desc_judged *const pair[2] = { a, b };
    double most = 0.0, sum = 0.0;
    shares w;

    if (shares_of(weights, &w, NULL) != DFT_OK)
        return false;
    for (int i = 0; i < DESC_N_TERMS; i++) {
        const desc_axis own = desc_term_axis((desc_term)i);
        const double weight = axis == DESC_TOTAL ? w.axis[own] * w.term[i]
                              : axis == own ? w.term[i] : 0.0;
        if (a->stream[i] == b->stream[i])
            continue;
        for (int c = 0; c < 2; c++) {
            const double variance = weight * weight * pair[c]->sd[i] * pair[c]->sd[i];
            sum += variance;
            if (variance > most)
                most = variance, *term = (desc_term)i, *of_b = c == 1;
        }
    }
    *share = sum > 0.0 ? most / sum : 0.0;
    return most > 0.0;
}
