#include "workflows/coverage.h"

#include <math.h>
#include <stdio.h>

#include "workflows/supercell_task.h"

#define ROUNDING 1e-3               /* A: what a lattice loses on its way through a record */

static int read_lattice(const json_t *rows, double lattice[3][3])
{
    for (size_t i = 0; i < 3; i++)
        for (size_t c = 0; c < 3; c++) {
            const json_t *x = json_array_get(json_array_get(rows, i), c);
            if (!json_is_number(x))
                return 0;
            lattice[i][c] = json_number_value(x);
        }
    return 1;
}

double flow_coverage_spacing_ang(const json_t *record)
{
    const json_t *energies = json_object_get(json_object_get(record, "results"), "energies");
    const json_t *structure = json_object_get(json_array_get(energies, 0), "structure");
    double lattice[3][3];

    return read_lattice(json_object_get(structure, "lattice_ang"), lattice)
         ? flow_shortest_repeat((const double (*)[3])lattice) : NAN;
}

double flow_coverage_wanted_ang(const json_t *record)
{
    const json_t *protocol = json_object_get(json_object_get(record, "inputs"), "protocol");

    return fmax(FLOW_APART_ANG, json_number_value(json_object_get(protocol, "adatom_spacing_ang")));
}

void flow_coverage_reason(flow_coverage ranked, double spacing_ang, double wanted_ang, char *reason,
                          size_t size)
{
    reason[0] = '\0';
    if (ranked == FLOW_MONOLAYER && spacing_ang >= FLOW_APART_ANG)
        snprintf(reason, size, "coverage: lithium atoms are %.1f A apart on this cell, and monolayers are "
                 "ranked here (neighbours within %.0f A); protocol balanced keeps those of every candidate "
                 "apart", spacing_ang, FLOW_APART_ANG);
    else if (ranked == FLOW_APART && spacing_ang < wanted_ang - ROUNDING)
        snprintf(reason, size, "coverage: lithium atoms are %.1f A apart on this cell, and those at least "
                 "%.0f A apart are ranked here", spacing_ang, wanted_ang);
}
