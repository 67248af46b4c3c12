#include "dft-lite/base/hash.h"

#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "tests/support/assert_close.h"

/* The three messages of FIPS 180-4's examples (one block, two blocks, a million letters a). */
static void sha256_matches_the_published_examples(void **unused)
{
    char hex[65];
    const size_t million = 1000000;
    char *letters = dft_alloc(million, 1);
    (void)unused;

    dft_sha256_hex("abc", 3, hex);
    assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    const char *two_blocks = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
    dft_sha256_hex(two_blocks, strlen(two_blocks), hex);
    assert_string_equal(hex, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    assert_non_null(letters);
    memset(letters, 'a', million);
    dft_sha256_hex(letters, million, hex);
    assert_string_equal(hex, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    free(letters);
}

static void sha256_of_nothing_needs_no_memory(void **unused)
{
    char hex[65];
    (void)unused;

    dft_sha256_hex(NULL, 0, hex);
    assert_string_equal(hex, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sha256_matches_the_published_examples),
        cmocka_unit_test(sha256_of_nothing_needs_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
