#include "dft-lite/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dft-lite/base/alloc.h"

dft_status dft_fail_io(dft_error *err, const char *what, const char *path, int cause)
{
    const char *remedy = "check the disk and run again";

    if (cause == ENOSPC || cause == EFBIG || cause == EDQUOT)
        remedy = "free some space and run again; nothing finished is lost";
    else if (cause == EACCES || cause == EPERM || cause == EROFS)
        remedy = "make it writable or choose another directory";
    else if (cause == ENOENT || cause == ENOTDIR)
        remedy = "create the directory first";
    else if (cause == EISDIR)
        remedy = "name a file, not a directory";
    return dft_fail(err, DFT_EIO, "cannot %s %s: %s; %s", what, path, strerror(cause), remedy);
}

char *dft_path_join(const char *directory, const char *name)
{
    const size_t size = strlen(directory) + strlen(name) + 2;
    char *path = dft_alloc(size, 1);

    if (path)
        snprintf(path, size, "%s/%s", directory, name);
    return path;
}

dft_status dft_directory_make(const char *path, dft_error *err)
{
    struct stat info;

    if (mkdir(path, 0777) == 0)
        return DFT_OK;
    const int cause = errno;
    if (cause == EEXIST && stat(path, &info) == 0 && S_ISDIR(info.st_mode))
        return DFT_OK;
    return dft_fail_io(err, "make the directory", path, cause);
}

dft_status dft_directory_sync(const char *path, dft_error *err)
{
    const int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (fd < 0)
        return dft_fail_io(err, "open the directory", path, errno);
    /* EINVAL: a file system that has no notion of syncing a directory. */
    const int cause = fsync(fd) == 0 || errno == EINVAL ? 0 : errno;
    close(fd);
    return cause ? dft_fail_io(err, "sync the directory", path, cause) : DFT_OK;
}

/* Returns 0, or the errno of what failed; closes fd. */
static int file_fill(int fd, const char *data, size_t size, bool durable)
{
    int cause = 0;

    for (size_t done = 0; done < size && !cause;) {
        const ssize_t n = write(fd, data + done, size - done);
        if (n >= 0)
            done += (size_t)n;
        else if (errno != EINTR)
            cause = errno;
    }
    if (!cause && durable && fsync(fd) != 0)
        cause = errno;
    if (close(fd) != 0 && !cause)
        cause = errno;
    return cause;
}

static dft_status file_write_directly(const char *path, const char *data, size_t size,
                                      dft_error *err)
{
    const int fd = open(path, O_WRONLY | O_CLOEXEC);
    const int cause = fd < 0 ? errno : file_fill(fd, data, size, false);

    return cause ? dft_fail_io(err, "write", path, cause) : DFT_OK;
}

/* Splits path at its last slash: the directory ("." when there is none) and ".NAME.PID.tmp" in it. */
static dft_status temporary_names(const char *path, char **directory, char **temporary,
                                  dft_error *err)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    const size_t room = strlen(path) + 40;

    *directory = dft_strdup(slash ? path : ".");
    *temporary = dft_alloc(room, 1);
    if (!*directory || !*temporary)
        return dft_fail(err, DFT_ENOMEM, "no memory to write %s", path);
    if (slash)
        (*directory)[slash == path ? 1 : slash - path] = '\0';
    snprintf(*temporary, room, "%.*s.%s.%ld.tmp", (int)(name - path), path, name, (long)getpid());
    return DFT_OK;
}

/* By way of a temporary name; path is no link. */
static dft_status file_replace(const char *path, const char *data, size_t size, dft_error *err)
{
    char *directory = NULL, *temporary = NULL;
    dft_status status = temporary_names(path, &directory, &temporary, err);

    if (status != DFT_OK)
        goto done;
    const int fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    int cause = fd < 0 ? errno : file_fill(fd, data, size, true);
    if (!cause && rename(temporary, path) != 0)
        cause = errno;
    if (cause && fd >= 0)
        unlink(temporary);
    status = cause ? dft_fail_io(err, "write", path, cause) : dft_directory_sync(directory, err);
done:
    free(directory);
    free(temporary);
    return status;
}

dft_status dft_file_write(const char *path, const char *data, size_t size, dft_error *err)
{
    struct stat info;

    if (stat(path, &info) == 0 && S_ISDIR(info.st_mode))
        return dft_fail_io(err, "write", path, EISDIR);
    if (stat(path, &info) == 0 && !S_ISREG(info.st_mode))
        return file_write_directly(path, data, size, err);
    /* A link stays a link: what it points to is replaced. */
    char *target = lstat(path, &info) == 0 && S_ISLNK(info.st_mode) ? realpath(path, NULL) : NULL;
    const dft_status status = file_replace(target ? target : path, data, size, err);
    free(target);
    return status;
}
