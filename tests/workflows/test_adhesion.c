#include "workflows/adhesion.h"

#include <string.h>

#include "candidates/slab.h"
#include "tests/support/assert_close.h"
#include "tests/workflows/lj_evaluator.h"

#define SUBSTRATE_Z 47              /* Ag and Au: their radii are near this potential's */
#define FILM_Z 79

static dft_crystal *fcc(double a, int z)
{
    const double lattice[3][3] = { { a, 0, 0 }, { 0, a, 0 }, { 0, 0, a } };
    const double position[4][3] = { { 0, 0, 0 }, { 0, 0.5, 0.5 }, { 0.5, 0, 0.5 }, { 0.5, 0.5, 0 } };
    const int zs[4] = { z, z, z, z };
    dft_crystal *crystal = NULL;

    assert_int_equal(dft_crystal_create(lattice, 4, zs, position, &crystal, NULL), DFT_OK);
    return crystal;
}

/* Both elements have one size; the film's atoms attract each other `ratio` times as much. */
static lj_settings two_solids(double ratio)
{
    return (lj_settings){ .cutoff = 10.5, .element = { { FILM_Z, 4e-4 * ratio, 4.7 },
                                                       { SUBSTRATE_Z, 4e-4, 4.7 } } };
}

/* The lattice constant without pressure, by bisection. */
static double lattice_constant(lj_settings *lj)
{
    double low = 6.5, high = 8.5;

    for (int i = 0; i < 50; i++) {
        const double middle = 0.5 * (low + high);
        dft_crystal *crystal = fcc(middle, FILM_Z);
        flow_evaluation e = { .converged = 0 };
        assert_int_equal(lj_evaluate(lj, crystal, FLOW_WANT_STRESS, 0, &e, NULL), DFT_OK);
        *(e.stress[0] < 0.0 ? &low : &high) = middle;
        dft_crystal_free(crystal);
    }
    return low;
}

typedef struct {
    lj_settings lj;
    double a;
    dft_crystal *film, *bulk, *substrate;
    flow_adhesion_options options;
    flow_adhesion_result out;
} setting;

/* The film's crystal, and six layers of (111) of the substrate; the film six layers too, so that both are
 * thicker than the cutoff and gamma is that of half spaces. */
static void set_up(setting *s, double ratio)
{
    const int miller[3] = { 1, 1, 1 };

    s->lj = two_solids(ratio);
    s->a = lattice_constant(&s->lj);
    s->film = fcc(s->a, FILM_Z);
    s->bulk = fcc(s->a, SUBSTRATE_Z);
    assert_int_equal(cand_slab_create(s->bulk, miller, 6, 20.0, 0, &s->substrate, NULL, NULL), DFT_OK);
    s->options = flow_adhesion_defaults();
    s->options.n_faces = 1;
    memcpy(s->options.face[0], miller, sizeof miller);
    s->options.film_layers = 6;
    s->options.registries = 3;
    s->options.gap_step = 0.15;
    s->options.most_gaps = 20;
    s->options.settle.relax = 0;
}

static void tear_down(setting *s)
{
    dft_crystal_free(s->substrate);
    dft_crystal_free(s->bulk);
    dft_crystal_free(s->film);
}

/* A crystal on itself, in its own registry, is the crystal: W = 2 gamma and it wets itself.  The parabola
 * through gaps 0.15 bohr apart is off by 0.1 %. */
static void parting_a_crystal_costs_two_surfaces(void **unused)
{
    setting s;
    dft_crystal *interface = NULL;
    const flow_evaluator_source source = lj_source(&s.lj);
    (void)unused;

    set_up(&s, 1.0);
    assert_int_equal(flow_adhesion_run(s.substrate, s.film, &source, &s.options, &s.out, &interface, NULL),
                     DFT_OK);
    assert_int_equal(s.out.converged, 1);
    assert_int_equal((int)s.out.n_used, 9);
    assert_int_equal((int)(s.out.n_substrate + s.out.n_film), 12);
    assert_close(s.out.cell.norm, 0.0, 1e-10);
    assert_close(s.out.gap, s.a / sqrt(3.0), 0.03);         /* a fifth of the step */
    assert_close(s.out.rigid.work, 2.0 * s.out.gamma.gamma, 0.002 * s.out.rigid.work);
    assert_close(s.out.rigid.spreading, 0.0, 0.002 * s.out.rigid.work);
    assert_true(s.out.rigid.contact_angle_deg < 10.0);
    assert_true(s.out.registry_spread > 0.0);
    assert_non_null(interface);
    assert_int_equal(s.lj.n_opened, s.lj.n_closed);
    dft_crystal_free(interface);
    tear_down(&s);
}

