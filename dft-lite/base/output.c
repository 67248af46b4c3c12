#include "dft-lite/base/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/file.h"

/* Nothing but trying tells: permissions, read-only file systems and quotas have many causes. */
static dft_status try_beside(const char *path, const char *target, dft_error *err)
{
    const char *slash = strrchr(target, '/');
    const size_t room = strlen(target) + 40;
    char *temporary = dft_alloc(room, 1);

    if (!temporary)
        return dft_fail(err, DFT_ENOMEM, "no memory to write %s", path);
    const char *name = slash ? slash + 1 : target;
    snprintf(temporary, room, "%.*s.%s.%ld.tmp", (int)(name - target), target, name, (long)getpid());
    const int fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    const int cause = fd < 0 ? errno : 0;
    if (fd >= 0) {
        close(fd);
        unlink(temporary);
    }
    free(temporary);
    return cause ? dft_fail_io(err, "write", path, cause) : DFT_OK;
}

dft_status dft_output_check(const char *path, dft_error *err)
{
    struct stat info;
    const size_t n = strlen(path);

    if (n == 0 || path[n - 1] == '/')
        return dft_fail_io(err, "write", n ? path : "a file without a name", EISDIR);
    if (stat(path, &info) == 0 && S_ISDIR(info.st_mode))
        return dft_fail_io(err, "write", path, EISDIR);
    if (stat(path, &info) == 0 && !S_ISREG(info.st_mode))
        return access(path, W_OK) == 0 ? DFT_OK : dft_fail_io(err, "write", path, errno);
    char *target = lstat(path, &info) == 0 && S_ISLNK(info.st_mode) ? realpath(path, NULL) : NULL;
    const dft_status status = try_beside(path, target ? target : path, err);
    free(target);
    return status;
}
