/*
 * solve and argmin: roots that are known in closed form, what counts as none,
 * and searches within months, months within searches, searches within searches.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "expr/tape.h"

#define NONE NODE_NONE
#define LANES 130

static node_id op(struct dag *d, enum op o, node_id a, node_id b)
{
	return dag_op(d, o, a, b, NONE);
}

static node_id num(struct dag *d, double v)
{
	return dag_const(d, v);
}

static void run(struct dag *d, node_id root, const double *in, int n,
                double *out)
{
	struct tape *t = tape_new(d, &root, 1);
	struct frame *f = frame_new(t);
	struct column c = { in, false };

	tape_run(t, f, &c, n, &out);
	frame_free(f);
	tape_free(t);
}

static double run1(struct dag *d, node_id root, double a)
{
	double v;

	run(d, root, &a, 1, &v);
	return v;
}

static bool close_to(double x, double want)
{
	return fabs(x - want) <= 1e-13 * fabs(want);
}

/* x^2 = a in [0, 100] */
static node_id root_of(struct dag *d, node_id x, node_id a)
{
	return dag_solve(d, OP_SOLVE, x, num(d, 0), num(d, 100),
	                 op(d, OP_SUB, op(d, OP_MUL, x, x), a));
}

static void test_roots(void **state)
{
	struct dag *d = dag_new();
	node_id x = dag_var(d), a = dag_input(d, 0), f;

	(void)state;
	f = root_of(d, x, a);
	assert_true(close_to(run1(d, f, 2), sqrt(2)));
	assert_true(close_to(run1(d, f, 1e-4), 0.01));
	assert_true(close_to(run1(d, f, 9999), sqrt(9999)));
	assert_true(run1(d, f, 0) == 0);                /* at the lower bound */
	assert_true(run1(d, f, 10000) == 100);          /* at the upper one */
	assert_true(run1(d, f, 2500) == 50);            /* on the grid */
	assert_true(isnan(run1(d, f, -1)));
	assert_true(isnan(run1(d, f, 10001)));
	/* at zero itself, where no width is small against the place */
	f = dag_solve(d, OP_SOLVE, x, num(d, -1), num(d, 2),
	              op(d, OP_MUL, op(d, OP_ADD, op(d, OP_MUL, x, x), a), x));
	assert_true(fabs(run1(d, f, 1)) < 1e-15);
	/* the lowest of several: sin-like (x-1)(x-2)(x-3) */
	f = op(d, OP_MUL, op(d, OP_SUB, x, a), op(d, OP_MUL,
	       op(d, OP_SUB, x, num(d, 2)), op(d, OP_SUB, x, num(d, 3))));
	f = dag_solve(d, OP_SOLVE, x, num(d, 0), num(d, 10), f);
	assert_true(close_to(run1(d, f, 1.01), 1.01));
	assert_true(close_to(run1(d, f, 7.01), 2));
	dag_free(d);
}

/* Over many decades the grid is even in the logarithm: ln x = a. */
static void test_decades(void **state)
{
	struct dag *d = dag_new();
	node_id x = dag_var(d), a = dag_input(d, 0), f, c;

	(void)state;
	c = op(d, OP_SUB, op(d, OP_LOG, x, NONE), a);
	f = dag_solve(d, OP_SOLVE, x, num(d, 1e-3), num(d, 1e12), c);
	for (double y = -6.5; y < 27; y += 0.7)
		assert_true(fabs(run1(d, f, y) / exp(y) - 1) < 1e-12);
	/* two roots within one even interval, apart on this grid */
	c = op(d, OP_MUL, op(d, OP_SUB, x, a), op(d, OP_SUB, x, num(d, 3)));
	f = dag_solve(d, OP_SOLVE, x, num(d, 0.1), num(d, 1e6), c);
	assert_true(close_to(run1(d, f, 0.5), 0.5));
	/* a ratio too great for a double */
	f = dag_solve(d, OP_SOLVE, x, num(d, 1e-200), num(d, 1e200), c);
	assert_true(close_to(run1(d, f, 0.5), 0.5)
	            || isnan(run1(d, f, 0.5)));
	dag_free(d);
}

