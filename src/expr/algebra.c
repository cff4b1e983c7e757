/*
 * What an operation on nodes comes to before it becomes a node of its own: by
 * the rules of algebra, by moving scalars out of series, by carrying powers
 * from month to month, or as a constant.
 */
#include <math.h>

#include "expr/dag_impl.h"
#include "expr/fold.h"

static bool is_const(const struct dag *d, node_id n, double v)
{
	return d->node[n].op == OP_CONST && d->node[n].value == v;
}

static void take_operand(const struct dag *d, struct dag_node *n, int i,
                         node_id a)
{
	n->arg[i] = a;
	if (a == NODE_NONE)
		return;
	n->nargs = i + 1;
	n->series |= d->node[a].series;
	n->vars |= d->node[a].vars;
}

/* What algebra knows without the operands' values; NODE_NONE: nothing. */
static node_id simplify(struct dag *d, enum op op, node_id a, node_id b,
                        node_id c)
{
	switch (op) {
	case OP_ADD:
		return is_const(d, a, 0) ? b : is_const(d, b, 0) ? a
			: NODE_NONE;
	case OP_SUB:
		return is_const(d, b, 0) ? a : NODE_NONE;
	case OP_MUL:
		if (is_const(d, a, 0) || is_const(d, b, 0))
			return dag_const(d, 0);
		return is_const(d, a, 1) ? b : is_const(d, b, 1) ? a
			: NODE_NONE;
	case OP_DIV:
		return is_const(d, b, 1) ? a : NODE_NONE;
	case OP_POW:
		if (is_const(d, b, 2))
			return dag_op(d, OP_MUL, a, a, NODE_NONE);
		return is_const(d, b, 1) ? a
			: is_const(d, b, 0) ? dag_const(d, 1) : NODE_NONE;
	case OP_AND:
		if (is_const(d, a, 0) || is_const(d, b, 0))
			return dag_const(d, 0);
		return is_const(d, a, 1) ? b : is_const(d, b, 1) ? a
			: NODE_NONE;
	case OP_OR:
		if (is_const(d, a, 1) || is_const(d, b, 1))
			return dag_const(d, 1);
		return is_const(d, a, 0) ? b : is_const(d, b, 0) ? a
			: NODE_NONE;
	case OP_NOT:
	case OP_NEG:
		return d->node[a].op == op ? d->node[a].arg[0] : NODE_NONE;
	case OP_MIN:
	case OP_MAX:
		return a == b ? a : NODE_NONE;
	case OP_SELECT:
		if (b == c)
			return b;
		if (d->node[a].op == OP_CONST)
			return d->node[a].value != 0 ? b : c;
		if (is_const(d, b, 1) && is_const(d, c, 0))
			return a;
		return NODE_NONE;
	default:
		return NODE_NONE;
	}
}

static bool commutes(enum op op)
{
	return op == OP_ADD || op == OP_MUL || op == OP_EQ || op == OP_AND
		|| op == OP_OR || op == OP_MIN || op == OP_MAX;
}

/* --- scalars out of series ---------------------------------------------- */

/* Splits a sum or product of a series and a scalar. */
static bool split(const struct dag *d, enum op op, node_id x, node_id *series,
                  node_id *scalar)
{
	const struct dag_node *n = &d->node[x];
	int k;

	if (n->op != op || !n->series)
		return false;
	k = d->node[n->arg[0]].series ? 0 : 1;
	*series = n->arg[k];
	*scalar = n->arg[1 - k];
	return !d->node[*scalar].series;
}

/* Sums and products take their scalars together, so that a month has but one
 * of them to add or multiply: (s + a) + b is s + (a + b), and (s + a) + t is
 * (s + t) + a. */
static node_id gather(struct dag *d, enum op op, node_id a, node_id b)
{
	node_id series, scalar;

	if ((op != OP_ADD && op != OP_MUL)
	    || !(d->node[a].series || d->node[b].series))
		return NODE_NONE;
	if (!split(d, op, a, &series, &scalar)) {
		node_id t = a;

		a = b;
		b = t;
		if (!split(d, op, a, &series, &scalar))
			return NODE_NONE;
	}
	if (d->node[b].series)
		return dag_op(d, op, dag_op(d, op, series, b, NODE_NONE),
		              scalar, NODE_NONE);
	return dag_op(d, op, series, dag_op(d, op, scalar, b, NODE_NONE),
	              NODE_NONE);
}

