#include <ctype.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "descriptors/phase_data.h"
#include "dft-lite/base/file.h"
#include "results/record.h"
#include "screen/phase_calphad.h"
#include "screen/phase_collected.h"
#include "screen/phase_react.h"
#include "screen/suggest.h"
#include "screen/verbs.h"

#define ROOM_K 298.15
#define MOST_K 6000.0

/* The metal of "Al-Li" or "Li-Al". */
static dft_status metal_of(const char *word, char metal[4], dft_error *err)
{
    const char *dash = strchr(word, '-');
    char part[2][4] = { "", "" };
    const size_t length[2] = { dash ? (size_t)(dash - word) : 0, dash ? strlen(dash + 1) : 0 };

    if (!dash)
        return dft_fail(err, DFT_EUSAGE, "'%.60s' is no binary; write Al-Li, or add --react=Li for "
                        "what lithium does to a compound", word);
    for (int k = 0; k < 2; k++) {
        const char *from = k ? dash + 1 : word;
        if (length[k] < 1 || length[k] > 2 || !isalpha((unsigned char)from[0])
            || (length[k] == 2 && !isalpha((unsigned char)from[1])))
            return dft_fail(err, DFT_EUSAGE, "'%.60s' is no binary of two elements such as Al-Li",
                            word);
        part[k][0] = (char)toupper((unsigned char)from[0]);
        part[k][1] = length[k] == 2 ? (char)tolower((unsigned char)from[1]) : '\0';
    }
    const int li = strcmp(part[0], "Li") == 0 ? 0 : strcmp(part[1], "Li") == 0 ? 1 : -1;
    if (li < 0 || strcmp(part[0], part[1]) == 0)
        return dft_fail(err, DFT_EINPUT, "'%.60s': one of the two elements must be Li, the other a "
                        "different one", word);
    memcpy(metal, part[1 - li], 4);
    return DFT_OK;
}

/* descriptors/data/al-li.tdb, the two symbols in alphabetical order; "" when there is none. */
static dft_status find_tdb(const screen_app *app, const char *metal, char *out, size_t size,
                           dft_error *err)
{
    const int first = strcmp(metal, "Li") < 0;
    const int n = snprintf(out, size, "%s/%s-%s.tdb", app->descriptors_dir, first ? metal : "Li",
                           first ? "Li" : metal);

    if (n < 0 || (size_t)n >= size)
        return dft_fail(err, DFT_EINPUT, "the path of the phase data is too long");
    for (char *c = out + strlen(app->descriptors_dir); *c; c++)
        *c = (char)tolower((unsigned char)*c);
    if (access(out, R_OK) != 0)
        out[0] = '\0';
    return DFT_OK;
}

static dft_status reference_of(const screen_command *command, screen_li_reference *out,
                               dft_error *err)
{
    static const char *const names[] = { "stable", "bcc", "liquid" };
    const char *value = screen_option_value(command, "li-reference");
    char near[96];

    *out = SCREEN_LI_STABLE;
    for (int i = 0; i < 3 && value; i++)
        if (strcmp(value, names[i]) == 0) {
            *out = (screen_li_reference)i;
            return DFT_OK;
        }
    return value ? dft_fail(err, DFT_EUSAGE, "--li-reference=%.40s: stable, bcc or liquid is "
                            "needed%s", value, screen_suggest_phrase(value, 3, names, near,
                                                                     sizeof near))
                 : DFT_OK;
}

/* ---- the table for people ---- */

static void print_number(FILE *out, const char *format, const char *missing, const json_t *value)
{
    if (json_is_number(value))
        fprintf(out, format, json_number_value(value));
    else
        fputs(missing, out);
}

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));

    return text ? text : "";
}

static void print_solubility(FILE *out, const json_t *array)
{
    size_t i;
    json_t *s;

    fprintf(out, "solubility, mole fraction:\n");
    json_array_foreach(array, i, s) {
        fprintf(out, "  %-2s in %-2s %-8s at ", text_of(s, "solute"), text_of(s, "solvent"),
                text_of(s, "solvent_phase"));
        print_number(out, "%7.2f K  ", "unknown T  ", json_object_get(s, "temperature_k"));
        print_number(out, "%-10.4g", "missing   ", json_object_get(s, "x"));
        fprintf(out, " %-10s %s\n", text_of(s, "origin"), text_of(s, "note"));
    }
}

