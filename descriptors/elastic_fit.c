#include "descriptors/elastic_fit.h"

#include <math.h>
#include <string.h>

#include "descriptors/elastic.h"
#include "dft-lite/math/lapack.h"

#define ROOT2 1.41421356237309504880
#define MOST_CANDIDATES 40
#define MOST_CONDITION 50.0         /* a set of strains worse than this is not taken */

static double weight(int i) { return i < 3 ? 1.0 : ROOT2; }

/* Average of a Kelvin matrix over the operations: the part that they leave unchanged. */
static void symmetrise(size_t n_ops, const double (*op)[3][3], double k[6][6])
{
    double sum[6][6] = { { 0.0 } };

    for (size_t o = 0; o < n_ops; o++) {
        double q[6][6], qk[6][6] = { { 0.0 } };
        desc_kelvin_rotation(op[o], q);
        for (int i = 0; i < 6; i++)
            for (int j = 0; j < 6; j++)
                for (int m = 0; m < 6; m++)
                    qk[i][j] += q[i][m] * k[m][j];
        for (int i = 0; i < 6; i++)
            for (int j = 0; j < 6; j++)
                for (int m = 0; m < 6; m++)
                    sum[i][j] += qk[i][m] * q[j][m];
    }
    for (int i = 0; i < 6; i++)
        for (int j = 0; j < 6; j++)
            k[i][j] = sum[i][j] / (double)n_ops;
}

static double product(const double a[6][6], const double b[6][6])
{
    double sum = 0.0;

    for (int i = 0; i < 6; i++)
        for (int j = 0; j < 6; j++)
            sum += a[i][j] * b[i][j];
    return sum;
}

/* Gram-Schmidt, twice for rounding; what is left of a dependent tensor is dropped. */
static void add_tensor(desc_elastic_space *space, double k[6][6])
{
    for (int pass = 0; pass < 2; pass++)
        for (int b = 0; b < space->n; b++) {
            const double part = product(k, space->tensor[b]);
            for (int i = 0; i < 6; i++)
                for (int j = 0; j < 6; j++)
                    k[i][j] -= part * space->tensor[b][i][j];
        }
    const double norm = sqrt(product(k, k));
    if (norm < 1e-4 || space->n == 21)
        return;
    for (int i = 0; i < 6; i++)
        for (int j = 0; j < 6; j++)
            space->tensor[space->n][i][j] = k[i][j] / norm;
    space->n++;
}

dft_status desc_elastic_space_find(size_t n_ops, const double (*op)[3][3], const int active[6],
                                   desc_elastic_space *out, dft_error *err)
{
    memset(out, 0, sizeof *out);
    memcpy(out->active, active, sizeof out->active);
    if (n_ops == 0)
        return dft_fail(err, DFT_EINPUT, "elastic constants: no operations, not even the identity");
    for (size_t o = 0; o < n_ops; o++) {
        double q[6][6];
        desc_kelvin_rotation(op[o], q);
        for (int i = 0; i < 6; i++)
            for (int j = 0; j < 6; j++)
                if (active[i] != active[j] && fabs(q[i][j]) > 1e-3)
                    return dft_fail(err, DFT_EINPUT, "operation %zu does not keep the sheet's plane: "
                                    "it has no in-plane stiffness of its own", o + 1);
    }
    for (int i = 0; i < 6; i++)
        for (int j = i; j < 6; j++) {
            double k[6][6] = { { 0.0 } };
            if (!active[i] || !active[j])
                continue;
            k[i][j] = k[j][i] = 1.0;
            symmetrise(n_ops, op, k);
            add_tensor(out, k);
        }
    return DFT_OK;
}

/* Equations of one strain: rows (Kelvin stress components) x constants. */
static void equations(const desc_elastic_space *space, const double strain[6], double row[6][21])
{
    for (int i = 0; i < 6; i++)
        for (int b = 0; b < space->n; b++) {
            row[i][b] = 0.0;
            for (int j = 0; j < 6; j++)         /* Kelvin strain: engineering shear / sqrt 2 */
                row[i][b] += space->tensor[b][i][j] * strain[j] / weight(j);
        }
}

