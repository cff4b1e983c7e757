#include "math/counts.h"

#include <math.h>
#include <stdbool.h>

#include "math/special.h"

#include "base/banned.h"

#define MOST 1e9

/* A count's law: P(X <= k), P(X = k) and the ratio of P(X = k + 1) to it. */
struct law { double n, p; };            /* binomial; n < 0: Poisson of mean p */

static double log_gamma(double x)
{
	int sign;

	return lgamma_r(x, &sign);      /* lgamma() writes a global */
}

static double cdf(const struct law *l, double k)
{
	if (l->n < 0)
		return gamma_inc_upper(k + 1, l->p);
	return k >= l->n ? 1 : beta_inc_upper(k + 1, l->n - k, l->p);
}

static double pmf(const struct law *l, double k)
{
	double n = l->n, p = l->p;

	if (n < 0)
		return exp(k * log(p) - p - log_gamma(k + 1));
	return exp(log_gamma(n + 1) - log_gamma(k + 1) -
	           log_gamma(n - k + 1) + k * log(p) + (n - k) * log1p(-p));
}

static double ratio(const struct law *l, double k)
{
	return l->n < 0 ? l->p / (k + 1) :
	       (l->n - k) / (k + 1) * l->p / (1 - l->p);
}

static double walk(const struct law *l, double u, double start)
{
	double most = l->n < 0 ? 4 * MOST : l->n;
	double k = fmin(fmax(floor(start), 0), most);
	double below = cdf(l, k), at = pmf(l, k);

	while (below < u && k < most) {
		at *= ratio(l, k);
		k++;
		below += at;
		if (at < 1e-300)        /* u beyond all that doubles can add */
			break;
	}
	while (k > 0 && below - at >= u) {
		below -= at;
		k--;
		at /= ratio(l, k);
	}
	return k;
}

/* Cornish and Fisher's first correction (Abramowitz and Stegun 26.2.49). */
static double start(double u, double mean, double variance, double skew)
{
	double z = normal_quantile(u);

	return mean + sqrt(variance) * (z + skew * (z * z - 1) / 6) + 0.5;
}

double binomial_count(double u, double n, double p)
{
	struct law l = { n, p };
	double v = n * p * (1 - p);

	if (!(u > 0 && u < 1 && p >= 0 && p <= 1 && n >= 0 && n <= MOST) ||
	    n != floor(n))
		return NAN;
	if (!(v > 0))
		return p < 0.5 ? 0 : n;
	return walk(&l, u, start(u, n * p, v, (1 - 2 * p) / sqrt(v)));
}

double poisson_count(double u, double mean)
{
	struct law l = { -1, mean };

	if (!(u > 0 && u < 1 && mean >= 0 && mean <= MOST))
		return NAN;
	if (!(mean > 0))
		return 0;
	return walk(&l, u, start(u, mean, mean, 1 / sqrt(mean)));
}
