#include "dft-lite/atomdata/gth.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>


#define PREFIX "GTH-"

/* What the entries were made for.  PADE is the LDA of the 1996 paper, libxc's Teter 93. */
static const struct {
    const char *name, *xc;
} functionals[] = {
    { "GTH-PBE",     "PBE" },
    { "GTH-PADE",    "LDA_XC_TETER93" },
    { "GTH-LDA",     "LDA_XC_TETER93" },
    { "GTH-BLYP",    "GGA_X_B88+GGA_C_LYP" },
    { "GTH-BP",      "GGA_X_B88+GGA_C_P86" },
    { "GTH-OLYP",    "GGA_X_OPTX+GGA_C_LYP" },
    { "GTH-HCTH120", "GGA_XC_HCTH_120" },
    { "GTH-HCTH407", "GGA_XC_HCTH_407" },
    { "GTH-PBESol",  "PBEsol" },
};

int dft_gth_is_name(const char *name)
{
    return name && strncmp(name, PREFIX, strlen(PREFIX)) == 0;
}

static const char *functional_of(const char *name)
{
    for (size_t i = 0; i < sizeof functionals / sizeof functionals[0]; i++) {
        const size_t n = strlen(functionals[i].name);
        if (strncmp(name, functionals[i].name, n) == 0
            && (name[n] == '\0' || strncmp(name + n, "-q", 2) == 0))
            return functionals[i].xc;
    }
    return NULL;
}

const char *dft_gth_next_header(const char *at, const char *symbol, int *line)
{
    const size_t n = strlen(symbol);

    while (at && *at) {
        if (strncmp(at, symbol, n) == 0 && (at[n] == ' ' || at[n] == '\t'))
            return at;
        at = strchr(at, '\n');
        if (at) {
            at++;
            (*line)++;
        }
    }
    return NULL;
}

int dft_gth_header_name(const char *header, int k, char *out, size_t size)
{
    static const char blanks[] = " \t\r";

    header += strcspn(header, " \t\r\n");           /* the element */
    for (;;) {
        header += strspn(header, blanks);
        const size_t n = strcspn(header, " \t\r\n");
        if (n == 0 || *header == '#' || *header == '!')
            return 0;
        if (k-- == 0) {
            if (n >= size)
                return 0;
            memcpy(out, header, n);
            out[n] = '\0';
            return 1;
        }
        header += n;
    }
}

int dft_gth_header_has(const char *header, const char *name)
{
    char one[64];

    for (int k = 0; dft_gth_header_name(header, k, one, sizeof one); k++)
        if (strcmp(one, name) == 0)
            return 1;
    return 0;
}

/* ---- tokens ---------------------------------------------------------------------------------- */

typedef struct {
    const char *path, *at;
    int line;
    const dft_gth *gth;                 /* for messages */
    dft_error *err;
} reader;

/* The next token, past blanks, line ends and comments; empty at the end of the file. */
static size_t next_token(reader *self)
{
    for (;; self->at++) {
        if (*self->at == '#' || *self->at == '!')
            self->at += strcspn(self->at, "\n");
        if (*self->at == '\n')
            self->line++;
        else if (!isspace((unsigned char)*self->at))
            return strcspn(self->at, " \t\r\n");
    }
}

static dft_status number(reader *self, const char *what, double *out)
{
    const size_t n = next_token(self);
    char *end = NULL;

    errno = 0;
    *out = n ? strtod(self->at, &end) : 0.0;
    if (n == 0 || end != self->at + n || errno || !isfinite(*out))
        return dft_fail(self->err, DFT_EPARSE, "%s:%d: %s %s: expected %s, found \"%.*s\"",
                        self->path, self->line, self->gth->symbol, self->gth->name, what,
                        n < 40 ? (int)n : 40, self->at);
    self->at += n;
    return DFT_OK;
}

static dft_status count(reader *self, const char *what, int most, int *out)
{
    double value = 0.0;
    const dft_status status = number(self, what, &value);

    if (status != DFT_OK)
        return status;
    *out = (int)value;
    if (value != *out || *out < 0)
        return dft_fail(self->err, DFT_EPARSE, "%s:%d: %s %s: %s cannot be %g", self->path,
                        self->line, self->gth->symbol, self->gth->name, what, value);
    if (*out > most)
        return dft_fail(self->err, DFT_EINPUT, "%s:%d: %s %s: %s is %d, more than the %d that are "
                        "supported", self->path, self->line, self->gth->symbol, self->gth->name,
                        what, *out, most);
    return DFT_OK;
}

static dft_status radius(reader *self, const char *what, double *out)
{
    const dft_status status = number(self, what, out);

    if (status == DFT_OK && !(*out > 0.0))
        return dft_fail(self->err, DFT_EPARSE, "%s:%d: %s %s: %s must be positive, not %g",
                        self->path, self->line, self->gth->symbol, self->gth->name, what, *out);
    return status;
}

/* ---- the parts of an entry -------------------------------------------------------------------- */

