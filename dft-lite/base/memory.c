#include "dft-lite/base/memory.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define UNKNOWN 1e18

/* The number after `key` in a file of "key: number kB" lines, in bytes. */
static double from_table(const char *path, const char *key)
{
    FILE *file = fopen(path, "r");
    char line[256];
    double bytes = UNKNOWN, number;

    while (file && fgets(line, sizeof line, file))
        if (strncmp(line, key, strlen(key)) == 0 && sscanf(line + strlen(key), ": %lf", &number) == 1)
            bytes = 1024.0 * number;
    if (file)
        fclose(file);
    return bytes;
}

/* A file that holds one number; "max" and a missing file are unknown. */
static double from_number(const char *path)
{
    FILE *file = fopen(path, "r");
    double number;
    const int found = file && fscanf(file, "%lf", &number) == 1;

    if (file)
        fclose(file);
    return found ? number : UNKNOWN;
}

static double address_space_left(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
        return UNKNOWN;
    return (double)limit.rlim_cur - fmin((double)limit.rlim_cur,
                                         from_table("/proc/self/status", "VmSize"));
}

static double control_group_left(void)
{
    const double limit = from_number("/sys/fs/cgroup/memory.max");
    const double used = from_number("/sys/fs/cgroup/memory.current");

    return limit < UNKNOWN && used < UNKNOWN ? fmax(0.0, limit - used) : UNKNOWN;
}

double dft_memory_available(void)
{
    return fmin(from_table("/proc/meminfo", "MemAvailable"),
                fmin(address_space_left(), control_group_left()));
}
