#include "workflows/graph.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/hash.h"

void flow_graph_init(flow_graph *graph)
{
    *graph = (flow_graph){ 0, 0, NULL };
}

void flow_graph_clear(flow_graph *graph)
{
    for (size_t i = 0; i < graph->n_tasks; i++)
        free(graph->task[i].spec);
    free(graph->task);
    flow_graph_init(graph);
}

size_t flow_graph_find(const flow_graph *graph, const char *key)
{
    size_t i = 0;

    while (i < graph->n_tasks && strcmp(graph->task[i].key, key) != 0)
        i++;
    return i;
}

static dft_status make_room(flow_graph *graph, dft_error *err)
{
    const size_t capacity = graph->capacity ? 2 * graph->capacity : 32;
    flow_task *task = NULL;

    if (graph->n_tasks < graph->capacity)
        return DFT_OK;
    task = dft_alloc(capacity, sizeof *task);
    if (!task)
        return dft_fail(err, DFT_ENOMEM, "no memory for %zu tasks", capacity);
    if (graph->n_tasks)
        memcpy(task, graph->task, graph->n_tasks * sizeof *task);
    free(graph->task);
    graph->task = task;
    graph->capacity = capacity;
    return DFT_OK;
}

dft_status flow_graph_add(flow_graph *graph, const flow_task *task, size_t *index, dft_error *err)
{
    flow_task added = *task;

    assert(task->n_upstream <= FLOW_MAX_UPSTREAM);
    for (size_t i = 0; i < task->n_upstream; i++)
        assert(task->upstream[i] < graph->n_tasks);
    dft_sha256_hex(task->spec, strlen(task->spec), added.key);
    *index = flow_graph_find(graph, added.key);
    if (*index < graph->n_tasks)
        return DFT_OK;
    if (make_room(graph, err) != DFT_OK)
        return DFT_ENOMEM;
    added.spec = dft_strdup(task->spec);
    if (!added.spec)
        return dft_fail(err, DFT_ENOMEM, "no memory for the specification of %s %s", task->subject,
                        task->step);
    graph->task[graph->n_tasks++] = added;
    return DFT_OK;
}
