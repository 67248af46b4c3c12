#include "descriptors/laue.h"

#include <math.h>
#include <string.h>

#include "descriptors/elastic.h"

#define MOST_PROPER 24              /* order of the largest proper point group, 432 */
#define SAME 1e-3                   /* matrix elements closer than this are one */

/* Counts of axes name the class; order[n] is the number of rotations by 360/n degrees and its powers
 * that do not belong to a smaller n. */
static const struct {
    const char *symbol, *system;
    int n_constants, n_proper, order2, order3, order4, order6;
} table[DESC_N_LAUE] = {
    { "-1", "triclinic", 21, 1, 0, 0, 0, 0 },
    { "2/m", "monoclinic", 13, 2, 1, 0, 0, 0 },
    { "mmm", "orthorhombic", 9, 4, 3, 0, 0, 0 },
    { "4/m", "tetragonal", 7, 4, 1, 0, 2, 0 },
    { "4/mmm", "tetragonal", 6, 8, 5, 0, 2, 0 },
    { "-3", "trigonal", 7, 3, 0, 2, 0, 0 },
    { "-3m", "trigonal", 6, 6, 3, 2, 0, 0 },
    { "6/m", "hexagonal", 5, 6, 1, 2, 0, 2 },
    { "6/mmm", "hexagonal", 5, 12, 7, 2, 0, 2 },
    { "m-3", "cubic", 3, 12, 3, 8, 0, 0 },
    { "m-3m", "cubic", 3, 24, 9, 8, 6, 0 },
};

const char *desc_laue_symbol(desc_laue_class laue) { return table[laue].symbol; }
const char *desc_laue_system(desc_laue_class laue) { return table[laue].system; }
int desc_laue_n_constants(desc_laue_class laue) { return table[laue].n_constants; }

typedef struct {
    int n;
    double r[MOST_PROPER][3][3];
    int order[MOST_PROPER];         /* 1, 2, 3, 4, 6 */
    double axis[MOST_PROPER][3];    /* unit vectors; undefined for the identity */
    int count[7];
} rotations;

static double dot(const double a[3], const double b[3])
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

static void cross(const double a[3], const double b[3], double out[3])
{
    out[0] = a[1] * b[2] - a[2] * b[1];
    out[1] = a[2] * b[0] - a[0] * b[2];
    out[2] = a[0] * b[1] - a[1] * b[0];
}

static double normalise(double a[3])
{
    const double length = sqrt(dot(a, a));

    for (int c = 0; c < 3 && length > 0.0; c++)
        a[c] /= length;
    return length;
}

static double determinant(const double r[3][3])
{
    double c[3];

    cross(r[1], r[2], c);
    return dot(r[0], c);
}

static int same(const double a[3][3], const double b[3][3])
{
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++)
            if (fabs(a[i][j] - b[i][j]) > SAME)
                return 0;
    return 1;
}

/* 1 + 2 cos(angle) is the trace: 3, -1, 0, 1, 2 for orders 1, 2, 3, 4, 6. */
static int order_of(const double r[3][3])
{
    static const int order[5] = { 2, 3, 4, 6, 1 };
    const double trace = r[0][0] + r[1][1] + r[2][2];
    const int whole = (int)lround(trace);

    return fabs(trace - whole) < SAME && whole >= -1 && whole <= 3 ? order[whole + 1] : 0;
}

/* The largest column of the average over the rotation's powers, which projects on its axis. */
static void axis_of(const double r[3][3], int order, double axis[3])
{
    double power[3][3] = { { 1, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 } }, sum[3][3] = { { 0.0 } };

    for (int n = 0; n < order; n++) {
        double next[3][3] = { { 0.0 } };
        for (int i = 0; i < 3; i++)
            for (int j = 0; j < 3; j++) {
                sum[i][j] += power[i][j];
                for (int k = 0; k < 3; k++)
                    next[i][j] += power[i][k] * r[k][j];
            }
        memcpy(power, next, sizeof power);
    }
    int best = 0;
    for (int j = 1; j < 3; j++)
        if (sum[j][j] > sum[best][best])
            best = j;
    for (int i = 0; i < 3; i++)
        axis[i] = sum[i][best];
    normalise(axis);
}

static int collect(size_t n_ops, const double (*op)[3][3], rotations *out)
{
    memset(out, 0, sizeof *out);
    for (size_t k = 0; k < n_ops; k++) {
        const double sign = determinant(op[k]) < 0.0 ? -1.0 : 1.0;
        double r[3][3];
        int known = 0;
        for (int i = 0; i < 3; i++)
            for (int j = 0; j < 3; j++)
                r[i][j] = sign * op[k][i][j];
        for (int m = 0; m < out->n && !known; m++)
            known = same(r, out->r[m]);
        const int order = order_of(r);
        if (known)
            continue;
        if (order == 0 || out->n == MOST_PROPER)
            return 0;
        memcpy(out->r[out->n], r, sizeof r);
        out->order[out->n] = order;
        if (order > 1)
            axis_of(r, order, out->axis[out->n]);
        out->count[order]++;
        out->n++;
    }
    return 1;
}

