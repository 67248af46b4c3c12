/*
 * descriptors/hopping.h - how often an adatom hops over a barrier.
 *
 * Harmonic transition-state theory: k = nu exp(-E/kT) (G. H. Vineyard, J. Phys. Chem. Solids 3, 121
 * (1957)). The prefactor is the caller's and is quoted beside every rate.  Where none was computed
 * it is kT/h, 6.2e12 1/s at 298 K: the value at which the vibrations of the minimum and of the
 * saddle cancel (P. Hanggi, P. Talkner, M. Borkovec, Rev. Mod. Phys. 62, 251 (1990)); adatoms on
 * metals lie within a factor of ten of it.  eV, K, 1/s. Thread rule: pure functions.
 */
#ifndef DESC_HOPPING_H
#define DESC_HOPPING_H

#define DESC_ROOM_TEMPERATURE_K 298.15

/* kT/h, 1/s.  NaN unless T > 0. */
double desc_thermal_frequency_hz(double temperature_k);

/* Hops per second.  NaN when a number is missing (NaN) or out of range: T > 0, nu > 0. */
double desc_hop_rate_hz(double barrier_ev, double temperature_k, double prefactor_hz);

/* How many times faster an adatom moves along its easiest direction than everywhere: the ratio of
 * the rates over the two percolation thresholds, one prefactor assumed.  1: isotropic. */
double desc_hop_anisotropy(double barrier_1d_ev, double barrier_2d_ev, double temperature_k);

#endif
