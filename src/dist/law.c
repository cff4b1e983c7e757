#include "dist/law.h"

#include <math.h>

#include "math/special.h"
#include "math/tails.h"
#include "base/banned.h"

static struct prob step(double x, double at)
{
	return x >= at ? (struct prob) { 1, 0 } : (struct prob) { 0, 1 };
}

static double point_quantile(const struct dist *d, double p, double q)
{
	(void)p;
	(void)q;
	return d->p[0];
}

static struct prob point_cdf(const struct dist *d, double x)
{
	return step(x, d->p[0]);
}

static double first_argument(const struct dist *d)
{
	return d->p[0];
}

static double second_argument(const struct dist *d)
{
	return d->p[1];
}

static double zero(const struct dist *d)
{
	(void)d;
	return 0;
}

static double normal_at(const struct dist *d, double p, double q)
{
	return d->p[0] + d->p[1] * normal_quantile_tails(p, q);
}

static struct prob normal_prob(double z)
{
	return (struct prob) { normal_cdf(z), normal_cdf(-z) };
}

static struct prob normal_cdf_of(const struct dist *d, double x)
{
	return normal_prob((x - d->p[0]) / d->p[1]);
}

static double lognormal_at(const struct dist *d, double p, double q)
{
	return d->p[0] * exp(d->p[1] * normal_quantile_tails(p, q));
}

static struct prob lognormal_cdf(const struct dist *d, double x)
{
	if (x <= 0)
		return (struct prob) { 0, 1 };
	return normal_prob(log(x / d->p[0]) / d->p[1]);
}

static double lognormal_mean(const struct dist *d)
{
	return d->p[0] * exp(0.5 * d->p[1] * d->p[1]);
}

static double lognormal_sd(const struct dist *d)
{
	return lognormal_mean(d) * sqrt(expm1(d->p[1] * d->p[1]));
}

/* From the nearer end, so that both ends are exact. */
static double between(double low, double high, double p, double q)
{
	return p <= q ? low + (high - low) * p : high - (high - low) * q;
}

static struct prob share(double below, double above)
{
	double whole = below + above;

	if (below <= 0)
		return (struct prob) { 0, 1 };
	if (above <= 0)
		return (struct prob) { 1, 0 };
	return (struct prob) { below / whole, above / whole };
}

static double uniform_at(const struct dist *d, double p, double q)
{
	return between(d->p[0], d->p[1], p, q);
}

static struct prob uniform_cdf(const struct dist *d, double x)
{
	return share(x - d->p[0], d->p[1] - x);
}

static double uniform_mean(const struct dist *d)
{
	return 0.5 * d->p[0] + 0.5 * d->p[1];
}

static double uniform_sd(const struct dist *d)
{
	return (d->p[1] - d->p[0]) / sqrt(12);
}

static double loguniform_at(const struct dist *d, double p, double q)
{
	double span = d->k[0];

	return p <= q ? d->p[0] * exp(span * p) : d->p[1] * exp(-span * q);
}

static struct prob loguniform_cdf(const struct dist *d, double x)
{
	if (x <= d->p[0])
		return (struct prob) { 0, 1 };
	return share(log(x / d->p[0]), log(d->p[1] / x));
}

static double loguniform_mean(const struct dist *d)
{
	return d->p[0] * expm1(d->k[0]) / d->k[0];
}

static double loguniform_sd(const struct dist *d)
{
	double l = d->k[0], m = expm1(l) / l;
	double second = expm1(2 * l) / (2 * l);

	return d->p[0] * sqrt(fmax(0, second - m * m));
}

/* k[0], k[1]: the right, the left side is measured from the mode, by the same
 * root with its leading terms cancelled on paper.  That is for modes near zero
 * beside a far end: the end less a root would leave no digit of a small x. */
static double triangular_at(const struct dist *d, double p, double q)
{
	double low = d->p[0], mode = d->p[1], high = d->p[2];
	double width = high - low, left = mode - low, right = high - mode;
	double root;

	if (p * width <= left) {
		root = sqrt(p * width * left);
		return d->k[1] > 0 && root > 0 ?
			mode - (q * width - right) * left / (left + root) :
			low + root;
	}
	root = sqrt(q * width * right);
	return d->k[0] > 0 ?
		mode + (p * width - left) * right / (right + root) :
		high - root;
}

static struct prob triangular_cdf(const struct dist *d, double x)
{
	double low = d->p[0], mode = d->p[1], high = d->p[2];
	double part;

