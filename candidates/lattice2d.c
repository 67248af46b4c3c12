#include "candidates/lattice2d.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "candidates/cells.h"

#define MAX_SHIFTS 512              /* copies of the 1x1 cell in one */

/* Whether r_i -> P_ij r_j keeps lengths and angle of a reduced basis: |v|^2 may change by 2 |v|
 * times a tenth of the atoms' tolerance. */
static bool keeps_metric(const int p[2][2], const double gram[3], double tolerance)
{
    double image[3];

    for (int i = 0; i < 3; i++) {
        const int a = i / 2, b = (i + 1) / 2;
        image[i] = p[a][0] * p[b][0] * gram[0]
                 + (p[a][0] * p[b][1] + p[a][1] * p[b][0]) * gram[1]
                 + p[a][1] * p[b][1] * gram[2];
    }
    return fabs(image[0] - gram[0]) <= 0.2 * tolerance * sqrt(gram[0])
        && fabs(image[2] - gram[2]) <= 0.2 * tolerance * sqrt(gram[2])
        && fabs(image[1] - gram[1]) <= 0.2 * tolerance * sqrt(gram[2]);
}

/* In a reduced basis all operations of a lattice have entries -1..1.  Vectors go r_i -> P_ij r_j,
 * coordinates w -> P^T w; with reduced = C x lattice and u = C^T w that is W = C^T P^T (C^T)^-1. */
size_t cand_rotations_2d(const double lattice[2][2], double tolerance,
                         int list[CAND_MAX_ROTATIONS_2D][2][2])
{
    double reduced[2][2], gram[3];
    int c[2][2], det;
    size_t n = 0;

    cand_reduce_2d(lattice, reduced, c);
    det = c[0][0] * c[1][1] - c[0][1] * c[1][0];     /* +1 or -1 */
    for (int i = 0; i < 3; i++)
        gram[i] = reduced[i / 2][0] * reduced[(i + 1) / 2][0]
                + reduced[i / 2][1] * reduced[(i + 1) / 2][1];
    for (int k = 0; k < 81 && n < CAND_MAX_ROTATIONS_2D; k++) {
        const int p[2][2] = { { k / 27 - 1, k / 9 % 3 - 1 }, { k / 3 % 3 - 1, k % 3 - 1 } };
        int ct_pt[2][2];

        if (abs(p[0][0] * p[1][1] - p[0][1] * p[1][0]) != 1
            || !keeps_metric(p, gram, tolerance))
            continue;
        for (int i = 0; i < 2; i++)
            for (int j = 0; j < 2; j++)
                ct_pt[i][j] = c[0][i] * p[j][0] + c[1][i] * p[j][1];
        for (int i = 0; i < 2; i++) {                /* times det x adjugate of C^T */
            list[n][i][0] = det * (ct_pt[i][0] * c[1][1] - ct_pt[i][1] * c[0][1]);
            list[n][i][1] = det * (ct_pt[i][1] * c[0][0] - ct_pt[i][0] * c[1][0]);
        }
        n++;
    }
    return n;
}

double cand_shortest_2d(const double reduced[2][2], const double xy[2], double nearest[2])
{
    const double det = reduced[0][0] * reduced[1][1] - reduced[0][1] * reduced[1][0];
    const double s0 = (xy[0] * reduced[1][1] - xy[1] * reduced[1][0]) / det;
    const double t0 = (xy[1] * reduced[0][0] - xy[0] * reduced[0][1]) / det;
    double best = HUGE_VAL;

    for (int i = -1; i <= 1; i++)                    /* enough in a reduced basis */
        for (int j = -1; j <= 1; j++) {
            const double s = s0 - round(s0) + i, t = t0 - round(t0) + j;
            const double x = s * reduced[0][0] + t * reduced[1][0];
            const double y = s * reduced[0][1] + t * reduced[1][1];
            if (x * x + y * y >= best)
                continue;
            best = x * x + y * y;
            if (nearest) {
                nearest[0] = x;
                nearest[1] = y;
            }
        }
    return sqrt(best);
}

static double cross2(const double a[2], const double b[2])
{
    return a[0] * b[1] - a[1] * b[0];
}

/* The shortest of all vectors shift + i r_0 + j r_1 that is longer than zero and, when `with` is given,
 * spans `area` with it. */
static bool shortest_vector(const double reduced[2][2], size_t n, const double (*xy)[2],
                            const double *with, double area, double best[2])
{
    double shortest = HUGE_VAL;

    for (size_t k = 0; k < n; k++)
        for (int t = 0; t < 9; t++) {
            double v[2], length;
            for (int c = 0; c < 2; c++)
                v[c] = xy[k][c] + (t / 3 - 1) * reduced[0][c] + (t % 3 - 1) * reduced[1][c];
            length = hypot(v[0], v[1]);
            if (length < 1e-3 * sqrt(area) || length > shortest * (1.0 - 1e-9)
                || (with && fabs(fabs(cross2(with, v)) - area) > 1e-3 * area))
                continue;
            shortest = length;
            memcpy(best, v, sizeof v);
        }
    return isfinite(shortest);
}

/* lattice = s x primitive, if that is so with integers. */
static bool integer_ratio(const double lattice[2][2], const double primitive[2][2], int s[2][2])
{
    const double det = cross2(primitive[0], primitive[1]);

    for (int i = 0; i < 2; i++) {
        const double x[2] = { cross2(lattice[i], primitive[1]) / det,
                              cross2(primitive[0], lattice[i]) / det };
        for (int j = 0; j < 2; j++) {
            s[i][j] = (int)lround(x[j]);
            if (fabs(x[j] - s[i][j]) > 1e-3)
                return false;
        }
    }
    return true;
}

bool cand_primitive_2d(const double lattice[2][2], size_t n, const double (*shift)[2],
                       double primitive[2][2], int s[2][2])
{
    const double whole = cross2(lattice[0], lattice[1]), area = fabs(whole) / (double)n;
    double reduced[2][2], xy[MAX_SHIFTS][2];
    int change[2][2];

    if (n > MAX_SHIFTS)
        return false;
    cand_reduce_2d(lattice, reduced, change);
    for (size_t k = 0; k < n; k++) {
        double exact[2], v[2];
        for (int c = 0; c < 2; c++)                  /* n times a shift is a lattice vector */
            exact[c] = round(shift[k][c] * (double)n) / (double)n;
        for (int c = 0; c < 2; c++)
            v[c] = exact[0] * lattice[0][c] + exact[1] * lattice[1][c];
        cand_shortest_2d((const double (*)[2])reduced, v, xy[k]);
    }
    if (!shortest_vector((const double (*)[2])reduced, n, (const double (*)[2])xy, NULL, area,
                         primitive[0])
        || !shortest_vector((const double (*)[2])reduced, n, (const double (*)[2])xy, primitive[0],
                            area, primitive[1]))
        return false;
    if (whole * cross2(primitive[0], primitive[1]) < 0.0)
        for (int c = 0; c < 2; c++)
            primitive[1][c] = -primitive[1][c];
    return integer_ratio(lattice, (const double (*)[2])primitive, s);
}
