#include "dft-lite/hamiltonian/potential.h"

#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/terms/grid_xc.h"
#include "dft-lite/terms/hartree.h"

void dft_potential_free(dft_potential *potential)
{
    if (!potential)
        return;
    free(potential->v_g);
    free(potential->v_d);
    free(potential->v_s);
    free(potential->dh_p);
    free(potential->dh);
    free(potential->multipole);
    free(potential);
}

dft_status dft_potential_create(const dft_system *system, dft_potential **out, dft_error *err)
{
    const size_t n_atoms = system->crystal->n_atoms, n_spin = system->n_spin;
    dft_potential *self = dft_alloc(1, sizeof *self);

    *out = NULL;
    if (self) {
        self->v_g = dft_alloc_complex(n_spin * system->basis->n_g);
        self->v_d = dft_alloc_doubles(n_spin * dft_fft_field_size_d(system->basis->box));
        self->v_s = dft_alloc(n_spin * dft_fft_field_size_s(system->basis->box), sizeof *self->v_s);
        self->dh_p = dft_alloc_doubles(n_spin * system->p_offset[n_atoms]);
        self->dh = dft_alloc_doubles(n_spin * system->ii_offset[n_atoms]);
        self->multipole = dft_alloc_doubles(n_atoms * DFT_N_COMPENSATION);
    }
    if (!self || !self->v_g || !self->v_d || !self->v_s || !self->dh_p || !self->dh || !self->multipole) {
        dft_potential_free(self);
        return dft_fail(err, DFT_ENOMEM, "potential: out of memory");
    }
    *out = self;
    return DFT_OK;
}

void dft_multipoles(const dft_system *system, const double *d_p, int with_core, double *multipole)
{
    for (size_t a = 0; a < system->crystal->n_atoms; a++) {
        const dft_species *s = system->species[system->species_of[a]];
        const double *d = d_p + system->p_offset[a];
        for (size_t lm = 0; lm < DFT_N_COMPENSATION; lm++) {
            double q = with_core && lm == 0 ? s->delta_core : 0.0;
            for (size_t p = 0; p < s->n_p; p++)
                q += s->delta[lm * s->n_p + p] * d[p];
            multipole[a * DFT_N_COMPENSATION + lm] = q;
        }
    }
}

/* Hartree potential of the compensated density on the fine sphere; its integrals with the compensation
 * charges replace the multipoles. */
static dft_status electrostatics(const dft_system *system, const double complex *rho_g,
                                 const double *d_p, dft_potential *pot, dft_error *err)
{
    const dft_basis *basis = system->basis;
    double complex *fine = dft_alloc_complex(basis->n_fine);
    double complex *phase = dft_alloc_complex(basis->n_fine);
    dft_status status = DFT_OK;

    if (!fine || !phase) {
        status = dft_fail(err, DFT_ENOMEM, "electrostatics: out of memory");
        goto done;
    }
    for (size_t ig = 0; ig < basis->n_g; ig++)
        fine[ig] = rho_g[ig] + system->ions->core_g[ig];
    dft_multipoles(system, d_p, 1, pot->multipole);
    dft_ions_add_compensation(system->ions, pot->multipole, fine, phase);
    pot->dipole_moment = system->dipole ? dft_dipole_moment(system->dipole, fine) : 0.0;
    pot->dipole = system->dipole ? dft_dipole_energy(system->dipole, pot->dipole_moment) : 0.0;
    pot->hartree = dft_hartree(basis, basis->n_fine, fine, fine);
    if (system->dipole)
        dft_dipole_add_potential(system->dipole, pot->dipole_moment, fine);
    dft_ions_project_compensation(system->ions, fine, system->turns->first, pot->multipole, phase);
    memcpy(pot->v_g, fine, basis->n_g * sizeof *fine);
done:
    free(fine);
    free(phase);
    return status;
}

