#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/file.h"
#include "dft-lite/base/stop.h"
#include "dft-lite/base/units.h"
#include "dft-lite/crystal/elements.h"
#include "results/record.h"
#include "screen/calc_relax.h"
#include "screen/calc_structure.h"
#include "screen/surface.h"
#include "screen/verbs.h"
#include "workflows/adatom.h"
#include "workflows/adsorb.h"
#include "workflows/eos.h"
#include "workflows/path_file.h"

#define BULK_SPACING_PER_ANG 0.2        /* no coarser than this: mu is compared with everything */
#define ATOM_BOX_ANG 12.0

typedef struct {
    screen_calc *calc;
    screen_calc_structure s;            /* owned */
    const char *symbol, *out_dir, *sites;
    int z, with_atom, bulk_as_given;
    double box_ang;
    screen_relax_progress progress;
    flow_adsorb_options options;
    json_t *references;                 /* owned */
    flow_relax_end end;                 /* of the references */
} adsorb;

static dft_status read_options(adsorb *self, dft_error *err)
{
    const screen_calc *calc = self->calc;
    const screen_command *c = calc->command;
    const char *atom = screen_option_value(c, "atom-reference");
    const char *bulk = screen_option_value(c, "bulk-lattice");
    const char *path = screen_option_value(c, "adatom-path");
    dft_status status = screen_relax_read(calc, &self->progress, &self->options.relax, err);

    self->symbol = screen_option_value(c, "adsorbate") ? screen_option_value(c, "adsorbate") : "Li";
    self->z = self->options.z = dft_element_number(self->symbol);
    self->out_dir = screen_option_value(c, "out-dir");
    self->sites = screen_option_value(c, "sites");
    self->with_atom = !atom || strcmp(atom, "on") == 0;
    self->bulk_as_given = bulk && strcmp(bulk, "as-given") == 0;
    if (status == DFT_OK && self->z == 0)
        status = dft_fail(err, DFT_EUSAGE, "--adsorbate=%.40s: an element such as Li", self->symbol);
    if (status == DFT_OK && atom && !self->with_atom && strcmp(atom, "off") != 0)
        status = dft_fail(err, DFT_EUSAGE, "--atom-reference=%.40s: on or off", atom);
    self->options.vertical = path && strcmp(path, "vertical") == 0;
    if (status == DFT_OK && path && !self->options.vertical && strcmp(path, "free") != 0)
        status = dft_fail(err, DFT_EUSAGE, "--adatom-path=%.40s: free or vertical", path);
    if (status == DFT_OK && bulk && !self->bulk_as_given && strcmp(bulk, "eos") != 0)
        status = dft_fail(err, DFT_EUSAGE, "--bulk-lattice=%.40s: eos or as-given", bulk);
    if (status == DFT_OK)
        status = screen_option_number(c, "atom-box-ang", 5.0, 40.0, &self->box_ang, err);
    if (status == DFT_OK && self->out_dir)
        status = dft_directory_make(self->out_dir, err);
    return status;
}

/* ---- references: same cutoff, data sets, functional, smearing ---- */

static dft_status bulk_options(const adsorb *self, flow_dftlite_options *options, dft_error *err)
{
    const screen_command *c = self->calc->command;
    double spacing = fmin(self->calc->spacing / DFT_BOHR_ANG, BULK_SPACING_PER_ANG);
    const dft_status status = screen_option_number(c, "bulk-k-spacing-per-ang", 0.01, 1.0, &spacing, err);

    *options = self->calc->scf.engine;
    options->k_spacing = spacing * DFT_BOHR_ANG;
    options->scf.dipole = 0;
    memset(options->scf.kshift, 0, sizeof options->scf.kshift);
    options->scf.n_moments = 0;         /* those of --moments by atom are the slab's */
    options->scf.moments = NULL;
    return status;
}

static void say_point(const char *label, double energy, void *context)
{
    const adsorb *self = context;

    fprintf(self->calc->app->progress, "bulk %s  %s  E = %.6f eV\n", self->symbol, label,
            energy * DFT_HARTREE_EV);
}

