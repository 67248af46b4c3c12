#include "candidates/interface.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "candidates/layer.h"
#include "candidates/planes.h"
#include "dft-lite/base/alloc.h"
#include "dft-lite/base/units.h"
#include "dft-lite/crystal/elements.h"

dft_status cand_interface_cells(const dft_crystal *substrate, const dft_crystal *film,
                                const cand_coincidence_options *options, cand_coincidence **out,
                                size_t *n, dft_error *err)
{
    cand_layer *first = NULL, *second = NULL;
    dft_status status = cand_layer_create(substrate, CAND_LAYER_TOLERANCE, &first, err);

    *out = NULL;
    *n = 0;
    if (status == DFT_OK)
        status = cand_layer_create(film, CAND_LAYER_TOLERANCE, &second, err);
    if (status == DFT_OK)
        status = cand_coincidence_find((const double (*)[2])first->lattice,
                                       (const double (*)[2])second->lattice, options, out, n, err);
    cand_layer_free(second);
    cand_layer_free(first);
    return status;
}

/* Atoms of the common cell: fractions laterally, bohr along the normal. */
typedef struct {
    size_t n;
    int *z;                         /* owned */
    double (*u)[2];                 /* owned */
    double *height;                 /* owned */
} atom_list;

static void clear(atom_list *list)
{
    free(list->height);
    free(list->u);
    free(list->z);
}

/* Appends the copies of a layer's atoms in the supercell m, heights counted from `zero`.  With
 * u' = u m^-1, cells t are inside when t m^-1 is: integers over det, exact. */
static void add_layer(const cand_layer *layer, const int m[2][2], double zero, const double shift[2],
                      atom_list *to)
{
    const int det = m[0][0] * m[1][1] - m[0][1] * m[1][0], sign = det < 0 ? -1 : 1;
    const int reach = abs(m[0][0]) + abs(m[0][1]) + abs(m[1][0]) + abs(m[1][1]);

    for (size_t a = 0; a < layer->n_atoms; a++)
        for (int i = -reach; i <= reach; i++)
            for (int j = -reach; j <= reach; j++) {
                const int f0 = sign * (i * m[1][1] - j * m[1][0]);
                const int f1 = sign * (j * m[0][0] - i * m[0][1]);
                if (f0 < 0 || f0 >= sign * det || f1 < 0 || f1 >= sign * det)
                    continue;
                const double x = layer->u[a][0] + i, y = layer->u[a][1] + j;
                to->u[to->n][0] = (x * m[1][1] - y * m[1][0]) / det + shift[0];
                to->u[to->n][1] = (y * m[0][0] - x * m[0][1]) / det + shift[1];
                to->height[to->n] = layer->height[a] - zero;
                to->z[to->n++] = layer->z[a];
            }
}

/* The smallest gap at which no pair across the interface is nearer than the sum of its radii. */
static dft_status touching_gap(const atom_list *atoms, size_t n_first, const double lattice[2][2],
                               double *gap, dft_error *err)
{
    *gap = 0.0;
    for (size_t i = 0; i < n_first; i++)
        for (size_t j = n_first; j < atoms->n; j++) {
            const double bond = (dft_element_covalent_radius_ang(atoms->z[i])
                                 + dft_element_covalent_radius_ang(atoms->z[j])) / DFT_BOHR_ANG;
            if (!(dft_element_covalent_radius_ang(atoms->z[i]) > 0.0)
                || !(dft_element_covalent_radius_ang(atoms->z[j]) > 0.0))
                return dft_fail(err, DFT_EINPUT, "no covalent radius is known for %s or %s",
                                dft_element_symbol(atoms->z[i]), dft_element_symbol(atoms->z[j]));
            /* heights: substrate's top is 0, film's bottom is 0 before the gap */
            const double apart = atoms->height[j] - atoms->height[i];
            if (apart >= bond)
                continue;
            for (int k = 0; k < 9; k++) {
                double d[2], r2 = 0.0;
                for (int c = 0; c < 2; c++) {
                    d[c] = atoms->u[j][c] - atoms->u[i][c];
                    d[c] -= round(d[c]);
                }
                d[0] += k / 3 - 1;
                d[1] += k % 3 - 1;
                for (int c = 0; c < 2; c++)
                    r2 += pow(d[0] * lattice[0][c] + d[1] * lattice[1][c], 2);
                if (r2 < bond * bond)
                    *gap = fmax(*gap, sqrt(bond * bond - r2) - apart);
            }
        }
    return DFT_OK;
}

