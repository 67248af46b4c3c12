#include "results/record.h"

#include <sys/wait.h>
#include <time.h>

#include "dft-lite/base/file.h"
#include "results/provenance.h"
#include "tests/results/scratch.h"

static void a_record_reads_back_as_it_was_written(void **state)
{
    json_t *written = make_record("k1", "Ag-111", -1.2345678901234567), *read = NULL;

    assert_false(res_record_exists(*state, "k1"));
    assert_int_equal(res_record_write(*state, "k1", written, NULL), DFT_OK);
    assert_true(res_record_exists(*state, "k1"));
    assert_int_equal(res_record_read(*state, "k1", &read, NULL), DFT_OK);
    assert_int_equal(strlen(json_string_value(json_object_get(read, "checksum"))), 64);
    json_object_del(read, "checksum");                  /* all that writing adds */
    assert_true(json_equal(written, read));
    assert_int_equal(scratch_count(*state), 1);         /* no temporary file stays */
    json_decref(written);
    json_decref(read);
}

static void writing_a_key_again_replaces_the_record_whole(void **state)
{
    json_t *read = NULL;

    write_record(*state, "k1", "Ag-111", -1.0);
    write_record(*state, "k1", "Cu-111", -2.0);
    assert_int_equal(res_record_read(*state, "k1", &read, NULL), DFT_OK);
    assert_string_equal(json_string_value(json_object_get(read, "candidate")), "Cu-111");
    json_decref(read);
}

static void a_record_cut_short_anywhere_counts_as_absent(void **state)
{
    const char *path = scratch_path(*state, "records/k1.json");
    char name[512];
    strcpy(name, path);
    write_record(*state, "k1", "Ag-111", -1.0);
    char *whole = scratch_read(name);

    for (size_t n = 0; n + 1 < strlen(whole); n += 37) {
        json_t *read = NULL;
        dft_error err = { 0 };
        assert_int_equal(truncate(name, 0), 0);
        char *cut = strndup(whole, n);
        scratch_write(name, cut);
        free(cut);
        assert_int_equal(res_record_read(*state, "k1", &read, &err), DFT_EPARSE);
        assert_null(read);
        assert_non_null(strstr(err.message, "records/k1.json"));
        assert_false(res_record_exists(*state, "k1"));
    }
    scratch_write(name, whole);
    assert_true(res_record_exists(*state, "k1"));
    free(whole);
}

static void foreign_newer_and_renamed_records_are_refused(void **state)
{
    static const struct { const char *field, *value, *sentence; } faults[] = {
        { "format", "\"other\"", "does not have the format" },
        { "format_version", "99", "newer than this program" },
        { "format_version", "\"1\"", "not a positive integer" },
        { "key", "\"k2\"", "differs from the file's name" },
        { "status", "\"fine\"", "none of done" },
        { "reason", "7", "not a text" },
        { "results", "[]", "not an object" },
    };

    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        json_t *record = make_record("k1", "Ag-111", -1.0), *read = NULL;
        dft_error err = { 0 };
        json_object_set_new(record, faults[i].field,
                            json_loads(faults[i].value, JSON_DECODE_ANY, NULL));
        assert_int_equal(res_record_write(*state, "k1", record, &err), DFT_EINPUT);
        assert_non_null(strstr(err.message, faults[i].sentence));
        mkdir(scratch_path(*state, "records"), 0755);
        assert_int_equal(json_dump_file(record, scratch_path(*state, "records/k1.json"), 0), 0);
        assert_int_equal(res_record_read(*state, "k1", &read, &err), DFT_EPARSE);
        assert_non_null(strstr(err.message, faults[i].sentence));
        json_decref(record);
    }
}

/* Replaces the first `old` in a file by `new` of the same length. */
static void alter(const char *path, const char *old, const char *new)
{
    char *text = scratch_read(path), *at = strstr(text, old);

    assert_non_null(at);
    memcpy(at, new, strlen(new));
    scratch_write(path, text);
    free(text);
}

