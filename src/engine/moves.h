/*
 * Which inputs move a figure: given-data first-order shares of its variance, by
 * classes of each input over one sample (the same idea as voi.h, for any
 * column).  Private to src/engine.
 */
#ifndef STEELYARD_ENGINE_MOVES_H
#define STEELYARD_ENGINE_MOVES_H

#include "engine/trade.h"

struct moves {
	const struct trade *t;
	struct draws draws;
	int n;
	struct factor *factor;
	unsigned char **bin;            /* [factor][draw], then coordinates */
	int *bins;                      /* that nothing reads */
};

/* The uncertain inputs among `slots`, and the presets that move them, over the
 * draws that the sample of `t` holds now. */
void moves_init(struct moves *m, struct trade *t, const int *slots, int n);
void moves_release(struct moves *m);
/* Shares of the variance of a column (NAN: no number in that draw) for the
 * factors that hang below the slots in `below`, greatest first, noise taken
 * off; those of nothing are left out.  Into the arena of `t`; one thread. */
int moves_of(const struct moves *m, const double *x, const bool *below,
             struct move **out);

#endif
