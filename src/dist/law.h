/*
 * Private to src/dist: what each family of distributions can do, as a table.
 *
 * A probability travels as a pair, p from below and q = 1 - p from above,
 * because each of the two keeps digits that the other has lost: the quantile
 * at p = 1 - 2^-33 is as good as the one at 2^-33.
 */
#ifndef STEELYARD_DIST_LAW_H
#define STEELYARD_DIST_LAW_H

#include "dist/dist.h"

struct prob {
	double lower, upper;    /* P(X <= x), P(X > x) */
};

struct law {
	double (*quantile)(const struct dist *d, double p, double q);
	struct prob (*cdf)(const struct dist *d, double x);
	double (*mean)(const struct dist *d);
	double (*sd)(const struct dist *d);
	/* The quantile again, from a guess; NULL where it has a closed form. */
	double (*near)(const struct dist *d, double p, double q, double guess);
};

/* Indexed by enum dist_kind. */
const struct law *law_of(const struct dist *d);
double law_quantile(const struct dist *d, double p, double q);
double law_quantile_near(const struct dist *d, double p, double q,
                         double guess);
struct prob law_cdf(const struct dist *d, double x);

/* Smooth: the quantile function is analytic inside (0, 1). */
bool law_is_smooth(const struct dist *d);

/* Fills d->k, d->low, d->high from d->p. Every maker calls it last. */
void law_complete(struct dist *d);

/* Mean and standard deviation of any law by the trapezium rule in the normal
 * variable; `power` 1 gives E[X], 2 gives E[(X - center)^2]. */
double law_moment(const struct dist *d, int power, double center);

/* Families that need a file of their own. */
double jqpd_quantile(const struct dist *d, double p, double q);
struct prob jqpd_cdf(const struct dist *d, double x);
double metalog_quantile(const struct dist *d, double p, double q);
struct prob metalog_cdf(const struct dist *d, double x);
double metalog_mean(const struct dist *d);
double metalog_sd(const struct dist *d);

double atoms_quantile(const struct dist *d, double p, double q);
struct prob atoms_cdf(const struct dist *d, double x);
double atoms_mean(const struct dist *d);
double atoms_sd(const struct dist *d);
void atoms_complete(struct arena *a, struct dist *d);

double poisson_quantile(const struct dist *d, double p, double q);
struct prob poisson_cdf(const struct dist *d, double x);

double mixture_quantile(const struct dist *d, double p, double q);
double mixture_near(const struct dist *d, double p, double q, double guess);
struct prob mixture_cdf(const struct dist *d, double x);
double mixture_mean(const struct dist *d);
double mixture_sd(const struct dist *d);
double truncated_quantile(const struct dist *d, double p, double q);
double truncated_near(const struct dist *d, double p, double q, double guess);
struct prob truncated_cdf(const struct dist *d, double x);

/* Makers of what is composed; checks are the parser's. */
struct dist *dist_new(struct arena *a, enum dist_kind kind);
struct dist *dist_mixture(struct arena *a, struct dist *const *part,
                          const double *weight, int n);
/* NULL when [low, high] keeps less than 1e-9 of the law. */
struct dist *dist_truncated(struct arena *a, struct dist *base, double low,
                            double high);

#endif
