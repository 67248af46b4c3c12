#include "candidates/matcher.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "candidates/cells.h"
#include "candidates/lattices.h"
#include "dft-lite/base/alloc.h"
#include "dft-lite/base/units.h"
#include "dft-lite/crystal/elements.h"

struct cand_shape {
    dft_crystal *crystal;           /* owned: primitive, reduced */
    size_t count[DFT_MAX_Z + 1];
    int rarest;                     /* atomic number of the element with the fewest atoms */
    cand_shape *folded;             /* owned: smaller, when noise is allowed for; else NULL */
};

cand_match_options cand_match_defaults(void)
{
    return (cand_match_options){ .strain = 0.01, .distance = 0.1 / DFT_BOHR_ANG, .volume = 0.3 };
}

void cand_shape_free(cand_shape *shape)
{
    if (!shape)
        return;
    cand_shape_free(shape->folded);
    dft_crystal_free(shape->crystal);
    free(shape);
}

const dft_crystal *cand_shape_crystal(const cand_shape *shape)
{
    return shape->crystal;
}

static void count_elements(cand_shape *shape)
{
    for (size_t a = 0; a < shape->crystal->n_atoms; a++)
        shape->count[shape->crystal->z[a]]++;
    for (int z = 1; z <= DFT_MAX_Z; z++)
        if (shape->count[z] > 0
            && (shape->rarest == 0 || shape->count[z] < shape->count[shape->rarest]))
            shape->rarest = z;
}

/* Takes a reduced crystal to its primitive, reduced cell. */
static dft_status shape_of(const dft_crystal *reduced, double tolerance, cand_shape **out,
                           dft_error *err)
{
    dft_crystal *primitive = NULL;
    cand_shape *shape = dft_alloc(1, sizeof *shape);
    dft_status status;

    *out = NULL;
    if (!shape)
        return dft_fail(err, DFT_ENOMEM, "structure matcher: out of memory");
    status = cand_crystal_primitive(reduced, tolerance, &primitive, err);
    if (status == DFT_OK)
        status = cand_crystal_reduced(primitive, &shape->crystal, err);
    dft_crystal_free(primitive);
    if (status != DFT_OK) {
        cand_shape_free(shape);
        return status;
    }
    count_elements(shape);
    *out = shape;
    return DFT_OK;
}

dft_status cand_shape_create(const dft_crystal *crystal, cand_shape **out, dft_error *err)
{
    dft_crystal *reduced = NULL;
    cand_shape *folded = NULL;
    dft_status status;

    *out = NULL;
    /* Reduced first: in a long, skew cell the search for short vectors would not reach far enough. */
    status = cand_crystal_reduced(crystal, &reduced, err);
    if (status == DFT_OK)
        status = shape_of(reduced, CAND_CENTRING_TOLERANCE, out, err);
    dft_crystal_free(reduced);
    if (status == DFT_OK)
        status = shape_of((*out)->crystal, cand_match_defaults().distance, &folded, err);
    if (status != DFT_OK) {
        cand_shape_free(*out);
        *out = NULL;
        return status;
    }
    if (folded->crystal->n_atoms < (*out)->crystal->n_atoms)
        (*out)->folded = folded;
    else
        cand_shape_free(folded);
    return DFT_OK;
}

/* ---- cells ---- */

typedef struct { double v[3], square; } lattice_vector;

/* One comparison in progress. */
typedef struct {
    const cand_shape *first, *second;
    cand_match_options limits;
    double a[3][3], b[3][3];        /* both cells at the common volume */
    size_t n_vectors;
    lattice_vector *vector;         /* owned: vectors of b about as long as those of a */
    double (*moved)[3];             /* owned, [n_atoms]: atoms of the second in the tried cell */
    bool *taken;                    /* owned, [n_atoms] */
} trial;

static double dot3(const double a[3], const double b[3])
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

/* Could a vector with this square be the image of one with that?  |Fv|^2 - |v|^2 = 2 v.E v. */
static bool could_be(double square, double image, double strain)
{
    return fabs(image - square) <= 2.0 * strain * square;
}

/* Norm of E for the map that takes the rows of a to the rows of b: F^T F = A^-1 (B B^T) A^-T in the
 * frame of a, where A has the vectors as rows. */
static double strain_between(const double a[3][3], const double b[3][3])
{
    double reciprocal[3][3], sum = 0.0;

    dft_crystal_reciprocal(a, reciprocal);
    for (int c = 0; c < 3; c++)
        for (int d = 0; d < 3; d++) {
            double e = c == d ? -1.0 : 0.0;
            for (int i = 0; i < 3; i++)
                for (int j = 0; j < 3; j++)
                    e += reciprocal[i][c] * dot3(b[i], b[j]) * reciprocal[j][d]
                       / (4.0 * DFT_PI * DFT_PI);
            sum += 0.25 * e * e;
        }
    return sqrt(sum);
}

