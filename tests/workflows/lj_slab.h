/*
 * tests/workflows/lj_slab.h - an adatom on a Lennard-Jones (111) slab, p(2x2), three layers, two
 * fixed.
 */
#ifndef TEST_LJ_SLAB_H
#define TEST_LJ_SLAB_H

#include <stdlib.h>

#include "tests/workflows/toy_surfaces.h"
#include "workflows/band.h"
#include "workflows/stepper.h"

#define LJ_NEAREST (1.09 * LJ_SIGMA)            /* about the bulk's nearest distance with this cut */
#define LJ_LAYERS 3
#define LJ_ATOMS (4 * LJ_LAYERS + 1)

static const unsigned char lj_fixed[LJ_ATOMS][3] = {
    { 1, 1, 1 }, { 1, 1, 1 }, { 1, 1, 1 }, { 1, 1, 1 },
    { 1, 1, 1 }, { 1, 1, 1 }, { 1, 1, 1 }, { 1, 1, 1 },
};

/* u: the adatom's place in units of the p(1x1) vectors: fcc 2/3 2/3, hcp 1/3 1/3, bridge 1/2 1/2,
 * in the stacking A (bottom) B C (top): with atoms of the top layer at 0 0. */
static inline dft_crystal *lj_slab(const double u[2])
{
    const double a = LJ_NEAREST, d = a * sqrt(2.0 / 3.0), height = 60.0;
    const double lattice[3][3] = { { 2 * a, 0, 0 }, { a, a * sqrt(3.0), 0 }, { 0, 0, height } };
    /* the layer below has its atoms under the hcp hollows, the one below that under fcc */
    static const double corner[LJ_LAYERS] = { 2.0 / 3.0, 1.0 / 3.0, 0.0 };
    double position[LJ_ATOMS][3];
    int z[LJ_ATOMS];
    dft_crystal *out = NULL;

    for (int l = 0; l < LJ_LAYERS; l++)
        for (int k = 0; k < 4; k++) {
            double *p = position[4 * l + k];
            p[0] = 0.5 * (k / 2 + corner[l]);
            p[1] = 0.5 * (k % 2 + corner[l]);
            p[2] = (10.0 + l * d) / height;
            z[4 * l + k] = 13;
        }
    position[LJ_ATOMS - 1][0] = 0.5 * u[0];
    position[LJ_ATOMS - 1][1] = 0.5 * u[1];
    position[LJ_ATOMS - 1][2] = (10.0 + LJ_LAYERS * d) / height;
    z[LJ_ATOMS - 1] = 3;
    assert_int_equal(dft_crystal_create(lattice, LJ_ATOMS, z, (const double (*)[3])position, &out,
                                        NULL), DFT_OK);
    return out;
}

/* Down to forces of 1e-8 Ha/bohr, with the fixed atoms in place. */
static inline dft_crystal *lj_relaxed(const double u[2])
{
    const flow_evaluator lj = lj_evaluator(NULL);
    dft_crystal *crystal = lj_slab(u);
    flow_stepper *stepper = NULL;
    double r[LJ_ATOMS][3], force[LJ_ATOMS][3];

    assert_int_equal(flow_stepper_create(3 * LJ_ATOMS, 0.2, 0.1, &stepper, NULL), DFT_OK);
    for (int k = 0;; k++) {
        flow_evaluation e = { .force = force };
        assert_true(k < 500);
        assert_int_equal(lj.evaluate(lj.context, crystal, FLOW_WANT_FORCES, 0, &e, NULL), DFT_OK);
        for (int a = 0; a < LJ_ATOMS; a++)
            for (int c = 0; c < 3; c++)
                if (lj_fixed[a][c])
                    force[a][c] = 0.0;
        if (flow_largest_force(LJ_ATOMS, (const double (*)[3])force) < 1e-8)
            break;
        for (int a = 0; a < LJ_ATOMS; a++)
            dft_crystal_cartesian((const double (*)[3])crystal->lattice, crystal->position[a], r[a]);
        flow_stepper_move(stepper, &r[0][0], &force[0][0]);
        for (int a = 0; a < LJ_ATOMS; a++)
            dft_crystal_fractional((const double (*)[3])crystal->lattice, r[a],
                                   crystal->position[a]);
    }
    flow_stepper_free(stepper);
    return crystal;
}

#endif
