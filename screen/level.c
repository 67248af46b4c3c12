#include "screen/level.h"

#include <string.h>

#include "dft-lite/base/file.h"
#include "results/text.h"

static const char *const levels[] = { "quick", "fast", "balanced", "stringent" };
enum { N_LEVELS = sizeof levels / sizeof levels[0] };

const char *screen_level_after(const char *protocol)
{
    for (size_t i = 0; i + 1 < N_LEVELS; i++)
        if (strcmp(levels[i], protocol) == 0)
            return levels[i + 1];
    return NULL;
}

/* A double-quoted YAML scalar. */
static void add_quoted(res_text *text, const char *words)
{
    res_text_add(text, "\"");
    for (; *words; words++) {
        if (*words == '"' || *words == '\\')
            res_text_add(text, "\\");
        res_text_add_bytes(text, words, 1);
    }
    res_text_add(text, "\"");
}

/* A limit that the campaign raised stays raised. */
static void add_limit(res_text *text, const char *key, int campaign, int level)
{
    if (campaign > level)
        res_text_addf(text, "\n  %s: %d", key, campaign);
}

static void add_protocol(res_text *text, const flow_protocol *protocol, const char *level)
{
    flow_protocol usual;

    res_text_addf(text, "protocol:\n  name: %s\n  xc: ", level);
    add_quoted(text, protocol->xc);
    if (flow_protocol_find(level, &usual, NULL) == DFT_OK) {
        add_limit(text, "max_eos_points", protocol->max_eos_points, usual.max_eos_points);
        add_limit(text, "max_heights", protocol->max_heights, usual.max_heights);
        add_limit(text, "max_scf_iterations", protocol->max_scf_iterations, usual.max_scf_iterations);
        add_limit(text, "max_ionic_steps", protocol->max_ionic_steps, usual.max_ionic_steps);
    }
    for (size_t i = 0; i < protocol->n_data; i++)
        res_text_addf(text, "%s%s: %s", i ? ", " : "\n  data: {", protocol->data[i].symbol,
                      protocol->data[i].name);
    res_text_add(text, protocol->n_data ? "}\n" : "\n");
}

static void add_descriptors(res_text *text, const flow_descriptors *wanted)
{
    const struct { const char *name; int is_wanted; } all[] = {
        { "equation_of_state", wanted->equation_of_state }, { "li_binding", wanted->li_binding },
        { "corrugation", wanted->corrugation }, { "solubility", wanted->solubility },
        { "alloying", wanted->alloying }, { "migration", wanted->migration },
        { "surface_energy", wanted->surface_energy }, { "formation_energy", wanted->formation_energy },
        { "elastic", wanted->elastic },
    };
    const char *separator = "";

    res_text_add(text, "descriptors: [");
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        if (all[i].is_wanted) {
            res_text_addf(text, "%s%s", separator, all[i].name);
            separator = ", ";
        }
    res_text_add(text, "]\n");
}

static void add_weights(res_text *text, const desc_score_weights *weights)
{
    res_text_add(text, "weights: {");
    for (int i = 0; i < DESC_N_TERMS; i++)
        res_text_addf(text, "%s: %.17g, ", desc_term_name(i), weights->term[i]);
    res_text_addf(text, "lithiophilicity: %.17g, robustness: %.17g}\n", weights->axis[0], weights->axis[1]);
}

dft_status screen_level_write(const char *path, const screen_campaign *campaign, const char *level, size_t n,
                              const char *const *candidate, dft_error *err)
{
    res_text text = { 0 };
    dft_status status = DFT_OK;

    res_text_addf(&text, "# Candidates of the campaign %s that are worth computing better, by 'liscreen run "
                  "--budget-h'.\nname: ", campaign->name);
    res_text_addf(&text, "%.50s-%s\ncandidates:\n", campaign->name, level);
    for (size_t i = 0; i < n; i++) {
        res_text_add(&text, "- ");
        add_quoted(&text, candidate[i]);
        res_text_add(&text, "\n");
    }
    add_protocol(&text, &campaign->protocol, level);
    add_descriptors(&text, &campaign->descriptors);
    add_weights(&text, &campaign->weights);
    res_text_addf(&text, "jobs: %d\n", campaign->jobs);
    if (campaign->structures[0]) {
        res_text_add(&text, "structures: ");
        add_quoted(&text, campaign->structures);
        res_text_add(&text, "\n");
    }
    status = text.failed ? dft_fail(err, DFT_ENOMEM, "no memory for the campaign %s", path)
                         : dft_file_write(path, text.data, text.length, err);
    res_text_clear(&text);
    return status;
}
