/*
 * The tables of `make bench`.  Rates are those of one thread while all work: operations over
 * thread-seconds, so that they stand beside what FFTW and OpenBLAS reach on as many threads.
 */

#include "tests/bench/bench.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "tests/bench/stats.h"

#define MAX_POINTS 32
#define BUSY 0.7                    /* load average before the run from which others are in the way */
#define MOVED_EV 1e-4               /* energy change since the stored run that is worth a word */

/* NaN when it is not there. */
static double number(const json_t *from, const char *key)
{
    const json_t *value = json_object_get(from, key);
    return json_is_number(value) ? json_number_value(value) : NAN;
}

static const char *text(const json_t *from, const char *key)
{
    const char *value = json_string_value(json_object_get(from, key));
    return value ? value : "";
}

static int converged(const json_t *system) { return json_is_true(json_object_get(system, "converged")); }

/* "-" for what nobody knows. */
static void print_number(int width, int digits, double value)
{
    if (isnan(value))
        printf(" %*s", width, "-");
    else
        printf(" %*.*f", width, digits, value);
}

/* The same system in the stored file, if it ran with the same settings. */
static const json_t *same_in(const json_t *stored, const char *name, const json_t *now)
{
    const json_t *then = json_object_get(json_object_get(stored, "systems"), name);

    return then && number(then, "threads") == number(now, "threads")
                   && json_equal(json_object_get(then, "settings"), json_object_get(now, "settings"))
                   && converged(then) ? then : NULL;
}

/* A run's wall time against the stored one's; counts what is slower.  Prints the end of the row. */
static int compare(const json_t *now, const json_t *then)
{
    const double ratio = converged(now) ? number(now, "wall_s") / number(then, "wall_s") : NAN;
    const double moved_ev = number(now, "free_energy_ev") - number(then, "free_energy_ev");
    const int slower = ratio > BENCH_SLOWER;

    print_number(7, 3, ratio);
    if (!converged(now))
        printf("  NOT CONVERGED: %s", text(now, "message"));
    else if (slower)
        printf("  SLOWER");
    if (then && converged(now) && fabs(moved_ev) > MOVED_EV)
        printf("  ENERGY MOVED %+.2f meV", 1e3 * moved_ev);
    printf("\n");
    return slower;
}

static int print_systems(json_t *systems, const json_t *stored)
{
    const char *name;
    json_t *one;
    int n_slower = 0;

    printf("%-17s %3s %5s %4s %5s %6s %5s %8s %9s %9s %6s %15s %7s\n", "system", "thr", "atoms", "k",
           "bands", "pw", "steps", "H bands", "wall s", "cpu s", "MiB", "free energy eV", "/stored");
    json_object_foreach(systems, name, one) {
        printf("%-17s %3.0f", name, number(one, "threads"));
        print_number(5, 0, number(one, "n_atoms"));
        print_number(4, 0, number(one, "n_k"));
        print_number(5, 0, number(one, "n_bands"));
        print_number(6, 0, number(one, "n_plane_waves"));
        print_number(5, 0, number(one, "scf_iterations"));
        print_number(8, 0, number(one, "n_applied"));
        print_number(9, 2, number(one, "wall_s"));
        print_number(9, 2, number(one, "cpu_s"));
        print_number(6, 0, number(one, "peak_rss_mib"));
        print_number(15, 6, converged(one) ? number(one, "free_energy_ev") : NAN);
        n_slower += compare(one, same_in(stored, name, one));
    }
    return n_slower;
}

static void print_limits(json_t *systems)
{
    static const char *const precisions[] = { "double", "single" };
    const char *name;
    json_t *one;

    printf("\nThe machine alone, one of the threads (ms a transform of the box; GF/s; GB/s):\n%-17s", "");
    for (int p = 0; p < 2; p++)
        printf("  %-6s %7s %6s %6s %6s %6s", precisions[p], "fft ms", "fft", "proj.", "prod.", "rot.");
    printf("  %6s\n", "triad");
    json_object_foreach(systems, name, one) {
        const json_t *limits = json_object_get(one, "limits");
        if (!json_is_object(limits))
            continue;
        printf("%-17s", name);
        for (int p = 0; p < 2; p++) {
            const json_t *rate = json_object_get(limits, precisions[p]);
            printf("  %-6s", "");
            print_number(7, 3, 1e3 * number(rate, "fft_s"));
            print_number(6, 1, number(rate, "fft"));
            print_number(6, 1, number(rate, "projection"));
            print_number(6, 1, number(rate, "products"));
            print_number(6, 1, number(rate, "rotate"));
        }
        printf(" ");
        print_number(6, 1, number(limits, "triad_gb_per_s"));
        printf("\n");
    }
}

