#include "workflows/fold.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/crystal/symmetry.h"

static void rotate(const double q[3][3], const double v[3], double image[3])
{
    for (int c = 0; c < 3; c++)
        image[c] = q[c][0] * v[0] + q[c][1] * v[1] + q[c][2] * v[2];
}

void flow_fold_free(flow_fold *fold)
{
    if (!fold)
        return;
    free(fold->shift);
    free(fold->map);
    free(fold);
}

/* The arrangement half way; NULL where atoms meet there, as in some exchanges. */
static dft_status half_way(const flow_path *path, dft_crystal **out, dft_error *err)
{
    const size_t n = path->n_atoms, last = (path->n_images - 1) * n;
    double (*frac)[3] = dft_alloc(n, sizeof *frac);
    dft_error local;
    dft_status status;

    *out = NULL;
    if (!frac)
        return dft_fail(err, DFT_ENOMEM, "an image of %zu atoms: out of memory", n);
    for (size_t a = 0; a < n; a++) {
        double r[3];
        for (int c = 0; c < 3; c++)
            r[c] = 0.5 * (path->r[a][c] + path->r[last + a][c]);
        dft_crystal_fractional((const double (*)[3])path->lattice, r, frac[a]);
    }
    status = dft_crystal_create((const double (*)[3])path->lattice, n, path->z,
                                (const double (*)[3])frac, out, &local);
    free(frac);
    if (status == DFT_ENOMEM && err)
        *err = local;
    return status == DFT_ENOMEM ? status : DFT_OK;
}

/* Fixed coordinates must land on fixed coordinates. */
static int keeps_fixed(const flow_path *path, const flow_fold *fold, size_t a)
{
    for (int c = 0; c < 3; c++)
        for (int d = 0; d < 3; d++)
            if (fabs(fold->rotation[d][c]) > 1e-6
                && path->fixed[a][c] != path->fixed[fold->map[a]][d])
                return 0;
    return 1;
}

/* Where image `from` of atom a lands, less where atom map[a] is in image `to`; bohr. */
static double landing(const flow_path *path, const flow_fold *fold, size_t a, size_t from,
                      size_t to)
{
    double image[3], sum = 0.0;

    rotate((const double (*)[3])fold->rotation, path->r[from * path->n_atoms + a], image);
    for (int c = 0; c < 3; c++) {
        const double d = image[c] + fold->shift[a][c]
                       - path->r[to * path->n_atoms + fold->map[a]][c];
        sum += d * d;
    }
    return sqrt(sum);
}

/* The lattice vector that takes the rotated initial atom to the cell where the path ends, added to
 * the operation's translation. */
static void find_shift(const flow_path *path, flow_fold *fold, size_t a, const double w[3])
{
    const size_t last = (path->n_images - 1) * path->n_atoms;
    double image[3], diff[3], frac[3], lattice_vector[3];

    rotate((const double (*)[3])fold->rotation, path->r[a], image);
    for (int c = 0; c < 3; c++)
        diff[c] = path->r[last + fold->map[a]][c] - image[c] - w[c];
    dft_crystal_fractional((const double (*)[3])path->lattice, diff, frac);
    for (int c = 0; c < 3; c++)
        frac[c] = round(frac[c]);
    dft_crystal_cartesian((const double (*)[3])path->lattice, frac, lattice_vector);
    for (int c = 0; c < 3; c++)
        fold->shift[a][c] = w[c] + lattice_vector[c];
}

static int is_order_two(const dft_symop *op, const size_t *map, size_t n_atoms)
{
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++) {
            int sum = 0;
            for (int k = 0; k < 3; k++)
                sum += op->rotation[i][k] * op->rotation[k][j];
            if (sum != (i == j))
                return 0;
        }
    for (size_t a = 0; a < n_atoms; a++)
        if (map[map[a]] != a)
            return 0;
    return 1;
}

/* Does the operation exchange the ends?  Fills the fold. */
static int try_operation(const flow_path *path, const dft_symmetry *group, size_t s,
                         double tolerance, flow_fold *fold)
{
    const size_t *map = group->atom_map + s * group->n_atoms;
    double w[3];

    if (!is_order_two(&group->op[s], map, group->n_atoms))
        return 0;
    memcpy(fold->map, map, group->n_atoms * sizeof *map);
    dft_symop_cartesian(&group->op[s], (const double (*)[3])path->lattice, fold->rotation);
    dft_crystal_cartesian((const double (*)[3])path->lattice, group->op[s].translation, w);
    fold->deviation = 0.0;
    for (size_t a = 0; a < path->n_atoms; a++) {
        find_shift(path, fold, a, w);
        const double there = landing(path, fold, a, 0, path->n_images - 1);
        const double back = landing(path, fold, a, path->n_images - 1, 0);
        if (there > tolerance || back > tolerance || !keeps_fixed(path, fold, a))
            return 0;
        fold->deviation = fmax(fold->deviation, there);
    }
    return 1;
}

dft_status flow_fold_find(const flow_path *path, double tolerance, flow_fold **out, dft_error *err)
{
    flow_fold *fold = dft_alloc(1, sizeof *fold);
    dft_crystal *middle = NULL;
    dft_symmetry *group = NULL;
    dft_status status = DFT_OK;

    *out = NULL;
    if (fold) {
        fold->n_atoms = path->n_atoms;
        fold->map = dft_alloc_sizes(path->n_atoms);
        fold->shift = dft_alloc(path->n_atoms, sizeof *fold->shift);
    }
    if (!fold || !fold->map || !fold->shift)
        status = dft_fail(err, DFT_ENOMEM, "folding a path: out of memory");
    if (status == DFT_OK)
        status = half_way(path, &middle, err);
    if (status == DFT_OK && middle) {
        dft_error local;
        status = dft_symmetry_create(middle, tolerance, &group, &local);
        if (status == DFT_ENOMEM && err)
            *err = local;
        else if (status != DFT_ENOMEM)
            status = DFT_OK;                        /* no group found: nothing to fold by */
    }
    for (size_t s = 1; status == DFT_OK && group && !*out && s < group->n_ops; s++)
        if (try_operation(path, group, s, tolerance, fold)) {
            *out = fold;
            fold = NULL;
        }
    dft_symmetry_free(group);
    dft_crystal_free(middle);
    flow_fold_free(fold);
    return status;
}

void flow_fold_path(const flow_fold *fold, flow_path *path)
{
    const size_t n = path->n_atoms, last = path->n_images - 1;

    for (size_t i = 0; 2 * i <= last; i++)
        for (size_t a = 0; a < n; a++) {
            double image[3], *target = path->r[(last - i) * n + fold->map[a]];
            rotate((const double (*)[3])fold->rotation, path->r[i * n + a], image);
            if (2 * i < last) {
                for (int c = 0; c < 3; c++)
                    target[c] = image[c] + fold->shift[a][c];
                continue;
            }
            if (fold->map[a] < a)                   /* in the middle a pair is done once */
                continue;
            /* the mean of target and image, and its own image for the partner */
            for (int c = 0; c < 3; c++)
                target[c] = 0.5 * (target[c] + image[c] + fold->shift[a][c]);
            if (fold->map[a] > a) {
                rotate((const double (*)[3])fold->rotation, target, image);
                for (int c = 0; c < 3; c++)
                    path->r[i * n + a][c] = image[c] + fold->shift[fold->map[a]][c];
            }
        }
}

void flow_fold_force(const flow_fold *fold, const double (*force)[3], double (*image)[3])
{
    for (size_t a = 0; a < fold->n_atoms; a++)
        rotate((const double (*)[3])fold->rotation, force[a], image[fold->map[a]]);
}
