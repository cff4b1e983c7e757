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
	node_id month;                  /* the series 1, 2, 3 ... */
};

struct dag *dag_new(void)
{
	struct dag *d = xcalloc(1, sizeof *d);

	d->arena = arena_new();
	d->month = NODE_NONE;
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

/* --- sharing ------------------------------------------------------------ */

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

/* --- leaves ------------------------------------------------------------- */

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
	double *t;

	if (d->month != NODE_NONE)
		return d->month;
	t = arena_alloc(d->arena, DAG_TABLE * sizeof *t);
	for (int m = 0; m < DAG_TABLE; m++)
		t[m] = m + 1;
	return d->month = series(d, t);
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

	if (d->vars == DAG_VARS)
		return NODE_NONE;
	n.id = d->vars++;
	n.vars = 1ull << n.id;
	return push(d, &n);
}

/* --- operations --------------------------------------------------------- */

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

static const double *values(const struct dag *d, node_id a)
{
	const struct dag_node *n = &d->node[a];

	return n->op == OP_CONST ? &n->value : n->table;
}

static void fold_calls(const struct dag *d, const struct dag_node *n,
                       double *r, int count)
{
	for (int m = 0; m < count; m++) {
		double a[CALL_MAX];

		for (int i = 0; i < n->nargs; i++)
			a[i] = values(d, n->args[i])
				[d->node[n->args[i]].series ? m : 0];
		r[m] = n->fn(a);
	}
}

static double fold_scalar(const struct dag *d, const struct dag_node *n)
{
	double a[3] = { 0 }, r;

	if (n->op == OP_CALL) {
		fold_calls(d, n, &r, 1);
		return r;
	}
	for (int i = 0; i < n->nargs; i++)
		a[i] = d->node[n->arg[i]].value;
	return fold_op(n->op, a);
}

static void fold_series(const struct dag *d, const struct dag_node *n,
                        double *r)
{
	const double *a[3] = { NULL };
	int form = 0;

	if (n->op == OP_CALL) {
		fold_calls(d, n, r, DAG_TABLE);
		return;
	}
	for (int i = 0; i < n->nargs; i++) {
		a[i] = values(d, n->arg[i]);
		form |= d->node[n->arg[i]].series ? 0 : 1 << i;
	}
	fold_table(n->op, form, a, r);
}

/* Constants of constants.  What is not finite stays for run time, where it can
 * be reported at its place; states compare with infinities, and those fold. */
static node_id fold_constants(struct dag *d, const struct dag_node *n)
{
	double t[DAG_TABLE], *copy;

	if (!n->series) {
		t[0] = fold_scalar(d, n);
		return isfinite(t[0]) ? dag_const(d, t[0]) : NODE_NONE;
	}
	fold_series(d, n, t);
	for (int m = 0; m < DAG_MONTHS; m++)
		if (!isfinite(t[m]))
			return NODE_NONE;
	copy = arena_alloc(d->arena, sizeof t);
	memcpy(copy, t, sizeof t);
	return series(d, copy);
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
	self = intern(d, power);
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

node_id dag_op(struct dag *d, enum op op, node_id a, node_id b, node_id c)
{
	struct dag_node n = blank(op);
	node_id known = simplify(d, op, a, b, c);

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
	if (all_constant(d, &n))
		known = fold_constants(d, &n);
	else if (n.series && (op == OP_POW || op == OP_EXP))
		known = carried_power(d, &n);
	return known != NODE_NONE ? known : intern(d, &n);
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

/* --- months ------------------------------------------------------------- */

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

/* --- searches ----------------------------------------------------------- */

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
