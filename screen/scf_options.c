#include "screen/scf_options.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/units.h"

#define DEFAULT_SPACING_PER_ANG 0.25

static dft_status bad_value(const char *option, const char *value, const char *want, dft_error *err)
{
    return dft_fail(err, DFT_EUSAGE, "--%s=%.80s: expected %s", option, value, want);
}

/* Three whole numbers from `least` on between separators; *given stays when the option is absent. */
static dft_status read_three(const screen_command *command, const char *option, char separator,
                             int least, int out[3], int *given, dft_error *err)
{
    const char *text = screen_option_value(command, option), *at = text;

    if (!text)
        return DFT_OK;
    for (int i = 0; i < 3; i++) {
        char *end;
        const long n = strtol(at, &end, 10);
        if (end == at || n < least || n > 9999 || *end != (i < 2 ? separator : '\0'))
            return bad_value(option, text, separator == 'x' ? "three numbers like 4x4x1"
                                                            : "three numbers like 0,0,0", err);
        out[i] = (int)n;
        at = end + 1;
    }
    if (given)
        *given = 1;
    return DFT_OK;
}

/* A number in a unit that `unit` of makes one atomic unit. */
static dft_status read_scaled(const screen_command *command, const char *option, double least,
                              double most, double unit, double *out, dft_error *err)
{
    double value = *out * unit;
    const dft_status status = screen_option_number(command, option, least, most, &value, err);

    if (status == DFT_OK && screen_option_value(command, option))
        *out = value / unit;
    return status;
}

static dft_status read_word(const screen_command *command, const char *option, const char *off,
                            const char *on, int *out, dft_error *err)
{
    const char *value = screen_option_value(command, option);

    if (!value)
        return DFT_OK;
    *out = strcmp(value, on) == 0;
    if (!*out && strcmp(value, off) != 0)
        return dft_fail(err, DFT_EUSAGE, "--%s=%.40s: expected %s or %s", option, value, off, on);
    return DFT_OK;
}

/* Ag=Ag.11,Mg=Mg.2 */
static dft_status read_data(const char *value, dft_scf_options *scf, dft_error *err)
{
    for (const char *at = value ? value : ""; *at;) {
        const size_t length = strcspn(at, ",");
        const char *equals = memchr(at, '=', length);
        const size_t symbol = equals ? (size_t)(equals - at) : 0;
        if (scf->n_data == DFT_SYSTEM_MAX_SPECIES)
            return bad_value("data", value, "at most 16 choices", err);
        dft_data_choice *choice = &scf->data[scf->n_data];
        if (!equals || symbol == 0 || symbol >= sizeof choice->symbol || length - symbol < 2
            || length - symbol - 1 >= sizeof choice->name)
            return bad_value("data", value, "ELEMENT=NAME pairs like Ag=Ag.11,Mg=Mg.2", err);
        memcpy(choice->symbol, at, symbol);
        memcpy(choice->name, equals + 1, length - symbol - 1);
        scf->n_data++;
        at += length + (at[length] == ',');
    }
    return DFT_OK;
}

/* One entry: NUMBER (then *z is 0) or ELEMENT=NUMBER. */
static dft_status read_moment(const char *text, size_t length, int *z, double *moment, dft_error *err)
{
    static const char want[] = "ELEMENT=NUMBER pairs like Ni=1,O=0, or one number an atom";
    char entry[64], *end;

    snprintf(entry, sizeof entry, "%.*s", (int)length, text);
    char *equals = strchr(entry, '=');
    const char *number = equals ? equals + 1 : entry;
    if (equals)
        *equals = '\0';
    *z = equals ? dft_element_number(entry) : 0;
    *moment = strtod(number, &end);
    if ((equals && *z == 0) || end == number || *end || !isfinite(*moment))
        return bad_value("moments", text, want, err);
    return DFT_OK;
}

static dft_status read_moments(const char *text, screen_scf *scf, dft_error *err)
{
    size_t n_named = 0, n_listed = 0;

    scf->moment = dft_alloc_doubles(strlen(text) + 1);
    if (!scf->moment)
        return dft_fail(err, DFT_ENOMEM, "moments: out of memory");
    for (const char *at = text; *at;) {
        const size_t length = strcspn(at, ",");
        double moment = 0.0;
        int z = 0;
        const dft_status status = read_moment(at, length, &z, &moment, err);
        if (status != DFT_OK)
            return status;
        if (z > 0)
            scf->moment_of[z] = moment;
        else
            scf->moment[n_listed] = moment;
        n_named += z > 0;
        n_listed += z == 0;
        at += length + (at[length] == ',');
    }
    if ((n_named > 0) == (n_listed > 0))
        return bad_value("moments", text, "either ELEMENT=NUMBER pairs or one number an atom", err);
    if (n_named > 0) {
        scf->engine.moment_of = scf->moment_of;
    } else {
        scf->engine.scf.moments = scf->moment;
        scf->engine.scf.n_moments = n_listed;
    }
    return DFT_OK;
}

