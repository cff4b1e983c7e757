/*
 * What a text that is being typed would mean: the law behind it in a line of
 * columns, its mean and its 5 % and 95 % points, long before Enter.
 */
#ifndef STEELYARD_TUI_PREVIEW_H
#define STEELYARD_TUI_PREVIEW_H

#include <stdbool.h>

#include "cells/cells.h"

struct state;

#define PREVIEW_COLUMNS 32

struct preview {
	bool known;             /* the text is a value, and has a law */
	bool fixed;             /* one value: only `mean` counts */
	double low, high;       /* what the columns span, in the row's unit */
	double mean, p5, p95;
	double column[PREVIEW_COLUMNS]; /* 0..1 */
};

/* Reads st->editor as the value of `name` into st->preview. */
void preview_read(struct state *st, const char *name);
/* In one row columns, then the figures where there is room for them; in three
 * or more the figures, and the columns with their ends below. */
void preview_draw(const struct preview *p, const char *unit, struct grid *g,
                  struct rect r);

#endif
