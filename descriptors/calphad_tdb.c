/* Opens a TDB file, and answers what it holds. */

#include "descriptors/calphad_tdb.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "descriptors/calphad_database.h"
#include "dft-lite/base/alloc.h"

dft_status desc_tdb_read(const char *path, desc_tdb **out, dft_error *err)
{
    FILE *file = fopen(path, "rb");
    char *text = NULL;
    size_t size = 0, n = 0;
    dft_status status = DFT_OK;

    *out = NULL;
    if (!file)
        return dft_fail(err, DFT_ENOFILE, "%s: %s; give the path of a readable TDB file", path,
                        strerror(errno));
    do {                                         /* grows byte array by powers of two */
        const size_t capacity = size ? 2 * size : 1 << 16;
        char *larger = dft_alloc(capacity, 1);
        if (!larger) {
            status = dft_fail(err, DFT_ENOMEM, "%s: no memory for %zu bytes", path, capacity);
            break;
        }
        if (n)
            memcpy(larger, text, n);
        free(text);
        text = larger;
        size = capacity;
        n += fread(text + n, 1, size - n, file);
    } while (n == size);
    if (status == DFT_OK && ferror(file))
        status = dft_fail(err, DFT_ENOFILE, "%s: cannot be read (%s)", path, strerror(errno));
    if (status == DFT_OK)
        status = desc_tdb_parse(path, text, n, out, err);
    free(text);
    fclose(file);
    return status;
}

void desc_tdb_free(desc_tdb *tdb)
{
    if (!tdb)
        return;
    for (size_t i = 0; i < tdb->n_functions; i++)
        expr_piecewise_clear(&tdb->functions[i].value);
    for (size_t i = 0; i < tdb->n_parameters; i++)
        expr_piecewise_clear(&tdb->parameters[i].value);
    for (size_t i = 0; i < tdb->n_phases; i++)
        for (size_t s = 0; s < TDB_SUBLATTICES; s++)
            free(tdb->phases[i].constituent[s]);
    for (size_t i = 0; i < tdb->n_references; i++)
        free(tdb->references[i].text);
    for (size_t i = 0; i < tdb->n_notes; i++)
        free(tdb->notes[i]);
    free(tdb->functions);
    free(tdb->function_order);
    free(tdb->parameters);
    free(tdb->phases);
    free(tdb->references);
    free(tdb->notes);
    free(tdb->elements);
    free(tdb->species);
    free(tdb->path);
    free(tdb);
}

const char *desc_tdb_path(const desc_tdb *tdb) { return tdb->path; }
const char *desc_tdb_sha256(const desc_tdb *tdb) { return tdb->sha256; }
size_t desc_tdb_n_elements(const desc_tdb *tdb) { return tdb->n_elements; }
const char *desc_tdb_element(const desc_tdb *tdb, size_t i) { return tdb->elements[i]; }
size_t desc_tdb_n_phases(const desc_tdb *tdb) { return tdb->n_phases; }
const char *desc_tdb_phase(const desc_tdb *tdb, size_t i) { return tdb->phases[i].name; }
size_t desc_tdb_n_notes(const desc_tdb *tdb) { return tdb->n_notes; }
const char *desc_tdb_note(const desc_tdb *tdb, size_t i) { return tdb->notes[i]; }

const char *desc_tdb_phase_unsupported(const desc_tdb *tdb, size_t i)
{
    return tdb->phases[i].unsupported;
}

const char *desc_tdb_reference(const desc_tdb *tdb, const char *id)
{
    for (size_t i = 0; i < tdb->n_references; i++)
        if (strcmp(tdb->references[i].id, id) == 0)
            return tdb->references[i].text;
    return NULL;
}
