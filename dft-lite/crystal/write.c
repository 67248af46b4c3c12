#include "dft-lite/crystal/write.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/file.h"
#include "dft-lite/base/units.h"
#include "dft-lite/crystal/elements.h"

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

static dft_status write_whole(const char *path, print_function print, const dft_crystal *crystal,
                              const char *comment, dft_error *err)
{
    char *text = NULL;
    size_t size = 0;
    FILE *stream;
    dft_status status;

    if (comment && strpbrk(comment, "\r\n"))
        return dft_fail(err, DFT_EINPUT,
                        "%s: the comment \"%.40s\" holds a line end; make it one line", path,
                        comment);
    stream = open_memstream(&text, &size);
    if (!stream)
        return dft_fail(err, DFT_ENOMEM, "%s: out of memory", path);
    print(stream, crystal, comment);
    if (fclose(stream) != 0)
        status = dft_fail(err, DFT_ENOMEM, "%s: out of memory", path);
    else
        status = dft_file_write(path, text, size, err);
    free(text);
    return status;
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
