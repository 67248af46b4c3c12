#include "dft-lite/scf/state.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/units.h"

static const dft_spline *pick_valence(const dft_species *species) { return &species->valence_q; }

/* The part of an atom's valence electrons that is magnetised. */
static double polarisation(const dft_system *system, size_t a)
{
    return system->moment[a] / system->setup[system->species_of[a]]->n_valence;
}

/* d_p of free atoms: each bound wave's electrons spread evenly over m. */
static void atomic_on_site(const dft_system *system, double *d_p)
{
    const size_t n_p = system->p_offset[system->crystal->n_atoms];

    for (size_t a = 0; a < system->crystal->n_atoms; a++) {
        const dft_species *s = system->species[system->species_of[a]];
        for (size_t i = 0; i < s->n_i; i++) {
            const dft_setup_wave *wave = &s->setup->wave[s->wave_of[i]];
            const size_t p = system->p_offset[a] + dft_packed(i, i);
            d_p[p] = wave->occupation / (2 * wave->l + 1);
            if (system->n_spin == 2)
                d_p[n_p + p] = polarisation(system, a) * d_p[p];
        }
    }
}

static dft_status copy_lists(const dft_system *system, dft_kspace *const *kspace, dft_scf_state *self,
                             dft_error *err)
{
    memcpy(self->z, system->crystal->z, self->n_atoms * sizeof *self->z);
    memcpy(self->hkl, system->basis->hkl, self->n_g * sizeof *self->hkl);
    for (size_t ik = 0; ik < self->n_k; ik++) {
        const dft_kbasis *kb = kspace[ik]->kbasis;
        memcpy(self->k[ik], kb->k, sizeof self->k[ik]);
        self->n_pw[ik] = kb->n_pw;
        self->pw_hkl[ik] = dft_alloc(kb->n_pw, sizeof **self->pw_hkl);
        if (!self->pw_hkl[ik])
            return dft_fail(err, DFT_ENOMEM, "%zu plane waves: out of memory", kb->n_pw);
        memcpy(self->pw_hkl[ik], kb->hkl, kb->n_pw * sizeof *kb->hkl);
    }
    for (size_t c = 0; c < self->n_spin * self->n_k; c++) {
        const size_t n_pw = self->n_pw[c % self->n_k];
        self->psi[c] = dft_alloc_complex(self->n_bands * n_pw);
        if (!self->psi[c])
            return dft_fail(err, DFT_ENOMEM, "%zu orbitals of %zu plane waves: out of memory",
                            self->n_bands, n_pw);
    }
    return DFT_OK;
}

dft_status dft_scf_state_create(const dft_system *system, dft_kspace *const *kspace, size_t n_bands,
                                dft_scf_state **out, dft_error *err)
{
    const size_t n_atoms = system->crystal->n_atoms, n_k = system->kpoints->n_k;
    const size_t n_g = system->basis->n_g, n_p = system->p_offset[n_atoms], n_spin = system->n_spin;
    dft_scf_state *self = dft_alloc(1, sizeof *self);
    double complex *phase = dft_alloc_complex(n_g);
    dft_status status = DFT_OK;

    *out = NULL;
    if (self)
        *self = (dft_scf_state){
            n_atoms, n_g, n_p, n_k, n_bands, n_spin, system->basis->volume,
            dft_alloc_ints(n_atoms), dft_alloc(n_g, sizeof *self->hkl),
            dft_alloc_complex(n_spin * n_g), dft_alloc_complex(n_g), dft_alloc_doubles(n_spin * n_p),
            dft_alloc(n_k, sizeof *self->k), dft_alloc_sizes(n_k),
            dft_alloc(n_k, sizeof *self->pw_hkl), dft_alloc(n_spin * n_k, sizeof *self->psi), 0, NULL };
    if (!self || !phase || !self->z || !self->hkl || !self->rho_g || !self->atoms_g || !self->d_p
        || !self->k || !self->n_pw || !self->pw_hkl || !self->psi)
        status = dft_fail(err, DFT_ENOMEM, "electronic state: out of memory");
    if (status == DFT_OK)
        status = copy_lists(system, kspace, self, err);
    if (status != DFT_OK) {
        dft_scf_state_free(self);
        free(phase);
        return status;
    }
    dft_ions_add_spherical(system->ions, pick_valence, self->atoms_g, phase);
    free(phase);
    *out = self;
    return DFT_OK;
}

