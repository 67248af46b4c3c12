/*
 * tests/scf/reference.h - rows of tests/data/reference/gpaw-22.8.csv as crystals and options.
 */
#ifndef TEST_REFERENCE_H
#define TEST_REFERENCE_H

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "dft-lite/base/csv.h"
#include "dft-lite/base/units.h"
#include "dft-lite/crystal/elements.h"
#include "dft-lite/scf/scf.h"

#define TEST_REFERENCE_CSV "tests/data/reference/gpaw-22.8.csv"
#define TEST_REFERENCE_MAX_ATOMS 8

/* NaN when there is no such number. */
static inline double test_reference_number(const dft_csv *csv, size_t row, const char *name)
{
    size_t column;
    double value = NAN;

    if (dft_csv_column(csv, name, &column, NULL) == DFT_OK)
        dft_csv_number(csv, row, column, &value, NULL);
    return value;
}

/* "" when there is no such column. */
static inline const char *test_reference_text(const dft_csv *csv, size_t row, const char *name)
{
    size_t column;

    return dft_csv_column(csv, name, &column, NULL) == DFT_OK ? dft_csv_text(csv, row, column) : "";
}

/* The row with this id; the number of rows when there is none. */
static inline size_t test_reference_row(const dft_csv *csv, const char *id)
{
    size_t row = 0;

    while (row < dft_csv_n_rows(csv) && strcmp(test_reference_text(csv, row, "id"), id) != 0)
        row++;
    return row;
}

/* "Zn Zn O O" and "x y z;x y z;...": the number of atoms, 0 when they do not fit together. */
static inline size_t test_reference_atoms(const char *symbols, const char *positions, int *z,
                                          double (*x)[3])
{
    size_t n = 0;
    int used = 0;

    while (n < TEST_REFERENCE_MAX_ATOMS) {
        char symbol[4];
        if (sscanf(symbols, "%3s%n", symbol, &used) != 1)
            break;
        symbols += used;
        z[n] = dft_element_number(symbol);
        if (sscanf(positions, "%lf %lf %lf%n", &x[n][0], &x[n][1], &x[n][2], &used) != 3)
            return 0;
        positions += used;
        positions += *positions == ';';
        n++;
    }
    return n;
}

/* NULL when the row makes no crystal. */
static inline dft_crystal *test_reference_crystal(const dft_csv *csv, size_t row)
{
    double lattice[3][3], x[TEST_REFERENCE_MAX_ATOMS][3];
    int z[TEST_REFERENCE_MAX_ATOMS];
    dft_crystal *crystal = NULL;

    for (int i = 0; i < 3; i++)
        for (int c = 0; c < 3; c++) {
            char name[32];
            snprintf(name, sizeof name, "a%d%c_ang", i + 1, "xyz"[c]);
            lattice[i][c] = test_reference_number(csv, row, name) / DFT_BOHR_ANG;
        }
    const size_t n = test_reference_atoms(test_reference_text(csv, row, "symbols"),
                                          test_reference_text(csv, row, "positions_fractional"), z,
                                          x);
    dft_crystal_create((const double (*)[3])lattice, n, z, (const double (*)[3])x, &crystal, NULL);
    return crystal;
}

/* Cutoff, width and mesh of the row, the data sets that all rows use; else defaults. */
static inline dft_scf_options test_reference_options(const dft_csv *csv, size_t row)
{
    static const dft_data_choice sets[] = {
        { "Ag", "Ag.11" }, { "Mg", "Mg.2" }, { "Ni", "Ni.10" }, { "Pt", "Pt.10" },
    };
    dft_scf_options options = dft_scf_defaults();

    options.ecut = test_reference_number(csv, row, "ecut_ev") / DFT_HARTREE_EV;
    options.width = test_reference_number(csv, row, "width_ev") / DFT_HARTREE_EV;
    options.kmesh[0] = (int)test_reference_number(csv, row, "mesh_1");
    options.kmesh[1] = (int)test_reference_number(csv, row, "mesh_2");
    options.kmesh[2] = (int)test_reference_number(csv, row, "mesh_3");
    options.n_data = sizeof sets / sizeof sets[0];
    memcpy(options.data, sets, sizeof sets);
    return options;
}

#endif
