/* Finding data sets by element and functional (dft_setup_find, dft_setup_load of setup.h). */
#include "dft-lite/atomdata/setup.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dft-lite/atomdata/gth.h"
#include "dft-lite/atomdata/gzfile.h"
#include "dft-lite/base/alloc.h"

#define MAX_LISTED 160
#define NAME_BYTES 32
#define REMEDY "install Debian's gpaw-data, or give --data="

/* Sorted, distinct names; more than MAX_LISTED are not kept, a message has no room for them. */
typedef struct {
    size_t n;
    char name[MAX_LISTED][NAME_BYTES];
} name_list;

static void add_name(name_list *list, const char *name, size_t length)
{
    size_t at = 0;

    if (length >= NAME_BYTES || list->n == MAX_LISTED)
        return;
    char key[NAME_BYTES] = { 0 };
    memcpy(key, name, length);
    while (at < list->n && strcmp(list->name[at], key) < 0)
        at++;
    if (at < list->n && strcmp(list->name[at], key) == 0)
        return;
    memmove(list->name[at + 1], list->name[at], (list->n - at) * NAME_BYTES);
    memcpy(list->name[at], key, NAME_BYTES);
    list->n++;
}

static int ends_with(const char *text, const char *end)
{
    const size_t n = strlen(text), m = strlen(end);

    return n >= m && strcmp(text + n - m, end) == 0;
}

/* Adds the data sets of one element ("Ag.11.PBE"), or with symbol NULL the elements there are. */
static void list_directory(const char *directory, const char *symbol, name_list *list)
{
    DIR *dir = opendir(directory);

    if (!dir)
        return;
    for (struct dirent *entry; (entry = readdir(dir));) {
        const char *name = entry->d_name;
        const size_t head = strcspn(name, ".");
        if (!ends_with(name, ".gz") || ends_with(name, ".basis.gz") || head == 0 || head > 2)
            continue;
        if (!symbol)
            add_name(list, name, head);
        else if (strlen(symbol) == head && strncmp(name, symbol, head) == 0)
            add_name(list, name, strlen(name) - 3);
    }
    closedir(dir);
}

/* Calls visit for each directory of a colon-separated path until it returns nonzero. */
static int each_directory(const char *search_path,
                          int (*visit)(const char *directory, void *context), void *context)
{
    for (const char *p = search_path; *p;) {
        const size_t length = strcspn(p, ":");
        char directory[512];
        if (length && length < sizeof directory) {
            memcpy(directory, p, length);
            directory[length] = '\0';
            if (visit(directory, context))
                return 1;
        }
        p += length + (p[length] == ':');
    }
    return 0;
}

typedef struct {
    const char *file;   /* "Ag.11.PBE.gz" */
    const char *symbol; /* for list_directory */
    char *path;
    size_t path_size;
    name_list *list;
} find_request;

static int try_directory(const char *directory, void *context)
{
    find_request *request = context;
    const int n = snprintf(request->path, request->path_size, "%s/%s", directory, request->file);

    return n > 0 && (size_t)n < request->path_size && access(request->path, F_OK) == 0;
}

static int collect_directory(const char *directory, void *context)
{
    find_request *request = context;

    list_directory(directory, request->symbol, request->list);
    return 0;
}

/* The names, separated by blanks, cut with "..." where the text is full. */
static void join_names(const name_list *list, char *text, size_t size)
{
    size_t used = 0;

    text[0] = '\0';
    for (size_t i = 0; i < list->n; i++) {
        if (used + strlen(list->name[i]) + 5 > size) {
            snprintf(text + used, size - used, " ...");
            return;
        }
        used += (size_t)snprintf(text + used, size - used, "%s%s", i ? " " : "", list->name[i]);
    }
}

static dft_status report_missing(const char *search_path, find_request *request, dft_error *err)
{
    char names[280];

    request->list = dft_alloc(1, sizeof *request->list);
    if (!request->list)
        return dft_fail(err, DFT_ENOMEM, "no memory to list data sets");
    const char *symbol = request->symbol;
    each_directory(search_path, collect_directory, request);
    const int has_element = request->list->n > 0;
    if (!has_element) {
        request->symbol = NULL;
        each_directory(search_path, collect_directory, request);
    }
    join_names(request->list, names, sizeof names);
    const int is_empty = request->list->n == 0;
    free(request->list);
    if (has_element)
        return dft_fail(err, DFT_ENOFILE,
                        "no %s in %.60s; for %s there are: %s; choose one with --data="
                        " or --xc=",
                        request->file, search_path, symbol, names);
    if (is_empty)
        return dft_fail(err, DFT_ENOFILE, "no %s: there are no data sets at all in %.200s; " REMEDY,
                        request->file, search_path);
    return dft_fail(err, DFT_ENOFILE,
                    "no %s in %.60s, and no data set of element %s; there are: %s; " REMEDY,
                    request->file, search_path, symbol, names);
}

