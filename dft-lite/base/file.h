/*
 * dft-lite/base/file.h - files that are there whole or not at all.
 *
 * Thread rule: no shared state; one process writes a given path at a time.
 */
#ifndef DFT_FILE_H
#define DFT_FILE_H

#include <stddef.h>

#include "dft-lite/base/status.h"

/* Writes size bytes to `path`: to a temporary name beside it (".NAME.PID.tmp"), synced, renamed over
 * `path`, and the directory synced.  On failure the temporary file is removed and what was at `path`
 * stays.  A path that is a device, pipe or socket is written to directly, never replaced.
 * Errors: DFT_EIO naming path, cause and remedy; DFT_ENOMEM. */
dft_status dft_file_write(const char *path, const char *data, size_t size, dft_error *err);

/* Makes one directory; that it is there already is no error.  Errors: DFT_EIO. */
dft_status dft_directory_make(const char *path, dft_error *err);

/* Makes what was done to entries of the directory (a rename) durable.  Errors: DFT_EIO. */
dft_status dft_directory_sync(const char *path, dft_error *err);

/* "directory/name", owned by the caller; NULL when memory is refused. */
char *dft_path_join(const char *directory, const char *name);

/* The DFT_EIO sentence for a failed system call: what was done to which path, strerror(cause), and
 * the remedy. */
dft_status dft_fail_io(dft_error *err, const char *what, const char *path, int cause);

#endif
