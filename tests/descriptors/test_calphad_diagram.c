#include "descriptors/calphad_diagram.h"

#include <stdio.h>
#include <string.h>

#include "tests/descriptors/calphad_hull_check.h"

#define P DESC_CALPHAD_PRESSURE

static desc_diagram *diagram_of(opened *o)
{
    desc_diagram *diagram = NULL;
    dft_error err = { DFT_OK, "" };

    if (desc_diagram_compute(o->solver, P, 298.15, NAN, 10.0, &diagram, &err) != DFT_OK)
        print_error("%s\n", err.message);
    assert_non_null(diagram);
    assert_int_equal(diagram->n_incomplete, 0);
    assert_int_equal(diagram->n_unsolved, 0);
    return diagram;
}

/* The edge of the brute-force hull over x. */
static void edge_over(opened *o, envelope *e, double t, double x, double edge[2])
{
    size_t b = 1;

    assert_int_equal(desc_solver_set(o->solver, t, P, NULL), DFT_OK);
    envelope_fill(o, e);
    envelope_wrap(e);
    while (b + 1 < e->n && e->x[b] < x)
        b++;
    edge[0] = e->x[b - 1];
    edge[1] = e->x[b];
}

/* Do the outer two phases of an invariant coexist at a temperature, by brute force? */
static int outer_coexist(opened *o, envelope *e, const desc_invariant *inv, double t)
{
    double edge[2];

    edge_over(o, e, t, inv->set[1].x[1], edge);
    return fabs(edge[0] - inv->set[0].x[1]) < 0.005 && fabs(edge[1] - inv->set[2].x[1]) < 0.005;
}

static int is_eutectic_like(const desc_invariant *inv)
{
    return inv->kind == DESC_EUTECTIC || inv->kind == DESC_EUTECTOID
           || inv->kind == DESC_MONOTECTIC || inv->kind == DESC_METATECTIC;
}

/* Brute force brackets every three-phase equilibrium within 2 K, with its outer phases within
 * 0.005: they coexist on one side of it (below a eutectic, above a peritectic) and not on the
 * other. */
static void invariants_are_those_of_a_brute_force_hull(void **unused)
{
    envelope *e = malloc(sizeof *e);
    (void)unused;

    assert_non_null(e);
    for (size_t k = 0; k < 5; k++) {
        opened o = open_binary(binaries[k].path, binaries[k].metal);
        desc_diagram *d = diagram_of(&o);
        for (size_t i = 0; i < d->n_invariants; i++) {
            const desc_invariant *inv = &d->invariant[i];
            if (inv->n_sets < 3 || inv->set[2].x[1] - inv->set[1].x[1] < 0.002)
                continue;                        /* liquid and solid both all but pure: no room */
            const double sign = is_eutectic_like(inv) ? -1.0 : 1.0;
            assert_true(outer_coexist(&o, e, inv, inv->temperature + 2.0 * sign));
            assert_false(outer_coexist(&o, e, inv, inv->temperature - 2.0 * sign));
        }
        desc_diagram_free(d);
        close_binary(&o);
    }
    free(e);
}

/* Three phases on one tangent: G of each from its site fractions, slopes by the other two. */
static void three_phases_of_an_invariant_lie_on_one_line(void **unused)
{
    (void)unused;

    for (size_t k = 0; k < 5; k++) {
        opened o = open_binary(binaries[k].path, binaries[k].metal);
        desc_diagram *d = diagram_of(&o);
        for (size_t i = 0; i < d->n_invariants; i++) {
            const desc_invariant *inv = &d->invariant[i];
            double g[3];
            if (inv->n_sets < 3)
                continue;
            assert_int_equal(desc_solver_set(o.solver, inv->temperature, P, NULL), DFT_OK);
            for (size_t s = 0; s < 3; s++) {
                double atoms[8];
                const double total = desc_calphad_atoms(o.system, inv->set[s].phase,
                                                        inv->set[s].y, atoms);
                g[s] = desc_calphad_gibbs(desc_solver_state(o.solver), inv->set[s].phase,
                                          inv->set[s].y, NULL, NULL) / total;
            }
            const double w = (inv->set[1].x[1] - inv->set[0].x[1])
                             / (inv->set[2].x[1] - inv->set[0].x[1]);
            assert_close(g[1], (1.0 - w) * g[0] + w * g[2], 1e-8);
        }
        desc_diagram_free(d);
        close_binary(&o);
    }
}

