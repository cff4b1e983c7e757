/*
 * The value graph: what is shared, what is known at compile time, and what is
 * left to run time.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>

#include "expr/fold.h"
#include "expr/tape.h"

#define NONE NODE_NONE

static node_id op(struct dag *d, enum op o, node_id a, node_id b)
{
	return dag_op(d, o, a, b, NONE);
}

static enum op kind(const struct dag *d, node_id n)
{
	return dag_get(d, n)->op;
}

static bool is_number(const struct dag *d, node_id n, double v)
{
	return kind(d, n) == OP_CONST && dag_get(d, n)->value == v;
}

static double twice(const double *a)
{
	return 2 * a[0];
}

static double thrice(const double *a)
{
	return 3 * a[0];
}

static void test_sharing(void **state)
{
	struct dag *d = dag_new();
	node_id x = dag_input(d, 0), y = dag_input(d, 1), n, s;
	enum op both[] = { OP_ADD, OP_MUL, OP_EQ, OP_MIN, OP_MAX };

	(void)state;
	assert_int_equal(dag_input(d, 0), x);
	assert_int_not_equal(x, y);
	assert_int_equal(dag_const(d, 0.1), dag_const(d, 0.1));
	assert_int_equal(dag_const(d, 0.0), dag_const(d, -0.0));
	assert_int_equal(dag_month(d), dag_month(d));
	for (int i = 0; i < 5; i++)
		assert_int_equal(op(d, both[i], x, y), op(d, both[i], y, x));
	assert_int_not_equal(op(d, OP_SUB, x, y), op(d, OP_SUB, y, x));
	n = op(d, OP_MUL, op(d, OP_ADD, x, y), x);
	s = op(d, OP_MUL, x, op(d, OP_ADD, y, x));
	assert_int_equal(n, s);
	assert_int_equal(dag_call(d, twice, "twice", &x, 1),
	                 dag_call(d, twice, "twice", &x, 1));
	assert_int_not_equal(dag_call(d, twice, "twice", &x, 1),
	                     dag_call(d, thrice, "thrice", &x, 1));
	/* stocks are never the same: their next values are still to come */
	assert_int_not_equal(dag_stock(d, x, 0), dag_stock(d, x, 0));
	/* a thousand nodes stay shared when the table of them grows */
	n = x;
	for (int i = 0; i < 3000; i++)
		n = op(d, OP_ADD, n, dag_const(d, i + 0.5));
	s = dag_size(d);
	for (int i = 0; i < 3000; i++)
		dag_const(d, i + 0.5);
	assert_int_equal(dag_size(d), s);
	dag_free(d);
}

static void test_algebra(void **state)
{
	struct dag *d = dag_new();
	node_id x = dag_input(d, 0), y = dag_input(d, 1);
	node_id zero = dag_const(d, 0), one = dag_const(d, 1);
	node_id two = dag_const(d, 2);
	node_id same_as_x[] = {
		op(d, OP_ADD, x, zero), op(d, OP_ADD, zero, x),
		op(d, OP_SUB, x, zero), op(d, OP_MUL, one, x),
		op(d, OP_DIV, x, one), op(d, OP_POW, x, one),
		op(d, OP_NOT, op(d, OP_NOT, x, NONE), NONE),
		op(d, OP_NEG, op(d, OP_NEG, x, NONE), NONE),
		op(d, OP_AND, x, one), op(d, OP_OR, zero, x),
		op(d, OP_MIN, x, x), op(d, OP_MAX, x, x),
		dag_op(d, OP_SELECT, one, x, y),
		dag_op(d, OP_SELECT, zero, y, x),
		dag_op(d, OP_SELECT, y, x, x),
		dag_op(d, OP_SELECT, x, one, zero),
	};

	(void)state;
	for (size_t i = 0; i < sizeof same_as_x / sizeof *same_as_x; i++)
		if (same_as_x[i] != x)
			fail_msg("case %zu is not its operand", i);
	assert_int_equal(op(d, OP_MUL, x, zero), zero);
	assert_int_equal(op(d, OP_AND, x, zero), zero);
	assert_int_equal(op(d, OP_OR, x, one), one);
	assert_int_equal(op(d, OP_POW, x, zero), one);
	assert_int_equal(op(d, OP_POW, x, two), op(d, OP_MUL, x, x));
	dag_free(d);
}

