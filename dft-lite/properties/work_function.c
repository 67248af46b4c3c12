#include "dft-lite/properties/work_function.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/units.h"
#include "dft-lite/properties/electrostatics.h"
#include "dft-lite/properties/planar_average.h"

#define N_SAMPLES 13                /* over the last third of the half gap; 6 is a sixth away */
#define SIXTH (N_SAMPLES / 2)
#define BESIDE_THE_JUMP 1e-9        /* periods: on which side of it the first sample lies */

static const char *const side_name[2] = { "bottom", "top" };

/* Potentials from the middle of the gap towards one face; [N_SAMPLES]. */
static dft_status sample(const dft_basis *basis, const dft_vacuum *vacuum,
                         const double complex *v_fine, const dft_dipole *dipole, double moment,
                         int top, double *v, dft_error *err)
{
    const double reach = vacuum->width / 6.0 / vacuum->period;      /* a third of half the gap */
    double x[N_SAMPLES];

    for (int i = 0; i < N_SAMPLES; i++) {
        const double away = BESIDE_THE_JUMP + reach * i / (N_SAMPLES - 1);
        x[i] = vacuum->middle + (top ? -away : away);
    }
    const dft_status status = dft_planar_average(basis, vacuum->axis, basis->n_fine, v_fine,
                                                 N_SAMPLES, x, v, err);
    for (int i = 0; dipole && status == DFT_OK && i < N_SAMPLES; i++)
        v[i] += dft_dipole_potential_at(dipole, moment, x[i]);
    return status;
}

static void judge(const dft_vacuum *vacuum, const double *v, int side, int corrected,
                  dft_work_functions *out)
{
    const double limit = DFT_WORK_FUNCTION_FLAT_EV / DFT_HARTREE_EV;
    double low = v[0], high = v[0];

    for (int i = 1; i < N_SAMPLES; i++) {
        low = fmin(low, v[i]);
        high = fmax(high, v[i]);
    }
    const double drop = 6.0 * fabs(v[SIXTH] - v[0]);        /* the field at the middle x half gap */
    out->vacuum_level[side] = v[0];
    out->variation[side] = fmax(high - low, drop);
    if (out->variation[side] <= limit || out->reason[0])
        return;
    out->reported = 0;
    snprintf(out->reason, sizeof out->reason, "the potential above the %s face is not flat: it varies by "
             "%.0f meV within the vacuum of %.1f A; %s", side_name[side],
             out->variation[side] * DFT_HARTREE_EV * 1e3, vacuum->width * DFT_BOHR_ANG,
             corrected ? "add vacuum" : "add vacuum or use the dipole correction");
}

dft_status dft_work_functions_compute(const dft_basis *basis, const dft_vacuum *vacuum,
                                      const double complex *v_fine, const dft_dipole *dipole,
                                      double moment, double fermi, dft_work_functions *out,
                                      dft_error *err)
{
    dft_status status = DFT_OK;

    *out = (dft_work_functions){ .reported = 1 };
    for (int side = 0; side < 2 && status == DFT_OK; side++) {
        double v[N_SAMPLES];
        status = sample(basis, vacuum, v_fine, dipole, moment, side, v, err);
        if (status == DFT_OK)
            judge(vacuum, v, side, dipole != NULL, out);
        out->work_function[side] = out->vacuum_level[side] - fermi;
    }
    return status;
}

/* 0, with the reason in *out, when there is no vacuum to speak of. */
static int has_vacuum(const dft_system *system, dft_vacuum *vacuum, dft_work_functions *out)
{
    *out = (dft_work_functions){ .reported = 0 };
    if (system->dipole) {
        *vacuum = system->dipole->vacuum;
        return 1;
    }
    if (dft_vacuum_find(system->crystal, 2, vacuum, NULL) != DFT_OK) {
        snprintf(out->reason, sizeof out->reason, "no slab: no plane of the cell is perpendicular to z");
        return 0;
    }
    if (vacuum->width * DFT_BOHR_ANG >= DFT_DIPOLE_LEAST_GAP_ANG)
        return 1;
    snprintf(out->reason, sizeof out->reason, "no vacuum: the widest gap along z is %.1f A",
             vacuum->width * DFT_BOHR_ANG);
    return 0;
}

dft_status dft_work_functions_of(const dft_system *system, const double complex *rho_g,
                                 const double *d_p, double fermi, dft_work_functions *out,
                                 dft_error *err)
{
    const size_t n = system->basis->n_fine;
    dft_vacuum vacuum;
    dft_status status;

    if (!has_vacuum(system, &vacuum, out))
        return DFT_OK;
    double complex *rho = dft_alloc_complex(n), *v = dft_alloc_complex(n);
    if (rho && v)
        status = dft_electrostatics_compute(system, rho_g, d_p, rho, v, err);
    else
        status = dft_fail(err, DFT_ENOMEM, "work function: out of memory");
    if (status == DFT_OK)
        status = dft_work_functions_compute(system->basis, &vacuum, v, system->dipole,
                                            system->dipole ? dft_dipole_moment(system->dipole, rho)
                                                           : 0.0, fermi, out, err);
    free(rho);
    free(v);
    return status;
}
