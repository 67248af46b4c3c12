#include "workflows/idpp.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/units.h"
#include "workflows/band.h"
#include "workflows/stepper.h"

/* Stiffness of a pair of atoms at the distance NEAR: that of a bond, so that steps are what they
 * are on a real surface.  Units do not matter otherwise. */
#define NEAR 5.0                    /* bohr */
#define STRENGTH 0.1                /* Ha/bohr^2 */
#define ENOUGH 1e-3                 /* Ha/bohr: the path is a start, no result */
#define MAX_ITERATIONS 200
#define MAX_STEP 0.2                /* bohr */
#define LEAST_DISTANCE 0.5          /* bohr: where two atoms meet their pair acts as if this far */

typedef struct {
    size_t a, b;
    double shift[3];                /* lattice vector of b's image, bohr */
    double start, end;              /* its distance at the ends, bohr */
} pair;

typedef struct {
    size_t n, room;
    pair *item;                     /* owned */
} pair_list;

static double pair_distance(const flow_path *path, size_t image, const pair *p, double way[3])
{
    const double (*r)[3] = (const double (*)[3])(path->r + image * path->n_atoms);

    for (int c = 0; c < 3; c++)
        way[c] = r[p->b][c] + p->shift[c] - r[p->a][c];
    return sqrt(way[0] * way[0] + way[1] * way[1] + way[2] * way[2]);
}

static int append(pair_list *list, const pair *p)
{
    if (list->n == list->room) {
        pair *more = dft_alloc(2 * list->room + 64, sizeof *more);
        if (!more)
            return 0;
        if (list->n > 0)
            memcpy(more, list->item, list->n * sizeof *more);
        free(list->item);
        list->item = more;
        list->room = 2 * list->room + 64;
    }
    list->item[list->n++] = *p;
    return 1;
}

/* Adds the pair when it is near at one of the ends or half way, and moves at all. */
static int consider(const flow_path *path, double cutoff, pair *p, pair_list *list)
{
    double way[3];
    const double half = pair_distance(path, path->n_images / 2, p, way);
    p->start = pair_distance(path, 0, p, way);
    p->end = pair_distance(path, path->n_images - 1, p, way);
    return fmin(half, fmin(p->start, p->end)) > cutoff || append(list, p);
}

/* How many cells away, in each direction, an atom within `reach` may be: the cell's thickness along
 * the reciprocal vector decides. */
static void count_cells(const double lattice[3][3], double reach, int count[3])
{
    double b[3][3];

    dft_crystal_reciprocal(lattice, b);
    for (int i = 0; i < 3; i++)
        count[i] = (int)ceil(reach * sqrt(b[i][0] * b[i][0] + b[i][1] * b[i][1] + b[i][2] * b[i][2])
                             / (2.0 * DFT_PI)) + 1;
}

static int list_pairs(const flow_path *path, double cutoff, pair_list *list)
{
    int count[3];

    count_cells((const double (*)[3])path->lattice, cutoff, count);
    for (size_t a = 0; a < path->n_atoms; a++)
        for (size_t b = a + 1; b < path->n_atoms; b++)
            for (int i = -count[0]; i <= count[0]; i++)
                for (int j = -count[1]; j <= count[1]; j++)
                    for (int k = -count[2]; k <= count[2]; k++) {
                        const double cell[3] = { i, j, k };
                        pair p = { .a = a, .b = b };
                        dft_crystal_cartesian((const double (*)[3])path->lattice, cell, p.shift);
                        if (!consider(path, cutoff, &p, list))
                            return 0;
                    }
    return 1;
}

/* S and -dS/dr of one image; the weight 1/d^4 is differentiated too. */
static double pair_forces(const flow_path *path, size_t image, const pair_list *list,
                          double (*force)[3])
{
    const double t = (double)image / (double)(path->n_images - 1);
    double sum = 0.0;

    memset(force, 0, path->n_atoms * sizeof *force);
    for (size_t k = 0; k < list->n; k++) {
        const pair *p = &list->item[k];
        double way[3];
        const double d = fmax(pair_distance(path, image, p, way), LEAST_DISTANCE);
        const double miss = (1.0 - t) * p->start + t * p->end - d;
        const double weight = 0.5 * STRENGTH * pow(NEAR / d, 4.0);
        const double slope = -2.0 * weight * miss * (1.0 + 2.0 * miss / d);     /* dS/dd */
        sum += weight * miss * miss;
        for (int c = 0; c < 3; c++) {
            force[p->a][c] += slope * way[c] / d;
            force[p->b][c] -= slope * way[c] / d;
        }
    }
    for (size_t a = 0; a < path->n_atoms; a++)
        for (int c = 0; c < 3; c++)
            if (path->fixed[a][c])
                force[a][c] = 0.0;
    return sum;
}

/* The nudged forces of all interior images, force [n_images * n_atoms]; returns the largest one. */
static double nudged_forces(const flow_path *path, const pair_list *list, double *energy,
                            double (*force)[3], double (*tangent)[3])
{
    const size_t n = path->n_atoms;
    double largest = 0.0;

    for (size_t i = 0; i < path->n_images; i++)
        energy[i] = pair_forces(path, i, list, force + i * n);
    for (size_t i = 1; i + 1 < path->n_images; i++) {
        flow_band_tangent(path, energy, i, tangent);
        largest = fmax(largest, flow_band_force(path, i, (const double (*)[3])tangent, STRENGTH, 0,
                                                force + i * n));
    }
    return largest;
}

static dft_status relax(flow_path *path, const pair_list *list, dft_error *err)
{
    const size_t n = path->n_atoms;
    double (*force)[3] = dft_alloc(path->n_images * n, sizeof *force);
    double (*tangent)[3] = dft_alloc(n, sizeof *tangent);
    double *energy = dft_alloc_doubles(path->n_images);
    flow_stepper *stepper = NULL;
    dft_status status;

    if (!force || !tangent || !energy)
        status = dft_fail(err, DFT_ENOMEM, "a path of %zu images: out of memory", path->n_images);
    else
        status =
            flow_stepper_create(3 * n * (path->n_images - 2), MAX_STEP, STRENGTH, &stepper, err);
    for (int k = 0; k < MAX_ITERATIONS && status == DFT_OK; k++) {
        if (nudged_forces(path, list, energy, force, tangent) < ENOUGH)
            break;
        flow_stepper_move(stepper, (double *)(path->r + n), (const double *)(force + n));
    }
    flow_stepper_free(stepper);
    free(energy);
    free(tangent);
    free(force);
    return status;
}

dft_status flow_idpp_relax(flow_path *path, double cutoff, dft_error *err)
{
    pair_list list = { 0 };
    dft_status status = list_pairs(path, cutoff, &list)
        ? DFT_OK : dft_fail(err, DFT_ENOMEM, "pairs of %zu atoms: out of memory", path->n_atoms);

    if (status == DFT_OK)
        status = relax(path, &list, err);
    if (status == DFT_OK)
        status = flow_path_respace(path, err);
    for (size_t i = 1; i + 1 < path->n_images && status == DFT_OK; i++) {
        dft_crystal *image = NULL;                  /* atoms that meet are refused here */
        status = flow_path_crystal(path, i, &image, err);
        dft_crystal_free(image);
    }
    free(list.item);
    return status;
}
