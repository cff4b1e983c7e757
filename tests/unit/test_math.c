/*
 * src/math: special functions and queues.
 *
 * Expectations: erlang_b and erlang_c from exact rationals (12 digits printed,
 * so 1e-12 absolute is the table's own rounding), Erlang A from 80-digit
 * series, the incomplete integrals from DLMF's closed forms where there are
 * some and else from SciPy 1.10 (Boost, cephes), which agree with R to 13
 * digits.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "math/correlation.h"
#include "math/special.h"

#define LENGTH(a) (sizeof (a) / sizeof *(a))

static void near(double got, double want, double relative)
{
	if (fabs(got - want) <= relative * fabs(want))
		return;
	print_error("got %.17g, want %.17g: off by %.2g, allowed %.2g\n", got,
	            want, fabs(got - want) / fabs(want), relative);
	fail();
}

static void near_abs(double got, double want, double absolute)
{
	if (fabs(got - want) <= absolute)
		return;
	print_error("got %.17g, want %.17g, allowed %.2g apart\n", got, want,
	            absolute);
	fail();
}

static void test_normal(void **state)
{
	(void)state;
	near(normal_quantile(0.95), 1.6448536269514722, 1e-15);
	near(normal_quantile(0.1), -1.2815515655446004, 1e-15);
	near(normal_quantile(1e-9), -5.9978070150076865, 1e-14);
	near(normal_quantile_tails(1 - 1e-9, 1e-9), 5.9978070150076865,
	     1e-14);
	near(normal_cdf(-5.9978070150076865), 1e-9, 1e-13);
	assert_true(normal_cdf(0) == 0.5);
	near(normal_pdf(0), 0.3989422804014327, 1e-15);
	assert_true(isnan(normal_quantile(0)));
	assert_true(isnan(normal_quantile(1)));
	assert_true(isnan(normal_quantile(NAN)));
}

static void test_incomplete_beta(void **state)
{
	(void)state;
	/* I_x(1, b) = 1 - (1 - x)^b and I_x(a, 1) = x^a. */
	near(beta_inc(1, 200, 0.01), -expm1(200 * log1p(-0.01)), 1e-13);
	near(beta_inc(7.5, 1, 0.3), pow(0.3, 7.5), 1e-13);
	near(beta_inc(2, 5, 0.3), 0.579825, 1e-14);      /* a polynomial */
	/* The median above: P = 1/2 up to the rounding of x, 1e-16 / 7e-3. */
	near(beta_inc(50, 950, 0.04970018616951781), 0.5, 1e-13);
	near(beta_inc(2, 5, 0.3) + beta_inc_upper(2, 5, 0.3), 1, 1e-15);
	/* (1 - 1e-9)^1: the complement keeps its digits. */
	near(beta_inc_upper(1, 3, 0.999), 1e-9, 1e-12);
	assert_true(beta_inc(2, 3, 0) == 0 && beta_inc(2, 3, 1) == 1);
	assert_true(isnan(beta_inc(0, 1, 0.5)));
	assert_true(isnan(beta_inc(1, 1, 1.5)));
	assert_true(isnan(beta_inc(1, NAN, 0.5)));
}

/* From shape 1e5 on an asymptotic expansion serves: the series in 50-digit
 * arithmetic.  ln x carries 1e-16 of 12, which the density, sqrt(a) at most,
 * makes 1e-12 of P. */
static const struct {
	double a, x, lower, upper;
} large[] = {
	{ 1e5, 98500, 9.3825549940779958e-07, 0.99999906174450059 },
	{ 1e5, 99700, 0.17141731451450293, 0.82858268548549707 },
	{ 1e5, 100100, 0.62444513070440555, 0.37555486929559451 },
	{ 2e5, 200000, 0.50029735402761855, 0.49970264597238145 },
	{ 1e6, 995000, 2.7495803592700709e-07, 0.9999997250419641 },
};

