#include "candidates/ions.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/csv.h"
#include "dft-lite/base/file.h"
#include "dft-lite/base/units.h"
#include "dft-lite/crystal/elements.h"

typedef struct { int z, charge, coordination; double radius; } ion_radius;

struct cand_ions {
    double volume[DFT_MAX_Z + 1];   /* bohr^3, NaN where unknown */
    double alloy_volume[DFT_MAX_Z + 1];
    size_t n_states[DFT_MAX_Z + 1];
    int state[DFT_MAX_Z + 1][CAND_MAX_STATES];
    size_t n_radii;
    ion_radius *radius;             /* owned */
};

static dft_status element_of(const dft_csv *csv, size_t row, size_t column, int *z, dft_error *err)
{
    *z = dft_element_number(dft_csv_text(csv, row, column));
    if (*z)
        return DFT_OK;
    return dft_fail(err, DFT_EPARSE, "%s:%d: '%s' is not an element symbol", dft_csv_path(csv),
                    dft_csv_line(csv, row), dft_csv_text(csv, row, column));
}

static int by_value(const void *a, const void *b)
{
    const int x = *(const int *)a, y = *(const int *)b;
    return (x > y) - (x < y);
}

/* "-3 +5 +3", sorted */
static dft_status read_states(cand_ions *ions, const dft_csv *csv, size_t row, size_t column, int z,
                              dft_error *err)
{
    const char *text = dft_csv_text(csv, row, column);

    for (const char *at = text; *at;) {
        char *end;
        const long state = strtol(at, &end, 10);
        if (end == at || labs(state) > 8 || ions->n_states[z] == CAND_MAX_STATES)
            return dft_fail(err, DFT_EPARSE, "%s:%d: oxidation states '%s'; write them like -2 +4, at "
                            "most %d", dft_csv_path(csv), dft_csv_line(csv, row), text,
                            CAND_MAX_STATES);
        ions->state[z][ions->n_states[z]++] = (int)state;
        at = end + strspn(end, " ");
    }
    qsort(ions->state[z], ions->n_states[z], sizeof ions->state[z][0], by_value);
    return DFT_OK;
}

static dft_status read_elements(cand_ions *ions, const char *path, dft_error *err)
{
    static const char *const names[] = { "element", "atomic_volume_ang3", "alloy_volume_ang3",
                                         "oxidation_states" };
    const double bohr3 = DFT_BOHR_ANG * DFT_BOHR_ANG * DFT_BOHR_ANG;
    dft_csv *csv = NULL;
    size_t column[4];
    dft_status status = dft_csv_read(path, &csv, err);

    for (int k = 0; k < 4 && status == DFT_OK; k++)
        status = dft_csv_column(csv, names[k], &column[k], err);
    for (int z = 0; z <= DFT_MAX_Z; z++)
        ions->volume[z] = ions->alloy_volume[z] = NAN;
    for (size_t row = 0; status == DFT_OK && row < dft_csv_n_rows(csv); row++) {
        int z = 0;
        double volume = NAN, alloy_volume = NAN;
        status = element_of(csv, row, column[0], &z, err);
        if (status == DFT_OK)
            status = dft_csv_optional_number(csv, row, column[1], &volume, err);
        if (status == DFT_OK)
            status = dft_csv_optional_number(csv, row, column[2], &alloy_volume, err);
        if (status == DFT_OK && (volume <= 0.0 || alloy_volume <= 0.0))
            status = dft_fail(err, DFT_EPARSE, "%s:%d: an atomic volume of %g; expected a positive one",
                              path, dft_csv_line(csv, row), fmin(volume, alloy_volume));
        if (status == DFT_OK)
            status = read_states(ions, csv, row, column[3], z, err);
        ions->volume[z] = volume / bohr3;
        ions->alloy_volume[z] = (isnan(alloy_volume) ? volume : alloy_volume) / bohr3;
    }
    dft_csv_free(csv);
    return status;
}

