#include "candidates/picture.h"

#include "candidates/slab.h"
#include "dft-lite/base/alloc.h"
#include "tests/candidates/shapes.h"

static size_t occurrences(const char *text, const char *what)
{
    size_t n = 0;
    for (const char *at = text; (at = strstr(at, what)); at += strlen(what))
        n++;
    return n;
}

static dft_crystal *slab_of(const char *id, int h, int k, int l)
{
    dft_crystal *bulk = library_crystal(id), *slab = NULL;
    assert_int_equal(cand_slab_create(bulk, (int[]){ h, k, l }, 3, 10.0 * ANG, 0, &slab, NULL, NULL),
                     DFT_OK);
    dft_crystal_free(bulk);
    return slab;
}

/* Silver is 2.89 A apart: three copies to be 8 A wide; three atoms: 27 discs from above, 9 from the
 * side.  Six places of sites from above, four in the side view, four in the legend. */
static void every_atom_and_every_place_is_drawn(void **unused)
{
    dft_crystal *slab = slab_of("Ag_fcc", 1, 1, 1);
    cand_site *site = NULL;
    char *svg = NULL;
    size_t n;
    (void)unused;

    assert_int_equal(cand_sites_find(slab, 3, NULL, &site, &n, NULL), DFT_OK);
    assert_int_equal(cand_picture_svg(slab, site, n, "Ag(111)", &svg, NULL), DFT_OK);
    assert_memory_equal(svg, "<svg ", 5);
    assert_string_equal(svg + strlen(svg) - 7, "</svg>\n");
    assert_int_equal(occurrences(svg, "class=\"Ag\""), 27 + 9);
    assert_int_equal(occurrences(svg, "class=\"site\""), 6 + 4 + 4);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(occurrences(svg, site[i].label), 1);
    assert_int_equal(occurrences(svg, "nan"), 0);
    free(svg);
    free(site);
    dft_crystal_free(slab);
}

static void a_slab_without_sites_and_an_odd_title_are_drawn(void **unused)
{
    dft_crystal *slab = slab_of("ZnO_wz", 1, 0, 0);
    char *svg = NULL;
    (void)unused;

    assert_int_equal(cand_picture_svg(slab, NULL, 0, "a < b & c", &svg, NULL), DFT_OK);
    assert_int_equal(occurrences(svg, "a &lt; b &amp; c"), 1);
    assert_int_equal(occurrences(svg, "class=\"site\""), 0);
    assert_int_equal(occurrences(svg, "class=\"Zn\""), occurrences(svg, "class=\"O\""));
    free(svg);
    dft_crystal_free(slab);
}

static void a_bulk_crystal_is_refused(void **unused)
{
    dft_crystal *bulk = library_crystal("Ag_fcc");
    char *svg = NULL;
    dft_error err;
    (void)unused;

    assert_int_equal(cand_picture_svg(bulk, NULL, 0, "", &svg, &err), DFT_EINPUT);
    assert_null(svg);
    assert_non_null(strstr(err.message, "not a slab"));
    dft_crystal_free(bulk);
}

static void refused_memory_is_reported(void **unused)
{
    dft_crystal *slab = slab_of("Ag_fcc", 1, 1, 1);
    dft_status status = DFT_ENOMEM;
    (void)unused;

    for (long n = 1; status != DFT_OK; n++) {
        char *svg = NULL;
        assert_true(n < 50);
        dft_alloc_refuse_nth(n);
        status = cand_picture_svg(slab, NULL, 0, "", &svg, NULL);
        dft_alloc_refuse_nth(0);
        assert_true(status == DFT_OK || (status == DFT_ENOMEM && !svg));
        free(svg);
    }
    dft_crystal_free(slab);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_atom_and_every_place_is_drawn),
        cmocka_unit_test(a_slab_without_sites_and_an_odd_title_are_drawn),
        cmocka_unit_test(a_bulk_crystal_is_refused),
        cmocka_unit_test(refused_memory_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
