#include "expr/dag.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "expr/fold.h"

const struct op_info op_info[OP_N] = {
#define X(name, operands, mnemonic, meaning) { mnemonic, operands, meaning },
#include "expr/ops.def"
#undef X
};

struct dag {
	struct arena *arena;
	struct dag_node *node;
	size_t n, cap;
	node_id *bucket;                /* open addressing over node ids */
	size_t buckets;
	int vars;
};

struct dag *dag_new(void)
{
	struct dag *d = xcalloc(1, sizeof *d);

	d->arena = arena_new();
	return d;
}

void dag_free(struct dag *d)
{
	if (!d)
		return;
	arena_free(d->arena);
	free(d->node);
	free(d->bucket);
	free(d);
}

int dag_size(const struct dag *d)
{
	return (int)d->n;
}

const struct dag_node *dag_get(const struct dag *d, node_id n)
{
	return &d->node[n];
}

/* --- sharing ---------------------------------------------------------- */

static uint64_t mix(uint64_t h, uint64_t x)
{
	h ^= x;
	h *= 0x9e3779b97f4a7c15u;
	return h ^ h >> 29;
}

static uint64_t bits(double v)
{
	uint64_t b;

	memcpy(&b, &v, sizeof b);
	return b;
}

static uint64_t node_hash(const struct dag_node *n)
{
	uint64_t h = mix(n->op, (uint64_t)n->id);

	h = mix(h, (uint64_t)n->months);
	for (int i = 0; i < 3; i++)
		h = mix(h, (uint64_t)(n->op == OP_CALL ? 0 : n->arg[i]));
	for (int i = 0; n->op == OP_CALL && i < n->nargs; i++)
		h = mix(h, (uint64_t)n->args[i]);
	h = mix(h, bits(n->value));
	if (n->table)
		for (int i = 0; i < DAG_MONTHS; i += 7)
			h = mix(h, bits(n->table[i]));
	return h;
}

static bool node_same(const struct dag_node *a, const struct dag_node *b)
{
	if (a->op != b->op || a->id != b->id || a->months != b->months
	    || a->nargs != b->nargs || a->fn != b->fn
	    || bits(a->value) != bits(b->value))
		return false;
	if (a->op == OP_CALL)
		return memcmp(a->args, b->args,
		              (size_t)a->nargs * sizeof *a->args) == 0;
	if (a->op == OP_SERIES)
		return memcmp(a->table, b->table,
		              DAG_MONTHS * sizeof *a->table) == 0;
	return memcmp(a->arg, b->arg, sizeof a->arg) == 0;
}

static node_id *bucket_of(struct dag *d, const struct dag_node *n)
{
	size_t i = node_hash(n) & (d->buckets - 1);

	while (d->bucket[i] != NODE_NONE
	       && !node_same(&d->node[d->bucket[i]], n))
		i = (i + 1) & (d->buckets - 1);
	return &d->bucket[i];
}

static void grow_buckets(struct dag *d)
{
	d->buckets = d->buckets ? 2 * d->buckets : 1024;
	d->bucket = xrealloc(d->bucket, d->buckets, sizeof *d->bucket);
	for (size_t i = 0; i < d->buckets; i++)
		d->bucket[i] = NODE_NONE;
	for (size_t i = 0; i < d->n; i++)
		if (d->node[i].op != OP_STOCK && d->node[i].op != OP_VAR)
			*bucket_of(d, &d->node[i]) = (node_id)i;
}

static node_id push(struct dag *d, const struct dag_node *n)
{
	*ARR_PUSH(d->node, d->n, d->cap) = *n;
	return (node_id)d->n - 1;
}

/* The node like `n`: the one there is, else a new one. */
static node_id intern(struct dag *d, const struct dag_node *n)
{
	node_id *b;

	if (2 * (d->n + 1) > d->buckets)
		grow_buckets(d);
	b = bucket_of(d, n);
	if (*b == NODE_NONE)
		*b = push(d, n);
	return *b;
}

static struct dag_node blank(enum op op)
{
	return (struct dag_node){
		.op = op, .arg = { NODE_NONE, NODE_NONE, NODE_NONE },
		.next = NODE_NONE,
	};
}

