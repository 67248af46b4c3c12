/* Phase diagram of a binary: rows of tie-lines, refined where the fields change. */

#include "descriptors/calphad_diagram.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "descriptors/calphad_invariant.h"
#include "dft-lite/base/alloc.h"

#define CLOSE 0.02                           /* K: rows this close bracket an invariant */

static dft_status no_memory(dft_error *err)
{
    return dft_fail(err, DFT_ENOMEM, "no memory for a phase diagram");
}

static dft_status add_row(desc_diagram *diagram, const desc_tielines *row, dft_error *err)
{
    if (!tdb_grow((void **)&diagram->row, diagram->n_rows, sizeof *diagram->row))
        return no_memory(err);
    diagram->row[diagram->n_rows++] = *row;
    diagram->n_incomplete += !row->complete;
    return DFT_OK;
}

/* Do both rows have the same fields in the same order? */
static bool same_fields(const desc_tielines *a, const desc_tielines *b)
{
    if (a->n != b->n)
        return false;
    for (size_t i = 0; i < a->n; i++)
        if (a->line[i].end[0].phase != b->line[i].end[0].phase
            || a->line[i].end[1].phase != b->line[i].end[1].phase)
            return false;
    return true;
}

/* Halves between two rows until what lies between them is one invariant, or a few at once.  The
 * rows between them are added, the two themselves are not. */
static dft_status refine(desc_solver *solver, const desc_tielines *a, const desc_tielines *b,
                         desc_diagram *diagram, dft_error *err)
{
    dft_status status = DFT_OK;

    if (same_fields(a, b) || !a->complete || !b->complete)
        return DFT_OK;
    if (b->temperature - a->temperature < CLOSE)
        return invariant_between(solver, a, b, diagram, err);
    desc_tielines *middle = dft_alloc(1, sizeof *middle);
    if (!middle)
        return no_memory(err);
    status = desc_binary_tielines(solver, 0.5 * (a->temperature + b->temperature),
                                  solver->pressure, middle, err);
    if (status == DFT_OK)
        status = refine(solver, a, middle, diagram, err);
    if (status == DFT_OK)
        status = add_row(diagram, middle, err);
    if (status == DFT_OK)
        status = refine(solver, middle, b, diagram, err);
    free(middle);
    return status;
}

/* Nothing but liquid: the top of the diagram.  (Nothing but one solid may be its bottom.) */
static bool is_top(desc_solver *solver, const desc_tielines *row, size_t n_empty)
{
    size_t phase[2] = { 0, 0 };

    if (row->n > 0 || n_empty < 2)
        return false;
    for (size_t e = 0; e < 2; e++)
        (void)desc_reference_gibbs(solver, e, &phase[e]);
    return phase[0] == phase[1]
           && strncmp(desc_calphad_phase_name(solver->system, phase[0]), "LIQ", 3) == 0;
}

static dft_status scan(desc_solver *solver, double pressure, double lowest, double highest,
                       double step, desc_diagram *diagram, dft_error *err)
{
    desc_tielines *last = dft_alloc(2, sizeof *last), *next = last ? last + 1 : NULL;
    dft_status status = last ? DFT_OK : no_memory(err);
    const bool open = isnan(highest);
    double range[2];
    size_t n_empty = 0;

    desc_calphad_range(solver->system, &range[0], &range[1]);
    const double top = open ? range[1] : highest;
    for (size_t k = 0; status == DFT_OK; k++) {
        const double t = fmin(lowest + (double)k * step, top);
        status = desc_binary_tielines(solver, t, pressure, next, err);
        if (status != DFT_OK)
            break;
        const bool end = t >= top
                         || (open && is_top(solver, next, n_empty = next->n ? 0 : n_empty + 1));
        if (k > 0)
            status = refine(solver, last, next, diagram, err);
        if (status == DFT_OK)
            status = add_row(diagram, next, err);
        *last = *next;
        if (end)
            break;
    }
    free(last);
    return status;
}

static int compare_invariants(const void *a, const void *b)
{
    const desc_invariant *p = a, *q = b;

    return p->temperature < q->temperature ? -1 : p->temperature > q->temperature;
}

dft_status desc_diagram_compute(desc_solver *solver, double pressure, double lowest, double highest,
                                double step, desc_diagram **out, dft_error *err)
{
    desc_diagram *diagram = NULL;
    dft_status status = DFT_OK;

    *out = NULL;
    if (!(step > 0.0) || lowest >= highest)
        return dft_fail(err, DFT_EINPUT, "a phase diagram from %.6g to %.6g K in steps of %.6g K "
                        "cannot be drawn", lowest, highest, step);
    if (!(diagram = dft_alloc(1, sizeof *diagram)))
        return no_memory(err);
    status = scan(solver, pressure, lowest, highest, step, diagram, err);
    if (status == DFT_OK)
        status = invariant_pure(solver, diagram, err);
    if (status == DFT_OK) {
        if (diagram->n_invariants > 1)
            qsort(diagram->invariant, diagram->n_invariants, sizeof *diagram->invariant,
                  compare_invariants);
        *out = diagram;
    } else {
        desc_diagram_free(diagram);
    }
    return status;
}

void desc_diagram_free(desc_diagram *diagram)
{
    if (!diagram)
        return;
    free(diagram->row);
    free(diagram->invariant);
    free(diagram);
}
