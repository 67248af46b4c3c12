#include "candidates/voronoi.h"

#include "tests/candidates/shapes.h"

static double area_of(const cand_voronoi_cell *cell)
{
    double twice = 0.0;
    for (size_t k = 0; k < cell->n_edges; k++) {
        const double *a = cell->vertex[k], *b = cell->vertex[(k + 1) % cell->n_edges];
        twice += a[0] * b[1] - a[1] * b[0];
    }
    return 0.5 * twice;
}

static void a_triangular_lattice_has_hexagons(void **unused)
{
    const double lattice[2][2] = { { 1.0, 0.0 }, { -0.5, sqrt(0.75) } }, point[1][2] = { { 0.2,
                                                                                           0.3 } };
    cand_voronoi_cell cell;
    (void)unused;

    assert_int_equal(cand_voronoi_compute(lattice, 1, point, 0, &cell, NULL), DFT_OK);
    assert_int_equal(cell.n_edges, 6);
    for (int k = 0; k < 6; k++) {
        assert_close(hypot(cell.vertex[k][0], cell.vertex[k][1]), sqrt(1.0 / 3.0), 1e-12);
        assert_close(hypot(cell.neighbour[k][0], cell.neighbour[k][1]), 1.0, 1e-12);
    }
}

/* The cells of all points tile the lattice cell, and every vertex is as far from its point as
 * from the neighbours of the two edges that meet there. */
static void cells_of_random_points_tile_the_plane(void **unused)
{
    unsigned seed = 2;
    (void)unused;

    for (int trial = 0; trial < 100; trial++) {
        const double lattice[2][2] = { { 1.0 + uniform(&seed), 0.0 },
                                       { -0.5 * uniform(&seed), 2.0 + uniform(&seed) } };
        double point[6][2], area = 0.0;

        for (int i = 0; i < 12; i++)
            point[i / 2][i % 2] = 5.0 * uniform(&seed);
        for (size_t i = 0; i < 6; i++) {
            cand_voronoi_cell cell;
            assert_int_equal(cand_voronoi_compute(lattice, 6, (const double (*)[2])point, i, &cell,
                                                  NULL),
                             DFT_OK);
            area += area_of(&cell);
            for (size_t k = 0; k < cell.n_edges; k++) {
                const double *v = cell.vertex[k], *n = cell.neighbour[k];
                assert_close(hypot(v[0], v[1]), hypot(v[0] - n[0], v[1] - n[1]), 1e-9);
            }
        }
        assert_close(area, lattice[0][0] * lattice[1][1], 1e-9);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_triangular_lattice_has_hexagons),
        cmocka_unit_test(cells_of_random_points_tile_the_plane),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
