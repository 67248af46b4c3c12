#include "candidates/lattices.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"

#define SAME 1e-10                  /* relative: shorter by less is rounding */

static double dot3(const double a[3], const double b[3])
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

/* Row i += n x row j, in the vectors and in the bookkeeping. */
static void add_row(double v[3][3], int change[3][3], int i, int n, int j)
{
    for (int c = 0; c < 3; c++) {
        v[i][c] += n * v[j][c];
        change[i][c] += n * change[j][c];
    }
}

static void swap_rows(double v[3][3], int change[3][3], int i, int j)
{
    for (int c = 0; c < 3; c++) {
        const double x = v[i][c];
        const int n = change[i][c];
        v[i][c] = v[j][c];
        v[j][c] = x;
        change[i][c] = change[j][c];
        change[j][c] = n;
    }
}

static void sort_rows(double v[3][3], int change[3][3])
{
    for (int i = 1; i < 3; i++)
        for (int j = i; j > 0 && dot3(v[j], v[j]) < (1.0 - SAME) * dot3(v[j - 1], v[j - 1]); j--)
            swap_rows(v, change, j, j - 1);
}

/* Rows 0 and 1 by Lagrange's algorithm. */
static void reduce_pair(double v[3][3], int change[3][3])
{
    for (;;) {
        const double n = round(dot3(v[0], v[1]) / dot3(v[0], v[0]));
        add_row(v, change, 1, -(int)n, 0);
        if (dot3(v[1], v[1]) >= (1.0 - SAME) * dot3(v[0], v[0]))
            return;
        swap_rows(v, change, 0, 1);
    }
}

/* Brings row 2 as near to the origin as vectors of the plane of rows 0 and 1, which are reduced, can:
 * the nearest point has coefficients within one of the real solution.  Returns 1 when it got shorter. */
static int shorten_third(double v[3][3], int change[3][3])
{
    const double aa = dot3(v[0], v[0]), ab = dot3(v[0], v[1]), bb = dot3(v[1], v[1]);
    const double ac = dot3(v[0], v[2]), bc = dot3(v[1], v[2]), det = aa * bb - ab * ab;
    const int x0 = (int)round((ac * bb - bc * ab) / det), y0 = (int)round((bc * aa - ac * ab) / det);
    const double before = dot3(v[2], v[2]);
    double best = before;
    int x = 0, y = 0;

    for (int i = x0 - 1; i <= x0 + 1; i++)
        for (int j = y0 - 1; j <= y0 + 1; j++) {
            double w[3];
            for (int c = 0; c < 3; c++)
                w[c] = v[2][c] - i * v[0][c] - j * v[1][c];
            if (dot3(w, w) < (1.0 - SAME) * best) {
                best = dot3(w, w);
                x = i;
                y = j;
            }
        }
    add_row(v, change, 2, -x, 0);
    add_row(v, change, 2, -y, 1);
    return best < before;
}

void cand_reduce_3d(const double lattice[3][3], double reduced[3][3], int change[3][3])
{
    memcpy(reduced, lattice, 9 * sizeof(double));
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++)
            change[i][j] = i == j;
    do {
        sort_rows(reduced, change);
        reduce_pair(reduced, change);
    } while (shorten_third(reduced, change));
    sort_rows(reduced, change);
}

int cand_determinant(const int m[3][3])
{
    return m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1])
         - m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0])
         + m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0]);
}

static double wrapped(double x)
{
    x -= floor(x);
    return x > 1.0 - 1e-12 ? 0.0 : x;
}

dft_status cand_crystal_reduced(const dft_crystal *crystal, dft_crystal **out, dft_error *err)
{
    double lattice[3][3], cart[3];
    int change[3][3];
    double (*position)[3] = dft_alloc(crystal->n_atoms, sizeof *position);
    dft_status status;

    *out = NULL;
    if (!position)
        return dft_fail(err, DFT_ENOMEM, "cell of %zu atoms: out of memory", crystal->n_atoms);
    cand_reduce_3d(crystal->lattice, lattice, change);
    for (size_t a = 0; a < crystal->n_atoms; a++) {
        dft_crystal_cartesian(crystal->lattice, crystal->position[a], cart);
        dft_crystal_fractional((const double (*)[3])lattice, cart, position[a]);
        for (int c = 0; c < 3; c++)
            position[a][c] = wrapped(position[a][c]);
    }
    status = dft_crystal_create((const double (*)[3])lattice, crystal->n_atoms, crystal->z,
                                (const double (*)[3])position, out, err);
    free(position);
    return status;
}

