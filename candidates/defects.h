/*
 * candidates/defects.h - point defects in the top face of a sheet or slab: vacancies, dopants, single
 * metal atoms.
 *
 * Made for graphene and carbon (N- and S-doped carbon, single atoms on it), but any face will do.
 * Neighbours are the atoms within 1.12 of the nearest one.  Geometries are starting points: an atom
 * whose covalent radius does not fit the hole (sum of radii more than 10 % above the distance to its
 * neighbours in the plane) is lifted until it touches them; nothing else moves.
 */
#ifndef CAND_DEFECTS_H
#define CAND_DEFECTS_H

#include <stddef.h>

#include "dft-lite/base/status.h"
#include "dft-lite/crystal/crystal.h"

typedef enum {
    CAND_VACANCY,                   /* the host is gone */
    CAND_DIVACANCY,                 /* the host and a nearest neighbour */
    CAND_SUBSTITUTION,              /* another element in its place: graphitic N, S */
    CAND_PYRIDINIC,                 /* a vacancy whose neighbours are another element: N3 */
    CAND_SINGLE_ATOM,               /* a metal atom in the vacancy */
    CAND_M_N4                       /* a metal atom in the divacancy between four nitrogen atoms */
} cand_defect_kind;

typedef struct {
    cand_defect_kind kind;
    int z;                          /* the new element; 0 for vacancies */
    size_t host;                    /* which of the distinct hosts, from 0 */
} cand_defect;

/* "vacancy", "divacancy", "substitution:N", "pyridinic:N", "single-atom:Pt", "m-n4:Co", each with
 * "@1" behind for the second distinct host.  Errors: DFT_EUSAGE with the list, or for an unknown
 * element. */
dft_status cand_defect_parse(const char *text, cand_defect *out, dft_error *err);

/* The atoms of the top face that symmetry does not make equal, by element and then by index.  The
 * caller frees *atom with free().  Errors: those of cand_layer_create; DFT_ENOMEM. */
dft_status cand_defect_hosts(const dft_crystal *slab, size_t **atom, size_t *n, dft_error *err);

/* The slab with the defect; the cell stays.  New atoms are last in order.  The caller owns *out; NULL
 * on failure.  Errors: DFT_EINPUT for a host that does not exist, a cell in which the defect would
 * touch its own image (shorter than three bonds), an element without covalent radius, a host without
 * the neighbours that the kind needs; DFT_ENOMEM. */
dft_status cand_defect_create(const dft_crystal *slab, const cand_defect *defect, dft_crystal **out,
                              dft_error *err);

#endif
