#include "candidates/picture.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "candidates/layer.h"
#include "dft-lite/base/alloc.h"
#include "dft-lite/base/units.h"
#include "dft-lite/crystal/elements.h"

#define SCALE (24.0 * DFT_BOHR_ANG) /* pixels per bohr */
#define MARGIN 40.0                 /* pixels */
#define LEAST_WIDTH 15.0            /* bohr, 8 A: the cell is repeated until it is as wide */
#define MOST_COPIES 5
#define LEGEND 230.0                /* pixels */

static const struct { const char *symbol; unsigned rgb; } colours[] = {
    { "H", 0xffffff }, { "Li", 0xcc80ff }, { "B", 0xffb5b5 }, { "C", 0x909090 }, { "N", 0x3050f8 },
    { "O", 0xff0d0d }, { "F", 0x90e050 }, { "Na", 0xab5cf2 }, { "Mg", 0x8aff00 },
    { "Al", 0xbfa6a6 }, { "Si", 0xf0c8a0 }, { "P", 0xff8000 }, { "S", 0xffff30 },
    { "Cl", 0x1ff01f }, { "Ti", 0xbfc2c7 }, { "V", 0xa6a6ab }, { "Cr", 0x8a99c7 },
    { "Mn", 0x9c7ac7 }, { "Fe", 0xe06633 }, { "Co", 0xf090a0 }, { "Ni", 0x50d050 },
    { "Cu", 0xc88033 }, { "Zn", 0x7d80b0 }, { "Ga", 0xc28f8f }, { "Ag", 0xc0c0c0 },
    { "Cd", 0xffd98f }, { "In", 0xa67573 }, { "Sn", 0x668080 }, { "Pt", 0xd0d0e0 },
    { "Au", 0xffd123 }, { "Hg", 0xb8b8d0 }, { "Pb", 0x575961 }, { "Bi", 0x9e4fb5 },
};

/* Sites: dark enough for white numbers. */
static const unsigned site_colours[] = { 0xb00020, 0x0050b0, 0x007030, 0x8030a0, 0xb06000, 0x006a70,
                                         0x803040, 0x404040, 0x5a6a00, 0x302090 };
#define N_SITE_COLOURS (sizeof site_colours / sizeof *site_colours)

typedef struct { double x, y, depth; int z; double shade; } disc;     /* pixels */

typedef struct {
    FILE *out;
    const cand_layer *layer;
    const cand_site *site;
    size_t n_sites;
    int copies[2];
    double x0, y0;                  /* pixels: where the lateral origin is drawn */
    size_t n_discs;
    disc *discs;                    /* owned */
} picture;

static unsigned colour_of(int z)
{
    for (size_t i = 0; i < sizeof colours / sizeof *colours; i++)
        if (strcmp(colours[i].symbol, dft_element_symbol(z)) == 0)
            return colours[i].rgb;
    return 0x6080a0u + (unsigned)(z * 7919) % 0x404040u;
}

/* Towards white by `shade`, 0..1. */
static unsigned paler(unsigned rgb, double shade)
{
    unsigned out = 0;
    for (int shift = 0; shift <= 16; shift += 8) {
        const double c = rgb >> shift & 0xff;
        out |= (unsigned)(c + shade * (255.0 - c)) << shift;
    }
    return out;
}

static void print_escaped(FILE *out, const char *text)
{
    for (; *text; text++)
        switch (*text) {
        case '&': fputs("&amp;", out); break;
        case '<': fputs("&lt;", out); break;
        case '>': fputs("&gt;", out); break;
        default: fputc(*text, out);
        }
}

static int by_depth(const void *a, const void *b)
{
    const disc *p = a, *q = b;
    if (p->depth != q->depth)
        return p->depth > q->depth ? -1 : 1;
    if (p->y != q->y)
        return p->y < q->y ? -1 : 1;
    return (p->x > q->x) - (p->x < q->x);
}

static void draw_discs(picture *p)
{
    qsort(p->discs, p->n_discs, sizeof *p->discs, by_depth);
    for (size_t i = 0; i < p->n_discs; i++) {
        const disc *d = &p->discs[i];
        const double r = 0.8 * dft_element_covalent_radius_ang(d->z) / DFT_BOHR_ANG * SCALE;
        fprintf(p->out, "<circle cx=\"%.2f\" cy=\"%.2f\" r=\"%.2f\" fill=\"#%06x\" stroke=\"#%06x\" "
                "class=\"%s\"/>\n", d->x, d->y, fmax(r, 6.0), paler(colour_of(d->z), d->shade),
                paler(0x303030, d->shade), dft_element_symbol(d->z));
    }
}

