#include "dft-lite/crystal/symmetry.h"

#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "tests/support/assert_close.h"

#define TOLERANCE 1e-4              /* bohr, as scf.h's default */

static dft_crystal *make(const double lattice[3][3], size_t n, const int *z, const double (*x)[3])
{
    dft_crystal *crystal = NULL;
    assert_int_equal(dft_crystal_create(lattice, n, z, x, &crystal, NULL), DFT_OK);
    return crystal;
}

static dft_crystal *al_fcc(void)
{
    const double h = 7.65 / 2.0, lattice[3][3] = { { 0, h, h }, { h, 0, h }, { h, h, 0 } };
    return make(lattice, 1, (int[]){ 13 }, (const double[][3]){ { 0, 0, 0 } });
}

static dft_crystal *hexagonal(double a, double c, size_t n, const int *z, const double (*x)[3])
{
    const double lattice[3][3] = { { a, 0, 0 }, { -a / 2, a * sqrt(3.0) / 2, 0 }, { 0, 0, c } };
    return make(lattice, n, z, x);
}

static dft_crystal *mg_hcp(void)
{
    const double x[2][3] = { { 1.0 / 3, 2.0 / 3, 0.25 }, { 2.0 / 3, 1.0 / 3, 0.75 } };
    return hexagonal(6.06, 9.84, 2, (int[]){ 12, 12 }, x);
}

static dft_crystal *zno_wurtzite(void)
{
    const double x[4][3] = { { 1.0 / 3, 2.0 / 3, 0.0 }, { 2.0 / 3, 1.0 / 3, 0.5 },
                             { 1.0 / 3, 2.0 / 3, 0.382 }, { 2.0 / 3, 1.0 / 3, 0.882 } };
    return hexagonal(6.14, 9.84, 4, (int[]){ 30, 30, 8, 8 }, x);
}

/* Three fcc (111) layers, ABC, symmetric about the middle one, with vacuum: P-3m1. */
static dft_crystal *al111_slab(void)
{
    const double x[3][3] = { { 0, 0, 0.4 }, { 1.0 / 3, 2.0 / 3, 0.5 }, { 2.0 / 3, 1.0 / 3, 0.6 } };
    return hexagonal(5.41, 44.2, 3, (int[]){ 13, 13, 13 }, x);
}

static dft_crystal *al_supercell(void)
{
    const double h = 7.65 / 2.0, lattice[3][3] = { { 0, h, h }, { h, 0, h }, { 2 * h, 2 * h, 0 } };
    return make(lattice, 2, (int[]){ 13, 13 }, (const double[][3]){ { 0, 0, 0 }, { 0, 0, 0.5 } });
}

static dft_symmetry *find(const dft_crystal *crystal)
{
    dft_symmetry *symmetry = NULL;
    assert_int_equal(dft_symmetry_create(crystal, TOLERANCE, &symmetry, NULL), DFT_OK);
    return symmetry;
}

static int is_identity(const dft_symop *op)
{
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++)
            if (op->rotation[i][j] != (i == j))
                return 0;
    return op->translation[0] == 0.0 && op->translation[1] == 0.0 && op->translation[2] == 0.0;
}

static void check_count(dft_crystal *crystal, size_t n_ops, int number, const char *symbol)
{
    dft_symmetry *symmetry = find(crystal);

    assert_int_equal(symmetry->n_ops, n_ops);
    assert_int_equal(symmetry->space_group_number, number);
    assert_string_equal(symmetry->space_group_symbol, symbol);
    assert_int_equal(symmetry->n_dropped, 0);
    assert_true(is_identity(&symmetry->op[0]));
    dft_symmetry_free(symmetry);
    dft_crystal_free(crystal);
}

/* Orders of the groups: International Tables A. */
static void known_crystals_have_their_groups(void **unused)
{
    (void)unused;
    check_count(al_fcc(), 48, 225, "Fm-3m");
    check_count(mg_hcp(), 24, 194, "P6_3/mmc");
    check_count(zno_wurtzite(), 12, 186, "P6_3mc");
    check_count(al111_slab(), 12, 164, "P-3m1");
}

/* Doubling along a3 halves the zone at b3/2, which is an L point of fcc: of the 48 rotations the
 * 12 of its little group D3d keep the new lattice, each with and without the pure translation a3. */
