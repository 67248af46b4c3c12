#include "candidates/slab.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "candidates/charges.h"
#include "candidates/cuts.h"
#include "candidates/layer.h"
#include "candidates/planes.h"
#include "candidates/slab_info.h"
#include "dft-lite/base/alloc.h"
#include "dft-lite/base/units.h"

#define ROOM 20.0                   /* bohr of vacuum while faces are compared */

static double dot3(const double a[3], const double b[3])
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

/* Copies the planes top .. top - n + 1 as Cartesian atoms in the slab's frame, bottom to top,
 * heights from the bottom plane.  Returns the thickness. */
static double copy_planes(const cand_planes *stack, size_t top, size_t n_planes, int *z,
                          double (*cart)[3])
{
    const size_t top_atom = stack->first[top];
    double bottom = HUGE_VAL, highest = -HUGE_VAL;
    size_t n = 0;

    for (size_t k = n_planes; k-- > 0;) {
        const size_t plane = cand_planes_below(stack, top, k);
        const double repeats = -(double)((stack->n_planes - 1 - top + k) / stack->n_planes);
        for (size_t a = stack->first[plane]; a < stack->first[plane + 1]; a++, n++) {
            double r[3];
            for (int c = 0; c < 3; c++)
                r[c] = stack->r[a][c] + repeats * stack->step[c] - stack->r[top_atom][c];
            for (int c = 0; c < 3; c++)
                cart[n][c] = dot3(r, stack->axis[c]);
            z[n] = stack->z[a];
            bottom = fmin(bottom, cart[n][2]);
            highest = fmax(highest, cart[n][2]);
        }
    }
    for (size_t a = 0; a < n; a++)
        cart[a][2] -= bottom;
    return highest - bottom;
}

static size_t count_atoms(const cand_planes *stack, size_t top, size_t n_planes)
{
    size_t n = 0;
    for (size_t k = 0; k < n_planes; k++) {
        const size_t plane = cand_planes_below(stack, top, k);
        n += stack->first[plane + 1] - stack->first[plane];
    }
    return n;
}

/* Fractional coordinate in [0, 1) with rounding just below a cell edge taken as 0. */
static double wrapped(double x)
{
    x -= floor(x);
    return x > 1.0 - 1e-9 ? 0.0 : x;
}

/* A crystal from atoms in the frame of lateral vectors: c = (0, 0, thickness + vacuum), the
 * middle of the atoms at 1/2.  Heights count from the lowest atom. */
static dft_status crystal_with_vacuum(const double lateral[2][2], size_t n, const int *z,
                                      const double (*cart)[3], double thickness, double vacuum,
                                      dft_crystal **out, dft_error *err)
{
    const double c = thickness + vacuum;
    const double lattice[3][3] = { { lateral[0][0], lateral[0][1], 0.0 },
                                   { lateral[1][0], lateral[1][1], 0.0 }, { 0.0, 0.0, c } };
    double (*position)[3] = dft_alloc(n, sizeof *position);
    dft_status status;

    *out = NULL;
    if (!position)
        return dft_fail(err, DFT_ENOMEM, "slab of %zu atoms: out of memory", n);
    for (size_t a = 0; a < n; a++) {
        const double r[3] = { cart[a][0], cart[a][1], cart[a][2] + 0.5 * vacuum };
        dft_crystal_fractional(lattice, r, position[a]);
        for (int i = 0; i < 2; i++)
            position[a][i] = wrapped(position[a][i]);
    }
    status = dft_crystal_create(lattice, n, z, (const double (*)[3])position, out, err);
    free(position);
    return status;
}

static dft_status build(const cand_planes *stack, size_t top, size_t n_planes, double vacuum,
                        dft_crystal **out, dft_error *err)
{
    const size_t n_atoms = count_atoms(stack, top, n_planes);
    int *z = dft_alloc_ints(n_atoms);
    double (*cart)[3] = dft_alloc(n_atoms, sizeof *cart);
    double lateral[2][2], thickness;
    dft_status status;

    *out = NULL;
    if (!z || !cart) {
        status = dft_fail(err, DFT_ENOMEM, "slab of %zu atoms: out of memory", n_atoms);
        goto done;
    }
    for (int i = 0; i < 2; i++)
        for (int c = 0; c < 2; c++)
            lateral[i][c] = dot3(stack->surface[i], stack->axis[c]);
    lateral[0][1] = 0.0;                             /* a1 is along x; this was rounding */
    thickness = copy_planes(stack, top, n_planes, z, cart);
    status = crystal_with_vacuum((const double (*)[2])lateral, n_atoms, z,
                                 (const double (*)[3])cart, thickness, vacuum, out, err);
done:
    free(cart);
    free(z);
    return status;
}

/* The slab of n_planes planes, for looking at: *info describes it. */
static dft_status try_planes(const cand_planes *stack, size_t top, size_t n_planes,
                             const double *charge, cand_slab_info *info, dft_error *err)
{
    dft_crystal *slab = NULL;
    dft_status status = build(stack, top, n_planes, ROOM, &slab, err);

    if (status == DFT_OK)
        status = cand_slab_describe(slab, charge, info, err);
    dft_crystal_free(slab);
    return status;
}

