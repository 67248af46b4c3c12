#include "candidates/cells.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/units.h"

/* Vectors of equal length are compared to this relative precision. */
#define SAME 1e-6

static double dot3(const double a[3], const double b[3])
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

static double determinant(const double a[3], const double b[3], const double c[3])
{
    return a[0] * (b[1] * c[2] - b[2] * c[1]) + a[1] * (b[2] * c[0] - b[0] * c[2])
         + a[2] * (b[0] * c[1] - b[1] * c[0]);
}

/* Length of the fractional difference wrapped to the nearest cell: exact for differences that
 * are small against the cell, the only ones asked for. */
static double wrapped_length(const double lattice[3][3], const double diff[3])
{
    double wrapped[3], cart[3];

    for (int c = 0; c < 3; c++)
        wrapped[c] = diff[c] - round(diff[c]);
    dft_crystal_cartesian(lattice, wrapped, cart);
    return sqrt(dot3(cart, cart));
}

static bool lands_on_atom(const dft_crystal *crystal, size_t atom, const double shift[3],
                          double tolerance)
{
    for (size_t b = 0; b < crystal->n_atoms; b++) {
        double diff[3];
        if (crystal->z[b] != crystal->z[atom])
            continue;
        for (int c = 0; c < 3; c++)
            diff[c] = crystal->position[atom][c] + shift[c] - crystal->position[b][c];
        if (wrapped_length(crystal->lattice, diff) <= tolerance)
            return true;
    }
    return false;
}

static bool is_translation(const dft_crystal *crystal, const double shift[3], double tolerance)
{
    for (size_t a = 0; a < crystal->n_atoms; a++)
        if (!lands_on_atom(crystal, a, shift, tolerance))
            return false;
    return true;
}

/* An atom of the rarest element: it has the fewest candidates to be moved to. */
static size_t rarest_atom(const dft_crystal *crystal)
{
    size_t best = 0, fewest = crystal->n_atoms + 1;

    for (size_t a = 0; a < crystal->n_atoms; a++) {
        size_t count = 0;
        for (size_t b = 0; b < crystal->n_atoms; b++)
            count += crystal->z[b] == crystal->z[a];
        if (count < fewest) {
            fewest = count;
            best = a;
        }
    }
    return best;
}

/* Greatest common divisor of the numbers of atoms of each element: the order of the group of pure
 * translations divides it, since no translation leaves an atom in place. */
static int common_count(const dft_crystal *crystal)
{
    int common = 0;

    for (size_t a = 0; a < crystal->n_atoms; a++) {
        int count = 0;
        for (size_t b = 0; b < crystal->n_atoms; b++)
            count += crystal->z[b] == crystal->z[a];
        for (int t; count; count = t) {
            t = common % count;
            common = count;
        }
    }
    return common;
}

typedef struct { int k[3]; } grid_shift;           /* the translation k / order, 0 <= k < order */

/* The smallest m of the divisors of `order` for which m x shift is a lattice vector makes the shift
 * exact.  Over the m atoms that a translation runs through, the misses add up to m x shift less
 * that lattice vector: the exact shift is as near as the tolerance allows each miss to be. */
static bool make_exact(const dft_crystal *crystal, const double shift[3], int order,
                       double tolerance, grid_shift *out)
{
    for (int m = 2; m <= order; m++) {
        double off[3], cart[3];
        if (order % m != 0)
            continue;
        for (int c = 0; c < 3; c++) {
            const int k = (int)lround(m * shift[c]);
            off[c] = shift[c] - (double)k / m;
            out->k[c] = (k % m + m) % m * (order / m);
        }
        dft_crystal_cartesian(crystal->lattice, off, cart);
        if (sqrt(dot3(cart, cart)) <= tolerance)
            return out->k[0] != 0 || out->k[1] != 0 || out->k[2] != 0;
    }
    return false;
}

static bool among(const grid_shift *list, size_t n, const grid_shift *t)
{
    for (size_t i = 0; i < n; i++)
        if (memcmp(&list[i], t, sizeof *t) == 0)
            return true;
    return false;
}

/* Adds to the group all its sums with multiples of `more`, if every one of them was found too.
 * group has room for n_found elements; the number of its elements comes back. */
