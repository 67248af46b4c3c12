#include "dft-lite/hamiltonian/system.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/threads.h"
#include "tests/hamiltonian/systems.h"

static void offsets_and_electrons_are_those_of_the_data_sets(void **unused)
{
    dft_crystal *crystal = test_wurtzite(30, 8, 3.25, 5.2, 0.382);
    dft_system *s = test_system(crystal, 80, 2, 1);
    const size_t n_i[4] = { 18, 18, 13, 13 };
    (void)unused;

    assert_close(s->n_electrons, 2 * (12 + 6), 0.0);
    assert_int_equal(s->n_species, 2);
    for (int a = 0; a < 4; a++) {
        assert_int_equal(s->species_of[a], a / 2);
        assert_int_equal(s->i_offset[a + 1] - s->i_offset[a], n_i[a]);
        assert_int_equal(s->p_offset[a + 1] - s->p_offset[a], n_i[a] * (n_i[a] + 1) / 2);
        assert_int_equal(s->ii_offset[a + 1] - s->ii_offset[a], n_i[a] * n_i[a]);
    }
    assert_int_equal(s->symmetry->n_ops, 12);
    assert_int_equal(s->symmetry->n_dropped, 0);
    dft_system_free(s);
    dft_crystal_free(crystal);
}

static void symmetry_off_means_one_operation_and_every_k_point(void **unused)
{
    dft_crystal *crystal = test_fcc(13, 4.04, (double[3]){ 0, 0, 0 });
    dft_system *on = test_system(crystal, 80, 4, 1), *off = test_system(crystal, 80, 4, 0);
    (void)unused;

    assert_int_equal(on->symmetry->n_ops, 48);
    assert_int_equal(on->kpoints->n_k, 8);
    assert_int_equal(off->symmetry->n_ops, 1);
    assert_int_equal(off->kpoints->n_k, 64);
    dft_system_free(on);
    dft_system_free(off);
    dft_crystal_free(crystal);
}

static void data_sets_are_chosen_by_name(void **unused)
{
    dft_crystal *crystal = test_fcc(47, 4.16, (double[3]){ 0, 0, 0 });
    dft_system_options options = test_system_options(80, 1, 1);
    dft_system *s = test_system(crystal, 80, 1, 1);
    (void)unused;

    assert_string_equal(s->setup[0]->name, "Ag.11.PBE.gz");
    assert_close(s->n_electrons, 11, 0.0);
    dft_system_free(s);
    options.n_data = 0;
    assert_int_equal(dft_system_create(crystal, &options, &s, NULL), DFT_OK);
    assert_string_equal(s->setup[0]->name, "Ag.PBE.gz");
    dft_system_free(s);
    dft_crystal_free(crystal);
}

/* The message must name what is wrong; nothing is handed out. */
static void check_refused(const dft_crystal *crystal, const dft_system_options *options,
                          dft_status status, const char *word)
{
    dft_system *s = (dft_system *)(size_t)crystal;
    dft_error err = { 0 };

    assert_int_equal(dft_system_create(crystal, options, &s, &err), status);
    assert_null(s);
    if (!strstr(err.message, word))
        fail_msg("'%s' does not speak of '%s'", err.message, word);
}

static void impossible_settings_are_refused(void **unused)
{
    dft_crystal *crystal = test_bcc(3, 3.44);
    const dft_system_options good = test_system_options(80, 1, 1);
    const dft_data_choice no_element = { "Xx", "Xx.1" };
    dft_system_options bad = good;
    (void)unused;

    bad.ecut = 0.0;
    check_refused(crystal, &bad, DFT_EINPUT, "cutoff");
    bad = good;
    bad.ecut = -1.0;
    check_refused(crystal, &bad, DFT_EINPUT, "cutoff");
    bad = good;
    bad.kmesh[1] = 0;
    check_refused(crystal, &bad, DFT_EINPUT, "mesh");
    bad = good;
    bad.xc = "PBX";
    check_refused(crystal, &bad, DFT_EINPUT, "PBX");
    bad = good;
    bad.data = &no_element;
    check_refused(crystal, &bad, DFT_EINPUT, "Xx");
    bad = good;
    bad.symmetry_tolerance = 0.0;
    check_refused(crystal, &bad, DFT_EINPUT, "tolerance");
    dft_crystal_free(crystal);
}

