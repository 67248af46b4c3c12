#include "candidates/library_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/units.h"
#include "dft-lite/crystal/symmetry.h"

#define N_TEXTS 8
#define SYMMETRY_TOLERANCE 0.02     /* bohr, 0.01 A: as for the entries of the tables */

void cand_added_entry_free(cand_added_entry *added)
{
    if (!added)
        return;
    free(added->position);
    free(added->z);
    free(added->texts);
    free(added);
}

static dft_status check_texts(const cand_library *library, const cand_new_entry *what,
                              dft_error *err)
{
    if (!what->id[0] || !what->formula[0] || !what->class_name[0] || !what->origin[0]
        || !what->source[0])
        return dft_fail(err, DFT_EINPUT, "structure '%.60s' needs an id, formula, class, origin and "
                        "source", what->id);
    if (strlen(what->id) > CAND_LONGEST_NAME || strlen(what->formula) > CAND_LONGEST_NAME)
        return dft_fail(err, DFT_EINPUT, "structure '%.60s': id and formula may have at most %d "
                        "characters", what->id, CAND_LONGEST_NAME);
    if (cand_library_by_id(library, what->id))
        return dft_fail(err, DFT_EINPUT, "the structure library has an entry '%s' already; choose "
                        "another name", what->id);
    return DFT_OK;
}

static dft_status copy_texts(const cand_new_entry *what, const char *symbol,
                             cand_added_entry *added, dft_error *err)
{
    const char *const text[N_TEXTS] = { what->id, what->formula, what->class_name, what->prototype,
                                        symbol, what->origin, what->source, what->note };
    const char **const field[N_TEXTS] = {
        &added->entry.id, &added->entry.formula, &added->entry.class_name, &added->entry.prototype,
        &added->entry.hermann_mauguin, &added->entry.origin, &added->entry.source, &added->entry.note
    };
    size_t size = 0;

    for (int k = 0; k < N_TEXTS; k++)
        size += strlen(text[k]) + 1;
    added->texts = dft_alloc(size, 1);
    if (!added->texts)
        return dft_fail(err, DFT_ENOMEM, "structure %s: out of memory", what->id);
    char *at = added->texts;
    for (int k = 0; k < N_TEXTS; k++) {
        const size_t length = strlen(text[k]) + 1;
        memcpy(at, text[k], length);
        *field[k] = at;
        at += length;
    }
    return DFT_OK;
}

static double dot3(const double a[3], const double b[3])
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

/* Exact at the usual angles, so that cells come out of the table's functions without tilt. */
static double angle_deg(const double a[3], const double b[3])
{
    static const double usual[] = { 90.0, 120.0, 60.0 };
    const double cosine = dot3(a, b) / sqrt(dot3(a, a) * dot3(b, b));
    const double angle = acos(fmax(-1.0, fmin(1.0, cosine))) * 180.0 / DFT_PI;

    for (int k = 0; k < 3; k++)
        if (fabs(angle - usual[k]) < 1e-6)
            return usual[k];
    return angle;
}

/* Lengths, angles and fractions; a left-handed cell with its vectors reversed. */
static dft_status copy_crystal(const dft_crystal *crystal, cand_added_entry *added, dft_error *err)
{
    const double (*a)[3] = crystal->lattice;
    const double triple = a[0][0] * (a[1][1] * a[2][2] - a[1][2] * a[2][1])
                        + a[0][1] * (a[1][2] * a[2][0] - a[1][0] * a[2][2])
                        + a[0][2] * (a[1][0] * a[2][1] - a[1][1] * a[2][0]);

    added->z = dft_alloc_ints(crystal->n_atoms);
    added->position = dft_alloc(crystal->n_atoms, sizeof *added->position);
    if (!added->z || !added->position)
        return dft_fail(err, DFT_ENOMEM, "structure of %zu atoms: out of memory", crystal->n_atoms);
    memcpy(added->z, crystal->z, crystal->n_atoms * sizeof *added->z);
    for (size_t n = 0; n < crystal->n_atoms; n++)
        for (int c = 0; c < 3; c++)
            added->position[n][c] = (triple < 0.0 ? -1.0 : 1.0) * crystal->position[n][c];
    for (int i = 0; i < 3; i++) {
        added->entry.cell_ang[i] = sqrt(dot3(a[i], a[i])) * DFT_BOHR_ANG;
        added->entry.cell_deg[i] = angle_deg(a[(i + 1) % 3], a[(i + 2) % 3]);
    }
    added->entry.n_atoms = crystal->n_atoms;
    added->entry.z = added->z;
    added->entry.position = (const double (*)[3])added->position;
    added->entry.pbe_a_ang = added->entry.pbe_c_ang = NAN;
    return DFT_OK;
}

static dft_status make_room(cand_library *library, dft_error *err)
{
    if (library->n_added < library->room)
        return DFT_OK;
    const size_t room = library->room ? 2 * library->room : 64;
    cand_added_entry **larger = dft_alloc(room, sizeof *larger);
    if (!larger)
        return dft_fail(err, DFT_ENOMEM, "structure library: out of memory");
    if (library->n_added)
        memcpy(larger, library->added, library->n_added * sizeof *larger);
    free(library->added);
    library->added = larger;
    library->room = room;
    return DFT_OK;
}

dft_status cand_library_add(cand_library *library, const cand_new_entry *what,
                            const dft_crystal *crystal, const cand_entry **out, dft_error *err)
{
    dft_symmetry *symmetry = NULL;
    cand_added_entry *added = NULL;
    dft_status status = check_texts(library, what, err);

    if (out)
        *out = NULL;
    if (status == DFT_OK)
        status = make_room(library, err);
    if (status == DFT_OK)
        status = dft_symmetry_create(crystal, SYMMETRY_TOLERANCE, &symmetry, err);
    if (status != DFT_OK)
        return status;
    added = dft_alloc(1, sizeof *added);
    status = added ? copy_texts(what, symmetry->space_group_symbol, added, err)
                   : dft_fail(err, DFT_ENOMEM, "structure %s: out of memory", what->id);
    if (status == DFT_OK)
        status = copy_crystal(crystal, added, err);
    if (status == DFT_OK) {
        added->entry.is_sheet = what->is_sheet;
        added->entry.space_group_number = symmetry->space_group_number;
        library->added[library->n_added++] = added;
        if (out)
            *out = &added->entry;
        added = NULL;
    }
    cand_added_entry_free(added);
    dft_symmetry_free(symmetry);
    return status;
}
