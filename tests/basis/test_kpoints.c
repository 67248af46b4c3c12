#include "dft-lite/basis/kpoints.h"

#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/units.h"
#include "tests/support/assert_close.h"

static const double fcc_lattice[3][3] = { { 0, 3.8, 3.8 }, { 3.8, 0, 3.8 }, { 3.8, 3.8, 0 } };
static const double hex_lattice[3][3] = { { 6, 0, 0 }, { -3, 5.196152422706632, 0 }, { 0, 0, 9.6 } };
static const double triclinic_lattice[3][3] = { { 6, 0.3, 0 }, { 0.7, 7, 0.5 }, { 1.1, 0.2, 8.3 } };

static dft_symmetry *symmetry_of(const double lattice[3][3], size_t n, const double (*x)[3],
                                 const int *z)
{
    dft_crystal *crystal = NULL;
    dft_symmetry *symmetry = NULL;

    assert_int_equal(dft_crystal_create(lattice, n, z, x, &crystal, NULL), DFT_OK);
    assert_int_equal(dft_symmetry_create(crystal, 1e-4, &symmetry, NULL), DFT_OK);
    dft_crystal_free(crystal);
    return symmetry;
}

static dft_symmetry *fcc(void)
{
    return symmetry_of(fcc_lattice, 1, (const double[][3]){ { 0, 0, 0 } }, (int[]){ 13 });
}

static dft_symmetry *hcp(void)
{
    const double x[2][3] = { { 1.0 / 3, 2.0 / 3, 0.25 }, { 2.0 / 3, 1.0 / 3, 0.75 } };
    return symmetry_of(hex_lattice, 2, x, (int[]){ 12, 12 });
}

/* Two species at generic places: the identity alone. */
static dft_symmetry *triclinic(void)
{
    const double x[3][3] = { { 0, 0, 0 }, { 0.31, 0.42, 0.17 }, { 0.73, 0.12, 0.61 } };
    return symmetry_of(triclinic_lattice, 3, x, (int[]){ 3, 8, 13 });
}

static dft_kpoints *mesh_of(const dft_symmetry *symmetry, int n1, int n2, int n3, int shift,
                            int time_reversal)
{
    const int mesh[3] = { n1, n2, n3 }, shifts[3] = { shift, shift, shift };
    dft_kpoints *k = NULL;
    assert_int_equal(dft_kpoints_create(symmetry, mesh, shifts, time_reversal, &k, NULL), DFT_OK);
    return k;
}

static void check_count(dft_symmetry *symmetry, int n1, int n2, int n3, int shift,
                        int time_reversal, size_t n_k)
{
    dft_kpoints *k = mesh_of(symmetry, n1, n2, n3, shift, time_reversal);
    double sum = 0.0;

    assert_int_equal(k->n_k, n_k);
    for (size_t i = 0; i < k->n_k; i++) {
        sum += k->weight[i];
        for (int j = 0; j < 3; j++)
            assert_true(k->k[i][j] > -0.5 && k->k[i][j] <= 0.5);
    }
    assert_close(sum, 1.0, 1e-14);                  /* rounding of at most 1000 terms */
    dft_kpoints_free(k);
    dft_symmetry_free(symmetry);
}

/* 29 and 72: GPAW's counts for fcc Al, Cu and Ag; 60 and 10 are Chadi and Cohen's special points
 * of the fcc zone, PRB 8, 5747 (1973), here 8x8x8 and 4x4x4 shifted along all three reciprocal
 * vectors. */
/* A density summed over a mesh has only those rotations that map the mesh onto itself; averaging it over
 * others moved F of a 3x2x1 cell by 9 meV. */
static void operations_that_a_mesh_breaks_are_told_apart(void **unused)
{
    const dft_symop swap = { { { 0, 1, 0 }, { 1, 0, 0 }, { 0, 0, 1 } }, { 0, 0, 0 } };
    const dft_symop mirror = { { { -1, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 } }, { 0, 0, 0 } };
    (void)unused;

    assert_true(dft_kpoints_keeps(&swap, &(dft_kpoints_grid){ { 3, 3, 1 }, { 0, 0, 0 } }));
    assert_false(dft_kpoints_keeps(&swap, &(dft_kpoints_grid){ { 3, 2, 1 }, { 0, 0, 0 } }));
    assert_false(dft_kpoints_keeps(&swap, &(dft_kpoints_grid){ { 3, 3, 1 }, { 1, 0, 0 } }));
    assert_true(dft_kpoints_keeps(&mirror, &(dft_kpoints_grid){ { 3, 2, 1 }, { 1, 0, 0 } }));
}

