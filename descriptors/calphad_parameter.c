/* Reads FUNCTION and PARAMETER commands of a TDB file and ties the functions together. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "descriptors/calphad_database.h"
#include "dft-lite/base/alloc.h"

#define LOWEST_DEFAULT 298.15                  /* where a file leaves a limit out, as Thermo-Calc */
#define HIGHEST_DEFAULT 6000.0

static dft_status no_memory(const tdb_reader *in)
{
    return dft_fail(in->err, DFT_ENOMEM, "%s: no memory for its functions", in->name);
}

/* One more piece, from the last limit to a limit read later. */
static dft_status add_piece(tdb_reader *in, size_t *at, size_t end, expr_piecewise *out)
{
    expr_program program;
    dft_error why = { DFT_OK, "" };
    size_t fault = *at;
    const size_t n = out->n_pieces;

    const dft_status status = expr_parse(in->text, at, end, &program, &fault, &why);
    if (status == DFT_EPARSE) {
        const size_t length = fault < end ? strcspn(in->text + fault, " \n!") : 0;
        return tdb_fail(in, fault < end ? fault : end, "%s before '%.*s'", why.message,
                        (int)(length < 20 ? length : 20), length ? in->text + fault : "");
    }
    if (status != DFT_OK)
        return no_memory(in);
    expr_piecewise wider = { n + 1, dft_alloc_doubles(n + 2), dft_alloc(n + 1, sizeof program) };
    if (!wider.limit || !wider.piece) {
        expr_program_clear(&program);
        free(wider.limit);
        free(wider.piece);
        return no_memory(in);
    }
    memcpy(wider.limit, out->limit, (n + 1) * sizeof *wider.limit);
    if (n)
        memcpy(wider.piece, out->piece, n * sizeof program);
    wider.piece[n] = program;
    free(out->limit);
    free(out->piece);
    *out = wider;
    return DFT_OK;
}

/* 298.15 expression; 700 Y expression; 2900 N.  A limit left out (only commas) has its default. */
static dft_status read_pieces(tdb_reader *in, size_t *at, size_t end, expr_piecewise *out)
{
    dft_status status = DFT_OK;

    *out = (expr_piecewise){ 0, dft_alloc_doubles(1), NULL };
    if (!out->limit)
        return no_memory(in);
    size_t start = *at;
    if (!tdb_read_number(in, at, end, &out->limit[0]) || !strchr(" \n,;", in->text[*at])) {
        *at = start;                             /* what stands there is the expression */
        out->limit[0] = LOWEST_DEFAULT;
    }
    for (bool more = true; more && status == DFT_OK;) {
        (void)tdb_skip(in, at, end, ",");
        if (*at >= end || in->text[*at] == ';')
            return tdb_fail(in, *at, "an expression is expected");
        if (out->n_pieces == 100)
            return tdb_fail(in, *at, "more than 100 temperature ranges");
        status = add_piece(in, at, end, out);
        if (status != DFT_OK)
            break;
        double *limit = &out->limit[out->n_pieces];
        *at += *at < end;                        /* the ';' */
        (void)tdb_skip(in, at, end, ",");
        if (!tdb_read_number(in, at, end, limit))
            *limit = HIGHEST_DEFAULT;
        if (!(limit[0] > limit[-1]))
            return tdb_fail(in, *at, "the temperature limit %g must be above %g", limit[0],
                            limit[-1]);
        const char flag = tdb_skip(in, at, end, ",");
        more = flag == 'Y';
        *at += flag == 'Y' || flag == 'N';
    }
    return status;
}

