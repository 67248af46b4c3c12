#include "tests/support/assert_close.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "screen/campaign.h"

static char path[] = "/tmp/liscreen-campaign-XXXXXX";

static dft_status read_text(const char *text, screen_campaign **out, dft_error *err)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    return screen_campaign_read(path, out, err);
}

/* The file must be refused with this status, naming file, line and these words. */
static void assert_refused(const char *text, int line, const char *words)
{
    screen_campaign *campaign = NULL;
    dft_error err = { DFT_OK, "" };
    char place[96];

    assert_int_equal(read_text(text, &campaign, &err), DFT_EPARSE);
    assert_null(campaign);
    snprintf(place, sizeof place, "%s:%d:", path, line);
    if (!strstr(err.message, place) || !strstr(err.message, words))
        fail_msg("'%s' does not say '%s %s'", err.message, place, words);
    assert_int_equal(dft_exit_code(err.status), 65);
}

static void the_shipped_campaign_is_read_as_written(void **unused)
{
    screen_campaign *c = NULL;
    (void)unused;

    assert_int_equal(screen_campaign_read("screen/campaigns/quick.yaml", &c, NULL), DFT_OK);
    assert_string_equal(c->name, "quick");
    assert_true(c->n_candidates >= 14);
    assert_close(c->protocol.ecut_metal_ev, 350.0, 0.0);
    assert_close(c->protocol.ecut_o_c_ev, 500.0, 0.0);
    assert_true(c->protocol.layers >= 3 && c->protocol.vacuum_ang >= 10.0);
    assert_true(c->protocol.k_spacing_per_ang <= 0.35);
    assert_int_equal(c->jobs, 2);
    screen_campaign_free(c);
}

static void overrides_change_only_what_they_name(void **unused)
{
    screen_campaign *c = NULL;
    (void)unused;

    assert_int_equal(read_text("name: t\ncandidates: all\nprotocol:\n  layers: 8\n"
                               "  name: fast\n  ecut_ev: {metal: 420}\n"
                               "weights: {binding: 1}\ndescriptors: [equation_of_state]\n",
                               &c, NULL), DFT_OK);
    assert_int_equal(c->all_candidates, 1);
    assert_int_equal(c->protocol.layers, 8);
    assert_close(c->protocol.ecut_metal_ev, 420.0, 0.0);
    assert_close(c->protocol.ecut_o_c_ev, 600.0, 0.0);
    assert_close(c->weights.term[DESC_BINDING], 1.0, 0.0);
    assert_close(c->weights.term[DESC_SOLUBILITY], desc_score_weights_default().term[DESC_SOLUBILITY], 0.0);
    assert_int_equal(c->descriptors.equation_of_state, 1);
    assert_int_equal(c->descriptors.li_binding, 0);
    screen_campaign_free(c);
    assert_int_equal(read_text("name: t\ncandidates: all\nprotocol: balanced\n", &c, NULL), DFT_OK);
    assert_string_equal(c->protocol.name, "balanced");
    screen_campaign_free(c);
}

static void unknown_keys_suggest_the_ones_that_were_meant(void **unused)
{
    (void)unused;
    assert_refused("name: t\ncandidates: all\nprotcol: quick\n", 3, "did you mean 'protocol'?");
    assert_refused("name: t\ncandidates: all\nprotocol:\n  layer: 3\n", 4,
                   "did you mean 'layers'?");
    assert_refused("name: t\ncandidates: all\nprotocol: {ecut_ev: {metals: 350}}\n", 3,
                   "did you mean 'metal'?");
    assert_refused("name: t\ncandidates: all\nweights: {bindin: 1}\n", 3, "did you mean 'binding'?");
    assert_refused("name: t\ncandidates: all\ndescriptors: [li_bindings]\n", 3,
                   "did you mean 'li_binding'?");
    assert_refused("name: t\ncandidates: all\nprotocol: quik\n", 3, "quick, fast, balanced");
}

static void wrong_types_and_missing_keys_are_named(void **unused)
{
    (void)unused;
    assert_refused("name: t\ncandidates: all\njobs: many\n", 3, "must be a number, not 'many'");
    assert_refused("name: t\ncandidates: all\njobs: 1.5\n", 3, "whole number");
    assert_refused("name: t\ncandidates: all\njobs: 0\n", 3, "'jobs' is 0");
    assert_refused("name: t\ncandidates: Cu-111\n", 2, "must be a list such as [Cu-111, Ag-111]");
    assert_refused("name: t\ncandidates: []\n", 2, "must be a list");
    assert_refused("name: [t]\ncandidates: all\n", 1, "must be a single value, not a list");
    assert_refused("name: t/../x\ncandidates: all\n", 1, "becomes a directory");
    assert_refused("candidates: all\n", 1, "'name' is missing");
    assert_refused("name: t\n", 1, "'candidates' is missing");
    assert_refused("name: t\ncandidates: all\ndescriptors: solubility\n", 3, "must be a list");
    assert_refused("name: t\ncandidates: [Cu-111,\n  Ag-111, Cu-111]\n", 3, "already listed on");
    assert_refused("[a, b]\n", 1, "must be a mapping");
}