static void meshes_reduce_to_known_numbers_of_points(void **unused)
{
    (void)unused;
    check_count(fcc(), 8, 8, 8, 0, 1, 29);
    check_count(fcc(), 4, 4, 4, 0, 1, 8);
    check_count(fcc(), 8, 8, 8, 1, 1, 60);
    check_count(fcc(), 4, 4, 4, 1, 1, 10);
    check_count(fcc(), 12, 12, 12, 0, 1, 72);
    check_count(fcc(), 1, 1, 1, 0, 1, 1);
    check_count(hcp(), 12, 12, 1, 0, 1, 19);        /* GPAW's count for the Al(111) slabs */
}

static int is_symmorphic(const dft_symop *op, const void *context)
{
    (void)context;
    return op->translation[0] == 0.0 && op->translation[1] == 0.0 && op->translation[2] == 0.0;
}

/* Wurtzite on 4x4x3: GPAW uses the six operations without translation (3m) and finds 9 points; the
 * screw axis and glides join (1/4, 0, 1/3) and (1/4, 0, -1/3), which leaves 8. */
static void operations_with_translations_join_points_of_wurtzite(void **unused)
{
    const double x[4][3] = { { 1.0 / 3, 2.0 / 3, 0.0 }, { 2.0 / 3, 1.0 / 3, 0.5 },
                             { 1.0 / 3, 2.0 / 3, 0.379 }, { 2.0 / 3, 1.0 / 3, 0.879 } };
    const int z[4] = { 30, 30, 8, 8 };
    dft_symmetry *symmorphic = symmetry_of(hex_lattice, 4, x, z);
    (void)unused;

    check_count(symmetry_of(hex_lattice, 4, x, z), 4, 4, 3, 0, 1, 8);
    dft_symmetry_keep(symmorphic, is_symmorphic, NULL);
    assert_int_equal(symmorphic->n_ops, 6);
    check_count(symmorphic, 4, 4, 3, 0, 1, 9);
}

/* Hexagonal 6 x 6 under 6mm, by hand: Gamma, M, K, two on Gamma-M, one on Gamma-K, one on K-M; with
 * four heights along c, three of them distinct. */
static void hexagonal_plane_has_the_points_counted_by_hand(void **unused)
{
    (void)unused;
    check_count(hcp(), 6, 6, 1, 0, 1, 7);
    check_count(hcp(), 6, 6, 4, 0, 1, 21);
}

/* 4x4x4 has 8 points equal to their own negative: 8 + 56/2 = 36; shifted none: 32; without time
 * reversal all 64. */
static void triclinic_mesh_is_halved_by_time_reversal_only(void **unused)
{
    (void)unused;
    check_count(triclinic(), 4, 4, 4, 0, 1, 36);
    check_count(triclinic(), 4, 4, 4, 1, 1, 32);
    check_count(triclinic(), 4, 4, 4, 0, 0, 64);
    check_count(triclinic(), 3, 5, 2, 0, 1, 16);    /* own negatives: 1x1x2; 2 + 28/2 */
}

/* A function with the lattice's full symmetry: cosines over whole stars of lattice vectors. */
static double star_sum(const double lattice[3][3], const double k[3], double radius)
{
    double sum = 0.0;

    for (int a = -4; a <= 4; a++)
        for (int b = -4; b <= 4; b++)
            for (int c = -4; c <= 4; c++) {
                const double n[3] = { a, b, c };
                double r[3];
                dft_crystal_cartesian(lattice, n, r);
                const double length = sqrt(r[0] * r[0] + r[1] * r[1] + r[2] * r[2]);
                if (length < radius)
                    sum += exp(-0.1 * length) * cos(2 * DFT_PI * (k[0] * a + k[1] * b + k[2] * c));
            }
    return sum;
}

/* Sum over all points against the weighted sum over the irreducible ones.  1e-11: rounding of up to
 * 500 points x 200 cosines. */
static void check_sum(dft_symmetry *symmetry, const double lattice[3][3], const int n[3], int shift)
{
    dft_kpoints *k = mesh_of(symmetry, n[0], n[1], n[2], shift, 1);
    double full = 0.0, reduced = 0.0;

    for (int a = 0; a < n[0]; a++)
        for (int b = 0; b < n[1]; b++)
            for (int c = 0; c < n[2]; c++) {
                const double point[3] = { (a + 0.5 * shift) / n[0], (b + 0.5 * shift) / n[1],
                                          (c + 0.5 * shift) / n[2] };
                full += star_sum(lattice, point, 13.0) / (n[0] * n[1] * n[2]);
            }
    for (size_t i = 0; i < k->n_k; i++)
        reduced += k->weight[i] * star_sum(lattice, (const double *)k->k[i], 13.0);
    assert_true(k->n_k < (size_t)(n[0] * n[1] * n[2]));
    assert_close(reduced, full, 1e-11);
    dft_kpoints_free(k);
    dft_symmetry_free(symmetry);
}

