#include "dft-lite/properties/symmetrise_tensors.h"

#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"

dft_status dft_symmetrise_forces(const dft_crystal *crystal, const dft_symmetry *symmetry,
                                 double (*force)[3], dft_error *err)
{
    const size_t n_atoms = crystal->n_atoms;
    double (*mean)[3] = dft_alloc(n_atoms, sizeof *mean);

    if (!mean)
        return dft_fail(err, DFT_ENOMEM, "forces on %zu atoms: out of memory", n_atoms);
    for (size_t op = 0; op < symmetry->n_ops; op++) {
        double r[3][3];
        dft_symop_cartesian(&symmetry->op[op], crystal->lattice, r);
        for (size_t a = 0; a < n_atoms; a++) {
            const double *f = force[symmetry->atom_map[op * n_atoms + a]];
            for (int c = 0; c < 3; c++)
                mean[a][c] += (r[0][c] * f[0] + r[1][c] * f[1] + r[2][c] * f[2])
                            / (double)symmetry->n_ops;
        }
    }
    memcpy(force, mean, n_atoms * sizeof *mean);
    free(mean);
    return DFT_OK;
}

void dft_symmetrise_strain(const dft_crystal *crystal, const dft_symmetry *symmetry,
                           double strain[DFT_N_STRAIN])
{
    double full[3][3], mean[DFT_N_STRAIN] = { 0.0 };

    for (int s = 0; s < DFT_N_STRAIN; s++)
        full[dft_strain_row[s]][dft_strain_column[s]]
            = full[dft_strain_column[s]][dft_strain_row[s]] = strain[s];
    for (size_t op = 0; op < symmetry->n_ops; op++) {
        double r[3][3];
        dft_symop_cartesian(&symmetry->op[op], crystal->lattice, r);
        for (int s = 0; s < DFT_N_STRAIN; s++)
            for (int i = 0; i < 3; i++)
                for (int j = 0; j < 3; j++)
                    mean[s] += r[i][dft_strain_row[s]] * full[i][j] * r[j][dft_strain_column[s]]
                             / (double)symmetry->n_ops;
    }
    memcpy(strain, mean, sizeof mean);
}
