#include "screen/options.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "screen/suggest.h"

#define MOST_OPTIONS 64

static dft_status unknown_option(const screen_command *command, const char *given, dft_error *err)
{
    const char *known[MOST_OPTIONS];
    char word[64], near[96];

    snprintf(word, sizeof word, "%.*s", (int)strcspn(given, "="), given);
    for (size_t i = 0; i < command->n_options; i++)
        known[i] = command->option[i].name;
    return dft_fail(err, DFT_EUSAGE, "unknown option --%s%s; 'liscreen %s --help' lists them", word,
                    screen_suggest_phrase(word, command->n_options, known, near, sizeof near),
                    command->verb);
}

static dft_status parse_option(screen_command *command, const char *given, dft_error *err)
{
    const size_t length = strcspn(given, "=");
    const char *value = given[length] == '=' ? given + length + 1 : NULL;

    for (size_t i = 0; i < command->n_options; i++) {
        screen_option *option = &command->option[i];
        if (strlen(option->name) != length || strncmp(option->name, given, length) != 0)
            continue;
        if (option->value_name && (!value || value[0] == '\0'))
            return dft_fail(err, DFT_EUSAGE, "--%s needs a value: --%s=%s", option->name,
                            option->name, option->value_name);
        if (!option->value_name && value)
            return dft_fail(err, DFT_EUSAGE, "--%s takes no value", option->name);
        option->value = value ? value : "";
        return DFT_OK;
    }
    return unknown_option(command, given, err);
}

static dft_status parse_word(screen_command *command, const char *word, dft_error *err)
{
    if (word[0] == '\0')
        return dft_fail(err, DFT_EUSAGE, "an empty word was given; usage: liscreen %s %s",
                        command->verb, command->words);
    if (command->n_words == command->n_words_most)
        return dft_fail(err, DFT_EUSAGE, "'%.100s' is one word too many; usage: liscreen %s %s", word,
                        command->verb, command->words);
    command->word[command->n_words++] = word;
    return DFT_OK;
}

dft_status screen_options_parse(screen_command *command, int argc, char **argv, dft_error *err)
{
    int only_words = 0;
    dft_status status = DFT_OK;

    assert(command->n_words_most <= SCREEN_MAX_WORDS && command->n_options <= MOST_OPTIONS);
    for (int i = 0; i < argc; i++) {
        if (strcmp(argv[i], "--") == 0)
            break;
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
            command->help = 1;
            return DFT_OK;
        }
    }
    for (int i = 0; i < argc && status == DFT_OK; i++) {
        if (only_words || argv[i][0] != '-' || argv[i][1] == '\0')
            status = parse_word(command, argv[i], err);
        else if (strcmp(argv[i], "--") == 0)
            only_words = 1;
        else if (argv[i][1] == '-')
            status = parse_option(command, argv[i] + 2, err);
        else
            status = dft_fail(err, DFT_EUSAGE, "unknown option %s: options are long, as in --help",
                              argv[i]);
    }
    if (status == DFT_OK && command->n_words < command->n_words_needed)
        status = dft_fail(err, DFT_EUSAGE, "too few words; usage: liscreen %s %s", command->verb,
                          command->words);
    return status;
}

void screen_options_print_help(const screen_command *command, FILE *out)
{
    fprintf(out, "usage: liscreen %s %s%s\n%s\n", command->verb, command->words,
            command->n_options ? " [options]" : "", command->summary);
    for (size_t i = 0; i < command->n_options; i++) {
        const screen_option *option = &command->option[i];
        char left[64];
        snprintf(left, sizeof left, "--%s%s%s", option->name, option->value_name ? "=" : "",
                 option->value_name ? option->value_name : "");
        fprintf(out, "  %-26s %s\n", left, option->help);
    }
}

const char *screen_option_value(const screen_command *command, const char *name)
{
    size_t i = 0;

    while (i < command->n_options && strcmp(command->option[i].name, name) != 0)
        i++;
    assert(i < command->n_options);
    return command->option[i].value;
}

dft_status screen_option_number(const screen_command *command, const char *name, double least,
                                double most, double *out, dft_error *err)
{
    const char *text = screen_option_value(command, name);
    char *end = NULL;

    if (!text)
        return DFT_OK;
    const double value = strtod(text, &end);
    if (*end != '\0' || !isfinite(value) || value < least || value > most)
        return dft_fail(err, DFT_EUSAGE, "--%s=%.60s: give a number from %g to %g", name, text,
                        least, most);
    *out = value;
    return DFT_OK;
}

dft_status screen_option_integer(const screen_command *command, const char *name, int least,
                                 int most, int *out, dft_error *err)
{
    double value = *out;
    const dft_status status = screen_option_number(command, name, least, most, &value, err);

    if (status != DFT_OK)
        return status;
    if (value != floor(value))
        return dft_fail(err, DFT_EUSAGE, "--%s=%g: give a whole number", name, value);
    *out = (int)value;
    return DFT_OK;
}
