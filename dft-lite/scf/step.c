#include <math.h>
#include <stdlib.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/blocks.h"
#include "dft-lite/base/threads.h"
#include "dft-lite/base/units.h"
#include "dft-lite/scf/density.h"
#include "dft-lite/scf/run.h"
#include "dft-lite/scf/screening.h"
#include "dft-lite/scf/start.h"
#include "dft-lite/terms/hartree.h"

#define LAST_TOLERANCE 1e-7         /* Ha, residual norm below which no sweep is asked to go */
#define NEARLY_EMPTY_SLACK 30.0     /* a band with few electrons may be this much worse ... */
#define EMPTY_SLACK 300.0           /* ... and one with none this much */
#define SLOPE_WIDTH 3.7e-3          /* Ha (0.1 eV): least width of the local density of states */
#define LAGGARD 30.0                /* times the tolerance: a band that needs more sweeps than others */
#define SWEEPS 2                    /* of the eigensolver a step */
#define COARSE 10.0                 /* times the tolerance, and no less than this energy (Ha, 0.1 meV): density ... */
#define COARSE_ENERGY 3.7e-6        /* ... errors that single precision serves */
#define STRANGE 0.05                /* Ha, density error beyond which another geometry's response is no guide */
#define EXTRA_SWEEPS 6              /* for bands far behind the others */

static dft_status solve_channel(dft_scf_work *self, size_t channel, dft_error *err)
{
    const size_t first = channel * self->n_bands;
    const dft_kspace *kspace = self->ground->kspace[channel % self->n_k];
    const dft_spin_potential potential
        = dft_potential_of_spin(self->system, self->ground->potential, channel / self->n_k);
    const int single = self->is_single;
    dft_davidson_work *work = self->work[self->n_threads == 1 ? 0 : (size_t)dft_thread_index()];
    const dft_davidson_options options = {
        .tolerance = self->tolerance, .slack = self->slack + first, .max_sweeps = SWEEPS,
        .extra_sweeps = EXTRA_SWEEPS, .single = single, .projected = self->is_projected,
        .behind = single ? LAGGARD * self->tolerance
                         : fmin(LAGGARD * self->tolerance, dft_scf_work_residual_wanted(self)) };
    size_t n_applied;

    if (!self->state->has_orbitals) {
        dft_phases_begin(work->apply->phases, DFT_PHASE_START);
        const dft_status status = dft_start_orbitals(kspace, &potential, self->n_bands,
                                                     self->state->psi[channel],
                                                     self->eigenvalue + first, work, err);
        dft_phases_end(work->apply->phases, 0.0, 0.0);
        if (status != DFT_OK)
            return status;
    }
    return dft_davidson_solve(kspace, &potential, &options, self->n_bands, self->state->psi[channel],
                              self->projections[channel], self->eigenvalue + first,
                              self->residual + first, work, &n_applied, err);
}

static dft_status solve_orbitals(dft_scf_work *self, dft_error *err)
{
    dft_status status = DFT_OK;

    self->was_single = self->is_single;
    self->is_single = self->density_error > fmax(COARSE_ENERGY, COARSE * self->options->energy_tolerance);

    #pragma omp parallel for schedule(dynamic) num_threads((int)self->n_threads) \
        if (self->n_threads > 1)
    for (size_t c = 0; c < self->n_channels; c++) {
        dft_error local;
        const dft_status one = solve_channel(self, c, &local);
        if (one != DFT_OK) {
            #pragma omp critical (dft_scf_error)
            status = dft_fail(err, one, "%s", local.message);
        }
    }
    self->state->has_orbitals = self->is_projected = 1;
    return status;
}

/* -d(2f)/dx of the Fermi function: the states that answer a change of potential, whatever the scheme
 * of occupations. */
static double fermi_slope(double x)
{
    const double c = cosh(0.5 * fmin(fabs(x), 60.0));
    return 0.5 / (c * c);
}

/* Fixed occupations with spin: the starting moments say how many electrons each spin has, and must have
 * been given: those of free atoms are no constraint anybody meant. */
