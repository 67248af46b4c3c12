/* Data sets from Debian's gpaw-data, and small broken files that the tests make themselves. */
#include "tests/support/assert_close.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <zlib.h>

#include "dft-lite/atomdata/setup.h"
#include "dft-lite/base/alloc.h"
#include "dft-lite/base/units.h"

/* The smallest file that reads: helium with one wave on three points r = 0, 1/2, 2, its elements in
 * another order than gpaw-data's, with a second grid and an element that nobody asked for. */
static const char toy_xml[] =
    "<?xml version=\"1.0\"?>\n"
    "<paw_setup version=\"0.6\">\n"
    "<radial_grid id=\"log\" eq=\"r=a*exp(d*i)\" a=\"1\" d=\"0.1\" istart=\"0\" iend=\"9\"/>\n"
    "<radial_grid id=\"g1\" istart=\"0\" iend=\"2\" n=\"3\" a=\"1.0\" eq=\"r=a*i/(n-i)\"/>\n"
    "<kinetic_energy_differences>0.25</kinetic_energy_differences>\n"
    "<projector_function grid=\"g1\" state=\"He-1s\">7 8 9</projector_function>\n"
    "<pseudo_partial_wave grid=\"g1\" state=\"He-1s\">4 5 6</pseudo_partial_wave>\n"
    "<ae_partial_wave grid=\"g1\" state=\"He-1s\">1\n2\n3</ae_partial_wave>\n"
    "<valence_states>\n"
    "<state id=\"He-1s\" e=\" -0.5\" rc=\"1.2\" f=\"2\" l=\"0\" n=\"1\"/>\n"
    "</valence_states>\n"
    "<zero_potential grid=\"g1\">1 1 1</zero_potential>\n"
    "<some_extra_element grid=\"log\">1 2 3 4 5 6 7 8 9 10</some_extra_element>\n"
    "<pseudo_core_density grid=\"g1\">0 0 0</pseudo_core_density>\n"
    "<ae_core_density grid=\"g1\">0 0 0</ae_core_density>\n"
    "<shape_function rc=\"0.3\" type=\"gauss\"/>\n"
    "<core_energy kinetic=\"0.0\"/>\n"
    "<ae_energy total=\"-2.83\"/>\n"
    "<xc_functional name=\"PW\" type=\"LDA\"/>\n"
    "<atom valence=\"2\" core=\"0\" Z=\"2\" symbol=\"He\"/>\n"
    "</paw_setup>\n";

typedef struct {
    char directory[64];
    char path[96];
} scratch;

static int make_scratch(void **state)
{
    scratch *place = calloc(1, sizeof *place);

    strcpy(place->directory, "/tmp/test_setup_XXXXXX");
    if (!mkdtemp(place->directory))
        return -1;
    snprintf(place->path, sizeof place->path, "%s/toy.xml", place->directory);
    *state = place;
    return 0;
}

static int remove_scratch(void **state)
{
    scratch *place = *state;

    unlink(place->path);
    rmdir(place->directory);
    free(place);
    return 0;
}

static void write_text(const char *path, const char *text, size_t length)
{
    FILE *file = fopen(path, "wb");

    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
}

/* The toy file with the first occurrence of `old` replaced. */
static void write_variant(const char *path, const char *old, const char *new)
{
    const char *at = strstr(toy_xml, old);
    char text[sizeof toy_xml + 200];

    assert_non_null(at);
    const int n = snprintf(text, sizeof text, "%.*s%s%s", (int)(at - toy_xml), toy_xml, new,
                           at + strlen(old));
    write_text(path, text, (size_t)n);
}

static dft_setup *read_debian(const char *name)
{
    char path[128];
    dft_error err = { 0 };
    dft_setup *setup = NULL;

    snprintf(path, sizeof path, DFT_SETUP_GPAW "/%s", name);
    if (dft_setup_read(path, &setup, &err))
        fail_msg("%s", err.message);
    return setup;
}

static void assert_fails(const char *path, dft_status status, const char *words)
{
    dft_error err = { 0 };
    dft_setup *setup = (dft_setup *)1;

    assert_int_equal(dft_setup_read(path, &setup, &err), status);
    assert_null(setup);
    assert_int_equal(err.status, status);
    if (!strstr(err.message, words))
        fail_msg("\"%s\" does not say \"%s\"", err.message, words);
    assert_non_null(strstr(err.message, path));
    assert_int_equal(dft_setup_read(path, &setup, NULL), status); /* err may be NULL */
}

