#include "workflows/adatom.h"

#include "candidates/layer.h"
#include "dft-lite/base/alloc.h"
#include "tests/workflows/lj_slab.h"

#define SLAB_ATOMS (LJ_ATOMS - 1)

static dft_crystal *clean(void)
{
    static const double u[2] = { 0.0, 0.0 };
    dft_crystal *with = lj_slab(u), *out = NULL;

    assert_int_equal(dft_crystal_create((const double (*)[3])with->lattice, SLAB_ATOMS, with->z,
                                        (const double (*)[3])with->position, &out, NULL), DFT_OK);
    dft_crystal_free(with);
    return out;
}

static cand_site find(const dft_crystal *slab, const char *name)
{
    cand_site *site = NULL, out = { .name = "" };
    size_t n;

    assert_int_equal(cand_sites_find(slab, 3, NULL, &site, &n, NULL), DFT_OK);
    for (size_t i = 0; i < n; i++)
        if (strcmp(site[i].name, name) == 0)
            out = site[i];
    free(site);
    assert_string_equal(out.name, name);
    return out;
}

static flow_drag_options tight(void)
{
    flow_drag_options o = flow_drag_defaults();
    o.fmax = 1e-4 * EV / ANG;
    return o;
}

/* The energy is that of the crystal relaxed by hand in lj_slab.h. */
static void an_adatom_relaxes_on_its_site(void **unused)
{
    static const double u[2] = { 2.0 / 3.0, 2.0 / 3.0 };
    const flow_evaluator lj = lj_evaluator(NULL);
    const flow_drag_options options = tight();
    dft_crystal *slab = clean(), *there = lj_relaxed(u);
    const cand_site site = find(slab, "fcc");
    double force[LJ_ATOMS][3];
    flow_evaluation e = { .force = force };
    flow_adatom adatom;
    (void)unused;

    assert_int_equal(flow_adatom_relax(&lj, slab, 3, &site, lj_fixed, &options, &adatom, NULL),
                     DFT_OK);
    assert_int_equal(lj.evaluate(NULL, there, FLOW_WANT_FORCES, 0, &e, NULL), DFT_OK);
    assert_int_equal(adatom.outcome, FLOW_ADATOM_KEPT);
    assert_close(adatom.energy, e.energy, 1e-8);    /* (1e-4 eV/A)^2 over a soft spring */
    assert_close(adatom.shift, 0.0, 0.01);
    assert_true(adatom.height > 2.0 && adatom.height < LJ_SIGMA);
    flow_adatom_clear(&adatom);
    dft_crystal_free(there);
    dft_crystal_free(slab);
}

/* Every place of both sites, written in another cell: the same energy, with the adatom right there,
 * and forces as small as those of the one that was relaxed. */
static void carried_arrangements_are_equivalent(void **unused)
{
    const flow_evaluator lj = lj_evaluator(NULL);
    const flow_drag_options options = tight();
    dft_crystal *slab = clean();
    cand_layer *layer = NULL;
    double (*image)[2];
    (void)unused;

    assert_int_equal(cand_layer_create(slab, CAND_LAYER_TOLERANCE, &layer, NULL), DFT_OK);
    image = calloc(layer->n_ops, sizeof *image);
    for (int k = 0; k < 2; k++) {
        const cand_site site = find(slab, k == 0 ? "fcc" : "hcp");
        flow_adatom adatom;
        assert_int_equal(flow_adatom_relax(&lj, slab, 3, &site, lj_fixed, &options, &adatom, NULL),
                         DFT_OK);
        const size_t n = cand_layer_images(layer, site.frac, 0.3, image);
        assert_int_equal(n, 4);
        for (size_t p = 0; p < n; p++) {
            const double u[2] = { image[p][0] + 1.0, image[p][1] - 2.0 };
            double force[LJ_ATOMS][3];
            flow_evaluation e = { .force = force };
            dft_crystal *there = NULL;
            assert_int_equal(flow_adatom_carry(&adatom, slab, u, &there, NULL), DFT_OK);
            assert_non_null(there);
            assert_int_equal(lj.evaluate(NULL, there, FLOW_WANT_FORCES, 0, &e, NULL), DFT_OK);
            assert_close(e.energy, adatom.energy, 1e-12);       /* rounding of the sums */
            for (int a = 0; a < LJ_ATOMS; a++)
                for (int c = 0; c < 3 && !lj_fixed[a][c]; c++)
                    assert_true(fabs(force[a][c]) < options.fmax);
            assert_close(there->position[SLAB_ATOMS][0], u[0], 1e-3);
            assert_close(there->position[SLAB_ATOMS][1], u[1], 1e-3);
            dft_crystal_free(there);
        }
        flow_adatom_clear(&adatom);
    }
    free(image);
    cand_layer_free(layer);
    dft_crystal_free(slab);
}

