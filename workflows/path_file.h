/*
 * workflows/path_file.h - paths and relaxed structures as extended XYZ: one frame an image, what viewers show, bands
 * begin with and resume from.
 *
 * Angstrom, eV, eV/A.  Positions are not wrapped.  Comment keys of a frame: image, energy (zero
 * width) and free_energy where known, climbing=1 on all frames of a band that climbs; columns
 * forces where known and move_mask (ASE's: F for what is fixed).
 */
#ifndef FLOW_PATH_FILE_H
#define FLOW_PATH_FILE_H

#include "workflows/neb.h"
#include "workflows/path.h"
#include "workflows/relax.h"

/* result may be NULL: positions alone.  The file appears whole or not at all.  Errors: DFT_EIO;
 * DFT_ENOMEM. */
dft_status flow_path_write(const char *filename, const flow_path *path,
                           const flow_neb_result *result, dft_error *err);

/* One relaxed structure in the same form, so that a band between two of them knows what is fixed: energies and forces
 * where it converged, converged=F else.  fixed: [n_atoms] of the crystal, NULL: nothing.  name, without blanks, becomes
 * a key of the comment; NULL: none.  Errors: as above; DFT_EINPUT when name holds blanks. */
dft_status flow_relaxed_write(const char *filename, const char *name, const flow_relax_result *relaxed,
                              const unsigned char (*fixed)[3], dft_error *err);

/* Three or more frames with the same cell and the same elements in the same order.  What is fixed
 * is what the first frame says.  *is_climbing may be NULL.  The caller owns *out.  Errors:
 * DFT_ENOFILE; DFT_EPARSE naming file and line; DFT_ENOMEM. */
dft_status flow_path_read(const char *filename, flow_path **out, int *is_climbing, dft_error *err);

#endif
