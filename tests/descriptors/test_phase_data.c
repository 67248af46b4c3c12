#include "descriptors/phase_data.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dft-lite/base/alloc.h"
#include "tests/support/assert_close.h"

#define DATA "descriptors/data"                  /* tests run from the top of the repository */

static int read_data(void **state)
{
    desc_phase_data *data = NULL;
    dft_error err = { DFT_OK, "" };

    if (desc_phase_data_read(DATA, &data, &err) != DFT_OK)
        print_error("%s\n", err.message);
    *state = data;
    return data ? 0 : -1;
}

static int free_data(void **state)
{
    desc_phase_data_free(*state);
    return 0;
}

static void solubilities_carry_their_origin(void **state)
{
    desc_solubility s;

    desc_solubility_in_li(*state, "Mg", &s);
    assert_close(s.x, 0.669, 0.0);
    assert_close(s.low, 0.66, 0.0);
    assert_int_equal(s.origin, DESC_ORIGIN_CALPHAD);
    assert_string_equal(s.confidence, "high");
    desc_solubility_in_li(*state, "Au", &s);
    assert_close(s.x, 6e-4, 0.0);
    assert_int_equal(s.origin, DESC_ORIGIN_MEASURED);
    assert_non_null(strstr(s.source, "Pelton"));
    desc_solubility_in_li(*state, "Cu", &s);
    assert_close(s.x, 0.0, 0.0);
    assert_close(s.high, 1e-4, 0.0);
    assert_int_equal(s.origin, DESC_ORIGIN_NONE);
}

static void an_unknown_solubility_is_nan_and_never_zero(void **state)
{
    static const char *const unknown[] = { "Pt", "Cd", "Te", "W", "Li", "" };
    desc_solubility s;

    for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++) {
        desc_solubility_in_li(*state, unknown[i], &s);
        assert_int_equal(s.origin, DESC_ORIGIN_MISSING);
        assert_true(isnan(s.x));
        assert_true(strlen(s.basis) > 0);
    }
    desc_solubility_in_li(*state, "Ag", &s);             /* what was missing longest */
    assert_int_equal(s.origin, DESC_ORIGIN_DFT);
    assert_string_equal(s.confidence, "low");
    assert_true(s.low < s.x && s.x < s.high && s.high - s.low > 0.2);
    desc_solubility_in_li(*state, "Hg", &s);             /* an upper bound is not a value */
    assert_true(isnan(s.x));
    assert_close(s.high, 4.6e-2, 0.0);
    assert_int_equal(s.origin, DESC_ORIGIN_DFT_DILUTE);
}

static void phases_come_sorted_by_lithium_content(void **state)
{
    size_t n;
    const desc_phase *p = desc_phases(*state, "Al", &n);

    assert_true(n >= 4);
    assert_string_equal(p[0].formula, "LiAl");
    assert_close(p[0].dhf_kj_per_mol_atoms, -20.65, 0.0);
    assert_int_equal(p[0].origin, DESC_ORIGIN_CALPHAD);
    assert_string_equal(p[n - 1].formula, "Al4Li9");
    for (size_t i = 0; i < n; i++)
        assert_string_equal(p[i].element, "Al");
    assert_null(desc_phases(*state, "W", &n));
    assert_int_equal(n, 0);
}

static void points_and_plateaus_of_a_metal_are_found(void **state)
{
    size_t n, n_points;
    const desc_plateau *plateau = desc_plateaus(*state, "Mg", &n);
    const desc_solubility_point *point = desc_solubility_points(*state, "Au", &n_points);

    assert_true(n >= 2 && n_points >= 2);
    assert_close(plateau[0].voltage_v, 0.1005, 0.0);
    assert_true(isnan(plateau[n - 1].voltage_v));        /* single-phase bcc: it slopes */
    assert_close(point[0].temperature_k, 428.0, 0.0);
    assert_close(point[0].x, 0.007, 0.0);
    assert_string_equal(point[0].solvent_phase, "BCC_A2");
}

