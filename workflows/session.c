#include "workflows/session.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/file.h"
#include "dft-lite/base/units.h"
#include "dft-lite/properties/gap.h"
#include "dft-lite/scf/checkpoint.h"
#include "results/record.h"
#include "workflows/attempts.h"
#include "workflows/kinds.h"

dft_status flow_session_init(flow_session *session, const flow_spec *spec,
                             const flow_calculator *calculator, dft_error *err)
{
    *session = (flow_session){ .spec = spec, .calculator = calculator, .energies = json_array() };
    if (!session->energies)
        return dft_fail(err, DFT_ENOMEM, "no memory for a list of energies");
    return DFT_OK;
}

void flow_session_clear(flow_session *session)
{
    json_decref(session->energies);
    json_decref(session->finished);
    for (size_t i = 0; i < FLOW_MAX_SLOTS; i++) {
        session->calculator->free_result(session->last[i]);
        session->last[i] = NULL;
    }
    session->energies = session->finished = NULL;
}

/* A data set replaced between planning and computing would put a number under the wrong key. */
static dft_status check_data_sets(const flow_session *session, const dft_scf_result *result,
                                  dft_error *err)
{
    const flow_data_sets *planned = &session->spec->data_sets;

    for (size_t i = 0; i < result->n_data; i++) {
        int known = 0;
        for (size_t j = 0; j < planned->n; j++)
            known |= strcmp(planned->item[j].set.sha256, result->data[i].sha256) == 0;
        if (!known)
            return dft_fail(err, DFT_EINPUT, "the data set %s is not the one that was planned with "
                            "(its checksum changed); run the campaign again",
                            result->data[i].name);
    }
    return DFT_OK;
}

/* What else is known of one energy: of the states, and of spins. */
static void describe_states(json_t *entry, const dft_scf_options *options, const dft_scf_result *r)
{
    if (options->spin)
        json_object_set_new(entry, "magnetic_moment", res_number(r->magnetic_moment));
    if (!r->converged || !r->eigenvalue)
        return;
    const dft_gap gap = dft_gap_compute(r->n_spin, r->n_k, r->n_bands, r->eigenvalue, r->fermi,
                                        r->n_electrons);
    json_object_set_new(entry, "gap_ev", res_number(gap.known ? gap.indirect * DFT_HARTREE_EV : NAN));
    json_object_set_new(entry, "direct_gap_ev", res_number(gap.known ? gap.direct * DFT_HARTREE_EV : NAN));
}

static json_t *describe(const dft_crystal *crystal, int sheet, const dft_scf_options *options,
                        const dft_scf_result *r, const char *label)
{
    const bool pbc[3] = { true, true, !sheet };

    return json_pack("{s:s, s:o, s:o, s:b, s:i, s:[iii], s:I, s:o, s:I, s:o, s:o, s:I, s:I, s:o}",
                     "label", label,
                     "energy_ev", res_number(r->energy * DFT_HARTREE_EV),
                     "free_energy_ev", res_number(r->free_energy * DFT_HARTREE_EV),
                     "converged", r->converged,
                     "scf_iterations", r->scf_iterations,
                     "kmesh", options->kmesh[0], options->kmesh[1], options->kmesh[2],
                     "n_k_irreducible", (json_int_t)r->n_k,
                     "ecut_ev", res_number(options->ecut * DFT_HARTREE_EV),
                     "n_atoms", (json_int_t)crystal->n_atoms,
                     "wall_s", res_number(r->wall_s),
                     "energy_change_ev", res_number(r->energy_change * DFT_HARTREE_EV),
                     "n_bands", (json_int_t)r->n_bands,
                     "n_plane_waves", (json_int_t)r->n_plane_waves,
                     "structure", res_structure(label, crystal, pbc));
}

/* ---- energies of an earlier process ---- */

