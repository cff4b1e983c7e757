/*
 * Laws made from three quantiles at a tail p[3], 50 % and the other tail.
 *
 * Both families are a curve on a line (k[2] .. k[5]) and a map of that line
 * into the support: the whole line, above k[0], or between k[0] and k[1].  A
 * J-QPD depends on its tail, whose normal quantile k[7] is; a metalog through
 * the same points is the same whichever tail they are given at.
 */
#include <math.h>

#include "base/mem.h"
#include "dist/law.h"
#include "math/special.h"
#include "base/banned.h"

/* A 3-term metalog has a density as long as |a3| / a2 stays below this
 * (Keelin 2016; the bound found numerically). */
#define METALOG_BEND 1.667113
/* The extreme coordinates of draws.h. */
#define U_MIN 0x1p-33

enum support { WHOLE, ABOVE, WITHIN };

static enum support support_of(const struct dist *d)
{
	return (enum support)(int)d->k[6];
}

/* A share of a range and its complement, for the bounded maps. */
static double into(const struct dist *d, double below, double above)
{
	double l = d->k[0], u = d->k[1];

	return below <= above ? l + (u - l) * below : u - (u - l) * above;
}

/* J-QPD (C. C. Hadlock and J. E. Bickel, "Johnson quantile-parameterized
 * distributions", Decision Analysis 14, 2017).  Without bounds the bounded
 * form's curve serves as it is: Johnson's SU through the three quantiles. */
static double jqpd_line(const struct dist *d, double z)
{
	double origin = d->k[2], lambda = d->k[3], delta = d->k[4];
	double n = d->k[5], c = d->k[7];

	if (n == 0)
		return origin + lambda * z;
	if (support_of(d) == ABOVE)
		return origin + lambda * sinh(asinh(delta * z) +
		                              asinh(n * c * delta));
	return origin + lambda * sinh(delta * (z + n * c));
}

static double jqpd_line_inverse(const struct dist *d, double w)
{
	double s = (w - d->k[2]) / d->k[3], delta = d->k[4], n = d->k[5];
	double c = d->k[7];

	if (n == 0)
		return s;
	if (support_of(d) == ABOVE)
		return sinh(asinh(s) - asinh(n * c * delta)) / delta;
	return asinh(s) / delta - n * c;
}

double jqpd_quantile(const struct dist *d, double p, double q)
{
	double w = jqpd_line(d, normal_quantile_tails(p, q));

	switch (support_of(d)) {
	case ABOVE:
		return d->k[0] + exp(w);
	case WITHIN:
		return into(d, normal_cdf(w), normal_cdf(-w));
	default:
		return w;
	}
}

struct prob jqpd_cdf(const struct dist *d, double x)
{
	double l = d->k[0], u = d->k[1], w = x, z;

	if (x <= d->low)
		return (struct prob) { 0, 1 };
	if (x >= d->high)
		return (struct prob) { 1, 0 };
	if (support_of(d) == ABOVE)
		w = log(x - l);
	else if (support_of(d) == WITHIN)
		w = normal_quantile_tails((x - l) / (u - l),
		                          (u - x) / (u - l));
	z = jqpd_line_inverse(d, w);
	return (struct prob) { normal_cdf(z), normal_cdf(-z) };
}

/* The three quantiles on the line of a support. */
static void to_line(double line[3], const double q[3], double l, double u,
                    enum support s, bool logistic)
{
	for (int i = 0; i < 3; i++) {
		double below = q[i] - l, above = u - q[i], whole = u - l;

		if (s == ABOVE)
			line[i] = log(below);
		else if (s == WITHIN && logistic)
			line[i] = log(below / above);
		else if (s == WITHIN)
			line[i] = normal_quantile_tails(below / whole,
			                                above / whole);
		else
			line[i] = q[i];
	}
}

static void jqpd_curve(struct dist *d, enum support s)
{
	double line[3], span, m, n, delta;
	double c = normal_quantile_tails(1 - d->p[3], d->p[3]);

	to_line(line, d->p, d->k[0], d->k[1], s, false);
	span = line[2] - line[0];
	m = fmin(line[1] - line[0], line[2] - line[1]);
	delta = acosh(fmax(1, span / (2 * m)));
	n = delta < 1e-7 ? 0 : line[0] + line[2] > 2 * line[1] ? 1 : -1;
	delta = (s == ABOVE ? sinh(delta) : delta) / c;
	d->k[2] = n == 0 ? line[1] : n > 0 ? line[0] : line[2];
	d->k[3] = n == 0 ? span / (2 * c) : s == ABOVE ? m / (delta * c) :
	          span / sinh(2 * delta * c);
	d->k[4] = delta;
	d->k[5] = n;
	d->k[6] = s;
	d->k[7] = c;
}

/* The metalog with three terms (T. W. Keelin, "The metalog distributions",
 * Decision Analysis 13, 2016). */
static double metalog_line(const struct dist *d, double p, double q, double l)
{
	return d->k[2] + (d->k[3] + d->k[4] * 0.5 * (p - q)) * l;
}

static double logistic(double x)
{
	return 1 / (1 + exp(-x));
}

static double metalog_into(const struct dist *d, double m)
{
	switch (support_of(d)) {
	case ABOVE:
		return d->k[0] + exp(m);
	case WITHIN:
		return into(d, logistic(m), logistic(-m));
	default:
		return m;
	}
}

double metalog_quantile(const struct dist *d, double p, double q)
{
	return metalog_into(d, metalog_line(d, p, q, log(p / q)));
}

/* The curve rises in the logit of p: a bisection to the last bit there. */
struct prob metalog_cdf(const struct dist *d, double x)
{
	double lo = -745, hi = 745;

