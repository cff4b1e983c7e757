/*
 * What a plan's tapes keep of one run for the next: where the draws and the
 * laws below a built-in are what they were, so is what it comes to.
 *
 * Private to src/engine.
 */
#ifndef STEELYARD_ENGINE_MEMO_H
#define STEELYARD_ENGINE_MEMO_H

#include "engine/plan.h"
#include "engine/sample.h"

/* For a run of the plan's full tape over these draws, or of its central one
 * (draws NULL): brought up to date with the sample.  NULL: the plan is not
 * kept, or there is nothing to keep.  One run at a time. */
struct tape_memo *memo_for(const struct plan *p, const struct sample *s,
                           const struct draws *draws);
struct memos *memos_new(void);
void memos_free(struct memos *m);

#endif