/* Lateral position of u in a copy of the cell, in pixels; the page's y points down. */
static void pixel(const picture *p, const double u[2], double *x, double *y)
{
    double xy[2];
    cand_layer_lateral(p->layer, u, xy);
    *x = p->x0 + xy[0] * SCALE;
    *y = p->y0 - xy[1] * SCALE;
}

/* Horizontal place in the side view: across the first vector, which lies along x. */
static double side_pixel(const double xy[2])
{
    return MARGIN + fabs(xy[1]) * SCALE;
}

static double fraction(double u)
{
    u -= floor(u + 1e-6);
    return u < 0.0 ? 0.0 : u;
}

/* All copies of all atoms from above. */
static void draw_top(picture *p)
{
    const cand_layer *l = p->layer;

    p->n_discs = 0;
    for (size_t a = 0; a < l->n_atoms; a++)
        for (int k = 0; k < p->copies[0] * p->copies[1]; k++) {
            const double u[2] = { fraction(l->u[a][0]) + k % p->copies[0],
                                  fraction(l->u[a][1]) + k / p->copies[0] };
            disc *d = &p->discs[p->n_discs++];
            *d = (disc){ .z = l->z[a], .depth = l->top - l->height[a] };
            pixel(p, u, &d->x, &d->y);
            d->shade = 0.75 * fmin(d->depth / 9.0, 1.0);             /* 9 bohr down: nearly white */
        }
    draw_discs(p);
}

/* The copies along the second vector, seen along the first, which is the shortest: steps run that
 * way.  `base` is the top plane's height on the page. */
static void draw_side(picture *p, double base)
{
    const cand_layer *l = p->layer;

    p->n_discs = 0;
    for (size_t a = 0; a < l->n_atoms; a++)
        for (int j = 0; j < p->copies[1]; j++) {
            const double u[2] = { fraction(l->u[a][0]), fraction(l->u[a][1]) + j };
            double xy[2];
            cand_layer_lateral(l, u, xy);
            p->discs[p->n_discs++] = (disc){ .x = side_pixel(xy), .z = l->z[a], .depth = xy[0],
                                             .y = base + (l->top - l->height[a]) * SCALE };
        }
    draw_discs(p);
}

static void draw_cell(const picture *p)
{
    static const double corner[4][2] = { { 0, 0 }, { 1, 0 }, { 1, 1 }, { 0, 1 } };

    fputs("<polygon fill=\"none\" stroke=\"#000\" stroke-dasharray=\"6,3\" points=\"", p->out);
    for (int k = 0; k < 4; k++) {
        double x, y;
        pixel(p, corner[k], &x, &y);
        fprintf(p->out, "%.2f,%.2f ", x, y);
    }
    fputs("\"/>\n", p->out);
}

static void draw_mark(const picture *p, size_t site, double x, double y)
{
    fprintf(p->out, "<circle cx=\"%.2f\" cy=\"%.2f\" r=\"8\" fill=\"#%06x\" class=\"site\"/><text "
            "x=\"%.2f\" y=\"%.2f\" font-size=\"11\" fill=\"#fff\" text-anchor=\"middle\">%zu"
            "</text>\n", x, y, site_colours[site % N_SITE_COLOURS], x, y + 4.0, site + 1);
}

/* Every place of every site in the outlined cell. */
static void draw_places(const picture *p, double (*image)[2])
{
    for (size_t i = 0; i < p->n_sites; i++) {
        const size_t n = cand_layer_images(p->layer, p->site[i].frac, 0.3, image);
        for (size_t k = 0; k < n; k++) {
            double x, y;
            pixel(p, image[k], &x, &y);
            draw_mark(p, i, x, y);
        }
    }
}

/* The sites where they are in the side view, at the height where an adatom starts. */
static void draw_heights(const picture *p, double base)
{
    for (size_t i = 0; i < p->n_sites; i++) {
        double xy[2];
        cand_layer_lateral(p->layer, p->site[i].frac, xy);
        draw_mark(p, i, side_pixel(xy), base - p->site[i].height * SCALE);
    }
}

