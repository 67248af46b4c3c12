#include "dft-lite/scf/scf.h"

#include <math.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/clock.h"
#include "dft-lite/base/threads.h"
#include "dft-lite/base/units.h"
#include "dft-lite/scf/run.h"

#define PATIENCE 9                  /* steps without a fall of the error before the mixing is restarted ... */
#define SIMPLE_STEPS 6              /* ... with this many plain steps ... */
#define SIMPLE_BETA 0.3             /* ... of this length */
#define SETTLED 0.02                /* Ha, density error at which the fillings can be believed */
#define SPARE_BANDS 1.08            /* times what free electrons would take */

dft_scf_options dft_scf_defaults(void)
{
    return (dft_scf_options){
        .ecut = 400.0 / DFT_HARTREE_EV, .kmesh = { 1, 1, 1 }, .xc = "PBE",
        .smearing = DFT_SMEARING_FERMI_DIRAC, .width = 0.1 / DFT_HARTREE_EV, .max_iterations = 60,
        .energy_tolerance = 1e-5 / DFT_HARTREE_EV, .symmetry = 1, .symmetry_tolerance = 1e-4,
        .data_path = DFT_SETUP_SEARCH_PATH };
}

dft_system_options dft_scf_system_options(const dft_scf_options *o)
{
    return (dft_system_options){
        .ecut = o->ecut, .kmesh = { o->kmesh[0], o->kmesh[1], o->kmesh[2] },
        .kshift = { o->kshift[0], o->kshift[1], o->kshift[2] }, .xc = o->xc,
        .symmetry = o->symmetry, .symmetry_tolerance = o->symmetry_tolerance,
        .dipole = o->dipole, .allow_xc_mismatch = o->xc_mismatch,
        .data_path = o->data_path, .n_data = o->n_data, .data = o->data,
        .chooser = o->chooser, .spin = o->spin, .n_moments = o->n_moments, .moments = o->moments };
}

static void report(const dft_scf_work *self, int iteration)
{
    const dft_scf_step step = { iteration, self->free_energy,
                                self->free_energy - self->last_energy, self->density_error,
                                self->eigen_error, dft_clock_s() - self->start_time };

    if (self->options->on_step)
        self->options->on_step(&step, self->options->on_step_context);
}

#define ENERGY_WORTH 10.0           /* times the tolerance: square of the residuals that an energy allows ... */
#define FORCE_WORTH 0.1             /* ... and forces, whose error is first order in the residuals */

double dft_scf_work_residual_wanted(const dft_scf_work *self)
{
    const double worth = self->options->for_forces ? FORCE_WORTH : ENERGY_WORTH;

    return sqrt(worth * self->options->energy_tolerance / fmax(1.0, self->system->n_electrons));
}

#define FORCE_SHARE 0.05             /* of the tolerance: density error that forces allow, of whose root theirs is */

/* Converged, in double precision: the estimated error of the energy and its last change are below the
 * tolerance, and the orbitals' own error, second order in their residuals, is too.  A change from an energy
 * with the rounding of single precision says nothing. */
static int is_converged(const dft_scf_work *self, int n_before)
{
    const double tolerance = self->options->energy_tolerance;

    return n_before > 0 && !self->is_single
        && self->density_error < (self->options->for_forces ? FORCE_SHARE : 1.0) * tolerance
        && (self->was_single || fabs(self->free_energy - self->last_energy) < tolerance)
        && self->eigen_error < dft_scf_work_residual_wanted(self);
}

/* Bands are missing for good once the density has nearly settled and the highest one still holds
 * electrons; a count that the caller chose is left alone. */
static int lacks_bands(const dft_scf_work *self)
{
    return self->options->n_bands == 0 && self->options->smearing != DFT_SMEARING_FIXED
        && self->density_error < SETTLED && dft_scf_work_top_filling(self) > DFT_SCF_TOO_FULL;
}

/* Extrapolation from the history can go in circles, above all where the answer jumps (a magnetisation that
 * collapses).  When the error has not fallen for a while, a few plain short steps let the density slide to
 * where it wants to go, and the history starts anew. */
