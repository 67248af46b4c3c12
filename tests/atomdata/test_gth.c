/* GTH entries: the format, the formulas of the papers, the data set and the pseudo-atom. */
#include "tests/support/assert_close.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dft-lite/atomdata/gth.h"
#include "dft-lite/atomdata/gth_atom.h"
#include "dft-lite/atomdata/gzfile.h"
#include "dft-lite/base/alloc.h"
#include "dft-lite/base/threads.h"
#include "dft-lite/base/units.h"
#include "dft-lite/crystal/elements.h"
#include "dft-lite/math/radial.h"

#define CP2K DFT_SETUP_CP2K "/GTH_POTENTIALS"

static const char silver[] = "# a comment line\n"
                             "A GTH-PBE-q1\n"
                             "Ag GTH-PBE-q11 GTH-PBE # default\n"
                             "    1    0   10\n"
                             "     0.57000000    1     0.03341912\n"
                             "    3\n"
                             "     0.52704461    3     9.5  -5.2   0.9\n"
                             "                                8.4   -2.5 # trailing\n"
                             "                                       2.0\n"
                             "     0.62911218    2     3.8   -1.7\n"
                             "                                2.1\n"
                             "     0.40538186    0\n"
                             "#\n"
                             "Ag GTH-PBE-q19\n"
                             "    3 6 10\n"
                             "  0.4 0\n"
                             "  0\n";

static void numbers_of_an_entry_are_read(void **unused)
{
    dft_gth g;
    (void)unused;

    assert_int_equal(dft_gth_parse("FILE", silver, "Ag", "GTH-PBE", &g, NULL), DFT_OK);
    assert_string_equal(g.name, "GTH-PBE-q11");
    assert_string_equal(g.xc_name, "PBE");
    assert_close(g.n_valence, 11.0, 0.0);
    assert_close(g.electrons[2], 10.0, 0.0);
    assert_close(g.r_loc, 0.57, 0.0);
    assert_int_equal(g.n_c, 1);
    assert_int_equal(g.channel[0].n, 3);
    assert_close(g.channel[0].h[0][2], 0.9, 0.0);
    assert_close(g.channel[0].h[2][0], 0.9, 0.0);
    assert_close(g.channel[0].h[1][2], -2.5, 0.0);
    assert_close(g.channel[0].h[2][2], 2.0, 0.0);
    assert_close(g.channel[1].h[1][0], -1.7, 0.0);
    assert_int_equal(g.channel[2].n, 0);
    assert_int_equal(dft_gth_parse("FILE", silver, "Ag", "GTH-PBE-q19", &g, NULL), DFT_OK);
    assert_close(g.n_valence, 19.0, 0.0);
    assert_int_equal(g.n_c, 0);
    assert_int_equal(g.channel[0].n, 0);
}

static void each_fault_is_named_with_its_line(void **unused)
{
    static const struct {
        const char *text, *words;
        dft_status status;
    } cases[] = {
        { "Li GTH-PBE-q3\n", "FILE:2: Li GTH-PBE-q3: expected the number of valence", DFT_EPARSE },
        { "Li GTH-PBE-q3\n 0\n 0.4 0\n 0\n", "FILE:2: Li GTH-PBE-q3 has no valence", DFT_EPARSE },
        { "Li GTH-PBE-q3\n 2.5\n 0.4 0\n 0\n", "FILE:2: Li GTH-PBE-q3: the number of valence "
          "electrons cannot be 2.5", DFT_EPARSE },
        { "Li GTH-PBE-q3\n 3\n -0.4 0\n 0\n", "FILE:3: Li GTH-PBE-q3: the radius of the local part "
          "must be positive, not -0.4", DFT_EPARSE },
        { "Li GTH-PBE-q3\n 3\n 0.4 2 1.0\n x\n", "FILE:4: Li GTH-PBE-q3: expected a local "
          "coefficient, found \"x\"", DFT_EPARSE },
        { "Li GTH-PBE-q3\n 3\n 0.4 5 1 2 3 4 5\n 0\n", "is 5, more than the 4", DFT_EINPUT },
        { "Li GTH-PBE-q3\n 3\n 0.4 0\n 5\n", "channels is 5, more than the 4", DFT_EINPUT },
        { "Li GTH-PBE-q3\n 3\n 0.4 0\n 1\n 0.3 4\n", "channel is 4, more than the 3", DFT_EINPUT },
        { "Li GTH-PBE-q3\n 3\n 0.4 0\n 1\n 0.3 1 nan\n", "FILE:5", DFT_EPARSE },
        { "Li GTH-PBE-q3\n 3\n 0.4 0\n 1\n 0.3 2 1.0 2.0", "FILE:5", DFT_EPARSE },
        { "Li GTH-PBE-q3\n 3\n 0.4 0\n  NLCC 1\n 0.3 1 1\n", "FILE:4: Li GTH-PBE-q3 has a core "
          "density (NLCC)", DFT_EINPUT },
        { "Li GTH-SCAN-q3 GTH-PBE-q3\n 3\n 0.4 0\n 0\n", "FILE:1: Li GTH-SCAN-q3 was made for a "
          "functional", DFT_EINPUT },
        { "Na GTH-PBE-q3\n 3\n 0.4 0\n 0\n", "FILE has no entry \"Li GTH-PBE-q3\"", DFT_ENOFILE },
    };
    (void)unused;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        dft_error err = { 0 };
        dft_gth g;
        assert_int_equal(dft_gth_parse("FILE", cases[i].text, "Li", "GTH-PBE-q3", &g, &err),
                         cases[i].status);
        if (!strstr(err.message, cases[i].words))
            fail_msg("\"%s\" does not say \"%s\"", err.message, cases[i].words);
    }
}

