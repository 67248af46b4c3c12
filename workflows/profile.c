#include "workflows/profile.h"

#include <math.h>

typedef struct {
    double e, s;
} point;

static void keep_higher(point *top, double e, double s)
{
    if (e > top->e)
        *top = (point){ e, s };
}

/* One piece of length h: e(t) = c0 + c1 t + c2 t^2 + c3 t^3, t = 0..1. */
static void search_piece(double s0, double h, double e0, double e1, double g0, double g1,
                         point *top)
{
    const double c1 = h * g0, c2 = 3.0 * (e1 - e0) - h * (2.0 * g0 + g1);
    const double c3 = 2.0 * (e0 - e1) + h * (g0 + g1);
    const double root = c2 * c2 - 3.0 * c3 * c1;

    keep_higher(top, e1, s0 + h);
    if (root < 0.0)
        return;
    /* e' = 0 where e'' = -2 sqrt(root) < 0; written so that c3 = 0 divides by nothing small */
    const double t = c2 <= 0.0 ? c1 / (sqrt(root) - c2) : (-c2 - sqrt(root)) / (3.0 * c3);
    if (t > 0.0 && t < 1.0)
        keep_higher(top, e0 + t * (c1 + t * (c2 + t * c3)), s0 + t * h);
}

double flow_profile_top(size_t n, const double *s, const double *e, const double *slope, double *at)
{
    point top = { e[0], s[0] };

    for (size_t i = 0; i + 1 < n; i++)
        search_piece(s[i], s[i + 1] - s[i], e[i], e[i + 1], slope[i], slope[i + 1], &top);
    if (at)
        *at = top.s;
    return top.e;
}
