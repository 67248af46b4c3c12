#include "candidates/catalog.h"

#include <stdio.h>
#include <unistd.h>

#include "candidates/sites.h"
#include "dft-lite/base/alloc.h"
#include "tests/candidates/shapes.h"

static cand_library *library;
static cand_catalog *catalog;
static char directory[] = "/tmp/test_catalog_XXXXXX";

static int set_up(void **state)
{
    (void)state;
    return cand_library_read("candidates/data", &library, NULL)
        || cand_catalog_read("candidates/data", library, &catalog, NULL) || !mkdtemp(directory);
}

static int tear_down(void **state)
{
    char path[128];
    (void)state;
    snprintf(path, sizeof path, "%s/candidates.csv", directory);
    unlink(path);
    cand_catalog_free(catalog);
    cand_library_free(library);
    return rmdir(directory);
}

/* Three layers asked: atoms and layers of each slab, and how many distinct sites its top has. */
static void every_candidate_can_be_cut_and_has_its_sites(void **unused)
{
    static const struct { const char *name, *family; int layers; size_t n_atoms,
                          n_sites; } expected[] = {
        { "Li-110", "metal", 3, 3, 4 }, { "Li-100", "metal", 3, 3, 3 }, { "Cu-111", "metal", 3, 3, 4 }, { "Ag-111", "metal", 3, 3,
                                                                          4 },
        { "Au-111", "metal", 3, 3, 4 }, { "Al-111", "metal", 3, 3, 4 }, { "Ni-111", "metal", 3, 3,
                                                                          4 },
        { "Pt-111", "metal", 3, 3, 4 }, { "Zn-0001", "metal", 3, 3, 4 }, { "Mg-0001", "metal", 3, 3,
                                                                           4 },
        { "LiHg-110", "alloy", 3, 6, 7 }, { "LiAg-110", "alloy", 3, 6, 7 },
        { "LiZn-110", "alloy", 3, 12, 9 }, { "Ti2C-sheet", "mxene", 1, 3, 4 },
        { "Ti2CO2-sheet", "mxene", 1, 5, 4 }, { "ZnO-10-10", "oxide", 4, 8, 8 },
        { "MgO-100", "oxide", 3, 6, 4 }
    };
    (void)unused;

    for (size_t k = 0; k < sizeof expected / sizeof *expected; k++) {
        const cand_candidate *candidate = NULL;
        cand_slab_info info;
        cand_site *site = NULL;
        dft_crystal *slab = NULL;
        size_t n = 0;

        assert_int_equal(cand_catalog_find(catalog, expected[k].name, &candidate, NULL), DFT_OK);
        assert_string_equal(candidate->family, expected[k].family);
        assert_string_equal(candidate->state, "pristine");
        assert_int_equal(cand_candidate_slab(candidate, NULL, 3, 10.0 * ANG, &slab, &info, NULL),
                         DFT_OK);
        assert_int_equal(info.layers, expected[k].layers);
        assert_int_equal(slab->n_atoms, expected[k].n_atoms);
        assert_true(info.faces_equal && info.stoichiometric && !info.polar);
        assert_int_equal(cand_sites_find(slab, 3, NULL, &site, &n, NULL), DFT_OK);
        assert_int_equal(n, expected[k].n_sites);
        free(site);
        dft_crystal_free(slab);
    }
    assert_int_equal(cand_catalog_size(catalog), sizeof expected / sizeof *expected);
}

/* A slab cut from a relaxed bulk has the relaxed lattice constant. */
static void relaxed_bulk_cells_are_used_when_given(void **unused)
{
    const double factor[3] = { 1.02, 1.02, 1.02 };
    const cand_candidate *candidate = NULL;
    dft_crystal *bulk = NULL, *relaxed = NULL, *slab = NULL, *reference = NULL;
    (void)unused;

    assert_int_equal(cand_catalog_find(catalog, "MgO", &candidate, NULL), DFT_OK);
    assert_int_equal(cand_entry_crystal(candidate->structure, CAND_CELL_CONVENTIONAL, &bulk, NULL),
                     DFT_OK);
    assert_int_equal(cand_crystal_scaled(bulk, factor, &relaxed, NULL), DFT_OK);
    assert_int_equal(cand_candidate_slab(candidate, NULL, 3, 20.0, &reference, NULL, NULL), DFT_OK);
    assert_int_equal(cand_candidate_slab(candidate, relaxed, 3, 20.0, &slab, NULL, NULL), DFT_OK);
    assert_close(slab->lattice[0][0], 1.02 * reference->lattice[0][0], 1e-9);
    dft_crystal_free(slab);
    dft_crystal_free(reference);
    dft_crystal_free(relaxed);
    dft_crystal_free(bulk);
}