	if (x <= low)
		return (struct prob) { 0, 1 };
	if (x >= high)
		return (struct prob) { 1, 0 };
	if (x <= mode) {
		part = (x - low) / (high - low) * ((x - low) / (mode - low));
		return (struct prob) { part, 1 - part };
	}
	part = (high - x) / (high - low) * ((high - x) / (high - mode));
	return (struct prob) { 1 - part, part };
}

static double triangular_mean(const struct dist *d)
{
	return d->p[0] / 3 + d->p[1] / 3 + d->p[2] / 3;
}

static double triangular_sd(const struct dist *d)
{
	double m = d->p[1] - d->p[0], h = d->p[2] - d->p[0];

	return sqrt((m * m - m * h + h * h) / 18);
}

/* Beta and PERT are one law on [k2, k3] with shapes k0, k1. */
static double beta_near(const struct dist *d, double p, double q,
                        double guess)
{
	double ratio = (guess - d->k[2]) / (d->k[3] - guess);
	double t = beta_solve(d->k[0], d->k[1], p, q, ratio > 0 ? log(ratio) :
	                                                          NAN);
	double e = exp(-fabs(t)), small = e / (1 + e), big = 1 / (1 + e);

	return t < 0 ? between(d->k[2], d->k[3], small, big) :
	               between(d->k[2], d->k[3], big, small);
}

static double beta_at(const struct dist *d, double p, double q)
{
	return beta_near(d, p, q, NAN);
}

static struct prob beta_cdf(const struct dist *d, double x)
{
	double below = x - d->k[2], above = d->k[3] - x;
	struct tails t;

	if (below <= 0)
		return (struct prob) { 0, 1 };
	if (above <= 0)
		return (struct prob) { 1, 0 };
	t = beta_tails(d->k[0], d->k[1], log(below / above));
	return (struct prob) { t.lower, t.upper };
}

static double beta_mean(const struct dist *d)
{
	double n = d->k[0] + d->k[1];

	return between(d->k[2], d->k[3], d->k[0] / n, d->k[1] / n);
}

static double beta_sd(const struct dist *d)
{
	double n = d->k[0] + d->k[1];

	return (d->k[3] - d->k[2]) *
	       sqrt(d->k[0] / n * (d->k[1] / n) / (n + 1));
}

static double gamma_near(const struct dist *d, double p, double q,
                         double guess)
{
	double x = guess / d->p[1];

	return d->p[1] * exp(gamma_solve(d->p[0], p, q, x > 0 ? log(x) : NAN));
}

static double gamma_at(const struct dist *d, double p, double q)
{
	return gamma_near(d, p, q, NAN);
}

static struct prob gamma_cdf(const struct dist *d, double x)
{
	struct tails t;

	if (x <= 0)
		return (struct prob) { 0, 1 };
	t = gamma_tails(d->p[0], log(x / d->p[1]));
	return (struct prob) { t.lower, t.upper };
}

static double gamma_mean(const struct dist *d)
{
	return d->p[0] * d->p[1];
}

static double gamma_sd(const struct dist *d)
{
	return sqrt(d->p[0]) * d->p[1];
}

static double weibull_at(const struct dist *d, double p, double q)
{
	double e = p <= q ? -log1p(-p) : -log(q);

	return d->p[1] * pow(e, 1 / d->p[0]);
}

static struct prob weibull_cdf(const struct dist *d, double x)
{
	double e;

	if (x <= 0)
		return (struct prob) { 0, 1 };
	e = pow(x / d->p[1], d->p[0]);
	return (struct prob) { -expm1(-e), exp(-e) };
}

static double weibull_mean(const struct dist *d)
{
	return d->p[1] * tgamma(1 + 1 / d->p[0]);
}

static double weibull_sd(const struct dist *d)
{
	double m = tgamma(1 + 1 / d->p[0]);

	return d->p[1] * sqrt(fmax(0, tgamma(1 + 2 / d->p[0]) - m * m));
}

/* With w = nu / (nu + t^2), P(|T| > t) = I_w(nu / 2, 1 / 2), and the logit of
 * w is ln(nu / t^2): the tail needs no subtraction. */
static double student_near(const struct dist *d, double p, double q,
                           double guess)
{
	double nu = d->p[0], tail = p <= q ? p : q, w, t;

	t = fabs(guess - d->p[1]) / d->p[2];
	w = t > 0 ? log(nu) - 2 * log(t) : NAN;
	if (p == q)
		return d->p[1];
	w = beta_solve(0.5 * nu, 0.5, 2 * tail, fabs(q - p), w);
	t = sqrt(nu) * exp(-0.5 * w);
	return d->p[1] + d->p[2] * (p < q ? -t : t);
}

