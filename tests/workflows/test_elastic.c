#include "workflows/elastic.h"

#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "tests/descriptors/point_groups.h"
#include "tests/support/assert_close.h"
#include "tests/workflows/harmonic_evaluator.h"
#include "tests/workflows/lj_evaluator.h"

/* A crystal that has the symmetry of the class and no more: two atoms of z = 3 and 13 at each image of
 * general points under the group, drawn until none touch.  At most 2 x 48 atoms. */
static dft_crystal *general_crystal(const point_group *group)
{
    double position[96][3], seed[2][3];
    int z[96];
    unsigned draw = 7;

    for (int attempt = 0; attempt < 100; attempt++) {
        dft_crystal *crystal = NULL;
        size_t n = 0;
        for (int i = 0; i < 6; i++)
            seed[i / 3][i % 3] = test_random(&draw);
        for (int s = 0; s < 2; s++)
            for (size_t o = 0; o < group->n; o++) {
                double cart[3], turned[3] = { 0.0 };
                dft_crystal_cartesian(group->lattice, seed[s], cart);
                for (int i = 0; i < 3; i++)
                    for (int k = 0; k < 3; k++)
                        turned[i] += group->op[o][i][k] * cart[k];
                dft_crystal_fractional(group->lattice, turned, position[n]);
                z[n++] = s ? 13 : 3;
            }
        if (dft_crystal_create(group->lattice, n, z, (const double (*)[3])position, &crystal, NULL)
            == DFT_OK)
            return crystal;
    }
    return NULL;
}

static void assert_tensor(const double a[6][6], const double b[6][6], double tolerance)
{
    for (int i = 0; i < 6; i++)
        for (int j = 0; j < 6; j++)
            assert_close(a[i][j], b[i][j], tolerance);
}

/* 1e-6 of the largest constant (0.01) asked for; the harmonic law leaves rounding: 1e-16/amplitude. */
static void random_tensors_of_all_laue_classes_come_back_in_any_orientation(void **unused)
{
    static const int strains[DESC_N_LAUE] = { 6, 4, 3, 2, 2, 2, 2, 2, 2, 1, 1 };
    double turn[3][3];
    (void)unused;

    test_turn(turn);
    for (int l = 0; l < DESC_N_LAUE; l++) {
        point_group group;
        harmonic_crystal law = { 0 };
        flow_elastic_options options = flow_elastic_defaults();
        flow_elastic_result result;
        test_group((desc_laue_class)l, (const double (*)[3])turn, &group);
        dft_crystal *crystal = general_crystal(&group);
        assert_non_null(crystal);
        law.reference = crystal;
        test_random_tensor(&group, 40u + (unsigned)l, law.c);
        const flow_evaluator evaluator = harmonic_evaluator(&law);
        assert_int_equal(flow_elastic_run(crystal, &evaluator, &options, &result, NULL), DFT_OK);
        assert_int_equal(result.converged, 1);
        assert_int_equal(result.laue.laue, l);
        assert_int_equal(result.set.n, strains[l]);
        assert_int_equal(result.n_used, result.n_planned);
        assert_true(result.n_planned <= 2u * (size_t)strains[l]);
        assert_tensor((const double (*)[6])result.relaxed.c, (const double (*)[6])law.c, 1e-12);
        assert_int_equal(result.relaxed.stable, 1);
        dft_crystal_free(crystal);
    }
}

static dft_crystal *make(const double lattice[3][3], size_t n, const int *z, const double (*position)[3])
{
    dft_crystal *crystal = NULL;

    assert_int_equal(dft_crystal_create(lattice, n, z, position, &crystal, NULL), DFT_OK);
    return crystal;
}

static dft_crystal *fcc(double a, int z)
{
    const double h = 0.5 * a, lattice[3][3] = { { 0, h, h }, { h, 0, h }, { h, h, 0 } };
    const double origin[1][3] = { { 0, 0, 0 } };

    return make(lattice, 1, &z, origin);
}

static dft_crystal *zincblende(double a)
{
    const double h = 0.5 * a, lattice[3][3] = { { 0, h, h }, { h, 0, h }, { h, h, 0 } };
    const double position[2][3] = { { 0, 0, 0 }, { 0.25, 0.25, 0.25 } };
    const int z[2] = { 30, 16 };

    return make(lattice, 2, z, position);
}

typedef struct { const lj_settings *lj; double sum[6][6], pressure; } lattice_sum;

