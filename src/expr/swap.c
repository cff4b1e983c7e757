/*
 * Other nodes in the place of inputs.  Only what hangs on the inputs is made
 * anew, operand by operand, so it folds and is shared as if it had been
 * elaborated that way.
 */
#include <stdlib.h>

#include "base/mem.h"
#include "expr/dag.h"

struct swap {
	struct dag *dag;
	node_id *map;                   /* by node that there was: what now */
	node_id *hanging;               /* those that change, rising */
	int nodes, n;
};

static const node_id *operands(const struct dag_node *n)
{
	return n->op == OP_CALL ? n->args : n->arg;
}

static bool hangs(const struct dag_node *n, const bool *mark)
{
	for (int i = 0; i < n->nargs; i++)
		if (mark[operands(n)[i]])
			return true;
	return n->op == OP_STOCK && n->next != NODE_NONE && mark[n->next];
}

/* A stock's next value stands behind it: round until nothing changes. */
static void mark_hanging(struct swap *s, const bool *input, bool *mark)
{
	bool more = true;

	while (more) {
		more = false;
		for (node_id i = 0; i < s->nodes; i++) {
			const struct dag_node *n = dag_get(s->dag, i);

			if (mark[i] || !(n->op == OP_INPUT ? input[n->id]
			                                   : hangs(n, mark)))
				continue;
			mark[i] = true;
			more |= n->op != OP_INPUT;
		}
	}
}

static void reach(const struct swap *s, node_id n, bool *seen)
{
	const struct dag_node *d = dag_get(s->dag, n);

	if (seen[n])
		return;
	seen[n] = true;
	for (int i = 0; i < d->nargs; i++)
		reach(s, operands(d)[i], seen);
	if (d->op == OP_STOCK && d->next != NODE_NONE)
		reach(s, d->next, seen);
}

struct swap *dag_swap_new(struct dag *d, const node_id *root, int nroots,
                          const bool *input)
{
	struct swap *s = xcalloc(1, sizeof *s);
	bool *mark, *seen;

	s->dag = d;
	s->nodes = dag_size(d);
	s->map = xcalloc((size_t)s->nodes + 1, sizeof *s->map);
	s->hanging = xcalloc((size_t)s->nodes + 1, sizeof *s->hanging);
	mark = xcalloc(2 * (size_t)s->nodes + 1, sizeof *mark);
	seen = mark + s->nodes;
	mark_hanging(s, input, mark);
	for (int i = 0; i < nroots; i++)
		reach(s, root[i], seen);
	for (node_id i = 0; i < s->nodes; i++) {
		s->map[i] = i;
		if (mark[i] && seen[i])
			s->hanging[s->n++] = i;
	}
	free(mark);
	return s;
}

void dag_swap_free(struct swap *s)
{
	if (!s)
		return;
	free(s->map);
	free(s->hanging);
	free(s);
}

static node_id moved(const struct swap *s, node_id n)
{
	return n == NODE_NONE ? n : s->map[n];
}

static node_id remade(struct swap *s, node_id id, const node_id *by)
{
	const struct dag_node n = *dag_get(s->dag, id);
	node_id arg[CALL_MAX] = { NODE_NONE, NODE_NONE, NODE_NONE };

	for (int i = 0; i < n.nargs; i++)
		arg[i] = moved(s, operands(&n)[i]);
	switch (n.op) {
	case OP_INPUT:
		return by[n.id];
	case OP_CALL:
		return dag_call_kernel(s->dag, n.kernel, n.label, arg,
		                       n.nargs);
	case OP_STOCK:
		return dag_stock(s->dag, arg[0], n.vars);
	case OP_SOLVE:
	case OP_ARGMIN:
		return dag_solve(s->dag, n.op, n.next, arg[0], arg[1], arg[2]);
	default:
		return n.months > 0
			? dag_reduce(s->dag, n.op, arg[0], n.months, n.id)
			: dag_op(s->dag, n.op, arg[0], arg[1], arg[2]);
	}
}

void dag_swap(struct swap *s, const node_id *by)
{
	for (int i = 0; i < s->n; i++)
		s->map[s->hanging[i]] = remade(s, s->hanging[i], by);
	for (int i = 0; i < s->n; i++) {
		const struct dag_node n = *dag_get(s->dag, s->hanging[i]);

		if (n.op == OP_STOCK && n.next != NODE_NONE)
			dag_stock_next(s->dag, s->map[s->hanging[i]],
			               moved(s, n.next));
	}
}

node_id dag_swapped(const struct swap *s, node_id n)
{
	return s->map[n];
}

int dag_swap_inputs(const struct swap *s, int *id)
{
	int n = 0;

	for (int i = 0; i < s->n; i++)
		if (dag_get(s->dag, s->hanging[i])->op == OP_INPUT)
			id[n++] = dag_get(s->dag, s->hanging[i])->id;
	return n;
}
