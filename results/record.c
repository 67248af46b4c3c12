#include "results/record.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/file.h"
#include "dft-lite/base/hash.h"
#include "results/aside.h"

#define CHECKSUM "checksum"
#define FIRST_SEALED_VERSION 2
#define DUMP_FLAGS (JSON_SORT_KEYS | JSON_REAL_PRECISION(17))   /* reads back bit for bit */

static const char *const outcome_names[] = { "done", "failed", "unconverged" };

const char *res_outcome_name(res_outcome outcome)
{
    return outcome_names[outcome];
}

static bool key_is_good(const char *key)
{
    const size_t length = strlen(key);

    if (length == 0 || length > RES_KEY_MAX || key[0] == '.')
        return false;
    for (size_t i = 0; i < length; i++)
        if (!isalnum((unsigned char)key[i]) && !strchr("-_.", key[i]))
            return false;
    return true;
}

static dft_status key_check(const char *key, dft_error *err)
{
    if (key_is_good(key))
        return DFT_OK;
    return dft_fail(err, DFT_EINPUT, "record key \"%.140s\": 1 to %d letters, digits, '-', '_' and "
                    "'.' are allowed, and no '.' at the start", key, RES_KEY_MAX);
}

/* "run_dir/records/key.json", owned by the caller; NULL when memory is refused. */
static char *record_path(const char *run_dir, const char *key)
{
    char name[RES_KEY_MAX + 16] = "records/";

    strcat(strcat(name, key), ".json");
    return dft_path_join(run_dir, name);
}

/* NULL, or what keeps `record` from being a valid record of `key`. */
static const char *record_fault(const json_t *record, const char *key)
{
    static const char *const texts[] = { "key", "task_kind", "candidate", "status", "reason" };
    static const char *const objects[] = { "inputs", "results", "provenance", "timings" };
    const char *format = json_string_value(json_object_get(record, "format"));
    const json_t *version = json_object_get(record, "format_version");

    if (!format || strcmp(format, RES_RECORD_FORMAT) != 0)
        return "it does not have the format \"" RES_RECORD_FORMAT "\"";
    if (!json_is_integer(version) || json_integer_value(version) < 1)
        return "its format_version is not a positive integer";
    if (json_integer_value(version) > RES_RECORD_VERSION)
        return "its format_version is newer than this program";
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (!json_is_string(json_object_get(record, texts[i])))
            return "one of key, task_kind, candidate, status, reason is missing or not a text";
    for (size_t i = 0; i < sizeof objects / sizeof objects[0]; i++)
        if (!json_is_object(json_object_get(record, objects[i])))
            return "one of inputs, results, provenance, timings is missing or not an object";
    if (strcmp(json_string_value(json_object_get(record, "key")), key) != 0)
        return "the key inside differs from the file's name";
    const char *status = json_string_value(json_object_get(record, "status"));
    for (size_t i = 0; i < sizeof outcome_names / sizeof outcome_names[0]; i++)
        if (strcmp(status, outcome_names[i]) == 0)
            return NULL;
    return "its status is none of done, failed, unconverged";
}

/* The checksum of record.h; false when memory is refused. */
static bool record_checksum(const json_t *record, char out[65])
{
    json_t *content = json_copy((json_t *)(uintptr_t)record);       /* shallow; record stays as it is */
    json_object_del(content, CHECKSUM);
    char *text = json_dumps(content, DUMP_FLAGS | JSON_COMPACT);

    if (text)
        dft_sha256_hex(text, strlen(text), out);
    free(text);
    json_decref(content);
    return text != NULL;
}

/* Does the content of a valid record fit its checksum?  Errors: DFT_EPARSE, DFT_ENOMEM. */
static dft_status check_seal(const json_t *record, const char *path, dft_error *err)
{
    const json_t *seal = json_object_get(record, CHECKSUM);
    char computed[65];

    if (!seal && json_integer_value(json_object_get(record, "format_version"))
                 < FIRST_SEALED_VERSION)
        return DFT_OK;
    if (!json_is_string(seal))
        return dft_fail(err, DFT_EPARSE, "%s: its checksum is missing; the task counts as not done",
                        path);
    if (!record_checksum(record, computed))
        return dft_fail(err, DFT_ENOMEM, "no memory to check %s", path);
    if (strcmp(computed, json_string_value(seal)) != 0)
        return dft_fail(err, DFT_EPARSE, "%s: its checksum does not fit its content, which was "
                        "altered after it was written; the task counts as not done", path);
    return DFT_OK;
}

/* The text of a record with its checksum, owned by the caller; NULL when memory is refused. */
static char *sealed_text(const json_t *record)
{
    json_t *sealed = json_copy((json_t *)(uintptr_t)record);
    char checksum[65], *text = NULL;

    if (sealed && record_checksum(sealed, checksum)
        && json_object_set_new(sealed, CHECKSUM, json_string(checksum)) == 0)
        text = json_dumps(sealed, DUMP_FLAGS | JSON_INDENT(1));
    json_decref(sealed);
    return text;
}