/* C_ijkl = (1/2V) sum [phi'' - phi'/r] r_i r_j r_k r_l/r^2: Born and Huang (1954), eq. 11.14 for one atom
 * a cell. */
static void add_to_sum(void *context, size_t i, size_t j, const double r[3], double length)
{
    static const int pair[6][2] = { { 0, 0 }, { 1, 1 }, { 2, 2 }, { 1, 2 }, { 0, 2 }, { 0, 1 } };
    lattice_sum *sum = context;
    double phi[3];
    (void)i;
    (void)j;

    lj_pair(sum->lj->element[0].depth, sum->lj->element[0].size, sum->lj->cutoff, length, phi);
    for (int p = 0; p < 6; p++)
        for (int q = 0; q < 6; q++)
            sum->sum[p][q] += 0.5 * (phi[2] - phi[1] / length) / (length * length) * r[pair[p][0]]
                              * r[pair[p][1]] * r[pair[q][0]] * r[pair[q][1]];
    sum->pressure -= phi[1] * length / 6.0;
}

/* fcc argon-like, compressed so that it is under pressure: the second derivatives are the lattice sums
 * and the stress-strain coefficients C11 - P, C12 + P, C44 - P.  Two amplitudes leave h^4: 1e-5 of C11. */
static void a_lennard_jones_crystal_has_the_constants_of_its_lattice_sums(void **unused)
{
    lj_settings lj = { .cutoff = 16.0, .element = { { 18, 4e-4, 6.4 } } };
    flow_elastic_options options = flow_elastic_defaults();
    flow_elastic_result result;
    lattice_sum sum = { .lj = &lj };
    dft_crystal *crystal = fcc(9.7, 18);
    const flow_evaluator evaluator = lj_evaluator(&lj);
    (void)unused;

    lj_each_pair(crystal, lj.cutoff, add_to_sum, &sum);
    const double volume = dft_crystal_volume(crystal), pressure = sum.pressure / volume;
    for (int i = 0; i < 36; i++)
        sum.sum[i / 6][i % 6] /= volume;
    options.two_amplitudes = 1;
    assert_int_equal(flow_elastic_run(crystal, &evaluator, &options, &result, NULL), DFT_OK);
    assert_int_equal(result.converged, 1);
    const double tolerance = 1e-5 * sum.sum[0][0];
    assert_true(sum.sum[0][0] > 0.0 && pressure > 0.03 * sum.sum[0][0]);
    assert_tensor((const double (*)[6])result.clamped.c_brugger, (const double (*)[6])sum.sum, tolerance);
    assert_close(result.clamped.c[0][0], sum.sum[0][0] - pressure, tolerance);
    assert_close(result.clamped.c[0][1], sum.sum[0][1] + pressure, tolerance);
    assert_close(result.clamped.c[3][3], sum.sum[3][3] - pressure, tolerance);
    for (int i = 0; i < 3; i++)
        assert_close(result.residual_stress[i], -pressure, 1e-10);
    assert_int_equal(result.ions_fixed_by_symmetry, 1);     /* relaxed-ion is clamped-ion, uncomputed */
    assert_close(result.relaxed.c[0][0], result.clamped.c[0][0], 0.0);
    assert_int_equal((int)result.set.n, 1);
    assert_int_equal(lj.n_evaluations, 1 + 4);              /* the reference, two signs, two amplitudes */
    dft_crystal_free(crystal);
}

/* Zincblende: the shear yz pushes the sublattices apart along x (Kleinman, PR 128, 2614 (1962)), so that
 * C44 falls by L^2/(K V) and C11, C12 stay.  Forces end below the limit: 1e-4 L is left of the stress. */
