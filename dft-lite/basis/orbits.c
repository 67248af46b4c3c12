#include "dft-lite/basis/orbits.h"

#include <math.h>
#include <stdlib.h>

#include "dft-lite/base/alloc.h"

#define UNSEEN UINT32_MAX

/* An operation in steps of the grid: i'_a = sum_b m_ab i_b + shift_a (mod n_a). */
typedef struct { int m[3][3], shift[3]; } grid_operation;

static grid_operation to_grid(const dft_symop *op, const int n[3])
{
    grid_operation g;

    for (int a = 0; a < 3; a++) {
        g.shift[a] = (int)lround(op->translation[a] * n[a]);
        for (int b = 0; b < 3; b++)
            g.m[a][b] = op->rotation[a][b] * n[a] / n[b];
    }
    return g;
}

static size_t image(const grid_operation *g, const int n[3], const int i[3])
{
    size_t index = 0;

    for (int a = 0; a < 3; a++) {
        int k = (g->m[a][0] * i[0] + g->m[a][1] * i[1] + g->m[a][2] * i[2] + g->shift[a]) % n[a];
        k += k < 0 ? n[a] : 0;
        index = index * (size_t)n[a] + (size_t)k;
    }
    return index;
}

static void visit(dft_orbits *self, const int n[3], const grid_operation *ops, size_t n_ops)
{
    size_t point = 0;
    int i[3];

    for (i[0] = 0; i[0] < n[0]; i[0]++)
        for (i[1] = 0; i[1] < n[1]; i[1]++)
            for (i[2] = 0; i[2] < n[2]; i[2]++, point++) {
                if (self->orbit[point] != UNSEEN)
                    continue;
                const uint32_t orbit = (uint32_t)self->n_orbits++;
                self->point[orbit] = (uint32_t)point;
                for (size_t op = 0; op < n_ops; op++) {
                    const size_t to = image(&ops[op], n, i);
                    self->size[orbit] += self->orbit[to] == UNSEEN;
                    self->orbit[to] = orbit;
                }
            }
}

dft_status dft_orbits_create(const int n[3], const dft_symmetry *symmetry, dft_orbits **out,
                             dft_error *err)
{
    const size_t n_points = (size_t)n[0] * (size_t)n[1] * (size_t)n[2];
    dft_orbits *self = dft_alloc(1, sizeof *self);
    grid_operation *ops = dft_alloc(symmetry->n_ops, sizeof *ops);

    *out = NULL;
    if (self)
        *self = (dft_orbits){ n_points, 0, dft_alloc(n_points, sizeof *self->orbit),
                              dft_alloc(n_points, sizeof *self->point),
                              dft_alloc(n_points, sizeof *self->size) };
    if (!self || !ops || !self->orbit || !self->point || !self->size || n_points >= UNSEEN) {
        dft_orbits_free(self);
        free(ops);
        return dft_fail(err, DFT_ENOMEM, "symmetry of a grid of %zu points: out of memory", n_points);
    }
    for (size_t op = 0; op < symmetry->n_ops; op++)
        ops[op] = to_grid(&symmetry->op[op], n);
    for (size_t i = 0; i < n_points; i++)
        self->orbit[i] = UNSEEN;
    visit(self, n, ops, symmetry->n_ops);
    free(ops);
    *out = self;
    return DFT_OK;
}

void dft_orbits_free(dft_orbits *orbits)
{
    if (!orbits)
        return;
    free(orbits->orbit);
    free(orbits->point);
    free(orbits->size);
    free(orbits);
}
