#include "screen/report.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "descriptors/phase_data.h"
#include "dft-lite/base/file.h"
#include "results/report_data.h"
#include "screen/report_phase.h"
#include "screen/report_picture.h"
#include "screen/run_dir.h"

#define LARGEST_TEXT (1 << 20)

/* screen/report/ as the linker put it into the executable (Makefile: report_parts.o). */
extern const char html_begin[] __asm__("_binary_report_html_start");
extern const char html_end[] __asm__("_binary_report_html_end");
extern const char css_begin[] __asm__("_binary_report_css_start");
extern const char css_end[] __asm__("_binary_report_css_end");
extern const char js_begin[] __asm__("_binary_report_js_start");
extern const char js_end[] __asm__("_binary_report_js_end");

typedef struct {
    res_text *text;
    const desc_phase_data *phase_data;      /* borrowed */
} detail_writer;

/* ---- the parts ---- */

/* A file of the run as a text; null when it is missing, too large or not UTF-8. */
static json_t *file_text(const char *run_dir, const char *name)
{
    char path[4096];
    json_t *text = NULL;
    char *buffer = malloc(LARGEST_TEXT);

    FILE *file = screen_run_dir_path(run_dir, name, path, sizeof path, NULL) == DFT_OK
                     ? fopen(path, "r") : NULL;
    if (file && buffer) {
        const size_t n = fread(buffer, 1, LARGEST_TEXT, file);
        if (n < LARGEST_TEXT)
            text = json_stringn(buffer, n);
    }
    if (file)
        fclose(file);
    free(buffer);
    return text ? text : json_null();
}

static json_t *file_json(const char *run_dir, const char *name)
{
    char path[4096];
    json_t *value = NULL;

    if (screen_run_dir_path(run_dir, name, path, sizeof path, NULL) == DFT_OK)
        value = json_load_file(path, 0, NULL);
    return value ? value : json_null();
}

static const char *last_component(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash && slash[1] ? slash + 1 : path;
}

static dft_status add_screen(const char *run_dir, size_t n_details, res_text *text, dft_error *err)
{
    json_t *about = json_pack("{s:s, s:o, s:o, s:o, s:I}", "run", last_component(run_dir), "campaign",
                              file_text(run_dir, "campaign.yaml"), "state",
                              file_json(run_dir, "state.json"), "remedies",
                              file_json(run_dir, "remedies.json"), "n_details",
                              (json_int_t)n_details);
    const dft_status status = about ? res_report_add_json(text, about, err)
        : dft_fail(err, DFT_EINPUT, "the name of the run directory is not UTF-8; rename it");

    json_decref(about);
    return status;
}

static dft_status add_detail(void *user, const char *candidate, json_t *detail, dft_error *err)
{
    const detail_writer *writer = user;
    const char *formula = json_string_value(json_object_get(detail, "formula"));
    json_t *slab = json_object_get(detail, "slab");
    char *svg = NULL;

    if (slab)
        screen_report_picture(slab, candidate, &svg);
    if (svg)
        json_object_set_new(detail, "picture", json_string(svg));
    free(svg);
    if (formula) {
        json_t *phase = screen_report_phase(writer->phase_data, formula);
        if (phase)
            json_object_set_new(detail, "phase", phase);
    }
    const dft_status status = res_report_add_json(writer->text, detail, err);
    res_text_add(writer->text, "\n");
    return status;
}

static dft_status add_data(res_report_source *source, const char *run_dir, size_t n_details,
                           res_text *text, dft_error *err)
{
    res_text_add(text, "{\"screen\":");
    dft_status status = add_screen(run_dir, n_details, text, err);
    res_text_add(text, ",\"run\":");
    if (status == DFT_OK)
        status = res_report_summary(source, text, err);
    res_text_add(text, "}");
    return status;
}

static dft_status add_details(const screen_app *app, res_report_source *source, size_t n_details,
                              res_text *text, dft_error *err)
{
    desc_phase_data *phase_data = NULL;
    dft_status status = desc_phase_data_read(app->descriptors_dir, &phase_data, err);
    detail_writer writer = { text, phase_data };

    if (status == DFT_OK)
        status = res_report_each(source, n_details, add_detail, &writer, err);
    desc_phase_data_free(phase_data);
    return status;
}

/* Copies the frame up to the next mark "<!--NAME-->" and goes past it. */
static void copy_until(res_text *text, const char **at, const char *mark)
{
    const char *here = *at;
    const size_t n = strlen(mark);

    while (here + n <= html_end && memcmp(here, mark, n) != 0)
        here++;
    res_text_add_bytes(text, *at, (size_t)(here - *at));
    *at = here + n;
}

dft_status screen_report_text(const screen_app *app, const char *run_dir, size_t n_details,
                              res_text *text, dft_error *err)
{
    res_report_source *source = NULL;
    const char *at = html_begin;
    dft_status status = res_report_open(run_dir, &source, err);

    copy_until(text, &at, "/*STYLE*/");
    res_text_add_bytes(text, css_begin, (size_t)(css_end - css_begin));
    copy_until(text, &at, "DATA");
    if (status == DFT_OK)
        status = add_data(source, run_dir, n_details, text, err);
    copy_until(text, &at, "DETAILS");
    if (status == DFT_OK)
        status = add_details(app, source, n_details, text, err);
    copy_until(text, &at, "/*SCRIPT*/");
    res_text_add_bytes(text, js_begin, (size_t)(js_end - js_begin));
    res_text_add_bytes(text, at, (size_t)(html_end - at));
    res_report_close(source);
    if (status == DFT_OK && text->failed)
        status = dft_fail(err, DFT_ENOMEM, "no memory for the report of %s", run_dir);
    return status;
}
