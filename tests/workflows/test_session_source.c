/* A task's session as a source of evaluators: meshes, and starts that belong to one cell. */

#include "tests/support/assert_close.h"

#include <math.h>
#include <string.h>

#include "tests/workflows/fake_calculator.h"
#include "workflows/session_source.h"

typedef struct {
    fake_settings fake;
    flow_calculator calculator;
    flow_spec spec;
    flow_session session;
    flow_session_source source;
} bench;

static dft_crystal *box(double a, double c)
{
    const double lattice[3][3] = { { a, 0, 0 }, { 0, a, 0 }, { 0, 0, c } };
    const double position[1][3] = { { 0, 0, 0 } };
    const int z = 13;
    dft_crystal *crystal = NULL;

    assert_int_equal(dft_crystal_create(lattice, 1, &z, position, &crystal, NULL), DFT_OK);
    return crystal;
}

static void bench_init(bench *b)
{
    memset(b, 0, sizeof *b);
    b->calculator = fake_calculator(&b->fake);
    assert_int_equal(flow_protocol_find("quick", &b->spec.protocol, NULL), DFT_OK);
    b->spec.ecut_ev = 100.0;
    b->spec.data_sets.n = 1;
    strcpy(b->spec.data_sets.item[0].symbol, "Al");
    fake_sha("Al", b->spec.data_sets.item[0].set.sha256);
    assert_int_equal(flow_session_init(&b->session, &b->spec, &b->calculator, NULL), DFT_OK);
    b->source = (flow_session_source){ .session = &b->session, .label = "step" };
}

static const json_t *mesh_of(const bench *b, size_t energy)
{
    return json_object_get(json_array_get(b->session.energies, energy), "kmesh");
}

static void each_cell_has_the_mesh_of_the_spacing_and_one_point_without_repeat(void **unused)
{
    static const int slab[3] = { 1, 1, 0 }, solid[3] = { 1, 1, 1 }, own[3] = { 4, 5, 6 };
    bench b;
    dft_crystal *small = box(8.0, 8.0), *tall = box(8.0, 16.0);
    flow_evaluator e[3];
    flow_evaluation out = { 0 };
    (void)unused;

    bench_init(&b);
    const flow_evaluator_source cells = flow_session_source_of(&b.source);
    assert_int_equal(cells.open(cells.context, small, solid, &e[0], NULL), DFT_OK);
    assert_int_equal(cells.open(cells.context, tall, slab, &e[1], NULL), DFT_OK);
    assert_int_equal(flow_session_source_open(&b.source, own, &e[2], NULL), DFT_OK);
    for (int i = 0; i < 3; i++)
        assert_int_equal(e[i].evaluate(e[i].context, i == 1 ? tall : small, 0, 0, &out, NULL), DFT_OK);
    const json_t *first = mesh_of(&b, 0);
    assert_true(json_integer_value(json_array_get(first, 0)) > 1);
    assert_int_equal(json_integer_value(json_array_get(first, 0)), json_integer_value(json_array_get(first, 2)));
    assert_int_equal(json_integer_value(json_array_get(mesh_of(&b, 1), 0)),
                     json_integer_value(json_array_get(first, 0)));
    assert_int_equal(json_integer_value(json_array_get(mesh_of(&b, 1), 2)), 1);
    assert_int_equal(json_integer_value(json_array_get(mesh_of(&b, 2), 1)), 5);
    for (int i = 0; i < 3; i++)
        cells.close(cells.context, &e[i]);
    dft_crystal_free(small);
    dft_crystal_free(tall);
    flow_session_clear(&b.session);
    dft_crystal_free(b.spec.structure);
}


static void a_closed_cell_is_no_start_for_the_next(void **unused)
{
    bench b;
    dft_crystal *small = box(8.0, 8.0), *large = box(9.0, 9.0);
    flow_evaluator e;
    flow_evaluation out = { 0 };
    (void)unused;

    bench_init(&b);
    const flow_evaluator_source cells = flow_session_source_of(&b.source);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(cells.open(cells.context, i ? large : small, NULL, &e, NULL), DFT_OK);
        assert_int_equal(e.evaluate(e.context, i ? large : small, 0, 0, &out, NULL), DFT_OK);
        assert_true(b.session.last[0] != NULL);
        cells.close(cells.context, &e);
        assert_null(b.session.last[0]);
    }
    assert_int_equal(json_array_size(b.session.energies), 2);
    assert_string_not_equal(json_string_value(json_object_get(json_array_get(b.session.energies, 0), "label")),
                            json_string_value(json_object_get(json_array_get(b.session.energies, 1), "label")));
    dft_crystal_free(small);
    dft_crystal_free(large);
    flow_session_clear(&b.session);
}

static void too_many_at_once_are_refused(void **unused)
{
    static const int mesh[3] = { 1, 1, 1 };
    bench b;
    flow_evaluator e[FLOW_SOURCE_OPEN + 1];
    dft_error err = { DFT_OK, "" };
    (void)unused;

    bench_init(&b);
    for (int i = 0; i < FLOW_SOURCE_OPEN; i++)
        assert_int_equal(flow_session_source_open(&b.source, mesh, &e[i], NULL), DFT_OK);
    assert_int_equal(flow_session_source_open(&b.source, mesh, &e[FLOW_SOURCE_OPEN], &err), DFT_EINTERNAL);
    flow_session_source_of(&b.source).close(&b.source, &e[1]);
    assert_int_equal(flow_session_source_open(&b.source, mesh, &e[1], NULL), DFT_OK);
    flow_session_clear(&b.session);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_cell_has_the_mesh_of_the_spacing_and_one_point_without_repeat),
        cmocka_unit_test(a_closed_cell_is_no_start_for_the_next),
        cmocka_unit_test(too_many_at_once_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
