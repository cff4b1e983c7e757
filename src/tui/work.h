/*
 * What a reduction asked for: runs of the engine and the store.
 */
#ifndef STEELYARD_TUI_WORK_H
#define STEELYARD_TUI_WORK_H

#include <stdbool.h>

#include "base/err.h"

struct state;

/* Opens what `ref` names (file, saved or shipped scenario; NULL: a blank one)
 * and, unless `fresh`, takes up the draft that was left of it.  False with
 * findings and the state as it was. */
bool work_open(struct state *st, const char *ref, bool fresh,
               struct err *err);

/* Does what is wanted at once: list, opening, the quick run, the draft. */
void work_now(struct state *st);
/* What an edit moves at once, and nothing else of that: the trade-off shown and
 * its curve, so that the frame need not wait for the draft.  False: no edit was
 * made. */
bool work_edit(struct state *st);

/* Whether anything is left to be worked out, and the next piece of it: other
 * trade-offs, a curve, a refinement.  `busy` (or NULL) is called now and then
 * with the progress in st->progress and ends the piece by returning false.  What
 * the piece leaves wanted is for work_now. */
bool work_pending(const struct state *st);
void work_idle(struct state *st, bool (*busy)(void *ctx), void *ctx);

#endif
