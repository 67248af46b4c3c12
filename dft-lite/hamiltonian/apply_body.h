/*
 * dft-lite/hamiltonian/apply_body.h - the parts of H and S on a block of orbitals, for one precision.
 *
 * Included twice by hamiltonian.c, with REAL, GEMM, PHASE(x) and NAME(x) defined.  Threads share bands while the
 * potential acts and blocks of plane waves while the projectors do; the sums over blocks are grouped and
 * ordered alike whatever the number of threads.
 */

void NAME(dft_apply_local)(const dft_kspace *kspace, const dft_spin_potential *potential, size_t n_bands,
                           const REAL complex *psi, REAL complex *local, dft_apply_work *work)
{
    const dft_kbasis *kb = kspace->kbasis;

    dft_phases_begin(work->phases, PHASE(DFT_PHASE_FFT));
    dft_phases_applied(work->phases, n_bands);
    #pragma omp parallel for schedule(static) num_threads((int)work->n_inner) if (work->n_inner > 1)
    for (size_t ib = 0; ib < n_bands; ib++) {
        const size_t own = work->n_inner > 1 ? (size_t)dft_thread_index() : 0;
        const REAL complex *c = psi + ib * kb->n_pw;
        REAL complex *h = local + ib * kb->n_pw;
        NAME(dft_fft_apply_local)(kb->fft, NAME(potential->v), c, h, work->fft[own]);
        for (size_t g = 0; g < kb->n_pw; g++)
            h[g] += (REAL)kb->kinetic[g] * c[g];
    }
    dft_phases_end(work->phases, 2.0 * (double)n_bands * dft_fft_sphere_flops(kb->fft), 0.0);
}

void NAME(dft_project)(const dft_kspace *kspace, size_t n_bands, const REAL complex *psi,
                       double complex *c, dft_apply_work *work)
{
    const size_t n_pw = kspace->kbasis->n_pw, n_proj = kspace->n_projectors, n_c = n_bands * n_proj;
    const size_t n_blocks = (n_pw + DFT_PROJECTOR_BLOCK - 1) / DFT_PROJECTOR_BLOCK;
    const size_t n_sums = n_blocks < DFT_PROJECTOR_SUMS ? n_blocks : DFT_PROJECTOR_SUMS;
    REAL complex *sums = (REAL complex *)work->sums;

    dft_phases_begin(work->phases, PHASE(DFT_PHASE_PROJECTION));
    #pragma omp parallel for schedule(static) num_threads((int)work->n_inner) if (work->n_inner > 1)
    for (size_t sum = 0; sum < n_sums; sum++) {
        REAL complex *block = work->block[work->n_inner > 1 ? (size_t)dft_thread_index() : 0];
        for (size_t b = sum; b < n_blocks; b += n_sums) {
            const size_t first = b * DFT_PROJECTOR_BLOCK;
            const size_t n = n_pw - first < DFT_PROJECTOR_BLOCK ? n_pw - first : DFT_PROJECTOR_BLOCK;
            NAME(dft_projectors_block)(kspace->projectors, first, n, block);
            GEMM('C', 'N', n_proj, n_bands, n, 1, block, n, psi + first, n_pw, b == sum ? 0 : 1,
                 sums + sum * n_c, n_proj);
        }
    }
    for (size_t i = 0; i < n_c; i++)
        c[i] = sums[i];
    for (size_t sum = 1; sum < n_sums; sum++)
        for (size_t i = 0; i < n_c; i++)
            c[i] += sums[sum * n_c + i];
    dft_phases_end(work->phases, 8.0 * (double)n_c * (double)n_pw, 0.0);
}

void NAME(dft_back_project)(const dft_kspace *kspace, size_t n_bands, const REAL complex *y,
                            REAL complex *out, dft_apply_work *work)
{
    const size_t n_pw = kspace->kbasis->n_pw, n_proj = kspace->n_projectors;
    const size_t n_blocks = (n_pw + DFT_PROJECTOR_BLOCK - 1) / DFT_PROJECTOR_BLOCK;

    dft_phases_begin(work->phases, PHASE(DFT_PHASE_PROJECTION));
    #pragma omp parallel for schedule(static) num_threads((int)work->n_inner) if (work->n_inner > 1)
    for (size_t b = 0; b < n_blocks; b++) {
        REAL complex *block = work->block[work->n_inner > 1 ? (size_t)dft_thread_index() : 0];
        const size_t first = b * DFT_PROJECTOR_BLOCK;
        const size_t n = n_pw - first < DFT_PROJECTOR_BLOCK ? n_pw - first : DFT_PROJECTOR_BLOCK;
        NAME(dft_projectors_block)(kspace->projectors, first, n, block);
        GEMM('N', 'N', n, n_bands, n_proj, 1, block, n, y, n_proj, 1, out + first, n_pw);
    }
    dft_phases_end(work->phases, 8.0 * (double)(n_bands * n_proj) * (double)n_pw, 0.0);
}
