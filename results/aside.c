#include "results/aside.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

#include "dft-lite/base/file.h"

#define MOST_ASIDE 10000

dft_status res_set_aside(const char *path, char *moved, size_t size, dft_error *err)
{
    struct stat info;

    for (int i = 1; i < MOST_ASIDE; i++) {
        char number[16] = "";
        if (i > 1)
            snprintf(number, sizeof number, "-%d", i);
        const int n = snprintf(moved, size, "%s.damaged%s", path, number);
        if (n < 0 || (size_t)n >= size)
            return dft_fail_io(err, "move aside", path, ENAMETOOLONG);
        if (lstat(moved, &info) == 0)
            continue;
        return rename(path, moved) == 0 ? DFT_OK : dft_fail_io(err, "move aside", path, errno);
    }
    return dft_fail(err, DFT_EIO, "%s is damaged and %d damaged files stand beside it; remove some",
                    path, MOST_ASIDE - 1);
}