/* The numbers as they are, to the last bit: only then does a driver ask for the same geometries again. */
static json_t *exact_json(const flow_evaluation *e, size_t n_atoms, int want)
{
    json_t *exact = json_pack("{s:b, s:o, s:o, s:s, s:i}", "converged", e->converged, "energy",
                              res_number(e->energy), "free_energy", res_number(e->free_energy),
                              "message", e->message, "n_steps", e->n_steps);
    json_t *numbers = json_array();

    for (size_t i = 0; i < 3 * n_atoms && (want & FLOW_WANT_FORCES) && e->converged; i++)
        json_array_append_new(numbers, res_number(e->force[i / 3][i % 3]));
    for (size_t i = 0; i < 6 && (want & FLOW_WANT_STRESS) && e->converged; i++)
        json_array_append_new(numbers, res_number(e->stress[i]));
    json_object_set_new(exact, "gradients", numbers);
    return exact;
}

static int read_exact(const json_t *exact, size_t n_atoms, int want, flow_evaluation *out)
{
    const json_t *numbers = json_object_get(exact, "gradients");
    const char *message = json_string_value(json_object_get(exact, "message"));
    const size_t n_forces = want & FLOW_WANT_FORCES ? 3 * n_atoms : 0;
    const size_t n_stress = want & FLOW_WANT_STRESS ? 6 : 0;

    out->converged = json_is_true(json_object_get(exact, "converged"));
    if (!exact || (out->converged && json_array_size(numbers) != n_forces + n_stress))
        return 0;
    out->energy = out->free_energy = NAN;
    if (json_is_number(json_object_get(exact, "energy")))
        out->energy = json_number_value(json_object_get(exact, "energy"));
    if (json_is_number(json_object_get(exact, "free_energy")))
        out->free_energy = json_number_value(json_object_get(exact, "free_energy"));
    out->n_steps = (int)json_integer_value(json_object_get(exact, "n_steps"));
    snprintf(out->message, sizeof out->message, "%s", message ? message : "");
    for (size_t i = 0; out->converged && i < n_forces; i++)
        out->force[i / 3][i % 3] = json_number_value(json_array_get(numbers, i));
    for (size_t i = 0; out->converged && i < n_stress; i++)
        out->stress[i] = json_number_value(json_array_get(numbers, n_forces + i));
    return 1;
}

/* The next of them, when it is the one asked for; anything else, and all after it, is dropped. */
static json_t *next_finished(flow_session *session, const json_t *structure, const char *label,
                             const int kmesh[3])
{
    json_t *item = json_array_get(session->finished, session->n_replayed);
    json_t *mesh = json_pack("[iii]", kmesh[0], kmesh[1], kmesh[2]);
    const char *text = json_string_value(json_object_get(item, "label"));
    const int same = item && text && strcmp(text, label) == 0
                  && json_equal(json_object_get(item, "structure"), structure)
                  && json_equal(json_object_get(item, "kmesh"), mesh);

    json_decref(mesh);
    if (same) {
        session->n_replayed++;
        return item;
    }
    json_decref(session->finished);
    session->finished = NULL;
    return NULL;
}

typedef struct {                    /* one energy that is asked for */
    const dft_crystal *crystal;
    dft_scf_options options;
    const char *label;
    int want;                       /* FLOW_WANT_* */
    size_t slot;
    int sheet;
} question;

static int replay(flow_session *session, const question *q, flow_evaluation *out)
{
    const bool pbc[3] = { true, true, !q->sheet };

    if (!session->finished)
        return 0;
    json_t *structure = res_structure(q->label, q->crystal, pbc);
    json_t *item = next_finished(session, structure, q->label, q->options.kmesh);
    json_decref(structure);
    return item && read_exact(json_object_get(item, "exact"), q->crystal->n_atoms, q->want, out)
        && json_array_append(session->energies, item) == 0;
}

/* ---- computing ---- */

static dft_status compute(flow_session *session, const question *q, dft_scf_result **out, json_t *tries,
                          dft_error *err)
{
    const flow_spec *spec = session->spec;
    const flow_attempts attempts = {
        session->calculator, session->memory,
        flow_cell_class_of(q->crystal->n_atoms, q->crystal->z, flow_kind_of(spec->kind)->surface,
                           spec->sheet),
        session->must_stop, session->context,
    };
    const dft_scf_result *start = q->slot < FLOW_MAX_SLOTS ? session->last[q->slot] : NULL;
    const dft_status status = flow_attempts_run(&attempts, q->crystal, &q->options, start, out, tries,
                                                err);

    if (status != DFT_OK || !(*out)->stopped)
        return status == DFT_OK ? check_data_sets(session, *out, err) : status;
    session->stopped = 1;
    return dft_fail(err, DFT_EINTERNAL, "stopped on request");
}

