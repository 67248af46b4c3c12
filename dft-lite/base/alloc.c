#include "dft-lite/base/alloc.h"

#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static atomic_long refuse_countdown;                /* test hook; 0 means off */

void dft_alloc_refuse_nth(long n)
{
    atomic_store(&refuse_countdown, n);
}

void *dft_alloc(size_t n, size_t size)
{
    const size_t alignment = 64;
    void *memory;

    if (atomic_load(&refuse_countdown) > 0 && atomic_fetch_sub(&refuse_countdown, 1) == 1)
        return NULL;
    if (size && n > (SIZE_MAX - alignment) / size)
        return NULL;
    const size_t bytes = (n * size / alignment + 1) * alignment;
    memory = aligned_alloc(alignment, bytes);
    if (memory)
        memset(memory, 0, bytes);
    return memory;
}

double *dft_alloc_doubles(size_t n)         { return dft_alloc(n, sizeof(double)); }
double complex *dft_alloc_complex(size_t n) { return dft_alloc(n, sizeof(double complex)); }
float complex *dft_alloc_complex_s(size_t n) { return dft_alloc(n, sizeof(float complex)); }
int *dft_alloc_ints(size_t n)               { return dft_alloc(n, sizeof(int)); }
size_t *dft_alloc_sizes(size_t n)           { return dft_alloc(n, sizeof(size_t)); }

char *dft_strdup(const char *text)
{
    const size_t length = strlen(text);
    char *copy = dft_alloc(length + 1, 1);

    if (copy)
        memcpy(copy, text, length + 1);
    return copy;
}
