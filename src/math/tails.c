#include "math/tails.h"

#include <math.h>

#include "math/special.h"

#define T_MAX 745.0
#define TERMS_MAX 200000
#define EPS 1.1102230246251565e-16
#define LOG_SQRT_2PI 0.91893853320467274178
#define SQRT_2PI 2.50662827463100050242

double stirling_rest(double z)
{
	/* B_2k / (2k (2k - 1)): DLMF 5.11.1. */
	static const double c[] = {
		1.0 / 12, -1.0 / 360, 1.0 / 1260, -1.0 / 1680, 1.0 / 1188,
		-691.0 / 360360, 1.0 / 156, -3617.0 / 122400,
	};
	double r = 1 / (z * z), sum = 0;
	int sign;

	if (z < 10)
		return lgamma_r(z, &sign) - ((z - 0.5) * log(z) - z) -
		       LOG_SQRT_2PI;
	for (int k = 7; k >= 0; k--)
		sum = sum * r + c[k];
	return sum / z;
}

/* With r = e / (2 + e): ln(1 + e) = 2 atanh r and e = 2 r + r e, so the leading
 * terms cancel on paper instead of in the machine. */
double log_rest(double ratio, double e)
{
	double r, r2, sum = 0;

	if (fabs(e) > 0.5)
		return log(ratio) - e;
	r = e / (2 + e);
	r2 = r * r;
	for (int k = 17; k >= 1; k--)
		sum = sum * r2 + 1.0 / (2 * k + 1);
	return r * (2 * r2 * sum - e);
}

/* x^a y^b / B(a, b), by Loader's saddle point form (C. Loader, "Fast and
 * accurate computation of binomial probabilities", 2000): the large powers
 * meet as deviances from the mean, so large shapes keep their digits. */
static double beta_power(double a, double b, double x, double y)
{
	double n = a + b, d = x * b - y * a;
	double dev = a * log_rest(x * n / a, d / a) +
	             b * log_rest(y * n / b, -d / b);
	double rest = stirling_rest(n) - stirling_rest(a) - stirling_rest(b);

	return sqrt(a / n) * sqrt(b) / SQRT_2PI * exp(dev + rest);
}

static double gamma_power(double a, double x)
{
	double dev = a * log_rest(x / a, (x - a) / a);

	return sqrt(a) / SQRT_2PI * exp(dev - stirling_rest(a));
}

static double away_from_zero(double v)
{
	return fabs(v) < 1e-300 ? 1e-300 : v;
}

/* I_x(a, b) a / (x^a y^b / B): the continued fraction DLMF 8.17.22 by Lentz's
 * method; converges fast for x < (a + 1) / (a + b + 2). */
static double beta_fraction(double a, double b, double x)
{
	double c = 1, d = 1 / away_from_zero(1 - (a + b) * x / (a + 1));
	double h = d;

	for (int m = 1; m < TERMS_MAX; m++) {
		double e = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
		double o = -(a + m) * (a + b + m) * x /
		           ((a + 2 * m) * (a + 2 * m + 1));
		double step;

		d = 1 / away_from_zero(1 + e * d);
		c = away_from_zero(1 + e / c);
		h *= c * d;
		d = 1 / away_from_zero(1 + o * d);
		c = away_from_zero(1 + o / c);
		step = c * d;
		h *= step;
		if (fabs(step - 1) <= 2 * EPS)
			break;
	}
	return h;
}

struct tails beta_tails(double a, double b, double t)
{
	double e = exp(-fabs(t));
	double small = e / (1 + e), big = 1 / (1 + e);
	double x = t < 0 ? small : big, y = t < 0 ? big : small;
	struct tails r = { .slope = beta_power(a, b, x, y),
	                   .bend = a * y - b * x };

	if (x * (a + b + 2) < a + 1) {
		r.lower = r.slope / a * beta_fraction(a, b, x);
		r.upper = 1 - r.lower;
	} else {
		r.upper = r.slope / b * beta_fraction(b, a, y);
		r.lower = 1 - r.upper;
	}
	return r;
}

/* DLMF 8.7.1: P a / (x^a e^-x / Gamma(a)) as a series of positive terms. */
static double gamma_series(double a, double x)
{
	double term = 1, sum = 1;

	for (int k = 1; k < TERMS_MAX && term > EPS * sum; k++) {
		term *= x / (a + k);
		sum += term;
	}
	return sum;
}

/* DLMF 8.9.2: Q / (x^a e^-x / Gamma(a)) by Lentz's method. */
static double gamma_fraction(double a, double x)
{
	double b = x + 1 - a, c = 1e300, d = 1 / away_from_zero(b), h = d;

	for (int k = 1; k < TERMS_MAX; k++) {
		double num = -k * (k - a), step;

		b += 2;
		d = 1 / away_from_zero(num * d + b);
		c = away_from_zero(b + num / c);
		step = c * d;
		h *= step;
		if (fabs(step - 1) <= 2 * EPS)
			break;
	}
	return h;
}

static double polynomial(const double *c, int n, double x)
{
	double sum = 0;

	while (n-- > 0)
		sum = sum * x + c[n];
	return sum;
}

/*
 * For large a: N. M. Temme, "The asymptotic expansion of the incomplete gamma
 * functions", SIAM J. Math. Anal. 10 (1979); DLMF 8.12.3.  With
 * eta^2 / 2 = m - ln(1 + m), m = x / a - 1, of the sign of m,
 *	Q = erfc(eta sqrt(a / 2)) / 2 + R
 *	R = exp(-a eta^2 / 2) / sqrt(2 pi a) (C_0 + C_1 / a + C_2 / a^2 ...)
 * The C_k are power series in eta, here with the terms that count for
 * a >= 1e5 and |m| < 0.12: C_0 = 1 / m - 1 / eta and its successors by
 * DLMF 8.12.11, expanded in rational arithmetic.
 */
