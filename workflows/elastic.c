#include "workflows/elastic.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "candidates/layer.h"
#include "dft-lite/base/alloc.h"
#include "dft-lite/crystal/symmetry.h"
#include "workflows/strain.h"

#define BASIS_STEP 0.06             /* scale of the cell whose basis is tried: 12 % of the cutoff */

enum { CLAMPED, RELAXED, N_IONS };

typedef struct {
    const flow_evaluator *evaluator;        /* borrowed */
    const flow_elastic_options *options;    /* borrowed */
    flow_elastic_result *out;               /* borrowed */
    dft_crystal *reference;                 /* owned */
    size_t n_ops;
    double (*op)[3][3];                     /* owned, in the working axes */
    double axes[3][3];                      /* rows: working axes in the crystal's Cartesian ones */
    desc_elastic_space space;
    int both;                               /* relaxed-ion stresses are measured too */
    int failed[N_IONS];
    double slope[N_IONS][2][6][6];          /* [ions][amplitude][pattern]: dS/d(length of pattern) */
    double free_energy;                     /* of the reference state */
    size_t n_done;
} elastic_run;

flow_elastic_options flow_elastic_defaults(void)
{
    return (flow_elastic_options){ .amplitude = 0.005, .relaxed_ions = 1, .symmetry_tolerance = 1e-3,
                                   .settle = flow_settle_defaults() };
}

static void fail(elastic_run *self, int ions, const char *label, const flow_settled *why)
{
    self->failed[ions] = 1;
    if (self->out->message[0] != '\0')
        return;
    self->out->ionic = why->ionic;
    snprintf(self->out->message, sizeof self->out->message, "%s: %.240s", label, why->message);
}

/* The stress of a crystal with its ions as they are, or at rest. */
static dft_status evaluate(elastic_run *self, const dft_crystal *crystal, int relax, flow_settled *out,
                           dft_error *err)
{
    flow_settle_options options = self->options->settle;

    options.relax = relax;
    options.fixed = NULL;
    options.want_stress = 1;
    return flow_settle(crystal, self->evaluator, &options, out, err);
}

/* The sheet's axes: x along a1, z along the normal. */
static dft_status find_working_axes(elastic_run *self, dft_error *err)
{
    cand_layer *layer = NULL;

    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++)
            self->axes[i][j] = i == j;
    if (!self->options->sheet)
        return DFT_OK;
    const dft_status status = cand_layer_create(self->reference, CAND_LAYER_TOLERANCE, &layer, err);
    if (status != DFT_OK)
        return status;
    memcpy(self->axes, layer->axis, sizeof self->axes);
    const double (*lattice)[3] = (const double (*)[3])self->reference->lattice;
    self->out->height = fabs(lattice[2][0] * self->axes[2][0] + lattice[2][1] * self->axes[2][1]
                             + lattice[2][2] * self->axes[2][2]);
    cand_layer_free(layer);
    return DFT_OK;
}

static int keeps_normal(const double r[3][3])
{
    return fabs(fabs(r[2][2]) - 1.0) < 1e-3;
}

static int is_inversion(const dft_symop *op)
{
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++)
            if (op->rotation[i][j] != -(i == j))
                return 0;
    return 1;
}

/* Is every atom a centre of inversion?  Then a homogeneous strain leaves no force on any. */
static int ions_fixed(const dft_symmetry *symmetry)
{
    for (size_t a = 0; a < symmetry->n_atoms; a++) {
        int centre = 0;
        for (size_t o = 0; o < symmetry->n_ops && !centre; o++)
            centre = symmetry->atom_map[o * symmetry->n_atoms + a] == a && is_inversion(&symmetry->op[o]);
        if (!centre)
            return 0;
    }
    return 1;
}

