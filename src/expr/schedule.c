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

struct code { struct insn *insn; size_t n, cap; };

struct region {
	struct region *outer;
	bool months;                    /* a month loop */
	uint64_t vars;                  /* unknowns known here and outside */
	int *reg;                       /* by node: register + 1, 0: not here */
	struct code code;
};

struct schedule {
	const struct dag *dag;
	struct tape *tape;
	int *constant;                  /* by node: register + 1 of constants */
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

/* --- constants -------------------------------------------------------- */

/* Registers of constants are filled once a frame; they come first. */
static int constant_reg(struct schedule *s, node_id n)
{
	struct tape *t = s->tape;

	if (!s->constant[n]) {
		*ARR_PUSH(t->constant, t->nconstants, t->constants_cap) =
			at(s, n)->value;
		s->constant[n] = (int)t->nconstants;
	}
	return s->constant[n] - 1;
}

/* Constants are numbered while code is written; other registers count from
 * FIRST_REG and are renumbered at the end. */
#define FIRST_REG (1 << 24)

static int new_reg(struct schedule *s)
{
	return FIRST_REG + s->next_reg++;
}

/* --- regions ---------------------------------------------------------- */

static struct region *region_new(struct schedule *s, struct region *outer)
{
	struct region *r = xcalloc(1, sizeof *r);

	r->outer = outer;
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

/* Where a node is computed when it is needed in `r`. */
static struct region *home(const struct dag_node *n, struct region *r)
{
	while (r->outer && (n->vars & ~r->outer->vars) == 0
	       && !(n->series && r->months))
		r = r->outer;
	return r;
}

static struct insn *emit(struct region *r, int op, int reg, node_id node)
{
	struct insn *i = ARR_PUSH(r->code.insn, r->code.n, r->code.cap);

	*i = (struct insn){ .op = op, .r = reg, .a = -1, .b = -1, .c = -1,
	                    .node = node };
	return i;
}

/* --- levels ----------------------------------------------------------- */

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

/* --- months ----------------------------------------------------------- */

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

static int number_reg(struct schedule *s, double v)
{
	struct tape *t = s->tape;

	for (size_t i = 0; i < t->nconstants; i++)
		if (memcmp(&t->constant[i], &v, sizeof v) == 0)
			return (int)i;
	*ARR_PUSH(t->constant, t->nconstants, t->constants_cap) = v;
	return (int)t->nconstants - 1;
}

/* One month of a reduction, once its series is at hand. */
static void collect_month(struct schedule *s, struct region *body, node_id n,
                          int reg)
{
	const struct dag_node *d = at(s, n);
	int x = need(s, body, d->arg[0]);
	int month = d->op == OP_FIRST ? need(s, body, d->arg[1]) : -1;
	struct insn *i = emit(body, d->op, reg, n);

	if (d->op == OP_FIRST) {
		i->a = x;
		i->b = month;
	} else if (d->op == OP_AT) {
		i->a = x;
		i->b = d->id;
	} else {
		i->a = reg;
		i->b = x;
	}
}

/* At the month's end every stock takes its next value; all are at hand before
 * the first is overwritten, through copies where one is another's register. */
static void carry_stocks(struct schedule *s, struct region *body,
                         const struct nodes *stock)
{
	int *from = xcalloc(stock->n + 1, sizeof *from);

	for (size_t k = 0; k < stock->n; k++) {
		node_id next = at(s, stock->item[k])->next;

		from[k] = need(s, body, next);
		if (at(s, next)->op == OP_STOCK) {
			int copy = new_reg(s);

			emit(body, T_COPY, copy, next)->a = from[k];
			from[k] = copy;
		}
	}
	for (size_t k = 0; k < stock->n; k++)
		emit(body, T_COPY, body->reg[stock->item[k]] - 1,
		     stock->item[k])->a = from[k];
	free(from);
}

static void loop(struct schedule *s, struct region *r, const node_id *group,
                 int n, int months)
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

		emit(r, T_COPY, reg, stock.item[k])->a = first;
		body->reg[stock.item[k]] = reg + 1;
	}
	for (int k = 0; k < n; k++) {
		int reg = new_reg(s);

		emit(r, T_COPY, reg, group[k])->a =
			number_reg(s, start_of(at(s, group[k])->op));
		r->reg[group[k]] = reg + 1;
	}
	for (int k = 0; k < n; k++)
		collect_month(s, body, group[k], r->reg[group[k]] - 1);
	carry_stocks(s, body, &stock);
	begin = r->code.n;
	emit(r, T_LOOP, -1, NODE_NONE)->a = months;
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
		loop(s, r, &red.item[i], (int)(j - i),
		     at(s, red.item[i])->months);
	}
	free(red.item);
}

/* --- searches --------------------------------------------------------- */