static size_t extend_group(grid_shift *group, size_t n, const grid_shift *more, int order,
                           const grid_shift *found, size_t n_found)
{
    grid_shift multiple = *more;
    size_t total = n;

    while (!among(group, n, &multiple)) {
        for (size_t i = 0; i < n; i++) {
            grid_shift sum;
            for (int c = 0; c < 3; c++)
                sum.k[c] = (group[i].k[c] + multiple.k[c]) % order;
            if (total == n_found || !among(found, n_found, &sum))
                return n;
            group[total++] = sum;
        }
        for (int c = 0; c < 3; c++)
            multiple.k[c] = (multiple.k[c] + more->k[c]) % order;
    }
    return total;
}

/* Translations of the crystal within its cell, fractional, zero first; shift has room for one more
 * than the atoms.  Noise near the tolerance
 * lets some pass and others fail; those kept form a group, in the order they were found. */
static dft_status find_translations(const dft_crystal *crystal, double tolerance,
                                    double (*shift)[3], size_t *n, dft_error *err)
{
    const size_t ref = rarest_atom(crystal);
    const int order = common_count(crystal);
    grid_shift *found = dft_alloc(crystal->n_atoms, sizeof *found);
    grid_shift *group = dft_alloc(crystal->n_atoms, sizeof *group);
    size_t n_found = 1, n_group = 1;

    *n = 0;
    if (!found || !group) {
        free(group);
        free(found);
        return dft_fail(err, DFT_ENOMEM, "primitive cell: out of memory");
    }
    found[0] = group[0] = (grid_shift){ { 0, 0, 0 } };
    memset(shift[0], 0, sizeof shift[0]);
    for (size_t b = 0; b < crystal->n_atoms; b++) {
        double *trial = shift[n_found];
        if (b == ref || crystal->z[b] != crystal->z[ref])
            continue;
        for (int c = 0; c < 3; c++) {
            const double d = crystal->position[b][c] - crystal->position[ref][c];
            trial[c] = d - round(d);
        }
        n_found += is_translation(crystal, trial, tolerance)
                   && make_exact(crystal, trial, order, tolerance, &found[n_found])
                   && !among(found, n_found, &found[n_found]);
    }
    for (size_t t = 1; t < n_found; t++)
        if (!among(group, n_group, &found[t]))
            n_group = extend_group(group, n_group, &found[t], order, found, n_found);
    for (size_t t = 0; t < n_found; t++)
        if (among(group, n_group, &found[t])) {
            for (int c = 0; c < 3; c++) {                    /* the one of k + order x integer that */
                const double cells = round((double)found[t].k[c] / order - shift[t][c]);
                shift[*n][c] = (found[t].k[c] - cells * order) / order;     /* was measured */
            }
            ++*n;
        }
    free(group);
    free(found);
    return DFT_OK;
}

typedef struct { double v[3], length; } lattice_vector;

static int by_length(const void *a, const void *b)
{
    const double la = ((const lattice_vector *)a)->length, lb = ((const lattice_vector *)b)->length;
    return (la > lb) - (la < lb);
}

#define REACH 2                     /* combinations -2..2 of the cell vectors */
#define N_COMBINATIONS 125

static size_t list_vectors(const dft_crystal *crystal, size_t n_shifts, const double (*shift)[3],
                           lattice_vector *list)
{
    size_t n = 0;

    for (size_t t = 0; t < n_shifts; t++)
        for (int k = 0; k < N_COMBINATIONS; k++) {
            const double f[3] = { shift[t][0] + k / 25 - REACH, shift[t][1] + k / 5 % 5 - REACH,
                                  shift[t][2] + k % 5 - REACH };
            dft_crystal_cartesian(crystal->lattice, f, list[n].v);
            list[n].length = sqrt(dot3(list[n].v, list[n].v));
            n += list[n].length > SAME;
        }
    qsort(list, n, sizeof *list, by_length);
    return n;
}

static void sort3(double x[3])
{
    for (int i = 0; i < 2; i++)
        for (int j = 0; j < 2; j++)
            if (x[j] > x[j + 1]) {
                const double swap = x[j];
                x[j] = x[j + 1];
                x[j + 1] = swap;
            }
}

