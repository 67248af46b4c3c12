/*
 * Gibbs energies against a second evaluation: the formulas of the models written out by hand in
 * long double, for phases of the data files, with derivatives by finite differences of that
 * evaluation.
 */

#include "descriptors/calphad_system.h"

#include <stdlib.h>
#include <string.h>

#include "tests/descriptors/calphad_systems.h"

typedef long double real;

#define R 8.31451L
#define STEP 1e-3L                       /* relative: fourth-order differences leave 1e-12 */

static real xlnx(real y) { return y * logl(y); }

/* ---- the assessed binaries, as in the published tables ---- */

static real ghser_li(real t)
{
    if (t < 453.60L)
        return -10583.817L + 217.637482L * t - 38.940488L * t * logl(t) + .035466931L * t * t
               - 1.9869816E-05L * t * t * t + 159994 / t;
    if (t < 500)
        return -559579.123L + 10547.8799L * t - 1702.88865L * t * logl(t) + 2.25832944L * t * t
               - 5.71066077E-04L * t * t * t + 33885874 / t;
    return -9062.994L + 179.278285L * t - 31.2283718L * t * logl(t) + .002633221L * t * t
           - 4.38058E-07L * t * t * t - 102387 / t;
}

static real ghser_al(real t)
{
    if (t < 700)
        return -7976.15L + 137.093038L * t - 24.3671976L * t * logl(t) - .001884662L * t * t
               - 8.77664E-07L * t * t * t + 74092 / t;
    if (t < 933.47L)
        return -11276.24L + 223.048446L * t - 38.5844296L * t * logl(t) + .018531982L * t * t
               - 5.764227E-06L * t * t * t + 74092 / t;
    return -11278.361L + 188.684136L * t - 31.748192L * t * logl(t) - 1.230622E+28L * powl(t, -9);
}

/* B32 LiAl, (Al,Li)(Li,Va): y = Al, Li, Li, Va. */
static real alli(const real *y, real t)
{
    const real a = ghser_al(t), l = ghser_li(t);

    return y[0] * y[2] * (-41300 + 16.86L * t + a + l) + y[1] * y[2] * (2 + 2 * l)
           + y[0] * y[3] * (24000 + a) + y[1] * y[3] * (50000 + l)
           + y[0] * y[1] * y[2] * (20000 - 26000 * (y[0] - y[1])) + y[0] * y[1] * y[3] * 2000
           + y[0] * y[2] * y[3] * (-24000 + 10 * t)
           + R * t * (xlnx(y[0]) + xlnx(y[1]) + xlnx(y[2]) + xlnx(y[3]));
}

/* Li-Mg liquid: y = Li, Mg.  GLIQMG and GLIQLI below and above the melting points. */
static real li_mg_liquid(const real *y, real t)
{
    const real d = y[0] - y[1];
    const real mg = t < 923 ? -8367.34L + 143.675547L * t - 26.1849782L * t * logl(t)
                                  + 4.858E-04L * t * t - 1.393669E-06L * t * t * t + 78950 / t
                                  + 8202.243L - 8.83693L * t - 8.0176E-20L * powl(t, 7)
                            : -5439.869L + 195.324057L * t - 34.3088L * t * logl(t);
    const real li = t < 453.60L ? 12015.027L - 362.187078L * t + 61.6104424L * t * logl(t)
                                      - .182426463L * t * t + 6.3955671E-05L * t * t * t - 559968 / t
                                : -6057.31L + 172.652183L * t - 31.2283718L * t * logl(t)
                                      + .002633221L * t * t - 4.38058E-07L * t * t * t - 102387 / t;

    return y[0] * li + y[1] * mg + R * t * (xlnx(y[0]) + xlnx(y[1]))
           + y[0] * y[1] * ((-14935 + 10.371L * t) + (-1789 + 1.143L * t) * d
                            + (6533 - 6.6915L * t) * d * d);
}

/* Hillert and Jarl: R T ln(1 + b) g(T/tc); p is 0.28 (fcc) or 0.40 (bcc). */
static real magnetic(real t, real tc, real b, real p)
{
    const real a = 518.0L / 1125 + 11692.0L / 15975 * (1 / p - 1), u = t / tc;

    if (tc <= 0)
        return 0;
    if (u <= 1)
        return R * t * logl(1 + b)
               * (1 - (79 / (140 * p) / u + 474.0L / 497 * (1 / p - 1)
                       * (powl(u, 3) / 6 + powl(u, 9) / 135 + powl(u, 15) / 600)) / a);
    return -R * t * logl(1 + b) * (powl(u, -5) / 10 + powl(u, -15) / 315 + powl(u, -25) / 1500) / a;
}

