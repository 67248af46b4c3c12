#include "descriptors/dilute.h"

#include <string.h>

#include "tests/support/assert_close.h"

#define DATA "descriptors/data"                  /* tests run from the top of the repository */
#define KT_298 (8.6173303e-5 * 298.15)

static int read_data(void **state)
{
    desc_phase_data *data = NULL;

    desc_phase_data_read(DATA, &data, NULL);
    *state = data;
    return data ? 0 : -1;
}

static int free_data(void **state)
{
    desc_phase_data_free(*state);
    return 0;
}

static desc_hull *silver_hull(size_t n, const char *const *formula, const double *ev_per_atom)
{
    desc_hull_entry entry[8];
    desc_hull *hull = NULL;

    for (size_t i = 0; i < n; i++) {
        entry[i] = (desc_hull_entry){ .name = formula[i], .volume_ang3 = NAN, .source = "" };
        assert_int_equal(desc_formula_parse(formula[i], &entry[i].formula, NULL), DFT_OK);
        entry[i].energy_ev = ev_per_atom[i] * desc_formula_atoms(&entry[i].formula);
    }
    assert_int_equal(desc_hull_create("test", entry, n, &hull, NULL), DFT_OK);
    return hull;
}

static void a_metal_without_compounds_has_the_boltzmann_factor(void **unused)
{
    desc_dilute_result r;
    (void)unused;

    assert_int_equal(desc_dilute_solubility(0.2, 0.0, 0.0, 298.15, &r, NULL), DFT_OK);
    assert_close(r.x, exp(-0.2 / KT_298), 1e-9);
    assert_int_equal(r.outcome, DESC_DILUTE_FINITE);
    assert_int_equal(desc_dilute_solubility(0.2, 0.0, 1.0, 298.15, &r, NULL), DFT_OK);
    assert_close(r.x, exp(1.0 - 0.2 / KT_298), 1e-9);
    assert_int_equal(desc_dilute_solubility(0.5, 0.0, 0.0, 298.15, &r, NULL), DFT_OK);
    assert_int_equal(r.outcome, DESC_DILUTE_NIL);
    assert_int_equal(desc_dilute_solubility(-0.1, 0.0, 0.0, 298.15, &r, NULL), DFT_OK);
    assert_int_equal(r.outcome, DESC_DILUTE_NOT_DILUTE);
}

/* mu_M of the tangent is the lowest energy per M atom: -0.5 for LiAg, -0.9 for Li9Ag4. */
static void the_tangent_is_the_lowest_energy_per_solute_atom(void **unused)
{
    static const char *const formula[] = { "LiAg", "Li9Ag4", "Li3Ag" };
    static const double ev[] = { -0.25, -0.9 * 4.0 / 13.0, -0.1 };
    double mu;
    desc_hull *hull = silver_hull(1, formula, ev);
    (void)unused;

    assert_int_equal(desc_dilute_tangent(hull, 47, &mu, NULL), DFT_OK);
    assert_close(mu, -0.5, 1e-9);
    desc_hull_free(hull);
    hull = silver_hull(3, formula, ev);
    assert_int_equal(desc_dilute_tangent(hull, 47, &mu, NULL), DFT_OK);
    assert_close(mu, -0.9, 1e-9);
    assert_int_equal(desc_dilute_tangent(hull, 79, &mu, NULL), DFT_EINPUT);
    desc_hull_free(hull);
}

/* dH(Ag) = -0.581 eV (PBE).  Against LiAg alone (-0.464) Ag would dissolve without limit; Li-rich
 * phases bind it more, and the solution becomes dilute. */
static void silver_needs_its_lithium_rich_phases(void **state)
{
    static const char *const formula[] = { "LiAg", "Li9Ag4", "Li3Ag", "Li11Ag2" };
    static const double ev[] = { -0.23224, -0.212, -0.181, -0.115 };
    const desc_dilute_row *row = desc_dilute_data(*state, "Ag");
    desc_dilute_result r;
    double mu;
    desc_hull *hull = silver_hull(1, formula, ev);

    assert_non_null(row);
    assert_int_equal(desc_dilute_tangent(hull, 47, &mu, NULL), DFT_OK);
    assert_close(mu, row->mu_ev, 1e-5);
    assert_int_equal(desc_dilute_solubility(row->dh_ev, mu, 0.0, 298.15, &r, NULL), DFT_OK);
    assert_int_equal(r.outcome, DESC_DILUTE_NOT_DILUTE);
    desc_hull_free(hull);

    hull = silver_hull(4, formula, ev);
    assert_int_equal(desc_dilute_tangent(hull, 47, &mu, NULL), DFT_OK);
    assert_close(mu, -0.115 * 13.0 / 2.0, 1e-9);
    assert_int_equal(desc_dilute_solubility(row->dh_ev, mu, 0.0, 298.15, &r, NULL), DFT_OK);
    assert_int_equal(r.outcome, DESC_DILUTE_FINITE);
    desc_hull_free(hull);
}

