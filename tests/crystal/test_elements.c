#include "dft-lite/crystal/elements.h"

#include "tests/support/assert_close.h"

static void symbols_and_numbers_are_inverse_for_all_118_elements(void **unused)
{
    (void)unused;
    for (int z = 1; z <= DFT_MAX_Z; z++)
        assert_int_equal(dft_element_number(dft_element_symbol(z)), z);
}

/* Anchors along the table: a row shifted by one would miss the next anchor. */
static void known_elements_stand_at_their_numbers(void **unused)
{
    static const struct { int z; const char *symbol; } anchor[] = {
        { 1, "H" }, { 3, "Li" }, { 8, "O" }, { 13, "Al" }, { 22, "Ti" }, { 30, "Zn" }, { 36, "Kr" },
        { 47, "Ag" }, { 54, "Xe" }, { 57, "La" }, { 71, "Lu" }, { 78, "Pt" }, { 79, "Au" },
        { 80, "Hg" }, { 86, "Rn" }, { 92, "U" }, { 103, "Lr" }, { 118, "Og" },
    };
    (void)unused;
    for (size_t i = 0; i < sizeof anchor / sizeof anchor[0]; i++)
        assert_string_equal(dft_element_symbol(anchor[i].z), anchor[i].symbol);
}

static void what_is_no_element_is_answered_without_one(void **unused)
{
    (void)unused;
    assert_string_equal(dft_element_symbol(0), "?");
    assert_string_equal(dft_element_symbol(-3), "?");
    assert_string_equal(dft_element_symbol(119), "?");
    assert_int_equal(dft_element_number("Xx"), 0);
    assert_int_equal(dft_element_number("li"), 0);      /* case matters: "co" is not Co */
    assert_int_equal(dft_element_number("?"), 0);
    assert_int_equal(dft_element_number(""), 0);
    assert_close(dft_element_mass_u(0), 0.0, 0.0);
    assert_close(dft_element_covalent_radius_ang(119), 0.0, 0.0);
}

/* Exact: the tables are quoted, not computed. */
static void radii_and_masses_are_the_published_ones(void **unused)
{
    (void)unused;
    assert_close(dft_element_covalent_radius_ang(3), 1.28, 0.0);
    assert_close(dft_element_covalent_radius_ang(47), 1.45, 0.0);
    assert_close(dft_element_covalent_radius_ang(96), 1.69, 0.0);
    assert_close(dft_element_covalent_radius_ang(97), 0.0, 0.0);
    assert_close(dft_element_mass_u(3), 6.94, 0.0);
    assert_close(dft_element_mass_u(79), 196.966569, 0.0);
    assert_close(dft_element_mass_u(43), 0.0, 0.0);     /* Tc has no stable isotope */
}

/* Outside the known inversions (Ar/K, Co/Ni, Te/I, Th/Pa) weights rise with the number. */
static void masses_rise_with_atomic_number(void **unused)
{
    double last = 0.0;
    (void)unused;
    for (int z = 1; z <= 92; z++) {
        const double mass = dft_element_mass_u(z);
        if (mass <= 0.0 || z == 19 || z == 28 || z == 53 || z == 91)
            continue;
        assert_true(mass > last);
        assert_true(mass > 0.99 * z && mass < 2.7 * z);
        last = mass;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(symbols_and_numbers_are_inverse_for_all_118_elements),
        cmocka_unit_test(known_elements_stand_at_their_numbers),
        cmocka_unit_test(what_is_no_element_is_answered_without_one),
        cmocka_unit_test(radii_and_masses_are_the_published_ones),
        cmocka_unit_test(masses_rise_with_atomic_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
