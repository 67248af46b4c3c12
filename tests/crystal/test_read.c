/* POSCAR, CIF and extxyz: good files of tests/data/crystals, and bad ones that the tests write. */
#include "tests/support/assert_close.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/units.h"
#include "dft-lite/crystal/read.h"

#define DATA "tests/data/crystals/"
#define ROUNDING 1e-14 /* a few operations on numbers of order one (ten for lattices) */

static char directory[64], path[96];

static int make_directory(void **unused)
{
    (void)unused;
    strcpy(directory, "/tmp/test_read_XXXXXX");
    if (!mkdtemp(directory))
        return -1;
    snprintf(path, sizeof path, "%s/file", directory);
    return 0;
}

static int remove_directory(void **unused)
{
    (void)unused;
    unlink(path);
    return rmdir(directory);
}

static void write_text(const char *text, size_t length)
{
    FILE *file = fopen(path, "wb");

    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
}

static dft_crystal *read_good(const char *name)
{
    dft_error err = { 0 };
    dft_crystal *crystal = NULL;

    if (dft_crystal_read(name, &crystal, &err))
        fail_msg("%s", err.message);
    return crystal;
}

static dft_crystal *read_text(const char *text)
{
    write_text(text, strlen(text));
    return read_good(path);
}

static void assert_position(const dft_crystal *crystal, size_t a, double x, double y, double z)
{
    assert_close(crystal->position[a][0], x, ROUNDING);
    assert_close(crystal->position[a][1], y, ROUNDING);
    assert_close(crystal->position[a][2], z, ROUNDING);
}

static void assert_fails(dft_status status, const char *words)
{
    dft_error err = { 0 };
    dft_crystal *crystal = (dft_crystal *)1;

    assert_int_equal(dft_crystal_read(path, &crystal, &err), status);
    assert_null(crystal);
    if (!strstr(err.message, words))
        fail_msg("\"%s\" does not say \"%s\"", err.message, words);
    assert_non_null(strstr(err.message, path));
    assert_int_equal(dft_crystal_read(path, &crystal, NULL), status); /* err may be NULL */
}

/* A good text with the first occurrence of `old` replaced must fail with `words`. */
typedef struct {
    const char *old, *new, *words;
} fault;

static void assert_faults(const char *good, const fault *faults, size_t n)
{
    dft_crystal_free(read_text(good));
    for (size_t i = 0; i < n; i++) {
        char text[4096];
        const char *at = strstr(good, faults[i].old);
        assert_non_null(at);
        const int length = snprintf(text, sizeof text, "%.*s%s%s", (int)(at - good), good,
                                    faults[i].new, at + strlen(faults[i].old));
        write_text(text, (size_t)length);
        assert_fails(DFT_EPARSE, faults[i].words);
    }
}

static void direct_poscar_reads(void **unused)
{
    dft_crystal *lif = read_good(DATA "LiF.POSCAR");
    (void)unused;

    assert_int_equal(lif->n_atoms, 8);
    assert_int_equal(lif->z[3], 3);
    assert_int_equal(lif->z[4], 9);
    assert_close(lif->lattice[1][1], 4.03 / DFT_BOHR_ANG, ROUNDING);
    assert_close(lif->lattice[1][0], 0.0, 0.0);
    assert_position(lif, 3, 0.5, 0.5, 0.0);
    dft_crystal_free(lif);
}

/* Scale 2 multiplies the lattice and Cartesian positions: fractions are those of the unscaled file.
 */
static void cartesian_selective_poscar_with_crlf_reads(void **unused)
{
    dft_crystal *slab = read_good(DATA "Al_Li_slab.POSCAR");
    (void)unused;

    assert_int_equal(slab->n_atoms, 3);
    assert_int_equal(slab->z[0], 13);
    assert_int_equal(slab->z[2], 3);
    assert_close(slab->lattice[0][0], 2.86 / DFT_BOHR_ANG, ROUNDING);
    assert_position(slab, 1, 0.5, 0.5, 1.0125 / 8.0);
    assert_position(slab, 2, 0.0, 0.0, 2.2 / 8.0);
    dft_crystal_free(slab);
}

