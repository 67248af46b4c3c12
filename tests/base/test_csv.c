#include "dft-lite/base/csv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dft-lite/base/alloc.h"
#include "tests/support/assert_close.h"

static char path[] = "/tmp/test_csv_XXXXXX";

static void write_bytes(const char *bytes, size_t n)
{
    FILE *file = fopen(path, "wb");

    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, n, file), n);
    assert_int_equal(fclose(file), 0);
}

static dft_status read_text(const char *text, dft_csv **out, dft_error *err)
{
    write_bytes(text, strlen(text));
    return dft_csv_read(path, out, err);
}

static void plain_and_quoted_fields_come_back_exactly(void **unused)
{
    dft_csv *csv = NULL;
    (void)unused;

    assert_int_equal(read_text("# note, \"quotes\"\na,b,c\r\n1, x ,\"p, \"\"q\"\"\"\n\n\"\",,z",
                               &csv, NULL), DFT_OK);
    assert_int_equal(dft_csv_n_rows(csv), 2);
    assert_int_equal(dft_csv_n_columns(csv), 3);
    assert_string_equal(dft_csv_header(csv, 2), "c");
    assert_string_equal(dft_csv_text(csv, 0, 1), " x ");
    assert_string_equal(dft_csv_text(csv, 0, 2), "p, \"q\"");
    assert_string_equal(dft_csv_text(csv, 1, 0), "");
    assert_string_equal(dft_csv_text(csv, 1, 2), "z");
    assert_int_equal(dft_csv_line(csv, 0), 3);
    assert_int_equal(dft_csv_line(csv, 1), 5);
    assert_string_equal(dft_csv_path(csv), path);
    dft_csv_free(csv);
}

static void crlf_after_a_quoted_field_and_a_byte_order_mark_are_not_data(void **unused)
{
    dft_csv *csv = NULL;
    (void)unused;

    assert_int_equal(read_text("\xef\xbb\xbf" "a,b\r\n1,\"2\"\r\n3,4\r\n", &csv, NULL), DFT_OK);
    assert_string_equal(dft_csv_header(csv, 0), "a");
    assert_int_equal(dft_csv_n_rows(csv), 2);
    assert_string_equal(dft_csv_text(csv, 0, 1), "2");
    assert_string_equal(dft_csv_text(csv, 1, 1), "4");
    dft_csv_free(csv);
}

static void columns_are_found_by_name_and_a_missing_one_is_named(void **unused)
{
    dft_csv *csv = NULL;
    dft_error err;
    size_t column = 99;
    (void)unused;

    assert_int_equal(read_text("gap_ev,name\n1,2\n", &csv, NULL), DFT_OK);
    assert_int_equal(dft_csv_column(csv, "name", &column, &err), DFT_OK);
    assert_int_equal(column, 1);
    assert_int_equal(dft_csv_column(csv, "Name", &column, &err), DFT_EPARSE);
    assert_non_null(strstr(err.message, "Name"));
    assert_non_null(strstr(err.message, path));
    dft_csv_free(csv);
}

static void numbers_are_exact_and_empty_is_not_zero(void **unused)
{
    dft_csv *csv = NULL;
    dft_error err;
    double value = 7.0;
    (void)unused;

    assert_int_equal(read_text("x,y\n-1.5e-3,\n", &csv, NULL), DFT_OK);
    assert_int_equal(dft_csv_number(csv, 0, 0, &value, &err), DFT_OK);
    assert_close(value, -1.5e-3, 0.0);                  /* the same decimal, so the same double */
    assert_int_equal(dft_csv_number(csv, 0, 1, &value, &err), DFT_EPARSE);
    assert_close(value, -1.5e-3, 0.0);
    assert_int_equal(dft_csv_optional_number(csv, 0, 1, &value, &err), DFT_OK);
    assert_true(isnan(value));
    dft_csv_free(csv);
}

static void words_hexadecimal_blanks_and_infinities_are_no_numbers(void **unused)
{
    static const char *const bad[] = { "one", "1 ", " 1", "0x10", "inf", "nan", "1e999",
                                       "1.2.3", "-" };
    (void)unused;

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        dft_csv *csv = NULL;
        dft_error err;
        double value;
        char text[64];
        snprintf(text, sizeof text, "x,y\n1,2\n%s,3\n", bad[i]);
        assert_int_equal(read_text(text, &csv, NULL), DFT_OK);
        assert_int_equal(dft_csv_optional_number(csv, 1, 0, &value, &err), DFT_EPARSE);
        assert_non_null(strstr(err.message, ":3: "));
        assert_non_null(strstr(err.message, bad[i]));
        dft_csv_free(csv);
    }
}

