/*
 * descriptors/calphad_database.h - the inside of desc_tdb, shared by the reader (calphad_lex.c,
 * calphad_read.c, calphad_parameter.c, calphad_type.c, calphad_tdb.c) and the model
 * (calphad_system.c, calphad_terms.c).
 *
 * Not a public header.  Indices point into the tables of the database.
 */
#ifndef DESC_CALPHAD_DATABASE_H
#define DESC_CALPHAD_DATABASE_H

#include <stdbool.h>
#include <stddef.h>

#include "descriptors/calphad_expr.h"
#include "descriptors/calphad_tdb.h"

#define TDB_NAME 40                  /* longest name, with its final zero */
#define TDB_SUBLATTICES 10           /* most of a phase */
#define TDB_FACTORS 16            /* most constituents in one parameter, all sublattices together */
#define TDB_SPECIES_ELEMENTS 8
#define TDB_NONE ((size_t)-1)
#define TDB_ANY ((size_t)-2)         /* '*' in a constituent array */

typedef struct {
    char name[TDB_NAME];
    size_t n_elements;               /* 0: a vacancy */
    size_t element[TDB_SPECIES_ELEMENTS];
    double count[TDB_SPECIES_ELEMENTS];
    double charge;
} tdb_species;

typedef struct {
    char name[TDB_NAME];
    expr_piecewise value;
    int line;
} tdb_function;

typedef struct {
    char name[TDB_NAME];
    size_t n_sublattices;
    double sites[TDB_SUBLATTICES];
    size_t n_constituents[TDB_SUBLATTICES];
    size_t *constituent[TDB_SUBLATTICES];        /* owned, species */
    char types[TDB_NAME];                        /* type characters */
    bool magnetic;
    double antiferro, structure;                 /* -1, 0.40 for bcc; -3, 0.28 for the others */
    size_t disordered;                           /* phase, or TDB_NONE */
    bool never_disorders;                        /* the ordering part is not subtracted at y = x */
    bool pressure_dependent;                     /* has volume parameters */
    char unsupported[120];
    int line;
} tdb_phase;

typedef enum { TDB_G, TDB_TC, TDB_BMAGN } tdb_property;

typedef struct {
    tdb_property property;
    size_t phase;
    size_t n_sublattices;
    size_t n_constituents[TDB_SUBLATTICES];
    size_t constituent[TDB_FACTORS];           /* species or TDB_ANY, sublattice after sublattice */
    int order;
    expr_piecewise value;
    char reference[TDB_NAME];
    int line;
} tdb_parameter;

typedef struct {
    char id[TDB_NAME];
    char *text;                                  /* owned */
} tdb_reference;

struct desc_tdb {
    char *path;                                  /* owned, as is all below */
    char sha256[65];
    char (*elements)[TDB_NAME];                  /* without VA and /- */
    tdb_species *species;                        /* the elements first, then VA, then the rest */
    tdb_function *functions;
    size_t *function_order;                      /* each function after those it uses */
    tdb_phase *phases;
    tdb_parameter *parameters;
    tdb_reference *references;
    char **notes;
    size_t n_elements, n_species, n_functions, n_phases, n_parameters, n_references, n_notes;
};

/* Keywords; the ones that only steer Thermo-Calc's own dialogue are TDB_IGNORED. */
typedef enum {
    TDB_ELEMENT, TDB_SPECIES, TDB_FUNCTION, TDB_TYPE_DEFINITION, TDB_PHASE, TDB_CONSTITUENT,
    TDB_PARAMETER, TDB_REFERENCES, TDB_ATTACH_CONTRIBUTION, TDB_IGNORED
} tdb_keyword;

typedef struct {
    tdb_keyword keyword;
    size_t at, end;                              /* what follows the keyword, without '!' */
    int line;
} tdb_command;

typedef struct {
    const char *name;                            /* of the file, for messages */
    const char *original;                        /* the bytes as read */
    char *text;                              /* owned: upper case, comments blanked, same offsets */
    size_t size;
    tdb_command *command;                        /* owned */
    size_t n_commands;
    size_t *line_start;                          /* owned: offset of each line */
    size_t n_lines;
    desc_tdb *db;
    dft_error *err;
} tdb_reader;

/* calphad_lex.c */
dft_status tdb_split(tdb_reader *in);
int tdb_line(const tdb_reader *in, size_t at);
dft_status tdb_fail(const tdb_reader *in, size_t at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
dft_status tdb_note(const tdb_reader *in, size_t at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* The next word, up to white space, the end, or one of `stops`; "" when there is none. */
dft_status tdb_word(const tdb_reader *in, size_t *at, size_t end, const char *stops,
                    char out[TDB_NAME]);
/* Steps over white space and the characters in `also`; the character there, '\0' at the end. */
char tdb_skip(const tdb_reader *in, size_t *at, size_t end, const char *also);
bool tdb_read_number(const tdb_reader *in, size_t *at, size_t end, double *out);  /* with a sign */
/* Does `given` (AMEND_PHASE, A_P_D) shorten `full` (AMEND_PHASE_DESCRIPTION) part by part? */
bool tdb_abbreviates(const char *given, const char *full);
/* One more row behind *rows; false when memory is refused. */
bool tdb_grow(void **rows, size_t n, size_t size);

/* calphad_read.c */
size_t tdb_find_phase(const desc_tdb *db, const char *name);
size_t tdb_find_species(const desc_tdb *db, const char *name);
void tdb_unsupported(tdb_phase *phase, const char *format, ...)
    __attribute__((format(printf, 2, 3)));               /* the first reason stays */

/* calphad_parameter.c */
dft_status tdb_read_function(tdb_reader *in, const tdb_command *command);
dft_status tdb_read_parameter(tdb_reader *in, const tdb_command *command);
dft_status tdb_resolve_functions(tdb_reader *in);

/* calphad_type.c */
dft_status tdb_read_type(tdb_reader *in, const tdb_command *command);
dft_status tdb_read_attachment(tdb_reader *in, const tdb_command *command);
dft_status tdb_read_references(tdb_reader *in, const tdb_command *command);

#endif
