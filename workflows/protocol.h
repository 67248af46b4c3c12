/*
 * workflows/protocol.h - how accurately a campaign computes, spelled out.
 *
 * A protocol is a name for a full set of numbers; a campaign may override any of them.  The expanded
 * numbers, never the name alone, go into every task's key and every record.  Units as the fields say:
 * a protocol is what people read and write; conversion to atomic units happens in
 * flow_protocol_scf_options.
 */
#ifndef FLOW_PROTOCOL_H
#define FLOW_PROTOCOL_H

#include <stddef.h>

#include "dft-lite/base/status.h"
#include "dft-lite/crystal/crystal.h"
#include "dft-lite/scf/scf.h"

#define FLOW_MAX_OWN_CUTOFFS 24

/* What the cell of a task is.  Cutoff, functional, smearing and data sets are the same for all, so that
 * what is subtracted shares them by construction; mesh and vacuum each converge by themselves. */
typedef enum {
    FLOW_BULK, FLOW_SURFACE, FLOW_SHEET, FLOW_MOLECULE,
    FLOW_STRAINED,                  /* a solid's elastic tensor; as FLOW_BULK where it has nothing of its own */
    FLOW_N_SYSTEMS
} flow_system;

typedef struct {
    char name[32];
    char xc[32];                    /* "PBE" */
    double ecut_metal_ev;           /* no hard element present */
    double ecut_o_c_ev;             /* with C, N, O or F: their data sets are harder */
    double k_spacing_per_ang;       /* largest |b_i|/n_i, 2 pi included */
    int layers;                     /* of a slab */
    double vacuum_ang;              /* total gap of a slab */
    char smearing[16];              /* "fermi-dirac", ... */
    double width_ev;
    double energy_tol_ev;           /* per cell */
    int max_scf_iterations;
    int eos_points;                 /* volumes of the first scan, >= 5 */
    double eos_strain;              /* the first scan spans V (1 -+ eos_strain) */
    int max_eos_points;             /* the scan is extended up to here */
    int heights;                    /* Li heights of the first scan, >= 3 */
    double height_step_ang;
    int max_heights;                /* the scan is extended up to here */
    int hop_points;                 /* on the way between two sites, ends not counted */
    int like_sites;                 /* 1: of a coating's sites that look alike but for what lies below it
                                       ("fcc:Ag3", "fcc:Ag3#2") the first is computed, and so on faces with
                                       more than FLOW_MAX_SITES sites; 0: every one */
    int compound_layers;            /* of slabs with C, N, O, F, Si, P, S, Cl ...: a layer is a formula unit
                                       thick there; 0: as layers */
    double elastic_strain;          /* Lagrangian, 0.005 is usual */
    int elastic_relaxed_ions;       /* 0: clamped-ion */
    int elastic_all;                /* 0: cubic and hexagonal solids alone; 1: every class, and sheets */
    double force_limit_ev_per_ang;  /* atoms are at rest below it */
    int max_ionic_steps;
    int relax;                      /* 1: adatoms far apart on relaxed slabs (tasks rslab, spread) instead of a
                                       monolayer on rigid ones (slab, site, hop) */
    double adatom_spacing_ang;      /* shortest repeat of that cell */
    int neb_bands;                  /* 1: bands on the hops that decide; 0: looks at all */
    int neb_images;                 /* between the ends */
    int solute_atoms;               /* most sites of the cell around a dissolved atom: 54 is 3 x 3 x 3 of bcc */
    double solute_k_spacing_per_ang;        /* of that cell: its host is folded into the same points */
    int interface_atoms;            /* most atoms of lithium's common cell with a surface */
    double interface_strain_percent;        /* most that lithium bears there */
    int interface_film_layers, interface_registries;        /* of lithium; N x N over the surface's cell */
    int phase_atoms;                /* most atoms in the primitive cell of a lithium-rich phase that counts */
    struct { double k_spacing_per_ang, vacuum_ang; } own[FLOW_N_SYSTEMS];   /* 0: as above */
    size_t n_cutoffs;               /* elements with a cutoff of their own */
    struct { char symbol[4]; double ecut_ev; } cutoff[FLOW_MAX_OWN_CUTOFFS];
    size_t n_data;                  /* data sets chosen by name, before a candidate's own choice */
    dft_data_choice data[DFT_SYSTEM_MAX_SPECIES];
} flow_protocol;

/* The numbers behind a name.  Errors: DFT_EINPUT naming the protocols that exist. */
dft_status flow_protocol_find(const char *name, flow_protocol *out, dft_error *err);

/* Refuses numbers that cannot be computed with, naming key, value and remedy.  Errors: DFT_EINPUT. */
dft_status flow_protocol_check(const flow_protocol *protocol, dft_error *err);

/* Chooses a data set by name for an element, replacing an earlier choice.  Errors: DFT_EINPUT when
 * the symbol is unknown or too many are chosen. */
dft_status flow_protocol_choose_data(flow_protocol *protocol, const char *symbol, const char *name,
                                     dft_error *err);

/* Gives an element a cutoff of its own, replacing an earlier one.  Errors: DFT_EINPUT when the symbol is
 * unknown or too many have one. */
dft_status flow_protocol_choose_cutoff(flow_protocol *protocol, const char *symbol, double ecut_ev,
                                       dft_error *err);

/* "bulk", "slab", "sheet", "molecule", "strained". */
const char *flow_system_name(flow_system system);

/* The protocol with the mesh and the vacuum that it has for one kind of cell. */
flow_protocol flow_protocol_for(const flow_protocol *protocol, flow_system system);

/* The cutoff for a cell with these elements: the highest that one of them asks for. */
double flow_protocol_ecut_ev(const flow_protocol *protocol, size_t n_atoms, const int *z);

/* Engine options at a cutoff, with the mesh of the protocol's spacing on this cell (axes with
 * slab[i] != 0 get one point).  The choice of data sets stays the default.  Borrows protocol. */
dft_scf_options flow_protocol_scf_options(const flow_protocol *protocol, double ecut_ev,
                                          const double lattice[3][3], const int slab[3]);

#endif
