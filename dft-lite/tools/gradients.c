#include "dft-lite/tools/gradients.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/units.h"
#include "dft-lite/properties/result_gradients.h"

#define EV_PER_ANG (DFT_HARTREE_EV / DFT_BOHR_ANG)

dftlite_gradients dftlite_gradients_defaults(void)
{
    return (dftlite_gradients){ 1, 1 };
}

int dftlite_gradients_option(dftlite_gradients *gradients, const char *name, const char *value,
                             dft_status *status, dft_error *err)
{
    int *flag = strcmp(name, "forces") == 0 ? &gradients->forces
              : strcmp(name, "stress") == 0 ? &gradients->stress : NULL;

    if (!flag)
        return 0;
    if (strcmp(value, "on") != 0 && strcmp(value, "off") != 0)
        *status = dft_fail(err, DFT_EUSAGE, "--%s=%s: expected on or off", name, value);
    *flag = strcmp(value, "on") == 0;
    return 1;
}

static void print_forces(size_t n_atoms, const double (*force)[3])
{
    double largest = 0.0, sum[3] = { 0.0 };
    size_t where = 0;

    for (size_t a = 0; a < n_atoms; a++) {
        const double *f = force[a], length = sqrt(f[0] * f[0] + f[1] * f[1] + f[2] * f[2]);
        if (length > largest) {
            largest = length;
            where = a;
        }
        for (int c = 0; c < 3; c++)
            sum[c] += f[c];
    }
    printf("largest force        %18.6f eV/A on atom %zu; sum %.1e\n", largest * EV_PER_ANG,
           where + 1, sqrt(sum[0] * sum[0] + sum[1] * sum[1] + sum[2] * sum[2]) * EV_PER_ANG);
}

static void print_stress(const double stress[6])
{
    printf("stress, GPa         ");
    for (int s = 0; s < 6; s++)
        printf(" %.4f", stress[s] * DFT_HA_PER_BOHR3_GPA);
    printf("  (xx yy zz yz xz xy)\n");
}

static json_t *numbers(const double *values, size_t n, double scale)
{
    json_t *array = json_array();

    for (size_t i = 0; i < n; i++)
        json_array_append_new(array, json_real(values[i] * scale));
    return array;
}

static void say_forces(size_t n_atoms, const double (*force)[3], json_t *json)
{
    json_t *rows = json ? json_array() : NULL;

    print_forces(n_atoms, force);
    for (size_t a = 0; json && a < n_atoms; a++)
        json_array_append_new(rows, numbers(force[a], 3, EV_PER_ANG));
    if (json)
        json_object_set_new(json, "forces_eV_per_A", rows);
}

static void say_stress(const double stress[6], json_t *json)
{
    print_stress(stress);
    if (json)
        json_object_set_new(json, "stress_GPa", numbers(stress, 6, DFT_HA_PER_BOHR3_GPA));
}

dft_status dftlite_gradients_run(const dftlite_gradients *gradients, const dft_scf_result *result,
                                 json_t *json, dft_error *err)
{
    double (*force)[3] = NULL, stress[6];
    dft_status status;

    if (json) {
        json_object_set_new(json, "forces_eV_per_A", json_null());
        json_object_set_new(json, "stress_GPa", json_null());
    }
    if (!result->converged || (!gradients->forces && !gradients->stress))
        return DFT_OK;
    force = dft_alloc(result->n_atoms, sizeof *force);
    if (!force)
        return dft_fail(err, DFT_ENOMEM, "forces on %zu atoms: out of memory", result->n_atoms);
    status = dft_result_gradients(result, force, gradients->stress ? stress : NULL, err);
    if (status == DFT_OK && gradients->forces)
        say_forces(result->n_atoms, (const double (*)[3])force, json);
    if (status == DFT_OK && gradients->stress)
        say_stress(stress, json);
    free(force);
    return status;
}
