#include "screen/campaign.h"

#include <ctype.h>
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "dft-lite/base/alloc.h"
#include "screen/suggest.h"
#include "screen/yaml.h"

typedef struct {
    const char *path;
    screen_campaign *campaign;
    dft_error *err;
} reader;

typedef dft_status (*key_reader)(const reader *to, const char *key, const screen_yaml *value);

typedef struct {
    const char *name;
    key_reader read;                /* NULL: read elsewhere */
} key_entry;

#define MOST_KEYS 48
#define LARGEST_CAMPAIGN (1 << 24)          /* bytes; quick.yaml has 1000 */
#define LEAST_WEIGHT 1e-6                   /* their ratios stay exact, their sums finite */
#define LARGEST_WEIGHT 1e6

/* ---- scalars ---- */

static dft_status expect(const reader *to, const char *key, const screen_yaml *value,
                         screen_yaml_kind kind)
{
    if (value->kind == kind)
        return DFT_OK;
    return dft_fail(to->err, DFT_EPARSE, "%s:%d: '%s' must be %s, not %s", to->path, value->line,
                    key, screen_yaml_kind_name(kind), screen_yaml_kind_name(value->kind));
}

static dft_status read_number(const reader *to, const char *key, const screen_yaml *value,
                              double *out)
{
    char *end = NULL;
    const dft_status status = expect(to, key, value, SCREEN_YAML_SCALAR);

    if (status != DFT_OK)
        return status;
    *out = strtod(value->text, &end);
    if (end == value->text || *end != '\0' || !isfinite(*out))
        return dft_fail(to->err, DFT_EPARSE, "%s:%d: '%s' must be a number, not '%.60s'", to->path,
                        value->line, key, value->text);
    return DFT_OK;
}

static dft_status read_integer(const reader *to, const char *key, const screen_yaml *value,
                               int *out)
{
    double number = 0.0;
    const dft_status status = read_number(to, key, value, &number);

    if (status != DFT_OK)
        return status;
    if (number != floor(number) || fabs(number) > 1e6)
        return dft_fail(to->err, DFT_EPARSE, "%s:%d: '%s' must be a whole number, not '%.60s'",
                        to->path, value->line, key, value->text);
    *out = (int)number;
    return DFT_OK;
}

static dft_status read_text(const reader *to, const char *key, const screen_yaml *value,
                            char *out, size_t size)
{
    const dft_status status = expect(to, key, value, SCREEN_YAML_SCALAR);

    if (status != DFT_OK)
        return status;
    if (value->text[0] == '\0' || strlen(value->text) >= size)
        return dft_fail(to->err, DFT_EPARSE, "%s:%d: '%s' must have 1 to %zu characters", to->path,
                        value->line, key, size - 1);
    snprintf(out, size, "%s", value->text);
    return DFT_OK;
}

/* ---- mappings ---- */

static dft_status unknown_word(const reader *to, const char *what, const screen_yaml *word,
                               size_t n, const char *const *known)
{
    char near[96], all[640] = "";

    for (size_t i = 0; i < n; i++)
        snprintf(all + strlen(all), sizeof all - strlen(all), "%s%s", i ? ", " : "", known[i]);
    return dft_fail(to->err, DFT_EPARSE, "%s:%d: unknown %s '%.60s'%s; known: %s", to->path,
                    word->line, what, word->text,
                    screen_suggest_phrase(word->text, n, known, near, sizeof near), all);
}

static dft_status read_mapping(const reader *to, const char *key, const screen_yaml *value,
                               const key_entry *entry, size_t n)
{
    const char *known[MOST_KEYS];
    dft_status status = expect(to, key, value, SCREEN_YAML_MAPPING);

    for (size_t i = 0; i < n; i++)
        known[i] = entry[i].name;
    for (size_t k = 0; k < value->n && status == DFT_OK; k++) {
        size_t i = 0;
        while (i < n && strcmp(entry[i].name, value->key[k]->text) != 0)
            i++;
        if (i == n)
            return unknown_word(to, "key", value->key[k], n, known);
        if (entry[i].read)
            status = entry[i].read(to, entry[i].name, value->item[k]);
    }
    return status;
}

/* ---- the protocol ---- */

#define PROTOCOL_NUMBER(field) \
    static dft_status read_##field(const reader *to, const char *key, const screen_yaml *value) \
    { \
        return read_number(to, key, value, &to->campaign->protocol.field); \
    }
