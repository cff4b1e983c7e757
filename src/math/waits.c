#include "math/waits.h"

#include <math.h>
#include <stdbool.h>

#include "math/special.h"

#define SERVERS_MAX 1e9
/* What rounding may add to a whole number of machines (see ops.def). */
#define FORGIVEN 1e-12

/* P(W > 0) and the rate eta of the wait of those who wait. */
struct wait {
	double any, eta;
};

static bool wait_of(double c, double a, double service, double vf,
                    struct wait *w)
{
	if (!(service >= 0 && vf >= 0 && isfinite(service) && isfinite(vf)) ||
	    (a > 0 && a >= c))
		return false;
	w->any = vf > 0 && service > 0 ? erlang_c(c, a) : 0;
	w->eta = (c - a) / (vf * service);
	if (a == 0)
		w->any = 0;
	return !isnan(w->any);
}

double mgc_wait_mean(double c, double a, double service, double vf)
{
	struct wait w;

	if (!wait_of(c, a, service, vf, &w))
		return NAN;
	return w.any > 0 ? w.any / w.eta : 0;
}

double mgc_wait_tail(double c, double a, double service, double vf, double t)
{
	struct wait w;

	if (!wait_of(c, a, service, vf, &w) || !(t >= 0))
		return NAN;
	return w.any > 0 ? w.any * exp(-w.eta * t) : 0;
}

double mgc_wait_quantile(double q, double c, double a, double service,
                         double vf)
{
	struct wait w;

	if (!wait_of(c, a, service, vf, &w) || !(q >= 0 && q < 1))
		return NAN;
	return w.any > 1 - q ? log(w.any / (1 - q)) / w.eta : 0;
}

/* With d = c - a and m = t / service: e^-m (1 + C (1 - e^(-(d-1) m)) / (d-1)),
 * whose limit at d = 1 is e^-m (1 + C m). */
double mmc_sojourn_tail(double c, double a, double service, double t)
{
	double wait = erlang_c(c, a), d = c - a - 1, m = t / service, held;

	if (!(a < c && service > 0 && t >= 0) || isnan(wait))
		return NAN;
	held = fabs(d) < 1e-9 ? m : -expm1(-d * m) / d;
	return exp(-m) * (1 + wait * held);
}

/* --- staffing ----------------------------------------------------------- */

struct target {
	double load, service, slots, vf, budget, late, most;
};

static bool enough(const struct target *t, double n)
{
	double c = n * t->slots;

	return t->load < c && t->load <= t->most * c * (1 + FORGIVEN) &&
	       mgc_wait_tail(c, t->load, t->service, t->vf, t->budget) <=
	       t->late;
}

/* More servers never wait longer: steps that double, then halve. */
double staff_servers(double rate, double service, double slots, double vf,
                     double budget, double q, double most)
{
	struct target t = { rate * service, service, slots, vf, budget, 1 - q,
	                    most };
	double few, n, step = 1;

	if (!(rate >= 0 && service > 0 && slots >= 1 && vf >= 0 &&
	      budget >= 0 && q > 0 && q < 1 && most > 0 && most <= 1 &&
	      isfinite(vf)) || !(t.load <= most * SERVERS_MAX))
		return NAN;
	n = fmax(1, ceil(t.load / (most * slots) * (1 - FORGIVEN)));
	few = n - 1;
	while (!enough(&t, n)) {
		few = n;
		n += step;
		step *= 2;
		if (n * slots > SERVERS_MAX)
			return NAN;
	}
	while (n - few > 1) {
		double middle = floor((n + few) / 2);

		*(enough(&t, middle) ? &n : &few) = middle;
	}
	return n;
}

/* --- sums of simple laws ------------------------------------------------ */

double trap_tail(double x, double a, double b)
{
	double wide = fmax(a, b), slim = fmin(a, b), rest = a + b - x;

	if (!(slim >= 0 && isfinite(wide)) || isnan(x))
		return NAN;
	if (x <= 0)
		return x < 0 || wide > 0;
	if (rest <= 0)
		return 0;
	if (x < slim)
		return 1 - x * x / (2 * wide * slim);
	if (x <= wide)
		return (rest - slim / 2) / wide;
	return rest * rest / (2 * wide * slim);
}

double trap_quantile(double q, double a, double b)
{
	double wide = fmax(a, b), slim = fmin(a, b);

	if (!(slim >= 0 && isfinite(wide) && q >= 0 && q <= 1))
		return NAN;
	if (q * 2 * wide < slim)
		return sqrt(2 * wide * slim * q);
	if ((1 - q) * 2 * wide < slim)
		return wide + slim - sqrt(2 * wide * slim * (1 - q));
	return q * wide + slim / 2;
}

double uniform_laplace(double x)
{
	if (!(x >= 0))
		return NAN;
	return x > 0 ? -expm1(-x) / x : 1;
}

struct lognormal {
	double mu, sigma, mean;
};

static double lognormal_upper(const struct lognormal *s, double x)
{
	return x > 0 ? normal_cdf((s->mu - log(x)) / s->sigma) : 1;
}

