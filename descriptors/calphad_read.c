/* Reads a TDB file: elements, species, phases and constituents here, the rest in its own files. */

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "descriptors/calphad_database.h"
#include "dft-lite/base/alloc.h"
#include "dft-lite/base/hash.h"

static dft_status no_memory(const tdb_reader *in)
{
    return dft_fail(in->err, DFT_ENOMEM, "%s: no memory for the database", in->name);
}

size_t tdb_find_phase(const desc_tdb *db, const char *name)
{
    for (size_t i = 0; i < db->n_phases; i++)
        if (strcmp(db->phases[i].name, name) == 0)
            return i;
    return TDB_NONE;
}

size_t tdb_find_species(const desc_tdb *db, const char *name)
{
    for (size_t i = 0; i < db->n_species; i++)
        if (strcmp(db->species[i].name, name) == 0)
            return i;
    return TDB_NONE;
}

static size_t find_element(const desc_tdb *db, const char *symbol, size_t length)
{
    for (size_t i = 0; i < db->n_elements; i++)
        if (strlen(db->elements[i]) == length && strncmp(db->elements[i], symbol, length) == 0)
            return i;
    return TDB_NONE;
}

void tdb_unsupported(tdb_phase *phase, const char *format, ...)
{
    va_list args;

    if (phase->unsupported[0])
        return;
    va_start(args, format);
    vsnprintf(phase->unsupported, sizeof phase->unsupported, format, args);
    va_end(args);
}

static dft_status add_species(tdb_reader *in, size_t at, const tdb_species *species)
{
    desc_tdb *db = in->db;

    if (tdb_find_species(db, species->name) != TDB_NONE)
        return tdb_note(in, at, "species %s is defined twice; the first one counts", species->name);
    if (!tdb_grow((void **)&db->species, db->n_species, sizeof *db->species))
        return no_memory(in);
    db->species[db->n_species++] = *species;
    return DFT_OK;
}