#define PROTOCOL_INTEGER(field) \
    static dft_status read_##field(const reader *to, const char *key, const screen_yaml *value) \
    { \
        return read_integer(to, key, value, &to->campaign->protocol.field); \
    }
#define PROTOCOL_TEXT(field) \
    static dft_status read_##field(const reader *to, const char *key, const screen_yaml *value) \
    { \
        return read_text(to, key, value, to->campaign->protocol.field, \
                         sizeof to->campaign->protocol.field); \
    }

PROTOCOL_NUMBER(ecut_metal_ev)
PROTOCOL_NUMBER(ecut_o_c_ev)
PROTOCOL_NUMBER(k_spacing_per_ang)
PROTOCOL_NUMBER(vacuum_ang)
PROTOCOL_NUMBER(width_ev)
PROTOCOL_NUMBER(energy_tol_ev)
PROTOCOL_NUMBER(eos_strain)
PROTOCOL_NUMBER(height_step_ang)
PROTOCOL_INTEGER(layers)
PROTOCOL_INTEGER(max_scf_iterations)
PROTOCOL_INTEGER(eos_points)
PROTOCOL_INTEGER(max_eos_points)
PROTOCOL_INTEGER(heights)
PROTOCOL_INTEGER(max_heights)
PROTOCOL_INTEGER(hop_points)
PROTOCOL_NUMBER(elastic_strain)
PROTOCOL_INTEGER(elastic_relaxed_ions)
PROTOCOL_INTEGER(elastic_all)
PROTOCOL_NUMBER(force_limit_ev_per_ang)
PROTOCOL_INTEGER(max_ionic_steps)
PROTOCOL_INTEGER(relax)
PROTOCOL_NUMBER(adatom_spacing_ang)
PROTOCOL_INTEGER(neb_bands)
PROTOCOL_INTEGER(neb_images)
PROTOCOL_INTEGER(solute_atoms)
PROTOCOL_NUMBER(solute_k_spacing_per_ang)
PROTOCOL_INTEGER(phase_atoms)
PROTOCOL_INTEGER(interface_atoms)
PROTOCOL_NUMBER(interface_strain_percent)
PROTOCOL_INTEGER(interface_film_layers)
PROTOCOL_INTEGER(interface_registries)
PROTOCOL_INTEGER(like_sites)
PROTOCOL_INTEGER(compound_layers)
PROTOCOL_TEXT(xc)
PROTOCOL_TEXT(smearing)

/* {O: 600, Cu: 500}: elements with a cutoff of their own, a later line replacing an earlier one. */
static dft_status read_cutoffs(const reader *to, const char *key, const screen_yaml *value)
{
    flow_protocol *protocol = &to->campaign->protocol;
    dft_status status = expect(to, key, value, SCREEN_YAML_MAPPING);

    for (size_t i = 0; i < value->n && status == DFT_OK; i++) {
        const char *symbol = value->key[i]->text;
        dft_error why = { DFT_OK, "" };
        double ecut_ev = 0.0;
        status = read_number(to, symbol, value->item[i], &ecut_ev);
        if (status == DFT_OK && flow_protocol_choose_cutoff(protocol, symbol, ecut_ev, &why))
            status = dft_fail(to->err, DFT_EPARSE, "%s:%d: %s", to->path, value->key[i]->line,
                              why.message);
    }
    return status;
}

/* ---- what one kind of cell has for itself ---- */

static dft_status read_own(const reader *to, const char *key, const screen_yaml *value,
                           flow_system system)
{
    flow_protocol *protocol = &to->campaign->protocol;
    static const char *const known[] = { "k_spacing_per_ang", "vacuum_ang" };
    double *const field[] = { &protocol->own[system].k_spacing_per_ang,
                              &protocol->own[system].vacuum_ang };
    dft_status status = expect(to, key, value, SCREEN_YAML_MAPPING);

    for (size_t k = 0; k < value->n && status == DFT_OK; k++) {
        size_t i = 0;
        while (i < 2 && strcmp(known[i], value->key[k]->text) != 0)
            i++;
        if (i == 2)
            return unknown_word(to, "key", value->key[k], 2, known);
        status = read_number(to, known[i], value->item[k], field[i]);
    }
    return status;
}

static dft_status read_bulk(const reader *to, const char *key, const screen_yaml *value)
{
    return read_own(to, key, value, FLOW_BULK);
}

static dft_status read_slab(const reader *to, const char *key, const screen_yaml *value)
{
    return read_own(to, key, value, FLOW_SURFACE);
}

