/* Coincidence cells against closed forms and against brute force. */
#include "tests/support/assert_close.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "candidates/coincidence.h"
#include "dft-lite/base/alloc.h"
#include "dft-lite/base/units.h"

static const double square[2][2] = { { 3.0, 0.0 }, { 0.0, 3.0 } };

static cand_coincidence *find(const double a[2][2], const double b[2][2], double area, double strain,
                              size_t *n)
{
    const cand_coincidence_options options = { area, strain, 0 };
    cand_coincidence *out = NULL;
    assert_int_equal(cand_coincidence_find(a, b, &options, &out, n, NULL), DFT_OK);
    return out;
}

static void turned(const double a[2][2], double degrees, double scale, double out[2][2])
{
    const double c = scale * cos(degrees * DFT_PI / 180.0), s = scale * sin(degrees * DFT_PI / 180.0);
    for (int i = 0; i < 2; i++) {
        out[i][0] = c * a[i][0] - s * a[i][1];
        out[i][1] = s * a[i][0] + c * a[i][1];
    }
}

static void a_lattice_coincides_with_itself_at_once(void **unused)
{
    static const double oblique[2][2] = { { 3.0, 0.0 }, { 0.7, 4.1 } };
    const double (*const lattices[])[2] = { square, oblique };
    (void)unused;

    for (int k = 0; k < 2; k++) {
        size_t n = 0;
        cand_coincidence *c = find(lattices[k], lattices[k], 40.0, 0.01, &n);
        assert_true(n >= 1);
        assert_int_equal(c[0].n_first, 1);
        assert_int_equal(c[0].n_second, 1);
        assert_close(c[0].norm, 0.0, 1e-12);
        assert_close(c[0].twist_deg, 0.0, 1e-6);
        free(c);
    }
}

/* A square of edge sqrt 5 a lies on a square of edge a turned by atan 1/2, five cells to one. */
static void root_five_is_found_without_strain(void **unused)
{
    double larger[2][2];
    size_t n = 0;
    (void)unused;

    turned(square, 0.0, sqrt(5.0), larger);
    cand_coincidence *c = find(square, (const double (*)[2])larger, 46.0, 0.02, &n);
    assert_int_equal(n, 1);
    assert_int_equal(c->n_first, 5);
    assert_int_equal(c->n_second, 1);
    assert_close(c->norm, 0.0, 1e-12);
    assert_close(fabs(c->twist_deg), atan(0.5) * 180.0 / DFT_PI, 1e-6);
    assert_close(c->area, 45.0, 1e-10);
    free(c);
}

/* Graphene on itself: sqrt 7 x sqrt 7, 21.787 degrees (or 38.213, the same by symmetry), is the
 * smallest unstrained twist; the second lattice may be given turned by any angle. */
static void twisted_bilayers_have_their_known_angle(void **unused)
{
    static const double hexagonal[2][2] = { { 2.46, 0.0 }, { -1.23, 2.46 * 0.86602540378443865 } };
    const double cell = 2.46 * 2.46 * 0.86602540378443865;
    double other[2][2];
    size_t n = 0, n_seven = 0;
    (void)unused;

    turned(hexagonal, 0.0, 1.0, other);
    cand_coincidence *c = find(hexagonal, (const double (*)[2])other, 7.0 * cell, 1e-6, &n);
    for (size_t i = 0; i < n; i++)
        if (fabs(c[i].twist_deg) > 1e-3) {
            assert_int_equal(c[i].n_first, 7);
            assert_close(fabs(c[i].twist_deg), 21.786789298261812, 1e-6);
            n_seven++;
        }
    assert_int_equal(n_seven, 1);
    free(c);
}