static const char good_poscar[] = "title\n1.0\n3.0 0.0 0.0\n0.0 3.0 0.0\n0.0 0.0 3.0\nLi Ag\n1 1\n"
                                  "Direct\n0.0 0.0 0.0\n0.5 0.5 0.5\n";

static void negative_poscar_scale_is_the_volume(void **unused)
{
    dft_crystal *crystal = read_text("t\n-64.0\n1 0 0\n0 1 0\n0 0 1\nLi\n1\nCartesian\n0.5 0 0\n");
    (void)unused;

    assert_close(crystal->lattice[2][2], 4.0 / DFT_BOHR_ANG, ROUNDING);
    assert_position(crystal, 0, 0.5, 0.0, 0.0);
    dft_crystal_free(crystal);
}

static void three_poscar_scales_act_per_direction(void **unused)
{
    dft_crystal *crystal = read_text("t\n2 3 4\n1 0 0\n0 1 0\n1 0 1\nLi\n1\ndirect\n0.1 0 0\n");
    (void)unused;

    assert_close(crystal->lattice[1][1], 3.0 / DFT_BOHR_ANG, ROUNDING);
    assert_close(crystal->lattice[2][0], 2.0 / DFT_BOHR_ANG, ROUNDING);
    assert_close(crystal->lattice[2][2], 4.0 / DFT_BOHR_ANG, ROUNDING);
    dft_crystal_free(crystal);
}

/* Titles that look like other formats. */
static void poscar_title_does_not_decide_the_format(void **unused)
{
    (void)unused;
    dft_crystal_free(read_text("2\n1.0\n3 0 0\n0 3 0\n0 0 3\nLi\n1\nDirect\n0 0 0\n"));
    dft_crystal_free(read_text("data_x\n1.0\n3 0 0\n0 3 0\n0 0 3\nLi\n1\nDirect\n0 0 0\n"));
}

static void each_poscar_fault_is_named_with_its_line(void **unused)
{
    static const fault faults[] = {
        { "1.0\n3.0", "0.0\n3.0", ":2:1: scale \"0.0\"" },
        { "1.0\n3.0", "1 -1 1\n3.0", ":2:1: scales \"1 -1 1\": all three must be positive" },
        { "0.0 3.0 0.0", "0.0 three 0.0",
          ":4:5: \"three\" in a lattice vector is not a finite number" },
        { "0.0 3.0 0.0", "0.0 3.0",
          ":4:8: \"0.0 3.0\": expected the three numbers of a lattice vector" },
        { "Li Ag\n", "Li Xx\n", ":6:4: unknown element \"Xx\"" },
        { "Li Ag\n", "", ":8:12: a VASP 4 POSCAR does not say which elements" },
        { "0.0 3.0 0.0", "0.0 3.0 0.0 0.1",
          ":4:13: \"0.1\" is a fourth number in a lattice vector; expected three" },
        { "1.0\n3.0", "1.0 1.0\n3.0", ":2:5: scale \"1.0 1.0\": expected one number, or three" },
        { "1.0\n3.0", "1e5\n3.0", ":3:1: a cell vector of 300000 A" },
        { "0.5 0.5 0.5", "0.5 0.5 0.5 0.5", ":10:13: \"0.5\" is a fourth number in a position" },
        { "0.5 0.5 0.5", "0.5 1e18 0.5", ":10:1: the atom lies 1e+18 cells away" },
        { "0.5 0.5 0.5", "0.5 0x1p3 0.5", ":10:5: \"0x1p3\" in a position is not a finite number" },
        { "Direct\n0.0 0.0 0.0\n", "Selective\nDirect\n0.0 0.0 0.0 T T 1\n",
          ":10:17: \"0.0 0.0 0.0 T T 1\": selective dynamics wants" },
        { "1 1\n", "1\n", ":7:1: \"1\": expected 2 numbers of atoms, one per element, found 1" },
        { "1 1\n", "1 one\n", ":7:3: \"one\" is not a number of atoms" },
        { "1 1\n", "1 -1\n", ":7:3: \"-1\" is not a number of atoms" },
        { "1 1\n", "0 0\n", ":7:1: \"0 0\": zero atoms" },
        { "1 1\n", "1 400\n", ":7:1: 401 atoms are announced and only 3 lines follow" },
        { "Direct", "Rubbish", ":8:1: \"Rubbish\": expected Direct or Cartesian" },
        { "0.5 0.5 0.5", "0.5 0.5", ":10:8: \"0.5 0.5\": expected the three numbers of a position" },
        { "0.5 0.5 0.5", "0.5 nan 0.5", ":10:5: \"nan\" in a position is not a finite number" },
        { "Direct", "Selective\nDirect",
          ":10:12: \"0.0 0.0 0.0\": selective dynamics wants three numbers" },
        { "Direct\n0.0 0.0 0.0\n", "Direct\n",
          ":9:12: the POSCAR ends here; expected the position of an atom" },
        { "Direct\n0.0 0.0 0.0\n0.5 0.5 0.5\n", "", ":7:1: 2 atoms are announced and only 0 lines" },
        { "Li Ag\n1 1\nDirect\n0.0 0.0 0.0\n0.5 0.5 0.5\n", "",
          ":5:12: the POSCAR ends here; expected the element symbols" },
    };
    (void)unused;

    assert_faults(good_poscar, faults, sizeof faults / sizeof *faults);
}