/* ELEMENT AL FCC_A1 26.982 4577.3 28.322: only the symbol matters for Gibbs energies. */
static dft_status read_element(tdb_reader *in, const tdb_command *command)
{
    desc_tdb *db = in->db;
    size_t at = command->at;
    tdb_species species = { .n_elements = 0 };
    dft_status status = tdb_word(in, &at, command->end, "", species.name);

    if (status != DFT_OK)
        return status;
    if (!species.name[0])
        return tdb_fail(in, command->at, "ELEMENT needs a symbol");
    if (strcmp(species.name, "/-") == 0)                 /* the electron gas */
        return DFT_OK;
    if (strcmp(species.name, "VA") != 0) {
        if (strlen(species.name) > 2 || strspn(species.name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
            != strlen(species.name))
            return tdb_fail(in, command->at, "'%s' is no element symbol", species.name);
        if (find_element(db, species.name, strlen(species.name)) != TDB_NONE)
            return tdb_note(in, command->at, "element %s is defined twice", species.name);
        if (!tdb_grow((void **)&db->elements, db->n_elements, sizeof *db->elements))
            return no_memory(in);
        species.n_elements = 1;
        species.element[0] = db->n_elements;
        species.count[0] = 1.0;
        memcpy(db->elements[db->n_elements++], species.name, TDB_NAME);
    }
    return add_species(in, command->at, &species);
}

/* AL2O3, AL1CL3, NA1/+1. */
static dft_status read_formula(tdb_reader *in, size_t *at, size_t end, tdb_species *out)
{
    while (*at < end && in->text[*at] != ' ' && in->text[*at] != '\n' && in->text[*at] != '/') {
        size_t length = 2;
        double count = 1.0;
        size_t element = *at + 2 <= end ? find_element(in->db, in->text + *at, 2) : TDB_NONE;

        if (element == TDB_NONE)
            element = find_element(in->db, in->text + *at, length = 1);
        if (element == TDB_NONE && *at + 2 <= end && strncmp(in->text + *at, "VA", 2) == 0)
            length = 2;
        else if (element == TDB_NONE)
            return tdb_fail(in, *at, "species %s: its formula holds an element that is not defined",
                            out->name);
        *at += length;
        *at += expr_number(in->text, *at, end, &count);
        if (!(count > 0.0) || count > 1e6)
            return tdb_fail(in, *at, "species %s: a count above 0 is needed", out->name);
        if (element == TDB_NONE)
            continue;
        if (out->n_elements == TDB_SPECIES_ELEMENTS)
            return tdb_fail(in, *at, "species %s has more than %d elements", out->name,
                            TDB_SPECIES_ELEMENTS);
        out->element[out->n_elements] = element;
        out->count[out->n_elements++] = count;
    }
    if (*at < end && in->text[*at] == '/') {
        ++*at;
        if (!tdb_read_number(in, at, end, &out->charge))
            return tdb_fail(in, *at, "species %s: a charge such as /+2 is needed", out->name);
    }
    return DFT_OK;
}

static dft_status read_species(tdb_reader *in, const tdb_command *command)
{
    size_t at = command->at;
    tdb_species species = { .n_elements = 0 };
    dft_status status = tdb_word(in, &at, command->end, "%", species.name);

    if (status != DFT_OK)
        return status;
    if (!tdb_skip(in, &at, command->end, "%"))
        return tdb_fail(in, command->at, "SPECIES %s needs a formula", species.name);
    status = read_formula(in, &at, command->end, &species);
    return status == DFT_OK ? add_species(in, command->at, &species) : status;
}

/* LIQUID:L -> name LIQUID, options L. */
static void note_options(tdb_phase *phase, const char *options)
{
    static const struct { char option; const char *meaning; } refused[] = {
        { 'Y', "the ionic two-sublattice liquid (option Y)" },
        { 'F', "permuted parameters of four fcc sublattices (option F)" },
        { 'B', "permuted parameters of four bcc sublattices (option B)" },
        { 'A', "an aqueous solution (option A)" },
        { 'I', "charged constituents (option I)" },
        { 'Q', "a quasichemical liquid (option Q)" },
        { 'Z', "an aqueous solution (option Z)" },
    };

    for (const char *c = options; *c; c++) {
        if (*c == 'L' || *c == 'G' || *c == 'C' || *c == 'P')  /* liquid, gas: no model behind it */
            continue;
        for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
            if (refused[i].option == *c)
                tdb_unsupported(phase, "%s", refused[i].meaning);
        tdb_unsupported(phase, "the phase option %c", *c);
    }
}

/* PHASE NAME types n a1 ... an */
static dft_status read_phase(tdb_reader *in, const tdb_command *command)
{
    desc_tdb *db = in->db;
    tdb_phase phase = { .disordered = TDB_NONE, .line = command->line };
    char types[TDB_NAME], options[TDB_NAME] = "";
    size_t at = command->at;
    double n = 0.0;
    dft_status status = tdb_word(in, &at, command->end, ":", phase.name);

    if (status == DFT_OK && at < command->end && in->text[at] == ':') {
        at++;
        status = tdb_word(in, &at, command->end, "", options);
    }
    if (status == DFT_OK)
        status = tdb_word(in, &at, command->end, "", types);
    if (status != DFT_OK)
        return status;
    if (!phase.name[0] || !tdb_read_number(in, &at, command->end, &n) || !(n >= 1.0)
        || n > TDB_SUBLATTICES || n != (double)(int)n)
        return tdb_fail(in, command->at, "PHASE %s needs type characters and 1 to %d sublattices",
                        phase.name, TDB_SUBLATTICES);
    phase.n_sublattices = (size_t)n;
    for (size_t s = 0; s < phase.n_sublattices; s++)
        if (!tdb_read_number(in, &at, command->end, &phase.sites[s]) || !(phase.sites[s] > 0.0)
            || phase.sites[s] > 1e6)
            return tdb_fail(in, at, "PHASE %s needs %zu site ratios above 0", phase.name,
                            phase.n_sublattices);
    if (tdb_find_phase(db, phase.name) != TDB_NONE)
        return tdb_fail(in, command->at, "phase %s is defined twice", phase.name);
    note_options(&phase, options);
    snprintf(phase.types, sizeof phase.types, "%s", types);
    if (!tdb_grow((void **)&db->phases, db->n_phases, sizeof *db->phases))
        return no_memory(in);
    db->phases[db->n_phases++] = phase;
    return DFT_OK;
}

static dft_status add_constituent(tdb_reader *in, size_t at, tdb_phase *phase, size_t sublattice,
                                  const char *name)
{
    const size_t species = tdb_find_species(in->db, name);
    size_t *n = &phase->n_constituents[sublattice];

    if (species == TDB_NONE)
        return tdb_fail(in, at, "phase %s: constituent %s is neither an ELEMENT nor a SPECIES",
                        phase->name, name);
    for (size_t i = 0; i < *n; i++)
        if (phase->constituent[sublattice][i] == species)
            return tdb_note(in, at, "phase %s: constituent %s stands twice on a sublattice",
                            phase->name, name);
    if (!tdb_grow((void **)&phase->constituent[sublattice], *n, sizeof(size_t)))
        return no_memory(in);
    phase->constituent[sublattice][(*n)++] = species;
    if (in->db->species[species].charge != 0.0)
        tdb_unsupported(phase, "charged constituents (%s)", name);
    return DFT_OK;
}

/* How many of the parts between colons hold anything. */
static size_t count_groups(const tdb_reader *in, size_t at, size_t end)
{
    size_t n = 0;
    bool filled = false;

    for (; at < end; at++) {
        const char c = in->text[at];
        if (c == ':')
            filled = false;
        else if (!filled && c != ' ' && c != '\n') {
            filled = true;
            n++;
        }
    }
    return n;
}

/* CONSTITUENT NAME :A,B% : VA : */
static dft_status read_constituents(tdb_reader *in, const tdb_command *command)
{
    char name[TDB_NAME];
    size_t at = command->at, sublattice = 0;
    dft_status status = tdb_word(in, &at, command->end, ":", name);

    if (status != DFT_OK)
        return status;
    const size_t index = tdb_find_phase(in->db, name);
    if (index == TDB_NONE)
        return tdb_note(in, command->at, "CONSTITUENT of %s, which is no PHASE", name);
    tdb_phase *phase = &in->db->phases[index];
    if (phase->n_constituents[0] > 0)
        return tdb_note(in, command->at, "the constituents of %s stand twice; the first ones count",
                        name);
    while (at < command->end && in->text[at] != ':')
        at++;
    if (count_groups(in, at, command->end) == phase->n_sublattices + 1) {
        (void)tdb_skip(in, &at, command->end, ":");      /* CONSTITUENT LIQUID:L : AL,LI : */
        while (at < command->end && in->text[at] != ':')
            at++;
    }
    at++;
    while (status == DFT_OK) {
        const char c = tdb_skip(in, &at, command->end, ",%");
        if (!c)
            break;
        if (c == ':') {
            at++;
            sublattice++;
            continue;
        }
        if (sublattice >= phase->n_sublattices)
            return tdb_fail(in, at, "phase %s has constituents for more than its %zu sublattices",
                            name, phase->n_sublattices);
        const size_t start = at;
        char constituent[TDB_NAME];
        status = tdb_word(in, &at, command->end, ",:%", constituent);
        if (status == DFT_OK)
            status = add_constituent(in, start, phase, sublattice, constituent);
    }
    for (size_t s = 0; s < phase->n_sublattices && status == DFT_OK; s++)
        if (phase->n_constituents[s] == 0)
            return tdb_fail(in, command->at, "phase %s: sublattice %zu has no constituents", name,
                            s + 1);
    return status;
}

/* Commands may stand in any order, so each kind is read once what it refers to is known. */
static dft_status read_commands(tdb_reader *in)
{
    static const tdb_keyword order[] = {
        TDB_ELEMENT, TDB_SPECIES, TDB_FUNCTION, TDB_PHASE, TDB_CONSTITUENT, TDB_TYPE_DEFINITION,
        TDB_ATTACH_CONTRIBUTION, TDB_PARAMETER, TDB_REFERENCES,
    };
    static dft_status (*const read[])(tdb_reader *, const tdb_command *) = {
        read_element, read_species, tdb_read_function, read_phase, read_constituents, tdb_read_type,
        tdb_read_attachment, tdb_read_parameter, tdb_read_references,
    };
    dft_status status = DFT_OK;

    for (size_t k = 0; k < sizeof order / sizeof *order; k++)
        for (size_t i = 0; i < in->n_commands && status == DFT_OK; i++)
            if (in->command[i].keyword == order[k])
                status = read[k](in, &in->command[i]);
    return status == DFT_OK ? tdb_resolve_functions(in) : status;
}

static dft_status check_complete(const tdb_reader *in)
{
    const desc_tdb *db = in->db;

    if (db->n_elements == 0 || db->n_phases == 0)
        return dft_fail(in->err, DFT_EPARSE, "%s: %zu elements and %zu phases; a TDB file needs "
                        "ELEMENT and PHASE commands", in->name, db->n_elements, db->n_phases);
    for (size_t i = 0; i < db->n_phases; i++)
        if (db->phases[i].n_constituents[0] == 0)
            return dft_fail(in->err, DFT_EPARSE, "%s:%d: phase %s has no CONSTITUENT command",
                            in->name, db->phases[i].line, db->phases[i].name);
    return DFT_OK;
}

dft_status desc_tdb_parse(const char *name, const char *text, size_t size, desc_tdb **out,
                          dft_error *err)
{
    tdb_reader in = { .name = name, .original = text, .size = size, .err = err };
    dft_status status = DFT_OK;

    *out = NULL;
    in.db = dft_alloc(1, sizeof *in.db);
    if (!in.db || !(in.db->path = dft_strdup(name)))
        status = no_memory(&in);
    else
        dft_sha256_hex(text, size, in.db->sha256);
    if (status == DFT_OK)
        status = tdb_split(&in);
    if (status == DFT_OK)
        status = read_commands(&in);
    if (status == DFT_OK)
        status = check_complete(&in);
    if (status == DFT_OK)
        *out = in.db;
    else
        desc_tdb_free(in.db);
    free(in.text);
    free(in.command);
    free(in.line_start);
    return status;
}