static dft_status read_sheet(const reader *to, const char *key, const screen_yaml *value)
{
    return read_own(to, key, value, FLOW_SHEET);
}

static dft_status read_molecule(const reader *to, const char *key, const screen_yaml *value)
{
    return read_own(to, key, value, FLOW_MOLECULE);
}

static dft_status read_strained(const reader *to, const char *key, const screen_yaml *value)
{
    return read_own(to, key, value, FLOW_STRAINED);
}

static dft_status read_ecut(const reader *to, const char *key, const screen_yaml *value)
{
    static const key_entry entry[] = {
        { "metal", read_ecut_metal_ev }, { "with_o_c", read_ecut_o_c_ev },
        { "elements", read_cutoffs },
    };
    return read_mapping(to, key, value, entry, sizeof entry / sizeof entry[0]);
}

static dft_status read_data(const reader *to, const char *key, const screen_yaml *value)
{
    dft_status status = expect(to, key, value, SCREEN_YAML_MAPPING);

    for (size_t i = 0; i < value->n && status == DFT_OK; i++) {
        dft_error why = { DFT_OK, "" };
        char name[64] = "";
        status = read_text(to, value->key[i]->text, value->item[i], name, sizeof name);
        if (status == DFT_OK && flow_protocol_choose_data(&to->campaign->protocol,
                                                          value->key[i]->text, name, &why))
            status = dft_fail(to->err, DFT_EPARSE, "%s:%d: %s", to->path, value->key[i]->line,
                              why.message);
    }
    return status;
}

static const key_entry protocol_keys[] = {
    { "name", NULL },                        /* read first: it sets all the others */
    { "xc", read_xc },
    { "ecut_ev", read_ecut },
    { "k_spacing_per_ang", read_k_spacing_per_ang },
    { "layers", read_layers },
    { "vacuum_ang", read_vacuum_ang },
    { "smearing", read_smearing },
    { "width_ev", read_width_ev },
    { "energy_tol_ev", read_energy_tol_ev },
    { "max_scf_iterations", read_max_scf_iterations },
    { "eos_points", read_eos_points },
    { "eos_strain", read_eos_strain },
    { "max_eos_points", read_max_eos_points },
    { "heights", read_heights },
    { "height_step_ang", read_height_step_ang },
    { "max_heights", read_max_heights },
    { "hop_points", read_hop_points },
    { "elastic_strain", read_elastic_strain },
    { "elastic_relaxed_ions", read_elastic_relaxed_ions },
    { "elastic_all", read_elastic_all },
    { "force_limit_ev_per_ang", read_force_limit_ev_per_ang },
    { "max_ionic_steps", read_max_ionic_steps },
    { "relax", read_relax },
    { "adatom_spacing_ang", read_adatom_spacing_ang },
    { "neb_bands", read_neb_bands },
    { "neb_images", read_neb_images },
    { "solute_atoms", read_solute_atoms },
    { "solute_k_spacing_per_ang", read_solute_k_spacing_per_ang },
    { "phase_atoms", read_phase_atoms },
    { "interface_atoms", read_interface_atoms },
    { "interface_strain_percent", read_interface_strain_percent },
    { "interface_film_layers", read_interface_film_layers },
    { "interface_registries", read_interface_registries },
    { "like_sites", read_like_sites },
    { "compound_layers", read_compound_layers },
    { "bulk", read_bulk },
    { "slab", read_slab },
    { "sheet", read_sheet },
    { "strained", read_strained },
    { "molecule", read_molecule },
    { "data", read_data },
};

/* The line that a complaint about the finished protocol belongs to: that of the key it names. */
static int line_of_complaint(const screen_yaml *value, const char *message)
{
    int line = value->line;

    for (size_t i = 0; i < value->n && value->kind == SCREEN_YAML_MAPPING; i++) {
        char named[72];
        snprintf(named, sizeof named, "%.60s", value->key[i]->text);
        const char *found = strstr(message, named);
        if (found && found < message + 20 && strcmp(named, "name") != 0)
            line = value->item[i]->line;
    }
    return line;
}

