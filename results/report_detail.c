/* The detail of each candidate: see results/report_data.h. */
#include "results/report_data.h"

#include <string.h>

#include "results/record.h"
#include "results/report_source.h"

static const char tasks_sql[] =
    "SELECT key, kind, status, reason, wall_s, peak_rss_mib, program_version, physics_version, "
    "libraries, protocol, results FROM tasks WHERE candidate = ?1 OR key IN "
    "(SELECT task FROM descriptor_tasks WHERE candidate = ?1) ORDER BY kind, key";
static const char energies_sql[] =
    "SELECT e.label, energy_ev, free_energy_ev, converged, scf_iterations, kmesh, n_k_irreducible, "
    "ecut_ev, e.n_atoms, e.wall_s, lattice_ang FROM energies e LEFT JOIN structures s ON s.id = "
    "e.structure WHERE e.task = ?1 ORDER BY e.id";
static const char data_sets_sql[] =
    "SELECT symbol, name, d.sha256 FROM task_data_sets JOIN data_sets d ON d.sha256 = data_set "
    "WHERE task = ?1 ORDER BY symbol, name";
static const char descriptors_sql[] =
    "SELECT d.*, (SELECT json_group_array(task) FROM descriptor_tasks t WHERE t.candidate = "
    "d.candidate AND t.name = d.name) AS tasks FROM descriptors d WHERE d.candidate = ?1 "
    "ORDER BY d.rowid";
/* The clean slab as it was last computed: what came out of a relaxation before what went in. */
static const char slab_sql[] =
    "SELECT s.label, lattice_ang, species, positions_frac, pbc FROM structures s JOIN tasks t ON "
    "t.key = s.task WHERE t.candidate = ?1 AND t.kind LIKE '%slab%' AND role IN ('output', 'scf') "
    "ORDER BY role = 'output' DESC, s.id DESC LIMIT 1";

/* Index of an equal value in the array, appended when it is new; takes over the reference. */
static int index_of(json_t *array, json_t *value)
{
    size_t i = 0;

    while (i < json_array_size(array) && !json_equal(json_array_get(array, i), value))
        i++;
    if (i == json_array_size(array))
        json_array_append(array, value);
    json_decref(value);
    return (int)i;
}

static double cell_volume(const json_t *lattice)
{
    double a[3][3];

    if (json_array_size(lattice) != 3)
        return 0.0;
    for (size_t i = 0; i < 3; i++)
        for (size_t c = 0; c < 3; c++)
            a[i][c] = json_number_value(json_array_get(json_array_get(lattice, i), c));
    const double v = a[0][0] * (a[1][1] * a[2][2] - a[1][2] * a[2][1])
                     - a[0][1] * (a[1][0] * a[2][2] - a[1][2] * a[2][0])
                     + a[0][2] * (a[1][0] * a[2][1] - a[1][1] * a[2][0]);
    return v < 0.0 ? -v : v;
}

/* The energies of one task; the cell is of use as a volume only. */
static dft_status add_energies(const res_report_source *source, json_t *task, const char *key,
                               dft_error *err)
{
    json_t *rows = NULL;
    const dft_status status = res_report_rows(source, energies_sql, key, "lattice_ang", &rows, err);

    for (size_t i = 0; i < json_array_size(rows); i++) {
        json_t *row = json_array_get(rows, i);
        const double volume = cell_volume(json_object_get(row, "lattice_ang"));
        json_object_del(row, "lattice_ang");
        if (volume > 0.0)
            json_object_set_new(row, "volume_ang3", json_real(volume));
    }
    if (rows)
        json_object_set_new(task, "energies", rows);
    return status;
}

static dft_status add_data_sets(const res_report_source *source, json_t *detail, json_t *task,
                                const char *key, dft_error *err)
{
    json_t *rows = NULL, *indices = json_array();
    const dft_status status = res_report_rows(source, data_sets_sql, key, "", &rows, err);

    for (size_t i = 0; i < json_array_size(rows); i++)
        json_array_append_new(indices, json_integer(index_of(json_object_get(detail, "data_sets"),
                                       json_incref(json_array_get(rows, i)))));
    json_object_set_new(task, "data_sets", indices);
    json_decref(rows);
    return status;
}

static dft_status add_tasks(const res_report_source *source, json_t *detail, const char *candidate,
                            dft_error *err)
{
    json_t *rows = NULL;
    dft_status status = res_report_rows(source, tasks_sql, candidate, "libraries protocol results",
                                        &rows, err);

    for (size_t i = 0; i < json_array_size(rows) && status == DFT_OK; i++) {
        json_t *task = json_array_get(rows, i), *protocol = json_object_get(task, "protocol");
        const char *key = json_string_value(json_object_get(task, "key"));
        if (json_is_object(protocol))
            json_object_set_new(task, "protocol",
                                json_integer(index_of(json_object_get(detail, "protocols"),
                                                      json_incref(protocol))));
        status = add_data_sets(source, detail, task, key, err);
        if (status == DFT_OK)
            status = add_energies(source, task, key, err);
    }
    if (rows)
        json_object_set_new(detail, "tasks", rows);
    return status;
}