static void test_bad_bounds(void **state)
{
	struct dag *d = dag_new();
	node_id x = dag_var(d), a = dag_input(d, 0);
	node_id c = op(d, OP_SUB, x, num(d, 1)), f, g;

	(void)state;
	f = dag_solve(d, OP_SOLVE, x, a, num(d, 2), c);
	g = dag_solve(d, OP_ARGMIN, x, a, num(d, 2), op(d, OP_MUL, c, c));
	assert_true(close_to(run1(d, f, 0), 1));
	assert_true(run1(d, f, 1) == 1);
	assert_true(isnan(run1(d, f, 1.5)));
	assert_true(isnan(run1(d, f, 3)));
	assert_true(isnan(run1(d, f, NAN)));
	assert_true(isnan(run1(d, f, -INFINITY)));
	assert_true(run1(d, g, 2) == 2);
	assert_true(isnan(run1(d, g, 3)));
	assert_true(isnan(run1(d, g, NAN)));
	dag_free(d);
}

/* Jumps count as roots; holes in the body do not. */
static void test_jumps_and_holes(void **state)
{
	struct dag *d = dag_new();
	node_id x = dag_var(d), a = dag_input(d, 0), c, f, hole;

	(void)state;
	c = op(d, OP_SUB, op(d, OP_CEIL, x, NONE), num(d, 4.5));
	f = dag_solve(d, OP_SOLVE, x, a, num(d, 9.7), c);
	assert_true(fabs(run1(d, f, 0) - 4) < 4e-11);   /* ceil forgives 1e-12 */
	/* no number below 5, where the sign would change at 3 */
	hole = op(d, OP_DIV, num(d, 0), num(d, 0));
	c = dag_op(d, OP_SELECT, op(d, OP_LT, x, num(d, 5)), hole,
	           op(d, OP_SUB, x, num(d, 3)));
	f = dag_solve(d, OP_SOLVE, x, a, num(d, 10), c);
	assert_true(isnan(run1(d, f, 0)));
	/* no number between two grid points of opposite signs */
	c = op(d, OP_SUB, x, num(d, 5.05));
	c = dag_op(d, OP_SELECT, op(d, OP_LT, op(d, OP_ABS, c, NONE),
	           num(d, 0.01)), hole, c);
	f = dag_solve(d, OP_SOLVE, x, a, num(d, 10), c);
	assert_true(isnan(run1(d, f, 0)));
	dag_free(d);
}

static void test_nesting(void **state)
{
	struct dag *d = dag_new();
	node_id x = dag_var(d), y = dag_var(d), a = dag_input(d, 0);
	node_id lo = num(d, 0), hi = num(d, 100), m = dag_month(d), f, s;

	(void)state;
	/* months inside of a search: the fee whose sum over 12 months is a */
	f = dag_reduce(d, OP_SUM, op(d, OP_MUL, x, m), 12, 0);
	f = dag_solve(d, OP_SOLVE, x, lo, hi, op(d, OP_SUB, f, a));
	assert_true(close_to(run1(d, f, 156), 2));
	/* a stock inside of a search: 100 (1 - x)^12 = a */
	s = dag_stock(d, num(d, 100), dag_get(d, x)->vars);
	dag_stock_next(d, s, op(d, OP_MUL, s, op(d, OP_SUB, num(d, 1), x)));
	f = op(d, OP_SUB, dag_reduce(d, OP_AT, s, 13, 13), a);
	f = dag_solve(d, OP_SOLVE, x, lo, num(d, 1), f);
	assert_true(fabs(run1(d, f, 50) - (1 - pow(0.5, 1.0 / 12))) < 1e-13);
	/* a search inside of months: sum of the roots of x = m a */
	f = op(d, OP_SUB, x, op(d, OP_MUL, m, a));
	f = dag_reduce(d, OP_SUM, dag_solve(d, OP_SOLVE, x, lo, hi, f), 4, 0);
	assert_true(close_to(run1(d, f, 3), 30));
	/* a stock that hangs on the unknown, month by month: the x whose sum
	 * over m months is a */
	s = dag_stock(d, lo, dag_get(d, x)->vars);
	f = op(d, OP_ADD, s, x);
	assert_true(dag_stock_next(d, s, f));
	f = dag_solve(d, OP_SOLVE, x, lo, hi, op(d, OP_SUB, f, a));
	f = dag_reduce(d, OP_SUM, f, 4, 0);
	assert_true(close_to(run1(d, f, 12), 12 + 6 + 4 + 3));
	/* one inside of the other: y = x/2, y = a */
	f = op(d, OP_SUB, y, op(d, OP_DIV, x, num(d, 2)));
	f = dag_solve(d, OP_SOLVE, y, lo, hi, f);
	f = dag_solve(d, OP_SOLVE, x, lo, hi, op(d, OP_SUB, f, a));
	assert_true(close_to(run1(d, f, 7), 14));
	/* months in a search in months in a search: for each month k the z
	 * with 3 z = k x, then the x whose z add up to a: x (1 + 2) / 3 = a */
	f = dag_reduce(d, OP_SUM, op(d, OP_SUB, op(d, OP_MUL, y, m), y), 3, 0);
	f = op(d, OP_SUB, f, op(d, OP_MUL, m, x));
	f = dag_solve(d, OP_SOLVE, y, lo, hi, f);
	f = op(d, OP_SUB, dag_reduce(d, OP_SUM, f, 2, 0), a);
	f = dag_solve(d, OP_SOLVE, x, lo, hi, f);
	assert_true(close_to(run1(d, f, 5), 5));
	dag_free(d);
}