static dft_status make_crystal(const atom_list *atoms, size_t n_first, const double lateral[2][2],
                               double bottom, double gap, double vacuum, dft_crystal **out,
                               dft_error *err)
{
    double top = -HUGE_VAL, (*position)[3] = dft_alloc(atoms->n, sizeof *position);
    dft_status status;

    if (!position)
        return dft_fail(err, DFT_ENOMEM, "interface of %zu atoms: out of memory", atoms->n);
    for (size_t a = 0; a < atoms->n; a++)
        top = fmax(top, atoms->height[a] + (a >= n_first ? gap : 0.0));
    const double c = top - bottom + vacuum;
    const double lattice[3][3] = { { lateral[0][0], lateral[0][1], 0.0 },
                                   { lateral[1][0], lateral[1][1], 0.0 }, { 0.0, 0.0, c } };
    for (size_t a = 0; a < atoms->n; a++) {
        for (int k = 0; k < 2; k++)
            position[a][k] = atoms->u[a][k] - floor(atoms->u[a][k]);
        position[a][2] = (atoms->height[a] + (a >= n_first ? gap : 0.0) - bottom + 0.5 * vacuum) / c;
    }
    status = dft_crystal_create(lattice, atoms->n, atoms->z, (const double (*)[3])position, out, err);
    free(position);
    return status;
}

/* Rotates the common cell so that its first vector lies along x. */
static void along_x(double v[2][2])
{
    const double length = hypot(v[0][0], v[0][1]);
    const double c = v[0][0] / length, s = v[0][1] / length;
    const double x = c * v[1][0] + s * v[1][1], y = c * v[1][1] - s * v[1][0];

    v[0][0] = length;
    v[0][1] = 0.0;
    v[1][0] = x;
    v[1][1] = y;
}

static dft_status stack(const cand_layer *first, const cand_layer *second,
                        const cand_coincidence *cell, const cand_interface_options *options,
                        dft_crystal **out, cand_interface_info *info, dft_error *err)
{
    static const double nowhere[2] = { 0.0, 0.0 };
    const size_t n1 = first->n_atoms * (size_t)abs(cell->n_first);
    const size_t n2 = second->n_atoms * (size_t)abs(cell->n_second);
    atom_list atoms = { 0, dft_alloc_ints(n1 + n2), dft_alloc(n1 + n2, 2 * sizeof(double)),
                        dft_alloc_doubles(n1 + n2) };
    double lateral[2][2], gap = options->gap;
    dft_status status = DFT_OK;

    if (!atoms.z || !atoms.u || !atoms.height) {
        status = dft_fail(err, DFT_ENOMEM, "interface of %zu atoms: out of memory", n1 + n2);
        goto done;
    }
    for (int i = 0; i < 2; i++)
        for (int c = 0; c < 2; c++)
            lateral[i][c] = cell->first[i][0] * first->lattice[0][c]
                          + cell->first[i][1] * first->lattice[1][c];
    along_x(lateral);
    add_layer(first, cell->first, first->top, nowhere, &atoms);
    add_layer(second, cell->second, second->bottom, options->shift, &atoms);
    if (!(gap > 0.0))
        status = touching_gap(&atoms, n1, (const double (*)[2])lateral, &gap, err);
    if (status == DFT_OK)
        status = make_crystal(&atoms, n1, (const double (*)[2])lateral, first->bottom - first->top, gap,
                              options->vacuum, out, err);
    if (status == DFT_OK && info)
        *info = (cand_interface_info){ gap, n1, n2, fabs(lateral[0][0] * lateral[1][1]) };
done:
    clear(&atoms);
    return status;
}

dft_status cand_interface_build(const dft_crystal *substrate, const dft_crystal *film,
                                const cand_coincidence *cell, const cand_interface_options *options,
                                dft_crystal **out, cand_interface_info *info, dft_error *err)
{
    cand_layer *first = NULL, *second = NULL;
    dft_status status;

    *out = NULL;
    if (!(options->vacuum > 0.0) || !isfinite(options->vacuum))
        return dft_fail(err, DFT_EINPUT, "vacuum of %g A over the film: give a positive length",
                        options->vacuum * DFT_BOHR_ANG);
    status = cand_layer_create(substrate, CAND_LAYER_TOLERANCE, &first, err);
    if (status == DFT_OK)
        status = cand_layer_create(film, CAND_LAYER_TOLERANCE, &second, err);
    if (status == DFT_OK)
        status = stack(first, second, cell, options, out, info, err);
    cand_layer_free(second);
    cand_layer_free(first);
    return status;
}

/* Lowest whole numbers in the direction of v, whose components are multiples of 1/12: lattice vectors of
 * centred cells are. */
static void whole_numbers(const double v[3], int uvw[3])
{
    int divisor = 0;

    for (int c = 0; c < 3; c++)
        uvw[c] = (int)lround(12.0 * v[c]);
    for (int c = 0; c < 3; c++)
        for (int b = abs(uvw[c]), t; b; b = t) {
            t = divisor ? divisor % b : 0;
            divisor = b;
        }
    for (int c = 0; c < 3 && divisor; c++)
        uvw[c] /= divisor;
}

dft_status cand_surface_direction(const dft_crystal *conventional, const int miller[3], const int m[2],
                                  int uvw[3], dft_error *err)
{
    cand_planes planes = { 0 };
    double cart[3], frac[3];
    const dft_status status = cand_planes_init(conventional, miller, &planes, err);

    if (status == DFT_OK) {
        for (int c = 0; c < 3; c++)
            cart[c] = m[0] * planes.surface[0][c] + m[1] * planes.surface[1][c];
        dft_crystal_fractional(conventional->lattice, cart, frac);
        whole_numbers(frac, uvw);
    }
    cand_planes_clear(&planes);
    return status;
}
