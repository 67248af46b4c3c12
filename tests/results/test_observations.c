#include "results/observations.h"

#include <sqlite3.h>

#include "results/database.h"
#include "tests/results/scratch.h"

static void make_run(const char *run_dir)
{
    res_ranked_row rows[2] = { res_ranked_row_defaults(), res_ranked_row_defaults() };

    rows[0].candidate = "Ag-111";
    rows[1].candidate = "=odd, \"name\"";
    for (int i = 0; i < 2; i++) {
        rows[i].rank = i + 1;
        rows[i].converged = true;
    }
    const res_judgement judgement = { NULL, 0, NULL, 0, rows, 2 };
    assert_int_equal(res_database_rebuild(run_dir, &judgement, NULL, NULL), DFT_OK);
}

static dft_status keep(const char *run_dir, const char *text, res_observations_report *report,
                       dft_error *err)
{
    scratch_write(scratch_path(run_dir, "in.csv"), text);
    return res_observations_keep(run_dir, scratch_path(run_dir, "in.csv"), report, err);
}

static const char good[] =
    "candidate,why,quantity,value,error,temperature_c,source\n"
    "Ag-111,x,nucleation_overpotential_mv,2.5,0.5,25,\"this, work\"\n"
    "Ag-111,x,contact_angle_deg,,,,\n"
    "\"'=odd, \"\"name\"\"\",x,contact_angle_deg,90,,,=cmd()\n";

static dft_status count(void *user, const res_observation *o, dft_error *err)
{
    size_t *n = user;
    (void)err;

    if (o->line == 2)
        assert_close(o->value, 2.5, 0.0);
    if (o->line == 4) {
        assert_string_equal(o->candidate, "=odd, \"name\"");
        assert_true(o->error != o->error);
    }
    ++*n;
    return DFT_OK;
}

static void values_are_kept_once_and_reach_the_database(void **state)
{
    res_observations_report report;
    dft_error err = { 0 };
    sqlite3 *db = NULL;
    sqlite3_stmt *query = NULL;
    size_t n = 0;

    make_run(*state);
    if (keep(*state, good, &report, &err) != DFT_OK)
        fail_msg("%s", err.message);
    assert_int_equal(report.n_values, 2);
    assert_int_equal(report.n_empty, 1);
    assert_int_equal(report.is_new, 1);
    char *kept = scratch_read(report.path);
    assert_string_equal(kept, good);
    free(kept);
    assert_int_equal(keep(*state, good, &report, NULL), DFT_OK);
    assert_int_equal(report.is_new, 0);
    assert_int_equal(res_observations_each(*state, count, &n, NULL), DFT_OK);
    assert_int_equal(n, 2);
    assert_int_equal(res_database_rebuild(*state, NULL, NULL, NULL), DFT_OK);
    sqlite3_open(scratch_path(*state, RES_DATABASE_NAME), &db);
    assert_int_equal(sqlite3_prepare_v2(db, "SELECT count(*), sum(value), sum(error IS NULL), "
                                        "max(unit) FROM observations", -1, &query, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(query), SQLITE_ROW);
    assert_int_equal(sqlite3_column_int(query, 0), 2);
    assert_close(sqlite3_column_double(query, 1), 92.5, 0.0);
    assert_int_equal(sqlite3_column_int(query, 2), 1);
    assert_string_equal((const char *)sqlite3_column_text(query, 3), "mV");
    sqlite3_finalize(query);
    sqlite3_close(db);
}

static void mistakes_are_named_with_line_and_column_and_nothing_is_kept(void **state)
{
    static const char *const bad[][2] = {
        { "candidate,quantity\nAg-111,contact_angle_deg\n", "no column is named \"value\"" },
        { "candidate,quantity,value\nAg-111,contact_angle_deg,10\nCu-111,contact_angle_deg,10\n",
          "in.csv:3: column \"candidate\" holds \"Cu-111\", which is no candidate" },
        { "candidate,quantity,value\nAg-111,angle,10\n", "in.csv:2: column \"quantity\" holds \"angle\"" },
        { "candidate,quantity,value\nAg-111,contact_angle_deg,181\n",
          "in.csv:2: column \"value\" holds 181; it must lie between 0 and 180" },
        { "candidate,quantity,value\nAg-111,contact_angle_deg,nan\n", "in.csv:2: column \"value\"" },
        { "candidate,quantity,value\nAg-111,contact_angle_deg,1e999\n", "in.csv:2: column \"value\"" },
        { "candidate,quantity,value\nAg-111,contact_angle_deg,0x10\n", "in.csv:2: column \"value\"" },
        { "candidate,quantity,value,error\nAg-111,contact_angle_deg,1,-1\n",
          "in.csv:2: column \"error\" holds -1" },
        { "candidate,quantity,value,temperature_c\nAg-111,contact_angle_deg,1,1e300\n",
          "in.csv:2: column \"temperature_c\"" },
        { "candidate,quantity,value,source\nAg-111,contact_angle_deg,1,\"two\nlines\"\n",
          "in.csv:2: a quoted field is not closed" },
        { "candidate,quantity,value,source\nAg-111,contact_angle_deg,1,\xff\xfe\n",
          "in.csv:2: column \"source\" is not UTF-8" },
        { "candidate,quantity,value\nAg-111,contact_angle_deg\n", "in.csv:2: expected 3 fields" },
    };
    dft_error err = { 0 };
    res_observations_report report;

    make_run(*state);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(keep(*state, bad[i][0], &report, &err), DFT_EPARSE);
        if (!strstr(err.message, bad[i][1]))
            fail_msg("expected ...%s..., got %s", bad[i][1], err.message);
    }
    assert_int_not_equal(access(scratch_path(*state, RES_OBSERVATIONS_DIR), F_OK), 0);
}

