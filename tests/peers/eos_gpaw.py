#!/usr/bin/python3
"""Equations of state of one element per block of the periodic table from GPAW, for dftlite at equal settings.

Free energies E - TS (and E extrapolated to zero width) at volumes 0.94 ... 1.06 of V1, in the data sets of
Debian's gpaw-data, the density kept complete (h = pi/sqrt(8 Ecut): every |G| < 2 Gmax, as dft-lite does).
Writes tests/data/reference/gpaw-22.8-eos.csv, one row a point in the columns of gpaw-22.8.csv and three more
(start and moment of the cell in Bohr magnetons, GPAW's density grid); rows that are there are not computed again.

    python3 tests/peers/eos_gpaw.py [NAME ...]
"""
import csv
import os
import sys

import numpy as np
from ase import Atoms
from gpaw import GPAW, PW, FermiDirac

OUT = 'tests/data/reference/gpaw-22.8-eos.csv'
HARTREE, BOHR = 27.211386245988, 0.529177210903
VOLUMES = (0.94, 0.97, 1.00, 1.03, 1.06)
FINER = {name: (0.94, 0.96, 0.98, 1.00, 1.02, 1.04, 1.06) for name in ('Mg', 'Pt')}
FCC = np.array([[0, .5, .5], [.5, 0, .5], [.5, .5, 0]])
BCC = np.array([[-.5, .5, .5], [.5, -.5, .5], [.5, .5, -.5]])
ONE, DIAMOND = [[0, 0, 0]], [[0, 0, 0], [.25, .25, .25]]
FLUORITE = [[0, 0, 0], [.25, .25, .25], [.75, .75, .75]]


def hexagonal(a, c):
    return np.array([[a, 0, 0], [-a / 2, a * 3**.5 / 2, 0], [0, 0, c]])


HCP = [[1 / 3, 2 / 3, .25], [2 / 3, 1 / 3, .75]]
WURTZITE = [[1 / 3, 2 / 3, 0], [2 / 3, 1 / 3, .5], [1 / 3, 2 / 3, .379], [2 / 3, 1 / 3, .879]]

# symbols, cell (A) at V1, positions, data sets, cutoff (eV), mesh, width (eV), moment an atom to start from.
# hcp, diamond, fcc and the body-centred tetragonal Hg: about the all-electron PBE lattice constants.
# S and MgF2 are small hypothetical crystals: simple cubic sulfur, MgF2 in the fluorite structure. (GPAW's default number
# of bands is that of its atomic orbitals, four in S: at 2x2x2 it misses a state there; at 6x6x6 nine give the same 1e-8 eV.)
CASES = {
    'Mg': ('Mg Mg', hexagonal(3.198, 5.179), HCP, {'Mg': '2'}, 400, (8, 8, 5), 0.1, 0),
    'Ti': ('Ti Ti', hexagonal(2.938, 4.654), HCP, {}, 500, (6, 6, 4), 0.1, 0),
    'Ni': ('Ni', 3.518 * FCC, ONE, {'Ni': '10'}, 500, (8, 8, 8), 0.1, 1.0),
    'Zn': ('Zn Zn', hexagonal(2.652, 4.986), HCP, {}, 500, (8, 8, 4), 0.1, 0),
    'Pt': ('Pt', 3.970 * FCC, ONE, {'Pt': '10'}, 400, (8, 8, 8), 0.1, 0),
    'Au': ('Au', 4.158 * FCC, ONE, {}, 400, (8, 8, 8), 0.1, 0),
    'Hg': ('Hg', BCC * [4.0871, 4.0871, 3.5346], ONE, {}, 400, (8, 8, 8), 0.1, 0),
    'Sn': ('Sn Sn', 6.653 * FCC, DIAMOND, {}, 500, (6, 6, 6), 0.1, 0),
    'S': ('S', 2.57 * np.eye(3), ONE, {}, 400, (6, 6, 6), 0.2, 0),
    'MgF2': ('Mg F F', 5.00 * FCC, FLUORITE, {'Mg': '2'}, 800, (4, 4, 4), 0.01, 0),
    'ZnO': ('Zn Zn O O', hexagonal(3.28, 5.30), WURTZITE, {}, 700, (4, 4, 3), 0.01, 0),
}


def point(symbols, cell, positions, sets, ecut, mesh, width, moment, h):
    atoms = Atoms(symbols.split(), cell=cell, scaled_positions=positions, pbc=True,
                  magmoms=[moment] * len(positions))
    atoms.calc = GPAW(mode=PW(ecut), xc='PBE', h=h, kpts={'size': mesh, 'gamma': True}, setups=sets, maxiter=300,
                      occupations=FermiDirac(width), convergence={'energy': 1e-7, 'density': 1e-6, 'eigenstates': 1e-9},
                      txt=os.environ.get('GPAW_TXT'))
    extrapolated = atoms.get_potential_energy()
    return (atoms.get_potential_energy(force_consistent=True), extrapolated, atoms.calc.get_fermi_level(),
            atoms.get_magnetic_moment() if moment else 0.0, atoms.calc.density.gd.N_c)


def row(name, scale):
    symbols, cell, positions, sets, ecut, mesh, width, moment = CASES[name]
    cell = np.array(cell) * scale**(1 / 3)
    h = np.pi / np.sqrt(8 * ecut / HARTREE) * BOHR
    free, extrapolated, fermi, found, grid = point(symbols, cell, positions, sets, ecut, mesh, width, moment, h)
    kinds = dict.fromkeys(symbols.split())
    out = dict(id='E_%s_%.2f' % (name, scale), system=name, ecut_ev=float(ecut))
    out.update(('mesh_%d' % (i + 1), n) for i, n in enumerate(mesh))
    out.update(width_ev=width, symbols=symbols,
               data_sets=' '.join('.'.join([s] + ([sets[s]] if s in sets else []) + ['PBE']) for s in kinds))
    for i in range(3):
        out.update(('a%d%s_ang' % (i + 1, c), float(cell[i, k])) for k, c in enumerate('xyz'))
    out.update(positions_fractional=';'.join(' '.join('%.16g' % x for x in p) for p in positions),
               volume_ang3=float(abs(np.linalg.det(cell))), free_energy_ev=free, energy_extrapolated_ev=extrapolated,
               fermi_ev=fermi, start_moment=moment, moment=float(found), grid='x'.join(map(str, grid)))
    return out


def ids():
    if not os.path.exists(OUT):
        return []
    with open(OUT) as f:
        return [r['id'] for r in csv.DictReader(line for line in f if not line.startswith('#'))]


def append(found):
    new = not os.path.exists(OUT)
    with open(OUT, 'a') as f:
        if new:
            f.write('# Free energies E - TS of GPAW 22.8.0 (Debian 12), PBE, setups of gpaw-data, plane waves,\n'
                    '# Gamma-centred meshes, Fermi-Dirac, complete density; tests/peers/eos_gpaw.py\n')
        writer = csv.DictWriter(f, found.keys(), lineterminator='\n')
        if new:
            writer.writeheader()
        writer.writerow(found)


def main():
    for name in sys.argv[1:] or CASES:
        for scale in FINER.get(name, VOLUMES):
            if 'E_%s_%.2f' % (name, scale) in ids():
                continue
            found = row(name, scale)
            print(found['id'], found['free_energy_ev'], found['moment'], found['grid'], flush=True)
            append(found)


if __name__ == '__main__':
    main()
