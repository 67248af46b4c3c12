/*
 * dft-lite/basis/sphere_fft_body.h - the passes of sphere_fft.c, for one precision.
 *
 * Included twice, with REAL, VECTOR, LANE, LANES, SHUFFLE_STAGES(rows) and NAME(x) defined.  Columns are
 * kept [group of LANES columns][n3 padded] lane elements, one column in each lane; a slice is
 * [n1][row] lane elements, one z plane in each lane.
 */

static size_t NAME(groups)(const dft_fft_sphere *sphere)
{
    return (sphere->n_columns + LANES - 1) / LANES;
}

static size_t NAME(slices)(const dft_fft_box *box)
{
    return ((size_t)box->n[2] + LANES - 1) / LANES;
}

size_t NAME(dft_fft_field_size)(const dft_fft_box *box)
{
    return NAME(slices)(box) * LANES * (size_t)box->n[0] * (size_t)box->n[1];
}

/* Where the grid's point (i1, i2, i3) lies in a field. */
static inline size_t NAME(field_index)(const dft_fft_box *box, size_t i1, size_t i2, size_t i3)
{
    return (((i3 / LANES) * (size_t)box->n[1] + i2) * (size_t)box->n[0] + i1) * LANES + i3 % LANES;
}

void NAME(dft_fft_field_from_grid)(const dft_fft_box *box, const double *grid, REAL *field)
{
    const size_t n1 = (size_t)box->n[0], n2 = (size_t)box->n[1], n3 = (size_t)box->n[2];

    memset(field, 0, NAME(dft_fft_field_size)(box) * sizeof *field);
    for (size_t i1 = 0; i1 < n1; i1++)
        for (size_t i2 = 0; i2 < n2; i2++)
            for (size_t i3 = 0; i3 < n3; i3++)
                field[NAME(field_index)(box, i1, i2, i3)] = (REAL)grid[(i1 * n2 + i2) * n3 + i3];
}

static void NAME(transpose)(VECTOR *rows)
{
    SHUFFLE_STAGES(rows);
}

/* Coefficients into columns, and along z to real space. */
static void NAME(columns_to_real)(const dft_fft_sphere *sphere, const REAL complex *c, LANE *columns,
                                  LANE *scratch)
{
    const size_t n3 = (size_t)sphere->box->n[2], padded = NAME(slices)(sphere->box) * LANES;

    for (size_t group = 0; group < NAME(groups)(sphere); group++) {
        LANE *column = columns + group * padded;
        const size_t first = group * LANES, last = first + LANES < sphere->n_columns ? first + LANES
                                                                                     : sphere->n_columns;
        memset(column, 0, n3 * sizeof *column);
        for (size_t j = first; j < last; j++)
            for (size_t g = sphere->start[j]; g < sphere->start[j + 1]; g++) {
                const REAL complex value = c[sphere->member[g]];
                REAL *to = (REAL *)(column + sphere->z[g]) + (j - first);
                to[0] = NAME(real_part)(value);
                to[LANES] = NAME(imaginary_part)(value);
            }
        NAME(dft_line_fft_run)(sphere->box->line[2], 1, column, 1, column, 1, scratch);
    }
}

static void NAME(columns_to_fourier)(const dft_fft_sphere *sphere, LANE *columns, REAL complex *c,
                                     LANE *scratch)
{
    const size_t padded = NAME(slices)(sphere->box) * LANES;
    const REAL scale = (REAL)(1.0 / (double)dft_fft_box_size(sphere->box));

    for (size_t group = 0; group < NAME(groups)(sphere); group++) {
        LANE *column = columns + group * padded;
        const size_t first = group * LANES, last = first + LANES < sphere->n_columns ? first + LANES
                                                                                     : sphere->n_columns;
        NAME(dft_line_fft_run)(sphere->box->line[2], -1, column, 1, column, 1, scratch);
        for (size_t j = first; j < last; j++)
            for (size_t g = sphere->start[j]; g < sphere->start[j + 1]; g++) {
                const REAL *from = (const REAL *)(column + sphere->z[g]) + (j - first);
                c[sphere->member[g]] = scale * from[0] + (REAL complex)I * (scale * from[LANES]);
            }
    }
}

