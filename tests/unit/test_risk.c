/*
 * src/math: thresholds on a classifier's scores, bounds of a probability, and
 * the tail of a sum of losses.
 *
 * Expectations: the twenty rows from a table worked out by hand; calibration,
 * areas and ranks of the same rows from scikit-learn's definitions in numpy;
 * the bounds and the tails from SciPy (beta.ppf, and a convolution of Poisson
 * laws, which is another way than Panjer's).
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "math/loss.h"
#include "math/risk.h"

#define LENGTH(a) (sizeof (a) / sizeof *(a))

static void near(double got, double want, double relative)
{
	if (fabs(got - want) <= relative * fabs(want))
		return;
	print_error("got %.17g, want %.17g\n", got, want);
	fail();
}

/* Unsorted on purpose. */
static const double scores[] = {
	.3, .98, .97, .96, .95, .93, .92, .9, .88, .85, .82, .8, .75, .7, .65,
	.6, .55, .5, .4, .99,
};
static const double right[] = {
	0, 1, 1, 1, 1, 1, 0, 1, 1, 1, 0, 1, 1, 1, 0, 1, 0, 1, 0, 1,
};

static void test_shares(void **state)
{
	struct risk *r = risk_new(scores, right, LENGTH(scores));

	(void)state;
	assert_int_equal(risk_items(r), 20);
	assert_int_equal(risk_errors(r), 6);
	near(risk_below(r, 0.7), 0.3, 1e-15);
	near(risk_wrong_below(r, 0.7), 0.2, 1e-15);
	assert_true(risk_below(r, 0) == 0 && risk_below(r, 0.3) == 0);
	near(risk_below(r, RISK_ALL), 1, 1e-15);
	near(risk_wrong_below(r, RISK_ALL), 0.3, 1e-15);
	assert_true(risk_threshold_of_share(r, 0.3) == 0.7);
	assert_true(risk_threshold_of_share(r, 0.34) == 0.7);
	assert_true(risk_threshold_of_share(r, 0) == 0);
	assert_true(risk_threshold_of_share(r, 1) == RISK_ALL);
	assert_true(isnan(risk_threshold_of_share(r, NAN)));
	free(r);
}

/* The least cost over all thresholds, one by one. */
static double tried(const struct risk *r, double review, double caught)
{
	double best = 0, least = 0;

	for (size_t i = 0; i <= LENGTH(scores); i++) {
		double t = i < LENGTH(scores) ? scores[i] : RISK_ALL;
		double c = review * risk_below(r, t)
			- caught * risk_wrong_below(r, t);

		if (c < least - 1e-15) {
			least = c;
			best = t;
		}
	}
	return best;
}

static void test_best_threshold(void **state)
{
	struct risk *r = risk_new(scores, right, LENGTH(scores));
	double review = 3.151260504201681 + 10 * 0.01;
	double caught = 0.85 * 9 + 10 * 0.01;

	(void)state;
	assert_true(risk_best_threshold(r, review, caught) == 0.7);
	for (double x = 0.02; x < 12; x *= 1.09)
		near(risk_best_threshold(r, 1, x), tried(r, 1, x), 1e-15);
	assert_true(risk_best_threshold(r, 0, 1) == 0.93);
	assert_true(risk_best_threshold(r, 1, -1) == 0);
	assert_true(isnan(risk_best_threshold(r, -1, 1)));
	free(r);
}

static void test_quality_of_scores(void **state)
{
	struct risk *r = risk_new(scores, right, LENGTH(scores));

	(void)state;
	near(risk_area(r), 0.1266165316881261, 1e-12);
	near(risk_brier(r), 0.15768, 1e-12);
	near(risk_auroc(r), 0.8095238095238095, 1e-12);
	near(risk_calibration_error(r, 15), 0.21, 1e-12);
	near(risk_excess_area(r), 0.06894066309507482, 1e-12);
	near(risk_calibrated(r, 0.99), 1, 1e-15);
	near(risk_calibrated(r, 0.1), 0, 1e-15);
	near(risk_calibrated(r, 0.6), 0.5, 1e-12);
	near(risk_beta_moment(r, 0), 1.0294117647058825, 1e-12);
	near(risk_beta_moment(r, 1), 0.4411764705882354, 1e-12);
	free(r);
}

/* Equal scores go together: the order of the rows must not matter. */
static void test_ties(void **state)
{
	static const double s[] = { .5, .5, .5, .5 };
	static const double a[] = { 1, 0, 1, 1 }, b[] = { 1, 1, 0, 1 };
	struct risk *r = risk_new(s, a, 4), *q = risk_new(s, b, 4);

	(void)state;
	assert_true(risk_below(r, 0.5) == 0);
	assert_true(risk_below(r, 0.6) == 1);
	near(risk_area(r), 0.25, 1e-15);
	near(risk_area(q), 0.25, 1e-15);
	near(risk_auroc(r), 0.5, 1e-15);
	assert_true(isnan(risk_beta_moment(r, 0)));     /* no spread */
	assert_true(risk_best_threshold(r, 1, 5) == RISK_ALL);
	assert_true(risk_best_threshold(r, 1, 3) == 0);
	free(r);
	free(q);
}

