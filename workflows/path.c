#include "workflows/path.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/units.h"
#include "dft-lite/crystal/elements.h"

#define SAME_CELL 1e-4              /* bohr */
#define SAME_PLACE 1e-3             /* bohr */

static double length3(const double v[3])
{
    return sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
}

dft_status flow_path_alloc(const double lattice[3][3], size_t n_atoms, const int *z,
                           size_t n_images, flow_path **out, dft_error *err)
{
    flow_path *self = dft_alloc(1, sizeof *self);

    *out = NULL;
    if (self) {
        memcpy(self->lattice, lattice, sizeof self->lattice);
        self->n_atoms = n_atoms;
        self->n_images = n_images;
        self->z = dft_alloc_ints(n_atoms);
        self->fixed = dft_alloc(n_atoms, sizeof *self->fixed);
        self->r = dft_alloc(n_images * n_atoms, sizeof *self->r);
    }
    if (!self || !self->z || !self->fixed || !self->r) {
        flow_path_free(self);
        return dft_fail(err, DFT_ENOMEM, "a path of %zu images: out of memory", n_images);
    }
    memcpy(self->z, z, n_atoms * sizeof *z);
    *out = self;
    return DFT_OK;
}

void flow_path_free(flow_path *path)
{
    if (!path)
        return;
    free(path->r);
    free(path->fixed);
    free(path->z);
    free(path);
}

/* ---- which atom goes where ---- */

/* The shortest of the vectors `way` + lattice vectors: rounding, and then the neighbours, for
 * rounded coordinates are not the shortest in a skew cell. */
static void shortest_way(const double lattice[3][3], double way[3])
{
    double frac[3], best = HUGE_VAL, shortest[3] = { 0.0, 0.0, 0.0 };

    dft_crystal_fractional(lattice, way, frac);
    for (int c = 0; c < 3; c++)
        frac[c] -= round(frac[c]);
    for (int i = -1; i <= 1; i++)
        for (int j = -1; j <= 1; j++)
            for (int k = -1; k <= 1; k++) {
                const double f[3] = { frac[0] + i, frac[1] + j, frac[2] + k };
                double v[3];
                dft_crystal_cartesian(lattice, f, v);
                if (length3(v) < best - 1e-9) {     /* ties go to the first, on every machine */
                    best = length3(v);
                    memcpy(shortest, v, sizeof shortest);
                }
            }
    memcpy(way, shortest, sizeof shortest);
}

static void way_between(const dft_crystal *from, size_t a, const dft_crystal *to, size_t b,
                        int as_given, double way[3])
{
    const double (*lattice)[3] = (const double (*)[3])from->lattice;
    double p[3], q[3];

    dft_crystal_cartesian(lattice, from->position[a], p);
    dft_crystal_cartesian(lattice, to->position[b], q);
    for (int c = 0; c < 3; c++)
        way[c] = q[c] - p[c];
    if (!as_given)
        shortest_way(lattice, way);
}

/* Pairs of equal elements, nearest first: partner[a] is the atom of `final` that a becomes. */
static dft_status match_nearest(const dft_crystal *initial, const dft_crystal *final, int as_given,
                                size_t *partner, dft_error *err)
{
    const size_t n = initial->n_atoms;
    int *taken = dft_alloc_ints(n), *done = dft_alloc_ints(n);
    dft_status status = DFT_OK;

    if (!taken || !done)
        status = dft_fail(err, DFT_ENOMEM, "matching %zu atoms: out of memory", n);
    for (size_t k = 0; k < n && status == DFT_OK; k++) {
        double best = HUGE_VAL;
        size_t from = n, to = n;
        for (size_t a = 0; a < n; a++)
            for (size_t b = 0; b < n && !done[a]; b++) {
                double way[3];
                if (taken[b] || initial->z[a] != final->z[b])
                    continue;
                way_between(initial, a, final, b, as_given, way);
                if (length3(way) < best - 1e-9) {
                    best = length3(way);
                    from = a;
                    to = b;
                }
            }
        if (from == n) {
            status = dft_fail(err, DFT_EINPUT, "the two ends of the path have different elements");
            break;
        }
        done[from] = taken[to] = 1;
        partner[from] = to;
    }
    free(taken);
    free(done);
    return status;
}

