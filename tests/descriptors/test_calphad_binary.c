#include "descriptors/calphad_binary.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "tests/descriptors/calphad_systems.h"

#define P DESC_CALPHAD_PRESSURE

static desc_tielines lines_at(opened *o, double t)
{
    desc_tielines lines;
    dft_error err = { DFT_OK, "" };

    if (desc_binary_tielines(o->solver, t, P, &lines, &err) != DFT_OK)
        print_error("%s\n", err.message);
    assert_true(lines.complete);
    return lines;
}

static double saturation(opened *o, double t, size_t solvent, const char *phase)
{
    const desc_tielines lines = lines_at(o, t);
    desc_saturation sat;

    desc_binary_saturation(o->solver, &lines, solvent, desc_calphad_find_phase(o->system, phase),
                           &sat);
    return sat.x;
}

/* Points recorded with two or three digits (half of the last one is the tolerance) by a solver on a
 * mesh: at 400 K it stands at 0.0104 for 0.01032, so that point and the one at 425 K have 1 and 2
 * %. */
static void solubilities_are_those_of_the_assessments(void **unused)
{
    static const struct {
        int system;
        double t;
        size_t solvent;
        const char *phase;
        double x, tolerance;
    } point[] = {
        { 0, 298.15, 0, "FCC_A1", 0.00184, 5e-6 },   /* Li in Al, stable solvus */
        { 0, 400.00, 0, "FCC_A1", 0.0104, 1e-4 },
        { 0, 450.00, 0, "FCC_A1", 0.018, 5e-4 },
        { 0, 668.00, 0, "FCC_A1", 0.080, 5e-3 },     /* titration, Wen et al. 1980: not the set's own
                                                        point, which is 0.0758 */
        { 0, 298.15, 1, "BCC_A2", 1.1e-5, 5e-7 },    /* Al in Li */
        { 0, 425.00, 1, "BCC_A2", 5.4e-4, 1e-5 },
        { 1, 298.15, 0, "FCC_A1", 0.142, 5e-4 },     /* Li in Cu */
        { 1, 450.00, 0, "FCC_A1", 0.225, 5e-4 },
        { 1, 298.15, 1, "BCC_A2", 3.5e-10, 1e-11 },  /* a placeholder parameter, yet to digits */
        { 2, 298.15, 1, "BCC_A2", 0.669, 5e-4 },     /* Mg in Li */
        { 2, 298.15, 0, "HCP_A3", 0.167, 1e-3 },     /* Li in Mg: 0.1664 to more digits */
        { 2, 400.00, 1, "BCC_A2", 0.684, 5e-4 },
        { 2, 450.00, 0, "HCP_A3", 0.175, 5e-4 },
        { 3, 298.15, 0, "FCC_A1", 2.92e-7, 2e-9 },   /* Li in Ni */
        { 3, 450.00, 1, "BCC_A2", 6.4e-4, 5e-6 },
    };
    opened o[5];
    (void)unused;

    for (size_t i = 0; i < 5; i++)
        o[i] = open_binary(binaries[i].path, binaries[i].metal);
    for (size_t i = 0; i < sizeof point / sizeof *point; i++)
        assert_close(saturation(&o[point[i].system], point[i].t, point[i].solvent, point[i].phase),
                     point[i].x, point[i].tolerance);
    for (size_t i = 0; i < 5; i++)
        close_binary(&o[i]);
}

/* descriptors/data/plateaus.csv: four digits. */
static void plateaus_at_room_temperature_are_those_of_the_assessments(void **unused)
{
    static const struct { int system; size_t n; double v[5]; } expected[] = {
        { 0, 4, { 0.3795, 0.0747, 0.0183, 0.0000 } },
        { 2, 1, { 0.1005 } },
        { 4, 5, { 0.3706, 0.3279, 0.2402, 0.0668, 0.0000 } },
    };
    (void)unused;

    for (size_t k = 0; k < sizeof expected / sizeof *expected; k++) {
        opened o = open_binary(binaries[expected[k].system].path,
                               binaries[expected[k].system].metal);
        const desc_tielines lines = lines_at(&o, 298.15);
        const size_t bcc = desc_calphad_find_phase(o.system, "BCC_A2");

        assert_int_equal(lines.n, expected[k].n);
        for (size_t i = 0; i < lines.n; i++)
            assert_close(desc_voltage(o.solver, lines.line[i].mu[1], 1, bcc), expected[k].v[i],
                         6e-5);
        close_binary(&o);
    }
}

/* Coulometric titration against liquid Li (R. A. Huggins, Handbook of Battery Materials, 2nd ed., ch.
 * 14).  His table of plateaus is headed 400 C and gives whole mV; his table 14.3 says that the Li-Si
 * study was done at 415 C, and Liang et al. (2017) plot their assessment against it at 688 K as well.
 * So 688.15 K is where to compare: 3 mV are asked, all four agree within 1.4 mV.  At 700 K nothing was
 * titrated; the third plateau, which falls by 0.25 mV/K, is 3.1 mV off there, printed for the record. */
