/*
 * src/dist: quantile tables.  What dist.h promises: within 1e-9 of the exact
 * quantile, relative to the greater of |x| and the interquartile range; rising
 * with u; the same digits on every vector width.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dist/dist.h"
#include "dist/qtable.h"
#include "math/sobol.h"
#include "units_arena.h"

#define LENGTH(a) (sizeof (a) / sizeof *(a))
#define N 65536

static struct dist *make(const char *text)
{
	struct unit one = unit_one();
	struct err err = ERR_INIT;
	struct dist *d = dist_parse(arena, units, text, &one, NULL,
	                            (struct pos) { "a text", 1, 1 }, &err);

	err_print(&err, stderr, text);
	err_clear(&err);
	assert_non_null(d);
	return d;
}

static const char *const laws[] = {
	"7", "normal(0, 1)", "normal(1e9, 1)", "lognormal(1, 0.5)",
	"1 to 10000", "uniform(-2, 5)", "loguniform(1e-5, 1e-2)",
	"triangular(0.4, 0.5, 0.5)", "triangular(0, 0, 1)",
	"triangular(-3, 0, 0)", "triangular(-3, 0, 1e9)",
	"pert(1, 3, 10)", "pert(-0.02, 0.03, 0.1)", "beta(2, 6)",
	"beta(0.5, 0.5)", "beta(50, 950)", "beta(3, 3000)", "beta(0.2, 3)",
	"gamma(2.5, 3)", "gamma(0.3, 1)", "gamma(0.02, 1)",
	"gamma(10000, 1)", "weibull(0.5, 3)", "weibull(6, 1)",
	"student_t(4)", "student_t(2.1)", "jqpd(10, 20, 40)",
	"jqpd(10, 20, 200)", "metalog(100, 130, 200)",
	"truncate(normal(0, 1), -1, 2)", "truncate(normal(0, 1), 5, 8)",
	"truncate(triangular(0, 3, 10), 1, 5)",
	"mixture(0.7: 1 to 3, 0.3: normal(5, 1))",
	"mixture(0.5: normal(0, 1), 0.5: normal(100, 1))",
	"mixture(0.5: 0, 0.5: lognormal(10, 1))",
	"mixture(0.9: poisson(3), 0.1: 10 to 20)",
	"poisson(3)", "poisson(100000)", "bernoulli(0.001)",
	"discrete(5: 0.25, 1: 0.5, 3: 0.25)",
};

static int rising(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Coordinates as draws have them: most anywhere, some at the far ends. */
static const double *coordinates(void)
{
	static double u[N];

	for (uint32_t i = 0; i < N; i++) {
		uint32_t k = (uint32_t)(hash_mix(8, i) >> 32);

		if (i % 16 == 0)
			k >>= i / 16 % 32;
		if (i % 32 == 0)
			k = ~k;
		u[i] = ((double)k + 0.5) * 0x1p-32;
	}
	qsort(u, N, sizeof *u, rising);
	return u;
}

static void check_law(const char *text, const double *u, double *x)
{
	struct dist *d = make(text);
	struct qtable *t = qtable_new(d);
	double iqr = dist_quantile(d, 0.75) - dist_quantile(d, 0.25);

	for (int i = 0; i < N; i += 512)
		qtable_fill(t, u + i, x + i, 512);
	for (int i = 0; i < N; i++) {
		double want, allowed;

		if (i && !(x[i] >= x[i - 1])) {
			print_error("%s: falls at u = %.17g\n", text, u[i]);
			fail();
		}
		if (i % 7)              /* the exact quantile is slow */
			continue;
		want = dist_quantile(d, u[i]);
		allowed = 1e-9 * fmax(fabs(want), iqr);
		if (!(fabs(x[i] - want) <= allowed)) {
			print_error("%s: at u = %.17g got %.17g, want %.17g\n",
			            text, u[i], x[i], want);
			fail();
		}
	}
	qtable_free(t);
}

static void test_accuracy(void **state)
{
	const double *u = coordinates();
	double *x = xcalloc(N, sizeof *x);

	(void)state;
	for (size_t i = 0; i < LENGTH(laws); i++)
		check_law(laws[i], u, x);
	free(x);
}

/* A table falls back on finer pieces only where a law asks for it: the usual
 * ones must be served by the main loop (one draw in 65 536 is below 2^-17). */
