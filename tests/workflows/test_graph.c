#include "tests/support/assert_close.h"

#include <stdio.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/hash.h"
#include "workflows/cost.h"
#include "workflows/graph.h"

static void a_key_is_the_hash_of_the_specification(void **unused)
{
    char text[] = "{\"a\":1}", expected[65];
    flow_graph graph;
    flow_task task = { .kind = FLOW_EOS, .subject = "X", .step = "eos", .spec = text };
    size_t index = 99;
    (void)unused;

    flow_graph_init(&graph);
    assert_int_equal(flow_graph_add(&graph, &task, &index, NULL), DFT_OK);
    dft_sha256_hex(text, strlen(text), expected);
    assert_string_equal(graph.task[index].key, expected);
    assert_int_equal(flow_graph_find(&graph, expected), 0);
    assert_int_equal(flow_graph_find(&graph, "unknown"), 1);
    flow_graph_clear(&graph);
}

static void equal_specifications_are_one_task(void **unused)
{
    char one[] = "{\"a\":1}", two[] = "{\"a\":2}";
    flow_graph graph;
    flow_task task = { .kind = FLOW_EOS, .spec = one };
    size_t first, second, third;
    (void)unused;

    flow_graph_init(&graph);
    assert_int_equal(flow_graph_add(&graph, &task, &first, NULL), DFT_OK);
    task.spec = two;
    assert_int_equal(flow_graph_add(&graph, &task, &second, NULL), DFT_OK);
    task.spec = one;
    assert_int_equal(flow_graph_add(&graph, &task, &third, NULL), DFT_OK);
    assert_int_equal(graph.n_tasks, 2);
    assert_int_equal(first, third);
    assert_int_not_equal(first, second);
    flow_graph_clear(&graph);
}

static void a_graph_survives_growing_and_refused_memory(void **unused)
{
    char text[32];
    flow_graph graph;
    flow_task task = { .kind = FLOW_EOS, .spec = text };
    size_t index;
    dft_error err = { DFT_OK, "" };
    (void)unused;

    flow_graph_init(&graph);
    for (int i = 0; i < 100; i++) {
        snprintf(text, sizeof text, "{\"i\":%d}", i);
        assert_int_equal(flow_graph_add(&graph, &task, &index, NULL), DFT_OK);
        assert_int_equal(index, i);
    }
    assert_string_equal(graph.task[17].spec, "{\"i\":17}");
    snprintf(text, sizeof text, "{\"i\":100}");
    dft_alloc_refuse_nth(1);
    assert_int_equal(flow_graph_add(&graph, &task, &index, &err), DFT_ENOMEM);
    dft_alloc_refuse_nth(0);
    assert_int_equal(graph.n_tasks, 100);
    flow_graph_clear(&graph);
}

static void estimates_grow_with_the_work(void **unused)
{
    (void)unused;
    assert_close(flow_cost_scale(10.0, 20.0), 2.0, 1e-15);
    assert_close(flow_cost_scale(0.0, 0.0), 1.0, 0.0);
    const flow_cost_cell cell = { 10.0, 20.0, 500.0, 15.0, 10 };
    flow_cost_cell larger = cell;
    larger.n_k = 20;
    assert_true(flow_cost_step_s(&larger) > flow_cost_step_s(&cell));
    larger = cell;
    larger.n_electrons = 20.0;
    assert_true(flow_cost_step_s(&larger) > flow_cost_step_s(&cell));
    assert_true(flow_cost_memory_mib(&larger) > flow_cost_memory_mib(&cell));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_key_is_the_hash_of_the_specification),
        cmocka_unit_test(equal_specifications_are_one_task),
        cmocka_unit_test(a_graph_survives_growing_and_refused_memory),
        cmocka_unit_test(estimates_grow_with_the_work),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
