/*
 * src/math/waits.h: waits, staffing, sums of delays.
 *
 * Expectations: waits of M/M/c from exact rationals, printed to 12 decimals
 * (10 digits for tails), so that half a unit of the last place is the table's
 * own rounding; M/G/1 after Pollaczek and Khinchine; Erlang A from 80-digit
 * series; what is marked SciPy from adaptive quadrature at 1e-13.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "math/special.h"
#include "math/waits.h"

#define LENGTH(a) (sizeof (a) / sizeof *(a))

static void near(double got, double want, double relative)
{
	if (fabs(got - want) <= relative * fabs(want))
		return;
	print_error("got %.17g, want %.17g: off by %.2g, allowed %.2g\n", got,
	            want, fabs(got - want) / fabs(want), relative);
	fail();
}

static const struct {
	double c, a, b, wait, mean;     /* B, C, E W / service */
	double tenth, one;              /* P(W > 0.1 and 1 services) */
} erlang[] = {
	{ 1, 0.5, 0.333333333333, 0.500000000000, 1.000000000000,
	  4.756147123E-1, 3.032653299E-1 },
	{ 1, 0.9, 0.473684210526, 0.900000000000, 9.000000000000,
	  8.910448504E-1, 8.143536762E-1 },
	{ 1, 0.99, 0.497487437186, 0.990000000000, 99.000000000000,
	  9.890104948E-1, 9.801493354E-1 },
	{ 2, 1.0, 0.200000000000, 0.333333333333, 0.333333333333,
	  3.016124727E-1, 1.226264804E-1 },
	{ 2, 1.9, 0.383634431456, 0.925641025641, 9.256410256410,
	  9.164307435E-1, 8.375546357E-1 },
	{ 3, 2.0, 0.210526315789, 0.444444444444, 0.444444444444,
	  4.021499636E-1, 1.635019739E-1 },
	{ 5, 4.0, 0.199066874028, 0.554112554113, 0.554112554113,
	  5.013817728E-1, 2.038466168E-1 },
	{ 5, 4.9, 0.276699615199, 0.950316910519, 9.503169105192,
	  9.408610993E-1, 8.598822996E-1 },
	{ 10, 5.0, 0.018384570337, 0.036105359158, 0.007221071832,
	  2.189900731E-2, 2.432759964E-4 },
	{ 10, 8.0, 0.121661064253, 0.409180150796, 0.204590075398,
	  3.350083730E-1, 5.537651160E-2 },
	{ 10, 9.0, 0.167963226292, 0.668731524108, 0.668731524108,
	  6.050933056E-1, 2.460125794E-1 },
	{ 10, 9.9, 0.209969537492, 0.963738420388, 9.637384203876,
	  9.541490629E-1, 8.720265840E-1 },
	{ 14, 10.0, 0.056819143387, 0.174131933595, 0.043532983399,
	  1.167241257E-1, 3.189337615E-3 },
	{ 20, 16.0, 0.064410924782, 0.256077793839, 0.064019448460,
	  1.716540786E-1, 4.690228399E-3 },
	{ 25, 20.0, 0.050221777891, 0.209102826599, 0.041820565320,
	  1.268272754E-1, 1.408923763E-3 },
	{ 50, 40.0, 0.018690671110, 0.086952549527, 0.008695254953,
	  3.198805533E-2, 3.947639641E-6 },
	{ 50, 45.0, 0.054104472165, 0.363864467207, 0.072772893441,
	  2.206949553E-1, 2.451699495E-3 },
	{ 50, 48.0, 0.083337353493, 0.694455611197, 0.347227805598,
	  5.685721655E-1, 9.398434684E-2 },
	{ 100, 80.0, 0.003992028605, 0.019646426634, 0.000982321332,
	  2.658854713E-3, 4.049430343E-11 },
	{ 100, 90.0, 0.026957380464, 0.216940480906, 0.021694048091,
	  7.980794288E-2, 9.849082596E-6 },
	{ 100, 95.0, 0.048804206179, 0.506456853913, 0.101291370783,
	  3.071816097E-1, 3.412479439E-3 },
	{ 100, 99.0, 0.070028074780, 0.882768462610, 0.882768462610,
	  7.987619364E-1, 3.247523687E-1 },
	{ 238, 220.0, 0.014135350267, 0.159367545859, 0.008853752548,
	  2.634327815E-2, 2.427164495E-9 },
	{ 250, 225.0, 0.006925385906, 0.065190626826, 0.002607625073,
	  5.351172513E-3, 9.053637659E-13 },
	{ 500, 475.0, 0.010636324022, 0.176963831965, 0.007078553279,
	  1.452607590E-2, 2.457663764E-12 },
	{ 1000, 950.0, 0.003649293689, 0.068253415377, 0.001365068308,
	  4.598878953E-4, 1.316437645E-23 },
	{ 1000, 980.0, 0.013831210129, 0.412200292365, 0.020610014618,
	  5.578524332E-2, 8.496081258E-10 },
	{ 2000, 1950.0, 0.005409204427, 0.178675068233, 0.003573501365,
	  1.203903140E-3, 3.446195107E-23 },
};

