#include "tests/support/assert_close.h"

#include "screen/calibration.h"

#define N 4

typedef struct {
    flow_task task[N];
    screen_task_status status[N];
    flow_graph graph;
} bench;

/* Four finished sites of 10 s each by the estimate, that took `cpu_s` of a core while `wall_s` went by. */
static void bench_init(bench *b, double cpu_s, double wall_s)
{
    *b = (bench){ 0 };
    for (size_t i = 0; i < N; i++) {
        b->task[i] = (flow_task){ .kind = FLOW_SITE, .cost_s = 10.0, .memory_mib = 100.0 };
        b->status[i] = (screen_task_status){ .state = SCREEN_DONE, .cpu_s = cpu_s, .wall_s = wall_s,
                                             .peak_rss_mib = 80.0 };
    }
    b->graph = (flow_graph){ .task = b->task, .n_tasks = N };
}

static void core_seconds_count_where_others_kept_the_machine_busy(void **unused)
{
    bench b;
    (void)unused;

    bench_init(&b, 8.0, 60.0);
    const screen_calibration c = screen_calibrate(&b.graph, b.status);
    assert_close(screen_calibrated_s(&c, &b.task[0]), 8.0, 1e-12);
    assert_int_equal(c.n_finished, N);
}

static void records_without_core_seconds_count_by_wall_time(void **unused)
{
    bench b;
    (void)unused;

    bench_init(&b, 0.0, 15.0);
    const screen_calibration c = screen_calibrate(&b.graph, b.status);
    assert_close(screen_calibrated_s(&c, &b.task[0]), 15.0, 1e-12);
}

static void a_kind_with_fewer_than_three_tasks_borrows_from_all(void **unused)
{
    bench b;
    const flow_task hop = { .kind = FLOW_HOP, .cost_s = 20.0 };
    (void)unused;

    bench_init(&b, 5.0, 5.0);
    b.task[0].kind = FLOW_HOP;
    b.status[0].cpu_s = 25.0;
    const screen_calibration c = screen_calibrate(&b.graph, b.status);
    assert_close(screen_calibrated_s(&c, &b.task[1]), 5.0, 1e-12);
    assert_close(screen_calibrated_s(&c, &hop), 20.0 * (25.0 + 3.0 * 5.0) / 40.0, 1e-12);
}

static void memory_is_never_estimated_below_the_programs_own(void **unused)
{
    bench b;
    (void)unused;

    bench_init(&b, 5.0, 5.0);
    screen_calibration c = screen_calibrate(&b.graph, b.status);
    assert_close(screen_calibrated_mib(&c, &b.task[0]), 100.0, 1e-12);
    for (size_t i = 0; i < N; i++)
        b.status[i].peak_rss_mib = 150.0;
    c = screen_calibrate(&b.graph, b.status);
    assert_close(screen_calibrated_mib(&c, &b.task[0]), 150.0, 1e-12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(core_seconds_count_where_others_kept_the_machine_busy),
        cmocka_unit_test(records_without_core_seconds_count_by_wall_time),
        cmocka_unit_test(a_kind_with_fewer_than_three_tasks_borrows_from_all),
        cmocka_unit_test(memory_is_never_estimated_below_the_programs_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
