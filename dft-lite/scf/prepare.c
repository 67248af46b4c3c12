#include <math.h>
#include <stdlib.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/memory.h"
#include "dft-lite/base/threads.h"
#include "dft-lite/base/units.h"
#include "dft-lite/scf/estimate.h"
#include "dft-lite/scf/run.h"
#include "dft-lite/scf/start.h"

#define FIRST_TOLERANCE 1e-2        /* Ha, residual norm asked of the first sweep */
#define REUSED_TOLERANCE 1e-3       /* ... when the orbitals come from a calculation nearby */

static dft_status check_options(const dft_scf_options *o, dft_error *err)
{
    if (!(o->ecut > 0.0) || !isfinite(o->ecut))
        return dft_fail(err, DFT_EINPUT, "the cutoff must be a positive energy, not %g eV",
                        o->ecut * DFT_HARTREE_EV);
    if (o->smearing != DFT_SMEARING_FIXED && !(o->width > 0.0 && isfinite(o->width)))
        return dft_fail(err, DFT_EINPUT, "the smearing width must be positive, not %g eV; use fixed "
                        "occupations for none", o->width * DFT_HARTREE_EV);
    if (!(o->energy_tolerance > 0.0))
        return dft_fail(err, DFT_EINPUT, "the energy tolerance must be positive, not %g eV",
                        o->energy_tolerance * DFT_HARTREE_EV);
    if (o->max_iterations < 1)
        return dft_fail(err, DFT_EINPUT, "at least one SCF iteration is needed, not %d",
                        o->max_iterations);
    if (o->n_bands < 0)
        return dft_fail(err, DFT_EINPUT, "the number of bands cannot be %d", o->n_bands);
    return DFT_OK;
}

static dft_status make_kspaces(dft_scf_work *self, size_t *n_pw_max, dft_error *err)
{
    dft_kspace **kspace = self->ground->kspace = dft_alloc(self->n_k, sizeof *kspace);
    dft_status status = DFT_OK;

    if (!kspace)
        return dft_fail(err, DFT_ENOMEM, "%zu k-points: out of memory", self->n_k);
    #pragma omp parallel for schedule(dynamic)
    for (size_t ik = 0; ik < self->n_k; ik++) {
        dft_error local;
        const dft_status one = dft_kspace_create(self->system, self->system->kpoints->k[ik], &kspace[ik],
                                                 &local);
        if (one != DFT_OK) {
            #pragma omp critical (dft_prepare_error)
            status = dft_fail(err, one, "%s", local.message);
        }
    }
    for (size_t ik = 0; status == DFT_OK && ik < self->n_k; ik++) {
        if (kspace[ik]->kbasis->n_pw > *n_pw_max)
            *n_pw_max = kspace[ik]->kbasis->n_pw;
        if (kspace[ik]->kbasis->n_pw < self->n_bands)
            status = dft_fail(err, DFT_EINPUT, "%zu plane waves cannot carry %zu bands; raise the "
                              "cutoff", kspace[ik]->kbasis->n_pw, self->n_bands);
    }
    return status;
}

/* One for each worker over channels; threads that find no channel go into each application of H. */
static dft_status make_eigensolvers(dft_scf_work *self, size_t n_pw_max, dft_error *err)
{
    const size_t threads = (size_t)dft_threads_max();
    dft_status status = DFT_OK;

    self->work = dft_alloc(self->n_threads, sizeof *self->work);
    if (!self->work)
        return dft_fail(err, DFT_ENOMEM, "eigensolver: out of memory");
    for (size_t t = 0; status == DFT_OK && t < self->n_threads; t++)
        status = dft_davidson_work_create(self->system, self->n_bands, n_pw_max,
                                          DFT_DAVIDSON_MAX_SWEEPS,
                                          dft_start_trials(self->system->ions, self->n_bands),
                                          self->n_threads == 1 ? threads : 1, &self->work[t], err);
    for (size_t t = 0; status == DFT_OK && t < self->n_threads; t++)
        self->work[t]->apply->phases = &self->phases[t];
    return status;
}

static dft_status allocate(dft_scf_work *self, dft_error *err)
{
    const dft_system *system = self->system;
    const size_t n = self->n_channels * self->n_bands, n_g = system->basis->n_g;
    const size_t n_spin = system->n_spin, n_d = n_spin * system->p_offset[system->crystal->n_atoms];

    self->ground->rho_out = dft_alloc_complex(n_spin * n_g);
    self->ground->d_out = dft_alloc_doubles(n_d);
    self->rho_step = dft_alloc_complex(n_spin * n_g);
    self->charge = dft_alloc_complex(n_g);
    self->screened = dft_alloc_complex(n_g);
    self->ldos_g = dft_alloc_complex(n_g);
    self->d_step = dft_alloc_doubles(n_d);
    self->ldos_r = dft_alloc_doubles(dft_fft_real_size(system->basis->coarse));
    self->weight = dft_alloc_doubles(self->n_channels);
    self->slope = dft_alloc_doubles(n);
    self->eigenvalue = dft_alloc_doubles(n);
    self->occupation = dft_alloc_doubles(n);
    self->residual = dft_alloc_doubles(n);
    self->slack = dft_alloc_doubles(n);
    if (!self->ground->rho_out || !self->ground->d_out || !self->rho_step || !self->charge
        || !self->screened || !self->ldos_g || !self->d_step || !self->ldos_r || !self->weight
        || !self->slope || !self->eigenvalue || !self->occupation || !self->residual || !self->slack)
        return dft_fail(err, DFT_ENOMEM, "SCF: out of memory");
    self->projections = dft_alloc(self->n_channels, sizeof *self->projections);
    if (!self->projections)
        return dft_fail(err, DFT_ENOMEM, "SCF: out of memory");
    for (size_t c = 0; c < self->n_channels; c++) {
        self->projections[c] = dft_alloc_complex(self->n_bands * system->i_offset[system->crystal->n_atoms]);
        if (!self->projections[c])
            return dft_fail(err, DFT_ENOMEM, "projections of %zu channels: out of memory", self->n_channels);
    }
    for (size_t c = 0; c < self->n_channels; c++)
        self->weight[c] = dft_system_channel_weight(system, c);
    for (size_t i = 0; i < n; i++)
        self->slack[i] = 1.0;
    return DFT_OK;
}

