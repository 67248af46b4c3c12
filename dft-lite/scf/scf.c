#include "dft-lite/scf/scf.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/threads.h"
#include "dft-lite/base/units.h"
#include "dft-lite/eigen/davidson.h"
#include "dft-lite/hamiltonian/potential.h"
#include "dft-lite/scf/density.h"
#include "dft-lite/scf/mixer.h"
#include "dft-lite/scf/screening.h"
#include "dft-lite/scf/start.h"
#include "dft-lite/scf/state.h"
#include "dft-lite/scf/symmetrise.h"

#define FIRST_TOLERANCE 1e-2        /* Ha, residual norm asked of the first sweep */
#define REUSED_TOLERANCE 1e-3       /* ... when the orbitals come from a calculation nearby */
#define LAST_TOLERANCE 1e-7
#define NEARLY_EMPTY_SLACK 30.0     /* a band with few electrons may be this much worse ... */
#define EMPTY_SLACK 300.0           /* ... and one with none this much */
#define TOO_FULL 1e-4               /* filling of the highest band above which bands are missing */
#define SETTLED 1e-3                /* Ha, density error at which the fillings can be believed */
#define SLOPE_WIDTH 3.7e-3          /* Ha (0.1 eV): least width of the local density of states */

dft_scf_options dft_scf_defaults(void)
{
    return (dft_scf_options){
        .ecut = 400.0 / DFT_HARTREE_EV, .kmesh = { 1, 1, 1 }, .xc = "PBE",
        .smearing = DFT_SMEARING_FERMI_DIRAC, .width = 0.1 / DFT_HARTREE_EV, .max_iterations = 60,
        .energy_tolerance = 1e-5 / DFT_HARTREE_EV, .symmetry = 1, .symmetry_tolerance = 1e-4,
        .data_path = DFT_SETUP_SEARCH_PATH };
}

typedef struct {                        /* one run: everything between the first and last step */
    const dft_scf_options *options;
    dft_system *system;
    dft_kspace **kspace;
    size_t n_k, n_bands, n_threads;     /* n_threads: workers over k */
    dft_davidson_work **work;           /* [n_threads] */
    dft_potential *potential;
    dft_scf_state *state;
    dft_symmetriser *symmetriser;
    dft_mixer *mixer;
    double complex *rho_out, *rho_step, *charge, *ldos_g;   /* [n_g] */
    double *d_out, *d_step, *ldos_r;
    double *eigenvalue, *occupation, *slope, *residual, *slack;     /* [n_k][n_bands] */
    double fermi, entropy, extrapolation;
    double free_energy, last_energy, density_error, eigen_error, tolerance;
    double start_time;
} run;

static double now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

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

/* Half the electrons, and room above for smearing: a tenth more, at least four bands, and no fewer than a
 * calculation nearby needed.  Where that is not enough the run starts again with more (grow_bands). */
static size_t choose_bands(const dft_scf_options *options, double n_electrons, size_t least)
{
    const double filled = ceil(0.5 * n_electrons - 1e-9);
    const size_t usual = (size_t)(filled + fmax(4.0, ceil(0.1 * filled)));

    if (options->n_bands > 0)
        return (size_t)options->n_bands;
    if (options->smearing == DFT_SMEARING_FIXED)
        return (size_t)filled;
    return usual > least ? usual : least;
}

