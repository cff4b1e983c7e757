/*
 * Shares of a variance (engine reference, C5): closed forms of the functions
 * that the field tests with, within four of our own standard errors, which are
 * those of 8 scramblings.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dist/draws.h"
#include "engine/indices.h"
#include "math/partial.h"
#include "math/special.h"

enum { MOST = 8, THREADS = 4 };

struct function {
	int d;
	double (*f)(const double *u);
	const double *correlation;
	double total[MOST], shapley[MOST];
	const double *u[THREADS][MOST];
};

static void set(void *ctx, int thread, int i, const double *u, int n)
{
	struct function *f = ctx;

	(void)n;
	f->u[thread][i] = u;
}

static void run(void *ctx, int thread, int n, double *y)
{
	const struct function *f = ctx;

	for (int k = 0; k < n; k++) {
		double u[MOST];

		for (int i = 0; i < f->d; i++)
			u[i] = f->u[thread][i][k];
		y[k] = f->f(u);
	}
}

/* Ishigami and Homma, a = 7, b = 0.1. */
static double ishigami(const double *u)
{
	double x[3];

	for (int i = 0; i < 3; i++)
		x[i] = M_PI * (2 * u[i] - 1);
	return sin(x[0]) + 7 * sin(x[1]) * sin(x[1]) +
	       .1 * pow(x[2], 4) * sin(x[0]);
}

/* Sobol's G, a = (0, 1, 4.5, 9, 99, 99, 99, 99). */
static double sobol_g(const double *u)
{
	static const double a[8] = { 0, 1, 4.5, 9, 99, 99, 99, 99 };
	double y = 1;

	for (int i = 0; i < 8; i++)
		y *= (fabs(4 * u[i] - 2) + a[i]) / (1 + a[i]);
	return y;
}

static double sum_of_normals(const double *u)
{
	return normal_quantile(u[0]) + normal_quantile(u[1]) +
	       2 * normal_quantile(u[2]);
}

static double half_missing(const double *u)
{
	return u[1] < .5 ? NAN : u[0] + 0 * u[2];
}

static double constant(const double *u)
{
	return 3 + 0 * u[0];
}

static const double half[9] = { 1, 0, 0, 0, 1, .5, 0, .5, 1 };

static struct indices ask(struct function *f, enum sampler sampler,
                          int64_t n, int threads)
{
	struct indices q = {
		.d = f->d, .threads = threads, .set = set, .run = run,
		.ctx = f, .correlation = f->correlation,
	};

	assert_true(draws_init(&q.draws, sampler, 3, n, NULL));
	return q;
}

static void near_shares(const double *got, const double *se,
                        const double *want, int d, double rounding)
{
	for (int i = 0; i < d; i++) {
		if (fabs(got[i] - want[i]) <= 4 * se[i] + rounding)
			continue;
		print_error("input %d: got %.6f +- %.6f, want %.6f\n", i,
		            got[i], se[i], want[i]);
		fail();
	}
}

static void test_closed_forms(void **state)
{
	struct function f[] = {
		{ 3, ishigami, NULL, { .5575888552, .4424111448,
		  .2436836641 }, { .43574702, .44241114, .12184183 }, { { 0 } } },
		{ 8, sobol_g, NULL, { .78714413, .24219819, .03431691,
		  .01046039, .00010495, .00010495, .00010495, .00010495 },
		  { 0 }, { { 0 } } },
		{ 3, sum_of_normals, half, { 0 },
		  { .125, .296875, .578125 }, { { 0 } } },
	};

	(void)state;
	for (size_t k = 0; k < 3; k++) {
		struct indices q = ask(&f[k], SAMPLER_SOBOL, 16384, 2);
		double share[MOST], se[MOST], sum = 0;

		if (!f[k].correlation) {
			assert_true(indices_total(&q, share, se));
			near_shares(share, se, f[k].total, f[k].d, 1e-5);
			/* a tenth of what plain draws of this number give */
			assert_true(se[0] < .003);
			for (int i = 0; i < f[k].d; i++)
				assert_true(share[i] >= 0);
		}
		assert_true(indices_shapley(&q, share, se));
		for (int i = 0; i < f[k].d; i++)
			sum += share[i];
		assert_true(fabs(sum - 1) < 1e-12);
		if (f[k].shapley[0] > 0)
			near_shares(share, se, f[k].shapley, f[k].d, 1e-7);
		assert_true(se[0] < .01);
	}
}

/* The G function's Shapley effects by its variances of all subsets: of
 * independent inputs each gets an equal part of every interaction. */
static void test_all_interactions(void **state)
{
	static const double a[4] = { 0, 1, 4.5, 9 };
	struct function f = { 8, sobol_g, NULL, { 0 }, { 0 }, { { 0 } } };
	struct indices q = ask(&f, SAMPLER_SOBOL, 16384, 2);
	double want[4] = { 0 }, whole = 0, share[MOST], se[MOST];

	(void)state;
	for (int set_of = 1; set_of < 16; set_of++) {
		double v = 1;

		for (int i = 0; i < 4; i++)
			if (set_of >> i & 1)
				v /= 3 * (1 + a[i]) * (1 + a[i]);
		whole += v;
		for (int i = 0; i < 4; i++)
			if (set_of >> i & 1)
				want[i] += v / __builtin_popcount(
					(unsigned)set_of);
	}
	for (int i = 0; i < 4; i++)
		want[i] /= whole;
	assert_true(indices_shapley(&q, share, se));
	/* the four inputs left out hold 3e-4 of it */
	near_shares(share, se, want, 4, 3e-4);
}

