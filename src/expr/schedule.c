/*
 * From the value graph to a tape.
 *
 * A region is a stretch of code that knows something: the root knows nothing,
 * a month loop knows the month, a search body knows its unknown.  Each node is
 * placed in the outermost region that knows all it hangs on; a series belongs
 * to the nearest month loop.
 *
 * Within a region, the reductions over months that it needs are found first and
 * ordered by level (a reduction whose series needs another reduction is one
 * level above it); those of one level and one horizon share a loop.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "expr/tape_impl.h"

struct region {
	struct region *outer;
	bool months;                    /* a month loop */
	int var;                        /* the unknown of a search's body, -1 */
	uint64_t vars;                  /* unknowns known here and outside */
	int *reg;                       /* by node: place + 1, 0: not here */
	struct code code;
};

struct schedule {
	const struct dag *dag;
	struct tape *tape;
	int *constant;                  /* by node: place + 1 of constants */
	int *table;                     /* by node: tape.table + 1 of series */
	int *level;                     /* by node: of reductions, 0: unknown */
	unsigned char *seen;
	struct region *root;
	int next_reg;
};

static const struct dag_node *at(const struct schedule *s, node_id n)
{
	return dag_get(s->dag, n);
}

static bool is_reduction(enum op op)
{
	return op == OP_SUM || op == OP_LEAST || op == OP_MOST
		|| op == OP_FIRST || op == OP_AT;
}

static bool is_search(enum op op)
{
	return op == OP_SOLVE || op == OP_ARGMIN;
}

static const node_id *operands(const struct dag_node *n)
{
	return n->op == OP_CALL ? n->args : n->arg;
}

/* --- numbers ------------------------------------------------------------ */

static int new_number(struct tape *t, double v)
{
	*ARR_PUSH(t->number, t->nnumbers, t->numbers_cap) = v;
	return (int)t->nnumbers - 1;
}

static int constant_place(struct schedule *s, node_id n)
{
	if (!s->constant[n])
		s->constant[n] = 1 + new_number(s->tape, at(s, n)->value);
	return s->constant[n] - 1;
}

static int new_reg(struct schedule *s)
{
	return FIRST_REG + s->next_reg++;
}

/* --- regions ------------------------------------------------------------ */

static struct region *region_new(struct schedule *s, struct region *outer)
{
	struct region *r = xcalloc(1, sizeof *r);

	r->outer = outer;
	r->var = -1;
	r->vars = outer ? outer->vars : 0;
	r->reg = xcalloc((size_t)dag_size(s->dag), sizeof *r->reg);
	return r;
}

/* Appends the code of a finished region to `to` and frees it. */
static void region_end(struct region *r, struct code *to)
{
	for (size_t i = 0; i < r->code.n; i++)
		*ARR_PUSH(to->insn, to->n, to->cap) = r->code.insn[i];
	free(r->code.insn);
	free(r->reg);
	free(r);
}

/* Where a node is computed when it is needed in `r`: the innermost region that
 * knows something it hangs on. */
static struct region *home(const struct dag_node *n, struct region *r)
{
	for (; r->outer; r = r->outer)
		if (r->months ? n->series : (n->vars >> r->var & 1) != 0)
			break;
	return r;
}

static struct insn *emit(struct region *r, int op, int reg, node_id node)
{
	struct insn *i = ARR_PUSH(r->code.insn, r->code.n, r->code.cap);

	*i = (struct insn){ .code = KERNEL(op, 0), .r = reg, .a = -1,
	                    .b = -1, .c = -1, .node = node };
	return i;
}

/* Writes an instruction's operands and with them its form. */
static void set_operands(struct insn *i, int a, int b, int c)
{
	int place[] = { a, b, c }, form = 0;

	for (int k = 0; k < 3; k++)
		if (place[k] >= 0 && place[k] < FIRST_REG)
			form |= 1 << k;
	i->code = KERNEL(insn_op(i), form);
	i->a = a;
	i->b = b;
	i->c = c;
}

static void emit_copy(struct region *r, int reg, int from, node_id node)
{
	set_operands(emit(r, T_COPY, reg, node), from, -1, -1);
}

/* A strip of the number at `place`, where nothing else will do. */
static int as_strip(struct schedule *s, struct region *r, int place,
                    node_id node)
{
	int reg;

	if (place >= FIRST_REG)
		return place;
	reg = new_reg(s);
	emit_copy(r, reg, place, node);
	return reg;
}

/* --- levels ------------------------------------------------------------- */

static int reduction_level(struct schedule *s, node_id n);

