#include "results/ranking.h"

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/csv.h"
#include "tests/results/scratch.h"

static res_ranked_row ranked(int rank, const char *candidate)
{
    res_ranked_row row = res_ranked_row_defaults();

    row.rank = rank;
    row.candidate = candidate;
    row.facet = "111";
    row.converged = rank > 0;
    row.reason = rank > 0 ? NULL : "SCF not converged";
    return row;
}

/* The field of one column in data row `row` of the file. */
static void assert_field(const char *path, size_t row, const char *column, const char *expected)
{
    dft_csv *csv = NULL;
    dft_error err = { 0 };
    size_t c;

    if (dft_csv_read(path, &csv, &err) != DFT_OK)
        fail_msg("%s", err.message);
    assert_int_equal(dft_csv_column(csv, column, &c, NULL), DFT_OK);
    assert_string_equal(dft_csv_text(csv, row, c), expected);
    dft_csv_free(csv);
}

static void the_header_has_the_promised_columns_with_units(void **state)
{
    const char *path = scratch_path(*state, "ranked.csv");

    assert_int_equal(res_ranked_csv_write(path, NULL, 0, NULL), DFT_OK);
    char *text = scratch_read(path);
    assert_string_equal(text, "rank,candidate,family,facet,state,score,lithiophilicity,"
        "lithiophilicity_low,lithiophilicity_high,robustness,robustness_low,robustness_high,"
        "rank_low,rank_high,p_top_5,p_top_5_any_weights,pareto,li_binding_ev,li_binding_error_ev,"
        "li_binding_site,migration_barrier_ev,migration_barrier_low_ev,migration_barrier_high_ev,"
        "migration_barrier_origin,spreading_anisotropy_ev,solubility_m_in_li,solubility_low,"
        "solubility_high,solubility_origin,solubility_confidence,first_lithiation_ev,"
        "li_rich_phases,volume_change_percent,solute_barrier_ev,contact_angle_deg,"
        "work_of_adhesion_j_per_m2,interface_strain_percent,li_coverage_ml,lattice_a_ang,"
        "bulk_modulus_gpa,young_modulus_gpa,shear_modulus_gpa,layer_modulus_n_per_m,"
        "in_plane_stiffness_n_per_m,layer_bending_rigidity_ev,layer_spacing_ang,interlayer_c44_gpa,film_stiffness_n_per_m,"
        "film_bending_rigidity_ev,compliance_basis,operating_state,converged,n_planned,n_used,"
        "missing_terms,next_calculation,notes,reason\n");
    free(text);
}

/* results/COLUMNS.md: every column, in order, and no other. */
static void every_column_is_documented_in_its_order(void **state)
{
    size_t n = 0, i = 0;
    const res_column *columns = res_ranked_columns(&n);
    char *text = scratch_read("results/COLUMNS.md");
    (void)state;

    for (char *row = strstr(text, "\n| `"); row; row = strstr(row + 1, "\n| `")) {
        char name[64];
        assert_int_equal(sscanf(row, "\n| `%63[a-z0-9_]`", name), 1);
        assert_true(i < n);
        assert_string_equal(name, columns[i].name);
        i++;
    }
    assert_int_equal(i, n);
    free(text);
}

/* A row with every number NaN: no text of it may read as a number or as nan. */
static void what_is_not_known_is_never_printed_as_nan(void **state)
{
    const char *path = scratch_path(*state, "ranked.csv");
    const res_ranked_row row = ranked(0, "Ag-111");

    assert_int_equal(res_ranked_csv_write(path, &row, 1, NULL), DFT_OK);
    char *text = scratch_read(path);
    assert_null(strstr(strchr(text, '\n'), "nan"));
    assert_null(strstr(strchr(text, '\n'), "inf"));
    free(text);
    assert_field(path, 0, "score", "");
    assert_field(path, 0, "rank_low", "");
    assert_field(path, 0, "li_binding_error_ev", "");
    assert_field(path, 0, "pareto", "");
}

/* Ten thousand rows in falling order of score: the order comes out, and each row keeps its score. */
static void many_rows_are_ordered_with_their_scores(void **state)
{
    enum { MANY = 10000 };
    res_ranked_row *rows = dft_alloc(MANY, sizeof *rows);
    double *score = dft_alloc_doubles(MANY);
    (void)state;

    for (int i = 0; i < MANY; i++) {
        rows[i] = ranked(0, "X");
        score[i] = i * 7919 % MANY;                     /* 7919 is prime: each number once */
        rows[i].lattice_a_ang = score[i];
    }
    res_ranked_assign(rows, score, MANY);
    for (int i = 0; i < MANY; i++) {
        assert_close(score[i], MANY - 1 - i, 0.0);
        assert_close(rows[i].lattice_a_ang, score[i], 0.0);
        assert_int_equal(rows[i].rank, i + 1);
    }
    free(rows);
    free(score);
}

