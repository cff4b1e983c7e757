#include "math/lsm.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>
#include <stdlib.h>

#include "base/mem.h"
#include "math/sobol.h"
#include "math/special.h"

#include "base/banned.h"

#define TERMS 15                /* products of two factors up to degree 4 */
#define PATHS 2048
#define MONTHS 600
#define NEAR 0.25               /* of entry + exit, beyond a threshold */
#define LEAST_NEAR 100          /* paths that bear a fit of their own */
#define LEAST_PIVOT 1e-11       /* of a term's own square */

/* --- polynomials -------------------------------------------------------- */

struct fit {
	int n, factors, degree;
	double mean[2], spread[2];
	double a[TERMS][TERMS], b[TERMS], c[TERMS];
};

static void terms_of(const struct fit *f, const double *x, double *term)
{
	double power = 1, z[2] = { 0, 0 };
	int n = 0;

	for (int k = 0; k < f->factors; k++)
		z[k] = f->spread[k] > 0 ? (x[k] - f->mean[k]) / f->spread[k]
		                        : 0;
	for (int i = 0; i <= f->degree; i++, power *= z[0]) {
		double other = power;

		term[n++] = other;
		for (int j = 1; f->factors > 1 && i + j <= f->degree; j++)
			term[n++] = other *= z[1];
	}
}

static void state_at(const struct lsm *p, int date, int i, double *x)
{
	for (int k = 0; k < p->factors; k++)
		x[k] = p->state[((size_t)date * (size_t)p->factors +
		                 (size_t)k) * (size_t)p->paths + (size_t)i];
}

static void fit_scale(struct fit *f, const struct lsm *p, int date,
                      const bool *in)
{
	for (int k = 0; k < p->factors; k++) {
		double sum = 0, square = 0, n = 0, x[2];

		for (int i = 0; i < p->paths; i++)
			if (!in || in[i]) {
				state_at(p, date, i, x);
				sum += x[k];
				n++;
			}
		f->mean[k] = n > 0 ? sum / n : 0;
		for (int i = 0; i < p->paths; i++)
			if (!in || in[i]) {
				state_at(p, date, i, x);
				square += (x[k] - f->mean[k]) *
				          (x[k] - f->mean[k]);
			}
		f->spread[k] = n > 0 ? sqrt(square / n) : 0;
		/* one value on every path, but for rounding */
		if (!(f->spread[k] > 1e-9 * fabs(f->mean[k])))
			f->spread[k] = 0;
	}
}

/* Cholesky's factor in place, a dependent term left out, then both halves of
 * the substitution. */
static void solve(struct fit *f)
{
	bool out[TERMS] = { false };

	for (int i = 0; i < f->n; i++) {
		double own = f->a[i][i];

		for (int j = 0; j <= i; j++) {
			double sum = f->a[i][j];

			for (int k = 0; k < j; k++)
				sum -= f->a[i][k] * f->a[j][k];
			if (j < i)
				f->a[i][j] = out[j] ? 0 : sum / f->a[j][j];
			else if (!(sum > LEAST_PIVOT * own))
				out[i] = true;
			else
				f->a[i][i] = sqrt(sum);
		}
		f->c[i] = f->b[i];
		for (int k = 0; k < i; k++)
			f->c[i] -= f->a[i][k] * f->c[k];
		f->c[i] = out[i] ? 0 : f->c[i] / f->a[i][i];
	}
	for (int i = f->n; i-- > 0; ) {
		for (int k = i + 1; k < f->n; k++)
			f->c[i] -= f->a[k][i] * f->c[k];
		f->c[i] = out[i] ? 0 : f->c[i] / f->a[i][i];
	}
}

/* Least squares of `y` on the state of a date, over the paths that are in. */
static void fit(struct fit *f, const struct lsm *p, int date, const bool *in,
                const double *y)
{
	double x[2], t[TERMS];

	*f = (struct fit) { .factors = p->factors, .degree = p->degree };
	f->n = p->factors == 1 ? p->degree + 1
		: (p->degree + 1) * (p->degree + 2) / 2;
	fit_scale(f, p, date, in);
	for (int i = 0; i < p->paths; i++) {
		if (in && !in[i])
			continue;
		state_at(p, date, i, x);
		terms_of(f, x, t);
		for (int j = 0; j < f->n; j++) {
			f->b[j] += t[j] * y[i];
			for (int k = 0; k <= j; k++)
				f->a[j][k] += t[j] * t[k];
		}
	}
	solve(f);
}

