/*
 * How well forecasts did: scores of samples, and what several forecasts say of
 * the one who made them.
 */
#ifndef STEELYARD_MATH_SCORE_H
#define STEELYARD_MATH_SCORE_H

/* Of n >= 1 draws in rising order, and what came true: the continuous ranked
 * probability score of the empirical law, E|X - y| - E|X - X'| / 2 (Gneiting
 * and Raftery, J. Am. Stat. Assoc. 102 (2007)); and the share of draws below y,
 * equal ones half. */
double sample_crps(const double *x, int n, double y);
double sample_position(const double *x, int n, double y);

/* By which factor spreads should have been wider for n >= 1 outcomes: they stand
 * at the positions `pit` of their forecasts, so at z = Phi^-1(pit) of a
 * standard normal, if spreads were right; of N(0, k^2) the likeliest k is the
 * root of the mean z^2.  A |z| above 4 counts as 4: one blunder is no spread.
 * `low` and `high`: its 90 % interval, by chi-square. */
struct widening { double factor, low, high; };
struct widening widening_of(const double *pit, int n);

#endif
