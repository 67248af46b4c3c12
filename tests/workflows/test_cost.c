/* Estimates against what the published run took: numbers in files, no clock. */

#include "tests/support/assert_close.h"

#include <math.h>
#include <string.h>

#include "dft-lite/base/units.h"
#include "results/record.h"
#include "workflows/cost.h"
#include "workflows/kinds.h"

#define PUBLISHED "results/reference/quick"

typedef struct {
    double estimated_s[FLOW_N_KINDS], took_s[FLOW_N_KINDS];
    size_t n[FLOW_N_KINDS];
    double least_mib, most_mib;     /* estimated over recorded memory */
} census;

static const json_t *of_symbol(const json_t *sets, const char *symbol)
{
    for (size_t i = 0; i < json_array_size(sets); i++) {
        const json_t *set = json_array_get(sets, i);
        if (strcmp(json_string_value(json_object_get(set, "symbol")), symbol) == 0)
            return set;
    }
    return NULL;
}

static double volume_of(const json_t *rows)
{
    double a[3][3];

    for (size_t i = 0; i < 3; i++)
        for (size_t c = 0; c < 3; c++)
            a[i][c] = json_number_value(json_array_get(json_array_get(rows, i), c)) / DFT_BOHR_ANG;
    return fabs(a[0][0] * (a[1][1] * a[2][2] - a[1][2] * a[2][1]) - a[0][1] * (a[1][0] * a[2][2]
                - a[1][2] * a[2][0]) + a[0][2] * (a[1][0] * a[2][1] - a[1][1] * a[2][0]));
}

static flow_cost_cell cell_of(const json_t *record, const json_t *energy)
{
    const json_t *sets = json_object_get(json_object_get(record, "inputs"), "data_sets");
    const json_t *structure = json_object_get(energy, "structure");
    const json_t *species = json_object_get(structure, "species");
    flow_cost_cell cell = {
        .volume = volume_of(json_object_get(structure, "lattice_ang")),
        .ecut = json_number_value(json_object_get(energy, "ecut_ev")) / DFT_HARTREE_EV,
        .n_k = (size_t)json_integer_value(json_object_get(energy, "n_k_irreducible")),
    };

    for (size_t i = 0; i < json_array_size(species); i++) {
        const json_t *set = of_symbol(sets, json_string_value(json_array_get(species, i)));
        assert_non_null(set);
        cell.n_electrons += json_number_value(json_object_get(set, "n_valence"));
    }
    return cell;
}

static dft_status count(void *user, const char *key, const json_t *record, dft_error *err)
{
    census *c = user;
    const char *name = json_string_value(json_object_get(record, "task_kind"));
    const json_t *energies = json_object_get(json_object_get(record, "results"), "energies");
    const json_t *timings = json_object_get(record, "timings");
    const double tol_ev = json_number_value(json_object_get(json_object_get(json_object_get(
                              record, "inputs"), "protocol"), "energy_tol_ev"));
    int kind = 0;
    (void)key, (void)err;

    while (kind < FLOW_N_KINDS && strcmp(flow_kind_name((flow_kind)kind), name) != 0)
        kind++;
    assert_true(kind < FLOW_N_KINDS);
    for (size_t i = 0; i < json_array_size(energies); i++) {
        const flow_cost_cell cell = cell_of(record, json_array_get(energies, i));
        c->estimated_s[kind] += flow_cost_step_s(&cell) * flow_cost_steps(i == 0, kind != FLOW_EOS, tol_ev);
        const double ratio = flow_cost_memory_mib(&cell)
                           / json_number_value(json_object_get(timings, "peak_rss_MiB"));
        c->least_mib = fmin(c->least_mib, ratio);
        c->most_mib = fmax(c->most_mib, ratio);
    }
    c->took_s[kind] += json_number_value(json_object_get(timings, "wall_s"));
    c->n[kind]++;
    return DFT_OK;
}

/* A factor of 1.5 by kind is what --dry-run promises, and what cost.h promises of memory. */
static void estimates_are_within_a_factor_of_one_and_a_half_of_what_published_tasks_took(void **unused)
{
    census c = { .least_mib = HUGE_VAL };
    const res_record_visitor visitor = { &c, count, NULL };
    size_t n = 0;
    (void)unused;

    assert_int_equal(res_record_each(PUBLISHED, &visitor, NULL), DFT_OK);
    for (int k = 0; k < FLOW_N_KINDS; k++) {
        if (c.n[k] == 0)
            continue;
        print_message("%-8s %3zu tasks: %.0f s estimated, %.0f s taken\n", flow_kind_name((flow_kind)k),
                      c.n[k], c.estimated_s[k], c.took_s[k]);
        assert_true(c.estimated_s[k] / c.took_s[k] > 1.0 / 1.5 && c.estimated_s[k] / c.took_s[k] < 1.5);
        n += c.n[k];
    }
    assert_int_equal(n, 112);
    print_message("memory: %.2f to %.2f of what was used\n", c.least_mib, c.most_mib);
    assert_true(c.least_mib > 1.0 / 1.5 && c.most_mib < 1.5);
}

static void an_energy_from_another_takes_fewer_steps_and_a_tighter_one_more(void **unused)
{
    (void)unused;

    assert_true(flow_cost_steps(0, 1, 1e-5) < flow_cost_steps(1, 1, 1e-5));
    assert_true(flow_cost_steps(0, 0, 1e-5) < flow_cost_steps(0, 1, 1e-5));
    assert_true(flow_cost_steps(1, 1, 1e-6) > flow_cost_steps(1, 1, 1e-5));
    assert_true(flow_cost_steps(0, 0, 1.0) >= 2.0);
}

static void twice_the_k_points_cost_twice_but_for_the_grid(void **unused)
{
    flow_cost_cell cell = { 107.0 * 1.8, 293.0, 11700.0 * 6.0 * 9.8696 / pow(2.0 * 14.7, 1.5), 14.7, 4 };
    const double four = flow_cost_step_s(&cell);
    (void)unused;

    /* Ag(111) p(2x2), four layers, and Li (`make bench`), 8 steps: 31 to 33 s of one core, 2026-11-27 */
    assert_true(8.0 * four > 32.0 / 1.5 && 8.0 * four < 32.0 * 1.5);
    cell.n_k = 8;
    const double eight = flow_cost_step_s(&cell);
    cell.n_k = 0;
    assert_close(eight - four, four - flow_cost_step_s(&cell), 1e-9 * four);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(estimates_are_within_a_factor_of_one_and_a_half_of_what_published_tasks_took),
        cmocka_unit_test(an_energy_from_another_takes_fewer_steps_and_a_tighter_one_more),
        cmocka_unit_test(twice_the_k_points_cost_twice_but_for_the_grid),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
