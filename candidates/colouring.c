#include "candidates/colouring.h"

#include <math.h>
#include <stdlib.h>

#include "candidates/lattices.h"
#include "dft-lite/base/alloc.h"
#include "dft-lite/crystal/elements.h"

void cand_colouring_clear(cand_colouring *colouring)
{
    free(colouring->site_atom);
}

dft_status cand_colouring_init(const cand_mixing *what, int size, cand_colouring *out, dft_error *err)
{
    *out = (cand_colouring){ .site_atom = dft_alloc_sizes(what->parent->n_atoms) };
    if (!out->site_atom)
        return dft_fail(err, DFT_ENOMEM, "alloy of %zu atoms: out of memory", what->parent->n_atoms);
    for (size_t a = 0; a < what->parent->n_atoms; a++)
        if (what->parent->z[a] == what->mixing)
            out->site_atom[out->n_per_cell++] = a;
    if (out->n_per_cell == 0)
        return dft_fail(err, DFT_EINPUT, "the parent has no %s atoms to be exchanged",
                        dft_element_symbol(what->mixing));
    if (what->a == what->b)
        return dft_fail(err, DFT_EINPUT, "an alloy needs two elements, not %s twice",
                        dft_element_symbol(what->a));
    if (size < 1 || (size_t)size * out->n_per_cell > CAND_MAX_MIXING_SITES)
        return dft_fail(err, DFT_EINPUT, "%d parent cells with %zu mixing sites each; give at least one "
                        "cell and at most %d sites in all", size, out->n_per_cell,
                        CAND_MAX_MIXING_SITES);
    out->n_sites = (size_t)size * out->n_per_cell;
    return DFT_OK;
}

static int floor_div(int a, int b)
{
    return a / b - (a % b < 0);
}

int cand_colouring_cell(const int form[3][3], int x, int y, int z)
{
    const int q = floor_div(z, form[2][2]);
    x -= q * form[2][0];
    y -= q * form[2][1];
    z -= q * form[2][2];
    const int p = floor_div(y, form[1][1]);
    x -= p * form[1][0];
    y -= p * form[1][1];
    x -= floor_div(x, form[0][0]) * form[0][0];
    return (x * form[1][1] + y) * form[2][2] + z;
}

dft_status cand_colouring_crystal(const cand_mixing *what, const cand_colouring *colouring,
                                  const int form[3][3], uint32_t bits, dft_crystal **out,
                                  dft_error *err)
{
    const size_t n_cells = colouring->n_sites / colouring->n_per_cell;
    dft_crystal *large = NULL;
    const dft_status status = cand_crystal_supercell(what->parent, form, &large, err);

    *out = NULL;
    if (status != DFT_OK)
        return status;
    /* Copies of an atom come in some order; their place tells the cell. */
    for (size_t s = 0; s < colouring->n_per_cell; s++)
        for (size_t k = 0; k < n_cells; k++) {
            const size_t atom = colouring->site_atom[s] * n_cells + k;
            double cart[3], frac[3];
            int t[3];
            dft_crystal_cartesian((const double (*)[3])large->lattice, large->position[atom], cart);
            dft_crystal_fractional(what->parent->lattice, cart, frac);
            for (int c = 0; c < 3; c++)
                t[c] = (int)lround(frac[c] - what->parent->position[colouring->site_atom[s]][c]);
            const size_t site = (size_t)cand_colouring_cell(form, t[0], t[1], t[2])
                              * colouring->n_per_cell + s;
            large->z[atom] = bits >> site & 1u ? what->b : what->a;
        }
    *out = large;
    return DFT_OK;
}

uint32_t cand_next_colouring(uint32_t bits)
{
    const uint32_t low = bits & -bits, ripple = bits + low;
    return (((ripple ^ bits) >> 2) / low) | ripple;
}