/* Every entry of Debian's file that a name can reach. */
static void each_entry_of_cp2k_is_read_or_refused_with_a_reason(void **unused)
{
    char *text = NULL, sha256[65], name[64];
    size_t length = 0, n_read = 0, n_refused = 0;
    (void)unused;

    assert_int_equal(dft_gzfile_read(CP2K, &text, &length, sha256, NULL), DFT_OK);
    for (int z = 1; z <= DFT_MAX_Z; z++) {
        const char *symbol = dft_element_symbol(z), *at = text;
        int line = 1;
        while ((at = dft_gth_next_header(at, symbol, &line))) {
            dft_error err = { 0 };
            dft_gth g;
            assert_true(dft_gth_header_name(at, 0, name, sizeof name));
            const dft_status status = dft_gth_parse(CP2K, text, symbol, name, &g, &err);
            n_read += status == DFT_OK;
            n_refused += status == DFT_EINPUT;
            if (status != DFT_OK && status != DFT_EINPUT)
                fail_msg("%s", err.message);
            at += strcspn(at, "\n");
        }
    }
    free(text);
    assert_true(n_read > 350);
    assert_int_equal(n_refused, 0);
}

static void functional_follows_from_the_name(void **unused)
{
    static const char *const pairs[][2] = {
        { "GTH-PADE-q4", "LDA_XC_TETER93" }, { "GTH-BLYP-q4", "GGA_X_B88+GGA_C_LYP" },
        { "GTH-BP-q4", "GGA_X_B88+GGA_C_P86" }, { "GTH-PBE-q4", "PBE" } };
    (void)unused;

    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        char text[128];
        dft_gth g;
        snprintf(text, sizeof text, "Si %s\n 2 2\n 0.4 0\n 0\n", pairs[i][0]);
        assert_int_equal(dft_gth_parse("FILE", text, "Si", pairs[i][0], &g, NULL), DFT_OK);
        assert_string_equal(g.xc_name, pairs[i][1]);
    }
    assert_true(dft_gth_is_name("GTH-PBE"));
    assert_false(dft_gth_is_name("Ag.11"));
    assert_false(dft_gth_is_name(NULL));
}

/* Transforms of the projectors, Hartwigsen et al., PRB 58, 3641, eqs. 12-20, with x = q r_l; 0 where
 * the paper gives none. */
static double projector_formula(int l, int i, double r, double q)
{
    const double x2 = q * q * r * r, gauss = pow(DFT_PI, 1.25) * exp(-0.5 * x2);

    switch (10 * l + i) {
    case 1:  return gauss * 4.0 * sqrt(2.0 * pow(r, 3));
    case 2:  return gauss * 8.0 * sqrt(2.0 * pow(r, 3) / 15.0) * (3.0 - x2);
    case 3:  return gauss * 16.0 / 3.0 * sqrt(2.0 * pow(r, 3) / 105.0) * (15.0 - 10.0 * x2 + x2 * x2);
    case 11: return gauss * 8.0 * sqrt(pow(r, 5) / 3.0) * q;
    case 12: return gauss * 16.0 * sqrt(pow(r, 5) / 105.0) * q * (5.0 - x2);
    case 13: return gauss * 32.0 / 3.0 * sqrt(pow(r, 5) / 1155.0) * q * (35.0 - 14.0 * x2 + x2 * x2);
    case 21: return gauss * 8.0 * sqrt(2.0 * pow(r, 7) / 15.0) * q * q;
    case 22: return gauss * 16.0 / 3.0 * sqrt(2.0 * pow(r, 7) / 105.0) * q * q * (7.0 - x2);
    case 31: return gauss * 16.0 * sqrt(pow(r, 9) / 105.0) * q * q * q;
    default: return 0.0;
    }
}

