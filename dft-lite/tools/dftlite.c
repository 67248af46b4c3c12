/* dftlite - solves one crystal: `dftlite scf FILE [options]`. */

#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/clock.h"
#include "dft-lite/base/file.h"
#include "dft-lite/base/memory.h"
#include "dft-lite/base/output.h"
#include "dft-lite/base/stop.h"
#include "dft-lite/base/threads.h"
#include "dft-lite/base/units.h"
#include "dft-lite/crystal/elements.h"
#include "dft-lite/crystal/read.h"
#include "dft-lite/hamiltonian/system.h"
#include "dft-lite/math/lapack.h"
#include "dft-lite/scf/checkpoint.h"
#include "dft-lite/scf/estimate.h"
#include "dft-lite/scf/scf.h"
#include "dft-lite/scf/state.h"
#include "dft-lite/tools/gradients.h"
#include "dft-lite/tools/properties.h"

#define MAX_THREADS 1024
#define EXIT_CHECKPOINTED 85

static const char usage[] =
    "usage: dftlite scf FILE [options]        FILE is POSCAR, CIF or extxyz (by content)\n"
    "  --ecut-ev=400            plane-wave cutoff on |k+G|^2/2\n"
    "  --kmesh=1x1x1            Gamma-centred mesh, 4x4x1 say; the default is one point\n"
    "  --kshift=0,0,0           1 shifts the mesh by half a step\n"
    "  --xc=PBE                 PBE, LDA, RPBE, revPBE: with the matching data sets\n"
    "  --xc-mismatch=refuse     refuse, allow: data sets made with another functional\n"
    "  --smearing=fermi-dirac   fermi-dirac, gaussian, cold, fixed      --width-ev=0.1\n"
    "  --data=Ag=Ag.11,Al=GTH-PBE-q3  by name: PAW, GTH   --data-path=DIR:DIR\n"
    "  --bands=0                0: chosen from the electron count\n"
    "  --energy-tol-ev=1e-5     per cell                  --max-iterations=60\n"
    "  --symmetry=on            on, off                   --symmetry-tol-ang=5e-5\n"
    "  --threads=2              --json=OUT.json           --dry-run\n"
    "  --spin=none              none, collinear           --moments=Ni=1,O=0 by element, or 1,-1,0,0 by\n"
    "                           atom: starting moments, Bohr magnetons (else those of free atoms)\n"
    "  --checkpoint=FILE        written every ten minutes, at the end, and on SIGTERM, SIGINT, SIGUSR1, at the\n"
    "                           time limit or when a file STOP appears: then exit 85\n"
    "  --max-time-s=0           0: no limit               --restart=FILE  start from a checkpoint\n"
    "  --dipole=none            none, z, x, y: dipole correction along the vacuum of a slab\n"
    DFTLITE_GRADIENTS_USAGE
    DFTLITE_PROPERTIES_USAGE
    "exit: 0 done, 2 not converged, 64 usage, 65 bad input, 66 missing file, 75 cannot write,\n"
    "      85 stopped on request with a checkpoint, 86 not enough memory\n";

typedef struct {
    const char *file, *json, *moments, *checkpoint, *restart;
    double max_time_s;
    dft_scf_options scf;
    dftlite_gradients gradients;
    dftlite_properties properties;
    int threads, dry_run;
} command;

static dft_status bad_value(const char *option, const char *value, const char *want, dft_error *err)
{
    return dft_fail(err, DFT_EUSAGE, "--%s=%s: expected %s", option, value, want);
}

static dft_status parse_number(const char *option, const char *value, double *out, dft_error *err)
{
    char *end;

    errno = 0;
    *out = strtod(value, &end);
    if (end == value || *end || errno || !isfinite(*out))
        return bad_value(option, value, "a number", err);
    return DFT_OK;
}

static dft_status parse_count(const char *option, const char *value, int *out, dft_error *err)
{
    char *end;

    errno = 0;
    const long n = strtol(value, &end, 10);
    if (end == value || *end || errno || n < 0 || n > 1000000)
        return bad_value(option, value, "a whole number", err);
    *out = (int)n;
    return DFT_OK;
}

/* Three whole numbers below 10000 between separators. */
static dft_status parse_three(const char *option, const char *value, char separator, int out[3],
                              dft_error *err)
{
    const char *at = value;

    for (int i = 0; i < 3; i++) {
        char *end;
        const long n = strtol(at, &end, 10);
        if (end == at || n < -9999 || n > 9999 || *end != (i < 2 ? separator : '\0'))
            return bad_value(option, value, separator == 'x' ? "three numbers like 4x4x1"
                                                             : "three numbers like 0,0,0", err);
        out[i] = (int)n;
        at = end + 1;
    }
    return DFT_OK;
}