/* LiZn by DFT: 21.6 kJ/mol-atoms/0.5 per mol Li = 43.2 kJ/mol = 0.4477 eV. */
static void the_first_lithiation_prefers_plateaus_then_dft_enthalpies(void **state)
{
    desc_lithiation l;

    desc_first_lithiation(*state, "Al", &l);
    assert_close(l.driving_ev, 0.3854, 0.0);
    desc_first_lithiation(*state, "Mg", &l);
    assert_close(l.driving_ev, 0.1005, 0.0);
    assert_int_equal(l.origin, DESC_ORIGIN_CALPHAD);
    desc_first_lithiation(*state, "Zn", &l);             /* not the doubtful calorimetry */
    assert_close(l.driving_ev, 0.4477, 1e-4);
    assert_int_equal(l.origin, DESC_ORIGIN_DFT);
    assert_string_equal(l.product, "LiZn");
    desc_first_lithiation(*state, "Au", &l);             /* galvanostatic plateaus do not count */
    assert_int_equal(l.origin, DESC_ORIGIN_DFT);
}

/* Li2Te: 355.6 kJ/mol for two Li. */
static void a_salt_former_takes_the_enthalpy_of_its_salt(void **state)
{
    desc_lithiation l;

    desc_first_lithiation(*state, "Te", &l);
    assert_close(l.driving_ev, 355.6 / 2.0 / 96.48533, 1e-5);
    assert_int_equal(l.origin, DESC_ORIGIN_MEASURED);
    assert_string_equal(l.product, "Li2Te");
}

static void immiscible_is_zero_and_unknown_is_nan(void **state)
{
    desc_lithiation l;

    desc_first_lithiation(*state, "Cu", &l);
    assert_close(l.driving_ev, 0.0, 0.0);
    assert_int_equal(l.origin, DESC_ORIGIN_NONE);
    desc_first_lithiation(*state, "W", &l);
    assert_true(isnan(l.driving_ev));
    assert_int_equal(l.origin, DESC_ORIGIN_MISSING);
    desc_first_lithiation(*state, "Ti", &l);
    assert_int_equal(l.origin, DESC_ORIGIN_NONE);
}

static void the_element_that_counts_follows_the_chemistry(void **state)
{
    static const struct { const char *formula, *element; desc_state state; } expected[] = {
        { "Ag", "Ag", DESC_STATE_PRISTINE },    { "LiHg", "Hg", DESC_STATE_LITHIATED },
        { "Li9Ag4", "Ag", DESC_STATE_LITHIATED }, { "ZnLi", "Zn", DESC_STATE_LITHIATED },
        { "ZnO", "Zn", DESC_STATE_CONVERTED },  { "MgO", "", DESC_STATE_PRISTINE },
        { "Ti2C", "", DESC_STATE_PRISTINE },    { "Ti2CO2", "", DESC_STATE_PRISTINE },
        { "LiF", "", DESC_STATE_PRISTINE },     { "Li", "", DESC_STATE_UNKNOWN },
        { "SiO2", "Si", DESC_STATE_CONVERTED }, { "Al2O3", "Al", DESC_STATE_CONVERTED },
        { "Mg3N2", "", DESC_STATE_PRISTINE },   { "Zn3P2", "", DESC_STATE_UNKNOWN },
        { "AuCu3", "", DESC_STATE_UNKNOWN },
    };

    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        desc_active_element a;
        assert_int_equal(desc_alloying_element(*state, expected[i].formula, &a, NULL), DFT_OK);
        assert_string_equal(a.element, expected[i].element);
        assert_int_equal(a.state, expected[i].state);
    }
}

