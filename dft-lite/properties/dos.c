#include "dft-lite/properties/dos.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/file.h"
#include "dft-lite/base/units.h"

#define REACH 8.0                   /* standard deviations: exp(-32) */
#define STEPS_A_WIDTH 5.0
#define MARGIN 4.0                  /* widths that a table goes beyond the outermost states */
#define MAX_POINTS 1000000.0
#define LINE_BYTES 128

void dft_dos_compute(size_t n_spin, size_t n_k, size_t n_bands, const double *weight,
                     const double *eigenvalue, double width, size_t n, const double *energy,
                     double *g, double *count)
{
    const double norm = 2.0 / (double)n_spin;

    for (size_t i = 0; i < n; i++) {
        double density = 0.0, below = 0.0;
        for (size_t ik = 0; ik < n_k; ik++)
            for (size_t ib = 0; ib < n_bands; ib++) {
                const double x = (energy[i] - eigenvalue[ik * n_bands + ib]) / width;
                if (fabs(x) < REACH)
                    density += weight[ik] * exp(-0.5 * x * x);
                below += x > REACH ? weight[ik] : x < -REACH ? 0.0
                       : weight[ik] * 0.5 * erfc(-x / sqrt(2.0));
            }
        g[i] = norm * density / (width * sqrt(2.0 * DFT_PI));
        if (count)
            count[i] = norm * below;
    }
}

double dft_dos_reliable_below(size_t n_k, size_t n_bands, const double *eigenvalue)
{
    double lowest = INFINITY;

    for (size_t ik = 0; ik < n_k; ik++)
        lowest = fmin(lowest, eigenvalue[(ik + 1) * n_bands - 1]);
    return lowest;
}

typedef struct { double first, step; size_t n; } table;

static table choose_table(size_t n_spin, size_t n_k, size_t n_bands, const double *eigenvalue,
                          double width)
{
    double lowest = INFINITY, end = INFINITY;

    for (size_t i = 0; i < n_spin * n_k * n_bands; i++)
        lowest = fmin(lowest, eigenvalue[i]);
    for (size_t s = 0; s < n_spin; s++)
        end = fmin(end, dft_dos_reliable_below(n_k, n_bands, eigenvalue + s * n_k * n_bands));
    const double first = lowest - MARGIN * width, step = width / STEPS_A_WIDTH;
    return (table){ first, step, 1 + (size_t)fmin(MAX_POINTS, fmax(0.0, (end - first) / step)) };
}

/* values: [2 n_spin][n] densities, then counts. */
static size_t print_table(char *text, const table *t, size_t n_spin, double fermi,
                          const double *values)
{
    size_t used = (size_t)sprintf(text, n_spin == 1
                                  ? "energy_ev,dos_per_ev,electrons\n"
                                  : "energy_ev,dos_up_per_ev,dos_down_per_ev,electrons\n");

    for (size_t i = 0; i < t->n; i++) {
        double electrons = 0.0;
        used += (size_t)sprintf(text + used, "%.6f",
                                (t->first + (double)i * t->step - fermi) * DFT_HARTREE_EV);
        for (size_t s = 0; s < n_spin; s++) {
            used += (size_t)sprintf(text + used, ",%.9g", values[s * t->n + i] / DFT_HARTREE_EV);
            electrons += values[(n_spin + s) * t->n + i];
        }
        used += (size_t)sprintf(text + used, ",%.9g\n", electrons);
    }
    return used;
}

dft_status dft_dos_write(const char *path, size_t n_spin, size_t n_k, size_t n_bands,
                         const double *weight, const double *eigenvalue, double fermi, double width,
                         dft_error *err)
{
    dft_status status;

    if (!(width > 0.0 && isfinite(width)))
        return dft_fail(err, DFT_EINPUT, "density of states: the width must be positive, not %g eV",
                        width * DFT_HARTREE_EV);
    const table t = choose_table(n_spin, n_k, n_bands, eigenvalue, width);
    double *energy = dft_alloc_doubles(t.n), *values = dft_alloc_doubles(2 * n_spin * t.n);
    char *text = dft_alloc(t.n + 1, LINE_BYTES);
    if (energy && values && text) {
        for (size_t i = 0; i < t.n; i++)
            energy[i] = t.first + (double)i * t.step;
        for (size_t s = 0; s < n_spin; s++)
            dft_dos_compute(n_spin, n_k, n_bands, weight, eigenvalue + s * n_k * n_bands, width,
                            t.n, energy, values + s * t.n, values + (n_spin + s) * t.n);
        status = dft_file_write(path, text, print_table(text, &t, n_spin, fermi, values), err);
    } else {
        status = dft_fail(err, DFT_ENOMEM, "%s: out of memory", path);
    }
    free(energy);
    free(values);
    free(text);
    return status;
}