static dft_status make_kspaces(run *self, dft_error *err)
{
    size_t n_pw_max = 0;
    dft_status status = DFT_OK;

    self->kspace = dft_alloc(self->n_k, sizeof *self->kspace);
    if (!self->kspace)
        return dft_fail(err, DFT_ENOMEM, "%zu k-points: out of memory", self->n_k);
    for (size_t ik = 0; status == DFT_OK && ik < self->n_k; ik++) {
        status = dft_kspace_create(self->system, self->system->kpoints->k[ik], &self->kspace[ik],
                                   err);
        if (status == DFT_OK && self->kspace[ik]->kbasis->n_pw > n_pw_max)
            n_pw_max = self->kspace[ik]->kbasis->n_pw;
        if (status == DFT_OK && self->kspace[ik]->kbasis->n_pw < self->n_bands)
            status = dft_fail(err, DFT_EINPUT, "%zu plane waves cannot carry %zu bands; raise the "
                              "cutoff", self->kspace[ik]->kbasis->n_pw, self->n_bands);
    }
    if (status != DFT_OK)
        return status;
    /* Threads go over k-points when there are enough of them, else into each application of H. */
    const size_t threads = (size_t)dft_threads_max();
    self->n_threads = self->n_k >= threads ? threads : 1;
    self->work = dft_alloc(self->n_threads, sizeof *self->work);
    if (!self->work)
        return dft_fail(err, DFT_ENOMEM, "eigensolver: out of memory");
    for (size_t t = 0; status == DFT_OK && t < self->n_threads; t++)
        status = dft_davidson_work_create(self->system, self->n_bands, n_pw_max,
                                          DFT_DAVIDSON_MAX_SWEEPS,
                                          self->n_threads == 1 ? threads : 1, &self->work[t], err);
    return status;
}

static dft_status allocate(run *self, dft_error *err)
{
    const size_t n = self->n_k * self->n_bands, n_g = self->system->basis->n_g;
    const size_t n_p = self->system->p_offset[self->system->crystal->n_atoms];
    dft_mixer_options mixing = dft_mixer_defaults();
    dft_status status;

    self->rho_out = dft_alloc_complex(4 * n_g);
    self->rho_step = self->rho_out + n_g;
    self->charge = self->rho_out + 2 * n_g;
    self->ldos_g = self->rho_out + 3 * n_g;
    self->d_out = dft_alloc_doubles(2 * n_p);
    self->d_step = self->d_out + n_p;
    self->ldos_r = dft_alloc_doubles(dft_fft_real_size(self->system->basis->coarse));
    self->slope = dft_alloc_doubles(n);
    self->eigenvalue = dft_alloc_doubles(n);
    self->occupation = dft_alloc_doubles(n);
    self->residual = dft_alloc_doubles(n);
    self->slack = dft_alloc_doubles(n);
    if (!self->rho_out || !self->d_out || !self->ldos_r || !self->slope || !self->eigenvalue || !self->occupation || !self->residual
        || !self->slack)
        return dft_fail(err, DFT_ENOMEM, "SCF: out of memory");
    status = make_kspaces(self, err);
    if (status == DFT_OK)
        status = dft_scf_state_create(self->system, self->kspace, self->n_bands, &self->state, err);
    if (status == DFT_OK)
        status = dft_potential_create(self->system, &self->potential, err);
    if (status == DFT_OK)
        status = dft_symmetriser_create(self->system, &self->symmetriser, err);
    if (status == DFT_OK)
        status = dft_mixer_create(self->system->basis, n_p, &mixing, &self->mixer, err);
    return status;
}

static dft_status prepare(run *self, const dft_crystal *crystal, const dft_scf_state *start,
                          size_t least_bands, dft_error *err)
{
    const dft_scf_options *o = self->options;
    const dft_system_options system_options = {
        .ecut = o->ecut, .kmesh = { o->kmesh[0], o->kmesh[1], o->kmesh[2] },
        .kshift = { o->kshift[0], o->kshift[1], o->kshift[2] }, .xc = o->xc,
        .symmetry = o->symmetry, .symmetry_tolerance = o->symmetry_tolerance,
        .data_path = o->data_path, .n_data = o->n_data, .data = o->data };
    dft_status status = check_options(o, err);

    if (status == DFT_OK)
        status = dft_system_create(crystal, &system_options, &self->system, err);
    if (status != DFT_OK)
        return status;
    self->n_k = self->system->kpoints->n_k;
    self->n_bands = choose_bands(o, self->system->n_electrons, least_bands);
    status = allocate(self, err);
    if (status != DFT_OK)
        return status;
    if (!start || !dft_scf_state_from_state(self->system, start, self->state))
        dft_scf_state_from_atoms(self->system, self->state);
    for (size_t i = 0; i < self->n_k * self->n_bands; i++)
        self->slack[i] = 1.0;
    self->tolerance = self->state->has_orbitals ? REUSED_TOLERANCE : FIRST_TOLERANCE;
    return DFT_OK;
}

