#include "dft-lite/atomdata/setup.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dft-lite/atomdata/gzfile.h"
#include "dft-lite/atomdata/xmlvalues.h"
#include "dft-lite/base/alloc.h"
#include "dft-lite/crystal/elements.h"

#define MAX_RADIAL_POINTS 100000

/* What every step of reading needs: what is read, and what is being filled. */
typedef struct {
    const dft_xml_document *xml;
    const char *grid_id; /* of the one radial grid in use; set by find_grid */
    dft_setup *setup;
    dft_error *err;
} setup_reader;

/* A radial function; it must live on the one grid in use. */
static dft_status read_function(const setup_reader *self, const char *tag, const char *state,
                                double **out)
{
    const dft_xml_element *element;
    const char *grid;
    dft_status status = dft_xml_require(self->xml, tag, state, &element, self->err);

    if (!status)
        status = dft_xml_text(self->xml, element, "grid", &grid, self->err);
    if (status)
        return status;
    if (strcmp(grid, self->grid_id))
        return dft_fail(self->err, DFT_EPARSE,
                        "%s:%d: <%s> lives on radial grid \"%s\" and the core "
                        "density on \"%s\"; data sets with functions on different grids are not "
                        "supported",
                        self->xml->path, element->line, tag, grid, self->grid_id);
    return dft_xml_numbers(self->xml, element, self->setup->n_r, out, self->err);
}

static dft_status read_atom(const setup_reader *self)
{
    dft_setup *setup = self->setup;
    const dft_xml_element *atom;
    dft_status status = dft_xml_require(self->xml, "atom", NULL, &atom, self->err);

    if (!status)
        status =
            dft_xml_copy(self->xml, atom, "symbol", setup->symbol, sizeof setup->symbol, self->err);
    if (!status)
        status = dft_xml_integer(self->xml, atom, "Z", 1, DFT_MAX_Z, &setup->z, self->err);
    if (!status)
        status = dft_xml_number(self->xml, atom, "core", &setup->n_core, self->err);
    if (!status)
        status = dft_xml_number(self->xml, atom, "valence", &setup->n_valence, self->err);
    if (status)
        return status;
    if (dft_element_number(setup->symbol) != setup->z)
        return dft_fail(self->err, DFT_EPARSE, "%s:%d: <atom> calls element %d \"%s\"",
                        self->xml->path, atom->line, setup->z, setup->symbol);
    if (setup->n_core < 0.0 || setup->n_valence <= 0.0
        || fabs(setup->n_core + setup->n_valence - setup->z) > 1e-9)
        return dft_fail(self->err, DFT_EPARSE,
                        "%s:%d: <atom>: %g core and %g valence electrons do not"
                        " make the %d of neutral %s",
                        self->xml->path, atom->line, setup->n_core, setup->n_valence, setup->z,
                        setup->symbol);
    return DFT_OK;
}

static dft_status read_energies(const setup_reader *self)
{
    const dft_xml_element *xc = NULL, *ae = NULL, *core = NULL;
    dft_status status = dft_xml_require(self->xml, "xc_functional", NULL, &xc, self->err);

    if (!status)
        status = dft_xml_copy(self->xml, xc, "name", self->setup->xc_name,
                              sizeof self->setup->xc_name, self->err);
    if (!status)
        status = dft_xml_require(self->xml, "ae_energy", NULL, &ae, self->err);
    if (!status)
        status = dft_xml_number(self->xml, ae, "total", &self->setup->energy_total, self->err);
    if (!status)
        status = dft_xml_require(self->xml, "core_energy", NULL, &core, self->err);
    if (!status)
        status = dft_xml_number(self->xml, core, "kinetic", &self->setup->energy_core_kinetic,
                                self->err);
    return status;
}

