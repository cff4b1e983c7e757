/*
 * The log of edits: what undo and redo walk along.  A scenario on the screen
 * is always `base` with the first `pos` edits replayed; nothing else is kept
 * of how it came about, so the log is small enough to travel in the draft row.
 */
#ifndef STEELYARD_TUI_HISTORY_H
#define STEELYARD_TUI_HISTORY_H

#include <stdbool.h>
#include <stddef.h>

struct buf;
struct err;
struct library;
struct scenario;

#define HISTORY_MAX 2000                /* edits; the oldest fold into base */

/* An edit that was `kept` changes nothing: somebody was asked for the value
 * and does not know better than the model.  One that says what to `ask` names a
 * model, and takes it out with the value "". */
enum edit_kind { EDIT_TYPED, EDIT_NUDGE, EDIT_KEPT, EDIT_ASK, EDIT_KINDS };

struct edit {
	char *name;                     /* as scenario_set takes it */
	char *value;                    /* "" takes the override away */
	enum edit_kind kind;
};

struct history {
	char *base;                     /* canonical text; NULL: empty */
	char *clean;                    /* what a draft that was read had been
	                                   saved or opened as, or NULL */
	struct edit *edit;
	int n, pos;
	size_t cap;
};

void history_init(struct history *h, const char *base);
void history_release(struct history *h);
/* Adds an edit after `pos` and drops what could have been redone.  Nudges of
 * the same parameter in a row are one edit. */
void history_push(struct history *h, const char *name, const char *value,
                  enum edit_kind kind);
/* Whether `name` was asked or changed: its last edit in force, or NULL. */
const struct edit *history_find(const struct history *h, const char *name);
void history_drop_first(struct history *h);     /* when it became the base */
/* Does it to a scenario; false with findings, and half of it may be done. */
bool edit_apply(enum edit_kind kind, const char *name, const char *value,
                struct scenario *s, struct library *l, struct err *err);
/* `from` with the first `pos` edits; NULL with findings. */
struct scenario *history_replay(const struct history *h,
                                const struct scenario *from,
                                struct library *l, struct err *err);
/* The opaque text of the draft row, and back; false when it is none.  `clean`:
 * the canonical text that the draft differs from, which need not lie on the way
 * from the base; or NULL. */
void history_write(const struct history *h, const char *clean,
                   struct buf *out);
bool history_read(struct history *h, const char *text);

#endif