static void relaxed_ion_constants_show_the_internal_strain(void **unused)
{
    dft_crystal *crystal = zincblende(10.2);
    harmonic_crystal law = { .reference = crystal, .internal = 1,
                             .l = { { 0, 0, 0, 0.4, 0, 0 }, { 0, 0, 0, 0, 0.4, 0 },
                                    { 0, 0, 0, 0, 0, 0.4 } },
                             .k = { { 0.2, 0, 0 }, { 0, 0.2, 0 }, { 0, 0, 0.2 } } };
    const double drop = 0.4 * 0.4 / (0.2 * dft_crystal_volume(crystal));
    flow_elastic_options options = flow_elastic_defaults();
    flow_elastic_result result;
    const flow_evaluator evaluator = harmonic_evaluator(&law);
    (void)unused;

    for (int i = 0; i < 6; i++)
        for (int j = 0; j < 6; j++)
            law.c[i][j] = i == j ? (i < 3 ? 0.004 : 0.0045) : i < 3 && j < 3 ? 0.002 : 0.0;
    options.settle.force_limit = 1e-9;
    assert_int_equal(flow_elastic_run(crystal, &evaluator, &options, &result, NULL), DFT_OK);
    assert_int_equal(result.converged, 1);
    assert_int_equal(result.ions_fixed_by_symmetry, 0);
    assert_tensor((const double (*)[6])result.clamped.c, (const double (*)[6])law.c, 1e-12);
    assert_true(drop > 0.5 * law.c[3][3]);
    assert_close(result.relaxed.c[3][3], law.c[3][3] - drop, 1e-7);
    assert_close(result.relaxed.c[5][5], law.c[5][5] - drop, 1e-7);
    assert_close(result.relaxed.c[0][0], law.c[0][0], 1e-7);
    assert_close(result.relaxed.c[0][1], law.c[0][1], 1e-7);
    dft_crystal_free(crystal);
}

/* The in-plane tensor of a hexagonal layer is the same with any vacuum, in any orientation, and whatever
 * stress acts across the layer. */
static void a_sheet_does_not_see_its_vacuum(void **unused)
{
    const double a = 4.7, vacuum[2] = { 20.0, 41.0 };
    double turn[3][3], c11[2], c12[2], c33[2];
    (void)unused;

    test_turn(turn);
    for (int v = 0; v < 2; v++) {
        const double flat[3][3] = { { a, 0, 0 }, { -0.5 * a, sqrt(0.75) * a, 0 }, { 0, 0, vacuum[v] } };
        const double position[2][3] = { { 1. / 3, 2. / 3, 0.5 }, { 2. / 3, 1. / 3, 0.5 } };
        const int z[2] = { 6, 6 };
        double lattice[3][3] = { { 0.0 } };
        lj_settings lj = { .cutoff = 14.0, .element = { { 6, 0.1, 2.3 } } };
        flow_elastic_options options = flow_elastic_defaults();
        flow_elastic_result result;
        for (int i = 0; i < 3; i++)
            for (int c = 0; c < 3; c++)
                for (int k = 0; k < 3; k++)
                    lattice[i][c] += turn[c][k] * flat[i][k];
        dft_crystal *crystal = make((const double (*)[3])lattice, 2, z, position);
        const flow_evaluator evaluator = lj_evaluator(&lj);
        options.sheet = 1;
        options.relaxed_ions = 0;
        assert_int_equal(flow_elastic_run(crystal, &evaluator, &options, &result, NULL), DFT_OK);
        assert_int_equal(result.converged, 1);
        assert_int_equal(result.set.n, 1);
        assert_int_equal(result.n_constants, 2);
        assert_close(result.height, vacuum[v], 1e-10);
        c11[v] = result.clamped.c[0][0];
        c12[v] = result.clamped.c[0][1];
        c33[v] = result.clamped.c[5][5];
        assert_close(result.clamped.c[1][1], c11[v], 1e-12);
        assert_close(c33[v], 0.5 * (c11[v] - c12[v]), 1e-12);
        assert_close(result.clamped.c[2][2], 0.0, 0.0);
        dft_crystal_free(crystal);
    }
    assert_true(fabs(c11[0]) > 1e-3);
    assert_close(c11[0], c11[1], 1e-9 * fabs(c11[0]));
    assert_close(c12[0], c12[1], 1e-9 * fabs(c11[0]));
}

static void a_stress_across_a_sheet_is_not_counted(void **unused)
{
    const double lattice[3][3] = { { 5, 0, 0 }, { 0, 5, 0 }, { 0, 0, 25 } };
    const double position[1][3] = { { 0, 0, 0.5 } };
    const int z = 29;
    dft_crystal *crystal = make(lattice, 1, &z, position);
    harmonic_crystal law = { .reference = crystal, .vacuum_stress = 0.01 };
    flow_elastic_options options = flow_elastic_defaults();
    flow_elastic_result result;
    const flow_evaluator evaluator = harmonic_evaluator(&law);
    (void)unused;

    for (int i = 0; i < 6; i++)
        law.c[i][i] = 0.002;
    options.sheet = 1;
    assert_int_equal(flow_elastic_run(crystal, &evaluator, &options, &result, NULL), DFT_OK);
    assert_close(result.relaxed.c[0][0], 0.002 * 25, 1e-11);
    assert_close(result.relaxed.c[5][5], 0.002 * 25, 1e-11);
    assert_close(result.residual_stress[2], 0.0, 0.0);
    assert_int_equal(result.relaxed.stable, 1);
    dft_crystal_free(crystal);
}

