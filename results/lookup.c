#include "results/lookup.h"

#include <sqlite3.h>
#include <stdlib.h>

#include "dft-lite/base/file.h"
#include "results/database.h"

static bool is_ours(sqlite3 *db)
{
    sqlite3_stmt *query = NULL;
    const bool ours = sqlite3_prepare_v2(db, "PRAGMA application_id", -1, &query, NULL) == SQLITE_OK
                      && sqlite3_step(query) == SQLITE_ROW
                      && sqlite3_column_int(query, 0) == RES_APPLICATION_ID;
    sqlite3_finalize(query);
    return ours;
}

static bool ask(sqlite3 *db, const char *candidate, int *rank)
{
    sqlite3_stmt *query = NULL;
    int code = sqlite3_prepare_v2(db, "SELECT rank FROM rankings WHERE candidate = ? AND rank > 0", -1,
                                  &query, NULL);

    if (code == SQLITE_OK)
        code = sqlite3_bind_text(query, 1, candidate, -1, SQLITE_STATIC);
    if (code == SQLITE_OK)
        code = sqlite3_step(query);
    *rank = code == SQLITE_ROW ? sqlite3_column_int(query, 0) : 0;
    sqlite3_finalize(query);
    return code == SQLITE_ROW || code == SQLITE_DONE;
}

bool res_lookup_rank(const char *run_dir, const char *candidate, int *rank)
{
    char *path = dft_path_join(run_dir, RES_DATABASE_NAME);
    sqlite3 *db = NULL;

    *rank = 0;
    const bool told = path && sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK
                      && is_ours(db) && ask(db, candidate, rank);
    sqlite3_close(db);
    free(path);
    return told;
}
