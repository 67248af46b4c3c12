#include "screen/phase_react.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "descriptors/hull_read.h"
#include "descriptors/lithiation_data.h"
#include "dft-lite/base/alloc.h"
#include "dft-lite/base/file.h"
#include "dft-lite/crystal/elements.h"
#include "results/record.h"
#include "screen/gnuplot.h"

#define MAX_FREED 4

/* A metal that the reaction sets free, and what the guest does with it. */
typedef struct {
    char symbol[4];
    bool has_path;
    desc_lithiation_path path;
    desc_lithiation first;       /* where no hull knows the metal: a plateau, or nil */
} freed_metal;

typedef struct {
    const screen_phase_react_request *request;
    desc_formula host;
    int z_guest;
    desc_phase_data *data;       /* owned; NULL with energies of the user */
    desc_lithiation_path path;   /* owned */
    freed_metal freed[MAX_FREED];
    size_t n_freed;
} react_job;

/* ---- finding ---- */

static dft_status user_path(react_job *job, dft_error *err)
{
    dft_status status = desc_hull_read(job->request->energies_path, &job->path.hull, err);

    job->path.confidence = "";
    if (status == DFT_OK)
        status = desc_lithiation_check(job->path.hull, &job->host, job->z_guest, err);
    if (status == DFT_OK)
        status = desc_voltage_profile_compute(job->path.hull, &job->host, job->z_guest,
                                              &job->path.profile, err);
    return status;
}

static dft_status freed_find(react_job *job, const char *symbol, dft_error *err)
{
    freed_metal *metal = &job->freed[job->n_freed];
    const dft_status status = desc_lithiation_path_find(job->data, symbol, &metal->path, NULL);

    if (status == DFT_ENOMEM)
        return dft_fail(err, DFT_ENOMEM, "no memory for the reaction of %s", symbol);
    snprintf(metal->symbol, sizeof metal->symbol, "%s", symbol);
    metal->has_path = status == DFT_OK && metal->path.profile.n_steps > 0;
    desc_first_lithiation(job->data, symbol, &metal->first);
    job->n_freed++;
    return DFT_OK;
}

/* Elements among the last products: they meet the guest in a hull of their own, since conversions
 * and alloys seldom have energies of one kind. */
static dft_status freed_find_all(react_job *job, dft_error *err)
{
    const desc_voltage_profile *profile = &job->path.profile;
    dft_status status = DFT_OK;

    if (!job->data || profile->n_steps == 0 || job->host.n < 2)
        return DFT_OK;
    const desc_voltage_step *last = &profile->step[profile->n_steps - 1];
    for (size_t i = 0; i < last->n_shares && job->n_freed < MAX_FREED && status == DFT_OK; i++) {
        const desc_hull_entry *e = desc_hull_entry_at(job->path.hull, last->share[i].entry);
        if (e->formula.n == 1)
            status = freed_find(job, dft_element_symbol(e->formula.z[0]), err);
    }
    return status;
}

/* Metals that form no compound (Cu, Fe) or only a solution (Mg) have no hull, yet an answer. */
static dft_status metal_without_hull(react_job *job, dft_error *err)
{
    desc_lithiation first;

    desc_first_lithiation(job->data, job->request->formula, &first);
    if (job->host.n != 1 || first.origin == DESC_ORIGIN_MISSING)
        return DFT_EINPUT;                       /* the sentence is in err already */
    return freed_find(job, job->request->formula, err);
}

static dft_status job_find(const screen_app *app, react_job *job, dft_error *err)
{
    const char *guest = job->request->guest;
    dft_status status;

    job->z_guest = dft_element_number(guest);
    if (job->z_guest == 0)
        return dft_fail(err, DFT_EUSAGE, "--react=%.20s: an element is needed, such as Li", guest);
    status = desc_formula_parse(job->request->formula, &job->host, err);
    if (status != DFT_OK)
        return status;
    if (job->request->energies_path)
        return user_path(job, err);
    if (job->z_guest != 3)
        return dft_fail(err, DFT_EINPUT, "the collected energies are for lithium; --react=%.20s "
                        "needs --energies=FILE", guest);
    status = desc_phase_data_read(app->descriptors_dir, &job->data, err);
    if (status == DFT_OK)
        status = desc_lithiation_path_find(job->data, job->request->formula, &job->path, err);
    else
        return status;
    if (status == DFT_EINPUT)
        return metal_without_hull(job, err);
    return status == DFT_OK ? freed_find_all(job, err) : status;
}