/* dE_a and its derivatives, the compensation charges' part included; one atom. */
static dft_status one_centre(const dft_system *system, size_t a, const double *d_p, dft_potential *pot,
                             double *energy, dft_error *err)
{
    const dft_species *s = system->species[system->species_of[a]];
    const size_t first = system->p_offset[a], n_p = system->p_offset[system->crystal->n_atoms];
    const double *w = pot->multipole + a * DFT_N_COMPENSATION, *d = d_p + first;
    double *dh = pot->dh_p + first;
    const double *const spin_d[2] = { d, system->n_spin == 2 ? d + n_p : NULL };
    double *const spin_dh[2] = { dh, system->n_spin == 2 ? dh + n_p : NULL };

    *energy = s->constant;
    for (size_t p = 0; p < s->n_p; p++) {
        const double *row = s->coulomb + p * s->n_p;
        double field = 0.0;
        for (size_t q = 0; q < s->n_p; q++)
            field += row[q] * d[q];
        *energy += (s->linear[p] + field) * d[p];
        dh[p] = s->linear[p] + 2.0 * field;
        for (size_t lm = 0; lm < DFT_N_COMPENSATION; lm++)
            dh[p] += s->delta[lm * s->n_p + p] * w[lm];
    }
    if (system->n_spin == 2)
        memset(spin_dh[1], 0, s->n_p * sizeof *dh);
    return dft_onsite_xc_add(system->onsite_xc[system->species_of[a]], system->n_spin, spin_d, energy,
                             spin_dh, err);
}

/* dH of an atom from that of the first one of its class. */
static void turn_from_first(const dft_system *system, size_t a, dft_potential *pot)
{
    const size_t first = system->turns->first[a], n_p = system->p_offset[system->crystal->n_atoms];
    const dft_species *s = system->species[system->species_of[a]];

    for (size_t spin = 0; spin < system->n_spin; spin++) {
        double *dh = pot->dh_p + spin * n_p;
        memset(dh + system->p_offset[a], 0, s->n_p * sizeof *dh);
        dft_site_turn_add(s, system->turns->turn[system->turns->op[a]], 1.0, dh + system->p_offset[first],
                          dh + system->p_offset[a]);
    }
}

static dft_status all_centres(const dft_system *system, const double *d_p, dft_potential *pot,
                              dft_error *err)
{
    const size_t n_atoms = system->crystal->n_atoms, *first = system->turns->first;
    double *energy = dft_alloc_doubles(n_atoms);
    dft_status status = DFT_OK;

    if (!energy)
        return dft_fail(err, DFT_ENOMEM, "one-centre terms: out of memory");
    #pragma omp parallel for schedule(dynamic)
    for (size_t a = 0; a < n_atoms; a++) {
        dft_error local;
        const dft_status one = first[a] == a ? one_centre(system, a, d_p, pot, &energy[a], &local) : DFT_OK;
        if (one != DFT_OK) {
            #pragma omp critical (dft_potential_error)
            status = dft_fail(err, one, "%s", local.message);
        }
    }
    pot->on_site = 0.0;
    for (size_t a = 0; a < n_atoms; a++) {
        pot->on_site += energy[first[a]];
        if (first[a] != a)
            turn_from_first(system, a, pot);
    }
    free(energy);
    return status;
}

/* Derivative by a spin's matrix from those by total and magnetisation: dU/dD_s = dU/dD +- dU/dM. */
static double spin_element(const dft_system *system, const dft_potential *pot, size_t spin, size_t p)
{
    const size_t n_p = system->p_offset[system->crystal->n_atoms];

    if (system->n_spin == 1)
        return pot->dh_p[p];
    return spin == 0 ? pot->dh_p[p] + pot->dh_p[n_p + p] : pot->dh_p[p] - pot->dh_p[n_p + p];
}

static void unpack(const dft_system *system, size_t spin, dft_potential *pot)
{
    const size_t n_atoms = system->crystal->n_atoms;
    double *dh = pot->dh + spin * system->ii_offset[n_atoms];

    for (size_t a = 0; a < n_atoms; a++) {
        const size_t n_i = system->species[system->species_of[a]]->n_i;
        for (size_t i = 0; i < n_i; i++)
            for (size_t j = 0; j < n_i; j++)
                dh[system->ii_offset[a] + i * n_i + j]
                    = spin_element(system, pot, spin, system->p_offset[a] + dft_packed(i, j));
    }
}

