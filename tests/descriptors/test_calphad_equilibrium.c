#include "descriptors/calphad_equilibrium.h"

#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "tests/descriptors/calphad_systems.h"

#define P DESC_CALPHAD_PRESSURE
#define TERNARY "tests/data/tdb/ternary.tdb"

static desc_equilibrium at(opened *o, double t, const double *x)
{
    desc_equilibrium eq;
    dft_error err = { DFT_OK, "" };

    if (desc_equilibrium_find(o->solver, t, P, x, &eq, &err) != DFT_OK)
        print_error("%s\n", err.message);
    return eq;
}

static opened open_ternary(void)
{
    const char *const elements[] = { "Ag", "Cu", "Li" };

    return open_elements(TERNARY, 3, elements);
}

/* With equal interactions L the three corners are permutations of (1 - 2a, a, a), where
 * R T ln((1 - 2a)/a) = L (1 - 3a); the file has L for a = 0.05.  Amounts follow by the lever
 * rule. */
static void a_symmetric_ternary_has_its_analytic_tie_triangle(void **unused)
{
    opened o = open_ternary();
    (void)unused;

    for (double t = 300.0; t < 1600.0; t += 400.0) {
        const double x[3] = { 0.5, 0.3, 0.2 };
        const desc_equilibrium eq = at(&o, t, x);
        double found[3] = { 0.0, 0.0, 0.0 };

        assert_true(eq.converged);
        assert_int_equal(eq.n_sets, 3);
        for (size_t k = 0; k < 3; k++) {
            size_t rich = 0;
            for (size_t e = 1; e < 3; e++)
                rich = eq.set[k].x[e] > eq.set[k].x[rich] ? e : rich;
            for (size_t e = 0; e < 3; e++)
                assert_close(eq.set[k].x[e], e == rich ? 0.9 : 0.05, 1e-12);
            found[rich] = eq.set[k].amount;
        }
        for (size_t e = 0; e < 3; e++)           /* x_e = 0.9 w_e + 0.05 (1 - w_e) */
            assert_close(found[e], (x[e] - 0.05) / 0.85, 1e-12);
    }
    close_binary(&o);
}

/* On the mirror line x_Ag = x_Cu near the Ag-Cu edge: two phases, mirror images of each other. */
static void a_tie_line_of_the_symmetric_ternary_is_its_own_mirror_image(void **unused)
{
    opened o = open_ternary();
    const double x[3] = { 0.49, 0.49, 0.02 };
    const desc_equilibrium eq = at(&o, 700.0, x);
    (void)unused;

    assert_true(eq.converged);
    assert_int_equal(eq.n_sets, 2);
    assert_close(eq.set[0].x[0], eq.set[1].x[1], 1e-11);
    assert_close(eq.set[0].x[2], eq.set[1].x[2], 1e-11);
    assert_close(eq.set[0].amount, 0.5, 1e-11);
    assert_true(desc_solver_violation(o.solver, eq.mu) < 1e-6);
    close_binary(&o);
}

/* Over the whole triangle: converged, balanced, and nothing below the plane. */
static void equilibria_all_over_a_ternary_pass_the_tangent_test(void **unused)
{
    opened o = open_ternary();
    (void)unused;

    for (int i = 1; i < 20; i++)
        for (int k = 1; i + k < 20; k++) {
            const double x[3] = { i / 20.0, k / 20.0, 1.0 - i / 20.0 - k / 20.0 };
            const desc_equilibrium eq = at(&o, 900.0, x);
            assert_true(eq.converged);
            for (size_t e = 0; e < 3; e++) {
                double sum = 0.0;
                for (size_t s = 0; s < eq.n_sets; s++)
                    sum += eq.set[s].amount * eq.set[s].x[e];
                assert_close(sum, x[e], 1e-12);
            }
            assert_true(desc_solver_violation(o.solver, eq.mu) < 1e-6);
        }
    close_binary(&o);
}

/* Two compounds with nothing between them leave the potentials open: said, and the energy is
 * right. */