static void test_erlang_table(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(erlang); i++) {
		double c = erlang[i].c, a = erlang[i].a, w = erlang[i].wait;

		/* 12 decimals of figures down to 1e-3 */
		near(erlang_b(c, a), erlang[i].b, 5e-10);
		near(erlang_c(c, a), w, 5e-10);
		near(mgc_wait_mean(c, a, 3, 1), 3 * erlang[i].mean, 2e-9);
		near(mgc_wait_tail(c, a, 7, 1, 0.7), erlang[i].tenth, 1e-9);
		near(mgc_wait_tail(c, a, 1, 1, 1), erlang[i].one, 1e-9);
		/* the quantile undoes the tail */
		near(mgc_wait_tail(c, a, 1, 1, mgc_wait_quantile(1 - w / 8, c,
		                                                 a, 1, 1)),
		     w / 8, 1e-9);
	}
	assert_true(mgc_wait_quantile(0.5, 10, 8, 1, 1) == 0);
}

/* The recursion in 40-digit decimals; ln a carries 1e-16 of 14, which a
 * density of sqrt(c) makes 1e-12 of B. */
static void test_many_servers(void **state)
{
	(void)state;
	near(erlang_b(5000, 4900), 0.002215767902497243, 1e-12);
	near(erlang_b(20000, 19900), 0.0028804217540221174, 1e-12);
	near(erlang_b(1000000, 999000), 0.00028742137577686792, 1e-11);
	/* The recursion may start far below the load, at any load. */
	for (double a = 0.5; a < 900; a *= 1.37)
		for (double c = 1; c < 1000; c = floor(c * 1.9) + 1) {
			double b = erlang_b(c - 1, a);

			near(erlang_b(c, a), a * b / (c + a * b), 1e-14);
		}
	assert_true(staff_servers(1e6, 1, 1, 1, 0.01, 0.99, 1) == 1000406);
	assert_true(mgc_wait_tail(1000406, 1e6, 1, 1, 0.01) <= 0.01);
	assert_true(mgc_wait_tail(1000405, 1e6, 1, 1, 0.01) > 0.01);
}

static const struct {
	double rho, scv, mean;
} single[] = {
	{ 1.0 / 2, 0, 0.5000000000 },
	{ 1.0 / 2, 1.0 / 4, 0.6250000000 },
	{ 1.0 / 2, 1, 1.0000000000 },
	{ 1.0 / 2, 2, 1.5000000000 },
	{ 1.0 / 2, 4, 2.5000000000 },
	{ 7.0 / 10, 0, 1.1666666667 },
	{ 7.0 / 10, 1.0 / 4, 1.4583333333 },
	{ 7.0 / 10, 1, 2.3333333333 },
	{ 7.0 / 10, 2, 3.5000000000 },
	{ 7.0 / 10, 4, 5.8333333333 },
	{ 4.0 / 5, 0, 2.0000000000 },
	{ 4.0 / 5, 1.0 / 4, 2.5000000000 },
	{ 4.0 / 5, 1, 4.0000000000 },
	{ 4.0 / 5, 2, 6.0000000000 },
	{ 4.0 / 5, 4, 10.0000000000 },
	{ 9.0 / 10, 0, 4.5000000000 },
	{ 9.0 / 10, 1.0 / 4, 5.6250000000 },
	{ 9.0 / 10, 1, 9.0000000000 },
	{ 9.0 / 10, 2, 13.5000000000 },
	{ 9.0 / 10, 4, 22.5000000000 },
	{ 19.0 / 20, 0, 9.5000000000 },
	{ 19.0 / 20, 1.0 / 4, 11.8750000000 },
	{ 19.0 / 20, 1, 19.0000000000 },
	{ 19.0 / 20, 2, 28.5000000000 },
	{ 19.0 / 20, 4, 47.5000000000 },
	{ 99.0 / 100, 0, 49.5000000000 },
	{ 99.0 / 100, 1.0 / 4, 61.8750000000 },
	{ 99.0 / 100, 1, 99.0000000000 },
	{ 99.0 / 100, 2, 148.5000000000 },
	{ 99.0 / 100, 4, 247.5000000000 },
};

