/* Special quasi-random structures: pair correlations of coloured supercells (derivative.h). */
#include "candidates/derivative.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "candidates/colouring.h"
#include "candidates/lattices.h"
#include "dft-lite/base/alloc.h"

#define SAME_SHELL 0.05             /* bohr: distances that count as one shell */
#define REACH 4                     /* parent cells searched for neighbours */
#define SAME 1e-9

/* A pair: from site s of the parent cell to site `to` of the cell that is `cell` away. */
typedef struct {
    size_t from, to;
    int cell[3], shell;
    double distance;
} pair;

typedef struct {
    size_t n;
    pair *pair;                     /* owned */
    int n_shells;
    double distance[CAND_MAX_SHELLS];
    size_t count[CAND_MAX_SHELLS];  /* pairs of one parent cell */
} pair_list;

static int by_distance(const void *a, const void *b)
{
    const double x = ((const pair *)a)->distance, y = ((const pair *)b)->distance;
    return (x > y) - (x < y);
}

/* All pairs of mixing sites within REACH cells, in order, cut off behind the last shell. */
static dft_status list_pairs(const cand_mixing *what, const cand_colouring *colouring, int n_shells,
                             pair_list *out, dft_error *err)
{
    const dft_crystal *parent = what->parent;
    const size_t m = colouring->n_per_cell, side = 2 * REACH + 1;

    *out = (pair_list){ .pair = dft_alloc(m * m * side * side * side, sizeof *out->pair) };
    if (!out->pair)
        return dft_fail(err, DFT_ENOMEM, "pairs of an alloy: out of memory");
    for (size_t k = 0; k < m * m * side * side * side; k++) {
        pair p = { .from = k % m, .to = k / m % m };
        const size_t c = k / m / m;
        double frac[3], cart[3];
        p.cell[0] = (int)(c / side / side) - REACH;
        p.cell[1] = (int)(c / side % side) - REACH;
        p.cell[2] = (int)(c % side) - REACH;
        for (int i = 0; i < 3; i++)
            frac[i] = parent->position[colouring->site_atom[p.to]][i] + p.cell[i]
                    - parent->position[colouring->site_atom[p.from]][i];
        dft_crystal_cartesian(parent->lattice, frac, cart);
        p.distance = sqrt(cart[0] * cart[0] + cart[1] * cart[1] + cart[2] * cart[2]);
        if (p.distance > SAME_SHELL)
            out->pair[out->n++] = p;
    }
    qsort(out->pair, out->n, sizeof *out->pair, by_distance);
    for (size_t i = 0; i < out->n; i++) {
        if (i == 0 || out->pair[i].distance > out->pair[i - 1].distance + SAME_SHELL) {
            if (out->n_shells == n_shells) {
                out->n = i;
                break;
            }
            out->distance[out->n_shells++] = out->pair[i].distance;
        }
        out->pair[i].shell = out->n_shells - 1;
        out->count[out->n_shells - 1]++;
    }
    return DFT_OK;
}

/* Site numbers at both ends of every pair, for every cell of a superlattice. [n_cells][n pairs][2] */
static void tabulate(const pair_list *pairs, const cand_colouring *colouring, const int form[3][3],
                     unsigned char (*site)[2])
{
    size_t at = 0;

    for (int x = 0; x < form[0][0]; x++)
        for (int y = 0; y < form[1][1]; y++)
            for (int z = 0; z < form[2][2]; z++)
                for (size_t k = 0; k < pairs->n; k++, at++) {
                    const pair *p = &pairs->pair[k];
                    const size_t here = (size_t)cand_colouring_cell(form, x, y, z);
                    const size_t there = (size_t)cand_colouring_cell(form, x + p->cell[0],
                                                                     y + p->cell[1], z + p->cell[2]);
                    site[at][0] = (unsigned char)(here * colouring->n_per_cell + p->from);
                    site[at][1] = (unsigned char)(there * colouring->n_per_cell + p->to);
                }
}

static void correlate(const pair_list *pairs, size_t n_cells, const unsigned char (*site)[2],
                      uint32_t bits, double correlation[CAND_MAX_SHELLS])
{
    int sum[CAND_MAX_SHELLS] = { 0 };

    for (size_t at = 0; at < n_cells * pairs->n; at++)
        sum[pairs->pair[at % pairs->n].shell] += (bits >> site[at][0] ^ bits >> site[at][1]) & 1u ? -1
                                                                                                  : 1;
    for (int k = 0; k < pairs->n_shells; k++)
        correlation[k] = (double)sum[k] / (double)(n_cells * pairs->count[k]);
}

