/* `calc neb` and `calc migration` on a Lennard-Jones slab, from files to files. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "dft-lite/crystal/write.h"
#include "screen/verbs.h"
#include "tests/workflows/lj_slab.h"
#include "workflows/path_file.h"

static char root[] = "/tmp/calc-neb-XXXXXX";
static char said[65536];

static const double fcc[2] = { 2.0 / 3.0, 2.0 / 3.0 }, hcp[2] = { 1.0 / 3.0, 1.0 / 3.0 };
static const double next_fcc[2] = { -1.0 / 3.0, 2.0 / 3.0 };

/* `liscreen calc` and the words; %s in them is the scratch directory.  Returns the exit code. */
static int type(const flow_evaluator *evaluator, const char *words)
{
    char line[1024], *argv[24] = { "liscreen", "calc" }, *text = NULL;
    size_t length = 0;
    int argc = 2, code;
    screen_app app;

    memset(&app, 0, sizeof app);
    assert_int_equal(screen_app_set_data_root(&app, ".", NULL), DFT_OK);
    app.out = app.progress = open_memstream(&text, &length);
    app.evaluator = evaluator;
    for (size_t at = 0, n = 0; (line[n] = words[at]) != '\0'; at++, n++)
        if (strncmp(words + at, "%s", 2) == 0) {
            n += (size_t)sprintf(line + n, "%s", root) - 1;
            at++;
        }
    for (char *word = strtok(line, " "); word; word = strtok(NULL, " "))
        argv[argc++] = word;
    code = screen_main(&app, argc, argv);
    fclose(app.out);
    snprintf(said, sizeof said, "%s", text);
    free(text);
    return code;
}

static json_t *load(const char *name)
{
    char path[256];
    json_t *object;

    snprintf(path, sizeof path, "%s/%s", root, name);
    object = json_load_file(path, 0, NULL);
    assert_non_null(object);
    return object;
}

static double number(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    assert_true(json_is_number(value));
    return json_number_value(value);
}

static void write_crystal(const char *name, dft_crystal *crystal)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", root, name);
    assert_int_equal(dft_crystal_write_extxyz(path, crystal, NULL, NULL), DFT_OK);
    dft_crystal_free(crystal);
}

/* Ends are not relaxed in the files; two planes are fixed on the command line. */
static void neb_writes_barriers_images_and_the_path(void **unused)
{
    const flow_evaluator lj = lj_evaluator(NULL);
    flow_path *path = NULL;
    char name[256];
    (void)unused;

    assert_int_equal(type(&lj, "neb %s/fcc.extxyz %s/hcp.extxyz --images=5 --fmax-ev-per-ang=0.001 "
                          "--fixed-layers=2 --json=%s/neb.json --out=%s/path.extxyz"), 0);
    json_t *out = load("neb.json"), *images = json_object_get(out, "images");
    assert_true(json_is_true(json_object_get(out, "converged")));
    assert_true(json_is_false(json_object_get(out, "symmetric")));
    /* test_neb.c: 0.070838 and 0.084726 eV, by Newton's method */
    assert_close(number(out, "barrier_forward_ev"), 0.070838, 1e-4);
    assert_close(number(out, "barrier_reverse_ev"), 0.084726, 1e-4);
    assert_int_equal(json_array_size(images), 7);
    assert_close(number(json_array_get(images, 0), "coordinate_ang"), 0.0, 0.0);
    assert_true(number(json_array_get(images, 6), "coordinate_ang") > 1.0);
    for (size_t i = 0; i < 7; i++) {
        (void)number(json_array_get(images, i), "energy_ev");
        assert_true(number(json_array_get(images, i), "fmax_ev_per_ang") < 0.002);
    }
    assert_true(number(json_object_get(out, "saddle"), "curvature_ev_per_ang2") < 0.0);
    json_decref(out);
    snprintf(name, sizeof name, "%s/path.extxyz", root);
    assert_int_equal(flow_path_read(name, &path, NULL, NULL), DFT_OK);
    assert_int_equal(path->n_images, 7);
    assert_int_equal(path->fixed[7][2], 1);
    assert_int_equal(path->fixed[8][2], 0);
    flow_path_free(path);
}

static void symmetric_hops_are_noticed(void **unused)
{
    const flow_evaluator lj = lj_evaluator(NULL);
    double barrier[2], n[2];
    (void)unused;

    for (int off = 0; off < 2; off++) {
        assert_int_equal(type(&lj, off ? "neb %s/fcc.extxyz %s/next.extxyz --images=5 "
                              "--fixed-layers=2 "
                                    "--symmetric=off --fmax-ev-per-ang=0.002 --json=%s/sym.json"
                                  : "neb %s/fcc.extxyz %s/next.extxyz --images=5 --fixed-layers=2 "
                                    "--fmax-ev-per-ang=0.002 --json=%s/sym.json"),
                         0);
        json_t *out = load("sym.json");
        assert_true(json_is_true(json_object_get(out, "symmetric")) == !off);
        assert_close(number(out, "barrier_forward_ev"), number(out, "barrier_reverse_ev"), 1e-4);
        barrier[off] = number(out, "barrier_forward_ev");
        n[off] = number(out, "evaluations");
        json_decref(out);
    }
    assert_close(barrier[0], barrier[1], 1e-4);
    assert_true(n[0] < 0.7 * n[1]);
}