void dft_scf_state_free(dft_scf_state *state)
{
    if (!state)
        return;
    for (size_t ik = 0; state->pw_hkl && ik < state->n_k; ik++)
        free(state->pw_hkl[ik]);
    for (size_t c = 0; state->psi && c < state->n_spin * state->n_k; c++)
        free(state->psi[c]);
    free(state->z);
    free(state->hkl);
    free(state->rho_g);
    free(state->atoms_g);
    free(state->d_p);
    free(state->k);
    free(state->n_pw);
    free(state->pw_hkl);
    free(state->psi);
    dft_response_free(state->response);
    free(state);
}

/* Electrons in the compensation charges of one set of on-site matrices. */
static double augmentation(const dft_system *system, const double *d_p)
{
    double sum = 0.0;

    for (size_t a = 0; a < system->crystal->n_atoms; a++) {
        const dft_species *s = system->species[system->species_of[a]];
        for (size_t p = 0; p < s->n_p; p++)
            sum += sqrt(4.0 * DFT_PI) * s->delta[p] * d_p[system->p_offset[a] + p];
    }
    return sum;
}

/* The smooth density must hold what the compensation charges of d_p do not: scales it to the electron
 * count (the G = 0 component is set, the others keep their shape). */
static void fix_charge(const dft_system *system, dft_scf_state *state)
{
    state->rho_g[0] = (system->n_electrons - augmentation(system, state->d_p)) / state->volume;
}

/* Each atom's valence density times its polarisation; the cell holds the sum of the moments. */
static dft_status atomic_magnetisation(const dft_system *system, dft_scf_state *state, dft_error *err)
{
    const dft_basis *basis = system->basis;
    double complex *m_g = state->rho_g + state->n_g, *phase = dft_alloc_complex(state->n_g);
    double total = 0.0;

    if (!phase)
        return dft_fail(err, DFT_ENOMEM, "starting magnetisation: out of memory");
    memset(m_g, 0, state->n_g * sizeof *m_g);
    for (size_t a = 0; a < state->n_atoms; a++) {
        const dft_spline *valence = &system->species[system->species_of[a]]->valence_q;
        const double scale = polarisation(system, a) / basis->volume;
        if (scale == 0.0)
            continue;
        total += system->moment[a];
        dft_basis_structure_factor(basis, 0, basis->n_g, system->crystal->position[a], phase);
        for (size_t ig = 0; ig < basis->n_g; ig++)
            m_g[ig] += scale * dft_spline_value(valence, basis->shell_g[basis->shell[ig]]) * phase[ig];
    }
    m_g[0] = (total - augmentation(system, state->d_p + state->n_p)) / state->volume;
    free(phase);
    return DFT_OK;
}

dft_status dft_scf_state_from_atoms(const dft_system *system, dft_scf_state *state, dft_error *err)
{
    memcpy(state->rho_g, state->atoms_g, state->n_g * sizeof *state->rho_g);
    memset(state->d_p, 0, state->n_spin * state->n_p * sizeof *state->d_p);
    atomic_on_site(system, state->d_p);
    fix_charge(system, state);
    return state->n_spin == 2 ? atomic_magnetisation(system, state, err) : DFT_OK;
}

/* Position + 1 of each vector in a list, on a box that holds them all; 0 where there is none. */
typedef struct { int m[3]; int *index; } index_box;

static size_t box_cell(const index_box *box, const int h[3])
{
    size_t cell = 0;
    for (int c = 0; c < 3; c++)
        cell = cell * (size_t)(2 * box->m[c] + 1) + (size_t)(h[c] + box->m[c]);
    return cell;
}

