#include "dft-lite/properties/electrostatics.h"

#include <stdlib.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/hamiltonian/potential.h"
#include "dft-lite/terms/hartree.h"

dft_status dft_electrostatics_compute(const dft_system *system, const double complex *rho_g,
                                      const double *d_p, double complex *rho_fine,
                                      double complex *v_fine, dft_error *err)
{
    const dft_basis *basis = system->basis;
    double *multipole = dft_alloc_doubles(system->crystal->n_atoms * DFT_N_COMPENSATION);

    if (!multipole)
        return dft_fail(err, DFT_ENOMEM, "electrostatic potential: out of memory");
    for (size_t ig = 0; ig < basis->n_fine; ig++)
        rho_fine[ig] = ig < basis->n_g ? rho_g[ig] + system->ions->core_g[ig] : 0.0;
    dft_multipoles(system, d_p, 1, multipole);
    dft_ions_add_compensation(system->ions, multipole, rho_fine, v_fine);   /* v_fine: scratch */
    dft_hartree(basis, basis->n_fine, rho_fine, v_fine);
    free(multipole);
    return DFT_OK;
}
