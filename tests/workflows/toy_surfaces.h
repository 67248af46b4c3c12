/*
 * tests/workflows/toy_surfaces.h - energies in closed form to find passes on.
 *
 * One hydrogen atom moving in the plane z = const of a large box feels a surface of two
 * coordinates; its slopes come from a complex step, exact to rounding (W. Squire, G. Trapp, SIAM
 * Rev. 40, 110 (1998)). A Lennard-Jones crystal is many atoms.
 */
#ifndef TEST_TOY_SURFACES_H
#define TEST_TOY_SURFACES_H

#include <complex.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "dft-lite/base/units.h"
#include "tests/support/assert_close.h"
#include "workflows/evaluator.h"

#define ANG (1.0 / DFT_BOHR_ANG)
#define EV (1.0 / DFT_HARTREE_EV)

typedef double complex (*toy_function)(double complex x, double complex y);

typedef struct {
    toy_function function;          /* Ha of bohr, from the middle of the box */
    double box;                     /* bohr */
    int n_calls;
    int fail_at;                    /* this call does not converge; 0: none */
    double width;                   /* free energy lies this much below the energy, Ha */
} toy_surface;

static inline dft_status toy_evaluate(void *context, const dft_crystal *crystal, int want,
                                      size_t slot, flow_evaluation *out, dft_error *err)
{
    toy_surface *self = context;
    const double h = 1e-30;
    double r[3];
    (void)slot;
    (void)err;

    dft_crystal_cartesian((const double (*)[3])crystal->lattice, crystal->position[0], r);
    const double x = r[0] - 0.5 * self->box, y = r[1] - 0.5 * self->box;
    out->converged = ++self->n_calls != self->fail_at;
    snprintf(out->message, sizeof out->message, "%s", out->converged ? "" : "told to fail");
    out->energy = creal(self->function(x, y));
    out->free_energy = out->energy - self->width;
    if (want & FLOW_WANT_FORCES) {
        out->force[0][0] = -cimag(self->function(x + h * I, y)) / h;
        out->force[0][1] = -cimag(self->function(x, y + h * I)) / h;
        out->force[0][2] = 0.0;
    }
    return DFT_OK;
}

static inline flow_evaluator toy_evaluator(toy_surface *surface)
{
    return (flow_evaluator){ "toy", toy_evaluate, surface };
}

static inline dft_crystal *toy_point(const toy_surface *surface, double x, double y)
{
    const double b = surface->box;
    const double lattice[3][3] = { { b, 0, 0 }, { 0, b, 0 }, { 0, 0, b } };
    const double position[1][3] = { { x / b + 0.5, y / b + 0.5, 0.25 } };
    dft_crystal *out = NULL;

    assert_int_equal(dft_crystal_create(lattice, 1, (const int[]){ 1 }, position, &out, NULL),
                     DFT_OK);
    return out;
}

/* K. Muller, L. D. Brown, Theor. Chim. Acta 53, 75 (1979); 1e-3 Ha and 5 bohr a unit. */
static inline double complex toy_muller_brown(double complex x, double complex y)
{
    static const double A[] = { -200, -100, -170, 15 }, a[] = { -1, -1, -6.5, 0.7 };
    static const double b[] = { 0, 0, 11, 0.6 }, c[] = { -10, -10, -6.5, 0.7 };
    static const double x0[] = { 1, 0, -0.5, -1 }, y0[] = { 0, 0.5, 1.5, 1 };
    double complex sum = 0.0;

    for (int k = 0; k < 4; k++) {
        const double complex dx = x / 5.0 - x0[k], dy = y / 5.0 - y0[k];
        sum += A[k] * cexp(a[k] * dx * dx + b[k] * dx * dy + c[k] * dy * dy);
    }
    return 1e-3 * sum;
}

/* Three atoms in a row, B between A and C, coupled to an oscillator: potential II of H. Jonsson, G.
 * Mills, K. W. Jacobsen (1998), after S. Sato, J. Chem. Phys. 23, 592 (1955).  A and C stand 3.742
 * A apart, x is r_AB and y the oscillator, in A and eV there. */
static inline double complex toy_leps(double complex x, double complex y)
{
    static const double d[] = { 4.746, 4.746, 3.445 }, one[] = { 1.05, 1.80, 1.05 };
    const double complex r[] = { x * DFT_BOHR_ANG, 3.742 - x * DFT_BOHR_ANG, 3.742 };
    double complex q = 0.0, j[3];

    for (int k = 0; k < 3; k++) {
        const double complex e = cexp(-1.942 * (r[k] - 0.742));
        q += 0.5 * d[k] * (1.5 * e * e - e) / one[k];
        j[k] = 0.25 * d[k] * (e * e - 6.0 * e) / one[k];
    }
    const double complex off = r[0] - (3.742 / 2.0 - y * DFT_BOHR_ANG / 1.154);
    return EV * (q - csqrt(j[0] * j[0] + j[1] * j[1] + j[2] * j[2] - j[0] * j[1] - j[1] * j[2]
                           - j[0] * j[2]) + 2.0 * 0.2025 * off * off);
}