static void test_incomplete_gamma(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(large); i++) {
		near(gamma_inc(large[i].a, large[i].x), large[i].lower, 1e-11);
		near(gamma_inc_upper(large[i].a, large[i].x), large[i].upper,
		     1e-11);
	}
	/* P(1, x) = 1 - e^-x, P(2, x) = 1 - (1 + x) e^-x. */
	near(gamma_inc(1, 0.7), -expm1(-0.7), 1e-14);
	near(gamma_inc(2, 3), 1 - 4 * exp(-3), 1e-14);
	near(gamma_inc_upper(2, 50), 51 * exp(-50), 1e-13);
	near(gamma_inc(2.5, 1), 0.15085496391539038, 1e-14);
	near(gamma_inc(2.5, 5), 0.92476475385348778, 1e-14);
	near(gamma_inc_inv(2.5, 0.95) * 3, 16.6057465402745, 1e-14);
	near(gamma_inc_inv(1e6, 0.5), 999999.66666668642, 1e-12);
	assert_true(gamma_inc(3, 0) == 0);
	assert_true(isnan(gamma_inc(-1, 1)));
	assert_true(isnan(gamma_inc_inv(1, 1)));
}

/* The shapes on which GSL's inverse fails, solved in 60-digit arithmetic from
 * the finite binomial sum (the last from the series DLMF 8.17.8); the
 * probabilities are the doubles themselves. */
static const struct {
	double a, b, q[5];              /* at 1e-6, .025, .5, .975, 1 - 1e-6 */
} betas[] = {
	{ 1, 200, { 5.0000024875016542e-09, 0.00012658102786701825,
	            0.0034597371721321658, 0.018275340355136241,
	            0.066745699202874778 } },
	{ 2, 998, { 1.417005344524593e-06, 0.00024254375262666944,
	            0.001679456752599402, 0.0055644760407140724,
	            0.016574609046555406 } },
	{ 3, 3000, { 6.08271513633346e-06, 0.00020613408278469044,
	             0.00089065960119672524, 0.0024045314687190815,
	             0.0063539934690032872 } },
	{ 50, 950, { 0.023580414293118794, 0.037372999199469216,
	             0.04970018616951781, 0.064329864427716349,
	             0.089239053010708017 } },
	{ 500, 2000, { 0.16376293681797296, 0.18455328742975233,
	               0.19991999147563161, 0.21590132712967128,
	               0.23968343817994128 } },
	{ 1e5, 1e6, { 0.089611527837682892, 0.090372567572784612,
	              0.090908842975224641, 0.091447023232571409,
	              0.092217362187496113 } },
};

static void test_beta_inverse(void **state)
{
	static const double p[5] = { 1e-6, 0.025, 0.5, 0.975, 1 - 1e-6 };

	(void)state;
	for (size_t i = 0; i < LENGTH(betas); i++)
		for (int j = 0; j < 5; j++)
			near(beta_inc_inv(betas[i].a, betas[i].b, p[j]),
			     betas[i].q[j], 2e-13);
}

static const struct {
	double c, a, b, wait;           /* wait 0: not in the table */
} erlang[] = {
	{ 1, 0.5, 0.333333333333, 0.500000000000 },
	{ 1, 0.99, 0.497487437186, 0.990000000000 },
	{ 2, 1.9, 0.383634431456, 0.925641025641 },
	{ 5, 4, 0.199066874028, 0.554112554113 },
	{ 10, 8, 0.121661064253, 0.409180150796 },
	{ 10, 9.9, 0.209969537492, 0.963738420388 },
	{ 14, 10, 0.056819143387, 0.174131933595 },
	{ 25, 20, 0.050221777891, 0.209102826599 },
	{ 50, 48, 0.083337353493, 0.694455611197 },
	{ 100, 80, 0.003992028605, 0.019646426634 },
	{ 238, 220, 0.014135350267, 0.159367545859 },
	{ 500, 475, 0.010636324022, 0.176963831965 },
	{ 1000, 980, 0.013831210129, 0.412200292365 },
	{ 2000, 1950, 0.005409204427, 0.178675068233 },
	{ 1, 5, 0.833333333333, 0 },
	{ 5, 10, 0.563952176855, 0 },
	{ 10, 20, 0.537963168632, 0 },
	{ 100, 120, 0.196269989455, 0 },
	{ 1000, 1100, 0.098625169689, 0 },
};

