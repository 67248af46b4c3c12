#include "results/ranking.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/file.h"

#define TEXT(field)          { #field, RES_TEXT, 0, offsetof(res_ranked_row, field) }
#define REAL(field, digits)  { #field, RES_REAL, digits, offsetof(res_ranked_row, field) }
#define RANK(field)          { #field, RES_RANK, 0, offsetof(res_ranked_row, field) }
#define INTEGER(field)       { #field, RES_INTEGER, 0, offsetof(res_ranked_row, field) }

/* Decimals: energies to 1e-6 eV (no digit beyond what is reproduced); a solubility of one atom in a
 * million must not print as zero. */
static const res_column columns[] = {
    RANK(rank), TEXT(candidate), TEXT(family), TEXT(facet), TEXT(state),
    REAL(score, 4), REAL(lithiophilicity, 4), REAL(lithiophilicity_low, 3),
    REAL(lithiophilicity_high, 3), REAL(robustness, 4), REAL(robustness_low, 3),
    REAL(robustness_high, 3), RANK(rank_low), RANK(rank_high), REAL(p_top_5, 2),
    REAL(p_top_5_any_weights, 2), TEXT(pareto),
    REAL(li_binding_ev, 6), REAL(li_binding_error_ev, 3), TEXT(li_binding_site),
    REAL(migration_barrier_ev, 6), REAL(migration_barrier_low_ev, 6),
    REAL(migration_barrier_high_ev, 6), TEXT(migration_barrier_origin),
    REAL(spreading_anisotropy_ev, 6),
    REAL(solubility_m_in_li, 9), REAL(solubility_low, 9), REAL(solubility_high, 9),
    TEXT(solubility_origin), TEXT(solubility_confidence), REAL(first_lithiation_ev, 4),
    TEXT(li_rich_phases), REAL(volume_change_percent, 1), REAL(solute_barrier_ev, 6),
    REAL(contact_angle_deg, 1), REAL(work_of_adhesion_j_per_m2, 4),
    REAL(interface_strain_percent, 3), REAL(li_coverage_ml, 4), REAL(lattice_a_ang, 5),
    REAL(bulk_modulus_gpa, 3), REAL(young_modulus_gpa, 3), REAL(shear_modulus_gpa, 3),
    REAL(layer_modulus_n_per_m, 3), REAL(in_plane_stiffness_n_per_m, 3),
    REAL(layer_bending_rigidity_ev, 3), REAL(layer_spacing_ang, 4), REAL(interlayer_c44_gpa, 3),
    REAL(film_stiffness_n_per_m, 1),
    REAL(film_bending_rigidity_ev, 1), TEXT(compliance_basis),
    TEXT(operating_state),
    { "converged", RES_FLAG, 0, offsetof(res_ranked_row, converged) },
    INTEGER(n_planned), INTEGER(n_used),
    TEXT(missing_terms), TEXT(next_calculation), TEXT(notes), TEXT(reason),
};
enum { N_COLUMNS = sizeof columns / sizeof columns[0] };

const res_column *res_ranked_columns(size_t *n_columns)
{
    *n_columns = N_COLUMNS;
    return columns;
}

res_ranked_row res_ranked_row_defaults(void)
{
    res_ranked_row row;

    memset(&row, 0, sizeof row);
    for (size_t i = 0; i < N_COLUMNS; i++)
        if (columns[i].kind == RES_REAL)
            *(double *)((char *)&row + columns[i].offset) = NAN;
    return row;
}

static int compare_texts(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "");
}

/* Candidate, then facet, then state: what names a row. */
static int compare_names(const res_ranked_row *a, const res_ranked_row *b)
{
    int order = compare_texts(a->candidate, b->candidate);

    if (order == 0)
        order = compare_texts(a->facet, b->facet);
    return order ? order : compare_texts(a->state, b->state);
}

static int compare_rows(const void *left, const void *right)
{
    const res_ranked_row *a = left, *b = right;

    if ((a->rank > 0) != (b->rank > 0))
        return a->rank > 0 ? -1 : 1;
    if (a->rank != b->rank)
        return a->rank < b->rank ? -1 : 1;
    return compare_names(a, b);
}

void res_ranked_sort(res_ranked_row *rows, size_t n_rows)
{
    if (n_rows)
        qsort(rows, n_rows, sizeof *rows, compare_rows);
}

/* True when row a with its score belongs before row b. */
static bool goes_before(const res_ranked_row *a, double score_a, const res_ranked_row *b,
                        double score_b)
{
    if (isfinite(score_a) != isfinite(score_b))
        return isfinite(score_a);
    if (isfinite(score_a) && (score_a < score_b || score_b < score_a))
        return score_a > score_b;
    return compare_names(a, b) < 0;
}

static void swap_rows(res_ranked_row *rows, double *score, size_t i, size_t j)
{
    const res_ranked_row row = rows[i];
    const double s = score[i];

    rows[i] = rows[j], score[i] = score[j];
    rows[j] = row, score[j] = s;
}