static void an_element_without_data_set_is_named(void **unused)
{
    dft_crystal *crystal = test_bcc(92, 3.44);
    const dft_system_options options = test_system_options(80, 1, 1);
    (void)unused;

    check_refused(crystal, &options, DFT_ENOFILE, "U");
    dft_crystal_free(crystal);
}

/* A directory where a PBE data set of Al answers to the names Al.LDA.gz and Li.PBE.gz. */
static void a_data_set_of_another_functional_or_element_is_refused(void **unused)
{
    char directory[] = "/tmp/test_system_XXXXXX", as_lda[64], as_li[64];
    dft_crystal *li = test_bcc(3, 3.44), *al = test_fcc(13, 4.04, (double[3]){ 0, 0, 0 });
    dft_system_options options = test_system_options(80, 1, 1);
    (void)unused;

    assert_non_null(mkdtemp(directory));
    snprintf(as_lda, sizeof as_lda, "%s/Al.LDA.gz", directory);
    snprintf(as_li, sizeof as_li, "%s/Li.PBE.gz", directory);
    assert_int_equal(symlink(DFT_SETUP_GPAW "/Al.PBE.gz", as_lda), 0);
    assert_int_equal(symlink(DFT_SETUP_GPAW "/Al.PBE.gz", as_li), 0);
    options.data_path = directory;
    check_refused(li, &options, DFT_EINPUT, "Al");
    options.xc = "LDA";
    check_refused(al, &options, DFT_EINPUT, "PBE");
    unlink(as_lda);
    unlink(as_li);
    rmdir(directory);
    dft_crystal_free(li);
    dft_crystal_free(al);
}

static void gth_data_are_chosen_by_name_and_their_functional_is_checked(void **unused)
{
    static const dft_data_choice pbe[1] = { { "Al", "GTH-PBE" } }, pade[1] = { { "Al", "GTH-PADE" } };
    dft_crystal *crystal = test_fcc(13, 4.04, (double[3]){ 0, 0, 0 });
    dft_system_options options = test_system_options(80, 1, 1);
    dft_system *s = NULL;
    (void)unused;

    options.data = pbe;
    assert_int_equal(dft_system_create(crystal, &options, &s, NULL), DFT_OK);
    assert_string_equal(s->setup[0]->name, "GTH_POTENTIALS:Al:GTH-PBE-q3");
    assert_int_equal(s->i_offset[1], 1 + 1 + 3);
    assert_close(s->n_electrons, 3.0, 0.0);
    assert_null(s->onsite_xc[0]);
    dft_system_free(s);
    options.data = pade;
    check_refused(crystal, &options, DFT_EINPUT, "LDA_XC_TETER93");
    options.xc = "LDA_XC_TETER93";
    assert_int_equal(dft_system_create(crystal, &options, &s, NULL), DFT_OK);
    dft_system_free(s);
    dft_crystal_free(crystal);
}

/* Every fifth allocation, so that it takes a second. */
static void refused_memory_is_reported_and_nothing_leaks(void **unused)
{
    dft_crystal *crystal = test_bcc(3, 3.44);
    const dft_system_options options = test_system_options(40, 1, 1);
    dft_system *s = NULL;
    dft_status status = DFT_ENOMEM;
    long n = 1;
    (void)unused;

    for (; status != DFT_OK; n += 5) {
        dft_alloc_refuse_nth(n);
        status = dft_system_create(crystal, &options, &s, NULL);
        assert_true(status == DFT_OK || (status == DFT_ENOMEM && !s));
    }
    dft_alloc_refuse_nth(0);
    assert_true(n > 80);
    dft_system_free(s);
    dft_crystal_free(crystal);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(offsets_and_electrons_are_those_of_the_data_sets),
        cmocka_unit_test(symmetry_off_means_one_operation_and_every_k_point),
        cmocka_unit_test(data_sets_are_chosen_by_name),
        cmocka_unit_test(impossible_settings_are_refused),
        cmocka_unit_test(an_element_without_data_set_is_named),
        cmocka_unit_test(a_data_set_of_another_functional_or_element_is_refused),
        cmocka_unit_test(gth_data_are_chosen_by_name_and_their_functional_is_checked),
        cmocka_unit_test(refused_memory_is_reported_and_nothing_leaks),
    };
    dft_threads_set(1, NULL);           /* waiting threads would spin on a busy machine */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
