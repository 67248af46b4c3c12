#include "screen/surfaces.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "candidates/generate.h"
#include "dft-lite/atomdata/setup.h"
#include "dft-lite/base/file.h"
#include "dft-lite/base/hash.h"
#include "dft-lite/crystal/elements.h"
#include "results/provenance.h"

#define DEFAULT_STORE "results/runs/candidates.csv"
#define TABLE_VERSION 1             /* raise it when the same input gives other rows */

bool screen_has_data_set(void *unused, int z)
{
    char path[512];
    (void)unused;
    return dft_setup_find(DFT_SETUP_SEARCH_PATH, dft_element_symbol(z), NULL, "PBE", path, sizeof path,
                          NULL) == DFT_OK;
}

/* ---- the key ---- */

/* hash <- SHA-256(hash, what) */
static void mix(char hash[65], const void *what, size_t size)
{
    char piece[65], both[129];

    dft_sha256_hex(what, size, piece);
    snprintf(both, sizeof both, "%s%s", hash, piece);
    dft_sha256_hex(both, strlen(both), hash);
}

/* A file's name, size and time of change: a stored table must not cost the reading of every file. */
static void mix_file(char hash[65], const char *path)
{
    struct stat info = { 0 };
    char text[4400];

    if (stat(path, &info) != 0)
        info.st_size = -1;
    snprintf(text, sizeof text, "%s %lld %lld %ld", path, (long long)info.st_size,
             (long long)info.st_mtim.tv_sec, info.st_mtim.tv_nsec);
    mix(hash, text, strlen(text));
}

/* Files of the folder in any order: their hashes are added up byte by byte. */
static void mix_folder(char hash[65], const char *folder)
{
    unsigned sum[64] = { 0 };
    DIR *dir = opendir(folder);

    for (struct dirent *entry; dir && (entry = readdir(dir));) {
        char *path = dft_path_join(folder, entry->d_name), one[65] = "";
        if (path && entry->d_name[0] != '.') {
            mix_file(one, path);
            for (int k = 0; k < 64; k++)
                sum[k] += (unsigned char)one[k];
        }
        free(path);
    }
    if (dir)
        closedir(dir);
    mix(hash, sum, sizeof sum);
}

static void make_key(const screen_app *app, const screen_surfaces_request *request, char key[65])
{
    static const char *const tables[] = { "structures.csv", "atoms.csv", "prototypes.csv",
                                          "prototype_sites.csv", "decorations.csv", "elements.csv",
                                          "radii.csv" };
    char text[128];
    unsigned char has_data[DFT_MAX_Z + 1] = { 0 };

    snprintf(key, 65, "%s", "");
    snprintf(text, sizeof text, "%s %d %d", RES_PROGRAM_VERSION, TABLE_VERSION, request->max_index);
    mix(key, text, strlen(text));
    for (size_t k = 0; k < sizeof tables / sizeof *tables; k++) {
        char *path = dft_path_join(app->candidates_dir, tables[k]);
        if (path)
            mix_file(key, path);
        free(path);
    }
    for (int z = 1; z <= DFT_MAX_Z; z++)
        has_data[z] = screen_has_data_set(NULL, z);
    mix(key, has_data, sizeof has_data);
    if (request->folder)
        mix_folder(key, request->folder);
}

/* ---- making ---- */

static dft_status make(const screen_app *app, const screen_surfaces_request *request,
                       screen_surfaces *out, dft_error *err)
{
    cand_enumerate_options options = cand_enumerate_defaults();
    cand_library *library = NULL;
    cand_generated count;
    size_t n_added = 0;
    dft_status status = cand_library_read(app->candidates_dir, &library, err);

    options.max_index = request->max_index;
    options.has_data = screen_has_data_set;
    if (status == DFT_OK && request->folder)
        status = cand_library_add_folder(library, request->folder, &n_added, &out->refused,
                                         &out->n_refused, err);
    if (status == DFT_OK)
        status = cand_generate(app->candidates_dir, library, &count, err);
    if (status == DFT_OK)
        status = cand_surfaces_enumerate(library, &options, &out->surface, &out->n, err);
    if (status == DFT_OK)
        fprintf(app->progress, "%zu structures (%zu generated, %zu of yours), %zu surfaces\n",
                cand_library_size(library), count.added, n_added, out->n);
    cand_library_free(library);
    return status;
}

static void store(const screen_app *app, const char *path, const char *key,
                  const screen_surfaces *surfaces)
{
    dft_error why = { DFT_OK, "" };

    if (cand_surfaces_write(path, key, surfaces->surface, surfaces->n, &why) == DFT_OK)
        fprintf(app->progress, "stored in %s\n", path);
    else
        fprintf(app->progress, "not stored, to be made again next time: %s\n", why.message);
}

/* Only the default place is made on the way. */
static void make_default_directories(void)
{
    if (dft_directory_make("results", NULL) == DFT_OK)
        dft_directory_make("results/runs", NULL);
}

dft_status screen_surfaces_get(const screen_app *app, const screen_surfaces_request *request,
                               screen_surfaces *out, dft_error *err)
{
    const char *path = request->store ? request->store : DEFAULT_STORE;
    char key[65];
    dft_status status;

    *out = (screen_surfaces){ 0 };
    make_key(app, request, key);
    /* A stored table that cannot be read is as good as none. */
    if (!request->refresh && cand_surfaces_read(path, key, &out->surface, &out->n, NULL) == DFT_OK
        && out->surface) {
        out->was_stored = 1;
        return DFT_OK;
    }
    status = make(app, request, out, err);
    if (status != DFT_OK)
        return status;
    if (!request->store)
        make_default_directories();
    store(app, path, key, out);
    return DFT_OK;
}

void screen_surfaces_clear(screen_surfaces *surfaces)
{
    free(surfaces->surface);
    free(surfaces->refused);
    *surfaces = (screen_surfaces){ 0 };
}
