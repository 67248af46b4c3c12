#!/usr/bin/python3
"""Do ASE and pymatgen read what we write, and we what they write?

    make && /usr/bin/python3 tests/peers/formats_ase_pymatgen.py

from the repository's root; needs Debian's python3-ase and python3-pymatgen.  Writes
tests/data/peers/formats/: our files (ours-*), theirs (ase-*, pymatgen-*), and formats.csv with what a
peer's reader makes of ours and what a peer says it wrote.  tests/candidates/test_formats_peers.c checks
on every run of the quick suite that we still write those bytes and still read those files alike.
pymatgen has no reader of extended XYZ.
"""
import csv
import datetime
import pathlib
import subprocess
import warnings

import ase
import ase.io
import numpy as np
import pymatgen.core
from ase.constraints import FixAtoms
from pymatgen.core import Structure
from pymatgen.io.ase import AseAtomsAdaptor
from pymatgen.io.cif import CifWriter
from pymatgen.io.vasp import Poscar

warnings.filterwarnings("ignore")
OUT = pathlib.Path("tests/data/peers/formats")
OURS = ["ZnO_wz-0001", "CuO-111", "Bi_A7-0001", "SiO2_aquartz-0001", "MgF2-110", "Li3N_alpha-0001"]


def nearest(atoms):
    """The shortest distance between atoms, images included."""
    d = (atoms * (2, 2, 2)).get_all_distances(mic=True)
    return d[d > 1e-3].min()


def figures(atoms):
    return {"formula": atoms.get_chemical_formula(), "atoms": len(atoms),
            "volume_ang3": "%.10f" % abs(atoms.get_volume()), "nearest_ang": "%.8f" % nearest(atoms)}


def theirs(atoms):
    """The same crystal by both peers' writers."""
    structure = AseAtomsAdaptor.get_structure(atoms)
    fixed = atoms.copy()
    fixed.set_constraint(FixAtoms([0]))
    ase.io.write(OUT / "ase-5.vasp", atoms, vasp5=True, direct=True)
    ase.io.write(OUT / "ase-4.vasp", atoms, vasp5=False)
    ase.io.write(OUT / "ase-fixed.vasp", fixed, vasp5=True)
    ase.io.write(OUT / "ase.cif", atoms)
    ase.io.write(OUT / "ase.extxyz", fixed, columns=["symbols", "positions", "move_mask"])
    Poscar(structure).write_file(str(OUT / "pymatgen-5.vasp"))
    Poscar(structure).write_file(str(OUT / "pymatgen-4.vasp"), vasp4_compatible=True)
    Poscar(structure, selective_dynamics=[[True, False, True]] * len(structure)).write_file(
        str(OUT / "pymatgen-selective.vasp"))
    CifWriter(structure).write_file(OUT / "pymatgen.cif")
    CifWriter(structure, symprec=1e-3).write_file(OUT / "pymatgen-symmetry.cif")
    return sorted(p.name for p in OUT.glob("ase*")) + sorted(p.name for p in OUT.glob("pymatgen*"))


def main():
    rows = []
    for name in OURS:
        identity = name.split("-")[0]
        for ending in ("cif", "vasp", "extxyz"):
            path = OUT / f"ours-{identity}.{ending}"
            subprocess.run(["build/bin/liscreen", "candidates", "export", name, "--bulk",
                            f"--out={path}"], check=True, stdout=subprocess.DEVNULL)
            read = ase.io.read(path, format={"vasp": "vasp"}.get(ending, ending))
            rows.append({"file": path.name, "peer": "ase", "structure": identity, **figures(read)})
            if ending != "extxyz":
                text = path.read_text()
                peer = (Poscar.from_string(text).structure if ending == "vasp"
                        else Structure.from_str(text, fmt="cif"))
                rows.append({"file": path.name, "peer": "pymatgen", "structure": identity,
                             **figures(AseAtomsAdaptor.get_atoms(peer))})
    quartz = ase.io.read(OUT / "ours-SiO2_aquartz.extxyz", format="extxyz")
    quartz.info.clear()
    for name in theirs(quartz):
        rows.append({"file": name, "peer": name.split("-")[0].split(".")[0], "structure": "SiO2_aquartz",
                     **figures(quartz)})
    with open(OUT / "formats.csv", "w", newline="") as file:
        file.write("# tests/peers/formats_ase_pymatgen.py, %s: ASE %s, pymatgen %s\n"
                   % (datetime.date.today(), ase.__version__, pymatgen.core.__version__))
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


main()
