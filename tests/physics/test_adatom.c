/*
 * Lithium on Al(111), p(2x2), against GPAW 22.8 at equal settings and geometries
 * (tests/data/reference/gpaw-22.8-adatom.csv by tests/peers/adatom_gpaw.py, structures in adatom/):
 * binding at fcc, hcp and bridge, what it costs from both to the bridge between, every force, and how far lithium would move in GPAW from where it is at rest here.  Prints a table.
 */
#include "dft-lite/crystal/read.h"
#include "tests/scf/reference.h"
#include "tests/support/assert_close.h"
#include "workflows/evaluator_dftlite.h"

#define TABLE "tests/data/reference/gpaw-22.8-adatom.csv"
#define FOLDER "tests/data/reference/adatom/"
#define MOST_ATOMS 16
#define EV_ANG (DFT_HARTREE_EV / DFT_BOHR_ANG)
#define LIFT_ANG 0.05

typedef struct {
    double gpaw, ours;                  /* eV, zero width */
    double worst;                       /* largest difference of a force component, eV/A */
    double last_z, gpaw_last_z;         /* force on the last atom along z, eV/A */
} point;

static size_t read_forces(const char *p, double *out)
{
    size_t n = 0;
    int used;

    while (n < 3 * MOST_ATOMS && sscanf(p, "%lf%n", &out[n], &used) == 1) {
        p += used;
        p += *p == ';';
        n++;
    }
    return n;
}

/* 300 eV, Fermi-Dirac 0.1 eV: the settings of the script. */
static flow_dftlite *engine_of(int k, int k_normal)
{
    flow_dftlite_options options = flow_dftlite_defaults();
    flow_dftlite *engine = NULL;

    options.scf.ecut = 300.0 / DFT_HARTREE_EV;
    options.scf.width = 0.1 / DFT_HARTREE_EV;
    options.scf.energy_tolerance = 1e-6 / DFT_HARTREE_EV;
    options.scf.kmesh[0] = options.scf.kmesh[1] = k;
    options.scf.kmesh[2] = k_normal;
    assert_int_equal(flow_dftlite_create(&options, &engine, NULL), DFT_OK);
    return engine;
}

/* The structure of a row, its last atom higher by lift_ang. */
static point compute(const dft_csv *csv, const char *id, double lift_ang, flow_dftlite *engine)
{
    const flow_evaluator v = flow_dftlite_evaluator(engine);
    const size_t row = test_reference_row(csv, id);
    dft_crystal *crystal = NULL;
    char path[128];
    double force[MOST_ATOMS][3], theirs[3 * MOST_ATOMS];
    flow_evaluation e = { .force = force };
    point out = { .gpaw = test_reference_number(csv, row, "energy_ev"), .worst = 0.0 };

    assert_true(row < dft_csv_n_rows(csv));
    snprintf(path, sizeof path, FOLDER "%s.extxyz", id);
    assert_int_equal(dft_crystal_read(path, &crystal, NULL), DFT_OK);
    const size_t n = crystal->n_atoms;
    assert_int_equal(read_forces(test_reference_text(csv, row, "forces_ev_per_ang"), theirs), 3 * n);
    crystal->position[n - 1][2] += lift_ang / (crystal->lattice[2][2] * DFT_BOHR_ANG);
    assert_int_equal(v.evaluate(v.context, crystal, FLOW_WANT_FORCES, 0, &e, NULL), DFT_OK);
    assert_true(e.converged);
    assert_int_equal(flow_dftlite_report_of(engine)->kmesh[0],
                     (int)test_reference_number(csv, row, "kmesh"));
    out.ours = e.energy * DFT_HARTREE_EV;
    for (size_t i = 0; i < 3 * n; i++)
        out.worst = fmax(out.worst, fabs(force[i / 3][i % 3] * EV_ANG - theirs[i]));
    out.last_z = force[n - 1][2] * EV_ANG;
    out.gpaw_last_z = theirs[3 * n - 1];
    if (lift_ang == 0.0)
        print_message("%-8s %.6f eV (GPAW %.6f)  forces within %.1e eV/A\n", id, out.ours, out.gpaw,
                      out.worst);
    dft_crystal_free(crystal);
    return out;
}

static void compare(const char *what, double ours, double gpaw, double tolerance)
{
    print_message("%-16s %+.5f eV (GPAW %+.5f)\n", what, ours, gpaw);
    assert_close(ours, gpaw, tolerance);
}

/* Asked: 5 meV and 0.01 A.  Found: 0.01 meV, 5e-4 eV/A and 0.0005 A; the tolerances leave room for another grid or
 * data set release. */
static void lithium_on_aluminium_agrees_with_gpaw(void **unused)
{
    static const char *const site[] = { "fcc", "bridge", "hcp" };
    dft_csv *csv = NULL;
    point at[3];
    (void)unused;

    assert_int_equal(dft_csv_read(TABLE, &csv, NULL), DFT_OK);
    flow_dftlite *bulk_engine = engine_of(13, 13), *engine = engine_of(3, 1);
    const point bulk = compute(csv, "bulk", 0.0, bulk_engine), clean = compute(csv, "clean", 0.0, engine);
    for (int i = 0; i < 3; i++) {
        at[i] = compute(csv, site[i], 0.0, engine);
        compare(site[i], at[i].ours - clean.ours - bulk.ours, at[i].gpaw - clean.gpaw - bulk.gpaw, 1e-3);
        assert_true(at[i].worst < 5e-3);
    }
    compare("fcc to bridge", at[1].ours - at[0].ours, at[1].gpaw - at[0].gpaw, 1e-3);
    compare("hcp to bridge", at[1].ours - at[2].ours, at[1].gpaw - at[2].gpaw, 1e-3);
    const point lifted = compute(csv, "fcc", LIFT_ANG, engine);
    const double stiffness = (at[0].last_z - lifted.last_z) / LIFT_ANG;
    print_message("lithium at fcc: %.3f eV/A^2; in GPAW it would move by %+.5f A, here by %+.5f\n", stiffness,
                  at[0].gpaw_last_z / stiffness, at[0].last_z / stiffness);
    assert_true(stiffness > 0.2);
    assert_close(at[0].gpaw_last_z / stiffness, at[0].last_z / stiffness, 0.005);
    assert_close(at[0].last_z / stiffness, 0.0, 0.01);
    flow_dftlite_free(engine);
    flow_dftlite_free(bulk_engine);
    dft_csv_free(csv);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lithium_on_aluminium_agrees_with_gpaw),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