/* The highest level among reductions reachable from `n`. */
static int level_below(struct schedule *s, node_id n, unsigned char *seen)
{
	const struct dag_node *d = at(s, n);
	int most = 0, l;

	if (seen[n])
		return 0;
	seen[n] = 1;
	if (is_reduction(d->op))
		return reduction_level(s, n);
	for (int i = 0; i < d->nargs; i++) {
		l = level_below(s, operands(d)[i], seen);
		most = l > most ? l : most;
	}
	if (d->op == OP_STOCK && d->next != NODE_NONE) {
		l = level_below(s, d->next, seen);
		most = l > most ? l : most;
	}
	return most;
}

static int reduction_level(struct schedule *s, node_id n)
{
	unsigned char *seen;

	if (s->level[n])
		return s->level[n];
	seen = xcalloc((size_t)dag_size(s->dag), 1);
	s->level[n] = 1 + level_below(s, at(s, n)->arg[0], seen);
	free(seen);
	return s->level[n];
}

struct nodes { node_id *item; size_t n, cap; };

/* Reductions whose home is `r`, among all that `n` hangs on. `inside` is the
 * region in which `n` would be computed. */
static void collect(struct schedule *s, node_id n, struct region *r,
                    struct nodes *out)
{
	const struct dag_node *d = at(s, n);

	if (s->seen[n] || d->constant)
		return;
	s->seen[n] = 1;
	for (int i = 0; i < d->nargs; i++)
		collect(s, operands(d)[i], r, out);
	if (d->op == OP_STOCK && d->next != NODE_NONE)
		collect(s, d->next, r, out);
	/* not hanging on an unknown that this region does not know */
	if (is_reduction(d->op) && (d->vars & ~r->vars) == 0
	    && home(d, r) == r && !r->reg[n])
		*ARR_PUSH(out->item, out->n, out->cap) = n;
}

/* --- months ------------------------------------------------------------- */

static int need(struct schedule *s, struct region *r, node_id n);
static void need_reductions(struct schedule *s, struct region *r,
                            const node_id *target, int n);

/* Stocks that the nodes of a loop hang on, through series alone. */
static void collect_stocks(struct schedule *s, node_id n, struct nodes *out)
{
	const struct dag_node *d = at(s, n);

	if (s->seen[n] || !d->series || d->constant)
		return;
	s->seen[n] = 1;
	for (int i = 0; i < d->nargs; i++)
		if (!(d->op == OP_STOCK))
			collect_stocks(s, operands(d)[i], out);
	if (d->op != OP_STOCK)
		return;
	*ARR_PUSH(out->item, out->n, out->cap) = n;
	if (d->next != NODE_NONE)
		collect_stocks(s, d->next, out);
}

static void clear_seen(struct schedule *s)
{
	memset(s->seen, 0, (size_t)dag_size(s->dag));
}

static double start_of(enum op op)
{
	return op == OP_LEAST ? __builtin_inf()
		: op == OP_MOST ? -__builtin_inf() : 0;
}

/* One month of a reduction, once its series is at hand. */
static void collect_month(struct schedule *s, struct region *body, node_id n,
                          int reg)
{
	const struct dag_node *d = at(s, n);
	int x = need(s, body, d->arg[0]);
	int month = d->op == OP_FIRST ? need(s, body, d->arg[1]) : -1;
	struct insn *i;

	if (d->op == OP_FIRST || d->op == OP_AT)
		x = as_strip(s, body, x, d->arg[0]);
	i = emit(body, d->op, reg, n);
	if (d->op == OP_FIRST) {
		set_operands(i, x, month, -1);
	} else if (d->op == OP_AT) {
		i->a = x;
		i->b = d->id;
	} else {
		set_operands(i, reg, x, -1);
	}
}

static int reads_of(struct schedule *s, struct code *code, int reg)
{
	int n = 0, *slot;

	for (size_t i = 0; i < code->n; i++)
		for (int k = 0; (slot = insn_operand(s->tape, &code->insn[i],
		                                     k)); k++)
			n += *slot == reg;
	return n;
}

/* Whether the instruction reads a stock other than that of register `own`. */
static bool reads_stocks(struct schedule *s, struct region *body,
                         struct insn *i, const struct nodes *stock, int own)
{
	int *slot;

	for (int k = 0; (slot = insn_operand(s->tape, i, k)); k++)
		for (size_t j = 0; j < stock->n; j++)
			if (*slot != own && *slot
			    == body->reg[stock->item[j]] - 1)
				return true;
	return false;
}

/* The next value was made for this stock alone: makes it in the stock's own
 * register, as the month's last act. */
static bool carry_in_place(struct schedule *s, struct region *body,
                           const struct nodes *stock, int own, int from)
{
	struct code *code = &body->code;
	size_t i = 0;
	struct insn last;

	while (i < code->n && code->insn[i].r != from)
		i++;
	if (i == code->n || insn_op(&code->insn[i]) >= T_KERNELS
	    || reads_of(s, code, from) > 0
	    || reads_stocks(s, body, &code->insn[i], stock, own))
		return false;
	last = code->insn[i];
	last.r = own;
	memmove(&code->insn[i], &code->insn[i + 1],
	        (code->n - i - 1) * sizeof last);
	code->insn[code->n - 1] = last;
	return true;
}

