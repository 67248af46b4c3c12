#!/usr/bin/python3
"""Facets, terminations, areas and spacings of the library by pymatgen and spglib.

    /usr/bin/python3 tests/peers/facets_pymatgen.py

from the repository's root; needs Debian's python3-pymatgen and python3-spglib.  The outcome,
tests/data/peers/facets.csv, is committed; tests/candidates/test_facets_peers.c checks it on every run of the quick suite, and says
why where the two disagree.
"""
import csv
import datetime
import io
import itertools
import math
import sys
import warnings

import numpy as np
import spglib
from pymatgen.core import Lattice, Structure
from pymatgen.core.surface import SlabGenerator, get_symmetrically_distinct_miller_indices
from pymatgen.symmetry.analyzer import SpacegroupAnalyzer

warnings.filterwarnings("ignore")

PAIRS = {
    # cubic
    "Ag_fcc": "111 100 110 211 115", "Li_bcc": "110 100 111 310", "LiAg_B2": "110 100 111",
    "LiZn_B32": "110 111", "MgO": "100 110 111", "Si_dia": "111 100 110", "ZnS_zb": "110 111",
    "Li2O": "111 110 100", "Cu3Au_L12": "111 100", "Cu2O": "111 100", "Li3Ag_D03": "110 111",
    # hexagonal
    "Mg_hcp": "001 100 101 110", "Zn_hcp": "001 102", "ZnO_wz": "001 100 110 101",
    "LiPt": "001 100", "Li3P": "001 100", "Li3N_alpha": "001 100", "graphite": "001",
    # trigonal, rhombohedral lattices (hexagonal axes)
    "Al2O3": "001 012 110 104", "Bi_A7": "001 012 100", "Hg_rhomb": "001 101", "Li_9R": "001 104",
    "Li3Al2": "001 101", "AlF3": "012",
    # trigonal, hexagonal lattice
    "Te_A8": "100 001", "SiO2_aquartz": "001 101", "Li7Pb2": "001 100",
    # tetragonal
    "TiO2_rutile": "110 100 101 001", "MgF2": "110 101", "TiO2_anatase": "101 001", "Sn_beta": "100 001",
    "In_tet": "101 111", "LiBi": "001 110", "LiSi": "100",
    # orthorhombic
    "Ga_alpha": "100 010 001 111", "P_black": "010 100", "Li2Ga": "010 001", "Li2Al": "010",
    # monoclinic
    "CuO": "111 001 10-1 110", "LiSn": "001 100", "CuF2": "010 001", "Li2CO3": "001",
    # triclinic, made up
    "tests/data/crystals/LiF_made_up_triclinic.cif": "100 010 001 111 1-10",
}


def parse(facet):
    out, sign = [], 1
    for c in facet:
        if c == "-":
            sign = -1
        else:
            out.append(sign * int(c))
            sign = 1
    return tuple(out)


def rows(path):
    with open(path) as f:
        return list(csv.DictReader(line for line in f if not line.startswith("#")))


CELLS = {r["id"]: r for r in rows("candidates/data/structures.csv")}
ATOMS = {}
for r in rows("candidates/data/atoms.csv"):
    ATOMS.setdefault(r["id"], []).append(r)


def structure_of(name):
    if name.endswith(".cif"):
        return Structure.from_file(name, primitive=False)
    cell = CELLS[name]
    lattice = Lattice.from_parameters(*(float(cell[k]) for k in (
        "a_ang", "b_ang", "c_ang", "alpha_deg", "beta_deg", "gamma_deg")))
    return Structure(lattice, [a["element"] for a in ATOMS[name]],
                     [[float(a[k]) for k in "xyz"] for a in ATOMS[name]])


def spglib_facets(structure, max_index):
    """Orbits of coprime indices under the rotations that spglib finds, with -h."""
    cell = (structure.lattice.matrix, structure.frac_coords,
            [s.specie.Z for s in structure])
    data = spglib.get_symmetry_dataset(cell, symprec=1e-3)
    rotations = {tuple(r.ravel()) for r in data["rotations"]}
    left = {h for h in itertools.product(range(-max_index, max_index + 1), repeat=3)
            if math.gcd(math.gcd(abs(h[0]), abs(h[1])), abs(h[2])) == 1}
    n = 0
    while left:
        h = np.array(left.pop())
        n += 1
        for r in rotations:
            image = h @ np.array(r).reshape(3, 3)
            left.discard(tuple(image))
            left.discard(tuple(-image))
    return n, data["number"]


def planes_of(slab_cell, tolerance=0.08):
    """Gaps between the planes of one oriented cell, along its normal (Angstrom), cyclic."""
    a, b, c = slab_cell.lattice.matrix
    normal = np.cross(a, b) / np.linalg.norm(np.cross(a, b))
    height = abs(np.dot(c, normal))
    z = np.sort((slab_cell.frac_coords[:, 2] % 1.0) * height)
    gaps = np.append(np.diff(z), z[0] + height - z[-1])
    start = int(np.argmax(gaps)) + 1                 # never tear a plane
    z = np.concatenate([z[start:], z[:start] + height])
    means, group = [], [z[0]]
    for x in z[1:]:
        if x - group[-1] > tolerance:
            means.append(np.mean(group))
            group = []
        group.append(x)
    means.append(np.mean(group))
    return height, np.append(np.diff(means), means[0] + height - means[-1])


def main():
    text = io.StringIO()            # the file is replaced whole, at the end
    out = csv.writer(text, lineterminator="\n")
    import pymatgen.core
    print("# tests/peers/facets_pymatgen.py: pymatgen %s, spglib %s, %s" % (
        getattr(pymatgen.core, "__version__", "?"), spglib.__version__, datetime.date.today()), file=text)
    print("# Counts of distinct facets up to index 2; slabs: distinct ones of SlabGenerator.get_slabs; planes, period and",
          file=text)
    print("# widest gap of one repeat along the normal.", file=text)
    out.writerow(["structure", "space_group", "facet", "facets_pymatgen", "facets_spglib", "area_ang2",
                  "slabs", "planes", "period_ang", "widest_gap_ang", "slab_formula"])
    for name, facets in PAIRS.items():
        s = structure_of(name)
        primitive_volume = SpacegroupAnalyzer(s, 1e-3).find_primitive().volume
        by_pymatgen = len(get_symmetrically_distinct_miller_indices(s, 2))
        by_spglib, number = spglib_facets(s, 2)
        for facet in facets.split():
            gen = SlabGenerator(s, parse(facet), 8, 12, lll_reduce=False, center_slab=True,
                                primitive=True)
            slabs = gen.get_slabs(ftol=0.08)
            area = min(x.surface_area for x in slabs)
            period = primitive_volume / area
            height, gaps = planes_of(gen.oriented_unit_cell)
            formulas = sorted({x.composition.reduced_formula for x in slabs})
            out.writerow([name, number, facet, by_pymatgen, by_spglib, "%.6f" % area, len(slabs),
                          round(len(gaps) * period / height), "%.6f" % period,
                          "%.6f" % max(gaps), "+".join(formulas)])
            print(name, facet, file=sys.stderr)
    with open("tests/data/peers/facets.csv", "w") as f:
        f.write(text.getvalue())


if __name__ == "__main__":
    main()
