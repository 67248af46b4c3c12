/*
 * tests/descriptors/point_groups.h - point groups in any orientation, and random stable tensors that
 * obey them.
 */
#ifndef TEST_POINT_GROUPS_H
#define TEST_POINT_GROUPS_H

#include <math.h>
#include <string.h>

#include "descriptors/elastic.h"
#include "descriptors/elastic_fit.h"
#include "descriptors/laue.h"
#include "dft-lite/base/units.h"

typedef struct {
    size_t n;
    double op[48][3][3];
    double lattice[3][3];           /* one that the group leaves unchanged */
} point_group;

static inline double test_random(unsigned *seed)    /* -1 .. 1, the same everywhere */
{
    *seed = *seed * 1664525u + 1013904223u;
    return (double)(*seed >> 8) / 8388608.0 - 1.0;
}

static inline void test_rotation(const double axis[3], double angle, double r[3][3])
{
    const double length = sqrt(axis[0] * axis[0] + axis[1] * axis[1] + axis[2] * axis[2]);
    const double u[3] = { axis[0] / length, axis[1] / length, axis[2] / length };
    const double c = cos(angle), s = sin(angle);
    const double skew[3][3] = { { 0, -u[2], u[1] }, { u[2], 0, -u[0] }, { -u[1], u[0], 0 } };

    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++)
            r[i][j] = (i == j ? c : 0.0) + (1.0 - c) * u[i] * u[j] + s * skew[i][j];
}

static inline void test_multiply(const double a[3][3], const double b[3][3], double out[3][3])
{
    double r[3][3] = { { 0.0 } };

    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++)
            for (int k = 0; k < 3; k++)
                r[i][j] += a[i][k] * b[k][j];
    memcpy(out, r, sizeof r);
}

static inline int test_group_add(point_group *group, const double r[3][3])
{
    for (size_t k = 0; k < group->n; k++) {
        double worst = 0.0;
        for (int i = 0; i < 3; i++)
            for (int j = 0; j < 3; j++)
                worst = fmax(worst, fabs(group->op[k][i][j] - r[i][j]));
        if (worst < 1e-6)
            return 0;
    }
    memcpy(group->op[group->n++], r, sizeof group->op[0]);
    return 1;
}

/* A group of each Laue class (with inversion in every second case, so that both kinds occur), its
 * lattice, all turned by `turn`. */
