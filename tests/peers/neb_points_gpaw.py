#!/usr/bin/python3
"""GPAW's energies and forces on the ends and on the saddle of a path that `liscreen calc neb --out=PATH` found.

    /usr/bin/python3 tests/peers/neb_points_gpaw.py PATH.extxyz K OUT.json

If forces on the free atoms vanish there too, differences of these energies are GPAW's own barriers to second order in
what is left of the forces: three energies instead of a band.  The settings are those of neb_gpaw.py; give liscreen the same
(--ecut-ev=300 --kmesh=KxKx1 --width-ev=0.1).
"""
import json
import sys
import time

import numpy as np
from ase.io import read
from gpaw import GPAW, PW, FermiDirac

ECUT, WIDTH = 300.0, 0.1


def point(atoms, k, txt):
    hartree, bohr = 27.21138602, 0.52917721067
    # h: the density keeps every |G| < 2 Gmax, as dft-lite's does
    atoms.calc = GPAW(mode=PW(ECUT), xc='PBE', h=np.pi / np.sqrt(8 * ECUT / hartree) * bohr,
                      kpts={'size': (k, k, 1), 'gamma': True}, occupations=FermiDirac(WIDTH),
                      convergence={'energy': 1e-6, 'density': 1e-5}, txt=txt)
    energy = atoms.get_potential_energy()
    # the constraint that read() made of move_mask leaves the forces that count
    force = np.linalg.norm(atoms.get_forces(), axis=1).max()
    return {'energy_ev': energy, 'fmax_ev_per_ang': force,
            'free_energy_ev': atoms.get_potential_energy(force_consistent=True)}


def main():
    path, k, out = read(sys.argv[1], ':'), int(sys.argv[2]), sys.argv[3]
    own = [a.get_potential_energy() for a in path]
    top = int(np.argmax(own))
    begin, points = time.time(), {}
    for name, i in (('initial', 0), ('final', len(path) - 1), ('saddle', top)):
        own_force = np.linalg.norm(path[i].get_forces(), axis=1).max()
        points[name] = point(path[i].copy(), k, out.replace('.json', f'_{name}.txt'))
        points[name].update(dftlite_energy_ev=own[i], dftlite_fmax_ev_per_ang=own_force)
        print(name, points[name], time.time() - begin, flush=True)
    with open(out, 'w') as f:
        json.dump({'program': 'GPAW 22.8.0, ASE 3.22.1', 'ecut_ev': ECUT, 'kmesh': [k, k, 1], 'width_ev': WIDTH,
                   'points': points,
                   'barrier_forward_ev': points['saddle']['energy_ev'] - points['initial']['energy_ev'],
                   'barrier_reverse_ev': points['saddle']['energy_ev'] - points['final']['energy_ev'],
                   'dftlite_barrier_forward_ev': own[top] - own[0],
                   'dftlite_barrier_reverse_ev': own[top] - own[-1],
                   'wall_s': time.time() - begin}, f, indent=1)


main()
