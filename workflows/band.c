#include "workflows/band.h"

#include <math.h>

double flow_dot(size_t n_atoms, const double (*a)[3], const double (*b)[3])
{
    double sum = 0.0;
    for (size_t i = 0; i < n_atoms; i++)
        sum += a[i][0] * b[i][0] + a[i][1] * b[i][1] + a[i][2] * b[i][2];
    return sum;
}

double flow_largest_force(size_t n_atoms, const double (*force)[3])
{
    double largest = 0.0;
    for (size_t i = 0; i < n_atoms; i++)
        largest = fmax(largest, flow_dot(1, force + i, force + i));
    return sqrt(largest);
}

/* Weights of the ways to the next and from the previous image. */
static void weights(double before, double here, double after, double *next, double *previous)
{
    const double up = fabs(after - here), down = fabs(before - here);

    if (after > here && here > before) {
        *next = 1.0;
        *previous = 0.0;
    } else if (after < here && here < before) {
        *next = 0.0;
        *previous = 1.0;
    } else if (after > before) {
        *next = fmax(up, down);
        *previous = fmin(up, down);
    } else {
        *next = fmin(up, down);
        *previous = fmax(up, down);
    }
    if (*next + *previous == 0.0)               /* three equal energies: the middle line */
        *next = *previous = 1.0;
}

void flow_band_tangent(const flow_path *path, const double *energy, size_t image,
                       double (*tangent)[3])
{
    const size_t n = path->n_atoms;
    const double (*before)[3] = (const double (*)[3])(path->r + (image - 1) * n);
    const double (*here)[3] = (const double (*)[3])(path->r + image * n);
    const double (*after)[3] = (const double (*)[3])(path->r + (image + 1) * n);
    double next, previous, length;

    weights(energy[image - 1], energy[image], energy[image + 1], &next, &previous);
    for (size_t a = 0; a < n; a++)
        for (int c = 0; c < 3; c++)
            tangent[a][c] = next * (after[a][c] - here[a][c])
                          + previous * (here[a][c] - before[a][c]);
    length = sqrt(flow_dot(n, (const double (*)[3])tangent, (const double (*)[3])tangent));
    for (size_t a = 0; a < n && length > 0.0; a++)
        for (int c = 0; c < 3; c++)
            tangent[a][c] /= length;
}

double flow_band_force(const flow_path *path, size_t image, const double (*tangent)[3],
                       double spring, int is_climbing, double (*force)[3])
{
    const size_t n = path->n_atoms;
    const double along = flow_dot(n, (const double (*)[3])force, tangent);
    const double stretch = flow_path_distance(path, image, image + 1)
                         - flow_path_distance(path, image - 1, image);
    double largest = is_climbing ? flow_largest_force(n, (const double (*)[3])force) : 0.0;

    for (size_t a = 0; a < n; a++)
        for (int c = 0; c < 3; c++)
            force[a][c] -= (is_climbing ? 2.0 : 1.0) * along * tangent[a][c];
    if (is_climbing)
        return largest;
    largest = flow_largest_force(n, (const double (*)[3])force);
    for (size_t a = 0; a < n; a++)
        for (int c = 0; c < 3; c++)
            force[a][c] += spring * stretch * tangent[a][c];
    return largest;
}
