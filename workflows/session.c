#include "workflows/session.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dft-lite/base/file.h"
#include "dft-lite/base/units.h"
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
    session->calculator->free_result(session->last);
    session->energies = session->finished = NULL;
    session->last = NULL;
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

static void read_finished(const json_t *item, flow_energy *out)
{
    const json_t *energy = json_object_get(item, "energy_ev");

    out->converged = json_is_true(json_object_get(item, "converged")) && json_is_number(energy);
    out->energy = out->converged ? json_number_value(energy) / DFT_HARTREE_EV : NAN;
    snprintf(out->message, sizeof out->message, "stopped before it converged");
}

static int replay(flow_session *session, const dft_crystal *crystal, int sheet,
                  const dft_scf_options *options, const char *label, flow_energy *out)
{
    const bool pbc[3] = { true, true, !sheet };

    if (!session->finished)
        return 0;
    json_t *structure = res_structure(label, crystal, pbc);
    json_t *item = next_finished(session, structure, label, options->kmesh);
    json_decref(structure);
    if (!item)
        return 0;
    read_finished(item, out);
    return json_array_append(session->energies, item) == 0;
}

/* ---- computing ---- */

static dft_status compute(flow_session *session, const dft_crystal *crystal,
                          const dft_scf_options *options, dft_scf_result **out, json_t *tries,
                          dft_error *err)
{
    const flow_spec *spec = session->spec;
    const flow_attempts attempts = {
        session->calculator, session->memory,
        flow_cell_class_of(crystal->n_atoms, crystal->z, flow_kind_of(spec->kind)->surface, spec->sheet),
        session->must_stop, session->context,
    };
    const dft_status status = flow_attempts_run(&attempts, crystal, options, session->last, out, tries,
                                                err);

    if (status != DFT_OK || !(*out)->stopped)
        return status == DFT_OK ? check_data_sets(session, *out, err) : status;
    session->stopped = 1;
    return dft_fail(err, DFT_EINTERNAL, "stopped on request");
}

static dft_status keep(flow_session *session, json_t *entry, json_t *tries, const char *label,
                       dft_error *err)
{
    if (entry && json_array_size(tries) > 0)
        json_object_set(entry, "remedies", tries);
    if (json_array_append_new(session->energies, entry) != 0)
        return dft_fail(err, DFT_ENOMEM, "no memory for the energy of %s", label);
    return DFT_OK;
}

dft_status flow_session_compute(flow_session *session, const dft_crystal *crystal,
                                const int mesh[3], const char *label, flow_energy *out,
                                dft_error *err)
{
    const int sheet = session->spec->sheet || flow_kind_of(session->spec->kind)->surface;
    dft_scf_options options = flow_spec_scf_options(session->spec, crystal->lattice,
                                                    session->data_path);
    dft_scf_result *result = NULL;
    json_t *tries = NULL;
    dft_status status = DFT_OK;

    if (mesh)
        memcpy(options.kmesh, mesh, sizeof options.kmesh);
    if (replay(session, crystal, sheet, &options, label, out))
        return DFT_OK;
    tries = json_array();
    options.on_step = session->on_step;
    options.on_step_context = session->context;
    status = compute(session, crystal, &options, &result, tries, err);
    if (status == DFT_OK)
        status = keep(session, describe(crystal, sheet, &options, result, label), tries, label, err);
    json_decref(tries);
    if (status != DFT_OK) {
        session->calculator->free_result(result);
        return status;
    }
    if (session->on_energy)
        session->on_energy(label, result, session->context);
    *out = (flow_energy){ result->converged, result->converged ? result->energy : NAN, "" };
    snprintf(out->message, sizeof out->message, "%s", result->message);
    if (result->peak_rss_mib > session->peak_rss_mib)
        session->peak_rss_mib = result->peak_rss_mib;
    session->calculator->free_result(session->last);
    session->last = NULL;
    if (result->converged)          /* a bad state is a bad start */
        session->last = result;
    else
        session->calculator->free_result(result);
    return DFT_OK;
}

/* ---- stopping and going on ---- */

static int path_of(char *path, size_t size, const char *run_dir, const char *key, const char *suffix)
{
    const int n = snprintf(path, size, "%s/checkpoints/%s.%s", run_dir, key, suffix);
    return n > 0 && (size_t)n < size;
}

dft_status flow_session_save(const flow_session *session, const char *run_dir, const char *key,
                             dft_error *err)
{
    char path[4096], state[4096], directory[4096];
    char *text = NULL;
    dft_status status = DFT_OK;

    if (json_array_size(session->energies) == 0)
        return DFT_OK;              /* nothing would be gained */
    if (!path_of(path, sizeof path, run_dir, key, "json")
        || !path_of(state, sizeof state, run_dir, key, "state"))
        return dft_fail(err, DFT_EINPUT, "the run directory's path '%.200s' is too long", run_dir);
    snprintf(directory, sizeof directory, "%.*s", (int)(strrchr(path, '/') - path), path);
    status = dft_directory_make(directory, err);
    if (status == DFT_OK && session->last && session->last->state)
        status = dft_checkpoint_write(state, session->last->state, err);
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
    if (path_of(path, sizeof path, run_dir, key, "state")
        && dft_checkpoint_read(path, &session->last, NULL) != DFT_OK)
        session->last = NULL;       /* then the next one starts from scratch */
}

void flow_session_forget(const char *run_dir, const char *key)
{
    static const char *const suffixes[] = { "json", "state" };
    char path[4096];

    for (size_t i = 0; i < 2; i++)
        if (path_of(path, sizeof path, run_dir, key, suffixes[i]))
            unlink(path);
}
