#include "dft-lite/atomdata/setup.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dft-lite/atomdata/gzfile.h"
#include "dft-lite/atomdata/xml.h"
#include "dft-lite/base/alloc.h"
#include "dft-lite/crystal/elements.h"

#define MAX_RADIAL_POINTS 100000

/* What every step of reading needs: where we are, and what is being filled. */
typedef struct {
    const char *path;
    const dft_xml_document *xml;
    const char *grid_id;            /* of the one radial grid in use; set by read_grid */
    dft_setup *setup;
    dft_error *err;
} setup_reader;

/* The element of this tag below `parent`, with attribute state=ID when state is not NULL.  NULL in
 * *found when there is none; two are an error, since it is unknown which one is meant. */
static dft_status look_up(const setup_reader *self, const char *parent, const char *tag,
                          const char *state, const dft_xml_element **found)
{
    *found = NULL;
    for (size_t i = 1; i < self->xml->n_elements; i++) {
        const dft_xml_element *element = &self->xml->element[i];
        const char *its_state = dft_xml_attribute(element, "state");
        if (strcmp(element->tag, tag) || strcmp(self->xml->element[element->parent].tag, parent))
            continue;
        if (state && (!its_state || strcmp(its_state, state)))
            continue;
        if (*found)
            return dft_fail(self->err, DFT_EPARSE, "%s:%d: a second <%s%s%s> after that of line %d; "
                            "keep one", self->path, element->line, tag, state ? " state=" : "",
                            state ? state : "", (*found)->line);
        *found = element;
    }
    return DFT_OK;
}

static dft_status require(const setup_reader *self, const char *tag, const char *state,
                          const dft_xml_element **found)
{
    const dft_status status = look_up(self, self->xml->element[0].tag, tag, state, found);

    if (status || *found)
        return status;
    return dft_fail(self->err, DFT_EPARSE, "%s: no <%s%s%s> element; this PAW-XML file is incomplete,"
                    " install it again or choose another data set", self->path, tag,
                    state ? " state=" : "", state ? state : "");
}

