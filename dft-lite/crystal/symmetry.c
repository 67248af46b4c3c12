#include "dft-lite/crystal/symmetry.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <spglib.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/units.h"

#define ROUNDING 1e-10      /* fractional; far above spglib's rounding, far below any atom */
#define SAME_VALUE 1e-6     /* of numbers on atoms */

static const int identity_rotation[3][3] = { { 1, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 } };

/* w into [0, 1).  Multiples of 1/24 (all translations of the 230 groups in any cell, but for the
 * origin) lose spglib's rounding, so that 0.49999999999999994 does not miss the FFT grid. */
static double tidy_translation(double w)
{
    const double nearest = round(24.0 * w) / 24.0;

    if (fabs(w - nearest) < ROUNDING)
        w = nearest;
    w -= floor(w);
    return w < 1.0 ? w : 0.0;
}

/* Cartesian length of a fractional difference taken to its nearest lattice vector, bohr. */
static double wrapped_length(const dft_crystal *crystal, const double diff[3])
{
    double wrapped[3], cart[3];

    for (int i = 0; i < 3; i++)
        wrapped[i] = diff[i] - round(diff[i]);
    dft_crystal_cartesian(crystal->lattice, wrapped, cart);
    return sqrt(cart[0] * cart[0] + cart[1] * cart[1] + cart[2] * cart[2]);
}

/* W^T G W = G for the metric G_ij = a_i.a_j: the images of the lattice vectors have the same
 * lengths and angles. An end of a vector |a| long that moves by tolerance changes G by 2 |a|
 * tolerance. */
static int preserves_metric(const dft_crystal *crystal, const int w[3][3], double tolerance)
{
    const double (*lattice)[3] = crystal->lattice;
    double image[3][3], longest = 0.0;

    for (int j = 0; j < 3; j++) {           /* a_j -> sum_i W_ij a_i */
        const double column[3] = { w[0][j], w[1][j], w[2][j] };
        dft_crystal_cartesian(lattice, column, image[j]);
        longest = fmax(longest, hypot(hypot(lattice[j][0], lattice[j][1]), lattice[j][2]));
    }
    for (int i = 0; i < 3; i++)
        for (int j = 0; j <= i; j++) {
            double change = 0.0;
            for (int c = 0; c < 3; c++)
                change += image[i][c] * image[j][c] - lattice[i][c] * lattice[j][c];
            if (fabs(change) > 2.0 * longest * tolerance)
                return 0;
        }
    return 1;
}

/* d = W x_a + w - x_b, taken to its nearest lattice vector (fractional). */
static void landing_error(const dft_symop *op, const double x_a[3], const double x_b[3],
                          double d[3])
{
    for (int i = 0; i < 3; i++) {
        d[i] = op->translation[i] - x_b[i];
        for (int j = 0; j < 3; j++)
            d[i] += op->rotation[i][j] * x_a[j];
        d[i] -= round(d[i]);
    }
}

/* Writes the nearest atom of the same species to where each atom goes; 0 when two land on the same
 * one or none is there.  taken [n_atoms] is scratch. */
static int map_atoms(const dft_crystal *crystal, const dft_symop *op, size_t *map, int *taken)
{
    memset(taken, 0, crystal->n_atoms * sizeof *taken);
    for (size_t a = 0; a < crystal->n_atoms; a++) {
        double nearest = HUGE_VAL;
        for (size_t b = 0; b < crystal->n_atoms; b++) {
            double d[3];
            if (crystal->z[b] != crystal->z[a])
                continue;
            landing_error(op, crystal->position[a], crystal->position[b], d);
            if (wrapped_length(crystal, d) < nearest) {
                nearest = wrapped_length(crystal, d);
                map[a] = b;
            }
        }
        if (taken[map[a]])
            return 0;
        taken[map[a]] = 1;
    }
    return 1;
}

/* Takes the mean landing error out of w. spglib's w belongs to its idealised structure; this one
 * is the best for the atoms as they are, and products of such operations again have it exactly
 * (the means over a permutation telescope). */
