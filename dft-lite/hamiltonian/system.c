#include "dft-lite/hamiltonian/system.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/crystal/elements.h"

static const char *chosen_name(const dft_system_options *options, const char *symbol)
{
    for (size_t i = 0; i < options->n_data; i++)
        if (strcmp(options->data[i].symbol, symbol) == 0)
            return options->data[i].name;
    return "";
}

static dft_status check_choices(const dft_crystal *crystal, const dft_system_options *options,
                                dft_error *err)
{
    for (size_t i = 0; i < options->n_data; i++)
        if (dft_element_number(options->data[i].symbol) == 0)
            return dft_fail(err, DFT_EINPUT, "data set '%s' is chosen for '%s', which is no element",
                            options->data[i].name, options->data[i].symbol);
    if (crystal->n_atoms == 0)
        return dft_fail(err, DFT_EINPUT, "the structure has no atoms");
    return DFT_OK;
}

/* Where mismatch is allowed and the functional has no data sets of its own, PBE's. */
static dft_status load_data(const dft_system_options *options, const char *symbol, const char *xc,
                            dft_setup **out, dft_error *err)
{
    const char *name = chosen_name(options, symbol);
    char path[512];
    const dft_status status = dft_setup_load(options->data_path, symbol, name, xc, out, err);

    if (status != DFT_ENOFILE || strcmp(xc, "PBE") == 0)
        return status;
    if (options->allow_xc_mismatch)
        return dft_setup_load(options->data_path, symbol, name, "PBE", out, err);
    if (dft_setup_find(options->data_path, symbol, name, "PBE", path, sizeof path, NULL) != DFT_OK)
        return status;
    return dft_fail(err, DFT_ENOFILE, "no data set of %s was made with %s; --xc-mismatch=allow takes "
                    "PBE's, and --xc-also=%s gives its energy on the PBE density", symbol, xc, xc);
}

static dft_status add_species(dft_system *self, int z, const dft_system_options *options,
                              dft_error *err)
{
    const char *symbol = dft_element_symbol(z);
    const size_t s = self->n_species;
    const dft_basis *basis = self->basis;
    const double q_max = fmax(2.0 * sqrt(2.0 * basis->ecut),
                              basis->shell_g[basis->n_shells_density - 1]);
    dft_status status;

    if (s == DFT_SYSTEM_MAX_SPECIES)
        return dft_fail(err, DFT_EINPUT, "more than %d elements in one structure",
                        DFT_SYSTEM_MAX_SPECIES);
    status = load_data(options, symbol, dft_xc_name(self->xc), &self->setup[s], err);
    if (status != DFT_OK)
        return status;
    self->n_species++;
    if (self->setup[s]->z != z)
        return dft_fail(err, DFT_EINPUT, "%s is a data set for %s, not for %s", self->setup[s]->path,
                        self->setup[s]->symbol, symbol);
    if (!options->allow_xc_mismatch && !dft_xc_matches(self->xc, self->setup[s]->xc_name))
        return dft_fail(err, DFT_EINPUT, "%s was made with the functional %s, not %s; choose the "
                        "functional of the data set, or --xc-mismatch=allow", self->setup[s]->path,
                        self->setup[s]->xc_name, dft_xc_name(self->xc));
    status = dft_species_create(self->setup[s], q_max, &self->species[s], err);
    if (status == DFT_OK)
        status = dft_onsite_xc_create(self->species[s], self->xc, &self->onsite_xc[s], err);
    return status;
}

static dft_status add_atoms(dft_system *self, const dft_system_options *options, dft_error *err)
{
    const dft_crystal *crystal = self->crystal;
    const size_t n = crystal->n_atoms;

    self->species_of = dft_alloc_sizes(n);
    self->i_offset = dft_alloc_sizes(n + 1);
    self->p_offset = dft_alloc_sizes(n + 1);
    self->ii_offset = dft_alloc_sizes(n + 1);
    if (!self->species_of || !self->i_offset || !self->p_offset || !self->ii_offset)
        return dft_fail(err, DFT_ENOMEM, "%zu atoms: out of memory", n);
    for (size_t a = 0; a < n; a++) {
        size_t s = 0;
        while (s < self->n_species && self->setup[s]->z != crystal->z[a])
            s++;
        if (s == self->n_species) {
            const dft_status status = add_species(self, crystal->z[a], options, err);
            if (status != DFT_OK)
                return status;
        }
        const size_t n_i = self->species[s]->n_i;
        self->species_of[a] = s;
        self->i_offset[a + 1] = self->i_offset[a] + n_i;
        self->p_offset[a + 1] = self->p_offset[a] + self->species[s]->n_p;
        self->ii_offset[a + 1] = self->ii_offset[a] + n_i * n_i;
        self->n_electrons += self->setup[s]->n_valence;
    }
    return DFT_OK;
}

/* What does not leave the vacuum where it is is no symmetry of a potential that jumps there. */
static dft_status find_vacuum(dft_system *self, char axis, dft_vacuum *vacuum, dft_error *err)
{
    if (axis < 'x' || axis > 'z')
        return dft_fail(err, DFT_EINPUT, "dipole correction along '%c': choose x, y or z", axis);
    const dft_status status = dft_vacuum_find(self->crystal, axis - 'x', vacuum, err);
    if (status == DFT_OK)
        dft_symmetry_keep(self->symmetry, dft_vacuum_keeps, vacuum);
    return status;
}

