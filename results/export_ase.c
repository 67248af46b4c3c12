#include "results/export_ase.h"

#include <math.h>
#include <sqlite3.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/hash.h"
#include "dft-lite/crystal/elements.h"
#include "results/insert.h"
#include "results/record.h"

#define IN_MEMORY "(ase-db, in memory)"

static const char schema[] =
    "CREATE TABLE systems (id INTEGER PRIMARY KEY AUTOINCREMENT, unique_id TEXT UNIQUE, ctime REAL,"
    " mtime REAL, username TEXT, numbers BLOB, positions BLOB, cell BLOB, pbc INTEGER,"
    " initial_magmoms BLOB, initial_charges BLOB, masses BLOB, tags BLOB, momenta BLOB,"
    " constraints TEXT, calculator TEXT, calculator_parameters TEXT, energy REAL, free_energy REAL,"
    " forces BLOB, stress BLOB, dipole BLOB, magmoms BLOB, magmom REAL, charges BLOB,"
    " key_value_pairs TEXT, data BLOB, natoms INTEGER, fmax REAL, smax REAL, volume REAL, mass REAL,"
    " charge REAL);"
    "CREATE TABLE species (Z INTEGER, n INTEGER, id INTEGER, FOREIGN KEY (id) REFERENCES systems(id));"
    "CREATE TABLE keys (key TEXT, id INTEGER, FOREIGN KEY (id) REFERENCES systems(id));"
    "CREATE TABLE text_key_values (key TEXT, value TEXT, id INTEGER,"
    " FOREIGN KEY (id) REFERENCES systems(id));"
    "CREATE TABLE number_key_values (key TEXT, value REAL, id INTEGER,"
    " FOREIGN KEY (id) REFERENCES systems(id));"
    "CREATE TABLE information (name TEXT, value TEXT);"
    "INSERT INTO information VALUES ('version', '9');"
    "CREATE INDEX unique_id_index ON systems(unique_id);"
    "CREATE INDEX ctime_index ON systems(ctime);"
    "CREATE INDEX username_index ON systems(username);"
    "CREATE INDEX calculator_index ON systems(calculator);"
    "CREATE INDEX species_index ON species(Z);"
    "CREATE INDEX key_index ON keys(key);"
    "CREATE INDEX text_index ON text_key_values(key);"
    "CREATE INDEX number_index ON number_key_values(key);"
    "BEGIN;";

typedef struct {
    sqlite3 *db;                    /* owned */
    sqlite3_stmt *system, *species, *key, *text, *number;       /* owned */
    size_t n;
} ase_db;

/* ---- one structure ---- */

typedef struct {
    size_t n;
    int32_t *z;                     /* owned, [n] */
    double *position;               /* owned, [n][3], Angstrom */
    double cell[9], volume, mass;   /* Angstrom, A^3, u */
    int pbc;                        /* bits: a 1, b 2, c 4 */
} frame;

static double number_at(const json_t *rows, size_t i, size_t c)
{
    return json_number_value(json_array_get(json_array_get(rows, i), c));
}

static int frame_read(const json_t *structure, frame *f)
{
    const json_t *lattice = json_object_get(structure, "lattice_ang");
    const json_t *species = json_object_get(structure, "species");
    const json_t *positions = json_object_get(structure, "positions_frac");
    const json_t *pbc = json_object_get(structure, "pbc");

    f->n = json_array_size(species);
    f->z = dft_alloc(f->n, sizeof *f->z);
    f->position = dft_alloc_doubles(3 * f->n);
    if (!f->z || !f->position)
        return 0;
    for (size_t k = 0; k < 9; k++)
        f->cell[k] = number_at(lattice, k / 3, k % 3);
    for (size_t a = 0; a < f->n; a++) {
        f->z[a] = dft_element_number(json_string_value(json_array_get(species, a)));
        f->mass += dft_element_mass_u(f->z[a]);
        for (size_t c = 0; c < 3; c++)
            for (size_t i = 0; i < 3; i++)
                f->position[3 * a + c] += number_at(positions, a, i) * f->cell[3 * i + c];
    }
    f->pbc = 0;
    for (size_t i = 0; i < 3; i++)
        f->pbc |= json_is_false(json_array_get(pbc, i)) ? 0 : 1 << i;
    const double *a = f->cell;
    f->volume = fabs(a[0] * (a[4] * a[8] - a[5] * a[7]) - a[1] * (a[3] * a[8] - a[5] * a[6])
                     + a[2] * (a[3] * a[7] - a[4] * a[6]));
    return 1;
}

static void frame_clear(frame *f)
{
    free(f->z);
    free(f->position);
}

/* ---- rows ---- */

