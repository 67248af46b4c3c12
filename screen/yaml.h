/*
 * screen/yaml.h - a YAML file as a tree that remembers its lines; the only door to libyaml.
 *
 * Scalars stay text: what they mean is the reader's business, and so is every message about them,
 * for which each node carries the line it came from.  Aliases are written out, up to a depth of 16 and
 * 300000 entries: a campaign needs none.  Several documents in one file are refused.  Immutable once read.
 */
#ifndef SCREEN_YAML_H
#define SCREEN_YAML_H

#include <stddef.h>

#include "dft-lite/base/status.h"

typedef enum { SCREEN_YAML_SCALAR, SCREEN_YAML_SEQUENCE, SCREEN_YAML_MAPPING } screen_yaml_kind;

typedef struct screen_yaml screen_yaml;

struct screen_yaml {
    screen_yaml_kind kind;
    int line;                       /* 1-based */
    char *text;                     /* owned; scalars only */
    size_t n;                       /* items of a sequence, pairs of a mapping */
    screen_yaml **key;              /* owned, [n]; mappings only, scalars each */
    screen_yaml **item;             /* owned, [n] */
};

/* Reads the single document of a file.  The caller owns *out; NULL on failure.  Errors: DFT_ENOFILE;
 * DFT_EPARSE with file:line for malformed YAML, an empty file, a key given twice; DFT_ENOMEM. */
dft_status screen_yaml_read(const char *path, screen_yaml **out, dft_error *err);
void screen_yaml_free(screen_yaml *node);           /* NULL is accepted */

/* The value of a key in a mapping, or NULL. */
const screen_yaml *screen_yaml_find(const screen_yaml *mapping, const char *key);

const char *screen_yaml_kind_name(screen_yaml_kind kind);   /* "a single value", "a list", ... */

#endif