/* SGTE melting points (Dinsdale 1991), which are limits of the functions too; 0.3 K for Ni, whose
 * magnetic part is not in its melting point of 1728 K. */
static void pure_elements_melt_where_the_sgte_data_say(void **unused)
{
    static const double melting[5] = { 933.47, 1357.77, 923.0, 1728.0, 1687.0 };
    (void)unused;

    for (size_t k = 0; k < 5; k++) {
        opened o = open_binary(binaries[k].path, binaries[k].metal);
        desc_diagram *d = diagram_of(&o);
        int found[2] = { 0, 0 };
        for (size_t i = 0; i < d->n_invariants; i++) {
            const desc_invariant *inv = &d->invariant[i];
            if (inv->kind != DESC_PURE)
                continue;
            const size_t li = inv->set[0].x[1] > 0.5;
            assert_close(inv->temperature, li ? 453.6 : melting[k], 0.3);
            found[li]++;
        }
        assert_int_equal(found[0], 1);
        assert_int_equal(found[1], 1);
        desc_diagram_free(d);
        close_binary(&o);
    }
}

/* What an invariant is: kind, K, and x(Li) of its phases in rising order. */
typedef struct {
    const char *kind;
    double t, x[3];
} known;

static void expect(const char *path, const char *metal, const known *expected, size_t n)
{
    opened o = open_binary(path, metal);
    desc_diagram *d = diagram_of(&o);

    assert_int_equal(d->n_invariants, n);
    for (size_t i = 0; i < n; i++) {
        const desc_invariant *inv = &d->invariant[i];
        assert_string_equal(desc_invariant_name(inv->kind), expected[i].kind);
        assert_close(inv->temperature, expected[i].t, 0.01);
        for (size_t k = 0; k < inv->n_sets; k++)
            assert_close(inv->set[k].x[1], expected[i].x[k], 1e-4);
    }
    desc_diagram_free(d);
    close_binary(&o);
}

/* The invariants of the two assessments as they came out here on 2026-11-22, congruent points and
 * melting points included, so that they stay; what they must be is the business of the tests beside
 * this one. */
static void invariants_of_al_li_and_li_mg_do_not_drift(void **unused)
{
    static const known al_li[] = {
        { "eutectic", 447.87, { 0.6923, 0.9889, 0.9991 } }, { "pure", 453.60, { 1.0, 1.0 } },
        { "peritectic", 607.59, { 0.6000, 0.6923, 0.9121 } },
        { "peritectic", 793.61, { 0.5552, 0.6000, 0.7746 } },
        { "eutectic", 868.81, { 0.1550, 0.2563, 0.4627 } }, { "pure", 933.47, { 0.0, 0.0 } },
        { "congruent", 934.13, { 0.0175, 0.0175 } }, { "congruent", 977.73, { 0.4977, 0.4977 } },
    };
    static const known li_mg[] = {
        { "pure", 453.60, { 1.0, 1.0 } }, { "eutectic", 865.16, { 0.1658, 0.2258, 0.2397 } },
        { "congruent", 867.44, { 0.2723, 0.2723 } }, { "pure", 923.00, { 0.0, 0.0 } },
    };
    (void)unused;

    expect("descriptors/data/al-li.tdb", "Al", al_li, sizeof al_li / sizeof *al_li);
    expect("descriptors/data/li-mg.tdb", "Mg", li_mg, sizeof li_mg / sizeof *li_mg);
}

/* The published assessments (COST 507), solved by a program that shares nothing with this one
 * (tests/peers/invariants_mpmath.py): every three-phase equilibrium of both systems.  2 K and 0.005
 * are asked; both programs solve the same equations, and the file has ten and nine digits. */
