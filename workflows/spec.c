#include "workflows/spec.h"

#include <math.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/units.h"
#include "dft-lite/crystal/elements.h"
#include "results/provenance.h"
#include "results/record.h"
#include "workflows/kinds.h"

/* ---- the protocol, field by field ---- */

typedef enum { FIELD_TEXT, FIELD_REAL, FIELD_INT } field_kind;

typedef struct {
    const char *name;
    field_kind kind;
    size_t offset, size;
    unsigned group;                 /* 0: of every kind's specification */
} field;

#define OWN_FIELD(group, kind, member) { #member, kind, offsetof(flow_protocol, member), \
                                         sizeof ((flow_protocol *)0)->member, group }
#define FIELD(kind, member) OWN_FIELD(0u, kind, member)

static const field fields[] = {
    FIELD(FIELD_TEXT, name), FIELD(FIELD_TEXT, xc), FIELD(FIELD_TEXT, smearing),
    FIELD(FIELD_REAL, k_spacing_per_ang), FIELD(FIELD_REAL, vacuum_ang),
    FIELD(FIELD_REAL, width_ev), FIELD(FIELD_REAL, energy_tol_ev), FIELD(FIELD_REAL, eos_strain),
    FIELD(FIELD_REAL, height_step_ang), FIELD(FIELD_INT, layers),
    FIELD(FIELD_INT, max_scf_iterations), FIELD(FIELD_INT, eos_points),
    FIELD(FIELD_INT, max_eos_points), FIELD(FIELD_INT, heights), FIELD(FIELD_INT, max_heights),
    OWN_FIELD(FLOW_FIELDS_HOP, FIELD_INT, hop_points),
    OWN_FIELD(FLOW_FIELDS_ELASTIC, FIELD_REAL, elastic_strain),
    OWN_FIELD(FLOW_FIELDS_ELASTIC, FIELD_INT, elastic_relaxed_ions),
    OWN_FIELD(FLOW_FIELDS_IONIC, FIELD_REAL, force_limit_ev_per_ang),
    OWN_FIELD(FLOW_FIELDS_IONIC, FIELD_INT, max_ionic_steps),
    OWN_FIELD(FLOW_FIELDS_ADATOM, FIELD_REAL, adatom_spacing_ang),
    OWN_FIELD(FLOW_FIELDS_SPREAD, FIELD_INT, neb_bands),
    OWN_FIELD(FLOW_FIELDS_SPREAD, FIELD_INT, neb_images),
    OWN_FIELD(FLOW_FIELDS_SOLUTE, FIELD_INT, solute_atoms),
    OWN_FIELD(FLOW_FIELDS_INTERFACE, FIELD_INT, interface_atoms),
    OWN_FIELD(FLOW_FIELDS_INTERFACE, FIELD_REAL, interface_strain_percent),
    OWN_FIELD(FLOW_FIELDS_INTERFACE, FIELD_INT, interface_film_layers),
    OWN_FIELD(FLOW_FIELDS_INTERFACE, FIELD_INT, interface_registries),
    OWN_FIELD(FLOW_FIELDS_INTERFACE, FIELD_INT, relax),
};
#define N_FIELDS (sizeof fields / sizeof fields[0])

/* What a kind does not use is no part of its key: new settings leave old records valid. */
static int has_field(flow_kind kind, const field *f)
{
    return f->group == 0 || (flow_kind_of(kind)->fields & f->group);
}

static json_t *field_json(const flow_protocol *protocol, const field *f)
{
    const char *at = (const char *)protocol + f->offset;

    if (f->kind == FIELD_TEXT)
        return json_string(at);
    if (f->kind == FIELD_INT)
        return json_integer(*(const int *)(const void *)at);
    return json_real(*(const double *)(const void *)at);
}

static int read_field(const json_t *value, const field *f, flow_protocol *protocol)
{
    char *at = (char *)protocol + f->offset;

    if (f->kind == FIELD_TEXT && json_is_string(value))
        snprintf(at, f->size, "%s", json_string_value(value));
    else if (f->kind == FIELD_INT && json_is_integer(value))
        *(int *)(void *)at = (int)json_integer_value(value);
    else if (f->kind == FIELD_REAL && json_is_number(value))
        *(double *)(void *)at = json_number_value(value);
    else
        return 0;
    return 1;
}

static json_t *protocol_json(const flow_spec *spec)
{
    json_t *object = json_object();

    for (size_t i = 0; i < N_FIELDS; i++)
        if (has_field(spec->kind, &fields[i]))
            json_object_set_new(object, fields[i].name, field_json(&spec->protocol, &fields[i]));
    json_object_set_new(object, "ecut_ev", json_real(spec->ecut_ev));
    return object;
}

