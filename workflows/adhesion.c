#include "workflows/adhesion.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "candidates/slab.h"
#include "descriptors/binding.h"
#include "dft-lite/base/alloc.h"
#include "dft-lite/base/units.h"

#define MOST_CELLS 400              /* coincidence cells looked at for each face */
#define MOST_GAPS 40                /* separations of a walk; two more refine it */
enum { INTERFACE, SUBSTRATE, FILM };        /* the evaluator's slots */

typedef struct {
    const dft_crystal *substrate, *film;            /* borrowed */
    const flow_evaluator_source *source;            /* borrowed */
    const flow_adhesion_options *options;           /* borrowed */
    flow_adhesion_result *out;                      /* borrowed */
    dft_crystal *film_slab;                         /* owned: of the face chosen */
    dft_crystal *built;                             /* owned: at the first separation, room above */
    double first_gap, height;                       /* bohr; cell's extent along the normal */
    flow_evaluator evaluator;
    int open;
    int *fixed;                                     /* owned, [n_atoms] of the interface */
} adhesion_run;

flow_adhesion_options flow_adhesion_defaults(void)
{
    return (flow_adhesion_options){ .n_faces = 3, .face = { { 1, 1, 0 }, { 1, 0, 0 }, { 1, 1, 1 } },
                                    .film_layers = 4, .max_atoms = 80, .max_strain = 0.03,
                                    .vacuum = 12.0 / DFT_BOHR_ANG, .registries = 2,
                                    .gap_step = 0.3 / DFT_BOHR_ANG, .most_gaps = 10,
                                    .gamma_layers = { 5, 7 }, .settle = flow_settle_defaults() };
}

static void note(adhesion_run *self, const char *what, const flow_settled *settled)
{
    if (self->out->message[0])
        return;
    self->out->ionic = settled->ionic;
    snprintf(self->out->message, sizeof self->out->message, "%s: %.240s", what, settled->message);
}

/* The area at which a cell of both would hold max_atoms. */
static double largest_area(const dft_crystal *substrate, const dft_crystal *film, size_t max_atoms)
{
    double density = 0.0;
    const dft_crystal *slabs[2] = { substrate, film };

    for (int s = 0; s < 2; s++) {
        const double (*a)[3] = (const double (*)[3])slabs[s]->lattice;
        const double x = a[0][1] * a[1][2] - a[0][2] * a[1][1];
        const double y = a[0][2] * a[1][0] - a[0][0] * a[1][2];
        const double z = a[0][0] * a[1][1] - a[0][1] * a[1][0];
        density += (double)slabs[s]->n_atoms / sqrt(x * x + y * y + z * z);
    }
    return (double)max_atoms / density * 1.1;       /* films are strained: the exact count is checked */
}

/* Takes the face's best cell when it is better than *score; *most_atoms is the fewest seen. */
static dft_status try_face(adhesion_run *self, const int face[3], double *score, size_t *fewest,
                           dft_error *err)
{
    const flow_adhesion_options *o = self->options;
    dft_crystal *slab = NULL;
    cand_coincidence *cell = NULL;
    size_t n = 0;
    dft_status status = cand_slab_create(self->film, face, o->film_layers, o->vacuum, 0, &slab, NULL, err);

    if (status == DFT_OK) {
        const cand_coincidence_options limits = { largest_area(self->substrate, slab, o->max_atoms),
                                                  o->max_strain, MOST_CELLS };
        status = cand_interface_cells(self->substrate, slab, &limits, &cell, &n, err);
    }
    for (size_t i = 0; i < n; i++) {
        const size_t n_sub = self->substrate->n_atoms * (size_t)abs(cell[i].n_first);
        const size_t n_film = slab->n_atoms * (size_t)abs(cell[i].n_second);
        const double s = cell[i].norm / o->max_strain + (double)(n_sub + n_film) / (double)o->max_atoms;
        *fewest = n_sub + n_film < *fewest ? n_sub + n_film : *fewest;
        if (n_sub + n_film > o->max_atoms)
            continue;
        self->out->n_cells++;
        if (s >= *score)
            continue;
        *score = s;
        self->out->cell = cell[i];
        self->out->n_substrate = n_sub;
        self->out->n_film = n_film;
        memcpy(self->out->face, face, sizeof self->out->face);
    }
    free(cell);
    dft_crystal_free(slab);
    return status;
}

