#include "tests/support/assert_close.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "candidates/slab.h"
#include "tests/workflows/pair_potential.h"
#include "workflows/adsorb.h"

/* Argon-like (100) slab, four layers in p(2x2), lithium bound to it by a Morse pair. */
static pair_potential potential(void)
{
    return (pair_potential){ .cutoff = 11.0, .n_rules = 3, .zero_width = 0.0, .rule = {
        { 18, 18, PAIR_LJ, 0.02, 4.5, 0.0 }, { 3, 3, PAIR_LJ, 1e-6, 4.0, 0.0 },
        { 3, 18, PAIR_MORSE, 0.01, 5.2, 0.6 } } };
}

static dft_crystal *slab(void)
{
    const int miller[3] = { 1, 0, 0 };
    dft_crystal *bulk = pair_fcc(1, 6.9, 18), *small = NULL, *out = NULL;

    assert_int_equal(cand_slab_create(bulk, miller, 4, 30.0, 0, &small, NULL, NULL), DFT_OK);
    assert_int_equal(cand_slab_repeat(small, 2, 2, &out, NULL), DFT_OK);
    dft_crystal_free(small);
    dft_crystal_free(bulk);
    return out;
}

static flow_adsorb_result *run(pair_potential *p, const dft_crystal *c, unsigned char (*fixed)[3])
{
    const flow_evaluator evaluator = pair_evaluator(p);
    flow_adsorb_options o = flow_adsorb_defaults();
    flow_adsorb_result *r = NULL;
    dft_error err = { DFT_OK, "" };

    o.relax.max_force = 1e-7;
    o.relax.energy_noise = 1e-13;
    o.relax.fixed = (const unsigned char (*)[3])fixed;
    o.mu_bulk = -0.05;
    if (flow_adsorb_run(&evaluator, c, &o, &r, &err) != DFT_OK)
        fail_msg("%s", err.message);
    return r;
}

static void every_site_gets_the_energy_of_its_own_two_relaxations(void **unused)
{
    pair_potential p = potential();
    dft_crystal *c = slab();
    unsigned char fixed[16][3] = { { 0 } };
    (void)unused;

    assert_int_equal(c->n_atoms, 16);
    assert_int_equal(flow_fix_planes(c, -1, fixed, NULL, NULL), DFT_OK);
    flow_adsorb_result *r = run(&p, c, fixed);
    assert_int_equal(r->end, FLOW_RELAXED);
    assert_int_equal(r->n_sites, 3);            /* ontop, bridge, hollow */
    assert_int_equal(r->n_used, 3);
    for (size_t i = 0; i < 3; i++) {
        const flow_adsorbed *a = &r->site[i];
        flow_evaluation e = { 0 };
        assert_true(a->relaxed->converged);
        assert_int_equal(a->end.outcome, FLOW_KEPT);
        pair_evaluate(&p, a->relaxed->crystal, 0, 0, &e, NULL);
        assert_close(a->binding_bulk, e.energy - r->clean->energy + 0.05, 1e-12);
        assert_true(isnan(a->binding_atom));    /* mu_atom was not given */
        for (size_t k = 0; k < 16; k++)         /* the lower half of slab and adatom's slab alike */
            if (fixed[k][0])
                assert_memory_equal(a->relaxed->crystal->position[k], c->position[k],
                                    sizeof c->position[k]);
    }
    assert_string_equal(r->site[r->lowest].site.name, "hollow");    /* four neighbours instead of one */
    flow_adsorb_free(r);
    dft_crystal_free(c);
}

/* One slab atom is off its place, so that nothing holds lithium over a site but the option. */
static void a_vertical_adatom_keeps_its_lateral_place(void **unused)
{
    pair_potential p = potential();
    dft_crystal *c = slab();
    const flow_evaluator evaluator = pair_evaluator(&p);
    flow_adsorb_options o = flow_adsorb_defaults();
    flow_adsorb_result *r = NULL;
    (void)unused;

    for (int k = 0; k < 2; k++)             /* no symmetry is left to hold it */
        c->position[15][k] += 0.01 * (k + 1);
    o.relax.max_force = 1e-5;
    o.relax.max_steps = 500;
    o.vertical = 1;
    assert_int_equal(flow_adsorb_run(&evaluator, c, &o, &r, NULL), DFT_OK);
    assert_true(r->n_sites >= 3);
    for (size_t i = 0; i < r->n_sites; i++) {
        assert_true(r->site[i].relaxed->converged);
        assert_close(r->site[i].end.shift, 0.0, 1e-6);
    }
    flow_adsorb_free(r);
    dft_crystal_free(c);
}