static void weighted_sum_equals_sum_over_the_full_mesh(void **unused)
{
    (void)unused;
    check_sum(fcc(), fcc_lattice, (int[]){ 6, 6, 6 }, 0);
    check_sum(fcc(), fcc_lattice, (int[]){ 6, 6, 6 }, 1);
    check_sum(hcp(), hex_lattice, (int[]){ 5, 5, 3 }, 0);
    check_sum(hcp(), hex_lattice, (int[]){ 4, 4, 3 }, 1);
    check_sum(fcc(), fcc_lattice, (int[]){ 4, 3, 2 }, 0);       /* breaks most of the 48 */
    check_sum(hcp(), hex_lattice, (int[]){ 4, 2, 3 }, 1);
    check_sum(triclinic(), triclinic_lattice, (int[]){ 3, 3, 4 }, 0);
}

/* 4x4x3 on fcc singles out b3, a [111] direction (3m), and the plane of b1 and b2, which its
 * threefold axis does not keep: of Oh the 2/m that may swap b1 and b2 is left, so orbit lengths
 * divide 4. */
static void operations_that_break_the_mesh_are_not_used(void **unused)
{
    dft_symmetry *symmetry = fcc();
    dft_kpoints *k = mesh_of(symmetry, 4, 4, 3, 0, 1);
    (void)unused;

    for (size_t i = 0; i < k->n_k; i++)         /* orbits of the kept group divide its order */
        assert_int_equal(4 % (int)lround(k->weight[i] * 48.0), 0);
    assert_true(k->n_k >= 48 / 4);
    dft_kpoints_free(k);
    dft_symmetry_free(symmetry);
}

static void refused(const int mesh[3], const int shift[3], const char *word)
{
    dft_symmetry *symmetry = fcc();
    dft_kpoints *k = NULL;
    dft_error err;

    assert_int_equal(dft_kpoints_create(symmetry, mesh, shift, 1, &k, &err), DFT_EINPUT);
    assert_null(k);
    assert_non_null(strstr(err.message, word));
    dft_symmetry_free(symmetry);
}

static void impossible_meshes_are_refused_with_a_sentence(void **unused)
{
    (void)unused;
    refused((int[]){ 4, 0, 4 }, (int[]){ 0, 0, 0 }, "4x0x4");
    refused((int[]){ 4, 4, -1 }, (int[]){ 0, 0, 0 }, "at least 1");
    refused((int[]){ 4, 4, 4 }, (int[]){ 0, 2, 0 }, "0,2,0");
    refused((int[]){ 2000000000, 2000000000, 2000000000 }, (int[]){ 0, 0, 0 }, "coarser");
}

static void each_refused_allocation_is_reported(void **unused)
{
    dft_symmetry *symmetry = fcc();
    const int mesh[3] = { 4, 4, 4 }, shift[3] = { 0, 0, 0 };
    (void)unused;

    for (long n = 1; n <= 7; n++) {
        dft_kpoints *k = NULL;
        dft_alloc_refuse_nth(n);
        const dft_status status = dft_kpoints_create(symmetry, mesh, shift, 1, &k, NULL);
        dft_alloc_refuse_nth(0);
        assert_int_equal(status, n <= 6 ? DFT_ENOMEM : DFT_OK);
        assert_int_equal(k == NULL, n <= 6);
        dft_kpoints_free(k);
    }
    dft_symmetry_free(symmetry);
}

/* |b_i| of fcc with a = 7.6 is 2 pi sqrt(3)/7.6 = 1.4319 per bohr. */
static void mesh_for_a_spacing_is_the_smallest_that_meets_it(void **unused)
{
    const double b = 2 * DFT_PI * sqrt(3.0) / 7.6;
    const int bulk[3] = { 0, 0, 0 }, slab[3] = { 0, 0, 1 };
    int mesh[3];
    (void)unused;

    dft_kpoints_mesh_for_spacing(fcc_lattice, b / 7.5, bulk, mesh);
    assert_int_equal(mesh[0], 8);
    assert_int_equal(mesh[1], 8);
    assert_int_equal(mesh[2], 8);
    dft_kpoints_mesh_for_spacing(fcc_lattice, b / 8.0, slab, mesh);
    assert_int_equal(mesh[0], 8);
    assert_int_equal(mesh[2], 1);
    dft_kpoints_mesh_for_spacing(fcc_lattice, 100.0, bulk, mesh);
    assert_int_equal(mesh[1], 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(operations_that_a_mesh_breaks_are_told_apart),
        cmocka_unit_test(meshes_reduce_to_known_numbers_of_points),
        cmocka_unit_test(operations_with_translations_join_points_of_wurtzite),
        cmocka_unit_test(hexagonal_plane_has_the_points_counted_by_hand),
        cmocka_unit_test(triclinic_mesh_is_halved_by_time_reversal_only),
        cmocka_unit_test(weighted_sum_equals_sum_over_the_full_mesh),
        cmocka_unit_test(operations_that_break_the_mesh_are_not_used),
        cmocka_unit_test(impossible_meshes_are_refused_with_a_sentence),
        cmocka_unit_test(each_refused_allocation_is_reported),
        cmocka_unit_test(mesh_for_a_spacing_is_the_smallest_that_meets_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
