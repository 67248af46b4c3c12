/*
 * tests/scf/prepared.h - a system with its k-points, an empty state and the atoms' potential.
 */
#ifndef TEST_PREPARED_H
#define TEST_PREPARED_H

#include <stdlib.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/scf/start.h"
#include "dft-lite/scf/state.h"
#include "tests/hamiltonian/systems.h"

typedef struct {
    dft_crystal *crystal;               /* owned */
    dft_system *system;
    dft_kspace **kspace;                /* [n_k] */
    size_t n_k, n_bands;
    dft_scf_state *state;               /* filled from the atoms; no orbitals yet */
    dft_potential *potential;           /* of the superposed atoms */
    double *eigenvalue;                 /* [n_k][n_bands] */
} test_prepared;

static inline test_prepared test_prepared_create(dft_crystal *crystal, double ecut_ev, int mesh,
                                                 int symmetry, size_t n_bands)
{
    test_prepared p = { .crystal = crystal, .n_bands = n_bands };

    p.system = test_system(crystal, ecut_ev, mesh, symmetry);
    p.n_k = p.system->kpoints->n_k;
    p.kspace = dft_alloc(p.n_k, sizeof *p.kspace);
    p.eigenvalue = dft_alloc_doubles(p.n_k * n_bands);
    for (size_t ik = 0; ik < p.n_k; ik++)
        assert_int_equal(dft_kspace_create(p.system, p.system->kpoints->k[ik], &p.kspace[ik], NULL),
                         DFT_OK);
    assert_int_equal(dft_scf_state_create(p.system, p.kspace, n_bands, &p.state, NULL), DFT_OK);
    assert_int_equal(dft_potential_create(p.system, &p.potential, NULL), DFT_OK);
    assert_int_equal(dft_scf_state_from_atoms(p.system, p.state, NULL), DFT_OK);
    assert_int_equal(dft_potential_compute(p.system, p.state->rho_g, p.state->d_p, p.potential,
                                           NULL, NULL), DFT_OK);
    return p;
}

static inline dft_davidson_work *test_start_work(const dft_kspace *kspace, size_t n_bands)
{
    dft_davidson_work *work = NULL;

    assert_int_equal(dft_davidson_work_create(kspace->system, n_bands, kspace->kbasis->n_pw, 0,
                                              dft_start_trials(kspace->system->ions, n_bands), 1, &work,
                                              NULL), DFT_OK);
    return work;
}

/* Starting orbitals at every k. */
static inline void test_prepared_start(test_prepared *p)
{
    const dft_spin_potential potential = dft_potential_of_spin(p->system, p->potential, 0);

    for (size_t ik = 0; ik < p->n_k; ik++) {
        dft_davidson_work *work = test_start_work(p->kspace[ik], p->n_bands);
        assert_int_equal(dft_start_orbitals(p->kspace[ik], &potential, p->n_bands,
                                            p->state->psi[ik], p->eigenvalue + ik * p->n_bands, work,
                                            NULL), DFT_OK);
        dft_davidson_work_free(work);
    }
    p->state->has_orbitals = 1;
}

static inline void test_prepared_clear(test_prepared *p)
{
    for (size_t ik = 0; ik < p->n_k; ik++)
        dft_kspace_free(p->kspace[ik]);
    free(p->kspace);
    free(p->eigenvalue);
    dft_scf_state_free(p->state);
    dft_potential_free(p->potential);
    dft_system_free(p->system);
    dft_crystal_free(p->crystal);
}

/* Electrons of a pseudo density and on-site matrices: volume rho(0) + sqrt(4 pi) sum Delta_0 D. */
static inline double test_electrons(const dft_system *system, const double complex *rho_g,
                                    const double *d_p)
{
    double electrons = system->basis->volume * creal(rho_g[0]);

    for (size_t a = 0; a < system->crystal->n_atoms; a++) {
        const dft_species *s = system->species[system->species_of[a]];
        for (size_t p = 0; p < s->n_p; p++)
            electrons += sqrt(4.0 * DFT_PI) * s->delta[p] * d_p[system->p_offset[a] + p];
    }
    return electrons;
}

#endif
