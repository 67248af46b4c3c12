#include "workflows/height_scan.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "dft-lite/base/units.h"

#define Z_LI 3
#define ANHARMONIC 0.53             /* 1/bohr (1/A): decay of Li wells; their cubic term is 3 a times
                                       the curvature, as in a Morse curve */
#define REFINE_HA (3e-3 / DFT_HARTREE_EV)   /* a parabola's bottom is trusted to this */
#define MOST_REFINEMENTS 4

flow_height_scan flow_height_scan_at(flow_session *session, const dft_crystal *slab,
                                     const double frac[2], double first, const char *label)
{
    return (flow_height_scan){
        .session = session, .slab = slab, .frac = { frac[0], frac[1] }, .label = label, .first = first,
        .step = session->spec->protocol.height_step_ang / DFT_BOHR_ANG, .stride = 1,
        .found = { .inside = false, .height = NAN, .energy = NAN, .curvature = NAN },
    };
}

/* C, N, O or F among "ZnO2"'s elements: a symbol of one letter. */
static int has_light_nonmetal(const char *elements)
{
    for (const char *c = elements; *c; c++)
        if (strchr("CNOF", *c) && !islower((unsigned char)c[1]))
            return 1;
    return 0;
}

/* Bonds of Li to metal atoms are up to a tenth longer than the sum of covalent radii, at which the
 * site's own guess puts it (Li on Al(111): 2.68 to 2.81 A against 2.49; on Cu(111): 2.40 to 2.60
 * against 2.60).  A good first height saves energies and decides nothing else. */
double flow_height_scan_guess(const cand_site *site)
{
    const double stretch = has_light_nonmetal(site->elements) ? 1.0 : 1.1;
    const double bond = stretch * hypot(site->height, site->distance);

    return sqrt(fmax(bond * bond - site->distance * site->distance,
                     site->height * site->height));
}

static dft_status add_height(flow_height_scan *s, double height, flow_task_result *out,
                             dft_error *err)
{
    dft_crystal *crystal = NULL;
    flow_energy energy = { 0, NAN, "" };
    char label[96];
    dft_status status = cand_add_atom(s->slab, Z_LI, s->frac, height, &crystal, err);

    snprintf(label, sizeof label, "%.40sLi height %.4f A", s->label, height * DFT_BOHR_ANG);
    if (status == DFT_OK)
        status = flow_session_compute(s->session, crystal, NULL, label, &energy, err);
    dft_crystal_free(crystal);
    if (status != DFT_OK)
        return status;
    if (!energy.converged) {
        out->outcome = RES_UNCONVERGED;
        snprintf(out->reason, sizeof out->reason, "%s did not converge: %.200s", label,
                 energy.message);
        return DFT_OK;
    }
    s->height[s->n] = height;
    s->energy[s->n++] = energy.energy;
    return DFT_OK;
}

static dft_status add_step(flow_height_scan *s, int index, flow_task_result *out, dft_error *err)
{
    s->lowest = index < s->lowest ? index : s->lowest;
    s->highest = index > s->highest ? index : s->highest;
    return add_height(s, s->first + index * s->step, out, err);
}

#define LONGEST_STRIDE 4

/* The end of the scan at which the energy is lower: where it goes on.  Beyond the first heights upward with
 * strides that double: a well that lies far out is wide.  Downward step by step: there atoms touch. */
static int next_index(flow_height_scan *s)
{
    double below = 0.0, above = 0.0;

    for (size_t i = 0; i < s->n; i++) {
        if (fabs(s->height[i] - (s->first + s->lowest * s->step)) < 0.5 * s->step)
            below = s->energy[i];
        if (fabs(s->height[i] - (s->first + s->highest * s->step)) < 0.5 * s->step)
            above = s->energy[i];
    }
    if (s->n == 1 || below < above)
        return s->lowest - 1;
    if (s->n >= (size_t)s->session->spec->protocol.heights && s->stride < LONGEST_STRIDE)
        s->stride *= 2;
    return s->highest + s->stride;
}

/* How much the cubic term of the well moves the parabola's bottom: a parabola through three heights errs by
 * (third derivative/6) times the product of the distances to them. */
static double expected_error(const flow_height_scan *s, const desc_height_scan *found)
{
    double below = HUGE_VAL, at = HUGE_VAL, above = HUGE_VAL;

    for (size_t i = 0; i < s->n; i++) {
        const double way = s->height[i] - found->lowest_height;
        if (way == 0.0)
            at = fabs(s->height[i] - found->height);
        else if (way < 0.0 && -way < below)
            below = -way;
        else if (way > 0.0 && way < above)
            above = way;
    }
    const double off = found->height - found->lowest_height;
    return 0.5 * ANHARMONIC * found->curvature * at * fabs(off + below) * fabs(off - above);
}

/* Energies at the parabola's bottom until it may be trusted: one as a rule, more in a scan of long strides. */
static dft_status refine(flow_height_scan *s, flow_task_result *out, dft_error *err)
{
    dft_status status = DFT_OK;

    for (int k = 0; k < MOST_REFINEMENTS && s->n < FLOW_MAX_HEIGHTS && s->found.inside; k++) {
        if (expected_error(s, &s->found) < REFINE_HA)
            break;
        status = add_height(s, s->found.height, out, err);
        if (status != DFT_OK || out->outcome != RES_DONE)
            break;
        status = desc_height_scan_fit(s->n, s->height, s->energy, &s->found, err);
        if (status != DFT_OK)
            break;
    }
    return status;
}

static void say_not_inside(const flow_height_scan *s, flow_task_result *out)
{
    out->outcome = RES_FAILED;
    snprintf(out->reason, sizeof out->reason, "%.40sno minimum inside the %zu heights from %.2f to "
             "%.2f A", s->label, s->n, (s->first + s->lowest * s->step) * DFT_BOHR_ANG,
             (s->first + s->highest * s->step) * DFT_BOHR_ANG);
}

/* The first height, the next below it, and then on towards the lower end, until there are as many as
 * the protocol wants and the parabola through the three about the lowest has its minimum inside, also with the
 * energy at that minimum: on a steep slope a parabola sees a bottom that is not there, and the walk goes on. */
dft_status flow_height_scan_run(flow_height_scan *s, flow_task_result *out, dft_error *err)
{
    const flow_protocol *protocol = &s->session->spec->protocol;
    dft_status status = add_step(s, 0, out, err);

    while (status == DFT_OK && out->outcome == RES_DONE) {
        if (s->n >= (size_t)protocol->heights)
            status = desc_height_scan_fit(s->n, s->height, s->energy, &s->found, err);
        if (status == DFT_OK && s->found.inside)
            status = refine(s, out, err);
        if (status != DFT_OK || out->outcome != RES_DONE || s->found.inside
            || s->n >= (size_t)protocol->max_heights)
            break;
        status = add_step(s, next_index(s), out, err);
    }
    if (status == DFT_OK && out->outcome == RES_DONE && !s->found.inside)
        say_not_inside(s, out);
    return status;
}
