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

#endif