static dft_status read_radius(const dft_csv *csv, size_t row, const size_t column[4],
                              ion_radius *out, dft_error *err)
{
    double number[3] = { 0.0, 0.0, 0.0 };
    dft_status status = element_of(csv, row, column[0], &out->z, err);

    for (int k = 0; k < 3 && status == DFT_OK; k++)
        status = dft_csv_number(csv, row, column[k + 1], &number[k], err);
    if (status == DFT_OK && (number[1] < 1.0 || number[2] <= 0.0))
        status = dft_fail(err, DFT_EPARSE, "%s:%d: coordination %g, radius %g; expected positive ones",
                          dft_csv_path(csv), dft_csv_line(csv, row), number[1], number[2]);
    out->charge = (int)number[0];
    out->coordination = (int)number[1];
    out->radius = number[2] / DFT_BOHR_ANG;
    return status;
}

static dft_status read_radii(cand_ions *ions, const char *path, dft_error *err)
{
    static const char *const names[] = { "element", "charge", "coordination", "radius_ang" };
    dft_csv *csv = NULL;
    size_t column[4];
    dft_status status = dft_csv_read(path, &csv, err);

    for (int k = 0; k < 4 && status == DFT_OK; k++)
        status = dft_csv_column(csv, names[k], &column[k], err);
    if (status == DFT_OK) {
        ions->radius = dft_alloc(dft_csv_n_rows(csv), sizeof *ions->radius);
        if (!ions->radius)
            status = dft_fail(err, DFT_ENOMEM, "%s: out of memory", path);
    }
    for (size_t row = 0; status == DFT_OK && row < dft_csv_n_rows(csv); row++)
        status = read_radius(csv, row, column, &ions->radius[ions->n_radii++], err);
    dft_csv_free(csv);
    return status;
}

dft_status cand_ions_read(const char *directory, cand_ions **out, dft_error *err)
{
    char *elements = dft_path_join(directory, "elements.csv");
    char *radii = dft_path_join(directory, "radii.csv");
    cand_ions *ions = dft_alloc(1, sizeof *ions);
    dft_status status = DFT_OK;

    *out = NULL;
    if (!elements || !radii || !ions)
        status = dft_fail(err, DFT_ENOMEM, "tables of ions in %s: out of memory", directory);
    if (status == DFT_OK)
        status = read_elements(ions, elements, err);
    if (status == DFT_OK)
        status = read_radii(ions, radii, err);
    if (status == DFT_OK) {
        *out = ions;
        ions = NULL;
    }
    cand_ions_free(ions);
    free(radii);
    free(elements);
    return status;
}

void cand_ions_free(cand_ions *ions)
{
    if (!ions)
        return;
    free(ions->radius);
    free(ions);
}

double cand_ions_volume(const cand_ions *ions, int z)
{
    return ions->volume[z];
}

double cand_ions_alloy_volume(const cand_ions *ions, int z)
{
    return ions->alloy_volume[z];
}

double cand_ions_metallic_radius(const cand_ions *ions, int z)
{
    return cbrt(ions->volume[z] / (4.0 * sqrt(2.0)));
}

double cand_ions_radius(const cand_ions *ions, int z, int charge, int coordination)
{
    const ion_radius *best = NULL;

    for (size_t i = 0; i < ions->n_radii; i++) {
        const ion_radius *r = &ions->radius[i];
        if (r->z != z || r->charge != charge)
            continue;
        const int off = abs(r->coordination - coordination);
        const int best_off = best ? abs(best->coordination - coordination) : off + 1;
        if (off < best_off || (off == best_off && r->coordination < best->coordination))
            best = r;
    }
    return best ? best->radius : NAN;
}

size_t cand_ions_states(const cand_ions *ions, int z, int state[CAND_MAX_STATES])
{
    memcpy(state, ions->state[z], sizeof ions->state[z]);
    return ions->n_states[z];
}