static int next_of(const struct schedule *s, node_id stock)
{
	node_id next = at(s, stock)->next;

	return next == NODE_NONE ? stock : next;
}

/* At the month's end every stock takes its next value; all are at hand before
 * the first is overwritten, through copies where one is another's register. */
static void carry_stocks(struct schedule *s, struct region *body,
                         const struct nodes *stock)
{
	int *from = xcalloc(stock->n + 1, sizeof *from);

	for (size_t k = 0; k < stock->n; k++) {
		node_id next = next_of(s, stock->item[k]);

		from[k] = need(s, body, next);
		if (at(s, next)->op == OP_STOCK) {
			int copy = new_reg(s);

			emit_copy(body, copy, from[k], next);
			from[k] = copy;
		}
	}
	for (size_t k = 0; k < stock->n; k++) {
		int own = body->reg[stock->item[k]] - 1, others = 0;

		for (size_t j = 0; j < stock->n; j++)
			others += j != k && from[j] == from[k];
		if (others || !carry_in_place(s, body, stock, own, from[k]))
			emit_copy(body, own, from[k], stock->item[k]);
	}
	free(from);
}

/* How many months a group of reductions must see. */
static int last_month(const struct schedule *s, const node_id *group, int n)
{
	int last = 0;

	for (int k = 0; k < n; k++) {
		const struct dag_node *d = at(s, group[k]);
		int m = d->op == OP_AT ? d->id : d->months;

		last = m > last ? m : last;
	}
	return last;
}

static void loop(struct schedule *s, struct region *r, const node_id *group,
                 int n)
{
	struct region *body = region_new(s, r);
	struct nodes stock = { 0 };
	size_t begin;

	body->months = true;
	clear_seen(s);
	for (int k = 0; k < n; k++)
		collect_stocks(s, at(s, group[k])->arg[0], &stock);
	for (size_t k = 0; k < stock.n; k++) {
		int first = need(s, r, at(s, stock.item[k])->arg[0]);
		int reg = new_reg(s);

		emit_copy(r, reg, first, stock.item[k]);
		body->reg[stock.item[k]] = reg + 1;
	}
	for (int k = 0; k < n; k++) {
		int reg = new_reg(s);

		emit_copy(r, reg, new_number(s->tape, start_of(at(s,
		          group[k])->op)), group[k]);
		r->reg[group[k]] = reg + 1;
	}
	for (int k = 0; k < n; k++)
		collect_month(s, body, group[k], r->reg[group[k]] - 1);
	carry_stocks(s, body, &stock);
	begin = r->code.n;
	emit(r, T_LOOP, -1, NODE_NONE)->a = last_month(s, group, n);
	region_end(body, &r->code);
	r->code.insn[begin].end = (int)(r->code.n - begin);
	free(stock.item);
}

static int compare_reductions(const void *a, const void *b, void *ctx)
{
	const struct schedule *s = ctx;
	node_id x = *(const node_id *)a, y = *(const node_id *)b;
	const struct dag_node *m = at(s, x), *n = at(s, y);

	if (s->level[x] != s->level[y])
		return s->level[x] - s->level[y];
	if (m->months != n->months)
		return m->months - n->months;
	return x - y;
}

static void need_reductions(struct schedule *s, struct region *r,
                            const node_id *target, int n)
{
	struct nodes red = { 0 };

	clear_seen(s);
	for (int i = 0; i < n; i++)
		collect(s, target[i], r, &red);
	for (size_t i = 0; i < red.n; i++)
		reduction_level(s, red.item[i]);
	if (red.n)
		qsort_r(red.item, red.n, sizeof *red.item, compare_reductions,
		        s);
	for (size_t i = 0, j; i < red.n; i = j) {
		for (j = i + 1; j < red.n; j++)
			if (s->level[red.item[j]] != s->level[red.item[i]]
			    || at(s, red.item[j])->months
			       != at(s, red.item[i])->months)
				break;
		loop(s, r, &red.item[i], (int)(j - i));
	}
	free(red.item);
}

/* --- searches ----------------------------------------------------------- */

static void search(struct schedule *s, struct region *r, node_id n, int reg)
{
	const struct dag_node *d = at(s, n);
	struct search_args args = { .op = d->op };
	struct region *body = region_new(s, r);
	struct tape *t = s->tape;
	size_t begin;

	args.arg[0] = as_strip(s, r, need(s, r, d->arg[0]), d->arg[0]);
	args.arg[1] = as_strip(s, r, need(s, r, d->arg[1]), d->arg[1]);
	args.arg[3] = new_reg(s);
	body->var = d->id;
	body->vars |= 1ull << d->id;
	body->reg[d->next] = args.arg[3] + 1;
	need_reductions(s, body, &d->arg[2], 1);
	args.arg[2] = as_strip(s, body, need(s, body, d->arg[2]), d->arg[2]);
	begin = r->code.n;
	emit(r, T_SEARCH, reg, n)->a = (int)t->nsearches;
	*ARR_PUSH(t->search, t->nsearches, t->searches_cap) = args;
	region_end(body, &r->code);
	r->code.insn[begin].end = (int)(r->code.n - begin);
}

