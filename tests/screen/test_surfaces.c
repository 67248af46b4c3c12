/* `liscreen slab`, `sites` and `facets` as a user types them. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/screen/typing.h"

static json_t *load(const char *name)
{
    char path[256];
    json_t *root_object;
    snprintf(path, sizeof path, "%s/%s", root, name);
    root_object = json_load_file(path, 0, NULL);
    assert_non_null(root_object);
    return root_object;
}

static char said[65536];

static void sites_json_has_sites_hops_and_where_they_lead(void **unused)
{
    static const char *const names[] = { "ontop", "bridge", "fcc", "hcp" };
    static const char *const keys[] = { "name", "elements", "coordination", "multiplicity",
                                        "position_ang" };
    json_t *out, *sites, *hop;
    (void)unused;

    assert_int_equal(type("sites Ag --facet=111 --supercell=2x2 --json=%s/a.json", said,
                          sizeof said), 0);
    out = load("a.json");
    sites = json_object_get(out, "sites");
    assert_int_equal(json_array_size(sites), 4);
    for (size_t i = 0; i < 4; i++) {
        const json_t *site = json_array_get(sites, i);
        assert_string_equal(json_string_value(json_object_get(site, "name")), names[i]);
        for (size_t k = 0; k < sizeof keys / sizeof *keys; k++)
            assert_non_null(json_object_get(site, keys[k]));
    }
    assert_int_equal(json_array_size(json_object_get(out, "hops")), 1);
    hop = json_array_get(json_object_get(out, "hops"), 0);
    assert_string_equal(json_string_value(json_object_get(hop, "from")), "fcc:Ag3");
    assert_string_equal(json_string_value(json_object_get(hop, "to")), "hcp:Ag3");
    assert_close(json_number_value(json_object_get(hop, "length_ang")), 4.0862 / sqrt(6.0), 1e-6);
    assert_int_equal(json_integer_value(json_object_get(hop, "multiplicity")), 12);
    assert_int_equal(json_array_size(json_object_get(out, "percolation")), 1);
    assert_true(json_is_true(json_object_get(out, "faces_equal")));
    assert_null(json_object_get(out, "bottom_face"));
    json_decref(out);
}

static void different_faces_are_both_listed(void **unused)
{
    json_t *out, *bottom;
    (void)unused;

    assert_int_equal(type("sites ZnO --facet=0001 --json=%s/z.json", said, sizeof said), 0);
    out = load("z.json");
    bottom = json_object_get(out, "bottom_face");
    assert_string_equal(json_string_value(json_object_get(json_array_get(
        json_object_get(bottom, "sites"), 0), "label")), "ontop:O");
    json_decref(out);
    assert_int_equal(type("sites ZnO --facet=0001", said, sizeof said), 0);
    assert_non_null(strstr(said, "other face"));
    assert_int_equal(type("sites ZnO --facet=0001 --face=bottom", said, sizeof said), 0);
    assert_memory_equal(said, "ontop:O ", 8);
}

static void anisotropic_spreading_is_said(void **unused)
{
    (void)unused;
    assert_int_equal(type("sites Pt --facet=110", said, sizeof said), 0);
    assert_non_null(strstr(said, "hop 0: only along"));
    assert_non_null(strstr(said, "hops 0 + 1: everywhere"));
}

static void hops_may_be_asked_for_between_other_sites(void **unused)
{
    (void)unused;
    assert_int_equal(type("sites MgO --facet=100 --hop-sites=ontop:O", said, sizeof said), 0);
    assert_non_null(strstr(said, "hop 0: ontop:O - ontop:O over hollow:Mg2O2"));
    assert_int_equal(type("sites MgO --facet=100 --hop-sites=all", said, sizeof said), 0);
    assert_int_equal(type("sites MgO --facet=100 --hop-sites=ontop:Ag", said, sizeof said), 64);
    assert_non_null(strstr(said, "ontop:Mg"));
}

static void subsurface_sites_are_listed_when_asked_for(void **unused)
{
    json_t *out;
    (void)unused;

    assert_int_equal(type("sites Ag --facet=111 --subsurface --json=%s/d.json", said, sizeof said), 0);
    out = load("d.json");
    assert_int_equal(json_array_size(json_object_get(out, "sites")), 4);
    assert_int_equal(json_array_size(json_object_get(out, "subsurface")), 3);
    json_decref(out);
    assert_int_equal(type("sites Ag --facet=111 --subsurface", said, sizeof said), 0);
    assert_non_null(strstr(said, "octahedral:Ag6"));
    assert_int_equal(type("sites Ag --facet=111", said, sizeof said), 0);
    assert_null(strstr(said, "octahedral"));
}

/* What is written is what is asked for, and a file that is a slab already is taken as it is. */
static void slabs_come_in_every_shape(void **unused)
{
    (void)unused;
    assert_int_equal(type("slab Ag --facet=111 --thickness-ang=7 --coverage=1/3 --out=%s/s.extxyz",
                          said, sizeof said), 0);
    assert_non_null(strstr(said, "12 atoms, 4 layers"));
    assert_int_equal(type("sites %s/s.extxyz", said, sizeof said), 0);
    assert_non_null(strstr(said, "bridge:Ag2               coordination 2, multiplicity 9"));
    assert_int_equal(type("slab MgO --facet=111 --layers=3 --variant=symmetric --out=%s/m.vasp "
                          "--picture=%s/m.svg", said, sizeof said), 0);
    assert_non_null(strstr(said, "7 planes, bottom O, not the bulk's composition; Tasker type 3 by "
                                 "formal charges"));
    assert_int_equal(type("slab graphene --supercell=4x4 --defect=m-n4:Fe --out=%s/g.extxyz", said,
                          sizeof said), 0);
    assert_non_null(strstr(said, "31 atoms"));
    assert_int_equal(type("sites Ti3C2O2 --picture=%s/t.svg", said, sizeof said), 0);
    char path[128], line[8];
    snprintf(path, sizeof path, "%s/t.svg", root);
    FILE *svg = fopen(path, "r");
    assert_non_null(svg);
    assert_non_null(fgets(line, 5, svg));
    assert_string_equal(line, "<svg");
    fclose(svg);
}