/* The smallest number of layers from `asked` on with equal faces, within one repeat; `asked` if
 * none. *info describes the slab of that many. */
static dft_status round_up(const cand_planes *stack, size_t top, int asked, const double *charge,
                           cand_slab_info *info, dft_error *err)
{
    const int repeat = (int)cand_planes_layers_per_repeat(stack, top);

    for (int extra = 0; extra < repeat; extra++) {
        cand_slab_info trial = *info;
        const dft_status status = try_planes(stack, top,
                                             cand_planes_of_layers(stack, top, asked + extra),
                                             charge, &trial, err);
        if (status != DFT_OK)
            return status;
        trial.layers = asked + extra;
        if (extra == 0 || trial.faces_equal)
            *info = trial;
        if (trial.faces_equal)
            break;
    }
    return DFT_OK;
}

/* The fewest planes, from those of `asked` layers to a repeat and a plane more, with equal faces.
 * Errors: DFT_EINPUT when there are none. */
static dft_status grow_symmetric(const cand_planes *stack, size_t top, int asked,
                                 const double *charge, cand_slab_info *info, dft_error *err)
{
    const size_t least = cand_planes_of_layers(stack, top, asked);

    for (size_t n = least; n <= least + stack->n_planes; n++) {
        cand_slab_info trial = *info;
        const dft_status status = try_planes(stack, top, n, charge, &trial, err);
        if (status != DFT_OK)
            return status;
        if (!trial.faces_equal)
            continue;
        *info = trial;
        info->stoichiometric = n == least || cand_planes_keep_composition(stack, top, n);
        info->layers = cand_planes_whole_layers(stack, top, n);
        /* the excess planes that made the faces equal took the dipole away: say what the cut is */
        if (!info->stoichiometric && info->tasker != 1)
            info->tasker = cand_cut_is_polar(stack, top) ? 3 : 2;
        return DFT_OK;
    }
    return dft_fail(err, DFT_EINPUT, "no slab of this facet and termination has two equal faces "
                    "(the crystal is polar along the normal); ask for the stoichiometric variant");
}

static dft_status check_request(const int miller[3], int n_layers, double vacuum, dft_error *err)
{
    if (miller[0] == 0 && miller[1] == 0 && miller[2] == 0)
        return dft_fail(err, DFT_EINPUT, "Miller indices 0 0 0 name no plane; give a facet such as "
                        "111");
    if (n_layers < 1 || n_layers > CAND_MAX_LAYERS)
        return dft_fail(err, DFT_EINPUT, "%d layers: give a number from 1 to %d", n_layers,
                        CAND_MAX_LAYERS);
    if (!(vacuum > 0.0) || !isfinite(vacuum))
        return dft_fail(err, DFT_EINPUT, "vacuum of %g A: give a positive length",
                        vacuum * DFT_BOHR_ANG);
    return DFT_OK;
}

static dft_status check_termination(const cand_planes *stack, int termination, dft_error *err)
{
    if (termination < 0 || (size_t)termination >= stack->n_cuts)
        return dft_fail(err, DFT_EINPUT, "termination %d does not exist: this facet has %zu, "
                        "numbered from 0", termination, stack->n_cuts);
    return DFT_OK;
}

dft_status cand_slab_create_variant(const dft_crystal *conventional_bulk, const int miller[3],
                                    int n_layers, double vacuum, int termination,
                                    cand_slab_variant variant, dft_crystal **slab,
                                    cand_slab_info *info, dft_error *err)
{
    cand_planes stack = { 0 };
    cand_slab_info found = { .layers_asked = n_layers, .vacuum = vacuum, .stoichiometric = true };
    double charge[DFT_MAX_Z + 1];
    const bool charged = cand_formal_charges(conventional_bulk->n_atoms, conventional_bulk->z,
                                             charge);
    dft_status status = check_request(miller, n_layers, vacuum, err);
    size_t top;

    *slab = NULL;
    if (status != DFT_OK)
        return status;
    status = cand_planes_init(conventional_bulk, miller, &stack, err);
    if (status == DFT_OK)
        status = check_termination(&stack, termination, err);
    if (status != DFT_OK)
        goto done;
    top = stack.cut[termination];
    found.n_terminations = stack.n_cuts;
    found.layers_per_repeat = cand_planes_layers_per_repeat(&stack, top);
    found.termination = termination;
    status = (variant == CAND_SLAB_SYMMETRIC ? grow_symmetric : round_up)(
        &stack, top, n_layers, charged ? charge : NULL, &found, err);
    if (status == DFT_OK)
        status = build(&stack, top, variant == CAND_SLAB_SYMMETRIC ? found.n_planes
                       : cand_planes_of_layers(&stack, top, found.layers), vacuum, slab, err);
    if (status == DFT_OK && info)
        *info = found;
done:
    cand_planes_clear(&stack);
    return status;
}

