/*
 * dft-lite/hamiltonian/system.h - everything that is fixed while the electrons of one crystal relax.
 *
 * Built once per geometry: symmetry, k-points, boxes, data sets and their tables, the atoms' fields.
 * Owns all it points to except the crystal.  Immutable once made; share among threads.
 *
 * With collinear spin (n_spin = 2) fields and on-site matrices come as [n_spin] arrays of the total and
 * the magnetisation (up - down, Bohr magnetons = electrons); what acts on orbitals comes as up and down.
 * Orbitals belong to channels c = 0 .. n_spin n_k - 1: spin c / n_k, k-point c % n_k.
 */
#ifndef DFT_SYSTEM_H
#define DFT_SYSTEM_H

#include "dft-lite/atomdata/setup.h"
#include "dft-lite/basis/basis.h"
#include "dft-lite/basis/kpoints.h"
#include "dft-lite/basis/orbits.h"
#include "dft-lite/crystal/crystal.h"
#include "dft-lite/crystal/symmetry.h"
#include "dft-lite/hamiltonian/site_turns.h"
#include "dft-lite/terms/dipole.h"
#include "dft-lite/terms/ions.h"
#include "dft-lite/terms/onsite_xc.h"
#include "dft-lite/terms/species.h"
#include "dft-lite/xc/xc.h"

#define DFT_SYSTEM_MAX_SPECIES 16

typedef struct {
    char symbol[4];                         /* "Ag" */
    char name[32];                          /* "Ag.11": file Ag.11.PBE.gz */
} dft_data_choice;

typedef struct {
    double ecut;                            /* Ha */
    int kmesh[3], kshift[3];
    const char *xc;                         /* "PBE" */
    int symmetry;
    double symmetry_tolerance;              /* bohr */
    char dipole;                            /* 'x', 'y', 'z': dipole correction along it; 0 none */
    int allow_xc_mismatch;                  /* 1: of data sets made with another functional */
    const char *data_path;                  /* colon-separated directories */
    size_t n_data;
    const dft_data_choice *data;
    const double (*chooser)[3];             /* NULL, or the lattice (bohr) that chooses the plane waves */
    int spin;                               /* 0: none, 1: collinear */
    size_t n_moments;                       /* 0, or the number of atoms */
    const double *moments;                  /* starting moments, Bohr magnetons; none: the free atoms' */
} dft_system_options;

typedef struct {
    const dft_crystal *crystal;             /* borrowed */
    dft_symmetry *symmetry;
    dft_kpoints *kpoints;
    dft_basis *basis;
    dft_dipole *dipole;                     /* NULL: none */
    dft_orbits *orbits;                     /* of the exchange-correlation box */
    dft_site_turns *turns;                  /* of the symmetry's operations */
    dft_xc *xc;
    size_t n_species;
    dft_setup *setup[DFT_SYSTEM_MAX_SPECIES];
    dft_species *species[DFT_SYSTEM_MAX_SPECIES];
    dft_onsite_xc *onsite_xc[DFT_SYSTEM_MAX_SPECIES];
    size_t *species_of;                     /* [n_atoms] */
    size_t *i_offset, *p_offset;            /* [n_atoms + 1]: first projector, first packed pair */
    size_t *ii_offset;                      /* [n_atoms + 1]: first element of n_i x n_i blocks */
    dft_ions *ions;
    double n_electrons;                     /* valence */
    size_t n_spin;                          /* 1, or 2 with collinear spin */
    double *moment;                         /* owned, [n_atoms] starting moments, zero without spin */
} dft_system;

static inline size_t dft_system_n_channels(const dft_system *system)
{
    return system->n_spin * system->kpoints->n_k;
}

/* Weight of a channel; the weights' sum is 1, an orbital there holds 0..2 electrons per weight. */
static inline double dft_system_channel_weight(const dft_system *system, size_t channel)
{
    return system->kpoints->weight[channel % system->kpoints->n_k] / (double)system->n_spin;
}

/* Borrows crystal, which must outlive the system.  Errors: DFT_EINPUT (cutoff, mesh, functional that
 * does not match the data sets, too many species), DFT_ENOFILE, DFT_EPARSE, DFT_ENUMERIC, DFT_ENOMEM. */
dft_status dft_system_create(const dft_crystal *crystal, const dft_system_options *options,
                             dft_system **out, dft_error *err);
void dft_system_free(dft_system *system);           /* NULL is accepted */

#endif