static dft_status bulk_energy(adsorb *self, const flow_evaluator *evaluator, const dft_crystal *bulk,
                              json_t *out, dft_error *err)
{
    flow_eos_options options = flow_eos_defaults();
    flow_eos_result eos = { 0 };
    const double a = DFT_BOHR_ANG, n = (double)bulk->n_atoms;
    dft_status status = DFT_OK;

    options.on_point = say_point;
    options.context = self;
    if (self->bulk_as_given) {
        flow_evaluation e = { 0 };
        status = evaluator->evaluate(evaluator->context, bulk, 0, 0, &e, err);
        eos.end = e.converged ? FLOW_RELAXED : FLOW_RELAX_SCF;
        self->options.mu_bulk = status == DFT_OK && e.converged ? e.energy / n : NAN;
        json_object_set_new(out, "volume_ang3_per_atom",
                            res_number(dft_crystal_volume(bulk) * a * a * a / n));
    } else {
        status = flow_eos_run(evaluator, bulk, &options, &eos, err);
        self->options.mu_bulk = status == DFT_OK && eos.fit.inside ? eos.fit.energy / n : NAN;
        json_object_set_new(out, "volume_ang3_per_atom",
                            res_number(status == DFT_OK ? eos.fit.size * a * a * a / n : NAN));
        json_object_set_new(out, "b0_gpa", res_number(eos.fit.modulus * DFT_HA_PER_BOHR3_GPA));
        json_object_set_new(out, "fit_rms_mev", res_number(1e3 * eos.fit.rms * DFT_HARTREE_EV / n));
    }
    if (self->end == FLOW_RELAXED)
        self->end = eos.end;
    flow_eos_clear(&eos);
    return status;
}

static dft_status find_mu_bulk(adsorb *self, dft_error *err)
{
    const char *word = screen_option_value(self->calc->command, "bulk");
    json_t *out = json_object();
    flow_dftlite_options options;
    flow_evaluator evaluator;
    flow_dftlite *engine = NULL;
    dft_crystal *bulk = NULL;
    int is_sheet = 0;
    dft_status status = screen_calc_crystal(self->calc, word ? word : self->symbol, &is_sheet, &bulk,
                                            err);

    for (size_t a = 0; status == DFT_OK && a < bulk->n_atoms; a++)
        if (bulk->z[a] != self->z)
            status = dft_fail(err, DFT_EINPUT, "--bulk=%.100s holds other elements than %s: mu is that of the "
                              "element", word ? word : self->symbol, self->symbol);
    if (status == DFT_OK)
        status = bulk_options(self, &options, err);
    if (status == DFT_OK)
        status = screen_calc_open_with(self->calc, &options, &evaluator, &engine, err);
    if (status == DFT_OK)
        status = bulk_energy(self, &evaluator, bulk, out, err);
    json_object_set_new(out, "energy_ev_per_atom", res_number(self->options.mu_bulk * DFT_HARTREE_EV));
    json_object_set_new(out, "structure", json_string(word ? word : self->symbol));
    json_object_set_new(out, "lattice", json_string(self->bulk_as_given ? "as given" : "EOS minimum"));
    json_object_set_new(out, "settings", screen_calc_settings(engine, &options.scf));
    json_object_set_new(self->references, "bulk", out);
    dft_crystal_free(bulk);
    return status;
}

