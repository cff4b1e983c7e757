#include "dist/dist.h"

#include <math.h>

#include "base/mem.h"
#include "dist/law.h"
#include "base/banned.h"

const struct dist_family dist_families[DIST_N] = {
	[DIST_POINT] = { "number", "", "one value, no uncertainty" },
	[DIST_NORMAL] = { "normal", "mean, sd", "symmetric, may be negative" },
	[DIST_LOGNORMAL] = { "lognormal", "median, sigma of the log",
	                     "positive, skewed to the right" },
	[DIST_UNIFORM] = { "uniform", "low, high", "every value as likely" },
	[DIST_LOGUNIFORM] = { "loguniform", "low, high",
	                      "every order of magnitude as likely" },
	[DIST_TRIANGULAR] = { "triangular", "low, mode, high",
	                      "least, most likely, greatest" },
	[DIST_PERT] = { "pert", "low, mode, high",
	                "least, most likely, greatest, with a smooth peak" },
	[DIST_BETA] = { "beta", "a, b",
	                "a share: as after a - 1 hits and b - 1 misses" },
	[DIST_GAMMA] = { "gamma", "shape, scale", "positive: waits and rates" },
	[DIST_DISCRETE] = { "discrete", "value: weight, ...",
	                    "a few values, each with its probability" },
	[DIST_WEIBULL] = { "weibull", "shape, scale", "positive: lifetimes" },
	[DIST_STUDENT_T] = { "student_t",
	                     "degrees of freedom, location, scale",
	                     "symmetric with heavy tails" },
	[DIST_BERNOULLI] = { "bernoulli", "p", "1 with probability p, else 0" },
	[DIST_POISSON] = { "poisson", "mean", "a count of rare events" },
	[DIST_JQPD] = { "jqpd", "p10, p50, p90",
	                "through three quantiles, always possible" },
	[DIST_METALOG] = { "metalog", "p10, p50, p90",
	                   "through three quantiles, where possible" },
	[DIST_MIXTURE] = { "mixture", "weight: distribution, ...",
	                   "one of several, each with its probability" },
	[DIST_TRUNCATED] = { "truncate", "distribution, low, high",
	                     "what of a distribution lies in a range" },
	[DIST_EMPIRICAL] = { "empirical", "a table's column",
	                     "the values that were measured, each as likely" },
};

struct dist *dist_new(struct arena *a, enum dist_kind kind)
{
	struct dist *d = arena_alloc(a, sizeof *d);

	d->kind = kind;
	d->text = "";
	return d;
}

struct dist *dist_point(struct arena *a, double value)
{
	struct dist *d = dist_new(a, DIST_POINT);

	d->p[0] = value;
	law_complete(d);
	return d;
}

struct dist *dist_empirical(struct arena *a, const double *values, int n)
{
	struct dist *d = dist_new(a, DIST_EMPIRICAL);

	d->n = n;
	d->value = arena_alloc(a, (size_t)n * sizeof *d->value);
	for (int i = 0; i < n; i++)
		d->value[i] = values[i];
	atoms_complete(a, d);
	d->value = d->sorted;
	return d;
}

bool dist_is_point(const struct dist *d)
{
	return d->kind == DIST_POINT;
}

bool dist_is_discrete(const struct dist *d)
{
	return d->kind == DIST_POINT || d->kind == DIST_DISCRETE ||
	       d->kind == DIST_BERNOULLI || d->kind == DIST_EMPIRICAL;
}

double dist_quantile(const struct dist *d, double u)
{
	return law_quantile(d, u, 1 - u);
}

double dist_cdf(const struct dist *d, double x)
{
	return law_cdf(d, x).lower;
}

double dist_position(const struct dist *d, double y)
{
	return (dist_cdf(d, y) + dist_cdf(d, nextafter(y, -HUGE_VAL))) / 2;
}

double dist_mean(const struct dist *d)
{
	return law_of(d)->mean(d);
}

double dist_sd(const struct dist *d)
{
	return law_of(d)->sd(d);
}

static double heaviest_atom(const struct dist *d)
{
	int best = 0;

	for (int i = 1; i < d->n; i++)
		if (d->weight[i] > d->weight[best])
			best = i;
	return d->value[best];
}

/* The modes of a whole mean m are m - 1 and m: the first of equals. */
static double poisson_mode(const struct dist *d)
{
	return fmax(ceil(d->p[0]) - 1, 0) * d->p[1];
}

/* The middle value of a column, or the mean of the middle two. */
static double column_median(const struct dist *d)
{
	return 0.5 * d->sorted[(d->n - 1) / 2] + 0.5 * d->sorted[d->n / 2];
}

struct dist *dist_pointed(struct arena *a, const struct dist *d, double value)
{
	struct dist *copy;

	if (!(value >= d->low && value <= d->high))
		return NULL;
	copy = arena_alloc(a, sizeof *copy);
	*copy = *d;
	copy->pointed = true;
	copy->point = value;
	return copy;
}

double dist_central(const struct dist *d)
{
	if (d->pointed)
		return d->point;
	switch (d->kind) {
	case DIST_DISCRETE:
	case DIST_BERNOULLI:
		return heaviest_atom(d);
	case DIST_POISSON:
		return poisson_mode(d);
	case DIST_EMPIRICAL:
		return column_median(d);
	default:
		return law_quantile(d, 0.5, 0.5);
	}
}
