/* A GTH entry as a data set (dft_gth_read of gth.h). */
#include "dft-lite/atomdata/gth.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dft-lite/atomdata/gth_atom.h"
#include "dft-lite/atomdata/gzfile.h"
#include "dft-lite/base/alloc.h"
#include "dft-lite/base/units.h"
#include "dft-lite/crystal/elements.h"

/* A uniform grid.  Every integrand (Gaussians times powers times Bessel functions times r^2) is even in
 * r, so the trapezoid sum converges exponentially: with h = r_min/6 its error in a transform at q is
 * exp(-(2 pi/h - q)^2 r_min^2/2), zero in double precision wherever the transform is not. */
#define POINTS_PER_RADIUS 6.0
#define FARTHEST 30.0                   /* bohr, for the orbitals of the atom */
#define SPREAD 13.0                     /* r^4 exp(-r^2/2) is below 1e-32 at this many radii */
#define MAX_POINTS 20000.0

static dft_status make_grid(dft_setup *setup, const dft_gth *gth, dft_error *err)
{
    double least = gth->r_loc, most = gth->r_loc;

    for (int l = 0; l <= DFT_GTH_MAX_L; l++)
        if (gth->channel[l].n > 0) {
            least = fmin(least, gth->channel[l].r);
            most = fmax(most, gth->channel[l].r);
        }
    const double step = least / POINTS_PER_RADIUS, end = fmax(FARTHEST, SPREAD * most);
    if (end / step > MAX_POINTS)
        return dft_fail(err, DFT_EINPUT, "%s: %s %s has radii from %g to %g bohr, which do not fit "
                        "one radial grid", setup->path, gth->symbol, gth->name, least, most);
    setup->n_r = (size_t)(end / step) + 1;
    setup->r = dft_alloc_doubles(setup->n_r);
    setup->dr = dft_alloc_doubles(setup->n_r);
    setup->core = dft_alloc_doubles(setup->n_r);
    setup->core_ps = dft_alloc_doubles(setup->n_r);
    setup->zero_potential = dft_alloc_doubles(setup->n_r);
    if (!setup->r || !setup->dr || !setup->core || !setup->core_ps || !setup->zero_potential)
        return dft_fail(err, DFT_ENOMEM, "%s: out of memory", setup->name);
    for (size_t i = 0; i < setup->n_r; i++) {
        setup->r[i] = (double)i * step;
        setup->dr[i] = step;
        setup->zero_potential[i] = sqrt(4.0 * DFT_PI) * dft_gth_short_range(gth, setup->r[i]);
    }
    return DFT_OK;
}

static dft_status add_wave(dft_setup *setup, const char *symbol, int l, double **values,
                           dft_setup_wave **out, dft_error *err)
{
    *out = NULL;
    if (setup->n_waves == DFT_SETUP_MAX_WAVES)
        return dft_fail(err, DFT_EINPUT, "%s: more than %d projectors and orbitals", setup->name,
                        DFT_SETUP_MAX_WAVES);
    *out = &setup->wave[setup->n_waves++];
    (*out)->l = l;
    snprintf((*out)->id, sizeof (*out)->id, "%s-%c%zu", symbol, "spdf"[l], setup->n_waves);
    if (!values)
        return DFT_OK;
    *values = dft_alloc_doubles(setup->n_r);
    return *values ? DFT_OK : dft_fail(err, DFT_ENOMEM, "%s: out of memory", setup->name);
}

static dft_status add_projectors(dft_setup *setup, const dft_gth *gth, dft_error *err)
{
    for (int l = 0; l <= DFT_GTH_MAX_L; l++)
        for (int i = 1; i <= gth->channel[l].n; i++) {
            dft_setup_wave *wave = NULL;
            double *values = NULL;
            const dft_status status = add_wave(setup, gth->symbol, l, &values, &wave, err);
            if (status != DFT_OK)
                return status;
            wave->rc = gth->channel[l].r;
            wave->projector = values;
            for (size_t k = 0; k < setup->n_r; k++)
                values[k] = dft_gth_projector(l, i, wave->rc, setup->r[k]);
        }
    return DFT_OK;
}

