#include "workflows/band.h"

#include <stdlib.h>

#include "tests/support/assert_close.h"

/* Three images of one atom around a corner: (-1,0), (0,0), (0,2). */
static flow_path *corner(void)
{
    static const double lattice[3][3] = { { 50, 0, 0 }, { 0, 50, 0 }, { 0, 0, 50 } };
    flow_path *path = NULL;

    assert_int_equal(flow_path_alloc(lattice, 1, (const int[]){ 1 }, 3, &path, NULL), DFT_OK);
    path->r[0][0] = -1.0;
    path->r[2][1] = 2.0;
    return path;
}

static void expect_tangent(const double energy[3], double x, double y)
{
    flow_path *path = corner();
    double t[1][3];

    flow_band_tangent(path, energy, 1, t);
    assert_close(t[0][0], x / hypot(x, y), 1e-14);
    assert_close(t[0][1], y / hypot(x, y), 1e-14);
    assert_close(t[0][2], 0.0, 0.0);
    flow_path_free(path);
}

/* Henkelman & Jonsson 2000: on a slope the way to the higher neighbour; at extrema both ways, the
 * larger energy difference weighing on the side of the higher neighbour. */
static void tangents_point_to_the_higher_neighbour(void **unused)
{
    (void)unused;
    expect_tangent((const double[]){ 0.0, 1.0, 2.0 }, 0.0, 2.0);
    expect_tangent((const double[]){ 2.0, 1.0, 0.0 }, 1.0, 0.0);
    expect_tangent((const double[]){ 0.0, 3.0, 1.0 }, 2.0 * 1.0, 3.0 * 2.0);    /* maximum: next 3, previous 2 */
    expect_tangent((const double[]){ 1.0, 3.0, 0.0 }, 3.0 * 1.0, 2.0 * 2.0);
    expect_tangent((const double[]){ 3.0, 0.0, 1.0 }, 3.0 * 1.0, 1.0 * 2.0);    /* minimum */
    expect_tangent((const double[]){ 1.0, 1.0, 1.0 }, 1.0, 2.0);
}

/* Tangent along y; force (3, 4): across it 3; springs 2 (2 - 1) along it. */
static void forces_are_across_and_springs_along_the_tangent(void **unused)
{
    flow_path *path = corner();
    const double t[1][3] = { { 0.0, 1.0, 0.0 } };
    double force[1][3] = { { 3.0, 4.0, 0.0 } };
    (void)unused;

    assert_close(flow_band_force(path, 1, t, 2.0, 0, force), 3.0, 1e-14);
    assert_close(force[0][0], 3.0, 1e-14);
    assert_close(force[0][1], 2.0, 1e-14);
    flow_path_free(path);
}

/* Climbing: the component along the path is reversed, no spring, and all of the force counts. */
static void climbing_images_feel_the_force_along_the_path_reversed(void **unused)
{
    flow_path *path = corner();
    const double t[1][3] = { { 0.0, 1.0, 0.0 } };
    double force[1][3] = { { 3.0, 4.0, 0.0 } };
    (void)unused;

    assert_close(flow_band_force(path, 1, t, 2.0, 1, force), 5.0, 1e-14);
    assert_close(force[0][0], 3.0, 1e-14);
    assert_close(force[0][1], -4.0, 1e-14);
    flow_path_free(path);
}

static void the_largest_force_is_that_of_one_atom(void **unused)
{
    const double force[2][3] = { { 3.0, 4.0, 0.0 }, { 0.0, 0.0, 4.5 } };
    (void)unused;

    assert_close(flow_largest_force(2, force), 5.0, 1e-14);
    assert_close(flow_dot(2, force, force), 45.25, 1e-13);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tangents_point_to_the_higher_neighbour),
        cmocka_unit_test(forces_are_across_and_springs_along_the_tangent),
        cmocka_unit_test(climbing_images_feel_the_force_along_the_path_reversed),
        cmocka_unit_test(the_largest_force_is_that_of_one_atom),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
