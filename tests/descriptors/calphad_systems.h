/* tests/descriptors/calphad_systems.h - a binary of Li from descriptors/data, opened for a test. */
#ifndef TEST_CALPHAD_SYSTEMS_H
#define TEST_CALPHAD_SYSTEMS_H

#include "descriptors/calphad_diagram.h"
#include "tests/support/assert_close.h"

typedef struct {
    desc_tdb *tdb;
    desc_calphad *system;
    desc_solver *solver;
} opened;

static const struct { const char *path, *metal; } binaries[5] = {
    { "descriptors/data/al-li.tdb", "Al" }, { "descriptors/data/cu-li.tdb", "Cu" },
    { "descriptors/data/li-mg.tdb", "Mg" }, { "descriptors/data/li-ni.tdb", "Ni" },
    { "descriptors/data/li-si.tdb", "Si" },
};

/* Compositions are mole fractions of the last element. */
static inline opened open_elements(const char *path, size_t n, const char *const *elements)
{
    opened out = { NULL, NULL, NULL };
    dft_error err = { DFT_OK, "" };

    if (desc_tdb_read(path, &out.tdb, &err) != DFT_OK
        || desc_calphad_create(out.tdb, n, elements, 0, NULL, &out.system, &err) != DFT_OK
        || desc_solver_create(out.system, &out.solver, &err) != DFT_OK)
        print_error("%s\n", err.message);
    assert_non_null(out.solver);
    return out;
}

static inline opened open_binary(const char *path, const char *metal)
{
    const char *const elements[2] = { metal, "Li" };

    return open_elements(path, 2, elements);
}

static inline void close_binary(opened *o)
{
    desc_solver_free(o->solver);
    desc_calphad_free(o->system);
    desc_tdb_free(o->tdb);
}

#endif
