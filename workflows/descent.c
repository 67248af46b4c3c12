#include "workflows/descent.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"

#define MEMORY 20
#define LEAST_STEP 0.05                 /* of max_step: the limit does not fall below */
#define GROWTH 1.3

/* FIRE: Bitzek's constants; a time step of 1 a.u. moves 0.05 bohr under 0.05 Ha/bohr */
#define FIRE_DT 1.0
#define FIRE_DT_MOST 8.0
#define FIRE_ALPHA 0.1

struct flow_descent {
    flow_method method;
    size_t n, n_steps, n_pairs, next;
    double max_step, limit, noise, energy;
    const flow_precon *precon;
    double *x, *force, *direction;      /* owned [n]: the last point kept, and scratch */
    double *s, *y;                      /* owned [MEMORY][n] */
    double rho[MEMORY];
    double *velocity, dt, alpha;        /* owned [n] */
    int n_downhill, is_concave;
    double last_length;                 /* of the last step that was made, L-BFGS */
};

dft_status flow_descent_create(flow_method method, size_t n, double max_step, double energy_noise,
                               const flow_precon *precon, flow_descent **out, dft_error *err)
{
    flow_descent *self = dft_alloc(1, sizeof *self);

    *out = NULL;
    if (self) {
        *self = (flow_descent){ .method = method, .n = n, .max_step = max_step, .limit = max_step,
                                .noise = energy_noise, .precon = precon, .dt = FIRE_DT,
                                .alpha = FIRE_ALPHA };
        self->x = dft_alloc_doubles(n);
        self->force = dft_alloc_doubles(n);
        self->direction = dft_alloc_doubles(n);
        self->velocity = dft_alloc_doubles(n);
        self->s = dft_alloc_doubles(MEMORY * n);
        self->y = dft_alloc_doubles(MEMORY * n);
    }
    if (!self || !self->x || !self->force || !self->direction || !self->velocity || !self->s
        || !self->y) {
        flow_descent_free(self);
        return dft_fail(err, DFT_ENOMEM, "minimisation of %zu variables: out of memory", n);
    }
    *out = self;
    return DFT_OK;
}

void flow_descent_free(flow_descent *descent)
{
    if (!descent)
        return;
    free(descent->x);
    free(descent->force);
    free(descent->direction);
    free(descent->velocity);
    free(descent->s);
    free(descent->y);
    free(descent);
}

static double dot(size_t n, const double *a, const double *b)
{
    double sum = 0.0;

    for (size_t i = 0; i < n; i++)
        sum += a[i] * b[i];
    return sum;
}

/* Shortens v as a whole until no triple is longer than `limit`: directions keep their symmetry. */
static void limit_step(size_t n, double limit, double *v)
{
    double longest = 0.0;

    for (size_t i = 0; i + 2 < n; i += 3)
        longest = fmax(longest, sqrt(dot(3, v + i, v + i)));
    if (longest > limit)
        for (size_t i = 0; i < n; i++)
            v[i] *= limit / longest;
}

/* ---- L-BFGS ---- */

/* Keeps the pair if the curvature along it is positive: only then is the model a bowl. */
static void learn(flow_descent *self, const double *x, const double *force)
{
    double *s = self->s + self->next * self->n, *y = self->y + self->next * self->n;

    for (size_t i = 0; i < self->n; i++) {
        s[i] = x[i] - self->x[i];
        y[i] = self->force[i] - force[i];
    }
    const double sy = dot(self->n, s, y);
    self->last_length = sqrt(dot(self->n, s, s));
    self->is_concave = !(sy > 1e-10 * self->last_length * sqrt(dot(self->n, y, y))) || !(sy > 0.0);
    if (self->is_concave)
        return;
    self->rho[self->next] = 1.0 / sy;
    self->next = (self->next + 1) % MEMORY;
    self->n_pairs += self->n_pairs < MEMORY;
}

