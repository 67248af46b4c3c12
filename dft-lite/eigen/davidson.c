#include "dft-lite/eigen/davidson.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/blocks.h"
#include "dft-lite/math/lapack.h"

#define FINE 1e-4                       /* Ha: residuals that single-precision matrix elements could spoil */
#define STRICTER 1.5                    /* factor by which fewer bands count as behind when there is no room */
#define TRIANGLE_SHARES 3               /* pieces of a triangle of products: more cost BLAS more than they save */
#define LEAST_SPARE 32                  /* vectors of room for bands that need more sweeps */

size_t dft_davidson_space(size_t n_bands, int max_sweeps, size_t n_trial)
{
    const size_t spare = n_bands / 2 > LEAST_SPARE ? n_bands / 2 : LEAST_SPARE;
    const size_t usual = (size_t)(1 + max_sweeps) * n_bands + spare;

    return usual > n_trial ? usual : n_trial;
}

dft_status dft_davidson_work_create(const dft_system *system, size_t n_bands, size_t n_pw,
                                    int max_sweeps, size_t n_trial, size_t n_inner,
                                    dft_davidson_work **out, dft_error *err)
{
    const size_t n_space = dft_davidson_space(n_bands, max_sweeps, n_trial), small = n_space * n_space;
    const size_t n_proj = system->i_offset[system->crystal->n_atoms];
    dft_davidson_work *self = dft_alloc(1, sizeof *self);
    dft_status status = DFT_OK;

    *out = NULL;
    if (!self)
        return dft_fail(err, DFT_ENOMEM, "eigensolver: out of memory");
    *self = (dft_davidson_work){
        .n_bands = n_bands, .n_space = n_space,
        .local = dft_alloc_complex(n_bands * n_pw), .turned = dft_alloc_complex(n_bands * n_pw),
        .v_s = dft_alloc_complex_s(n_space * n_pw), .local_s = dft_alloc_complex_s(n_space * n_pw),
        .c = dft_alloc_complex(n_space * n_proj), .dh_c = dft_alloc_complex(n_space * n_proj),
        .do_c = dft_alloc_complex(n_space * n_proj), .y = dft_alloc_complex(n_bands * n_proj),
        .y_s = dft_alloc_complex_s(n_bands * n_proj),
        .h_small = dft_alloc_complex(small), .s_small = dft_alloc_complex(small),
        .h_copy = dft_alloc_complex(small), .s_copy = dft_alloc_complex(small), .x = dft_alloc_complex(small),
        .small_s = dft_alloc_complex_s(n_space * n_bands), .active = dft_alloc_sizes(n_bands) };
    if (!self->local || !self->turned || !self->v_s || !self->local_s || !self->c
        || !self->dh_c || !self->do_c || !self->y || !self->y_s || !self->h_small || !self->s_small
        || !self->h_copy || !self->s_copy || !self->x || !self->small_s || !self->active)
        status = dft_fail(err, DFT_ENOMEM, "eigensolver for %zu bands of %zu plane waves: out of "
                          "memory", n_bands, n_pw);
    if (status == DFT_OK)
        status = dft_apply_work_create(system, n_bands, n_inner, &self->apply, err);
    if (status != DFT_OK) {
        dft_davidson_work_free(self);
        return status;
    }
    *out = self;
    return DFT_OK;
}

void dft_davidson_work_free(dft_davidson_work *work)
{
    if (!work)
        return;
    free(work->local);
    free(work->turned);
    free(work->v_s);
    free(work->local_s);
    free(work->c);
    free(work->dh_c);
    free(work->do_c);
    free(work->y);
    free(work->y_s);
    free(work->h_small);
    free(work->s_small);
    free(work->h_copy);
    free(work->s_copy);
    free(work->x);
    free(work->small_s);
    free(work->active);
    dft_apply_work_free(work->apply);
    free(work);
}

/* What does not change during a call. */
typedef struct {
    const dft_kspace *kspace;
    const dft_spin_potential *potential;
    const dft_davidson_options *options;
    dft_davidson_work *work;
    size_t n_pw, n_proj, n_bands;
    float complex *turned_s;            /* [n_bands][n_pw], where nothing else is in this precision */
} solver;

