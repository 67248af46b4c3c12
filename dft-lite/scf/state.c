#include "dft-lite/scf/state.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/units.h"

static const dft_spline *pick_valence(const dft_species *species) { return &species->valence_q; }

/* d_p of free atoms: each bound wave's electrons spread evenly over m. */
static void atomic_on_site(const dft_system *system, double *d_p)
{
    for (size_t a = 0; a < system->crystal->n_atoms; a++) {
        const dft_species *s = system->species[system->species_of[a]];
        for (size_t i = 0; i < s->n_i; i++) {
            const dft_setup_wave *wave = &s->setup->wave[s->wave_of[i]];
            d_p[system->p_offset[a] + dft_packed(i, i)] = wave->occupation / (2 * wave->l + 1);
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
        self->psi[ik] = dft_alloc_complex(self->n_bands * kb->n_pw);
        if (!self->pw_hkl[ik] || !self->psi[ik])
            return dft_fail(err, DFT_ENOMEM, "%zu orbitals of %zu plane waves: out of memory",
                            self->n_bands, kb->n_pw);
        memcpy(self->pw_hkl[ik], kb->hkl, kb->n_pw * sizeof *kb->hkl);
    }
    return DFT_OK;
}

dft_status dft_scf_state_create(const dft_system *system, dft_kspace *const *kspace, size_t n_bands,
                                dft_scf_state **out, dft_error *err)
{
    const size_t n_atoms = system->crystal->n_atoms, n_k = system->kpoints->n_k;
    const size_t n_g = system->basis->n_g;
    dft_scf_state *self = dft_alloc(1, sizeof *self);
    double complex *phase = dft_alloc_complex(n_g);
    dft_status status = DFT_OK;

    *out = NULL;
    if (self)
        *self = (dft_scf_state){
            n_atoms, n_g, system->p_offset[n_atoms], n_k, n_bands, system->basis->volume,
            dft_alloc_ints(n_atoms), dft_alloc(n_g, sizeof *self->hkl), dft_alloc_complex(n_g),
            dft_alloc_complex(n_g), dft_alloc_doubles(system->p_offset[n_atoms]),
            dft_alloc(n_k, sizeof *self->k), dft_alloc_sizes(n_k),
            dft_alloc(n_k, sizeof *self->pw_hkl), dft_alloc(n_k, sizeof *self->psi), 0 };
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
    for (size_t ik = 0; ik < state->n_k; ik++) {
        if (state->pw_hkl)
            free(state->pw_hkl[ik]);
        if (state->psi)
            free(state->psi[ik]);
    }
    free(state->z);
    free(state->hkl);
    free(state->rho_g);
    free(state->atoms_g);
    free(state->d_p);
    free(state->k);
    free(state->n_pw);
    free(state->pw_hkl);
    free(state->psi);
    free(state);
}

/* The smooth density must hold what the compensation charges of d_p do not: scales it to the electron
 * count (the G = 0 component is set, the others keep their shape). */
static void fix_charge(const dft_system *system, dft_scf_state *state)
{
    double augmentation = 0.0;

    for (size_t a = 0; a < state->n_atoms; a++) {
        const dft_species *s = system->species[system->species_of[a]];
        for (size_t p = 0; p < s->n_p; p++)
            augmentation += sqrt(4.0 * DFT_PI) * s->delta[p] * state->d_p[system->p_offset[a] + p];
    }
    state->rho_g[0] = (system->n_electrons - augmentation) / state->volume;
}

void dft_scf_state_from_atoms(const dft_system *system, dft_scf_state *state)
{
    memcpy(state->rho_g, state->atoms_g, state->n_g * sizeof *state->rho_g);
    memset(state->d_p, 0, state->n_p * sizeof *state->d_p);
    atomic_on_site(system, state->d_p);
    fix_charge(system, state);
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
    for (size_t ik = 0; ik < state->n_k; ik++) {
        const size_t n_pw = state->n_pw[ik], n_from = from->n_pw[ik];
        index_box box;
        if (!box_init(&box, n_from, (const int (*)[3])from->pw_hkl[ik]))
            return 0;
        for (size_t g = 0; g < n_pw; g++) {
            const int at = box_find(&box, state->pw_hkl[ik][g]);
            for (size_t ib = 0; ib < state->n_bands; ib++)
                state->psi[ik][ib * n_pw + g] = at ? from->psi[ik][ib * n_from + (size_t)at - 1]
                                                   : 0.0;
        }
        free(box.index);
    }
    return 1;
}

int dft_scf_state_from_state(const dft_system *system, const dft_scf_state *from,
                             dft_scf_state *state)
{
    if (from->n_atoms != state->n_atoms || from->n_p != state->n_p
        || memcmp(from->z, state->z, state->n_atoms * sizeof *state->z) != 0)
        return 0;
    if (!carry_density(from, state))
        return 0;
    memcpy(state->d_p, from->d_p, state->n_p * sizeof *state->d_p);
    fix_charge(system, state);
    if (from->has_orbitals && same_k(from, state))
        state->has_orbitals = carry_orbitals(from, state);
    return 1;
}
