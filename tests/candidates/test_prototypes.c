/* Prototypes: each is the structure that its name says, and its size estimate is as good as stated. */
#include "tests/candidates/shapes.h"

#include "candidates/generate.h"
#include "candidates/matcher.h"
#include "candidates/prototypes.h"
#include "dft-lite/base/alloc.h"
#include "dft-lite/crystal/elements.h"
#include "dft-lite/crystal/symmetry.h"

static cand_library *library;
static cand_ions *ions;
static cand_prototypes *prototypes;

static int read_all(void **unused)
{
    (void)unused;
    return cand_library_read("candidates/data", &library, NULL) != DFT_OK
        || cand_ions_read("candidates/data", &ions, NULL) != DFT_OK
        || cand_prototypes_read("candidates/data", &prototypes, NULL) != DFT_OK;
}

static int free_all(void **unused)
{
    (void)unused;
    cand_prototypes_free(prototypes);
    cand_ions_free(ions);
    cand_library_free(library);
    return 0;
}

static size_t index_of(const char *id)
{
    size_t i = 0;
    assert_int_equal(cand_prototypes_find(prototypes, id, &i, NULL), DFT_OK);
    return i;
}

static dft_crystal *decorated(const char *id, const char *a, const char *b)
{
    const int z[2] = { dft_element_number(a), b ? dft_element_number(b) : 0 };
    dft_crystal *out = NULL;
    dft_error err = { 0 };

    if (cand_prototype_decorate(prototypes, index_of(id), ions, z, &out, &err))
        fail_msg("%s", err.message);
    return out;
}

/* Elements that size both slots; spglib must find the stated group in what comes out. */
static void every_prototype_has_its_space_group_and_formula(void **unused)
{
    static const char *const bonds[][3] = {
        { "B1", "Mg", "O" }, { "B3", "Zn", "S" }, { "B4", "Zn", "O" }, { "B81", "Ni", "S" },
        { "C1", "Ca", "F" }, { "C1anti", "Li", "O" }, { "C4", "Ti", "O" }, { "C6", "Ti", "S" },
        { "D51", "Al", "O" }, { "D09", "Cu", "N" },
    };
    (void)unused;

    for (size_t i = 0; i < cand_prototypes_size(prototypes); i++) {
        const cand_prototype *type = cand_prototypes_entry(prototypes, i);
        const char *a = "Ag", *b = type->n_slots == 2 ? "Li" : NULL;
        dft_symmetry *symmetry = NULL;
        size_t n[2] = { 0, 0 };
        for (size_t k = 0; k < sizeof bonds / sizeof *bonds; k++)
            if (strcmp(bonds[k][0], type->id) == 0) {
                a = bonds[k][1];
                b = bonds[k][2];
            }
        dft_crystal *crystal = decorated(type->id, a, b);
        assert_int_equal(dft_symmetry_create(crystal, 1e-4, &symmetry, NULL), DFT_OK);
        if (symmetry->space_group_number != type->space_group_number)
            print_error("%s: %d\n", type->id, symmetry->space_group_number);
        assert_int_equal(symmetry->space_group_number, type->space_group_number);
        for (size_t k = 0; k < crystal->n_atoms; k++)
            n[crystal->z[k] != dft_element_number(a)]++;
        assert_int_equal(n[0] * (size_t)type->count[1], n[1] * (size_t)type->count[0]);
        dft_symmetry_free(symmetry);
        dft_crystal_free(crystal);
    }
}

/* Neighbours of the first atom of an element within 1.1 of its shortest distance to another one. */
static int coordination(const dft_crystal *crystal, int z, int of)
{
    double shortest = HUGE_VAL;
    size_t atom = 0;
    int n = 0;

    while (crystal->z[atom] != z)
        atom++;
    for (int pass = 0; pass < 2; pass++)
        for (size_t b = 0; b < crystal->n_atoms; b++)
            for (int k = 0; k < 125 && crystal->z[b] == of; k++) {
                const double d[3] = { crystal->position[b][0] - crystal->position[atom][0] + k / 25 - 2,
                                      crystal->position[b][1] - crystal->position[atom][1] + k / 5 % 5
                                      - 2,
                                      crystal->position[b][2] - crystal->position[atom][2] + k % 5 - 2 };
                double r[3];
                dft_crystal_cartesian((const double (*)[3])crystal->lattice, d, r);
                const double length = sqrt(r[0] * r[0] + r[1] * r[1] + r[2] * r[2]);
                if (length < 1e-6)
                    continue;
                if (pass == 0)
                    shortest = fmin(shortest, length);
                n += pass == 1 && length < 1.1 * shortest;
            }
    return n;
}

static void neighbours_are_those_of_the_type(void **unused)
{
    static const struct { const char *id, *a, *b; int n; } cases[] = {
        { "B2", "Li", "Ag", 8 }, { "B32", "Li", "Al", 4 }, { "L10", "Li", "Ag", 8 },
        { "L12", "Ag", "Li", 4 }, { "D03", "Li", "Ag", 4 }, { "D019", "Ag", "Li", 4 },
        { "C15", "Mg", "Cu", 12 }, { "C14", "Mg", "Zn", 12 }, { "B1", "Mg", "O", 6 },
        { "B4", "Zn", "O", 4 }, { "C1", "Ca", "F", 8 }, { "C1anti", "Li", "O", 4 },
        { "C4", "Ti", "O", 6 }, { "C6", "Ti", "S", 6 }, { "D09", "Cu", "N", 2 }, { "B81", "Ni", "S", 6 },
    };
    (void)unused;

    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        dft_crystal *crystal = decorated(cases[k].id, cases[k].a, cases[k].b);
        if (strcmp(cases[k].id, "D03") != 0) /* two Li sites: 4 Ag around one, 6 around the other */
            assert_int_equal(coordination(crystal, dft_element_number(cases[k].a),
                                          dft_element_number(cases[k].b)), cases[k].n);
        else
            assert_int_equal(coordination(crystal, 47, 3), 8);
        dft_crystal_free(crystal);
    }
}