/* --- leaves ----------------------------------------------------------- */

node_id dag_const(struct dag *d, double v)
{
	struct dag_node n = blank(OP_CONST);

	n.value = v == 0 ? 0 : v;       /* one zero */
	n.constant = true;
	return intern(d, &n);
}

static node_id series(struct dag *d, const double *table)
{
	struct dag_node n = blank(OP_SERIES);

	n.table = table;
	n.series = n.constant = true;
	return intern(d, &n);
}

node_id dag_month(struct dag *d)
{
	double *t = arena_alloc(d->arena, DAG_MONTHS * sizeof *t);

	for (int m = 0; m < DAG_MONTHS; m++)
		t[m] = m + 1;
	return series(d, t);
}

node_id dag_input(struct dag *d, int input)
{
	struct dag_node n = blank(OP_INPUT);

	n.id = input;
	return intern(d, &n);
}

node_id dag_var(struct dag *d)
{
	struct dag_node n = blank(OP_VAR);

	n.id = d->vars++;
	n.vars = 1ull << n.id;
	return push(d, &n);
}

/* --- operations ------------------------------------------------------- */

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

static bool all_constant(const struct dag *d, const struct dag_node *n)
{
	const node_id *arg = n->op == OP_CALL ? n->args : n->arg;

	for (int i = 0; i < n->nargs; i++)
		if (!d->node[arg[i]].constant)
			return false;
	return true;
}

static double operand(const struct dag *d, node_id a, int month)
{
	if (a == NODE_NONE)
		return 0;
	return d->node[a].op == OP_CONST ? d->node[a].value
		: d->node[a].table[month];
}

static double fold_month(const struct dag *d, const struct dag_node *n, int m)
{
	double a[CALL_MAX] = { 0 };
	const node_id *arg = n->op == OP_CALL ? n->args : n->arg;

	for (int i = 0; i < n->nargs; i++)
		a[i] = operand(d, arg[i], m);
	return n->op == OP_CALL ? n->fn(a) : fold_op(n->op, a);
}

/* Constants of constants.  What is not finite stays for run time, where it can
 * be reported at its place; states compare with infinities, and those fold. */
static node_id fold_constants(struct dag *d, const struct dag_node *n)
{
	double *t, v;

	if (!n->series) {
		v = fold_month(d, n, 0);
		return isfinite(v) ? dag_const(d, v) : NODE_NONE;
	}
	t = arena_alloc(d->arena, DAG_MONTHS * sizeof *t);
	for (int m = 0; m < DAG_MONTHS; m++) {
		t[m] = fold_month(d, n, m);
		if (!isfinite(t[m]))
			return NODE_NONE;
	}
	return series(d, t);
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
		|| op == OP_OR;
}

/* b, 2b, 3b ... to within rounding: an exponent that grows with the month. */
static bool is_progression(const struct dag_node *n)
{
	if (n->op != OP_SERIES || n->table[0] == 0)
		return false;
	for (int m = 1; m < DAG_MONTHS; m++)
		if (fabs(n->table[m] - (m + 1) * n->table[0])
		    > 4e-16 * (m + 1) * fabs(n->table[0]))
			return false;
	return true;
}

/* x ^ (b m) over months m is carried on: one power a draw and a product a month
 * in place of a power a month; after T months it is off by T roundings.  The
 * power's own node remembers the stock, so that equal powers share it. */
static node_id carried_power(struct dag *d, node_id x, node_id exponent)
{
	struct dag_node n = blank(OP_POW);
	node_id power, first, stock;

	take_operand(d, &n, 0, x);
	take_operand(d, &n, 1, exponent);
	power = intern(d, &n);
	if (d->node[power].next != NODE_NONE)
		return d->node[power].next;
	first = dag_op(d, OP_POW, x, dag_const(d, d->node[exponent].table[0]),
	               NODE_NONE);
	stock = dag_stock(d, first, d->node[x].vars);
	dag_stock_next(d, stock, dag_op(d, OP_MUL, stock, first, NODE_NONE));
	d->node[power].next = stock;
	return stock;
}

