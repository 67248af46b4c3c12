#include "dft-lite/tools/properties.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/units.h"
#include "dft-lite/properties/charges.h"
#include "dft-lite/properties/cube.h"
#include "dft-lite/properties/dos.h"
#include "dft-lite/properties/electrostatics.h"
#include "dft-lite/properties/gap.h"
#include "dft-lite/properties/nscf_xc.h"
#include "dft-lite/properties/planar_average.h"
#include "dft-lite/properties/work_function.h"
#include "dft-lite/scf/ground.h"
#include "dft-lite/scf/state.h"

dftlite_properties dftlite_properties_defaults(void)
{
    return (dftlite_properties){ .dos_width = 0.1 / DFT_HARTREE_EV, .charges = 0 };
}

static dft_status parse_width(const char *value, double *width, dft_error *err)
{
    char *end;
    const double width_ev = strtod(value, &end);

    if (end == value || *end || !isfinite(width_ev) || !(width_ev > 0.0))
        return dft_fail(err, DFT_EUSAGE, "--dos-width-ev=%s: expected a positive number", value);
    *width = width_ev / DFT_HARTREE_EV;
    return DFT_OK;
}

/* PBEsol,RPBE,LDA */
static dft_status parse_also(const char *value, dftlite_properties *p, dft_error *err)
{
    p->n_also = 0;
    while (*value) {
        const size_t length = strcspn(value, ",");
        if (length == 0 || length >= sizeof p->also[0] || p->n_also == DFTLITE_MAX_FUNCTIONALS)
            return dft_fail(err, DFT_EUSAGE, "--xc-also: expected at most %d functionals like "
                            "PBEsol,RPBE,LDA", DFTLITE_MAX_FUNCTIONALS);
        snprintf(p->also[p->n_also++], sizeof p->also[0], "%.*s", (int)length, value);
        value += length + (value[length] == ',');
    }
    return DFT_OK;
}

int dftlite_properties_option(dftlite_properties *p, const char *name, const char *value,
                              dft_status *status, dft_error *err)
{
    const struct { const char *name; const char **path; } files[] = {
        { "dos", &p->dos }, { "cube-density", &p->cube_density },
        { "cube-potential", &p->cube_potential }, { "planar-average", &p->planar_average } };

    *status = DFT_OK;
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
        if (strcmp(name, files[i].name) == 0) {
            *files[i].path = value;
            if (!*value)
                *status = dft_fail(err, DFT_EUSAGE, "--%s: expected a file name", name);
            return 1;
        }
    if (strcmp(name, "dos-width-ev") == 0) {
        *status = parse_width(value, &p->dos_width, err);
    } else if (strcmp(name, "xc-also") == 0) {
        *status = parse_also(value, p, err);
    } else if (strcmp(name, "charges") == 0) {
        p->charges = strcmp(value, "bader") == 0;
        if (!p->charges && strcmp(value, "none") != 0)
            *status = dft_fail(err, DFT_EUSAGE, "--charges=%s: expected bader or none", value);
    } else {
        return 0;
    }
    return 1;
}

static int slab_axis(const dft_scf_options *options)
{
    return options->dipole ? options->dipole - 'x' : 2;
}

dft_status dftlite_properties_check(const dftlite_properties *p, const dft_crystal *crystal,
                                    const dft_scf_options *options, dft_error *err)
{
    dft_status status = DFT_OK;
    dft_vacuum vacuum;

    for (size_t i = 0; status == DFT_OK && i < p->n_also; i++) {
        dft_xc *xc = NULL;
        status = dft_xc_create(p->also[i], &xc, err);
        dft_xc_free(xc);
    }
    if (status == DFT_OK && p->planar_average)
        status = dft_vacuum_find(crystal, slab_axis(options), &vacuum, err);
    return status;
}

/* ---- one property each ----------------------------------------------------------------------- */