static void centre_translation(const dft_crystal *crystal, const size_t *map, dft_symop *op)
{
    double mean[3] = { 0.0, 0.0, 0.0 };

    for (size_t a = 0; a < crystal->n_atoms; a++) {
        double d[3];
        landing_error(op, crystal->position[a], crystal->position[map[a]], d);
        for (int i = 0; i < 3; i++)
            mean[i] += d[i] / (double)crystal->n_atoms;
    }
    for (int i = 0; i < 3; i++)
        op->translation[i] = tidy_translation(op->translation[i] - mean[i]);
}

static int atoms_obey(const dft_crystal *crystal, const dft_symop *op, const size_t *map,
                      double tolerance)
{
    for (size_t a = 0; a < crystal->n_atoms; a++) {
        double d[3];
        landing_error(op, crystal->position[a], crystal->position[map[a]], d);
        if (wrapped_length(crystal, d) > tolerance)
            return 0;
    }
    return 1;
}

/* Does the crystal have this operation?  If so, w is centred and map [n_atoms] written. */
static int accept_operation(const dft_crystal *crystal, double tolerance, dft_symop *op,
                            size_t *map, int *taken)
{
    if (!preserves_metric(crystal, (const int (*)[3])op->rotation, tolerance)
        || !map_atoms(crystal, op, map, taken))
        return 0;
    centre_translation(crystal, map, op);
    return atoms_obey(crystal, op, map, tolerance);
}

static void swap_operations(dft_symmetry *self, size_t p, size_t q)
{
    const dft_symop op = self->op[p];

    self->op[p] = self->op[q];
    self->op[q] = op;
    for (size_t a = 0; a < self->n_atoms; a++) {
        const size_t target = self->atom_map[p * self->n_atoms + a];
        self->atom_map[p * self->n_atoms + a] = self->atom_map[q * self->n_atoms + a];
        self->atom_map[q * self->n_atoms + a] = target;
    }
}

/* Moves the identity to the front with exactly zero translation; 0 when there is none. */
static int identity_first(dft_symmetry *self, const dft_crystal *crystal, double tolerance)
{
    for (size_t s = 0; s < self->n_ops; s++)
        if (memcmp(self->op[s].rotation, identity_rotation, sizeof identity_rotation) == 0
            && wrapped_length(crystal, self->op[s].translation) <= tolerance) {
            swap_operations(self, 0, s);
            memset(self->op[0].translation, 0, sizeof self->op[0].translation);
            return 1;
        }
    return 0;
}

static dft_status allocate(size_t n_ops, size_t n_atoms, dft_symmetry **out, dft_error *err)
{
    dft_symmetry *self = dft_alloc(1, sizeof *self);

    *out = NULL;
    if (self) {
        self->n_ops = n_ops;
        self->n_atoms = n_atoms;
        self->op = dft_alloc(n_ops, sizeof *self->op);
        self->atom_map = dft_alloc_sizes(n_ops * n_atoms);
    }
    if (!self || !self->op || !self->atom_map) {
        dft_symmetry_free(self);
        return dft_fail(err, DFT_ENOMEM, "symmetry of %zu atoms: out of memory", n_atoms);
    }
    *out = self;
    return DFT_OK;
}

/* Copies spglib's operations; *is_obeyed is 0 when the crystal does not have all of them. */
static dft_status take_operations(const dft_crystal *crystal, const SpglibDataset *dataset,
                                  double tolerance, dft_symmetry **out, int *is_obeyed,
                                  dft_error *err)
{
    const size_t n_atoms = crystal->n_atoms;
    int *taken = dft_alloc_ints(n_atoms);
    dft_symmetry *self = NULL;
    dft_status status = allocate((size_t)dataset->n_operations, n_atoms, &self, err);

    if (status == DFT_OK && !taken)
        status = dft_fail(err, DFT_ENOMEM, "symmetry of %zu atoms: out of memory", n_atoms);
    if (status != DFT_OK)
        goto done;
    *is_obeyed = 1;
    for (size_t s = 0; s < self->n_ops && *is_obeyed; s++) {
        memcpy(self->op[s].rotation, dataset->rotations[s], sizeof self->op[s].rotation);
        memcpy(self->op[s].translation, dataset->translations[s], sizeof self->op[s].translation);
        *is_obeyed = accept_operation(crystal, tolerance, &self->op[s],
                                      self->atom_map + s * n_atoms, taken);
    }
    *is_obeyed = *is_obeyed && identity_first(self, crystal, tolerance);
    self->space_group_number = dataset->spacegroup_number;
    snprintf(self->space_group_symbol, sizeof self->space_group_symbol, "%s",
             dataset->international_symbol);
    *out = self;
    self = NULL;
done:
    free(taken);
    dft_symmetry_free(self);
    return status;
}

