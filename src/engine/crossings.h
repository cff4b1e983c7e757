/*
 * Every place in a range where the cheapest of several options changes: a pure
 * algorithm over a callback, with no model in sight.
 *
 * Costs are smooth between steps and jump at steps (a machine more, a tier of
 * prices).  The callback tells a `step` signature beside the costs: numbers
 * that stay the same as long as no step is passed.  So, for an interval:
 *
 *      same signature    smooth: a change of the winner is a root, two slopes
 *                        towards each other may hide a pair of roots or a
 *                        touch
 *      other signature   a bound from slopes and jumps tells whether another
 *                        option can win inside; if so it is cut in 32 until
 *                        each step stands alone in 1e-13 of its place
 *
 * so that costs of tens of thousands of machines cost work only where the
 * options are close.
 *
 * Private to src/engine and its tests.
 */
#ifndef STEELYARD_ENGINE_CROSSINGS_H
#define STEELYARD_ENGINE_CROSSINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "result/result.h"

struct crossings_problem {
	void *ctx;
	/* Costs of all options (value[k * n + i]; NAN: cannot be taken there)
	 * and signatures (step[s * n + i]) at n places.  false stops the
	 * search (cancelled). */
	bool (*eval)(void *ctx, const double *x, int n, double *value,
	             double *step);
	int noptions, nsteps;
	/* Per signature: it changes a few times only, and not always for the
	 * worse (a comparison, the side that a minimum takes): always found
	 * exactly. */
	const bool *rare;
	const bool *in;                 /* which options take part */
	double low, high;
	bool log;                       /* a geometric grid; low > 0 */
	bool zero;                      /* also tell low from 0 (low > 0) */
	int grid;                       /* places of the first scan, and */
	int nmore;                      /* others worth a look, in the range */
	const double *more;
	bool slopes;                    /* costs one more evaluation a place */
	double width;                   /* a crossing's relative width */
	double flat;                    /* gaps below this share of the costs
	                                   count as a touch, jumps as roots */
	int64_t budget;                 /* evaluations */
};

struct crossings {
	int n;
	struct crossing *at;            /* rising; free() releases it */
	int first, last;                /* winners at the ends; -1 none */
	int64_t evaluations;
	bool cut;                       /* the budget ended the search early */
	bool moves;                     /* some cost changes over the range */
};

/* false: the callback stopped it; nothing is left to free. */
bool crossings_find(const struct crossings_problem *p, struct crossings *out);
void crossings_release(struct crossings *c);

#endif
