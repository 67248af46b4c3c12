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
    assert_string_equal(path, DFT_SETUP_SEARCH_PATH "/Ag.PBE.gz");
    assert_int_equal(
        dft_setup_find(DFT_SETUP_SEARCH_PATH, "Ag", "", "LDA", path, sizeof path, NULL), DFT_OK);
    assert_string_equal(path, DFT_SETUP_SEARCH_PATH "/Ag.LDA.gz");
}

static void name_selects_a_variant(void **unused)
{
    char path[512];
    (void)unused;

    assert_int_equal(
        dft_setup_find(DFT_SETUP_SEARCH_PATH, "Ag", "Ag.11", "PBE", path, sizeof path, NULL),
        DFT_OK);
    assert_string_equal(path, DFT_SETUP_SEARCH_PATH "/Ag.11.PBE.gz");
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
    assert_string_equal(path, DFT_SETUP_SEARCH_PATH "/Li.PBE.gz");
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
        cmocka_unit_test(missing_element_lists_the_elements),
        cmocka_unit_test(empty_or_absent_directories_name_the_package),
        cmocka_unit_test(path_that_does_not_fit_is_not_returned),
    };

    return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