static void impossible_crystals_are_refused(void **unused)
{
    (void)unused;
    const char *parallel = "t\n-9\n1 0 0\n2 0 0\n0 0 1\nLi\n1\nDirect\n0 0 0\n";
    write_text(parallel, strlen(parallel));
    assert_fails(DFT_EINPUT, ":3:1: the lattice vectors span no volume");
    const char *flat = "1\nLattice=\"3 0 0 0 3 0 0 0 0\" pbc=\"T T F\"\nLi 0 0 0\n";
    write_text(flat, strlen(flat));
    assert_fails(DFT_EINPUT, "no volume");
    const char *twice = "t\n1\n3 0 0\n0 3 0\n0 0 3\nLi\n2\nDirect\n0 0 0\n0 0 1\n";
    write_text(twice, strlen(twice));
    assert_fails(DFT_EINPUT, "on top of each other");
}

/* Columns in any order, others skipped, keys with every kind of quote. */
static void extxyz_with_extra_columns_reads(void **unused)
{
    dft_crystal *slab = read_good(DATA "Li_slab.extxyz");
    (void)unused;

    assert_int_equal(slab->n_atoms, 3);
    assert_int_equal(slab->z[2], 47);
    assert_close(slab->lattice[2][2], 20.0 / DFT_BOHR_ANG, ROUNDING);
    assert_position(slab, 1, 0.5, 0.5, 0.586);
    assert_position(slab, 2, 0.0, 0.0, 0.695);
    dft_crystal_free(slab);
}

static void extxyz_without_properties_has_species_and_positions(void **unused)
{
    dft_crystal *li = read_text("1\nLattice={3 0 0 0 3 0 0 0 3}\nLi 1.5 0 0");
    (void)unused;

    assert_position(li, 0, 0.5, 0.0, 0.0);
    dft_crystal_free(li);
}