static void impossible_numbers_name_the_line_and_a_remedy(void **unused)
{
    (void)unused;
    assert_refused("name: t\ncandidates: all\nprotocol:\n  layers: 3\n  width_ev: -0.1\n", 5,
                   "width_ev is -0.1; give a smearing width above 0");
    assert_refused("name: t\ncandidates: all\nprotocol:\n  ecut_ev:\n    metal: 0\n", 5,
                   "metal is 0; give a value from 50");
    assert_refused("name: t\ncandidates: all\nprotocol: {heights: 2}\n", 3, "heights is 2");
    assert_refused("name: t\ncandidates: all\nprotocol:\n  k_spacing_per_ang: nan\n", 4,
                   "must be a number");
    assert_refused("name: t\ncandidates: all\nprotocol:\n  data: {Xx: Xx.1}\n", 4,
                   "'Xx' is not an element");
    assert_refused("name: t\ncandidates: all\nweights: {binding: -1}\n", 3, "is -1");
    assert_refused("name: t\ncandidates: all\nweights:\n  barrier: 1\n  binding: 1e308\n", 5,
                   "the weight 'binding' is 1e+308; give 0, or a number from 1e-06 to 1e+06");
    assert_refused("name: t\ncandidates: all\nweights: {binding: 1e-300}\n", 3, "is 1e-300");
    assert_refused("name: t\ncandidates: all\nweights: {barrier: 0, compliance: 0, dimensionality: 0, "
                   "adhesion: 0, strain: 0, mobility: 0, volume: 0}\n", 1,
                   "all weights of one score are 0");
}

static void what_is_no_yaml_names_the_line(void **unused)
{
    (void)unused;
    assert_refused("name: t\ncandidates: [a, b\nprotocol: quick\n", 3, "not YAML");
    assert_refused("", 1, "empty");
    assert_refused("name: t\nname: u\ncandidates: all\n", 2, "already given on line 1");
    assert_refused("name: t\ncandidates: all\n---\nname: u\n", 4, "a second document");
    assert_refused("name: t\ncandidates: [[Al-111]]\n", 2, "must be a name such as Cu-111, not a list");
    assert_refused("a: &a [x, x, x, x, x, x, x, x, x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a]\n"
                   "c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b]\n"
                   "d: &d [*c, *c, *c, *c, *c, *c, *c, *c, *c, *c]\n"
                   "e: &e [*d, *d, *d, *d, *d, *d, *d, *d, *d, *d]\n"
                   "f: &f [*e, *e, *e, *e, *e, *e, *e, *e, *e, *e]\n", 1, "is it a campaign?");
    assert_refused("name: t\ncandidates: all\nprotocol: &x {data: {Ag: *x}}\n", 3, "levels deep");
}

static void a_directory_and_a_giant_are_no_campaigns(void **unused)
{
    screen_campaign *campaign = NULL;
    dft_error err = { DFT_OK, "" };
    (void)unused;

    assert_int_equal(screen_campaign_read("/tmp", &campaign, &err), DFT_ENOFILE);
    assert_string_equal(err.message, "/tmp is a directory; give the path of a campaign file (to go on "
                        "with a run: RUN/campaign.yaml --dir=RUN)");
    assert_int_equal(screen_campaign_read("/dev/null", &campaign, &err), DFT_ENOFILE);
    assert_non_null(strstr(err.message, "write the campaign into a file"));
    assert_int_equal(truncate(path, 32L << 20), 0);
    assert_int_equal(screen_campaign_read(path, &campaign, &err), DFT_EPARSE);
    assert_non_null(strstr(err.message, "larger than 16 MiB"));
    assert_int_equal(truncate(path, 0), 0);
}

static void a_missing_file_is_named(void **unused)
{
    screen_campaign *campaign = NULL;
    dft_error err = { DFT_OK, "" };
    (void)unused;

    assert_int_equal(screen_campaign_read("/nowhere/x.yaml", &campaign, &err), DFT_ENOFILE);
    assert_non_null(strstr(err.message, "/nowhere/x.yaml"));
    assert_int_equal(dft_exit_code(err.status), 66);
}

static int make_file(void **unused)
{
    (void)unused;
    const int fd = mkstemp(path);
    return fd < 0 ? -1 : close(fd);
}

static int remove_file(void **unused)
{
    (void)unused;
    return unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_shipped_campaign_is_read_as_written),
        cmocka_unit_test(overrides_change_only_what_they_name),
        cmocka_unit_test(unknown_keys_suggest_the_ones_that_were_meant),
        cmocka_unit_test(wrong_types_and_missing_keys_are_named),
        cmocka_unit_test(impossible_numbers_name_the_line_and_a_remedy),
        cmocka_unit_test(what_is_no_yaml_names_the_line),
        cmocka_unit_test(a_directory_and_a_giant_are_no_campaigns),
        cmocka_unit_test(a_missing_file_is_named),
    };
    return cmocka_run_group_tests(tests, make_file, remove_file);
}
