#include "candidates/defects.h"

#include "candidates/slab.h"
#include "dft-lite/base/alloc.h"
#include "tests/candidates/shapes.h"

#define CC 1.42315                  /* A: 2.46496 / sqrt3 */

static dft_crystal *sheet_of(const char *id, int n)
{
    dft_crystal *small = library_crystal(id), *big = NULL;
    assert_int_equal(cand_slab_repeat(small, n, n, &big, NULL), DFT_OK);
    dft_crystal_free(small);
    return big;
}

static dft_crystal *defect_in(const dft_crystal *sheet, const char *text)
{
    cand_defect defect;
    dft_crystal *out = NULL;
    assert_int_equal(cand_defect_parse(text, &defect, NULL), DFT_OK);
    assert_int_equal(cand_defect_create(sheet, &defect, &out, NULL), DFT_OK);
    return out;
}

static size_t count(const dft_crystal *c, int z)
{
    size_t n = 0;
    for (size_t a = 0; a < c->n_atoms; a++)
        n += c->z[a] == z;
    return n;
}

/* Atoms with fewer than three neighbours within 1.1 bonds. */
static size_t dangling(const dft_crystal *c)
{
    size_t n = 0;
    for (size_t a = 0; a < c->n_atoms; a++) {
        size_t bonds = 0;
        for (size_t b = 0; b < c->n_atoms; b++)
            bonds += a != b && dft_crystal_distance(c, a, b) < 1.1 * CC * ANG;
        n += bonds < 3;
    }
    return n;
}

/* 4 x 4 graphene: 32 atoms. */
static void graphene_gets_the_defects_of_the_literature(void **unused)
{
    static const struct { const char *text; size_t carbon, other, dangling; int z; } cases[] = {
        { "vacancy", 31, 0, 3, 7 }, { "divacancy", 30, 0, 4, 7 }, { "substitution:N", 31, 1, 0, 7 },
        { "pyridinic:N", 28, 3, 3, 7 }, { "single-atom:Pt", 31, 1, 4, 78 },
        { "m-n4:Co", 26, 1, 5, 27 },
    };
    dft_crystal *sheet = sheet_of("graphene", 4);
    (void)unused;

    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        dft_crystal *with = defect_in(sheet, cases[k].text);
        assert_int_equal(count(with, 6), cases[k].carbon);
        assert_int_equal(count(with, cases[k].z), cases[k].other);
        assert_int_equal(dangling(with), cases[k].dangling);
        assert_close(with->lattice[2][2], sheet->lattice[2][2], 0.0);
        dft_crystal_free(with);
    }
    dft_crystal_free(sheet);
}

static double height_of_last(const dft_crystal *c)
{
    return (c->position[c->n_atoms - 1][2] - c->position[0][2]) * c->lattice[2][2] * DFT_BOHR_ANG;
}

/* Covalent radii (Cordero): N 0.71, S 1.05, Pt 1.36, Co 1.26 (low spin), C 0.76 A.  N fits (1.47 is
 * within 10 % of 1.42) and so does Co among four N (1.97 against 1.88); S and Pt are lifted until they
 * touch three C. */
static void atoms_that_do_not_fit_are_lifted(void **unused)
{
    dft_crystal *sheet = sheet_of("graphene", 4);
    const struct { const char *text; double height; } cases[] = {
        { "substitution:N", 0.0 }, { "m-n4:Co", 0.0 },
        { "substitution:S", sqrt(1.81 * 1.81 - CC * CC) },
        { "single-atom:Pt", sqrt(2.12 * 2.12 - CC * CC) },
    };
    (void)unused;

    for (size_t k = 0; k < 4; k++) {
        dft_crystal *with = defect_in(sheet, cases[k].text);
        assert_close(height_of_last(with), cases[k].height, 1e-4);
        dft_crystal_free(with);
    }
    dft_crystal_free(sheet);
}

/* Co in the middle of graphene's divacancy: four N at (+-1, +-sqrt3/2) bonds. */
static void cobalt_lies_between_four_nitrogen_atoms(void **unused)
{
    dft_crystal *sheet = sheet_of("graphene", 5), *with = defect_in(sheet, "m-n4:Co");
    (void)unused;

    assert_int_equal(count(with, 7), 4);
    for (size_t a = 0; a < with->n_atoms; a++)
        if (with->z[a] == 7)
            assert_close(dft_crystal_distance(with, a, with->n_atoms - 1) * DFT_BOHR_ANG,
                         CC * sqrt(1.0 + 0.75), 1e-4);
    dft_crystal_free(with);
    dft_crystal_free(sheet);
}

