#include "dft-lite/basis/basis.h"

#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "tests/basis/crystals.h"

static dft_basis *basis_of(const dft_crystal *crystal, double ecut)
{
    dft_symmetry *symmetry = test_symmetry(crystal);
    dft_basis *basis = NULL;

    assert_int_equal(dft_basis_create(crystal, ecut, symmetry, &basis, NULL), DFT_OK);
    dft_symmetry_free(symmetry);
    return basis;
}

/* Vectors of the whole sphere |G| <= gmax, counted over a box that is certainly large enough. */
static size_t whole_sphere(const dft_basis *basis, double gmax)
{
    size_t count = 0;

    for (int h = -30; h <= 30; h++)
        for (int k = -30; k <= 30; k++)
            for (int l = -30; l <= 30; l++) {
                double g2 = 0.0;
                for (int c = 0; c < 3; c++) {
                    const double g = h * basis->reciprocal[0][c] + k * basis->reciprocal[1][c]
                                   + l * basis->reciprocal[2][c];
                    g2 += g * g;
                }
                count += g2 <= gmax * gmax * (1.0 + 1e-12);
            }
    return count;
}

static void half_lists_stand_for_the_whole_spheres(void **unused)
{
    dft_crystal *crystals[3] = { test_fcc(13, 4.04, (double[3]){ 0, 0, 0 }),
                                 test_hcp(12, 3.19, 5.2), test_triclinic(3) };
    const double ecut = 1.7, gmax = sqrt(2.0 * ecut);
    (void)unused;

    for (int i = 0; i < 3; i++) {
        dft_basis *b = basis_of(crystals[i], ecut);
        assert_int_equal(2 * b->n_g - 1, whole_sphere(b, 2.0 * gmax));
        assert_int_equal(2 * b->n_fine - 1, whole_sphere(b, 4.0 * gmax));
        dft_basis_free(b);
        dft_crystal_free(crystals[i]);
    }
}

/* One of each pair: distinct vectors of the same half, i.e. no listed -G. The sphere is complete by
 * the count above. */
static void no_vector_is_listed_with_its_negative(void **unused)
{
    dft_crystal *crystal = test_triclinic(3);
    dft_basis *b = basis_of(crystal, 1.0);
    (void)unused;

    for (size_t i = 0; i < b->n_g; i++)
        for (size_t j = 0; j < b->n_g; j++) {
            const int *h = b->hkl[i], *k = b->hkl[j];
            if (i > 0)
                assert_false(h[0] == -k[0] && h[1] == -k[1] && h[2] == -k[2]);
            if (i != j)
                assert_false(h[0] == k[0] && h[1] == k[1] && h[2] == k[2]);
        }
    dft_basis_free(b);
    dft_crystal_free(crystal);
}

static void vectors_come_by_length_in_numbered_shells(void **unused)
{
    dft_crystal *crystal = test_hcp(12, 3.19, 5.2);
    dft_basis *b = basis_of(crystal, 2.0);
    (void)unused;

    assert_close(b->g2[0], 0.0, 0.0);
    assert_int_equal(b->shell[0], 0);
    for (size_t ig = 1; ig < b->n_fine; ig++) {
        double g2 = 0.0;
        for (int c = 0; c < 3; c++) {
            const double g = b->hkl[ig][0] * b->reciprocal[0][c]
                           + b->hkl[ig][1] * b->reciprocal[1][c]
                           + b->hkl[ig][2] * b->reciprocal[2][c];
            assert_close(b->g[ig][c], g, 1e-13);
            g2 += g * g;
        }
        assert_close(b->g2[ig], g2, 1e-12);
        assert_close(b->shell_g[b->shell[ig]], sqrt(g2), 1e-8);
        assert_true(b->g2[ig] >= b->g2[ig - 1] - 1e-8);
        assert_true(b->shell[ig] == b->shell[ig - 1] || b->shell[ig] == b->shell[ig - 1] + 1);
    }
    assert_int_equal(b->shell[b->n_fine - 1] + 1, b->n_shells);
    assert_int_equal(b->shell[b->n_g - 1] + 1, b->n_shells_density);
    dft_basis_free(b);
    dft_crystal_free(crystal);
}

