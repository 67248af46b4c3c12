#!/usr/bin/python3
"""invariants_mpmath.py - invariants of Al-Li and Li-Mg from their published parameters, by other means.

Gibbs energies are written out here by hand from COST 507 vol. 2 (Al-Li, Li-Mg: N. Saunders) and SGTE
(A.T. Dinsdale, Calphad 15 (1991) 317); nothing of the project reads, evaluates or solves anything.
A lower hull over meshes of compositions finds which phases coexist, bisection in T where that changes,
and mpmath's findroot with 30 digits and numerical derivatives the three-phase equilibrium.
Writes tests/data/peers/invariants.csv for tests/descriptors/test_calphad_diagram.c.  Needs Debian's
python3-mpmath and python3-numpy.  Run from the top of the repository:  tests/peers/invariants_mpmath.py
"""
import csv
import math

import mpmath as mp
import numpy as np

OUT = "tests/data/peers/invariants.csv"
R = 8.31451                      # J/(mol K), the constant of both sets
mp.mp.dps = 30


def powers(t, ln, a, b, c, **more):
    return a + b * t + c * t * ln(t) + sum(v * t ** int(k[1:].replace("m", "-")) for k, v in more.items())


def ghser_li(t, ln):
    if t < 453.6:
        return powers(t, ln, -10583.817, 217.637482, -38.940488, p2=.035466931, p3=-1.9869816e-05, pm1=159994)
    if t < 500:
        return powers(t, ln, -559579.123, 10547.8799, -1702.88865, p2=2.25832944, p3=-5.71066077e-04, pm1=33885874)
    return powers(t, ln, -9062.994, 179.278285, -31.2283718, p2=.002633221, p3=-4.38058e-07, pm1=-102387)


def gliq_li(t, ln):
    if t < 453.6:
        return powers(t, ln, 12015.027, -362.187078, 61.6104424, p2=-.182426463, p3=6.3955671e-05, pm1=-559968)
    return powers(t, ln, -6057.31, 172.652183, -31.2283718, p2=.002633221, p3=-4.38058e-07, pm1=-102387)


def ghser_al(t, ln):
    if t < 700:
        return powers(t, ln, -7976.15, 137.093038, -24.3671976, p2=-.001884662, p3=-8.77664e-07, pm1=74092)
    if t < 933.47:
        return powers(t, ln, -11276.24, 223.048446, -38.5844296, p2=.018531982, p3=-5.764227e-06, pm1=74092)
    return powers(t, ln, -11278.361, 188.684136, -31.748192, pm9=-1.230622e+28)


def gliq_al(t, ln):
    if t < 933.47:
        return ghser_al(t, ln) + 11005.045 - 11.84185 * t + 7.9337e-20 * t ** 7
    return powers(t, ln, -795.991, 177.430209, -31.748192)


def ghser_mg(t, ln):
    if t < 923:
        return powers(t, ln, -8367.34, 143.675547, -26.1849782, p2=4.858e-04, p3=-1.393669e-06, pm1=78950)
    return powers(t, ln, -14130.185, 204.716215, -34.3088, pm9=1.038192e+28)


def gliq_mg(t, ln):
    if t < 923:
        return ghser_mg(t, ln) + 8202.243 - 8.83693 * t - 8.0176e-20 * t ** 7
    return powers(t, ln, -5439.869, 195.324057, -34.3088)


def mixing(y, ln):
    return y * ln(y) + (1 - y) * ln(1 - y)


class Solution:
    """Substitutional solution of two elements; excess: functions of T for (x_first - x_second)^k, file order."""
    n_variables = 1

    def __init__(self, first, second, excess, li_first):
        self.first, self.second, self.excess, self.li_first = first, second, excess, li_first

    def gibbs(self, x, t, ln):                           # x: x(Li)
        xa = x if self.li_first else 1 - x
        g = xa * self.first(t, ln) + (1 - xa) * self.second(t, ln) + R * t * mixing(x, ln)
        return g + xa * (1 - xa) * sum(l(t) * (2 * xa - 1) ** k for k, l in enumerate(self.excess))

    def points(self, t):
        x = 1 / (1 + np.exp(-np.linspace(-7.6, 7.6, 3001)))
        x = np.union1d(x, np.linspace(0.001, 0.999, 999))
        return [(v, v, 1.0, g) for v, g in zip(x, self.gibbs(x, t, np.log))]

    def state(self, t, z):                               # z = ln(x/(1 - x)) keeps x inside
        x = 1 / (1 + mp.exp(-z))
        return self.gibbs(x, t, mp.log), 1 - x, x

    def guess(self, where):
        return [math.log(where / (1 - where))]


