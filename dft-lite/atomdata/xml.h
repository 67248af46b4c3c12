/*
 * dft-lite/atomdata/xml.h - an XML text as a flat list of elements with line numbers.
 *
 * The only door to expat.  Meaning is left to the reader of the list: elements are found by tag and
 * attribute name, never by position.
 */
#ifndef DFT_XML_H
#define DFT_XML_H

#include <stddef.h>

#include "dft-lite/base/status.h"

typedef struct {
    const char *tag;
    const char *attributes; /* name NUL value NUL name NUL value NUL ... NUL */
    const char *text;       /* characters of an element without children; "" of others */
    size_t parent;          /* index into element[]; the root is its own parent */
    int line;               /* of the start tag, from 1 */
    int text_line;          /* where the text begins */
} dft_xml_element;

typedef struct {
    const char *path;         /* borrowed, for messages */
    size_t n_elements;        /* at least 1 after a successful parse; 0 is the root */
    dft_xml_element *element; /* owned, in file order */
    char *strings;            /* owned: what the elements point into */
} dft_xml_document;

/* Parses length bytes of text; path is used in messages only and must outlive
 * *out.  The caller clears *out, also after a failure.  Errors: DFT_EPARSE with path:line for text
 * that is not well-formed; DFT_ENOMEM. */
dft_status dft_xml_parse(const char *path, const char *text, size_t length, dft_xml_document *out,
                         dft_error *err);
void dft_xml_clear(dft_xml_document *document);

/* The value of an attribute, or NULL when the element has none of that name. */
const char *dft_xml_attribute(const dft_xml_element *element, const char *name);

#endif
