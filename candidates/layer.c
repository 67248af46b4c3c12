#include "candidates/layer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "candidates/cells.h"
#include "candidates/lattice2d.h"
#include "dft-lite/base/alloc.h"
#include "dft-lite/base/units.h"

static double dot3(const double a[3], const double b[3])
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

static void cross3(const double a[3], const double b[3], double c[3])
{
    c[0] = a[1] * b[2] - a[2] * b[1];
    c[1] = a[2] * b[0] - a[0] * b[2];
    c[2] = a[0] * b[1] - a[1] * b[0];
}

static void normalise(double v[3])
{
    const double length = sqrt(dot3(v, v));
    for (int c = 0; c < 3; c++)
        v[c] /= length;
}

/* Lateral frame and the first two vectors in it; the normal is on c's side. */
static void set_frame(cand_layer *self, const double lattice[3][3])
{
    int change[2][2];

    memcpy(self->axis[0], lattice[0], sizeof self->axis[0]);
    normalise(self->axis[0]);
    cross3(lattice[0], lattice[1], self->axis[2]);
    normalise(self->axis[2]);
    if (dot3(self->axis[2], lattice[2]) < 0.0)
        for (int c = 0; c < 3; c++)
            self->axis[2][c] = -self->axis[2][c];
    cross3(self->axis[2], self->axis[0], self->axis[1]);
    for (int i = 0; i < 2; i++)
        for (int c = 0; c < 2; c++)
            self->lattice[i][c] = dot3(lattice[i], self->axis[c]);
    cand_reduce_2d((const double (*)[2])self->lattice, self->reduced, change);
}

/* Coordinates of the lateral vector xy in a 2 x 2 basis. */
static void coordinates(const double basis[2][2], const double xy[2], double u[2])
{
    const double det = basis[0][0] * basis[1][1] - basis[0][1] * basis[1][0];

    u[0] = (xy[0] * basis[1][1] - xy[1] * basis[1][0]) / det;
    u[1] = (xy[1] * basis[0][0] - xy[0] * basis[0][1]) / det;
}

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The widest empty interval of the wrapped coordinates along c: its width, and in *cut where
 * atoms above it belong below. */
static double widest_gap(const dft_crystal *slab, double *sorted, double *cut)
{
    const size_t n = slab->n_atoms;
    double widest;

    for (size_t a = 0; a < n; a++)
        sorted[a] = slab->position[a][2] - floor(slab->position[a][2]);
    qsort(sorted, n, sizeof *sorted, by_value);
    widest = sorted[0] + 1.0 - sorted[n - 1];
    *cut = 1.0;
    for (size_t a = 0; a + 1 < n; a++)
        if (sorted[a + 1] - sorted[a] > widest) {
            widest = sorted[a + 1] - sorted[a];
            *cut = 0.5 * (sorted[a + 1] + sorted[a]);
        }
    return widest;
}

static void place_atoms(cand_layer *self, const dft_crystal *slab, double cut)
{
    self->top = -HUGE_VAL;
    self->bottom = HUGE_VAL;
    for (size_t a = 0; a < slab->n_atoms; a++) {
        const double f = slab->position[a][2] - floor(slab->position[a][2]);
        const double frac[3] = { slab->position[a][0], slab->position[a][1],
                                 f > cut ? f - 1.0 : f };
        double cart[3], xy[2];

        dft_crystal_cartesian(slab->lattice, frac, cart);
        xy[0] = dot3(cart, self->axis[0]);
        xy[1] = dot3(cart, self->axis[1]);
        coordinates((const double (*)[2])self->lattice, xy, self->u[a]);
        self->height[a] = dot3(cart, self->axis[2]);
        self->z[a] = slab->z[a];
        self->top = fmax(self->top, self->height[a]);
        self->bottom = fmin(self->bottom, self->height[a]);
    }
}

void cand_layer_lateral(const cand_layer *layer, const double u[2], double xy[2])
{
    for (int c = 0; c < 2; c++)
        xy[c] = u[0] * layer->lattice[0][c] + u[1] * layer->lattice[1][c];
}

double cand_layer_distance(const cand_layer *layer, const double u[2], const double v[2])
{
    const double diff[2] = { u[0] - v[0], u[1] - v[1] };
    double xy[2];

    cand_layer_lateral(layer, diff, xy);
    return cand_shortest_2d(layer->reduced, xy, NULL);
}

void cand_layer_cartesian(const cand_layer *layer, const double u[2], double height, double cart[3])
{
    double xy[2];

    cand_layer_lateral(layer, u, xy);
    for (int c = 0; c < 3; c++)
        cart[c] = xy[0] * layer->axis[0][c] + xy[1] * layer->axis[1][c]
                + height * layer->axis[2][c];
}

/* Height of atom a, or of its mirror image in the middle of the slab. */
static double image_height(const cand_layer *layer, size_t a, bool flip)
{
    return flip ? layer->top + layer->bottom - layer->height[a] : layer->height[a];
}

