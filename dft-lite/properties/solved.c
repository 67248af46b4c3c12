#include "dft-lite/properties/solved.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/threads.h"
#include "dft-lite/math/lapack.h"
#include "dft-lite/properties/electrostatics.h"
#include "dft-lite/scf/ground.h"
#include "dft-lite/scf/state.h"

#define EMPTY 1e-12                     /* an occupation that adds nothing */

dft_solved dft_solved_of_result(const dft_scf_result *result)
{
    const dft_ground *ground = result->ground;

    assert(ground && "a result keeps its ground only when asked to");
    return (dft_solved){ ground->system, ground->kspace, result->n_bands, result->state->psi,
                         result->eigenvalue, result->occupation, ground->potential, ground->rho_out,
                         ground->d_out };
}

void dft_solved_fields_free(dft_solved_fields *fields)
{
    if (!fields)
        return;
    free(fields->density);
    free(fields->charge);
    free(fields->electrostatic);
    free(fields->multipole);
    free(fields->change);
    dft_potential_free(fields->potential);
    free(fields);
}

static dft_solved_fields *fields_alloc(const dft_system *system)
{
    const dft_basis *basis = system->basis;
    dft_solved_fields *self = dft_alloc(1, sizeof *self);

    if (!self)
        return NULL;
    *self = (dft_solved_fields){
        dft_alloc_complex(system->n_spin * basis->n_g), dft_alloc_complex(basis->n_fine),
        dft_alloc_complex(basis->n_fine),
        dft_alloc_doubles(system->crystal->n_atoms * DFT_N_COMPENSATION),
        dft_alloc_complex(basis->n_g), NULL };
    if (self->density && self->charge && self->electrostatic && self->multipole && self->change)
        return self;
    dft_solved_fields_free(self);
    return NULL;
}

static dft_status fill_fields(const dft_solved *s, dft_solved_fields *f, dft_error *err)
{
    const size_t n_g = s->system->basis->n_g;

    memcpy(f->density, s->rho_g, s->system->n_spin * n_g * sizeof *f->density);
    for (size_t ig = 0; ig < n_g; ig++) {
        f->density[ig] += s->system->ions->core_g[ig];
        f->change[ig] = f->potential->v_g[ig] - s->potential->v_g[ig];
    }
    dft_multipoles(s->system, s->d_p, 1, f->multipole);
    const dft_status status = dft_electrostatics_compute(s->system, s->rho_g, s->d_p, f->charge,
                                                         f->electrostatic, err);
    if (status == DFT_OK && s->system->dipole)
        dft_dipole_add_potential(s->system->dipole, f->potential->dipole_moment, f->electrostatic);
    return status;
}

dft_status dft_solved_fields_create(const dft_solved *solved, dft_solved_fields **out,
                                    dft_error *err)
{
    dft_solved_fields *self = fields_alloc(solved->system);
    dft_status status;

    *out = NULL;
    if (!self)
        return dft_fail(err, DFT_ENOMEM, "fields of the output density: out of memory");
    status = dft_potential_create(solved->system, &self->potential, err);
    if (status == DFT_OK)
        status = dft_potential_compute(solved->system, solved->rho_g, solved->d_p, self->potential,
                                       NULL, err);
    if (status == DFT_OK)
        status = fill_fields(solved, self, err);
    if (status != DFT_OK) {
        dft_solved_fields_free(self);
        return status;
    }
    *out = self;
    return DFT_OK;
}

dft_ions_surroundings dft_solved_surroundings(const dft_solved_fields *fields)
{
    return (dft_ions_surroundings){
        .core_v = fields->potential->v_g, .zero_n = fields->density,
        .charge_v = fields->electrostatic, .multipole = fields->multipole,
        .valence_v = fields->change };
}

/* Bands above add nothing. */
static size_t count_filled(const dft_solved *solved, size_t channel)
{
    size_t n = solved->n_bands;

    while (n > 0 && fabs(solved->occupation[channel * solved->n_bands + n - 1]) < EMPTY)
        n--;
    return n;
}

