/* Every allocation of one whole calculation refused in turn: SCF, forces and stress.  It ends with DFT_ENOMEM
 * and a message, or rightly where the engine can do without; `make test-physics SAN=address,undefined` shows
 * that nothing leaks either.  The smallest cells with all that the engine has: projectors, spin, symmetry. */
#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/threads.h"
#include "dft-lite/base/units.h"
#include "dft-lite/properties/result_gradients.h"
#include "tests/basis/crystals.h"

static dft_scf_options small_options(int spin)
{
    dft_scf_options options = dft_scf_defaults();

    options.ecut = 60.0 / DFT_HARTREE_EV;
    options.kmesh[0] = 2;
    options.kmesh[1] = options.kmesh[2] = 1;
    options.max_iterations = 3;         /* the first meets every allocation but the mixer's history */
    options.spin = spin;
    options.keep_ground = 1;
    return options;
}

/* The n-th allocation of a run refused (0: none).  Says whether the run had that many. */
static int run_refusing(const dft_crystal *crystal, const dft_scf_options *options, long n)
{
    double force[1][3], stress[6];
    dft_scf_result *result = NULL;
    dft_error err = { 0 };

    dft_alloc_refuse_nth(n);
    dft_status status = dft_scf_run(crystal, options, NULL, &result, &err);
    if (status == DFT_OK)
        status = dft_result_gradients(result, force, stress, &err);
    else
        assert_null(result);
    if (status != DFT_OK && (status != DFT_ENOMEM || err.message[0] == '\0'))
        fail_msg("allocation %ld refused: status %d, '%s'", n, (int)status, err.message);
    dft_scf_result_free(result);
    int refused = status != DFT_OK;
    for (long i = 0; !refused && i < n; i++) {          /* is the refusal still to come? */
        void *memory = dft_alloc(1, 1);
        if (!memory)
            break;
        free(memory);
        refused = i == n - 1;
    }
    dft_alloc_refuse_nth(0);
    return refused;
}

/* Refuses the first, first + step, ... of a run in turn; returns which the run no longer had. */
static long refuse_in_turn(int spin, long first, long step)
{
    dft_crystal *crystal = test_bcc(3, 3.44);
    const dft_scf_options options = small_options(spin);
    long n = first;

    assert_false(run_refusing(crystal, &options, 0));
    while (run_refusing(crystal, &options, n))
        n += step;
    dft_crystal_free(crystal);
    return n;
}

static void every_allocation_of_a_calculation_may_be_refused(void **unused)
{
    (void)unused;
    assert_true(refuse_in_turn(0, 1, 1) > 500);      /* it did reach into the run */
}

static void every_sixteenth_with_spin_may_be_refused(void **unused)
{
    (void)unused;
    assert_true(refuse_in_turn(1, 3, 16) > 500);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_allocation_of_a_calculation_may_be_refused),
        cmocka_unit_test(every_sixteenth_with_spin_may_be_refused),
    };

    if (dft_threads_set(1, NULL) != DFT_OK)     /* the n-th allocation is then the same one every time */
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
