#include "tests/support/assert_close.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dft-lite/base/output.h"

static char directory[] = "/tmp/test-output-XXXXXX";

static const char *in_directory(const char *name)
{
    static char path[128];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    return path;
}

static int count_entries(void)
{
    DIR *stream = opendir(directory);
    int n = 0;

    while (readdir(stream))
        n++;
    closedir(stream);
    return n - 2;                   /* . and .. */
}

static void what_can_be_written_is_left_as_it_is(void **unused)
{
    const char *path = in_directory("old");
    char text[8] = "";
    (void)unused;

    assert_int_equal(dft_output_check(path, NULL), DFT_OK);
    assert_int_equal(count_entries(), 0);
    FILE *file = fopen(path, "w");
    fputs("old", file);
    fclose(file);
    assert_int_equal(dft_output_check(path, NULL), DFT_OK);
    file = fopen(path, "r");
    assert_non_null(fgets(text, sizeof text, file));
    fclose(file);
    assert_string_equal(text, "old");
    assert_int_equal(count_entries(), 1);
    assert_int_equal(dft_output_check("/dev/null", NULL), DFT_OK);
    assert_int_equal(dft_output_check("relative-name", NULL), DFT_OK);
    unlink(path);
}

static void what_cannot_be_written_is_refused_with_the_remedy(void **unused)
{
    static const struct { const char *path, *words; } wrong[] = {
        { "/nowhere/out.json", "create the directory first" },
        { "/proc/out.json", "/proc/out.json" },
        { "/tmp", "name a file, not a directory" },
        { "/tmp/", "name a file, not a directory" },
        { "", "name a file" },
        { "/dev/null/out.json", "create the directory first" },
    };
    (void)unused;

    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        dft_error err = { DFT_OK, "" };
        assert_int_equal(dft_output_check(wrong[i].path, &err), DFT_EIO);
        if (!strstr(err.message, wrong[i].words))
            fail_msg("'%s' does not say '%s'", err.message, wrong[i].words);
    }
}

static void a_directory_without_permission_is_named(void **unused)
{
    const int was_root = geteuid() == 0;
    dft_error err = { DFT_OK, "" };
    (void)unused;

    chmod(directory, 0555);
    if (was_root)
        assert_int_equal(seteuid(65534), 0);
    const dft_status status = dft_output_check(in_directory("new"), &err);
    if (was_root)
        assert_int_equal(seteuid(0), 0);
    chmod(directory, 0755);
    assert_int_equal(status, DFT_EIO);
    assert_non_null(strstr(err.message, "make it writable"));
}

static int make_directory(void **unused)
{
    (void)unused;
    return mkdtemp(directory) ? 0 : -1;
}

static int remove_directory(void **unused)
{
    (void)unused;
    return rmdir(directory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_can_be_written_is_left_as_it_is),
        cmocka_unit_test(what_cannot_be_written_is_refused_with_the_remedy),
        cmocka_unit_test(a_directory_without_permission_is_named),
    };
    return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
