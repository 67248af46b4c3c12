/* The magnetic part of the Gibbs energy: Hillert and Jarl, Calphad 2, 227 (1978). */

#include <math.h>
#include <string.h>

#include "descriptors/calphad_model.h"

#define WIDEST (MODEL_FRACTIONS + 1)
#define LOWEST_CURIE 0.01                        /* K; below, the part is under 1e-20 J/mol */

/* g(tau) with its first two derivatives; p is the structure factor. */
static void magnetic_shape(double tau, double p, double g[3])
{
    const double q = 1.0 / p - 1.0, d = 518.0 / 1125.0 + 11692.0 / 15975.0 * q;

    if (tau < 1.0) {
        const double a = 79.0 / (140.0 * p * d), b = 474.0 / 497.0 * q / d;
        const double t3 = tau * tau * tau, t9 = t3 * t3 * t3, t15 = t9 * t3 * t3;
        g[0] = 1.0 - a / tau - b * (t3 / 6.0 + t9 / 135.0 + t15 / 600.0);
        g[1] = a / (tau * tau) - b * (t3 / 2.0 + t9 / 15.0 + t15 / 40.0) / tau;
        g[2] = -2.0 * a / t3 - b * (t3 + 8.0 * t9 / 15.0 + 7.0 * t15 / 20.0) / (tau * tau);
    } else {
        const double s5 = pow(tau, -5.0), s15 = s5 * s5 * s5, s25 = s15 * s5 * s5;
        g[0] = -(s5 / 10.0 + s15 / 315.0 + s25 / 1500.0) / d;
        g[1] = (s5 / 2.0 + s15 / 21.0 + s25 / 60.0) / (tau * d);
        g[2] = -(3.0 * s5 + 16.0 * s15 / 21.0 + 26.0 * s25 / 60.0) / (tau * tau * d);
    }
}

/* Curie temperature or moment; negative ones are those of antiferromagnets times the factor. */
static void evaluate(const model_phase *phase, size_t sum, const desc_calphad_state *state,
                     const double *y, model_result *out)
{
    const size_t width = out->n + 1;
    const model_map *map = phase->magnetic_map == MAP_NONE ? NULL
                                                           : &phase->map[phase->magnetic_map];

    out->value = 0.0;
    if (out->gradient) {
        memset(out->gradient, 0, width * sizeof *out->gradient);
        memset(out->hessian, 0, width * width * sizeof *out->hessian);
    }
    model_add_sum(&phase->sum[sum], map, state->value, y, 1.0, out);
    if (out->value >= 0.0)
        return;
    const double factor = 1.0 / phase->antiferro;
    out->value *= factor;
    for (size_t i = 0; out->gradient && i < width; i++)
        out->gradient[i] *= factor;
    for (size_t i = 0; out->gradient && i < width * width; i++)
        out->hessian[i] *= factor;
}

/* phi = R T ln(1 + beta) g(T/Tc); product and chain rules in z = (y, T). */
static void add_derivatives(const model_result *tc, const model_result *beta, double temperature,
                            const double g[3], double scale, model_result *out)
{
    const size_t n = out->n, width = n + 1;
    const double c = tc->value, l = log1p(beta->value), l1 = 1.0 / (1.0 + beta->value);
    double tau_z[WIDEST], f_z[WIDEST];           /* f = ln(1 + beta) g */

    for (size_t i = 0; i < width; i++) {
        tau_z[i] = (i == n ? 1.0 / c : 0.0) - temperature * tc->gradient[i] / (c * c);
        f_z[i] = l1 * beta->gradient[i] * g[0] + l * g[1] * tau_z[i];
        out->gradient[i] += scale * (temperature * f_z[i] + (i == n ? l * g[0] : 0.0));
    }
    for (size_t i = 0; i < width; i++)
        for (size_t j = 0; j < width; j++) {
            const double ci = tc->gradient[i], cj = tc->gradient[j];
            const double bi = beta->gradient[i], bj = beta->gradient[j];
            const double tau_ij = -((i == n ? cj : 0.0) + (j == n ? ci : 0.0)) / (c * c)
                - temperature * tc->hessian[i * width + j] / (c * c)
                + 2.0 * temperature * ci * cj / (c * c * c);
            const double f_ij = (l1 * beta->hessian[i * width + j] - l1 * l1 * bi * bj) * g[0]
                + l1 * (bi * tau_z[j] + bj * tau_z[i]) * g[1]
                + l * (g[2] * tau_z[i] * tau_z[j] + g[1] * tau_ij);
            out->hessian[i * width + j] += scale * (temperature * f_ij + (i == n ? f_z[j] : 0.0)
                                                    + (j == n ? f_z[i] : 0.0));
        }
}

void model_add_magnetic(const model_phase *phase, const desc_calphad_state *state, const double *y,
                        model_result *out)
{
    double gradients[2][WIDEST], hessians[2][WIDEST * WIDEST], g[3];
    const bool derive = out->gradient != NULL;
    model_result tc = { out->n, 0.0, derive ? gradients[0] : NULL, derive ? hessians[0] : NULL };
    model_result beta = { out->n, 0.0, derive ? gradients[1] : NULL, derive ? hessians[1] : NULL };
    const double scale = DESC_GAS_CONSTANT * phase->magnetic_scale;

    evaluate(phase, SUM_TC, state, y, &tc);
    evaluate(phase, SUM_BMAGN, state, y, &beta);
    if (tc.value < LOWEST_CURIE)
        return;
    magnetic_shape(state->temperature / tc.value, phase->structure, g);
    out->value += scale * state->temperature * log1p(beta.value) * g[0];
    if (derive)
        add_derivatives(&tc, &beta, state->temperature, g, scale, out);
}
