#include "workflows/strain.h"

#include <math.h>
#include <string.h>

static const int pair[6][2] = { { 0, 0 }, { 1, 1 }, { 2, 2 }, { 1, 2 }, { 0, 2 }, { 0, 1 } };

static void matrix_of(const double voigt[6], double shear, double out[3][3])
{
    for (int i = 0; i < 6; i++)
        out[pair[i][0]][pair[i][1]] = out[pair[i][1]][pair[i][0]] = voigt[i] * (i < 3 ? 1.0 : shear);
}

static double invert(const double a[3][3], double out[3][3])
{
    double det = 0.0;

    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++) {
            const int i1 = (i + 1) % 3, i2 = (i + 2) % 3, j1 = (j + 1) % 3, j2 = (j + 2) % 3;
            out[j][i] = a[i1][j1] * a[i2][j2] - a[i1][j2] * a[i2][j1];
        }
    for (int j = 0; j < 3; j++)
        det += a[0][j] * out[j][0];
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++)
            out[i][j] /= det;
    return det;
}

/* factor m t m^T */
static void congruence(double factor, const double m[3][3], const double t[6], double out[6])
{
    double full[3][3];

    matrix_of(t, 1.0, full);
    for (int p = 0; p < 6; p++) {
        double sum = 0.0;
        for (int i = 0; i < 3; i++)
            for (int j = 0; j < 3; j++)
                sum += m[pair[p][0]][i] * full[i][j] * m[pair[p][1]][j];
        out[p] = factor * sum;
    }
}

/* Newton's iteration for the square root, y <- (y + a y^-1)/2: all iterates commute with a, and from
 * y = 1 a strain of 0.1 takes five steps to rounding. */
void flow_strain_stretch(const double eta[6], double f[3][3])
{
    double a[3][3], y[3][3] = { { 1, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 } };

    matrix_of(eta, 0.5, a);
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++)
            a[i][j] = 2.0 * a[i][j] + (i == j);
    for (int step = 0; step < 12; step++) {
        double inverse[3][3], next[3][3];
        invert((const double (*)[3])y, inverse);
        for (int i = 0; i < 3; i++)
            for (int j = 0; j < 3; j++) {
                next[i][j] = 0.5 * y[i][j];
                for (int k = 0; k < 3; k++)
                    next[i][j] += 0.5 * a[i][k] * inverse[k][j];
            }
        memcpy(y, next, sizeof y);
    }
    for (int i = 0; i < 3; i++)                 /* symmetric to the last bit */
        for (int j = 0; j < 3; j++)
            f[i][j] = 0.5 * (y[i][j] + y[j][i]);
}

void flow_strain_pull_back(const double f[3][3], const double sigma[6], double s[6])
{
    double inverse[3][3];
    const double det = invert(f, inverse);

    congruence(det, (const double (*)[3])inverse, sigma, s);
}

void flow_strain_push_forward(const double f[3][3], const double s[6], double sigma[6])
{
    double inverse[3][3];
    const double det = invert(f, inverse);

    congruence(1.0 / det, f, s, sigma);
}

void flow_strain_turn_stress(const double axes[3][3], const double sigma[6], double out[6])
{
    congruence(1.0, axes, sigma, out);
}

dft_status flow_strain_apply(const dft_crystal *crystal, const double f[3][3], dft_crystal **out,
                             dft_error *err)
{
    double lattice[3][3];

    for (int i = 0; i < 3; i++)
        for (int c = 0; c < 3; c++) {
            lattice[i][c] = 0.0;
            for (int k = 0; k < 3; k++)
                lattice[i][c] += f[c][k] * crystal->lattice[i][k];
        }
    return dft_crystal_create((const double (*)[3])lattice, crystal->n_atoms, crystal->z,
                              (const double (*)[3])crystal->position, out, err);
}
