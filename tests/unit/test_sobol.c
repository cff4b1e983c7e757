/*
 * src/math/sobol.c: the points are Joe and Kuo's, the scrambling is Owen's.
 *
 * Expectations: scipy.stats.qmc.Sobol (1.10, scramble=False) for the points;
 * for the scrambling what Owen (1995, 1997) proves: nets stay nets, each point
 * is uniform, the error of a smooth integral falls as n^-1.5.
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
#include "math/sobol.h"

#define LENGTH(a) (sizeof (a) / sizeof *(a))

static const struct {
	int dim;
	uint32_t x[8];
} points[] = {
	{ 0, { 0x80000000, 0xc0000000, 0x40000000, 0x6a000000,
	       0x00800000, 0x00c00000, 0x38400000, 0x00100000 } },
	{ 1, { 0x80000000, 0x40000000, 0xc0000000, 0x42000000,
	       0x80800000, 0x40400000, 0x18c00000, 0xf0f00000 } },
	{ 2, { 0x80000000, 0x40000000, 0xc0000000, 0xc6000000,
	       0x68800000, 0xf4400000, 0x84c00000, 0x55900000 } },
	{ 7, { 0x80000000, 0xc0000000, 0x40000000, 0x7a000000,
	       0x76800000, 0xe8c00000, 0xe6400000, 0x64100000 } },
	{ 191, { 0x80000000, 0x40000000, 0xc0000000, 0xf6000000,
	         0x7f800000, 0xd6400000, 0x71c00000, 0x3d900000 } },
	{ 1000, { 0x80000000, 0x40000000, 0xc0000000, 0x92000000,
	          0x24800000, 0x0c400000, 0x90c00000, 0xdf100000 } },
	{ 1727, { 0x80000000, 0x40000000, 0xc0000000, 0xea000000,
	          0x33800000, 0x68400000, 0x93c00000, 0x2fb00000 } },
	{ 2047, { 0x80000000, 0xc0000000, 0x40000000, 0x5a000000,
	          0xb2800000, 0x8f400000, 0xe5c00000, 0x1a500000 } },
};

static void test_published_points(void **state)
{
	static const uint32_t at[8] = { 1, 2, 3, 100, 511, 512, 1000, 4095 };

	(void)state;
	for (size_t i = 0; i < LENGTH(points); i++) {
		for (int j = 0; j < 8; j++) {
			uint32_t x;

			sobol_fill(points[i].dim, at[j], 1, &x);
			assert_int_equal(x, points[i].x[j]);
		}
	}
}

/* Every dimension's first 4096 points, as one weighted sum modulo 2^64. */
static void test_all_dimensions(void **state)
{
	static uint32_t x[4096];
	uint64_t sum = 0;

	(void)state;
	for (int d = 0; d < SOBOL_DIMS; d++) {
		sobol_fill(d, 0, 4096, x);
		for (uint64_t i = 0; i < 4096; i++)
			sum += (x[i] >> 16) * (i + 1) * (uint64_t)(d + 1);
	}
	assert_true(sum == UINT64_C(0x8017ded7b000000));
}

/* Where a block begins and how long it is changes nothing. */
static void test_any_cut(void **state)
{
	static uint32_t whole[3000], part[3000];

	(void)state;
	sobol_owen_fill(77, 5, 1000, 3000, whole);
	for (int at = 0, n = 1; at < 3000; at += n, n = n * 3 % 701 + 1) {
		if (n > 3000 - at)
			n = 3000 - at;
		sobol_owen_fill(77, 5, (uint32_t)(1000 + at), n, part + at);
	}
	assert_memory_equal(whole, part, sizeof whole);
	sobol_fill(77, 1000, 3000, part);
	owen_scramble(5, 3000, part);
	assert_memory_equal(whole, part, sizeof whole);
	sobol_owen_fill(77, 6, 1000, 3000, part);
	assert_memory_not_equal(whole, part, sizeof whole);
}

static void test_high_index(void **state)
{
	uint32_t x[3];

	(void)state;
	sobol_fill(0, UINT32_MAX, 1, x);        /* gray code 2^31 */
	assert_int_equal(x[0], 1);
	sobol_fill(9, 5, 0, x);                 /* nothing to do */
}

/* Nested: two numbers part at the same digit before and after. */
static void test_nested(void **state)
{
	(void)state;
	for (uint32_t k = 0; k < 2000; k++) {
		uint32_t x[2], y[2];

		x[0] = (uint32_t)hash_mix(1, k);
		x[1] = x[0] ^ (uint32_t)hash_mix(2, k) >> k % 32;
		memcpy(y, x, sizeof y);
		owen_scramble(k, 2, y);
		if (x[0] == x[1]) {
			assert_int_equal(y[0], y[1]);
			continue;
		}
		assert_int_equal(__builtin_clz(x[0] ^ x[1]),
		                 __builtin_clz(y[0] ^ y[1]));
	}
}

