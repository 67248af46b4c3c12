#include "candidates/coincidence.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "candidates/cells.h"
#include "dft-lite/base/alloc.h"
#include "dft-lite/base/units.h"

#define SAME 1e-6                   /* strains and areas that count as equal */
#define SAME_DEG 1e-4
#define MOST_SYMMETRIES 12

/* A superlattice: its reduced cell and what it is made of. */
typedef struct {
    int matrix[2][2];
    double v[2][2];
} super_cell;

typedef struct {
    size_t n, room;
    cand_coincidence *item;         /* owned */
} list;

static double cross2(const double a[2], const double b[2])
{
    return a[0] * b[1] - a[1] * b[0];
}

static double dot2(const double a[2], const double b[2])
{
    return a[0] * b[0] + a[1] * b[1];
}

/* rows of out = m x lattice */
static void combine(const int m[2][2], const double lattice[2][2], double out[2][2])
{
    for (int i = 0; i < 2; i++)
        for (int c = 0; c < 2; c++)
            out[i][c] = m[i][0] * lattice[0][c] + m[i][1] * lattice[1][c];
}

/* The Hermite form (a b; 0 d), ad = n, 0 <= b < d, then reduced.  Returns 0 when i is past the last. */
static int make_super(const double lattice[2][2], int n, int i, super_cell *out)
{
    for (int d = 1; d <= n; d++) {
        if (n % d != 0)
            continue;
        if (i >= d) {
            i -= d;
            continue;
        }
        const int form[2][2] = { { n / d, i }, { 0, d } };
        double v[2][2];
        int change[2][2];
        combine(form, lattice, v);
        cand_reduce_2d((const double (*)[2])v, out->v, change);
        for (int r = 0; r < 2; r++)
            for (int c = 0; c < 2; c++)
                out->matrix[r][c] = change[r][0] * form[0][c] + change[r][1] * form[1][c];
        return 1;
    }
    return 0;
}

/* F with F v_i = u_i; its twist and principal strains (singular values minus one):
 * s1 +- s2 from the rotation-invariant combinations of a 2 x 2 matrix. */
static void decompose(const double u[2][2], const double v[2][2], cand_coincidence *out)
{
    const double det = cross2(v[0], v[1]);
    double f[2][2];

    for (int r = 0; r < 2; r++) {   /* F = U^T (V^T)^-1, rows of U, V are the vectors */
        f[r][0] = (u[0][r] * v[1][1] - u[1][r] * v[0][1]) / det;
        f[r][1] = (u[1][r] * v[0][0] - u[0][r] * v[1][0]) / det;
    }
    const double sum = hypot(f[0][0] + f[1][1], f[1][0] - f[0][1]);
    const double difference = hypot(f[0][0] - f[1][1], f[1][0] + f[0][1]);
    out->principal[0] = 0.5 * (sum + difference) - 1.0;
    out->principal[1] = 0.5 * (sum - difference) - 1.0;
    out->norm = hypot(out->principal[0], out->principal[1]);
    out->twist_deg = atan2(f[1][0] - f[0][1], f[0][0] + f[1][1]) * 180.0 / DFT_PI;
}

/* Angles (degrees, modulo 180) by which a lattice is turned into itself. */
static size_t rotations_of(const double lattice[2][2], double angle[MOST_SYMMETRIES])
{
    double reduced[2][2];
    int change[2][2];
    size_t n = 0;

    cand_reduce_2d(lattice, reduced, change);
    const double aa = dot2(reduced[0], reduced[0]), bb = dot2(reduced[1], reduced[1]);
    const double ab = dot2(reduced[0], reduced[1]);
    const bool equal = fabs(aa - bb) < SAME * aa;
    angle[n++] = 0.0;
    if (equal && fabs(ab) < SAME * aa)
        angle[n++] = 90.0;
    if (equal && fabs(ab + 0.5 * aa) < SAME * aa) {
        angle[n++] = 60.0;
        angle[n++] = 120.0;
    }
    return n;
}

/* The direction of a mirror line of a lattice (degrees), for rectangular, rhombic, square and hexagonal
 * lattices; NaN for oblique ones. */
