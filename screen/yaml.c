#include "screen/yaml.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <yaml.h>

#include "dft-lite/base/alloc.h"

#define DEEPEST 16                  /* a campaign nests three levels; deeper is a mistake */
#define MOST_NODES 300000           /* aliases of aliases could multiply without end */

typedef struct {
    const char *path;
    yaml_document_t *document;
    size_t *n_nodes;                /* made so far */
    dft_error *err;
} conversion;

static dft_status convert(const conversion *to, int index, int depth, screen_yaml **out);

static dft_status no_memory(const conversion *to)
{
    return dft_fail(to->err, DFT_ENOMEM, "%s: no memory for its contents", to->path);
}

static dft_status convert_scalar(const conversion *to, const yaml_node_t *from, screen_yaml *node)
{
    node->kind = SCREEN_YAML_SCALAR;
    node->text = dft_strdup((const char *)from->data.scalar.value);
    return node->text ? DFT_OK : no_memory(to);
}

static dft_status convert_sequence(const conversion *to, const yaml_node_t *from, int depth,
                                   screen_yaml *node)
{
    const yaml_node_item_t *first = from->data.sequence.items.start;
    const size_t n = (size_t)(from->data.sequence.items.top - first);

    node->kind = SCREEN_YAML_SEQUENCE;
    node->item = dft_alloc(n, sizeof *node->item);
    if (!node->item)
        return no_memory(to);
    for (; node->n < n; node->n++) {
        const dft_status status = convert(to, first[node->n], depth + 1, &node->item[node->n]);
        if (status != DFT_OK)
            return status;
    }
    return DFT_OK;
}

static dft_status check_key(const conversion *to, const screen_yaml *node, const screen_yaml *key)
{
    if (key->kind != SCREEN_YAML_SCALAR)
        return dft_fail(to->err, DFT_EPARSE, "%s:%d: a key must be a single word", to->path,
                        key->line);
    for (size_t i = 0; i < node->n; i++)
        if (strcmp(node->key[i]->text, key->text) == 0)
            return dft_fail(to->err, DFT_EPARSE, "%s:%d: key '%s' was already given on line %d; "
                            "remove one of them", to->path, key->line, key->text,
                            node->key[i]->line);
    return DFT_OK;
}

static dft_status convert_mapping(const conversion *to, const yaml_node_t *from, int depth,
                                  screen_yaml *node)
{
    const yaml_node_pair_t *first = from->data.mapping.pairs.start;
    const size_t n = (size_t)(from->data.mapping.pairs.top - first);

    node->kind = SCREEN_YAML_MAPPING;
    node->key = dft_alloc(n, sizeof *node->key);
    node->item = dft_alloc(n, sizeof *node->item);
    if (!node->key || !node->item)
        return no_memory(to);
    for (size_t i = 0; i < n; i++) {
        screen_yaml *key = NULL, *item = NULL;
        dft_status status = convert(to, first[i].key, depth + 1, &key);
        if (status == DFT_OK)
            status = check_key(to, node, key);
        if (status == DFT_OK)
            status = convert(to, first[i].value, depth + 1, &item);
        if (status != DFT_OK) {
            screen_yaml_free(key);
            return status;
        }
        node->key[i] = key;
        node->item[i] = item;
        node->n++;
    }
    return DFT_OK;
}

static dft_status convert(const conversion *to, int index, int depth, screen_yaml **out)
{
    const yaml_node_t *from = yaml_document_get_node(to->document, index);
    const int line = (int)from->start_mark.line + 1;
    screen_yaml *node = NULL;
    dft_status status = DFT_OK;

    *out = NULL;
    if (depth > DEEPEST)            /* also stops an alias that contains itself */
        return dft_fail(to->err, DFT_EPARSE, "%s:%d: nested more than %d levels deep", to->path,
                        line, DEEPEST);
    if (++*to->n_nodes > MOST_NODES)
        return dft_fail(to->err, DFT_EPARSE, "%s:%d: more than %d entries, aliases written out; is it a "
                        "campaign?", to->path, line, MOST_NODES);
    node = dft_alloc(1, sizeof *node);
    if (!node)
        return no_memory(to);
    node->line = line;
    if (from->type == YAML_SCALAR_NODE)
        status = convert_scalar(to, from, node);
    else if (from->type == YAML_SEQUENCE_NODE)
        status = convert_sequence(to, from, depth, node);
    else
        status = convert_mapping(to, from, depth, node);
    if (status != DFT_OK) {
        screen_yaml_free(node);
        return status;
    }
    *out = node;
    return DFT_OK;
}