static void the_ending_says_the_format(void **unused)
{
    char path[128], text[8192];
    FILE *file;
    size_t n;
    (void)unused;

    assert_int_equal(type("slab Ag --facet=111 --out=%s/f.cif", said, sizeof said), 0);
    snprintf(path, sizeof path, "%s/f.cif", root);
    file = fopen(path, "r");
    assert_non_null(file);
    n = fread(text, 1, sizeof text - 1, file);
    text[n] = '\0';
    fclose(file);
    assert_non_null(strstr(text, "_cell_length_a"));
    assert_int_equal(type("sites %s/f.cif", said, sizeof said), 0);
    assert_non_null(strstr(said, "bridge:Ag2               coordination 2, multiplicity 3"));
    assert_int_equal(type("slab graphene --facet=001 --out=%s/g.cif", said, sizeof said), 0);
    assert_int_equal(type("slab graphene --facet=sheet --out=%s/g.cif", said, sizeof said), 0);
}

/* A primitive cell of fcc in a file: (111) is that of the cube, unless told otherwise. */
static void indices_are_those_of_the_conventional_cell(void **unused)
{
    char path[128];
    FILE *file;
    (void)unused;

    snprintf(path, sizeof path, "%s/p.vasp", root);
    file = fopen(path, "w");
    assert_non_null(file);
    fputs("Cu\n1\n0 1.8 1.8\n1.8 0 1.8\n1.8 1.8 0\nCu\n1\nDirect\n0 0 0\n", file);
    fclose(file);
    assert_int_equal(type("slab %s/p.vasp --facet=100 --out=%s/q.vasp", said, sizeof said), 0);
    assert_non_null(strstr(said, "p.vasp: not the conventional cell; Miller indices refer to that one, 4 "
                                 "atoms, 3.6000 x 3.6000 x 3.6000 A (--as-given"));
    assert_non_null(strstr(said, "thickness 5.4000 A"));           /* 3 x a/2 */
    assert_int_equal(type("slab %s/p.vasp --facet=100 --as-given --out=%s/q.vasp", said, sizeof said), 0);
    assert_null(strstr(said, "conventional"));
    assert_non_null(strstr(said, "thickness 6.2354 A"));           /* 3 x a/sqrt 3 */
    assert_int_equal(type("facets %s/p.vasp --max-index=1", said, sizeof said), 0);
    assert_non_null(strstr(said, "(100)  multiplicity 6, d = 1.8000 A"));
    assert_int_equal(type("facets %s/p.vasp --max-index=1 --as-given", said, sizeof said), 0);
    assert_null(strstr(said, "conventional"));
    assert_int_equal(type("candidates export Ag-111 --bulk --out=%s/b.vasp", said, sizeof said), 0);
    assert_int_equal(type("facets %s/b.vasp --max-index=1", said, sizeof said), 0);
    assert_null(strstr(said, "conventional"));
    assert_int_equal(type("sites %s/q.vasp", said, sizeof said), 0);        /* a slab stays as it is */
    assert_null(strstr(said, "conventional"));
}

