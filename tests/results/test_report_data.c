#include "results/report_data.h"

#include <sqlite3.h>

#include "dft-lite/base/alloc.h"
#include "results/database.h"
#include "tests/results/scratch.h"

static const char *const keys[] = { "k1" };
static const char hostile[] = "</script><script>alert(1)</script> <!-- =cmd|' \"\\ \xe2\x80\xa8 \xc3\x85";

/* Three ranked rows in the reverse of their order, one of them with a hostile name and reason. */
static void make_run(const char *run_dir)
{
    const res_descriptor descriptors[] = {
        { "Ag-111", "li_binding", -0.25, "eV", "dft", true, 4, 3, keys, 1, NAN, NULL },
        { "Ag-111", "lattice_a", 4.1, "angstrom", "dft", true, 1, 1, NULL, 0, NAN, NULL },
    };
    res_ranked_row rows[3] = { res_ranked_row_defaults(), res_ranked_row_defaults(),
                               res_ranked_row_defaults() };
    dft_error err = { 0 };

    for (int i = 0; i < 3; i++) {
        rows[i].rank = 3 - i;
        rows[i].converged = true;
        rows[i].family = i ? "metal" : "oxide";
        rows[i].lithiophilicity = 0.25 * i;
    }
    rows[0].candidate = "MgO-100";
    rows[0].solubility_m_in_li = 1e300;
    rows[1].candidate = hostile;
    rows[1].reason = hostile;
    rows[2].candidate = "Ag-111";
    rows[2].facet = "111";
    write_record(run_dir, "k1", "Ag-111", -1.5);
    write_record(run_dir, "k2", "", -1.75);
    const res_judgement judgement = { NULL, 0, descriptors, 2, rows, 3 };
    if (res_database_rebuild(run_dir, &judgement, NULL, &err) != DFT_OK)
        fail_msg("%s", err.message);
}

static res_report_source *open_run(const char *run_dir)
{
    res_report_source *source = NULL;
    dft_error err = { 0 };

    if (res_report_open(run_dir, &source, &err) != DFT_OK)
        fail_msg("%s", err.message);
    return source;
}

