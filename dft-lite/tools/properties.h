/*
 * dft-lite/tools/properties.h - what dftlite says about a solved crystal beyond its energy: band
 * gap, work functions, charges, energies of other functionals, and files for plots and viewers.
 *
 * Options (without "--"): dos, dos-width-ev, cube-density, cube-potential, planar-average,
 * xc-also, charges.
 */
#ifndef DFTLITE_PROPERTIES_H
#define DFTLITE_PROPERTIES_H

#include <jansson.h>

#include "dft-lite/base/status.h"
#include "dft-lite/scf/scf.h"

#define DFTLITE_MAX_FUNCTIONALS 16

#define DFTLITE_PROPERTIES_USAGE \
    "  --dos=OUT.csv            density of states         --dos-width-ev=0.1  Gaussian, standard deviation\n" \
    "  --planar-average=OUT.csv potential and density along z or the dipole correction's axis\n" \
    "  --cube-density=FILE      valence pseudo density    --cube-potential=FILE  electrostatic, of an\n" \
    "                           electron; Gaussian cube, atomic units\n" \
    "  --xc-also=PBEsol,RPBE    energies of other functionals on the converged density\n" \
    "  --charges=bader          bader, none: charge of each atom, in the JSON\n"

typedef struct {
    /* paths, NULL: not wanted */
    const char *dos, *cube_density, *cube_potential, *planar_average;
    double dos_width;                   /* Ha */
    int charges;
    size_t n_also;
    char also[DFTLITE_MAX_FUNCTIONALS][128];
} dftlite_properties;

dftlite_properties dftlite_properties_defaults(void);

/* 1 when the option is one of these; then *status tells whether its value is good. */
int dftlite_properties_option(dftlite_properties *properties, const char *name, const char *value,
                              dft_status *status, dft_error *err);

/* What can be refused before the run: names of functionals, a plane without its axis. */
dft_status dftlite_properties_check(const dftlite_properties *properties,
                                    const dft_crystal *crystal,
                                    const dft_scf_options *options, dft_error *err);

/* Computes, writes files, prints a line each and adds keys to json (NULL: none is written, and
 * charges are not computed).  The result must keep its ground.  A result that did not converge
 * gets null for every number and no file. */
dft_status dftlite_properties_run(const dftlite_properties *properties,
                                  const dft_scf_result *result, json_t *json, dft_error *err);

#endif