/* Evaluations are counted over the clean slab and the first site. */
static void a_site_that_fails_leaves_no_number_and_no_lowest(void **unused)
{
    pair_potential p = potential();
    dft_crystal *c = slab();
    (void)unused;

    flow_adsorb_result *all = run(&p, c, NULL);
    const int first = all->clean->n_evaluations + all->site[0].relaxed->n_evaluations;
    flow_adsorb_free(all);
    p.n_evaluations = 0;
    p.fails_from = first + 1;
    flow_adsorb_result *r = run(&p, c, NULL);
    assert_int_equal(r->end, FLOW_RELAX_SCF);
    assert_int_equal(r->n_used, 1);
    assert_int_equal(r->lowest, r->n_sites);
    assert_true(isfinite(r->site[0].binding_bulk));
    assert_true(isnan(r->site[1].binding_bulk) && isnan(r->site[2].binding_bulk));
    flow_adsorb_free(r);
    p.n_evaluations = 0;
    p.fails_from = 1;
    r = run(&p, c, NULL);
    assert_int_equal(r->n_sites, 0);
    assert_false(r->clean->converged);
    flow_adsorb_free(r);
    p.n_evaluations = 0;
    p.fails_from = first + 1;
    p.fails_by_request = 1;                 /* a wish to stop in the second site's SCF: the third is not begun */
    r = run(&p, c, NULL);
    assert_int_equal(r->end, FLOW_RELAX_STOPPED);
    assert_int_equal(p.n_evaluations, first + 1);
    flow_adsorb_free(r);
    dft_crystal_free(c);
}

typedef struct {
    char said[8][64];
    int n, fails_at;
} listener;

static int wants_hollow(const cand_site *site, void *context)
{
    (void)context;
    return strcmp(site->name, "hollow") == 0;
}

static dft_status listen(const char *label, const flow_relax_result *relaxed, void *context, dft_error *err)
{
    listener *l = context;

    assert_true(relaxed->converged);
    snprintf(l->said[l->n++], sizeof l->said[0], "%s", label);
    return l->n == l->fails_at ? dft_fail(err, DFT_EIO, "disk full") : DFT_OK;
}

/* What was relaxed is told before the next begins, and a listener that cannot keep it ends the run. */
static void chosen_sites_alone_are_relaxed_and_told(void **unused)
{
    pair_potential p = potential();
    dft_crystal *c = slab();
    listener l = { .n = 0 };
    const flow_evaluator evaluator = pair_evaluator(&p);
    flow_adsorb_options o = flow_adsorb_defaults();
    flow_adsorb_result *r = NULL;
    dft_error err = { DFT_OK, "" };
    (void)unused;

    o.wants = wants_hollow;
    o.on_end = listen;
    o.context = &l;
    assert_int_equal(flow_adsorb_run(&evaluator, c, &o, &r, &err), DFT_OK);
    assert_int_equal(r->n_sites, 3);
    assert_int_equal(r->n_wanted, 1);
    assert_int_equal(r->n_used, 1);
    assert_int_equal(r->lowest, 3);         /* unknown: the others might be lower */
    assert_int_equal(l.n, 2);
    assert_string_equal(l.said[0], "clean slab");
    assert_string_equal(l.said[1], "hollow:Ar4");
    for (size_t i = 0; i < 3; i++)
        assert_true((r->site[i].relaxed != NULL) == (strcmp(r->site[i].site.name, "hollow") == 0));
    flow_adsorb_free(r);
    l = (listener){ .fails_at = 1 };
    assert_int_equal(flow_adsorb_run(&evaluator, c, &o, &r, &err), DFT_EIO);
    assert_null(r);
    assert_int_equal(l.n, 1);
    dft_crystal_free(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_site_gets_the_energy_of_its_own_two_relaxations),
        cmocka_unit_test(a_vertical_adatom_keeps_its_lateral_place),
        cmocka_unit_test(a_site_that_fails_leaves_no_number_and_no_lowest),
        cmocka_unit_test(chosen_sites_alone_are_relaxed_and_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