static void cells_hold_one(const uint32_t *x, const uint32_t *y, int m,
                           int bits_x)
{
	unsigned char seen[1 << 10] = { 0 };
	int bits_y = m - bits_x;

	for (int i = 0; i < 1 << m; i++) {
		uint64_t a = (uint64_t)x[i] >> (32 - bits_x);
		uint64_t b = (uint64_t)y[i] >> (32 - bits_y);

		seen[a << bits_y | b]++;
	}
	for (int i = 0; i < 1 << m; i++)
		assert_int_equal(seen[i], 1);
}

/* A (0, m, 1)-net in each dimension; the first two are a (0, m, 2)-net: every
 * dyadic box of the right area holds one point. */
static void test_nets(void **state)
{
	enum { M = 10 };
	uint32_t x[1 << M], y[1 << M];

	(void)state;
	for (int d = 0; d < SOBOL_DIMS; d += 61) {
		sobol_owen_fill(d, hash_mix(3, (uint64_t)d), 0, 1 << M, x);
		cells_hold_one(x, x, M, M);
	}
	for (uint64_t key = 0; key < 20; key++) {
		sobol_owen_fill(0, hash_mix(key, 0), 0, 1 << M, x);
		sobol_owen_fill(1, hash_mix(key, 1), 0, 1 << M, y);
		for (int bits = 0; bits <= M; bits++)
			cells_hold_one(x, y, M, bits);
	}
}

/*
 * Owen: a point is uniform in its stratum and independent of the others', so
 * over keys the variance of the mean of x over n points of one dimension is
 * 1 / (12 n^3).  4000 keys give the ratio to 2.2 % (one standard error).
 */
static void test_variance(void **state)
{
	enum { KEYS = 4000 };
	uint32_t x[64];

	(void)state;
	for (int m = 0; m <= 6; m += 2) {
		double n = 1 << m, sum = 0;

		for (uint64_t key = 0; key < KEYS; key++) {
			double mean = 0;

			sobol_owen_fill(5, hash_mix(11, key), 0, 1 << m, x);
			for (int i = 0; i < 1 << m; i++)
				mean += (x[i] + 0.5) * 0x1p-32 - 0.5;
			sum += mean / n * mean / n;
		}
		sum *= 12 * n * n * n / KEYS;
		assert_true(fabs(sum - 1) < 4 * sqrt(2.0 / KEYS));
	}
}

/* The error of the mean of prod (1 + c_j (x_j - 1/2)), whose integral is 1. */
static double error_of(int m, uint64_t key)
{
	enum { DIMS = 2 };
	static const double c[DIMS] = { 1.5, 1 };
	int n = 1 << m;
	double *f = xcalloc((size_t)n, sizeof *f), sum = 0;
	uint32_t *x = xcalloc((size_t)n, sizeof *x);

	for (int i = 0; i < n; i++)
		f[i] = 1;
	for (int j = 0; j < DIMS; j++) {
		sobol_owen_fill(j, hash_mix(key, (uint64_t)j), 0, n, x);
		for (int i = 0; i < n; i++)
			f[i] *= 1 + c[j] * ((x[i] + 0.5) * 0x1p-32 - 0.5);
	}
	for (int i = 0; i < n; i++)
		sum += f[i];
	free(f);
	free(x);
	return sum / n - 1;
}

static double rms_error(int m)
{
	double sum = 0;

	for (uint64_t key = 0; key < 200; key++) {
		double e = error_of(m, hash_mix(21, key));

		sum += e * e;
	}
	return sqrt(sum / 200);
}

/* Owen's rate is n^-1.5 sqrt(log n) in two dimensions: from 2^6 to 2^12 points
 * a slope of -1.5 + 1/12; plain Monte Carlo gives -0.5.  200 keys give each
 * error to 5 %, hence the slope to 0.02. */
static void test_convergence(void **state)
{
	double slope = log2(rms_error(12) / rms_error(6)) / 6;

	(void)state;
	assert_true(slope < -1.38);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_published_points),
		cmocka_unit_test(test_all_dimensions),
		cmocka_unit_test(test_any_cut),
		cmocka_unit_test(test_high_index),
		cmocka_unit_test(test_nested),
		cmocka_unit_test(test_nets),
		cmocka_unit_test(test_variance),
		cmocka_unit_test(test_convergence),
	};

	return cmocka_run_group_tests_name("sobol", tests, NULL, NULL);
}
