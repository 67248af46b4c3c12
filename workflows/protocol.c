#include "workflows/protocol.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "dft-lite/basis/kpoints.h"
#include "dft-lite/base/units.h"
#include "dft-lite/crystal/elements.h"

/*
 * quick: the least that the ranking is shown with.  fast: what a night is spent on; a monolayer on rigid slabs.
 * balanced, stringent: adatoms 5 or 8 A apart on relaxed slabs, bands on the hops that decide.
 * C, N, O and F need the higher cutoff (PAW radii 1.0-1.3 bohr).  What a slab's mesh errs by is the same with
 * and without lithium, and most of it cancels; a bulk modulus has no such luck: own meshes.
 */
static const flow_protocol protocols[] = {
    { .name = "quick", .xc = "PBE", .ecut_metal_ev = 350.0, .ecut_o_c_ev = 500.0,
      .k_spacing_per_ang = 0.35, .layers = 3, .vacuum_ang = 10.0,
      .smearing = "fermi-dirac", .width_ev = 0.1, .energy_tol_ev = 1e-5, .max_scf_iterations = 80,
      .eos_points = 5, .eos_strain = 0.05, .max_eos_points = 9,
      .heights = 3, .height_step_ang = 0.25, .max_heights = 7, .hop_points = 1,
      .elastic_strain = 0.005, .elastic_relaxed_ions = 1,
      .force_limit_ev_per_ang = 0.05, .max_ionic_steps = 100, .adatom_spacing_ang = 5.0, .neb_images = 3,
      .solute_atoms = 54, .solute_k_spacing_per_ang = 0.35, .phase_atoms = 54,
      .interface_atoms = 80, .interface_strain_percent = 3.0, .interface_film_layers = 3,
      .interface_registries = 1 },
    { .name = "fast", .xc = "PBE", .ecut_metal_ev = 400.0, .ecut_o_c_ev = 600.0,
      .k_spacing_per_ang = 0.30, .layers = 4, .compound_layers = 2, .vacuum_ang = 12.0,
      .own = { [FLOW_BULK] = { 0.25, 0.0 }, [FLOW_STRAINED] = { 0.15, 0.0 } },
      .smearing = "fermi-dirac", .width_ev = 0.1, .energy_tol_ev = 1e-5, .max_scf_iterations = 80,
      .eos_points = 6, .eos_strain = 0.05, .max_eos_points = 10,
      .heights = 3, .height_step_ang = 0.20, .max_heights = 8, .hop_points = 1, .like_sites = 1,
      .elastic_strain = 0.005, .elastic_relaxed_ions = 1,
      .force_limit_ev_per_ang = 0.05, .max_ionic_steps = 100, .adatom_spacing_ang = 5.0, .neb_images = 3,
      .solute_atoms = 54, .solute_k_spacing_per_ang = 0.35, .phase_atoms = 54,
      .interface_atoms = 80, .interface_strain_percent = 3.0, .interface_film_layers = 4,
      .interface_registries = 2 },
    { .name = "balanced", .xc = "PBE", .ecut_metal_ev = 450.0, .ecut_o_c_ev = 650.0,
      .k_spacing_per_ang = 0.28, .layers = 4, .compound_layers = 3, .vacuum_ang = 14.0,
      .own = { [FLOW_BULK] = { 0.20, 0.0 }, [FLOW_STRAINED] = { 0.15, 0.0 } },
      .smearing = "fermi-dirac", .width_ev = 0.1, .energy_tol_ev = 1e-5, .max_scf_iterations = 100,
      .eos_points = 7, .eos_strain = 0.06, .max_eos_points = 11,
      .heights = 4, .height_step_ang = 0.15, .max_heights = 9, .hop_points = 3,
      .elastic_strain = 0.005, .elastic_relaxed_ions = 1, .elastic_all = 1,
      .force_limit_ev_per_ang = 0.03, .max_ionic_steps = 200,
      .relax = 1, .adatom_spacing_ang = 5.0, .neb_bands = 1, .neb_images = 3,
      .solute_atoms = 54, .solute_k_spacing_per_ang = 0.25, .phase_atoms = 54,
      .interface_atoms = 80, .interface_strain_percent = 3.0, .interface_film_layers = 4,
      .interface_registries = 2 },
    { .name = "stringent", .xc = "PBE", .ecut_metal_ev = 600.0, .ecut_o_c_ev = 900.0,
      .k_spacing_per_ang = 0.20, .layers = 6, .compound_layers = 4, .vacuum_ang = 18.0,
      .own = { [FLOW_BULK] = { 0.15, 0.0 }, [FLOW_STRAINED] = { 0.12, 0.0 } },
      .smearing = "fermi-dirac", .width_ev = 0.1, .energy_tol_ev = 1e-6, .max_scf_iterations = 150,
      .eos_points = 9, .eos_strain = 0.06, .max_eos_points = 13,
      .heights = 5, .height_step_ang = 0.10, .max_heights = 12, .hop_points = 5,
      .elastic_strain = 0.005, .elastic_relaxed_ions = 1, .elastic_all = 1,
      .force_limit_ev_per_ang = 0.01, .max_ionic_steps = 300,
      .relax = 1, .adatom_spacing_ang = 8.0, .neb_bands = 1, .neb_images = 5,
      .solute_atoms = 54, .solute_k_spacing_per_ang = 0.20, .phase_atoms = 54,
      .interface_atoms = 80, .interface_strain_percent = 3.0, .interface_film_layers = 6,
      .interface_registries = 3 },
};
#define N_PROTOCOLS (sizeof protocols / sizeof protocols[0])

