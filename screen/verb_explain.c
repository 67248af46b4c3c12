#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/csv.h"
#include "results/lookup.h"
#include "results/record.h"
#include "screen/options.h"
#include "screen/progress.h"
#include "screen/run_dir.h"
#include "screen/verbs.h"
#include "workflows/kinds.h"

/* How the numbers are made, by the beginning of their names. */
static const struct {
    const char *name, *formula;
} formulas[] = {
    { "li_binding_vs_atom", "li_binding less li_cohesion: against the free atom" },
    { "li_binding", "E(slab + Li) - E(slab) - mu(Li), per Li; mu(Li): energy of an atom of bcc lithium, same cutoff" },
    { "lattice_a", "library cell x scale at the minimum of the Birch-Murnaghan curve" },
    { "bulk_modulus_elastic", "Hill's mean over orientations of the elastic tensor from stresses under strain" },
    { "bulk_modulus", "V d2E/dV2 at the minimum of the Birch-Murnaghan curve" },
    { "layer_modulus", "A d2E/dA2 at the minimum over areas: (C11 + C12)/2" },
    { "shear_modulus", "Hill's mean over orientations of the elastic tensor from stresses under strain" },
    { "young_modulus", "9BG/(3B + G) of Hill's means" },
    { "surface_energy", "[E(slab) - n E(bulk atom)]/(2 area): as cut, or with the upper face relaxed" },
    { "formation_energy", "E(compound) - sum of its elements in their ambient phases, per atom, same cutoff" },
    { "corrugation", "highest - lowest energy over the distinct sites" },
    { "migration_barrier", "see its origin; energies of sites and hops above the lowest site" },
    { "solubility_m_in_li", "in bcc lithium at 298 K, from phase data (liscreen phase M-Li) or dilute_solubility" },
    { "first_lithiation", "driving force of the first lithiation, per Li, from phase data: liscreen phase M-Li" },
    { "li_cohesion", "E(atom) - mu(Li), same cutoff" },
    { "work_of_adhesion", "[E(substrate) + E(film) - E(both)]/area, the film strained alike in both" },
    { "spreading", "work of adhesion - 2 gamma(Li)" },
    { "contact_angle", "Young and Dupre: cos = W/gamma(Li) - 1" },
    { "solution_energy_m_in_li", "E(Li_n-1 M) - (n-1) mu(Li) - E(M), atoms at rest" },
    { "chemical_potential_m_at_li", "of M, against pure M, where the hull of the Li-M phases meets Li" },
    { "dilute_solubility", "exp[-(solution energy - chemical potential)/kT] at 298 K, no vibrational entropy" },
};

static const char *formula_of(const char *name)
{
    for (size_t i = 0; i < sizeof formulas / sizeof formulas[0]; i++)
        if (strncmp(name, formulas[i].name, strlen(formulas[i].name)) == 0)
            return formulas[i].formula;
    return "";
}

/* ---- tasks ---- */

static void print_task(FILE *out, const char *run_dir, const flow_task *task, const char *indent)
{
    const flow_kind_entry *kind = flow_kind_of(task->kind);
    json_t *record = NULL;
    dft_error why = { DFT_OK, "" };

    fprintf(out, "%s%-12s %-24s ", indent, task->subject, task->step);
    if (res_record_read(run_dir, task->key, &record, &why) != DFT_OK) {
        fprintf(out, "%s\n", why.status == DFT_ENOFILE ? "no record yet" : why.message);
    } else {
        const char *status = json_string_value(json_object_get(record, "status"));
        const char *reason = json_string_value(json_object_get(record, "reason"));
        const json_t *value = json_object_get(json_object_get(record, "results"), kind->headline);
        if (json_is_number(value))
            fprintf(out, "%s = %.6f %s", kind->letter, json_number_value(value), kind->unit);
        else
            fprintf(out, "%s: %s", status ? status : "?", reason ? reason : "");
        fprintf(out, ", %.1f s\n", json_number_value(json_object_get(
                         json_object_get(record, "timings"), "wall_s")));
    }
    fprintf(out, "%s    %s\n", indent, task->key);
    json_decref(record);
}

static void print_descriptor(FILE *out, const char *run_dir, const flow_graph *graph,
                             const res_descriptor *d)
{
    fprintf(out, "\n%s = %.6g %s   (%s)\n", d->name, d->value, d->unit ? d->unit : "",
            d->origin ? d->origin : "origin unknown");
    if (formula_of(d->name)[0])
        fprintf(out, "    %s\n", formula_of(d->name));
    for (size_t k = 0; k < d->n_task_keys; k++) {
        const size_t i = flow_graph_find(graph, d->task_keys[k]);
        if (i < graph->n_tasks)
            print_task(out, run_dir, &graph->task[i], "    ");
    }
}

/* ---- the row ---- */