static void job_clear(react_job *job)
{
    desc_lithiation_path_clear(&job->path);
    for (size_t i = 0; i < job->n_freed; i++)
        desc_lithiation_path_clear(&job->freed[i].path);
    desc_phase_data_free(job->data);
}

/* ---- printing ---- */

static const char *percent(double change, char *buffer, size_t size)
{
    if (isnan(change))
        snprintf(buffer, size, "-");
    else
        snprintf(buffer, size, "%+.0f %%", 100.0 * change);
    return buffer;
}

static void print_steps(FILE *out, const desc_lithiation_path *path, const char *guest)
{
    const desc_voltage_profile *p = &path->profile;
    const desc_hull_entry *host = desc_hull_entry_at(path->hull, p->host);
    char reaction[200], change[16];

    fprintf(out, "  %9s %9s %9s %9s  %s\n", "V", guest, "mAh/g", "volume", "reaction");
    for (size_t s = 0; s < p->n_steps; s++) {
        desc_reaction_text(&p->step[s].reaction, reaction, sizeof reaction);
        fprintf(out, "  %9.3f %9.3f %9.0f %9s  %s\n", p->step[s].voltage_v, p->step[s].n_guest,
                p->step[s].capacity_mah_per_g,
                percent(p->step[s].volume_ang3 / host->volume_ang3 - 1.0, change, sizeof change),
                reaction);
    }
    fprintf(out, "  mean %.3f V, theoretical capacity %.0f mAh/g, volume change %s\n",
            p->average_voltage_v, p->capacity_mah_per_g,
            percent(p->volume_change, change, sizeof change));
}

static void print_path(FILE *out, const char *name, const desc_lithiation_path *path,
                       const char *guest, bool say_gaps)
{
    const desc_voltage_profile *p = &path->profile;

    fprintf(out, "%s with %s (%s energies%s%s)", name, guest, desc_hull_label(path->hull),
            path->confidence[0] ? ", confidence " : "", path->confidence);
    if (p->host_above_hull_ev > DESC_HULL_TOLERANCE)
        fprintf(out, "; %s lies %.3f eV/atom above the hull", name, p->host_above_hull_ev);
    fprintf(out, "\n");
    if (p->n_steps == 0)
        fprintf(out, "  no reaction: nothing that %s can form is more stable\n", guest);
    else
        print_steps(out, path, guest);
    if (path->gaps[0] && say_gaps)
        fprintf(out, "  known phases without an energy of this kind, not in the profile: %s\n",
                path->gaps);
}

static void print_published(FILE *out, const react_job *job)
{
    size_t n = 0;
    const desc_published_voltage *p = job->data ? desc_published_voltages(job->data, &job->host, &n)
                                                : NULL;

    for (size_t i = 0; i < n; i++)
        fprintf(out, "  published: %g V, %s%s%s; %s\n", p[i].voltage_v, p[i].kind,
                p[i].note[0] ? "; " : "", p[i].note, p[i].source);
}

static void print_freed(FILE *out, const freed_metal *metal, const char *guest)
{
    if (metal->has_path)
        print_path(out, metal->symbol, &metal->path, guest, true);
    else if (metal->first.origin == DESC_ORIGIN_NONE)
        fprintf(out, "%s: forms no compound with %s\n", metal->symbol, guest);
    else if (isnan(metal->first.driving_ev))
        fprintf(out, "%s: unknown\n", metal->symbol);
    else
        fprintf(out, "%s: from %.3f V (%s; %s)\n", metal->symbol, metal->first.driving_ev,
                desc_origin_name(metal->first.origin), metal->first.product);
}