dft_status tdb_read_function(tdb_reader *in, const tdb_command *command)
{
    desc_tdb *db = in->db;
    tdb_function function = { .line = command->line };
    size_t at = command->at;
    dft_status status = tdb_word(in, &at, command->end, "#", function.name);

    if (status == DFT_OK && !function.name[0])
        status = tdb_fail(in, command->at, "FUNCTION needs a name");
    if (status == DFT_OK)
        status = read_pieces(in, &at, command->end, &function.value);
    for (size_t i = 0; i < db->n_functions && status == DFT_OK; i++)
        if (strcmp(db->functions[i].name, function.name) == 0) {
            status = tdb_note(in, command->at, "function %s is defined twice; the last one counts",
                              function.name);
            db->functions[i].name[0] = '\0';     /* no name finds it any more */
        }
    if (status == DFT_OK && !tdb_grow((void **)&db->functions, db->n_functions,
                                      sizeof *db->functions))
        status = no_memory(in);
    if (status == DFT_OK)
        db->functions[db->n_functions++] = function;
    else
        expr_piecewise_clear(&function.value);
    return status;
}

static const struct {
    const char *name;
    enum { GIBBS, CURIE, MOMENT, VOLUME, TRANSPORT } kind;
} types[] = {
    { "G", GIBBS }, { "L", GIBBS }, { "TC", CURIE }, { "BMAGN", MOMENT }, { "BMAG", MOMENT },
    { "BM", MOMENT }, { "V0", VOLUME }, { "VA", VOLUME }, { "VB", VOLUME }, { "VC", VOLUME },
    { "VK", VOLUME }, { "MQ", TRANSPORT }, { "MF", TRANSPORT }, { "DQ", TRANSPORT },
    { "DF", TRANSPORT }, { "VS", TRANSPORT }, { "VISC", TRANSPORT }, { "THCD", TRANSPORT },
    { "ELRS", TRANSPORT }, { "SIGM", TRANSPORT },
};

/* The constituent array up to ')', and the order.  *known is false when the phase does not have a
 * constituent: such parameters are left over from other versions of the phase. */
static dft_status read_array(tdb_reader *in, size_t *at, size_t end, tdb_parameter *out,
                             bool *known)
{
    size_t n = 0;
    dft_status status = DFT_OK;
    double order = 0.0;

    *known = true;
    for (out->n_sublattices = 1;;) {
        const char c = tdb_skip(in, at, end, ",%");
        char name[TDB_NAME];
        const size_t start = *at;
        if (c == ')' || c == ';' || c == '\0')
            break;
        if (c == ':') {
            ++*at;
            if (out->n_sublattices++ == TDB_SUBLATTICES)
                return tdb_fail(in, *at, "more than %d sublattices", TDB_SUBLATTICES);
            continue;
        }
        status = tdb_word(in, at, end, ",:;)%", name);
        if (status != DFT_OK)
            return status;
        if (n == TDB_FACTORS)
            return tdb_fail(in, start, "more than %d constituents in one parameter", TDB_FACTORS);
        out->constituent[n] = strcmp(name, "*") == 0 ? TDB_ANY : tdb_find_species(in->db, name);
        *known = *known && out->constituent[n] != TDB_NONE;
        n++;
        out->n_constituents[out->n_sublattices - 1]++;
    }
    if (*at < end && in->text[*at] == ';') {
        ++*at;
        if (!tdb_read_number(in, at, end, &order) || !(order >= 0.0) || order > 9.0
            || order != (double)(int)order)
            return tdb_fail(in, *at, "the order behind ';' must be 0 to 9");
    }
    out->order = (int)order;
    if (tdb_skip(in, at, end, "") != ')')
        return tdb_fail(in, *at, "')' is expected behind the constituents");
    ++*at;
    return DFT_OK;
}

static bool stands_on(const tdb_phase *phase, size_t sublattice, size_t species)
{
    if (species == TDB_ANY)
        return true;
    for (size_t i = 0; i < phase->n_constituents[sublattice]; i++)
        if (phase->constituent[sublattice][i] == species)
            return true;
    return false;
}

