#include "tests/support/assert_close.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>

#include "dft-lite/crystal/read.h"
#include "dft-lite/crystal/write.h"
#include "screen/verbs.h"
#include "tests/workflows/pair_potential.h"

/* `liscreen calc` with a pair potential in the engine's place: command line, JSON, exit codes. */

static char folder[64];

static int run_words(pair_potential *p, const char *file, int argc, const char *const *words)
{
    const flow_evaluator evaluator = pair_evaluator(p);
    char data[] = "--data-dir=.", *argv[16] = { (char[]){ "liscreen" }, (char[]){ "calc" } };
    screen_app app = { .evaluator = &evaluator };
    int n = 2;

    for (int i = 0; i < argc; i++)
        argv[n++] = strcmp(words[i], "FILE") == 0 ? (char *)(uintptr_t)file
                                                  : (char *)(uintptr_t)words[i];
    argv[n++] = data;
    app.out = fopen("/dev/null", "w");
    app.progress = fopen("/dev/null", "w");
    assert_true(app.out && app.progress);
    const int code = screen_main(&app, n, argv);
    fclose(app.out);
    fclose(app.progress);
    return code;
}

#define RUN(p, file, ...) \
    run_words(p, file, (int)(sizeof (const char *const[]){ __VA_ARGS__ } / sizeof (char *)), \
              (const char *const[]){ __VA_ARGS__ })

static const char *in_folder(const char *name)
{
    static char path[4][160];
    static int next;

    next = (next + 1) % 4;
    snprintf(path[next], sizeof path[next], "%s/%s", folder, name);
    return path[next];
}

static json_t *read_json(void)
{
    json_t *json = json_load_file(in_folder("out.json"), 0, NULL);
    assert_non_null(json);
    return json;
}

static double number(const json_t *json, const char *key)
{
    const json_t *value = json_object_get(json, key);
    if (!json_is_number(value))
        fail_msg("%s is no number", key);
    return json_number_value(value);
}

static int is_null(const json_t *json, const char *key)
{
    return json_is_null(json_object_get(json, key));
}

static int set_up(void **unused)
{
    dft_crystal *c = pair_fcc(1, 7.1, 18);
    (void)unused;

    snprintf(folder, sizeof folder, "/tmp/test_verb_calc.XXXXXX");
    if (!mkdtemp(folder))
        return 1;
    for (int k = 0; k < 3; k++)
        c->position[2][k] += 0.02;
    const dft_status status = dft_crystal_write_extxyz(in_folder("in.extxyz"), c, NULL, NULL);
    dft_crystal_free(c);
    return status != DFT_OK;
}

static int tear_down(void **unused)
{
    char command[128];
    (void)unused;

    snprintf(command, sizeof command, "rm -rf %s", folder);
    return system(command);
}

static char *json_option(void)
{
    static char option[200];

    snprintf(option, sizeof option, "--json=%s", in_folder("out.json"));
    remove(in_folder("out.json"));
    return option;
}

static void relax_writes_energy_forces_and_structure(void **unused)
{
    pair_potential p = pair_argon();
    char out[200];
    dft_crystal *c = NULL;
    (void)unused;

    snprintf(out, sizeof out, "--out=%s", in_folder("relaxed.extxyz"));
    assert_int_equal(RUN(&p, in_folder("in.extxyz"), "relax", "FILE", "--fmax-ev-per-ang=0.001", json_option(),
                         out), 0);
    json_t *json = read_json();
    assert_true(json_is_true(json_object_get(json, "converged")));
    assert_true(number(json, "fmax_ev_per_ang") <= 0.001);
    assert_true(number(json, "energy_gain_ev") < -0.001);
    assert_int_equal(json_array_size(json_object_get(json, "forces_ev_per_ang")), 4);
    assert_string_equal(json_string_value(json_object_get(json, "evaluator")), "pair potential");
    assert_int_equal(dft_crystal_read(in_folder("relaxed.extxyz"), &c, NULL), DFT_OK);
    assert_int_equal(c->n_atoms, 4);
    dft_crystal_free(c);
    json_decref(json);
}

static void an_scf_that_fails_exits_with_2_and_without_energies(void **unused)
{
    pair_potential p = pair_argon();
    (void)unused;

    p.fails_from = 3;
    assert_int_equal(RUN(&p, in_folder("in.extxyz"), "relax", "FILE", json_option()), 2);
    json_t *json = read_json();
    assert_true(json_is_false(json_object_get(json, "converged")));
    assert_true(is_null(json, "energy_ev") && is_null(json, "free_energy_ev"));
    json_decref(json);
}