static solver solver_of(const dft_kspace *kspace, const dft_spin_potential *potential,
                        const dft_davidson_options *options, size_t n_bands, dft_davidson_work *work)
{
    return (solver){ kspace, potential, options, work, kspace->kbasis->n_pw, kspace->n_projectors, n_bands,
                     options->single ? (float complex *)work->local : work->local_s };
}

/* <left|right> in single precision into a block of a small matrix; left [n_left], right [n_right]. */
static void product_s(const solver *s, size_t n_left, const float complex *left, size_t n_right,
                      const float complex *right, double complex *block)
{
    dft_davidson_work *work = s->work;

    dft_phases_begin(work->apply->phases, DFT_PHASE_SINGLE(DFT_PHASE_PRODUCTS));
    dft_gemm_s('C', 'N', n_left, n_right, s->n_pw, 1, left, s->n_pw, right, s->n_pw, 0, work->small_s,
               n_left);
    for (size_t j = 0; j < n_right; j++)
        for (size_t i = 0; i < n_left; i++)
            block[j * work->n_space + i] = work->small_s[j * n_left + i];
    dft_phases_end(work->apply->phases, 8.0 * (double)(n_left * n_right) * (double)s->n_pw, 0.0);
}

/* Rows row .. row + n_rows - 1 of H and S, columns column .. column + n - 1. */
static void products_s(const solver *s, size_t row, size_t n_rows, size_t column, size_t n)
{
    dft_davidson_work *work = s->work;
    const float complex *v = work->v_s + column * s->n_pw;
    const size_t at = column * work->n_space + row;

    product_s(s, n_rows, work->local_s + row * s->n_pw, n, v, work->h_small + at);
    product_s(s, n_rows, work->v_s + row * s->n_pw, n, v, work->s_small + at);
}

/* Adds the projectors' part to rows first .. first + n_new - 1, columns up to the last of them. */
static void add_on_site(const solver *s, size_t first, size_t n_new)
{
    dft_davidson_work *work = s->work;
    const size_t at = first * s->n_proj, n = first + n_new;

    dft_apply_on_site(s->kspace->system, s->potential->dh, n_new, work->c + at, work->dh_c + at,
                      work->do_c + at);
    dft_gemm('C', 'N', n_new, n, s->n_proj, 1.0, work->dh_c + at, s->n_proj, work->c, s->n_proj, 1.0,
             work->h_small + first, work->n_space);
    dft_gemm('C', 'N', n_new, n, s->n_proj, 1.0, work->do_c + at, s->n_proj, work->c, s->n_proj, 1.0,
             work->s_small + first, work->n_space);
}

/* Matrix elements of the new directions with the orbitals psi, and their projections, in double. */
static void couple_finely(const solver *s, size_t first, size_t n_new, const double complex *psi)
{
    dft_davidson_work *work = s->work;
    const float complex *v_new = work->v_s + first * s->n_pw;

    for (size_t i = 0; i < n_new * s->n_pw; i++)
        work->turned[i] = v_new[i];
    dft_project_d(s->kspace, n_new, work->turned, work->c + first * s->n_proj, work->apply);
    dft_phases_begin(work->apply->phases, DFT_PHASE_PRODUCTS);
    dft_gemm('C', 'N', n_new, s->n_bands, s->n_pw, 1.0, work->turned, s->n_pw, work->local, s->n_pw, 0.0,
             work->h_small + first, work->n_space);
    dft_gemm('C', 'N', n_new, s->n_bands, s->n_pw, 1.0, work->turned, s->n_pw, psi, s->n_pw, 0.0,
             work->s_small + first, work->n_space);
    dft_phases_end(work->apply->phases, 16.0 * (double)(n_new * s->n_bands) * (double)s->n_pw, 0.0);
}

/* Rows of H and S for the directions first .. first + n_new - 1 of the space, lower triangles.  psi: NULL,
 * or the orbitals with which their elements shall be fine. */
static void add_directions(const solver *s, size_t first, size_t n_new, const double complex *psi)
{
    dft_davidson_work *work = s->work;
    const float complex *v_new = work->v_s + first * s->n_pw;

    dft_apply_local_s(s->kspace, s->potential, n_new, v_new, work->local_s + first * s->n_pw, work->apply);
    if (psi)
        couple_finely(s, first, n_new, psi);
    else if (first > 0 || !s->options->projected)
        dft_project_s(s->kspace, n_new, v_new, work->c + first * s->n_proj, work->apply);
    for (size_t j = psi ? s->n_bands : 0; j < first; j += s->n_bands)
        products_s(s, first, n_new, j, first - j < s->n_bands ? first - j : s->n_bands);
    const size_t share = n_new / TRIANGLE_SHARES + 1;
    for (size_t j = 0; j < n_new; j += share)           /* among themselves: the lower triangle alone */
        products_s(s, first + j, n_new - j, first + j, n_new - j < share ? n_new - j : share);
    add_on_site(s, first, n_new);
}

