/*
 * tests/results/scratch.h - a scratch run directory, files in it, and a disk that is full.
 */
#ifndef TEST_RESULTS_SCRATCH_H
#define TEST_RESULTS_SCRATCH_H

#include <ftw.h>
#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "results/record.h"
#include "tests/support/assert_close.h"

static inline int scratch_remove_entry(const char *path, const struct stat *info, int kind,
                                       struct FTW *where)
{
    (void)info, (void)kind, (void)where;
    return remove(path);
}

/* cmocka set-up and tear-down: *state is the directory's name. */
static inline int scratch_make(void **state)
{
    char *directory = malloc(64);

    strcpy(directory, "/tmp/test-results-XXXXXX");
    *state = mkdtemp(directory);
    return *state ? 0 : -1;
}

static inline int scratch_remove(void **state)
{
    chmod(*state, 0755);
    nftw(*state, scratch_remove_entry, 16, FTW_DEPTH | FTW_PHYS);
    free(*state);
    return 0;
}

/* Names in a ring of static buffers: good for one assertion. */
static inline const char *scratch_path(const char *directory, const char *name)
{
    static char path[4][512];
    static int next;

    next = (next + 1) % 4;
    snprintf(path[next], sizeof path[next], "%s/%s", directory, name);
    return path[next];
}

static inline void scratch_write(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

/* The whole file, owned by the caller. */
static inline char *scratch_read(const char *path)
{
    FILE *file = fopen(path, "r");
    const size_t room = 1 << 20;
    char *text = calloc(room, 1);

    assert_non_null(file);
    assert_true(fread(text, 1, room - 1, file) < room - 1);
    fclose(file);
    return text;
}

static size_t scratch_n_entries;
static inline int scratch_count_entry(const char *path, const struct stat *info, int kind,
                                      struct FTW *where)
{
    (void)path, (void)info, (void)where;
    scratch_n_entries += kind == FTW_F;
    return 0;
}

/* Number of files below a directory: what was left behind. */
static inline size_t scratch_count(const char *directory)
{
    scratch_n_entries = 0;
    nftw(directory, scratch_count_entry, 16, FTW_PHYS);
    return scratch_n_entries;
}

/* From here on no file may grow beyond `bytes`, which looks like a full disk; -1 lifts the limit. */
static inline void disk_full_after(long bytes)
{
    struct rlimit limit;

    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &limit);
    limit.rlim_cur = bytes < 0 ? limit.rlim_max : (rlim_t)bytes;
    setrlimit(RLIMIT_FSIZE, &limit);
}

/* Makes the directory unwritable, for root too (who then acts as nobody); undone by (.., true). */
static inline void set_writable(const char *directory, bool writable)
{
    static bool was_root;

    if (writable && was_root)
        assert_int_equal(seteuid(0), 0);
    chmod(directory, writable ? 0755 : 0555);
    if (!writable && (was_root = geteuid() == 0))
        assert_int_equal(seteuid(65534), 0);
}

/* A record of a finished task with a structure, an SCF and a data set. */
static inline json_t *make_record(const char *key, const char *candidate, double energy_ev)
{
    const res_record_head head = { key, "site", candidate, RES_DONE, "", 12.5, 11.0, 321.0 };
    json_t *record, *structure = json_pack("{s:s, s:[[f,f,f],[f,f,f],[f,f,f]], s:[s,s],"
        " s:[[f,f,f],[f,f,f]], s:[b,b,b]}", "label", "fcc",
        "lattice_ang", 3.0, 0.0, 0.0, 0.0, 3.0, 0.0, 0.0, 0.0, 15.0, "species", "Li", "Ag",
        "positions_frac", 0.0, 0.0, 0.2, 0.5, 0.5, 0.0, "pbc", 1, 1, 0);
    json_t *inputs = json_pack("{s:{s:f}, s:o, s:[{s:s, s:s, s:s}]}", "protocol", "ecut_ev", 350.0,
        "structure", structure, "data_sets", "symbol", "Ag", "name", "Ag.11.PBE", "sha256", "abcd");
    json_t *results = json_pack("{s:[{s:s, s:f, s:f, s:b, s:i, s:[i,i,i], s:f}], s:f}", "energies",
        "label", "fcc", "energy_ev", energy_ev, "free_energy_ev", energy_ev - 0.01, "converged", 1,
        "scf_iterations", 17, "kmesh", 6, 6, 1, "ecut_ev", 350.0, "height_ang", 2.25);

    assert_int_equal(res_record_create(&head, inputs, results, NULL, &record, NULL), DFT_OK);
    return record;
}

static inline void write_record(const char *run_dir, const char *key, const char *candidate,
                                double energy_ev)
{
    json_t *record = make_record(key, candidate, energy_ev);
    dft_error err = { 0 };

    if (res_record_write(run_dir, key, record, &err) != DFT_OK)
        fail_msg("%s", err.message);
    json_decref(record);
}

#endif
