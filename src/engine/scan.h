/*
 * Costs of all options with one input set to what the caller says: the
 * callback behind break-evens, and the samples behind curves.
 *
 *      exact    everything else at its central value; places are lanes
 *      mean     expected cost over a subset of the draws, all else as drawn
 *
 * Private to src/engine.
 */
#ifndef STEELYARD_ENGINE_SCAN_H
#define STEELYARD_ENGINE_SCAN_H

#include "engine/trade.h"

#define SCAN_STEPS 256          /* step signatures at most */
#define SCAN_MEMO 1024          /* places whose expected costs are kept */

struct scan {
	const struct trade *t;
	int slot;                       /* the input that is set */
	int slot2;                      /* plane: a second one; else -1 */
	struct tape *tape;              /* lean roots, then signatures */
	int nsteps;
	bool rare[SCAN_STEPS];
	/* mean: inputs of the kept draws, by input of the tape, and behind the
	 * slots whatever does not hang on the input that is set */
	struct draws draws;
	double *kept;
	int threads;
	struct feed *feed;              /* by thread */
	double *work;                   /* by thread: K * draws costs */
	double *memo;                   /* [place * (1 + K)]: x, costs */
	int nmemo;
};

/* Costs of the options of `in` (NULL: all); others may be NAN. */
void scan_init_exact(struct scan *s, const struct trade *t, int slot,
                     const bool *in);
void scan_init_mean(struct scan *s, const struct trade *t, int slot,
                    const bool *in, const struct draws *d);
/* Two inputs: exact without draws (d NULL), else expected costs. */
void scan_init_plane(struct scan *s, const struct trade *t, const int slot[2],
                     const bool *in, const struct draws *d);
void scan_release(struct scan *s);
void scan_free(struct scan *s);                 /* made by xcalloc, or NULL */

/* The callbacks of crossings.h; ctx is the scan. */
bool scan_exact(void *ctx, const double *x, int n, double *value,
                double *step);
bool scan_mean(void *ctx, const double *x, int n, double *value,
               double *step);

/* Two inputs at n places each: costs as above and, where `share` is there (mean
 * only), how often each option is best: [option * n + i]. */
bool scan_plane(void *ctx, const double *x, const double *y, int n,
                double *value, double *share);

/* Costs in each kept draw with the input at x: cost[o * draws.n + i]. */
void scan_draws(struct scan *s, int thread, double x, double *cost);
/* The same for the kept draws first.. of one block, each with its own x. */
void scan_lanes(struct scan *s, int thread, int64_t first, int n,
                const double *x, double *cost);

#endif
