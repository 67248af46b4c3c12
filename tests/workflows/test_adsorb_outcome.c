#include "tests/support/assert_close.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/units.h"
#include "workflows/adsorb_outcome.h"

#define ANG (1.0 / DFT_BOHR_ANG)
#define SIDE 5.73                       /* A: two of Al's nearest distances, 2.864 */
#define HIGH 25.0                       /* A */

/* fcc(100)-like slab p(2x2) of aluminium, three planes 2.02 A apart, top at z = 10 A: hollows over the
 * atoms of the second plane. */
static dft_crystal *slab(void)
{
    const double lattice[3][3] = { { SIDE * ANG, 0, 0 }, { 0, SIDE * ANG, 0 }, { 0, 0, HIGH * ANG } };
    double position[12][3];
    int z[12];
    size_t n = 0;
    dft_crystal *out = NULL;

    for (int plane = 0; plane < 3; plane++)
        for (int i = 0; i < 2; i++)
            for (int j = 0; j < 2; j++) {
                const double shift = plane == 1 ? 0.25 : 0.0;
                position[n][0] = 0.5 * i + shift;
                position[n][1] = 0.5 * j + shift;
                position[n][2] = (10.0 - 2.02 * (2 - plane)) / HIGH;
                z[n++] = 13;
            }
    assert_int_equal(dft_crystal_create(lattice, n, z, (const double (*)[3])position, &out, NULL),
                     DFT_OK);
    return out;
}

/* The slab with lithium at x, y, z (A), and slab atom `moved` (if any) shifted by d (A). */
static dft_crystal *with_li(const dft_crystal *clean, double x, double y, double z, size_t moved,
                            const double d[3])
{
    double position[13][3];
    int element[13];
    dft_crystal *out = NULL;

    memcpy(position, clean->position, 12 * sizeof *position);
    memcpy(element, clean->z, 12 * sizeof *element);
    position[12][0] = x / SIDE;
    position[12][1] = y / SIDE;
    position[12][2] = z / HIGH;
    element[12] = 3;
    if (d) {
        position[moved][0] += d[0] / SIDE;
        position[moved][1] += d[1] / SIDE;
        position[moved][2] += d[2] / HIGH;
    }
    assert_int_equal(dft_crystal_create((const double (*)[3])clean->lattice, 13, element,
                                        (const double (*)[3])position, &out, NULL), DFT_OK);
    return out;
}

static size_t named(const cand_site *site, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(site[i].name, name) == 0)
            return i;
    fail_msg("no %s site", name);
    return n;
}

/* Lithium that began on `name` and ended at x, y, z. */
static flow_adsorb_end judge(const char *name, double x, double y, double z, size_t moved,
                             const double d[3], const char **final)
{
    dft_crystal *clean = slab(), *with = with_li(clean, x, y, z, moved, d);
    cand_site *site = NULL;
    size_t n = 0;
    flow_adsorb_end end;
    static char label[16];

    assert_int_equal(cand_sites_find(clean, 3, NULL, &site, &n, NULL), DFT_OK);
    assert_int_equal(flow_adsorb_classify(clean, with, site, n, named(site, n, name), &end, NULL),
                     DFT_OK);
    snprintf(label, sizeof label, "%s", site[end.final_site].name);
    if (final)
        *final = label;
    free(site);
    dft_crystal_free(with);
    dft_crystal_free(clean);
    return end;
}

#define Q (SIDE / 4.0)                  /* a hollow's x and y */

static void lithium_over_its_hollow_is_kept(void **unused)
{
    const flow_adsorb_end end = judge("hollow", Q, Q, 12.0, 0, NULL, NULL);
    (void)unused;

    assert_int_equal(end.outcome, FLOW_KEPT);
    assert_close(end.height, 2.0 * ANG, 1e-9);
    assert_close(end.shift, 0.0, 1e-9);
    assert_close(end.largest_move, 0.0, 1e-12);
    assert_close(end.nearest, sqrt(2 * Q * Q + 4.0) * ANG, 1e-9);
}

