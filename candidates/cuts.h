/*
 * candidates/cuts.h - where a stack of planes can be cut: the distinct terminations of a facet.
 *
 * Two cuts are one when an isometry of the plane carries everything below the first onto
 * everything below the second: elements, heights and lateral positions of one repeat of planes,
 * and the step to the next.  A cut is another's reverse when the crystal below it, turned upside
 * down, is the crystal above the other: both slabs then are the same slab.
 */
#ifndef CAND_CUTS_H
#define CAND_CUTS_H

#include <stdbool.h>
#include <stddef.h>

#include "candidates/planes.h"

/* Fills stack->cut and n_cuts: cuts that leave no dipole first, then the widest gap, then the
 * lightest element on top. */
void cand_cuts_find(cand_planes *stack);

/* Empty distance above a plane, up to the next one (bohr). */
double cand_cut_gap(const cand_planes *stack, size_t plane);

/* Whether one repeat of planes downwards from a cut has its elements at different mean heights, so
 * that ionic charges give it a dipole whatever their size. */
bool cand_cut_is_polar(const cand_planes *stack, size_t top);

/* Whether the crystal below plane p looks like the crystal below plane q, or, with `reverse`, like
 * the crystal above the gap over plane q turned upside down. */
bool cand_cuts_alike(const cand_planes *stack, size_t p, size_t q, bool reverse);

#endif