/* The approximation is exact in the mean for one server. */
static void test_one_server(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(single); i++)
		near(mgc_wait_mean(1, single[i].rho, 1,
		                   (1 + single[i].scv) / 2),
		     single[i].mean, 1e-10);
	/* Kingman, G/G/1: rho .8, ca2 2, cs2 .5 */
	near(mgc_wait_mean(1, 0.8, 1, 1.25), 5, 1e-14);
	assert_true(mgc_wait_mean(1, 0.8, 1, 0) == 0);
	assert_true(mgc_wait_tail(1, 0.8, 1, 0, 0) == 0);
}

static void test_unstable(void **state)
{
	(void)state;
	assert_true(isnan(mgc_wait_mean(119, 220.63, 15.25, 1)));
	assert_true(isnan(mgc_wait_tail(5, 5, 1, 1, 1)));
	assert_true(isnan(mgc_wait_quantile(0.5, 5, 6, 1, 1)));
	assert_true(isnan(mgc_wait_quantile(1, 5, 4, 1, 1)));
	assert_true(isnan(mgc_wait_mean(5, NAN, 1, 1)));
	assert_true(isnan(mmc_sojourn_tail(5, 5, 1, 1)));
	/* Nobody comes: nobody waits, even where nobody serves. */
	assert_true(mgc_wait_mean(0, 0, 1, 1) == 0);
	assert_true(mgc_wait_tail(3, 0, 1, 1, 0) == 0);
}

/* A published call centre: 100 calls in half an hour of 180 s each, 14
 * agents: 88.835 % within 20 s, 7.835937 s on average. */
static void test_call_centre(void **state)
{
	(void)state;
	near(1 - mgc_wait_tail(14, 10, 180, 1, 20), 0.88835, 1e-5);
	near(mgc_wait_mean(14, 10, 180, 1), 7.83593701, 1e-9);
}

static const struct {
	double c, a, at[4];             /* P(T > .5, 1, 2, 5 services) */
} sojourn[] = {
	{ 1, 0.5, { 0.778800783071, 0.606530659713, 0.367879441171,
	            0.082084998624 } },
	{ 10, 8, { 0.704182001303, 0.463031894782, 0.183217398957,
	           0.009476404418 } },
	{ 10, 9, { 0.809333745956, 0.613892020554, 0.316341223685,
	           0.029267334829 } },
	{ 10, 9.5, { 0.890978118487, 0.761933449631, 0.519305489373,
	             0.131148825351 } },
	{ 100, 95, { 0.672932934603, 0.41360508741, 0.152464905403,
	             0.007591066857 } },
};

static void test_sojourn(void **state)
{
	static const double t[4] = { 0.5, 1, 2, 5 };

	(void)state;
	for (size_t i = 0; i < LENGTH(sojourn); i++)
		for (int k = 0; k < 4; k++)
			near(mmc_sojourn_tail(sojourn[i].c, sojourn[i].a, 2,
			                      2 * t[k]), sojourn[i].at[k],
			     1e-10);
	/* Either side of d = 1 meets it. */
	near(mmc_sojourn_tail(10, 9 + 1e-7, 1, 2),
	     mmc_sojourn_tail(10, 9, 1, 2), 1e-6);
}

/* --- staffing ------------------------------------------------------------- */

static const struct {
	double a, t, q, servers, tail;
} staffing[] = {
	{ 10, 0, 0.9, 16, 0.057340331 }, { 10, 0.1, 0.95, 16, 0.031469041 },
	{ 50, 0.05, 0.99, 66, 0.008877835 },
	{ 100, 0.05, 0.99, 121, 0.009231603 },
	{ 220, 0.02, 0.99, 253, 0.009360324 },
	{ 1000, 0.01, 0.99, 1069, 0.009223551 },
};

