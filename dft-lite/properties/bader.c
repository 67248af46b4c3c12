#include "dft-lite/properties/bader.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"

/* ---- the Voronoi cell of a grid point ------------------------------------------------------- */

#define REACH 2                     /* neighbours up to so many steps: enough for cells that lean */
#define N_AROUND ((2 * REACH + 1) * (2 * REACH + 1) * (2 * REACH + 1))
#define MAX_CORNERS 64
#define SMALL_FACET 1e-7            /* of the squared distance: an edge or a corner */

typedef struct { int step[3]; double r[3], r2, alpha; } neighbour;

static double dot(const double a[3], const double b[3])
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

static void cross(const double a[3], const double b[3], double c[3])
{
    c[0] = a[1] * b[2] - a[2] * b[1];
    c[1] = a[2] * b[0] - a[0] * b[2];
    c[2] = a[0] * b[1] - a[1] * b[0];
}

/* Keeps the part of a polygon nearer to the origin than to r. */
static int clip(double (*corner)[3], int n, const double r[3], double r2)
{
    double kept[MAX_CORNERS][3];
    int n_kept = 0;

    for (int i = 0; i < n && n_kept + 2 <= MAX_CORNERS; i++) {
        const double *a = corner[i], *b = corner[(i + 1) % n];
        const double da = dot(a, r) - 0.5 * r2, db = dot(b, r) - 0.5 * r2;
        if (da <= 0.0)
            memcpy(kept[n_kept++], a, sizeof kept[0]);
        if ((da <= 0.0) != (db <= 0.0))
            for (int c = 0; c < 3; c++)
                kept[n_kept][c] = a[c] + (b[c] - a[c]) * da / (da - db);
        n_kept += (da <= 0.0) != (db <= 0.0);
    }
    memcpy(corner, kept, (size_t)n_kept * sizeof kept[0]);
    return n_kept;
}

static double polygon_area(const double (*corner)[3], int n)
{
    double sum[3] = { 0.0, 0.0, 0.0 };

    for (int i = 1; i + 1 < n; i++) {
        double u[3], v[3], w[3];
        for (int c = 0; c < 3; c++) {
            u[c] = corner[i][c] - corner[0][c];
            v[c] = corner[i + 1][c] - corner[0][c];
        }
        cross(u, v, w);
        for (int c = 0; c < 3; c++)
            sum[c] += 0.5 * w[c];
    }
    return sqrt(dot(sum, sum));
}

/* A square in the plane half-way to r, larger than any facet. */
static void large_square(const double r[3], double half, double (*corner)[3])
{
    const double helper[3] = { fabs(r[0]) <= fabs(r[1]) && fabs(r[0]) <= fabs(r[2]),
                               fabs(r[1]) < fabs(r[0]) && fabs(r[1]) <= fabs(r[2]),
                               fabs(r[2]) < fabs(r[0]) && fabs(r[2]) < fabs(r[1]) };
    double u[3], v[3];

    cross(r, helper, u);
    cross(r, u, v);
    const double lu = half / sqrt(dot(u, u)), lv = half / sqrt(dot(v, v));
    for (int k = 0; k < 4; k++)
        for (int c = 0; c < 3; c++)
            corner[k][c] = 0.5 * r[c] + (k == 1 || k == 2 ? lu : -lu) * u[c]
                         + (k >= 2 ? lv : -lv) * v[c];
}

/* The neighbours with a facet, and alpha = area/distance. Returns how many. */
static int find_neighbours(const double step[3][3], neighbour *list)
{
    neighbour all[N_AROUND];
    double largest = 0.0;
    int n = 0, n_kept = 0;

    for (int i = -REACH; i <= REACH; i++)
        for (int j = -REACH; j <= REACH; j++)
            for (int k = -REACH; k <= REACH; k++) {
                neighbour *at = &all[n];
                if (i == 0 && j == 0 && k == 0)
                    continue;
                *at = (neighbour){ .step = { i, j, k } };
                for (int c = 0; c < 3; c++)
                    at->r[c] = i * step[0][c] + j * step[1][c] + k * step[2][c];
                at->r2 = dot(at->r, at->r);
                largest = fmax(largest, at->r2);
                n++;
            }
    for (int i = 0; i < n; i++) {
        double corner[MAX_CORNERS][3];
        int n_corners = 4;
        large_square(all[i].r, 2.0 * sqrt(largest), corner);
        for (int j = 0; j < n && n_corners > 2; j++)
            if (j != i)
                n_corners = clip(corner, n_corners, all[j].r, all[j].r2);
        const double area = n_corners > 2 ? polygon_area((const double (*)[3])corner,
                                                         n_corners) : 0.0;
        if (area < SMALL_FACET * all[i].r2)
            continue;
        list[n_kept] = all[i];
        list[n_kept++].alpha = area / sqrt(all[i].r2);
    }
    return n_kept;
}

