#include "results/provenance.h"

#include <sqlite3.h>

/* Sets object[name] = text.  json_object_set_new refuses a NULL value and gives its reference up. */
static int set_text(json_t *object, const char *name, const char *text)
{
    return json_object_set_new(object, name, json_string(text));
}

json_t *res_provenance(const res_library *libraries, size_t n_libraries)
{
    json_t *all = json_object(), *versions = json_object();
    int bad = set_text(versions, "jansson", jansson_version_str());

    bad |= set_text(versions, "sqlite", sqlite3_libversion());
    for (size_t i = 0; i < n_libraries; i++)
        bad |= set_text(versions, libraries[i].name, libraries[i].version);
    bad |= set_text(all, "program", "liscreen");
    bad |= set_text(all, "program_version", RES_PROGRAM_VERSION);
    bad |= json_object_set_new(all, "physics_version", json_integer(RES_PHYSICS_VERSION));
    bad |= json_object_set_new(all, "libraries", versions);
    if (!bad)
        return all;
    json_decref(all);
    return NULL;
}
