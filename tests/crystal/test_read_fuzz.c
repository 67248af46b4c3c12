/*
 * What fuzzing of the readers left behind (tests/fuzz/run.sh, packed by tests/fuzz/pack.sh): every input
 * gives a crystal or one sentence that names the file, with line and column for faults of the text.
 * 2026-11-22: libFuzzer, 10 minutes on each format with address and undefined-behaviour checks.
 */
#include "tests/support/assert_close.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dft-lite/crystal/read.h"

static char path[] = "/tmp/test_read_fuzz_XXXXXX";

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

/* "PATH:12:3: ..." */
static int names_line_and_column(const char *message)
{
    unsigned line = 0, column = 0;
    return strncmp(message, path, strlen(path)) == 0
        && sscanf(message + strlen(path), ":%u:%u: ", &line, &column) == 2 && line > 0 && column > 0;
}

/* Whole-file faults: nothing to point at. */
static int is_about_the_file(const char *message)
{
    static const char *const words[] = { "empty", "binary data", "a CIF needs its cell", "add the "
                                         "atom_site loop" };
    for (size_t k = 0; k < sizeof words / sizeof *words; k++)
        if (strstr(message, words[k]))
            return 1;
    return 0;
}

static void check_input(const char *data, size_t size, size_t count[2])
{
    dft_crystal *crystal = NULL;
    dft_crystal_remarks remarks;
    dft_error err = { DFT_OK, "" };
    FILE *file = fopen(path, "wb");

    assert_non_null(file);
    fwrite(data, 1, size, file);
    fclose(file);
    const dft_status status = dft_crystal_read_remarks(path, &crystal, &remarks, &err);
    assert_int_equal(status == DFT_OK, crystal != NULL);
    if (status != DFT_OK && status != DFT_EINPUT && !names_line_and_column(err.message)
        && !is_about_the_file(err.message))
        fail_msg("%s", err.message);
    if (status != DFT_OK)
        assert_non_null(strstr(err.message, path));
    for (const char *p = err.message; status == DFT_EPARSE && *p; p++)
        assert_true((unsigned char)*p >= 32);
    count[status != DFT_OK]++;
    dft_crystal_remarks_clear(&remarks);
    dft_crystal_free(crystal);
}

static void every_input_gives_a_crystal_or_a_sentence(void **unused)
{
    static const char *const packs[] = { "cif", "poscar", "extxyz" };
    (void)unused;

    for (int k = 0; k < 3; k++) {
        char name[64], data[8192];
        size_t count[2] = { 0, 0 }, size;
        snprintf(name, sizeof name, "tests/data/crystals/fuzz-%s.bin", packs[k]);
        FILE *pack = fopen(name, "rb");
        assert_non_null(pack);
        while (fscanf(pack, "%zu", &size) == 1) {
            assert_int_equal(fgetc(pack), '\n');
            assert_true(size <= sizeof data);
            assert_int_equal(fread(data, 1, size, pack), size);
            check_input(data, size, count);
        }
        fclose(pack);
        assert_true(count[0] >= 1 && count[1] >= 20);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_input_gives_a_crystal_or_a_sentence),
    };
    return cmocka_run_group_tests(tests, make_file, remove_file);
}
