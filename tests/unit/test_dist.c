/*
 * src/dist: quantiles, distribution functions, moments.
 *
 * Expectations are the published or independently computed values that each
 * table names; 8 to 15 digits are given, and the tolerances are the rounding
 * of those digits.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "dist/dist.h"
#include "units_arena.h"

#define LENGTH(a) (sizeof (a) / sizeof *(a))

static struct dist *make(const char *text)
{
	struct unit one = unit_one();
	struct pos pos = { "a text", 1, 1 };
	struct err err = ERR_INIT;
	struct dist *d = dist_parse(arena, units, text, &one, NULL, pos, &err);

	err_print(&err, stderr, text);
	err_clear(&err);
	assert_non_null(d);
	return d;
}

static void near(const char *what, double got, double want, double relative)
{
	if (fabs(got - want) <= relative * fabs(want))
		return;
	print_error("%s: got %.17g, want %.17g: off by %.2g, allowed %.2g\n",
	            what, got, want, fabs(got - want) / fabs(want), relative);
	fail();
}

/* Quantiles at .001 .05 .5 .95 .999: GSL and R agree to 13 digits. */
static const struct {
	const char *text;
	double q[5];
} classical[] = {
	{ "gamma(2.5, 3)", { .315318903943829, 1.71821433909265,
	                     6.52719028664329, 16.6057465402745,
	                     30.7725084786493 } },
	{ "beta(2, 5)", { .00825549278774668, .0628498917083543,
	                  .26444998329566, .581803409252026,
	                  .818613866919134 } },
	{ "student_t(4)", { -7.17318221978231, -2.13184678632665, 0,
	                    2.13184678632665, 7.17318221978231 } },
	{ "weibull(1.5, 2)", { .0200066705582737, .276102533112568,
	                       1.5664395375493, 4.15622127506911,
	                       7.25417382467895 } },
	{ "gamma(0.3, 1)", { 6.9726990967833e-11, 3.2110346997e-05,
	                     .0731311358669523, 1.37234994410089,
	                     4.61893604279 } },        /* 11 digits given */
};

static void test_classical(void **state)
{
	static const double p[5] = { .001, .05, .5, .95, .999 };

	(void)state;
	for (size_t i = 0; i < LENGTH(classical); i++) {
		struct dist *d = make(classical[i].text);

		for (int j = 0; j < 5; j++)
			near(classical[i].text, dist_quantile(d, p[j]),
			     classical[i].q[j], i == 4 ? 2e-11 : 2e-12);
	}
}

/* The far upper tail, which is where a cdf near 1 has lost its digits: R's
 * qgamma(1e-9, 2.5, scale = 3, lower = FALSE), qt(1e-9, 4, lower = FALSE); the
 * argument 1 - 1e-9 is itself off by 8e-17, hence eight digits. */
static void test_far_tail(void **state)
{
	(void)state;
	near("gamma", dist_quantile(make("gamma(2.5, 3)"), 1 - 1e-9),
	     76.0382906, 1e-8);
	near("t", dist_quantile(make("student_t(4)"), 1 - 1e-9), 234.0276121,
	     1e-7);
}

/* Q at .01 .05 .25 .75 .95 .99 as rmetalog and rjqpd (R) give them. */
static const struct {
	const char *text;
	double q[6];
} elicited[] = {
	{ "metalog(100, 130, 200)", { 76.67110618, 93.14802194, 111.25,
	                              161.25, 227.1552149, 285.80402311 } },
	{ "jqpd(10, 20, 40)", { 5.68306495, 8.21603308, 13.8865946,
	                        28.80475823, 48.68529571, 70.38455543 } },
	{ "jqpd(100, 130, 200)", { 86.80829863, 94.81170421, 111.15559569,
	                           160.09050297, 230.79679281,
	                           305.49817536 } },
};

static const double six[6] = { .01, .05, .25, .75, .95, .99 };

/* An interval keeps its ends as P5 and P95 and its draws inside the bounds, and
 * one that stays inside anyway is what it is without them. */
