#include "candidates/slab.h"

#include <stdio.h>

#include "candidates/layer.h"
#include "candidates/planes.h"
#include "dft-lite/base/alloc.h"
#include "tests/candidates/shapes.h"

static dft_crystal *slab_of(const char *id, const char *facet, int n_layers, int termination,
                            cand_slab_info *info)
{
    dft_crystal *bulk = library_crystal(id), *slab = NULL;
    int miller[3];
    dft_error err;

    assert_int_equal(cand_miller_parse(facet, miller, NULL, NULL), DFT_OK);
    if (cand_slab_create(bulk, miller, n_layers, 12.0 * ANG, termination, &slab, info,
                         &err) != DFT_OK)
        print_error("%s(%s): %s\n", id, facet, err.message);
    assert_non_null(slab);
    dft_crystal_free(bulk);
    return slab;
}

/* What a textbook says of each face.  Areas and spacings are in units of the conventional a (c/a
 * given where needed); thickness = (planes - 1) x spacing for equally spaced planes, 1e-9 A:
 * rounding. */
static void elemental_faces_are_p1x1_with_one_atom_per_plane(void **unused)
{
    static const struct { const char *id, *facet; double area, spacing; } cases[] = {
        { "Cu_fcc", "111", 0.43301270189221935, 0.5773502691896258 },   /* sqrt3/4, 1/sqrt3 */
        { "Cu_fcc", "100", 0.5, 0.5 },
        { "Cu_fcc", "110", 0.7071067811865476, 0.35355339059327373 },   /* 1/sqrt2, 1/(2 sqrt2) */
        { "Cu_fcc", "211", 1.2247448713915890, 0.20412414523193150 },   /* sqrt6/2, 1/(2 sqrt6) */
        { "Cu_fcc", "115", 1.2990381056766580, 0.19245008972987526 },   /* sqrt27/4, 1/sqrt27 */
        { "Li_bcc", "110", 0.7071067811865476, 0.7071067811865476 },
        { "Li_bcc", "100", 1.0, 0.5 },
        { "Li_bcc", "111", 1.7320508075688772, 0.28867513459481287 },   /* sqrt3, 1/(2 sqrt3) */
    };
    (void)unused;

    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        dft_crystal *bulk = library_crystal(cases[k].id);
        const double a = bulk->lattice[0][0];
        cand_slab_info info;
        dft_crystal *slab = slab_of(cases[k].id, cases[k].facet, 5, 0, &info);

        assert_int_equal(info.n_atoms, 5);
        assert_int_equal(info.n_planes, 5);
        assert_int_equal(info.layers, 5);
        assert_int_equal(info.n_terminations, 1);
        assert_close(info.area, cases[k].area * a * a, 1e-9);
        assert_close(info.thickness, 4.0 * cases[k].spacing * a, 1e-9);
        assert_true(info.faces_equal && info.stoichiometric && !info.polar && info.tasker == 1);
        dft_crystal_free(slab);
        dft_crystal_free(bulk);
    }
}

/* a1 along x, c along z; the gap across the boundary is the vacuum asked for; the slab is
 * centred; the last atom is on top. */
static void slabs_lie_as_documented(void **unused)
{
    static const char *const ids[] = { "Ag_fcc", "ZnO_wz", "Al2O3", "LiSi", "Li9Ag4_gamma" };
    (void)unused;

    for (size_t k = 0; k < sizeof ids / sizeof *ids; k++) {
        cand_slab_info info;
        dft_crystal *slab = slab_of(ids[k], "211", 2, 0, &info);
        const double (*a)[3] = (const double (*)[3])slab->lattice;
        double low = 1.0, high = 0.0;

        assert_true(a[0][0] > 0.0 && a[0][1] == 0.0 && a[0][2] == 0.0);
        assert_true(a[1][1] > 0.0 && a[1][2] == 0.0);
        assert_true(a[2][0] == 0.0 && a[2][1] == 0.0 && a[2][2] > 0.0);
        assert_true(fabs(a[1][0]) <= 0.5000001 * a[0][0]);
        for (size_t i = 0; i < slab->n_atoms; i++) {
            low = fmin(low, slab->position[i][2]);
            high = fmax(high, slab->position[i][2]);
        }
        assert_close((1.0 - (high - low)) * a[2][2], 12.0 * ANG, 1e-9);
        assert_close(low + high, 1.0, 1e-12);
        assert_true((high - slab->position[slab->n_atoms - 1][2]) * a[2][2] < CAND_PLANE_TOLERANCE);
        dft_crystal_free(slab);
    }
}

