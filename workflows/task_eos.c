#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "candidates/library.h"
#include "descriptors/eos.h"
#include "dft-lite/base/units.h"
#include "workflows/task.h"

#define MAX_POINTS 100              /* flow_protocol_check's bound */

/* One scan.  "Size" is volume (bohr^3), or area (bohr^2) for sheets; step is a fraction of the size
 * at the centre, and points are the integers i of size = centre (1 + i step). */
typedef struct {
    flow_session *session;
    int sheet;
    double structure_size;          /* of the specification's structure */
    double centre, step;
    int mesh[3];
    size_t n;
    int index[MAX_POINTS];
    double size[MAX_POINTS], energy[MAX_POINTS];
} scan;

typedef struct {                    /* what both fits say */
    int inside;
    double size, energy, modulus, prime, rms;
} minimum;

static double cell_size(const dft_crystal *crystal, int sheet)
{
    const double (*a)[3] = crystal->lattice;
    const double n[3] = { a[0][1] * a[1][2] - a[0][2] * a[1][1],
                          a[0][2] * a[1][0] - a[0][0] * a[1][2],
                          a[0][0] * a[1][1] - a[0][1] * a[1][0] };

    return sheet ? sqrt(n[0] * n[0] + n[1] * n[1] + n[2] * n[2]) : dft_crystal_volume(crystal);
}

static double linear_scale(const scan *s, double size)
{
    const double ratio = size / s->structure_size;
    return s->sheet ? sqrt(ratio) : cbrt(ratio);
}

static dft_status scaled_cell(const scan *s, double size, dft_crystal **out, dft_error *err)
{
    const double f = linear_scale(s, size);
    const double factor[3] = { f, f, s->sheet ? 1.0 : f };

    return cand_crystal_scaled(s->session->spec->structure, factor, out, err);
}

/* The mesh for the smallest cell of the scan serves all: energies at different volumes compare only
 * on one mesh, and the smallest cell needs the densest. */
static dft_status choose_mesh(scan *s, int lowest_index, int mesh[3], dft_error *err)
{
    dft_crystal *cell = NULL;
    const dft_status status = scaled_cell(s, s->centre * (1.0 + lowest_index * s->step), &cell, err);

    if (status == DFT_OK) {
        const dft_scf_options options = flow_spec_scf_options(s->session->spec, cell->lattice, NULL);
        memcpy(mesh, options.kmesh, sizeof options.kmesh);
    }
    dft_crystal_free(cell);
    return status;
}

static dft_status add_point(scan *s, int index, flow_task_result *out, dft_error *err)
{
    const double size = s->centre * (1.0 + index * s->step);
    const double unit = s->sheet ? DFT_BOHR_ANG * DFT_BOHR_ANG
                                 : DFT_BOHR_ANG * DFT_BOHR_ANG * DFT_BOHR_ANG;
    dft_crystal *cell = NULL;
    flow_energy energy = { 0, NAN, "" };
    char label[64];
    dft_status status = scaled_cell(s, size, &cell, err);

    snprintf(label, sizeof label, "%s %.6f %s", s->sheet ? "area" : "volume", size * unit,
             s->sheet ? "A^2" : "A^3");
    if (status == DFT_OK)
        status = flow_session_compute(s->session, cell, s->mesh, label, &energy, err);
    dft_crystal_free(cell);
    if (status != DFT_OK)
        return status;
    if (!energy.converged) {
        out->outcome = RES_UNCONVERGED;
        snprintf(out->reason, sizeof out->reason, "the energy at %.60s did not converge: %.200s",
                 label, energy.message);
        return DFT_OK;
    }
    s->index[s->n] = index;
    s->size[s->n] = size;
    s->energy[s->n++] = energy.energy;
    return DFT_OK;
}

static dft_status fit(const scan *s, minimum *out, dft_error *err)
{
    desc_eos bulk;
    desc_layer_eos layer;
    const dft_status status = s->sheet ? desc_layer_eos_fit(s->n, s->size, s->energy, &layer, err)
                                       : desc_eos_fit(s->n, s->size, s->energy, &bulk, err);

    if (status != DFT_OK)
        return status;
    if (s->sheet)
        *out = (minimum){ layer.minimum_inside, layer.a0, layer.e0, layer.modulus,
                          layer.modulus_prime, layer.rms };
    else
        *out = (minimum){ bulk.minimum_inside, bulk.v0, bulk.e0, bulk.b0, bulk.b0_prime, bulk.rms };
    return DFT_OK;
}

/* Towards the end of the scan where the energy is lower. */
static int next_index(const scan *s)
{
    size_t first = 0, last = 0;

    for (size_t i = 1; i < s->n; i++) {
        if (s->index[i] < s->index[first])
            first = i;
        if (s->index[i] > s->index[last])
            last = i;
    }
    return s->energy[first] < s->energy[last] ? s->index[first] - 1 : s->index[last] + 1;
}

