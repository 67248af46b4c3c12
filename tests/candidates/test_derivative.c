/* Derivative structures and quasi-random cells. */
#include "tests/candidates/shapes.h"

#include "candidates/cells.h"
#include "candidates/derivative.h"
#include "candidates/generate.h"
#include "candidates/matcher.h"
#include "dft-lite/base/alloc.h"

static dft_crystal *primitive(const char *id)
{
    dft_crystal *crystal = library_crystal(id), *out = NULL;
    assert_int_equal(cand_crystal_primitive(crystal, CAND_CENTRING_TOLERANCE, &out, NULL), DFT_OK);
    dft_crystal_free(crystal);
    return out;
}

static size_t count(const char *id, int mixing, int size, int n_b)
{
    dft_crystal *parent = primitive(id), **list = NULL;
    const cand_mixing what = { parent, mixing, 47, 3 };
    size_t n = 0;

    assert_int_equal(cand_derivatives_find(&what, size, n_b, &list, &n, NULL), DFT_OK);
    cand_derivatives_free(list, n);
    dft_crystal_free(parent);
    return n;
}

/* Structures of one composition that stay distinct when A and B change names. */
static size_t count_up_to_exchange(const char *id, int mixing, int size, int n_b)
{
    dft_crystal *parent = primitive(id), **list = NULL, **swapped = NULL;
    const cand_mixing what = { parent, mixing, 47, 3 }, other = { parent, mixing, 3, 47 };
    size_t n = 0, m = 0, distinct = 0;

    assert_int_equal(cand_derivatives_find(&what, size, n_b, &list, &n, NULL), DFT_OK);
    assert_int_equal(cand_derivatives_find(&other, size, n_b, &swapped, &m, NULL), DFT_OK);
    assert_int_equal(n, m);
    for (size_t i = 0; i < n; i++) {        /* i counts unless an earlier one is i with names changed */
        bool seen = false;
        for (size_t j = 0; j < i && !seen; j++) {
            cand_match match;
            /* swapped[j] is list[j] with the elements exchanged: same order of generation */
            assert_int_equal(cand_crystals_match(list[i], swapped[j], NULL, &match, NULL), DFT_OK);
            seen = match.same;
        }
        distinct += !seen;
    }
    cand_derivatives_free(swapped, m);
    cand_derivatives_free(list, n);
    dft_crystal_free(parent);
    return distinct;
}

/* Hart & Forcade (2008), table IV: binary derivative structures of fcc and of bcc, A-B exchange
 * counted once: 2, 3, 12 for 2, 3, 4 atoms. */
static void binary_structures_on_fcc_and_bcc_are_counted(void **unused)
{
    static const struct { const char *id; int z; } parents[] = { { "Ag_fcc", 47 }, { "Li_bcc", 3 } };
    (void)unused;

    for (int k = 0; k < 2; k++) {
        const char *id = parents[k].id;
        const int z = parents[k].z;
        assert_int_equal(count_up_to_exchange(id, z, 2, 1), 2);
        assert_int_equal(count(id, z, 3, 1), 3);
        assert_int_equal(count(id, z, 3, 2), 3);
        assert_int_equal(count(id, z, 3, -1), 6);
        assert_int_equal(count(id, z, 4, 1) + count_up_to_exchange(id, z, 4, 2), 12);
    }
}

/* A library entry, or a prototype decorated. */
static dft_crystal *known_crystal(const char *id)
{
    cand_library *library = NULL;
    const cand_entry *entry = NULL;
    dft_crystal *crystal = NULL;
    bool known = false;

    assert_int_equal(cand_library_read("candidates/data", &library, NULL), DFT_OK);
    entry = cand_library_by_id(library, id);
    if (!entry)
        assert_int_equal(cand_generate_one("candidates/data", id, library, &known, &entry, NULL), DFT_OK);
    assert_non_null(entry);
    assert_int_equal(cand_entry_crystal(entry, CAND_CELL_CONVENTIONAL, &crystal, NULL), DFT_OK);
    cand_library_free(library);
    return crystal;
}