static dft_status read_protocol(const reader *to, const char *key, const screen_yaml *value)
{
    flow_protocol *protocol = &to->campaign->protocol;
    dft_error why = { DFT_OK, "" };
    char name[32] = "quick";
    const screen_yaml *named = value;
    dft_status status = DFT_OK;

    if (value->kind == SCREEN_YAML_MAPPING)
        named = screen_yaml_find(value, "name");
    if (named)
        status = read_text(to, "protocol: name", named, name, sizeof name);
    if (status == DFT_OK && flow_protocol_find(name, protocol, &why) != DFT_OK)
        status = dft_fail(to->err, DFT_EPARSE, "%s:%d: %s", to->path, named ? named->line : 0,
                          why.message);
    if (status == DFT_OK && value->kind != SCREEN_YAML_SCALAR)
        status = read_mapping(to, key, value, protocol_keys,
                              sizeof protocol_keys / sizeof protocol_keys[0]);
    if (status == DFT_OK && flow_protocol_check(protocol, &why) != DFT_OK)
        status = dft_fail(to->err, DFT_EPARSE, "%s:%d: %s", to->path,
                          line_of_complaint(value, why.message), why.message);
    return status;
}

/* ---- the rest ---- */

/* A name becomes a directory: letters, digits, '.', '_' and '-', not starting with a dot. */
static dft_status read_name(const reader *to, const char *key, const screen_yaml *value)
{
    char *name = to->campaign->name;
    const dft_status status = read_text(to, key, value, name, sizeof to->campaign->name);

    if (status != DFT_OK)
        return status;
    for (const char *c = name; *c; c++)
        if (!(isalnum((unsigned char)*c) || *c == '_' || *c == '-' || (*c == '.' && c != name)))
            return dft_fail(to->err, DFT_EPARSE, "%s:%d: the name '%s' becomes a directory: use "
                            "letters, digits, '_', '-' and '.'", to->path, value->line, name);
    return DFT_OK;
}

static dft_status read_candidate(const reader *to, const screen_yaml *item)
{
    screen_campaign *campaign = to->campaign;
    const size_t n = campaign->n_candidates;

    if (item->kind != SCREEN_YAML_SCALAR)
        return dft_fail(to->err, DFT_EPARSE, "%s:%d: each entry of 'candidates' must be a name such as "
                        "Cu-111, not %s", to->path, item->line, screen_yaml_kind_name(item->kind));
    const dft_status status = read_text(to, "candidates", item, campaign->candidate[n],
                                        sizeof campaign->candidate[n]);
    if (status != DFT_OK)
        return status;
    campaign->candidate_line[n] = item->line;
    campaign->n_candidates++;
    return DFT_OK;
}

static int compare_names(const void *left, const void *right)
{
    const char (*const *a)[64] = left, (*const *b)[64] = right;
    return strcmp(**a, **b);
}

/* Equal names are neighbours once they are sorted. */
static dft_status refuse_doubles(const reader *to)
{
    const screen_campaign *campaign = to->campaign;
    const size_t n = campaign->n_candidates;
    char (**sorted)[64] = dft_alloc(n, sizeof *sorted);
    dft_status status = DFT_OK;

    if (!sorted)
        return dft_fail(to->err, DFT_ENOMEM, "%s: no memory for %zu candidates", to->path, n);
    for (size_t i = 0; i < n; i++)
        sorted[i] = &campaign->candidate[i];
    qsort(sorted, n, sizeof *sorted, compare_names);
    for (size_t i = 1; i < n && status == DFT_OK; i++)
        if (strcmp(*sorted[i - 1], *sorted[i]) == 0) {
            const ptrdiff_t a = sorted[i - 1] - campaign->candidate, b = sorted[i] - campaign->candidate;
            status = dft_fail(to->err, DFT_EPARSE, "%s:%d: candidate '%s' was already listed on line %d; "
                              "remove one", to->path, campaign->candidate_line[a > b ? a : b], *sorted[i],
                              campaign->candidate_line[a > b ? b : a]);
        }
    free(sorted);
    return status;
}

static dft_status read_candidates(const reader *to, const char *key, const screen_yaml *value)
{
    screen_campaign *campaign = to->campaign;
    dft_status status = DFT_OK;

    if (value->kind == SCREEN_YAML_SCALAR && strcmp(value->text, "all") == 0) {
        campaign->all_candidates = 1;
        return DFT_OK;
    }
    if (value->kind != SCREEN_YAML_SEQUENCE || value->n == 0)
        return dft_fail(to->err, DFT_EPARSE, "%s:%d: '%s' must be a list such as [Cu-111, Ag-111], "
                        "or the word all", to->path, value->line, key);
    campaign->candidate = dft_alloc(value->n, sizeof *campaign->candidate);
    campaign->candidate_line = dft_alloc_ints(value->n);
    if (!campaign->candidate || !campaign->candidate_line)
        return dft_fail(to->err, DFT_ENOMEM, "%s: no memory for %zu candidates", to->path, value->n);
    for (size_t i = 0; i < value->n && status == DFT_OK; i++)
        status = read_candidate(to, value->item[i]);
    return status == DFT_OK ? refuse_doubles(to) : status;
}