	if (x <= d->low)
		return (struct prob) { 0, 1 };
	if (x >= d->high)
		return (struct prob) { 1, 0 };
	for (int i = 0; i < 70; i++) {
		double l = 0.5 * (lo + hi), p = logistic(l), q = logistic(-l);

		if (metalog_into(d, metalog_line(d, p, q, l)) >= x)
			hi = l;
		else
			lo = l;
	}
	return (struct prob) { logistic(hi), logistic(-hi) };
}

double metalog_mean(const struct dist *d)
{
	if (support_of(d) == WHOLE)
		return d->k[2] + 0.5 * d->k[4];
	return law_moment(d, 1, 0);
}

double metalog_sd(const struct dist *d)
{
	double a2 = d->k[3], a3 = d->k[4], pi2 = M_PI * M_PI;

	if (support_of(d) == WHOLE)
		return sqrt(pi2 * a2 * a2 / 3 +
		            a3 * a3 * (1.0 / 12 + pi2 / 36));
	return sqrt(law_moment(d, 2, metalog_mean(d)));
}

static void metalog_curve(struct dist *d, enum support s)
{
	double line[3], tail = d->p[3], logit = log((1 - tail) / tail);

	to_line(line, d->p, d->k[0], d->k[1], s, true);
	d->k[2] = line[1];
	d->k[3] = (line[2] - line[0]) / (2 * logit);
	d->k[4] = (line[0] + line[2] - 2 * line[1]) /
	          ((1 - 2 * tail) * logit);
	d->k[6] = s;
}

/* Does the law made so far stay within the bounds at every coordinate that a
 * draw can have?  A bound that it does not reach needs no bounded form. */
static bool stays_within(const struct dist *d, double l, double u)
{
	double lo = law_quantile(d, U_MIN, 1 - U_MIN);
	double hi = law_quantile(d, 1 - U_MIN, U_MIN);

	return lo >= l && hi <= u;
}

static void set_curve(struct dist *d, enum support s)
{
	if (d->kind == DIST_JQPD)
		jqpd_curve(d, s);
	else
		metalog_curve(d, s);
	d->low = s == WHOLE ? -HUGE_VAL : d->k[0];
	d->high = s == WITHIN ? d->k[1] : HUGE_VAL;
}

/*
 * Which support: a lower bound of zero or more always shapes the law; a
 * negative one or an upper one only where the freer law would pass it, so
 * that a sanity bound such as 1e9 changes nothing.  Without bounds J-QPD of
 * positive quantiles is a positive law, a metalog a law on the line.
 */
static void choose_support(struct dist *d, const double *bounds)
{
	double l = bounds ? bounds[0] : -HUGE_VAL;
	double u = bounds ? bounds[1] : HUGE_VAL;

	if (!bounds && d->kind == DIST_JQPD && d->p[0] > 0)
		l = 0;
	d->k[0] = isinf(l) ? 0 : l;
	d->k[1] = isinf(u) ? 0 : u;
	set_curve(d, WHOLE);
	if (isinf(l) || (l < 0 && stays_within(d, l, u)))
		return;
	set_curve(d, ABOVE);
	if (isinf(u) || stays_within(d, l, u))
		return;
	set_curve(d, WITHIN);
}

static bool quantiles_fit(const struct dist *d, const double *bounds,
                          struct pos pos, struct err *err)
{
	const double *q = d->p, low = 100 * q[3], high = 100 - low;

	if (!(isfinite(q[0]) && isfinite(q[2]) && q[0] < q[1] && q[1] < q[2]))
		return err_at(err, ERR_INPUT, pos, "the quantiles must rise: "
		              "p%g %g, p50 %g, p%g %g do not", low, q[0], q[1],
		              high, q[2]);
	if (bounds && !(bounds[0] < q[0] && q[2] < bounds[1]))
		return err_at(err, ERR_INPUT, pos, "p%g %g and p%g %g must lie "
		              "inside the bounds %g and %g, which are the "
		              "ends of the law", low, q[0], high, q[2],
		              bounds[0], bounds[1]);
	return true;
}

static bool metalog_feasible(const struct dist *d, struct pos pos,
                             struct err *err)
{
	double a2 = d->k[3], a3 = d->k[4], tail = 100 * d->p[3];
	double room = METALOG_BEND * (50 - tail);       /* of the way, in % */

	if (fabs(a3) > METALOG_BEND * a2)
		return err_at(err, ERR_INPUT, pos, "a metalog through %g, %g, "
		              "%g is no distribution: its median must lie "
		              "between %.1f %% and %.1f %% of the way from p%g "
		              "to p%g%s; a J-QPD is always possible",
		              d->p[0], d->p[1], d->p[2], 50 - room / 2,
		              50 + room / 2, tail, 100 - tail,
		              support_of(d) == ABOVE ? " in logarithms" :
		              support_of(d) == WITHIN ? " in logits" : "");
	if (support_of(d) == ABOVE && a2 + 0.5 * a3 >= 0.5)
		return err_at(err, ERR_INPUT, pos, "a metalog through %g, %g, "
		              "%g has so heavy a tail that its spread is "
		              "infinite; a J-QPD has none such", d->p[0],
		              d->p[1], d->p[2]);
	return true;
}

struct dist *dist_through(struct arena *a, enum dist_kind kind, double tail,
                          const double q[3], const double *bounds,
                          struct pos pos, struct err *err)
{
	struct dist *d = dist_new(a, kind);

	for (int i = 0; i < 3; i++)
		d->p[i] = q[i];
	d->p[3] = tail;
	if (!quantiles_fit(d, bounds, pos, err))
		return NULL;
	choose_support(d, bounds);
	return kind == DIST_JQPD || metalog_feasible(d, pos, err) ? d : NULL;
}
