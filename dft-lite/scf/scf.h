/*
 * dft-lite/scf/scf.h - the ground state of one crystal: the engine's front door.
 *
 * PAW total energy (Bloechl, PRB 50, 17953; in the form of Rostgaard, arXiv:0910.1921) in plane waves,
 * without or with collinear spin.  Hartree atomic units; energies are relative to the data sets' reference atoms, as
 * GPAW prints them.  The free energy is F = E - TS; `energy` is extrapolated to zero smearing width.
 *
 *     dft_scf_options opt = dft_scf_defaults();
 *     opt.ecut = 400.0 / DFT_HARTREE_EV;  opt.kmesh[0] = opt.kmesh[1] = opt.kmesh[2] = 8;
 *     status = dft_scf_run(crystal, &opt, NULL, &result, &err);
 *     if (status == DFT_OK && result->converged) use(result->energy);
 *     dft_scf_result_free(result);
 *
 * A result is immutable and may start the next calculation (`start`): its density, on-site matrices
 * and orbitals are reused where they fit; the converged answer does not depend on it.
 * Threads: one call uses dft_threads_max() threads; concurrent calls from different threads are not
 * supported (FFTW planning).
 */
#ifndef DFT_SCF_H
#define DFT_SCF_H

#include <stddef.h>

#include "dft-lite/base/phases.h"
#include "dft-lite/base/status.h"
#include "dft-lite/crystal/crystal.h"
#include "dft-lite/hamiltonian/system.h"
#include "dft-lite/scf/occupations.h"

typedef struct dft_scf_state dft_scf_state;     /* density, on-site matrices, orbitals: state.h */

typedef struct {                        /* one finished SCF step, for progress lines */
    int iteration;
    double energy;                      /* Ha, free energy estimate */
    double energy_change;               /* Ha, against the step before */
    double density_error;               /* Ha, electrostatic energy of the density residual */
    double eigen_error;                 /* Ha, largest residual norm of an occupied band */
    double wall_s;
} dft_scf_step;

typedef struct {
    double ecut;                        /* Ha, on |k+G|^2/2; default 400 eV */
    int kmesh[3], kshift[3];            /* default 1x1x1, unshifted: Gamma-centred */
    const char *xc;                     /* "PBE" (default), "LDA" */
    dft_smearing smearing;              /* default Fermi-Dirac */
    double width;                       /* Ha, default 0.1 eV */
    int n_bands;                        /* 0 (default): chosen from the electron count */
    int max_iterations;                 /* default 60 */
    double energy_tolerance;            /* Ha per cell, default 1e-5 eV */
    int symmetry;                       /* default 1 */
    double symmetry_tolerance;          /* bohr, default 1e-4 */
    char dipole;                        /* 'x', 'y', 'z': dipole correction; default 0, none */
    int xc_mismatch;                    /* 1: data sets made with another functional are taken */
    const char *data_path;              /* colon-separated directories, default gpaw-data's */
    size_t n_data;                      /* data sets chosen by name */
    dft_data_choice data[DFT_SYSTEM_MAX_SPECIES];
    int spin;                           /* 0 (default): none, 1: collinear */
    size_t n_moments;                   /* 0 (default), or the number of atoms */
    const double *moments;              /* borrowed, [n_moments] starting moments, Bohr magnetons; without
                                           them the free atoms' by Hund's first rule */
    const double (*chooser)[3];         /* borrowed; NULL (default), or the lattice (bohr) of another cell
                                           whose set of plane waves is used: energies under strain are then
                                           smooth, as the stress takes them to be (basis.h) */
    int keep_ground;                    /* 1: the result keeps what properties need */
    int for_forces;                     /* 1: kept too, and orbitals and density are converged as far as
                                           forces and stress need, first order in their errors */
    void (*on_step)(const dft_scf_step *step, void *context);   /* NULL: silent */
    void *on_step_context;
    /* NULL, or asked after every step with the state so far (checkpoint.h writes it): nonzero stops the
     * run, which then returns with converged = 0 and stopped = 1. */
    int (*between_steps)(const dft_scf_state *state, void *context);
    void *between_steps_context;
} dft_scf_options;

dft_scf_options dft_scf_defaults(void);

/* The part of the options that decides the system (system.h), borrowing what they borrow. */
dft_system_options dft_scf_system_options(const dft_scf_options *options);

#define DFT_SCF_TOO_FULL 1e-4           /* filling (0..1) of the highest band above which some are missing */

typedef struct {
    char name[64];                      /* "Ag.11.PBE.gz" */
    char sha256[65];
} dft_data_used;

/* Energy by parts, Ha per cell, the reference atoms already subtracted from on_site; sum = free. */
typedef struct {
    double kinetic, hartree, dipole, xc, zero, on_site, entropy;
} dft_energy_parts;

typedef struct dft_ground dft_ground;           /* system, projectors, potential: ground.h */

typedef enum {
    DFT_SCF_FROM_ATOMS,                 /* superposed free atoms */
    DFT_SCF_FROM_DENSITY,               /* the start's density */
    DFT_SCF_FROM_ORBITALS               /* and its orbitals */
} dft_scf_origin;

typedef struct {
    int converged;                      /* 0: no number here may be used as a result */
    int stopped;                        /* 1: between_steps asked for it */
    dft_scf_origin origin;              /* what it started from */
    char message[256];                  /* why it stopped, in a sentence */
    double energy;                      /* Ha, extrapolated to zero width */
    double free_energy;                 /* Ha */
    dft_energy_parts parts;
    double fermi;                       /* Ha; vacuum is not zero of the potential */
    double dipole_moment;               /* electrons x bohr along the vacuum; 0 without the correction */
    int scf_iterations;
    double density_error, energy_change;            /* Ha, last step */
    size_t n_k, n_bands, n_spin, n_atoms;
    double n_electrons;
    double magnetic_moment;             /* of the cell, Bohr magnetons; 0 without spin */
    double *atom_moment;                /* owned [n_atoms], inside the augmentation radius */
    double (*k)[3];                     /* owned [n_k][3], fractional */
    double *weight;                     /* owned [n_k] */
    double *eigenvalue;                 /* owned [n_spin][n_k][n_bands], Ha; up, then down */
    double *occupation;                 /* owned [n_spin][n_k][n_bands], 0..2: an orbital holds
                                           occupation weight[ik]/n_spin electrons */
    size_t n_plane_waves;               /* most over k */
    int fft_grid[3];                    /* orbitals, density; exchange-correlation uses twice */
    size_t n_symmetry_ops, n_symmetry_dropped;
    int space_group_number;
    size_t n_data;
    dft_data_used data[DFT_SYSTEM_MAX_SPECIES];
    double wall_s, peak_rss_mib;
    dft_phases phases;                  /* where the time went, summed over threads */
    dft_scf_state *state;               /* owned; for `start` */
    dft_ground *ground;                 /* owned; NULL unless options.keep_ground or for_forces */
} dft_scf_result;

/* Runs to convergence or to max_iterations (then DFT_OK with converged = 0).  start may be NULL and is
 * only borrowed during the call.  The caller owns *out.  Errors: everything that can be wrong with the
 * input (DFT_EINPUT, DFT_ENOFILE, DFT_EPARSE), DFT_ENUMERIC, DFT_ENOMEM. */
dft_status dft_scf_run(const dft_crystal *crystal, const dft_scf_options *options,
                       const dft_scf_result *start, dft_scf_result **out, dft_error *err);
void dft_scf_result_free(dft_scf_result *result);   /* NULL is accepted */

#endif
