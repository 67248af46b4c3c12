#include "results/database.h"

#include <sqlite3.h>
#include <sys/wait.h>
#include <time.h>

#include "dft-lite/base/alloc.h"
#include "tests/results/scratch.h"

static void run_sql(const char *path, const char *sql)
{
    sqlite3 *db = NULL;
    char *message = NULL;

    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    if (sqlite3_exec(db, sql, NULL, NULL, &message) != SQLITE_OK)
        fail_msg("%s: %s", sql, message);
    sqlite3_close(db);
}

/* The query's single value, as text in a static buffer. */
static const char *ask(const char *run_dir, const char *sql)
{
    static char answer[2048];
    sqlite3 *db = NULL;
    sqlite3_stmt *query = NULL;

    assert_int_equal(sqlite3_open_v2(scratch_path(run_dir, RES_DATABASE_NAME), &db,
                                     SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    if (sqlite3_prepare_v2(db, sql, -1, &query, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(db));
    assert_int_equal(sqlite3_step(query), SQLITE_ROW);
    const char *text = (const char *)sqlite3_column_text(query, 0);
    snprintf(answer, sizeof answer, "%s", text ? text : "NULL");
    sqlite3_finalize(query);
    sqlite3_close(db);
    return answer;
}

static void assert_whole(const char *run_dir)
{
    assert_string_equal(ask(run_dir, "PRAGMA integrity_check"), "ok");
    assert_string_equal(ask(run_dir, "SELECT count(*) FROM pragma_foreign_key_check"), "0");
}

static void rebuild(const char *run_dir, const res_judgement *judgement)
{
    dft_error err = { 0 };

    if (res_database_rebuild(run_dir, judgement, NULL, &err) != DFT_OK)
        fail_msg("%s", err.message);
    assert_whole(run_dir);
}

/* A small judged run: two candidates, three tasks. */
static const char *const ag_keys[] = { "k1", "k2" };
static const res_candidate candidates[] = {
    { "Ag-111", "metal", "Ag", "111", "pristine", NULL },
    { "Cu-111", "metal", "Cu", "111", "pristine", "it's \"Cu\"; --" },
};
static const res_descriptor descriptors[] = {
    { "Ag-111", "li_binding", -0.25, "eV", "dft", true, 4, 3, ag_keys, 2, 0.1,
      "functional, rigid" },
    { "Cu-111", "li_binding", NAN, "eV", "dft", false, 4, 0, NULL, 0, 0.0, NULL },
};

static res_judgement judge(res_ranked_row rows[2])
{
    rows[0] = res_ranked_row_defaults();
    rows[0].rank = 1;
    rows[0].candidate = "Ag-111";
    rows[0].facet = "111";
    rows[0].li_binding_ev = -0.25;
    rows[0].converged = true;
    rows[1] = res_ranked_row_defaults();
    rows[1].candidate = "Cu-111";
    rows[1].reason = "not converged";
    return (res_judgement){ candidates, 2, descriptors, 2, rows, 2 };
}

static void write_three(const char *run_dir)
{
    write_record(run_dir, "k1", "Ag-111", -1.5);
    write_record(run_dir, "k2", "Ag-111", -1.75);
    write_record(run_dir, "k3", "", -2.0);
}

static void records_and_judgement_fill_every_table(void **state)
{
    res_ranked_row rows[2];
    const res_judgement judgement = judge(rows);
    res_rebuild_report report;
    const char *run = *state;

    write_three(run);
    assert_int_equal(res_database_rebuild(run, &judgement, &report, NULL), DFT_OK);
    assert_int_equal(report.n_records, 3);
    assert_int_equal(report.n_bad, 0);
    assert_whole(run);
    assert_string_equal(ask(run, "SELECT count(*) FROM candidates"), "2");
    assert_string_equal(ask(run, "SELECT count(*) FROM tasks WHERE status='done'"), "3");
    assert_string_equal(ask(run, "SELECT candidate FROM tasks WHERE key='k3'"), "NULL");
    assert_string_equal(ask(run, "SELECT json_extract(protocol,'$.ecut_ev') FROM tasks"), "350.0");
    assert_string_equal(ask(run, "SELECT results FROM tasks"), "{\"height_ang\":2.25}");
    assert_string_equal(ask(run, "SELECT count(*) FROM data_sets"), "1");
    assert_string_equal(ask(run, "SELECT count(*) FROM task_data_sets"), "3");
    assert_string_equal(ask(run, "SELECT energy_ev||' '||converged||' '||scf_iterations||' '||kmesh"
                            "||' '||formula FROM energies JOIN structures s ON s.id=structure"
                            " WHERE energies.task='k2'"), "-1.75 1 17 6x6x1 AgLi");
    assert_string_equal(ask(run, "SELECT group_concat(task) FROM descriptor_tasks"), "k1,k2");
    assert_string_equal(ask(run, "SELECT value FROM descriptors WHERE candidate='Cu-111'"), "NULL");
    assert_string_equal(ask(run, "SELECT group_concat(ifnull(rank,'-')||candidate||formula)"
                            " FROM v_ranking"), "1Ag-111Ag,-Cu-111Cu");
    assert_string_equal(ask(run, "SELECT error || ' ' || error_made_of FROM descriptors "
                            "WHERE candidate='Ag-111'"), "0.1 functional, rigid");
    assert_string_equal(ask(run, "SELECT error IS NULL FROM descriptors WHERE candidate='Cu-111'"),
                        "1");
    assert_string_equal(ask(run, "SELECT value FROM meta WHERE key='schema_version'"), "3");
}

static void the_tables_hold_the_columns_of_the_csv_in_order(void **state)
{
    size_t n;
    const res_column *columns = res_ranked_columns(&n);
    char expected[1024] = "";

    rebuild(*state, NULL);
    for (size_t i = 0; i < n; i++)
        strcat(strcat(expected, i ? "," : ""), columns[i].name);
    assert_string_equal(ask(*state, "SELECT group_concat(name) FROM pragma_table_info('rankings')"),
                        expected);
}

static void a_deleted_database_comes_back_from_the_records_alone(void **state)
{
    write_three(*state);
    rebuild(*state, NULL);
    assert_int_equal(unlink(scratch_path(*state, RES_DATABASE_NAME)), 0);
    rebuild(*state, NULL);
    assert_string_equal(ask(*state, "SELECT count(*) FROM energies"), "3");
    assert_string_equal(ask(*state, "SELECT group_concat(id) FROM candidates"), "Ag-111");
}

static void bad_records_are_counted_and_odd_ones_cost_only_their_odd_parts(void **state)
{
    res_rebuild_report report;
    json_t *odd = make_record("odd", "Ag-111", 0.0);

    write_record(*state, "k1", "Ag-111", -1.5);
    scratch_write(scratch_path(*state, "records/cut.json"), "{\"format\": \"lis");
    json_object_set_new(json_object_get(odd, "inputs"), "structure", json_string("none"));
    json_object_set_new(json_object_get(odd, "inputs"), "data_sets", json_pack("[{}, i]", 5));
    json_object_set_new(json_object_get(odd, "results"), "energies",
                        json_pack("[i, {s:s, s:s, s:i}]", 7, "energy_ev", "much", "converged",
                                  "very", "label", 3));
    assert_int_equal(res_record_write(*state, "odd", odd, NULL), DFT_OK);
    assert_int_equal(res_database_rebuild(*state, NULL, &report, NULL), DFT_OK);
    assert_int_equal(report.n_records, 2);
    assert_int_equal(report.n_bad, 1);
    assert_non_null(strstr(report.first_bad, "records/cut.json"));
    assert_whole(*state);
    assert_string_equal(ask(*state, "SELECT count(*) FROM energies WHERE task='odd' AND energy_ev"
                            " IS NULL AND converged=0 AND structure IS NULL"), "2");
    json_decref(odd);
}

/* A report names the curve of a hop by it. */
static void the_hop_that_results_belong_to_stands_with_them(void **state)
{
    const res_record_head head = { "h1", "hop", "Al-111", RES_DONE, "", 1.0, 1.0 };
    json_t *record = NULL;

    assert_int_equal(res_record_create(&head, json_pack("{s:s}", "hop", "bridge:Al2>fcc:Al3"),
                                       json_pack("{s:f}", "energy_ev", -1.0), NULL, &record, NULL), DFT_OK);
    assert_int_equal(res_record_write(*state, "h1", record, NULL), DFT_OK);
    json_decref(record);
    rebuild(*state, NULL);
    assert_string_equal(ask(*state, "SELECT results ->> 'hop' FROM tasks"), "bridge:Al2>fcc:Al3");
}

static void hostile_text_is_stored_as_it_is(void **state)
{
    const char *hostile = "x'); DROP TABLE tasks; --\n\"\xe2\x88\x9a%s%n";

    write_record(*state, "k1", hostile, 0.0);
    rebuild(*state, NULL);
    assert_string_equal(ask(*state, "SELECT id FROM candidates"), hostile);
    assert_string_equal(ask(*state, "SELECT candidate FROM tasks"), hostile);
}

static void a_descriptor_of_an_unknown_task_or_given_twice_is_refused(void **state)
{
    const char *const missing = "nowhere";
    const res_descriptor lost = { "Ag-111", "li_binding", 1.0, "eV", "dft", true, 1, 1, &missing, 1,
                                  0.0, NULL };
    const res_descriptor twice[] = { descriptors[1], descriptors[1] };
    const res_judgement bad[] = { { .descriptors = &lost, .n_descriptors = 1 },
                                  { .descriptors = twice, .n_descriptors = 2 } };
    dft_error err = { 0 };

    rebuild(*state, NULL);
    assert_int_equal(res_database_rebuild(*state, &bad[0], NULL, &err), DFT_EINPUT);
    assert_non_null(strstr(err.message, "task nowhere, which has no record"));
    assert_int_equal(res_database_rebuild(*state, &bad[1], NULL, &err), DFT_EINPUT);
    assert_non_null(strstr(err.message, "li_binding of Cu-111 is given twice"));
    assert_whole(*state);                               /* the old one stays, nothing else does */
    assert_int_equal(scratch_count(*state), 2);         /* database and lock */
}

static void foreign_and_newer_databases_are_refused_and_left_alone(void **state)
{
    char path[512];
    dft_error err = { 0 };
    int version = 0;

    strcpy(path, scratch_path(*state, RES_DATABASE_NAME));
    assert_int_equal(res_database_check(path, &version, &err), DFT_ENOFILE);
    run_sql(path, "PRAGMA application_id=7; CREATE TABLE precious(x); INSERT INTO precious"
                  " VALUES(42)");
    assert_int_equal(res_database_rebuild(*state, NULL, NULL, &err), DFT_EINPUT);
    assert_non_null(strstr(err.message, "another program"));
    assert_string_equal(ask(*state, "SELECT x FROM precious"), "42");
    unlink(path);
    mkdir(path, 0755);
    assert_int_equal(res_database_rebuild(*state, NULL, NULL, &err), DFT_EINPUT);
    assert_non_null(strstr(err.message, "is a directory"));
    rmdir(path);
    rebuild(*state, NULL);
    assert_int_equal(res_database_check(path, &version, &err), DFT_OK);
    assert_int_equal(version, RES_SCHEMA_VERSION);
    run_sql(path, "PRAGMA user_version=99");
    assert_int_equal(res_database_rebuild(*state, NULL, NULL, &err), DFT_EINPUT);
    assert_non_null(strstr(err.message, "version 99"));
    assert_int_equal(dft_exit_code(DFT_EINPUT), 65);
}

/* Cut to `keep` bytes of its whole length (0: keeps it), then `n` bytes at `at` overwritten. */
static void damage(const char *path, long keep, long at, size_t n)
{
    if (keep)
        assert_int_equal(truncate(path, keep), 0);
    FILE *file = fopen(path, "r+");
    assert_non_null(file);
    fseek(file, at, SEEK_SET);
    for (size_t i = 0; i < n; i++)
        fputc(0x5a, file);
    assert_int_equal(fclose(file), 0);
}

/* Cut short, a header that is none, torn pages: moved aside under a free name, kept, made anew. */
static void damaged_databases_are_moved_aside_and_made_anew(void **state)
{
    static const struct { long keep, at; size_t n; } ways[] = {
        { 5000, 0, 0 }, { 150, 0, 0 }, { 0, 0, 100 }, { 0, 4096, 4096 },
    };
    char path[512], moved[512];
    dft_error err = { 0 };

    strcpy(path, scratch_path(*state, RES_DATABASE_NAME));
    write_three(*state);
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        rebuild(*state, NULL);
        damage(path, ways[i].keep, ways[i].at, ways[i].n);
        assert_int_equal(res_database_check(path, NULL, &err), DFT_EPARSE);
        assert_non_null(strstr(err.message, "is damaged ("));
        assert_int_equal(res_database_rebuild(*state, NULL, NULL, &err), DFT_EPARSE);
        assert_int_equal(res_database_set_aside(*state, moved, sizeof moved, &err), DFT_OK);
        assert_int_equal(access(moved, R_OK), 0);
        assert_int_equal(access(path, F_OK), -1);
        rebuild(*state, NULL);
        assert_string_equal(ask(*state, "SELECT count(*) FROM tasks"), "3");
    }
    assert_non_null(strstr(moved, RES_DATABASE_NAME ".damaged-4"));
    assert_int_equal(res_database_set_aside(*state, moved, sizeof moved, &err), DFT_OK);
    assert_string_equal(moved, "");                     /* a whole one stays */
    assert_whole(*state);
}

static void older_and_empty_databases_are_made_anew(void **state)
{
    char path[512];

    strcpy(path, scratch_path(*state, RES_DATABASE_NAME));
    scratch_write(path, "");
    rebuild(*state, NULL);
    run_sql(path, "PRAGMA user_version=0; DROP VIEW v_ranking; DROP TABLE rankings");
    rebuild(*state, NULL);
    assert_string_equal(ask(*state, "PRAGMA user_version"), "3");
    assert_string_equal(ask(*state, "SELECT count(*) FROM v_ranking"), "0");
}

/* A journal left beside the old file must not be replayed into the new one. */
static void stale_journals_do_not_reach_the_new_database(void **state)
{
    char path[512], wal[512];

    strcpy(path, scratch_path(*state, RES_DATABASE_NAME));
    strcpy(wal, scratch_path(*state, RES_DATABASE_NAME "-wal"));
    write_three(*state);
    rebuild(*state, NULL);
    const pid_t child = fork();
    if (child == 0) {                                   /* an editor in WAL mode that is killed */
        sqlite3 *db;
        sqlite3_open(path, &db);
        sqlite3_exec(db, "PRAGMA journal_mode=WAL; DELETE FROM energies", NULL, NULL, NULL);
        kill(getpid(), SIGKILL);
    }
    assert_int_equal(waitpid(child, NULL, 0), child);
    assert_int_equal(access(wal, F_OK), 0);
    rebuild(*state, NULL);
    assert_string_equal(ask(*state, "SELECT count(*) FROM energies"), "3");
}

static void readers_of_the_old_database_keep_their_snapshot(void **state)
{
    sqlite3 *reader = NULL;
    sqlite3_stmt *query = NULL;

    write_record(*state, "k1", "", 0.0);
    rebuild(*state, NULL);
    assert_int_equal(sqlite3_open_v2(scratch_path(*state, RES_DATABASE_NAME), &reader,
                                     SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(reader, "SELECT count(*) FROM tasks", -1, &query, NULL),
                     SQLITE_OK);
    write_record(*state, "k2", "", 0.0);
    rebuild(*state, NULL);
    assert_int_equal(sqlite3_step(query), SQLITE_ROW);
    assert_int_equal(sqlite3_column_int(query, 0), 1);
    sqlite3_finalize(query);
    sqlite3_close(reader);
    assert_string_equal(ask(*state, "SELECT count(*) FROM tasks"), "2");
}

static void a_full_disk_and_a_read_only_directory_keep_the_old_database(void **state)
{
    dft_error err = { 0 };

    rebuild(*state, NULL);
    write_three(*state);
    for (long bytes = 0; bytes <= 60000; bytes += 20000) {
        disk_full_after(bytes);
        const dft_status status = res_database_rebuild(*state, NULL, NULL, &err);
        disk_full_after(-1);
        assert_int_equal(status, DFT_EIO);
        assert_non_null(strstr(err.message, "free"));
        assert_whole(*state);
        assert_string_equal(ask(*state, "SELECT count(*) FROM tasks"), "0");
    }
    set_writable(*state, false);
    const dft_status status = res_database_rebuild(*state, NULL, NULL, &err);
    set_writable(*state, true);
    assert_int_equal(status, DFT_EIO);
    assert_non_null(strstr(err.message, *state));
    assert_int_equal(res_database_rebuild("/nonexistent/run", NULL, NULL, &err), DFT_EIO);
    assert_non_null(strstr(err.message, "/nonexistent/run"));
}

static void every_refused_allocation_keeps_the_old_database(void **state)
{
    res_ranked_row rows[2];
    const res_judgement judgement = judge(rows);
    dft_status status = DFT_ENOMEM;
    long n = 0;

    rebuild(*state, NULL);
    write_three(*state);
    while (status == DFT_ENOMEM && ++n < 1000) {
        dft_alloc_refuse_nth(n);
        status = res_database_rebuild(*state, &judgement, NULL, NULL);
        dft_alloc_refuse_nth(0);
        assert_string_equal(ask(*state, "SELECT count(*) FROM tasks"),
                            status == DFT_OK ? "3" : "0");
    }
    assert_int_equal(status, DFT_OK);
    assert_true(n > 10);
    assert_whole(*state);
}

/* kill -9 at 100 moments spread over the time that a rebuild takes: always a whole database, old or
 * new, and the next rebuild is not hindered by lock or leftovers. */
static void killing_a_rebuild_at_any_moment_leaves_a_whole_database(void **state)
{
    res_ranked_row rows[2];
    const res_judgement judgement = judge(rows);
    const int n_records = 40;
    struct timespec begin, end;
    char key[16];

    write_three(*state);
    for (int i = 0; i < n_records; i++) {
        snprintf(key, sizeof key, "n%02d", i);
        write_record(*state, key, "Cu-111", i);
    }
    clock_gettime(CLOCK_MONOTONIC, &begin);
    rebuild(*state, &judgement);
    clock_gettime(CLOCK_MONOTONIC, &end);
    const long took_ns = (end.tv_sec - begin.tv_sec) * 1000000000L + end.tv_nsec - begin.tv_nsec;

    for (int moment = 0; moment < 100; moment++) {
        const pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0)
            for (;;)
                if (res_database_rebuild(*state, &judgement, NULL, NULL) != DFT_OK)
                    _exit(1);
        const long wait_ns = 2 * took_ns / 100 * moment;
        nanosleep(&(struct timespec){ wait_ns / 1000000000L, wait_ns % 1000000000L }, NULL);
        kill(child, SIGKILL);
        int how;
        assert_int_equal(waitpid(child, &how, 0), child);
        assert_true(WIFSIGNALED(how));                  /* it was still rebuilding without error */
        assert_whole(*state);
        assert_string_equal(ask(*state, "SELECT count(*) FROM tasks"), "43");
    }
    rebuild(*state, &judgement);
    assert_int_equal(scratch_count(*state), 43 + 2);    /* records, database, lock: no leftovers */
}

static void two_rebuilds_at_once_take_turns(void **state)
{
    write_three(*state);
    pid_t child[3];
    for (int c = 0; c < 3; c++)
        if ((child[c] = fork()) == 0) {
            for (int i = 0; i < 8; i++)
                if (res_database_rebuild(*state, NULL, NULL, NULL) != DFT_OK)
                    _exit(1);
            _exit(0);
        }
    for (int c = 0; c < 3; c++) {
        int how;
        assert_int_equal(waitpid(child[c], &how, 0), child[c]);
        assert_true(WIFEXITED(how) && WEXITSTATUS(how) == 0);
    }
    assert_whole(*state);
}

int main(void)
{
#define IN_SCRATCH(test) cmocka_unit_test_setup_teardown(test, scratch_make, scratch_remove)
    const struct CMUnitTest tests[] = {
        IN_SCRATCH(records_and_judgement_fill_every_table),
        IN_SCRATCH(the_tables_hold_the_columns_of_the_csv_in_order),
        IN_SCRATCH(a_deleted_database_comes_back_from_the_records_alone),
        IN_SCRATCH(bad_records_are_counted_and_odd_ones_cost_only_their_odd_parts),
        IN_SCRATCH(the_hop_that_results_belong_to_stands_with_them),
        IN_SCRATCH(hostile_text_is_stored_as_it_is),
        IN_SCRATCH(a_descriptor_of_an_unknown_task_or_given_twice_is_refused),
        IN_SCRATCH(foreign_and_newer_databases_are_refused_and_left_alone),
        IN_SCRATCH(damaged_databases_are_moved_aside_and_made_anew),
        IN_SCRATCH(older_and_empty_databases_are_made_anew),
        IN_SCRATCH(stale_journals_do_not_reach_the_new_database),
        IN_SCRATCH(readers_of_the_old_database_keep_their_snapshot),
        IN_SCRATCH(a_full_disk_and_a_read_only_directory_keep_the_old_database),
        IN_SCRATCH(every_refused_allocation_keeps_the_old_database),
        IN_SCRATCH(killing_a_rebuild_at_any_moment_leaves_a_whole_database),
        IN_SCRATCH(two_rebuilds_at_once_take_turns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
