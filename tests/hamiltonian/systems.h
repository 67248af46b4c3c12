/*
 * tests/hamiltonian/systems.h - data sets and small systems for the engine's tests.
 *
 * Data sets are those of Debian's gpaw-data, found on the default search path.
 */
#ifndef TEST_SYSTEMS_H
#define TEST_SYSTEMS_H

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

#endif
