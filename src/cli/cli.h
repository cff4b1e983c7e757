/*
 * The command line: sub-commands, options, exit statuses.
 *
 * One table of commands (commands.c) and one of options (options.c) drive
 * parsing, --help, docs/cli.md and the man page; nothing is listed that does
 * not work.
 */
#ifndef STEELYARD_CLI_CLI_H
#define STEELYARD_CLI_CLI_H

#include "task/task.h"

/* The interactive program, handed in by main() because the screen stands
 * beside the command line.  `ref` is NULL or names a scenario. Returns an exit
 * status. */
struct screen_call {
	struct context *context;
	const char *ref;
	bool ascii, mono;               /* --ascii; --color=never or NO_COLOR */
	bool no_mouse, fresh, plain;    /* --no-mouse, --fresh, --plain */
	struct err *err;
};
typedef int (*screen_fn)(const struct screen_call *call);

/* Runs the program on its arguments; `screen` NULL: there is none. */
int cli_main(int argc, char **argv, screen_fn screen);

#endif
