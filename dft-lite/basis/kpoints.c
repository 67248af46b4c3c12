#include "dft-lite/basis/kpoints.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"

#define MAX_MESH_POINTS 10000000

/* A mesh point as integers p_j = 2 i_j + shift_j, so that k_j = p_j / (2 n_j): no rounding decides
 * which points are equivalent.  Index order: (i0 n1 + i1) n2 + i2. */
typedef struct {
    const int *mesh, *shift;
    size_t n_rotations;
    int (*rotation)[3][3];          /* distinct W, made to act on p: W_ij n_j / n_i */
} kpoint_mesh;

static void point_of_index(const kpoint_mesh *m, size_t index, int p[3])
{
    for (int j = 2; j >= 0; j--) {
        p[j] = 2 * (int)(index % (size_t)m->mesh[j]) + m->shift[j];
        index /= (size_t)m->mesh[j];
    }
}

/* Index of the mesh point equivalent to p modulo reciprocal lattice vectors (2 n_j in p_j). */
static size_t index_of_point(const kpoint_mesh *m, const long p[3])
{
    size_t index = 0;

    for (int j = 0; j < 3; j++) {
        const long n = m->mesh[j];
        const long i = ((p[j] - m->shift[j]) / 2 % n + n) % n;
        index = index * (size_t)n + (size_t)i;
    }
    return index;
}

/* k' = k W in integers: p'_j = sum_i p_i (W_ij n_j / n_i). The mesh maps to itself when
 * neighbours, two apart in p_i, stay mesh points (each W_ij n_j / n_i is an integer) and the first
 * point p = shift lands on one (p'_j - shift_j even). Writes the scaled rotation; 0 when the mesh
 * breaks it. */
static int scale_rotation(const kpoint_mesh *m, const int w[3][3], int scaled[3][3])
{
    for (int j = 0; j < 3; j++) {
        long landing = -(long)m->shift[j];
        for (int i = 0; i < 3; i++) {
            const long product = (long)w[i][j] * m->mesh[j];
            if (product % m->mesh[i] != 0)
                return 0;
            scaled[i][j] = (int)(product / m->mesh[i]);
            landing += (long)m->shift[i] * scaled[i][j];
        }
        if (landing % 2 != 0)
            return 0;
    }
    return 1;
}

int dft_kpoints_keeps(const dft_symop *op, const void *grid)
{
    const dft_kpoints_grid *g = grid;
    const kpoint_mesh m = { .mesh = g->mesh, .shift = g->shift };
    int scaled[3][3];

    return scale_rotation(&m, op->rotation, scaled);
}

/* The distinct rotations that respect the mesh (pure translations repeat them). */
static void collect_rotations(kpoint_mesh *m, const dft_symmetry *symmetry)
{
    m->n_rotations = 0;
    for (size_t s = 0; s < symmetry->n_ops; s++) {
        int (*scaled)[3] = m->rotation[m->n_rotations];
        int is_new = scale_rotation(m, (const int (*)[3])symmetry->op[s].rotation, scaled);
        for (size_t r = 0; r < m->n_rotations && is_new; r++)
            is_new = memcmp(m->rotation[r], scaled, sizeof m->rotation[r]) != 0;
        m->n_rotations += (size_t)is_new;
    }
}

static size_t transformed_index(const kpoint_mesh *m, const int rotation[3][3], const int p[3],
                                int sign)
{
    long q[3];

    for (int j = 0; j < 3; j++)
        q[j] = sign * ((long)p[0] * rotation[0][j] + (long)p[1] * rotation[1][j]
                       + (long)p[2] * rotation[2][j]);
    return index_of_point(m, q);
}

/* Marks the orbit of every point; orbit_size[index] is its length at the first point, 0 elsewhere.
 * seen [n] and orbit_size [n] start zeroed.  Returns the number of orbits. */
static size_t find_orbits(const kpoint_mesh *m, int time_reversal, size_t n, int *seen,
                          int *orbit_size)
{
    size_t n_orbits = 0;

    for (size_t index = 0; index < n; index++) {
        int p[3];
        if (seen[index])
            continue;
        n_orbits++;
        point_of_index(m, index, p);
        for (size_t r = 0; r < m->n_rotations; r++)
            for (int sign = 1; sign >= (time_reversal ? -1 : 1); sign -= 2) {
                const size_t image = transformed_index(m, (const int (*)[3])m->rotation[r], p,
                                                       sign);
                orbit_size[index] += !seen[image];
                seen[image] = 1;
            }
    }
    return n_orbits;
}

