/*
 * results/aside.h - a damaged file makes way, and is kept for whoever wants to look at it.
 */
#ifndef RES_ASIDE_H
#define RES_ASIDE_H

#include <stddef.h>

#include "dft-lite/base/status.h"

/* Renames `path` to PATH.damaged, or to the first of PATH.damaged-2, -3, ... that is free: nothing is
 * overwritten.  moved [size] gets the new path.  One process at a time does so in a directory.
 * Errors: DFT_EIO naming both the path and the remedy. */
dft_status res_set_aside(const char *path, char *moved, size_t size, dft_error *err);

#endif