static dft_status attribute_text(const setup_reader *self, const dft_xml_element *element,
                                 const char *name, const char **value)
{
    *value = dft_xml_attribute(element, name);
    if (*value)
        return DFT_OK;
    return dft_fail(self->err, DFT_EPARSE, "%s:%d: <%s> lacks the attribute \"%s\"", self->path,
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

static dft_status attribute_number(const setup_reader *self, const dft_xml_element *element,
                                   const char *name, double *value)
{
    const char *text;
    const dft_status status = attribute_text(self, element, name, &text);

    if (status || parse_number(text, value))
        return status;
    return dft_fail(self->err, DFT_EPARSE, "%s:%d: <%s %s=\"%.40s\">: not a finite number",
                    self->path, element->line, element->tag, name, text);
}

static dft_status attribute_integer(const setup_reader *self, const dft_xml_element *element,
                                    const char *name, int low, int high, int *value)
{
    double number;
    const dft_status status = attribute_number(self, element, name, &number);

    if (status)
        return status;
    if (number < low || number > high || number != floor(number))
        return dft_fail(self->err, DFT_EPARSE, "%s:%d: <%s %s=\"%s\">: expected an integer from %d to"
                        " %d", self->path, element->line, element->tag, name,
                        dft_xml_attribute(element, name), low, high);
    *value = (int)number;
    return DFT_OK;
}

static dft_status copy_text(const setup_reader *self, const dft_xml_element *element,
                            const char *name, char *target, size_t size)
{
    const char *text;
    const dft_status status = attribute_text(self, element, name, &text);

    if (status)
        return status;
    if (!*text || strlen(text) >= size)
        return dft_fail(self->err, DFT_EPARSE, "%s:%d: <%s %s=\"%.60s\">: expected 1 to %zu "
                        "characters", self->path, element->line, element->tag, name, text, size - 1);
    memcpy(target, text, strlen(text) + 1);
    return DFT_OK;
}

/* Exactly n finite numbers from the element's text, into a new array. */
static dft_status read_numbers(const setup_reader *self, const dft_xml_element *element, size_t n,
                               double **out)
{
    const char *p = element->text;
    int line = element->text_line;
    size_t count = 0;

    *out = dft_alloc_doubles(n);
    if (!*out)
        return dft_fail(self->err, DFT_ENOMEM, "%s: no memory for %zu numbers", self->path, n);
    for (;;) {
        char *end;
        for (; isspace((unsigned char)*p); p++)
            line += *p == '\n';
        if (!*p)
            break;
        const double value = strtod(p, &end);
        if (end == p || (*end && !isspace((unsigned char)*end)) || !isfinite(value))
            return dft_fail(self->err, DFT_EPARSE, "%s:%d: value %zu of <%s> is \"%.*s\", not a finite"
                            " number", self->path, line, count + 1, element->tag,
                            (int)strcspn(p, " \t\r\n") < 40 ? (int)strcspn(p, " \t\r\n") : 40, p);
        if (count < n)
            (*out)[count] = value;
        count++;
        p = end;
    }
    if (count != n)
        return dft_fail(self->err, DFT_EPARSE, "%s:%d: expected %zu numbers in <%s>, found %zu",
                        self->path, element->line, n, element->tag, count);
    return DFT_OK;
}

/* A radial function; it must live on the one grid in use. */
static dft_status read_function(const setup_reader *self, const char *tag, const char *state,
                                double **out)
{
    const dft_xml_element *element;
    const char *grid;
    dft_status status = require(self, tag, state, &element);

    if (!status)
        status = attribute_text(self, element, "grid", &grid);
    if (status)
        return status;
    if (strcmp(grid, self->grid_id))
        return dft_fail(self->err, DFT_EPARSE, "%s:%d: <%s> lives on radial grid \"%s\" and the core "
                        "density on \"%s\"; data sets with functions on different grids are not "
                        "supported", self->path, element->line, tag, grid, self->grid_id);
    return read_numbers(self, element, self->setup->n_r, out);
}

static dft_status read_atom(const setup_reader *self)
{
    dft_setup *setup = self->setup;
    const dft_xml_element *atom;
    dft_status status = require(self, "atom", NULL, &atom);

    if (!status)
        status = copy_text(self, atom, "symbol", setup->symbol, sizeof setup->symbol);
    if (!status)
        status = attribute_integer(self, atom, "Z", 1, DFT_MAX_Z, &setup->z);
    if (!status)
        status = attribute_number(self, atom, "core", &setup->n_core);
    if (!status)
        status = attribute_number(self, atom, "valence", &setup->n_valence);
    if (status)
        return status;
    if (dft_element_number(setup->symbol) != setup->z)
        return dft_fail(self->err, DFT_EPARSE, "%s:%d: <atom> calls element %d \"%s\"", self->path,
                        atom->line, setup->z, setup->symbol);
    if (setup->n_core < 0.0 || setup->n_valence <= 0.0
        || fabs(setup->n_core + setup->n_valence - setup->z) > 1e-9)
        return dft_fail(self->err, DFT_EPARSE, "%s:%d: <atom>: %g core and %g valence electrons do not"
                        " make the %d of neutral %s", self->path, atom->line, setup->n_core,
                        setup->n_valence, setup->z, setup->symbol);
    return DFT_OK;
}

static dft_status read_energies(const setup_reader *self)
{
    const dft_xml_element *xc = NULL, *ae = NULL, *core = NULL;
    dft_status status = require(self, "xc_functional", NULL, &xc);

    if (!status)
        status = copy_text(self, xc, "name", self->setup->xc_name, sizeof self->setup->xc_name);
    if (!status)
        status = require(self, "ae_energy", NULL, &ae);
    if (!status)
        status = attribute_number(self, ae, "total", &self->setup->energy_total);
    if (!status)
        status = require(self, "core_energy", NULL, &core);
    if (!status)
        status = attribute_number(self, core, "kinetic", &self->setup->energy_core_kinetic);
    return status;
}

static dft_status read_shape(const setup_reader *self)
{
    const dft_xml_element *shape = NULL;
    const char *type = NULL;
    dft_status status = require(self, "shape_function", NULL, &shape);

    if (!status)
        status = attribute_text(self, shape, "type", &type);
    if (status)
        return status;
    if (strcmp(type, "gauss"))
        return dft_fail(self->err, DFT_EPARSE, "%s:%d: compensation charges of shape \"%s\" are not "
                        "supported; use a data set with <shape_function type=\"gauss\">", self->path,
                        shape->line, type);
    status = attribute_number(self, shape, "rc", &self->setup->shape_rc);
    if (!status && self->setup->shape_rc <= 0.0)
        return dft_fail(self->err, DFT_EPARSE, "%s:%d: <shape_function rc=\"%g\"> must be positive",
                        self->path, shape->line, self->setup->shape_rc);
    return status;
}

/* The <radial_grid> that the core density lives on; files may hold others for other purposes. */
static dft_status find_grid(setup_reader *self, const dft_xml_element **grid)
{
    const dft_xml_element *core = NULL;
    dft_status status = require(self, "ae_core_density", NULL, &core);

    if (!status)
        status = attribute_text(self, core, "grid", &self->grid_id);
    if (status)
        return status;
    for (size_t i = 1; i < self->xml->n_elements; i++) {
        *grid = &self->xml->element[i];
        const char *id = dft_xml_attribute(*grid, "id");
        if (strcmp((*grid)->tag, "radial_grid") == 0 && id && strcmp(id, self->grid_id) == 0)
            return DFT_OK;
    }
    return dft_fail(self->err, DFT_EPARSE, "%s:%d: <ae_core_density> names radial grid \"%s\", which "
                    "the file does not define", self->path, core->line, self->grid_id);
}

static int is_supported_equation(const char *eq)
{
    const char *wanted = "r=a*i/(n-i)";

    for (; *eq; eq++) {
        if (isspace((unsigned char)*eq))
            continue;
        if (*eq != *wanted++)
            return 0;
    }
    return !*wanted;
}

/* r_i = a i/(n - i), dr/di = a n/(n - i)^2, i = 0..n-1 */
static dft_status read_grid(setup_reader *self)
{
    const dft_xml_element *grid = NULL;
    const char *eq = NULL;
    double a = 0.0;
    int n = 0, begin = 0, end = 0;
    dft_status status = find_grid(self, &grid);

    if (!status)
        status = attribute_text(self, grid, "eq", &eq);
    if (!status && !is_supported_equation(eq))
        status = dft_fail(self->err, DFT_EPARSE, "%s:%d: radial grid \"%.60s\" is not supported; use a "
                          "data set on r=a*i/(n-i)", self->path, grid->line, eq);
    if (!status)
        status = attribute_number(self, grid, "a", &a);
    if (!status)
        status = attribute_integer(self, grid, "n", 2, MAX_RADIAL_POINTS, &n);
    if (!status)
        status = attribute_integer(self, grid, "istart", 0, n - 1, &begin);
    if (!status)
        status = attribute_integer(self, grid, "iend", 0, n - 1, &end);
    if (status)
        return status;
    if (a <= 0.0 || begin != 0 || end != n - 1)
        return dft_fail(self->err, DFT_EPARSE, "%s:%d: radial grid with a=%g, i=%d..%d of n=%d; expected"
                        " a > 0 and i=0..%d", self->path, grid->line, a, begin, end, n, n - 1);
    self->setup->n_r = (size_t)n;
    self->setup->r = dft_alloc_doubles(self->setup->n_r);
    self->setup->dr = dft_alloc_doubles(self->setup->n_r);
    if (!self->setup->r || !self->setup->dr)
        return dft_fail(self->err, DFT_ENOMEM, "%s: no memory for %d radial points", self->path, n);
    for (int i = 0; i < n; i++) {
        self->setup->r[i] = a * i / (n - i);
        self->setup->dr[i] = a * n / ((double)(n - i) * (n - i));
    }
    return DFT_OK;
}

static dft_status read_densities(const setup_reader *self)
{
    dft_setup *setup = self->setup;
    const dft_xml_element *valence = NULL;
    dft_status status = read_function(self, "ae_core_density", NULL, &setup->core);

    if (!status)
        status = read_function(self, "pseudo_core_density", NULL, &setup->core_ps);
    if (!status)
        status = read_function(self, "zero_potential", NULL, &setup->zero_potential);
    if (!status)
        status = look_up(self, self->xml->element[0].tag, "pseudo_valence_density", NULL, &valence);
    if (!status && valence)         /* one of the two generators leaves it out */
        status = read_function(self, "pseudo_valence_density", NULL, &setup->valence_ps);
    return status;
}

/* <state n= l= f= rc= e= id=>; n and f are absent for unbound partial waves. */
static dft_status read_state(const setup_reader *self, const dft_xml_element *state,
                             dft_setup_wave *wave)
{
    dft_status status = copy_text(self, state, "id", wave->id, sizeof wave->id);

    if (!status && dft_xml_attribute(state, "n"))
        status = attribute_integer(self, state, "n", 0, 7, &wave->n);
    if (!status)
        status = attribute_integer(self, state, "l", 0, 4, &wave->l);
    if (!status && dft_xml_attribute(state, "f"))
        status = attribute_number(self, state, "f", &wave->occupation);
    if (!status)
        status = attribute_number(self, state, "rc", &wave->rc);
    if (!status)
        status = attribute_number(self, state, "e", &wave->energy);
    if (!status && (wave->rc <= 0.0 || wave->occupation < 0.0))
        status = dft_fail(self->err, DFT_EPARSE, "%s:%d: <state id=\"%s\">: rc = %g and f = %g; expected"
                          " rc > 0 and f >= 0", self->path, state->line, wave->id, wave->rc,
                          wave->occupation);
    if (!status)
        status = read_function(self, "ae_partial_wave", wave->id, &wave->phi);
    if (!status)
        status = read_function(self, "pseudo_partial_wave", wave->id, &wave->phi_ps);
    if (!status)
        status = read_function(self, "projector_function", wave->id, &wave->projector);
    return status;
}

static dft_status read_waves(const setup_reader *self)
{
    dft_setup *setup = self->setup;
    const dft_xml_element *states = NULL;
    double electrons = 0.0;
    dft_status status = require(self, "valence_states", NULL, &states);

    for (size_t i = 1; !status && i < self->xml->n_elements; i++) {
        const dft_xml_element *element = &self->xml->element[i];
        if (strcmp(element->tag, "state") || &self->xml->element[element->parent] != states)
            continue;
        if (setup->n_waves == DFT_SETUP_MAX_WAVES)
            return dft_fail(self->err, DFT_EPARSE, "%s:%d: more than %d valence states", self->path,
                            element->line, DFT_SETUP_MAX_WAVES);
        dft_setup_wave *wave = &setup->wave[setup->n_waves++];
        status = read_state(self, element, wave);
        electrons += wave->occupation;
    }
    if (!status && fabs(electrons - setup->n_valence) > 1e-6)
        return dft_fail(self->err, DFT_EPARSE, "%s:%d: the states hold %g electrons and <atom> says "
                        "%g valence electrons", self->path, states->line, electrons, setup->n_valence);
    return status;
}

static dft_status read_kinetic_difference(const setup_reader *self)
{
    const size_t n = self->setup->n_waves;
    const dft_xml_element *element = NULL;
    dft_status status = require(self, "kinetic_energy_differences", NULL, &element);

    if (!status)
        status = read_numbers(self, element, n * n, &self->setup->kinetic_difference);
    for (size_t i = 0; !status && i < n; i++) {
        for (size_t j = 0; j < i; j++) {
            const double ij = self->setup->kinetic_difference[i * n + j];
            const double ji = self->setup->kinetic_difference[j * n + i];
            if (fabs(ij - ji) > 1e-6 * fmax(1.0, fabs(ij)))
                return dft_fail(self->err, DFT_EPARSE, "%s:%d: <kinetic_energy_differences> is not "
                                "symmetric: element (%zu,%zu) is %g and (%zu,%zu) is %g", self->path,
                                element->line, i + 1, j + 1, ij, j + 1, i + 1, ji);
        }
    }
    return status;
}

static dft_status check_root(const setup_reader *self)
{
    const dft_xml_element *root = &self->xml->element[0];

    if (strcmp(root->tag, "paw_setup") == 0 || strcmp(root->tag, "paw_dataset") == 0)
        return DFT_OK;
    return dft_fail(self->err, DFT_EPARSE, "%s:%d: the file begins with <%.40s>, not <paw_setup>; give "
                    "a PAW-XML data set", self->path, root->line, root->tag);
}

static dft_status read_document(setup_reader *self)
{
    dft_status status = check_root(self);

    if (!status)
        status = read_atom(self);
    if (!status)
        status = read_energies(self);
    if (!status)
        status = read_shape(self);
    if (!status)
        status = read_grid(self);
    if (!status)
        status = read_densities(self);
    if (!status)
        status = read_waves(self);
    if (!status)
        status = read_kinetic_difference(self);
    return status;
}

static dft_status set_path(dft_setup *setup, const char *path, dft_error *err)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;

    if (strlen(path) >= sizeof setup->path || strlen(name) >= sizeof setup->name)
        return dft_fail(err, DFT_ENOFILE, "%.200s...: the path or the file's name is too long (%zu and "
                        "%zu characters at most)", path, sizeof setup->path - 1,
                        sizeof setup->name - 1);
    memcpy(setup->path, path, strlen(path) + 1);
    memcpy(setup->name, name, strlen(name) + 1);
    return DFT_OK;
}

dft_status dft_setup_read(const char *path, dft_setup **out, dft_error *err)
{
    dft_setup *setup = dft_alloc(1, sizeof *setup);
    dft_xml_document xml = { 0 };
    char *text = NULL;
    size_t length = 0;
    dft_status status;

    *out = NULL;
    if (!setup)
        return dft_fail(err, DFT_ENOMEM, "%s: no memory for a data set", path);
    status = set_path(setup, path, err);
    if (!status)
        status = dft_gzfile_read(path, &text, &length, setup->sha256, err);
    if (!status)
        status = dft_xml_parse(path, text, length, &xml, err);
    if (!status) {
        setup_reader reader = { .path = path, .xml = &xml, .setup = setup, .err = err };
        status = read_document(&reader);
    }
    if (!status) {
        *out = setup;
        setup = NULL;
    }
    dft_xml_clear(&xml);
    free(text);
    dft_setup_free(setup);
    return status;
}

void dft_setup_free(dft_setup *setup)
{
    if (!setup)
        return;
    for (size_t i = 0; i < setup->n_waves; i++) {
        free(setup->wave[i].phi);
        free(setup->wave[i].phi_ps);
        free(setup->wave[i].projector);
    }
    free(setup->r);
    free(setup->dr);
    free(setup->core);
    free(setup->core_ps);
    free(setup->valence_ps);
    free(setup->zero_potential);
    free(setup->kinetic_difference);
    free(setup);
}