static void add_normal(const desc_elastic_space *space, const double strain[6], double normal[21][21])
{
    double row[6][21];

    equations(space, strain, row);
    for (int a = 0; a < space->n; a++)
        for (int b = 0; b < space->n; b++)
            for (int i = 0; i < 6; i++)
                normal[a][b] += row[i][a] * row[i][b];
}

/* Cholesky tells quickly whether the rank is full; 0 when it is not. */
static int has_full_rank(int n, const double normal[21][21])
{
    double l[21][21];

    for (int j = 0; j < n; j++)
        for (int i = j; i < n; i++) {
            double sum = normal[i][j];
            for (int k = 0; k < j; k++)
                sum -= l[i][k] * l[j][k];
            if (i == j && !(sum > 1e-6))
                return 0;
            l[i][j] = i == j ? sqrt(sum) : sum / l[j][j];
        }
    return 1;
}

static dft_status condition_of(int n, const double normal[21][21], double *out, dft_error *err)
{
    double complex h[21 * 21], s[21 * 21], x[21 * 21];
    double value[21];

    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) {
            h[j * n + i] = normal[i][j];
            s[j * n + i] = i == j;
        }
    const dft_status status = dft_eigen_generalized((size_t)n, h, s, DFT_NOISE_DOUBLE, (size_t)n,
                                                    value, x, err);
    *out = status == DFT_OK && value[0] > 0.0 ? sqrt(value[n - 1] / value[0]) : INFINITY;
    return status;
}

/* Strains along the standard axes: one component, a normal one with a shear, two shears, and last the
 * general ones of Yu et al., which leave no symmetry. */
static int candidate_list(const int active[6], double list[MOST_CANDIDATES][6])
{
    static const double general[6][6] = {
        { 1, -2, 3, -4, 5, -6 }, { 2, 1, -5, -6, 4, 3 }, { 3, 4, -1, 5, 6, -2 },
        { 4, -3, 6, 1, -2, 5 }, { 5, 6, 2, -3, -1, -4 }, { 6, -5, -4, 2, -3, 1 } };
    int n = 0;

    memset(list, 0, MOST_CANDIDATES * sizeof *list);
    for (int i = 0; i < 6; i++)
        if (active[i])
            list[n++][i] = i < 3 ? 1.0 : 2.0;
    for (int i = 0; i < 6; i++)
        for (int j = i + 1 > 3 ? i + 1 : 3; j < 6; j++)
            if (active[i] && active[j]) {
                list[n][i] = i < 3 ? 1.0 : 1.4;
                list[n++][j] = i < 3 ? 2.0 : 1.4;
            }
    for (int g = 0; g < 6; g++, n++)
        for (int i = 0; i < 6; i++)
            list[n][i] = active[i] ? general[g][i] / 6.0 : 0.0;
    return n;
}

static void rotate_strain(const double r[3][3], const double strain[6], double out[6])
{
    double q[6][6];

    desc_kelvin_rotation(r, q);
    for (int i = 0; i < 6; i++) {
        double sum = 0.0;
        for (int j = 0; j < 6; j++)
            sum += q[i][j] * strain[j] / weight(j);
        out[i] = sum * weight(i);
    }
}

static double difference(const double a[6], const double b[6], double sign)
{
    double worst = 0.0;

    for (int i = 0; i < 6; i++)
        worst = fmax(worst, fabs(a[i] - sign * b[i]));
    return worst;
}

