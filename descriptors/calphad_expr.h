/*
 * descriptors/calphad_expr.h - temperature expressions of a TDB file.
 *
 * An expression is built of numbers, T, P, R, named functions (GHSERAL or GHSERAL#), + - * /, **
 * with a numeric exponent, LN, LOG (natural, as in Thermo-Calc), EXP and parentheses.  It is kept
 * in postfix order and evaluated together with its first two temperature derivatives.
 * A piecewise expression has one expression for each temperature range [limit_i, limit_i+1).
 *
 * Units: J/mol, K, Pa.  R is 8.31451 J/(mol K), the value (CODATA 1986) with which the SGTE unary
 * data and the assessments built on them were made.
 * Not a public header: descriptors/calphad_tdb.h is what others use.
 */
#ifndef DESC_CALPHAD_EXPR_H
#define DESC_CALPHAD_EXPR_H

#include <stddef.h>

#include "dft-lite/base/status.h"

#define DESC_GAS_CONSTANT 8.31451                /* J/(mol K) */

/* A value with d/dT and d2/dT2. */
typedef struct {
    double v, t, tt;
} desc_jet;

typedef enum {
    EXPR_NUMBER, EXPR_T, EXPR_P, EXPR_FUNCTION, EXPR_ADD, EXPR_SUB, EXPR_MUL, EXPR_DIV, EXPR_POW,
    EXPR_NEG, EXPR_LN, EXPR_EXP
} expr_op;

typedef struct {
    expr_op op;
    double number;               /* EXPR_NUMBER: the value; EXPR_POW: the exponent */
    size_t name;                /* EXPR_FUNCTION: offset of its name in the text, later its index */
    size_t name_length;          /* 0 once the name is resolved */
} expr_step;

typedef struct {
    expr_step *step;             /* owned, postfix */
    size_t n_steps;
} expr_program;

typedef struct {
    size_t n_pieces;
    double *limit;               /* owned, [n_pieces + 1], K, rising */
    expr_program *piece;         /* owned, [n_pieces] */
} expr_piecewise;

/* Parses text[*at ...] up to the first ';' or the end at `end`; *at is then where it stopped.  On
 * failure *fault is the offset of what could not be read.  Functions stay unresolved.
 * Errors: DFT_EPARSE with a sentence about the expression alone (the caller adds file:line);
 * DFT_ENOMEM. */
dft_status expr_parse(const char *text, size_t *at, size_t end, expr_program *out, size_t *fault,
                      dft_error *err);

/* A number as Fortran and C write it (1.5, .28, 1E-3, 1.D+05), without sign.  Returns the length
 * read, 0 when there is none. */
size_t expr_number(const char *text, size_t at, size_t end, double *out);

/* Value and derivatives at T (K) and p (Pa).  functions[index]: the named functions, evaluated.
 * A value that is not finite comes out as it is: the caller checks. */
desc_jet expr_evaluate(const expr_program *program, double temperature, double pressure,
                       const desc_jet *functions);

/* The piece that holds at T: the last one at and above the last limit, the first one below the
 * first; the caller checks the range. */
const expr_program *expr_piece_at(const expr_piecewise *pieces, double temperature);

void expr_program_clear(expr_program *program);
void expr_piecewise_clear(expr_piecewise *pieces);

#endif
