#include "results/index.h"

#include <time.h>

#include "dft-lite/base/alloc.h"
#include "results/database.h"
#include "tests/results/scratch.h"

static res_index *read_index(const char *run_dir)
{
    res_index *index = NULL;
    dft_error err = { 0 };

    if (res_index_read(run_dir, &index, &err) != DFT_OK)
        fail_msg("%s", err.message);
    return index;
}

static size_t n_read_now(const char *run_dir)
{
    res_index *index = read_index(run_dir);
    const size_t n = res_index_n_read(index);

    res_index_free(index);
    return n;
}

static void write_failed(const char *run_dir, const char *key, const char *reason)
{
    const res_record_head head = { key, "site", "", RES_FAILED, reason, 2.5, 2.0, 1.0 };
    json_t *record = NULL;

    assert_int_equal(res_record_create(&head, NULL, NULL, NULL, &record, NULL), DFT_OK);
    assert_int_equal(res_record_write(run_dir, key, record, NULL), DFT_OK);
    json_decref(record);
}

static void outcomes_reasons_and_times_are_those_of_the_records(void **state)
{
    write_record(*state, "k1", "Ag-111", -1.5);
    write_failed(*state, "k2", "tab\there,\nno minimum");
    res_index *index = read_index(*state);
    assert_int_equal(res_index_size(index), 2);
    const res_index_entry *done = res_index_find(index, "k1"), *failed = res_index_find(index, "k2");
    assert_int_equal(done->outcome, RES_INDEX_DONE);
    assert_close(done->wall_s, 12.5, 0.0);
    assert_int_equal(failed->outcome, RES_INDEX_FAILED);
    assert_string_equal(failed->reason, "tab here, no minimum");
    assert_null(res_index_find(index, "k3"));
    res_index_free(index);
}

static void nothing_is_read_twice_and_only_what_is_new_is_read(void **state)
{
    write_record(*state, "k1", "", -1.5);
    write_failed(*state, "k2", "why");
    assert_int_equal(n_read_now(*state), 2);
    assert_int_equal(n_read_now(*state), 0);
    write_record(*state, "k3", "", -1.5);
    assert_int_equal(n_read_now(*state), 1);
    assert_int_equal(n_read_now(*state), 0);
}

static void a_failed_task_that_was_tried_again_counts_as_it_is_now(void **state)
{
    write_failed(*state, "k1", "why");
    res_index_free(read_index(*state));
    write_record(*state, "k1", "", -1.5);
    res_index *index = read_index(*state);
    assert_int_equal(res_index_find(index, "k1")->outcome, RES_INDEX_DONE);
    assert_int_equal(res_index_n_read(index), 1);
    res_index_free(index);
    index = read_index(*state);                 /* the later line counts */
    assert_int_equal(res_index_find(index, "k1")->outcome, RES_INDEX_DONE);
    res_index_free(index);
}

static void a_record_that_went_away_is_gone_and_a_damaged_one_says_why(void **state)
{
    write_record(*state, "k1", "", -1.5);
    write_record(*state, "k2", "", -1.5);
    res_index_free(read_index(*state));
    assert_int_equal(unlink(scratch_path(*state, "records/k1.json")), 0);
    assert_int_equal(truncate(scratch_path(*state, "records/k2.json"), 100), 0);
    res_index *index = read_index(*state);
    assert_null(res_index_find(index, "k1"));
    assert_int_equal(res_index_size(index), 1);
    assert_int_equal(res_index_find(index, "k2")->outcome, RES_INDEX_DAMAGED);
    assert_non_null(strstr(res_index_find(index, "k2")->reason, "k2.json"));
    res_index_free(index);
}

static void the_database_tells_of_records_that_are_older(void **state)
{
    const struct timespec tick = { 0, 20000000 };

    write_record(*state, "k1", "", -1.5);
    write_failed(*state, "k2", "why");
    nanosleep(&tick, NULL);                     /* file times have the grain of the kernel's tick */
    assert_int_equal(res_database_rebuild(*state, NULL, NULL, NULL), DFT_OK);
    nanosleep(&tick, NULL);
    write_record(*state, "k3", "", -1.5);
    res_index *index = read_index(*state);
    assert_int_equal(res_index_n_read(index), 1);
    assert_int_equal(res_index_find(index, "k1")->outcome, RES_INDEX_DONE);
    assert_string_equal(res_index_find(index, "k2")->reason, "why");
    res_index_free(index);
    assert_int_equal(n_read_now(*state), 0);
}

/* Every length that a crash can leave of the file, and a line that two halves make. */
static void a_file_that_is_cut_short_anywhere_misleads_nobody(void **state)
{
    char path[512];
    struct stat about;

    write_record(*state, "k1", "", -1.5);
    write_failed(*state, "k2", "why");
    strcpy(path, scratch_path(*state, RES_INDEX_NAME));
    res_index_free(read_index(*state));
    char *whole = scratch_read(path);
    assert_int_equal(stat(path, &about), 0);
    for (off_t n = 0; n < about.st_size; n++) {
        scratch_write(path, whole);
        assert_int_equal(truncate(path, n), 0);
        write_failed(*state, "k3", "new");      /* its line is appended to what is left */
        for (int again = 0; again < 2; again++) {
            res_index *index = read_index(*state);
            assert_int_equal(res_index_size(index), 3);
            assert_int_equal(res_index_find(index, "k1")->outcome, RES_INDEX_DONE);
            assert_string_equal(res_index_find(index, "k2")->reason, "why");
            assert_string_equal(res_index_find(index, "k3")->reason, "new");
            res_index_free(index);
        }
    }
    free(whole);
}

static void a_read_only_run_and_one_without_records_are_read(void **state)
{
    assert_int_equal(n_read_now(*state), 0);
    write_record(*state, "k1", "", -1.5);
    set_writable(*state, false);
    res_index *index = read_index(*state);
    assert_int_equal(res_index_size(index), 1);
    res_index_free(index);
    set_writable(*state, true);
    assert_int_not_equal(access(scratch_path(*state, RES_INDEX_NAME), F_OK), 0);
}

static void every_refused_allocation_is_reported(void **state)
{
    dft_status status = DFT_ENOMEM;
    long n = 0;

    write_record(*state, "k1", "", -1.5);
    write_failed(*state, "k2", "why");
    while (status == DFT_ENOMEM && ++n < 1000) {
        res_index *index = NULL;
        unlink(scratch_path(*state, RES_INDEX_NAME));
        dft_alloc_refuse_nth(n);
        status = res_index_read(*state, &index, NULL);
        dft_alloc_refuse_nth(0);
        assert_true((status == DFT_OK) == (index != NULL));
        res_index_free(index);
    }
    assert_int_equal(status, DFT_OK);
    assert_true(n > 5);
}

int main(void)
{
#define IN_SCRATCH(test) cmocka_unit_test_setup_teardown(test, scratch_make, scratch_remove)
    const struct CMUnitTest tests[] = {
        IN_SCRATCH(outcomes_reasons_and_times_are_those_of_the_records),
        IN_SCRATCH(nothing_is_read_twice_and_only_what_is_new_is_read),
        IN_SCRATCH(a_failed_task_that_was_tried_again_counts_as_it_is_now),
        IN_SCRATCH(a_record_that_went_away_is_gone_and_a_damaged_one_says_why),
        IN_SCRATCH(the_database_tells_of_records_that_are_older),
        IN_SCRATCH(a_file_that_is_cut_short_anywhere_misleads_nobody),
        IN_SCRATCH(a_read_only_run_and_one_without_records_are_read),
        IN_SCRATCH(every_refused_allocation_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
