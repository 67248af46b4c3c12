#include "descriptors/calphad_tdb.h"

#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "tests/descriptors/calphad_systems.h"

#define DATA "tests/data/tdb/"                   /* tests run from the top of the repository */

/* G of both phases at a few site fractions: whatever way it is written, it is the same file. */
static void five_ways_of_writing_one_database_give_the_same_energies(void **unused)
{
    static const char *const files[] = {
        DATA "plain.tdb", DATA "lower-crlf.tdb", DATA "stems.tdb", DATA "crowded.tdb",
        DATA "fortran.tdb",
    };
    static const double temperatures[] = { 300.0, 699.0, 700.0, 933.0 };
    double expected[4][2] = { { 0.0 } };
    (void)unused;

    for (size_t f = 0; f < sizeof files / sizeof *files; f++) {
        opened o = open_binary(files[f], "Al");
        desc_calphad_state *state = desc_solver_state(o.solver);
        const double y[2][3] = { { 0.3, 0.7, 0.0 }, { 0.3, 0.7, 1.0 } };

        assert_int_equal(desc_calphad_n_phases(o.system), 2);
        for (size_t t = 0; t < 4; t++) {
            assert_int_equal(desc_calphad_state_set(state, temperatures[t], 1e5, NULL), DFT_OK);
            for (size_t p = 0; p < 2; p++) {
                const size_t phase = desc_calphad_find_phase(o.system, p ? "FCC_A1" : "LIQUID");
                const double g = desc_calphad_gibbs(state, phase, y[p], NULL, NULL);
                if (f == 0)
                    expected[t][p] = g;
                assert_close(g, expected[t][p], 1e-9);
            }
        }
        close_binary(&o);
    }
}

static void references_and_checksum_come_with_the_file(void **unused)
{
    opened o = open_binary(DATA "plain.tdb", "Al");
    char *sources = desc_calphad_sources(o.system);
    (void)unused;

    assert_string_equal(desc_tdb_reference(o.tdb, "REF1"),
                        "A.T. Dinsdale, Calphad 15 (1991) 317-425");
    assert_null(desc_tdb_reference(o.tdb, "REF9"));
    assert_non_null(strstr(sources, "317-425; A test"));
    assert_int_equal(strlen(desc_tdb_sha256(o.tdb)), 64);
    assert_string_equal(desc_tdb_path(o.tdb), DATA "plain.tdb");
    free(sources);
    close_binary(&o);
}

/* JSON takes valid UTF-8 only; old files are in Latin-1. */
static void citations_keep_utf8_and_lose_latin1(void **unused)
{
    static const char text[] =
        "ELEMENT AL A 1 1 1 !\nPHASE L % 1 1 !\nCONST L :AL: !\n"
        "PARA G(L,AL) 298.15 1; 6000 N R !\n"
        "LIST_OF_REFERENCES R 'V\xC3\xB6gel, V\xF6gel \xE2\x80\x93 \xFF' Q 'end\xC3' !\n";
    desc_tdb *tdb = NULL;
    (void)unused;

    assert_int_equal(desc_tdb_parse("text", text, sizeof text - 1, &tdb, NULL), DFT_OK);
    assert_string_equal(desc_tdb_reference(tdb, "R"),
                        "V\xC3\xB6gel, V?gel \xE2\x80\x93 ?");
    assert_string_equal(desc_tdb_reference(tdb, "Q"), "end?");
    desc_tdb_free(tdb);
}

static void oddities_become_notes_and_the_last_value_counts(void **unused)
{
    opened o = open_binary(DATA "wild.tdb", "Al");
    const double y[2] = { 1.0, 0.0 };
    (void)unused;

    assert_int_equal(desc_tdb_n_notes(o.tdb), 5);
    assert_non_null(strstr(desc_tdb_note(o.tdb, 0), "USED is defined twice"));
    assert_int_equal(desc_calphad_state_set(desc_solver_state(o.solver), 300.0, 1e5, NULL), DFT_OK);
    assert_close(desc_calphad_gibbs(desc_solver_state(o.solver), 0, y, NULL, NULL), 5.0, 0.0);
    close_binary(&o);
}

