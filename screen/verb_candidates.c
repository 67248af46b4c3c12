#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "candidates/catalog.h"
#include "candidates/filters.h"
#include "dft-lite/base/units.h"
#include "dft-lite/crystal/elements.h"
#include "dft-lite/crystal/write.h"
#include "screen/campaign.h"
#include "screen/surfaces.h"
#include "screen/verbs.h"

/* ---- filters ---- */

typedef struct {
    bool some[DFT_MAX_Z + 1];       /* elements of an option */
    bool given;
} element_set;

typedef struct {
    element_set only, has;
    const char *family, *facet, *structure, *origin;
    int max_atoms;
    bool computable, nonpolar;
} surface_filter;

/* "Li,Ag,O" */
static dft_status read_elements(const screen_command *command, const char *option, element_set *set,
                                dft_error *err)
{
    const char *text = screen_option_value(command, option);

    set->given = text != NULL;
    while (text && *text) {
        const size_t length = strcspn(text, ",");
        char symbol[4] = "";
        if (length < sizeof symbol)
            memcpy(symbol, text, length);
        const int z = dft_element_number(symbol);
        if (z == 0)
            return dft_fail(err, DFT_EUSAGE, "--%s: '%.*s' is not an element symbol; write them like "
                            "Li,Ag,O", option, (int)length, text);
        set->some[z] = true;
        text += length + (text[length] == ',');
    }
    return DFT_OK;
}

/* The elements of a formula, brackets and numbers passed over. */
static void elements_of(const char *formula, bool in[DFT_MAX_Z + 1])
{
    memset(in, 0, (DFT_MAX_Z + 1) * sizeof *in);
    while (*formula) {
        char symbol[3] = { *formula++, '\0', '\0' };
        if (symbol[0] < 'A' || symbol[0] > 'Z')
            continue;
        if (*formula >= 'a' && *formula <= 'z')
            symbol[1] = *formula++;
        in[dft_element_number(symbol)] = true;
    }
}

static bool same_or_unset(const char *wanted, const char *value)
{
    return !wanted || strcmp(wanted, value) == 0;
}

static bool passes(const surface_filter *f, const cand_surface *s)
{
    bool in[DFT_MAX_Z + 1];

    if (!same_or_unset(f->family, s->family) || !same_or_unset(f->facet, s->facet)
        || !same_or_unset(f->structure, s->structure)
        || (f->origin && strncmp(f->origin, s->origin, strlen(f->origin)) != 0)
        || (f->computable && s->reason[0]) || (f->nonpolar && s->polar)
        || s->n_atoms > f->max_atoms)
        return false;
    elements_of(s->formula, in);
    for (int z = 1; z <= DFT_MAX_Z; z++)
        if ((f->only.given && in[z] && !f->only.some[z]) || (f->has.some[z] && !in[z]))
            return false;
    return true;
}

static dft_status read_filter(const screen_command *command, surface_filter *f, dft_error *err)
{
    dft_status status = read_elements(command, "elements", &f->only, err);

    *f = (surface_filter){ .only = f->only, .max_atoms = 1000000 };
    if (status == DFT_OK)
        status = read_elements(command, "has", &f->has, err);
    if (status == DFT_OK)
        status = screen_option_integer(command, "max-atoms", 1, 1000000, &f->max_atoms, err);
    f->family = screen_option_value(command, "family");
    f->facet = screen_option_value(command, "facet");
    f->structure = screen_option_value(command, "structure");
    f->origin = screen_option_value(command, "origin");
    f->computable = screen_option_value(command, "computable") != NULL;
    f->nonpolar = screen_option_value(command, "nonpolar") != NULL;
    return status;
}

/* ---- list ---- */