static void invariants_are_those_of_the_published_assessments(void **unused)
{
    static const struct { const char *system, *path, *metal; } of[] = {
        { "Al-Li", "descriptors/data/al-li.tdb", "Al" },
        { "Li-Mg", "descriptors/data/li-mg.tdb", "Mg" },
    };
    FILE *file = fopen("tests/data/peers/invariants.csv", "r");
    char line[256];
    size_t n_file = 0, n_ours = 0;
    (void)unused;

    assert_non_null(file);
    for (size_t k = 0; k < 2; k++) {
        opened o = open_binary(of[k].path, of[k].metal);
        desc_diagram *d = diagram_of(&o);
        for (size_t i = 0; i < d->n_invariants; i++)
            n_ours += d->invariant[i].n_sets == 3;
        rewind(file);
        while (fgets(line, sizeof line, file)) {
            char system[8], phase[3][16];
            double t, x[3];
            if (sscanf(line, "%7[^,],%lf,%15[^,],%lf,%15[^,],%lf,%15[^,],%lf", system, &t, phase[0],
                       &x[0], phase[1], &x[1], phase[2], &x[2]) != 8
                || strcmp(system, of[k].system) != 0)
                continue;
            const desc_invariant *nearest = &d->invariant[0];
            for (size_t i = 1; i < d->n_invariants; i++)
                if (fabs(d->invariant[i].temperature - t) < fabs(nearest->temperature - t))
                    nearest = &d->invariant[i];
            print_message("%s %.4f K, published parameters elsewhere %.4f K\n", system,
                          nearest->temperature, t);
            assert_int_equal(nearest->n_sets, 3);
            assert_close(nearest->temperature, t, 1e-5);
            for (size_t s = 0; s < 3; s++) {
                assert_string_equal(desc_calphad_phase_name(o.system, nearest->set[s].phase),
                                    phase[s]);
                assert_close(nearest->set[s].x[1], x[s], 1e-7);
            }
            n_file++;
        }
        desc_diagram_free(d);
        close_binary(&o);
    }
    fclose(file);
    assert_int_equal(n_file, 5);
    assert_int_equal(n_ours, n_file);
}

static void rows_rise_and_boundaries_do_not_jump(void **unused)
{
    opened o = open_binary("descriptors/data/li-si.tdb", "Si");
    desc_diagram *d = diagram_of(&o);
    (void)unused;

    for (size_t i = 1; i < d->n_rows; i++) {
        assert_true(d->row[i].temperature > d->row[i - 1].temperature);
        assert_true(d->row[i].temperature - d->row[i - 1].temperature < 10.0 + 1e-9);
        for (size_t k = 0; k < d->row[i].n; k++) {
            const desc_tieline *line = &d->row[i].line[k];
            assert_true(line->end[0].x[1] <= line->end[1].x[1]);
            assert_true(k == 0 || line->end[0].x[1] >= line[-1].end[1].x[1] - 1e-9);
        }
    }
    desc_diagram_free(d);
    close_binary(&o);
}

static void impossible_ranges_are_refused(void **unused)
{
    opened o = open_binary("descriptors/data/li-si.tdb", "Si");
    desc_diagram *d = NULL;
    dft_error err = { DFT_OK, "" };
    (void)unused;

    assert_int_equal(desc_diagram_compute(o.solver, P, 500.0, 400.0, 10.0, &d, &err), DFT_EINPUT);
    assert_int_equal(desc_diagram_compute(o.solver, P, 300.0, 400.0, 0.0, &d, &err), DFT_EINPUT);
    assert_int_equal(desc_diagram_compute(o.solver, P, 100.0, 400.0, 10.0, &d, &err), DFT_EINPUT);
    assert_null(d);
    close_binary(&o);
}

static opened open_text(const char *text)
{
    static const char *const elements[] = { "Al", "Li" };
    opened o = { NULL, NULL, NULL };
    dft_error err = { DFT_OK, "" };

    if (desc_tdb_parse("text", text, strlen(text), &o.tdb, &err) != DFT_OK
        || desc_calphad_create(o.tdb, 2, elements, 0, NULL, &o.system, &err) != DFT_OK
        || desc_solver_create(o.system, &o.solver, &err) != DFT_OK)
        print_error("%s\n", err.message);
    assert_non_null(o.solver);
    return o;
}

#define TWO_ELEMENTS "ELEMENT AL A 1 1 1 ! ELEMENT LI B 1 1 1 !\n"

