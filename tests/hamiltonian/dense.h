/*
 * tests/hamiltonian/dense.h - a small crystal with a potential, and its H and S as full matrices,
 * built from their definition: kinetic + v(G - G') + sum <G|p_i> dH_ij <p_j|G'>.
 */
#ifndef TEST_DENSE_H
#define TEST_DENSE_H

#include <stdlib.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/hamiltonian/hamiltonian.h"
#include "tests/terms/projector_matrix.h"

typedef struct {
    dft_crystal *crystal;
    dft_system *system;
    dft_potential *potential;
    dft_spin_potential of_spin;             /* what H takes */
    dft_kspace *kspace;
    size_t n_pw;
    double complex *h, *s;              /* [n_pw][n_pw] column-major */
} test_dense;

/* v(G) of the whole sphere from the half list; 0 outside. */
static inline double complex test_dense_v(const dft_system *system, const dft_potential *potential,
                                          const int a[3], const int b[3])
{
    const int h[3] = { a[0] - b[0], a[1] - b[1], a[2] - b[2] };

    for (size_t ig = 0; ig < system->basis->n_g; ig++) {
        const int *l = system->basis->hkl[ig];
        if (l[0] == h[0] && l[1] == h[1] && l[2] == h[2])
            return potential->v_g[ig];
        if (l[0] == -h[0] && l[1] == -h[1] && l[2] == -h[2])
            return conj(potential->v_g[ig]);
    }
    return 0.0;
}

static inline void test_dense_fill(test_dense *t)
{
    const dft_kbasis *kb = t->kspace->kbasis;
    const size_t n = t->n_pw;
    double complex *p = test_projector_matrix(t->system->ions, kb);

    for (size_t b = 0; b < n; b++)
        for (size_t a = 0; a < n; a++) {
            double complex h = test_dense_v(t->system, t->potential, kb->hkl[a], kb->hkl[b]);
            double complex s = a == b ? 1.0 : 0.0;
            h += a == b ? kb->kinetic[a] : 0.0;
            for (size_t atom = 0; atom < t->crystal->n_atoms; atom++) {
                const dft_species *species = t->system->species[t->system->species_of[atom]];
                const size_t n_i = species->n_i, first = t->system->i_offset[atom];
                const double *dh = t->potential->dh + t->system->ii_offset[atom];
                for (size_t i = 0; i < n_i; i++)
                    for (size_t j = 0; j < n_i; j++) {
                        const double complex pp = p[(first + i) * n + a]
                            * conj(p[(first + j) * n + b]);
                        h += dh[i * n_i + j] * pp;
                        s += species->overlap[i * n_i + j] * pp;
                    }
            }
            t->h[b * n + a] = h;
            t->s[b * n + a] = s;
        }
    free(p);
}

/* Li and Al in a cell of no symmetry, the potential of some density and on-site matrices. */
static inline test_dense test_dense_create(double ecut_ev, const double k[3])
{
    const double cell[3][3] = { { 3.1, 0.2, 0 }, { 0.4, 3.4, 0.3 }, { 0.5, 0.1, 3.9 } };
    const double x[2][3] = { { 0.13, 0.29, 0.41 }, { 0.6, 0.75, 0.9 } };
    unsigned long seed = 31;
    test_dense t = { .crystal = test_crystal(cell, 2, (int[]){ 3, 13 }, x) };

    t.system = test_system(t.crystal, ecut_ev, 1, 0);
    double complex *rho = dft_alloc_complex(t.system->basis->n_g);
    double *d = dft_alloc_doubles(t.system->p_offset[2]);
    rho[0] = 4.0 / t.system->basis->volume;
    for (size_t ig = 1; ig < t.system->basis->n_g; ig++)
        rho[ig] = 0.01 / (double)t.system->basis->n_g
                * (test_random(&seed) + I * test_random(&seed));
    for (size_t a = 0; a < 2; a++)
        test_odd_on_site(t.system->species[t.system->species_of[a]], 0.05, 50 + a,
                         d + t.system->p_offset[a]);
    assert_int_equal(dft_potential_create(t.system, &t.potential, NULL), DFT_OK);
    assert_int_equal(dft_potential_compute(t.system, rho, d, t.potential, NULL, NULL), DFT_OK);
    t.of_spin = dft_potential_of_spin(t.system, t.potential, 0);
    assert_int_equal(dft_kspace_create(t.system, k, &t.kspace, NULL), DFT_OK);
    t.n_pw = t.kspace->kbasis->n_pw;
    t.h = dft_alloc_complex(t.n_pw * t.n_pw);
    t.s = dft_alloc_complex(t.n_pw * t.n_pw);
    test_dense_fill(&t);
    free(rho);
    free(d);
    return t;
}

static inline void test_dense_clear(test_dense *t)
{
    free(t->h);
    free(t->s);
    dft_kspace_free(t->kspace);
    dft_potential_free(t->potential);
    dft_system_free(t->system);
    dft_crystal_free(t->crystal);
}

#endif
