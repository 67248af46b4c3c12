/*
 * tests/screen/calc_runner.h - `liscreen calc` with Lennard-Jones atoms in the engine's place.
 */
#ifndef TEST_CALC_RUNNER_H
#define TEST_CALC_RUNNER_H

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dft-lite/crystal/write.h"
#include "screen/verbs.h"
#include "tests/support/assert_close.h"
#include "tests/workflows/lj_evaluator.h"

typedef struct {
    char dir[64], in[96], json[96], out[2][96];
    lj_settings lj;
    char said[8192];                /* stdout and stderr of the last run */
} calc_scratch;

static inline int calc_set_up(void **state)
{
    calc_scratch *s = calloc(1, sizeof *s);

    strcpy(s->dir, "/tmp/test-calc-XXXXXX");
    if (!mkdtemp(s->dir))
        return -1;
    snprintf(s->in, sizeof s->in, "%s/in.extxyz", s->dir);
    snprintf(s->json, sizeof s->json, "%s/out.json", s->dir);
    for (int i = 0; i < 2; i++)
        snprintf(s->out[i], sizeof s->out[i], "%s/out%d.extxyz", s->dir, i);
    *state = s;
    return 0;
}

static inline int calc_tear_down(void **state)
{
    calc_scratch *s = *state;

    unlink(s->in);
    unlink(s->json);
    unlink(s->out[0]);
    unlink(s->out[1]);
    rmdir(s->dir);
    free(s);
    return 0;
}

/* liscreen calc KIND in.extxyz --json=... and up to eight more words; the exit code. */
static inline int calc_run(calc_scratch *s, const char *kind, size_t n, const char *const *more)
{
    const flow_evaluator evaluator = lj_evaluator(&s->lj);
    char text[14][160], *argv[14];
    screen_app app = { .evaluator = &evaluator };
    int argc = 0;

    const char *first[] = { "liscreen", "calc", kind, s->in, "--data-dir=." };
    for (size_t i = 0; i < sizeof first / sizeof *first; i++)
        snprintf(text[argc++], sizeof text[0], "%s", first[i]);
    snprintf(text[argc++], sizeof text[0], "--json=%s", s->json);
    for (size_t i = 0; i < n; i++)
        snprintf(text[argc++], sizeof text[0], "%s", more[i]);
    for (int i = 0; i < argc; i++)
        argv[i] = text[i];
    unlink(s->json);
    app.out = app.progress = tmpfile();
    const int code = screen_main(&app, argc, argv);
    const long end = ftell(app.out);
    rewind(app.out);
    const size_t got = fread(s->said, 1, end < 8191 ? (size_t)end : 8191, app.out);
    s->said[got] = '\0';
    fclose(app.out);
    return code;
}

#define CALC(s, kind, ...) \
    calc_run(s, kind, sizeof (const char *const[]){ __VA_ARGS__ } / sizeof (char *), \
             (const char *const[]){ __VA_ARGS__ })

static inline json_t *calc_json(const calc_scratch *s)
{
    json_t *root = json_load_file(s->json, 0, NULL);
    assert_non_null(root);
    return root;
}

static inline double calc_number(const json_t *root, const char *key)
{
    const json_t *value = json_object_get(root, key);
    return json_is_number(value) ? json_number_value(value) : NAN;
}

static inline double calc_entry(const json_t *root, const char *key, size_t i, size_t j)
{
    return json_number_value(json_array_get(json_array_get(json_object_get(root, key), i), j));
}

static inline void calc_write(const calc_scratch *s, const double lattice[3][3], size_t n, const int *z,
                              const double (*position)[3])
{
    dft_crystal *crystal = NULL;

    assert_int_equal(dft_crystal_create(lattice, n, z, position, &crystal, NULL), DFT_OK);
    assert_int_equal(dft_crystal_write_extxyz(s->in, crystal, NULL, NULL), DFT_OK);
    dft_crystal_free(crystal);
}

/* A conventional fcc cell. */
static inline void calc_write_fcc(const calc_scratch *s, double a, int z)
{
    const double lattice[3][3] = { { a, 0, 0 }, { 0, a, 0 }, { 0, 0, a } };
    const double position[4][3] = { { 0, 0, 0 }, { 0, 0.5, 0.5 }, { 0.5, 0, 0.5 }, { 0.5, 0.5, 0 } };
    const int zs[4] = { z, z, z, z };

    calc_write(s, lattice, 4, zs, position);
}

#endif