static dft_status solve_k(run *self, size_t ik, int max_sweeps, dft_error *err)
{
    const size_t first = ik * self->n_bands;
    const dft_davidson_options options = { self->tolerance, self->slack + first, max_sweeps };
    dft_davidson_work *work = self->work[self->n_threads == 1 ? 0 : (size_t)dft_thread_index()];
    size_t n_applied;

    if (!self->state->has_orbitals) {
        const dft_status status = dft_start_orbitals(self->kspace[ik], self->potential,
                                                     self->n_bands, self->state->psi[ik],
                                                     self->eigenvalue + first, err);
        if (status != DFT_OK)
            return status;
    }
    return dft_davidson_solve(self->kspace[ik], self->potential, &options, self->n_bands,
                              self->state->psi[ik], self->eigenvalue + first,
                              self->residual + first, work, &n_applied, err);
}

static dft_status solve_orbitals(run *self, int max_sweeps, dft_error *err)
{
    dft_status status = DFT_OK;

    #pragma omp parallel for schedule(dynamic) num_threads((int)self->n_threads) \
        if (self->n_threads > 1)
    for (size_t ik = 0; ik < self->n_k; ik++) {
        dft_error local;
        const dft_status one = solve_k(self, ik, max_sweeps, &local);
        if (one != DFT_OK) {
            #pragma omp critical (dft_scf_error)
            status = dft_fail(err, one, "%s", local.message);
        }
    }
    self->state->has_orbitals = 1;
    return status;
}

/* -d(2f)/dx of the Fermi function: the states that answer a change of potential, whatever the scheme
 * of occupations. */
static double fermi_slope(double x)
{
    const double c = cosh(0.5 * fmin(fabs(x), 60.0));
    return 0.5 / (c * c);
}

static dft_status fill_bands(run *self, dft_error *err)
{
    const dft_scf_options *o = self->options;
    dft_status status = dft_occupations_compute(
        o->smearing, o->width, self->system->n_electrons, self->n_k, self->n_bands,
        self->system->kpoints->weight, self->eigenvalue, self->occupation, &self->fermi,
        &self->entropy, &self->extrapolation, err);

    self->eigen_error = 0.0;
    for (size_t i = 0; i < self->n_k * self->n_bands; i++) {
        const double filling = 0.5 * fabs(self->occupation[i]);
        self->slack[i] = filling > 1e-3 ? 1.0 : filling > 1e-7 ? NEARLY_EMPTY_SLACK : EMPTY_SLACK;
        self->slope[i] = fermi_slope((self->eigenvalue[i] - self->fermi)
                                     / fmax(o->width, SLOPE_WIDTH))
                       / fmax(o->width, SLOPE_WIDTH);
        if (filling > 1e-3)
            self->eigen_error = fmax(self->eigen_error, self->residual[i]);
    }
    return status;
}

static dft_status output_density(run *self, dft_error *err)
{
    dft_status status = dft_density_compute(self->system, self->kspace, self->state,
                                            self->occupation, self->slope, self->rho_out, self->d_out,
                                            self->ldos_g, err);

    if (status != DFT_OK)
        return status;
    dft_symmetrise_density(self->symmetriser, self->rho_out);
    dft_symmetrise_density(self->symmetriser, self->ldos_g);
    return dft_symmetrise_on_site(self->symmetriser, self->d_out, err);
}

/* Harris-Foulkes free energy of the input density (J. Harris, PRB 31, 1770 (1985)):
 * F = sum w f e - <v, nt_in> - <dH, D_in> + U[nt_in, D_in] - TS, second order in (out - in). */
static double harris_energy(const run *self, double *band_sum)
{
    const dft_potential *pot = self->potential;
    const dft_scf_state *state = self->state;
    double sum = 0.0, on_site = 0.0;

    for (size_t ik = 0; ik < self->n_k; ik++)
        for (size_t ib = 0; ib < self->n_bands; ib++)
            sum += self->system->kpoints->weight[ik] * self->occupation[ik * self->n_bands + ib]
                 * self->eigenvalue[ik * self->n_bands + ib];
    for (size_t p = 0; p < state->n_p; p++)
        on_site += pot->dh_p[p] * state->d_p[p];
    *band_sum = sum - dft_basis_inner(self->system->basis, state->n_g, pot->v_g, state->rho_g)
              - on_site;
    return *band_sum + pot->hartree + pot->xc + pot->zero + pot->on_site + self->entropy;
}

