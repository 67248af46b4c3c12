#include "workflows/kinds.h"

static const flow_kind_entry kinds[FLOW_N_KINDS] = {
    [FLOW_EOS] = { .name = "eos", .shared = 1, .headline = "energy_ev_per_atom", .letter = "E",
                   .unit = "eV/atom", .run = flow_task_eos },
    [FLOW_SLAB] = { .name = "slab", .surface = 1, .upstream = { "eos" }, .headline = "energy_ev",
                    .letter = "E", .unit = "eV", .run = flow_task_slab },
    [FLOW_SITE] = { .name = "site", .surface = 1, .place = "site", .upstream = { "eos", "slab" },
                    .headline = "energy_ev", .letter = "E", .unit = "eV", .run = flow_task_site },
    [FLOW_HOP] = { .name = "hop", .surface = 1, .place = "hop", .upstream = { "eos", "slab" },
                   .fields = FLOW_FIELDS_HOP, .headline = "energy_ev", .letter = "E", .unit = "eV",
                   .run = flow_task_hop },
    [FLOW_ELASTIC] = { .name = "elastic", .shared = 1, .upstream = { "eos" },
                       .fields = FLOW_FIELDS_ELASTIC | FLOW_FIELDS_IONIC,
                       .headline = "shear_modulus_gpa", .letter = "G", .unit = "GPa",
                       .run = flow_task_elastic },
    [FLOW_RSLAB] = { .name = "rslab", .surface = 1, .upstream = { "eos" },
                     .fields = FLOW_FIELDS_IONIC | FLOW_FIELDS_ADATOM, .headline = "energy_ev",
                     .letter = "E", .unit = "eV", .run = flow_task_rslab },
    [FLOW_SPREAD] = { .name = "spread", .surface = 1, .upstream = { "eos", "rslab" },
                      .fields = FLOW_FIELDS_IONIC | FLOW_FIELDS_ADATOM | FLOW_FIELDS_SPREAD,
                      .headline = "barrier_2d_ev", .letter = "barrier", .unit = "eV",
                      .run = flow_task_spread },
    [FLOW_SOLUTE] = { .name = "solute", .shared = 1, .place = "solute", .upstream = { "eos", "metal" },
                      .fields = FLOW_FIELDS_IONIC | FLOW_FIELDS_SOLUTE, .headline = "solution_energy_ev",
                      .letter = "dH", .unit = "eV", .run = flow_task_solute },
    [FLOW_ADHESION] = { .name = "adhesion", .surface = 1, .partner = 1, .upstream = { "eos", "lithium" },
                        .fields = FLOW_FIELDS_IONIC | FLOW_FIELDS_INTERFACE,
                        .headline = "work_of_adhesion_j_per_m2", .letter = "W", .unit = "J/m2",
                        .run = flow_task_adhesion },
    [FLOW_ATOM] = { .name = "atom", .shared = 1, .spin = 1, .headline = "energy_ev_per_atom", .letter = "E",
                    .unit = "eV", .run = flow_task_atom },
    [FLOW_CONDUCTION] = { .name = "conduction", .shared = 1, .upstream = { "eos" }, .headline = "gap_ev",
                          .letter = "gap", .unit = "eV", .run = flow_task_conduction },
};

const flow_kind_entry *flow_kind_of(flow_kind kind)
{
    return &kinds[kind];
}

const char *flow_kind_name(flow_kind kind)
{
    return kinds[kind].name;
}