static void test_within_bounds(void **state)
{
	static const struct { double a, b, low, high; } of[] = {
		{ 0.9, 0.98, 0, 1 }, { 0.5, 0.99, 0, 1 }, { 0.05, 0.3, 0, 1 },
		{ 1.2, 3, 1, 100 }, { -0.5, 4, -1, HUGE_VAL },
		{ 0.001, 0.999, 0, 1 }, { 20, 94, 0, 95 },
	};
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < LENGTH(of); i++) {
		const double bounds[2] = { of[i].low, of[i].high };
		struct dist *d = dist_interval(a, of[i].a, of[i].b, bounds);
		double whole = of[i].b - of[i].a;

		near("P5", 1 + (dist_quantile(d, 0.05) - of[i].a) / whole, 1,
		     1e-12);
		near("P95", 1 + (dist_quantile(d, 0.95) - of[i].b) / whole, 1,
		     1e-12);
		assert_true(dist_quantile(d, 0x1p-33) >= of[i].low);
		assert_true(dist_quantile(d, 1 - 0x1p-33) <= of[i].high);
	}
	assert_int_equal(dist_interval(a, 0.01, 0.02, (double[]){ 0, 1 })->kind,
	                 DIST_LOGNORMAL);
	assert_int_equal(dist_interval(a, 0.9, 0.98, (double[]){ 0, 1 })->kind,
	                 DIST_TRUNCATED);
	arena_free(a);
}

static void test_elicited(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(elicited); i++) {
		struct dist *d = make(elicited[i].text);

		for (int j = 0; j < 6; j++)
			near(elicited[i].text, dist_quantile(d, six[j]),
			     elicited[i].q[j], 2e-9);
	}
	near("mean", dist_mean(make("jqpd(10, 20, 40)")), 23.15012274, 1e-9);
	near("mean", dist_mean(make("metalog(100, 130, 200)")), 141.37799033,
	     1e-10);
	near("sd", dist_sd(make("metalog(100, 130, 200)")),
	     sqrt(1888.72793261), 1e-10);
}

/* Q and mean of the semi-bounded J-QPD with 5 % tails, computed by itself: it
 * is not the law through the same points that 10 % tails would make. */
static void test_five_percent_tails(void **state)
{
	static const double want[6] = { 1.003668291847468, 2,
	                                5.226938705884192, 10.515768440395362,
	                                11, 11.186630270130225 };
	static const double q[3] = { 2, 9, 11 };
	struct pos pos = { 0 };
	struct err err = ERR_INIT;
	struct dist *d = dist_through(arena, DIST_JQPD, 0.05, q, NULL, pos,
	                              &err);

	(void)state;
	for (int i = 0; i < 6; i++)
		near("tails", dist_quantile(d, six[i]), want[i], 1e-13);
	near("mean", dist_mean(d), 7.790157811074153, 1e-11);
}

static struct dist *bounded(bool metalog, double a, double b, double c,
                            double low, double high)
{
	double bounds[2] = { low, high };
	struct pos pos = { 0 };
	struct err err = ERR_INIT;
	double q[3] = { a, b, c };
	struct dist *d = dist_through(arena, metalog ? DIST_METALOG : DIST_JQPD,
	                              0.1, q, bounds, pos, &err);

	err_print(&err, stderr, "bounded");
	err_clear(&err);
	assert_non_null(d);
	return d;
}

static void test_bounded(void **state)
{
	static const double share[6] = { .06328602, .14002453, .32890049,
	                                 .67109951, .85997547, .93671398 };
	static const double above[6] = { 4.69328778, 7.90001923, 14.14213562,
	                                 28.28427125, 50.63278814,
	                                 85.22809993 };
	struct dist *d = bounded(false, .2, .5, .8, 0, 1);

	(void)state;
	for (int i = 0; i < 6; i++)
		near("share", dist_quantile(d, six[i]), share[i], 1e-7);
	assert_true(d->low == 0 && d->high == 1);
	d = bounded(true, 10, 20, 40, 0, HUGE_VAL);
	for (int i = 0; i < 6; i++)
		near("above 0", dist_quantile(d, six[i]), above[i], 2e-9);
}

/* A sanity bound far away shapes nothing; a near one is kept. */
static void test_far_bounds(void **state)
{
	struct dist *free = make("jqpd(10, 20, 40)");
	struct dist *far = bounded(false, 10, 20, 40, 0, 1e9);
	struct dist *cut = bounded(false, 10, 20, 40, 0, 60);
	struct dist *signed_ = bounded(false, -5, 2, 10, -1e9, 1e9);
	double u = 1 - 0x1p-33;

	(void)state;
	for (int i = 0; i < 6; i++)
		assert_true(dist_quantile(free, six[i]) ==
		            dist_quantile(far, six[i]));
	assert_true(dist_quantile(cut, u) <= 60);
	assert_true(dist_quantile(cut, .999) < 60);
	near("p90", dist_quantile(cut, .9), 40, 1e-13);
	assert_true(dist_quantile(signed_, 1 - u) < -5);
	near("p10", dist_quantile(signed_, .1), -5, 1e-13);
	near("p90", dist_quantile(signed_, .9), 10, 1e-13);
}