static void a_relaxation_cut_short_exits_with_3_and_without_energies(void **unused)
{
    pair_potential p = pair_argon();
    (void)unused;

    assert_int_equal(RUN(&p, in_folder("in.extxyz"), "relax", "FILE", "--max-steps=1",
                         "--fmax-ev-per-ang=0.0001", json_option()), 3);
    json_t *json = read_json();
    assert_true(is_null(json, "energy_ev") && is_null(json, "free_energy_ev"));
    json_decref(json);
}

static void the_cell_relaxes_and_its_residual_pressure_is_reported(void **unused)
{
    pair_potential p = pair_argon();
    (void)unused;

    assert_int_equal(RUN(&p, in_folder("in.extxyz"), "relax", "FILE", "--cell=full", "--smax-gpa=0.001",
                         json_option()), 0);
    json_t *json = read_json();
    assert_true(fabs(number(json, "residual_pressure_gpa")) <= 0.001);
    assert_int_equal(json_array_size(json_object_get(json, "stress_gpa")), 6);
    json_decref(json);
}

static void eos_gives_the_keys_that_are_promised(void **unused)
{
    pair_potential p = pair_argon();
    (void)unused;

    assert_int_equal(RUN(&p, in_folder("in.extxyz"), "eos", "FILE", "--relax=positions", json_option()),
                     0);
    json_t *json = read_json();
    assert_true(number(json, "v0_ang3_per_atom") > 10.0);
    assert_true(number(json, "b0_gpa") > 0.0);
    assert_true(number(json, "b0_prime") > 0.0);
    assert_true(number(json, "fit_rms_mev") >= 0.0);
    json_decref(json);
    p = pair_argon();
    p.fails_from = 2;
    assert_int_equal(RUN(&p, in_folder("in.extxyz"), "eos", "FILE", json_option()), 2);
    json = read_json();
    assert_true(is_null(json, "v0_ang3_per_atom") && is_null(json, "b0_gpa"));
    json_decref(json);
}

/* Argon's (100) face; bulk lithium is a bcc crystal of Morse pairs. */
static void adsorb_gives_every_site_its_keys(void **unused)
{
    pair_potential p = { .cutoff = 11.0, .n_rules = 3, .rule = {
        { 18, 18, PAIR_LJ, 0.02, 4.5, 0.0 }, { 3, 3, PAIR_MORSE, 0.005, 6.2, 0.6 },
        { 3, 18, PAIR_MORSE, 0.01, 5.2, 0.6 } } };
    char options[3][200];
    dft_crystal *c = pair_fcc(1, 6.9, 18);
    (void)unused;

    assert_int_equal(dft_crystal_write_extxyz(in_folder("fcc.extxyz"), c, NULL, NULL), DFT_OK);
    snprintf(options[0], sizeof options[0], "--out-dir=%s", in_folder("structures"));
    assert_int_equal(RUN(&p, in_folder("fcc.extxyz"), "adsorb", "FILE", "--facet=100", "--layers=4",
                         "--supercell=2x2", json_option(), options[0]), 0);
    json_t *json = read_json();
    const json_t *sites = json_object_get(json, "sites");
    assert_int_equal(json_array_size(sites), 3);
    for (size_t i = 0; i < 3; i++) {
        const json_t *site = json_array_get(sites, i);
        const double bulk = number(site, "binding_ev_vs_bulk"), atom = number(site, "binding_ev_vs_atom");
        assert_true(json_is_string(json_object_get(site, "name")));
        assert_string_equal(json_string_value(json_object_get(site, "outcome")), "kept");
        assert_true(number(site, "height_ang") > 0.5);
        assert_true(atom < bulk);           /* bulk lithium is bound */
    }
    assert_close(number(json, "coverage_ml"), 0.25, 1e-12);
    assert_int_equal(access(in_folder("structures/clean.extxyz"), R_OK), 0);
    json_decref(json);
    dft_crystal_free(c);
}