static void names_ids_and_formulas_find_a_candidate(void **unused)
{
    static const char *const names[] = { "Ag-111", "Ag_fcc", "Ag" };
    const cand_candidate *candidate = NULL;
    dft_error err;
    (void)unused;

    for (int k = 0; k < 3; k++) {
        assert_int_equal(cand_catalog_find(catalog, names[k], &candidate, NULL), DFT_OK);
        assert_string_equal(candidate->name, "Ag-111");
        assert_string_equal(candidate->data_sets, "Ag=Ag.11");
    }
    assert_int_equal(cand_catalog_find(catalog, "Agg-111", &candidate, &err), DFT_EINPUT);
    assert_null(candidate);
    assert_non_null(strstr(err.message, "did you mean"));
    assert_int_equal(cand_catalog_find(catalog, "water", &candidate, &err), DFT_EINPUT);
    assert_non_null(strstr(err.message, "candidates.csv"));
}

/* Any surface of any structure, known or generated; the second time it is the same candidate. */
static void surfaces_are_candidates_by_their_names(void **unused)
{
    static const struct {
        const char *name, *structure, *family, *data_sets;
        int miller[3], termination;
    } cases[] = {
        { "Ag_fcc-100", "Ag_fcc", "metal", "Ag=Ag.11", { 1, 0, 0 }, 0 },
        { "Ag-211", "Ag_fcc", "metal", "Ag=Ag.11", { 2, 1, 1 }, 0 },
        { "ZnO_wz-0001-t1", "ZnO_wz", "oxide", "", { 0, 0, 1 }, 1 },
        { "LiPb_L10-1-10", "LiPb_L10", "generated", "", { 1, -1, 0 }, 0 },
        { "Ti2CS2-sheet", "Ti2CS2", "mxene", "", { 0, 0, 1 }, 0 },
        { "Nb2NO2_hcp-sheet", "Nb2NO2_hcp", "generated", "", { 0, 0, 1 }, 0 },
    };
    (void)unused;

    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        const cand_candidate *candidate = NULL, *again = NULL;
        dft_crystal *slab = NULL;
        dft_error err = { 0 };
        if (cand_catalog_find(catalog, cases[k].name, &candidate, &err))
            fail_msg("%s", err.message);
        assert_string_equal(candidate->name, cases[k].name);
        assert_string_equal(candidate->structure->id, cases[k].structure);
        assert_string_equal(candidate->family, cases[k].family);
        assert_string_equal(candidate->data_sets, cases[k].data_sets);
        assert_memory_equal(candidate->miller, cases[k].miller, sizeof cases[k].miller);
        assert_int_equal(candidate->termination, cases[k].termination);
        assert_int_equal(cand_catalog_find(catalog, cases[k].name, &again, NULL), DFT_OK);
        assert_ptr_equal(again, candidate);
        assert_int_equal(cand_candidate_slab(candidate, NULL, 3, 20.0, &slab, NULL, NULL), DFT_OK);
        dft_crystal_free(slab);
    }
}

