/*
 * workflows/idpp.h - a first path on which atoms keep their distances: image-dependent pair
 * potential.
 *
 * The straight path may lead atoms through each other.  Here each pair's distance in image i is to
 * be the interpolation of its distances at the two ends, as far as three coordinates an atom allow:
 * the sum over pairs of (d_target - d)^2 / d^4 is minimised image by image under the nudged forces
 * that keep the images apart (S. Smidstrup, A. Pedersen, K. Stokbro, H. Jonsson, J. Chem. Phys.
 * 140, 214106 (2014)). Pairs are those of all periodic images that come within `cutoff` anywhere on
 * the straight path; far ones weigh nothing.
 */
#ifndef FLOW_IDPP_H
#define FLOW_IDPP_H

#include "workflows/path.h"

#define FLOW_IDPP_CUTOFF 12.0       /* bohr, 6.3 A */

/* Moves the interior images of a straight path (flow_path_create) and spaces them evenly; ends and
 * fixed coordinates stay.  Errors: DFT_EINPUT when atoms meet on the way all the same; DFT_ENOMEM.
 */
dft_status flow_idpp_relax(flow_path *path, double cutoff, dft_error *err);

#endif