/* Li-Ni fcc: y = Li, Ni, Va. */
static real li_ni_fcc(const real *y, real t)
{
    const real ni = t < 1728 ? -5179.159L + 117.854L * t - 22.096L * t * logl(t) - .0048407L * t * t
                             : -27840.62L + 279.134977L * t - 43.1L * t * logl(t)
                                   + 1.12754E+31L * powl(t, -9);

    return (y[0] * (ghser_li(t) - 108 + 1.3L * t) + y[1] * ni + y[0] * y[1] * 35350) * y[2]
           + R * t * (xlnx(y[0]) + xlnx(y[1]))
           + magnetic(t, 633 * y[1] * y[2], .52L * y[1] * y[2], .28L);
}

/* ---- models that the binaries do not have: tests/data/tdb ---- */

/* Disordered fcc of order-thermocalc.tdb, without mixing; v: vacant interstitial sites, 1. */
static real al_ni_disordered(real a, real n, real v, real t)
{
    const real tc = (633 * n - 1112 * a * n) * v, b = .52L * n * v;

    return (a * (-8000 - 20 * t) + n * (-5000 - 25 * t)
            + a * n * (-160000 + 15 * t + 4000 * (a - n))) * v
           + magnetic(t, tc < 0 ? tc / -3 : tc, b, .28L);
}

/* Ordering energy; y = Al, Ni on the first, Al, Ni on the second sublattice. */
static real al_ni_ordering(const real *y, real t)
{
    return (y[1] * y[2] * (-15000 + 2 * t) + y[0] * y[3] * (-12000 + t)
            + y[0] * y[1] * (-6000 + 3 * t) + y[2] * y[3] * (-2000 + t)) * y[4];
}

/* L1_2: y = Al, Ni, Al, Ni, Va. */
static real al_ni_l12(const real *y, real t)
{
    const real a = .75L * y[0] + .25L * y[2], n = .75L * y[1] + .25L * y[3];
    const real x[5] = { a, n, a, n, y[4] };

    return al_ni_disordered(a, n, y[4], t) + al_ni_ordering(y, t) - al_ni_ordering(x, t)
           + R * t * (.75L * (xlnx(y[0]) + xlnx(y[1])) + .25L * (xlnx(y[2]) + xlnx(y[3])));
}

/* Three constituents with Muggianu's weights: y = Ag, Cu, Li. */
static real weighted(const real *y, real t)
{
    const real rest = (1 - y[0] - y[1] - y[2]) / 3;

    return 90000 * (y[0] + y[1] + y[2]) + R * t * (xlnx(y[0]) + xlnx(y[1]) + xlnx(y[2]))
           + y[0] * y[1] * y[2] * (1000 * (y[0] + rest) + 2000 * (y[1] + rest)
                                   + (t - 500) * (y[2] + rest));
}

/* ---- the comparison ---- */

typedef real (*energy)(const real *y, real t);

/* Energy with z_i moved by a steps of size h_i, z_j by b steps. */
static real moved(energy f, size_t n, const real *z, const real *h, size_t i, int a, size_t j, int b)
{
    real w[8];

    memcpy(w, z, (n + 1) * sizeof *w);
    w[i] += (real)a * h[i];
    w[j] += (real)b * h[j];
    return f(w, w[n]);
}

static real first_difference(energy f, size_t n, const real *z, const real *h, size_t i)
{
    return (8 * (moved(f, n, z, h, i, 1, i, 0) - moved(f, n, z, h, i, -1, i, 0))
            - (moved(f, n, z, h, i, 2, i, 0) - moved(f, n, z, h, i, -2, i, 0))) / (12 * h[i]);
}

/* Fourth order in both directions: the first difference applied twice. */
static real second_difference(energy f, size_t n, const real *z, const real *h, size_t i, size_t j)
{
    static const int at[4] = { -2, -1, 1, 2 };
    static const real weight[4] = { 1.0L / 12, -8.0L / 12, 8.0L / 12, -1.0L / 12 };
    real sum = 0;

    for (int a = 0; a < 4; a++)
        for (int b = 0; b < 4; b++)
            sum += weight[a] * weight[b] * moved(f, n, z, h, i, at[a], j, at[b]);
    return sum / (h[i] * h[j]);
}

/* A system opened for one phase, with the energy that it must have. */
typedef struct {
    const char *path, *elements[3], *phase;
    size_t n_elements, n;                /* of the site fractions */
    energy f;
} model;

