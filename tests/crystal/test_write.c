/* Writing crystals: what is written reads back, and a failure leaves nothing behind. */
#include "tests/support/assert_close.h"

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/units.h"
#include "dft-lite/crystal/read.h"
#include "dft-lite/crystal/write.h"

static char directory[64], path[96];
static dft_crystal *sample;

typedef dft_status (*write_function)(const char *, const dft_crystal *, const char *, dft_error *);
static const write_function writers[] = { dft_crystal_write_extxyz, dft_crystal_write_poscar };

/* A skew cell with numbers that no short decimal holds, and elements in three runs. */
static int make_sample(void **unused)
{
    const double lattice[3][3] = { { 5.1, 0.1 / 3.0, 0.0 },
                                   { -2.5, 4.4, 1.0 / 7.0 },
                                   { 0.0, 0.3, 20.0 / 3.0 } };
    const int z[] = { 3, 3, 47, 3 };
    const double position[][3] = { { 0.0, 0.0, 0.0 },
                                   { 1.0 / 3.0, 2.0 / 3.0, 0.1 },
                                   { -0.2, 1.4, 1.0 / 7.0 },
                                   { 0.5, 0.5, 0.77 } };
    (void)unused;

    strcpy(directory, "/tmp/test_write_XXXXXX");
    if (!mkdtemp(directory))
        return -1;
    snprintf(path, sizeof path, "%s/crystal", directory);
    return dft_crystal_create(lattice, 4, z, position, &sample, NULL) == DFT_OK ? 0 : -1;
}

static int remove_sample(void **unused)
{
    (void)unused;
    dft_crystal_free(sample);
    unlink(path);
    return rmdir(directory);
}

static double determinant(const dft_crystal *crystal)
{
    const double(*a)[3] = (const double(*)[3])crystal->lattice;
    return a[0][0] * (a[1][1] * a[2][2] - a[1][2] * a[2][1])
         + a[0][1] * (a[1][2] * a[2][0] - a[1][0] * a[2][2])
         + a[0][2] * (a[1][0] * a[2][1] - a[1][1] * a[2][0]);
}

static size_t files_in_directory(void)
{
    DIR *dir = opendir(directory);
    size_t n = 0;

    assert_non_null(dir);
    for (struct dirent *entry; (entry = readdir(dir));)
        n += entry->d_name[0] != '.';
    closedir(dir);
    return n;
}

static void read_file(char *text, size_t size)
{
    FILE *file = fopen(path, "rb");

    assert_non_null(file);
    text[fread(text, 1, size - 1, file)] = '\0';
    fclose(file);
}

/* 16 digits hold a number to 5e-16 of its size; the way through Angstrom and the inverse lattice
 * costs a few more roundings: 1e-14 for numbers up to 10. */
static void what_is_written_reads_back(void **unused)
{
    (void)unused;
    for (size_t w = 0; w < 2; w++) {
        dft_crystal *copy = NULL;
        dft_error err = { 0 };
        assert_int_equal(writers[w](path, sample, NULL, NULL), DFT_OK);
        if (dft_crystal_read(path, &copy, &err))
            fail_msg("%s", err.message);
        assert_int_equal(copy->n_atoms, sample->n_atoms);
        for (size_t a = 0; a < copy->n_atoms; a++) {
            assert_int_equal(copy->z[a], sample->z[a]);
            for (int c = 0; c < 3; c++)
                assert_close(copy->position[a][c], sample->position[a][c], 1e-14);
        }
        for (int i = 0; i < 3; i++)
            for (int c = 0; c < 3; c++)
                assert_close(copy->lattice[i][c], sample->lattice[i][c], 1e-14);
        dft_crystal_free(copy);
        assert_int_equal(files_in_directory(), 1);
    }
}

