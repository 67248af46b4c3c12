/* Charges and distances, and the tables behind them. */
#include "tests/candidates/shapes.h"

#include "candidates/filters.h"
#include "dft-lite/base/alloc.h"

static cand_ions *ions;

static int read_ions(void **unused)
{
    (void)unused;
    return cand_ions_read("candidates/data", &ions, NULL);
}

static int free_ions(void **unused)
{
    (void)unused;
    cand_ions_free(ions);
    return 0;
}

static void charges_are_judged(void **unused)
{
    static const struct { int n, z[8]; cand_charge_verdict verdict; } cases[] = {
        { 3, { 3, 3, 8 }, CAND_CHARGE_NEUTRAL },                 /* Li2O */
        { 2, { 3, 8 }, CAND_CHARGE_IMPOSSIBLE },                 /* LiO */
        { 2, { 3, 47 }, CAND_CHARGE_METALLIC },                  /* LiAg */
        { 7, { 26, 26, 26, 8, 8, 8, 8 }, CAND_CHARGE_MIXED },    /* Fe3O4 */
        { 3, { 22, 8, 8 }, CAND_CHARGE_NEUTRAL },                /* TiO2 */
        { 4, { 22, 8, 8, 8 }, CAND_CHARGE_IMPOSSIBLE },          /* TiO3 */
        { 6, { 3, 3, 6, 8, 8, 8 }, CAND_CHARGE_NEUTRAL },        /* Li2CO3 */
        { 2, { 8, 8 }, CAND_CHARGE_METALLIC },                   /* O2 */
        { 5, { 16, 9, 9, 9, 9 }, CAND_CHARGE_NEUTRAL },          /* SF4: F is the anion */
        { 2, { 2, 9 }, CAND_CHARGE_IMPOSSIBLE },                 /* HeF: no states */
    };
    (void)unused;

    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++)
        assert_int_equal(cand_charge_judge(ions, (size_t)cases[k].n, cases[k].z), cases[k].verdict);
}

/* Lithium peroxide, O at -1, is the one entry that anions in their commonest state cannot explain. */
static void the_library_is_neutral_and_well_spaced(void **unused)
{
    cand_library *library = NULL;
    (void)unused;

    assert_int_equal(cand_library_read("candidates/data", &library, NULL), DFT_OK);
    for (size_t i = 0; i < cand_library_size(library); i++) {
        const cand_entry *entry = cand_library_entry(library, i);
        const bool possible = cand_charge_is_possible(cand_charge_judge(ions, entry->n_atoms,
                                                                        entry->z));
        dft_crystal *crystal = NULL;
        if (!possible && strcmp(entry->id, "Li2O2") != 0)
            print_error("%s\n", entry->id);
        assert_int_equal(possible, strcmp(entry->id, "Li2O2") != 0);
        assert_int_equal(cand_entry_crystal(entry, CAND_CELL_PRIMITIVE, &crystal, NULL), DFT_OK);
        const double contact = cand_closest_contact(crystal, NULL, NULL);
        assert_true(contact >= CAND_CONTACT_LEAST && contact <= CAND_CONTACT_MOST);
        dft_crystal_free(crystal);
    }
    cand_library_free(library);
}

/* Cu-Cu in fcc copper: a/sqrt 2 = 2.556 A over twice 1.32 A. */
static void the_closest_contact_is_the_bond(void **unused)
{
    dft_crystal *cu = library_crystal("Cu_fcc");
    size_t i = 9, j = 9;
    (void)unused;

    assert_close(cand_closest_contact(cu, &i, &j),
                 cu->lattice[0][0] / sqrt(2.0) / (2.0 * 1.32 * ANG), 1e-9);
    assert_true(i < 4 && j < 4);
    dft_crystal_free(cu);
}

/* Shannon (1976), table 1: Li+ 0.59 (IV), 0.76 (VI); O2- 1.40 (VI); Ti4+ 0.605 (VI). */
static void radii_are_those_of_shannon(void **unused)
{
    int state[CAND_MAX_STATES];
    (void)unused;

    assert_close(cand_ions_radius(ions, 3, 1, 4), 0.59 * ANG, 1e-12);
    assert_close(cand_ions_radius(ions, 3, 1, 6), 0.76 * ANG, 1e-12);
    assert_close(cand_ions_radius(ions, 3, 1, 5), 0.59 * ANG, 1e-12); /* the smaller neighbour */
    assert_close(cand_ions_radius(ions, 8, -2, 6), 1.40 * ANG, 1e-12);
    assert_close(cand_ions_radius(ions, 22, 4, 6), 0.605 * ANG, 1e-12);
    assert_true(isnan(cand_ions_radius(ions, 3, 2, 6)));
    assert_true(isnan(cand_ions_volume(ions, 2)));
    assert_close(cand_ions_metallic_radius(ions, 29), 1.278 * ANG, 0.003 * ANG);
    assert_int_equal(cand_ions_states(ions, 29, state), 3);
    assert_int_equal(state[0], 1);
}

static void refused_memory_is_reported(void **unused)
{
    dft_status status = DFT_ENOMEM;
    (void)unused;

    for (long n = 1; status != DFT_OK; n++) {
        cand_ions *other = NULL;
        assert_true(n < 200);
        dft_alloc_refuse_nth(n);
        status = cand_ions_read("candidates/data", &other, NULL);
        dft_alloc_refuse_nth(0);
        assert_true(status == DFT_OK || (status == DFT_ENOMEM && !other));
        cand_ions_free(other);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(charges_are_judged),
        cmocka_unit_test(the_library_is_neutral_and_well_spaced),
        cmocka_unit_test(the_closest_contact_is_the_bond),
        cmocka_unit_test(radii_are_those_of_shannon),
        cmocka_unit_test(refused_memory_is_reported),
    };
    return cmocka_run_group_tests(tests, read_ions, free_ions);
}
