#include "screen/gnuplot.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dft-lite/base/file.h"

#define MOST_PATH 4096

/* "PATH.PID.tmp": renamed to PATH when gnuplot has succeeded. */
static int temporary_name(char out[MOST_PATH], const char *path)
{
    const int n = snprintf(out, MOST_PATH, "%s.%ld.tmp", path, (long)getpid());

    return n > 0 && n < MOST_PATH;
}

void screen_gnuplot_quote(FILE *script, const char *text)
{
    fputc('\'', script);
    for (; *text; text++) {
        if (*text == '\'')
            fputc('\'', script);
        fputc(*text == '\n' ? ' ' : *text, script);
    }
    fputc('\'', script);
}

dft_status screen_gnuplot_open(const char *path, int width, int height, FILE **out, dft_error *err)
{
    char temporary[MOST_PATH];

    *out = NULL;
    if (!temporary_name(temporary, path))
        return dft_fail(err, DFT_EINPUT, "the path '%.100s...' is too long", path);
    fflush(NULL);
    FILE *script = popen("gnuplot 2>/dev/null", "w");
    if (!script)
        return dft_fail_io(err, "start gnuplot for", path, errno);
    fprintf(script, "set terminal svg size %d,%d enhanced font 'sans-serif,14' background rgb 'white'\n"
            "set output ", width, height);
    screen_gnuplot_quote(script, temporary);
    fputc('\n', script);
    *out = script;
    return DFT_OK;
}

dft_status screen_gnuplot_close(const char *path, FILE *script, dft_error *err)
{
    char temporary[MOST_PATH];
    struct stat written;

    (void)temporary_name(temporary, path);
    fputs("unset output\n", script);
    const int ended = pclose(script);
    if (ended != 0 || stat(temporary, &written) != 0 || written.st_size == 0) {
        (void)unlink(temporary);
        return dft_fail(err, DFT_EIO, "%s: gnuplot did not draw it (%s); install gnuplot and choose a "
                        "directory that can be written", path,
                        ended == 127 << 8 ? "there is no gnuplot" : "it gave up");
    }
    if (rename(temporary, path) != 0) {
        const int cause = errno;
        (void)unlink(temporary);
        return dft_fail_io(err, "put in place", path, cause);
    }
    return DFT_OK;
}
