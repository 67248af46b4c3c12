#include "dft-lite/scf/symmetrise.h"

#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/threads.h"
#include "dft-lite/basis/orbits.h"
#include "dft-lite/math/harmonics.h"
#include "tests/hamiltonian/systems.h"

typedef struct {
    dft_crystal *crystal;
    dft_system *system;
    dft_symmetriser *symmetriser;
    double complex *rho;
    double *d;
    size_t n_g, n_p;
} problem;

static problem problem_create(dft_crystal *crystal)
{
    problem q = { .crystal = crystal, .system = test_system(crystal, 50, 1, 1) };
    unsigned long seed = 44;

    assert_true(q.system->symmetry->n_ops > 1);
    assert_int_equal(dft_symmetriser_create(q.system, &q.symmetriser, NULL), DFT_OK);
    q.n_g = q.system->basis->n_g;
    q.n_p = q.system->p_offset[crystal->n_atoms];
    q.rho = dft_alloc_complex(q.n_g);
    q.d = dft_alloc_doubles(q.n_p);
    for (size_t ig = 0; ig < q.n_g; ig++)
        q.rho[ig] = test_random(&seed) + (ig ? I * test_random(&seed) : 0.0);
    for (size_t p = 0; p < q.n_p; p++)
        q.d[p] = test_random(&seed);
    return q;
}

static void problem_clear(problem *q)
{
    free(q->rho);
    free(q->d);
    dft_symmetriser_free(q->symmetriser);
    dft_system_free(q->system);
    dft_crystal_free(q->crystal);
}

/* AlAg3 (L1_2): three equivalent atoms whose sites have different orientations, so that a rotation
 * and its inverse are not the same thing. */
static dft_crystal *ordered_alloy(void)
{
    const double cell[3][3] = { { 4, 0, 0 }, { 0, 4, 0 }, { 0, 0, 4 } };
    const double x[4][3] = { { 0, 0, 0 }, { 0, 0.5, 0.5 }, { 0.5, 0, 0.5 }, { 0.5, 0.5, 0 } };
    return test_crystal(cell, 4, (const int[]){ 13, 47, 47, 47 }, x);
}

/* fcc at an odd place: every operation has a translation. Diamond, hcp, wurtzite: glides and
 * screws, sites of low symmetry, Ag with two d waves. */
static dft_crystal *crystal_number(int i)
{
    switch (i) {
    case 0: return test_fcc(47, 4.16, (double[3]){ 0, 0, 0 });
    case 1: return test_diamond(47, 5.43);
    case 2: return test_hcp(47, 3.19, 5.2);
    case 3: return test_wurtzite(30, 8, 3.25, 5.2, 0.382);
    case 4: return ordered_alloy();
    default: return test_fcc(13, 4.04, (double[3]){ 0.25, 0.25, 0.25 });
    }
}
enum { N_CRYSTALS = 6 };

/* In real space: one value on each orbit of the grid, the orbits found without the symmetriser. */
static void symmetrised_density_is_invariant(void **unused)
{
    (void)unused;
    for (int i = 0; i < N_CRYSTALS; i++) {
        problem q = problem_create(crystal_number(i));
        const dft_basis *basis = q.system->basis;
        const size_t n_r = dft_fft_real_size(basis->xc);
        double *f = dft_alloc_doubles(n_r);
        double complex *work = dft_alloc_complex(dft_fft_real_work_size(basis->xc));
        dft_orbits *orbits = NULL;
        const double complex rho_0 = q.rho[0];
        assert_int_equal(dft_orbits_create(basis->n_xc, q.system->symmetry, &orbits, NULL), DFT_OK);
        dft_symmetrise_density(q.symmetriser, q.rho);
        dft_fft_real_to_real(basis->xc, q.rho, f, work);
        for (size_t r = 0; r < n_r; r++)
            assert_close(f[r], f[orbits->point[orbits->orbit[r]]], 1e-10);
        assert_close(cabs(q.rho[0] - rho_0), 0.0, 1e-14);       /* no charge lost */
        free(f);
        free(work);
        dft_orbits_free(orbits);
        problem_clear(&q);
    }
}

static void symmetrising_twice_is_symmetrising_once(void **unused)
{
    (void)unused;
    for (int i = 0; i < N_CRYSTALS; i++) {
        problem q = problem_create(crystal_number(i));
        double complex *once = dft_alloc_complex(q.n_g);
        double *d_once = dft_alloc_doubles(q.n_p), changed = 0.0;
        memcpy(once, q.rho, q.n_g * sizeof *once);
        dft_symmetrise_density(q.symmetriser, q.rho);
        for (size_t ig = 0; ig < q.n_g; ig++)
            changed = fmax(changed, cabs(q.rho[ig] - once[ig]));
        assert_true(changed > 0.1);
        memcpy(once, q.rho, q.n_g * sizeof *once);
        dft_symmetrise_density(q.symmetriser, q.rho);
        for (size_t ig = 0; ig < q.n_g; ig++)
            assert_close(cabs(q.rho[ig] - once[ig]), 0.0, 1e-13);
        assert_int_equal(dft_symmetrise_on_site(q.symmetriser, q.d, NULL), DFT_OK);
        memcpy(d_once, q.d, q.n_p * sizeof *d_once);
        assert_int_equal(dft_symmetrise_on_site(q.symmetriser, q.d, NULL), DFT_OK);
        for (size_t p = 0; p < q.n_p; p++)
            assert_close(q.d[p], d_once[p], 1e-13);
        free(once);
        free(d_once);
        problem_clear(&q);
    }
}