/* All vectors of b that could be the image of some a_i. */
static dft_status list_vectors(trial *t, dft_error *err)
{
    double reciprocal[3][3], longest = 0.0;
    int span[3];
    size_t room = 1;

    for (int i = 0; i < 3; i++)
        longest = fmax(longest, sqrt(dot3(t->a[i], t->a[i])));
    dft_crystal_reciprocal((const double (*)[3])t->b, reciprocal);
    for (int i = 0; i < 3; i++) {   /* |n_i| = |v.b_i*| <= |v| |b_i*| */
        span[i] = (int)floor(longest * (1.0 + t->limits.strain)
                             * sqrt(dot3(reciprocal[i], reciprocal[i])) / (2.0 * DFT_PI) + 1e-9);
        room *= (size_t)(2 * span[i] + 1);
    }
    t->vector = dft_alloc(room, sizeof *t->vector);
    if (!t->vector)
        return dft_fail(err, DFT_ENOMEM, "structure matcher: out of memory");
    for (int x = -span[0]; x <= span[0]; x++)
        for (int y = -span[1]; y <= span[1]; y++)
            for (int z = -span[2]; z <= span[2]; z++) {
                lattice_vector *w = &t->vector[t->n_vectors];
                for (int c = 0; c < 3; c++)
                    w->v[c] = x * t->b[0][c] + y * t->b[1][c] + z * t->b[2][c];
                w->square = dot3(w->v, w->v);
                bool wanted = false;
                for (int i = 0; i < 3; i++)
                    wanted |= could_be(dot3(t->a[i], t->a[i]), w->square, t->limits.strain);
                t->n_vectors += wanted;
            }
    return DFT_OK;
}

/* ---- atoms ---- */

/* Shifts the second's atoms (moved, in the tried cell) by `shift`; each atom of the first must find one
 * of its element within `reach`.  The mean displacement, fractional, goes to *mean; returns the largest
 * displacement in bohr, or HUGE_VAL. */
static double worst_displacement(const trial *t, const double shift[3], double reach, double mean[3])
{
    const dft_crystal *first = t->first->crystal, *second = t->second->crystal;
    const size_t n = first->n_atoms;
    double worst = 0.0;

    memset(mean, 0, 3 * sizeof(double));
    memset(t->taken, 0, n * sizeof *t->taken);
    for (size_t i = 0; i < n; i++) {
        double nearest = reach * reach, offset[3] = { 0.0, 0.0, 0.0 };
        size_t found = n;
        for (size_t j = 0; j < n; j++) {
            double d[3], cart[3];
            if (t->taken[j] || second->z[j] != first->z[i])
                continue;
            for (int c = 0; c < 3; c++) {
                d[c] = t->moved[j][c] + shift[c] - first->position[i][c];
                d[c] -= round(d[c]);
            }
            dft_crystal_cartesian((const double (*)[3])t->a, d, cart);
            if (dot3(cart, cart) <= nearest) {
                nearest = dot3(cart, cart);
                found = j;
                memcpy(offset, d, sizeof d);
            }
        }
        if (found == n)
            return HUGE_VAL;
        t->taken[found] = true;
        worst = fmax(worst, sqrt(nearest));
        for (int c = 0; c < 3; c++)
            mean[c] += offset[c] / (double)n;
    }
    return worst;
}

/* Tries every atom of the rarest element as the partner of the first one.  A pair at the limit may
 * start twice as far off as the mean will allow. */
static bool atoms_match(const trial *t, double *distance)
{
    const dft_crystal *first = t->first->crystal, *second = t->second->crystal;
    size_t anchor = 0;

    while (first->z[anchor] != t->first->rarest)
        anchor++;
    for (size_t j = 0; j < second->n_atoms; j++) {
        double shift[3], mean[3];
        if (second->z[j] != t->first->rarest)
            continue;
        for (int c = 0; c < 3; c++)
            shift[c] = first->position[anchor][c] - t->moved[j][c];
        if (worst_displacement(t, shift, 2.0 * t->limits.distance, mean) == HUGE_VAL)
            continue;
        for (int c = 0; c < 3; c++)
            shift[c] -= mean[c];
        *distance = worst_displacement(t, shift, t->limits.distance, mean);
        if (*distance <= t->limits.distance)
            return true;
    }
    return false;
}