static dft_status convert_document(const char *path, yaml_parser_t *parser, screen_yaml **out,
                                   dft_error *err)
{
    yaml_document_t document;
    size_t n_nodes = 0;
    dft_status status = DFT_OK;

    if (!yaml_parser_load(parser, &document))
        return dft_fail(err, DFT_EPARSE, "%s:%zu: not YAML: %s", path,
                        parser->problem_mark.line + 1,
                        parser->problem ? parser->problem : "unreadable text");
    if (!yaml_document_get_root_node(&document))
        status = dft_fail(err, DFT_EPARSE, "%s:1: the file is empty; a campaign needs at least "
                          "'name' and 'candidates'", path);
    else
        status = convert(&(conversion){ path, &document, &n_nodes, err }, 1, 0, out);
    yaml_document_delete(&document);
    return status;
}

/* What follows the first document would be ignored without a word. */
static dft_status refuse_second(const char *path, yaml_parser_t *parser, dft_error *err)
{
    yaml_document_t document;
    dft_status status = DFT_OK;

    if (!yaml_parser_load(parser, &document))
        return dft_fail(err, DFT_EPARSE, "%s:%zu: not YAML: %s", path,
                        parser->problem_mark.line + 1,
                        parser->problem ? parser->problem : "unreadable text");
    const yaml_node_t *second = yaml_document_get_root_node(&document);
    if (second)
        status = dft_fail(err, DFT_EPARSE, "%s:%zu: a second document begins here ('---' before it); "
                          "write one campaign a file", path, second->start_mark.line + 1);
    yaml_document_delete(&document);
    return status;
}

dft_status screen_yaml_read(const char *path, screen_yaml **out, dft_error *err)
{
    dft_status status = DFT_OK;
    yaml_parser_t parser;
    FILE *file = fopen(path, "rb");

    *out = NULL;
    if (!file)
        return dft_fail(err, DFT_ENOFILE, "%s: cannot be read: %s; give the path of a campaign file",
                        path, strerror(errno));
    if (!yaml_parser_initialize(&parser)) {
        fclose(file);
        return dft_fail(err, DFT_ENOMEM, "%s: no memory for the YAML parser", path);
    }
    yaml_parser_set_input_file(&parser, file);
    status = convert_document(path, &parser, out, err);
    if (status == DFT_OK)
        status = refuse_second(path, &parser, err);
    if (status != DFT_OK) {
        screen_yaml_free(*out);
        *out = NULL;
    }
    yaml_parser_delete(&parser);
    fclose(file);
    return status;
}

void screen_yaml_free(screen_yaml *node)
{
    if (!node)
        return;
    for (size_t i = 0; i < node->n; i++) {
        if (node->key)
            screen_yaml_free(node->key[i]);
        screen_yaml_free(node->item[i]);
    }
    free(node->key);
    free(node->item);
    free(node->text);
    free(node);
}

const screen_yaml *screen_yaml_find(const screen_yaml *mapping, const char *key)
{
    if (mapping->kind != SCREEN_YAML_MAPPING)
        return NULL;
    for (size_t i = 0; i < mapping->n; i++)
        if (strcmp(mapping->key[i]->text, key) == 0)
            return mapping->item[i];
    return NULL;
}

const char *screen_yaml_kind_name(screen_yaml_kind kind)
{
    static const char *const names[] = { "a single value", "a list", "a mapping" };
    return names[kind];
}