/* In another cell, below zero by a period, and over another of the four hollows: still the same. */
static void equal_places_in_other_cells_are_kept(void **unused)
{
    const flow_adsorb_end end = judge("hollow", 3 * Q + SIDE, Q - 2 * SIDE, 12.0 - HIGH, 0, NULL, NULL);
    (void)unused;

    assert_int_equal(end.outcome, FLOW_KEPT);
    assert_close(end.height, 2.0 * ANG, 1e-9);
}

static void lithium_that_slid_from_the_top_into_the_hollow_has_moved(void **unused)
{
    const char *final = NULL;
    const flow_adsorb_end end = judge("ontop", Q - 0.1, Q, 12.0, 0, NULL, &final);
    (void)unused;

    assert_int_equal(end.outcome, FLOW_MOVED);
    assert_string_equal(final, "hollow");
}

/* 0.6 A off the top: the top is still the nearest place (the bridge is 1.43 away from it). */
static void a_small_slip_is_no_move(void **unused)
{
    const flow_adsorb_end end = judge("ontop", 0.6, 0.0, 12.4, 0, NULL, NULL);
    (void)unused;

    assert_int_equal(end.outcome, FLOW_KEPT);
    assert_close(end.shift, 0.6 * ANG, 1e-9);
}

/* 1.5 (1.28 + 1.21) A = 3.74 A */
static void lithium_out_of_reach_has_desorbed(void **unused)
{
    (void)unused;
    assert_int_equal(judge("ontop", 0, 0, 13.9, 0, NULL, NULL).outcome, FLOW_DESORBED);
    assert_int_equal(judge("ontop", 0, 0, 13.6, 0, NULL, NULL).outcome, FLOW_KEPT);
}

/* 0.1 A above the top plane, between four atoms at its own height and one below; between two planes; and
 * 1.7 A right under an atom of the top. */
static void lithium_within_the_surface_has_sunk(void **unused)
{
    (void)unused;
    assert_int_equal(judge("hollow", Q, Q, 10.1, 0, NULL, NULL).outcome, FLOW_SANK);
    assert_int_equal(judge("hollow", Q, Q, 9.7, 0, NULL, NULL).outcome, FLOW_SANK);
    assert_int_equal(judge("ontop", 0, 0, 8.3, 0, NULL, NULL).outcome, FLOW_SANK);
}

/* A quarter of 2.85 A is 0.71 A. */
static void a_slab_atom_that_left_its_place_is_a_reconstruction(void **unused)
{
    const double far[3] = { 0.0, 0.0, 0.9 }, near[3] = { 0.0, 0.0, 0.6 };
    (void)unused;

    assert_int_equal(judge("hollow", Q, Q, 12.0, 11, far, NULL).outcome, FLOW_RECONSTRUCTED);
    assert_int_equal(judge("hollow", Q, Q, 12.0, 11, near, NULL).outcome, FLOW_KEPT);
}

static void heights_count_from_where_the_top_atoms_are_now(void **unused)
{
    const double up[3] = { 0.0, 0.0, 0.4 };
    (void)unused;

    assert_close(judge("hollow", Q, Q, 12.0, 11, up, NULL).height, (2.0 - 0.1) * ANG, 1e-9);
}

static void slabs_that_do_not_belong_together_are_refused(void **unused)
{
    dft_crystal *clean = slab();
    cand_site *site = NULL;
    size_t n = 0;
    flow_adsorb_end end;
    (void)unused;

    assert_int_equal(cand_sites_find(clean, 3, NULL, &site, &n, NULL), DFT_OK);
    assert_int_equal(flow_adsorb_classify(clean, clean, site, n, 0, &end, NULL), DFT_EINPUT);
    free(site);
    dft_crystal_free(clean);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lithium_over_its_hollow_is_kept),
        cmocka_unit_test(equal_places_in_other_cells_are_kept),
        cmocka_unit_test(lithium_that_slid_from_the_top_into_the_hollow_has_moved),
        cmocka_unit_test(a_small_slip_is_no_move),
        cmocka_unit_test(lithium_out_of_reach_has_desorbed),
        cmocka_unit_test(lithium_within_the_surface_has_sunk),
        cmocka_unit_test(a_slab_atom_that_left_its_place_is_a_reconstruction),
        cmocka_unit_test(heights_count_from_where_the_top_atoms_are_now),
        cmocka_unit_test(slabs_that_do_not_belong_together_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