dft_status flow_protocol_find(const char *name, flow_protocol *out, dft_error *err)
{
    char known[256] = "";
    size_t length = 0;

    for (size_t i = 0; i < N_PROTOCOLS; i++) {
        if (strcmp(protocols[i].name, name) == 0) {
            *out = protocols[i];
            return DFT_OK;
        }
        length += (size_t)snprintf(known + length, sizeof known - length, "%s%.31s",
                                   i ? ", " : "", protocols[i].name);
    }
    return dft_fail(err, DFT_EINPUT, "protocol '%s' does not exist; choose one of %s", name, known);
}

dft_status flow_protocol_check(const flow_protocol *protocol, dft_error *err)
{
    const struct { const char *key; double value, least, most; } bounds[] = {
        { "ecut_ev: metal", protocol->ecut_metal_ev, 50.0, 5000.0 },
        { "ecut_ev: with_o_c", protocol->ecut_o_c_ev, 50.0, 5000.0 },
        { "k_spacing_per_ang", protocol->k_spacing_per_ang, 0.02, 3.0 },
        { "layers", protocol->layers, 1, 50 },
        { "vacuum_ang", protocol->vacuum_ang, 4.0, 100.0 },
        { "energy_tol_ev", protocol->energy_tol_ev, 1e-10, 1e-2 },
        { "max_scf_iterations", protocol->max_scf_iterations, 1, 1000 },
        { "eos_points", protocol->eos_points, 5, 50 },
        { "eos_strain", protocol->eos_strain, 0.005, 0.2 },
        { "max_eos_points", protocol->max_eos_points, protocol->eos_points, 100 },
        { "heights", protocol->heights, 3, 20 },
        { "height_step_ang", protocol->height_step_ang, 0.02, 1.0 },
        { "max_heights", protocol->max_heights, protocol->heights, 40 },
        { "hop_points", protocol->hop_points, 1, 9 },
        { "elastic_strain", protocol->elastic_strain, 0.0005, 0.03 },
        { "elastic_relaxed_ions", protocol->elastic_relaxed_ions, 0, 1 },
        { "elastic_all", protocol->elastic_all, 0, 1 },
        { "force_limit_ev_per_ang", protocol->force_limit_ev_per_ang, 1e-4, 1.0 },
        { "max_ionic_steps", protocol->max_ionic_steps, 1, 1000 },
        { "relax", protocol->relax, 0, 1 },
        { "adatom_spacing_ang", protocol->adatom_spacing_ang, 2.0, 30.0 },
        { "neb_bands", protocol->neb_bands, 0, 1 },
        { "neb_images", protocol->neb_images, 1, 15 },
        { "solute_atoms", protocol->solute_atoms, 2, 500 },
        { "solute_k_spacing_per_ang", protocol->solute_k_spacing_per_ang, 0.02, 3.0 },
        { "interface_atoms", protocol->interface_atoms, 2, 1000 },
        { "interface_strain_percent", protocol->interface_strain_percent, 0.001, 20.0 },
        { "interface_film_layers", protocol->interface_film_layers, 1, 50 },
        { "interface_registries", protocol->interface_registries, 1, 12 },
        { "phase_atoms", protocol->phase_atoms, 2, 500 },
        { "like_sites", protocol->like_sites, 0, 1 },
        { "compound_layers", protocol->compound_layers, 0, 50 },
    };
    dft_smearing smearing;

    for (size_t k = 0; k < FLOW_N_SYSTEMS; k++) {
        const double spacing = protocol->own[k].k_spacing_per_ang, vacuum = protocol->own[k].vacuum_ang;
        if ((spacing != 0.0 && !(spacing >= 0.02 && spacing <= 3.0))
            || (vacuum != 0.0 && !(vacuum >= 4.0 && vacuum <= 100.0)))
            return dft_fail(err, DFT_EINPUT, "protocol %s: k_spacing_per_ang goes from 0.02 to 3, "
                            "vacuum_ang from 4 to 100", flow_system_name((flow_system)k));
    }
    for (size_t k = 0; k < protocol->n_cutoffs; k++)
        if (!(protocol->cutoff[k].ecut_ev >= 50.0 && protocol->cutoff[k].ecut_ev <= 5000.0))
            return dft_fail(err, DFT_EINPUT, "protocol ecut_ev: %s is %g; give a value from 50 to 5000",
                            protocol->cutoff[k].symbol, protocol->cutoff[k].ecut_ev);
    for (size_t i = 0; i < sizeof bounds / sizeof bounds[0]; i++)
        if (!(bounds[i].value >= bounds[i].least && bounds[i].value <= bounds[i].most))
            return dft_fail(err, DFT_EINPUT, "protocol %s is %g; give a value from %g to %g",
                            bounds[i].key, bounds[i].value, bounds[i].least, bounds[i].most);
    if (dft_smearing_parse(protocol->smearing, &smearing, err) != DFT_OK)
        return DFT_EINPUT;
    if (smearing != DFT_SMEARING_FIXED && !(protocol->width_ev > 0.0 && protocol->width_ev < 5.0))
        return dft_fail(err, DFT_EINPUT, "protocol width_ev is %g; give a smearing width above 0 "
                        "and below 5 eV (0.1 is usual)", protocol->width_ev);
    return DFT_OK;
}