static dft_status read_descriptors(const reader *to, const char *key, const screen_yaml *value)
{
    static const char *const known[] = {
        "equation_of_state", "li_binding", "corrugation", "solubility", "alloying", "migration",
        "surface_energy", "formation_energy", "elastic", "dilute_solution",
        "adhesion", "li_atom", "conduction"
    };
    flow_descriptors *wanted = &to->campaign->descriptors;
    int *const flag[] = { &wanted->equation_of_state, &wanted->li_binding, &wanted->corrugation,
                          &wanted->solubility, &wanted->alloying, &wanted->migration,
                          &wanted->surface_energy, &wanted->formation_energy, &wanted->elastic,
                          &wanted->dilute_solution, &wanted->adhesion, &wanted->li_atom,
                          &wanted->conduction };
    const size_t n = sizeof known / sizeof known[0];
    dft_status status = expect(to, key, value, SCREEN_YAML_SEQUENCE);

    *wanted = (flow_descriptors){ .equation_of_state = 0 };
    for (size_t k = 0; k < value->n && status == DFT_OK; k++) {
        size_t i = 0;
        status = expect(to, key, value->item[k], SCREEN_YAML_SCALAR);
        while (status == DFT_OK && i < n && strcmp(known[i], value->item[k]->text) != 0)
            i++;
        if (status == DFT_OK && i == n)
            status = unknown_word(to, "descriptor", value->item[k], n, known);
        else if (status == DFT_OK)
            *flag[i] = 1;
    }
    return status;
}

static dft_status read_weights(const reader *to, const char *key, const screen_yaml *value)
{
    desc_score_weights *w = &to->campaign->weights;
    const char *known[DESC_N_TERMS + 2];
    double *field[DESC_N_TERMS + 2];
    const size_t n = DESC_N_TERMS + 2;
    dft_status status = expect(to, key, value, SCREEN_YAML_MAPPING);

    for (int i = 0; i < DESC_N_TERMS; i++)
        known[i] = desc_term_name(i), field[i] = &w->term[i];
    known[DESC_N_TERMS] = "lithiophilicity", field[DESC_N_TERMS] = &w->axis[0];
    known[DESC_N_TERMS + 1] = "robustness", field[DESC_N_TERMS + 1] = &w->axis[1];
    for (size_t k = 0; k < value->n && status == DFT_OK; k++) {
        size_t i = 0;
        while (i < n && strcmp(known[i], value->key[k]->text) != 0)
            i++;
        if (i == n)
            return unknown_word(to, "weight", value->key[k], n, known);
        status = read_number(to, known[i], value->item[k], field[i]);
        if (status == DFT_OK && *field[i] != 0.0
            && !(*field[i] >= LEAST_WEIGHT && *field[i] <= LARGEST_WEIGHT))
            status = dft_fail(to->err, DFT_EPARSE, "%s:%d: the weight '%s' is %g; give 0, or a number "
                              "from %g to %g: only ratios count", to->path, value->item[k]->line,
                              known[i], *field[i], LEAST_WEIGHT, LARGEST_WEIGHT);
    }
    return status;
}

/* Names are checked where the candidates are known (screen/project.c). */
static dft_status read_refine(const reader *to, const char *key, const screen_yaml *value)
{
    screen_campaign *campaign = to->campaign;
    dft_status status = expect(to, key, value, SCREEN_YAML_SEQUENCE);

    if (status != DFT_OK)
        return status;
    campaign->has_refine = 1;
    campaign->refine = dft_alloc(value->n, sizeof *campaign->refine);
    campaign->refine_line = dft_alloc_ints(value->n);
    if (!campaign->refine || !campaign->refine_line)
        return dft_fail(to->err, DFT_ENOMEM, "%s: no memory for %zu names", to->path, value->n);
    for (size_t i = 0; i < value->n && status == DFT_OK; i++) {
        status = read_text(to, key, value->item[i], campaign->refine[i], sizeof campaign->refine[i]);
        campaign->refine_line[i] = value->item[i]->line;
        campaign->n_refine += status == DFT_OK;
    }
    return status;
}