static void test_staffing(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(staffing); i++) {
		double a = staffing[i].a, t = staffing[i].t;
		double n = staff_servers(a / 3, 3, 1, 1, 3 * t, staffing[i].q,
		                         1);

		assert_true(n == staffing[i].servers);
		near(mgc_wait_tail(n, a, 1, 1, t), staffing[i].tail, 1e-7);
		assert_true(mgc_wait_tail(n - 1, a, 1, 1, t) >
		            1 - staffing[i].q);
	}
	/* Machines of 119 places: the guard on utilisation decides. */
	assert_true(staff_servers(14.467592593, 15.25, 119, 0.742, 0.7, 0.99,
	                          0.85) == 3);
	/* What fits exactly buys no further machine. */
	assert_true(staff_servers(0.85 * 300, 1, 100, 0, 1, 0.99, 0.85) == 3);
	assert_true(staff_servers(0, 1, 10, 1, 1, 0.99, 0.85) == 1);
}

static void test_staffing_refuses(void **state)
{
	(void)state;
	assert_true(isnan(staff_servers(1, 1, 0, 1, 1, 0.9, 1)));
	assert_true(isnan(staff_servers(1, 1, 1, 1, -0.1, 0.9, 1)));
	assert_true(isnan(staff_servers(1, 1, 1, 1, 1, 1, 1)));
	assert_true(isnan(staff_servers(1, 1, 1, 1, 1, 0.9, 0)));
	assert_true(isnan(staff_servers(1e300, 1, 1, 1, 1, 0.9, 1)));
	assert_true(isnan(staff_servers(1, 1, NAN, 1, 1, 0.9, 1)));
	/* Within the last servers there are, nobody may wait at all. */
	assert_true(isnan(staff_servers(1e9, 1, 1, 1, 0, 0.99, 1)));
}

/* --- patience ------------------------------------------------------------- */

static const struct {
	double c, rate, theta, waits, leaves, mean;
} patience[] = {
	{ 50, 48, 1.0 / 2, 0.467774068554, 0.030912249162,
	  0.061824498324 },
	{ 49, 48, 1.0 / 2, 0.534335690571, 0.038595337376,
	  0.077190674752 },
	{ 10, 8, 1, 0.283375741273, 0.053232981971,
	  0.053232981971 },
	{ 10, 10, 1, 0.542070285528, 0.125110035721,
	  0.125110035721 },
	{ 10, 12, 1, 0.757607838329, 0.213632352958,
	  0.213632352958 },
	{ 10, 8, 1.0 / 10, 0.375598640733, 0.014209707963,
	  0.142097079629 },
	{ 1, 9.0 / 10, 1.0 / 5, 0.711408767783, 0.209545813575,
	  1.047729067875 },
	{ 100, 95, 2, 0.268348696223, 0.025391920441,
	  0.012695960220 },
	{ 100, 120, 2, 0.905730462210, 0.170138842049,
	  0.085069421024 },
	{ 5, 4, 1.0 / 1000, 0.553134705133, 0.000548259986,
	  0.548259985985 },
	{ 238, 220, 61.0 / 120, 0.132808272547, 0.002584995906,
	  0.005085237849 },
	{ 119, 220, 61.0 / 120, 1.000000000000, 0.459090909091,
	  0.903129657228 },
	{ 100, 200, 0.001, 1, 0.5, 500 },
	{ 10, 12, 0.0001, 1, 0.166666666667, 1666.66666666667 },
	{ 100, 101, 0.01, 0.968498151129, 0.012356016010, 1.2356016010 },
};

static void test_patience(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(patience); i++) {
		double c = patience[i].c, rate = patience[i].rate;
		double mean = 1 / patience[i].theta;
		double left = erlang_a_abandonment(c, rate, 1, mean);

		near(left, patience[i].leaves, 2e-9);
		near(left * mean, patience[i].mean, 2e-9);
		near(erlang_a_tail(c, rate, 1, mean, 0), patience[i].waits,
		     2e-11);
	}
	/* theta = mu: a Poisson count, P(count >= c), whatever is summed. */
	near(erlang_a_tail(10, 8, 1, 1, 0), gamma_inc(10, 8), 1e-13);
	near(erlang_a_tail(300, 310, 1, 1, 0), gamma_inc(300, 310), 1e-12);
}