/* Electrostatic energy of the density residual plus a like measure of the on-site residual: an estimate
 * of the error of the Harris energy (compare QE's "estimated scf accuracy"). */
static double residual_energy(const run *self)
{
    const dft_basis *basis = self->system->basis;
    double sum = 0.0, on_site = 0.0;

    for (size_t ig = 1; ig < basis->n_g; ig++) {
        const double complex f = self->rho_out[ig] - self->state->rho_g[ig];
        sum += 2.0 * 4.0 * DFT_PI / basis->g2[ig] * (creal(f) * creal(f) + cimag(f) * cimag(f));
    }
    for (size_t p = 0; p < self->state->n_p; p++) {
        const double f = self->d_out[p] - self->state->d_p[p];
        on_site += 0.1 * f * f;
    }
    return 0.5 * basis->volume * sum + on_site;
}

static void report(const run *self, int iteration)
{
    const dft_scf_step step = { iteration, self->free_energy,
                                self->free_energy - self->last_energy, self->density_error,
                                self->eigen_error, now_s() - self->start_time };

    if (self->options->on_step)
        self->options->on_step(&step, self->options->on_step_context);
}

/* Converged: the estimated error of the energy and the last change are below the tolerance, and the
 * orbitals' own error, second order in their residuals, is too. */
static int is_converged(const run *self, int iteration)
{
    const double tolerance = self->options->energy_tolerance;

    return iteration > 1 && self->density_error < tolerance
        && fabs(self->free_energy - self->last_energy) < tolerance
        && self->eigen_error * self->eigen_error * self->system->n_electrons < 10.0 * tolerance;
}

/* The next sweep's residual norm: well below what the density error can resolve. */
static void tighten(run *self)
{
    const double wanted = 0.03 * sqrt(self->density_error / fmax(1.0, self->system->n_electrons));

    self->tolerance = fmax(LAST_TOLERANCE, fmin(self->tolerance, wanted));
}

/* The residual's charge, compensation included, on the density sphere. */
static dft_status residual_charge(run *self, dft_error *err)
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

/* Next input: optimal combination of the history, moved along its screened residual. */
static dft_status mix(run *self, dft_error *err)
{
    const dft_basis *basis = self->system->basis;
    dft_scf_state *state = self->state;
    double complex *work = dft_alloc_complex(dft_fft_real_work_size(basis->coarse));
    dft_status status;

    if (!work)
        return dft_fail(err, DFT_ENOMEM, "mixing: out of memory");
    status = dft_mixer_combine(self->mixer, state->rho_g, state->d_p, self->rho_out, self->d_out,
                               self->rho_step, self->d_step, err);
    if (status == DFT_OK)
        status = residual_charge(self, err);
    if (status == DFT_OK) {
        dft_fft_real_to_real(basis->coarse, self->ldos_g, self->ldos_r, work);
        for (size_t i = 0; i < dft_fft_real_size(basis->coarse); i++)
            self->ldos_r[i] = fmax(0.0, self->ldos_r[i]);
        status = dft_screening_correction(basis, self->ldos_r, self->charge, self->rho_out, err);
    }
    if (status == DFT_OK) {
        for (size_t ig = 0; ig < basis->n_g; ig++)
            self->rho_step[ig] += self->rho_out[ig];
        dft_mixer_advance(self->mixer, state->rho_g, state->d_p, self->rho_step, self->d_step);
        /* The energy is taken at one point of each orbit, so what is not symmetric would count in first
         * order; mixing lets rounding grow to that. */
        dft_symmetrise_density(self->symmetriser, state->rho_g);
        status = dft_symmetrise_on_site(self->symmetriser, state->d_p, err);
    }
    free(work);
    return status;
}

/* Largest filling (0..1) of the highest band: what the missing bands above would at most hold. */
static double top_band_filling(const run *self)
{
    double filling = 0.0;

    for (size_t ik = 0; ik < self->n_k; ik++)
        filling = fmax(filling, 0.5 * fabs(self->occupation[(ik + 1) * self->n_bands - 1]));
    return filling;
}