/* ---- weights, from the highest density down -------------------------------------------------- */

typedef struct { double density; size_t point; } ranked;

static int descending(const void *pa, const void *pb)
{
    const ranked *a = pa, *b = pb;

    if (a->density != b->density)
        return a->density < b->density ? 1 : -1;
    return (a->point > b->point) - (a->point < b->point);
}

typedef struct {
    dft_bader *bader;
    const int *n;
    const double *density;
    neighbour around[N_AROUND];
    int n_around;
    size_t room, row_room;          /* allocated entries, and ends of rows */
    double *share;                  /* [n_owners] scratch, zero between points */
    int *touched;                   /* [n_owners] */
} worker;

/* A larger copy; the old one is released. NULL, the old one kept, when memory is refused. */
static void *enlarged(void *old, size_t used, size_t room, size_t size)
{
    void *copy = dft_alloc(room, size);

    if (copy) {
        memcpy(copy, old, used * size);
        free(old);
    }
    return copy;
}

/* Room for one more row of `more` entries. */
static int grow(worker *w, size_t more)
{
    dft_bader *b = w->bader;
    const size_t used = b->first[b->n_rows];

    if (b->n_rows + 2 > w->row_room) {
        size_t *first = enlarged(b->first, b->n_rows + 1, 2 * w->row_room, sizeof *first);
        if (!first)
            return 0;
        b->first = first;
        w->row_room *= 2;
    }
    if (used + more > w->room) {
        const size_t room = 2 * w->room + more;
        int *owner = enlarged(b->owner, used, room, sizeof *owner);
        if (owner)
            b->owner = owner;
        double *weight = enlarged(b->weight, used, room, sizeof *weight);
        if (weight)
            b->weight = weight;
        if (!owner || !weight)
            return 0;
        w->room = room;
    }
    return 1;
}

static size_t neighbour_point(const int n[3], size_t point, const int step[3])
{
    const int i3 = (int)(point % (size_t)n[2]), rest = (int)(point / (size_t)n[2]);
    const int i[3] = { rest / n[1], rest % n[1], i3 };
    int j[3];

    for (int c = 0; c < 3; c++)
        j[c] = ((i[c] + step[c]) % n[c] + n[c]) % n[c];
    return ((size_t)j[0] * (size_t)n[1] + (size_t)j[1]) * (size_t)n[2] + (size_t)j[2];
}

static void give(worker *w, int owner, double amount, int *n_touched)
{
    if (w->share[owner] == 0.0)
        w->touched[(*n_touched)++] = owner;
    w->share[owner] += amount;
}

/* Shares of a point from those of its higher neighbours; the number of owners, 0 at a maximum. */
static int collect(worker *w, size_t point)
{
    const dft_bader *b = w->bader;
    int n_touched = 0;

    for (int k = 0; k < w->n_around; k++) {
        const size_t j = neighbour_point(w->n, point, w->around[k].step);
        const double flux = w->around[k].alpha * (w->density[j] - w->density[point]);
        if (!(flux > 0.0))
            continue;
        if (b->label[j] >= 0) {
            give(w, b->label[j], flux, &n_touched);
            continue;
        }
        const size_t row = (size_t)(-1 - b->label[j]);
        for (size_t e = b->first[row]; e < b->first[row + 1]; e++)
            give(w, b->owner[e], flux * b->weight[e], &n_touched);
    }
    return n_touched;
}