static dft_setup *read_set(const char *symbol, const char *name)
{
    dft_setup *setup = NULL;
    dft_error err = { 0 };

    if (dft_gth_read(CP2K, symbol, name, &setup, &err) != DFT_OK)
        fail_msg("%s", err.message);
    return setup;
}

/* 1e-12 of the largest value: rounding of sums of some hundred terms.  Ag has three s projectors, Ce
 * f projectors. */
static void projectors_on_the_grid_have_the_transforms_of_the_paper(void **unused)
{
    const char *sets[4][2] = { { "Ag", "GTH-PBE-q11" }, { "O", "GTH-PBE-q6" },
                               { "Pb", "GTH-PBE-q4" }, { "Ce", "GTH-PADE-q12" } };
    int seen[40] = { 0 };
    (void)unused;

    for (int k = 0; k < 4; k++) {
        dft_setup *s = read_set(sets[k][0], sets[k][1]);
        int i = 0, l = -1;
        for (size_t j = 0; j < s->n_waves && s->wave[j].projector; j++) {
            i = s->wave[j].l == l ? i + 1 : 1;
            l = s->wave[j].l;
            const double r = s->wave[j].rc, scale = 40.0 * pow(r, 1.5);
            double norm = 0.0;
            for (size_t x = 0; x < s->n_r; x++)
                norm += pow(s->wave[j].projector[x] * s->r[x], 2) * s->dr[x];
            assert_close(norm, 1.0, 1e-12);
            if (projector_formula(l, i, r, 1.0) == 0.0)
                continue;
            seen[10 * l + i]++;
            for (double q = 0.0; q < 40.0; q += 0.73)
                assert_close(dft_radial_bessel(s->n_r, s->r, s->dr, s->wave[j].projector, l, q),
                             projector_formula(l, i, r, q), 1e-12 * scale);
        }
        dft_setup_free(s);
    }
    assert_true(seen[1] && seen[2] && seen[3] && seen[11] && seen[12] && seen[21] && seen[31]);
}

/* Goedecker et al., PRB 54, 1703, eq. 5: the short-ranged part, four coefficients of Li. */
static void zero_potential_has_the_transform_of_the_paper(void **unused)
{
    char *text = NULL, sha256[65];
    size_t length = 0;
    dft_setup *s = read_set("Li", "GTH-PBE-q3");
    dft_gth g;
    (void)unused;

    assert_int_equal(dft_gzfile_read(CP2K, &text, &length, sha256, NULL), DFT_OK);
    assert_int_equal(dft_gth_parse(CP2K, text, "Li", "GTH-PBE-q3", &g, NULL), DFT_OK);
    assert_int_equal(g.n_c, 4);
    assert_close(s->shape_rc, sqrt(2.0) * g.r_loc, 1e-15);
    for (double q = 0.0; q < 30.0; q += 0.61) {
        const double x2 = q * q * g.r_loc * g.r_loc;
        const double sum = g.c[0] + g.c[1] * (3.0 - x2) + g.c[2] * (15.0 - 10.0 * x2 + x2 * x2)
            + g.c[3] * (105.0 - 105.0 * x2 + 21.0 * x2 * x2 - x2 * x2 * x2);
        assert_close(dft_radial_bessel(s->n_r, s->r, s->dr, s->zero_potential, 0, q)
                     / sqrt(4.0 * DFT_PI),
                     sqrt(8.0 * pow(DFT_PI, 3)) * pow(g.r_loc, 3) * exp(-0.5 * x2) * sum, 1e-11);
    }
    free(text);
    dft_setup_free(s);
}