static double fitted(const struct fit *f, const struct lsm *p, int date, int i)
{
	double x[2], t[TERMS], v = 0;

	state_at(p, date, i, x);
	terms_of(f, x, t);
	for (int j = 0; j < f->n; j++)
		v += f->c[j] * t[j];
	return v;
}

/* --- acting once -------------------------------------------------------- */

double lsm_stop(const struct lsm *p, const double *payoff)
{
	size_t n = (size_t)p->paths;
	double *v = xcalloc(n, sizeof *v), sum = 0;
	bool *in = xcalloc(n, sizeof *in);
	struct fit f;

	for (int t = p->dates; t-- > 0; ) {
		const double *pay = payoff + (size_t)t * n;

		for (int i = 0; i < p->paths; i++) {
			v[i] = t + 1 < p->dates ? v[i] * p->discount
			                        : fmax(pay[i], 0);
			in[i] = pay[i] > 0;
		}
		if (t + 1 == p->dates)
			continue;
		fit(&f, p, t, in, v);
		for (int i = 0; i < p->paths; i++)
			if (in[i] && pay[i] > fitted(&f, p, t, i))
				v[i] = pay[i];
	}
	for (int i = 0; i < p->paths; i++)
		sum += v[i];
	free(in);
	free(v);
	return sum / p->paths;
}

/* --- back and forth ----------------------------------------------------- */

/*
 * What being open is worth more than being closed, by path: the flow where that
 * decides alone, else a fit over the paths in between, and a second one over
 * those near the two thresholds, where one polynomial for all is too stiff.
 */
static void leads(const struct lsm *p, int date, const double *flow,
                  double entry, double exit, const double *more, double *lead,
                  bool *in)
{
	double band = entry + exit, sides = NEAR * band;
	int near = 0;
	struct fit f;

	for (int i = 0; i < p->paths; i++)
		in[i] = fabs(flow[i]) < band;
	fit(&f, p, date, in, more);
	for (int i = 0; i < p->paths; i++) {
		lead[i] = in[i] ? fitted(&f, p, date, i) : flow[i];
		in[i] &= lead[i] > -exit - sides && lead[i] < entry + sides;
		near += in[i];
	}
	if (near < LEAST_NEAR)
		return;
	fit(&f, p, date, in, more);
	for (int i = 0; i < p->paths; i++)
		if (in[i])
			lead[i] = fitted(&f, p, date, i);
}

/* From the next date on being open is worth between -exit and entry more than
 * being closed, since one may still act then: a flow beyond entry + exit
 * decides by itself. */
void lsm_switch(const struct lsm *p, const double *flow, double entry,
                double exit, double *each)
{
	size_t n = (size_t)p->paths;
	double *open = xcalloc(3 * n, sizeof *open), *more = open + n;
	double *lead = more + n;
	bool *in = xcalloc(n, sizeof *in);

	memset(each, 0, n * sizeof *each);
	for (int t = p->dates; t-- > 0; ) {
		const double *now = flow + (size_t)t * n;

		for (int i = 0; i < p->paths; i++) {
			each[i] *= p->discount;
			open[i] = open[i] * p->discount + now[i];
			more[i] = open[i] - each[i];
		}
		leads(p, t, now, entry, exit, more, lead, in);
		for (int i = 0; i < p->paths; i++) {
			double closed = each[i];

			if (lead[i] >= entry)
				each[i] = open[i] - entry;
			if (lead[i] < -exit)
				open[i] = closed - exit;
		}
	}
	free(in);
	free(open);
}

/* --- the paths of volume and price -------------------------------------- */

