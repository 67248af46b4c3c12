/*
 * tests/terms/projector_matrix.h - all projectors of a k-point as one matrix [count][n_pw].
 */
#ifndef TEST_PROJECTOR_MATRIX_H
#define TEST_PROJECTOR_MATRIX_H

#include <stdlib.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/terms/projectors.h"
#include "tests/hamiltonian/systems.h"

/* The caller frees it. */
static inline double complex *test_projector_matrix(const dft_ions *ions, const dft_kbasis *kb)
{
    double complex *matrix = dft_alloc_complex(dft_projectors_count(ions) * kb->n_pw);
    dft_projectors *projectors = NULL;

    assert_int_equal(dft_projectors_create(ions, kb, &projectors, NULL), DFT_OK);
    dft_projectors_block_d(projectors, 0, kb->n_pw, matrix);
    dft_projectors_free(projectors);
    return matrix;
}

#endif
