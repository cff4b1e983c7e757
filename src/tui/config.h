/*
 * $XDG_CONFIG_HOME/steelyard/config.yaml: keys and looks.
 *
 *	keys:
 *	  undo: u               # a key, or a list of at most two
 *	  save: [s, "^S"]
 *	theme: 256              # auto, mono, 8, 256: no more colours than that
 *	layout: compact         # auto, compact, standard, wide: no more panels
 *	ascii: true
 *	mouse: false
 */
#ifndef STEELYARD_TUI_CONFIG_H
#define STEELYARD_TUI_CONFIG_H

#include <stdbool.h>

#include "base/err.h"
#include "tui/action.h"
#include "tui/layout.h"

struct config {
	struct keymap keys;
	int colors;             /* at most so many: 0, 8, 256 */
	int layout;             /* enum layout_kind, at most */
	bool ascii, no_mouse;
};

/* Without a file: as everything comes.  False with findings at their places:
 * an action or key that does not exist, one key for two actions. */
bool config_read(struct config *c, struct err *err);
/* The same of a text, called `name` in findings. */
bool config_read_text(struct config *c, const char *text, const char *name,
                      struct err *err);

#endif