static void draw_legend(const picture *p, const char *title, double x)
{
    double y = MARGIN;

    fprintf(p->out, "<text x=\"%.2f\" y=\"%.2f\" font-size=\"15\">", x, y);
    print_escaped(p->out, title);
    fputs("</text>\n", p->out);
    for (size_t i = 0; i < p->n_sites; i++) {
        y += 24.0;
        draw_mark(p, i, x + 8.0, y - 4.0);
        fprintf(p->out, "<text x=\"%.2f\" y=\"%.2f\" font-size=\"13\">", x + 24.0, y);
        print_escaped(p->out, p->site[i].label);
        fprintf(p->out, " x%zu</text>\n", p->site[i].multiplicity);
    }
}

/* Width and height of the drawn copies in pixels, and where the origin comes to lie. */
static void place_origin(picture *p, double *width, double *height)
{
    const double (*a)[2] = p->layer->lattice;
    double low[2] = { 0.0, 0.0 }, high[2] = { 0.0, 0.0 };

    for (int k = 1; k < 4; k++)
        for (int c = 0; c < 2; c++) {
            const double r = (k & 1 ? p->copies[0] * a[0][c] : 0.0)
                           + (k & 2 ? p->copies[1] * a[1][c] : 0.0);
            low[c] = fmin(low[c], r);
            high[c] = fmax(high[c], r);
        }
    *width = (high[0] - low[0]) * SCALE;
    *height = (high[1] - low[1]) * SCALE;
    p->x0 = MARGIN - low[0] * SCALE;
    p->y0 = MARGIN + high[1] * SCALE;
}

static void draw(picture *p, const char *title, double (*image)[2])
{
    const double thickness = (p->layer->top - p->layer->bottom) * SCALE;
    double width, height, highest = 0.0, base, page;

    place_origin(p, &width, &height);
    for (size_t i = 0; i < p->n_sites; i++)
        highest = fmax(highest, p->site[i].height * SCALE);
    base = height + 3.0 * MARGIN + highest;          /* the top plane in the side view */
    page = fmax(base + thickness + MARGIN, 2.0 * MARGIN + 24.0 * (double)p->n_sites);
    fprintf(p->out, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.0f\" height=\"%.0f\" "
            "font-family=\"sans-serif\">\n<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>\n",
            fmax(width, height) + 3.0 * MARGIN + LEGEND, page);
    draw_top(p);
    draw_cell(p);
    draw_places(p, image);
    draw_side(p, base);
    draw_heights(p, base);
    draw_legend(p, title, fmax(width, height) + 2.0 * MARGIN);
    fputs("</svg>\n", p->out);
}

static int copies_along(double length)
{
    const double n = ceil(LEAST_WIDTH / length);
    return n < 2.0 ? 2 : n > MOST_COPIES ? MOST_COPIES : (int)n;
}

dft_status cand_picture_svg(const dft_crystal *slab, const cand_site *site, size_t n_sites,
                            const char *title, char **svg, dft_error *err)
{
    cand_layer *layer = NULL;
    picture p = { .site = site, .n_sites = n_sites };
    double (*image)[2] = NULL;
    char *text = NULL;
    size_t size = 0;
    dft_status status = cand_layer_create(slab, CAND_LAYER_TOLERANCE, &layer, err);

    *svg = NULL;
    if (status != DFT_OK)
        return status;
    p.layer = layer;
    for (int i = 0; i < 2; i++)
        p.copies[i] = copies_along(hypot(layer->lattice[i][0], layer->lattice[i][1]));
    p.discs = dft_alloc(slab->n_atoms * (size_t)(p.copies[0] * p.copies[1]), sizeof *p.discs);
    image = dft_alloc(layer->n_ops, sizeof *image);
    if (p.discs && image)
        p.out = open_memstream(&text, &size);
    if (p.out) {
        draw(&p, title, image);
        if (fclose(p.out) == 0) {
            *svg = text;
            text = NULL;
        }
    }
    if (!*svg)
        status = dft_fail(err, DFT_ENOMEM, "picture of %zu atoms: out of memory", slab->n_atoms);
    free(text);
    free(image);
    free(p.discs);
    cand_layer_free(layer);
    return status;
}
