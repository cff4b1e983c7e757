/*
 * Help: the action table as a list that can be searched and run from.
 */
#ifndef STEELYARD_TUI_HELP_H
#define STEELYARD_TUI_HELP_H

#include "cells/cells.h"
#include "tui/state.h"

/* The entries that hold what is typed, in the order of the table. */
int help_count(const struct state *st);
enum action help_action(const struct state *st, int row);  /* ACT_N: none */
/* The file that "open" or "spend" names, as far as there is one way on. */
void palette_complete(struct state *st);
/* The entry at a place of the screen; -1: none. */
int help_row(const struct state *st, int x, int y);
void help_draw(const struct state *st, struct grid *g);

#endif
