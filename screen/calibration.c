#include "screen/calibration.h"

#include <math.h>

#include "workflows/cost.h"

#define ENOUGH 3                    /* finished tasks of one kind that speak for it */

typedef struct {
    size_t n;
    double estimated, actual;
} sums;

screen_calibration screen_calibrate(const flow_graph *graph, const screen_task_status *status)
{
    screen_calibration c = { .n_finished = 0 };
    sums of_kind[FLOW_N_KINDS] = { { 0, 0.0, 0.0 } }, all = { 0, 0.0, 0.0 }, memory = { 0, 0.0, 0.0 };

    for (size_t i = 0; i < graph->n_tasks; i++) {
        const flow_task *task = &graph->task[i];
        if (status[i].state != SCREEN_DONE)
            continue;
        const double took_s = status[i].cpu_s > 0.0 ? status[i].cpu_s : status[i].wall_s;
        if (took_s > 0.0) {
            sums *kind = &of_kind[task->kind];
            *kind = (sums){ kind->n + 1, kind->estimated + task->cost_s, kind->actual + took_s };
            all = (sums){ all.n + 1, all.estimated + task->cost_s, all.actual + took_s };
        }
        if (status[i].peak_rss_mib > 0.0)
            memory = (sums){ memory.n + 1, memory.estimated + task->memory_mib,
                             memory.actual + status[i].peak_rss_mib };
    }
    for (int k = 0; k < FLOW_N_KINDS; k++) {
        const sums *from = of_kind[k].n >= ENOUGH ? &of_kind[k] : &all;
        c.time[k] = flow_cost_scale(from->estimated, from->actual);
    }
    c.memory = fmax(1.0, flow_cost_scale(memory.estimated, memory.actual));
    c.n_finished = all.n;
    return c;
}

double screen_calibrated_s(const screen_calibration *calibration, const flow_task *task)
{
    return task->cost_s * calibration->time[task->kind];
}

double screen_calibrated_mib(const screen_calibration *calibration, const flow_task *task)
{
    return task->memory_mib * calibration->memory;
}
