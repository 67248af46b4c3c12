/*
 * results/export_extxyz.h - the structures of a run's records as extended XYZ frames.
 *
 * Private to results/; what a frame holds is said in results/export.h.
 */
#ifndef RES_EXPORT_EXTXYZ_H
#define RES_EXPORT_EXTXYZ_H

#include "dft-lite/base/status.h"
#include "results/text.h"

/* Adds all frames, records in the order of their keys.  Errors: DFT_ENOFILE when no record holds a
 * structure with an energy, DFT_ENOMEM. */
dft_status res_extxyz_text(const char *run_dir, res_text *text, dft_error *err);

#endif