static void print_phases(FILE *out, const json_t *array)
{
    size_t i;
    json_t *p;

    fprintf(out, "stable phases:\n");
    json_array_foreach(array, i, p) {
        fprintf(out, "  %-10s %-24.24s x(Li) ", text_of(p, "formula"), text_of(p, "phase"));
        print_number(out, "%.4f", "unknown", json_object_get(p, "x_li"));
        if (json_object_get(p, "x_li_low")) {
            print_number(out, " (%.4f", " (?", json_object_get(p, "x_li_low"));
            print_number(out, " to %.4f)", " to ?)", json_object_get(p, "x_li_high"));
        }
        print_number(out, "  %8.2f kJ/mol of atoms  ", "  energy missing  ",
                     json_object_get(p, "formation_energy_kj_per_mol_atoms"));
        fprintf(out, "%s\n", text_of(p, "origin"));
    }
}

static void print_plateaus(FILE *out, const json_t *root)
{
    size_t i;
    json_t *p;
    const char *reference = text_of(root, "li_reference");

    fprintf(out, "plateaus against %s Li, V:\n", *reference ? reference : "the stated");
    json_array_foreach(json_object_get(root, "plateaus"), i, p) {
        const json_t *phases = json_object_get(p, "phases");
        print_number(out, "  %7.4f  ", "  slopes   ", json_object_get(p, "voltage_v"));
        for (size_t k = 0; k < json_array_size(phases); k++)
            fprintf(out, "%s%s", k ? " + " : "", json_string_value(json_array_get(phases, k)));
        print_number(out, "  at %.2f K", "", json_object_get(p, "temperature_k"));
        fprintf(out, "  %s\n", text_of(p, "origin"));
    }
}

static void print_invariants(FILE *out, const json_t *array)
{
    size_t i;
    json_t *p;

    if (json_array_size(array) > 0)
        fprintf(out, "invariant equilibria:\n");
    json_array_foreach(array, i, p) {
        const json_t *phases = json_object_get(p, "phases"), *x = json_object_get(p, "x_li");
        print_number(out, "  %8.2f K  ", "?", json_object_get(p, "temperature_k"));
        fprintf(out, "%-11s", text_of(p, "kind"));
        for (size_t k = 0; k < json_array_size(phases); k++)
            fprintf(out, "  %s (%.4f)", json_string_value(json_array_get(phases, k)),
                    json_number_value(json_array_get(x, k)));
        fputc('\n', out);
    }
}

static void print_report(FILE *out, const json_t *root)
{
    fprintf(out, "%s at %.2f K\n", text_of(root, "system"),
            json_number_value(json_object_get(root, "temperature_k")));
    print_solubility(out, json_object_get(root, "solubility"));
    print_phases(out, json_object_get(root, "stable_phases"));
    print_plateaus(out, root);
    print_invariants(out, json_object_get(root, "invariants"));
    const json_t *database = json_object_get(root, "database");
    if (database)
        fprintf(out, "from %s (sha256 %.12s...): %s\n", text_of(database, "file"),
                text_of(database, "sha256"), text_of(database, "sources"));
}

static dft_status write_json(const char *path, const json_t *root, dft_error *err)
{
    char *text = json_dumps(root, JSON_INDENT(1));
    const dft_status status = text ? dft_file_write(path, text, strlen(text), err)
                                   : dft_fail(err, DFT_ENOMEM, "%s: no memory for it", path);

    free(text);
    return status;
}

/* ---- a binary ---- */

