#include "descriptors/calphad_expr.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"

#define MOST_DEPTH 40                            /* of the value stack and of parentheses */

typedef struct {
    const char *text;
    size_t at, end;
    expr_program *out;
    size_t capacity;
    int depth, stack;                            /* open parentheses; values on the stack */
    dft_status status;                           /* the first fault stops the reading */
    size_t fault;
    dft_error *err;
} expr_reader;

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_name(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' || is_digit(c);
}

size_t expr_number(const char *text, size_t at, size_t end, double *out)
{
    char digits[64];
    size_t n = 0, i = at, n_digits = 0;

    for (; i < end && n < sizeof digits - 8 && (is_digit(text[i]) || text[i] == '.'); i++) {
        if (text[i] == '.' && memchr(digits, '.', n))
            break;
        n_digits += is_digit(text[i]);
        digits[n++] = text[i];
    }
    if (n_digits == 0)
        return 0;
    if (i < end && strchr("EeDd", text[i])) {
        const size_t sign = i + 1 < end && (text[i + 1] == '+' || text[i + 1] == '-');
        size_t k = i + 1 + sign;
        if (k < end && is_digit(text[k])) {
            digits[n++] = 'e';
            if (sign)
                digits[n++] = text[i + 1];
            for (; k < end && is_digit(text[k]) && n < sizeof digits - 1; k++)
                digits[n++] = text[k];
            i = k;
        }
    }
    digits[n] = '\0';
    *out = strtod(digits, NULL);
    return i - at;
}

static void reader_fail(expr_reader *in, size_t at, const char *what)
{
    if (in->status != DFT_OK)
        return;
    in->fault = at;
    in->status = dft_fail(in->err, DFT_EPARSE, "%s", what);
}

static void emit(expr_reader *in, expr_op op, double number, size_t name, size_t length)
{
    expr_program *out = in->out;

    if (in->status != DFT_OK)
        return;
    if (out->n_steps == in->capacity) {
        const size_t larger = in->capacity ? 2 * in->capacity : 16;
        expr_step *step = dft_alloc(larger, sizeof *step);
        if (!step) {
            in->status = dft_fail(in->err, DFT_ENOMEM, "no memory for an expression");
            return;
        }
        if (out->n_steps)
            memcpy(step, out->step, out->n_steps * sizeof *step);
        free(out->step);
        out->step = step;
        in->capacity = larger;
    }
    out->step[out->n_steps++] = (expr_step){ op, number, name, length };
    in->stack += op <= EXPR_FUNCTION ? 1 : op <= EXPR_DIV ? -1 : 0;
    if (in->stack > MOST_DEPTH)
        reader_fail(in, in->at, "the expression is nested too deeply; split it into FUNCTIONs");
}

static char peek(expr_reader *in)
{
    while (in->at < in->end && strchr(" \t\n\r", in->text[in->at]))
        in->at++;
    return in->at < in->end ? in->text[in->at] : ';';
}

static void read_sum(expr_reader *in);

static void read_parenthesis(expr_reader *in)
{
    in->at++;
    if (++in->depth > MOST_DEPTH)
        reader_fail(in, in->at, "the expression is nested too deeply; split it into FUNCTIONs");
    else
        read_sum(in);
    if (peek(in) != ')')
        reader_fail(in, in->at, "a closing parenthesis is missing");
    in->at++;
    in->depth--;
}

static void read_name(expr_reader *in)
{
    static const struct { const char *name; expr_op op; } calls[] = {
        { "LN", EXPR_LN }, { "LOG", EXPR_LN }, { "EXP", EXPR_EXP },
    };
    const size_t start = in->at;

    while (in->at < in->end && is_name(in->text[in->at]))
        in->at++;
    const size_t length = in->at - start;
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
        if (strlen(calls[i].name) == length && strncmp(calls[i].name, in->text + start, length) == 0
            && peek(in) == '(') {
            read_parenthesis(in);
            emit(in, calls[i].op, 0.0, 0, 0);
            return;
        }
    if (in->at < in->end && in->text[in->at] == '#')
        in->at++;
    if (length == 1 && in->text[start] == 'T')
        emit(in, EXPR_T, 0.0, 0, 0);
    else if (length == 1 && in->text[start] == 'P')
        emit(in, EXPR_P, 0.0, 0, 0);
    else if (length == 1 && in->text[start] == 'R')
        emit(in, EXPR_NUMBER, DESC_GAS_CONSTANT, 0, 0);
    else
        emit(in, EXPR_FUNCTION, 0.0, start, length);
}

static void read_factor(expr_reader *in)
{
    const char c = peek(in);
    double number;
    const size_t length = expr_number(in->text, in->at, in->end, &number);

    if (length > 0) {
        in->at += length;
        emit(in, EXPR_NUMBER, number, 0, 0);
    } else if (c == '(') {
        read_parenthesis(in);
    } else if (is_name(c)) {
        read_name(in);
    } else {
        reader_fail(in, in->at, "a number, a name or a parenthesis is expected");
    }
}

/* The exponent of ** is a number, perhaps signed, perhaps in parentheses: T**(-9). */
static void read_power(expr_reader *in)
{
    while (in->status == DFT_OK && peek(in) == '*' && in->at + 1 < in->end
           && in->text[in->at + 1] == '*') {
        double exponent = 0.0, sign = 1.0;

        in->at += 2;
        const bool open = peek(in) == '(';
        in->at += open;
        if (peek(in) == '-' || peek(in) == '+')
            sign = in->text[in->at++] == '-' ? -1.0 : 1.0;
        (void)peek(in);
        const size_t length = expr_number(in->text, in->at, in->end, &exponent);
        if (length == 0)
            reader_fail(in, in->at, "the exponent of ** must be a number");
        in->at += length;
        if (open && peek(in) != ')')
            reader_fail(in, in->at, "a closing parenthesis is missing");
        in->at += open;
        emit(in, EXPR_POW, sign * exponent, 0, 0);
    }
}

