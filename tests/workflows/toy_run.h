/*
 * tests/workflows/toy_run.h - a run directory in /tmp and small plans over the real library.
 */
#ifndef TEST_TOY_RUN_H
#define TEST_TOY_RUN_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "candidates/catalog.h"
#include "candidates/library.h"
#include "results/record.h"
#include "tests/workflows/fake_calculator.h"
#include "workflows/plan.h"
#include "workflows/task.h"

#define TOY_CANDIDATES "candidates/data"
#define TOY_PHASES "descriptors/data"

typedef struct {
    char dir[64];
    fake_settings fake;
    flow_calculator calculator;
    flow_protocol protocol;
    cand_library *library;
    cand_catalog *catalog;
    flow_plan *plan;
} toy_run;

static inline void toy_run_init(toy_run *toy)
{
    memset(toy, 0, sizeof *toy);
    snprintf(toy->dir, sizeof toy->dir, "/tmp/liscreen-test-XXXXXX");
    assert_non_null(mkdtemp(toy->dir));
    toy->calculator = fake_calculator(&toy->fake);
    assert_int_equal(flow_protocol_find("quick", &toy->protocol, NULL), DFT_OK);
    toy->protocol.max_eos_points = 40;              /* the fake's lattice is not nature's */
    toy->protocol.max_heights = 20;
    assert_int_equal(cand_library_read(TOY_CANDIDATES, &toy->library, NULL), DFT_OK);
    assert_int_equal(cand_catalog_read(TOY_CANDIDATES, toy->library, &toy->catalog, NULL), DFT_OK);
}

static inline void toy_run_plan(toy_run *toy, size_t n, const char *const *names, int binding)
{
    const cand_candidate *chosen[16];

    for (size_t i = 0; i < n; i++)
        assert_int_equal(cand_catalog_find(toy->catalog, names[i], &chosen[i], NULL), DFT_OK);
    const flow_plan_request request = { .library = toy->library, .n_candidates = n,
                                        .candidate = chosen, .protocol = &toy->protocol,
                                        .calculator = &toy->calculator, .binding = binding };
    flow_plan_free(toy->plan);
    assert_int_equal(flow_plan_create(&request, &toy->plan, NULL), DFT_OK);
}

static inline res_outcome toy_run_task(toy_run *toy, size_t task)
{
    const flow_task_options options = { .calculator = &toy->calculator };
    res_outcome outcome = RES_FAILED;
    int stopped = 0;
    dft_error err = { DFT_OK, "" };

    assert_int_equal(flow_task_write_spec(toy->dir, &toy->plan->graph.task[task], &err), DFT_OK);
    const dft_status status = flow_task_run(toy->dir, toy->plan->graph.task[task].key, &options,
                                            &outcome, &stopped, &err);
    if (status != DFT_OK)
        fail_msg("%s", err.message);
    if (outcome != RES_DONE) {
        json_t *record = NULL;
        res_record_read(toy->dir, toy->plan->graph.task[task].key, &record, NULL);
        print_message("%s %s: %s\n", toy->plan->graph.task[task].subject,
                      toy->plan->graph.task[task].step,
                      json_string_value(json_object_get(record, "reason")));
        json_decref(record);
    }
    return outcome;
}

static inline json_t *toy_run_record(const toy_run *toy, size_t task)
{
    json_t *record = NULL;
    assert_int_equal(res_record_read(toy->dir, toy->plan->graph.task[task].key, &record, NULL),
                     DFT_OK);
    return record;
}

static inline double toy_number(const json_t *record, const char *key)
{
    const json_t *value = json_object_get(json_object_get(record, "results"), key);
    return json_is_number(value) ? json_number_value(value) : NAN;
}

static inline void toy_run_clear(toy_run *toy)
{
    char command[96];

    flow_plan_free(toy->plan);
    cand_catalog_free(toy->catalog);
    cand_library_free(toy->library);
    snprintf(command, sizeof command, "rm -rf %s", toy->dir);
    assert_int_equal(system(command), 0);
}

#endif