/* Operations as matrices in the working axes, those of a sheet that keep its normal. */
static dft_status find_operations(elastic_run *self, dft_error *err)
{
    dft_symmetry *symmetry = NULL;
    dft_status status = dft_symmetry_create(self->reference, self->options->symmetry_tolerance, &symmetry,
                                            err);

    if (status != DFT_OK)
        return status;
    self->op = dft_alloc(symmetry->n_ops, sizeof *self->op);
    if (!self->op)
        status = dft_fail(err, DFT_ENOMEM, "no memory for %zu operations", symmetry->n_ops);
    for (size_t o = 0; o < symmetry->n_ops && status == DFT_OK; o++) {
        double r[3][3], turned[3][3] = { { 0.0 } };
        dft_symop_cartesian(&symmetry->op[o], (const double (*)[3])self->reference->lattice, r);
        for (int i = 0; i < 3; i++)
            for (int j = 0; j < 3; j++)
                for (int k = 0; k < 3; k++)
                    for (int l = 0; l < 3; l++)
                        turned[i][j] += self->axes[i][k] * r[k][l] * self->axes[j][l];
        if (!self->options->sheet || keeps_normal((const double (*)[3])turned))
            memcpy(self->op[self->n_ops++], turned, sizeof turned);
    }
    self->out->ions_fixed_by_symmetry = ions_fixed(symmetry);
    dft_symmetry_free(symmetry);
    return status;
}

static dft_status choose_strains(elastic_run *self, dft_error *err)
{
    static const int bulk[6] = DESC_ALL_STRAINS, sheet[6] = DESC_SHEET_STRAINS;
    const double (*op)[3][3] = (const double (*)[3][3])self->op;
    const double unit[3][3] = { { 1, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 } };
    flow_elastic_result *out = self->out;
    double lattice[3][3] = { { 0.0 } };

    for (int i = 0; i < 3; i++)
        for (int c = 0; c < 3; c++)
            for (int k = 0; k < 3; k++)
                lattice[i][c] += self->axes[c][k] * self->reference->lattice[i][k];
    dft_status status = desc_laue_find(self->n_ops, op, (const double (*)[3])lattice, &out->laue, err);
    if (status == DFT_OK)
        status = desc_elastic_space_find(self->n_ops, op, self->options->sheet ? sheet : bulk,
                                         &self->space, err);
    if (status == DFT_OK)
        status = desc_strain_set_choose(&self->space, self->n_ops, op, self->options->sheet ? unit
                                        : (const double (*)[3])out->laue.axes, &out->set, err);
    out->n_constants = self->space.n;
    for (int p = 0; p < out->set.n && status == DFT_OK; p++)
        out->n_planned += (size_t)((out->set.pattern[p].reversible ? 1 : 2)
                                   * (self->options->two_amplitudes ? 2 : 1));
    return status;
}

/* The file's crystal, relaxed where its forces ask for that. */
static dft_status prepare_reference(elastic_run *self, int *usable, dft_error *err)
{
    flow_elastic_result *out = self->out;
    flow_settled e;
    const dft_status status = evaluate(self, self->reference, self->options->relaxed_ions, &e, err);

    *usable = 0;
    if (status != DFT_OK)
        return status;
    if (e.converged) {
        dft_crystal_free(self->reference);
        self->reference = e.crystal;
        e.crystal = NULL;
        *usable = 1;
        out->reference_relaxed = e.moved;
        out->reference_force = e.force;
        self->free_energy = e.free_energy;
        memcpy(out->residual_stress, e.stress, sizeof out->residual_stress);
    } else {
        fail(self, CLAMPED, "reference state", &e);
        fail(self, RELAXED, "reference state", &e);
    }
    flow_settled_clear(&e);
    return DFT_OK;
}

/* The stretch of a strain given in the working axes, in the crystal's: A^T F A. */
static void stretch_in_crystal(const elastic_run *self, const double f[3][3], double out[3][3])
{
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++) {
            out[i][j] = 0.0;
            for (int k = 0; k < 3; k++)
                for (int l = 0; l < 3; l++)
                    out[i][j] += self->axes[k][i] * f[k][l] * self->axes[l][j];
        }
}

static void keep_stress(const elastic_run *self, const double f[3][3], const double stress[6],
                        double s[6])
{
    double turned[6];

    flow_strain_turn_stress(self->axes, stress, turned);
    flow_strain_pull_back(f, turned, s);
}