static int step(sqlite3_stmt *statement)
{
    const int code = sqlite3_step(statement);

    sqlite3_reset(statement);
    return code == SQLITE_DONE;
}

/* Number of atoms of each element. */
static int add_species(ase_db *out, const frame *f, sqlite3_int64 id)
{
    int good = 1;

    for (size_t a = 0; a < f->n && good; a++) {
        int count = 0, before = 0;
        for (size_t b = 0; b < f->n; b++) {
            count += f->z[b] == f->z[a];
            before += b < a && f->z[b] == f->z[a];
        }
        if (before)
            continue;
        sqlite3_bind_int(out->species, 1, f->z[a]);
        sqlite3_bind_int(out->species, 2, count);
        sqlite3_bind_int64(out->species, 3, id);
        good = step(out->species);
    }
    return good;
}

static int add_pairs(ase_db *out, json_t *pairs, sqlite3_int64 id)
{
    const char *key;
    json_t *value;
    int good = 1;

    json_object_foreach(pairs, key, value) {
        sqlite3_stmt *into = json_is_string(value) ? out->text : out->number;
        sqlite3_bind_text(into, 1, key, -1, SQLITE_STATIC);
        if (json_is_string(value))
            sqlite3_bind_text(into, 2, json_string_value(value), -1, SQLITE_STATIC);
        else
            sqlite3_bind_double(into, 2, json_number_value(value));
        sqlite3_bind_int64(into, 3, id);
        sqlite3_bind_text(out->key, 1, key, -1, SQLITE_STATIC);
        sqlite3_bind_int64(out->key, 2, id);
        good &= step(into) && step(out->key);
    }
    return good;
}

static void add_pair(json_t *pairs, const char *key, const json_t *value)
{
    if ((json_is_string(value) && json_string_length(value)) || json_is_number(value))
        json_object_set(pairs, key, (json_t *)value);
}

static json_t *pairs_of(const char *key, const json_t *record, const json_t *energy)
{
    const json_t *mesh = json_object_get(energy, "kmesh");
    const json_t *protocol = json_object_get(json_object_get(record, "inputs"), "protocol");
    json_t *pairs = json_pack("{s:s, s:i}", "record_key", key, "converged",
                              json_is_true(json_object_get(energy, "converged")) ? 1 : 0);
    char kmesh[80];

    add_pair(pairs, "candidate", json_object_get(record, "candidate"));
    add_pair(pairs, "task_kind", json_object_get(record, "task_kind"));
    add_pair(pairs, "label", json_object_get(energy, "label"));
    add_pair(pairs, "ecut_ev", json_object_get(energy, "ecut_ev"));
    add_pair(pairs, "protocol", json_object_get(protocol, "name"));
    if (json_array_size(mesh) == 3) {
        snprintf(kmesh, sizeof kmesh, "%gx%gx%g", json_number_value(json_array_get(mesh, 0)),
                 json_number_value(json_array_get(mesh, 1)),
                 json_number_value(json_array_get(mesh, 2)));
        json_object_set_new(pairs, "kmesh", json_string(kmesh));
    }
    return pairs;
}

static void bind_optional(sqlite3_stmt *statement, int i, const json_t *value)
{
    if (json_is_number(value))
        sqlite3_bind_double(statement, i, json_number_value(value));
    else
        sqlite3_bind_null(statement, i);
}

static int add_row(ase_db *out, const char *key, const json_t *record, const json_t *energy, size_t i,
                   const frame *f)
{
    char name[RES_KEY_MAX + 32], hash[65];
    sqlite3_stmt *s = out->system;
    json_t *pairs = pairs_of(key, record, energy);
    char *text = json_dumps(pairs, JSON_COMPACT);

    snprintf(name, sizeof name, "%s/%zu", key, i);
    dft_sha256_hex(name, strlen(name), hash);
    hash[32] = '\0';
    sqlite3_bind_text(s, 1, hash, -1, SQLITE_STATIC);
    sqlite3_bind_blob(s, 2, f->z, (int)(f->n * sizeof *f->z), SQLITE_STATIC);
    sqlite3_bind_blob(s, 3, f->position, (int)(3 * f->n * sizeof *f->position), SQLITE_STATIC);
    sqlite3_bind_blob(s, 4, f->cell, sizeof f->cell, SQLITE_STATIC);
    sqlite3_bind_int(s, 5, f->pbc);
    bind_optional(s, 6, json_object_get(energy, "energy_ev"));
    bind_optional(s, 7, json_object_get(energy, "free_energy_ev"));
    sqlite3_bind_text(s, 8, text, -1, SQLITE_STATIC);
    sqlite3_bind_int64(s, 9, (sqlite3_int64)f->n);
    sqlite3_bind_double(s, 10, f->volume);
    sqlite3_bind_double(s, 11, f->mass);
    int good = text && step(s);
    const sqlite3_int64 id = sqlite3_last_insert_rowid(out->db);
    good = good && add_species(out, f, id) && add_pairs(out, pairs, id);
    free(text);
    json_decref(pairs);
    return good;
}

