/*
 * How well a law foresaw a value: the continuous ranked probability score,
 *
 *	crps(y) = 2 int_0^1 (1{y <= q(u)} - u) (q(u) - y) du
 *
 * (Gneiting and Raftery, J. Am. Stat. Assoc. 102 (2007); Laio and Tamea, 2007).
 * The integral runs over the normal variable z, u = Phi(z), on both sides of
 * the place of y, where the integrand bends, each by the double exponential
 * rule for a half line (Takahasi and Mori 1974).
 */
#include <math.h>

#include "dist/law.h"
#include "math/special.h"

#include "base/banned.h"

#define Z_MOST 8.0              /* beyond lies 1e-15 of any law */
#define STEPS 8192              /* of laws that jump */

static double term(const struct dist *d, double y, double z, bool above)
{
	double p = normal_cdf(z), q = normal_cdf(-z);

	return normal_pdf(z) * (above ? q : p) *
	       fabs(law_quantile(d, p, q) - y);
}

/* Over z from `from` away to the one side: s = exp(t - exp(-t)). */
static double half_line(const struct dist *d, double y, double from, int side)
{
	const double h = 1.0 / 64;
	double sum = 0;

	for (int i = (int)(-4 / h); i * h < 4; i++) {
		double t = i * h, s = exp(t - exp(-t));
		double z = from + side * s;

		if (fabs(z) < 37)
			sum += (1 + exp(-t)) * s *
				term(d, y, z, side > 0);
	}
	return h * sum;
}

/* Where the law jumps or has gaps the midpoints of equal steps do: an error of
 * at most a jump over STEPS. */
static double by_steps(const struct dist *d, double y)
{
	double sum = 0;

	for (int i = 0; i < STEPS; i++) {
		double u = (i + 0.5) / STEPS;
		double x = law_quantile(d, u, 1 - u);

		sum += (x >= y ? 1 - u : u) * fabs(x - y);
	}
	return 2 * sum / STEPS;
}

static double of_atoms(const struct dist *d, double y)
{
	double sum = 0, below = 0;

	/* int (F(x) - 1{x >= y})^2 dx, between one atom and the next */
	for (int i = 0; i < d->n; i++) {
		double a = d->sorted[i], b = i + 1 < d->n ? d->sorted[i + 1] : a;
		double mid = fmin(fmax(y, a), b);

		below = d->sum[i];
		sum += (mid - a) * below * below +
			(b - mid) * (1 - below) * (1 - below);
	}
	if (y < d->sorted[0])
		sum += d->sorted[0] - y;
	if (y > d->sorted[d->n - 1])
		sum += y - d->sorted[d->n - 1];
	return sum;
}

double dist_crps(const struct dist *d, double y)
{
	struct prob at;
	double z;

	if (dist_is_point(d))
		return fabs(dist_quantile(d, 0.5) - y);
	if (d->sorted)
		return of_atoms(d, y);
	if (!law_is_smooth(d))
		return by_steps(d, y);
	at = law_cdf(d, y);
	z = at.lower <= 0 ? -Z_MOST : at.upper <= 0 ? Z_MOST
		: normal_quantile_tails(at.lower, at.upper);
	z = fmax(-Z_MOST, fmin(Z_MOST, z));
	return 2 * (half_line(d, y, z, -1) + half_line(d, y, z, 1));
}
