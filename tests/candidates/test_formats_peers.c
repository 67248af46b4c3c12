/*
 * Files exchanged with ASE and pymatgen (tests/peers/formats_ase_pymatgen.py): both read ours as the
 * crystals they are, and we read theirs.  The peers' figures are data; this test checks that we write the
 * bytes that they read, and read the files that they wrote.
 */
#include "tests/candidates/shapes.h"

#include <stdio.h>
#include <unistd.h>

#include "candidates/matcher.h"
#include "dft-lite/base/csv.h"
#include "dft-lite/crystal/read.h"
#include "dft-lite/crystal/write.h"

#define FORMATS "tests/data/peers/formats/"

static cand_library *library;
static dft_csv *table;
static char scratch[] = "/tmp/test_formats_XXXXXX";

static int read_tables(void **unused)
{
    (void)unused;
    return cand_library_read("candidates/data", &library, NULL) != DFT_OK
        || dft_csv_read(FORMATS "formats.csv", &table, NULL) != DFT_OK || !mkdtemp(scratch);
}

static int free_tables(void **unused)
{
    (void)unused;
    dft_csv_free(table);
    cand_library_free(library);
    return rmdir(scratch);
}

static const char *field(size_t row, const char *name)
{
    size_t column = 0;
    assert_int_equal(dft_csv_column(table, name, &column, NULL), DFT_OK);
    return dft_csv_text(table, row, column);
}

static bool is_ours(size_t row)
{
    return strncmp(field(row, "file"), "ours-", 5) == 0;
}

/* 1e-8 relative: the peers' decimals, and coordinates of 8 digits in pymatgen's CIF. */
static void assert_figures(const dft_crystal *crystal, size_t row)
{
    const double volume = strtod(field(row, "volume_ang3"), NULL) * ANG * ANG * ANG;
    double nearest = HUGE_VAL;

    for (size_t a = 0; a < crystal->n_atoms; a++)
        for (size_t b = a; b < crystal->n_atoms; b++)
            nearest = fmin(nearest, dft_crystal_distance(crystal, a, b));
    assert_int_equal(crystal->n_atoms, atoi(field(row, "atoms")));
    assert_close(dft_crystal_volume(crystal) / volume, 1.0, 1e-7);
    assert_close(nearest / (strtod(field(row, "nearest_ang"), NULL) * ANG), 1.0, 1e-7);
}

static void peers_read_our_files_as_the_library_has_them(void **unused)
{
    size_t n_ase = 0, n_pymatgen = 0;
    (void)unused;

    for (size_t row = 0; row < dft_csv_n_rows(table); row++) {
        if (!is_ours(row))
            continue;
        const cand_entry *entry = cand_library_by_id(library, field(row, "structure"));
        dft_crystal *crystal = NULL;
        assert_int_equal(cand_entry_crystal(entry, CAND_CELL_CONVENTIONAL, &crystal, NULL), DFT_OK);
        assert_figures(crystal, row);
        n_ase += strcmp(field(row, "peer"), "ase") == 0;
        n_pymatgen += strcmp(field(row, "peer"), "pymatgen") == 0;
        dft_crystal_free(crystal);
    }
    assert_int_equal(n_ase, 18);
    assert_int_equal(n_pymatgen, 12);
}

static size_t read_whole(const char *path, char *text, size_t size)
{
    FILE *file = fopen(path, "rb");

    assert_non_null(file);
    const size_t n = fread(text, 1, size - 1, file);
    text[n] = '\0';
    fclose(file);
    return n;
}

/* Takes the line with the comment (1, in extxyz 2) out: a title is not the crystal's. */
static void drop_line(char *text, int line)
{
    char *begin = text;
    while (--line > 0)
        begin = strchr(begin, '\n') + 1;
    char *end = strchr(begin, '\n') + 1;
    memmove(begin, end, strlen(end) + 1);
}

static void what_peers_have_read_is_what_is_written_today(void **unused)
{
    (void)unused;
    for (size_t row = 0; row < dft_csv_n_rows(table); row++) {
        const char *name = field(row, "file"), *ending = strrchr(name, '.');
        char kept[8192], now[8192], path[256];
        dft_crystal *crystal = NULL;
        if (!is_ours(row))
            continue;
        assert_int_equal(cand_entry_crystal(cand_library_by_id(library, field(row, "structure")),
                                            CAND_CELL_CONVENTIONAL, &crystal, NULL), DFT_OK);
        snprintf(path, sizeof path, "%s/now%s", scratch, ending);
        assert_int_equal(dft_crystal_write(path, crystal, "x", NULL), DFT_OK);
        read_whole(path, now, sizeof now);
        unlink(path);
        snprintf(path, sizeof path, FORMATS "%s", name);
        read_whole(path, kept, sizeof kept);
        drop_line(now, strcmp(ending, ".extxyz") == 0 ? 2 : 1);
        drop_line(kept, strcmp(ending, ".extxyz") == 0 ? 2 : 1);
        assert_string_equal(now, kept);
        dft_crystal_free(crystal);
    }
}

/* ASE's VASP 4 and 5, CIF and extxyz, pymatgen's with selective dynamics and with symmetry. */
static void we_read_what_peers_write(void **unused)
{
    size_t n = 0, n_fixed = 0;
    (void)unused;

    for (size_t row = 0; row < dft_csv_n_rows(table); row++) {
        char path[256];
        dft_crystal *crystal = NULL, *known = NULL;
        dft_crystal_remarks remarks;
        cand_match match;
        dft_error err = { 0 };
        snprintf(path, sizeof path, FORMATS "%s", field(row, "file"));
        if (dft_crystal_read_remarks(path, &crystal, &remarks, &err))
            fail_msg("%s", err.message);
        assert_figures(crystal, row);
        assert_int_equal(cand_entry_crystal(cand_library_by_id(library, field(row, "structure")),
                                            CAND_CELL_CONVENTIONAL, &known, NULL), DFT_OK);
        assert_int_equal(cand_crystals_match(crystal, known, NULL, &match, NULL), DFT_OK);
        assert_true(match.same && match.strain < 1e-6 && match.distance < 1e-4);
        n += !is_ours(row);
        n_fixed += remarks.fixed != NULL;
        if (strcmp(field(row, "file"), "ase-fixed.vasp") == 0
            || strcmp(field(row, "file"), "ase.extxyz") == 0) {
            assert_memory_equal(remarks.fixed[0], ((unsigned char[]){ 1, 1, 1 }), 3);
            assert_memory_equal(remarks.fixed[1], ((unsigned char[]){ 0, 0, 0 }), 3);
        }
        if (strcmp(field(row, "file"), "pymatgen-selective.vasp") == 0)
            assert_memory_equal(remarks.fixed[1], ((unsigned char[]){ 0, 1, 0 }), 3);
        dft_crystal_remarks_clear(&remarks);
        dft_crystal_free(known);
        dft_crystal_free(crystal);
    }
    assert_int_equal(n, 10);
    assert_int_equal(n_fixed, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(peers_read_our_files_as_the_library_has_them),
        cmocka_unit_test(what_peers_have_read_is_what_is_written_today),
        cmocka_unit_test(we_read_what_peers_write),
    };
    return cmocka_run_group_tests(tests, read_tables, free_tables);
}