static void each_extxyz_fault_is_named_with_its_line(void **unused)
{
    static const char good[] = "2\nLattice=\"3 0 0 0 3 0 0 0 3\" Properties=species:S:1:pos:R:3\n"
                               "Li 0 0 0\nAg 1.5 1.5 1.5\n";
    static const fault faults[] = {
        { "Lattice=", "cell=", ":2:1: \"cell=" },
        { "Lattice=\"3 0 0 0 3 0 0 0 3\"", "-7.5", "this is a molecule (plain XYZ)" },
        { "0 0 0 3\" P", "0 0 3\" P", "holds 8 words; expected nine numbers" },
        { "0 0 0 3\" P", "0 0 0 c\" P", ":2:26: \"c\" in Lattice is not a finite number" },
        { "pos:R:3", "pos:R:x", ":2:52: property \"pos\" in Properties: expected name:type:count" },
        { "pos:R:3", "pos:R", ":2:52: property \"pos\" in Properties" },
        { "pos:R:3", "force:R:3", "lacks pos:R:3" },
        { "species:S:1:", "name:S:1:", "lacks species:S:1" },
        { "Ag 1.5", "Qq 1.5", ":4:1: unknown element \"Qq\"" },
        { "1.5 1.5 1.5", "1.5 1.5", ":4:11: \"Ag 1.5 1.5\" has 3 columns; Properties says 4" },
        { "1.5 1.5 1.5", "1.5 1.5 1.5 7", "has 5 columns; Properties says 4" },
        { "1.5 1.5 1.5", "1.5 1,5 1.5", ":4:8: coordinate \"1,5\" is not a finite number" },
        { "1.5 1.5 1.5", "1.5 1e18 1.5", ":4:4: the atom lies 3.33333e+17 cells away" },
        { "Lattice=\"3 ", "Lattice=\"3e9 ", ":2:16: a cell vector of 3e+09 A" },
        { "2\nL", "0\nL", ":1:1: \"0\": zero atoms" },
        { "2\nL", "3\nL", ":1:1: 3 atoms are announced and only 2 lines follow" },
        { "2\nL", "1\nL", ":4:1: \"Ag 1.5 1.5 1.5\" follows the 1 atoms; the file must hold one" },
    };
    (void)unused;

    assert_faults(good, faults, sizeof faults / sizeof *faults);
}

/* Coordinates 0.3333 and 0.6667 end up exactly on the threefold axis at (1/3, 2/3). */
static void cif_operations_make_four_atoms_of_wurtzite(void **unused)
{
    dft_crystal *zno = read_good(DATA "ZnO_wurtzite.cif");
    (void)unused;

    assert_int_equal(zno->n_atoms, 4);
    assert_int_equal(zno->z[0], 30);
    assert_int_equal(zno->z[3], 8);
    assert_close(zno->lattice[0][0], 3.2498 / DFT_BOHR_ANG, ROUNDING);
    assert_close(zno->lattice[1][0], -0.5 * zno->lattice[0][0], ROUNDING);
    assert_close(zno->lattice[1][1], sqrt(0.75) * zno->lattice[0][0], ROUNDING);
    assert_close(zno->lattice[2][1], 0.0, 0.0);
    assert_position(zno, 0, 1.0 / 3.0, 2.0 / 3.0, 0.0);
    assert_position(zno, 1, 2.0 / 3.0, 1.0 / 3.0, 0.5);
    assert_position(zno, 2, 1.0 / 3.0, 2.0 / 3.0, 0.3821);
    assert_position(zno, 3, 2.0 / 3.0, 1.0 / 3.0, 0.8821);
    dft_crystal_free(zno);
}

static void cif_of_the_second_dictionary_reads(void **unused)
{
    dft_crystal *rutile = read_good(DATA "TiO2_rutile.cif");
    (void)unused;

    assert_int_equal(rutile->n_atoms, 6);
    assert_int_equal(rutile->z[1], 22);
    assert_int_equal(rutile->z[2], 8);
    assert_position(rutile, 1, 0.5, 0.5, 0.5);
    assert_position(rutile, 4, 0.5 - 0.3053, 0.5 + 0.3053, 0.5);
    dft_crystal_free(rutile);
}

/* 60 degrees between equal edges is the fcc primitive cell: volume a^3/sqrt(2). */
static void cif_in_p1_needs_no_operations(void **unused)
{
    dft_crystal *mgo = read_good(DATA "MgO_triclinic.cif");
    const double a = 2.98 / DFT_BOHR_ANG;
    (void)unused;

    assert_int_equal(mgo->n_atoms, 2);
    assert_close(dft_crystal_volume(mgo), a * a * a / sqrt(2.0), 1e-12);
    dft_crystal_free(mgo);
}