/* ---- GTH entries ------------------------------------------------------------------------------ */

typedef struct {
    const char *symbol, *name;
    char *path;
    size_t path_size;
    name_list *list;                    /* names of the element's entries seen so far */
    size_t n_files;
    dft_status status;                  /* why a file could not be read */
    dft_error *err;
} gth_request;

/* Nonzero when the search is over: the entry is found, or a file is damaged. */
static int try_gth_file(const char *path, gth_request *request)
{
    char *text = NULL, sha256[65], name[NAME_BYTES];
    size_t length = 0;
    int found = 0, line = 1;

    request->status = dft_gzfile_read(path, &text, &length, sha256, request->err);
    if (request->status != DFT_OK)
        return 1;
    request->n_files++;
    for (const char *header = text; !found; header += strcspn(header, "\n")) {
        header = dft_gth_next_header(header, request->symbol, &line);
        if (!header)
            break;
        found = dft_gth_header_has(header, request->name);
        if (!found && dft_gth_header_name(header, 0, name, sizeof name) && dft_gth_is_name(name))
            add_name(request->list, name, strlen(name));
    }
    free(text);
    if (found)
        snprintf(request->path, request->path_size, "%s", path);
    return found;
}

/* An element of the search path is a folder with cp2k's files, or such a file. */
static int try_gth_place(const char *place, void *context)
{
    static const char *const files[] = { "GTH_POTENTIALS", "POTENTIAL" };
    gth_request *request = context;
    struct stat info;
    char path[600];

    if (stat(place, &info) == 0 && S_ISREG(info.st_mode))
        return try_gth_file(place, request);
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        snprintf(path, sizeof path, "%s/%s", place, files[i]);
        if (access(path, F_OK) == 0 && try_gth_file(path, request))
            return 1;
    }
    return 0;
}

static dft_status find_gth(const char *search_path, const char *symbol, const char *name, char *path,
                           size_t path_size, dft_error *err)
{
    gth_request request = { symbol, name, path, path_size, dft_alloc(1, sizeof *request.list), 0,
                            DFT_OK, err };
    char names[280];

    if (!request.list)
        return dft_fail(err, DFT_ENOMEM, "no memory to list data sets");
    const int over = each_directory(search_path, try_gth_place, &request);
    join_names(request.list, names, sizeof names);
    free(request.list);
    if (over)
        return request.status;
    if (request.n_files == 0)
        return dft_fail(err, DFT_ENOFILE, "no %s %s: there is no file GTH_POTENTIALS or POTENTIAL in "
                        "%.200s; install Debian's cp2k-data, or give --data-path=", symbol, name,
                        search_path);
    return dft_fail(err, DFT_ENOFILE, "no %s %.60s in %.60s; for %s there are: %s; choose one with "
                    "--data=", symbol, name, search_path, symbol, *names ? names : "none");
}

dft_status dft_setup_find(const char *search_path, const char *symbol, const char *name,
                          const char *xc, char *path, size_t path_size, dft_error *err)
{
    char file[80];
    find_request request = { .file = file, .symbol = symbol, .path = path, .path_size = path_size };
    const int n = snprintf(file, sizeof file, "%s.%s.gz", name && *name ? name : symbol, xc);

    if (path_size)
        path[0] = '\0';
    if (dft_gth_is_name(name))
        return find_gth(search_path, symbol, name, path, path_size, err);
    if (n < 0 || (size_t)n >= sizeof file)
        return dft_fail(err, DFT_ENOFILE, "data set name \"%.60s\" is too long", file);
    if (each_directory(search_path, try_directory, &request))
        return DFT_OK;
    if (path_size)
        path[0] = '\0';
    return report_missing(search_path, &request, err);
}

dft_status dft_setup_load(const char *search_path, const char *symbol, const char *name,
                          const char *xc, dft_setup **out, dft_error *err)
{
    char path[512];
    dft_status status = dft_setup_find(search_path, symbol, name, xc, path, sizeof path, err);

    *out = NULL;
    if (status != DFT_OK)
        return status;
    return dft_gth_is_name(name) ? dft_gth_read(path, symbol, name, out, err)
                                 : dft_setup_read(path, out, err);
}