static void test_main_loop_serves(void **state)
{
	static const char *const usual[] = {
		"normal(0, 1)", "1 to 10", "lognormal(1, 1)",
		"10000 to 10000000", "pert(1, 3, 10)", "beta(2, 98)",
		"gamma(2, 0.08)", "jqpd(10, 20, 40)", "student_t(4)",
		"truncate(normal(16000, 3000), 9000, 28000)",
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(usual); i++) {
		struct qtable *t = qtable_new(make(usual[i]));
		double in_tail = 0;

		assert_non_null(t->piece);
		for (size_t k = 0; k < t->n_fine; k++)
			in_tail += t->fine[k].to - t->fine[k].from;
		assert_true(in_tail < 1.0 / 512);
		qtable_free(t);
	}
}

static void same_digits(const struct qtable *t, qfill_fn wide,
                        const double *u, double *x, double *y)
{
	bool bad_x, bad_y;

	if (!wide)
		return;                 /* not on this machine */
	/* 1021: the tail of a column is shorter than a vector. */
	bad_x = qfill_plain(&t->grid, t->piece, u, x, 1021);
	bad_y = wide(&t->grid, t->piece, u, y, 1021);
	assert_int_equal(bad_x, bad_y);
	for (int i = 0; i < 1021; i++)
		assert_true(x[i] == y[i] || (isnan(x[i]) && isnan(y[i])));
}

static void test_widths(void **state)
{
	const double *u = coordinates();
	double x[1024], y[1024];

	(void)state;
	for (size_t i = 0; i < LENGTH(laws); i++) {
		struct qtable *t = qtable_new(make(laws[i]));

		for (int at = 0; t->piece && at + 1024 < N; at += 8191) {
			same_digits(t, qfill_avx2(), u + at, x, y);
			same_digits(t, qfill_avx512(), u + at, x, y);
		}
		qtable_free(t);
	}
}

/* A copula's arithmetic may end on 0 or 1, or outside by a rounding; nothing
 * that is not a number may reach memory outside the table. */
static void test_odd_coordinates(void **state)
{
	static const double odd[] = {
		0, 1, 0.5, 0x1p-60, 1 - 0x1p-53, -1e-17, 1 + 1e-15, NAN,
		0x1p-17, 1 - 0x1p-17, 0x1.fffffffffffffp-18, 0x1p-1074,
		0.49999999999999994, HUGE_VAL, -HUGE_VAL, 2, 1e300,
	};
	double u[24] = { 0 }, x[24];

	(void)state;
	for (size_t i = 0; i < 24; i++)
		u[i] = odd[i % LENGTH(odd)];
	for (size_t i = 0; i < LENGTH(laws); i++) {
		struct qtable *t = qtable_new(make(laws[i]));

		qtable_fill(t, u, x, 24);
		for (int k = 0; k < 6; k++)
			assert_true(isfinite(x[k]));
		assert_true(x[0] <= x[3] && x[3] <= x[2] && x[2] <= x[4] &&
		            x[4] <= x[1]);
		qtable_free(t);
	}
}

/* Closed forms are filled by loops of their own, to the same digits as the
 * exact quantile whatever the width. */
static void test_closed_forms(void **state)
{
	static const char *const closed[] = {
		"uniform(-2, 5)", "triangular(0.4, 0.5, 0.5)",
		"triangular(1.5, 2.5, 4.5)", "triangular(0, 0, 1)",
	};
	const double *u = coordinates();
	double x[1000];

	(void)state;
	for (size_t i = 0; i < LENGTH(closed); i++) {
		struct dist *d = make(closed[i]);
		struct qtable *t = qtable_new(d);

		for (int at = 0; at + 1000 < N; at += 7777) {
			qtable_fill(t, u + at, x, 1000);
			for (int k = 0; k < 1000; k++)
				assert_true(x[k] == dist_quantile(d,
				                                  u[at + k]));
		}
		qtable_free(t);
	}
}

static void test_empirical(void **state)
{
	double values[3000], u[3000], x[3000];
	struct qtable *t;

	(void)state;
	for (int i = 0; i < 3000; i++) {
		values[i] = (double)(hash_mix(4, (uint64_t)i) % 1000);
		u[i] = (i + 0.5) / 3000;
	}
	t = qtable_new(dist_empirical(arena, values, 3000));
	qtable_fill(t, u, x, 3000);
	qsort(values, 3000, sizeof *values, rising);
	assert_memory_equal(values, x, sizeof x);
	qtable_free(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_accuracy),
		cmocka_unit_test(test_main_loop_serves),
		cmocka_unit_test(test_widths),
		cmocka_unit_test(test_odd_coordinates),
		cmocka_unit_test(test_closed_forms),
		cmocka_unit_test(test_empirical),
	};

	return cmocka_run_group_tests_name("qtable", tests,
	                                   units_arena_setup,
	                                   units_arena_teardown);
}