static dft_status make_discretisation(dft_system *self, const dft_system_options *options,
                                      dft_error *err)
{
    dft_kpoints_grid grid;
    dft_vacuum vacuum;
    dft_status status;

    memcpy(grid.mesh, options->kmesh, sizeof grid.mesh);
    memcpy(grid.shift, options->kshift, sizeof grid.shift);
    for (int i = 0; i < 3; i++)
        if (grid.mesh[i] < 1)
            return dft_fail(err, DFT_EINPUT, "k-point mesh %dx%dx%d: each number must be at least 1",
                            grid.mesh[0], grid.mesh[1], grid.mesh[2]);
    if (options->symmetry)
        status = dft_symmetry_create(self->crystal, options->symmetry_tolerance, &self->symmetry, err);
    else
        status = dft_symmetry_create_identity(self->crystal, &self->symmetry, err);
    if (status != DFT_OK)
        return status;
    if (options->dipole)
        status = find_vacuum(self, options->dipole, &vacuum, err);
    if (status == DFT_OK)
        status = dft_basis_create_like(self->crystal,
                                       options->chooser ? options->chooser : self->crystal->lattice,
                                       options->ecut, self->symmetry, &self->basis, err);
    if (status == DFT_OK && options->dipole)
        status = dft_dipole_create(self->basis, &vacuum, &self->dipole, err);
    if (status != DFT_OK)
        return status;
    dft_symmetry_keep(self->symmetry, dft_basis_carries, self->basis);
    if (options->n_moments > 0)
        dft_symmetry_keep_equal(self->symmetry, options->moments);
    dft_symmetry_keep(self->symmetry, dft_kpoints_keeps, &grid);
    status = dft_orbits_create(self->basis->n_xc, self->symmetry, &self->orbits, err);
    if (status == DFT_OK)
        status = dft_site_turns_create(self->symmetry, self->crystal->lattice, &self->turns, err);
    if (status != DFT_OK)
        return status;
    return dft_kpoints_create(self->symmetry, options->kmesh, options->kshift, options->symmetry,
                              &self->kpoints, err);
}

/* Hund's first rule for the shells of the data set's atom: electrons, or holes, all parallel. */
static double free_atom_moment(const dft_setup *setup)
{
    double moment = 0.0;

    for (size_t j = 0; j < setup->n_waves; j++)
        moment += fmax(0.0, fmin(setup->wave[j].occupation, 2.0 * (2 * setup->wave[j].l + 1)
                                                            - setup->wave[j].occupation));
    return moment;
}

static dft_status set_moments(dft_system *self, const dft_system_options *options, dft_error *err)
{
    self->n_spin = options->spin ? 2 : 1;
    self->moment = dft_alloc_doubles(self->crystal->n_atoms);
    if (!self->moment)
        return dft_fail(err, DFT_ENOMEM, "moments: out of memory");
    for (size_t a = 0; options->spin && a < self->crystal->n_atoms; a++) {
        const dft_setup *setup = self->setup[self->species_of[a]];
        self->moment[a] = options->n_moments > 0 ? options->moments[a] : free_atom_moment(setup);
        if (!(fabs(self->moment[a]) <= setup->n_valence))
            return dft_fail(err, DFT_EINPUT, "a starting moment of %g Bohr magnetons on atom %zu: %s "
                            "has only %g valence electrons", self->moment[a], a + 1, setup->name,
                            setup->n_valence);
    }
    return DFT_OK;
}

static dft_status check_moments(const dft_crystal *crystal, const dft_system_options *options,
                                dft_error *err)
{
    if (options->n_moments == 0)
        return DFT_OK;
    if (!options->spin)
        return dft_fail(err, DFT_EINPUT, "starting moments are given without collinear spin");
    if (options->n_moments != crystal->n_atoms)
        return dft_fail(err, DFT_EINPUT, "%zu starting moments for %zu atoms; give one number an atom",
                        options->n_moments, crystal->n_atoms);
    for (size_t a = 0; a < crystal->n_atoms; a++)
        if (!isfinite(options->moments[a]))
            return dft_fail(err, DFT_EINPUT, "the starting moment of atom %zu is not a number", a + 1);
    return DFT_OK;
}

dft_status dft_system_create(const dft_crystal *crystal, const dft_system_options *options,
                             dft_system **out, dft_error *err)
{
    dft_system *self;
    dft_status status;

    *out = NULL;
    status = check_choices(crystal, options, err);
    if (status == DFT_OK)
        status = check_moments(crystal, options, err);
    if (status != DFT_OK)
        return status;
    self = dft_alloc(1, sizeof *self);
    if (!self)
        return dft_fail(err, DFT_ENOMEM, "system: out of memory");
    self->crystal = crystal;
    status = dft_xc_create(options->xc, &self->xc, err);
    if (status == DFT_OK)
        status = make_discretisation(self, options, err);
    if (status == DFT_OK)
        status = add_atoms(self, options, err);
    if (status == DFT_OK)
        status = set_moments(self, options, err);
    if (status == DFT_OK)
        status = dft_ions_create(self->basis, crystal, self->n_species,
                                 (const dft_species *const *)self->species, self->species_of,
                                 &self->ions, err);
    if (status != DFT_OK) {
        dft_system_free(self);
        return status;
    }
    *out = self;
    return DFT_OK;
}

void dft_system_free(dft_system *system)
{
    if (!system)
        return;
    dft_ions_free(system->ions);
    for (size_t s = 0; s < DFT_SYSTEM_MAX_SPECIES; s++) {
        dft_onsite_xc_free(system->onsite_xc[s]);
        dft_species_free(system->species[s]);
        dft_setup_free(system->setup[s]);
    }
    free(system->species_of);
    free(system->i_offset);
    free(system->p_offset);
    free(system->ii_offset);
    free(system->moment);
    dft_xc_free(system->xc);
    dft_kpoints_free(system->kpoints);
    dft_orbits_free(system->orbits);
    dft_site_turns_free(system->turns);
    dft_dipole_free(system->dipole);
    dft_basis_free(system->basis);
    dft_symmetry_free(system->symmetry);
    free(system);
}