static dft_status read_shape(const setup_reader *self)
{
    const dft_xml_element *shape = NULL;
    const char *type = NULL;
    dft_status status = dft_xml_require(self->xml, "shape_function", NULL, &shape, self->err);

    if (!status)
        status = dft_xml_text(self->xml, shape, "type", &type, self->err);
    if (status)
        return status;
    if (strcmp(type, "gauss"))
        return dft_fail(self->err, DFT_EPARSE,
                        "%s:%d: compensation charges of shape \"%s\" are not "
                        "supported; use a data set with <shape_function type=\"gauss\">",
                        self->xml->path, shape->line, type);
    status = dft_xml_number(self->xml, shape, "rc", &self->setup->shape_rc, self->err);
    if (!status && self->setup->shape_rc <= 0.0)
        return dft_fail(self->err, DFT_EPARSE, "%s:%d: <shape_function rc=\"%g\"> must be positive",
                        self->xml->path, shape->line, self->setup->shape_rc);
    return status;
}

/* The <radial_grid> that the core density lives on; files may hold others for other purposes. */
static dft_status find_grid(setup_reader *self, const dft_xml_element **grid)
{
    const dft_xml_element *core = NULL;
    dft_status status = dft_xml_require(self->xml, "ae_core_density", NULL, &core, self->err);

    if (!status)
        status = dft_xml_text(self->xml, core, "grid", &self->grid_id, self->err);
    if (status)
        return status;
    for (size_t i = 1; i < self->xml->n_elements; i++) {
        *grid = &self->xml->element[i];
        const char *id = dft_xml_attribute(*grid, "id");
        if (strcmp((*grid)->tag, "radial_grid") == 0 && id && strcmp(id, self->grid_id) == 0)
            return DFT_OK;
    }
    return dft_fail(self->err, DFT_EPARSE,
                    "%s:%d: <ae_core_density> names radial grid \"%s\", which "
                    "the file does not define",
                    self->xml->path, core->line, self->grid_id);
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
        status = dft_xml_text(self->xml, grid, "eq", &eq, self->err);
    if (!status && !is_supported_equation(eq))
        status = dft_fail(self->err, DFT_EPARSE,
                          "%s:%d: radial grid \"%.60s\" is not supported; use a "
                          "data set on r=a*i/(n-i)",
                          self->xml->path, grid->line, eq);
    if (!status)
        status = dft_xml_number(self->xml, grid, "a", &a, self->err);
    if (!status)
        status = dft_xml_integer(self->xml, grid, "n", 2, MAX_RADIAL_POINTS, &n, self->err);
    if (!status)
        status = dft_xml_integer(self->xml, grid, "istart", 0, n - 1, &begin, self->err);
    if (!status)
        status = dft_xml_integer(self->xml, grid, "iend", 0, n - 1, &end, self->err);
    if (status)
        return status;
    if (a <= 0.0 || begin != 0 || end != n - 1)
        return dft_fail(self->err, DFT_EPARSE,
                        "%s:%d: radial grid with a=%g, i=%d..%d of n=%d; expected"
                        " a > 0 and i=0..%d",
                        self->xml->path, grid->line, a, begin, end, n, n - 1);
    self->setup->n_r = (size_t)n;
    self->setup->r = dft_alloc_doubles(self->setup->n_r);
    self->setup->dr = dft_alloc_doubles(self->setup->n_r);
    if (!self->setup->r || !self->setup->dr)
        return dft_fail(self->err, DFT_ENOMEM, "%s: no memory for %d radial points",
                        self->xml->path, n);
    for (int i = 0; i < n; i++) {
        self->setup->r[i] = a * i / (n - i);
        self->setup->dr[i] = a * n / ((double)(n - i) * (n - i));
    }
    return DFT_OK;
}

static dft_status read_densities(const setup_reader *self)
{
    dft_setup *setup = self->setup;
    dft_status status = read_function(self, "ae_core_density", NULL, &setup->core);

    if (!status)
        status = read_function(self, "pseudo_core_density", NULL, &setup->core_ps);
    if (!status)
        status = read_function(self, "zero_potential", NULL, &setup->zero_potential);
    return status;
}

