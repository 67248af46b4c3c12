#include "results/export.h"

#include <sqlite3.h>

#include "dft-lite/base/alloc.h"
#include "results/database.h"
#include "tests/results/scratch.h"

static const char *const keys[] = { "k1" };

/* A judged run with two records, one ranked row and one that is not ranked. */
static void make_run(const char *run_dir)
{
    const res_descriptor descriptor = { "Ag-111", "li_binding", -0.25, "eV", "dft", true, 4, 3, keys,
                                        1, 0.0, NULL };
    res_ranked_row rows[2] = { res_ranked_row_defaults(), res_ranked_row_defaults() };
    dft_error err = { 0 };

    rows[0].candidate = "Ni-111";
    rows[0].reason = "SCF of \"bulk\", not converged";
    rows[0].notes = "=without spin";
    rows[1].rank = 1;
    rows[1].candidate = "Ag-111";
    rows[1].facet = "111";
    rows[1].li_binding_ev = -0.1234567;
    rows[1].converged = true;
    rows[1].n_planned = 4;
    write_record(run_dir, "k1", "Ag-111", -1.5);
    write_record(run_dir, "k2", "Ag-111 \"odd\" \\ name", -1.75);
    const res_judgement judgement = { NULL, 0, &descriptor, 1, rows, 2 };
    if (res_database_rebuild(run_dir, &judgement, NULL, &err) != DFT_OK
        || res_ranked_csv_write(scratch_path(run_dir, "ranked.csv"), rows, 2, &err) != DFT_OK)
        fail_msg("%s", err.message);
}

static char *export_and_read(const char *run_dir, res_export_format format)
{
    dft_error err = { 0 };

    if (res_export(run_dir, format, scratch_path(run_dir, "out"), &err) != DFT_OK)
        fail_msg("%s", err.message);
    return scratch_read(scratch_path(run_dir, "out"));
}

static void csv_from_the_database_equals_ranked_csv_byte_for_byte(void **state)
{
    make_run(*state);
    char *exported = export_and_read(*state, RES_EXPORT_CSV);
    char *written = scratch_read(scratch_path(*state, "ranked.csv"));
    assert_string_equal(exported, written);
    free(exported);
    free(written);
}

static void json_holds_every_table_with_units_in_the_keys(void **state)
{
    make_run(*state);
    char *text = export_and_read(*state, RES_EXPORT_JSON);
    json_t *all = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(all);
    const json_t *first = json_array_get(json_object_get(all, "ranking"), 0);
    assert_string_equal(json_string_value(json_object_get(first, "candidate")), "Ag-111");
    assert_close(json_number_value(json_object_get(first, "li_binding_ev")), -0.1234567, 0.0);
    assert_true(json_is_null(json_object_get(first, "bulk_modulus_gpa")));
    assert_int_equal(json_array_size(json_object_get(all, "ranking")), 2);
    assert_int_equal(json_array_size(json_object_get(all, "tasks")), 2);
    assert_int_equal(json_array_size(json_object_get(all, "energies")), 2);
    assert_int_equal(json_array_size(json_object_get(all, "descriptors")), 1);
    assert_int_equal(json_array_size(json_object_get(all, "candidates")), 3);
    const json_t *task = json_array_get(json_object_get(all, "tasks"), 0);
    assert_close(json_number_value(json_object_get(json_object_get(task, "protocol"), "ecut_ev")),
                 350.0, 0.0);
    json_decref(all);
    free(text);
}

static void extxyz_frames_carry_lattice_positions_and_energies(void **state)
{
    make_run(*state);
    char *text = export_and_read(*state, RES_EXPORT_EXTXYZ);
    const char *first =
        "2\n"
        "Lattice=\"3.0000000000 0.0000000000 0.0000000000 0.0000000000 3.0000000000 0.0000000000 "
        "0.0000000000 0.0000000000 15.0000000000\" Properties=species:S:1:pos:R:3 pbc=\"T T F\" "
        "energy=-1.500000 free_energy=-1.510000 key=\"k1\" candidate=\"Ag-111\" "
        "task_kind=\"site\" label=\"fcc\" converged=T\n"
        "Li     0.0000000000     0.0000000000     3.0000000000\n"
        "Ag     1.5000000000     1.5000000000     0.0000000000\n"
        "2\n";
    assert_memory_equal(text, first, strlen(first));
    assert_non_null(strstr(text, "candidate=\"Ag-111 \\\"odd\\\" \\\\ name\""));
    free(text);
}