/* Cost of a basis: total length first, then how unequal its three scalar products are. */
static double basis_cost(const lattice_vector *a, const lattice_vector *b, const lattice_vector *c,
                         double volume)
{
    double dots[3] = { dot3(a->v, b->v), dot3(b->v, c->v), dot3(c->v, a->v) };
    const double scale = cbrt(volume);

    sort3(dots);
    return (a->length + b->length + c->length) / scale
         + 1e-3 * (dots[2] - dots[0]) / (scale * scale);
}

/* The best basis of volume `volume` among the vectors, made right-handed.  In three dimensions
 * the three successive minima do span the lattice, so the search stops at the first length that
 * closes one. */
static bool choose_basis(const lattice_vector *list, size_t n, double volume, double basis[3][3])
{
    double best = HUGE_VAL, longest = HUGE_VAL;

    for (size_t k = 2; k < n && list[k].length <= longest * (1.0 + SAME); k++)
        for (size_t j = 1; j < k; j++)
            for (size_t i = 0; i < j; i++) {
                const double det = determinant(list[i].v, list[j].v, list[k].v);
                double cost;
                if (fabs(fabs(det) - volume) > 1e-4 * volume)
                    continue;
                longest = list[k].length;
                cost = basis_cost(&list[i], &list[j], &list[k], volume);
                if (cost < best - SAME) {
                    best = cost;
                    for (int c = 0; c < 3; c++) {
                        basis[0][c] = copysign(1.0, det) * list[i].v[c];
                        basis[1][c] = copysign(1.0, det) * list[j].v[c];
                        basis[2][c] = copysign(1.0, det) * list[k].v[c];
                    }
                }
            }
    return isfinite(best);
}

/* Atoms of `crystal` in the smaller cell, one of each set of equivalent ones, in their order. */
static size_t fold_atoms(const dft_crystal *crystal, const double basis[3][3], double tolerance,
                         int *z, double (*position)[3])
{
    size_t n = 0;

    for (size_t a = 0; a < crystal->n_atoms; a++) {
        bool seen = false;
        double cart[3];

        dft_crystal_cartesian(crystal->lattice, crystal->position[a], cart);
        dft_crystal_fractional(basis, cart, position[n]);
        for (int c = 0; c < 3; c++) {
            position[n][c] -= floor(position[n][c]);
            if (position[n][c] > 1.0 - 1e-9)         /* rounding just below the next cell */
                position[n][c] = 0.0;
        }
        for (size_t b = 0; b < n && !seen; b++) {
            const double diff[3] = { position[n][0] - position[b][0],
                                     position[n][1] - position[b][1],
                                     position[n][2] - position[b][2] };
            seen = z[b] == crystal->z[a] && wrapped_length(basis, diff) <= 2.0 * tolerance;
        }
        if (!seen)
            z[n++] = crystal->z[a];
    }
    return n;
}

/* A cell without centring, made right-handed: r -> r with all vectors and coordinates negated. */
static dft_status copy_right_handed(const dft_crystal *crystal, dft_crystal **out, dft_error *err)
{
    const double sign = determinant(crystal->lattice[0], crystal->lattice[1], crystal->lattice[2])
                        < 0.0 ? -1.0 : 1.0;
    double lattice[3][3];
    double (*position)[3] = dft_alloc(crystal->n_atoms, sizeof *position);
    dft_status status;

    if (!position)
        return dft_fail(err, DFT_ENOMEM, "primitive cell: out of memory");
    for (int i = 0; i < 3; i++)
        for (int c = 0; c < 3; c++)
            lattice[i][c] = sign * crystal->lattice[i][c];
    for (size_t a = 0; a < crystal->n_atoms; a++)
        for (int c = 0; c < 3; c++)
            position[a][c] = sign * crystal->position[a][c];
    status = dft_crystal_create(lattice, crystal->n_atoms, crystal->z,
                                (const double (*)[3])position, out, err);
    free(position);
    return status;
}

