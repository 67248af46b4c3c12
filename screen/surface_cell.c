#include "screen/surface_cell.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

#include "candidates/layer.h"
#include "dft-lite/base/units.h"
#include "dft-lite/crystal/conventional.h"

#define SYMMETRY_TOLERANCE 0.02     /* bohr, as for a folder of structures */
#define SAME_PLACE 0.08             /* bohr: two idealised atoms moved by up to the tolerance each, twice */

static double length_of(const double v[3])
{
    return sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
}

/* Equal lengths and angles: a rotation in space does not change what indices mean. */
static bool same_metric(const dft_crystal *one, const dft_crystal *two)
{
    for (int i = 0; i < 3; i++)
        for (int j = 0; j <= i; j++) {
            const double *a = one->lattice[i], *b = one->lattice[j];
            const double *p = two->lattice[i], *q = two->lattice[j];
            const double difference = a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
                                    - p[0] * q[0] - p[1] * q[1] - p[2] * q[2];
            if (fabs(difference) > SYMMETRY_TOLERANCE * (length_of(a) + length_of(b)))
                return false;
        }
    return true;
}

/* Whether every atom of `one`, its first put onto atom `b0` of `two`, meets an equal one. */
static bool meet(const dft_crystal *one, const dft_crystal *two, size_t b0)
{
    for (size_t a = 0; a < one->n_atoms; a++) {
        bool met = false;
        for (size_t b = 0; b < two->n_atoms && !met; b++) {
            double d[3], cart[3];
            for (int c = 0; c < 3; c++) {
                d[c] = one->position[a][c] - one->position[0][c]
                     - two->position[b][c] + two->position[b0][c];
                d[c] -= round(d[c]);
            }
            dft_crystal_cartesian((const double (*)[3])two->lattice, d, cart);
            met = one->z[a] == two->z[b] && length_of(cart) <= SAME_PLACE;
        }
        if (!met)
            return false;
    }
    return true;
}

/* Atoms count as well as the metric: obverse and reverse R lattices share theirs. */
static bool same_cell(const dft_crystal *one, const dft_crystal *two)
{
    if (one->n_atoms != two->n_atoms || !same_metric(one, two))
        return false;
    for (size_t b0 = 0; b0 < two->n_atoms; b0++)
        if (one->z[0] == two->z[b0] && meet(one, two, b0))
            return true;
    return false;
}

static bool is_slab(const dft_crystal *crystal)
{
    cand_layer *layer = NULL;
    const bool yes = cand_layer_create(crystal, CAND_LAYER_TOLERANCE, &layer, NULL) == DFT_OK;

    cand_layer_free(layer);
    return yes;
}

dft_status screen_surface_standardise(const screen_app *app, const screen_command *command, int say,
                                      dft_crystal **crystal, dft_error *err)
{
    const char *word = command->word[0];
    dft_crystal *standard = NULL;
    dft_error why = { DFT_OK, "" };
    dft_status status;

    if (screen_option_value(command, "as-given") || access(word, F_OK) != 0 || is_slab(*crystal))
        return DFT_OK;
    status = dft_crystal_conventional(*crystal, SYMMETRY_TOLERANCE, &standard, &why);
    if (status == DFT_ENOMEM)
        return dft_fail(err, status, "%s", why.message);
    if (status != DFT_OK) {
        if (say)
            fprintf(app->progress, "%s: Miller indices refer to the file's own cell, for no conventional "
                    "one was found: %s\n", word, why.message);
        return DFT_OK;
    }
    if (same_cell(*crystal, standard)) {
        dft_crystal_free(standard);
        return DFT_OK;
    }
    if (say)
        fprintf(app->progress, "%s: not the conventional cell; Miller indices refer to that one, %zu "
                "atoms, %.4f x %.4f x %.4f A (--as-given keeps the file's)\n",
                word, standard->n_atoms,
                length_of(standard->lattice[0]) * DFT_BOHR_ANG,
                length_of(standard->lattice[1]) * DFT_BOHR_ANG,
                length_of(standard->lattice[2]) * DFT_BOHR_ANG);
    dft_crystal_free(*crystal);
    *crystal = standard;
    return DFT_OK;
}