static double mirror_of(const double lattice[2][2])
{
    double reduced[2][2];
    int change[2][2];

    cand_reduce_2d(lattice, reduced, change);
    const double aa = dot2(reduced[0], reduced[0]), bb = dot2(reduced[1], reduced[1]);
    const double ab = dot2(reduced[0], reduced[1]);
    const double along_a = atan2(reduced[0][1], reduced[0][0]) * 180.0 / DFT_PI;
    if (fabs(ab) < SAME * aa || fabs(fabs(2.0 * ab) - aa) < SAME * aa)
        return along_a;             /* rectangular, or centred with b over the middle of a */
    if (fabs(aa - bb) < SAME * aa)
        return atan2(reduced[0][1] + reduced[1][1], reduced[0][0] + reduced[1][0]) * 180.0 / DFT_PI;
    return NAN;
}

static double folded(double angle)
{
    angle -= 180.0 * round(angle / 180.0);
    return angle <= -90.0 + SAME_DEG ? angle + 180.0 : angle;
}

/* What the two lattices' symmetries leave of a twist: the smallest equivalent one. */
typedef struct {
    size_t n[2];
    double angle[2][MOST_SYMMETRIES], mirror[2];
} twist_symmetry;

static double canonical_twist(const twist_symmetry *s, double twist)
{
    double best = folded(twist);

    for (size_t i = 0; i < s->n[0]; i++)
        for (size_t j = 0; j < s->n[1]; j++)
            for (int mirrored = 0; mirrored < 2; mirrored++) {
                /* Mirrors take a twist t to 2 (m1 - m2) - t. */
                const double t = mirrored ? 2.0 * (s->mirror[0] - s->mirror[1]) - twist : twist;
                const double turned = folded(t + s->angle[0][i] + s->angle[1][j]);
                if (isnan(turned))
                    continue;
                if (fabs(turned) < fabs(best) - SAME_DEG
                    || (fabs(turned) < fabs(best) + SAME_DEG && turned > best + SAME_DEG))
                    best = turned;
            }
    return best;
}

static double score(const cand_coincidence *c, const cand_coincidence_options *o)
{
    return c->norm / o->max_strain + c->area / o->max_area;
}

/* The same map found before: in another basis, or in a smaller cell of which this is a multiple. */
static bool is_known(const list *l, const cand_coincidence *c)
{
    for (size_t i = 0; i < l->n; i++) {
        const cand_coincidence *k = &l->item[i];
        if (c->n_first % k->n_first == 0 && k->n_first * c->n_second == c->n_first * k->n_second
            && fabs(k->principal[0] - c->principal[0]) < SAME
            && fabs(k->principal[1] - c->principal[1]) < SAME
            && fabs(k->twist_deg - c->twist_deg) < 10.0 * SAME_DEG)
            return true;
    }
    return false;
}

static dft_status keep(list *l, const cand_coincidence *c, dft_error *err)
{
    if (is_known(l, c))
        return DFT_OK;
    if (l->n == l->room) {
        const size_t room = l->room ? 2 * l->room : 64;
        cand_coincidence *larger = dft_alloc(room, sizeof *larger);
        if (!larger)
            return dft_fail(err, DFT_ENOMEM, "coincidence cells: out of memory");
        if (l->n)
            memcpy(larger, l->item, l->n * sizeof *larger);
        free(l->item);
        l->item = larger;
        l->room = room;
    }
    l->item[l->n++] = *c;
    return DFT_OK;
}

/* Bases of the second's reduced cell that a small strain may make the reduced one; each with the
 * handedness of the cell. */
static const int bases[][2][2] = {
    { { 1, 0 }, { 0, 1 } }, { { 0, 1 }, { -1, 0 } }, { { 1, 1 }, { 0, 1 } }, { { 1, 0 }, { 1, 1 } },
    { { 1, -1 }, { 0, 1 } }, { { 1, 0 }, { -1, 1 } }, { { 0, 1 }, { -1, 1 } }, { { 0, 1 }, { -1, -1 } },
    { { 1, 1 }, { -1, 0 } }, { { -1, 1 }, { -1, 0 } },
};

static dft_status compare(const super_cell *first, const super_cell *second,
                          const cand_coincidence_options *options, const twist_symmetry *symmetry,
                          list *l, dft_error *err)
{
    dft_status status = DFT_OK;

    for (size_t k = 0; k < sizeof bases / sizeof *bases && status == DFT_OK; k++) {
        cand_coincidence c = { .area = cross2(first->v[0], first->v[1]) };
        double v[2][2];
        combine(bases[k], second->v, v);
        decompose(first->v, (const double (*)[2])v, &c);
        if (!(c.norm <= options->max_strain))
            continue;
        memcpy(c.first, first->matrix, sizeof c.first);
        for (int i = 0; i < 2; i++)
            for (int j = 0; j < 2; j++)
                c.second[i][j] = bases[k][i][0] * second->matrix[0][j]
                               + bases[k][i][1] * second->matrix[1][j];
        c.n_first = c.first[0][0] * c.first[1][1] - c.first[0][1] * c.first[1][0];
        c.n_second = c.second[0][0] * c.second[1][1] - c.second[0][1] * c.second[1][0];
        c.twist_deg = canonical_twist(symmetry, c.twist_deg);
        status = keep(l, &c, err);
    }
    return status;
}