static const struct {
	const char *text;
	double mean, sd;                /* sd 0: not given */
} moments[] = {
	/* A to B: exp(mu + sigma^2 / 2) with z = 1.6448536269514722. */
	{ "5 to 10", 7.2297837323, 0 },
	{ "1 to 10000", 5036.4427752411, 0 },
	{ "30 to 50", 39.1995837119, 0 },
	{ "10000 to 90000", 37496.533747, 0 },
	{ "pert(1, 3, 10)", 3.8333333333333333, 0 },
	{ "normal(3, 2)", 3, 2 },
	{ "uniform(2, 5)", 3.5, 0.86602540378443865 },
	{ "triangular(0, 3, 6)", 3, 1.2247448713915890 },
	{ "beta(2, 6)", 0.25, 0.14433756729740645 },
	{ "gamma(4, 0.5)", 2, 1 },
	{ "weibull(1.5, 2)", 1.805490585901867, 1.2258715835093523 },
	{ "student_t(4)", 0, 1.4142135623730951 },
	{ "student_t(6, 10, 2)", 10, 2.4494897427831781 },
	{ "bernoulli(0.3)", 0.3, 0.45825756949558400 },
	{ "poisson(3)", 3, 1.7320508075688773 },
	{ "discrete(0: 0.2, 1: 0.8)", 0.8, 0.4 },
	{ "mixture(0.5: normal(0, 1), 0.5: normal(10, 1))", 5,
	  5.0990195135927845 },
	/* scipy.stats.truncnorm(-1, 2) */
	{ "truncate(normal(0, 1), -1, 2)", 0.22963717909132902,
	  0.7209455868590458 },
	/* By hand: mean e - 1, mean square (e^2 - 1) / 2. */
	{ "loguniform(1, 2.718281828459045)", 1.7182818284590451,
	  0.4919711449391776 },
};

static void test_moments(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(moments); i++) {
		struct dist *d = make(moments[i].text);

		if (moments[i].mean > 0)
			near(moments[i].text, dist_mean(d), moments[i].mean,
			     5e-11);
		if (moments[i].sd > 0)
			near(moments[i].text, dist_sd(d), moments[i].sd,
			     5e-11);
	}
}

/* Both ends of an interval are its 5 and 95 % points. */
static void test_intervals(void **state)
{
	struct dist *d = make("20k to 250k");

	(void)state;
	assert_int_equal(d->kind, DIST_LOGNORMAL);
	near("p5", dist_quantile(d, 0.05), 20000, 1e-14);
	near("p95", dist_quantile(d, 0.95), 250000, 1e-14);
	d = make("5 to 10");
	near("mu", log(d->p[0]), 1.956011502714, 1e-12);
	near("sigma", d->p[1], 0.210701781971, 1e-11);
	d = make("1 to 10000");
	near("mu", log(d->p[0]), 4.605170185988, 1e-12);
	near("sigma", d->p[1], 2.799744676688, 1e-12);
	d = make("-5 to 10");
	assert_int_equal(d->kind, DIST_NORMAL);
	near("p5", dist_quantile(d, 0.05), -5, 1e-14);
	near("p95", dist_quantile(d, 0.95), 10, 1e-14);
	assert_int_equal(make("0 to 5")->kind, DIST_NORMAL);
}

static void test_pert(void **state)
{
	struct dist *d = make("pert(1, 3, 10)");

	(void)state;
	near("p10", dist_quantile(d, .1), 1.8965595762, 3e-11);
	near("p50", dist_quantile(d, .5), 3.6385327766, 3e-11);
	near("p90", dist_quantile(d, .9), 6.0642049938, 3e-11);
}

/* A lognormal cost against a fixed 40000, by Black and Scholes' formula. */
static void test_black_scholes(void **state)
{
	(void)state;
	near("P(C < K)", dist_cdf(make("10000 to 90000"), 40000), .66666422,
	     1e-8);
}

