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
			v = isnan(v) || v < x ? v : x;
		else if (n->op == OP_MOST)
			v = isnan(v) || v > x ? v : x;
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
	return n->op == OP_CALL ? kernel_call(&n->kernel, a) : fold_op(n->op, a);
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
	static const enum op two[] = { OP_ADD, OP_SUB, OP_MUL, OP_ADD, OP_SUB,
	                               OP_MUL, OP_MIN, OP_MAX, OP_LT, OP_LE,
	                               OP_EQ, OP_DIV, OP_AND, OP_OR };
	static const enum op one[] = { OP_NEG, OP_ABS, OP_CEIL, OP_FLOOR,
	                               OP_NOT, OP_ROUND, OP_ISNAN, OP_SQRT };
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
			n = op(d, one[rand() % 8], a, NONE);
			break;
		case 1:
			n = dag_op(d, OP_SELECT, rand() % 2 ? any(scalar, ns)
			           : any(series, nr), a, b);
			break;
		case 2:
			n = dag_call(d, hypotenuse, "hypotenuse", args, 2);
			break;
		case 3:
			n = dag_stock(d, any(scalar, ns), 0);
			dag_stock_next(d, n, rand() % 2
			               ? op(d, OP_ADD, n, any(scalar, ns))
			               : op(d, OP_MIN, any(series, nr),
			                    rand() % 2 ? n : a));
			break;
		case 4:
			n = dag_reduce(d, red[rand() % 5], any(series, nr),
			               MONTHS, 1 + rand() % MONTHS);
			break;
		default:
			n = op(d, two[rand() % 14], a, b);
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
	const char *const *width = tape_widths();
	int widths = 0;

	(void)state;
	while (width[widths])
		widths++;
	srand(42);
	for (int round = 0; round < 600; round++) {
		struct dag *d = dag_new();
		node_id scalar[128];
		int n = grow(d, scalar, 5 + rand() % 40);

		tape_set_width(width[round % widths]);
		compare(d, scalar, n);
		dag_free(d);
	}
	tape_set_width(width[0]);
}

/* --- given values ------------------------------------------------------- */

#define COLUMNS 1024
#define FIRST_GIVEN 100         /* input of the first given value */

struct values { double at[COLUMNS][LANES]; struct column column[COLUMNS]; };

/* Column k of `v` for input FIRST_GIVEN + k, in[id] for the others. */
static void run_with(const struct tape *t, const struct values *in,
                     const struct values *given, struct values *out)
{
	struct frame *f = frame_new(t);
	static struct column column[COLUMNS];
	static double *outs[COLUMNS];

	for (int k = 0; k < tape_inputs(t); k++) {
		int id = tape_input(t, k);

		column[k] = id < FIRST_GIVEN ? in->column[id]
			: (struct column){ given->at[id - FIRST_GIVEN], false };
	}
	for (int k = 0; k < tape_roots(t); k++)
		outs[k] = out->at[k];
	tape_run(t, f, column, LANES, outs);
	frame_free(f);
}

/* Some nodes of the graph, and the roots that compute them. */
static int give(struct dag *d, struct tape_given *given, node_id *root, int *n)
{
	int size = dag_size(d), count = 0;

	*n = 0;
	for (node_id id = 0; id < size && *n + MONTHS <= COLUMNS; id++) {
		const struct dag_node *node = dag_get(d, id);
		bool series = node->series;

		if (node->constant || node->vars || rand() % 5)
			continue;
		given[count++] = (struct tape_given) {
			id, FIRST_GIVEN + *n, series ? MONTHS : 1,
		};
		for (int m = 1; m <= (series ? MONTHS : 1); m++)
			root[(*n)++] = series ? dag_reduce(d, OP_AT, id, MONTHS,
			                                   m) : id;
	}
	return count;
}

