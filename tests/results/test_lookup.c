#include "results/lookup.h"

#include "results/database.h"
#include "tests/results/scratch.h"
#include "tests/support/assert_close.h"

static res_ranked_row row(const char *candidate, int rank)
{
    res_ranked_row r = res_ranked_row_defaults();

    r.candidate = candidate;
    r.rank = rank;
    r.converged = true;
    r.reason = rank ? "" : "not computed";
    return r;
}

static void the_rank_is_that_of_the_list(void **state)
{
    const char *dir = *state;
    const res_ranked_row rows[] = { row("Ag-111", 2), row("Au-111", 1), row("x'; DROP TABLE rankings", 0) };
    const res_judgement judgement = { .ranking = rows, .n_ranking = 3 };
    int rank = -1;

    assert_false(res_lookup_rank(dir, "Ag-111", &rank));
    assert_int_equal(res_database_rebuild(dir, &judgement, NULL, NULL), DFT_OK);
    assert_true(res_lookup_rank(dir, "Ag-111", &rank));
    assert_int_equal(rank, 2);
    assert_true(res_lookup_rank(dir, "x'; DROP TABLE rankings", &rank));
    assert_int_equal(rank, 0);
    assert_true(res_lookup_rank(dir, "Cu-111", &rank));
    assert_int_equal(rank, 0);
}

static void a_foreign_database_tells_nothing(void **state)
{
    const char *dir = *state;
    int rank = -1;

    scratch_write(scratch_path(dir, "results.sqlite"), "this is no database");
    assert_false(res_lookup_rank(dir, "Ag-111", &rank));
    assert_int_equal(rank, 0);
}

int main(void)
{
#define IN_SCRATCH(test) cmocka_unit_test_setup_teardown(test, scratch_make, scratch_remove)
    const struct CMUnitTest tests[] = {
        IN_SCRATCH(the_rank_is_that_of_the_list),
        IN_SCRATCH(a_foreign_database_tells_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