/* Minima at whole multiples of (6, 6) bohr, passes of 0.02 Ha between neighbours along x or y at
 * the half: E = 0.01 (2 - cos 2 pi x/6 - cos 2 pi y/6). */
static inline double complex toy_egg_box(double complex x, double complex y)
{
    return 0.01 * (2.0 - ccos(2.0 * DFT_PI * x / 6.0) - ccos(2.0 * DFT_PI * y / 6.0));
}

/* Finds where the slopes vanish, from nearby, by Newton's method; the energy there. */
static inline double toy_stationary(toy_function f, double *x, double *y)
{
    const double h = 1e-30, d = 1e-5;

    for (int k = 0; k < 50; k++) {
        double g[5][2];
        const double at[5][2] = { { *x, *y }, { *x + d, *y }, { *x - d, *y }, { *x, *y + d },
                                  { *x, *y - d } };
        for (int p = 0; p < 5; p++) {
            g[p][0] = cimag(f(at[p][0] + h * I, at[p][1])) / h;
            g[p][1] = cimag(f(at[p][0], at[p][1] + h * I)) / h;
        }
        const double a = (g[1][0] - g[2][0]) / (2 * d), b = (g[3][0] - g[4][0]) / (2 * d);
        const double c = (g[3][1] - g[4][1]) / (2 * d), det = a * c - b * b;
        *x -= (c * g[0][0] - b * g[0][1]) / det;
        *y -= (a * g[0][1] - b * g[0][0]) / det;
    }
    return creal(f(*x, *y));
}

/* ---- Lennard-Jones ---- */

#define LJ_SIGMA 4.9                /* bohr */
#define LJ_EPSILON 0.01             /* Ha */
#define LJ_NEAR (2.0 * LJ_SIGMA)    /* the potential is switched off between these two */
#define LJ_FAR (2.5 * LJ_SIGMA)

/* Pair energy and its slope; the switch 1 - 10 t^3 + 15 t^4 - 6 t^5 has two smooth derivatives. */
static inline double lj_pair(double r, double *slope)
{
    const double s6 = pow(LJ_SIGMA / r, 6.0);
    const double v = 4.0 * LJ_EPSILON * (s6 * s6 - s6);
    const double dv = 4.0 * LJ_EPSILON * (-12.0 * s6 * s6 + 6.0 * s6) / r;
    const double t = (r - LJ_NEAR) / (LJ_FAR - LJ_NEAR);

    if (t <= 0.0) {
        *slope = dv;
        return v;
    }
    const double w = t >= 1.0 ? 0.0 : 1.0 + t * t * t * (-10.0 + t * (15.0 - 6.0 * t));
    const double dw = t >= 1.0 ? 0.0 : -30.0 * t * t * (1.0 - t) * (1.0 - t) / (LJ_FAR - LJ_NEAR);
    *slope = dv * w + v * dw;
    return v * w;
}

static inline dft_status lj_evaluate(void *context, const dft_crystal *crystal, int want,
                                     size_t slot, flow_evaluation *out, dft_error *err)
{
    const double (*lattice)[3] = (const double (*)[3])crystal->lattice;
    const size_t n = crystal->n_atoms;
    double b[3][3];
    int cells[3];
    (void)slot;
    (void)err;

    if (context)
        ++*(int *)context;
    dft_crystal_reciprocal(lattice, b);
    for (int i = 0; i < 3; i++)
        cells[i] =
            (int)ceil(LJ_FAR * sqrt(b[i][0] * b[i][0] + b[i][1] * b[i][1] + b[i][2] * b[i][2])
                      / (2.0 * DFT_PI))
            + 1;
    out->converged = 1;
    out->energy = 0.0;
    if (want & FLOW_WANT_FORCES)
        memset(out->force, 0, n * sizeof *out->force);
    for (size_t p = 0; p < n; p++)
        for (size_t q = 0; q < n; q++) {
            double frac[3];
            for (int c = 0; c < 3; c++) {
                frac[c] = crystal->position[q][c] - crystal->position[p][c];
                frac[c] -= floor(frac[c] + 0.5);
            }
            for (int i = -cells[0]; i <= cells[0]; i++)
                for (int j = -cells[1]; j <= cells[1]; j++)
                    for (int k = -cells[2]; k <= cells[2]; k++) {
                        const double f[3] = { frac[0] + i, frac[1] + j, frac[2] + k };
                        double way[3], slope;
                        dft_crystal_cartesian(lattice, f, way);
                        const double r = sqrt(way[0] * way[0] + way[1] * way[1] + way[2] * way[2]);
                        if (r < 1e-9 || r >= LJ_FAR)
                            continue;
                        out->energy += 0.5 * lj_pair(r, &slope);
                        for (int c = 0; c < 3 && (want & FLOW_WANT_FORCES); c++)
                            out->force[p][c] += slope * way[c] / r;
                    }
        }
    out->free_energy = out->energy;
    return DFT_OK;
}

/* n_calls may be NULL. */
static inline flow_evaluator lj_evaluator(int *n_calls)
{
    return (flow_evaluator){ "Lennard-Jones", lj_evaluate, n_calls };
}

#endif
