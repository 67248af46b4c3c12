/* Reduction, supercells and superlattices. */
#include "tests/candidates/disguise.h"

#include "dft-lite/base/alloc.h"

static double length_of(const double v[3])
{
    return sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
}

/* Of a skew cell of a random lattice: no combination -3..3 that is independent of the vectors before
 * is shorter than the reduced vector, which is what Minkowski reduced means. */
static void reduced_vectors_are_the_shortest(void **unused)
{
    unsigned seed = 3;
    (void)unused;

    for (int k = 0; k < 200; k++) {
        double lattice[3][3], skew[3][3] = { { 0 } }, reduced[3][3];
        int m[3][3], change[3][3];
        for (int i = 0; i < 9; i++)
            lattice[i / 3][i % 3] = 2.0 * uniform(&seed) - 1.0;
        random_matrix(1, m, &seed);
        for (int i = 0; i < 3; i++)
            for (int c = 0; c < 3; c++)
                for (int j = 0; j < 3; j++)
                    skew[i][c] += m[i][j] * lattice[j][c];
        cand_reduce_3d((const double (*)[3])skew, reduced, change);
        assert_int_equal(abs(cand_determinant((const int (*)[3])change)), 1);
        assert_true(length_of(reduced[0]) <= length_of(reduced[1]) * (1 + 1e-9));
        assert_true(length_of(reduced[1]) <= length_of(reduced[2]) * (1 + 1e-9));
        for (int i = 0; i < 343; i++) {
            const int n[3] = { i / 49 - 3, i / 7 % 7 - 3, i % 7 - 3 };
            double v[3];
            for (int c = 0; c < 3; c++)
                v[c] = n[0] * reduced[0][c] + n[1] * reduced[1][c] + n[2] * reduced[2][c];
            for (int row = 0; row < 3; row++) {
                bool independent = false;
                for (int j = row; j < 3; j++)
                    independent |= n[j] != 0;
                if (independent)
                    assert_true(length_of(v) > length_of(reduced[row]) * (1.0 - 1e-9));
            }
        }
        for (int i = 0; i < 3; i++)
            for (int c = 0; c < 3; c++)
                assert_close(reduced[i][c], change[i][0] * skew[0][c] + change[i][1] * skew[1][c]
                             + change[i][2] * skew[2][c], 1e-10);
    }
}

/* Do the rows of `form` lie in the lattice of the rows of `other`?  form other^-1 is whole. */
static bool lies_in(const int form[3][3], const int other[3][3])
{
    const double m[3][3] = { { other[0][0], other[0][1], other[0][2] },
                             { other[1][0], other[1][1], other[1][2] },
                             { other[2][0], other[2][1], other[2][2] } };

    for (int i = 0; i < 3; i++) {
        const double row[3] = { form[i][0], form[i][1], form[i][2] };
        double x[3];
        dft_crystal_fractional(m, row, x);
        for (int c = 0; c < 3; c++)
            if (fabs(x[c] - round(x[c])) > 1e-9)
                return false;
    }
    return true;
}

/* sum over d | n of d sigma(d), sequence A001001; each a lattice of its own. */
static void superlattices_are_counted(void **unused)
{
    static const size_t known[] = { 1, 7, 13, 35, 31, 91, 57, 155, 130, 217, 133, 455 };
    (void)unused;

    for (int n = 1; n <= 12; n++) {
        assert_int_equal(cand_hermite_count(n), known[n - 1]);
        for (size_t i = 0; i < known[n - 1]; i++) {
            int form[3][3], other[3][3];
            cand_hermite_form(n, i, form);
            assert_int_equal(cand_determinant((const int (*)[3])form), n);
            for (size_t j = 0; j < i; j++) {
                cand_hermite_form(n, j, other);
                assert_false(lies_in((const int (*)[3])form, (const int (*)[3])other));
            }
        }
    }
}

static void supercells_hold_every_atom_at_its_distances(void **unused)
{
    dft_crystal *zno = library_crystal("ZnO_wz");
    const int matrices[][3][3] = { { { 2, 1, 0 }, { 0, 1, 1 }, { 0, 0, 3 } },
                                   { { 0, 1, 0 }, { 1, 0, 0 }, { 0, 0, 1 } }, /* left-handed */
                                   { { -1, 2, 0 }, { 1, 1, 1 }, { 0, -2, 1 } } };
    (void)unused;

    for (size_t k = 0; k < 3; k++) {
        const size_t n = (size_t)abs(cand_determinant(matrices[k]));
        dft_crystal *large = NULL;
        assert_int_equal(cand_crystal_supercell(zno, matrices[k], &large, NULL), DFT_OK);
        assert_int_equal(large->n_atoms, n * zno->n_atoms);
        assert_close(dft_crystal_volume(large), (double)n * dft_crystal_volume(zno), 1e-9);
        for (size_t a = 0; a < large->n_atoms; a++) {
            double bond = HUGE_VAL, known = HUGE_VAL;
            for (size_t b = 0; b < large->n_atoms; b++)
                bond = b == a ? bond : fmin(bond, dft_crystal_distance(large, a, b));
            for (size_t b = 0; b < zno->n_atoms; b++)
                known = b == a / n ? known : fmin(known, dft_crystal_distance(zno, a / n, b));
            assert_int_equal(large->z[a], zno->z[a / n]);
            assert_close(bond, known, 1e-9);
        }
        dft_crystal_free(large);
    }
    dft_crystal_free(zno);
}

static void impossible_supercells_are_refused(void **unused)
{
    dft_crystal *zno = library_crystal("ZnO_wz"), *out = zno;
    const int flat[3][3] = { { 1, 0, 0 }, { 0, 1, 0 }, { 1, 1, 0 } };
    const int huge[3][3] = { { 20, 0, 0 }, { 0, 20, 0 }, { 0, 0, 20 } };
    const int two[3][3] = { { 2, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 } };
    dft_error err;
    dft_status status = DFT_ENOMEM;
    (void)unused;

    assert_int_equal(cand_crystal_supercell(zno, flat, &out, NULL), DFT_EINPUT);
    assert_null(out);
    assert_int_equal(cand_crystal_supercell(zno, huge, &out, &err), DFT_EINPUT);
    assert_non_null(strstr(err.message, "8000 cells with 4 atoms"));
    for (long n = 1; status != DFT_OK; n++) {
        assert_true(n < 20);
        dft_alloc_refuse_nth(n);
        status = cand_crystal_supercell(zno, two, &out, NULL);
        dft_alloc_refuse_nth(0);
        assert_true(status == DFT_OK || (status == DFT_ENOMEM && !out));
    }
    dft_crystal_free(out);
    dft_crystal_free(zno);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reduced_vectors_are_the_shortest),
        cmocka_unit_test(superlattices_are_counted),
        cmocka_unit_test(supercells_hold_every_atom_at_its_distances),
        cmocka_unit_test(impossible_supercells_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