static void lithium_silicon_plateaus_are_those_of_titration(void **unused)
{
    static const double measured[] = { 0.332, 0.283, 0.156, 0.047 };
    static const struct { double t, allowed, bcc; } at[] = { { 688.15, 1.5e-3, 0.0162 },
                                                             { 700.0, 3.5e-3, 0.0169 } };
    opened o = open_binary("descriptors/data/li-si.tdb", "Si");
    const size_t liquid = desc_calphad_find_phase(o.system, "LIQUID");
    const size_t bcc = desc_calphad_find_phase(o.system, "BCC_A2");
    (void)unused;

    for (size_t k = 0; k < 2; k++) {
        const desc_tielines lines = lines_at(&o, at[k].t);
        assert_true(lines.n >= 4);
        for (size_t i = 0; i < 4; i++) {
            const double against_liquid = desc_voltage(o.solver, lines.line[i].mu[1], 1, liquid);
            print_message("%.2f K: %.4f V, titration %.3f\n", at[k].t, against_liquid, measured[i]);
            assert_close(against_liquid, measured[i], at[k].allowed);
            /* bcc Li is the less stable form */
            assert_close(desc_voltage(o.solver, lines.line[i].mu[1], 1, bcc) - against_liquid,
                         at[k].bcc, 1e-4);
        }
    }
    close_binary(&o);
}

/* Both ends of a tie-line have the potentials of the tie-line: independent of how it was found. */
static void ends_of_tie_lines_share_their_tangent(void **unused)
{
    (void)unused;

    for (size_t k = 0; k < 5; k++) {
        opened o = open_binary(binaries[k].path, binaries[k].metal);
        for (double t = 300.0; t < 1500.0; t += 100.0) {
            const desc_tielines lines = lines_at(&o, t);
            for (size_t i = 0; i < lines.n; i++)
                for (size_t e = 0; e < 2; e++) {
                    const desc_phase_set *s = &lines.line[i].end[e];
                    double atoms[8];
                    const double total = desc_calphad_atoms(o.system, s->phase, s->y, atoms);
                    const double g = desc_calphad_gibbs(desc_solver_state(o.solver), s->phase, s->y,
                                                        NULL, NULL) / total;
                    assert_close(g, s->x[0] * lines.line[i].mu[0] + s->x[1] * lines.line[i].mu[1],
                                 1e-6);
                }
        }
        close_binary(&o);
    }
}

static void a_form_of_lithium_that_is_not_stable_has_no_solubility(void **unused)
{
    opened o = open_binary("descriptors/data/al-li.tdb", "Al");
    const desc_tielines lines = lines_at(&o, 500.0);
    desc_saturation sat;
    (void)unused;

    desc_binary_saturation(o.solver, &lines, 1, desc_calphad_find_phase(o.system, "BCC_A2"), &sat);
    assert_true(isnan(sat.x));
    assert_non_null(strstr(sat.reason, "not the stable form"));
    close_binary(&o);
}

static void magnesium_and_lithium_liquids_mix_without_limit(void **unused)
{
    opened o = open_binary("descriptors/data/li-mg.tdb", "Mg");
    (void)unused;

    assert_close(saturation(&o, 1000.0, 1, "LIQUID"), 1.0, 0.0);
    close_binary(&o);
}

static void tie_lines_need_two_elements(void **unused)
{
    const char *const one[] = { "Li" };
    opened o = open_elements("descriptors/data/al-li.tdb", 1, one);
    desc_tielines lines;
    dft_error err;
    (void)unused;

    assert_int_equal(desc_binary_tielines(o.solver, 300.0, P, &lines, &err), DFT_EINPUT);
    close_binary(&o);
}

/* 50 temperatures in at most 50 ms on one core; CPU time, so that other programs do not count. */
static void a_solubility_curve_takes_at_most_fifty_milliseconds(void **unused)
{
    opened o = open_binary("descriptors/data/al-li.tdb", "Al");
    double best = 1e9;
    (void)unused;

    for (int trial = 0; trial < 3; trial++) {
        const clock_t start = clock();
        for (int i = 0; i < 50; i++)
            assert_true(saturation(&o, 298.15 + 3.0 * i, 1, "BCC_A2") > 1e-6);
        best = fmin(best, (double)(clock() - start) / CLOCKS_PER_SEC);
    }
    print_message("solubility curve of 50 points: %.1f ms\n", 1e3 * best);
#if !defined(__SANITIZE_ADDRESS__)
    assert_true(best < 0.050);
#endif
    close_binary(&o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(solubilities_are_those_of_the_assessments),
        cmocka_unit_test(plateaus_at_room_temperature_are_those_of_the_assessments),
        cmocka_unit_test(lithium_silicon_plateaus_are_those_of_titration),
        cmocka_unit_test(ends_of_tie_lines_share_their_tangent),
        cmocka_unit_test(a_form_of_lithium_that_is_not_stable_has_no_solubility),
        cmocka_unit_test(magnesium_and_lithium_liquids_mix_without_limit),
        cmocka_unit_test(tie_lines_need_two_elements),
        cmocka_unit_test(a_solubility_curve_takes_at_most_fifty_milliseconds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