/* L1_0, L1_2 and D0_22 are among the structures on fcc, B2 and B32 among those on bcc. */
static void known_structures_are_among_them(void **unused)
{
    static const struct { const char *parent, *known; int mixing, a, b, size, n_b; } cases[] = {
        { "Ag_fcc", "LiAg3_L12", 47, 47, 3, 4, 1 }, { "Ag_fcc", "LiAg3_D022", 47, 47, 3, 4, 1 },
        { "Ag_fcc", "LiAg_L10", 47, 47, 3, 2, 1 },
        { "Li_bcc", "LiAg_B2", 3, 3, 47, 2, 1 }, { "Li_bcc", "LiZn_B32", 3, 3, 30, 4, 2 },
        { "Li_bcc", "Li3Hg_D03", 3, 3, 80, 4, 1 },
    };
    cand_match_options loose = cand_match_defaults();
    (void)unused;

    loose.volume = 1.0;
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        dft_crystal *parent = primitive(cases[k].parent), *known = known_crystal(cases[k].known);
        const cand_mixing what = { parent, cases[k].mixing, cases[k].a, cases[k].b };
        dft_crystal **list = NULL;
        size_t n = 0, n_same = 0;
        assert_int_equal(cand_derivatives_find(&what, cases[k].size, cases[k].n_b, &list, &n, NULL),
                         DFT_OK);
        for (size_t i = 0; i < n; i++) {
            cand_match match;
            assert_int_equal(cand_crystals_match(list[i], known, &loose, &match, NULL), DFT_OK);
            n_same += match.same;
        }
        if (n_same != 1)
            print_error("%s: %zu of %zu\n", cases[k].known, n_same, n);
        assert_int_equal(n_same, 1);
        cand_derivatives_free(list, n);
        dft_crystal_free(known);
        dft_crystal_free(parent);
    }
}

/* The correlations reported are those of the structure: counted again from its distances. */
static void reported_correlations_are_those_of_the_structure(void **unused)
{
    dft_crystal *parent = primitive("Ag_fcc"), *sqs = NULL;
    const cand_mixing what = { parent, 47, 47, 3 };
    cand_quasi_random report = { .n_shells = 3 };
    (void)unused;

    assert_int_equal(cand_quasi_random_find(&what, 8, 4, &report, &sqs, NULL), DFT_OK);
    assert_int_equal(sqs->n_atoms, 8);
    assert_close(report.random, 0.0, 0.0);
    const double a = sqrt(2.0) * dft_crystal_distance(parent, 0, 0);
    assert_close(report.distance[0], a / sqrt(2.0), 1e-9);
    assert_close(report.distance[1], a, 1e-9);
    assert_close(report.distance[2], a * sqrt(1.5), 1e-9);
    for (int k = 0; k < 3; k++) {
        double sum = 0.0, pairs = 0.0;
        for (size_t i = 0; i < 8; i++)
            for (size_t j = 0; j < 8; j++)
                for (int c = 0; c < 9 * 9 * 9; c++) {
                    const double f[3] = { sqs->position[j][0] - sqs->position[i][0] + c / 81 - 4,
                                          sqs->position[j][1] - sqs->position[i][1] + c / 9 % 9 - 4,
                                          sqs->position[j][2] - sqs->position[i][2] + c % 9 - 4 };
                    double r[3];
                    dft_crystal_cartesian((const double (*)[3])sqs->lattice, f, r);
                    if (fabs(sqrt(r[0] * r[0] + r[1] * r[1] + r[2] * r[2]) - report.distance[k]) < 0.01) {
                        pairs += 1.0;
                        sum += sqs->z[i] == sqs->z[j] ? 1.0 : -1.0;
                    }
                }
        assert_close(sum / pairs, report.correlation[k], 1e-12);
    }
    dft_crystal_free(sqs);
    dft_crystal_free(parent);
}

/* At x = 1/2 eight atoms can be random in the first two shells at once; no colouring of eight atoms is
 * in three: 1/24 (4 of 96 pairs) is left, which the report has to say. */