static double shortest_distance(const dft_crystal *crystal)
{
    double shortest = HUGE_VAL;
    for (size_t i = 0; i < crystal->n_atoms; i++)
        for (size_t j = i; j < crystal->n_atoms; j++)
            shortest = fmin(shortest, dft_crystal_distance(crystal, i, j));
    return shortest;
}

/* Area x height of one repeat is the primitive volume, and cutting invents no new distance: over
 * the small entries of the library and the faces 100, 110, 111, 101. */
static void every_small_entry_can_be_cut_without_new_distances(void **unused)
{
    static const int faces[4][3] = { { 1, 0, 0 }, { 1, 1, 0 }, { 1, 1, 1 }, { 1, 0, -1 } };
    cand_library *library = NULL;
    size_t n_cut = 0;
    (void)unused;

    assert_int_equal(cand_library_read("candidates/data", &library, NULL), DFT_OK);
    for (size_t e = 0; e < cand_library_size(library); e++) {
        const cand_entry *entry = cand_library_entry(library, e);
        dft_crystal *bulk = NULL, *primitive = NULL;
        if (entry->n_atoms > 12 || entry->is_sheet)
            continue;
        assert_int_equal(cand_entry_crystal(entry, CAND_CELL_CONVENTIONAL, &bulk, NULL), DFT_OK);
        assert_int_equal(cand_entry_crystal(entry, CAND_CELL_PRIMITIVE, &primitive, NULL), DFT_OK);
        for (int f = 0; f < 4; f++) {
            cand_slab_info info;
            cand_planes planes;
            dft_crystal *slab = NULL;

            assert_int_equal(cand_planes_init(bulk, faces[f], &planes, NULL), DFT_OK);
            assert_int_equal(cand_slab_create(bulk, faces[f], 3, 10.0 * ANG, 0, &slab, &info, NULL),
                             DFT_OK);
            assert_close(info.area * planes.period, dft_crystal_volume(primitive), 1e-6);
            if ((size_t)info.layers % info.layers_per_repeat == 0)
                assert_int_equal(slab->n_atoms * info.layers_per_repeat,
                                 primitive->n_atoms * (size_t)info.layers);
            assert_true(shortest_distance(slab) > shortest_distance(primitive) - 1e-6);
            cand_planes_clear(&planes);
            dft_crystal_free(slab);
            n_cut++;
        }
        dft_crystal_free(primitive);
        dft_crystal_free(bulk);
    }
    cand_library_free(library);
    assert_true(n_cut > 300);
}

/*
 * ZnO(10-10), seen along c: Zn-O dimers are planes, d/3 and 2d/3 apart in turn (d = a sqrt3/2).
 *
 *     o   o   o   top       cut in the wide gaps: every atom loses one bond, and three planes
 *     o   o   o             would leave a different bottom, so three layers become four.
 *                 wide
 *     o   o   o
 *     o   o   o   bottom
 */
static void three_layers_of_zno_1010_become_four(void **unused)
{
    cand_slab_info info;
    dft_crystal *slab = slab_of("ZnO_wz", "10-10", 3, 0, &info), *other;
    const double d = 3.2495 * sqrt(0.75) * ANG;
    (void)unused;

    assert_int_equal(info.layers_asked, 3);
    assert_int_equal(info.layers, 4);
    assert_int_equal(info.n_planes, 4);
    assert_int_equal(slab->n_atoms, 8);
    assert_int_equal(info.n_terminations, 2);
    assert_true(info.faces_equal && !info.polar && info.tasker == 1);
    assert_close(info.thickness, d + d / 3.0, 1e-6);         /* narrow + wide + narrow; 8 digits */
    assert_string_equal(info.top, "ZnO");
    dft_crystal_free(slab);
    other = slab_of("ZnO_wz", "10-10", 4, 1, &info);         /* the other cut: two bonds per atom */
    assert_close(info.thickness, d + 2.0 * d / 3.0, 1e-6);
    dft_crystal_free(other);
}

static void diamond_111_keeps_its_double_planes(void **unused)
{
    cand_slab_info info;
    dft_crystal *slab = slab_of("Si_dia", "111", 3, 0, &info);
    (void)unused;

    assert_int_equal(info.n_terminations, 2);
    assert_int_equal(info.layers, 4);
    assert_true(info.faces_equal);
    dft_crystal_free(slab);
}

/* Layers, tops and Tasker types of compounds: P. W. Tasker, J. Phys. C 12, 4977 (1979) for MgO,
 * ZnO, Al2O3 and antifluorite; B2 by counting. */
