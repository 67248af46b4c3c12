#include "workflows/remedy.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/file.h"

#define NEW_LOW 0.7                 /* times the least error so far: as the engine judges its own mixing */
#define UNSETTLED 1e-3              /* Ha: an orbital's residual that is not small */

static const char *const symptom_names[FLOW_N_SYMPTOMS] = {
    "too few steps to tell", "slow", "stuck", "bands do not settle", "not a number"
};
static const char *const remedy_names[FLOW_N_REMEDIES] = {
    "fresh start", "more steps", "wide smearing and back", "more bands"
};
static const char *const cell_names[FLOW_N_CELL_CLASSES] = {
    "metal bulk", "metal slab", "compound bulk", "compound slab", "sheet"
};

/* How likely each helps, before anything has been seen; 0: never tried. */
static const double prior[FLOW_N_SYMPTOMS][FLOW_N_REMEDIES] = {
    [FLOW_UNCLEAR] = { 0.5, 0.0, 0.0, 0.0 },
    [FLOW_SLOW] = { 0.4, 0.8, 0.5, 0.2 },
    [FLOW_STUCK] = { 0.6, 0.2, 0.5, 0.3 },
    [FLOW_BANDS] = { 0.4, 0.2, 0.5, 0.6 },
    [FLOW_BLOWN] = { 0.6, 0.0, 0.5, 0.3 },
};

const char *flow_symptom_name(flow_symptom symptom)
{
    return symptom_names[symptom];
}

const char *flow_remedy_name(flow_remedy remedy)
{
    return remedy_names[remedy];
}

const char *flow_cell_class_name(flow_cell_class cell)
{
    return cell_names[cell];
}

static int is_nonmetal(int z)
{
    static const int others[] = { 1, 5, 14, 15, 16, 17, 33, 34, 35, 52, 53 };

    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (z == others[i])
            return 1;
    return z >= 6 && z <= 9;
}

flow_cell_class flow_cell_class_of(size_t n_atoms, const int *z, int surface, int sheet)
{
    int compound = 0;

    for (size_t i = 0; i < n_atoms; i++)
        compound |= is_nonmetal(z[i]);
    if (sheet)
        return FLOW_SHEET_CELL;
    if (compound)
        return surface ? FLOW_COMPOUND_SLAB : FLOW_COMPOUND_BULK;
    return surface ? FLOW_METAL_SLAB : FLOW_METAL_BULK;
}

/* ---- histories ---- */

void flow_history_add(flow_history *history, const dft_scf_step *step)
{
    if (history->n == FLOW_MAX_HISTORY)
        return;
    history->density_error[history->n] = step->density_error;
    history->eigen_error[history->n++] = step->eigen_error;
}

/* Does the last quarter reach clearly below all before it? */
static int still_falls(const double *error, size_t n)
{
    const size_t first = n - n / 4;
    double before = HUGE_VAL, late = HUGE_VAL;

    for (size_t i = 0; i < n; i++) {
        if (i < first)
            before = fmin(before, error[i]);
        else
            late = fmin(late, error[i]);
    }
    return late < NEW_LOW * before;
}

flow_symptom flow_history_symptom(const flow_history *history)
{
    const size_t n = history->n;

    for (size_t i = 0; i < n; i++)
        if (!isfinite(history->density_error[i]) || !isfinite(history->eigen_error[i]))
            return FLOW_BLOWN;
    if (n < FLOW_SHORT_HISTORY)
        return FLOW_UNCLEAR;
    if (still_falls(history->density_error, n))
        return FLOW_SLOW;
    if (history->eigen_error[n - 1] > UNSETTLED && !still_falls(history->eigen_error, n))
        return FLOW_BANDS;
    return FLOW_STUCK;
}

/* ---- choosing ---- */

int flow_remedy_choose(const flow_remedy_memory *memory, flow_cell_class cell, flow_symptom symptom,
                       const int used[FLOW_N_REMEDIES], int had_start, int fixed,
                       flow_remedy *remedy)
{
    double best = 0.0;
    int n_used = 0;

    for (int r = 0; r < FLOW_N_REMEDIES; r++)
        n_used += used[r] != 0;
    if (n_used >= FLOW_MAX_REMEDIES)
        return 0;
    for (int r = 0; r < FLOW_N_REMEDIES; r++) {
        const double p = prior[symptom][r];
        const double score = (memory->count[cell][symptom][r].helped + 2.0 * p)
                           / (memory->count[cell][symptom][r].tried + 2.0);
        if (used[r] || p == 0.0 || (r == FLOW_FRESH_START && !had_start)
            || (fixed && (r == FLOW_WIDE_SMEARING || r == FLOW_MORE_BANDS)))
            continue;
        if (score > best) {
            best = score;
            *remedy = (flow_remedy)r;
        }
    }
    return best > 0.0;
}

