#include "dft-lite/properties/planar_average.h"

#include <math.h>
#include <stdlib.h>

#include "dft-lite/base/alloc.h"
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
