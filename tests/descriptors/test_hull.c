#include "descriptors/hull.h"

#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/csv.h"
#include "tests/support/assert_close.h"

#define PEER "tests/data/peers/hull-pymatgen.csv"     /* tests run from the top of the repository */

static desc_hull_entry entry_of(const char *formula, double ev_per_atom)
{
    desc_hull_entry e = { .name = formula, .volume_ang3 = NAN, .source = "" };

    assert_int_equal(desc_formula_parse(formula, &e.formula, NULL), DFT_OK);
    e.energy_ev = ev_per_atom * desc_formula_atoms(&e.formula);
    return e;
}

static desc_hull *hull_of(size_t n, const char *const *formula, const double *ev_per_atom)
{
    desc_hull_entry entry[16];
    desc_hull *hull = NULL;

    for (size_t i = 0; i < n; i++)
        entry[i] = entry_of(formula[i], ev_per_atom[i]);
    assert_int_equal(desc_hull_create("test", entry, n, &hull, NULL), DFT_OK);
    return hull;
}

/* A-B with AB at -1 and A3B at -0.4 eV/atom: A3B lies 0.1 above the line from A to AB. */
static const char *const binary[] = { "LiAg", "Li3Ag", "LiAg" };
static const double binary_ev[] = { -1.0, -0.4, -0.9 };

static void a_binary_hull_is_what_the_ruler_says(void **unused)
{
    desc_hull *hull = hull_of(3, binary, binary_ev);
    double above;
    bool stable;
    (void)unused;

    assert_int_equal(desc_hull_size(hull), 5);           /* Li and Ag joined by themselves */
    assert_int_equal(desc_hull_above(hull, 1, &above, NULL), DFT_OK);
    assert_close(above, 0.1, 1e-12);
    assert_int_equal(desc_hull_above(hull, 2, &above, NULL), DFT_OK);
    assert_close(above, 0.1, 1e-12);
    assert_int_equal(desc_hull_stable(hull, 0, &stable, NULL), DFT_OK);
    assert_true(stable);
    assert_int_equal(desc_hull_stable(hull, 1, &stable, NULL), DFT_OK);
    assert_false(stable);
    assert_int_equal(desc_hull_stable(hull, 3, &stable, NULL), DFT_OK);
    assert_true(stable);
    desc_hull_free(hull);
}

static void a_mixture_decomposes_by_the_lever_rule(void **unused)
{
    desc_hull *hull = hull_of(3, binary, binary_ev);
    desc_hull_share share[DESC_FORMULA_MAX];
    desc_formula f;
    size_t n;
    double energy;
    (void)unused;

    assert_int_equal(desc_formula_parse("Li5Ag2", &f, NULL), DFT_OK);    /* 2 LiAg + 3 Li */
    assert_int_equal(desc_hull_decompose(hull, &f, desc_hull_size(hull), &energy, share, &n, NULL),
                     DFT_OK);
    assert_int_equal(n, 2);
    assert_close(energy, -4.0, 1e-12);
    for (size_t i = 0; i < n; i++)
        assert_close(share[i].amount, share[i].entry == 0 ? 2.0 : 3.0, 1e-12);
    /* Without LiAg and its polymorph: 2/3 Li3Ag + 1/3 Ag, for two atoms. */
    assert_int_equal(desc_formula_parse("LiAg", &f, NULL), DFT_OK);
    assert_int_equal(desc_hull_decompose(hull, &f, 0, &energy, NULL, NULL, NULL), DFT_OK);
    assert_close(energy, 2.0 / 3.0 * 4.0 * -0.4 / 2.0, 1e-12);
    desc_hull_free(hull);
}

/* LiAg is stable between pure Li (mu_Li = 0) and pure Ag (mu_Ag = 0, so mu_Li = -2). */
static void chemical_potentials_range_between_the_neighbours(void **unused)
{
    desc_hull *hull = hull_of(3, binary, binary_ev);
    double low, high;
    dft_error err;
    (void)unused;

    assert_int_equal(desc_hull_mu_range(hull, 0, 3, &low, &high, NULL), DFT_OK);
    assert_close(low, -2.0, 1e-9);
    assert_close(high, 0.0, 1e-9);
    assert_int_equal(desc_hull_mu_range(hull, 4, 3, &low, &high, NULL), DFT_OK);     /* pure Ag */
    assert_true(isinf(low) && low < 0.0);
    assert_close(high, -2.0, 1e-9);
    assert_int_equal(desc_hull_mu_range(hull, 1, 3, &low, &high, NULL), DFT_OK);     /* unstable */
    assert_true(isnan(low) && isnan(high));
    assert_int_equal(desc_hull_mu_range(hull, 0, 26, &low, &high, &err), DFT_EINPUT);
    assert_non_null(strstr(err.message, "Fe"));
    desc_hull_free(hull);
}

