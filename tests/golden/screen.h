/*
 * A screen without models or engine: the made-up result of sample.h with a
 * form and lists beside it.  What the views are tested with.
 */
#ifndef STEELYARD_TESTS_SCREEN_H
#define STEELYARD_TESTS_SCREEN_H

#include "tui/state.h"

void screen_init(struct state *st, int w, int h, bool ascii);
void screen_release(struct state *st);
void screen_key(struct state *st, const char *name);    /* "Tab", "q" ... */

#endif