/* e along x and -e/2 along y come back as the principal strains needed to undo them. */
static void strain_is_what_the_second_bears(void **unused)
{
    const double stretched[2][2] = { { 3.0 / 1.02, 0.0 }, { 0.0, 3.0 / 0.99 } };
    double other[2][2];
    size_t n = 0;
    (void)unused;

    turned(stretched, 17.0, 1.0, other);
    cand_coincidence *c = find(square, (const double (*)[2])other, 9.5, 0.05, &n);
    assert_true(n >= 1);
    assert_close(c[0].principal[0], 0.02, 1e-12);
    assert_close(c[0].principal[1], -0.01, 1e-12);
    assert_close(c[0].norm, hypot(0.02, 0.01), 1e-12);
    free(c);
}

static double norm_of(const double u[2][2], const double v[2][2])
{
    const double det = v[0][0] * v[1][1] - v[0][1] * v[1][0];
    double f[2][2], g[2][2];

    for (int r = 0; r < 2; r++) {
        f[r][0] = (u[0][r] * v[1][1] - u[1][r] * v[0][1]) / det;
        f[r][1] = (u[1][r] * v[0][0] - u[0][r] * v[1][0]) / det;
    }
    for (int i = 0; i < 2; i++)     /* F^T F, its eigenvalues */
        for (int j = 0; j < 2; j++)
            g[i][j] = f[0][i] * f[0][j] + f[1][i] * f[1][j];
    const double mean = 0.5 * (g[0][0] + g[1][1]);
    const double half = hypot(0.5 * (g[0][0] - g[1][1]), g[0][1]);
    return hypot(sqrt(mean + half) - 1.0, sqrt(fmax(mean - half, 0.0)) - 1.0);
}

#define REACH 5
#define SIDE (2 * REACH + 1)
#define MOST_MATRICES 8000

/* All integer matrices of determinant 1 to 4 with entries -5..5. */
static size_t list_matrices(int (*m)[2][2])
{
    size_t n = 0;

    for (int k = 0; k < SIDE * SIDE * SIDE * SIDE; k++) {
        const int e[4] = { k % SIDE - REACH, k / SIDE % SIDE - REACH, k / SIDE / SIDE % SIDE - REACH,
                           k / SIDE / SIDE / SIDE - REACH };
        const int det = e[0] * e[3] - e[1] * e[2];
        if (det < 1 || det > 4)
            continue;
        assert_true(n < MOST_MATRICES);
        memcpy(m[n++], e, sizeof e);
    }
    return n;
}

static int det_of(const int m[2][2])
{
    return m[0][0] * m[1][1] - m[0][1] * m[1][0];
}

/* For every pair of indices with a match the least strain is the same (strains within 1e-6 are one
 * entry, whichever came first), except that multiples of a smaller cell are not listed again. */
static void brute_force_finds_the_same_least_strains(void **unused)
{
    static const double a[2][2] = { { 2.56, 0.0 }, { -1.28, 2.217 } };      /* Cu(111) */
    static const double b[2][2] = { { 2.48, 0.0 }, { -0.83, 2.86 } };       /* an oblique one */
    int (*m)[2][2] = calloc(MOST_MATRICES, sizeof *m);
    const size_t n_matrices = list_matrices(m);
    double best[5][5], found[5][5];
    size_t n = 0;
    (void)unused;

    for (int i = 0; i < 25; i++)
        best[i / 5][i % 5] = found[i / 5][i % 5] = HUGE_VAL;
    for (size_t k = 0; k < n_matrices; k++) {
        double u[2][2], v[2][2];
        const double edge = 12.0;           /* reduced cells of index 4 have no longer edge */
        for (int i = 0; i < 2; i++)
            for (int c = 0; c < 2; c++)
                u[i][c] = m[k][i][0] * a[0][c] + m[k][i][1] * a[1][c];
        if (hypot(u[0][0], u[0][1]) > edge || hypot(u[1][0], u[1][1]) > edge)
            continue;
        for (size_t l = 0; l < n_matrices; l++) {
            for (int i = 0; i < 2; i++)
                for (int c = 0; c < 2; c++)
                    v[i][c] = m[l][i][0] * b[0][c] + m[l][i][1] * b[1][c];
            double *least = &best[det_of((const int (*)[2])m[k])][det_of((const int (*)[2])m[l])];
            *least = fmin(*least, norm_of((const double (*)[2])u, (const double (*)[2])v));
        }
    }
    free(m);
    cand_coincidence *c = find(a, b, 4.0 * 2.56 * 2.217 + 0.01, 0.2, &n);
    for (size_t i = 0; i < n; i++)
        for (int k = 1; k * c[i].n_first < 5 && k * c[i].n_second < 5; k++) {
            double *least = &found[k * c[i].n_first][k * c[i].n_second];
            *least = fmin(*least, c[i].norm);
        }
    for (int i = 1; i < 5; i++)
        for (int j = 1; j < 5; j++)
            if (best[i][j] <= 0.2)
                assert_close(found[i][j], best[i][j], 2e-6);
    free(c);
}

