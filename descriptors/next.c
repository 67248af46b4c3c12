#include "descriptors/next.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/csv.h"
#include "dft-lite/base/file.h"

/* ---- the table ---- */

static dft_status read_row(const dft_csv *csv, size_t row, const size_t column[4],
                           desc_calculations *out, int *seen, dft_error *err)
{
    const char *name = dft_csv_text(csv, row, column[0]);
    int i = 0;

    while (i < DESC_N_TERMS && strcmp(desc_term_name(i), name) != 0)
        i++;
    if (i == DESC_N_TERMS)
        return dft_fail(err, DFT_EPARSE, "%s:%d: there is no term \"%.40s\"", dft_csv_path(csv),
                        dft_csv_line(csv, row), name);
    desc_calculation *c = &out->of[i];
    snprintf(c->calculation, sizeof c->calculation, "%.95s", dft_csv_text(csv, row, column[1]));
    dft_status status = dft_csv_number(csv, row, column[2], &c->core_h, err);
    if (status == DFT_OK)
        status = dft_csv_number(csv, row, column[3], &c->sigma_after, err);
    if (status == DFT_OK && !(c->core_h > 0.0 && c->sigma_after >= 0.0))
        status = dft_fail(err, DFT_EPARSE, "%s:%d: core_h must be positive and sigma_after not "
                          "negative", dft_csv_path(csv), dft_csv_line(csv, row));
    seen[i]++;
    return status;
}

dft_status desc_calculations_read(const char *directory, desc_calculations *out, dft_error *err)
{
    static const char *const names[4] = { "term", "calculation", "core_h", "sigma_after" };
    char *path = dft_path_join(directory, "calculations.csv");
    dft_csv *csv = NULL;
    size_t column[4];
    int seen[DESC_N_TERMS] = { 0 };
    dft_status status = path ? dft_csv_read(path, &csv, err)
                             : dft_fail(err, DFT_ENOMEM, "no memory to read %s", directory);

    *out = (desc_calculations){ 0 };
    for (int i = 0; i < 4 && status == DFT_OK; i++)
        status = dft_csv_column(csv, names[i], &column[i], err);
    for (size_t row = 0; status == DFT_OK && row < dft_csv_n_rows(csv); row++)
        status = read_row(csv, row, column, out, seen, err);
    for (int i = 0; i < DESC_N_TERMS && status == DFT_OK; i++)
        if (seen[i] != 1)
            status = dft_fail(err, DFT_EPARSE, "%s: the term \"%s\" needs one row and has %d", path,
                              desc_term_name(i), seen[i]);
    dft_csv_free(csv);
    free(path);
    return status;
}

/* ---- what could move ---- */

typedef struct {
    desc_term term;
    uint64_t stream;
    size_t candidate;
} unknown;

typedef struct {
    size_t n, top_k;
    const desc_judged *candidate;
    const double *cost_scale;        /* [n], or NULL */
    double weight[DESC_N_TERMS];     /* of a term within the total */
    double *total;                   /* owned, [n] */
    size_t *order, *rank;            /* owned, [n]: best first; rank from 0 */
} standing;

static int compare_unknowns(const void *left, const void *right)
{
    const unknown *a = left, *b = right;

    if (a->term != b->term)
        return a->term < b->term ? -1 : 1;
    if (a->stream != b->stream)
        return a->stream < b->stream ? -1 : 1;
    return (a->candidate > b->candidate) - (a->candidate < b->candidate);
}

static int compare_values(const void *left, const void *right)
{
    const desc_next *a = left, *b = right;

    if (a->value_per_core_h < b->value_per_core_h || b->value_per_core_h < a->value_per_core_h)
        return a->value_per_core_h > b->value_per_core_h ? -1 : 1;
    if (a->candidate != b->candidate)
        return a->candidate < b->candidate ? -1 : 1;
    return (a->term > b->term) - (a->term < b->term);
}

typedef struct {
    double total;
    size_t index;
} place;

static int compare_places(const void *left, const void *right)
{
    const place *a = left, *b = right;

    if (a->total < b->total || b->total < a->total)
        return a->total > b->total ? -1 : 1;
    return (a->index > b->index) - (a->index < b->index);
}

