#!/usr/bin/python3
"""What the numbers of a protocol err by: Li on Al(111), Cu(111), MgO(100), p(1x1), one setting varied at a time.

    /usr/bin/python3 workflows/study/convergence.py run   OUT.csv [SYSTEM ...]
    /usr/bin/python3 workflows/study/convergence.py table OUT.csv

run: for each setting the energies of the clean rigid slab, of Li on two sites of it, and of bcc Li at the same cutoff
and width, by build/bin/dftlite, appended to OUT.csv; what is there already is not computed again, so it may be stopped
at any time. Heights are fixed (HEIGHT below), so that only the setting differs. table: for each axis the change of the
binding energy and of the site difference against the finest setting of that axis. Run from the top of the repository.
Needs Python 3 alone.
"""
import csv
import json
import os
import subprocess
import sys
import tempfile

DFTLITE, LISCREEN = 'build/bin/dftlite', 'build/bin/liscreen'

# base setting, the two sites, and what is tried on each axis; the last value of an axis is the finest. Heights (A) over
# the top plane: near the minima at 400 eV, not refined: the comparison is between settings, not with anything else.
SYSTEMS = {
    'Al-111': dict(id='Al', facet='111', sites=('fcc', 'hcp'), height={'fcc': 2.27, 'hcp': 2.27},
                   base=dict(ecut=400, k=0.25, layers=4, vacuum=14, width=0.1),
                   axis=dict(ecut=(250, 300, 350, 400, 450, 600), k=(0.45, 0.35, 0.30, 0.28, 0.25, 0.20, 0.15),
                             layers=(3, 4, 5, 6, 8), vacuum=(8, 10, 12, 14, 18), width=(0.3, 0.2, 0.1, 0.05))),
    'Cu-111': dict(id='Cu', facet='111', sites=('fcc', 'bridge'), height={'fcc': 2.20, 'bridge': 2.22},
                   base=dict(ecut=450, k=0.30, layers=4, vacuum=14, width=0.1),
                   axis=dict(ecut=(350, 400, 450, 500, 600), k=(0.45, 0.35, 0.30, 0.28, 0.25, 0.20),
                             layers=(3, 4, 5, 6), vacuum=(8, 10, 12, 14, 18), width=(0.3, 0.2, 0.1, 0.05))),
    'MgO-100': dict(id='MgO', facet='100', sites=('ontop:O', 'hollow'), height={'ontop:O': 1.95, 'hollow': 2.3},
                    base=dict(ecut=600, k=0.35, layers=3, vacuum=14, width=0.1),
                    axis=dict(ecut=(450, 500, 600, 650, 750, 900), k=(0.45, 0.35, 0.30, 0.25),
                              layers=(2, 3, 4, 6), vacuum=(8, 10, 12, 14, 18), width=(0.2, 0.1, 0.05))),
}
AXES = ('ecut', 'k', 'layers', 'vacuum', 'width')
FIELDS = ('system', *AXES, 'e_slab_ev', 'e_site1_ev', 'e_site2_ev', 'e_li_ev', 'mesh', 'mesh_li')
LI_SPACING = 0.15                       # of bcc lithium: the finest, so that only the slab's mesh is varied


def run(*words):
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout


def energy(path, setting, spacing, mesh_axes, folder):
    """Zero-width energy (eV) of a structure, and the mesh that the spacing gives along the first axes."""
    with open(path) as f:
        f.readline()
        a = [float(x) for x in f.readline().split('"')[1].split()]
    mesh = [1, 1, 1]
    for i in range(mesh_axes):
        mesh[i] = max(1, -int(-reciprocal(a)[i] // (spacing * (1 + 1e-9))))
    out = os.path.join(folder, 'out.json')
    run(DFTLITE, 'scf', path, f'--ecut-ev={setting["ecut"]}', f'--kmesh={"x".join(map(str, mesh))}',
        f'--width-ev={setting["width"]}', '--energy-tol-ev=1e-6', '--forces=off', '--stress=off', '--threads=1',
        f'--json={out}')
    with open(out) as f:
        return json.load(f)['energy_eV'], 'x'.join(map(str, mesh))


def reciprocal(a):
    """|b_i|, 2 pi included."""
    v = [a[0:3], a[3:6], a[6:9]]
    cross = [[v[i - 2][(k + 1) % 3] * v[i - 1][(k + 2) % 3] - v[i - 2][(k + 2) % 3] * v[i - 1][(k + 1) % 3]
              for k in range(3)] for i in range(3)]
    volume = abs(sum(v[0][k] * cross[0][k] for k in range(3)))
    return [2 * 3.141592653589793 * sum(x * x for x in c) ** 0.5 / volume for c in cross]


def with_lithium(slab, site, height, out):
    with open(slab) as f:
        lines = f.read().splitlines()
    x, y, z = site['position_ang']
    with open(out, 'w') as f:
        f.write('\n'.join([str(int(lines[0]) + 1)] + lines[1:] + [f'Li {x:.16g} {y:.16g} {z + height:.16g}']) + '\n')


def measure(name, setting):
    system = SYSTEMS[name]
    with tempfile.TemporaryDirectory() as folder:
        slab, sites, full = (os.path.join(folder, n) for n in ('slab.extxyz', 'sites.json', 'li.extxyz'))
        run(LISCREEN, 'slab', system['id'], f'--facet={system["facet"]}', f'--layers={setting["layers"]}',
            f'--vacuum-ang={setting["vacuum"]}', f'--out={slab}')
        run(LISCREEN, 'sites', slab, f'--json={sites}')
        with open(sites) as f:
            found = json.load(f)['sites']
        row = {'system': name, **setting}
        row['e_slab_ev'], row['mesh'] = energy(slab, setting, setting['k'], 2, folder)
        for i, label in enumerate(system['sites']):
            site = next(s for s in found if label in (s['name'], s['label']))
            with_lithium(slab, site, system['height'][label], full)
            row[f'e_site{i + 1}_ev'], _ = energy(full, setting, setting['k'], 2, folder)
        lithium = os.path.join(folder, 'bulk.extxyz')
        a = 3.44 / 2
        with open(lithium, 'w') as f:
            f.write(f'1\nLattice="{-a} {a} {a} {a} {-a} {a} {a} {a} {-a}" Properties=species:S:1:pos:R:3 pbc="T T T"\n'
                    'Li 0 0 0\n')
        row['e_li_ev'], row['mesh_li'] = energy(lithium, setting, LI_SPACING, 3, folder)
        return row


def key(row):
    return (row['system'], *(float(row[a]) for a in AXES))


def rows_of(path):
    if not os.path.exists(path):
        return []
    with open(path) as f:
        return list(csv.DictReader(line for line in f if not line.startswith('#')))


def study(path, names):
    done = {key(row) for row in rows_of(path)}
    for name in names:
        for axis in AXES:
            for value in SYSTEMS[name]['axis'][axis]:
                setting = dict(SYSTEMS[name]['base'], **{axis: value})
                if key({'system': name, **setting}) in done:
                    continue
                row = measure(name, setting)
                done.add(key(row))
                is_new = not os.path.exists(path)
                with open(path, 'a', newline='') as f:
                    out = csv.DictWriter(f, FIELDS, lineterminator='\n')
                    if is_new:
                        out.writeheader()
                    out.writerow(row)
                print(name, axis, value, binding(row), flush=True)


def binding(row):
    """Binding on the first site and site difference, eV."""
    e = [float(row[k]) for k in ('e_slab_ev', 'e_site1_ev', 'e_site2_ev', 'e_li_ev')]
    return e[1] - e[0] - e[3], e[2] - e[1]


def table(path):
    rows = {key(row): row for row in rows_of(path)}
    for name, system in SYSTEMS.items():
        for axis in AXES:
            values = [(v, rows.get(key({'system': name, **system['base'], axis: v}))) for v in system['axis'][axis]]
            if not values[-1][1]:
                continue
            finest = binding(values[-1][1])
            difference = ' - '.join(reversed(system['sites']))
            print(f'\n| {name}, {axis} | mesh | binding, eV | change, meV | {difference}, eV | change, meV |\n'
                  '|---|---|---|---|---|---|')
            for value, row in values:
                if row:
                    b, d = binding(row)
                    print(f'| {value} | {row["mesh"]} | {b:.4f} | {1e3 * (b - finest[0]):+.1f} | {d:.4f} |'
                          f' {1e3 * (d - finest[1]):+.1f} |')


def main():
    if len(sys.argv) < 3 or sys.argv[1] not in ('run', 'table'):
        sys.exit(__doc__)
    if sys.argv[1] == 'run':
        study(sys.argv[2], sys.argv[3:] or list(SYSTEMS))
    else:
        table(sys.argv[2])


main()
