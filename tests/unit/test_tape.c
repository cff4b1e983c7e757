/*
 * The tape against a naive reading of the graph: random graphs with loops,
 * stocks and searches are evaluated both ways and must agree bit for bit, on
 * every vector width and for any number of draws.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "expr/fold.h"
#include "expr/tape.h"

#define NONE NODE_NONE
#define MONTHS 5
#define LANES 150               /* two full strips and a part of one */

static node_id op(struct dag *d, enum op o, node_id a, node_id b)
{
	return dag_op(d, o, a, b, NONE);
}

/* --- a naive reading -------------------------------------------------- */

struct reading {
	const struct dag *d;
	double input[8];
	double var[8];
};

static double read_node(struct reading *r, node_id n, int month);

static double read_reduction(struct reading *r, const struct dag_node *n)
{
	double v = n->op == OP_LEAST ? HUGE_VAL
		: n->op == OP_MOST ? -HUGE_VAL : 0;

	for (int m = 1; m <= n->months; m++) {
		double x = read_node(r, n->arg[0], m);

		if (n->op == OP_SUM)
			v = v + x;
		else if (n->op == OP_LEAST)
			v = v < x ? v : x;
		else if (n->op == OP_MOST)
			v = v > x ? v : x;
		else if (n->op == OP_AT && m == n->id)
			v = x;
		else if (n->op == OP_FIRST && v == 0 && x != 0)
			v = m;
	}
	return v;
}

static double read_node(struct reading *r, node_id id, int month)
{
	const struct dag_node *n = dag_get(r->d, id);
	double a[CALL_MAX] = { 0 };

	switch (n->op) {
	case OP_CONST:
		return n->value;
	case OP_SERIES:
		return n->table[month - 1];
	case OP_INPUT:
		return r->input[n->id];
	case OP_VAR:
		return r->var[n->id];
	case OP_STOCK:
		return month == 1 ? read_node(r, n->arg[0], 1)
			: read_node(r, n->next, month - 1);
	case OP_SUM: case OP_LEAST: case OP_MOST: case OP_FIRST: case OP_AT:
		return read_reduction(r, n);
	default:
		break;
	}
	for (int i = 0; i < n->nargs; i++)
		a[i] = read_node(r, n->op == OP_CALL ? n->args[i] : n->arg[i],
		                 month);
	return n->op == OP_CALL ? n->fn(a) : fold_op(n->op, a);
}

/* --- random graphs ---------------------------------------------------- */

static double hypotenuse(const double *a)
{
	return sqrt(a[0] * a[0] + a[1] * a[1]);
}

static node_id any(const node_id *pool, int n)
{
	return pool[rand() % n];
}

/* Grows a pool of scalars and series; returns how many scalars there are. */
static int grow(struct dag *d, node_id *scalar, int count)
{
	static const enum op two[] = { OP_ADD, OP_SUB, OP_MUL, OP_MIN, OP_MAX,
	                               OP_LT, OP_LE, OP_EQ };
	static const enum op one[] = { OP_NEG, OP_ABS, OP_CEIL, OP_FLOOR,
	                               OP_NOT, OP_ROUND };
	static const enum op red[] = { OP_SUM, OP_LEAST, OP_MOST, OP_FIRST,
	                               OP_AT };
	node_id series[64];
	int ns = 0, nr = 0;

	for (int i = 0; i < 4; i++)
		scalar[ns++] = dag_input(d, i);
	scalar[ns++] = dag_const(d, 1.5);
	series[nr++] = dag_month(d);
	for (int i = 0; i < count; i++) {
		node_id a = rand() % 2 ? any(scalar, ns) : any(series, nr);
		node_id b = rand() % 2 ? any(scalar, ns) : any(series, nr), n;
		node_id args[2] = { a, b };

		switch (rand() % 7) {
		case 0:
			n = op(d, one[rand() % 6], a, NONE);
			break;
		case 1:
			n = dag_op(d, OP_SELECT, any(scalar, ns), a, b);
			break;
		case 2:
			n = dag_call(d, hypotenuse, "hypotenuse", args, 2);
			break;
		case 3:
			n = dag_stock(d, any(scalar, ns), 0);
			dag_stock_next(d, n, rand() % 2
			               ? op(d, OP_ADD, n, any(scalar, ns))
			               : op(d, OP_MIN, n, any(series, nr)));
			break;
		case 4:
			n = dag_reduce(d, red[rand() % 5], any(series, nr),
			               MONTHS, 1 + rand() % MONTHS);
			break;
		default:
			n = op(d, two[rand() % 8], a, b);
		}
		if (dag_get(d, n)->series && nr < 64)
			series[nr++] = n;
		else if (!dag_get(d, n)->series)
			scalar[ns++] = n;
	}
	for (int i = 0; i < 3; i++)
		scalar[ns++] = dag_reduce(d, OP_SUM, any(series, nr), MONTHS,
		                          0);
	return ns;
}