static void each_cif_fault_is_named_with_its_line(void **unused)
{
    static const char good[] = "data_x\n_cell_length_a 4.0\n_cell_length_b 4.0\n_cell_length_c "
                               "4.0\n"
                               "_space_group_IT_number "
                               "2\nloop_\n_space_group_symop_operation_xyz\nx,y,z\n-x,-y,-z\nloop_"
                               "\n"
                               "_atom_site_label\n_atom_site_fract_x\n_atom_site_fract_y\n_atom_"
                               "site_fract_z\n"
                               "_atom_site_occupancy\nLi1 0 0 0 1\nAg1 .25 .25 .25 ?\n";
    static const fault faults[] = {
        { "_cell_length_b 4.0\n", "", "no _cell_length_b" },
        { "_cell_length_b 4.0", "_cell_length_b wide", ":3:16: _cell_length_b \"wide\"" },
        { "_cell_length_b 4.0", "_cell_length_b -4.0", ":3:16: _cell_length_b \"-4.0\"" },
        { "_cell_length_b 4.0", "_cell_length_a 4.0",
          ":3:1: a second _cell_length_a after that of line" },
        { "IT_number 2\nloop_\n_space_group_symop_operation_xyz\nx,y,z\n-x,-y,-z\n",
          "name_H-M_alt 'F d -3 m'\n", ":5:28: space group \"F d -3 m\" is named but its operations "
          "are not listed, and it has two origin choices" },
        { "IT_number 2\nloop_\n_space_group_symop_operation_xyz\nx,y,z\n-x,-y,-z\n",
          "name_H-M_alt 'P 6/m m m'\n", ":5:28: space group \"P 6/m m m\" is named but its operations "
          "are not listed, and its operations do not keep the cell's shape" },
        { "IT_number 2\nloop_\n_space_group_symop_operation_xyz\nx,y,z\n-x,-y,-z\n",
          "IT_number 231\n", ":5:24: space group \"231\" is named but its operations are not listed, "
          "and it is not among the 230" },
        { "-x,-y,-z", "-x,-y", ":9:1: symmetry operation \"-x,-y\"" },
        { "-x,-y,-z", "-x,-y,-w", ":9:1: symmetry operation \"-x,-y,-w\"" },
        { "-x,-y,-z", "-x,-x,-z", ":9:1: symmetry operation \"-x,-x,-z\"" },
        { "-x,-y,-z", "-x,-y,-z+1/0", ":9:1: symmetry operation" },
        { "_fract_z", "_Cartn_z", "no _atom_site_fract_z" },
        { "_atom_site_label", "_atom_site_name",
          "lacks _atom_site_label and _atom_site_type_symbol" },
        { "Li1 ", "LI1 ", ":16:1: unknown element in \"LI1\"" },
        { "Li1 0", "Li1 ?", ":16:5: coordinate \"?\" is not a finite number" },
        { ".25 ?", "1e18 ?", ":17:13: the atom lies 1e+18 cells away" },
        { "_cell_length_b 4.0", "_cell_length_b 4e99",
          ":3:16: _cell_length_b \"4e99\" is too large" },
        { ".25 ?", ".25(x) ?", ":17:13: coordinate \".25(x)\" is not a finite number" },
        { ".25 ?", ".25 0.5", ":17:17: occupancy \"0.5\": disordered sites cannot be computed" },
        { ".25 ?", ".25", "values do not fill rows of 5" },
        { "Li1 ", "'Li1 ", ":16:1: \"'Li1 0 0 0 1\" begins with a quote that does not end" },
        { "Li1 ", ";Li1 ", ":16:1: the text that begins with a semicolon does not end" },
    };
    (void)unused;

    assert_faults(good, faults, sizeof faults / sizeof *faults);
}

