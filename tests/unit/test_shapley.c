/* Exact Shapley values. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>

#include "math/shapley.h"

static void assert_near(double got, double want, double tolerance)
{
	if (!(fabs(got - want) <= tolerance))
		fail_msg("%.12g, wanted %.12g", got, want);
}

/* cost = v p (1 - c), (1e6, .004, .1) -> (1.5e6, .003, .3): the shares by hand
 * over the six orders are 4225/3, -2975/3 and -2600/3. */
static void test_product(void **state)
{
	const double v[2] = { 1e6, 1.5e6 }, p[2] = { .004, .003 };
	const double c[2] = { .1, .3 };
	double value[8], share[3];

	(void)state;
	for (unsigned s = 0; s < 8; s++)
		value[s] = v[s & 1] * p[s >> 1 & 1] * (1 - c[s >> 2 & 1]);
	shapley_exact(3, value, share);
	/* a dozen operations on numbers of some thousands */
	assert_near(share[0], 4225.0 / 3, 1e-9);
	assert_near(share[1], -2975.0 / 3, 1e-9);
	assert_near(share[2], -2600.0 / 3, 1e-9);
	assert_near(share[0] + share[1] + share[2], value[7] - value[0], 1e-9);
}

/* What changes nothing gets exactly nothing, whatever the others do. */
static void test_idle(void **state)
{
	double value[16], share[4];

	(void)state;
	for (unsigned s = 0; s < 16; s++)
		value[s] = sin(1 + (s & 1) * 3.7 + (s >> 1 & 1) * 0.3 *
		               (1 + (s & 1)) + (s >> 3 & 1) * 11.1);
	shapley_exact(4, value, share);
	assert_true(share[2] == 0);
	assert_near(share[0] + share[1] + share[3], value[15] - value[0],
	            1e-14);
}

static void test_one(void **state)
{
	const double value[2] = { 3, 5 };
	double share[1];

	(void)state;
	shapley_exact(1, value, share);
	assert_true(share[0] == 2);
	shapley_exact(0, value, share);         /* nothing to share */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_product), cmocka_unit_test(test_idle),
		cmocka_unit_test(test_one),
	};

	return cmocka_run_group_tests_name("shapley", tests, NULL, NULL);
}
