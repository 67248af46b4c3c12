/*
 * descriptors/calphad_solver.h - the inside of desc_solver: mesh, linear program, Newton.
 *
 * Not a public header.
 */
#ifndef DESC_CALPHAD_SOLVER_H
#define DESC_CALPHAD_SOLVER_H

#include "descriptors/calphad_equilibrium.h"
#include "descriptors/calphad_model.h"

#define SOLVER_SETS (DESC_CALPHAD_MOST_ELEMENTS + 1)
#define SOLVER_ADDED 400                     /* most points that one equilibrium adds to the mesh */

/* A point: a phase at site fractions y; x and g per mole of atoms. */
typedef struct {
    size_t phase, y;                         /* y: offset into the store */
    double g;
    double x[DESC_CALPHAD_MOST_ELEMENTS];
} mesh_point;

typedef struct {
    mesh_point *point;                       /* owned, [n_mesh + SOLVER_ADDED] */
    double *y;                               /* owned */
    size_t n_mesh, n, y_mesh, y_used;        /* without and with the added points */
    size_t *first;                           /* owned, [n_phases + 1]: mesh points of each phase */
    double *spacing;                         /* owned, [n_phases]: widest step in y */
    size_t *order;                           /* owned, [n_mesh]: by rising x of the last element */
} mesh;

/* The vertices of the hull's facet over a composition, with the plane through them. */
typedef struct {
    size_t vertex[DESC_CALPHAD_MOST_ELEMENTS];   /* points, or LP_ARTIFICIAL + element */
    double weight[DESC_CALPHAD_MOST_ELEMENTS];
    double mu[DESC_CALPHAD_MOST_ELEMENTS];
} lp_facet;
#define LP_ARTIFICIAL ((size_t)1 << 40)

/* What Newton's method works on. */
typedef struct {
    size_t phase;
    double n;                                /* moles of formula units */
    double y[MODEL_FRACTIONS];
} newton_set;

typedef enum {
    NEWTON_AMOUNTS,                          /* T and the overall composition are given */
    NEWTON_INVARIANT,                        /* n_elements + 1 sets, T is unknown */
    NEWTON_CONGRUENT                       /* two sets of equal composition, T is unknown; binary */
} newton_kind;

struct desc_solver {
    const desc_calphad *system;              /* borrowed */
    desc_calphad_state *state;               /* owned, as all below */
    mesh mesh;
    double temperature, pressure;            /* of the mesh's energies; NaN: none yet */
    double *matrix, *rhs;                    /* Newton's, [width * width], [width] */
    size_t width;
};

/* calphad_mesh.c */
dft_status mesh_create(const desc_calphad *system, mesh *out, dft_error *err);
void mesh_clear(mesh *m);
void mesh_evaluate(desc_solver *solver);
/* Adds a point; false when there is no room or it holds no atoms. */
bool mesh_add(desc_solver *solver, size_t phase, const double *y);

/* calphad_hull.c: the facet over x.  `facet` holds a start when warm is true.  False: no facet. */
bool lp_find(const desc_solver *solver, const double *x, bool warm, lp_facet *facet);

/* calphad_newton.c */
/* Solves in place by Gaussian elimination with pivoting; false when singular. */
bool linear_solve(size_t n, double *matrix, double *rhs);
/* All conditions of equilibrium at once; sets, mu and (unless AMOUNTS) *temperature are improved in
 * place.  False when it does not converge.  x: overall composition (AMOUNTS), else NULL. */
bool newton_solve(desc_solver *solver, newton_kind kind, size_t n_sets, newton_set *set, double *mu,
                  const double *x, double *temperature);
/* The nearest minimum of G - mu M of one phase; false (y as it was) when none is lower. */
bool newton_refine(desc_solver *solver, size_t phase, const double *mu, double *y);
/* Distance from the plane mu, J per mole of atoms; negative below. */
double newton_distance(desc_solver *solver, size_t phase, const double *mu, const double *y);

#endif
