#!/usr/bin/python3
"""peers.py - the benchmark's systems in other codes, in the same run, alternating with dft-lite.

For every system, `--repeat` times: dft-lite, then each peer, one after the other; medians are compared.
Same structure, cutoff, mesh, smearing; GPAW and ABINIT read the same PAW data files.

  GPAW    convergence={'energy': 1e-5, 'density': 1e-5}, both per valence electron; its own density grid
          unless --grid=full; time from atoms to energy
  ABINIT  toldfe 1e-5 eV per cell, pawecutdg = 4 ecut, as many bands as dft-lite; time of the program;
          its energies count from another zero
  QE      with --upf=DIR only (files ELEMENT.UPF): other data, so its time is a hint and its energy is not
          compared; conv_thr 1e-5 eV, at the same cutoff or --qe-ecut-ry

Two MPI ranks against two threads.  dft-lite stops at 1e-5 eV per cell.
Run from the top of the repository: make bench-peers ARGS='--only=cu,al'
"""
import argparse
import gzip
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import time
from datetime import datetime, timezone

HARTREE_EV, BOHR_ANG, RYDBERG_EV = 27.21138602, 0.52917721067, 13.60569301
DATA = "tests/bench/data"
SETUPS = "/usr/share/gpaw-setups"
HERE = os.path.dirname(os.path.abspath(__file__))


def read_extxyz(path):
    """cell rows (Angstrom), symbols, Cartesian positions of a file of tests/bench/data."""
    lines = open(path).read().splitlines()
    numbers = [float(x) for x in re.search(r'Lattice="([^"]*)"', lines[1]).group(1).split()]
    rows = [line.split() for line in lines[2:2 + int(lines[0])]]
    return ([numbers[3 * i:3 * i + 3] for i in range(3)], [row[0] for row in rows],
            [[float(x) for x in row[1:4]] for row in rows])


def read_systems():
    systems = json.load(open(f"{DATA}/systems.json"))["systems"]
    for system in systems:
        system["path"] = f"{DATA}/{system.get('file', system['name'])}.extxyz"
    return systems


def mpi(ranks):
    """mpiexec, with what Open MPI wants to hear from root and on few cores."""
    words = ["mpiexec", "-n", str(ranks)]
    version = subprocess.run(["mpiexec", "--version"], capture_output=True, text=True).stdout
    if "Open MPI" in version or "OpenRTE" in version:
        words += ["--oversubscribe"] + (["--allow-run-as-root"] if os.geteuid() == 0 else [])
    return words


def call(words, args, log, cwd=None):
    """Runs a program with one thread a rank; (seconds, what went wrong or None)."""
    start = time.time()
    with open(log, "w") as file:
        program = subprocess.Popen(words, stdout=file, stderr=subprocess.STDOUT, cwd=cwd,
                                   env=dict(os.environ, OMP_NUM_THREADS="1"))
        try:
            code = program.wait(timeout=args.timeout_s)
        except subprocess.TimeoutExpired:
            program.terminate()             # mpiexec then ends its ranks; killed, it could not
            program.wait()
            return time.time() - start, f"stopped after {args.timeout_s:g} s"
    return time.time() - start, None if code == 0 else f"exit {code}, see {log}"


def run_own(system, args, work, own):
    done = subprocess.run([args.bench, f"--run={system['name']}", f"--threads={args.ranks}"],
                          capture_output=True, text=True)
    if done.returncode not in (0, 2):
        return dict(converged=False, message=done.stderr.strip())
    return json.loads(done.stdout)


def run_gpaw(system, args, work, own):
    spec, out = os.path.abspath(f"{work}/gpaw.json"), os.path.abspath(f"{work}/gpaw-out.json")
    if os.path.exists(out):
        os.remove(out)
    json.dump(dict(system, grid=args.grid), open(spec, "w"))
    words = mpi(args.ranks) + ["gpaw", "python", f"{HERE}/peer_gpaw.py", spec, out, f"{work}/gpaw.txt"]
    _, wrong = call(words, args, f"{work}/gpaw.log")
    return dict(converged=False, message=wrong) if wrong else json.load(open(out))


