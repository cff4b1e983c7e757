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

/* One refinement of quick results; `busy` is called now and then with the
 * progress in st->progress and ends the run by returning false.  True when
 * there is nothing left to do. */
bool work_idle(struct state *st, bool (*busy)(void *ctx), void *ctx);

#endif
