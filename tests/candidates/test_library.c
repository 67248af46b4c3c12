#include "candidates/library.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/units.h"
#include "dft-lite/crystal/elements.h"
#include "dft-lite/crystal/groups.h"
#include "dft-lite/crystal/symmetry.h"
#include "tests/support/assert_close.h"

#define DATA "candidates/data"

static cand_library *library;

static int read_library(void **state)
{
    (void)state;
    return cand_library_read(DATA, &library, NULL) != DFT_OK;
}

static int free_library(void **state)
{
    (void)state;
    cand_library_free(library);
    return 0;
}

/* 0.02 bohr: LiSi, Li17Sn4 and a few more are MP relaxations that obey their group to 0.01 A
 * only. */
static void every_entry_has_the_space_group_that_it_states(void **unused)
{
    (void)unused;
    assert_true(cand_library_size(library) >= 161);
    for (size_t i = 0; i < cand_library_size(library); i++) {
        const cand_entry *entry = cand_library_entry(library, i);
        dft_crystal *primitive = NULL;
        dft_symmetry *symmetry = NULL;

        assert_int_equal(cand_entry_crystal(entry, CAND_CELL_PRIMITIVE, &primitive, NULL), DFT_OK);
        assert_int_equal(dft_symmetry_create(primitive, 0.02, &symmetry, NULL), DFT_OK);
        if (symmetry->space_group_number != entry->space_group_number)
            print_error("%s\n", entry->id);
        assert_int_equal(symmetry->space_group_number, entry->space_group_number);
        dft_symmetry_free(symmetry);
        dft_crystal_free(primitive);
    }
}

/* Image of atom a under an operation: the atom of its element within 0.1 bohr, n_atoms when none is. */
static size_t image_of(const dft_crystal *crystal, const dft_symop *op, size_t a)
{
    for (size_t b = 0; b < crystal->n_atoms; b++) {
        double d[3], cart[3];
        if (crystal->z[b] != crystal->z[a])
            continue;
        for (int i = 0; i < 3; i++) {
            d[i] = op->translation[i] - crystal->position[b][i];
            for (int j = 0; j < 3; j++)
                d[i] += op->rotation[i][j] * crystal->position[a][j];
            d[i] -= round(d[i]);
        }
        dft_crystal_cartesian((const double (*)[3])crystal->lattice, d, cart);
        if (sqrt(cart[0] * cart[0] + cart[1] * cart[1] + cart[2] * cart[2]) < 0.1)
            return b;
    }
    return crystal->n_atoms;
}

/* The operations of the stated Hall number, from the tables and not from the structure, carry every atom
 * onto one of its kind; an orbit's multiplicity times the order of its site group is their number. */
static void the_stated_setting_holds_and_multiplicities_divide_it(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < cand_library_size(library); i++) {
        const cand_entry *entry = cand_library_entry(library, i);
        dft_symop op[DFT_GROUP_MAX_OPS];
        const size_t n_ops = dft_group_operations(entry->hall_number, op);
        dft_crystal *crystal = NULL;

        assert_int_equal(dft_group_number(entry->hall_number), entry->space_group_number);
        assert_int_equal(cand_entry_crystal(entry, CAND_CELL_CONVENTIONAL, &crystal, NULL), DFT_OK);
        for (size_t a = 0; a < crystal->n_atoms; a++) {
            size_t multiplicity = 0, n_fixing = 0;
            bool *seen = calloc(crystal->n_atoms + 1, sizeof *seen);
            for (size_t s = 0; s < n_ops; s++) {
                const size_t b = image_of(crystal, &op[s], a);
                if (b == crystal->n_atoms)
                    print_error("%s, atom %zu, operation %zu\n", entry->id, a, s);
                assert_true(b < crystal->n_atoms);
                multiplicity += !seen[b];
                seen[b] = true;
                n_fixing += b == a;
            }
            free(seen);
            assert_int_equal(multiplicity * n_fixing, n_ops);
        }
        dft_crystal_free(crystal);
    }
}

/* The centring of the Hermann-Mauguin symbol fixes how many primitive cells the conventional one
 * holds. */
static size_t cells_of_symbol(const cand_entry *entry)
{
    switch (entry->hermann_mauguin[0]) {
    case 'F': return 4;
    case 'R': return 3;
    case 'I': case 'C': case 'A': return 2;
    default: return 1;
    }
}