static json_t *data_sets_json(const flow_data_sets *sets)
{
    json_t *array = json_array();

    for (size_t i = 0; i < sets->n; i++)
        json_array_append_new(array, json_pack("{s:s, s:s, s:s, s:s, s:f}",
                                               "symbol", sets->item[i].symbol,
                                               "choice", sets->item[i].choice,
                                               "name", sets->item[i].set.name,
                                               "sha256", sets->item[i].set.sha256,
                                               "n_valence", sets->item[i].set.n_valence));
    return array;
}

/* ---- writing ---- */

static json_t *upstream_json(const flow_spec *spec)
{
    const flow_kind_entry *kind = flow_kind_of(spec->kind);
    json_t *object = json_object();

    for (size_t i = 0; i < FLOW_MAX_UPSTREAM && kind->upstream[i]; i++)
        json_object_set_new(object, kind->upstream[i], json_string(spec->upstream[i]));
    return object;
}

cand_recipe flow_spec_recipe(const flow_spec *spec)
{
    cand_recipe recipe = { .is_sheet = spec->sheet, .termination = spec->termination,
                           .film_layers = spec->film ? spec->film_layers : 0 };

    memcpy(recipe.miller, spec->miller, sizeof recipe.miller);
    memcpy(recipe.film_miller, spec->film_miller, sizeof recipe.film_miller);
    snprintf(recipe.defect, sizeof recipe.defect, "%s", spec->defect);
    return recipe;
}

const char *flow_spec_upstream(const flow_spec *spec, const char *role)
{
    const flow_kind_entry *kind = flow_kind_of(spec->kind);

    for (size_t i = 0; i < FLOW_MAX_UPSTREAM && kind->upstream[i]; i++)
        if (strcmp(kind->upstream[i], role) == 0)
            return spec->upstream[i];
    return "";
}

/* A coating and a defect are there only where there is one: the keys of bare surfaces are as before. */
static json_t *surface_json(const flow_spec *spec)
{
    json_t *surface = json_pack("{s:[iii], s:i}", "miller", spec->miller[0], spec->miller[1],
                                spec->miller[2], "termination", spec->termination);

    if (spec->film)
        json_object_set_new(surface, "film", json_pack(
            "{s:o, s:[iii], s:i}", "structure", res_structure("film", spec->film, NULL), "miller",
            spec->film_miller[0], spec->film_miller[1], spec->film_miller[2], "layers",
            spec->film_layers));
    if (spec->defect[0])
        json_object_set_new(surface, "defect", json_string(spec->defect));
    return surface;
}

static json_t *build(const flow_spec *spec)
{
    const bool pbc[3] = { true, true, !spec->sheet };
    json_t *root = json_pack("{s:s, s:s, s:s, s:i, s:o, s:o, s:o, s:b, s:f, s:o}",
                             "calculator", spec->calculator,
                             "task_kind", flow_kind_name(spec->kind),
                             "subject", spec->subject,
                             "physics_version", RES_PHYSICS_VERSION,
                             "protocol", protocol_json(spec),
                             "data_sets", data_sets_json(&spec->data_sets),
                             "structure", res_structure("input", spec->structure, pbc),
                             "sheet", spec->sheet,
                             "scan_centre", spec->scan_centre,
                             "upstream", upstream_json(spec));
    if (root && flow_kind_of(spec->kind)->surface)
        json_object_set_new(root, "surface", surface_json(spec));
    if (root && flow_kind_of(spec->kind)->partner)
        json_object_set_new(root, "partner", res_structure("partner", spec->partner, NULL));
    if (root && flow_kind_of(spec->kind)->place)
        json_object_set_new(root, flow_kind_of(spec->kind)->place, json_string(spec->place));
    return root;
}

dft_status flow_spec_write(const flow_spec *spec, char **text, dft_error *err)
{
    json_t *root = build(spec);

    *text = root ? json_dumps(root, JSON_SORT_KEYS | JSON_COMPACT | JSON_REAL_PRECISION(17)) : NULL;
    json_decref(root);
    if (!*text)
        return dft_fail(err, DFT_ENOMEM, "the specification of a task (%s) could not be written: no "
                        "memory, or a text in it is not UTF-8", flow_kind_name(spec->kind));
    return DFT_OK;
}

json_t *flow_spec_json(const char *text)
{
    return json_loads(text, 0, NULL);
}

/* ---- reading ---- */

typedef struct {
    const char *path;
    dft_error *err;
} reader;

static dft_status bad_key(const reader *from, const char *key)
{
    return dft_fail(from->err, DFT_EPARSE, "%s: the task's '%s' is missing or not what it should be; "
                    "remove the file and run the campaign again", from->path, key);
}