class LiAl:
    """B32 (Al,Li)(Li,Va): u = Li on the Al sublattice, v = vacancies on the Li sublattice; per formula."""
    n_variables = 2

    def gibbs(self, u, v, t, ln):
        al, li = ghser_al(t, ln), ghser_li(t, ln)
        g = (1 - u) * (1 - v) * (-41300 + 16.86 * t + al + li) + u * (1 - v) * (2 + 2 * li)
        g += (1 - u) * v * (24000 + al) + u * v * (50000 + li)
        g += (1 - u) * u * ((1 - v) * (20000 - 26000 * (1 - 2 * u)) + v * 2000)
        g += (1 - u) * (1 - v) * v * (-24000 + 10 * t)
        return g + R * t * (mixing(u, ln) + mixing(v, ln))

    def points(self, t):
        axis = np.exp(np.linspace(-14, -1, 261))
        u, v = (m.ravel() for m in np.meshgrid(axis, axis))
        atoms = 2 - v
        x, g = (1 + u - v) / atoms, self.gibbs(u, v, t, np.log) / atoms
        best = {}                                        # the lowest of each composition
        for k, key in enumerate(np.round(x, 4)):
            if key not in best or g[k] < g[best[key]]:
                best[key] = k
        return [((u[k], v[k]), x[k], 1.0, g[k]) for k in best.values()]

    def state(self, t, a, b):                            # logarithms of u and v
        u, v = mp.exp(a), mp.exp(b)
        return self.gibbs(u, v, t, mp.log), 1 - u, 1 + u - v

    def guess(self, where):
        return [math.log(w) for w in where]


class Line:
    """A compound without a range."""
    n_variables = 0

    def __init__(self, n_al, n_li, h, s):
        self.n_al, self.n_li, self.h, self.s = n_al, n_li, h, s

    def state(self, t):
        ln = np.log if isinstance(t, float) else mp.log
        g = self.h + self.s * t + self.n_al * ghser_al(t, ln) + self.n_li * ghser_li(t, ln)
        return g, self.n_al, self.n_li

    def points(self, t):
        n = self.n_al + self.n_li
        return [(None, self.n_li / n, 1.0, self.state(float(t))[0] / n)]

    def guess(self, where):
        return []


SYSTEMS = {
    "Al-Li": {
        "LIQUID": Solution(gliq_al, gliq_li, [lambda t: -41500 + 20.96 * t, lambda t: 10000 - 5.8 * t,
                                              lambda t: 15902 - 9.368 * t, lambda t: -250], False),
        "FCC_A1": Solution(ghser_al, lambda t, ln: ghser_li(t, ln) - 108 + 1.3 * t,
                           [lambda t: -27000 + 8 * t, lambda t: 0, lambda t: 3000 + t], False),
        "BCC_A2": Solution(lambda t, ln: ghser_al(t, ln) + 10083 - 4.813 * t, ghser_li,
                           [lambda t: -27000 + 8 * t, lambda t: 0, lambda t: 3000], False),
        "HCP_A3": Solution(lambda t, ln: ghser_al(t, ln) + 5481 - 1.8 * t,
                           lambda t, ln: ghser_li(t, ln) - 154 + 2 * t, [lambda t: -27000 + 8 * t], False),
        "ALLI": LiAl(),
        "AL2LI3": Line(2, 3, -89640, 32.79),
        "AL4LI9": Line(4, 9, -185250, 67.8),
    },
    "Li-Mg": {
        "LIQUID": Solution(gliq_li, gliq_mg, [lambda t: -14935 + 10.371 * t, lambda t: -1789 + 1.143 * t,
                                              lambda t: 6533 - 6.6915 * t], True),
        "BCC_A2": Solution(ghser_li, lambda t, ln: ghser_mg(t, ln) + 3100 - 2.1 * t,
                           [lambda t: -18335 + 8.49 * t, lambda t: 3481, lambda t: 2658 - .114 * t], True),
        "FCC_A1": Solution(lambda t, ln: ghser_li(t, ln) - 108 + 1.3 * t,
                           lambda t, ln: ghser_mg(t, ln) + 2600 - .9 * t, [lambda t: 7500], True),
        "HCP_A3": Solution(lambda t, ln: ghser_li(t, ln) - 154 + 2 * t, ghser_mg,
                           [lambda t: -6856, lambda t: 4000, lambda t: 4000], True),
    },
}


def fields(phases, t):
    """Two-phase edges of the lower hull over all phases: ((name, name), its two points)."""
    points = sorted(((x, g, name, where) for name, phase in phases.items()
                     for where, x, _, g in phase.points(t)), key=lambda p: p[:2])
    hull = []
    for p in points:
        while len(hull) > 1 and ((hull[-1][1] - hull[-2][1]) * (p[0] - hull[-1][0])
                                 >= (p[1] - hull[-1][1]) * (hull[-1][0] - hull[-2][0])):
            hull.pop()
        hull.append(p)
    return [((a[2], b[2]), (a, b)) for a, b in zip(hull, hull[1:]) if a[2] != b[2]]


