/*
 * Least squares on splines, and counts drawn by their quantiles.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "math/counts.h"
#include "math/fit.h"
#include "math/special.h"

#define M 20
#define N 4000

static double at(double x, const double *coef)
{
	double v[4], sum = 0;
	int first = spline_row(-3, 3, M, x, v);

	for (int i = 0; i < 4; i++)
		sum += coef[first + i] * v[i];
	return sum;
}

static void fill(struct fit *f, double (*y)(double x, int i))
{
	fit_init(f, M, 1);
	for (int i = 0; i < N; i++) {
		double x = -3 + 6 * (i + 0.5) / N, v[4], value = y(x, i);
		int first = spline_row(-3, 3, M, x, v);
		int column[4] = { first, first + 1, first + 2, first + 3 };

		fit_row(f, column, v, 4, &value);
	}
}

static double cubic(double x, int i)
{
	(void)i;
	return 2 - x + 0.5 * x * x + 0.25 * x * x * x;
}

/* Cubic splines hold a cubic: what is left is the ridge's, 1e-10. */
static void test_cubic(void **state)
{
	double coef[M], sum = 0, v[4];
	struct fit f;

	(void)state;
	fill(&f, cubic);
	assert_true(fit_solve(&f, NULL, coef));
	for (double x = -3; x <= 3; x += 0.37)
		assert_true(fabs(at(x, coef) - cubic(x, 0)) < 1e-7);
	/* outside, the value at the end holds */
	assert_true(fabs(at(7, coef) - cubic(3, 0)) < 1e-6);
	fit_release(&f);
	spline_row(0, 1, M, 0.3141, v);
	for (int i = 0; i < 4; i++)
		sum += v[i];
	assert_true(fabs(sum - 1) < 1e-15);
}

static double noisy_line(double x, int i)
{
	/* golden-ratio noise: evenly spread, in no order along x */
	double u = fmod(i * 0.61803398874989485, 1);

	return 3 * x + normal_quantile(fmin(fmax(u, 1e-6), 1 - 1e-6));
}

/* Cross-validation finds that a line is enough. */
static void test_smooth(void **state)
{
	double penalty[M * M] = { 0 }, plain[M], smooth[M];
	double off[2] = { 0, 0 };
	struct fit f;

	(void)state;
	for (int k = 0; k + 2 < M; k++)
		for (int i = 0; i < 3; i++)
			for (int j = 0; j < 3; j++)
				penalty[(k + i) * M + k + j] +=
					(i == 1 ? -2 : 1) * (j == 1 ? -2 : 1);
	fill(&f, noisy_line);
	assert_true(fit_solve(&f, NULL, plain));
	assert_true(fit_solve(&f, penalty, smooth));
	for (double x = -2.9; x <= 2.9; x += 0.1) {
		off[0] += fabs(at(x, plain) - 3 * x);
		off[1] += fabs(at(x, smooth) - 3 * x);
	}
	assert_true(off[1] <= off[0]);
	assert_true(off[1] / 59 < 0.02);
	fit_release(&f);
	fit_init(&f, M, 1);
	assert_false(fit_solve(&f, NULL, plain));       /* no rows */
	fit_release(&f);
}

/* Two columns that are one: any split of the coefficient predicts alike. */
static void test_redundant(void **state)
{
	const int column[2] = { 0, 1 };
	double coef[2];
	struct fit f;

	(void)state;
	fit_init(&f, 2, 1);
	for (int i = 1; i <= 10; i++) {
		double v[2] = { i, i }, y = 6 * i;

		fit_row(&f, column, v, 2, &y);
	}
	assert_true(fit_solve(&f, NULL, coef));
	assert_true(fabs(coef[0] + coef[1] - 6) < 1e-6);
	fit_release(&f);
}

/* The quantile is the first count whose sum of probabilities reaches u: the
 * sums are made here, by the recurrence of the probabilities. */
static void check_binomial(double n, double p)
{
	double mass = pow(1 - p, n), sum = mass;

	for (int k = 0; k <= n && sum < 1 - 1e-9; k++) {
		assert_true(binomial_count(sum - 0.5 * mass, n, p) == k);
		mass *= (n - k) / (k + 1) * p / (1 - p);
		sum += mass;
	}
}

static void test_counts(void **state)
{
	double mass = exp(-3.5), sum = mass;

	(void)state;
	check_binomial(1, 0.2);
	check_binomial(10, 0.5);
	check_binomial(50, 0.02);
	check_binomial(1000, 0.3);
	for (int k = 0; k < 15; k++) {
		assert_true(poisson_count(sum - 0.5 * mass, 3.5) == k);
		mass *= 3.5 / (k + 1);
		sum += mass;
	}
	/* the ends of the domain, and what lies outside */
	assert_true(binomial_count(0.5, 7, 0) == 0);
	assert_true(binomial_count(0.5, 7, 1) == 7);
	assert_true(poisson_count(0.5, 0) == 0);
	assert_true(isnan(binomial_count(0.5, 7.5, 0.5)));
	assert_true(isnan(binomial_count(0.5, 7, 1.5)));
	assert_true(isnan(poisson_count(0.5, -1)));
	assert_true(isnan(poisson_count(0.5, 1e10)));
	/* far out the law is close to normal: mean + z sd, within 2 */
	assert_true(fabs(binomial_count(0.975, 1e8, 0.5) - 5e7 -
	                 1.959964 * 5000) < 2);
	assert_true(fabs(poisson_count(0.025, 1e8) - 1e8 +
	                 1.959964 * 1e4) < 2);
	assert_true(poisson_count(1 - 0x1p-33, 1e-9) <= 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cubic),
		cmocka_unit_test(test_smooth),
		cmocka_unit_test(test_redundant),
		cmocka_unit_test(test_counts),
	};

	return cmocka_run_group_tests_name("fit", tests, NULL, NULL);
}
