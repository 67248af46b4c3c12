/* Walking over all records of a run, and clearing what killed writers left. */
#include "results/record.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/file.h"
#include "results/text.h"

typedef struct {
    char **name;                    /* owned, [n], each owned */
    size_t n, room;
} name_list;

static void name_list_clear(name_list *list)
{
    for (size_t i = 0; i < list->n; i++)
        free(list->name[i]);
    free(list->name);
    *list = (name_list){ 0 };
}

static bool name_list_add(name_list *list, const char *name)
{
    if (list->n == list->room) {
        const size_t room = 2 * list->room + 64;
        char **bigger = dft_alloc(room, sizeof *bigger);
        if (!bigger)
            return false;
        if (list->n)
            memcpy(bigger, list->name, list->n * sizeof *bigger);
        free(list->name);
        list->name = bigger;
        list->room = room;
    }
    list->name[list->n] = dft_strdup(name);
    return list->name[list->n++] != NULL;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool ends_with(const char *name, const char *end)
{
    const size_t n = strlen(name), n_end = strlen(end);

    return n > n_end && strcmp(name + n - n_end, end) == 0;
}

/* Keys of the files records/KEY.json; dot files are temporary and left out. */
static dft_status list_keys(const char *directory, name_list *keys, dft_error *err)
{
    DIR *stream = opendir(directory);
    dft_status status = DFT_OK;

    if (!stream && errno == ENOENT)
        return DFT_OK;
    if (!stream)
        return dft_fail(err, DFT_ENOFILE, "cannot read the directory %s: %s", directory,
                        strerror(errno));
    for (struct dirent *entry = readdir(stream); entry; entry = readdir(stream)) {
        if (entry->d_name[0] == '.' || !ends_with(entry->d_name, ".json"))
            continue;
        if (!name_list_add(keys, entry->d_name)) {
            status = dft_fail(err, DFT_ENOMEM, "no memory for the list of %s", directory);
            break;
        }
        keys->name[keys->n - 1][strlen(entry->d_name) - strlen(".json")] = '\0';
    }
    closedir(stream);
    if (status == DFT_OK && keys->n)
        qsort(keys->name, keys->n, sizeof *keys->name, compare_names);
    return status;
}

static void report_bad(const res_record_visitor *visitor, const char *directory, const char *key,
                       const dft_error *why)
{
    res_text path = { 0 };

    if (!visitor->on_bad)
        return;
    res_text_addf(&path, "%s/%s.json", directory, key);
    visitor->on_bad(visitor->user, path.data ? path.data : key, why);
    res_text_clear(&path);
}

dft_status res_record_each(const char *run_dir, const res_record_visitor *visitor, dft_error *err)
{
    name_list keys = { 0 };
    char *directory = dft_path_join(run_dir, "records");

    if (!directory)
        return dft_fail(err, DFT_ENOMEM, "no memory to read the records of %s", run_dir);
    dft_status status = list_keys(directory, &keys, err);
    for (size_t i = 0; i < keys.n && status == DFT_OK; i++) {
        json_t *record = NULL;
        dft_error why = { 0 };
        if (res_record_read(run_dir, keys.name[i], &record, &why) == DFT_OK)
            status = visitor->on_record(visitor->user, keys.name[i], record, err);
        else if (why.status == DFT_ENOMEM)
            status = dft_fail(err, DFT_ENOMEM, "%s", why.message);
        else
            report_bad(visitor, directory, keys.name[i], &why);
        json_decref(record);
    }
    name_list_clear(&keys);
    free(directory);
    return status;
}

size_t res_record_sweep(const char *run_dir)
{
    size_t n_removed = 0;
    char *directory = dft_path_join(run_dir, "records");
    DIR *stream = directory ? opendir(directory) : NULL;

    if (stream) {
        for (struct dirent *entry = readdir(stream); entry; entry = readdir(stream))
            if (entry->d_name[0] == '.' && ends_with(entry->d_name, ".tmp"))
                n_removed += unlinkat(dirfd(stream), entry->d_name, 0) == 0;
        closedir(stream);
    }
    free(directory);
    return n_removed;
}