dft_status flow_protocol_choose_data(flow_protocol *protocol, const char *symbol, const char *name,
                                     dft_error *err)
{
    size_t i = 0;

    if (dft_element_number(symbol) == 0)
        return dft_fail(err, DFT_EINPUT, "'%s' is not an element; write its symbol, as in Ag: Ag.11",
                        symbol);
    if (strlen(name) >= sizeof protocol->data[0].name)
        return dft_fail(err, DFT_EINPUT, "the data set name '%s' is longer than %zu characters",
                        name, sizeof protocol->data[0].name - 1);
    while (i < protocol->n_data && strcmp(protocol->data[i].symbol, symbol) != 0)
        i++;
    if (i == DFT_SYSTEM_MAX_SPECIES)
        return dft_fail(err, DFT_EINPUT, "more than %d data sets are chosen by name",
                        DFT_SYSTEM_MAX_SPECIES);
    if (i == protocol->n_data)
        protocol->n_data++;
    snprintf(protocol->data[i].symbol, sizeof protocol->data[i].symbol, "%s", symbol);
    snprintf(protocol->data[i].name, sizeof protocol->data[i].name, "%s", name);
    return DFT_OK;
}

dft_status flow_protocol_choose_cutoff(flow_protocol *protocol, const char *symbol, double ecut_ev,
                                       dft_error *err)
{
    size_t i = 0;

    if (dft_element_number(symbol) == 0)
        return dft_fail(err, DFT_EINPUT, "'%s' is not an element; write its symbol, as in O: 600", symbol);
    while (i < protocol->n_cutoffs && strcmp(protocol->cutoff[i].symbol, symbol) != 0)
        i++;
    if (i == FLOW_MAX_OWN_CUTOFFS)
        return dft_fail(err, DFT_EINPUT, "more than %d elements have a cutoff of their own",
                        FLOW_MAX_OWN_CUTOFFS);
    protocol->n_cutoffs += i == protocol->n_cutoffs;
    snprintf(protocol->cutoff[i].symbol, sizeof protocol->cutoff[i].symbol, "%s", symbol);
    protocol->cutoff[i].ecut_ev = ecut_ev;
    return DFT_OK;
}

const char *flow_system_name(flow_system system)
{
    static const char *const names[FLOW_N_SYSTEMS] = { "bulk", "slab", "sheet", "molecule", "strained" };
    return names[system];
}

flow_protocol flow_protocol_for(const flow_protocol *protocol, flow_system system)
{
    flow_protocol own = system == FLOW_STRAINED ? flow_protocol_for(protocol, FLOW_BULK) : *protocol;

    if (protocol->own[system].k_spacing_per_ang > 0.0)
        own.k_spacing_per_ang = protocol->own[system].k_spacing_per_ang;
    if (protocol->own[system].vacuum_ang > 0.0)
        own.vacuum_ang = protocol->own[system].vacuum_ang;
    return own;
}

static int is_hard(int z)
{
    return z >= 6 && z <= 9;        /* C, N, O, F */
}

double flow_protocol_ecut_ev(const flow_protocol *protocol, size_t n_atoms, const int *z)
{
    double ecut = protocol->ecut_metal_ev;

    for (size_t i = 0; i < n_atoms; i++) {
        if (is_hard(z[i]))
            ecut = fmax(ecut, protocol->ecut_o_c_ev);
        for (size_t k = 0; k < protocol->n_cutoffs; k++)
            if (strcmp(protocol->cutoff[k].symbol, dft_element_symbol(z[i])) == 0)
                ecut = fmax(ecut, protocol->cutoff[k].ecut_ev);
    }
    return ecut;
}

dft_scf_options flow_protocol_scf_options(const flow_protocol *protocol, double ecut_ev,
                                          const double lattice[3][3], const int slab[3])
{
    dft_scf_options options = dft_scf_defaults();
    const double spacing = protocol->k_spacing_per_ang * DFT_BOHR_ANG;

    options.ecut = ecut_ev / DFT_HARTREE_EV;
    options.xc = protocol->xc;
    options.width = protocol->width_ev / DFT_HARTREE_EV;
    options.energy_tolerance = protocol->energy_tol_ev / DFT_HARTREE_EV;
    options.max_iterations = protocol->max_scf_iterations;
    dft_smearing_parse(protocol->smearing, &options.smearing, NULL);
    dft_kpoints_mesh_for_spacing(lattice, spacing, slab, options.kmesh);
    return options;
}