/* Numbers as printed in the files themselves. */
static void lithium_has_the_facts_of_its_file(void **unused)
{
    dft_setup *li = read_debian("Li.PBE.gz");
    (void)unused;

    assert_string_equal(li->symbol, "Li");
    assert_string_equal(li->name, "Li.PBE.gz");
    assert_string_equal(li->xc_name, "PBE");
    assert_int_equal(strlen(li->sha256), 64);
    assert_int_equal(li->z, 3);
    assert_close(li->n_core, 2.0, 0.0);
    assert_close(li->n_valence, 1.0, 0.0);
    assert_close(li->energy_total, -7.452315, 0.0);
    assert_close(li->energy_core_kinetic, 7.171815, 0.0);
    assert_close(li->shape_rc, 6.324555320337e-01, 0.0);
    assert_int_equal(li->n_r, 300);
    assert_int_equal(li->n_waves, 3);
    assert_string_equal(li->wave[2].id, "Li-s1");
    assert_int_equal(li->wave[0].n, 2);
    assert_int_equal(li->wave[2].n, 0);
    assert_int_equal(li->wave[1].l, 1);
    assert_close(li->wave[0].occupation, 1.0, 0.0);
    assert_close(li->wave[2].occupation, 0.0, 0.0);
    assert_close(li->wave[2].energy, 0.89437, 0.0);
    assert_close(li->wave[1].rc, 2.0, 0.0);
    assert_close(li->kinetic_difference[2], -2.421544951095e-01, 0.0);
    dft_setup_free(li);
}

static void silver_11_has_the_facts_of_its_file(void **unused)
{
    dft_setup *ag = read_debian("Ag.11.PBE.gz");
    (void)unused;

    assert_int_equal(ag->z, 47);
    assert_close(ag->n_valence, 11.0, 0.0);
    assert_close(ag->energy_total, -5313.872150, 0.0);
    assert_int_equal(ag->n_r, 750);
    assert_int_equal(ag->n_waves, 6);
    assert_string_equal(ag->wave[2].id, "Ag-4d");
    assert_int_equal(ag->wave[2].l, 2);
    assert_close(ag->wave[2].occupation, 10.0, 0.0);
    assert_close(ag->wave[2].rc, 2.45, 0.0);
    assert_close(ag->core[0], 3.888920453717e+05, 0.0);
    dft_setup_free(ag);
}

/* r_i = a i/(n - i), and sum_i f(r_i) dr_i integrates: int_0^inf r^2 exp(-r^2) dr = sqrt(pi)/4. The
 * trapezoid rule converges exponentially for such an integrand; 1e-10 is far above its error. */
static void radial_grid_integrates_a_gaussian(void **unused)
{
    dft_setup *li = read_debian("Li.PBE.gz");
    double sum = 0.0;
    (void)unused;

    assert_close(li->r[0], 0.0, 0.0);
    assert_close(li->r[150], 0.4, 1e-15);
    for (size_t i = 0; i < li->n_r; i++)
        sum += li->r[i] * li->r[i] * exp(-li->r[i] * li->r[i]) * li->dr[i];
    assert_close(sum, sqrt(DFT_PI) / 4.0, 1e-10);
    dft_setup_free(li);
}

static double overlap(const dft_setup *setup, const double *f, const double *g)
{
    double sum = 0.0;

    for (size_t i = 0; i < setup->n_r; i++)
        sum += f[i] * g[i] * setup->r[i] * setup->r[i] * setup->dr[i];
    return sum;
}

/* 4 pi int r^2 n_c/sqrt(4 pi) dr = number of core electrons.  The generators normalise on this very
 * grid: 13 printed digits leave 1e-11 x Z. */
static void assert_core_density_holds_the_core_electrons(const dft_setup *setup)
{
    double sum = 0.0;

    for (size_t i = 0; i < setup->n_r; i++)
        sum += setup->core[i] * setup->r[i] * setup->r[i] * setup->dr[i];
    assert_close(sqrt(4.0 * DFT_PI) * sum, setup->n_core, 1e-9);
}

/* <p_i|phi_ps_j> = delta_ij for equal l (Bloechl 1994, eq. 10), and phi = phi_ps beyond rc. */
static void assert_waves_and_projectors_are_dual(const dft_setup *setup)
{
    for (size_t i = 0; i < setup->n_waves; i++) {
        const dft_setup_wave *wave = &setup->wave[i];
        for (size_t j = 0; j < setup->n_waves; j++) {
            if (setup->wave[j].l == wave->l)
                assert_close(overlap(setup, wave->projector, setup->wave[j].phi_ps),
                             i == j ? 1.0 : 0.0, 1e-9);
            assert_close(setup->kinetic_difference[i * setup->n_waves + j],
                         setup->kinetic_difference[j * setup->n_waves + i], 1e-12);
        }
        for (size_t k = 0; k < setup->n_r; k++)
            if (setup->r[k] > wave->rc)
                assert_close(wave->phi[k], wave->phi_ps[k], 1e-12);
    }
}