static void a_compound_alone_leaves_the_potentials_open(void **unused)
{
    opened o = open_binary("descriptors/data/al-li.tdb", "Al");
    const double x[2] = { 0.4, 0.6 };
    const desc_equilibrium eq = at(&o, 300.0, x);
    const double y[2] = { 1.0, 1.0 };
    (void)unused;

    assert_true(eq.converged);
    assert_int_equal(eq.n_sets, 1);
    assert_false(eq.mu_unique);
    assert_close(eq.gibbs, desc_calphad_gibbs(desc_solver_state(o.solver), eq.set[0].phase, y, NULL,
                                              NULL) / 5.0, 1e-9);
    close_binary(&o);
}

/* The chemical potentials are the slopes of the total energy: mu_Li - mu_Al = dG/dx. */
static void potentials_are_slopes_of_the_energy(void **unused)
{
    opened o = open_binary("descriptors/data/al-li.tdb", "Al");
    const double h = 1e-4;
    (void)unused;

    for (double x = 0.05; x < 1.0; x += 0.1) {
        const double a[2] = { 1.0 - x + h, x - h }, b[2] = { 1.0 - x - h, x + h };
        const double c[2] = { 1.0 - x, x };
        const desc_equilibrium low = at(&o, 850.0, a), high = at(&o, 850.0, b);
        const desc_equilibrium middle = at(&o, 850.0, c);
        if (low.n_sets == high.n_sets)           /* h^2 G'''/6: below 1 J/mol away from the ends */
            assert_close((high.gibbs - low.gibbs) / (2.0 * h), middle.mu[1] - middle.mu[0], 1.0);
    }
    close_binary(&o);
}

static void traces_down_to_1e_12_are_still_found(void **unused)
{
    opened o = open_binary("descriptors/data/li-mg.tdb", "Mg");
    const size_t bcc = desc_calphad_find_phase(o.system, "BCC_A2");
    double before = 0.0;
    (void)unused;

    for (double trace = 1e-3; trace > 0.9e-12; trace *= 0.1) {
        const double x[2] = { trace, 1.0 - trace };
        const desc_equilibrium eq = at(&o, 400.0, x);
        assert_true(eq.converged);
        assert_int_equal(eq.n_sets, 1);
        assert_int_equal(eq.set[0].phase, bcc);
        assert_close(eq.set[0].x[0] / trace, 1.0, 1e-9);
        if (before != 0.0)                     /* Henry: R T ln 10 for each decade, near dilution */
            assert_close((before - eq.mu[0]) / (8.31451 * 400.0 * log(10.0)), 1.0, 5e-3);
        before = eq.mu[0];
    }
    close_binary(&o);
}

static void an_equilibrium_that_is_not_found_is_missing(void **unused)
{
    const char *const elements[] = { "Al", "Li" }, *const phases[] = { "AL2LI3", "AL4LI9" };
    desc_tdb *tdb = NULL;
    desc_calphad *system = NULL;
    desc_solver *solver = NULL;
    desc_equilibrium eq;
    const double x[2] = { 0.9, 0.1 };            /* no mixture of the two can be that poor in Li */
    (void)unused;

    assert_int_equal(desc_tdb_read("descriptors/data/al-li.tdb", &tdb, NULL), DFT_OK);
    assert_int_equal(desc_calphad_create(tdb, 2, elements, 2, phases, &system, NULL), DFT_OK);
    assert_int_equal(desc_solver_create(system, &solver, NULL), DFT_OK);
    assert_int_equal(desc_equilibrium_find(solver, 300.0, P, x, &eq, NULL), DFT_OK);
    assert_false(eq.converged);
    assert_true(isnan(eq.gibbs) && isnan(eq.mu[0]) && isnan(eq.mu[1]));
    assert_int_equal(eq.n_sets, 0);
    assert_true(strlen(eq.reason) > 0);
    desc_solver_free(solver);
    desc_calphad_free(system);
    desc_tdb_free(tdb);
}