static void search(struct schedule *s, struct region *r, node_id n, int reg)
{
	const struct dag_node *d = at(s, n);
	struct tape *t = s->tape;
	int lo = need(s, r, d->arg[0]), hi = need(s, r, d->arg[1]), f;
	struct region *body = region_new(s, r);
	int x = new_reg(s), args = (int)t->nargs;
	struct insn *i;
	size_t begin;

	body->vars |= 1ull << d->id;
	body->reg[d->next] = x + 1;
	need_reductions(s, body, &d->arg[2], 1);
	f = need(s, body, d->arg[2]);
	args = (int)t->nargs;
	*ARR_PUSH(t->args, t->nargs, t->args_cap) = lo;
	*ARR_PUSH(t->args, t->nargs, t->args_cap) = hi;
	*ARR_PUSH(t->args, t->nargs, t->args_cap) = f;
	*ARR_PUSH(t->args, t->nargs, t->args_cap) = x;
	begin = r->code.n;
	i = emit(r, T_SEARCH, reg, n);
	i->b = d->op;
	i->args = args;
	i->nargs = 4;
	region_end(body, &r->code);
	r->code.insn[begin].end = (int)(r->code.n - begin);
}

/* --- nodes ------------------------------------------------------------ */

static int input_index(struct tape *t, int id)
{
	for (size_t i = 0; i < t->ninputs; i++)
		if (t->input[i] == id)
			return (int)i;
	*ARR_PUSH(t->input, t->ninputs, t->inputs_cap) = id;
	return (int)t->ninputs - 1;
}

static int table_index(struct tape *t, const double *table)
{
	memcpy(*ARR_PUSH(t->table, t->ntables, t->tables_cap), table,
	       sizeof *t->table);
	return (int)t->ntables - 1;
}

static void compute(struct schedule *s, struct region *r, node_id n, int reg)
{
	const struct dag_node *d = at(s, n);
	struct tape *t = s->tape;
	int arg[CALL_MAX] = { -1, -1, -1 };
	struct insn *i;

	if (is_search(d->op)) {
		search(s, r, n, reg);
		return;
	}
	for (int k = 0; k < d->nargs; k++)
		arg[k] = need(s, r, operands(d)[k]);
	i = emit(r, d->op, reg, n);
	i->a = arg[0];
	i->b = arg[1];
	i->c = arg[2];
	if (d->op == OP_INPUT) {
		i->op = T_LOAD;
		i->a = input_index(t, d->id);
	} else if (d->op == OP_SERIES) {
		i->op = T_TABLE;
		i->a = table_index(t, d->table);
	} else if (d->op == OP_CALL) {
		i->fn = d->fn;
		i->label = d->label;
		i->args = (int)t->nargs;
		i->nargs = d->nargs;
		for (int k = 0; k < d->nargs; k++)
			*ARR_PUSH(t->args, t->nargs, t->args_cap) = arg[k];
	}
}

/* The register that holds `n` in region `r`; computes it where it belongs. */
static int need(struct schedule *s, struct region *r, node_id n)
{
	const struct dag_node *d = at(s, n);
	struct region *q;
	int reg;

	if (d->op == OP_CONST)
		return constant_reg(s, n);
	q = home(d, r);
	if (q->reg[n])
		return q->reg[n] - 1;
	if (is_reduction(d->op)) {
		/* not found from the region's targets: a stock's first value
		 * or a search's bound brought it up */
		need_reductions(s, q, &n, 1);
		return q->reg[n] - 1;
	}
	reg = new_reg(s);
	compute(s, q, n, reg);
	q->reg[n] = reg + 1;
	return reg;
}

/* --- registers -------------------------------------------------------- */

static int *operand_slots(struct tape *t, struct insn *i, int k)
{
	int op = i->op;

	if (op == OP_CALL || op == T_SEARCH)
		return k < i->nargs ? &t->args[i->args + k] : NULL;
	if (op == T_LOAD || op == T_TABLE || op == T_LOOP)
		return NULL;
	if (op == OP_AT)
		return k == 0 ? &i->a : NULL;
	return k == 0 ? &i->a : k == 1 ? &i->b : k == 2 ? &i->c : NULL;
}

/* First and last instruction at which each register must hold its value. A
 * value made outside of a body and used in it lives until the body's end. */
struct life { int first, last; };

static void touch(struct life *life, const int *body_end, int depth,
                  const int *body_begin, int reg, int pc)
{
	struct life *l;
	int last = pc;

	if (reg < FIRST_REG)
		return;
	l = &life[reg - FIRST_REG];
	if (l->first < 0)
		l->first = pc;
	for (int k = 0; k < depth; k++)
		if (l->first < body_begin[k] && body_end[k] > last)
			last = body_end[k];
	if (last > l->last)
		l->last = last;
}