static dft_status fill_fixed_spins(dft_scf_work *self, dft_error *err)
{
    const dft_system *system = self->system;
    const size_t n_s = self->n_k * self->n_bands;
    double moment = 0.0, fermi[2];

    if (self->options->n_moments == 0 && system->crystal->n_atoms > 1)
        return dft_fail(err, DFT_EINPUT, "fixed occupations with spin keep the cell's moment at the sum of "
                        "the starting moments: give them, or use a smearing");
    for (size_t a = 0; a < system->crystal->n_atoms; a++)
        moment += system->moment[a];
    for (size_t s = 0; s < 2; s++) {
        const double electrons = 0.5 * (system->n_electrons + (s == 0 ? moment : -moment));
        if (fabs(electrons - rint(electrons)) > 1e-6)
            return dft_fail(err, DFT_EINPUT, "fixed occupations with %g electrons and a moment of %g "
                            "leave %g of one spin; give moments whose sum makes it whole, or a smearing",
                            system->n_electrons, moment, electrons);
        const dft_status status = dft_occupations_compute(
            DFT_SMEARING_FIXED, 0.0, 2.0 * rint(electrons), self->n_k, self->n_bands,
            system->kpoints->weight, self->eigenvalue + s * n_s, self->occupation + s * n_s, &fermi[s],
            &self->entropy, &self->extrapolation, err);
        if (status != DFT_OK)
            return status;
    }
    self->fermi = fmax(fermi[0], fermi[1]);
    return DFT_OK;
}

static dft_status fill_bands(dft_scf_work *self, dft_error *err)
{
    const dft_scf_options *o = self->options;

    if (o->smearing == DFT_SMEARING_FIXED && self->system->n_spin == 2)
        return fill_fixed_spins(self, err);
    return dft_occupations_compute(o->smearing, o->width, self->system->n_electrons, self->n_channels,
                                   self->n_bands, self->weight, self->eigenvalue, self->occupation,
                                   &self->fermi, &self->entropy, &self->extrapolation, err);
}

/* How well each band must be solved, and how it would answer a change of potential. */
static void judge_bands(dft_scf_work *self)
{
    const double width = fmax(self->options->width, SLOPE_WIDTH);

    self->eigen_error = 0.0;
    for (size_t i = 0; i < self->n_channels * self->n_bands; i++) {
        const double filling = 0.5 * fabs(self->occupation[i]);
        self->slack[i] = filling > 1e-3 ? 1.0 : filling > 1e-7 ? NEARLY_EMPTY_SLACK : EMPTY_SLACK;
        self->slope[i] = fermi_slope((self->eigenvalue[i] - self->fermi) / width) / width;
        if (filling > 1e-3)
            self->eigen_error = fmax(self->eigen_error, self->residual[i]);
    }
}

static dft_status output_density(dft_scf_work *self, dft_error *err)
{
    dft_ground *ground = self->ground;
    dft_status status;

    dft_phases_begin(self->phases, DFT_PHASE_DENSITY);
    status = dft_density_compute(self->system, ground->kspace, self->state, self->occupation, self->slope,
                                 (const double complex *const *)self->projections, ground->rho_out, ground->d_out, self->ldos_g, err);
    dft_phases_next(self->phases, DFT_PHASE_SYMMETRISE, 0.0, 0.0);
    if (status == DFT_OK) {
        dft_symmetrise_density(self->symmetriser, self->ldos_g);
        status = dft_symmetrise_all(self->symmetriser, ground->rho_out, ground->d_out, err);
    }
    dft_phases_end(self->phases, 0.0, 0.0);
    return status;
}

/* Harris-Foulkes free energy of the input density (J. Harris, PRB 31, 1770 (1985)):
 * F = sum w f e - <v, nt_in> - <dH, D_in> + U[nt_in, D_in] - TS, second order in (out - in). */