static dft_status describe(const screen_app *app, const screen_command *command, json_t *root,
                           dft_error *err)
{
    char metal[4] = "", path[4200] = "", reason[160] = "", system[16];
    const char *given = screen_option_value(command, "tdb");
    screen_phase_calphad_request request = { .temperature_k = ROOM_K,
                                             .plot_path = screen_option_value(command, "plot") };
    desc_phase_data *data = NULL;
    double x_in_li = NAN;
    dft_status status = metal_of(command->word[0], metal, err);

    if (status == DFT_OK)
        status = screen_option_number(command, "temperature-k", 1.0, MOST_K, &request.temperature_k,
                                      err);
    if (status == DFT_OK)
        status = reference_of(command, &request.reference, err);
    if (status == DFT_OK && !given)
        status = find_tdb(app, metal, path, sizeof path, err);
    if (status == DFT_OK)
        status = desc_phase_data_read(app->descriptors_dir, &data, err);
    request.tdb_path = given ? given : path;
    request.metal = metal;
    snprintf(system, sizeof system, strcmp(metal, "Li") < 0 ? "%s-Li" : "Li-%s", metal);
    json_object_set_new(root, "system", json_string(system));
    json_object_set_new(root, "temperature_k", res_number(request.temperature_k));
    if (status == DFT_OK && request.tdb_path[0])
        status = screen_phase_calphad(&request, root, &x_in_li, reason, err);
    else if (status == DFT_OK && !screen_phase_is_collected(data, metal))
        status = dft_fail(err, DFT_EINPUT, "%s: there is no assessed description and no collected "
                          "data; give a TDB file with --tdb=FILE", system);
    else if (status == DFT_OK && request.plot_path)
        status = dft_fail(err, DFT_EINPUT, "%s: without an assessed description there is no phase "
                          "diagram to plot; give a TDB file with --tdb=FILE", system);
    if (status == DFT_OK)
        status = screen_phase_collected(data, metal, request.temperature_k, x_in_li, root, err);
    desc_phase_data_free(data);
    return status;
}

static dft_status binary(const screen_app *app, const screen_command *command, dft_error *err)
{
    const char *json = screen_option_value(command, "json");
    json_t *root = json_object();
    dft_status status = root ? describe(app, command, root, err)
                             : dft_fail(err, DFT_ENOMEM, "no memory for the report");

    if (status == DFT_OK && json)
        status = write_json(json, root, err);
    else if (status == DFT_OK)
        print_report(app->out, root);
    json_decref(root);
    return status;
}

static dft_status react(const screen_app *app, const screen_command *command, dft_error *err)
{
    const screen_phase_react_request request = {
        .formula = command->word[0], .guest = screen_option_value(command, "react"),
        .energies_path = screen_option_value(command, "energies"),
        .json_path = screen_option_value(command, "json"),
        .plot_path = screen_option_value(command, "plot"),
    };

    return screen_phase_react(app, &request, err);
}

/* An option that the other of the two requests would not heed is refused, not ignored. */
static dft_status check_options(const screen_command *command, dft_error *err)
{
    static const char *const of_binaries[] = { "temperature-k", "li-reference", "tdb" };

    if (!screen_option_value(command, "react"))
        return screen_option_value(command, "energies")
            ? dft_fail(err, DFT_EUSAGE, "--energies goes with --react=Li") : DFT_OK;
    for (size_t i = 0; i < sizeof of_binaries / sizeof *of_binaries; i++)
        if (screen_option_value(command, of_binaries[i]))
            return dft_fail(err, DFT_EUSAGE, "--%s does not go with --react", of_binaries[i]);
    return DFT_OK;
}

int screen_verb_phase(const screen_app *app, int argc, char **argv)
{
    screen_option option[] = {
        { "temperature-k", "T", "temperature; default 298.15", NULL },
        { "li-reference", "FORM", "voltages against stable (default), bcc or liquid Li", NULL },
        { "tdb", "FILE", "a TDB database in place of the one that comes with the program", NULL },
        { "react", "Li", "what lithium does to FORMULA: reactions, voltage profile", NULL },
        { "energies", "FILE", "with --react: energies of formation as CSV or JSON", NULL },
        { "json", "OUT", "write JSON; otherwise a table is printed", NULL },
        { "plot", "OUT.svg", "phase diagram, or voltage profile with --react, by gnuplot", NULL },
    };
    screen_command command = { "phase", "M-Li | FORMULA --react=Li", "Phase equilibria of a metal "
        "with lithium: solubilities, stable phases, plateau voltages, invariant equilibria; each "
        "number with its origin.", 1, 1, sizeof option / sizeof *option, option, 0, { NULL }, 0 };
    dft_error err = { DFT_OK, "" };
    dft_status status = screen_options_parse(&command, argc, argv, &err);

    if (command.help) {
        screen_options_print_help(&command, app->out);
        return 0;
    }
    if (status == DFT_OK)
        status = check_options(&command, &err);
    if (status == DFT_OK)
        status = screen_option_value(&command, "react") ? react(app, &command, &err)
                                                        : binary(app, &command, &err);
    return status == DFT_OK ? 0 : screen_complain(app, "phase", &err);
}