/* b_1 of fcc has 8 members of equal length: 4 in the half list.  Then 6 of the next: 3. */
static void shells_of_fcc_have_8_and_6_members(void **unused)
{
    dft_crystal *crystal = test_fcc(13, 4.04, (double[3]){ 0, 0, 0 });
    dft_basis *b = basis_of(crystal, 2.0);
    size_t members[3] = { 0 };
    (void)unused;

    for (size_t ig = 0; ig < b->n_g; ig++)
        if (b->shell[ig] < 3)
            members[b->shell[ig]]++;
    assert_int_equal(members[0], 1);
    assert_int_equal(members[1], 4);
    assert_int_equal(members[2], 3);
    dft_basis_free(b);
    dft_crystal_free(crystal);
}

static void the_box_holds_the_density_sphere_without_wrap_around(void **unused)
{
    dft_crystal *crystals[3] = { test_diamond(14, 5.43), test_hcp(12, 3.19, 5.2),
                                 test_triclinic(3) };
    (void)unused;

    for (int i = 0; i < 3; i++) {
        dft_basis *b = basis_of(crystals[i], 3.3);
        for (int c = 0; c < 3; c++) {
            int reach = 0;
            for (size_t ig = 0; ig < b->n_g; ig++)
                reach = abs(b->hkl[ig][c]) > reach ? abs(b->hkl[ig][c]) : reach;
            assert_true(b->n[c] >= 2 * reach + 1);
            assert_int_equal(b->n_xc[c], 2 * b->n[c]);
        }
        dft_basis_free(b);
        dft_crystal_free(crystals[i]);
    }
}

/* Diamond and hcp have translations of 1/4 and 1/2, 1/3; wurtzite of 1/2 along c; at every cutoff
 * the boxes must carry all operations, or symmetry on and off differ by more than rounding. */
static void boxes_carry_every_operation_of_common_crystals(void **unused)
{
    dft_crystal *crystals[5] = { test_fcc(13, 4.04, (double[3]){ 0, 0, 0 }), test_bcc(3, 3.44),
                                 test_diamond(14, 5.43), test_hcp(12, 3.19, 5.2),
                                 test_wurtzite(30, 8, 3.25, 5.2, 0.382) };
    const size_t n_ops[5] = { 48, 48, 48, 24, 12 };
    (void)unused;

    for (int i = 0; i < 5; i++) {
        dft_symmetry *symmetry = test_symmetry(crystals[i]);
        assert_int_equal(symmetry->n_ops, n_ops[i]);
        for (double ecut = 1.0; ecut < 4.0; ecut += 0.37) {
            dft_basis *b = NULL;
            assert_int_equal(dft_basis_create(crystals[i], ecut, symmetry, &b, NULL), DFT_OK);
            for (size_t op = 0; op < symmetry->n_ops; op++)
                assert_true(dft_basis_carries(&symmetry->op[op], b));
            dft_basis_free(b);
        }
        dft_symmetry_free(symmetry);
        dft_crystal_free(crystals[i]);
    }
}

static void an_operation_off_the_grid_is_not_carried(void **unused)
{
    const double cell[3][3] = { { 3, 0, 0 }, { 0, 3, 0 }, { 0, 0, 4.7 } };
    const dft_symop identity = { { { 1, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 } }, { 0, 0, 0 } };
    dft_symop shifted = identity;
    const dft_symop swap = { { { 0, 0, 1 }, { 0, 1, 0 }, { 1, 0, 0 } }, { 0, 0, 0 } };
    dft_crystal *crystal = test_crystal(cell, 1, (int[]){ 3 }, (const double[][3]){ { 0, 0, 0 } });
    dft_basis *b = basis_of(crystal, 2.0);
    (void)unused;

    assert_true(b->n[0] != b->n[2]);
    assert_true(dft_basis_carries(&identity, b));
    shifted.translation[2] = 1.0 / b->n_xc[2];
    assert_true(dft_basis_carries(&shifted, b));
    shifted.translation[2] = 0.5 / b->n_xc[2];
    assert_false(dft_basis_carries(&shifted, b));
    assert_false(dft_basis_carries(&swap, b));
    dft_basis_free(b);
    dft_crystal_free(crystal);
}