/* Ag=Ag.11,Mg=Mg.2 */
static dft_status parse_data(const char *value, dft_scf_options *scf, dft_error *err)
{
    while (*value) {
        const size_t length = strcspn(value, ",");
        const char *equals = memchr(value, '=', length);
        dft_data_choice *choice = &scf->data[scf->n_data];
        const size_t symbol = equals ? (size_t)(equals - value) : 0;
        if (!equals || symbol == 0 || symbol >= sizeof choice->symbol || length - symbol < 2
            || length - symbol - 1 >= sizeof choice->name)
            return bad_value("data", value, "ELEMENT=NAME pairs like Ag=Ag.11,Mg=Mg.2", err);
        if (scf->n_data == DFT_SYSTEM_MAX_SPECIES)
            return bad_value("data", value, "at most 16 choices", err);
        memcpy(choice->symbol, value, symbol);
        memcpy(choice->name, equals + 1, length - symbol - 1);
        scf->n_data++;
        value += length + (value[length] == ',');
    }
    return DFT_OK;
}

static dft_status parse_option(command *c, const char *name, const char *value, dft_error *err)
{
    dft_scf_options *scf = &c->scf;
    double number = 0.0;
    dft_status status = DFT_OK;

    if (strcmp(name, "ecut-ev") == 0) {
        status = parse_number(name, value, &number, err);
        scf->ecut = number / DFT_HARTREE_EV;
    } else if (strcmp(name, "width-ev") == 0) {
        status = parse_number(name, value, &number, err);
        scf->width = number / DFT_HARTREE_EV;
    } else if (strcmp(name, "energy-tol-ev") == 0) {
        status = parse_number(name, value, &number, err);
        scf->energy_tolerance = number / DFT_HARTREE_EV;
    } else if (strcmp(name, "symmetry-tol-ang") == 0) {
        status = parse_number(name, value, &number, err);
        scf->symmetry_tolerance = number / DFT_BOHR_ANG;
    } else if (strcmp(name, "kmesh") == 0) {
        status = parse_three(name, value, 'x', scf->kmesh, err);
    } else if (strcmp(name, "kshift") == 0) {
        status = parse_three(name, value, ',', scf->kshift, err);
    } else if (strcmp(name, "xc") == 0) {
        scf->xc = value;
    } else if (strcmp(name, "smearing") == 0) {
        status = dft_smearing_parse(value, &scf->smearing, err);
    } else if (strcmp(name, "data") == 0) {
        status = parse_data(value, scf, err);
    } else if (strcmp(name, "data-path") == 0) {
        scf->data_path = value;
    } else if (strcmp(name, "bands") == 0) {
        status = parse_count(name, value, &scf->n_bands, err);
    } else if (strcmp(name, "max-iterations") == 0) {
        status = parse_count(name, value, &scf->max_iterations, err);
    } else if (strcmp(name, "threads") == 0) {
        status = parse_count(name, value, &c->threads, err);
        if (status == DFT_OK && c->threads > MAX_THREADS)
            status = bad_value(name, value, "at most 1024", err);
    } else if (strcmp(name, "symmetry") == 0) {
        if (strcmp(value, "on") != 0 && strcmp(value, "off") != 0)
            return bad_value(name, value, "on or off", err);
        scf->symmetry = strcmp(value, "on") == 0;
    } else if (strcmp(name, "spin") == 0) {
        if (strcmp(value, "none") != 0 && strcmp(value, "collinear") != 0)
            return bad_value(name, value, "none or collinear", err);
        scf->spin = strcmp(value, "collinear") == 0;
    } else if (strcmp(name, "moments") == 0) {
        c->moments = value;
    } else if (strcmp(name, "dipole") == 0) {
        if (strcmp(value, "none") != 0 && (strlen(value) != 1 || !strchr("xyz", value[0])))
            return bad_value(name, value, "none, x, y or z", err);
        scf->dipole = value[1] ? 0 : value[0];
    } else if (strcmp(name, "xc-mismatch") == 0) {
        if (strcmp(value, "refuse") != 0 && strcmp(value, "allow") != 0)
            return bad_value(name, value, "refuse or allow", err);
        scf->xc_mismatch = strcmp(value, "allow") == 0;
    } else if (strcmp(name, "json") == 0) {
        c->json = value;
    } else if (strcmp(name, "checkpoint") == 0) {
        c->checkpoint = value;
    } else if (strcmp(name, "restart") == 0) {
        c->restart = value;
    } else if (strcmp(name, "max-time-s") == 0) {
        status = parse_number(name, value, &c->max_time_s, err);
        if (status == DFT_OK && c->max_time_s < 0.0)
            status = bad_value(name, value, "0 or a number of seconds", err);
    } else if (!dftlite_gradients_option(&c->gradients, name, value, &status, err)
               && !dftlite_properties_option(&c->properties, name, value, &status, err)) {
        return dft_fail(err, DFT_EUSAGE, "unknown option --%s; see dftlite scf --help", name);
    }
    return status;
}