static bool fits_phase(const tdb_phase *phase, const tdb_parameter *p)
{
    size_t at = 0;

    if (p->n_sublattices != phase->n_sublattices)
        return false;
    for (size_t s = 0; s < p->n_sublattices; s++) {
        if (p->n_constituents[s] == 0)
            return false;
        for (size_t i = 0; i < p->n_constituents[s]; i++)
            if (!stands_on(phase, s, p->constituent[at++]))
                return false;
    }
    return true;
}

static bool same_parameter(const tdb_parameter *a, const tdb_parameter *b)
{
    size_t n = 0;

    if (a->property != b->property || a->phase != b->phase || a->order != b->order)
        return false;
    for (size_t s = 0; s < a->n_sublattices; s++) {
        if (a->n_constituents[s] != b->n_constituents[s])
            return false;
        n += a->n_constituents[s];
    }
    return memcmp(a->constituent, b->constituent, n * sizeof a->constituent[0]) == 0;
}

static dft_status keep_parameter(tdb_reader *in, const tdb_command *command,
                                 tdb_parameter *parameter)
{
    desc_tdb *db = in->db;

    for (size_t i = 0; i < db->n_parameters; i++)
        if (same_parameter(&db->parameters[i], parameter)) {
            expr_piecewise_clear(&db->parameters[i].value);
            db->parameters[i] = *parameter;
            *parameter = (tdb_parameter){ .n_sublattices = 0 };
            return tdb_note(in, command->at, "a parameter of %s that line %d has too; this one "
                            "counts", db->phases[db->parameters[i].phase].name,
                            db->parameters[i].line);
        }
    if (!tdb_grow((void **)&db->parameters, db->n_parameters, sizeof *db->parameters))
        return no_memory(in);
    db->parameters[db->n_parameters++] = *parameter;
    *parameter = (tdb_parameter){ .n_sublattices = 0 };
    return DFT_OK;
}

/* What a type other than G, L, TC and BMAGN means for its phase. */
static void note_type(tdb_phase *phase, const char *type, bool known, size_t kind)
{
    if (!known)
        tdb_unsupported(phase, "parameters of type %s", type);
    else if (kind == VOLUME)
        phase->pressure_dependent = true;
}

/* PARAMETER G(FCC_A1,AL,LI:VA;0) 298.15 -27000+8*T; 6000 N REF */
dft_status tdb_read_parameter(tdb_reader *in, const tdb_command *command)
{
    tdb_parameter p = { .line = command->line };
    char type[TDB_NAME], phase_name[TDB_NAME];
    size_t at = command->at, kind = 0;
    bool known = false, fits = false;
    dft_status status = tdb_word(in, &at, command->end, "(", type);

    if (status == DFT_OK && tdb_skip(in, &at, command->end, "") != '(')
        return tdb_fail(in, at, "PARAMETER %s: '(' is expected", type);
    at++;
    if (status == DFT_OK)
        status = tdb_word(in, &at, command->end, ",&);", phase_name);
    if (status != DFT_OK)
        return status;
    const size_t phase = tdb_find_phase(in->db, phase_name);
    for (size_t i = 0; i < sizeof types / sizeof *types && !known; i++)
        if (strcmp(types[i].name, type) == 0) {
            known = true;
            kind = types[i].kind;
        }
    if (phase == TDB_NONE)
        return tdb_note(in, command->at, "PARAMETER of %s, which is no PHASE", phase_name);
    if (!known || kind == VOLUME || kind == TRANSPORT) {
        note_type(&in->db->phases[phase], type, known, kind);
        return DFT_OK;
    }
    p.phase = phase;
    p.property = kind == GIBBS ? TDB_G : kind == CURIE ? TDB_TC : TDB_BMAGN;
    status = read_array(in, &at, command->end, &p, &known);
    fits = status == DFT_OK && known && fits_phase(&in->db->phases[phase], &p);
    if (status == DFT_OK && !fits)
        return tdb_note(in, command->at, "a parameter with constituents that %s does not have",
                        phase_name);
    if (status == DFT_OK)
        status = read_pieces(in, &at, command->end, &p.value);
    if (status == DFT_OK)
        status = tdb_word(in, &at, command->end, "", p.reference);
    if (status == DFT_OK)
        status = keep_parameter(in, command, &p);
    expr_piecewise_clear(&p.value);
    return status;
}