node_id dag_op(struct dag *d, enum op op, node_id a, node_id b, node_id c)
{
	struct dag_node n = blank(op);
	node_id known = simplify(d, op, a, b, c);

	if (known != NODE_NONE)
		return known;
	if (op == OP_POW && !d->node[a].series && !d->node[a].constant
	    && is_progression(&d->node[b]))
		return carried_power(d, a, b);
	if (commutes(op) && a > b) {
		node_id t = a;

		a = b;
		b = t;
	}
	take_operand(d, &n, 0, a);
	take_operand(d, &n, 1, b);
	take_operand(d, &n, 2, c);
	if (all_constant(d, &n)) {
		known = fold_constants(d, &n);
		if (known != NODE_NONE)
			return known;
	}
	return intern(d, &n);
}

node_id dag_call(struct dag *d, kernel_fn fn, const char *label,
                 const node_id *args, int count)
{
	struct dag_node n = blank(OP_CALL);
	node_id known;

	n.fn = fn;
	n.label = label;
	n.nargs = count;
	n.args = arena_alloc(d->arena, CALL_MAX * sizeof *n.args);
	for (int i = 0; i < count; i++) {
		n.args[i] = args[i];
		n.series |= d->node[args[i]].series;
		n.vars |= d->node[args[i]].vars;
	}
	if (all_constant(d, &n)) {
		known = fold_constants(d, &n);
		if (known != NODE_NONE)
			return known;
	}
	return intern(d, &n);
}

/* --- months ----------------------------------------------------------- */

static node_id reduce_scalar(struct dag *d, enum op op, node_id x, int months)
{
	if (op == OP_SUM)
		return dag_op(d, OP_MUL, x, dag_const(d, months), NODE_NONE);
	return x;       /* FIRST of an always true condition is month 1 */
}

static node_id reduce_table(struct dag *d, enum op op, const double *t,
                            int months, int k)
{
	double v = op == OP_LEAST ? HUGE_VAL : op == OP_MOST ? -HUGE_VAL : 0;

	if (op == OP_AT)
		return dag_const(d, t[k - 1]);
	for (int m = 0; m < months; m++) {
		if (op == OP_SUM)
			v += t[m];
		else if (op == OP_LEAST)
			v = v < t[m] ? v : t[m];
		else if (op == OP_MOST)
			v = v > t[m] ? v : t[m];
		else if (v == 0 && t[m] != 0)
			v = m + 1;
	}
	return dag_const(d, v);
}

node_id dag_reduce(struct dag *d, enum op op, node_id x, int months, int k)
{
	struct dag_node n = blank(op);

	if (!d->node[x].series)
		return reduce_scalar(d, op, x, months);
	if (d->node[x].op == OP_SERIES)
		return reduce_table(d, op, d->node[x].table, months, k);
	n.arg[0] = x;
	n.nargs = 1;
	if (op == OP_FIRST) {
		n.arg[1] = dag_month(d);
		n.nargs = 2;
	}
	n.vars = d->node[x].vars;
	n.months = months;
	n.id = k;
	return intern(d, &n);
}

node_id dag_stock(struct dag *d, node_id initial, uint64_t vars)
{
	struct dag_node n = blank(OP_STOCK);

	n.arg[0] = initial;
	n.nargs = 1;
	n.series = true;
	n.vars = vars | d->node[initial].vars;
	return push(d, &n);
}

void dag_stock_next(struct dag *d, node_id stock, node_id next)
{
	d->node[stock].next = next;
}

/* --- searches --------------------------------------------------------- */

node_id dag_solve(struct dag *d, enum op op, node_id var, node_id lo,
                  node_id hi, node_id body)
{
	struct dag_node n = blank(op);
	uint64_t own = d->node[var].vars;

	n.arg[0] = lo;
	n.arg[1] = hi;
	n.arg[2] = body;
	n.nargs = 3;
	n.id = d->node[var].id;
	n.series = d->node[lo].series || d->node[hi].series
		|| d->node[body].series;
	n.vars = d->node[lo].vars | d->node[hi].vars
		| (d->node[body].vars & ~own);
	n.next = var;           /* the unknown's node; a search has no next */
	return intern(d, &n);
}
