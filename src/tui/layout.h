/*
 * Where everything stands, by size.  Three breakpoints from one table, and the
 * verdict strip in all of them:
 *
 *	compact  (< 80 wide or < 20 high)   one panel, verdict, key bar
 *	standard (80 to 119 wide)           lists | form and picture
 *	wide     (>= 120 and >= 32 high)    lists | form and help | pictures
 *
 * Below 40x10 there is one line of advice.  Who wants fewer panels than there is
 * room for says so (state.layout_most).
 */
#ifndef STEELYARD_TUI_LAYOUT_H
#define STEELYARD_TUI_LAYOUT_H

#include <stdbool.h>

#include "cells/cells.h"

struct state;

#define LAYOUT_MIN_W 40
#define LAYOUT_MIN_H 10

enum layout_kind { LAYOUT_TINY, LAYOUT_COMPACT, LAYOUT_STANDARD, LAYOUT_WIDE };

struct layout {
	enum layout_kind kind;
	bool single;            /* one panel at a time: compact or zoomed */
	struct rect title, verdict, keys, panel;
	/* an empty rectangle: not on this screen */
	struct rect trades, saved, form, detail;
	struct rect picture, second, third;
	struct rect ask;        /* of the interview, in place of others */
};

enum layout_kind layout_kind_of(const struct state *st);
struct layout layout_of(const struct state *st);

/* First row to show so that `selected` stands in the middle where it can. */
int layout_scroll(int selected, int rows, int n);
bool rect_holds(struct rect r, int x, int y);

#endif