static dft_status resolve(tdb_reader *in, expr_piecewise *value, int line)
{
    const desc_tdb *db = in->db;

    for (size_t p = 0; p < value->n_pieces; p++)
        for (size_t k = 0; k < value->piece[p].n_steps; k++) {
            expr_step *step = &value->piece[p].step[k];
            size_t i = 0;
            if (step->op != EXPR_FUNCTION)
                continue;
            const char *name = in->text + step->name;
            while (i < db->n_functions
                   && (strncmp(db->functions[i].name, name, step->name_length) != 0
                       || db->functions[i].name[step->name_length] != '\0'))
                i++;
            if (i == db->n_functions)
                return dft_fail(in->err, DFT_EPARSE, "%s:%d: there is no FUNCTION %.*s", in->name,
                                line, (int)(step->name_length < 60 ? step->name_length : 60), name);
            step->name = i;
            step->name_length = 0;
        }
    return DFT_OK;
}

/* Where a depth-first walk stands in a function: the next piece and step to look at. */
typedef struct {
    size_t function, piece, step;
} walk_place;

/* The next function that the one at `place` uses, TDB_NONE behind the last. */
static size_t next_use(const desc_tdb *db, walk_place *place)
{
    const expr_piecewise *value = &db->functions[place->function].value;

    for (; place->piece < value->n_pieces; place->piece++, place->step = 0)
        while (place->step < value->piece[place->piece].n_steps) {
            const expr_step *step = &value->piece[place->piece].step[place->step++];
            if (step->op == EXPR_FUNCTION)
                return step->name;
        }
    return TDB_NONE;
}

/* Each function behind those it uses (depth first, without recursion: files may be hostile). */
static dft_status order_functions(tdb_reader *in)
{
    enum { UNSEEN, OPEN, DONE };
    desc_tdb *db = in->db;
    const size_t n = db->n_functions;
    char *state = dft_alloc(n, 1);
    walk_place *stack = dft_alloc(n, sizeof *stack);
    size_t n_ordered = 0;
    dft_status status = DFT_OK;

    db->function_order = dft_alloc_sizes(n);
    if (!state || !stack || !db->function_order)
        status = no_memory(in);
    for (size_t root = 0; root < n && status == DFT_OK; root++) {
        size_t depth = 0;
        if (state[root] == UNSEEN) {
            stack[depth++] = (walk_place){ root, 0, 0 };
            state[root] = OPEN;
        }
        while (depth > 0 && status == DFT_OK) {
            const size_t used = next_use(db, &stack[depth - 1]);
            if (used == TDB_NONE) {
                const size_t finished = stack[--depth].function;
                state[finished] = DONE;
                db->function_order[n_ordered++] = finished;
            } else if (state[used] == OPEN) {
                status = dft_fail(in->err, DFT_EPARSE, "%s:%d: function %s uses itself", in->name,
                                  db->functions[used].line, db->functions[used].name);
            } else if (state[used] == UNSEEN) {
                state[used] = OPEN;
                stack[depth++] = (walk_place){ used, 0, 0 };
            }
        }
    }
    free(state);
    free(stack);
    return status;
}

dft_status tdb_resolve_functions(tdb_reader *in)
{
    desc_tdb *db = in->db;
    dft_status status = DFT_OK;

    for (size_t i = 0; i < db->n_functions && status == DFT_OK; i++)
        status = resolve(in, &db->functions[i].value, db->functions[i].line);
    for (size_t i = 0; i < db->n_parameters && status == DFT_OK; i++)
        status = resolve(in, &db->parameters[i].value, db->parameters[i].line);
    return status == DFT_OK ? order_functions(in) : status;
}
