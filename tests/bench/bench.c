/* bench - how fast the engine is, on systems that stay the same: tests/bench/README.md. */

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/file.h"
#include "dft-lite/base/threads.h"
#include "tests/bench/bench.h"
#include "tests/bench/stats.h"

#define MAX_REPEAT 99

static const char usage[] =
    "usage: bench [options]\n"
    "  --only=NAME,GROUP,...    systems or groups (full, scaling, threads, growth, small); default all but\n"
    "                           small\n"
    "  --repeat=1               runs of each; the median counts      --threads=2\n"
    "  --store                  keep the result as the stored run (systems that did not run stay)\n"
    "  --json=build/bench/latest.json     --baseline=tests/bench/baseline.json\n"
    "  --data=tests/bench/data  --limits=on (off: no runs of FFTW and OpenBLAS alone)   --list\n"
    "  --report=FILE            the tables of an earlier result; nothing runs\n"
    "  --run=NAME               one system in this process, its record on stdout\n"
    "exit: 0 done, 1 something is slower than stored by more than 5 %, 2 something did not converge,\n"
    "      64 usage, 66 missing file\n";

typedef struct {
    const char *only, *json, *baseline, *data, *report, *run;
    int repeat, threads, store, limits, list;
} command;

static int fail(const dft_error *err)
{
    fprintf(stderr, "bench: %s\n", err->message);
    return dft_exit_code(err->status);
}

/* Whether a comma-separated list holds a word. */
static int in_list(const char *list, const char *word)
{
    const size_t length = strlen(word);

    for (const char *p = list; p && *p; p += *p == ',') {
        const size_t n = strcspn(p, ",");
        if (n == length && strncmp(p, word, n) == 0)
            return 1;
        p += n;
    }
    return 0;
}

static int chosen(const command *c, const bench_system *system)
{
    if (!c->only)
        return strcmp(system->group, "small") != 0;
    return in_list(c->only, system->name) || in_list(c->only, system->group);
}

static int threads_of(const command *c, const bench_system *system)
{
    return system->threads > 0 ? system->threads : c->threads;
}

/* ---- children: one answers with a JSON object on a pipe ---- */

typedef json_t *(*job)(const command *c, const bench_system *system, const json_t *record, dft_error *err);

static json_t *job_run(const command *c, const bench_system *system, const json_t *record, dft_error *err)
{
    json_t *made = NULL;

    (void)record;
    return bench_run(system, threads_of(c, system), &made, err) == DFT_OK ? made : NULL;
}

static json_t *job_limits(const command *c, const bench_system *system, const json_t *record, dft_error *err)
{
    json_t *made = NULL;

    return bench_limits(record, threads_of(c, system), &made, err) == DFT_OK ? made : NULL;
}

static void child(job work, const command *c, const bench_system *system, const json_t *record, int to)
{
    dft_error err = { 0 };
    json_t *answer = work(c, system, record, &err);

    if (!answer)
        answer = json_pack("{s:s}", "error", err.message);
    FILE *stream = fdopen(to, "w");
    if (!stream || json_dumpf(answer, stream, JSON_REAL_PRECISION(17)) != 0 || fclose(stream) != 0)
        _exit(1);
    _exit(0);
}

/* The answer of a process of its own; NULL with err filled.  This process has started no threads, so a
 * fork is as good as a new program. */
static json_t *in_child(job work, const command *c, const bench_system *system, const json_t *record,
                        dft_error *err)
{
    json_error_t at;
    int ends[2], code = -1;

    if (pipe(ends) != 0)
        return dft_fail_io(err, "open", "a pipe", errno), NULL;
    fflush(NULL);
    const pid_t pid = fork();
    if (pid == 0) {
        close(ends[0]);
        child(work, c, system, record, ends[1]);
    }
    close(ends[1]);
    FILE *stream = fdopen(ends[0], "r");
    json_t *answer = pid > 0 && stream ? json_loadf(stream, 0, &at) : NULL;
    if (stream)
        fclose(stream);
    if (pid > 0)
        waitpid(pid, &code, 0);
    if (!answer || code != 0) {
        json_decref(answer);
        dft_fail(err, DFT_EINTERNAL, "%s: its process ended without an answer (status %d)", system->name, code);
        return NULL;
    }
    if (json_object_get(answer, "error")) {
        dft_fail(err, DFT_ENUMERIC, "%s: %s", system->name,
                 json_string_value(json_object_get(answer, "error")));
        json_decref(answer);
        return NULL;
    }
    return answer;
}