static void an_altered_value_does_not_fit_the_checksum(void **state)
{
    static const struct { const char *old, *new; } edits[] = {
        { "\"energy_ev\": -1.5", "\"energy_ev\": -1.6" }, { "Ag-111", "Au-111" },
        { "\"status\": \"done\"", "\"status\": \"donf\"" }, { "\"checksum\"", "\"checksun\"" },
    };

    for (size_t i = 0; i < sizeof edits / sizeof edits[0]; i++) {
        json_t *read = NULL;
        dft_error err = { 0 };
        write_record(*state, "k1", "Ag-111", -1.5);
        alter(scratch_path(*state, "records/k1.json"), edits[i].old, edits[i].new);
        assert_int_equal(res_record_read(*state, "k1", &read, &err), DFT_EPARSE);
        assert_null(read);
        assert_non_null(strstr(err.message, "records/k1.json"));
        if (i < 2)
            assert_non_null(strstr(err.message, "does not fit its content"));
    }
}

static void indentation_and_order_are_not_content(void **state)
{
    json_t *read = NULL, *again = NULL;

    write_record(*state, "k1", "Ag-111", -1.0 / 3.0);
    assert_int_equal(res_record_read(*state, "k1", &read, NULL), DFT_OK);
    assert_int_equal(json_dump_file(read, scratch_path(*state, "records/k1.json"), JSON_COMPACT), 0);
    assert_int_equal(res_record_read(*state, "k1", &again, NULL), DFT_OK);
    assert_true(json_equal(read, again));
    json_decref(read);
    json_decref(again);
}

/* Version 1 had no checksum; one that has it must fit all the same. */
static void records_of_the_first_version_are_read_without_a_checksum(void **state)
{
    const char *path = scratch_path(*state, "records/k1.json");
    json_t *read = NULL;

    write_record(*state, "k1", "Ag-111", -1.5);
    assert_int_equal(res_record_read(*state, "k1", &read, NULL), DFT_OK);
    json_object_set_new(read, "format_version", json_integer(1));
    assert_int_equal(json_dump_file(read, path, 0), 0);
    json_t *sealed = read;
    assert_int_equal(res_record_read(*state, "k1", &read, NULL), DFT_EPARSE);
    json_object_del(sealed, "checksum");
    assert_int_equal(json_dump_file(sealed, path, 0), 0);
    json_decref(sealed);
    assert_int_equal(res_record_read(*state, "k1", &read, NULL), DFT_OK);
    json_decref(read);
    assert_true(res_record_exists("tests/data/records-version-1",
                "0131dc9e0cade12dab29512dc3ced333beffb9e0e9f0c7c32eaf3e645733cdcb"));
}

static void a_record_set_aside_is_kept_and_no_longer_there(void **state)
{
    char moved[512];
    dft_error err = { 0 };

    for (int i = 0; i < 2; i++) {
        write_record(*state, "k1", "Ag-111", i);
        assert_int_equal(res_record_set_aside(*state, "k1", moved, sizeof moved, NULL), DFT_OK);
        assert_false(res_record_exists(*state, "k1"));
        assert_int_equal(access(moved, R_OK), 0);
    }
    assert_non_null(strstr(moved, "records/k1.json.damaged-2"));
    assert_int_equal(scratch_count(*state), 2);
    assert_int_equal(res_record_set_aside(*state, "k1", moved, sizeof moved, &err), DFT_EIO);
    json_t *read = NULL;
    assert_int_equal(res_record_read(*state, "k1", &read, &err), DFT_ENOFILE);
    assert_non_null(strstr(err.message, "'liscreen run' computes it"));
    assert_int_equal(res_record_set_aside(*state, "../k1", moved, sizeof moved, NULL), DFT_EINPUT);
}

static void keys_that_are_paths_or_empty_are_refused(void **state)
{
    static const char *const keys[] = { "", "..", ".hidden", "a/b", "../../etc", "a b", "a\nb",
                                        "\xc3\xa9" };
    json_t *record = make_record("k1", "Ag-111", -1.0), *read = NULL;
    char too_long[RES_KEY_MAX + 2];

    memset(too_long, 'a', sizeof too_long);
    too_long[RES_KEY_MAX + 1] = '\0';
    assert_int_equal(res_record_write(*state, too_long, record, NULL), DFT_EINPUT);
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        assert_int_equal(res_record_write(*state, keys[i], record, NULL), DFT_EINPUT);
        assert_int_equal(res_record_read(*state, keys[i], &read, NULL), DFT_EINPUT);
    }
    json_decref(record);
}