/* Both generators, sp and d metals, hard elements, every functional family. */
static void data_sets_obey_the_paw_identities(void **unused)
{
    static const char *const names[] = {
        "Li.PBE.gz", "Li.LDA.gz", "Ag.11.PBE.gz", "Ag.PBE.gz",    "Zn.PBE.gz",    "Hg.PBE.gz",
        "O.PBE.gz",  "F.LDA.gz",  "Mg.2.PBE.gz",  "Ni.10.PBE.gz", "Au.revPBE.gz", "Ti.RPBE.gz",
    };
    (void)unused;

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        dft_setup *setup = read_debian(names[i]);
        assert_core_density_holds_the_core_electrons(setup);
        assert_waves_and_projectors_are_dual(setup);
        dft_setup_free(setup);
    }
}

static void elements_are_found_by_name_in_any_order(void **state)
{
    const scratch *place = *state;
    dft_setup *toy = NULL;

    write_text(place->path, toy_xml, strlen(toy_xml));
    assert_int_equal(dft_setup_read(place->path, &toy, NULL), DFT_OK);
    assert_int_equal(toy->n_r, 3);
    assert_close(toy->r[2], 2.0, 1e-15);
    assert_close(toy->dr[1], 0.75, 1e-15);
    assert_close(toy->wave[0].phi[2], 3.0, 0.0);
    assert_close(toy->wave[0].phi_ps[0], 4.0, 0.0);
    assert_close(toy->wave[0].projector[1], 8.0, 0.0);
    assert_close(toy->wave[0].energy, -0.5, 0.0);
    dft_setup_free(toy);
}

/* The same text, compressed and plain, is the same data set. */
static void checksum_is_that_of_the_uncompressed_text(void **state)
{
    const scratch *place = *state;
    dft_setup *plain = NULL, *packed = NULL;

    write_text(place->path, toy_xml, strlen(toy_xml));
    assert_int_equal(dft_setup_read(place->path, &plain, NULL), DFT_OK);
    gzFile file = gzopen(place->path, "wb9");
    assert_int_equal(gzwrite(file, toy_xml, (unsigned)strlen(toy_xml)), strlen(toy_xml));
    assert_int_equal(gzclose(file), Z_OK);
    assert_int_equal(dft_setup_read(place->path, &packed, NULL), DFT_OK);
    assert_string_equal(plain->sha256, packed->sha256);
    dft_setup_free(plain);
    dft_setup_free(packed);

    write_variant(place->path, "-2.83", "-2.84");
    assert_int_equal(dft_setup_read(place->path, &packed, NULL), DFT_OK);
    dft_setup *first = packed;
    write_text(place->path, toy_xml, strlen(toy_xml));
    assert_int_equal(dft_setup_read(place->path, &packed, NULL), DFT_OK);
    assert_string_not_equal(first->sha256, packed->sha256);
    dft_setup_free(first);
    dft_setup_free(packed);
}

static void missing_file_and_directory_are_refused(void **state)
{
    const scratch *place = *state;

    unlink(place->path);
    assert_fails(place->path, DFT_ENOFILE, "No such file");
    assert_fails(place->directory, DFT_ENOFILE, "cannot be read");
    write_text(place->path, "", 0);
    assert_fails(place->path, DFT_EPARSE, "empty");
}

/* A gzip file cut anywhere, its eight-byte trailer included, and one with a flipped bit. */
static void damaged_gzip_data_is_refused(void **state)
{
    const scratch *place = *state;
    char packed[4096];
    gzFile out = gzopen(place->path, "wb");

    gzwrite(out, toy_xml, (unsigned)strlen(toy_xml));
    gzclose(out);
    FILE *in = fopen(place->path, "rb");
    const size_t n = fread(packed, 1, sizeof packed, in);
    fclose(in);
    const size_t cuts[] = { 20, n / 2, n - 8, n - 1 };
    for (size_t i = 0; i < sizeof cuts / sizeof *cuts; i++) {
        write_text(place->path, packed, cuts[i]);
        assert_fails(place->path, DFT_EPARSE, "truncated gzip data");
    }
    packed[n - 6] ^= 1;
    write_text(place->path, packed, n);
    assert_fails(place->path, DFT_EPARSE, "damaged gzip data");
}

static void malformed_xml_names_the_line(void **state)
{
    const scratch *place = *state;
    char line[192];

    write_variant(place->path, "</valence_states>", "</valence>");
    snprintf(line, sizeof line, "%s:13: not well-formed XML (mismatched tag)", place->path);
    assert_fails(place->path, DFT_EPARSE, line);
    write_text(place->path, toy_xml, strlen(toy_xml) / 2);
    assert_fails(place->path, DFT_EPARSE, "not well-formed XML");
    write_text(place->path, "hello", 5);
    assert_fails(place->path, DFT_EPARSE, ":1: not well-formed XML");
    write_text(place->path, "<html/>", 7);
    assert_fails(place->path, DFT_EPARSE, "not <paw_setup>");
}

