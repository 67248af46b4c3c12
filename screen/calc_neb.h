/*
 * screen/calc_neb.h - what `calc neb` and `calc migration` share.
 *
 * The kinds themselves are tables in screen/calc.h's sense (screen_calc_neb,
 * screen_calc_migration).
 */
#ifndef SCREEN_CALC_NEB_H
#define SCREEN_CALC_NEB_H

#include "dft-lite/base/status.h"
#include "dft-lite/crystal/crystal.h"
#include "screen/options.h"

/* fixed [n_atoms][3], set to 1 for the lowest `n_planes` atomic planes along c; nothing for 0.
 * Errors: DFT_EINPUT when the crystal has no gap along c or no more planes than that; DFT_ENOMEM.
 */
dft_status screen_fix_planes(const dft_crystal *crystal, int n_planes, unsigned char (*fixed)[3],
                             dft_error *err);

/* An option that is one of two words; *chosen becomes 1 for the second, 0 for the first, and stays
 * when it was not given.  Errors: DFT_EUSAGE. */
dft_status screen_option_choice(const screen_command *command, const char *name, const char *first,
                                const char *second, int *chosen, dft_error *err);

#endif