static void say_gap(const dft_scf_result *r, json_t *json)
{
    const dft_gap gap = dft_gap_compute(r->n_spin, r->n_k, r->n_bands, r->eigenvalue, r->fermi,
                                        r->n_electrons);

    if (!gap.known)
        printf("band gap             unknown: no empty band was computed; raise --bands\n");
    else if (gap.metal)
        printf("band gap             none: a metal on this k mesh\n");
    else
        printf("band gap             %18.6f eV, direct %.6f eV, on this k mesh\n",
               gap.indirect * DFT_HARTREE_EV, gap.direct * DFT_HARTREE_EV);
    if (!json)
        return;
    json_object_set_new(json, "band_gap_eV",
                        gap.known ? json_real(gap.indirect * DFT_HARTREE_EV) : json_null());
    json_object_set_new(json, "direct_gap_eV",
                        gap.known ? json_real(gap.direct * DFT_HARTREE_EV) : json_null());
    json_object_set_new(json, "metal", gap.known ? json_boolean(gap.metal) : json_null());
}

static dft_status say_work_functions(const dft_scf_result *r, json_t *json, dft_error *err)
{
    const dft_system *system = r->ground->system;
    dft_work_functions w;
    const dft_status status = dft_work_functions_of(system, r->state->rho_g, r->state->d_p,
                                                    r->fermi, &w, err);

    if (status != DFT_OK)
        return status;
    if (w.reported)
        printf("work functions       bottom %.4f eV, top %.4f eV\n",
               w.work_function[0] * DFT_HARTREE_EV, w.work_function[1] * DFT_HARTREE_EV);
    if (!json)
        return DFT_OK;
    json_object_set_new(json, "work_function_eV", !w.reported ? json_null()
                        : json_pack("[ff]", w.work_function[0] * DFT_HARTREE_EV,
                                    w.work_function[1] * DFT_HARTREE_EV));
    json_object_set_new(json, "vacuum_level_eV", !w.reported ? json_null()
                        : json_pack("[ff]", w.vacuum_level[0] * DFT_HARTREE_EV,
                                    w.vacuum_level[1] * DFT_HARTREE_EV));
    json_object_set_new(json, "work_function_note", json_string(w.reason));
    /* dipoles point from negative to positive charge; densities here count electrons positive */
    json_object_set_new(json, "dipole_moment_e_ang", !system->dipole ? json_null()
                        : json_real(-r->dipole_moment * DFT_BOHR_ANG));
    return DFT_OK;
}

/* Data sets without a core cannot be divided: said, not an error of the run. */
static dft_status say_charges(const dft_scf_result *r, json_t *json, dft_error *err)
{
    double *charge = dft_alloc_doubles(r->n_atoms);
    json_t *list = NULL;
    dft_error why = { 0 };
    dft_status status = DFT_OK;

    if (!charge)
        return dft_fail(err, DFT_ENOMEM, "charges: out of memory");
    status = dft_charges_compute(r->ground->system, r->ground->rho_out, r->ground->d_out, charge,
                                 &why);
    if (status == DFT_OK) {
        list = json_array();
        for (size_t a = 0; a < r->n_atoms; a++)
            json_array_append_new(list, json_real(charge[a]));
    } else if (status == DFT_EINPUT) {
        printf("charges              none: %s\n", why.message);
        status = DFT_OK;
    } else {
        status = dft_fail(err, status, "%s", why.message);
    }
    json_object_set_new(json, "charges_e", list ? list : json_null());
    free(charge);
    return status;
}