static void test_argmin(void **state)
{
	struct dag *d = dag_new();
	node_id x = dag_var(d), a = dag_input(d, 0), f, c, hole;
	node_id lo = num(d, 0), hi = num(d, 100);

	(void)state;
	c = op(d, OP_SUB, x, a);
	f = dag_solve(d, OP_ARGMIN, x, lo, hi, op(d, OP_MUL, c, c));
	/* a parabola is flat to sqrt(epsilon): 1e-7 of the range at best */
	assert_true(fabs(run1(d, f, 37.125) - 37.125) < 1e-5);
	assert_true(run1(d, f, -5) == 0);
	assert_true(run1(d, f, 105) == 100);
	/* a corner is sharp */
	f = dag_solve(d, OP_ARGMIN, x, lo, hi, op(d, OP_ABS, c, NONE));
	assert_true(fabs(run1(d, f, 37.125) - 37.125) < 1e-9 * 100);
	/* the lowest of equals, and no less when all are equal */
	f = dag_solve(d, OP_ARGMIN, x, lo, hi, op(d, OP_MAX,
	              op(d, OP_ABS, c, NONE), num(d, 20)));
	assert_true(run1(d, f, 50) <= 30 + 100.0 / 64
	            && run1(d, f, 50) >= 30 - 1e-9);
	assert_true(run1(d, dag_solve(d, OP_ARGMIN, x, lo, hi, a), 1) == 0);
	/* what is no number is never the least */
	hole = op(d, OP_DIV, lo, lo);
	f = dag_solve(d, OP_ARGMIN, x, lo, hi, dag_op(d, OP_SELECT,
	              op(d, OP_LT, x, a), hole, x));
	assert_true(run1(d, f, 33.3) >= 33.3 && run1(d, f, 33.3) < 33.3 + 1e-7);
	assert_true(isnan(run1(d, dag_solve(d, OP_ARGMIN, x, lo, hi,
	            op(d, OP_DIV, op(d, OP_MUL, lo, x), lo)), 0)));
	dag_free(d);
}

/* A lane's digits hang neither on its neighbours nor on the vector width. */
static void test_lanes_are_alone(void **state)
{
	const char *const *width = tape_widths();
	struct dag *d = dag_new();
	node_id x = dag_var(d), a = dag_input(d, 0), c, f[3];
	double in[LANES], first[LANES], out[LANES];

	(void)state;
	c = op(d, OP_SUB, op(d, OP_EXP, op(d, OP_DIV, x, num(d, 9)), NONE), a);
	f[0] = dag_solve(d, OP_SOLVE, x, num(d, 0), num(d, 50), c);
	f[1] = dag_solve(d, OP_SOLVE, x, num(d, 1e-2), num(d, 50), c);
	f[2] = dag_solve(d, OP_ARGMIN, x, num(d, 0), a, op(d, OP_MUL, c, c));
	srand(7);
	for (int i = 0; i < LANES; i++)
		in[i] = rand() % 3000 / 10.0 - 20;
	for (int k = 0; k < 3; k++)
		for (int w = 0; width[w]; w++) {
			tape_set_width(width[w]);
			run(d, f[k], in, LANES, out);
			if (w == 0)
				memcpy(first, out, sizeof out);
			assert_memory_equal(first, out, sizeof out);
			for (int i = 0; i < LANES; i += 11) {
				double alone = run1(d, f[k], in[i]);

				assert_memory_equal(&alone, &out[i],
				                    sizeof alone);
			}
		}
	tape_set_width(width[0]);
	dag_free(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_roots),
		cmocka_unit_test(test_decades),
		cmocka_unit_test(test_bad_bounds),
		cmocka_unit_test(test_jumps_and_holes),
		cmocka_unit_test(test_nesting),
		cmocka_unit_test(test_argmin),
		cmocka_unit_test(test_lanes_are_alone),
	};

	return cmocka_run_group_tests_name("search", tests, NULL, NULL);
}
