/* The table of surfaces: what is in it, and that it is the same when stored or made by other threads. */
#include "tests/candidates/shapes.h"

#include <stdio.h>
#include <unistd.h>

#include "candidates/enumerate.h"
#include "dft-lite/base/alloc.h"
#include "dft-lite/base/threads.h"
#include "dft-lite/crystal/elements.h"

static char path[] = "/tmp/test_enumerate_XXXXXX";
static cand_library *library;
static cand_surface *surface;
static size_t n_surfaces;

static bool all_but_lanthanum(void *context, int z)
{
    (void)context;
    return z != 57;
}

static cand_enumerate_options options_here(void)
{
    cand_enumerate_options options = cand_enumerate_defaults();
    options.has_data = all_but_lanthanum;
    return options;
}

static int enumerate(void **unused)
{
    const cand_enumerate_options options = options_here();
    (void)unused;

    const int fd = mkstemp(path);
    if (fd < 0)
        return -1;
    close(fd);
    return cand_library_read("candidates/data", &library, NULL) != DFT_OK
        || cand_surfaces_enumerate(library, &options, &surface, &n_surfaces, NULL) != DFT_OK;
}

static int clear(void **unused)
{
    (void)unused;
    unlink(path);
    free(surface);
    cand_library_free(library);
    return 0;
}

static const cand_surface *find(const char *name)
{
    for (size_t i = 0; i < n_surfaces; i++)
        if (strcmp(surface[i].name, name) == 0)
            return &surface[i];
    return NULL;
}

static size_t count_structure(const char *id)
{
    size_t n = 0;
    for (size_t i = 0; i < n_surfaces; i++)
        n += strcmp(surface[i].structure, id) == 0;
    return n;
}

/* The library alone; with the generated structures it is more than 6000 (screen/COMMANDS.md). */
static void more_than_2000_surfaces_are_found(void **unused)
{
    (void)unused;
    assert_true(n_surfaces >= 2000);
    for (size_t i = 0; i < n_surfaces; i++) {
        if (!surface[i].reason[0])
            assert_true(surface[i].n_atoms > 0 && surface[i].area_ang2 > 1.0);
        for (size_t j = 0; j < i; j++)
            assert_true(strcmp(surface[i].name, surface[j].name) != 0);
    }
}

/* fcc: (111), (110), (100), one termination each; rock salt (111) has two; wurtzite (10-10) two, (0001)
 * two: Zn or O on top; a sheet is one. */
static void surfaces_are_counted_as_by_hand(void **unused)
{
    (void)unused;
    assert_int_equal(count_structure("Ag_fcc"), 3);
    assert_int_equal(count_structure("Li_bcc"), 3);
    assert_int_equal(count_structure("MgO"), 4);
    assert_int_equal(count_structure("Ti2CO2"), 1);
    assert_non_null(find("MgO-111-t1"));
    assert_non_null(find("ZnO_wz-10-10"));
    assert_non_null(find("Ti2CO2-sheet"));
    assert_false(find("MgO-100")->polar);
    assert_true(find("MgO-111")->polar);
    assert_string_equal(find("Ti2CO2-sheet")->family, "mxene");
    assert_true(find("Ag_fcc-111")->thickness_ang >= 8.0);
}

static void what_has_no_data_set_is_listed_with_that_reason(void **unused)
{
    size_t n = 0;
    (void)unused;

    for (size_t i = 0; i < n_surfaces; i++) {
        const bool has_la = strcmp(surface[i].structure, "LaF3") == 0;
        if (has_la)
            assert_non_null(strstr(surface[i].reason, "no data set for La"));
        n += has_la;
    }
    assert_true(n > 0);
}

static void large_slabs_are_listed_with_their_size(void **unused)
{
    size_t n = 0;
    (void)unused;

    for (size_t i = 0; i < n_surfaces; i++)
        if (surface[i].n_atoms > 200) {
            assert_non_null(strstr(surface[i].reason, "more than 200"));
            n++;
        }
    assert_true(n > 0);
}

static void the_number_of_threads_changes_nothing(void **unused)
{
    const cand_enumerate_options options = options_here();
    cand_surface *again = NULL;
    size_t n = 0;
    (void)unused;

    assert_int_equal(dft_threads_set(1, NULL), DFT_OK);
    assert_int_equal(cand_surfaces_enumerate(library, &options, &again, &n, NULL), DFT_OK);
    assert_int_equal(dft_threads_set(2, NULL), DFT_OK);
    assert_int_equal(n, n_surfaces);
    assert_memory_equal(again, surface, n * sizeof *again);
    free(again);
}

static void a_stored_table_reads_back_unless_its_key_differs(void **unused)
{
    cand_surface *back = NULL;
    size_t n = 0;
    dft_error err;
    (void)unused;

    assert_int_equal(cand_surfaces_write(path, "key1", surface, n_surfaces, NULL), DFT_OK);
    assert_int_equal(cand_surfaces_read(path, "key1", &back, &n, NULL), DFT_OK);
    assert_int_equal(n, n_surfaces);
    for (size_t i = 0; i < n; i++)
        assert_memory_equal(&back[i], &surface[i], sizeof back[i]);
    free(back);
    assert_int_equal(cand_surfaces_read(path, "key2", &back, &n, NULL), DFT_OK);
    assert_null(back);
    assert_int_equal(n, 0);
    FILE *file = fopen(path, "w");
    fputs("# surfaces; made from key1\nname,family\nx,y\n", file);
    fclose(file);
    assert_int_equal(cand_surfaces_read(path, "key1", &back, &n, &err), DFT_EPARSE);
    assert_null(back);
    assert_int_equal(cand_surfaces_read("no/such/file", "key1", &back, &n, NULL), DFT_ENOFILE);
}

static void impossible_options_are_refused(void **unused)
{
    cand_enumerate_options options = cand_enumerate_defaults();
    cand_surface *none = NULL;
    size_t n = 1;
    dft_error err;
    (void)unused;

    options.max_index = 4;
    assert_int_equal(cand_surfaces_enumerate(library, &options, &none, &n, &err), DFT_EINPUT);
    assert_non_null(strstr(err.message, "index 4"));
    assert_null(none);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(more_than_2000_surfaces_are_found),
        cmocka_unit_test(surfaces_are_counted_as_by_hand),
        cmocka_unit_test(what_has_no_data_set_is_listed_with_that_reason),
        cmocka_unit_test(large_slabs_are_listed_with_their_size),
        cmocka_unit_test(the_number_of_threads_changes_nothing),
        cmocka_unit_test(a_stored_table_reads_back_unless_its_key_differs),
        cmocka_unit_test(impossible_options_are_refused),
    };
    return cmocka_run_group_tests(tests, enumerate, clear);
}