static void ranked_rows_come_first_and_the_rest_keeps_its_reason(void **state)
{
    const char *path = scratch_path(*state, "ranked.csv");
    const res_ranked_row rows[] = { ranked(0, "Zn-0001"), ranked(2, "Cu-111"), ranked(0, "Al-111"),
                                    ranked(1, "Pt-111") };

    assert_int_equal(res_ranked_csv_write(path, rows, 4, NULL), DFT_OK);
    assert_field(path, 0, "candidate", "Pt-111");
    assert_field(path, 1, "candidate", "Cu-111");
    assert_field(path, 1, "rank", "2");
    assert_field(path, 2, "candidate", "Al-111");
    assert_field(path, 3, "candidate", "Zn-0001");
    assert_field(path, 3, "rank", "");
    assert_field(path, 3, "reason", "SCF not converged");
    assert_field(path, 3, "converged", "no");
}

static void the_order_of_the_rows_does_not_change_a_byte(void **state)
{
    const res_ranked_row rows[] = { ranked(1, "A"), ranked(2, "B"), ranked(0, "C"), ranked(0, "D") };
    const res_ranked_row other[] = { rows[3], rows[1], rows[2], rows[0] };
    char path[512];

    strcpy(path, scratch_path(*state, "ranked.csv"));
    assert_int_equal(res_ranked_csv_write(path, rows, 4, NULL), DFT_OK);
    char *first = scratch_read(path);
    assert_int_equal(res_ranked_csv_write(path, other, 4, NULL), DFT_OK);
    char *second = scratch_read(path);
    assert_string_equal(first, second);
    free(first);
    free(second);
}

static void numbers_have_fixed_decimals_and_unknown_ones_are_empty(void **state)
{
    const char *path = scratch_path(*state, "ranked.csv");
    res_ranked_row row = ranked(1, "Ag-111");

    row.li_binding_ev = -0.12345678;
    row.migration_barrier_ev = -4e-7;                   /* would print as -0.000000 */
    row.solubility_m_in_li = 1e-6;
    row.lattice_a_ang = 4.16;
    row.li_coverage_ml = INFINITY;
    row.n_used = 3;
    assert_int_equal(res_ranked_csv_write(path, &row, 1, NULL), DFT_OK);
    assert_field(path, 0, "li_binding_ev", "-0.123457");
    assert_field(path, 0, "migration_barrier_ev", "0.000000");
    assert_field(path, 0, "solubility_m_in_li", "0.000001000");
    assert_field(path, 0, "lattice_a_ang", "4.16000");
    assert_field(path, 0, "li_coverage_ml", "");
    assert_field(path, 0, "bulk_modulus_gpa", "");
    assert_field(path, 0, "n_used", "3");
    assert_field(path, 0, "converged", "yes");
}

static void hostile_text_stays_one_field_and_never_a_formula(void **state)
{
    static const struct { const char *given, *expected; } texts[] = {
        { "=HYPERLINK(\"x\",\"y\")", "'=HYPERLINK(\"x\",\"y\")" },
        { "+1", "'+1" }, { "-1", "'-1" }, { "@SUM(A1)", "'@SUM(A1)" }, { "\t=1", "' =1" },
        { "\r=1", "' =1" },
        { "a,b", "a,b" }, { "say \"so\"", "say \"so\"" }, { "two\nlines\r\n", "two lines  " },
        { " spaced ", " spaced " }, { "\xe2\x88\x9a", "\xe2\x88\x9a" }, { "", "" },
    };
    const char *path = scratch_path(*state, "ranked.csv");

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        res_ranked_row row = ranked(1, "Ag-111");
        row.notes = texts[i].given;
        assert_int_equal(res_ranked_csv_write(path, &row, 1, NULL), DFT_OK);
        assert_field(path, 0, "notes", texts[i].expected);
    }
}

