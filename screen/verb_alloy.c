#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "candidates/cells.h"
#include "candidates/derivative.h"
#include "candidates/dilute.h"
#include "candidates/lattices.h"
#include "candidates/miller.h"
#include "dft-lite/base/file.h"
#include "dft-lite/base/output.h"
#include "dft-lite/base/units.h"
#include "dft-lite/crystal/elements.h"
#include "dft-lite/crystal/symmetry.h"
#include "dft-lite/crystal/write.h"
#include "results/record.h"
#include "screen/surface.h"
#include "screen/verbs.h"

#define MOST_ATOMS 2000             /* of a dilute supercell */

/* The cells that one command makes, and what each says of itself. */
typedef struct {
    const screen_app *app;          /* borrowed */
    const screen_command *command;  /* borrowed */
    dft_crystal *host;              /* owned; dilute: the cell as given, else primitive */
    int solvent, solute;            /* atomic numbers: solute replaces solvent */
    size_t n;
    dft_crystal **cell;             /* owned, [n], freed with cand_derivatives_free */
    cand_dilute_info *dilute;       /* owned, [n]; NULL for the other kinds */
    cand_quasi_random quasi;        /* n_shells = 0 for the other kinds */
} alloys;

static void clear(alloys *self)
{
    cand_derivatives_free(self->cell, self->n);
    free(self->dilute);
    dft_crystal_free(self->host);
}

static dft_status read_element(const screen_command *command, const char *option, int *z,
                               dft_error *err)
{
    const char *text = screen_option_value(command, option);

    *z = text ? dft_element_number(text) : 0;
    if (!text || *z)
        return DFT_OK;
    return dft_fail(err, DFT_EUSAGE, "--%s: '%.20s' is not an element symbol", option, text);
}

/* The element that is replaced: the one asked for, or the only one there is. */
static dft_status choose_solvent(alloys *self, dft_error *err)
{
    dft_status status = read_element(self->command, "replaces", &self->solvent, err);

    if (status != DFT_OK || self->solvent)
        return status;
    for (size_t a = 1; a < self->host->n_atoms; a++)
        if (self->host->z[a] != self->host->z[0])
            return dft_fail(err, DFT_EUSAGE, "%s has several elements: say with --replaces=ELEMENT "
                            "whose place %s takes", self->command->word[1],
                            dft_element_symbol(self->solute));
    self->solvent = self->host->z[0];
    return DFT_OK;
}

static dft_status open_host(alloys *self, int primitive, int *is_sheet, dft_error *err)
{
    dft_crystal *given = NULL;
    dft_status status = screen_surface_structure(self->app, self->command->word[1], is_sheet, &given,
                                                 err);

    if (status == DFT_OK && primitive && *is_sheet)
        status = dft_fail(err, DFT_EINPUT, "%s is a sheet: superlattices would stack it through its "
                          "vacuum; only 'liscreen alloy dilute' takes sheets", self->command->word[1]);
    if (status == DFT_OK && primitive)
        status = cand_crystal_primitive(given, CAND_CENTRING_TOLERANCE, &self->host, err);
    else {
        self->host = given;
        given = NULL;
    }
    dft_crystal_free(given);
    if (status == DFT_OK)
        status = choose_solvent(self, err);
    return status;
}

/* "3x3x2" */
static dft_status read_copies(const screen_command *command, int copies[3], dft_error *err)
{
    const char *text = screen_option_value(command, "copies");
    char end;

    if (!text)
        return DFT_OK;
    if (sscanf(text, "%dx%dx%d%c", &copies[0], &copies[1], &copies[2], &end) == 3
        && copies[0] > 0 && copies[1] > 0 && copies[2] > 0 && copies[0] < 100 && copies[1] < 100
        && copies[2] < 100)
        return DFT_OK;
    return dft_fail(err, DFT_EUSAGE, "--copies=%.40s: write it like 3x3x2, each from 1 to 99", text);
}

