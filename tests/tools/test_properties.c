/* The program dftlite: properties in its JSON, the files it writes, and what it refuses. */

#include "tests/support/assert_close.h"

#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <jansson.h>

static char program[1024];              /* build/bin/dftlite beside build/tests */
static char scratch[] = "dftlite-properties-XXXXXX";

static const char *scratch_path(const char *name)
{
    static char path[4][256];
    static int turn;

    turn = (turn + 1) % 4;
    snprintf(path[turn], sizeof path[turn], "%s/%s", scratch, name);
    return path[turn];
}

static const char *structure(const char *name, const char *text)
{
    const char *path = scratch_path(name);
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    return path;
}

static const char *sheet(void)
{
    return structure("sheet.xyz", "2\nLattice=\"3 0 0 0 3 0 0 0 14\" Properties=species:S:1:pos:R:3\n"
                                  "Li 0 0 3\nH 0 0 4.7\n");
}

static const char *silicon(void)
{
    return structure("si.xyz", "2\nLattice=\"0 2.715 2.715 2.715 0 2.715 2.715 2.715 0\" "
                               "Properties=species:S:1:pos:R:3\nSi 0 0 0\nSi 1.3575 1.3575 1.3575\n");
}

/* Exit code; what it said on stderr into message. */
static int run(const char *file, const char *options, char *message, size_t size)
{
    char command[4096];
    FILE *pipe;
    size_t n;

    snprintf(command, sizeof command, "%s scf %s %s 2>&1 >/dev/null", program, file, options);
    pipe = popen(command, "r");
    assert_non_null(pipe);
    n = fread(message, 1, size - 1, pipe);
    message[n] = '\0';
    const int status = pclose(pipe);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void expect(const char *file, const char *options, int code, const char *word)
{
    char message[8192];
    const int found = run(file, options, message, sizeof message);

    if (found != code || !strstr(message, word))
        print_error("dftlite %s: exit %d, said: %s", options, found, message);
    assert_int_equal(found, code);
    assert_non_null(strstr(message, word));
}

/* The JSON of a run that must succeed. */
static json_t *solve(const char *file, const char *options)
{
    char all[2048], message[8192];

    snprintf(all, sizeof all, "%s --json=%s", options, scratch_path("out.json"));
    const int code = run(file, all, message, sizeof message);
    if (code != 0)
        print_error("%s", message);
    assert_int_equal(code, 0);
    json_t *json = json_load_file(scratch_path("out.json"), 0, NULL);
    assert_non_null(json);
    return json;
}

static double number(const json_t *json, const char *key)
{
    const json_t *value = json_object_get(json, key);

    if (!json_is_number(value))
        print_error("no number %s\n", key);
    assert_true(json_is_number(value));
    return json_number_value(value);
}

static void silicon_has_a_gap_and_no_charges_and_no_faces(void **unused)
{
    json_t *json = solve(silicon(), "--ecut-ev=150 --kmesh=2x2x2 --width-ev=0.01 --charges=bader");
    (void)unused;

    /* Gamma to X on this mesh: PBE's is 0.7 eV; direct at Gamma 2.6 eV */
    assert_true(number(json, "band_gap_eV") > 0.4 && number(json, "band_gap_eV") < 1.0);
    assert_true(number(json, "direct_gap_eV") > 2.2 && number(json, "direct_gap_eV") < 3.0);
    assert_true(json_is_false(json_object_get(json, "metal")));
    assert_true(json_is_null(json_object_get(json, "work_function_eV")));
    const json_t *charges = json_object_get(json, "charges_e");
    assert_int_equal(json_array_size(charges), 2);
    for (size_t a = 0; a < 2; a++)
        assert_close(json_number_value(json_array_get(charges, a)), 0.0, 1e-6);
    json_decref(json);
}

static void a_slab_has_work_functions_with_the_dipole_correction_alone(void **unused)
{
    json_t *with = solve(sheet(), "--ecut-ev=200 --dipole=z --energy-tol-ev=1e-3 --charges=none");
    json_t *without = solve(sheet(), "--ecut-ev=200 --energy-tol-ev=1e-3 --charges=none");
    const json_t *faces = json_object_get(with, "work_function_eV");
    (void)unused;

    assert_int_equal(json_array_size(faces), 2);
    assert_true(json_number_value(json_array_get(faces, 1))
                /* hydrogen is the negative side */
                > json_number_value(json_array_get(faces, 0)) + 1.0);
    assert_true(number(with, "dipole_moment_e_ang") < -0.1);
    assert_true(json_is_null(json_object_get(without, "work_function_eV")));
    assert_non_null(strstr(json_string_value(json_object_get(without, "work_function_note")),
                           "flat"));
    assert_null(json_object_get(with, "charges_e"));
    assert_true(fabs(number(with, "free_energy_eV") - number(without, "free_energy_eV")) > 0.01);
    json_decref(with);
    json_decref(without);
}

/* The own functional changes nothing; the others do. */
static void energies_of_other_functionals_come_in_one_call(void **unused)
{
    json_t *json = solve(silicon(), "--ecut-ev=150 --xc-also=PBE,PBEsol,RPBE,LDA --charges=none");
    const json_t *energies = json_object_get(json, "energies_nscf_eV");
    (void)unused;

    assert_int_equal(json_object_size(energies), 4);
    assert_close(number(energies, "PBE"), number(json, "energy_eV"), 1e-9);
    /* of the core above all */
    assert_true(number(energies, "LDA") > number(energies, "PBEsol"));
    assert_true(number(energies, "RPBE") < number(energies, "PBE"));
    json_decref(json);
}

static int starts_with(const char *path, const char *text)
{
    char line[256] = "";
    FILE *file = fopen(path, "r");

    if (!file)
        return 0;
    const char *read = fgets(line, sizeof line, file);
    fclose(file);
    return read && strncmp(line, text, strlen(text)) == 0;
}

static void files_are_written_where_they_are_asked_for(void **unused)
{
    char options[2048];
    (void)unused;

    snprintf(options, sizeof options, "--ecut-ev=200 --dipole=z --energy-tol-ev=1e-3 --dos=%s "
             "--planar-average=%s --cube-density=%s --cube-potential=%s", scratch_path("dos.csv"),
             scratch_path("profile.csv"), scratch_path("density.cube"), scratch_path("v.cube"));
    json_decref(solve(sheet(), options));
    assert_true(starts_with(scratch_path("dos.csv"), "energy_ev,dos_per_ev,electrons"));
    assert_true(starts_with(scratch_path("profile.csv"), "height_ang,potential_ev,"));
    assert_true(starts_with(scratch_path("density.cube"), "valence pseudo density"));
    assert_true(starts_with(scratch_path("v.cube"), "electrostatic potential"));
}

static void what_cannot_be_is_refused_with_a_sentence(void **unused)
{
    const char *thin = structure("thin.xyz", "2\nLattice=\"3 0 0 0 3 0 0 0 7.5\" "
                                             "Properties=species:S:1:pos:R:3\nLi 0 0 3\nH 0 0 4.7\n");
    (void)unused;

    expect(thin, "--dipole=z", 65, "widest gap between atoms is 5.80 A");
    expect(silicon(), "--dipole=z", 65, "perpendicular to z");
    expect(silicon(), "--dipole=up", 64, "none, x, y or z");
    expect(silicon(), "--planar-average=a.csv", 65, "perpendicular to z");
    expect(silicon(), "--xc-also=PBEsoul", 65, "PBEsoul");
    expect(silicon(), "--xc-also=,", 64, "--xc-also");
    expect(silicon(), "--charges=lowdin", 64, "bader or none");
    expect(silicon(), "--dos-width-ev=0", 64, "positive");
    expect(silicon(), "--dos=", 64, "file name");
    expect(silicon(), "--ecut-ev=100 --dos=nowhere/dos.csv", 75, "nowhere/dos.csv");
}

static void a_functional_without_data_sets_is_refused_unless_allowed(void **unused)
{
    (void)unused;
    expect(silicon(), "--xc=PBEsol", 66, "--xc-mismatch=allow");
    expect(silicon(), "--xc-mismatch=perhaps", 64, "refuse or allow");
    json_t *json = solve(silicon(), "--ecut-ev=150 --xc=PBEsol --xc-mismatch=allow --charges=none");
    json_t *pbe = solve(silicon(), "--ecut-ev=150 --xc-also=PBEsol --charges=none");
    const double nscf = number(json_object_get(pbe, "energies_nscf_eV"), "PBEsol");
    /* the own minimum lies below, by second order */
    assert_true(number(json, "energy_eV") < nscf);
    assert_close(number(json, "energy_eV"), nscf, 0.02);
    json_decref(json);
    json_decref(pbe);
}

static int prepare(void **state)
{
    char self[1024];
    const ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
    (void)state;

    if (length < 0 || !mkdtemp(scratch))
        return -1;
    self[length] = '\0';
    for (int up = 0; up < 3; up++)
        dirname(self);
    snprintf(program, sizeof program, "%.900s/bin/dftlite", self);
    return 0;
}

static int clean(void **state)
{
    char command[128];
    (void)state;

    snprintf(command, sizeof command, "rm -r %s", scratch);
    return system(command);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(silicon_has_a_gap_and_no_charges_and_no_faces),
        cmocka_unit_test(a_slab_has_work_functions_with_the_dipole_correction_alone),
        cmocka_unit_test(energies_of_other_functionals_come_in_one_call),
        cmocka_unit_test(files_are_written_where_they_are_asked_for),
        cmocka_unit_test(what_cannot_be_is_refused_with_a_sentence),
        cmocka_unit_test(a_functional_without_data_sets_is_refused_unless_allowed),
    };
    return cmocka_run_group_tests(tests, prepare, clean);
}
