/*
 * Queues, and the two other kernels of the operational models.
 */
#include <math.h>
#include <stdbool.h>

#include "math/special.h"
#include "math/tails.h"
#include "math/waits.h"

#define SERVERS_MAX 1e9
/* Beyond this the recursion gives way to incomplete gamma integrals. */
#define RECURSION_MAX 1024
#define TERMS_MAX 200000
/* e^100 either way for one standard deviation: no quantity is so unknown. */
#define SIGMA_MAX 100

static double clamp01(double p)
{
	return p < 0 ? 0 : p > 1 ? 1 : p;
}

/* B(c, a) = (a^c e^-a / Gamma(c + 1)) / Q(c + 1, a), for any real c >= 0. */
static double erlang_b_integral(double c, double a)
{
	struct tails t = gamma_tails(c + 1, log(a));

	return clamp01(t.slope / a / t.upper);
}

/* How far below the load the recursion may start: 1 - B_j <= j / a is what a
 * step leaves of a relative error, and the product of these over the steps up
 * to c and a is below e^-40 from a - sqrt((a - c)^2 + 80 a) on. */
static double forgotten(double c, double a)
{
	double over = fmax(0, a - c);

	return fmax(0, floor(a - sqrt(over * over + 80 * a)));
}

typedef double pair __attribute__((vector_size(16)));

/* 1 / B from k servers to c.  Four steps at once are one straight line in what
 * came before, so that a processor need not wait for each. */
static double inverse_steps(double k, double c, double a, double inverse)
{
	pair odd = { k + 1, k + 3 }, even = { k + 2, k + 4 };

	for (; k + 4 <= c; k += 4) {
		pair r = even / a, both = odd / a * r;

		inverse = 1 + r[1] + both[1] * (1 + r[0]) +
		          both[1] * both[0] * inverse;
		odd += 4.0;
		even += 4.0;
	}
	while (++k <= c)
		inverse = 1 + k / a * inverse;
	return inverse;
}

/* B_k = a B_(k-1) / (k + a B_(k-1)), turned over: 1 / B_k = 1 + k / a x
 * 1 / B_(k-1).  Positive terms alone, so no digit is lost (8 ulp over two
 * thousand servers); beyond 1e308 the chance is 0. */
double erlang_b(double c, double a)
{
	double part = c - floor(c), start, inverse = 1;

	if (!(c >= 0 && c <= SERVERS_MAX && a >= 0 && isfinite(a)))
		return NAN;
	if (a == 0)
		return c == 0;
	start = forgotten(c, a);
	if (c - start > RECURSION_MAX)
		return erlang_b_integral(c, a);
	if (start > 0)
		inverse = a / (a - start);
	else if (part > 0)
		inverse = 1 / erlang_b_integral(part, a);
	return 1 / inverse_steps(start + part, c, a, inverse);
}

double erlang_c(double c, double a)
{
	double b = erlang_b(c, a);

	if (isnan(b) || a >= c)
		return isnan(b) ? NAN : 1;
	return b / (1 - a / c * (1 - b));
}

/* A = sum t_j and S = sum j t_j, t_j = t_(j-1) load / (c + j theta); both
 * divided by exp(log_scale). */
struct patience_sums {
	double a, s, log_scale;
};

/* False when the sums would not end in time. */
static bool patience_sums(double load, double c, double theta,
                          struct patience_sums *r)
{
	double t = 1;

	*r = (struct patience_sums) { .a = 1 };
	for (int j = 1; j < TERMS_MAX; j++) {
		double rate = c + j * theta;

		t *= load / rate;
		r->a += t;
		r->s += j * t;
		if (load < rate && j * t < 1e-17 * r->s)
			return true;
		if (t > 1e200) {
			t *= 1e-200;
			r->a *= 1e-200;
			r->s *= 1e-200;
			r->log_scale += 200 * M_LN10;
		}
	}
	return false;
}

/* 1 / A where the sums would not end in time, near-infinite patience at or
 * over capacity: A is an incomplete gamma integral. */
static double inverse_sum(double load, double c, double theta)
{
	double x = c / theta;
	struct tails t = gamma_tails(x, log(load / theta));

	return t.slope / (t.lower * x);
}

/* M/M/c + M in units of the service time; `easy`: the sums serve. */
struct patient {
	double c, load, theta;
	double blocked;                 /* Erlang B */
	double wait;                    /* P(W > 0) */
	bool easy;
	struct patience_sums sums;
	double inverse;                 /* 1 / A, where it is not */
};

