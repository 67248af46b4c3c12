#!/usr/bin/python3
"""Elastic constants of Al, Cu and MgO from GPAW, at settings that dftlite can be given exactly.

Central differences of the Cauchy stress at strains of +-AMPLITUDE (xx, and yz as a pure stretch), clamped
ions (all atoms are centres of inversion), each strained cell with its own plane waves, as `liscreen calc
elastic` has by default.  (PW(cell=) of GPAW 22.8 holds the cutoff's volume, not the set.)  Writes tests/data/reference/gpaw-22.8-elastic.csv (c11, c12, c44,
residual stress; GPa), one row a run; rows that are there are not computed again.

    python3 tests/peers/elastic_gpaw.py [NAME ...]
"""
import csv
import os
import sys

import numpy as np
from ase.build import bulk
from ase.units import GPa
from gpaw import GPAW, PW, FermiDirac, Mixer

OUT = 'tests/data/reference/gpaw-22.8-elastic.csv'
AMPLITUDE = 0.005
#       crystal, cutoff (eV), k, width (eV)
CASES = {'Al': (dict(name='Al', crystalstructure='fcc', a=4.04), 300, 8, 0.2),
         'Cu': (dict(name='Cu', crystalstructure='fcc', a=3.63), 600, 6, 0.2),
         'MgO': (dict(name='MgO', crystalstructure='rocksalt', a=4.25), 800, 4, 0.1)}


def stress(atoms, ecut, k, width, gpts):
    atoms = atoms.copy()
    atoms.calc = GPAW(mode=PW(ecut), kpts=dict(size=(k, k, k), gamma=True), xc='PBE', gpts=gpts, txt=None,
                      occupations=FermiDirac(width), mixer=Mixer(0.1, 5, 50),
                      convergence=dict(energy=1e-6, density=1e-6, eigenstates=1e-9))
    return atoms.get_stress(voigt=True) / GPa       # xx yy zz yz xz xy


def strained(atoms, strain):
    out = atoms.copy()
    out.set_cell(atoms.cell @ (np.eye(3) + strain), scale_atoms=True)
    return out


def constants(atoms, ecut, k, width):
    h = np.pi / np.sqrt(8 * ecut / 27.211386) * 0.529177
    length = np.linalg.norm(atoms.cell[0])
    n = int(np.ceil(length / h / 2)) * 2
    args = (ecut, k, width, (n, n, n))
    xx, yz = np.zeros((3, 3)), np.zeros((3, 3))
    xx[0, 0] = AMPLITUDE
    yz[1, 2] = yz[2, 1] = AMPLITUDE / 2             # engineering shear AMPLITUDE
    slope = [(stress(strained(atoms, e), *args) - stress(strained(atoms, -e), *args)) / (2 * AMPLITUDE)
             for e in (xx, yz)]
    residual = stress(atoms, *args)[:3].mean()
    return slope[0][0], (slope[0][1] + slope[0][2]) / 2, slope[1][3], residual, n


def main():
    rows = []
    if os.path.exists(OUT):
        with open(OUT) as f:
            rows = list(csv.DictReader(line for line in f if not line.startswith('#')))
    for name in sys.argv[1:] or CASES:
        if any(r['name'] == name for r in rows):
            continue
        crystal, ecut, k, width = CASES[name]
        c11, c12, c44, residual, n = constants(bulk(**crystal), ecut, k, width)
        rows.append(dict(name=name, a_ang=crystal['a'], ecut_ev=ecut, kmesh=k, width_ev=width, grid=n,
                         plane_waves='own', amplitude=AMPLITUDE,
                         c11_gpa='%.4f' % c11, c12_gpa='%.4f' % c12, c44_gpa='%.4f' % c44,
                         residual_stress_gpa='%.4f' % residual))
        print(rows[-1], flush=True)
        with open(OUT, 'w') as f:
            f.write('# GPAW 22.8.0 (Debian 12), PBE, gpaw-data, Gamma-centred meshes, Fermi-Dirac;\n'
                    '# tests/peers/elastic_gpaw.py\n')
            writer = csv.DictWriter(f, rows[0].keys(), lineterminator='\n')
            writer.writeheader()
            writer.writerows(rows)


if __name__ == '__main__':
    main()