typedef struct {                        /* one thread's scratch */
    double complex *c, *x;              /* [n_bands][n_i] */
    double complex *p, *b;              /* [n_i][n_pw] */
    double complex *phase;              /* [n_pw] */
} scratch;

/* Sums over bands come first: two matrix products serve all directions of all derivatives. */
static void projector_weights(const dft_solved *solved, size_t channel, size_t atom,
                              const scratch *s)
{
    const dft_system *system = solved->system;
    const dft_species *species = system->species[system->species_of[atom]];
    const dft_kspace *kspace = dft_solved_kspace(solved, channel);
    const size_t n_pw = kspace->kbasis->n_pw, n_i = species->n_i;
    const size_t n_filled = count_filled(solved, channel);
    const double *dh = dft_potential_of_spin(system, solved->potential,
                                             channel / system->kpoints->n_k).dh
                     + system->ii_offset[atom];
    const double *eigenvalue = solved->eigenvalue + channel * solved->n_bands;
    const double *occupation = solved->occupation + channel * solved->n_bands;
    const double complex *psi = solved->psi[channel];

    dft_projectors_of_atom(kspace->projectors, atom, s->p);
    dft_gemm('C', 'N', n_i, n_filled, n_pw, 1.0, s->p, n_pw, psi, n_pw, 0.0, s->c, n_i);
    for (size_t ib = 0; ib < n_filled; ib++)
        for (size_t i = 0; i < n_i; i++) {
            double complex sum = 0.0;
            for (size_t j = 0; j < n_i; j++)
                sum += (dh[i * n_i + j] - eigenvalue[ib] * species->overlap[i * n_i + j])
                     * s->c[ib * n_i + j];
            s->x[ib * n_i + i] = dft_system_channel_weight(system, channel) * occupation[ib] * sum;
        }
    dft_gemm('N', 'C', n_pw, n_i, n_filled, 1.0, psi, n_pw, s->x, n_i, 0.0, s->b, n_pw);
}

static int scratch_alloc(const dft_solved *solved, scratch *s)
{
    const dft_system *system = solved->system;
    size_t n_i = 0, n_pw = 0;

    for (size_t kind = 0; kind < system->n_species; kind++)
        n_i = system->species[kind]->n_i > n_i ? system->species[kind]->n_i : n_i;
    for (size_t k = 0; k < system->kpoints->n_k; k++)
        n_pw = solved->kspace[k]->kbasis->n_pw > n_pw ? solved->kspace[k]->kbasis->n_pw : n_pw;
    *s = (scratch){ dft_alloc_complex(solved->n_bands * n_i),
                    dft_alloc_complex(solved->n_bands * n_i), dft_alloc_complex(n_i * n_pw),
                    dft_alloc_complex(n_i * n_pw), dft_alloc_complex(n_pw) };
    return s->c && s->x && s->p && s->b && s->phase;
}

static void scratch_clear(scratch *s)
{
    free(s->c);
    free(s->x);
    free(s->p);
    free(s->b);
    free(s->phase);
}

dft_status dft_solved_visit_projectors(const dft_solved *solved, dft_projector_visit *visit,
                                       void *context, dft_error *err)
{
    const size_t n_atoms = solved->system->crystal->n_atoms;
    const size_t n_tasks = dft_system_n_channels(solved->system) * n_atoms;
    const size_t n_threads = (size_t)dft_threads_max();
    scratch *s = dft_alloc(n_threads, sizeof *s);
    int ok = s != NULL;

    for (size_t t = 0; ok && t < n_threads; t++)
        ok = scratch_alloc(solved, &s[t]);
    if (ok) {
        #pragma omp parallel for schedule(dynamic) num_threads((int)n_threads)
        for (size_t task = 0; task < n_tasks; task++) {
            const scratch *own = &s[dft_thread_index()];
            projector_weights(solved, task / n_atoms, task % n_atoms, own);
            visit(solved, task / n_atoms, task % n_atoms, own->p, own->b, own->phase,
                  context);
        }
    }
    for (size_t t = 0; s && t < n_threads; t++)
        scratch_clear(&s[t]);
    free(s);
    return ok ? DFT_OK : dft_fail(err, DFT_ENOMEM, "forces of the projectors: out of memory");
}