static void extxyz_comment_carries_lattice_pbc_and_info(void **unused)
{
    char text[2048];
    (void)unused;

    assert_int_equal(dft_crystal_write_extxyz(path, sample, "energy=-1.5 name=x", NULL), DFT_OK);
    read_file(text, sizeof text);
    assert_int_equal(strncmp(text, "4\nLattice=\"", 11), 0);
    assert_non_null(strstr(text, "\" Properties=species:S:1:pos:R:3 pbc=\"T T T\" energy=-1.5 "
                                 "name=x\n"
                                 "Li 0 0 0\n"));
}

static void poscar_groups_runs_of_equal_atoms(void **unused)
{
    char text[2048];
    (void)unused;

    assert_int_equal(dft_crystal_write_poscar(path, sample, "a title", NULL), DFT_OK);
    read_file(text, sizeof text);
    assert_int_equal(strncmp(text, "a title\n1.0\n", 12), 0);
    assert_non_null(strstr(text, "\nLi Ag Li\n2 1 1\nDirect\n0 0 0\n"));
    assert_int_equal(dft_crystal_write_poscar(path, sample, NULL, NULL), DFT_OK);
    read_file(text, sizeof text);
    assert_int_equal(strncmp(text, "Li Ag Li\n1.0\n", 13), 0);
}

static void assert_fails(write_function write, const char *target, const char *comment,
                         dft_status status, const char *words)
{
    dft_error err = { 0 };

    assert_int_equal(write(target, sample, comment, &err), status);
    if (!strstr(err.message, words))
        fail_msg("\"%s\" does not say \"%s\"", err.message, words);
    assert_non_null(strstr(err.message, target));
    assert_int_equal(write(target, sample, comment, NULL), status);
}

static void directories_that_cannot_be_written_are_named(void **unused)
{
    char target[160];
    (void)unused;

    for (size_t w = 0; w < 2; w++) {
        assert_int_equal(writers[w](path, sample, NULL, NULL), DFT_OK);
        snprintf(target, sizeof target, "%s/no/such/file", directory);
        assert_fails(writers[w], target, NULL, DFT_EIO, "No such file or directory");
        snprintf(target, sizeof target, "%s/file", path);
        assert_fails(writers[w], target, NULL, DFT_EIO, "Not a directory");
        assert_fails(writers[w], directory, NULL, DFT_EIO, "name a file");
        assert_int_equal(files_in_directory(), 1);
    }
}

/* A limit on the size of files stands in for a full disk: both make write() fail late. */
static void full_disk_is_reported_and_the_old_file_stays(void **unused)
{
    struct rlimit old, small;
    char before[2048], after[2048];
    (void)unused;

    assert_int_equal(dft_crystal_write_extxyz(path, sample, "old", NULL), DFT_OK);
    read_file(before, sizeof before);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
    small = old;
    small.rlim_cur = 40;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    dft_error err = { 0 };
    const dft_status status = dft_crystal_write_extxyz(path, sample, "new", &err);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
    signal(SIGXFSZ, SIG_DFL);

    assert_int_equal(status, DFT_EIO);
    assert_non_null(strstr(err.message, path));
    assert_non_null(strstr(err.message, "File too large"));
    read_file(after, sizeof after);
    assert_string_equal(before, after);
    assert_int_equal(files_in_directory(), 1);
}

static void comment_of_two_lines_is_refused(void **unused)
{
    (void)unused;
    for (size_t w = 0; w < 2; w++)
        assert_fails(writers[w], path, "one\ntwo", DFT_EINPUT, "holds a line end");
}

