/*
 * src/math: when to act on what keeps moving.
 *
 * Expectations: Dixit's thresholds from the four conditions of his paper,
 * solved with 40 digits (mpmath); the values that he and Longstaff and Schwartz
 * print; the limits that have a closed form; switching over a finite horizon
 * from a binomial lattice of 24 steps a month.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "math/lsm.h"
#include "math/sobol.h"
#include "math/special.h"
#include "math/threshold.h"

#define LENGTH(a) (sizeof (a) / sizeof *(a))

static void near(double got, double want, double relative)
{
	if (fabs(got - want) <= relative * fabs(want))
		return;
	print_error("got %.17g, want %.17g, allowed %.2g\n", got, want,
	            relative);
	fail();
}

/* McDonald and Siegel: rates of 4 % and volatility .2 give the textbook's 2;
 * the others to the digits printed. */
static void test_perpetual(void **state)
{
	static const struct { double drift, sigma, rate, multiple; } c[] = {
		{ 0, .1, .04, 1.421535 }, { 0, .4, .04, 3.732051 },
		{ .02, .2, .04, 3.414214 }, { 0, .2, .1, 1.5583 },
		{ 0, .4, .1, 2.3798 }, { 0, .6, .1, 3.5155 },
		{ -.2, .4, .1, 1.3538 },
	};

	(void)state;
	near(perpetual_multiple(0, .2, .04), 2, 1e-14);
	for (size_t i = 0; i < LENGTH(c); i++)
		near(perpetual_multiple(c[i].drift, c[i].sigma, c[i].rate),
		     c[i].multiple, 5e-5);
	/* a rising value is waited for even when it is certain */
	near(perpetual_multiple(.05, 0, .1), 2, 1e-9);
	near(perpetual_multiple(0, 0, .1), 1, 1e-5);
	assert_true(isnan(perpetual_multiple(.1, .2, .1)));
	assert_true(isinf(perpetual_multiple(0, -.2, .1)));
	assert_true(isinf(perpetual_multiple(0, .2, 0)));
	near(perpetual_margin(0, 1, .1), sqrt(5), 1e-14);
	near(perpetual_margin(0, .5, .1), sqrt(5) / 2, 1e-14);
	near(perpetual_margin(0, 2, .1), 2 * sqrt(5), 1e-14);
	near(perpetual_margin(-.5, 1, .1), .854101966249684544, 1e-14);
	near(perpetual_margin(.5, 0, .1), 5, 1e-14);
	assert_true(perpetual_margin(-1, 0, .1) == 0);
}

static const struct {
	double drift, sigma, rate, running, entry, exit, high, low;
} dixit[] = {
	{ 0, .1, .025, 1, 4, 0, 1.46667890574302, .7657318807766541 },
	{ 0, .2, .04, 1, 2, 0, 1.580537065280714, .7099356041844683 },
	{ .05, .4, .1, 1, .5, .2, 1.572154020395498, .6394972040350629 },
	{ -.1, .3, .08, 1, 3, -.5, 2.410545428450378, .7824613164199116 },
	{ .02, .05, .06, 10, 1, 1, 10.53182230999135, 9.027943112400995 },
	{ 0, 1.5, .1, 1, 1, 1, 5.356567315219304, .3087197958321456 },
};

static void test_dixit(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(dixit); i++) {
		double w = dixit[i].running, k = dixit[i].entry;
		double l = dixit[i].exit, m = dixit[i].drift;

		near(dixit_entry(w, k, l, m, dixit[i].sigma, dixit[i].rate),
		     dixit[i].high, 1e-12);
		near(dixit_exit(w, k, l, m, dixit[i].sigma, dixit[i].rate),
		     dixit[i].low, 1e-12);
		/* the unit of time does not matter */
		near(dixit_entry(w / 12, k, l, m / 12, dixit[i].sigma /
		                 sqrt(12), dixit[i].rate / 12) * 12,
		     dixit[i].high, 1e-12);
	}
	/* printed to four digits */
	near(dixit_entry(1, 2, 0, 0, .1, .05), 1.3720, 5e-5);
	near(dixit_exit(1, 2, 0, 0, .1, .05), .8112, 5e-5);
}

