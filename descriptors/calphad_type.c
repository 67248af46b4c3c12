/* Reads what a TDB file attaches to its phases (magnetism, ordering) and its list of references. */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "descriptors/calphad_database.h"
#include "dft-lite/base/alloc.h"

#define MOST_WORDS 12

/* The words of a command; commas separate too. */
static dft_status read_words(const tdb_reader *in, size_t at, size_t end,
                             char word[MOST_WORDS][TDB_NAME], size_t *n)
{
    dft_status status = DFT_OK;

    for (*n = 0; *n < MOST_WORDS && tdb_skip(in, &at, end, ",") && status == DFT_OK;)
        status = tdb_word(in, &at, end, ",", word[(*n)++]);
    return status;
}

static bool has_type(const tdb_phase *phase, char type)
{
    return strchr(phase->types, type) != NULL;
}

static dft_status order_phase(tdb_reader *in, size_t at, const char *ordered_name,
                              const char *disordered_name, bool never)
{
    const size_t ordered = tdb_find_phase(in->db, ordered_name);
    const size_t disordered = tdb_find_phase(in->db, disordered_name);

    if (ordered == TDB_NONE)
        return tdb_note(in, at, "an ordering part of %s, which is no PHASE", ordered_name);
    tdb_phase *phase = &in->db->phases[ordered];
    if (disordered == TDB_NONE || disordered == ordered) {
        tdb_unsupported(phase, "the disordered part '%.40s', which is no other PHASE of the file",
                        disordered_name);
        return DFT_OK;
    }
    phase->disordered = disordered;
    phase->never_disorders = never;
    return DFT_OK;
}

/* GES AMEND_PHASE_DESCRIPTION FCC_A1 MAGNETIC -3.0 .28, for each phase with the type character. */
static dft_status set_magnetism(tdb_reader *in, size_t at, char type, size_t n,
                                char word[MOST_WORDS][TDB_NAME])
{
    double value[2] = { 0.0, 0.0 };

    for (size_t i = 0; i < 2; i++) {
        size_t from = 0;
        tdb_reader part = { .name = in->name, .text = n > 4 + i ? word[4 + i] : word[0],
                            .size = n > 4 + i ? strlen(word[4 + i]) : 0, .err = in->err };
        if (!tdb_read_number(&part, &from, part.size, &value[i]) || from != part.size)
            return tdb_fail(in, at, "MAGNETIC needs the antiferromagnetic factor and the structure "
                            "factor, such as -3.0 0.28");
    }
    if (value[0] == 0.0 || !(value[1] > 0.0) || !(value[1] < 1.0))
        return tdb_fail(in, at, "MAGNETIC %g %g: a factor other than 0 and a structure factor "
                        "between 0 and 1 are needed", value[0], value[1]);
    for (size_t i = 0; i < in->db->n_phases; i++)
        if (has_type(&in->db->phases[i], type)) {
            in->db->phases[i].magnetic = true;
            in->db->phases[i].antiferro = value[0];
            in->db->phases[i].structure = value[1];
        }
    return DFT_OK;
}

/* Additions that change nothing about the Gibbs energy: hints for starting points. */
static bool is_harmless(const char *word)
{
    static const char *const harmless[] = {
        "MAJOR_CONSTITUENT", "COMPOSITION_SETS", "C_S", "STATUS_BITS", "DEFAULT_STABLE",
    };

    for (size_t i = 0; i < sizeof harmless / sizeof *harmless; i++)
        if (tdb_abbreviates(word, harmless[i]))
            return true;
    return strcmp(word, "MAJ") == 0 || strcmp(word, "COMP_SET") == 0;
}

static void refuse_type(tdb_reader *in, char type, const char *what)
{
    for (size_t i = 0; i < in->db->n_phases; i++)
        if (has_type(&in->db->phases[i], type))
            tdb_unsupported(&in->db->phases[i], "the addition %.60s (type definition %c)", what,
                            type);
}

/* What GES AMEND_PHASE_DESCRIPTION PHASE ... asks for; word[2] is the phase. */
static dft_status amend_phase(tdb_reader *in, size_t at, char type, size_t n,
                              char word[MOST_WORDS][TDB_NAME])
{
    if (n >= 4 && tdb_abbreviates(word[3], "MAGNETIC_ORDERING"))
        return set_magnetism(in, at, type, n, word);
    if (n >= 5 && tdb_abbreviates(word[3], "DISORDERED_PART"))
        return order_phase(in, at, word[2], word[4],
                           n >= 6 && tdb_abbreviates(word[5], "NEVER_DISORDER"));
    if (n >= 5 && tdb_abbreviates(word[3], "NEVER_DISORDER"))
        return order_phase(in, at, word[2], word[4], true);
    if (n < 4 || !is_harmless(word[3]))
        refuse_type(in, type, n < 4 ? "GES" : word[3]);
    return DFT_OK;
}