/* v_up, v_down in the orbital box.  spin_v [n_g], grid, work: scratch. */
static void transform_potential(const dft_system *system, dft_potential *pot, double complex *spin_v,
                                double *grid, double complex *work)
{
    const dft_basis *basis = system->basis;

    for (size_t s = 0; s < system->n_spin; s++) {
        const double sign = s == 0 ? 1.0 : -1.0;
        for (size_t ig = 0; ig < basis->n_g; ig++)
            spin_v[ig] = pot->v_g[ig] + (system->n_spin == 2 ? sign * pot->v_g[basis->n_g + ig] : 0.0);
        dft_fft_real_to_real(basis->coarse, spin_v, grid, work);
        dft_fft_field_from_grid_d(basis->box, grid, pot->v_d + s * dft_fft_field_size_d(basis->box));
        dft_fft_field_from_grid_s(basis->box, grid, pot->v_s + s * dft_fft_field_size_s(basis->box));
    }
}

dft_spin_potential dft_potential_of_spin(const dft_system *system, const dft_potential *potential,
                                         size_t spin)
{
    const dft_fft_box *box = system->basis->box;

    return (dft_spin_potential){
        potential->v_d + spin * dft_fft_field_size_d(box), potential->v_s + spin * dft_fft_field_size_s(box),
        potential->dh + spin * system->ii_offset[system->crystal->n_atoms] };
}

/* Core, zero potential and exchange-correlation of the smooth density.  total: [n_spin][n_g] scratch. */
static dft_status smooth_terms(const dft_system *system, const double complex *rho_g, double complex *total,
                               dft_potential *potential, dft_error *err)
{
    const dft_basis *basis = system->basis;

    memcpy(total, rho_g, system->n_spin * basis->n_g * sizeof *total);
    memset(potential->v_g + basis->n_g, 0, (system->n_spin - 1) * basis->n_g * sizeof *total);
    for (size_t ig = 0; ig < basis->n_g; ig++) {
        total[ig] += system->ions->core_g[ig];
        potential->v_g[ig] += system->ions->zero_g[ig];
    }
    potential->zero = dft_basis_inner(basis, basis->n_g, total, system->ions->zero_g);
    return dft_grid_xc_add(basis, system->orbits, system->xc, system->n_spin, total, &potential->xc,
                           potential->v_g, err);
}

dft_status dft_potential_compute(const dft_system *system, const double complex *rho_g,
                                 const double *d_p, dft_potential *potential, dft_phases *phases,
                                 dft_error *err)
{
    const dft_basis *basis = system->basis;
    double complex *total = dft_alloc_complex(system->n_spin * basis->n_g);
    double complex *work = dft_alloc_complex(dft_fft_real_work_size(basis->coarse));
    double *grid = dft_alloc_doubles(dft_fft_real_size(basis->coarse));
    dft_status status = DFT_OK;

    dft_phases_begin(phases, DFT_PHASE_HARTREE);
    if (!total || !work || !grid)
        status = dft_fail(err, DFT_ENOMEM, "potential: out of memory");
    if (status == DFT_OK)
        status = electrostatics(system, rho_g, d_p, potential, err);
    dft_phases_next(phases, DFT_PHASE_XC, 0.0, 0.0);
    if (status == DFT_OK)
        status = smooth_terms(system, rho_g, total, potential, err);
    dft_phases_next(phases, DFT_PHASE_ONSITE, 0.0, 0.0);
    if (status == DFT_OK)
        status = all_centres(system, d_p, potential, err);
    dft_phases_next(phases, DFT_PHASE_HARTREE, 0.0, 0.0);
    if (status == DFT_OK) {
        for (size_t s = 0; s < system->n_spin; s++)
            unpack(system, s, potential);
        transform_potential(system, potential, total, grid, work);
    }
    dft_phases_end(phases, 0.0, 0.0);
    free(total);
    free(grid);
    free(work);
    return status;
}