static void data_set_says_what_it_is(void **unused)
{
    dft_setup *s = read_set("Al", "GTH-PBE");
    (void)unused;

    assert_string_equal(s->name, "GTH_POTENTIALS:Al:GTH-PBE-q3");
    assert_string_equal(s->path, CP2K);
    assert_string_equal(s->symbol, "Al");
    assert_string_equal(s->xc_name, "PBE");
    assert_int_equal(strlen(s->sha256), 64);
    assert_int_equal(s->norm_conserving, 1);
    assert_int_equal(s->z, 13);
    assert_close(s->n_core + s->n_valence, 13.0, 0.0);
    assert_int_equal(s->n_waves, 3 + 2);            /* s, s, p projectors; 3s, 3p orbitals */
    assert_close(s->strength[0 * 5 + 1], -1.88883584, 0.0);
    assert_close(s->strength[1 * 5 + 0], -1.88883584, 0.0);
    assert_close(s->strength[2 * 5 + 2], 1.86529857, 0.0);
    assert_close(s->strength[2 * 5 + 1], 0.0, 0.0);
    dft_setup_free(s);
}

/* Al 3s and 3p of the local-density atom (NIST, Kotochigova et al., PRA 55, 191 (1997)): -0.2869 and
 * -0.1025 Ha.  0.04 Ha: without correlation levels lie higher by about its potential. */
static void orbitals_of_the_atom_are_those_of_the_element(void **unused)
{
    dft_setup *s = read_set("Al", "GTH-PBE-q3");
    double electrons = 0.0;
    (void)unused;

    assert_close(s->wave[3].energy, -0.2869, 0.04);
    assert_close(s->wave[4].energy, -0.1025, 0.04);
    for (size_t j = 3; j < 5; j++) {
        double norm = 0.0;
        assert_int_equal(s->wave[j].n, s->wave[j].l + 1);
        assert_null(s->wave[j].projector);
        for (size_t x = 0; x < s->n_r; x++)
            norm += pow(s->wave[j].phi_ps[x] * s->r[x], 2) * s->dr[x];
        assert_close(norm, 1.0, 1e-8);
        electrons += s->wave[j].occupation;
    }
    assert_close(electrons, 3.0, 0.0);
    dft_setup_free(s);
}

/* One electron in -1/r erf(r/(sqrt(2) s)), s small, with no repulsion would be hydrogen; here the atom of
 * H screens itself: its level is that of exchange-only LDA hydrogen, -0.194 Ha for the spin-paired
 * atom (half an electron of each spin). */
static void hydrogen_without_projectors_has_one_orbital(void **unused)
{
    dft_setup *s = read_set("H", "GTH-PBE-q1");
    (void)unused;

    assert_int_equal(s->n_waves, 1);
    assert_close(s->wave[0].energy, -0.194, 0.01);
    dft_setup_free(s);
}

static void shells_are_filled_from_below(void **unused)
{
    dft_setup *s = read_set("Ag", "GTH-PBE-q19");
    double occupation[4] = { 0.0 };
    size_t n = 0;
    (void)unused;

    for (size_t j = 0; j < s->n_waves; j++)
        if (s->wave[j].phi_ps)
            occupation[n++] = s->wave[j].occupation;
    assert_int_equal(n, 4);             /* 4s2 5s1 4p6 4d10 */
    assert_close(occupation[0], 2.0, 0.0);
    assert_close(occupation[1], 1.0, 0.0);
    assert_close(occupation[2], 6.0, 0.0);
    assert_close(occupation[3], 10.0, 0.0);
    dft_setup_free(s);
}

static void each_refused_allocation_is_reported(void **unused)
{
    dft_setup *setup = NULL;
    dft_status status;
    long n = 0;
    (void)unused;

    do {
        dft_alloc_refuse_nth(++n);
        status = dft_gth_read(CP2K, "Li", "GTH-PBE-q3", &setup, NULL);
        assert_true(status == DFT_OK || (status == DFT_ENOMEM && !setup));
    } while (status != DFT_OK);
    dft_alloc_refuse_nth(0);
    assert_true(n > 20);
    dft_setup_free(setup);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_of_an_entry_are_read),
        cmocka_unit_test(each_fault_is_named_with_its_line),
        cmocka_unit_test(each_entry_of_cp2k_is_read_or_refused_with_a_reason),
        cmocka_unit_test(functional_follows_from_the_name),
        cmocka_unit_test(projectors_on_the_grid_have_the_transforms_of_the_paper),
        cmocka_unit_test(zero_potential_has_the_transform_of_the_paper),
        cmocka_unit_test(data_set_says_what_it_is),
        cmocka_unit_test(orbitals_of_the_atom_are_those_of_the_element),
        cmocka_unit_test(hydrogen_without_projectors_has_one_orbital),
        cmocka_unit_test(shells_are_filled_from_below),
        cmocka_unit_test(each_refused_allocation_is_reported),
    };
    dft_threads_set(1, NULL);           /* waiting threads would spin on a busy machine */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