/* One edit of the toy file each, and what the message must say. */
static const struct {
    const char *old, *new, *words;
} faults[] = {
    { "1\n2\n3", "1\n2", ":8: expected 3 numbers in <ae_partial_wave>, found 2" },
    { "1\n2\n3", "1\n2\n3 4", "expected 3 numbers in <ae_partial_wave>, found 4" },
    { "1\n2\n3", "1\n2\nnan", ":10: value 3 of <ae_partial_wave> is \"nan\", not a finite number" },
    { "7 8 9", "7 8x 9", ":6: value 2 of <projector_function> is \"8x\"" },
    { "7 8 9", "7 1e999 9", "\"1e999\", not a finite number" },
    { "type=\"gauss\"", "type=\"bessel\"", ":18: compensation charges of shape \"bessel\"" },
    { "type=\"gauss\"", "", "<shape_function> lacks the attribute \"type\"" },
    { "rc=\"0.3\"", "rc=\"-0.3\"", "must be positive" },
    { "r=a*i/(n-i)", "r=a*i", ":4: radial grid \"r=a*i\" is not supported" },
    { "n=\"3\"", "n=\"4\"", "i=0..2 of n=4" },
    { "n=\"3\"", "n=\"2.5\"", "expected an integer" },
    { "id=\"g1\"", "id=\"g2\"", "names radial grid \"g1\", which the file does not define" },
    { "<zero_potential grid=\"g1\"", "<zero_potential grid=\"log\"", "different grids" },
    { "<core_energy kinetic=\"0.0\"/>", "", "no <core_energy> element" },
    { "state=\"He-1s\">4", "state=\"He-2s\">4", "no <pseudo_partial_wave state=He-1s>" },
    { "<some_extra_element grid=\"log\">1 2 3 4 5 6 7 8 9 10</some_extra_element>",
      "<atom symbol=\"He\"/>", "a second <atom> after that of line" },
    { "total=\"-2.83\"", "total=\"many\"", "<ae_energy total=\"many\">: not a finite number" },
    { "symbol=\"He\"", "symbol=\"Li\"", "calls element 2 \"Li\"" },
    { "Z=\"2\"", "Z=\"200\"", "expected an integer from 1 to 118" },
    { "valence=\"2\"", "valence=\"1\"", "0 core and 1 valence electrons do not make the 2" },
    { "f=\"2\"", "f=\"1\"", "the states hold 1 electrons and <atom> says 2" },
    { "f=\"2\"", "f=\"-2\"", "f >= 0" },
    { "id=\"He-1s\"", "id=\"a-very-long-identifier\"", "expected 1 to 15 characters" },
    { ">0.25<", ">0.25 0.5<", "expected 1 numbers in <kinetic_energy_differences>, found 2" },
};

static void each_inconsistency_is_named_with_its_line(void **state)
{
    const scratch *place = *state;

    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        write_variant(place->path, faults[i].old, faults[i].new);
        assert_fails(place->path, DFT_EPARSE, faults[i].words);
    }
}

/* Without the fault the file reads, so each n that fails is one allocation of ours refused. */
static void each_refused_allocation_is_reported(void **state)
{
    const scratch *place = *state;
    dft_setup *setup = NULL;
    long n = 1;

    write_text(place->path, toy_xml, strlen(toy_xml));
    for (; n < 1000; n++) {
        dft_alloc_refuse_nth(n);
        const dft_status status = dft_setup_read(place->path, &setup, NULL);
        dft_alloc_refuse_nth(0);
        if (status == DFT_OK)
            break;
        assert_int_equal(status, DFT_ENOMEM);
        assert_null(setup);
    }
    assert_in_range(n, 10, 40);
    dft_setup_free(setup);
    dft_setup_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lithium_has_the_facts_of_its_file),
        cmocka_unit_test(silver_11_has_the_facts_of_its_file),
        cmocka_unit_test(radial_grid_integrates_a_gaussian),
        cmocka_unit_test(data_sets_obey_the_paw_identities),
        cmocka_unit_test(elements_are_found_by_name_in_any_order),
        cmocka_unit_test(checksum_is_that_of_the_uncompressed_text),
        cmocka_unit_test(missing_file_and_directory_are_refused),
        cmocka_unit_test(damaged_gzip_data_is_refused),
        cmocka_unit_test(malformed_xml_names_the_line),
        cmocka_unit_test(each_inconsistency_is_named_with_its_line),
        cmocka_unit_test(each_refused_allocation_is_reported),
    };

    return cmocka_run_group_tests(tests, make_scratch, remove_scratch);
}