static dft_status choose_cell(adhesion_run *self, dft_error *err)
{
    const flow_adhesion_options *o = self->options;
    double score = INFINITY;
    size_t fewest = SIZE_MAX;
    dft_status status = DFT_OK;

    for (size_t f = 0; f < o->n_faces && status == DFT_OK; f++)
        status = try_face(self, o->face[f], &score, &fewest, err);
    if (status != DFT_OK)
        return status;
    if (score < INFINITY)
        return cand_slab_create(self->film, self->out->face, o->film_layers, o->vacuum, 0,
                                &self->film_slab, NULL, err);
    if (fewest < SIZE_MAX)
        return dft_fail(err, DFT_EINPUT, "no interface of at most %zu atoms within %.3g %% strain (the "
                        "smallest has %zu): allow more atoms or strain, or fewer layers", o->max_atoms,
                        100.0 * o->max_strain, fewest);
    return dft_fail(err, DFT_EINPUT, "no coincidence cell within %.3g %% strain and about %zu atoms: allow "
                    "more, or fewer layers", 100.0 * o->max_strain, o->max_atoms);
}

/* The interface at its first separation, with room to move the film up. */
static dft_status build(adhesion_run *self, dft_error *err)
{
    static const int in_plane[3] = { 1, 1, 0 };
    const flow_adhesion_options *o = self->options;
    const cand_interface_options how = { .vacuum = o->vacuum + 3.0 * o->gap_step };
    cand_interface_info info;
    dft_status status = cand_interface_build(self->substrate, self->film_slab, &self->out->cell, &how,
                                             &self->built, &info, err);

    if (status != DFT_OK)
        return status;
    self->out->area = info.area;
    self->first_gap = info.gap;
    self->height = self->built->lattice[2][2];
    self->fixed = dft_alloc_ints(self->built->n_atoms);
    if (!self->fixed)
        return dft_fail(err, DFT_ENOMEM, "no memory for %zu atoms", self->built->n_atoms);
    double bottom = INFINITY, top = -INFINITY;
    for (size_t a = 0; a < info.n_substrate; a++) {
        bottom = fmin(bottom, self->built->position[a][2]);
        top = fmax(top, self->built->position[a][2]);
    }
    for (size_t a = 0; a < info.n_substrate; a++)       /* the middle plane of an odd number moves */
        self->fixed[a] = self->built->position[a][2] < 0.5 * (bottom + top) - 1e-4;
    status = self->source->open(self->source->context, self->built, in_plane, &self->evaluator, err);
    self->open = status == DFT_OK;
    return status;
}

/* The built interface with the film moved: up by dz (bohr), sideways by t of the substrate's vectors
 * (the common cell is cell.first of those, so fractions of it are t cell.first^-1). */
static dft_status moved(const adhesion_run *self, double dz, const double t[2], dft_crystal **out,
                        dft_error *err)
{
    const int (*m)[2] = (const int (*)[2])self->out->cell.first;
    const double det = m[0][0] * m[1][1] - m[0][1] * m[1][0];
    const double s[3] = { (t[0] * m[1][1] - t[1] * m[1][0]) / det,
                          (t[1] * m[0][0] - t[0] * m[0][1]) / det, dz / self->height };
    const dft_status status = dft_crystal_create((const double (*)[3])self->built->lattice,
                                                 self->built->n_atoms, self->built->z,
                                                 (const double (*)[3])self->built->position, out, err);

    for (size_t a = self->out->n_substrate; a < self->built->n_atoms && status == DFT_OK; a++)
        for (int c = 0; c < 3; c++)
            (*out)->position[a][c] += s[c];
    return status;
}

/* Atoms first..first+n-1 of the interface, alone in its cell. */
static dft_status part(const dft_crystal *whole, size_t first, size_t n, dft_crystal **out, dft_error *err)
{
    return dft_crystal_create((const double (*)[3])whole->lattice, n, whole->z + first,
                              (const double (*)[3])(whole->position + first), out, err);
}

typedef struct {
    int n, lowest, highest;         /* indices: gap = first + index step */
    double gap[MOST_GAPS + 2], energy[MOST_GAPS + 2];
} gap_scan;

static dft_status add_gap(adhesion_run *self, gap_scan *scan, double gap, const double t[2], int *usable,
                          dft_error *err)
{
    dft_crystal *crystal = NULL;
    flow_settled settled = { 0 };
    flow_settle_options options = self->options->settle;
    char label[64];
    dft_status status = moved(self, gap - self->first_gap, t, &crystal, err);

    snprintf(label, sizeof label, "registry %.2f,%.2f gap %.2f A", t[0], t[1], gap * DFT_BOHR_ANG);
    options.relax = options.want_stress = 0;
    options.slot = INTERFACE;
    if (status == DFT_OK)
        status = flow_settle(crystal, &self->evaluator, &options, &settled, err);
    *usable = status == DFT_OK && settled.converged;
    if (*usable) {
        scan->gap[scan->n] = gap;
        scan->energy[scan->n++] = settled.energy;
        if (self->options->on_energy)
            self->options->on_energy(self->options->context, label, settled.energy);
    } else if (status == DFT_OK) {
        note(self, label, &settled);
    }
    flow_settled_clear(&settled);
    dft_crystal_free(crystal);
    return status;
}