/* Every law that is a continuous one, and the hard ones among these. */
static const char *const continuous[] = {
	"normal(0, 1)", "1 to 10000", "uniform(-2, 5)",
	"loguniform(1e-5, 1e-2)", "triangular(0.4, 0.5, 0.5)",
	"triangular(0, 0, 1)", "triangular(-3, 0, 0)",
	"pert(1, 3, 10)", "pert(1, 1, 10)",
	"beta(2, 6)", "beta(0.5, 0.5)", "beta(50, 950)", "beta(1, 200)",
	"beta(2, 998)", "beta(3, 3000)", "beta(500, 2000)",
	"beta(100000, 1000000)", "gamma(2.5, 3)", "gamma(0.1, 1)",
	"gamma(1000000, 1)", "weibull(0.5, 3)", "student_t(4)",
	"student_t(2.1, 3, 5)", "jqpd(10, 20, 40)", "jqpd(-5, 2, 10)",
	"metalog(100, 130, 200)", "truncate(normal(0, 1), -1, 2)",
	"truncate(normal(0, 1), 4, 7)", "truncate(beta(2, 998), 0.001, 1)",
	"mixture(0.7: 1 to 3, 0.3: normal(5, 1))",
	"mixture(0.5: normal(0, 1), 0.5: normal(100, 1))",
};

/*
 * 20 000 midpoints: finite, rising, and the cdf gives back u.  The relative
 * error of the smaller tail is at most what an error of one part in 1e12 of
 * the quantile does to it; measured over two neighbours 1e-12 apart.
 */
static void round_trip(const char *text, const struct dist *d)
{
	enum { N = 20000 };
	double before = -HUGE_VAL;

	for (int i = 0; i < N; i++) {
		double u = (i + 0.5) / N, x = dist_quantile(d, u);
		double slack = 1e-12 * fabs(x) + 1e-300;
		double lo = dist_cdf(d, x - slack), hi = dist_cdf(d, x + slack);

		if (isfinite(x) && x >= before && x >= d->low &&
		    x <= d->high && lo <= u * (1 + 1e-13) &&
		    hi >= u * (1 - 1e-13)) {
			before = x;
			continue;
		}
		print_error("%s: u %.17g, x %.17g after %.17g, cdf %.17g\n",
		            text, u, x, before, dist_cdf(d, x));
		fail();
	}
}

static void test_round_trips(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(continuous); i++)
		round_trip(continuous[i], make(continuous[i]));
}

/* The coordinates that draws can have at the ends, up to the rounding of x. */
static void test_extreme_coordinates(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(continuous); i++) {
		struct dist *d = make(continuous[i]);
		double low = dist_quantile(d, 0x1p-33);
		double high = dist_quantile(d, 1 - 0x1p-33);
		double slack = 4e-16 * fmax(fabs(low), fabs(d->p[0]));

		assert_true(isfinite(low) && isfinite(high) && low < high);
		assert_true(dist_cdf(d, low - slack) <= 0x1.0001p-33);
		assert_true(dist_cdf(d, low + slack) >= 0x1.fffep-34);
	}
	/* Below 1e-323 a quantile of gamma(0.01, 1) is that or zero. */
	assert_true(dist_quantile(make("gamma(0.01, 1)"), 1e-6) <= 5e-324);
	assert_true(dist_quantile(make("gamma(0.01, 1)"), 0.5) > 0);
}

/* scipy.stats.poisson(1e6).ppf(.001, .5, .999); the others by hand. */
static void test_counts(void **state)
{
	struct dist *d = make("poisson(1000000)"), *small = make("poisson(3)");

	(void)state;
	assert_true(dist_quantile(d, .001) == 996911);
	assert_true(dist_quantile(d, .5) == 1000000);
	assert_true(dist_quantile(d, .999) == 1003092);
	assert_true(dist_quantile(small, .1) == 1);
	assert_true(dist_quantile(small, .999) == 10);
	near("P(K <= 2)", dist_cdf(small, 2.5), 8.5 * exp(-3), 1e-14);
	assert_true(dist_cdf(small, -0.5) == 0);
	assert_true(dist_central(small) == 2);          /* as likely as 3 */
	assert_true(dist_central(make("poisson(0.2)")) == 0);
	assert_false(dist_is_discrete(small));
}

static void test_atoms(void **state)
{
	struct dist *d = make("discrete(5: 0.25, 1: 0.5, 3: 0.25)");

	(void)state;
	assert_true(dist_quantile(d, 0.5) == 1);
	assert_true(dist_quantile(d, 0.50001) == 3);
	assert_true(dist_quantile(d, 0.9) == 5);
	assert_true(dist_cdf(d, 0.9) == 0 && dist_cdf(d, 1) == 0.5);
	assert_true(dist_cdf(d, 4) == 0.75 && dist_cdf(d, 5) == 1);
	assert_true(d->value[0] == 5 && d->value[1] == 1);      /* as typed */
	assert_true(dist_central(d) == 1);
	assert_true(dist_central(make("discrete(7: 0.4, 2: 0.2, 1: 0.4)")) ==
	            7);
	assert_true(dist_is_discrete(d) && !dist_is_point(d));
	assert_true(dist_is_point(make("7")));
	assert_true(dist_central(make("bernoulli(0.5)")) == 0);
	assert_true(dist_central(make("bernoulli(0.51)")) == 1);
}

