/*
 * tests/scf/reference_eos.h - equations of state of two programs at the same points, compared: what is left of
 * the difference after a constant is taken away, and volume and bulk modulus of the two Birch-Murnaghan fits.
 */
#ifndef TEST_REFERENCE_EOS_H
#define TEST_REFERENCE_EOS_H

#include <math.h>
#include <string.h>

#include "descriptors/eos.h"
#include "tests/scf/reference.h"
#include "tests/support/assert_close.h"

#define TEST_EOS_MAX_POINTS 16

typedef struct {
    size_t n, n_atoms;                      /* points; atoms in the cell */
    double volume[TEST_EOS_MAX_POINTS];     /* bohr^3, of the cell */
    double theirs[TEST_EOS_MAX_POINTS];     /* Ha, of the cell */
    double ours[TEST_EOS_MAX_POINTS];
} test_eos;

typedef struct {
    double offset_mev;                      /* mean of ours - theirs, per atom */
    double largest_mev;                     /* largest deviation from it, per atom */
    desc_eos theirs, ours;                  /* of the cell, atomic units */
    double v0_percent, b0_percent;          /* ours against theirs */
} test_eos_difference;

static inline void test_eos_add(test_eos *eos, size_t n_atoms, double volume_ang3, double theirs_ev,
                                double ours_ev)
{
    eos->n_atoms = n_atoms;
    eos->volume[eos->n] = volume_ang3 / pow(DFT_BOHR_ANG, 3);
    eos->theirs[eos->n] = theirs_ev / DFT_HARTREE_EV;
    eos->ours[eos->n++] = ours_ev / DFT_HARTREE_EV;
}

/* NaN where a fit has no minimum inside: no comparison with it holds. */
static inline test_eos_difference test_eos_compare(const test_eos *eos)
{
    const double mev = 1e3 * DFT_HARTREE_EV / (double)eos->n_atoms;
    test_eos_difference d = { .v0_percent = NAN, .b0_percent = NAN };

    for (size_t i = 0; i < eos->n; i++)
        d.offset_mev += mev * (eos->ours[i] - eos->theirs[i]) / (double)eos->n;
    for (size_t i = 0; i < eos->n; i++)
        d.largest_mev = fmax(d.largest_mev,
                             fabs(mev * (eos->ours[i] - eos->theirs[i]) - d.offset_mev));
    if (desc_eos_fit(eos->n, eos->volume, eos->theirs, &d.theirs, NULL) == DFT_OK &&
        desc_eos_fit(eos->n, eos->volume, eos->ours, &d.ours, NULL) == DFT_OK) {
        d.v0_percent = 100.0 * (d.ours.v0 / d.theirs.v0 - 1.0);
        d.b0_percent = 100.0 * (d.ours.b0 / d.theirs.b0 - 1.0);
    }
    return d;
}

static inline void test_eos_print(const char *name, const test_eos *eos, const test_eos_difference *d)
{
    const double ang3 = pow(DFT_BOHR_ANG, 3) / (double)eos->n_atoms;

    print_message("%-8s offset %+8.3f, then %6.3f meV/atom; V0 %9.4f %9.4f A^3/atom %+7.4f %%; "
                  "B0 %8.3f %8.3f GPa %+7.3f %%; fits %.3f %.3f meV\n", name, d->offset_mev,
                  d->largest_mev, ang3 * d->theirs.v0, ang3 * d->ours.v0, d->v0_percent,
                  DESC_HA_PER_BOHR3_GPA * d->theirs.b0, DESC_HA_PER_BOHR3_GPA * d->ours.b0,
                  d->b0_percent, 1e3 * DFT_HARTREE_EV * d->theirs.rms,
                  1e3 * DFT_HARTREE_EV * d->ours.rms);
}

#endif