/* CRC Handbook, kJ/mol: Li2O -561.2, ZnO -320.5, MgO -569.3; two Li each. */
static void zinc_oxide_converts_and_magnesium_oxide_does_not(void **state)
{
    desc_active_element a;

    assert_int_equal(desc_alloying_element(*state, "ZnO", &a, NULL), DFT_OK);
    assert_close(a.conversion_ev, (-561.2 + 320.5) / 2.0 / 96.48533, 1e-6);
    assert_int_equal(desc_alloying_element(*state, "MgO", &a, NULL), DFT_OK);
    assert_close(a.conversion_ev, 0.0, 0.0);
    assert_int_equal(desc_alloying_element(*state, "Ti2C", &a, NULL), DFT_OK);
    assert_true(isnan(a.conversion_ev));
}

static void a_formula_that_cannot_be_read_is_refused(void **state)
{
    static const char *const bad[] = { "", "zno", "2Li", "Zn-O", "Li(OH" };
    desc_active_element a;
    dft_error err;

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(desc_alloying_element(*state, bad[i], &a, &err), DFT_EINPUT);
    assert_non_null(strstr(err.message, "Li(OH"));
}

static void candidates_get_their_terms_from_the_right_rows(void **state)
{
    desc_active_element a;
    desc_solubility s;
    desc_lithiation l;

    assert_int_equal(desc_candidate_phase(*state, "LiZn", &a, &s, &l, NULL), DFT_OK);
    assert_close(s.x, 4e-3, 0.0);
    assert_close(l.driving_ev, 0.4477, 1e-4);
    assert_int_equal(desc_candidate_phase(*state, "ZnO", &a, &s, &l, NULL), DFT_OK);
    assert_close(s.x, 4e-3, 0.0);
    assert_close(l.driving_ev, 1.2473, 1e-4);
    assert_int_equal(desc_candidate_phase(*state, "MgO", &a, &s, &l, NULL), DFT_OK);
    assert_int_equal(s.origin, DESC_ORIGIN_NONE);
    assert_close(s.x, 0.0, 0.0);
    assert_close(l.driving_ev, 0.0, 0.0);
    assert_int_equal(desc_candidate_phase(*state, "Ti2CO2", &a, &s, &l, NULL), DFT_OK);
    assert_int_equal(s.origin, DESC_ORIGIN_NONE);
    assert_true(isnan(l.driving_ev));                    /* nobody has assessed its conversion */
    assert_int_equal(desc_candidate_phase(*state, "LiF", &a, &s, &l, NULL), DFT_OK);
    assert_int_equal(s.origin, DESC_ORIGIN_NONE);  /* stable against Li: nothing set free */
    assert_close(l.driving_ev, 0.0, 0.0);
    assert_int_equal(desc_candidate_phase(*state, "Zn3P2", &a, &s, &l, NULL), DFT_OK);
    assert_int_equal(s.origin, DESC_ORIGIN_MISSING);     /* Li3P has no energy: nobody can tell */
    assert_non_null(strstr(s.basis, "compound of Li with P"));
    assert_true(isnan(s.x) && isnan(l.driving_ev));
}

/* ---- broken files: the shipped ones are copied and one is replaced ---- */

static char scratch[] = "/tmp/test_phase_data_XXXXXX";
static const char *const files[] = { "solubility-298k.csv", "solubility.csv", "intermetallics.csv",
                                     "plateaus.csv", "conversion.csv", "formation.csv",
                                     "dilute.csv", "volumes.csv", "voltages.csv" };
#define N_FILES (sizeof files / sizeof *files)

static void copy_file(const char *name)
{
    char from[256], to[256], block[4096];
    size_t n;

    snprintf(from, sizeof from, "%s/%s", DATA, name);
    snprintf(to, sizeof to, "%s/%s", scratch, name);
    FILE *in = fopen(from, "r"), *out = fopen(to, "w");
    assert_true(in && out);
    while ((n = fread(block, 1, sizeof block, in)) > 0)
        assert_int_equal(fwrite(block, 1, n, out), n);
    fclose(in);
    fclose(out);
}

