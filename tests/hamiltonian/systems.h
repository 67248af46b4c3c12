/*
 * tests/hamiltonian/systems.h - data sets and small systems for the engine's tests.
 *
 * Data sets are those of Debian's gpaw-data, found on the default search path.
 */
#ifndef TEST_SYSTEMS_H
#define TEST_SYSTEMS_H

#include <stdlib.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/hamiltonian/potential.h"
#include "dft-lite/hamiltonian/system.h"
#include "tests/basis/crystals.h"

static inline dft_setup *test_setup(const char *symbol, const char *name, const char *xc)
{
    char path[512];
    dft_setup *setup = NULL;

    assert_int_equal(dft_setup_find(DFT_SETUP_SEARCH_PATH, symbol, name, xc, path, sizeof path,
                                    NULL), DFT_OK);
    assert_int_equal(dft_setup_read(path, &setup, NULL), DFT_OK);
    return setup;
}

static inline dft_system_options test_system_options(double ecut_ev, int mesh, int symmetry)
{
    static const dft_data_choice data[1] = { { "Ag", "Ag.11" } };

    return (dft_system_options){ .ecut = ecut_ev / DFT_HARTREE_EV, .kmesh = { mesh, mesh, mesh },
                                 .xc = "PBE", .symmetry = symmetry, .symmetry_tolerance = 1e-4,
                                 .data_path = DFT_SETUP_SEARCH_PATH, .n_data = 1, .data = data };
}

static inline dft_system *test_system(const dft_crystal *crystal, double ecut_ev, int mesh,
                                      int symmetry)
{
    const dft_system_options options = test_system_options(ecut_ev, mesh, symmetry);
    dft_system *system = NULL;
    dft_error err = { 0 };

    if (dft_system_create(crystal, &options, &system, &err) != DFT_OK)
        fail_msg("%s", err.message);
    return system;
}

/* On-site matrix of the free atom, electrons spread evenly over m. */
static inline void test_atom_on_site(const dft_species *s, double *d_p)
{
    for (size_t p = 0; p < s->n_p; p++)
        d_p[p] = 0.0;
    for (size_t i = 0; i < s->n_i; i++) {
        const dft_setup_wave *wave = &s->setup->wave[s->wave_of[i]];
        d_p[dft_packed(i, i)] = wave->occupation / (2 * wave->l + 1);
    }
}

/* The same plus a symmetric part of size `spread` that has no shape at all. */
static inline void test_odd_on_site(const dft_species *s, double spread, unsigned long seed,
                                    double *d_p)
{
    test_atom_on_site(s, d_p);
    for (size_t p = 0; p < s->n_p; p++)
        d_p[p] += spread * test_random(&seed);
}

/* A density and on-site matrices of no shape at all, with a direction in which both may change. */
typedef struct {
    dft_crystal *crystal;
    dft_system *system;
    dft_potential *potential;
    size_t n_g, n_p;
    double complex *rho, *delta_rho;
    double *d, *delta_d;
} test_problem;

/* Li and Al in this cell.  The density is positive everywhere, so that the functional has no kink: 0.04
 * with waves of 0.01/n_g; those of the first seven G vectors have the size long_waves unless it is 0. */
static inline test_problem test_problem_create(const double cell[3][3], const double x[2][3],
                                               const dft_system_options *options, double long_waves)
{
    unsigned long seed = 21;
    test_problem p = { .crystal = test_crystal(cell, 2, (int[]){ 3, 13 }, x) };

    assert_int_equal(dft_system_create(p.crystal, options, &p.system, NULL), DFT_OK);
    p.n_g = p.system->basis->n_g;
    p.n_p = p.system->p_offset[2];
    p.rho = dft_alloc_complex(p.n_g);
    p.delta_rho = dft_alloc_complex(p.n_g);
    p.d = dft_alloc_doubles(p.n_p);
    p.delta_d = dft_alloc_doubles(p.n_p);
    assert_int_equal(dft_potential_create(p.system, &p.potential, NULL), DFT_OK);
    p.rho[0] = 0.04;
    p.delta_rho[0] = 0.01;
    for (size_t ig = 1; ig < p.n_g; ig++) {
        const double size = ig < 8 && long_waves > 0.0 ? long_waves : 0.01 / (double)p.n_g;
        p.rho[ig] = size * (test_random(&seed) + I * test_random(&seed));
        p.delta_rho[ig] = size * (test_random(&seed) + I * test_random(&seed));
    }
    for (size_t a = 0; a < 2; a++)
        test_odd_on_site(p.system->species[p.system->species_of[a]], 0.05, 40 + a,
                         p.d + p.system->p_offset[a]);
    for (size_t i = 0; i < p.n_p; i++)
        p.delta_d[i] = 0.1 * test_random(&seed);
    return p;
}

static inline void test_problem_clear(test_problem *p)
{
    free(p->rho);
    free(p->delta_rho);
    free(p->d);
    free(p->delta_d);
    dft_potential_free(p->potential);
    dft_system_free(p->system);
    dft_crystal_free(p->crystal);
}

/* The potential at rho + h_rho delta_rho, d + h_d delta_d. */
static inline const dft_potential *test_problem_at(test_problem *p, double h_rho, double h_d)
{
    double complex *rho = dft_alloc_complex(p->n_g);
    double *d = dft_alloc_doubles(p->n_p);

    for (size_t ig = 0; ig < p->n_g; ig++)
        rho[ig] = p->rho[ig] + h_rho * p->delta_rho[ig];
    for (size_t i = 0; i < p->n_p; i++)
        d[i] = p->d[i] + h_d * p->delta_d[i];
    assert_int_equal(dft_potential_compute(p->system, rho, d, p->potential, NULL, NULL),
                     DFT_OK);
    free(rho);
    free(d);
    return p->potential;
}

#endif