/* The lowest of some sites is no binding energy of the surface, and the relaxed structure says what was fixed. */
static void adsorb_on_chosen_sites_leaves_the_others_out(void **unused)
{
    pair_potential p = { .cutoff = 11.0, .n_rules = 3, .rule = {
        { 18, 18, PAIR_LJ, 0.02, 4.5, 0.0 }, { 3, 3, PAIR_MORSE, 0.005, 6.2, 0.6 },
        { 3, 18, PAIR_MORSE, 0.01, 5.2, 0.6 } } };
    char option[200];
    dft_crystal *c = pair_fcc(1, 6.9, 18), *relaxed = NULL;
    dft_crystal_remarks remarks = { 0 };
    (void)unused;

    assert_int_equal(dft_crystal_write_extxyz(in_folder("fcc.extxyz"), c, NULL, NULL), DFT_OK);
    snprintf(option, sizeof option, "--out-dir=%s", in_folder("chosen"));
    assert_int_equal(RUN(&p, in_folder("fcc.extxyz"), "adsorb", "FILE", "--facet=100", "--layers=4",
                         "--supercell=2x2", json_option(), option, "--sites=ontop,hollow"), 0);
    json_t *json = read_json();
    assert_int_equal(json_array_size(json_object_get(json, "sites")), 2);
    assert_int_equal(number(json, "n_planned"), 2);
    assert_int_equal(number(json, "n_distinct_sites"), 3);
    assert_true(json_is_true(json_object_get(json, "converged")));
    assert_true(is_null(json, "binding_ev_vs_bulk") && is_null(json, "lowest_site"));
    json_decref(json);
    assert_int_equal(access(in_folder("chosen/bridge-Ar2.extxyz"), F_OK), -1);
    assert_int_equal(dft_crystal_read_remarks(in_folder("chosen/hollow-Ar4.extxyz"), &relaxed, &remarks, NULL), DFT_OK);
    assert_int_equal(relaxed->n_atoms, 17);
    assert_non_null(remarks.fixed);
    size_t n_fixed = 0;
    for (size_t a = 0; a < 17; a++)
        n_fixed += remarks.fixed[a][0] && remarks.fixed[a][1] && remarks.fixed[a][2];
    assert_int_equal(n_fixed, 8);           /* two of four planes */
    dft_crystal_remarks_clear(&remarks);
    dft_crystal_free(relaxed);
    assert_int_equal(RUN(&p, in_folder("fcc.extxyz"), "adsorb", "FILE", "--facet=100", "--layers=4",
                         json_option(), "--sites=fcc"), 65);
    dft_crystal_free(c);
}

static void bulk_has_no_surface_to_put_lithium_on(void **unused)
{
    pair_potential p = pair_argon();
    (void)unused;

    assert_int_equal(RUN(&p, in_folder("in.extxyz"), "adsorb", "FILE"), 65);
    assert_int_equal(p.n_evaluations, 0);
}

static void what_makes_no_sense_is_a_usage_error(void **unused)
{
    pair_potential p = pair_argon();
    const char *file = in_folder("in.extxyz");
    (void)unused;

    assert_int_equal(RUN(&p, file, "relaxx", "FILE"), 64);
    assert_int_equal(RUN(&p, file, "relax"), 64);
    assert_int_equal(RUN(&p, file, "relax", "FILE", "--cell=all"), 64);
    assert_int_equal(RUN(&p, file, "relax", "FILE", "--kmesh=4x4"), 64);
    assert_int_equal(RUN(&p, file, "relax", "FILE", "--kmesh=4x4x4", "--k-spacing-per-ang=0.2"), 64);
    assert_int_equal(RUN(&p, file, "relax", "FILE", "--moments=Ni=1,0.5"), 64);
    assert_int_equal(RUN(&p, file, "relax", "FILE", "--dipole=q"), 64);
    assert_int_equal(RUN(&p, file, "relax", "FILE", "--ecut=400"), 64);
    assert_int_equal(RUN(&p, "missing.cif", "relax", "FILE"), 66);
    assert_int_equal(p.n_evaluations, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(relax_writes_energy_forces_and_structure),
        cmocka_unit_test(an_scf_that_fails_exits_with_2_and_without_energies),
        cmocka_unit_test(a_relaxation_cut_short_exits_with_3_and_without_energies),
        cmocka_unit_test(the_cell_relaxes_and_its_residual_pressure_is_reported),
        cmocka_unit_test(eos_gives_the_keys_that_are_promised),
        cmocka_unit_test(adsorb_gives_every_site_its_keys),
        cmocka_unit_test(adsorb_on_chosen_sites_leaves_the_others_out),
        cmocka_unit_test(bulk_has_no_surface_to_put_lithium_on),
        cmocka_unit_test(what_makes_no_sense_is_a_usage_error),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