/* n_a(u) = sum D_ij f_i f_j Y_i(u) Y_j(u), with arbitrary radial values f of the waves. */
static double one_centre_density(const dft_species *s, const double *d, const double u[3])
{
    double y[16], n = 0.0;

    dft_solid_harmonics(3, u, y);
    for (size_t i = 0; i < s->n_i; i++)
        for (size_t j = 0; j <= i; j++)
            n += d[dft_packed(i, j)] * y[s->lm_of[i]] * y[s->lm_of[j]]
               * cos(1.0 + s->wave_of[i]) * cos(1.0 + s->wave_of[j]);
    return n;
}

/* n_b(R u) = n_a(u) when the operation R takes atom a to b: checked on the densities, l up to 2,
 * mirror planes and rotations, without a rotation matrix of harmonics. */
static void one_centre_densities_turn_with_the_crystal(void **unused)
{
    const double points[3][3] = { { 0.36, 0.48, 0.8 }, { -0.6, 0.0, 0.8 },
                                   { 2.0 / 3, -2.0 / 3, 1.0 / 3 } };
    (void)unused;

    for (int i = 0; i < N_CRYSTALS; i++) {
        problem q = problem_create(crystal_number(i));
        const dft_symmetry *symmetry = q.system->symmetry;
        assert_int_equal(dft_symmetrise_on_site(q.symmetriser, q.d, NULL), DFT_OK);
        for (size_t op = 0; op < symmetry->n_ops; op++) {
            double rotation[3][3];
            dft_symop_cartesian(&symmetry->op[op], (const double (*)[3])q.crystal->lattice,
                                rotation);
            for (size_t a = 0; a < q.crystal->n_atoms; a++)
                for (int k = 0; k < 3; k++) {
                    const size_t b = symmetry->atom_map[op * q.crystal->n_atoms + a];
                    const dft_species *s = q.system->species[q.system->species_of[a]];
                    double turned[3];
                    for (int c = 0; c < 3; c++)
                        turned[c] = rotation[c][0] * points[k][0] + rotation[c][1] * points[k][1]
                                  + rotation[c][2] * points[k][2];
                    assert_close(one_centre_density(s, q.d + q.system->p_offset[b], turned),
                                 one_centre_density(s, q.d + q.system->p_offset[a], points[k]),
                                 1e-12);
                }
        }
        problem_clear(&q);
    }
}

/* The average over equivalent atoms keeps the sum of the traces: electrons are not lost. */
static void traces_are_kept(void **unused)
{
    problem q = problem_create(crystal_number(3));
    double before = 0.0, after = 0.0;
    (void)unused;

    for (int pass = 0; pass < 2; pass++) {
        for (size_t a = 0; a < 4; a++)
            for (size_t i = 0; i < q.system->species[q.system->species_of[a]]->n_i; i++)
                *(pass ? &after : &before) += q.d[q.system->p_offset[a] + dft_packed(i, i)];
        assert_int_equal(dft_symmetrise_on_site(q.symmetriser, q.d, NULL), DFT_OK);
    }
    assert_close(after, before, 1e-12);
    problem_clear(&q);
}

/* At a cubic site the s-p and p-d parts vanish and the p shell is round. */
static void a_cubic_site_has_no_dipole(void **unused)
{
    problem q = problem_create(crystal_number(0));
    const dft_species *s = q.system->species[0];
    (void)unused;

    assert_int_equal(dft_symmetrise_on_site(q.symmetriser, q.d, NULL), DFT_OK);
    for (size_t i = 0; i < s->n_i; i++)
        for (size_t j = 0; j < i; j++) {
            const int li = s->setup->wave[s->wave_of[i]].l, lj = s->setup->wave[s->wave_of[j]].l;
            if (li != lj || s->lm_of[i] != s->lm_of[j])
                assert_close(q.d[dft_packed(i, j)], 0.0, 1e-13);
        }
    problem_clear(&q);
}

static void each_refused_allocation_is_reported(void **unused)
{
    problem q = problem_create(crystal_number(0));
    dft_symmetriser *other = NULL;
    long n = 1;
    (void)unused;

    for (dft_alloc_refuse_nth(n); dft_symmetriser_create(q.system, &other, NULL) != DFT_OK;
         dft_alloc_refuse_nth(++n))
        assert_null(other);
    assert_true(n > 4);
    dft_symmetriser_free(other);
    dft_alloc_refuse_nth(1);
    assert_int_equal(dft_symmetrise_on_site(q.symmetriser, q.d, NULL), DFT_ENOMEM);
    dft_alloc_refuse_nth(0);
    problem_clear(&q);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(symmetrised_density_is_invariant),
        cmocka_unit_test(symmetrising_twice_is_symmetrising_once),
        cmocka_unit_test(one_centre_densities_turn_with_the_crystal),
        cmocka_unit_test(traces_are_kept),
        cmocka_unit_test(a_cubic_site_has_no_dipole),
        cmocka_unit_test(each_refused_allocation_is_reported),
    };
    dft_threads_set(1, NULL);           /* waiting threads would spin on a busy machine */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