static void read_term(expr_reader *in)
{
    read_factor(in);
    read_power(in);
    while (in->status == DFT_OK && (peek(in) == '*' || peek(in) == '/')) {
        const expr_op op = in->text[in->at++] == '*' ? EXPR_MUL : EXPR_DIV;
        const char sign = peek(in);
        if (sign == '-' || sign == '+')          /* A*-2, seen in old files */
            in->at++;
        read_factor(in);
        read_power(in);
        if (sign == '-')
            emit(in, EXPR_NEG, 0.0, 0, 0);
        emit(in, op, 0.0, 0, 0);
    }
}

static void read_sum(expr_reader *in)
{
    bool negative = false;

    while (peek(in) == '-' || peek(in) == '+')   /* "+-5" and "--5" occur */
        negative ^= in->text[in->at++] == '-';
    read_term(in);
    if (negative)
        emit(in, EXPR_NEG, 0.0, 0, 0);
    while (in->status == DFT_OK && (peek(in) == '+' || peek(in) == '-')) {
        expr_op op = in->text[in->at++] == '+' ? EXPR_ADD : EXPR_SUB;
        while (peek(in) == '-' || peek(in) == '+')
            if (in->text[in->at++] == '-')
                op = op == EXPR_ADD ? EXPR_SUB : EXPR_ADD;
        read_term(in);
        emit(in, op, 0.0, 0, 0);
    }
}

dft_status expr_parse(const char *text, size_t *at, size_t end, expr_program *out, size_t *fault,
                      dft_error *err)
{
    expr_reader in = { .text = text, .at = *at, .end = end, .out = out, .err = err };

    *out = (expr_program){ NULL, 0 };
    read_sum(&in);
    if (in.status == DFT_OK && peek(&in) != ';')
        reader_fail(&in, in.at, "an operator or ';' is expected");
    *at = in.at;
    *fault = in.fault;
    if (in.status != DFT_OK)
        expr_program_clear(out);
    return in.status;
}

static desc_jet jet_mul(desc_jet a, desc_jet b)
{
    return (desc_jet){ a.v * b.v, a.t * b.v + a.v * b.t,
                       a.tt * b.v + 2.0 * a.t * b.t + a.v * b.tt };
}

/* f(a) with f, f', f'' at a.v. */
static desc_jet jet_chain(desc_jet a, double f, double f1, double f2)
{
    return (desc_jet){ f, f1 * a.t, f2 * a.t * a.t + f1 * a.tt };
}

static desc_jet jet_pow(desc_jet a, double n)
{
    if (n == 0.0)
        return (desc_jet){ 1.0, 0.0, 0.0 };
    if (n == 1.0)
        return a;
    const double p2 = pow(a.v, n - 2.0);
    return jet_chain(a, p2 * a.v * a.v, n * p2 * a.v, n * (n - 1.0) * p2);
}

desc_jet expr_evaluate(const expr_program *program, double temperature, double pressure,
                       const desc_jet *functions)
{
    desc_jet stack[MOST_DEPTH + 2] = { { 0.0, 0.0, 0.0 } };
    size_t n = 0;

    for (size_t i = 0; i < program->n_steps; i++) {
        const expr_step *s = &program->step[i];
        desc_jet *a = n > 0 ? &stack[n - 1] : stack, *under = n > 1 ? &stack[n - 2] : stack;
        switch (s->op) {
        case EXPR_NUMBER:   stack[n++] = (desc_jet){ s->number, 0.0, 0.0 }; break;
        case EXPR_T:        stack[n++] = (desc_jet){ temperature, 1.0, 0.0 }; break;
        case EXPR_P:        stack[n++] = (desc_jet){ pressure, 0.0, 0.0 }; break;
        case EXPR_FUNCTION: stack[n++] = functions[s->name]; break;
        case EXPR_ADD: *under = (desc_jet){ under->v + a->v, under->t + a->t, under->tt + a->tt };
            n--; break;
        case EXPR_SUB: *under = (desc_jet){ under->v - a->v, under->t - a->t, under->tt - a->tt };
            n--; break;
        case EXPR_MUL: *under = jet_mul(*under, *a); n--; break;
        case EXPR_DIV: *under = jet_mul(*under, jet_pow(*a, -1.0)); n--; break;
        case EXPR_POW: *a = jet_pow(*a, s->number); break;
        case EXPR_NEG: *a = (desc_jet){ -a->v, -a->t, -a->tt }; break;
        case EXPR_LN:  *a = jet_chain(*a, log(a->v), 1.0 / a->v, -1.0 / (a->v * a->v)); break;
        case EXPR_EXP: *a = jet_chain(*a, exp(a->v), exp(a->v), exp(a->v)); break;
        }
    }
    return stack[0];
}

const expr_program *expr_piece_at(const expr_piecewise *pieces, double temperature)
{
    size_t i = 0;

    while (i + 1 < pieces->n_pieces && temperature >= pieces->limit[i + 1])
        i++;
    return &pieces->piece[i];
}

void expr_program_clear(expr_program *program)
{
    free(program->step);
    *program = (expr_program){ NULL, 0 };
}

void expr_piecewise_clear(expr_piecewise *pieces)
{
    for (size_t i = 0; i < pieces->n_pieces; i++)
        expr_program_clear(&pieces->piece[i]);
    free(pieces->piece);
    free(pieces->limit);
    *pieces = (expr_piecewise){ 0, NULL, NULL };
}