static void assert_refused(const char *name, const char *text, const char *word)
{
    char path[256];
    desc_phase_data *data = NULL;
    dft_error err = { DFT_OK, "" };

    snprintf(path, sizeof path, "%s/%s", scratch, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    assert_int_equal(desc_phase_data_read(scratch, &data, &err), DFT_EPARSE);
    assert_null(data);
    assert_non_null(strstr(err.message, name));
    assert_non_null(strstr(err.message, word));
    copy_file(name);
}

#define SOL "element,x_m_in_li,low,high,origin,confidence,basis,bounds_basis,x_li_in_m," \
            "li_in_m_note,li_richest_phase,plateaus_v,source\n"
#define PHA "element,formula,structure,x_li,dhf_kj_per_mol_atoms,origin,confidence,kind," \
            "t_range_k,source\n"
#define CON "formula,element,state,note,source\n"
#define VOL "formula,voltage_v,kind,confidence,note,source\n"
#define FOR "formula,dhf_kj_per_mol,dgf_kj_per_mol,origin,confidence,note,source\n"

static void broken_tables_are_refused_with_file_and_line(void **unused)
{
    (void)unused;
    assert_refused(files[0], "element,low\nAg,1\n", "x_m_in_li");
    assert_refused(files[0], SOL "Ag,1.5,,,measured,,,,,,,,\n", ":2: ");
    assert_refused(files[0], SOL "Ag,0.5,,,guessed,,,,,,,,\n", "guessed");
    assert_refused(files[0], SOL "Ag,0.5,,,missing,,,,,,,,\n", "needs an origin");
    assert_refused(files[0], SOL "Ag,,,,measured,,,,,,,,\n", "missing");
    assert_refused(files[0], SOL "Ag,0.5,,,none,,,,,,,,\n", "1e-6");
    assert_refused(files[0], SOL "Ag,1e-9,,,calphad,,,,,,,,\n", "1e-6");
    assert_refused(files[0], SOL "Ag,0.5,0.6,,measured,,,,,,,,\n", "low <= x");
    assert_refused(files[0], SOL "Ag,0.5,,,measured,,,,,,,,\nAg,0.5,,,measured,,,,,,,,\n", ":3: ");
    assert_refused(files[1], "element,solvent_phase,solute,temperature_k,x,origin,confidence,note,"
                   "source\nAg,BCC_A2,Ag,warm,0.1,measured,,,\n", "warm");
    assert_refused(files[2], PHA "Ag,LiAg,,,-20,dft,,,,\n", "x_li");
    assert_refused(files[2], PHA "Ag,Li3Ag,,0.75,,missing,,,,\nAg,LiAg,,0.5,,missing,,,,\n",
                   ":3: ");
    assert_refused(files[2], PHA "Ag,LiAg,,0.5,,missing,,,,\nAu,LiAu,,0.5,,missing,,,,\n"
                   "Ag,Li3Ag,,0.75,,missing,,,,\n", "together");
    assert_refused(files[3], "element,reaction,temperature_k,voltage_v,equilibrium,origin,"
                   "confidence,note,source\nAg,x,298,0.1,maybe,measured,,,\n", "maybe");
    assert_refused(files[2], PHA "Ag,LiAg (B2),,0.5,-20,dft,,,,\n", "Li15Au4");
    assert_refused(files[2], PHA "Ag,Li3Ag,,0.5,-20,dft,,,,\n", "does not agree");
    assert_refused(files[4], CON "MgO,Mg,converted,,\n", "formation.csv");
    assert_refused(files[5], FOR "MgO,,,measured,high,,x\n", "enthalpy");
    assert_refused(files[5], FOR "Mg,-3,,measured,,,x\n", "0 by definition");
    assert_refused(files[7], "formula,volume_ang3,origin,structure\nMgO,-1,dft,x\n", "volume");
    assert_refused(files[7], "formula,volume_ang3,origin,structure\nMgO,1,dft,\n", "structure");
    assert_refused(files[5], FOR "MgO,-600,,measured,high,,\n", "source");
    assert_refused(files[8], VOL "CuO,-1,theoretical,low,,x\n", "above 0");
    assert_refused(files[8], VOL "CuO,,theoretical,low,,x\n", "above 0");
    assert_refused(files[8], VOL "CuO,1,guessed,low,,x\n", "ab initio");
    assert_refused(files[8], VOL "CuO,1,measured,low,,\n", "source");
    assert_refused(files[8], VOL "CuQ,1,measured,low,,x\n", "formula");
    assert_refused(files[5], FOR "MgQ,-600,,measured,high,,x\n", "formula");
    assert_refused(files[5], FOR "MgO,-600,,none,high,,x\n", "measured or dft");
    assert_refused(files[5], FOR "MgO,-600,-500,dft,high,,x\n", "no Gibbs");
    assert_refused(files[6], "element,dh_ev,reference,mu_ev,note,source\nAg,,LiAg,-0.4,,\n",
                   "energy");
}

static void a_missing_directory_or_file_is_named(void **unused)
{
    desc_phase_data *data = NULL;
    dft_error err;
    char path[256];
    (void)unused;

    assert_int_equal(desc_phase_data_read("/nonexistent", &data, &err), DFT_ENOFILE);
    assert_non_null(strstr(err.message, "/nonexistent/solubility-298k.csv"));
    snprintf(path, sizeof path, "%s/%s", scratch, files[4]);
    unlink(path);
    assert_int_equal(desc_phase_data_read(scratch, &data, &err), DFT_ENOFILE);
    assert_non_null(strstr(err.message, "conversion.csv"));
    copy_file(files[4]);
}

static void each_refused_allocation_is_reported(void **unused)
{
    (void)unused;
    /* 1 for the struct, 6 for each table (5 in the reader of the file, 1 for the rows), 2 for the
     * conversions and then those of each hull. */
    for (long n = 1; n <= 100; n++) {
        desc_phase_data *data = NULL;
        dft_alloc_refuse_nth(n);
        assert_int_equal(desc_phase_data_read(DATA, &data, NULL), DFT_ENOMEM);
        assert_null(data);
    }
    dft_alloc_refuse_nth(0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(solubilities_carry_their_origin),
        cmocka_unit_test(an_unknown_solubility_is_nan_and_never_zero),
        cmocka_unit_test(phases_come_sorted_by_lithium_content),
        cmocka_unit_test(points_and_plateaus_of_a_metal_are_found),
        cmocka_unit_test(the_first_lithiation_prefers_plateaus_then_dft_enthalpies),
        cmocka_unit_test(a_salt_former_takes_the_enthalpy_of_its_salt),
        cmocka_unit_test(immiscible_is_zero_and_unknown_is_nan),
        cmocka_unit_test(the_element_that_counts_follows_the_chemistry),
        cmocka_unit_test(zinc_oxide_converts_and_magnesium_oxide_does_not),
        cmocka_unit_test(a_formula_that_cannot_be_read_is_refused),
        cmocka_unit_test(candidates_get_their_terms_from_the_right_rows),
        cmocka_unit_test(broken_tables_are_refused_with_file_and_line),
        cmocka_unit_test(a_missing_directory_or_file_is_named),
        cmocka_unit_test(each_refused_allocation_is_reported),
    };
    char path[256];

    if (!mkdtemp(scratch))
        return 1;
    for (size_t i = 0; i < N_FILES; i++)
        copy_file(files[i]);
    const int failures = cmocka_run_group_tests(tests, read_data, free_data);
    for (size_t i = 0; i < N_FILES; i++) {
        snprintf(path, sizeof path, "%s/%s", scratch, files[i]);
        unlink(path);
    }
    rmdir(scratch);
    return failures;
}
