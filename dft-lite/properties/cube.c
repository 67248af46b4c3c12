#include "dft-lite/properties/cube.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/file.h"

#define HEADER_LINE 128
#define VALUE_WIDTH 14              /* " -1.234567e-123": what %14.6e can need, and the line ends */

static size_t write_header(char *text, const char *title, const dft_crystal *crystal,
                           const int n[3])
{
    size_t used = (size_t)sprintf(text, "%.*s\nlast axis fastest; lengths in bohr\n%5zu %14.8f %14.8f "
                                  "%14.8f\n", HEADER_LINE - 1, title, crystal->n_atoms, 0.0, 0.0, 0.0);

    for (int i = 0; i < 3; i++) {
        const double *a = crystal->lattice[i];
        used += (size_t)sprintf(text + used, "%5d %14.8f %14.8f %14.8f\n", n[i], a[0] / n[i],
                                a[1] / n[i], a[2] / n[i]);
    }
    for (size_t a = 0; a < crystal->n_atoms; a++) {
        double r[3];
        dft_crystal_cartesian(crystal->lattice, crystal->position[a], r);
        used += (size_t)sprintf(text + used, "%5d %12.6f %14.8f %14.8f %14.8f\n", crystal->z[a],
                                (double)crystal->z[a], r[0], r[1], r[2]);
    }
    return used;
}

dft_status dft_cube_write(const char *path, const char *title, const dft_crystal *crystal,
                          const int n[3], const double *field, dft_error *err)
{
    const size_t n_columns = (size_t)n[0] * (size_t)n[1], n_column = (size_t)n[2];
    const size_t lines = n_columns * (n_column / 6 + 1);
    char *text = dft_alloc(HEADER_LINE * (crystal->n_atoms + 8)
                           + n_columns * n_column * (VALUE_WIDTH + 2) + lines, 1);
    dft_status status;

    if (!text)
        return dft_fail(err, DFT_ENOMEM, "%s: out of memory", path);
    size_t used = write_header(text, title, crystal, n);
    for (size_t c = 0; c < n_columns; c++)
        for (size_t i = 0; i < n_column; i++)
            used += (size_t)sprintf(text + used, " %*.6e%s", VALUE_WIDTH - 1,
                                    field[c * n_column + i],
                                    i % 6 == 5 || i + 1 == n_column ? "\n" : "");
    status = dft_file_write(path, text, used, err);
    free(text);
    return status;
}

dft_status dft_cube_write_fourier(const char *path, const char *title, const dft_crystal *crystal,
                                  const dft_basis *basis, const double complex *f, dft_error *err)
{
    double *field = dft_alloc_doubles(dft_fft_real_size(basis->coarse));
    double complex *work = dft_alloc_complex(dft_fft_real_work_size(basis->coarse));
    dft_status status;

    if (field && work) {
        dft_fft_real_to_real(basis->coarse, f, field, work);
        status = dft_cube_write(path, title, crystal, basis->n, field, err);
    } else {
        status = dft_fail(err, DFT_ENOMEM, "%s: out of memory", path);
    }
    free(field);
    free(work);
    return status;
}
