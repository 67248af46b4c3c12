#include "dft-lite/crystal/crystal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/units.h"
#include "dft-lite/crystal/elements.h"

#define TOO_CLOSE_BOHR 0.4          /* no bond is shorter than H-H, 1.4 bohr */

static void cross(const double a[3], const double b[3], double c[3])
{
    c[0] = a[1] * b[2] - a[2] * b[1];
    c[1] = a[2] * b[0] - a[0] * b[2];
    c[2] = a[0] * b[1] - a[1] * b[0];
}

static double dot(const double a[3], const double b[3])
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

static double signed_volume(const double lattice[3][3])
{
    double bc[3];
    cross(lattice[1], lattice[2], bc);
    return dot(lattice[0], bc);
}

void dft_crystal_reciprocal(const double lattice[3][3], double reciprocal[3][3])
{
    const double scale = 2.0 * DFT_PI / signed_volume(lattice);

    for (int i = 0; i < 3; i++) {
        cross(lattice[(i + 1) % 3], lattice[(i + 2) % 3], reciprocal[i]);
        for (int c = 0; c < 3; c++)
            reciprocal[i][c] *= scale;
    }
}

void dft_crystal_cartesian(const double lattice[3][3], const double frac[3], double cart[3])
{
    for (int c = 0; c < 3; c++)
        cart[c] = frac[0] * lattice[0][c] + frac[1] * lattice[1][c] + frac[2] * lattice[2][c];
}

void dft_crystal_fractional(const double lattice[3][3], const double cart[3], double frac[3])
{
    double b[3][3];

    dft_crystal_reciprocal(lattice, b);
    for (int i = 0; i < 3; i++)
        frac[i] = dot(b[i], cart) / (2.0 * DFT_PI);
}

double dft_crystal_volume(const dft_crystal *crystal)
{
    return fabs(signed_volume(crystal->lattice));
}

/* How many cells along each axis an image can lie in and still be nearest: the wrapped difference is
 * at most half a cell off, and the nearest image is no further than half the longest diagonal. */
static double shortest_image(const double lattice[3][3], const double frac_diff[3], int is_self)
{
    double b[3][3], wrapped[3], reach = 0.0, best = HUGE_VAL;
    int span[3];

    dft_crystal_reciprocal(lattice, b);
    for (int i = 0; i < 3; i++) {
        wrapped[i] = frac_diff[i] - round(frac_diff[i]);
        reach += sqrt(dot(lattice[i], lattice[i]));
    }
    if (!is_self) {
        double cart[3];
        dft_crystal_cartesian(lattice, wrapped, cart);
        reach = sqrt(dot(cart, cart));
    }
    for (int i = 0; i < 3; i++)     /* planes of cells are 2 pi/|b_i| apart */
        span[i] = (int)fmin(8.0, floor(reach * sqrt(dot(b[i], b[i])) / (2.0 * DFT_PI) + 0.5));
    for (int n0 = -span[0]; n0 <= span[0]; n0++)
        for (int n1 = -span[1]; n1 <= span[1]; n1++)
            for (int n2 = -span[2]; n2 <= span[2]; n2++) {
                const double f[3] = { wrapped[0] + n0, wrapped[1] + n1, wrapped[2] + n2 };
                double cart[3];
                if (is_self && n0 == 0 && n1 == 0 && n2 == 0)
                    continue;
                dft_crystal_cartesian(lattice, f, cart);
                best = fmin(best, dot(cart, cart));
            }
    return sqrt(best);
}

double dft_crystal_distance(const dft_crystal *crystal, size_t i, size_t j)
{
    double diff[3];

    for (int c = 0; c < 3; c++)
        diff[c] = crystal->position[i][c] - crystal->position[j][c];
    return shortest_image(crystal->lattice, diff, i == j);
}

static dft_status check_numbers(const double lattice[3][3], size_t n_atoms, const int *z,
                                const double (*position)[3], dft_error *err)
{
    double edges = 1.0;

    for (int i = 0; i < 3; i++) {
        for (int c = 0; c < 3; c++)
            if (!isfinite(lattice[i][c]))
                return dft_fail(err, DFT_EINPUT, "lattice vector %d is not a finite number", i + 1);
        edges *= sqrt(dot(lattice[i], lattice[i]));
    }
    if (!(fabs(signed_volume(lattice)) > 1e-6 * edges))
        return dft_fail(err, DFT_EINPUT,
                        "the cell has no volume: give three independent lattice vectors");
    if (n_atoms == 0)
        return dft_fail(err, DFT_EINPUT, "the structure has no atoms");
    for (size_t a = 0; a < n_atoms; a++) {
        if (z[a] < 1 || z[a] > DFT_MAX_Z)
            return dft_fail(err, DFT_EINPUT, "atom %zu: no element has number %d", a + 1, z[a]);
        for (int c = 0; c < 3; c++)
            if (!isfinite(position[a][c]))
                return dft_fail(err, DFT_EINPUT, "atom %zu: a coordinate is not a finite number",
                                a + 1);
    }
    return DFT_OK;
}

static dft_status check_overlap(const dft_crystal *crystal, dft_error *err)
{
    for (size_t i = 0; i < crystal->n_atoms; i++)
        for (size_t j = i; j < crystal->n_atoms; j++) {
            const double distance = dft_crystal_distance(crystal, i, j);
            if (distance >= TOO_CLOSE_BOHR)
                continue;
            return dft_fail(err, DFT_EINPUT,
                            "atoms %zu (%s) and %zu (%s) are on top of each other: %.3f A apart; "
                            "remove one or correct the coordinates", i + 1,
                            dft_element_symbol(crystal->z[i]), j + 1,
                            dft_element_symbol(crystal->z[j]), distance * DFT_BOHR_ANG);
        }
    return DFT_OK;
}

dft_status dft_crystal_create(const double lattice[3][3], size_t n_atoms, const int *z,
                              const double (*position)[3], dft_crystal **out, dft_error *err)
{
    dft_status status;
    dft_crystal *self;

    *out = NULL;
    status = check_numbers(lattice, n_atoms, z, position, err);
    if (status != DFT_OK)
        return status;
    self = dft_alloc(1, sizeof *self);
    if (!self)
        return dft_fail(err, DFT_ENOMEM, "crystal of %zu atoms: out of memory", n_atoms);
    memcpy(self->lattice, lattice, sizeof self->lattice);
    self->n_atoms = n_atoms;
    self->z = dft_alloc_ints(n_atoms);
    self->position = dft_alloc(n_atoms, sizeof *self->position);
    if (!self->z || !self->position) {
        status = dft_fail(err, DFT_ENOMEM, "crystal of %zu atoms: out of memory", n_atoms);
        goto done;
    }
    memcpy(self->z, z, n_atoms * sizeof *z);
    memcpy(self->position, position, n_atoms * sizeof *position);
    status = check_overlap(self, err);
    if (status != DFT_OK)
        goto done;
    *out = self;
    self = NULL;
done:
    dft_crystal_free(self);
    return status;
}

void dft_crystal_free(dft_crystal *crystal)
{
    if (!crystal)
        return;
    free(crystal->z);
    free(crystal->position);
    free(crystal);
}
