/* Generated MXene sheets against the PBE sheets of the library. */
#include "tests/candidates/shapes.h"

#include "candidates/layer.h"
#include "dft-lite/crystal/elements.h"
#include "candidates/matcher.h"
#include "candidates/mxene.h"
#include "dft-lite/crystal/symmetry.h"

static cand_ions *ions;

static int read_ions(void **unused)
{
    (void)unused;
    return (int)cand_ions_read("candidates/data", &ions, NULL);
}

static int free_ions(void **unused)
{
    (void)unused;
    cand_ions_free(ions);
    return 0;
}

static dft_crystal *built(int n, const char *metal, const char *x, const char *termination, bool hcp)
{
    const cand_mxene what = { n, dft_element_number(metal), dft_element_number(x), termination, hcp };
    dft_crystal *out = NULL;

    assert_int_equal(cand_mxene_build(&what, ions, 15.0 * ANG, &out, NULL), DFT_OK);
    return out;
}

/* a within 4.5 %, thickness within 0.35 A, and the stacking of the library's sheet: every plane of
 * atoms in its order, and the same lateral positions. */
static void sheets_are_those_of_the_library(void **unused)
{
    static const struct { const char *id; int n; const char *metal, *termination; } cases[] = {
        { "Ti2C", 1, "Ti", "" }, { "V2C", 1, "V", "" }, { "Nb2C", 1, "Nb", "" },
        { "Mo2C_1T", 1, "Mo", "" }, { "Ti3C2", 2, "Ti", "" }, { "Ti2CO2", 1, "Ti", "O" },
        { "Ti3C2O2", 2, "Ti", "O" }, { "Ti2CF2", 1, "Ti", "F" }, { "Ti3C2F2", 2, "Ti", "F" },
        { "Ti2C_OH2", 1, "Ti", "OH" }, { "Ti3C2_OH2", 2, "Ti", "OH" }, { "Ti2CCl2", 1, "Ti", "Cl" },
        { "Ti3C2Cl2", 2, "Ti", "Cl" }, { "Ti2CS2", 1, "Ti", "S" }, { "Ti3C2S2", 2, "Ti", "S" },
        { "V2CO2", 1, "V", "O" }, { "Nb2CO2", 1, "Nb", "O" },
    };
    (void)unused;

    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        dft_crystal *known = library_crystal(cases[k].id);
        dft_crystal *sheet = built(cases[k].n, cases[k].metal, "C", cases[k].termination, false);
        cand_layer *a = NULL, *b = NULL;
        const double ratio = sheet->lattice[0][0] / known->lattice[0][0];
        assert_int_equal(cand_layer_create(known, CAND_LAYER_TOLERANCE, &a, NULL), DFT_OK);
        assert_int_equal(cand_layer_create(sheet, CAND_LAYER_TOLERANCE, &b, NULL), DFT_OK);
        const double thicker = ((b->top - b->bottom) - (a->top - a->bottom)) / ANG;
        if (fabs(ratio - 1.0) > 0.045 || fabs(thicker) > 0.35)
            print_error("%s: a %.4f, thickness %+.3f A\n", cases[k].id, ratio, thicker);
        assert_true(fabs(ratio - 1.0) <= 0.045 && fabs(thicker) <= 0.35);
        assert_int_equal(a->n_ops, b->n_ops);

        /* With the library's cell and heights within 0.4 A the matcher sees the same stacking. */
        cand_match match;
        for (int i = 0; i < 3; i++)
            for (int c = 0; c < 3; c++)
                sheet->lattice[i][c] = known->lattice[i][c];
        for (size_t i = 0; i < sheet->n_atoms; i++)
            sheet->position[i][2] = 0.5 + (b->height[i] - 0.5 * (b->top + b->bottom))
                                  / known->lattice[2][2];
        const cand_match_options loose = { .strain = 0.01, .distance = 0.4 * ANG, .volume = 0.1 };
        assert_int_equal(cand_crystals_match(known, sheet, &loose, &match, NULL), DFT_OK);
        if (!match.same)
            print_error("%s is stacked otherwise\n", cases[k].id);
        assert_true(match.same);
        cand_layer_free(b);
        cand_layer_free(a);
        dft_crystal_free(sheet);
        dft_crystal_free(known);
    }
}