static void a_place_of_another_site_is_nowhere(void **unused)
{
    const flow_evaluator lj = lj_evaluator(NULL);
    const flow_drag_options options = tight();
    dft_crystal *slab = clean(), *there = NULL;
    const cand_site site = find(slab, "fcc"), other = find(slab, "hcp");
    flow_adatom adatom;
    (void)unused;

    assert_int_equal(flow_adatom_relax(&lj, slab, 3, &site, lj_fixed, &options, &adatom, NULL),
                     DFT_OK);
    assert_int_equal(flow_adatom_carry(&adatom, slab, other.frac, &there, NULL), DFT_OK);
    assert_null(there);
    flow_adatom_clear(&adatom);
    dft_crystal_free(slab);
}

/* ---- what becomes of it ---- */

typedef struct {
    int axis;                       /* pulls the adatom along x (0) or down (2), as far as `far` */
    double far;
    double start[3];
    int has_start;
} pull;

static dft_status pull_evaluate(void *context, const dft_crystal *crystal, int want, size_t slot,
                                flow_evaluation *out, dft_error *err)
{
    pull *p = context;
    double r[3];
    (void)slot;
    (void)err;

    dft_crystal_cartesian((const double (*)[3])crystal->lattice, crystal->position[SLAB_ATOMS], r);
    if (!p->has_start)
        memcpy(p->start, r, sizeof r);
    p->has_start = 1;
    const double target = p->start[p->axis] + p->far, d = r[p->axis] - target;
    out->converged = 1;
    out->energy = out->free_energy = 0.01 * d * d;
    if (want & FLOW_WANT_FORCES) {
        memset(out->force, 0, crystal->n_atoms * sizeof *out->force);
        out->force[SLAB_ATOMS][p->axis] = -0.02 * d;
    }
    return DFT_OK;
}

static flow_adatom_outcome pulled(int axis, double far, int max_iterations)
{
    pull p = { .axis = axis, .far = far };
    const flow_evaluator evaluator = { "pull", pull_evaluate, &p };
    flow_drag_options options = tight();
    dft_crystal *slab = clean();
    const cand_site site = find(slab, "fcc");
    flow_adatom adatom;

    options.max_iterations = max_iterations;
    assert_int_equal(
        flow_adatom_relax(&evaluator, slab, 3, &site, lj_fixed, &options, &adatom, NULL), DFT_OK);
    assert_int_equal(isnan(adatom.energy), adatom.outcome == FLOW_ADATOM_UNCONVERGED);
    const flow_adatom_outcome outcome = adatom.outcome;
    flow_adatom_clear(&adatom);
    dft_crystal_free(slab);
    return outcome;
}

static void adatoms_that_leave_or_sink_are_told_apart(void **unused)
{
    (void)unused;
    assert_int_equal(pulled(0, 0.5, 200), FLOW_ADATOM_KEPT);
    assert_int_equal(pulled(0, 3.0, 200), FLOW_ADATOM_MOVED);
    assert_int_equal(pulled(2, -7.0, 200), FLOW_ADATOM_SANK);
    assert_int_equal(pulled(2, -7.0, 3), FLOW_ADATOM_UNCONVERGED);
    assert_string_equal(flow_adatom_outcome_name(FLOW_ADATOM_SANK), "sank");
}

static void refused_memory_is_reported(void **unused)
{
    const flow_evaluator lj = lj_evaluator(NULL);
    const flow_drag_options options = flow_drag_defaults();
    dft_crystal *slab = clean();
    const cand_site site = find(slab, "fcc");
    dft_status status = DFT_ENOMEM;
    (void)unused;

    for (long k = 1; status != DFT_OK && k < 200; k++) {
        flow_adatom adatom = { 0 };
        dft_crystal *there = NULL;
        dft_alloc_refuse_nth(k);
        status = flow_adatom_relax(&lj, slab, 3, &site, lj_fixed, &options, &adatom, NULL);
        if (status == DFT_OK)
            status = flow_adatom_carry(&adatom, slab, site.frac, &there, NULL);
        dft_alloc_refuse_nth(0);
        assert_true(status == DFT_OK || status == DFT_ENOMEM);
        dft_crystal_free(there);
        flow_adatom_clear(&adatom);
    }
    dft_crystal_free(slab);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_adatom_relaxes_on_its_site),
        cmocka_unit_test(carried_arrangements_are_equivalent),
        cmocka_unit_test(a_place_of_another_site_is_nowhere),
        cmocka_unit_test(adatoms_that_leave_or_sink_are_told_apart),
        cmocka_unit_test(refused_memory_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
