#include "candidates/voronoi.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"

typedef struct { double xy[2], square; } neighbour_point;

static double dot2(const double a[2], const double b[2])
{
    return a[0] * b[0] + a[1] * b[1];
}

static int by_distance(const void *a, const void *b)
{
    const neighbour_point *p = a, *q = b;

    if (p->square != q->square)
        return p->square < q->square ? -1 : 1;
    return (p->xy[0] > q->xy[0]) - (p->xy[0] < q->xy[0]);
}

/* Number of lattice steps along each row that reach a distance: rows are |det|/|other row|
 * apart. */
static void span_of(const double lattice[2][2], double reach, int span[2])
{
    const double det = fabs(lattice[0][0] * lattice[1][1] - lattice[0][1] * lattice[1][0]);

    for (int k = 0; k < 2; k++)
        span[k] = (int)ceil(reach * sqrt(dot2(lattice[1 - k], lattice[1 - k])) / det) + 1;
}

/* Difference of two points reduced to the cell around the origin. */
static void wrap(const double lattice[2][2], double d[2])
{
    const double det = lattice[0][0] * lattice[1][1] - lattice[0][1] * lattice[1][0];
    const double s = round((d[0] * lattice[1][1] - d[1] * lattice[1][0]) / det);
    const double t = round((d[1] * lattice[0][0] - d[0] * lattice[0][1]) / det);

    for (int c = 0; c < 2; c++)
        d[c] -= s * lattice[0][c] + t * lattice[1][c];
}

/* Cuts away the part of the cell that is nearer to p than to the origin: r.p > p.p/2. */
static dft_status cut(cand_voronoi_cell *cell, const double p[2], dft_error *err)
{
    const double limit = 0.5 * dot2(p, p), eps = 1e-12 * limit;
    cand_voronoi_cell old = *cell;

    cell->n_edges = 0;
    for (size_t k = 0; k < old.n_edges; k++) {
        const double *a = old.vertex[k], *b = old.vertex[(k + 1) % old.n_edges];
        const double fa = dot2(a, p) - limit, fb = dot2(b, p) - limit;

        if (cell->n_edges + 2 > CAND_VORONOI_MAX_EDGES)
            return dft_fail(err, DFT_ENUMERIC, "a Voronoi cell of the surface atoms has more than "
                            "%d edges: check the top plane's coordinates", CAND_VORONOI_MAX_EDGES);
        if (fa <= eps) {                             /* the edge's beginning stays */
            memcpy(cell->vertex[cell->n_edges], a, 2 * sizeof(double));
            memcpy(cell->neighbour[cell->n_edges++], old.neighbour[k], 2 * sizeof(double));
        }
        if ((fa <= eps) != (fb <= eps)) {
            const double t = fa / (fa - fb);
            const double *owner = fa <= eps ? p : old.neighbour[k];
            for (int c = 0; c < 2; c++)
                cell->vertex[cell->n_edges][c] = a[c] + t * (b[c] - a[c]);
            memcpy(cell->neighbour[cell->n_edges++], owner, 2 * sizeof(double));
        }
    }
    return DFT_OK;
}

static double square_of_farthest_vertex(const cand_voronoi_cell *cell)
{
    double farthest = 0.0;
    for (size_t k = 0; k < cell->n_edges; k++)
        farthest = fmax(farthest, dot2(cell->vertex[k], cell->vertex[k]));
    return farthest;
}

dft_status cand_voronoi_compute(const double lattice[2][2], size_t n_points, const double (*xy)[2],
                                size_t i, cand_voronoi_cell *cell, dft_error *err)
{
    /* No point of the plane is further from a lattice point than half the sum of a reduced pair. */
    const double radius = 0.5 * (sqrt(dot2(lattice[0], lattice[0]))
                                 + sqrt(dot2(lattice[1], lattice[1])));
    dft_status status = DFT_OK;
    neighbour_point *list;
    size_t n = 0;
    int span[2];

    span_of(lattice, 2.0 * radius, span);
    list = dft_alloc(n_points * (size_t)(2 * span[0] + 1) * (size_t)(2 * span[1] + 1),
                     sizeof *list);
    if (!list)
        return dft_fail(err, DFT_ENOMEM, "Voronoi cell: out of memory");
    for (size_t j = 0; j < n_points; j++) {
        double d[2] = { xy[j][0] - xy[i][0], xy[j][1] - xy[i][1] };
        wrap(lattice, d);
        for (int s = -span[0]; s <= span[0]; s++)
            for (int t = -span[1]; t <= span[1]; t++) {
                if (j == i && s == 0 && t == 0)
                    continue;
                for (int c = 0; c < 2; c++)
                    list[n].xy[c] = d[c] + s * lattice[0][c] + t * lattice[1][c];
                list[n].square = dot2(list[n].xy, list[n].xy);
                n++;
            }
    }
    qsort(list, n, sizeof *list, by_distance);
    cell->n_edges = 4;
    memset(cell->neighbour, 0, sizeof cell->neighbour);
    for (size_t k = 0; k < 4; k++) {
        cell->vertex[k][0] = (k == 0 || k == 3 ? 1.5 : -1.5) * radius;
        cell->vertex[k][1] = (k < 2 ? 1.5 : -1.5) * radius;
    }
    /* A point further away than twice the farthest vertex cannot cut the cell any more. */
    for (size_t k = 0; k < n && status == DFT_OK; k++) {
        if (list[k].square > 4.0 * square_of_farthest_vertex(cell) * (1.0 + 1e-9))
            break;
        status = cut(cell, list[k].xy, err);
    }
    free(list);
    return status;
}
