#include "workflows/stepper.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"

#define GROWN 2.0                   /* forces this much above their smallest: something went wrong */
#define SHORTEST 0.1                /* of max_step */

/* FIRE's constants are those of the paper. */
#define FIRE_WAIT 5
#define FIRE_FASTER 1.1
#define FIRE_SLOWER 0.5
#define FIRE_ALPHA 0.1
#define FIRE_ALPHA_FALL 0.99

struct flow_stepper {
    size_t n;
    double max_step, stiffness;
    double stiffest;                /* seen along any step: FIRE's time step must follow it */
    double shortened;               /* of max_step, 1 when all is well */
    double smallest;                /* norm of the force since the last reset */
    int n_resets;

    int has_last;                   /* last_x and last_force are of the previous call */
    double *last_x, *last_force;    /* owned, [n] */
    size_t n_pairs, newest;         /* ring of pairs */
    double *s, *y;                  /* owned, [FLOW_STEPPER_MEMORY][n] */
    double sy[FLOW_STEPPER_MEMORY];
    double *step;                   /* owned, [n] */

    double *velocity;               /* owned, [n]: FIRE */
    double dt, alpha;
    int n_downhill;
};

static double dot(size_t n, const double *a, const double *b)
{
    double sum = 0.0;
    for (size_t i = 0; i < n; i++)
        sum += a[i] * b[i];
    return sum;
}

static void add(size_t n, double factor, const double *a, double *b)
{
    for (size_t i = 0; i < n; i++)
        b[i] += factor * a[i];
}

dft_status flow_stepper_create(size_t n, double max_step, double stiffness, flow_stepper **out,
                               dft_error *err)
{
    flow_stepper *self = dft_alloc(1, sizeof *self);

    *out = NULL;
    if (self) {
        *self = (flow_stepper){ .n = n, .max_step = max_step, .stiffness = stiffness,
                                .stiffest = stiffness, .shortened = 1.0, .smallest = HUGE_VAL };
        self->last_x = dft_alloc_doubles(n);
        self->last_force = dft_alloc_doubles(n);
        self->s = dft_alloc_doubles(FLOW_STEPPER_MEMORY * n);
        self->y = dft_alloc_doubles(FLOW_STEPPER_MEMORY * n);
        self->step = dft_alloc_doubles(n);
        self->velocity = dft_alloc_doubles(n);
    }
    if (!self || !self->last_x || !self->last_force || !self->s || !self->y || !self->step
        || !self->velocity) {
        flow_stepper_free(self);
        return dft_fail(err, DFT_ENOMEM, "a step in %zu dimensions: out of memory", n);
    }
    *out = self;
    return DFT_OK;
}

void flow_stepper_free(flow_stepper *stepper)
{
    if (!stepper)
        return;
    free(stepper->velocity);
    free(stepper->step);
    free(stepper->y);
    free(stepper->s);
    free(stepper->last_force);
    free(stepper->last_x);
    free(stepper);
}

void flow_stepper_forget(flow_stepper *stepper)
{
    stepper->has_last = 0;
    stepper->n_pairs = 0;
    stepper->smallest = HUGE_VAL;
    memset(stepper->velocity, 0, stepper->n * sizeof *stepper->velocity);
    stepper->n_downhill = 0;
}

int flow_stepper_is_fire(const flow_stepper *stepper)
{
    return stepper->n_resets >= FLOW_STEPPER_PATIENCE;
}

/* ---- L-BFGS ---- */

/* Keeps the pair of the last move, unless the curvature along it was not positive: a step along it
 * would go uphill. */
static void remember(flow_stepper *self, const double *x, const double *force)
{
    const size_t n = self->n, slot = (self->newest + 1) % FLOW_STEPPER_MEMORY;
    double *s = self->s + slot * n, *y = self->y + slot * n;

    for (size_t i = 0; i < n; i++) {
        s[i] = x[i] - self->last_x[i];
        y[i] = self->last_force[i] - force[i];
    }
    const double sy = dot(n, s, y);
    if (!(sy > 1e-4 * sqrt(dot(n, s, s) * dot(n, y, y))))
        return;
    self->sy[slot] = sy;
    self->stiffest = fmax(self->stiffest, dot(n, y, y) / sy);
    self->newest = slot;
    if (self->n_pairs < FLOW_STEPPER_MEMORY)
        self->n_pairs++;
}