/* Moves the shares into the point's label or a new row. Returns 0 when memory is refused. */
static int settle(worker *w, size_t point, int n_touched)
{
    dft_bader *b = w->bader;
    double total = 0.0;
    int ok = 1;

    for (int i = 0; i < n_touched; i++)
        total += w->share[w->touched[i]];
    if (n_touched == 1) {
        b->label[point] = w->touched[0];
    } else if ((ok = grow(w, (size_t)n_touched))) {
        size_t e = b->first[b->n_rows];
        for (int i = 0; i < n_touched; i++, e++) {
            b->owner[e] = w->touched[i];
            b->weight[e] = w->share[w->touched[i]] / total;
        }
        b->label[point] = -1 - (int)b->n_rows;
        b->first[++b->n_rows] = e;
    }
    for (int i = 0; i < n_touched; i++)
        w->share[w->touched[i]] = 0.0;
    return ok;
}

static int sweep(worker *w, size_t (*owner_of)(size_t point, const void *context),
                 const void *context)
{
    const size_t n = w->bader->n_points;
    ranked *order = dft_alloc(n, sizeof *order);
    int ok = order != NULL;

    for (size_t i = 0; ok && i < n; i++)
        order[i] = (ranked){ w->density[i], i };
    if (ok)
        qsort(order, n, sizeof *order, descending);
    for (size_t i = 0; ok && i < n; i++) {
        const int n_touched = collect(w, order[i].point);
        if (n_touched == 0)
            w->bader->label[order[i].point] = (int)owner_of(order[i].point, context);
        else
            ok = settle(w, order[i].point, n_touched);
    }
    free(order);
    return ok;
}

dft_status dft_bader_create(const double lattice[3][3], const int n[3], const double *density,
                            size_t n_owners, size_t (*owner_of)(size_t point, const void *context),
                            const void *context, dft_bader **out, dft_error *err)
{
    const size_t n_points = (size_t)n[0] * (size_t)n[1] * (size_t)n[2];
    dft_bader *self = dft_alloc(1, sizeof *self);
    worker w = { .bader = self, .n = n, .density = density, .room = 1024, .row_room = 256,
                 .share = dft_alloc_doubles(n_owners), .touched = dft_alloc_ints(n_owners) };
    double step[3][3];
    dft_status status = DFT_OK;

    *out = NULL;
    if (self)
        *self = (dft_bader){ n_points, n_owners, dft_alloc_ints(n_points), 0,
                             dft_alloc_sizes(w.row_room), dft_alloc_ints(w.room),
                             dft_alloc_doubles(w.room) };
    for (int i = 0; i < 3; i++)
        for (int c = 0; c < 3; c++)
            step[i][c] = lattice[i][c] / n[i];
    w.n_around = find_neighbours((const double (*)[3])step, w.around);
    if (!self || !w.share || !w.touched || !self->label || !self->first || !self->owner
        || !self->weight || !sweep(&w, owner_of, context))
        status = dft_fail(err, DFT_ENOMEM, "basins of %zu grid points: out of memory", n_points);
    free(w.share);
    free(w.touched);
    if (status == DFT_OK)
        *out = self;
    else
        dft_bader_free(self);
    return status;
}

void dft_bader_free(dft_bader *bader)
{
    if (!bader)
        return;
    free(bader->label);
    free(bader->first);
    free(bader->owner);
    free(bader->weight);
    free(bader);
}

double dft_bader_weight(const dft_bader *bader, size_t point, size_t owner)
{
    const int label = bader->label[point];

    if (label >= 0)
        return (size_t)label == owner ? 1.0 : 0.0;
    for (size_t e = bader->first[-1 - label]; e < bader->first[-label]; e++)
        if ((size_t)bader->owner[e] == owner)
            return bader->weight[e];
    return 0.0;
}

void dft_bader_sum(const dft_bader *bader, const double *field, double *sum)
{
    memset(sum, 0, bader->n_owners * sizeof *sum);
    for (size_t i = 0; i < bader->n_points; i++) {
        const int label = bader->label[i];
        if (label >= 0) {
            sum[label] += field[i];
            continue;
        }
        for (size_t e = bader->first[-1 - label]; e < bader->first[-label]; e++)
            sum[bader->owner[e]] += bader->weight[e] * field[i];
    }
}
