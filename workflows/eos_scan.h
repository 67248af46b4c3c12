/*
 * workflows/eos_scan.h - energies at several volumes until the minimum lies inside, and the fit.
 *
 * "Size" is volume (bohr^3), or area (bohr^2) of a sheet.  Points are the integers i of size =
 * centre (1 + i step): n_points of them about the centre (even numbers have one more on the large
 * side), then one more at a time on the side where the energy falls, up to max_points.
 * Birch-Murnaghan fit: descriptors/eos.h.  Hartree atomic units.
 */
#ifndef FLOW_EOS_SCAN_H
#define FLOW_EOS_SCAN_H

#include <stddef.h>

#include "dft-lite/base/status.h"
#include "dft-lite/crystal/crystal.h"

#define FLOW_EOS_MOST_POINTS 100

typedef struct {
    const dft_crystal *structure;       /* borrowed; scaled as a whole (a sheet: in its plane) */
    int sheet;
    double centre_scale;                /* linear scale of the structure at the scan's centre */
    int n_points, max_points;           /* n_points >= 5 */
    double half_width;                  /* the first points span size (1 -+ half_width) */

    /* Before points are computed: the smallest cell of all.  Sets *again when the ones computed so far
     * no longer compare (a denser k mesh): all begins anew.  NULL: nothing to choose. */
    dft_status (*begin)(void *context, const dft_crystal *smallest, int *again, dft_error *err);
    /* One energy (Ha, zero width); *energy NaN ends the scan: it did not converge, and the caller knows
     * why.  label: "volume 16.480000 A^3". */
    dft_status (*energy)(void *context, const dft_crystal *cell, const char *label, double *energy,
                         dft_error *err);
    void *context;
} flow_eos_scan;

typedef struct {
    int complete;                       /* all energies that were asked for came */
    int inside;                         /* the minimum lies inside: the next line may be used */
    double size, energy, modulus, prime, rms;   /* Ha and bohr; rms of the fit, Ha */
    double centre;                      /* size at the scan's centre */
    double scale;                       /* linear, of the structure, at the minimum */
    size_t n;
    double sizes[FLOW_EOS_MOST_POINTS], energies[FLOW_EOS_MOST_POINTS];
} flow_eos_fit;

/* Errors: the callbacks'; those of desc_eos_fit; DFT_EINPUT for less than 5 points or more than
 * FLOW_EOS_MOST_POINTS. */
dft_status flow_eos_scan_run(const flow_eos_scan *scan, flow_eos_fit *out, dft_error *err);

#endif
