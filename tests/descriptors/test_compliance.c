#include "descriptors/compliance.h"

#include <string.h>

#include "tests/support/assert_close.h"

/* 100 GPa, 10 nm: E t = 1000 N/m; D = 1000 x 100 nm^2/12/(1 - 1/9) = 9.375e-15 J = 5.851e4 eV. */
static void a_plate_has_the_stiffness_of_the_textbook(void **unused)
{
    desc_film film = desc_film_unknown();
    desc_film_compliance out;
    (void)unused;

    film.bulk_modulus_gpa = 100.0;
    desc_film_compliance_of(&film, &out);
    assert_close(out.stiffness_n_per_m, 1000.0, 1e-9);
    assert_close(out.bending_rigidity_ev, 9.375e-15 / 1.602176634e-19, 1.0);      /* 5e4: 2e-5 */
    assert_true(out.poisson_assumed);
    assert_non_null(strstr(out.basis, "E = B = 100 GPa"));
    film.young_gpa = 80.0;
    desc_film_compliance_of(&film, &out);
    assert_close(out.stiffness_n_per_m, 800.0, 1e-9);
    assert_false(out.poisson_assumed);
    assert_true(isnan(out.slip_gpa));            /* a solid has no planes to slip on */
}

/* Ti3C2Tx: 333 GPa measured on a layer of about 1 nm (A. Lipatov et al., Sci. Adv. 4, eaat0491 (2018)),
 * so stiffer in plane than Cu; its stack still bends a thousand times more easily than 10 nm of Cu. */
static void a_slipping_stack_is_stiff_in_plane_and_soft_to_bend(void **unused)
{
    desc_film mxene = desc_film_unknown(), copper = mxene;
    desc_film_compliance soft, metal;
    (void)unused;

    mxene.sheet = true;
    mxene.in_plane_stiffness_n_per_m = 326.0;
    mxene.layer_spacing_ang = 9.8;
    mxene.layer_bending_ev = 5.2;
    mxene.interlayer_c44_gpa = 3.0;
    copper.young_gpa = 128.0;
    copper.poisson = 0.34;
    desc_film_compliance_of(&mxene, &soft);
    desc_film_compliance_of(&copper, &metal);
    assert_true(mxene.in_plane_stiffness_n_per_m / 0.98 > copper.young_gpa);   /* GPa against GPa */
    assert_close(soft.stiffness_n_per_m, 326.0, 1e-12);
    assert_close(soft.bending_rigidity_ev, 5.2 * 100.0 / 9.8, 1e-9);
    assert_true(soft.bending_rigidity_ev < 1e-3 * metal.bending_rigidity_ev);
    assert_close(soft.slip_gpa, 3.0, 0.0);
    assert_non_null(strstr(soft.basis, "layers slip (C44 = 3.0 GPa)"));
}

static void a_stack_that_is_not_known_to_slip_stretches_as_one(void **unused)
{
    desc_film film = desc_film_unknown();
    desc_film_compliance out;
    (void)unused;

    film.sheet = true;
    film.layer_modulus_n_per_m = 100.0;
    desc_film_compliance_of(&film, &out);
    assert_close(out.stiffness_n_per_m, 1000.0, 1e-9);       /* ten layers of 1 nm */
    assert_non_null(strstr(out.basis, "slip between layers not computed"));
    film.interlayer_c44_gpa = 60.0;
    desc_film_compliance_of(&film, &out);
    assert_close(out.stiffness_n_per_m, 1000.0, 1e-9);
    assert_non_null(strstr(out.basis, "C44 = 60 GPa holds it"));
}

static void nothing_known_is_nothing_said(void **unused)
{
    desc_film film = desc_film_unknown();
    desc_film_compliance out;
    (void)unused;

    for (int sheet = 0; sheet < 2; sheet++) {
        film.sheet = sheet;
        desc_film_compliance_of(&film, &out);
        assert_true(isnan(out.stiffness_n_per_m) && isnan(out.bending_rigidity_ev));
        assert_string_equal(out.basis, "");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plate_has_the_stiffness_of_the_textbook),
        cmocka_unit_test(a_slipping_stack_is_stiff_in_plane_and_soft_to_bend),
        cmocka_unit_test(a_stack_that_is_not_known_to_slip_stretches_as_one),
        cmocka_unit_test(nothing_known_is_nothing_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
