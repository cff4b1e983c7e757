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
	double value, se;               /* EVPPI */
	double share, share_se;         /* first-order share of the lead's
	                                   variance; NAN: nothing varies */
	double low, low_se;             /* expected lead around P10 and P90 */
	double high, high_se;
};

/* What knowing the class of each draw is worth: `bin` in 0..bins-1 by draw. */
struct partial partial_of(const struct judged *j, const unsigned char *bin,
                          int bins);
/* How many classes a sample of n bears: a power of two in 8..64. */
int partial_bins(int64_t n);

struct trade;

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