static dft_status make_dilute(alloys *self, dft_error *err)
{
    int copies[3] = { 3, 3, 3 }, is_sheet = 0;
    size_t *site = NULL, n = 0;
    dft_status status = read_copies(self->command, copies, err);

    if (status == DFT_OK)
        status = open_host(self, 0, &is_sheet, err);
    if (is_sheet && !screen_option_value(self->command, "copies"))
        copies[2] = 1;
    if (status == DFT_OK && is_sheet && copies[2] > 1)
        status = dft_fail(err, DFT_EUSAGE, "--copies=%s: %s is a sheet, whose c is vacuum; end with x1",
                          screen_option_value(self->command, "copies"), self->command->word[1]);
    if (status == DFT_OK
        && self->host->n_atoms * (size_t)(copies[0] * copies[1] * copies[2]) > MOST_ATOMS)
        status = dft_fail(err, DFT_EUSAGE, "--copies: %zu x %d x %d x %d atoms; at most %d in all",
                          self->host->n_atoms, copies[0], copies[1], copies[2], MOST_ATOMS);
    if (status == DFT_OK)
        status = cand_dilute_sites(self->host, self->solvent, &site, &n, err);
    if (status == DFT_OK) {
        self->cell = calloc(n, sizeof *self->cell);
        self->dilute = calloc(n, sizeof *self->dilute);
        if (!self->cell || !self->dilute)
            status = dft_fail(err, DFT_ENOMEM, "dilute alloys: out of memory");
    }
    for (size_t i = 0; i < n && status == DFT_OK; i++) {
        status = cand_dilute_create(self->host, copies, site[i], self->solute, &self->cell[i],
                                    &self->dilute[i], err);
        self->n += status == DFT_OK;
    }
    free(site);
    return status;
}

/* Every cell reduced and right-handed: Hermite forms make long, skew ones. */
static dft_status tidy(alloys *self, dft_error *err)
{
    dft_status status = DFT_OK;

    for (size_t i = 0; i < self->n && status == DFT_OK; i++) {
        dft_crystal *reduced = NULL, *right = NULL;
        status = cand_crystal_reduced(self->cell[i], &reduced, err);
        if (status == DFT_OK)
            status = cand_crystal_primitive(reduced, CAND_CENTRING_TOLERANCE, &right, err);
        if (status == DFT_OK) {
            dft_crystal_free(self->cell[i]);
            self->cell[i] = right;
        }
        dft_crystal_free(reduced);
    }
    return status;
}

static cand_mixing mixing_of(const alloys *self)
{
    return (cand_mixing){ self->host, self->solvent, self->solvent, self->solute };
}

static dft_status make_ordered(alloys *self, dft_error *err)
{
    int size = 2, solutes = -1, is_sheet = 0;
    dft_status status = screen_option_integer(self->command, "size", 1, CAND_MAX_MIXING_SITES, &size, err);

    if (status == DFT_OK)
        status = screen_option_integer(self->command, "solutes", 1, CAND_MAX_MIXING_SITES, &solutes, err);
    if (status == DFT_OK)
        status = open_host(self, 1, &is_sheet, err);
    if (status != DFT_OK)
        return status;
    const cand_mixing what = mixing_of(self);
    status = cand_derivatives_find(&what, size, solutes, &self->cell, &self->n, err);
    return status == DFT_OK ? tidy(self, err) : status;
}

static dft_status make_quasi_random(alloys *self, dft_error *err)
{
    int size = 8, solutes = 0, is_sheet = 0;
    dft_status status = screen_option_integer(self->command, "size", 1, CAND_MAX_MIXING_SITES, &size, err);

    self->quasi.n_shells = 3;
    if (status == DFT_OK)
        status = screen_option_integer(self->command, "shells", 1, CAND_MAX_SHELLS,
                                       &self->quasi.n_shells, err);
    if (status == DFT_OK)
        status = screen_option_integer(self->command, "solutes", 1, CAND_MAX_MIXING_SITES, &solutes, err);
    if (status == DFT_OK)
        status = open_host(self, 1, &is_sheet, err);
    if (status != DFT_OK)
        return status;
    if (!solutes) {                 /* half of the sites */
        for (size_t a = 0; a < self->host->n_atoms; a++)
            solutes += self->host->z[a] == self->solvent;
        solutes = solutes * size / 2;
    }
    self->cell = calloc(1, sizeof *self->cell);
    if (!self->cell)
        return dft_fail(err, DFT_ENOMEM, "quasi-random alloy: out of memory");
    const cand_mixing what = mixing_of(self);
    status = cand_quasi_random_find(&what, size, solutes, &self->quasi, &self->cell[0], err);
    self->n = status == DFT_OK;
    return status == DFT_OK ? tidy(self, err) : status;
}