static void supercell_carries_its_pure_translation(void **unused)
{
    dft_crystal *crystal = al_supercell();
    dft_symmetry *symmetry = find(crystal);
    size_t n_pure = 0;
    (void)unused;

    for (size_t s = 0; s < symmetry->n_ops; s++) {
        dft_symop rotation_only = symmetry->op[s];
        memset(rotation_only.translation, 0, sizeof rotation_only.translation);
        if (!is_identity(&rotation_only))
            continue;
        n_pure++;
        if (s == 0)
            continue;
        assert_close(symmetry->op[s].translation[0], 0.0, 0.0);
        assert_close(symmetry->op[s].translation[1], 0.0, 0.0);
        assert_close(symmetry->op[s].translation[2], 0.5, 0.0);
        assert_int_equal(symmetry->atom_map[s * 2], 1);
        assert_int_equal(symmetry->atom_map[s * 2 + 1], 0);
    }
    assert_int_equal(n_pure, 2);
    assert_int_equal(symmetry->n_ops, 24);
    dft_symmetry_free(symmetry);
    dft_crystal_free(crystal);
}

/* 1e-14: rounding of nine products of order one. */
static void check_orthogonal(const dft_crystal *crystal, const dft_symmetry *symmetry)
{
    for (size_t s = 0; s < symmetry->n_ops; s++) {
        double r[3][3];
        dft_symop_cartesian(&symmetry->op[s], crystal->lattice, r);
        for (int i = 0; i < 3; i++)
            for (int j = 0; j < 3; j++)
                assert_close(r[i][0] * r[j][0] + r[i][1] * r[j][1] + r[i][2] * r[j][2], i == j,
                             1e-14);
    }
}

static int same_operation(const dft_symop *p, const int w[3][3], const double t[3])
{
    if (memcmp(p->rotation, w, sizeof p->rotation) != 0)
        return 0;
    for (int i = 0; i < 3; i++) {
        const double d = p->translation[i] - t[i];
        if (fabs(d - round(d)) > 1e-8)
            return 0;
    }
    return 1;
}

/* Every product is in the list exactly once, and the atom maps multiply alike. */
static void check_group(const dft_symmetry *g)
{
    for (size_t p = 0; p < g->n_ops; p++)
        for (size_t q = 0; q < g->n_ops; q++) {
            const dft_symop *a = &g->op[p], *b = &g->op[q];
            int w[3][3];
            double t[3];
            size_t found = 0;
            for (int i = 0; i < 3; i++) {
                t[i] = a->translation[i];
                for (int j = 0; j < 3; j++) {
                    w[i][j] = a->rotation[i][0] * b->rotation[0][j]
                            + a->rotation[i][1] * b->rotation[1][j]
                            + a->rotation[i][2] * b->rotation[2][j];
                    t[i] += a->rotation[i][j] * b->translation[j];
                }
            }
            for (size_t s = 0; s < g->n_ops; s++) {
                if (!same_operation(&g->op[s], (const int (*)[3])w, t))
                    continue;
                found++;
                for (size_t i = 0; i < g->n_atoms; i++)
                    assert_int_equal(g->atom_map[s * g->n_atoms + i],
                        g->atom_map[p * g->n_atoms + g->atom_map[q * g->n_atoms + i]]);
            }
            assert_int_equal(found, 1);
        }
}

/* The map says where W x + w lies; 1e-8 bohr: exact positions, rounding only. */
static void check_map(const dft_crystal *crystal, const dft_symmetry *g)
{
    for (size_t s = 0; s < g->n_ops; s++)
        for (size_t a = 0; a < g->n_atoms; a++) {
            const size_t b = g->atom_map[s * g->n_atoms + a];
            assert_int_equal(crystal->z[a], crystal->z[b]);
            for (int i = 0; i < 3; i++) {
                double d = g->op[s].translation[i] - crystal->position[b][i];
                for (int j = 0; j < 3; j++)
                    d += g->op[s].rotation[i][j] * crystal->position[a][j];
                assert_close(d, round(d), 1e-8);
                assert_true(g->op[s].translation[i] >= 0.0 && g->op[s].translation[i] < 1.0);
            }
        }
}

static void operations_are_rotations_that_map_atoms_and_form_a_group(void **unused)
{
    dft_crystal *(*const builders[])(void) = { al_fcc, mg_hcp, zno_wurtzite, al111_slab,
                                               al_supercell };
    (void)unused;
    for (size_t i = 0; i < sizeof builders / sizeof builders[0]; i++) {
        dft_crystal *crystal = builders[i]();
        dft_symmetry *symmetry = find(crystal);
        check_orthogonal(crystal, symmetry);
        check_map(crystal, symmetry);
        check_group(symmetry);
        dft_symmetry_free(symmetry);
        dft_crystal_free(crystal);
    }
}

