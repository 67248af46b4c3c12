/*
 * Facets, terminations, areas and spacings against pymatgen and spglib.
 *
 * tests/data/peers/facets.csv is what tests/peers/facets_pymatgen.py printed (its head says which
 * versions); 106 structure x facet pairs over all seven crystal systems.  What is compared, and where
 * the two differ, is said beside each test.
 */
#include "candidates/facets.h"

#include "candidates/miller.h"
#include "candidates/planes.h"
#include "candidates/slab.h"
#include "dft-lite/base/csv.h"
#include "dft-lite/crystal/read.h"
#include "tests/candidates/shapes.h"

typedef struct {
    const char *id, *facet, *formula;
    int space_group, miller[3];
    double facets_pymatgen, facets_spglib, area, slabs, planes, period, gap;
} peer_row;

static dft_csv *table;

static int read_table(void **unused)
{
    (void)unused;
    return dft_csv_read("tests/data/peers/facets.csv", &table, NULL) == DFT_OK ? 0 : -1;
}

static int free_table(void **unused)
{
    (void)unused;
    dft_csv_free(table);
    return 0;
}

static double number(size_t row, const char *column)
{
    size_t c;
    double x = NAN;
    assert_int_equal(dft_csv_column(table, column, &c, NULL), DFT_OK);
    assert_int_equal(dft_csv_number(table, row, c, &x, NULL), DFT_OK);
    return x;
}

static const char *text(size_t row, const char *column)
{
    size_t c;
    assert_int_equal(dft_csv_column(table, column, &c, NULL), DFT_OK);
    return dft_csv_text(table, row, c);
}

static peer_row peer(size_t row)
{
    peer_row p = { .id = text(row, "structure"), .facet = text(row, "facet"),
                   .formula = text(row, "slab_formula"),
                   .space_group = (int)number(row, "space_group"),
                   .facets_pymatgen = number(row, "facets_pymatgen"),
                   .facets_spglib = number(row, "facets_spglib"), .area = number(row, "area_ang2"),
                   .slabs = number(row, "slabs"), .planes = number(row, "planes"),
                   .period = number(row, "period_ang"), .gap = number(row, "widest_gap_ang") };
    assert_int_equal(cand_miller_parse(p.facet, p.miller, NULL, NULL), DFT_OK);
    return p;
}

static dft_crystal *crystal_of(const char *id)
{
    dft_crystal *crystal = NULL;
    if (!strchr(id, '/'))
        return library_crystal(id);
    assert_int_equal(dft_crystal_read(id, &crystal, NULL), DFT_OK);
    return crystal;
}

/* Both with spglib's rotations and with our own reading of them: no difference.  pymatgen takes the
 * symmetry of the lattice for that of the crystal, and finds fewer where the crystal has less:
 *   Te_A8, SiO2_aquartz, Li7Pb2   trigonal crystals in a hexagonal lattice: (10-11) and (01-11) differ
 *   LiSi                          4/m in a lattice with 4/mmm: (hkl) and (khl) differ
 *   Ga_alpha                      orthorhombic, but a and c differ by 0.001 A only: taken for tetragonal
 */
static void facets_agree_with_spglib_and_pymatgen(void **unused)
{
    static const struct { const char *id; double by_pymatgen; } lattice_only[] = {
        { "Te_A8", 12 }, { "SiO2_aquartz", 12 }, { "Li7Pb2", 12 }, { "LiSi", 12 }, { "Ga_alpha", 12 },
    };
    size_t n_differ = 0;
    (void)unused;

    for (size_t r = 0; r < dft_csv_n_rows(table); r++) {
        const peer_row p = peer(r);
        dft_crystal *crystal;
        cand_facet *facet = NULL;
        size_t n;
        double by_pymatgen;

        if (r > 0 && strcmp(text(r - 1, "structure"), p.id) == 0)
            continue;                                /* once for each structure */
        crystal = crystal_of(p.id);
        assert_int_equal(cand_facets_find(crystal, 2, &facet, &n, NULL), DFT_OK);
        by_pymatgen = (double)n;
        for (size_t k = 0; k < sizeof lattice_only / sizeof *lattice_only; k++)
            if (strcmp(lattice_only[k].id, p.id) == 0) {
                by_pymatgen = lattice_only[k].by_pymatgen;
                n_differ++;
            }
        assert_close((double)n, p.facets_spglib, 0.0);
        assert_close(by_pymatgen, p.facets_pymatgen, 0.0);
        free(facet);
        dft_crystal_free(crystal);
    }
    assert_int_equal(n_differ, sizeof lattice_only / sizeof *lattice_only);
}

/* At least 60 pairs, in every crystal system; rhombohedral lattices among them. */
static void all_crystal_systems_are_there(void **unused)
{
    static const int last[7] = { 2, 15, 74, 142, 167, 194, 230 };
    static const int rhombohedral[] = { 146, 148, 155, 160, 161, 166, 167 };
    size_t count[7] = { 0 }, n_rhombohedral = 0;
    (void)unused;

    assert_true(dft_csv_n_rows(table) >= 60);
    for (size_t r = 0; r < dft_csv_n_rows(table); r++) {
        const peer_row p = peer(r);
        int system = 0;
        while (p.space_group > last[system])
            system++;
        count[system]++;
        for (size_t k = 0; k < sizeof rhombohedral / sizeof *rhombohedral; k++)
            n_rhombohedral += p.space_group == rhombohedral[k];
    }
    for (int k = 0; k < 7; k++)
        assert_true(count[k] >= 4);
    assert_true(n_rhombohedral >= 10);
}

