/*
 * What stands under a click: the views' geometry, backwards.
 */
#ifndef STEELYARD_TUI_HIT_H
#define STEELYARD_TUI_HIT_H

#include "tui/state.h"

struct hit {
	enum { HIT_NOTHING, HIT_FORM, HIT_TRADE, HIT_SAVED, HIT_PICTURE,
	       HIT_PANEL,
	       HIT_HELP, HIT_KEY } what;
	int row;                /* of the list; -1 none */
	enum action action;     /* HIT_KEY */
	uint32_t key;           /* or the key that it stands for; 0 none */
};
struct hit hit_test(const struct state *st, int x, int y);

#endif