static dft_status add_energy(ase_db *out, const char *key, const json_t *record, const json_t *energy,
                             size_t i, dft_error *err)
{
    const json_t *structure = json_object_get(energy, "structure");
    frame f = { 0 };
    dft_status status = DFT_OK;

    if (!json_is_object(structure))
        structure = json_object_get(json_object_get(record, "inputs"), "structure");
    if (!json_is_number(json_object_get(energy, "energy_ev")) || !res_structure_is_valid(structure))
        return DFT_OK;
    if (!frame_read(structure, &f))
        status = dft_fail(err, DFT_ENOMEM, "no memory to export record %s", key);
    else if (!add_row(out, key, record, energy, i, &f))
        status = res_fail_sql(err, out->db, "fill", IN_MEMORY);
    frame_clear(&f);
    out->n++;
    return status;
}

static dft_status add_record(void *user, const char *key, const json_t *record, dft_error *err)
{
    const json_t *energies = json_object_get(json_object_get(record, "results"), "energies");
    dft_status status = DFT_OK;

    for (size_t i = 0; i < json_array_size(energies) && status == DFT_OK; i++)
        status = add_energy(user, key, record, json_array_get(energies, i), i, err);
    return status;
}

/* ---- the database ---- */

static dft_status open_db(ase_db *out, dft_error *err)
{
    const struct { sqlite3_stmt **statement; const char *sql; } statements[] = {
        { &out->system, "INSERT INTO systems(unique_id, ctime, mtime, username, numbers, positions, "
                        "cell, pbc, calculator, calculator_parameters, energy, free_energy, "
                        "key_value_pairs, data, natoms, volume, mass, charge) VALUES(?1, 0.0, 0.0, "
                        "'liscreen', ?2, ?3, ?4, ?5, 'dft-lite', '{}', ?6, ?7, ?8, '{}', ?9, ?10, "
                        "?11, 0.0)" },
        { &out->species, "INSERT INTO species VALUES(?1, ?2, ?3)" },
        { &out->key, "INSERT INTO keys VALUES(?1, ?2)" },
        { &out->text, "INSERT INTO text_key_values VALUES(?1, ?2, ?3)" },
        { &out->number, "INSERT INTO number_key_values VALUES(?1, ?2, ?3)" },
    };
    int good = sqlite3_open(":memory:", &out->db) == SQLITE_OK
               && sqlite3_exec(out->db, schema, NULL, NULL, NULL) == SQLITE_OK;

    for (size_t i = 0; i < sizeof statements / sizeof statements[0] && good; i++)
        good = sqlite3_prepare_v2(out->db, statements[i].sql, -1, statements[i].statement, NULL)
               == SQLITE_OK;
    return good ? DFT_OK : res_fail_sql(err, out->db, "make", IN_MEMORY);
}

static dft_status take_bytes(ase_db *out, res_text *bytes, dft_error *err)
{
    sqlite3_int64 n = 0;

    if (sqlite3_exec(out->db, "COMMIT", NULL, NULL, NULL) != SQLITE_OK)
        return res_fail_sql(err, out->db, "fill", IN_MEMORY);
    unsigned char *data = sqlite3_serialize(out->db, "main", &n, 0);
    if (data)
        res_text_add_bytes(bytes, (const char *)data, (size_t)n);
    sqlite3_free(data);
    return data && !bytes->failed ? DFT_OK
        : dft_fail(err, DFT_ENOMEM, "no memory for a database of %zu structures", out->n);
}

dft_status res_ase_bytes(const char *run_dir, res_text *bytes, dft_error *err)
{
    ase_db out = { 0 };
    const res_record_visitor visitor = { &out, add_record, NULL };
    dft_status status = open_db(&out, err);

    if (status == DFT_OK)
        status = res_record_each(run_dir, &visitor, err);
    if (status == DFT_OK && out.n == 0)
        status = dft_fail(err, DFT_ENOFILE, "no record in %s/records holds a structure with an energy; "
                          "run the campaign first", run_dir);
    if (status == DFT_OK)
        status = take_bytes(&out, bytes, err);
    sqlite3_finalize(out.system);
    sqlite3_finalize(out.species);
    sqlite3_finalize(out.key);
    sqlite3_finalize(out.text);
    sqlite3_finalize(out.number);
    sqlite3_close(out.db);
    return status;
}