/* A tape that is told some values computes what it would without them. */
static void test_given_values(void **state)
{
	static struct values in, given, want, got;
	static struct tape_given told[COLUMNS];
	static node_id root[COLUMNS];

	(void)state;
	srand(7);
	for (int round = 0; round < 300; round++) {
		struct dag *d = dag_new();
		node_id scalar[128];
		int n = grow(d, scalar, 5 + rand() % 40), nroots;
		int ntold = give(d, told, root, &nroots);
		struct tape *all = tape_new(d, scalar, n);
		struct tape *known = tape_new(d, root, nroots);
		struct tape *rest = tape_new_given(d, scalar, n, told, ntold);

		for (int k = 0; k < 8; k++) {
			for (int i = 0; i < LANES; i++)
				in.at[k][i] = rand() % 2000 / 500.0 - 2;
			in.column[k] = (struct column){ in.at[k],
			                                rand() % 4 == 0 };
		}
		run_with(all, &in, NULL, &want);
		run_with(known, &in, NULL, &given);
		run_with(rest, &in, &given, &got);
		assert_true(tape_length(rest) <= tape_length(all) + n);
		for (int k = 0; k < n; k++)
			for (int i = 0; i < LANES; i++)
				if (memcmp(&got.at[k][i], &want.at[k][i], 8) != 0
				    && !(isnan(got.at[k][i])
				         && isnan(want.at[k][i])))
					fail_msg("round %d root %d: %.17g, not "
					         "%.17g", round, k, got.at[k][i],
					         want.at[k][i]);
		tape_free(all);
		tape_free(known);
		tape_free(rest);
		dag_free(d);
	}
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

/* --- operations ---------------------------------------------------------- */

/* What the operations mean, by plain C. */
static double meaning(enum op o, double a, double b, double c)
{
	switch (o) {
	case OP_NEG: return -a;
	case OP_ABS: return fabs(a);
	case OP_SQRT: return sqrt(a);
	case OP_CEIL: return ceil(a - fabs(a) * 1e-12);
	case OP_FLOOR: return floor(a + fabs(a) * 1e-12);
	case OP_ROUND: return round(a);
	case OP_NOT: return 1 - a;
	case OP_ISNAN: return isnan(a) ? 1 : 0;
	case OP_ADD: return a + b;
	case OP_SUB: return a - b;
	case OP_MUL: return a * b;
	case OP_DIV: return a / b;
	case OP_MIN: return isnan(a) || isnan(b) ? NAN : fmin(a, b);
	case OP_MAX: return isnan(a) || isnan(b) ? NAN : fmax(a, b);
	case OP_LT: return a < b ? 1 : 0;
	case OP_LE: return a <= b ? 1 : 0;
	case OP_EQ: return a == b ? 1 : 0;
	case OP_AND: return a != 0 && b != 0 ? 1 : 0;
	case OP_OR: return a != 0 || b != 0 ? 1 : 0;
	case OP_SELECT: return a != 0 ? b : c;
	default: return NAN;
	}
}

static bool same(double a, double b)
{
	return a == b || (isnan(a) && isnan(b));
}

static const double odd_values[] = {
	0, 1, -1, 0.5, -0.5, 1.5, 2.5, -2.5, 3.0000000000001, 2.9999999999999,
	-3.0000000000001, 1e15 + 0.5, 4503599627370497.5, -9007199254740993.0,
	0.49999999999999994, 1e300, -1e300, 5e-324, INFINITY, -INFINITY, NAN,
};
#define ODD (int)(sizeof odd_values / sizeof *odd_values)

/* One operation with every operand a strip or (bit k of `form`) a number. */
static void run_form(enum op o, int form, const int *pick, double *out)
{
	struct dag *d = dag_new();
	int n = op_info[o].operands;
	node_id a[3] = { NONE, NONE, NONE }, root;
	struct column in[3];
	struct tape *t;
	struct frame *f;

	for (int k = 0; k < n; k++)
		a[k] = form >> k & 1 ? dag_const(d, odd_values[pick[k]])
			: dag_input(d, k);
	root = dag_op(d, o, a[0], a[1], a[2]);
	t = tape_new(d, &root, 1);
	f = frame_new(t);
	for (int k = 0; k < tape_inputs(t); k++)
		in[k] = (struct column){ &odd_values[pick[tape_input(t, k)]],
		                         true };
	tape_run(t, f, in, 3, &out);
	frame_free(f);
	tape_free(t);
	dag_free(d);
}

/* Only 0 and 1 are truths; the graph simplifies as if nothing else came. */
static bool meaningless(enum op o, const int *pick)
{
	int truths = o == OP_AND || o == OP_OR ? 2 : o == OP_SELECT;

	for (int k = 0; k < truths; k++)
		if (pick[k] > 1)
			return true;
	return false;
}

static void check_forms(enum op o, const int *pick)
{
	int n = op_info[o].operands;

	if (meaningless(o, pick))
		return;
	for (int form = 0; form < (1 << n) - 1; form++) {
		double a[3] = { 0 }, out[3], want;

		for (int k = 0; k < n; k++)
			a[k] = odd_values[pick[k]];
		want = meaning(o, a[0], a[1], a[2]);
		/* x * 0 is 0 whatever x is: the graph says so */
		if (o == OP_MUL && form && (a[0] == 0 || a[1] == 0))
			continue;
		run_form(o, form, pick, out);
		if (!same(out[0], want) || !same(out[2], want))
			fail_msg("%s(%g, %g, %g) form %d: %.17g, not %.17g",
			         op_info[o].name, a[0], a[1], a[2], form,
			         out[0], want);
	}
}

static void test_operations(void **state)
{
	const char *const *width = tape_widths();
	int pick[3];

	(void)state;
	for (int w = 0; width[w]; w++) {
		tape_set_width(width[w]);
		for (int o = OP_NEG; o <= OP_SELECT; o++) {
			if (o == OP_EXP || o == OP_LOG || o == OP_POW)
				continue;       /* test_accuracy */
			for (int i = 0; i < ODD * ODD; i++) {
				pick[0] = i % ODD;
				pick[1] = i / ODD;
				pick[2] = (i * 7 + 3) % ODD;
				if (op_info[o].operands > 1 || i < ODD)
					check_forms((enum op)o, pick);
			}
		}
	}
	tape_set_width(width[0]);
}

static int calls;

static double counted(const double *a)
{
	calls++;
	return a[0] + 1;
}

/* A built-in is run once where all lanes ask the same. */
static void test_calls(void **state)
{
	struct dag *d = dag_new();
	node_id x = dag_input(d, 0);
	node_id root = dag_call(d, counted, "counted", &x, 1);
	struct tape *t = tape_new(d, &root, 1);
	struct frame *f = frame_new(t);
	double v[100], out[100], *outs = out;

	(void)state;
	for (int i = 0; i < 100; i++)
		v[i] = i / 50;
	calls = 0;
	tape_run(t, f, &(struct column){ v, false }, 100, &outs);
	assert_true(out[0] == 1 && out[49] == 1 && out[50] == 2
	            && out[99] == 2);
	assert_int_equal(calls, 3);     /* 0 and 1; 1 again in strip two */
	frame_free(f);
	tape_free(t);
	dag_free(d);
}

/* --- months -------------------------------------------------------------- */

static double value_of(struct dag *d, node_id root, double input)
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

static node_id stock(struct dag *d, double first)
{
	return dag_stock(d, dag_const(d, first), 0);
}

static node_id at_month(struct dag *d, node_id x, int k)
{
	return dag_reduce(d, OP_AT, x, 36, k);
}

static void test_months(void **state)
{
	struct dag *d = dag_new();
	node_id x = dag_input(d, 0), one = dag_const(d, 1), a, b, late, sum;

	(void)state;
	/* an annuity: sum of v^m is v (1 - v^36) / (1 - v); 36 roundings */
	a = dag_stock(d, x, 0);
	dag_stock_next(d, a, op(d, OP_MUL, a, x));
	sum = dag_reduce(d, OP_SUM, a, 36, 0);
	assert_true(fabs(value_of(d, sum, 0.99) / (0.99 * (1 - pow(0.99, 36))
	            / (1 - 0.99)) - 1) < 1e-13);
	/* months 1 and k of a stock */
	assert_true(value_of(d, at_month(d, a, 1), 2) == 2);
	assert_true(value_of(d, at_month(d, a, 10), 2) == 1024);
	/* two stocks that read each other: Fibonacci */
	a = stock(d, 1);
	b = stock(d, 1);
	dag_stock_next(d, a, b);
	dag_stock_next(d, b, op(d, OP_ADD, a, b));
	assert_true(value_of(d, at_month(d, a, 20), 0) == 6765);
	/* two stocks that change places, and one that stays */
	a = stock(d, 3);
	b = stock(d, 5);
	dag_stock_next(d, a, b);
	dag_stock_next(d, b, a);
	assert_true(value_of(d, at_month(d, a, 4), 0) == 5);
	a = stock(d, 7);
	dag_stock_next(d, a, a);
	assert_true(value_of(d, at_month(d, a, 36), 0) == 7);
	/* the first month in which a running sum reaches x, and never */
	a = stock(d, 0);
	dag_stock_next(d, a, op(d, OP_ADD, a, one));
	late = dag_reduce(d, OP_FIRST, op(d, OP_LE, x, op(d, OP_ADD, a, one)),
	                  36, 0);
	assert_true(value_of(d, late, 12) == 12);
	assert_true(value_of(d, late, 0) == 1);
	assert_true(value_of(d, late, 37) == 0);
	/* a reduction within another's series: 36 times the sum of a */
	sum = dag_reduce(d, OP_SUM, a, 36, 0);
	sum = dag_reduce(d, OP_SUM, op(d, OP_MUL, op(d, OP_ADD, a, one), sum),
	                 2, 0);
	assert_true(value_of(d, sum, 0) == 3 * 630);
	/* a stock cannot know its own months to come */
	a = stock(d, 1);
	assert_false(dag_stock_next(d, a, op(d, OP_ADD, a, dag_reduce(d,
	             OP_SUM, a, 36, 0))));
	assert_false(dag_stock_next(d, a, at_month(d, a, 2)));
	assert_true(dag_stock_next(d, a, op(d, OP_ADD, a, at_month(d, a, 1))));
	assert_true(value_of(d, at_month(d, a, 36), 0) == 36);
	a = stock(d, 1);
	b = stock(d, 1);
	assert_true(dag_stock_next(d, b, dag_reduce(d, OP_MOST, a, 36, 0)));
	assert_false(dag_stock_next(d, a, b));
	/* what is no number in one month is none in the extremes */
	a = op(d, OP_DIV, op(d, OP_MUL, x, op(d, OP_SUB, dag_month(d),
	       dag_const(d, 3))), op(d, OP_MUL, x, op(d, OP_SUB, dag_month(d),
	       dag_const(d, 3))));
	assert_true(isnan(value_of(d, dag_reduce(d, OP_LEAST, a, 36, 0), 1)));
	assert_true(isnan(value_of(d, dag_reduce(d, OP_MOST, a, 36, 0), 1)));
	assert_true(value_of(d, dag_reduce(d, OP_MOST, a, 2, 0), 1) == 1);
	dag_free(d);
}

/* --- text -------------------------------------------------------- */

static const char *input_name(void *ctx, int input)
{
	(void)ctx;
	return input == 0 ? "price" : "other";
}

static void test_text(void **state)
{
	struct dag *d = dag_new();
	node_id q = op(d, OP_DIV, dag_const(d, 1), dag_input(d, 0));
	node_id root = op(d, OP_ADD, q, dag_const(d, 3));
	struct tape *t = tape_new(d, &root, 1);
	struct buf text = BUF_INIT;

	(void)state;
	tape_print(t, input_name, NULL, &text);
	assert_non_null(strstr(text.s, "input price"));
	assert_non_null(strstr(text.s, "= div 1, r0"));
	buf_release(&text);
	tape_free(t);
	dag_free(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random_graphs),
		cmocka_unit_test(test_given_values),
		cmocka_unit_test(test_widths_agree),
		cmocka_unit_test(test_accuracy),
		cmocka_unit_test(test_operations),
		cmocka_unit_test(test_calls),
		cmocka_unit_test(test_months),
		cmocka_unit_test(test_text),
	};

	return cmocka_run_group_tests_name("tape", tests, NULL, NULL);
}