static void names_of_impossible_surfaces_are_explained(void **unused)
{
    static const struct { const char *name, *what; } cases[] = {
        { "Ag_fcc-11", "'11'" }, { "Ag_fcc-sheet", "Ag_fcc is no sheet" },
        { "Ti2CS2-111", "Ti2CS2 is a sheet" }, { "Ag_fcc-111-tx", "a termination is written" },
        { "Li3Pb_B2-110", "no candidate is called" }, { "LiHe_B2-110", "atomic volume is not known" },
    };
    (void)unused;

    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        const cand_candidate *candidate = NULL;
        dft_error err = { 0 };
        assert_int_equal(cand_catalog_find(catalog, cases[k].name, &candidate, &err), DFT_EINPUT);
        assert_null(candidate);
        if (!strstr(err.message, cases[k].what))
            print_error("%s\n", err.message);
        assert_non_null(strstr(err.message, cases[k].what));
    }
}

#define HEAD "name,family,structure,facet,termination,state,data_sets,remark\n"

static dft_status read_text(const char *text, cand_catalog **out, dft_error *err)
{
    char path[128];
    FILE *file;

    snprintf(path, sizeof path, "%s/candidates.csv", directory);
    file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
    return cand_catalog_read(directory, library, out, err);
}

static void several_candidates_of_one_formula_must_be_named(void **unused)
{
    const cand_candidate *candidate = NULL;
    cand_catalog *two = NULL;
    dft_error err;
    (void)unused;

    assert_int_equal(read_text(HEAD "A,metal,Ag,111,0,pristine,,\nB,metal,Ag,100,0,pristine,,\n",
                               &two, NULL), DFT_OK);
    assert_int_equal(cand_catalog_find(two, "Ag", &candidate, &err), DFT_EINPUT);
    assert_non_null(strstr(err.message, "A, B"));
    cand_catalog_free(two);
}

static void broken_rows_are_named_with_line_and_value(void **unused)
{
    static const struct { const char *row, *what; } cases[] = {
        { "X,metal,Agg,111,0,pristine,,\n", "Agg" }, { "X,cheese,Ag,111,0,pristine,,\n", "cheese" },
        { "X,metal,Ag,11,0,pristine,,\n", "'11'" }, { "X,metal,Ag,111,-1,pristine,,\n", "-1" },
        { "X,metal,Ag,sheet,0,pristine,,\n", "sheet" }, { "X,mxene,Ti2C,111,0,pristine,,\n",
                                                          "111" },
        { "X,metal,Ag,111,0,pristine,Au=Au,\n", "Au" }, { "X,metal,Ag,111,0,pristine,Ag,\n",
                                                          "Ag.11" },
        { ",metal,Ag,111,0,pristine,,\n", "name" },
        { "X,metal,Ag,111,0,pristine,,\nX,metal,Au,111,0,pristine,,\n", "used already" },
    };
    (void)unused;

    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        char text[256];
        cand_catalog *broken = catalog;
        dft_error err = { 0 };
        snprintf(text, sizeof text, HEAD "%s", cases[k].row);
        assert_int_equal(read_text(text, &broken, &err), DFT_EPARSE);
        assert_null(broken);
        if (!strstr(err.message, cases[k].what))
            print_error("%s\n", err.message);
        assert_non_null(strstr(err.message, cases[k].what));
        assert_non_null(strstr(err.message, "candidates.csv:"));
    }
}

static void refused_memory_is_reported(void **unused)
{
    dft_status status = DFT_ENOMEM;
    (void)unused;

    for (long n = 1; status != DFT_OK; n++) {
        cand_catalog *other = NULL;
        assert_true(n < 100);
        dft_alloc_refuse_nth(n);
        status = cand_catalog_read("candidates/data", library, &other, NULL);
        dft_alloc_refuse_nth(0);
        assert_true(status == DFT_OK || (status == DFT_ENOMEM && !other));
        cand_catalog_free(other);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_candidate_can_be_cut_and_has_its_sites),
        cmocka_unit_test(relaxed_bulk_cells_are_used_when_given),
        cmocka_unit_test(names_ids_and_formulas_find_a_candidate),
        cmocka_unit_test(surfaces_are_candidates_by_their_names),
        cmocka_unit_test(names_of_impossible_surfaces_are_explained),
        cmocka_unit_test(several_candidates_of_one_formula_must_be_named),
        cmocka_unit_test(broken_rows_are_named_with_line_and_value),
        cmocka_unit_test(refused_memory_is_reported),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