static void compute_energy(dft_scf_work *self)
{
    const dft_potential *pot = self->ground->potential;
    const dft_scf_state *state = self->state;
    double sum = 0.0;

    for (size_t c = 0; c < self->n_channels; c++)
        for (size_t i = c * self->n_bands; i < (c + 1) * self->n_bands; i++)
            sum += self->weight[c] * self->occupation[i] * self->eigenvalue[i];
    for (size_t s = 0; s < self->system->n_spin; s++)
        sum -= dft_basis_inner(self->system->basis, state->n_g, pot->v_g + s * state->n_g,
                               state->rho_g + s * state->n_g);
    for (size_t p = 0; p < self->system->n_spin * state->n_p; p++)
        sum -= pot->dh_p[p] * state->d_p[p];
    self->band_energy = sum;
    self->last_energy = self->free_energy;
    self->free_energy = sum + pot->hartree + pot->dipole + pot->xc + pot->zero + pot->on_site
                      + self->entropy;
}

/* sum_a dD C dD of the on-site residual: with the compensated pseudo charge's energy, the electrostatic
 * energy of the all-electron charge residual. */
static double on_site_residual(const dft_scf_work *self)
{
    const dft_system *system = self->system;
    double sum = 0.0;

    for (size_t a = 0; a < system->crystal->n_atoms; a++) {
        const dft_species *s = system->species[system->species_of[a]];
        const double *in = self->state->d_p + system->p_offset[a];
        const double *out = self->ground->d_out + system->p_offset[a];
        for (size_t p = 0; p < s->n_p; p++)
            for (size_t q = 0; q < s->n_p; q++)
                sum += (out[p] - in[p]) * s->coulomb[p * s->n_p + q] * (out[q] - in[q]);
    }
    return sum;
}

/* A like energy of the magnetisation's residual, whose interaction is local: 4 pi/(G^2 + 1). */
static double magnetic_residual(const dft_scf_work *self)
{
    const dft_basis *basis = self->system->basis;
    const dft_scf_state *state = self->state;
    double sum = 0.0;

    for (size_t ig = 0; ig < basis->n_g; ig++)
        sum += dft_basis_multiplicity(ig) * 4.0 * DFT_PI / (basis->g2[ig] + 1.0)
             * dft_abs2(self->ground->rho_out[basis->n_g + ig] - state->rho_g[basis->n_g + ig]);
    return 0.5 * basis->volume * sum;
}

/* Electrostatic energy of the charge residual, all-electron: an estimate of the error of the Harris energy
 * (compare QE's "estimated scf accuracy"). */
static dft_status measure_residual(dft_scf_work *self, dft_error *err)
{
    const dft_system *system = self->system;
    const dft_basis *basis = system->basis;
    double complex *fine = dft_alloc_complex(2 * basis->n_fine);
    double *q = dft_alloc_doubles(system->crystal->n_atoms * DFT_N_COMPENSATION);
    dft_status status = DFT_OK;

    if (fine && q) {
        for (size_t p = 0; p < self->state->n_p; p++)
            self->d_step[p] = self->ground->d_out[p] - self->state->d_p[p];
        for (size_t ig = 0; ig < basis->n_g; ig++)
            fine[ig] = self->ground->rho_out[ig] - self->state->rho_g[ig];
        dft_multipoles(system, self->d_step, 0, q);
        dft_ions_add_compensation(system->ions, q, fine, fine + basis->n_fine);
        self->density_error = fabs(dft_hartree(basis, basis->n_fine, fine, fine)
                                   + on_site_residual(self));
        if (system->n_spin == 2)
            self->density_error += magnetic_residual(self);
    } else {
        status = dft_fail(err, DFT_ENOMEM, "SCF: out of memory");
    }
    free(fine);
    free(q);
    return status;
}

/* The next sweep's residual norm: well below what the density error can resolve. */
static void tighten(dft_scf_work *self)
{
    const double wanted = 0.03 * sqrt(self->density_error / fmax(1.0, self->system->n_electrons));

    self->tolerance = fmax(LAST_TOLERANCE, fmin(self->tolerance, wanted));
}

