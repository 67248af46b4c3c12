#include "candidates/mxene.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "dft-lite/base/units.h"
#include "dft-lite/crystal/elements.h"

#define MOST_LAYERS 4
#define MOST_ATOMS (2 * MOST_LAYERS + 1 + 4)
#define A_OVER_BOND 1.45            /* sqrt 2 in a regular octahedron; MXenes are flatter */
#define OH_ANG 0.97

/* Radii (Angstrom) beside the metallic one of M: mean of d(M-X) - r_M and d(M-T) - r_M over the PBE
 * sheets of structures.csv (Ontiveros et al., ACS Catal. 15, 14403 (2025)).  Se and Br: S and Cl plus
 * the difference of their Shannon radii (0.14, 0.15). */
static const struct { const char *name; int z; double radius_ang; } terminations[] = {
    { "O", 8, 0.60 }, { "F", 9, 0.69 }, { "OH", 8, 0.71 }, { "S", 16, 0.95 }, { "Cl", 17, 1.05 },
    { "Se", 34, 1.09 }, { "Br", 35, 1.20 },
};
#define N_TERMINATIONS ((int)(sizeof terminations / sizeof *terminations))
#define RADIUS_C_ANG 0.67
#define RADIUS_N_ANG 0.65

/* Index of the termination; -1 for a bare sheet, -2 for an unknown one. */
static int termination_of(const cand_mxene *what)
{
    if (what->termination[0] == '\0')
        return -1;
    for (int t = 0; t < N_TERMINATIONS; t++)
        if (strcmp(terminations[t].name, what->termination) == 0)
            return t;
    return -2;
}

typedef struct {
    double a;                       /* bohr */
    size_t n;
    int z[MOST_ATOMS], place[MOST_ATOMS];   /* lateral position: 0, 1, 2 for A, B, C */
    double height[MOST_ATOMS];
} stack;

static void put(stack *s, int z, int place, double height)
{
    s->z[s->n] = z;
    s->place[s->n] = (place % 3 + 3) % 3;
    s->height[s->n++] = height;
}

/* Height over a threefold hollow of a triangular plane for a bond of this length. */
static double rise(const stack *s, double bond)
{
    return sqrt(fmax(bond * bond - s->a * s->a / 3.0, 0.01));
}

/* Terminations on both faces: the planes go on as 2k mod 3 (fcc), or T repeats the position of X. */
static void terminate(const cand_mxene *what, int t, double r_m, int last, double top, stack *s)
{
    const double height = rise(s, r_m + terminations[t].radius_ang / DFT_BOHR_ANG);
    const int above = what->hcp ? 2 * (last - 1) : 2 * (last + 1);
    const int below = what->hcp ? 2 : -2;

    put(s, terminations[t].z, above, top + height);
    put(s, terminations[t].z, below, -height);
    if (strcmp(what->termination, "OH") == 0) {
        put(s, 1, above, top + height + OH_ANG / DFT_BOHR_ANG);
        put(s, 1, below, -height - OH_ANG / DFT_BOHR_ANG);
    }
}

static dft_status make_crystal(const stack *s, double vacuum, dft_crystal **out, dft_error *err)
{
    static const double lateral[3][2] = { { 0.0, 0.0 }, { 1.0 / 3.0, 2.0 / 3.0 },
                                          { 2.0 / 3.0, 1.0 / 3.0 } };
    double low = HUGE_VAL, high = -HUGE_VAL, position[MOST_ATOMS][3];

    for (size_t a = 0; a < s->n; a++) {
        low = fmin(low, s->height[a]);
        high = fmax(high, s->height[a]);
    }
    const double c = high - low + vacuum;
    const double lattice[3][3] = { { s->a, 0.0, 0.0 }, { -0.5 * s->a, sqrt(0.75) * s->a, 0.0 },
                                   { 0.0, 0.0, c } };
    for (size_t a = 0; a < s->n; a++) {
        position[a][0] = lateral[s->place[a]][0];
        position[a][1] = lateral[s->place[a]][1];
        position[a][2] = 0.5 + (s->height[a] - 0.5 * (low + high)) / c;
    }
    return dft_crystal_create(lattice, s->n, s->z, (const double (*)[3])position, out, err);
}

dft_status cand_mxene_build(const cand_mxene *what, const cand_ions *ions, double vacuum,
                            dft_crystal **out, dft_error *err)
{
    const int t = termination_of(what), last = 2 * what->n;
    const double r_m = cand_ions_metallic_radius(ions, what->metal);
    stack s = { .n = 0 };

    *out = NULL;
    if (what->n < 1 || what->n > MOST_LAYERS)
        return dft_fail(err, DFT_EINPUT, "a MXene of %d X layers; give 1 to %d", what->n, MOST_LAYERS);
    if (what->x != 6 && what->x != 7)
        return dft_fail(err, DFT_EINPUT, "X of a MXene is C or N, not %s",
                        dft_element_symbol(what->x));
    if (t == -2)
        return dft_fail(err, DFT_EINPUT, "termination '%s' of a MXene: give O, F, OH, S, Cl, Se or Br",
                        what->termination);
    if (isnan(r_m))
        return dft_fail(err, DFT_EINPUT, "the atomic volume of %s is not known",
                        dft_element_symbol(what->metal));
    const double bond = r_m + (what->x == 6 ? RADIUS_C_ANG : RADIUS_N_ANG) / DFT_BOHR_ANG;
    s.a = A_OVER_BOND * bond;
    for (int k = 0; k <= last; k++)
        put(&s, k % 2 ? what->x : what->metal, 2 * k, k * rise(&s, bond));
    if (t >= 0)
        terminate(what, t, r_m, last, last * rise(&s, bond), &s);
    return make_crystal(&s, vacuum, out, err);
}

void cand_mxene_formula(const cand_mxene *what, char text[32])
{
    char x[12] = "", t[12] = "";

    if (what->n > 1)
        snprintf(x, sizeof x, "%d", what->n);
    if (strlen(what->termination) > 1 && strcmp(what->termination, "OH") == 0)
        snprintf(t, sizeof t, "(OH)2");
    else if (what->termination[0])
        snprintf(t, sizeof t, "%.4s2", what->termination);
    snprintf(text, 32, "%s%d%s%s%s", dft_element_symbol(what->metal), what->n + 1,
             dft_element_symbol(what->x), x, t);
}

void cand_mxene_id(const cand_mxene *what, char text[48])
{
    char formula[32], plain[32];
    size_t n = 0;

    cand_mxene_formula(what, formula);
    for (const char *p = formula; *p; p++)
        if (*p != '(' && *p != ')')
            plain[n++] = *p;
    plain[n] = '\0';
    snprintf(text, 48, "%s%s", plain, !what->termination[0] ? "_1T" : what->hcp ? "_hcp" : "_fcc");
}