/* Sum of squares of the reduced vectors: small for compact cells. */
static double spread(const cand_mixing *what, const int form[3][3])
{
    double lattice[3][3], reduced[3][3], sum = 0.0;
    int change[3][3];

    for (int i = 0; i < 3; i++) {
        const double frac[3] = { form[i][0], form[i][1], form[i][2] };
        dft_crystal_cartesian(what->parent->lattice, frac, lattice[i]);
    }
    cand_reduce_3d((const double (*)[3])lattice, reduced, change);
    for (int i = 0; i < 9; i++)
        sum += reduced[i / 3][i % 3] * reduced[i / 3][i % 3];
    return sum;
}

typedef struct {
    double error, spread;
    int form[3][3];
    uint32_t bits;
    double correlation[CAND_MAX_SHELLS];
} best_colouring;

static void search_form(const pair_list *pairs, const cand_colouring *colouring, int n_b,
                        const int form[3][3], double wide, double random,
                        const unsigned char (*site)[2], best_colouring *best)
{
    const size_t n_cells = colouring->n_sites / colouring->n_per_cell;
    const uint32_t end = (uint32_t)1 << colouring->n_sites;

    for (uint32_t bits = ((uint32_t)1 << n_b) - 1; bits < end; bits = cand_next_colouring(bits)) {
        double correlation[CAND_MAX_SHELLS], error = 0.0;
        correlate(pairs, n_cells, site, bits, correlation);
        for (int k = 0; k < pairs->n_shells; k++)
            error += fabs(correlation[k] - random) / (k + 1);
        if (error > best->error + SAME || (error > best->error - SAME && wide >= best->spread - SAME))
            continue;
        best->error = error;
        best->spread = wide;
        best->bits = bits;
        memcpy(best->form, form, sizeof best->form);
        memcpy(best->correlation, correlation, sizeof correlation);
    }
}

static dft_status search(const cand_mixing *what, const cand_colouring *colouring, int size, int n_b,
                         const pair_list *pairs, best_colouring *best, dft_error *err)
{
    const double x = (double)n_b / (double)colouring->n_sites;
    const double random = (2.0 * x - 1.0) * (2.0 * x - 1.0);
    unsigned char (*site)[2] = dft_alloc((size_t)size * pairs->n, sizeof *site);

    if (!site)
        return dft_fail(err, DFT_ENOMEM, "quasi-random structure: out of memory");
    *best = (best_colouring){ .error = HUGE_VAL, .spread = HUGE_VAL };
    for (size_t i = 0; i < cand_hermite_count(size); i++) {
        int form[3][3];
        cand_hermite_form(size, i, form);
        tabulate(pairs, colouring, (const int (*)[3])form, site);
        search_form(pairs, colouring, n_b, (const int (*)[3])form,
                    spread(what, (const int (*)[3])form), random, (const unsigned char (*)[2])site, best);
    }
    free(site);
    return DFT_OK;
}

static void report_on(const pair_list *pairs, const best_colouring *best, double x,
                      cand_quasi_random *report)
{
    report->random = (2.0 * x - 1.0) * (2.0 * x - 1.0);
    report->worst = 0.0;
    for (int k = 0; k < pairs->n_shells; k++) {
        report->distance[k] = pairs->distance[k];
        report->correlation[k] = best->correlation[k];
        report->worst = fmax(report->worst, fabs(best->correlation[k] - report->random));
    }
}

dft_status cand_quasi_random_find(const cand_mixing *what, int size, int n_b, cand_quasi_random *report,
                                  dft_crystal **out, dft_error *err)
{
    cand_colouring colouring;
    pair_list pairs = { 0 };
    best_colouring best;
    dft_status status = cand_colouring_init(what, size, &colouring, err);

    *out = NULL;
    if (status == DFT_OK && (n_b < 1 || n_b >= (int)colouring.n_sites))
        status = dft_fail(err, DFT_EINPUT, "%d atoms exchanged of %zu: give 1 to one less than all", n_b,
                          colouring.n_sites);
    if (status == DFT_OK && (report->n_shells < 1 || report->n_shells > CAND_MAX_SHELLS))
        status = dft_fail(err, DFT_EINPUT, "%d shells of pairs: give 1 to %d", report->n_shells,
                          CAND_MAX_SHELLS);
    if (status == DFT_OK)
        status = list_pairs(what, &colouring, report->n_shells, &pairs, err);
    if (status == DFT_OK)
        status = search(what, &colouring, size, n_b, &pairs, &best, err);
    if (status == DFT_OK)
        status = cand_colouring_crystal(what, &colouring, (const int (*)[3])best.form, best.bits, out,
                                        err);
    if (status == DFT_OK)
        report_on(&pairs, &best, (double)n_b / (double)colouring.n_sites, report);
    free(pairs.pair);
    cand_colouring_clear(&colouring);
    return status;
}
