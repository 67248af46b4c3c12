#include "workflows/path_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/workflows/lj_slab.h"

static const double fcc[2] = { 2.0 / 3.0, 2.0 / 3.0 }, hcp[2] = { 1.0 / 3.0, 1.0 / 3.0 };
static char name[] = "/tmp/test_path_file_XXXXXX";

static flow_path *band(int max_iterations, flow_neb_result **result)
{
    dft_crystal *a = lj_relaxed(fcc), *b = lj_relaxed(hcp);
    const flow_path_options options = { .n_interior = 3, .fixed = lj_fixed };
    const flow_evaluator lj = lj_evaluator(NULL);
    flow_neb_options neb = flow_neb_defaults();
    flow_path *path = NULL;

    neb.max_iterations = max_iterations;
    neb.fmax = 1e-3 * EV / ANG;
    assert_int_equal(flow_path_create(a, b, &options, &path, NULL), DFT_OK);
    assert_int_equal(flow_neb_run(&lj, path, &neb, result, NULL), DFT_OK);
    dft_crystal_free(a);
    dft_crystal_free(b);
    return path;
}

/* 16 digits of positions of 20 A come back to 1e-13 bohr. */
static void a_path_comes_back_as_it_was(void **unused)
{
    flow_neb_result *r = NULL;
    flow_path *path = band(9, &r), *back = NULL;
    int climbing = 0;
    (void)unused;

    assert_true(r->is_climbing && !r->converged);
    for (int with = 0; with < 2; with++) {
        assert_int_equal(flow_path_write(name, path, with ? r : NULL, NULL), DFT_OK);
        assert_int_equal(flow_path_read(name, &back, &climbing, NULL), DFT_OK);
        assert_int_equal(climbing, with);
        assert_int_equal(back->n_images, path->n_images);
        assert_memory_equal(back->z, path->z, path->n_atoms * sizeof *path->z);
        assert_memory_equal(back->fixed, path->fixed, path->n_atoms * sizeof *path->fixed);
        for (size_t k = 0; k < path->n_images * path->n_atoms; k++)
            for (int c = 0; c < 3; c++)
                assert_close(back->r[k][c], path->r[k][c], 1e-13);
        flow_path_free(back);
    }
    flow_neb_result_free(r);
    flow_path_free(path);
}

/* The files' path goes on to the saddle that an uninterrupted one finds. */
static void a_band_resumes_from_its_file(void **unused)
{
    const flow_evaluator lj = lj_evaluator(NULL);
    flow_neb_options options = flow_neb_defaults();
    flow_neb_result *whole = NULL, *part = NULL, *rest = NULL;
    flow_path *path = band(100, &whole), *stopped = band(9, &part), *back = NULL;
    (void)unused;

    assert_true(whole->has_saddle && !part->has_saddle);
    assert_int_equal(flow_path_write(name, stopped, part, NULL), DFT_OK);
    assert_int_equal(flow_path_read(name, &back, &options.starts_climbing, NULL), DFT_OK);
    options.fmax = 1e-3 * EV / ANG;
    assert_int_equal(flow_neb_run(&lj, back, &options, &rest, NULL), DFT_OK);
    assert_true(rest->has_saddle && rest->n_iterations < whole->n_iterations);
    assert_close(rest->barrier_forward, whole->barrier_forward, 1e-6 * EV);   /* fmax^2 / stiffness */
    flow_neb_result_free(rest);
    flow_neb_result_free(part);
    flow_neb_result_free(whole);
    flow_path_free(back);
    flow_path_free(stopped);
    flow_path_free(path);
}

static void write_text(const char *text)
{
    FILE *file = fopen(name, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

#define HEAD "2\nLattice=\"9 0 0 0 9 0 0 0 9\" Properties=species:S:1:pos:R:3\n"
#define IMAGE HEAD "Li 0 0 0\nAl 3 0 0\n"

/* Each with what the message must name. */
static void files_that_are_no_path_are_refused_by_line(void **unused)
{
    static const struct { const char *text, *says; } bad[] = {
        { "", "empty" },
        { IMAGE IMAGE, "three or more images" },
        { IMAGE IMAGE HEAD "Li 0 0 0\n", "complete?" },
        { IMAGE IMAGE HEAD "Al 3 0 0\nLi 0 0 0\n", ":11:" },
        { IMAGE IMAGE HEAD "Li 0 0 zero\nAl 3 0 0\n", "\"zero\"" },
        { IMAGE IMAGE "2\nLattice=\"8 0 0 0 9 0 0 0 9\" Properties=species:S:1:pos:R:3\n"
          "Li 0 0 0\nAl 3 0 0\n", "another cell" },
        { IMAGE IMAGE "2\nProperties=species:S:1:pos:R:3\nLi 0 0 0\nAl 3 0 0\n", "Lattice" },
        { IMAGE IMAGE HEAD "Li 0 0 0 1\nAl 3 0 0\n", "columns" },
    };
    (void)unused;

    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++) {
        flow_path *path = NULL;
        dft_error err;
        write_text(bad[k].text);
        assert_int_equal(flow_path_read(name, &path, NULL, &err), DFT_EPARSE);
        assert_null(path);
        if (!strstr(err.message, bad[k].says))
            fail_msg("\"%s\" does not say \"%s\"", err.message, bad[k].says);
    }
    flow_path *path = NULL;
    write_text(IMAGE IMAGE IMAGE "\n");
    assert_int_equal(flow_path_read(name, &path, NULL, NULL), DFT_OK);
    flow_path_free(path);
    assert_int_equal(flow_path_read("/nowhere/path.extxyz", &path, NULL, NULL), DFT_ENOFILE);
}

static int make_name(void **unused)
{
    const int fd = mkstemp(name);
    (void)unused;
    return fd < 0 || close(fd) != 0;
}

static int remove_name(void **unused)
{
    (void)unused;
    return unlink(name);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_path_comes_back_as_it_was),
        cmocka_unit_test(a_band_resumes_from_its_file),
        cmocka_unit_test(files_that_are_no_path_are_refused_by_line),
    };
    return cmocka_run_group_tests(tests, make_name, remove_name);
}
