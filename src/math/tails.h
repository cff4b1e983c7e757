/*
 * Private to src/math and src/dist: both tails of the incomplete beta and
 * gamma integrals at once, and their inverses from both tails.
 *
 * A law on (0, 1) or (0, inf) is followed in t = logit x or t = ln x: there
 * both laws are log-concave, so that a Halley step on the logarithm of the
 * smaller tail converges from everywhere, and neither end loses digits.
 */
#ifndef STEELYARD_MATH_TAILS_H
#define STEELYARD_MATH_TAILS_H

struct tails {
	double lower, upper;    /* P and 1 - P, each with its own digits */
	double slope;           /* dP/dt */
	double bend;            /* d ln(slope)/dt */
};

/* Shapes a, b > 0. */
struct tails beta_tails(double a, double b, double t);
struct tails gamma_tails(double a, double t);

/* The t where the lower tail is p and the upper q = 1 - p; `guess` is a start,
 * NAN where there is none.  Never fails; t is cut to +-745, beyond which exp
 * leaves the range of doubles. */
double beta_solve(double a, double b, double p, double q, double guess);
double gamma_solve(double a, double p, double q, double guess);

/* ln Gamma(z) less Stirling's leading terms. */
double stirling_rest(double z);
/* ln(1 + e) - e, where ratio = 1 + e. */
double log_rest(double ratio, double e);

#endif