/* step = H force, H the inverse of the second derivatives that the pairs tell (two-loop recursion).
 */
static void lbfgs_step(flow_stepper *self, const double *force)
{
    const size_t n = self->n;
    double a[FLOW_STEPPER_MEMORY];

    memcpy(self->step, force, n * sizeof *force);
    for (size_t k = 0; k < self->n_pairs; k++) {
        const size_t p = (self->newest + FLOW_STEPPER_MEMORY - k) % FLOW_STEPPER_MEMORY;
        a[k] = dot(n, self->s + p * n, self->step) / self->sy[p];
        add(n, -a[k], self->y + p * n, self->step);
    }
    double scale = 1.0 / self->stiffness;
    if (self->n_pairs > 0) {
        const double *y = self->y + self->newest * n;
        scale = self->sy[self->newest] / dot(n, y, y);
    }
    for (size_t i = 0; i < n; i++)
        self->step[i] *= scale;
    for (size_t k = self->n_pairs; k-- > 0;) {
        const size_t p = (self->newest + FLOW_STEPPER_MEMORY - k) % FLOW_STEPPER_MEMORY;
        const double b = dot(n, self->y + p * n, self->step) / self->sy[p];
        add(n, a[k] - b, self->s + p * n, self->step);
    }
}

/* ---- FIRE ---- */

static void fire_step(flow_stepper *self, const double *force)
{
    const size_t n = self->n;
    double *v = self->velocity;
    const double fastest = 1.0 / sqrt(self->stiffest);       /* of an oscillator that stiff */
    const double power = dot(n, force, v), f = sqrt(dot(n, force, force));

    if (self->dt == 0.0) {
        self->dt = 0.2 * fastest;
        self->alpha = FIRE_ALPHA;
    }
    if (power > 0.0) {
        const double mix = self->alpha * sqrt(dot(n, v, v)) / (f > 0.0 ? f : 1.0);
        for (size_t i = 0; i < n; i++)
            v[i] = (1.0 - self->alpha) * v[i] + mix * force[i];
        if (++self->n_downhill > FIRE_WAIT) {
            self->dt = fmin(FIRE_FASTER * self->dt, fastest);
            self->alpha *= FIRE_ALPHA_FALL;
        }
    } else {
        memset(v, 0, n * sizeof *v);
        self->dt *= self->n_downhill > 0 ? FIRE_SLOWER : 1.0;
        self->dt = fmax(self->dt, 1e-3 * fastest);
        self->alpha = FIRE_ALPHA;
        self->n_downhill = 0;
    }
    add(n, self->dt, force, v);
    for (size_t i = 0; i < n; i++)
        self->step[i] = self->dt * v[i];
}

/* ---- both ---- */

static void shorten(flow_stepper *self)
{
    const double most = self->max_step * self->shortened;
    double longest = 0.0;

    for (size_t i = 0; i + 2 < self->n; i += 3)
        longest = fmax(longest, sqrt(dot(3, self->step + i, self->step + i)));
    if (longest > most)
        for (size_t i = 0; i < self->n; i++)
            self->step[i] *= most / longest;
}

/* Forces that grew: only the last step is still believed, and the next are careful.  It counts as a
 * mistake of the memory when there was one; a first step on a bad guess teaches the stiffness.
 * Forces that fall: dare more again. */
static void judge(flow_stepper *self, double norm)
{
    if (norm > GROWN * self->smallest) {
        self->n_resets += self->n_pairs > 1;
        self->n_pairs = self->n_pairs > 0;
        self->shortened = fmax(0.5 * self->shortened, SHORTEST);
        self->smallest = norm;
    } else if (norm < self->smallest) {
        self->shortened = fmin(1.2 * self->shortened, 1.0);
        self->smallest = norm;
    }
}

void flow_stepper_move(flow_stepper *stepper, double *x, const double *force)
{
    const size_t n = stepper->n;

    if (flow_stepper_is_fire(stepper)) {
        fire_step(stepper, force);
    } else {
        if (stepper->has_last)
            remember(stepper, x, force);
        judge(stepper, sqrt(dot(n, force, force)));
        lbfgs_step(stepper, force);
        memcpy(stepper->last_x, x, n * sizeof *x);
        memcpy(stepper->last_force, force, n * sizeof *force);
        stepper->has_last = 1;
    }
    shorten(stepper);
    add(n, 1.0, stepper->step, x);
}
