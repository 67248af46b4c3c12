#include "dft-lite/properties/planar_average.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/file.h"
#include "dft-lite/base/units.h"

static int along(const int hkl[3], int axis)
{
    return hkl[(axis + 1) % 3] == 0 && hkl[(axis + 2) % 3] == 0;
}

dft_status dft_planar_average(const dft_basis *basis, int axis, size_t n, const double complex *f,
                              size_t n_x, const double *x, double *value, dft_error *err)
{
    size_t n_line = 0;

    for (size_t ig = 1; ig < n; ig++)
        n_line += (size_t)along(basis->hkl[ig], axis);
    size_t *line = dft_alloc_sizes(n_line);
    if (!line)
        return dft_fail(err, DFT_ENOMEM, "planar average: out of memory");
    n_line = 0;
    for (size_t ig = 1; ig < n; ig++)
        if (along(basis->hkl[ig], axis))
            line[n_line++] = ig;
    for (size_t i = 0; i < n_x; i++) {
        value[i] = creal(f[0]);
        for (size_t k = 0; k < n_line; k++)
            value[i] += 2.0 * creal(f[line[k]] * cexp(2.0 * DFT_PI * I * basis->hkl[line[k]][axis]
                                                      * x[i]));
    }
    free(line);
    return DFT_OK;
}

#define LINE_BYTES 96

static size_t print_table(char *text, size_t n, double period, const double *x, const double *v,
                          const double *rho)
{
    const double per_ang3 = 1.0 / (DFT_BOHR_ANG * DFT_BOHR_ANG * DFT_BOHR_ANG);
    size_t used = (size_t)sprintf(text, "height_ang,potential_ev,density_e_per_ang3\n");

    for (size_t i = 0; i < n; i++)
        used += (size_t)sprintf(text + used, "%.6f,%.9g,%.9g\n", x[i] * period * DFT_BOHR_ANG,
                                v[i] * DFT_HARTREE_EV, rho[i] * per_ang3);
    return used;
}

dft_status dft_planar_average_write(const char *path, const dft_basis *basis,
                                    const dft_vacuum *vacuum,
                                    const double complex *v_fine, const dft_dipole *dipole,
                                    double moment, const double complex *rho_g, dft_error *err)
{
    const size_t n = (size_t)basis->n_xc[vacuum->axis];
    double *x = dft_alloc_doubles(3 * n);
    char *text = dft_alloc(n + 1, LINE_BYTES);
    dft_status status = DFT_OK;

    if (x && text) {
        double *v = x + n, *rho = x + 2 * n;
        for (size_t i = 0; i < n; i++)
            x[i] = (double)i / (double)n;
        status = dft_planar_average(basis, vacuum->axis, basis->n_fine, v_fine, n, x, v, err);
        for (size_t i = 0; dipole && i < n; i++)
            v[i] += dft_dipole_potential_at(dipole, moment, x[i]);
        if (status == DFT_OK)
            status = dft_planar_average(basis, vacuum->axis, basis->n_g, rho_g, n, x, rho, err);
        if (status == DFT_OK)
            status = dft_file_write(path, text, print_table(text, n, vacuum->period, x, v, rho),
                                    err);
    } else {
        status = dft_fail(err, DFT_ENOMEM, "%s: out of memory", path);
    }
    free(x);
    free(text);
    return status;
}
