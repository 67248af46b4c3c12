/*
 * workflows/adhesion.h - how well a film of lithium (or any crystal) holds on a substrate.
 *
 * 1. Of all coincidence cells of the substrate with the film's faces (candidates/interface.h) that keep
 *    to the limits of strain and atoms, the one with the least strain/max_strain + atoms/max_atoms.
 * 2. Rigid: for each registry, the film is brought near in steps of the separation, walking downhill until
 *    the parabola's minimum lies between them, refined by an energy there; the lowest registry is kept.
 *    Only the film moves, inside one cell, so that nothing else changes from one energy to the next.
 * 3. Substrate, strained film and interface are relaxed from there in the same cell (the lower half of the
 *    substrate held in both), and W, S and the contact angle follow (descriptors/adhesion.h).
 * 4. gamma is the surface energy of the film's own unstrained face by the same source.
 *
 * Substrate and film are cut out of the interface's cell and solved in it with one evaluator, so what is
 * subtracted shares everything.  The strain that the film bears is left out of W by construction ("strained
 * alike") and stated.  Hartree atomic units.
 */
#ifndef FLOW_ADHESION_H
#define FLOW_ADHESION_H

#include <stddef.h>

#include "candidates/interface.h"
#include "descriptors/adhesion.h"
#include "dft-lite/base/status.h"
#include "dft-lite/crystal/crystal.h"
#include "workflows/evaluator_source.h"
#include "workflows/settle.h"
#include "workflows/surface_energy.h"

#define FLOW_MOST_FILM_FACES 8

typedef struct {
    size_t n_faces;
    int face[FLOW_MOST_FILM_FACES][3];      /* of the film's conventional cell; default 110, 100, 111 */
    int film_layers;                /* default 4 */
    size_t max_atoms;               /* of the common cell; default 80 */
    double max_strain;              /* norm, candidates/coincidence.h; default 0.03 */
    double vacuum;                  /* bohr, over the film; default 12 A */
    int registries;                 /* N x N over the substrate's cell; default 2 */
    double gap_step;                /* bohr; default 0.3 A */
    int most_gaps;                  /* for each registry; default 10 */
    int gamma_layers[2];            /* slabs for gamma; default 5, 7; 0: gamma is not computed */
    flow_settle_options settle;     /* settle.relax = 0: rigid only; `fixed` is not used */
    void (*on_energy)(void *context, const char *label, double energy);     /* NULL: silent */
    void *context;
} flow_adhesion_options;

flow_adhesion_options flow_adhesion_defaults(void);

typedef struct {
    int converged;                  /* everything that was asked for */
    int ionic;                      /* not converged because of forces */
    char message[320];
    int face[3];                    /* of the film */
    cand_coincidence cell;
    size_t n_substrate, n_film;     /* atoms */
    size_t n_cells;                 /* coincidence cells within the limits */
    double area;                    /* bohr^2 */
    double shift[2];                /* best registry: fractions of the substrate's cell vectors */
    double gap;                     /* bohr, top atom to bottom atom, rigid */
    double gap_relaxed;             /* the same after relaxation */
    size_t n_planned, n_used;       /* registries */
    double registry_spread;         /* highest - lowest registry at its own best gap, Ha; NaN for one */
    int has_rigid, has_relaxed;
    desc_adhesion rigid, relaxed;   /* Ha/bohr^2 */
    flow_surface_energy_result gamma;       /* of the film's face; gamma.gamma NaN when not computed */
} flow_adhesion_result;

/* substrate: a slab or sheet with vacuum along c; film: its conventional cell.  interface (NULL allowed):
 * the crystal at the end, owned by the caller; NULL where there is none.  Not converging is data.  Errors:
 * DFT_EINPUT when no cell keeps to the limits (saying how near the best comes); those of candidates, the
 * source and the evaluator; DFT_ENOMEM. */
dft_status flow_adhesion_run(const dft_crystal *substrate, const dft_crystal *film,
                             const flow_evaluator_source *source, const flow_adhesion_options *options,
                             flow_adhesion_result *out, dft_crystal **interface, dft_error *err);

#endif