/* The cells of the parent that the supercell holds: integer vectors whose coordinates in it,
 * t matrix^-1, lie in [0, 1).  With the adjugate these are integers over det: exact. */
static size_t list_cells(const int m[3][3], int (*cell)[3])
{
    const int det = cand_determinant(m), sign = det < 0 ? -1 : 1;
    int adjugate[3][3], low[3] = { 0 }, high[3] = { 0 };
    size_t n = 0;

    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++) {
            adjugate[j][i] = m[(i + 1) % 3][(j + 1) % 3] * m[(i + 2) % 3][(j + 2) % 3]
                           - m[(i + 1) % 3][(j + 2) % 3] * m[(i + 2) % 3][(j + 1) % 3];
            low[j] += m[i][j] < 0 ? m[i][j] : 0;
            high[j] += m[i][j] > 0 ? m[i][j] : 0;
        }
    for (int x = low[0]; x <= high[0]; x++)
        for (int y = low[1]; y <= high[1]; y++)
            for (int z = low[2]; z <= high[2]; z++) {
                const int t[3] = { x, y, z };
                int inside = 1;
                for (int j = 0; j < 3 && inside; j++) {
                    const int f = sign * (t[0] * adjugate[0][j] + t[1] * adjugate[1][j]
                                          + t[2] * adjugate[2][j]);
                    inside = f >= 0 && f < sign * det;
                }
                if (inside)
                    memcpy(cell[n++], t, sizeof t);
            }
    return n;
}

dft_status cand_crystal_supercell(const dft_crystal *crystal, const int matrix[3][3],
                                  dft_crystal **out, dft_error *err)
{
    const size_t n = (size_t)abs(cand_determinant(matrix)), total = n * crystal->n_atoms;
    int (*cell)[3] = NULL, *z = NULL;
    double (*position)[3] = NULL, lattice[3][3];
    dft_status status = DFT_OK;

    *out = NULL;
    if (n == 0 || total > CAND_MAX_CELL_ATOMS)
        return dft_fail(err, DFT_EINPUT, "a supercell of %zu cells with %zu atoms each; give 1 to %d "
                        "atoms in all", n, crystal->n_atoms, CAND_MAX_CELL_ATOMS);
    cell = dft_alloc(n, sizeof *cell);
    z = dft_alloc_ints(total);
    position = dft_alloc(total, sizeof *position);
    if (!cell || !z || !position) {
        status = dft_fail(err, DFT_ENOMEM, "supercell of %zu atoms: out of memory", total);
        goto done;
    }
    list_cells(matrix, cell);
    for (int i = 0; i < 3; i++) {
        const double frac[3] = { matrix[i][0], matrix[i][1], matrix[i][2] };
        dft_crystal_cartesian(crystal->lattice, frac, lattice[i]);
    }
    for (size_t a = 0; a < crystal->n_atoms; a++)
        for (size_t k = 0; k < n; k++) {
            const double *x = crystal->position[a];
            const double frac[3] = { x[0] + cell[k][0], x[1] + cell[k][1], x[2] + cell[k][2] };
            double cart[3];
            dft_crystal_cartesian(crystal->lattice, frac, cart);
            dft_crystal_fractional((const double (*)[3])lattice, cart, position[a * n + k]);
            for (int c = 0; c < 3; c++)
                position[a * n + k][c] = wrapped(position[a * n + k][c]);
            z[a * n + k] = crystal->z[a];
        }
    status = dft_crystal_create((const double (*)[3])lattice, total, z,
                                (const double (*)[3])position, out, err);
done:
    free(position);
    free(z);
    free(cell);
    return status;
}

/* For diagonal (a, c, f): b and d have a values each, e has c. */
size_t cand_hermite_count(int n)
{
    size_t count = 0;

    for (int a = 1; a <= n; a++)
        for (int c = 1; a * c <= n; c++)
            if (n % (a * c) == 0)
                count += (size_t)a * (size_t)a * (size_t)c;
    return count;
}

void cand_hermite_form(int n, size_t i, int form[3][3])
{
    memset(form, 0, 9 * sizeof(int));
    for (int a = 1; a <= n; a++)
        for (int c = 1; a * c <= n; c++) {
            const size_t here = (size_t)a * (size_t)a * (size_t)c;
            if (n % (a * c) != 0)
                continue;
            if (i >= here) {
                i -= here;
                continue;
            }
            form[0][0] = a;
            form[1][1] = c;
            form[2][2] = n / (a * c);
            form[1][0] = (int)(i % (size_t)a);
            form[2][0] = (int)(i / (size_t)a % (size_t)a);
            form[2][1] = (int)(i / (size_t)a / (size_t)a);
            return;
        }
}
