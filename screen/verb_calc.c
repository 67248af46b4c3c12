#include <assert.h>
#include <string.h>

#include "dft-lite/base/output.h"
#include "dft-lite/base/stop.h"
#include "dft-lite/base/threads.h"
#include "dft-lite/base/units.h"
#include "dft-lite/math/lapack.h"
#include "screen/calc.h"
#include "screen/suggest.h"
#include "screen/verbs.h"

static const screen_calc_kind *const kinds[] = {
    &screen_calc_eos,
    &screen_calc_relax,
    &screen_calc_neb,
    &screen_calc_migration,
    &screen_calc_adsorb,
    &screen_calc_elastic,
    &screen_calc_adhesion,
    &screen_calc_solute,
};
#define N_KINDS (sizeof kinds / sizeof *kinds)
#define MOST_OPTIONS 64

/* ---- between SCF steps ---- */

static int asked_to_stop(const dft_scf_state *state, void *context)
{
    (void)state;
    (void)context;
    return dft_stop_requested() != NULL;
}

static void print_step(const dft_scf_step *s, void *context)
{
    const screen_app *app = context;

    fprintf(app->progress, "  scf %3d  F = %16.6f eV  dF = %9.1e  density %8.1e  %7.2f s\n",
            s->iteration, s->energy * DFT_HARTREE_EV, s->energy_change * DFT_HARTREE_EV,
            s->density_error * DFT_HARTREE_EV, s->wall_s);
}

/* ---- the frame ---- */

static dft_status prepare(screen_calc *calc, dft_error *err)
{
    const char *const outputs[] = { screen_option_value(calc->command, "json") };
    dft_status status = screen_scf_read(calc->command, &calc->scf, err);
    dft_scf_options *o = &calc->scf.engine.scf;

    calc->dry_run = screen_option_value(calc->command, "dry-run") != NULL;
    if (status == DFT_OK && outputs[0])
        status = dft_output_check(outputs[0], err);
    if (status == DFT_OK && !dft_blas_is_openmp())
        status = dft_fail(err, DFT_EINTERNAL, "linked to an OpenBLAS that is not the OpenMP flavour; install "
                          "libopenblas-openmp-dev and build again");
    if (status == DFT_OK)
        status = dft_threads_set(calc->scf.threads, err);
    o->between_steps = asked_to_stop;
    o->on_step = print_step;
    o->on_step_context = (void *)(uintptr_t)calc->app;
    if (status == DFT_OK && !calc->app->evaluator) {
        dft_stop_catch_signals();
        dft_stop_after_s(calc->scf.max_time_s);
        dft_stop_watch_file("STOP");
    }
    return status;
}

static dft_status calculate(const screen_calc_kind *kind, screen_calc *calc, dft_error *err)
{
    dft_status status = prepare(calc, err);

    if (status == DFT_OK)
        status = kind->run(calc, err);
    if (status != DFT_OK || calc->dry_run)
        return status;
    if (calc->code != 0 && dft_stop_requested()) {
        calc->code = SCREEN_EXIT_STOPPED;
        fprintf(calc->app->progress, "liscreen calc %s: stopped by %s; numbers that are missing are null\n",
                kind->name, dft_stop_requested());
    }
    return screen_option_value(calc->command, "json") ? screen_calc_write(calc, kind->name, err)
                                                      : DFT_OK;
}

static int run_kind(const screen_app *app, const screen_calc_kind *kind, int argc, char **argv)
{
    static const screen_option scf[] = { SCREEN_SCF_OPTIONS };
    screen_option option[MOST_OPTIONS];
    char verb[32];
    dft_error err = { DFT_OK, "" };

    assert(kind->n_options + SCREEN_N_SCF_OPTIONS <= MOST_OPTIONS
           && sizeof scf / sizeof *scf == SCREEN_N_SCF_OPTIONS);
    memcpy(option, kind->option, kind->n_options * sizeof *option);
    memcpy(option + kind->n_options, scf, sizeof scf);
    snprintf(verb, sizeof verb, "calc %s", kind->name);
    screen_command command = { verb, kind->words, kind->summary, kind->n_words_needed,
                               kind->n_words_most, kind->n_options + SCREEN_N_SCF_OPTIONS, option, 0,
                               { NULL }, 0 };
    screen_calc calc = { .app = app, .command = &command, .result = json_object() };
    dft_status status = screen_options_parse(&command, argc, argv, &err);

    if (command.help) {
        screen_options_print_help(&command, app->out);
        json_decref(calc.result);
        return 0;
    }
    if (status == DFT_OK)
        status = calculate(kind, &calc, &err);
    for (size_t i = 0; i < calc.n_engines; i++)
        flow_dftlite_free(calc.engine[i]);
    screen_scf_clear(&calc.scf);
    json_decref(calc.result);
    return status == DFT_OK ? calc.code : screen_complain(app, verb, &err);
}

static void print_kinds(FILE *out)
{
    fprintf(out, "usage: liscreen calc KIND FILE|ID ... [options]\n");
    for (size_t i = 0; i < N_KINDS; i++)
        fprintf(out, "  %-10s %s\n", kinds[i]->name, kinds[i]->summary);
    fprintf(out, "'liscreen calc KIND --help' tells more.  FILE is POSCAR, CIF or extxyz, by content; ID a "
            "library id or formula.\n"
            "exit codes: 0 done, 2 an SCF did not converge, 3 a relaxation did not come to rest, 4 no barrier,\n"
            "  64 usage, 65 bad input, 66 missing file, 75 cannot write, 85 stopped on request, 86 not enough "
            "memory\n");
}

int screen_verb_calc(const screen_app *app, int argc, char **argv)
{
    const char *known[N_KINDS];
    char near[96];
    dft_error err;

    if (argc < 1) {
        print_kinds(app->progress);
        return dft_exit_code(DFT_EUSAGE);
    }
    if (strcmp(argv[0], "--help") == 0 || strcmp(argv[0], "-h") == 0) {
        print_kinds(app->out);
        return 0;
    }
    for (size_t i = 0; i < N_KINDS; i++) {
        known[i] = kinds[i]->name;
        if (strcmp(argv[0], known[i]) == 0)
            return run_kind(app, kinds[i], argc - 1, argv + 1);
    }
    dft_fail(&err, DFT_EUSAGE, "unknown kind '%.60s'%s; 'liscreen calc --help' lists them", argv[0],
             screen_suggest_phrase(argv[0], N_KINDS, known, near, sizeof near));
    return screen_complain(app, "calc", &err);
}
