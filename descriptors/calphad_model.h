/*
 * descriptors/calphad_model.h - the inside of desc_calphad and desc_calphad_state.
 *
 * Not a public header.  A phase's Gibbs energy, apart from mixing and magnetism, is a sum of
 * blocks; a block is a polynomial in variables x = M y (M: the identity, or the averages that turn
 * site fractions into those of the disordered phase).
 */
#ifndef DESC_CALPHAD_MODEL_H
#define DESC_CALPHAD_MODEL_H

#include "descriptors/calphad_database.h"
#include "descriptors/calphad_system.h"

#define MODEL_FRACTIONS DESC_CALPHAD_MOST_FRACTIONS
#define MODEL_BLOCKS 3

/* c(T) prod_f x_f (offset + sum_k weight_k x_k)^power */
typedef struct {
    size_t parameter;                    /* index into the state's values */
    size_t n_factors, factor[TDB_FACTORS];
    int power;                           /* 0: the bracket is 1 */
    size_t n_linear, linear[3];
    double weight[3], offset;
} model_term;

typedef struct {
    model_term *term;                    /* owned */
    size_t n;
} model_sum;

/* x_k = sum of weight y over the entries of row k; n_x = 0 means x = y. */
typedef struct {
    size_t n_x;
    size_t first[MODEL_FRACTIONS + 1];
    size_t *column;                      /* owned */
    double *weight;                      /* owned */
} model_map;

typedef struct {
    size_t sum, map;                     /* indices into the phase's sums and maps */
    double scale;
} model_block;

/* Which constituents a phase of the database keeps among the elements of the system. */
typedef struct {
    size_t tdb_phase, n_sublattices, n_y;
    size_t first[TDB_SUBLATTICES + 1];   /* of each sublattice, into the fractions */
    size_t species[MODEL_FRACTIONS];
} model_sites;

typedef struct {
    model_sites sites;
    const char *name;                    /* borrowed from the database */
    double ratio[TDB_SUBLATTICES];
    double atoms[MODEL_FRACTIONS * DESC_CALPHAD_MOST_ELEMENTS];  /* [n_y][n_elements] */
    size_t n_blocks;
    model_block block[MODEL_BLOCKS];
    model_sum sum[4];                    /* ordering or own; disordered; TC; BMAGN */
    model_map map[2];                    /* to the disordered phase; to y = x */
    bool magnetic;
    size_t magnetic_map;                 /* 0: of the disordered part; 2: x = y */
    double magnetic_scale, antiferro, structure;
    const char *disordered_name;         /* NULL: no disordered part */
    size_t n_mixed_sublattices;          /* that the disordered part averages over */
} model_phase;

enum { SUM_OWN, SUM_DISORDERED, SUM_TC, SUM_BMAGN };
enum { MAP_DISORDERED, MAP_ORDERED_AT_X, MAP_NONE };

struct desc_calphad {
    const desc_tdb *tdb;                 /* borrowed */
    size_t n_elements;
    size_t element[DESC_CALPHAD_MOST_ELEMENTS];
    model_phase *phase;                  /* owned */
    size_t n_phases;
    size_t *parameter;                   /* owned: the parameters in use, of the database */
    size_t n_parameters;
    char *function_used;                 /* owned, [n_functions] */
    double lowest, highest;
};

struct desc_calphad_state {
    const desc_calphad *system;          /* borrowed */
    double temperature, pressure;
    desc_jet *function;                  /* owned, [n_functions of the database] */
    desc_jet *value;                     /* owned, [n_parameters of the system] */
};

/* A value with its derivatives by z = (y, T); gradient and hessian may both be NULL. */
typedef struct {
    size_t n;                            /* n_y */
    double value;
    double *gradient;                    /* [n + 1] */
    double *hessian;                     /* [(n + 1)*(n + 1)] */
} model_result;

/* calphad_polynomial.c: adds scale times a sum at x = M y (map NULL: x = y). */
void model_add_sum(const model_sum *sum, const model_map *map, const desc_jet *value,
                   const double *y, double scale, model_result *out);

/* calphad_magnetic.c: adds the magnetic part. */
void model_add_magnetic(const model_phase *phase, const desc_calphad_state *state, const double *y,
                        model_result *out);

/* calphad_terms.c */
/* The refusal of a phase: "... phase NAME has WHAT, which is not computed here ...". */
dft_status model_refuse(const desc_calphad *system, const tdb_phase *phase, const char *what,
                        dft_error *err);
/* Where a species stands on a sublattice, TDB_NONE when it does not. */
size_t model_place_of(const model_sites *sites, size_t sublattice, size_t species);
/* All terms of one property.  Errors: DFT_EINPUT for an interaction that is not computed here. */
dft_status model_collect(desc_calphad *system, const model_sites *sites, tdb_property property,
                         model_sum *sum, dft_error *err);
/* A missing energy is no zero: every end member needs its G.  Errors: DFT_EINPUT. */
dft_status model_check_end_members(const desc_calphad *system, const model_sites *sites,
                                   const model_sum *sum, dft_error *err);

/* calphad_order.c: sets up the blocks of a phase with a disordered part.  `sites` is that of the
 * disordered phase.  Errors: DFT_EINPUT when the two do not fit, DFT_ENOMEM. */
dft_status model_order(const desc_calphad *system, model_phase *phase, const model_sites *sites,
                       dft_error *err);

#endif