static int class_of(const rotations *self)
{
    for (int l = 0; l < DESC_N_LAUE; l++)
        if (self->n == table[l].n_proper && self->count[2] == table[l].order2
            && self->count[3] == table[l].order3 && self->count[4] == table[l].order4
            && self->count[6] == table[l].order6)
            return l;
    return -1;
}

/* The shortest vector of the lattice that is perpendicular (or, with along, parallel) to an axis; its
 * squared length, INFINITY when there is none. */
static double shortest(const double lattice[3][3], const double axis[3], int along, double out[3])
{
    double best = INFINITY;

    for (int a = -4; a <= 4; a++)
        for (int b = -4; b <= 4; b++)
            for (int c = -4; c <= 4; c++) {
                double v[3];
                for (int x = 0; x < 3; x++)
                    v[x] = a * lattice[0][x] + b * lattice[1][x] + c * lattice[2][x];
                const double square = dot(v, v), part = dot(v, axis);
                const double off = along ? square - part * part : part * part;
                /* Ties: the first found stays, which is the same in every orientation. */
                if (square < 1e-12 || off > SAME * SAME * square || square > best * (1.0 - 1e-6))
                    continue;
                best = square;
                memcpy(out, v, sizeof v);
            }
    return best;
}

/* Among the axes of an order (across `z`, unless that is NULL) the one that holds the shortest lattice
 * vector; ties go to the first.  0 when there is none. */
static int pick_axis(const rotations *self, int order, const double *z, const double lattice[3][3],
                     double out[3])
{
    double best = INFINITY;
    int found = 0;

    for (int m = 0; m < self->n; m++) {
        double v[3];
        if (self->order[m] != order || (z && fabs(dot(self->axis[m], z)) > SAME))
            continue;
        const double square = shortest(lattice, self->axis[m], 1, v);
        if (found && !(square < best * (1.0 - 1e-6)))
            continue;
        memcpy(out, self->axis[m], 3 * sizeof *out);
        best = square;
        found = 1;
    }
    return found;
}

/* x (made perpendicular to z) and z to a right-handed frame. */
static void frame_from(const double x[3], const double z[3], double axes[3][3])
{
    const double part = dot(x, z);

    for (int c = 0; c < 3; c++) {
        axes[0][c] = x[c] - part * z[c];
        axes[2][c] = z[c];
    }
    normalise(axes[0]);
    cross(axes[2], axes[0], axes[1]);
}

/* Three perpendicular axes in the order in which the cell's vectors lie nearest to them. */
static void orthorhombic_frame(const rotations *self, const double lattice[3][3], double axes[3][3])
{
    static const int order[6][3] = { { 0, 1, 2 }, { 1, 2, 0 }, { 2, 0, 1 },
                                     { 0, 2, 1 }, { 2, 1, 0 }, { 1, 0, 2 } };
    double found[3][3], best = -1.0;
    int n = 0, chosen = 0;

    for (int m = 0; m < self->n && n < 3; m++)
        if (self->order[m] == 2)
            memcpy(found[n++], self->axis[m], sizeof found[0]);
    for (int p = 0; p < 6; p++) {
        double sum = 0.0;
        for (int i = 0; i < 3; i++)
            sum += fabs(dot(lattice[i], found[order[p][i]])) / sqrt(dot(lattice[i], lattice[i]));
        if (sum > best + 1e-6) {
            best = sum;
            chosen = p;
        }
    }
    for (int i = 0; i < 2; i++) {
        memcpy(axes[i], found[order[chosen][i]], sizeof axes[i]);
        if (dot(axes[i], lattice[i]) < 0.0)
            for (int c = 0; c < 3; c++)
                axes[i][c] = -axes[i][c];
    }
    cross(axes[0], axes[1], axes[2]);
}

static void find_frame(const rotations *self, desc_laue_class laue, const double lattice[3][3],
                       double axes[3][3])
{
    double x[3], z[3];

    switch (laue) {
    case DESC_LAUE_TRICLINIC:
        cross(lattice[0], lattice[1], z);
        normalise(z);
        frame_from(lattice[0], z, axes);
        return;
    case DESC_LAUE_MONOCLINIC:
        pick_axis(self, 2, NULL, lattice, x);       /* the twofold axis: y */
        if (!(shortest(lattice, x, 0, z) < INFINITY))
            memcpy(z, fabs(x[0]) < 0.9 ? (double[3]){ 1, 0, 0 } : (double[3]){ 0, 1, 0 }, sizeof z);
        frame_from(z, x, axes);                     /* rows: z, (y x z), y */
        double y[3], third[3];
        memcpy(third, axes[0], sizeof third);
        memcpy(y, axes[2], sizeof y);
        cross(y, third, axes[0]);
        memcpy(axes[1], y, sizeof y);
        memcpy(axes[2], third, sizeof third);
        return;
    case DESC_LAUE_ORTHORHOMBIC:
        orthorhombic_frame(self, lattice, axes);
        return;
    case DESC_LAUE_CUBIC:
    case DESC_LAUE_CUBIC_LOW:
        pick_axis(self, laue == DESC_LAUE_CUBIC ? 4 : 2, NULL, lattice, z);
        pick_axis(self, laue == DESC_LAUE_CUBIC ? 4 : 2, z, lattice, x);
        break;
    default:
        pick_axis(self, laue == DESC_LAUE_TETRAGONAL || laue == DESC_LAUE_TETRAGONAL_LOW ? 4
                  : laue == DESC_LAUE_TRIGONAL || laue == DESC_LAUE_TRIGONAL_LOW ? 3 : 6,
                  NULL, lattice, z);
        if (!pick_axis(self, 2, z, lattice, x) && !(shortest(lattice, z, 0, x) < INFINITY))
            cross(z, fabs(z[0]) < 0.9 ? (double[3]){ 1, 0, 0 } : (double[3]){ 0, 1, 0 }, x);
    }
    frame_from(x, z, axes);
}