static void transpose(const double a[3][3], double transposed[3][3])
{
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++)
            transposed[j][i] = a[i][j];
}

/* spglib under its lock: one call, and its error code read before anybody else calls. */
static SpglibDataset *find_dataset(const dft_crystal *crystal, double tolerance, char *reason,
                                   size_t reason_size)
{
    SpglibDataset *dataset;
    double columns[3][3];

    transpose(crystal->lattice, columns);       /* spglib wants the vectors as columns */
    #pragma omp critical(dft_spglib)
    {
        dataset = spg_get_dataset(columns, crystal->position, crystal->z, (int)crystal->n_atoms,
                                  tolerance);
        if (!dataset)
            snprintf(reason, reason_size, "%s", spg_get_error_message(spg_get_error_code()));
    }
    return dataset;
}

dft_status dft_symmetry_create(const dft_crystal *crystal, double tolerance, dft_symmetry **out,
                               dft_error *err)
{
    /* spglib's measure is stricter than ours (its translations are not centred) but leaves noise
     * of several tolerances in a found operation.  So: ask generously, verify, and ask more strictly
     * until every operation holds; half a group is never taken. */
    static const double asked[] = { 4.0, 1.0, 0.1, 1e-2, 1e-3 };
    char reason[128] = "what it found does not hold for the atoms";

    *out = NULL;
    if (!(tolerance > 0.0) || !isfinite(tolerance))
        return dft_fail(err, DFT_EINPUT, "symmetry tolerance must be positive, not %g Angstrom",
                        tolerance * DFT_BOHR_ANG);
    for (size_t i = 0; i < sizeof asked / sizeof asked[0]; i++) {
        dft_symmetry *found = NULL;
        int is_obeyed = 0;
        SpglibDataset *dataset = find_dataset(crystal, asked[i] * tolerance, reason, sizeof reason);
        if (!dataset)
            continue;
        const dft_status status = take_operations(crystal, dataset, tolerance, &found, &is_obeyed,
                                                  err);
        spg_free_dataset(dataset);
        if (status != DFT_OK)
            return status;
        if (is_obeyed) {
            *out = found;
            return DFT_OK;
        }
        dft_symmetry_free(found);
    }
    return dft_fail(err, DFT_EINPUT, "spglib found no symmetry within %g Angstrom (%s); give a "
                    "smaller tolerance (5e-5 is usual) or switch symmetry off",
                    tolerance * DFT_BOHR_ANG, reason);
}

dft_status dft_symmetry_create_identity(const dft_crystal *crystal, dft_symmetry **out,
                                        dft_error *err)
{
    const dft_status status = allocate(1, crystal->n_atoms, out, err);

    if (status != DFT_OK)
        return status;
    memcpy((*out)->op[0].rotation, identity_rotation, sizeof identity_rotation);
    for (size_t a = 0; a < crystal->n_atoms; a++)
        (*out)->atom_map[a] = a;
    (*out)->space_group_number = 1;
    snprintf((*out)->space_group_symbol, sizeof (*out)->space_group_symbol, "P1");
    return DFT_OK;
}

/* Moves operation s down to place n_kept. */
static void keep_operation(dft_symmetry *symmetry, size_t s, size_t n_kept)
{
    const size_t n_atoms = symmetry->n_atoms;

    symmetry->op[n_kept] = symmetry->op[s];
    memmove(symmetry->atom_map + n_kept * n_atoms, symmetry->atom_map + s * n_atoms,
            n_atoms * sizeof *symmetry->atom_map);
}