static void primitive_cells_have_the_atoms_that_the_centring_leaves(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < cand_library_size(library); i++) {
        const cand_entry *entry = cand_library_entry(library, i);
        dft_crystal *primitive = NULL;

        assert_int_equal(cand_entry_crystal(entry, CAND_CELL_PRIMITIVE, &primitive, NULL), DFT_OK);
        if (primitive->n_atoms * cells_of_symbol(entry) != entry->n_atoms)
            print_error("%s\n", entry->id);
        assert_int_equal(primitive->n_atoms * cells_of_symbol(entry), entry->n_atoms);
        dft_crystal_free(primitive);
    }
}

/* 0.72 to 1.45 of the sum of covalent radii: the range found over the whole library when it was
 * built (cations in halides lowest, alkali metals and Hg highest). */
static void nearest_atoms_are_a_bond_length_apart(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < cand_library_size(library); i++) {
        const cand_entry *entry = cand_library_entry(library, i);
        dft_crystal *crystal = NULL;
        double smallest = HUGE_VAL;

        assert_int_equal(cand_entry_crystal(entry, CAND_CELL_PRIMITIVE, &crystal, NULL), DFT_OK);
        for (size_t a = 0; a < crystal->n_atoms; a++)
            for (size_t b = a; b < crystal->n_atoms; b++) {
                const double radii = dft_element_covalent_radius_ang(crystal->z[a])
                                   + dft_element_covalent_radius_ang(crystal->z[b]);
                smallest = fmin(smallest, dft_crystal_distance(crystal, a,
                                                               b) * DFT_BOHR_ANG / radii);
            }
        if (smallest < 0.72 || smallest > 1.45)
            print_error("%s: %g of the covalent radii\n", entry->id, smallest);
        assert_true(smallest >= 0.72 && smallest <= 1.45);
        dft_crystal_free(crystal);
    }
}

/* "Ti2C(OH)2" -> counts by element, brackets one deep. */
static void count_formula(const char *text, double count[DFT_MAX_Z + 1])
{
    double group[DFT_MAX_Z + 1] = { 0 };
    int in_group = 0;

    while (*text) {
        char symbol[3] = { 0 }, *end;
        long n;
        if (*text == '(') {
            in_group = 1;
            text++;
            continue;
        }
        if (*text == ')') {
            n = strtol(text + 1, &end, 10);
            for (int z = 1; z <= DFT_MAX_Z; z++)
                count[z] += group[z] * (double)(end == text + 1 ? 1 : n);
            text = end;
            in_group = 0;
            continue;
        }
        symbol[0] = *text++;
        if (*text >= 'a' && *text <= 'z')
            symbol[1] = *text++;
        n = strtol(text, &end, 10);
        (in_group ? group : count)[dft_element_number(symbol)] += (double)(end == text ? 1 : n);
        text = end;
    }
}

static void the_atoms_of_an_entry_are_its_formula(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < cand_library_size(library); i++) {
        const cand_entry *entry = cand_library_entry(library, i);
        double formula[DFT_MAX_Z + 1] = { 0 }, atoms[DFT_MAX_Z + 1] = { 0 }, in_formula = 0.0;

        count_formula(entry->formula, formula);
        for (size_t a = 0; a < entry->n_atoms; a++)
            atoms[entry->z[a]] += 1.0;
        for (int z = 1; z <= DFT_MAX_Z; z++)
            in_formula += formula[z];
        for (int z = 1; z <= DFT_MAX_Z; z++)
            assert_close(atoms[z] * in_formula, formula[z] * (double)entry->n_atoms, 1e-9);
    }
}

static void every_entry_says_where_it_comes_from(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < cand_library_size(library); i++) {
        const cand_entry *entry = cand_library_entry(library, i);
        assert_true(strlen(entry->source) > 10);
        assert_true(strlen(entry->origin) > 2);
        if (strcmp(entry->class_name, "mxene") == 0) {
            assert_true(entry->is_sheet);
            assert_non_null(strstr(entry->source, "Ontiveros"));
        }
    }
}