static dft_status parse_command(int argc, char **argv, command *c, dft_error *err)
{
    for (int i = 2; i < argc; i++) {
        char name[64];
        const char *equals = strchr(argv[i], '=');
        if (strncmp(argv[i], "--", 2) != 0) {
            if (c->file)
                return dft_fail(err, DFT_EUSAGE, "one FILE at a time, not %s and %s", c->file,
                                argv[i]);
            c->file = argv[i];
            continue;
        }
        if (strcmp(argv[i], "--dry-run") == 0) {
            c->dry_run = 1;
            continue;
        }
        if (!equals || (size_t)(equals - argv[i]) - 2 >= sizeof name)
            return dft_fail(err, DFT_EUSAGE, "%s: options are written --name=value", argv[i]);
        snprintf(name, sizeof name, "%.*s", (int)(equals - argv[i] - 2), argv[i] + 2);
        const dft_status status = parse_option(c, name, equals + 1, err);
        if (status != DFT_OK)
            return status;
    }
    if (!c->file)
        return dft_fail(err, DFT_EUSAGE, "no FILE given; see dftlite scf --help");
    if (c->json && dft_output_check(c->json, err) != DFT_OK)
        return err->status;
    if (c->checkpoint && dft_output_check(c->checkpoint, err) != DFT_OK)
        return err->status;
    if (c->max_time_s > 0.0 && !c->checkpoint)
        return dft_fail(err, DFT_EUSAGE, "--max-time-s=%g: give --checkpoint=FILE too, or what is computed "
                        "until then is lost", c->max_time_s);
    return DFT_OK;
}

/* One entry of `text`: NUMBER (then *z is 0) or ELEMENT=NUMBER. */
static dft_status parse_moment(const char *text, size_t length, int *z, double *moment, dft_error *err)
{
    char entry[64];

    snprintf(entry, sizeof entry, "%.*s", (int)length, text);
    char *equals = strchr(entry, '=');
    *z = 0;
    if (equals) {
        *equals = '\0';
        *z = dft_element_number(entry);
        if (*z == 0)
            return bad_value("moments", text, "ELEMENT=NUMBER pairs like Ni=1,O=0, or a number an atom",
                             err);
    }
    return parse_number("moments", equals ? equals + 1 : entry, moment, err);
}

/* --moments for this crystal into moments [n_atoms]: by element (others get 0) or one an atom. */
static dft_status fill_moments(const char *text, const dft_crystal *crystal, double *moments,
                               dft_error *err)
{
    size_t n_listed = 0, n_named = 0;

    for (const char *at = text; *at;) {
        const size_t length = strcspn(at, ",");
        double moment = 0.0;
        int z;
        const dft_status status = parse_moment(at, length, &z, &moment, err);
        if (status != DFT_OK)
            return status;
        size_t n_meant = z == 0;
        for (size_t a = 0; z > 0 && a < crystal->n_atoms; a++)
            if (crystal->z[a] == z) {
                moments[a] = moment;
                n_meant++;
            }
        if (n_meant == 0)
            return dft_fail(err, DFT_EUSAGE, "--moments=%s: there is no %s in the structure", text,
                            dft_element_symbol(z));
        if (z == 0 && n_listed < crystal->n_atoms)
            moments[n_listed] = moment;
        n_named += z > 0;
        n_listed += z == 0;
        at += length + (at[length] == ',');
    }
    if (n_named + n_listed == 0)
        return bad_value("moments", text, "ELEMENT=NUMBER pairs like Ni=1,O=0, or one number an atom", err);
    if (n_named > 0 && n_listed > 0)
        return bad_value("moments", text, "either ELEMENT=NUMBER pairs or one number an atom", err);
    if (n_listed > 0 && n_listed != crystal->n_atoms)
        return dft_fail(err, DFT_EUSAGE, "--moments=%s: %zu numbers for %zu atoms", text, n_listed,
                        crystal->n_atoms);
    return DFT_OK;
}