static bool patient_init(struct patient *p, double c, double rate,
                         double service, double patience)
{
	double load = rate * service, theta = service / patience;

	*p = (struct patient) { .c = c, .load = load, .theta = theta };
	if (!(rate >= 0 && service > 0 && patience > 0 && isfinite(load) &&
	      isfinite(patience) && theta > 0))
		return false;
	p->blocked = erlang_b(c, load);
	if (isnan(p->blocked) || load == 0 || c == 0) {
		p->wait = load > 0;
		return !isnan(p->blocked);
	}
	p->easy = load - c <= 0.01 * TERMS_MAX * theta &&
	          patience_sums(load, c, theta, &p->sums);
	if (p->easy) {
		p->wait = p->sums.a * p->blocked /
		          (p->sums.a * p->blocked + (1 - p->blocked) *
		           exp(-p->sums.log_scale));
	} else {
		p->inverse = inverse_sum(load, c, theta);
		p->wait = 1 / (1 + (1 - p->blocked) * p->inverse /
		                   p->blocked);
	}
	return true;
}

double erlang_a_abandonment(double c, double rate, double service,
                            double patience)
{
	struct patient p;

	if (!patient_init(&p, c, rate, service, patience))
		return NAN;
	if (p.load == 0 || c == 0)
		return p.wait;
	/* P_wait (1 - 1 / rho + 1 / (rho A)): a balance that cancels only
	 * where the sums would have served. */
	if (!p.easy)
		return clamp01(p.wait * (1 - c / p.load +
		                         c / p.load * p.inverse));
	return clamp01(p.theta / p.load * p.wait * p.sums.s / p.sums.a);
}

/* With x = c / theta and y = load / theta: P(V > t) / P(V > 0) is
 * P(x, y e^(-theta t)) / P(x, y), P the lower incomplete gamma function, whose
 * series are the sums above (DLMF 8.7.1); they serve where P underflows. */
double erlang_a_tail(double c, double rate, double service, double patience,
                     double t)
{
	struct patience_sums later;
	struct patient p;
	double left = exp(-t / patience), x, all;

	if (!patient_init(&p, c, rate, service, patience) || !(t >= 0))
		return NAN;
	if (p.load == 0 || c == 0)
		return p.wait;
	if (p.easy && patience_sums(p.load * left, c, p.theta, &later))
		return clamp01(p.wait * later.a / p.sums.a *
		               exp(later.log_scale - p.sums.log_scale -
		                   c * t / service -
		                   p.load / p.theta * expm1(-t / patience)));
	x = c / p.theta;
	all = gamma_inc(x, p.load / p.theta);
	return clamp01(p.wait * gamma_inc(x, p.load / p.theta * left) / all);
}

/* Lambert's W of e^l, by Newton's method on w + ln w = l: concave in w, so it
 * converges from every start, and l never overflows where e^l would. */
static double lambert_of_exp(double l)
{
	double w = l < 1 ? exp(l) / (1 + exp(l)) : l;

	for (int i = 0; i < 12 && w > 0; i++)
		w *= (1 + l - log(w)) / (1 + w);
	return w;
}

/* The trapezium rule in the normal variable, centred on the integrand's peak
 * z* = -W(s sigma^2 e^mu) / sigma.  The integrand is analytic in a strip of
 * half-width y = pi / (2 sigma), so the error falls as exp(y^2 / 2 - 2 pi y / h);
 * the step keeps that below 1e-15 (Trefethen and Weideman, SIAM Review 2014). */
double lognormal_laplace(double s, double mu, double sigma)
{
	double peak, scale, h, sum = 0;

	if (!(s >= 0 && sigma >= 0 && sigma <= SIGMA_MAX && isfinite(s) &&
	      isfinite(mu)))
		return NAN;
	if (s == 0 || sigma == 0)
		return exp(-s * exp(mu));
	scale = log(s) + mu;
	peak = -lambert_of_exp(scale + 2 * log(sigma)) / sigma;
	h = fmin(0.4, 0.25 / sigma);
	for (double z = -9; z <= 9; z += h) {
		double x = peak + z;

		sum += exp(-0.5 * x * x - exp(scale + sigma * x));
	}
	return clamp01(sum * h * 0.39894228040143267794);
}

static double relative_entropy(double p, double q)
{
	return p > 0 ? p * log(p / q) : 0;
}

double sprt_sample_size(double p0, double p1, double alpha, double beta)
{
	double divergence, gain;

	if (!(p0 > 0 && p0 < 1 && p1 >= 0 && p1 <= 1 && p0 != p1 &&
	      alpha > 0 && beta > 0 && alpha + beta < 1))
		return NAN;
	divergence = relative_entropy(p1, p0) +
	             relative_entropy(1 - p1, 1 - p0);
	gain = (1 - beta) * log((1 - beta) / alpha) +
	       beta * log(beta / (1 - alpha));
	return gain / divergence;
}