dft_status cand_crystal_primitive(const dft_crystal *crystal, double tolerance, dft_crystal **out,
                                  dft_error *err)
{
    dft_status status = DFT_OK;
    double (*shift)[3] = dft_alloc(crystal->n_atoms + 1, sizeof *shift);
    double (*position)[3] = dft_alloc(crystal->n_atoms + 1, sizeof *position);
    int *z = dft_alloc_ints(crystal->n_atoms);
    lattice_vector *list = NULL;
    double basis[3][3];
    size_t n_shifts, n_vectors, n_atoms;

    *out = NULL;
    if (!shift || !position || !z) {
        status = dft_fail(err, DFT_ENOMEM, "primitive cell: out of memory");
        goto done;
    }
    status = find_translations(crystal, tolerance, shift, &n_shifts, err);
    if (status != DFT_OK)
        goto done;
    if (n_shifts == 1) {
        status = copy_right_handed(crystal, out, err);
        goto done;
    }
    list = dft_alloc(n_shifts * N_COMBINATIONS, sizeof *list);
    if (!list) {
        status = dft_fail(err, DFT_ENOMEM, "primitive cell: out of memory");
        goto done;
    }
    n_vectors = list_vectors(crystal, n_shifts, (const double (*)[3])shift, list);
    n_atoms = 0;
    if (choose_basis(list, n_vectors, dft_crystal_volume(crystal) / (double)n_shifts, basis))
        n_atoms = fold_atoms(crystal, (const double (*)[3])basis, tolerance, z, position);
    if (n_atoms * n_shifts != crystal->n_atoms) {    /* no basis within reach, or atoms that the */
        status = copy_right_handed(crystal, out, err);              /* tolerance cannot tell apart */
        goto done;
    }
    status = dft_crystal_create((const double (*)[3])basis, n_atoms, z,
                                (const double (*)[3])position, out, err);
done:
    free(list);
    free(z);
    free(position);
    free(shift);
    return status;
}

dft_status cand_crystal_scaled(const dft_crystal *crystal, const double factor[3],
                               dft_crystal **out, dft_error *err)
{
    double lattice[3][3];

    *out = NULL;
    for (int i = 0; i < 3; i++) {
        if (!(factor[i] > 0.0) || !isfinite(factor[i]))
            return dft_fail(err, DFT_EINPUT, "scale factor %d of the cell is %g; give a positive "
                            "one", i + 1, factor[i]);
        for (int c = 0; c < 3; c++)
            lattice[i][c] = factor[i] * crystal->lattice[i][c];
    }
    return dft_crystal_create((const double (*)[3])lattice, crystal->n_atoms, crystal->z,
                              (const double (*)[3])crystal->position, out, err);
}

static double dot2(const double a[2], const double b[2])
{
    return a[0] * b[0] + a[1] * b[1];
}

/* Row i of the basis: new = f old_i + g old_j, with the bookkeeping of `change`. */
static void combine(double v[2][2], int change[2][2], int i, int f, int j, int g)
{
    for (int c = 0; c < 2; c++) {
        v[i][c] = f * v[i][c] + g * v[j][c];
        change[i][c] = f * change[i][c] + g * change[j][c];
    }
}

/* (a, b) -> (b, -a): a quarter turn that keeps the handedness. */
static void turn(double v[2][2], int change[2][2])
{
    for (int c = 0; c < 2; c++) {
        const double x = v[0][c];
        const int n = change[0][c];
        v[0][c] = v[1][c];
        v[1][c] = -x;
        change[0][c] = change[1][c];
        change[1][c] = -n;
    }
}

void cand_reduce_2d(const double lattice[2][2], double reduced[2][2], int change[2][2])
{
    double aa, ab;

    memcpy(reduced, lattice, 4 * sizeof(double));
    change[0][0] = change[1][1] = 1;
    change[0][1] = change[1][0] = 0;
    for (;;) {
        aa = dot2(reduced[0], reduced[0]);
        ab = dot2(reduced[0], reduced[1]);
        if (fabs(ab) > (0.5 + SAME) * aa)
            combine(reduced, change, 1, 1, 0, -(int)round(ab / aa));
        if (dot2(reduced[1], reduced[1]) >= (1.0 - SAME) * aa)
            break;
        turn(reduced, change);
    }
    ab = dot2(reduced[0], reduced[1]);
    if (ab > (0.5 - SAME) * aa)                      /* 60 degrees, or a rhomb on its diagonal */
        combine(reduced, change, 1, 1, 0, -1);
    else if (ab > SAME * aa && dot2(reduced[1], reduced[1]) <= (1.0 + SAME) * aa)
        turn(reduced, change);                       /* equal lengths: the obtuse pair will do */
}