/* Spin-polarised, Gamma alone, in a cubic box. */
static dft_status find_mu_atom(adsorb *self, dft_error *err)
{
    const double box = self->box_ang / DFT_BOHR_ANG;
    const double lattice[3][3] = { { box, 0, 0 }, { 0, box, 0 }, { 0, 0, box } };
    const double position[1][3] = { { 0.5, 0.5, 0.5 } };
    flow_dftlite_options options = self->calc->scf.engine;
    flow_dftlite *engine = NULL;
    flow_evaluator evaluator;
    flow_evaluation e = { 0 };
    dft_crystal *atom = NULL;
    dft_status status = dft_crystal_create(lattice, 1, &self->z, position, &atom, err);

    options.k_spacing = 0.0;
    options.scf.spin = 1;
    options.scf.dipole = 0;
    options.scf.n_moments = 0;
    options.scf.moments = NULL;
    for (int i = 0; i < 3; i++) {
        options.scf.kmesh[i] = 1;
        options.scf.kshift[i] = 0;
    }
    options.moment_of = NULL;           /* Hund's first rule */
    if (status == DFT_OK)
        status = screen_calc_open_with(self->calc, &options, &evaluator, &engine, err);
    fprintf(self->calc->app->progress, "%s atom in a box of %g A\n", self->symbol, self->box_ang);
    if (status == DFT_OK)
        status = evaluator.evaluate(evaluator.context, atom, 0, 0, &e, err);
    self->options.mu_atom = status == DFT_OK && e.converged ? e.energy : NAN;
    if (status == DFT_OK && !e.converged && self->end == FLOW_RELAXED)
        self->end = FLOW_RELAX_SCF;
    json_object_set_new(self->references, "atom", json_pack("{s:o, s:o, s:o, s:o}",
        "energy_ev", res_number(self->options.mu_atom * DFT_HARTREE_EV),
        "box_ang", res_number(self->box_ang),
        "magnetic_moment", engine ? res_number(flow_dftlite_report_of(engine)->magnetic_moment)
                                  : json_null(),
        "settings", screen_calc_settings(engine, &options.scf)));
    dft_crystal_free(atom);
    return status;
}

/* ---- results ---- */

static json_t *site_json(const adsorb *self, const flow_adsorb_result *r, const flow_adsorbed *a)
{
    const int done = a->relaxed && a->relaxed->converged;
    const double ev = DFT_HARTREE_EV, ang = DFT_BOHR_ANG;

    return json_pack("{s:s, s:s, s:s, s:i, s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
                     "name", a->site.name, "label", a->site.label, "elements", a->site.elements,
                     "coordination", a->site.coordination,
                     "multiplicity", (json_int_t)a->site.multiplicity,
                     "binding_ev_vs_bulk", res_number(a->binding_bulk * ev),
                     "binding_ev_vs_atom", res_number(a->binding_atom * ev),
                     "height_ang", res_number(done ? a->end.height * ang : NAN),
                     "outcome", done ? json_string(flow_outcome_name(a->end.outcome)) : json_null(),
                     "final_site", done ? json_string(r->site[a->end.final_site].site.label)
                                        : json_null(),
                     "lateral_shift_ang", res_number(done ? a->end.shift * ang : NAN),
                     "largest_slab_move_ang", res_number(done ? a->end.largest_move * ang : NAN),
                     "relaxation", a->relaxed ? screen_relax_json(a->relaxed, self->s.periodic)
                                              : json_null());
}

static void fill(adsorb *self, const flow_adsorb_result *r)
{
    json_t *sites = json_array(), *out = self->calc->result;
    const int known = r->n_wanted > 0 && r->n_used == r->n_wanted;
    const flow_adsorbed *low = r->lowest < r->n_sites ? &r->site[r->lowest] : NULL;

    for (size_t i = 0; i < r->n_sites; i++)
        if (r->site[i].is_wanted)
            json_array_append_new(sites, site_json(self, r, &r->site[i]));
    json_object_set_new(out, "converged", json_boolean(known && self->end == FLOW_RELAXED));
    json_object_set_new(out, "sites", sites);
    json_object_set_new(out, "n_planned", json_integer((json_int_t)r->n_wanted));
    json_object_set_new(out, "n_distinct_sites", json_integer((json_int_t)r->n_sites));
    json_object_set_new(out, "n_used", json_integer((json_int_t)r->n_used));
    json_object_set_new(out, "lowest_site", low ? json_string(low->site.label) : json_null());
    json_object_set_new(out, "binding_ev_vs_bulk",
                        res_number(low ? low->binding_bulk * DFT_HARTREE_EV : NAN));
    json_object_set_new(out, "binding_ev_vs_atom",
                        res_number(low ? low->binding_atom * DFT_HARTREE_EV : NAN));
    json_object_set_new(out, "adatom_path", json_string(self->options.vertical ? "vertical" : "free"));
    json_object_set_new(out, "adsorbate", json_string(self->symbol));
    json_object_set_new(out, "coverage_ml", res_number(flow_adatom_coverage_ml(self->s.crystal)));
    json_object_set_new(out, "n_fixed_atoms", json_integer((json_int_t)self->s.n_fixed));
    json_object_set_new(out, "fixed_by", json_string(self->s.fixed_by));
    json_object_set_new(self->references, "clean_slab",
                        screen_relax_json(r->clean, self->s.periodic));
    json_object_set(out, "references", self->references);
}

