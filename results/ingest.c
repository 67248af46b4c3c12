#include "results/ingest.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "results/observations.h"
#include "results/record.h"
#include "results/text.h"

static dft_status ingest_task(res_writer *writer, const char *key, const json_t *record,
                              dft_error *err)
{
    const char *candidate = json_string_value(json_object_get(record, "candidate"));
    const json_t *timings = json_object_get(record, "timings");
    const json_t *provenance = json_object_get(record, "provenance");
    json_t *results = json_copy(json_object_get(record, "results"));
    dft_status status = DFT_OK;

    if (!results)
        return dft_fail(err, DFT_ENOMEM, "no memory for record %s", key);
    json_object_del(results, "energies");           /* these have tables of their own */
    json_object_del(results, "structures");
    json_t *hop = json_object_get(json_object_get(record, "inputs"), "hop");
    if (json_is_string(hop) && !json_object_get(results, "hop"))
        json_object_set(results, "hop", hop);           /* what they belong to */
    if (*candidate)
        status = res_insert(writer, RES_INTO_CANDIDATE_IDS, err, candidate);
    if (status == DFT_OK)
        status = res_insert(writer, RES_INTO_TASKS, err, key,
                            json_string_value(json_object_get(record, "task_kind")), candidate,
                            json_string_value(json_object_get(record, "status")),
                            json_string_value(json_object_get(record, "reason")),
                            json_object_get(timings, "wall_s"),
                            json_object_get(timings, "peak_rss_MiB"),
                            json_object_get(provenance, "program_version"),
                            json_object_get(provenance, "physics_version"),
                            json_object_get(provenance, "libraries"),
                            json_object_get(json_object_get(record, "inputs"), "protocol"), results);
    json_decref(results);
    return status;
}

static dft_status ingest_data_sets(res_writer *writer, const char *key, const json_t *data_sets,
                                   dft_error *err)
{
    dft_status status = DFT_OK;

    for (size_t i = 0; i < json_array_size(data_sets) && status == DFT_OK; i++) {
        const json_t *set = json_array_get(data_sets, i), *sha = json_object_get(set, "sha256");
        if (!json_is_string(sha))
            continue;
        status = res_insert(writer, RES_INTO_DATA_SETS, err, sha, json_object_get(set, "symbol"),
                            json_object_get(set, "name"));
        if (status == DFT_OK)
            status = res_insert(writer, RES_INTO_TASK_DATA_SETS, err, key, sha);
    }
    return status;
}

/* *id: the new row, or 0 when there is no valid structure. */
static dft_status ingest_structure(res_writer *writer, const char *key, const char *role,
                                   const json_t *structure, sqlite3_int64 *id, dft_error *err)
{
    *id = 0;
    if (!res_structure_is_valid(structure))
        return DFT_OK;
    char *formula = res_structure_formula(structure);
    if (!formula)
        return dft_fail(err, DFT_ENOMEM, "no memory for a structure of record %s", key);
    const json_t *species = json_object_get(structure, "species");
    dft_status status = res_insert(writer, RES_INTO_STRUCTURES, err, key, role,
                                   json_object_get(structure, "label"), formula,
                                   (int)json_array_size(species),
                                   json_object_get(structure, "lattice_ang"), species,
                                   json_object_get(structure, "positions_frac"),
                                   json_object_get(structure, "pbc"));
    if (status == DFT_OK)
        *id = sqlite3_last_insert_rowid(writer->db);
    free(formula);
    return status;
}

static dft_status ingest_energy(res_writer *writer, const char *key, const json_t *energy,
                                sqlite3_int64 input, dft_error *err)
{
    const json_t *own = json_object_get(energy, "structure"), *mesh = json_object_get(energy, "kmesh");
    sqlite3_int64 structure = input;
    char kmesh[80] = "";
    dft_status status = DFT_OK;

    if (json_is_object(own))
        status = ingest_structure(writer, key, "scf", own, &structure, err);
    if (status != DFT_OK)
        return status;
    if (json_array_size(mesh) == 3)
        snprintf(kmesh, sizeof kmesh, "%" JSON_INTEGER_FORMAT "x%" JSON_INTEGER_FORMAT
                 "x%" JSON_INTEGER_FORMAT, json_integer_value(json_array_get(mesh, 0)),
                 json_integer_value(json_array_get(mesh, 1)),
                 json_integer_value(json_array_get(mesh, 2)));
    return res_insert(writer, RES_INTO_ENERGIES, err, key, structure,
                      json_object_get(energy, "label"), json_object_get(energy, "energy_ev"),
                      json_object_get(energy, "free_energy_ev"),
                      json_is_true(json_object_get(energy, "converged")) ? 1 : 0,
                      json_object_get(energy, "scf_iterations"), kmesh,
                      json_object_get(energy, "n_k_irreducible"),
                      json_object_get(energy, "ecut_ev"), json_object_get(energy, "n_atoms"),
                      json_object_get(energy, "wall_s"));
}