static double fold(int p, int n)
{
    return (double)(p > n ? p - 2 * n : p) / (2.0 * n);     /* into (-1/2, 1/2] */
}

static dft_status collect_points(const kpoint_mesh *m, size_t n, const int *orbit_size,
                                 size_t n_orbits, dft_kpoints **out, dft_error *err)
{
    dft_kpoints *self = dft_alloc(1, sizeof *self);

    if (self) {
        self->k = dft_alloc(n_orbits, sizeof *self->k);
        self->weight = dft_alloc_doubles(n_orbits);
    }
    if (!self || !self->k || !self->weight) {
        dft_kpoints_free(self);
        return dft_fail(err, DFT_ENOMEM, "%zu k-points: out of memory", n_orbits);
    }
    memcpy(self->mesh, m->mesh, sizeof self->mesh);
    memcpy(self->shift, m->shift, sizeof self->shift);
    for (size_t index = 0; index < n; index++) {
        int p[3];
        if (!orbit_size[index])
            continue;
        point_of_index(m, index, p);
        for (int j = 0; j < 3; j++)
            self->k[self->n_k][j] = fold(p[j], m->mesh[j]);
        self->weight[self->n_k++] = (double)orbit_size[index] / (double)n;
    }
    *out = self;
    return DFT_OK;
}

static dft_status check_mesh(const int mesh[3], const int shift[3], dft_error *err)
{
    double n_points = 1.0;

    for (int j = 0; j < 3; j++) {
        if (mesh[j] < 1)
            return dft_fail(err, DFT_EINPUT, "k-point mesh %dx%dx%d: each number must be at least "
                            "1", mesh[0], mesh[1], mesh[2]);
        if (shift[j] != 0 && shift[j] != 1)
            return dft_fail(err, DFT_EINPUT, "k-point shift %d,%d,%d: each number must be 0 or 1 "
                            "(half a step)", shift[0], shift[1], shift[2]);
        n_points *= mesh[j];
    }
    if (n_points > MAX_MESH_POINTS)
        return dft_fail(err, DFT_EINPUT, "k-point mesh %dx%dx%d has more than %d points; choose a "
                        "coarser one", mesh[0], mesh[1], mesh[2], MAX_MESH_POINTS);
    return DFT_OK;
}

dft_status dft_kpoints_create(const dft_symmetry *symmetry, const int mesh[3], const int shift[3],
                              int time_reversal, dft_kpoints **out, dft_error *err)
{
    kpoint_mesh m = { .mesh = mesh, .shift = shift };
    int *seen = NULL, *orbit_size = NULL;
    dft_status status = check_mesh(mesh, shift, err);

    *out = NULL;
    if (status != DFT_OK)
        return status;
    const size_t n = (size_t)mesh[0] * (size_t)mesh[1] * (size_t)mesh[2];
    m.rotation = dft_alloc(symmetry->n_ops + 1, sizeof *m.rotation);    /* +1: a rejected one */
    seen = dft_alloc_ints(n);
    orbit_size = dft_alloc_ints(n);
    if (!m.rotation || !seen || !orbit_size) {
        status = dft_fail(err, DFT_ENOMEM, "k-point mesh of %zu points: out of memory", n);
        goto done;
    }
    collect_rotations(&m, symmetry);
    const size_t n_orbits = find_orbits(&m, time_reversal, n, seen, orbit_size);
    status = collect_points(&m, n, orbit_size, n_orbits, out, err);
done:
    free(m.rotation);
    free(seen);
    free(orbit_size);
    return status;
}

void dft_kpoints_free(dft_kpoints *kpoints)
{
    if (!kpoints)
        return;
    free(kpoints->k);
    free(kpoints->weight);
    free(kpoints);
}

void dft_kpoints_mesh_for_spacing(const double lattice[3][3], double spacing, const int slab[3],
                                  int mesh[3])
{
    double b[3][3];

    dft_crystal_reciprocal(lattice, b);
    for (int i = 0; i < 3; i++) {
        const double length = sqrt(b[i][0] * b[i][0] + b[i][1] * b[i][1] + b[i][2] * b[i][2]);
        /* 1e-9: a spacing that divides the length exactly must not gain a point by rounding. */
        mesh[i] = slab[i] ? 1 : (int)fmax(1.0, ceil(length / spacing - 1e-9));
    }
}