/* An API of 344,119 USD a year of fixed cost, 1.480845 USD a year saved by a
 * daily request: volumes, to whole requests. */
static void test_dixit_volumes(void **state)
{
	static const struct { double m, sigma, k, l, high, low; } c[] = {
		{ 0, .2, 60e3, 30e3, 287620, 191475 },
		{ 0, .4, 60e3, 30e3, 325828, 172167 },
		{ 0, .6, 60e3, 30e3, 362656, 158125 },
		{ 0, .4, 250e3, 100e3, 406654, 147035 },
		{ .05, .4, 60e3, 30e3, 319751, 168571 },
	};
	const double s = 1.480845, w = 344119;

	(void)state;
	for (size_t i = 0; i < LENGTH(c); i++) {
		near(dixit_entry(w, c[i].k, c[i].l, c[i].m, c[i].sigma, .1) /
		     s, c[i].high, .6 / c[i].high);
		near(dixit_exit(w, c[i].k, c[i].l, c[i].m, c[i].sigma, .1) /
		     s, c[i].low, .6 / c[i].low);
	}
	/* for ever: what cannot be closed is opened later */
	near(dixit_entry(w, 60e3, 1e9, 0, .2, .1) / s, 368422, 2e-6);
	near(dixit_entry(w, 60e3, 1e9, 0, .4, .1) / s, 562660, 2e-6);
	near(dixit_entry(w, 60e3, 1e9, 0, .6, .1) / s, 831188, 2e-6);
	near(dixit_entry(w, 60e3, 1e9, 0, .4, .1), .1 * (60e3 + w / .1) *
	     perpetual_multiple(0, .4, .1), 1e-13);
}

static void test_dixit_limits(void **state)
{
	(void)state;
	/* nothing moves: Marshall's triggers (limit: to 1e-5) */
	near(dixit_entry(1, 4, 2, 0, 0, .025), 1.1, 1e-5);
	near(dixit_exit(1, 4, 2, 0, 0, .025), .95, 1e-5);
	/* nothing to pay: one trigger, the running cost */
	near(dixit_entry(3, 0, 0, .02, .4, .1), 3, 1e-14);
	near(dixit_exit(3, 0, 0, .02, .4, .1), 3, 1e-14);
	/* little to pay: the band goes with its cube root, never through 1 */
	assert_true(dixit_entry(1, 1e-12, 0, 0, .4, .1) > 1);
	assert_true(dixit_exit(1, 1e-12, 0, 0, .4, .1) < 1);
	near(dixit_entry(1, 1e-9, 0, 0, .4, .1) - 1,
	     10 * (dixit_entry(1, 1e-12, 0, 0, .4, .1) - 1), 1e-2);
	/* opening pays for itself; closing never does */
	assert_true(dixit_entry(-1, 5, 2, 0, .4, .1) == 0);
	assert_true(isnan(dixit_exit(-1, 5, 2, 0, .4, .1)));
	assert_true(isnan(dixit_exit(1, 4, 11, 0, .4, .1)));
	assert_true(isnan(dixit_entry(1, 4, 2, .1, .4, .1)));
	assert_true(isinf(dixit_entry(1, 4, -5, 0, .4, .1)));
	assert_true(isinf(dixit_exit(1, NAN, 0, 0, .4, .1)));
	/* wide and narrow: no overflow */
	assert_true(isfinite(dixit_entry(1, 1, 1, 0, 1e-3, .1)));
	assert_true(isfinite(dixit_entry(1, 1e6, 9.99, 0, 5, .1)));
}

/* --- least squares Monte Carlo ------------------------------------------ */