static void a_reference_that_is_not_the_richest_in_lithium_is_refused(void **state)
{
    static const struct { const char *element, *phase; } refused[] = {
        { "Ag", "Li11Ag2" }, { "Cd", "CdLi3" }, { "Si", "Li22Si5" }, { "W", "no solution energy" },
    };

    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        desc_dilute_result r;
        dft_error err;
        assert_int_equal(desc_dilute_from_data(*state, refused[i].element, 298.15, &r, &err),
                         DFT_EINPUT);
        if (!strstr(err.message, refused[i].phase))
            fail_msg("%s", err.message);
    }
}

/* Published with the energies: Au 3.7e-4 at 298 K and 2.8e-3 at 400 K, Zn 0.045, Hg 0.046, Sn
 * 4.7e-4; Pt against Li2Pt 0.72, Fe 2e-41. */
static void the_published_values_come_out(void **state)
{
    static const struct { const char *element; double t, x; desc_dilute_outcome outcome; } of[] = {
        { "Au", 298.15, 3.7e-4, DESC_DILUTE_FINITE }, { "Au", 400.0, 2.8e-3, DESC_DILUTE_FINITE },
        { "Zn", 298.15, 4.5e-2, DESC_DILUTE_FINITE }, { "Hg", 298.15, 4.6e-2, DESC_DILUTE_FINITE },
        { "Sn", 298.15, 4.7e-4, DESC_DILUTE_FINITE }, 
        { "Pt", 298.15, 0.72, DESC_DILUTE_NOT_DILUTE },
        { "Fe", 298.15, 2e-41, DESC_DILUTE_NIL },
    };

    for (size_t i = 0; i < sizeof of / sizeof *of; i++) {
        desc_dilute_result r;
        assert_int_equal(desc_dilute_from_data(*state, of[i].element, of[i].t, &r, NULL), DFT_OK);
        assert_close(r.x / of[i].x, 1.0, 0.03);      /* two digits were published */
        assert_int_equal(r.outcome, of[i].outcome);
    }
}

static void a_computed_solubility_goes_before_bounds_and_gaps_only(void **unused)
{
    static const struct { desc_origin origin; bool improves; } of[] = {
        { DESC_ORIGIN_MISSING, true }, { DESC_ORIGIN_DFT_DILUTE, true }, { DESC_ORIGIN_CALPHAD, false },
        { DESC_ORIGIN_MEASURED, false }, { DESC_ORIGIN_NONE, false },
    };
    desc_solubility row = { .x = NAN, .low = NAN, .high = 0.046, .origin = DESC_ORIGIN_DFT_DILUTE };
    desc_dilute_result r;
    (void)unused;

    for (size_t i = 0; i < sizeof of / sizeof *of; i++)
        assert_int_equal(desc_dilute_improves(&(desc_solubility){ .origin = of[i].origin }), of[i].improves);
    assert_int_equal(desc_dilute_solubility(0.2, 0.0, 0.0, 298.15, &r, NULL), DFT_OK);
    desc_dilute_apply(&r, "words", &row);
    assert_close(row.x, r.x, 0.0);
    assert_close(row.low, r.x / 50.0, 1e-18);
    assert_close(row.high, 2.0 * r.x, 1e-18);
    assert_string_equal(row.basis, "words");
    assert_int_equal(desc_dilute_solubility(-0.5, -0.5, 0.0, 298.15, &r, NULL), DFT_OK);
    desc_dilute_apply(&r, "", &row);                /* x = 1: more than dilute, 1/50 of it at least */
    assert_true(isnan(row.x) && isnan(row.high));
    assert_close(row.low, 0.02, 1e-15);
    assert_int_equal(row.origin, DESC_ORIGIN_DFT_DILUTE);
    assert_int_equal(desc_dilute_solubility(0.6, 0.0, 0.0, 298.15, &r, NULL), DFT_OK);
    desc_dilute_apply(&r, "", &row);
    assert_close(row.x, 0.0, 0.0);
    assert_int_equal(row.origin, DESC_ORIGIN_NONE);
}

static void impossible_input_is_refused(void **unused)
{
    desc_dilute_result r;
    (void)unused;

    assert_int_equal(desc_dilute_solubility(0.2, 0.0, 0.0, 0.0, &r, NULL), DFT_EINPUT);
    assert_int_equal(desc_dilute_solubility(NAN, 0.0, 0.0, 298.0, &r, NULL), DFT_EINPUT);
    assert_int_equal(desc_dilute_solubility(0.2, INFINITY, 0.0, 298.0, &r, NULL), DFT_EINPUT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_metal_without_compounds_has_the_boltzmann_factor),
        cmocka_unit_test(the_tangent_is_the_lowest_energy_per_solute_atom),
        cmocka_unit_test(silver_needs_its_lithium_rich_phases),
        cmocka_unit_test(a_reference_that_is_not_the_richest_in_lithium_is_refused),
        cmocka_unit_test(the_published_values_come_out),
        cmocka_unit_test(a_computed_solubility_goes_before_bounds_and_gaps_only),
        cmocka_unit_test(impossible_input_is_refused),
    };
    return cmocka_run_group_tests(tests, read_data, free_data);
}