def unpack_setups(system, symbols, work):
    """Uncompressed PAW-XML files, which ABINIT wants; one path an element."""
    paths = []
    for symbol in symbols:
        name = system.get("data", {}).get(symbol, symbol)
        paths.append(os.path.abspath(f"{work}/{name}.PBE.xml"))
        with gzip.open(f"{SETUPS}/{name}.PBE.gz") as packed, open(paths[-1], "wb") as file:
            shutil.copyfileobj(packed, file)
    return paths


def atomic_number(path):
    return int(float(re.search(r'<atom[^>]*\bZ="\s*([.\d]+)"', open(path, encoding="latin-1").read()).group(1)))


def abinit_input(system, own, paths):
    cell, symbols, positions = read_extxyz(system["path"])
    kinds = list(dict.fromkeys(symbols))
    ecut = system["ecut_ev"] / HARTREE_EV
    rows = lambda matrix: "\n".join(" ".join(f"{x / BOHR_ANG:.12f}" for x in row) for row in matrix)
    shift = [0.5 * s for s in system.get("kshift", [0, 0, 0])]
    return f"""pseudos "{', '.join(paths)}"
ecut {ecut:.12f}
pawecutdg {4 * ecut:.12f}
acell 3*1.0
rprim
{rows(cell)}
ntypat {len(kinds)} znucl {' '.join(str(atomic_number(path)) for path in paths)}
natom {len(symbols)} typat {' '.join(str(kinds.index(s) + 1) for s in symbols)}
xcart
{rows(positions)}
ngkpt {' '.join(map(str, system['kmesh']))} nshiftk 1 shiftk {' '.join(map(str, shift))}
occopt 3 tsmear {system['width_ev'] / HARTREE_EV:.14f}
nband {own['n_bands']}
nstep 80 toldfe {1e-5 / HARTREE_EV:.6e}
prtwf 0 prtden 0 prteig 0 prtgsr 0 optforces 0 optstress 0
chksymtnons 0 chkprim 0
"""


def run_abinit(system, args, work, own):
    if "n_bands" not in own:
        return dict(converged=False, message="dft-lite gave no number of bands")
    for name in os.listdir(work):
        if name.startswith("run."):
            os.remove(f"{work}/{name}")
    _, symbols, _ = read_extxyz(system["path"])
    kinds = list(dict.fromkeys(symbols))
    paths = unpack_setups(system, kinds, work)
    open(f"{work}/run.abi", "w").write(abinit_input(system, own, paths))
    wall, wrong = call(mpi(args.ranks) + ["abinit", "run.abi"], args, f"{work}/abinit.log", cwd=work)
    if wrong:
        return dict(converged=False, message=wrong, wall_s=wall)
    text = open(f"{work}/run.abo").read()
    energies = re.findall(r"etotal\s+([-+.\dEeD]+)", text)
    steps = re.findall(r"^ ETOT\s*(\d+)", text, re.M)
    nkpt = re.findall(r"^\s*nkpt\s+(\d+)", text, re.M)
    return dict(wall_s=wall, converged="not enough SCF cycles" not in text and bool(energies),
                free_energy_ev=float(energies[-1].replace("D", "E")) * HARTREE_EV, n_bands=own["n_bands"],
                scf_iterations=int(steps[-1]), n_k=int(nkpt[-1]) if nkpt else None, ranks=args.ranks)


