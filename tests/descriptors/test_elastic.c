#include "descriptors/elastic.h"

#include <string.h>

#include "tests/descriptors/point_groups.h"
#include "tests/support/assert_close.h"

/* Copper, GPa: W. C. Overton, J. Gaffney, Phys. Rev. 98, 969 (1955), 0 K. */
static const double copper[6][6] = {
    { 176.2, 124.9, 124.9, 0, 0, 0 }, { 124.9, 176.2, 124.9, 0, 0, 0 },
    { 124.9, 124.9, 176.2, 0, 0, 0 }, { 0, 0, 0, 81.8, 0, 0 }, { 0, 0, 0, 0, 81.8, 0 },
    { 0, 0, 0, 0, 0, 81.8 } };

/* Cubic closed forms: B = (C11 + 2 C12)/3, G_V = (C11 - C12 + 3 C44)/5,
 * G_R = 5 (C11 - C12) C44/(4 C44 + 3 (C11 - C12)).  1e-10: rounding of numbers of a few hundred. */
static void averages_of_a_cubic_crystal_match_their_closed_forms(void **unused)
{
    const double difference = 176.2 - 124.9;
    desc_moduli m;
    (void)unused;

    assert_int_equal(desc_elastic_moduli(copper, &m, NULL), DFT_OK);
    assert_close(m.bulk_voigt, (176.2 + 2 * 124.9) / 3.0, 1e-10);
    assert_close(m.bulk_reuss, (176.2 + 2 * 124.9) / 3.0, 1e-10);
    assert_close(m.shear_voigt, (difference + 3 * 81.8) / 5.0, 1e-10);
    assert_close(m.shear_reuss, 5 * difference * 81.8 / (4 * 81.8 + 3 * difference), 1e-10);
    assert_close(m.young, 9 * m.bulk * m.shear / (3 * m.bulk + m.shear), 1e-10);
    assert_close(m.poisson, m.young / (2 * m.shear) - 1, 1e-12);
    assert_close(m.pugh, m.bulk / m.shear, 1e-12);
    assert_close(desc_elastic_zener(copper), 2 * 81.8 / difference, 1e-12);
    assert_close(m.universal_anisotropy, 5 * m.shear_voigt / m.shear_reuss - 5, 1e-10);
}

static void an_isotropic_solid_has_no_anisotropy_and_looks_the_same_from_everywhere(void **unused)
{
    const double lambda = 50.0, mu = 30.0;
    double c[6][6] = { { 0.0 } }, turn[3][3], turned[6][6];
    desc_moduli m;
    (void)unused;

    for (int i = 0; i < 3; i++) {
        for (int j = 0; j < 3; j++)
            c[i][j] = lambda + (i == j ? 2 * mu : 0.0);
        c[i + 3][i + 3] = mu;
    }
    test_turn(turn);
    desc_elastic_rotate((const double (*)[6])c, (const double (*)[3])turn, turned);
    for (int i = 0; i < 6; i++)
        for (int j = 0; j < 6; j++)
            assert_close(turned[i][j], c[i][j], 1e-12);
    assert_int_equal(desc_elastic_moduli((const double (*)[6])c, &m, NULL), DFT_OK);
    assert_close(m.universal_anisotropy, 0.0, 1e-12);
    assert_close(m.shear, mu, 1e-12);
    assert_close(m.bulk, lambda + 2 * mu / 3, 1e-12);
    assert_close(m.poisson, lambda / (2 * (lambda + mu)), 1e-12);
}

/* By hand: along [110] of a cubic crystal C11' = (C11 + C12 + 2 C44)/2, C66' = (C11 - C12)/2. */
static void copper_turned_by_45_degrees_has_the_textbook_constants(void **unused)
{
    const double h = sqrt(0.5), axes[3][3] = { { h, h, 0 }, { -h, h, 0 }, { 0, 0, 1 } };
    double turned[6][6];
    (void)unused;

    desc_elastic_rotate(copper, axes, turned);
    assert_close(turned[0][0], (176.2 + 124.9 + 2 * 81.8) / 2, 1e-10);
    assert_close(turned[0][1], (176.2 + 124.9 - 2 * 81.8) / 2, 1e-10);
    assert_close(turned[5][5], (176.2 - 124.9) / 2, 1e-10);
    assert_close(turned[3][3], 81.8, 1e-10);
    assert_close(turned[0][5], 0.0, 1e-10);
}

/* Against the defining sum over four indices.  1e-12 of numbers of about 1. */
static void rotation_of_a_triclinic_tensor_is_the_fourfold_sum(void **unused)
{
    static const int voigt[3][3] = { { 0, 5, 4 }, { 5, 1, 3 }, { 4, 3, 2 } };
    double c[6][6], turn[3][3], turned[6][6];
    unsigned seed = 5;
    (void)unused;

    for (int i = 0; i < 6; i++)
        for (int j = i; j < 6; j++)
            c[i][j] = c[j][i] = test_random(&seed);
    test_turn(turn);
    desc_elastic_rotate((const double (*)[6])c, (const double (*)[3])turn, turned);
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++)
            for (int k = 0; k < 3; k++)
                for (int l = 0; l < 3; l++) {
                    double sum = 0.0;
                    for (int n = 0; n < 81; n++) {
                        const int a = n / 27, b = n / 9 % 3, d = n / 3 % 3, e = n % 3;
                        sum += turn[i][a] * turn[j][b] * turn[k][d] * turn[l][e]
                               * c[voigt[a][b]][voigt[d][e]];
                    }
                    assert_close(turned[voigt[i][j]][voigt[k][l]], sum, 1e-12);
                }
}