static void remedy(dft_scf_work *self)
{
    if (self->n_remedies == 0 && self->best_error == 0.0)
        self->best_error = INFINITY;
    if (self->density_error < 0.7 * self->best_error) {
        self->best_error = self->density_error;
        self->n_stuck = 0;
        return;
    }
    if (++self->n_stuck < PATIENCE)
        return;
    dft_mixer_restart(self->mixer, SIMPLE_STEPS, SIMPLE_BETA);
    self->best_error = INFINITY;
    self->n_stuck = 0;
    self->n_remedies++;
}

static dft_status iterate(dft_scf_work *self, dft_scf_result *result, dft_error *err)
{
    const int first = result->scf_iterations + 1;

    for (int it = first; it <= self->options->max_iterations; it++) {
        dft_status status = dft_scf_work_solve(self, err);
        if (status != DFT_OK)
            return status;
        result->scf_iterations = it;
        report(self, it);
        if (!isfinite(self->free_energy))
            return dft_fail(err, DFT_ENUMERIC, "the energy is not a number at SCF step %d", it);
        result->converged = is_converged(self, it - first);
        if (self->options->between_steps && !result->converged)
            result->stopped = self->options->between_steps(self->state,
                                                           self->options->between_steps_context) != 0;
        if (result->stopped)
            return DFT_OK;
        if (result->converged || lacks_bands(self) || it == self->options->max_iterations)
            return DFT_OK;
        remedy(self);
        status = dft_scf_work_mix(self, err);
        if (status != DFT_OK)
            return status;
    }
    return DFT_OK;
}

/* How many bands to try next: free electrons between the lowest level and the Fermi level would fill, in
 * proportion (mu - bottom)^(3/2), up to where fillings fall below DFT_SCF_TOO_FULL; some more for what k-points
 * differ by, and in any case an eighth more than there were (d bands and semicore states are not free). */
static size_t more_bands(const dft_scf_work *self)
{
    const double filled = 0.5 * self->system->n_electrons;
    const double reach = -log(DFT_SCF_TOO_FULL) * self->options->width;
    double bottom = self->fermi;

    for (size_t i = 0; i < self->n_channels * self->n_bands; i += self->n_bands)
        bottom = fmin(bottom, self->eigenvalue[i]);
    const double free_electrons = SPARE_BANDS * filled * pow(1.0 + reach / fmax(reach, self->fermi - bottom), 1.5);
    const double least = (double)self->n_bands + fmax(2.0, 0.125 * (double)self->n_bands);
    return (size_t)ceil(fmax(least, free_electrons));
}

/* One run with a given number of bands at least.  When it lacked bands, *grown is its state (owned by the
 * caller) and *least_bands how many to try next. */
static dft_status run_once(const dft_crystal *crystal, const dft_scf_options *options,
                           const dft_scf_state *start, double start_time, size_t *least_bands,
                           dft_scf_state **grown, dft_scf_result *result, dft_error *err)
{
    dft_scf_work self = { .options = options, .start_time = start_time };
    dft_status status = dft_scf_work_prepare(&self, crystal, start, *least_bands, err);

    *grown = NULL;
    if (result->scf_iterations == 0)
        result->origin = self.origin;
    if (status == DFT_OK)
        status = iterate(&self, result, err);
    for (int t = 0; status == DFT_OK && t < dft_threads_max(); t++)
        dft_phases_merge(&result->phases, &self.phases[t]);
    if (status == DFT_OK && lacks_bands(&self) && !result->stopped
        && result->scf_iterations < options->max_iterations) {
        *least_bands = more_bands(&self);
        *grown = self.state;
        self.state = NULL;
    } else if (status == DFT_OK) {
        status = dft_scf_work_finish(&self, result, err);
    }
    dft_scf_work_clear(&self);
    return status;
}

dft_status dft_scf_run(const dft_crystal *crystal, const dft_scf_options *options,
                       const dft_scf_result *start, dft_scf_result **out, dft_error *err)
{
    const double start_time = dft_clock_s();
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
