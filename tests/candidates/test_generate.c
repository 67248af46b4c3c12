/* Structures generated into a library, and structures that users add. */
#include "tests/candidates/shapes.h"

#include "candidates/generate.h"
#include "candidates/matcher.h"
#include "dft-lite/base/alloc.h"

static cand_library *fresh(void)
{
    cand_library *library = NULL;
    assert_int_equal(cand_library_read("candidates/data", &library, NULL), DFT_OK);
    return library;
}

static void the_built_in_enumeration_fills_the_library(void **unused)
{
    cand_library *library = fresh();
    const size_t before = cand_library_size(library);
    cand_generated count;
    dft_error err = { 0 };
    (void)unused;

    if (cand_generate("candidates/data", library, &count, &err))
        fail_msg("%s", err.message);
    assert_true(count.added >= 900);
    assert_int_equal(cand_library_size(library), before + count.added);
    assert_int_equal(count.tried, count.added + count.no_size + count.not_neutral
                     + count.bad_distance + count.known);
    assert_true(count.known >= 40);                  /* LiAg_B2, Ti2CO2, ... are there already */
    for (size_t i = before; i < cand_library_size(library); i++) {
        const cand_entry *entry = cand_library_entry(library, i);
        assert_string_equal(entry->origin, "estimate");
        assert_false(entry->ambient);
        assert_true(strlen(entry->source) > 20);
    }
    assert_non_null(cand_library_by_id(library, "LiPb_L10"));
    assert_null(cand_library_by_id(library, "Ti2CO2_fcc")); /* is the library's Ti2CO2 */
    assert_non_null(cand_library_by_id(library, "Ti2CO2_hcp"));
    cand_library_free(library);
}

static void one_structure_comes_by_its_id(void **unused)
{
    static const struct { const char *id; size_t n_atoms; int group; } cases[] = {
        { "LiPb_L10", 2, 123 }, { "Li3Zn_D03", 16, 225 }, { "LiZn3_L12", 4, 221 }, { "MgO_B1", 8, 225 },
        { "Ti3C2O2_hcp", 7, 164 }, { "Ti3C2OH2_fcc", 9, 164 }, { "Mo2N_1T", 3, 164 }, { "Rh_A1", 4, 225 },
    };
    cand_library *library = fresh();
    (void)unused;

    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        const cand_entry *entry = NULL;
        bool known = false;
        assert_int_equal(cand_generate_one("candidates/data", cases[k].id, library, &known, &entry,
                                           NULL), DFT_OK);
        assert_true(known);
        assert_string_equal(entry->id, cases[k].id);
        assert_int_equal(entry->n_atoms, cases[k].n_atoms);
        assert_int_equal(entry->space_group_number, cases[k].group);
        assert_ptr_equal(cand_library_by_id(library, cases[k].id), entry);
    }
    static const char *const others[] = { "LiPb", "LiPb_", "LiPb_B99", "Li3Pb_B2", "Qq_A1", "Ti3C3O2_fcc",
                                          "_B2", "LiPb2Sn_B2" };
    for (size_t k = 0; k < sizeof others / sizeof *others; k++) {
        const cand_entry *entry = NULL;
        bool known = true;
        assert_int_equal(cand_generate_one("candidates/data", others[k], library, &known, &entry, NULL),
                         DFT_OK);
        assert_false(known);
        assert_null(entry);
    }
    cand_library_free(library);
}

/* What goes in comes out, whatever the cell's handedness and orientation. */
static void added_entries_are_the_crystal_that_was_added(void **unused)
{
    cand_library *library = fresh();
    const cand_new_entry what = { .id = "mine", .formula = "CuO", .class_name = "user", .prototype = "",
                                  .origin = "user file", .source = "mine.cif", .note = "" };
    dft_crystal *cuo = library_crystal("CuO"), *back = NULL;
    const cand_entry *entry = NULL;
    cand_match match;
    (void)unused;

    for (int c = 0; c < 3; c++)
        cuo->lattice[1][c] = -cuo->lattice[1][c];
    for (size_t a = 0; a < cuo->n_atoms; a++)
        cuo->position[a][1] = -cuo->position[a][1];
    assert_int_equal(cand_library_add(library, &what, cuo, &entry, NULL), DFT_OK);
    assert_int_equal(entry->space_group_number, 15);
    assert_int_equal(cand_entry_crystal(entry, CAND_CELL_CONVENTIONAL, &back, NULL), DFT_OK);
    assert_int_equal(cand_crystals_match(cuo, back, NULL, &match, NULL), DFT_OK);
    assert_true(match.same && match.strain < 1e-9 && match.distance < 1e-6);
    const cand_entry *found = NULL;
    assert_int_equal(cand_library_find(library, "mine", &found, NULL), DFT_OK);
    assert_ptr_equal(found, entry);

    dft_error err;
    assert_int_equal(cand_library_add(library, &what, cuo, NULL, &err), DFT_EINPUT);
    assert_non_null(strstr(err.message, "'mine' already"));
    cand_new_entry nameless = what;
    nameless.source = "";
    nameless.id = "other";
    assert_int_equal(cand_library_add(library, &nameless, cuo, NULL, &err), DFT_EINPUT);
    assert_non_null(strstr(err.message, "needs an id"));
    dft_status status = DFT_ENOMEM;
    nameless.source = "x";
    for (long n = 1; status != DFT_OK; n++) {
        assert_true(n < 100);
        dft_alloc_refuse_nth(n);
        status = cand_library_add(library, &nameless, cuo, NULL, NULL);
        dft_alloc_refuse_nth(0);
        assert_true(status == DFT_OK || status == DFT_ENOMEM);
    }
    dft_crystal_free(back);
    dft_crystal_free(cuo);
    cand_library_free(library);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_built_in_enumeration_fills_the_library),
        cmocka_unit_test(one_structure_comes_by_its_id),
        cmocka_unit_test(added_entries_are_the_crystal_that_was_added),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