dft_status res_record_create(const res_record_head *head, json_t *inputs, json_t *results,
                             json_t *provenance, json_t **out, dft_error *err)
{
    const char *reason = head->reason ? head->reason : "";
    json_t *timings = json_pack("{s:o, s:o, s:o}", "wall_s", res_number(head->wall_s),
                                "cpu_s", res_number(head->cpu_s > 0.0 ? head->cpu_s : NAN),
                                "peak_rss_MiB", res_number(head->peak_rss_mib));
    json_t *record;

    /* json_pack takes the references over, also when it fails. */
    record = json_pack("{s:s, s:i, s:s, s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:o}",
                       "format", RES_RECORD_FORMAT, "format_version", RES_RECORD_VERSION,
                       "key", head->key, "task_kind", head->task_kind,
                       "candidate", head->candidate ? head->candidate : "",
                       "status", res_outcome_name(head->outcome), "reason", reason,
                       "inputs", inputs ? inputs : json_object(),
                       "results", results ? results : json_object(),
                       "provenance", provenance ? provenance : json_object(), "timings", timings);
    *out = NULL;
    dft_status status = key_check(head->key, err);
    if (status == DFT_OK && head->outcome != RES_DONE && !*reason)
        status = dft_fail(err, DFT_EINPUT, "record %s: status %s needs a reason", head->key,
                          res_outcome_name(head->outcome));
    if (status == DFT_OK && !record)
        status = dft_fail(err, DFT_EINPUT, "record %s: a text is not UTF-8, or no memory",
                          head->key);
    if (status != DFT_OK) {
        json_decref(record);
        return status;
    }
    *out = record;
    return DFT_OK;
}

dft_status res_record_write(const char *run_dir, const char *key, const json_t *record,
                            dft_error *err)
{
    dft_status status = key_check(key, err);
    if (status != DFT_OK)
        return status;
    const char *fault = record_fault(record, key);
    if (fault)
        return dft_fail(err, DFT_EINPUT, "record %s is not written: %s", key, fault);

    char *directory = dft_path_join(run_dir, "records"), *path = record_path(run_dir, key);
    char *text = sealed_text(record);
    if (!directory || !path || !text) {
        status = dft_fail(err, DFT_ENOMEM, "no memory to write record %s", key);
        goto done;
    }
    status = dft_directory_make(directory, err);
    if (status == DFT_OK)
        status = dft_file_write(path, text, strlen(text), err);
done:
    free(directory);
    free(path);
    free(text);
    return status;
}

/* The JSON of a file, as it is.  Errors: DFT_ENOFILE, DFT_EIO (there, but not to be read), DFT_EPARSE. */
static dft_status load(const char *path, json_t **out, dft_error *err)
{
    json_error_t where;
    FILE *file = fopen(path, "rb");
    const int cause = errno;

    *out = NULL;
    if (!file && (cause == ENOENT || cause == ENOTDIR))
        return dft_fail(err, DFT_ENOFILE, "%s: no such record: %s; 'liscreen run' computes it", path,
                        strerror(cause));
    if (!file)
        return dft_fail_io(err, "read", path, cause);
    *out = json_loadf(file, JSON_REJECT_DUPLICATES, &where);
    fclose(file);
    if (!*out)
        return dft_fail(err, DFT_EPARSE, "%s:%d: not a whole JSON file (%s); the task counts as "
                        "not done", path, where.line, where.text);
    return DFT_OK;
}

dft_status res_record_read(const char *run_dir, const char *key, json_t **out, dft_error *err)
{
    json_t *record = NULL;
    dft_status status = key_check(key, err);

    *out = NULL;
    if (status != DFT_OK)
        return status;
    char *path = record_path(run_dir, key);
    if (!path)
        return dft_fail(err, DFT_ENOMEM, "no memory to read record %s", key);
    status = load(path, &record, err);
    const char *fault = status == DFT_OK ? record_fault(record, key) : NULL;
    if (fault)
        status = dft_fail(err, DFT_EPARSE, "%s: %s; the task counts as not done", path, fault);
    else if (status == DFT_OK)
        status = check_seal(record, path, err);
    if (status == DFT_OK)
        *out = record;
    else
        json_decref(record);
    free(path);
    return status;
}

dft_status res_record_set_aside(const char *run_dir, const char *key, char *moved, size_t size,
                                dft_error *err)
{
    dft_status status = key_check(key, err);
    if (status != DFT_OK)
        return status;
    char *path = record_path(run_dir, key);
    status = path ? res_set_aside(path, moved, size, err)
                  : dft_fail(err, DFT_ENOMEM, "no memory to set record %s aside", key);
    free(path);
    return status;
}

bool res_record_exists(const char *run_dir, const char *key)
{
    json_t *record = NULL;
    const bool valid = res_record_read(run_dir, key, &record, NULL) == DFT_OK;

    json_decref(record);
    return valid;
}
