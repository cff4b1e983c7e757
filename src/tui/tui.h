/*
 * The interactive program.
 */
#ifndef STEELYARD_TUI_TUI_H
#define STEELYARD_TUI_TUI_H

#include <stdbool.h>

#include <stdio.h>

#include "base/err.h"

struct context;

struct tui_options {
	bool ascii;             /* --ascii; also taken when the locale asks */
	bool no_mouse;          /* --no-mouse */
	bool no_color;          /* --color=never; NO_COLOR does the same */
	bool few_colors;        /* 8, even where there are more */
	bool fresh;             /* --fresh: leave the draft alone */
};

/* Runs on the terminal at standard input and output until the user leaves.
 * `scenario_ref` is what task_scenario() takes; NULL starts blank.  Both
 * streams must be terminals: the caller has checked.  Returns the exit status
 * (0; err_exit_status() of err).  A signal that ends the program restores the
 * terminal and is raised again, so that the status is true; in that case this
 * does not return. */
int tui_run(struct context *c, const char *scenario_ref,
            const struct tui_options *o, struct err *err);

/* The same without a screen: a dialogue in lines for screen readers and pipes
 * of answers.  It asks the interview's questions over all trade-offs, the one
 * whose answer is worth most to any of them first; between answers it takes
 * commands ("help" lists them).  Ends at the end of `in` or at "quit".  The
 * same answers give the same lines, whatever `in` is. */
int tui_plain(struct context *c, const char *scenario_ref,
              const struct tui_options *o, FILE *in, FILE *out,
              struct err *err);

#endif
