#include "dft-lite/properties/cube.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "dft-lite/base/alloc.h"
#include "tests/basis/crystals.h"

#define FILE_NAME "test_cube.cube"

static dft_crystal *two_atoms(void)
{
    const double cell[3][3] = { { 2.0, 0, 0 }, { 0.5, 3.0, 0 }, { 0, 0.2, 4.0 } };
    return test_crystal(cell, 2, (const int[]){ 3, 9 },
                        (const double[][3]){ { 0, 0, 0 }, { 0.5, 0.5, 0.5 } });
}

static void skip_line(FILE *file)
{
    int c;
    while ((c = fgetc(file)) != '\n')
        assert_int_not_equal(c, EOF);
}

/* Reads the file as a viewer would; returns the values. */
static double *read_back(const dft_crystal *crystal, int n[3])
{
    FILE *file = fopen(FILE_NAME, "r");
    double origin[3];
    int n_atoms;

    assert_non_null(file);
    skip_line(file);
    skip_line(file);
    assert_int_equal(fscanf(file, "%d %lf %lf %lf", &n_atoms, &origin[0], &origin[1], &origin[2]),
                     4);
    assert_int_equal(n_atoms, 2);
    for (int i = 0; i < 3; i++) {
        double step[3];
        assert_int_equal(fscanf(file, "%d %lf %lf %lf", &n[i], &step[0], &step[1], &step[2]), 4);
        for (int c = 0; c < 3; c++)
            assert_close(step[c] * n[i], crystal->lattice[i][c], 1e-6);
    }
    for (int a = 0; a < 2; a++) {
        double charge, r[3], want[3];
        int z;
        assert_int_equal(fscanf(file, "%d %lf %lf %lf %lf", &z, &charge, &r[0], &r[1], &r[2]), 5);
        dft_crystal_cartesian(crystal->lattice, crystal->position[a], want);
        assert_int_equal(z, crystal->z[a]);
        for (int c = 0; c < 3; c++)
            assert_close(r[c], want[c], 1e-7);
    }
    const size_t size = (size_t)(n[0] * n[1] * n[2]);
    double *value = dft_alloc_doubles(size);
    for (size_t i = 0; i < size; i++)
        assert_int_equal(fscanf(file, "%lf", &value[i]), 1);
    assert_int_equal(fscanf(file, "%*s"), EOF);
    fclose(file);
    return value;
}

static void a_written_field_reads_back_point_by_point(void **unused)
{
    dft_crystal *crystal = two_atoms();
    const int n[3] = { 3, 2, 7 };
    double field[42];
    int found[3];
    (void)unused;

    for (int i = 0; i < 42; i++)
        field[i] = (i % 2 ? -1.0 : 1.0) * pow(10.0, -3.0 * (i % 40)) * (1.0 + i);
    field[5] = -9.999999e-123;
    assert_int_equal(dft_cube_write(FILE_NAME, "a field", crystal, n, field, NULL), DFT_OK);
    double *value = read_back(crystal, found);
    for (int i = 0; i < 3; i++)
        assert_int_equal(found[i], n[i]);
    for (int i = 0; i < 42; i++)
        assert_close(value[i], field[i], 1e-6 * fabs(field[i]));
    free(value);
    unlink(FILE_NAME);
    dft_crystal_free(crystal);
}

/* f = A + 2 B cos(2 pi x3): one component of the sphere. */
static void a_field_of_components_is_written_on_the_orbital_box(void **unused)
{
    dft_crystal *crystal = two_atoms();
    dft_symmetry *symmetry = NULL;
    dft_basis *basis = NULL;
    int n[3];
    (void)unused;

    assert_int_equal(dft_symmetry_create_identity(crystal, &symmetry, NULL), DFT_OK);
    assert_int_equal(dft_basis_create(crystal, 3.0, symmetry, &basis, NULL), DFT_OK);
    double complex *f = dft_alloc_complex(basis->n_g);
    f[0] = 0.2;
    for (size_t ig = 0; ig < basis->n_g; ig++)
        if (basis->hkl[ig][0] == 0 && basis->hkl[ig][1] == 0 && basis->hkl[ig][2] == 1)
            f[ig] = 0.05;
    assert_int_equal(dft_cube_write_fourier(FILE_NAME, "cosine", crystal, basis, f, NULL), DFT_OK);
    double *value = read_back(crystal, n);
    for (int i = 0; i < n[0] * n[1] * n[2]; i++)
        assert_close(value[i], 0.2 + 0.1 * cos(2.0 * DFT_PI * (i % n[2]) / n[2]), 1e-6);
    free(value);
    free(f);
    unlink(FILE_NAME);
    dft_basis_free(basis);
    dft_symmetry_free(symmetry);
    dft_crystal_free(crystal);
}

static void a_directory_that_is_not_there_is_an_error(void **unused)
{
    dft_crystal *crystal = two_atoms();
    const int n[3] = { 1, 1, 1 };
    const double field = 0.0;
    (void)unused;

    assert_int_equal(dft_cube_write("nowhere/a.cube", "t", crystal, n, &field, NULL), DFT_EIO);
    dft_crystal_free(crystal);
}

static void refused_memory_is_reported(void **unused)
{
    dft_crystal *crystal = two_atoms();
    const int n[3] = { 1, 1, 1 };
    const double field = 0.0;
    (void)unused;

    dft_alloc_refuse_nth(1);
    assert_int_equal(dft_cube_write(FILE_NAME, "t", crystal, n, &field, NULL), DFT_ENOMEM);
    dft_alloc_refuse_nth(0);
    assert_int_not_equal(access(FILE_NAME, F_OK), 0);
    dft_crystal_free(crystal);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_written_field_reads_back_point_by_point),
        cmocka_unit_test(a_field_of_components_is_written_on_the_orbital_box),
        cmocka_unit_test(refused_memory_is_reported),
        cmocka_unit_test(a_directory_that_is_not_there_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
