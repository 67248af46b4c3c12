#include <errno.h>
#include <signal.h>
#include <string.h>

#include "results/provenance.h"
#include "screen/suggest.h"
#include "screen/verbs.h"

static const struct {
    const char *name;
    screen_verb run;
    const char *summary;
} verbs[] = {
    { "run", screen_verb_run, "compute a campaign and rank its candidates" },
    { "retry", screen_verb_retry, "go on with a run, failed and unconverged tasks included" },
    { "status", screen_verb_status, "what a run has done, does and could not do" },
    { "rank", screen_verb_rank, "judge a run's records again and print the ranked list" },
    { "explain", screen_verb_explain, "where the numbers of one candidate come from" },
    { "report", screen_verb_report, "a run as one HTML file: map, table, a page a candidate, the log" },
    { "propose", screen_verb_propose, "samples to make next, and what to measure on them" },
    { "observe", screen_verb_observe, "take measured values in and set them beside the predictions" },
    { "export", screen_verb_export, "a run as csv, json, extxyz, ase-db or sqlite" },
    { "candidates", screen_verb_candidates, "everything that could be screened: list, show, export" },
    { "slab", screen_verb_slab, "cut a slab from a structure" },
    { "facets", screen_verb_facets, "the distinct facets of a crystal and their terminations" },
    { "sites", screen_verb_sites, "the distinct adsorption sites of a surface" },
    { "interfaces", screen_verb_interfaces, "common cells of lithium or a coating with a surface" },
    { "alloy", screen_verb_alloy, "dilute, ordered and quasi-random alloys on a host's lattice" },
    { "phase", screen_verb_phase, "phase equilibria of a metal or compound with lithium" },
    { "calc", screen_verb_calc, "relax a structure, its equation of state, lithium on it, ..." },
    { "collector", screen_verb_collector, "area, local current and capacity of a porous collector" },
    { "task", screen_verb_task, "internal: one task of a run, as `run` starts it" },
};
#define N_VERBS (sizeof verbs / sizeof verbs[0])

static void print_help(FILE *out)
{
    fprintf(out, "liscreen %s - screens substrates for lithium-metal electrodes from first "
            "principles\nusage: liscreen VERB ... [--data-dir=ROOT]\n", RES_PROGRAM_VERSION);
    for (size_t i = 0; i < N_VERBS; i++)
        fprintf(out, "  %-10s %s\n", verbs[i].name, verbs[i].summary);
    fprintf(out, "'liscreen VERB --help' tells more; --data-dir=ROOT names the directory that holds "
            "candidates/data and descriptors/data\n"
            "exit codes: 0 done, 2 an SCF did not converge, 3 a relaxation did not come to rest, 4 no "
            "barrier,\n  10 some tasks gave no usable number, 64 usage, 65 bad input, 66 missing file, 70 "
            "internal,\n  75 cannot write or busy, 85 stopped on request, 86 not enough memory\n");
}

/* Takes --data-dir=ROOT out of argv, wherever it stands. */
static dft_status take_data_dir(screen_app *app, int *argc, char **argv, dft_error *err)
{
    static const char option[] = "--data-dir=";
    dft_status status = DFT_OK;
    int kept = 0;

    for (int i = 0; i < *argc; i++) {
        if (strcmp(argv[i], "--data-dir") == 0)
            status = dft_fail(err, DFT_EUSAGE, "--data-dir needs a value: --data-dir=ROOT");
        else if (status == DFT_OK && strncmp(argv[i], option, strlen(option)) == 0)
            status = screen_app_set_data_root(app, argv[i] + strlen(option), err);
        else
            argv[kept++] = argv[i];
    }
    *argc = kept;
    return status;
}

static int unknown_verb(const screen_app *app, const char *verb)
{
    const char *known[N_VERBS];
    char near[96];
    dft_error err;

    for (size_t i = 0; i < N_VERBS; i++)
        known[i] = verbs[i].name;
    dft_fail(&err, DFT_EUSAGE, "unknown verb '%.60s'%s; 'liscreen --help' lists them", verb,
             screen_suggest_phrase(verb, N_VERBS, known, near, sizeof near));
    return screen_complain(app, "", &err);
}

int screen_verb_run_body(const screen_app *app, screen_command *command, int argc, char **argv,
                         screen_verb_body body)
{
    int code = 0;
    dft_error err = { DFT_OK, "" };
    dft_status status = screen_options_parse(command, argc, argv, &err);

    if (command->help) {
        screen_options_print_help(command, app->out);
        return 0;
    }
    if (status == DFT_OK)
        status = body(app, command, &code, &err);
    return status == DFT_OK ? code : screen_complain(app, command->verb, &err);
}

/* Buffered results meet a full disk only here. */
static int finish_output(const screen_app *app, int code)
{
    dft_error err;

    if (fflush(app->out) == 0 && !ferror(app->out))
        return code;
    dft_fail(&err, DFT_EIO, "the standard output cannot be written to: %s; check where it goes and "
             "run again", strerror(errno));
    return screen_complain(app, "", &err);
}

static int choose(screen_app *app, int argc, char **argv)
{
    dft_error err = { DFT_OK, "" };

    if (take_data_dir(app, &argc, argv, &err) != DFT_OK)
        return screen_complain(app, "", &err);
    if (argc < 2) {
        print_help(app->progress);
        return dft_exit_code(DFT_EUSAGE);
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0
        || strcmp(argv[1], "help") == 0) {
        print_help(app->out);
        return 0;
    }
    if (strcmp(argv[1], "--version") == 0) {
        fprintf(app->out, "liscreen %s\n", RES_PROGRAM_VERSION);
        return 0;
    }
    for (size_t i = 0; i < N_VERBS; i++)
        if (strcmp(verbs[i].name, argv[1]) == 0)
            return verbs[i].run(app, argc - 2, argv + 2);
    return unknown_verb(app, argv[1]);
}

int screen_main(screen_app *app, int argc, char **argv)
{
    signal(SIGXFSZ, SIG_IGN);       /* inherited by the tasks */
    return finish_output(app, choose(app, argc, argv));
}