/* ---- memory ---- */

json_t *flow_remedy_json(flow_cell_class cell, flow_symptom symptom, flow_remedy remedy, int helped)
{
    return json_pack("{s:s, s:s, s:s, s:b}", "cell", cell_names[cell], "symptom",
                     symptom_names[symptom], "remedy", remedy_names[remedy], "helped", helped);
}

static int find(const json_t *object, const char *key, const char *const *names, int n)
{
    const char *text = json_string_value(json_object_get(object, key));
    int i = 0;

    while (i < n && (!text || strcmp(names[i], text) != 0))
        i++;
    return i;
}

static void add_try(flow_remedy_memory *memory, const json_t *item, int tried, int helped)
{
    const int c = find(item, "cell", cell_names, FLOW_N_CELL_CLASSES);
    const int s = find(item, "symptom", symptom_names, FLOW_N_SYMPTOMS);
    const int r = find(item, "remedy", remedy_names, FLOW_N_REMEDIES);

    if (c == FLOW_N_CELL_CLASSES || s == FLOW_N_SYMPTOMS || r == FLOW_N_REMEDIES || tried < 0
        || helped < 0 || helped > tried)
        return;
    memory->count[c][s][r].tried += tried;
    memory->count[c][s][r].helped += helped;
}

void flow_remedy_memory_add(flow_remedy_memory *memory, const json_t *record)
{
    const json_t *energies = json_object_get(json_object_get(record, "results"), "energies");

    for (size_t i = 0; i < json_array_size(energies); i++) {
        const json_t *tries = json_object_get(json_array_get(energies, i), "remedies");
        for (size_t k = 0; k < json_array_size(tries); k++) {
            const json_t *item = json_array_get(tries, k);
            add_try(memory, item, 1, json_is_true(json_object_get(item, "helped")));
        }
    }
}

static json_t *counts_json(const flow_remedy_memory *memory)
{
    json_t *array = json_array();

    for (int c = 0; c < FLOW_N_CELL_CLASSES; c++)
        for (int s = 0; s < FLOW_N_SYMPTOMS; s++)
            for (int r = 0; r < FLOW_N_REMEDIES; r++)
                if (memory->count[c][s][r].tried)
                    json_array_append_new(array, json_pack(
                        "{s:s, s:s, s:s, s:i, s:i}", "cell", cell_names[c], "symptom",
                        symptom_names[s], "remedy", remedy_names[r], "tried",
                        memory->count[c][s][r].tried, "helped", memory->count[c][s][r].helped));
    return array;
}

static dft_status memory_path(const char *run_dir, char *path, size_t size, dft_error *err)
{
    const int n = snprintf(path, size, "%s/remedies.json", run_dir);

    if (n < 0 || (size_t)n >= size)
        return dft_fail(err, DFT_EINPUT, "the run directory's path '%.200s' is too long", run_dir);
    return DFT_OK;
}

dft_status flow_remedy_memory_write(const flow_remedy_memory *memory, const char *run_dir,
                                    dft_error *err)
{
    char path[4096];
    json_t *array = counts_json(memory);
    char *text = array ? json_dumps(array, JSON_INDENT(1)) : NULL;
    dft_status status = memory_path(run_dir, path, sizeof path, err);

    if (status == DFT_OK && !text)
        status = dft_fail(err, DFT_ENOMEM, "%s: no memory to write it", path);
    if (status == DFT_OK)
        status = dft_file_write(path, text, strlen(text), err);
    free(text);
    json_decref(array);
    return status;
}

void flow_remedy_memory_read(flow_remedy_memory *memory, const char *run_dir)
{
    char path[4096];
    json_t *array = NULL;

    memset(memory, 0, sizeof *memory);
    if (memory_path(run_dir, path, sizeof path, NULL) == DFT_OK)
        array = json_load_file(path, 0, NULL);
    for (size_t i = 0; i < json_array_size(array); i++) {
        const json_t *item = json_array_get(array, i);
        add_try(memory, item, (int)json_integer_value(json_object_get(item, "tried")),
                (int)json_integer_value(json_object_get(item, "helped")));
    }
    json_decref(array);
}
