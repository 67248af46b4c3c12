/* The structure matcher: blind to rotation, cell, origin and order, not to structure. */
#include "tests/candidates/disguise.h"

#include <stdio.h>

#include "candidates/matcher.h"
#include "dft-lite/base/alloc.h"

static cand_library *library;
static cand_shape **shapes;         /* [cand_library_size] */

static int read_library(void **unused)
{
    (void)unused;
    if (cand_library_read("candidates/data", &library, NULL) != DFT_OK)
        return -1;
    shapes = calloc(cand_library_size(library), sizeof *shapes);
    for (size_t i = 0; i < cand_library_size(library); i++) {
        dft_crystal *crystal = NULL;
        cand_entry_crystal(cand_library_entry(library, i), CAND_CELL_PRIMITIVE, &crystal, NULL);
        if (!crystal || cand_shape_create(crystal, &shapes[i], NULL) != DFT_OK)
            return -1;
        dft_crystal_free(crystal);
    }
    return 0;
}

static int free_library(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < cand_library_size(library); i++)
        cand_shape_free(shapes[i]);
    free(shapes);
    cand_library_free(library);
    return 0;
}

/* The small cells of the library; tests/physics/test_matcher.c takes 10000 tries over all of it. */
static void a_disguised_structure_matches_itself(void **unused)
{
    unsigned seed = 4;
    size_t done = 0, matched = 0;
    (void)unused;

    while (done < 1000)
        for (size_t i = 0; i < cand_library_size(library) && done < 1000; i++) {
            const dft_crystal *crystal = cand_shape_crystal(shapes[i]);
            const int n = 1 + (int)(4.0 * uniform(&seed));
            cand_shape *other = NULL;
            cand_match match;
            if (crystal->n_atoms > 20)
                continue;
            dft_crystal *mask = disguised(crystal, n, &seed);
            assert_int_equal(cand_shape_create(mask, &other, NULL), DFT_OK);
            assert_int_equal(cand_shapes_match(shapes[i], other, NULL, &match, NULL), DFT_OK);
            if (!match.same || match.distance > 1e-6 || match.strain > 1e-8)
                print_error("%s, %d cells, try %zu: %d %g %g\n", cand_library_entry(library, i)->id, n,
                            done, match.same, match.distance, match.strain);
            matched += match.same;
            done++;
            cand_shape_free(other);
            dft_crystal_free(mask);
        }
    assert_int_equal(done, 1000);
    assert_int_equal(matched, 1000);
}

/* Every atom off by up to 0.004 to 0.02 A, in supercells of both: what strict folding cannot undo. */
static void noisy_supercells_match(void **unused)
{
    static const double noise_ang[] = { 1e-3, 4e-3, 1e-2, 2e-2 };
    unsigned seed = 11;
    (void)unused;

    for (size_t k = 0; k < 4; k++) {
        size_t done = 0, matched = 0;
        for (size_t i = 0; i < cand_library_size(library); i++) {
            const dft_crystal *crystal = cand_shape_crystal(shapes[i]);
            cand_shape *other = NULL;
            cand_match match;
            if (crystal->n_atoms > 8)
                continue;
            dft_crystal *mask = disguised(crystal, 2 + (int)(5.0 * uniform(&seed)), &seed);
            for (size_t a = 0; a < mask->n_atoms; a++) {
                double step[3], frac[3];
                for (int c = 0; c < 3; c++)
                    step[c] = (2.0 * uniform(&seed) - 1.0) * noise_ang[k] / sqrt(3.0) / DFT_BOHR_ANG;
                dft_crystal_fractional((const double (*)[3])mask->lattice, step, frac);
                for (int c = 0; c < 3; c++)
                    mask->position[a][c] += frac[c];
            }
            assert_int_equal(cand_shape_create(mask, &other, NULL), DFT_OK);
            assert_int_equal(cand_shapes_match(shapes[i], other, NULL, &match, NULL), DFT_OK);
            if (!match.same)
                print_error("%s with %g A of noise, %zu atoms\n", cand_library_entry(library, i)->id,
                            noise_ang[k], mask->n_atoms);
            matched += match.same;
            done++;
            cand_shape_free(other);
            dft_crystal_free(mask);
        }
        assert_true(done > 80);
        assert_int_equal(matched, done);
    }
}

static void different_structures_of_equal_composition_never_match(void **unused)
{
    size_t n_pairs = 0;
    (void)unused;

    for (size_t i = 0; i < cand_library_size(library); i++)
        for (size_t j = 0; j < i; j++) {
            cand_match match;
            assert_int_equal(cand_shapes_match(shapes[i], shapes[j], NULL, &match, NULL), DFT_OK);
            if (match.same && strcmp(cand_library_entry(library, i)->id, "Cu3P_MP") == 0
                && strcmp(cand_library_entry(library, j)->id, "Cu3P") == 0)
                continue; /* two determinations of one structure, P6_3cm */
            if (match.same)
                print_error("%s and %s: strain %g, %g bohr\n", cand_library_entry(library, i)->id,
                            cand_library_entry(library, j)->id, match.strain, match.distance);
            n_pairs += match.same;
        }
    assert_int_equal(n_pairs, 0);
}

static bool matches(const dft_crystal *a, const dft_crystal *b, const cand_match_options *options,
                    cand_match *match)
{
    assert_int_equal(cand_crystals_match(a, b, options, match, NULL), DFT_OK);
    return match->same;
}

