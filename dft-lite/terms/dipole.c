#include "dft-lite/terms/dipole.h"

#include <math.h>
#include <stdlib.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/units.h"

#define JUMP_WIDTH (1.0 / 24.0)      /* of the gap */

void dft_dipole_free(dft_dipole *dipole)
{
    if (!dipole)
        return;
    free(dipole->index);
    free(dipole->saw);
    free(dipole);
}

/* l of G = l b along the axis; 0 for every other vector and for G = 0. */
static int order_along(const int hkl[3], int axis)
{
    return hkl[(axis + 1) % 3] == 0 && hkl[(axis + 2) % 3] == 0 ? hkl[axis] : 0;
}

/* The half list keeps one of G, -G; the other's coefficient is the conjugate. */
static void fill(dft_dipole *self, const dft_basis *basis)
{
    const double width = JUMP_WIDTH * self->vacuum.width / self->vacuum.period;

    for (size_t ig = 0; ig < basis->n_fine; ig++) {
        const int l = order_along(basis->hkl[ig], self->vacuum.axis);
        if (l == 0)
            continue;
        self->index[self->n] = ig;
        self->saw[self->n++] = I * self->vacuum.period / (2.0 * DFT_PI * l)
                             * cexp(-2.0 * DFT_PI * I * l * self->vacuum.middle)
                             * exp(-pow(DFT_PI * l * width, 2));
    }
}

dft_status dft_dipole_create(const dft_basis *basis, const dft_vacuum *vacuum, dft_dipole **out,
                             dft_error *err)
{
    const double gap_ang = vacuum->width * DFT_BOHR_ANG;
    size_t n = 0;

    *out = NULL;
    if (gap_ang < DFT_DIPOLE_LEAST_GAP_ANG)
        return dft_fail(err, DFT_EINPUT, "dipole correction: the widest gap between atoms is %.2f A and "
                        "at least %.0f A of vacuum are needed, because the electrons of both faces "
                        "reach into a narrower gap, where the potential must jump; add vacuum or "
                        "leave the correction out", gap_ang, DFT_DIPOLE_LEAST_GAP_ANG);
    for (size_t ig = 0; ig < basis->n_fine; ig++)
        n += order_along(basis->hkl[ig], vacuum->axis) != 0;
    dft_dipole *self = dft_alloc(1, sizeof *self);
    if (self)
        *self = (dft_dipole){ *vacuum, basis->volume, 0, dft_alloc_sizes(n), dft_alloc_complex(n) };
    if (!self || !self->index || !self->saw) {
        dft_dipole_free(self);
        return dft_fail(err, DFT_ENOMEM, "dipole correction: out of memory");
    }
    fill(self, basis);
    *out = self;
    return DFT_OK;
}

double dft_dipole_moment(const dft_dipole *dipole, const double complex *rho_fine)
{
    double sum = 0.0;

    for (size_t i = 0; i < dipole->n; i++)
        sum += 2.0 * creal(conj(rho_fine[dipole->index[i]]) * dipole->saw[i]);
    return dipole->volume * sum;
}

double dft_dipole_energy(const dft_dipole *dipole, double moment)
{
    return 2.0 * DFT_PI / dipole->volume * moment * moment;
}

static double field(const dft_dipole *dipole, double moment)
{
    return 4.0 * DFT_PI / dipole->volume * moment;
}

void dft_dipole_add_potential(const dft_dipole *dipole, double moment, double complex *v_fine)
{
    for (size_t i = 0; i < dipole->n; i++)
        v_fine[dipole->index[i]] += field(dipole, moment) * dipole->saw[i];
}

double dft_dipole_potential_at(const dft_dipole *dipole, double moment, double x)
{
    const double above = x - dipole->vacuum.middle;     /* the jump, in periods */
    const double wrapped = above - floor(above);

    return wrapped > 0.0 ? field(dipole, moment) * dipole->vacuum.period * (wrapped - 0.5) : 0.0;
}

void dft_dipole_add_strain(const dft_dipole *dipole, double moment, double strain[DFT_N_STRAIN])
{
    const double energy = dft_dipole_energy(dipole, moment);

    dft_strain_add(2.0 * energy, dipole->vacuum.normal, dipole->vacuum.normal, strain);
    dft_strain_add_isotropic(-energy, strain);
}
