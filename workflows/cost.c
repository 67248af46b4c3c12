#include "workflows/cost.h"

#include <math.h>

#include "dft-lite/base/units.h"

/* Fitted (least squares of the relative error) to the 381 calculations of results/reference/quick, tasks of a
 * `fast` campaign by their core seconds, and Ag(111) p(2x2) with Li; on one core of Zen 4 class. */
#define DENSE_S 3.9e-9
#define TRANSFORM_S 3.1e-7
#define POINT_S 1.0e-3
#define GRID_S 3.9e-5
#define PROGRAM_BYTES 28e6          /* libraries, data sets, tables */
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

double flow_cost_step_s(const flow_cost_cell *cell)
{
    const double n_pw = plane_waves(cell), n_bands = bands(cell);

    return (double)cell->n_k * (DENSE_S * n_bands * n_bands * n_pw + TRANSFORM_S * n_bands * n_pw + POINT_S)
         + GRID_S * n_pw;
}

/* Means of the same calculations; a decade of the tolerance is about a step. */
double flow_cost_steps(int first, int moved, double energy_tol_ev)
{
    const double at_1e_5 = first ? (moved ? 10.0 : 7.5) : (moved ? 7.0 : 4.5);
    return fmax(2.0, at_1e_5 - log10(energy_tol_ev / 1e-5));
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