/* The eight paths of the paper's first section. */
static void test_eight_paths(void **state)
{
	static const double x[3][8] = {
		{ 1.09, 1.16, 1.22, .93, 1.11, .76, .92, .88 },
		{ 1.08, 1.26, 1.07, .97, 1.56, .77, .84, 1.22 },
		{ 1.34, 1.54, 1.03, .92, 1.52, .90, 1.01, 1.34 },
	};
	double path[4][8], pay[4][8], european = 0;
	struct lsm p = { 8, 4, 1, 2, &path[0][0], exp(-.06) };

	(void)state;
	for (int i = 0; i < 8; i++) {
		path[0][i] = 1;
		pay[0][i] = 0;
		for (int t = 0; t < 3; t++) {
			path[t + 1][i] = x[t][i];
			pay[t + 1][i] = 1.10 - x[t][i];
		}
		european += fmax(pay[3][i], 0) * exp(-.18) / 8;
	}
	near(lsm_stop(&p, &pay[0][0]), .11443433, 5e-8);
	near(european, .05638074, 5e-8);
}

/* Brownian motion by halves, the last date first: a net is best in its first
 * dimensions. w[(date - 1) * n + i], dates lo and hi are there (0: none). */
static void bridge(double *w, int n, int lo, int hi, int *dim)
{
	int mid = (lo + hi) / 2;
	double part = (double)(mid - lo) / (hi - lo);
	uint32_t word[16384];

	if (mid == lo)
		return;
	sobol_owen_fill(*dim, hash_mix(7, (uint64_t)*dim), 0, n, word);
	++*dim;
	for (int i = 0; i < n; i++) {
		double from = lo ? w[(lo - 1) * n + i] : 0;

		w[(mid - 1) * n + i] = from + part * (w[(hi - 1) * n + i] -
			from) + sqrt((mid - lo) * (1 - part)) *
			normal_quantile((word[i] + .5) * 0x1p-32);
	}
	bridge(w, n, lo, mid, dim);
	bridge(w, n, mid, hi, dim);
}

/* Geometric Brownian motion at dates 1 .. */
static double *paths_of(int n, int dates, double start, double drift,
                        double sigma, double step)
{
	double *x = malloc((size_t)(n * dates) * sizeof *x);
	uint32_t word[16384];
	int dim = 1;

	sobol_owen_fill(0, hash_mix(7, 0), 0, n, word);
	for (int i = 0; i < n; i++)
		x[(dates - 1) * n + i] = sqrt(dates) * normal_quantile(
			(word[i] + .5) * 0x1p-32);
	bridge(x, n, 0, dates, &dim);
	for (int t = 0; t < dates; t++)
		for (int i = 0; i < n; i++)
			x[t * n + i] = start * exp((drift - sigma * sigma / 2) *
				step * (t + 1) + sigma * sqrt(step) *
				x[t * n + i]);
	return x;
}

/* An option on x, to be used at any date from `step` on. */
static double option(int n, int dates, double start, double strike,
                     double drift, double sigma, double rate, double step,
                     int sign)
{
	double *x = paths_of(n, dates, start, drift, sigma, step), v;
	double *pay = malloc((size_t)(n * dates) * sizeof *pay);
	struct lsm p = { n, dates, 1, 3, x, exp(-rate * step) };

	for (int i = 0; i < n * dates; i++)
		pay[i] = sign * (x[i] - strike);
	v = lsm_stop(&p, pay) * p.discount;
	free(pay);
	free(x);
	return v;
}

/* Table 1 of the paper: American puts struck at 40, 50 dates a year; within
 * three of its standard errors and a cent. */
static void test_puts(void **state)
{
	static const struct { double s, sigma, t, value, se; } c[] = {
		{ 36, .2, 1, 4.472, .010 }, { 36, .2, 2, 4.821, .012 },
		{ 36, .4, 1, 7.091, .020 }, { 36, .4, 2, 8.488, .024 },
		{ 38, .2, 1, 3.244, .009 }, { 38, .2, 2, 3.735, .011 },
		{ 38, .4, 1, 6.139, .019 }, { 38, .4, 2, 7.669, .022 },
		{ 40, .2, 1, 2.313, .009 }, { 40, .2, 2, 2.879, .010 },
		{ 40, .4, 1, 5.308, .018 }, { 40, .4, 2, 6.921, .022 },
		{ 42, .2, 1, 1.617, .007 }, { 42, .2, 2, 2.206, .010 },
		{ 42, .4, 1, 4.588, .017 }, { 42, .4, 2, 6.243, .021 },
		{ 44, .2, 1, 1.118, .007 }, { 44, .2, 2, 1.675, .009 },
		{ 44, .4, 1, 3.957, .017 }, { 44, .4, 2, 5.622, .021 },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(c); i++) {
		double v = option(8192, (int)(50 * c[i].t), c[i].s, 40, .06,
		                  c[i].sigma, .06, .02, -1);

		near(v, c[i].value, (3 * c[i].se + .01) / c[i].value);
	}
}

