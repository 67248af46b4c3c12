#include "screen/plot_phase.h"

#include <math.h>

#include "screen/gnuplot.h"

#define MARGIN 0.08                          /* of the height, above the last row */
#define SAME_BRANCH 0.06                     /* in x, between rows: one and the same boundary */

/* The tie-line of the next row that goes on with this one; NULL when it ends here. */
static const desc_tieline *continuation(const desc_tielines *row, const desc_tieline *line)
{
    const desc_tieline *best = NULL;
    double nearest = SAME_BRANCH;

    for (size_t i = 0; i < row->n; i++) {
        const desc_tieline *next = &row->line[i];
        if (next->end[0].phase != line->end[0].phase || next->end[1].phase != line->end[1].phase)
            continue;
        const double d = fmax(fabs(next->end[0].x[1] - line->end[0].x[1]),
                              fabs(next->end[1].x[1] - line->end[1].x[1]));
        if (d < nearest) {
            nearest = d;
            best = next;
        }
    }
    return best;
}

static void boundaries(FILE *script, const desc_diagram *diagram)
{
    fputs("$boundary << EOD\n", script);
    for (size_t r = 0; r + 1 < diagram->n_rows; r++)
        for (size_t i = 0; i < diagram->row[r].n; i++) {
            const desc_tieline *a = &diagram->row[r].line[i];
            const desc_tieline *b = continuation(&diagram->row[r + 1], a);
            for (size_t e = 0; b && e < 2; e++)
                fprintf(script, "%.9g %.9g\n%.9g %.9g\n\n", a->end[e].x[1],
                        diagram->row[r].temperature, b->end[e].x[1],
                        diagram->row[r + 1].temperature);
        }
    fputs("EOD\n$invariant << EOD\n", script);
    for (size_t i = 0; i < diagram->n_invariants; i++) {
        const desc_invariant *inv = &diagram->invariant[i];
        fprintf(script, "%.9g %.9g\n%.9g %.9g\n\n", inv->set[0].x[1], inv->temperature,
                inv->set[inv->n_sets - 1].x[1], inv->temperature);
    }
    fputs("EOD\n", script);
}

/* A field of one phase at a row, between two tie-lines or a tie-line and an edge. */
typedef struct {
    size_t phase;
    double low, high;
} field;

static size_t fields_of(const desc_tielines *row, field *out)
{
    for (size_t i = 0; i <= row->n && row->n > 0; i++)
        out[i] = (field){
            i < row->n ? row->line[i].end[0].phase : row->line[row->n - 1].end[1].phase,
            i == 0 ? 0.0 : row->line[i - 1].end[1].x[1],
            i < row->n ? row->line[i].end[0].x[1] : 1.0,
        };
    return row->n ? row->n + 1 : 0;
}

/* Each phase is named once, in the row where its field is widest; narrow ones beside their line. */
static void labels(FILE *script, const desc_calphad *system, const desc_diagram *diagram)
{
    for (size_t p = 0; p < desc_calphad_n_phases(system); p++) {
        size_t r_widest = 0;
        double widest = -1.0, x = 0.0, t_low = INFINITY, t_high = 0.0, t = 0.0;
        for (size_t r = 0; r < diagram->n_rows; r++) {
            field f[DESC_MOST_TIELINES + 1];
            const size_t n = fields_of(&diagram->row[r], f);
            for (size_t i = 0; i < n; i++) {
                if (f[i].phase != p)
                    continue;
                t_low = fmin(t_low, diagram->row[r].temperature);
                t_high = fmax(t_high, diagram->row[r].temperature);
                if (f[i].high - f[i].low > widest) {
                    widest = f[i].high - f[i].low;
                    x = 0.5 * (f[i].low + f[i].high);
                    t = diagram->row[r].temperature;
                    r_widest = r;
                }
            }
        }
        if (widest < 0.0)
            continue;
        const int narrow = widest < 0.12;
        if (narrow)
            t = 0.5 * (t_low + t_high);
        else if (r_widest + 1 == diagram->n_rows)        /* into the margin above */
            t += 0.5 * MARGIN * (t - diagram->row[0].temperature);
        fputs("set label ", script);
        screen_gnuplot_quote(script, desc_calphad_phase_name(system, p));
        fprintf(script, " at %.6g,%.6g center %s noenhanced font ',12' front\n",
                narrow ? fmax(0.03, fmin(0.97, x)) + (x > 0.9 ? -0.02 : 0.02) : x, t,
                narrow ? "rotate by 90" : "");
    }
}

dft_status screen_plot_binary(const char *path, const char *title, const char *second,
                              const desc_calphad *system, const desc_diagram *diagram,
                              dft_error *err)
{
    const double low = diagram->row[0].temperature;
    const double high = diagram->row[diagram->n_rows - 1].temperature;
    FILE *script = NULL;
    const dft_status status = screen_gnuplot_open(path, 800, 640, &script, err);

    if (status != DFT_OK)
        return status;
    boundaries(script, diagram);
    labels(script, system, diagram);
    fputs("set title ", script);
    screen_gnuplot_quote(script, title);
    fprintf(script, " noenhanced\nset xlabel 'mole fraction of %s'\nset ylabel 'T / K'\n"
            "set xrange [0:1]\nset yrange [%.6g:%.6g]\nset grid lc rgb '#dddddd'\nunset key\n"
            "plot $boundary with lines lw 2 lc rgb '#1f4e79', "
            "$invariant with lines lw 2 lc rgb '#a03020'\n", second, low,
            high + MARGIN * (high - low));
    return screen_gnuplot_close(path, script, err);
}