/* What is known of the binding against the free atom, in words. */
static const char *against_atom(const flow_adsorbed *a, char *text, size_t size)
{
    if (isnan(a->binding_atom))
        return "not known against the atom";
    snprintf(text, size, "%.4f against the atom", a->binding_atom * DFT_HARTREE_EV);
    return text;
}

static void print(const adsorb *self, const flow_adsorb_result *r)
{
    FILE *out = self->calc->app->out;
    char text[64];

    if (!r->clean->converged)
        fprintf(out, "no result: clean slab: %s\n", r->clean->message);
    for (size_t i = 0; i < r->n_sites; i++) {
        const flow_adsorbed *a = &r->site[i];
        if (!a->is_wanted)
            continue;
        if (!a->relaxed || !a->relaxed->converged)
            fprintf(out, "%-24s no result: %s\n", a->site.label, a->relaxed ? a->relaxed->message
                                                                            : "not begun");
        else
            fprintf(out, "%-24s %9.4f eV against bulk, %s, height %7.4f A, %s%s%s\n", a->site.label,
                    a->binding_bulk * DFT_HARTREE_EV, against_atom(a, text, sizeof text),
                    a->end.height * DFT_BOHR_ANG, flow_outcome_name(a->end.outcome),
                    a->end.final_site == i ? "" : " to ",
                    a->end.final_site == i ? "" : r->site[a->end.final_site].site.label);
    }
}

/* ---- while it runs ---- */

static void on_begin(const char *label, void *context)
{
    adsorb *self = context;

    snprintf(self->progress.label, sizeof self->progress.label, "%s", label);
}

/* Is this one of the comma separated labels of --sites, or one of their names without elements (fcc)? */
static int wants(const cand_site *site, void *context)
{
    const adsorb *self = context;

    for (const char *p = self->sites; p && *p; p += strcspn(p, ","), p += *p == ',') {
        const size_t n = strcspn(p, ",");
        if ((strlen(site->label) == n && memcmp(p, site->label, n) == 0)
            || (strlen(site->name) == n && memcmp(p, site->name, n) == 0))
            return 1;
    }
    return 0;
}

/* Each structure as soon as it is there; "clean slab" as clean.extxyz.  What is fixed goes with it; a vertical adatom
 * is written free, for that is no property of the structure. */
static dft_status on_end(const char *label, const flow_relax_result *r, void *context, dft_error *err)
{
    const adsorb *self = context;
    char name[80], file[96], *path;
    unsigned char (*fixed)[3];
    dft_status status;

    if (!self->out_dir)
        return DFT_OK;
    snprintf(name, sizeof name, "%s", strcmp(label, "clean slab") == 0 ? "clean" : label);
    for (char *c = name; *c; c++)
        *c = isalnum((unsigned char)*c) ? *c : '-';
    snprintf(file, sizeof file, "%s.extxyz", name);
    path = dft_path_join(self->out_dir, file);
    fixed = dft_alloc(r->crystal->n_atoms, sizeof *fixed);
    status = path && fixed ? DFT_OK : dft_fail(err, DFT_ENOMEM, "%s: out of memory", self->out_dir);
    if (status == DFT_OK) {
        memcpy(fixed, self->s.fixed, self->s.crystal->n_atoms * sizeof *fixed);
        status = flow_relaxed_write(path, name, r, (const unsigned char (*)[3])fixed, err);
    }
    free(fixed);
    free(path);
    return status;
}

/* ---- the kind ---- */