static const model models[] = {
    { "descriptors/data/al-li.tdb", { "Al", "Li" }, "ALLI", 2, 4, alli },
    { "descriptors/data/li-mg.tdb", { "Li", "Mg" }, "LIQUID", 2, 2, li_mg_liquid },
    { "descriptors/data/li-ni.tdb", { "Li", "Ni" }, "FCC_A1", 2, 3, li_ni_fcc },
    { "tests/data/tdb/order-thermocalc.tdb", { "Al", "Ni" }, "FCC_L12", 2, 5, al_ni_l12 },
    { "tests/data/tdb/order-matcalc.tdb", { "Al", "Ni" }, "FCC_L12", 2, 5, al_ni_l12 },
    { "tests/data/tdb/ternary.tdb", { "Ag", "Cu", "Li" }, "WEIGHTED", 3, 3, weighted },
};
#define N_MODELS (sizeof models / sizeof *models)

/* Even numbers in (0.02, 0.98), the same in each run; a lone constituent stays at 1. */
static void random_point(const model *m, const opened *o, size_t phase, unsigned *seed, double *y,
                         double *t)
{
    for (size_t i = 0; i < m->n; i++) {
        size_t alone = 0;
        for (size_t k = 0; k < m->n; k++)
            alone += desc_calphad_sublattice(o->system, phase, k)
                     == desc_calphad_sublattice(o->system, phase, i);
        *seed = *seed * 1664525U + 1013904223U;
        y[i] = alone == 1 ? 1.0 : 0.02 + 0.96 * (double)(*seed >> 8) / 16777216.0;
    }
    *seed = *seed * 1664525U + 1013904223U;
    *t = 310.0 + 1600.0 * (double)(*seed >> 8) / 16777216.0;
}

/* Differences across a limit of the piecewise functions mean nothing. */
static int near_a_limit(double t)
{
    static const double limits[] = { 453.6, 500.0, 700.0, 923.0, 933.47, 1728.0 };

    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++)
        if (fabs(t / limits[i] - 1.0) < 5e-3)
            return 1;
    return 0;
}

static void relative_close(double a, real b, double scale, double tolerance)
{
    assert_close((double)((a - b) / (fabsl(b) + scale)), 0.0, tolerance);
}

/* 1e-8 relative, as asked; each derivative is measured against its own size, plus R T (or R) where
 * it may pass through zero. */
static void energies_and_derivatives_agree_with_a_second_evaluation(void **unused)
{
    unsigned seed = 20261122U;
    (void)unused;

    for (size_t k = 0; k < N_MODELS; k++) {
        const model *m = &models[k];
        opened o = open_elements(m->path, m->n_elements, m->elements);
        const size_t phase = desc_calphad_find_phase(o.system, m->phase), n = m->n;
        desc_calphad_state *state = desc_solver_state(o.solver);

        assert_int_equal(desc_calphad_n_fractions(o.system, phase), n);
        for (int trial = 0; trial < 200; trial++) {
            double y[8], t, gradient[8], hessian[64];
            real z[8], h[8];
            random_point(m, &o, phase, &seed, y, &t);
            if (near_a_limit(t))
                continue;
            for (size_t i = 0; i < n; i++)
                z[i] = y[i];
            z[n] = t;
            for (size_t i = 0; i <= n; i++)
                h[i] = STEP * z[i];
            assert_int_equal(desc_calphad_state_set(state, t, 1e5, NULL), DFT_OK);
            const double g = desc_calphad_gibbs(state, phase, y, gradient, hessian);
            relative_close(g, m->f(z, z[n]), 1.0, 1e-12);
            assert_close(desc_calphad_gibbs(state, phase, y, NULL, NULL), g, 1e-9);
            for (size_t i = 0; i <= n; i++) {
                const double unit = (double)R * (i == n ? 1.0 : t);
                relative_close(gradient[i], first_difference(m->f, n, z, h, i), unit, 1e-8);
                for (size_t j = 0; j <= n; j++)
                    relative_close(hessian[i * (n + 1) + j],
                                   second_difference(m->f, n, z, h, i, j),
                                   (double)R * t / (double)(z[i] * z[j]) , 1e-8);
            }
        }
        close_binary(&o);
    }
}