def names(edges):
    return [pair for pair, _ in edges]


def middle_phase(one, two):
    """Where one has an edge A|C and two has A|B and B|C in its place: the three points A, B, C."""
    for pair, _ in one:
        for (left, l), (right, r) in zip(two, two[1:]):
            if pair == (left[0], right[1]) and left[1] == right[0] and min(r[0][0] - l[0][0], r[1][0] - r[0][0]) > 1e-3:
                return l[0], r[0], r[1]        # a mesh ends: closer together is the melting of a pure element
    return None


def newton(equations, at):
    """Newton's method with a numerical Jacobian; steps in composition at most 0.5 (logarithms), in T 5 K."""
    for _ in range(200):
        value = mp.matrix(equations(*at))
        jacobian = mp.matrix(len(at), len(at))
        for k in range(len(at)):
            h = mp.mpf(10) ** -12 * max(1, abs(at[k]))
            moved = mp.matrix(equations(*(at[:k] + [at[k] + h] + at[k + 1:])))
            for i in range(len(at)):
                jacobian[i, k] = (moved[i] - value[i]) / h
        step = mp.lu_solve(jacobian, -value)
        limit = [5] + [mp.inf] * 2 + [0.5] * (len(at) - 3)
        scale = min([1] + [m / abs(d) for m, d in zip(limit, step) if d != 0])
        at = [a + scale * d for a, d in zip(at, step)]
        if scale == 1 and abs(step[0]) < 1e-15:
            return at
    raise ArithmeticError("no three-phase equilibrium near %s" % [float(a) for a in at])


def exact(phases, three, t):
    """All three phases on one tangent: G = n . mu for each, and no slope left in its own variables."""
    kinds = [phases[p[2]] for p in three]
    start = [t, (three[2][1] - three[0][1]) / (three[2][0] - three[0][0])]      # T; mu_Li - mu_other
    start.insert(1, three[0][1] - start[1] * three[0][0])                       # mu_other
    start[2] += start[1]
    for kind, p in zip(kinds, three):
        start += kind.guess(p[3])

    def split(values):
        at, rest = [], list(values[3:])
        for kind in kinds:
            at.append(rest[:kind.n_variables])
            rest = rest[kind.n_variables:]
        return at

    def equations(*values):
        temperature, mu_other, mu_li = values[:3]
        out = []
        for kind, own in zip(kinds, split(values)):
            def omega(*w, kind=kind):
                g, n_other, n_li = kind.state(temperature, *w)
                return g - n_other * mu_other - n_li * mu_li
            out.append(omega(*own))
            for k in range(len(own)):
                order = tuple(1 if i == k else 0 for i in range(len(own)))
                out.append(mp.diff(omega, tuple(own), order) if len(own) > 1 else mp.diff(omega, own[0]))
        return out
    root = newton(equations, [mp.mpf(v) for v in start])
    x = []
    for kind, own in zip(kinds, split(root)):
        _, n_other, n_li = kind.state(root[0], *own)
        x.append(mp.mpf(n_li) / (n_other + n_li))
    return root[0], x


def invariants(phases, lowest, highest):
    t, edges = lowest, fields(phases, lowest)
    while t < highest:
        lo, hi, below, above = t, t + 4.0, edges, fields(phases, t + 4.0)
        t, edges = hi, above
        if names(below) == names(above):
            continue
        while hi - lo > 0.05:
            mid = 0.5 * (lo + hi)
            between = fields(phases, mid)
            if names(between) == names(below):
                lo, below = mid, between
            else:
                hi, above = mid, between
        three = middle_phase(below, above) or middle_phase(above, below)
        if three:
            yield [p[2] for p in three], exact(phases, three, 0.5 * (lo + hi))


def main():
    with open(OUT, "w", newline="") as file:
        file.write("# Three-phase equilibria of the published parameters of COST 507 (N. Saunders), by another program:\n"
                   "# written by tests/peers/invariants_mpmath.py with mpmath %s.  x: x(Li) of each phase.\n"
                   % mp.__version__)
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["system", "temperature_k", "phase_1", "x_1", "phase_2", "x_2", "phase_3", "x_3"])
        for system, phases in SYSTEMS.items():
            for three, (t, x) in invariants(phases, 300.0, 1000.0):
                row = [system, mp.nstr(t, 10)]
                for k in range(3):
                    row += [three[k], mp.nstr(x[k], 9)]
                out.writerow(row)
                print(*row)


if __name__ == "__main__":
    main()
