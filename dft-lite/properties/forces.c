#include "dft-lite/properties/forces.h"

#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/properties/symmetrise_tensors.h"
#include "dft-lite/terms/projectors_force.h"

/* context: [n_channels][n_atoms][3] */
static void projector_force(const dft_solved *solved, size_t channel, size_t atom,
                            const double complex *p, const double complex *b, double complex *scratch,
                            void *context)
{
    const dft_system *system = solved->system;
    const dft_kspace *kspace = dft_solved_kspace(solved, channel);
    double (*force)[3] = context;
    (void)scratch;

    dft_projectors_add_force(kspace->kbasis, system->species[system->species_of[atom]]->n_i, p, b,
                             force[channel * system->crystal->n_atoms + atom]);
}

static dft_status add_projectors(const dft_solved *solved, double (*force)[3], dft_error *err)
{
    const size_t n_atoms = solved->system->crystal->n_atoms;
    const size_t n_parts = dft_system_n_channels(solved->system) * n_atoms;
    double (*parts)[3] = dft_alloc(n_parts, sizeof *parts);
    dft_status status;

    if (!parts)
        return dft_fail(err, DFT_ENOMEM, "forces: out of memory");
    status = dft_solved_visit_projectors(solved, projector_force, parts, err);
    for (size_t i = 0; status == DFT_OK && i < n_parts; i++)
        for (int c = 0; c < 3; c++)
            force[i % n_atoms][c] += parts[i][c];
    free(parts);
    return status;
}

dft_status dft_forces_compute(const dft_solved *solved, const dft_solved_fields *fields,
                              double (*force)[3], dft_error *err)
{
    const dft_ions_surroundings surroundings = dft_solved_surroundings(fields);
    dft_status status;

    memset(force, 0, solved->system->crystal->n_atoms * sizeof *force);
    status = dft_ions_add_force(solved->system->ions, &surroundings, force, err);
    if (status == DFT_OK)
        status = add_projectors(solved, force, err);
    if (status == DFT_OK)
        status = dft_symmetrise_forces(solved->system->crystal, solved->system->symmetry, force,
                                       err);
    return status;
}
