#include "dft-lite/terms/hartree.h"

#include "dft-lite/base/blocks.h"
#include "dft-lite/base/units.h"

double dft_hartree(const dft_basis *basis, size_t n, const double complex *rho, double complex *v)
{
    double partial[DFT_N_BLOCKS];

    #pragma omp parallel for schedule(static)
    for (int b = 0; b < DFT_N_BLOCKS; b++) {
        const dft_range block = dft_block(n, b);
        double sum = 0.0;
        for (size_t ig = block.begin; ig < block.end; ig++) {
            const double kernel = ig == 0 ? 0.0 : 4.0 * DFT_PI / basis->g2[ig];
            sum += dft_basis_multiplicity(ig) * kernel * dft_abs2(rho[ig]);
            v[ig] = kernel * rho[ig];
        }
        partial[b] = sum;
    }
    return 0.5 * basis->volume * dft_sum_in_order(partial, DFT_N_BLOCKS);
}
