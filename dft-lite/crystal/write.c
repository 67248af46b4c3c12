#include "dft-lite/crystal/write.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/units.h"
#include "dft-lite/crystal/elements.h"

#define ENDING_BYTES 32 /* room for ".PID.tmp" */

/* A format: prints the crystal; whether that worked is asked of the stream afterwards. */
typedef void (*print_function)(FILE *file, const dft_crystal *crystal, const char *comment);

static void print_lattice_vector(FILE *file, const double a[3])
{
    fprintf(file, "%.16g %.16g %.16g", a[0] * DFT_BOHR_ANG, a[1] * DFT_BOHR_ANG,
            a[2] * DFT_BOHR_ANG);
}

static void print_extxyz(FILE *file, const dft_crystal *crystal, const char *info)
{
    fprintf(file, "%zu\nLattice=\"", crystal->n_atoms);
    for (int i = 0; i < 3; i++) {
        print_lattice_vector(file, crystal->lattice[i]);
        fputs(i < 2 ? " " : "\"", file);
    }
    fputs(" Properties=species:S:1:pos:R:3 pbc=\"T T T\"", file);
    if (info && *info)
        fprintf(file, " %s", info);
    fputc('\n', file);
    for (size_t a = 0; a < crystal->n_atoms; a++) {
        double cart[3];
        dft_crystal_cartesian((const double(*)[3])crystal->lattice, crystal->position[a], cart);
        fprintf(file, "%-2s ", dft_element_symbol(crystal->z[a]));
        print_lattice_vector(file, cart);
        fputc('\n', file);
    }
}

/* The end of the run of equal elements that begins at atom `begin`. */
static size_t run_end(const dft_crystal *crystal, size_t begin)
{
    size_t end = begin;

    while (end < crystal->n_atoms && crystal->z[end] == crystal->z[begin])
        end++;
    return end;
}

static void print_symbols(FILE *file, const dft_crystal *crystal)
{
    for (size_t a = 0; a < crystal->n_atoms; a = run_end(crystal, a))
        fprintf(file, "%s%s", a ? " " : "", dft_element_symbol(crystal->z[a]));
    fputc('\n', file);
}

static void print_poscar(FILE *file, const dft_crystal *crystal, const char *title)
{
    if (title)
        fprintf(file, "%s\n", title);
    else
        print_symbols(file, crystal);
    fputs("1.0\n", file);
    for (int i = 0; i < 3; i++) {
        print_lattice_vector(file, crystal->lattice[i]);
        fputc('\n', file);
    }
    print_symbols(file, crystal);
    for (size_t a = 0; a < crystal->n_atoms; a = run_end(crystal, a))
        fprintf(file, "%s%zu", a ? " " : "", run_end(crystal, a) - a);
    fputs("\nDirect\n", file);
    for (size_t a = 0; a < crystal->n_atoms; a++)
        fprintf(file, "%.16g %.16g %.16g\n", crystal->position[a][0], crystal->position[a][1],
                crystal->position[a][2]);
}

/* The errno of the first step that failed, or 0.  fflush and fsync are where a full disk shows. */
static int write_file(const char *path, print_function print, const dft_crystal *crystal,
                      const char *comment)
{
    FILE *file = fopen(path, "w");

    if (!file)
        return errno;
    errno = 0;
    print(file, crystal, comment);
    int code = 0;
    if (fflush(file) || ferror(file) || fsync(fileno(file)))
        code = errno ? errno : EIO;
    if (fclose(file) && !code)
        code = errno;
    return code;
}

static dft_status write_whole(const char *path, print_function print, const dft_crystal *crystal,
                              const char *comment, dft_error *err)
{
    if (comment && strpbrk(comment, "\r\n"))
        return dft_fail(err, DFT_EINPUT,
                        "%s: the comment \"%.40s\" holds a line end; make it one line", path,
                        comment);
    const size_t size = strlen(path) + ENDING_BYTES;
    char *temporary = dft_alloc(size, 1);
    if (!temporary)
        return dft_fail(err, DFT_ENOMEM, "%s: no memory for a file name", path);
    snprintf(temporary, size, "%s.%ld.tmp", path, (long)getpid()); /* two writers, two files */
    int code = write_file(temporary, print, crystal, comment);
    if (!code && rename(temporary, path))
        code = errno;
    if (code)
        unlink(temporary);
    free(temporary);
    if (code)
        return dft_fail(err, DFT_EIO,
                        "%s: cannot be written (%s); make room or choose a directory that "
                        "can be written",
                        path, strerror(code));
    return DFT_OK;
}

dft_status dft_crystal_write_extxyz(const char *path, const dft_crystal *crystal, const char *info,
                                    dft_error *err)
{
    return write_whole(path, print_extxyz, crystal, info, err);
}

dft_status dft_crystal_write_poscar(const char *path, const dft_crystal *crystal, const char *title,
                                    dft_error *err)
{
    return write_whole(path, print_poscar, crystal, title, err);
}