/* Regular solution: the gap is symmetric, R T ln((1 - x)/x) = L (1 - 2x), and closes at L/2R. */
static void the_gap_of_a_regular_solution_is_the_analytic_one(void **unused)
{
    const double l = 20000.0, r = 8.31451, critical = l / (2.0 * r);
    opened o = open_text(TWO_ELEMENTS "PHASE S % 1 1 !\nCONST S :AL,LI: !\n"
                         "PARA G(S,AL) 200 0; 3000 N !\nPARA G(S,LI) 200 0; 3000 N !\n"
                         "PARA G(S,AL,LI;0) 200 20000; 3000 N !\n");
    desc_diagram *d = diagram_of(&o);
    (void)unused;

    assert_int_equal(d->n_invariants, 1);
    assert_string_equal(desc_invariant_name(d->invariant[0].kind), "critical");
    assert_close(d->invariant[0].temperature, critical, 0.05);   /* extrapolated from its width */
    assert_close(0.5 * (d->invariant[0].set[0].x[1] + d->invariant[0].set[1].x[1]), 0.5, 1e-9);
    for (size_t i = 0; i < d->n_rows; i++) {
        const desc_tielines *row = &d->row[i];
        if (row->temperature > critical - 1.0)
            continue;
        assert_int_equal(row->n, 1);
        const double x = row->line[0].end[0].x[1];
        assert_close(row->line[0].end[1].x[1], 1.0 - x, 1e-10);
        assert_close(r * row->temperature * log((1.0 - x) / x) - l * (1.0 - 2.0 * x), 0.0, 1e-7);
    }
    desc_diagram_free(d);
    close_binary(&o);
}

/* Two ideal solutions: ln(xS/xL) = -dG/RT for each element, dG = 10 (Tm - T), which gives both ends
 * of the lens in closed form. */
static void the_lens_of_two_ideal_solutions_is_the_analytic_one(void **unused)
{
    opened o = open_text(TWO_ELEMENTS "PHASE LIQUID % 1 1 !\nCONST LIQUID :AL,LI: !\n"
                         "PHASE S % 1 1 !\nCONST S :AL,LI: !\n"
                         "PARA G(LIQUID,AL) 200 0; 3000 N !\nPARA G(LIQUID,LI) 200 0; 3000 N !\n"
                         "PARA G(S,AL) 200 -10000+10*T; 3000 N !\n"
                         "PARA G(S,LI) 200 -5000+10*T; 3000 N !\n");
    desc_diagram *d = diagram_of(&o);
    (void)unused;

    assert_int_equal(d->n_invariants, 2);
    assert_close(d->invariant[0].temperature, 500.0, 1e-6);
    assert_close(d->invariant[1].temperature, 1000.0, 1e-6);
    for (size_t i = 0; i < d->n_rows; i++) {
        const double t = d->row[i].temperature, rt = 8.31451 * t;
        const double a = exp(10.0 * (1000.0 - t) / rt), b = exp(10.0 * (500.0 - t) / rt);
        if (t < 505.0 || t > 995.0)
            continue;
        assert_int_equal(d->row[i].n, 1);        /* xS = K xL, and both sum to 1 */
        const double liquid = (a - 1.0) / (a - b);
        assert_close(d->row[i].line[0].end[1].x[1], liquid, 1e-11);
        assert_close(d->row[i].line[0].end[0].x[1], b * liquid, 1e-11);
    }
    desc_diagram_free(d);
    close_binary(&o);
}

/* Every binary that comes with the program, whole. */
static void every_binary_gives_a_full_diagram(void **unused)
{
    (void)unused;

    for (size_t k = 0; k < 5; k++) {
        opened o = open_binary(binaries[k].path, binaries[k].metal);
        desc_diagram *d = diagram_of(&o);
        assert_true(d->n_rows > 20);
        assert_true(d->n_invariants > 0);
        desc_diagram_free(d);
        close_binary(&o);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(invariants_are_those_of_a_brute_force_hull),
        cmocka_unit_test(three_phases_of_an_invariant_lie_on_one_line),
        cmocka_unit_test(pure_elements_melt_where_the_sgte_data_say),
        cmocka_unit_test(invariants_of_al_li_and_li_mg_do_not_drift),
        cmocka_unit_test(invariants_are_those_of_the_published_assessments),
        cmocka_unit_test(rows_rise_and_boundaries_do_not_jump),
        cmocka_unit_test(the_gap_of_a_regular_solution_is_the_analytic_one),
        cmocka_unit_test(the_lens_of_two_ideal_solutions_is_the_analytic_one),
        cmocka_unit_test(impossible_ranges_are_refused),
        cmocka_unit_test(every_binary_gives_a_full_diagram),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
