/* A glance as text: see screen/glance.h. */
#include "screen/glance.h"

#include <math.h>
#include <string.h>
#include <time.h>

#include "screen/progress.h"

#define BAR 40
#define MOST_SHOWN 20

static size_t without_number(const screen_glance *g)
{
    return g->n_failed + g->n_unconverged + g->n_crashed + g->n_skipped;
}

void screen_glance_line(FILE *out, const screen_glance *g)
{
    char left[32];

    fprintf(out, "%s: %zu of %zu tasks done, %zu without a usable number, %zu waiting, %s",
            g->campaign, g->n_done, g->n_total, without_number(g), g->n_waiting,
            g->is_running ? "a program is running" : "no program is running");
    if (g->is_running && isfinite(g->time_left_s)) {
        screen_format_time(g->time_left_s, left);
        fprintf(out, ", about %s left", left);
    }
    fprintf(out, "\n");
}

/* A line that does not run over the terminal's edge; bytes of UTF-8 count as columns. */
static void put(FILE *out, int width, const char *line)
{
    if (width > 0 && strlen(line) > (size_t)width)
        fprintf(out, "%.*s~\n", width - 1, line);
    else
        fprintf(out, "%s\n", line);
}

static void print_bar(FILE *out, const screen_glance *g)
{
    const double n = g->n_total ? (double)g->n_total : 1.0;
    const int done = (int)floor(BAR * (double)g->n_done / n);
    const int bad = (int)ceil(BAR * (double)without_number(g) / n);

    fputc('[', out);
    for (int i = 0; i < BAR; i++)
        fputc(i < done ? '#' : i < done + bad ? 'x' : '.', out);
    fprintf(out, "] %.0f %%\n", floor(100.0 * (double)g->n_done / n));
}

static void print_counts(FILE *out, const screen_glance *g)
{
    const struct { const char *name; size_t n; } counts[] = {
        { "done", g->n_done }, { "running", g->n_running }, { "waiting", g->n_waiting },
        { "failed", g->n_failed }, { "unconverged", g->n_unconverged },
        { "died or refused", g->n_crashed }, { "skipped", g->n_skipped },
    };
    const char *separator = "";

    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++)
        if (counts[i].n) {
            fprintf(out, "%s%zu %s", separator, counts[i].n, counts[i].name);
            separator = ", ";
        }
    fprintf(out, "%s%.2f core-hours\n", separator, g->core_h);
}

static void print_end(FILE *out, const screen_glance *g)
{
    const time_t end = time(NULL) + (time_t)lround(g->time_left_s);
    struct tm local;
    char clock[32] = "";

    if (localtime_r(&end, &local))
        strftime(clock, sizeof clock, "%a %H:%M", &local);
    fprintf(out, "estimated end: %s\n", clock);
}

static void print_running(FILE *out, const screen_glance *g, int width)
{
    char line[400], scf[160];

    for (size_t i = 0; i < g->n_tasks_running; i++) {
        const screen_glance_task *t = &g->task[i];
        if (t->iteration > 0)
            snprintf(scf, sizeof scf, "SCF step %d: density %.1e eV, energy change %.1e eV, %.0f s",
                     t->iteration, t->density_ev, t->change_ev, t->wall_s);
        else
            snprintf(scf, sizeof scf, "starting");
        snprintf(line, sizeof line, "running  %-14s %-22s %3d energies; %s", t->subject, t->step,
                 t->n_energies, scf);
        put(out, width, line);
    }
}

static void print_reasons(FILE *out, const screen_glance *g, int width)
{
    char line[600];

    for (size_t i = 0; i < g->n_reasons && i < MOST_SHOWN; i++) {
        const screen_glance_reason *r = &g->reason[i];
        if (r->n > 1)
            snprintf(line, sizeof line, "%-8s %zu tasks (%s %s, ...): %s", r->state, r->n, r->subject,
                     r->step, r->reason);
        else
            snprintf(line, sizeof line, "%-8s %-14s %-22s %s", r->state, r->subject, r->step,
                     r->reason);
        put(out, width, line);
    }
    if (g->n_reasons > MOST_SHOWN)
        fprintf(out, "and %zu more reasons: SELECT reason, count(*) FROM tasks ... "
                "(results/README.md)\n", g->n_reasons - MOST_SHOWN);
    for (size_t i = 0; i < g->n_unplanned && i < MOST_SHOWN; i++) {
        snprintf(line, sizeof line, "unplanned %s", g->unplanned[i]);
        put(out, width, line);
    }
    if (g->n_unplanned > MOST_SHOWN)
        fprintf(out, "and %zu more candidates that cannot be planned\n",
                g->n_unplanned - MOST_SHOWN);
}

void screen_glance_print(FILE *out, const screen_glance *g, int width)
{
    screen_glance_line(out, g);
    print_bar(out, g);
    print_counts(out, g);
    if (g->is_running && isfinite(g->time_left_s))
        print_end(out, g);
    print_running(out, g, width);
    print_reasons(out, g, width);
}
