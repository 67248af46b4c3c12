#include "dft-lite/properties/result_gradients.h"

#include "dft-lite/properties/forces.h"
#include "dft-lite/properties/stress.h"
#include "dft-lite/scf/ground.h"

dft_status dft_result_gradients(const dft_scf_result *result, double (*force)[3], double *stress,
                                dft_error *err)
{
    dft_solved_fields *fields = NULL;
    dft_status status;

    if (!result->ground || !result->ground->for_forces)
        return dft_fail(err, DFT_EINPUT, "forces were not prepared for: set for_forces in the "
                        "options of the calculation");
    const dft_solved solved = dft_solved_of_result(result);
    status = dft_solved_fields_create(&solved, &fields, err);
    if (status == DFT_OK)
        status = dft_forces_compute(&solved, fields, force, err);
    if (status == DFT_OK && stress)
        status = dft_stress_compute(&solved, fields, stress, err);
    dft_solved_fields_free(fields);
    return status;
}