static void compounds_have_the_layers_and_polarity_of_the_literature(void **unused)
{
    static const struct {
        const char *id, *facet;
        size_t atoms_per_layer;
        int tasker;
        bool polar, equal;
        const char *top;
    } cases[] = {
        { "MgO", "100", 2, 1, false, true, "MgO" },
        { "MgO", "111", 2, 3, true, false, "O" },
        { "ZnO_wz", "0001", 2, 3, true, false, "Zn" },
        { "Al2O3", "0001", 5, 2, false, true, "Al" },
        { "Li2O", "111", 3, 2, false, true, "Li" },
        { "LiAg_B2", "110", 2, 1, false, true, "LiAg" },
        { "LiAg_B2", "100", 2, 3, true, false, "Li" },
        { "LiZn_B32", "110", 4, 1, false, true, "Li2Zn2" },
        { "ZnS_zb", "110", 2, 1, false, true, "ZnS" },
    };
    (void)unused;

    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        cand_slab_info info;
        dft_crystal *slab = slab_of(cases[k].id, cases[k].facet, 3, 0, &info);
        if (strcmp(info.top, cases[k].top) != 0)
            print_error("%s(%s) top %s\n", cases[k].id, cases[k].facet, info.top);
        assert_int_equal(info.layers, 3);
        assert_int_equal(slab->n_atoms, 3 * cases[k].atoms_per_layer);
        assert_int_equal(info.tasker, cases[k].tasker);
        assert_int_equal(info.polar, cases[k].polar);
        assert_int_equal(info.faces_equal, cases[k].equal);
        assert_string_equal(info.top, cases[k].top);
        dft_crystal_free(slab);
    }
}

/* (000-1) shows what (0001) hides: the oxygen face. */
static void opposite_indices_show_the_opposite_face(void **unused)
{
    cand_slab_info info;
    dft_crystal *slab = slab_of("ZnO_wz", "0,0,0,-1", 2, 0, &info);
    (void)unused;

    assert_string_equal(info.top, "O");
    dft_crystal_free(slab);
}

/* The same crystal in another conventional cell: its origin shifted, the cell rotated, 1e-3 A of
 * noise. Counts and flags stay; lengths move by no more than the noise of a few planes. */
static void origin_rotation_and_noise_do_not_change_the_slab(void **unused)
{
    static const char *const cases[][2] = {
        { "Ag_fcc", "111" }, { "ZnO_wz", "10-10" }, { "MgO", "100" }, { "LiZn_B32", "110" },
        { "TiO2_rutile", "110" }, { "Mg_hcp", "0001" }
    };
    unsigned seed = 11;
    (void)unused;

    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++)
        for (int trial = 0; trial < 10; trial++) {
            dft_crystal *bulk = library_crystal(cases[k][0]), *slab = NULL, *ideal;
            dft_crystal *shifted = disturbed(bulk, 0.1 + trial, 1e-3 * ANG, &seed);
            dft_crystal *moved = turned(shifted, &seed);
            cand_slab_info info, expected;
            int miller[3];

            ideal = slab_of(cases[k][0], cases[k][1], 3, 0, &expected);
            assert_int_equal(cand_miller_parse(cases[k][1], miller, NULL, NULL), DFT_OK);
            assert_int_equal(cand_slab_create(moved, miller, 3, 12.0 * ANG, 0, &slab, &info, NULL),
                             DFT_OK);
            assert_int_equal(slab->n_atoms, ideal->n_atoms);
            assert_int_equal(info.layers, expected.layers);
            assert_int_equal(info.n_planes, expected.n_planes);
            assert_int_equal(info.n_terminations, expected.n_terminations);
            assert_int_equal(info.faces_equal, expected.faces_equal);
            assert_int_equal(info.polar, expected.polar);
            assert_string_equal(info.top, expected.top);
            assert_close(info.thickness, expected.thickness, 4e-3 * ANG);
            dft_crystal_free(slab);
            dft_crystal_free(ideal);
            dft_crystal_free(moved);
            dft_crystal_free(shifted);
            dft_crystal_free(bulk);
        }
}