static bool in_domain(const struct switching *s)
{
	double all = s->bill + s->hosting + s->running + s->entry + s->exit +
	             s->volume_drift + s->price_drift;

	return isfinite(all) && s->volume_sigma >= 0 && s->price_sigma >= 0 &&
	       isfinite(s->volume_sigma) && isfinite(s->price_sigma) &&
	       s->rate > -1 && isfinite(s->rate) && s->entry + s->exit >= 0 &&
	       s->months >= 0 && s->months <= MONTHS;
}

/* One factor a month further on every path; scores stand for a month's noise.
 */
static void walk(double *to, const double *from, double drift, double sigma,
                 int dim)
{
	double step = 1.0 / 12, mean = (drift - sigma * sigma / 2) * step;
	uint32_t word[PATHS];

	if (sigma > 0)
		sobol_owen_fill(dim, hash_mix(1, (uint64_t)dim), 0, PATHS,
		                word);
	for (int i = 0; i < PATHS; i++) {
		double z = sigma > 0 ? normal_quantile(((double)word[i] + 0.5)
		                                       * 0x1p-32) : 0;

		to[i] = from[i] * exp(mean + sigma * sqrt(step) * z);
	}
}

static void make_paths(const struct switching *s, int factors, double *state)
{
	for (int i = 0; i < factors * PATHS; i++)
		state[i] = 1;
	for (int t = 1; t < s->months; t++) {
		double *now = state + (size_t)(t * factors) * PATHS;
		const double *last = now - factors * PATHS;

		walk(now, last, s->volume_drift, s->volume_sigma, 2 * t - 2);
		if (factors > 1)
			walk(now + PATHS, last + PATHS, s->price_drift,
			     s->price_sigma, 2 * t - 1);
	}
}

/* What each path saves when it is open in month t, at its start; sums of the
 * discounted flows on each path, and their expectation, are the control. */
static double fill_flows(const struct switching *s, int factors,
                         const double *state, double month, double *flow,
                         double *sum)
{
	double expected = 0, worth = month;

	for (int t = 0; t < s->months; t++, worth *= month) {
		const double *x = state + (size_t)(t * factors) * PATHS;
		double at = t / 12.0, price = exp(s->price_drift * at);

		for (int i = 0; i < PATHS; i++) {
			double y = factors > 1 ? x[PATHS + i] : price;
			double v = (x[i] * (s->bill * y - s->hosting) -
			            s->running) / 12;

			flow[t * PATHS + i] = v * month;
			sum[i] += v * worth;
		}
		expected += worth / 12 * (exp(s->volume_drift * at) *
			(s->bill * price - s->hosting) - s->running);
	}
	return expected;
}

static double mean_of(const double *v)
{
	double sum = 0;

	for (int i = 0; i < PATHS; i++)
		sum += v[i];
	return sum / PATHS;
}

static double controlled(const double *v, const double *control, double known)
{
	double mv = mean_of(v), mc = mean_of(control), both = 0, own = 0;

	for (int i = 0; i < PATHS; i++) {
		both += (v[i] - mv) * (control[i] - mc);
		own += (control[i] - mc) * (control[i] - mc);
	}
	return own > 0 ? mv - both / own * (mc - known) : mv;
}

double switch_value(const struct switching *s)
{
	size_t cells = (size_t)s->months * PATHS;
	double *state, *flow, *each, *sum, month, known, v;
	struct lsm p = { PATHS, s->months, s->price_sigma > 0 ? 2 : 1, 3,
	                 NULL, 0 };

	if (!in_domain(s))
		return HUGE_VAL;
	if (s->months == 0)
		return 0;
	month = pow(1 + s->rate, -1.0 / 12);
	state = xcalloc(3 * cells + 2 * PATHS, sizeof *state);
	flow = state + 2 * cells;
	each = flow + cells;
	sum = each + PATHS;
	make_paths(s, p.factors, state);
	known = fill_flows(s, p.factors, state, month, flow, sum);
	p.state = state;
	p.discount = month;
	lsm_switch(&p, flow, s->entry, s->exit, each);
	v = controlled(each, sum, known);
	free(state);
	/* the right to do nothing is worth nothing; less is rounding */
	return fmax(v, 0);
}
