#include "candidates/charges.h"

#include "tests/candidates/shapes.h"

static double charge_in(const char *id, const char *symbol, bool *known)
{
    dft_crystal *crystal = library_crystal(id);
    double charge[DFT_MAX_Z + 1];

    *known = cand_formal_charges(crystal->n_atoms, crystal->z, charge);
    dft_crystal_free(crystal);
    return charge[dft_element_number(symbol)];
}

static void salts_have_the_charges_of_the_textbook(void **unused)
{
    static const struct { const char *id, *symbol; double charge; } cases[] = {
        { "LiF", "Li", 1 }, { "MgO", "O", -2 }, { "Al2O3", "Al", 3 }, { "TiO2_rutile", "Ti", 4 },
        { "Cu2O", "Cu", 1 }, { "CuO", "Cu", 2 }, { "Li2O2", "O", -1 }, { "Li2CO3", "C", 4 },
        { "Co3O4", "Co", 8.0 / 3.0 }, { "Li3N_alpha", "N", -3 }, { "Fe2O3", "Fe", 3 },
    };
    (void)unused;

    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        bool known;
        const double charge = charge_in(cases[k].id, cases[k].symbol, &known);
        assert_true(known);
        assert_close(charge, cases[k].charge, 1e-12);
    }
}

static void every_assignment_is_neutral(void **unused)
{
    cand_library *library = NULL;
    size_t n_known = 0;
    (void)unused;

    assert_int_equal(cand_library_read("candidates/data", &library, NULL), DFT_OK);
    for (size_t e = 0; e < cand_library_size(library); e++) {
        const cand_entry *entry = cand_library_entry(library, e);
        double charge[DFT_MAX_Z + 1], sum = 0.0;
        n_known += cand_formal_charges(entry->n_atoms, entry->z, charge);
        for (size_t a = 0; a < entry->n_atoms; a++)
            sum += charge[entry->z[a]];
        assert_close(sum, 0.0, 1e-9);
    }
    cand_library_free(library);
    assert_true(n_known > 40);
}

static void metals_and_alloys_have_none(void **unused)
{
    static const char *const ids[] = { "Li_bcc", "LiAg_B2", "LiZn_B32", "Cu3Au_L12", "graphite",
                                       "Li3Sb_D03", "Li17Sn4" };
    bool known;
    (void)unused;

    for (size_t k = 0; k < sizeof ids / sizeof *ids; k++) {
        assert_close(charge_in(ids[k], "Li", &known), 0.0, 0.0);
        assert_false(known);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(salts_have_the_charges_of_the_textbook),
        cmocka_unit_test(every_assignment_is_neutral),
        cmocka_unit_test(metals_and_alloys_have_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
