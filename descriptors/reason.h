/*
 * descriptors/reason.h - why a candidate stands where it stands, in one sentence.
 */
#ifndef DESC_REASON_H
#define DESC_REASON_H

#include "descriptors/score.h"

/* Into buffer (always terminated, cut at size), what is unknown being said to be unknown:
 * "Au dissolves in Li (0.06 at.% at 298 K, measured, medium confidence); reacts with Li (0.45 eV per
 * Li, dft); Li binds by 0.55 +- 0.13 eV at fcc; Li moves at 0.09 eV (barrier estimate); stiff (E t of
 * 10 nm, E = B = 137 GPa at Poisson 1/3)".  Wetting, adhesion and the like are named when known. */
void desc_score_reason(const desc_curves *curves, const desc_score_inputs *in, char *buffer,
                       size_t size);

#endif
