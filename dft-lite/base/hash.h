/*
 * dft-lite/base/hash.h - SHA-256 (FIPS 180-4), the door to nettle.
 *
 * Names things by content: task keys, checksums of data sets.  Not a secret of any kind.
 * Thread rule: no shared state; call from anywhere.
 */
#ifndef DFT_HASH_H
#define DFT_HASH_H

#include <stddef.h>

/* SHA-256 of size bytes at data, as 64 lower-case hexadecimal digits and a final zero in out.
 * data may be NULL when size is 0. */
void dft_sha256_hex(const void *data, size_t size, char out[65]);

#endif