static dft_status first_points(scan *s, int lowest, int highest, flow_task_result *out,
                               dft_error *err)
{
    dft_status status = choose_mesh(s, lowest, s->mesh, err);

    s->n = 0;
    for (int i = lowest; i <= highest && status == DFT_OK && out->outcome == RES_DONE; i++)
        status = add_point(s, i, out, err);
    return status;
}

/* One volume further.  Where a smaller cell asks for a denser mesh, all begins again on that. */
static dft_status extend(scan *s, flow_task_result *out, dft_error *err)
{
    const int index = next_index(s);
    int lowest = index, highest = index, mesh[3];
    dft_status status = DFT_OK;

    for (size_t i = 0; i < s->n; i++) {
        lowest = s->index[i] < lowest ? s->index[i] : lowest;
        highest = s->index[i] > highest ? s->index[i] : highest;
    }
    status = choose_mesh(s, lowest, mesh, err);
    if (status == DFT_OK && memcmp(mesh, s->mesh, sizeof mesh) != 0)
        return first_points(s, lowest, highest, out, err);
    if (status == DFT_OK)
        status = add_point(s, index, out, err);
    return status;
}

static void report(const scan *s, const minimum *found, flow_task_result *out)
{
    const double n_atoms = (double)s->session->spec->structure->n_atoms;
    const double a2 = DFT_BOHR_ANG * DFT_BOHR_ANG;
    json_t *r = out->results;

    json_object_set_new(r, "scale", res_number(linear_scale(s, found->size)));
    json_object_set_new(r, "energy_ev_per_atom",
                        res_number(found->energy * DFT_HARTREE_EV / n_atoms));
    json_object_set_new(r, "rms_mev_per_atom",
                        res_number(1e3 * found->rms * DFT_HARTREE_EV / n_atoms));
    json_object_set_new(r, "modulus_prime", res_number(found->prime));
    if (s->sheet) {
        json_object_set_new(r, "area_ang2", res_number(found->size * a2));
        json_object_set_new(r, "layer_modulus_n_per_m",
                            res_number(found->modulus * DESC_HA_PER_BOHR2_N_PER_M));
    } else {
        json_object_set_new(r, "volume_ang3_per_atom",
                            res_number(found->size * a2 * DFT_BOHR_ANG / n_atoms));
        json_object_set_new(r, "bulk_modulus_gpa",
                            res_number(found->modulus * DESC_HA_PER_BOHR3_GPA));
    }
}

static void report_scan(const scan *s, flow_task_result *out)
{
    json_object_set_new(out->results, "constraint", json_string(s->sheet
        ? "in-plane scaling; thickness and vacuum fixed, atoms not relaxed"
        : "isotropic scaling: c/a and internal parameters as in the library, not relaxed"));
    json_object_set_new(out->results, "n_planned",
                        json_integer(s->session->spec->protocol.eos_points));
    json_object_set_new(out->results, "n_used", json_integer((json_int_t)s->n));
}

/* Odd numbers of points lie about the centre, even ones have one more on the large side. */
dft_status flow_task_eos(flow_session *session, const char *run_dir, flow_task_result *out,
                         dft_error *err)
{
    const flow_spec *spec = session->spec;
    const int n = spec->protocol.eos_points, lowest = -((n - 1) / 2);
    const double size = cell_size(spec->structure, spec->sheet), c = spec->scan_centre;
    scan s = { .session = session, .sheet = spec->sheet, .structure_size = size,
               .centre = size * (spec->sheet ? c * c : c * c * c),
               .step = 2.0 * spec->protocol.eos_strain / (n - 1) };
    minimum found = { 0, NAN, NAN, NAN, NAN, NAN };
    (void)run_dir;                  /* an equation of state builds on nothing */
    dft_status status = first_points(&s, lowest, lowest + n - 1, out, err);

    while (status == DFT_OK && out->outcome == RES_DONE) {
        status = fit(&s, &found, err);
        if (status != DFT_OK || found.inside || s.n >= (size_t)spec->protocol.max_eos_points)
            break;
        status = extend(&s, out, err);
    }
    if (status != DFT_OK)
        return status;
    report_scan(&s, out);
    if (out->outcome == RES_DONE && found.inside)
        report(&s, &found, out);
    else if (out->outcome == RES_DONE) {
        out->outcome = RES_FAILED;
        snprintf(out->reason, sizeof out->reason, "no minimum inside the %zu volumes from %.1f to "
                 "%.1f %% of the starting one", s.n, 100.0 * s.size[0] / s.centre,
                 100.0 * s.size[s.n - 1] / s.centre);
    }
    return DFT_OK;
}
