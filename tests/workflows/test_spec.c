#include "tests/support/assert_close.h"

#include <string.h>

#include "dft-lite/base/units.h"
#include "tests/workflows/fake_calculator.h"
#include "workflows/spec.h"

static flow_spec toy_spec(void)
{
    const double lattice[3][3] = { { 7.5, 0, 0 }, { 0, 7.5, 0 }, { 0, 0, 7.6 } };
    const int z[2] = { 12, 8 };
    const double position[2][3] = { { 0, 0, 0 }, { 0.5, 0.5, 1.0 / 3.0 } };
    flow_spec spec = { .kind = FLOW_SITE, .subject = "Toy", .calculator = "fake", .ecut_ev = 500.0,
                       .scan_centre = 1.01, .miller = { 1, -1, 0 }, .termination = 1,
                       .place = "bridge:MgO", .upstream = { "aaa", "bbb" } };

    assert_int_equal(flow_protocol_find("quick", &spec.protocol, NULL), DFT_OK);
    assert_int_equal(dft_crystal_create(lattice, 2, z, position, &spec.structure, NULL), DFT_OK);
    spec.data_sets.n = 2;
    strcpy(spec.data_sets.item[0].symbol, "Mg");
    strcpy(spec.data_sets.item[0].choice, "Mg.2");
    strcpy(spec.data_sets.item[0].set.name, "Mg.2.PBE.gz");
    fake_sha("Mg", spec.data_sets.item[0].set.sha256);
    strcpy(spec.data_sets.item[1].symbol, "O");
    strcpy(spec.data_sets.item[1].set.name, "O.PBE.gz");
    fake_sha("O", spec.data_sets.item[1].set.sha256);
    return spec;
}

static char *text_of(const flow_spec *spec)
{
    char *text = NULL;
    assert_int_equal(flow_spec_write(spec, &text, NULL), DFT_OK);
    return text;
}

static void a_specification_reads_back_as_written(void **unused)
{
    flow_spec spec = toy_spec(), back;
    char *text = text_of(&spec), *again = NULL;
    (void)unused;

    assert_int_equal(flow_spec_read("x.json", text, &back, NULL), DFT_OK);
    assert_int_equal(back.kind, FLOW_SITE);
    assert_string_equal(back.place, "bridge:MgO");
    assert_string_equal(flow_spec_upstream(&back, "slab"), "bbb");
    assert_int_equal(back.miller[1], -1);
    assert_int_equal(back.protocol.layers, 3);
    assert_close(back.ecut_ev, 500.0, 0.0);
    assert_close(back.structure->lattice[2][2], 7.6, 2e-15);   /* two roundings: x a / a */
    assert_int_equal(back.structure->z[1], 8);
    again = text_of(&back);
    assert_string_equal(strstr(again, "\"protocol\""), strstr(text, "\"protocol\""));
    free(text);
    free(again);
    flow_spec_clear(&spec);
    flow_spec_clear(&back);
}

static void the_text_is_canonical(void **unused)
{
    flow_spec spec = toy_spec();
    char *text = text_of(&spec);
    (void)unused;

    assert_null(strchr(text, ' '));
    assert_null(strchr(text, '\n'));
    assert_true(strstr(text, "\"calculator\"") < strstr(text, "\"data_sets\""));
    assert_true(strstr(text, "\"data_sets\"") < strstr(text, "\"protocol\""));
    assert_non_null(strstr(text, "\"k_spacing_per_ang\":0.34999999999999998"));
    free(text);
    flow_spec_clear(&spec);
}

/* Each input that decides a result changes the key. */
static void every_input_changes_the_key(void **unused)
{
    static const char *const names[] = { "layers", "vacuum", "cutoff", "k spacing", "width", "heights",
                                         "energy tolerance", "smearing", "xc", "checksum", "site",
                                         "termination", "facet", "upstream", "calculator",
                                         "structure", "scan centre", "sheet" };
    flow_spec base = toy_spec();
    char *text = text_of(&base);
    (void)unused;

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        flow_spec spec = toy_spec();
        switch (i) {
        case 0: spec.protocol.layers++; break;
        case 1: spec.protocol.vacuum_ang += 1.0; break;
        case 2: spec.ecut_ev += 1.0; break;
        case 3: spec.protocol.k_spacing_per_ang *= 0.5; break;
        case 4: spec.protocol.width_ev *= 2.0; break;
        case 5: spec.protocol.heights++; break;
        case 6: spec.protocol.energy_tol_ev *= 0.1; break;
        case 7: strcpy(spec.protocol.smearing, "gaussian"); break;
        case 8: strcpy(spec.protocol.xc, "LDA"); break;
        case 9: spec.data_sets.item[1].set.sha256[5] = 'f'; break;
        case 10: strcpy(spec.place, "ontop:O"); break;
        case 11: spec.termination = 0; break;
        case 12: spec.miller[2] = 1; break;
        case 13: strcpy(spec.upstream[0], "ccc"); break;
        case 14: strcpy(spec.calculator, "other"); break;
        case 15: spec.structure->position[1][2] += 1e-12; break;
        case 16: spec.scan_centre = 1.02; break;
        default: spec.sheet = 1; break;
        }
        char *changed = text_of(&spec);
        if (strcmp(text, changed) == 0)
            fail_msg("%s does not change the specification", names[i]);
        free(changed);
        flow_spec_clear(&spec);
    }
    free(text);
    flow_spec_clear(&base);
}

static void broken_specifications_name_the_key(void **unused)
{
    flow_spec spec = toy_spec(), back;
    char *text = text_of(&spec);
    json_t *json = flow_spec_json(text);
    dft_error err = { DFT_OK, "" };
    (void)unused;

    free(text);
    json_object_del(json_object_get(json, "protocol"), "layers");
    text = json_dumps(json, 0);
    json_decref(json);
    assert_int_equal(flow_spec_read("RUN/tasks/x.json", text, &back, &err), DFT_EPARSE);
    assert_non_null(strstr(err.message, "RUN/tasks/x.json"));
    assert_non_null(strstr(err.message, "layers"));
    assert_int_equal(flow_spec_read("x.json", "{\"a\":", &back, &err), DFT_EPARSE);
    free(text);
    flow_spec_clear(&spec);
}

static void chosen_data_sets_and_the_mesh_reach_the_engine(void **unused)
{
    flow_spec spec = toy_spec();
    const dft_scf_options options = flow_spec_scf_options(&spec, spec.structure->lattice, "/data");
    (void)unused;

    assert_int_equal(options.n_data, 1);
    assert_string_equal(options.data[0].name, "Mg.2");
    assert_string_equal(options.data_path, "/data");
    assert_int_equal(options.kmesh[2], 1);          /* a slab's normal */
    /* 2 pi/(7.5 bohr) = 1.583 1/A; over 0.35: 4.52 */
    assert_int_equal(options.kmesh[0], 5);
    assert_close(options.ecut * DFT_HARTREE_EV, 500.0, 1e-10);
    flow_spec_clear(&spec);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_specification_reads_back_as_written),
        cmocka_unit_test(the_text_is_canonical),
        cmocka_unit_test(every_input_changes_the_key),
        cmocka_unit_test(broken_specifications_name_the_key),
        cmocka_unit_test(chosen_data_sets_and_the_mesh_reach_the_engine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