/* A phase in one precision: seconds, share, rates, and the limit when FFTW or OpenBLAS has one. */
static void print_phase(const char *name, const char *precision, const json_t *sum, double all_s,
                        const json_t *limits)
{
    const double s = number(sum, "seconds"), flops = number(sum, "flops"), bytes = number(sum, "bytes");
    const double limit = number(json_object_get(limits, precision), name);
    const double rate = flops > 0.0 && s > 0.0 ? 1e-9 * flops / s : NAN;

    if (!(number(sum, "calls") > 0.0))
        return;
    printf("  %-12s %-6s %9.3f %5.1f%% %9.0f", name, precision, s, 100.0 * s / all_s, number(sum, "calls"));
    print_number(7, 1, rate);
    print_number(7, 1, limit);
    print_number(5, 2, rate / limit);
    print_number(7, 1, bytes > 0.0 && s > 0.0 ? 1e-9 * bytes / s : NAN);
    printf("\n");
}

static double seconds_of(const json_t *phases, const char *name)
{
    const json_t *phase = json_object_get(phases, name);
    const double in_double = number(json_object_get(phase, "double"), "seconds");
    const double in_single = number(json_object_get(phase, "single"), "seconds");

    return (isnan(in_double) ? 0.0 : in_double) + (isnan(in_single) ? 0.0 : in_single);
}

/* How long FFTW or OpenBLAS alone would take for the operations of a phase. */
static double alone_s(const json_t *phases, const char *name, const json_t *limits)
{
    static const char *const precisions[] = { "double", "single" };
    double s = 0.0;

    for (int p = 0; p < 2; p++) {
        const json_t *sum = json_object_get(json_object_get(phases, name), precisions[p]);
        const double flops = number(sum, "flops");
        if (flops > 0.0)
            s += 1e-9 * flops / number(json_object_get(limits, precisions[p]), name);
    }
    return s;
}

/* H application against its transforms and products in isolation: the whole of fft, local and projection
 * over what FFTW and OpenBLAS need for the operations of fft and projection. */
static void print_application(const json_t *phases, const json_t *limits, double all_s, double wall_s,
                              double threads)
{
    const double own = seconds_of(phases, "fft") + seconds_of(phases, "local")
                     + seconds_of(phases, "projection");
    const double alone = alone_s(phases, "fft", limits) + alone_s(phases, "projection", limits);

    printf("  %.0f%% of %.0f threads x wall time booked", 100.0 * all_s / (threads * wall_s), threads);
    if (alone > 0.0)
        printf("; H applications take %.2f times their FFTs and products alone", own / alone);
    printf("\n");
}

static void print_phases(json_t *systems)
{
    const char *name, *phase;
    json_t *one, *sums;

    json_object_foreach(systems, name, one) {
        json_t *phases = json_object_get(one, "phases");
        const json_t *limits = json_object_get(one, "limits");
        double all_s = 0.0;
        if (!json_is_object(phases))
            continue;
        json_object_foreach(phases, phase, sums)
            all_s += seconds_of(phases, phase);
        printf("\n%s, %.2f s wall\n  %-12s %-6s %9s %6s %9s %7s %7s %5s %7s\n", name, number(one, "wall_s"),
               "phase", "", "thread s", "", "calls", "GF/s", "alone", "ratio", "GB/s");
        json_object_foreach(phases, phase, sums) {
            print_phase(phase, "double", json_object_get(sums, "double"), all_s, limits);
            print_phase(phase, "single", json_object_get(sums, "single"), all_s, limits);
        }
        print_application(phases, limits, all_s, number(one, "wall_s"), number(one, "threads"));
    }
}

static double size_along(const json_t *system, const char *series)
{
    static const struct { const char *series, *key; } sizes[] = {
        { "atoms", "n_atoms" }, { "kpoints", "n_k" }, { "bands", "n_bands" }, { "cutoff", "n_plane_waves" },
    };

    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
        if (strcmp(series, sizes[i].series) == 0)
            return number(system, sizes[i].key);
    return NAN;
}