/* Every library entry of a prototype's type against the estimate for its elements: 7 % in a for
 * metals and alloys, 4.5 % for ionic crystals, as prototypes.h says.  At least 45 entries take part. */
static void estimated_lattice_constants_are_near_the_library(void **unused)
{
    cand_match_options loose = { .strain = 0.05, .distance = 0.3 * ANG, .volume = 1.0 };
    size_t n_compared = 0;
    (void)unused;

    for (size_t i = 0; i < cand_library_size(library); i++) {
        const cand_entry *entry = cand_library_entry(library, i);
        dft_crystal *known = NULL;
        int z[2] = { entry->z[0], 0 };
        bool more = false;
        for (size_t a = 0; a < entry->n_atoms; a++) {
            z[1] = z[1] == 0 && entry->z[a] != z[0] ? entry->z[a] : z[1];
            more |= entry->z[a] != z[0] && entry->z[a] != z[1];
        }
        if (more || entry->is_sheet || entry->n_atoms > 40)
            continue;
        assert_int_equal(cand_entry_crystal(entry, CAND_CELL_PRIMITIVE, &known, NULL), DFT_OK);
        for (size_t k = 0; k < 2 * cand_prototypes_size(prototypes); k++) {
            const cand_prototype *type = cand_prototypes_entry(prototypes, k / 2);
            const int slot[2] = { z[k % 2], z[1 - k % 2] };
            dft_crystal *estimate = NULL;
            cand_match match = { .same = false };
            if (type->n_slots != (z[1] ? 2 : 1) || (k % 2 && !z[1])
                || cand_prototype_decorate(prototypes, k / 2, ions, slot, &estimate, NULL) != DFT_OK)
                continue;
            assert_int_equal(cand_crystals_match(known, estimate, &loose, &match, NULL), DFT_OK);
            dft_crystal_free(estimate);
            if (!match.same)
                continue;
            const double off = exp(match.log_volume_ratio / 3.0) - 1.0;
            const double limit = strcmp(type->rule, "bond") == 0 ? 0.045 : 0.07;
            if (fabs(off) > limit)
                print_error("%s as %s: a is off by %g\n", entry->id, type->id, off);
            assert_true(fabs(off) <= limit);
            n_compared++;
        }
        dft_crystal_free(known);
    }
    assert_true(n_compared >= 45);
}

static void what_has_no_size_is_refused(void **unused)
{
    const int same[2] = { 3, 3 }, noble[2] = { 3, 2 }, unbalanced[2] = { 3, 8 };
    dft_crystal *out = NULL;
    dft_error err;
    size_t i;
    (void)unused;

    assert_int_equal(cand_prototype_decorate(prototypes, index_of("B2"), ions, same, &out, &err),
                     DFT_EINPUT);
    assert_non_null(strstr(err.message, "two different elements"));
    assert_int_equal(cand_prototype_decorate(prototypes, index_of("B2"), ions, noble, &out, &err),
                     DFT_EINPUT);
    assert_non_null(strstr(err.message, "atomic volume is not known"));
    assert_int_equal(cand_prototype_decorate(prototypes, index_of("B1"), ions, unbalanced, &out, &err),
                     DFT_EINPUT);
    assert_non_null(strstr(err.message, "charges that balance"));
    assert_int_equal(cand_prototypes_find(prototypes, "B23", &i, &err), DFT_EINPUT);
    assert_non_null(strstr(err.message, "did you mean"));
}

static void formulas_put_metals_first(void **unused)
{
    const int li_ag[2] = { 3, 47 }, zn_o[2] = { 30, 8 };
    char text[32];
    (void)unused;

    cand_prototype_formula(cand_prototypes_entry(prototypes, index_of("D03")), li_ag, text);
    assert_string_equal(text, "Li3Ag");
    cand_prototype_formula(cand_prototypes_entry(prototypes, index_of("B4")), zn_o, text);
    assert_string_equal(text, "ZnO");
}

static void refused_memory_is_reported(void **unused)
{
    dft_status status = DFT_ENOMEM;
    (void)unused;

    for (long n = 1; status != DFT_OK; n++) {
        cand_prototypes *other = NULL;
        assert_true(n < 200);
        dft_alloc_refuse_nth(n);
        status = cand_prototypes_read("candidates/data", &other, NULL);
        dft_alloc_refuse_nth(0);
        assert_true(status == DFT_OK || (status == DFT_ENOMEM && !other));
        cand_prototypes_free(other);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_prototype_has_its_space_group_and_formula),
        cmocka_unit_test(neighbours_are_those_of_the_type),
        cmocka_unit_test(estimated_lattice_constants_are_near_the_library),
        cmocka_unit_test(what_has_no_size_is_refused),
        cmocka_unit_test(formulas_put_metals_first),
        cmocka_unit_test(refused_memory_is_reported),
    };
    return cmocka_run_group_tests(tests, read_all, free_all);
}