/* Each phase of refused.tdb but GOOD: a system with it is refused, naming it and the model. */
static void models_that_are_not_computed_are_refused_by_name(void **unused)
{
    static const struct { const char *phase, *says; } refused[] = {
        { "IONIC", "ionic two-sublattice liquid" }, { "PERMUTED", "option F" },
        { "CHARGED", "charged constituents" },      { "TOOP", "TERNARY_EXTRAPOLAT" },
        { "QUASI", "QUASICHEM_FACT00" },            { "EINSTEIN", "type THETA" },
        { "TWOSTATE", "type GD" },                  { "GAPPED", "end member LI" },
        { "RECIPROCAL", "order 1 among more than one pair" },
    };
    const char *const elements[2] = { "Al", "Li" };
    desc_tdb *tdb = NULL;
    (void)unused;

    assert_int_equal(desc_tdb_read(DATA "refused.tdb", &tdb, NULL), DFT_OK);
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        const char *const phases[2] = { "GOOD", refused[i].phase };
        desc_calphad *system = NULL;
        dft_error err = { DFT_OK, "" };
        assert_int_equal(desc_calphad_create(tdb, 2, elements, 2, phases, &system, &err),
                         DFT_EINPUT);
        assert_null(system);
        if (!strstr(err.message, refused[i].phase) || !strstr(err.message, refused[i].says)) {
            print_error("%s: %s\n", refused[i].phase, err.message);
            fail();
        }
    }
    desc_tdb_free(tdb);
}

/* GOOD itself works, but only at the pressure where its volume parameter has no part. */
static void the_other_phases_of_such_a_file_can_be_used(void **unused)
{
    const char *const elements[2] = { "Al", "Li" }, *const phases[1] = { "GOOD" };
    desc_tdb *tdb = NULL;
    desc_calphad *system = NULL;
    desc_calphad_state *state = NULL;
    dft_error err = { DFT_OK, "" };
    (void)unused;

    assert_int_equal(desc_tdb_read(DATA "refused.tdb", &tdb, NULL), DFT_OK);
    assert_int_equal(desc_calphad_create(tdb, 2, elements, 1, phases, &system, NULL), DFT_OK);
    assert_int_equal(desc_calphad_state_create(system, &state, NULL), DFT_OK);
    assert_int_equal(desc_calphad_state_set(state, 500.0, 1e5, NULL), DFT_OK);
    assert_int_equal(desc_calphad_state_set(state, 500.0, 1e9, &err), DFT_EINPUT);
    assert_non_null(strstr(err.message, "volume parameters"));
    desc_calphad_state_free(state);
    desc_calphad_free(system);
    desc_tdb_free(tdb);
}

#define HEAD "ELEMENT AL FCC 1 1 1 !\nELEMENT LI BCC 1 1 1 !\n"
#define TAIL "PHASE L % 1 1 !\nCONST L :AL,LI: !\n"

