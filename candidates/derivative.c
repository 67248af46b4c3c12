#include "candidates/derivative.h"

#include <stdlib.h>
#include <string.h>

#include "candidates/colouring.h"
#include "candidates/lattices.h"
#include "candidates/matcher.h"
#include "dft-lite/base/alloc.h"

/* Structures kept so far, each with the shape it is compared by. */
typedef struct {
    size_t n, room;
    dft_crystal **crystal;          /* owned */
    cand_shape **shape;             /* owned */
} collection;

static void clear_shapes(collection *c)
{
    for (size_t i = 0; i < c->n; i++)
        cand_shape_free(c->shape[i]);
    free(c->shape);
}

void cand_derivatives_free(dft_crystal **list, size_t n)
{
    for (size_t i = 0; list && i < n; i++)
        dft_crystal_free(list[i]);
    free(list);
}

static dft_status make_room(collection *c, dft_error *err)
{
    const size_t room = c->room ? 2 * c->room : 32;
    dft_crystal **crystal;
    cand_shape **shape;

    if (c->n < c->room)
        return DFT_OK;
    crystal = dft_alloc(room, sizeof *crystal);
    shape = dft_alloc(room, sizeof *shape);
    if (!crystal || !shape) {
        free(crystal);
        free(shape);
        return dft_fail(err, DFT_ENOMEM, "%zu derivative structures: out of memory", room);
    }
    if (c->n) {
        memcpy(crystal, c->crystal, c->n * sizeof *crystal);
        memcpy(shape, c->shape, c->n * sizeof *shape);
    }
    free(c->crystal);
    free(c->shape);
    c->crystal = crystal;
    c->shape = shape;
    c->room = room;
    return DFT_OK;
}

/* Keeps the crystal (and owns it from here) unless it repeats in a smaller cell or is there already. */
static dft_status keep(collection *c, dft_crystal *crystal, dft_error *err)
{
    cand_shape *shape = NULL;
    cand_match match = { .same = false };
    dft_status status = make_room(c, err);

    if (status == DFT_OK)
        status = cand_shape_create(crystal, &shape, err);
    const bool repeats = shape && cand_shape_crystal(shape)->n_atoms < crystal->n_atoms;
    for (size_t i = 0; i < c->n && status == DFT_OK && !match.same && !repeats; i++)
        status = cand_shapes_match(c->shape[i], shape, NULL, &match, err);
    if (status == DFT_OK && !match.same && !repeats) {
        c->crystal[c->n] = crystal;
        c->shape[c->n++] = shape;
        return DFT_OK;
    }
    cand_shape_free(shape);
    dft_crystal_free(crystal);
    return status;
}

static dft_status colour_all(const cand_mixing *what, const cand_colouring *colouring,
                             const int form[3][3], int n_b, collection *c, dft_error *err)
{
    const uint32_t end = (uint32_t)1 << colouring->n_sites;
    dft_status status = DFT_OK;

    for (uint32_t bits = ((uint32_t)1 << n_b) - 1; bits < end && status == DFT_OK;
         bits = cand_next_colouring(bits)) {
        dft_crystal *crystal = NULL;
        status = cand_colouring_crystal(what, colouring, form, bits, &crystal, err);
        if (status == DFT_OK)
            status = keep(c, crystal, err);
    }
    return status;
}

dft_status cand_derivatives_find(const cand_mixing *what, int size, int n_b, dft_crystal ***out,
                                 size_t *n, dft_error *err)
{
    cand_colouring colouring;
    collection c = { 0 };
    dft_status status = cand_colouring_init(what, size, &colouring, err);

    *out = NULL;
    *n = 0;
    const int most = (int)colouring.n_sites - 1;
    if (status == DFT_OK && n_b > most)
        status = dft_fail(err, DFT_EINPUT, "%d atoms exchanged of %zu: leave one", n_b,
                          colouring.n_sites);
    for (int b = n_b < 0 ? 1 : n_b; b <= (n_b < 0 ? most : n_b) && status == DFT_OK && b > 0; b++)
        for (size_t i = 0; i < cand_hermite_count(size) && status == DFT_OK; i++) {
            int form[3][3];
            cand_hermite_form(size, i, form);
            status = colour_all(what, &colouring, (const int (*)[3])form, b, &c, err);
        }
    cand_colouring_clear(&colouring);
    clear_shapes(&c);
    if (status != DFT_OK) {
        cand_derivatives_free(c.crystal, c.n);
        return status;
    }
    *out = c.crystal;
    *n = c.n;
    return DFT_OK;
}