/* ---- one system: repeated, the run nearest the median kept, with all wall times ---- */

static double wall_of(const json_t *record) { return json_number_value(json_object_get(record, "wall_s")); }

static json_t *nearest_median(json_t **records, int n)
{
    double walls[MAX_REPEAT];
    int best = 0;

    for (int i = 0; i < n; i++)
        walls[i] = wall_of(records[i]);
    const double median = bench_median((size_t)n, walls);
    for (int i = 1; i < n; i++)
        if (fabs(wall_of(records[i]) - median) < fabs(wall_of(records[best]) - median))
            best = i;
    json_t *all = json_array();
    for (int i = 0; i < n; i++)
        json_array_append_new(all, json_real(wall_of(records[i])));
    json_object_set_new(records[best], "wall_s", json_real(median));
    json_object_set_new(records[best], "walls_s", all);
    return json_incref(records[best]);
}

static json_t *settings_json(const bench_system *s)
{
    const dft_scf_options *o = &s->options;

    return json_pack("{s:f, s:f, s:f, s:[i,i,i], s:[i,i,i], s:i}", "ecut_ha", o->ecut, "width_ha", o->width,
                     "energy_tolerance_ha", o->energy_tolerance, "kmesh", o->kmesh[0], o->kmesh[1],
                     o->kmesh[2], "kshift", o->kshift[0], o->kshift[1], o->kshift[2], "bands", o->n_bands);
}

static json_t *bench_one(const command *c, const bench_system *system, dft_error *err)
{
    json_t *records[MAX_REPEAT] = { NULL }, *best = NULL;
    int n = 0;

    for (; n < c->repeat; n++) {
        records[n] = in_child(job_run, c, system, NULL, err);
        if (!records[n])
            break;
        fprintf(stderr, "%-17s %d/%d %9.2f s  %s\n", system->name, n + 1, c->repeat, wall_of(records[n]),
                json_string_value(json_object_get(records[n], "message")));
    }
    if (n == c->repeat)
        best = nearest_median(records, n);
    for (int i = 0; i < n; i++)
        json_decref(records[i]);
    if (!best)
        return NULL;
    json_object_set_new(best, "threads", json_integer(threads_of(c, system)));
    json_object_set_new(best, "settings", settings_json(system));
    if (system->series)
        json_object_set_new(best, "series", json_string(system->series));
    if (system->against)
        json_object_set_new(best, "against", json_string(system->against));
    if (c->limits) {
        json_t *limits = in_child(job_limits, c, system, best, err);
        if (!limits) {
            json_decref(best);
            return NULL;
        }
        json_object_set_new(best, "limits", limits);
    }
    return best;
}

/* ---- the whole run ---- */

static json_t *machine_json(void)
{
    FILE *file = fopen("/proc/cpuinfo", "r");
    char line[256], model[128] = "unknown processor", whole[192];

    while (file && fgets(line, sizeof line, file))
        if (strncmp(line, "model name", 10) == 0 && sscanf(line, "%*[^:]: %127[^\n]", model) == 1)
            break;
    if (file)
        fclose(file);
    snprintf(whole, sizeof whole, "%s, %ld cores", model, sysconf(_SC_NPROCESSORS_ONLN));
    return json_string(whole);
}

static json_t *load_json(void)
{
    FILE *file = fopen("/proc/loadavg", "r");
    double load;
    const int found = file && fscanf(file, "%lf", &load) == 1;

    if (file)
        fclose(file);
    return found ? json_real(load) : json_null();
}