static void compositions_off_the_simplex_are_refused(void **unused)
{
    static const double wrong[][2] = { { 0.5, 0.6 }, { -0.1, 1.1 }, { 0.0, 1.0 }, { NAN, 0.5 } };
    opened o = open_binary("descriptors/data/al-li.tdb", "Al");
    desc_equilibrium eq;
    (void)unused;

    for (size_t i = 0; i < 4; i++) {
        dft_error err = { DFT_OK, "" };
        assert_int_equal(desc_equilibrium_find(o.solver, 300.0, P, wrong[i], &eq, &err), DFT_EINPUT);
        assert_int_equal(dft_exit_code(err.status), 65);
        assert_false(eq.converged);
        assert_true(isnan(eq.gibbs));
    }
    close_binary(&o);
}

/* L1_2 of Ni3Al: the minority sits on its own sublattice in the cold and spreads with temperature;
 * the ordered state has the lowest energy of all site fractions of that composition. */
static void an_ordered_phase_loses_its_order_with_temperature(void **unused)
{
    const char *const elements[] = { "Al", "Ni" };
    opened o = open_elements("tests/data/tdb/order-thermocalc.tdb", 2, elements);
    const double x[2] = { 0.25, 0.75 };
    double before = 1.0;
    (void)unused;

    for (double t = 400.0; t < 3000.0; t += 500.0) {
        const desc_equilibrium eq = at(&o, t, x);
        assert_true(eq.converged);
        assert_int_equal(eq.n_sets, 1);
        const double *y = eq.set[0].y, order = fabs(y[2] - y[0]);
        assert_true(order < before);
        before = order;
        for (double d = -0.05; d < 0.06; d += 0.01) {    /* moves Al between the sublattices */
            const double other[5] = { y[0] + d, y[1] - d, y[2] - 3.0 * d, y[3] + 3.0 * d, 1.0 };
            if (other[0] < 0.0 || other[2] > 1.0 || other[1] < 0.0 || other[3] < 0.0)
                continue;
            assert_true(desc_calphad_gibbs(desc_solver_state(o.solver), 0, other, NULL, NULL)
                        >= desc_calphad_gibbs(desc_solver_state(o.solver), 0, y, NULL, NULL) - 1e-9);
        }
    }
    assert_true(before < 0.5);
    close_binary(&o);
}

/* Every allocation on the way to an equilibrium refused in turn. */
static void refused_memory_is_an_error_at_every_allocation(void **unused)
{
    const char *const elements[] = { "Al", "Ni" };
    dft_status status = DFT_ENOMEM;
    desc_tdb *tdb = NULL;
    long n = 1;
    (void)unused;

    assert_int_equal(desc_tdb_read("tests/data/tdb/order-thermocalc.tdb", &tdb, NULL), DFT_OK);
    for (; status == DFT_ENOMEM; n++) {
        desc_calphad *system = NULL;
        desc_solver *solver = NULL;
        dft_alloc_refuse_nth(n);
        status = desc_calphad_create(tdb, 2, elements, 0, NULL, &system, NULL);
        if (status == DFT_OK)
            status = desc_solver_create(system, &solver, NULL);
        dft_alloc_refuse_nth(0);
        desc_solver_free(solver);
        desc_calphad_free(system);
    }
    assert_int_equal(status, DFT_OK);
    assert_true(n > 20);
    desc_tdb_free(tdb);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_symmetric_ternary_has_its_analytic_tie_triangle),
        cmocka_unit_test(a_tie_line_of_the_symmetric_ternary_is_its_own_mirror_image),
        cmocka_unit_test(equilibria_all_over_a_ternary_pass_the_tangent_test),
        cmocka_unit_test(a_compound_alone_leaves_the_potentials_open),
        cmocka_unit_test(potentials_are_slopes_of_the_energy),
        cmocka_unit_test(traces_down_to_1e_12_are_still_found),
        cmocka_unit_test(an_equilibrium_that_is_not_found_is_missing),
        cmocka_unit_test(compositions_off_the_simplex_are_refused),
        cmocka_unit_test(refused_memory_is_an_error_at_every_allocation),
        cmocka_unit_test(an_ordered_phase_loses_its_order_with_temperature),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