static void a_formula_means_its_ambient_phase(void **unused)
{
    static const char *const pairs[][2] = {
        { "Li", "Li_bcc" }, { "Zn", "Zn_hcp" }, { "ZnO", "ZnO_wz" }, { "Sn", "Sn_beta" },
        { "C", "graphite" }, { "LiAg", "LiAg_B2" }, { "SiO2", "SiO2_aquartz" }, { "MgO", "MgO" },
        { "TiO2", "TiO2_rutile" }, { "Li_fcc", "Li_fcc" }, { "Ti2CO2", "Ti2CO2" }
    };
    (void)unused;

    for (size_t k = 0; k < sizeof pairs / sizeof *pairs; k++) {
        const cand_entry *entry = NULL;
        assert_int_equal(cand_library_find(library, pairs[k][0], &entry, NULL), DFT_OK);
        assert_string_equal(entry->id, pairs[k][1]);
    }
}

static void unknown_names_are_answered_with_the_nearest_one(void **unused)
{
    const cand_entry *entry = NULL;
    dft_error err;
    (void)unused;

    assert_int_equal(cand_library_find(library, "ZnO_zw", &entry, &err), DFT_EINPUT);
    assert_null(entry);
    assert_non_null(strstr(err.message, "did you mean 'ZnO_wz'"));
    assert_int_equal(cand_library_find(library, "unobtainium", &entry, &err), DFT_EINPUT);
    assert_null(strstr(err.message, "did you mean"));
    assert_int_equal(cand_library_find(library, "LiZn3", &entry, &err), DFT_EINPUT);
    assert_non_null(strstr(err.message, "LiZn3_D019, LiZn3_D03, LiZn3_hP4"));
}

static void lattice_vectors_have_the_stated_lengths_and_angles(void **unused)
{
    const cand_entry *entry = NULL;
    dft_crystal *crystal = NULL;
    (void)unused;

    assert_int_equal(cand_library_find(library, "CuO", &entry, NULL), DFT_OK);
    assert_int_equal(cand_entry_crystal(entry, CAND_CELL_CONVENTIONAL, &crystal, NULL), DFT_OK);
    for (int i = 0; i < 3; i++) {
        const double *a = crystal->lattice[(i + 1) % 3], *b = crystal->lattice[(i + 2) % 3];
        const double ab = a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
        const double aa = sqrt(a[0] * a[0] + a[1] * a[1] + a[2] * a[2]);
        const double bb = sqrt(b[0] * b[0] + b[1] * b[1] + b[2] * b[2]);
        assert_close(aa * DFT_BOHR_ANG, entry->cell_ang[(i + 1) % 3], 1e-10);
        assert_close(acos(ab / aa / bb) * 180.0 / DFT_PI, entry->cell_deg[i], 1e-9);
    }
    dft_crystal_free(crystal);
}

/* ---- broken tables ---- */

static char directory[] = "/tmp/test_library_XXXXXX";

#define HEAD "id,formula,class,prototype,dimension,ambient,space_group_number,hermann_mauguin," \
             "hall_number,a_ang,b_ang,c_ang,alpha_deg,beta_deg,gamma_deg,atoms,origin," \
             "pbe_a_ang,pbe_c_ang,source,note\n"
#define ROW(id, ambient, a, atoms) \
    id ",Po,element,cP1,3," ambient ",221,Pm-3m,517," a ",3.3,3.3,90,90,90," atoms \
    ",experimental,,,book,\n"
#define ATOMS "id,element,x,y,z\n"