/* Longer and longer horizons near the perpetual rule's value from below: at
 * V = K it is (V* - K) (K / V*)^beta. */
static void test_perpetual_limit(void **state)
{
	double multiple = perpetual_multiple(0, .2, .1);
	double beta = multiple / (multiple - 1);
	double forever = (multiple - 1) * pow(multiple, -beta);
	double last = 0;
	static const int years[] = { 2, 8, 40 };

	(void)state;
	for (size_t i = 0; i < LENGTH(years); i++) {
		double v = option(2048, 6 * years[i], 1, 1, 0, .2, .1,
		                  1 / 6.0, 1);

		assert_true(v > last && v < forever);
		last = v;
	}
	/* two months between dates, and a fitted policy, cost 2 % */
	near(last, forever, .03);
}

static void test_switching(void **state)
{
	struct switching s = {
		.bill = 232625, .hosting = 47500, .running = 344119,
		.entry = 60e3, .exit = 30e3, .volume_sigma = .4, .rate = .1,
		.months = 36,
	};
	static const double lattice[] = {
		8005.486, 137214.774, 516685.461, 980250.194
	};
	double closed = 0, v;

	(void)state;
	for (int k = 0; k < 4; k++) {
		struct switching at = s;

		at.bill *= k + 1;
		at.hosting *= k + 1;
		v = switch_value(&at);
		/* the fitted policy and 2,048 paths: see lsm.h */
		near(v, lattice[k], k == 0 ? .04 : .01);
	}
	/* free switching is a row of calls on the month's saving */
	s.bill = 930500;
	s.hosting = 190000;
	s.entry = s.exit = 0;
	for (int t = 0; t < 36; t++) {
		double income = (s.bill - s.hosting) / 12, w = s.running / 12;
		double sd = .4 * sqrt(t / 12.0);
		double d = t ? (log(income / w) + sd * sd / 2) / sd : 1e9;

		closed += pow(1.1, -(t + 1) / 12.0) *
			(income * normal_cdf(d) - w * normal_cdf(d - sd));
	}
	near(switch_value(&s), closed, 1e-3);
	/* two motions are one where they only multiply */
	s.hosting = 0;
	s.entry = 60e3;
	s.exit = 30e3;
	v = switch_value(&s);
	s.volume_sigma = .24;
	s.price_sigma = .32;
	near(switch_value(&s), v, .01);
	/* nothing moves: the first month decides for all */
	s.volume_sigma = s.price_sigma = 0;
	closed = 0;
	for (int t = 1; t <= 36; t++)
		closed += pow(1.1, -t / 12.0) * (s.bill - s.running) / 12;
	near(switch_value(&s), closed - 60e3, 1e-12);
	s.bill = 1;
	assert_true(switch_value(&s) == 0);
	s.months = 0;
	assert_true(switch_value(&s) == 0);
	s.months = 601;
	assert_true(isinf(switch_value(&s)));
	s.months = 12;
	s.exit = -70e3;
	assert_true(isinf(switch_value(&s)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_perpetual),
		cmocka_unit_test(test_dixit),
		cmocka_unit_test(test_dixit_volumes),
		cmocka_unit_test(test_dixit_limits),
		cmocka_unit_test(test_eight_paths),
		cmocka_unit_test(test_puts),
		cmocka_unit_test(test_perpetual_limit),
		cmocka_unit_test(test_switching),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