/* G(Ni) of the magnetic element at its Curie temperature: value and slope are continuous. */
static void the_magnetic_part_is_smooth_at_the_curie_temperature(void **unused)
{
    opened o = open_binary("descriptors/data/li-ni.tdb", "Ni");
    const size_t fcc = desc_calphad_find_phase(o.system, "FCC_A1");
    const double y[3] = { 1e-9, 1.0 - 1e-9, 1.0 };       /* Li, Ni, Va: the order of the file */
    double g[2], gradient[2][4], hessian[16];
    (void)unused;

    for (int k = 0; k < 2; k++) {
        assert_int_equal(desc_calphad_state_set(desc_solver_state(o.solver), 633.0 + (k - 0.5) * 2e-6,
                                                1e5, NULL), DFT_OK);
        g[k] = desc_calphad_gibbs(desc_solver_state(o.solver), fcc, y, gradient[k], hessian);
    }
    assert_close(g[1] - g[0], 2e-6 * gradient[0][3], 1e-9);
    assert_close(gradient[1][3], gradient[0][3], 1e-5);
    close_binary(&o);
}

/* y = x on all sublattices: the ordered phase has the energy of its disordered part, and its
 * name. */
static void a_disordered_ordered_phase_is_the_disordered_phase(void **unused)
{
    const char *const elements[] = { "Al", "Ni" }, *const alone[] = { "FCC_A1" };
    opened o = open_elements("tests/data/tdb/order-thermocalc.tdb", 2, elements);
    desc_calphad *plain = NULL;
    desc_calphad_state *state = NULL;
    (void)unused;

    assert_int_equal(desc_calphad_create(o.tdb, 2, elements, 1, alone, &plain, NULL), DFT_OK);
    assert_int_equal(desc_calphad_state_create(plain, &state, NULL), DFT_OK);
    assert_int_equal(desc_calphad_n_phases(o.system), 1);    /* it stands for both */
    for (double a = 0.1; a < 1.0; a += 0.2) {
        const double y[5] = { a, 1.0 - a, a, 1.0 - a, 1.0 }, x[3] = { a, 1.0 - a, 1.0 };
        const double ordered[5] = { a - 0.05, 1.05 - a, a + 0.15, 0.85 - a, 1.0 };
        assert_int_equal(desc_calphad_state_set(state, 800.0, 1e5, NULL), DFT_OK);
        assert_int_equal(desc_calphad_state_set(desc_solver_state(o.solver), 800.0, 1e5, NULL),
                         DFT_OK);
        assert_close(desc_calphad_gibbs(desc_solver_state(o.solver), 0, y, NULL, NULL),
                     desc_calphad_gibbs(state, 0, x, NULL, NULL), 1e-9);
        assert_string_equal(desc_calphad_label(o.system, 0, y), "FCC_A1");
        assert_string_equal(desc_calphad_label(o.system, 0, ordered), "FCC_L12");
    }
    desc_calphad_state_free(state);
    desc_calphad_free(plain);
    close_binary(&o);
}

/* A phase that never disorders (sigma): its disordered part counts for all 30 sites, and the ordering
 * part is not taken off at y = x. */
static void a_phase_that_never_disorders_keeps_its_ordering_part(void **unused)
{
    static const char text[] =
        "ELEMENT AL A 1 1 1 ! ELEMENT NI B 1 1 1 !\n"
        "TYPE_DEFINITION D GES A_P_D SIGMA NEVER_DISORDER DSIG !\n"
        "PHASE DSIG % 1 1 ! CONSTITUENT DSIG :AL,NI: !\n"
        "PARAMETER G(DSIG,AL) 298.15 100; 3000 N ! PARAMETER G(DSIG,NI) 298.15 200; 3000 N !\n"
        "PHASE SIGMA %D 3 10 4 16 ! CONSTITUENT SIGMA :AL,NI:AL,NI:AL,NI: !\n"
        "PARAMETER G(SIGMA,AL:NI:NI) 298.15 -15000; 3000 N !\n";
    const char *const elements[] = { "Al", "Ni" };
    const double y[6] = { 1.0, 0.0, 0.0, 1.0, 0.0, 1.0 };
    desc_tdb *tdb = NULL;
    desc_calphad *system = NULL;
    desc_calphad_state *state = NULL;
    (void)unused;

    assert_int_equal(desc_tdb_parse("text", text, sizeof text - 1, &tdb, NULL), DFT_OK);
    assert_int_equal(desc_calphad_create(tdb, 2, elements, 0, NULL, &system, NULL), DFT_OK);
    assert_int_equal(desc_calphad_n_phases(system), 1);
    assert_int_equal(desc_calphad_state_create(system, &state, NULL), DFT_OK);
    assert_int_equal(desc_calphad_state_set(state, 1000.0, 1e5, NULL), DFT_OK);
    assert_close(desc_calphad_gibbs(state, 0, y, NULL, NULL), 10 * 100.0 + 20 * 200.0 - 15000.0,
                 1e-9);
    desc_calphad_state_free(state);
    desc_calphad_free(system);
    desc_tdb_free(tdb);
}

