#include "results/index.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/file.h"
#include "results/database.h"
#include "results/record.h"
#include "results/text.h"

#define HEADER "liscreen-records-index 1\n"
#define MOST_WASTE 4                /* lines for each record before the file is begun anew */

typedef struct {
    res_index_entry seen;           /* key and reason: owned where it says so, else in text */
    int64_t mtime_ns, size;         /* of the file; size -1: any, from the database */
    bool present;                   /* its file is there now, and unchanged */
    bool owns_key, owns_reason;
} entry;

struct res_index {
    char *text;                     /* owned: RES_INDEX_NAME, taken apart */
    entry *entry;                   /* owned, [n] */
    size_t n, room, n_present, n_read, n_lines;
    size_t *slot;                   /* owned, [n_slots], a power of 2: entry + 1, 0 when free */
    size_t n_slots;
    entry **present;                /* owned, [n_present], into entry */
};

static const char *const names[] = { "done", "failed", "unconverged", "damaged" };

/* ---- a hash table of the keys (FNV-1a, open addressing) ---- */

static size_t hash(const char *key)
{
    uint64_t h = 14695981039346656037u;

    for (; *key; key++)
        h = (h ^ (unsigned char)*key) * 1099511628211u;
    return (size_t)(h ^ h >> 32);
}

static size_t slot_of(const res_index *index, const char *key)
{
    size_t s = hash(key) & (index->n_slots - 1);

    while (index->slot[s] && strcmp(index->entry[index->slot[s] - 1].seen.key, key) != 0)
        s = (s + 1) & (index->n_slots - 1);
    return s;
}

static bool grow(res_index *index, size_t room)
{
    size_t n_slots = 1024;

    while (n_slots < 2 * room)
        n_slots *= 2;
    entry *entries = dft_alloc(room, sizeof *entries);
    size_t *slots = dft_alloc_sizes(n_slots);

    if (!entries || !slots) {
        free(entries);
        free(slots);
        return false;
    }
    if (index->n)
        memcpy(entries, index->entry, index->n * sizeof *entries);
    free(index->entry);
    free(index->slot);
    index->entry = entries;
    index->room = room;
    index->slot = slots;
    index->n_slots = n_slots;
    for (size_t i = 0; i < index->n; i++)
        slots[slot_of(index, entries[i].seen.key)] = i + 1;
    return true;
}

/* The entry of a key, made when it is new (copied if `copy`); NULL when memory is refused. */
static entry *entry_of(res_index *index, const char *key, bool copy)
{
    if (index->n == index->room && !grow(index, 2 * index->room + 256))
        return NULL;
    const size_t s = slot_of(index, key);
    if (index->slot[s])
        return &index->entry[index->slot[s] - 1];
    entry *new_one = &index->entry[index->n];
    *new_one = (entry){ .seen = { .key = copy ? dft_strdup(key) : key, .wall_s = NAN },
                        .owns_key = copy };
    if (!new_one->seen.key)
        return NULL;
    index->slot[s] = ++index->n;
    return new_one;
}

static bool set(entry *e, res_index_outcome outcome, double wall_s, const char *reason, bool copy,
                int64_t mtime_ns, int64_t size)
{
    if (e->owns_reason)
        free((char *)e->seen.reason);
    e->owns_reason = copy;
    e->seen.outcome = outcome;
    e->seen.wall_s = wall_s;
    e->seen.reason = copy ? dft_strdup(reason) : reason;
    e->mtime_ns = mtime_ns;
    e->size = size;
    return e->seen.reason != NULL;
}

/* ---- what is known already ---- */

static int outcome_number(const char *name)
{
    for (int i = 0; i < 4; i++)
        if (strcmp(name, names[i]) == 0)
            return i;
    return -1;
}

/* Takes one line apart in place; a line that is not whole is passed over. */
static bool take_line(res_index *index, char *line)
{
    char *field[6] = { line }, *end;
    int n = 1;

    for (char *c = line; *c && n < 6; c++)
        if (*c == '\t') {
            *c = '\0';
            field[n++] = c + 1;
        }
    const int outcome = n == 6 && !strchr(field[5], '\t') ? outcome_number(field[1]) : -1;
    if (outcome < 0)
        return true;
    const int64_t mtime_ns = strtoll(field[2], &end, 10);
    if (*end)
        return true;
    const int64_t size = strtoll(field[3], &end, 10);
    if (*end)
        return true;
    entry *e = entry_of(index, field[0], false);
    return e && set(e, (res_index_outcome)outcome, strtod(field[4], NULL), field[5], false, mtime_ns,
                    size);
}

static char *whole_file(const char *path, size_t *size)
{
    struct stat about;
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    char *text = NULL;

    *size = 0;
    if (fd < 0)
        return NULL;
    if (fstat(fd, &about) == 0 && S_ISREG(about.st_mode))
        text = malloc((size_t)about.st_size + 1);
    if (text) {
        const ssize_t n = read(fd, text, (size_t)about.st_size);
        *size = n > 0 ? (size_t)n : 0;
        text[*size] = '\0';
    }
    close(fd);
    return text;
}