static void apply(const cand_layer_op *op, const double u[2], double image[2])
{
    for (int i = 0; i < 2; i++)
        image[i] = op->rotation[i][0] * u[0] + op->rotation[i][1] * u[1] + op->translation[i];
}

static double wrapped(double x)
{
    x -= floor(x + 1e-6);
    return x < 0.0 ? 0.0 : x;
}

size_t cand_layer_images(const cand_layer *layer, const double u[2], double tolerance,
                         double (*image)[2])
{
    size_t n = 0;

    for (size_t o = 0; o < layer->n_ops; o++) {
        bool known = false;
        if (layer->op[o].flip)
            continue;
        apply(&layer->op[o], u, image[n]);
        for (size_t k = 0; k < n && !known; k++)
            known = cand_layer_distance(layer, image[n], image[k]) <= tolerance;
        image[n][0] = wrapped(image[n][0]);
        image[n][1] = wrapped(image[n][1]);
        n += !known;
    }
    return n;
}

static bool lands(const cand_layer *layer, const cand_layer_op *op, size_t a, double tolerance)
{
    const double height = image_height(layer, a, op->flip);
    double image[2];

    apply(op, layer->u[a], image);
    for (size_t b = 0; b < layer->n_atoms; b++)
        if (layer->z[b] == layer->z[a] && fabs(layer->height[b] - height) <= tolerance
            && cand_layer_distance(layer, image, layer->u[b]) <= tolerance)
            return true;
    return false;
}

static bool is_symmetry(const cand_layer *layer, const cand_layer_op *op, double tolerance)
{
    for (size_t a = 0; a < layer->n_atoms; a++)
        if (!lands(layer, op, a, tolerance))
            return false;
    return true;
}

/* Atoms that an image of atom a at `height` could be: same element, same height. */
static size_t count_targets(const cand_layer *layer, size_t a, double height, double tolerance)
{
    size_t n = 0;

    for (size_t b = 0; b < layer->n_atoms; b++)
        n += layer->z[b] == layer->z[a] && fabs(layer->height[b] - height) <= tolerance;
    return n;
}

static size_t rarest(const cand_layer *layer, bool flip, double tolerance)
{
    size_t best = 0, fewest = layer->n_atoms + 1;

    for (size_t a = 0; a < layer->n_atoms; a++) {
        const size_t n = count_targets(layer, a, image_height(layer, a, flip), tolerance);
        if (n < fewest) {
            fewest = n;
            best = a;
        }
    }
    return best;
}

static bool is_identity(const cand_layer_op *op)
{
    return !op->flip && op->rotation[0][0] == 1.0 && op->rotation[1][1] == 1.0
        && op->rotation[0][1] == 0.0 && op->rotation[1][0] == 0.0
        && op->translation[0] == 0.0 && op->translation[1] == 0.0;
}

/* Adds the operations with rotation W and flip: every translation that sends the reference atom
 * to one of its kind is tried. */
static void add_operations(cand_layer *self, const double rotation[2][2], bool flip,
                           double tolerance)
{
    const size_t ref = rarest(self, flip, tolerance);
    const double height = image_height(self, ref, flip);

    for (size_t b = 0; b < self->n_atoms; b++) {
        cand_layer_op op = { .flip = flip };
        double image[2];

        if (self->z[b] != self->z[ref] || fabs(self->height[b] - height) > tolerance)
            continue;
        memcpy(op.rotation, rotation, sizeof op.rotation);
        apply(&op, self->u[ref], image);
        for (int i = 0; i < 2; i++) {
            const double w = self->u[b][i] - image[i];
            op.translation[i] = w - floor(w + 1e-9);
            op.translation[i] = fmax(op.translation[i], 0.0);
        }
        if (!is_identity(&op) && is_symmetry(self, &op, tolerance))
            self->op[self->n_ops++] = op;
    }
}

/* W of the smallest cell's coordinates v = S^T u as it acts on u: S^-T W S^T. */
static void in_cell_units(const int w[2][2], const int s[2][2], double rotation[2][2])
{
    const double det = s[0][0] * s[1][1] - s[0][1] * s[1][0];
    const double left[2][2] = { { s[1][1] / det, -s[1][0] / det },       /* S^-T */
                                { -s[0][1] / det, s[0][0] / det } };

    for (int i = 0; i < 2; i++)
        for (int j = 0; j < 2; j++) {
            rotation[i][j] = 0.0;
            for (int k = 0; k < 2; k++)
                for (int l = 0; l < 2; l++)
                    rotation[i][j] += left[i][k] * w[k][l] * s[j][l];
        }
}