/* "2 1": electrons of each l, as many as the line has. */
static dft_status read_electrons(reader *self, dft_gth *gth)
{
    dft_status status = DFT_OK;
    int l = 0;

    next_token(self);
    const int line = self->line;
    for (; status == DFT_OK; l++) {
        int n = 0;
        next_token(self);
        if (self->line != line)
            break;
        status = count(self, "the number of valence electrons", 60, &n);
        if (status == DFT_OK && l > DFT_GTH_MAX_L && n > 0)
            return dft_fail(self->err, DFT_EINPUT, "%s:%d: %s %s: valence electrons beyond l = %d "
                            "are not supported", self->path, line, gth->symbol, gth->name,
                            DFT_GTH_MAX_L);
        if (l <= DFT_GTH_MAX_L)
            gth->electrons[l] = n;
        gth->n_valence += n;
    }
    if (status == DFT_OK && gth->n_valence <= 0.0)
        status = dft_fail(self->err, DFT_EPARSE, "%s:%d: %s %s has no valence electrons", self->path,
                          line, gth->symbol, gth->name);
    return status;
}

static dft_status read_local(reader *self, dft_gth *gth)
{
    dft_status status = radius(self, "the radius of the local part", &gth->r_loc);

    if (status == DFT_OK)
        status = count(self, "the number of local coefficients", DFT_GTH_MAX_C, &gth->n_c);
    for (int k = 0; status == DFT_OK && k < gth->n_c; k++)
        status = number(self, "a local coefficient", &gth->c[k]);
    if (status != DFT_OK)
        return status;
    next_token(self);
    if (strncmp(self->at, "NLCC", 4) == 0)
        return dft_fail(self->err, DFT_EINPUT, "%s:%d: %s %s has a core density (NLCC), which is "
                        "not supported; choose the entry without NLCC in its name", self->path,
                        self->line, gth->symbol, gth->name);
    return DFT_OK;
}

/* r n h11 h12 ..  /  h22 ..: the upper triangle, row by row. */
static dft_status read_channel(reader *self, dft_gth_channel *channel)
{
    dft_status status = radius(self, "the radius of a channel's projectors", &channel->r);

    if (status == DFT_OK)
        status = count(self, "the number of projectors of a channel", DFT_GTH_MAX_PROJECTORS,
                       &channel->n);
    for (int i = 0; i < channel->n; i++)
        for (int j = i; status == DFT_OK && j < channel->n; j++) {
            status = number(self, "a projector coefficient", &channel->h[i][j]);
            channel->h[j][i] = channel->h[i][j];
        }
    return status;
}

static dft_status find_entry(const char *path, const char *text, const char *symbol,
                             const char *name, reader *self)
{
    self->at = text;
    self->line = 1;
    while ((self->at = dft_gth_next_header(self->at, symbol, &self->line))) {
        if (dft_gth_header_has(self->at, name))
            return DFT_OK;
        self->at += strcspn(self->at, "\n");
    }
    return dft_fail(self->err, DFT_ENOFILE, "%s has no entry \"%s %s\"", path, symbol, name);
}

dft_status dft_gth_parse(const char *path, const char *text, const char *symbol, const char *name,
                         dft_gth *out, dft_error *err)
{
    reader self = { .path = path, .gth = out, .err = err };
    int n_channels = 0;
    dft_status status = find_entry(path, text, symbol, name, &self);

    *out = (dft_gth){ .n_c = 0 };
    if (status != DFT_OK)
        return status;
    snprintf(out->symbol, sizeof out->symbol, "%s", symbol);
    if (!dft_gth_header_name(self.at, 0, out->name, sizeof out->name))
        return dft_fail(err, DFT_EPARSE, "%s:%d: the name of this entry is too long", path, self.line);
    const int header_line = self.line;
    self.at += strcspn(self.at, "\n");
    status = read_electrons(&self, out);
    if (status == DFT_OK)
        status = read_local(&self, out);
    if (status == DFT_OK)
        status = count(&self, "the number of projector channels", DFT_GTH_MAX_L + 1, &n_channels);
    for (int l = 0; status == DFT_OK && l < n_channels; l++)
        status = read_channel(&self, &out->channel[l]);
    if (status != DFT_OK)
        return status;
    const char *xc = functional_of(out->name);
    if (!xc)
        return dft_fail(err, DFT_EINPUT, "%s:%d: %s %s was made for a functional that is not "
                        "supported; choose a GTH-PBE, GTH-PADE, GTH-BLYP or GTH-BP entry", path,
                        header_line, symbol, out->name);
    snprintf(out->xc_name, sizeof out->xc_name, "%s", xc);
    return DFT_OK;
}

/* ---- formulas --------------------------------------------------------------------------------- */

double dft_gth_short_range(const dft_gth *gth, double r)
{
    const double x2 = r * r / (gth->r_loc * gth->r_loc);
    double sum = 0.0;

    for (int k = gth->n_c; k-- > 0;)
        sum = sum * x2 + gth->c[k];
    return exp(-0.5 * x2) * sum;
}

double dft_gth_projector(int l, int i, double r_l, double r)
{
    const double order = l + 0.5 * (4 * i - 1), x = r / r_l;

    /* r_l^(-3/2) carries the dimension: r^(l+2i-2) r_l^-(l+2i-1/2) = x^(l+2i-2) r_l^(-3/2) */
    return sqrt(2.0 / tgamma(order)) * pow(x, l + 2 * i - 2) * exp(-0.5 * x * x)
         / (r_l * sqrt(r_l));
}