/* TYPE_DEFINITION c text */
dft_status tdb_read_type(tdb_reader *in, const tdb_command *command)
{
    char word[MOST_WORDS][TDB_NAME];
    size_t at = command->at, n = 0, first = 0;
    const char type = tdb_skip(in, &at, command->end, "");

    if (type == '\0')
        return tdb_fail(in, command->at, "TYPE_DEFINITION needs a character and its meaning");
    dft_status status = read_words(in, at + 1, command->end, word, &n);
    if (status != DFT_OK || n == 0 || tdb_abbreviates(word[0], "SEQUENTIAL"))
        return status;
    /* IF (elements) THEN GES ...: Thermo-Calc's way of adding composition sets on demand. */
    if (strncmp(word[0], "IF", 2) == 0) {
        for (first = 0; first < n && strcmp(word[first], "GES") != 0;)
            first++;
        if (first + 3 >= n || !is_harmless(word[first + 3]))
            refuse_type(in, type, "IF ... THEN");
        return DFT_OK;
    }
    if (n >= 2 && tdb_abbreviates(word[0], "GES5")
        && tdb_abbreviates(word[1], "AMEND_PHASE_DESCRIPTION"))
        return amend_phase(in, command->at, type, n, word);
    refuse_type(in, type, word[0]);
    return DFT_OK;
}

/* MatCalc: ATTACH_CONTRIBUTION ordered disordered ORDER_DISORDER */
dft_status tdb_read_attachment(tdb_reader *in, const tdb_command *command)
{
    char word[MOST_WORDS][TDB_NAME];
    size_t n = 0;
    dft_status status = read_words(in, command->at, command->end, word, &n);

    if (status != DFT_OK)
        return status;
    if (n < 2)
        return tdb_fail(in, command->at, "ATTACH_CONTRIBUTION needs two phases");
    if (n >= 3 && !tdb_abbreviates(word[2], "ORDER_DISORDER")) {
        const size_t phase = tdb_find_phase(in->db, word[0]);
        if (phase != TDB_NONE)
            tdb_unsupported(&in->db->phases[phase], "the contribution %.60s", word[2]);
        return DFT_OK;
    }
    return order_phase(in, command->at, word[0], word[1], false);
}

/* Bytes of the UTF-8 character at `text`; 0 when it is none (Latin-1 in old files). */
static size_t utf8_length(const char *text, size_t most)
{
    const unsigned char lead = (unsigned char)text[0];
    const size_t n = lead < 0x80 ? 1 : lead >= 0xC2 && lead < 0xE0 ? 2 : lead >= 0xE1 && lead < 0xED
                     ? 3 : 0;                    /* the blocks that texts in our languages use */

    for (size_t k = 1; k < n; k++)
        if (k >= most || ((unsigned char)text[k] & 0xC0) != 0x80)
            return 0;
    return n;
}

/* The text between quotes, from the file as written: white space folded, valid UTF-8. */
static char *quoted_text(const tdb_reader *in, size_t *at, size_t end)
{
    const size_t start = ++*at;
    size_t n = 0;

    while (*at < end && in->original[*at] != '\'')
        ++*at;
    char *text = dft_alloc(*at - start + 1, 1);
    for (size_t i = start; text && i < *at; i++) {
        const bool blank = strchr(" \t\r\n", in->original[i]) != NULL;
        const size_t length = utf8_length(in->original + i, *at - i);
        if (blank && (n == 0 || text[n - 1] == ' '))
            continue;
        text[n++] = blank ? ' ' : length == 0 ? '?' : in->original[i];
        for (size_t k = 1; k < length; k++)
            text[n++] = in->original[++i];
    }
    *at += *at < end;
    return text;
}

/* LIST_OF_REFERENCES NUMBER SOURCE id 'text' id 'text' ... */
dft_status tdb_read_references(tdb_reader *in, const tdb_command *command)
{
    desc_tdb *db = in->db;
    size_t at = command->at;

    while (tdb_skip(in, &at, command->end, "")) {
        tdb_reference reference = { .text = NULL };
        const dft_status status = tdb_word(in, &at, command->end, "'", reference.id);
        if (status != DFT_OK)
            return DFT_OK;                       /* free text; citations are no reason to refuse */
        if (tdb_skip(in, &at, command->end, "") != '\'')
            continue;                            /* NUMBER SOURCE, and what has no text */
        if (!tdb_grow((void **)&db->references, db->n_references, sizeof *db->references)
            || !(reference.text = quoted_text(in, &at, command->end)))
            return dft_fail(in->err, DFT_ENOMEM, "%s: no memory for its references", in->name);
        db->references[db->n_references++] = reference;
    }
    return DFT_OK;
}
