#!/usr/bin/python3
"""GPAW's energies and forces of lithium on a slab, at geometries that `liscreen calc adsorb` and `calc neb` found, and
GPAW's own relaxed height from a displaced start.

    /usr/bin/python3 tests/peers/adatom_gpaw.py points K OUT.json NAME=FILE[@INDEX] ...
    /usr/bin/python3 tests/peers/adatom_gpaw.py relax K OUT.json NAME=FILE
    /usr/bin/python3 tests/peers/adatom_gpaw.py bulk K OUT.json A_ANG
    /usr/bin/python3 tests/peers/adatom_gpaw.py table OUT.json FOLDER TABLE.csv

points: energies and forces, each from scratch. relax: Li 0.1 A higher than FILE has it, then Li and the top plane of
metal move (BFGS to 0.01 eV/A); the height is that of Li over the mean of the top plane. bulk: bcc Li with lattice
constant A and K points along each axis of its primitive cell. table: what the test reads: FOLDER/NAME.extxyz for each
NAME of OUT.json and a row of TABLE.csv. Results are added to OUT.json under NAME, so a run that
was stopped goes on. Give liscreen the same settings: --ecut-ev=300 --kmesh=KxKx1 --width-ev=0.1.
Needs Debian's gpaw, python3-ase, gpaw-data; some minutes a point on one core.
"""
import json
import os
import sys
import time

import numpy as np
from ase import Atoms
from ase.build import bulk
from ase.constraints import FixAtoms
from ase.io import read, write
from ase.optimize import BFGS
from gpaw import GPAW, PW, FermiDirac

ECUT, WIDTH, FMAX, DISPLACEMENT = 300.0, 0.1, 0.01, 0.1


def calculator(mesh, txt):
    hartree, bohr = 27.21138602, 0.52917721067
    # h: the density keeps every |G| < 2 Gmax, as dft-lite's does
    return GPAW(mode=PW(ECUT), xc='PBE', h=np.pi / np.sqrt(8 * ECUT / hartree) * bohr,
                kpts={'size': mesh, 'gamma': True}, occupations=FermiDirac(WIDTH), symmetry={'tolerance': 1e-4},
                convergence={'energy': 1e-5, 'density': 3e-5}, txt=txt)


def load(filename):
    """The structure with its last atom (lithium, if there is one) over the origin: GPAW keeps only operations that
    hold the origin."""
    name, _, index = filename.partition('@')
    atoms = read(name, int(index or 0))
    atoms.set_constraint()
    atoms.positions[:, :2] -= atoms.positions[-1, :2]
    return atoms


def height(atoms):
    metal = np.sort([a.z for a in atoms if a.symbol != 'Li'])
    top = metal[metal > metal[-1] - 0.5]
    return atoms.positions[-1, 2] - top.mean()


def answer(atoms):
    calc = atoms.calc
    force = atoms.get_forces(apply_constraint=False)
    return {'energy_ev': atoms.get_potential_energy(),
            'free_energy_ev': atoms.get_potential_energy(force_consistent=True),
            'force_ev_per_ang': force.tolist(), 'position_ang': atoms.positions.tolist(),
            'symbols': atoms.get_chemical_symbols(), 'cell_ang': atoms.cell.tolist(),
            'n_k': len(calc.get_ibz_k_points()), 'density_grid': calc.density.gd.N_c.tolist()}


def relax(atoms, log):
    top = max(a.z for a in atoms if a.symbol != 'Li')
    atoms.set_constraint(FixAtoms([a.index for a in atoms if a.z < top - 0.5]))
    atoms.positions[-1, 2] += DISPLACEMENT
    start = height(atoms)
    converged = BFGS(atoms, logfile=log, maxstep=0.1).run(fmax=FMAX, steps=30)
    return {'converged': bool(converged), 'start_height_ang': start, 'height_ang': height(atoms)}


def table(results, folder, path):
    os.makedirs(folder, exist_ok=True)
    with open(path, 'w') as f:
        f.write('# GPAW 22.8.0, ASE 3.22.1 (Debian 12), gpaw-data, PBE, 300 eV, Fermi-Dirac 0.1 eV, Gamma-centred meshes\n'
                '# (bulk: K x K x K), full density grid; tests/peers/adatom_gpaw.py. Energies extrapolated to zero width.\n'
                'id,kmesh,energy_ev,free_energy_ev,forces_ev_per_ang\n')
        for name, r in results.items():
            force = ';'.join(' '.join(f'{x:.6f}' for x in atom) for atom in r['force_ev_per_ang'])
            f.write(f'{name},{r["kmesh"]},{r["energy_ev"]:.6f},{r["free_energy_ev"]:.6f},{force}\n')
            atoms = Atoms(r['symbols'], r['position_ang'], cell=r['cell_ang'], pbc=True)
            write(f'{folder}/{name}.extxyz', atoms, columns=['symbols', 'positions'])


def store(out, name, values):
    data = json.load(open(out)) if os.path.exists(out) else {}
    data[name] = values
    with open(out + '.new', 'w') as f:
        json.dump(data, f, indent=1)
    os.replace(out + '.new', out)


def main():
    if sys.argv[1] == 'table':
        return table(json.load(open(sys.argv[2])), sys.argv[3], sys.argv[4])
    kind, k, out = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    done = json.load(open(out)) if os.path.exists(out) else {}
    for word in sys.argv[4:]:
        name, _, filename = word.partition('=')
        name = 'bulk' if kind == 'bulk' else name
        if name in done:
            continue
        begin, values = time.time(), {}
        log = out.replace('.json', f'-{name}')
        atoms = bulk('Li', 'bcc', a=float(word)) if kind == 'bulk' else load(filename)
        atoms.calc = calculator((k, k, k) if kind == 'bulk' else (k, k, 1), log + '.txt')
        if kind == 'relax':
            values = relax(atoms, log + '.log')
        values.update(answer(atoms))
        values.update(program='GPAW 22.8.0, ASE 3.22.1', ecut_ev=ECUT, kmesh=k, width_ev=WIDTH,
                      wall_s=time.time() - begin)
        store(out, name, values)
        print(name, values['energy_ev'], values.get('height_ang', ''), values['wall_s'], flush=True)


main()