/* fcc: above the metal of the next metal plane; hcp: above X.  Ti3C2O2, top face. */
static void terminations_sit_above_what_their_site_says(void **unused)
{
    (void)unused;
    for (int hcp = 0; hcp < 2; hcp++) {
        dft_crystal *sheet = built(2, "Ti", "C", "O", hcp);
        size_t top = 0, below = 0;
        for (size_t a = 0; a < sheet->n_atoms; a++)
            if (sheet->position[a][2] > sheet->position[top][2])
                top = a;
        double nearest = -1.0;
        for (size_t a = 0; a < sheet->n_atoms; a++) {
            double dx = sheet->position[a][0] - sheet->position[top][0];
            dx -= round(dx);
            if (a != top && fabs(dx) < 1e-6 && sheet->position[a][2] > nearest) {
                nearest = sheet->position[a][2];
                below = a;
            }
        }
        assert_int_equal(sheet->z[top], 8);
        assert_int_equal(sheet->z[below], hcp ? 6 : 22);
        dft_crystal_free(sheet);
    }
}

static void every_sheet_has_two_equal_faces(void **unused)
{
    static const char *const terminations[] = { "", "O", "F", "OH", "S", "Cl", "Se", "Br" };
    (void)unused;

    for (int n = 1; n <= 4; n++)
        for (size_t t = 0; t < 8; t++)
            for (int hcp = 0; hcp < (t ? 2 : 1); hcp++) {
                dft_crystal *sheet = built(n, "Nb", n % 2 ? "C" : "N", terminations[t], hcp);
                cand_layer *layer = NULL;
                const size_t extra = t == 0 ? 0 : t == 3 ? 4 : 2;
                assert_int_equal(sheet->n_atoms, 2 * (size_t)n + 1 + extra);
                assert_int_equal(cand_layer_create(sheet, CAND_LAYER_TOLERANCE, &layer, NULL), DFT_OK);
                assert_true(cand_layer_faces_equal(layer));
                assert_close(layer->vacuum, 15.0 * ANG, 1e-9);
                cand_layer_free(layer);
                dft_crystal_free(sheet);
            }
}

static void names_say_what_the_sheet_is(void **unused)
{
    const cand_mxene oh = { 2, 22, 6, "OH", false }, bare = { 1, 42, 7, "", false };
    const cand_mxene o = { 1, 42, 6, "O", true };
    char text[48];
    (void)unused;

    cand_mxene_formula(&oh, text);
    assert_string_equal(text, "Ti3C2(OH)2");
    cand_mxene_id(&oh, text);
    assert_string_equal(text, "Ti3C2OH2_fcc");
    cand_mxene_id(&bare, text);
    assert_string_equal(text, "Mo2N_1T");
    cand_mxene_id(&o, text);
    assert_string_equal(text, "Mo2CO2_hcp");
}

static void impossible_sheets_are_refused(void **unused)
{
    const cand_mxene thick = { 5, 22, 6, "", false }, oxide = { 1, 22, 8, "", false };
    const cand_mxene odd = { 1, 22, 6, "I2", false };
    const cand_mxene *const cases[] = { &thick, &oxide, &odd };
    static const char *const words[] = { "5 X layers", "C or N, not O", "'I2'" };
    (void)unused;

    for (int k = 0; k < 3; k++) {
        dft_crystal *out = NULL;
        dft_error err;
        assert_int_equal(cand_mxene_build(cases[k], ions, 20.0, &out, &err), DFT_EINPUT);
        assert_null(out);
        assert_non_null(strstr(err.message, words[k]));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sheets_are_those_of_the_library),
        cmocka_unit_test(terminations_sit_above_what_their_site_says),
        cmocka_unit_test(every_sheet_has_two_equal_faces),
        cmocka_unit_test(names_say_what_the_sheet_is),
        cmocka_unit_test(impossible_sheets_are_refused),
    };
    return cmocka_run_group_tests(tests, read_ions, free_ions);
}
