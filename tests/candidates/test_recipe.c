#include "tests/support/assert_close.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "candidates/catalog.h"
#include "dft-lite/base/units.h"

static cand_library *library;
static cand_catalog *catalog;

static int set_up(void **state)
{
    (void)state;
    return cand_library_read("candidates/data", &library, NULL)
        || cand_catalog_read("candidates/data", library, &catalog, NULL);
}

static int tear_down(void **state)
{
    (void)state;
    cand_catalog_free(catalog);
    cand_library_free(library);
    return 0;
}

static size_t count(const dft_crystal *crystal, int z)
{
    size_t n = 0;
    for (size_t i = 0; i < crystal->n_atoms; i++)
        n += crystal->z[i] == z;
    return n;
}

/* 2x2 of Cu(111) holds (sqrt3 x sqrt3) of Ag(111): 4 copper atoms a layer, 3 of silver. */
static void silver_on_copper_lies_in_the_small_common_cell(void **unused)
{
    for (int layers = 1; layers <= 3; layers += 2) {
        const cand_candidate *candidate = NULL;
        dft_crystal *slab = NULL;
        cand_slab_info info;
        char name[32];
        snprintf(name, sizeof name, "Cu-111+Ag-111x%d", layers);
        (void)unused;

        assert_int_equal(cand_catalog_find(catalog, name, &candidate, NULL), DFT_OK);
        assert_string_equal(candidate->name, name);
        assert_string_equal(candidate->family, "coating");
        assert_string_equal(candidate->data_sets, "Ag=Ag.11");
        assert_string_equal(cand_candidate_formula(candidate), "Ag");
        assert_int_equal(cand_candidate_slab(candidate, NULL, 3, 10.0 / DFT_BOHR_ANG, &slab, &info, NULL),
                         DFT_OK);
        assert_int_equal(count(slab, 29), 12);
        assert_int_equal(count(slab, 47), 3 * layers);
        /* 4 a^2 sqrt(3)/4 of a = 3.61496 A */
        assert_close(info.area * DFT_BOHR_ANG * DFT_BOHR_ANG, sqrt(3.0) * 3.61496 * 3.61496, 1e-6);
        assert_string_equal(info.top, "Ag");
        dft_crystal_free(slab);
    }
}

static void the_strain_of_a_coating_is_stated(void **unused)
{
    const cand_entry *copper = NULL, *silver = NULL;
    dft_crystal *bulk = NULL, *film = NULL, *slab = NULL;
    const cand_recipe recipe = { .miller = { 1, 1, 1 }, .film_layers = 1, .film_miller = { 1, 1, 1 } };
    double strain = NAN;
    (void)unused;

    assert_int_equal(cand_library_find(library, "Cu_fcc", &copper, NULL), DFT_OK);
    assert_int_equal(cand_library_find(library, "Ag_fcc", &silver, NULL), DFT_OK);
    assert_int_equal(cand_entry_crystal(copper, CAND_CELL_CONVENTIONAL, &bulk, NULL), DFT_OK);
    assert_int_equal(cand_entry_crystal(silver, CAND_CELL_CONVENTIONAL, &film, NULL), DFT_OK);
    assert_int_equal(cand_recipe_build(&recipe, bulk, film, 3, 20.0, &slab, NULL, &strain, NULL), DFT_OK);
    /* 2 a_Cu over sqrt(3) a_Ag */
    assert_close(strain, 2.0 * 3.61496 / (sqrt(3.0) * 4.08620) - 1.0, 1e-6);
    dft_crystal_free(slab);
    dft_crystal_free(bulk);
    dft_crystal_free(film);
}

static void defects_have_names_too(void **unused)
{
    const cand_candidate *candidate = NULL;
    dft_crystal *sheet = NULL;
    (void)unused;

    assert_int_equal(cand_catalog_find(catalog, "graphene-sheet~substitution:N", &candidate, NULL), DFT_OK);
    assert_int_equal(cand_candidate_slab(candidate, NULL, 1, 20.0, &sheet, NULL, NULL), DFT_OK);
    assert_int_equal(count(sheet, 6), 7);
    assert_int_equal(count(sheet, 7), 1);
    dft_crystal_free(sheet);
    assert_int_equal(cand_catalog_find(catalog, "Ti3C2O2-sheet+Mg-0001x1", &candidate, NULL), DFT_OK);
    assert_int_equal(cand_candidate_slab(candidate, NULL, 1, 20.0, &sheet, NULL, NULL), DFT_OK);
    assert_int_equal(count(sheet, 12), 1);
    assert_int_equal(count(sheet, 22), 3);
    dft_crystal_free(sheet);
}

static void wrong_decorations_say_how_they_are_written(void **unused)
{
    static const struct { const char *name, *hint; } wrong[] = {
        { "Cu-111+Ag-111", "+Ag-111x3" }, { "Cu-111+Ag-111x0", "1 to 20 layers" },
        { "graphene-sheet~N", "substitution:N" }, { "Cu-111+graphene-sheetx1", "not a coating" },
        { "Cx-111+Ag-111x1", "Cx" },
    };
    (void)unused;

    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        const cand_candidate *candidate = NULL;
        dft_error err = { DFT_OK, "" };
        assert_int_equal(cand_catalog_find(catalog, wrong[i].name, &candidate, &err), DFT_EINPUT);
        if (!strstr(err.message, wrong[i].hint))
            fail_msg("%s: %s", wrong[i].name, err.message);
        assert_null(candidate);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(silver_on_copper_lies_in_the_small_common_cell),
        cmocka_unit_test(the_strain_of_a_coating_is_stated),
        cmocka_unit_test(defects_have_names_too),
        cmocka_unit_test(wrong_decorations_say_how_they_are_written),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