static void test_one_class(void **state)
{
	static const double s[] = { .2, .9, .4 }, all[] = { 1, 1, 1 };
	static const double none[] = { 0, 0, 0 };
	struct risk *r = risk_new(s, all, 3), *q = risk_new(s, none, 3);

	(void)state;
	assert_true(isnan(risk_auroc(r)) && isnan(risk_auroc(q)));
	assert_true(isnan(risk_beta_moment(r, 1)));
	assert_true(risk_best_threshold(r, 1, 100) == 0);
	assert_true(risk_best_threshold(q, 1, 100) == RISK_ALL);
	assert_true(risk_area(r) == 0 && risk_area(q) == 1);
	near(risk_excess_area(q), 0, 1e-15);
	free(r);
	free(q);
}

/* Zero errors in n items: 1 - alpha^(1/n). */
static void test_bounds(void **state)
{
	(void)state;
	near(clopper_pearson_upper(0, 300, 0.05), 0.00993608194445772, 1e-12);
	near(clopper_pearson_upper(0, 300, 0.05), -expm1(log(0.05) / 300),
	     1e-12);
	near(clopper_pearson_upper(3, 300, 0.05), 0.025641393082609314, 1e-11);
	near(clopper_pearson_upper(15, 6000, 0.05), 0.003846923798054993,
	     1e-11);
	near(clopper_pearson_lower(300, 300, 0.05), pow(0.05, 1. / 300), 1e-12);
	near(clopper_pearson_lower(165, 200, 0.05), 0.7747586446316664, 1e-11);
	assert_true(clopper_pearson_lower(0, 0, 0.05) == 0);
	assert_true(clopper_pearson_upper(0, 0, 0.05) == 1);
	assert_true(clopper_pearson_upper(5, 5, 0.05) == 1);
	assert_true(isnan(clopper_pearson_upper(6, 5, 0.05)));
	assert_true(isnan(clopper_pearson_lower(1, 5, 0)));
}

/* 6000 items, all of the 400 errors at the bottom: the search ends at a
 * threshold whose bound is met, as it is for none of 20 items. */
static void test_safe_threshold(void **state)
{
	double s[6000], c[6000], t, m;
	struct risk *r, *few = risk_new(scores, right, LENGTH(scores));

	(void)state;
	for (int i = 0; i < 6000; i++) {
		s[i] = (i + 0.5) / 6000;
		c[i] = i >= 400;
	}
	r = risk_new(s, c, 6000);
	t = risk_safe_threshold(r, 0.02, 0.001);
	m = 6000 * (1 - risk_below(r, t));
	assert_true(clopper_pearson_upper(400 - 6000 * risk_wrong_below(r, t),
	                                  m, 0.001 / 13) <= 0.02);
	near(risk_below(r, t), 0.05416666666666667, 1e-12);
	assert_true(isnan(risk_safe_threshold(few, 0.01, 0.001)));
	assert_true(isnan(risk_safe_threshold(r, 0, 0.001)));
	free(r);
	free(few);
}

static const struct {
	double errors, p50, p95, p99, cvar95, cvar99;
} tails[] = {
	{ 250, 27500, 278150, 288450, 319065.4884018497, 468281.93149377796 },
	{ 60, 6550, 12950, 257150, 159652.57143792798, 270523.51477847795 },
	{ 40, 4000, 9450, 253950, 108069.61842252672, 260912.48535313905 },
};

static void test_loss(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(tails); i++) {
		double n = tails[i].errors;
		struct loss l[] = { { n * 0.97, 50 }, { n * 0.0295, 2000 },
		                    { n * 0.0005, 250000 } };

		assert_true(loss_quantile(0.5, 50, l, 3) == tails[i].p50);
		assert_true(loss_quantile(0.95, 50, l, 3) == tails[i].p95);
		assert_true(loss_quantile(0.99, 50, l, 3) == tails[i].p99);
		near(loss_cvar(0.95, 50, l, 3), tails[i].cvar95, 1e-10);
		near(loss_cvar(0.99, 50, l, 3), tails[i].cvar99, 1e-10);
	}
}

/* One size: a Poisson law, far beyond where exp(-rate) underflows. */
static void test_loss_of_many(void **state)
{
	struct loss many = { 20000, 1 }, none = { 0, 7 }, wild = { 1, 1e9 };

	(void)state;
	assert_true(loss_quantile(0.99, 1, &many, 1) == 20330);
	near(loss_cvar(0.99, 1, &many, 1), 20377.949037892315, 1e-9);
	assert_true(loss_quantile(0.99, 1, &none, 1) == 0);
	assert_true(loss_cvar(0.99, 1, &none, 1) == 0);
	assert_true(isnan(loss_quantile(0.99, 1, &wild, 1)));
	assert_true(isnan(loss_quantile(1, 1, &many, 1)));
	assert_true(isnan(loss_quantile(0.5, 0, &many, 1)));
	many.rate = -1;
	assert_true(isnan(loss_quantile(0.5, 1, &many, 1)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_shares),
		cmocka_unit_test(test_best_threshold),
		cmocka_unit_test(test_quality_of_scores),
		cmocka_unit_test(test_ties),
		cmocka_unit_test(test_one_class),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_safe_threshold),
		cmocka_unit_test(test_loss),
		cmocka_unit_test(test_loss_of_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
