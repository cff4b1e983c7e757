/*
 * From the value graph to a tape.
 *
 * A region is a stretch of code that knows something: the root knows nothing,
 * a month loop knows the month, a search body knows its unknown.  Each node is
 * placed in the outermost region that knows all it hangs on; a series belongs
 * to the nearest month loop.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "expr/schedule.h"

static int constant_place(struct schedule *s, node_id n)
{
	if (!s->constant[n])
		s->constant[n] = 1 + schedule_number(s->tape, at(s, n)->value);
	return s->constant[n] - 1;
}

/* --- searches ----------------------------------------------------------- */

static int need_strip(struct schedule *s, struct region *r, node_id n)
{
	return region_strip(s, r, schedule_need(s, r, n), n);
}

static void search(struct schedule *s, struct region *r, node_id n, int reg)
{
	const struct dag_node *d = at(s, n);
	struct search_args args = { .op = d->op };
	struct region *body = region_new(s, r);
	struct tape *t = s->tape;
	size_t begin;

	args.arg[0] = need_strip(s, r, d->arg[0]);
	args.arg[1] = need_strip(s, r, d->arg[1]);
	args.arg[3] = schedule_reg(s);
	body->var = d->id;
	body->vars |= 1ull << d->id;
	body->reg[d->next] = args.arg[3] + 1;
	schedule_loops(s, body, &d->arg[2], 1);
	args.arg[2] = need_strip(s, body, d->arg[2]);
	begin = r->code.n;
	region_emit(r, T_SEARCH, reg, n)->a = (int)t->nsearches;
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

/* The months of a series lie behind one another. */
static int given_index(struct tape *t, const struct tape_given *g)
{
	int first = input_index(t, g->input);

	for (int m = 1; m < g->months; m++)
		input_index(t, g->input + m);
	return first;
}

static void load(struct schedule *s, struct region *r, node_id n, int reg)
{
	const struct tape_given *g = s->given[n];
	struct insn *i = region_emit(r, T_LOAD, reg, n);

	i->a = g ? given_index(s->tape, g) : input_index(s->tape, at(s, n)->id);
	i->b = at(s, n)->series;
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
	struct call c = { .kernel = d->kernel, .label = d->label,
	                  .n = d->nargs };
	struct tape *t = s->tape;

	for (int k = 0; k < d->nargs; k++)
		c.arg[k] = schedule_need(s, r, d->args[k]);
	region_emit(r, OP_CALL, reg, n)->a = (int)t->ncalls;
	*ARR_PUSH(t->call, t->ncalls, t->calls_cap) = c;
}

static void plain(struct schedule *s, struct region *r, node_id n, int reg)
{
	const struct dag_node *d = at(s, n);
	int a[3] = { -1, -1, -1 };
	bool strips = false;

	for (int k = 0; k < d->nargs; k++) {
		a[k] = schedule_need(s, r, d->arg[k]);
		strips |= a[k] >= FIRST_REG;
	}
	if (!strips)
		a[0] = region_strip(s, r, a[0], d->arg[0]);
	insn_set(region_emit(r, d->op, reg, n), a[0], a[1], a[2]);
}

/* The place that holds `n`, computed in its home `r`. */
static int compute(struct schedule *s, struct region *r, node_id n)
{
	const struct dag_node *d = at(s, n);
	int reg;

	if (d->op == OP_SERIES) {
		reg = schedule_number(s->tape, d->table[0]);
		region_emit(r, T_TABLE, reg, n)->a = table_index(s, n);
		return reg;
	}
	reg = schedule_reg(s);
	if (s->given[n] || d->op == OP_INPUT)
		load(s, r, n, reg);
	else if (is_search(d->op))
		search(s, r, n, reg);
	else if (d->op == OP_CALL)
		call(s, r, n, reg);
	else
		plain(s, r, n, reg);
	return reg;
}

static bool is_placed(const struct schedule *s, struct region *r, node_id n)
{
	const struct dag_node *d = at(s, n);

	return d->op == OP_CONST || region_home(d, r)->reg[n];
}

/* An operand that must be computed before `n` can be, in its home `r`. */
static node_id missing(const struct schedule *s, struct region *r, node_id n)
{
	const struct dag_node *d = at(s, n);
	int count = s->given[n] ? 0
		: is_search(d->op) ? 2          /* the body is its own region */
		: is_reduction(d->op) || d->op == OP_STOCK ? 0 : d->nargs;

	for (int k = 0; k < count; k++)
		if (!is_placed(s, r, operands(d)[k]))
			return operands(d)[k];
	return NODE_NONE;
}

static void place(struct schedule *s, struct region *r, node_id n)
{
	if (is_placed(s, r, n))
		return;
	if (s->given[n])
		r->reg[n] = 1 + compute(s, r, n);
	else if (is_reduction(at(s, n)->op))
		/* not found from the region's targets: a stock's first value
		 * or a search's bound brought it up */
		schedule_loops(s, r, &n, 1);
	else if (at(s, n)->op == OP_STOCK)
		schedule_so_far(s, r, n);
	else
		r->reg[n] = 1 + compute(s, r, n);
}

static void put_off(struct schedule *s, struct region *r, node_id n)
{
	*ARR_PUSH(s->todo, s->ntodo, s->todo_cap) =
		(struct todo){ n, region_home(at(s, n), r) };
}

/* Operands first, by a list in place of recursion: sums may be long. */
int schedule_need(struct schedule *s, struct region *r, node_id n)
{
	size_t base = s->ntodo;

	if (at(s, n)->op == OP_CONST)
		return constant_place(s, n);
	if (!is_placed(s, r, n))
		put_off(s, r, n);
	while (s->ntodo > base) {
		struct todo t = s->todo[s->ntodo - 1];
		node_id first = missing(s, t.region, t.node);

		if (first != NODE_NONE) {
			put_off(s, t.region, first);
			continue;
		}
		s->ntodo--;
		place(s, t.region, t.node);
	}
	return region_home(at(s, n), r)->reg[n] - 1;
}

/* --- the whole ---------------------------------------------------------- */

struct tape *tape_new(const struct dag *d, const node_id *roots, int n)
{
	return tape_new_given(d, roots, n, NULL, 0);
}

struct tape *tape_new_given(const struct dag *d, const node_id *roots, int n,
                            const struct tape_given *given, int ngiven)
{
	struct tape *t = xcalloc(1, sizeof *t);
	size_t size = (size_t)dag_size(d) + 1;
	struct schedule s = {
		.dag = d, .tape = t, .constant = xcalloc(size, sizeof(int)),
		.table = xcalloc(size, sizeof(int)),
		.level = xcalloc(size, sizeof(int)), .seen = xcalloc(size, 1),
		.given = xcalloc(size, sizeof *s.given),
	};

	for (int i = 0; i < ngiven; i++)
		s.given[given[i].node] = &given[i];
	schedule_levels(&s, roots, n);
	s.root = region_new(&s, NULL);
	t->nroots = n;
	t->root = xcalloc((size_t)n + 1, sizeof *t->root);
	schedule_loops(&s, s.root, roots, n);
	for (int i = 0; i < n; i++)
		t->root[i] = schedule_need(&s, s.root, roots[i]);
	region_end(s.root, &t->code);
	code_fuse(t, s.next_reg);
	code_allocate(t, s.next_reg);
	free(s.constant);
	free(s.table);
	free(s.level);
	free(s.given);
	free(s.seen);
	free(s.todo);
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