/* exp(-i G.R), G.R from Cartesian vectors in a long cell; from powers too, part of the list as well. */
static void structure_factor_is_the_phase_of_each_vector(void **unused)
{
    const double cell[3][3] = { { 1.7, 0, 0 }, { 0.1, 1.6, 0 }, { 0, 0.3, 150.0 } };
    const double x[3] = { 0.37, -1.21, 0.68 };
    dft_crystal *crystal = test_crystal(cell, 1, (int[]){ 3 }, (const double[][3]){ { 0, 0, 0 } });
    dft_basis *b = basis_of(crystal, 0.5);
    double complex *phase = dft_alloc_complex(b->n_fine);
    double r[3];
    double complex *power = dft_alloc_complex(dft_basis_n_powers(b)), *some = dft_alloc_complex(b->n_fine);
    (void)unused;

    dft_crystal_cartesian((const double (*)[3])b->lattice, x, r);
    dft_basis_structure_factor(b, 0, b->n_fine, x, phase);
    dft_basis_fill_powers(b, x, power);
    dft_basis_phases(b, 7, b->n_fine, power, some + 7);
    for (size_t ig = 0; ig < b->n_fine; ig++) {
        const double angle = b->g[ig][0] * r[0] + b->g[ig][1] * r[1] + b->g[ig][2] * r[2];
        assert_close(cabs(phase[ig] - cexp(-I * angle)), 0.0, 1e-11);  /* angles reach 1000 */
        assert_close(cabs(some[ig] - (ig < 7 ? 0.0 : phase[ig])), 0.0, 1e-11);
    }
    free(phase);
    free(power);
    free(some);
    dft_basis_free(b);
    dft_crystal_free(crystal);
}

/* integral f g = volume/N sum_r f(r) g(r) on either box (Parseval). */
static void inner_product_equals_the_sum_over_the_grid(void **unused)
{
    dft_crystal *crystal = test_hcp(12, 3.19, 5.2);
    dft_basis *b = basis_of(crystal, 1.5);
    unsigned long seed = 7;
    (void)unused;

    double complex *f = dft_alloc_complex(b->n_g), *g = dft_alloc_complex(b->n_g);
    for (size_t ig = 0; ig < b->n_g; ig++) {
        f[ig] = test_random(&seed) + (ig ? I * test_random(&seed) : 0.0);
        g[ig] = test_random(&seed) + (ig ? I * test_random(&seed) : 0.0);
    }
    const double want = dft_basis_inner(b, b->n_g, f, g);
    const dft_fft_real *plans[2] = { b->coarse, b->xc };
    for (int i = 0; i < 2; i++) {
        const size_t n_r = dft_fft_real_size(plans[i]);
        double complex *work = dft_alloc_complex(dft_fft_real_work_size(plans[i]));
        double *fr = dft_alloc_doubles(n_r), *gr = dft_alloc_doubles(n_r), sum = 0.0;
        dft_fft_real_to_real(plans[i], f, fr, work);
        dft_fft_real_to_real(plans[i], g, gr, work);
        for (size_t r = 0; r < n_r; r++)
            sum += fr[r] * gr[r];
        assert_close(sum * b->volume / (double)n_r, want, 1e-10 * fabs(want) + 1e-9);
        free(work);
        free(fr);
        free(gr);
    }
    free(f);
    free(g);
    dft_basis_free(b);
    dft_crystal_free(crystal);
}

static void a_cutoff_beyond_the_memory_is_refused_beforehand(void **unused)
{
    dft_crystal *crystal = test_bcc(3, 3.44);
    dft_symmetry *symmetry = test_symmetry(crystal);
    dft_basis *b = NULL;
    dft_error err = { 0 };
    (void)unused;

    assert_int_equal(dft_basis_create(crystal, 1e6, symmetry, &b, &err), DFT_ENOMEM);
    assert_non_null(strstr(err.message, "GiB"));
    assert_null(b);
    dft_symmetry_free(symmetry);
    dft_crystal_free(crystal);
}

static void a_cutoff_that_is_not_positive_is_refused(void **unused)
{
    const double cutoffs[4] = { 0.0, -3.0, NAN, INFINITY };
    dft_crystal *crystal = test_bcc(3, 3.44);
    dft_symmetry *symmetry = test_symmetry(crystal);
    (void)unused;

    for (int i = 0; i < 4; i++) {
        dft_basis *b = (dft_basis *)crystal;
        dft_error err = { 0 };
        assert_int_equal(dft_basis_create(crystal, cutoffs[i], symmetry, &b, &err), DFT_EINPUT);
        assert_null(b);
        assert_non_null(strstr(err.message, "cutoff"));
    }
    dft_symmetry_free(symmetry);
    dft_crystal_free(crystal);
}