static dft_status read_text(const reader *from, const json_t *object, const char *key, char *out,
                            size_t size)
{
    const char *text = json_string_value(json_object_get(object, key));

    if (!text || strlen(text) >= size)
        return bad_key(from, key);
    snprintf(out, size, "%s", text);
    return DFT_OK;
}

static dft_status read_protocol(const reader *from, const json_t *object, flow_spec *out)
{
    const json_t *ecut = json_object_get(object, "ecut_ev");

    for (size_t i = 0; i < N_FIELDS; i++)
        if (has_field(out->kind, &fields[i])
            && !read_field(json_object_get(object, fields[i].name), &fields[i], &out->protocol))
            return bad_key(from, fields[i].name);
    if (!json_is_number(ecut))
        return bad_key(from, "ecut_ev");
    out->ecut_ev = json_number_value(ecut);
    out->protocol.ecut_metal_ev = out->protocol.ecut_o_c_ev = out->ecut_ev;
    return DFT_OK;
}

static dft_status read_data_sets(const reader *from, const json_t *array, flow_data_sets *out)
{
    const size_t n = json_array_size(array);

    if (n == 0 || n > DFT_SYSTEM_MAX_SPECIES)
        return bad_key(from, "data_sets");
    for (size_t i = 0; i < n; i++) {
        const json_t *item = json_array_get(array, i);
        flow_data_set *set = &out->item[i].set;
        if (read_text(from, item, "symbol", out->item[i].symbol, sizeof out->item[i].symbol)
            || read_text(from, item, "choice", out->item[i].choice, sizeof out->item[i].choice)
            || read_text(from, item, "name", set->name, sizeof set->name)
            || read_text(from, item, "sha256", set->sha256, sizeof set->sha256))
            return DFT_EPARSE;
        set->n_valence = json_number_value(json_object_get(item, "n_valence"));
    }
    out->n = n;
    return DFT_OK;
}

static int read_vector(const json_t *array, double out[3])
{
    for (size_t c = 0; c < 3; c++) {
        const json_t *number = json_array_get(array, c);
        if (!json_is_number(number))
            return 0;
        out[c] = json_number_value(number);
    }
    return json_array_size(array) == 3;
}

static int read_atoms(const json_t *species, const json_t *positions, size_t n, int *z,
                      double (*position)[3])
{
    for (size_t i = 0; i < n; i++) {
        const char *symbol = json_string_value(json_array_get(species, i));
        z[i] = symbol ? dft_element_number(symbol) : 0;
        if (z[i] == 0 || !read_vector(json_array_get(positions, i), position[i]))
            return 0;
    }
    return 1;
}

static dft_status read_structure(const reader *from, const json_t *object, dft_crystal **out)
{
    const json_t *species = json_object_get(object, "species");
    const size_t n = json_array_size(species);
    double lattice[3][3];
    int *z = dft_alloc_ints(n);
    double (*position)[3] = dft_alloc(n, sizeof *position);
    dft_status status = DFT_OK;

    if (!z || !position)
        status = dft_fail(from->err, DFT_ENOMEM, "%s: no memory for %zu atoms", from->path, n);
    for (size_t i = 0; i < 3 && status == DFT_OK; i++) {
        if (!read_vector(json_array_get(json_object_get(object, "lattice_ang"), i), lattice[i]))
            status = bad_key(from, "structure: lattice_ang");
        else
            for (size_t c = 0; c < 3; c++)
                lattice[i][c] /= DFT_BOHR_ANG;
    }
    if (status == DFT_OK
        && !read_atoms(species, json_object_get(object, "positions_frac"), n, z, position))
        status = bad_key(from, "structure");
    if (status == DFT_OK)
        status = dft_crystal_create(lattice, n, z, (const double (*)[3])position, out, from->err);
    free(z);
    free(position);
    return status;
}

static int read_miller(const json_t *array, int miller[3])
{
    for (size_t i = 0; i < 3; i++)
        miller[i] = (int)json_integer_value(json_array_get(array, i));
    return json_array_size(array) == 3;
}

static dft_status read_decoration(const reader *from, const json_t *surface, flow_spec *out)
{
    const json_t *film = json_object_get(surface, "film");
    const char *defect = json_string_value(json_object_get(surface, "defect"));

    if (defect)
        snprintf(out->defect, sizeof out->defect, "%s", defect);
    if (!film)
        return DFT_OK;
    out->film_layers = (int)json_integer_value(json_object_get(film, "layers"));
    if (!read_miller(json_object_get(film, "miller"), out->film_miller) || out->film_layers < 1)
        return bad_key(from, "surface: film");
    return read_structure(from, json_object_get(film, "structure"), &out->film);
}

