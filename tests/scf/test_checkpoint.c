#include "dft-lite/scf/checkpoint.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/units.h"
#include "dft-lite/scf/estimate.h"
#include "dft-lite/scf/state.h"
#include "tests/basis/crystals.h"

static char path[64];

static int make_scratch(void **unused)
{
    (void)unused;
    snprintf(path, sizeof path, "/tmp/dft-checkpoint-%ld", (long)getpid());
    return 0;
}

static int remove_scratch(void **unused)
{
    (void)unused;
    unlink(path);
    return 0;
}

static dft_scf_options options_of(int spin)
{
    dft_scf_options options = dft_scf_defaults();

    options.ecut = 200.0 / DFT_HARTREE_EV;
    options.kmesh[0] = options.kmesh[1] = options.kmesh[2] = 3;
    options.energy_tolerance = 1e-7 / DFT_HARTREE_EV;
    options.spin = spin;
    return options;
}

static dft_scf_result *run(const dft_crystal *crystal, const dft_scf_options *options,
                           const dft_scf_result *start)
{
    dft_scf_result *result = NULL;
    dft_error err = { 0 };

    if (dft_scf_run(crystal, options, start, &result, &err) != DFT_OK)
        fail_msg("%s", err.message);
    return result;
}

static int stop_after_three(const dft_scf_state *state, void *count)
{
    if (++*(int *)count < 3)
        return 0;
    assert_int_equal(dft_checkpoint_write(path, state, NULL), DFT_OK);
    return 1;
}

/* 1e-6 eV is asked of a restart; with and without spin, from the middle of a run. */
static void a_run_that_was_stopped_ends_with_the_same_energy(void **unused)
{
    dft_crystal *crystal = test_fcc(28, 3.52, (double[3]){ 0, 0, 0 });
    (void)unused;

    for (int spin = 0; spin < 2; spin++) {
        dft_scf_options options = options_of(spin);
        dft_scf_result *start = NULL, *whole = run(crystal, &options, NULL);
        int count = 0;
        options.between_steps = stop_after_three;
        options.between_steps_context = &count;
        dft_scf_result *stopped = run(crystal, &options, NULL);
        assert_true(stopped->stopped && !stopped->converged);
        assert_int_equal(stopped->scf_iterations, 3);
        options.between_steps = NULL;
        assert_int_equal(dft_checkpoint_read(path, &start, NULL), DFT_OK);
        dft_scf_result *again = run(crystal, &options, start);
        assert_true(again->converged);
        assert_int_equal(again->origin, DFT_SCF_FROM_ORBITALS);
        assert_true(again->scf_iterations <= whole->scf_iterations + 1);     /* its history is lost */
        assert_close(again->free_energy, whole->free_energy, 1e-6 / DFT_HARTREE_EV);
        dft_scf_result_free(start);
        dft_scf_result_free(whole);
        dft_scf_result_free(stopped);
        dft_scf_result_free(again);
    }
    dft_crystal_free(crystal);
}

static void a_checkpoint_starts_a_neighbouring_geometry(void **unused)
{
    dft_crystal *small = test_fcc(13, 4.00, (double[3]){ 0, 0, 0 });
    dft_crystal *large = test_fcc(13, 4.05, (double[3]){ 0, 0, 0 });
    const dft_scf_options options = options_of(0);
    dft_scf_result *first = run(small, &options, NULL), *fresh = run(large, &options, NULL);
    dft_scf_result *start = NULL;
    (void)unused;

    assert_int_equal(dft_checkpoint_write(path, first->state, NULL), DFT_OK);
    assert_int_equal(dft_checkpoint_read(path, &start, NULL), DFT_OK);
    dft_scf_result *warm = run(large, &options, start);
    assert_close(warm->free_energy, fresh->free_energy, 1e-6 / DFT_HARTREE_EV);
    assert_true(warm->scf_iterations <= fresh->scf_iterations);
    dft_scf_result_free(first);
    dft_scf_result_free(fresh);
    dft_scf_result_free(start);
    dft_scf_result_free(warm);
    dft_crystal_free(small);
    dft_crystal_free(large);
}

static void overwrite(long at, int byte)
{
    FILE *file = fopen(path, "r+b");
    assert_non_null(file);
    assert_int_equal(fseek(file, at, at < 0 ? SEEK_END : SEEK_SET), 0);
    fputc(byte, file);
    fclose(file);
}

