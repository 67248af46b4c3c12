#include "dft-lite/crystal/vacuum.h"

#include <math.h>
#include <stdlib.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/units.h"

#define IN_PLANE 1e-6               /* sine of the angle by which a vector may leave the plane */
#define SAME_WIDTH 1e-6             /* of the period */
#define SAME_PLACE 1e-4             /* fractional: symmetry itself is found to about this */

static double length(const double v[3])
{
    return sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
}

/* The one lattice vector that is not perpendicular to the axis; -1 when it is not just one. */
static int leaving_vector(const double lattice[3][3], int axis)
{
    int found = -1;

    for (int i = 0; i < 3; i++)
        if (fabs(lattice[i][axis]) > IN_PLANE * length(lattice[i])) {
            if (found >= 0)
                return -1;
            found = i;
        }
    return found;
}

static int ascending(const void *pa, const void *pb)
{
    const double a = *(const double *)pa, b = *(const double *)pb;

    return (a > b) - (a < b);
}

static double wrapped(double x)
{
    const double w = x - floor(x);

    return w < 1.0 ? w : 0.0;
}

static dft_status widest_gap(const dft_crystal *crystal, dft_vacuum *self, dft_error *err)
{
    const size_t n = crystal->n_atoms;
    double *x = dft_alloc_doubles(n), widest = 0.0;

    if (!x)
        return dft_fail(err, DFT_ENOMEM, "vacuum: out of memory");
    for (size_t a = 0; a < n; a++)
        x[a] = wrapped(crystal->position[a][self->axis]);
    qsort(x, n, sizeof *x, ascending);
    for (size_t a = 0; a < n; a++) {
        const double gap = a + 1 < n ? x[a + 1] - x[a] : x[0] + 1.0 - x[a];
        if (gap > widest + SAME_WIDTH) {
            widest = gap;
            self->middle = wrapped(x[a] + 0.5 * gap);
        }
    }
    self->width = widest * self->period;
    free(x);
    return DFT_OK;
}

dft_status dft_vacuum_find(const dft_crystal *crystal, int axis, dft_vacuum *out, dft_error *err)
{
    const int leaving = leaving_vector(crystal->lattice, axis);
    double b[3][3];

    if (leaving < 0)
        return dft_fail(err, DFT_EINPUT, "the slab must lie in a plane perpendicular to %c: two lattice "
                        "vectors without a component along %c are needed; turn the cell",
                        "xyz"[axis], "xyz"[axis]);
    dft_crystal_reciprocal(crystal->lattice, b);
    *out = (dft_vacuum){ .axis = leaving, .period = 2.0 * DFT_PI / length(b[leaving]) };
    for (int c = 0; c < 3; c++)
        out->normal[c] = b[leaving][c] / length(b[leaving]);
    return widest_gap(crystal, out, err);
}

int dft_vacuum_keeps(const dft_symop *op, const void *vacuum)
{
    const dft_vacuum *self = vacuum;
    const int *row = op->rotation[self->axis];

    for (int j = 0; j < 3; j++)
        if (abs(row[j]) != (j == self->axis))
            return 0;
    const double moved = row[self->axis] * self->middle + op->translation[self->axis]
        - self->middle;
    return fabs(moved - round(moved)) < SAME_PLACE;
}
