#include "descriptors/random.h"

#include "tests/support/assert_close.h"

/* Known answers published with the generator (Random123, kat_vectors, philox 4x32, 10 rounds). */
static void philox_gives_the_published_answers(void **unused)
{
    static const struct { uint32_t counter[4], key[2], out[4]; } known[] = {
        { { 0, 0, 0, 0 }, { 0, 0 }, { 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8 } },
        { { ~0u, ~0u, ~0u, ~0u }, { ~0u, ~0u },
          { 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd } },
        { { 0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344 }, { 0xa4093822, 0x299f31d0 },
          { 0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1 } },
    };
    (void)unused;

    for (size_t i = 0; i < 3; i++) {
        uint32_t out[4];
        desc_philox(known[i].counter, known[i].key, out);
        for (int j = 0; j < 4; j++)
            assert_int_equal(out[j], known[i].out[j]);
    }
}

/* The inverse against the distribution, tails included; 1e-13: erfc's own error in the tail. */
static void the_quantile_inverts_the_distribution(void **unused)
{
    (void)unused;
    for (double x = -8.0; x <= 5.0; x += 0.125)
        assert_close(desc_normal_quantile(desc_normal_cdf(x)), x, x < 3.0 ? 2e-13 : 1e-9);
    assert_close(desc_normal_quantile(0.5), 0.0, 0.0);
    assert_close(desc_normal_quantile(0.95), 1.6448536269514722, 1e-14);
    assert_true(isinf(desc_normal_quantile(0.0)) && isinf(desc_normal_quantile(1.0)));
}

/* Mean and variance of 4e5 numbers: 1/2 and 1/12 within 4 standard errors. */
static void draws_are_uniform_and_streams_differ(void **unused)
{
    double sum = 0.0, square = 0.0, cross = 0.0;
    const uint64_t ag = desc_stream("solubility:Ag"), pt = desc_stream("solubility:Pt");
    const int n = 100000;
    (void)unused;

    for (int block = 0; block < n; block++) {
        double u[4], v[4];
        desc_draw4(1, ag, (uint64_t)block, u);
        desc_draw4(1, pt, (uint64_t)block, v);
        for (int i = 0; i < 4; i++) {
            assert_true(u[i] > 0.0 && u[i] < 1.0);
            sum += u[i];
            square += u[i] * u[i];
            cross += (u[i] - 0.5) * (v[i] - 0.5);
        }
    }
    assert_close(sum / (4 * n), 0.5, 4.0 * sqrt(1.0 / 12.0 / (4 * n)));
    assert_close(square / (4 * n), 1.0 / 3.0, 4.0 * sqrt(4.0 / 45.0 / (4 * n)));
    assert_close(cross / (4 * n), 0.0, 4.0 / 12.0 / sqrt(4.0 * n));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(philox_gives_the_published_answers),
        cmocka_unit_test(the_quantile_inverts_the_distribution),
        cmocka_unit_test(draws_are_uniform_and_streams_differ),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
