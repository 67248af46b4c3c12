/*
 * descriptors/phase_data.h - collected Li-M phase data: solubilities, compounds, plateaus,
 * conversion.
 *
 * The files lie in descriptors/data/ (see its README.md for sources and for what was left out):
 *   solubility-298k.csv   one row per metal: the recommended x(M in bcc Li) with bounds and origin
 *   solubility.csv        single points against temperature
 *   intermetallics.csv    Li-M phases, enthalpies of formation
 *   plateaus.csv          voltages against Li/Li+
 *   formation.csv         enthalpies and Gibbs energies of formation of compounds
 *   volumes.csv           volumes of elements and compounds
 *   dilute.csv            solution energies of single atoms in bcc Li (DFT)
 *   voltages.csv          published voltages of reactions with Li, to stand beside computed ones
 *   conversion.csv        what compounds without energies (carbides) become in contact with Li
 * Every number carries its origin, confidence and source.  An unknown number is NaN and its origin
 * is DESC_ORIGIN_MISSING; it is never zero.  A solubility below DESC_SOLUBILITY_NONE has no
 * physical meaning here and has the origin DESC_ORIGIN_NONE.
 *
 * Units: mole fraction, K, kJ per mol of atoms, V against Li/Li+, eV per Li.
 * Thread rule: the data never change after reading; const calls may run concurrently.
 * All strings and pointers that come out are borrowed from the desc_phase_data.
 */
#ifndef DESC_PHASE_DATA_H
#define DESC_PHASE_DATA_H

#include <stdbool.h>
#include <stddef.h>

#include "descriptors/formula.h"

#define DESC_SOLUBILITY_NONE 1e-6

typedef struct desc_phase_data desc_phase_data;

typedef enum {
    DESC_ORIGIN_MISSING,         /* no defensible number */
    DESC_ORIGIN_NONE,            /* known to be nil: immiscible, or below 1e-6 */
    DESC_ORIGIN_CALPHAD,         /* from an assessed thermodynamic description */
    DESC_ORIGIN_MEASURED,        /* from experiment, extrapolated where the basis says so */
    DESC_ORIGIN_DFT_DILUTE,      /* dilute-solution DFT: an order of magnitude, tending high */
    DESC_ORIGIN_DFT              /* DFT energies of compounds and phases */
} desc_origin;

const char *desc_origin_name(desc_origin origin);     /* "missing", "none", "calphad", ... */

/* x(M in bcc Li) at 298 K. */
typedef struct {
    const char *element;
    double x, low, high;         /* NaN: unknown.  x unknown with a high is "an upper bound only" */
    desc_origin origin;
    const char *confidence;      /* "high", "medium", "low", "none"; "" for inert compounds */
    const char *basis;           /* how x came about, in words */
    const char *bounds_basis;
    const char *source;
    double x_li_in_m;            /* the other way round, reported beside it; NaN: unknown */
    const char *li_in_m_note;
    const char *li_richest_phase;
    const char *plateaus;        /* text, V against Li/Li+ */
} desc_solubility;

/* One measured or computed point. */
typedef struct {
    const char *element;         /* the metal of the system */
    const char *solvent_phase;   /* BCC_A2, FCC_A1, ... */
    const char *solute;
    double temperature_k, x;     /* NaN: unknown */
    desc_origin origin;
    const char *confidence, *note, *source;
} desc_solubility_point;

typedef struct {
    const char *element;
    const char *formula, *structure;             /* formula "none": known to form no compound */
    desc_formula composition;                    /* of phases with an enthalpy; else n = 0 */
    double x_li;                                 /* atomic fraction of Li; NaN for "none" */
    double dhf_kj_per_mol_atoms;                 /* enthalpy of formation; NaN: unknown */
    desc_origin origin;                          /* of the enthalpy; MISSING when there is none */
    const char *confidence;                      /* of the enthalpy; "" when there is none */
    const char *kind;                            /* "calorimetric +-0.3 (942 K)", ... */
    const char *t_range_k, *source;
} desc_phase;

typedef struct {
    const char *element;
    const char *reaction;
    double temperature_k, voltage_v;             /* voltage NaN: single phase, it slopes */
    bool equilibrium;                            /* false: galvanostatic, with hysteresis */
    desc_origin origin;
    const char *confidence, *note, *source;
} desc_plateau;

/* A compound of formation.csv. */
typedef struct {
    const char *formula;
    desc_formula composition;
    double dhf_kj_per_mol, dgf_kj_per_mol;       /* per formula unit; dgf may be NaN */
    desc_origin origin;                          /* MEASURED: at 298.15 K; DFT: at 0 K */
    const char *confidence;                      /* "high": two tables agree */
    const char *note, *source;
} desc_formation;

/* A voltage that others give for the reaction of a compound with Li; nothing uses it. */
typedef struct {
    const char *formula;
    desc_formula composition;
    double voltage_v;                            /* against Li/Li+ */
    const char *kind;                            /* "theoretical", "measured" or "ab initio" */
    const char *confidence, *note, *source;
} desc_published_voltage;

/* One atom of the metal in a large cell of bcc Li, against the pure metal (DFT). */
typedef struct {
    const char *element;
    double dh_ev;
    const char *reference;                       /* Li-richest compound of the same set; or "" */
    double mu_ev;                                /* of the metal where it meets Li; 0: the metal */
    const char *note, *source;
} desc_dilute_row;

