/*
 * Month loops.  The reductions over months that a region needs are found first
 * and ordered by level (a reduction whose series needs another reduction is one
 * level above it); those of one level and one horizon share a loop:
 *
 *      copy    first values of stocks, starts of sums
 *      months 1..T
 *              series; what is collected of them
 *              the stocks' next values
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "expr/schedule.h"

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
	int x = schedule_need(s, body, d->arg[0]);
	int month = d->op == OP_FIRST ? schedule_need(s, body, d->arg[1]) : -1;
	struct insn *i;

	if (d->op == OP_FIRST || d->op == OP_AT)
		x = region_strip(s, body, x, d->arg[0]);
	i = region_emit(body, d->op, reg, n);
	if (d->op == OP_FIRST) {
		insn_set(i, x, month, -1);
	} else if (d->op == OP_AT) {
		i->a = x;
		i->b = d->id;
	} else {
		insn_set(i, reg, x, -1);
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

		from[k] = schedule_need(s, body, next);
		if (at(s, next)->op == OP_STOCK) {
			int copy = schedule_reg(s);

			region_copy(body, copy, from[k], next);
			from[k] = copy;
		}
	}
	for (size_t k = 0; k < stock->n; k++) {
		int own = body->reg[stock->item[k]] - 1, others = 0;

		for (size_t j = 0; j < stock->n; j++)
			others += j != k && from[j] == from[k];
		if (others || !carry_in_place(s, body, stock, own, from[k]))
			region_copy(body, own, from[k], stock->item[k]);
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

/* The body of a loop over months in `r`, which begins with the first values of
 * the stocks that the targets hang on. */
static struct region *loop_begin(struct schedule *s, struct region *r,
                                 const node_id *target, int n,
                                 struct nodes *stock)
{
	struct region *body = region_new(s, r);

	body->months = true;
	schedule_stocks(s, r, target, n, stock);
	for (size_t k = 0; k < stock->n; k++) {
		node_id it = stock->item[k];
		int first = schedule_need(s, r, at(s, it)->arg[0]);
		int reg = schedule_reg(s);

		region_copy(r, reg, first, it);
		body->reg[it] = reg + 1;
	}
	return body;
}

static void loop_end(struct schedule *s, struct region *body, int months,
                     struct nodes *stock)
{
	struct region *r = body->outer;
	size_t begin;

	carry_stocks(s, body, stock);
	begin = r->code.n;      /* what is hoisted out stands before the loop */
	region_emit(r, T_LOOP, -1, NODE_NONE)->a = months;
	region_end(body, &r->code);
	r->code.insn[begin].end = (int)(r->code.n - begin);
	free(stock->item);
}

static void loop(struct schedule *s, struct region *r, const node_id *group,
                 int n)
{
	node_id *series = xcalloc((size_t)n, sizeof *series);
	struct nodes stock = { 0 };
	struct region *body;

	for (int k = 0; k < n; k++)
		series[k] = at(s, group[k])->arg[0];
	body = loop_begin(s, r, series, n, &stock);
	for (int k = 0; k < n; k++) {
		double start = start_of(at(s, group[k])->op);
		int reg = schedule_reg(s);

		region_copy(r, reg, schedule_number(s->tape, start), group[k]);
		r->reg[group[k]] = reg + 1;
	}
	for (int k = 0; k < n; k++)
		collect_month(s, body, group[k], r->reg[group[k]] - 1);
	loop_end(s, body, last_month(s, group, n), &stock);
	free(series);
}

void schedule_so_far(struct schedule *s, struct region *r, node_id n)
{
	struct nodes stock = { 0 };
	struct region *body = loop_begin(s, r, &n, 1, &stock);
	int reg = schedule_reg(s);

	region_copy(body, reg, body->reg[n] - 1, n);
	r->reg[n] = reg + 1;
	loop_end(s, body, 0, &stock);
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

void schedule_loops(struct schedule *s, struct region *r,
                            const node_id *target, int n)
{
	struct nodes red = { 0 };

	schedule_reductions(s, r, target, n, &red);
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