dft_status res_ingest_record(res_writer *writer, const char *key, const json_t *record,
                             dft_error *err)
{
    const json_t *inputs = json_object_get(record, "inputs");
    const json_t *results = json_object_get(record, "results");
    const json_t *energies = json_object_get(results, "energies");
    const json_t *structures = json_object_get(results, "structures");
    sqlite3_int64 input = 0, output;

    dft_status status = ingest_task(writer, key, record, err);
    if (status == DFT_OK)
        status = ingest_data_sets(writer, key, json_object_get(inputs, "data_sets"), err);
    if (status == DFT_OK)
        status = ingest_structure(writer, key, "input", json_object_get(inputs, "structure"),
                                  &input, err);
    for (size_t i = 0; i < json_array_size(energies) && status == DFT_OK; i++)
        status = ingest_energy(writer, key, json_array_get(energies, i), input, err);
    for (size_t i = 0; i < json_array_size(structures) && status == DFT_OK; i++)
        status = ingest_structure(writer, key, "output", json_array_get(structures, i), &output,
                                  err);
    return status;
}

dft_status res_ingest_candidates(res_writer *writer, const res_judgement *judgement,
                                 dft_error *err)
{
    dft_status status = DFT_OK;

    for (size_t i = 0; i < judgement->n_candidates && status == DFT_OK; i++) {
        const res_candidate *c = &judgement->candidates[i];
        status = res_insert(writer, RES_INTO_CANDIDATES, err, c->id, c->family, c->formula,
                            c->facet, c->state, c->notes);
        if (status == DFT_EINPUT)
            status = dft_fail(err, DFT_EINPUT, "candidate \"%s\" is given twice", c->id);
    }
    return status;
}

static dft_status ingest_descriptor(res_writer *writer, const res_descriptor *d, dft_error *err)
{
    dft_status status = res_insert(writer, RES_INTO_CANDIDATE_IDS, err, d->candidate);

    if (status == DFT_OK)
        status = res_insert(writer, RES_INTO_DESCRIPTORS, err, d->candidate, d->name, d->value,
                            d->unit, d->origin, d->error_made_of ? d->error : NAN,
                            d->error_made_of, d->converged ? 1 : 0, d->n_planned, d->n_used);
    if (status == DFT_EINPUT)
        return dft_fail(err, DFT_EINPUT, "descriptor %s of %s is given twice", d->name,
                        d->candidate);
    for (size_t i = 0; i < d->n_task_keys && status == DFT_OK; i++) {
        status = res_insert(writer, RES_INTO_DESCRIPTOR_TASKS, err, d->candidate, d->name,
                            d->task_keys[i]);
        if (status == DFT_EINPUT)
            status = dft_fail(err, DFT_EINPUT, "descriptor %s of %s rests on task %s, which has no "
                              "record", d->name, d->candidate, d->task_keys[i]);
    }
    return status;
}

/* "INSERT INTO rankings(rank,...) VALUES(?,...)" from the table of columns. */
static dft_status prepare_ranking(res_writer *writer, sqlite3_stmt **out, dft_error *err)
{
    size_t n;
    const res_column *columns = res_ranked_columns(&n);
    res_text sql = { 0 };
    dft_status status = DFT_OK;

    res_text_add(&sql, "INSERT INTO rankings(");
    for (size_t i = 0; i < n; i++)
        res_text_addf(&sql, "%s%s", i ? "," : "", columns[i].name);
    res_text_add(&sql, ") VALUES(?");
    for (size_t i = 1; i < n; i++)
        res_text_add(&sql, ",?");
    res_text_add(&sql, ")");
    if (sql.failed)
        status = dft_fail(err, DFT_ENOMEM, "no memory to fill the database %s", writer->path);
    else if (sqlite3_prepare_v2(writer->db, sql.data, -1, out, NULL) != SQLITE_OK)
        status = res_fail_sql(err, writer->db, "fill", writer->path);
    res_text_clear(&sql);
    return status;
}