/* Second Piola-Kirchhoff stresses at one strain, [ions][6], in the working axes: the ions as they are,
 * and at rest. */
static dft_status measure(elastic_run *self, const double eta[6], const char *label, double s[N_IONS][6],
                          dft_error *err)
{
    double f[3][3], f_crystal[3][3];
    dft_crystal *strained = NULL;
    flow_settled e = { 0 };

    flow_strain_stretch(eta, f);
    stretch_in_crystal(self, (const double (*)[3])f, f_crystal);
    dft_status status = flow_strain_apply(self->reference, (const double (*)[3])f_crystal, &strained, err);
    if (status == DFT_OK)
        status = evaluate(self, strained, self->both && !self->failed[RELAXED], &e, err);
    dft_crystal_free(strained);
    if (status != DFT_OK)
        return status;
    if (e.start_converged)
        keep_stress(self, (const double (*)[3])f, e.start_stress, s[CLAMPED]);
    else
        fail(self, CLAMPED, label, &e);
    if (e.converged)
        keep_stress(self, (const double (*)[3])f, e.stress, s[RELAXED]);
    else
        fail(self, RELAXED, label, &e);
    self->n_done += e.converged != 0;
    flow_settled_clear(&e);
    if (self->options->on_stress)
        self->options->on_stress(self->options->context, label, self->n_done, self->out->n_planned);
    return DFT_OK;
}

/* Central difference for one strain; where an operation reverses it, S(-eta) = R S(eta) R^T. */
static dft_status difference(elastic_run *self, int pattern, int amplitude, dft_error *err)
{
    const desc_strain_pattern *p = &self->out->set.pattern[pattern];
    const double h = self->options->amplitude * (amplitude + 1);
    double s[2][N_IONS][6];
    dft_status status = DFT_OK;

    for (int sign = 0; sign < (p->reversible ? 1 : 2) && status == DFT_OK; sign++) {
        double eta[6];
        char label[64];
        for (int i = 0; i < 6; i++)
            eta[i] = (sign ? -h : h) * p->strain[i];
        snprintf(label, sizeof label, "strain %d of %d, %+g", pattern + 1, self->out->set.n,
                 sign ? -h : h);
        status = measure(self, eta, label, s[sign], err);
        if (self->failed[CLAMPED])
            return status;
    }
    for (int ions = 0; ions < N_IONS && status == DFT_OK; ions++) {
        if (self->failed[ions])
            continue;
        if (p->reversible)
            flow_strain_turn_stress((const double (*)[3])self->op[p->sign_op], s[0][ions], s[1][ions]);
        for (int i = 0; i < 6; i++)
            self->slope[ions][amplitude][pattern][i] = (s[0][ions][i] - s[1][ions][i]) / (2.0 * h);
    }
    return status;
}

/* Fits one amplitude or extrapolates two: the error of the slope goes as h^2, so C = (4 C_h - C_2h)/3. */
static dft_status fit(const elastic_run *self, int ions, desc_elastic_fit_result *out, dft_error *err)
{
    double strain[6][6];
    desc_elastic_fit_result wide;
    const size_t n = (size_t)self->out->set.n;

    for (size_t p = 0; p < n; p++)
        memcpy(strain[p], self->out->set.pattern[p].strain, sizeof strain[p]);
    dft_status status = desc_elastic_fit(&self->space, n, (const double (*)[6])strain,
                                         (const double (*)[6])self->slope[ions][0], out, err);
    if (status != DFT_OK || !self->options->two_amplitudes)
        return status;
    status = desc_elastic_fit(&self->space, n, (const double (*)[6])strain,
                              (const double (*)[6])self->slope[ions][1], &wide, err);
    for (int i = 0; i < 6 && status == DFT_OK; i++)
        for (int j = 0; j < 6; j++) {
            const double correction = (out->c[i][j] - wide.c[i][j]) / 3.0;
            out->c[i][j] += correction;
            out->error[i][j] = fmax(out->error[i][j], 0.5 * fabs(correction));
        }
    return status;
}

