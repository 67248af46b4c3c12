/*
 * dft-lite/basis/sphere_fft.h - orbitals between plane waves and the real-space box.
 *
 *     psi(r) = sum_G c_G exp(iG.r),   G in a sphere that fills a small part of the box
 *
 * What an orbital needs the box for is done while it passes through: a potential is multiplied on, or a
 * density is taken, in slices of a few z planes that stay in the second-level cache; the whole box is
 * never stored.  Along z only the columns that the sphere occupies are transformed, along y only the
 * planes that hold such a column.  Lines of the box ride in SIMD lanes (line_fft.h).
 *
 * A "field" is a real function on the box in the order in which slices use it; convert with
 * dft_fft_field_from_grid / to_grid.  Grids are f[(i1*n2 + i2)*n3 + i3].  Double (_d) and single
 * precision (_s) differ in the accuracy and the order of fields, nothing else.
 * Boxes and spheres are immutable; each thread needs a workspace of its own.
 */
#ifndef DFT_SPHERE_FFT_H
#define DFT_SPHERE_FFT_H

#include <complex.h>
#include <stddef.h>

#include "dft-lite/base/status.h"

typedef struct dft_fft_box dft_fft_box;

/* n: products of 2, 3, 5 and 7.  Errors: DFT_EINPUT, DFT_ENOMEM. */
dft_status dft_fft_box_create(const int n[3], dft_fft_box **out, dft_error *err);
void dft_fft_box_free(dft_fft_box *box);                    /* NULL is accepted */
size_t dft_fft_box_size(const dft_fft_box *box);            /* n1 n2 n3 */

/* Real fields of a box; from_grid and to_grid rearrange. */
size_t dft_fft_field_size_d(const dft_fft_box *box);        /* doubles; more than n1 n2 n3 */
size_t dft_fft_field_size_s(const dft_fft_box *box);        /* floats */
void dft_fft_field_from_grid_d(const dft_fft_box *box, const double *grid, double *field);
void dft_fft_field_from_grid_s(const dft_fft_box *box, const double *grid, float *field);
void dft_fft_field_to_grid_d(const dft_fft_box *box, const double *field, double *grid);

/* The components of one k-point's orbitals, hkl modulo the box.  Borrows box. */
typedef struct dft_fft_sphere dft_fft_sphere;
dft_status dft_fft_sphere_create(const dft_fft_box *box, size_t n_g, const int (*hkl)[3],
                                 dft_fft_sphere **out, dft_error *err);
void dft_fft_sphere_free(dft_fft_sphere *sphere);           /* NULL is accepted */

/* Operations of one transform, by the usual count 5 n log2 n of the lines that are not skipped. */
double dft_fft_sphere_flops(const dft_fft_sphere *sphere);

/* Scratch of one thread, for any sphere of the box. */
typedef struct dft_fft_work dft_fft_work;
dft_status dft_fft_work_create(const dft_fft_box *box, dft_fft_work **out, dft_error *err);
void dft_fft_work_free(dft_fft_work *work);                 /* NULL is accepted */

/* out_G = (1/N) sum_r exp(-iG.r) v(r) psi(r) for the sphere's G.  c, out: [n_g], may be the same. */
void dft_fft_apply_local_d(const dft_fft_sphere *sphere, const double *v_field, const double complex *c,
                           double complex *out, dft_fft_work *work);
void dft_fft_apply_local_s(const dft_fft_sphere *sphere, const float *v_field, const float complex *c,
                           float complex *out, dft_fft_work *work);

/* field(r) += scale |psi(r)|^2, and the same for a second pair unless other_field is NULL. */
void dft_fft_add_density(const dft_fft_sphere *sphere, const double complex *c, double scale,
                         double *field, double other_scale, double *other_field, dft_fft_work *work);

#endif
