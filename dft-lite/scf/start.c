#include "dft-lite/scf/start.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/blocks.h"
#include "dft-lite/eigen/davidson.h"
#include "dft-lite/terms/projectors.h"

/* A number in (-1, 1) that depends on its arguments only (splitmix64 finaliser). */
#define NOISE 0.05                      /* of a normalised orbital */

static double noise(uint64_t band, uint64_t g, uint64_t part)
{
    uint64_t x = band * 0x9E3779B97F4A7C15ULL + g * 0xBF58476D1CE4E5B9ULL + part + 1;

    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ULL;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBULL;
    x ^= x >> 31;
    return (double)(x >> 11) / 4503599627370496.0 - 1.0;
}

static void normalise(size_t n_pw, double complex *psi)
{
    double norm2 = 0.0;

    for (size_t g = 0; g < n_pw; g++)
        norm2 += dft_abs2(psi[g]);
    if (norm2 == 0.0)
        return;
    for (size_t g = 0; g < n_pw; g++)
        psi[g] /= sqrt(norm2);
}

/* At a k-point of high symmetry the atoms' orbitals may lack a representation that the lowest states
 * have; it would then have to grow out of rounding errors, ten steps and more.  A little noise in every
 * trial orbital holds all of them. */
static void add_noise(const dft_kbasis *kb, size_t band, double complex *trial)
{
    for (size_t g = 0; g < kb->n_pw; g++)
        trial[g] += NOISE * (noise(band + 1000, g, 0) + I * noise(band + 1000, g, 1))
            / ((1.0 + kb->kinetic[g] * kb->kinetic[g]) * sqrt((double)kb->n_pw));
}

size_t dft_start_trials(const dft_ions *ions, size_t n_bands)
{
    const size_t n_atomic = dft_atomic_orbitals_count(ions);

    return n_atomic < n_bands + 2 ? n_bands + 2 : n_atomic;
}

dft_status dft_start_orbitals(const dft_kspace *kspace, const dft_spin_potential *potential,
                              size_t n_bands, double complex *psi, double *eigenvalue,
                              dft_davidson_work *work, dft_error *err)
{
    const dft_kbasis *kb = kspace->kbasis;
    const size_t n_pw = kb->n_pw, n_atomic = dft_atomic_orbitals_count(kspace->system->ions);
    const size_t n_all = dft_start_trials(kspace->system->ions, n_bands), n_trial = n_all < n_pw ? n_all : n_pw;
    double complex *trial = dft_alloc_complex(n_all * n_pw);
    dft_status status;

    if (!trial)
        return dft_fail(err, DFT_ENOMEM, "%zu starting orbitals: out of memory", n_trial);
    status = dft_atomic_orbitals_fill(kspace->system->ions, kb, trial, err);
    for (size_t ib = n_atomic; ib < n_all; ib++)
        for (size_t g = 0; g < n_pw; g++)
            trial[ib * n_pw + g] = (noise(ib - n_atomic, g, 0) + I * noise(ib - n_atomic, g, 1))
                / (1.0 + kb->kinetic[g] * kb->kinetic[g]);
    for (size_t ib = 0; ib < n_trial; ib++) {
        normalise(n_pw, trial + ib * n_pw);
        add_noise(kb, ib, trial + ib * n_pw);
    }
    for (size_t i = 0; i < n_trial * n_pw; i++)
        work->v_s[i] = (float complex)trial[i];
    free(trial);
    if (status == DFT_OK)
        status = dft_subspace_start(kspace, potential, n_trial, n_bands, psi, eigenvalue, work, err);
    return status;
}