/* A strain given along the standard axes, in the crystal's own, with what symmetry says of it. */
static void make_pattern(const double local[6], const double axes[3][3], size_t n_ops,
                         const double (*op)[3][3], desc_strain_pattern *out)
{
    double back[3][3];

    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++)
            back[i][j] = axes[j][i];
    memset(out, 0, sizeof *out);
    rotate_strain((const double (*)[3])back, local, out->strain);
    out->sign_op = -1;
    for (size_t o = 0; o < n_ops; o++) {
        double turned[6];
        rotate_strain(op[o], out->strain, turned);
        out->n_kept += difference(turned, out->strain, 1.0) < 1e-3;
        if (out->sign_op < 0 && difference(turned, out->strain, -1.0) < 1e-3) {
            out->sign_op = (int)o;
            out->reversible = 1;
        }
    }
}

typedef struct {
    const desc_elastic_space *space;
    int n_list, size;
    desc_strain_pattern list[MOST_CANDIDATES];
    double price[MOST_CANDIDATES];
    int chosen[6], best[6];
    double best_price, best_condition;
    dft_error *err;
} search;

static dft_status judge(search *self, double price)
{
    double normal[21][21] = { { 0.0 } }, condition;

    for (int m = 0; m < self->size; m++)
        add_normal(self->space, self->list[self->chosen[m]].strain, normal);
    if (!has_full_rank(self->space->n, (const double (*)[21])normal))
        return DFT_OK;
    const dft_status status = condition_of(self->space->n, (const double (*)[21])normal, &condition,
                                           self->err);
    if (status == DFT_OK && condition < MOST_CONDITION
        && (price < self->best_price * (1.0 - 1e-9) || condition < self->best_condition - 1e-6)) {
        self->best_price = price;
        self->best_condition = condition;
        memcpy(self->best, self->chosen, sizeof self->best);
    }
    return status;
}

/* All sets of `size` members; a set dearer than the best so far is not looked at, one that costs the same
 * only while few are left to be better conditioned. */
static dft_status try_sets(search *self, int depth, int first, double price)
{
    dft_status status = DFT_OK;

    if (price > self->best_price * (1.0 - (self->size > 3 ? 1e-9 : -1e-9)))
        return DFT_OK;
    if (depth == self->size)
        return judge(self, price);
    for (int i = first; i < self->n_list && status == DFT_OK; i++) {
        self->chosen[depth] = i;
        status = try_sets(self, depth + 1, i + 1, price + self->price[i]);
    }
    return status;
}

/* m strains give at most 6 m - m (m - 1)/2 equations, since e_a C e_b = e_b C e_a. */
static int fewest_by_count(const desc_elastic_space *space)
{
    int n_active = 0, m = 1;

    for (int i = 0; i < 6; i++)
        n_active += space->active[i] != 0;
    while (m < 6 && n_active * m - m * (m - 1) / 2 < space->n)
        m++;
    return m;
}

dft_status desc_strain_set_choose(const desc_elastic_space *space, size_t n_ops,
                                  const double (*op)[3][3], const double axes[3][3],
                                  desc_strain_set *out, dft_error *err)
{
    double list[MOST_CANDIDATES][6];
    search self = { .space = space, .best_price = INFINITY, .best_condition = INFINITY, .err = err };

    self.n_list = candidate_list(space->active, list);
    for (int i = 0; i < self.n_list; i++) {
        make_pattern(list[i], axes, n_ops, op, &self.list[i]);
        self.price[i] = (self.list[i].reversible ? 1.0 : 2.0) / (double)self.list[i].n_kept;
    }
    for (self.size = fewest_by_count(space); self.size <= 6 && !(self.best_price < INFINITY);
         self.size++) {
        const dft_status status = try_sets(&self, 0, 0, 0.0);
        if (status != DFT_OK)
            return status;
    }
    if (!(self.best_price < INFINITY))
        return dft_fail(err, DFT_EINTERNAL, "no set of strains determines the %d elastic constants",
                        space->n);
    out->n = self.size - 1;
    out->condition = self.best_condition;
    for (int m = 0; m < out->n; m++)
        out->pattern[m] = self.list[self.best[m]];
    return DFT_OK;
}

