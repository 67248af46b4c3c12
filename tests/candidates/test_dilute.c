/* One foreign atom in a host. */
#include "tests/candidates/shapes.h"

#include "candidates/dilute.h"
#include "dft-lite/base/alloc.h"

/* Ag in 3x3x3 conventional cells of bcc Li: 1 of 54, images 3 a apart; all neighbours are Li. */
static void a_solute_takes_one_place(void **unused)
{
    dft_crystal *li = library_crystal("Li_bcc"), *out = NULL;
    const int copies[3] = { 3, 3, 3 };
    cand_dilute_info info;
    size_t *atom = NULL, n = 0, n_silver = 0;
    (void)unused;

    assert_int_equal(cand_dilute_sites(li, 3, &atom, &n, NULL), DFT_OK);
    assert_int_equal(n, 1);         /* both atoms of the cube are equivalent */
    assert_int_equal(cand_dilute_create(li, copies, atom[0], 47, &out, &info, NULL), DFT_OK);
    assert_int_equal(out->n_atoms, 54);
    for (size_t a = 0; a < 54; a++)
        n_silver += out->z[a] == 47;
    assert_int_equal(n_silver, 1);
    assert_int_equal(out->z[0], 47);
    assert_close(info.fraction, 1.0 / 54.0, 1e-15);
    assert_close(info.separation, 3.0 * li->lattice[0][0], 1e-9);
    dft_crystal_free(out);
    free(atom);
    dft_crystal_free(li);
}

/* D0_3 Li3Ag has two kinds of Li. */
static void every_kind_of_site_is_listed(void **unused)
{
    dft_crystal *li3ag = library_crystal("Li3Ag_D03");
    size_t *atom = NULL, n = 0;
    dft_error err;
    (void)unused;

    assert_int_equal(cand_dilute_sites(li3ag, 3, &atom, &n, NULL), DFT_OK);
    assert_int_equal(n, 2);
    free(atom);
    assert_int_equal(cand_dilute_sites(li3ag, 79, &atom, &n, &err), DFT_EINPUT);
    assert_non_null(strstr(err.message, "no Au atoms"));
    assert_null(atom);
    dft_crystal_free(li3ag);
}

static void the_wrong_atom_is_refused(void **unused)
{
    dft_crystal *li = library_crystal("Li_bcc"), *out = NULL;
    const int copies[3] = { 2, 2, 2 }, none[3] = { 2, 0, 2 };
    dft_status status = DFT_ENOMEM;
    (void)unused;

    assert_int_equal(cand_dilute_create(li, copies, 2, 47, &out, NULL, NULL), DFT_EINPUT);
    assert_int_equal(cand_dilute_create(li, none, 0, 47, &out, NULL, NULL), DFT_EINPUT);
    assert_int_equal(cand_dilute_create(li, copies, 0, 3, &out, NULL, NULL), DFT_EINPUT);
    assert_null(out);
    for (long n = 1; status != DFT_OK; n++) {
        assert_true(n < 50);
        dft_alloc_refuse_nth(n);
        status = cand_dilute_create(li, copies, 0, 47, &out, NULL, NULL);
        dft_alloc_refuse_nth(0);
        assert_true(status == DFT_OK || (status == DFT_ENOMEM && !out));
    }
    dft_crystal_free(out);
    dft_crystal_free(li);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_solute_takes_one_place),
        cmocka_unit_test(every_kind_of_site_is_listed),
        cmocka_unit_test(the_wrong_atom_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