static dft_status read_surface(const reader *from, const json_t *root, flow_spec *out)
{
    const json_t *surface = json_object_get(root, "surface");
    const json_t *miller = json_object_get(surface, "miller");

    if (!flow_kind_of(out->kind)->surface)
        return DFT_OK;
    if (!read_miller(miller, out->miller))
        return bad_key(from, "surface: miller");
    const dft_status status = read_decoration(from, surface, out);
    if (status != DFT_OK)
        return status;
    out->termination = (int)json_integer_value(json_object_get(surface, "termination"));
    return DFT_OK;
}

static dft_status read_upstream(const reader *from, const json_t *root, flow_spec *out)
{
    const flow_kind_entry *kind = flow_kind_of(out->kind);
    const json_t *upstream = json_object_get(root, "upstream");
    dft_status status = DFT_OK;

    for (size_t i = 0; i < FLOW_MAX_UPSTREAM && kind->upstream[i] && status == DFT_OK; i++)
        status = read_text(from, upstream, kind->upstream[i], out->upstream[i],
                           sizeof out->upstream[i]);
    return status;
}

static dft_status read_kind(const reader *from, const json_t *root, flow_spec *out)
{
    char name[16] = "";
    const dft_status status = read_text(from, root, "task_kind", name, sizeof name);

    if (status != DFT_OK)
        return status;
    for (flow_kind kind = 0; kind < FLOW_N_KINDS; kind++) {
        if (strcmp(name, flow_kind_name(kind)) == 0) {
            out->kind = kind;
            return DFT_OK;
        }
    }
    return bad_key(from, "task_kind");
}

static dft_status read_all(const reader *from, const json_t *root, flow_spec *out)
{
    dft_status status = read_kind(from, root, out);

    if (status == DFT_OK)
        status = read_text(from, root, "subject", out->subject, sizeof out->subject);
    if (status == DFT_OK)
        status = read_text(from, root, "calculator", out->calculator, sizeof out->calculator);
    if (status == DFT_OK)
        status = read_protocol(from, json_object_get(root, "protocol"), out);
    if (status == DFT_OK)
        status = read_data_sets(from, json_object_get(root, "data_sets"), &out->data_sets);
    if (status == DFT_OK)
        status = read_surface(from, root, out);
    if (status == DFT_OK && flow_kind_of(out->kind)->partner)
        status = read_structure(from, json_object_get(root, "partner"), &out->partner);
    if (status == DFT_OK && flow_kind_of(out->kind)->place)
        status = read_text(from, root, flow_kind_of(out->kind)->place, out->place, sizeof out->place);
    if (status == DFT_OK)
        status = read_upstream(from, root, out);
    out->sheet = json_is_true(json_object_get(root, "sheet"));
    out->scan_centre = json_number_value(json_object_get(root, "scan_centre"));
    if (status == DFT_OK && !(out->scan_centre > 0.0))
        status = bad_key(from, "scan_centre");
    if (status == DFT_OK)
        status = read_structure(from, json_object_get(root, "structure"), &out->structure);
    return status;
}

dft_status flow_spec_read(const char *path, const char *text, flow_spec *out, dft_error *err)
{
    json_error_t where;
    json_t *root = json_loads(text, 0, &where);
    dft_status status = DFT_OK;

    memset(out, 0, sizeof *out);
    if (!root)
        return dft_fail(err, DFT_EPARSE, "%s:%d: not JSON: %s; remove the file and run the campaign "
                        "again", path, where.line, where.text);
    status = read_all(&(reader){ path, err }, root, out);
    json_decref(root);
    if (status != DFT_OK)
        flow_spec_clear(out);
    return status;
}

dft_status flow_spec_structure(const char *path, const json_t *object, dft_crystal **out, dft_error *err)
{
    *out = NULL;
    return read_structure(&(reader){ path, err }, object, out);
}

void flow_spec_clear(flow_spec *spec)
{
    dft_crystal_free(spec->structure);
    dft_crystal_free(spec->film);
    dft_crystal_free(spec->partner);
    spec->structure = spec->film = spec->partner = NULL;
}

dft_scf_options flow_spec_scf_options(const flow_spec *spec, const double lattice[3][3],
                                      const char *data_path)
{
    const int slab[3] = { 0, 0, spec->sheet || flow_kind_of(spec->kind)->surface };
    dft_scf_options options = flow_protocol_scf_options(&spec->protocol, spec->ecut_ev, lattice,
                                                        slab);

    options.spin = flow_kind_of(spec->kind)->spin;
    if (data_path)
        options.data_path = data_path;
    for (size_t i = 0; i < spec->data_sets.n; i++) {
        dft_data_choice *choice = &options.data[options.n_data];
        if (spec->data_sets.item[i].choice[0] == '\0')
            continue;
        memcpy(choice->symbol, spec->data_sets.item[i].symbol, sizeof choice->symbol);
        memcpy(choice->name, spec->data_sets.item[i].choice, sizeof choice->name);
        options.n_data++;
    }
    return options;
}