static json_t *summary(const char *run_dir, char **as_text)
{
    res_report_source *source = open_run(run_dir);
    res_text text = { 0 };

    assert_int_equal(res_report_summary(source, &text, NULL), DFT_OK);
    res_report_close(source);
    json_t *all = json_loads(text.data, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(all);
    *as_text = text.data;
    return all;
}

/* The value of a column in a row, whichever of the two ways it is written in; borrowed. */
static const json_t *cell(const json_t *all, const char *name, size_t row)
{
    const json_t *columns = json_object_get(all, "columns"), *data = NULL;

    for (size_t i = 0; i < json_array_size(columns); i++)
        if (strcmp(json_string_value(json_object_get(json_array_get(columns, i), "name")), name) == 0)
            data = json_array_get(json_object_get(all, "data"), i);
    assert_non_null(data);
    if (json_is_array(data))
        return json_array_get(data, row);
    const json_int_t at = json_integer_value(json_array_get(json_object_get(data, "at"), row));
    return at < 0 ? NULL : json_array_get(json_object_get(data, "dict"), (size_t)at);
}

static void columns_hold_the_ranking_in_its_order(void **state)
{
    char *text;
    json_t *all = summary(*state, &text);

    assert_int_equal(json_integer_value(json_object_get(all, "n")), 3);
    assert_string_equal(json_string_value(cell(all, "candidate", 0)), "Ag-111");
    assert_string_equal(json_string_value(cell(all, "family", 2)), "oxide");
    assert_close(json_number_value(cell(all, "lithiophilicity", 0)), 0.5, 0.0);
    assert_close(json_number_value(cell(all, "solubility_m_in_li", 2)), 1e300, 1e292);
    json_decref(all);
    free(text);
}

static void unknown_is_null_and_never_zero(void **state)
{
    char *text;
    json_t *all = summary(*state, &text);

    assert_true(json_is_null(cell(all, "bulk_modulus_gpa", 0)));
    assert_null(cell(all, "li_rich_phases", 0));
    assert_null(strstr(text, "nan"));
    json_decref(all);
    free(text);
}

static void a_hostile_text_cannot_end_the_script_and_reads_the_same(void **state)
{
    char *text;
    json_t *all = summary(*state, &text);

    assert_null(strchr(text, '<'));
    assert_string_equal(json_string_value(cell(all, "candidate", 1)), hostile);
    assert_string_equal(json_string_value(cell(all, "reason", 1)), hostile);
    json_decref(all);
    free(text);
}

typedef struct { size_t n; json_t *first; char names[3][128]; } visited;

static dft_status take(void *user, const char *candidate, json_t *detail, dft_error *err)
{
    visited *v = user;
    (void)err;

    snprintf(v->names[v->n], sizeof v->names[0], "%s", candidate);
    if (v->n++ == 0)
        v->first = json_incref(detail);
    return DFT_OK;
}

static visited visit(const char *run_dir, size_t most)
{
    res_report_source *source = open_run(run_dir);
    visited v = { 0 };

    assert_int_equal(res_report_each(source, most, take, &v, NULL), DFT_OK);
    res_report_close(source);
    return v;
}

static void a_detail_shows_what_a_number_rests_on(void **state)
{
    visited v = visit(*state, 10);
    const json_t *descriptor = json_array_get(json_object_get(v.first, "descriptors"), 0);
    const json_t *index = json_array_get(json_object_get(descriptor, "tasks"), 0);
    const json_t *tasks = json_object_get(v.first, "tasks");

    assert_int_equal(json_array_size(tasks), 1);            /* k2 belongs to nobody */
    assert_true(json_is_integer(index));
    const json_t *task = json_array_get(tasks, (size_t)json_integer_value(index));
    assert_string_equal(json_string_value(json_object_get(task, "key")), "k1");
    const json_t *energy = json_array_get(json_object_get(task, "energies"), 0);
    assert_close(json_number_value(json_object_get(energy, "energy_ev")), -1.5, 0.0);
    assert_close(json_number_value(json_object_get(energy, "volume_ang3")), 135.0, 1e-9);
    const json_t *set = json_array_get(json_object_get(v.first, "data_sets"), 0);
    assert_string_equal(json_string_value(json_object_get(set, "sha256")), "abcd");
    const json_t *protocol = json_array_get(json_object_get(v.first, "protocols"), 0);
    assert_close(json_number_value(json_object_get(protocol, "ecut_ev")), 350.0, 0.0);
    json_decref(v.first);
}

static void the_first_in_rank_get_a_page_and_no_more_than_asked(void **state)
{
    visited v = visit(*state, 2);

    assert_int_equal(v.n, 2);
    assert_string_equal(v.names[0], "Ag-111");
    assert_string_equal(v.names[1], hostile);
    json_decref(v.first);
    assert_int_equal(visit(*state, 0).n, 0);
}

static void a_run_without_its_database_is_named(void **state)
{
    res_report_source *source = NULL;
    dft_error err = { 0 };

    assert_int_equal(unlink(scratch_path(*state, RES_DATABASE_NAME)), 0);
    assert_int_equal(res_report_open(*state, &source, &err), DFT_ENOFILE);
    assert_null(source);
    assert_non_null(strstr(err.message, RES_DATABASE_NAME));
}

static void a_rebuild_meanwhile_does_not_mix_two_rankings(void **state)
{
    res_report_source *source = open_run(*state);
    res_text text = { 0 };

    assert_int_equal(res_database_rebuild(*state, NULL, NULL, NULL), DFT_OK);
    assert_int_equal(res_report_summary(source, &text, NULL), DFT_OK);
    assert_non_null(strstr(text.data, "\"n\":3,"));
    res_text_clear(&text);
    res_report_close(source);
}

/* A database of the same version from before there were measurements. */
static void a_database_without_observations_is_read_all_the_same(void **state)
{
    sqlite3 *db = NULL;
    char *text;

    assert_int_equal(sqlite3_open(scratch_path(*state, RES_DATABASE_NAME), &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "DROP TABLE observations", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
    json_t *all = summary(*state, &text);
    assert_int_equal(json_array_size(json_object_get(all, "observations")), 0);
    assert_true(json_is_array(json_object_get(all, "observations")));
    json_decref(all);
    free(text);
}

static void every_refused_allocation_is_reported(void **state)
{
    dft_status status = DFT_ENOMEM;
    long n = 0;

    while (status == DFT_ENOMEM && ++n < 1000) {
        res_report_source *source = NULL;
        res_text text = { 0 };
        dft_alloc_refuse_nth(n);
        status = res_report_open(*state, &source, NULL);
        if (status == DFT_OK)
            status = res_report_summary(source, &text, NULL);
        dft_alloc_refuse_nth(0);
        res_text_clear(&text);
        res_report_close(source);
    }
    assert_int_equal(status, DFT_OK);
    assert_true(n > 3);
}

static int set_up(void **state)
{
    if (scratch_make(state) != 0)
        return -1;
    make_run(*state);
    return 0;
}

int main(void)
{
#define ON_A_RUN(test) cmocka_unit_test_setup_teardown(test, set_up, scratch_remove)
    const struct CMUnitTest tests[] = {
        ON_A_RUN(columns_hold_the_ranking_in_its_order),
        ON_A_RUN(unknown_is_null_and_never_zero),
        ON_A_RUN(a_hostile_text_cannot_end_the_script_and_reads_the_same),
        ON_A_RUN(a_detail_shows_what_a_number_rests_on),
        ON_A_RUN(the_first_in_rank_get_a_page_and_no_more_than_asked),
        ON_A_RUN(a_run_without_its_database_is_named),
        ON_A_RUN(a_rebuild_meanwhile_does_not_mix_two_rankings),
        ON_A_RUN(a_database_without_observations_is_read_all_the_same),
        ON_A_RUN(every_refused_allocation_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