static const struct {
	double c, rate, theta, t, offered, waited;      /* P(V > t), P(W > t) */
} tails[] = {
	{ 50, 48, 1.0 / 2, 0.1, 0.256452834, 0.243945482 },
	{ 50, 48, 1.0 / 2, 0.25, 0.075213314, 0.066375517 },
	{ 10, 8, 1, 0.1, 0.194510149, 0.176000061 },
	{ 10, 8, 1, 0.5, 0.026780735, 0.016243337 },
	{ 10, 10, 1, 0.1, 0.418965051, 0.379095255 },
	{ 10, 10, 1, 0.5, 0.088493014, 0.053673726 },
	{ 10, 12, 1, 0.1, 0.643887482, 0.582613486 },
	{ 10, 12, 1, 0.5, 0.198815210, 0.120587520 },
	{ 100, 95, 2, 0.05, 0.113536449, 0.102732027 },
	{ 238, 220, 61.0 / 120, 0.02, 0.083440123, 0.082596113 },
};

static void test_patience_tails(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(tails); i++) {
		double mean = 1 / tails[i].theta, t = tails[i].t;
		double v = erlang_a_tail(tails[i].c, tails[i].rate, 1, mean,
		                         t);

		near(v, tails[i].offered, 5e-8);         /* nine decimals */
		near(v * exp(-t / mean), tails[i].waited, 5e-8);
	}
	/* SciPy: through the ratio of incomplete gamma functions. */
	near(erlang_a_tail(50, 48, 1, 2, 0.25), 0.07521331423686, 1e-11);
	near(erlang_a_tail(100, 101, 1, 100, 3), 0.02650367606176, 1e-10);
	/* Hardly anybody leaves, and servers suffice: M/M/c. */
	near(erlang_a_tail(10, 8, 1, 1e9, 0.7),
	     mgc_wait_tail(10, 8, 1, 1, 0.7), 1e-7);
	assert_true(erlang_a_tail(0, 1, 1, 1, 5) == 1);
	assert_true(erlang_a_tail(3, 0, 1, 1, 0) == 0);
	assert_true(erlang_a_tail(119, 220, 1, 1.97, 0.01) > 0.999);
	assert_true(isnan(erlang_a_tail(3, 1, 1, 1, -1)));
}

/* Near-endless patience over capacity: V is normal about patience x ln rho
 * with variance patience / load x rho, so half wait longer than that. */
static void test_patience_without_end(void **state)
{
	(void)state;
	near(erlang_a_tail(10, 12, 1, 1e6, 1e6 * log(1.2)), 0.5, 2e-3);
	near(erlang_a_tail(10, 12, 1, 9e3, 9e3 * log(1.2)), 0.5, 2e-2);
	near(erlang_a_tail(10, 12, 1, 1e6, 0), 1, 1e-12);
}

/* --- sums of delays --------------------------------------------------------- */

static void test_trapezoid(void **state)
{
	(void)state;
	near(trap_quantile(0.05, 24, 4.41885965), 3.2566, 2e-5);
	near(trap_quantile(0.5, 24, 4.41885965), 14.2094, 1e-5);
	near(trap_quantile(0.95, 24, 4.41885965), 25.1623, 1e-5);
	near(trap_quantile(0.99, 4.41885965, 24), 26.9625, 1e-5);
	near(trap_quantile(0.95, 2, 2), 3.3675, 2e-5);
	near(trap_quantile(0.99, 2, 2), 3.7172, 2e-5);
	near(trap_tail(24 - 1 / 15.0, 24, 4.418859649122807),
	     0.09483735380116964, 1e-12);
	for (double q = 0; q < 1; q += 1 / 64.0)
		near(trap_tail(trap_quantile(q, 3, 2), 3, 2), 1 - q, 1e-14);
	/* Nothing to wait for; one of the two; beyond both ends. */
	assert_true(trap_quantile(0.7, 0, 0) == 0 && trap_tail(0, 0, 0) == 0);
	near(trap_quantile(0.7, 0, 5), 3.5, 1e-15);
	near(trap_tail(3.5, 5, 0), 0.3, 1e-14);
	assert_true(trap_tail(-1, 2, 3) == 1 && trap_tail(5, 2, 3) == 0);
	assert_true(isnan(trap_quantile(1.1, 2, 3)));
	assert_true(isnan(trap_tail(1, -2, 3)));
}