static void an_altered_file_is_named_and_costs_only_its_own_rows(void **state)
{
    res_observations_report report;
    dft_error err = { 0 };
    size_t n = 0;

    make_run(*state);
    assert_int_equal(keep(*state, good, &report, NULL), DFT_OK);
    FILE *file = fopen(report.path, "a");
    assert_non_null(file);
    fputs("Ag-111,x,contact_angle_deg,0,,,\n", file);
    fclose(file);
    assert_int_equal(res_observations_each(*state, count, &n, &err), DFT_EPARSE);
    assert_non_null(strstr(err.message, "was altered"));
    assert_int_equal(n, 0);
    assert_int_equal(res_database_rebuild(*state, NULL, NULL, &err), DFT_OK);
}

static void a_missing_file_and_a_run_without_results_are_told_apart(void **state)
{
    res_observations_report report;
    size_t n = 0;

    assert_int_equal(res_observations_each(*state, count, &n, NULL), DFT_OK);
    make_run(*state);
    assert_int_equal(res_observations_keep(*state, "/nowhere.csv", &report, NULL), DFT_ENOFILE);
    assert_int_equal(keep(*state, "candidate,quantity,value\nAg-111,contact_angle_deg,\n", &report,
                          NULL), DFT_OK);
    assert_int_equal(report.n_values, 0);
    assert_int_not_equal(access(scratch_path(*state, RES_OBSERVATIONS_DIR), F_OK), 0);
}

int main(void)
{
#define IN_SCRATCH(test) cmocka_unit_test_setup_teardown(test, scratch_make, scratch_remove)
    const struct CMUnitTest tests[] = {
        IN_SCRATCH(values_are_kept_once_and_reach_the_database),
        IN_SCRATCH(mistakes_are_named_with_line_and_column_and_nothing_is_kept),
        IN_SCRATCH(an_altered_file_is_named_and_costs_only_its_own_rows),
        IN_SCRATCH(a_missing_file_and_a_run_without_results_are_told_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
