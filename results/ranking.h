/*
 * results/ranking.h - the ranked list, and ranked.csv.
 *
 * One row for each candidate.  Ranked rows come first, by rank (ties on the candidate's id, then the
 * facet); rows that could not be ranked follow by candidate, with an empty rank and their reason.
 * A number that is not known is NaN here and an empty field there, never zero.  Equal rows give equal bytes, on any machine: fixed decimals
 * (energies to 1e-6 eV, the promised reproducibility), "\n" line ends, no date.
 * Text fields follow RFC 4180; line ends and other control characters become spaces, so a record is
 * a line, and a field that a spreadsheet would take for a formula (= + - @) gets a leading
 * apostrophe.  Thread rule: no shared state.
 */
#ifndef RES_RANKING_H
#define RES_RANKING_H

#include <stdbool.h>
#include <stddef.h>

#include "dft-lite/base/status.h"
#include "results/text.h"

/* Texts are borrowed; NULL means empty. */
typedef struct {
    int rank;                               /* 1, 2, ...; 0: not ranked, then reason says why */
    const char *candidate;                  /* id, "Ag-111"; required */
    const char *family;                     /* metal | alloy | mxene | oxide | ... */
    const char *facet;                      /* "111", "0001" */
    const char *state;                      /* pristine | lithiated | converted */
    double score;                           /* expected total, 0..1: what rank follows */
    double lithiophilicity;                 /* expected, 0..1 */
    double lithiophilicity_low, lithiophilicity_high;    /* 90 % interval over errors and priors */
    double robustness;
    double robustness_low, robustness_high;
    int rank_low, rank_high;                /* 90 % interval of the rank; 0: not ranked */
    double p_top_5;                         /* probability to be among the best 5 */
    double p_top_5_any_weights;             /* the same over all weights, numbers as expected */
    const char *pareto;                     /* "yes": nobody is better on both axes; "no" */
    double li_binding_ev;                   /* per Li, against bcc Li; negative binds */
    double li_binding_error_ev;             /* one standard deviation */
    const char *li_binding_site;            /* "fcc:Ag3" */
    double migration_barrier_ev;
    double migration_barrier_low_ev, migration_barrier_high_ev;      /* bounds */
    const char *migration_barrier_origin;   /* "corrugation-estimate: ...", "ci-neb", ... */
    double spreading_anisotropy_ev;         /* barrier in two dimensions less that in one */
    double solubility_m_in_li;              /* atomic fraction */
    double solubility_low, solubility_high;
    const char *solubility_origin;          /* where the number comes from */
    const char *solubility_confidence;
    double first_lithiation_ev;             /* driving force per Li */
    const char *li_rich_phases;             /* "Li9Ag4 LiAg" */
    double volume_change_percent;           /* of the host on full lithiation */
    double solute_barrier_ev;               /* of the metal with a vacancy in bcc Li */
    double contact_angle_deg;
    double work_of_adhesion_j_per_m2;
    double interface_strain_percent;
    double li_coverage_ml;                  /* monolayers of Li in the binding calculation */
    double lattice_a_ang;
    double bulk_modulus_gpa;                /* NaN for sheets, where it has no meaning */
    double young_modulus_gpa;               /* solids: of the bulk; sheets: in plane, per thickness */
    double shear_modulus_gpa;               /* solids; of sheets see interlayer_c44_gpa */
    double layer_modulus_n_per_m;
    double in_plane_stiffness_n_per_m;      /* one layer of a sheet */
    double layer_bending_rigidity_ev;       /* of one layer */
    double layer_spacing_ang;               /* of a stack */
    double interlayer_c44_gpa;              /* slip between layers of a stack */
    double film_stiffness_n_per_m;          /* E t of what stretches as one in a 10 nm film: scored */
    double film_bending_rigidity_ev;        /* of that film */
    const char *compliance_basis;           /* which number the score uses */
    const char *operating_state;
    bool converged;                         /* every number of the row comes from converged runs */
    int n_planned;                          /* calculations planned for this row ... */
    int n_used;                             /* ... and used in it */
    const char *missing_terms;              /* score terms drawn from their prior: "solubility" */
    const char *next_calculation;           /* of this row, what would change the best 5 most */
    const char *notes;                      /* "Ni without spin; fixed c/a" */
    const char *reason;                     /* why not ranked, or what to know of the rank */
} res_ranked_row;

/* A row with every number NaN, texts NULL, rank 0 and counts 0. */
res_ranked_row res_ranked_row_defaults(void);

/* Puts the rows into the order of the table (ranks are kept as given). */
void res_ranked_sort(res_ranked_row *rows, size_t n_rows);

/* Gives ranks 1, 2, ... in falling order of score[i] (ties on candidate, then facet) to the rows
 * whose score is finite; the others get rank 0.  score: [n_rows], moves with its row: rows and score
 * are both sorted into the order of the table. */
void res_ranked_assign(res_ranked_row *rows, double *score, size_t n_rows);

/* The table as text, appended to an empty res_text that the caller clears; errors as below. */
dft_status res_ranked_csv_text(const res_ranked_row *rows, size_t n_rows, res_text *text,
                               dft_error *err);

/* Writes the table, atomically (dft-lite/base/file.h), in the order of res_ranked_sort whatever the order
 * given.  Errors: DFT_EINPUT for a row without candidate, with neither rank nor reason, ranked though
 * not converged, or with a rank used twice; DFT_EIO; DFT_ENOMEM. */
dft_status res_ranked_csv_write(const char *path, const res_ranked_row *rows, size_t n_rows,
                                dft_error *err);

/* The columns, in order: for the database, exports and reports. */
typedef enum { RES_TEXT, RES_REAL, RES_INTEGER, RES_RANK, RES_FLAG } res_column_kind;
typedef struct {
    const char *name;                       /* header, with the unit */
    res_column_kind kind;                   /* RES_RANK: integer, empty when 0; RES_FLAG: yes/no */
    int decimals;                           /* of a RES_REAL */
    size_t offset;                          /* in res_ranked_row */
} res_column;
const res_column *res_ranked_columns(size_t *n_columns);

#endif
