/*
 * results/provenance.h - which program made a number.
 *
 * Nothing here depends on the host, the user or the time, so that two machines that do the same
 * calculation write the same words.
 */
#ifndef RES_PROVENANCE_H
#define RES_PROVENANCE_H

#include <jansson.h>
#include <stddef.h>

#define RES_PROGRAM_VERSION "0.1.0"

/* Part of every task's key.  Raise it whenever a change alters a computed value: records of the old
 * physics are then no longer found, and are computed anew. */
#define RES_PHYSICS_VERSION 2

typedef struct {
    const char *name;               /* "libxc" */
    const char *version;            /* "5.2.3" */
} res_library;

/* {"program": "liscreen", "program_version", "physics_version", "libraries": {name: version}}.
 * `libraries` adds to those that results/ itself uses (jansson, sqlite).  A new reference, owned by
 * the caller; NULL when memory is refused or a text is not UTF-8. */
json_t *res_provenance(const res_library *libraries, size_t n_libraries);

#endif