static void standing_clear(standing *s)
{
    free(s->total);
    free(s->order);
    free(s->rank);
}

static dft_status standing_init(standing *s, const desc_score_weights *weights, dft_error *err)
{
    const double axes = weights->axis[0] + weights->axis[1];
    place *places = dft_alloc(s->n, sizeof *places);
    dft_status status = DFT_OK;

    s->total = dft_alloc_doubles(s->n);
    s->order = dft_alloc_sizes(s->n);
    s->rank = dft_alloc_sizes(s->n);
    if (!places || !s->total || !s->order || !s->rank)
        status = dft_fail(err, DFT_ENOMEM, "no memory to order %zu candidates", s->n);
    for (size_t i = 0; i < s->n && status == DFT_OK; i++) {
        desc_score score;
        status = desc_score_of(&s->candidate[i], weights, DESC_TOTAL, &score, err);
        s->total[i] = score.value;
        places[i] = (place){ score.value, i };
    }
    if (status == DFT_OK) {
        qsort(places, s->n, sizeof *places, compare_places);
        for (size_t i = 0; i < s->n; i++)
            s->order[i] = places[i].index, s->rank[places[i].index] = i;
        for (int i = 0; i < DESC_N_TERMS; i++) {
            const desc_axis axis = desc_term_axis((desc_term)i);
            const double sum = desc_weight_of_axis(weights, axis);
            s->weight[i] = sum > 0.0 && axes > 0.0
                           ? weights->axis[axis] / axes * weights->term[i] / sum : 0.0;
        }
    }
    free(places);
    return status;
}