/* A crystal whose energy has, beside the harmonic law, the error of a basis with a sharp cutoff in every
 * direction n: the average of A exp(-b x), x = scale^2 n (1 + 2 eta)^-1 n being the cutoff that the held
 * vectors reach over the nominal one. */
typedef struct { harmonic_crystal law; double a, b, scale; int n_held, freed; } cutoff_crystal;

static dft_status cutoff_evaluate(void *context, const dft_crystal *crystal, int want, size_t slot,
                                  flow_evaluation *out, dft_error *err)
{
    cutoff_crystal *self = context;
    double f[3][3], m[3][3], s[6] = { 0.0 }, sigma[6], weights = 0.0, energy = 0.0;
    const double v0 = dft_crystal_volume(self->law.reference);

    assert_int_equal(harmonic_evaluate(&self->law, crystal, want, slot, out, err), DFT_OK);
    harmonic_gradient(crystal, self->law.reference, f);     /* F^-1 */
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++) {
            m[i][j] = 0.0;
            for (int k = 0; k < 3; k++)
                m[i][j] += f[i][k] * f[j][k];
        }
    for (int it = 0; it < 200; it++)
        for (int ip = 0; ip < 12; ip++) {       /* exact in phi, 1e-5 in theta */
            const double t = DFT_PI * (it + 0.5) / 200, p = 2.0 * DFT_PI * ip / 12, w = sin(t);
            const double n[3] = { sin(t) * cos(p), sin(t) * sin(p), cos(t) };
            double mn[3], x = 0.0;
            for (int i = 0; i < 3; i++) {
                mn[i] = m[i][0] * n[0] + m[i][1] * n[1] + m[i][2] * n[2];
                x += n[i] * mn[i] * self->scale * self->scale;
            }
            const double g = self->a * exp(-self->b * x);
            const double slope = 2.0 * self->b * g * self->scale * self->scale * w / v0;
            const double square[6] = { mn[0] * mn[0], mn[1] * mn[1], mn[2] * mn[2], mn[1] * mn[2],
                                       mn[0] * mn[2], mn[0] * mn[1] };
            for (int i = 0; i < 6; i++)
                s[i] += slope * square[i];
            energy += w * g;
            weights += w;
        }
    for (int i = 0; i < 6; i++)
        s[i] /= weights;
    out->energy = out->free_energy = out->free_energy + energy / weights;
    harmonic_gradient(self->law.reference, crystal, f);
    flow_strain_push_forward((const double (*)[3])f, s, sigma);
    for (int i = 0; i < 6 && want & FLOW_WANT_STRESS; i++)
        out->stress[i] += sigma[i];
    return DFT_OK;
}

static void cutoff_set_basis(void *context, const double (*lattice)[3])
{
    cutoff_crystal *self = context;

    self->n_held++;
    self->freed = lattice == NULL;
    self->scale = lattice ? lattice[0][1] / self->law.reference->lattice[0][1] : 1.0;
}

/* What is measured by scaling the basis alone is what the constants are too large by: 3 K, K, K.
 * 0.5 %: the quadrature, and the strain's fourth power. */
static void the_error_that_a_held_basis_makes_is_found_without_strains(void **unused)
{
    dft_crystal *crystal = fcc(7.6, 13);
    cutoff_crystal law = { .law = { .reference = crystal }, .a = 0.05, .b = 7.0, .scale = 1.0 };
    flow_elastic_options options = flow_elastic_defaults();
    flow_elastic_result result;
    const flow_evaluator evaluator = { "cutoff", cutoff_evaluate, &law };
    double *base = &law.law.c[0][0];
    (void)unused;

    for (int i = 0; i < 36; i++)
        base[i] = i / 6 == i % 6 ? (i < 18 ? 0.004 : 0.0015) : i / 6 < 3 && i % 6 < 3 ? 0.002 : 0.0;
    options.two_amplitudes = 1;
    options.set_basis = cutoff_set_basis;
    options.basis_context = &law;
    assert_int_equal(flow_elastic_run(crystal, &evaluator, &options, &result, NULL), DFT_OK);
    assert_int_equal(result.converged, 1);
    assert_int_equal(law.freed, 1);
    const double g1 = -7.0 * 0.05 * exp(-7.0), k = result.basis_error;
    assert_close(result.pulay_stress, -2.0 / 3.0 * g1 / dft_crystal_volume(crystal), 5e-3 * result.pulay_stress);
    assert_close(result.residual_stress[0], result.pulay_stress, 5e-3 * result.pulay_stress);
    assert_true(k > 1e-7);
    assert_close(result.clamped.c[0][0] - 0.004, 3.0 * k, 0.015 * k);
    assert_close(result.clamped.c[0][1] - 0.002, k, 0.005 * k);
    assert_close(result.clamped.c[3][3] - 0.0015, k, 0.005 * k);
    dft_crystal_free(crystal);
}

