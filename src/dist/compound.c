/*
 * Mixtures and truncations.
 */
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "base/mem.h"
#include "dist/law.h"
#include "base/banned.h"

#define KEEP_MIN 1e-9

/* Doubles in their natural order as integers, so that a bisection over them
 * ends at neighbouring numbers after at most 64 steps, and lands exactly on
 * an atom where the law jumps. */
static int64_t ordered(double x)
{
	int64_t i;

	memcpy(&i, &x, sizeof i);
	return i < 0 ? INT64_MIN - i : i;
}

static double from_ordered(int64_t i)
{
	double x;

	if (i < 0)
		i = INT64_MIN - i;
	memcpy(&x, &i, sizeof x);
	return x;
}

static int64_t middle(int64_t lo, int64_t hi)
{
	return (lo & hi) + ((lo ^ hi) >> 1);
}

/* F(x) - p, taken on the smaller tail. */
static double excess(const struct dist *d, double x, double p, double q)
{
	struct prob c = law_cdf(d, x);

	return p <= q ? c.lower - p : q - c.upper;
}

/* Where the law is smooth, the secant's point with Illinois' halving is there
 * in a few steps.  True when *x is the quantile; [*lo, *hi] brackets it. */
static bool secant(const struct dist *d, double p, double q, double *lo,
                   double *hi, double *x)
{
	double tail = p <= q ? p : q, a = excess(d, *lo, p, q);
	double b = excess(d, *hi, p, q);
	int side = 0;

	for (int i = 0; i < 14; i++) {
		double e;

		*x = *lo - a * ((*hi - *lo) / (b - a));
		if (!(*x > *lo && *x < *hi))
			return false;
		e = excess(d, *x, p, q);
		if (fabs(e) <= 4e-16 * tail)
			return true;
		if (e < 0) {
			*lo = *x;
			a = e;
			b *= side < 0 ? 0.5 : 1;
			side = -1;
		} else {
			*hi = *x;
			b = e;
			a *= side > 0 ? 0.5 : 1;
			side = 1;
		}
	}
	return false;
}

/* The smallest number in [lo, hi] whose cdf reaches p; hi when none does. */
static double search(const struct dist *d, double lo, double hi, double p,
                     double q)
{
	int64_t a, b;
	double x;

	if (excess(d, lo, p, q) >= 0)
		return lo;
	if (excess(d, hi, p, q) < 0)
		return hi;
	if (secant(d, p, q, &lo, &hi, &x))
		return x;
	a = ordered(lo);
	b = ordered(hi);
	while (a + 1 < b) {
		int64_t m = middle(a, b);

		if (excess(d, from_ordered(m), p, q) >= 0)
			b = m;
		else
			a = m;
	}
	return from_ordered(b);
}

/* A guess that is good to a millionth of the bracket narrows it to that. */
static void narrow(const struct dist *d, double p, double q, double guess,
                   double *lo, double *hi)
{
	double w = 1e-6 * (*hi - *lo);

	if (!(guess - w > *lo && guess + w < *hi))
		return;
	if (excess(d, guess - w, p, q) < 0)
		*lo = guess - w;
	else
		*hi = guess - w;
	if (guess + w < *hi && excess(d, guess + w, p, q) >= 0)
		*hi = guess + w;
	else if (guess + w < *hi)
		*lo = guess + w;
}

/* The components' quantiles at p bracket the mixture's. */
double mixture_near(const struct dist *d, double p, double q, double guess)
{
	double lo = HUGE_VAL, hi = -HUGE_VAL;

	for (int i = 0; i < d->n; i++) {
		double x = law_quantile(d->part[i], p, q);

		lo = fmin(lo, x);
		hi = fmax(hi, x);
	}
	narrow(d, p, q, guess, &lo, &hi);
	return search(d, lo, hi, p, q);
}

double mixture_quantile(const struct dist *d, double p, double q)
{
	return mixture_near(d, p, q, NAN);
}

struct prob mixture_cdf(const struct dist *d, double x)
{
	struct prob sum = { 0, 0 };

	for (int i = 0; i < d->n; i++) {
		struct prob c = law_cdf(d->part[i], x);

		sum.lower += d->weight[i] * c.lower;
		sum.upper += d->weight[i] * c.upper;
	}
	return sum;
}

double mixture_mean(const struct dist *d)
{
	double sum = 0;

	for (int i = 0; i < d->n; i++)
		sum += d->weight[i] * dist_mean(d->part[i]);
	return sum;
}

double mixture_sd(const struct dist *d)
{
	double mean = mixture_mean(d), sum = 0;

	for (int i = 0; i < d->n; i++) {
		double sd = dist_sd(d->part[i]);
		double e = dist_mean(d->part[i]) - mean;

		sum += d->weight[i] * (sd * sd + e * e);
	}
	return sqrt(sum);
}

static int atoms_in(struct dist *const *part, int n)
{
	int total = 0;

	for (int i = 0; i < n; i++) {
		if (part[i]->kind == DIST_POINT)
			total++;
		else if (dist_is_discrete(part[i]))
			total += part[i]->n;
		else
			return 0;
	}
	return total;
}