/* A sheet's numbers: stresses times the cell's height. */
static dft_status judge_sheet(flow_elastic_tensor *t, dft_error *err)
{
    static const int at[3] = { 0, 1, 5 };
    double c[3][3];
    dft_error ignored;

    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++)
            c[i][j] = t->c[at[i]][at[j]];
    const dft_status status = desc_sheet_moduli((const double (*)[3])c, &t->sheet, &ignored);
    if (status != DFT_OK && status != DFT_EINPUT)
        return dft_fail(err, status, "%s", ignored.message);
    t->stable = t->has_moduli = status == DFT_OK;
    t->eigenvalue[0] = status == DFT_OK ? t->sheet.least_eigenvalue : NAN;
    t->born = -1;
    return DFT_OK;
}

static dft_status judge_bulk(const desc_laue *laue, flow_elastic_tensor *t, dft_error *err)
{
    desc_laue_standard(laue, (const double (*)[6])t->c, t->standard, t->standard_axes);
    dft_status status = desc_elastic_eigenvalues((const double (*)[6])t->c, t->eigenvalue, err);
    if (status != DFT_OK)
        return status;
    t->born = desc_laue_born(laue->laue, (const double (*)[6])t->standard);
    t->stable = t->eigenvalue[0] > 0.0;
    if (t->stable)
        status = desc_elastic_moduli((const double (*)[6])t->c, &t->moduli, err);
    t->has_moduli = t->stable && status == DFT_OK;
    return status;
}

static dft_status finish_tensor(const elastic_run *self, int ions, flow_elastic_tensor *t, dft_error *err)
{
    const double scale = self->options->sheet ? self->out->height : 1.0;
    desc_elastic_fit_result result;
    dft_status status = fit(self, ions, &result, err);

    if (status != DFT_OK)
        return status;
    for (int i = 0; i < 6; i++)
        for (int j = 0; j < 6; j++) {
            t->c_brugger[i][j] = scale * result.c[i][j];
            t->error[i][j] = scale * result.error[i][j];
        }
    t->rms = scale * result.rms;
    desc_elastic_under_stress((const double (*)[6])t->c_brugger, self->out->residual_stress, t->c,
                              &t->asymmetry);
    for (int i = 0; i < 6; i++)
        for (int j = 0; j < 6; j++)
            if (!self->space.active[i] || !self->space.active[j])
                t->c[i][j] = 0.0;
    t->known = 1;
    return self->options->sheet ? judge_sheet(t, err) : judge_bulk(&self->out->laue, t, err);
}

/* The reference's stress in the units and axes of the tensor, a sheet's without what acts across it. */
static void settle_residual(elastic_run *self)
{
    double turned[6];
    const double scale = self->options->sheet ? self->out->height : 1.0;

    flow_strain_turn_stress(self->axes, self->out->residual_stress, turned);
    for (int i = 0; i < 6; i++)
        self->out->residual_stress[i] = self->space.active[i] ? scale * turned[i] : 0.0;
}

static void hold_basis(const elastic_run *self, double scale)
{
    double lattice[3][3];

    for (int i = 0; i < 9; i++)
        lattice[i / 3][i % 3] = scale * self->reference->lattice[i / 3][i % 3];
    if (self->options->set_basis)
        self->options->set_basis(self->options->basis_context, (const double (*)[3])lattice);
}

/* A exp(-b E/Ecut) through the energies at cutoffs x = (1 +- d)^2 and 1: b from the ratio of their
 * differences, by bisection; a parabola would be ruled by the shells of vectors that come and go.  0: the
 * energy does not fall ever more slowly with the cutoff, as it does once noise is all there is. */
static int basis_decay(const double f[2], double f0, double *g1, double *g2)
{
    const double d = BASIS_STEP, up = 2.0 * d + d * d, down = 2.0 * d - d * d;
    const double ratio = (f[1] - f0) / (f0 - f[0]);
    double low = 1e-3, high = 100.0;

    if (!(f[1] > f0 && f0 > f[0] && ratio > 1.0))
        return 0;
    for (int i = 0; i < 60; i++) {
        const double b = 0.5 * (low + high);
        *(expm1(b * down) / -expm1(-b * up) < ratio ? &low : &high) = b;
    }
    const double a = (f[1] - f0) / expm1(low * down);
    *g1 = -low * a;
    *g2 = low * low * a;
    return 1;
}

