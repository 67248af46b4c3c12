#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/clock.h"
#include "dft-lite/base/units.h"
#include "dft-lite/scf/moments.h"
#include "dft-lite/scf/run.h"

static double peak_rss_mib(void)
{
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    return (double)usage.ru_maxrss / 1024.0;
}

static void describe(const dft_scf_work *self, dft_scf_result *result)
{
    const double top = dft_scf_work_top_filling(self);

    if (result->stopped) {
        snprintf(result->message, sizeof result->message, "stopped on request after %d steps, not "
                 "converged: density error %.1e eV", result->scf_iterations,
                 self->density_error * DFT_HARTREE_EV);
        return;
    }
    if (self->options->smearing != DFT_SMEARING_FIXED && top > DFT_SCF_TOO_FULL) {
        result->converged = 0;
        snprintf(result->message, sizeof result->message, "too few bands: the highest of %zu is "
                 "filled to %.1e; ask for more bands or a smaller smearing width", self->n_bands, top);
        return;
    }
    if (result->converged)
        snprintf(result->message, sizeof result->message, "converged in %d steps%s",
                 result->scf_iterations, self->n_remedies ? " (the mixing was restarted)" : "");
    else
        snprintf(result->message, sizeof result->message, "not converged after %d steps, %d "
                 "restarts of the mixing: energy still changes by %.1e eV, density error %.1e eV, asked %.1e eV",
                 result->scf_iterations, self->n_remedies,
                 fabs(self->free_energy - self->last_energy) * DFT_HARTREE_EV,
                 self->density_error * DFT_HARTREE_EV,
                 self->options->energy_tolerance * DFT_HARTREE_EV);
}

static void list_data_sets(const dft_system *system, dft_scf_result *result)
{
    result->n_data = system->n_species;
    for (size_t s = 0; s < result->n_data; s++) {
        snprintf(result->data[s].name, sizeof result->data[s].name, "%s", system->setup[s]->name);
        memcpy(result->data[s].sha256, system->setup[s]->sha256, sizeof result->data[s].sha256);
    }
}

static dft_status fill_lists(dft_scf_work *self, dft_scf_result *result, dft_error *err)
{
    const dft_system *system = self->system;
    const dft_kpoints *kpoints = system->kpoints;

    result->k = dft_alloc(self->n_k, sizeof *result->k);
    result->weight = dft_alloc_doubles(self->n_k);
    result->atom_moment = dft_alloc_doubles(system->crystal->n_atoms);
    if (!result->k || !result->weight || !result->atom_moment)
        return dft_fail(err, DFT_ENOMEM, "result: out of memory");
    memcpy(result->k, kpoints->k, self->n_k * sizeof *result->k);
    memcpy(result->weight, kpoints->weight, self->n_k * sizeof *result->weight);
    if (system->n_spin == 2)
        result->magnetic_moment = dft_moments(system, self->ground->rho_out + system->basis->n_g,
                                              self->ground->d_out + self->state->n_p,
                                              result->atom_moment);
    for (size_t ik = 0; ik < self->n_k; ik++)
        if (self->ground->kspace[ik]->kbasis->n_pw > result->n_plane_waves)
            result->n_plane_waves = self->ground->kspace[ik]->kbasis->n_pw;
    list_data_sets(system, result);
    return DFT_OK;
}

static void fill_energies(const dft_scf_work *self, dft_scf_result *result)
{
    const dft_potential *pot = self->ground->potential;

    result->free_energy = self->free_energy;
    result->energy = self->free_energy + self->extrapolation;
    result->parts = (dft_energy_parts){ .kinetic = self->band_energy, .hartree = pot->hartree,
                                        .dipole = pot->dipole, .xc = pot->xc, .zero = pot->zero,
                                        .on_site = pot->on_site, .entropy = self->entropy };
    result->dipole_moment = pot->dipole_moment;
    result->fermi = self->fermi;
    result->density_error = self->density_error;
    result->energy_change = self->free_energy - self->last_energy;
}

dft_status dft_scf_work_finish(dft_scf_work *self, dft_scf_result *result, dft_error *err)
{
    const dft_system *system = self->system;
    dft_status status;

    fill_energies(self, result);
    result->n_k = self->n_k;
    result->n_bands = self->n_bands;
    result->n_spin = system->n_spin;
    result->n_atoms = system->crystal->n_atoms;
    result->n_electrons = system->n_electrons;
    memcpy(result->fft_grid, system->basis->n, sizeof result->fft_grid);
    result->n_symmetry_ops = system->symmetry->n_ops;
    result->n_symmetry_dropped = system->symmetry->n_dropped;
    result->space_group_number = system->symmetry->space_group_number;
    describe(self, result);
    status = fill_lists(self, result, err);
    result->eigenvalue = self->eigenvalue;      /* moved */
    result->occupation = self->occupation;
    self->state->response = dft_mixer_take_response(self->mixer);
    result->state = self->state;
    self->eigenvalue = NULL;
    self->occupation = NULL;
    self->state = NULL;
    if (self->options->keep_ground || self->options->for_forces) {
        result->ground = self->ground;
        result->ground->for_forces = self->options->for_forces;
        self->ground = NULL;
    }
    result->wall_s = dft_clock_s() - self->start_time;
    result->peak_rss_mib = peak_rss_mib();
    return status;
}

void dft_scf_result_free(dft_scf_result *result)
{
    if (!result)
        return;
    free(result->k);
    free(result->weight);
    free(result->atom_moment);
    free(result->eigenvalue);
    free(result->occupation);
    dft_scf_state_free(result->state);
    dft_ground_free(result->ground);
    free(result);
}
