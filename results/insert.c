#include "results/insert.h"

#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>

static const struct {
    const char *sql;
    const char *types;
} inserts[RES_N_INTO] = {
    [RES_INTO_META] = { "INSERT INTO meta VALUES(?,?)", "ee" },
    [RES_INTO_CANDIDATES] = { "INSERT INTO candidates VALUES(?,?,?,?,?,?)", "tttttt" },
    [RES_INTO_CANDIDATE_IDS] = { "INSERT OR IGNORE INTO candidates(id) VALUES(?)", "t" },
    [RES_INTO_TASKS] = { "INSERT INTO tasks VALUES(?,?,?,?,?,?,?,?,?,?,?,?)", "tetttnnsnjjj" },
    [RES_INTO_DATA_SETS] = { "INSERT OR IGNORE INTO data_sets VALUES(?,?,?)", "sss" },
    [RES_INTO_TASK_DATA_SETS] = { "INSERT OR IGNORE INTO task_data_sets VALUES(?,?)", "ts" },
    [RES_INTO_STRUCTURES] = { "INSERT INTO structures(task, role, label, formula, n_atoms,"
                              " lattice_ang, species, positions_frac, pbc)"
                              " VALUES(?,?,?,?,?,?,?,?,?)", "ttstijjjj" },
    [RES_INTO_ENERGIES] = { "INSERT INTO energies(task, structure, label, energy_ev,"
                            " free_energy_ev, converged, scf_iterations, kmesh, n_k_irreducible,"
                            " ecut_ev, n_atoms, wall_s) VALUES(?,?,?,?,?,?,?,?,?,?,?,?)",
                            "tlsnnintnnnn" },
    [RES_INTO_DESCRIPTORS] = { "INSERT INTO descriptors VALUES(?,?,?,?,?,?,?,?,?,?)", "ttrttrtiii" },
    [RES_INTO_DESCRIPTOR_TASKS] = { "INSERT OR IGNORE INTO descriptor_tasks VALUES(?,?,?)",
                                    "ttt" },
    [RES_INTO_OBSERVATIONS] = { "INSERT INTO observations VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?)",
                                "tittrrtrrrrtt" },
};

dft_status res_fail_sql(dft_error *err, sqlite3 *db, const char *what, const char *path)
{
    const char *message = sqlite3_errmsg(db), *remedy = "delete it; it is made anew from the records";
    dft_status status = DFT_EINTERNAL;

    switch (sqlite3_errcode(db) & 0xff) {
    case SQLITE_FULL:
        status = DFT_EIO;
        remedy = "free some space and run again; nothing finished is lost";
        break;
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
        status = DFT_EIO;
        remedy = "check free space and permissions, then run again; nothing finished is lost";
        break;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        status = DFT_EIO;
        remedy = "close the other program that writes to it";
        break;
    case SQLITE_NOMEM:
        status = DFT_ENOMEM;
        remedy = "close other programs";
        break;
    case SQLITE_CONSTRAINT:
        status = DFT_EINPUT;
        remedy = "correct the value that the tables refuse";
        break;
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
        status = DFT_EPARSE;
        remedy = "'liscreen rank' moves it aside and makes it anew from the records";
        break;
    default:
        break;
    }
    return dft_fail(err, status, "cannot %s the database %s: %s; %s", what, path, message, remedy);
}

static int bind_text(sqlite3_stmt *statement, int i, const char *text, bool empty_is_null)
{
    if (!text || !*text)
        return empty_is_null ? sqlite3_bind_null(statement, i)
                             : sqlite3_bind_text(statement, i, "", 0, SQLITE_STATIC);
    return sqlite3_bind_text(statement, i, text, -1, SQLITE_TRANSIENT);
}

static int bind_real(sqlite3_stmt *statement, int i, double value)
{
    return isfinite(value) ? sqlite3_bind_double(statement, i, value)
                           : sqlite3_bind_null(statement, i);
}

static int bind_json_number(sqlite3_stmt *statement, int i, const json_t *value)
{
    if (json_is_integer(value))
        return sqlite3_bind_int64(statement, i, json_integer_value(value));
    if (json_is_real(value))
        return bind_real(statement, i, json_real_value(value));
    if (json_is_boolean(value))
        return sqlite3_bind_int(statement, i, json_is_true(value));
    return sqlite3_bind_null(statement, i);
}

static int bind_json(sqlite3_stmt *statement, int i, const json_t *value)
{
    if (!value || json_is_null(value))
        return sqlite3_bind_null(statement, i);
    char *text = json_dumps(value, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY);
    return text ? sqlite3_bind_text(statement, i, text, -1, free) : SQLITE_NOMEM;
}

static int bind_values(sqlite3_stmt *statement, const char *types, va_list values)
{
    int code = SQLITE_OK;

    for (int i = 1; *types && code == SQLITE_OK; types++, i++) {
        switch (*types) {
        case 't': code = bind_text(statement, i, va_arg(values, const char *), true); break;
        case 'e': code = bind_text(statement, i, va_arg(values, const char *), false); break;
        case 'r': code = bind_real(statement, i, va_arg(values, double)); break;
        case 'i': code = sqlite3_bind_int(statement, i, va_arg(values, int)); break;
        case 's':
            code = bind_text(statement, i, json_string_value(va_arg(values, const json_t *)), true);
            break;
        case 'n': code = bind_json_number(statement, i, va_arg(values, const json_t *)); break;
        case 'j': code = bind_json(statement, i, va_arg(values, const json_t *)); break;
        default: {                          /* 'l' */
            const sqlite3_int64 id = va_arg(values, sqlite3_int64);
            code = id ? sqlite3_bind_int64(statement, i, id) : sqlite3_bind_null(statement, i);
            break;
        }
        }
    }
    return code;
}

dft_status res_insert(res_writer *writer, res_into into, dft_error *err, ...)
{
    sqlite3_stmt **statement = &writer->statement[into];
    va_list values;
    int code = SQLITE_OK;

    if (!*statement)
        code = sqlite3_prepare_v2(writer->db, inserts[into].sql, -1, statement, NULL);
    if (code == SQLITE_OK) {
        va_start(values, err);
        code = bind_values(*statement, inserts[into].types, values);
        va_end(values);
    }
    if (code == SQLITE_OK)
        code = sqlite3_step(*statement);
    if (code == SQLITE_DONE) {
        sqlite3_reset(*statement);
        return DFT_OK;
    }
    if (code == SQLITE_NOMEM)
        return dft_fail(err, DFT_ENOMEM, "no memory to fill the database %s", writer->path);
    return res_fail_sql(err, writer->db, "fill", writer->path);
}

dft_status res_writer_close(res_writer *writer, dft_error *err)
{
    dft_status status = DFT_OK;

    for (int i = 0; i < RES_N_INTO; i++) {
        sqlite3_finalize(writer->statement[i]);
        writer->statement[i] = NULL;
    }
    if (writer->db && sqlite3_close(writer->db) != SQLITE_OK)
        status = res_fail_sql(err, writer->db, "close", writer->path);
    writer->db = NULL;
    return status;
}