/* Restores the heap whose root is the row that belongs last. */
static void sift_down(res_ranked_row *rows, double *score, size_t root, size_t n)
{
    for (size_t child; (child = 2 * root + 1) < n; root = child) {
        if (child + 1 < n
            && goes_before(&rows[child], score[child], &rows[child + 1], score[child + 1]))
            child++;
        if (!goes_before(&rows[root], score[root], &rows[child], score[child]))
            return;
        swap_rows(rows, score, root, child);
    }
}

void res_ranked_assign(res_ranked_row *rows, double *score, size_t n_rows)
{
    /* Heap sort moves the two arrays together without more memory. */
    for (size_t i = n_rows / 2; i-- > 0;)
        sift_down(rows, score, i, n_rows);
    for (size_t end = n_rows; end-- > 1;) {
        swap_rows(rows, score, 0, end);
        sift_down(rows, score, 0, end);
    }
    for (size_t i = 0; i < n_rows; i++)
        rows[i].rank = isfinite(score[i]) ? (int)i + 1 : 0;
}

static dft_status check_rows(const res_ranked_row *rows, size_t n_rows, dft_error *err)
{
    for (size_t i = 0; i < n_rows; i++) {
        const char *name = rows[i].candidate;
        if (!name || !*name)
            return dft_fail(err, DFT_EINPUT, "row %zu of the ranked list has no candidate", i + 1);
        if (rows[i].rank <= 0 && (!rows[i].reason || !*rows[i].reason))
            return dft_fail(err, DFT_EINPUT, "%s has neither a rank nor a reason", name);
        if (rows[i].rank > 0 && !rows[i].converged)
            return dft_fail(err, DFT_EINPUT, "%s is not converged and must not be ranked", name);
        if (i > 0 && rows[i].rank > 0 && rows[i].rank == rows[i - 1].rank)
            return dft_fail(err, DFT_EINPUT, "%s and %s both have rank %d", rows[i - 1].candidate,
                            name, rows[i].rank);
    }
    return DFT_OK;
}

static void add_field(res_text *text, const res_column *column, const res_ranked_row *row)
{
    const void *field = (const char *)row + column->offset;

    switch (column->kind) {
    case RES_TEXT:
        res_text_add_csv(text, *(const char *const *)field);
        break;
    case RES_REAL:
        res_text_add_csv_number(text, *(const double *)field, column->decimals);
        break;
    case RES_INTEGER:
        res_text_addf(text, "%d", *(const int *)field);
        break;
    case RES_RANK:
        if (*(const int *)field > 0)
            res_text_addf(text, "%d", *(const int *)field);
        break;
    case RES_FLAG:
        res_text_add(text, *(const bool *)field ? "yes" : "no");
        break;
    }
}

/* Lines are independent of each other: blocks of them are written at once and joined in order. */
#define ROWS_AT_ONCE 4096

static void add_rows(res_text *text, const res_ranked_row *rows, size_t n_rows)
{
    for (size_t r = 0; r < n_rows; r++)
        for (size_t c = 0; c < N_COLUMNS; c++) {
            res_text_add_bytes(text, c ? "," : "\n", 1);
            add_field(text, &columns[c], &rows[r]);
        }
}

static void add_all_rows(res_text *text, const res_ranked_row *rows, size_t n_rows)
{
    #pragma omp parallel for ordered schedule(static, 1) if (n_rows > ROWS_AT_ONCE)
    for (size_t first = 0; first < n_rows; first += ROWS_AT_ONCE) {
        const size_t left = n_rows - first;
        res_text block = { 0 };
        add_rows(&block, rows + first, left < ROWS_AT_ONCE ? left : ROWS_AT_ONCE);
        #pragma omp ordered
        {
            res_text_add_bytes(text, block.data ? block.data : "", block.length);
            text->failed = text->failed || block.failed;
        }
        res_text_clear(&block);
    }
}

dft_status res_ranked_csv_text(const res_ranked_row *rows, size_t n_rows, res_text *text,
                               dft_error *err)
{
    res_ranked_row *sorted = dft_alloc(n_rows, sizeof *sorted);

    if (!sorted)
        return dft_fail(err, DFT_ENOMEM, "no memory for %zu rows of the ranked list", n_rows);
    if (n_rows)
        memcpy(sorted, rows, n_rows * sizeof *sorted);
    res_ranked_sort(sorted, n_rows);
    dft_status status = check_rows(sorted, n_rows, err);
    for (size_t c = 0; c < N_COLUMNS && status == DFT_OK; c++)
        res_text_addf(text, "%s%s", c ? "," : "", columns[c].name);
    if (status == DFT_OK)
        add_all_rows(text, sorted, n_rows);
    res_text_add(text, "\n");
    if (status == DFT_OK && text->failed)
        status = dft_fail(err, DFT_ENOMEM, "no memory for the text of the ranked list");
    free(sorted);
    return status;
}

dft_status res_ranked_csv_write(const char *path, const res_ranked_row *rows, size_t n_rows,
                                dft_error *err)
{
    res_text text = { 0 };
    dft_status status = res_ranked_csv_text(rows, n_rows, &text, err);

    if (status == DFT_OK)
        status = dft_file_write(path, text.data, text.length, err);
    res_text_clear(&text);
    return status;
}