/* Bands are missing for good once the density has nearly settled and the highest one still holds
 * electrons; a count that the caller chose is left alone. */
static int lacks_bands(const run *self)
{
    return self->options->n_bands == 0 && self->options->smearing != DFT_SMEARING_FIXED
        && self->density_error < SETTLED && top_band_filling(self) > TOO_FULL;
}

static dft_status iterate(run *self, dft_scf_result *result, dft_error *err)
{
    dft_status status = DFT_OK;

    for (int it = 1; it <= self->options->max_iterations; it++) {
        double band_part;
        const int fresh = !self->state->has_orbitals;
        status = dft_potential_compute(self->system, self->state->rho_g, self->state->d_p,
                                       self->potential, err);
        if (status == DFT_OK)
            status = solve_orbitals(self, fresh ? 3 : 2, err);
        if (status == DFT_OK)
            status = fill_bands(self, err);
        if (status == DFT_OK)
            status = output_density(self, err);
        if (status != DFT_OK)
            return status;
        self->last_energy = self->free_energy;
        self->free_energy = harris_energy(self, &band_part);
        self->density_error = residual_energy(self);
        result->parts.kinetic = band_part;
        result->scf_iterations = it;
        report(self, it);
        if (!isfinite(self->free_energy))
            return dft_fail(err, DFT_ENUMERIC, "the energy is not a number at SCF step %d", it);
        result->converged = is_converged(self, it);
        if (result->converged || lacks_bands(self))
            break;
        tighten(self);
        status = mix(self, err);
        if (status != DFT_OK)
            return status;
    }
    return status;
}

static double peak_rss_mib(void)
{
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    return (double)usage.ru_maxrss / 1024.0;
}

static void describe(const run *self, dft_scf_result *result)
{
    const double top = top_band_filling(self);

    if (self->options->smearing != DFT_SMEARING_FIXED && top > TOO_FULL) {
        result->converged = 0;
        snprintf(result->message, sizeof result->message, "too few bands: the highest of %zu is "
                 "filled to %.1e; ask for more bands or a smaller smearing width", self->n_bands, top);
        return;
    }
    if (result->converged)
        snprintf(result->message, sizeof result->message, "converged in %d steps",
                 result->scf_iterations);
    else
        snprintf(result->message, sizeof result->message, "not converged after %d steps: energy "
                 "still changes by %.1e eV, density error %.1e eV, asked %.1e eV",
                 result->scf_iterations,
                 fabs(self->free_energy - self->last_energy) * DFT_HARTREE_EV,
                 self->density_error * DFT_HARTREE_EV,
                 self->options->energy_tolerance * DFT_HARTREE_EV);
}

static dft_status fill_lists(run *self, dft_scf_result *result, dft_error *err)
{
    const dft_kpoints *kpoints = self->system->kpoints;

    result->k = dft_alloc(self->n_k, sizeof *result->k);
    result->weight = dft_alloc_doubles(self->n_k);
    if (!result->k || !result->weight)
        return dft_fail(err, DFT_ENOMEM, "result: out of memory");
    memcpy(result->k, kpoints->k, self->n_k * sizeof *result->k);
    memcpy(result->weight, kpoints->weight, self->n_k * sizeof *result->weight);
    result->eigenvalue = self->eigenvalue;      /* moved */
    result->occupation = self->occupation;
    result->state = self->state;
    self->eigenvalue = NULL;
    self->occupation = NULL;
    self->state = NULL;
    for (size_t ik = 0; ik < self->n_k; ik++)
        if (self->kspace[ik]->kbasis->n_pw > result->n_plane_waves)
            result->n_plane_waves = self->kspace[ik]->kbasis->n_pw;
    result->n_data = self->system->n_species;
    for (size_t s = 0; s < result->n_data; s++) {
        snprintf(result->data[s].name, sizeof result->data[s].name, "%s",
                 self->system->setup[s]->name);
        memcpy(result->data[s].sha256, self->system->setup[s]->sha256,
               sizeof result->data[s].sha256);
    }
    return DFT_OK;
}

