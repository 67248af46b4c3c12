/*
 * dft-lite/crystal/elements.h - the periodic table: symbols, masses, radii.
 *
 * Radii: B. Cordero et al., Dalton Trans. 2832 (2008), Angstrom.  Masses: IUPAC 2016, u.
 */
#ifndef DFT_ELEMENTS_H
#define DFT_ELEMENTS_H

#define DFT_MAX_Z 118

const char *dft_element_symbol(int z);              /* "Li" for 3; "?" outside 1..118 */
int dft_element_number(const char *symbol);         /* 3 for "Li" (case sensitive); 0 if unknown */
double dft_element_covalent_radius_ang(int z);      /* 0 where none is tabulated */
double dft_element_mass_u(int z);                   /* 0 where no stable isotope is tabulated */

#endif
