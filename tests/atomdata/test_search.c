/* Finding data sets, in Debian's folder and in folders that the tests make. */
#include "tests/support/assert_close.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dft-lite/atomdata/setup.h"

static char directory[64];

static int make_directory(void **unused)
{
    (void)unused;
    strcpy(directory, "/tmp/test_search_XXXXXX");
    return mkdtemp(directory) ? 0 : -1;
}

static int remove_directory(void **unused)
{
    (void)unused;
    return rmdir(directory);
}

static void assert_not_found(const char *search_path, const char *symbol, const char *name,
                             const char *xc, const char *words)
{
    char path[512];
    dft_error err = { 0 };

    assert_int_equal(dft_setup_find(search_path, symbol, name, xc, path, sizeof path, &err),
                     DFT_ENOFILE);
    if (!strstr(err.message, words))
        fail_msg("\"%s\" does not say \"%s\"", err.message, words);
    assert_string_equal(path, "");
}

static void element_and_functional_give_the_default_file(void **unused)
{
    char path[512];
    (void)unused;

    assert_int_equal(
        dft_setup_find(DFT_SETUP_SEARCH_PATH, "Ag", NULL, "PBE", path, sizeof path, NULL), DFT_OK);
    assert_string_equal(path, DFT_SETUP_GPAW "/Ag.PBE.gz");
    assert_int_equal(
        dft_setup_find(DFT_SETUP_SEARCH_PATH, "Ag", "", "LDA", path, sizeof path, NULL), DFT_OK);
    assert_string_equal(path, DFT_SETUP_GPAW "/Ag.LDA.gz");
}

static void name_selects_a_variant(void **unused)
{
    char path[512];
    (void)unused;

    assert_int_equal(
        dft_setup_find(DFT_SETUP_SEARCH_PATH, "Ag", "Ag.11", "PBE", path, sizeof path, NULL),
        DFT_OK);
    assert_string_equal(path, DFT_SETUP_GPAW "/Ag.11.PBE.gz");
}

static void earlier_directories_win(void **unused)
{
    char file[128], path[512], search_path[256];
    (void)unused;

    snprintf(file, sizeof file, "%s/Li.PBE.gz", directory);
    fclose(fopen(file, "wb"));
    snprintf(search_path, sizeof search_path, "/nowhere::%s:" DFT_SETUP_SEARCH_PATH, directory);
    assert_int_equal(dft_setup_find(search_path, "Li", NULL, "PBE", path, sizeof path, NULL),
                     DFT_OK);
    assert_string_equal(path, file);
    unlink(file);
    assert_int_equal(dft_setup_find(search_path, "Li", NULL, "PBE", path, sizeof path, NULL),
                     DFT_OK);
    assert_string_equal(path, DFT_SETUP_GPAW "/Li.PBE.gz");
}

static void missing_functional_or_variant_lists_those_of_the_element(void **unused)
{
    (void)unused;
    assert_not_found(DFT_SETUP_SEARCH_PATH, "Ag", NULL, "SCAN", "no Ag.SCAN.gz");
    assert_not_found(DFT_SETUP_SEARCH_PATH, "Ag", NULL, "SCAN",
                     "for Ag there are: Ag.11.GLLBSC Ag.11.LDA Ag.11.PBE");
    assert_not_found(DFT_SETUP_SEARCH_PATH, "Ag", "Ag.99", "PBE", "--data=");
}

/* gpaw-data has no lanthanum. */
static void names_of_gth_entries_give_the_file_that_has_them(void **unused)
{
    char path[512];
    (void)unused;

    assert_int_equal(dft_setup_find(DFT_SETUP_SEARCH_PATH, "Al", "GTH-PBE-q3", "PBE", path,
                                    sizeof path, NULL), DFT_OK);
    assert_string_equal(path, DFT_SETUP_CP2K "/GTH_POTENTIALS");
    assert_int_equal(dft_setup_find(DFT_SETUP_SEARCH_PATH, "O", "GTH-HF-q6", "PBE", path,
                                    sizeof path, NULL), DFT_OK);
    assert_string_equal(path, DFT_SETUP_CP2K "/POTENTIAL");
    assert_int_equal(dft_setup_find(DFT_SETUP_CP2K "/POTENTIAL_UZH:" DFT_SETUP_SEARCH_PATH, "Li",
                                    "GTH-PBE-q3", "PBE", path, sizeof path, NULL), DFT_OK);
    assert_string_equal(path, DFT_SETUP_CP2K "/POTENTIAL_UZH");
}