/* Unknown is NULL, but for facet and state, which are part of the row's name and are "" then. */
static int bind_ranked_text(sqlite3_stmt *insert, int i, const res_column *column, const char *text)
{
    const bool names_the_row = strcmp(column->name, "facet") == 0
                               || strcmp(column->name, "state") == 0;

    if (text && *text)
        return sqlite3_bind_text(insert, i, text, -1, SQLITE_TRANSIENT);
    return names_the_row ? sqlite3_bind_text(insert, i, "", 0, SQLITE_STATIC)
                         : sqlite3_bind_null(insert, i);
}

static int bind_ranked_field(sqlite3_stmt *insert, int i, const res_column *column,
                             const res_ranked_row *row)
{
    const void *field = (const char *)row + column->offset;

    switch (column->kind) {
    case RES_TEXT:
        return bind_ranked_text(insert, i, column, *(const char *const *)field);
    case RES_REAL: {
        const double value = *(const double *)field;
        return isfinite(value) ? sqlite3_bind_double(insert, i, value)
                               : sqlite3_bind_null(insert, i);
    }
    case RES_RANK:
        if (*(const int *)field <= 0)
            return sqlite3_bind_null(insert, i);
        return sqlite3_bind_int(insert, i, *(const int *)field);
    case RES_INTEGER:
        return sqlite3_bind_int(insert, i, *(const int *)field);
    case RES_FLAG:
        return sqlite3_bind_int(insert, i, *(const bool *)field ? 1 : 0);
    }
    return SQLITE_MISUSE;
}

static dft_status ingest_ranked_row(res_writer *writer, sqlite3_stmt *insert,
                                    const res_ranked_row *row, dft_error *err)
{
    size_t n;
    const res_column *columns = res_ranked_columns(&n);
    dft_status status = res_insert(writer, RES_INTO_CANDIDATE_IDS, err, row->candidate);
    int code = SQLITE_OK;

    if (status != DFT_OK)
        return status;
    for (size_t i = 0; i < n && code == SQLITE_OK; i++)
        code = bind_ranked_field(insert, (int)i + 1, &columns[i], row);
    if (code == SQLITE_OK)
        code = sqlite3_step(insert);
    if (code != SQLITE_DONE)
        return res_fail_sql(err, writer->db, "fill", writer->path);
    sqlite3_reset(insert);
    return DFT_OK;
}

dft_status res_ingest_judgement(res_writer *writer, const res_judgement *judgement, dft_error *err)
{
    sqlite3_stmt *insert = NULL;
    dft_status status = DFT_OK;

    for (size_t i = 0; i < judgement->n_descriptors && status == DFT_OK; i++)
        status = ingest_descriptor(writer, &judgement->descriptors[i], err);
    if (status == DFT_OK)
        status = prepare_ranking(writer, &insert, err);
    for (size_t i = 0; i < judgement->n_ranking && status == DFT_OK; i++)
        status = ingest_ranked_row(writer, insert, &judgement->ranking[i], err);
    sqlite3_finalize(insert);
    return status;
}

static dft_status ingest_observation(void *user, const res_observation *o, dft_error *err)
{
    res_writer *writer = user;
    dft_status status = res_insert(writer, RES_INTO_CANDIDATE_IDS, err, o->candidate);

    if (status == DFT_OK)
        status = res_insert(writer, RES_INTO_OBSERVATIONS, err, o->file, o->line, o->candidate,
                            o->quantity->name, o->value, o->error, o->quantity->unit,
                            o->current_density_ma_per_cm2, o->capacity_mah_per_cm2,
                            o->stack_pressure_mpa, o->temperature_c, o->source, o->remarks);
    return status;
}

dft_status res_ingest_observations(res_writer *writer, const char *run_dir, dft_error *err)
{
    dft_error why = { DFT_OK, "" };
    const dft_status status = res_observations_each(run_dir, ingest_observation, writer, &why);

    if (status == DFT_OK || status == DFT_EPARSE || status == DFT_ENOFILE)
        return DFT_OK;
    return dft_fail(err, status, "%s", why.message);
}