static dft_status read_result(flow_session *session, const question *q, dft_scf_result *result,
                              flow_evaluation *out, dft_error *err)
{
    const flow_calculator *calculator = session->calculator;

    out->converged = result->converged;
    out->energy = result->converged ? result->energy : NAN;
    out->free_energy = result->converged ? result->free_energy : NAN;
    out->n_steps = result->scf_iterations;
    snprintf(out->message, sizeof out->message, "%s", result->message);
    if (!result->converged || !q->want)
        return DFT_OK;
    if (!calculator->gradients)
        return dft_fail(err, DFT_EINPUT, "the calculator %s has no forces", calculator->name);
    return calculator->gradients(calculator->context, result, out->force,
                                 q->want & FLOW_WANT_STRESS ? out->stress : NULL, err);
}

static dft_status keep(flow_session *session, const question *q, const dft_scf_result *result,
                       const flow_evaluation *answer, json_t *tries, dft_error *err)
{
    json_t *entry = describe(q->crystal, q->sheet, &q->options, result, q->label);

    if (entry)
        describe_states(entry, &q->options, result);
    if (entry)
        json_object_set_new(entry, "exact", exact_json(answer, q->crystal->n_atoms, q->want));
    if (entry && json_array_size(tries) > 0)
        json_object_set(entry, "remedies", tries);
    if (json_array_append_new(session->energies, entry) != 0)
        return dft_fail(err, DFT_ENOMEM, "no memory for the energy of %s", q->label);
    if (session->on_energy)
        session->on_energy(q->label, result, session->context);
    return DFT_OK;
}

/* A bad state is a bad start. */
static void remember(flow_session *session, size_t slot, dft_scf_result *result)
{
    if (result->peak_rss_mib > session->peak_rss_mib)
        session->peak_rss_mib = result->peak_rss_mib;
    if (slot < FLOW_MAX_SLOTS) {
        session->calculator->free_result(session->last[slot]);
        session->last[slot] = NULL;
    }
    if (slot < FLOW_MAX_SLOTS && result->converged)
        session->last[slot] = result;
    else
        session->calculator->free_result(result);
}

static dft_status answer(flow_session *session, question *q, flow_evaluation *out, dft_error *err)
{
    dft_scf_result *result = NULL;
    json_t *tries = NULL;
    dft_status status = DFT_OK;

    if (replay(session, q, out))
        return DFT_OK;
    tries = json_array();
    q->options.on_step = session->on_step;
    q->options.on_step_context = session->context;
    q->options.for_forces = q->want != 0;
    status = compute(session, q, &result, tries, err);
    if (status == DFT_OK)
        status = read_result(session, q, result, out, err);
    if (status == DFT_OK)
        status = keep(session, q, result, out, tries, err);
    json_decref(tries);
    if (status == DFT_OK)
        remember(session, q->slot, result);
    else
        session->calculator->free_result(result);
    return status;
}

static question question_of(const flow_session *session, const dft_crystal *crystal, const int mesh[3],
                            const char *label)
{
    question q = { .crystal = crystal, .label = label,
                   .options = flow_spec_scf_options(session->spec, crystal->lattice, session->data_path),
                   .sheet = session->spec->sheet || flow_kind_of(session->spec->kind)->surface };

    if (mesh)
        memcpy(q.options.kmesh, mesh, sizeof q.options.kmesh);
    return q;
}

dft_status flow_session_compute(flow_session *session, const dft_crystal *crystal,
                                const int mesh[3], const char *label, flow_energy *out,
                                dft_error *err)
{
    question q = question_of(session, crystal, mesh, label);
    flow_evaluation found = { 0 };
    const dft_status status = answer(session, &q, &found, err);

    *out = (flow_energy){ found.converged, found.converged ? found.energy : NAN, "" };
    snprintf(out->message, sizeof out->message, "%s", found.message);
    return status;
}

