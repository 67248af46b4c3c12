#include "dft-lite/properties/nscf_xc.h"

#include <stdlib.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/terms/grid_xc.h"

/* One-centre parts: tables of each species for this functional, then every atom. */
static dft_status add_one_centre(const dft_system *system, const dft_xc *xc, const double *d_p,
                                 double *energy, dft_error *err)
{
    const size_t n_p = system->p_offset[system->crystal->n_atoms];
    dft_onsite_xc *onsite[DFT_SYSTEM_MAX_SPECIES] = { NULL };
    double *dh_p = dft_alloc_doubles(2 * n_p);      /* not used */
    dft_status status = DFT_OK;

    if (!dh_p)
        status = dft_fail(err, DFT_ENOMEM, "one-centre exchange-correlation: out of memory");
    for (size_t s = 0; status == DFT_OK && s < system->n_species; s++)
        status = dft_onsite_xc_create(system->species[s], xc, &onsite[s], err);
    for (size_t a = 0; status == DFT_OK && a < system->crystal->n_atoms; a++) {
        const double *d = d_p + system->p_offset[a];
        double *dh = dh_p + system->p_offset[a];
        const double *const spin_d[2] = { d, system->n_spin == 2 ? d + n_p : NULL };
        double *const spin_dh[2] = { dh, dh + n_p };
        status = dft_onsite_xc_add(onsite[system->species_of[a]], system->n_spin, spin_d, energy,
                                   spin_dh, err);
    }
    for (size_t s = 0; s < system->n_species; s++)
        dft_onsite_xc_free(onsite[s]);
    free(dh_p);
    return status;
}

dft_status dft_nscf_xc_energy(const dft_system *system, const dft_xc *xc,
                              const double complex *rho_g,
                              const double *d_p, double *energy, dft_error *err)
{
    const dft_basis *basis = system->basis;
    const size_t n = system->n_spin * basis->n_g;
    /* v_g: not used */
    double complex *total = dft_alloc_complex(n), *v_g = dft_alloc_complex(n);
    dft_status status;

    if (total && v_g) {
        for (size_t ig = 0; ig < n; ig++)
            total[ig] = rho_g[ig] + (ig < basis->n_g ? system->ions->core_g[ig] : 0.0);
        status = dft_grid_xc_add(basis, system->orbits, xc, system->n_spin, total, energy, v_g,
                                 err);
    } else {
        status = dft_fail(err, DFT_ENOMEM, "exchange-correlation: out of memory");
    }
    if (status == DFT_OK)
        status = add_one_centre(system, xc, d_p, energy, err);
    free(total);
    free(v_g);
    return status;
}

dft_status dft_nscf_xc_differences(const dft_system *system, const double complex *rho_g,
                                   const double *d_p, size_t n, const char *const *name,
                                   double *difference, dft_error *err)
{
    double own = 0.0;
    dft_status status = dft_nscf_xc_energy(system, system->xc, rho_g, d_p, &own, err);

    for (size_t i = 0; status == DFT_OK && i < n; i++) {
        dft_xc *xc = NULL;
        double other = 0.0;
        status = dft_xc_create(name[i], &xc, err);
        if (status == DFT_OK)
            status = dft_nscf_xc_energy(system, xc, rho_g, d_p, &other, err);
        difference[i] = other - own;
        dft_xc_free(xc);
    }
    return status;
}
