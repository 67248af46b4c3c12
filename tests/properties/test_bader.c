#include "dft-lite/properties/bader.h"

#include <stdlib.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/units.h"
#include "tests/support/assert_close.h"

#define PEAKS 2

typedef struct {
    double lattice[3][3];
    int n[3];
    double peak[PEAKS][3];              /* fractional */
} model;

/* Two maxima on the axis of the first vector, at 0 and x; the cell leans. */
static model model_create(int points, double x, double lean)
{
    return (model){ { { 8.0, 0, 0 }, { lean, 6.0, 0 }, { 0.3 * lean, 0.2 * lean, 6.0 } },
                    { points, points * 3 / 4, points * 3 / 4 + 1 }, { { 0, 0, 0 }, { x, 0, 0 } } };
}

/* The product form cos(2 pi x) + c cos(4 pi x) + ...: with x = 1/2 its dividing planes are
 * known. */
static double density_at(double x, double y, double z, double unequal)
{
    return 3.0 + cos(4.0 * DFT_PI * x) + unequal * cos(2.0 * DFT_PI * x)
         + 0.5 * cos(2.0 * DFT_PI * y) + 0.5 * cos(2.0 * DFT_PI * z);
}

static double *density(const model *m, double unequal)
{
    double *f = dft_alloc_doubles((size_t)(m->n[0] * m->n[1] * m->n[2]));

    for (int i = 0; i < m->n[0] * m->n[1] * m->n[2]; i++)
        f[i] = density_at((double)(i / (m->n[1] * m->n[2])) / m->n[0],
                          (double)(i / m->n[2] % m->n[1]) / m->n[1],
                              (double)(i % m->n[2]) / m->n[2],
                          unequal);
    return f;
}

/* Owner 0 near the origin's plane, owner 1 near the middle. */
static size_t by_first_axis(size_t point, const void *context)
{
    const model *m = context;
    const double x = (double)(point / (size_t)(m->n[1] * m->n[2])) / m->n[0];

    return x > 0.25 && x < 0.75;
}

static dft_bader *divide(const model *m, const double *f)
{
    dft_bader *bader = NULL;

    assert_int_equal(dft_bader_create(m->lattice, m->n, f, 2, by_first_axis, m, &bader, NULL),
                     DFT_OK);
    return bader;
}

/* d/dx [cos 4 pi x + u cos 2 pi x] = 0 between the maxima at cos 2 pi x = -u/4. In an orthogonal
 * cell the dividing surfaces are these planes.  The error is second order in the spacing, about
 * 1.1/n^2. */
static double fraction_error(int points)
{
    const double unequal = 0.9;
    const model m = model_create(points, 0.5, 0.0);
    double *f = density(&m, unequal), *one = dft_alloc_doubles((size_t)(m.n[0] * m.n[1] * m.n[2]));
    dft_bader *bader = divide(&m, f);
    const size_t n = bader->n_points;
    double sum[2];

    for (size_t i = 0; i < n; i++)
        one[i] = 1.0 / (double)n;
    dft_bader_sum(bader, one, sum);
    assert_close(sum[0] + sum[1], 1.0, 1e-12);
    dft_bader_free(bader);
    free(f);
    free(one);
    return fabs(sum[0] - 2.0 * acos(-0.25 * unequal) / (2.0 * DFT_PI));
}

static void basins_end_where_the_density_is_least(void **unused)
{
    (void)unused;
    for (int points = 16; points < 60; points += 9)
        assert_true(fraction_error(points) < 1.5 / (points * points));
}

/* Two equal maxima share alike in any cell, leaning ones too: nothing prefers a direction of the
 * grid. */
static void equal_maxima_get_equal_shares(void **unused)
{
    (void)unused;
    for (double lean = -5.0; lean < 5.1; lean += 2.5) {
        const model m = model_create(20, 0.5, lean);
        double *f = density(&m, 0.0), sum[2];
        dft_bader *bader = divide(&m, f);
        dft_bader_sum(bader, f, sum);
        assert_close(sum[0] / (sum[0] + sum[1]), 0.5, 1e-9);
        dft_bader_free(bader);
        free(f);
    }
}

static void the_weights_of_every_point_add_up_to_one(void **unused)
{
    const model m = model_create(18, 0.5, 2.0);
    double *f = density(&m, 0.4);
    dft_bader *bader = divide(&m, f);
    size_t shared = 0;
    (void)unused;

    for (size_t i = 0; i < bader->n_points; i++) {
        const double w0 = dft_bader_weight(bader, i, 0), w1 = dft_bader_weight(bader, i, 1);
        assert_close(w0 + w1, 1.0, 1e-12);
        assert_true(w0 >= 0.0 && w1 >= 0.0);
        shared += w0 > 0.0 && w1 > 0.0;
    }
    assert_int_equal(shared, bader->n_rows);
    assert_true(shared > 0);
    dft_bader_free(bader);
    free(f);
}

/* Flat everywhere: each point is a maximum of its own, and goes where it is told. */
static void a_flat_density_is_divided_by_the_owners_alone(void **unused)
{
    const model m = model_create(8, 0.5, 0.0);
    double *f = density(&m, 0.0), sum[2];
    (void)unused;

    for (int i = 0; i < m.n[0] * m.n[1] * m.n[2]; i++)
        f[i] = 1.0;
    dft_bader *bader = divide(&m, f);
    dft_bader_sum(bader, f, sum);
    assert_close(sum[0], 5.0 * 6 * 7, 0.0);
    assert_close(sum[1], 3.0 * 6 * 7, 0.0);
    dft_bader_free(bader);
    free(f);
}

static void refused_memory_is_reported_and_leaves_nothing(void **unused)
{
    const model m = model_create(16, 0.5, 1.0);
    double *f = density(&m, 0.3);
    dft_bader *bader = NULL;
    int refused = 0;
    (void)unused;

    for (long nth = 1; nth <= 40; nth++) {
        dft_alloc_refuse_nth(nth);
        const dft_status status = dft_bader_create(m.lattice, m.n, f, 2, by_first_axis, &m, &bader,
                                                   NULL);
        dft_alloc_refuse_nth(0);
        assert_true(status == DFT_OK || (status == DFT_ENOMEM && !bader));
        refused += status != DFT_OK;
        dft_bader_free(bader);
    }
    assert_true(refused >= 8);
    free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(basins_end_where_the_density_is_least),
        cmocka_unit_test(equal_maxima_get_equal_shares),
        cmocka_unit_test(the_weights_of_every_point_add_up_to_one),
        cmocka_unit_test(a_flat_density_is_divided_by_the_owners_alone),
        cmocka_unit_test(refused_memory_is_reported_and_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
