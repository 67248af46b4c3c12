#include "workflows/eos_scan.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "candidates/library.h"
#include "descriptors/eos.h"
#include "dft-lite/base/units.h"

typedef struct {
    const flow_eos_scan *scan;
    double structure_size, centre, step;
    int index[FLOW_EOS_MOST_POINTS];
    flow_eos_fit *fit;
} walk;

static double cell_size(const dft_crystal *crystal, int sheet)
{
    const double (*a)[3] = crystal->lattice;
    const double n[3] = { a[0][1] * a[1][2] - a[0][2] * a[1][1],
                          a[0][2] * a[1][0] - a[0][0] * a[1][2],
                          a[0][0] * a[1][1] - a[0][1] * a[1][0] };

    return sheet ? sqrt(n[0] * n[0] + n[1] * n[1] + n[2] * n[2]) : dft_crystal_volume(crystal);
}

static double linear_scale(const walk *w, double size)
{
    const double ratio = size / w->structure_size;
    return w->scan->sheet ? sqrt(ratio) : cbrt(ratio);
}

static dft_status scaled_cell(const walk *w, int index, dft_crystal **out, dft_error *err)
{
    const double f = linear_scale(w, w->centre * (1.0 + index * w->step));
    const double factor[3] = { f, f, w->scan->sheet ? 1.0 : f };

    return cand_crystal_scaled(w->scan->structure, factor, out, err);
}

/* The k mesh of the smallest cell of the scan serves all: energies at different volumes compare only
 * on one mesh, and the smallest cell needs the densest. */
static dft_status begin(const walk *w, int lowest, int *again, dft_error *err)
{
    dft_crystal *cell = NULL;
    dft_status status = DFT_OK;

    *again = 0;
    if (!w->scan->begin)
        return DFT_OK;
    status = scaled_cell(w, lowest, &cell, err);
    if (status == DFT_OK)
        status = w->scan->begin(w->scan->context, cell, again, err);
    dft_crystal_free(cell);
    return status;
}

static dft_status add_point(walk *w, int index, dft_error *err)
{
    const int sheet = w->scan->sheet;
    const double size = w->centre * (1.0 + index * w->step);
    const double unit = sheet ? DFT_BOHR_ANG * DFT_BOHR_ANG
                              : DFT_BOHR_ANG * DFT_BOHR_ANG * DFT_BOHR_ANG;
    flow_eos_fit *fit = w->fit;
    dft_crystal *cell = NULL;
    double energy = NAN;
    char label[64];
    dft_status status = scaled_cell(w, index, &cell, err);

    snprintf(label, sizeof label, "%s %.6f %s", sheet ? "area" : "volume", size * unit,
             sheet ? "A^2" : "A^3");
    if (status == DFT_OK)
        status = w->scan->energy(w->scan->context, cell, label, &energy, err);
    dft_crystal_free(cell);
    if (status != DFT_OK)
        return status;
    fit->complete = isfinite(energy);
    if (!fit->complete)
        return DFT_OK;
    w->index[fit->n] = index;
    fit->sizes[fit->n] = size;
    fit->energies[fit->n++] = energy;
    return DFT_OK;
}

static dft_status fit_points(const walk *w, dft_error *err)
{
    flow_eos_fit *f = w->fit;
    desc_eos bulk;
    desc_layer_eos layer;
    const dft_status status = w->scan->sheet
        ? desc_layer_eos_fit(f->n, f->sizes, f->energies, &layer, err)
        : desc_eos_fit(f->n, f->sizes, f->energies, &bulk, err);

    if (status != DFT_OK)
        return status;
    f->inside = w->scan->sheet ? layer.minimum_inside : bulk.minimum_inside;
    f->size = w->scan->sheet ? layer.a0 : bulk.v0;
    f->energy = w->scan->sheet ? layer.e0 : bulk.e0;
    f->modulus = w->scan->sheet ? layer.modulus : bulk.b0;
    f->prime = w->scan->sheet ? layer.modulus_prime : bulk.b0_prime;
    f->rms = w->scan->sheet ? layer.rms : bulk.rms;
    f->scale = f->inside ? linear_scale(w, f->size) : NAN;
    return DFT_OK;
}

static dft_status points(walk *w, int lowest, int highest, dft_error *err)
{
    dft_status status = DFT_OK;

    w->fit->n = 0;
    w->fit->complete = 1;
    for (int i = lowest; i <= highest && status == DFT_OK && w->fit->complete; i++)
        status = add_point(w, i, err);
    return status;
}

/* One size further, where the energy is lower. */
static dft_status extend(walk *w, dft_error *err)
{
    const flow_eos_fit *f = w->fit;
    size_t first = 0, last = 0;
    int again = 0;

    for (size_t i = 1; i < f->n; i++) {
        first = w->index[i] < w->index[first] ? i : first;
        last = w->index[i] > w->index[last] ? i : last;
    }
    const int down = f->energies[first] < f->energies[last];
    const int index = down ? w->index[first] - 1 : w->index[last] + 1;
    const int lowest = down ? index : w->index[first], highest = down ? w->index[last] : index;
    const dft_status status = begin(w, lowest, &again, err);
    if (status != DFT_OK)
        return status;
    return again ? points(w, lowest, highest, err) : add_point(w, index, err);
}

dft_status flow_eos_scan_run(const flow_eos_scan *scan, flow_eos_fit *out, dft_error *err)
{
    const int n = scan->n_points, lowest = -((n - 1) / 2);
    const double c = scan->centre_scale, size = cell_size(scan->structure, scan->sheet);
    walk w = { .scan = scan, .structure_size = size, .fit = out,
               .centre = size * (scan->sheet ? c * c : c * c * c),
               .step = 2.0 * scan->half_width / (n - 1) };
    int again = 0;

    *out = (flow_eos_fit){ .size = NAN, .energy = NAN, .modulus = NAN, .prime = NAN, .rms = NAN,
                           .scale = NAN, .centre = w.centre };
    if (n < 5 || scan->max_points > FLOW_EOS_MOST_POINTS || n > FLOW_EOS_MOST_POINTS)
        return dft_fail(err, DFT_EINPUT, "%d to %d volumes: from 5 to %d are possible", n,
                        scan->max_points, FLOW_EOS_MOST_POINTS);
    dft_status status = begin(&w, lowest, &again, err);
    if (status == DFT_OK)
        status = points(&w, lowest, lowest + n - 1, err);
    while (status == DFT_OK && out->complete) {
        status = fit_points(&w, err);
        if (status != DFT_OK || out->inside || out->n >= (size_t)scan->max_points)
            break;
        status = extend(&w, err);
    }
    if (!out->complete)
        out->inside = 0;
    return status;
}