static dft_status read_jobs(const reader *to, const char *key, const screen_yaml *value)
{
    const dft_status status = read_integer(to, key, value, &to->campaign->jobs);

    if (status == DFT_OK && (to->campaign->jobs < 1 || to->campaign->jobs > 1024))
        return dft_fail(to->err, DFT_EPARSE, "%s:%d: 'jobs' is %d; give 1 to 1024 threads at once",
                        to->path, value->line, to->campaign->jobs);
    return status;
}

static dft_status read_structures(const reader *to, const char *key, const screen_yaml *value)
{
    return read_text(to, key, value, to->campaign->structures, sizeof to->campaign->structures);
}

static const key_entry campaign_keys[] = {
    { "name", read_name },
    { "candidates", read_candidates },
    { "protocol", read_protocol },
    { "descriptors", read_descriptors },
    { "weights", read_weights },
    { "refine", read_refine },
    { "jobs", read_jobs },
    { "structures", read_structures },
};

static dft_status check_complete(const reader *to)
{
    const screen_campaign *campaign = to->campaign;
    const desc_score_weights *w = &campaign->weights;

    if (campaign->name[0] == '\0')
        return dft_fail(to->err, DFT_EPARSE, "%s:1: the key 'name' is missing; add a line such as "
                        "name: quick", to->path);
    if (!campaign->all_candidates && campaign->n_candidates == 0)
        return dft_fail(to->err, DFT_EPARSE, "%s:1: the key 'candidates' is missing; add a list of "
                        "identifiers, or candidates: all", to->path);
    if (desc_weight_of_axis(w, DESC_LITHIOPHILICITY) <= 0.0
        || desc_weight_of_axis(w, DESC_ROBUSTNESS) <= 0.0 || w->axis[0] + w->axis[1] <= 0.0)
        return dft_fail(to->err, DFT_EPARSE, "%s:1: all weights of one score are 0; at least one "
                        "must be positive", to->path);
    return DFT_OK;
}

/* What a parser would only stumble over. */
static dft_status check_file(const char *path, dft_error *err)
{
    struct stat info;

    if (stat(path, &info) != 0)
        return DFT_OK;              /* the reader says why */
    if (S_ISDIR(info.st_mode))
        return dft_fail(err, DFT_ENOFILE, "%s is a directory; give the path of a campaign file (to go "
                        "on with a run: RUN/campaign.yaml --dir=RUN)", path);
    if (!S_ISREG(info.st_mode))     /* a run reads it once more, to keep a copy */
        return dft_fail(err, DFT_ENOFILE, "%s is a pipe or device; write the campaign into a file",
                        path);
    if (info.st_size > LARGEST_CAMPAIGN)
        return dft_fail(err, DFT_EPARSE, "%s: larger than 16 MiB; is it a campaign?", path);
    return DFT_OK;
}

dft_status screen_campaign_read(const char *path, screen_campaign **out, dft_error *err)
{
    screen_yaml *tree = NULL;
    screen_campaign *campaign = NULL;
    dft_status status = check_file(path, err);
    reader to = { path, NULL, err };

    *out = NULL;
    if (status == DFT_OK)
        status = screen_yaml_read(path, &tree, err);
    if (status != DFT_OK)
        return status;
    campaign = dft_alloc(1, sizeof *campaign);
    if (!campaign) {
        screen_yaml_free(tree);
        return dft_fail(err, DFT_ENOMEM, "%s: no memory for the campaign", path);
    }
    campaign->descriptors = (flow_descriptors){ .equation_of_state = 1, .li_binding = 1, .corrugation = 1,
                                                 .solubility = 1, .alloying = 1 };
    campaign->weights = desc_score_weights_default();
    campaign->jobs = 2;
    to.campaign = campaign;
    status = flow_protocol_find("quick", &campaign->protocol, err);
    if (status == DFT_OK)
        status = read_mapping(&to, "the campaign", tree, campaign_keys,
                              sizeof campaign_keys / sizeof campaign_keys[0]);
    if (status == DFT_OK)
        status = check_complete(&to);
    screen_yaml_free(tree);
    if (status != DFT_OK) {
        screen_campaign_free(campaign);
        return status;
    }
    *out = campaign;
    return DFT_OK;
}

void screen_campaign_free(screen_campaign *campaign)
{
    if (!campaign)
        return;
    free(campaign->candidate);
    free(campaign->candidate_line);
    free(campaign->refine);
    free(campaign->refine_line);
    free(campaign);
}
