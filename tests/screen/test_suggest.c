#include "tests/support/assert_close.h"

#include <string.h>

#include "screen/suggest.h"

static const char *const verbs[] = { "run", "status", "rank", "export" };

static void distance_counts_single_edits(void **unused)
{
    (void)unused;
    assert_int_equal(screen_suggest_distance("status", "status"), 0);
    assert_int_equal(screen_suggest_distance("Status", "status"), 0);
    assert_int_equal(screen_suggest_distance("statu", "status"), 1);
    assert_int_equal(screen_suggest_distance("sattus", "status"), 1);   /* neighbours swapped */
    assert_int_equal(screen_suggest_distance("", "run"), 3);
    assert_int_equal(screen_suggest_distance("kitten", "sitting"), 3);  /* the textbook pair */
}

static void the_nearest_choice_is_suggested_and_far_ones_are_not(void **unused)
{
    char text[64];
    (void)unused;

    assert_string_equal(screen_suggest("exprot", 4, verbs), "export");
    assert_null(screen_suggest("phase", 4, verbs));
    assert_string_equal(screen_suggest_phrase("stauts", 4, verbs, text, sizeof text),
                        " (did you mean 'status'?)");
    assert_string_equal(screen_suggest_phrase("xyzzy", 4, verbs, text, sizeof text), "");
}

static void very_long_words_are_safe(void **unused)
{
    char word[500];
    (void)unused;

    memset(word, 'x', sizeof word - 1);
    word[sizeof word - 1] = '\0';
    assert_null(screen_suggest("", 0, NULL));
    assert_int_equal(screen_suggest_distance(word, word), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(distance_counts_single_edits),
        cmocka_unit_test(the_nearest_choice_is_suggested_and_far_ones_are_not),
        cmocka_unit_test(very_long_words_are_safe),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