static void drop_the_rest(dft_symmetry *symmetry, size_t n_kept)
{
    assert(n_kept > 0 && "the identity must be kept");
    symmetry->n_dropped += symmetry->n_ops - n_kept;
    symmetry->n_ops = n_kept;
}

void dft_symmetry_keep(dft_symmetry *symmetry,
                       int (*keep)(const dft_symop *op, const void *context),
                       const void *context)
{
    size_t n_kept = 0;

    for (size_t s = 0; s < symmetry->n_ops; s++)
        if (keep(&symmetry->op[s], context))
            keep_operation(symmetry, s, n_kept++);
    drop_the_rest(symmetry, n_kept);
}

/* Equal as far as a chain of values goes, none further than SAME_VALUE from the next: a relation that carries
 * over from pair to pair, without which what is kept would be no group. */
static int equal_by_chain(size_t n, const double *value, double a, double b)
{
    const double end = fmax(a, b);
    double at = fmin(a, b);

    while (end - at > SAME_VALUE) {
        double next = at;
        for (size_t i = 0; i < n; i++)
            if (value[i] > next && value[i] - at <= SAME_VALUE)
                next = value[i];
        if (next == at)
            return 0;
        at = next;
    }
    return 1;
}

static int maps_equal(const dft_symmetry *symmetry, size_t s, const double *value)
{
    const size_t n = symmetry->n_atoms;

    for (size_t a = 0; a < n; a++)
        if (!equal_by_chain(n, value, value[symmetry->atom_map[s * n + a]], value[a]))
            return 0;
    return 1;
}

void dft_symmetry_keep_equal(dft_symmetry *symmetry, const double *value)
{
    size_t n_kept = 0;

    for (size_t s = 0; s < symmetry->n_ops; s++)
        if (maps_equal(symmetry, s, value))
            keep_operation(symmetry, s, n_kept++);
    drop_the_rest(symmetry, n_kept);
}

/* One Newton step of the polar decomposition, R <- (R + R^-T)/2; it squares the distance from the
 * nearest orthogonal matrix (N. Higham, SIAM J. Sci. Stat. Comput. 7, 1160 (1986)). */
static void orthogonalise_once(double r[3][3])
{
    double cofactor[3][3];

    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++)
            cofactor[i][j] = r[(i + 1) % 3][(j + 1) % 3] * r[(i + 2) % 3][(j + 2) % 3]
                           - r[(i + 1) % 3][(j + 2) % 3] * r[(i + 2) % 3][(j + 1) % 3];
    const double determinant = r[0][0] * cofactor[0][0] + r[0][1] * cofactor[0][1]
                             + r[0][2] * cofactor[0][2];
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++)
            r[i][j] = 0.5 * (r[i][j] + cofactor[i][j] / determinant);
}

void dft_symop_cartesian(const dft_symop *op, const double lattice[3][3], double rotation[3][3])
{
    double b[3][3];

    dft_crystal_reciprocal(lattice, b);
    for (int c = 0; c < 3; c++)
        for (int d = 0; d < 3; d++) {
            rotation[c][d] = 0.0;
            for (int i = 0; i < 3; i++)
                for (int j = 0; j < 3; j++)
                    rotation[c][d] += lattice[i][c] * op->rotation[i][j] * b[j][d];
            rotation[c][d] /= 2.0 * DFT_PI;
        }
    /* A lattice given to six digits obeys its operations to six digits; the harmonics' rotation
     * matrices need a true rotation.  1e-5 -> 1e-10 -> rounding. */
    orthogonalise_once(rotation);
    orthogonalise_once(rotation);
}

void dft_symmetry_atom_classes(const dft_symmetry *symmetry, size_t *class_of)
{
    for (size_t a = 0; a < symmetry->n_atoms; a++) {
        class_of[a] = a;
        for (size_t s = 0; s < symmetry->n_ops; s++) {
            const size_t target = symmetry->atom_map[s * symmetry->n_atoms + a];
            if (target < class_of[a])
                class_of[a] = target;
        }
    }
}

void dft_symmetry_free(dft_symmetry *symmetry)
{
    if (!symmetry)
        return;
    free(symmetry->op);
    free(symmetry->atom_map);
    free(symmetry);
}
