/*
 * tests/screen/scale.c - how long 100,000 candidates take; no part of the suite, since a time is no test.
 *
 *     make build/tests/screen/scale && build/tests/screen/scale EMPTY_DIRECTORY [N]
 *
 * Makes a run of N synthetic candidates with a record each, ranks them, writes ranked.csv and
 * results.sqlite, and prints the seconds of each step.  `liscreen status`, `explain Ag-111 --dir=`,
 * `report` and `export` can then be timed on the directory.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "descriptors/random.h"
#include "dft-lite/base/clock.h"
#include "dft-lite/base/file.h"
#include "dft-lite/base/hash.h"
#include "results/database.h"
#include "results/index.h"
#include "results/record.h"
#include "results/text.h"
#include "workflows/standing.h"

#define FLAGS (JSON_SORT_KEYS | JSON_REAL_PRECISION(17))

typedef struct {
    size_t n;
    const char *dir;
    char (*name)[32], (*key)[72], (*reason)[512];
    res_ranked_row *row;
    flow_standing *standing;
} scale;

static void check(dft_status status, const dft_error *err)
{
    if (status != DFT_OK) {
        fprintf(stderr, "%s\n", err->message);
        exit(dft_exit_code(status));
    }
}

typedef struct { double wall_s, cpu_s; } moment;

static moment now(void)
{
    struct timespec cpu;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &cpu);
    return (moment){ dft_clock_s(), (double)cpu.tv_sec + 1e-9 * (double)cpu.tv_nsec };
}

/* On a busy machine the processor seconds (of all threads) say more than those on the wall. */
static double lap(const char *what, moment *since)
{
    const moment at = now();
    const double wall_s = at.wall_s - since->wall_s;

    printf("%-32s %7.2f s, processor %7.2f s\n", what, wall_s, at.cpu_s - since->cpu_s);
    fflush(stdout);
    *since = at;
    return wall_s;
}

static void draw_inputs(flow_standing *s, const char *name)
{
    double u[4], v[4];
    desc_score_inputs *in = &s->inputs;

    desc_draw4(9, desc_stream(name), 0, u);
    desc_draw4(9, desc_stream(name), 1, v);
    *in = desc_score_inputs_unknown();
    in->candidate = name;
    in->value[DESC_BINDING] = (desc_quantity){ 0.2 - u[0], NAN, NAN, 0.12, "dft", NULL, NULL, NULL };
    if (v[0] > 0.2)
        in->value[DESC_SOLUBILITY] = (desc_quantity){ pow(10.0, -6.0 * u[1]), NAN, NAN, 0.5, "assessed",
                                                      NULL, NULL, NULL };
    in->value[DESC_ALLOYING] = (desc_quantity){ u[2], NAN, NAN, 0.1, NULL, NULL, NULL, NULL };
    in->value[DESC_BARRIER] = (desc_quantity){ u[3], NAN, NAN, 0.04, NULL, NULL, NULL, NULL };
    in->value[DESC_COMPLIANCE] = (desc_quantity){ 3000.0 * v[1] + 1.0, NAN, NAN, 0.09, NULL, NULL, NULL,
                                                  NULL };
    in->value[DESC_VOLUME] = (desc_quantity){ 300.0 * v[2], NAN, NAN, 5.0, NULL, NULL, NULL, NULL };
    in->value[DESC_ADHESION] = (desc_quantity){ v[3], NAN, NAN, 0.1, NULL, NULL, NULL, NULL };
    s->row->li_binding_ev = 0.2 - u[0];
    s->row->migration_barrier_ev = u[3];
    s->row->work_of_adhesion_j_per_m2 = v[3];
    s->row->volume_change_percent = 300.0 * v[2];
}

static void make(scale *s)
{
    s->name = calloc(s->n, sizeof *s->name);
    s->key = calloc(s->n, sizeof *s->key);
    s->reason = calloc(s->n, sizeof *s->reason);
    s->row = calloc(s->n, sizeof *s->row);
    s->standing = calloc(s->n, sizeof *s->standing);
    if (!s->name || !s->key || !s->reason || !s->row || !s->standing)
        exit(70);
    for (size_t i = 0; i < s->n; i++) {
        snprintf(s->name[i], sizeof s->name[i], i ? "Syn%zu-111" : "Ag-111", i);
        snprintf(s->key[i], sizeof s->key[i], "%016llx%016llx%016llx%016llx",
                 (unsigned long long)desc_stream(s->name[i]), (unsigned long long)i, 7ull, 7ull);
        s->row[i] = res_ranked_row_defaults();
        s->row[i].candidate = s->name[i];
        s->row[i].family = "metal";
        s->row[i].facet = "111";
        s->row[i].converged = true;
        s->row[i].n_planned = s->row[i].n_used = 1;
        s->row[i].reason = s->reason[i];
        s->standing[i] = (flow_standing){ .row = &s->row[i], .reason = s->reason[i],
                                          .reason_size = sizeof s->reason[i], .slab_cost_s = 100.0 };
        draw_inputs(&s->standing[i], s->name[i]);
    }
}