static void a_stress_that_does_not_converge_leaves_no_tensor_and_says_where(void **unused)
{
    dft_crystal *crystal = zincblende(10.2);
    flow_elastic_options options = flow_elastic_defaults();
    flow_elastic_result result;
    (void)unused;

    for (int from = 1; from <= 3; from++) {
        harmonic_crystal law = { .reference = crystal, .unconverged_from = from };
        const flow_evaluator evaluator = harmonic_evaluator(&law);
        for (int i = 0; i < 6; i++)
            law.c[i][i] = 0.002;
        assert_int_equal(flow_elastic_run(crystal, &evaluator, &options, &result, NULL), DFT_OK);
        assert_int_equal(result.converged, 0);
        assert_int_equal(result.clamped.known || result.relaxed.known, 0);
        assert_non_null(strstr(result.message, from == 1 ? "reference state: told" : "strain 1 of 1"));
    }
    dft_crystal_free(crystal);
}

static void a_crystal_that_shears_away_is_unstable_and_has_no_moduli(void **unused)
{
    dft_crystal *crystal = fcc(7.6, 13);
    harmonic_crystal law = { .reference = crystal };
    flow_elastic_options options = flow_elastic_defaults();
    flow_elastic_result result;
    const flow_evaluator evaluator = harmonic_evaluator(&law);
    (void)unused;

    for (int i = 0; i < 6; i++)
        for (int j = 0; j < 6; j++)
            law.c[i][j] = i == j ? (i < 3 ? 0.002 : 0.001) : i < 3 && j < 3 ? 0.0025 : 0.0;
    assert_int_equal(flow_elastic_run(crystal, &evaluator, &options, &result, NULL), DFT_OK);
    assert_int_equal(result.converged, 1);
    assert_int_equal(result.relaxed.stable, 0);
    assert_int_equal(result.relaxed.born, 0);
    assert_int_equal(result.relaxed.has_moduli, 0);
    assert_close(result.relaxed.eigenvalue[0], -0.0005, 1e-10);     /* C11 - C12 */
    dft_crystal_free(crystal);
}

static void refused_memory_and_silly_amplitudes_are_reported(void **unused)
{
    dft_crystal *crystal = fcc(7.6, 13);
    harmonic_crystal law = { .reference = crystal };
    flow_elastic_options options = flow_elastic_defaults();
    flow_elastic_result result;
    const flow_evaluator evaluator = harmonic_evaluator(&law);
    (void)unused;

    for (long n = 1; n <= 6; n++) {
        dft_alloc_refuse_nth(n);
        const dft_status status = flow_elastic_run(crystal, &evaluator, &options, &result, NULL);
        assert_true(status == DFT_ENOMEM);
        dft_alloc_refuse_nth(0);
    }
    options.amplitude = 0.2;
    assert_int_equal(flow_elastic_run(crystal, &evaluator, &options, &result, NULL), DFT_EINPUT);
    dft_crystal_free(crystal);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_tensors_of_all_laue_classes_come_back_in_any_orientation),
        cmocka_unit_test(a_lennard_jones_crystal_has_the_constants_of_its_lattice_sums),
        cmocka_unit_test(relaxed_ion_constants_show_the_internal_strain),
        cmocka_unit_test(a_sheet_does_not_see_its_vacuum),
        cmocka_unit_test(a_stress_across_a_sheet_is_not_counted),
        cmocka_unit_test(the_error_that_a_held_basis_makes_is_found_without_strains),
        cmocka_unit_test(a_stress_that_does_not_converge_leaves_no_tensor_and_says_where),
        cmocka_unit_test(a_crystal_that_shears_away_is_unstable_and_has_no_moduli),
        cmocka_unit_test(refused_memory_and_silly_amplitudes_are_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