static struct life *lives(struct schedule *s)
{
	struct tape *t = s->tape;
	struct life *life = xcalloc((size_t)s->next_reg + 1, sizeof *life);
	int begin[64], end[64], depth = 0;

	for (int i = 0; i < s->next_reg; i++)
		life[i] = (struct life){ -1, -1 };
	for (int pc = 0; pc < (int)t->n; pc++) {
		struct insn *i = &t->insn[pc];
		int *slot;

		while (depth > 0 && pc >= end[depth - 1])
			depth--;
		for (int k = 0; (slot = operand_slots(t, i, k)) != NULL; k++)
			if (*slot >= 0)
				touch(life, end, depth, begin, *slot, pc);
		if (i->r >= 0)
			touch(life, end, depth, begin, i->r, pc);
		if ((i->op == T_LOOP || i->op == T_SEARCH) && depth < 64) {
			begin[depth] = pc + 1;
			end[depth++] = pc + i->end;
			/* a search reads its operands on every turn */
			for (int k = 0; i->op == T_SEARCH && k < 4; k++)
				touch(life, end, depth, begin,
				      t->args[i->args + k], pc);
			if (i->op == T_SEARCH)
				touch(life, end, depth, begin, i->r, pc);
		}
	}
	for (int k = 0; k < t->nroots; k++)
		touch(life, end, 0, begin, t->root[k], (int)t->n);
	return life;
}

/* A search's result of the body (args 2) is written inside of it. */
static void renumber(int *slot, const int *to)
{
	if (*slot >= FIRST_REG)
		*slot = to[*slot - FIRST_REG];
}

static void allocate(struct schedule *s)
{
	struct tape *t = s->tape;
	struct life *life = lives(s);
	int *to = xcalloc((size_t)s->next_reg + 1, sizeof *to);
	int *busy = NULL;               /* last use of each real register */
	size_t regs = 0, cap = 0;
	int base = (int)t->nconstants;

	/* registers were numbered in no order of time: walk the code */
	for (int i = 0; i < s->next_reg; i++)
		to[i] = -1;
	for (int pc = 0; pc < (int)t->n; pc++) {
		struct insn *in = &t->insn[pc];
		int *slots[CALL_MAX + 1], n = 0, *slot;

		for (int k = 0; (slot = operand_slots(t, in, k)) != NULL; k++)
			slots[n++] = slot;
		slots[n++] = &in->r;
		for (int k = 0; k < n; k++) {
			int v = *slots[k] - FIRST_REG;
			size_t q;

			if (*slots[k] < FIRST_REG || to[v] >= 0)
				continue;
			for (q = 0; q < regs && busy[q] >= life[v].first; q++)
				;
			if (q == regs)
				*ARR_PUSH(busy, regs, cap) = 0;
			busy[q] = life[v].last;
			to[v] = base + (int)q;
		}
	}
	for (size_t pc = 0; pc < t->n; pc++) {
		struct insn *in = &t->insn[pc];
		int *slot;

		if (in->op != OP_CALL && in->op != T_SEARCH)
			for (int k = 0; (slot = operand_slots(t, in, k)); k++)
				renumber(slot, to);
		renumber(&in->r, to);
	}
	for (size_t k = 0; k < t->nargs; k++)
		renumber(&t->args[k], to);
	for (int k = 0; k < t->nroots; k++)
		renumber(&t->root[k], to);
	t->nregs = base + (int)regs;
	free(busy);
	free(to);
	free(life);
}

/* --- the whole -------------------------------------------------------- */

struct tape *tape_new(const struct dag *d, const node_id *roots, int n)
{
	struct tape *t = xcalloc(1, sizeof *t);
	size_t size = (size_t)dag_size(d) + 1;
	struct code all = { 0 };
	struct schedule s = {
		.dag = d, .tape = t, .constant = xcalloc(size, sizeof(int)),
		.level = xcalloc(size, sizeof(int)), .seen = xcalloc(size, 1),
	};

	s.root = region_new(&s, NULL);
	t->nroots = n;
	t->root = xcalloc((size_t)n + 1, sizeof *t->root);
	need_reductions(&s, s.root, roots, n);
	for (int i = 0; i < n; i++)
		t->root[i] = need(&s, s.root, roots[i]);
	region_end(s.root, &all);
	t->insn = all.insn;
	t->n = all.n;
	t->cap = all.cap;
	allocate(&s);
	free(s.constant);
	free(s.level);
	free(s.seen);
	return t;
}

void tape_free(struct tape *t)
{
	if (!t)
		return;
	free(t->insn);
	free(t->args);
	free(t->table);
	free(t->constant);
	free(t->input);
	free(t->root);
	free(t);
}
