/*
 * 10,000 random temperatures and compositions on each of the five lithium binaries: each
 * equilibrium passes the common-tangent test to 1e-6 J/mol, and its energy is that of a brute-force
 * hull.
 */

#include "tests/descriptors/calphad_hull_check.h"

#define POINTS 10000
#define PER_TEMPERATURE 50                       /* one brute-force mesh serves these */

static double next_random(unsigned long long *seed)
{
    *seed = *seed * 6364136223846793005ULL + 1442695040888963407ULL;
    return (double)(*seed >> 11) / 9007199254740992.0;
}

/* x over (0, 1), one in five of them within a decade of 1e-6 to 1e-2 of an end. */
static double random_composition(unsigned long long *seed)
{
    const double u = next_random(seed), v = next_random(seed);

    if (u > 0.2)
        return 1e-6 + (1.0 - 2e-6) * v;
    const double trace = pow(10.0, -6.0 + 4.0 * v);
    return u > 0.1 ? trace : 1.0 - trace;
}

/* What a run over one system has seen at worst, J/mol. */
typedef struct {
    size_t missing;
    double below, lowest, highest;               /* tangent test; brute force minus equilibrium */
} verdict;

/* NULL: tangent test alone. */
static void check_point(opened *o, double t, double x_li, const envelope *e, verdict *v)
{
    const double x[2] = { 1.0 - x_li, x_li };
    desc_equilibrium eq;

    assert_int_equal(desc_equilibrium_find(o->solver, t, DESC_CALPHAD_PRESSURE, x, &eq, NULL),
                     DFT_OK);
    if (!eq.converged) {
        print_message("%.6f K, x %.10g: %s\n", t, x_li, eq.reason);
        v->missing++;
        return;
    }
    v->below = fmax(v->below, desc_solver_violation(o->solver, eq.mu));
    assert_close(eq.mu[0] * x[0] + eq.mu[1] * x[1], eq.gibbs, 1e-9);
    if (e) {
        v->below = fmax(v->below, envelope_below(e, eq.mu));
        v->lowest = fmin(v->lowest, envelope_at(e, x_li) - eq.gibbs);
        v->highest = fmax(v->highest, envelope_at(e, x_li) - eq.gibbs);
    }
}

/* Each of the 10,000 points has a temperature of its own for the tangent test, and meets brute
 * force at the temperature of its batch.  The mesh of brute force lies on G or above it: the
 * equilibrium may not be higher, and is lower by no more than the mesh's own error, G'' h^2/8,
 * which is 3 J/mol for the 150 steps of LiAl's sublattices and for the bins of 1/2000. */
static void check_system(size_t k, unsigned long long *seed, envelope *e)
{
    opened o = open_binary(binaries[k].path, binaries[k].metal);
    double range[2], t = 0.0;
    verdict v = { 0, 0.0, INFINITY, -INFINITY };

    desc_calphad_range(o.system, &range[0], &range[1]);
    const double width = fmin(range[1], 2000.0) - range[0];
    for (int i = 0; i < POINTS; i++) {
        const double x_li = random_composition(seed);
        check_point(&o, range[0] + width * next_random(seed), x_li, NULL, &v);
        if (i % PER_TEMPERATURE == 0)
            t = range[0] + width * next_random(seed);
        assert_int_equal(desc_solver_set(o.solver, t, DESC_CALPHAD_PRESSURE, NULL), DFT_OK);
        if (i % PER_TEMPERATURE == 0) {
            envelope_fill(&o, e);
            envelope_wrap(e);
        }
        check_point(&o, t, x_li, e, &v);
    }
    print_message("%s-Li: %zu missing, %.2g J/mol below a tangent, brute force %.2g to %.2g J/mol "
                  "above\n", binaries[k].metal, v.missing, v.below, v.lowest, v.highest);
    assert_int_equal(v.missing, 0);
    assert_true(v.below < 1e-6);
    assert_true(v.lowest > -1e-6);
    assert_true(v.highest < 4.0);
    close_binary(&o);
}

static void random_equilibria_pass_the_tangent_test_and_match_brute_force(void **unused)
{
    unsigned long long seed = 20261122ULL;
    envelope *e = malloc(sizeof *e);
    (void)unused;

    assert_non_null(e);
    for (size_t k = 0; k < 5; k++)
        check_system(k, &seed, e);
    free(e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_equilibria_pass_the_tangent_test_and_match_brute_force),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
