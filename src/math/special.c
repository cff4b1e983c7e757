#include "math/special.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

#include "math/tails.h"

#define SQRT_HALF 0.70710678118654752440
#define SQRT_2PI 2.50662827463100050242

double normal_cdf(double x)
{
	return 0.5 * erfc(-x * SQRT_HALF);
}

double normal_pdf(double x)
{
	return exp(-0.5 * x * x) / SQRT_2PI;
}

/* Wichura's AS 241 (Appl. Statist. 37, 1988) as GSL has it: safe on all of
 * (0, 1), unlike GSL's beta and gamma inverses. */
double normal_quantile(double p)
{
	return p > 0 && p < 1 ? gsl_cdf_ugaussian_Pinv(p) : NAN;
}

double normal_quantile_tails(double p, double q)
{
	return p <= q ? normal_quantile(p) : -normal_quantile(q);
}

static double logit(double x)
{
	return log(x) - log1p(-x);
}

/* One door for both tails; the ends are exact. */
static struct tails beta_at(double a, double b, double x)
{
	if (!(a > 0 && b > 0 && x >= 0 && x <= 1))
		return (struct tails) { .lower = NAN, .upper = NAN };
	if (x == 0 || x == 1)
		return (struct tails) { .lower = x, .upper = 1 - x };
	return beta_tails(a, b, logit(x));
}

double beta_inc(double a, double b, double x)
{
	return beta_at(a, b, x).lower;
}

double beta_inc_upper(double a, double b, double x)
{
	return beta_at(a, b, x).upper;
}

double beta_inc_inv(double a, double b, double p)
{
	if (!(a > 0 && b > 0 && p >= 0 && p <= 1))
		return NAN;
	if (p == 0 || p == 1)
		return p;
	return 1 / (1 + exp(-beta_solve(a, b, p, 1 - p, NAN)));
}

double student_t_cdf(double t, double df)
{
	double tail = beta_inc(df / 2, 0.5, df / (df + t * t)) / 2;

	return t > 0 ? 1 - tail : tail;
}

double student_t_quantile(double p, double df)
{
	double x;

	if (df > 1e6)
		return normal_quantile(p);
	x = beta_inc_inv(df / 2, 0.5, 2 * (p < 0.5 ? p : 1 - p));
	return (p < 0.5 ? -1 : 1) * sqrt(df * (1 - x) / x);
}

static struct tails gamma_at(double a, double x)
{
	if (!(a > 0 && x >= 0))
		return (struct tails) { .lower = NAN, .upper = NAN };
	if (x == 0 || isinf(x))
		return (struct tails) { .lower = x > 0, .upper = x == 0 };
	return gamma_tails(a, log(x));
}

double gamma_inc(double a, double x)
{
	return gamma_at(a, x).lower;
}

double gamma_inc_upper(double a, double x)
{
	return gamma_at(a, x).upper;
}

double gamma_inc_inv(double a, double p)
{
	if (!(a > 0 && p >= 0 && p < 1))
		return NAN;
	if (p == 0)
		return 0;
	return exp(gamma_solve(a, p, 1 - p, NAN));
}