static void test_uniform_laplace(void **state)
{
	(void)state;
	assert_true(uniform_laplace(0) == 1);
	near(uniform_laplace(1e-9), 1 - 0.5e-9, 1e-15);
	near(uniform_laplace(2), (1 - exp(-2)) / 2, 1e-15);
	near(uniform_laplace(1e6), 1e-6, 1e-15);
	assert_true(isnan(uniform_laplace(-1)));
}

/* A batch tier: submitted hourly, 7 minutes in the median, P90 an hour. */
static void test_batch_tier(void **state)
{
	double sigma = 1.6764322801586231, median = 7 / 60.0;

	(void)state;
	near(uniform_plus_lognormal_tail(24, 1, median, sigma),
	     0.0007765143484448062, 1e-11);
	near(uniform_plus_lognormal_tail(0.7, 1, median, sigma),
	     0.529028265803134, 1e-13);                  /* SciPy */
	near(uniform_plus_lognormal_tail(2.4, 1, median, sigma),
	     0.0494353911226628, 1e-12);
	near(uniform_plus_lognormal_tail(0.05, 4, median, sigma),
	     0.997898235085895, 1e-13);
	near(uniform_plus_lognormal_quantile(0.99, 1, median, sigma),
	     6.280658222718522, 1e-12);
	near(uniform_plus_lognormal_quantile(0.95, 1, median, sigma),
	     2.3833031941837435, 1e-8);
	for (double q = 0.01; q < 1; q += 0.07)
		near(uniform_plus_lognormal_tail(
			uniform_plus_lognormal_quantile(q, 4, 0.5, 0.7), 4,
			0.5, 0.7), 1 - q, 1e-12);
	/* Without one of the two delays. */
	near(uniform_plus_lognormal_tail(2, 0, 1, 1), normal_cdf(-log(2)),
	     1e-14);
	near(uniform_plus_lognormal_quantile(0.25, 4, 2, 0), 3, 1e-15);
	assert_true(uniform_plus_lognormal_tail(-1, 1, 1, 1) == 1);
	assert_true(isnan(uniform_plus_lognormal_quantile(1, 1, 1, 1)));
	assert_true(isnan(uniform_plus_lognormal_tail(1, 1, 0, 1)));
	assert_true(isnan(uniform_plus_lognormal_tail(1, 1, 1, -1)));
}

/* SciPy: the convolution of ten servers at 90 %, answers of mean 1 and squared
 * variation .5. */
static void test_answer(void **state)
{
	(void)state;
	near(wait_plus_lognormal_quantile(0.5, 10, 9, 1, 0.75, 1, 0.5),
	     1.25923381790342, 1e-12);
	near(wait_plus_lognormal_quantile(0.95, 10, 9, 1, 0.75, 1, 0.5),
	     3.43480413912385, 1e-12);
	near(wait_plus_lognormal_quantile(0.99, 10, 9, 1, 0.75, 1, 0.5),
	     4.89571084258314, 1e-12);
	/* 357 places for 220.63 Erlang: nobody waits, the answer is all. */
	near(0.3 + wait_plus_lognormal_quantile(0.99, 357, 220.63078703703704,
	                                        15.25, 0.74187, 15, 0.5),
	     54.173905172138376, 1e-12);
	/* All answers alike: the wait is all that varies. */
	near(wait_plus_lognormal_quantile(0.9, 10, 9, 1, 0.5, 2, 0),
	     2 + mgc_wait_quantile(0.9, 10, 9, 1, 0.5), 1e-14);
	assert_true(isnan(wait_plus_lognormal_quantile(0.9, 9, 9, 1, 1, 1,
	                                               1)));
	assert_true(isnan(wait_plus_lognormal_quantile(1, 10, 9, 1, 1, 1, 1)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_erlang_table),
		cmocka_unit_test(test_many_servers),
		cmocka_unit_test(test_one_server),
		cmocka_unit_test(test_unstable),
		cmocka_unit_test(test_call_centre),
		cmocka_unit_test(test_sojourn),
		cmocka_unit_test(test_staffing),
		cmocka_unit_test(test_staffing_refuses),
		cmocka_unit_test(test_patience),
		cmocka_unit_test(test_patience_tails),
		cmocka_unit_test(test_patience_without_end),
		cmocka_unit_test(test_trapezoid),
		cmocka_unit_test(test_uniform_laplace),
		cmocka_unit_test(test_batch_tier),
		cmocka_unit_test(test_answer),
	};

	return cmocka_run_group_tests_name("waits", tests, NULL, NULL);
}