/* The fault is the file's: LN of a negative number is no breakdown of the program. */
static void a_parameter_without_a_finite_value_is_refused_by_line(void **unused)
{
    static const char text[] = "ELEMENT AL A 1 1 1 ! ELEMENT LI B 1 1 1 !\n"
                               "PHASE S % 1 1 !\nCONST S :AL,LI: !\n"
                               "PARA G(S,AL) 200 LN(T-1500); 3000 N !\n"
                               "PARA G(S,LI) 200 0; 3000 N !\n";
    const char *const elements[] = { "Al", "Li" };
    desc_tdb *tdb = NULL;
    desc_calphad *system = NULL;
    desc_calphad_state *state = NULL;
    dft_error err;
    (void)unused;

    assert_int_equal(desc_tdb_parse("text", text, sizeof text - 1, &tdb, NULL), DFT_OK);
    assert_int_equal(desc_calphad_create(tdb, 2, elements, 0, NULL, &system, NULL), DFT_OK);
    assert_int_equal(desc_calphad_state_create(system, &state, NULL), DFT_OK);
    assert_int_equal(desc_calphad_state_set(state, 1000.0, 1e5, &err), DFT_EINPUT);
    assert_non_null(strstr(err.message, "text:4: "));
    assert_non_null(strstr(err.message, "no finite value"));
    assert_int_equal(desc_calphad_state_set(state, 2000.0, 1e5, NULL), DFT_OK);
    desc_calphad_state_free(state);
    desc_calphad_free(system);
    desc_tdb_free(tdb);
}

static void temperatures_outside_the_data_are_refused(void **unused)
{
    opened o = open_binary("descriptors/data/al-li.tdb", "Al");
    double lowest, highest;
    dft_error err = { DFT_OK, "" };
    (void)unused;

    desc_calphad_range(o.system, &lowest, &highest);
    assert_close(lowest, 298.15, 0.0);
    assert_close(highest, 2900.0, 0.0);
    assert_int_equal(desc_calphad_state_set(desc_solver_state(o.solver), 298.0, 1e5, &err),
                     DFT_OK);                    /* what people write for 298.15 */
    assert_int_equal(desc_calphad_state_set(desc_solver_state(o.solver), 297.0, 1e5, &err),
                     DFT_EINPUT);
    assert_non_null(strstr(err.message, "from 298.15 to 2900 K, not at 297 K"));
    assert_int_equal(dft_exit_code(err.status), 65);
    assert_int_equal(desc_calphad_state_set(desc_solver_state(o.solver), 300.0, -1.0, &err),
                     DFT_EINPUT);
    assert_int_equal(desc_calphad_state_set(desc_solver_state(o.solver), NAN, 1e5, &err),
                     DFT_EINPUT);
    close_binary(&o);
}

static void unknown_elements_and_phases_are_refused(void **unused)
{
    const char *const unknown[] = { "Al", "Xx" }, *const twice[] = { "Li", "LI" };
    const char *const good[] = { "Al", "Li" }, *const phase[] = { "SIGMA" };
    desc_tdb *tdb = NULL;
    desc_calphad *system = NULL;
    dft_error err = { DFT_OK, "" };
    (void)unused;

    assert_int_equal(desc_tdb_read("descriptors/data/al-li.tdb", &tdb, NULL), DFT_OK);
    assert_int_equal(desc_calphad_create(tdb, 2, unknown, 0, NULL, &system, &err), DFT_EINPUT);
    assert_non_null(strstr(err.message, "no element Xx"));
    assert_int_equal(desc_calphad_create(tdb, 2, twice, 0, NULL, &system, &err), DFT_EINPUT);
    assert_int_equal(desc_calphad_create(tdb, 2, good, 1, phase, &system, &err), DFT_EINPUT);
    assert_non_null(strstr(err.message, "no phase SIGMA"));
    assert_null(system);
    desc_tdb_free(tdb);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(energies_and_derivatives_agree_with_a_second_evaluation),
        cmocka_unit_test(the_magnetic_part_is_smooth_at_the_curie_temperature),
        cmocka_unit_test(a_disordered_ordered_phase_is_the_disordered_phase),
        cmocka_unit_test(a_phase_that_never_disorders_keeps_its_ordering_part),
        cmocka_unit_test(a_parameter_without_a_finite_value_is_refused_by_line),
        cmocka_unit_test(temperatures_outside_the_data_are_refused),
        cmocka_unit_test(unknown_elements_and_phases_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