/* Graphene has one distinct host, boron nitride two, Ti2CO2 its oxygen alone, B2(110) two. */
static void hosts_are_the_distinct_atoms_of_the_face(void **unused)
{
    static const struct { const char *id; size_t n; int z[2]; } cases[] = {
        { "graphene", 1, { 6 } }, { "hBN_2D", 2, { 5, 7 } }, { "Ti2CO2", 1, { 8 } },
    };
    (void)unused;

    for (size_t k = 0; k < 3; k++) {
        dft_crystal *sheet = sheet_of(cases[k].id, 3);
        size_t *atom = NULL, n;
        assert_int_equal(cand_defect_hosts(sheet, &atom, &n, NULL), DFT_OK);
        assert_int_equal(n, cases[k].n);
        for (size_t i = 0; i < n; i++)
            assert_int_equal(sheet->z[atom[i]], cases[k].z[i]);
        free(atom);
        dft_crystal_free(sheet);
    }
    dft_crystal *sheet = sheet_of("hBN_2D", 4), *with = defect_in(sheet, "vacancy@1");
    assert_int_equal(count(with, 7), 15);
    assert_int_equal(count(with, 5), 16);
    dft_crystal_free(with);
    dft_crystal_free(sheet);
}

static void origin_and_rotation_do_not_matter(void **unused)
{
    dft_crystal *sheet = sheet_of("graphene", 4);
    unsigned seed = 41;
    (void)unused;

    for (int trial = 0; trial < 10; trial++) {
        dft_crystal *moved = disturbed(sheet, trial, 1e-3 * ANG, &seed);
        dft_crystal *with = defect_in(moved, "m-n4:Co");
        assert_int_equal(count(with, 7), 4);
        for (size_t a = 0; a < with->n_atoms; a++)
            if (with->z[a] == 7)
                assert_close(dft_crystal_distance(with, a, with->n_atoms - 1) * DFT_BOHR_ANG,
                             CC * sqrt(1.75), 6e-3);
        dft_crystal_free(with);
        dft_crystal_free(moved);
    }
    dft_crystal_free(sheet);
}

static void nonsense_is_refused(void **unused)
{
    static const char *const texts[] = { "", "hole", "vacancy:N", "substitution", "substitution:Xx",
                                         "substitution:", "vacancy@", "vacancy@x", "vacancy@-1",
                                         "vacancy@1x", "m-n4:Cobalt" };
    dft_crystal *small = sheet_of("graphene", 1), *big = sheet_of("graphene", 4), *out = NULL;
    cand_defect defect;
    dft_error err;
    (void)unused;

    for (size_t k = 0; k < sizeof texts / sizeof *texts; k++)
        assert_int_equal(cand_defect_parse(texts[k], &defect, &err), DFT_EUSAGE);
    defect = (cand_defect){ CAND_VACANCY, 0, 0 };
    assert_int_equal(cand_defect_create(small, &defect, &out, &err), DFT_EINPUT);
    assert_non_null(strstr(err.message, "larger --supercell"));
    defect.host = 1;
    assert_int_equal(cand_defect_create(big, &defect, &out, &err), DFT_EINPUT);
    assert_non_null(strstr(err.message, "has 1 distinct"));
    assert_null(out);
    dft_crystal_free(small);
    dft_crystal_free(big);
    big = sheet_of("Ti2CO2", 4);             /* a triangular lattice has no M-N4 */
    defect = (cand_defect){ CAND_M_N4, 27, 0 };
    assert_int_equal(cand_defect_create(big, &defect, &out, &err), DFT_EINPUT);
    assert_non_null(strstr(err.message, "honeycomb"));
    dft_crystal_free(big);
}

static void refused_memory_is_reported(void **unused)
{
    dft_crystal *sheet = sheet_of("graphene", 3);
    const cand_defect defect = { CAND_VACANCY, 0, 0 };
    dft_status status = DFT_ENOMEM;
    (void)unused;

    for (long n = 1; status != DFT_OK; n++) {
        dft_crystal *out = NULL;
        assert_true(n < 100);
        dft_alloc_refuse_nth(n);
        status = cand_defect_create(sheet, &defect, &out, NULL);
        dft_alloc_refuse_nth(0);
        assert_true(status == DFT_OK || (status == DFT_ENOMEM && !out));
        dft_crystal_free(out);
    }
    dft_crystal_free(sheet);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(graphene_gets_the_defects_of_the_literature),
        cmocka_unit_test(atoms_that_do_not_fit_are_lifted),
        cmocka_unit_test(cobalt_lies_between_four_nitrogen_atoms),
        cmocka_unit_test(hosts_are_the_distinct_atoms_of_the_face),
        cmocka_unit_test(origin_and_rotation_do_not_matter),
        cmocka_unit_test(nonsense_is_refused),
        cmocka_unit_test(refused_memory_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