static void refused(dft_status want, const char *word)
{
    dft_scf_result *result = NULL;
    dft_error err = { 0 };

    assert_int_equal(dft_checkpoint_read(path, &result, &err), want);
    assert_null(result);
    assert_non_null(strstr(err.message, path));
    assert_non_null(strstr(err.message, word));
}

static void damaged_short_and_foreign_files_are_refused_by_name(void **unused)
{
    dft_crystal *crystal = test_fcc(13, 4.05, (double[3]){ 0, 0, 0 });
    const dft_scf_options options = options_of(0);
    dft_scf_result *result = run(crystal, &options, NULL);
    (void)unused;

    unlink(path);
    refused(DFT_ENOFILE, "cannot read");
    const long places[3] = { 200, 5000, -100 };
    for (int i = 0; i < 3; i++) {
        assert_int_equal(dft_checkpoint_write(path, result->state, NULL), DFT_OK);
        overwrite(places[i], 0xa5);
        refused(DFT_EPARSE, "damaged");
    }
    assert_int_equal(dft_checkpoint_write(path, result->state, NULL), DFT_OK);
    assert_int_equal(truncate(path, 3000), 0);
    refused(DFT_EPARSE, "damaged");
    assert_int_equal(truncate(path, 5), 0);
    refused(DFT_EPARSE, "not a checkpoint");
    dft_scf_result_free(result);
    dft_crystal_free(crystal);
}

static void a_place_that_cannot_be_written_is_named(void **unused)
{
    dft_crystal *crystal = test_fcc(13, 4.05, (double[3]){ 0, 0, 0 });
    const dft_scf_options options = options_of(0);
    dft_scf_result *result = run(crystal, &options, NULL);
    dft_error err = { 0 };
    (void)unused;

    assert_int_equal(dft_checkpoint_write("/no/such/place", result->state, &err), DFT_EIO);
    assert_non_null(strstr(err.message, "/no/such/place"));
    dft_scf_result_free(result);
    dft_crystal_free(crystal);
}

static void each_refused_allocation_is_reported(void **unused)
{
    dft_crystal *crystal = test_fcc(13, 4.05, (double[3]){ 0, 0, 0 });
    const dft_scf_options options = options_of(0);
    dft_scf_result *result = run(crystal, &options, NULL), *start = NULL;
    dft_error err = { 0 };
    long n = 1;
    (void)unused;

    assert_int_equal(dft_checkpoint_write(path, result->state, NULL), DFT_OK);
    for (dft_alloc_refuse_nth(n); dft_checkpoint_read(path, &start, &err) != DFT_OK;
         dft_alloc_refuse_nth(++n)) {
        assert_int_equal(err.status, DFT_ENOMEM);
        assert_null(start);
    }
    dft_alloc_refuse_nth(0);
    assert_true(n > 10);
    dft_scf_result_free(start);
    dft_scf_result_free(result);
    dft_crystal_free(crystal);
}

/* A bcc Li cell of 300 atoms on a small machine. */
static void what_does_not_fit_is_refused_with_both_numbers(void **unused)
{
    const dft_scf_estimate estimate = { .memory = 8e9, .n_k = 4, .n_bands = 170, .n_plane_waves = 3e4,
                                        .n_projectors = 1200, .channel_workers = 2, .grid_workers = 1 };
    dft_error err = { 0 };
    (void)unused;

    assert_int_equal(dft_scf_estimate_check(&estimate, 9e9, NULL), DFT_OK);
    assert_int_equal(dft_scf_estimate_check(&estimate, 1e9, &err), DFT_ENOMEM);
    assert_non_null(strstr(err.message, "7.5 GiB"));
    assert_non_null(strstr(err.message, "0.9 GiB"));
    assert_int_equal(dft_exit_code(err.status), 86);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_run_that_was_stopped_ends_with_the_same_energy),
        cmocka_unit_test(a_checkpoint_starts_a_neighbouring_geometry),
        cmocka_unit_test(damaged_short_and_foreign_files_are_refused_by_name),
        cmocka_unit_test(a_place_that_cannot_be_written_is_named),
        cmocka_unit_test(each_refused_allocation_is_reported),
        cmocka_unit_test(what_does_not_fit_is_refused_with_both_numbers),
    };
    return cmocka_run_group_tests(tests, make_scratch, remove_scratch);
}