/* --- nodes -------------------------------------------------------------- */

static int input_index(struct tape *t, int id)
{
	for (size_t i = 0; i < t->ninputs; i++)
		if (t->input[i] == id)
			return (int)i;
	*ARR_PUSH(t->input, t->ninputs, t->inputs_cap) = id;
	return (int)t->ninputs - 1;
}

static int table_index(struct schedule *s, node_id n)
{
	struct tape *t = s->tape;

	if (!s->table[n]) {
		memcpy(*ARR_PUSH(t->table, t->ntables, t->tables_cap),
		       at(s, n)->table, sizeof *t->table);
		s->table[n] = (int)t->ntables;
	}
	return s->table[n] - 1;
}

static void call(struct schedule *s, struct region *r, node_id n, int reg)
{
	const struct dag_node *d = at(s, n);
	struct call c = { .fn = d->fn, .label = d->label, .n = d->nargs };
	struct tape *t = s->tape;

	for (int k = 0; k < d->nargs; k++)
		c.arg[k] = need(s, r, d->args[k]);
	emit(r, OP_CALL, reg, n)->a = (int)t->ncalls;
	*ARR_PUSH(t->call, t->ncalls, t->calls_cap) = c;
}

static void plain(struct schedule *s, struct region *r, node_id n, int reg)
{
	const struct dag_node *d = at(s, n);
	int a[3] = { -1, -1, -1 };
	bool strips = false;

	for (int k = 0; k < d->nargs; k++) {
		a[k] = need(s, r, d->arg[k]);
		strips |= a[k] >= FIRST_REG;
	}
	if (!strips)
		a[0] = as_strip(s, r, a[0], d->arg[0]);
	set_operands(emit(r, d->op, reg, n), a[0], a[1], a[2]);
}

/* The place that holds `n`, computed in its home `r`. */
static int compute(struct schedule *s, struct region *r, node_id n)
{
	const struct dag_node *d = at(s, n);
	int reg;

	if (d->op == OP_SERIES) {
		reg = new_number(s->tape, d->table[0]);
		emit(r, T_TABLE, reg, n)->a = table_index(s, n);
		return reg;
	}
	reg = new_reg(s);
	if (d->op == OP_INPUT)
		emit(r, T_LOAD, reg, n)->a = input_index(s->tape, d->id);
	else if (is_search(d->op))
		search(s, r, n, reg);
	else if (d->op == OP_CALL)
		call(s, r, n, reg);
	else
		plain(s, r, n, reg);
	return reg;
}

static int need(struct schedule *s, struct region *r, node_id n)
{
	const struct dag_node *d = at(s, n);
	struct region *q;

	if (d->op == OP_CONST)
		return constant_place(s, n);
	q = home(d, r);
	if (!q->reg[n] && is_reduction(d->op))
		/* not found from the region's targets: a stock's first value
		 * or a search's bound brought it up */
		need_reductions(s, q, &n, 1);
	else if (!q->reg[n])
		q->reg[n] = 1 + compute(s, q, n);
	return q->reg[n] - 1;
}

/* --- the whole ---------------------------------------------------------- */

struct tape *tape_new(const struct dag *d, const node_id *roots, int n)
{
	struct tape *t = xcalloc(1, sizeof *t);
	size_t size = (size_t)dag_size(d) + 1;
	struct schedule s = {
		.dag = d, .tape = t, .constant = xcalloc(size, sizeof(int)),
		.table = xcalloc(size, sizeof(int)),
		.level = xcalloc(size, sizeof(int)), .seen = xcalloc(size, 1),
	};

	s.root = region_new(&s, NULL);
	t->nroots = n;
	t->root = xcalloc((size_t)n + 1, sizeof *t->root);
	need_reductions(&s, s.root, roots, n);
	for (int i = 0; i < n; i++)
		t->root[i] = need(&s, s.root, roots[i]);
	region_end(s.root, &t->code);
	code_fuse(t, s.next_reg);
	code_allocate(t, s.next_reg);
	free(s.constant);
	free(s.table);
	free(s.level);
	free(s.seen);
	return t;
}

void tape_free(struct tape *t)
{
	if (!t)
		return;
	free(t->code.insn);
	free(t->call);
	free(t->search);
	free(t->table);
	free(t->number);
	free(t->input);
	free(t->root);
	free(t);
}
