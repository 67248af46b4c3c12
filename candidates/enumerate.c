#include "candidates/enumerate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "candidates/facets.h"
#include "candidates/miller.h"
#include "candidates/slab.h"
#include "dft-lite/base/alloc.h"
#include "dft-lite/base/units.h"
#include "dft-lite/crystal/elements.h"

#define VACUUM (15.0 / DFT_BOHR_ANG)

cand_enumerate_options cand_enumerate_defaults(void)
{
    return (cand_enumerate_options){ .max_index = 1, .thickness_ang = 8.0, .most_atoms = 200 };
}

const char *cand_family_of(const cand_entry *entry)
{
    static const struct { const char *class_name, *family; } families[] = {
        { "element", "metal" }, { "li-alloy", "alloy" },
    };

    for (size_t k = 0; k < sizeof families / sizeof *families; k++)
        if (strcmp(entry->class_name, families[k].class_name) == 0)
            return families[k].family;
    return entry->class_name;
}

/* The rows of one structure, growing. */
typedef struct {
    const cand_enumerate_options *options;
    const cand_entry *entry;
    size_t n, room;
    cand_surface *row;              /* owned */
    dft_status status;
} row_list;

static void note_missing_data(const row_list *list, cand_surface *row)
{
    bool seen[DFT_MAX_Z + 1] = { false };
    size_t used = 0;

    for (size_t a = 0; a < list->entry->n_atoms && list->options->has_data; a++) {
        const int z = list->entry->z[a];
        if (seen[z])
            continue;
        seen[z] = true;
        if (list->options->has_data(list->options->context, z))
            continue;
        used += (size_t)snprintf(row->reason + used, sizeof row->reason - used, "%s%s",
                                 used ? ", " : "no data set for ", dft_element_symbol(z));
        if (used >= sizeof row->reason)
            return;
    }
}

/* A new row with what all rows of a structure share; NULL when memory is refused. */
static cand_surface *add_row(row_list *list)
{
    if (list->n == list->room) {
        const size_t room = list->room ? 2 * list->room : 8;
        cand_surface *larger = dft_alloc(room, sizeof *larger);
        if (!larger) {
            list->status = DFT_ENOMEM;
            return NULL;
        }
        if (list->n)
            memcpy(larger, list->row, list->n * sizeof *larger);
        free(list->row);
        list->row = larger;
        list->room = room;
    }
    cand_surface *row = &list->row[list->n++];
    const cand_entry *entry = list->entry;
    snprintf(row->family, sizeof row->family, "%s", cand_family_of(entry));
    snprintf(row->structure, sizeof row->structure, "%s", entry->id);
    snprintf(row->formula, sizeof row->formula, "%s", entry->formula);
    snprintf(row->prototype, sizeof row->prototype, "%s", entry->prototype);
    snprintf(row->origin, sizeof row->origin, "%s", entry->origin);
    note_missing_data(list, row);
    return row;
}

static void describe(const row_list *list, cand_surface *row, const cand_slab_info *info)
{
    row->n_terminations = info->n_terminations ? (int)info->n_terminations : 1;
    row->layers = info->layers;
    row->n_atoms = (int)info->n_atoms;
    row->tasker = info->tasker;
    row->area_ang2 = info->area * DFT_BOHR_ANG * DFT_BOHR_ANG;
    row->thickness_ang = info->thickness * DFT_BOHR_ANG;
    row->faces_equal = info->faces_equal;
    row->polar = info->polar;
    snprintf(row->top, sizeof row->top, "%s", info->top);
    if (row->n_atoms > list->options->most_atoms && !row->reason[0])
        snprintf(row->reason, sizeof row->reason, "its p(1x1) slab has %d atoms, more than %d",
                 row->n_atoms, list->options->most_atoms);
}

/* Only the want of memory ends the enumeration; everything else is the row's reason. */
static void give_reason(row_list *list, cand_surface *row, const dft_error *why)
{
    if (why->status == DFT_ENOMEM)
        list->status = DFT_ENOMEM;
    else if (!row->reason[0])
        snprintf(row->reason, sizeof row->reason, "%.127s", why->message);
}

static void add_sheet(row_list *list, const dft_crystal *crystal)
{
    cand_surface *row = add_row(list);
    dft_crystal *sheet = NULL;
    cand_slab_info info;
    dft_error why;

    if (!row)
        return;
    snprintf(row->facet, sizeof row->facet, "sheet");
    snprintf(row->name, sizeof row->name, "%s-sheet", row->structure);
    memset(&info, 0, sizeof info);
    if (cand_sheet_create(crystal, VACUUM, &sheet, &info, &why) == DFT_OK)
        describe(list, row, &info);
    else
        give_reason(list, row, &why);
    dft_crystal_free(sheet);
}