static void gamma_uniform(double a, double x, struct tails *r)
{
	static const double c0[] = {
		-1.0 / 3, 1.0 / 12, -2.0 / 135, 1.0 / 864,
		3.5273368606701942e-04, -1.787551440329218e-04,
		3.9192631785224377e-05, -2.185448510679992e-06,
		-1.85406221071516e-06, 8.2967113409530865e-07,
		-1.7665952736826078e-07, 6.7078535434014984e-09,
	};
	static const double c1[] = {
		-1.0 / 540, -1.0 / 288, 1.0 / 378, -77.0 / 77760,
		2.0576131687242798e-04,
	};
	double m = (x - a) / a, half = -log_rest(x / a, m);
	double eta = copysign(sqrt(2 * half), m), z = eta * sqrt(0.5 * a);
	double c = polynomial(c0, 12, eta) + polynomial(c1, 5, eta) / a +
	           25.0 / 6048 / (a * a);
	double rest = exp(-a * half) / (SQRT_2PI * sqrt(a)) * c;

	r->lower = 0.5 * erfc(-z) - rest;
	r->upper = 0.5 * erfc(z) + rest;
}

struct tails gamma_tails(double a, double t)
{
	double x = exp(t);
	struct tails r = { .slope = gamma_power(a, x), .bend = a - x };

	if (a >= 1e5 && fabs(x - a) < 0.12 * a) {
		gamma_uniform(a, x, &r);
	} else if (x < a + 1) {
		r.lower = r.slope / a * gamma_series(a, x);
		r.upper = 1 - r.lower;
	} else {
		r.upper = r.slope * gamma_fraction(a, x);
		r.lower = 1 - r.upper;
	}
	return r;
}

/* What the two laws share: a point is solved for on the smaller tail's
 * logarithm, inside a bracket that every evaluation narrows. */
struct law {
	double a, b;            /* b = 0: gamma */
};

static struct tails law_tails(const struct law *l, double t)
{
	return l->b > 0 ? beta_tails(l->a, l->b, t) : gamma_tails(l->a, t);
}

/* Halley's step for L(t) = ln(tail) - ln(target); *gap is L. */
static double halley(const struct tails *s, double p, double q, double *gap)
{
	int low = p <= q;
	double tail = low ? s->lower : s->upper;
	double first = (low ? s->slope : -s->slope) / tail;
	double second = first * (s->bend - first);
	double l = log(tail / (low ? p : q)), newton = l / first;
	double denominator = 1 - 0.5 * newton * second / first;

	*gap = l;
	return denominator > 0.5 ? newton / denominator : newton;
}

static double solve(const struct law *l, double p, double q, double t)
{
	double lo = -T_MAX, hi = T_MAX, gap, next;

	for (int i = 0; i < 200; i++) {
		struct tails s = law_tails(l, t);

		if (p <= q ? s.lower < p : s.upper > q)
			lo = t;
		else
			hi = t;
		next = t - halley(&s, p, q, &gap);
		if (fabs(gap) < 1e-5 && fabs(next - t) < 0.1)
			return next;
		if (!(next > lo && next < hi))
			next = 0.5 * (lo + hi);
		if (next == t || hi - lo < 4 * EPS * fabs(t))
			return next;
		t = next;
	}
	return t;
}

/* Far in a tail the leading power alone is the law: P = x^a / (a B). */
static double power_guess(double a, double log_scale, double p)
{
	return (log(p) + log(a) + log_scale) / a;
}

static double log_beta(double a, double b)
{
	int sign;

	return lgamma_r(a, &sign) + lgamma_r(b, &sign) -
	       lgamma_r(a + b, &sign);
}

static double beta_guess(double a, double b, double p, double q)
{
	double mean = log(a / b), sd = sqrt(1 / a + 1 / b), t, edge;
	double z = normal_quantile_tails(p, q);

	t = mean + z * sd;
	edge = a < 3 ? power_guess(a, log_beta(a, b), p) : -T_MAX;
	if (a < 1 && edge < -1)
		return edge;
	edge = b < 3 ? -power_guess(b, log_beta(a, b), q) : T_MAX;
	if (b < 1 && edge > 1)
		return edge;
	return t;
}

/* Wilson and Hilferty's cube, or the leading power near zero. */
static double gamma_guess(double a, double p, double q)
{
	double z = normal_quantile_tails(p, q), c = 1 / (9 * a);
	double cube = 1 - c + z * sqrt(c);
	int sign;

	if (cube > 0.3)
		return log(a) + 3 * log(cube);
	return power_guess(a, lgamma_r(a, &sign), p);
}

static double clamp_t(double t)
{
	return t < -T_MAX ? -T_MAX : t > T_MAX ? T_MAX : t;
}

double beta_solve(double a, double b, double p, double q, double guess)
{
	struct law l = { a, b };

	if (isnan(guess))
		guess = beta_guess(a, b, p, q);
	return clamp_t(solve(&l, p, q, clamp_t(guess)));
}

double gamma_solve(double a, double p, double q, double guess)
{
	struct law l = { a, 0 };

	if (isnan(guess))
		guess = gamma_guess(a, p, q);
	return clamp_t(solve(&l, p, q, clamp_t(guess)));
}
