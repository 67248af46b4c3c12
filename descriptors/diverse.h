/*
 * descriptors/diverse.h - a few that are good and unlike each other.
 *
 * Greedy maximum of a determinantal point process (A. Kulesza and B. Taskar, Found. Trends Mach. Learn. 5,
 * 123 (2012)) in the incremental form of L. Chen, G. Zhang and E. Zhou, NeurIPS 31 (2018): the kernel is
 *     L_ij = q_i q_j exp(-|x_i - x_j|^2 / 2)
 * with a quality q_i > 0 and features x_i in units in which a distance of 1 means "rather alike".  Each
 * step takes what adds most to log det L: good, and far from what is taken already.  O(n k^2).
 * Thread rule: no shared state.
 */
#ifndef DESC_DIVERSE_H
#define DESC_DIVERSE_H

#include <stddef.h>

#include "dft-lite/base/status.h"

/* quality [n], feature [n][n_features]; pick [k] gets indices in the order in which they were taken, and
 * *n_picked how many (fewer than k when n < k or the rest repeats what is taken).  Ties go to the lower
 * index.  Errors: DFT_EINPUT for a quality that is not finite and positive, or a feature that is not
 * finite; DFT_ENOMEM. */
dft_status desc_diverse_pick(const double *quality, const double *feature, size_t n,
                             size_t n_features, size_t k, size_t *pick, size_t *n_picked,
                             dft_error *err);

#endif