static json_t *frame_json(const command *c)
{
    char date[32];
    const time_t now = time(NULL);
    struct tm parts;

    strftime(date, sizeof date, "%Y-%m-%d %H:%M", gmtime_r(&now, &parts));
    return json_pack("{s:o, s:o, s:s, s:i, s:{}}", "machine", machine_json(), "load", load_json(), "date", date,
                     "repeat", c->repeat, "systems");
}

static dft_status write_json(const char *path, const json_t *what, dft_error *err)
{
    char *text = json_dumps(what, JSON_INDENT(1) | JSON_REAL_PRECISION(17));
    dft_status status = text ? DFT_OK : dft_fail(err, DFT_ENOMEM, "%s: no memory for its text", path);

    if (text)
        status = dft_file_write(path, text, strlen(text), err);
    free(text);
    return status;
}

/* The directories of build/bench/latest.json. */
static dft_status make_directories(const char *path, dft_error *err)
{
    char *copy = dft_strdup(path);
    dft_status status = copy ? DFT_OK : dft_fail(err, DFT_ENOMEM, "%s: no memory for the path", path);

    for (char *p = copy; status == DFT_OK && p && (p = strchr(p + 1, '/'));) {
        *p = '\0';
        status = dft_directory_make(copy, err);
        *p = '/';
    }
    free(copy);
    return status;
}

/* Converged systems of this run over those stored on the same machine; the date is this run's. */
static dft_status store(const command *c, json_t *latest, json_t *stored, dft_error *err)
{
    json_t *whole = json_copy(latest), *systems = json_object(), *one;
    const char *name;

    if (json_equal(json_object_get(latest, "machine"), json_object_get(stored, "machine")))
        json_object_update(systems, json_object_get(stored, "systems"));
    json_object_foreach(json_object_get(latest, "systems"), name, one)
        if (json_is_true(json_object_get(one, "converged")))
            json_object_set(systems, name, one);
    json_object_set_new(whole, "systems", systems);
    const dft_status status = write_json(c->baseline, whole, err);
    json_decref(whole);
    return status;
}

static int all_converged(const json_t *latest)
{
    const char *name;
    json_t *one;

    json_object_foreach(json_object_get(latest, "systems"), name, one)
        if (!json_is_true(json_object_get(one, "converged")))
            return 0;
    return 1;
}

static int run_all(const command *c, const bench_system *list, size_t n, dft_error *err)
{
    json_t *latest = frame_json(c), *stored = json_load_file(c->baseline, 0, NULL);
    json_t *systems = json_object_get(latest, "systems");
    dft_status status = make_directories(c->json, err);
    int code = 0, n_slower = 0;

    for (size_t i = 0; i < n && status == DFT_OK; i++) {
        if (!chosen(c, &list[i]))
            continue;
        json_t *one = bench_one(c, &list[i], err);
        if (one)
            json_object_set_new(systems, list[i].name, one);
        status = one ? write_json(c->json, latest, err) : err->status;  /* what is measured is kept */
    }
    if (json_object_size(systems) > 0)
        n_slower = bench_report(latest, stored);
    else if (status == DFT_OK)
        status = dft_fail(err, DFT_EUSAGE, "--only=%s: no such system or group; try --list", c->only);
    if (status == DFT_OK && c->store)
        status = store(c, latest, stored, err);
    if (status != DFT_OK)
        code = fail(err);
    else if (!all_converged(latest))
        code = 2;
    else if (n_slower > 0)
        code = 1;
    json_decref(latest);
    json_decref(stored);
    return code;
}

static int report_file(const command *c)
{
    json_t *latest = json_load_file(c->report, 0, NULL), *stored = json_load_file(c->baseline, 0, NULL);
    dft_error err = { 0 };
    int code = 0;

    if (latest)
        code = bench_report(latest, stored) > 0;
    else
        code = (dft_fail(&err, DFT_ENOFILE, "%s: not a result file", c->report), fail(&err));
    json_decref(latest);
    json_decref(stored);
    return code;
}