/* A lattice typed with five decimals obeys its operations only to 1e-5, yet rotations stay exact. */
static void rotations_stay_orthogonal_for_a_rounded_lattice(void **unused)
{
    const double lattice[3][3] = { { 6.06, 0, 0 }, { -3.03, 5.24811, 0 }, { 0, 0, 9.84 } };
    const double x[2][3] = { { 0.33333, 0.66667, 0.25 }, { 0.66667, 0.33333, 0.75 } };
    dft_crystal *crystal = make(lattice, 2, (int[]){ 12, 12 }, x);
    dft_symmetry *symmetry = find(crystal);
    (void)unused;

    assert_int_equal(symmetry->n_ops, 24);
    check_orthogonal(crystal, symmetry);
    dft_symmetry_free(symmetry);
    dft_crystal_free(crystal);
}

/* One atom displaced by up to 12 tolerances, 15 degrees off a mirror: whatever is kept forms a
 * group (Lagrange: its order divides 24). In the end only what any two atoms at heights 1/4 and
 * 3/4 have: inversion between them, the mirrors through them, and their product. */
static void displaced_atoms_keep_only_what_they_obey(void **unused)
{
    (void)unused;
    for (int step = 1; step <= 24; step++) {
        const double shift = 0.5 * step * TOLERANCE / 6.06;
        const double x[2][3] = { { 1.0 / 3, 2.0 / 3, 0.25 },
                                 { 2.0 / 3 + shift, 1.0 / 3 + 0.27 * shift, 0.75 } };
        dft_crystal *crystal = hexagonal(6.06, 9.84, 2, (int[]){ 12, 12 }, x);
        dft_symmetry *symmetry = find(crystal);
        assert_int_equal(24 % symmetry->n_ops, 0);
        assert_true(is_identity(&symmetry->op[0]));
        if (step == 1)
            assert_int_equal(symmetry->n_ops, 24);
        if (step == 24)
            assert_int_equal(symmetry->n_ops, 4);
        dft_symmetry_free(symmetry);
        dft_crystal_free(crystal);
    }
}

static void different_species_break_the_symmetry(void **unused)
{
    const double x[2][3] = { { 1.0 / 3, 2.0 / 3, 0.25 }, { 2.0 / 3, 1.0 / 3, 0.75 } };
    dft_crystal *crystal = hexagonal(6.06, 9.84, 2, (int[]){ 12, 30 }, x);
    dft_symmetry *symmetry = find(crystal);
    (void)unused;

    assert_int_equal(symmetry->n_ops, 12);          /* P-6m2: the screw axis is gone */
    assert_int_equal(symmetry->space_group_number, 187);
    dft_symmetry_free(symmetry);
    dft_crystal_free(crystal);
}

static int keeps_normal(const dft_symop *op, const void *context)
{
    (void)context;
    return op->rotation[2][2] == 1;
}

static void keep_drops_counts_and_compacts(void **unused)
{
    dft_crystal *crystal = al111_slab();
    dft_symmetry *symmetry = find(crystal);
    size_t class_of[3];
    (void)unused;

    dft_symmetry_atom_classes(symmetry, class_of);
    assert_int_equal(class_of[0], 0);
    assert_int_equal(class_of[1], 1);
    assert_int_equal(class_of[2], 0);               /* top and bottom by inversion */
    dft_symmetry_keep(symmetry, keeps_normal, NULL);
    assert_int_equal(symmetry->n_ops, 6);           /* p3m1 */
    assert_int_equal(symmetry->n_dropped, 6);
    check_map(crystal, symmetry);
    check_group(symmetry);
    dft_symmetry_atom_classes(symmetry, class_of);
    assert_int_equal(class_of[2], 2);
    dft_symmetry_free(symmetry);
    dft_crystal_free(crystal);
}

/* Three atoms of a kagome net whose values rise by 0.8e-6 each: the first and the last differ by more than 1e-6 but
 * the one between is equal to both.  Judged pair by pair, two of the three mirrors would be kept without their
 * product, and the third atom's class would lead to one that is itself a copy of the first. */