static void print_job(const screen_app *app, const react_job *job)
{
    if (job->path.hull)
        print_path(app->out, job->request->formula, &job->path, job->request->guest,
                   job->n_freed == 0);
    print_published(app->out, job);
    for (size_t i = 0; i < job->n_freed; i++) {
        fprintf(app->out, "%s", job->path.hull ? "then " : "");
        print_freed(app->out, &job->freed[i], job->request->guest);
    }
}

/* ---- JSON ---- */

static json_t *step_json(const desc_hull *hull, const desc_voltage_step *step)
{
    json_t *phases = json_array();
    char reaction[200];

    desc_reaction_text(&step->reaction, reaction, sizeof reaction);
    for (size_t i = 0; i < step->n_shares; i++)
        json_array_append_new(phases, json_pack(
            "{s:s, s:o}", "formula", desc_hull_entry_at(hull, step->share[i].entry)->name,
            "amount", res_number(step->share[i].amount)));
    return json_pack("{s:o, s:o, s:o, s:o, s:s, s:o}", "voltage_v", res_number(step->voltage_v),
                     "n_guest", res_number(step->n_guest),
                     "capacity_mah_per_g", res_number(step->capacity_mah_per_g),
                     "volume_ang3", res_number(step->volume_ang3), "reaction", reaction,
                     "phases", phases);
}

static json_t *path_json(const char *name, const char *guest, const desc_lithiation_path *path)
{
    const desc_voltage_profile *p = &path->profile;
    json_t *steps = json_array();
    char overall[200] = "";

    for (size_t s = 0; s < p->n_steps; s++)
        json_array_append_new(steps, step_json(path->hull, &p->step[s]));
    if (p->n_steps > 0)
        desc_reaction_text(&p->overall, overall, sizeof overall);
    return json_pack("{s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:s, s:s, s:s}",
                     "formula", name, "guest", guest, "energies", desc_hull_label(path->hull),
                     "confidence", path->confidence,
                     "host_above_hull_ev_per_atom", res_number(p->host_above_hull_ev),
                     "steps", steps, "average_voltage_v", res_number(p->average_voltage_v),
                     "capacity_mah_per_g", res_number(p->capacity_mah_per_g),
                     "volume_change", res_number(p->volume_change), "reaction", overall,
                     "phases_without_energy", path->gaps,
                     "source", desc_hull_entry_at(path->hull, p->host)->source);
}

static json_t *freed_json(const react_job *job, const freed_metal *metal)
{
    if (metal->has_path)
        return path_json(metal->symbol, job->request->guest, &metal->path);
    return json_pack("{s:s, s:s, s:o, s:s, s:s}", "formula", metal->symbol, "guest",
                     job->request->guest, "first_voltage_v", res_number(metal->first.driving_ev),
                     "origin", desc_origin_name(metal->first.origin), "product",
                     metal->first.product);
}

static json_t *published_json(const react_job *job)
{
    json_t *array = json_array();
    size_t n = 0;
    const desc_published_voltage *p = job->data ? desc_published_voltages(job->data, &job->host, &n)
                                                : NULL;

    for (size_t i = 0; i < n; i++)
        json_array_append_new(array, json_pack(
            "{s:f, s:s, s:s, s:s, s:s}", "voltage_v", p[i].voltage_v, "kind", p[i].kind,
            "confidence", p[i].confidence, "note", p[i].note, "source", p[i].source));
    return array;
}

