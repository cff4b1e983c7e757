/*
 * Where a person was: the scenario, trade-off, picture and parameter of the
 * last time, in $XDG_STATE_HOME/steelyard/session.yaml.
 */
#ifndef STEELYARD_TUI_SESSION_H
#define STEELYARD_TUI_SESSION_H

#include <stdbool.h>

struct state;

/* The scenario that was open last, for free(); NULL: none, or it cannot be
 * read. */
char *session_last(void);
/* Goes back to the place in the scenario that is open, where it was the
 * last one. */
void session_resume(struct state *st);
/* Keeps it.  What cannot be kept is not worth a word. */
void session_keep(const struct state *st);

#endif
