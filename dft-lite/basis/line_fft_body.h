/*
 * dft-lite/basis/line_fft_body.h - the butterflies and stages of line_fft.c, for one precision.
 *
 * Included twice, with REAL, VECTOR, LANE and NAME(x) defined.  Butterflies are in place on r[], i[]
 * (real and imaginary vectors) with the sign exp(-2 pi i jk/n); the other sign is the same arithmetic
 * with real and imaginary parts exchanged, which run() does by where it reads and writes.
 */

static inline void NAME(dft2)(VECTOR *r, VECTOR *i)
{
    const VECTOR r1 = r[1], i1 = i[1];

    r[1] = r[0] - r1;
    i[1] = i[0] - i1;
    r[0] += r1;
    i[0] += i1;
}

static inline void NAME(dft3)(VECTOR *r, VECTOR *i)
{
    const REAL s = (REAL)0.86602540378443864676, half = (REAL)0.5;
    const VECTOR sr = r[1] + r[2], si = i[1] + i[2], dr = s * (r[1] - r[2]), di = s * (i[1] - i[2]);
    const VECTOR mr = r[0] - half * sr, mi = i[0] - half * si;

    r[0] += sr;
    i[0] += si;
    r[1] = mr + di;
    i[1] = mi - dr;
    r[2] = mr - di;
    i[2] = mi + dr;
}

static inline void NAME(dft4)(VECTOR *r, VECTOR *i)
{
    const VECTOR ar = r[0] + r[2], ai = i[0] + i[2], br = r[0] - r[2], bi = i[0] - i[2];
    const VECTOR cr = r[1] + r[3], ci = i[1] + i[3], dr = r[1] - r[3], di = i[1] - i[3];

    r[0] = ar + cr;
    i[0] = ai + ci;
    r[1] = br + di;
    i[1] = bi - dr;
    r[2] = ar - cr;
    i[2] = ai - ci;
    r[3] = br - di;
    i[3] = bi + dr;
}

static inline void NAME(dft5)(VECTOR *r, VECTOR *i)
{
    const REAL c1 = (REAL)0.30901699437494742410, c2 = (REAL)-0.80901699437494742410;
    const REAL s1 = (REAL)0.95105651629515357212, s2 = (REAL)0.58778525229247312917;
    const VECTOR ar = r[1] + r[4], ai = i[1] + i[4], br = r[1] - r[4], bi = i[1] - i[4];
    const VECTOR cr = r[2] + r[3], ci = i[2] + i[3], dr = r[2] - r[3], di = i[2] - i[3];
    const VECTOR m1r = r[0] + c1 * ar + c2 * cr, m1i = i[0] + c1 * ai + c2 * ci;
    const VECTOR m2r = r[0] + c2 * ar + c1 * cr, m2i = i[0] + c2 * ai + c1 * ci;
    const VECTOR n1r = s1 * br + s2 * dr, n1i = s1 * bi + s2 * di;
    const VECTOR n2r = s2 * br - s1 * dr, n2i = s2 * bi - s1 * di;

    r[0] += ar + cr;
    i[0] += ai + ci;
    r[1] = m1r + n1i;
    i[1] = m1i - n1r;
    r[4] = m1r - n1i;
    i[4] = m1i + n1r;
    r[2] = m2r + n2i;
    i[2] = m2i - n2r;
    r[3] = m2r - n2i;
    i[3] = m2i + n2r;
}

/* 2 x 3: x_j, j = 3 j1 + 2 j2 mod 6 (Good's mapping needs no twiddles). */
static inline void NAME(dft6)(VECTOR *r, VECTOR *i)
{
    VECTOR ar[3] = { r[0], r[2], r[4] }, ai[3] = { i[0], i[2], i[4] };
    VECTOR br[3] = { r[3], r[5], r[1] }, bi[3] = { i[3], i[5], i[1] };

    NAME(dft3)(ar, ai);
    NAME(dft3)(br, bi);
    for (int k = 0; k < 3; k++) {       /* k1 + 2 b mod 6 with X_k even: sum, odd: difference */
        const int even = (4 * k) % 6, odd = (4 * k + 3) % 6;
        r[even] = ar[k] + br[k];
        i[even] = ai[k] + bi[k];
        r[odd] = ar[k] - br[k];
        i[odd] = ai[k] - bi[k];
    }
}

static inline void NAME(dft7)(VECTOR *r, VECTOR *i)
{
    static const REAL c[3] = { (REAL)0.62348980185873353053, (REAL)-0.22252093395631440429,
                               (REAL)-0.90096886790241912624 };
    static const REAL s[3] = { (REAL)0.78183148246802980871, (REAL)0.97492791218182360702,
                               (REAL)0.43388373911755812048 };
    static const int which[3][3] = { { 0, 1, 2 }, { 1, 2, 0 }, { 2, 0, 1 } };
    static const REAL sign[3][3] = { { 1, 1, 1 }, { 1, -1, -1 }, { 1, -1, 1 } };
    VECTOR pr[3], pi[3], mr[3], mi[3];

    for (int j = 0; j < 3; j++) {
        pr[j] = r[j + 1] + r[6 - j];
        pi[j] = i[j + 1] + i[6 - j];
        mr[j] = r[j + 1] - r[6 - j];
        mi[j] = i[j + 1] - i[6 - j];
    }
    const VECTOR r0 = r[0], i0 = i[0];
    r[0] += pr[0] + pr[1] + pr[2];
    i[0] += pi[0] + pi[1] + pi[2];
    for (int k = 0; k < 3; k++) {
        VECTOR er = r0, ei = i0, or = { 0 }, oi = { 0 };
        for (int j = 0; j < 3; j++) {
            er += c[which[k][j]] * pr[j];
            ei += c[which[k][j]] * pi[j];
            or += (sign[k][j] * s[which[k][j]]) * mr[j];
            oi += (sign[k][j] * s[which[k][j]]) * mi[j];
        }
        r[k + 1] = er + oi;
        i[k + 1] = ei - or;
        r[6 - k] = er - oi;
        i[6 - k] = ei + or;
    }
}