/* The second's cell with these rows: strain and atoms. */
static bool cell_matches(const trial *t, const double cell[3][3], cand_match *out)
{
    const dft_crystal *second = t->second->crystal;
    const double strain = strain_between((const double (*)[3])t->a, cell);

    if (!(strain <= t->limits.strain))
        return false;
    for (size_t j = 0; j < second->n_atoms; j++) {
        double cart[3];
        dft_crystal_cartesian((const double (*)[3])t->b, second->position[j], cart);
        dft_crystal_fractional(cell, cart, t->moved[j]);
    }
    if (!atoms_match(t, &out->distance))
        return false;
    out->strain = strain;
    return true;
}

/* Rows i of `cell` are chosen one after the other; each new one must have the right length and the
 * right products with those before.  Volumes are equal, so any such triple spans the whole lattice. */
static bool choose_row(const trial *t, int i, double cell[3][3], cand_match *out)
{
    if (i == 3)
        return cell_matches(t, (const double (*)[3])cell, out);
    const double square = dot3(t->a[i], t->a[i]);
    for (size_t k = 0; k < t->n_vectors; k++) {
        const lattice_vector *w = &t->vector[k];
        bool fits = could_be(square, w->square, t->limits.strain);
        for (int j = 0; j < i && fits; j++)
            fits = fabs(dot3(cell[j], w->v) - dot3(t->a[j], t->a[i]))
                <= 2.0 * t->limits.strain * sqrt(dot3(t->a[j], t->a[j]) * square);
        if (!fits)
            continue;
        memcpy(cell[i], w->v, sizeof w->v);
        if (choose_row(t, i + 1, cell, out))
            return true;
    }
    return false;
}

static dft_status run(trial *t, cand_match *out, dft_error *err)
{
    const size_t n = t->first->crystal->n_atoms;
    double cell[3][3];
    dft_status status;

    t->moved = dft_alloc(n, sizeof *t->moved);
    t->taken = dft_alloc(n, sizeof *t->taken);
    if (!t->moved || !t->taken)
        return dft_fail(err, DFT_ENOMEM, "structure matcher: out of memory");
    status = list_vectors(t, err);
    if (status == DFT_OK)
        out->same = choose_row(t, 0, cell, out);
    return status;
}

static dft_status match(const cand_shape *first, const cand_shape *second,
                        const cand_match_options *limits, cand_match *out, dft_error *err)
{
    trial t = { .first = first, .second = second, .limits = *limits };
    const double v1 = dft_crystal_volume(first->crystal), v2 = dft_crystal_volume(second->crystal);
    const double ratio = log(v2 / v1);  /* equal numbers of atoms, or no match */
    dft_status status = DFT_OK;

    *out = (cand_match){ .same = false };
    if (memcmp(first->count, second->count, sizeof first->count) != 0
        || !(fabs(ratio) <= t.limits.volume))
        return DFT_OK;
    for (int i = 0; i < 3; i++)     /* both to sqrt(v1 v2) */
        for (int c = 0; c < 3; c++) {
            t.a[i][c] = first->crystal->lattice[i][c] * exp(ratio / 6.0);
            t.b[i][c] = second->crystal->lattice[i][c] * exp(-ratio / 6.0);
        }
    status = run(&t, out, err);
    if (out->same)
        out->log_volume_ratio = ratio;
    else
        *out = (cand_match){ .same = false };
    free(t.taken);
    free(t.moved);
    free(t.vector);
    return status;
}

dft_status cand_shapes_match(const cand_shape *first, const cand_shape *second,
                             const cand_match_options *options, cand_match *out, dft_error *err)
{
    const cand_match_options limits = options ? *options : cand_match_defaults();
    const dft_status status = match(first, second, &limits, out, err);

    if (status != DFT_OK || out->same || (!first->folded && !second->folded)
        || limits.distance < cand_match_defaults().distance)
        return status;
    return match(first->folded ? first->folded : first, second->folded ? second->folded : second,
                 &limits, out, err);
}

dft_status cand_crystals_match(const dft_crystal *first, const dft_crystal *second,
                               const cand_match_options *options, cand_match *out, dft_error *err)
{
    cand_shape *a = NULL, *b = NULL;
    dft_status status = cand_shape_create(first, &a, err);

    *out = (cand_match){ .same = false };
    if (status == DFT_OK)
        status = cand_shape_create(second, &b, err);
    if (status == DFT_OK)
        status = cand_shapes_match(a, b, options, out, err);
    cand_shape_free(b);
    cand_shape_free(a);
    return status;
}