static void an_outcome_other_than_done_needs_a_reason(void **state)
{
    res_record_head head = { "k1", "eos", "Ag-111", RES_FAILED, "", 1.0, 1.0, 1.0 };
    json_t *record = NULL;
    dft_error err = { 0 };
    (void)state;

    assert_int_equal(res_record_create(&head, NULL, NULL, NULL, &record, &err), DFT_EINPUT);
    assert_null(record);
    head.reason = "the SCF did not converge";
    assert_int_equal(res_record_create(&head, NULL, NULL, NULL, &record, &err), DFT_OK);
    json_decref(record);
    head.candidate = "\xff\xfe";                        /* not UTF-8 */
    assert_int_equal(res_record_create(&head, NULL, NULL, NULL, &record, &err), DFT_EINPUT);
}

static void hostile_text_survives_a_round_trip(void **state)
{
    const char *hostile = "a\"b\\c\n\t'); DROP TABLE tasks;-- \xe2\x88\x9a \x7f";
    json_t *read = NULL;

    write_record(*state, "k1", hostile, 0.0);
    assert_int_equal(res_record_read(*state, "k1", &read, NULL), DFT_OK);
    assert_string_equal(json_string_value(json_object_get(read, "candidate")), hostile);
    json_decref(read);
}

typedef struct {
    char seen[256];
    int n_bad;
    char bad[512];
} visit;

static dft_status note_key(void *user, const char *key, const json_t *record, dft_error *err)
{
    visit *v = user;
    (void)err;

    assert_non_null(json_object_get(record, "results"));
    strcat(strcat(v->seen, key), " ");
    return DFT_OK;
}

static void note_bad(void *user, const char *path, const dft_error *why)
{
    visit *v = user;

    v->n_bad++;
    strcpy(v->bad, path);
    assert_int_equal(why->status, DFT_EPARSE);
}

static void all_records_are_visited_in_order_and_bad_files_reported(void **state)
{
    visit v = { .n_bad = 0 };
    const res_record_visitor visitor = { &v, note_key, note_bad };

    assert_int_equal(res_record_each(*state, &visitor, NULL), DFT_OK);      /* no records/ yet */
    assert_string_equal(v.seen, "");
    write_record(*state, "b", "", 0.0);
    write_record(*state, "a", "", 0.0);
    write_record(*state, "c", "", 0.0);
    scratch_write(scratch_path(*state, "records/bad.json"), "{\"format\": ");
    scratch_write(scratch_path(*state, "records/.d.json.77.tmp"), "{");
    scratch_write(scratch_path(*state, "records/notes.txt"), "mine");
    assert_int_equal(res_record_each(*state, &visitor, NULL), DFT_OK);
    assert_string_equal(v.seen, "a b c ");
    assert_int_equal(v.n_bad, 1);
    assert_non_null(strstr(v.bad, "records/bad.json"));
    assert_int_equal(res_record_sweep(*state), 1);      /* the temporary file alone */
    assert_int_equal(scratch_count(*state), 5);
}

static void a_full_disk_keeps_the_old_record_and_says_so(void **state)
{
    json_t *record = make_record("k1", "Cu-111", -2.0), *read = NULL;
    dft_error err = { 0 };

    write_record(*state, "k1", "Ag-111", -1.0);
    disk_full_after(100);
    const dft_status status = res_record_write(*state, "k1", record, &err);
    disk_full_after(-1);
    assert_int_equal(status, DFT_EIO);
    assert_non_null(strstr(err.message, "free some space"));
    assert_non_null(strstr(err.message, "records/k1.json"));
    assert_int_equal(res_record_read(*state, "k1", &read, NULL), DFT_OK);
    assert_string_equal(json_string_value(json_object_get(read, "candidate")), "Ag-111");
    assert_int_equal(scratch_count(*state), 1);
    json_decref(record);
    json_decref(read);
}

