/*
 * Fuzzing of the TDB reader with libFuzzer; built by hand:
 *   clang -std=c11 -D_POSIX_C_SOURCE=200809L -O1 -g -fsanitize=fuzzer,address,undefined -I. \
 *     tests/descriptors/fuzz_tdb.c descriptors/calphad_*.c dft-lite/base/{alloc,status,hash}.c \
 *     -lnettle -lm -o build/fuzz_tdb
 *   build/fuzz_tdb -max_total_time=600 -max_len=12000 NEW_CORPUS tests/data/tdb descriptors/data
 *
 * What is read is made into a system of its first elements, phase by phase, and evaluated.
 */

#include <stdint.h>
#include <stdlib.h>

#include "descriptors/calphad_system.h"

/* Energies of every phase in the middle of its sublattices. */
static void evaluate(const desc_calphad *system)
{
    desc_calphad_state *state = NULL;
    double lowest, highest;

    if (desc_calphad_state_create(system, &state, NULL) != DFT_OK)
        return;
    desc_calphad_range(system, &lowest, &highest);
    if (desc_calphad_state_set(state, 0.5 * (lowest + highest), 1e5, NULL) == DFT_OK)
        for (size_t p = 0; p < desc_calphad_n_phases(system); p++) {
            double y[DESC_CALPHAD_MOST_FRACTIONS], gradient[DESC_CALPHAD_MOST_FRACTIONS + 1];
            for (size_t i = 0; i < desc_calphad_n_fractions(system, p); i++)
                y[i] = 0.5;
            (void)desc_calphad_gibbs(state, p, y, gradient, NULL);
            (void)desc_calphad_label(system, p, y);
        }
    desc_calphad_state_free(state);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    desc_tdb *tdb = NULL;

    if (desc_tdb_parse("fuzz.tdb", (const char *)data, size, &tdb, NULL) != DFT_OK)
        return 0;
    const char *elements[2] = { desc_tdb_element(tdb, 0), NULL };
    const size_t n = desc_tdb_n_elements(tdb) > 1 ? 2 : 1;
    if (n == 2)
        elements[1] = desc_tdb_element(tdb, 1);
    for (size_t p = 0; p < desc_tdb_n_phases(tdb) && p < 8; p++) {
        const char *const phase = desc_tdb_phase(tdb, p);
        desc_calphad *system = NULL;
        char *sources;
        if (desc_calphad_create(tdb, n, elements, 1, &phase, &system, NULL) != DFT_OK)
            continue;
        evaluate(system);
        sources = desc_calphad_sources(system);
        free(sources);
        desc_calphad_free(system);
    }
    desc_tdb_free(tdb);
    return 0;
}
