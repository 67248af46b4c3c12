#include "descriptors/score.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/assert_close.h"

static char dir[] = "/tmp/liscreen-curves-XXXXXX";

static int make_dir(void **unused)
{
    (void)unused;
    return mkdtemp(dir) == NULL;
}

static int remove_dir(void **unused)
{
    char command[96];
    (void)unused;

    snprintf(command, sizeof command, "rm -rf %s", dir);
    return system(command);
}

/* Copies a table, replacing the first `old` by `new`. */
static void copy_table(const char *name, const char *old, const char *new)
{
    char path[96], *text = calloc(1, 1 << 16);

    snprintf(path, sizeof path, "descriptors/data/%s", name);
    FILE *in = fopen(path, "r");
    assert_non_null(in);
    assert_true(fread(text, 1, (1 << 16) - 1, in) > 0);
    fclose(in);
    snprintf(path, sizeof path, "%s/%s", dir, name);
    FILE *out = fopen(path, "w");
    assert_non_null(out);
    const char *found = old ? strstr(text, old) : NULL;
    assert_true(!old || found);
    if (found)
        fprintf(out, "%.*s%s%s", (int)(found - text), text, new, found + strlen(old));
    else
        fputs(text, out);
    fclose(out);
    free(text);
}

static void tables_that_are_wrong_are_refused_with_file_and_line(void **unused)
{
    static const struct { const char *table, *old, *new, *says; } bad[] = {
        { "desirability.csv", "\nbinding,", "\nbindings,", "there is no term \"bindings\"" },
        { "desirability.csv", "\nsolubility,", "\nbinding,", "this term has a row already" },
        { "desirability.csv", ",log10,1e-6", ",log,1e-6", "scale is linear or log10" },
        { "desirability.csv", "0.2,-0.5,-0.85", "0.2,0.2,-0.85", "must differ" },
        { "desirability.csv", "-0.85,0.55", "0.55,-0.85", "prior_low must lie below" },
        { "desirability.csv", "1e-1,1e-7,1", "1e-1,0,1", "positive" },
        { "desirability.csv", "-100,100", "100,-100", "least must lie below most" },
        { "desirability.csv", "\nvolume,", "\n#volume,", "the row of the term \"volume\" is missing" },
        { "desirability.csv", "linear,0.2", "linear,x", "zero_at" },
        { "errors.csv", "\nbinding,", "\nbound,", "there is no term \"bound\"" },
        { "errors.csv", "functional,0.10", "functional,-0.10", "not negative" },
    };
    desc_curves *curves;
    dft_error err;
    (void)unused;

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        const int first = strcmp(bad[i].table, "desirability.csv") == 0;
        copy_table("desirability.csv", first ? bad[i].old : NULL, bad[i].new);
        copy_table("errors.csv", first ? NULL : bad[i].old, bad[i].new);
        assert_int_equal(desc_curves_read(dir, &curves, &err), DFT_EPARSE);
        assert_null(curves);
        if (!strstr(err.message, bad[i].says))
            fail_msg("\"%s\" does not say \"%s\"", err.message, bad[i].says);
        assert_non_null(strstr(err.message, bad[i].table));
    }
    copy_table("desirability.csv", NULL, NULL);
    copy_table("errors.csv", NULL, NULL);
    assert_int_equal(desc_curves_read(dir, &curves, &err), DFT_OK);
    desc_curves_free(curves);
    assert_int_equal(desc_curves_read("/nowhere", &curves, &err), DFT_ENOFILE);
}

static void every_curve_has_its_reason_and_its_source(void **unused)
{
    desc_curves *curves;
    (void)unused;

    assert_int_equal(desc_curves_read("descriptors/data", &curves, NULL), DFT_OK);
    for (int i = 0; i < DESC_N_CURVES; i++) {
        const desc_curve *c = desc_curve_of(curves, i);
        assert_true(strlen(c->why) > 20 && strlen(c->source) > 10 && strlen(c->prior_why) > 10);
        assert_true(strlen(c->quantity) > 5 && strlen(c->unit) > 0);
    }
    desc_curves_free(curves);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tables_that_are_wrong_are_refused_with_file_and_line),
        cmocka_unit_test(every_curve_has_its_reason_and_its_source),
    };
    return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
