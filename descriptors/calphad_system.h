/*
 * descriptors/calphad_system.h - Gibbs energies of the phases of a few elements.
 *
 * Compound energy formalism (Hillert, J. Alloys Compd. 320, 161 (2001); Lukas, Fries, Sundman,
 * Computational Thermodynamics (2007), ch. 5).  For one formula unit with the site fractions y:
 *   G = sum over end members of prod(y) G0 + R T sum_s a_s sum_i y_i ln y_i
 *     + sum over interactions of prod(y) L_nu (y_i - y_j)^nu        (Redlich-Kister-Muggianu)
 *     + magnetic part (Inden 1976; Hillert and Jarl, Calphad 2, 227 (1978))
 * A parameter with three constituents on a sublattice is a constant when only order 0 is given,
 * else its orders 0, 1, 2 are weighted with y_i + (1 - y_i - y_j - y_k)/3.
 * An ordered phase with a disordered part has G = Gdis(x) + Gord(y) - Gord(y = x), with the entropy
 * of mixing of y; it stands for both, and the disordered phase is then no phase of its own.
 *
 * Units: J per mole of formula units, K, Pa.
 * Thread rule: a system never changes after creation.  A state is a workspace: one for each thread.
 */
#ifndef DESC_CALPHAD_SYSTEM_H
#define DESC_CALPHAD_SYSTEM_H

#include <stddef.h>

#include "descriptors/calphad_tdb.h"
#include "dft-lite/base/status.h"

#define DESC_CALPHAD_PRESSURE 1e5         /* Pa: where pressure-dependent phases are refused else */
#define DESC_CALPHAD_MOST_ELEMENTS 8
#define DESC_CALPHAD_MOST_FRACTIONS 40       /* site fractions of one phase */

typedef struct desc_calphad desc_calphad;
typedef struct desc_calphad_state desc_calphad_state;

/* The phases of `elements` (upper or lower case; their order is that of all compositions).
 * phases: names to keep, [n_phases]; NULL: all that the elements can fill.  Borrows tdb, which must
 * outlive the system.  The caller owns *out; NULL on failure.
 * Errors: DFT_EINPUT naming the file and what is wrong: an element or phase that it does not have,
 * a phase whose model is not computed here, an end member without a G parameter; DFT_ENOMEM. */
dft_status desc_calphad_create(const desc_tdb *tdb, size_t n_elements, const char *const *elements,
                               size_t n_phases, const char *const *phases, desc_calphad **out,
                               dft_error *err);
void desc_calphad_free(desc_calphad *system);                    /* NULL is accepted */

const desc_tdb *desc_calphad_tdb(const desc_calphad *system);
size_t desc_calphad_n_elements(const desc_calphad *system);
const char *desc_calphad_element(const desc_calphad *system, size_t i);
size_t desc_calphad_n_phases(const desc_calphad *system);
const char *desc_calphad_phase_name(const desc_calphad *system, size_t phase);
/* (size_t)-1 when there is none of that name. */
size_t desc_calphad_find_phase(const desc_calphad *system, const char *name);

/* The temperatures, K, in which every parameter of every phase is defined. */
void desc_calphad_range(const desc_calphad *system, double *lowest, double *highest);

/* The citations of the parameters in use, "; " between them.  The caller owns the text; NULL when
 * memory is refused. */
char *desc_calphad_sources(const desc_calphad *system);

/* Site fractions of a phase: their number, the sublattice and the constituent of each. */
size_t desc_calphad_n_fractions(const desc_calphad *system, size_t phase);
size_t desc_calphad_sublattice(const desc_calphad *system, size_t phase, size_t i);
const char *desc_calphad_constituent(const desc_calphad *system, size_t phase, size_t i);
double desc_calphad_sites(const desc_calphad *system, size_t phase, size_t sublattice);

/* Moles of each element in one formula unit: out [n_elements].  Returns their sum. */
double desc_calphad_atoms(const desc_calphad *system, size_t phase, const double *y, double *out);

/* What a composition set is called: the phase, or the disordered part of an ordered phase whose
 * site fractions agree on all sublattices to 1e-4. */
const char *desc_calphad_label(const desc_calphad *system, size_t phase, const double *y);

/* A workspace at no temperature yet.  Borrows system.  Errors: DFT_ENOMEM. */
dft_status desc_calphad_state_create(const desc_calphad *system, desc_calphad_state **out,
                                     dft_error *err);
void desc_calphad_state_free(desc_calphad_state *state);         /* NULL is accepted */

/* Evaluates all parameters.  Errors: DFT_EINPUT for T outside the range (0.2 K below its lowest
 * still count: 298 K for 298.15), a pressure that is not
 * above 0, one other than 1e5 Pa (or 101325) with a phase that has volume parameters, or a
 * parameter whose value is not finite, by file and line. */
dft_status desc_calphad_state_set(desc_calphad_state *state, double temperature, double pressure,
                                  dft_error *err);

/* G of one formula unit at the state's temperature, and the derivatives by z = (y_1 ... y_n, T),
 * which treat all of them as independent: gradient [n + 1], hessian [(n + 1)*(n + 1)]; both may be
 * NULL.  Site fractions must be above 0 where derivatives are asked for. */
double desc_calphad_gibbs(desc_calphad_state *state, size_t phase, const double *y,
                          double *gradient, double *hessian);

#endif
