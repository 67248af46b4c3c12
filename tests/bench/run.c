/* One system through the library, as a record. */

#include "tests/bench/bench.h"

#include <sys/resource.h>

#include "dft-lite/base/clock.h"
#include "dft-lite/base/phases.h"
#include "dft-lite/base/threads.h"
#include "dft-lite/base/units.h"
#include "dft-lite/crystal/read.h"

static double cpu_s(void)
{
    struct rusage used;

    getrusage(RUSAGE_SELF, &used);
    return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec)
         + 1e-6 * (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec);
}

/* Of this process so far. */
static double peak_mib(void)
{
    struct rusage used;

    getrusage(RUSAGE_SELF, &used);
    return (double)used.ru_maxrss / 1024.0;
}

static json_t *sum_json(const dft_phase_sum *sum)
{
    return json_pack("{s:f, s:f, s:f, s:I}", "seconds", sum->seconds, "flops", sum->flops, "bytes",
                     sum->bytes, "calls", (json_int_t)sum->calls);
}

static json_t *phases_json(const dft_phases *phases)
{
    json_t *all = json_object();

    for (int i = 0; i < DFT_N_PHASES; i++) {
        const dft_phase_sum *one = &phases->sum[i], *single = &phases->sum[DFT_PHASE_SINGLE(i)];
        if (one->calls + single->calls > 0)
            json_object_set_new(all, dft_phase_name((dft_phase)i),
                                json_pack("{s:o, s:o}", "double", sum_json(one), "single",
                                          sum_json(single)));
    }
    return all;
}

static void add_phases(json_t *record, const dft_scf_result *result)
{
    json_object_set_new(record, "phases", phases_json(&result->phases));
    json_object_set_new(record, "n_applied", json_integer((json_int_t)result->phases.n_applied));
}

static json_t *make_record(const dft_scf_result *r, size_t n_projectors, double wall, double cpu,
                           double peak)
{
    json_t *record = json_pack(
        "{s:b, s:s, s:f, s:f, s:f, s:f, s:f, s:i, s:I, s:I, s:I, s:I, s:I, s:[i,i,i]}", "converged",
        r->converged, "message", r->message, "wall_s", wall, "cpu_s", cpu, "peak_rss_mib", peak,
        "energy_ev", r->energy * DFT_HARTREE_EV, "free_energy_ev", r->free_energy * DFT_HARTREE_EV,
        "scf_iterations", r->scf_iterations, "n_atoms", (json_int_t)r->n_atoms, "n_k",
        (json_int_t)r->n_k, "n_bands", (json_int_t)r->n_bands, "n_plane_waves",
        (json_int_t)r->n_plane_waves, "n_projectors", (json_int_t)n_projectors, "fft_grid",
        r->fft_grid[0], r->fft_grid[1], r->fft_grid[2]);

    add_phases(record, r);
    return record;
}

/* The result does not say how many projectors there were; asked outside the timed part. */
static dft_status count_projectors(const dft_crystal *crystal, const dft_scf_options *scf, size_t *n,
                                   dft_error *err)
{
    const dft_system_options options = dft_scf_system_options(scf);
    dft_system *system = NULL;
    const dft_status status = dft_system_create(crystal, &options, &system, err);

    *n = status == DFT_OK ? system->i_offset[crystal->n_atoms] : 0;
    dft_system_free(system);
    return status;
}

dft_status bench_run(const bench_system *system, int threads, json_t **record, dft_error *err)
{
    const double start = dft_clock_s(), cpu_start = cpu_s();
    dft_crystal *crystal = NULL;
    dft_scf_result *result = NULL;
    size_t n_projectors = 0;
    dft_status status = dft_threads_set(threads, err);

    *record = NULL;
    if (status == DFT_OK)
        status = dft_crystal_read(system->path, &crystal, err);
    if (status == DFT_OK)
        status = dft_scf_run(crystal, &system->options, NULL, &result, err);
    const double wall = dft_clock_s() - start, cpu = cpu_s() - cpu_start, peak = peak_mib();
    if (status == DFT_OK)
        status = count_projectors(crystal, &system->options, &n_projectors, err);
    if (status == DFT_OK)
        *record = make_record(result, n_projectors, wall, cpu, peak);
    dft_scf_result_free(result);
    dft_crystal_free(crystal);
    return status;
}