static int rank_in_file(const char *run_dir, const char *candidate)
{
    char path[4096];
    dft_csv *csv = NULL;
    size_t name = 0, rank = 0;
    int found = 0;

    if (screen_run_dir_path(run_dir, "ranked.csv", path, sizeof path, NULL) != DFT_OK
        || dft_csv_read(path, &csv, NULL) != DFT_OK)
        return 0;
    if (dft_csv_column(csv, "candidate", &name, NULL) == DFT_OK
        && dft_csv_column(csv, "rank", &rank, NULL) == DFT_OK)
        for (size_t i = 0; i < dft_csv_n_rows(csv); i++)
            if (strcmp(dft_csv_text(csv, i, name), candidate) == 0)
                found = atoi(dft_csv_text(csv, i, rank));
    dft_csv_free(csv);
    return found;
}

/* The rank needs all candidates: it is that of the list as it was last written. */
static int rank_in_list(const char *run_dir, const char *candidate)
{
    int rank = 0;

    return res_lookup_rank(run_dir, candidate, &rank) ? rank : rank_in_file(run_dir, candidate);
}

static void print_text(FILE *out, const char *what, const char *text)
{
    if (text && text[0])
        fprintf(out, "%s: %s\n", what, text);
}

static void print_row(FILE *out, const res_ranked_row *row, const char *run_dir)
{
    const int rank = rank_in_list(run_dir, row->candidate);

    if (rank > 0)
        fprintf(out, "%s: rank %d in %s/ranked.csv, lithiophilicity %.4f, robustness %.4f\n",
                row->candidate, rank, run_dir, row->lithiophilicity, row->robustness);
    else
        fprintf(out, "%s: not ranked in %s/ranked.csv\n", row->candidate, run_dir);
    print_text(out, "reason", row->reason);
    print_text(out, "best site", row->li_binding_site);
    print_text(out, "missing terms", row->missing_terms);
    print_text(out, "notes", row->notes);
    fprintf(out, "tasks: %d planned, %d used\n", row->n_planned, row->n_used);
}

static void print_settings(FILE *out, const flow_plan *plan)
{
    const flow_candidate_plan *p = &plan->candidate[0];
    json_t *spec = p->eos == FLOW_NO_TASK ? NULL : json_loads(plan->graph.task[p->eos].spec, 0, NULL);
    char *protocol = spec ? json_dumps(json_object_get(spec, "protocol"), JSON_SORT_KEYS) : NULL;
    const json_t *sets = json_object_get(spec, "data_sets");

    if (protocol)
        fprintf(out, "settings of its bulk: %s\n", protocol);
    for (size_t i = 0; i < json_array_size(sets); i++) {
        const json_t *set = json_array_get(sets, i);
        fprintf(out, "data set %s: sha256 %s\n", json_string_value(json_object_get(set, "name")),
                json_string_value(json_object_get(set, "sha256")));
    }
    free(protocol);
    json_decref(spec);
}

static void print_all(const screen_app *app, const screen_project *project, const char *run_dir,
                      const flow_assembly *assembly)
{
    const flow_plan *plan = project->plan;
    const flow_candidate_plan *p = &plan->candidate[0];
    const res_judgement judgement = flow_assembly_judgement(assembly);
    size_t n = 0;

    print_row(app->out, flow_assembly_rows(assembly, &n), run_dir);
    print_settings(app->out, plan);
    for (size_t i = 0; i < judgement.n_descriptors; i++)
        print_descriptor(app->out, run_dir, &plan->graph, &judgement.descriptors[i]);
    fprintf(app->out, "\nall its tasks\n");
    for (size_t i = 0; i < p->n_tasks; i++)
        print_task(app->out, run_dir, &plan->graph.task[p->task[i]], "    ");
    fprintf(app->out, "\ninput of a task: %s/tasks/KEY.json; result: %s/records/KEY.json; its SCF steps: "
            "%s/logs/KEY.log\ncompute one again: liscreen task %s KEY   judge anew: liscreen rank %s\n",
            run_dir, run_dir, run_dir, run_dir, run_dir);
}

static dft_status explain(const screen_app *app, const screen_command *command, int *code,
                          dft_error *err)
{
    const char *run_dir = screen_option_value(command, "dir");
    screen_project *project = NULL;
    flow_assembly *assembly = NULL;
    dft_status status = DFT_OK;
    (void)code;

    if (!run_dir)
        return dft_fail(err, DFT_EUSAGE, "say which run: --dir=RUN, such as --dir=results/runs/quick");
    status = screen_project_open_candidate(app, run_dir, command->word[0], &project, err);
    if (status == DFT_OK)
        status = screen_project_assemble(project, run_dir, NULL, &assembly, err);
    if (status == DFT_OK)
        print_all(app, project, run_dir, assembly);
    flow_assembly_free(assembly);
    screen_project_close(project);
    return status;
}

int screen_verb_explain(const screen_app *app, int argc, char **argv)
{
    screen_option option[] = {
        { "dir", "RUN", "the run directory", NULL },
    };
    screen_command command = { "explain", "CANDIDATE --dir=RUN", "Where the numbers of one candidate come "
        "from: formula, origin, the tasks behind each with their keys and\nenergies, settings, data sets, and "
        "how to compute them again.  Reads only.", 1, 1, 1, option, 0, { NULL }, 0 };

    return screen_verb_run_body(app, &command, argc, argv, explain);
}