static void add_atom(struct dist *d, double value, double weight)
{
	for (int i = 0; i < d->n; i++) {
		if (d->value[i] == value) {
			d->weight[i] += weight;
			return;
		}
	}
	d->value[d->n] = value;
	d->weight[d->n++] = weight;
}

/* A mixture of finite laws is one finite law. */
static struct dist *merge_atoms(struct arena *a, struct dist *const *part,
                                const double *weight, int n, int total)
{
	struct dist *d = dist_new(a, DIST_DISCRETE);

	d->value = arena_alloc(a, (size_t)total * sizeof *d->value);
	d->weight = arena_alloc(a, (size_t)total * sizeof *d->weight);
	for (int i = 0; i < n; i++) {
		const struct dist *c = part[i];

		if (c->kind == DIST_POINT)
			add_atom(d, c->p[0], weight[i]);
		for (int j = 0; j < c->n; j++)
			add_atom(d, c->value[j], weight[i] * c->weight[j]);
	}
	atoms_complete(a, d);
	return d;
}

struct dist *dist_mixture(struct arena *a, struct dist *const *part,
                          const double *weight, int n)
{
	int total = atoms_in(part, n);
	struct dist *d;

	if (total)
		return merge_atoms(a, part, weight, n, total);
	d = dist_new(a, DIST_MIXTURE);
	d->n = n;
	d->part = arena_alloc(a, (size_t)n * sizeof(struct dist *));
	d->weight = arena_alloc(a, (size_t)n * sizeof *d->weight);
	d->low = HUGE_VAL;
	d->high = -HUGE_VAL;
	for (int i = 0; i < n; i++) {
		d->part[i] = part[i];
		d->weight[i] = weight[i];
		d->low = fmin(d->low, part[i]->low);
		d->high = fmax(d->high, part[i]->high);
	}
	return d;
}

/*
 * Truncated: p[0], p[1] are the cuts; k[0], k[1] the law's probability below
 * the low and up to the high cut, k[2], k[3] the same from above, k[4] what is
 * kept.  A probability is mapped into the kept part from whichever end is
 * nearer to its own.
 */
double truncated_near(const struct dist *d, double p, double q, double guess)
{
	double lower = d->k[0] + p * d->k[4], upper = d->k[3] + q * d->k[4];
	double x;

	if (lower <= 0.5)
		upper = 1 - lower;
	else
		lower = 1 - upper;
	x = law_quantile_near(d->part[0], lower, upper, guess);
	return fmin(fmax(x, d->p[0]), d->p[1]);
}

double truncated_quantile(const struct dist *d, double p, double q)
{
	return truncated_near(d, p, q, NAN);
}

struct prob truncated_cdf(const struct dist *d, double x)
{
	struct prob c, r;

	if (x < d->p[0])
		return (struct prob) { 0, 1 };
	if (x >= d->p[1])
		return (struct prob) { 1, 0 };
	c = law_cdf(d->part[0], x);
	r.lower = fmin(fmax((c.lower - d->k[0]) / d->k[4], 0), 1);
	r.upper = fmin(fmax((c.upper - d->k[3]) / d->k[4], 0), 1);
	if (c.lower <= 0.5)             /* the other has lost its digits */
		r.upper = 1 - r.lower;
	else
		r.lower = 1 - r.upper;
	return r;
}

static struct dist *truncate_atoms(struct arena *a, const struct dist *base,
                                   double low, double high)
{
	struct dist *d = dist_new(a, DIST_DISCRETE);
	double kept = 0;

	d->value = arena_alloc(a, (size_t)base->n * sizeof *d->value);
	d->weight = arena_alloc(a, (size_t)base->n * sizeof *d->weight);
	for (int i = 0; i < base->n; i++) {
		if (base->value[i] < low || base->value[i] > high)
			continue;
		d->value[d->n] = base->value[i];
		d->weight[d->n++] = base->weight[i];
		kept += base->weight[i];
	}
	if (kept < KEEP_MIN)
		return NULL;
	for (int i = 0; i < d->n; i++)
		d->weight[i] /= kept;
	atoms_complete(a, d);
	return d;
}

struct dist *dist_truncated(struct arena *a, struct dist *base, double low,
                            double high)
{
	struct prob below, to;
	struct dist *d;

	if (dist_is_discrete(base))
		return truncate_atoms(a, base, low, high);
	below = law_cdf(base, nextafter(low, -HUGE_VAL));
	to = law_cdf(base, high);
	d = dist_new(a, DIST_TRUNCATED);
	d->part = arena_alloc(a, sizeof(struct dist *));
	d->part[0] = base;
	d->p[0] = low;
	d->p[1] = high;
	d->k[0] = below.lower;
	d->k[1] = to.lower;
	d->k[2] = below.upper;
	d->k[3] = to.upper;
	d->k[4] = to.lower <= 0.5 ? to.lower - below.lower :
	                            below.upper - to.upper;
	d->low = fmax(low, base->low);
	d->high = fmin(high, base->high);
	return d->k[4] >= KEEP_MIN ? d : NULL;
}
