#include "expr/dag_impl.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "expr/expr.h"
#include "expr/fold.h"

_Static_assert(EXPR_MAX_MONTHS <= DAG_MONTHS, "tables hold every month");

const struct op_info op_info[OP_N] = {
#define X(name, operands, mnemonic, meaning) { mnemonic, operands, meaning },
#include "expr/ops.def"
#undef X
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

static bool same_kernel(const struct kernel *a, const struct kernel *b)
{
	return a->fn == b->fn && a->of_columns == b->of_columns
		&& a->columns == b->columns;
}

static bool node_same(const struct dag_node *a, const struct dag_node *b)
{
	if (a->op != b->op || a->id != b->id || a->months != b->months
	    || a->nargs != b->nargs || !same_kernel(&a->kernel, &b->kernel)
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

node_id dag_intern(struct dag *d, const struct dag_node *n)
{
	node_id *b;

	if (2 * (d->n + 1) > d->buckets)
		grow_buckets(d);
	b = bucket_of(d, n);
	if (*b == NODE_NONE)
		*b = push(d, n);
	return *b;
}

struct dag_node dag_blank(enum op op)
{
	return (struct dag_node){
		.op = op, .arg = { NODE_NONE, NODE_NONE, NODE_NONE },
		.next = NODE_NONE,
	};
}

/* --- leaves ------------------------------------------------------------- */

node_id dag_const(struct dag *d, double v)
{
	struct dag_node n = dag_blank(OP_CONST);

	n.value = v == 0 ? 0 : v;       /* one zero */
	n.constant = true;
	return dag_intern(d, &n);
}

node_id dag_series(struct dag *d, const double *table)
{
	struct dag_node n = dag_blank(OP_SERIES);

	n.table = table;
	n.series = n.constant = true;
	return dag_intern(d, &n);
}

node_id dag_month(struct dag *d)
{
	double *t;

	if (d->month != NODE_NONE)
		return d->month;
	t = arena_alloc(d->arena, DAG_TABLE * sizeof *t);
	for (int m = 0; m < DAG_TABLE; m++)
		t[m] = m + 1;
	return d->month = dag_series(d, t);
}

node_id dag_input(struct dag *d, int input)
{
	struct dag_node n = dag_blank(OP_INPUT);

	n.id = input;
	return dag_intern(d, &n);
}

node_id dag_var(struct dag *d)
{
	struct dag_node n = dag_blank(OP_VAR);

	if (d->vars == DAG_VARS)
		return NODE_NONE;
	n.id = d->vars++;
	n.vars = 1ull << n.id;
	return push(d, &n);
}

node_id dag_call_kernel(struct dag *d, struct kernel kernel,
                        const char *label, const node_id *args, int count)
{
	struct dag_node n = dag_blank(OP_CALL);
	node_id known;

	n.kernel = kernel;
	n.label = label;
	n.nargs = count;
	n.args = arena_alloc(d->arena, CALL_MAX * sizeof *n.args);
	for (int i = 0; i < count; i++) {
		n.args[i] = args[i];
		n.series |= d->node[args[i]].series;
		n.vars |= d->node[args[i]].vars;
	}
	known = fold_node(d, &n);
	return known != NODE_NONE ? known : dag_intern(d, &n);
}

node_id dag_call(struct dag *d, kernel_fn fn, const char *label,
                 const node_id *args, int n)
{
	return dag_call_kernel(d, (struct kernel){ .fn = fn }, label, args, n);
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
	struct dag_node n = dag_blank(op);

	if (!d->node[x].series)
		return reduce_scalar(d, op, x, months);
	if (op == OP_AT && k == 1 && d->node[x].op == OP_STOCK)
		return d->node[x].arg[0];
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
	return dag_intern(d, &n);
}

node_id dag_stock(struct dag *d, node_id initial, uint64_t vars)
{
	struct dag_node n = dag_blank(OP_STOCK);

	n.arg[0] = initial;
	n.nargs = 1;
	n.series = true;
	n.vars = vars | d->node[initial].vars;
	return push(d, &n);
}

/* What a stock's next value hangs on, each node once by itself and once behind
 * a reduction. */
struct trail {
	const struct dag *d;
	unsigned char *seen;
	int32_t *item;                  /* 2 node + (behind a reduction) */
	size_t n, cap;
};

static void trail_add(struct trail *t, node_id n, int behind)
{
	if (n == NODE_NONE || t->seen[n] & (1 << behind))
		return;
	t->seen[n] |= (unsigned char)(1 << behind);
	*ARR_PUSH(t->item, t->n, t->cap) = 2 * n + behind;
}

static void trail_follow(struct trail *t, node_id n, int behind)
{
	const struct dag_node *node = &t->d->node[n];
	bool reduces = !node->series && node->months > 0;

	for (int k = 0; k < node->nargs; k++)
		trail_add(t, node->op == OP_CALL ? node->args[k]
		          : node->arg[k], behind | reduces);
	if (node->op == OP_STOCK)
		trail_add(t, node->next, behind);
}

/* Whether the next value would be told by the stock's own months to come. */
static bool foresees(const struct dag *d, node_id stock, node_id next)
{
	struct trail t = { .d = d, .seen = xcalloc(d->n, 1) };
	bool found;

	trail_add(&t, next, 0);
	for (size_t i = 0; i < t.n && !(t.seen[stock] & 2); i++)
		trail_follow(&t, t.item[i] / 2, t.item[i] % 2);
	found = t.seen[stock] & 2;
	free(t.seen);
	free(t.item);
	return found;
}

bool dag_stock_next(struct dag *d, node_id stock, node_id next)
{
	if (foresees(d, stock, next))
		return false;
	d->node[stock].next = next;
	return true;
}

/* --- searches ----------------------------------------------------------- */

node_id dag_solve(struct dag *d, enum op op, node_id var, node_id lo,
                  node_id hi, node_id body)
{
	struct dag_node n = dag_blank(op);
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
	return dag_intern(d, &n);
}
