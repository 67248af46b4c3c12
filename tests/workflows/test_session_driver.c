/* A driver behind a session, on the pair potential: stopping, going on, and numbers that did not
 * converge. */

#include "tests/support/assert_close.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

#include "dft-lite/base/units.h"
#include "tests/workflows/fake_calculator.h"
#include "workflows/relax.h"
#include "workflows/session.h"

typedef struct {
    fake_settings fake;
    flow_calculator calculator;
    flow_spec spec;
    flow_session session;
    flow_session_driver driver;
    int stop_after;
} bench;

static int must_stop(void *context)
{
    const bench *b = context;
    return b->stop_after > 0 && b->fake.n_computed > b->stop_after;
}

static void bench_init(bench *b)
{
    const double lattice[3][3] = { { 14, 0, 0 }, { 0, 14, 0 }, { 0, 0, 14 } };
    const double position[3][3] = { { 0.1, 0.1, 0.1 }, { 0.50, 0.12, 0.1 }, { 0.30, 0.45, 0.13 } };
    const int z[3] = { 13, 13, 13 };

    memset(b, 0, sizeof *b);
    b->calculator = fake_calculator(&b->fake);
    assert_int_equal(flow_protocol_find("quick", &b->spec.protocol, NULL), DFT_OK);
    b->spec.ecut_ev = 100.0;
    b->spec.data_sets.n = 1;
    strcpy(b->spec.data_sets.item[0].symbol, "Al");
    fake_sha("Al", b->spec.data_sets.item[0].set.sha256);
    assert_int_equal(dft_crystal_create(lattice, 3, z, position, &b->spec.structure, NULL), DFT_OK);
}

static void begin(bench *b)
{
    assert_int_equal(flow_session_init(&b->session, &b->spec, &b->calculator, NULL), DFT_OK);
    b->session.must_stop = must_stop;
    b->session.context = b;
    b->driver = (flow_session_driver){ .session = &b->session, .mesh = { 1, 1, 1 }, .label = "step" };
    b->fake.n_computed = 0;
}

static dft_status relax(bench *b, int max_steps, flow_relax_result **out)
{
    const flow_evaluator evaluator = flow_session_evaluator(&b->driver);
    flow_relax_options options = flow_relax_defaults();

    options.max_steps = max_steps;
    options.max_force = 1e-5;
    return flow_relax_run(&evaluator, b->spec.structure, &options, out, NULL);
}

static void a_stopped_relaxation_goes_on_to_the_same_bits(void **unused)
{
    bench b;
    flow_relax_result *calm = NULL, *stopped = NULL, *resumed = NULL;
    char dir[] = "/tmp/liscreen-driver-XXXXXX", command[64];
    (void)unused;

    assert_non_null(mkdtemp(dir));
    bench_init(&b);
    begin(&b);
    assert_int_equal(relax(&b, 200, &calm), DFT_OK);
    assert_int_equal(calm->converged, 1);
    const int n_calm = b.fake.n_computed;
    assert_true(n_calm > 8);
    flow_session_clear(&b.session);

    b.stop_after = 5;
    begin(&b);
    assert_int_equal(relax(&b, 200, &stopped), DFT_EINTERNAL);
    assert_int_equal(b.session.stopped, 1);
    assert_null(stopped);
    assert_int_equal(flow_session_save(&b.session, dir, "key", NULL), DFT_OK);
    flow_session_clear(&b.session);

    b.stop_after = 0;
    begin(&b);
    flow_session_resume(&b.session, dir, "key");
    assert_int_equal(relax(&b, 200, &resumed), DFT_OK);
    assert_int_equal(b.fake.n_computed, n_calm - 5);
    assert_true(resumed->energy == calm->energy);
    assert_memory_equal(resumed->crystal->position, calm->crystal->position, sizeof(double[3][3]));
    flow_session_strip(&b.session);
    assert_null(json_object_get(json_array_get(b.session.energies, 0), "exact"));
    flow_session_clear(&b.session);
    flow_relax_free(calm);
    flow_relax_free(resumed);
    flow_spec_clear(&b.spec);
    snprintf(command, sizeof command, "rm -rf %s", dir);
    assert_int_equal(system(command), 0);
}

static void a_relaxation_stopped_after_two_steps_has_no_energy(void **unused)
{
    bench b;
    flow_relax_result *result = NULL;
    (void)unused;

    bench_init(&b);
    begin(&b);
    assert_int_equal(relax(&b, 2, &result), DFT_OK);
    assert_int_equal(result->converged, 0);
    assert_true(isnan(result->energy));
    assert_true(result->message[0] != '\0');
    flow_relax_free(result);
    flow_session_clear(&b.session);
    flow_spec_clear(&b.spec);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stopped_relaxation_goes_on_to_the_same_bits),
        cmocka_unit_test(a_relaxation_stopped_after_two_steps_has_no_energy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
