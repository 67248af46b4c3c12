#include "dft-lite/base/phases.h"

#include <assert.h>

#include "dft-lite/base/clock.h"

static const char *const names[DFT_N_PHASES] = {
    [DFT_PHASE_SETUP] = "setup",
    [DFT_PHASE_START] = "start",
    [DFT_PHASE_FFT] = "fft",
    [DFT_PHASE_LOCAL] = "local",
    [DFT_PHASE_PROJECTION] = "projection",
    [DFT_PHASE_PRODUCTS] = "products",
    [DFT_PHASE_ROTATE] = "rotate",
    [DFT_PHASE_DIAGONALISE] = "diagonalise",
    [DFT_PHASE_RESIDUAL] = "residual",
    [DFT_PHASE_OCCUPATION] = "occupation",
    [DFT_PHASE_DENSITY] = "density",
    [DFT_PHASE_SYMMETRISE] = "symmetrise",
    [DFT_PHASE_HARTREE] = "hartree",
    [DFT_PHASE_XC] = "xc",
    [DFT_PHASE_ONSITE] = "onsite",
    [DFT_PHASE_MIXING] = "mixing",
    [DFT_PHASE_FORCES] = "forces",
    [DFT_PHASE_IO] = "io",
    [DFT_PHASE_OTHER] = "other",
};

/* What has passed since the last look belongs to the innermost open phase. */
static void credit(dft_phases *self)
{
    const double now = dft_clock_s();

    if (self->depth > 0)
        self->sum[self->open[self->depth - 1]].seconds += now - self->last;
    self->last = now;
}

static void push(dft_phases *self, dft_phase phase)
{
    assert(self->depth < DFT_PHASES_MAX_DEPTH);
    assert(phase >= 0 && phase < 2 * DFT_N_PHASES);
    self->open[self->depth++] = phase;
}

static void pop(dft_phases *self, double flops, double bytes)
{
    assert(self->depth > 0);
    dft_phase_sum *sum = &self->sum[self->open[--self->depth]];
    sum->flops += flops;
    sum->bytes += bytes;
    sum->calls++;
}

void dft_phases_begin(dft_phases *phases, dft_phase phase)
{
    if (!phases)
        return;
    credit(phases);
    push(phases, phase);
}

void dft_phases_end(dft_phases *phases, double flops, double bytes)
{
    if (!phases)
        return;
    credit(phases);
    pop(phases, flops, bytes);
}

void dft_phases_next(dft_phases *phases, dft_phase phase, double flops, double bytes)
{
    if (!phases)
        return;
    credit(phases);
    pop(phases, flops, bytes);
    push(phases, phase);
}

void dft_phases_applied(dft_phases *phases, size_t n_bands)
{
    if (phases)
        phases->n_applied += n_bands;
}

static void add(dft_phase_sum *into, const dft_phase_sum *from)
{
    into->seconds += from->seconds;
    into->flops += from->flops;
    into->bytes += from->bytes;
    into->calls += from->calls;
}

void dft_phases_merge(dft_phases *into, const dft_phases *from)
{
    if (!into || !from)
        return;
    for (int i = 0; i < 2 * DFT_N_PHASES; i++)
        add(&into->sum[i], &from->sum[i]);
    into->n_applied += from->n_applied;
}

dft_phase_sum dft_phases_of(const dft_phases *phases, dft_phase phase)
{
    dft_phase_sum sum = { 0 };

    assert(phase >= 0 && phase < DFT_N_PHASES);
    if (phases) {
        sum = phases->sum[phase];
        add(&sum, &phases->sum[DFT_PHASE_SINGLE(phase)]);
    }
    return sum;
}

dft_phase_sum dft_phases_total(const dft_phases *phases)
{
    dft_phase_sum sum = { 0 };

    for (int i = 0; phases && i < 2 * DFT_N_PHASES; i++)
        add(&sum, &phases->sum[i]);
    return sum;
}

const char *dft_phase_name(dft_phase phase)
{
    const int i = (int)phase;

    return i >= 0 && i < 2 * DFT_N_PHASES ? names[i % DFT_N_PHASES] : "unknown";
}