/* One net of twice the dimensions: plain draws need it as little as a net. */
static void test_samplers_and_threads(void **state)
{
	static const enum sampler samplers[] = { SAMPLER_MC, SAMPLER_LHS };
	struct function f = { 3, ishigami, NULL, { .5575888552,
		.4424111448, .2436836641 }, { 0 }, { { 0 } } };
	double one[2 * MOST], other[2 * MOST];
	struct indices q;

	(void)state;
	for (size_t k = 0; k < 2; k++) {
		q = ask(&f, samplers[k], 4000, 2);
		assert_true(indices_total(&q, one, one + MOST));
		near_shares(one, one + MOST, f.total, 3, 0);
	}
	f.f = sum_of_normals;
	f.correlation = half;
	q = ask(&f, SAMPLER_SOBOL, 4096, 1);
	assert_true(indices_shapley(&q, one, one + MOST));
	q.threads = THREADS;
	assert_true(indices_shapley(&q, other, other + MOST));
	assert_memory_equal(one, other, 3 * sizeof *one);
	assert_memory_equal(one + MOST, other + MOST, 3 * sizeof *one);
}

static bool stop(void *ctx, double done)
{
	(void)ctx;
	return done > 2;
}

static void test_edges(void **state)
{
	struct function f = { 3, half_missing, NULL, { 0 }, { 0 }, { { 0 } } };
	struct indices q = ask(&f, SAMPLER_SOBOL, 2048, 2);
	double share[MOST], se[MOST];

	(void)state;
	/* what has no number says nothing */
	assert_true(indices_total(&q, share, se));
	assert_true(fabs(share[0] - 1) < .01);
	assert_true(share[1] == 0 && share[2] == 0);
	assert_true(indices_shapley(&q, share, se));
	assert_true(fabs(share[0] - 1) < .01 && share[2] == 0);
	/* nothing varies */
	f.f = constant;
	assert_true(indices_total(&q, share, se) && isnan(share[0]));
	assert_true(indices_shapley(&q, share, se) && isnan(share[0]));
	/* one replicate: no error is known */
	f.f = ishigami;
	q = ask(&f, SAMPLER_SOBOL, 8, 1);
	assert_true(indices_total(&q, share, se) && isnan(se[0]));
	q.goes_on = stop;
	assert_false(indices_total(&q, share, se));
	assert_false(indices_shapley(&q, share, se));
}

/* --- partial correlations ----------------------------------------------- */

/* C5: Y = X1 + 2 X2 + 3 X3 and noise of sd 2: b / sqrt(b^2 + 4). */
static void test_partial(void **state)
{
	enum { N = 8192 };
	double *x[4], *y = malloc(N * sizeof *y), out[4];
	const double *in[4];
	struct draws d;

	(void)state;
	assert_true(draws_init(&d, SAMPLER_SOBOL, 1, N, NULL));
	memset(y, 0, N * sizeof *y);
	for (int i = 0; i < 4; i++) {
		x[i] = malloc(N * sizeof *x[i]);
		for (int at = 0; at < N; at += 512)
			draws_fill(&d, i, at, 512, x[i] + at);
		for (int k = 0; k < N; k++) {
			x[i][k] = normal_quantile(x[i][k]);
			y[k] += (i < 3 ? i + 1 : 2) * x[i][k];
		}
		in[i] = x[i];
	}
	assert_true(partial_correlations(N, 3, in, y, out));
	/* what a net of this size leaves of correlation between inputs */
	assert_true(fabs(out[0] - .4472135955) < 2e-3);
	assert_true(fabs(out[1] - .7071067812) < 2e-3);
	assert_true(fabs(out[2] - .8320502943) < 2e-3);
	/* a column that does not vary is left out; one that is another's double
	 * leaves nothing to say */
	memset(x[3], 0, N * sizeof *x[3]);
	assert_true(partial_correlations(N, 4, in, y, out));
	assert_true(isnan(out[3]) && fabs(out[2] - .8320502943) < 2e-3);
	/* nothing else moves it */
	assert_true(partial_correlations(N, 1, in, x[0], out));
	assert_true(fabs(out[0] - 1) < 1e-6);
	for (int k = 0; k < N; k++)
		x[3][k] = 2 * x[0][k];
	assert_false(partial_correlations(N, 4, in, y, out));
	assert_true(isnan(out[0]));
	for (int i = 0; i < 4; i++)
		free(x[i]);
	free(y);
}

static void test_ranks(void **state)
{
	static const double x[] = { 3, 1, 3, -2, 3, 1 };
	static const double want[] = { 5, 2.5, 5, 1, 5, 2.5 };
	double rank[6];

	(void)state;
	ranks_of(x, 6, rank);
	assert_memory_equal(rank, want, sizeof want);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_closed_forms),
		cmocka_unit_test(test_all_interactions),
		cmocka_unit_test(test_samplers_and_threads),
		cmocka_unit_test(test_edges),
		cmocka_unit_test(test_partial),
		cmocka_unit_test(test_ranks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
