#include "screen/gnuplot.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "dft-lite/base/file.h"

#define MOST_PATH 4096

/* "PATH.PID.svg" and "PATH.PID.gp": what gnuplot writes and reads. */
static int temporary_name(char out[MOST_PATH], const char *path, const char *ending)
{
    const int n = snprintf(out, MOST_PATH, "%s.%ld.%s", path, (long)getpid(), ending);

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
    char plot[MOST_PATH], commands[MOST_PATH];

    *out = NULL;
    if (!temporary_name(plot, path, "svg") || !temporary_name(commands, path, "gp"))
        return dft_fail(err, DFT_EINPUT, "the path '%.100s...' is too long", path);
    FILE *script = fopen(commands, "w");
    if (!script)
        return dft_fail_io(err, "write beside", path, errno);
    fprintf(script, "set terminal svg size %d,%d enhanced font 'sans-serif,14' background rgb "
            "'white'\nset output ", width, height);
    screen_gnuplot_quote(script, plot);
    fputc('\n', script);
    *out = script;
    return DFT_OK;
}

/* Runs gnuplot on a script, silently; its wait status, 127 << 8 when there is no gnuplot. */
static int run(const char *commands)
{
    int ended = 127 << 8;
    const pid_t child = fork();

    if (child == 0) {
        const int nothing = open("/dev/null", O_RDWR);
        for (int fd = 0; fd < 3 && nothing >= 0; fd++)
            (void)dup2(nothing, fd);
        execlp("gnuplot", "gnuplot", commands, (char *)NULL);
        _exit(127);
    }
    while (child > 0 && waitpid(child, &ended, 0) < 0 && errno == EINTR)
        continue;
    return ended;
}

dft_status screen_gnuplot_close(const char *path, FILE *script, dft_error *err)
{
    char plot[MOST_PATH], commands[MOST_PATH];
    struct stat written;

    (void)temporary_name(plot, path, "svg");
    (void)temporary_name(commands, path, "gp");
    const int complete = fputs("unset output\n", script) >= 0 && !ferror(script);
    const int closed = fclose(script) == 0;
    const int ended = complete && closed ? run(commands) : -1;
    (void)unlink(commands);
    if (ended != 0 || stat(plot, &written) != 0 || written.st_size == 0) {
        (void)unlink(plot);
        return dft_fail(err, DFT_EIO, "%s: gnuplot did not draw it (%s); is there room, and is "
                        "gnuplot-nox installed?", path,
                        ended == 127 << 8 ? "there is no gnuplot" : "it gave up");
    }
    if (rename(plot, path) != 0) {
        const int cause = errno;
        (void)unlink(plot);
        return dft_fail_io(err, "put in place", path, cause);
    }
    return DFT_OK;
}
