/*
 * The terminal: the only door to curses.  Life cycle, input as events, a grid
 * to the screen.
 */
#ifndef STEELYARD_TUI_TERM_H
#define STEELYARD_TUI_TERM_H

#include <stdbool.h>

#include "base/buf.h"
#include "cells/cells.h"
#include "tui/event.h"
#include "tui/tui.h"

struct terminal {
	void *screen;           /* curses' */
	bool open;              /* the terminal is ours, not the shell's */
	bool ascii, mouse, paste;
	int colors;             /* 0 (mono), 8 or 256 */
	struct buf bytes;       /* of a character that is not whole yet */
	struct buf pasted;
	bool pasting;
};

/* Takes the terminal. False, and nothing changed, with ERR_USAGE for one that
 * curses does not know or that cannot place text. */
bool terminal_open(struct terminal *t, const struct tui_options *o,
                   struct err *err);
/* Gives it back as it was: modes, screen, cursor, mouse, paste. */
void terminal_close(struct terminal *t);
/* The same for a while (^Z). */
void terminal_leave(struct terminal *t);
void terminal_return(struct terminal *t);

/* Asks the kernel. */
void terminal_size(const struct terminal *t, int *w, int *h);
void terminal_resize(struct terminal *t, int w, int h);
/* The next draw writes everything. */
void terminal_redraw(struct terminal *t);
void terminal_draw(struct terminal *t, const struct grid *g);

/* Takes what was typed, without waiting. */
enum term_input { TERM_NOTHING, TERM_PART, TERM_EVENT };
enum term_input terminal_event(struct terminal *t, struct event *ev);

#endif
