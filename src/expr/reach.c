/* What hangs on what: the reductions and stocks that some nodes need. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "expr/schedule.h"

/* `series`: of series alone. */
static void visit(struct schedule *s, node_id n, bool series,
                  struct nodes *out)
{
	if (n == NODE_NONE || s->seen[n] || at(s, n)->constant || s->given[n]
	    || (series && !at(s, n)->series))
		return;
	s->seen[n] = 1;
	*ARR_PUSH(out->item, out->n, out->cap) = n;
}

/* All nodes that the targets hang on; `series`: through series alone, which
 * ends at a stock's first value. */
static void reach(struct schedule *s, const node_id *target, int n,
                  bool series, struct nodes *out)
{
	memset(s->seen, 0, (size_t)dag_size(s->dag));
	for (int i = 0; i < n; i++)
		visit(s, target[i], series, out);
	for (size_t i = 0; i < out->n; i++) {
		const struct dag_node *d = at(s, out->item[i]);

		for (int k = 0; k < d->nargs; k++)
			if (!(series && d->op == OP_STOCK))
				visit(s, operands(d)[k], series, out);
		if (d->op == OP_STOCK)
			visit(s, d->next, series, out);
	}
}

static int level_of(const struct schedule *s, node_id n)
{
	const struct dag_node *d = at(s, n);
	int level = 0;

	for (int k = 0; k < d->nargs; k++)
		if (s->level[operands(d)[k]] > level)
			level = s->level[operands(d)[k]];
	if (d->op == OP_STOCK && d->next != NODE_NONE
	    && s->level[d->next] > level)
		level = s->level[d->next];
	return level + is_reduction(d->op);
}

/* Operands come before what they serve, but for a stock's next value: so a few
 * rounds do. */
void schedule_levels(struct schedule *s, const node_id *target, int n)
{
	struct nodes all = { 0 };
	bool again = true;

	reach(s, target, n, false, &all);       /* marks them */
	free(all.item);
	while (again) {
		again = false;
		for (node_id i = 0; i < dag_size(s->dag); i++) {
			int level = s->seen[i] ? level_of(s, i) : 0;

			again |= level > s->level[i];
			s->level[i] = level;
		}
	}
}

void schedule_reductions(struct schedule *s, struct region *r,
                               const node_id *target, int n,
                               struct nodes *out)
{
	struct nodes all = { 0 };

	reach(s, target, n, false, &all);
	for (size_t i = 0; i < all.n; i++) {
		const struct dag_node *d = at(s, all.item[i]);

		/* not hanging on an unknown that this region has not */
		if (is_reduction(d->op) && (d->vars & ~r->vars) == 0
		    && region_home(d, r) == r && !r->reg[all.item[i]])
			*ARR_PUSH(out->item, out->n, out->cap) = all.item[i];
	}
	free(all.item);
}

void schedule_stocks(struct schedule *s, const struct region *r,
                     const node_id *target, int n, struct nodes *out)
{
	struct nodes all = { 0 };

	reach(s, target, n, true, &all);
	for (size_t i = 0; i < all.n; i++)
		if (at(s, all.item[i])->op == OP_STOCK
		    && (at(s, all.item[i])->vars & ~r->vars) == 0)
			*ARR_PUSH(out->item, out->n, out->cap) = all.item[i];
	free(all.item);
}
