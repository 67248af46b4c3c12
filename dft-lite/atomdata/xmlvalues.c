#include "dft-lite/atomdata/xmlvalues.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"

dft_status dft_xml_find(const dft_xml_document *xml, const char *parent, const char *tag,
                        const char *state, const dft_xml_element **found, dft_error *err)
{
    *found = NULL;
    for (size_t i = 1; i < xml->n_elements; i++) {
        const dft_xml_element *element = &xml->element[i];
        const char *its_state = dft_xml_attribute(element, "state");
        if (strcmp(element->tag, tag) || strcmp(xml->element[element->parent].tag, parent))
            continue;
        if (state && (!its_state || strcmp(its_state, state)))
            continue;
        if (*found)
            return dft_fail(err, DFT_EPARSE,
                            "%s:%d: a second <%s%s%s> after that of line %d; "
                            "keep one",
                            xml->path, element->line, tag, state ? " state=" : "",
                            state ? state : "", (*found)->line);
        *found = element;
    }
    return DFT_OK;
}

dft_status dft_xml_require(const dft_xml_document *xml, const char *tag, const char *state,
                           const dft_xml_element **found, dft_error *err)
{
    const dft_status status = dft_xml_find(xml, xml->element[0].tag, tag, state, found, err);

    if (status || *found)
        return status;
    return dft_fail(err, DFT_EPARSE,
                    "%s: no <%s%s%s> element; this PAW-XML file is incomplete,"
                    " install it again or choose another data set",
                    xml->path, tag, state ? " state=" : "", state ? state : "");
}

dft_status dft_xml_text(const dft_xml_document *xml, const dft_xml_element *element,
                        const char *name, const char **value, dft_error *err)
{
    *value = dft_xml_attribute(element, name);
    if (*value)
        return DFT_OK;
    return dft_fail(err, DFT_EPARSE, "%s:%d: <%s> lacks the attribute \"%s\"", xml->path,
                    element->line, element->tag, name);
}

/* One finite number and nothing else; generators pad with blanks. */
static int parse_number(const char *text, double *value)
{
    char *end;

    *value = strtod(text, &end);
    while (isspace((unsigned char)*end))
        end++;
    return end != text && !*end && isfinite(*value);
}

dft_status dft_xml_number(const dft_xml_document *xml, const dft_xml_element *element,
                          const char *name, double *value, dft_error *err)
{
    const char *text;
    const dft_status status = dft_xml_text(xml, element, name, &text, err);

    if (status || parse_number(text, value))
        return status;
    return dft_fail(err, DFT_EPARSE, "%s:%d: <%s %s=\"%.40s\">: not a finite number", xml->path,
                    element->line, element->tag, name, text);
}

dft_status dft_xml_integer(const dft_xml_document *xml, const dft_xml_element *element,
                           const char *name, int low, int high, int *value, dft_error *err)
{
    double number;
    const dft_status status = dft_xml_number(xml, element, name, &number, err);

    if (status)
        return status;
    if (number < low || number > high || number != floor(number))
        return dft_fail(err, DFT_EPARSE,
                        "%s:%d: <%s %s=\"%s\">: expected an integer from %d to"
                        " %d",
                        xml->path, element->line, element->tag, name,
                        dft_xml_attribute(element, name), low, high);
    *value = (int)number;
    return DFT_OK;
}

dft_status dft_xml_copy(const dft_xml_document *xml, const dft_xml_element *element,
                        const char *name, char *target, size_t size, dft_error *err)
{
    const char *text;
    const dft_status status = dft_xml_text(xml, element, name, &text, err);

    if (status)
        return status;
    if (!*text || strlen(text) >= size)
        return dft_fail(err, DFT_EPARSE,
                        "%s:%d: <%s %s=\"%.60s\">: expected 1 to %zu "
                        "characters",
                        xml->path, element->line, element->tag, name, text, size - 1);
    memcpy(target, text, strlen(text) + 1);
    return DFT_OK;
}

dft_status dft_xml_numbers(const dft_xml_document *xml, const dft_xml_element *element, size_t n,
                           double **out, dft_error *err)
{
    const char *p = element->text;
    int line = element->text_line;
    size_t count = 0;

    *out = dft_alloc_doubles(n);
    if (!*out)
        return dft_fail(err, DFT_ENOMEM, "%s: no memory for %zu numbers", xml->path, n);
    for (;;) {
        char *end;
        for (; isspace((unsigned char)*p); p++)
            line += *p == '\n';
        if (!*p)
            break;
        const double value = strtod(p, &end);
        if (end == p || (*end && !isspace((unsigned char)*end)) || !isfinite(value))
            return dft_fail(err, DFT_EPARSE,
                            "%s:%d: value %zu of <%s> is \"%.*s\", not a finite"
                            " number",
                            xml->path, line, count + 1, element->tag,
                            (int)strcspn(p, " \t\r\n") < 40 ? (int)strcspn(p, " \t\r\n") : 40, p);
        if (count < n)
            (*out)[count] = value;
        count++;
        p = end;
    }
    if (count != n)
        return dft_fail(err, DFT_EPARSE, "%s:%d: expected %zu numbers in <%s>, found %zu",
                        xml->path, element->line, n, element->tag, count);
    return DFT_OK;
}