static void print_surfaces(FILE *out, const surface_filter *f, const screen_surfaces *surfaces,
                           size_t counts[2])
{
    fprintf(out, "%-28s %-9s %5s %6s %9s %-8s %-12s %s\n", "name", "family", "atoms", "layers",
            "area_ang2", "faces", "top", "origin; why not");
    for (size_t i = 0; i < surfaces->n; i++) {
        const cand_surface *s = &surfaces->surface[i];
        if (!passes(f, s))
            continue;
        counts[s->reason[0] != '\0']++;
        fprintf(out, "%-28s %-9s %5d %6d %9.3f %-8s %-12s %.40s%s%s\n", s->name, s->family, s->n_atoms,
                s->layers, s->area_ang2, s->polar ? "polar" : s->faces_equal ? "equal" : "unequal",
                s->top, s->origin, s->reason[0] ? "; " : "", s->reason);
    }
}

/* The folder of --folder, or the one that the campaign names. */
static dft_status find_folder(const screen_command *command, char folder[1024], dft_error *err)
{
    const char *given = screen_option_value(command, "folder");
    const char *path = screen_option_value(command, "campaign");
    screen_campaign *campaign = NULL;
    dft_status status = DFT_OK;

    folder[0] = '\0';
    if (given && strlen(given) >= 1024)
        return dft_fail(err, DFT_EUSAGE, "--folder: the path is too long");
    if (given)
        snprintf(folder, 1024, "%s", given);
    else if (path)
        status = screen_campaign_read(path, &campaign, err);
    if (campaign)
        snprintf(folder, 1024, "%s", campaign->structures);
    screen_campaign_free(campaign);
    return status;
}

static dft_status get_surfaces(const screen_app *app, const screen_command *command,
                               screen_surfaces *out, dft_error *err)
{
    char folder[1024];
    screen_surfaces_request request = { .max_index = 1 };
    dft_status status = find_folder(command, folder, err);

    *out = (screen_surfaces){ 0 };
    request.folder = folder[0] ? folder : NULL;
    request.store = screen_option_value(command, "store");
    request.refresh = screen_option_value(command, "refresh") != NULL;
    if (status == DFT_OK)
        status = screen_option_integer(command, "max-index", 1, CAND_MAX_ENUMERATED_INDEX,
                                       &request.max_index, err);
    return status == DFT_OK ? screen_surfaces_get(app, &request, out, err) : status;
}

static dft_status list(const screen_app *app, const screen_command *command, dft_error *err)
{
    const char *csv = screen_option_value(command, "csv");
    screen_surfaces surfaces = { 0 };
    surface_filter filter = { .max_atoms = 0 };
    size_t counts[2] = { 0, 0 };
    dft_status status = read_filter(command, &filter, err);

    if (status == DFT_OK)
        status = get_surfaces(app, command, &surfaces, err);
    if (status == DFT_OK && csv) {
        size_t kept = 0;
        for (size_t i = 0; i < surfaces.n; i++)
            if (passes(&filter, &surfaces.surface[i]))
                surfaces.surface[kept++] = surfaces.surface[i];
        status = cand_surfaces_write(csv, "liscreen candidates list", surfaces.surface, kept, err);
        if (status == DFT_OK)
            fprintf(app->out, "%s: %zu surfaces\n", csv, kept);
    } else if (status == DFT_OK) {
        print_surfaces(app->out, &filter, &surfaces, counts);
        fprintf(app->out, "%zu surfaces, %zu of them cannot be computed\n", counts[0] + counts[1],
                counts[1]);
    }
    for (size_t i = 0; i < surfaces.n_refused; i++)
        fprintf(app->progress, "left out: %s\n", surfaces.refused[i].reason);
    screen_surfaces_clear(&surfaces);
    return status;
}

/* ---- one candidate ---- */

typedef struct {
    cand_library *library;          /* owned */
    cand_catalog *catalog;          /* owned */
    const cand_candidate *candidate;
    dft_crystal *bulk, *slab;       /* owned */
    cand_slab_info info;
} one_candidate;

static void close_one(one_candidate *one)
{
    dft_crystal_free(one->slab);
    dft_crystal_free(one->bulk);
    cand_catalog_free(one->catalog);
    cand_library_free(one->library);
}

