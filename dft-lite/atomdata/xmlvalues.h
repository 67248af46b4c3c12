/*
 * dft-lite/atomdata/xmlvalues.h - typed values out of an XML document, by tag and attribute name.
 *
 * Every failure is DFT_EPARSE with a message that names the file, the line, what was found and what
 * was expected; dft_xml_numbers may also fail with DFT_ENOMEM.
 */
#ifndef DFT_XMLVALUES_H
#define DFT_XMLVALUES_H

#include <stddef.h>

#include "dft-lite/atomdata/xml.h"
#include "dft-lite/base/status.h"

/* The element `tag` below an element `parent`, with attribute state="..." when state is not NULL.
 * *found is NULL, and no error, when there is none; two are an error, since it is unknown which one
 * is meant. */
dft_status dft_xml_find(const dft_xml_document *xml, const char *parent, const char *tag,
                        const char *state, const dft_xml_element **found, dft_error *err);

/* The same directly below the root, where it must exist. */
dft_status dft_xml_require(const dft_xml_document *xml, const char *tag, const char *state,
                           const dft_xml_element **found, dft_error *err);

/* Attributes: the text itself (borrowed from the document), a finite number, an integer within
 * low..high, a copy of 1 to size-1 characters. */
dft_status dft_xml_text(const dft_xml_document *xml, const dft_xml_element *element,
                        const char *name, const char **value, dft_error *err);
dft_status dft_xml_number(const dft_xml_document *xml, const dft_xml_element *element,
                          const char *name, double *value, dft_error *err);
dft_status dft_xml_integer(const dft_xml_document *xml, const dft_xml_element *element,
                           const char *name, int low, int high, int *value, dft_error *err);
dft_status dft_xml_copy(const dft_xml_document *xml, const dft_xml_element *element,
                        const char *name, char *target, size_t size, dft_error *err);

/* Exactly n finite numbers from the element's text, in a new array that the caller owns (also after
 * a failure, when it may be NULL). */
dft_status dft_xml_numbers(const dft_xml_document *xml, const dft_xml_element *element, size_t n,
                           double **out, dft_error *err);

#endif
