/* Cuts the text of a TDB file into commands and words. */

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "descriptors/calphad_database.h"
#include "dft-lite/base/alloc.h"

static const struct { const char *name; tdb_keyword keyword; } keywords[] = {
    { "ELEMENT", TDB_ELEMENT }, { "SPECIES", TDB_SPECIES }, { "FUNCTION", TDB_FUNCTION },
    { "TYPE_DEFINITION", TDB_TYPE_DEFINITION }, { "PHASE", TDB_PHASE },
    { "CONSTITUENT", TDB_CONSTITUENT }, { "PARAMETER", TDB_PARAMETER },
    { "LIST_OF_REFERENCES", TDB_REFERENCES }, { "ADD_REFERENCES", TDB_REFERENCES },
    { "ATTACH_CONTRIBUTION", TDB_ATTACH_CONTRIBUTION },
    { "DEFINE_SYSTEM_DEFAULT", TDB_IGNORED }, { "DEFAULT_COMMAND", TDB_IGNORED },
    { "DATABASE_INFORMATION", TDB_IGNORED }, { "ASSESSED_SYSTEMS", TDB_IGNORED },
    { "TEMPERATURE_LIMITS", TDB_IGNORED }, { "VERSION_DATE", TDB_IGNORED },
    { "REFERENCE_FILE", TDB_IGNORED }, { "DIFFUSION", TDB_IGNORED },
    { "ZEROVOLUME_SPECIES", TDB_IGNORED }, { "OPTIONS", TDB_IGNORED }, { "FTP_FILE", TDB_IGNORED },
    { "COMPOSITION_SETS", TDB_IGNORED },
};
#define N_KEYWORDS (sizeof keywords / sizeof keywords[0])

int tdb_line(const tdb_reader *in, size_t at)
{
    size_t low = 0, high = in->n_lines;          /* the last line that starts at or before `at` */

    while (high - low > 1) {
        const size_t middle = low + (high - low) / 2;
        if (in->line_start[middle] <= at)
            low = middle;
        else
            high = middle;
    }
    return (int)low + 1;
}

static bool find_lines(tdb_reader *in)
{
    for (size_t i = 0; i <= in->size; i++) {
        if (i > 0 && in->original[i - 1] != '\n')
            continue;
        if (!tdb_grow((void **)&in->line_start, in->n_lines, sizeof *in->line_start))
            return false;
        in->line_start[in->n_lines++] = i;
    }
    return true;
}

dft_status tdb_fail(const tdb_reader *in, size_t at, const char *format, ...)
{
    char what[400];
    va_list args;

    va_start(args, format);
    vsnprintf(what, sizeof what, format, args);
    va_end(args);
    return dft_fail(in->err, DFT_EPARSE, "%s:%d: %s", in->name, tdb_line(in, at), what);
}

dft_status tdb_note(const tdb_reader *in, size_t at, const char *format, ...)
{
    desc_tdb *db = in->db;
    char what[300], note[600];
    va_list args;

    va_start(args, format);
    vsnprintf(what, sizeof what, format, args);
    va_end(args);
    snprintf(note, sizeof note, "%s:%d: %s", in->name, tdb_line(in, at), what);
    if (!tdb_grow((void **)&db->notes, db->n_notes, sizeof *db->notes)
        || !(db->notes[db->n_notes] = dft_strdup(note)))
        return dft_fail(in->err, DFT_ENOMEM, "%s: no memory for a note", in->name);
    db->n_notes++;
    return DFT_OK;
}

/* Capacity is the next power of two, so only a row count that is one asks for more. */
bool tdb_grow(void **rows, size_t n, size_t size)
{
    if ((n & (n - 1)) != 0)
        return true;
    void *larger = dft_alloc(n ? 2 * n : 1, size);
    if (!larger)
        return false;
    if (n)
        memcpy(larger, *rows, n * size);
    free(*rows);
    *rows = larger;
    return true;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\n';
}

char tdb_skip(const tdb_reader *in, size_t *at, size_t end, const char *also)
{
    while (*at < end && (is_blank(in->text[*at]) || strchr(also, in->text[*at])))
        ++*at;
    return *at < end ? in->text[*at] : '\0';
}

