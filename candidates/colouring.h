/*
 * candidates/colouring.h - supercells of a parent whose mixing sites are coloured with two elements;
 * shared by derivative.c and quasi_random.c.
 */
#ifndef CAND_COLOURING_H
#define CAND_COLOURING_H

#include <stdint.h>

#include "candidates/derivative.h"

/* Bit i of a colouring: mixing site i has element b.  Site i is atom site_atom[i % n_per_cell] of the
 * parent in cell i / n_per_cell of the superlattice. */
typedef struct {
    size_t n_per_cell, n_sites;     /* mixing atoms of a parent cell, and of the supercell */
    size_t *site_atom;              /* owned, [n_per_cell]: atoms of the parent */
} cand_colouring;

/* Checks the request too.  The caller clears *out in any case.  Errors: those of derivative.h. */
dft_status cand_colouring_init(const cand_mixing *what, int size, cand_colouring *out, dft_error *err);
void cand_colouring_clear(cand_colouring *colouring);

/* Number of the cell that holds the parent cell (x, y, z) in the superlattice of a Hermite form,
 * 0..det-1. */
int cand_colouring_cell(const int form[3][3], int x, int y, int z);

/* The coloured supercell.  The caller owns *out. */
dft_status cand_colouring_crystal(const cand_mixing *what, const cand_colouring *colouring,
                                  const int form[3][3], uint32_t bits, dft_crystal **out,
                                  dft_error *err);

/* The next number with as many bits set (R. W. Gosper, HAKMEM 175 (1972)); bits != 0. */
uint32_t cand_next_colouring(uint32_t bits);

#endif
