#include "candidates/defects.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "candidates/exposed.h"
#include "candidates/layer.h"
#include "candidates/sites.h"
#include "dft-lite/base/alloc.h"
#include "dft-lite/base/units.h"
#include "dft-lite/crystal/elements.h"

#define SAME_SHELL 1.12
#define FITS 1.10                   /* radii may exceed the distance by this before an atom is lifted */
#define LEAST_BONDS 3.0             /* own images of a defect are at least as far */
#define MAX_NEIGHBOURS 16
#define Z_NITROGEN 7

static const struct { const char *name; bool element; } kinds[] = {
    [CAND_VACANCY] = { "vacancy", false }, [CAND_DIVACANCY] = { "divacancy", false },
    [CAND_SUBSTITUTION] = { "substitution", true }, [CAND_PYRIDINIC] = { "pyridinic", true },
    [CAND_SINGLE_ATOM] = { "single-atom", true }, [CAND_M_N4] = { "m-n4", true },
};
#define N_KINDS (sizeof kinds / sizeof *kinds)

dft_status cand_defect_parse(const char *text, cand_defect *out, dft_error *err)
{
    const size_t length = strcspn(text, ":@");
    const char *at = text + length;
    char symbol[4] = "";
    int used = 0;
    size_t k = 0;

    *out = (cand_defect){ CAND_VACANCY, 0, 0 };
    while (k < N_KINDS && (strlen(kinds[k].name) != length
                           || strncmp(kinds[k].name, text, length) != 0))
        k++;
    if (k == N_KINDS || kinds[k].element != (*at == ':'))
        return dft_fail(err, DFT_EUSAGE, "defect '%.40s': write vacancy, divacancy, substitution:N, "
                        "pyridinic:N, single-atom:Pt or m-n4:Co, with @1 behind for the second "
                        "distinct host", text);
    out->kind = (cand_defect_kind)k;
    if (*at == ':') {
        snprintf(symbol, sizeof symbol, "%.*s", (int)strcspn(at + 1, "@"), at + 1);
        at += 1 + strcspn(at + 1, "@");
        out->z = dft_element_number(symbol);
        if (out->z == 0 || strlen(symbol) > 2)
            return dft_fail(err, DFT_EUSAGE, "defect '%.40s': there is no element %.3s", text,
                            symbol);
    }
    if (*at == '@' && (sscanf(at + 1, "%zu%n", &out->host, &used) != 1 || at[1] == '-'))
        used = -1;
    if ((*at == '@' && used <= 0) || (*at == '@' && at[1 + used] != '\0'))
        return dft_fail(err, DFT_EUSAGE, "defect '%.40s': after @ comes a number from 0", text);
    return DFT_OK;
}

/* The smallest atom that an operation keeping the face carries atom a onto. */
static size_t class_of(const cand_layer *layer, size_t a, double (*image)[2])
{
    const size_t n = cand_layer_images(layer, layer->u[a], CAND_LAYER_TOLERANCE, image);

    for (size_t b = 0; b < a; b++)
        for (size_t k = 0; k < n; k++)
            if (layer->z[b] == layer->z[a]
                && fabs(layer->height[b] - layer->height[a]) <= CAND_LAYER_TOLERANCE
                && cand_layer_distance(layer, image[k], layer->u[b]) <= CAND_LAYER_TOLERANCE)
                return b;
    return a;
}

static dft_status find_hosts(const cand_layer *layer, size_t **atom, size_t *n, dft_error *err)
{
    bool *exposed = dft_alloc(layer->n_atoms, sizeof *exposed);
    double (*image)[2] = dft_alloc(layer->n_ops, sizeof *image);
    dft_status status;

    *atom = dft_alloc_sizes(layer->n_atoms);
    *n = 0;
    status = exposed && image && *atom
           ? cand_exposed_find(layer, cand_sites_defaults().top_depth, exposed, err)
           : dft_fail(err, DFT_ENOMEM, "defect: out of memory");
    for (int z = 1; z <= DFT_MAX_Z && status == DFT_OK; z++)
        for (size_t a = 0; a < layer->n_atoms; a++)
            if (exposed[a] && layer->z[a] == z && class_of(layer, a, image) == a)
                (*atom)[(*n)++] = a;
    if (status != DFT_OK) {
        free(*atom);
        *atom = NULL;
    }
    free(image);
    free(exposed);
    return status;
}

dft_status cand_defect_hosts(const dft_crystal *slab, size_t **atom, size_t *n, dft_error *err)
{
    cand_layer *layer = NULL;
    dft_status status = cand_layer_create(slab, CAND_LAYER_TOLERANCE, &layer, err);

    *atom = NULL;
    *n = 0;
    if (status == DFT_OK)
        status = find_hosts(layer, atom, n, err);
    cand_layer_free(layer);
    return status;
}