/* The energy with the bases of cells scaled by 1 +- d, which reach Ecut (1 +- d)^2 in the cell at rest. */
static dft_status measure_basis(elastic_run *self, dft_error *err)
{
    const double unit = self->options->sheet ? self->out->height : 1.0;
    const double volume = dft_crystal_volume(self->reference), d = BASIS_STEP;
    double f[2], g1, g2;
    int usable = 1;
    dft_status status = DFT_OK;

    for (int i = 0; i < 2 && status == DFT_OK; i++) {
        flow_settled e = { 0 };
        hold_basis(self, i ? 1.0 - d : 1.0 + d);
        status = evaluate(self, self->reference, 0, &e, err);
        usable = usable && e.converged;
        f[i] = e.free_energy;
        flow_settled_clear(&e);
    }
    hold_basis(self, 1.0);
    if (status != DFT_OK || !usable || !basis_decay(f, self->free_energy, &g1, &g2))
        return status;
    self->out->pulay_stress = -unit * 2.0 / 3.0 * g1 / volume;
    self->out->basis_error = unit * (2.0 / 3.0 * g1 + 4.0 / 15.0 * g2) / volume;
    return DFT_OK;
}

static dft_status measure_all(elastic_run *self, dft_error *err)
{
    flow_elastic_result *out = self->out;
    dft_status status = DFT_OK;

    self->both = self->options->relaxed_ions && !out->ions_fixed_by_symmetry;
    settle_residual(self);
    if (self->options->set_basis)
        status = measure_basis(self, err);
    for (int a = 0; a < (self->options->two_amplitudes ? 2 : 1) && status == DFT_OK; a++)
        for (int p = 0; p < out->set.n && status == DFT_OK && !self->failed[CLAMPED]; p++)
            status = difference(self, p, a, err);
    out->n_used = self->n_done;
    if (status == DFT_OK && !self->failed[CLAMPED])
        status = finish_tensor(self, CLAMPED, &out->clamped, err);
    if (status == DFT_OK && self->options->relaxed_ions && !self->failed[RELAXED]) {
        if (self->both)
            status = finish_tensor(self, RELAXED, &out->relaxed, err);
        else
            out->relaxed = out->clamped;
    }
    out->converged = out->clamped.known && (!self->options->relaxed_ions || out->relaxed.known);
    return status;
}

dft_status flow_elastic_run(const dft_crystal *crystal, const flow_evaluator *evaluator,
                            const flow_elastic_options *options, flow_elastic_result *out,
                            dft_error *err)
{
    elastic_run self = { .evaluator = evaluator, .options = options, .out = out };
    int usable = 0;

    memset(out, 0, sizeof *out);
    out->amplitude = options->amplitude;
    out->pulay_stress = out->basis_error = NAN;
    if (!(options->amplitude > 0.0 && options->amplitude <= 0.05))
        return dft_fail(err, DFT_EINPUT, "strain amplitude %g: it must lie in 0..0.05 (0.005 is usual)",
                        options->amplitude);
    dft_status status = dft_crystal_create((const double (*)[3])crystal->lattice, crystal->n_atoms,
                                           crystal->z, (const double (*)[3])crystal->position,
                                           &self.reference, err);
    if (status == DFT_OK)
        hold_basis(&self, 1.0);
    if (status == DFT_OK)
        status = find_working_axes(&self, err);
    if (status == DFT_OK)
        status = prepare_reference(&self, &usable, err);
    if (status == DFT_OK && usable)
        status = find_operations(&self, err);
    if (status == DFT_OK && usable)
        status = choose_strains(&self, err);
    if (status == DFT_OK && usable)
        status = measure_all(&self, err);
    if (options->set_basis)
        options->set_basis(options->basis_context, NULL);
    dft_crystal_free(self.reference);
    free(self.op);
    return status;
}