/* Inverse of the normal matrix, column by column.  Errors: those of dft_least_squares. */
static dft_status invert_normal(int n, const double normal[21][21], double inverse[21][21],
                                dft_error *err)
{
    for (int column = 0; column < n; column++) {
        double a[21 * 21], b[21] = { 0.0 };
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++)
                a[j * n + i] = normal[i][j];
        b[column] = 1.0;
        const dft_status status = dft_least_squares((size_t)n, a, b, 1e-14, err);
        if (status != DFT_OK)
            return status;
        for (int i = 0; i < n; i++)
            inverse[i][column] = b[i];
    }
    return DFT_OK;
}

/* Sum of squared residuals (Kelvin stresses), and how many equations there are. */
static double residual(const desc_elastic_space *space, const double x[21], size_t n,
                       const double (*strain)[6], const double (*stress)[6], int *n_equations)
{
    double sum = 0.0;

    *n_equations = 0;
    for (size_t p = 0; p < n; p++) {
        double row[6][21];
        equations(space, strain[p], row);
        for (int i = 0; i < 6; i++) {
            if (!space->active[i])
                continue;
            double r = stress[p][i] * weight(i);
            for (int b = 0; b < space->n; b++)
                r -= row[i][b] * x[b];
            sum += r * r;
            (*n_equations)++;
        }
    }
    return sum;
}

static void fill_result(const desc_elastic_space *space, const double x[21],
                        double inverse[21][21], double square, desc_elastic_fit_result *out)
{
    const int spare = out->n_equations - space->n;
    double c[6][6] = { { 0.0 } };

    for (int i = 0; i < 6; i++)
        for (int j = 0; j < 6; j++) {
            double variance = 0.0;
            for (int a = 0; a < space->n; a++) {
                c[i][j] += x[a] * space->tensor[a][i][j];
                for (int b = 0; b < space->n; b++)
                    variance += space->tensor[a][i][j] * inverse[a][b] * space->tensor[b][i][j];
            }
            variance *= spare > 0 ? square / spare : NAN;
            out->error[i][j] = sqrt(fmax(variance, 0.0)) / (weight(i) * weight(j));
            if (spare <= 0)
                out->error[i][j] = NAN;
        }
    desc_voigt_from_kelvin((const double (*)[6])c, out->c);
    out->rms = sqrt(square / out->n_equations);
}

dft_status desc_elastic_fit(const desc_elastic_space *space, size_t n, const double (*strain)[6],
                            const double (*stress)[6], desc_elastic_fit_result *out, dft_error *err)
{
    double normal[21][21] = { { 0.0 } }, inverse[21][21], right[21] = { 0.0 }, x[21] = { 0.0 };

    for (size_t p = 0; p < n; p++) {
        double row[6][21];
        for (int i = 0; i < 6; i++)
            if (!isfinite(strain[p][i]) || (space->active[i] && !isfinite(stress[p][i])))
                return dft_fail(err, DFT_EINPUT, "strain %zu: strain or stress is not a number", p + 1);
        equations(space, strain[p], row);
        add_normal(space, strain[p], normal);
        for (int b = 0; b < space->n; b++)
            for (int i = 0; i < 6; i++)
                right[b] += space->active[i] ? row[i][b] * stress[p][i] * weight(i) : 0.0;
    }
    if (!has_full_rank(space->n, (const double (*)[21])normal))
        return dft_fail(err, DFT_EINPUT, "%zu strains do not determine the %d elastic constants", n,
                        space->n);
    const dft_status status = invert_normal(space->n, (const double (*)[21])normal, inverse, err);
    if (status != DFT_OK)
        return status;
    for (int a = 0; a < space->n; a++)
        for (int b = 0; b < space->n; b++)
            x[a] += inverse[a][b] * right[b];
    const double square = residual(space, x, n, strain, stress, &out->n_equations);
    fill_result(space, x, inverse, square, out);
    return DFT_OK;
}