static int run_here(const command *c, const bench_system *list, size_t n, dft_error *err)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(list[i].name, c->run) != 0)
            continue;
        json_t *record = job_run(c, &list[i], NULL, err);
        if (!record)
            return fail(err);
        json_dumpf(record, stdout, JSON_INDENT(1) | JSON_REAL_PRECISION(17));
        printf("\n");
        const int code = json_is_true(json_object_get(record, "converged")) ? 0 : 2;
        json_decref(record);
        return code;
    }
    dft_fail(err, DFT_EUSAGE, "--run=%s: no such system; try --list", c->run);
    return fail(err);
}

/* ---- the command line ---- */

static dft_status parse_count(const char *name, const char *value, int most, int *out, dft_error *err)
{
    char *end;
    const long n = strtol(value, &end, 10);

    if (end == value || *end || n < 1 || n > most)
        return dft_fail(err, DFT_EUSAGE, "--%s=%s: expected a number from 1 to %d", name, value, most);
    *out = (int)n;
    return DFT_OK;
}

static dft_status parse_option(command *c, const char *name, const char *value, dft_error *err)
{
    const struct { const char *name; const char **to; } texts[] = {
        { "only", &c->only }, { "json", &c->json }, { "baseline", &c->baseline }, { "data", &c->data },
        { "report", &c->report }, { "run", &c->run },
    };

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (strcmp(name, texts[i].name) == 0) {
            *texts[i].to = value;
            return DFT_OK;
        }
    if (strcmp(name, "repeat") == 0)
        return parse_count(name, value, MAX_REPEAT, &c->repeat, err);
    if (strcmp(name, "threads") == 0)
        return parse_count(name, value, 64, &c->threads, err);
    if (strcmp(name, "limits") == 0 && (strcmp(value, "on") == 0 || strcmp(value, "off") == 0)) {
        c->limits = strcmp(value, "on") == 0;
        return DFT_OK;
    }
    return dft_fail(err, DFT_EUSAGE, "unknown option --%s=%s; see --help", name, value);
}

static dft_status parse(int argc, char **argv, command *c, dft_error *err)
{
    dft_status status = DFT_OK;

    for (int i = 1; i < argc && status == DFT_OK; i++) {
        char *equals = strchr(argv[i], '=');
        if (strcmp(argv[i], "--store") == 0) {
            c->store = 1;
        } else if (strcmp(argv[i], "--list") == 0) {
            c->list = 1;
        } else if (strncmp(argv[i], "--", 2) == 0 && equals) {
            *equals = '\0';
            status = parse_option(c, argv[i] + 2, equals + 1, err);
        } else {
            status = dft_fail(err, DFT_EUSAGE, "unknown argument %s; see --help", argv[i]);
        }
    }
    return status;
}

int main(int argc, char **argv)
{
    command c = { .json = "build/bench/latest.json", .baseline = "tests/bench/baseline.json",
                  .data = "tests/bench/data", .repeat = 1, .threads = 2, .limits = 1 };
    bench_system *list = NULL;
    json_t *root = NULL;
    size_t n = 0;
    dft_error err = { 0 };
    int code = 0;

    if (argc == 2 && strcmp(argv[1], "--help") == 0) {
        fputs(usage, stdout);
        return 0;
    }
    if (parse(argc, argv, &c, &err) != DFT_OK)
        return fail(&err);
    if (c.report)
        return report_file(&c);
    if (bench_systems_read(c.data, &root, &list, &n, &err) != DFT_OK)
        code = fail(&err);
    else if (c.run)
        code = run_here(&c, list, n, &err);
    else if (!c.list)
        code = run_all(&c, list, n, &err);
    for (size_t i = 0; c.list && i < n; i++)
        printf("%-8s %-17s %s\n", list[i].group, list[i].name, list[i].what);
    free(list);
    json_decref(root);
    return code;
}