static void test_erlang_tables(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(erlang); i++) {
		double c = erlang[i].c, a = erlang[i].a;

		near_abs(erlang_b(c, a), erlang[i].b, 1e-12);
		if (erlang[i].wait > 0)
			near_abs(erlang_c(c, a), erlang[i].wait, 1e-12);
		else
			assert_true(erlang_c(c, a) == 1);
	}
	near(erlang_b(10, 0.001), 2.752977567883e-37, 1e-12);
	near(erlang_b(200, 100), 4.716970602793e-19, 1e-12);
	near(erlang_b(10, 20), 0.5379631686320729, 1e-14);
	near(erlang_b(190, 200), 0.08869684386923561, 1e-14);
}

static void test_erlang_edges(void **state)
{
	(void)state;
	assert_true(erlang_b(0, 3) == 1 && erlang_b(0, 0) == 1);
	assert_true(erlang_b(4, 0) == 0);
	assert_true(erlang_c(5, 5) == 1 && erlang_c(0, 1) == 1);
	assert_true(isnan(erlang_b(-1, 1)) && isnan(erlang_b(1, -1)));
	assert_true(isnan(erlang_b(NAN, 1)) && isnan(erlang_c(1, NAN)));
	/* Above 4096 servers an integral replaces the recursion: both obey
	 * B(c + 1) = a B(c) / (c + 1 + a B(c)). */
	near(erlang_b(4097, 4000),
	     4000 * erlang_b(4096, 4000) / (4097 + 4000 * erlang_b(4096, 4000)),
	     1e-12);
	/* So does the extension between whole numbers; and it falls. */
	near(erlang_b(3.5, 2),
	     2 * erlang_b(2.5, 2) / (3.5 + 2 * erlang_b(2.5, 2)), 1e-14);
	assert_true(erlang_b(2, 2) > erlang_b(2.5, 2) &&
	            erlang_b(2.5, 2) > erlang_b(3, 2));
}

static const struct {
	double c, rate, theta, abandon;
} patience[] = {
	{ 50, 48, 0.5, 0.030912249162 },
	{ 49, 48, 0.5, 0.038595337376 },
	{ 10, 8, 1, 0.053232981971 },
	{ 10, 10, 1, 0.125110035721 },
	{ 10, 12, 1, 0.213632352958 },
	{ 10, 8, 0.1, 0.014209707963 },
	{ 1, 0.9, 0.2, 0.209545813575 },
	{ 100, 95, 2, 0.025391920441 },
	{ 100, 120, 2, 0.170138842049 },
	{ 5, 4, 0.001, 0.000548259986 },
	{ 238, 220, 61.0 / 120, 0.002584995906 },
	{ 119, 220, 61.0 / 120, 0.459090909091 },
};

static void test_erlang_a(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(patience); i++) {
		double rate = patience[i].rate, theta = patience[i].theta;

		near_abs(erlang_a_abandonment(patience[i].c, rate, 1,
		                              1 / theta),
		         patience[i].abandon, 1e-12);
		/* The unit of time does not matter. */
		near_abs(erlang_a_abandonment(patience[i].c, rate / 3600, 3600,
		                              3600 / theta),
		         patience[i].abandon, 1e-12);
	}
}

static void test_erlang_a_limits(void **state)
{
	(void)state;
	assert_true(erlang_a_abandonment(0, 1, 1, 1) == 1);
	assert_true(erlang_a_abandonment(3, 0, 1, 1) == 0);
	/* No patience at all: blocked calls are lost, which is Erlang B. */
	near(erlang_a_abandonment(10, 8, 1, 1e-9), erlang_b(10, 8), 1e-6);
	/* Overload with long patience: what exceeds the servers leaves. */
	near(erlang_a_abandonment(100, 200, 1, 1000), 0.5, 1e-9);
	near(erlang_a_abandonment(100, 200, 1, 1e9), 0.5, 1e-9);
	/* Either way of summing gives the same where both work: patience of
	 * 1 to 1.1 million services lies on either side of the choice, and
	 * P_ab at c = load goes as the root of 1 / patience. */
	near(erlang_a_abandonment(100, 100, 1, 1e8) * 1e4,
	     erlang_a_abandonment(100, 100, 1, 1e6) * 1e3, 1e-3);
	near(erlang_a_abandonment(100, 120, 1, 990),
	     erlang_a_abandonment(100, 120, 1, 1010), 1e-9);
	assert_true(isnan(erlang_a_abandonment(1, 1, 0, 1)));
	assert_true(isnan(erlang_a_abandonment(1, 1, 1, 0)));
	assert_true(isnan(erlang_a_abandonment(1, NAN, 1, 1)));
}