static void sort(list *l, const cand_coincidence_options *options)
{
    for (size_t i = 1; i < l->n; i++)
        for (size_t j = i; j > 0; j--) {
            const double a = score(&l->item[j - 1], options), b = score(&l->item[j], options);
            if (a < b - SAME || (a < b + SAME && fabs(l->item[j - 1].twist_deg)
                                 <= fabs(l->item[j].twist_deg) + SAME_DEG))
                break;
            const cand_coincidence swap = l->item[j];
            l->item[j] = l->item[j - 1];
            l->item[j - 1] = swap;
        }
}

/* Both lattices right-handed, so that determinants are numbers of cells. */
static double right_handed(const double lattice[2][2], double out[2][2], int *flipped)
{
    memcpy(out, lattice, 4 * sizeof(double));
    *flipped = cross2(lattice[0], lattice[1]) < 0.0;
    if (*flipped)
        for (int c = 0; c < 2; c++) {
            out[0][c] = lattice[1][c];
            out[1][c] = lattice[0][c];
        }
    return fabs(cross2(lattice[0], lattice[1]));
}

/* Exchanges the columns of a matrix: back to the order of a left-handed lattice's vectors. */
static void unflip(int m[2][2])
{
    for (int i = 0; i < 2; i++) {
        const int x = m[i][0];
        m[i][0] = m[i][1];
        m[i][1] = x;
    }
}

dft_status cand_coincidence_find(const double first[2][2], const double second[2][2],
                                 const cand_coincidence_options *options, cand_coincidence **out,
                                 size_t *n, dft_error *err)
{
    double a[2][2], b[2][2];
    int flipped[2];
    const double area_a = right_handed(first, a, &flipped[0]);
    const double area_b = right_handed(second, b, &flipped[1]);
    list l = { 0 };
    twist_symmetry symmetry;
    dft_status status = DFT_OK;

    *out = NULL;
    *n = 0;
    if (!(area_a > 0.0) || !(area_b > 0.0) || !(options->max_area > 0.0)
        || !(options->max_strain > 0.0) || options->max_strain >= 0.5)
        return dft_fail(err, DFT_EINPUT, "coincidence cells: areas %g and %g, largest area %g, largest "
                        "strain %g; give positive ones, and a strain below 0.5", area_a, area_b,
                        options->max_area, options->max_strain);
    symmetry.n[0] = rotations_of((const double (*)[2])a, symmetry.angle[0]);
    symmetry.n[1] = rotations_of((const double (*)[2])b, symmetry.angle[1]);
    symmetry.mirror[0] = mirror_of((const double (*)[2])a);
    symmetry.mirror[1] = mirror_of((const double (*)[2])b);
    /* det F = (1 + e1)(1 + e2), within (1 +- max)^2 */
    const double low = pow(1.0 - options->max_strain, 2), high = pow(1.0 + options->max_strain, 2);
    for (int n1 = 1; n1 * area_a <= options->max_area * (1.0 + SAME) && status == DFT_OK; n1++)
        for (int n2 = (int)ceil(n1 * area_a / area_b / high);
             n2 <= n1 * area_a / area_b / low && status == DFT_OK; n2++) {
            super_cell s1, s2;
            for (int i = 0; n2 > 0 && make_super((const double (*)[2])a, n1, i, &s1); i++)
                for (int j = 0; make_super((const double (*)[2])b, n2, j, &s2) && status == DFT_OK; j++)
                    status = compare(&s1, &s2, options, &symmetry, &l, err);
        }
    if (status != DFT_OK) {
        free(l.item);
        return status;
    }
    sort(&l, options);
    *n = options->most && l.n > options->most ? options->most : l.n;
    for (size_t i = 0; i < *n; i++) {
        if (flipped[0])
            unflip(l.item[i].first);
        if (flipped[1])
            unflip(l.item[i].second);
    }
    *out = l.item;
    return DFT_OK;
}