static dft_status say_other_functionals(const dftlite_properties *p, const dft_scf_result *r,
                                        json_t *json, dft_error *err)
{
    const char *name[DFTLITE_MAX_FUNCTIONALS];
    double difference[DFTLITE_MAX_FUNCTIONALS];

    for (size_t i = 0; i < p->n_also; i++)
        name[i] = p->also[i];
    const dft_status status = dft_nscf_xc_differences(r->ground->system, r->ground->rho_out,
                                                      r->ground->d_out, p->n_also, name, difference,
                                                      err);
    json_t *energies = json_object();
    for (size_t i = 0; status == DFT_OK && i < p->n_also; i++) {
        const double energy_ev = (r->energy + difference[i]) * DFT_HARTREE_EV;
        printf("energy with %-8s %18.6f eV, not self-consistent, core constants included\n",
               name[i], energy_ev);
        json_object_set_new(energies, name[i], json_real(energy_ev));
    }
    if (json)
        json_object_set_new(json, "energies_nscf_eV", energies);
    else
        json_decref(energies);
    return status;
}

/* Planar average and cube of the electrostatic potential. */
static dft_status write_potentials(const dftlite_properties *p, const dft_scf_result *r,
                                   dft_error *err)
{
    const dft_system *system = r->ground->system;
    const size_t n = system->basis->n_fine;
    double complex *rho = dft_alloc_complex(n), *v = dft_alloc_complex(n);
    dft_status status = DFT_OK;
    dft_vacuum vacuum;

    if (rho && v)
        status = dft_electrostatics_compute(system, r->state->rho_g, r->state->d_p, rho, v, err);
    else
        status = dft_fail(err, DFT_ENOMEM, "electrostatic potential: out of memory");
    const double moment = status == DFT_OK && system->dipole ? dft_dipole_moment(system->dipole,
                                                                                 rho) : 0.0;
    if (status == DFT_OK && p->planar_average) {
        if (system->dipole)
            vacuum = system->dipole->vacuum;
        else
            status = dft_vacuum_find(system->crystal, 2, &vacuum, err);
        if (status == DFT_OK)
            status = dft_planar_average_write(p->planar_average, system->basis, &vacuum, v,
                                              system->dipole, moment, r->state->rho_g, err);
    }
    if (status == DFT_OK && p->cube_potential) {
        if (system->dipole)
            dft_dipole_add_potential(system->dipole, moment, v);
        status = dft_cube_write_fourier(p->cube_potential, "electrostatic potential energy of an "
                                        "electron, Hartree", system->crystal, system->basis, v, err);
    }
    free(rho);
    free(v);
    return status;
}

static dft_status write_files(const dftlite_properties *p, const dft_scf_result *r, dft_error *err)
{
    const dft_system *system = r->ground->system;
    dft_status status = DFT_OK;

    if (p->dos)
        status = dft_dos_write(p->dos, r->n_spin, r->n_k, r->n_bands, r->weight, r->eigenvalue,
                               r->fermi, p->dos_width, err);
    if (status == DFT_OK && p->cube_density)
        status = dft_cube_write_fourier(p->cube_density,
                                        "valence pseudo density, electrons per cubic bohr",
                                        system->crystal, system->basis, r->ground->rho_out, err);
    if (status == DFT_OK && (p->planar_average || p->cube_potential))
        status = write_potentials(p, r, err);
    return status;
}

static void say_nothing(json_t *json)
{
    static const char *const keys[] = { "band_gap_eV", "direct_gap_eV", "metal", "work_function_eV",
                                        "vacuum_level_eV", "dipole_moment_e_ang", "charges_e",
                                        "energies_nscf_eV" };

    for (size_t i = 0; json && i < sizeof keys / sizeof keys[0]; i++)
        json_object_set_new(json, keys[i], json_null());
}

dft_status dftlite_properties_run(const dftlite_properties *p, const dft_scf_result *result,
                                  json_t *json, dft_error *err)
{
    dft_status status;

    if (!result->converged) {
        say_nothing(json);
        return DFT_OK;
    }
    say_gap(result, json);
    status = say_work_functions(result, json, err);
    if (status == DFT_OK && json && p->charges)
        status = say_charges(result, json, err);
    if (status == DFT_OK && p->n_also > 0)
        status = say_other_functionals(p, result, json, err);
    if (status == DFT_OK)
        status = write_files(p, result, err);
    return status;
}
