#include "dft-lite/crystal/write.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/file.h"
#include "dft-lite/base/units.h"
#include "dft-lite/crystal/elements.h"

/* What is printed beside the crystal: a comment, and flags of selective dynamics or NULL. */
typedef struct {
    const char *comment;
    const unsigned char (*fixed)[3];
} extras;

/* A format: prints the crystal; whether that worked is asked of the stream afterwards. */
typedef void (*print_function)(FILE *file, const dft_crystal *crystal, const extras *with);

static void print_lattice_vector(FILE *file, const double a[3])
{
    fprintf(file, "%.16g %.16g %.16g", a[0] * DFT_BOHR_ANG, a[1] * DFT_BOHR_ANG,
            a[2] * DFT_BOHR_ANG);
}

static void print_extxyz(FILE *file, const dft_crystal *crystal, const extras *with)
{
    const char *info = with->comment;

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

static void print_poscar(FILE *file, const dft_crystal *crystal, const extras *with)
{
    if (with->comment)
        fprintf(file, "%s\n", with->comment);
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
    fputs(with->fixed ? "\nSelective dynamics\nDirect\n" : "\nDirect\n", file);
    for (size_t a = 0; a < crystal->n_atoms; a++) {
        fprintf(file, "%.16g %.16g %.16g", crystal->position[a][0], crystal->position[a][1],
                crystal->position[a][2]);
        for (int c = 0; c < 3 && with->fixed; c++)
            fputs(with->fixed[a][c] ? " F" : " T", file);
        fputc('\n', file);
    }
}

static double dot(const double a[3], const double b[3])
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

/* Angle between two vectors, degrees; exact at right angles and at those of hexagonal cells. */
static double angle_deg(const double a[3], const double b[3])
{
    const double cosine = dot(a, b) / sqrt(dot(a, a) * dot(b, b));

    if (fabs(cosine) < 1e-14)
        return 90.0;
    if (fabs(fabs(cosine) - 0.5) < 1e-14)
        return cosine > 0.0 ? 60.0 : 120.0;
    return acos(cosine) * 180.0 / DFT_PI;
}

static int is_left_handed(const double a[3][3])
{
    return a[0][0] * (a[1][1] * a[2][2] - a[1][2] * a[2][1])
         + a[0][1] * (a[1][2] * a[2][0] - a[1][0] * a[2][2])
         + a[0][2] * (a[1][0] * a[2][1] - a[1][1] * a[2][0]) < 0.0;
}

static void print_cif(FILE *file, const dft_crystal *crystal, const extras *with)
{
    static const char *const lengths = "abc", *const angles[] = { "alpha", "beta", "gamma" };
    const double(*a)[3] = (const double(*)[3])crystal->lattice;
    const double sign = is_left_handed(a) ? -1.0 : 1.0;

    fputs("data_", file);
    for (const char *p = with->comment ? with->comment : "crystal"; *p; p++)
        fputc(*p == ' ' || *p == '\t' ? '_' : *p, file);
    fputc('\n', file);
    for (int i = 0; i < 3; i++)
        fprintf(file, "_cell_length_%c %.16g\n", lengths[i], sqrt(dot(a[i], a[i])) * DFT_BOHR_ANG);
    for (int i = 0; i < 3; i++)
        fprintf(file, "_cell_angle_%s %.16g\n", angles[i],
                angle_deg(a[(i + 1) % 3], a[(i + 2) % 3]));
    fputs("_space_group_name_H-M_alt 'P 1'\n_space_group_IT_number 1\n"
          "loop_\n_space_group_symop_operation_xyz\n'x, y, z'\n"
          "loop_\n_atom_site_label\n_atom_site_type_symbol\n_atom_site_fract_x\n"
          "_atom_site_fract_y\n_atom_site_fract_z\n_atom_site_occupancy\n", file);
    for (size_t n = 0; n < crystal->n_atoms; n++)
        fprintf(file, "%s%zu %s %.16g %.16g %.16g 1\n", dft_element_symbol(crystal->z[n]), n + 1,
                dft_element_symbol(crystal->z[n]), sign * crystal->position[n][0],
                sign * crystal->position[n][1], sign * crystal->position[n][2]);
}

static dft_status write_whole(const char *path, print_function print, const dft_crystal *crystal,
                              const extras *with, dft_error *err)
{
    char *text = NULL;
    size_t size = 0;
    FILE *stream;
    dft_status status;

    if (with->comment && strpbrk(with->comment, "\r\n"))
        return dft_fail(err, DFT_EINPUT,
                        "%s: the comment \"%.40s\" holds a line end; make it one line", path,
                        with->comment);
    stream = open_memstream(&text, &size);
    if (!stream)
        return dft_fail(err, DFT_ENOMEM, "%s: out of memory", path);
    print(stream, crystal, with);
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
    return write_whole(path, print_extxyz, crystal, &(extras){ .comment = info }, err);
}

dft_status dft_crystal_write_poscar_fixed(const char *path, const dft_crystal *crystal,
                                          const char *title, const unsigned char (*fixed)[3],
                                          dft_error *err)
{
    return write_whole(path, print_poscar, crystal, &(extras){ title, fixed }, err);
}

dft_status dft_crystal_write_poscar(const char *path, const dft_crystal *crystal, const char *title,
                                    dft_error *err)
{
    return dft_crystal_write_poscar_fixed(path, crystal, title, NULL, err);
}

dft_status dft_crystal_write_cif(const char *path, const dft_crystal *crystal, const char *name,
                                 dft_error *err)
{
    return write_whole(path, print_cif, crystal, &(extras){ .comment = name }, err);
}

static int ends_with(const char *text, const char *end)
{
    const size_t n = strlen(text), m = strlen(end);
    return n >= m && strcmp(text + n - m, end) == 0;
}

dft_status dft_crystal_write(const char *path, const dft_crystal *crystal, const char *remark,
                             dft_error *err)
{
    static const char *const poscars[] = { ".vasp", ".poscar", "POSCAR", "CONTCAR" };

    if (ends_with(path, ".cif"))
        return dft_crystal_write_cif(path, crystal, remark, err);
    for (size_t i = 0; i < sizeof poscars / sizeof *poscars; i++)
        if (ends_with(path, poscars[i]))
            return dft_crystal_write_poscar(path, crystal, remark, err);
    return dft_crystal_write_extxyz(path, crystal, remark, err);
}
