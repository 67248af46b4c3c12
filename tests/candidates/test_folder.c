/* A user's folder: files become entries in their conventional cell, bad ones are told. */
#include "tests/candidates/shapes.h"

#include <stdio.h>
#include <unistd.h>

#include "candidates/cells.h"
#include "candidates/folder.h"
#include "dft-lite/base/alloc.h"
#include "dft-lite/crystal/conventional.h"
#include "dft-lite/crystal/write.h"

static char directory[] = "/tmp/test_folder_XXXXXX";
static const char *const files[] = { "my fcc-silver.vasp", "zno.cif", "sheet.extxyz", "broken.cif",
                                     ".hidden", "Ag_fcc.vasp" };

static void path_of(const char *file, char path[128])
{
    snprintf(path, 128, "%s/%s", directory, file);
}

static int fill_folder(void **unused)
{
    dft_crystal *ag = NULL, *zno = NULL, *sheet = NULL, *primitive = NULL;
    char path[128];
    (void)unused;

    if (!mkdtemp(directory))
        return -1;
    ag = library_crystal("Ag_fcc");
    zno = library_crystal("ZnO_wz");
    sheet = library_crystal("Ti2CO2");
    if (cand_crystal_primitive(ag, CAND_CENTRING_TOLERANCE, &primitive, NULL) != DFT_OK)
        return -1;
    path_of(files[0], path);
    dft_crystal_write(path, primitive, "t", NULL);
    path_of(files[1], path);
    dft_crystal_write(path, zno, NULL, NULL);
    path_of(files[2], path);
    dft_crystal_write(path, sheet, NULL, NULL);
    path_of(files[5], path);
    dft_crystal_write(path, ag, "t", NULL);
    for (int k = 3; k < 5; k++) {
        path_of(files[k], path);
        FILE *file = fopen(path, "w");
        fputs("data_x\nloop_\n", file);
        fclose(file);
    }
    dft_crystal_free(primitive);
    dft_crystal_free(sheet);
    dft_crystal_free(zno);
    dft_crystal_free(ag);
    return 0;
}

static int empty_folder(void **unused)
{
    char path[128];
    (void)unused;

    for (size_t k = 0; k < sizeof files / sizeof *files; k++) {
        path_of(files[k], path);
        unlink(path);
    }
    return rmdir(directory);
}

/* The primitive cell of silver comes out as the fcc cube: 4 atoms, 90 degrees. */
static void files_become_entries_and_bad_ones_are_told(void **unused)
{
    cand_library *library = NULL;
    cand_refused_file *refused = NULL;
    size_t n_refused = 0, n_added = 0;
    (void)unused;

    assert_int_equal(cand_library_read("candidates/data", &library, NULL), DFT_OK);
    assert_int_equal(cand_library_add_folder(library, directory, &n_added, &refused, &n_refused, NULL),
                     DFT_OK);
    assert_int_equal(n_added, 3);
    assert_int_equal(n_refused, 2);
    assert_string_equal(refused[0].file, "Ag_fcc.vasp");
    assert_non_null(strstr(refused[0].reason, "'Ag_fcc' already"));
    assert_string_equal(refused[1].file, "broken.cif");
    assert_non_null(strstr(refused[1].reason, "no _cell_length_a"));
    free(refused);

    const cand_entry *silver = cand_library_by_id(library, "my_fcc_silver");
    assert_non_null(silver);
    assert_int_equal(silver->n_atoms, 4);
    assert_int_equal(silver->space_group_number, 225);
    assert_close(silver->cell_deg[0], 90.0, 0.0);
    assert_close(silver->cell_ang[0], cand_library_by_id(library, "Ag_fcc")->cell_ang[0], 1e-6);
    assert_string_equal(silver->formula, "Ag");
    assert_string_equal(silver->origin, "user's file");
    assert_false(silver->is_sheet);
    const cand_entry *zno = cand_library_by_id(library, "zno");
    assert_string_equal(zno->formula, "ZnO");
    assert_int_equal(zno->space_group_number, 186);
    assert_true(cand_library_by_id(library, "sheet")->is_sheet);
    cand_library_free(library);
}

static void a_missing_folder_is_named(void **unused)
{
    cand_library *library = NULL;
    cand_refused_file *refused = NULL;
    size_t n_refused = 0;
    dft_error err;
    (void)unused;

    assert_int_equal(cand_library_read("candidates/data", &library, NULL), DFT_OK);
    assert_int_equal(cand_library_add_folder(library, "no/such/place", NULL, &refused, &n_refused, &err),
                     DFT_ENOFILE);
    assert_non_null(strstr(err.message, "no/such/place"));
    assert_null(refused);
    cand_library_free(library);
}

static void conventional_cells_need_a_tolerance(void **unused)
{
    dft_crystal *ag = library_crystal("Ag_fcc"), *out = NULL;
    dft_status status = DFT_ENOMEM;
    (void)unused;

    assert_int_equal(dft_crystal_conventional(ag, 0.0, &out, NULL), DFT_EINPUT);
    assert_null(out);
    for (long n = 1; status != DFT_OK; n++) {
        assert_true(n < 20);
        dft_alloc_refuse_nth(n);
        status = dft_crystal_conventional(ag, 0.01, &out, NULL);
        dft_alloc_refuse_nth(0);
        assert_true(status == DFT_OK || (status == DFT_ENOMEM && !out));
    }
    dft_crystal_free(out);
    dft_crystal_free(ag);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_become_entries_and_bad_ones_are_told),
        cmocka_unit_test(a_missing_folder_is_named),
        cmocka_unit_test(conventional_cells_need_a_tolerance),
    };
    return cmocka_run_group_tests(tests, fill_folder, empty_folder);
}