static void each_refused_allocation_is_reported(void **unused)
{
    dft_crystal *crystal = test_bcc(3, 3.44);
    dft_symmetry *symmetry = test_symmetry(crystal);
    dft_basis *b = NULL;
    long n = 1;
    (void)unused;

    for (dft_alloc_refuse_nth(n); dft_basis_create(crystal, 1.0, symmetry, &b, NULL) != DFT_OK;
         dft_alloc_refuse_nth(++n))
        assert_null(b);
    dft_alloc_refuse_nth(0);
    assert_true(n > 7);                 /* six lists of vectors, three boxes */
    dft_basis_free(b);
    dft_symmetry_free(symmetry);
    dft_crystal_free(crystal);
}

/* Strained by several per cent, with the vectors of the unstrained cell: the same Miller indices in each
 * sphere and the same boxes, lengths and shells its own. */
static void a_strained_cell_may_keep_the_vectors_of_another(void **unused)
{
    dft_crystal *crystal = test_triclinic(13), *strained = NULL;
    double lattice[3][3];
    dft_symmetry *identity = NULL;
    dft_basis *a = NULL, *b = NULL;
    (void)unused;

    memcpy(lattice, crystal->lattice, sizeof lattice);
    for (int i = 0; i < 3; i++)
        lattice[i][0] = 1.05 * lattice[i][0] + 0.03 * lattice[i][1];
    assert_int_equal(dft_crystal_create((const double (*)[3])lattice, 1, crystal->z,
                                        (const double (*)[3])crystal->position, &strained, NULL), DFT_OK);
    assert_int_equal(dft_symmetry_create_identity(crystal, &identity, NULL), DFT_OK);
    assert_int_equal(dft_basis_create(crystal, 1.0, identity, &a, NULL), DFT_OK);
    assert_int_equal(dft_basis_create_like(strained, (const double (*)[3])crystal->lattice, 1.0, identity,
                                           &b, NULL), DFT_OK);
    assert_int_equal(a->n_g, b->n_g);
    assert_int_equal(a->n_fine, b->n_fine);
    assert_memory_equal(a->n, b->n, sizeof a->n);
    assert_close(b->volume / a->volume, 1.05, 1e-12);
    for (size_t ig = 0; ig < a->n_fine; ig++) {
        const size_t first = ig < a->n_g ? 0 : a->n_g, last = ig < a->n_g ? a->n_g : a->n_fine;
        size_t at = first;
        while (at < last && memcmp(a->hkl[ig], b->hkl[at], sizeof a->hkl[ig]) != 0)
            at++;
        assert_true(at < last);
        assert_close(b->shell_g[b->shell[ig]], sqrt(b->g2[ig]), 1e-8 * sqrt(b->g2[ig]));
        assert_true(ig == 0 || ig == a->n_g || b->g2[ig] > b->g2[ig - 1] * (1.0 - 1e-8));
    }
    dft_basis_free(a);
    dft_basis_free(b);
    dft_symmetry_free(identity);
    dft_crystal_free(strained);
    dft_crystal_free(crystal);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cutoff_beyond_the_memory_is_refused_beforehand),
        cmocka_unit_test(half_lists_stand_for_the_whole_spheres),
        cmocka_unit_test(no_vector_is_listed_with_its_negative),
        cmocka_unit_test(vectors_come_by_length_in_numbered_shells),
        cmocka_unit_test(shells_of_fcc_have_8_and_6_members),
        cmocka_unit_test(the_box_holds_the_density_sphere_without_wrap_around),
        cmocka_unit_test(boxes_carry_every_operation_of_common_crystals),
        cmocka_unit_test(an_operation_off_the_grid_is_not_carried),
        cmocka_unit_test(structure_factor_is_the_phase_of_each_vector),
        cmocka_unit_test(inner_product_equals_the_sum_over_the_grid),
        cmocka_unit_test(a_cutoff_that_is_not_positive_is_refused),
        cmocka_unit_test(a_strained_cell_may_keep_the_vectors_of_another),
        cmocka_unit_test(each_refused_allocation_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