static dft_status finish(run *self, dft_scf_result *result, dft_error *err)
{
    const dft_potential *pot = self->potential;

    result->free_energy = self->free_energy;
    result->energy = self->free_energy + self->extrapolation;
    result->parts.hartree = pot->hartree;
    result->parts.xc = pot->xc;
    result->parts.zero = pot->zero;
    result->parts.on_site = pot->on_site;
    result->parts.entropy = self->entropy;
    result->fermi = self->fermi;
    result->density_error = self->density_error;
    result->energy_change = self->free_energy - self->last_energy;
    result->n_k = self->n_k;
    result->n_bands = self->n_bands;
    result->n_electrons = self->system->n_electrons;
    memcpy(result->fft_grid, self->system->basis->n, sizeof result->fft_grid);
    result->n_symmetry_ops = self->system->symmetry->n_ops;
    result->n_symmetry_dropped = self->system->symmetry->n_dropped;
    result->space_group_number = self->system->symmetry->space_group_number;
    describe(self, result);
    const dft_status status = fill_lists(self, result, err);
    result->wall_s = now_s() - self->start_time;
    result->peak_rss_mib = peak_rss_mib();
    return status;
}

static void run_clear(run *self)
{
    for (size_t t = 0; self->work && t < self->n_threads; t++)
        dft_davidson_work_free(self->work[t]);
    free(self->work);
    for (size_t ik = 0; self->kspace && ik < self->n_k; ik++)
        dft_kspace_free(self->kspace[ik]);
    free(self->kspace);
    dft_potential_free(self->potential);
    dft_scf_state_free(self->state);
    dft_symmetriser_free(self->symmetriser);
    dft_mixer_free(self->mixer);
    free(self->rho_out);
    free(self->d_out);
    free(self->ldos_r);
    free(self->slope);
    free(self->eigenvalue);
    free(self->occupation);
    free(self->residual);
    free(self->slack);
    dft_system_free(self->system);
}

/* One run with a given number of bands at least.  When it lacked bands, *grown is its state (owned by the
 * caller) and *least_bands how many to try next. */
static dft_status run_once(const dft_crystal *crystal, const dft_scf_options *options,
                           const dft_scf_state *start, double start_time, size_t *least_bands,
                           dft_scf_state **grown, dft_scf_result *result, dft_error *err)
{
    run self = { .options = options, .start_time = start_time };
    dft_status status = prepare(&self, crystal, start, *least_bands, err);

    *grown = NULL;
    if (status == DFT_OK)
        status = iterate(&self, result, err);
    if (status == DFT_OK && lacks_bands(&self)) {
        *least_bands = self.n_bands + (self.n_bands / 4 > 4 ? self.n_bands / 4 : 4);
        *grown = self.state;
        self.state = NULL;
    } else if (status == DFT_OK) {
        status = finish(&self, result, err);
    }
    run_clear(&self);
    return status;
}

dft_status dft_scf_run(const dft_crystal *crystal, const dft_scf_options *options,
                       const dft_scf_result *start, dft_scf_result **out, dft_error *err)
{
    const double start_time = now_s();
    dft_scf_result *result = dft_alloc(1, sizeof *result);
    size_t least_bands = start ? start->n_bands : 0;
    dft_scf_state *grown = NULL;
    dft_status status;

    *out = NULL;
    if (!result)
        return dft_fail(err, DFT_ENOMEM, "result: out of memory");
    status = run_once(crystal, options, start ? start->state : NULL, start_time, &least_bands, &grown,
                      result, err);
    while (status == DFT_OK && grown) {
        dft_scf_state *from = grown;
        status = run_once(crystal, options, from, start_time, &least_bands, &grown, result, err);
        dft_scf_state_free(from);
    }
    if (status != DFT_OK) {
        dft_scf_result_free(result);
        return status;
    }
    *out = result;
    return DFT_OK;
}

void dft_scf_result_free(dft_scf_result *result)
{
    if (!result)
        return;
    free(result->k);
    free(result->weight);
    free(result->eigenvalue);
    free(result->occupation);
    dft_scf_state_free(result->state);
    free(result);
}
