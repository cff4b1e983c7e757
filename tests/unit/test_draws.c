/*
 * src/dist/draws.c: coordinates by dimension, replicate and index alone; and
 * what the three samplers are worth.
 *
 * Seeds are fixed, so every figure below repeats; bounds are four standard
 * errors of the statistic or a stated theorem.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "dist/draws.h"
#include "math/special.h"

static struct draws make(enum sampler sampler, uint64_t seed, int64_t n)
{
	struct draws d;
	struct err err = ERR_INIT;

	assert_true(draws_init(&d, sampler, seed, n, &err));
	return d;
}

static double *column(const struct draws *d, int dim)
{
	double *u = xcalloc((size_t)d->n, sizeof *u);

	draws_fill(d, dim, 0, (int)d->n, u);
	return u;
}

static void test_sizes(void **state)
{
	struct draws d;
	struct err err = ERR_INIT;

	(void)state;
	d = make(SAMPLER_SOBOL, 1, 16384);
	assert_true(d.n == 16384 && d.replicates == 8);
	d = make(SAMPLER_SOBOL, 1, 10000);
	assert_true(d.n == 16384 && d.replicates == 8);
	d = make(SAMPLER_SOBOL, 1, 15);
	assert_true(d.n == 16 && d.replicates == 1);
	d = make(SAMPLER_MC, 1, 10001);
	assert_true(d.n == 10008 && d.replicates == 8);
	d = make(SAMPLER_LHS, 1, 1);
	assert_true(d.n == 1 && d.replicates == 1);
	d = make(SAMPLER_SOBOL, 1, 1000000000);
	assert_true(d.n == (int64_t)8 << 27);
	assert_false(draws_init(&d, SAMPLER_MC, 1, 0, &err));
	assert_false(draws_init(&d, SAMPLER_MC, 1, 1000000001, &err));
	assert_int_equal(err.n, 2);
	assert_int_equal(err.item[0].kind, ERR_USAGE);
	err_clear(&err);
	assert_string_equal(sampler_names[SAMPLER_SOBOL], "sobol-owen");
}

/* Any cut of the points into ranges gives the same numbers, each an odd
 * multiple of 2^-33. */
static void test_cuts(void **state)
{
	(void)state;
	for (int s = 0; s < SAMPLER_N; s++) {
		struct draws d = make((enum sampler)s, 7, 3000);
		double *whole = column(&d, 5);
		double *part = xcalloc((size_t)d.n, sizeof *part);
		int n = 1;

		for (int at = 0; at < d.n; at += n) {
			n = n * 5 % 1021 + 1;
			if (n > d.n - at)
				n = (int)(d.n - at);
			draws_fill(&d, 5, at, n, part + at);
		}
		assert_memory_equal(whole, part,
		                    (size_t)d.n * sizeof *whole);
		for (int i = 0; i < d.n; i++) {
			double k = whole[i] * 0x1p33;

			assert_true(k == floor(k) && fmod(k, 2) == 1 &&
			            whole[i] > 0 && whole[i] < 1);
		}
		free(whole);
		free(part);
	}
}

/* Seed, sampler, dimension and replicate each make other numbers. */
static void test_streams(void **state)
{
	(void)state;
	for (int s = 0; s < SAMPLER_N; s++) {
		struct draws d = make((enum sampler)s, 7, 1024);
		struct draws e = make((enum sampler)s, 8, 1024);
		double *a = column(&d, 5), *b = column(&d, 6);
		double *c = column(&e, 5);

		assert_memory_not_equal(a, b, 1024 * sizeof *a);
		assert_memory_not_equal(a, c, 1024 * sizeof *a);
		assert_memory_not_equal(a, a + 128, 128 * sizeof *a);
		free(a);
		free(b);
		free(c);
	}
}

/* LHS and Sobol: each replicate has one point in each of its strata. */
static void test_strata(void **state)
{
	static const enum sampler strat[] = { SAMPLER_SOBOL, SAMPLER_LHS };

	(void)state;
	for (int s = 0; s < 2; s++) {
		for (int64_t n = 1; n <= 8 * 1500; n = n * 5 + 3) {
			struct draws d = make(strat[s], 3, n);
			int64_t each = d.n / d.replicates;
			double *u = column(&d, 1700);
			char *seen = xcalloc((size_t)d.n, 1);

			for (int64_t i = 0; i < d.n; i++) {
				int64_t k = (int64_t)(u[i] * (double)each);

				seen[i / each * each + k]++;
			}
			for (int64_t i = 0; i < d.n; i++)
				assert_int_equal(seen[i], 1);
			free(u);
			free(seen);
		}
	}
}

static double correlation(const double *a, const double *b, int64_t n)
{
	double sum = 0;

	for (int64_t i = 0; i < n; i++)
		sum += (a[i] - 0.5) * (b[i] - 0.5);
	return sum * 12 / (double)n;
}

/* Plain Monte Carlo over 64 dimensions: chi-square of 256 bins a dimension,
 * serial correlation, and all pairs of neighbours in dimension and replicate.
 * A correlation of n independent pairs has standard error 1 / sqrt(n); with
 * some 200 looks 4.5 of these allow for the largest. */