/* Depth 4 inside the film, sqrt(4) = 2 across: W = 2 x 2 gamma_sub, gamma_film = 4 gamma_sub, so W =
 * gamma_film and the angle is 90 degrees.  2 % of W turn it by 1.2 degrees. */
static void a_film_that_likes_itself_better_balls_up(void **unused)
{
    setting s;
    const flow_evaluator_source source = lj_source(&s.lj);
    (void)unused;

    set_up(&s, 4.0);
    assert_int_equal(flow_adhesion_run(s.substrate, s.film, &source, &s.options, &s.out, NULL, NULL),
                     DFT_OK);
    assert_int_equal(s.out.converged, 1);
    assert_close(s.out.rigid.work, s.out.gamma.gamma, 0.002 * s.out.rigid.work);
    assert_close(s.out.rigid.contact_angle_deg, 90.0, 0.2);
    assert_true(s.out.rigid.spreading < 0.0);
    tear_down(&s);
}

static void relaxation_starts_from_the_best_registry_and_is_reported_beside_it(void **unused)
{
    setting s;
    const flow_evaluator_source source = lj_source(&s.lj);
    (void)unused;

    set_up(&s, 2.0);
    s.options.settle.relax = 1;
    s.options.settle.force_limit = 1e-6;
    assert_int_equal(flow_adhesion_run(s.substrate, s.film, &source, &s.options, &s.out, NULL, NULL),
                     DFT_OK);
    assert_int_equal(s.out.converged, 1);
    assert_true(s.out.has_rigid && s.out.has_relaxed);
    assert_close(s.out.relaxed.work, s.out.rigid.work, 0.05 * s.out.rigid.work);
    assert_true(fabs(s.out.gap_relaxed - s.out.gap) < 0.3);
    s.options.settle.max_steps = 1;
    s.options.settle.force_limit = 1e-10;
    assert_int_equal(flow_adhesion_run(s.substrate, s.film, &source, &s.options, &s.out, NULL, NULL),
                     DFT_OK);
    assert_int_equal(s.out.converged, 0);           /* stopped early: no relaxed number */
    assert_int_equal(s.out.has_relaxed, 0);
    assert_int_equal(s.out.ionic, 1);
    tear_down(&s);
}

static void limits_that_no_cell_keeps_are_an_error_with_a_remedy(void **unused)
{
    setting s;
    dft_error err;
    const flow_evaluator_source source = lj_source(&s.lj);
    (void)unused;

    set_up(&s, 1.0);
    s.options.max_atoms = 11;
    assert_int_equal(flow_adhesion_run(s.substrate, s.film, &source, &s.options, &s.out, NULL, &err),
                     DFT_EINPUT);
    assert_non_null(strstr(err.message, "fewer layers"));
    s.options.max_atoms = 80;
    s.lj.fails_with_z = FILM_Z;
    assert_int_equal(flow_adhesion_run(s.substrate, s.film, &source, &s.options, &s.out, NULL, &err),
                     DFT_OK);
    assert_int_equal(s.out.converged || s.out.has_rigid, 0);
    assert_int_equal((int)s.out.n_used, 0);
    assert_non_null(strstr(s.out.message, "told not to converge"));
    tear_down(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parting_a_crystal_costs_two_surfaces),
        cmocka_unit_test(a_film_that_likes_itself_better_balls_up),
        cmocka_unit_test(relaxation_starts_from_the_best_registry_and_is_reported_beside_it),
        cmocka_unit_test(limits_that_no_cell_keeps_are_an_error_with_a_remedy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