dft_status desc_laue_find(size_t n_ops, const double (*op)[3][3], const double lattice[3][3],
                          desc_laue *out, dft_error *err)
{
    rotations self;

    if (!collect(n_ops, op, &self))
        return dft_fail(err, DFT_EINPUT, "%zu operations include one that no crystal has, or more than "
                        "%d rotations", n_ops, MOST_PROPER);
    const int laue = class_of(&self);
    if (laue < 0)
        return dft_fail(err, DFT_EINPUT, "%d rotations (%d twofold, %d threefold, %d fourfold, %d "
                        "sixfold) are no group of a crystal", self.n, self.count[2], self.count[3],
                        self.count[4], self.count[6]);
    out->laue = (desc_laue_class)laue;
    find_frame(&self, out->laue, lattice, out->axes);
    return DFT_OK;
}

static void half_turn(double axes[3][3], int about)
{
    for (int i = 0; i < 3; i++)
        for (int c = 0; c < 3 && i != about; c++)
            axes[i][c] = -axes[i][c];
}

void desc_laue_standard(const desc_laue *laue, const double c[6][6], double out[6][6],
                        double axes[3][3])
{
    double frame[3][3], turned[6][6];
    const int trigonal = laue->laue == DESC_LAUE_TRIGONAL || laue->laue == DESC_LAUE_TRIGONAL_LOW;

    memcpy(frame, laue->axes, sizeof frame);
    desc_elastic_rotate(c, (const double (*)[3])frame, turned);
    if (trigonal && turned[0][3] < 0.0)             /* C14 -> -C14, C15 -> -C15 */
        half_turn(frame, 2);
    desc_elastic_rotate(c, (const double (*)[3])frame, turned);
    if ((laue->laue == DESC_LAUE_TRIGONAL_LOW && turned[0][4] < 0.0)        /* C15 -> -C15 */
        || (laue->laue == DESC_LAUE_TETRAGONAL_LOW && turned[0][5] < 0.0))  /* C16 -> -C16 */
        half_turn(frame, 0);
    desc_elastic_rotate(c, (const double (*)[3])frame, out);
    if (axes)
        memcpy(axes, frame, sizeof frame);
}

int desc_laue_born(desc_laue_class laue, const double c[6][6])
{
    const double c11 = c[0][0], c12 = c[0][1], c13 = c[0][2], c33 = c[2][2], c44 = c[3][3];
    const double c66 = c[5][5], c22 = c[1][1], c23 = c[1][2], c14 = c[0][3], c15 = c[0][4];
    const int uniaxial = c11 > fabs(c12) && 2.0 * c13 * c13 < c33 * (c11 + c12) && c44 > 0.0;

    switch (laue) {
    case DESC_LAUE_CUBIC:
    case DESC_LAUE_CUBIC_LOW:
        return c11 > c12 && c11 + 2.0 * c12 > 0.0 && c44 > 0.0;
    case DESC_LAUE_HEXAGONAL:
    case DESC_LAUE_HEXAGONAL_LOW:
        return uniaxial;
    case DESC_LAUE_TETRAGONAL:
        return uniaxial && c66 > 0.0;
    case DESC_LAUE_TETRAGONAL_LOW:
        return uniaxial && 2.0 * c[0][5] * c[0][5] < c66 * (c11 - c12);
    case DESC_LAUE_TRIGONAL:
    case DESC_LAUE_TRIGONAL_LOW:
        return uniaxial && 2.0 * (c14 * c14 + c15 * c15) < c44 * (c11 - c12);
    case DESC_LAUE_ORTHORHOMBIC:
        return c11 > 0.0 && c11 * c22 > c12 * c12
            && c11 * c22 * c33 + 2.0 * c12 * c13 * c23 - c11 * c23 * c23 - c22 * c13 * c13
               - c33 * c12 * c12 > 0.0
            && c44 > 0.0 && c[4][4] > 0.0 && c66 > 0.0;
    default:
        return -1;
    }
}
