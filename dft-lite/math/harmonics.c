#include "dft-lite/math/harmonics.h"

#include <math.h>
#include <stdlib.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/units.h"

static double factorial_ratio(int small, int large)     /* small! / large! */
{
    double ratio = 1.0;
    for (int i = small + 1; i <= large; i++)
        ratio /= i;
    return ratio;
}

static double norm(int l, int m)
{
    if (m == 0)
        return sqrt((2 * l + 1) / (4.0 * DFT_PI));
    return sqrt((2 * l + 1) / (2.0 * DFT_PI) * factorial_ratio(l - m, l + m));
}

/* S_lm = N P_lm(z, r^2) Re or Im (x + iy)^m, where P_lm is the homogeneous polynomial of the
 * associated Legendre recursion in l.  Each P carries its partial derivatives by z and by r^2. */
typedef struct { double p, pz, pr2; } legendre;

static legendre legendre_next(int l, int m, double z, double r2, legendre a, legendre b)
{
    const double ca = (2.0 * l - 1.0) / (l - m), cb = (l + m - 1.0) / (l - m);
    return (legendre){ ca * z * a.p - cb * r2 * b.p,
                       ca * (a.p + z * a.pz) - cb * r2 * b.pz,
                       ca * z * a.pr2 - cb * (b.p + r2 * b.pr2) };
}

static void store(int l, int m, legendre q, const double r[3], const double f[3], double *solid,
                  double (*gradient)[3])
{
    const size_t lm = (size_t)(l * l + l + m);
    const double n = norm(l, abs(m));

    solid[lm] = n * q.p * f[0];
    if (!gradient)
        return;
    gradient[lm][0] = n * (2.0 * q.pr2 * r[0] * f[0] + q.p * f[1]);
    gradient[lm][1] = n * (2.0 * q.pr2 * r[1] * f[0] + q.p * f[2]);
    gradient[lm][2] = n * (2.0 * q.pr2 * r[2] + q.pz) * f[0];
}

void dft_solid_harmonics_gradient(int lmax, const double r[3], double *solid,
                                  double (*gradient)[3])
{
    const double x = r[0], y = r[1], z = r[2], r2 = x * x + y * y + z * z;
    double re = 1.0, im = 0.0, re_low = 0.0, im_low = 0.0;  /* (x+iy)^m and (x+iy)^(m-1) */
    double diagonal = 1.0;                                  /* (2m - 1)!! */

    for (int m = 0; m <= lmax; m++) {
        const double fc[3] = { re, m * re_low, -m * im_low };
        const double fs[3] = { im, m * im_low, m * re_low };
        legendre below = { 0.0, 0.0, 0.0 }, here = { diagonal, 0.0, 0.0 };
        for (int l = m; l <= lmax; l++) {
            store(l, m, here, r, fc, solid, gradient);
            if (m > 0)
                store(l, -m, here, r, fs, solid, gradient);
            const legendre next = legendre_next(l + 1, m, z, r2, here, below);
            below = here;
            here = next;
        }
        re_low = re;
        im_low = im;
        re = x * re_low - y * im_low;
        im = x * im_low + y * re_low;
        diagonal *= 2 * m + 1;
    }
}

void dft_solid_harmonics(int lmax, const double r[3], double *solid)
{
    dft_solid_harmonics_gradient(lmax, r, solid, NULL);
}

/* Orbits of the octahedral group: 6 faces, 12 edges, 8 corners, 24 points (l, l, m). */
#define S2 0.70710678118654752440
#define S3 0.57735026918962576451
#define BL 0.30151134457776362265
#define BM 0.90453403373329086794
#define W1 0.01269841269841269841
#define W2 0.02257495590828924162
#define W3 0.02109375000000000000
#define W4 0.02017333553791887125
static double lebedev_points[50][3];
static double lebedev_weights[50];

static size_t add_signs(size_t n, double x, double y, double z, double w, double (*points)[3],
                        double *weights)
{
    for (int s = 0; s < 8; s++) {
        if (((s & 1) && x == 0.0) || ((s & 2) && y == 0.0) || ((s & 4) && z == 0.0))
            continue;
        points[n][0] = (s & 1) ? -x : x;
        points[n][1] = (s & 2) ? -y : y;
        points[n][2] = (s & 4) ? -z : z;
        weights[n++] = w;
    }
    return n;
}

