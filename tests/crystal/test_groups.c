/* Space groups by name: every setting of the tables is found again in a cell of its own shape. */
#include "tests/support/assert_close.h"

#include <stdio.h>
#include <string.h>

#include <spglib.h>

#include "dft-lite/crystal/groups.h"

/* A cell that the setting's operations keep: the mean of W^T G W over the group for some metric G, then
 * its Cholesky factor. */
static void cell_of(int hall_number, double lattice[3][3])
{
    static const double start[3][3] = { { 9.0, 0.7, -1.1 }, { 0.7, 16.0, 0.9 }, { -1.1, 0.9, 25.0 } };
    dft_symop op[DFT_GROUP_MAX_OPS];
    const size_t n = dft_group_operations(hall_number, op);
    double g[3][3] = { { 0.0 } };

    for (size_t s = 0; s < n; s++)
        for (int i = 0; i < 3; i++)
            for (int j = 0; j < 3; j++)
                for (int k = 0; k < 9; k++)
                    g[i][j] += op[s].rotation[k / 3][i] * start[k / 3][k % 3] * op[s].rotation[k % 3][j]
                             / (double)n;
    memset(lattice, 0, 9 * sizeof(double));
    for (int i = 0; i < 3; i++)
        for (int j = 0; j <= i; j++) {
            double sum = g[i][j];
            for (int k = 0; k < j; k++)
                sum -= lattice[i][k] * lattice[j][k];
            lattice[i][j] = i == j ? sqrt(sum) : sum / lattice[j][j];
        }
}

static void every_setting_is_found_by_its_hall_symbol(void **unused)
{
    (void)unused;
    for (int hall = 1; hall <= 530; hall++) {
        const SpglibSpacegroupType type = spg_get_spacegroup_type(hall);
        const dft_group_name name = { NULL, type.hall_symbol, type.number };
        double lattice[3][3];
        char why[160] = "";
        cell_of(hall, lattice);
        const int found = dft_group_find(&name, (const double (*)[3])lattice, why, sizeof why);
        if (strcmp(spg_get_spacegroup_type(found).hall_symbol, type.hall_symbol) != 0)
            print_error("%d: %d %s\n", hall, found, why);
        assert_string_equal(spg_get_spacegroup_type(found).hall_symbol, type.hall_symbol);
        assert_int_equal(dft_group_number(hall), type.number);
    }
}

/* By number alone: the standard setting, or the two origins are named. */
static void a_number_means_the_standard_setting_unless_two_origins_exist(void **unused)
{
    int n_open = 0;
    (void)unused;

    for (int number = 1; number <= 230; number++) {
        const dft_group_name name = { NULL, NULL, number };
        double lattice[3][3];
        char why[160] = "";
        int hall = 1;
        while (dft_group_number(hall) != number)
            hall++;
        cell_of(hall, lattice);
        const int found = dft_group_find(&name, (const double (*)[3])lattice, why, sizeof why);
        n_open += found == 0;
        if (found == 0)
            assert_non_null(strstr(why, "two origin choices"));
        else
            assert_int_equal(found, hall);
    }
    assert_int_equal(n_open, 24);   /* International Tables A: 24 groups have two origins */
}

static void operations_begin_with_the_identity(void **unused)
{
    (void)unused;
    for (int hall = 1; hall <= 530; hall++) {
        dft_symop op[DFT_GROUP_MAX_OPS];
        const size_t n = dft_group_operations(hall, op);
        assert_true(n >= 1 && n <= DFT_GROUP_MAX_OPS);
        for (int i = 0; i < 3; i++) {
            assert_close(op[0].translation[i], 0.0, 0.0);
            for (int j = 0; j < 3; j++)
                assert_int_equal(op[0].rotation[i][j], i == j);
        }
    }
}

static void names_that_do_not_fit_are_explained(void **unused)
{
    static const double cubic[3][3] = { { 4, 0, 0 }, { 0, 4, 0 }, { 0, 0, 4 } };
    static const struct { dft_group_name name; const char *why; } cases[] = {
        { { "P 6/m m m", NULL, 0 }, "do not keep the cell's shape" },
        { { "F d -3 m", NULL, 0 }, "two origin choices" }, { { "F d -3 q", NULL, 0 }, "not among" },
        { { "F m -3 m", NULL, 227 }, "not among" }, { { "F d -3 m:3", NULL, 0 }, "not among" },
    };
    (void)unused;

    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        char why[160] = "";
        assert_int_equal(dft_group_find(&cases[k].name, cubic, why, sizeof why), 0);
        assert_non_null(strstr(why, cases[k].why));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_setting_is_found_by_its_hall_symbol),
        cmocka_unit_test(a_number_means_the_standard_setting_unless_two_origins_exist),
        cmocka_unit_test(operations_begin_with_the_identity),
        cmocka_unit_test(names_that_do_not_fit_are_explained),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