/* false: memory was refused. */
static bool take_file(res_index *index, const char *path, bool *found)
{
    size_t size;
    char *text = index->text = whole_file(path, &size);
    bool good = true;

    *found = text && strncmp(text, HEADER, strlen(HEADER)) == 0;
    if (*found && !grow(index, size / 80 + 256))
        return false;
    char *line = *found ? text + strlen(HEADER) : NULL;
    while (line && *line && good) {
        char *end = strchr(line, '\n');
        if (!end)
            break;                          /* cut short */
        *end = '\0';
        good = take_line(index, line);
        index->n_lines++;
        line = end + 1;
    }
    return good;
}

/* From the tables, through the index tasks_outcome alone; any trouble with them means no help. */
static bool take_database(res_index *index, const char *path)
{
    struct stat about;
    sqlite3 *db = NULL;
    sqlite3_stmt *query = NULL;
    bool good = true;

    if (stat(path, &about) != 0 || res_database_check(path, NULL, NULL) != DFT_OK)
        return true;
    const int64_t mtime_ns = about.st_mtim.tv_sec * INT64_C(1000000000) + about.st_mtim.tv_nsec;
    if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK
        && sqlite3_prepare_v2(db, "SELECT key, status, wall_s, reason FROM tasks", -1, &query, NULL)
           == SQLITE_OK)
        while (good && sqlite3_step(query) == SQLITE_ROW) {
            const char *status = (const char *)sqlite3_column_text(query, 1);
            const char *reason = (const char *)sqlite3_column_text(query, 3);
            const int outcome = outcome_number(status ? status : "");
            entry *e = entry_of(index, (const char *)sqlite3_column_text(query, 0),
                                true);
            good = e && (outcome < 0 || set(e, (res_index_outcome)outcome,
                                            sqlite3_column_type(query, 2) == SQLITE_NULL
                                                ? NAN : sqlite3_column_double(query, 2),
                                            reason ? reason : "", true, mtime_ns, -1));
        }
    sqlite3_finalize(query);
    sqlite3_close(db);
    return good;
}

/* ---- what is there now ---- */

static bool is_same(const entry *e, int64_t mtime_ns, int64_t size)
{
    if (!e->seen.reason)
        return false;
    return e->size < 0 ? mtime_ns < e->mtime_ns : mtime_ns == e->mtime_ns && size == e->size;
}

/* Line ends and tabs would break the file's lines. */
static void flatten(char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < ' ')
            *text = ' ';
}

static bool read_record(const char *run_dir, entry *e, int64_t mtime_ns, int64_t size)
{
    json_t *record = NULL;
    dft_error why = { DFT_OK, "" };
    res_index_outcome outcome = RES_INDEX_DAMAGED;
    double wall_s = NAN;
    char reason[512];

    if (res_record_read(run_dir, e->seen.key, &record, &why) == DFT_OK) {
        const json_t *wall = json_object_get(json_object_get(record, "timings"), "wall_s");
        const char *said = json_string_value(json_object_get(record, "reason"));
        const int number = outcome_number(json_string_value(json_object_get(record, "status")));
        outcome = number < 0 ? RES_INDEX_DAMAGED : (res_index_outcome)number;
        if (json_is_number(wall))
            wall_s = json_number_value(wall);
        snprintf(reason, sizeof reason, "%.511s", said ? said : "");
    } else {
        snprintf(reason, sizeof reason, "%.511s", why.message);
    }
    json_decref(record);
    flatten(reason);
    return set(e, outcome, wall_s, reason, true, mtime_ns, size);
}

static void add_line(res_text *lines, const entry *e)
{
    res_text_addf(lines, "%s\t%s\t%lld\t%lld\t%.6g\t%s\n", e->seen.key, names[e->seen.outcome],
                  (long long)e->mtime_ns, (long long)e->size, e->seen.wall_s, e->seen.reason);
}

/* Compares a file with what was seen of it, and reads it where that is not so. */
static bool check_file(res_index *index, const char *run_dir, int directory, const char *file,
                       entry *e, res_text *lines)
{
    struct stat about;

    if (fstatat(directory, file, &about, 0) != 0) {
        e->present = false;
        index->n_present--;
        return true;
    }
    const int64_t mtime_ns = about.st_mtim.tv_sec * INT64_C(1000000000) + about.st_mtim.tv_nsec;
    const bool same = is_same(e, mtime_ns, about.st_size), from_database = e->size < 0;
    if (!same) {
        index->n_read++;
        if (!read_record(run_dir, e, mtime_ns, about.st_size))
            return false;
    }
    e->mtime_ns = mtime_ns;
    e->size = about.st_size;
    if (!same || from_database) {
        if (e->owns_reason)
            flatten((char *)e->seen.reason);
        add_line(lines, e);
    }
    return true;
}