static dft_status evaluate(void *context, const dft_crystal *crystal, int want, size_t slot,
                           flow_evaluation *out, dft_error *err)
{
    flow_session_driver *of = context;
    char label[96];

    snprintf(label, sizeof label, "%.60s %zu", of->label, ++of->n);
    question q = question_of(of->session, crystal, of->mesh, label);
    double (*own)[3] = NULL;
    dft_status status = DFT_OK;
    q.options.chooser = of->basis;
    q.want = want & FLOW_WANT_STRESS ? want | FLOW_WANT_FORCES : want;  /* they come together */
    q.slot = of->first_slot + slot;
    if (q.want != want) {
        own = dft_alloc(crystal->n_atoms, sizeof *own);
        if (!own)
            return dft_fail(err, DFT_ENOMEM, "no memory for %zu forces", crystal->n_atoms);
        out->force = own;
    }
    status = answer(of->session, &q, out, err);
    if (own) {
        out->force = NULL;
        free(own);
    }
    return status;
}

flow_evaluator flow_session_evaluator(flow_session_driver *of)
{
    return (flow_evaluator){ of->session->calculator->name, evaluate, of };
}

/* ---- stopping and going on ---- */

static int path_of(char *path, size_t size, const char *run_dir, const char *key, const char *suffix)
{
    const int n = snprintf(path, size, "%s/checkpoints/%s.%s", run_dir, key, suffix);
    return n > 0 && (size_t)n < size;
}

static int state_path(char *path, size_t size, const char *run_dir, const char *key, size_t slot)
{
    char suffix[32];

    snprintf(suffix, sizeof suffix, "state%zu", slot);
    return path_of(path, size, run_dir, key, suffix);
}

static dft_status save_states(const flow_session *session, const char *run_dir, const char *key,
                              dft_error *err)
{
    char path[4096];
    dft_status status = DFT_OK;

    for (size_t i = 0; i < FLOW_MAX_SLOTS && status == DFT_OK; i++)
        if (session->last[i] && session->last[i]->state
            && state_path(path, sizeof path, run_dir, key, i))
            status = dft_checkpoint_write(path, session->last[i]->state, err);
    return status;
}

dft_status flow_session_save(const flow_session *session, const char *run_dir, const char *key,
                             dft_error *err)
{
    char path[4096], directory[4096];
    char *text = NULL;
    dft_status status = DFT_OK;

    if (json_array_size(session->energies) == 0)
        return DFT_OK;              /* nothing would be gained */
    if (!path_of(path, sizeof path, run_dir, key, "json"))
        return dft_fail(err, DFT_EINPUT, "the run directory's path '%.200s' is too long", run_dir);
    snprintf(directory, sizeof directory, "%.*s", (int)(strrchr(path, '/') - path), path);
    status = dft_directory_make(directory, err);
    if (status == DFT_OK)
        status = save_states(session, run_dir, key, err);
    text = json_dumps(session->energies, JSON_COMPACT | JSON_REAL_PRECISION(17));
    if (status == DFT_OK && !text)
        status = dft_fail(err, DFT_ENOMEM, "%s: no memory to write it", path);
    if (status == DFT_OK)
        status = dft_file_write(path, text, strlen(text), err);
    free(text);
    return status;
}

void flow_session_resume(flow_session *session, const char *run_dir, const char *key)
{
    char path[4096];
    json_t *finished = NULL;

    if (path_of(path, sizeof path, run_dir, key, "json"))
        finished = json_load_file(path, 0, NULL);
    if (!json_is_array(finished) || json_array_size(finished) == 0) {
        json_decref(finished);
        return;
    }
    session->finished = finished;
    for (size_t i = 0; i < FLOW_MAX_SLOTS; i++)     /* without its state a geometry starts from scratch */
        if (state_path(path, sizeof path, run_dir, key, i)
            && dft_checkpoint_read(path, &session->last[i], NULL) != DFT_OK)
            session->last[i] = NULL;
}

void flow_session_forget(const char *run_dir, const char *key)
{
    char path[4096];

    if (path_of(path, sizeof path, run_dir, key, "json"))
        unlink(path);
    for (size_t i = 0; i < FLOW_MAX_SLOTS; i++)
        if (state_path(path, sizeof path, run_dir, key, i))
            unlink(path);
}

void flow_session_strip(flow_session *session)
{
    for (size_t i = 0; i < json_array_size(session->energies); i++)
        json_object_del(json_array_get(session->energies, i), "exact");
}