dft_status cand_slab_create(const dft_crystal *conventional_bulk, const int miller[3], int n_layers,
                            double vacuum, int termination, dft_crystal **slab,
                            cand_slab_info *info, dft_error *err)
{
    return cand_slab_create_variant(conventional_bulk, miller, n_layers, vacuum, termination,
                                    CAND_SLAB_STOICHIOMETRIC, slab, info, err);
}

dft_status cand_slab_layers_for(const dft_crystal *conventional_bulk, const int miller[3],
                                int termination, double thickness, int *n_layers, dft_error *err)
{
    cand_planes stack = { 0 };
    dft_status status = check_request(miller, 1, 1.0, err);

    if (status == DFT_OK)
        status = cand_planes_init(conventional_bulk, miller, &stack, err);
    if (status == DFT_OK)
        status = check_termination(&stack, termination, err);
    for (*n_layers = 1; status == DFT_OK; ++*n_layers) {
        const size_t top = stack.cut[termination];
        if (cand_planes_depth(&stack, top, cand_planes_of_layers(&stack, top, *n_layers))
            >= thickness - CAND_SAME_GAP)
            break;
        if (*n_layers == CAND_MAX_LAYERS)
            status = dft_fail(err, DFT_EINPUT, "a slab %.1f A thick has more than %d layers; ask "
                              "for less", thickness * DFT_BOHR_ANG, CAND_MAX_LAYERS);
    }
    cand_planes_clear(&stack);
    return status;
}

dft_status cand_sheet_create(const dft_crystal *sheet, double vacuum, dft_crystal **out,
                             cand_slab_info *info, dft_error *err)
{
    cand_layer *layer = NULL;
    double (*cart)[3] = NULL;
    cand_slab_info found = { .layers_asked = 1, .layers = 1, .layers_per_repeat = 1,
                             .n_terminations = 1, .vacuum = vacuum, .stoichiometric = true };
    dft_status status;

    *out = NULL;
    if (!(vacuum > 0.0) || !isfinite(vacuum))
        return dft_fail(err, DFT_EINPUT, "vacuum of %g A: give a positive length",
                        vacuum * DFT_BOHR_ANG);
    status = cand_layer_create(sheet, CAND_LAYER_TOLERANCE, &layer, err);
    if (status != DFT_OK)
        return status;
    cart = dft_alloc(sheet->n_atoms, sizeof *cart);
    if (!cart) {
        status = dft_fail(err, DFT_ENOMEM, "sheet of %zu atoms: out of memory", sheet->n_atoms);
        goto done;
    }
    for (size_t a = 0; a < sheet->n_atoms; a++) {
        cand_layer_lateral(layer, layer->u[a], cart[a]);
        cart[a][2] = layer->height[a] - layer->bottom;
    }
    status = crystal_with_vacuum((const double (*)[2])layer->lattice, sheet->n_atoms, sheet->z,
                                 (const double (*)[3])cart, layer->top - layer->bottom, vacuum, out,
                                 err);
    if (status == DFT_OK && info) {
        double charge[DFT_MAX_Z + 1];
        const bool charged = cand_formal_charges(sheet->n_atoms, sheet->z, charge);
        status = cand_slab_describe(sheet, charged ? charge : NULL, &found, err);
        *info = found;
    }
    if (status != DFT_OK) {
        dft_crystal_free(*out);
        *out = NULL;
    }
done:
    free(cart);
    cand_layer_free(layer);
    return status;
}

dft_status cand_slab_repeat(const dft_crystal *slab, int n1, int n2, dft_crystal **out,
                            dft_error *err)
{
    const int count[2] = { n1, n2 };
    const size_t copies = n1 < 1 || n2 < 1 ? 1 : (size_t)n1 * (size_t)n2;
    int *z = dft_alloc_ints(slab->n_atoms * copies);
    double (*position)[3] = dft_alloc(slab->n_atoms * copies, sizeof *position);
    double lattice[3][3];
    size_t n = 0;
    dft_status status;

    *out = NULL;
    if (n1 < 1 || n2 < 1) {
        status = dft_fail(err, DFT_EINPUT, "supercell %dx%d: both counts must be at least 1", n1,
                          n2);
        goto done;
    }
    if (!z || !position) {
        status = dft_fail(err, DFT_ENOMEM, "supercell %dx%d: out of memory", n1, n2);
        goto done;
    }
    for (int i = 0; i < 3; i++)
        for (int c = 0; c < 3; c++)
            lattice[i][c] = slab->lattice[i][c] * (i < 2 ? count[i] : 1);
    for (size_t a = 0; a < slab->n_atoms; a++)
        for (int i = 0; i < n1; i++)
            for (int j = 0; j < n2; j++, n++) {
                z[n] = slab->z[a];
                position[n][0] = (slab->position[a][0] + i) / n1;
                position[n][1] = (slab->position[a][1] + j) / n2;
                position[n][2] = slab->position[a][2];
            }
    status = dft_crystal_create((const double (*)[3])lattice, n, z, (const double (*)[3])position,
                                out, err);
done:
    free(position);
    free(z);
    return status;
}