static dft_status match(const dft_crystal *initial, const dft_crystal *final,
                        const flow_path_options *options, size_t *partner, dft_error *err)
{
    if (options->match == FLOW_MATCH_NEAREST)
        return match_nearest(initial, final, options->as_given, partner, err);
    for (size_t a = 0; a < initial->n_atoms; a++) {
        if (initial->z[a] != final->z[a])
            return dft_fail(err, DFT_EINPUT, "atom %zu is %s at one end of the path and %s at the "
                            "other; give both in one order, or match atoms by place (nearest)",
                            a + 1, dft_element_symbol(initial->z[a]),
                            dft_element_symbol(final->z[a]));
        partner[a] = a;
    }
    return DFT_OK;
}

static dft_status check_ends(const dft_crystal *initial, const dft_crystal *final,
                             const flow_path_options *options, dft_error *err)
{
    if (initial->n_atoms != final->n_atoms)
        return dft_fail(err, DFT_EINPUT, "the ends of the path have %zu and %zu atoms",
                        initial->n_atoms, final->n_atoms);
    for (int i = 0; i < 3; i++)
        for (int c = 0; c < 3; c++)
            if (fabs(initial->lattice[i][c] - final->lattice[i][c]) > SAME_CELL)
                return dft_fail(err, DFT_EINPUT,
                                "the ends of the path have different cells (vector "
                                "%d: %.6f and %.6f A); relax both in one cell",
                                i + 1, initial->lattice[i][c] * DFT_BOHR_ANG,
                                final->lattice[i][c] * DFT_BOHR_ANG);
    if (options->n_interior == 0)
        return dft_fail(err, DFT_EINPUT, "a path needs at least one image between its ends");
    return DFT_OK;
}

/* ---- the straight path ---- */

static dft_status lay_atom(flow_path *path, size_t a, const double start[3], const double way[3],
                           double *longest, dft_error *err)
{
    for (int c = 0; c < 3; c++)
        if (path->fixed[a][c] && fabs(way[c]) > SAME_PLACE)
            return dft_fail(err, DFT_EINPUT, "atom %zu is fixed and yet its ends differ by %.4f A; "
                            "fix it in both ends at one place, or let it move", a + 1,
                            fabs(way[c]) * DFT_BOHR_ANG);
    for (size_t i = 0; i < path->n_images; i++) {
        const double t = (double)i / (double)(path->n_images - 1);
        for (int c = 0; c < 3; c++)
            path->r[i * path->n_atoms + a][c] = start[c] + (path->fixed[a][c] ? 0.0 : t * way[c]);
    }
    *longest = fmax(*longest, length3(way));
    return DFT_OK;
}

dft_status flow_path_create(const dft_crystal *initial, const dft_crystal *final,
                            const flow_path_options *options, flow_path **out, dft_error *err)
{
    const size_t n = initial->n_atoms;
    size_t *partner = NULL;
    flow_path *path = NULL;
    double longest = 0.0;
    dft_status status = check_ends(initial, final, options, err);

    *out = NULL;
    if (status == DFT_OK)
        status = flow_path_alloc((const double (*)[3])initial->lattice, n, initial->z,
                                 options->n_interior + 2, &path, err);
    if (status != DFT_OK)
        return status;
    if (options->fixed)
        memcpy(path->fixed, options->fixed, n * sizeof *path->fixed);
    partner = dft_alloc_sizes(n);
    status = partner ? match(initial, final, options, partner, err)
                     : dft_fail(err, DFT_ENOMEM, "matching %zu atoms: out of memory", n);
    for (size_t a = 0; a < n && status == DFT_OK; a++) {
        double start[3], way[3];
        dft_crystal_cartesian((const double (*)[3])initial->lattice, initial->position[a], start);
        way_between(initial, a, final, partner[a], options->as_given, way);
        status = lay_atom(path, a, start, way, &longest, err);
    }
    if (status == DFT_OK && longest < SAME_PLACE)
        status =
            dft_fail(err, DFT_EINPUT,
                     "both ends of the path are the same arrangement; for a hop "
                     "by a whole cell vector write the final position in the cell where it ends "
                     "and take it as given");
    free(partner);
    if (status != DFT_OK) {
        flow_path_free(path);
        return status;
    }
    *out = path;
    return DFT_OK;
}