/* h_ij between projectors of one l; rows and columns of atomic orbitals stay zero. */
static dft_status fill_strength(dft_setup *setup, const dft_gth *gth, dft_error *err)
{
    size_t first = 0;

    setup->strength = dft_alloc_doubles(setup->n_waves * setup->n_waves);
    if (!setup->strength)
        return dft_fail(err, DFT_ENOMEM, "%s: out of memory", setup->name);
    for (int l = 0; l <= DFT_GTH_MAX_L; l++) {
        const size_t n = (size_t)gth->channel[l].n;
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j < n; j++)
                setup->strength[(first + i) * setup->n_waves + first + j]
                    = gth->channel[l].h[i][j];
        first += n;
    }
    return DFT_OK;
}

static dft_status add_orbitals(dft_setup *setup, const dft_gth *gth, dft_error *err)
{
    dft_gth_orbital orbital[DFT_GTH_MAX_ORBITALS] = { { 0 } };
    size_t n = 0;
    dft_status status = dft_gth_atom_solve(gth, setup->n_r, setup->r, setup->dr, &n, orbital, err);

    for (size_t o = 0; status == DFT_OK && o < n; o++) {
        dft_setup_wave *wave = NULL;
        status = add_wave(setup, gth->symbol, orbital[o].l, NULL, &wave, err);
        if (status != DFT_OK)
            break;
        wave->n = orbital[o].l + orbital[o].shell;
        wave->occupation = orbital[o].occupation;
        wave->energy = orbital[o].energy;
        wave->phi_ps = orbital[o].wave;             /* moved */
        orbital[o].wave = NULL;
    }
    for (size_t o = 0; o < n; o++)
        free(orbital[o].wave);
    return status;
}

static dft_status fill(dft_setup *setup, const dft_gth *gth, dft_error *err)
{
    const char *slash = strrchr(setup->path, '/');
    const int length = snprintf(setup->name, sizeof setup->name, "%s:%s:%s",
                                slash ? slash + 1 : setup->path, gth->symbol, gth->name);
    dft_status status;

    if (length < 0 || (size_t)length >= sizeof setup->name)
        return dft_fail(err, DFT_ENOFILE, "%.200s: the file's name is too long", setup->path);
    setup->norm_conserving = 1;
    memcpy(setup->symbol, gth->symbol, sizeof setup->symbol);
    memcpy(setup->xc_name, gth->xc_name, sizeof setup->xc_name);
    setup->z = dft_element_number(gth->symbol);
    setup->n_valence = gth->n_valence;
    setup->n_core = setup->z - gth->n_valence;
    if (setup->z == 0 || setup->n_core < 0.0)
        return dft_fail(err, DFT_EPARSE, "%s: %s is no element with %g valence electrons",
                        setup->path, gth->symbol, gth->n_valence);
    setup->shape_rc = sqrt(2.0) * gth->r_loc;
    status = make_grid(setup, gth, err);
    if (status == DFT_OK)
        status = add_projectors(setup, gth, err);
    if (status == DFT_OK)
        status = add_orbitals(setup, gth, err);
    return status == DFT_OK ? fill_strength(setup, gth, err) : status;
}

dft_status dft_gth_read(const char *path, const char *symbol, const char *name, dft_setup **out,
                        dft_error *err)
{
    dft_setup *setup = dft_alloc(1, sizeof *setup);
    dft_gth gth;
    char *text = NULL;
    size_t length = 0;
    dft_status status = DFT_OK;

    *out = NULL;
    if (!setup)
        return dft_fail(err, DFT_ENOMEM, "%s: no memory for a data set", path);
    if (strlen(path) >= sizeof setup->path)
        status = dft_fail(err, DFT_ENOFILE, "%.200s...: the path is too long", path);
    if (status == DFT_OK) {
        memcpy(setup->path, path, strlen(path) + 1);
        status = dft_gzfile_read(path, &text, &length, setup->sha256, err);
    }
    if (status == DFT_OK)
        status = dft_gth_parse(path, text, symbol, name, &gth, err);
    if (status == DFT_OK)
        status = fill(setup, &gth, err);
    if (status == DFT_OK) {
        *out = setup;
        setup = NULL;
    }
    free(text);
    dft_setup_free(setup);
    return status;
}
