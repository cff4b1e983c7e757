/*
 * Shares of a variance by runs of their own: total indices of independent
 * inputs, Shapley effects of inputs that may be correlated.
 *
 * One net holds two points a draw: A in its first d dimensions, B in the other
 * d.  (Two halves of a run of d dimensions would not do: they hang together.)
 *
 *      total      f(A), then f(A) with one input from B: half the mean square
 *                 of their difference over the variance (Jansen 1999)
 *      Shapley    from B to A, input after input in an order of the draw's own;
 *                 what each step takes off half the square of f(A) - f(here)
 *                 is its input's (Goda 2021).  Correlated inputs are drawn one
 *                 after another in that order, each from its law given those
 *                 before it, so that every step is a draw of the conditional
 *                 law (Song, Nelson and Staum 2016)
 *
 * Both cost d + 1 runs a draw.  Private to src/engine and its tests.
 */
#ifndef STEELYARD_ENGINE_INDICES_H
#define STEELYARD_ENGINE_INDICES_H

#include <stdbool.h>

#include "dist/draws.h"

#define INDICES_MOST 1024       /* inputs: half the dimensions there are */
#define INDICES_MOST_CORRELATED 64

/* What is asked of, on up to TAPE_BLOCK lanes of a thread: set() puts the
 * coordinates u of input i in place until the next call, run() fills y, NAN
 * where there is no number. */
struct indices {
	int d, threads;
	struct draws draws;
	/* Correlations of normal scores, row by row; NULL: all independent. */
	const double *correlation;
	void (*set)(void *ctx, int thread, int i, const double *u, int n);
	void (*run)(void *ctx, int thread, int n, double *y);
	void *ctx;
	bool (*goes_on)(void *ctx, double done);        /* or NULL */
};

/* Shares and their standard errors from the replicates (NAN without), by input.
 * Totals are never negative; Shapley effects sum to 1, and one that is 0 may
 * come out below it by its error.  NAN: nothing varies.  false: cancelled. */
bool indices_total(const struct indices *q, double *share, double *se);
bool indices_shapley(const struct indices *q, double *share, double *se);

#endif
