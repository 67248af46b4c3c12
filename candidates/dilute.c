#include "candidates/dilute.h"

#include <stdlib.h>
#include <string.h>

#include "candidates/lattices.h"
#include "dft-lite/base/alloc.h"
#include "dft-lite/crystal/elements.h"
#include "dft-lite/crystal/symmetry.h"

#define SYMMETRY_TOLERANCE 0.02     /* bohr, 0.01 A: as for the structure library */

dft_status cand_dilute_sites(const dft_crystal *host, int z, size_t **atom, size_t *n, dft_error *err)
{
    dft_symmetry *symmetry = NULL;
    size_t *class_of = dft_alloc_sizes(host->n_atoms);
    dft_status status = DFT_OK;

    *n = 0;
    *atom = dft_alloc_sizes(host->n_atoms);
    if (!class_of || !*atom)
        status = dft_fail(err, DFT_ENOMEM, "host of %zu atoms: out of memory", host->n_atoms);
    if (status == DFT_OK)
        status = dft_symmetry_create(host, SYMMETRY_TOLERANCE, &symmetry, err);
    if (status == DFT_OK) {
        dft_symmetry_atom_classes(symmetry, class_of);
        for (size_t a = 0; a < host->n_atoms; a++)
            if (host->z[a] == z && class_of[a] == a)
                (*atom)[(*n)++] = a;
        if (*n == 0)
            status = dft_fail(err, DFT_EINPUT, "the host has no %s atoms", dft_element_symbol(z));
    }
    if (status != DFT_OK) {
        free(*atom);
        *atom = NULL;
        *n = 0;
    }
    dft_symmetry_free(symmetry);
    free(class_of);
    return status;
}

static void swap_with_first(dft_crystal *crystal, size_t a)
{
    double x[3];
    const int z = crystal->z[a];

    memcpy(x, crystal->position[a], sizeof x);
    memmove(crystal->z + 1, crystal->z, a * sizeof *crystal->z);
    memmove(crystal->position + 1, crystal->position, a * sizeof *crystal->position);
    crystal->z[0] = z;
    memcpy(crystal->position[0], x, sizeof x);
}

dft_status cand_dilute_create(const dft_crystal *host, const int copies[3], size_t atom, int solute,
                              dft_crystal **out, cand_dilute_info *info, dft_error *err)
{
    const int matrix[3][3] = { { copies[0], 0, 0 }, { 0, copies[1], 0 }, { 0, 0, copies[2] } };
    size_t n_same = 0;
    dft_status status;

    *out = NULL;
    if (atom >= host->n_atoms || copies[0] < 1 || copies[1] < 1 || copies[2] < 1)
        return dft_fail(err, DFT_EINPUT, "atom %zu in %d x %d x %d cells: the host has %zu atoms, and "
                        "there must be a cell", atom, copies[0], copies[1], copies[2], host->n_atoms);
    if (solute < 1 || solute > DFT_MAX_Z || host->z[atom] == solute)
        return dft_fail(err, DFT_EINPUT, "element %s as a solute in place of %s",
                        dft_element_symbol(solute), dft_element_symbol(host->z[atom]));
    status = cand_crystal_supercell(host, matrix, out, err);
    if (status != DFT_OK)
        return status;
    const size_t n_cells = (*out)->n_atoms / host->n_atoms;
    for (size_t a = 0; a < (*out)->n_atoms; a++)
        n_same += (*out)->z[a] == host->z[atom];
    swap_with_first(*out, atom * n_cells);
    (*out)->z[0] = solute;
    if (info)
        *info = (cand_dilute_info){ 1.0 / (double)n_same, dft_crystal_distance(*out, 0, 0) };
    return DFT_OK;
}