static void test_monte_carlo(void **state)
{
	enum { BINS = 256, DIMS = 64 };
	struct draws d = make(SAMPLER_MC, 2024, 65536);
	double limit = 4.5 / sqrt(65536), chi_sum = 0;
	double *before = column(&d, 63);

	(void)state;
	for (int dim = 0; dim < DIMS; dim++) {
		double *u = column(&d, dim), chi = 0, expected = 256;
		int bin[BINS] = { 0 };

		for (int64_t i = 0; i < d.n; i++)
			bin[(int)(u[i] * BINS)]++;
		for (int k = 0; k < BINS; k++)
			chi += (bin[k] - expected) * (bin[k] - expected) /
			       expected;
		chi_sum += chi;
		/* 255 degrees of freedom: sd sqrt(510) = 22.6. */
		assert_true(fabs(chi - 255) < 4.5 * 22.6);
		assert_true(fabs(correlation(u, before, d.n)) < limit);
		assert_true(fabs(correlation(u, u + 1, d.n - 1)) < limit);
		assert_true(fabs(correlation(u, u + 8192, d.n - 8192)) <
		            1.1 * limit);
		free(before);
		before = u;
	}
	free(before);
	assert_true(fabs(chi_sum / DIMS - 255) < 4 * 22.6 / sqrt(DIMS));
}

/* The shuffle of LHS pairs dimensions at random. */
static void test_lhs_pairs(void **state)
{
	struct draws d = make(SAMPLER_LHS, 5, 8 * 1000);
	double *before = column(&d, 0);

	(void)state;
	for (int dim = 1; dim < 60; dim++) {
		double *u = column(&d, dim);

		assert_true(fabs(correlation(u, before, d.n)) <
		            4 / sqrt((double)d.n));
		assert_true(fabs(correlation(u, u + 1, d.n - 1)) <
		            4 / sqrt((double)d.n));
		free(before);
		before = u;
	}
	free(before);
}

/* Act pays p1 + p2, p_i ~ N(0, s_i^2) with s 1 and 2; the alternative pays 0:
 * EVPI = s L(0) = sqrt(5) / sqrt(2 pi) = .89206206. */
static double evpi(const struct draws *d, int64_t from, int64_t n)
{
	double *a = xcalloc((size_t)n, sizeof *a);
	double *b = xcalloc((size_t)n, sizeof *b);
	double gain = 0, sum = 0;

	draws_fill(d, 0, from, (int)n, a);
	draws_fill(d, 1, from, (int)n, b);
	for (int64_t i = 0; i < n; i++) {
		double x = normal_quantile(a[i]) + 2 * normal_quantile(b[i]);

		gain += x > 0 ? x : 0;
		sum += x;
	}
	free(a);
	free(b);
	return gain / (double)n - (sum > 0 ? sum / (double)n : 0);
}

/* At 16384 points: the Sobol error is far below 1e-3, Monte Carlo's is about
 * 1.3 / 128 = .01. */
static void test_normal_normal(void **state)
{
	struct draws d = make(SAMPLER_SOBOL, 1, 16384);

	(void)state;
	assert_true(fabs(evpi(&d, 0, d.n) - .89206206) < 1e-3);
	d = make(SAMPLER_MC, 1, 16384);
	assert_true(fabs(evpi(&d, 0, d.n) - .89206206) < 4e-2);
}

/* The mean of exp(u1 + u2 - 1 + u3 / 2) over replicates of m points, against
 * its integral: root mean square over 8 replicates of 25 seeds. */
static double rms(enum sampler sampler, int64_t m)
{
	double truth = pow(M_E - 1, 2) / M_E * 2 * (sqrt(M_E) - 1), sum = 0;

	for (uint64_t seed = 0; seed < 25; seed++) {
		struct draws d = make(sampler, seed, 8 * m);
		double *u = column(&d, 10), *v = column(&d, 11);
		double *w = column(&d, 12);

		for (int r = 0; r < 8; r++) {
			double mean = 0;

			for (int64_t i = r * m; i < (r + 1) * m; i++)
				mean += exp(u[i] + v[i] - 1 + w[i] / 2);
			mean = mean / (double)m / truth - 1;
			sum += mean * mean;
		}
		free(u);
		free(v);
		free(w);
	}
	return sqrt(sum / 200);
}

/*
 * From 256 to 2048 points of a replicate the error falls 8^1.5 = 22.6 times
 * under Owen's theorem (less a factor for the logarithm, hence 12), and
 * sqrt(8) = 2.8 times under the others (200 errors give each to 5 %, the
 * ratio to 7 %).  At 2048 the net is at least 30 times better.
 */
static void test_convergence(void **state)
{
	double sobol = rms(SAMPLER_SOBOL, 2048), mc = rms(SAMPLER_MC, 2048);
	double lhs = rms(SAMPLER_LHS, 2048);
	double mc_ratio = rms(SAMPLER_MC, 256) / mc;

	(void)state;
	assert_true(rms(SAMPLER_SOBOL, 256) / sobol > 12);
	assert_true(fabs(mc_ratio / sqrt(8) - 1) < 0.28);
	assert_true(mc / sobol > 30);
	assert_true(mc / lhs > 2);      /* this sum-like function suits LHS */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_cuts),
		cmocka_unit_test(test_streams),
		cmocka_unit_test(test_strata),
		cmocka_unit_test(test_monte_carlo),
		cmocka_unit_test(test_lhs_pairs),
		cmocka_unit_test(test_normal_normal),
		cmocka_unit_test(test_convergence),
	};

	return cmocka_run_group_tests_name("draws", tests, NULL, NULL);
}