static void write_text(const scale *s, const char *name, res_text *text)
{
    dft_error err = { DFT_OK, "" };
    char *path = dft_path_join(s->dir, name);

    check(text->failed ? dft_fail(&err, DFT_ENOMEM, "no memory") : DFT_OK, &err);
    check(dft_file_write(path, text->data, text->length, &err), &err);
    free(path);
    res_text_clear(text);
}

static void write_campaign_and_plan(const scale *s)
{
    res_text campaign = { 0 }, plan = { 0 };

    res_text_add(&campaign, "name: scale\nprotocol: quick\ncandidates:\n");
    res_text_add(&plan, "liscreen-plan 1\tscale\n");
    for (size_t i = 0; i < s->n; i++) {
        res_text_addf(&campaign, "- %s\n", s->name[i]);
        res_text_addf(&plan, "%s\t%s\teos\t30\t\n", s->key[i], s->name[i]);
    }
    write_text(s, "campaign.yaml", &campaign);
    write_text(s, "plan.tsv", &plan);
}

/* Not synced one by one as a task does it: what is measured comes afterwards. */
static void write_records(const scale *s)
{
    char path[4096];
    dft_error err = { DFT_OK, "" };

    snprintf(path, sizeof path, "%s/records", s->dir);
    mkdir(path, 0777);
    for (size_t i = 0; i < s->n; i++) {
        const res_record_head head = { s->key[i], "eos", "", RES_DONE, "", 3.1, 24.6 };
        json_t *energies = json_pack("[{s:s, s:f, s:b, s:i}]", "label", "volume 1", "energy_ev", -12.1,
                                     "converged", 1, "scf_iterations", 9);
        json_t *results = json_pack("{s:f, s:o}", "energy_ev", -1.0, "energies", energies), *record = NULL;
        check(res_record_create(&head, json_object(), results, json_object(), &record, &err), &err);
        char *text = json_dumps(record, JSON_COMPACT | FLAGS), checksum[65];
        dft_sha256_hex(text, strlen(text), checksum);
        json_object_set_new(record, "checksum", json_string(checksum));
        free(text);
        text = json_dumps(record, JSON_INDENT(1) | FLAGS);
        snprintf(path, sizeof path, "%s/records/%s.json", s->dir, s->key[i]);
        FILE *file = fopen(path, "w");
        if (!file || !text || fputs(text, file) < 0 || fclose(file) != 0)
            exit(75);
        free(text);
        json_decref(record);
    }
}

static void rank(scale *s, moment *since)
{
    desc_curves *curves = NULL;
    desc_calculations calculations;
    const desc_score_weights weights = desc_score_weights_default();
    desc_score_weights effective;
    flow_ranked *ranked = NULL;
    size_t n_ranked = 0;
    dft_error err = { DFT_OK, "" };
    char *path = dft_path_join(s->dir, "ranked.csv");

    check(desc_curves_read("descriptors/data", &curves, &err), &err);
    check(desc_calculations_read("descriptors/data", &calculations, &err), &err);
    const flow_assemble_request request = {
        .weights = &weights, .curves = curves, .calculations = &calculations,
        .wanted = { .equation_of_state = 1, .li_binding = 1, .corrugation = 1, .solubility = 1,
                    .alloying = 1 },
    };
    lap("curves read", since);
    check(flow_stand(&request, s->n, s->standing, &effective, &ranked, &n_ranked, &err), &err);
    lap("scores, ranks, what next", since);
    for (size_t i = 0; i < n_ranked; i++)
        s->row[(const char (*)[32])ranked[i].candidate - s->name].rank = (int)i + 1;
    check(res_ranked_csv_write(path, s->row, s->n, &err), &err);
    lap("ranked.csv", since);
    free(ranked);
    free(path);
    desc_curves_free(curves);
}

static void fill_database(const scale *s, moment *since)
{
    const res_judgement judgement = { .ranking = s->row, .n_ranking = s->n };
    res_rebuild_report report;
    dft_error err = { DFT_OK, "" };

    check(res_database_rebuild(s->dir, &judgement, &report, &err), &err);
    printf("%zu records, %zu rows: %.0f records/s\n", report.n_records, s->n,
           (double)report.n_records / lap("results.sqlite", since));
}

static void look_twice(const scale *s, moment *since)
{
    for (int i = 0; i < 2; i++) {
        res_index *index = NULL;
        dft_error err = { DFT_OK, "" };
        check(res_index_read(s->dir, &index, &err), &err);
        lap(i ? "index of records, there" : "index of records, made", since);
        res_index_free(index);
    }
}

int main(int argc, char **argv)
{
    scale s = { .dir = argc > 1 ? argv[1] : "", .n = argc > 2 ? strtoul(argv[2], NULL, 10) : 100000 };
    moment since = now();

    if (argc < 2 || s.n < 1) {
        fprintf(stderr, "usage: scale EMPTY_DIRECTORY [N]\n");
        return 64;
    }
    make(&s);
    write_campaign_and_plan(&s);
    write_records(&s);
    lap("synthetic run made", &since);
    rank(&s, &since);
    look_twice(&s, &since);
    fill_database(&s, &since);
    free(s.name);
    free(s.key);
    free(s.reason);
    free(s.row);
    free(s.standing);
    return 0;
}