/* How many of the order have a score above (equal: a lower index), by bisection. */
static size_t count_above(const standing *s, double total, size_t index)
{
    size_t low = 0, high = s->n;

    while (low < high) {
        const size_t middle = (low + high) / 2, other = s->order[middle];
        if (s->total[other] > total || (s->total[other] >= total && other < index))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool is_above(double a, size_t index_a, double b, size_t index_b)
{
    return a > b || (a >= b && index_a < index_b);
}

/* Rank, from 0, of member m when all members have new scores. */
static size_t new_rank(const standing *s, const unknown *member, size_t n, const double *moved,
                       size_t m)
{
    size_t rank = count_above(s, moved[m], member[m].candidate);

    for (size_t j = 0; j < n; j++) {
        const size_t c = member[j].candidate;
        if (is_above(s->total[c], c, moved[m], member[m].candidate))
            rank--;                              /* where it stood */
        if (j != m && is_above(moved[j], c, moved[m], member[m].candidate))
            rank++;                              /* where it stands now */
    }
    return rank;
}

/* Share of the spread of the desirability that the calculation takes away. */
static double resolved(const desc_judged *c, desc_term term, double sigma_after)
{
    const double left = sigma_after * fabs(c->curve[term]->per_width) / c->sd[term];

    return left < 1.0 ? sqrt(1.0 - left * left) : 0.0;
}

/* Whether one of them is among the best or could come among them. */
static bool may_matter(const standing *s, const unknown *member, size_t n, const double *weight)
{
    const double last = s->total[s->order[s->top_k - 1]];

    for (size_t m = 0; m < n; m++) {
        const size_t c = member[m].candidate;
        if (s->rank[c] < s->top_k
            || s->total[c] + weight[m] * (1.0 - s->candidate[c].mean[member[m].term]) >= last)
            return true;
    }
    return false;
}

/* Fills p_change, p_others and the candidate of one number; moved, weight: [n]. */
static void value_of(const standing *s, const unknown *member, size_t n, double sigma_after,
                     double *moved, double *weight, desc_next *out)
{
    const desc_term term = member[0].term;
    size_t most = 0;

    for (size_t m = 0; m < n; m++)
        weight[m] = s->weight[term] * resolved(&s->candidate[member[m].candidate], term, sigma_after);
    out->candidate = member[0].candidate;
    if (!may_matter(s, member, n, weight))
        return;
    for (int q = 0; q < DESC_QUANTILES; q++) {
        bool change = false, others = false;
        for (size_t m = 0; m < n; m++) {
            const desc_judged *c = &s->candidate[member[m].candidate];
            moved[m] = s->total[member[m].candidate]
                       + weight[m] * (desc_term_draw(c, term, (q + 0.5) / DESC_QUANTILES)
                                      - c->mean[term]);
        }
        for (size_t m = 0; m < n; m++) {
            const size_t was = s->rank[member[m].candidate];
            const size_t is = new_rank(s, member, n, moved, m);
            const size_t shift = was > is ? was - is : is - was;
            change = change || (shift > 0 && (was < s->top_k || is < s->top_k));
            others = others || (was < s->top_k) != (is < s->top_k);
            if (shift > most)
                most = shift, out->candidate = member[m].candidate;
        }
        out->p_change += (double)change / DESC_QUANTILES;
        out->p_others += (double)others / DESC_QUANTILES;
    }
}

static bool is_on_the_surface(desc_term term)
{
    return term == DESC_BINDING || term == DESC_WETTING || term == DESC_BARRIER
           || term == DESC_DIMENSIONALITY || term == DESC_ADHESION;
}

static size_t list_unknowns(const standing *s, unknown *list)
{
    size_t n = 0;

    for (size_t i = 0; i < s->n; i++)
        for (int t = 0; t < DESC_N_TERMS; t++)
            if (s->weight[t] > 0.0 && s->candidate[i].sd[t] > 0.0 && isfinite(s->total[i]))
                list[n++] = (unknown){ (desc_term)t, s->candidate[i].stream[t], i };
    qsort(list, n, sizeof *list, compare_unknowns);
    return n;
}

static dft_status value_all(const standing *s, const desc_calculations *calculations,
                            unknown *list, double *scratch, desc_next *out, size_t *n_out)
{
    const size_t n = list_unknowns(s, list);

    for (size_t first = 0, end; first < n; first = end) {
        for (end = first + 1; end < n && list[end].term == list[first].term
             && list[end].stream == list[first].stream; end++)
            ;
        const desc_calculation *c = &calculations->of[list[first].term];
        desc_next next = { .term = list[first].term, .n_shared = end - first, .core_h = c->core_h };
        value_of(s, list + first, end - first, c->sigma_after, scratch, scratch + s->n, &next);
        if (s->cost_scale && is_on_the_surface(next.term))
            next.core_h *= s->cost_scale[next.candidate];
        next.value_per_core_h = next.p_change / next.core_h;
        if (next.p_change > 0.0)
            out[(*n_out)++] = next;
    }
    qsort(out, *n_out, sizeof *out, compare_values);
    return DFT_OK;
}

dft_status desc_next_calculations(size_t n, const desc_judged *candidate,
                                  const desc_score_weights *weights, size_t top_k,
                                  const desc_calculations *calculations, const double *cost_scale,
                                  desc_next **out, size_t *n_out, dft_error *err)
{
    standing s = { .n = n, .top_k = top_k, .candidate = candidate, .cost_scale = cost_scale };
    unknown *list = NULL;
    double *scratch = NULL;
    dft_status status = DFT_OK;

    *out = NULL;
    *n_out = 0;
    if (top_k < 1 || top_k > n)
        return dft_fail(err, DFT_EINPUT, "the best %zu of %zu candidates were asked for; ask for 1 "
                        "to %zu", top_k, n, n);
    list = dft_alloc(n * DESC_N_TERMS, sizeof *list);
    scratch = dft_alloc_doubles(2 * n);
    *out = dft_alloc(n * DESC_N_TERMS, sizeof **out);
    if (!list || !scratch || !*out)
        status = dft_fail(err, DFT_ENOMEM, "no memory to value %zu calculations", n * DESC_N_TERMS);
    if (status == DFT_OK)
        status = standing_init(&s, weights, err);
    if (status == DFT_OK)
        status = value_all(&s, calculations, list, scratch, *out, n_out);
    if (status != DFT_OK || *n_out == 0) {
        free(*out);
        *out = NULL;
    }
    free(list);
    free(scratch);
    standing_clear(&s);
    return status;
}