static json_t *task_indices(const json_t *keys, const json_t *tasks)
{
    json_t *indices = json_array();

    for (size_t k = 0; k < json_array_size(keys); k++)
        for (size_t i = 0; i < json_array_size(tasks); i++)
            if (json_equal(json_array_get(keys, k),
                           json_object_get(json_array_get(tasks, i), "key")))
                json_array_append_new(indices, json_integer((json_int_t)i));
    return indices;
}

/* After the tasks, to which the descriptors point. */
static dft_status add_descriptors(const res_report_source *source, json_t *detail,
                                  const char *candidate, dft_error *err)
{
    json_t *rows = NULL;
    const dft_status status = res_report_rows(source, descriptors_sql, candidate, "tasks", &rows,
                                              err);

    for (size_t i = 0; i < json_array_size(rows); i++) {
        json_t *row = json_array_get(rows, i);
        json_object_set_new(row, "tasks", task_indices(json_object_get(row, "tasks"),
                                                       json_object_get(detail, "tasks")));
        json_object_del(row, "candidate");
    }
    if (rows)
        json_object_set_new(detail, "descriptors", rows);
    return status;
}

static dft_status add_slab(const res_report_source *source, json_t *detail, const char *candidate,
                           dft_error *err)
{
    json_t *rows = NULL;
    const dft_status status = res_report_rows(source, slab_sql, candidate,
                                              "lattice_ang species positions_frac pbc", &rows, err);

    if (json_array_size(rows) && res_structure_is_valid(json_array_get(rows, 0)))
        json_object_set(detail, "slab", json_array_get(rows, 0));
    json_decref(rows);
    return status;
}

static dft_status make_detail(const res_report_source *source, const json_t *row, json_t **out,
                              dft_error *err)
{
    const char *candidate = json_string_value(json_object_get(row, "candidate"));
    json_t *detail = json_pack("{s:O, s:O, s:[], s:[]}", "candidate",
                               json_object_get(row, "candidate"), "formula",
                               json_object_get(row, "formula"), "protocols", "data_sets");
    dft_status status = detail ? DFT_OK : dft_fail(err, DFT_ENOMEM, "no memory for %s", candidate);

    if (status == DFT_OK)
        status = add_tasks(source, detail, candidate, err);
    if (status == DFT_OK)
        status = add_descriptors(source, detail, candidate, err);
    if (status == DFT_OK)
        status = add_slab(source, detail, candidate, err);
    *out = detail;
    return status;
}

dft_status res_report_each(res_report_source *source, size_t most, res_report_visit visit,
                           void *user, dft_error *err)
{
    char sql[128];
    json_t *rows = NULL;

    snprintf(sql, sizeof sql, "SELECT candidate, formula FROM v_ranking LIMIT %zu", most);
    dft_status status = res_report_rows(source, sql, NULL, "", &rows, err);
    for (size_t i = 0; i < json_array_size(rows) && status == DFT_OK; i++) {
        const json_t *row = json_array_get(rows, i);
        json_t *detail = NULL;
        status = make_detail(source, row, &detail, err);
        if (status == DFT_OK)
            status = visit(user, json_string_value(json_object_get(row, "candidate")), detail, err);
        json_decref(detail);
    }
    json_decref(rows);
    return status;
}

dft_status res_report_ranked(res_report_source *source, size_t most, json_t **rows, dft_error *err)
{
    char sql[512];

    /* Of two columns of one name the later one counts: the ranking's own. */
    snprintf(sql, sizeof sql, "SELECT (SELECT value FROM descriptors d WHERE d.candidate = "
             "v_ranking.candidate AND d.name = 'first_lithiation') AS first_lithiation_ev, "
             "(SELECT origin FROM descriptors d WHERE d.candidate = v_ranking.candidate AND d.name = "
             "'first_lithiation') AS first_lithiation_origin, v_ranking.* FROM v_ranking WHERE rank IS "
             "NOT NULL LIMIT %zu", most);
    return res_report_rows(source, sql, NULL, "", rows, err);
}

dft_status res_report_measured(res_report_source *source, json_t **out, dft_error *err)
{
    json_t *rows = NULL, *all = json_object(), *row;
    size_t i;
    const dft_status status = res_report_observations(source, &rows, err);

    json_array_foreach(rows, i, row) {
        const char *candidate = json_string_value(json_object_get(row, "candidate"));
        const char *quantity = json_string_value(json_object_get(row, "quantity"));
        if (!json_object_get(all, candidate))
            json_object_set_new(all, candidate, json_object());
        json_t *its = json_object_get(all, candidate);
        if (!json_object_get(its, quantity))
            json_object_set_new(its, quantity, json_array());
        json_array_append(json_object_get(its, quantity), row);
    }
    json_decref(rows);
    if (status != DFT_OK) {
        json_decref(all);
        all = NULL;
    }
    *out = all;
    return status;
}