static double student_at(const struct dist *d, double p, double q)
{
	return student_near(d, p, q, NAN);
}

static struct prob student_cdf(const struct dist *d, double x)
{
	double t = (x - d->p[1]) / d->p[2], tail;

	if (t == 0)
		return (struct prob) { 0.5, 0.5 };
	tail = 0.5 * beta_tails(0.5 * d->p[0], 0.5,
	                        log(d->p[0]) - 2 * log(fabs(t))).lower;
	return t < 0 ? (struct prob) { tail, 1 - tail } :
	               (struct prob) { 1 - tail, tail };
}

static double student_sd(const struct dist *d)
{
	return d->p[2] * sqrt(d->p[0] / (d->p[0] - 2));
}

static double poisson_mean(const struct dist *d)
{
	return d->p[0] * d->p[1];
}

static double poisson_sd(const struct dist *d)
{
	return sqrt(d->p[0]) * d->p[1];
}

static double mean_by_quadrature(const struct dist *d)
{
	return law_moment(d, 1, 0);
}

static double sd_by_quadrature(const struct dist *d)
{
	return sqrt(law_moment(d, 2, law_moment(d, 1, 0)));
}

static const struct law laws[DIST_N] = {
	[DIST_POINT] = { point_quantile, point_cdf, first_argument, zero,
	                 NULL },
	[DIST_NORMAL] = { normal_at, normal_cdf_of, first_argument,
	                  second_argument, NULL },
	[DIST_LOGNORMAL] = { lognormal_at, lognormal_cdf, lognormal_mean,
	                     lognormal_sd, NULL },
	[DIST_UNIFORM] = { uniform_at, uniform_cdf, uniform_mean, uniform_sd,
	                   NULL },
	[DIST_LOGUNIFORM] = { loguniform_at, loguniform_cdf, loguniform_mean,
	                      loguniform_sd, NULL },
	[DIST_TRIANGULAR] = { triangular_at, triangular_cdf, triangular_mean,
	                      triangular_sd, NULL },
	[DIST_PERT] = { beta_at, beta_cdf, beta_mean, beta_sd, beta_near },
	[DIST_BETA] = { beta_at, beta_cdf, beta_mean, beta_sd, beta_near },
	[DIST_GAMMA] = { gamma_at, gamma_cdf, gamma_mean, gamma_sd,
	                 gamma_near },
	[DIST_DISCRETE] = { atoms_quantile, atoms_cdf, atoms_mean, atoms_sd,
	                    NULL },
	[DIST_WEIBULL] = { weibull_at, weibull_cdf, weibull_mean, weibull_sd,
	                   NULL },
	[DIST_STUDENT_T] = { student_at, student_cdf, second_argument,
	                     student_sd, student_near },
	[DIST_BERNOULLI] = { atoms_quantile, atoms_cdf, atoms_mean, atoms_sd,
	                     NULL },
	[DIST_POISSON] = { poisson_quantile, poisson_cdf, poisson_mean,
	                   poisson_sd, NULL },
	[DIST_JQPD] = { jqpd_quantile, jqpd_cdf, mean_by_quadrature,
	                sd_by_quadrature, NULL },
	[DIST_METALOG] = { metalog_quantile, metalog_cdf, metalog_mean,
	                   metalog_sd, NULL },
	[DIST_MIXTURE] = { mixture_quantile, mixture_cdf, mixture_mean,
	                   mixture_sd, mixture_near },
	[DIST_TRUNCATED] = { truncated_quantile, truncated_cdf,
	                     mean_by_quadrature, sd_by_quadrature,
	                     truncated_near },
	[DIST_EMPIRICAL] = { atoms_quantile, atoms_cdf, atoms_mean, atoms_sd,
	                     NULL },
};

const struct law *law_of(const struct dist *d)
{
	return &laws[d->kind];
}

double law_quantile(const struct dist *d, double p, double q)
{
	return laws[d->kind].quantile(d, p, q);
}

double law_quantile_near(const struct dist *d, double p, double q,
                         double guess)
{
	const struct law *l = &laws[d->kind];

	return l->near ? l->near(d, p, q, guess) : l->quantile(d, p, q);
}

struct prob law_cdf(const struct dist *d, double x)
{
	return laws[d->kind].cdf(d, x);
}

bool law_is_smooth(const struct dist *d)
{
	switch (d->kind) {
	case DIST_TRUNCATED:
		return law_is_smooth(d->part[0]);
	case DIST_TRIANGULAR:
	case DIST_MIXTURE:
		return false;
	default:
		return !dist_is_discrete(d) && d->kind != DIST_POISSON;
	}
}
