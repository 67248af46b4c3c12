/*
 * descriptors/phase_tables.h - the inside of desc_phase_data, shared by phase_read.c and
 * phase_data.c.
 *
 * Not a public header.  Every string points into one of the five tables, which the struct owns.
 */
#ifndef DESC_PHASE_TABLES_H
#define DESC_PHASE_TABLES_H

#include "descriptors/phase_data.h"
#include "dft-lite/base/csv.h"

#define PHASE_EV_KJ_PER_MOL 96.48533289          /* CODATA 2014: Faraday constant/1000 */

/* A compound in contact with Li. */
typedef struct {
    const char *formula, *element;
    desc_state state;
    double conversion_ev;                        /* eV per Li; NaN: not assessed */
    const char *note, *source;
} phase_conversion;

enum { TABLE_SOLUBILITY, TABLE_POINTS, TABLE_PHASES, TABLE_PLATEAUS, TABLE_CONVERSION, N_TABLES };

struct desc_phase_data {
    dft_csv *tables[N_TABLES];                   /* owned */
    desc_solubility *solubility;                 /* owned, as are the arrays below */
    desc_solubility_point *points;
    desc_phase *phases;
    desc_plateau *plateaus;
    phase_conversion *conversions;
    size_t n_solubility, n_points, n_phases, n_plateaus, n_conversions;
};

#endif