static void faults_are_named_with_file_and_line(void **unused)
{
    static const struct { const char *text, *says; } fault[] = {
        { "", "needs ELEMENT and PHASE" },
        { "ELEMENT 1X Y 1 1 1 !", "t.tdb:1: '1X' is no element symbol" },
        { HEAD "GARBAGE 1 2 3 !", "t.tdb:3: 'GARBAGE' is no TDB keyword" },
        { HEAD "P L % 1 1 !", "t.tdb:3: the keyword 'P' may mean PHASE or PARAMETER" },
        { HEAD TAIL "PHASE L % 1 1 !", "t.tdb:5: phase L is defined twice" },
        { HEAD "PHASE L % 1 1 !", "t.tdb:3: phase L has no CONSTITUENT" },
        { HEAD "PHASE L % 0 !", "1 to 10 sublattices" },
        { HEAD "PHASE L % 2 1 !", "2 site ratios" },
        { HEAD "PHASE L % 1 1 !\nCONST L :AL,CU: !", "t.tdb:4: phase L: constituent CU" },
        { HEAD "PHASE L % 2 1 1 !\nCONST L :AL: !", "sublattice 2 has no constituents" },
        { HEAD TAIL "PARA G(L,AL;0) 298.15 1+; 6000 N !", "t.tdb:5: a number, a name" },
        { HEAD TAIL "PARA G(L,AL;0) 298.15 NOWHERE#; 6000 N !", "t.tdb:5: there is no FUNCTION NOW" },
        { HEAD TAIL "PARA G(L,AL;0) 298.15 (1+2; 6000 N !", "closing parenthesis" },
        { HEAD TAIL "PARA G(L,AL;0) 298.15 T**T; 6000 N !", "the exponent of ** must be a number" },
        { HEAD TAIL "PARA G(L,AL;0) 298.15 1; 200 N !", "the temperature limit 200 must be above" },
        { HEAD TAIL "PARA G(L,AL;-1) 298.15 1; 600 N !", "the order behind ';'" },
        { HEAD TAIL "PARA G(L,AL;3E55) 298.15 1; 600 N !", "the order behind ';'" },
        { HEAD "SPECIES S AL1E99 !\n" TAIL, "a count above 0" },
        { HEAD TAIL "PARA G(L,AL;0 298.15 1; 600 N !", "')' is expected" },
        { HEAD "FUN A 298.15 B; 600 N !\nFUN B 298.15 A; 600 N !\n" TAIL, "uses itself" },
        { HEAD "FUN A 298.15 ; 600 N !\n" TAIL, "t.tdb:3: an expression is expected" },
        { HEAD "TYPE_DEF & GES A_P_D L MAGNETIC 0 0.4 !\nPHASE L %& 1 1 !\nCONST L :AL: !",
          "t.tdb:3: MAGNETIC 0 0.4" },
        { HEAD "SPECIES S QQ1 !\n" TAIL, "an element that is not defined" },
        { HEAD "FUN A_NAME_THAT_IS_MUCH_LONGER_THAN_ANY_PROGRAM_ALLOWS 298.15 1; 600 N !",
          "longer than 39 characters" },
    };
    (void)unused;

    for (size_t i = 0; i < sizeof fault / sizeof *fault; i++) {
        desc_tdb *tdb = NULL;
        dft_error err = { DFT_OK, "" };
        const dft_status status = desc_tdb_parse("t.tdb", fault[i].text, strlen(fault[i].text), &tdb,
                                                 &err);
        if (status != DFT_EPARSE || tdb || !strstr(err.message, fault[i].says)) {
            print_error("%s\n-> status %d: %s\n", fault[i].text, status, err.message);
            fail();
        }
    }
}

static void a_missing_file_and_a_nul_byte_are_refused(void **unused)
{
    desc_tdb *tdb = NULL;
    dft_error err = { DFT_OK, "" };
    (void)unused;

    assert_int_equal(desc_tdb_read(DATA "none.tdb", &tdb, &err), DFT_ENOFILE);
    assert_int_equal(dft_exit_code(err.status), 66);
    assert_int_equal(desc_tdb_parse("t.tdb", "ELEMENT\0AL", 10, &tdb, &err), DFT_EPARSE);
    assert_non_null(strstr(err.message, "byte 8 is NUL"));
    assert_int_equal(dft_exit_code(err.status), 65);
}

/* Every allocation of reading refused in turn: an error, no crash and no leak (with a sanitiser).
 *  */
static void refused_memory_is_an_error_at_every_allocation(void **unused)
{
    dft_status status = DFT_ENOMEM;
    long n = 1;
    (void)unused;

    for (; status == DFT_ENOMEM; n++) {
        desc_tdb *tdb = NULL;
        dft_alloc_refuse_nth(n);
        status = desc_tdb_read(DATA "order-thermocalc.tdb", &tdb, NULL);
        dft_alloc_refuse_nth(0);
        desc_tdb_free(tdb);
    }
    assert_int_equal(status, DFT_OK);
    assert_true(n > 50);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(five_ways_of_writing_one_database_give_the_same_energies),
        cmocka_unit_test(references_and_checksum_come_with_the_file),
        cmocka_unit_test(citations_keep_utf8_and_lose_latin1),
        cmocka_unit_test(oddities_become_notes_and_the_last_value_counts),
        cmocka_unit_test(models_that_are_not_computed_are_refused_by_name),
        cmocka_unit_test(the_other_phases_of_such_a_file_can_be_used),
        cmocka_unit_test(faults_are_named_with_file_and_line),
        cmocka_unit_test(a_missing_file_and_a_nul_byte_are_refused),
        cmocka_unit_test(refused_memory_is_an_error_at_every_allocation),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