/* The minimum between the separations, and again with an energy there: a parabola through points a step
 * apart is off by some per cent of the well, one whose middle lies at its bottom is not. */
static dft_status refine_gap(adhesion_run *self, gap_scan *scan, const double t[2], desc_height_scan *found,
                             int *usable, dft_error *err)
{
    dft_status status = DFT_OK;

    *usable = scan->n >= 3;
    for (int round = 0; round < 3 && status == DFT_OK && *usable; round++) {
        const double before = round ? found->height : NAN;
        status = desc_height_scan_fit((size_t)scan->n, scan->gap, scan->energy, found, err);
        *usable = status == DFT_OK && found->inside;
        if (!*usable || round == 2 || fabs(found->height - before) < 0.05 * self->options->gap_step
            || fabs(found->height - found->lowest_height) < 0.01 * self->options->gap_step)
            return status;
        status = add_gap(self, scan, found->height, t, usable, err);
    }
    return status;
}

/* Downhill from `start` until the lowest energy has a neighbour on either side. */
static dft_status scan_gaps(adhesion_run *self, const double t[2], double start, desc_height_scan *found,
                            int *usable, dft_error *err)
{
    const double step = self->options->gap_step;
    const int most = self->options->most_gaps < MOST_GAPS ? self->options->most_gaps : MOST_GAPS;
    gap_scan scan = { 0 };
    double low = start, high = start, e_low = 0.0, e_high = 0.0, lowest = INFINITY;
    dft_status status = add_gap(self, &scan, start, t, usable, err);

    if (status == DFT_OK && *usable)
        lowest = e_low = e_high = scan.energy[0];
    while (status == DFT_OK && *usable && scan.n < most
           && (scan.n < 3 || e_low <= lowest || e_high <= lowest)) {
        const int up = scan.n == 1 || e_high < e_low;
        if (!up && !(low > step))
            break;
        const double gap = up ? (high += step) : (low -= step);
        status = add_gap(self, &scan, gap, t, usable, err);
        if (status == DFT_OK && *usable) {
            *(up ? &e_high : &e_low) = scan.energy[scan.n - 1];
            lowest = fmin(lowest, scan.energy[scan.n - 1]);
        }
    }
    if (status == DFT_OK && *usable)
        status = refine_gap(self, &scan, t, found, usable, err);
    if (status == DFT_OK && !*usable && !self->out->message[0])
        snprintf(self->out->message, sizeof self->out->message, "registry %.2f,%.2f: no energy minimum "
                 "within %d separations", t[0], t[1], most);
    return status;
}

/* All registries; the lowest one's shift, gap and energy. */
static dft_status scan_registries(adhesion_run *self, double *energy, dft_error *err)
{
    flow_adhesion_result *out = self->out;
    const int n = self->options->registries;
    double start = self->first_gap, highest = -INFINITY;
    dft_status status = DFT_OK;

    *energy = INFINITY;
    out->n_planned = (size_t)(n * n);
    for (int r = 0; r < n * n && status == DFT_OK; r++) {
        const double t[2] = { (double)(r / n) / n, (double)(r % n) / n };
        desc_height_scan found;
        int usable;
        status = scan_gaps(self, t, start, &found, &usable, err);
        if (status != DFT_OK || !usable)
            continue;
        out->n_used++;
        highest = fmax(highest, found.energy);
        if (found.energy < *energy) {
            *energy = found.energy;
            out->gap = start = found.height;
            memcpy(out->shift, t, sizeof out->shift);
        }
    }
    out->registry_spread = out->n_used > 1 ? highest - *energy : NAN;
    return status;
}

static dft_status settle_part(adhesion_run *self, const dft_crystal *crystal, size_t slot,
                              const char *label, flow_settled *settled, dft_error *err)
{
    flow_settle_options options = self->options->settle;

    options.want_stress = 0;
    options.slot = slot;
    options.fixed = slot == FILM ? NULL : self->fixed;
    const dft_status status = flow_settle(crystal, &self->evaluator, &options, settled, err);
    if (status == DFT_OK && !settled->converged)
        note(self, label, settled);
    if (status == DFT_OK && settled->converged && self->options->on_energy)
        self->options->on_energy(self->options->context, label, settled->energy);
    return status;
}

static double gap_of(const adhesion_run *self, const dft_crystal *crystal)
{
    double top = -INFINITY, bottom = INFINITY;

    for (size_t a = 0; a < crystal->n_atoms; a++) {
        const double z = crystal->position[a][2];
        if (a < self->out->n_substrate)
            top = fmax(top, z);
        else
            bottom = fmin(bottom, z);
    }
    return (bottom - top) * self->height;
}

