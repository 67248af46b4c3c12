#include "dft-lite/xc/xc.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <xc.h>

#include "dft-lite/base/alloc.h"

#define MAX_PARTS 4                 /* functionals added up: exchange, correlation, and two more */
#define MAX_NAME 128
#define CHUNK 256                   /* points at a time: the scratch arrays live on the stack */

/* bohr^-3. The largest of libxc's own thresholds for our functionals (GGA_C_PBE); one for all
 * parts, so that exchange and correlation end at the same density. n eps_xc there is below 1e-16
 * Ha/bohr^3. */
#define DENSITY_THRESHOLD 1e-12

struct dft_xc {
    char name[MAX_NAME];
    int n_parts;
    int id[MAX_PARTS];              /* ascending libxc numbers, as parsed */
    xc_func_type part[MAX_PARTS];   /* read-only once made: evaluation is reentrant */
    xc_func_type spin_part[MAX_PARTS];      /* the same, spin-polarised */
    int is_gga;
};

/* Plain PW92 (LDA_C_PW), whose rounded constants GPAW uses, not LDA_C_PW_MOD.
 * PAW-XML calls it PW. */
static const struct {
    const char *name, *parts;
} short_names[] = {
    { "LDA",    "LDA_X+LDA_C_PW" },
    { "PW",     "LDA_X+LDA_C_PW" },
    { "PBE",    "GGA_X_PBE+GGA_C_PBE" },
    { "RPBE",   "GGA_X_RPBE+GGA_C_PBE" },           /* Hammer, Hansen, Norskov, PRB 59, 7413 */
    { "revPBE", "GGA_X_PBE_R+GGA_C_PBE" },          /* Zhang, Yang, PRL 80, 890 */
    { "PBEsol", "GGA_X_PBE_SOL+GGA_C_PBE_SOL" },    /* Perdew et al., PRL 100, 136406 */
};
#define N_SHORT_NAMES (sizeof short_names / sizeof short_names[0])

static int compare_ints(const void *a, const void *b)
{
    return *(const int *)a - *(const int *)b;
}

/* Libxc numbers of a short name or of libxc names joined with '+', ascending. Returns how many; 0
 * for an unknown or malformed name. */
static int parse_parts(const char *name, int id[MAX_PARTS])
{
    char text[MAX_NAME];
    int n = 0;

    for (size_t i = 0; i < N_SHORT_NAMES; i++)
        if (strcasecmp(name, short_names[i].name) == 0)
            name = short_names[i].parts;
    if (strlen(name) >= sizeof text)
        return 0;
    strcpy(text, name);
    for (char *part = text; part;) {
        char *plus = strchr(part, '+');
        if (plus)
            *plus++ = '\0';
        if (n == MAX_PARTS || (id[n] = xc_functional_get_number(part)) <= 0)
            return 0;
        n++;
        part = plus;
    }
    qsort(id, (size_t)n, sizeof id[0], compare_ints);
    return n;
}

static int same_parts(const dft_xc *xc, const char *name)
{
    int id[MAX_PARTS];
    const int n = parse_parts(name, id);

    return n == xc->n_parts && memcmp(id, xc->id, (size_t)n * sizeof id[0]) == 0;
}

/* LDA or GGA in three dimensions with an energy of its own: no hybrids, kinetic functionals, bare
 * potentials or van der Waals kernels. */
static int is_usable(const xc_func_type *func)
{
    const int needed = XC_FLAGS_3D | XC_FLAGS_HAVE_EXC | XC_FLAGS_HAVE_VXC;

    return (func->info->family == XC_FAMILY_LDA || func->info->family == XC_FAMILY_GGA)
        && func->info->kind != XC_KINETIC
        && (func->info->flags & needed) == needed && !(func->info->flags & XC_FLAGS_VV10);
}

