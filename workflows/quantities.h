/*
 * workflows/quantities.h - descriptors with their errors, as the scores take them.
 *
 * Each function puts one number into desc_score_inputs and adds up what its error is made of: the
 * components of descriptors/data/errors.csv that apply to how it was computed, in quadrature.  A
 * number that is NaN stays missing.  Texts go into `error`, which the inputs borrow.
 */
#ifndef FLOW_QUANTITIES_H
#define FLOW_QUANTITIES_H

#include "descriptors/binding.h"
#include "descriptors/compliance.h"
#include "descriptors/phase_data.h"
#include "descriptors/score.h"
#include "workflows/assemble.h"

/* How a slab was computed, from its record; what is not recorded counts as the cheaper way. */
typedef struct {
    int layers;                      /* 0: not known */
    double k_spacing_per_ang;        /* NaN: not known */
    bool relaxed;
    bool lacks_spin;                 /* a magnetic element without spin */
} flow_settings;

typedef struct {
    char made_of[96];                /* "functional, rigid, thin-slab" */
} flow_error;

/* Of the record of a task; a missing record gives the defaults. */
void flow_settings_of(const flow_assemble_request *request, size_t task, flow_settings *out);

/* error: [DESC_N_CURVES]. */
void flow_quantity_binding(const desc_curves *curves, const flow_settings *settings,
                           double binding_ev, desc_score_inputs *in, flow_error *error);
void flow_quantity_barrier(const desc_curves *curves, const flow_settings *settings,
                           const desc_corrugation *corrugation, desc_score_inputs *in,
                           flow_error *error);
void flow_quantity_solubility(const desc_curves *curves, const desc_solubility *solubility,
                              desc_score_inputs *in, flow_error *error);
void flow_quantity_alloying(const desc_curves *curves, const desc_lithiation *lithiation,
                            desc_score_inputs *in, flow_error *error);
void flow_quantity_volume(const desc_curves *curves, double percent, desc_score_inputs *in,
                          flow_error *error);
void flow_quantity_compliance(const desc_curves *curves, const desc_film_compliance *compliance,
                              desc_score_inputs *in, flow_error *error);

/* A term with one component, `functional`, or nothing to add: adhesion, strain, wetting, ... */
void flow_quantity_plain(const desc_curves *curves, desc_term term, double value,
                         const char *origin, desc_score_inputs *in, flow_error *error);

#endif