/* The integral of the upper tail from x on: E max(S - x, 0). */
static double excess(const struct lognormal *s, double x)
{
	double z;

	if (x <= 0)
		return s->mean - x;
	z = (log(x) - s->mu) / s->sigma;
	return fmax(0, s->mean * normal_cdf(s->sigma - z) -
	               x * normal_cdf(-z));
}

static double blurred_tail(const struct lognormal *s, double width, double x)
{
	if (x <= 0)
		return 1;
	if (width == 0)
		return lognormal_upper(s, x);
	return fmin(1, (excess(s, x - width) - excess(s, x)) / width);
}

static bool lognormal_from(double median, double sigma, struct lognormal *s)
{
	*s = (struct lognormal) { log(median), sigma,
	                          median * exp(sigma * sigma / 2) };
	return median > 0 && sigma >= 0 && isfinite(s->mean);
}

double uniform_plus_lognormal_tail(double x, double width, double median,
                                   double sigma)
{
	struct lognormal s;

	if (!lognormal_from(median, sigma, &s) || isnan(x) ||
	    !(width >= 0 && isfinite(width)))
		return NAN;
	if (sigma == 0)
		return trap_tail(x - median, width, 0);
	return blurred_tail(&s, width, x);
}

/* Halves [lo, hi], where a falling tail passes `late`, down to rounding. */
static double where_tail(double (*tail)(const void *, double),
                         const void *law, double late, double lo, double hi)
{
	for (int i = 0; i < 200 && hi - lo > 1e-15 * hi; i++) {
		double middle = lo + (hi - lo) / 2;

		if (middle <= lo || middle >= hi)
			break;
		*(tail(law, middle) > late ? &lo : &hi) = middle;
	}
	return lo + (hi - lo) / 2;
}

struct blurred {
	struct lognormal s;
	double width;
};

static double tail_of_blurred(const void *law, double x)
{
	const struct blurred *b = law;

	return blurred_tail(&b->s, b->width, x);
}

static double lognormal_at(const struct lognormal *s, double q)
{
	return exp(s->mu + s->sigma * normal_quantile(q));
}

double uniform_plus_lognormal_quantile(double q, double width, double median,
                                       double sigma)
{
	struct blurred b = { .width = width };
	double least;

	if (!lognormal_from(median, sigma, &b.s) || !(q > 0 && q < 1) ||
	    !(width >= 0 && isfinite(width)))
		return NAN;
	if (sigma == 0)
		return median + q * width;
	least = lognormal_at(&b.s, q);
	return where_tail(tail_of_blurred, &b, 1 - q, least, least + width);
}

/* --- wait and service --------------------------------------------------- */

struct answer {
	struct lognormal s;
	struct wait w;
};

/* Nodes and weights of Gauss and Legendre, eight points, one side. */
static const double node[4] = { 0.18343464249564980, 0.52553240991632899,
                                0.79666647741362674, 0.96028985649753623 };
static const double weight[4] = { 0.36268378337836198, 0.31370664587788729,
                                  0.22238103445337447, 0.10122853629037626 };
#define PANELS 128

/* The exponential wait ends within 40 / eta but for e^-40. */
static double waited_tail(const struct answer *r, double t)
{
	double end = fmin(t, 40 / r->w.eta), half = end / PANELS / 2;
	double sum = exp(-r->w.eta * end);

	for (int p = 0; p < PANELS; p++)
		for (int k = 0; k < 8; k++) {
			double u = half * (2 * p + 1 + (k < 4 ? node[k] :
			                                -node[k - 4]));

			sum += half * weight[k & 3] * r->w.eta *
			       exp(-r->w.eta * u) *
			       lognormal_upper(&r->s, t - u);
		}
	return sum;
}

static double tail_of_answer(const void *law, double t)
{
	const struct answer *r = law;
	double rest = (1 - r->w.any) * lognormal_upper(&r->s, t);

	return r->w.any > 0 ? rest + r->w.any * waited_tail(r, t) : rest;
}

double wait_plus_lognormal_quantile(double q, double c, double a,
                                    double service, double vf, double mean,
                                    double scv)
{
	struct answer r;
	double sigma = sqrt(log1p(scv)), both = (1 + q) / 2, least, most;

	if (scv == 0)
		return mean + mgc_wait_quantile(q, c, a, service, vf);
	if (!(q > 0 && q < 1 && mean > 0 && scv > 0) ||
	    !lognormal_from(mean * exp(-sigma * sigma / 2), sigma, &r.s) ||
	    !wait_of(c, a, service, vf, &r.w))
		return NAN;
	least = lognormal_at(&r.s, q);
	/* No wait that a double could tell from none. */
	if (r.w.any < 1e-17 * (1 - q))
		return least;
	most = lognormal_at(&r.s, both) +
	       mgc_wait_quantile(both, c, a, service, vf);
	return where_tail(tail_of_answer, &r, 1 - q, least, most);
}