static json_t *vector3(const double v[3])
{
    return json_pack("[fff]", v[0], v[1], v[2]);
}

static json_t *rows(const double *values, size_t n_rows, size_t n, double scale)
{
    json_t *outer = json_array();

    for (size_t i = 0; i < n_rows; i++) {
        json_t *inner = json_array();
        for (size_t j = 0; j < n; j++)
            json_array_append_new(inner, json_real(values[i * n + j] * scale));
        json_array_append_new(outer, inner);
    }
    return outer;
}

/* [n_k][n_bands], or with spin [2][n_k][n_bands]: up, down. */
static json_t *levels(const dft_scf_result *r, const double *values, double scale)
{
    json_t *outer = json_array();

    if (r->n_spin == 1) {
        json_decref(outer);
        return rows(values, r->n_k, r->n_bands, scale);
    }
    for (size_t s = 0; s < r->n_spin; s++)
        json_array_append_new(outer, rows(values + s * r->n_k * r->n_bands, r->n_k, r->n_bands, scale));
    return outer;
}

static json_t *list(const double *values, size_t n)
{
    json_t *array = json_array();

    for (size_t i = 0; i < n; i++)
        json_array_append_new(array, json_real(values[i]));
    return array;
}

static json_t *result_to_json(const dft_scf_result *r)
{
    static const char *const origins[] = { "atoms", "density", "orbitals" };
    json_t *k = json_array(), *weights = json_array(), *data = json_array();

    for (size_t ik = 0; ik < r->n_k; ik++) {
        json_array_append_new(k, vector3(r->k[ik]));
        json_array_append_new(weights, json_real(r->weight[ik]));
    }
    for (size_t s = 0; s < r->n_data; s++)
        json_array_append_new(data, json_pack("{ssss}", "name", r->data[s].name, "sha256",
                                              r->data[s].sha256));
    return json_pack(
        "{sb ss sf sf sf so so so so sI sI sI s[iii] si sf sf so sf sI sI si ss sf so}",
        "converged", r->converged, "message", r->message,
        "energy_eV", r->energy * DFT_HARTREE_EV, "free_energy_eV", r->free_energy * DFT_HARTREE_EV,
        "fermi_eV", r->fermi * DFT_HARTREE_EV, "kpoints", k, "weights", weights,
        "eigenvalues_eV", levels(r, r->eigenvalue, DFT_HARTREE_EV),
        "occupations", levels(r, r->occupation, 1.0 / (double)r->n_spin),
        "n_k_irreducible", (json_int_t)r->n_k, "n_bands", (json_int_t)r->n_bands,
        "n_plane_waves", (json_int_t)r->n_plane_waves,
        "fft_grid", r->fft_grid[0], r->fft_grid[1], r->fft_grid[2],
        "scf_iterations", r->scf_iterations, "wall_s", r->wall_s, "peak_rss_MiB", r->peak_rss_mib,
        "data_sets", data, "n_electrons", r->n_electrons,
        "n_symmetry_ops", (json_int_t)r->n_symmetry_ops,
        "n_symmetry_dropped", (json_int_t)r->n_symmetry_dropped,
        "space_group_number", r->space_group_number,
        "started_from", origins[r->origin], "magnetic_moment", r->magnetic_moment,
        "magnetic_moments", list(r->atom_moment, r->n_atoms));
}

static dft_status write_json(const char *path, json_t *json, dft_error *err)
{
    char *text = json_dumps(json, JSON_INDENT(1) | JSON_REAL_PRECISION(17));
    dft_status status;

    if (!text)
        return dft_fail(err, DFT_ENOMEM, "%s: out of memory", path);
    status = dft_file_write(path, text, strlen(text), err);
    free(text);
    return status;
}

static void print_step(const dft_scf_step *s, void *context)
{
    (void)context;
    fprintf(stderr, "[%3d] F = %16.6f eV  dF = %9.1e  density %8.1e  orbitals %8.1e  %7.2f s\n",
            s->iteration, s->energy * DFT_HARTREE_EV, s->energy_change * DFT_HARTREE_EV,
            s->density_error * DFT_HARTREE_EV, s->eigen_error * DFT_HARTREE_EV, s->wall_s);
}