static void test_constants(void **state)
{
	struct dag *d = dag_new();
	node_id two = dag_const(d, 2), three = dag_const(d, 3);
	node_id zero = dag_const(d, 0), m = dag_month(d), n;
	double a[3] = { 2, 3 };

	(void)state;
	assert_true(is_number(d, op(d, OP_ADD, two, three), 5));
	assert_true(is_number(d, op(d, OP_LT, two, three), 1));
	/* the digits of run time */
	a[1] = 0.7;
	n = op(d, OP_POW, two, dag_const(d, 0.7));
	assert_true(is_number(d, n, fold_op(OP_POW, a)));
	assert_true(is_number(d, dag_call(d, twice, "twice", &three, 1), 6));
	/* what is not finite stays, to be reported where it is computed */
	assert_int_equal(kind(d, op(d, OP_DIV, two, zero)), OP_DIV);
	assert_int_equal(kind(d, op(d, OP_LOG, zero, NONE)), OP_LOG);
	/* a series of the month alone is a table */
	n = op(d, OP_MUL, m, two);
	assert_int_equal(kind(d, n), OP_SERIES);
	assert_true(dag_get(d, n)->series && dag_get(d, n)->constant);
	for (int k = 0; k < DAG_MONTHS; k++)
		assert_true(dag_get(d, n)->table[k] == 2 * (k + 1));
	assert_int_equal(op(d, OP_ADD, m, m), n);       /* by its values */
	n = dag_call(d, thrice, "thrice", &m, 1);
	assert_true(dag_get(d, n)->table[11] == 36);
	/* a table with a hole is none: month 7 divides by zero */
	n = op(d, OP_DIV, two, op(d, OP_SUB, m, dag_const(d, 7)));
	assert_int_equal(kind(d, n), OP_DIV);
	dag_free(d);
}

static void test_reductions(void **state)
{
	struct dag *d = dag_new();
	node_id x = dag_input(d, 0), m = dag_month(d), n;
	node_id late = op(d, OP_LT, dag_const(d, 4), m);

	(void)state;
	assert_true(is_number(d, dag_reduce(d, OP_SUM, m, 12, 0), 78));
	assert_true(is_number(d, dag_reduce(d, OP_LEAST, m, 12, 0), 1));
	assert_true(is_number(d, dag_reduce(d, OP_MOST, m, 12, 0), 12));
	assert_true(is_number(d, dag_reduce(d, OP_AT, m, 12, 5), 5));
	assert_true(is_number(d, dag_reduce(d, OP_FIRST, late, 12, 0), 5));
	assert_true(is_number(d, dag_reduce(d, OP_FIRST, late, 4, 0), 0));
	/* what does not hang on the month is closed */
	assert_int_equal(dag_reduce(d, OP_SUM, x, 12, 0),
	                 op(d, OP_MUL, x, dag_const(d, 12)));
	assert_int_equal(dag_reduce(d, OP_MOST, x, 12, 0), x);
	assert_int_equal(dag_reduce(d, OP_AT, x, 12, 3), x);
	n = op(d, OP_MUL, x, m);
	assert_true(dag_get(d, n)->series && !dag_get(d, n)->constant);
	assert_false(dag_get(d, dag_reduce(d, OP_SUM, n, 12, 0))->series);
	assert_int_equal(dag_reduce(d, OP_SUM, n, 12, 0),
	                 dag_reduce(d, OP_SUM, n, 12, 0));
	assert_int_not_equal(dag_reduce(d, OP_SUM, n, 12, 0),
	                     dag_reduce(d, OP_SUM, n, 24, 0));
	assert_int_not_equal(dag_reduce(d, OP_AT, n, 12, 1),
	                     dag_reduce(d, OP_AT, n, 12, 2));
	dag_free(d);
}

static void test_unknowns(void **state)
{
	struct dag *d = dag_new();
	node_id x = dag_var(d), y = dag_var(d), a = dag_input(d, 0), f, s;
	node_id lo = dag_const(d, 0), hi = dag_const(d, 1);
	uint64_t vx = dag_get(d, x)->vars, vy = dag_get(d, y)->vars;

	(void)state;
	assert_true(vx && vy && vx != vy);
	f = op(d, OP_SUB, op(d, OP_MUL, x, y), a);
	assert_true(dag_get(d, f)->vars == (vx | vy));
	s = dag_solve(d, OP_SOLVE, y, lo, hi, f);
	assert_true(dag_get(d, s)->vars == vx);
	s = dag_solve(d, OP_SOLVE, x, lo, hi, op(d, OP_SUB, s, a));
	assert_true(dag_get(d, s)->vars == 0);
	/* a bound may hang on an outer unknown */
	s = dag_solve(d, OP_ARGMIN, y, lo, x, f);
	assert_true(dag_get(d, s)->vars == vx);
	for (int i = 2; i < DAG_VARS; i++)
		assert_int_not_equal(dag_var(d), NONE);
	assert_int_equal(dag_var(d), NONE);
	dag_free(d);
}

/* --- powers that are carried on ------------------------------------------ */