static void a_sheet_takes_new_vacuum_and_keeps_its_heights(void **unused)
{
    dft_crystal *sheet = library_crystal("Ti2CO2"), *out = NULL;
    cand_slab_info info;
    dft_error err;
    (void)unused;

    assert_int_equal(cand_sheet_create(sheet, 9.0 * ANG, &out, &info, NULL), DFT_OK);
    /* the database's O-O thickness */
    assert_close(info.thickness * DFT_BOHR_ANG, 4.467, 1e-3);
    assert_close(out->lattice[2][2], info.thickness + 9.0 * ANG, 1e-9);
    for (size_t a = 1; a < out->n_atoms; a++) {
        const double before = sheet->position[a][2] - sheet->position[0][2];
        const double after = out->position[a][2] - out->position[0][2];
        assert_close(after * out->lattice[2][2], (before - round(before)) * sheet->lattice[2][2],
                     1e-9);
    }
    assert_true(info.faces_equal);
    assert_int_equal(info.tasker, 2);
    assert_int_equal(info.layers, 1);
    dft_crystal_free(out);
    assert_int_equal(cand_sheet_create(sheet, 0.0, &out, &info, &err), DFT_EINPUT);
    assert_null(out);
    dft_crystal_free(sheet);
    sheet = library_crystal("MgO");
    assert_int_equal(cand_sheet_create(sheet, 9.0 * ANG, &out, &info, &err), DFT_EINPUT);
    assert_non_null(strstr(err.message, "not a slab"));
    dft_crystal_free(sheet);
}

static void supercells_repeat_the_slab(void **unused)
{
    dft_crystal *slab = slab_of("Al_fcc", "111", 3, 0, NULL), *big = NULL;
    dft_error err;
    (void)unused;

    assert_int_equal(cand_slab_repeat(slab, 2, 3, &big, NULL), DFT_OK);
    assert_int_equal(big->n_atoms, 6 * slab->n_atoms);
    assert_close(dft_crystal_volume(big), 6.0 * dft_crystal_volume(slab), 1e-6);
    assert_close(shortest_distance(big), shortest_distance(slab), 1e-9);
    dft_crystal_free(big);
    assert_int_equal(cand_slab_repeat(slab, 0, 3, &big, &err), DFT_EINPUT);
    assert_null(big);
    dft_crystal_free(slab);
}

static void impossible_requests_are_refused(void **unused)
{
    const int none[3] = { 0, 0, 0 }, face[3] = { 1, 0, 0 };
    dft_crystal *bulk = library_crystal("ZnO_wz"), *slab = NULL;
    dft_error err;
    (void)unused;

    assert_int_equal(cand_slab_create(bulk, none, 3, 20.0, 0, &slab, NULL, &err), DFT_EINPUT);
    assert_int_equal(cand_slab_create(bulk, face, 0, 20.0, 0, &slab, NULL, &err), DFT_EINPUT);
    assert_int_equal(cand_slab_create(bulk, face, 201, 20.0, 0, &slab, NULL, &err), DFT_EINPUT);
    assert_int_equal(cand_slab_create(bulk, face, 3, -1.0, 0, &slab, NULL, &err), DFT_EINPUT);
    assert_int_equal(cand_slab_create(bulk, face, 3, NAN, 0, &slab, NULL, &err), DFT_EINPUT);
    assert_int_equal(cand_slab_create(bulk, face, 3, 20.0, 2, &slab, NULL, &err), DFT_EINPUT);
    assert_non_null(strstr(err.message, "this facet has 2"));
    assert_null(slab);
    dft_crystal_free(bulk);
}

static void refused_memory_is_reported(void **unused)
{
    const int face[3] = { 1, 0, 0 };
    dft_crystal *bulk = library_crystal("ZnO_wz");
    dft_status status = DFT_ENOMEM;
    (void)unused;

    for (long n = 1; status != DFT_OK; n++) {
        dft_crystal *slab = NULL;
        assert_true(n < 200);
        dft_alloc_refuse_nth(n);
        status = cand_slab_create(bulk, face, 3, 20.0, 0, &slab, NULL, NULL);
        dft_alloc_refuse_nth(0);
        assert_true(status == DFT_OK || (status == DFT_ENOMEM && !slab));
        dft_crystal_free(slab);
    }
    dft_crystal_free(bulk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(elemental_faces_are_p1x1_with_one_atom_per_plane),
        cmocka_unit_test(slabs_lie_as_documented),
        cmocka_unit_test(every_small_entry_can_be_cut_without_new_distances),
        cmocka_unit_test(three_layers_of_zno_1010_become_four),
        cmocka_unit_test(diamond_111_keeps_its_double_planes),
        cmocka_unit_test(compounds_have_the_layers_and_polarity_of_the_literature),
        cmocka_unit_test(opposite_indices_show_the_opposite_face),
        cmocka_unit_test(origin_rotation_and_noise_do_not_change_the_slab),
        cmocka_unit_test(a_sheet_takes_new_vacuum_and_keeps_its_heights),
        cmocka_unit_test(supercells_repeat_the_slab),
        cmocka_unit_test(impossible_requests_are_refused),
        cmocka_unit_test(refused_memory_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