static dft_status make_parts(dft_scf_work *self, dft_error *err)
{
    const dft_mixer_options mixing = dft_mixer_defaults();
    const dft_system *system = self->system;
    size_t n_pw_max = 0;
    dft_status status = allocate(self, err);

    if (status == DFT_OK)
        status = make_kspaces(self, &n_pw_max, err);
    if (status == DFT_OK)
        status = make_eigensolvers(self, n_pw_max, err);
    if (status == DFT_OK)
        status = dft_scf_state_create(system, self->ground->kspace, self->n_bands, &self->state, err);
    if (status == DFT_OK)
        status = dft_potential_create(system, &self->ground->potential, err);
    if (status == DFT_OK)
        status = dft_symmetriser_create(system, &self->symmetriser, err);
    if (status == DFT_OK)
        status = dft_mixer_create(system->basis, system->n_spin,
                                  system->p_offset[system->crystal->n_atoms], &mixing, &self->mixer,
                                  err);
    return status;
}

static dft_status make_system(dft_scf_work *self, const dft_crystal *crystal, dft_error *err)
{
    const dft_system_options options = dft_scf_system_options(self->options);
    dft_status status;

    self->ground = dft_alloc(1, sizeof *self->ground);
    if (!self->ground)
        return dft_fail(err, DFT_ENOMEM, "SCF: out of memory");
    status = dft_crystal_create(crystal->lattice, crystal->n_atoms, crystal->z, crystal->position,
                                &self->ground->crystal, err);
    if (status == DFT_OK)
        status = dft_system_create(self->ground->crystal, &options, &self->ground->system, err);
    self->system = self->ground->system;
    return status;
}

dft_status dft_scf_work_prepare(dft_scf_work *self, const dft_crystal *crystal,
                                const dft_scf_state *start, size_t least_bands, dft_error *err)
{
    dft_status status = check_options(self->options, err);

    self->phases = dft_alloc((size_t)dft_threads_max(), sizeof *self->phases);
    if (!self->phases)
        return dft_fail(err, DFT_ENOMEM, "SCF: out of memory");
    dft_phases_begin(self->phases, DFT_PHASE_SETUP);
    if (status == DFT_OK)
        status = make_system(self, crystal, err);
    if (status != DFT_OK)
        return status;
    self->n_k = self->system->kpoints->n_k;
    self->n_channels = dft_system_n_channels(self->system);
    self->n_bands = dft_scf_choose_bands(self->options, self->system, least_bands);
    const dft_scf_estimate estimate = dft_scf_estimate_of(self->system, self->n_bands,
                                                          (size_t)dft_threads_max());
    self->n_threads = estimate.channel_workers;
    if ((double)self->n_bands > 1.2 * estimate.n_plane_waves)
        return dft_fail(err, DFT_EINPUT, "about %.0f plane waves cannot carry %zu bands; raise the cutoff",
                        estimate.n_plane_waves, self->n_bands);
    status = dft_scf_estimate_check(&estimate, dft_memory_available(), err);
    if (status == DFT_OK)
        status = make_parts(self, err);
    if (status != DFT_OK)
        return status;
    if (start && dft_scf_state_from_state(self->system, start, self->state)) {
        self->origin = self->state->has_orbitals ? DFT_SCF_FROM_ORBITALS : DFT_SCF_FROM_DENSITY;
        if (dft_scf_state_same_vectors(start, self->state))
            dft_mixer_learn(self->mixer, start->response);
    } else {
        status = dft_scf_state_from_atoms(self->system, self->state, err);
    }
    if (status == DFT_OK)               /* a start may come from a crystal with less symmetry */
        status = dft_symmetrise_all(self->symmetriser, self->state->rho_g, self->state->d_p, err);
    dft_phases_end(self->phases, 0.0, 0.0);
    self->tolerance = self->state->has_orbitals ? REUSED_TOLERANCE : FIRST_TOLERANCE;
    self->density_error = INFINITY;
    return status;
}

void dft_scf_work_clear(dft_scf_work *self)
{
    for (size_t t = 0; self->work && t < self->n_threads; t++)
        dft_davidson_work_free(self->work[t]);
    free(self->work);
    free(self->phases);
    dft_scf_state_free(self->state);
    dft_symmetriser_free(self->symmetriser);
    dft_mixer_free(self->mixer);
    free(self->rho_step);
    free(self->charge);
    free(self->screened);
    free(self->ldos_g);
    free(self->d_step);
    free(self->ldos_r);
    for (size_t c = 0; self->projections && c < self->n_channels; c++)
        free(self->projections[c]);
    free(self->projections);
    free(self->weight);
    free(self->slope);
    free(self->eigenvalue);
    free(self->occupation);
    free(self->residual);
    free(self->slack);
    dft_ground_free(self->ground);
}
