/*
 * screen/surfaces.h - the table of all surfaces that `liscreen candidates` speaks of, made or stored.
 *
 * Made from the structure library, the built-in enumeration (candidates/generate.h) and a user's folder.
 * Making it takes some ten seconds, so it is stored, by default as results/runs/candidates.csv beside the
 * runs (git ignores it; delete it freely).  Its first line has a hash of everything that decides its
 * content - program version, data tables, the user's files, options, which data sets are installed - and
 * another hash means that it is made again.
 */
#ifndef SCREEN_SURFACES_H
#define SCREEN_SURFACES_H

#include <stddef.h>

#include "candidates/enumerate.h"
#include "candidates/folder.h"
#include "dft-lite/base/status.h"
#include "screen/app.h"

typedef struct {
    const char *folder;             /* a user's structures; NULL: none */
    const char *store;              /* the file; NULL: the default */
    int max_index;
    int refresh;                    /* make it even when it is stored */
} screen_surfaces_request;

typedef struct {
    cand_surface *surface;          /* owned, [n] */
    size_t n;
    cand_refused_file *refused;     /* owned, [n_refused]; only when it was made anew */
    size_t n_refused;
    int was_stored;
} screen_surfaces;

/* The caller clears *out, also after a failure.  A table that cannot be stored is no error: progress says
 * why.  Errors: those of the readers and of cand_surfaces_enumerate. */
dft_status screen_surfaces_get(const screen_app *app, const screen_surfaces_request *request,
                               screen_surfaces *out, dft_error *err);
void screen_surfaces_clear(screen_surfaces *surfaces);

/* True when PBE data for the element are installed. */
bool screen_has_data_set(void *unused, int z);

#endif
