#include "screen/placing.h"

#include <math.h>

#include "screen/calibration.h"

static int is_ready(const flow_graph *graph, const screen_task_status *status, size_t i)
{
    if (status[i].state != SCREEN_WAITING)
        return 0;
    for (size_t u = 0; u < graph->task[i].n_upstream; u++)
        if (status[graph->task[i].upstream[u]].state != SCREEN_DONE)
            return 0;
    return 1;
}

int screen_place_any_ready(const flow_graph *graph, const screen_task_status *status)
{
    for (size_t i = 0; i < graph->n_tasks; i++)
        if (is_ready(graph, status, i))
            return 1;
    return 0;
}

/* A task's cost and that of the costliest chain that waits for it: what decides when all is done. */
static double chain_cost(const flow_graph *graph, size_t i)
{
    double below = 0.0;

    for (size_t j = i + 1; j < graph->n_tasks; j++)
        for (size_t u = 0; u < graph->task[j].n_upstream; u++)
            if (graph->task[j].upstream[u] == i)
                below = fmax(below, chain_cost(graph, j));
    return graph->task[i].cost_s + below;
}

/* ---- placing ---- */

typedef struct {
    size_t n_running, n_ready;
    int threads;                    /* of those that run */
    double memory_mib;
    int alone;                      /* one that runs has died before and is left alone */
    screen_calibration calibration;
} occupation;

static occupation count(const flow_graph *graph, const screen_task_status *status)
{
    occupation o = { 0, 0, 0, 0.0, 0, screen_calibrate(graph, status) };

    for (size_t i = 0; i < graph->n_tasks; i++) {
        o.n_ready += (size_t)is_ready(graph, status, i);
        if (status[i].state != SCREEN_RUNNING)
            continue;
        o.n_running++;
        o.threads += status[i].threads;
        o.memory_mib += screen_calibrated_mib(&o.calibration, &graph->task[i]);
        o.alone |= status[i].crashes > 0;
    }
    return o;
}

static int fits(const flow_graph *graph, const screen_schedule_options *options,
                const screen_task_status *status, const occupation *o, size_t i)
{
    if (status[i].crashes > 0 && o->n_running > 0)
        return 0;
    return options->memory_mib <= 0.0 || o->n_running == 0
        || o->memory_mib + screen_calibrated_mib(&o->calibration, &graph->task[i])
           <= options->memory_mib;
}

screen_placement screen_place_next(const flow_graph *graph, const screen_schedule_options *options,
                                   const screen_task_status *status)
{
    const occupation o = count(graph, status);
    const int free_threads = options->jobs - o.threads;
    screen_placement best = { SCREEN_NO_TASK, 1 };
    double best_cost = -1.0;

    if (free_threads < 1 || o.alone || o.n_ready == 0)
        return best;
    for (size_t i = 0; i < graph->n_tasks; i++) {
        if (!is_ready(graph, status, i) || !fits(graph, options, status, &o, i))
            continue;
        const double cost = chain_cost(graph, i);
        if (cost > best_cost) {     /* ties go to the earlier task */
            best.task = i;
            best_cost = cost;
        }
    }
    best.threads = o.n_ready < (size_t)free_threads ? free_threads / (int)o.n_ready : 1;
    return best;
}
