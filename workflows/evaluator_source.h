/*
 * workflows/evaluator_source.h - evaluators for cells of different shape under the same settings.
 *
 * What is subtracted from each other (a slab and its bulk, a solution and the pure metals) must share
 * cutoff, data sets, smearing and k spacing.  A driver that needs several cells asks one source for an
 * evaluator for each, so that they do so by construction; the source chooses what follows from the
 * cell's shape, such as the k mesh.
 */
#ifndef FLOW_EVALUATOR_SOURCE_H
#define FLOW_EVALUATOR_SOURCE_H

#include "dft-lite/base/status.h"
#include "dft-lite/crystal/crystal.h"
#include "workflows/evaluator.h"

typedef struct {
    /* An evaluator for crystals with (about) this cell; periodic[i] = 0: vacuum along a_i, one k point.
     * The caller gives it back.  Errors: the source's own. */
    dft_status (*open)(void *context, const dft_crystal *crystal, const int periodic[3],
                       flow_evaluator *out, dft_error *err);
    void (*close)(void *context, flow_evaluator *evaluator);
    void *context;
} flow_evaluator_source;

#endif
