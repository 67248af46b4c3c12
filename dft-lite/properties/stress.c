#include "dft-lite/properties/stress.h"

#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/blocks.h"
#include "dft-lite/properties/symmetrise_tensors.h"
#include "dft-lite/terms/grid_xc_stress.h"
#include "dft-lite/terms/hartree.h"
#include "dft-lite/terms/projectors_force.h"

static void add_kinetic(const dft_solved *solved, size_t channel, double strain[DFT_N_STRAIN])
{
    const dft_kbasis *kb = dft_solved_kspace(solved, channel)->kbasis;
    const double *occupation = solved->occupation + channel * solved->n_bands;
    const double weight = dft_system_channel_weight(solved->system, channel);

    for (size_t g = 0; g < kb->n_pw; g++) {
        double sum = 0.0;
        for (size_t ib = 0; ib < solved->n_bands; ib++)
            sum += occupation[ib] * dft_abs2(solved->psi[channel][ib * kb->n_pw + g]);
        dft_strain_add(-weight * sum, kb->kg[g], kb->kg[g], strain);
    }
}

typedef struct {
    dft_directions **directions;        /* owned, [n_k] */
    double (*part)[DFT_N_STRAIN];       /* owned, [n_channels][n_atoms] */
} orbital_parts;

static void projector_strain(const dft_solved *solved, size_t channel, size_t atom,
                             const double complex *b, double complex *scratch, void *context)
{
    const orbital_parts *parts = context;
    const dft_system *system = solved->system;

    dft_projectors_add_strain(system->ions, dft_solved_kspace(solved, channel)->kbasis,
                              parts->directions[channel % system->kpoints->n_k], atom, b, scratch,
                              parts->part[channel * system->crystal->n_atoms + atom]);
}

static dft_status orbital_parts_create(const dft_solved *solved, orbital_parts *parts,
                                       dft_error *err)
{
    const size_t n_atoms = solved->system->crystal->n_atoms, n_k = solved->system->kpoints->n_k;
    const size_t n_channels = dft_system_n_channels(solved->system);
    dft_status status = DFT_OK;

    *parts = (orbital_parts){ dft_alloc(n_k, sizeof *parts->directions),
                              dft_alloc(n_channels * n_atoms, sizeof *parts->part) };
    if (!parts->directions || !parts->part)
        return dft_fail(err, DFT_ENOMEM, "stress: out of memory");
    for (size_t k = 0; status == DFT_OK && k < n_k; k++)
        status = dft_directions_create(solved->kspace[k]->kbasis, &parts->directions[k], err);
    return status;
}

static void orbital_parts_clear(const dft_solved *solved, orbital_parts *parts)
{
    for (size_t k = 0; parts->directions && k < solved->system->kpoints->n_k; k++)
        dft_directions_free(parts->directions[k]);
    free(parts->directions);
    free(parts->part);
}

static dft_status add_orbitals(const dft_solved *solved, double strain[DFT_N_STRAIN],
                               dft_error *err)
{
    const size_t n_channels = dft_system_n_channels(solved->system);
    const size_t n_parts = n_channels * solved->system->crystal->n_atoms;
    orbital_parts parts;
    dft_status status = orbital_parts_create(solved, &parts, err);

    if (status == DFT_OK)
        status = dft_solved_visit_projectors(solved, projector_strain, &parts, err);
    if (status == DFT_OK) {
        for (size_t i = 0; i < n_parts; i++)
            for (int s = 0; s < DFT_N_STRAIN; s++)
                strain[s] += parts.part[i][s];
        for (size_t c = 0; c < n_channels; c++)
            add_kinetic(solved, c, strain);
    }
    orbital_parts_clear(solved, &parts);
    return status;
}

dft_status dft_stress_compute(const dft_solved *solved, const dft_solved_fields *fields,
                              double stress[DFT_N_STRAIN], dft_error *err)
{
    const dft_system *system = solved->system;
    const dft_ions_surroundings surroundings = dft_solved_surroundings(fields);
    dft_status status;

    memset(stress, 0, DFT_N_STRAIN * sizeof *stress);
    dft_hartree_add_strain(system->basis, system->basis->n_fine, fields->charge, stress);
    if (system->dipole)
        dft_dipole_add_strain(system->dipole, fields->potential->dipole_moment, stress);
    dft_strain_add_isotropic(-fields->potential->zero, stress);
    status = dft_grid_xc_add_strain(system->basis, system->orbits, system->xc, system->n_spin,
                                    fields->density, stress, err);
    if (status == DFT_OK)
        status = dft_ions_add_strain(system->ions, &surroundings, stress, err);
    if (status == DFT_OK)
        status = add_orbitals(solved, stress, err);
    if (status != DFT_OK)
        return status;
    dft_symmetrise_strain(system->crystal, system->symmetry, stress);
    for (int s = 0; s < DFT_N_STRAIN; s++)
        stress[s] /= system->basis->volume;
    return DFT_OK;
}
