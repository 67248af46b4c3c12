#include "screen/run_dir.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/file.h"
#include "results/record.h"
#include "screen/yaml.h"

#define LARGEST_CAMPAIGN (1u << 24)
#define LOCK_TRIES 20

dft_status screen_run_dir_path(const char *run_dir, const char *name, char *out, size_t size,
                               dft_error *err)
{
    const int n = snprintf(out, size, "%s/%s", run_dir, name);

    if (n < 0 || (size_t)n >= size)
        return dft_fail(err, DFT_EUSAGE, "the run directory's path '%.200s' is too long", run_dir);
    return DFT_OK;
}

/* dft_directory_make, with the better sentence where a file stands in the way. */
static dft_status make_one(const char *path, dft_error *err)
{
    struct stat info;

    if (stat(path, &info) == 0 && !S_ISDIR(info.st_mode))
        return dft_fail(err, DFT_EIO, "%s is a file, not a directory; choose another run directory "
                        "with --dir=RUN", path);
    return dft_directory_make(path, err);
}

dft_status screen_run_dir_make(const char *run_dir, dft_error *err)
{
    char path[4096];
    dft_status status = DFT_OK;

    if (run_dir[0] == '\0' || strlen(run_dir) >= sizeof path)
        return dft_fail(err, DFT_EUSAGE, "the run directory's path is empty or too long");
    snprintf(path, sizeof path, "%s", run_dir);
    for (char *slash = strchr(path + 1, '/'); slash && status == DFT_OK;
         slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        status = make_one(path, err);
        *slash = '/';
    }
    if (status == DFT_OK)
        status = make_one(path, err);
    if (status == DFT_OK && access(run_dir, W_OK | X_OK) != 0)
        status = dft_fail(err, DFT_EIO, "%s: the run directory cannot be written to: %s; choose "
                          "another with --dir=RUN, or change its permissions", run_dir,
                          strerror(errno));
    return status;
}

dft_status screen_run_dir_lock(const char *run_dir, int *fd, dft_error *err)
{
    char path[4096];
    const dft_status status = screen_run_dir_path(run_dir, "lock", path, sizeof path, err);

    *fd = -1;
    if (status != DFT_OK)
        return status;
    *fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (*fd < 0)
        return dft_fail(err, DFT_EIO, "%s: cannot be made: %s; choose another directory with "
                        "--dir=RUN, or change its permissions", path, strerror(errno));
    int cause = EWOULDBLOCK;
    for (int i = 0; i < LOCK_TRIES && cause == EWOULDBLOCK; i++) {
        const struct timespec pause = { 0, 500000000L / LOCK_TRIES };
        if (flock(*fd, LOCK_EX | LOCK_NB) == 0)
            return DFT_OK;
        cause = errno;
        nanosleep(&pause, NULL);
    }
    close(*fd);
    *fd = -1;
    if (cause != EWOULDBLOCK)
        return dft_fail(err, DFT_EIO, "%s: cannot be locked: %s; choose a directory on another file "
                        "system with --dir=RUN", path, strerror(cause));
    return dft_fail(err, DFT_EIO, "%s: another liscreen is running in this directory; wait for it, "
                    "stop it, or choose another directory with --dir=RUN", run_dir);
}

int screen_run_dir_is_locked(const char *run_dir)
{
    char path[4096];
    int locked = 0;

    if (screen_run_dir_path(run_dir, "lock", path, sizeof path, NULL) != DFT_OK)
        return 0;
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return 0;
    locked = flock(fd, LOCK_SH | LOCK_NB) != 0;
    close(fd);
    return locked;
}

/* Names like ".NAME.PID.tmp", as dft-lite/base/file.h makes them. */
static void sweep_directory(const char *directory)
{
    DIR *open_directory = opendir(directory);
    const struct dirent *entry = NULL;

    if (!open_directory)
        return;
    while ((entry = readdir(open_directory)) != NULL) {
        const size_t n = strlen(entry->d_name);
        if (entry->d_name[0] == '.' && n > 4 && strcmp(entry->d_name + n - 4, ".tmp") == 0)
            unlinkat(dirfd(open_directory), entry->d_name, 0);
    }
    closedir(open_directory);
}

void screen_run_dir_sweep(const char *run_dir)
{
    char tasks[4096];

    res_record_sweep(run_dir);
    sweep_directory(run_dir);
    if (screen_run_dir_path(run_dir, "tasks", tasks, sizeof tasks, NULL) == DFT_OK)
        sweep_directory(tasks);
}

dft_status screen_run_dir_check_owner(const char *run_dir, const char *name,
                                      const char *campaign_path, dft_error *err)
{
    char path[4096];
    screen_yaml *tree = NULL;
    dft_error why = { DFT_OK, "" };
    dft_status status = screen_run_dir_path(run_dir, "campaign.yaml", path, sizeof path, err);

    if (status != DFT_OK || access(path, F_OK) != 0)
        return status;
    screen_yaml_read(path, &tree, &why);
    const screen_yaml *owner = tree ? screen_yaml_find(tree, "name") : NULL;
    if (!owner || owner->kind != SCREEN_YAML_SCALAR)
        status = dft_fail(err, DFT_EPARSE, "%s does not tell whose run this is%s%.200s; remove it if "
                          "'%s' made it, or choose another directory with --dir=RUN", path,
                          why.message[0] ? ": " : "", why.message, name);
    else if (strcmp(owner->text, name) != 0)
        status = dft_fail(err, DFT_EPARSE, "%.150s holds the run of the campaign '%.63s', whose list "
                          "'%s' of %.150s would overwrite; choose another directory with --dir=RUN, "
                          "or name the campaign '%.63s' if it goes on with that one", run_dir,
                          owner->text, name, campaign_path, owner->text);
    screen_yaml_free(tree);
    return status;
}

static int same_file(const char *a, const char *b)
{
    struct stat sa, sb;
    return stat(a, &sa) == 0 && stat(b, &sb) == 0 && sa.st_dev == sb.st_dev
        && sa.st_ino == sb.st_ino;
}

dft_status screen_run_dir_keep_campaign(const char *run_dir, const char *campaign_path,
                                        dft_error *err)
{
    char path[4096];
    dft_status status = screen_run_dir_path(run_dir, "campaign.yaml", path, sizeof path, err);
    FILE *file = NULL;
    char *text = NULL;

    if (status != DFT_OK || same_file(path, campaign_path))
        return status;
    file = fopen(campaign_path, "rb");
    text = dft_alloc(LARGEST_CAMPAIGN, 1);
    if (!file)
        status = dft_fail(err, DFT_ENOFILE, "%s: cannot be read: %s", campaign_path,
                          strerror(errno));
    else if (!text)
        status = dft_fail(err, DFT_ENOMEM, "%s: no memory to copy it", campaign_path);
    if (status == DFT_OK) {
        const size_t n = fread(text, 1, LARGEST_CAMPAIGN, file);
        status = n == LARGEST_CAMPAIGN
               ? dft_fail(err, DFT_EPARSE, "%s: larger than 16 MiB; is it a campaign?", campaign_path)
               : dft_file_write(path, text, n, err);
    }
    if (file)
        fclose(file);
    free(text);
    return status;
}
