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

/* --- the scenario's own file (file.c) --- */

/* Keeps what it holds, for what follows. */
void file_opened(struct state *st);
/* Saved: the file says so too when nobody wrote it since and it has no comments
 * that would be lost; the message says whether.  Shipped ones stay. */
void file_follow(struct state *st);
void file_write(struct state *st);      /* what file_ask() wanted */

#endif
