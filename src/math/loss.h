/*
 * The tail of a sum of losses: Poisson many of each of a few sizes (a compound
 * Poisson law).  Sizes are rounded to whole multiples of `step`; on that
 * lattice the law is exact, by Panjer's recursion (ASTIN Bulletin 12, 1981):
 *
 *      p(0) = exp(-sum of rates),  p(s) = 1/s  sum_i rate_i m_i p(s - m_i)
 *
 * carried on a moving scale, so that rates of many thousands do not underflow.
 * All terms are positive: some 1e-12 relative.  Time grows with the mean over
 * the step, of all but a largest size that is rare.  At most LOSS_STEPS steps
 * count: NAN beyond, and NAN for rates or sizes below 0, a step that is not
 * positive, and p outside of (0, 1).
 */
#ifndef STEELYARD_MATH_LOSS_H
#define STEELYARD_MATH_LOSS_H

#define LOSS_SIZES 3
#define LOSS_STEPS 4000000

/* Mean number of losses a period, and the size of each. */
struct loss { double rate, size; };

/* The least lattice value that is exceeded with probability <= 1 - p. */
double loss_quantile(double p, double step, const struct loss *l, int n);
/* The mean of the worst 1 - p: the quantile plus what goes beyond it on the
 * mean, over 1 - p. */
double loss_cvar(double p, double step, const struct loss *l, int n);

#endif