/* ---- results ---- */

typedef struct {
    char formula[48], group[24];
    double fraction, volume_ang3;   /* solutes over mixing sites; of the cell */
} summary;

static dft_status summarise(const alloys *self, size_t i, summary *out, dft_error *err)
{
    const dft_crystal *cell = self->cell[i];
    dft_symmetry *symmetry = NULL;
    size_t n_solute = 0, n_solvent = 0, n_host = 0;
    const dft_status status = dft_symmetry_create(cell, 1e-3, &symmetry, err);

    if (status != DFT_OK)
        return status;
    for (size_t a = 0; a < cell->n_atoms; a++) {
        n_solute += cell->z[a] == self->solute;
        n_solvent += cell->z[a] == self->solvent;
    }
    for (size_t a = 0; a < self->host->n_atoms; a++)    /* the host may hold the solute elsewhere */
        n_host += self->host->z[a] == self->solute;
    n_solute -= n_host * (cell->n_atoms / self->host->n_atoms);
    out->fraction = (double)n_solute / (double)(n_solute + n_solvent);
    out->volume_ang3 = dft_crystal_volume(cell) * pow(DFT_BOHR_ANG, 3);
    cand_formula(cell->z, cell->n_atoms, out->formula, sizeof out->formula);
    snprintf(out->group, sizeof out->group, "%s (%d)", symmetry->space_group_symbol,
             symmetry->space_group_number);
    dft_symmetry_free(symmetry);
    return DFT_OK;
}

static void add_correlations(const alloys *self, json_t *row)
{
    json_t *shells = json_array();

    for (int s = 0; s < self->quasi.n_shells; s++)
        json_array_append_new(shells, json_pack("{s:o, s:o}", "distance_ang",
                              res_number(self->quasi.distance[s] * DFT_BOHR_ANG), "correlation",
                              res_number(self->quasi.correlation[s])));
    json_object_set_new(row, "random_correlation", res_number(self->quasi.random));
    json_object_set_new(row, "worst_error", res_number(self->quasi.worst));
    json_object_set_new(row, "shells", shells);
}

static json_t *row_json(const alloys *self, size_t i, const summary *s)
{
    json_t *row = json_pack("{s:I, s:s, s:I, s:o, s:s, s:o}", "number", (json_int_t)(i + 1), "formula",
                            s->formula, "n_atoms", (json_int_t)self->cell[i]->n_atoms, "fraction",
                            res_number(s->fraction), "space_group", s->group, "volume_ang3",
                            res_number(s->volume_ang3));
    if (self->dilute)
        json_object_set_new(row, "separation_ang",
                            res_number(self->dilute[i].separation * DFT_BOHR_ANG));
    if (self->quasi.n_shells > 0)
        add_correlations(self, row);
    return row;
}

static void print_row(const alloys *self, size_t i, const summary *s)
{
    FILE *out = self->app->out;

    fprintf(out, "%4zu  %-16s %4zu atoms  x(%s) %.4f  %-16s %10.3f A^3", i + 1, s->formula,
            self->cell[i]->n_atoms, dft_element_symbol(self->solute), s->fraction, s->group,
            s->volume_ang3);
    if (self->dilute)
        fprintf(out, "  %.3f A to the next %s", self->dilute[i].separation * DFT_BOHR_ANG,
                dft_element_symbol(self->solute));
    fprintf(out, "\n");
    for (int k = 0; k < self->quasi.n_shells; k++)
        fprintf(out, "      pairs at %.3f A: correlation %+.4f, random %+.4f\n",
                self->quasi.distance[k] * DFT_BOHR_ANG, self->quasi.correlation[k], self->quasi.random);
    if (self->quasi.n_shells > 0)
        fprintf(out, "      largest error %.4f; further shells and triplets are not looked at\n",
                self->quasi.worst);
}

