/*
 * tests/screen/typing.h - liscreen as a user types it.
 */
#ifndef TEST_SCREEN_TYPING_H
#define TEST_SCREEN_TYPING_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "screen/verbs.h"
#include "tests/support/assert_close.h"

/* A template for mkdtemp in the setup of the test. */
static char root[] = "/tmp/liscreen-typing-XXXXXX";

/* Runs the words; %s in them stands for the scratch directory `root`.  Returns the exit code; `said` has what was
 * printed on both streams. */
static inline int type(const char *words, char *said, size_t size)
{
    char line[512], *argv[24] = { "liscreen" }, *text = NULL;
    size_t length = 0;
    int argc = 1, code;
    screen_app app;

    memset(&app, 0, sizeof app);
    assert_int_equal(screen_app_set_data_root(&app, ".", NULL), DFT_OK);
    app.out = app.progress = open_memstream(&text, &length);
    assert_non_null(app.out);
    for (size_t at = 0, n = 0; (line[n] = words[at]) != '\0'; at++, n++)
        if (strncmp(words + at, "%s", 2) == 0) {
            n += (size_t)sprintf(line + n, "%s", root) - 1;
            at++;
        }
    for (char *word = strtok(line, " "); word; word = strtok(NULL, " "))
        argv[argc++] = word;
    code = screen_main(&app, argc, argv);
    fclose(app.out);
    snprintf(said, size, "%s", text);
    free(text);
    return code;
}

#endif