/* direction = H force by the two loops, H0 = gamma P^-1 with gamma from the newest pair. */
static void model_direction(flow_descent *self)
{
    double a[MEMORY], *q = self->direction;

    memcpy(q, self->force, self->n * sizeof *q);
    for (size_t k = 0; k < self->n_pairs; k++) {
        const size_t i = (self->next + MEMORY - 1 - k) % MEMORY;
        a[i] = self->rho[i] * dot(self->n, self->s + i * self->n, q);
        for (size_t j = 0; j < self->n; j++)
            q[j] -= a[i] * self->y[i * self->n + j];
    }
    flow_precon_solve(self->precon, q);
    if (self->n_pairs > 0) {
        const size_t i = (self->next + MEMORY - 1) % MEMORY;
        memcpy(self->velocity, self->y + i * self->n, self->n * sizeof *q);
        flow_precon_solve(self->precon, self->velocity);
        const double gamma = 1.0 / (self->rho[i] * dot(self->n, self->y + i * self->n,
                                                       self->velocity));
        for (size_t j = 0; j < self->n; j++)
            q[j] *= gamma;
    }
    for (size_t k = self->n_pairs; k-- > 0;) {
        const size_t i = (self->next + MEMORY - 1 - k) % MEMORY;
        const double b = self->rho[i] * dot(self->n, self->y + i * self->n, q);
        for (size_t j = 0; j < self->n; j++)
            q[j] += (a[i] - b) * self->s[i * self->n + j];
    }
}

/* Down from a ridge the curvature is negative and the model of a bowl says nothing: steps double. */
static void stretch(flow_descent *self)
{
    const double length = sqrt(dot(self->n, self->direction, self->direction));

    if (!self->is_concave || !(length > 0.0) || length > 2.0 * self->last_length)
        return;
    for (size_t i = 0; i < self->n; i++)
        self->direction[i] *= 2.0 * self->last_length / length;
}

static int lbfgs_move(flow_descent *self, double *x, double energy, const double *force)
{
    int kept = 1;

    if (self->n_steps > 0) {
        learn(self, x, force);
        kept = !(energy > self->energy + self->noise);
    }
    if (kept) {
        memcpy(self->x, x, self->n * sizeof *x);
        memcpy(self->force, force, self->n * sizeof *x);
        self->energy = energy;
        self->limit = fmin(self->max_step, GROWTH * self->limit);
    } else {
        self->limit = fmax(LEAST_STEP * self->max_step, 0.5 * self->limit);
    }
    model_direction(self);
    if (!(dot(self->n, self->direction, self->force) > 0.0)) {      /* uphill: begin anew */
        self->n_pairs = 0;
        model_direction(self);
    }
    if (kept)
        stretch(self);
    limit_step(self->n, self->limit, self->direction);
    for (size_t i = 0; i < self->n; i++)
        x[i] = self->x[i] + self->direction[i];
    return kept;
}

/* ---- FIRE ---- */

static void fire_move(flow_descent *self, double *x, const double *force)
{
    double *v = self->velocity;
    const double power = dot(self->n, v, force);

    if (self->n_steps > 0 && power > 0.0) {
        const double mix = self->alpha * sqrt(dot(self->n, v, v) / dot(self->n, force, force));
        for (size_t i = 0; i < self->n; i++)
            v[i] = (1.0 - self->alpha) * v[i] + mix * force[i];
        if (++self->n_downhill > 5) {
            self->dt = fmin(FIRE_DT_MOST, 1.1 * self->dt);
            self->alpha *= 0.99;
        }
    } else if (self->n_steps > 0) {
        memset(v, 0, self->n * sizeof *v);
        self->n_downhill = 0;
        self->dt *= 0.5;
        self->alpha = FIRE_ALPHA;
    }
    for (size_t i = 0; i < self->n; i++) {
        v[i] += self->dt * force[i];
        self->direction[i] = self->dt * v[i];
    }
    limit_step(self->n, self->max_step, self->direction);
    for (size_t i = 0; i < self->n; i++)
        x[i] += self->direction[i];
}

int flow_descent_move(flow_descent *descent, double *x, double energy, const double *force)
{
    int kept = 1;

    if (descent->method == FLOW_LBFGS)
        kept = lbfgs_move(descent, x, energy, force);
    else
        fire_move(descent, x, force);
    descent->n_steps++;
    return kept;
}
