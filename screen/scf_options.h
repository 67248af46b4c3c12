/*
 * screen/scf_options.h - the SCF settings of `dftlite scf` as options of a liscreen verb.
 *
 * Names, values and defaults are those of `dftlite scf --help`, but for the k mesh: where --kmesh is
 * left out, each cell gets the mesh of --k-spacing-per-ang, which a single Gamma point would mock.
 */
#ifndef SCREEN_SCF_OPTIONS_H
#define SCREEN_SCF_OPTIONS_H

#include "dft-lite/base/status.h"
#include "dft-lite/crystal/elements.h"
#include "screen/options.h"
#include "workflows/evaluator_dftlite.h"

#define SCREEN_SCF_OPTIONS \
    { "ecut-ev", "X", "plane-wave cutoff; default 400", NULL }, \
    { "kmesh", "NxNxN", "Gamma-centred mesh of the structure's cell; other cells get the same spacing", \
      NULL }, \
    { "kshift", "N,N,N", "1 shifts the mesh by half a step; default 0,0,0", NULL }, \
    { "k-spacing-per-ang", "X", "instead of --kmesh: largest spacing, 2 pi included; default 0.25", \
      NULL }, \
    { "xc", "NAME", "PBE (default), LDA, RPBE, revPBE", NULL }, \
    { "xc-mismatch", "refuse|allow", "data sets made with another functional; default refuse", NULL }, \
    { "smearing", "NAME", "fermi-dirac (default), gaussian, cold, fixed", NULL }, \
    { "width-ev", "X", "of the smearing; default 0.1", NULL }, \
    { "data", "EL=NAME,...", "data sets by name: Ag=Ag.11,Mg=Mg.2", NULL }, \
    { "data-path", "DIR:DIR", "where data sets are", NULL }, \
    { "bands", "N", "0 (default): chosen from the electron count", NULL }, \
    { "energy-tol-ev", "X", "of the SCF, per cell; default 1e-5", NULL }, \
    { "max-iterations", "N", "of the SCF; default 60", NULL }, \
    { "symmetry", "on|off", "default on", NULL }, \
    { "symmetry-tol-ang", "X", "default 5e-5", NULL }, \
    { "spin", "none|collinear", "default none", NULL }, \
    { "moments", "LIST", "starting moments, Bohr magnetons: Ni=1,O=0 by element, or 1,-1,0 by atom", \
      NULL }, \
    { "dipole", "none|x|y|z", "dipole correction along the vacuum; default none", NULL }, \
    { "threads", "N", "default 2", NULL }, \
    { "max-time-s", "N", "stop then; what there is is written; default 0, no limit", NULL }, \
    { "dry-run", NULL, "say how large the calculation is, and compute nothing", NULL }, \
    { "json", "OUT", "write the result as JSON", NULL }
#define SCREEN_N_SCF_OPTIONS 22

typedef struct {
    flow_dftlite_options engine;        /* borrows this struct (moments) and the command */
    int mesh_is_given;                  /* --kmesh; else engine.k_spacing holds */
    int threads;
    double max_time_s;
    double moment_of[DFT_MAX_Z + 1];
    double *moment;                     /* owned, of --moments by atom; else NULL */
} screen_scf;

/* Reads the options above from a parsed command.  The struct must not move afterwards; screen_scf_clear
 * it in any case.  Errors: DFT_EUSAGE naming option and value; DFT_ENOMEM. */
dft_status screen_scf_read(const screen_command *command, screen_scf *scf, dft_error *err);
void screen_scf_clear(screen_scf *scf);

#endif
