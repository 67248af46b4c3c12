#include "candidates/supercell.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "candidates/cells.h"
#include "candidates/layer.h"
#include "dft-lite/base/alloc.h"

#define EQUAL 1e-3                  /* relative: noise of lattice vectors is below */

static int determinant(const int m[2][2])
{
    return m[0][0] * m[1][1] - m[0][1] * m[1][0];
}

static dft_status check_copies(int n, dft_error *err)
{
    if (n < 1 || n > CAND_MAX_SUPERCELL)
        return dft_fail(err, DFT_EINPUT, "a surface cell of %d copies: give from 1 to %d, with the "
                        "vectors right-handed", n, CAND_MAX_SUPERCELL);
    return DFT_OK;
}

/* The distinct lattice points in the new cell: (i, 0) m^-1 .. by Hermite form, the points
 * (p + k h, k) of a lattice with rows (n/d, 0), (h, d) are simply p < n/d, k < d. */
static void hermite(const int m[2][2], int *width, int *depth)
{
    int a = m[0][1], b = m[1][1];

    while (b != 0) {                                 /* d = gcd of the second column */
        const int r = a % b;
        a = b;
        b = r;
    }
    *depth = abs(a);
    *width = determinant(m) / *depth;
}

static double wrapped(double x)
{
    x -= floor(x);
    return x > 1.0 - 1e-9 ? 0.0 : x;
}

dft_status cand_supercell_create(const dft_crystal *slab, const int m[2][2], dft_crystal **out,
                                 dft_error *err)
{
    const int det = determinant(m);
    dft_status status = check_copies(det, err);
    size_t n = 0;

    *out = NULL;
    if (status != DFT_OK)
        return status;
    const size_t n_atoms = slab->n_atoms * (size_t)det;
    int *z = dft_alloc_ints(n_atoms);
    double (*position)[3] = dft_alloc(n_atoms, sizeof *position);
    double lattice[3][3];
    int width, depth;

    hermite(m, &width, &depth);
    if (!z || !position) {
        status = dft_fail(err, DFT_ENOMEM, "surface cell of %d copies: out of memory", det);
        goto done;
    }
    memcpy(lattice, slab->lattice, sizeof lattice);
    for (int i = 0; i < 2; i++)
        for (int c = 0; c < 3; c++)
            lattice[i][c] = m[i][0] * slab->lattice[0][c] + m[i][1] * slab->lattice[1][c];
    for (size_t a = 0; a < slab->n_atoms; a++)
        for (int p = 0; p < width; p++)
            for (int k = 0; k < depth; k++, n++) {
                const double x = slab->position[a][0] + p, y = slab->position[a][1] + k;
                z[n] = slab->z[a];               /* (x, y) = (s, t) m */
                position[n][0] = wrapped((x * m[1][1] - y * m[1][0]) / det);
                position[n][1] = wrapped((y * m[0][0] - x * m[0][1]) / det);
                position[n][2] = slab->position[a][2];
            }
    status = dft_crystal_create((const double (*)[3])lattice, n, z, (const double (*)[3])position,
                                out, err);
done:
    free(position);
    free(z);
    return status;
}

/* Lateral lattice: the first two vectors, a1 along x. */
static void lateral_lattice(const dft_crystal *slab, double lateral[2][2])
{
    const double *a = slab->lattice[0], *b = slab->lattice[1];
    const double aa = a[0] * a[0] + a[1] * a[1] + a[2] * a[2];
    const double ab = a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
    const double bb = b[0] * b[0] + b[1] * b[1] + b[2] * b[2];

    lateral[0][0] = sqrt(aa);
    lateral[0][1] = 0.0;
    lateral[1][0] = ab / lateral[0][0];
    lateral[1][1] = sqrt(bb - lateral[1][0] * lateral[1][0]);
}

dft_status cand_supercell_matrix(const dft_crystal *slab, int index, int m[2][2], dft_error *err)
{
    double lateral[2][2], best_short = 0.0, best_sum = HUGE_VAL;
    dft_status status = check_copies(index, err);

    if (status != DFT_OK)
        return status;
    lateral_lattice(slab, lateral);
    for (int d = 1; d <= index; d++)
        for (int h = 0; h < index / d && index % d == 0; h++) {
            const int trial[2][2] = { { index / d, 0 }, { h, d } };
            double cell[2][2], reduced[2][2], shortest, sum;
            int change[2][2];

            for (int i = 0; i < 2; i++)
                for (int c = 0; c < 2; c++)
                    cell[i][c] = trial[i][0] * lateral[0][c] + trial[i][1] * lateral[1][c];
            cand_reduce_2d((const double (*)[2])cell, reduced, change);
            shortest = hypot(reduced[0][0], reduced[0][1]);
            sum = hypot(reduced[1][0], reduced[1][1]);
            if (shortest < best_short * (1.0 - EQUAL)
                || (shortest < best_short * (1.0 + EQUAL) && sum >= best_sum * (1.0 - EQUAL)))
                continue;
            best_short = shortest;
            best_sum = sum;
            for (int i = 0; i < 2; i++)
                for (int j = 0; j < 2; j++)
                    m[i][j] = change[i][0] * trial[0][j] + change[i][1] * trial[1][j];
        }
    return DFT_OK;
}

/* A half turn about the lateral x axis, through the middle of the slab: (x, y, z) -> (x, -y, -z).
 * The vectors a1, -a2 with y reversed keep the lattice; written in a right-handed cell with the
 * vacuum along c. */
dft_status cand_slab_turned(const dft_crystal *slab, dft_crystal **out, dft_error *err)
{
    cand_layer *layer = NULL;
    double (*position)[3] = dft_alloc(slab->n_atoms, sizeof *position);
    double lattice[3][3];
    dft_status status = cand_layer_create(slab, CAND_LAYER_TOLERANCE, &layer, err);

    *out = NULL;
    if (status != DFT_OK)
        goto done;
    if (!position) {
        status = dft_fail(err, DFT_ENOMEM, "turning a slab: out of memory");
        goto done;
    }
    const double length = layer->top - layer->bottom + layer->vacuum;
    for (int c = 0; c < 3; c++) {
        lattice[0][c] = slab->lattice[0][c];
        lattice[1][c] = layer->lattice[1][1] * layer->axis[1][c]
                      - layer->lattice[1][0] * layer->axis[0][c];
        lattice[2][c] = length * layer->axis[2][c];
    }
    for (size_t a = 0; a < slab->n_atoms; a++) {
        double xy[2], cart[3];
        cand_layer_lateral(layer, layer->u[a], xy);
        for (int c = 0; c < 3; c++)
            cart[c] = xy[0] * layer->axis[0][c] - xy[1] * layer->axis[1][c]
                    + (layer->top - layer->height[a] + 0.5 * layer->vacuum) * layer->axis[2][c];
        dft_crystal_fractional((const double (*)[3])lattice, cart, position[a]);
        for (int i = 0; i < 2; i++)
            position[a][i] = wrapped(position[a][i]);
    }
    status = dft_crystal_create((const double (*)[3])lattice, slab->n_atoms, slab->z,
                                (const double (*)[3])position, out, err);
done:
    cand_layer_free(layer);
    free(position);
    return status;
}
