/*
 * descriptors/phase_tables.h - the inside of desc_phase_data, shared by phase_read.c and
 * phase_data.c.
 *
 * Not a public header.  Every string points into one of the tables or into text, which the struct
 * owns.
 */
#ifndef DESC_PHASE_TABLES_H
#define DESC_PHASE_TABLES_H

#include "descriptors/phase_data.h"
#include "dft-lite/base/csv.h"

#define PHASE_EV_KJ_PER_MOL 96.48533289          /* CODATA 2014: Faraday constant/1000 */

/* A compound in contact with Li. */
typedef struct {
    const char *formula, *element;
    desc_formula composition;                    /* n = 0 for rows of conversion.csv */
    desc_state state;
    double conversion_ev;                        /* eV per Li; NaN: not assessed */
    const char *note, *source;
} phase_conversion;

typedef struct {
    const char *formula;
    desc_formula composition;
    double volume_ang3;                          /* per formula unit */
} phase_volume;

enum { TABLE_SOLUBILITY, TABLE_POINTS, TABLE_PHASES, TABLE_PLATEAUS, TABLE_CONVERSION,
       TABLE_FORMATION, TABLE_DILUTE, TABLE_VOLUMES, TABLE_VOLTAGES, N_TABLES };

struct desc_phase_data {
    dft_csv *tables[N_TABLES];                   /* owned */
    desc_solubility *solubility;                 /* owned, as are the arrays below */
    desc_solubility_point *points;
    desc_phase *phases;
    desc_plateau *plateaus;
    desc_formation *formations;
    desc_dilute_row *dilutes;
    phase_volume *volumes;
    desc_published_voltage *voltages;
    phase_conversion *conversions;               /* rows of conversion.csv, then computed ones */
    char (*reaction_text)[200];                  /* owned, [n_formations]: notes of computed ones */
    size_t n_solubility, n_points, n_phases, n_plateaus, n_conversions, n_formations, n_dilutes,
           n_volumes, n_voltages;
};

/* Appends what Li does to each compound of formation.csv to data->conversions (room for
 * n_formations more is there) with the reaction in data->reaction_text.  In lithiation_data.c. */
dft_status phase_conversions_compute(desc_phase_data *data, dft_error *err);

#endif
