#include "workflows/gather.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "results/record.h"

void flow_gather_find(const flow_assemble_request *request, size_t task, flow_found *out)
{
    *out = (flow_found){ 0, 0, NULL };
    if (task == FLOW_NO_TASK
        || res_record_read(request->run_dir, request->plan->graph.task[task].key, &out->record,
                           NULL) != DFT_OK)
        return;
    const char *status = json_string_value(json_object_get(out->record, "status"));
    out->recorded = 1;
    out->done = status && strcmp(status, res_outcome_name(RES_DONE)) == 0;
}

void flow_found_clear(flow_found *found)
{
    json_decref(found->record);
    *found = (flow_found){ 0, 0, NULL };
}

double flow_found_number(const flow_found *found, const char *key)
{
    const json_t *value = json_object_get(json_object_get(found->record, "results"), key);

    return found->done && json_is_number(value) ? json_number_value(value) : NAN;
}

static double number_of(const flow_assemble_request *request, size_t task, const char *key)
{
    flow_found found;

    flow_gather_find(request, task, &found);
    const double value = flow_found_number(&found, key);
    flow_found_clear(&found);
    return value;
}

/* "fcc" of "fcc:Ag3". */
static void site_name(const char *label, char *out, size_t size)
{
    snprintf(out, size, "%.*s", (int)strcspn(label, ":"), label);
}

dft_status flow_gather_binding(const flow_assemble_request *request,
                               const flow_candidate_plan *plan, flow_binding *out, dft_error *err)
{
    const double slab_ev = number_of(request, plan->slab, "energy_ev");
    const double mu_ev = number_of(request, plan->reference, "energy_ev_per_atom");
    char name[FLOW_MAX_SITES][64];
    desc_site site[FLOW_MAX_SITES];

    *out = (flow_binding){ .li_coverage_ml = NAN };
    for (size_t i = 0; i < plan->n_sites; i++) {
        const double energy_ev = number_of(request, plan->site[i], "energy_ev");
        out->site_ev[i] = desc_li_binding_ev(energy_ev, slab_ev, mu_ev, 1);
        out->n_used += isfinite(out->site_ev[i]) != 0;
        if (isfinite(out->site_ev[i]))
            out->li_coverage_ml = number_of(request, plan->site[i], "li_coverage_ml");
        site_name(plan->site_label[i], name[i], sizeof name[i]);
        site[i] = (desc_site){ name[i], out->site_ev[i] };
    }
    return desc_corrugation_of_sites(plan->n_sites, site, &out->corrugation, err);
}

typedef struct {
    const flow_assemble_request *request;
    int n_planned, n_done;
    char *reason;
    size_t size;
} census;

static void count(census *c, size_t task)
{
    const flow_task *planned = NULL;
    const char *why = NULL;
    flow_found found;

    planned = &c->request->plan->graph.task[task];
    flow_gather_find(c->request, task, &found);
    c->n_planned++;
    c->n_done += found.done;
    if (!found.done && c->reason[0] == '\0') {
        if (found.recorded)
            why = json_string_value(json_object_get(found.record, "reason"));
        else if (c->request->reason)
            why = c->request->reason(c->request->context, task);
        snprintf(c->reason, c->size, "%s %s: %s", planned->subject, planned->step,
                 why && why[0] ? why : "not computed yet");
    }
    flow_found_clear(&found);
}

void flow_gather_reason(const flow_assemble_request *request, const flow_candidate_plan *plan,
                        int *n_planned, int *n_done, char *reason, size_t size)
{
    census c = { request, 0, 0, reason, size };

    snprintf(reason, size, "%s", plan->reason);
    for (size_t i = 0; i < plan->n_tasks; i++)
        count(&c, plan->task[i]);
    *n_planned = c.n_planned;
    *n_done = c.n_done;
}