/* E[exp(-sX)] to ten digits by Gauss-Kronrod in SciPy; small s by moments:
 * 1 - s E X + s^2 E X^2 / 2 - ... */
static void test_laplace(void **state)
{
	double s = 1e-4, mean = exp(0.5), square = exp(2.0), cube = exp(4.5);

	(void)state;
	near(lognormal_laplace(1, 0, 1), 0.3817564647554834, 1e-10);
	near(lognormal_laplace(s, 0, 1), 1 - s * mean + s * s * square / 2 -
	     s * s * s * cube / 6, 1e-12);
	near(lognormal_laplace(2, 0.3, 0), exp(-2 * exp(0.3)), 1e-15);
	near(lognormal_laplace(2, 0.3, 1e-4), exp(-2 * exp(0.3)), 1e-7);
	assert_true(lognormal_laplace(0, 5, 2) == 1);
	assert_true(lognormal_laplace(1e300, 5, 2) >= 0);
	assert_true(lognormal_laplace(1, 1e300, 100) == 0);
	assert_true(isnan(lognormal_laplace(1, 0, 101)));
	assert_true(lognormal_laplace(1e-300, -700, 3) == 1);
	/* Symmetry in scale: s and mu enter as ln s + mu alone. */
	near(lognormal_laplace(5, 0, 2), lognormal_laplace(1, log(5), 2),
	     1e-13);
	assert_true(isnan(lognormal_laplace(-1, 0, 1)));
}

/* Case 6A of the oversight model: p0 .0366, p1 .0615. */
static void test_sprt(void **state)
{
	(void)state;
	near(sprt_sample_size(0.03660000000000002, 0.06150000000000002, 0.05,
	                      0.10), 323.6274317270201, 1e-12);
	/* A p1 of 1: every item tells ln(1 / p0). */
	near(sprt_sample_size(0.5, 1, 0.05, 0.1),
	     (0.9 * log(0.9 / 0.05) + 0.1 * log(0.1 / 0.95)) / log(2), 1e-14);
	assert_true(isnan(sprt_sample_size(0.1, 0.1, 0.05, 0.1)));
	assert_true(isnan(sprt_sample_size(0, 0.1, 0.05, 0.1)));
	assert_true(isnan(sprt_sample_size(0.1, 0.2, 0.6, 0.5)));
}

/* --- correlation matrices ------------------------------------------------ */

/* Higham's example (2002) and all three at -0.9, by his algorithm in numpy; ten
 * digits are given. */
static void test_nearest_correlation(void **state)
{
	double a[9] = { 1, 1, 0, 1, 1, 1, 0, 1, 1 }, distance = 0;
	double b[9] = { 1, -.9, -.9, -.9, 1, -.9, -.9, -.9, 1 };
	const double was[9] = { 1, 1, 0, 1, 1, 1, 0, 1, 1 };
	double l[9], low, high;

	(void)state;
	correlation_nearest(a, 3, 0);
	assert_true(fabs(a[1] - .76068985) < 1e-8);
	assert_true(fabs(a[2] - .15729811) < 1e-8);
	assert_true(fabs(a[5] - .76068985) < 1e-8);
	for (int i = 0; i < 9; i++)
		distance += (a[i] - was[i]) * (a[i] - was[i]);
	assert_true(fabs(sqrt(distance) - .5277904636) < 1e-9);
	assert_false(correlation_factor(b, 3, l));
	correlation_nearest(b, 3, 0);
	for (int i = 0; i < 9; i++)
		assert_true(fabs(b[i] - (i % 4 ? -.5 : 1)) < 1e-9);
	/* r12 r13 -+ sqrt((1 - r12^2)(1 - r13^2)) */
	assert_true(correlation_interval((const double[9]) {
		1, .6, .8, .6, 1, .99, .8, .99, 1 }, 3, 1, 2, &low, &high));
	assert_true(fabs(low) < 1e-15 && fabs(high - .96) < 1e-15);
	/* with rows 0, 1, 2 impossible no other entry mends it */
	assert_false(correlation_interval((const double[16]) {
		1, .9, .9, 0, .9, 1, -.9, 0, .9, -.9, 1, 0, 0, 0, 0, 1 }, 4,
		0, 3, &low, &high));
	assert_true(fabs(correlation_of_rank(.5) - .5176380902) < 1e-10);
	assert_true(fabs(correlation_of_rank(.9) - .9079809995) < 1e-10);
	assert_true(fabs(rank_of_correlation(.9079809995) - .9) < 1e-10);
}

