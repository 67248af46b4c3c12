#include "dft-lite/scf/ground.h"

#include <stdlib.h>

void dft_ground_free(dft_ground *ground)
{
    if (!ground)
        return;
    for (size_t ik = 0; ground->kspace && ik < ground->system->kpoints->n_k; ik++)
        dft_kspace_free(ground->kspace[ik]);
    free(ground->kspace);
    dft_potential_free(ground->potential);
    free(ground->rho_out);
    free(ground->d_out);
    dft_system_free(ground->system);
    dft_crystal_free(ground->crystal);
    free(ground);
}