/* --- powers ------------------------------------------------------------- */

/* a, a + b, a + 2b ... to within rounding: grows by equal steps. */
static bool is_progression(const struct dag_node *n)
{
	double first, step, size;

	if (n->op != OP_SERIES)
		return false;
	first = n->table[0];
	step = n->table[1] - first;
	size = fabs(first) + fabs(step);
	for (int m = 2; m < DAG_MONTHS; m++)
		if (fabs(n->table[m] - (first + m * step))
		    > 4e-16 * (m + 1) * size)
			return false;
	return step != 0;
}

/* The progression p in an exponent that is p times something that does not
 * change with the month (x p, p / x, -(x p)); NODE_NONE where it is not. */
static node_id progression_in(const struct dag *d, node_id e)
{
	const struct dag_node *n = &d->node[e];
	const struct dag_node *arg = d->node;

	if (n->op == OP_SERIES)
		return is_progression(n) ? e : NODE_NONE;
	if (n->op == OP_NEG
	    || (n->op == OP_DIV && !arg[n->arg[1]].series)
	    || (n->op == OP_MUL && !arg[n->arg[1]].series))
		return progression_in(d, n->arg[0]);
	if (n->op == OP_MUL && !arg[n->arg[0]].series)
		return progression_in(d, n->arg[1]);
	return NODE_NONE;
}

/* The exponent `e` with the number `v` in place of its progression. */
static node_id exponent_with(struct dag *d, node_id e, double v)
{
	struct dag_node n = d->node[e];

	if (n.op == OP_SERIES)
		return dag_const(d, v);
	for (int i = 0; i < n.nargs; i++)
		if (d->node[n.arg[i]].series)
			n.arg[i] = exponent_with(d, n.arg[i], v);
	return dag_op(d, n.op, n.arg[0], n.arg[1], NODE_NONE);
}

/* exp(e) or x^e with the exponent at a number. */
static node_id power_at(struct dag *d, enum op op, node_id x, node_id e,
                        double v)
{
	e = exponent_with(d, e, v);
	return op == OP_EXP ? dag_op(d, op, e, NODE_NONE, NODE_NONE)
		: dag_op(d, op, x, e, NODE_NONE);
}

/* A power whose exponent is a, a + b, a + 2b ... is carried on: two powers a
 * draw and a product a month in place of a power a month; after T months it is
 * off by T roundings.  The power's own node remembers the stock, so that equal
 * powers share it. */
static node_id carried_power(struct dag *d, const struct dag_node *power)
{
	bool natural = power->op == OP_EXP;
	node_id x = natural ? NODE_NONE : power->arg[0];
	node_id e = power->arg[natural ? 0 : 1], p, self, first, step, stock;
	const double *t;

	if (!natural && d->node[x].series)
		return NODE_NONE;
	p = progression_in(d, e);
	if (p == NODE_NONE)
		return NODE_NONE;
	self = dag_intern(d, power);
	if (d->node[self].next != NODE_NONE)
		return d->node[self].next;
	t = d->node[p].table;
	first = power_at(d, power->op, x, e, t[0]);
	step = power_at(d, power->op, x, e, t[1] - t[0]);
	stock = dag_stock(d, first, power->vars);
	dag_stock_next(d, stock, dag_op(d, OP_MUL, stock, step, NODE_NONE));
	d->node[self].next = stock;
	return stock;
}

/* --- operations --------------------------------------------------------- */

node_id dag_op(struct dag *d, enum op op, node_id a, node_id b, node_id c)
{
	struct dag_node n = dag_blank(op);
	node_id known = simplify(d, op, a, b, c);

	if (known == NODE_NONE)
		known = gather(d, op, a, b);
	if (known != NODE_NONE)
		return known;
	if (commutes(op) && a > b) {
		node_id t = a;

		a = b;
		b = t;
	}
	take_operand(d, &n, 0, a);
	take_operand(d, &n, 1, b);
	take_operand(d, &n, 2, c);
	known = fold_node(d, &n);
	if (known == NODE_NONE && n.series && (op == OP_POW || op == OP_EXP))
		known = carried_power(d, &n);
	return known != NODE_NONE ? known : dag_intern(d, &n);
}