/* The same for the trial orbitals, in the precision asked for. */
static void add_orbitals(const solver *s, const double complex *psi, const double complex *projections)
{
    dft_davidson_work *work = s->work;

    for (size_t i = 0; i < s->n_bands * s->n_pw; i++)
        work->v_s[i] = (float complex)psi[i];
    if (s->options->single) {
        if (s->options->projected)
            memcpy(work->c, projections, s->n_bands * s->n_proj * sizeof *projections);
        add_directions(s, 0, s->n_bands, NULL);
        return;
    }
    dft_apply_local_d(s->kspace, s->potential, s->n_bands, psi, work->local, work->apply);
    dft_project_d(s->kspace, s->n_bands, psi, work->c, work->apply);
    dft_phases_begin(work->apply->phases, DFT_PHASE_PRODUCTS);
    dft_gemm('C', 'N', s->n_bands, s->n_bands, s->n_pw, 1.0, work->local, s->n_pw, psi, s->n_pw, 0.0,
             work->h_small, work->n_space);
    dft_gemm('C', 'N', s->n_bands, s->n_bands, s->n_pw, 1.0, psi, s->n_pw, psi, s->n_pw, 0.0,
             work->s_small, work->n_space);
    dft_phases_end(work->apply->phases, 16.0 * (double)(s->n_bands * s->n_bands) * (double)s->n_pw, 0.0);
    add_on_site(s, 0, s->n_bands);
}

/* Lowest n_bands eigenpairs in the space of the first n vectors; x is [n_bands] columns of length n. */
static dft_status diagonalise(const solver *s, size_t n, double *eigenvalue, dft_error *err)
{
    dft_davidson_work *work = s->work;

    dft_phases_begin(work->apply->phases, DFT_PHASE_DIAGONALISE);
    for (size_t j = 0; j < n; j++) {
        memcpy(work->h_copy + j * n, work->h_small + j * work->n_space, n * sizeof *work->h_copy);
        memcpy(work->s_copy + j * n, work->s_small + j * work->n_space, n * sizeof *work->s_copy);
    }
    const double noise = n == s->n_bands && !s->options->single ? DFT_NOISE_DOUBLE : DFT_NOISE_SINGLE;
    const dft_status status = dft_eigen_generalized(n, work->h_copy, work->s_copy, noise, s->n_bands,
                                                    eigenvalue, work->x, err);
    dft_phases_end(work->apply->phases, 0.0, 0.0);
    return status;
}

/* The vectors' combinations with n_list columns x [n_list][n], added to turned_s what is single and to
 * turned what is double.  psi: the double orbitals, or their local part; v_s: the whole space's. */
static void combine(const solver *s, size_t n, size_t n_list, const double complex *psi,
                    const float complex *v_s, const double complex *x)
{
    dft_davidson_work *work = s->work;
    const size_t n_double = s->options->single ? 0 : s->n_bands, n_single = n - n_double;

    dft_phases_begin(work->apply->phases, DFT_PHASE_ROTATE);
    if (n_double > 0)
        dft_gemm('N', 'N', s->n_pw, n_list, n_double, 1.0, psi, s->n_pw, x, n, 1.0, work->turned, s->n_pw);
    dft_phases_next(work->apply->phases, DFT_PHASE_SINGLE(DFT_PHASE_ROTATE),
                    8.0 * (double)(n_list * n_double) * (double)s->n_pw, 0.0);
    for (size_t i = 0; i < n_list; i++)
        for (size_t j = 0; j < n_single; j++)
            work->small_s[i * n_single + j] = (float complex)x[i * n + n_double + j];
    dft_gemm_s('N', 'N', s->n_pw, n_list, n_single, 1, v_s + n_double * s->n_pw, s->n_pw, work->small_s,
               n_single, 1, s->turned_s, s->n_pw);
    dft_phases_end(work->apply->phases, 8.0 * (double)(n_list * n_single) * (double)s->n_pw, 0.0);
}