/* The columns' values on one slice into its planes, zero elsewhere. */
static void NAME(fill_slice)(const dft_fft_sphere *sphere, const LANE *columns, size_t slice, LANE *plane)
{
    const size_t padded = NAME(slices)(sphere->box) * LANES, row = sphere->box->row;
    VECTOR rows[LANES];

    for (size_t i = 0; i < sphere->n_planes; i++)
        memset(plane + sphere->plane[i] * row, 0, row * sizeof *plane);
    for (size_t group = 0; group < NAME(groups)(sphere); group++) {
        const LANE *from = columns + group * padded + slice * LANES;
        const size_t first = group * LANES, n = sphere->n_columns - first < LANES ? sphere->n_columns - first
                                                                                  : LANES;
        for (int part = 0; part < 2; part++) {
            for (size_t t = 0; t < LANES; t++)
                rows[t] = from[t].part[part];
            NAME(transpose)(rows);
            for (size_t j = 0; j < n; j++)
                plane[sphere->column[first + j]].part[part] = rows[j];
        }
    }
}

static void NAME(empty_slice)(const dft_fft_sphere *sphere, const LANE *plane, size_t slice, LANE *columns)
{
    const size_t padded = NAME(slices)(sphere->box) * LANES, n3 = (size_t)sphere->box->n[2];
    const size_t depth = n3 - slice * LANES < LANES ? n3 - slice * LANES : LANES;
    VECTOR rows[LANES];

    for (size_t group = 0; group < NAME(groups)(sphere); group++) {
        LANE *to = columns + group * padded + slice * LANES;
        const size_t first = group * LANES, n = sphere->n_columns - first < LANES ? sphere->n_columns - first
                                                                                  : LANES;
        for (int part = 0; part < 2; part++) {
            for (size_t j = 0; j < LANES; j++)
                rows[j] = plane[sphere->column[first + (j < n ? j : 0)]].part[part];
            NAME(transpose)(rows);
            for (size_t t = 0; t < depth; t++)
                to[t].part[part] = rows[t];
        }
    }
}

static void NAME(transform_rows)(const dft_fft_sphere *sphere, int sign, LANE *plane, LANE *scratch)
{
    for (size_t i = 0; i < sphere->n_planes; i++) {
        LANE *line = plane + sphere->plane[i] * sphere->box->row;
        NAME(dft_line_fft_run)(sphere->box->line[1], sign, line, 1, line, 1, scratch);
    }
}

/* Planes that the sphere does not reach are read as zero by every line across the planes. */
static void NAME(clear_other_planes)(const dft_fft_sphere *sphere, LANE *plane)
{
    const size_t row = sphere->box->row;

    for (size_t i1 = 0, i = 0; i1 < (size_t)sphere->box->n[0]; i1++) {
        if (i < sphere->n_planes && sphere->plane[i] == i1)
            i++;
        else
            memset(plane + i1 * row, 0, row * sizeof *plane);
    }
}

void NAME(dft_fft_apply_local)(const dft_fft_sphere *sphere, const REAL *v_field, const REAL complex *c,
                               REAL complex *out, dft_fft_work *work)
{
    const dft_fft_box *box = sphere->box;
    const size_t n1 = (size_t)box->n[0], n2 = (size_t)box->n[1], row = box->row;
    LANE *columns = work->columns, *plane = work->plane, *line = work->line, *scratch = work->scratch;
    const VECTOR *v = (const VECTOR *)(const void *)v_field;

    NAME(columns_to_real)(sphere, c, columns, scratch);
    NAME(clear_other_planes)(sphere, plane);
    for (size_t slice = 0; slice < NAME(slices)(box); slice++) {
        NAME(fill_slice)(sphere, columns, slice, plane);
        NAME(transform_rows)(sphere, 1, plane, scratch);
        for (size_t i2 = 0; i2 < n2; i2++, v += n1) {
            NAME(dft_line_fft_run)(box->line[0], 1, plane + i2, row, line, 1, scratch);
            for (size_t i1 = 0; i1 < n1; i1++) {
                line[i1].part[0] *= v[i1];
                line[i1].part[1] *= v[i1];
            }
            NAME(dft_line_fft_run)(box->line[0], -1, line, 1, line, 1, scratch);
            for (size_t i = 0; i < sphere->n_planes; i++)
                plane[sphere->plane[i] * row + i2] = line[sphere->plane[i]];
        }
        NAME(transform_rows)(sphere, -1, plane, scratch);
        NAME(empty_slice)(sphere, plane, slice, columns);
    }
    NAME(columns_to_fourier)(sphere, columns, out, scratch);
}