static void malformed_tables_are_refused_with_their_line(void **unused)
{
    static const struct { const char *text, *line, *word; } bad[] = {
        { "", ":1: ", "header" },
        { "# only a note\n\n", ":3: ", "header" },
        { "a,b\n1\n", ":2: ", "expected 2 fields, found 1" },
        { "a,b\n1,2\n\n1,2,3\n", ":4: ", "expected 2 fields, found 3" },
        { "a,b\n1,\"open\n2,3\n", ":2: ", "not closed" },
        { "a,b\n1,\"x\"y\n", ":2: ", "closing quote" },
        { "a,b\n1,x\"y\"\n", ":2: ", "quote inside" },
        { "a,,b\n1,2,3\n", ":1: ", "column 2 has no name" },
        { "a,b,a\n1,2,3\n", ":1: ", "both named \"a\"" },
    };
    (void)unused;

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        dft_csv *csv = (dft_csv *)&csv;
        dft_error err;
        assert_int_equal(read_text(bad[i].text, &csv, &err), DFT_EPARSE);
        assert_null(csv);
        assert_non_null(strstr(err.message, bad[i].line));
        assert_non_null(strstr(err.message, bad[i].word));
    }
}

static void binary_missing_and_directory_paths_are_refused(void **unused)
{
    dft_csv *csv = NULL;
    dft_error err;
    (void)unused;

    write_bytes("a,b\n1,\0\n", 8);
    assert_int_equal(dft_csv_read(path, &csv, &err), DFT_EPARSE);
    assert_non_null(strstr(err.message, "NUL"));
    assert_int_equal(dft_csv_read("/nonexistent/table.csv", &csv, &err), DFT_ENOFILE);
    assert_non_null(strstr(err.message, "/nonexistent/table.csv"));
    assert_int_equal(dft_csv_read("/tmp", &csv, &err), DFT_ENOFILE);
    assert_null(csv);
}

static void a_table_larger_than_the_first_buffer_is_read_whole(void **unused)
{
    const size_t n = 20000;                     /* about 230 kB: the buffer doubles twice */
    FILE *file = fopen(path, "w");
    dft_csv *csv = NULL;
    double value = 0.0;
    (void)unused;

    assert_non_null(file);
    fputs("i,j\n", file);
    for (size_t i = 0; i < n; i++)
        fprintf(file, "%zu,%zu\n", i, 2 * i);
    fclose(file);
    assert_int_equal(dft_csv_read(path, &csv, NULL), DFT_OK);
    assert_int_equal(dft_csv_n_rows(csv), n);
    assert_int_equal(dft_csv_number(csv, n - 1, 1, &value, NULL), DFT_OK);
    assert_close(value, 2.0 * (double)(n - 1), 0.0);
    dft_csv_free(csv);
}

static void each_refused_allocation_is_reported(void **unused)
{
    (void)unused;
    write_bytes("a,b\n1,2\n", 8);
    for (long n = 1; n <= 5; n++) {
        dft_csv *csv = NULL;
        dft_alloc_refuse_nth(n);
        assert_int_equal(dft_csv_read(path, &csv, NULL), DFT_ENOMEM);
        assert_null(csv);
    }
    dft_alloc_refuse_nth(0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_and_quoted_fields_come_back_exactly),
        cmocka_unit_test(crlf_after_a_quoted_field_and_a_byte_order_mark_are_not_data),
        cmocka_unit_test(columns_are_found_by_name_and_a_missing_one_is_named),
        cmocka_unit_test(numbers_are_exact_and_empty_is_not_zero),
        cmocka_unit_test(words_hexadecimal_blanks_and_infinities_are_no_numbers),
        cmocka_unit_test(malformed_tables_are_refused_with_their_line),
        cmocka_unit_test(binary_missing_and_directory_paths_are_refused),
        cmocka_unit_test(a_table_larger_than_the_first_buffer_is_read_whole),
        cmocka_unit_test(each_refused_allocation_is_reported),
    };
    const int file = mkstemp(path);
    if (file < 0)
        return 1;
    close(file);
    const int failures = cmocka_run_group_tests(tests, NULL, NULL);
    unlink(path);
    return failures;
}