static void begin_combining(const solver *s, size_t n_list)
{
    memset(s->work->turned, 0, n_list * s->n_pw * sizeof *s->work->turned);
    memset(s->turned_s, 0, n_list * s->n_pw * sizeof *s->turned_s);
}

static void finish_combining(const solver *s, size_t n_list)
{
    for (size_t i = 0; i < n_list * s->n_pw; i++)
        s->work->turned[i] += s->turned_s[i];
}

/* P (dH - e dO) c x for the list's columns. */
static void combine_on_site(const solver *s, size_t n, size_t n_list, const double complex *x,
                            const double complex *x_e)
{
    dft_davidson_work *work = s->work;

    dft_gemm('N', 'N', s->n_proj, n_list, n, 1.0, work->dh_c, s->n_proj, x, n, 0.0, work->y, s->n_proj);
    dft_gemm('N', 'N', s->n_proj, n_list, n, 1.0, work->do_c, s->n_proj, x_e, n, 1.0, work->y, s->n_proj);
    if (!s->options->single) {
        dft_back_project_d(s->kspace, n_list, work->y, work->turned, work->apply);
        return;
    }
    for (size_t i = 0; i < n_list * s->n_proj; i++)
        work->y_s[i] = (float complex)work->y[i];
    dft_back_project_s(s->kspace, n_list, work->y_s, s->turned_s, work->apply);
}

/* Residuals of the active bands from the space of n vectors, into turned; norms into residual. */
static void residuals(const solver *s, size_t n, size_t n_active, const double *eigenvalue,
                      const double complex *psi, double *residual)
{
    dft_davidson_work *work = s->work;
    double complex *x = work->h_copy, *x_e = work->s_copy;

    for (size_t i = 0; i < n_active; i++)
        for (size_t j = 0; j < n; j++) {
            x[i * n + j] = work->x[work->active[i] * n + j];
            x_e[i * n + j] = -eigenvalue[work->active[i]] * x[i * n + j];
        }
    begin_combining(s, n_active);
    combine(s, n, n_active, work->local, work->local_s, x);
    combine(s, n, n_active, psi, work->v_s, x_e);
    combine_on_site(s, n, n_active, x, x_e);
    finish_combining(s, n_active);
    for (size_t i = 0; i < n_active; i++) {
        double norm2 = 0.0;
        for (size_t g = 0; g < s->n_pw; g++)
            norm2 += dft_abs2(work->turned[i * s->n_pw + g]);
        residual[work->active[i]] = sqrt(norm2);
    }
}

/* Teter-Payne-Allan: x = kinetic energy of a plane wave over that of the band.  Unit length keeps the
 * small matrices scaled. */
static void precondition(const dft_kbasis *kb, const double complex *psi, double complex *r,
                         float complex *w)
{
    double band_kinetic = 0.0, band_norm = 0.0, norm2 = 0.0;

    for (size_t g = 0; g < kb->n_pw; g++) {
        band_kinetic += kb->kinetic[g] * dft_abs2(psi[g]);
        band_norm += dft_abs2(psi[g]);
    }
    const double scale = band_norm / (1.5 * band_kinetic + 1e-3 * band_norm);
    for (size_t g = 0; g < kb->n_pw; g++) {
        const double x = kb->kinetic[g] * scale;
        const double top = 27.0 + x * (18.0 + x * (12.0 + x * 8.0));
        r[g] *= top / (top + 16.0 * x * x * x * x);
        norm2 += dft_abs2(r[g]);
    }
    const double inverse = norm2 > 0.0 ? 1.0 / sqrt(norm2) : 0.0;
    for (size_t g = 0; g < kb->n_pw; g++)
        w[g] = (float complex)(inverse * r[g]);
}

/* Adds the preconditioned residuals above tolerance behind the n vectors there are, lowest bands first, until
 * there are as many vectors as plane waves; returns how many.  Residuals are those of all active bands. */