/* Driving force of the first lithiation, M + n Li -> Li_n M: the first plateau against Li. */
typedef struct {
    double driving_ev;           /* eV per Li, >= 0; 0: does not react with Li; NaN: unknown */
    desc_origin origin;
    const char *product;         /* formula or plateau that the number belongs to; "" when none */
    const char *source;
} desc_lithiation;

typedef enum {
    DESC_STATE_UNKNOWN,          /* nobody has entered it: the phase-data terms stay missing */
    DESC_STATE_PRISTINE,         /* as it is: a metal, or a compound that Li does not convert */
    DESC_STATE_LITHIATED,        /* it is a Li-M phase already */
    DESC_STATE_CONVERTED         /* Li takes the anion: ZnO + 2 Li -> Li2O + Zn */
} desc_state;

const char *desc_state_name(desc_state state);        /* "unknown", "pristine", ... */

/* Which element of a candidate counts for alloying and solubility. */
typedef struct {
    char element[4];             /* "" when none does (MgO, Ti2C) or when the state is unknown */
    desc_state state;
    double conversion_ev;        /* Gibbs energy per Li, negative runs; NaN: not assessed */
    const char *note, *source;
} desc_active_element;

/* Reads the nine files of a directory and works out what Li does to each compound of formation.csv
 * (descriptors/lithiation_data.h).  The caller owns *out (desc_phase_data_free); NULL on failure.
 * Errors: DFT_ENOFILE, DFT_EPARSE (file:line, column, value: unknown origin, a mole fraction
 * outside 0..1, rows of one element apart, an origin that contradicts its number, a formula that
 * does not agree with its x_li), DFT_ENOMEM. */
dft_status desc_phase_data_read(const char *directory, desc_phase_data **out, dft_error *err);

void desc_phase_data_free(desc_phase_data *data);                        /* NULL is accepted */

/* Recommended solubility of an element in bcc Li at 298 K.  An element without a row, Li itself or
 * "" gives DESC_ORIGIN_MISSING, NaN and a basis that says so. */
void desc_solubility_in_li(const desc_phase_data *data, const char *element, desc_solubility *out);

/* The rows of an element, in the order of the file; *n = 0 (and NULL) when there are none.
 * Phases are sorted by rising x_li: the Li-rich ones come last. */
const desc_solubility_point *desc_solubility_points(const desc_phase_data *data,
                                                    const char *element, size_t *n);
const desc_phase *desc_phases(const desc_phase_data *data, const char *element, size_t *n);
const desc_plateau *desc_plateaus(const desc_phase_data *data, const char *element, size_t *n);

/* The row of an element in dilute.csv; NULL when there is none. */
const desc_dilute_row *desc_dilute_data(const desc_phase_data *data, const char *element);

/* All rows of formation.csv and of intermetallics.csv. */
const desc_formation *desc_formations(const desc_phase_data *data, size_t *n);
const desc_phase *desc_all_phases(const desc_phase_data *data, size_t *n);

/* The rows of voltages.csv for a compound; *n = 0 (and NULL) when there are none. */
const desc_published_voltage *desc_published_voltages(const desc_phase_data *data,
                                                      const desc_formula *formula, size_t *n);

/* Volume of a formula unit, A^3, from volumes.csv; NaN when it is not there. */
double desc_volume_ang3(const desc_phase_data *data, const desc_formula *formula);

/* How strongly Li reacts with the metal.  In order of preference, never mixed within one element:
 *   1. the highest equilibrium plateau below 320 K (assessed, measured or derived from emf);
 *   2. max over phases of -dHf/x_Li (the first plateau of the hull from the metal's side, without
 *      entropy) from DFT enthalpies, which share one method;
 *   3. the same from calorimetry and assessments, only when neither exists;
 *   4. the same from the Li salts of formation.csv (Te, S, P).
 * Systems entered as forming nothing give 0 with DESC_ORIGIN_NONE; no entry gives NaN, MISSING. */
void desc_first_lithiation(const desc_phase_data *data, const char *element, desc_lithiation *out);

/* The element that counts for a candidate: Ag -> Ag (pristine), LiHg -> Hg (lithiated), ZnO -> Zn
 * (converted), MgO -> "" (pristine: MgO is more stable than Li2O), LiF -> "", Ti2C -> "". Elements
 * and binary Li-M formulas follow from the formula, compounds with tabulated energies from their
 * reaction with Li (first step of descriptors/lithiation_data.h), the rest from conversion.csv;
 * anything else, Li itself included, gives DESC_STATE_UNKNOWN with element "". Formula: element
 * symbols and counts, "Ti2CO2".  Errors: DFT_EINPUT when it cannot be read. */
dft_status desc_alloying_element(const desc_phase_data *data, const char *formula,
                                 desc_active_element *out, dft_error *err);

/* What the three functions above say together about a candidate, for scoring:
 *   pristine metal or lithiated phase: solubility and first lithiation of its metal;
 *   converted: solubility of the metal set free, driving force of the conversion reaction;
 *   nothing counts (MgO, Ti2C): solubility 0 with DESC_ORIGIN_NONE, since nothing is set free;
 *     driving force 0 when the conversion is known not to run, missing when nobody has assessed it;
 *   unknown: both missing, and solubility->basis says why.
 * Errors: as desc_alloying_element. */
dft_status desc_candidate_phase(const desc_phase_data *data, const char *formula,
                                desc_active_element *active, desc_solubility *solubility,
                                desc_lithiation *lithiation, dft_error *err);

#endif