/* Writes records for ever and tells of each one that is finished; ends only by being killed. */
static void write_and_tell(const char *run_dir, int kill_number, int fd)
{
    for (int i = 0;; i++) {
        char key[32] = "";
        snprintf(key, sizeof key, "k%03d-%06d", kill_number, i);
        json_t *record = make_record(key, "Ag-111", i);
        if (res_record_write(run_dir, key, record, NULL) != DFT_OK
            || write(fd, key, sizeof key) != (ssize_t)sizeof key)
            _exit(1);
        json_decref(record);
    }
}

static void count_bad(void *user, const char *path, const dft_error *why)
{
    (void)path, (void)why;
    ++*(int *)user;
}

static dft_status count_good(void *user, const char *key, const json_t *record, dft_error *err)
{
    (void)user, (void)key, (void)record, (void)err;
    return DFT_OK;
}

/* What was finished before the kill is there and whole, and what was not is not there at all. */
static void a_hundred_kills_lose_no_finished_record_and_leave_none_torn(void **state)
{
    int n_bad = 0;
    const res_record_visitor visitor = { &n_bad, count_good, count_bad };

    for (int number = 0; number < 100; number++) {
        int fd[2], how;
        char key[32];
        assert_int_equal(pipe(fd), 0);
        const pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0)
            write_and_tell(*state, number, fd[1]);
        close(fd[1]);
        assert_int_equal(read(fd[0], key, sizeof key), (ssize_t)sizeof key);    /* it is at work */
        nanosleep(&(struct timespec){ 0, 37000L * number }, NULL);
        kill(child, SIGKILL);
        assert_int_equal(waitpid(child, &how, 0), child);
        assert_true(WIFSIGNALED(how));
        do
            assert_true(res_record_exists(*state, key));
        while (read(fd[0], key, sizeof key) == (ssize_t)sizeof key);
        close(fd[0]);
    }
    assert_int_equal(res_record_each(*state, &visitor, NULL), DFT_OK);
    assert_int_equal(n_bad, 0);
}

static void an_unwritable_or_missing_directory_is_named(void **state)
{
    json_t *record = make_record("k1", "Ag-111", -1.0);
    dft_error err = { 0 };

    set_writable(*state, false);
    const dft_status status = res_record_write(*state, "k1", record, &err);
    set_writable(*state, true);
    assert_int_equal(status, DFT_EIO);
    assert_non_null(strstr(err.message, "make it writable"));
    assert_non_null(strstr(err.message, *state));
    assert_int_equal(res_record_write("/nonexistent/run", "k1", record, &err), DFT_EIO);
    assert_non_null(strstr(err.message, "/nonexistent/run/records"));
    json_decref(record);
}

static void a_device_is_written_to_and_never_replaced(void **state)
{
    struct stat info;
    dft_error err = { 0 };
    (void)state;

    assert_int_equal(dft_file_write("/dev/full", "text", 4, &err), DFT_EIO);
    assert_non_null(strstr(err.message, "/dev/full"));
    assert_int_equal(dft_file_write("/dev/null", "text", 4, &err), DFT_OK);
    assert_int_equal(stat("/dev/null", &info), 0);
    assert_true(S_ISCHR(info.st_mode));
}

static void a_link_stays_a_link_and_its_target_is_replaced(void **state)
{
    char target[512], link_name[512];
    struct stat info;

    strcpy(target, scratch_path(*state, "target"));
    strcpy(link_name, scratch_path(*state, "link"));
    scratch_write(target, "old");
    assert_int_equal(symlink(target, link_name), 0);
    assert_int_equal(dft_file_write(link_name, "new", 3, NULL), DFT_OK);
    assert_int_equal(lstat(link_name, &info), 0);
    assert_true(S_ISLNK(info.st_mode));
    char *text = scratch_read(target);
    assert_string_equal(text, "new");
    free(text);
}