/* From a matrix exponential in 60-digit decimals; k = 1 and fill = 0 have closed
 * forms.  1e-13: a few dozen roundings; two and three seats lose what
 * subtractions from 1 lose, hence 1e-15 absolute; squarings 1e-16 each. */
static void test_birth_death(void **state)
{
	(void)state;
	near(birth_death_absorption(1, 0.03, 0.125, 12), -expm1(-0.36), 1e-15);
	near_abs(birth_death_absorption(2, 0.03, 0.125, 12),
	         0.063354342033095465, 1e-15);
	near(birth_death_absorption(2, 0.03, 0.125, 1),
	     0.00083869899956174547, 1e-13);
	near_abs(birth_death_absorption(3, 0.03, 0.125, 12),
	         0.011942749986956101, 1e-15);
	near(birth_death_absorption(4, 0.03, 0.125, 36),
	     0.016021496493269009, 1e-13);
	near_abs(birth_death_absorption(3, 0.03, 0, 12),
	         pow(-expm1(-0.36), 3), 1e-15);
	near(birth_death_absorption(5, 0.5, 0.25, 2), 0.059404825528760898,
	     1e-13);
	near(birth_death_absorption(4, 1e-4, 0.5, 1), 5.6413667528044159e-17,
	     1e-13);
	near(birth_death_absorption(8, 0.05, 0.3, 600),
	     0.00024062707498536643, 1e-12);
	near(birth_death_absorption(4, 0.02, 2, 600), 4.5901821844399683e-05,
	     1e-12);
	near_abs(birth_death_absorption(3, 0.01, 30, 60),
	         1.9960040764077003e-07, 1e-15);
}

static void test_birth_death_edges(void **state)
{
	(void)state;
	assert_true(birth_death_absorption(0, 0.1, 0.1, 0) == 1);
	assert_true(birth_death_absorption(3, 0, 0.1, 12) == 0);
	assert_true(birth_death_absorption(3, 0.1, 0.1, 0) == 0);
	assert_true(isnan(birth_death_absorption(1.5, 0.1, 0.1, 1)));
	assert_true(isnan(birth_death_absorption(-1, 0.1, 0.1, 1)));
	assert_true(isnan(birth_death_absorption(65, 0.1, 0.1, 1)));
	assert_true(isnan(birth_death_absorption(2, NAN, 0.1, 1)));
	assert_true(isnan(birth_death_absorption(2, 0.1, INFINITY, 1)));
	/* The two ways of computing meet: 31.9 and 32.1 jumps. */
	near(birth_death_absorption(4, 0.01, 0.5, 31.9 / 1.51),
	     birth_death_absorption(4, 0.01, 0.5, 32.1 / 1.51), 0.01);
	/* and so do series and closed form, at loss x time = 0.02 */
	for (int k = 2; k <= 3; k++)
		near(birth_death_absorption(k, 0.01, 0.5, 1.9999999),
		     birth_death_absorption(k, 0.01, 0.5, 2.0000001), 1e-6);
	/* Never falls with time, never above one. */
	for (double t = 0, last = 0, p; t < 5000; t += 7, last = p) {
		p = birth_death_absorption(2, 0.03, 0.125, t);
		assert_true(p >= last && p <= 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_normal),
		cmocka_unit_test(test_incomplete_beta),
		cmocka_unit_test(test_incomplete_gamma),
		cmocka_unit_test(test_beta_inverse),
		cmocka_unit_test(test_erlang_tables),
		cmocka_unit_test(test_erlang_edges),
		cmocka_unit_test(test_erlang_a),
		cmocka_unit_test(test_erlang_a_limits),
		cmocka_unit_test(test_laplace),
		cmocka_unit_test(test_sprt),
		cmocka_unit_test(test_nearest_correlation),
		cmocka_unit_test(test_birth_death),
		cmocka_unit_test(test_birth_death_edges),
	};

	return cmocka_run_group_tests_name("math", tests, NULL, NULL);
}
