#!/usr/bin/python3
"""hull_pymatgen.py - energies above the hull from pymatgen, for tests/descriptors/test_hull.c.

Reads tests/data/peers/hull-real.csv, adds systems of random energies (fixed seed), and writes
tests/data/peers/hull-pymatgen.csv.  Needs Debian's python3-pymatgen; the C tests need only the result.
Run from the top of the repository:  tests/peers/hull_pymatgen.py
"""
import csv
import random
from importlib.metadata import version

from pymatgen.analysis.phase_diagram import PDEntry, PhaseDiagram
from pymatgen.core import Composition, Element

REAL = "tests/data/peers/hull-real.csv"
OUT = "tests/data/peers/hull-pymatgen.csv"
RANDOM = [("Ag-Li", 30), ("Cu-Li-Zn", 40), ("Al-Cu-Li-Mg", 60), ("Ag-Al-Cu-Li-Zn", 80), ("Li-N-O-P-S", 120)]


def real_systems():
    systems = {}
    with open(REAL, newline="") as file:
        rows = csv.DictReader(line for line in file if not line.startswith("#"))
        for row in rows:
            systems.setdefault(row["system"], []).append((row["formula"], float(row["energy_ev_per_atom"])))
    return systems


def random_system(name, n, rng):
    """Compositions of up to 7 atoms of each element; a tenth of them is a second polymorph."""
    elements, entries = name.split("-"), []
    while len(entries) < n:
        if entries and rng.random() < 0.1:
            formula = rng.choice(entries)[0]
        else:
            counts = [rng.choice([0, 0, 1, 1, 2, 3, 4, 5, 6, 7]) for _ in elements]
            if sum(1 for c in counts if c) < 2:
                continue
            formula = "".join(e + (str(c) if c > 1 else "") for e, c in zip(elements, counts) if c)
        entries.append((formula, round(rng.gauss(-0.6, 0.5), 9)))
    return entries


def judge(system, entries):
    given = [PDEntry(Composition(f), e * Composition(f).num_atoms) for f, e in entries]
    elements = [PDEntry(Composition(e), 0.0) for e in system.split("-")]
    diagram = PhaseDiagram(given + elements, [Element(e) for e in system.split("-")])
    for (formula, energy), entry in zip(entries, given):
        above = diagram.get_e_above_hull(entry)
        stable = entry in diagram.stable_entries
        yield [system, formula, repr(energy), "yes" if stable else "no", "%.12g" % max(above, 0.0)]


def main():
    rng = random.Random(20261122)
    systems = dict(real_systems())
    for name, n in RANDOM:
        systems["random:" + name] = random_system(name, n, rng)
    with open(OUT, "w", newline="") as file:
        file.write("# pymatgen %s, PhaseDiagram: written by tests/peers/hull_pymatgen.py from hull-real.csv and "
                   "random energies (seed 20261122).\n" % version("pymatgen"))
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["system", "formula", "energy_ev_per_atom", "stable", "above_hull_ev_per_atom"])
        for name, entries in systems.items():
            for row in judge(name.split(":")[-1], entries):
                out.writerow([name] + row[1:])


if __name__ == "__main__":
    main()