/* a (1+e), c (1-2e) at first order keeps the volume: |E| = sqrt(6) e. */
static void the_strain_found_is_the_strain_applied(void **unused)
{
    dft_crystal *zno = library_crystal("ZnO_wz"), *strained = NULL;
    cand_match match;
    (void)unused;

    for (int k = 1; k <= 2; k++) {
        const double e = 0.003 * k, factor[3] = { 1.0 + e, 1.0 + e, 1.0 / ((1.0 + e) * (1.0 + e)) };
        assert_int_equal(cand_crystal_scaled(zno, factor, &strained, NULL), DFT_OK);
        assert_int_equal(matches(zno, strained, NULL, &match), k == 1);
        if (k == 1)
            assert_close(match.strain, sqrt(6.0) * e, 0.02 * e); /* second order in e */
        dft_crystal_free(strained);
    }
    dft_crystal_free(zno);
}

static void volumes_may_differ_within_the_limit(void **unused)
{
    dft_crystal *ag = library_crystal("Ag_fcc"), *larger = NULL, *largest = NULL;
    const double some[3] = { 1.05, 1.05, 1.05 }, much[3] = { 1.15, 1.15, 1.15 };
    cand_match match;
    (void)unused;

    assert_int_equal(cand_crystal_scaled(ag, some, &larger, NULL), DFT_OK);
    assert_int_equal(cand_crystal_scaled(ag, much, &largest, NULL), DFT_OK);
    assert_true(matches(ag, larger, NULL, &match));
    assert_close(match.log_volume_ratio, 3.0 * log(1.05), 1e-12);
    assert_false(matches(ag, largest, NULL, &match));
    cand_match_options wide = cand_match_defaults();
    wide.volume = 0.5;
    assert_true(matches(ag, largest, &wide, &match));
    dft_crystal_free(largest);
    dft_crystal_free(larger);
    dft_crystal_free(ag);
}

/* One of 6 atoms moved by d: the mean takes a sixth of it away, and 5/6 d is left. */
static void a_moved_atom_is_seen(void **unused)
{
    dft_crystal *rutile = library_crystal("TiO2_rutile");
    (void)unused;

    for (int k = 0; k < 2; k++) {
        const double d = (k ? 0.13 : 0.11) * ANG;
        dft_crystal *moved = NULL;
        cand_match match;
        assert_int_equal(dft_crystal_create((const double (*)[3])rutile->lattice, rutile->n_atoms,
                                            rutile->z, (const double (*)[3])rutile->position, &moved,
                                            NULL), DFT_OK);
        moved->position[4][2] += d / rutile->lattice[2][2];
        assert_int_equal(matches(rutile, moved, NULL, &match), k == 0);
        if (k == 0)
            assert_close(match.distance, 5.0 / 6.0 * d, 1e-9);
        dft_crystal_free(moved);
    }
    dft_crystal_free(rutile);
}

/* Quartz is chiral: P3_121 and P3_221 are mirror images with one energy. */
static void mirror_images_are_equal(void **unused)
{
    dft_crystal *quartz = library_crystal("SiO2_aquartz"), *mirrored = NULL;
    double lattice[3][3];
    cand_match match;
    (void)unused;

    for (int i = 0; i < 3; i++)
        for (int c = 0; c < 3; c++)
            lattice[i][c] = (c == 2 ? -1.0 : 1.0) * quartz->lattice[i][c];
    assert_int_equal(dft_crystal_create((const double (*)[3])lattice, quartz->n_atoms, quartz->z,
                                        (const double (*)[3])quartz->position, &mirrored, NULL),
                     DFT_OK);
    assert_true(matches(quartz, mirrored, NULL, &match));
    dft_crystal_free(mirrored);
    dft_crystal_free(quartz);
}

static void elements_are_not_exchanged(void **unused)
{
    dft_crystal *nacl = library_crystal("LiF"), *swapped = NULL;
    cand_match match;
    int z[8];
    (void)unused;

    for (int a = 0; a < 8; a++)
        z[a] = nacl->z[a] == 3 ? 9 : 3;
    assert_int_equal(dft_crystal_create((const double (*)[3])nacl->lattice, 8, z,
                                        (const double (*)[3])nacl->position, &swapped, NULL), DFT_OK);
    assert_true(matches(nacl, swapped, NULL, &match)); /* rocksalt is the same both ways */
    dft_crystal *fluorite = library_crystal("Li2O");
    assert_false(matches(nacl, fluorite, NULL, &match));
    dft_crystal_free(fluorite);
    dft_crystal_free(swapped);
    dft_crystal_free(nacl);
}

static void refused_memory_is_reported_and_nothing_leaks(void **unused)
{
    dft_crystal *zno = library_crystal("ZnO_wz");
    dft_status status = DFT_ENOMEM;
    cand_match match;
    (void)unused;

    for (long n = 1; status != DFT_OK; n++) {
        assert_true(n < 200);
        dft_alloc_refuse_nth(n);
        status = cand_crystals_match(zno, zno, NULL, &match, NULL);
        dft_alloc_refuse_nth(0);
        assert_true(status == DFT_OK || (status == DFT_ENOMEM && !match.same));
    }
    assert_true(match.same);
    dft_crystal_free(zno);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_disguised_structure_matches_itself),
        cmocka_unit_test(noisy_supercells_match),
        cmocka_unit_test(different_structures_of_equal_composition_never_match),
        cmocka_unit_test(the_strain_found_is_the_strain_applied),
        cmocka_unit_test(volumes_may_differ_within_the_limit),
        cmocka_unit_test(a_moved_atom_is_seen),
        cmocka_unit_test(mirror_images_are_equal),
        cmocka_unit_test(elements_are_not_exchanged),
        cmocka_unit_test(refused_memory_is_reported_and_nothing_leaks),
    };
    return cmocka_run_group_tests(tests, read_library, free_library);
}