static size_t expand(const solver *s, size_t n, size_t *n_active, const double *eigenvalue,
                     const double complex *psi, double *residual)
{
    dft_davidson_work *work = s->work;
    const size_t room = s->n_pw > n ? s->n_pw - n : 0;
    size_t kept = 0;

    dft_phases_begin(work->apply->phases, DFT_PHASE_RESIDUAL);
    residuals(s, n, *n_active, eigenvalue, psi, residual);
    for (size_t i = 0; i < *n_active && kept < room; i++) {
        const size_t ib = work->active[i];
        if (residual[ib] <= s->options->tolerance * s->options->slack[ib])
            continue;
        precondition(s->kspace->kbasis, psi + ib * s->n_pw, work->turned + i * s->n_pw,
                     work->v_s + (n + kept) * s->n_pw);
        work->active[kept++] = ib;
    }
    *n_active = kept;
    dft_phases_end(work->apply->phases, 0.0, 0.0);
    return kept;
}

static double largest_active(const dft_davidson_work *work, size_t n_active, const double *residual)
{
    double largest = 0.0;

    for (size_t i = 0; i < n_active; i++)
        largest = fmax(largest, residual[work->active[i]]);
    return largest;
}

/* Bands that were far from the tolerance before the last sweep; the others are left as they are. */
static size_t keep_laggards(const dft_davidson_options *options, const double *residual, size_t n_active,
                            size_t room, size_t *active)
{
    double limit = options->behind;
    size_t kept;

    assert(limit > 0.0 && "bands are behind something");
    do {
        kept = 0;
        for (size_t i = 0; i < n_active; i++)
            kept += residual[active[i]] > limit * options->slack[active[i]];
        limit *= kept > room ? STRICTER : 1.0;
    } while (kept > room);
    kept = 0;
    for (size_t i = 0; i < n_active; i++)
        if (residual[active[i]] > limit * options->slack[active[i]])
            active[kept++] = active[i];
    return kept;
}

dft_status dft_davidson_solve(const dft_kspace *kspace, const dft_spin_potential *potential,
                              const dft_davidson_options *options, size_t n_bands,
                              double complex *psi, double complex *projections, double *eigenvalue,
                              double *residual, dft_davidson_work *work, size_t *n_applied,
                              dft_error *err)
{
    const solver s = solver_of(kspace, potential, options, n_bands, work);
    const size_t room = work->n_space < s.n_pw ? work->n_space : s.n_pw;
    size_t n = n_bands, n_active = n_bands;

    add_orbitals(&s, psi, projections);
    dft_status status = diagonalise(&s, n, eigenvalue, err);
    for (size_t ib = 0; ib < n_bands; ib++)
        work->active[ib] = ib;
    *n_applied = n_bands;
    for (int sweep = 0; status == DFT_OK && sweep < options->max_sweeps + options->extra_sweeps; sweep++) {
        if (sweep >= options->max_sweeps)
            n_active = keep_laggards(options, residual, n_active, room - n, work->active);
        if (n + n_active > work->n_space)
            break;
        const size_t n_new = expand(&s, n, &n_active, eigenvalue, psi, residual);
        if (n_new == 0)
            break;
        const int fine = !options->single && largest_active(work, n_new, residual) < FINE;
        add_directions(&s, n, n_new, fine ? psi : NULL);
        *n_applied += n_new;
        n += n_new;
        status = diagonalise(&s, n, eigenvalue, err);
    }
    if (status != DFT_OK)
        return status;
    begin_combining(&s, n_bands);
    combine(&s, n, n_bands, psi, work->v_s, work->x);
    finish_combining(&s, n_bands);
    memcpy(psi, work->turned, n_bands * s.n_pw * sizeof *psi);
    dft_gemm('N', 'N', s.n_proj, n_bands, n, 1.0, work->c, s.n_proj, work->x, n, 0.0, projections, s.n_proj);
    return DFT_OK;
}

dft_status dft_subspace_start(const dft_kspace *kspace, const dft_spin_potential *potential,
                              size_t n_trial, size_t n_bands, double complex *psi, double *eigenvalue,
                              dft_davidson_work *work, dft_error *err)
{
    const dft_davidson_options options = { .single = 1 };
    const solver s = solver_of(kspace, potential, &options, n_bands, work);

    for (size_t first = 0; first < n_trial; first += n_bands)
        add_directions(&s, first, n_trial - first < n_bands ? n_trial - first : n_bands, NULL);
    const dft_status status = diagonalise(&s, n_trial, eigenvalue, err);
    if (status != DFT_OK)
        return status;
    begin_combining(&s, n_bands);
    combine(&s, n_trial, n_bands, NULL, work->v_s, work->x);
    finish_combining(&s, n_bands);
    memcpy(psi, work->turned, n_bands * s.n_pw * sizeof *psi);
    return DFT_OK;
}
