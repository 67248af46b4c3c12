/* The mesh of site fractions on which Gibbs energies are sampled; it does not depend on T. */

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "descriptors/calphad_solver.h"
#include "dft-lite/base/alloc.h"
#include "dft-lite/base/units.h"

#define MOST_POINTS 2500.0                       /* of one phase */
#define FINEST 80                                /* steps along an edge */
#define SCATTERED 600                            /* points inside, where the mesh is coarse */
#define LEAST_ATOMS 1e-6

/* Points (k_1 ... k_n) with sum m. */
static double n_compositions(size_t n, size_t m)
{
    double c = 1.0;

    for (size_t k = 1; k < n; k++)
        c = c * (double)(m + k) / (double)k;
    return c;
}

static double n_mesh(const model_phase *phase, size_t m)
{
    double n = 1.0;

    for (size_t s = 0; s < phase->sites.n_sublattices; s++)
        n *= n_compositions(phase->sites.first[s + 1] - phase->sites.first[s], m);
    return n;
}

/* Steps along an edge; 0 when even the corners are too many. */
static size_t steps_of(const model_phase *phase)
{
    size_t m = 1;

    if (n_mesh(phase, 1) > MOST_POINTS)
        return 0;
    while (m < FINEST && n_mesh(phase, m + 1) <= MOST_POINTS)
        m++;
    return m;
}

/* Denser towards 0 and 1, where logarithms bend the energy. */
static double stretched(size_t k, size_t m)
{
    const double s = sin(0.5 * DFT_PI * (double)k / (double)m);

    return s * s;
}

/* The next composition of m into n parts, in lexical order; false behind the last. */
static bool next_composition(size_t n, size_t *k)
{
    size_t i = n - 1;

    if (n == 1)
        return false;
    while (i > 0 && k[i - 1] == 0)
        i--;
    if (i == 0)
        return false;
    const size_t rest = k[n - 1] + 1;
    k[n - 1] = 0;
    k[i - 1]--;
    k[i] = rest;
    return true;
}

static void fractions_of(size_t n, const size_t *k, size_t m, double *y)
{
    double sum = 0.0;

    for (size_t i = 0; i < n; i++)
        sum += y[i] = stretched(k[i], m);
    for (size_t i = 0; i < n; i++)
        y[i] /= sum;
}

static bool reserve(mesh *out, size_t n_y, size_t *y_capacity)
{
    if (!tdb_grow((void **)&out->point, out->n, sizeof *out->point))
        return false;
    if (out->y_used + n_y <= *y_capacity)
        return true;
    double *larger = dft_alloc_doubles(2 * (*y_capacity + n_y));
    if (!larger)
        return false;
    if (out->y_used)
        memcpy(larger, out->y, out->y_used * sizeof *larger);
    free(out->y);
    out->y = larger;
    *y_capacity = 2 * (*y_capacity + n_y);
    return true;
}

static bool place(const desc_calphad *system, mesh *out, size_t phase, const double *y)
{
    const size_t n_y = system->phase[phase].sites.n_y;
    mesh_point *p = &out->point[out->n];
    const double atoms = desc_calphad_atoms(system, phase, y, p->x);

    if (atoms < LEAST_ATOMS)
        return false;
    for (size_t e = 0; e < system->n_elements; e++)
        p->x[e] /= atoms;
    p->phase = phase;
    p->y = out->y_used;
    memcpy(out->y + out->y_used, y, n_y * sizeof *y);
    out->y_used += n_y;
    out->n++;
    return true;
}

/* All combinations of the sublattices' meshes. */
static bool add_regular(const desc_calphad *system, mesh *out, size_t phase, size_t m,
                        size_t *capacity)
{
    const model_sites *sites = &system->phase[phase].sites;
    size_t k[MODEL_FRACTIONS] = { 0 }, s;
    double y[MODEL_FRACTIONS];

    for (s = 0; s < sites->n_sublattices; s++)
        k[sites->first[s]] = m;
    do {
        for (s = 0; s < sites->n_sublattices; s++)
            fractions_of(sites->first[s + 1] - sites->first[s], k + sites->first[s], m,
                         y + sites->first[s]);
        if (!reserve(out, sites->n_y, capacity))
            return false;
        (void)place(system, out, phase, y);
        for (s = 0; s < sites->n_sublattices; s++) {
            const size_t first = sites->first[s], n = sites->first[s + 1] - first;
            if (next_composition(n, k + first))
                break;
            memset(k + first, 0, n * sizeof *k);
            k[first] = m;
        }
    } while (s < sites->n_sublattices);
    return true;
}

