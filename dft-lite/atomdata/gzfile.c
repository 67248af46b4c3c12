#include "dft-lite/atomdata/gzfile.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <nettle/sha2.h>
#include <zlib.h>

#include "dft-lite/base/alloc.h"

#define FIRST_BYTES ((size_t)1 << 18)

static void sha256_hex(const char *text, size_t length, char sha256[65])
{
    struct sha256_ctx context;
    uint8_t digest[SHA256_DIGEST_SIZE];

    sha256_init(&context);
    sha256_update(&context, length, (const uint8_t *)text);
    sha256_digest(&context, SHA256_DIGEST_SIZE, digest);
    for (size_t i = 0; i < SHA256_DIGEST_SIZE; i++)
        snprintf(sha256 + 2 * i, 3, "%02x", (unsigned)digest[i]);
}

static dft_status read_failure(gzFile file, const char *path, dft_error *err)
{
    int code = Z_OK;
    const char *reason = gzerror(file, &code);

    if (code == Z_ERRNO)
        return dft_fail(err, DFT_ENOFILE, "%s: cannot be read (%s)", path, strerror(errno));
    if (code == Z_MEM_ERROR)
        return dft_fail(err, DFT_ENOMEM, "%s: no memory to uncompress it", path);
    return dft_fail(err, DFT_EPARSE, "%s: %s gzip data (%s); install the file again", path,
                    code == Z_BUF_ERROR ? "truncated" : "damaged", reason);
}

/* Doubles the buffer; *text keeps its old contents when memory is refused. */
static dft_status grow(const char *path, char **text, size_t length, size_t *capacity,
                       dft_error *err)
{
    if (*capacity >= DFT_GZFILE_MAX_BYTES)
        return dft_fail(err, DFT_EPARSE,
                        "%s: larger than %zu MiB uncompressed, which no atomic data"
                        " set is; give another file",
                        path, DFT_GZFILE_MAX_BYTES >> 20);
    char *larger = dft_alloc(2 * *capacity + 1, 1);
    if (!larger)
        return dft_fail(err, DFT_ENOMEM, "%s: no memory for %zu bytes", path, 2 * *capacity);
    memcpy(larger, *text, length);
    free(*text);
    *text = larger;
    *capacity *= 2;
    return DFT_OK;
}

static dft_status read_all(gzFile file, const char *path, char **text, size_t *length,
                           dft_error *err)
{
    size_t capacity = FIRST_BYTES;

    *length = 0;
    *text = dft_alloc(capacity + 1, 1); /* zeroed, so always NUL-terminated */
    if (!*text)
        return dft_fail(err, DFT_ENOMEM, "%s: no memory for %zu bytes", path, capacity);
    for (;;) {
        if (*length == capacity) {
            const dft_status status = grow(path, text, *length, &capacity, err);
            if (status)
                return status;
        }
        const int n = gzread(file, *text + *length, (unsigned)(capacity - *length));
        if (n < 0)
            return read_failure(file, path, err);
        if (n == 0)
            break;
        *length += (size_t)n;
    }
    int code = Z_OK;            /* a truncated stream ends without a CRC: */
    (void)gzerror(file, &code); /* gzread returns 0 and leaves Z_BUF_ERROR */
    if (code != Z_OK && code != Z_STREAM_END)
        return read_failure(file, path, err);
    if (*length == 0)
        return dft_fail(err, DFT_EPARSE, "%s: the file is empty; install it again", path);
    return DFT_OK;
}

dft_status dft_gzfile_read(const char *path, char **text, size_t *length, char sha256[65],
                           dft_error *err)
{
    gzFile file = gzopen(path, "rb"); /* reads plain files as they are */

    *text = NULL;
    if (!file)
        return dft_fail(err, errno == ENOMEM ? DFT_ENOMEM : DFT_ENOFILE,
                        "%s: cannot be opened (%s)", path, strerror(errno));
    const dft_status status = read_all(file, path, text, length, err);
    gzclose(file);
    if (status) {
        free(*text);
        *text = NULL;
        return status;
    }
    sha256_hex(*text, *length, sha256);
    return DFT_OK;
}
