#include "dft-lite/properties/stress.h"

#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/blocks.h"
#include "dft-lite/properties/symmetrise_tensors.h"
#include "dft-lite/terms/grid_xc_stress.h"
#include "dft-lite/terms/hartree.h"
#include "dft-lite/terms/projectors_force.h"

typedef struct {
    dft_directions **directions;        /* owned, [n_k] */
    double (*kinetic)[DFT_N_STRAIN];    /* owned, [n_channels] */
    double (*projectors)[DFT_N_STRAIN]; /* owned, [n_channels][n_atoms] */
} orbital_parts;

static void add_kinetic(const dft_solved *solved, size_t channel, double strain[DFT_N_STRAIN])
{
    const dft_kbasis *kb = dft_solved_kspace(solved, channel)->kbasis;
    const double *occupation = solved->occupation + channel * solved->n_bands;
    const double weight = dft_system_channel_weight(solved->system, channel);

    for (size_t ib = 0; ib < solved->n_bands; ib++) {
        const double complex *psi = solved->psi[channel] + ib * kb->n_pw;
        for (size_t g = 0; g < kb->n_pw; g++)
            dft_strain_add(-weight * occupation[ib] * dft_abs2(psi[g]), kb->kg[g], kb->kg[g],
                           strain);
    }
}

static void projector_strain(const dft_solved *solved, size_t channel, size_t atom,
                             const double complex *p, const double complex *b, double complex *scratch,
                             void *context)
{
    const orbital_parts *parts = context;
    const dft_system *system = solved->system;
    (void)p;

    dft_projectors_add_strain(system->ions, dft_solved_kspace(solved, channel)->kbasis,
                              parts->directions[channel % system->kpoints->n_k], atom, b, scratch,
                              parts->projectors[channel * system->crystal->n_atoms + atom]);
}

static dft_status orbital_parts_alloc(const dft_solved *solved, orbital_parts *parts,
                                      dft_error *err)
{
    const size_t n_channels = dft_system_n_channels(solved->system);

    *parts = (orbital_parts){
        dft_alloc(solved->system->kpoints->n_k, sizeof *parts->directions),
        dft_alloc(n_channels, sizeof *parts->kinetic),
        dft_alloc(n_channels * solved->system->crystal->n_atoms, sizeof *parts->projectors) };
    if (!parts->directions || !parts->kinetic || !parts->projectors)
        return dft_fail(err, DFT_ENOMEM, "stress: out of memory");
    return DFT_OK;
}

static void orbital_parts_clear(const dft_solved *solved, orbital_parts *parts)
{
    for (size_t k = 0; parts->directions && k < solved->system->kpoints->n_k; k++)
        dft_directions_free(parts->directions[k]);
    free(parts->directions);
    free(parts->kinetic);
    free(parts->projectors);
}

/* Kinetic energy of every channel, and the directions of every k-point for the projectors. */
static dft_status fill_channels(const dft_solved *solved, orbital_parts *parts, dft_error *err)
{
    dft_status status = DFT_OK;

    #pragma omp parallel for schedule(dynamic)
    for (size_t c = 0; c < dft_system_n_channels(solved->system); c++) {
        dft_error local;
        dft_status one = DFT_OK;
        if (c < solved->system->kpoints->n_k)
            one = dft_directions_create(solved->kspace[c]->kbasis, &parts->directions[c], &local);
        add_kinetic(solved, c, parts->kinetic[c]);
        if (one != DFT_OK) {
            #pragma omp critical (dft_stress_error)
            status = dft_fail(err, one, "%s", local.message);
        }
    }
    return status;
}

static void add_parts(size_t n, const double (*parts)[DFT_N_STRAIN], double strain[DFT_N_STRAIN])
{
    for (size_t i = 0; i < n; i++)
        for (int s = 0; s < DFT_N_STRAIN; s++)
            strain[s] += parts[i][s];
}

static dft_status add_orbitals(const dft_solved *solved, double strain[DFT_N_STRAIN],
                               dft_error *err)
{
    const size_t n_channels = dft_system_n_channels(solved->system);
    orbital_parts parts;
    dft_status status = orbital_parts_alloc(solved, &parts, err);

    if (status == DFT_OK)
        status = fill_channels(solved, &parts, err);
    if (status == DFT_OK)
        status = dft_solved_visit_projectors(solved, projector_strain, &parts, err);
    if (status == DFT_OK) {
        add_parts(n_channels, (const double (*)[DFT_N_STRAIN])parts.kinetic, strain);
        add_parts(n_channels * solved->system->crystal->n_atoms,
                  (const double (*)[DFT_N_STRAIN])parts.projectors, strain);
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