static dft_status write_json(const react_job *job, dft_error *err)
{
    json_t *root, *freed = json_array();
    char *text;
    dft_status status;

    for (size_t i = 0; i < job->n_freed && job->path.hull; i++)
        json_array_append_new(freed, freed_json(job, &job->freed[i]));
    root = job->path.hull ? path_json(job->request->formula, job->request->guest, &job->path)
                          : freed_json(job, &job->freed[0]);
    json_object_set_new(root, "set_free", freed);
    json_object_set_new(root, "published", published_json(job));
    text = root ? json_dumps(root, JSON_INDENT(1) | JSON_PRESERVE_ORDER) : NULL;
    status = text ? dft_file_write(job->request->json_path, text, strlen(text), err)
                  : dft_fail(err, DFT_ENOMEM, "%s: no memory", job->request->json_path);
    free(text);
    json_decref(root);
    return status;
}

/* ---- plot ---- */

/* Plateaus as a line of steps, capacity against voltage. */
static void plot_path(FILE *script, const char *block, const desc_lithiation_path *path,
                      double begin, double scale)
{
    double at = begin;

    fprintf(script, "$%s << EOD\n", block);
    for (size_t s = 0; s < path->profile.n_steps; s++) {
        const desc_voltage_step *step = &path->profile.step[s];
        fprintf(script, "%.9g %.9g\n", at, step->voltage_v);
        at = begin + scale * step->capacity_mah_per_g;
        fprintf(script, "%.9g %.9g\n", at, step->voltage_v);
    }
    fprintf(script, "%.9g 0\nEOD\n", at);
}

/* Atoms of an element per formula unit of the host. */
static double freed_per_host(const react_job *job, const freed_metal *metal)
{
    return desc_formula_count(&job->host, dft_element_number(metal->symbol));
}

static void plot_script(FILE *script, const react_job *job)
{
    const double begin = job->path.profile.capacity_mah_per_g;

    fprintf(script, "set xlabel 'capacity (mAh per g of %s)' noenhanced\n"
            "set ylabel 'V against %s'\nset yrange [0:*]\nset xrange [0:*]\nset grid\n",
            job->request->formula, job->request->guest);
    plot_path(script, "host", &job->path, 0.0, 1.0);
    for (size_t i = 0; i < job->n_freed; i++) {
        const freed_metal *metal = &job->freed[i];
        const int z = dft_element_number(metal->symbol);
        char block[32];
        if (!metal->has_path)
            continue;
        snprintf(block, sizeof block, "freed%zu", i);
        plot_path(script, block, &metal->path, begin, freed_per_host(job, metal)
                  * dft_element_mass_u(z) / desc_formula_mass_u(&job->host));
    }
    fprintf(script, "plot $host with lines linewidth 2 title '%s (%s)' noenhanced",
            job->request->formula, desc_hull_label(job->path.hull));
    for (size_t i = 0; i < job->n_freed; i++)
        if (job->freed[i].has_path)
            fprintf(script, ", $freed%zu with lines linewidth 2 title 'then %s (%s)' noenhanced", i,
                    job->freed[i].symbol, desc_hull_label(job->freed[i].path.hull));
    fprintf(script, "\n");
}

static dft_status write_plot(const react_job *job, dft_error *err)
{
    const char *path = job->request->plot_path;
    FILE *script;
    dft_status status;

    if (!job->path.hull || job->path.profile.n_steps == 0)
        return dft_fail(err, DFT_EINPUT, "%s and %s have no voltage profile to plot",
                        job->request->formula, job->request->guest);
    status = screen_gnuplot_open(path, 720, 480, &script, err);
    if (status != DFT_OK)
        return status;
    plot_script(script, job);
    return screen_gnuplot_close(path, script, err);
}

dft_status screen_phase_react(const screen_app *app, const screen_phase_react_request *request,
                              dft_error *err)
{
    react_job *job = dft_alloc(1, sizeof *job);
    dft_status status;

    if (!job)
        return dft_fail(err, DFT_ENOMEM, "no memory for a reaction");
    job->request = request;
    status = job_find(app, job, err);
    if (status == DFT_OK)
        print_job(app, job);
    if (status == DFT_OK && request->json_path)
        status = write_json(job, err);
    if (status == DFT_OK && request->plot_path)
        status = write_plot(job, err);
    job_clear(job);
    free(job);
    return status;
}
