/*
 * screen/calc_structure.h - the structure that a calculation is about: FILE or ID, perhaps cut to a slab.
 */
#ifndef SCREEN_CALC_STRUCTURE_H
#define SCREEN_CALC_STRUCTURE_H

#include "screen/calc.h"

#define SCREEN_FIXED_OPTION \
    { "fixed-layers", "N", "atomic planes at the bottom that stay; default half of them for slabs, 0 else, " \
      "unless FILE says what is fixed", NULL }

typedef struct {
    dft_crystal *crystal;               /* owned */
    unsigned char (*fixed)[3];          /* owned [n_atoms][3], Cartesian; all 0 unless asked for */
    int periodic[3];                    /* 0 along c where there is vacuum */
    int is_sheet;                       /* a sheet of the library: nothing is fixed by default */
    size_t n_fixed;                     /* atoms with all three coordinates fixed */
    const char *fixed_by;               /* "file", "layers", "none"; static */
} screen_calc_structure;

/* Word 0 of the command: a FILE as it is, an ID's primitive cell; with --facet (where with_surface, and
 * the command has SCREEN_SURFACE_OPTIONS) the slab of screen/surface.h.  What the file fixes, or
 * --fixed-layers (where with_fixed and the command has that option), goes into fixed.  Says what was taken on the
 * progress stream.  screen_calc_structure_clear in any case.  Errors: those of the readers; DFT_EUSAGE. */
dft_status screen_calc_structure_read(const screen_calc *calc, int with_surface, int with_fixed,
                                      screen_calc_structure *out, dft_error *err);
void screen_calc_structure_clear(screen_calc_structure *structure);

/* Checks --out, reads the structure as above and hands it to the body: what a kind with one structure does. */
typedef dft_status (*screen_calc_structure_body)(screen_calc *calc, const screen_calc_structure *structure,
                                                 dft_error *err);
dft_status screen_calc_on_structure(screen_calc *calc, int with_surface, int with_fixed,
                                    screen_calc_structure_body body, dft_error *err);

/* The conventional cell of FILE or ID, its primitive cell for an ID: any word. */
dft_status screen_calc_crystal(const screen_calc *calc, const char *word, int *is_sheet,
                               dft_crystal **out, dft_error *err);

#endif
