#include "dft-lite/basis/orbits.h"

#include <stdlib.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/basis/basis.h"
#include "tests/basis/crystals.h"

/* Where the operation takes a grid point, by way of fractional coordinates. */
static size_t moved(const dft_symop *op, const int n[3], const int i[3])
{
    size_t index = 0;

    for (int a = 0; a < 3; a++) {
        double x = op->translation[a];
        for (int b = 0; b < 3; b++)
            x += op->rotation[a][b] * (double)i[b] / n[b];
        const int k = (int)lround((x - floor(x)) * n[a]) % n[a];
        index = index * (size_t)n[a] + (size_t)k;
    }
    return index;
}

/* Equivalent points share an orbit; and there are as many orbits as Burnside's lemma says: the mean
 * over operations of the number of points they leave alone. */
static void check_orbits(dft_crystal *crystal)
{
    dft_symmetry *symmetry = test_symmetry(crystal);
    dft_basis *basis = NULL;
    dft_orbits *orbits = NULL;
    size_t n_fixed = 0, n_points = 0;

    assert_int_equal(dft_basis_create(crystal, 0.6, symmetry, &basis, NULL), DFT_OK);
    const int *n = basis->n_xc;
    assert_int_equal(dft_orbits_create(n, symmetry, &orbits, NULL), DFT_OK);
    size_t *count = dft_alloc_sizes(orbits->n_orbits);
    for (int i1 = 0; i1 < n[0]; i1++)
        for (int i2 = 0; i2 < n[1]; i2++)
            for (int i3 = 0; i3 < n[2]; i3++, n_points++) {
                count[orbits->orbit[n_points]]++;
                for (size_t op = 0; op < symmetry->n_ops; op++) {
                    const size_t to = moved(&symmetry->op[op], n, (const int[3]){ i1, i2, i3 });
                    assert_int_equal(orbits->orbit[to], orbits->orbit[n_points]);
                    n_fixed += to == n_points;
                }
            }
    assert_int_equal(n_points, orbits->n_points);
    assert_int_equal(orbits->n_orbits * symmetry->n_ops, n_fixed);
    for (size_t o = 0; o < orbits->n_orbits; o++) {
        assert_int_equal(orbits->size[o], count[o]);
        assert_int_equal(orbits->orbit[orbits->point[o]], o);
    }
    free(count);
    dft_orbits_free(orbits);
    dft_basis_free(basis);
    dft_symmetry_free(symmetry);
    dft_crystal_free(crystal);
}

static void equivalent_points_share_an_orbit(void **unused)
{
    (void)unused;
    check_orbits(test_fcc(13, 4.04, (double[3]){ 0, 0, 0 }));
    check_orbits(test_diamond(14, 5.43));
    check_orbits(test_hcp(12, 3.19, 5.2));
    check_orbits(test_wurtzite(30, 8, 3.25, 5.2, 0.382));
    check_orbits(test_triclinic(3));
}

static void each_refused_allocation_is_reported(void **unused)
{
    const int n[3] = { 6, 6, 6 };
    dft_crystal *crystal = test_bcc(3, 3.44);
    dft_symmetry *symmetry = test_symmetry(crystal);
    dft_orbits *orbits = NULL;
    long i = 1;
    (void)unused;

    for (dft_alloc_refuse_nth(i); dft_orbits_create(n, symmetry, &orbits, NULL) != DFT_OK;
         dft_alloc_refuse_nth(++i))
        assert_null(orbits);
    dft_alloc_refuse_nth(0);
    assert_int_equal(i, 6);             /* five arrays, then success */
    dft_orbits_free(orbits);
    dft_symmetry_free(symmetry);
    dft_crystal_free(crystal);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equivalent_points_share_an_orbit),
        cmocka_unit_test(each_refused_allocation_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