/* <state n= l= f= rc= e= id=>; n and f are absent for unbound partial waves. */
static dft_status read_state(const setup_reader *self, const dft_xml_element *state,
                             dft_setup_wave *wave)
{
    dft_status status = dft_xml_copy(self->xml, state, "id", wave->id, sizeof wave->id, self->err);

    if (!status && dft_xml_attribute(state, "n"))
        status = dft_xml_integer(self->xml, state, "n", 0, 7, &wave->n, self->err);
    if (!status)
        status = dft_xml_integer(self->xml, state, "l", 0, 4, &wave->l, self->err);
    if (!status && dft_xml_attribute(state, "f"))
        status = dft_xml_number(self->xml, state, "f", &wave->occupation, self->err);
    if (!status)
        status = dft_xml_number(self->xml, state, "rc", &wave->rc, self->err);
    if (!status)
        status = dft_xml_number(self->xml, state, "e", &wave->energy, self->err);
    if (!status && (wave->rc <= 0.0 || wave->occupation < 0.0))
        status = dft_fail(self->err, DFT_EPARSE,
                          "%s:%d: <state id=\"%s\">: rc = %g and f = %g; expected"
                          " rc > 0 and f >= 0",
                          self->xml->path, state->line, wave->id, wave->rc, wave->occupation);
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
    dft_status status = dft_xml_require(self->xml, "valence_states", NULL, &states, self->err);

    for (size_t i = 1; !status && i < self->xml->n_elements; i++) {
        const dft_xml_element *element = &self->xml->element[i];
        if (strcmp(element->tag, "state") || &self->xml->element[element->parent] != states)
            continue;
        if (setup->n_waves == DFT_SETUP_MAX_WAVES)
            return dft_fail(self->err, DFT_EPARSE, "%s:%d: more than %d valence states",
                            self->xml->path, element->line, DFT_SETUP_MAX_WAVES);
        dft_setup_wave *wave = &setup->wave[setup->n_waves++];
        status = read_state(self, element, wave);
        electrons += wave->occupation;
    }
    if (!status && fabs(electrons - setup->n_valence) > 1e-6)
        return dft_fail(self->err, DFT_EPARSE,
                        "%s:%d: the states hold %g electrons and <atom> says "
                        "%g valence electrons",
                        self->xml->path, states->line, electrons, setup->n_valence);
    return status;
}

static dft_status read_kinetic_difference(const setup_reader *self)
{
    const size_t n = self->setup->n_waves;
    const dft_xml_element *element = NULL;
    dft_status status =
        dft_xml_require(self->xml, "kinetic_energy_differences", NULL, &element, self->err);

    if (!status)
        status =
            dft_xml_numbers(self->xml, element, n * n, &self->setup->kinetic_difference, self->err);
    for (size_t i = 0; !status && i < n; i++) {
        for (size_t j = 0; j < i; j++) {
            const double ij = self->setup->kinetic_difference[i * n + j];
            const double ji = self->setup->kinetic_difference[j * n + i];
            if (fabs(ij - ji) > 1e-6 * fmax(1.0, fabs(ij)))
                return dft_fail(self->err, DFT_EPARSE,
                                "%s:%d: <kinetic_energy_differences> is not "
                                "symmetric: element (%zu,%zu) is %g and (%zu,%zu) is %g",
                                self->xml->path, element->line, i + 1, j + 1, ij, j + 1, i + 1, ji);
        }
    }
    return status;
}

static dft_status check_root(const setup_reader *self)
{
    const dft_xml_element *root = &self->xml->element[0];

    if (strcmp(root->tag, "paw_setup") == 0 || strcmp(root->tag, "paw_dataset") == 0)
        return DFT_OK;
    return dft_fail(self->err, DFT_EPARSE,
                    "%s:%d: the file begins with <%.40s>, not <paw_setup>; give "
                    "a PAW-XML data set",
                    self->xml->path, root->line, root->tag);
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
        return dft_fail(err, DFT_ENOFILE,
                        "%.200s...: the path or the file's name is too long (%zu and "
                        "%zu characters at most)",
                        path, sizeof setup->path - 1, sizeof setup->name - 1);
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
        setup_reader reader = { .xml = &xml, .setup = setup, .err = err };
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
    free(setup->zero_potential);
    free(setup->kinetic_difference);
    free(setup->strength);
    free(setup);
}