def qe_input(system, args, work):
    cell, symbols, positions = read_extxyz(system["path"])
    kinds = list(dict.fromkeys(symbols))
    ecut = args.qe_ecut_ry or system["ecut_ev"] / RYDBERG_EV
    rows = lambda matrix: "\n".join(" ".join(f"{x:.12f}" for x in row) for row in matrix)
    atoms = "\n".join(f"{s} " + " ".join(f"{x:.12f}" for x in p) for s, p in zip(symbols, positions))
    species = "\n".join(f"{kind} 1.0 {kind}.UPF" for kind in kinds)
    mesh = " ".join(map(str, list(system["kmesh"]) + list(system.get("kshift", [0, 0, 0]))))
    return f"""&control
 calculation = 'scf', outdir = '{work}/qe', pseudo_dir = '{os.path.abspath(args.upf)}', disk_io = 'none'
/
&system
 ibrav = 0, nat = {len(symbols)}, ntyp = {len(kinds)}, ecutwfc = {ecut:.8f}, ecutrho = {4 * ecut:.8f}
 occupations = 'smearing', smearing = 'fermi-dirac', degauss = {system['width_ev'] / RYDBERG_EV:.10f}
/
&electrons
 conv_thr = {1e-5 / RYDBERG_EV:.6e}
/
ATOMIC_SPECIES
{species}
CELL_PARAMETERS angstrom
{rows(cell)}
ATOMIC_POSITIONS angstrom
{atoms}
K_POINTS automatic
{mesh}
"""


def run_qe(system, args, work, own):
    _, symbols, _ = read_extxyz(system["path"])
    lacking = [k for k in dict.fromkeys(symbols) if not os.path.exists(f"{args.upf}/{k}.UPF")]
    if lacking:
        return dict(converged=False, message=f"{args.upf} lacks {', '.join(k + '.UPF' for k in lacking)}")
    path = f"{work}/qe.in"
    open(path, "w").write(qe_input(system, args, os.path.abspath(work)))
    wall, wrong = call(mpi(args.ranks) + ["pw.x", "-nk", str(args.ranks), "-in", path], args, f"{work}/qe.out")
    text = open(f"{work}/qe.out").read()
    energies = re.findall(r"!\s+total energy\s+=\s+([-+.\d]+)", text)
    if wrong or not energies:
        return dict(converged=False, message=wrong or "no energy", wall_s=wall)
    k_points = re.search(r"number of k points=\s*(\d+)", text)
    bands = re.search(r"number of Kohn-Sham states=\s*(\d+)", text)
    return dict(wall_s=wall, converged="convergence NOT achieved" not in text,
                n_k=int(k_points.group(1)) if k_points else None, n_bands=int(bands.group(1)) if bands else None,
                free_energy_ev=float(energies[-1]) * RYDBERG_EV,
                scf_iterations=len(re.findall(r"iteration #", text)), ranks=args.ranks)


RUN = {"dft-lite": run_own, "gpaw": run_gpaw, "abinit": run_abinit, "qe": run_qe}
PROGRAM = {"gpaw": "gpaw", "abinit": "abinit", "qe": "pw.x"}


def choose_peers(args):
    """Those asked for that are installed; says which are not."""
    chosen = []
    for name in args.peers.split(","):
        if name not in PROGRAM:
            sys.exit(f"--peers={name}: gpaw, abinit or qe")
        if name == "qe" and not args.upf:
            continue
        if shutil.which(PROGRAM[name]) is None:
            print(f"{name} is not installed and left out", file=sys.stderr)
            continue
        chosen.append(name)
    return chosen