static dft_status open_one(const screen_app *app, const screen_command *command, one_candidate *one,
                           dft_error *err)
{
    cand_refused_file *refused = NULL;
    size_t n_refused = 0;
    char folder[1024];
    int layers = 4;
    double vacuum_ang = 15.0;
    dft_status status = find_folder(command, folder, err);

    if (status == DFT_OK)
        status = cand_library_read(app->candidates_dir, &one->library, err);
    if (status == DFT_OK && folder[0])
        status = cand_library_add_folder(one->library, folder, NULL, &refused, &n_refused, err);
    free(refused);                  /* what is asked for by name and is not there is an error below */
    if (status == DFT_OK)
        status = cand_catalog_read(app->candidates_dir, one->library, &one->catalog, err);
    if (status == DFT_OK)
        status = screen_option_integer(command, "layers", 1, CAND_MAX_LAYERS, &layers, err);
    if (status == DFT_OK)
        status = screen_option_number(command, "vacuum-ang", 0.1, 1000.0, &vacuum_ang, err);
    if (status == DFT_OK)
        status = cand_catalog_find(one->catalog, command->word[1], &one->candidate, err);
    if (status == DFT_OK)
        status = cand_entry_crystal(one->candidate->structure, CAND_CELL_CONVENTIONAL, &one->bulk, err);
    if (status == DFT_OK)
        status = cand_candidate_slab(one->candidate, NULL, layers, vacuum_ang / DFT_BOHR_ANG,
                                     &one->slab, &one->info, err);
    return status;
}

static void print_data_sets(FILE *out, const cand_entry *entry)
{
    bool seen[DFT_MAX_Z + 1] = { false };

    fputs("data sets   ", out);
    for (size_t a = 0; a < entry->n_atoms; a++) {
        const int z = entry->z[a];
        if (!seen[z])
            fprintf(out, "%s %s; ", dft_element_symbol(z), screen_has_data_set(NULL, z) ? "yes" : "NONE");
        seen[z] = true;
    }
    fputc('\n', out);
}

static dft_status show(const screen_app *app, const screen_command *command, dft_error *err)
{
    one_candidate one = { 0 };
    const double a = DFT_BOHR_ANG;
    const dft_status status = open_one(app, command, &one, err);

    if (status == DFT_OK) {
        const cand_entry *entry = one.candidate->structure;
        const cand_slab_info *info = &one.info;
        size_t i = 0, j = 0;
        const double contact = cand_closest_contact(one.bulk, &i, &j);
        fprintf(app->out, "%s\nstructure   %s, %s, %s, %s (%d)\n", one.candidate->name, entry->id,
                entry->formula, entry->prototype, entry->hermann_mauguin, entry->space_group_number);
        fprintf(app->out, "cell        a %.4f b %.4f c %.4f A, alpha %.3f beta %.3f gamma %.3f deg, %zu "
                "atoms\n", entry->cell_ang[0], entry->cell_ang[1], entry->cell_ang[2],
                entry->cell_deg[0], entry->cell_deg[1], entry->cell_deg[2], entry->n_atoms);
        fprintf(app->out, "nearest     %s-%s %.4f A, %.2f of the covalent radii\n",
                dft_element_symbol(one.bulk->z[i]), dft_element_symbol(one.bulk->z[j]),
                dft_crystal_distance(one.bulk, i, j) * a, contact);
        fprintf(app->out, "origin      %s\nsource      %s\nnote        %s\n", entry->origin,
                entry->source, entry->note[0] ? entry->note : "-");
        fprintf(app->out, "slab        %d layers, %zu atoms, %.4f A thick, %.4f A^2, top %s, termination "
                "%d of %zu, %s faces, %s (Tasker %d)\n", info->layers, one.slab->n_atoms,
                info->thickness * a, info->area * a * a, info->top, one.candidate->termination,
                info->n_terminations ? info->n_terminations : 1,
                info->faces_equal ? "equal" : "unequal", info->polar ? "polar" : "not polar",
                info->tasker);
        print_data_sets(app->out, entry);
    }
    close_one(&one);
    return status;
}