static void averages_and_eigenvalues_do_not_depend_on_orientation(void **unused)
{
    const double unit[3][3] = { { 1, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 } };
    double c[6][6], turn[3][3], turned[6][6], e[6], e_turned[6];
    desc_moduli m, m_turned;
    point_group group;
    (void)unused;

    test_turn(turn);
    test_group(DESC_LAUE_TRICLINIC, unit, &group);
    for (unsigned seed = 1; seed <= 20; seed++) {
        test_random_tensor(&group, seed, c);
        desc_elastic_rotate((const double (*)[6])c, (const double (*)[3])turn, turned);
        assert_int_equal(desc_elastic_moduli((const double (*)[6])c, &m, NULL), DFT_OK);
        assert_int_equal(desc_elastic_moduli((const double (*)[6])turned, &m_turned, NULL), DFT_OK);
        assert_close(m.bulk_voigt, m_turned.bulk_voigt, 1e-14);
        assert_close(m.bulk_reuss, m_turned.bulk_reuss, 1e-14);
        assert_close(m.shear_voigt, m_turned.shear_voigt, 1e-14);
        assert_close(m.shear_reuss, m_turned.shear_reuss, 1e-14);
        assert_true(m.bulk_reuss <= m.bulk_voigt && m.shear_reuss <= m.shear_voigt);
        assert_int_equal(desc_elastic_eigenvalues((const double (*)[6])c, e, NULL), DFT_OK);
        assert_int_equal(desc_elastic_eigenvalues((const double (*)[6])turned, e_turned, NULL), DFT_OK);
        for (int i = 0; i < 6; i++)
            assert_close(e[i], e_turned[i], 1e-14);
    }
}

static void an_unstable_crystal_has_no_moduli(void **unused)
{
    double c[6][6];
    desc_moduli m;
    dft_error err;
    (void)unused;

    memcpy(c, copper, sizeof c);
    c[5][5] = -1.0;
    assert_int_equal(desc_elastic_moduli((const double (*)[6])c, &m, &err), DFT_EINPUT);
    assert_non_null(strstr(err.message, "least eigenvalue -2"));   /* Kelvin: 2 C66 */
}

/* Wallace's coefficients of a cubic crystal under pressure P: C11 - P, C12 + P, C44 - P. */
static void pressure_enters_the_stress_strain_coefficients_as_in_the_textbook(void **unused)
{
    const double pressure = 7.0, stress[6] = { -7, -7, -7, 0, 0, 0 };
    double b[6][6], asymmetry;
    (void)unused;

    desc_elastic_under_stress(copper, stress, b, &asymmetry);
    assert_close(b[0][0], 176.2 - pressure, 1e-12);
    assert_close(b[0][1], 124.9 + pressure, 1e-12);
    assert_close(b[3][3], 81.8 - pressure, 1e-12);
    assert_close(asymmetry, 0.0, 1e-12);
    desc_elastic_under_stress(copper, (const double[6]){ 3, 0, 0, 0, 0, 0 }, b, &asymmetry);
    assert_close(asymmetry, 3.0, 1e-12);        /* B1122 - B2211 = -s11 + s22 */
}

/* Graphene-like, N/m: C11 = 350, C12 = 60: Young (C11^2 - C12^2)/C11 everywhere, Poisson C12/C11. */
static void an_isotropic_sheet_has_one_young_modulus(void **unused)
{
    const double c[3][3] = { { 350, 60, 0 }, { 60, 350, 0 }, { 0, 0, 145 } };
    const double bad[3][3] = { { 350, 360, 0 }, { 360, 350, 0 }, { 0, 0, 145 } };
    desc_sheet_moduli_result m;
    (void)unused;

    assert_int_equal(desc_sheet_moduli(c, &m, NULL), DFT_OK);
    assert_close(m.young_least, 350 - 60.0 * 60 / 350, 1e-10);
    assert_close(m.young_greatest, 350 - 60.0 * 60 / 350, 1e-10);
    assert_close(m.poisson_x, 60.0 / 350, 1e-12);
    assert_close(m.area_modulus, 205.0, 1e-12);
    assert_close(m.shear, 145.0, 1e-12);
    assert_int_equal(desc_sheet_moduli(bad, &m, NULL), DFT_EINPUT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(averages_of_a_cubic_crystal_match_their_closed_forms),
        cmocka_unit_test(an_isotropic_solid_has_no_anisotropy_and_looks_the_same_from_everywhere),
        cmocka_unit_test(copper_turned_by_45_degrees_has_the_textbook_constants),
        cmocka_unit_test(rotation_of_a_triclinic_tensor_is_the_fourfold_sum),
        cmocka_unit_test(averages_and_eigenvalues_do_not_depend_on_orientation),
        cmocka_unit_test(an_unstable_crystal_has_no_moduli),
        cmocka_unit_test(pressure_enters_the_stress_strain_coefficients_as_in_the_textbook),
        cmocka_unit_test(an_isotropic_sheet_has_one_young_modulus),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