dft_status dft_scf_work_solve(dft_scf_work *self, dft_error *err)
{
    dft_status status = dft_potential_compute(self->system, self->state->rho_g, self->state->d_p,
                                              self->ground->potential, self->phases, err);

    if (status == DFT_OK)
        status = solve_orbitals(self, err);
    if (status == DFT_OK)
        status = fill_bands(self, err);
    if (status != DFT_OK)
        return status;
    judge_bands(self);
    status = output_density(self, err);
    if (status != DFT_OK)
        return status;
    compute_energy(self);
    dft_phases_begin(self->phases, DFT_PHASE_MIXING);
    status = measure_residual(self, err);
    dft_phases_end(self->phases, 0.0, 0.0);
    tighten(self);
    return status;
}

/* The residual's charge, compensation included, on the density sphere. */
static dft_status residual_charge(dft_scf_work *self, dft_error *err)
{
    const dft_basis *basis = self->system->basis;
    double *q = dft_alloc_doubles(self->system->crystal->n_atoms * DFT_N_COMPENSATION);
    double complex *fine = dft_alloc_complex(basis->n_fine), *phase = dft_alloc_complex(basis->n_fine);
    dft_status status = DFT_OK;

    if (q && fine && phase) {
        dft_multipoles(self->system, self->d_step, 0, q);
        dft_ions_add_compensation(self->system->ions, q, fine, phase);
        for (size_t ig = 0; ig < basis->n_g; ig++)
            self->charge[ig] = self->rho_step[ig] + fine[ig];
    } else {
        status = dft_fail(err, DFT_ENOMEM, "mixing: out of memory");
    }
    free(q);
    free(fine);
    free(phase);
    return status;
}

/* Adds to the density's residual how the electrons will screen it. */
static dft_status screen_residual(dft_scf_work *self, dft_error *err)
{
    const dft_basis *basis = self->system->basis;
    double complex *work = dft_alloc_complex(dft_fft_real_work_size(basis->coarse));
    dft_status status;

    if (!work)
        return dft_fail(err, DFT_ENOMEM, "mixing: out of memory");
    dft_fft_real_to_real(basis->coarse, self->ldos_g, self->ldos_r, work);
    free(work);
    for (size_t i = 0; i < dft_fft_real_size(basis->coarse); i++)
        self->ldos_r[i] = fmax(0.0, self->ldos_r[i]);
    status = residual_charge(self, err);
    if (status == DFT_OK)
        status = dft_screening_correction(basis, self->ldos_r, self->charge, self->screened, err);
    for (size_t ig = 0; status == DFT_OK && ig < basis->n_g; ig++)
        self->rho_step[ig] += self->screened[ig];
    return status;
}

/* Next input: optimal combination of the history, moved along its screened residual. */
static dft_status mix(dft_scf_work *self, dft_error *err)
{
    dft_scf_state *state = self->state;

    if (self->density_error > STRANGE)
        dft_mixer_learn(self->mixer, NULL);
    dft_status status = dft_mixer_combine(self->mixer, state->rho_g, state->d_p, self->ground->rho_out,
                                          self->ground->d_out, self->rho_step, self->d_step, err);

    if (status == DFT_OK)
        status = screen_residual(self, err);
    if (status != DFT_OK)
        return status;
    dft_mixer_judge(self->mixer, self->density_error);
    dft_mixer_advance(self->mixer, state->rho_g, state->d_p, self->rho_step, self->d_step);
    /* The energy is taken at one point of each orbit, so what is not symmetric would count in first
     * order; mixing lets rounding grow to that. */
    return dft_symmetrise_all(self->symmetriser, state->rho_g, state->d_p, err);
}

dft_status dft_scf_work_mix(dft_scf_work *self, dft_error *err)
{
    dft_phases_begin(self->phases, DFT_PHASE_MIXING);
    const dft_status status = mix(self, err);
    dft_phases_end(self->phases, 0.0, 0.0);
    return status;
}

double dft_scf_work_top_filling(const dft_scf_work *self)
{
    double filling = 0.0;

    for (size_t c = 0; c < self->n_channels; c++)
        filling = fmax(filling, 0.5 * fabs(self->occupation[(c + 1) * self->n_bands - 1]));
    return filling;
}
