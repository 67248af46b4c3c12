#include "dft-lite/base/threads.h"

#include <omp.h>

dft_status dft_threads_set(int n, dft_error *err)
{
    if (n < 1)
        return dft_fail(err, DFT_EINPUT, "number of threads must be at least 1, not %d", n);
    omp_set_dynamic(0);
    omp_set_max_active_levels(1);
    omp_set_num_threads(n);
    return DFT_OK;
}

int dft_threads_max(void)  { return omp_get_max_threads(); }
int dft_thread_index(void) { return omp_get_thread_num(); }
