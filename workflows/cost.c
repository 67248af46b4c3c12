#include "workflows/cost.h"

#include <math.h>

#include "dft-lite/base/units.h"

/* Fitted to Al (bulk, three layers, three layers with Li) at 350 eV on one core of Zen 4 class; what
 * iterations and band updates cost on average is in them. */
#define SCF_STEPS 6.9               /* mean of the 381 calculations in results/reference/quick */
#define GEMM_FLOP_PER_S 8e10
#define FFT_FLOP_PER_S 8e9
#define PROGRAM_BYTES 36e6          /* libraries, data sets, tables */
#define HISTORY_BYTES (32.0 * 8.0 + 200.0)  /* mixer and fine sphere, per vector of the density's sphere:
                                       eight a plane wave */

static double plane_waves(const flow_cost_cell *cell)
{
    const double k_max = sqrt(2.0 * cell->ecut);
    return cell->volume * k_max * k_max * k_max / (6.0 * DFT_PI * DFT_PI);
}

static double bands(const flow_cost_cell *cell)
{
    const double filled = 0.5 * cell->n_electrons;
    return filled + fmax(4.0, 0.1 * filled);
}

double flow_cost_scf_s(const flow_cost_cell *cell)
{
    const double n_pw = plane_waves(cell), n_bands = 0.6 * cell->n_electrons + 4.0;
    const double n_grid = 16.0 * n_pw;          /* box twice the sphere's diameter */
    const double dense = 30.0 * 8.0 * n_bands * n_bands * n_pw / GEMM_FLOP_PER_S;
    const double transforms = 8.0 * 5.0 * n_bands * n_grid * log2(n_grid + 2.0) / FFT_FLOP_PER_S;

    return SCF_STEPS * (double)cell->n_k * (dense + transforms);
}

/* Boxes: the density's sphere (4 ecut) fills a sixteenth of plane waves' sphere turned inside out: a box
 * twice its diameter has 15.3 points a plane wave, and that of exchange and correlation eight times as
 * many. */
double flow_cost_memory_mib(const flow_cost_cell *cell)
{
    const double n_pw = plane_waves(cell), n_bands = bands(cell), n_k = (double)cell->n_k;
    const double n_proj = cell->n_projectors > 0.0 ? cell->n_projectors : 1.5 * cell->n_electrons;
    const double box = 15.3 * n_pw, space = 5.0 * n_bands;
    const double orbitals = 16.0 * n_k * n_bands * n_pw, projectors = 16.0 * n_k * n_proj * n_pw;
    const double solver = 16.0 * (3.0 * space + n_bands) * n_pw + 64.0 * space * space
                        + 48.0 * space * n_proj + 16.0 * box;
    const double density = 8.0 * (32.0 * box + 16.0 * n_bands * n_proj), xc = 52.0 * 8.0 * box;

    return (PROGRAM_BYTES + orbitals + projectors + HISTORY_BYTES * 8.0 * n_pw
            + fmax(solver, fmax(density, xc))) / 1048576.0;
}

double flow_cost_scale(double estimate_done, double actual_done)
{
    return estimate_done > 0.0 && actual_done > 0.0 ? actual_done / estimate_done : 1.0;
}
