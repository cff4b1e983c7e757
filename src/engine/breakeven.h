/*
 * Break-evens of one parameter.  Private to src/engine.
 */
#ifndef STEELYARD_ENGINE_BREAKEVEN_H
#define STEELYARD_ENGINE_BREAKEVEN_H

#include "engine/crossings.h"
#include "engine/trade.h"

/* Where a parameter is searched: its bounds, or four decades around the
 * central value where they are wide open. */
struct range {
	double low, high, here;
	bool log, zero;                 /* geometric; zero itself counts too */
};
struct range range_of(const struct trade *t, int slot);

/* The part of it that shows where the best option changes, by exact crossings
 * at central values: cheap, and near enough for a chart.  false: cancelled. */
bool range_shown(struct trade *t, int slot, double *low, double *high,
                 bool *log);

/* Fills one break-even of `slot`, shown as `name`: between options a and b, or
 * (b < 0) of the best option of all that no rule bars.  false: cancelled. */
bool break_even_fill(struct trade *t, int slot, const char *name, int a,
                     int b, struct break_even *out);

/* Where the winner changes more than once at the centre it does so near by in
 * draws and means of small spread: those places and the middles between them
 * are worth a look beside a grid.  *n: how many.  false: cancelled. */
#define HINTS 64
bool look_between(struct trade *t, int slot, const struct range *r,
                  const bool *in, double more[HINTS], int *n);

/* Every crossing of exact costs (all else central), in base units, between the
 * options of `in`. */
bool crossings_exact(struct trade *t, int slot, const struct range *r,
                     const bool *in, struct crossings *out);

#endif