/* A CIF turns the crystal, so what must come back are its distances. */
static void cif_reads_back_with_the_same_distances(void **unused)
{
    dft_crystal *mirrored = NULL;
    double lattice[3][3];
    (void)unused;

    memcpy(lattice, sample->lattice, sizeof lattice);
    for (int c = 0; c < 3; c++)
        lattice[0][c] = -lattice[0][c]; /* left-handed */
    assert_int_equal(dft_crystal_create((const double(*)[3])lattice, sample->n_atoms, sample->z,
                                        (const double(*)[3])sample->position, &mirrored, NULL),
                     DFT_OK);
    const dft_crystal *const crystals[] = { sample, mirrored };
    for (int k = 0; k < 2; k++) {
        dft_crystal *copy = NULL;
        assert_int_equal(dft_crystal_write_cif(path, crystals[k], "two words", NULL), DFT_OK);
        assert_int_equal(dft_crystal_read(path, &copy, NULL), DFT_OK);
        assert_int_equal(copy->n_atoms, 4);
        for (size_t a = 0; a < 4; a++)
            for (size_t b = 0; b < 4; b++)
                assert_close(dft_crystal_distance(copy, a, b),
                             dft_crystal_distance(crystals[k], a, b), 1e-12);
        assert_true(determinant(copy) * determinant(crystals[k]) * (k ? -1.0 : 1.0) > 0.0);
        dft_crystal_free(copy);
    }
    dft_crystal_free(mirrored);
}

static void selective_dynamics_are_written_and_read_back(void **unused)
{
    const unsigned char fixed[4][3] = { { 1, 1, 1 }, { 0, 0, 0 }, { 0, 1, 0 }, { 0, 0, 0 } };
    dft_crystal_remarks remarks;
    dft_crystal *copy = NULL;
    (void)unused;

    assert_int_equal(dft_crystal_write_poscar_fixed(path, sample, "t", fixed, NULL), DFT_OK);
    assert_int_equal(dft_crystal_read_remarks(path, &copy, &remarks, NULL), DFT_OK);
    assert_memory_equal(remarks.fixed, fixed, sizeof fixed);
    assert_close(copy->position[3][2], 0.77, 1e-14);
    dft_crystal_remarks_clear(&remarks);
    dft_crystal_free(copy);
}

static void the_end_of_the_path_names_the_format(void **unused)
{
    static const struct { const char *name, *format; } cases[] = {
        { "a.cif", "CIF" }, { "a.vasp", "POSCAR" }, { "POSCAR", "POSCAR" }, { "b.CONTCAR", "POSCAR" },
        { "a.extxyz", "extxyz" }, { "a", "extxyz" },
    };
    (void)unused;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char target[160];
        dft_crystal_remarks remarks;
        dft_crystal *copy = NULL;
        snprintf(target, sizeof target, "%s/%s", directory, cases[i].name);
        assert_int_equal(dft_crystal_write(target, sample, "name=x", NULL), DFT_OK);
        assert_int_equal(dft_crystal_read_remarks(target, &copy, &remarks, NULL), DFT_OK);
        assert_string_equal(remarks.format, cases[i].format);
        assert_string_equal(remarks.comment, "name=x");
        dft_crystal_remarks_clear(&remarks);
        dft_crystal_free(copy);
        unlink(target);
    }
}

static void refused_allocation_is_reported(void **unused)
{
    (void)unused;
    dft_alloc_refuse_nth(1);
    const dft_status status = dft_crystal_write_extxyz(path, sample, NULL, NULL);
    dft_alloc_refuse_nth(0);
    assert_int_equal(status, DFT_ENOMEM);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_reads_back),
        cmocka_unit_test(extxyz_comment_carries_lattice_pbc_and_info),
        cmocka_unit_test(poscar_groups_runs_of_equal_atoms),
        cmocka_unit_test(directories_that_cannot_be_written_are_named),
        cmocka_unit_test(full_disk_is_reported_and_the_old_file_stays),
        cmocka_unit_test(comment_of_two_lines_is_refused),
        cmocka_unit_test(cif_reads_back_with_the_same_distances),
        cmocka_unit_test(selective_dynamics_are_written_and_read_back),
        cmocka_unit_test(the_end_of_the_path_names_the_format),
        cmocka_unit_test(refused_allocation_is_reported),
    };

    return cmocka_run_group_tests(tests, make_sample, remove_sample);
}
