#include "workflows/calculator.h"

#include <stdio.h>
#include <string.h>

#include "dft-lite/atomdata/setup.h"
#include "dft-lite/properties/result_gradients.h"
#include "dft-lite/scf/ground.h"

static dft_status engine_compute(void *context, const dft_crystal *crystal,
                                 const dft_scf_options *options, const dft_scf_result *start,
                                 dft_scf_result **out, dft_error *err)
{
    (void)context;
    return dft_scf_run(crystal, options, start, out, err);
}

/* Only the state starts the next calculation; the rest would double the memory. */
static dft_status engine_gradients(void *context, dft_scf_result *result, double (*force)[3],
                                   double *stress, dft_error *err)
{
    const dft_status status = dft_result_gradients(result, force, stress, err);

    (void)context;
    dft_ground_free(result->ground);
    result->ground = NULL;
    return status;
}

static const char *chosen_name(const char *symbol, const dft_scf_options *options)
{
    for (size_t i = 0; i < options->n_data; i++)
        if (strcmp(options->data[i].symbol, symbol) == 0)
            return options->data[i].name;
    return "";
}

#define MOST_OF_SENTENCE 170        /* the remedy must fit behind it in a candidate's reason */

/* The engine's sentence ends, after its last ';', with what to type on dftlite's command line; here a
 * campaign file has the say. */
static dft_status fail_missing(const char *symbol, const char *sentence, dft_error *err)
{
    const char *remedy = strrchr(sentence, ';');
    const size_t whole = remedy ? (size_t)(remedy - sentence) : strlen(sentence);
    const int n = (int)(whole < MOST_OF_SENTENCE ? whole : MOST_OF_SENTENCE);

    return dft_fail(err, DFT_ENOFILE, "%.*s%s; in the campaign's protocol choose one that is there "
                    "(data: {%s: NAME}) or another xc, or install Debian's gpaw-data", n, sentence,
                    (size_t)n < whole ? " ..." : "", symbol);
}

static dft_status engine_data_set(void *context, const char *symbol,
                                  const dft_scf_options *options, flow_data_set *out,
                                  dft_error *err)
{
    dft_setup *setup = NULL;
    *out = (flow_data_set){ "", "", 0.0, 0.0 };
    dft_error why = { DFT_OK, "" };
    const dft_status status = dft_setup_load(options->data_path, symbol,
                                             chosen_name(symbol, options), options->xc, &setup,
                                             &why);

    (void)context;
    if (status == DFT_ENOFILE)
        return fail_missing(symbol, why.message, err);
    if (status != DFT_OK)
        return dft_fail(err, status, "%s", why.message);
    snprintf(out->name, sizeof out->name, "%s", setup->name);
    snprintf(out->sha256, sizeof out->sha256, "%s", setup->sha256);
    out->n_valence = setup->n_valence;
    for (size_t i = 0; i < setup->n_waves; i++)
        out->n_projectors += 2.0 * setup->wave[i].l + 1.0;
    dft_setup_free(setup);
    return DFT_OK;
}

const flow_calculator *flow_calculator_dftlite(void)
{
    static const flow_calculator engine = {
        "dft-lite", engine_compute, dft_scf_result_free, engine_gradients, engine_data_set, NULL
    };
    return &engine;
}
