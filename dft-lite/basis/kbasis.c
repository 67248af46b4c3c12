#include "dft-lite/basis/kbasis.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/units.h"

/* k+G, Cartesian; returns |k+G|^2/2. */
static double kinetic_energy(const double reciprocal[3][3], const double f[3], double kg[3])
{
    dft_crystal_cartesian(reciprocal, f, kg);
    return 0.5 * (kg[0] * kg[0] + kg[1] * kg[1] + kg[2] * kg[2]);
}

/* Counts, and fills when self->hkl is there, the vectors with |k+G|^2/2 <= ecut in the lattice that
 * chooses (basis.h). */
static size_t collect(const dft_basis *basis, dft_kbasis *self)
{
    const double gmax = sqrt(2.0 * basis->ecut);
    double chooser[3][3];
    int m[3], c[3];                     /* reach and centre: k may lie outside the first zone */
    size_t count = 0;

    dft_crystal_reciprocal(basis->chooser, chooser);
    for (int i = 0; i < 3; i++) {
        const double *a = basis->chooser[i];
        c[i] = -(int)lround(self->k[i]);
        m[i] = 1 + (int)(gmax * sqrt(a[0] * a[0] + a[1] * a[1] + a[2] * a[2]) / (2.0 * DFT_PI));
    }
    for (int h1 = c[0] - m[0]; h1 <= c[0] + m[0]; h1++)
        for (int h2 = c[1] - m[1]; h2 <= c[1] + m[1]; h2++)
            for (int h3 = c[2] - m[2]; h3 <= c[2] + m[2]; h3++) {
                const double f[3] = { self->k[0] + h1, self->k[1] + h2, self->k[2] + h3 };
                double kg[3];
                if (kinetic_energy((const double (*)[3])chooser, f, kg)
                    > basis->ecut * (1.0 + 1e-12))
                    continue;
                if (self->hkl) {
                    memcpy(self->hkl[count], (int[3]){ h1, h2, h3 }, sizeof self->hkl[count]);
                    self->kinetic[count] = kinetic_energy(basis->reciprocal, f, self->kg[count]);
                }
                count++;
            }
    return count;
}

dft_status dft_kbasis_create(const dft_basis *basis, const double k[3], dft_kbasis **out,
                             dft_error *err)
{
    dft_kbasis *self = dft_alloc(1, sizeof *self);
    dft_status status = DFT_OK;

    *out = NULL;
    if (!self)
        return dft_fail(err, DFT_ENOMEM, "plane waves: out of memory");
    memcpy(self->k, k, sizeof self->k);
    self->n_pw = collect(basis, self);
    if (self->n_pw == 0) {
        status = dft_fail(err, DFT_EINPUT, "a cutoff of %g eV leaves no plane wave; raise it",
                          basis->ecut * DFT_HARTREE_EV);
        goto done;
    }
    self->hkl = dft_alloc(self->n_pw, sizeof *self->hkl);
    self->kg = dft_alloc(self->n_pw, sizeof *self->kg);
    self->kinetic = dft_alloc_doubles(self->n_pw);
    if (!self->hkl || !self->kg || !self->kinetic) {
        status = dft_fail(err, DFT_ENOMEM, "%zu plane waves: out of memory", self->n_pw);
        goto done;
    }
    collect(basis, self);
    status = dft_fft_sphere_create(basis->box, self->n_pw, (const int (*)[3])self->hkl, &self->fft,
                                   err);
    if (status != DFT_OK)
        goto done;
    *out = self;
    self = NULL;
done:
    dft_kbasis_free(self);
    return status;
}

void dft_kbasis_free(dft_kbasis *kbasis)
{
    if (!kbasis)
        return;
    free(kbasis->hkl);
    free(kbasis->kg);
    free(kbasis->kinetic);
    dft_fft_sphere_free(kbasis->fft);
    free(kbasis);
}