static dft_status read_dipole(const char *value, dft_scf_options *scf, dft_error *err)
{
    if (!value || strcmp(value, "none") == 0)
        return DFT_OK;
    if (strlen(value) != 1 || !strchr("xyz", value[0]))
        return bad_value("dipole", value, "none, x, y or z", err);
    scf->dipole = value[0];
    return DFT_OK;
}

static dft_status read_numbers(const screen_command *command, screen_scf *scf, dft_error *err)
{
    dft_scf_options *o = &scf->engine.scf;
    const struct { const char *name; double least, most, unit, *out; } numbers[] = {
        { "ecut-ev", 1.0, 1e5, DFT_HARTREE_EV, &o->ecut },
        { "width-ev", 0.0, 100.0, DFT_HARTREE_EV, &o->width },
        { "energy-tol-ev", 0.0, 1e3, DFT_HARTREE_EV, &o->energy_tolerance },
        { "symmetry-tol-ang", 0.0, 1.0, DFT_BOHR_ANG, &o->symmetry_tolerance },
        { "k-spacing-per-ang", 0.01, 10.0, 1.0 / DFT_BOHR_ANG, &scf->engine.k_spacing },
        { "max-time-s", 0.0, 1e9, 1.0, &scf->max_time_s },
    };
    dft_status status = DFT_OK;

    for (size_t i = 0; i < sizeof numbers / sizeof *numbers && status == DFT_OK; i++)
        status = read_scaled(command, numbers[i].name, numbers[i].least, numbers[i].most,
                             numbers[i].unit, numbers[i].out, err);
    if (status == DFT_OK)
        status = screen_option_integer(command, "bands", 0, 1000000, &o->n_bands, err);
    if (status == DFT_OK)
        status = screen_option_integer(command, "max-iterations", 1, 100000, &o->max_iterations, err);
    if (status == DFT_OK)
        status = screen_option_integer(command, "threads", 1, 1024, &scf->threads, err);
    return status;
}

static dft_status read_mesh(const screen_command *command, screen_scf *scf, dft_error *err)
{
    dft_scf_options *o = &scf->engine.scf;
    dft_status status = read_three(command, "kmesh", 'x', 1, o->kmesh, &scf->mesh_is_given, err);

    if (status == DFT_OK)
        status = read_three(command, "kshift", ',', 0, o->kshift, NULL, err);
    if (status == DFT_OK && scf->mesh_is_given && screen_option_value(command, "k-spacing-per-ang"))
        status = dft_fail(err, DFT_EUSAGE, "give --kmesh or --k-spacing-per-ang, not both");
    return status;
}

dft_status screen_scf_read(const screen_command *command, screen_scf *scf, dft_error *err)
{
    *scf = (screen_scf){ .engine = flow_dftlite_defaults(), .threads = 2 };
    dft_scf_options *o = &scf->engine.scf;
    scf->engine.k_spacing = DEFAULT_SPACING_PER_ANG * DFT_BOHR_ANG;
    dft_status status = read_numbers(command, scf, err);

    if (status == DFT_OK)
        status = read_mesh(command, scf, err);
    if (status == DFT_OK && screen_option_value(command, "smearing"))
        status = dft_smearing_parse(screen_option_value(command, "smearing"), &o->smearing, err);
    if (status == DFT_OK)
        status = read_word(command, "symmetry", "off", "on", &o->symmetry, err);
    if (status == DFT_OK)
        status = read_word(command, "spin", "none", "collinear", &o->spin, err);
    if (status == DFT_OK)
        status = read_word(command, "xc-mismatch", "refuse", "allow", &o->xc_mismatch, err);
    if (status == DFT_OK)
        status = read_dipole(screen_option_value(command, "dipole"), o, err);
    if (status == DFT_OK)
        status = read_data(screen_option_value(command, "data"), o, err);
    if (status == DFT_OK && screen_option_value(command, "moments"))
        status = read_moments(screen_option_value(command, "moments"), scf, err);
    if (screen_option_value(command, "xc"))
        o->xc = screen_option_value(command, "xc");
    if (screen_option_value(command, "data-path"))
        o->data_path = screen_option_value(command, "data-path");
    return status;
}

void screen_scf_clear(screen_scf *scf)
{
    free(scf->moment);
    scf->moment = NULL;
}
