#include "results/export_extxyz.h"

#include "results/record.h"

static double number_at(const json_t *rows, size_t i, size_t c)
{
    return json_number_value(json_array_get(json_array_get(rows, i), c));
}

/* name="text" with the quotes of extended XYZ; nothing for an empty text. */
static void add_quoted(res_text *text, const char *name, const char *value)
{
    if (!value || !*value)
        return;
    res_text_addf(text, " %s=\"", name);
    for (const char *c = value; *c; c++) {
        if (*c == '"' || *c == '\\')
            res_text_add(text, "\\");
        res_text_add_bytes(text, (unsigned char)*c < 32 ? " " : c, 1);
    }
    res_text_add(text, "\"");
}

static void add_lattice(res_text *text, const json_t *structure)
{
    const json_t *lattice = json_object_get(structure, "lattice_ang");
    const json_t *pbc = json_object_get(structure, "pbc");

    res_text_add(text, "Lattice=\"");
    for (size_t k = 0; k < 9; k++)
        res_text_addf(text, "%s%.10f", k ? " " : "", number_at(lattice, k / 3, k % 3));
    res_text_add(text, "\" Properties=species:S:1:pos:R:3 pbc=\"");
    for (size_t i = 0; i < 3; i++)
        res_text_addf(text, "%s%s", i ? " " : "",
                      json_is_false(json_array_get(pbc, i)) ? "F" : "T");
    res_text_add(text, "\"");
}

/* Cartesian positions: r = sum_i frac_i a_i. */
static void add_atoms(res_text *text, const json_t *structure)
{
    const json_t *lattice = json_object_get(structure, "lattice_ang");
    const json_t *species = json_object_get(structure, "species");
    const json_t *positions = json_object_get(structure, "positions_frac");

    for (size_t a = 0; a < json_array_size(species); a++) {
        res_text_addf(text, "%-2s", json_string_value(json_array_get(species, a)));
        for (size_t c = 0; c < 3; c++) {
            double r = 0.0;
            for (size_t i = 0; i < 3; i++)
                r += number_at(positions, a, i) * number_at(lattice, i, c);
            res_text_addf(text, " %16.10f", r);
        }
        res_text_add(text, "\n");
    }
}

static void add_frame(res_text *text, const char *key, const json_t *record, const json_t *energy)
{
    const json_t *structure = json_object_get(energy, "structure");
    const json_t *value = json_object_get(energy, "energy_ev");
    const json_t *free_energy = json_object_get(energy, "free_energy_ev");

    if (!json_is_object(structure))
        structure = json_object_get(json_object_get(record, "inputs"), "structure");
    if (!json_is_number(value) || !res_structure_is_valid(structure))
        return;
    res_text_addf(text, "%zu\n", json_array_size(json_object_get(structure, "species")));
    add_lattice(text, structure);
    res_text_addf(text, " energy=%.6f", json_number_value(value));
    if (json_is_number(free_energy))
        res_text_addf(text, " free_energy=%.6f", json_number_value(free_energy));
    add_quoted(text, "key", key);
    add_quoted(text, "candidate", json_string_value(json_object_get(record, "candidate")));
    add_quoted(text, "task_kind", json_string_value(json_object_get(record, "task_kind")));
    add_quoted(text, "label", json_string_value(json_object_get(energy, "label")));
    res_text_addf(text, " converged=%s\n",
                  json_is_true(json_object_get(energy, "converged")) ? "T" : "F");
    add_atoms(text, structure);
}

static dft_status add_record(void *user, const char *key, const json_t *record, dft_error *err)
{
    res_text *text = user;
    const json_t *energies = json_object_get(json_object_get(record, "results"), "energies");

    for (size_t i = 0; i < json_array_size(energies); i++)
        add_frame(text, key, record, json_array_get(energies, i));
    if (text->failed)
        return dft_fail(err, DFT_ENOMEM, "no memory to export record %s", key);
    return DFT_OK;
}

dft_status res_extxyz_text(const char *run_dir, res_text *text, dft_error *err)
{
    const res_record_visitor visitor = { text, add_record, NULL };
    dft_status status = res_record_each(run_dir, &visitor, err);

    if (status == DFT_OK && text->length == 0)
        return dft_fail(err, DFT_ENOFILE, "no record in %s/records holds a structure with an "
                        "energy; run the campaign first", run_dir);
    return status;
}
