/*
 * results/database_check.h - may what stands in the place of the database be replaced?
 *
 * Private to results/.
 */
#ifndef RES_DATABASE_CHECK_H
#define RES_DATABASE_CHECK_H

#include "dft-lite/base/status.h"

/* Nothing, an empty file and a database of this program may.  Errors: DFT_EPARSE for a damaged one
 * (res_database_set_aside makes way), DFT_EINPUT for a foreign or newer one or a directory. */
dft_status res_database_may_replace(const char *path, dft_error *err);

#endif