static dft_status export(const screen_app *app, const screen_command *command, dft_error *err)
{
    const char *path = screen_option_value(command, "out");
    const bool bulk = screen_option_value(command, "bulk") != NULL;
    one_candidate one = { 0 };
    char remark[512];
    dft_status status = path ? open_one(app, command, &one, err)
        : dft_fail(err, DFT_EUSAGE, "say where to write it: --out=FILE (.cif, .vasp, .extxyz)");

    if (status == DFT_OK) {
        const cand_entry *entry = one.candidate->structure;
        const size_t n = strlen(path);
        if (n >= 4 && strcmp(path + n - 4, ".cif") == 0)
            snprintf(remark, sizeof remark, "%s", bulk ? entry->id : one.candidate->name);
        else
            snprintf(remark, sizeof remark, "name=%s structure=%s facet=%s termination=%d "
                     "origin=\"%.100s\"", one.candidate->name, entry->id,
                     bulk ? "none" : one.candidate->facet, one.candidate->termination, entry->origin);
        status = dft_crystal_write(path, bulk ? one.bulk : one.slab, remark, err);
    }
    if (status == DFT_OK)
        fprintf(app->out, "%s: %zu atoms\n", path, (bulk ? one.bulk : one.slab)->n_atoms);
    close_one(&one);
    return status;
}

static dft_status body(const screen_app *app, const screen_command *command, int *code, dft_error *err)
{
    static const struct {
        const char *word;
        size_t n_words;
        dft_status (*run)(const screen_app *, const screen_command *, dft_error *);
    } actions[] = { { "list", 1, list }, { "show", 2, show }, { "export", 2, export } };

    (void)code;
    for (size_t k = 0; k < sizeof actions / sizeof *actions; k++)
        if (strcmp(actions[k].word, command->word[0]) == 0) {
            if (command->n_words == actions[k].n_words)
                return actions[k].run(app, command, err);
            return dft_fail(err, DFT_EUSAGE, "usage: liscreen candidates %s%s", actions[k].word,
                            actions[k].n_words == 2 ? " NAME" : "");
        }
    return dft_fail(err, DFT_EUSAGE, "'%.60s' is none of list, show, export", command->word[0]);
}

int screen_verb_candidates(const screen_app *app, int argc, char **argv)
{
    screen_option option[] = {
        { "elements", "LIST", "only surfaces of these elements: Li,Ag,O", NULL },
        { "has", "LIST", "only surfaces with all of these elements", NULL },
        { "family", "NAME", "metal, alloy, mxene, oxide, fluoride, ...", NULL },
        { "facet", "HKL", "only this facet, as listed; sheet", NULL },
        { "structure", "ID", "only this structure", NULL },
        { "origin", "TEXT", "origin begins like this: experimental, estimate", NULL },
        { "max-atoms", "N", "p(1x1) slabs of at most N atoms", NULL },
        { "computable", NULL, "only what nothing speaks against", NULL },
        { "nonpolar", NULL, "leave polar slabs out", NULL },
        { "max-index", "N", "Miller indices up to N; default 1", NULL },
        { "folder", "DIR", "your own CIF, POSCAR, extxyz files", NULL },
        { "campaign", "FILE", "take the folder that this campaign names", NULL },
        { "store", "FILE", "the stored table; default results/runs/candidates.csv", NULL },
        { "refresh", NULL, "make the table again", NULL },
        { "csv", "OUT", "list: write the rows as CSV", NULL },
        { "layers", "N", "show, export: layers of the slab; default 4", NULL },
        { "vacuum-ang", "X", "show, export: total gap; default 15", NULL },
        { "bulk", NULL, "export: the bulk cell instead of the slab", NULL },
        { "out", "FILE", "export: .cif, .vasp or extxyz", NULL },
    };
    screen_command command = { "candidates", "list | show NAME | export NAME", "All surfaces that could "
        "be screened: structure library, generated structures, your own.", 1, 2,
        sizeof option / sizeof *option, option, 0, { NULL }, 0 };

    return screen_verb_run_body(app, &command, argc, argv, body);
}
