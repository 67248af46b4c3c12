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

void dft_hartree_add_strain(const dft_basis *basis, size_t n, const double complex *rho,
                            double strain[DFT_N_STRAIN])
{
    double partial[DFT_N_BLOCKS][DFT_N_STRAIN] = { { 0.0 } };

    #pragma omp parallel for schedule(static)
    for (int b = 0; b < DFT_N_BLOCKS; b++) {
        const dft_range block = dft_block(n, b);
        for (size_t ig = block.begin > 0 ? block.begin : 1; ig < block.end; ig++) {
            const double energy = basis->volume * 4.0 * DFT_PI * dft_abs2(rho[ig]) / basis->g2[ig];
            dft_strain_add(2.0 * energy / basis->g2[ig], basis->g[ig], basis->g[ig], partial[b]);
            dft_strain_add_isotropic(-energy, partial[b]);
        }
    }
    for (int b = 0; b < DFT_N_BLOCKS; b++)
        for (int s = 0; s < DFT_N_STRAIN; s++)
            strain[s] += partial[b][s];
}