__attribute__((constructor)) static void lebedev_fill(void)
{
    size_t n = 0;

    n = add_signs(n, 1, 0, 0, W1, lebedev_points, lebedev_weights);
    n = add_signs(n, 0, 1, 0, W1, lebedev_points, lebedev_weights);
    n = add_signs(n, 0, 0, 1, W1, lebedev_points, lebedev_weights);
    n = add_signs(n, S2, S2, 0, W2, lebedev_points, lebedev_weights);
    n = add_signs(n, S2, 0, S2, W2, lebedev_points, lebedev_weights);
    n = add_signs(n, 0, S2, S2, W2, lebedev_points, lebedev_weights);
    n = add_signs(n, S3, S3, S3, W3, lebedev_points, lebedev_weights);
    n = add_signs(n, BL, BL, BM, W4, lebedev_points, lebedev_weights);
    n = add_signs(n, BL, BM, BL, W4, lebedev_points, lebedev_weights);
    add_signs(n, BM, BL, BL, W4, lebedev_points, lebedev_weights);
}

dft_sphere_rule dft_lebedev_50(void)
{
    return (dft_sphere_rule){ 50, lebedev_points, lebedev_weights };
}

/* Gauss-Legendre nodes by Newton's method on P_n; n <= 32. */
static void gauss_legendre(int n, double *x, double *w)
{
    for (int i = 0; i < n; i++) {
        double t = cos(DFT_PI * (i + 0.75) / (n + 0.5)), derivative = 1.0;
        for (int step = 0; step < 100; step++) {
            double p0 = 1.0, p1 = t;
            for (int l = 2; l <= n; l++) {
                const double p2 = ((2 * l - 1) * t * p1 - (l - 1) * p0) / l;
                p0 = p1;
                p1 = p2;
            }
            derivative = n * (t * p1 - p0) / (t * t - 1.0);
            const double delta = p1 / derivative;
            t -= delta;
            if (fabs(delta) < 1e-16)
                break;
        }
        x[i] = t;
        w[i] = 2.0 / ((1.0 - t * t) * derivative * derivative);
    }
}

enum { N_THETA = 14, N_PHI = 28 };      /* exact to degree 27 >= 3 DFT_LMAX */

/* Calls back with each point of the product rule; the weights sum to 4 pi. */
static void product_rule(void (*visit)(const double point[3], double weight, void *context),
                         void *context)
{
    double x[N_THETA], w[N_THETA];

    gauss_legendre(N_THETA, x, w);
    for (int i = 0; i < N_THETA; i++)
        for (int j = 0; j < N_PHI; j++) {
            const double phi = 2.0 * DFT_PI * j / N_PHI, s = sqrt(1.0 - x[i] * x[i]);
            const double point[3] = { s * cos(phi), s * sin(phi), x[i] };
            visit(point, w[i] * 2.0 * DFT_PI / N_PHI, context);
        }
}

typedef struct { int l[3]; double *table; } gaunt_context;

static void gaunt_visit(const double point[3], double weight, void *context)
{
    const gaunt_context *self = context;
    const int n1 = (self->l[0] + 1) * (self->l[0] + 1), n2 = (self->l[1] + 1) * (self->l[1] + 1);
    const int n3 = (self->l[2] + 1) * (self->l[2] + 1);
    double y[DFT_N_LM];

    dft_solid_harmonics(DFT_LMAX, point, y);
    for (int i = 0; i < n1; i++)
        for (int j = 0; j < n2; j++)
            for (int k = 0; k < n3; k++)
                self->table[(i * n2 + j) * n3 + k] += weight * y[i] * y[j] * y[k];
}

double *dft_gaunt_table(int l1max, int l2max, int l3max)
{
    const size_t n1 = (size_t)((l1max + 1) * (l1max + 1)), n2 = (size_t)((l2max + 1) * (l2max + 1));
    const size_t n3 = (size_t)((l3max + 1) * (l3max + 1));
    gaunt_context context = { { l1max, l2max, l3max }, dft_alloc_doubles(n1 * n2 * n3) };

    if (context.table)
        product_rule(gaunt_visit, &context);
    return context.table;
}

typedef struct { int l; const double (*rotation)[3]; double *t; } rotation_context;

static void rotation_visit(const double point[3], double weight, void *context)
{
    const rotation_context *self = context;
    const int l = self->l, n = 2 * l + 1;
    double turned[3], y[DFT_N_LM], yr[DFT_N_LM];

    for (int i = 0; i < 3; i++)
        turned[i] = self->rotation[i][0] * point[0] + self->rotation[i][1] * point[1]
                  + self->rotation[i][2] * point[2];
    dft_solid_harmonics(l, point, y);
    dft_solid_harmonics(l, turned, yr);
    for (int m = 0; m < n; m++)
        for (int k = 0; k < n; k++)
            self->t[m * n + k] += weight * yr[l * l + m] * y[l * l + k];
}

void dft_harmonic_rotation(int l, const double rotation[3][3], double *t)
{
    rotation_context context = { l, rotation, t };

    for (int i = 0; i < (2 * l + 1) * (2 * l + 1); i++)
        t[i] = 0.0;
    product_rule(rotation_visit, &context);
}