static void write_file(const char *name, const char *text)
{
    char path[128];
    FILE *file;

    snprintf(path, sizeof path, "%s/%s", directory, name);
    file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

static void broken_tables_are_named_with_file_and_line(void **unused)
{
    static const struct { const char *structures, *atoms, *where, *what; } cases[] = {
        { HEAD ROW("Po", "yes", "3.3", "1"), ATOMS "Po,Xx,0,0,0\n", "atoms.csv:2", "Xx" },
        { HEAD ROW("Po", "yes", "3.3", "1"), ATOMS "Po,Po,0,zero,0\n", "atoms.csv:2", "zero" },
        { HEAD ROW("Po", "yes", "3.3", "1"), ATOMS "Op,Po,0,0,0\n", "atoms.csv:2", "Op" },
        { HEAD ROW("Po", "yes", "3.3", "1"), ATOMS "Po,Po,0,0,0\nPo,Po,.5,0,0\n", "atoms.csv:3",
          "more" },
        { HEAD ROW("Po", "yes", "3.3", "2"), ATOMS "Po,Po,0,0,0\n", "structures.csv:2", "fewer" },
        { HEAD ROW("Po", "yes", "-3.3", "1"), ATOMS, "structures.csv:2", "a_ang" },
        { HEAD ROW("Po", "yes", "3.3", "1.5"), ATOMS, "structures.csv:2", "whole" },
        { HEAD ROW("Po", "maybe", "3.3", "1"), ATOMS, "structures.csv:2", "maybe" },
        { HEAD ROW("Po", "yes", "3.3", "1") ROW("Po", "no", "3.3", "1"), ATOMS, "structures.csv:3",
          "Po" },
        { HEAD ROW("P1", "yes", "3.3", "1") ROW("P2", "yes", "3.3", "1"), ATOMS, "structures.csv:3",
          "two ambient" },
        { HEAD ROW("", "yes", "3.3", "1"), ATOMS, "structures.csv:2", "id" },
        { "id,formula\nPo,Po\n", ATOMS, "structures.csv", "ambient" },
    };
    (void)unused;

    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        cand_library *broken = (cand_library *)&broken;
        dft_error err = { 0 };
        write_file("structures.csv", cases[k].structures);
        write_file("atoms.csv", cases[k].atoms);
        assert_int_equal(cand_library_read(directory, &broken, &err), DFT_EPARSE);
        assert_null(broken);
        if (!strstr(err.message, cases[k].where) || !strstr(err.message, cases[k].what))
            print_error("case %zu: %s\n", k, err.message);
        assert_non_null(strstr(err.message, cases[k].where));
        assert_non_null(strstr(err.message, cases[k].what));
    }
}

static void a_missing_directory_is_a_missing_file(void **unused)
{
    cand_library *none = NULL;
    dft_error err;
    (void)unused;

    assert_int_equal(cand_library_read("no/such/place", &none, &err), DFT_ENOFILE);
    assert_non_null(strstr(err.message, "no/such/place/structures.csv"));
    assert_null(none);
}

static void refused_memory_is_reported_and_nothing_leaks(void **unused)
{
    dft_status status = DFT_ENOMEM;
    (void)unused;

    write_file("structures.csv", HEAD ROW("Po", "yes", "3.3", "1"));
    write_file("atoms.csv", ATOMS "Po,Po,0,0,0\n");
    for (long n = 1; status != DFT_OK; n++) {
        cand_library *small = NULL;
        assert_true(n < 100);
        dft_alloc_refuse_nth(n);
        status = cand_library_read(directory, &small, NULL);
        dft_alloc_refuse_nth(0);
        assert_true(status == DFT_OK || (status == DFT_ENOMEM && !small));
        cand_library_free(small);
    }
}

static int make_directory(void **state)
{
    (void)state;
    return mkdtemp(directory) ? 0 : -1;
}

static int remove_directory(void **state)
{
    char path[128];
    (void)state;
    snprintf(path, sizeof path, "%s/structures.csv", directory);
    unlink(path);
    snprintf(path, sizeof path, "%s/atoms.csv", directory);
    unlink(path);
    return rmdir(directory);
}

int main(void)
{
    const struct CMUnitTest data[] = {
        cmocka_unit_test(every_entry_has_the_space_group_that_it_states),
        cmocka_unit_test(the_stated_setting_holds_and_multiplicities_divide_it),
        cmocka_unit_test(primitive_cells_have_the_atoms_that_the_centring_leaves),
        cmocka_unit_test(nearest_atoms_are_a_bond_length_apart),
        cmocka_unit_test(the_atoms_of_an_entry_are_its_formula),
        cmocka_unit_test(every_entry_says_where_it_comes_from),
        cmocka_unit_test(a_formula_means_its_ambient_phase),
        cmocka_unit_test(unknown_names_are_answered_with_the_nearest_one),
        cmocka_unit_test(lattice_vectors_have_the_stated_lengths_and_angles),
    };
    const struct CMUnitTest tables[] = {
        cmocka_unit_test(broken_tables_are_named_with_file_and_line),
        cmocka_unit_test(a_missing_directory_is_a_missing_file),
        cmocka_unit_test(refused_memory_is_reported_and_nothing_leaks),
    };
    return cmocka_run_group_tests(data, read_library, free_library)
         + cmocka_run_group_tests(tables, make_directory, remove_directory);
}
