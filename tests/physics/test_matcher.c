/* The structure matcher over the whole library, 10000 tries: every structure about 60 times. */
#include "tests/candidates/disguise.h"

#include "candidates/matcher.h"

#define N_TRIES 10000
#define MOST_ATOMS 60               /* cells of one copy above */

static void a_disguised_structure_matches_itself_10000_times_of_10000(void **unused)
{
    cand_library *library = NULL;
    unsigned seed = 11;
    size_t matched = 0;
    (void)unused;

    assert_int_equal(cand_library_read("candidates/data", &library, NULL), DFT_OK);
    for (size_t k = 0; k < N_TRIES; k++) {
        const cand_entry *entry = cand_library_entry(library, k % cand_library_size(library));
        dft_crystal *crystal = NULL;
        cand_match match;
        assert_int_equal(cand_entry_crystal(entry, CAND_CELL_PRIMITIVE, &crystal, NULL), DFT_OK);
        const int most = crystal->n_atoms < MOST_ATOMS / 4 ? 4
                       : crystal->n_atoms < MOST_ATOMS / 2 ? 2 : 1;
        dft_crystal *mask = disguised(crystal, 1 + (int)(most * uniform(&seed)), &seed);
        assert_int_equal(cand_crystals_match(crystal, mask, NULL, &match, NULL), DFT_OK);
        if (!match.same)
            print_error("%s, try %zu\n", entry->id, k);
        matched += match.same;
        dft_crystal_free(mask);
        dft_crystal_free(crystal);
    }
    cand_library_free(library);
    assert_int_equal(matched, N_TRIES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_disguised_structure_matches_itself_10000_times_of_10000),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