dft_status tdb_word(const tdb_reader *in, size_t *at, size_t end, const char *stops,
                    char out[TDB_NAME])
{
    size_t n = 0;

    (void)tdb_skip(in, at, end, "");
    for (; *at < end && !is_blank(in->text[*at]) && !strchr(stops, in->text[*at]); ++*at) {
        if (n + 1 == TDB_NAME) {
            out[n] = '\0';
            return tdb_fail(in, *at, "the name '%s...' is longer than %d characters", out,
                            TDB_NAME - 1);
        }
        out[n++] = in->text[*at];
    }
    out[n] = '\0';
    return DFT_OK;
}

bool tdb_read_number(const tdb_reader *in, size_t *at, size_t end, double *out)
{
    const char c = tdb_skip(in, at, end, "");
    const size_t sign = c == '-' || c == '+';
    const size_t length = expr_number(in->text, *at + sign, end, out);

    if (length == 0)
        return false;
    if (c == '-')
        *out = -*out;
    *at += sign + length;
    return true;
}

bool tdb_abbreviates(const char *given, const char *full)
{
    if (!*given)
        return false;
    for (;;) {
        while (*given && *given != '_' && *given == *full) {
            given++;
            full++;
        }
        if (!*given)
            return true;
        if (*given != '_')
            return false;
        full += strcspn(full, "_");
        if (!*full)
            return false;
        given++;
        full++;
    }
}

/* The keyword that a word shortens.  Ambiguity among keywords that are read over is none. */
static dft_status match_keyword(const tdb_reader *in, size_t at, const char *word,
                                tdb_keyword *out)
{
    const char *first = NULL;

    for (size_t i = 0; i < N_KEYWORDS; i++) {
        if (!tdb_abbreviates(word, keywords[i].name))
            continue;
        if (strcmp(word, keywords[i].name) == 0) {
            *out = keywords[i].keyword;
            return DFT_OK;
        }
        if (first && *out != keywords[i].keyword)
            return tdb_fail(in, at, "the keyword '%s' may mean %s or %s; write more of it", word,
                            first, keywords[i].name);
        first = keywords[i].name;
        *out = keywords[i].keyword;
    }
    if (!first)
        return tdb_fail(in, at, "'%s' is no TDB keyword (ELEMENT, FUNCTION, PHASE, PARAMETER, ...);"
                        " is a '!' missing before it?", word);
    return DFT_OK;
}

/* Upper case; comments and control characters become blanks, so that offsets and lines stay. */
static dft_status clean(tdb_reader *in)
{
    bool comment = false;

    if (!find_lines(in) || !(in->text = dft_alloc(in->size + 1, 1)))
        return dft_fail(in->err, DFT_ENOMEM, "%s: no memory for %zu bytes", in->name, in->size);
    for (size_t i = 0; i < in->size; i++) {
        char c = in->original[i];
        if (c == '\0')
            return dft_fail(in->err, DFT_EPARSE, "%s: byte %zu is NUL; this is not a TDB text file",
                            in->name, i + 1);
        if (c == '\n')
            comment = false;
        else if (c == '$')
            comment = true;
        if (c != '\n' && (comment || c == '\t' || c == '\r' || c == '\f' || c == '\v'))
            c = ' ';
        if ((unsigned char)c >= 0x80)            /* in no name or number; citations keep it */
            c = '?';
        in->text[i] = c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
    }
    return DFT_OK;
}

dft_status tdb_split(tdb_reader *in)
{
    dft_status status = clean(in);

    for (size_t at = 0; status == DFT_OK && tdb_skip(in, &at, in->size, "!");) {
        char word[TDB_NAME];
        const size_t start = at;
        tdb_command command = { TDB_IGNORED, 0, at, tdb_line(in, at) };
        while (command.end < in->size && in->text[command.end] != '!')
            command.end++;
        status = tdb_word(in, &at, command.end, "", word);
        if (status == DFT_OK)
            status = match_keyword(in, start, word, &command.keyword);
        command.at = at;
        if (status == DFT_OK && !tdb_grow((void **)&in->command, in->n_commands,
                                          sizeof *in->command))
            status = dft_fail(in->err, DFT_ENOMEM, "%s: no memory for its commands", in->name);
        if (status == DFT_OK)
            in->command[in->n_commands++] = command;
        at = command.end;
    }
    return status;
}