static void eight_atoms_on_fcc_are_random_in_two_shells(void **unused)
{
    dft_crystal *parent = primitive("Ag_fcc"), *sqs = NULL;
    const cand_mixing what = { parent, 47, 47, 12 };
    cand_quasi_random report = { .n_shells = 2 }, more = { .n_shells = 3 };
    (void)unused;

    assert_int_equal(cand_quasi_random_find(&what, 8, 4, &report, &sqs, NULL), DFT_OK);
    assert_close(report.worst, 0.0, 1e-12);
    dft_crystal_free(sqs);
    assert_int_equal(cand_quasi_random_find(&what, 8, 4, &more, &sqs, NULL), DFT_OK);
    assert_close(more.worst, 1.0 / 24.0, 1e-12);
    dft_crystal_free(sqs);

    /* A larger cell is no worse; a quarter of B has (1/2)^2 at random. */
    cand_quasi_random two = { .n_shells = 2 }, four = { .n_shells = 2 };
    assert_int_equal(cand_quasi_random_find(&what, 4, 1, &two, &sqs, NULL), DFT_OK);
    dft_crystal_free(sqs);
    assert_int_equal(cand_quasi_random_find(&what, 8, 2, &four, &sqs, NULL), DFT_OK);
    dft_crystal_free(sqs);
    assert_close(two.random, 0.25, 1e-15);
    assert_true(four.worst <= two.worst + 1e-12);
    dft_crystal_free(parent);
}

/* Only the mixing element changes: Ni in NiO-like MgO, O stays. */
static void other_atoms_stay(void **unused)
{
    dft_crystal *parent = primitive("MgO"), *sqs = NULL;
    const cand_mixing what = { parent, 12, 12, 28 };
    cand_quasi_random report = { .n_shells = 2 };
    size_t n[3] = { 0, 0, 0 };
    (void)unused;

    assert_int_equal(cand_quasi_random_find(&what, 4, 2, &report, &sqs, NULL), DFT_OK);
    for (size_t a = 0; a < sqs->n_atoms; a++)
        n[sqs->z[a] == 12 ? 0 : sqs->z[a] == 28 ? 1 : 2]++;
    assert_int_equal(n[0], 2);
    assert_int_equal(n[1], 2);
    assert_int_equal(n[2], 4);
    dft_crystal_free(sqs);
    dft_crystal_free(parent);
}

static void impossible_alloys_are_refused(void **unused)
{
    dft_crystal *parent = primitive("Ag_fcc"), *sqs = NULL, **list = NULL;
    const cand_mixing good = { parent, 47, 47, 3 }, absent = { parent, 3, 47, 3 };
    const cand_mixing same = { parent, 47, 3, 3 };
    cand_quasi_random report = { .n_shells = 7 };
    size_t n = 1;
    dft_error err;
    dft_status status = DFT_ENOMEM;
    (void)unused;

    assert_int_equal(cand_derivatives_find(&absent, 2, 1, &list, &n, &err), DFT_EINPUT);
    assert_non_null(strstr(err.message, "no Li atoms"));
    assert_int_equal(cand_derivatives_find(&same, 2, 1, &list, &n, &err), DFT_EINPUT);
    assert_int_equal(cand_derivatives_find(&good, 21, 1, &list, &n, &err), DFT_EINPUT);
    assert_non_null(strstr(err.message, "at most 20 sites"));
    assert_int_equal(cand_derivatives_find(&good, 2, 2, &list, &n, &err), DFT_EINPUT);
    assert_int_equal(cand_quasi_random_find(&good, 4, 2, &report, &sqs, &err), DFT_EINPUT);
    assert_non_null(strstr(err.message, "7 shells"));
    report.n_shells = 2;
    assert_int_equal(cand_quasi_random_find(&good, 4, 4, &report, &sqs, &err), DFT_EINPUT);
    for (long k = 1; status != DFT_OK; k++) {
        assert_true(k < 2000);
        dft_alloc_refuse_nth(k);
        status = cand_derivatives_find(&good, 2, 1, &list, &n, NULL);
        dft_alloc_refuse_nth(0);
        assert_true(status == DFT_OK || (status == DFT_ENOMEM && !list));
    }
    cand_derivatives_free(list, n);
    dft_crystal_free(parent);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(binary_structures_on_fcc_and_bcc_are_counted),
        cmocka_unit_test(known_structures_are_among_them),
        cmocka_unit_test(reported_correlations_are_those_of_the_structure),
        cmocka_unit_test(eight_atoms_on_fcc_are_random_in_two_shells),
        cmocka_unit_test(other_atoms_stay),
        cmocka_unit_test(impossible_alloys_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
