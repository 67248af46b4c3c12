#include "candidates/lattice2d.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "candidates/cells.h"

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
