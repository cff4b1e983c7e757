/*
 * Quantiles of counts whose law differs from draw to draw, as the outcome of a
 * study does: the smallest k with P(X <= k) >= u.  A start from the normal law
 * with its skewness put right, then steps along the exact probabilities.
 *
 * NAN where the arguments lie outside of the stated domain.
 */
#ifndef STEELYARD_MATH_COUNTS_H
#define STEELYARD_MATH_COUNTS_H

/* n whole in 0..1e9, 0 <= p <= 1, 0 < u < 1. */
double binomial_count(double u, double n, double p);
/* 0 <= mean <= 1e9. */
double poisson_count(double u, double mean);

#endif
