#include "candidates/folder.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>


#include "candidates/layer.h"
#include "candidates/miller.h"
#include "dft-lite/base/alloc.h"
#include "dft-lite/base/file.h"
#include "dft-lite/crystal/conventional.h"
#include "dft-lite/crystal/elements.h"
#include "dft-lite/crystal/read.h"

#define SYMMETRY_TOLERANCE 0.02     /* bohr, 0.01 A: coordinates of 4 digits */

typedef struct {
    size_t n, room;
    char (*name)[256];              /* owned */
} name_list;

static int by_name(const void *a, const void *b)
{
    return strcmp(a, b);
}

static dft_status add_name(name_list *list, const char *name, dft_error *err)
{
    if (list->n == list->room) {
        const size_t room = list->room ? 2 * list->room : 32;
        char (*larger)[256] = dft_alloc(room, sizeof *larger);
        if (!larger)
            return dft_fail(err, DFT_ENOMEM, "folder of structures: out of memory");
        if (list->n)
            memcpy(larger, list->name, list->n * sizeof *larger);
        free(list->name);
        list->name = larger;
        list->room = room;
    }
    snprintf(list->name[list->n++], sizeof list->name[0], "%s", name);
    return DFT_OK;
}

static dft_status list_files(const char *folder, name_list *list, dft_error *err)
{
    DIR *dir = opendir(folder);
    dft_status status = DFT_OK;

    if (!dir)
        return dft_fail(err, DFT_ENOFILE, "%s: the folder of structures cannot be read (%s)", folder,
                        strerror(errno));
    for (struct dirent *entry; status == DFT_OK && (entry = readdir(dir));)
        if (entry->d_name[0] != '.')
            status = add_name(list, entry->d_name, err);
    closedir(dir);
    if (list->n)
        qsort(list->name, list->n, sizeof list->name[0], by_name);
    return status;
}

/* "my slab.cif" -> "my_slab"; the dash belongs to facets. */
static void id_of(const char *file, char id[64])
{
    const char *dot = strrchr(file, '.');
    const size_t length = dot && dot != file ? (size_t)(dot - file) : strlen(file);

    snprintf(id, 64, "%.*s", (int)(length < 63 ? length : 63), file);
    for (char *p = id; *p; p++)
        if (*p == ' ' || *p == '-' || *p == ',' || *p == '"')
            *p = '_';
}

/* Smallest whole numbers of the composition. */
static void formula_of(const dft_crystal *crystal, char formula[64])
{
    int count[DFT_MAX_Z + 1] = { 0 }, list[256], divisor = 0;
    size_t n = 0;

    for (size_t a = 0; a < crystal->n_atoms; a++)
        count[crystal->z[a]]++;
    for (int z = 1; z <= DFT_MAX_Z; z++)
        for (int b = count[z], t; b; b = t) {       /* Euclid over all counts */
            t = divisor ? divisor % b : 0;
            divisor = b;
        }
    for (int z = 1; z <= DFT_MAX_Z; z++)
        for (int k = 0; k < count[z] / divisor && n < 256; k++)
            list[n++] = z;
    cand_formula(list, n, formula, 64);
}

static dft_status add_crystal(cand_library *library, const char *path, const char *file,
                              const dft_crystal *crystal, dft_error *err)
{
    cand_layer *layer = NULL;
    dft_crystal *conventional = NULL;
    char id[64], formula[64];
    cand_new_entry what = { .id = id, .formula = formula, .class_name = "user", .prototype = "",
                            .origin = "user's file", .source = path, .note = "" };
    dft_status status = DFT_OK;

    id_of(file, id);
    formula_of(crystal, formula);
    what.is_sheet = cand_layer_create(crystal, CAND_LAYER_TOLERANCE, &layer, NULL) == DFT_OK;
    cand_layer_free(layer);
    if (!what.is_sheet)
        status = dft_crystal_conventional(crystal, SYMMETRY_TOLERANCE, &conventional, err);
    if (status == DFT_OK)
        status = cand_library_add(library, &what, conventional ? conventional : crystal, NULL, err);
    dft_crystal_free(conventional);
    return status;
}

static dft_status add_file(cand_library *library, const char *folder, const char *file,
                           dft_error *err)
{
    char *path = dft_path_join(folder, file);
    dft_crystal *crystal = NULL;
    dft_status status = path ? dft_crystal_read(path, &crystal, err)
                             : dft_fail(err, DFT_ENOMEM, "%s: out of memory", file);

    if (status == DFT_OK)
        status = add_crystal(library, path, file, crystal, err);
    dft_crystal_free(crystal);
    free(path);
    return status;
}

dft_status cand_library_add_folder(cand_library *library, const char *folder, size_t *n_added,
                                   cand_refused_file **refused, size_t *n_refused, dft_error *err)
{
    name_list list = { 0 };
    dft_status status = list_files(folder, &list, err);
    size_t added = 0;

    *refused = NULL;
    *n_refused = 0;
    if (status == DFT_OK) {
        *refused = dft_alloc(list.n, sizeof **refused);
        if (!*refused)
            status = dft_fail(err, DFT_ENOMEM, "%s: out of memory", folder);
    }
    for (size_t i = 0; i < list.n && status == DFT_OK; i++) {
        dft_error why = { DFT_OK, "" };
        const dft_status outcome = add_file(library, folder, list.name[i], &why);
        if (outcome == DFT_ENOMEM)
            status = dft_fail(err, DFT_ENOMEM, "%s", why.message);
        added += outcome == DFT_OK;
        if (outcome == DFT_OK || outcome == DFT_ENOMEM)
            continue;
        cand_refused_file *row = &(*refused)[(*n_refused)++];
        snprintf(row->file, sizeof row->file, "%s", list.name[i]);
        snprintf(row->reason, sizeof row->reason, "%s", why.message);
    }
    if (*n_refused == 0) {
        free(*refused);
        *refused = NULL;
    }
    if (n_added)
        *n_added = added;
    free(list.name);
    return status;
}
