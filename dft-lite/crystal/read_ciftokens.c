#include "dft-lite/crystal/read_ciftokens.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "dft-lite/base/alloc.h"

static dft_cif_kind kind_of(dft_word word)
{
    if (*word.begin == '_')
        return DFT_CIF_NAME;
    if (dft_word_is(word, "loop_"))
        return DFT_CIF_LOOP;
    if (word.length >= 5 && strncasecmp(word.begin, "data_", 5) == 0)
        return DFT_CIF_DATA;
    return DFT_CIF_VALUE;
}

static void add_token(dft_cif *cif, dft_cif_kind kind, const char *begin, const char *end,
                      size_t line)
{
    cif->token[cif->n_tokens++] = (dft_cif_token){ kind, { begin, (size_t)(end - begin) }, line };
}

/* The tokens of one line.  A quote ends a value only before a blank: 'O'' is the value O'. */
static dft_status split_line(dft_cif *cif, const char *p, size_t number, dft_error *err)
{
    for (;;) {
        while (isspace((unsigned char)*p))
            p++;
        if (!*p || *p == '#')
            return DFT_OK;
        const char *begin = p;
        if (*p == '\'' || *p == '"') {
            const char quote = *p++;
            while (*p && !(*p == quote && (!p[1] || isspace((unsigned char)p[1]))))
                p++;
            if (!*p)
                return dft_text_fail(cif->text, number, begin, err,
                                     "\"%.40s\" begins with a quote that does not end", begin);
            add_token(cif, DFT_CIF_VALUE, begin + 1, p++, number);
            continue;
        }
        while (*p && !isspace((unsigned char)*p))
            p++;
        const dft_word word = { begin, (size_t)(p - begin) };
        add_token(cif, kind_of(word), begin, p, number);
    }
}

/* ;text ... ; - no field that matters here has a second line, so only the first is kept. */
static dft_status skip_text_field(dft_cif *cif, size_t *line, dft_error *err)
{
    const dft_text *text = cif->text;
    const size_t begin = *line;
    const char *first = text->line[begin] + 1;

    add_token(cif, DFT_CIF_VALUE, first, first + strlen(first), begin + 1);
    for (++*line; *line < text->n_lines; ++*line)
        if (*text->line[*line] == ';')
            return split_line(cif, text->line[*line] + 1, *line + 1, err);
    return dft_text_fail(text, begin + 1, NULL, err,
                         "the text that begins with a semicolon does not end");
}

dft_status dft_cif_split(const dft_text *text, dft_cif *out, dft_error *err)
{
    size_t n = 0;

    for (size_t i = 0; i < text->n_lines; i++) /* a token has a character, then a blank */
        n += strlen(text->line[i]) / 2 + 1;
    *out = (dft_cif){ .text = text, .token = dft_alloc(n, sizeof *out->token) };
    if (!out->token)
        return dft_fail(err, DFT_ENOMEM, "%s: no memory for %zu words", text->path, n);
    dft_status status = DFT_OK;
    for (size_t i = 0; !status && i < text->n_lines; i++) {
        if (*text->line[i] == ';')
            status = skip_text_field(out, &i, err);
        else
            status = split_line(out, text->line[i], i + 1, err);
    }
    return status;
}

void dft_cif_clear(dft_cif *cif)
{
    free(cif->token);
    *cif = (dft_cif){ 0 };
}

static int same_name(dft_word word, const char *name)
{
    for (size_t i = 0; i < word.length; i++) {
        const int a = word.begin[i] == '.' ? '_' : tolower((unsigned char)word.begin[i]);
        const int b = name[i] == '.' ? '_' : tolower((unsigned char)name[i]);
        if (a != b)
            return 0;
    }
    return !name[word.length];
}

/* The column of the name at token `at`, which stands in a loop or alone. */
static dft_status column_at(const dft_cif *cif, size_t at, dft_cif_column *out, dft_error *err)
{
    size_t first_name = at, end_names = at + 1, end_values;

    while (first_name > 0 && cif->token[first_name - 1].kind == DFT_CIF_NAME)
        first_name--;
    const int in_loop = first_name > 0 && cif->token[first_name - 1].kind == DFT_CIF_LOOP;
    if (!in_loop)
        first_name = at;
    while (in_loop && end_names < cif->n_tokens && cif->token[end_names].kind == DFT_CIF_NAME)
        end_names++;
    for (end_values = end_names; end_values < cif->n_tokens; end_values++)
        if (cif->token[end_values].kind != DFT_CIF_VALUE)
            break;
    const size_t n_columns = end_names - first_name, n_values = end_values - end_names;
    const dft_cif_token *name = &cif->token[at];
    if (n_values == 0 || n_values % n_columns || (!in_loop && n_values != 1))
        return dft_text_fail(cif->text, name->line, name->word.begin, err,
                             "%.*s: %zu values do not fill rows of %zu; check the quotes and the number"
                             " of columns",
                             dft_word_shown(name->word), name->word.begin, n_values, n_columns);
    *out = (dft_cif_column){ &cif->token[end_names + (at - first_name)], n_values / n_columns,
                             n_columns, name->line };
    return DFT_OK;
}

dft_status dft_cif_find(const dft_cif *cif, const char *name, dft_cif_column *out, dft_error *err)
{
    *out = (dft_cif_column){ 0 };
    for (size_t i = 0; i < cif->n_tokens; i++) {
        const dft_cif_token *token = &cif->token[i];
        if (token->kind != DFT_CIF_NAME || !same_name(token->word, name))
            continue;
        if (out->first)
            return dft_text_fail(cif->text, token->line, token->word.begin, err,
                                 "a second %s after that of line %zu; the file must hold one "
                                 "structure, keep one data block",
                                 name, out->name_line);
        const dft_status status = column_at(cif, i, out, err);
        if (status)
            return status;
    }
    return DFT_OK;
}

const dft_cif_token *dft_cif_row(const dft_cif_column *column, size_t row)
{
    return column->first ? column->first + row * column->stride : NULL;
}

int dft_cif_is_missing(const dft_cif_token *token)
{
    return !token || dft_word_is(token->word, ".") || dft_word_is(token->word, "?");
}

int dft_cif_number(const dft_cif_token *token, double *value)
{
    dft_word word = token->word;
    const char *bracket = memchr(word.begin, '(', word.length);

    if (bracket) {
        const size_t head = (size_t)(bracket - word.begin);
        if (word.length < head + 3 || word.begin[word.length - 1] != ')')
            return 0;
        for (size_t i = head + 1; i + 1 < word.length; i++)
            if (!isdigit((unsigned char)word.begin[i]))
                return 0;
        word.length = head;
    }
    return dft_word_number(word, value);
}
