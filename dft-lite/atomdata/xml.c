#include "dft-lite/atomdata/xml.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <expat.h>

#include "dft-lite/base/alloc.h"

/* Tags, attributes and text take fewer bytes than the markup they came in, and every element begins
 * with '<': both buffers are sized once from the input.  Only an entity that expands could need
 * more; then `full` is set and the parse is refused. */
typedef struct {
    XML_Parser parser;
    dft_xml_document *document;
    size_t current;        /* the innermost open element */
    size_t used, capacity; /* bytes of document->strings */
    size_t max_elements;
    int full;
} xml_builder;

static char *append(xml_builder *self, const char *bytes, size_t n)
{
    char *place = self->document->strings + self->used;

    if (n > self->capacity - self->used) {
        self->full = 1;
        XML_StopParser(self->parser, XML_FALSE);
        return self->document->strings;
    }
    memcpy(place, bytes, n);
    self->used += n;
    return place;
}

static int line_now(const xml_builder *self)
{
    return (int)XML_GetCurrentLineNumber(self->parser);
}

static void XMLCALL on_start(void *context, const XML_Char *tag, const XML_Char **attributes)
{
    xml_builder *self = context;
    dft_xml_document *document = self->document;
    const size_t index = document->n_elements;

    if (self->full)
        return;
    if (index == self->max_elements) {
        self->full = 1;
        XML_StopParser(self->parser, XML_FALSE);
        return;
    }
    dft_xml_element *element = &document->element[index];
    document->n_elements++;
    element->parent = index ? self->current : 0;
    element->line = element->text_line = line_now(self);
    element->tag = append(self, tag, strlen(tag) + 1);
    element->attributes = document->strings + self->used;
    for (size_t i = 0; attributes[i]; i++)
        append(self, attributes[i], strlen(attributes[i]) + 1);
    append(self, "", 1);
    element->text = document->strings + self->used;
    if (index)
        document->element[self->current].text = ""; /* it has a child now */
    self->current = index;
}

static void XMLCALL on_characters(void *context, const XML_Char *characters, int n)
{
    xml_builder *self = context;
    dft_xml_element *element = &self->document->element[self->current];

    if (self->full)
        return;
    if (element->text == self->document->strings + self->used)
        element->text_line = line_now(self);
    append(self, characters, (size_t)n);
}

static void XMLCALL on_end(void *context, const XML_Char *tag)
{
    xml_builder *self = context;
    (void)tag;

    if (self->full)
        return;
    append(self, "", 1);
    self->current = self->document->element[self->current].parent;
}

static dft_status run_parser(xml_builder *self, const char *path, const char *text, size_t length,
                             dft_error *err)
{
    XML_SetUserData(self->parser, self);
    XML_SetElementHandler(self->parser, on_start, on_end);
    XML_SetCharacterDataHandler(self->parser, on_characters);
    if (XML_Parse(self->parser, text, (int)length, 1) == XML_STATUS_OK)
        return DFT_OK;
    if (XML_GetErrorCode(self->parser) == XML_ERROR_NO_MEMORY)
        return dft_fail(err, DFT_ENOMEM, "%s: no memory to parse it", path);
    return dft_fail(err, DFT_EPARSE, "%s:%d: not well-formed XML (%s); install the file again",
                    path, line_now(self),
                    self->full ? "an entity expands too far"
                               : XML_ErrorString(XML_GetErrorCode(self->parser)));
}

static size_t count_of(const char *text, size_t length, char wanted)
{
    size_t n = 0;

    for (size_t i = 0; i < length; i++)
        n += text[i] == wanted;
    return n;
}

dft_status dft_xml_parse(const char *path, const char *text, size_t length, dft_xml_document *out,
                         dft_error *err)
{
    xml_builder self = { .document = out,
                         .capacity = length + 1,
                         .max_elements = count_of(text, length, '<') };

    *out = (dft_xml_document){ .path = path };
    if (length > INT_MAX)
        return dft_fail(err, DFT_EPARSE, "%s: %zu bytes are too many for one XML text", path,
                        length);
    out->element = dft_alloc(self.max_elements, sizeof *out->element);
    out->strings = dft_alloc(self.capacity, 1);
    self.parser = XML_ParserCreate(NULL);
    dft_status status = DFT_OK;
    if (!out->element || !out->strings || !self.parser)
        status = dft_fail(err, DFT_ENOMEM, "%s: no memory for %zu XML elements", path,
                          self.max_elements);
    else
        status = run_parser(&self, path, text, length, err);
    if (self.parser)
        XML_ParserFree(self.parser);
    return status;
}

void dft_xml_clear(dft_xml_document *document)
{
    free(document->element);
    free(document->strings);
    *document = (dft_xml_document){ 0 };
}

const char *dft_xml_attribute(const dft_xml_element *element, const char *name)
{
    for (const char *p = element->attributes; *p;) {
        const char *value = p + strlen(p) + 1;
        if (strcmp(p, name) == 0)
            return value;
        p = value + strlen(value) + 1;
    }
    return NULL;
}