static void rows_that_contradict_themselves_are_refused(void **state)
{
    const char *path = scratch_path(*state, "ranked.csv");
    res_ranked_row rows[] = { ranked(1, "Ag-111"), ranked(1, "Cu-111") };
    dft_error err = { 0 };

    assert_int_equal(res_ranked_csv_write(path, rows, 2, &err), DFT_EINPUT);
    assert_string_equal(err.message, "Ag-111 and Cu-111 both have rank 1");
    rows[1] = ranked(0, "Cu-111");
    rows[1].reason = "";
    assert_int_equal(res_ranked_csv_write(path, rows, 2, &err), DFT_EINPUT);
    assert_string_equal(err.message, "Cu-111 has neither a rank nor a reason");
    rows[1] = ranked(2, "");
    assert_int_equal(res_ranked_csv_write(path, rows, 2, &err), DFT_EINPUT);
    rows[1] = ranked(2, "Cu-111");
    rows[1].converged = false;
    assert_int_equal(res_ranked_csv_write(path, rows, 2, &err), DFT_EINPUT);
    assert_string_equal(err.message, "Cu-111 is not converged and must not be ranked");
    assert_int_equal(scratch_count(*state), 0);
}

static void ranks_follow_the_score_and_ties_break_on_the_name(void **state)
{
    res_ranked_row rows[] = { ranked(0, "D"), ranked(0, "C"), ranked(0, "B"), ranked(0, "A"),
                              ranked(0, "E") };
    double score[] = { 0.5, 0.5, NAN, NAN, 0.9 };
    (void)state;

    rows[2].rank = 7;                                   /* an old rank does not survive */
    res_ranked_assign(rows, score, 5);
    const char *const order[] = { "E", "C", "D", "A", "B" };
    const int rank[] = { 1, 2, 3, 0, 0 };
    for (size_t i = 0; i < 5; i++) {
        assert_string_equal(rows[i].candidate, order[i]);
        assert_int_equal(rows[i].rank, rank[i]);
    }
    assert_close(score[0], 0.9, 0.0);
    assert_true(isnan(score[4]));
}

static void a_full_disk_keeps_the_old_table(void **state)
{
    char path[512];
    const res_ranked_row rows[] = { ranked(1, "Ag-111"), ranked(2, "Cu-111") };
    dft_error err = { 0 };

    strcpy(path, scratch_path(*state, "ranked.csv"));
    assert_int_equal(res_ranked_csv_write(path, rows, 1, NULL), DFT_OK);
    char *before = scratch_read(path);
    disk_full_after(200);
    const dft_status status = res_ranked_csv_write(path, rows, 2, &err);
    disk_full_after(-1);
    char *after = scratch_read(path);
    assert_int_equal(status, DFT_EIO);
    assert_int_equal(dft_exit_code(status), 75);
    assert_non_null(strstr(err.message, path));
    assert_string_equal(before, after);
    assert_int_equal(scratch_count(*state), 1);
    assert_int_equal(res_ranked_csv_write("/dev/full", rows, 2, &err), DFT_EIO);
    assert_non_null(strstr(err.message, "free some space"));
    free(before);
    free(after);
}

static void every_refused_allocation_is_reported(void **state)
{
    const char *path = scratch_path(*state, "ranked.csv");
    const res_ranked_row rows[] = { ranked(1, "Ag-111"), ranked(2, "Cu-111") };
    dft_status status = DFT_ENOMEM;
    long n = 0;

    while (status == DFT_ENOMEM && ++n < 100) {
        dft_alloc_refuse_nth(n);
        status = res_ranked_csv_write(path, rows, 2, NULL);
        dft_alloc_refuse_nth(0);
        assert_int_equal(scratch_count(*state), status == DFT_OK);
    }
    assert_int_equal(status, DFT_OK);
    assert_true(n > 3);
}

int main(void)
{
#define IN_SCRATCH(test) cmocka_unit_test_setup_teardown(test, scratch_make, scratch_remove)
    const struct CMUnitTest tests[] = {
        IN_SCRATCH(the_header_has_the_promised_columns_with_units),
        IN_SCRATCH(every_column_is_documented_in_its_order),
        IN_SCRATCH(what_is_not_known_is_never_printed_as_nan),
        cmocka_unit_test(many_rows_are_ordered_with_their_scores),
        IN_SCRATCH(ranked_rows_come_first_and_the_rest_keeps_its_reason),
        IN_SCRATCH(the_order_of_the_rows_does_not_change_a_byte),
        IN_SCRATCH(numbers_have_fixed_decimals_and_unknown_ones_are_empty),
        IN_SCRATCH(hostile_text_stays_one_field_and_never_a_formula),
        IN_SCRATCH(rows_that_contradict_themselves_are_refused),
        IN_SCRATCH(ranks_follow_the_score_and_ties_break_on_the_name),
        IN_SCRATCH(a_full_disk_keeps_the_old_table),
        IN_SCRATCH(every_refused_allocation_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