static void a_facet_of_a_slab_is_refused(void **unused)
{
    (void)unused;

    assert_int_equal(type("slab Al --facet=111 --layers=2 --vacuum-ang=8 --out=%s/al.extxyz", said,
                          sizeof said), 0);
    assert_int_equal(type("sites %s/al.extxyz --facet=111", said, sizeof said), 65);
    assert_non_null(strstr(said, "is a slab or sheet already, with 8.0 A of vacuum along c"));
    assert_int_equal(type("sites %s/al.extxyz", said, sizeof said), 0);
}

static void facets_are_listed_with_their_terminations(void **unused)
{
    json_t *out, *facets;
    (void)unused;

    assert_int_equal(type("facets Al2O3 --max-index=1", said, sizeof said), 0);
    assert_non_null(strstr(said, "(10-11)  multiplicity 6"));
    assert_non_null(strstr(said, "0: Al on top, Al below the gap of 0.4893 A; 6 planes, 2 layers per "
                                 "repeat; Tasker 2 (formal charges)"));
    assert_int_equal(type("facets MgO --json=%s/f.json", said, sizeof said), 0);
    out = load("f.json");
    facets = json_object_get(out, "facets");
    assert_int_equal(json_array_size(facets), 6);
    assert_string_equal(json_string_value(json_object_get(json_array_get(facets, 2), "facet")),
                        "111");
    assert_int_equal(json_array_size(json_object_get(json_array_get(facets, 2), "terminations")), 2);
    json_decref(out);
}

static void mistakes_are_answered_in_one_sentence_and_a_code(void **unused)
{
    static const struct { const char *words; int code; const char *says; } cases[] = {
        { "facets", 64, "FILE|ID" },
        { "facets graphene", 65, "sheet" },
        { "facets Ag --max-index=0", 64, "max-index" },
        { "sites Ag", 65, "not a slab" },
        { "sites Ag --facet=111 --face=left", 64, "top or bottom" },
        { "sites Ag --facet=111 --coverage=0.3", 64, "1/3" },
        { "sites Ag --facet=111 --coverage=1/3 --supercell=2x2", 64, "not both" },
        { "sites Ag --facet=111 --supercell=2", 64, "2x2" },
        { "slab Ag --facet=111 --layers=3 --thickness-ang=7 --out=%s/x.vasp", 64, "not both" },
        { "slab Ag --facet=111 --variant=odd --out=%s/x.vasp", 64, "symmetric" },
        { "slab ZnO --facet=0001 --variant=symmetric --out=%s/x.vasp", 65, "polar" },
        { "slab graphene --defect=vacancy --out=%s/x.vasp", 65, "larger --supercell" },
        { "slab graphene --supercell=4x4 --defect=hole --out=%s/x.vasp", 64, "divacancy" },
        { "slab Ag --facet=111 --out=%s/x.pdb", 64, ".cif" },
        { "slab Ag --facet=111 --out=%s/x", 64, ".cif" },
        { "slab graphene --facet=111 --out=%s/x.vasp", 65, "sheet" },
        { "sites graphene --facet=110", 65, "sheet" },
        { "slab Ag --facet=99,1,1 --out=%s/x.vasp", 65, "give lower indices" },
        { "sites Ag --facet=111 --json=%s/none/x", 75, "none" },
        { "sites Ag --facet=111 --picture=%s/none/x", 75, "none" },
    };
    (void)unused;

    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        const int code = type(cases[k].words, said, sizeof said);
        if (code != cases[k].code || !strstr(said, cases[k].says))
            print_error("%s: %d, %s\n", cases[k].words, code, said);
        assert_int_equal(code, cases[k].code);
        assert_non_null(strstr(said, cases[k].says));
    }
}

static int make_root(void **unused)
{
    (void)unused;
    return mkdtemp(root) ? 0 : -1;
}

static int remove_root(void **unused)
{
    char command[96];
    (void)unused;
    snprintf(command, sizeof command, "rm -rf %s", root);
    return system(command);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sites_json_has_sites_hops_and_where_they_lead),
        cmocka_unit_test(different_faces_are_both_listed),
        cmocka_unit_test(anisotropic_spreading_is_said),
        cmocka_unit_test(hops_may_be_asked_for_between_other_sites),
        cmocka_unit_test(subsurface_sites_are_listed_when_asked_for),
        cmocka_unit_test(slabs_come_in_every_shape),
        cmocka_unit_test(the_ending_says_the_format),
        cmocka_unit_test(indices_are_those_of_the_conventional_cell),
        cmocka_unit_test(a_facet_of_a_slab_is_refused),
        cmocka_unit_test(facets_are_listed_with_their_terminations),
        cmocka_unit_test(mistakes_are_answered_in_one_sentence_and_a_code),
    };
    return cmocka_run_group_tests(tests, make_root, remove_root);
}
