/*
 * What the files of the dialogue in lines share.  Private to src/tui/plain*.c.
 */
#ifndef STEELYARD_TUI_PLAIN_H
#define STEELYARD_TUI_PLAIN_H

#include <stdio.h>

#include "tui/state.h"

struct talk {
	struct state st;
	FILE *in, *out;
	struct buf line;                /* being put together */
	int asked;                      /* number of the question that stands */
	char *name;                     /* and what it asks for; owned */
	bool again, quit;               /* again: say the question once more */
};

/* One line, or all lines, with nothing that a terminal would obey; errors and
 * what the work had to say. */
void say(struct talk *t);               /* t->line, and empties it */
void say_text(struct talk *t, const char *text);
void say_err(struct talk *t, struct err *err);
void say_message(struct talk *t);
/* Does all the work there is. */
void plain_settle(struct talk *t);

/* A line's first word names a command; `rest` is what stands behind it. */
struct plain_command {
	const char *word, *takes, *help;        /* takes: "" nothing */
	void (*run)(struct talk *t, char *rest);
};
/* Those beyond the interview; the last has no word. */
extern const struct plain_command plain_more[];

#endif