/* Energies [INTERFACE, SUBSTRATE, FILM] to W, S and the angle. */
static dft_status judge(const adhesion_run *self, const double energy[3], desc_adhesion *out,
                        dft_error *err)
{
    return desc_adhesion_of(energy[SUBSTRATE], energy[FILM], energy[INTERFACE], self->out->area,
                            self->out->gamma.gamma, out, err);
}

/* The three slabs at the best registry: rigid energies from their start, relaxed ones from their end. */
static dft_status solve_parts(adhesion_run *self, dft_crystal **interface, dft_error *err)
{
    static const char *const label[3] = { "interface", "substrate", "film" };
    flow_adhesion_result *out = self->out;
    dft_crystal *crystal[3] = { NULL };
    flow_settled settled[3] = { { 0 } };
    double rigid[3] = { NAN, NAN, NAN }, relaxed[3] = { NAN, NAN, NAN };
    int all_start = 1, all_end = 1;
    dft_status status = moved(self, out->gap - self->first_gap, out->shift, &crystal[INTERFACE], err);

    if (status == DFT_OK)
        status = part(crystal[INTERFACE], 0, out->n_substrate, &crystal[SUBSTRATE], err);
    if (status == DFT_OK)
        status = part(crystal[INTERFACE], out->n_substrate, out->n_film, &crystal[FILM], err);
    for (size_t s = 0; s < 3 && status == DFT_OK; s++) {
        status = settle_part(self, crystal[s], s, label[s], &settled[s], err);
        all_start = all_start && settled[s].start_converged;
        all_end = all_end && settled[s].converged;
        rigid[s] = settled[s].start_energy;
        relaxed[s] = settled[s].energy;
    }
    if (status == DFT_OK && all_start) {
        status = judge(self, rigid, &out->rigid, err);
        out->has_rigid = status == DFT_OK;
    }
    if (status == DFT_OK && all_end && self->options->settle.relax) {
        status = judge(self, relaxed, &out->relaxed, err);
        out->has_relaxed = status == DFT_OK;
        out->gap_relaxed = gap_of(self, settled[INTERFACE].crystal);
    }
    out->converged = out->n_used == out->n_planned      /* the lowest of some is not the lowest */
                  && (self->options->settle.relax ? out->has_relaxed : out->has_rigid);
    if (status == DFT_OK && interface && all_end) {
        *interface = settled[INTERFACE].crystal;
        settled[INTERFACE].crystal = NULL;
    }
    for (int s = 0; s < 3; s++) {
        flow_settled_clear(&settled[s]);
        dft_crystal_free(crystal[s]);
    }
    return status;
}

static dft_status solve_gamma(adhesion_run *self, dft_error *err)
{
    flow_surface_energy_options options = flow_surface_energy_defaults(self->out->face);

    options.n_layers = 2;
    options.layers[0] = self->options->gamma_layers[0];
    options.layers[1] = self->options->gamma_layers[1];
    options.vacuum = self->options->vacuum;
    options.settle = self->options->settle;
    return flow_surface_energy_run(self->film, self->source, &options, &self->out->gamma, err);
}

dft_status flow_adhesion_run(const dft_crystal *substrate, const dft_crystal *film,
                             const flow_evaluator_source *source, const flow_adhesion_options *options,
                             flow_adhesion_result *out, dft_crystal **interface, dft_error *err)
{
    adhesion_run self = { .substrate = substrate, .film = film, .source = source, .options = options,
                          .out = out };
    double energy = INFINITY;

    memset(out, 0, sizeof *out);
    out->gap = out->gap_relaxed = out->registry_spread = out->gamma.gamma = NAN;
    if (interface)
        *interface = NULL;
    if (options->registries < 1 || !(options->gap_step > 0.0) || options->most_gaps < 3)
        return dft_fail(err, DFT_EINPUT, "adhesion: %d registries, %d separations: at least 1 and 3, and a "
                        "positive step", options->registries, options->most_gaps);
    dft_status status = choose_cell(&self, err);
    if (status == DFT_OK)
        status = build(&self, err);
    if (status == DFT_OK)
        status = scan_registries(&self, &energy, err);
    if (status == DFT_OK && energy < INFINITY && options->gamma_layers[0] > 0)
        status = solve_gamma(&self, err);
    if (status == DFT_OK && energy < INFINITY)
        status = solve_parts(&self, interface, err);
    if (status == DFT_OK && options->gamma_layers[0] > 0 && out->converged && !out->gamma.converged) {
        out->converged = 0;
        snprintf(out->message, sizeof out->message, "surface energy of the film: %.240s",
                 out->gamma.message);
    }
    if (self.open)
        source->close(source->context, &self.evaluator);
    free(self.fixed);
    dft_crystal_free(self.built);
    dft_crystal_free(self.film_slab);
    return status;
}
