/* Sixty SCF starts from the structure library with the quick protocol's mesh and cutoffs and everything
 * else at its default: at least 58 must converge within 40 steps.  The counts of the last run are kept in
 * tests/data/reference/scf-starts.csv (written anew to build/scf-starts.csv). */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "candidates/library.h"
#include "candidates/miller.h"
#include "candidates/slab.h"
#include "dft-lite/base/units.h"
#include "dft-lite/scf/scf.h"
#include "tests/support/assert_close.h"
#include "workflows/protocol.h"

typedef struct { const char *id, *facet; int spin; } start;

static const start starts[] = {
    { "Li_bcc", "", 0 }, { "Li_9R", "", 0 }, { "Cu_fcc", "", 0 }, { "Ag_fcc", "", 0 },
    { "Au_fcc", "", 0 }, { "Al_fcc", "", 0 }, { "Pt_fcc", "", 0 }, { "Pd_fcc", "", 0 },
    { "Zn_hcp", "", 0 }, { "Mg_hcp", "", 0 }, { "Ti_hcp", "", 0 }, { "Cr_bcc", "", 0 },
    { "Hg_rhomb", "", 0 }, { "Sn_beta", "", 0 }, { "In_tet", "", 0 }, { "Bi_A7", "", 0 },
    { "Si_dia", "", 0 }, { "C_diamond", "", 0 }, { "graphite", "", 0 }, { "graphene", "", 0 },
    { "LiAg_B2", "", 0 }, { "Li3Ag_D03", "", 0 }, { "LiZn_B32", "", 0 }, { "LiAl_B32", "", 0 },
    { "LiHg_B2", "", 0 }, { "Li3Bi_D03", "", 0 }, { "LiSn", "", 0 }, { "LiCu3_L12", "", 0 },
    { "Li2O", "", 0 }, { "ZnO_wz", "", 0 }, { "Cu2O", "", 0 }, { "MgO", "", 0 },
    { "TiO2_rutile", "", 0 }, { "SiO2_aquartz", "", 0 }, { "SnO2", "", 0 }, { "CuO", "", 1 },
    { "CoO", "", 1 }, { "LiF", "", 0 }, { "MgF2", "", 0 }, { "AlF3", "", 0 },
    { "Li2S", "", 0 }, { "ZnS_zb", "", 0 }, { "Li3N_alpha", "", 0 }, { "Li3P", "", 0 },
    { "Ti2C", "", 0 }, { "Ti2CO2", "", 0 }, { "Ti3C2O2", "", 0 }, { "V2CO2", "", 0 },
    { "Ni_fcc", "", 1 }, { "Fe_bcc", "", 1 }, { "Co_hcp", "", 1 },
    { "Cu_fcc", "111", 0 }, { "Ag_fcc", "100", 0 }, { "Pt_fcc", "111", 0 }, { "Ni_fcc", "111", 1 },
    { "Ti_hcp", "0001", 0 }, { "Li_bcc", "110", 0 }, { "LiAg_B2", "110", 0 }, { "MgO", "100", 0 },
    { "ZnO_wz", "10-10", 0 },
};
#define N_STARTS (sizeof starts / sizeof starts[0])
#define LAYERS 3
#define VACUUM_ANG 10.0

static dft_crystal *structure(const cand_library *library, const start *s)
{
    const cand_entry *entry = NULL;
    dft_crystal *bulk = NULL, *slab = NULL;
    int miller[3];

    assert_int_equal(cand_library_find(library, s->id, &entry, NULL), DFT_OK);
    assert_int_equal(cand_entry_crystal(entry, s->facet[0] ? CAND_CELL_CONVENTIONAL
                                                           : CAND_CELL_PRIMITIVE, &bulk, NULL), DFT_OK);
    if (!s->facet[0])
        return bulk;
    assert_int_equal(cand_miller_parse(s->facet, miller, NULL, NULL), DFT_OK);
    assert_int_equal(cand_slab_create(bulk, miller, LAYERS, VACUUM_ANG / DFT_BOHR_ANG, 0, &slab, NULL,
                                      NULL), DFT_OK);
    dft_crystal_free(bulk);
    return slab;
}

/* Steps until convergence; 0 when there was none. */
static int solve(const start *s, const dft_crystal *crystal, const flow_protocol *protocol, FILE *list)
{
    const int slab[3] = { 0, 0, s->facet[0] != '\0' };
    dft_scf_options options = flow_protocol_scf_options(
        protocol, flow_protocol_ecut_ev(protocol, crystal->n_atoms, crystal->z), crystal->lattice, slab);
    dft_scf_result *result = NULL;
    dft_error err = { 0 };
    int steps = 0;

    options.spin = s->spin;
    options.energy_tolerance = dft_scf_defaults().energy_tolerance;
    options.max_iterations = dft_scf_defaults().max_iterations;
    if (dft_scf_run(crystal, &options, NULL, &result, &err) != DFT_OK) {
        fprintf(list, "%s,%s,%s,%zu,,0,,\"%s\"\n", s->id, s->facet, s->spin ? "collinear" : "none",
                crystal->n_atoms, err.message);
    } else {
        steps = result->converged ? result->scf_iterations : 0;
        fprintf(list, "%s,%s,%s,%zu,%.0f,%d,%.3f,\"%s\"\n", s->id, s->facet,
                s->spin ? "collinear" : "none", crystal->n_atoms, result->n_electrons,
                result->scf_iterations, result->magnetic_moment, result->message);
    }
    fflush(list);
    dft_scf_result_free(result);
    return steps;
}

static void nearly_all_starts_converge_within_forty_steps(void **unused)
{
    FILE *list = fopen("build/scf-starts.csv", "w");
    cand_library *library = NULL;
    flow_protocol protocol;
    int n_good = 0;
    (void)unused;

    assert_non_null(list);
    assert_int_equal(flow_protocol_find("quick", &protocol, NULL), DFT_OK);
    assert_int_equal(cand_library_read("candidates/data", &library, NULL), DFT_OK);
    fputs("structure,facet,spin,atoms,electrons,steps,moment_mub,message\n", list);
    for (size_t i = 0; i < N_STARTS; i++) {
        dft_crystal *crystal = structure(library, &starts[i]);
        const int steps = solve(&starts[i], crystal, &protocol, list);
        n_good += steps > 0 && steps <= 40;
        dft_crystal_free(crystal);
    }
    fclose(list);
    cand_library_free(library);
    assert_true(N_STARTS >= 60 && n_good >= (int)N_STARTS - 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nearly_all_starts_converge_within_forty_steps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
