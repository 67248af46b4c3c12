#include "dft-lite/crystal/conventional.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <spglib.h>

#include "dft-lite/base/alloc.h"

#define MOST_CELLS 4                /* primitive cells in a conventional one: F centring */

dft_status dft_crystal_conventional(const dft_crystal *crystal, double tolerance, dft_crystal **out,
                                    dft_error *err)
{
    const size_t room = MOST_CELLS * crystal->n_atoms;
    int *z = dft_alloc_ints(room);
    double (*position)[3] = dft_alloc(room, sizeof *position), columns[3][3], lattice[3][3];
    dft_status status = DFT_OK;
    int n = 0;

    *out = NULL;
    if (!z || !position) {
        status = dft_fail(err, DFT_ENOMEM, "conventional cell of %zu atoms: out of memory",
                          crystal->n_atoms);
        goto done;
    }
    if (!(tolerance > 0.0) || !isfinite(tolerance)) {
        status = dft_fail(err, DFT_EINPUT, "symmetry tolerance must be positive, not %g bohr",
                          tolerance);
        goto done;
    }
    memcpy(z, crystal->z, crystal->n_atoms * sizeof *z);
    memcpy(position, crystal->position, crystal->n_atoms * sizeof *position);
    for (int i = 0; i < 3; i++)
        for (int c = 0; c < 3; c++)
            columns[c][i] = crystal->lattice[i][c];     /* spglib wants the vectors as columns */
    #pragma omp critical(dft_spglib)
    {
        n = spg_standardize_cell(columns, position, z, (int)crystal->n_atoms, 0, 0, tolerance);
        if (n == 0)
            status = dft_fail(err, DFT_ENUMERIC, "spglib found no symmetry within %g bohr (%s); give "
                              "another tolerance", tolerance,
                              spg_get_error_message(spg_get_error_code()));
    }
    for (int i = 0; i < 3; i++)
        for (int c = 0; c < 3; c++)
            lattice[i][c] = columns[c][i];
    if (status == DFT_OK)
        status = dft_crystal_create((const double (*)[3])lattice, (size_t)n, z,
                                    (const double (*)[3])position, out, err);
done:
    free(position);
    free(z);
    return status;
}