static void values_that_a_chain_joins_are_equal_and_what_is_kept_is_a_group(void **unused)
{
    const double x[3][3] = { { 0.5, 0, 0 }, { 0, 0.5, 0 }, { 0.5, 0.5, 0 } };
    const double same[3] = { 0.9, 0.9000008, 0.9000016 }, other[3] = { 0.9, 0.9000008, 0.9000028 };
    const size_t n_ops[2] = { 24, 8 };
    dft_crystal *crystal = hexagonal(9.4, 9.84, 3, (int[]){ 1, 1, 1 }, x);
    (void)unused;

    for (int i = 0; i < 2; i++) {
        dft_symmetry *symmetry = find(crystal);
        assert_int_equal(symmetry->n_ops, 24);
        dft_symmetry_keep_equal(symmetry, i == 0 ? same : other);
        assert_int_equal(symmetry->n_ops, n_ops[i]);
        check_group(symmetry);
        dft_symmetry_free(symmetry);
    }
    dft_crystal_free(crystal);
}

static void symmetry_off_is_the_identity_alone(void **unused)
{
    dft_crystal *crystal = zno_wurtzite();
    dft_symmetry *symmetry = NULL;
    (void)unused;

    assert_int_equal(dft_symmetry_create_identity(crystal, &symmetry, NULL), DFT_OK);
    assert_int_equal(symmetry->n_ops, 1);
    assert_int_equal(symmetry->space_group_number, 1);
    assert_string_equal(symmetry->space_group_symbol, "P1");
    assert_true(is_identity(&symmetry->op[0]));
    check_map(crystal, symmetry);
    dft_symmetry_free(symmetry);
    dft_crystal_free(crystal);
}

static void tolerance_of_zero_is_refused_with_a_sentence(void **unused)
{
    dft_crystal *crystal = al_fcc();
    dft_symmetry *symmetry = NULL;
    dft_error err;
    (void)unused;

    assert_int_equal(dft_symmetry_create(crystal, 0.0, &symmetry, &err), DFT_EINPUT);
    assert_null(symmetry);
    assert_non_null(strstr(err.message, "tolerance"));
    dft_crystal_free(crystal);
}

/* Two atoms 0.5 bohr apart are legal, but one to a tolerance of 10 bohr, the strictest asked for
 * here. */
static void spglib_failure_carries_its_words(void **unused)
{
    const double lattice[3][3] = { { 8, 0, 0 }, { 0, 8, 0 }, { 0, 0, 8 } };
    dft_crystal *crystal = make(lattice, 2, (int[]){ 1, 1 },
                                (const double[][3]){ { 0, 0, 0 }, { 0, 0, 0.0625 } });
    dft_symmetry *symmetry = NULL;
    dft_error err;
    (void)unused;

    assert_int_equal(dft_symmetry_create(crystal, 1e4, &symmetry, &err), DFT_EINPUT);
    assert_null(symmetry);
    assert_non_null(strstr(err.message, "too close"));
    assert_non_null(strstr(err.message, "5291.77 Angstrom"));   /* as it is asked for, not in bohr */
    dft_crystal_free(crystal);
}

static void each_refused_allocation_is_reported(void **unused)
{
    dft_crystal *crystal = zno_wurtzite();
    (void)unused;

    for (long n = 1; n <= 5; n++) {
        dft_symmetry *symmetry = NULL;
        dft_alloc_refuse_nth(n);
        const dft_status status = dft_symmetry_create(crystal, TOLERANCE, &symmetry, NULL);
        dft_alloc_refuse_nth(0);
        assert_int_equal(status, n <= 4 ? DFT_ENOMEM : DFT_OK);
        assert_int_equal(symmetry == NULL, n <= 4);
        dft_symmetry_free(symmetry);
    }
    dft_crystal_free(crystal);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_crystals_have_their_groups),
        cmocka_unit_test(supercell_carries_its_pure_translation),
        cmocka_unit_test(operations_are_rotations_that_map_atoms_and_form_a_group),
        cmocka_unit_test(rotations_stay_orthogonal_for_a_rounded_lattice),
        cmocka_unit_test(displaced_atoms_keep_only_what_they_obey),
        cmocka_unit_test(different_species_break_the_symmetry),
        cmocka_unit_test(keep_drops_counts_and_compacts),
        cmocka_unit_test(values_that_a_chain_joins_are_equal_and_what_is_kept_is_a_group),
        cmocka_unit_test(symmetry_off_is_the_identity_alone),
        cmocka_unit_test(tolerance_of_zero_is_refused_with_a_sentence),
        cmocka_unit_test(spglib_failure_carries_its_words),
        cmocka_unit_test(each_refused_allocation_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
