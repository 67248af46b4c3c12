/*
 * dft-lite/base/units.h - constants, and conversion between Hartree atomic units and the world.
 *
 * CODATA 2014 (P. J. Mohr et al., Rev. Mod. Phys. 88, 035009 (2016)), the set that GPAW and ASE 3.22
 * use, so that references agree to the last printed digit.  Conversion happens only at file and
 * command-line edges.
 */
#ifndef DFT_UNITS_H
#define DFT_UNITS_H

#define DFT_PI            3.14159265358979323846
#define DFT_HARTREE_EV    27.21138602               /* 1 Ha in eV */
#define DFT_BOHR_ANG      0.52917721067             /* 1 bohr in Angstrom */
#define DFT_EV_PER_ANG3_GPA 160.21766208            /* 1 eV/A^3 in GPa */
#define DFT_HA_PER_BOHR3_GPA (DFT_HARTREE_EV / (DFT_BOHR_ANG * DFT_BOHR_ANG * DFT_BOHR_ANG) \
                              * DFT_EV_PER_ANG3_GPA)
#define DFT_KELVIN_HA     3.166810513e-6            /* k_B x 1 K in Ha */

#endif