/* ---- building ---- */

typedef struct {
    const dft_crystal *slab;
    double axis[3];                 /* upward normal */
    size_t host, partner;           /* partner: the nearest neighbour */
    double bond;                    /* to it */
    size_t n_neighbours;
    size_t neighbour[MAX_NEIGHBOURS];
    int *z;                         /* owned, [n_atoms]; 0: gone */
    double added[3];                /* Cartesian: the metal atom */
    bool adds;
} site_work;

/* Vector from atom a to the nearest image of atom b. */
static double to_nearest(const dft_crystal *c, size_t a, size_t b, double best_vector[3])
{
    double best = HUGE_VAL;

    for (int k = 0; k < 27; k++) {
        const int shift[3] = { k / 9 - 1, k / 3 % 3 - 1, k % 3 - 1 };
        double frac[3], cart[3], length;
        for (int i = 0; i < 3; i++) {
            const double d = c->position[b][i] - c->position[a][i];
            frac[i] = d - round(d) + shift[i];
        }
        dft_crystal_cartesian((const double (*)[3])c->lattice, frac, cart);
        length = sqrt(cart[0] * cart[0] + cart[1] * cart[1] + cart[2] * cart[2]);
        if (length < best) {
            best = length;
            memcpy(best_vector, cart, 3 * sizeof(double));
        }
    }
    return best;
}

/* Neighbours of an atom that are still there, at most MAX_NEIGHBOURS; the nearest distance. */
static double find_neighbours(const site_work *w, size_t atom, size_t *list, size_t *n)
{
    double nearest = HUGE_VAL, unused[3];

    for (size_t b = 0; b < w->slab->n_atoms; b++)
        if (b != atom && w->z[b] != 0)
            nearest = fmin(nearest, to_nearest(w->slab, atom, b, unused));
    *n = 0;
    for (size_t b = 0; b < w->slab->n_atoms && *n < MAX_NEIGHBOURS; b++)
        if (b != atom && w->z[b] != 0
            && to_nearest(w->slab, atom, b, unused) <= SAME_SHELL * nearest)
            list[(*n)++] = b;
    return nearest;
}

static double radius(int z)
{
    return dft_element_covalent_radius_ang(z) / DFT_BOHR_ANG;
}

/* How far an atom at `from` (relative to atom a) must rise to touch the neighbours' radii, when it
 * does not fit between them. */
static double lift(const site_work *w, size_t a, const double from[3], int z)
{
    double highest = 0.0;

    for (size_t k = 0; k < w->n_neighbours; k++) {
        const size_t b = w->neighbour[k];
        const double sum = radius(z) + radius(w->z[b]);
        double v[3], rise, square = 0.0;

        to_nearest(w->slab, a, b, v);
        for (int c = 0; c < 3; c++)
            v[c] -= from[c];
        rise = v[0] * w->axis[0] + v[1] * w->axis[1] + v[2] * w->axis[2];
        for (int c = 0; c < 3; c++)
            square += v[c] * v[c];
        if (sum > FITS * sqrt(square))
            highest = fmax(highest, rise + sqrt(fmax(sum * sum - square + rise * rise, 0.0)));
    }
    return highest;
}

/* The metal atom at `from` relative to the host, lifted as it needs. */
static void add_metal(site_work *w, const double from[3], int z)
{
    const double height = lift(w, w->host, from, z);
    double cart[3];

    dft_crystal_cartesian((const double (*)[3])w->slab->lattice, w->slab->position[w->host], cart);
    for (int c = 0; c < 3; c++)
        w->added[c] = cart[c] + from[c] + height * w->axis[c];
    w->adds = true;
}

static dft_status make_m_n4(site_work *w, int z, dft_error *err)
{
    size_t around[2][MAX_NEIGHBOURS], n[2];
    double middle[3];

    find_neighbours(w, w->host, around[0], &n[0]);
    find_neighbours(w, w->partner, around[1], &n[1]);
    if (n[0] != 2 || n[1] != 2)
        return dft_fail(err, DFT_EINPUT, "m-n4 needs a divacancy with four neighbours, and this one "
                        "has %zu: take a honeycomb such as graphene", n[0] + n[1]);
    w->n_neighbours = 4;
    for (size_t k = 0; k < 4; k++) {
        w->neighbour[k] = around[k / 2][k % 2];
        w->z[w->neighbour[k]] = Z_NITROGEN;
    }
    to_nearest(w->slab, w->host, w->partner, middle);
    for (int c = 0; c < 3; c++)
        middle[c] *= 0.5;
    add_metal(w, middle, z);
    return DFT_OK;
}