static void compare(struct dag *d, const node_id *root, int n)
{
	struct tape *t = tape_new(d, root, n);
	struct frame *f = frame_new(t);
	static double in[8][LANES], out[128][LANES];
	double *outs[128];
	struct column column[8];
	struct reading r = { .d = d };

	for (int k = 0; k < tape_inputs(t); k++) {
		for (int i = 0; i < LANES; i++)
			in[k][i] = rand() % 2000 / 500.0 - 2;
		column[k] = (struct column){ in[k], rand() % 4 == 0 };
	}
	for (int k = 0; k < n; k++)
		outs[k] = out[k];
	tape_run(t, f, column, LANES, outs);
	for (int i = 0; i < LANES; i += 7) {
		for (int k = 0; k < tape_inputs(t); k++)
			r.input[tape_input(t, k)] =
				in[k][column[k].uniform ? 0 : i];
		for (int k = 0; k < n; k++) {
			double want = read_node(&r, root[k], 1);

			if (memcmp(&want, &out[k][i], sizeof want) != 0
			    && !(isnan(want) && isnan(out[k][i]))
			    && !(want == 0 && out[k][i] == 0))
				fail_msg("root %d lane %d: %.17g, not %.17g",
				         k, i, out[k][i], want);
		}
	}
	frame_free(f);
	tape_free(t);
}

static void test_random_graphs(void **state)
{
	(void)state;
	srand(42);
	for (int round = 0; round < 300; round++) {
		struct dag *d = dag_new();
		node_id scalar[128];
		int n = grow(d, scalar, 5 + rand() % 40);

		compare(d, scalar, n);
		dag_free(d);
	}
}

/* --- folding ---------------------------------------------------------- */

static void test_folding(void **state)
{
	struct dag *d = dag_new();
	node_id x = dag_input(d, 0), two = dag_const(d, 2);
	node_id zero = dag_const(d, 0), one = dag_const(d, 1), m;

	(void)state;
	assert_int_equal(op(d, OP_ADD, x, zero), x);
	assert_int_equal(op(d, OP_MUL, one, x), x);
	assert_int_equal(op(d, OP_MUL, x, zero), zero);
	assert_int_equal(op(d, OP_DIV, x, one), x);
	assert_int_equal(op(d, OP_POW, x, two), op(d, OP_MUL, x, x));
	assert_int_equal(op(d, OP_ADD, x, two), op(d, OP_ADD, two, x));
	assert_int_equal(dag_op(d, OP_SELECT, one, x, two), x);
	assert_int_equal(dag_op(d, OP_SELECT, zero, x, two), two);
	m = op(d, OP_MUL, dag_month(d), two);
	assert_int_equal(dag_get(d, m)->op, OP_SERIES);
	assert_true(dag_get(d, dag_reduce(d, OP_SUM, m, 12, 0))->value == 156);
	assert_true(dag_get(d, dag_reduce(d, OP_SUM, x, 12, 0))->op == OP_MUL);
	/* what is not finite stays, to be reported where it is computed */
	assert_int_equal(dag_get(d, op(d, OP_DIV, one, zero))->op, OP_DIV);
	dag_free(d);
}

/* --- widths ----------------------------------------------------------- */

static void extremes(double *x, int n, int seed)
{
	static const double special[] = { 0, 1, -1, 0.5, 1e300, 1e-300, 709, -745,
	                                  5e-324, 1e16, 0.9999999999999999 };

	srand((unsigned)seed);
	for (int i = 0; i < n; i++)
		x[i] = i < 11 ? special[i]
			: ldexp((double)rand() / RAND_MAX - 0.3,
			        rand() % 120 - 60);
}

static void test_widths_agree(void **state)
{
	static const enum op ops[] = { OP_EXP, OP_LOG, OP_POW, OP_SQRT, OP_CEIL,
	                               OP_FLOOR, OP_ROUND, OP_MIN, OP_MAX,
	                               OP_DIV };
	static double x[TAPE_BLOCK], y[TAPE_BLOCK], out[2][TAPE_BLOCK];
	struct dag *d = dag_new();
	const char *const *width = tape_widths();

	(void)state;
	for (size_t o = 0; o < sizeof ops / sizeof *ops; o++) {
		node_id n = op(d, ops[o], dag_input(d, 0),
		               op_info[ops[o]].operands == 2 ? dag_input(d, 1)
		               : NONE);
		struct tape *t = tape_new(d, &n, 1);
		struct frame *f = frame_new(t);
		struct column in[2] = { { x, false }, { y, false } };

		for (int seed = 1; seed < 40; seed++) {
			extremes(x, TAPE_BLOCK, seed);
			extremes(y, TAPE_BLOCK, seed + 99);
			for (int w = 0; width[w]; w++) {
				double *to = out[w > 0];

				assert_true(tape_set_width(width[w]));
				tape_run(t, f, in, TAPE_BLOCK, &to);
				for (int i = 0; w > 0 && i < TAPE_BLOCK; i++)
					if (!isnan(out[0][i])
					    && memcmp(&out[0][i], &out[1][i],
					              sizeof(double)) != 0)
						fail_msg("%s(%a, %a) %s",
						         op_info[ops[o]].name,
						         x[i], y[i], width[w]);
			}
		}
		frame_free(f);
		tape_free(t);
	}
	tape_set_width(width[0]);
	dag_free(d);
}