/* The title names the elements, or they stand behind the atoms; a fixed coordinate is kept. */
static void vasp4_poscar_takes_its_elements_from_title_or_atoms(void **unused)
{
    static const char *const texts[] = {
        "Li Ag\n1.0\n3 0 0\n0 3 0\n0 0 3\n1 1\nDirect\n0 0 0\n.5 .5 .5\n",
        "made by hand\n1.0\n3 0 0\n0 3 0\n0 0 3\n1 1\nDirect\n0 0 0 Li\n.5 .5 .5 Ag\n",
        "x\n1.0\n3 0 0\n0 3 0\n0 0 3\n1 1\nSelective\nDirect\n0 0 0 T T F Li\n.5 .5 .5 F F F Ag_pv\n",
    };
    (void)unused;

    for (size_t i = 0; i < 3; i++) {
        dft_crystal *crystal = read_text(texts[i]);
        assert_int_equal(crystal->z[0], 3);
        assert_int_equal(crystal->z[1], 47);
        assert_position(crystal, 1, 0.5, 0.5, 0.5);
        dft_crystal_free(crystal);
    }
    const char *mixed = "x\n1.0\n3 0 0\n0 3 0\n0 0 3\n2\nDirect\n0 0 0 Li\n.5 .5 .5 Ag\n";
    write_text(mixed, strlen(mixed));
    assert_fails(DFT_EPARSE, ":9:10: element \"Ag\" among the atoms of another");
}

static void what_a_file_says_beside_the_crystal_is_kept(void **unused)
{
    dft_crystal_remarks remarks;
    dft_crystal *crystal = NULL;
    char value[32];
    (void)unused;

    const char *poscar = "my title\n1.0\n3 0 0\n0 3 0\n0 0 3\nLi\n1\nSelective\nDirect\n0 0 0 T T F\n";
    write_text(poscar, strlen(poscar));
    assert_int_equal(dft_crystal_read_remarks(path, &crystal, &remarks, NULL), DFT_OK);
    assert_string_equal(remarks.format, "POSCAR");
    assert_string_equal(remarks.comment, "my title");
    assert_memory_equal(remarks.fixed[0], ((unsigned char[]){ 0, 0, 1 }), 3);
    dft_crystal_remarks_clear(&remarks);
    dft_crystal_free(crystal);

    const char *xyz = "1\nname=\"Ag 111\" Lattice=\"3 0 0 0 3 0 0 0 3\" pbc=\"T T F\" relaxed "
                      "energy_ev=-1.5 Properties=species:S:1:pos:R:3:move_mask:L:1\nLi 0 0 0 F\n";
    write_text(xyz, strlen(xyz));
    assert_int_equal(dft_crystal_read_remarks(path, &crystal, &remarks, NULL), DFT_OK);
    assert_string_equal(remarks.comment, "name=\"Ag 111\" relaxed energy_ev=-1.5");
    assert_true(dft_remark_find(remarks.comment, "name", value, sizeof value));
    assert_string_equal(value, "Ag 111");
    assert_true(dft_remark_find(remarks.comment, "relaxed", value, sizeof value));
    assert_string_equal(value, "");
    assert_false(dft_remark_find(remarks.comment, "energy", value, sizeof value));
    assert_false(dft_remark_find(remarks.comment, "name", value, 6));
    assert_memory_equal(remarks.fixed[0], ((unsigned char[]){ 1, 1, 1 }), 3);
    dft_crystal_remarks_clear(&remarks);
    dft_crystal_free(crystal);

    assert_int_equal(dft_crystal_read_remarks(DATA "ZnO_wurtzite.cif", &crystal, &remarks, NULL),
                     DFT_OK);
    assert_string_equal(remarks.format, "CIF");
    assert_true(strlen(remarks.comment) > 0);
    assert_null(remarks.fixed);
    dft_crystal_remarks_clear(&remarks);
    dft_crystal_free(crystal);
}

static dft_crystal *read_cubic_cif(const char *symmetry, const char *cell, const char *site)
{
    char text[1024];

    snprintf(text, sizeof text, "data_x\n%s\n%s\nloop_\n_atom_site_label\n_atom_site_fract_x\n"
             "_atom_site_fract_y\n_atom_site_fract_z\n%s\n", cell, symmetry, site);
    return read_text(text);
}

