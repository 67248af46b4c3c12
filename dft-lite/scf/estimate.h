/*
 * dft-lite/scf/estimate.h - memory and time of a calculation, from its input alone.
 *
 * Counts what the run will allocate at its peak and the floating-point work of one SCF step: orbitals on
 * the largest k-point's plane waves (volume (2 ecut)^(3/2)/(6 pi^2)), projectors, the eigensolver's search
 * spaces, density and exchange-correlation boxes, the mixer's history.
 */
#ifndef DFT_ESTIMATE_H
#define DFT_ESTIMATE_H

#include "dft-lite/scf/scf.h"

typedef struct {
    size_t n_k, n_channels, n_bands, n_projectors;
    double n_plane_waves;               /* of one k-point */
    size_t channel_workers, grid_workers;   /* threads over channels; threads inside each */
    double memory;                      /* bytes at the peak */
    double step_s;                      /* wall time of a step, to within a factor of two */
} dft_scf_estimate;

/* For a system whose bands and threads are known. */
dft_scf_estimate dft_scf_estimate_of(const dft_system *system, size_t n_bands, size_t n_threads);

/* Bands that a run of these options starts with; no fewer than `least`. */
size_t dft_scf_choose_bands(const dft_scf_options *options, const dft_system *system, size_t least);

/* Refuses what does not fit.  Errors: DFT_ENOMEM naming both numbers and remedies. */
dft_status dft_scf_estimate_check(const dft_scf_estimate *estimate, double available, dft_error *err);

#endif