/* One name of records/. */
static bool take_record(res_index *index, const char *run_dir, int directory, char *name,
                        res_text *lines)
{
    char file[RES_KEY_MAX + 8];
    const size_t n = strlen(name);

    if (name[0] == '.' || n <= 5 || n >= sizeof file || strcmp(name + n - 5, ".json") != 0)
        return true;
    memcpy(file, name, n + 1);
    name[n - 5] = '\0';
    entry *e = entry_of(index, name, true);
    if (!e)
        return false;
    e->present = true;
    index->n_present++;
    if (e->seen.reason && e->size >= 0 && e->seen.outcome == RES_INDEX_DONE
        && index->n > RES_INDEX_TRUSTING)
        return true;
    return check_file(index, run_dir, directory, file, e, lines);
}

static bool take_records(res_index *index, const char *run_dir, DIR *directory, res_text *lines)
{
    bool good = true;

    for (struct dirent *item = readdir(directory); item && good; item = readdir(directory))
        good = take_record(index, run_dir, dirfd(directory), item->d_name, lines);
    index->present = good ? dft_alloc(index->n_present, sizeof *index->present) : NULL;
    if (!good || (index->n_present && !index->present))
        return false;
    size_t k = 0;
    for (size_t i = 0; i < index->n; i++)
        if (index->entry[i].present)
            index->present[k++] = &index->entry[i];
    return true;
}

/* ---- keeping it ---- */

/* A line that two processes add is there twice, which does no harm; a failure costs time only. */
static void keep(res_index *index, const char *path, bool found, res_text *lines)
{
    const bool anew = !found || index->n_lines > MOST_WASTE * index->n_present + 1000;
    res_text all = { 0 };

    if (!anew && lines->length) {
        const int fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);
        if (fd >= 0) {
            if (write(fd, lines->data, lines->length) < 0)
                index->n_lines = 0;         /* nothing to be done about it */
            close(fd);
        }
    }
    if (!anew || !index->n_present)
        return;
    res_text_add(&all, HEADER);
    for (size_t i = 0; i < index->n_present; i++)
        add_line(&all, index->present[i]);
    if (!all.failed)
        dft_file_write(path, all.data, all.length, NULL);
    res_text_clear(&all);
}

static dft_status fill(res_index *index, const char *run_dir, const char *path,
                       const char *database, DIR *directory, dft_error *err)
{
    bool found = false;
    res_text lines = { 0 };
    bool good = take_file(index, path, &found);

    if (good && !found)
        good = take_database(index, database);
    if (good)
        good = take_records(index, run_dir, directory, &lines);
    if (good && !lines.failed)
        keep(index, path, found, &lines);
    res_text_clear(&lines);
    return good ? DFT_OK : dft_fail(err, DFT_ENOMEM, "no memory for the outcomes of %s", run_dir);
}

dft_status res_index_read(const char *run_dir, res_index **out, dft_error *err)
{
    char *path = dft_path_join(run_dir, RES_INDEX_NAME), *records = dft_path_join(run_dir, "records");
    char *database = dft_path_join(run_dir, RES_DATABASE_NAME);
    res_index *index = dft_alloc(1, sizeof *index);
    dft_status status = DFT_OK;

    *out = NULL;
    if (!path || !records || !database || !index)
        status = dft_fail(err, DFT_ENOMEM, "no memory for the outcomes of %s", run_dir);
    DIR *directory = status == DFT_OK ? opendir(records) : NULL;
    if (status == DFT_OK && !directory && errno != ENOENT)
        status = dft_fail(err, DFT_ENOFILE, "cannot read the directory %s: %s", records,
                          strerror(errno));
    if (directory) {
        status = fill(index, run_dir, path, database, directory, err);
        closedir(directory);
    }
    free(path);
    free(records);
    free(database);
    if (status == DFT_OK)
        *out = index;
    else
        res_index_free(index);
    return status;
}

void res_index_free(res_index *index)
{
    if (!index)
        return;
    for (size_t i = 0; i < index->n; i++) {
        if (index->entry[i].owns_key)
            free((char *)index->entry[i].seen.key);
        if (index->entry[i].owns_reason)
            free((char *)index->entry[i].seen.reason);
    }
    free(index->text);
    free(index->entry);
    free(index->slot);
    free(index->present);
    free(index);
}

size_t res_index_size(const res_index *index)
{
    return index->n_present;
}

size_t res_index_n_read(const res_index *index)
{
    return index->n_read;
}

const res_index_entry *res_index_find(const res_index *index, const char *key)
{
    const size_t s = index->n ? slot_of(index, key) : 0;
    const entry *e = index->n && index->slot[s] ? &index->entry[index->slot[s] - 1] : NULL;

    return e && e->present ? &e->seen : NULL;
}

const res_index_entry *res_index_at(const res_index *index, size_t i)
{
    return &index->present[i]->seen;
}
