/*
 * Value of information from the draws that are there: given-data estimates by
 * classes of one factor (engine reference, findings 2 and b).
 *
 * Private to src/engine and its tests.
 */
#ifndef STEELYARD_ENGINE_VOI_H
#define STEELYARD_ENGINE_VOI_H

#include "engine/judge.h"

struct partial {
	double value, se;               /* EVPPI; 0 where not told */
	bool told;                      /* the classes differ by more than chance */
	double share, share_se;         /* first-order share of the lead's
	                                   variance; NAN: nothing varies */
	double low, low_se;             /* expected lead around P10 and P90 */
	double high, high_se;
};

/* The costs of each draw against the best option's once the main effects of the
 * factors that move them most are taken off: what those say of another, that is
 * independent of them, is chance, above all along coordinates of a net that
 * are badly spread together. */
#define CONTROLS 12

struct control {
	int factor;
	const unsigned char *bin;
	int bins;
	double *effect;                 /* [bin * K + o], of mean 0 */
};

struct rest {
	int k, n;
	double **column;                /* [o]; NULL for what cannot be taken,
	                                   and for the best beside others */
	struct control at[CONTROLS];
};

/* What is known of each draw. */
struct known {
	const unsigned char *bin;       /* 0..bins-1 by draw */
	int bins;
	const struct rest *rest;        /* NULL: costs as they are */
	unsigned back;                  /* bits: controls that stay in */
	const bool *moved;              /* [o]: whether what an option costs
	                                   against the best can hang on it at
	                                   all; NULL: each may */
};

/* What knowing the class of each draw is worth. */
struct partial partial_of(const struct judged *j, const struct known *w);
/* How many classes a sample of n bears: a power of two in 8..64. */
int partial_bins(int64_t n);

struct trade;
struct factor;

/* The strongest of the factors, whose classes are bin[factor] (they must last as
 * long as the rest does). */
void rest_init(struct rest *r, const struct trade *t,
               unsigned char *const *bin, const int *bins);
void rest_release(struct rest *r);
/* What the best and the others cost, less all controls that are independent of
 * factors f[0..n-1]; options that none of them moves are their mean.  Of the
 * draws that regressions take; judged_cut_release() it. */
void rest_view(const struct trade *t, const int *f, int n, struct judged *out);
/* The controls that hang together with a factor (itself, for one). */
unsigned rest_back(const struct trade *t, const struct rest *r, int factor);
/* Which options' costs against the best one's a factor can move. */
void rest_moved(const struct trade *t, const struct factor *f, bool *moved);

/* What knowing one factor is worth, as reported; `error`: how far the second
 * estimate stands off, NAN where there is none. In units of cost. */
struct single { double value, se, error; };

/* A value that an order law holds between `low` and `high` (whose own error is
 * bound_se); `slack` is what the estimates are known to miss. */
struct bounded { double value, se, low, high, bound_se, slack; };

/* Within four standard errors *out is the ordered projection; beyond it, false
 * and a bug report of what is called `what`. */
bool voi_ordered(struct trade *t, const char *what, const struct bounded *v,
                 double *out);

#endif