static int box_init(index_box *box, size_t n, const int (*hkl)[3])
{
    size_t cells = 1;

    memset(box->m, 0, sizeof box->m);
    for (size_t i = 0; i < n; i++)
        for (int c = 0; c < 3; c++)
            box->m[c] = abs(hkl[i][c]) > box->m[c] ? abs(hkl[i][c]) : box->m[c];
    for (int c = 0; c < 3; c++)
        cells *= (size_t)(2 * box->m[c] + 1);
    box->index = dft_alloc_ints(cells);
    if (!box->index)
        return 0;
    for (size_t i = 0; i < n; i++)
        box->index[box_cell(box, hkl[i])] = (int)i + 1;
    return 1;
}

static int box_find(const index_box *box, const int h[3])
{
    for (int c = 0; c < 3; c++)
        if (abs(h[c]) > box->m[c])
            return 0;
    return box->index[box_cell(box, h)];
}

static int carry_density(const dft_scf_state *from, dft_scf_state *state)
{
    const double scale = from->volume / state->volume;      /* components are per volume */
    index_box box;

    if (!box_init(&box, from->n_g, (const int (*)[3])from->hkl))
        return 0;
    for (size_t ig = 0; ig < state->n_g; ig++) {
        const int at = box_find(&box, state->hkl[ig]);
        state->rho_g[ig] = state->atoms_g[ig];
        if (at)
            state->rho_g[ig] += scale * (from->rho_g[at - 1] - from->atoms_g[at - 1]);
        if (state->n_spin == 2)
            state->rho_g[state->n_g + ig] = at ? scale * from->rho_g[from->n_g + (size_t)at - 1] : 0.0;
    }
    free(box.index);
    return 1;
}

static int same_k(const dft_scf_state *a, const dft_scf_state *b)
{
    if (a->n_k != b->n_k || a->n_bands != b->n_bands)
        return 0;
    for (size_t ik = 0; ik < a->n_k; ik++)
        for (int c = 0; c < 3; c++)
            if (fabs(a->k[ik][c] - b->k[ik][c]) > 1e-10)
                return 0;
    return 1;
}

static int carry_orbitals(const dft_scf_state *from, dft_scf_state *state)
{
    for (size_t c = 0; c < state->n_spin * state->n_k; c++) {
        const size_t ik = c % state->n_k, n_pw = state->n_pw[ik], n_from = from->n_pw[ik];
        index_box box;
        if (!box_init(&box, n_from, (const int (*)[3])from->pw_hkl[ik]))
            return 0;
        for (size_t g = 0; g < n_pw; g++) {
            const int at = box_find(&box, state->pw_hkl[ik][g]);
            for (size_t ib = 0; ib < state->n_bands; ib++)
                state->psi[c][ib * n_pw + g] = at ? from->psi[c][ib * n_from + (size_t)at - 1]
                                                  : 0.0;
        }
        free(box.index);
    }
    return 1;
}

int dft_scf_state_from_state(const dft_system *system, const dft_scf_state *from,
                             dft_scf_state *state)
{
    if (from->n_atoms != state->n_atoms || from->n_p != state->n_p || from->n_spin != state->n_spin
        || memcmp(from->z, state->z, state->n_atoms * sizeof *state->z) != 0)
        return 0;
    if (!carry_density(from, state))
        return 0;
    memcpy(state->d_p, from->d_p, state->n_spin * state->n_p * sizeof *state->d_p);
    fix_charge(system, state);
    if (from->has_orbitals && same_k(from, state))
        state->has_orbitals = carry_orbitals(from, state);
    return 1;
}

int dft_scf_state_same_vectors(const dft_scf_state *a, const dft_scf_state *b)
{
    return a->n_g == b->n_g && memcmp(a->hkl, b->hkl, a->n_g * sizeof *a->hkl) == 0;
}