/* Exit 4, null, and the reason; the path goes on from where it was. */
static void what_does_not_converge_has_no_number_and_resumes(void **unused)
{
    const flow_evaluator lj = lj_evaluator(NULL);
    (void)unused;

    assert_int_equal(type(&lj, "neb %s/fcc.extxyz %s/hcp.extxyz --fmax-ev-per-ang=0.001 "
                          "--fixed-layers=2 "
                          "--band-iterations=4 --json=%s/part.json --out=%s/part.extxyz"),
                     SCREEN_EXIT_NEB);
    json_t *out = load("part.json");
    assert_true(json_is_null(json_object_get(out, "barrier_forward_ev")));
    assert_true(json_is_null(json_object_get(out, "barrier_reverse_ev")));
    assert_true(json_is_null(json_object_get(out, "saddle")));
    assert_true(json_is_false(json_object_get(out, "converged")));
    assert_non_null(
        strstr(json_string_value(json_object_get(out, "message")), "not converged after 4"));
    assert_non_null(strstr(said, "no barrier"));
    json_decref(out);
    assert_int_equal(
        type(&lj, "neb --resume=%s/part.extxyz --fmax-ev-per-ang=0.001 --json=%s/rest.json"), 0);
    out = load("rest.json");
    assert_close(number(out, "barrier_forward_ev"), 0.070838, 1e-4);
    json_decref(out);
}

static void ends_can_be_taken_as_they_are(void **unused)
{
    const flow_evaluator lj = lj_evaluator(NULL);
    (void)unused;

    assert_int_equal(type(&lj, "neb %s/fcc.extxyz %s/hcp.extxyz --relax-ends=off --fixed-layers=2"),
                     SCREEN_EXIT_NEB);
    assert_non_null(strstr(said, "end is not relaxed"));
}

static void bad_command_lines_are_refused(void **unused)
{
    const flow_evaluator lj = lj_evaluator(NULL);
    (void)unused;

    assert_int_equal(type(&lj, "neb %s/fcc.extxyz"), 64);
    assert_int_equal(type(&lj, "neb %s/fcc.extxyz %s/hcp.extxyz --climb=perhaps"), 64);
    assert_non_null(strstr(said, "expected off or on"));
    assert_int_equal(type(&lj, "neb %s/fcc.extxyz %s/hcp.extxyz --fixed-layers=9"), 65);
    assert_non_null(strstr(said, "atomic planes"));
    assert_int_equal(type(&lj, "neb %s/fcc.extxyz %s/none.extxyz"), 66);
    assert_int_equal(type(&lj, "neb %s/fcc.extxyz %s/fcc.extxyz"), 65);
    assert_int_equal(type(&lj, "neb %s/fcc.extxyz %s/hcp.extxyz --json=/nowhere/a.json"), 75);
}

/* The slab file of the LJ crystal: fcc and hcp hollows, one hop, both directions at once. */
static void migration_goes_from_the_slab_to_the_barrier(void **unused)
{
    const flow_evaluator lj = lj_evaluator(NULL);
    struct stat there;
    char name[256];
    (void)unused;

    assert_int_equal(type(&lj, "migration %s/slab.extxyz --fixed-layers=2 --fmax-ev-per-ang=0.002 "
                          "--json=%s/mig.json --out-dir=%s/paths"), 0);
    json_t *out = load("mig.json");
    assert_close(number(out, "migration_barrier_ev"), 0.084726, 2e-4);      /* from hcp, the lower */
    assert_close(number(out, "migration_barrier_1d_ev"), number(out, "migration_barrier_ev"),
                 1e-12);
    assert_close(number(out, "anisotropy_at_298_k"), 1.0, 1e-9);
    assert_close(log(number(out, "prefactor_hz") / number(out, "hop_rate_hz_at_298_k")),
                 number(out, "migration_barrier_ev") / 0.025692571, 1e-5);  /* kT at 298.15 K */
    assert_int_equal(json_array_size(json_object_get(out, "sites")), 2);
    assert_int_equal(json_array_size(json_object_get(out, "hops")), 1);
    assert_true(json_is_false(json_object_get(out, "estimate")));
    json_decref(out);
    snprintf(name, sizeof name, "%s/paths/hop0.extxyz", root);
    assert_int_equal(stat(name, &there), 0);

    assert_int_equal(type(&lj, "migration %s/slab.extxyz --fixed-layers=2 --looks-only "
                          "--json=%s/mig.json"),
                     0);
    out = load("mig.json");
    assert_true(json_is_true(json_object_get(out, "estimate")));
    assert_close(number(out, "migration_barrier_ev"), 0.084726, 0.05 * 0.084726);
    assert_true(json_is_null(json_object_get(json_array_get(json_object_get(out, "hops"), 0),
                                             "barrier_forward_ev")));
    json_decref(out);
}

static int make_files(void **unused)
{
    dft_crystal *with = lj_slab(fcc), *clean = NULL;
    (void)unused;

    if (!mkdtemp(root))
        return 1;
    assert_int_equal(dft_crystal_create((const double (*)[3])with->lattice, LJ_ATOMS - 1, with->z,
                                        (const double (*)[3])with->position, &clean, NULL), DFT_OK);
    write_crystal("slab.extxyz", clean);
    write_crystal("fcc.extxyz", with);
    write_crystal("hcp.extxyz", lj_slab(hcp));
    write_crystal("next.extxyz", lj_slab(next_fcc));
    return 0;
}

static int remove_files(void **unused)
{
    char command[300];
    (void)unused;
    snprintf(command, sizeof command, "rm -r %s", root);
    return system(command);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(neb_writes_barriers_images_and_the_path),
        cmocka_unit_test(symmetric_hops_are_noticed),
        cmocka_unit_test(what_does_not_converge_has_no_number_and_resumes),
        cmocka_unit_test(ends_can_be_taken_as_they_are),
        cmocka_unit_test(bad_command_lines_are_refused),
        cmocka_unit_test(migration_goes_from_the_slab_to_the_barrier),
    };
    return cmocka_run_group_tests(tests, make_files, remove_files);
}