static dft_status add_part(dft_xc *self, int id, const char *name, dft_error *err)
{
    xc_func_type *func = &self->part[self->n_parts], *spin = &self->spin_part[self->n_parts];

    if (xc_func_init(func, id, XC_UNPOLARIZED) != 0)
        return dft_fail(err, DFT_EINPUT, "libxc cannot set up functional %d of \"%s\"", id, name);
    if (xc_func_init(spin, id, XC_POLARIZED) != 0) {
        xc_func_end(func);
        return dft_fail(err, DFT_EINPUT, "libxc cannot set up functional %d of \"%s\" with spin", id,
                        name);
    }
    self->id[self->n_parts++] = id;
    if (!is_usable(func))
        return dft_fail(err, DFT_EINPUT, "functional \"%s\": %s is neither LDA nor GGA with an "
                        "energy; choose LDA, PBE, RPBE, revPBE or PBEsol", name, func->info->name);
    xc_func_set_dens_threshold(func, DENSITY_THRESHOLD);
    xc_func_set_dens_threshold(spin, DENSITY_THRESHOLD);
    if (func->info->family == XC_FAMILY_GGA)
        self->is_gga = 1;
    return DFT_OK;
}

static void set_canonical_name(dft_xc *self, const char *name)
{
    for (size_t i = 0; i < N_SHORT_NAMES; i++)
        if (same_parts(self, short_names[i].name)) {
            strcpy(self->name, short_names[i].name);
            return;
        }
    strcpy(self->name, name);       /* parse_parts has checked the length */
}

dft_status dft_xc_create(const char *name, dft_xc **out, dft_error *err)
{
    int id[MAX_PARTS];
    const int n = parse_parts(name, id);
    dft_status status = DFT_OK;

    *out = NULL;
    if (n == 0)
        return dft_fail(err, DFT_EINPUT, "unknown functional \"%.100s\"; choose LDA, PBE, RPBE, "
                        "revPBE, PBEsol, or libxc names joined with '+' (at most %d)", name, MAX_PARTS);
    dft_xc *self = dft_alloc(1, sizeof *self);
    if (!self)
        return dft_fail(err, DFT_ENOMEM, "functional \"%s\": out of memory", name);
    for (int i = 0; i < n && status == DFT_OK; i++)
        status = add_part(self, id[i], name, err);
    if (status != DFT_OK) {
        dft_xc_free(self);
        return status;
    }
    set_canonical_name(self, name);
    *out = self;
    return DFT_OK;
}

void dft_xc_free(dft_xc *xc)
{
    if (!xc)
        return;
    for (int i = 0; i < xc->n_parts; i++) {
        xc_func_end(&xc->part[i]);
        xc_func_end(&xc->spin_part[i]);
    }
    free(xc);
}

int dft_xc_is_gga(const dft_xc *xc)       { return xc->is_gga; }
const char *dft_xc_name(const dft_xc *xc) { return xc->name; }

int dft_xc_matches(const dft_xc *xc, const char *xml_name)
{
    return same_parts(xc, xml_name);
}

/* n <= CHUNK points, adding the parts up.  Points below the threshold go in as the threshold, where
 * libxc is well behaved, and come out as zero. */
static void eval_chunk(const dft_xc *xc, size_t n, const double *rho, const double *sigma,
                       double *exc, double *v_rho, double *v_sigma)
{
    double density[CHUNK], gradient[CHUNK], part_exc[CHUNK], part_v[CHUNK], part_vs[CHUNK];

    for (size_t i = 0; i < n; i++) {
        density[i] = rho[i] > DENSITY_THRESHOLD ? rho[i] : DENSITY_THRESHOLD;
        gradient[i] = xc->is_gga && sigma[i] > 0.0 ? sigma[i] : 0.0;
        exc[i] = v_rho[i] = 0.0;
        if (v_sigma)
            v_sigma[i] = 0.0;
    }
    for (int f = 0; f < xc->n_parts; f++) {
        const int is_gga = xc->part[f].info->family == XC_FAMILY_GGA;
        if (is_gga)
            xc_gga_exc_vxc(&xc->part[f], n, density, gradient, part_exc, part_v, part_vs);
        else
            xc_lda_exc_vxc(&xc->part[f], n, density, part_exc, part_v);
        for (size_t i = 0; i < n; i++) {
            if (!(rho[i] > DENSITY_THRESHOLD))
                continue;
            exc[i] += density[i] * part_exc[i];         /* libxc: per particle */
            v_rho[i] += part_v[i];
            if (is_gga)
                v_sigma[i] += part_vs[i];
        }
    }
}

