"""peer_gpaw.py - one system of the benchmark in GPAW, on all MPI ranks.

usage: mpiexec -n 2 gpaw python peer_gpaw.py SPEC.json OUT.json LOG.txt
SPEC is a row of tests/bench/data/systems.json with "path" (the structure) and "grid": "default" is
GPAW's own density grid, "full" one that keeps every component of the density, as dft-lite does.
The time is that from atoms to energy; starting Python and reading the file are not counted.
"""
import json
import resource
import sys
import time

import numpy as np
from ase.io import read
from ase.units import Bohr, Hartree
from gpaw import GPAW, PW, FermiDirac
from gpaw.mpi import world


def k_points(spec):
    """A Gamma-centred mesh, or the explicit points of one shifted by half a step."""
    shift = np.array(spec.get("kshift", [0, 0, 0]))
    mesh = np.array(spec["kmesh"])
    if not shift.any():
        return {"size": tuple(int(n) for n in mesh), "gamma": True}
    return [(np.array(i) + 0.5 * shift) / mesh for i in np.ndindex(*mesh)]


def parameters(spec, log):
    ecut = spec["ecut_ev"]
    chosen = dict(
        mode=PW(ecut), xc="PBE", kpts=k_points(spec), occupations=FermiDirac(spec["width_ev"]),
        setups={symbol: name.split(".", 1)[1] for symbol, name in spec.get("data", {}).items()},
        convergence={"energy": 1e-5, "density": 1e-5}, txt=log)
    if spec["grid"] == "full":
        chosen["h"] = np.pi / np.sqrt(8 * ecut / Hartree) * Bohr        # keeps G^2/2 <= 4 ecut
    if "bands" in spec:
        chosen["nbands"] = spec["bands"]
    return chosen


def main():
    spec = json.load(open(sys.argv[1]))
    atoms = read(spec["path"])
    world.barrier()
    start = time.time()
    calc = GPAW(**parameters(spec, sys.argv[3]))
    atoms.calc = calc
    energy = atoms.get_potential_energy()
    wall = time.time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    answer = dict(wall_s=wall, energy_ev=energy,
                  free_energy_ev=atoms.get_potential_energy(force_consistent=True),
                  scf_iterations=calc.get_number_of_iterations(), n_k=len(calc.get_ibz_k_points()),
                  n_bands=calc.get_number_of_bands(), fft_grid=calc.density.gd.N_c.tolist(),
                  peak_rss_mib=float(world.sum(peak)), ranks=world.size, converged=True)
    if world.rank == 0:
        json.dump(answer, open(sys.argv[2], "w"), indent=1)


main()
