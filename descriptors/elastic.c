#include "descriptors/elastic.h"

#include <complex.h>
#include <math.h>
#include <string.h>

#include "dft-lite/base/units.h"
#include "dft-lite/math/lapack.h"

#define ROOT2 1.41421356237309504880

/* Voigt index -> tensor indices. */
static const int pair[6][2] = { { 0, 0 }, { 1, 1 }, { 2, 2 }, { 1, 2 }, { 0, 2 }, { 0, 1 } };

static double kelvin_weight(int i) { return i < 3 ? 1.0 : ROOT2; }

void desc_kelvin_from_voigt(const double c[6][6], double out[6][6])
{
    for (int i = 0; i < 6; i++)
        for (int j = 0; j < 6; j++)
            out[i][j] = c[i][j] * kelvin_weight(i) * kelvin_weight(j);
}

void desc_voigt_from_kelvin(const double c[6][6], double out[6][6])
{
    for (int i = 0; i < 6; i++)
        for (int j = 0; j < 6; j++)
            out[i][j] = c[i][j] / (kelvin_weight(i) * kelvin_weight(j));
}

/* Kelvin components are coefficients in orthonormal tensors: e_i e_i, and (e_i e_j + e_j e_i)/sqrt 2. */
void desc_kelvin_rotation(const double r[3][3], double q[6][6])
{
    for (int i = 0; i < 6; i++)
        for (int j = 0; j < 6; j++) {
            const int a = pair[i][0], b = pair[i][1], k = pair[j][0], l = pair[j][1];
            const double sum = r[a][k] * r[b][l] + r[a][l] * r[b][k];
            q[i][j] = 0.5 * sum * kelvin_weight(i) * kelvin_weight(j);
        }
}

void desc_elastic_rotate(const double c[6][6], const double axes[3][3], double out[6][6])
{
    double q[6][6], k[6][6], qk[6][6] = { { 0.0 } }, turned[6][6] = { { 0.0 } };

    desc_kelvin_rotation(axes, q);
    desc_kelvin_from_voigt(c, k);
    for (int i = 0; i < 6; i++)
        for (int j = 0; j < 6; j++)
            for (int m = 0; m < 6; m++)
                qk[i][j] += q[i][m] * k[m][j];
    for (int i = 0; i < 6; i++)
        for (int j = 0; j < 6; j++)
            for (int m = 0; m < 6; m++)
                turned[i][j] += qk[i][m] * q[j][m];
    desc_voigt_from_kelvin(turned, out);
}

/* Gauss-Jordan with row pivots; a is destroyed, inverse n x n (row length 6).  0: singular. */
static int invert(int n, double a[6][6], double inverse[6][6])
{
    double scale = 0.0;

    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) {
            inverse[i][j] = i == j;
            scale = fmax(scale, fabs(a[i][j]));
        }
    for (int p = 0; p < n; p++) {
        int best = p;
        for (int i = p + 1; i < n; i++)
            if (fabs(a[i][p]) > fabs(a[best][p]))
                best = i;
        if (!(fabs(a[best][p]) > 1e-13 * scale))
            return 0;
        for (int j = 0; j < n; j++) {
            const double x = a[p][j], y = inverse[p][j];
            a[p][j] = a[best][j];
            a[best][j] = x;
            inverse[p][j] = inverse[best][j];
            inverse[best][j] = y;
        }
        const double pivot = a[p][p];
        for (int j = 0; j < n; j++) {
            a[p][j] /= pivot;
            inverse[p][j] /= pivot;
        }
        for (int i = 0; i < n; i++) {
            const double factor = a[i][p];
            for (int j = 0; j < n && i != p; j++) {
                a[i][j] -= factor * a[p][j];
                inverse[i][j] -= factor * inverse[p][j];
            }
        }
    }
    return 1;
}

dft_status desc_elastic_compliance(const double c[6][6], double s[6][6], dft_error *err)
{
    double a[6][6], inverse[6][6];

    memcpy(a, c, sizeof a);
    if (!invert(6, a, inverse))
        return dft_fail(err, DFT_ENUMERIC, "the elastic tensor is singular: it has no compliance");
    memcpy(s, inverse, sizeof inverse);
    return DFT_OK;
}

/* Eigenvalues of a symmetric n x n matrix, n <= 6, ascending. */
static dft_status eigenvalues(int n, const double a[6][6], double *value, dft_error *err)
{
    double complex h[36] = { 0.0 }, s[36] = { 0.0 }, x[36];

    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) {
            h[j * n + i] = 0.5 * (a[i][j] + a[j][i]);
            s[j * n + i] = i == j;
        }
    return dft_eigen_generalized((size_t)n, h, s, DFT_NOISE_DOUBLE, (size_t)n, value, x, err);
}

dft_status desc_elastic_eigenvalues(const double c[6][6], double value[6], dft_error *err)
{
    double kelvin[6][6];

    desc_kelvin_from_voigt(c, kelvin);
    return eigenvalues(6, kelvin, value, err);
}