/* The 8 atoms of diamond from 8a: (1/8,1/8,1/8) in origin choice 2, (0,0,0) in choice 1. */
static void cif_with_a_space_group_by_name_is_expanded(void **unused)
{
    static const char cubic[] = "_cell_length_a 3.6\n_cell_length_b 3.6\n_cell_length_c 3.6\n";
    static const char rhombohedral[] = "_cell_length_a 4.7\n_cell_length_b 4.7\n_cell_length_c 4.7\n"
                                       "_cell_angle_alpha 57\n_cell_angle_beta 57\n"
                                       "_cell_angle_gamma 57\n";
    static const char hexagonal[] = "_cell_length_a 4.5\n_cell_length_b 4.5\n_cell_length_c 11.8\n"
                                    "_cell_angle_gamma 120\n";
    static const struct { const char *symmetry, *cell, *site; size_t n_atoms; } cases[] = {
        { "_space_group_name_H-M_alt 'F d -3 m:2'", cubic, "C1 0.125 0.125 0.125", 8 },
        { "_space_group_name_H-M_alt 'Fd-3m :1'", cubic, "C1 0 0 0", 8 },
        { "_space_group_name_Hall '-F 4vw 2vw 3'", cubic, "C1 0.125 0.125 0.125", 8 },
        { "_space_group_IT_number 225", cubic, "C1 0 0 0", 4 },
        { "_symmetry_space_group_name_H-M 'F m -3 m'", cubic, "C1 0 0 0", 4 },
        { "_space_group_IT_number 166", rhombohedral, "Bi1 0.234 0.234 0.234", 2 },
        { "_space_group_IT_number 166", hexagonal, "Bi1 0 0 0.234", 6 },
        { "_space_group_name_H-M_alt ?", cubic, "C1 0 0 0", 1 },
    };
    (void)unused;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        dft_crystal *crystal = read_cubic_cif(cases[i].symmetry, cases[i].cell, cases[i].site);
        assert_int_equal(crystal->n_atoms, cases[i].n_atoms);
        double bond = 1e9;
        for (size_t a = 1; a < crystal->n_atoms; a++)
            bond = fmin(bond, dft_crystal_distance(crystal, 0, a) * DFT_BOHR_ANG);
        if (cases[i].n_atoms == 8) /* a sqrt(3)/4 */
            assert_close(bond, 3.6 * sqrt(3.0) / 4.0, 1e-12);
        dft_crystal_free(crystal);
    }
}

/* "C 2/m" and "C 1 2/m 1": b is the unique axis; in a cell whose unique axis is c, the setting follows
 * the cell. */
static void cif_settings_follow_the_cell(void **unused)
{
    static const char unique_b[] = "_cell_length_a 4.8\n_cell_length_b 2.6\n_cell_length_c 3.2\n"
                                   "_cell_angle_beta 108\n";
    static const char unique_c[] = "_cell_length_a 3.2\n_cell_length_b 4.8\n_cell_length_c 2.6\n"
                                   "_cell_angle_gamma 108\n";
    (void)unused;

    dft_crystal *b = read_cubic_cif("_space_group_name_H-M_alt 'C 2/m'", unique_b, "Ag 0 0 0");
    assert_int_equal(b->n_atoms, 2);
    assert_position(b, 1, 0.5, 0.5, 0.0);
    dft_crystal *c = read_cubic_cif("_space_group_IT_number 12", unique_c, "Ag 0 0 0");
    assert_int_equal(c->n_atoms, 2);
    assert_position(c, 1, 0.0, 0.5, 0.5);
    dft_crystal_free(b);
    dft_crystal_free(c);
}

static void cells_of_too_many_atoms_are_refused(void **unused)
{
    const size_t n = 5000;
    char *text = malloc(n * 8 + 100);
    assert_non_null(text);
    int length = sprintf(text, "t\n1.0\n300 0 0\n0 300 0\n0 0 300\nLi\n%zu\nDirect\n", n);
    (void)unused;

    for (size_t i = 0; i < n; i++)
        length += sprintf(text + length, "0 0 0\n");
    write_text(text, (size_t)length);
    assert_fails(DFT_EPARSE, ":7:1: 5000 atoms; give a cell of at most 4096");
    free(text);
}