static dft_status report(const alloys *self, const char *path, dft_error *err)
{
    json_t *array = json_array();
    char *text = NULL;
    dft_status status = DFT_OK;

    for (size_t i = 0; i < self->n && status == DFT_OK; i++) {
        summary s;
        status = summarise(self, i, &s, err);
        if (status == DFT_OK && path)
            json_array_append_new(array, row_json(self, i, &s));
        else if (status == DFT_OK)
            print_row(self, i, &s);
    }
    if (status == DFT_OK && path) {
        json_t *root = json_pack("{s:O}", "cells", array);
        text = root ? json_dumps(root, JSON_INDENT(1)) : NULL;
        status = text ? dft_file_write(path, text, strlen(text), err)
            : dft_fail(err, DFT_ENOMEM, "%s: no memory for %zu cells", path, self->n);
        json_decref(root);
    }
    if (status == DFT_OK && !path && self->n == 0)
        fprintf(self->app->out, "no cell of that size and composition that a smaller one does not "
                "make too\n");
    free(text);
    json_decref(array);
    return status;
}

static dft_status write_one(const alloys *self, const char *path, dft_error *err)
{
    int pick = 1;
    char remark[160];
    const dft_status status = screen_option_integer(self->command, "pick", 1, 1000000, &pick, err);

    if (status != DFT_OK)
        return status;
    if ((size_t)pick > self->n)
        return dft_fail(err, DFT_EUSAGE, "--pick=%d: there are %zu cells", pick, self->n);
    snprintf(remark, sizeof remark, "alloy=\"%.20s\" host=\"%.60s\" unrelaxed=T",
             self->command->word[0], self->command->word[1]);
    return dft_crystal_write(path, self->cell[pick - 1], remark, err);
}

static dft_status body(const screen_app *app, const screen_command *command, int *code, dft_error *err)
{
    static const struct {
        const char *name;
        dft_status (*make)(alloys *, dft_error *);
    } kinds[] = { { "dilute", make_dilute }, { "ordered", make_ordered },
                  { "quasi-random", make_quasi_random } };
    const size_t n_kinds = sizeof kinds / sizeof *kinds;
    const char *json = screen_option_value(command, "json"), *out = screen_option_value(command, "out");
    alloys self = { .app = app, .command = command };
    size_t k = 0;
    dft_status status = DFT_OK;
    (void)code;

    while (k < n_kinds && strcmp(command->word[0], kinds[k].name) != 0)
        k++;
    if (k == n_kinds)
        return dft_fail(err, DFT_EUSAGE, "'%.40s' is no kind of alloy: dilute, ordered or quasi-random",
                        command->word[0]);
    if (json)
        status = dft_output_check(json, err);
    if (status == DFT_OK && out)
        status = screen_surface_check_out(out, err);
    if (status == DFT_OK)
        status = read_element(command, "solute", &self.solute, err);
    if (status == DFT_OK && !self.solute)
        status = dft_fail(err, DFT_EUSAGE, "say what is mixed in: --solute=Mg");
    if (status == DFT_OK)
        status = kinds[k].make(&self, err);
    if (status == DFT_OK)
        status = report(&self, json, err);
    if (status == DFT_OK && out)
        status = write_one(&self, out, err);
    clear(&self);
    return status;
}

int screen_verb_alloy(const screen_app *app, int argc, char **argv)
{
    screen_option option[] = {
        { "solute", "ELEMENT", "what is mixed in; required", NULL },
        { "replaces", "ELEMENT", "whose place it takes; default the only element there is", NULL },
        { "copies", "NxMxK", "dilute: cells of the host (a library entry's conventional one) with one "
          "solute; default 3x3x3, 3x3x1 for sheets", NULL },
        { "size", "N", "ordered, quasi-random: primitive cells of the host in the cell; default 2, 8 "
          "(more than 8 take minutes)",
          NULL },
        { "solutes", "N", "of them in the cell; default any number (ordered), half (quasi-random)", NULL },
        { "shells", "N", "quasi-random: shells of pairs that count; default 3", NULL },
        { "json", "OUT", "write the list as JSON; otherwise it is printed", NULL },
        { "pick", "N", "which one --out writes; default 1", NULL },
        { "out", "FILE", "write a cell: .cif, .vasp or extxyz", NULL },
    };
    screen_command command = { "alloy", "dilute|ordered|quasi-random FILE|ID",
        "Alloys on the lattice of a host: one solute in a supercell, all ordered arrangements, or the "
        "most random one. Cells keep the host's size.", 2, 2, sizeof option / sizeof *option, option, 0,
        { NULL }, 0 };

    return screen_verb_run_body(app, &command, argc, argv, body);
}