/* Voigt's averages need C, Reuss's the compliance S: the two fully contracted invariants of each. */
static void voigt_average(const double c[6][6], double *bulk, double *shear)
{
    const double a = c[0][0] + c[1][1] + c[2][2], b = c[0][1] + c[0][2] + c[1][2];

    *bulk = (a + 2.0 * b) / 9.0;
    *shear = (a - b + 3.0 * (c[3][3] + c[4][4] + c[5][5])) / 15.0;
}

static void reuss_average(const double s[6][6], double *bulk, double *shear)
{
    const double a = s[0][0] + s[1][1] + s[2][2], b = s[0][1] + s[0][2] + s[1][2];

    *bulk = 1.0 / (a + 2.0 * b);
    *shear = 15.0 / (4.0 * a - 4.0 * b + 3.0 * (s[3][3] + s[4][4] + s[5][5]));
}

dft_status desc_elastic_moduli(const double c[6][6], desc_moduli *out, dft_error *err)
{
    double value[6], s[6][6];
    desc_moduli m;
    dft_status status = desc_elastic_eigenvalues(c, value, err);

    if (status == DFT_OK && !(value[0] > 0.0))
        status = dft_fail(err, DFT_EINPUT, "the elastic tensor is not positive definite (least "
                          "eigenvalue %g): the crystal is unstable and has no moduli", value[0]);
    if (status == DFT_OK)
        status = desc_elastic_compliance(c, s, err);
    if (status != DFT_OK)
        return status;
    voigt_average(c, &m.bulk_voigt, &m.shear_voigt);
    reuss_average(s, &m.bulk_reuss, &m.shear_reuss);
    m.bulk = 0.5 * (m.bulk_voigt + m.bulk_reuss);
    m.shear = 0.5 * (m.shear_voigt + m.shear_reuss);
    m.young = 9.0 * m.bulk * m.shear / (3.0 * m.bulk + m.shear);
    m.poisson = (3.0 * m.bulk - 2.0 * m.shear) / (2.0 * (3.0 * m.bulk + m.shear));
    m.pugh = m.bulk / m.shear;
    m.universal_anisotropy = 5.0 * m.shear_voigt / m.shear_reuss + m.bulk_voigt / m.bulk_reuss - 6.0;
    *out = m;
    return DFT_OK;
}

double desc_elastic_zener(const double c[6][6])
{
    return 2.0 * c[3][3] / (c[0][0] - c[0][1]);
}

void desc_elastic_under_stress(const double c[6][6], const double stress[6], double out[6][6],
                               double *asymmetry)
{
    const double s[3][3] = { { stress[0], stress[5], stress[4] },
                             { stress[5], stress[1], stress[3] },
                             { stress[4], stress[3], stress[2] } };
    double b[6][6], worst = 0.0;

    for (int p = 0; p < 6; p++)
        for (int q = 0; q < 6; q++) {
            const int i = pair[p][0], j = pair[p][1], k = pair[q][0], l = pair[q][1];
            b[p][q] = c[p][q] + 0.5 * ((i == k) * s[j][l] + (i == l) * s[j][k] + (j == k) * s[i][l]
                                       + (j == l) * s[i][k] - 2.0 * (k == l) * s[i][j]);
        }
    for (int p = 0; p < 6; p++)
        for (int q = 0; q < 6; q++) {
            worst = fmax(worst, fabs(b[p][q] - b[q][p]));
            out[p][q] = 0.5 * (b[p][q] + b[q][p]);
        }
    if (asymmetry)
        *asymmetry = worst;
}

/* Compliance along a direction at angle t: s11 of axes turned by t. */
static double sheet_compliance(double s[6][6], double t)
{
    const double x = cos(t), y = sin(t);
    const double v[3] = { x * x, y * y, x * y };
    double sum = 0.0;

    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++)
            sum += v[i] * s[i][j] * v[j];
    return sum;
}

dft_status desc_sheet_moduli(const double c[3][3], desc_sheet_moduli_result *out, dft_error *err)
{
    double a[6][6] = { { 0.0 } }, kelvin[6][6] = { { 0.0 } }, s[6][6], value[3];

    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++) {
            a[i][j] = c[i][j];
            kelvin[i][j] = c[i][j] * (i == 2 ? ROOT2 : 1.0) * (j == 2 ? ROOT2 : 1.0);
        }
    const dft_status status = eigenvalues(3, kelvin, value, err);
    if (status != DFT_OK)
        return status;
    if (!(value[0] > 0.0) || !invert(3, a, s))
        return dft_fail(err, DFT_EINPUT, "the sheet's stiffness is not positive definite (least "
                        "eigenvalue %g): the sheet is unstable in its plane", value[0]);
    desc_sheet_moduli_result r = { .young_least = INFINITY, .least_eigenvalue = value[0] };
    for (int i = 0; i < 360; i++) {
        const double young = 1.0 / sheet_compliance(s, DFT_PI * i / 360.0);
        r.young_least = fmin(r.young_least, young);
        r.young_greatest = fmax(r.young_greatest, young);
    }
    r.poisson_x = -s[0][1] / s[0][0];
    r.area_modulus = 0.25 * (c[0][0] + c[1][1] + 2.0 * c[0][1]);
    r.shear = 0.125 * (c[0][0] + c[1][1] - 2.0 * c[0][1] + 4.0 * c[2][2]);
    *out = r;
    return DFT_OK;
}