static dft_status make_defect(site_work *w, const cand_defect *defect, dft_error *err)
{
    const double here[3] = { 0.0, 0.0, 0.0 };

    w->z[w->host] = 0;
    if (defect->kind == CAND_DIVACANCY || defect->kind == CAND_M_N4)
        w->z[w->partner] = 0;
    if (defect->kind == CAND_SUBSTITUTION || defect->kind == CAND_SINGLE_ATOM)
        add_metal(w, here, defect->z);
    for (size_t k = 0; k < w->n_neighbours && defect->kind == CAND_PYRIDINIC; k++)
        w->z[w->neighbour[k]] = defect->z;
    return defect->kind == CAND_M_N4 ? make_m_n4(w, defect->z, err) : DFT_OK;
}

static dft_status write_crystal(const site_work *w, int z_added, dft_crystal **out, dft_error *err)
{
    const size_t most = w->slab->n_atoms + 1;
    int *z = dft_alloc_ints(most);
    double (*position)[3] = dft_alloc(most, sizeof *position);
    size_t n = 0;
    dft_status status;

    if (z && position) {
        for (size_t a = 0; a < w->slab->n_atoms; a++) {
            if (w->z[a] == 0)
                continue;
            memcpy(position[n], w->slab->position[a], sizeof position[n]);
            z[n++] = w->z[a];
        }
        if (w->adds) {
            dft_crystal_fractional((const double (*)[3])w->slab->lattice, w->added, position[n]);
            z[n++] = z_added;
        }
    }
    status = !z || !position ? dft_fail(err, DFT_ENOMEM, "defect: out of memory")
           : n == 0 ? dft_fail(err, DFT_EINPUT, "this defect leaves no atom")
           : dft_crystal_create((const double (*)[3])w->slab->lattice, n, z,
                                (const double (*)[3])position, out, err);
    free(position);
    free(z);
    return status;
}

static dft_status check(const site_work *w, const cand_layer *layer, const cand_defect *defect,
                        size_t n_hosts, dft_error *err)
{
    const double own_image = hypot(layer->reduced[0][0], layer->reduced[0][1]);

    if (defect->host >= n_hosts)
        return dft_fail(err, DFT_EINPUT, "host @%zu does not exist: this face has %zu distinct "
                        "atoms, numbered from 0", defect->host, n_hosts);
    if (own_image < LEAST_BONDS * w->bond)
        return dft_fail(err, DFT_EINPUT, "the cell repeats every %.2f A, less than three bonds of "
                        "%.2f A: the defect would touch its image; take a larger --supercell",
                        own_image * DFT_BOHR_ANG, w->bond * DFT_BOHR_ANG);
    if (defect->z != 0 && !(radius(defect->z) > 0.0))
        return dft_fail(err, DFT_EINPUT, "no covalent radius is known for %s",
                        dft_element_symbol(defect->z));
    return DFT_OK;
}

dft_status cand_defect_create(const dft_crystal *slab, const cand_defect *defect, dft_crystal **out,
                              dft_error *err)
{
    cand_layer *layer = NULL;
    site_work w = { .slab = slab, .z = dft_alloc_ints(slab->n_atoms) };
    size_t *host = NULL, n_hosts = 0;
    double unused[3];
    dft_status status;

    *out = NULL;
    if (!w.z)
        return dft_fail(err, DFT_ENOMEM, "defect: out of memory");
    memcpy(w.z, slab->z, slab->n_atoms * sizeof *w.z);
    status = cand_layer_create(slab, CAND_LAYER_TOLERANCE, &layer, err);
    if (status == DFT_OK)
        status = find_hosts(layer, &host, &n_hosts, err);
    if (status != DFT_OK)
        goto done;
    memcpy(w.axis, layer->axis[2], sizeof w.axis);
    w.host = host[defect->host < n_hosts ? defect->host : 0];
    w.bond = find_neighbours(&w, w.host, w.neighbour, &w.n_neighbours);
    for (size_t k = w.n_neighbours; k-- > 0;)        /* the nearest, the first of equals */
        if (to_nearest(slab, w.host, w.neighbour[k], unused) <= w.bond * (1.0 + 1e-3))
            w.partner = w.neighbour[k];
    status = check(&w, layer, defect, n_hosts, err);
    if (status == DFT_OK)
        status = make_defect(&w, defect, err);
    if (status == DFT_OK)
        status = write_crystal(&w, defect->z, out, err);
done:
    free(host);
    cand_layer_free(layer);
    free(w.z);
    return status;
}