static void missing_gth_entries_list_those_of_the_element(void **unused)
{
    (void)unused;
    assert_not_found(DFT_SETUP_SEARCH_PATH, "Al", "GTH-PBE-q13", "PBE", "no Al GTH-PBE-q13 in");
    assert_not_found(DFT_SETUP_SEARCH_PATH, "Al", "GTH-PBE-q13", "PBE",
                     "for Al there are: GTH-BLYP-q3 GTH-BP-q3 GTH-NLCC-PBE-q3 GTH-PADE-q3 GTH-PBE-q3");
    assert_not_found(DFT_SETUP_SEARCH_PATH, "Xx", "GTH-PBE-q13", "PBE", "there are: none");
    assert_not_found(DFT_SETUP_GPAW, "Al", "GTH-PBE-q3", "PBE", "install Debian's cp2k-data");
}

/* A file of the search path that cannot be read ends the search: another file's entry of the same name
 * would have other numbers. */
static void unreadable_gth_file_is_named(void **unused)
{
    char file[128], path[512], search_path[256];
    dft_error err = { 0 };
    (void)unused;

    snprintf(file, sizeof file, "%s/POTENTIAL", directory);
    fclose(fopen(file, "wb"));
    snprintf(search_path, sizeof search_path, "%s:" DFT_SETUP_SEARCH_PATH, directory);
    assert_int_equal(dft_setup_find(search_path, "Al", "GTH-PBE-q3", "PBE", path, sizeof path,
                                    &err), DFT_EPARSE);
    assert_non_null(strstr(err.message, "POTENTIAL: the file is empty"));
    assert_string_equal(path, "");
    unlink(file);
}

static void load_reads_either_kind(void **unused)
{
    dft_setup *setup = NULL;
    dft_error err = { 0 };
    (void)unused;

    assert_int_equal(dft_setup_load(DFT_SETUP_SEARCH_PATH, "Al", "", "PBE", &setup, NULL), DFT_OK);
    assert_string_equal(setup->name, "Al.PBE.gz");
    assert_false(setup->norm_conserving);
    dft_setup_free(setup);
    assert_int_equal(dft_setup_load(DFT_SETUP_SEARCH_PATH, "Al", "GTH-PBE", "PBE", &setup, NULL),
                     DFT_OK);
    assert_string_equal(setup->name, "GTH_POTENTIALS:Al:GTH-PBE-q3");
    dft_setup_free(setup);
    assert_int_equal(dft_setup_load(DFT_SETUP_SEARCH_PATH, "O", "GTH-HF-q6", "PBE", &setup, &err),
                     DFT_EINPUT);
    assert_null(setup);
    assert_non_null(strstr(err.message, "functional that is not supported"));
}

static void missing_element_lists_the_elements(void **unused)
{
    (void)unused;
    assert_not_found(DFT_SETUP_SEARCH_PATH, "La", NULL, "PBE", "no data set of element La");
    assert_not_found(DFT_SETUP_SEARCH_PATH, "La", NULL, "PBE", "there are: Ag Al Ar As Au B ");
    assert_not_found(DFT_SETUP_SEARCH_PATH, "La", NULL, "PBE", "gpaw-data");
}

static void empty_or_absent_directories_name_the_package(void **unused)
{
    (void)unused;
    assert_not_found(directory, "Li", NULL, "PBE", "no data sets at all");
    assert_not_found("/nowhere", "Li", NULL, "PBE", "install Debian's gpaw-data");
    assert_not_found("", "Li", NULL, "PBE", "no data sets at all");
}

static void path_that_does_not_fit_is_not_returned(void **unused)
{
    char path[8] = "x";
    (void)unused;

    assert_int_equal(
        dft_setup_find(DFT_SETUP_SEARCH_PATH, "Li", NULL, "PBE", path, sizeof path, NULL),
        DFT_ENOFILE);
    assert_string_equal(path, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(element_and_functional_give_the_default_file),
        cmocka_unit_test(name_selects_a_variant),
        cmocka_unit_test(earlier_directories_win),
        cmocka_unit_test(missing_functional_or_variant_lists_those_of_the_element),
        cmocka_unit_test(names_of_gth_entries_give_the_file_that_has_them),
        cmocka_unit_test(missing_gth_entries_list_those_of_the_element),
        cmocka_unit_test(unreadable_gth_file_is_named),
        cmocka_unit_test(load_reads_either_kind),
        cmocka_unit_test(missing_element_lists_the_elements),
        cmocka_unit_test(empty_or_absent_directories_name_the_package),
        cmocka_unit_test(path_that_does_not_fit_is_not_returned),
    };

    return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
