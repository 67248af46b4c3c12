#!/usr/bin/python3
"""`liscreen export --format=ase-db` read by ASE: every row against the same run's extxyz, read by ASE.

    /usr/bin/python3 tests/peers/export_ase_pymatgen.py

from the repository's root after `make all`; needs Debian's python3-ase.
"""
import shutil
import subprocess
import sys
import tempfile

import numpy as np
from ase.db import connect
from ase.io import read

with tempfile.TemporaryDirectory() as where:
    run = shutil.copytree("results/reference/quick", where + "/quick")
    for name, out in (("ase-db", where + "/all.db"), ("extxyz", where + "/all.extxyz")):
        subprocess.run(["build/bin/liscreen", "export", run, "--format=" + name, "--out=" + out], check=True)
    frames = read(where + "/all.extxyz", ":")
    rows = list(connect(where + "/all.db").select(sort="id"))
    bad = len(rows) != len(frames)
    for row, frame in zip(rows, frames):
        atoms = row.toatoms()
        bad |= not (np.array_equal(atoms.numbers, frame.numbers) and np.allclose(atoms.positions, frame.positions, atol=1e-9)
                    and np.allclose(atoms.cell, frame.cell, atol=1e-9) and np.array_equal(atoms.pbc, frame.pbc)
                    and abs(atoms.get_potential_energy() - frame.get_potential_energy()) < 1e-6
                    and row.candidate == frame.info.get("candidate", row.get("candidate"))
                    if "candidate" in row else True)
    print(f"{len(rows)} rows against {len(frames)} frames: {'DIFFER' if bad else 'equal'}")
    sys.exit(bool(bad))
