/*
 * tests/support/assert_close.h - comparing doubles in cmocka tests.
 *
 * cmocka 1.1.5's assert_float_equal rounds its arguments to float first; this does not.
 */
#ifndef TEST_ASSERT_CLOSE_H
#define TEST_ASSERT_CLOSE_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Fails, printing both values, unless |a - b| <= tolerance (absolute); NaN always fails. */
#define assert_close(a, b, tolerance) \
    test_assert_close((a), (b), (tolerance), #a, __FILE__, __LINE__)

static inline void test_assert_close(double a, double b, double tolerance, const char *what,
                                     const char *file, int line)
{
    if (fabs(a - b) <= tolerance)
        return;
    print_error("%s: %.17g is not within %.3g of %.17g\n", what, a, tolerance, b);
    _fail(file, line);
}

#endif