static double month_36(struct dag *d, node_id series, double x)
{
	node_id root = dag_reduce(d, OP_AT, series, 36, 36);
	struct tape *t = tape_new(d, &root, 1);
	struct frame *f = frame_new(t);
	struct column in = { &x, true };
	double v, *out = &v;

	tape_run(t, f, &in, 1, &out);
	frame_free(f);
	tape_free(t);
	return v;
}

static bool near(double a, double b)
{
	/* 36 products and two powers, half a unit in the last place each, and
	 * the powers' own error 36 times over */
	return fabs(a - b) <= 36 * 4e-16 * fabs(b);
}

static void test_carried_powers(void **state)
{
	struct dag *d = dag_new();
	node_id x = dag_input(d, 0), m = dag_month(d), one = dag_const(d, 1);
	node_id twelfth = op(d, OP_DIV, m, dag_const(d, 12)), p, q;
	node_id from0 = op(d, OP_SUB, m, one);

	(void)state;
	p = op(d, OP_POW, x, twelfth);
	assert_int_equal(kind(d, p), OP_STOCK);
	assert_int_equal(op(d, OP_POW, x, twelfth), p);
	assert_true(near(month_36(d, p, 1.1), pow(1.1, 3)));
	p = op(d, OP_POW, x, from0);
	assert_int_equal(kind(d, p), OP_STOCK);
	assert_true(near(month_36(d, p, 1.1), pow(1.1, 35)));
	assert_true(month_36(d, p, 0) == 0);
	q = op(d, OP_NEG, op(d, OP_MUL, x, m), NONE);
	p = op(d, OP_EXP, q, NONE);
	assert_int_equal(kind(d, p), OP_STOCK);
	assert_true(near(month_36(d, p, 0.07), exp(-0.07 * 36)));
	p = op(d, OP_EXP, op(d, OP_DIV, m, x), NONE);
	assert_int_equal(kind(d, p), OP_STOCK);
	assert_true(near(month_36(d, p, 9), exp(4)));
	p = op(d, OP_POW, dag_const(d, 0.97), op(d, OP_MUL, m, x));
	assert_int_equal(kind(d, p), OP_STOCK);
	assert_true(near(month_36(d, p, 0.5), pow(0.97, 18)));
	/* and what is none */
	p = op(d, OP_POW, x, op(d, OP_MUL, m, m));
	assert_int_equal(kind(d, p), OP_POW);
	p = op(d, OP_POW, op(d, OP_ADD, x, m), m);
	assert_int_equal(kind(d, p), OP_POW);
	p = op(d, OP_EXP, op(d, OP_DIV, x, m), NONE);
	assert_int_equal(kind(d, p), OP_EXP);
	/* a constant to the month is a table */
	p = op(d, OP_POW, dag_const(d, 0.5), m);
	assert_int_equal(kind(d, p), OP_SERIES);
	dag_free(d);
}

/* A month has one scalar to add or multiply, however they were written. */
static void test_scalars_out_of_series(void **state)
{
	struct dag *d = dag_new();
	node_id x = dag_input(d, 0), y = dag_input(d, 1), z = dag_input(d, 2);
	node_id s = dag_stock(d, x, 0), t = dag_stock(d, y, 0), want;
	enum op both[] = { OP_ADD, OP_MUL };

	(void)state;
	for (int i = 0; i < 2; i++) {
		enum op o = both[i];

		want = op(d, o, s, op(d, o, x, y));
		assert_int_equal(op(d, o, op(d, o, s, x), y), want);
		assert_int_equal(op(d, o, x, op(d, o, y, s)), want);
		assert_int_equal(op(d, o, op(d, o, x, s), y), want);
		want = op(d, o, op(d, o, s, t), op(d, o, x, y));
		assert_int_equal(op(d, o, op(d, o, s, x), op(d, o, t, y)),
		                 want);
		assert_int_equal(op(d, o, op(d, o, op(d, o, s, x), t), y),
		                 want);
	}
	/* scalars alone keep their order */
	want = op(d, OP_ADD, op(d, OP_ADD, x, y), z);
	assert_int_not_equal(op(d, OP_ADD, x, op(d, OP_ADD, y, z)), want);
	/* other operations do not mix */
	want = op(d, OP_MUL, op(d, OP_ADD, s, x), y);
	assert_int_equal(kind(d, want), OP_MUL);
	dag_free(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sharing),
		cmocka_unit_test(test_algebra),
		cmocka_unit_test(test_constants),
		cmocka_unit_test(test_reductions),
		cmocka_unit_test(test_unknowns),
		cmocka_unit_test(test_carried_powers),
		cmocka_unit_test(test_scalars_out_of_series),
	};

	return cmocka_run_group_tests_name("dag", tests, NULL, NULL);
}