static inline void test_group(desc_laue_class laue, const double turn[3][3], point_group *group)
{
    static const struct { double axis[3]; int order; } generator[DESC_N_LAUE][2] = {
        { { { 0, 0, 1 }, 1 }, { { 0, 0, 1 }, 1 } }, { { { 0, 1, 0 }, 2 }, { { 0, 1, 0 }, 1 } },
        { { { 0, 0, 1 }, 2 }, { { 1, 0, 0 }, 2 } }, { { { 0, 0, 1 }, 4 }, { { 0, 0, 1 }, 1 } },
        { { { 0, 0, 1 }, 4 }, { { 1, 0, 0 }, 2 } }, { { { 0, 0, 1 }, 3 }, { { 0, 0, 1 }, 1 } },
        { { { 0, 0, 1 }, 3 }, { { 1, 0, 0 }, 2 } }, { { { 0, 0, 1 }, 6 }, { { 0, 0, 1 }, 1 } },
        { { { 0, 0, 1 }, 6 }, { { 1, 0, 0 }, 2 } }, { { { 1, 1, 1 }, 3 }, { { 0, 0, 1 }, 2 } },
        { { { 1, 1, 1 }, 3 }, { { 0, 0, 1 }, 4 } } };
    static const double cell[DESC_N_LAUE][3][3] = {
        { { 7, 0, 0 }, { 1, 8, 0 }, { -1, 2, 9 } }, { { 7, 0, 0 }, { 0, 8, 0 }, { -2, 0, 9 } },
        { { 7, 0, 0 }, { 0, 8, 0 }, { 0, 0, 9 } }, { { 7, 0, 0 }, { 0, 7, 0 }, { 0, 0, 9 } },
        { { 7, 0, 0 }, { 0, 7, 0 }, { 0, 0, 9 } }, { { 7, 0, 0 }, { -3.5, 0, 0 }, { 0, 0, 9 } },
        { { 7, 0, 0 }, { -3.5, 0, 0 }, { 0, 0, 9 } }, { { 7, 0, 0 }, { -3.5, 0, 0 }, { 0, 0, 9 } },
        { { 7, 0, 0 }, { -3.5, 0, 0 }, { 0, 0, 9 } }, { { 7, 0, 0 }, { 0, 7, 0 }, { 0, 0, 7 } },
        { { 7, 0, 0 }, { 0, 7, 0 }, { 0, 0, 7 } } };
    const int hexagonal = laue >= DESC_LAUE_TRIGONAL_LOW && laue <= DESC_LAUE_HEXAGONAL;
    const double unit[3][3] = { { 1, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 } };
    const double inverse[3][3] = { { -1, 0, 0 }, { 0, -1, 0 }, { 0, 0, -1 } };
    double g[2][3][3], back[3][3];

    group->n = 0;
    test_group_add(group, unit);
    if (laue % 2 == 0)
        test_group_add(group, inverse);
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++)
            back[i][j] = turn[j][i];
    for (int k = 0; k < 2; k++) {
        test_rotation(generator[laue][k].axis, 2.0 * DFT_PI / generator[laue][k].order, g[k]);
        test_multiply(turn, (const double (*)[3])g[k], g[k]);
        test_multiply((const double (*)[3])g[k], (const double (*)[3])back, g[k]);
    }
    for (int grown = 1; grown;) {
        grown = 0;
        const size_t n = group->n;
        for (size_t a = 0; a < n; a++)
            for (int k = 0; k < 2; k++) {
                double r[3][3];
                test_multiply((const double (*)[3])group->op[a], (const double (*)[3])g[k], r);
                grown += test_group_add(group, (const double (*)[3])r);
            }
    }
    for (int i = 0; i < 3; i++)
        for (int c = 0; c < 3; c++) {
            group->lattice[i][c] = 0.0;
            for (int k = 0; k < 3; k++) {
                double x = cell[laue][i][k];
                if (hexagonal && i == 1 && k == 1)
                    x = 3.5 * sqrt(3.0);
                group->lattice[i][c] += turn[c][k] * x;
            }
        }
}

/* Some orientation that is nobody's axis. */
static inline void test_turn(double turn[3][3])
{
    test_rotation((const double[3]){ 0.3, -0.7, 0.5 }, 1.1, turn);
}

/* A random positive definite tensor with the symmetry of the group, eigenvalues of the order of 0.01
 * (a few hundred GPa in atomic units): 0.01 + A A^T, averaged over the operations by projection. */
static inline void test_random_tensor(const point_group *group, unsigned seed, double c[6][6])
{
    const int all[6] = DESC_ALL_STRAINS;
    double a[6][6], k[6][6], out[6][6] = { { 0.0 } };
    desc_elastic_space space;

    for (int i = 0; i < 6; i++)
        for (int j = 0; j < 6; j++)
            a[i][j] = 0.05 * test_random(&seed);
    for (int i = 0; i < 6; i++)
        for (int j = 0; j < 6; j++) {
            k[i][j] = i == j ? 0.002 : 0.0;
            for (int m = 0; m < 6; m++)
                k[i][j] += a[i][m] * a[j][m];
        }
    (void)desc_elastic_space_find(group->n, (const double (*)[3][3])group->op, all, &space, NULL);
    for (int b = 0; b < space.n; b++) {
        double part = 0.0;
        for (int i = 0; i < 6; i++)
            for (int j = 0; j < 6; j++)
                part += k[i][j] * space.tensor[b][i][j];
        for (int i = 0; i < 6; i++)
            for (int j = 0; j < 6; j++)
                out[i][j] += part * space.tensor[b][i][j];
    }
    desc_voigt_from_kelvin((const double (*)[6])out, c);
}

#endif