static void an_energy_with_its_own_structure_uses_that(void **state)
{
    json_t *record = make_record("k1", "Ag-111", -1.5);
    json_t *energies = json_object_get(json_object_get(record, "results"), "energies");
    json_array_append_new(energies, json_pack("{s:f, s:{s:[[f,f,f],[f,f,f],[f,f,f]], s:[s],"
        " s:[[f,f,f]]}}", "energy_ev", -3.0, "structure", "lattice_ang", 2.0, 0.0, 0.0, 0.0, 2.0,
        0.0, 0.0, 0.0, 2.0, "species", "Al", "positions_frac", 0.0, 0.0, 0.0));
    json_array_append_new(energies, json_pack("{s:n, s:s}", "energy_ev", "label", "no energy"));
    assert_int_equal(res_record_write(*state, "k1", record, NULL), DFT_OK);
    char *text = export_and_read(*state, RES_EXPORT_EXTXYZ);
    assert_non_null(strstr(text, "\n1\nLattice=\"2.0000000000 "));
    assert_non_null(strstr(text, "pbc=\"T T T\" energy=-3.000000 key="));
    assert_null(strstr(text, "no energy"));
    json_decref(record);
    free(text);
}

static void a_run_with_nothing_in_it_is_named_with_the_remedy(void **state)
{
    dft_error err = { 0 };

    assert_int_equal(res_export(*state, RES_EXPORT_CSV, "/dev/null", &err), DFT_ENOFILE);
    assert_non_null(strstr(err.message, "results.sqlite"));
    assert_int_equal(res_export(*state, RES_EXPORT_EXTXYZ, "/dev/null", &err), DFT_ENOFILE);
    assert_non_null(strstr(err.message, *state));
    assert_int_equal(dft_exit_code(DFT_ENOFILE), 66);
}

static void foreign_damaged_and_full_are_reported(void **state)
{
    char path[512];
    dft_error err = { 0 };

    make_run(*state);
    assert_int_equal(res_export(*state, RES_EXPORT_JSON, "/dev/full", &err), DFT_EIO);
    assert_non_null(strstr(err.message, "/dev/full"));
    strcpy(path, scratch_path(*state, RES_DATABASE_NAME));
    assert_int_equal(truncate(path, 5000), 0);
    assert_int_equal(res_export(*state, RES_EXPORT_CSV, "/dev/null", &err), DFT_EPARSE);
    assert_non_null(strstr(err.message, path));
    scratch_write(path, "something else that is not a database at all, longer than a header is, "
                        "to be sure that the header is read whole");
    assert_int_equal(res_export(*state, RES_EXPORT_CSV, "/dev/null", &err), DFT_EPARSE);
    assert_non_null(strstr(err.message, "makes it anew from the records"));
}

/* One number of a query on a file. */
static double ask(const char *path, const char *sql)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *query = NULL;

    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &query, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(query), SQLITE_ROW);
    const double value = sqlite3_column_double(query, 0);
    sqlite3_finalize(query);
    sqlite3_close(db);
    return value;
}

/* What ASE reads; tests/peers opens it with ASE itself. */
static void ase_db_has_the_tables_rows_and_encodings_of_ase(void **state)
{
    char path[512];
    sqlite3 *db = NULL;
    sqlite3_stmt *query = NULL;

    make_run(*state);
    strcpy(path, scratch_path(*state, "out.db"));
    assert_int_equal(res_export(*state, RES_EXPORT_ASE_DB, path, NULL), DFT_OK);
    assert_close(ask(path, "SELECT count(*) FROM systems"), 2.0, 0.0);
    assert_close(ask(path, "SELECT value FROM information WHERE name='version'"), 9.0, 0.0);
    assert_close(ask(path, "SELECT energy FROM systems WHERE id=1"), -1.5, 0.0);
    assert_close(ask(path, "SELECT pbc FROM systems WHERE id=1"), 3.0, 0.0);        /* a and b */
    assert_close(ask(path, "SELECT n FROM species WHERE Z=47 AND id=1"), 1.0, 0.0);
    assert_close(ask(path, "SELECT value FROM number_key_values WHERE key='ecut_ev' AND id=1"), 350.0,
                 0.0);
    assert_close(ask(path, "SELECT count(*) FROM keys"),
                 ask(path, "SELECT (SELECT count(*) FROM text_key_values) + count(*) FROM "
                     "number_key_values"), 0.0);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, "SELECT numbers, positions FROM systems WHERE id=1", -1,
                                        &query, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(query), SQLITE_ROW);
    assert_int_equal(sqlite3_column_bytes(query, 0), 8);
    assert_int_equal(sqlite3_column_bytes(query, 1), 48);
    assert_memory_equal(sqlite3_column_blob(query, 0), "\3\0\0\0\57\0\0\0", 8);   /* Li, Ag */
    double position[6];
    memcpy(position, sqlite3_column_blob(query, 1), sizeof position);
    assert_close(position[2], 3.0, 1e-12);              /* 0.2 of 15 A */
    assert_close(position[3], 1.5, 1e-12);
    sqlite3_finalize(query);
    sqlite3_close(db);
}