void dft_xc_eval(const dft_xc *xc, size_t n, const double *rho, const double *sigma, double *exc,
                 double *v_rho, double *v_sigma)
{
    assert(!xc->is_gga || (sigma && v_sigma));
    for (size_t begin = 0; begin < n; begin += CHUNK) {
        const size_t length = n - begin < CHUNK ? n - begin : CHUNK;
        eval_chunk(xc, length, rho + begin, sigma ? sigma + begin : NULL, exc + begin,
                   v_rho + begin, v_sigma ? v_sigma + begin : NULL);
    }
}

/* libxc's interleaved spin arrays: density [n][2], gradient [n][3] */
typedef struct { double density[2 * CHUNK], gradient[3 * CHUNK]; } spin_points;

/* A spin below the threshold goes in at the threshold, without a gradient. */
static void clamp_spins(const dft_xc *xc, size_t begin, size_t n, const double *const rho[2],
                        const double *const sigma[3], spin_points *points)
{
    for (size_t i = 0; i < n; i++) {
        int full[2];
        for (int s = 0; s < 2; s++) {
            const double density = rho[s][begin + i];
            full[s] = density > DENSITY_THRESHOLD;
            points->density[2 * i + (size_t)s] = full[s] ? density : DENSITY_THRESHOLD;
        }
        if (!xc->is_gga)
            continue;
        points->gradient[3 * i] = full[0] ? fmax(0.0, sigma[0][begin + i]) : 0.0;
        points->gradient[3 * i + 1] = full[0] && full[1] ? sigma[1][begin + i] : 0.0;
        points->gradient[3 * i + 2] = full[1] ? fmax(0.0, sigma[2][begin + i]) : 0.0;
    }
}

static void eval_spin_chunk(const dft_xc *xc, size_t begin, size_t n, const double *const rho[2],
                            const double *const sigma[3], double *exc, double *const v_rho[2],
                            double *const v_sigma[3])
{
    double part_exc[CHUNK], part_v[2 * CHUNK], part_vs[3 * CHUNK];
    spin_points points;

    clamp_spins(xc, begin, n, rho, sigma, &points);
    for (size_t i = begin; i < begin + n; i++) {
        exc[i] = v_rho[0][i] = v_rho[1][i] = 0.0;
        for (int x = 0; xc->is_gga && x < 3; x++)
            v_sigma[x][i] = 0.0;
    }
    for (int f = 0; f < xc->n_parts; f++) {
        const int is_gga = xc->spin_part[f].info->family == XC_FAMILY_GGA;
        if (is_gga)
            xc_gga_exc_vxc(&xc->spin_part[f], n, points.density, points.gradient, part_exc, part_v,
                           part_vs);
        else
            xc_lda_exc_vxc(&xc->spin_part[f], n, points.density, part_exc, part_v);
        for (size_t i = 0; i < n; i++) {
            const int up = rho[0][begin + i] > DENSITY_THRESHOLD;
            const int down = rho[1][begin + i] > DENSITY_THRESHOLD;
            if (!up && !down)
                continue;
            exc[begin + i] += (points.density[2 * i] + points.density[2 * i + 1]) * part_exc[i];
            v_rho[0][begin + i] += up ? part_v[2 * i] : 0.0;
            v_rho[1][begin + i] += down ? part_v[2 * i + 1] : 0.0;
            if (!is_gga)
                continue;
            v_sigma[0][begin + i] += up ? part_vs[3 * i] : 0.0;
            v_sigma[1][begin + i] += up && down ? part_vs[3 * i + 1] : 0.0;
            v_sigma[2][begin + i] += down ? part_vs[3 * i + 2] : 0.0;
        }
    }
}

void dft_xc_eval_spin(const dft_xc *xc, size_t n, const double *const rho[2],
                      const double *const sigma[3], double *exc, double *const v_rho[2],
                      double *const v_sigma[3])
{
    assert(!xc->is_gga || (sigma && v_sigma));
    for (size_t begin = 0; begin < n; begin += CHUNK)
        eval_spin_chunk(xc, begin, n - begin < CHUNK ? n - begin : CHUNK, rho, sigma, exc, v_rho,
                        v_sigma);
}
