/*
 * workflows/elastic.h - the elastic tensor of a crystal or a sheet from stresses under strain.
 *
 * 1. The crystal's operations name the Laue class and the fewest strains that determine every constant
 *    (descriptors/laue.h, descriptors/elastic_fit.h), whatever cell and orientation it comes in.
 * 2. Each strain is made with both signs (one where an operation turns it into its negative) as a pure
 *    stretch F = sqrt(1 + 2 eta), so that the Lagrangian strain is +-eta exactly.  The evaluator's Cauchy
 *    stress is pulled back, S = det F F^-1 sigma F^-T, and the central difference of S is the second
 *    derivative of the free energy, C (Brugger), to second order in the amplitude.  With `two_amplitudes` also
 *    to fourth: the strains are made twice as large too and the slopes extrapolated.
 * 3. The stress that the reference state has already (a pressure, or what is left of a relaxation, or the
 *    Pulay stress of a plane-wave set held fixed) makes the stress-strain coefficients B differ from
 *    C: both are returned, `c` being B (desc_elastic_under_stress), which measurement, sound and stability
 *    ask for.  They agree when the residual stress is zero; it is part of the result.
 *
 * Clamped-ion: atoms keep their fractional coordinates.  Relaxed-ion: they are relaxed at each strain
 * (workflows/settle.h).  Where every atom is a centre of inversion no strain moves it, and the two are
 * one without computing.  The reference state is relaxed first, in either case, when its forces
 * exceed the limit, unless relaxation is switched off.
 *
 * Sheets: strains in the plane only, per area: stress times the cell's height, which the vacuum does
 * not enter.  Bending is not computed here: no route that is both sound for a sheet of several atomic
 * planes and cheap is known to us (plate theory's E t^3/12 is not sound for one).
 *
 * Plane waves.  Each strained cell's own set (the default) or, with `set_basis`, that of the reference cell
 * in all.  Measured with dft-lite, GPa, C11 C12 C44 (converged: Cu 173 135 65.5 at 6x6x6, MgO 276 92 143):
 *     Cu 450 eV    own 170 130 64.3    held 214 142 81.8        MgO 500 eV    own 258 78 140    held 406 113 194
 *     Cu 600 eV    own 174 135 65.5    held 167 133 63.1        MgO 800 eV    own 277 92 143    held 279  93 144
 * Own sets come and go with the strain, which scatters the constants by 1 to 2 %; the held one is smooth
 * (0.1 %) but adds the second derivative of the basis's error.  Under strain eta the held vectors of
 * direction n reach Ecut n (1 + 2 eta)^-1 n.  With that error gamma(Ecut) of the energy (g1 = Ecut gamma',
 * g2 = Ecut^2 gamma'', taken alike in all directions) the average over directions gives a stress of
 * -(2/3) g1/V (Pulay) and stress-strain coefficients that are too large by
 *     3 K in C11, K in C12 and C44 (so 5 K/3 in the bulk modulus),   K = ((2/3) g1 + (4/15) g2)/V.
 * Two energies more, with the bases of the cell scaled by 1 +- 0.06, give both with gamma = A exp(-b Ecut)
 * where the basis is held.  They are reported as the error of the cutoff and not taken away.
 * Hartree atomic units.
 */
#ifndef FLOW_ELASTIC_H
#define FLOW_ELASTIC_H

#include "descriptors/elastic.h"
#include "descriptors/elastic_fit.h"
#include "descriptors/laue.h"
#include "dft-lite/base/status.h"
#include "dft-lite/crystal/crystal.h"
#include "workflows/evaluator.h"
#include "workflows/settle.h"

typedef struct {
    double amplitude;               /* Lagrangian strain; default 0.005 */
    int two_amplitudes;             /* default 0 */
    int relaxed_ions;               /* default 1: both tensors; 0: clamped-ion alone */
    int sheet;                      /* default 0; 1: in-plane tensor */
    double symmetry_tolerance;      /* bohr, default 1e-3 */
    /* Holds the basis that this lattice chooses, NULL: each cell's own again.  NULL: there is no basis, or
     * it is not to be held. */
    void (*set_basis)(void *context, const double (*lattice)[3]);
    void *basis_context;
    flow_settle_options settle;     /* of positions at fixed cell; fixed and want_stress are not used */
    void (*on_stress)(void *context, const char *label, size_t done, size_t planned);   /* NULL: silent */
    void *context;
} flow_elastic_options;

flow_elastic_options flow_elastic_defaults(void);

/* One tensor, in Ha/bohr^3 (sheets: Ha/bohr^2, components xx yy xy, the others 0). */
typedef struct {
    int known;                      /* 0: not computed, or an evaluation did not converge */
    double c[6][6];                 /* stress-strain coefficients, in the crystal's own Cartesian axes
                                       (sheets: x along a1, z along the normal) */
    double c_brugger[6][6];         /* second derivatives of the free energy */
    double asymmetry;               /* what symmetrising c took away; > 0 under a stress that is not
                                       hydrostatic */
    double error[6][6];             /* standard error by the fit's residual, and with two amplitudes half
                                       the correction, whichever is greater */
    double rms;                     /* residual of the fit */
    double standard[6][6];          /* c in the standard axes of descriptors/laue.h */
    double standard_axes[3][3];
    double eigenvalue[6];           /* ascending; sheets: three */
    int stable;                     /* all of them positive */
    int born;                       /* desc_laue_born; -1: the class has no closed form */
    int has_moduli;                 /* only when stable */
    desc_moduli moduli;
    desc_sheet_moduli_result sheet;
} flow_elastic_tensor;

typedef struct {
    int converged;                  /* 1: every tensor that was asked for is known */
    int ionic;                      /* why not: forces that are not small enough; else an SCF */
    char message[320];              /* the same in words */
    desc_laue laue;
    int n_constants;
    desc_strain_set set;
    double amplitude;
    size_t n_planned, n_used;       /* strained states, relaxed and clamped counted once */
    int ions_fixed_by_symmetry;     /* relaxed-ion and clamped-ion are one */
    int reference_relaxed;          /* the file's positions were relaxed first */
    double reference_force;         /* largest, Ha/bohr */
    double residual_stress[6];      /* of the reference state, Ha/bohr^3 (sheets: Ha/bohr^2), same axes */
    double pulay_stress;            /* of the held basis at the reference state; NaN when it is
                                       not measured or too small for that */
    double basis_error;             /* K above, units of the tensors; NaN likewise */
    double height;                  /* of the cell along the normal; sheets, else 0 */
    flow_elastic_tensor clamped, relaxed;
} flow_elastic_result;

/* An evaluation or relaxation that does not converge is data: converged = 0, its tensor unknown.
 * Errors: DFT_EINPUT for an amplitude that is not in 0..0.05, or a sheet without vacuum along c; those of
 * the evaluator, dft_symmetry_create and flow_settle; DFT_ENOMEM. */
dft_status flow_elastic_run(const dft_crystal *crystal, const flow_evaluator *evaluator,
                            const flow_elastic_options *options, flow_elastic_result *out,
                            dft_error *err);

#endif
