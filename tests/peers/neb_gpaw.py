#!/usr/bin/python3
"""A climbing-image band of Li on Al(111) from fcc to hcp by GPAW and ASE, for comparison with `liscreen calc neb`.

    /usr/bin/python3 tests/peers/neb_gpaw.py SLAB.extxyz N K OUT.json

SLAB: a p(1x1) slab with the top plane last, as `liscreen slab Al --facet=111` writes it; N: copies along a and b;
K: mesh points along each.  Writes the two ends next to OUT (initial.extxyz, final.extxyz), not relaxed, with the
bottom layers fixed, so that both programs begin with the same files.  Needs Debian's gpaw, python3-ase, gpaw-data;
takes an hour or so.
"""
import json
import os
import sys
import time

import numpy as np
from ase.constraints import FixAtoms
from ase.io import read, write
from ase.neb import NEB
from ase.optimize import BFGS
from gpaw import GPAW, PW, FermiDirac

ECUT, WIDTH, FMAX, HEIGHT, INTERIOR = 300.0, 0.1, 0.02, 2.3, 3


def calculator(k, txt):
    # h: the density keeps every |G| < 2 Gmax, as dft-lite's does
    hartree, bohr = 27.21138602, 0.52917721067
    return GPAW(mode=PW(ECUT), xc='PBE', h=np.pi / np.sqrt(8 * ECUT / hartree) * bohr,
                kpts={'size': (k, k, 1), 'gamma': True}, occupations=FermiDirac(WIDTH),
                convergence={'energy': 1e-7, 'density': 1e-6}, txt=txt)


def ends(slab, n):
    """fcc and hcp: above the lowest and above the middle of three planes."""
    top = slab.positions[:, 2].max()
    big = slab.repeat((n, n, 1))
    for below in (0, 1):
        atoms = big.copy()
        x, y, _ = slab.positions[below]
        atoms.append('Li')
        atoms.positions[-1] = (x, y, top + HEIGHT)
        # all Al but the top plane stays
        fixed = [a.index for a in atoms if a.symbol == 'Al' and a.z < top - 0.5]
        atoms.set_constraint(FixAtoms(fixed))
        yield atoms


def main():
    slab, n, k, out = read(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
    folder = os.path.dirname(out) or '.'
    begin, relaxed = time.time(), []
    for name, atoms in zip(('initial', 'final'), ends(slab, n)):
        write(f'{folder}/{name}.extxyz', atoms, columns=['symbols', 'positions', 'move_mask'])
        atoms.calc = calculator(k, f'{folder}/{name}.txt')
        BFGS(atoms, logfile=f'{folder}/{name}.log').run(fmax=FMAX)
        relaxed.append(atoms)
        print(name, atoms.get_potential_energy(), atoms.positions[-1], time.time() - begin, flush=True)
    images = [relaxed[0]] + [relaxed[0].copy() for _ in range(INTERIOR)] + [relaxed[1]]
    for i, atoms in enumerate(images[1:-1]):
        atoms.calc = calculator(k, f'{folder}/image{i + 1}.txt')
    neb = NEB(images, k=1.0, climb=True, method='improvedtangent')
    neb.interpolate('idpp', mic=True)
    converged = BFGS(neb, logfile=f'{folder}/neb.log', maxstep=0.1).run(fmax=FMAX)
    energy = [a.get_potential_energy() for a in images]
    write(f'{folder}/path_gpaw.extxyz', images)
    with open(out, 'w') as f:
        json.dump({'program': 'GPAW 22.8.0, ASE 3.22.1', 'ecut_ev': ECUT, 'kmesh': [k, k, 1], 'width_ev': WIDTH,
                   'fmax_ev_per_ang': FMAX, 'supercell': n, 'converged': bool(converged),
                   'energy_ev': energy, 'free_energy_ev': [a.get_potential_energy(force_consistent=True)
                                                           for a in images],
                   'barrier_forward_ev': max(energy) - energy[0],
                   'barrier_reverse_ev': max(energy) - energy[-1],
                   'li_position_ang': [list(a.positions[-1]) for a in images],
                   'wall_s': time.time() - begin}, f, indent=1)


main()