static double halton(size_t index, size_t base)
{
    double f = 1.0, r = 0.0;

    for (; index > 0; index /= base) {
        f /= (double)base;
        r += f * (double)(index % base);
    }
    return r;
}

/* Evenly scattered points (Halton's sequence, exponential spacings on each simplex). */
static bool add_scattered(const desc_calphad *system, mesh *out, size_t phase, size_t *capacity)
{
    static const size_t prime[MODEL_FRACTIONS] = {
        2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89,
        97, 101, 103, 107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167, 173,
    };
    const model_sites *sites = &system->phase[phase].sites;
    double y[MODEL_FRACTIONS];

    for (size_t i = 1; i <= SCATTERED; i++) {
        for (size_t s = 0; s < sites->n_sublattices; s++) {
            double sum = 0.0;
            for (size_t k = sites->first[s]; k < sites->first[s + 1]; k++)
                sum += y[k] = -log(halton(i, prime[k]));
            for (size_t k = sites->first[s]; k < sites->first[s + 1]; k++)
                y[k] /= sum;
        }
        if (!reserve(out, sites->n_y, capacity))
            return false;
        (void)place(system, out, phase, y);
    }
    return true;
}

/* Two points to be compared, with the key that qsort cannot reach otherwise. */
typedef struct {
    double x;
    size_t index;
} sort_entry;

static int compare_entries(const void *a, const void *b)
{
    const sort_entry *p = a, *q = b;

    if (p->x != q->x)
        return p->x < q->x ? -1 : 1;
    return p->index < q->index ? -1 : p->index > q->index;
}

static bool sort_points(const desc_calphad *system, mesh *out)
{
    sort_entry *entry = dft_alloc(out->n, sizeof *entry);

    out->order = dft_alloc_sizes(out->n);
    if (!entry || !out->order) {
        free(entry);
        return false;
    }
    for (size_t i = 0; i < out->n; i++)
        entry[i] = (sort_entry){ out->point[i].x[system->n_elements - 1], i };
    qsort(entry, out->n, sizeof *entry, compare_entries);
    for (size_t i = 0; i < out->n; i++)
        out->order[i] = entry[i].index;
    free(entry);
    return true;
}

dft_status mesh_create(const desc_calphad *system, mesh *out, dft_error *err)
{
    size_t y_capacity = 0, widest = 1;
    bool ok = true;

    *out = (mesh){ .n = 0 };
    out->first = dft_alloc_sizes(system->n_phases + 1);
    out->spacing = dft_alloc_doubles(system->n_phases);
    ok = out->first && out->spacing;
    for (size_t p = 0; p < system->n_phases && ok; p++) {
        const size_t m = steps_of(&system->phase[p]);
        const size_t n_y = system->phase[p].sites.n_y;
        widest = n_y > widest ? n_y : widest;
        out->spacing[p] = m == 0 ? 1.0 : 0.5 * DFT_PI / (double)m;
        if (m > 0)
            ok = add_regular(system, out, p, m, &y_capacity);
        if (ok && m < 20 && n_y > system->phase[p].sites.n_sublattices)
            ok = add_scattered(system, out, p, &y_capacity);
        out->first[p + 1] = out->n;
    }
    out->n_mesh = out->n;
    out->y_mesh = out->y_used;
    ok = ok && sort_points(system, out);
    for (size_t i = 0; i < SOLVER_ADDED && ok; i++, out->n++) {  /* room for what is added later */
        ok = reserve(out, widest, &y_capacity);
        out->y_used += widest;
    }
    out->n = out->n_mesh;
    out->y_used = out->y_mesh;
    return ok ? DFT_OK : dft_fail(err, DFT_ENOMEM, "no memory for a mesh of Gibbs energies");
}

void mesh_clear(mesh *m)
{
    free(m->point);
    free(m->y);
    free(m->first);
    free(m->spacing);
    free(m->order);
}

static void evaluate_point(desc_solver *solver, mesh_point *p)
{
    double atoms[DESC_CALPHAD_MOST_ELEMENTS];
    const double *y = solver->mesh.y + p->y;

    p->g = desc_calphad_gibbs(solver->state, p->phase, y, NULL, NULL)
           / desc_calphad_atoms(solver->system, p->phase, y, atoms);
}

void mesh_evaluate(desc_solver *solver)
{
    for (size_t i = 0; i < solver->mesh.n_mesh; i++)
        evaluate_point(solver, &solver->mesh.point[i]);
}

bool mesh_add(desc_solver *solver, size_t phase, const double *y)
{
    mesh *m = &solver->mesh;

    if (m->n == m->n_mesh + SOLVER_ADDED || !place(solver->system, m, phase, y))
        return false;
    evaluate_point(solver, &m->point[m->n - 1]);
    return true;
}
