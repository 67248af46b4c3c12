/* The program dftlite on broken input: one sentence, the right exit code, nothing half written. */

#include "tests/support/assert_close.h"

#include <libgen.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define SETUPS "/usr/share/gpaw-setups"

static char program[1024];              /* build/bin/dftlite beside build/tests */
static char scratch[] = "dftlite-test-XXXXXX";

static const char *scratch_file(const char *name, const char *text)
{
    static char path[256];
    FILE *file;

    snprintf(path, sizeof path, "%s/%s", scratch, name);
    file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    return path;
}

static const char *lithium(void)
{
    return scratch_file("li.xyz", "1\nLattice=\"3.44 0 0 0 3.44 0 0 0 3.44\" "
                                  "Properties=species:S:1:pos:R:3\nLi 0 0 0\n");
}

/* Runs dftlite with the words of `arguments`; disk_full: no file may hold a byte. */
static int run(const char *arguments, int disk_full, char *message, size_t size)
{
    char command[4096];
    FILE *pipe;
    size_t n;

    snprintf(command, sizeof command, "trap '' XFSZ; %s %s %s 2>&1 >/dev/null",
             disk_full ? "ulimit -f 0;" : "", program, arguments);
    pipe = popen(command, "r");
    assert_non_null(pipe);
    n = fread(message, 1, size - 1, pipe);
    message[n] = '\0';
    const int status = pclose(pipe);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void expect(const char *arguments, int code, const char *word)
{
    char message[4096];
    const int found = run(arguments, 0, message, sizeof message);

    if (found != code || !strstr(message, word))
        print_error("dftlite %s: exit %d, said: %s", arguments, found, message);
    assert_int_equal(found, code);
    assert_non_null(strstr(message, word));
    assert_null(strstr(message, "\n\n"));
}

static void expect_file(const char *file, const char *options, int code, const char *word)
{
    char arguments[2048];

    snprintf(arguments, sizeof arguments, "scf %s %s", file, options);
    expect(arguments, code, word);
}

static void a_missing_file_is_66(void **unused)
{
    (void)unused;
    expect("scf nowhere/POSCAR", 66, "nowhere/POSCAR");
}

static void a_command_line_that_makes_no_sense_is_64(void **unused)
{
    (void)unused;
    expect("relax x", 64, "relax");
    expect("scf", 64, "FILE");
    expect_file(lithium(), "--ecut=300", 64, "--ecut");
    expect_file(lithium(), "--kmesh=4x4", 64, "4x4");
    expect_file(lithium(), "--ecut-ev=many", 64, "many");
    expect_file(lithium(), "--smearing=warm", 65, "warm");
    expect_file(lithium(), "--spin=up", 64, "collinear");
    expect_file(lithium(), "--spin=collinear --moments=1,1", 64, "2 numbers for 1 atoms");
    expect_file(lithium(), "--spin=collinear --moments=Xx=1", 64, "ELEMENT=NUMBER");
    expect_file(lithium(), "--spin=collinear --moments=Na=1", 64, "no Na");
    expect_file(lithium(), "--spin=collinear --moments=", 64, "ELEMENT=NUMBER");
    expect_file(lithium(), "--moments=1", 65, "collinear");
    expect_file(lithium(), "--dipole=z", 65, "dipole");
}

static void numbers_that_cannot_be_computed_with_are_65(void **unused)
{
    (void)unused;
    expect_file(lithium(), "--ecut-ev=0", 65, "cutoff");
    expect_file(lithium(), "--width-ev=-0.1", 65, "width");
    expect_file(lithium(), "--kmesh=0x1x1", 65, "mesh");
    expect_file(lithium(), "--smearing=fixed", 65, "even number");
    expect_file(lithium(), "--xc=HSE06", 65, "HSE06");
}

static void an_unknown_element_is_named_with_its_line(void **unused)
{
    (void)unused;
    expect_file(scratch_file("x.xyz", "1\nLattice=\"4 0 0 0 4 0 0 0 4\" "
                                      "Properties=species:S:1:pos:R:3\nXq 0 0 0\n"), "", 65, "Xq");
}

static void an_element_without_data_set_says_what_to_install(void **unused)
{
    (void)unused;
    expect_file(scratch_file("la.xyz", "1\nLattice=\"5 0 0 0 5 0 0 0 5\" "
                                       "Properties=species:S:1:pos:R:3\nLa 0 0 0\n"), "", 66, "La");
}

static void atoms_on_top_of_each_other_are_named(void **unused)
{
    (void)unused;
    expect_file(scratch_file("close.xyz", "2\nLattice=\"4 0 0 0 4 0 0 0 4\" "
                                          "Properties=species:S:1:pos:R:3\nLi 0 0 0\nAl 0 0 3.95\n"),
                "", 65, "on top of each other");
}

static void a_broken_data_set_names_the_file(void **unused)
{
    char command[2048], options[256];
    (void)unused;

    lithium();
    snprintf(options, sizeof options, "--data-path=%s", scratch);
    snprintf(command, sizeof command, "head -c 3000 " SETUPS "/Li.PBE.gz > %s/Li.PBE.gz", scratch);
    assert_int_equal(system(command), 0);
    expect_file(lithium(), options, 65, "Li.PBE.gz");
    snprintf(command, sizeof command, "zcat " SETUPS "/Li.PBE.gz | sed 's/<\\/radial_grid>//; "
             "s/<shape_function/<shape_function </' | gzip > %s/Li.PBE.gz", scratch);
    assert_int_equal(system(command), 0);
    expect_file(lithium(), options, 65, "Li.PBE.gz");
}

static void results_that_cannot_be_written_are_75_and_leave_no_file(void **unused)
{
    char arguments[2048], message[4096], path[256];
    struct stat info;
    (void)unused;

    expect_file(lithium(), "--ecut-ev=100 --json=nowhere/out.json", 75, "nowhere/out.json");
    snprintf(path, sizeof path, "%s/out.json", scratch);
    snprintf(arguments, sizeof arguments, "scf %s --ecut-ev=100 --json=%s", lithium(), path);
    assert_int_equal(run(arguments, 1, message, sizeof message), 75);
    assert_non_null(strstr(message, "out.json"));
    assert_int_not_equal(stat(path, &info), 0);
}

static void an_unconverged_result_is_2_and_says_so(void **unused)
{
    (void)unused;
    expect_file(lithium(), "--ecut-ev=100 --max-iterations=2", 2, "[  2]");
}

static int make_scratch(void **unused)
{
    (void)unused;
    return mkdtemp(scratch) ? 0 : -1;
}

static int remove_scratch(void **unused)
{
    char command[256];
    (void)unused;
    snprintf(command, sizeof command, "rm -r %s", scratch);
    return system(command);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_missing_file_is_66),
        cmocka_unit_test(a_command_line_that_makes_no_sense_is_64),
        cmocka_unit_test(numbers_that_cannot_be_computed_with_are_65),
        cmocka_unit_test(an_unknown_element_is_named_with_its_line),
        cmocka_unit_test(an_element_without_data_set_says_what_to_install),
        cmocka_unit_test(atoms_on_top_of_each_other_are_named),
        cmocka_unit_test(a_broken_data_set_names_the_file),
        cmocka_unit_test(results_that_cannot_be_written_are_75_and_leave_no_file),
        cmocka_unit_test(an_unconverged_result_is_2_and_says_so),
    };
    (void)argc;
    snprintf(program, sizeof program, "%s/../../bin/dftlite", dirname(argv[0]));
    return cmocka_run_group_tests(tests, make_scratch, remove_scratch);
}