static void a_crystal_becomes_a_structure_in_angstrom(void **state)
{
    const double lattice[3][3] = { { 2, 0, 0 }, { 0, 4, 0 }, { 0, 0, 20 } };
    const double position[3][3] = { { 0, 0, 0 }, { 0.5, 0.5, 0.1 }, { 0, 0, 0.5 } };
    const bool pbc[3] = { true, true, false };
    const int z[3] = { 47, 3, 47 };
    dft_crystal crystal = { .n_atoms = 3 };
    (void)state;

    memcpy(crystal.lattice, lattice, sizeof lattice);
    crystal.z = (int *)(uintptr_t)z;
    crystal.position = (double (*)[3])(uintptr_t)position;
    json_t *structure = res_structure("slab", &crystal, pbc);
    assert_non_null(structure);
    assert_true(res_structure_is_valid(structure));
    /* 1 bohr = 0.52917721067 Angstrom (CODATA 2014, as in units.h); 1e-12: rounding of 20 of them */
    assert_close(json_number_value(json_array_get(json_array_get(
                     json_object_get(structure, "lattice_ang"), 2), 2)), 20 * 0.52917721067, 1e-12);
    char *formula = res_structure_formula(structure);
    assert_string_equal(formula, "Ag2Li");
    free(formula);
    json_array_remove(json_object_get(structure, "positions_frac"), 0);
    assert_false(res_structure_is_valid(structure));
    json_decref(structure);
    assert_false(res_structure_is_valid(NULL));
}

static void what_json_cannot_say_is_null(void **state)
{
    json_t *nan = res_number(NAN), *infinite = res_number(-INFINITY), *one = res_number(1.0);
    (void)state;

    assert_true(json_is_null(nan) && json_is_null(infinite) && json_is_real(one));
    json_decref(one);
}

static void provenance_names_program_physics_and_libraries(void **state)
{
    const res_library library = { "libxc", "5.2.3" }, broken = { "libxc", NULL };
    json_t *all = res_provenance(&library, 1);
    (void)state;

    assert_non_null(all);
    assert_int_equal(json_integer_value(json_object_get(all, "physics_version")),
                     RES_PHYSICS_VERSION);
    assert_string_equal(json_string_value(json_object_get(json_object_get(all, "libraries"),
                                                          "libxc")), "5.2.3");
    assert_null(res_provenance(&broken, 1));
    json_decref(all);
}

int main(void)
{
#define IN_SCRATCH(test) cmocka_unit_test_setup_teardown(test, scratch_make, scratch_remove)
    const struct CMUnitTest tests[] = {
        IN_SCRATCH(a_record_reads_back_as_it_was_written),
        IN_SCRATCH(writing_a_key_again_replaces_the_record_whole),
        IN_SCRATCH(a_record_cut_short_anywhere_counts_as_absent),
        IN_SCRATCH(foreign_newer_and_renamed_records_are_refused),
        IN_SCRATCH(an_altered_value_does_not_fit_the_checksum),
        IN_SCRATCH(indentation_and_order_are_not_content),
        IN_SCRATCH(records_of_the_first_version_are_read_without_a_checksum),
        IN_SCRATCH(a_record_set_aside_is_kept_and_no_longer_there),
        IN_SCRATCH(keys_that_are_paths_or_empty_are_refused),
        IN_SCRATCH(an_outcome_other_than_done_needs_a_reason),
        IN_SCRATCH(hostile_text_survives_a_round_trip),
        IN_SCRATCH(all_records_are_visited_in_order_and_bad_files_reported),
        IN_SCRATCH(a_full_disk_keeps_the_old_record_and_says_so),
        IN_SCRATCH(a_hundred_kills_lose_no_finished_record_and_leave_none_torn),
        IN_SCRATCH(an_unwritable_or_missing_directory_is_named),
        IN_SCRATCH(a_device_is_written_to_and_never_replaced),
        IN_SCRATCH(a_link_stays_a_link_and_its_target_is_replaced),
        IN_SCRATCH(a_crystal_becomes_a_structure_in_angstrom),
        IN_SCRATCH(what_json_cannot_say_is_null),
        IN_SCRATCH(provenance_names_program_physics_and_libraries),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
