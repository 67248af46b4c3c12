/*
 * dft-lite/atomdata/gzfile.h - a whole file, gzip-compressed or plain, in memory with its checksum.
 *
 * The only door to zlib.  The checksum is that of the uncompressed text (SHA-256, FIPS 180-4), so a
 * data set keeps its identity when it is compressed again.
 */
#ifndef DFT_GZFILE_H
#define DFT_GZFILE_H

#include <stddef.h>

#include "dft-lite/base/status.h"

#define DFT_GZFILE_MAX_BYTES ((size_t)64 << 20) /* uncompressed; real sets are below 2 MiB */

/* Reads path into *text (NUL-terminated; the caller owns it, release with free()), *length bytes
 * without the NUL, and writes 64 hexadecimal digits into sha256.  On failure *text is NULL. Errors:
 * DFT_ENOFILE when the file is missing or cannot be read; DFT_EPARSE when it is empty, damaged,
 * truncated or larger than DFT_GZFILE_MAX_BYTES; DFT_ENOMEM. */
dft_status dft_gzfile_read(const char *path, char **text, size_t *length, char sha256[65],
                           dft_error *err);

#endif