static void print_result(const dft_scf_result *r)
{
    printf("%s\n", r->message);
    printf("energy (zero width)  %18.6f eV\n", r->energy * DFT_HARTREE_EV);
    printf("free energy          %18.6f eV\n", r->free_energy * DFT_HARTREE_EV);
    printf("Fermi level          %18.6f eV\n", r->fermi * DFT_HARTREE_EV);
    printf("%zu irreducible k, %zu bands, %zu plane waves, box %dx%dx%d, %.2f s, %.0f MiB\n", r->n_k,
           r->n_bands, r->n_plane_waves, r->fft_grid[0], r->fft_grid[1], r->fft_grid[2], r->wall_s,
           r->peak_rss_mib);
    if (r->n_spin == 2)
        printf("magnetic moment      %18.6f Bohr magnetons\n", r->magnetic_moment);
}

static dft_status dry_run(const dft_crystal *crystal, const command *c, dft_error *err)
{
    const dft_scf_options *o = &c->scf;
    const dft_system_options options = dft_scf_system_options(o);
    dft_system *system = NULL;
    dft_scf_estimate e = { 0 };
    dft_status status = dft_system_create(crystal, &options, &system, err);

    if (status == DFT_OK) {
        const int *n = system->basis->n;
        e = dft_scf_estimate_of(system, dft_scf_choose_bands(o, system, 0), (size_t)dft_threads_max());
        printf("%zu atoms, %g electrons, space group %d, %zu operations (%zu dropped)\n",
               crystal->n_atoms, system->n_electrons, system->symmetry->space_group_number,
               system->symmetry->n_ops, system->symmetry->n_dropped);
        printf("k mesh %dx%dx%d: %zu irreducible, %zu spin%s; about %.0f plane waves, %zu bands, %zu "
               "projectors\n", o->kmesh[0], o->kmesh[1], o->kmesh[2], e.n_k, system->n_spin,
               system->n_spin == 1 ? "" : "s", e.n_plane_waves, e.n_bands, e.n_projectors);
        printf("box %dx%dx%d, exchange-correlation on twice that\n", n[0], n[1], n[2]);
        printf("parallel plan: %zu thread%s over k-points and spins, %zu inside each\n",
               e.channel_workers, e.channel_workers == 1 ? "" : "s", e.grid_workers);
        printf("memory about %.0f MiB, about %.2g s an SCF step\n", e.memory / 1048576.0, e.step_s);
        status = dft_scf_estimate_check(&e, dft_memory_available(), err);
    }
    dft_system_free(system);
    return status;
}

static int fail(const dft_error *err)
{
    fprintf(stderr, "dftlite: %s\n", err->message);
    return dft_exit_code(err->status);
}

#define CHECKPOINT_EVERY_S 600.0

typedef struct {                        /* what goes on between SCF steps */
    const char *path;
    double last_s;                      /* monotonic time of the last checkpoint */
    dft_status status;
    dft_error *err;
} checkpointer;

/* A checkpoint that cannot be written stops the run: its owner counts on it. */
static int between_steps(const dft_scf_state *state, void *context)
{
    checkpointer *self = context;
    const char *why = dft_stop_requested();

    if (!why && dft_clock_s() - self->last_s < CHECKPOINT_EVERY_S)
        return 0;
    self->status = dft_checkpoint_write(self->path, state, self->err);
    self->last_s = dft_clock_s();
    if (why && self->status == DFT_OK)
        fprintf(stderr, "dftlite: stopped by %s; go on with --restart=%s\n", why, self->path);
    return why || self->status != DFT_OK;
}

/* Same atoms in the same order, same spin; everything else may differ. */
static dft_status check_restart(const command *c, const dft_crystal *crystal, const dft_scf_result *start,
                                dft_error *err)
{
    const dft_scf_state *s = start->state;

    if (s->n_atoms != crystal->n_atoms || memcmp(s->z, crystal->z, s->n_atoms * sizeof *s->z) != 0)
        return dft_fail(err, DFT_EINPUT, "%s holds other atoms than %s, or in another order; start without it",
                        c->restart, c->file);
    if (s->n_spin != (c->scf.spin ? 2u : 1u))
        return dft_fail(err, DFT_EINPUT, "%s was written %s spin; start without it or change --spin",
                        c->restart, s->n_spin == 2 ? "with" : "without");
    return DFT_OK;
}