/* A match of 1x1 is not listed again as 2x1. */
static void multiples_of_a_cell_are_not_listed(void **unused)
{
    size_t n = 0;
    (void)unused;

    cand_coincidence *c = find(square, square, 80.0, 1e-6, &n);
    for (size_t i = 0; i < n; i++)
        assert_true(c[i].n_first == 1 || fabs(c[i].twist_deg) > 1.0);
    free(c);
}

static void entries_are_ranked_and_within_the_limits(void **unused)
{
    static const double b[2][2] = { { 2.48, 0.0 }, { -0.83, 2.86 } };
    const cand_coincidence_options options = { 150.0, 0.04, 10 };
    cand_coincidence *c = NULL;
    size_t n = 0;
    (void)unused;

    assert_int_equal(cand_coincidence_find(square, b, &options, &c, &n, NULL), DFT_OK);
    assert_int_equal(n, 10);
    for (size_t i = 0; i < n; i++) {
        assert_true(c[i].norm <= 0.04 && c[i].area <= 150.0);
        if (i)
            assert_true(c[i].norm / 0.04 + c[i].area / 150.0
                        >= c[i - 1].norm / 0.04 + c[i - 1].area / 150.0 - 1e-5);
    }
    free(c);
}

static void impossible_limits_are_refused(void **unused)
{
    static const double flat[2][2] = { { 1.0, 0.0 }, { 2.0, 0.0 } };
    const cand_coincidence_options good = { 50.0, 0.05, 0 }, none = { 50.0, 0.0, 0 };
    cand_coincidence *c = NULL;
    size_t n = 1;
    dft_error err;
    dft_status status = DFT_ENOMEM;
    (void)unused;

    assert_int_equal(cand_coincidence_find(square, flat, &good, &c, &n, &err), DFT_EINPUT);
    assert_int_equal(cand_coincidence_find(square, square, &none, &c, &n, &err), DFT_EINPUT);
    assert_non_null(strstr(err.message, "largest strain 0"));
    assert_null(c);
    for (long k = 1; status != DFT_OK; k++) {
        assert_true(k < 20);
        dft_alloc_refuse_nth(k);
        status = cand_coincidence_find(square, square, &good, &c, &n, NULL);
        dft_alloc_refuse_nth(0);
        assert_true(status == DFT_OK || (status == DFT_ENOMEM && !c));
    }
    free(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_lattice_coincides_with_itself_at_once),
        cmocka_unit_test(root_five_is_found_without_strain),
        cmocka_unit_test(twisted_bilayers_have_their_known_angle),
        cmocka_unit_test(strain_is_what_the_second_bears),
        cmocka_unit_test(brute_force_finds_the_same_least_strains),
        cmocka_unit_test(multiples_of_a_cell_are_not_listed),
        cmocka_unit_test(entries_are_ranked_and_within_the_limits),
        cmocka_unit_test(impossible_limits_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
