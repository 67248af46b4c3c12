#include "tests/support/assert_close.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "dft-lite/base/clock.h"
#include "dft-lite/base/phases.h"

static void wait_ms(int ms)
{
    const struct timespec t = { 0, 1000000L * ms };
    nanosleep(&t, NULL);
}

static void nested_phases_add_up_to_the_time_that_passed(void **unused)
{
    dft_phases p = { 0 };
    (void)unused;

    const double start = dft_clock_s();
    dft_phases_begin(&p, DFT_PHASE_DIAGONALISE);
    wait_ms(2);
    dft_phases_begin(&p, DFT_PHASE_FFT);
    wait_ms(2);
    dft_phases_next(&p, DFT_PHASE_LOCAL, 0.0, 0.0);
    wait_ms(2);
    dft_phases_end(&p, 0.0, 0.0);
    wait_ms(2);
    dft_phases_end(&p, 0.0, 0.0);
    const double stop = dft_clock_s();

    /* Counting the inner phases twice would make 12 ms of 8.  1e-9: rounding of the clock's seconds. */
    assert_true(dft_phases_total(&p).seconds <= stop - start + 1e-9);
    assert_true(p.sum[DFT_PHASE_FFT].seconds >= 2e-3 - 1e-9);       /* nanosleep waits at least that */
    assert_true(p.sum[DFT_PHASE_LOCAL].seconds >= 2e-3 - 1e-9);
    assert_true(p.sum[DFT_PHASE_DIAGONALISE].seconds >= 4e-3 - 1e-9);
    assert_int_equal(p.depth, 0);
}

static void time_outside_every_phase_belongs_to_none(void **unused)
{
    dft_phases p = { 0 };
    (void)unused;

    dft_phases_begin(&p, DFT_PHASE_XC);
    dft_phases_end(&p, 0.0, 0.0);
    const double first = dft_phases_total(&p).seconds;
    wait_ms(3);
    const double resumed = dft_clock_s();
    dft_phases_begin(&p, DFT_PHASE_XC);
    dft_phases_end(&p, 0.0, 0.0);
    assert_true(dft_phases_total(&p).seconds - first <= dft_clock_s() - resumed + 1e-9);
    assert_int_equal(p.sum[DFT_PHASE_XC].calls, 2);
}

static void work_is_booked_where_it_ends_and_by_precision(void **unused)
{
    dft_phases p = { 0 };
    (void)unused;

    dft_phases_begin(&p, DFT_PHASE_PRODUCTS);
    dft_phases_begin(&p, DFT_PHASE_SINGLE(DFT_PHASE_FFT));
    dft_phases_next(&p, DFT_PHASE_FFT, 3.0, 30.0);
    dft_phases_end(&p, 5.0, 50.0);
    dft_phases_end(&p, 7.0, 70.0);
    dft_phases_applied(&p, 11);

    assert_close(p.sum[DFT_PHASE_SINGLE(DFT_PHASE_FFT)].flops, 3.0, 0.0);
    assert_close(p.sum[DFT_PHASE_FFT].flops, 5.0, 0.0);
    assert_close(p.sum[DFT_PHASE_FFT].bytes, 50.0, 0.0);
    assert_close(p.sum[DFT_PHASE_PRODUCTS].flops, 7.0, 0.0);
    assert_close(dft_phases_of(&p, DFT_PHASE_FFT).flops, 8.0, 0.0);
    assert_close(dft_phases_total(&p).bytes, 150.0, 0.0);
    assert_int_equal(dft_phases_total(&p).calls, 3);
    assert_int_equal(p.n_applied, 11);
}

static void accounts_of_threads_merge(void **unused)
{
    dft_phases p[2] = { { .n_applied = 1 }, { .n_applied = 2 } };
    (void)unused;

    p[0].sum[DFT_PHASE_FFT] = (dft_phase_sum){ 1.0, 2.0, 3.0, 4 };
    p[1].sum[DFT_PHASE_FFT] = (dft_phase_sum){ 10.0, 20.0, 30.0, 40 };
    p[1].sum[DFT_PHASE_SINGLE(DFT_PHASE_OTHER)] = (dft_phase_sum){ 5.0, 6.0, 7.0, 8 };
    dft_phases_merge(&p[0], &p[1]);
    const dft_phase_sum fft = dft_phases_of(&p[0], DFT_PHASE_FFT), all = dft_phases_total(&p[0]);
    assert_close(fft.seconds, 11.0, 0.0);
    assert_close(fft.flops, 22.0, 0.0);
    assert_close(fft.bytes, 33.0, 0.0);
    assert_int_equal(fft.calls, 44);
    assert_close(all.seconds, 16.0, 0.0);
    assert_int_equal(p[0].n_applied, 3);
    assert_close(p[1].sum[DFT_PHASE_FFT].seconds, 10.0, 0.0);
}

static void without_an_account_nothing_happens(void **unused)
{
    dft_phases p = { .n_applied = 3 };
    (void)unused;

    dft_phases_begin(NULL, DFT_PHASE_FFT);
    dft_phases_next(NULL, DFT_PHASE_LOCAL, 1.0, 1.0);
    dft_phases_end(NULL, 1.0, 1.0);
    dft_phases_applied(NULL, 1);
    dft_phases_merge(NULL, &p);
    dft_phases_merge(&p, NULL);
    assert_int_equal(p.n_applied, 3);
    assert_close(dft_phases_total(NULL).seconds, 0.0, 0.0);
    assert_close(dft_phases_of(NULL, DFT_PHASE_FFT).flops, 0.0, 0.0);
}

static void every_phase_has_its_own_name(void **unused)
{
    (void)unused;

    for (int i = 0; i < DFT_N_PHASES; i++) {
        assert_non_null(dft_phase_name((dft_phase)i));
        assert_string_equal(dft_phase_name((dft_phase)i), dft_phase_name(DFT_PHASE_SINGLE(i)));
        for (int j = 0; j < i; j++)
            assert_string_not_equal(dft_phase_name((dft_phase)i), dft_phase_name((dft_phase)j));
    }
    assert_string_equal(dft_phase_name((dft_phase)(2 * DFT_N_PHASES)), "unknown");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nested_phases_add_up_to_the_time_that_passed),
        cmocka_unit_test(time_outside_every_phase_belongs_to_none),
        cmocka_unit_test(work_is_booked_where_it_ends_and_by_precision),
        cmocka_unit_test(accounts_of_threads_merge),
        cmocka_unit_test(without_an_account_nothing_happens),
        cmocka_unit_test(every_phase_has_its_own_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