/* The calculation with its checkpoints; *result is NULL on failure. */
static dft_status run_scf(command *c, const dft_crystal *crystal, dft_scf_result **result, dft_error *err)
{
    checkpointer between = { c->checkpoint, dft_clock_s(), DFT_OK, err };
    dft_scf_result *start = NULL;
    dft_status status = DFT_OK;

    if (c->restart)
        status = dft_checkpoint_read(c->restart, &start, err);
    if (status == DFT_OK && start)
        status = check_restart(c, crystal, start, err);
    if (c->checkpoint) {
        dft_stop_catch_signals();
        dft_stop_after_s(c->max_time_s);
        dft_stop_watch_file("STOP");
        c->scf.between_steps = between_steps;
        c->scf.between_steps_context = &between;
    }
    if (status == DFT_OK)
        status = dft_scf_run(crystal, &c->scf, start, result, err);
    dft_scf_result_free(start);
    if (status == DFT_OK && between.status != DFT_OK)
        status = between.status;
    if (status == DFT_OK && c->checkpoint && !(*result)->stopped)
        status = dft_checkpoint_write(c->checkpoint, (*result)->state, err);
    return status;
}

static int solve(command *c, const dft_crystal *crystal, dft_error *err)
{
    dft_scf_result *result = NULL;
    int code = 0;

    if (c->dry_run)
        return dry_run(crystal, c, err) == DFT_OK ? 0 : fail(err);
    if (dftlite_properties_check(&c->properties, crystal, &c->scf, err) != DFT_OK
        || run_scf(c, crystal, &result, err) != DFT_OK) {
        dft_scf_result_free(result);
        return fail(err);
    }
    print_result(result);
    json_t *json = c->json ? result_to_json(result) : NULL;
    if (dftlite_gradients_run(&c->gradients, result, json, err) != DFT_OK
        || dftlite_properties_run(&c->properties, result, json, err) != DFT_OK)
        code = fail(err);
    if (json && code == 0 && write_json(c->json, json, err) != DFT_OK)
        code = fail(err);
    json_decref(json);
    if (code == 0 && !result->converged)
        code = result->stopped ? EXIT_CHECKPOINTED : 2;
    dft_scf_result_free(result);
    return code;
}

static int with_moments(command *c, const dft_crystal *crystal, dft_error *err)
{
    double *moments = dft_alloc_doubles(crystal->n_atoms);
    int code;

    if (!moments) {
        dft_fail(err, DFT_ENOMEM, "moments: out of memory");
        return fail(err);
    }
    if (c->moments) {
        c->scf.moments = moments;
        c->scf.n_moments = crystal->n_atoms;
    }
    if (c->moments && fill_moments(c->moments, crystal, moments, err) != DFT_OK)
        code = fail(err);
    else
        code = solve(c, crystal, err);
    free(moments);
    return code;
}

int main(int argc, char **argv)
{
    command c = { .scf = dft_scf_defaults(), .gradients = dftlite_gradients_defaults(),
                  .properties = dftlite_properties_defaults(), .threads = 2 };
    dft_error err = { 0 };
    dft_crystal *crystal = NULL;
    int code;

    if (argc < 2 || strcmp(argv[1], "--help") == 0 || (argc == 3 && strcmp(argv[2], "--help") == 0)) {
        fputs(usage, argc < 2 ? stderr : stdout);
        return argc < 2 ? 64 : 0;
    }
    if (strcmp(argv[1], "scf") != 0) {
        dft_fail(&err, DFT_EUSAGE, "unknown verb %s; the verb is scf", argv[1]);
        return fail(&err);
    }
    c.scf.keep_ground = 1;              /* properties read it */
    c.scf.on_step = print_step;
    signal(SIGXFSZ, SIG_IGN);           /* a full quota is an error to report, not a death */
    if (!dft_blas_is_openmp()) {
        dft_fail(&err, DFT_EINTERNAL, "linked to an OpenBLAS that is not the OpenMP flavour; install "
                 "libopenblas-openmp-dev and build again");
        return fail(&err);
    }
    if (parse_command(argc, argv, &c, &err) != DFT_OK || dft_threads_set(c.threads, &err) != DFT_OK
        || dft_crystal_read(c.file, &crystal, &err) != DFT_OK)
        return fail(&err);
    c.scf.for_forces = c.gradients.forces || c.gradients.stress;
    code = with_moments(&c, crystal, &err);
    dft_crystal_free(crystal);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        dft_fail(&err, DFT_EIO, "standard output could not be written; the disk may be full");
        return fail(&err);
    }
    return code;
}
