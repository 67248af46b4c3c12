#include "descriptors/binding.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "descriptors/polyfit.h"

/* The height next to `from`, above it for side = +1 and below it for side = -1; n when there
 * is none. */
static size_t scan_neighbour(size_t n, const double *height, double from, int side)
{
    size_t nearest = n;

    for (size_t i = 0; i < n; i++) {
        const double step = (height[i] - from) * side;
        if (step > 0.0 && (nearest == n || step < (height[nearest] - from) * side))
            nearest = i;
    }
    return nearest;
}

/* The three neighbouring heights around the lowest energy, or the outermost three at an end. */
static void scan_choose(size_t n, const double *height, size_t lowest, size_t chosen[3])
{
    const size_t below = scan_neighbour(n, height, height[lowest], -1);
    const size_t above = scan_neighbour(n, height, height[lowest], +1);

    chosen[0] = below;
    chosen[1] = lowest;
    chosen[2] = above;
    if (below == n)
        chosen[0] = scan_neighbour(n, height, height[above], +1);
    if (above == n)
        chosen[2] = scan_neighbour(n, height, height[below], -1);
}

static dft_status scan_check(size_t n, const double *height, const double *energy, dft_error *err)
{
    if (n < 3)
        return dft_fail(err, DFT_EINPUT, "height scan: %zu points; a parabola needs at least 3", n);
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(height[i]) || !isfinite(energy[i]))
            return dft_fail(err, DFT_EINPUT, "height scan: point %zu is (%g, %g); every height and "
                            "energy must be finite", i + 1, height[i], energy[i]);
        for (size_t j = 0; j < i; j++)
            if (height[i] == height[j])
                return dft_fail(err, DFT_EINPUT, "height scan: points %zu and %zu have the same "
                                "height %g; give different heights", j + 1, i + 1, height[i]);
    }
    return DFT_OK;
}

dft_status desc_height_scan_fit(size_t n, const double *height, const double *energy,
                                desc_height_scan *out, dft_error *err)
{
    size_t lowest = 0, chosen[3];
    double h[3], e[3];
    desc_polyfit parabola;
    dft_status status = scan_check(n, height, energy, err);

    if (status != DFT_OK)
        return status;
    for (size_t i = 1; i < n; i++)
        if (energy[i] < energy[lowest])
            lowest = i;
    scan_choose(n, height, lowest, chosen);
    for (int i = 0; i < 3; i++) {
        h[i] = height[chosen[i]];
        e[i] = energy[chosen[i]];
    }
    status = desc_polyfit_run(3, h, e, 2, &parabola, err);
    if (status != DFT_OK)
        return status;

    const double minimum = desc_polyfit_minimum(&parabola);
    *out = (desc_height_scan){ false, NAN, NAN, NAN, height[lowest], n };
    if (minimum >= fmin(h[0], fmin(h[1], h[2])) && minimum <= fmax(h[0], fmax(h[1], h[2]))) {
        out->inside = true;
        out->height = minimum;
        out->energy = desc_polyfit_value(&parabola, minimum, 0);
        out->curvature = desc_polyfit_value(&parabola, minimum, 2);
    }
    return DFT_OK;
}

double desc_li_binding_ev(double slab_with_li_ev, double slab_ev, double mu_li_ev, int n_li)
{
    assert(n_li >= 1);
    return (slab_with_li_ev - slab_ev) / n_li - mu_li_ev;
}

static bool site_is_bridge(const char *name)
{
    const size_t length = strlen(name), n = strlen("bridge");

    return length >= n && strcmp(name + length - n, "bridge") == 0;
}

/* Index of the lowest (sign +1) or highest (sign -1) site with an energy, leaving out two; -1 when
 * none is left.  Ties keep the earlier site. */
static int site_extreme(size_t n, const desc_site *sites, int sign, int but, int nor)
{
    int found = -1;

    for (int i = 0; i < (int)n; i++) {
        if (isnan(sites[i].energy_ev) || i == but || i == nor)
            continue;
        if (found < 0 || sign * (sites[i].energy_ev - sites[found].energy_ev) < 0.0)
            found = i;
    }
    return found;
}

/* The site whose energy is taken for the saddle, by the rules of the header. */
static int site_saddle(size_t n, const desc_site *sites, desc_corrugation *out)
{
    int bridge = -1;

    for (int i = 0; i < (int)n; i++)
        if (i != out->lowest && !isnan(sites[i].energy_ev) && site_is_bridge(sites[i].name)
            && (bridge < 0 || sites[i].energy_ev > sites[bridge].energy_ev))
            bridge = i;
    if (bridge >= 0) {
        out->barrier_basis = "bridge";
        return bridge;
    }
    if (out->n_used == 2) {
        out->barrier_basis = "two-sites";
        return out->highest;
    }
    out->barrier_basis = "around-maximum";
    return site_extreme(n, sites, -1, out->highest, out->lowest);
}

dft_status desc_corrugation_of_sites(size_t n, const desc_site *sites, desc_corrugation *out,
                                     dft_error *err)
{
    desc_corrugation c = { n, 0, -1, -1, -1, NAN, NAN, NAN, NAN, "" };

    for (size_t i = 0; i < n; i++) {
        if (!sites[i].name || isinf(sites[i].energy_ev))
            return dft_fail(err, DFT_EINPUT, "corrugation: site %zu (%s) has energy %g eV; give a "
                            "name and a finite energy, or NaN for none", i + 1,
                            sites[i].name ? sites[i].name : "no name", sites[i].energy_ev);
        c.n_used += isnan(sites[i].energy_ev) ? 0u : 1u;
    }
    c.lowest = site_extreme(n, sites, +1, -1, -1);
    if (c.n_used >= 2) {
        const double zero = sites[c.lowest].energy_ev;
        c.highest = site_extreme(n, sites, -1, c.lowest, -1);
        c.saddle = site_saddle(n, sites, &c);
        c.barrier_low_ev = sites[site_extreme(n, sites, +1, c.lowest, -1)].energy_ev - zero;
        c.barrier_high_ev = c.corrugation_ev = sites[c.highest].energy_ev - zero;
        c.barrier_estimate_ev = sites[c.saddle].energy_ev - zero;
    }
    *out = c;
    return DFT_OK;
}