static void test_empirical(void **state)
{
	static const double values[] = { 3, 1, 4, 1, 5, 9, 2, 6 };
	struct dist *d = dist_empirical(arena, values, 8);

	(void)state;
	assert_true(dist_quantile(d, 0.25) == 1);
	assert_true(dist_quantile(d, 0.26) == 2);
	assert_true(dist_quantile(d, 0.999) == 9);
	assert_true(dist_central(d) == 3.5);
	assert_true(dist_cdf(d, 1) == 0.25);
	near("mean", dist_mean(d), 31 / 8.0, 1e-15);
	near("sd", dist_sd(d), sqrt(173 / 8.0 - 31 / 8.0 * 31 / 8.0), 1e-14);
}

/* What --point takes may be said; the law stays the same. */
static void test_pointed(void **state)
{
	struct dist *d = make("triangular(3, 18, 24)");
	struct dist *p = dist_pointed(arena, d, 18);

	(void)state;
	assert_true(dist_central(p) == 18);
	assert_true(dist_central(d) < 17);              /* the median */
	assert_true(dist_quantile(p, 0.3) == dist_quantile(d, 0.3));
	assert_null(dist_pointed(arena, d, 25));
	assert_null(dist_pointed(arena, make("lognormal(3, 1)"), -1));
	assert_null(dist_pointed(arena, d, NAN));
}

static void test_mixtures(void **state)
{
	struct dist *d = make("mixture(0.5: 0, 0.5: lognormal(10, 1))");
	struct dist *atoms = make("mixture(0.5: discrete(1: 0.5, 2: 0.5), "
	                          "0.5: 2)");

	(void)state;
	assert_true(dist_quantile(d, 0.4) == 0);        /* the atom, exactly */
	near("median of the rest", dist_quantile(d, 0.75), 10, 1e-14);
	assert_true(dist_cdf(d, 0) == 0.5);
	assert_int_equal(atoms->kind, DIST_DISCRETE);
	assert_int_equal(atoms->n, 2);
	assert_true(dist_cdf(atoms, 1) == 0.25);
	d = make("mixture(0.5: normal(0, 1), 0.5: normal(100, 1))");
	near("lower median", dist_quantile(d, 0.25) + 1, 1, 1e-14);
	near("upper median", dist_quantile(d, 0.75), 100, 1e-14);
}

static void test_truncations(void **state)
{
	struct dist *d = make("truncate(discrete(1: 0.5, 2: 0.25, 9: 0.25), "
	                      "2, 10)");

	(void)state;
	assert_int_equal(d->n, 2);
	assert_true(dist_cdf(d, 2) == 0.5);
	d = make("truncate(poisson(3), 2, 4)");
	assert_true(dist_quantile(d, 1e-9) == 2);
	assert_true(dist_quantile(d, 1 - 1e-9) == 4);
	d = make("truncate(uniform(0, 10), 2, 4)");
	near("middle", dist_quantile(d, 0.5), 3, 1e-15);
	near("mean", dist_mean(d), 3, 1e-9);
	/* The median of what a lognormal keeps above 5 sigma. */
	d = make("truncate(lognormal(1, 1), 148.4131591025766, 1e9)");
	near("cdf", dist_cdf(d, dist_quantile(d, 0.5)), 0.5, 1e-12);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_classical),
		cmocka_unit_test(test_far_tail),
		cmocka_unit_test(test_five_percent_tails),
		cmocka_unit_test(test_within_bounds),
		cmocka_unit_test(test_elicited),
		cmocka_unit_test(test_bounded),
		cmocka_unit_test(test_far_bounds),
		cmocka_unit_test(test_moments),
		cmocka_unit_test(test_intervals),
		cmocka_unit_test(test_pert),
		cmocka_unit_test(test_black_scholes),
		cmocka_unit_test(test_round_trips),
		cmocka_unit_test(test_extreme_coordinates),
		cmocka_unit_test(test_counts),
		cmocka_unit_test(test_atoms),
		cmocka_unit_test(test_empirical),
		cmocka_unit_test(test_pointed),
		cmocka_unit_test(test_mixtures),
		cmocka_unit_test(test_truncations),
	};

	return cmocka_run_group_tests_name("dist", tests,
	                                   units_arena_setup,
	                                   units_arena_teardown);
}