dft_status flow_path_crystal(const flow_path *path, size_t image, dft_crystal **out, dft_error *err)
{
    double (*frac)[3] = dft_alloc(path->n_atoms, sizeof *frac);
    dft_status status;

    *out = NULL;
    if (!frac)
        return dft_fail(err, DFT_ENOMEM, "an image of %zu atoms: out of memory", path->n_atoms);
    for (size_t a = 0; a < path->n_atoms; a++)
        dft_crystal_fractional((const double (*)[3])path->lattice,
                               path->r[image * path->n_atoms + a], frac[a]);
    status = dft_crystal_create((const double (*)[3])path->lattice, path->n_atoms, path->z,
                                (const double (*)[3])frac, out, err);
    free(frac);
    return status;
}

/* ---- distances ---- */

double flow_path_distance(const flow_path *path, size_t i, size_t j)
{
    const size_t n = 3 * path->n_atoms;
    const double *p = (const double *)(path->r + i * path->n_atoms);
    const double *q = (const double *)(path->r + j * path->n_atoms);
    double sum = 0.0;

    for (size_t k = 0; k < n; k++)
        sum += (p[k] - q[k]) * (p[k] - q[k]);
    return sqrt(sum);
}

void flow_path_coordinates(const flow_path *path, double *coordinate)
{
    coordinate[0] = 0.0;
    for (size_t i = 1; i < path->n_images; i++)
        coordinate[i] = coordinate[i - 1] + flow_path_distance(path, i - 1, i);
}

void flow_path_straighten(flow_path *path)
{
    const size_t n = path->n_images, width = path->n_atoms;

    for (size_t i = 1; i + 1 < n; i++) {
        const double t = (double)i / (double)(n - 1);
        for (size_t a = 0; a < width; a++)
            for (int c = 0; c < 3; c++)
                path->r[i * width + a][c] = (1.0 - t) * path->r[a][c]
                                          + t * path->r[(n - 1) * width + a][c];
    }
}

dft_status flow_path_respace(flow_path *path, dft_error *err)
{
    const size_t n = path->n_images, width = 3 * path->n_atoms;
    double *s = dft_alloc_doubles(n), *old = dft_alloc_doubles(n * width);
    dft_status status = DFT_OK;

    if (!s || !old) {
        status = dft_fail(err, DFT_ENOMEM, "a path of %zu images: out of memory", n);
        goto done;
    }
    memcpy(old, path->r, n * width * sizeof *old);
    flow_path_coordinates(path, s);
    for (size_t i = 1, k = 0; i + 1 < n; i++) {
        const double at = s[n - 1] * (double)i / (double)(n - 1);
        while (k + 2 < n && s[k + 1] < at)
            k++;
        const double t = s[k + 1] > s[k] ? (at - s[k]) / (s[k + 1] - s[k]) : 0.0;
        double *r = (double *)(path->r + i * path->n_atoms);
        for (size_t c = 0; c < width; c++)
            r[c] = (1.0 - t) * old[k * width + c] + t * old[(k + 1) * width + c];
    }
done:
    free(s);
    free(old);
    return status;
}
