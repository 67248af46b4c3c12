#include "dft-lite/scf/estimate.h"

#include <math.h>

#include "dft-lite/base/units.h"
#include "dft-lite/eigen/davidson.h"
#include "dft-lite/scf/mixer.h"

#define GIB 1073741824.0
#define PLANE_WAVE_SPARE 1.05      /* k-points' counts of plane waves differ by a few per cent */
#define PROGRAM 36e6                        /* bytes of libraries, data sets and tables before any field */
#define DENSITY_GROUPS 8.0                  /* density.c */
#define SWEEP_VECTORS 3.0                   /* vectors per band to which H is applied in a usual step */
#define GEMM_RATE 60e9                      /* floating-point operations a second and core, achieved */
#define FFT_RATE 35e9
#define SPHERE_SHARE 0.5                    /* of a box's lines that a sphere's transform computes */
#define GRID_COST 0.2e-6                    /* s a point of the exchange-correlation box: all that is on grids */

/* Electrons of the fuller spin, doubled: what the bands must hold at 2 each. */
static double band_electrons(const dft_system *system)
{
    double moment = 0.0;

    for (size_t a = 0; a < system->crystal->n_atoms; a++)
        moment += system->moment[a];
    return system->n_electrons + fabs(moment);
}

/* Half the electrons, and room above for smearing: a tenth more, at least four bands.  Where that is not
 * enough the run starts again with more. */
size_t dft_scf_choose_bands(const dft_scf_options *options, const dft_system *system, size_t least)
{
    const double filled = ceil(0.5 * band_electrons(system) - 1e-9);
    const size_t usual = (size_t)(filled + fmax(4.0, ceil(0.1 * filled)));

    if (options->n_bands > 0)
        return (size_t)options->n_bands;
    if (options->smearing == DFT_SMEARING_FIXED)
        return (size_t)filled;
    return usual > least ? usual : least;
}

/* Bytes of one eigensolver's scratch (davidson.h). */
static double count_solver(const dft_system *system, const dft_scf_estimate *e, double n_pw)
{
    const double bands = (double)e->n_bands, n_proj = (double)e->n_projectors;
    const double space = (double)dft_davidson_space(e->n_bands, DFT_DAVIDSON_MAX_SWEEPS, 0);
    const double box = (double)dft_fft_box_size(system->basis->box);
    const double apply = 16.0 * DFT_PROJECTOR_SUMS * bands * n_proj
        + (double)e->grid_workers * (16.0 * DFT_PROJECTOR_BLOCK * n_proj + 16.0 * box);

    return (32.0 * bands + 16.0 * space) * n_pw + 80.0 * space * space + 48.0 * space * n_proj
         + 24.0 * bands * n_proj + 8.0 * space * bands + apply;
}

static double count_memory(const dft_system *system, const dft_scf_estimate *e)
{
    const double n_pw = PLANE_WAVE_SPARE * e->n_plane_waves, bands = (double)e->n_bands;
    const double box = (double)dft_fft_box_size(system->basis->box), n_spin = (double)system->n_spin;
    const double xc_box = (double)dft_fft_real_size(system->basis->xc), n_proj = (double)e->n_projectors;
    const double orbitals = 16.0 * (double)e->n_channels * bands * (n_pw + n_proj);
    double tables = 16.0 * (double)system->crystal->n_atoms;            /* phases, and shapes below */
    for (size_t kind = 0; kind < system->n_species; kind++)
        tables += 8.0 * (double)system->species[kind]->n_i;
    const double projectors = ((double)e->n_k * tables) * n_pw;
    const double solver = (double)e->channel_workers * count_solver(system, e, n_pw);
    const double density = DENSITY_GROUPS * 8.0 * (n_spin + 1.0) * box;
    const double xc = (8.0 * (1.0 + 3.0 * n_spin) + 8.0 + 12.0) * xc_box;
    const double fine = 200.0 * (double)system->basis->n_fine;
    const double history = 32.0 * (double)dft_mixer_defaults().history * n_spin
                         * (double)system->basis->n_g;

    return PROGRAM + orbitals + projectors + fine + history + solver + fmax(density, xc);
}

/* Seconds: products and transforms of the vectors of a usual step, most of them in single precision. */
static double count_step(const dft_system *system, const dft_scf_estimate *e)
{
    const double n_pw = e->n_plane_waves, bands = (double)e->n_bands, n_proj = (double)e->n_projectors;
    const double box = (double)dft_fft_box_size(system->basis->box), vectors = SWEEP_VECTORS * bands;
    const double gemm = 8.0 * n_pw * ((2.0 * n_proj + 4.0 * bands) * vectors + bands * vectors);
    const double fft = 2.0 * 5.0 * SPHERE_SHARE * box * log2(box) * (2.0 * vectors + bands);
    const double grid = GRID_COST * (double)dft_fft_real_size(system->basis->xc);

    return (double)e->n_channels * (gemm / GEMM_RATE + fft / FFT_RATE)
         / (double)(e->channel_workers * e->grid_workers) + grid;
}

dft_scf_estimate dft_scf_estimate_of(const dft_system *system, size_t n_bands, size_t n_threads)
{
    const double gmax = sqrt(2.0 * system->basis->ecut);
    dft_scf_estimate e = { .n_k = system->kpoints->n_k, .n_channels = dft_system_n_channels(system),
                           .n_bands = n_bands, .n_projectors = system->i_offset[system->crystal->n_atoms] };

    e.n_plane_waves = system->basis->volume * gmax * gmax * gmax / (6.0 * DFT_PI * DFT_PI);
    e.channel_workers = e.n_channels >= n_threads ? n_threads : 1;
    e.grid_workers = e.channel_workers == 1 ? n_threads : 1;
    e.memory = count_memory(system, &e);
    e.step_s = count_step(system, &e);
    return e;
}

dft_status dft_scf_estimate_check(const dft_scf_estimate *estimate, double available, dft_error *err)
{
    if (estimate->memory <= available)
        return DFT_OK;
    return dft_fail(err, DFT_ENOMEM, "this calculation needs about %.1f GiB (%zu k-points, %zu bands, %.0f "
                    "plane waves, %zu projectors, %zu threads) and %.1f GiB are there; lower the cutoff, the "
                    "mesh, the number of threads or the size of the cell", estimate->memory / GIB,
                    estimate->n_k, estimate->n_bands, estimate->n_plane_waves, estimate->n_projectors,
                    estimate->channel_workers * estimate->grid_workers, available / GIB);
}
