/*
 * The lower convex hull of sampled energies at one composition: minimise sum w g subject to
 * sum w x = X, w >= 0.  Revised simplex method; there are as many rows as elements.
 */

#include <math.h>
#include <string.h>

#include "descriptors/calphad_solver.h"

#define MOST_PIVOTS 400
#define OPTIMAL 1e-8                          /* J/mol below the plane that still counts as on it */
#define ARTIFICIAL_ENERGY 1e8                    /* J/mol: above anything real */

static double vertex_x(const desc_solver *solver, size_t vertex, size_t element)
{
    return vertex >= LP_ARTIFICIAL ? (vertex - LP_ARTIFICIAL == element ? 1.0 : 0.0)
                                   : solver->mesh.point[vertex].x[element];
}

static double vertex_g(const desc_solver *solver, size_t vertex)
{
    return vertex >= LP_ARTIFICIAL ? ARTIFICIAL_ENERGY : solver->mesh.point[vertex].g;
}

/* The plane through the vertices. */
static bool find_plane(const desc_solver *solver, lp_facet *facet)
{
    const size_t n = solver->system->n_elements;
    double a[DESC_CALPHAD_MOST_ELEMENTS * DESC_CALPHAD_MOST_ELEMENTS];

    for (size_t v = 0; v < n; v++) {
        for (size_t e = 0; e < n; e++)
            a[v * n + e] = vertex_x(solver, facet->vertex[v], e);
        facet->mu[v] = vertex_g(solver, facet->vertex[v]);
    }
    return linear_solve(n, a, facet->mu);
}

/* Weights of the vertices that make up the composition x. */
static bool find_weights(const desc_solver *solver, const lp_facet *facet, const double *x,
                         double *weight)
{
    const size_t n = solver->system->n_elements;
    double a[DESC_CALPHAD_MOST_ELEMENTS * DESC_CALPHAD_MOST_ELEMENTS];

    for (size_t e = 0; e < n; e++) {
        for (size_t v = 0; v < n; v++)
            a[e * n + v] = vertex_x(solver, facet->vertex[v], e);
        weight[e] = x[e];
    }
    return linear_solve(n, a, weight);
}

/* The point farthest below the plane; n when none is. */
static size_t entering(const desc_solver *solver, const double *mu)
{
    const size_t n_elements = solver->system->n_elements;
    double lowest = -OPTIMAL;
    size_t best = solver->mesh.n;

    for (size_t i = 0; i < solver->mesh.n; i++) {
        const mesh_point *p = &solver->mesh.point[i];
        double d = p->g;
        for (size_t e = 0; e < n_elements; e++)
            d -= p->x[e] * mu[e];
        if (d < lowest) {
            lowest = d;
            best = i;
        }
    }
    return best;
}

/* Brings a point in; the vertex that would first get a negative weight leaves. */
static bool pivot(const desc_solver *solver, size_t point, const double *x, lp_facet *facet)
{
    const size_t n = solver->system->n_elements;
    double direction[DESC_CALPHAD_MOST_ELEMENTS], step = INFINITY;
    size_t leaving = n;

    if (!find_weights(solver, facet, solver->mesh.point[point].x, direction))
        return false;
    for (size_t v = 0; v < n; v++) {
        const double limit = fmax(facet->weight[v], 0.0) / direction[v];
        if (direction[v] > 1e-11 && limit < step) {
            step = limit;
            leaving = v;
        }
    }
    if (leaving == n)
        return false;
    facet->vertex[leaving] = point;
    return find_weights(solver, facet, x, facet->weight);
}

bool lp_find(const desc_solver *solver, const double *x, bool warm, lp_facet *facet)
{
    const size_t n = solver->system->n_elements;

    for (size_t e = 0; e < n && !warm; e++) {
        facet->vertex[e] = LP_ARTIFICIAL + e;
        facet->weight[e] = x[e];
    }
    for (int k = 0; k < MOST_PIVOTS; k++) {
        if (!find_plane(solver, facet))
            return false;
        const size_t point = entering(solver, facet->mu);
        if (point == solver->mesh.n)
            return true;
        if (!pivot(solver, point, x, facet))
            return false;
    }
    return true;                                 /* near enough; Newton and the check decide */
}