static double area_of(const cand_planes *planes)
{
    const double (*a)[3] = planes->surface;
    double square = 0.0;

    for (int c = 0; c < 3; c++) {
        const double x = a[0][(c + 1) % 3] * a[1][(c + 2) % 3] - a[0][(c + 2) % 3] * a[1][(c + 1) % 3];
        square += x * x;
    }
    return sqrt(square);
}

/* Area of the reduced 1x1 cell, height of one repeat, planes in it, widest gap: no difference.  1e-5:
 * the coordinates have six to eight digits. */
static void areas_and_spacings_agree_with_pymatgen(void **unused)
{
    (void)unused;
    for (size_t r = 0; r < dft_csv_n_rows(table); r++) {
        const peer_row p = peer(r);
        dft_crystal *crystal = crystal_of(p.id);
        cand_termination *cut = NULL;
        cand_planes planes;
        size_t n;
        double widest = 0.0;

        assert_int_equal(cand_planes_init(crystal, p.miller, &planes, NULL), DFT_OK);
        assert_int_equal(cand_terminations_find(crystal, p.miller, &cut, &n, NULL), DFT_OK);
        for (size_t t = 0; t < n; t++)
            widest = fmax(widest, cut[t].gap);
        assert_close(area_of(&planes) / (ANG * ANG) / p.area, 1.0, 1e-5);
        assert_close(planes.period / ANG / p.period, 1.0, 1e-5);
        assert_int_equal(planes.n_planes, (size_t)p.planes);
        assert_close(widest / ANG, p.gap, 1e-4);
        cand_planes_clear(&planes);
        free(cut);
        dft_crystal_free(crystal);
    }
}

/* Terminations up to turning the slab over: what pymatgen calls distinct slabs. */
static size_t distinct_slabs(const cand_termination *cut, size_t n)
{
    size_t count = 0;
    for (size_t t = 0; t < n; t++)
        count += cut[t].reverse < 0 || cut[t].reverse >= (int)t;
    return count;
}

/* One difference: Bi(0001) can be cut between its bilayers (gap 2.36 A) or within one (1.59 A).
 * pymatgen's matcher takes the two slabs for one at its default tolerance of 0.1 (of the cube root of
 * the volume per atom, vacuum included); with tol=0.02 it counts two. */
static void terminations_agree_with_pymatgen(void **unused)
{
    size_t n_differ = 0;
    (void)unused;

    for (size_t r = 0; r < dft_csv_n_rows(table); r++) {
        const peer_row p = peer(r);
        const bool bismuth = strcmp(p.id, "Bi_A7") == 0 && strcmp(p.facet, "001") == 0;
        dft_crystal *crystal = crystal_of(p.id);
        cand_termination *cut = NULL;
        size_t n;

        assert_int_equal(cand_terminations_find(crystal, p.miller, &cut, &n, NULL), DFT_OK);
        if (distinct_slabs(cut, n) != (size_t)p.slabs + bismuth)
            print_error("%s(%s)\n", p.id, p.facet);
        assert_int_equal(distinct_slabs(cut, n), (size_t)p.slabs + bismuth);
        n_differ += bismuth;
        free(cut);
        dft_crystal_free(crystal);
    }
    assert_int_equal(n_differ, 1);
}

/* Every slab that we cut by default has the bulk's composition, and so have pymatgen's. */
static void slabs_have_the_composition_that_pymatgen_finds(void **unused)
{
    (void)unused;
    for (size_t r = 0; r < dft_csv_n_rows(table); r++) {
        const peer_row p = peer(r);
        dft_crystal *crystal = crystal_of(p.id), *slab = NULL;
        size_t bulk[DFT_MAX_Z + 1] = { 0 }, cut[DFT_MAX_Z + 1] = { 0 };

        assert_int_equal(cand_slab_create(crystal, p.miller, 1, 12.0 * ANG, 0, &slab, NULL, NULL),
                         DFT_OK);
        for (size_t a = 0; a < crystal->n_atoms; a++)
            bulk[crystal->z[a]]++;
        for (size_t a = 0; a < slab->n_atoms; a++)
            cut[slab->z[a]]++;
        assert_true(cand_same_composition(cut, bulk));
        assert_null(strchr(p.formula, '+'));         /* one formula for all of pymatgen's slabs */
        dft_crystal_free(slab);
        dft_crystal_free(crystal);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(facets_agree_with_spglib_and_pymatgen),
        cmocka_unit_test(all_crystal_systems_are_there),
        cmocka_unit_test(areas_and_spacings_agree_with_pymatgen),
        cmocka_unit_test(terminations_agree_with_pymatgen),
        cmocka_unit_test(slabs_have_the_composition_that_pymatgen_finds),
    };
    return cmocka_run_group_tests(tests, read_table, free_table);
}