def middle(runs):
    """The run whose time is the median (the lower one of an even number), with all times; or a failure."""
    good = sorted((run for run in runs if run.get("converged")), key=lambda run: run["wall_s"])
    if not good:
        return runs[-1]
    return dict(good[(len(good) - 1) // 2], wall_s=statistics.median(run["wall_s"] for run in good),
                walls_s=[run["wall_s"] for run in runs if "wall_s" in run])


def run_system(system, peers, args):
    runs = {name: [] for name in ["dft-lite"] + peers}
    for i in range(args.repeat):
        for name in runs:
            if runs[name] and name != "dft-lite" and not runs[name][-1].get("converged"):
                continue                    # what failed once is not asked again
            work = f"{args.work}/{system['name']}/{name}"
            os.makedirs(work, exist_ok=True)
            own = runs["dft-lite"][-1] if runs["dft-lite"] else {}
            run = RUN[name](system, args, work, own)
            runs[name].append(run)
            print(f"{system['name']:17s} {name:9s} {i + 1}/{args.repeat} {run.get('wall_s', float('nan')):9.2f} s  "
                  f"{run.get('message', '') or ''}", file=sys.stderr, flush=True)
    return {name: middle(some) for name, some in runs.items()}


def number(value, form, width):
    return format(value, f"{width}{form}") if isinstance(value, (int, float)) else "-".rjust(width)


def print_table(systems):
    print(f"{'system':17s} {'code':9s} {'wall s':>9s} {'steps':>5s} {'k':>4s} {'bands':>5s} {'MiB':>6s} "
          f"{'free energy eV':>15s} {'dE meV':>9s} {'x dft-lite':>10s}")
    for name, codes in systems.items():
        own = codes["dft-lite"]
        for code, run in codes.items():
            good = run.get("converged")
            energy = run.get("free_energy_ev") if good else None
            both = good and own.get("converged") and code in ("dft-lite", "gpaw")
            difference = 1e3 * (energy - own["free_energy_ev"]) if both else None
            ratio = run["wall_s"] / own["wall_s"] if good and own.get("converged") else None
            print(f"{name:17s} {code:9s} {number(run.get('wall_s'), '.2f', 9)} "
                  f"{number(run.get('scf_iterations'), 'd', 5)} {number(run.get('n_k'), 'd', 4)} "
                  f"{number(run.get('n_bands'), 'd', 5)} {number(run.get('peak_rss_mib'), '.0f', 6)} "
                  f"{number(energy, '.6f', 15)} {number(difference, '.3f', 9)} {number(ratio, '.2f', 10)}"
                  f"{'' if good else '  ' + (run.get('message') or 'not converged')}")


def machine():
    text = open("/proc/cpuinfo").read()
    model = re.search(r"model name\s*:\s*(.*)", text)
    return f"{model.group(1) if model else 'unknown processor'}, {os.cpu_count()} cores"


def write_json(args, peers, systems):
    os.makedirs(os.path.dirname(args.json) or ".", exist_ok=True)
    whole = dict(machine=machine(), date=datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M"),
                 repeat=args.repeat, ranks=args.ranks, gpaw_grid=args.grid, systems=systems)
    with open(args.json + ".tmp", "w") as file:
        json.dump(whole, file, indent=1)
    os.replace(args.json + ".tmp", args.json)


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bench", default="build/bin/bench")
    parser.add_argument("--only", help="systems or groups, comma separated; default full")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--ranks", type=int, default=2, help="MPI ranks of the peers, threads of dft-lite")
    parser.add_argument("--peers", default="gpaw,abinit,qe")
    parser.add_argument("--grid", choices=["default", "full"], default="default")
    parser.add_argument("--upf", help="directory of ELEMENT.UPF for QE")
    parser.add_argument("--qe-ecut-ry", type=float)
    parser.add_argument("--timeout-s", type=float, default=3600.0, help="for one run of a peer")
    parser.add_argument("--json", default="build/bench/peers.json")
    parser.add_argument("--work", default="build/bench/peers")
    args = parser.parse_args()
    if args.repeat < 1 or args.ranks < 1:
        parser.error("--repeat and --ranks are 1 or more")
    return args


def main():
    args = parse()
    words = (args.only or "full").split(",")
    chosen = [s for s in read_systems() if s["name"] in words or s["group"] in words]
    if not chosen:
        sys.exit(f"--only={args.only}: no such system or group; {args.bench} --list")
    peers, systems = choose_peers(args), {}
    for system in chosen:
        systems[system["name"]] = run_system(system, peers, args)
        write_json(args, peers, systems)
    print_table(systems)
    print("dE: free energy against dft-lite's, both relative to the data sets' reference atoms; ABINIT counts "
          "from another zero, QE uses other data.")


main()