static void add_termination(row_list *list, const dft_crystal *crystal, const cand_facet *facet,
                            const cand_termination *termination)
{
    const bool four = list->entry->cell_deg[2] == 120.0;
    cand_surface *row = add_row(list);
    dft_crystal *slab = NULL;
    cand_slab_info info;
    dft_error why;
    int layers = 0;

    if (!row)
        return;
    cand_miller_format(facet->miller, four, row->facet);
    row->termination = termination->index;
    if (termination->index == 0)
        snprintf(row->name, sizeof row->name, "%s-%.24s", row->structure, row->facet);
    else
        snprintf(row->name, sizeof row->name, "%s-%.24s-t%d", row->structure, row->facet,
                 termination->index);
    memset(&info, 0, sizeof info);
    if (cand_slab_layers_for(crystal, facet->miller, termination->index,
                             list->options->thickness_ang / DFT_BOHR_ANG, &layers, &why) == DFT_OK
        && cand_slab_create(crystal, facet->miller, layers, VACUUM, termination->index, &slab, &info,
                            &why) == DFT_OK)
        describe(list, row, &info);
    else
        give_reason(list, row, &why);
    dft_crystal_free(slab);
}

static void add_facets(row_list *list, const dft_crystal *crystal)
{
    cand_facet *facet = NULL;
    size_t n = 0;
    dft_error why;

    if (cand_facets_find(crystal, list->options->max_index, &facet, &n, &why) != DFT_OK) {
        cand_surface *row = add_row(list);
        if (row) {
            snprintf(row->name, sizeof row->name, "%s", row->structure);
            give_reason(list, row, &why);
        }
        return;
    }
    for (size_t i = 0; i < n && list->status == DFT_OK; i++) {
        cand_termination *termination = NULL;
        size_t n_terminations = 0;
        list->status = cand_terminations_find(crystal, facet[i].miller, &termination,
                                              &n_terminations, &why);
        for (size_t k = 0; k < n_terminations && list->status == DFT_OK; k++)
            add_termination(list, crystal, &facet[i], &termination[k]);
        free(termination);
    }
    free(facet);
}

static void enumerate_entry(row_list *list)
{
    dft_crystal *crystal = NULL;

    list->status = cand_entry_crystal(list->entry, CAND_CELL_CONVENTIONAL, &crystal, NULL);
    if (list->status == DFT_OK && list->entry->is_sheet)
        add_sheet(list, crystal);
    else if (list->status == DFT_OK)
        add_facets(list, crystal);
    dft_crystal_free(crystal);
}

static dft_status collect(row_list *list, size_t n_lists, cand_surface **out, size_t *n,
                          dft_error *err)
{
    *n = 0;
    for (size_t i = 0; i < n_lists; i++) {
        if (list[i].status != DFT_OK)
            return dft_fail(err, list[i].status, "the surfaces of %s could not be listed%s",
                            list[i].entry->id,
                            list[i].status == DFT_ENOMEM ? ": out of memory" : "");
        *n += list[i].n;
    }
    *out = dft_alloc(*n, sizeof **out);
    if (!*out)
        return dft_fail(err, DFT_ENOMEM, "%zu surfaces: out of memory", *n);
    *n = 0;
    for (size_t i = 0; i < n_lists; i++) {
        if (list[i].n)
            memcpy(*out + *n, list[i].row, list[i].n * sizeof **out);
        *n += list[i].n;
    }
    return DFT_OK;
}

dft_status cand_surfaces_enumerate(const cand_library *library, const cand_enumerate_options *options,
                                   cand_surface **out, size_t *n, dft_error *err)
{
    const size_t n_lists = cand_library_size(library);
    row_list *list = NULL;
    dft_status status;

    *out = NULL;
    *n = 0;
    if (options->max_index < 1 || options->max_index > CAND_MAX_ENUMERATED_INDEX
        || !(options->thickness_ang > 0.0 && options->thickness_ang <= 100.0)
        || options->most_atoms < 1)
        return dft_fail(err, DFT_EINPUT, "surfaces up to index %d, %g A thick, of %d atoms: give 1 to "
                        "%d, up to 100 A, at least one atom", options->max_index,
                        options->thickness_ang, options->most_atoms, CAND_MAX_ENUMERATED_INDEX);
    list = dft_alloc(n_lists, sizeof *list);
    if (!list)
        return dft_fail(err, DFT_ENOMEM, "%zu structures: out of memory", n_lists);
    #pragma omp parallel for schedule(dynamic)
    for (size_t i = 0; i < n_lists; i++) {
        list[i].options = options;
        list[i].entry = cand_library_entry(library, i);
        enumerate_entry(&list[i]);
    }
    status = collect(list, n_lists, out, n, err);
    for (size_t i = 0; i < n_lists; i++)
        free(list[i].row);
    free(list);
    return status;
}