static void a_snapshot_is_a_whole_database_of_its_own(void **state)
{
    char path[512];
    dft_error err = { 0 };
    res_text text = { 0 };
    int version = 0;

    make_run(*state);
    strcpy(path, scratch_path(*state, "snapshot.sqlite"));
    assert_int_equal(res_export(*state, RES_EXPORT_SQLITE, path, NULL), DFT_OK);
    assert_int_equal(res_database_check(path, &version, NULL), DFT_OK);
    assert_int_equal(version, RES_SCHEMA_VERSION);
    assert_close(ask(path, "SELECT count(*) FROM tasks"), 2.0, 0.0);
    assert_int_equal(res_export(*state, RES_EXPORT_SQLITE, path, NULL), DFT_OK);    /* replaces it */
    assert_int_equal(res_export(*state, RES_EXPORT_SQLITE, "/nowhere/x", &err), DFT_EIO);
    assert_int_equal(res_export_text(*state, RES_EXPORT_SQLITE, &text, &err), DFT_EUSAGE);
    res_text_clear(&text);
}

static void format_names_are_five(void **state)
{
    res_export_format format = RES_EXPORT_CSV;
    dft_error err = { 0 };
    (void)state;

    assert_int_equal(res_export_format_parse("extxyz", &format, NULL), DFT_OK);
    assert_int_equal(format, RES_EXPORT_EXTXYZ);
    assert_int_equal(res_export_format_parse("xml", &format, &err), DFT_EUSAGE);
    assert_string_equal(err.message, "--format=xml: the formats are csv, json, extxyz, ase-db and sqlite");
}

static void every_refused_allocation_is_reported(void **state)
{
    make_run(*state);
    for (res_export_format f = RES_EXPORT_CSV; f <= RES_EXPORT_ASE_DB; f++) {
        dft_status status = DFT_ENOMEM;
        long n = 0;
        while (status == DFT_ENOMEM && ++n < 1000) {
            dft_alloc_refuse_nth(n);
            status = res_export(*state, f, scratch_path(*state, "out"), NULL);
            dft_alloc_refuse_nth(0);
        }
        assert_int_equal(status, DFT_OK);
        assert_true(n > 3);
    }
}

/* The queries of results/README.md, as printed there, run on a real database. */
static void the_queries_of_the_readme_run(void **state)
{
    sqlite3 *db = NULL;
    char *message = NULL;

    make_run(*state);
    char *readme = scratch_read("results/README.md");
    char *sql = strstr(readme, "```sql\n");
    assert_non_null(sql);
    sql += strlen("```sql\n");
    char *end = strstr(sql, "```");
    assert_non_null(end);
    *end = '\0';
    assert_int_equal(sqlite3_open(scratch_path(*state, RES_DATABASE_NAME), &db), SQLITE_OK);
    if (sqlite3_exec(db, sql, NULL, NULL, &message) != SQLITE_OK)
        fail_msg("%s", message);
    sqlite3_close(db);
    free(readme);
}

int main(void)
{
#define IN_SCRATCH(test) cmocka_unit_test_setup_teardown(test, scratch_make, scratch_remove)
    const struct CMUnitTest tests[] = {
        IN_SCRATCH(csv_from_the_database_equals_ranked_csv_byte_for_byte),
        IN_SCRATCH(json_holds_every_table_with_units_in_the_keys),
        IN_SCRATCH(extxyz_frames_carry_lattice_positions_and_energies),
        IN_SCRATCH(an_energy_with_its_own_structure_uses_that),
        IN_SCRATCH(a_run_with_nothing_in_it_is_named_with_the_remedy),
        IN_SCRATCH(foreign_damaged_and_full_are_reported),
        IN_SCRATCH(ase_db_has_the_tables_rows_and_encodings_of_ase),
        IN_SCRATCH(a_snapshot_is_a_whole_database_of_its_own),
        IN_SCRATCH(format_names_are_five),
        IN_SCRATCH(every_refused_allocation_is_reported),
        IN_SCRATCH(the_queries_of_the_readme_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