/* Energies that are linear in composition put every phase on the hull and none above it. */
static void adding_a_line_to_the_energies_moves_nothing(void **unused)
{
    static const char *const f[] = { "LiO", "Li2O", "ZnO", "LiZn", "Li2ZnO2", "Zn3O" };
    static const double e[] = { -1.6, -2.0, -1.8, -0.2, -1.95, -0.6 };
    desc_hull_entry plain[6], tilted[9];
    desc_hull *a = NULL, *b = NULL;
    (void)unused;

    for (size_t i = 0; i < 6; i++) {
        plain[i] = tilted[i] = entry_of(f[i], e[i]);
        tilted[i].energy_ev += -0.3 * desc_formula_count(&plain[i].formula, 3)
                               - 0.7 * desc_formula_count(&plain[i].formula, 8);
    }
    tilted[6] = entry_of("Li", -0.3);
    tilted[7] = entry_of("O", -0.7);
    tilted[8] = entry_of("Zn", 0.0);
    assert_int_equal(desc_hull_create("a", plain, 6, &a, NULL), DFT_OK);
    assert_int_equal(desc_hull_create("b", tilted, 9, &b, NULL), DFT_OK);
    for (size_t i = 0; i < 6; i++) {
        double above_a, above_b;
        assert_int_equal(desc_hull_above(a, i, &above_a, NULL), DFT_OK);
        assert_int_equal(desc_hull_above(b, i, &above_b, NULL), DFT_OK);
        assert_close(above_a, above_b, 1e-12);
    }
    desc_hull_free(a);
    desc_hull_free(b);
}

/* CaSi2 of the SGTE table lies exactly between CaSi and Si: in equilibrium, yet no corner. */
static void a_phase_on_the_line_between_two_others_is_no_corner(void **unused)
{
    static const char *const f[] = { "CaSi", "CaSi2" };
    static const double e[] = { -0.78248165646, -0.78248165646 * 2.0 / 3.0 };
    desc_hull *hull = hull_of(2, f, e);
    double above;
    bool stable;
    (void)unused;

    assert_int_equal(desc_hull_above(hull, 1, &above, NULL), DFT_OK);
    assert_close(above, 0.0, 1e-12);
    assert_int_equal(desc_hull_stable(hull, 1, &stable, NULL), DFT_OK);
    assert_false(stable);
    desc_hull_free(hull);
}

/* ---- pymatgen ---- */

typedef struct {
    size_t begin, n;
    desc_hull *hull;
} peer_system;

static peer_system peer_read(const dft_csv *csv, size_t begin, const size_t *column)
{
    peer_system s = { .begin = begin };
    desc_hull_entry *entry = dft_alloc(dft_csv_n_rows(csv), sizeof *entry);

    while (begin + s.n < dft_csv_n_rows(csv)
           && strcmp(dft_csv_text(csv, begin + s.n, column[0]), dft_csv_text(csv, begin, column[0]))
              == 0) {
        double e;
        assert_int_equal(dft_csv_number(csv, begin + s.n, column[2], &e, NULL), DFT_OK);
        entry[s.n] = entry_of(dft_csv_text(csv, begin + s.n, column[1]), e);
        s.n++;
    }
    assert_int_equal(desc_hull_create("peer", entry, s.n, &s.hull, NULL), DFT_OK);
    free(entry);
    return s;
}

/* Ten systems of 2 to 5 elements, half of them real.  1e-8 eV/atom is asked; both programs work in
 * double precision, pymatgen with qhull. */