/* SLEEF promises one unit in the last place; libm's error adds to it. */
static void test_accuracy(void **state)
{
	(void)state;
	for (double x = -700; x < 700; x += 0.737) {
		double a[3] = { x };

		assert_true(fabs(fold_op(OP_EXP, a) / exp(x) - 1) < 5e-16);
		a[0] = fabs(x);
		assert_true(fabs(fold_op(OP_LOG, a) - log(a[0]))
		            <= 5e-16 * fabs(log(a[0])));
		a[1] = 1.37;
		assert_true(fabs(fold_op(OP_POW, a) / pow(a[0], 1.37) - 1)
		            < 5e-16);
	}
}

/* --- searches, traces, text ------------------------------------------- */

static double solve1(struct dag *d, node_id root, double input)
{
	struct tape *t = tape_new(d, &root, 1);
	struct frame *f = frame_new(t);
	struct column in = { &input, true };
	double v, *out = &v;

	tape_run(t, f, &in, 1, &out);
	frame_free(f);
	tape_free(t);
	return v;
}

static void test_searches(void **state)
{
	struct dag *d = dag_new();
	node_id x = dag_var(d), y = dag_var(d), a = dag_input(d, 0);
	node_id lo = dag_const(d, 0), hi = dag_const(d, 100), f, inner;

	(void)state;
	f = op(d, OP_SUB, op(d, OP_MUL, x, x), a);
	f = dag_solve(d, OP_SOLVE, x, lo, hi, f);
	assert_true(fabs(solve1(d, f, 2) - sqrt(2)) < 1e-12);
	assert_true(isnan(solve1(d, f, -1)));
	assert_true(solve1(d, f, 0) == 0);              /* a root at the bound */

	/* months inside of a search: the fee whose sum over 12 months is a */
	f = dag_reduce(d, OP_SUM, op(d, OP_MUL, x, dag_month(d)), 12, 0);
	f = dag_solve(d, OP_SOLVE, x, lo, hi, op(d, OP_SUB, f, a));
	assert_true(fabs(solve1(d, f, 156) - 2) < 1e-12);

	/* a search inside of months: sum of the roots of x = m a */
	f = op(d, OP_SUB, x, op(d, OP_MUL, dag_month(d), a));
	f = dag_reduce(d, OP_SUM, dag_solve(d, OP_SOLVE, x, lo, hi, f), 4, 0);
	assert_true(fabs(solve1(d, f, 3) - 30) < 1e-10);

	/* one inside of the other: y = x/2, y = a */
	inner = op(d, OP_SUB, y, op(d, OP_DIV, x, dag_const(d, 2)));
	inner = dag_solve(d, OP_SOLVE, y, lo, hi, inner);
	f = dag_solve(d, OP_SOLVE, x, lo, hi, op(d, OP_SUB, inner, a));
	assert_true(fabs(solve1(d, f, 7) - 14) < 1e-11);

	f = op(d, OP_SUB, x, a);
	f = dag_solve(d, OP_ARGMIN, x, lo, hi, op(d, OP_MUL, f, f));
	/* a parabola is flat to sqrt(epsilon): 1e-7 of the range at best */
	assert_true(fabs(solve1(d, f, 37.125) - 37.125) < 1e-5);
	dag_free(d);
}

static const char *input_name(void *ctx, int input)
{
	(void)ctx;
	return input == 0 ? "price" : "other";
}

static void test_trace_and_text(void **state)
{
	struct dag *d = dag_new();
	node_id a = dag_input(d, 0), q = op(d, OP_DIV, dag_const(d, 1), a);
	node_id root = op(d, OP_ADD, q, dag_const(d, 3));
	struct tape *t = tape_new(d, &root, 1);
	struct frame *f = frame_new(t);
	double zero = 0, one = 1;
	struct buf text = BUF_INIT;

	(void)state;
	assert_int_equal(tape_trace(t, f, &(struct column){ &zero, true }), q);
	assert_int_equal(tape_trace(t, f, &(struct column){ &one, true }), NONE);
	tape_print(t, input_name, NULL, &text);
	assert_non_null(strstr(text.s, "input price"));
	assert_non_null(strstr(text.s, "= div 1, r0"));
	buf_release(&text);
	frame_free(f);
	tape_free(t);
	dag_free(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random_graphs),
		cmocka_unit_test(test_folding),
		cmocka_unit_test(test_widths_agree),
		cmocka_unit_test(test_accuracy),
		cmocka_unit_test(test_searches),
		cmocka_unit_test(test_trace_and_text),
	};

	return cmocka_run_group_tests_name("tape", tests, NULL, NULL);
}
