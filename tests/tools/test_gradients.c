/* The program dftlite: forces and stress in its JSON. */

#include "tests/support/assert_close.h"

#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <jansson.h>

static char program[1024];              /* build/bin/dftlite beside build/tests */
static char scratch[] = "dftlite-gradients-XXXXXX";
static char structure[64], output[64];

/* Two silicon atoms, the second off its site along [111]. */
static int prepare(void **unused)
{
    FILE *file;
    (void)unused;

    if (!mkdtemp(scratch))
        return -1;
    snprintf(structure, sizeof structure, "%s/si.xyz", scratch);
    snprintf(output, sizeof output, "%s/out.json", scratch);
    file = fopen(structure, "w");
    if (!file)
        return -1;
    fputs("2\nLattice=\"0 2.715 2.715 2.715 0 2.715 2.715 2.715 0\" Properties=species:S:1:pos:R:3\n"
          "Si 0 0 0\nSi 1.3875 1.3875 1.3875\n", file);
    return fclose(file);
}

static int clean_up(void **unused)
{
    (void)unused;
    remove(structure);
    remove(output);
    return rmdir(scratch);
}

static int run(const char *options)
{
    char command[4096];

    remove(output);
    snprintf(command, sizeof command, "%s scf %s --ecut-ev=150 --json=%s --charges=none %s >/dev/null 2>&1",
             program, structure, output, options);
    const int status = system(command);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static json_t *read_output(void)
{
    json_t *json = json_load_file(output, 0, NULL);

    assert_non_null(json);
    return json;
}

static double at(const json_t *array, size_t i)
{
    const json_t *value = json_array_get(array, i);

    assert_true(json_is_number(value));
    return json_number_value(value);
}

/* Stretched along [111] by 0.03 A a component the bond along it pulls back: equal components,
 * opposite forces, a shear stress. */
static void forces_and_stress_are_in_the_json(void **unused)
{
    (void)unused;
    assert_int_equal(run(""), 0);
    json_t *json = read_output();
    const json_t *forces = json_object_get(json, "forces_eV_per_A");
    const json_t *stress = json_object_get(json, "stress_GPa");

    assert_int_equal(json_array_size(forces), 2);
    assert_int_equal(json_array_size(stress), 6);
    for (size_t c = 0; c < 3; c++) {
        const double f = at(json_array_get(forces, 1), c);
        assert_true(f < -0.05 && f > -5.0);
        assert_close(f, at(json_array_get(forces, 1), 0), 1e-9);
        assert_close(f + at(json_array_get(forces, 0), c), 0.0, 1e-3);
        assert_close(at(stress, c), at(stress, 0), 1e-9);
        assert_close(at(stress, 3 + c), at(stress, 3), 1e-9);
    }
    assert_true(fabs(at(stress, 3)) > 0.1);
    json_decref(json);
}

static void they_are_null_where_not_asked_for(void **unused)
{
    (void)unused;
    assert_int_equal(run("--stress=off"), 0);
    json_t *json = read_output();
    assert_int_equal(json_array_size(json_object_get(json, "forces_eV_per_A")), 2);
    assert_true(json_is_null(json_object_get(json, "stress_GPa")));
    json_decref(json);
    assert_int_equal(run("--forces=off"), 0);
    json = read_output();
    assert_true(json_is_null(json_object_get(json, "forces_eV_per_A")));
    assert_int_equal(json_array_size(json_object_get(json, "stress_GPa")), 6);
    json_decref(json);
}

static void they_are_null_without_convergence(void **unused)
{
    (void)unused;
    assert_int_equal(run("--max-iterations=2"), 2);
    json_t *json = read_output();
    assert_true(json_is_null(json_object_get(json, "forces_eV_per_A")));
    assert_true(json_is_null(json_object_get(json, "stress_GPa")));
    json_decref(json);
}

static void other_values_are_usage_errors(void **unused)
{
    (void)unused;
    assert_int_equal(run("--forces=maybe"), 64);
    assert_int_equal(run("--stress="), 64);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forces_and_stress_are_in_the_json),
        cmocka_unit_test(they_are_null_where_not_asked_for),
        cmocka_unit_test(they_are_null_without_convergence),
        cmocka_unit_test(other_values_are_usage_errors),
    };
    char self[1000];
    (void)argc;

    snprintf(self, sizeof self, "%s", argv[0]);
    snprintf(program, sizeof program, "%s/../../bin/dftlite", dirname(self));
    return cmocka_run_group_tests(tests, prepare, clean_up);
}