static void stable_phases_and_energies_above_hull_agree_with_pymatgen(void **unused)
{
    static const char *const name[] = { "system", "formula", "energy_ev_per_atom", "stable",
                                        "above_hull_ev_per_atom" };
    dft_csv *csv = NULL;
    size_t column[5], n_systems = 0;
    double worst = 0.0;
    (void)unused;

    assert_int_equal(dft_csv_read(PEER, &csv, NULL), DFT_OK);
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(dft_csv_column(csv, name[i], &column[i], NULL), DFT_OK);
    for (size_t row = 0; row < dft_csv_n_rows(csv);) {
        peer_system s = peer_read(csv, row, column);
        for (size_t i = 0; i < s.n; i++, row++) {
            double above, expected;
            bool stable;
            assert_int_equal(dft_csv_number(csv, row, column[4], &expected, NULL), DFT_OK);
            assert_int_equal(desc_hull_above(s.hull, i, &above, NULL), DFT_OK);
            assert_int_equal(desc_hull_stable(s.hull, i, &stable, NULL), DFT_OK);
            worst = fmax(worst, fabs(above - expected));
            if (stable != (strcmp(dft_csv_text(csv, row, column[3]), "yes") == 0))
                fail_msg("%s:%d: %s is %sstable here", PEER, dft_csv_line(csv, row),
                         dft_csv_text(csv, row, column[1]), stable ? "" : "not ");
        }
        desc_hull_free(s.hull);
        n_systems++;
    }
    assert_true(n_systems >= 10);
    print_message("worst difference to pymatgen: %.1e eV/atom\n", worst);
    assert_close(worst, 0.0, 1e-8);
    dft_csv_free(csv);
}

/* ---- failure ---- */

static void impossible_hulls_are_refused(void **unused)
{
    desc_hull_entry bad = entry_of("LiAg", NAN);
    desc_hull *hull = NULL;
    desc_formula f;
    double energy;
    dft_error err;
    (void)unused;

    assert_int_equal(desc_hull_create("test", NULL, 0, &hull, &err), DFT_EINPUT);
    assert_null(hull);
    assert_int_equal(desc_hull_create("test", &bad, 1, &hull, &err), DFT_EINPUT);
    assert_non_null(strstr(err.message, "LiAg"));
    bad = entry_of("LiAg", -1e6);
    assert_int_equal(desc_hull_create("test", &bad, 1, &hull, &err), DFT_EINPUT);
    hull = hull_of(3, binary, binary_ev);
    assert_int_equal(desc_formula_parse("LiAu", &f, NULL), DFT_OK);
    assert_int_equal(desc_hull_find(hull, &f), desc_hull_size(hull));
    assert_int_equal(desc_hull_decompose(hull, &f, desc_hull_size(hull), &energy, NULL, NULL, &err),
                     DFT_EINPUT);
    desc_hull_free(hull);
}

static void each_refused_allocation_is_reported(void **unused)
{
    const desc_hull_entry entry[] = { entry_of("LiAg", -1.0), entry_of("Li3Ag", -0.4) };
    desc_hull *hull = NULL;
    (void)unused;

    for (long n = 1; n <= 11; n++) {         /* the struct, label, array, 2 for each entry */
        dft_alloc_refuse_nth(n);
        assert_int_equal(desc_hull_create("test", entry, 2, &hull, NULL), DFT_ENOMEM);
        assert_null(hull);
    }
    dft_alloc_refuse_nth(0);
    assert_int_equal(desc_hull_create("test", entry, 2, &hull, NULL), DFT_OK);
    for (long n = 1; n <= 7; n++) {
        double above;
        dft_alloc_refuse_nth(n);
        assert_int_equal(desc_hull_above(hull, 0, &above, NULL), DFT_ENOMEM);
    }
    dft_alloc_refuse_nth(0);
    desc_hull_free(hull);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_binary_hull_is_what_the_ruler_says),
        cmocka_unit_test(a_mixture_decomposes_by_the_lever_rule),
        cmocka_unit_test(chemical_potentials_range_between_the_neighbours),
        cmocka_unit_test(adding_a_line_to_the_energies_moves_nothing),
        cmocka_unit_test(a_phase_on_the_line_between_two_others_is_no_corner),
        cmocka_unit_test(stable_phases_and_energies_above_hull_agree_with_pymatgen),
        cmocka_unit_test(impossible_hulls_are_refused),
        cmocka_unit_test(each_refused_allocation_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