/* The smallest cell of the surface, from the pure translations that are the only operations so far. */
static bool smallest_cell(const cand_layer *self, double primitive[2][2], int s[2][2])
{
    double (*shift)[2];
    bool found;

    memcpy(primitive, self->lattice, 4 * sizeof(double));
    s[0][0] = s[1][1] = 1;
    s[0][1] = s[1][0] = 0;
    if (self->n_ops == 1)
        return true;
    shift = dft_alloc(self->n_ops, sizeof *shift);
    if (!shift)
        return false;
    for (size_t o = 0; o < self->n_ops; o++)
        memcpy(shift[o], self->op[o].translation, sizeof shift[o]);
    found = cand_primitive_2d((const double (*)[2])self->lattice, self->n_ops,
                              (const double (*)[2])shift, primitive, s);
    free(shift);
    if (!found) {                                    /* shifts that are no group: noise too strong */
        memcpy(primitive, self->lattice, 4 * sizeof(double));
        s[0][0] = s[1][1] = 1;
        s[0][1] = s[1][0] = 0;
    }
    return true;
}

static dft_status find_operations(cand_layer *self, double tolerance, dft_error *err)
{
    const double identity[2][2] = { { 1.0, 0.0 }, { 0.0, 1.0 } };
    int rotations[CAND_MAX_ROTATIONS_2D][2][2], s[2][2];
    double primitive[2][2];
    size_t n_rotations;

    self->op = dft_alloc(2 * (CAND_MAX_ROTATIONS_2D + 1) * self->n_atoms + 1, sizeof *self->op);
    if (!self->op)
        return dft_fail(err, DFT_ENOMEM, "layer symmetry of %zu atoms: out of memory",
                        self->n_atoms);
    self->op[0] = (cand_layer_op){ .rotation = { { 1.0, 0.0 }, { 0.0, 1.0 } } };
    self->n_ops = 1;
    add_operations(self, identity, false, tolerance);
    if (!smallest_cell(self, primitive, s))
        return dft_fail(err, DFT_ENOMEM, "layer symmetry of %zu atoms: out of memory",
                        self->n_atoms);
    self->n_ops = 1;                                 /* the translations come again in their place */
    n_rotations = cand_rotations_2d((const double (*)[2])primitive, tolerance, rotations);
    for (size_t r = 0; r < n_rotations; r++) {
        double rotation[2][2];
        in_cell_units((const int (*)[2])rotations[r], (const int (*)[2])s, rotation);
        add_operations(self, (const double (*)[2])rotation, false, tolerance);
        add_operations(self, (const double (*)[2])rotation, true, tolerance);
    }
    return DFT_OK;
}

dft_status cand_layer_create(const dft_crystal *slab, double tolerance, cand_layer **out,
                             dft_error *err)
{
    dft_status status = DFT_OK;
    cand_layer *self = dft_alloc(1, sizeof *self);
    double *sorted = dft_alloc_doubles(slab->n_atoms);
    double cut, repeat;

    *out = NULL;
    if (self) {
        self->n_atoms = slab->n_atoms;
        self->z = dft_alloc_ints(slab->n_atoms);
        self->u = dft_alloc(slab->n_atoms, sizeof *self->u);
        self->height = dft_alloc_doubles(slab->n_atoms);
    }
    if (!self || !sorted || !self->z || !self->u || !self->height) {
        status = dft_fail(err, DFT_ENOMEM, "layer of %zu atoms: out of memory", slab->n_atoms);
        goto done;
    }
    set_frame(self, slab->lattice);
    repeat = dot3(slab->lattice[2], self->axis[2]);
    widest_gap(slab, sorted, &cut);
    place_atoms(self, slab, cut);
    self->vacuum = repeat - (self->top - self->bottom);
    if (self->vacuum < CAND_MIN_GAP) {
        status = dft_fail(err, DFT_EINPUT, "this is not a slab: the widest empty gap along c is "
                          "%.2f A, "
                          "below %.2f A; put the vacuum along the third cell vector, or cut a slab "
                          "with a facet", self->vacuum * DFT_BOHR_ANG,
                          CAND_MIN_GAP * DFT_BOHR_ANG);
        goto done;
    }
    status = find_operations(self, tolerance, err);
    if (status != DFT_OK)
        goto done;
    *out = self;
    self = NULL;
done:
    free(sorted);
    cand_layer_free(self);
    return status;
}

void cand_layer_free(cand_layer *layer)
{
    if (!layer)
        return;
    free(layer->op);
    free(layer->height);
    free(layer->u);
    free(layer->z);
    free(layer);
}

bool cand_layer_faces_equal(const cand_layer *layer)
{
    for (size_t i = 0; i < layer->n_ops; i++)
        if (layer->op[i].flip)
            return true;
    return false;
}

size_t cand_layer_planes(const cand_layer *layer, double tolerance, size_t *plane_of)
{
    double *sorted = dft_alloc_doubles(layer->n_atoms);
    size_t plane = 0;

    if (!sorted)
        return 0;
    memcpy(sorted, layer->height, layer->n_atoms * sizeof *sorted);
    qsort(sorted, layer->n_atoms, sizeof *sorted, by_value);
    for (size_t k = 0; k < layer->n_atoms; k++) {
        if (k > 0 && sorted[k] - sorted[k - 1] > tolerance)
            plane++;
        for (size_t a = 0; a < layer->n_atoms; a++)
            if (layer->height[a] == sorted[k])
                plane_of[a] = plane;
    }
    free(sorted);
    return plane + 1;
}