static inline void NAME(dft8)(VECTOR *r, VECTOR *i)
{
    const REAL h = (REAL)0.70710678118654752440;
    VECTOR er[4] = { r[0], r[2], r[4], r[6] }, ei[4] = { i[0], i[2], i[4], i[6] };
    VECTOR or[4] = { r[1], r[3], r[5], r[7] }, oi[4] = { i[1], i[3], i[5], i[7] };

    NAME(dft4)(er, ei);
    NAME(dft4)(or, oi);
    const VECTOR t1r = h * (or[1] + oi[1]), t1i = h * (oi[1] - or[1]);
    const VECTOR t3r = h * (oi[3] - or[3]), t3i = -h * (or[3] + oi[3]);
    const VECTOR tr[4] = { or[0], t1r, oi[2], t3r }, ti[4] = { oi[0], t1i, -or[2], t3i };
    for (int k = 0; k < 4; k++) {
        r[k] = er[k] + tr[k];
        i[k] = ei[k] + ti[k];
        r[k + 4] = er[k] - tr[k];
        i[k + 4] = ei[k] - ti[k];
    }
}

/* y[q + s (R p + k)] = w^(p k) sum_j x[q + s (p + j m)] exp(-2 pi i jk/R),  w = exp(-2 pi i/(R m)).
 * x and y are vectors of the parts to be taken as real; the imaginary ones lie `flip` further. */
#define STAGE(R)                                                                                    \
    static void NAME(stage##R)(size_t m, size_t s, const double (*twiddle)[2], const VECTOR *x,     \
                               size_t x_step, ptrdiff_t x_flip, VECTOR *y, size_t y_step,           \
                               ptrdiff_t y_flip)                                                    \
    {                                                                                               \
        for (size_t p = 0; p < m; p++, twiddle += R - 1) {                                          \
            REAL wr[R], wi[R];                                                                      \
            for (int k = 1; k < R; k++) {                                                           \
                wr[k] = (REAL)twiddle[k - 1][0];                                                    \
                wi[k] = (REAL)twiddle[k - 1][1];                                                    \
            }                                                                                       \
            for (size_t q = 0; q < s; q++) {                                                        \
                VECTOR r[R], i[R];                                                                  \
                for (size_t j = 0; j < R; j++) {                                                    \
                    const VECTOR *from = x + (q + s * (p + j * m)) * x_step;                        \
                    r[j] = from[0];                                                                 \
                    i[j] = from[x_flip];                                                            \
                }                                                                                   \
                NAME(dft##R)(r, i);                                                                 \
                VECTOR *to = y + (q + s * R * p) * y_step;                                          \
                to[0] = r[0];                                                                       \
                to[y_flip] = i[0];                                                                  \
                for (size_t k = 1; k < R; k++) {                                                    \
                    to = y + (q + s * (R * p + k)) * y_step;                                        \
                    if (p == 0) {                                                                   \
                        to[0] = r[k];                                                               \
                        to[y_flip] = i[k];                                                          \
                    } else {                                                                        \
                        to[0] = wr[k] * r[k] - wi[k] * i[k];                                        \
                        to[y_flip] = wr[k] * i[k] + wi[k] * r[k];                                   \
                    }                                                                               \
                }                                                                                   \
            }                                                                                       \
        }                                                                                           \
    }

STAGE(2)
STAGE(3)
STAGE(4)
STAGE(5)
STAGE(6)
STAGE(7)
STAGE(8)
#undef STAGE

void NAME(dft_line_fft_run)(const dft_line_fft *plan, int sign, const LANE *in, size_t in_stride,
                            LANE *out, size_t out_stride, LANE *scratch)
{
    typedef void (*stage)(size_t, size_t, const double (*)[2], const VECTOR *, size_t, ptrdiff_t,
                          VECTOR *, size_t, ptrdiff_t);
    static const stage stages[9] = { NULL, NULL, NAME(stage2), NAME(stage3), NAME(stage4),
                                     NAME(stage5), NAME(stage6), NAME(stage7), NAME(stage8) };
    const int first = sign > 0 ? 1 : 0;             /* the part to be taken as real */
    const ptrdiff_t flip = sign > 0 ? -1 : 1;
    const VECTOR *x = &in->part[first];
    size_t x_step = 2 * in_stride, m = (size_t)plan->n, s = 1;

    if (plan->n_stages == 0) {
        *out = *in;
        return;
    }
    for (int t = 0; t < plan->n_stages; t++) {
        const int last = t == plan->n_stages - 1;
        VECTOR *y = last ? &out->part[first] : &scratch[t % 2 ? plan->n : 0].part[first];
        const size_t y_step = last ? 2 * out_stride : 2;
        const size_t radix = (size_t)plan->radix[t];
        m /= radix;
        stages[radix](m, s, (const double (*)[2])(plan->twiddle + plan->first_twiddle[t]), x, x_step, flip, y, y_step,
                      flip);
        s *= radix;
        x = y;
        x_step = y_step;
    }
}