static dft_status dry_run(adsorb *self, dft_error *err)
{
    cand_site *site = NULL;
    size_t n = 0, n_wanted = 0;
    char what[96];
    dft_status status = cand_sites_find(self->s.crystal, self->z, NULL, &site, &n, err);

    for (size_t i = 0; status == DFT_OK && i < n; i++)
        n_wanted += !self->sites || wants(&site[i], self);
    snprintf(what, sizeof what, "clean slab and %zu sites, each relaxed", n_wanted);
    if (status == DFT_OK)
        status = screen_calc_estimate(self->calc, self->s.crystal, self->s.periodic, what, err);
    free(site);
    return status;
}

static dft_status compute(adsorb *self, dft_error *err)
{
    flow_adsorb_result *result = NULL;
    flow_dftlite_options two_slots;
    flow_evaluator evaluator;
    dft_status status;

    self->calc->scf.engine.n_slots = 2;
    status = screen_calc_open(self->calc, self->s.crystal, self->s.periodic, &evaluator, NULL, err);
    two_slots = self->calc->scf.engine;
    two_slots.n_slots = 1;
    self->calc->scf.engine = two_slots;
    if (status == DFT_OK)
        status = find_mu_bulk(self, err);
    if (status == DFT_OK && self->with_atom && !dft_stop_requested())
        status = find_mu_atom(self, err);
    self->options.on_begin = on_begin;
    self->options.on_end = on_end;
    self->options.wants = self->sites ? wants : NULL;
    self->options.context = self;
    self->options.relax.fixed = (const unsigned char (*)[3])self->s.fixed;
    if (status == DFT_OK)
        status = flow_adsorb_run(&evaluator, self->s.crystal, &self->options, &result, err);
    if (status == DFT_OK) {
        if (self->end == FLOW_RELAXED)
            self->end = result->end;
        fill(self, result);
        print(self, result);
        self->calc->code = screen_relax_code(self->end);
    }
    flow_adsorb_free(result);
    return status;
}

static dft_status run(screen_calc *calc, dft_error *err)
{
    adsorb self = { .calc = calc, .box_ang = ATOM_BOX_ANG, .options = flow_adsorb_defaults(),
                    .references = json_object() };
    dft_status status = read_options(&self, err);

    if (status == DFT_OK)
        status = screen_calc_structure_read(calc, 1, 1, &self.s, err);
    if (status == DFT_OK && self.s.periodic[2])
        status = dft_fail(err, DFT_EINPUT, "%s has no surface: give --facet=HKL, or a slab with vacuum along c",
                          calc->command->word[0]);
    if (status == DFT_OK)
        status = calc->dry_run ? dry_run(&self, err) : compute(&self, err);
    json_decref(self.references);
    screen_calc_structure_clear(&self.s);
    return status;
}

static const screen_option options_of[] = {
    SCREEN_SURFACE_OPTIONS,
    SCREEN_FIXED_OPTION,
    SCREEN_RELAX_OPTIONS,
    { "adsorbate", "EL", "default Li", NULL },
    { "sites", "LABELS", "only these, comma separated: fcc:Al3 or all that are called fcc; the lowest of some sites is "
      "no binding energy of the surface, which is then left out; default all", NULL },
    { "adatom-path", "free|vertical", "vertical: over its site, height alone; default free", NULL },
    { "bulk", "FILE|ID", "whose energy per atom is mu; default the adsorbate's ambient phase", NULL },
    { "bulk-lattice", "eos|as-given", "at the minimum of its EOS (default) or as it is", NULL },
    { "bulk-k-spacing-per-ang", "X", "default the slab's, at most 0.2", NULL },
    { "atom-reference", "on|off", "the spin-polarised atom in a box too; default on", NULL },
    { "atom-box-ang", "X", "default 12", NULL },
    { "out-dir", "DIR", "the relaxed structures as extxyz, each as soon as it is there: clean, and one a "
      "site", NULL },
};

const screen_calc_kind screen_calc_adsorb = {
    "adsorb", "FILE|ID", "Lithium on every distinct site of a slab (--facet of a crystal), relaxed: binding "
    "energies.", 1, 1, sizeof options_of / sizeof *options_of, options_of, run
};