/* Escape sequences in a file must not reach a terminal. */
static void control_characters_are_not_repeated_in_messages(void **unused)
{
    dft_error err = { 0 };
    dft_crystal *crystal = NULL;
    const char *text = "\033[31mred\nworld\n";
    (void)unused;

    write_text(text, strlen(text));
    assert_int_equal(dft_crystal_read(path, &crystal, &err), DFT_EPARSE);
    assert_null(strchr(err.message, '\033'));
    assert_non_null(strstr(err.message, "\"?[31mred\""));
}

static void cif_angles_must_span_a_volume(void **unused)
{
    const char *flat = "data_x\n_cell_length_a 1\n_cell_length_b 1\n_cell_length_c 1\n"
                       "_cell_angle_alpha 20\n_cell_angle_beta 20\n_cell_angle_gamma 120\n";
    (void)unused;

    write_text(flat, strlen(flat));
    assert_fails(DFT_EINPUT, "angles span no volume");
}

static void files_that_are_no_crystal_are_refused(void **unused)
{
    (void)unused;
    unlink(path);
    assert_fails(DFT_ENOFILE, "No such file");
    write_text("", 0);
    assert_fails(DFT_EPARSE, "empty");
    write_text("\n\n\n", 3);
    assert_fails(DFT_EPARSE, "neither POSCAR");
    write_text("hello\nworld\n", 12);
    assert_fails(DFT_EPARSE, ":1:1: \"hello\": neither POSCAR");
    write_text("a\0b\n1.0\n", 8);
    assert_fails(DFT_EPARSE, "binary data");

    dft_error err = { 0 };
    dft_crystal *crystal;
    assert_int_equal(dft_crystal_read(directory, &crystal, &err), DFT_ENOFILE);
    assert_non_null(strstr(err.message, "cannot be read"));
}

static void each_refused_allocation_is_reported(void **unused)
{
    static const char *const names[] = { DATA "LiF.POSCAR", DATA "ZnO_wurtzite.cif",
                                         DATA "Li_slab.extxyz" };
    (void)unused;

    for (size_t i = 0; i < 3; i++) {
        dft_crystal *crystal = NULL;
        long n = 1;
        for (; n < 100; n++) {
            dft_alloc_refuse_nth(n);
            const dft_status status = dft_crystal_read(names[i], &crystal, NULL);
            dft_alloc_refuse_nth(0);
            if (status == DFT_OK)
                break;
            assert_int_equal(status, DFT_ENOMEM);
            assert_null(crystal);
        }
        assert_in_range(n, 6, 20);
        dft_crystal_free(crystal);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(direct_poscar_reads),
        cmocka_unit_test(cartesian_selective_poscar_with_crlf_reads),
        cmocka_unit_test(negative_poscar_scale_is_the_volume),
        cmocka_unit_test(three_poscar_scales_act_per_direction),
        cmocka_unit_test(poscar_title_does_not_decide_the_format),
        cmocka_unit_test(each_poscar_fault_is_named_with_its_line),
        cmocka_unit_test(impossible_crystals_are_refused),
        cmocka_unit_test(extxyz_with_extra_columns_reads),
        cmocka_unit_test(extxyz_without_properties_has_species_and_positions),
        cmocka_unit_test(each_extxyz_fault_is_named_with_its_line),
        cmocka_unit_test(cif_operations_make_four_atoms_of_wurtzite),
        cmocka_unit_test(cif_of_the_second_dictionary_reads),
        cmocka_unit_test(cif_in_p1_needs_no_operations),
        cmocka_unit_test(each_cif_fault_is_named_with_its_line),
        cmocka_unit_test(vasp4_poscar_takes_its_elements_from_title_or_atoms),
        cmocka_unit_test(what_a_file_says_beside_the_crystal_is_kept),
        cmocka_unit_test(cif_with_a_space_group_by_name_is_expanded),
        cmocka_unit_test(cif_settings_follow_the_cell),
        cmocka_unit_test(cells_of_too_many_atoms_are_refused),
        cmocka_unit_test(control_characters_are_not_repeated_in_messages),
        cmocka_unit_test(cif_angles_must_span_a_volume),
        cmocka_unit_test(files_that_are_no_crystal_are_refused),
        cmocka_unit_test(each_refused_allocation_is_reported),
    };

    return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