/* How the time grows along one series: over all of it, and over its last factor of four. */
static void print_one_series(json_t *systems, const char *series)
{
    double x[MAX_POINTS], wall[MAX_POINTS], step[MAX_POINTS], largest = 0.0;
    double x4[MAX_POINTS], wall4[MAX_POINTS], step4[MAX_POINTS];
    const char *name;
    json_t *one;
    size_t n = 0, n4 = 0;

    json_object_foreach(systems, name, one) {
        if (n == MAX_POINTS || strcmp(text(one, "series"), series) != 0 || !converged(one))
            continue;
        x[n] = size_along(one, series);
        wall[n] = number(one, "wall_s");
        step[n] = wall[n] / number(one, "scf_iterations");
        largest = fmax(largest, x[n]);
        n++;
    }
    for (size_t i = 0; i < n; i++) {
        if (x[i] < 0.249 * largest)
            continue;
        x4[n4] = x[i];
        wall4[n4] = wall[i];
        step4[n4++] = step[i];
    }
    if (n < 2)
        return;
    printf("  %-8s %8.0f to %6.0f: wall time ~ x^%.2f, a step ~ x^%.2f;  from %.0f: x^%.2f, x^%.2f\n", series,
           x[0], largest, bench_exponent(n, x, wall), bench_exponent(n, x, step), n4 ? x4[0] : NAN,
           bench_exponent(n4, x4, wall4), bench_exponent(n4, x4, step4));
}

static void print_series(json_t *systems)
{
    static const char *const series[] = { "atoms", "kpoints", "bands", "cutoff" };
    const char *name;
    json_t *one;

    printf("\nGrowth (cutoff: x is the number of plane waves)\n");
    for (size_t i = 0; i < sizeof series / sizeof series[0]; i++)
        print_one_series(systems, series[i]);
    json_object_foreach(systems, name, one) {
        const json_t *other = json_object_get(systems, text(one, "against"));
        if (other && converged(one) && converged(other))
            printf("  %s (%.0f threads) takes %.2f times %s (%.0f threads)\n", name, number(one, "threads"),
                   number(one, "wall_s") / number(other, "wall_s"), text(one, "against"),
                   number(other, "threads"));
    }
}

static double fft_and_products(const json_t *system)
{
    const json_t *rate = json_object_get(json_object_get(system, "limits"), "double");
    return sqrt(number(rate, "fft") * number(rate, "projection"));
}

/* Is the machine itself as fast as it was?  FFTW and OpenBLAS alone, now over then. */
static void print_machine(json_t *systems, const json_t *latest, const json_t *stored)
{
    const char *now = text(latest, "machine"), *then = text(stored, "machine");
    double ratio[MAX_POINTS];
    const char *name;
    json_t *one;
    size_t n = 0;

    printf("\n%s, %s; load %.1f before the run\n", now, text(latest, "date"), number(latest, "load"));
    if (number(latest, "load") > BUSY)
        printf("BUSY MACHINE: wall times say little\n");
    if (!stored) {
        printf("no stored run to compare with: --store makes one\n");
        return;
    }
    json_object_foreach(systems, name, one) {
        const json_t *other = same_in(stored, name, one);
        const double r = fft_and_products(one) / fft_and_products(other);
        if (n < MAX_POINTS && !isnan(r))
            ratio[n++] = r;
    }
    printf("stored run: %s, %s", then, text(stored, "date"));
    if (n > 0)
        printf("; FFTW and OpenBLAS alone are %.2f times as fast as then", bench_median(n, ratio));
    printf("\n%s", strcmp(now, then) != 0 ? "ANOTHER MACHINE: ratios of times say little\n" : "");
}

int bench_report(const json_t *latest, const json_t *stored)
{
    json_t *systems = json_object_get(latest, "systems");
    const int n_slower = print_systems(systems, stored);

    print_limits(systems);
    print_phases(systems);
    print_series(systems);
    print_machine(systems, latest, stored);
    if (stored)
        printf("%d system%s slower than stored by more than %.0f %%\n", n_slower, n_slower == 1 ? "" : "s",
               100.0 * (BENCH_SLOWER - 1.0));
    return n_slower;
}
